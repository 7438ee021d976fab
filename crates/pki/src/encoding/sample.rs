//! The first of many things, and how many there are: of perhaps a million, a few are named.

/// Maximum number of things that are kept.
pub const MAX_KEPT: usize = 1000;
/// Maximum number of things that a command or a document names.
pub const MAX_NAMED: usize = 20;
/// Maximum number of things that a sentence names.
pub const MAX_LISTED: usize = 5;

/// Things of one kind: how many, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample<T> {
    /// How many.
    pub count: u64,
    /// The first [`MAX_KEPT`].
    pub first: Vec<T>,
}

impl<T> Default for Sample<T> {
    fn default() -> Self {
        Self {
            count: 0,
            first: Vec::new(),
        }
    }
}

impl<T> Sample<T> {
    /// Takes one more.
    pub fn add(&mut self, one: T) {
        self.count += 1;
        if self.first.len() < MAX_KEPT {
            self.first.push(one);
        }
    }

    /// Whether the count is zero.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Those that a command or a document names.
    pub fn named(&self) -> &[T] {
        &self.first[..self.first.len().min(MAX_NAMED)]
    }

    /// How many there are that a command or a document does not name.
    pub fn unnamed(&self) -> u64 {
        self.count.saturating_sub(self.named().len() as u64)
    }

    /// Those that a sentence names as text with commas, and how many more there are.
    pub fn listed(&self, text: impl Fn(&T) -> String) -> String {
        let words = self.first.iter().take(MAX_LISTED).map(text).collect();
        in_words(words, self.count)
    }
}

impl<T> FromIterator<T> for Sample<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut sample = Self::default();
        all.into_iter().for_each(|one| sample.add(one));
        sample
    }
}

/// `a, b and 3 more`: the texts of the first of `count` things.
pub fn in_words(first: Vec<String>, count: u64) -> String {
    match count.saturating_sub(first.len() as u64) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// `a, b, and 3 more`: where the texts may have an `and` of their own.
pub fn in_words_apart(mut first: Vec<String>, count: u64) -> String {
    let more = count.saturating_sub(first.len() as u64);
    first.extend((more > 0).then(|| format!("and {more} more")));
    first.join(", ")
}

/// The texts of the first `most` of a list, with commas, and how many more there are.
pub fn list_in_words<T: ToString>(all: &[T], most: usize) -> String {
    in_words(texts(all, most), all.len() as u64)
}

/// As [`list_in_words`], for texts that may have an `and` of their own.
pub fn list_in_words_apart<T: ToString>(all: &[T], most: usize) -> String {
    in_words_apart(texts(all, most), all.len() as u64)
}

fn texts<T: ToString>(all: &[T], most: usize) -> Vec<String> {
    all.iter().take(most).map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_is_counted() {
        let sample: Sample<usize> = (0..MAX_KEPT + 7).collect();
        assert_eq!((sample.count, sample.first.len()), (1007, MAX_KEPT));
        assert_eq!((sample.named().len(), sample.unnamed()), (MAX_NAMED, 987));
        assert_eq!(sample.listed(ToString::to_string), "0, 1, 2, 3, 4 and 1002 more");
    }

    #[test]
    fn a_short_list_is_told_whole() {
        assert_eq!(list_in_words(&[1, 2, 3], 3), "1, 2, 3");
        assert_eq!(list_in_words(&[1, 2, 3], 2), "1, 2 and 1 more");
        assert_eq!(list_in_words_apart(&[1, 2, 3], 2), "1, 2, and 1 more");
        assert_eq!(list_in_words::<u8>(&[], 2), "");
    }
}
