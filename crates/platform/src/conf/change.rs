//! One value changed: every other byte stays.

use std::ops::Range;

use super::file::{Conf, Section};
use crate::finding::is_blank;
use crate::text::{Line, Text};

/// Bytes of a file that others take the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes that are replaced; an empty range only inserts.
    pub range: Range<usize>,
    /// What takes their place.
    pub bytes: Vec<u8>,
}

/// Why a value cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The section or the key is there several times.
    #[error("{what} `{name}` is there {count} times, and which one counts is not documented")]
    Ambiguous {
        /// `section` or `key`.
        what: &'static str,
        /// Its name.
        name: String,
        /// How often.
        count: usize,
    },
    /// What is to be removed is not there.
    #[error("there is no {what} `{name}`")]
    NotFound {
        /// `section` or `key`.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A name or value that would not be read as it is written.
    #[error("the {what} {why}")]
    Unwritable {
        /// `section`, `key` or `value`.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A file whose last character is not whole: what is added behind it would be read as something else.
    #[error("the file is {encoding} and ends in the middle of a character")]
    HalfCharacter {
        /// The encoding.
        encoding: &'static str,
    },
    /// A character that the file's encoding lacks.
    #[error("the file is {encoding}, which has no `{character}`")]
    Encoding {
        /// The encoding.
        encoding: &'static str,
        /// The first character that it lacks.
        character: char,
    },
}

impl ChangeError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ambiguous { .. } => "conf.ambiguous",
            Self::NotFound { .. } => "conf.not_found",
            Self::Unwritable { .. } => "conf.unwritable",
            Self::HalfCharacter { .. } | Self::Encoding { .. } => "conf.encoding",
        }
    }
}

/// Gives a key a value: in its place where it is there, else behind the last key of its section, else in a new section at the end.
///
/// # Errors
/// [`ChangeError`]; nothing is guessed.
pub fn set(conf: &Conf, section: &str, key: &str, value: &str) -> Result<Vec<Replacement>, ChangeError> {
    expect_written("section", section, &['[', ']'])?;
    expect_written("key", key, &['=', '[', ';', '#'])?;
    if value.is_empty() {
        return Err(unwritable("value", "is empty; remove the key with `--unset`"));
    }
    expect_written("value", value, &[])?;
    let text = &conf.text;
    if text.ends_in_half_a_character() {
        return Err(ChangeError::HalfCharacter {
            encoding: text.encoding.name(),
        });
    }
    let encoded = |written: &str| encoded(text, written);
    let Some(found) = one_section(conf, section)? else {
        let line_end = text.line_end();
        let first = start_of_line(text) + if text.lines.is_empty() { "" } else { line_end };
        let written = format!("{first}[{section}]{line_end}{key} = {value}{line_end}");
        return Ok(vec![insert(text.length(), encoded(&written)?)]);
    };
    match one_key(found, key)? {
        Some(found) => {
            let line = conf.line(found.line);
            let rest = found.continuation.iter().map(|position| conf.line(*position));
            let replaced = Replacement {
                range: text.bytes_of(line, found.value_range.clone()),
                bytes: encoded(value)?,
            };
            // The rest of the old value would become part of nothing.
            Ok(std::iter::once(replaced).chain(rest.map(without)).collect())
        }
        None => {
            let last = last_line(conf, found);
            let is_unterminated = last.bytes.end == last.next;
            let separator = separator(conf, found);
            let written = match is_unterminated {
                true => format!("{}{key}{separator}{value}", text.line_end()),
                false => format!("{key}{separator}{value}{}", text.line_end()),
            };
            Ok(vec![insert(last.next, encoded(&written)?)])
        }
    }
}

/// Removes a key with its line.
///
/// # Errors
/// [`ChangeError`], also where it is not there.
pub fn unset(conf: &Conf, section: &str, key: &str) -> Result<Vec<Replacement>, ChangeError> {
    let not_found = |what, name: &str| ChangeError::NotFound {
        what,
        name: name.to_owned(),
    };
    let found = one_section(conf, section)?.ok_or_else(|| not_found("section", section))?;
    let key = one_key(found, key)?.ok_or_else(|| not_found("key", key))?;
    let positions = std::iter::once(key.line).chain(key.continuation.iter().copied());
    Ok(positions.map(|position| without(conf.line(position))).collect())
}

