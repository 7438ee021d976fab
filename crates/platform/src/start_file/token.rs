//! Words of a command line, each with its place.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use crate::finding::{Place, SourceLine, announces_secret, masked};
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
    /// The position of the line in which it ends.
    pub(super) last_line: usize,
}

impl Token {
    pub(super) fn place(&self, shown: &Shown<'_>) -> Place {
        shown.line(self.line).place(self.range.clone())
    }
}

/// A file with what may not be shown of it.
pub(super) struct Shown<'a> {
    text: &'a Text,
    /// Where in a line a secret begins, which goes on to its end.
    secrets: HashMap<usize, usize>,
    /// Lines that places were taken from.
    lines: RefCell<HashMap<usize, Rc<SourceLine>>>,
}

impl<'a> Shown<'a> {
    fn line(&self, position: usize) -> Rc<SourceLine> {
        let of_text = || {
            let line = &self.text.lines[position];
            let secret = self.secrets.get(&position).copied();
            Rc::new(SourceLine::new(line.number, &line.text, secret))
        };
        Rc::clone(self.lines.borrow_mut().entry(position).or_insert_with(of_text))
    }

    /// What follows the name of a secret is one, up to the end of the command: in its line, in those that it goes on in, and also where
    /// its characters are written as numbers.
    pub(super) fn of(text: &'a Text, commands: &[Command]) -> Self {
        let mut secrets = HashMap::new();
        for Command(words) in commands {
            let Some(first) = first_secret(words) else {
                continue;
            };
            let from = (words[first].line, words[first].range.start);
            let last = words[first..].iter().map(|word| word.last_line).max();
            hide(&mut secrets, from.0, from.1);
            for line in from.0 + 1..=last.unwrap_or(from.0) {
                hide(&mut secrets, line, 0);
            }
        }
        Self {
            text,
            secrets,
            lines: RefCell::default(),
        }
    }
}

fn hide(secrets: &mut HashMap<usize, usize>, line: usize, from: usize) {
    let start = secrets.entry(line).or_insert(from);
    *start = from.min(*start);
}

/// The first word that is a secret, or has one behind the `=` or `:` in it.
fn first_secret(words: &[Token]) -> Option<usize> {
    words.iter().enumerate().find_map(|(number, word)| {
        let is_announced = number > 0 && announces_secret(&words[number - 1].text);
        (is_announced || masked(&word.text) != word.text).then_some(number)
    })
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
    last_line: usize,
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
        self.last_line = line;
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
                last_line: open.last_line,
            });
        }
    }
}
