//! KEYS. Private and public keys, their algorithms, files and signatures. Pure, and the one place that names the
//! cryptographic library ([`aws_lc_rs`]); what is encrypted under a password goes through [`crate::pbe`].
//!
//! Every private key is held as PKCS #8 in memory that is zeroised, whatever form it was read in.

mod agreement;
mod algorithm;
mod digest;
mod document;
mod encrypted;
pub mod envelope;
mod error;
mod explicit_curve;
mod file;
mod form;
mod forms;
mod identifiers;
mod natural;
mod numbers;
mod openssh;
mod private;
mod public;
mod signature;
mod soundness;
mod tls_scheme;

pub use agreement::EphemeralP521;
pub use algorithm::{AlgorithmError, KeyAlgorithm, KeyType, RsaBits};
pub use digest::{sha1, sha256};
pub use document::KeyDocument;
pub use encrypted::{EncryptedKey, encrypt_pkcs8};
pub use error::{ForeignKey, KeyError};
pub use file::{
    KeyFormat, curve_block, decode_key_block, decode_key_document, decode_private_key, encode_private_key,
    is_encrypted_block, is_encrypted_key_file, is_key_block,
};
pub use form::{KeyContent, KeyForm, KeyLabel, KeyReader};
pub use numbers::{KeyNumbers, ecdsa_signature_from_fixed};
pub use private::{PrivateKey, Signer};
pub use public::{PublicKey, PublicKeyKind};
pub use signature::{SignatureAlgorithm, SignatureCheck, SignatureDigest, verify_signature};
pub use soundness::KeyFlaw;
pub use tls_scheme::tls_scheme_identifier;
