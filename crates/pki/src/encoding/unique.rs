//! Names of which no two are the same where upper and lower case are.

use std::collections::HashMap;

/// Gives each name once; one that was given already gets a number.
#[derive(Default)]
pub struct UniqueNames(HashMap<String, usize>);

impl UniqueNames {
    /// The name itself, or `name-2`, `name-3`, … until one is free in any case.
    pub fn give(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        loop {
            let count = self
                .0
                .entry(candidate.to_lowercase())
                .and_modify(|count| *count += 1)
                .or_insert(1);
            if *count == 1 {
                return candidate;
            }
            candidate = format!("{name}-{count}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_meet_in_either_case() {
        let mut names = UniqueNames::default();
        let given = ["db", "DB", "db-2", "db"].map(|name| names.give(name));
        assert_eq!(given, ["db", "DB-2", "db-2-2", "db-3"]);
    }
}
