//! The terminal: questions are asked on stderr, and only when a person can answer them.

use std::io::{IsTerminal, stderr, stdin};

use dialoguer::{Confirm, Input, Password};
use thiserror::Error;
use zeroize::Zeroizing;

/// Why a question got no answer.
#[derive(Debug, Error)]
pub enum PromptError {
    /// There is no terminal to ask on.
    #[error("there is no terminal to ask on")]
    NoTerminal,
    /// The terminal failed, or was closed.
    #[error("cannot ask on the terminal: {0}")]
    Terminal(#[from] dialoguer::Error),
}

/// A check of what somebody typed: `Err` holds what to say before asking again.
pub type Check<'a> = &'a dyn Fn(&str) -> Result<(), String>;

/// Where people are asked and told things.
pub trait Terminal {
    /// Whether a person can answer: stdin and stderr are terminals, and asking was not forbidden.
    fn is_interactive(&self) -> bool;

    /// Forbids asking (`--no-input`).
    fn forbid_asking(&mut self);

    /// Tells something on stderr at once, while work goes on.
    fn tell(&mut self, text: &str);

    /// Asks for a line; an empty answer is one when `may_be_empty`.
    ///
    /// # Errors
    /// [`PromptError`].
    fn ask(&mut self, question: &str, may_be_empty: bool, check: Check<'_>) -> Result<String, PromptError>;

    /// Asks for a secret, which is not shown; twice when it is a new one.
    ///
    /// # Errors
    /// [`PromptError`].
    fn ask_secret(&mut self, question: &str, is_new: bool) -> Result<Zeroizing<String>, PromptError>;

    /// Asks yes or no; no is the answer when just Return is pressed.
    ///
    /// # Errors
    /// [`PromptError`].
    fn confirm(&mut self, question: &str) -> Result<bool, PromptError>;
}

/// The terminal that gsec was started from.
#[derive(Default)]
pub struct UserTerminal {
    asking_is_forbidden: bool,
}

impl UserTerminal {
    fn expect_person(&self) -> Result<(), PromptError> {
        if self.is_interactive() { Ok(()) } else { Err(PromptError::NoTerminal) }
    }
}

impl Terminal for UserTerminal {
    fn is_interactive(&self) -> bool {
        !self.asking_is_forbidden && stdin().is_terminal() && stderr().is_terminal()
    }

    fn forbid_asking(&mut self) {
        self.asking_is_forbidden = true;
    }

    fn tell(&mut self, text: &str) {
        // Nobody to tell is no reason to stop work.
        let _ = std::io::Write::write_all(&mut stderr(), format!("{text}\n").as_bytes());
    }

    fn ask(&mut self, question: &str, may_be_empty: bool, check: Check<'_>) -> Result<String, PromptError> {
        self.expect_person()?;
        let input = Input::<String>::new().with_prompt(question).allow_empty(may_be_empty);
        Ok(input.validate_with(|answer: &String| if answer.is_empty() && may_be_empty { Ok(()) } else { check(answer) }).interact_text()?)
    }

    fn ask_secret(&mut self, question: &str, is_new: bool) -> Result<Zeroizing<String>, PromptError> {
        self.expect_person()?;
        let prompt = Password::new().with_prompt(question).allow_empty_password(!is_new);
        let prompt = if is_new { prompt.with_confirmation("Once more", "They differ") } else { prompt };
        Ok(Zeroizing::new(prompt.interact()?))
    }

    fn confirm(&mut self, question: &str) -> Result<bool, PromptError> {
        self.expect_person()?;
        Ok(Confirm::new().with_prompt(question).default(false).interact()?)
    }
}
