//! Something that is wrong at the moment of a look.

use serde::{Deserialize, Serialize};

use super::{Kind, Severity};

/// Something that is wrong, with one key for one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The same for the same cause in every look.
    pub key: String,
    /// What was looked at to find it: as long as that cannot be looked at, nobody knows whether it is over.
    pub scope: String,
    /// Its kind.
    pub kind: Kind,
    /// What it is, by the name that `gsec doctor --explain` knows where doctor has the check.
    pub slug: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in words that are the same for everyone.
    pub title: String,
    /// What was seen.
    pub detail: String,
    /// The subject of the certificate that it is about.
    pub subject: Option<String>,
    /// The hosts that it is about.
    pub names: Vec<String>,
    /// What helps, the best first.
    pub remedies: Vec<String>,
    /// Whether key, detail or remedies may tell what the log filter is about: names of hosts and subjects.
    pub tells_names: bool,
}

impl Condition {
    /// With a title and nothing else to say.
    pub fn new(scope: &str, kind: Kind, slug: &str, severity: Severity, title: impl Into<String>) -> Self {
        Self {
            key: format!("{}:{slug}", kind.name()),
            scope: scope.to_owned(),
            kind,
            slug: slug.to_owned(),
            severity,
            title: title.into(),
            detail: String::new(),
            subject: None,
            names: Vec::new(),
            remedies: Vec::new(),
            tells_names: false,
        }
    }

    /// About one of several things of its kind.
    #[must_use]
    pub fn about(mut self, what: &str) -> Self {
        self.key = format!("{}:{what}", self.key);
        self
    }

    /// With what was seen.
    #[must_use]
    pub fn seen(self, detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }

    /// With what helps.
    #[must_use]
    pub fn remedy(mut self, words: impl Into<String>) -> Self {
        self.remedies.push(words.into());
        self
    }
}
