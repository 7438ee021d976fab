//! What the lines of a file are.

use std::ops::Range;

use crate::finding::{Place, is_blank};
use crate::text::{Line, Text};

/// A file, read.
#[derive(Debug, Clone)]
pub struct Conf {
    /// Its characters.
    pub text: Text,
    /// Its sections, in order. Sections of the same name are not joined.
    pub sections: Vec<Section>,
    /// Keys before the first section, and lines that are nothing: their positions.
    pub(super) strays: Vec<usize>,
}

/// A section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name, without blanks around it.
    pub name: String,
    /// The position of its line.
    pub(super) line: usize,
    /// Where the name is in its line, in characters.
    pub(super) range: Range<usize>,
    /// Its keys, in order.
    pub keys: Vec<Key>,
}

/// A key with its value.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its name, without blanks around it.
    pub name: String,
    /// Its value without blanks around it.
    pub value: String,
    /// The position of its line.
    pub(super) line: usize,
    /// Where the name is in its line, in characters.
    pub(super) name_range: Range<usize>,
    /// Where the value is in its line, in characters, without blanks around it; where nothing is written, behind the blanks after `=`.
    pub(super) value_range: Range<usize>,
    /// Positions of the lines behind it that hold the rest of a thumbprint that was broken over several lines.
    pub(super) continuation: Vec<usize>,
}

impl Section {
    /// The keys of this name, whatever its capital letters.
    pub(super) fn keys_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Key> + 'a {
        self.keys
            .iter()
            .filter(move |key| key.name.eq_ignore_ascii_case(name))
    }

    /// The first key of this name.
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.name.eq_ignore_ascii_case(name))
    }

    /// The value of a key, where it has one.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.key(name)
            .map(|key| key.value.as_str())
            .filter(|value| !value.is_empty())
    }
}

/// Whether a text looks like one of these files: it has a section, and a line with `=`.
pub fn is_conf(text: &Text) -> bool {
    let is_section = |line: &Line| header(&line.text).is_some();
    text.lines.iter().any(is_section) && text.lines.iter().any(|line| line.text.contains('='))
}

impl Conf {
    /// Reads a file.
    pub fn read(text: Text) -> Self {
        let mut sections: Vec<Section> = Vec::new();
        let mut strays = Vec::new();
        for (position, line) in text.lines.iter().enumerate() {
            if let Some((name, range)) = header(&line.text) {
                sections.push(Section {
                    name,
                    line: position,
                    range,
                    keys: Vec::new(),
                });
                continue;
            }
            if is_comment(&line.text) {
                continue;
            }
            let last = sections.last_mut();
            match (key(&line.text, position), last) {
                (Some(key), Some(section)) => section.keys.push(key),
                (None, Some(section)) if is_rest_of_thumbprint(section, position, &line.text) => {
                    if let Some(key) = section.keys.last_mut() {
                        key.continuation.push(position);
                    }
                }
                _ => strays.push(position),
            }
        }
        Self {
            text,
            sections,
            strays,
        }
    }

    /// The sections of this name, whatever its capital letters.
    pub(super) fn sections_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Section> + 'a {
        self.sections
            .iter()
            .filter(move |section| section.name.eq_ignore_ascii_case(name))
    }

    /// The first section of this name.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections
            .iter()
            .find(|section| section.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn line(&self, position: usize) -> &Line {
        &self.text.lines[position]
    }

    /// A range of characters of a line.
    pub(super) fn place(&self, position: usize, range: Range<usize>) -> Place {
        let line = self.line(position);
        Place::new(line.number, &line.text, range)
    }

    /// Where a section's name is.
    pub(super) fn at_section(&self, section: &Section) -> Place {
        self.place(section.line, section.range.clone())
    }

    /// Where a key's name is.
    pub(super) fn at_name(&self, key: &Key) -> Place {
        self.place(key.line, key.name_range.clone())
    }

    /// Where a key's value is.
    pub(super) fn at_value(&self, key: &Key) -> Place {
        self.place(key.line, key.value_range.clone())
    }
}

fn is_comment(line: &str) -> bool {
    let content = line.trim_start_matches(is_blank);
    content.is_empty() || content.starts_with([';', '#'])
}

/// The name in `[…]`, and where it is.
fn header(line: &str) -> Option<(String, Range<usize>)> {
    let before = line.chars().take_while(|character| is_blank(*character)).count();
    let content = line.trim_matches(is_blank);
    let inside = content.strip_prefix('[')?.strip_suffix(']')?;
    let blanks = inside
        .chars()
        .take_while(|character| is_blank(*character))
        .count();
    let name = inside.trim_matches(is_blank);
    let start = before + 1 + blanks;
    Some((name.to_owned(), start..start + name.chars().count()))
}

fn key(line: &str, position: usize) -> Option<Key> {
    let (name, value) = line.split_once('=')?;
    let trimmed = |text: &str, start: usize| {
        let before = text.chars().take_while(|character| is_blank(*character)).count();
        let content = text.trim_matches(is_blank);
        (
            content.to_owned(),
            start + before..start + before + content.chars().count(),
        )
    };
    let (plain_name, name_range) = trimmed(name, 0);
    let (plain_value, value_range) = trimmed(value, name.chars().count() + 1);
    Some(Key {
        name: plain_name,
        value: plain_value,
        line: position,
        name_range,
        value_range,
        continuation: Vec::new(),
    })
}

/// Whether a line has nothing but pairs of hexadecimal digits, and stands right behind the value of `transport`.
fn is_rest_of_thumbprint(section: &Section, position: usize, line: &str) -> bool {
    let Some(key) = section.keys.last() else {
        return false;
    };
    let last = key.continuation.last().copied().unwrap_or(key.line);
    let mut pairs = line.split(is_blank).filter(|pair| !pair.is_empty()).peekable();
    let are_pairs = pairs.peek().is_some()
        && pairs.all(|pair| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()));
    are_pairs && last + 1 == position && key.name.eq_ignore_ascii_case("transport")
}
