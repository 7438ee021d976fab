//! What is changed beside certificates and keys, in the audit log: who may have what, and where the key is.

use serde_json::Value;

use crate::authority::session::{AuditFacts, audit_entry, with_names};
use crate::authority::{Authority, AuthorityError, Session, Unlocked};
use crate::records::{AuditEntry, Under};

/// So many lines are one commit.
const MAX_LINES: usize = 64;

/// A change, for one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The name of the command, as `serve.grant.add`.
    pub action: &'static str,
    /// The names of hosts that it is about, which the log filter may hide.
    pub names: Vec<String>,
    /// What else is said of it; no secret.
    pub facts: Vec<(&'static str, Value)>,
}

impl Authority {
    /// Writes lines about changes that follow, with the requester as far as the log filter permits; the CA key signs them where it is open. What
    /// was announced before a failure stays, though nothing comes of it.
    ///
    /// # Errors
    /// [`AuthorityError::Store`]; then the changes must not be made.
    pub fn note(
        &self,
        noted: &[Noted],
        unlocked: Option<&Unlocked>,
        session: &mut Session<'_>,
    ) -> Result<(), AuthorityError> {
        let entries: Vec<AuditEntry> = noted.iter().map(|one| self.entry_of(one, session)).collect();
        let seal = unlocked.map(Unlocked::seal);
        let stamp = session.stamp(seal.as_ref().map(|seal| seal as _));
        for some in entries.chunks(MAX_LINES) {
            self.records()
                .announce(some, &stamp, Under::Wait(&mut session.wait))?;
        }
        Ok(())
    }

    fn entry_of(&self, noted: &Noted, session: &Session<'_>) -> AuditEntry {
        let policy = self.policy_for_log();
        let entry = audit_entry(policy, noted.action, session, &AuditFacts::default());
        let entry = with_names(policy, entry, &noted.names);
        noted
            .facts
            .iter()
            .fold(entry, |entry, (key, value)| entry.with(key, value.clone()))
    }
}
