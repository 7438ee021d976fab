//! Maintenance windows.

use time::OffsetDateTime;

use super::Kind;

/// A time in which nothing new is raised, and nothing is said to get worse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// When it begins.
    pub from: OffsetDateTime,
    /// When it is over.
    pub until: OffsetDateTime,
    /// The kinds that it is about; all when empty.
    pub kinds: Vec<Kind>,
}

impl Window {
    /// Whether it holds something of this kind back at this time.
    pub fn holds_back(&self, kind: Kind, at: OffsetDateTime) -> bool {
        (self.from..self.until).contains(&at) && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }
}
