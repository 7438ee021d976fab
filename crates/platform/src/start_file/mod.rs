//! START FILES. What starts a server of the platform: `run.sh`, `startServer.bat`, or the `ImagePath` of a Windows service in an export of the
//! registry. They are read as tokens, and never run.

mod arguments;
mod cmd;
mod lint;
mod registry;
mod shell;
mod token;
mod words;

#[cfg(test)]
mod tests;

pub use arguments::{Argument, Arguments, NAMES};
pub use lint::{Around, StartFile, lint};

pub use words::Words;

use crate::text::Text;
use token::Command;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartKind {
    /// A script for a UNIX shell.
    Shell,
    /// A script for cmd.exe.
    Cmd,
    /// An export of the registry.
    Registry,
}

impl StartKind {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shell => "start_script",
            Self::Cmd => "start_batch",
            Self::Registry => "registry_export",
        }
    }

    /// By the content of a file, and by its name where the content does not say it; `None` for anything else.
    pub fn of(name: &str, text: &Text) -> Option<Self> {
        let first = text
            .lines
            .iter()
            .map(|line| line.text.trim())
            .find(|line| !line.is_empty())
            .unwrap_or_default();
        let lower = first.to_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.to_lowercase().ends_with(ending));
        match () {
            () if lower.starts_with("windows registry editor") || lower == "regedit4" => Some(Self::Registry),
            () if lower.starts_with("#!") => Some(Self::Shell),
            () if lower.starts_with("@echo") || lower.starts_with("@rem") => Some(Self::Cmd),
            () if ends(&[".bat", ".cmd"]) => Some(Self::Cmd),
            () if ends(&[".reg"]) => Some(Self::Registry),
            () if ends(&[".sh"]) => Some(Self::Shell),
            () => None,
        }
    }

    fn commands(self, text: &Text) -> Vec<Command> {
        match self {
            Self::Shell => shell::commands(text),
            Self::Cmd => cmd::commands(text),
            Self::Registry => registry::commands(text),
        }
    }
}
