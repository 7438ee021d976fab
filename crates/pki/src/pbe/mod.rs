//! PASSWORDS. Password-based encryption and authentication: PBES1, PBES2 and PBMAC1 (RFC 8018), the older schemes of PKCS
//! #12 (RFC 7292 Appendix B and C) and of PEM (RFC 1421). Pure, and the only module that uses the crates of these ciphers,
//! digests and key derivations.
//!
//! Decryption supports old files, weak ciphers included, because users need to convert them. Encryption supports only two
//! schemes. [`Effort`] limits how much work a file can cause.

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
pub use effort::{Effort, MAX_ITERATIONS, MAX_ITERATIONS_IN_ALL, MAX_SCRYPT_BYTES};
pub use error::PbeError;
pub use mac::{MacKind, MacScheme};
pub use password::Password;
pub use pem_header::decrypt_pem_block;
pub use scheme::{EncryptionScheme, Encryptor, KeyDerivation, scrypt_key};
