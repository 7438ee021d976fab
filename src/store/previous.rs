//! `ca_conf/previous/`: what the CA's certificate and key were before, one folder for each key, named by its identifier.

use std::path::PathBuf;

use super::files::{create_folder, read_own_file, replace_file, stage, sync_folder};
use super::layout::{FOLDER_MODE, PUBLIC_MODE};
use super::{CaDir, Commit, StoreError};
use crate::encoding::hex::{Separator, encode};
use crate::key::PublicKey;
use crate::x509::SerialNumber;

impl CaDir {
    /// `ca_conf/previous/`.
    pub fn previous(&self) -> PathBuf {
        self.conf().join("previous")
    }

    /// The folder of one key in `ca_conf/previous/`: the SHA-1 of the key, which is its subjectKeyIdentifier in what gsec makes.
    pub fn previous_of(&self, key: &PublicKey) -> PathBuf {
        self.previous().join(encode(&key.key_identifier(), Separator::None))
    }
}

impl Commit<'_> {
    /// Checks that `ca_cert.pem` is still what it was when the CA was opened.
    ///
    /// # Errors
    /// [`StoreError::ChangedMeanwhile`], [`StoreError::Io`].
    pub fn expect_certificate_file(&self, content: &[u8]) -> Result<(), StoreError> {
        let path = self.ca_dir().ca_certificate();
        let now = read_own_file(&path)?;
        if now.as_slice() == content { Ok(()) } else { Err(StoreError::ChangedMeanwhile(path)) }
    }

    /// Puts a new `ca_cert.pem` in the place of the old one, which is kept as `previous/<key>/ca_cert_<serial>.pem`. At every
    /// moment there is the old one or the new. Returns where the old one is.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::SymbolicLink`].
    pub fn replace_certificate(&self, old: (&PublicKey, &SerialNumber, &[u8]), new: &[u8]) -> Result<PathBuf, StoreError> {
        let kept = self.keep_certificate(old)?;
        replace_file(&self.ca_dir().conf(), &self.ca_dir().ca_certificate(), PUBLIC_MODE, new)?;
        Ok(kept)
    }

    /// A certificate that kept its serial number when it was renewed has another content under the same name: then the name gets a number.
    fn keep_certificate(&self, (key, serial, content): (&PublicKey, &SerialNumber, &[u8])) -> Result<PathBuf, StoreError> {
        let folder = self.ca_dir().previous_of(key);
        for (path, above) in [(self.ca_dir().previous(), self.ca_dir().conf()), (folder.clone(), self.ca_dir().previous())] {
            if create_folder(&path, FOLDER_MODE)? {
                sync_folder(&above)?;
            }
        }
        for number in 1.. {
            let suffix = if number == 1 { String::new() } else { format!("_{number}") };
            let path = folder.join(format!("ca_cert_{serial}{suffix}.pem"));
            match stage(&folder, PUBLIC_MODE, content)?.publish_new(&path) {
                Ok(()) => {
                    sync_folder(&folder)?;
                    return Ok(path);
                }
                // As a call leaves it that was killed before it came to the end.
                Err(StoreError::WouldReplace(path)) if read_own_file(&path)?.as_slice() == content => return Ok(path),
                Err(StoreError::WouldReplace(_)) => {}
                Err(error) => return Err(error),
            }
        }
        unreachable!("numbers do not end")
    }
}
