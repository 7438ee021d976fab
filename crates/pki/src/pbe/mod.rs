//! PASSWORDS. What is encrypted or authenticated under a password: PBES1, PBES2 and PBMAC1 (RFC 8018), the older ways of
//! PKCS #12 (RFC 7292 Appendix B and C) and of PEM (RFC 1421). Pure, and the one place that names the crates of these ciphers,
//! digests and key derivations.
//!
//! Reading takes what is out there, weak ciphers included, because somebody has a file of that kind and wants to get rid of
//! it. Writing knows two ways only. The work that a file can ask for is bounded by [`Effort`].

mod algorithms;
mod cipher;
mod derive;
mod digest;
mod effort;
mod error;
mod identifier;
mod mac;
mod password;
mod pem_header;
mod scheme;

pub use cipher::Cipher;
pub use digest::Digest;
pub use effort::{Effort, MAX_ITERATIONS, MAX_ITERATIONS_IN_ALL, MAX_SCRYPT_OCTETS};
pub use error::PbeError;
pub use mac::{MacKind, MacScheme};
pub use password::Password;
pub use pem_header::decrypt_pem_block;
pub use scheme::{EncryptionScheme, Encryptor, KeyDerivation};
