//! Results of `gsec transport`.

use serde::Serialize;

use super::{FindingCounts, NextSteps, Page, PlacedFindings, Report};
use gsec_pki::encoding::visible::shortened;

/// A part of a value.
#[derive(Debug, Clone, Serialize)]
pub struct TransportPart {
    /// Its number, from 1.
    pub index: usize,
    /// The character of the value that it begins with, from 1.
    pub column: usize,
    /// All of it, secrets masked.
    pub raw: String,
    /// What is before the first `=`.
    pub name: String,
    /// What is behind the first `=`, secrets masked; null where there is none.
    pub value: Option<String>,
    /// `used`, `shadowed`, `vanished` or `unknown`.
    pub effect: &'static str,
}

/// `transport parse`.
#[derive(Debug, Clone, Serialize)]
pub struct TransportParseReport {
    /// The file it was read from, `-` for standard input; null for an argument.
    pub source: Option<String>,
    /// Whether the platform reads it as TLS switched on.
    pub tls: bool,
    /// Its parts.
    pub parts: Vec<TransportPart>,
}

impl Report for TransportParseReport {
    const SCHEMA: &'static str = "gsec/transport.parse/1";

    fn text(&self, page: &mut Page) {
        if self.parts.is_empty() {
            page.line("The value is empty");
            return;
        }
        let rows: Vec<Vec<String>> = self
            .parts
            .iter()
            .map(|part| {
                vec![
                    part.index.to_string(),
                    part.column.to_string(),
                    part.effect.to_owned(),
                    in_quotes(&part.name),
                    part.value.as_deref().map(in_quotes).unwrap_or_default(),
                ]
            })
            .collect();
        page.table(&["part", "column", "effect", "name", "value"], &rows);
        let tls = if self.tls { "on" } else { "off" };
        page.line(&format!("As the platform reads it, TLS is {tls}"));
    }
}

/// Blanks at the ends would not be seen.
fn in_quotes(text: &str) -> String {
    format!("`{}`", shortened(text))
}

/// A value that was checked.
#[derive(Debug, Clone, Serialize)]
pub struct LintedValue {
    /// The file it was read from, `-` for standard input; null for an argument.
    pub source: Option<String>,
    /// The value, secrets masked, and cut where it is long.
    pub value: String,
    /// Whether the files that it names were looked at.
    pub files_checked: bool,
    /// What was found.
    #[serde(flatten)]
    pub found: PlacedFindings,
    /// Whether there are files that it names.
    #[serde(skip)]
    pub names_files: bool,
    /// Whether it names a certificate, in a file or by its thumbprint.
    #[serde(skip)]
    pub names_certificates: bool,
}

/// `transport lint`.
#[derive(Debug, Clone, Serialize)]
pub struct TransportLintReport {
    /// Whether there is no error.
    pub ok: bool,
    /// How many findings there are.
    pub counts: FindingCounts,
    /// The values, in the order of the command line.
    pub values: Vec<LintedValue>,
    /// What fixes them.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl TransportLintReport {
    /// A report of these values.
    pub fn new(values: Vec<LintedValue>, next: NextSteps) -> Self {
        let counts = FindingCounts::sum(values.iter().map(|value| &value.found));
        Self {
            ok: counts.error == 0,
            counts,
            values,
            next,
        }
    }
}

impl Report for TransportLintReport {
    const SCHEMA: &'static str = "gsec/transport.lint/1";

    fn text(&self, page: &mut Page) {
        for value in &self.values {
            let name = value.source.as_deref().unwrap_or(&value.value);
            let clean = match (value.names_files, value.files_checked) {
                (false, _) => "no findings",
                (true, true) => "no findings, also in the files that it names; revocation was not checked",
                (true, false) => "no findings; the files that it names were not checked",
            };
            value.found.text(page, name, clean, None);
            let has_findings = !value.found.findings.is_empty();
            match (value.names_files, value.files_checked) {
                (true, false) if has_findings => page.line("  the files that it names were not checked"),
                (false, true) => page.line("  it names no file, so there was none to check"),
                _ => {}
            }
        }
        self.next.text(page);
    }
}

/// `transport fix`.
#[derive(Debug, Clone, Serialize)]
pub struct TransportFixReport {
    /// The file it was read from, `-` for standard input; null for an argument.
    pub source: Option<String>,
    /// The value as it was meant.
    pub value: String,
    /// Whether it differs from what was given.
    pub changed: bool,
    /// What is left, and only a person can decide.
    #[serde(flatten)]
    pub found: PlacedFindings,
}

impl Report for TransportFixReport {
    const SCHEMA: &'static str = "gsec/transport.fix/1";

    fn text(&self, page: &mut Page) {
        page.line(&self.value);
    }
}

/// `transport build`.
#[derive(Debug, Clone, Serialize)]
pub struct TransportBuildReport {
    /// The value.
    pub value: String,
    /// Whether the files that it names were looked at.
    pub files_checked: bool,
}

impl Report for TransportBuildReport {
    const SCHEMA: &'static str = "gsec/transport.build/1";

    fn text(&self, page: &mut Page) {
        page.line(&self.value);
    }
}
