//! The terminal: prompts go to stderr, and only if a user can answer them.

use std::io::{IsTerminal, stderr, stdin};

use dialoguer::{Confirm, Input};
use thiserror::Error;
use zeroize::Zeroizing;

/// Why a question got no answer.
#[derive(Debug, Error)]
pub enum PromptError {
    /// A prompt is needed, but there is no terminal.
    #[error("there is no terminal to ask on")]
    NoTerminal,
    /// Ctrl-C, or the end of input.
    #[error("interrupted")]
    Interrupted,
    /// The terminal failed, or was closed.
    #[error("cannot ask on the terminal: {0}")]
    Terminal(#[from] dialoguer::Error),
}

/// Validates an answer: `Err` holds the message to print before prompting again.
pub type Check<'a> = &'a dyn Fn(&str) -> Result<(), String>;

/// A stream that text goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// stdout.
    Output,
    /// stderr.
    Error,
}

/// Prompts and messages for the user.
pub trait Terminal {
    /// How many columns the terminal has that a stream goes to; `None` where it goes elsewhere.
    fn width(&self, stream: Stream) -> Option<usize>;

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

/// The terminal of the process.
#[derive(Default)]
pub struct UserTerminal {
    asking_is_forbidden: bool,
}

impl UserTerminal {
    fn expect_person(&self) -> Result<(), PromptError> {
        if self.is_interactive() {
            Ok(())
        } else {
            Err(PromptError::NoTerminal)
        }
    }
}

impl Terminal for UserTerminal {
    fn width(&self, stream: Stream) -> Option<usize> {
        let size = match stream {
            Stream::Output => rustix::termios::tcgetwinsize(std::io::stdout()),
            Stream::Error => rustix::termios::tcgetwinsize(stderr()),
        };
        size.ok()
            .map(|size| usize::from(size.ws_col))
            .filter(|columns| *columns > 0)
    }

    fn is_interactive(&self) -> bool {
        !self.asking_is_forbidden && stdin().is_terminal() && stderr().is_terminal()
    }

    fn forbid_asking(&mut self) {
        self.asking_is_forbidden = true;
    }

    fn tell(&mut self, text: &str) {
        // A lost message is not a reason to stop.
        let _ = std::io::Write::write_all(&mut stderr(), format!("{text}\n").as_bytes());
    }

    fn ask(&mut self, question: &str, may_be_empty: bool, check: Check<'_>) -> Result<String, PromptError> {
        self.expect_person()?;
        let input = Input::<String>::new()
            .with_prompt(question)
            .allow_empty(may_be_empty);
        Ok(input
            .validate_with(|answer: &String| {
                if answer.is_empty() && may_be_empty {
                    Ok(())
                } else {
                    check(answer)
                }
            })
            .interact_text()?)
    }

    fn ask_secret(&mut self, question: &str, is_new: bool) -> Result<Zeroizing<String>, PromptError> {
        self.expect_person()?;
        loop {
            let answer = read_hidden(question)?;
            if !is_new || (!answer.is_empty() && read_hidden("Repeat the passphrase")? == answer) {
                return Ok(answer);
            }
            self.tell(if answer.is_empty() {
                "The passphrase must not be empty"
            } else {
                "The passphrases do not match"
            });
        }
    }

    fn confirm(&mut self, question: &str) -> Result<bool, PromptError> {
        self.expect_person()?;
        Ok(Confirm::new().with_prompt(question).default(false).interact()?)
    }
}

/// Reads a line that is not shown. Ctrl-C ends the line instead of the process, or the terminal would be left without echo:
/// that is what dialoguer's own prompt does.
#[cfg(unix)]
fn read_hidden(question: &str) -> Result<Zeroizing<String>, PromptError> {
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};
    const CTRL_C: u8 = 3;
    const MAX_LINE_BYTES: usize = 4096;
    let failed = |error: rustix::io::Errno| PromptError::Terminal(dialoguer::Error::IO(error.into()));
    let _ = std::io::Write::write_all(&mut stderr(), format!("{question}: ").as_bytes());
    let before = tcgetattr(stdin()).map_err(failed)?;
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
    hidden.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
    tcsetattr(stdin(), OptionalActions::Flush, &hidden).map_err(failed)?;
    let mut line = Zeroizing::new(vec![0; MAX_LINE_BYTES]);
    let read = rustix::io::read(stdin(), line.as_mut_slice());
    tcsetattr(stdin(), OptionalActions::Now, &before).map_err(failed)?;
    let _ = std::io::Write::write_all(&mut stderr(), b"\n");
    match line.get(..read.map_err(failed)?) {
        None | Some([] | [.., CTRL_C]) => Err(PromptError::Interrupted),
        Some(typed) => Ok(Zeroizing::new(
            String::from_utf8_lossy(typed)
                .trim_end_matches(['\r', '\n'])
                .to_owned(),
        )),
    }
}

#[cfg(not(unix))]
fn read_hidden(question: &str) -> Result<Zeroizing<String>, PromptError> {
    Ok(Zeroizing::new(
        dialoguer::Password::new()
            .with_prompt(question)
            .allow_empty_password(true)
            .interact()?,
    ))
}
