//! PFX files (PKCS #12, RFC 7292). Pure; `protection` alone names the crates that encrypt and authenticate them.

mod protection;
mod structure;
mod write;

pub use protection::PfxEncryption;
pub use write::{MAX_FRIENDLY_NAME, PfxContent, Pkcs12Error, check_friendly_name, check_password, encode_pfx};
