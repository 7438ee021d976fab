//! The arguments of a server that say where and how it connects.

use super::token::{Command, Shown};
use crate::finding::{MASK, Place, announces_secret, quoted_value};

/// The arguments that are read, each with a value behind it.
pub const NAMES: [&str; 5] = ["-host", "-port", "-app", "-transport-port", "-transport-address"];

/// The variables in which UNIX systems look for shared libraries: AIX, HP-UX, all others, Solaris for 64 bits.
pub(super) const LIBRARY_PATHS: [&str; 4] =
    ["LIBPATH", "SHLIB_PATH", "LD_LIBRARY_PATH", "LD_LIBRARY_PATH_64"];

/// Characters that word processors put in the place of `-`.
pub(super) fn is_other_dash(character: char) -> bool {
    matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// An argument with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its name, of [`NAMES`].
    pub name: &'static str,
    /// Its value; `None` where it is missing or not known, because a variable is in it.
    pub value: Option<String>,
    /// Where the value is, or the name where the value is missing.
    pub place: Place,
    /// Whether there is no value.
    pub is_missing: bool,
    /// Whether it stands where a secret is expected, so that its value may be one.
    pub(super) is_doubtful: bool,
}

impl Argument {
    /// The value as a message quotes it.
    pub(super) fn shown(&self) -> String {
        shown(self.name, self.value.as_deref(), self.is_doubtful)
    }
}

fn shown(name: &str, value: Option<&str>, is_doubtful: bool) -> String {
    match (value, is_doubtful) {
        (Some(value), false) => quoted_value(name, value),
        _ => MASK.to_owned(),
    }
}

/// What one command says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The arguments in their order. Where one is there twice, the last one counts.
    pub all: Vec<Argument>,
    /// What looks like an argument and is none, with what was meant.
    pub(super) slips: Vec<(Slip, &'static str, Place)>,
    /// The name of the program, as it is written.
    pub(super) program: Option<String>,
}

/// Why an argument is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    /// There is a blank behind the `-`.
    Blank,
    /// Another character is in the place of the `-`.
    Dash,
}

impl Arguments {
    /// Of the words of a command.
    pub(super) fn of(command: &Command, text: &Shown<'_>) -> Self {
        let words: Vec<(&str, bool)> = command
            .0
            .iter()
            .map(|token| (token.text.as_str(), token.is_unknown))
            .collect();
        let place = |word: usize| command.0[word].place(text);
        let Given { all, slips, program } = given(&words);
        let argument = |argument: GivenArgument| Argument {
            name: argument.name,
            value: argument.value,
            place: place(argument.word),
            is_missing: argument.is_missing,
            is_doubtful: argument.is_doubtful,
        };
        Self {
            all: all.into_iter().map(argument).collect(),
            slips: slips
                .into_iter()
                .map(|slip| (slip.kind, slip.name, place(slip.word)))
                .collect(),
            program: program.map(|word| command.0[word].text.clone()),
        }
    }

    /// The argument of this name that counts.
    pub fn last(&self, name: &str) -> Option<&Argument> {
        self.all.iter().rev().find(|argument| argument.name == name)
    }

    /// Whether it is a server of the platform that is started.
    pub(super) fn is_of_platform(&self) -> bool {
        !self.all.is_empty() || !self.slips.is_empty()
    }
}

/// What words say, each by its number, from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) all: Vec<GivenArgument>,
    pub(super) slips: Vec<GivenSlip>,
    /// The program.
    pub(super) program: Option<usize>,
}

/// As [`Argument`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GivenArgument {
    pub(super) name: &'static str,
    pub(super) value: Option<String>,
    /// The word that is the value, or the name where the value is missing.
    pub(super) word: usize,
    pub(super) is_missing: bool,
    pub(super) is_doubtful: bool,
}

impl GivenArgument {
    /// The value as a message quotes it.
    pub(super) fn shown(&self) -> String {
        shown(self.name, self.value.as_deref(), self.is_doubtful)
    }
}

/// What looks like an argument and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GivenSlip {
    pub(super) kind: Slip,
    /// What was meant.
    pub(super) name: &'static str,
    pub(super) word: usize,
}

/// Reads words, each with whether a variable makes it unknown.
pub(super) fn given(words: &[(&str, bool)]) -> Given {
    let mut read = Given::default();
    let mut number = 0;
    while let Some((text, is_unknown)) = words.get(number).copied() {
        let next = words.get(number + 1).copied();
        let word = number;
        number += 1;
        if let Some((kind, name)) = slip(text, next.map(|(text, _)| text)) {
            read.slips.push(GivenSlip { kind, name, word });
            continue;
        }
        let Some(name) = NAMES.into_iter().find(|name| *name == text && !is_unknown) else {
            let is_program = read.program.is_none() && !text.contains('=') && !is_word_before_program(text);
            if is_program {
                read.program = Some(word);
            }
            continue;
        };
        let value = next.filter(|(next, _)| !looks_like_an_argument(next));
        if value.is_some() {
            number += 1;
        }
        read.all.push(GivenArgument {
            name,
            value: value
                .filter(|(_, is_unknown)| !is_unknown)
                .map(|(text, _)| text.to_owned()),
            word: word + usize::from(value.is_some()),
            is_missing: value.is_none_or(|(text, _)| text.is_empty()),
            is_doubtful: word > 0 && announces_secret(words[word - 1].0),
        });
    }
    read
}

/// `exec`, `nohup`, `start` and the like stand before the program.
fn is_word_before_program(word: &str) -> bool {
    [
        "exec", "nohup", "export", "set", "setenv", "start", "call", "@call", "@start", "@set", "env",
    ]
    .contains(&word.to_lowercase().as_str())
}

fn looks_like_an_argument(word: &str) -> bool {
    let name: String = word
        .chars()
        .map(|character| if is_other_dash(character) { '-' } else { character })
        .collect();
    name == "-" || NAMES.contains(&name.as_str())
}

/// An argument that the server does not recognize as one.
fn slip(word: &str, next: Option<&str>) -> Option<(Slip, &'static str)> {
    let plain = |word: &str| -> String {
        word.chars()
            .map(|character| if is_other_dash(character) { '-' } else { character })
            .collect()
    };
    let known = |word: &str| NAMES.into_iter().find(|name| *name == word);
    let plain_word = plain(word);
    if plain_word == "-" {
        let name = next.and_then(|next| known(&format!("-{}", plain(next))))?;
        return Some((Slip::Blank, name));
    }
    let has_other = word.chars().any(is_other_dash);
    let name = known(&plain_word).filter(|_| has_other)?;
    Some((Slip::Dash, name))
}
