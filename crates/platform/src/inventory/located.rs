//! Where in the inventory a value stands.

use std::ops::{Deref, Range};

use crate::finding::{Place, SourceLine};

/// A value, and where it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

impl<T> Located<T> {
    /// A value that was read there.
    pub fn new(value: T, span: Range<usize>) -> Self {
        Self { value, span }
    }

    /// Another value read at the same place.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Located<U> {
        Located::new(make(self.value), self.span)
    }
}

impl<T> Deref for Located<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The text of an inventory, for places in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    file: String,
    text: String,
    /// Where each line begins.
    starts: Vec<usize>,
    /// How many characters are before each block of [`BLOCK`] bytes: a whole inventory may be one line.
    blocks: Vec<usize>,
    /// Where secrets begin that their lines do not give away.
    secrets: Vec<usize>,
}

/// Characters are counted from the beginning of such a block, in bytes.
const BLOCK: usize = 4 * 1024;
/// How much of a line is looked at on each side of a place, in bytes: more than is shown.
const WINDOW: usize = 2 * 1024;

impl Source {
    /// The text of the file that is named so.
    pub fn new(file: &str, text: &str) -> Self {
        let after_ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
            starts: std::iter::once(0).chain(after_ends).collect(),
            blocks: blocks(text),
            secrets: Vec::new(),
        }
    }

    /// Where secrets begin that their lines do not give away, in their order: each is hidden up to the end of its line.
    #[must_use]
    pub(super) fn hiding(self, secrets: Vec<usize>) -> Self {
        Self { secrets, ..self }
    }

    /// What the file is called.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of the line, from 1, in which a byte is.
    pub fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).max(1)
    }

    /// The place of a range of bytes: what of it is in its first line.
    pub fn place(&self, span: &Range<usize>) -> Place {
        let number = self.line(span.start);
        let (start, line) = self.line_at(number);
        let within = |byte: usize| byte.clamp(start, start + line.len()) - start;
        let (from, to) = (within(span.start), within(span.end.max(span.start)));
        let window =
            boundary(line, from.saturating_sub(WINDOW))..boundary(line, (to + WINDOW).min(line.len()));
        let before = self.characters_before(start + window.start);
        let column = |byte: usize| {
            let byte = byte.clamp(window.start, window.end);
            self.characters_before(start + byte) - before
        };
        let first = self
            .secrets
            .partition_point(|secret| *secret < start + window.start);
        let secret = self
            .secrets
            .get(first)
            .filter(|secret| **secret < start + window.end)
            .map(|secret| column(*secret - start));
        let shown = line.get(window.clone()).unwrap_or_default();
        let place = SourceLine::new(number, shown, secret).place(column(from)..column(to));
        Place {
            column: place.column + before - self.characters_before(start),
            ..place
        }
        .in_file(&self.file)
    }

    /// A line without its end, and where it begins.
    fn line_at(&self, number: usize) -> (usize, &str) {
        let start = self.starts.get(number - 1).copied().unwrap_or_default();
        let end = self.starts.get(number).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end).unwrap_or_default();
        (start, line.trim_end_matches(['\n', '\r']))
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, byte: usize) -> usize {
        let block = byte / BLOCK;
        let known = self.blocks.get(block).copied().unwrap_or_default();
        let rest = self.text.as_bytes().get(block * BLOCK..byte);
        known + rest.map_or(0, characters)
    }
}

fn blocks(text: &str) -> Vec<usize> {
    let mut count = 0;
    let mut blocks = vec![0];
    for block in text.as_bytes().chunks(BLOCK) {
        count += characters(block);
        blocks.push(count);
    }
    blocks
}

/// How many characters begin in some bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// The beginning of the character that a byte is in.
fn boundary(line: &str, byte: usize) -> usize {
    (0..=byte)
        .rev()
        .find(|at| line.is_char_boundary(*at))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_in_a_long_line_counts_every_character() {
        let line = format!(
            "x = [ \"{}\", \"here\", \"{}\" ]",
            "ä".repeat(50_000),
            "ö".repeat(50_000)
        );
        let source = Source::new("f", &format!("first = 1\n{line}\nlast = 2"));
        let at = source.text().find("\"here\"").expect("it is there");
        let place = source.place(&(at..at + 6));
        assert_eq!((place.line, place.column, place.length), (2, 50_011, 6));
        assert_eq!(place.excerpt.marked, "\"here\"");
        assert!(place.excerpt.is_cut_before && place.excerpt.is_cut_after);
    }
}
