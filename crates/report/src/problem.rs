//! Why something was not done: one form for a whole command, for one target and for one row.

use serde::{Deserialize, Serialize};

/// What went wrong. Its JSON is the `error` of every document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable name.
    pub code: String,
    /// What happened.
    pub message: String,
    /// Why, the nearest cause first.
    pub caused_by: Vec<String>,
    /// What to type about it.
    pub hints: Vec<String>,
}

impl Problem {
    /// One without causes and hints.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            caused_by: Vec::new(),
            hints: Vec::new(),
        }
    }
}
