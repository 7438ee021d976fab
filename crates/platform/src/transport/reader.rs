//! How the platform reads the value (`ConfigurationUtil.findTransportParameter` of its Java library; the C++ one documents the same rule).

use std::collections::HashSet;

use super::options::{known, known_in_any_case};
use crate::finding::is_blank;

/// What becomes of a part of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The platform reads this one.
    Used,
    /// An earlier part has the same name.
    Shadowed,
    /// No option is found in it: the name is not as the platform looks for it.
    Vanished,
    /// It is found by whoever looks for this name, which is none of the documented ones.
    Unknown,
}

impl Effect {
    /// Its name in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Shadowed => "shadowed",
            Self::Vanished => "vanished",
            Self::Unknown => "unknown",
        }
    }
}

/// What is between two `;`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its number, from 1.
    pub index: usize,
    /// The character of the value that it begins with, from 0.
    pub start: usize,
    /// All of it.
    pub raw: &'a str,
    /// What is before the first `=`, as it is; all of it where there is none.
    pub name: &'a str,
    /// What is behind the first `=`, as it is.
    pub value: Option<&'a str>,
    /// What becomes of it.
    pub effect: Effect,
}

impl Part<'_> {
    /// The character of the value that its own value begins with, from 0.
    pub(super) fn value_start(&self) -> usize {
        self.start + self.name.chars().count() + 1
    }

    /// Its name without what cannot be seen around it, and in it where that makes it a known one.
    pub(super) fn plain_name(&self) -> String {
        let trimmed = self.name.trim_matches(is_blank);
        let bare: String = trimmed
            .chars()
            .filter(|character| !is_blank(*character))
            .collect();
        if known_in_any_case(&bare).is_some() {
            bare
        } else {
            trimmed.to_owned()
        }
    }

    /// Its value without blanks around it.
    pub(super) fn plain_value(&self) -> Option<&str> {
        self.value.map(|value| value.trim_matches(is_blank))
    }
}

/// The parts of a value. Empty ones at its end are dropped, as the platform does.
pub fn parts(value: &str) -> Vec<Part<'_>> {
    let mut start = 0;
    let mut found: Vec<Part<'_>> = Vec::new();
    let mut names = HashSet::new();
    for (place, raw) in value.split(';').enumerate() {
        let (name, value) = match raw.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (raw, None),
        };
        let is_shadowed = value.is_some() && !names.insert(name);
        let effect = match () {
            () if value.is_none() => Effect::Vanished,
            () if is_shadowed => Effect::Shadowed,
            () if known(name).is_some() => Effect::Used,
            () => Effect::Unknown,
        };
        found.push(Part {
            index: place + 1,
            start,
            raw,
            name,
            value,
            effect,
        });
        start += raw.chars().count() + 1;
    }
    for part in &mut found {
        if part.effect != Effect::Used
            && known(part.name).is_none()
            && known_in_any_case(&part.plain_name()).is_some()
        {
            part.effect = Effect::Vanished;
        }
    }
    while found.last().is_some_and(|last| last.raw.is_empty()) {
        found.pop();
    }
    found
}

/// The value that the platform finds for an option: what is behind `NAME=` in the first part that begins with exactly that.
pub fn find<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    value
        .split(';')
        .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

/// Where in the value that is, in bytes.
pub(super) fn find_at(value: &str, name: &str) -> Option<usize> {
    let mut start = 0;
    for part in value.split(';') {
        if part.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')) {
            return Some(start + name.len() + 1);
        }
        start += part.len() + 1;
    }
    None
}

/// What the platform takes a value for: `1`, `on`, `yes`, `true` in any case are yes, `0`, `off`, `no`, `false` are no, and everything else is
/// as if nothing were set.
pub fn boolean(value: &str) -> Option<bool> {
    let is_any_of = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(value));
    match () {
        () if is_any_of(["1", "on", "yes", "true"]) => Some(true),
        () if is_any_of(["0", "off", "no", "false"]) => Some(false),
        () => None,
    }
}

/// Whether the platform reads a value as TLS switched on.
pub fn is_secured(value: &str) -> bool {
    find(value, "tls").and_then(boolean) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::super::options::KNOWN;
    use super::*;

    fn effects(value: &str) -> Vec<(&str, &'static str)> {
        parts(value)
            .iter()
            .map(|part| (part.raw, part.effect.name()))
            .collect()
    }

    #[test]
    fn name_is_found_only_at_the_beginning_of_a_part() {
        assert_eq!(
            effects("tls=1; certificate=x;Port=1;tls=0;my-own=2;my-own=3;tls;;"),
            [
                ("tls=1", "used"),
                (" certificate=x", "vanished"),
                ("Port=1", "vanished"),
                ("tls=0", "shadowed"),
                ("my-own=2", "unknown"),
                ("my-own=3", "shadowed"),
                ("tls", "vanished"),
            ]
        );
        assert_eq!(find("tls=1; certificate=x", "certificate"), None);
        assert_eq!(find("tls=1;certificate=a=b ", "certificate"), Some("a=b "));
        assert_eq!(find("tls-mutual=1", "tls"), None);
    }

    #[test]
    fn only_empty_parts_at_the_end_are_dropped() {
        assert_eq!(effects(";tls=1; ;;").len(), 3);
        assert!(effects("").is_empty() && effects(";;;").is_empty());
        assert_eq!(parts(";tls=1;ä=1;x")[3].start, 11);
    }

    #[test]
    fn blank_makes_a_boolean_neither_yes_nor_no() {
        for yes in ["1", "on", "YES", "True"] {
            assert_eq!(boolean(yes), Some(true));
        }
        for no in ["0", "Off", "NO", "false"] {
            assert_eq!(boolean(no), Some(false));
        }
        for neither in ["", " 1", "1 ", "2", "enabled", "ja"] {
            assert_eq!(boolean(neither), None);
        }
    }

    /// What the platform's library does, step by step.
    fn model(value: &str, name: &str) -> Option<String> {
        let mut pieces: Vec<String> = vec![String::new()];
        for character in value.chars() {
            if character == ';' {
                pieces.push(String::new());
            } else {
                pieces.last_mut().expect("one").push(character);
            }
        }
        while pieces.last().is_some_and(String::is_empty) {
            pieces.pop();
        }
        let wanted = format!("{name}=");
        for piece in pieces {
            if piece.len() >= wanted.len() && piece.as_bytes()[..wanted.len()] == *wanted.as_bytes() {
                return Some(piece[wanted.len()..].to_owned());
            }
        }
        None
    }

    #[test]
    fn reads_what_the_platform_reads_of_any_text() {
        for value in super::super::lint::random_values(3_000) {
            for known in &KNOWN {
                let used: Vec<String> = parts(&value)
                    .iter()
                    .filter(|part| part.name == known.name && part.effect == Effect::Used)
                    .map(|part| part.value.expect("a used part has a value").to_owned())
                    .collect();
                let expected = model(&value, known.name);
                assert_eq!(find(&value, known.name).map(str::to_owned), expected, "{value:?}");
                assert_eq!(used.first().cloned(), expected, "{value:?} {}", known.name);
                assert!(used.len() <= 1);
            }
        }
    }
}
