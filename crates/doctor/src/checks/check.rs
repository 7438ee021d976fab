//! Checks: pure functions from facts to findings.

use super::{Entry, Finding};

/// A check of facts of one kind, and what it can find.
pub struct Check<F> {
    /// What it can find. A check that was made and found nothing says that none of these is the case.
    pub entries: &'static [&'static Entry],
    /// Looks at the facts.
    pub run: fn(&F) -> Vec<Finding>,
}

/// The selected entries of the catalogue.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these slugs; empty means all.
    pub only: Vec<String>,
    /// Not these slugs.
    pub skip: Vec<String>,
}

impl Selection {
    /// Whether everything is selected.
    pub fn is_whole(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }

    /// Whether an entry is selected.
    pub fn has(&self, entry: &Entry) -> bool {
        let named = |slugs: &[String]| slugs.iter().any(|slug| slug == entry.slug);
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}

/// What was found, and what was looked at.
#[derive(Debug, Clone, Default)]
pub struct Diagnosis {
    /// Findings, the heaviest first; among equals in the order of the checks.
    pub findings: Vec<Finding>,
    /// Entries that were looked at, found or not.
    pub checked: Vec<&'static Entry>,
    /// Entries that would have been looked at, and were not selected.
    pub left_out: Vec<&'static Entry>,
}

impl Diagnosis {
    /// Runs the selected checks.
    pub fn of<F>(facts: &F, checks: &[Check<F>], selection: &Selection) -> Self {
        let mut diagnosis = Self::default();
        for check in checks {
            let (wanted, others): (Vec<&'static Entry>, Vec<&'static Entry>) =
                check.entries.iter().partition(|entry| selection.has(entry));
            diagnosis.left_out.extend(others);
            if !wanted.is_empty() {
                diagnosis.findings.extend(
                    (check.run)(facts)
                        .into_iter()
                        .filter(|finding| selection.has(finding.entry)),
                );
                diagnosis.checked.extend(wanted);
            }
        }
        diagnosis.sorted()
    }

    /// Adds another diagnosis of the same target.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.findings.extend(other.findings);
        self.checked.extend(other.checked);
        self.left_out.extend(other.left_out);
        self.sorted()
    }

    /// Adds another diagnosis of the same target, but for what is found already.
    #[must_use]
    pub fn and_new(self, mut other: Self) -> Self {
        let is_new = |found: &Finding| {
            !self
                .findings
                .iter()
                .any(|known| known.entry == found.entry && known.seen == found.seen)
        };
        other.findings.retain(is_new);
        self.and(other)
    }

    /// Keeps the entries that there was something to look at for.
    pub(in crate::checks) fn retain(&mut self, mut is_asked: impl FnMut(&Entry) -> bool) {
        self.checked.retain(|entry| is_asked(entry));
        self.left_out.retain(|entry| is_asked(entry));
    }

    fn sorted(mut self) -> Self {
        self.findings.sort_by_key(|finding| finding.severity);
        let mut seen = std::collections::HashSet::new();
        self.checked.retain(|entry| seen.insert(entry.slug));
        self.left_out.retain(|entry| seen.insert(entry.slug));
        self
    }
}
