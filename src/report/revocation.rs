//! Whether a certificate is revoked, and who was asked.

use serde::Serialize;

use super::Page;

/// The answer for one certificate.
#[derive(Debug, Clone, Serialize)]
pub struct RevocationFacts {
    /// `good`, `revoked`, `undetermined` or `not_checked`.
    pub status: &'static str,
    /// The files that were read and that answered.
    pub asked: Vec<String>,
    /// Time of revocation, when it is known.
    pub revoked_at: Option<String>,
    /// Reason of revocation, when it is known.
    pub reason: Option<String>,
    /// Why the answer is undetermined or not checked, and what could not be read.
    pub notes: Vec<String>,
}

impl RevocationFacts {
    /// One line: `revoked since 2026-11-28T15:09:17Z (keyCompromise), according to ca.db`.
    pub fn in_words(&self) -> String {
        let reason = self.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        let since = self.revoked_at.as_ref().map(|since| format!(" since {since}")).unwrap_or_default();
        let notes = if self.notes.is_empty() { String::new() } else { format!(": {}", self.notes.join("; ")) };
        let asked = self.asked.join(", ");
        match self.status {
            "revoked" => format!("revoked{since}{reason}, according to {asked}{notes}"),
            "good" => format!("good, according to {asked}{notes}"),
            "undetermined" => format!("undetermined{notes}"),
            _ => format!("not checked{notes}"),
        }
    }

    pub(super) fn text(&self, page: &mut Page) {
        page.fact("revocation", &self.in_words());
    }
}
