//! Results of `cert issue --from`: a row for each row of the list.

use serde::Serialize;

use super::{IssueFiles, Notice, Page, Problem, Row, Screen, Tone};
use gsec_pki::encoding::visible::{visible, visible_json};

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
    const HEADINGS: &'static [&'static str] =
        &["line", "host", "result", "serial", "valid until, or why not"];

    fn cells(&self) -> Vec<String> {
        let last = match &self.error {
            Some(error) => in_one_line(error),
            None => self.not_after.clone().unwrap_or_default(),
        };
        vec![
            self.line.to_string(),
            self.host.clone(),
            self.result.replace('_', " "),
            self.serial.clone().unwrap_or_default(),
            last,
        ]
    }

    fn verdict(&self) -> Option<(usize, Tone)> {
        let tone = match self.result {
            "failed" => Tone::Bad,
            "not_tried" => Tone::Warning,
            "issued" => Tone::Good,
            _ => Tone::Plain,
        };
        Some((2, tone))
    }
}

/// A file with a row for each row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchForm {
    /// Comma-separated values (RFC 4180, with line feeds alone) under a line of headings, for spreadsheets.
    Csv,
    /// The JSON of each row on a line of its own, for scripts.
    JsonLines,
}

impl BatchForm {
    const HEADINGS: [&'static str; 12] = [
        "line",
        "host",
        "result",
        "serial",
        "not_after",
        "thumbprint_sha256",
        "certificate",
        "private_key",
        "pfx",
        "delivered",
        "error",
        "warnings",
    ];

    /// What stands before the rows.
    pub fn head(self) -> String {
        match self {
            Self::Csv => Self::HEADINGS.join(",") + "\n",
            Self::JsonLines => String::new(),
        }
    }

    /// A row.
    pub fn row(self, row: &BatchRow) -> String {
        if self == Self::JsonLines {
            let json = serde_json::to_string(row).expect("a report of strings and numbers serialises");
            return visible_json(&json) + "\n";
        }
        let file = |path: fn(&IssueFiles) -> Option<&String>| row.files.as_ref().and_then(path).cloned();
        let messages: Vec<&str> = row
            .warnings
            .iter()
            .map(|warning| warning.message.as_str())
            .collect();
        let delivered = row.files.as_ref().map(|files| files.delivered.join("; "));
        let cells: [Option<String>; 12] = [
            Some(row.line.to_string()),
            Some(row.host.clone()),
            Some(row.result.into()),
            // A spreadsheet would make a number of 0E12 or 01.
            row.serial.as_ref().map(|serial| format!("0x{serial}")),
            row.not_after.clone(),
            row.thumbprint_sha256.clone(),
            file(|files| files.host_certificate.as_ref()),
            file(|files| files.private_key.as_ref()),
            file(|files| files.pfx.as_ref()),
            delivered,
            row.error.as_ref().map(in_one_line),
            Some(messages.join("; ")),
        ];
        let cells: Vec<String> = cells
            .into_iter()
            .map(|cell| cell_of(&cell.unwrap_or_default()))
            .collect();
        cells.join(",") + "\n"
    }
}

/// A cell of a CSV file. What a spreadsheet would take as a formula (a list can hold any text) gets an apostrophe before it.
fn cell_of(text: &str) -> String {
    let text = visible(text);
    let guarded = if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text
    };
    if guarded.contains(['"', ',']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// What happened, and why.
fn in_one_line(problem: &Problem) -> String {
    std::iter::once(&problem.message)
        .chain(&problem.caused_by)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(": ")
}

impl BatchTail {
    /// The sentences after the rows, with details when `verbose`; `places` is where the files are.
    pub fn text(&self, verbose: bool, has_rows: bool, places: &[String], screen: Screen) -> String {
        let BatchCounts {
            issued,
            present,
            wanted,
            failed,
            not_tried,
        } = self.counts;
        let counts = [
            (Tone::Good, issued, "issued"),
            (Tone::Plain, wanted, "to be issued"),
            (Tone::Plain, present, "present already"),
            (Tone::Bad, failed, "failed"),
            (Tone::Warning, not_tried, "not tried"),
        ];
        let mut page = Page::new(verbose).on(screen);
        let counted = counts.into_iter().filter(|(_, count, _)| *count > 0);
        let words: Vec<(Tone, String)> = counted
            .map(|(tone, count, what)| (tone, format!("{count} {what}")))
            .collect();
        let mut parts: Vec<(Tone, &str)> = Vec::new();
        for (tone, words) in &words {
            if !parts.is_empty() {
                parts.push((Tone::Plain, ", "));
            }
            parts.push((*tone, words));
        }
        if !parts.is_empty() {
            if has_rows {
                page.gap();
            }
            page.words(2, &parts);
        }
        page.facts(
            "files in",
            places.iter().map(String::as_str).filter(|_| issued + present > 0),
        );
        if let Some(serial) = &self.next_serial {
            page.line(&format!("next serial {serial}, if no other command issues first"));
        }
        page.detail_if("audit head", self.audit_head.as_deref());
        page.into_text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(host: &str) -> BatchRow {
        BatchRow {
            line: 2,
            host: host.into(),
            result: "failed",
            serial: Some("0E12".into()),
            not_after: None,
            thumbprint_sha256: None,
            files: Some(IssueFiles {
                delivered: vec!["a b".into(), "c".into()],
                ..IssueFiles::default()
            }),
            error: Some(Problem {
                caused_by: vec!["it is \"no\" host".into()],
                ..Problem::new("x", "bad")
            }),
            warnings: Vec::new(),
        }
    }

    #[test]
    fn row_of_a_list_is_one_line_in_which_no_cell_is_a_formula_or_a_number() {
        assert_eq!(
            BatchForm::Csv.row(&row("=1+1\n,x")),
            "2,\"'=1+1\\x0A,x\",failed,0x0E12,,,,,,a b; c,\"bad: it is \"\"no\"\" host\",\n"
        );
        let headings = BatchForm::Csv.head().matches(',').count();
        assert_eq!(BatchForm::Csv.row(&row("a")).matches(',').count(), headings);
        let json: serde_json::Value =
            serde_json::from_str(&BatchForm::JsonLines.row(&row("=1+1\n"))).expect("JSON");
        assert_eq!(
            (json["host"].as_str(), json["serial"].as_str()),
            (Some("=1+1\n"), Some("0E12"))
        );
    }
}
