//! PFX files (PKCS #12, RFC 7292). Pure, and the one place that names the PKCS #12 crate.

mod write;

pub use write::{MAX_FRIENDLY_NAME, PfxContent, PfxEncryption, Pkcs12Error, check_friendly_name, encode_pfx};
