//! The passphrase of the CA's key: set, changed or removed. The key stays the same.

use zeroize::Zeroizing;

use super::session::{KeySeal, audit_of};
use super::{Authority, AuthorityError, Session, Unlocked};
use crate::key::{KeyDocument, KeyError, KeyFormat, Signer, decode_private_key};
use crate::store::{AuditHead, Commit};

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

    /// Writes the key anew as PKCS #8: under a passphrase, or plain without one. The old file is not kept. Returns the head of
    /// the audit log after it; `None` where there is no log.
    ///
    /// What is written is read back before it replaces anything: a CA key that does not open is a CA lost.
    ///
    /// # Errors
    /// [`AuthorityError::Store`], [`AuthorityError::KeyOperation`]; then the old file is in its place.
    pub fn change_passphrase(&self, unlocked: &Unlocked, new: Option<&str>, session: &mut Session<'_>) -> Result<Option<AuditHead>, AuthorityError> {
        let change = self.plan_passphrase(new.is_none())?;
        let key = KeyDocument::from(unlocked.private_key());
        let content: Zeroizing<String> = match new {
            Some(passphrase) => key.to_encrypted_pem(passphrase, &mut |out| session.random.fill(out))?,
            None => key.to_pem(KeyFormat::Pkcs8)?,
        };
        let read_back = decode_private_key(content.as_bytes(), new)?;
        if read_back.public_key() != unlocked.key().public_key() {
            return Err(KeyError::Encryption("what was encrypted does not read back as the same key".into()).into());
        }
        let commit = Commit::begin(self.directory(), &mut session.wait)?;
        commit.expect_key_file(unlocked.key_file())?;
        let entry = audit_of(self.certificate(), session).with("passphrase", change.name());
        let audit_head = commit.announce(&[entry], &session.stamp(Some(&KeySeal(unlocked.key()))))?;
        commit.replace_key(content.as_bytes())?;
        Ok(audit_head)
    }
}