/// The bytes of a file after a change; `None` where the change is not about this file.
pub fn applied(bytes: &[u8], change: &[Replacement]) -> Option<Vec<u8>> {
    let mut changed = Vec::with_capacity(bytes.len());
    let mut end = 0;
    for replacement in change {
        changed.extend_from_slice(bytes.get(end..replacement.range.start)?);
        changed.extend_from_slice(&replacement.bytes);
        end = replacement.range.end;
    }
    changed.extend_from_slice(bytes.get(end..)?);
    Some(changed)
}

fn insert(at: usize, bytes: Vec<u8>) -> Replacement {
    Replacement { range: at..at, bytes }
}

/// A line with its line end gone.
pub(super) fn without(line: &Line) -> Replacement {
    Replacement {
        range: line.bytes.start..line.next,
        bytes: Vec::new(),
    }
}

pub(super) fn encoded(text: &Text, written: &str) -> Result<Vec<u8>, ChangeError> {
    text.encode(written).ok_or_else(|| ChangeError::Encoding {
        encoding: text.encoding.name(),
        character: written
            .chars()
            .find(|character| text.encode(&character.to_string()).is_none())
            .unwrap_or_default(),
    })
}

/// The line end that the last line of the file lacks.
fn start_of_line(text: &Text) -> String {
    match text.is_unterminated() {
        true => text.line_end().to_owned(),
        false => String::new(),
    }
}

/// The last line of a section with a key, or its heading.
fn last_line<'a>(conf: &'a Conf, section: &Section) -> &'a Line {
    let of_key = section
        .keys
        .last()
        .map(|key| key.continuation.last().copied().unwrap_or(key.line));
    conf.line(of_key.unwrap_or(section.line))
}

/// `=` with blanks, as the section's last key has it.
fn separator(conf: &Conf, section: &Section) -> String {
    let Some(key) = section.keys.last() else {
        return " = ".into();
    };
    let line = &conf.line(key.line).text;
    let between = line
        .chars()
        .skip(key.name_range.end)
        .take(key.value_range.start - key.name_range.end);
    between.collect()
}

fn one_section<'a>(conf: &'a Conf, name: &'a str) -> Result<Option<&'a Section>, ChangeError> {
    let found: Vec<&Section> = conf.sections_named(name.trim_matches(is_blank)).collect();
    one("section", name, found)
}

fn one_key<'a>(section: &'a Section, name: &'a str) -> Result<Option<&'a super::Key>, ChangeError> {
    one("key", name, section.keys_named(name).collect())
}

fn one<'a, T>(what: &'static str, name: &str, found: Vec<&'a T>) -> Result<Option<&'a T>, ChangeError> {
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => Err(ChangeError::Ambiguous {
            what,
            name: name.to_owned(),
            count: several.len(),
        }),
    }
}

fn unwritable(what: &'static str, why: &'static str) -> ChangeError {
    ChangeError::Unwritable { what, why }
}

fn expect_written(what: &'static str, text: &str, forbidden: &[char]) -> Result<(), ChangeError> {
    match () {
        () if text.is_empty() => Err(unwritable(what, "is empty")),
        () if text.contains(['\n', '\r']) => Err(unwritable(
            what,
            "has a line end, where the platform would begin another line",
        )),
        () if text.contains('\0') => Err(unwritable(what, "has a NUL")),
        () if text.chars().any(char::is_control)
            && text
                .chars()
                .any(|character| character.is_control() && character != '\t') =>
        {
            Err(unwritable(what, "has a control character"))
        }
        () if text.starts_with(is_blank) || text.ends_with(is_blank) => Err(unwritable(
            what,
            "begins or ends with a blank, which would be lost",
        )),
        () if text.contains(forbidden) => Err(unwritable(
            what,
            "has a character that means something else in this place",
        )),
        () => Ok(()),
    }
}
