//! What was found, as the rules say it: places are made only of what is shown.

use std::ops::Range;

use crate::finding::{Finding, MAX_FINDINGS, Rule};
use crate::inventory::Source;
use gsec_pki::x509::path::Severity;

/// A finding whose places are still bytes of the inventory.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    finding: Finding,
    spans: Vec<Range<usize>>,
}

impl Draft {
    /// At these bytes.
    pub(super) fn new(rule: Rule, at: &Range<usize>, seen: impl Into<String>) -> Self {
        Self::of(Finding::new(rule, seen), vec![at.clone()])
    }

    /// What another room has found.
    pub(super) fn of(finding: Finding, spans: Vec<Range<usize>>) -> Self {
        Self { finding, spans }
    }

    /// Compared with this.
    #[must_use]
    pub(super) fn also(mut self, at: &Range<usize>) -> Self {
        self.spans.push(at.clone());
        self
    }

    /// What to do about it.
    #[must_use]
    pub(super) fn help(self, words: impl Into<String>) -> Self {
        Self {
            finding: self.finding.help(words),
            ..self
        }
    }

    /// Weighs otherwise than its rule.
    #[must_use]
    pub(super) fn weighing(self, severity: Severity) -> Self {
        Self {
            finding: self.finding.weighing(severity),
            ..self
        }
    }
}

/// How many findings there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notices.
    pub notices: usize,
}

/// Collects findings: all are counted, and of each severity so many are kept as can be shown.
#[derive(Debug, Default)]
pub(super) struct Found {
    errors: Vec<Draft>,
    warnings: Vec<Draft>,
    notices: Vec<Draft>,
    counts: Counts,
}

impl Found {
    pub(super) fn push(&mut self, draft: Draft) {
        let (kept, count) = match draft.finding.severity {
            Severity::Error => (&mut self.errors, &mut self.counts.errors),
            Severity::Warning => (&mut self.warnings, &mut self.counts.warnings),
            Severity::Notice => (&mut self.notices, &mut self.counts.notices),
        };
        *count += 1;
        if kept.len() < MAX_FINDINGS {
            kept.push(draft);
        }
    }

    /// The findings in the order of the file. Where there are too many, errors stay before warnings, and warnings before notices.
    pub(super) fn into_findings(self, source: &Source) -> (Vec<Finding>, Counts) {
        let mut drafts: Vec<Draft> = [self.errors, self.warnings, self.notices]
            .into_iter()
            .flatten()
            .take(MAX_FINDINGS)
            .collect();
        drafts.sort_by_key(|draft| draft.spans.first().map(|span| span.start));
        let placed = |draft: Draft| {
            let places = draft.spans.iter().map(|span| source.place(span));
            places.fold(draft.finding, Finding::at)
        };
        (drafts.into_iter().map(placed).collect(), self.counts)
    }
}
