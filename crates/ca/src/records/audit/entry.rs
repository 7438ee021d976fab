//! The entries of the audit log.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use gsec_pki::key::KeyError;
use gsec_pki::x509::SerialNumber;

/// What the first line is bound to, since nothing precedes it.
pub(in crate::records) const NOTHING_BEFORE: &str =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// What one line of the log says, besides what binds it to the others.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    pub(super) action: &'static str,
    pub(super) serial: Option<SerialNumber>,
    pub(super) details: Map<String, Value>,
}

impl AuditEntry {
    /// An entry about an action, named as its command: `cert.issue`.
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            serial: None,
            details: Map::new(),
        }
    }

    /// With the serial number of the certificate concerned.
    #[must_use]
    pub fn about(self, serial: &SerialNumber) -> Self {
        Self {
            serial: Some(serial.clone()),
            ..self
        }
    }

    /// With a further fact.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.details.insert(key.to_owned(), value.into());
        self
    }
}

/// The CA key's part in a commit.
pub trait AuditSeal {
    /// Which key it is: its key identifier in hexadecimal digits.
    fn key(&self) -> String;

    /// Signs bytes: what `audit.head` says.
    ///
    /// # Errors
    /// [`KeyError`] with the reason; then nothing is announced, and nothing may be done.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError>;

    /// Signs the last line of a commit, after the lines of the same commit before it. Those say what will be asked of the key next.
    ///
    /// # Errors
    /// As [`AuditSeal::sign`].
    fn sign_line(&self, _before: &str, line: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sign(line)
    }
}

/// When a commit is made, and whether the CA key was open.
pub struct AuditStamp<'a> {
    /// The time that its lines carry.
    pub time: OffsetDateTime,
    /// Signs the last of its lines.
    pub seal: Option<&'a dyn AuditSeal>,
}

/// SHA-256 of the last line of a log, without its line feed, in hexadecimal digits: with a copy of it, one
/// can prove later that nothing before it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHead(pub(in crate::records) String);

/// How an audit log ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEnd {
    /// The number of the last line; 0 where that line does not say one.
    pub seq: u64,
    /// What the next line is bound to.
    pub head: AuditHead,
}

impl AuditEnd {
    /// That of a log without lines: the first one is bound to nothing.
    pub fn of_nothing() -> Self {
        Self {
            seq: 0,
            head: AuditHead(NOTHING_BEFORE.into()),
        }
    }
}

impl AuditHead {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
