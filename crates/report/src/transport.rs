//! Results of `gsec transport`.

use serde::Serialize;

use super::{FindingCounts, NextSteps, Page, PlacedFinding, Report, Tone};
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
    pub findings: Vec<PlacedFinding>,
    /// Whether there are files that it names.
    #[serde(skip)]
    pub names_files: bool,
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
        let counts = FindingCounts::of(values.iter().flat_map(|value| &value.findings));
        Self {
            ok: counts.error == 0,
            counts,
            values,
            next,
        }
    }
}

impl FindingCounts {
    /// Of these findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a PlacedFinding>) -> Self {
        let mut counts = Self {
            error: 0,
            warning: 0,
            notice: 0,
        };
        for finding in findings {
            match finding.severity {
                "error" => counts.error += 1,
                "warning" => counts.warning += 1,
                _ => counts.notice += 1,
            }
        }
        counts
    }

    /// `1 error, 2 warnings`; empty where there is nothing.
    pub(super) fn in_words(&self) -> Vec<(Tone, String)> {
        let counts = [
            (self.error, "error"),
            (self.warning, "warning"),
            (self.notice, "notice"),
        ];
        let mut parts: Vec<(Tone, String)> = Vec::new();
        for (count, name) in counts.into_iter().filter(|(count, _)| *count > 0) {
            if !parts.is_empty() {
                parts.push((Tone::Plain, ", ".into()));
            }
            let plural = if count == 1 { "" } else { "s" };
            parts.push((Tone::of_severity(name), format!("{count} {name}{plural}")));
        }
        parts
    }
}

/// What was found in one text, under its name.
pub(super) fn findings_text(
    page: &mut Page,
    name: &str,
    clean: &str,
    findings: &[PlacedFinding],
    file: Option<&str>,
) {
    let counts = FindingCounts::of(findings).in_words();
    let mut parts = vec![(Tone::Strong, name), (Tone::Plain, ": ")];
    if counts.is_empty() {
        parts.push((Tone::Good, clean));
    }
    parts.extend(counts.iter().map(|(tone, words)| (*tone, words.as_str())));
    page.words(2, &parts);
    findings.iter().for_each(|finding| finding.text(page, file));
}

impl Report for TransportLintReport {
    const SCHEMA: &'static str = "gsec/transport.lint/1";

    fn text(&self, page: &mut Page) {
        for value in &self.values {
            let name = value.source.as_deref().unwrap_or(&value.value);
            let clean = match (value.names_files, value.files_checked) {
                (false, _) => "no findings",
                (true, true) => "no findings, also in the files that it names",
                (true, false) => "no findings; the files that it names were not checked",
            };
            findings_text(page, name, clean, &value.findings, None);
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
    pub findings: Vec<PlacedFinding>,
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
