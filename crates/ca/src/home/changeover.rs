//! Changing over to another CA key: key, certificate and what belongs to them are several files, and whatever is killed when, the
//! old ones are in their places or the new ones are.
//!
//! Everything is written into `ca_conf/.rekey.new/` first. Renaming that to `ca_conf/.rekey/` is the one step
//! in which it happens; what is in there then goes to its places. Where a call ended before it had done so,
//! the next one that opens the directory does it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::exists;
use super::{CaDir, Held, LockWait, PreviousFile, StoreError};
use crate::files::{FOLDER_MODE, PUBLIC_MODE, create_folder, parent_of, stage, stage_like, sync_folder};

const UNFINISHED: &str = ".rekey.new";
pub(super) const DECIDED: &str = ".rekey";
/// What changes, in this order: a certificate is never there before its key.
const FILES: [&str; 3] = ["ca_bundle.pem", "ca_priv_key.pem", "ca_cert.pem"];

/// What a new CA key brings.
pub struct RekeyFiles<'a> {
    /// The new key's file.
    pub key: &'a [u8],
    /// The new `ca_cert.pem`.
    pub certificate: &'a [u8],
    /// What peers trust while both keys are in use.
    pub bundle: &'a [u8],
    /// The folder of the old key in `previous/`.
    pub previous: PathBuf,
    /// What goes there, besides the old `ca_cert.pem`, key and CRL, which are kept as they are.
    pub cross: &'a [(PreviousFile, Vec<u8>)],
}

