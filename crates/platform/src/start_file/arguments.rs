//! The arguments of a server that say where and how it connects.

use super::token::{Command, Shown, Token};
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
        match (&self.value, self.is_doubtful) {
            (Some(value), false) => quoted_value(self.name, value),
            _ => MASK.to_owned(),
        }
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
        let mut read = Self::default();
        let mut tokens = command.0.iter().enumerate().peekable();
        while let Some((number, token)) = tokens.next() {
            let next = command.0.get(number + 1);
            if let Some((slip, name, place)) = slip(token, next, text) {
                read.slips.push((slip, name, place));
                continue;
            }
            let Some(name) = NAMES
                .into_iter()
                .find(|name| *name == token.text && !token.is_unknown)
            else {
                let is_program = read.program.is_none()
                    && !token.text.contains('=')
                    && !is_word_before_program(&token.text);
                if is_program {
                    read.program = Some(token.text.clone());
                }
                continue;
            };
            let value = next.filter(|next| !looks_like_an_argument(&next.text));
            if value.is_some() {
                tokens.next();
            }
            read.all.push(Argument {
                name,
                value: value
                    .filter(|value| !value.is_unknown)
                    .map(|value| value.text.clone()),
                place: value.unwrap_or(token).place(text),
                is_missing: value.is_none_or(|value| value.text.is_empty()),
                is_doubtful: number > 0 && announces_secret(&command.0[number - 1].text),
            });
        }
        read
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
fn slip(token: &Token, next: Option<&Token>, text: &Shown<'_>) -> Option<(Slip, &'static str, Place)> {
    let plain = |word: &str| -> String {
        word.chars()
            .map(|character| if is_other_dash(character) { '-' } else { character })
            .collect()
    };
    let known = |word: &str| NAMES.into_iter().find(|name| *name == word);
    let word = plain(&token.text);
    if word == "-" {
        let name = next.and_then(|next| known(&format!("-{}", plain(&next.text))))?;
        return Some((Slip::Blank, name, token.place(text)));
    }
    let has_other = token.text.chars().any(is_other_dash);
    let name = known(&word).filter(|_| has_other)?;
    Some((Slip::Dash, name, token.place(text)))
}
