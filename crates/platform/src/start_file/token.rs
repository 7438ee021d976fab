//! Words of a command line, each with its place.

use std::ops::Range;

use crate::finding::Place;
use crate::text::Text;

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it says, without quotes.
    pub(super) text: String,
    /// Whether a variable or the output of a command is a part of it, so that what it says is not known.
    pub(super) is_unknown: bool,
    /// The position of its line.
    pub(super) line: usize,
    /// Where it begins and ends in that line, in characters. A word that goes on in another line ends with the first one.
    pub(super) range: Range<usize>,
}

impl Token {
    pub(super) fn place(&self, text: &Text) -> Place {
        let line = &text.lines[self.line];
        Place::new(line.number, &line.text, self.range.clone())
    }
}

/// The words of one command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Command(pub(super) Vec<Token>);

/// A word that is being read.
#[derive(Debug, Default)]
pub(super) struct Open {
    text: String,
    is_unknown: bool,
    start: Option<(usize, usize)>,
    end: usize,
}

impl Open {
    /// A character of the word, at this place of the file.
    pub(super) fn push(&mut self, character: char, line: usize, at: usize) {
        self.touch(line, at, at + 1);
        self.text.push(character);
    }

    /// Something that belongs to the word and is no character of it, such as a quotation mark.
    pub(super) fn touch(&mut self, line: usize, at: usize, end: usize) {
        let (first, _) = *self.start.get_or_insert((line, at));
        if first == line {
            self.end = end;
        }
    }

    /// A part of the word that is not known.
    pub(super) fn unknown(&mut self, line: usize, range: Range<usize>, shown: &str) {
        self.touch(line, range.start, range.end);
        self.text.push_str(shown);
        self.is_unknown = true;
    }

    /// Ends the word, if there is one.
    pub(super) fn end(&mut self, into: &mut Command) {
        let open = std::mem::take(self);
        if let Some((line, start)) = open.start {
            into.0.push(Token {
                text: open.text,
                is_unknown: open.is_unknown,
                line,
                range: start..open.end,
            });
        }
    }
}
