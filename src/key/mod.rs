//! KEYS. Private and public keys, their algorithms, files and signatures. Pure, and the one place that names the
//! cryptographic library ([`aws_lc_rs`]).
//!
//! Every private key is held as PKCS #8 in memory that is zeroised, whatever form it was read in.

mod algorithm;
mod digest;
mod error;
mod file;
mod forms;
mod private;
mod public;
mod signature;

pub use algorithm::{KeyAlgorithm, RsaBits};
pub use digest::{sha1, sha256};
pub use error::KeyError;
pub use file::{KeyFormat, decode_private_key, encode_encrypted_private_key, encode_private_key, is_encrypted_key_file};
pub use private::{PrivateKey, Signer};
pub use public::{PublicKey, PublicKeyKind};
pub use signature::{SignatureAlgorithm, SignatureCheck, SignatureDigest, verify_signature};
