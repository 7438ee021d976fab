//! Result of `gsec fleet check`.

use serde::Serialize;

use super::counts::counted;
use super::{FindingCounts, Page, PlacedFinding, Report, Tone};

/// How large an inventory is.
#[derive(Debug, Clone, Serialize)]
pub struct FleetSize {
    /// Its hosts.
    pub hosts: usize,
    /// Its applications.
    pub applications: usize,
    /// The ports of all applications.
    pub ports: usize,
    /// The connections of all applications.
    pub connections: usize,
    /// Its redundant pairs.
    pub pairs: usize,
}

/// Something that was not looked at.
#[derive(Debug, Clone, Serialize)]
pub struct NotCheckedPart {
    /// Its stable name, for doctor.
    #[serde(skip)]
    pub part: &'static str,
    /// What.
    pub what: &'static str,
    /// Why not.
    pub why: String,
    /// Whether it was to be looked at, and could not.
    #[serde(skip)]
    pub is_prevented: bool,
}

impl NotCheckedPart {
    /// A part that nobody asked for.
    pub fn new(part: &'static str, what: &'static str, why: impl Into<String>) -> Self {
        Self {
            part,
            what,
            why: why.into(),
            is_prevented: false,
        }
    }

    /// A line for each.
    pub(super) fn text(parts: &[Self], page: &mut Page, indent: &str) {
        for part in parts {
            let said = [
                (Tone::Plain, indent),
                (Tone::Strong, "not checked"),
                (Tone::Plain, &format!(": {} ({})", part.what, part.why)),
            ];
            page.words(indent.len() + 2, &said);
        }
    }
}

/// `fleet check`.
#[derive(Debug, Clone, Serialize)]
pub struct FleetCheckReport {
    /// Whether there is no error.
    pub ok: bool,
    /// The inventory, as it was named.
    pub inventory: String,
    /// What is in it.
    pub size: FleetSize,
    /// How many findings there are, also of those that are left out.
    pub counts: FindingCounts,
    /// What was found, in the order of the file.
    pub findings: Vec<PlacedFinding>,
    /// How many more findings there are.
    pub left_out: usize,
    /// What was not looked at.
    pub not_checked: Vec<NotCheckedPart>,
}

impl FleetCheckReport {
    /// Of these findings, of which there are so many in all.
    pub fn new(
        inventory: String,
        size: FleetSize,
        counts: FindingCounts,
        findings: Vec<PlacedFinding>,
        not_checked: Vec<NotCheckedPart>,
    ) -> Self {
        let all = counts.error + counts.warning + counts.notice;
        Self {
            ok: counts.error == 0,
            inventory,
            size,
            left_out: all.saturating_sub(findings.len()),
            counts,
            findings,
            not_checked,
        }
    }
}

impl Report for FleetCheckReport {
    const SCHEMA: &'static str = "gsec/fleet.check/1";

    fn text(&self, page: &mut Page) {
        let size = &self.size;
        let parts = [
            (size.hosts, "host", "hosts"),
            (size.applications, "application", "applications"),
            (size.ports, "port", "ports"),
            (size.connections, "connection", "connections"),
            (size.pairs, "pair", "pairs"),
        ];
        let words: Vec<String> = parts
            .iter()
            .map(|(count, one, many)| counted(*count, one, many))
            .collect();
        page.detail("read", &words.join(", "));
        let counts = self.counts.in_words();
        let mut parts = vec![(Tone::Strong, self.inventory.as_str()), (Tone::Plain, ": ")];
        if counts.is_empty() {
            parts.push((Tone::Good, "no findings"));
        }
        parts.extend(counts.iter().map(|(tone, words)| (*tone, words.as_str())));
        page.words(2, &parts);
        for finding in &self.findings {
            finding.text(page, Some(&self.inventory));
        }
        if self.left_out > 0 {
            page.hanging(2, &format!("  and {} more", self.left_out));
        }
        NotCheckedPart::text(&self.not_checked, page, "");
    }
}
