//! Where the keys of a CA come from: files in its directory, or whatever else can sign for it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use zeroize::Zeroizing;

use super::{CaDir, Held, Looseness, PreviousFile, SigningService, StoreError, key_file_looseness};
use crate::files::FilesError;
use gsec_pki::key::{
    KeyAlgorithm, KeyDocument, KeyError, KeyFormat, PrivateKey, PublicKey, Signer, decode_private_key,
    encode_private_key, is_encrypted_key_file,
};

/// One of the keys of a CA.
#[derive(Debug, Clone, Copy)]
pub enum CaKey<'a> {
    /// The present one.
    Present,
    /// One that it had before.
    Former(&'a PublicKey),
}

/// A key that signs.
pub struct OpenedKey {
    /// Signs with it.
    pub signer: Box<dyn Signer>,
    /// Where it is: a file, or a name of the shape of one.
    pub place: PathBuf,
    /// The other users that may read it.
    pub looseness: Option<Looseness>,
}

/// A key that was made for a CA.
pub struct NewCaKey {
    /// Signs with it.
    pub signer: Box<dyn Signer>,
    /// What `ca_priv_key.pem` holds: the key itself, or what leads to it. PEM.
    pub file: Zeroizing<String>,
}

/// Why a key cannot be opened.
#[derive(Debug, Error)]
pub enum KeySourceError {
    /// The directory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key.
    #[error("cannot use `{}`", place.display())]
    Key {
        /// Where it is.
        place: PathBuf,
        /// What is wrong with it.
        source: KeyError,
    },
}

/// Opens and makes the keys of a CA.
pub trait KeySource: Send + Sync {
    /// Opens a key; `None` when it is not kept any more.
    ///
    /// # Errors
    /// [`KeySourceError`].
    fn open(&self, key: CaKey<'_>) -> Result<Option<OpenedKey>, KeySourceError>;

    /// Makes a key and what its file holds. Nothing is written.
    ///
    /// # Errors
    /// [`KeySourceError`].
    fn make(
        &self,
        algorithm: KeyAlgorithm,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<NewCaKey, KeySourceError>;

    /// Checks under the lock that the present key is still what it was when it was opened.
    ///
    /// # Errors
    /// [`StoreError`].
    fn expect_unchanged(&self, held: &Held<'_>) -> Result<(), StoreError>;

    /// The key files, if it has files: a passphrase is theirs.
    fn files(&self) -> Option<&KeyFiles>;

    /// The process that has the keys, where they are not here: then what [`KeySource::open`] opens signs nothing.
    fn service(&self) -> Option<Arc<dyn SigningService>> {
        None
    }
}

/// A key, and the content of its file.
pub type KeyAndFile = (PrivateKey, Zeroizing<Vec<u8>>);

/// The key files of a CA directory, and the passphrase of those that are encrypted.
pub struct KeyFiles {
    home: CaDir,
    passphrase: Option<Zeroizing<String>>,
    /// The present key's file when it was opened.
    opened: Mutex<Option<Zeroizing<Vec<u8>>>>,
}

impl KeyFiles {
    /// Those of a directory.
    pub fn of(home: &CaDir, passphrase: Option<&str>) -> Self {
        let passphrase = passphrase.map(|passphrase| Zeroizing::new(passphrase.to_owned()));
        Self {
            home: home.clone(),
            passphrase,
            opened: Mutex::default(),
        }
    }

    /// Reads a key file with its content, under its passphrase.
    ///
    /// # Errors
    /// As [`KeySource::open`].
    pub fn read(&self, key: CaKey<'_>) -> Result<Option<KeyAndFile>, KeySourceError> {
        let place = self.path_of(key);
        let content = match (self.home.read(&place), key) {
            (Err(StoreError::Files(FilesError::Io { source, .. })), CaKey::Former(_))
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                return Ok(None);
            }
            (content, _) => content?,
        };
        let opened = decode_private_key(&content, self.passphrase());
        let opened = opened.map_err(|source| KeySourceError::Key { place, source })?;
        Ok(Some((opened, content)))
    }

    /// The file of a key.
    pub fn path_of(&self, key: CaKey<'_>) -> PathBuf {
        match key {
            CaKey::Present => self.home.ca_key(),
            CaKey::Former(key) => self.home.previous_of(key).join(PreviousFile::Key.name()),
        }
    }

    /// The passphrase, if there is one.
    pub fn passphrase(&self) -> Option<&str> {
        self.passphrase.as_ref().map(|passphrase| passphrase.as_str())
    }
}

impl KeySource for KeyFiles {
    fn open(&self, key: CaKey<'_>) -> Result<Option<OpenedKey>, KeySourceError> {
        let place = self.path_of(key);
        let Some((signer, content)) = self.read(key)? else {
            return Ok(None);
        };
        let looseness = key_file_looseness(&self.home, &place)?;
        if matches!(key, CaKey::Present) {
            *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(content);
        }
        Ok(Some(OpenedKey {
            signer: Box::new(signer),
            place,
            looseness,
        }))
    }

    /// Under the passphrase, unless the present key has none.
    fn make(
        &self,
        algorithm: KeyAlgorithm,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<NewCaKey, KeySourceError> {
        let place = self.home.ca_key();
        let is_plain = self
            .home
            .read(&place)
            .is_ok_and(|content| !is_encrypted_key_file(&content));
        let mut make = || {
            let signer = PrivateKey::generate(algorithm)?;
            let file = match self.passphrase().filter(|_| !is_plain) {
                Some(passphrase) => KeyDocument::from(&signer).to_encrypted_pem(passphrase, random)?,
                None => encode_private_key(&signer, KeyFormat::Pkcs8)?,
            };
            Ok(NewCaKey {
                signer: Box::new(signer),
                file,
            })
        };
        make().map_err(|source| KeySourceError::Key { place, source })
    }

    fn expect_unchanged(&self, held: &Held<'_>) -> Result<(), StoreError> {
        match &*self.opened.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(content) => held.expect_unchanged(&self.home.ca_key(), content),
            None => Ok(()),
        }
    }

    fn files(&self) -> Option<&KeyFiles> {
        Some(self)
    }
}
