//! A CA that a long-running process keeps open, while commands beside it change its files.

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::authority::{Authority, AuthorityError, Unlocked};
use crate::home::{CaDir, KeySource};

/// A CA with its key open, as its certificate and its policy were when it was opened.
pub struct OpenCa {
    authority: Authority,
    unlocked: Unlocked,
    keys: Arc<dyn KeySource>,
    /// The content of `ca_cert.pem` and `gsec.toml`.
    files: [Option<Zeroizing<Vec<u8>>>; 2],
}

impl OpenCa {
    /// Opens a CA and its key.
    ///
    /// # Errors
    /// As [`Authority::open`] and [`Authority::unlock_with`].
    pub fn open(directory: CaDir, keys: Arc<dyn KeySource>) -> Result<Self, AuthorityError> {
        // Before the CA is opened: what changes meanwhile is noticed the next time.
        let files = files_of(&directory);
        let authority = Authority::open(directory)?;
        let unlocked = authority.unlock_with(keys.clone())?;
        Ok(Self {
            authority,
            unlocked,
            keys,
            files,
        })
    }

    /// The CA.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Its key.
    pub fn unlocked(&self) -> &Unlocked {
        &self.unlocked
    }

    /// Whether its certificate and its policy are still what they were.
    pub fn is_current(&self) -> bool {
        files_of(self.authority.directory()) == self.files
    }

    /// The same CA as its files say now.
    ///
    /// # Errors
    /// As [`OpenCa::open`].
    pub fn reopened(&self) -> Result<Self, AuthorityError> {
        Self::open(self.authority.directory().clone(), self.keys.clone())
    }
}

fn files_of(directory: &CaDir) -> [Option<Zeroizing<Vec<u8>>>; 2] {
    [directory.ca_certificate(), directory.policy()].map(|path| directory.read(&path).ok())
}
