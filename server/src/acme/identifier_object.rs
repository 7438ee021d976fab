//! Identifier objects (RFC 8555 §9.7.7) as they are sent.

use gsec_pki::encoding::visible::{shortened, visible};
use serde::Serialize;

use crate::domain::Identifier;

/// `{"type": …, "value": …}`. In a problem it may be one that the server does not know; its texts are safe to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentifierObject {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

impl IdentifierObject {
    /// One as a client wrote it, cut short for a problem.
    pub fn new(kind: &str, value: &str) -> Self {
        Self {
            kind: visible(&shortened(kind)),
            value: visible(&shortened(value)),
        }
    }
}

impl From<&Identifier> for IdentifierObject {
    fn from(identifier: &Identifier) -> Self {
        Self {
            kind: identifier.kind().to_owned(),
            value: identifier.to_string(),
        }
    }
}
