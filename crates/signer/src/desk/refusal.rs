//! No, and why.

use crate::journal::Entry;
use crate::message::Refusal;
use gsec_ca::authority::AuthorityError;
use gsec_pki::x509::SerialNumber;

/// The longest text of a reason in the journal.
const MAX_REASON_CHARS: usize = 500;

/// No, and why.
pub(super) type Answered<T> = Result<T, Refusal>;

/// What is refused because of how it is asked.
const CODE: &str = "signer.refused";

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self {
            code: CODE.into(),
            reason,
            rate: None,
        }
    }
}

impl From<&str> for Refusal {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

impl Refusal {
    pub(super) fn about(self, serial: &SerialNumber) -> Self {
        Self {
            reason: format!("{serial}: {}", self.reason),
            ..self
        }
    }
}

/// An error of the CA keeps its name.
impl From<&AuthorityError> for Refusal {
    fn from(error: &AuthorityError) -> Self {
        Self {
            code: error.code().into(),
            reason: sentence(error),
            rate: None,
        }
    }
}

/// An error with its causes in one sentence.
pub(super) fn sentence(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

pub(super) fn refused(asked: &str, refusal: &Refusal) -> Entry {
    Entry::Refused {
        asked: asked.to_owned(),
        reason: refusal.reason.chars().take(MAX_REASON_CHARS).collect(),
    }
}
