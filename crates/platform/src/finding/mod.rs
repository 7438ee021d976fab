//! FINDINGS. What a linter found in a text: its stable name, how much it weighs, where it is, and what helps.
//!
//! A place has an excerpt of its line. Secrets are masked where the excerpt is made, so that no rule can show one.

mod characters;
mod list;
mod near;
mod place;
mod secret;

pub use characters::{in_words, is_blank, is_odd_blank};
pub use list::{Findings, LeftOut};
pub use near::{is_near, nearest};
pub use place::{Excerpt, Place, SourceLine};
pub use secret::{MASK, announces_secret, is_secret_name, masked, quoted, quoted_value, value_in_short};

use gsec_pki::x509::path::Severity;

/// The most findings about one text that are shown: a person reads the first ones, and fixes what repeats itself at once. The others are counted.
pub const MAX_FINDINGS: usize = 1000;

/// What can be found, and how much it weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub slug: &'static str,
    /// What it weighs, unless a finding says otherwise.
    pub severity: Severity,
}

impl Rule {
    /// The setting does not work.
    pub const fn error(slug: &'static str) -> Self {
        Self {
            slug,
            severity: Severity::Error,
        }
    }

    /// The setting may not work, or not as intended.
    pub const fn warning(slug: &'static str) -> Self {
        Self {
            slug,
            severity: Severity::Warning,
        }
    }

    /// Worth knowing.
    pub const fn notice(slug: &'static str) -> Self {
        Self {
            slug,
            severity: Severity::Notice,
        }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its stable name.
    pub slug: &'static str,
    /// How much it weighs here.
    pub severity: Severity,
    /// Where it is; the first place has the fault, the others are what it is compared with. None where something is missing.
    pub places: Vec<Place>,
    /// What was seen, in one line. Contains no secret.
    pub seen: String,
    /// What to do about it, in words.
    pub help: Option<String>,
}

impl Finding {
    /// A finding that weighs what its rule says.
    pub fn new(rule: Rule, seen: impl Into<String>) -> Self {
        Self {
            slug: rule.slug,
            severity: rule.severity,
            places: Vec::new(),
            seen: seen.into(),
            help: None,
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(self, words: impl Into<String>) -> Self {
        Self {
            help: Some(words.into()),
            ..self
        }
    }

    /// Weighs otherwise than its rule.
    #[must_use]
    pub fn weighing(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// Whether it makes a setting wrong.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
