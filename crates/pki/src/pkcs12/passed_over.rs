//! What is in a file and is passed over, counted, so that a million of them are one line.

use crate::encoding::visible::shortened;

/// At most this many kinds are named; the rest is only counted.
const MAX_KINDS: usize = 20;

/// Things that were passed over, by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassedOver {
    kinds: Vec<(String, usize)>,
    of_other_kinds: usize,
}

impl PassedOver {
    /// Adds one, by what it is.
    pub fn add(&mut self, what: &str) {
        self.add_several(&shortened(what), 1);
    }

    /// Adds all that another file passed over.
    pub fn extend(&mut self, other: &Self) {
        other
            .kinds
            .iter()
            .for_each(|(name, count)| self.add_several(name, *count));
        self.of_other_kinds += other.of_other_kinds;
    }

    fn add_several(&mut self, name: &str, count: usize) {
        match self.kinds.iter().position(|(known, _)| known == name) {
            Some(known) => self.kinds[known].1 += count,
            None if self.kinds.len() < MAX_KINDS => self.kinds.push((name.to_owned(), count)),
            None => self.of_other_kinds += count,
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Each kind in words, with its number when it is more than one.
    pub fn in_words(&self) -> Vec<String> {
        let named = self.kinds.iter().map(|(name, count)| match count {
            1 => name.clone(),
            _ => format!("{name} ({count} times)"),
        });
        let more = (self.of_other_kinds > 0).then(|| format!("{} more of other kinds", self.of_other_kinds));
        named.chain(more).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_of_a_kind_are_one_line_and_kinds_are_bounded() {
        let mut passed_over = PassedOver::default();
        (0..1000).for_each(|_| passed_over.add("a bag"));
        (0..30).for_each(|number| passed_over.add(&format!("kind {number}")));
        let words = passed_over.in_words();
        assert_eq!(words[0], "a bag (1000 times)");
        assert_eq!(words.last().map(String::as_str), Some("11 more of other kinds"));
        passed_over.add(&"x".repeat(1 << 20));
        assert!(passed_over.in_words().concat().len() < 2000);
    }
}
