//! The platform's copy, hide and skip for logs that exist already: key-value lists in messages, as T-Library and the Platform SDK print them.
//!
//! [`LogFilter`] takes a log in pieces of any size and gives it back with the values hidden that the [`Rules`] name. It keeps one line at the most,
//! and of no line more than a bound. Whoever fills in a value decides what is in it: line ends, quotes, what looks like an attribute or a time.
//! Where the lines leave a doubt about what belongs to a value that is to be hidden, they are hidden too, and counted.

mod action;
mod encoding;
mod filter;
mod line;
mod list;
mod nesting;
mod psdk;
mod rules;
mod rules_file;
#[cfg(test)]
mod tests;
mod tlib;
mod written;

pub use action::Action;
pub use encoding::NotText;
pub use filter::LogFilter;
pub use rules::{RuleError, RuleSet, Rules};
pub use rules_file::{RulesForm, parse_rules};

/// How lists are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Both forms are recognized.
    #[default]
    Auto,
    /// `'KEY'` and `'value'`, below an attribute with the size of the list.
    Tlib,
    /// `'KEY' [str] = "value"`, behind or below `KVList:`.
    Psdk,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Tlib, Self::Psdk];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Tlib => "tlib",
            Self::Psdk => "psdk",
        }
    }
}

/// The form of one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Tlib,
    Psdk,
}

impl Syntax {
    /// The quote of texts.
    fn quote(self) -> u8 {
        match self {
            Self::Tlib => b'\'',
            Self::Psdk => b'"',
        }
    }
}

/// What happens to the size and the first bytes of a list, which its attribute shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Header {
    /// They stay, as the platform's own filter leaves them.
    #[default]
    Keep,
    /// They are replaced by asterisks.
    Mask,
}

impl Header {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Keep, Self::Mask];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Mask => "mask",
        }
    }
}

/// The attributes whose lists are filtered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Attributes {
    /// UserData, Extensions, Reason and Reasons of T-Library; every list of the Platform SDK, whose own filter makes no difference.
    #[default]
    Usual,
    /// These, by name.
    Named(Vec<String>),
}

/// The attributes that are filtered unless others are named.
pub const USUAL_ATTRIBUTES: [&str; 4] = ["UserData", "Extensions", "Reason", "Reasons"];

impl Attributes {
    fn has(&self, name: &[u8], syntax: Syntax) -> bool {
        let is = |known: &str| known.as_bytes().eq_ignore_ascii_case(name);
        match self {
            Self::Usual => syntax == Syntax::Psdk || USUAL_ATTRIBUTES.into_iter().any(is),
            Self::Named(names) => names.iter().any(|known| is(known)),
        }
    }
}

/// How a log is filtered.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which action each key has.
    pub rules: Rules,
    /// How lists are printed.
    pub format: Format,
    /// Which lists are filtered.
    pub attributes: Attributes,
    /// What happens to the heads of lists.
    pub header: Header,
    /// Whether a hidden value that is still open ends at a time-stamped line only, and so does a list after a hidden value.
    pub is_strict: bool,
    /// The most bytes of a line that are looked at.
    pub max_line: usize,
}

/// The most bytes of a line that are looked at, unless said otherwise.
pub const MAX_LINE: usize = 1024 * 1024;

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            format: Format::default(),
            attributes: Attributes::default(),
            header: Header::default(),
            is_strict: false,
            max_line: MAX_LINE,
        }
    }
}

/// What a filter did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Values that were hidden, wholly or in part, as their rules say.
    pub hidden: u64,
    /// Pairs that were left out, as their rules say.
    pub skipped: u64,
    /// Values that got texts around them.
    pub tagged: u64,
    /// Lines that were hidden because they may belong to a value that is to be hidden, or contain one.
    pub over_hidden: u64,
    /// Lists that were found.
    pub lists: u64,
    /// Values that were not closed when a time-stamped line or another attribute ended them: the log was cut, or somebody imitates one.
    pub cut: u64,
    /// Heads of lists that show the size of a list in which something was hidden.
    pub shown_heads: u64,
}
