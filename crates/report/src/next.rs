//! What to do next: commands to type, and words, apart from each other.

use serde::Serialize;

use super::{Page, Tone};
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
        let heading = |page: &mut Page, words| {
            page.gap();
            page.words(0, &[(Tone::Strong, words)]);
        };
        if !self.commands.is_empty() {
            heading(page, "Next:");
            self.commands
                .iter()
                .for_each(|command| page.command("  ", command));
        }
        if !self.advice.is_empty() {
            heading(page, "Advice:");
            self.advice
                .iter()
                .for_each(|words| page.line(&format!("  {words}")));
        }
    }
}
