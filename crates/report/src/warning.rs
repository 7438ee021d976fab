//! Warnings that accompany a result.

use serde::Serialize;

/// Something odd that did not stop the work.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Notice {
    /// A stable name.
    pub code: String,
    /// What was seen.
    pub message: String,
    /// What to type about it.
    pub hint: Option<String>,
}
