//! What a check found.

use std::path::PathBuf;

use super::ca_directory::CaFix;
use super::{Entry, Help};
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::x509::path::Severity;

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub entry: &'static Entry,
    /// How much it weighs here.
    pub severity: Severity,
    /// The file, certificate or port that it is about, as a person would name it.
    pub subject: String,
    /// What was seen, both sides of the comparison, in one line.
    pub seen: String,
    /// What helps, the best first.
    pub help: Vec<Help>,
    /// What `--fix` does, where it can be done safely.
    pub auto_fix: Option<AutoFix>,
}

impl Finding {
    /// A finding that weighs what its entry says.
    pub fn new(entry: &'static Entry, subject: impl Into<String>, seen: impl Into<String>) -> Self {
        Self {
            entry,
            severity: entry.severity,
            subject: subject.into(),
            seen: seen.into(),
            help: Vec::new(),
            auto_fix: None,
        }
    }

    /// Adds a command that fixes it when it is typed here and now.
    #[must_use]
    pub fn fix(self, command: CommandLine) -> Self {
        self.help(Help::Fix(command))
    }

    /// Adds a command that only looks.
    #[must_use]
    pub fn look(self, command: CommandLine) -> Self {
        self.help(Help::Look(command))
    }

    /// Adds words, where no command can do it.
    #[must_use]
    pub fn advise(self, words: impl Into<Prose>) -> Self {
        self.help(Help::Advice(words.into()))
    }

    /// Adds what helps.
    #[must_use]
    pub fn help(mut self, help: Help) -> Self {
        self.help.push(help);
        self
    }

    /// Adds all that helps.
    #[must_use]
    pub fn helps(self, all: impl IntoIterator<Item = Help>) -> Self {
        all.into_iter().fold(self, Self::help)
    }

    /// Weighs otherwise than its entry.
    #[must_use]
    pub fn weighing(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// Adds what `--fix` does.
    #[must_use]
    pub fn fixed_by(self, auto_fix: AutoFix) -> Self {
        Self {
            auto_fix: Some(auto_fix),
            ..self
        }
    }
}

/// A safe change that fixes a finding: it removes nothing that is not stored elsewhere. Sorts in the order in which changes
/// are applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AutoFix {
    /// Gives a file or folder another mode.
    SetMode {
        /// The file or folder.
        path: PathBuf,
        /// The permission bits.
        mode: u32,
    },
    /// Fixes something in a CA directory.
    CaDirectory {
        /// The CA directory.
        root: PathBuf,
        /// What is done.
        auto_fix: CaFix,
    },
}

impl std::fmt::Display for AutoFix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SetMode { path, mode } => write!(f, "set mode of `{}` to {mode:03o}", path.display()),
            Self::CaDirectory { root, auto_fix } => write!(f, "`{}`: {auto_fix}", root.display()),
        }
    }
}
