//! What opens stores.

use std::path::PathBuf;

/// What opens stores that have a password.
#[derive(Clone, Default)]
pub struct Passwords {
    /// Of a Java key store; `None`: the one that every Java comes with.
    pub java: Option<zeroize::Zeroizing<String>>,
    /// The file with the password of an NSS database, for its tool.
    pub nss_file: Option<PathBuf>,
}
