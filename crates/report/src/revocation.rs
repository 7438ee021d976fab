//! Whether a certificate is revoked, and the sources of the answer.

use serde::Serialize;

use super::{Page, Tone};
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::rfc3339;

/// The answer for one certificate.
#[derive(Debug, Clone, Serialize)]
pub struct RevocationFacts {
    /// `good`, `revoked`, `undetermined` or `not_checked`.
    pub status: &'static str,
    /// The files that gave the answer.
    pub asked: Vec<String>,
    /// Time of revocation, when it is known.
    pub revoked_at: Option<String>,
    /// Reason of revocation, when it is known.
    pub reason: Option<String>,
    /// Why the answer is undetermined or not checked, and what could not be read.
    pub notes: Vec<String>,
}

impl RevocationFacts {
    /// The answer, with the files that gave it, and further notes.
    pub fn of(status: &RevocationStatus, asked: Vec<String>, mut notes: Vec<String>) -> Self {
        // The given CRL may be the same as the CA's.
        let mut named = std::collections::HashSet::new();
        let asked = asked
            .into_iter()
            .filter(|file| named.insert(file.trim_start_matches("./").to_owned()))
            .collect();
        let (reason, since) = match status {
            RevocationStatus::Revoked { reason, since } => {
                (reason.map(|reason| reason.name().to_owned()), since.map(rfc3339))
            }
            RevocationStatus::Undetermined { why } if !notes.contains(why) => {
                notes.insert(0, why.clone());
                (None, None)
            }
            _ => (None, None),
        };
        Self {
            status: status.name(),
            asked,
            revoked_at: since,
            reason,
            notes,
        }
    }

    /// One line: `revoked since 2026-11-28T15:09:17Z (keyCompromise), according to ca.db`.
    pub fn in_words(&self) -> String {
        let reason = self
            .reason
            .as_ref()
            .map(|reason| format!(" ({reason})"))
            .unwrap_or_default();
        let since = self
            .revoked_at
            .as_ref()
            .map(|since| format!(" since {since}"))
            .unwrap_or_default();
        let notes = if self.notes.is_empty() {
            String::new()
        } else {
            format!(": {}", self.notes.join("; "))
        };
        let asked = self.asked.join(", ");
        let beside = if self.notes.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.notes.join("; "))
        };
        match self.status {
            "revoked" => format!("revoked{since}{reason}, according to {asked}{beside}"),
            "good" => format!("good, according to {asked}{beside}"),
            "undetermined" => format!("undetermined{notes}"),
            _ => format!("not checked{notes}"),
        }
    }

    pub(super) fn text(&self, page: &mut Page) {
        let words = self.in_words();
        // The verdict is the first words; the sources after it are not.
        let verdict = self.status.replace('_', " ");
        match words.strip_prefix(&verdict) {
            Some(rest) => page.fact_of(
                "revocation",
                &[(Tone::of_revocation(self.status), &verdict), (Tone::Plain, rest)],
            ),
            None => page.fact("revocation", &words),
        }
    }
}
