//! PFX files (PKCS #12, RFC 7292): reads what common programs write, and writes what they read. Pure.

mod outline;
mod passed_over;
mod protection;
mod read;
mod readers;
mod structure;
mod write;

pub use outline::BagFacts;
pub use passed_over::PassedOver;
pub use protection::PfxEncryption;
pub use read::{MAX_CERTIFICATES, MAX_KEYS, PfxCertificate, PfxContents, PfxKey, PfxReadError, decode_pfx};
pub use readers::{
    KEY_WITHOUT_CERTIFICATE, NOT_LINKED, PASSWORD_BEYOND_ASCII, PfxReader, Readability, readability,
};
pub use write::{
    MAX_FRIENDLY_NAME, PfxContent, Pkcs12Error, check_friendly_name, check_password, encode_pfx,
    is_password_for_java,
};
