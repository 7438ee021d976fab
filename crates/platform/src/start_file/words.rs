//! The arguments of a server as a list of words.

use super::arguments::{Given, given};
use super::lint::{problem, slip};
use crate::finding::Finding;

/// Words that a server is started with, as they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    given: Given,
}

impl Words {
    /// Reads them; none of them is changed by a shell.
    pub fn of(words: &[&str]) -> Self {
        let words: Vec<(&str, bool)> = words.iter().map(|word| (*word, false)).collect();
        Self { given: given(&words) }
    }

    /// The value of the argument of this name that counts, and the number of its word, from 0.
    pub fn last(&self, name: &str) -> Option<(usize, &str)> {
        let argument = self
            .given
            .all
            .iter()
            .rev()
            .find(|argument| argument.name == name)?;
        Some((argument.word, argument.value.as_deref()?))
    }

    /// What is wrong with them, each with the number of the word. The findings have no places.
    pub fn lint(&self) -> Vec<(usize, Finding)> {
        let slips = self
            .given
            .slips
            .iter()
            .map(|at| (at.word, slip(at.kind, at.name)));
        let values = self.given.all.iter().filter_map(|argument| {
            let found = problem(
                argument.name,
                argument.value.as_deref(),
                argument.is_missing,
                || argument.shown(),
            );
            Some((argument.word, found?))
        });
        slips.chain(values).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[&str]) -> Vec<(usize, &'static str)> {
        let of_word = |(word, finding): (usize, Finding)| (word, finding.slug);
        Words::of(words).lint().into_iter().map(of_word).collect()
    }

    #[test]
    fn words_have_the_faults_of_start_files() {
        let right = [
            "-host",
            "cs1",
            "-port",
            "2021",
            "-app",
            "T 1",
            "-transport-port",
            "4001",
        ];
        assert_eq!(found(&right), []);
        assert_eq!(Words::of(&right).last("-port"), Some((3, "2021")));
        assert_eq!(
            Words::of(&["-port", "1", "-port", "2"]).last("-port"),
            Some((3, "2"))
        );
        assert_eq!(found(&["-", "transport-port", "1"]), [(0, "start-arg-blank")]);
        assert_eq!(found(&["x", "\u{2013}port", "1"]), [(1, "start-arg-dash")]);
        assert_eq!(found(&["-port", "0x1"]), [(1, "start-arg-value")]);
        assert_eq!(found(&["-port"]), [(0, "start-arg-value")]);
        assert_eq!(found(&["-transport-address", "cs1"]), [(1, "start-address-name")]);
    }

    #[test]
    fn word_behind_the_name_of_a_secret_is_not_shown() {
        let found = Words::of(&["-password", "-port", "s3cret"]).lint();
        assert!(!format!("{found:?}").contains("s3cret"), "{found:?}");
    }
}
