//! One look at everything that is watched.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::{Condition, Kind, Severity};

/// What was found, what was looked at, and what could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub at: OffsetDateTime,
    /// What is wrong, by key.
    pub conditions: BTreeMap<String, Condition>,
    /// What was looked at.
    pub looked_at: BTreeSet<String>,
    /// What could not be looked at, and why.
    pub not_looked_at: BTreeMap<String, String>,
}

impl Look {
    /// At nothing yet.
    pub fn new(at: OffsetDateTime) -> Self {
        Self {
            at,
            conditions: BTreeMap::new(),
            looked_at: BTreeSet::new(),
            not_looked_at: BTreeMap::new(),
        }
    }

    /// Adds what was found in one place; what could not be looked at is a condition of its own.
    pub fn take(&mut self, scope: &str, found: Result<Vec<Condition>, String>) {
        match found {
            Ok(conditions) => {
                self.looked_at.insert(scope.to_owned());
                for condition in conditions {
                    self.add(condition);
                }
            }
            Err(reason) => {
                let condition = Condition::new(
                    &cannot_look(scope),
                    Kind::CannotLook,
                    "cannot-look",
                    Severity::Error,
                    "Something could not be checked",
                );
                let condition = condition.about(scope).seen(format!("{scope}: {reason}")).remedy(
                    "Mend what the reason says. What was wrong there before still counts as wrong until it can be checked.",
                );
                self.add(Condition {
                    tells_names: true,
                    ..condition
                });
                self.not_looked_at.insert(scope.to_owned(), reason);
            }
        }
        // Whether it can be looked at is known either way.
        self.looked_at.insert(cannot_look(scope));
    }

    /// What was looked at, in words.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        let is_place = |scope: &&String| !scope.starts_with(WHETHER);
        self.looked_at.iter().filter(is_place).map(String::as_str)
    }

    /// Says that a part of something cannot be looked at, where that is told of the whole.
    pub fn leave(&mut self, scope: &str, reason: &str) {
        self.not_looked_at.insert(scope.to_owned(), reason.to_owned());
    }

    /// Of several with one key, the heaviest counts.
    fn add(&mut self, condition: Condition) {
        let known = self.conditions.get(&condition.key);
        if known.is_none_or(|known| known.severity < condition.severity) {
            self.conditions.insert(condition.key.clone(), condition);
        }
    }
}

/// How the scope begins that says whether another can be looked at.
const WHETHER: &str = "whether ";

fn cannot_look(scope: &str) -> String {
    format!("{WHETHER}{scope} can be checked")
}