impl Held<'_> {
    /// Puts a new key and certificate in the places of the old ones, which are kept in `previous/`.
    ///
    /// # Errors
    /// [`StoreError`]; then the old ones are in their places, unless the last steps failed, which the next call repeats.
    pub fn change_over(&self, change: &RekeyFiles<'_>) -> Result<(), StoreError> {
        let conf = self.ca_dir().conf();
        self.finish_changeover(None)?;
        self.expect_lock()?;
        self.discard_unfinished()?;
        let folder = conf.join(UNFINISHED);
        self.fill(&folder, change)?;
        let decided = conf.join(DECIDED);
        fs::rename(&folder, &decided).map_err(StoreError::io("create", &decided))?;
        sync_folder(&conf)?;
        self.put_in_place()
    }

    /// Replaces key files, all of them or none: of keys under two passphrases none could be opened by one call. Owners and modes stay.
    ///
    /// # Errors
    /// [`StoreError`]; then the old ones are in their places, unless the last steps failed, which the next call repeats.
    pub fn replace_keys(&self, files: &[(&Path, &[u8])]) -> Result<(), StoreError> {
        if let [(path, content)] = files {
            return self.replace_key(path, content);
        }
        let conf = self.ca_dir().conf();
        self.finish_changeover(None)?;
        self.discard_unfinished()?;
        let folder = conf.join(UNFINISHED);
        let mut folders = vec![folder.clone()];
        create_folder(&folder, FOLDER_MODE)?;
        for (path, content) in files {
            let staged = folder.join(path.strip_prefix(&conf).unwrap_or(path));
            let parent = parent_of(&staged).to_owned();
            let missing: Vec<PathBuf> = parent
                .ancestors()
                .take_while(|above| *above != folder)
                .map(Path::to_owned)
                .collect();
            for above in missing.into_iter().rev() {
                if create_folder(&above, FOLDER_MODE)? {
                    folders.push(above);
                }
            }
            stage_like(&parent, path, content)?.publish_new(&staged)?;
        }
        folders.iter().rev().try_for_each(|folder| sync_folder(folder))?;
        let decided = conf.join(DECIDED);
        fs::rename(&folder, &decided).map_err(StoreError::io("create", &decided))?;
        sync_folder(&conf)?;
        self.put_in_place()
    }

    /// Removes what a call left that was killed before anything was decided: it has copies of keys.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn discard_unfinished(&self) -> Result<(), StoreError> {
        let folder = self.ca_dir().conf().join(UNFINISHED);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::io("remove", &folder)(error))
            }
            _ => Ok(()),
        }
    }

    fn fill(&self, folder: &Path, change: &RekeyFiles<'_>) -> Result<(), StoreError> {
        let ca_dir = self.ca_dir();
        let previous = folder.join("previous");
        let old = previous.join(change.previous.file_name().unwrap_or_default());
        for path in [folder, &previous, &old] {
            create_folder(path, FOLDER_MODE)?;
        }
        let [bundle, key, certificate] = FILES.map(|name| folder.join(name));
        stage(folder, PUBLIC_MODE, change.bundle)?.publish_new(&bundle)?;
        stage(folder, PUBLIC_MODE, change.certificate)?.publish_new(&certificate)?;
        stage_like(folder, &ca_dir.ca_key(), change.key)?.publish_new(&key)?;
        let kept = [
            (PreviousFile::Certificate, ca_dir.ca_certificate()),
            (PreviousFile::Crl, ca_dir.crl()),
        ];
        for (file, from) in kept {
            if exists(&from)? {
                stage(&old, PUBLIC_MODE, &ca_dir.read(&from)?)?.publish_new(&old.join(file.name()))?;
            }
        }
        let old_key = ca_dir.read(&ca_dir.ca_key())?;
        stage_like(&old, &ca_dir.ca_key(), &old_key)?.publish_new(&old.join(PreviousFile::Key.name()))?;
        for (file, content) in change.cross {
            stage(&old, PUBLIC_MODE, content)?.publish_new(&old.join(file.name()))?;
        }
        Ok([old.as_path(), &previous, folder]
            .into_iter()
            .try_for_each(sync_folder)?)
    }

    /// Puts in its place what was decided and is not there yet, if all of it is shown to be the CA's.
    fn finish_changeover(&self, passphrase: Option<&str>) -> Result<(), StoreError> {
        match self.ca_dir().changeover()? {
            None => Ok(()),
            Some(waiting) if waiting.opens_with(passphrase)? => self.put_in_place(),
            Some(_) => Err(self.ca_dir().sealed()),
        }
    }

    fn put_in_place(&self) -> Result<(), StoreError> {
        let conf = self.ca_dir().conf();
        let decided = conf.join(DECIDED);
        self.finish_previous(&decided.join("previous"))?;
        for name in FILES {
            move_if_there(&decided.join(name), &conf.join(name))?;
        }
        sync_folder(&conf)?;
        remove_folder(&decided)?;
        Ok(sync_folder(&conf)?)
    }

    fn finish_previous(&self, staged: &Path) -> Result<(), StoreError> {
        if !exists(staged)? {
            return Ok(());
        }
        let target = self.ca_dir().previous();
        if create_folder(&target, FOLDER_MODE)? {
            sync_folder(&self.ca_dir().conf())?;
        }
        for entry in fs::read_dir(staged).map_err(StoreError::io("read", staged))? {
            let entry = entry.map_err(StoreError::io("read", staged))?;
            let folder = target.join(entry.file_name());
            create_folder(&folder, FOLDER_MODE)?;
            for file in PreviousFile::ALL {
                move_if_there(&entry.path().join(file.name()), &folder.join(file.name()))?;
            }
            sync_folder(&folder)?;
            remove_folder(&entry.path())?;
        }
        sync_folder(&target)?;
        remove_folder(staged)
    }
}

impl CaDir {
    /// Does what is left of a changeover that was decided, under the lock. Mostly there is nothing to do, and no lock is taken. What is
    /// encrypted must open with `passphrase`.
    ///
    /// # Errors
    /// [`StoreError::SealedChangeover`] when it does not; [`StoreError::ForeignChangeover`] when another user put it there; [`StoreError::Files`] where another
    /// user can; [`StoreError::Locked`], [`StoreError::Files`].
    pub fn finish_changeover(
        &self,
        passphrase: Option<&str>,
        wait: &mut LockWait<'_>,
    ) -> Result<(), StoreError> {
        if !exists(&self.conf().join(DECIDED))? {
            return Ok(());
        }
        // A caller that only reads does not take the lock for something that it cannot finish.
        if let Some(waiting) = self.changeover()?
            && !waiting.opens_with(passphrase)?
        {
            return Err(self.sealed());
        }
        Held::begin(self, wait)?.finish_changeover(passphrase)
    }

    /// That a changeover waits for its passphrase.
    pub fn sealed(&self) -> StoreError {
        StoreError::SealedChangeover(self.conf().join(DECIDED))
    }
}

fn move_if_there(from: &Path, to: &Path) -> Result<(), StoreError> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io("replace", to)(error)),
        _ => Ok(()),
    }
}

fn remove_folder(path: &Path) -> Result<(), StoreError> {
    fs::remove_dir(path).map_err(StoreError::io("remove", path))
}
