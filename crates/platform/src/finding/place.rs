//! Where in a text something is.

use std::ops::Range;

use super::secret::{MASK, secret_from};

/// The most characters of a line that are kept on each side of what is marked.
const MAX_AROUND: usize = 120;
/// The most characters that are marked.
const MAX_MARKED: usize = 120;

/// A place in a text, with what a person needs to see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was named; `None` where there is only one text.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// How many characters it takes; 0 where something is missing.
    pub length: usize,
    /// The line around it.
    pub excerpt: Excerpt,
}

/// A part of a line. Secrets are masked; everything else is as it is in the file, and must be made visible before it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Excerpt {
    /// What is before the marked part.
    pub before: String,
    /// The marked part.
    pub marked: String,
    /// What follows.
    pub after: String,
    /// Whether the line begins earlier.
    pub is_cut_before: bool,
    /// Whether the line goes on.
    pub is_cut_after: bool,
}

impl Place {
    /// A range of characters of a line, which is number `line` from 1. A range beyond the end of the text is at its end.
    pub fn new(line: usize, text: &str, range: Range<usize>) -> Self {
        SourceLine::new(line, text, None).place(range)
    }

    /// A whole line.
    pub fn whole(line: usize, text: &str) -> Self {
        Self::new(line, text, 0..text.chars().count())
    }

    /// In this file.
    #[must_use]
    pub fn in_file(self, file: impl Into<String>) -> Self {
        Self {
            file: Some(file.into()),
            ..self
        }
    }
}

/// A line that places are taken from. Its secret is masked once, however many places it has.
#[derive(Debug, Clone)]
pub struct SourceLine {
    number: usize,
    /// With a mask in the place of a secret and all behind it.
    characters: Vec<char>,
    /// Where that begins.
    secret: Option<usize>,
}

impl SourceLine {
    /// A line, which is number `number` from 1. `secret`: from this character on it is known to be a secret, whatever it looks like.
    pub fn new(number: usize, text: &str, secret: Option<usize>) -> Self {
        let mut characters: Vec<char> = text.chars().collect();
        let secret = [secret, secret_from(&characters)].into_iter().flatten().min();
        if let Some(secret) = secret {
            characters.truncate(secret);
            characters.extend(MASK.chars());
        }
        Self {
            number,
            characters,
            secret,
        }
    }

    /// Whether a character of it belongs to a secret.
    pub fn hides(&self, at: usize) -> bool {
        self.secret.is_some_and(|secret| at >= secret)
    }

    /// A range of its characters; one beyond its end is at its end. What is marked inside of a secret is marked as a whole.
    pub fn place(&self, range: Range<usize>) -> Place {
        Place {
            file: None,
            line: self.number,
            column: range.start + 1,
            length: range.len(),
            excerpt: self.excerpt(range),
        }
    }

    fn excerpt(&self, range: Range<usize>) -> Excerpt {
        let length = self.characters.len();
        let range = match self.secret {
            Some(secret) if range.end > secret => range.start.min(secret)..length,
            _ => range,
        };
        let start = range.start.min(length);
        let end = range.end.clamp(start, length);
        let marked_end = end.min(start + MAX_MARKED);
        let from = start.saturating_sub(MAX_AROUND);
        let to = (marked_end + MAX_AROUND).min(length);
        let text = |range: Range<usize>| self.characters[range].iter().collect();
        Excerpt {
            before: text(from..start),
            marked: text(start..marked_end),
            after: text(marked_end..to),
            is_cut_before: from > 0,
            is_cut_after: to < length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let place = Place::new(3, "ä\ttls =1", 5..6);
        assert_eq!((place.line, place.column, place.length), (3, 6, 1));
        assert_eq!(
            (
                place.excerpt.before.as_str(),
                place.excerpt.marked.as_str(),
                place.excerpt.after.as_str()
            ),
            ("ä\ttls", " ", "=1")
        );
    }

    #[test]
    fn secret_is_masked_wherever_the_mark_is() {
        let line = "password = s3cret and more";
        for range in [0..8, 3..20, 11..12, 14..16, 25..26, 11..26, 40..50] {
            let Excerpt {
                before,
                marked,
                after,
                ..
            } = Place::new(1, line, range.clone()).excerpt;
            let shown = format!("{before}{marked}{after}");
            assert_eq!(shown, "password = ****", "{range:?}");
        }
    }

    #[test]
    fn long_line_is_cut_around_the_mark() {
        let line = format!("{}X{}", "a".repeat(100_000), "b".repeat(100_000));
        let excerpt = Place::new(1, &line, 100_000..100_001).excerpt;
        assert!(excerpt.is_cut_before && excerpt.is_cut_after);
        assert_eq!(
            (excerpt.before.len(), excerpt.marked.as_str(), excerpt.after.len()),
            (120, "X", 120)
        );
        let whole = Place::whole(1, &line).excerpt;
        assert_eq!((whole.marked.len(), whole.is_cut_after), (120, true));
    }

    #[test]
    fn mark_beyond_the_end_is_at_the_end() {
        let excerpt = Place::new(1, "ab", 5..9).excerpt;
        assert_eq!((excerpt.before.as_str(), excerpt.marked.as_str()), ("ab", ""));
    }
}
