//! Result of `log filter`.

use serde::Serialize;

use super::{Page, Report};

/// `log filter`.
#[derive(Debug, Clone, Serialize)]
pub struct LogFilterReport {
    /// The log that was read.
    pub source: String,
    /// The file that was written; `null` with `--check`.
    pub out: Option<String>,
    /// Whether the result differs from the log.
    pub changed: bool,
    /// Key-value lists that were found.
    pub lists: u64,
    /// Values that were hidden.
    pub hidden: u64,
    /// Pairs that were left out.
    pub skipped: u64,
    /// Values that got texts around them.
    pub tagged: u64,
    /// Lines that were hidden because they may belong to a hidden value.
    pub over_hidden: u64,
    /// Hidden values without an end.
    pub cut: u64,
}

impl LogFilterReport {
    /// The counts in one line.
    pub fn summary(&self) -> String {
        let tagged = if self.tagged == 0 {
            String::new()
        } else {
            format!(", tagged {}", self.tagged)
        };
        format!(
            "hidden {}, skipped {}, over-hidden {}{tagged}",
            self.hidden, self.skipped, self.over_hidden
        )
    }
}

impl Report for LogFilterReport {
    const SCHEMA: &'static str = "gsec/log.filter/1";

    fn text(&self, page: &mut Page) {
        page.line(&self.summary());
    }
}
