//! Results of `cert issue --from`: a row for each row of the list.

use serde::Serialize;

use super::{IssueFiles, Notice, Problem, Row};

/// The part before the rows.
#[derive(Debug, Clone, Serialize)]
pub struct BatchHead {
    /// Whether nothing was issued.
    pub dry_run: bool,
    /// The directory of the CA.
    pub ca_dir: String,
    /// The list; `-` for standard input.
    pub list: String,
}

/// What came of one row of the list.
#[derive(Debug, Clone, Serialize)]
pub struct BatchRow {
    /// Number of its first line in the list, from 1.
    pub line: u64,
    /// The host as the list has it.
    pub host: String,
    /// `issued`, `present`, `failed`, `not_tried`; in a dry run `wanted` for a certificate that would be issued.
    pub result: &'static str,
    /// Serial number; `null` without certificate.
    pub serial: Option<String>,
    /// End; `null` without certificate.
    pub not_after: Option<String>,
    /// SHA-256 thumbprint; `null` without certificate.
    pub thumbprint_sha256: Option<String>,
    /// Its files; `null` without certificate.
    pub files: Option<IssueFiles>,
    /// Why it failed; `null` when it did not.
    pub error: Option<Problem>,
    /// What was odd about it.
    pub warnings: Vec<Notice>,
}

/// How many rows there are of each result.
#[derive(Debug, Clone, Copy, Default, Serialize, PartialEq, Eq)]
pub struct BatchCounts {
    /// Certificates that were issued.
    pub issued: usize,
    /// Rows whose host has such a certificate already.
    pub present: usize,
    /// In a dry run, certificates that would be issued.
    pub wanted: usize,
    /// Rows that failed.
    pub failed: usize,
    /// Rows that nothing was begun for.
    pub not_tried: usize,
}

/// The part after the rows.
#[derive(Debug, Clone, Serialize)]
pub struct BatchTail {
    /// How many rows there are of each result.
    pub counts: BatchCounts,
    /// The signal that ended it early; `null` when none did.
    pub interrupted_by: Option<&'static str>,
    /// In a dry run the next serial number, not reserved; `null` when it would be random.
    pub next_serial: Option<String>,
    /// Audit log head after the last certificate; `null` if nothing was issued, or if the CA does not keep a log.
    pub audit_head: Option<String>,
    /// What was odd about all of it.
    pub warnings: Vec<Notice>,
}

impl Row for BatchRow {
    const HEADINGS: &'static [&'static str] = &["line", "host", "result", "serial", "valid until"];

    fn cells(&self) -> Vec<String> {
        let last = match &self.error {
            Some(error) => std::iter::once(&error.message)
                .chain(&error.caused_by)
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(": "),
            None => self.not_after.clone().unwrap_or_default(),
        };
        vec![
            self.line.to_string(),
            self.host.clone(),
            self.result.into(),
            self.serial.clone().unwrap_or_default(),
            last,
        ]
    }
}

impl BatchTail {
    /// The sentences after the rows, with details when `verbose`.
    pub fn text(&self, verbose: bool) -> String {
        let BatchCounts {
            issued,
            present,
            wanted,
            failed,
            not_tried,
        } = self.counts;
        let counts = [
            (issued, "issued"),
            (wanted, "to be issued"),
            (present, "present already"),
            (failed, "failed"),
            (not_tried, "not tried"),
        ];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let mut text = if counts.is_empty() {
            String::new()
        } else {
            format!("\n{}\n", counts.join(", "))
        };
        if let Some(serial) = &self.next_serial {
            text.push_str(&format!(
                "next serial {serial}, if no other command issues first\n"
            ));
        }
        if let Some(head) = self.audit_head.as_ref().filter(|_| verbose) {
            text.push_str(&format!("audit head {head}\n"));
        }
        text
    }
}
