//! `ca_conf/previous/`: what the CA's certificate and key were before, one folder for each key, named by its identifier.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{CaDir, Held, StoreError, exists};
use crate::files::{
    CA_KEY_MODE, FOLDER_MODE, FilesError, PUBLIC_MODE, create_folder, parent_of, read_own_file, replace_file,
    stage, sync_folder,
};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::SerialNumber;

/// A file in the folder of a key that the CA had before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviousFile {
    /// Its root certificate.
    Certificate,
    /// The key.
    Key,
    /// The CRL signed by it.
    Crl,
    /// The certificate of the next key, signed by it (RFC 4210 §4.4).
    NewWithOld,
    /// Its certificate, signed by the next key.
    OldWithNew,
}

impl PreviousFile {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Certificate,
        Self::Key,
        Self::Crl,
        Self::NewWithOld,
        Self::OldWithNew,
    ];

    /// Its permissions.
    pub fn mode(self) -> u32 {
        if self == Self::Key {
            CA_KEY_MODE
        } else {
            PUBLIC_MODE
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Certificate => "ca_cert.pem",
            Self::Key => "ca_priv_key.pem",
            Self::Crl => "ca_crl.pem",
            Self::NewWithOld => "new_with_old.pem",
            Self::OldWithNew => "old_with_new.pem",
        }
    }
}

/// The prefix of the names of certificates that were replaced by a newer one of the same key.
const KEPT_CERTIFICATE: &str = "ca_cert_";

/// The folders in a folder; none where it is missing.
fn folders_in(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(StoreError::io("read", folder))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(StoreError::io("read", folder))?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

impl CaDir {
    /// The folders of keys that the CA had before, in the order of their names: those with a certificate. A key whose certificate
    /// was only renewed has a folder too, without one of this name.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn previous_keys(&self) -> Result<Vec<PathBuf>, StoreError> {
        let folder = self.previous();
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(StoreError::io("read", &folder))?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry.map_err(StoreError::io("read", &folder))?.path();
            let certificate = path.join(PreviousFile::Certificate.name());
            match certificate.symlink_metadata() {
                Ok(_) => found.push(path),
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
                Err(error) => return Err(StoreError::io("read", &certificate)(error)),
            }
        }
        found.sort();
        Ok(found)
    }

    /// Whether there is a folder in `previous/` that is named by a key, whatever is left in it.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn was_a_key_before(&self, key: &PublicKey) -> Result<bool, StoreError> {
        exists(&self.previous_of(key))
    }

    /// The former certificates of the CA under one of its keys, the present key included:
    /// `previous/<key>/ca_cert_<serial>.pem`.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn previous_certificates(&self) -> Result<Vec<PathBuf>, StoreError> {
        let mut found = Vec::new();
        for folder in folders_in(&self.previous())? {
            let names = std::fs::read_dir(&folder).map_err(StoreError::io("read", &folder))?;
            for name in names {
                let path = name.map_err(StoreError::io("read", &folder))?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if name.starts_with(KEPT_CERTIFICATE) && name.ends_with(".pem") {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// `ca_conf/ca_bundle.pem`: what peers trust while a former key's certificates are in use.
    pub fn bundle(&self) -> PathBuf {
        self.conf().join("ca_bundle.pem")
    }

    /// `ca_conf/previous/`.
    pub fn previous(&self) -> PathBuf {
        self.conf().join("previous")
    }

    /// The folder of one key in `ca_conf/previous/`: the SHA-1 of the key, which is its subjectKeyIdentifier in what gsec makes.
    pub fn previous_of(&self, key: &PublicKey) -> PathBuf {
        self.previous()
            .join(encode(&key.key_identifier(), Separator::None))
    }
}

impl Held<'_> {
    /// Replaces a public file of the CA's, such as a CRL: at every moment there is the old one or the new.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn replace_public(&self, path: &Path, content: &[u8]) -> Result<(), StoreError> {
        Ok(replace_file(parent_of(path), path, PUBLIC_MODE, content)?)
    }

    /// Puts a new `ca_cert.pem` in the place of the old one, which is kept as `previous/<key>/ca_cert_<serial>.pem`. At every
    /// moment there is the old one or the new. Returns where the old one is.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn replace_certificate(
        &self,
        old: (&PublicKey, &SerialNumber, &[u8]),
        new: &[u8],
    ) -> Result<PathBuf, StoreError> {
        let kept = self.keep_certificate(old)?;
        replace_file(
            &self.ca_dir().conf(),
            &self.ca_dir().ca_certificate(),
            PUBLIC_MODE,
            new,
        )?;
        Ok(kept)
    }

    /// A certificate that kept its serial number when it was renewed has another content under the same name: then the name gets a number.
    fn keep_certificate(
        &self,
        (key, serial, content): (&PublicKey, &SerialNumber, &[u8]),
    ) -> Result<PathBuf, StoreError> {
        let folder = self.ca_dir().previous_of(key);
        for (path, above) in [
            (self.ca_dir().previous(), self.ca_dir().conf()),
            (folder.clone(), self.ca_dir().previous()),
        ] {
            if create_folder(&path, FOLDER_MODE)? {
                sync_folder(&above)?;
            }
        }
        for number in 1.. {
            let suffix = if number == 1 {
                String::new()
            } else {
                format!("_{number}")
            };
            let path = folder.join(format!("{KEPT_CERTIFICATE}{serial}{suffix}.pem"));
            match stage(&folder, PUBLIC_MODE, content)?.publish_new(&path) {
                Ok(()) => {
                    sync_folder(&folder)?;
                    return Ok(path);
                }
                // As a call leaves it that was killed before it came to the end.
                Err(FilesError::WouldReplace(path)) if read_own_file(&path)?.as_slice() == content => {
                    return Ok(path);
                }
                Err(FilesError::WouldReplace(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("numbers do not end")
    }
}
