//! What to do next: commands to type, and words, apart from each other.

use serde::Serialize;

use super::Page;
use gsec_pki::encoding::shell::{CommandLine, Prose};

/// What to do next.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NextSteps {
    /// Commands that work when they are typed in the same directory, in this order.
    #[serde(rename = "next")]
    commands: Vec<String>,
    /// Words, where no command of this machine can do it.
    advice: Vec<String>,
}

impl NextSteps {
    /// With a command.
    #[must_use]
    pub fn command(mut self, command: &CommandLine) -> Self {
        self.commands.push(command.to_string());
        self
    }

    /// With words.
    #[must_use]
    pub fn advise(mut self, words: impl Into<Prose>) -> Self {
        self.advice.push(words.into().to_string());
        self
    }

    /// Shows what there is to do.
    pub(super) fn text(&self, page: &mut Page) {
        for (heading, lines) in [("Next:", &self.commands), ("Advice:", &self.advice)] {
            if !lines.is_empty() {
                page.gap();
                page.line(heading);
                for line in lines {
                    if heading == "Next:" {
                        page.command(&format!("  {line}"));
                    } else {
                        page.line(&format!("  {line}"));
                    }
                }
            }
        }
    }
}
