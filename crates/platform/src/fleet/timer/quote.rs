//! How paths are written for each scheduler, and names that need no quoting.

use std::fmt;

use gsec_pki::encoding::shell::quoted_text;

use crate::finding::quoted;

/// Why a timer cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// A control character, which none of the forms can have.
    #[error("{} has a control character", quoted(.0))]
    Control(String),
    /// systemd takes blanks at the ends of a value and a backslash at its end otherwise.
    #[error("{} begins or ends with a blank, or ends with a backslash, which a unit of systemd cannot have in `LoadCredentialEncrypted=`", quoted(.0))]
    Credential(String),
    /// The Task Scheduler replaces what is between `%`, and `$(…)`.
    #[error("{} has a `%` or `$(`, which the Task Scheduler would replace", quoted(.0))]
    Replaced(String),
    /// Only systemd has expressions.
    #[error("only systemd takes the calendar {}", quoted(.0))]
    Calendar(String),
}

/// What a timer is called: a name of a file, a unit, a task and a label alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimerName(String);

/// A program, by its full path: letters, digits and a few signs, for schedulers differ in what the name of a program may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program(String);

/// An account of the machine; on Windows also with its domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account(String);

/// A unit of systemd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitName(String);

fn consists_of(text: &str, signs: &str) -> bool {
    let is_fit = |character: char| character.is_ascii_alphanumeric() || signs.contains(character);
    !text.is_empty() && text.len() <= 200 && !text.starts_with(['-', '.']) && text.chars().all(is_fit)
}

impl TimerName {
    /// Letters, digits, `-` and `_`: cron takes no file with a dot in its name.
    pub fn parse(text: &str) -> Option<Self> {
        consists_of(text, "-_").then(|| Self(text.to_owned()))
    }
}

impl Program {
    /// `/usr/bin/gsec`, `C:\Program Files\gsec\gsec.exe`.
    pub fn parse(text: &str) -> Option<Self> {
        let is_unix = text.starts_with('/') && consists_of(text, "/._-+");
        let is_windows = is_windows_path(text) && consists_of(text, ":\\._-() ");
        (is_unix || is_windows).then(|| Self(text.to_owned()))
    }
}

impl Account {
    /// Letters, digits, `.`, `_`, `-`, and `\` after a domain of Windows.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = consists_of(text, "._-\\") && text.matches('\\').count() <= 1 && !text.ends_with('\\');
        fits.then(|| Self(text.to_owned()))
    }

    /// Whether it is of UNIX.
    pub fn is_unix(&self) -> bool {
        !self.0.contains('\\')
    }
}

impl UnitName {
    /// A name with one of the endings of units.
    pub fn parse(text: &str) -> Option<Self> {
        let has_ending = [".service", ".target", ".path", ".timer", ".socket"]
            .iter()
            .any(|ending| text.ends_with(ending));
        (has_ending && consists_of(text, ":_.@-\\")).then(|| Self(text.to_owned()))
    }
}

/// Whether a path is a full one of Windows: `C:\…`, `\\server\…`.
pub fn is_windows_path(text: &str) -> bool {
    let mut characters = text.chars();
    let has_drive = characters
        .next()
        .is_some_and(|letter| letter.is_ascii_alphabetic())
        && characters.next() == Some(':')
        && matches!(characters.next(), Some('\\' | '/'));
    has_drive || text.starts_with("\\\\")
}

macro_rules! shown {
    ($($name:ident),*) => { $(impl fmt::Display for $name {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str(&self.0)
        }
    })* };
}
shown!(
    TimerName,
    Program,
    Account,
    UnitName,
    UnitWord,
    UnitCredential,
    CronCommand,
    XmlText
);

fn expect_no_control(text: &str) -> Result<(), Unwritable> {
    match text
        .chars()
        .any(|character| character.is_control() || "\u{2028}\u{2029}".contains(character))
    {
        true => Err(Unwritable::Control(text.to_owned())),
        false => Ok(()),
    }
}

/// A word of a value of systemd: in quotation marks, with `%` and, in a command, `$` doubled (systemd.syntax(7), systemd.service(5)).
pub(super) struct UnitWord(String);

impl UnitWord {
    /// A path in a list of paths.
    pub(super) fn path(text: &str) -> Result<Self, Unwritable> {
        expect_no_control(text)?;
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%");
        Ok(Self(format!("\"{escaped}\"")))
    }

    /// An argument of a command.
    pub(super) fn argument(text: &str) -> Result<Self, Unwritable> {
        let Self(word) = Self::path(text)?;
        Ok(Self(word.replace('$', "$$")))
    }
}

/// The path of a credential: all of the rest of its line, without quotation marks.
pub(super) struct UnitCredential(String);

impl UnitCredential {
    pub(super) fn new(text: &str) -> Result<Self, Unwritable> {
        expect_no_control(text)?;
        if text.trim() != text || text.ends_with('\\') {
            return Err(Unwritable::Credential(text.to_owned()));
        }
        Ok(Self(text.replace('%', "%%")))
    }
}

/// A command in a crontab: quoted for its shell, and then `%`, which ends a command there, with a backslash, which cron takes away again.
pub(super) struct CronCommand(String);

impl CronCommand {
    /// Words that are gsec's own.
    pub(super) fn new(words: &'static str) -> Self {
        Self(words.to_owned())
    }

    /// Adds words that are gsec's own.
    pub(super) fn words(self, words: &str) -> Self {
        Self(format!("{} {words}", self.0))
    }

    /// Adds a value.
    pub(super) fn value(self, text: &str) -> Result<Self, Unwritable> {
        expect_no_control(text)?;
        Ok(Self(format!(
            "{} {}",
            self.0,
            quoted_text(text).replace('%', "\\%")
        )))
    }
}

/// A text in XML.
pub(super) struct XmlText(String);

impl XmlText {
    pub(super) fn new(text: &str) -> Result<Self, Unwritable> {
        expect_no_control(text)?;
        let is_of_xml = |character: char| !matches!(character, '\u{FFFE}' | '\u{FFFF}');
        if !text.chars().all(is_of_xml) {
            return Err(Unwritable::Control(text.to_owned()));
        }
        let escaped = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        Ok(Self(escaped))
    }
}
