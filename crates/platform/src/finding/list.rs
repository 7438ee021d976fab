//! What was found in a text, as far as somebody reads it.

use std::ops::{Deref, DerefMut};

use super::Finding;
use gsec_pki::x509::path::Severity;

/// How many findings are not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notices.
    pub notices: usize,
}

impl LeftOut {
    /// All of them.
    pub fn total(self) -> usize {
        self.errors + self.warnings + self.notices
    }

    fn count(&mut self, severity: Severity, count: usize) {
        *match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Notice => &mut self.notices,
        } += count;
    }
}

/// The findings about a text, in the order in which they are found: so many, errors before others, and how many more there are. An error is never
/// lost for the many warnings before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    kept: Vec<Finding>,
    most: usize,
    left_out: LeftOut,
}

impl Findings {
    /// No findings, of which so many will be kept.
    pub fn up_to(most: usize) -> Self {
        Self {
            kept: Vec::new(),
            most,
            left_out: LeftOut::default(),
        }
    }

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        if self.kept.len() < self.most {
            return self.kept.push(finding);
        }
        // Where an error was left out, no other finding is kept any more.
        let lighter = match finding.is_error() && self.left_out.errors == 0 {
            true => self.kept.iter().rposition(|kept| !kept.is_error()),
            false => None,
        };
        let left_out = match lighter {
            Some(at) => {
                let lighter = self.kept.remove(at);
                self.kept.push(finding);
                lighter
            }
            None => finding,
        };
        self.left_out.count(left_out.severity, 1);
    }

    /// Adds those about a part of the text.
    pub fn append(&mut self, part: Self) {
        self.extend(part.kept);
        let LeftOut {
            errors,
            warnings,
            notices,
        } = part.left_out;
        self.left_out.count(Severity::Error, errors);
        self.left_out.count(Severity::Warning, warnings);
        self.left_out.count(Severity::Notice, notices);
    }

    /// Takes some of those that are kept out again.
    pub fn retain(&mut self, keeps: impl FnMut(&Finding) -> bool) {
        self.kept.retain(keeps);
    }

    /// Takes out what is no error.
    pub fn retain_errors(&mut self) {
        self.kept.retain(Finding::is_error);
        self.left_out = LeftOut {
            errors: self.left_out.errors,
            ..LeftOut::default()
        };
    }

    /// How many others there are.
    pub fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// How many errors there are, kept or not.
    pub fn errors(&self) -> usize {
        let kept = self.kept.iter().filter(|finding| finding.is_error()).count();
        kept + self.left_out.errors
    }

    /// In the order of their places; those without one come last.
    pub fn sort_by_place(&mut self) {
        self.kept.sort_by_key(|finding| {
            let first = finding.places.first();
            first.map_or((usize::MAX, 0), |place| (place.line, place.column))
        });
    }
}

/// Those that are kept.
impl Deref for Findings {
    type Target = [Finding];

    fn deref(&self) -> &[Finding] {
        &self.kept
    }
}

impl DerefMut for Findings {
    fn deref_mut(&mut self) -> &mut [Finding] {
        &mut self.kept
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}

impl Extend<Finding> for Findings {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, more: T) {
        more.into_iter().for_each(|finding| self.push(finding));
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rule;
    use super::*;

    fn of(severity: Severity, count: usize) -> impl Iterator<Item = Finding> {
        let finding = Finding::new(Rule::error("x"), "seen").weighing(severity);
        std::iter::repeat_n(finding, count)
    }

    #[test]
    fn errors_are_kept_before_others_and_all_are_counted() {
        let mut found = Findings::up_to(3);
        found.extend(of(Severity::Notice, 2));
        found.extend(of(Severity::Warning, 3));
        assert_eq!((found.len(), found.errors()), (3, 0));
        found.extend(of(Severity::Error, 2));
        assert_eq!(found.iter().filter(|finding| finding.is_error()).count(), 2);
        let left_out = |errors, warnings, notices| LeftOut {
            errors,
            warnings,
            notices,
        };
        assert_eq!(found.left_out(), left_out(0, 3, 1));
        let mut all = Findings::up_to(4);
        all.extend(of(Severity::Error, 3));
        all.append(found);
        assert_eq!((all.len(), all.errors()), (4, 5));
        assert_eq!(all.left_out(), left_out(1, 3, 2));
        assert_eq!(all.left_out().total() + all.len(), 10);
    }
}
