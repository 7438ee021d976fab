//! The passphrase of the CA's key: set, changed or removed. The key stays the same.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::authority::own::previous::read_if_there;
use crate::authority::session::audit_of;
use crate::authority::{Authority, AuthorityError, Session, Unlocked};
use crate::home::{CaKey, Held, KeyFiles};
use crate::records::{AuditHead, Under};
use gsec_pki::key::{KeyDocument, KeyError, KeyFormat, PrivateKey, Signer, decode_private_key};

/// What becomes of a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassphraseChange {
    /// A plain key gets one.
    Set,
    /// An encrypted key gets another one.
    Changed,
    /// An encrypted key becomes plain.
    Removed,
    /// A plain key stays plain.
    Unchanged,
}

impl PassphraseChange {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Authority {
    /// What giving the key a passphrase, or taking it away, would do. Nothing is changed, and the key stays closed.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn plan_passphrase(&self, removes: bool) -> Result<PassphraseChange, AuthorityError> {
        Ok(match (self.key_is_encrypted()?, removes) {
            (false, false) => PassphraseChange::Set,
            (true, false) => PassphraseChange::Changed,
            (true, true) => PassphraseChange::Removed,
            (false, true) => PassphraseChange::Unchanged,
        })
    }

    /// Writes the key anew as PKCS #8: under a passphrase, or plain without one, and with it the CA's
    /// previous keys. The old files are not kept. Returns the head of the audit log after it; `None` where
    /// there is no log.
    ///
    /// # Errors
    /// [`AuthorityError::Store`], [`AuthorityError::KeyOperation`], [`AuthorityError::Key`]; then the old file is in its place.
    pub fn change_passphrase(
        &self,
        unlocked: &Unlocked,
        new: Option<&str>,
        session: &mut Session<'_>,
    ) -> Result<Option<AuditHead>, AuthorityError> {
        let Some(keys) = unlocked.source().files() else {
            return Err(AuthorityError::KeyNotInFile);
        };
        self.expect_no_changeover()?;
        let change = self.plan_passphrase(new.is_none())?;
        let mut files = self.previous_key_files(keys, new, session)?;
        if let Some((key, before)) = keys.read(CaKey::Present)? {
            let content = key_file(&key, new, session)?;
            files.push(KeyFile {
                path: self.directory().ca_key(),
                before,
                content,
            });
        }
        let held = Held::begin(self.directory(), &mut session.wait)?;
        files
            .iter()
            .try_for_each(|file| held.expect_unchanged(&file.path, &file.before))?;
        held.discard_unfinished()?;
        let entry = audit_of(self.certificate(), session).with("passphrase", change.name());
        let audit_head = self.records().announce(
            &[entry],
            &session.stamp(Some(&unlocked.seal())),
            Under::Held(&held),
        )?;
        held.replace_keys(
            &files
                .iter()
                .map(|file| (file.path.as_path(), file.content.as_bytes()))
                .collect::<Vec<_>>(),
        )?;
        Ok(audit_head)
    }

    /// Checks, before a change is announced, that none waits that cannot be finished.
    pub(in crate::authority) fn expect_no_changeover(&self) -> Result<(), AuthorityError> {
        match self.directory().changeover()? {
            Some(_) => Err(self.directory().sealed().into()),
            None => Ok(()),
        }
    }

    /// The files of the CA's previous keys, as they will be.
    fn previous_key_files(
        &self,
        keys: &KeyFiles,
        new: Option<&str>,
        session: &mut Session<'_>,
    ) -> Result<Vec<KeyFile>, AuthorityError> {
        let mut files = Vec::new();
        for previous in self.previous() {
            let path = keys.path_of(CaKey::Former(previous.certificate().public_key()));
            let Some(before) = read_if_there(self.directory(), &path)? else {
                continue;
            };
            // A call of gsec 0.1.0 that was cut off may have given it the new passphrase already.
            let opened = decode_private_key(&before, keys.passphrase())
                .or_else(|error| decode_private_key(&before, new).map_err(|_| error));
            let key = opened.map_err(|source| AuthorityError::Key {
                path: path.clone(),
                source,
            })?;
            files.push(KeyFile {
                path,
                before,
                content: key_file(&key, new, session)?,
            });
        }
        Ok(files)
    }
}

/// A key file that is replaced.
struct KeyFile {
    path: PathBuf,
    before: Zeroizing<Vec<u8>>,
    content: Zeroizing<String>,
}

/// A key as PKCS #8: under a passphrase, or plain without one; read back, because a CA key that does not open is a CA lost.
fn key_file(
    key: &PrivateKey,
    passphrase: Option<&str>,
    session: &mut Session<'_>,
) -> Result<Zeroizing<String>, AuthorityError> {
    let document = KeyDocument::from(key);
    let content = match passphrase {
        Some(passphrase) => document.to_encrypted_pem(passphrase, &mut |out| session.random.fill(out))?,
        None => document.to_pem(KeyFormat::Pkcs8)?,
    };
    let read_back = decode_private_key(content.as_bytes(), passphrase)?;
    if read_back.public_key() != key.public_key() {
        return Err(KeyError::Encryption(
            "the encrypted key differs from the key when it is read again".into(),
        )
        .into());
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::CaDir;
    use crate::tests::{Site, now, session};

    fn change(authority: &Authority, present: Option<&str>, new: Option<&str>) -> Result<(), AuthorityError> {
        let unlocked = authority.unlock(present)?;
        session("ca.passphrase", now(), |session| {
            authority.change_passphrase(&unlocked, new, session)
        })
        .map(|_| ())
    }

    #[test]
    fn key_is_under_the_new_passphrase_alone_and_stays_the_same() {
        let site = Site::new();
        let authority = &site.authority;
        let key = authority.certificate().public_key();
        for (present, new, planned) in [
            (None, Some("one"), PassphraseChange::Set),
            (Some("one"), Some("two"), PassphraseChange::Changed),
            (Some("two"), None, PassphraseChange::Removed),
            (None, None, PassphraseChange::Unchanged),
        ] {
            assert_eq!(authority.plan_passphrase(new.is_none()).expect("a plan"), planned);
            change(authority, present, new).expect("changed");
            assert_eq!(authority.unlock(new).expect("the key").key().public_key(), key);
            if new.is_some() {
                assert!(authority.unlock(present).is_err(), "{present:?} after {new:?}");
            }
        }
    }

    #[test]
    fn wrong_passphrase_changes_nothing() {
        let site = Site::new();
        change(&site.authority, None, Some("one")).expect("set");
        let file = || std::fs::read(site.authority.directory().ca_key()).expect("the key");
        let before = file();
        for wrong in [None, Some(""), Some("One")] {
            assert!(change(&site.authority, wrong, Some("two")).is_err(), "{wrong:?}");
            assert_eq!(file(), before);
        }
    }

    #[test]
    fn former_keys_get_the_new_passphrase_too() {
        let site = Site::new().rekeyed();
        let authority = &site.authority;
        change(authority, None, Some("one")).expect("set");
        let former = authority.previous().first().expect("a former key");
        let path = |directory: &CaDir| {
            let keys = KeyFiles::of(directory, None);
            keys.path_of(CaKey::Former(former.certificate().public_key()))
        };
        let content = std::fs::read(path(authority.directory())).expect("the former key");
        assert!(decode_private_key(&content, None).is_err());
        let opened = decode_private_key(&content, Some("one")).expect("the former key");
        assert_eq!(opened.public_key(), former.certificate().public_key());
    }
}
