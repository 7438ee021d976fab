//! What helps with a finding.

use gsec_pki::encoding::shell::{CommandLine, Prose};

/// Help for a finding: commands and prose are kept apart, so that a script that runs the commands does not run prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Help {
    /// A command that fixes it when it is typed here and now.
    Fix(CommandLine),
    /// A command that only looks, and changes nothing.
    Look(CommandLine),
    /// Words, where no command can do it.
    Advice(Prose),
}

impl Help {
    /// Words.
    pub fn advice(words: impl Into<Prose>) -> Self {
        Self::Advice(words.into())
    }
}
