//! The terminal: prompts go to stderr, and only if a user can answer them.

use std::fmt;
use std::io::{IsTerminal, stderr, stdin};

use dialoguer::theme::{SimpleTheme, Theme};
use rustix::process::{Signal, kill_current_process_group};
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, SpecialCodes, Termios, tcgetattr, tcsetattr,
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::interruption::BeforeTheEnd;

/// The longest answer, in bytes: a terminal keeps no longer line.
const MAX_LINE_BYTES: usize = 4096;

/// Why a question got no answer.
#[derive(Debug, Error)]
pub enum PromptError {
    /// A prompt is needed, but there is no terminal.
    #[error("there is no terminal to ask on")]
    NoTerminal,
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Ctrl-D, or a terminal that was closed.
    #[error("the input ended before the question was answered")]
    EndOfInput,
    /// What was typed is no text, or one that no other program takes.
    #[error("the answer is not UTF-8, or contains a NUL character")]
    NotText,
    /// The terminal failed.
    #[error("cannot ask on the terminal: {0}")]
    Terminal(#[from] std::io::Error),
}

impl From<rustix::io::Errno> for PromptError {
    fn from(error: rustix::io::Errno) -> Self {
        Self::Terminal(error.into())
    }
}

/// A stream that text goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// stdout.
    Output,
    /// stderr.
    Error,
}

/// Prompts and messages for the user.
///
/// An answer is a line that ends with Return. The terminal itself edits it, so Ctrl-D, Ctrl-C and Ctrl-Z mean what they mean elsewhere.
pub trait Terminal {
    /// How many columns the terminal has that a stream goes to; `None` where it goes elsewhere.
    fn width(&self, stream: Stream) -> Option<usize>;

    /// Whether a person can answer: stdin and stderr are terminals, and asking was not forbidden.
    fn is_interactive(&self) -> bool;

    /// Forbids asking (`--no-input`).
    fn forbid_asking(&mut self);

    /// Tells something on stderr at once, while work goes on.
    fn tell(&mut self, text: &str);

    /// Asks for a line, and shows what an empty one means.
    ///
    /// # Errors
    /// [`PromptError`].
    fn ask(&mut self, question: &str, default: Option<&str>) -> Result<String, PromptError>;

    /// Asks for a secret, which is not shown.
    ///
    /// # Errors
    /// [`PromptError`].
    fn ask_secret(&mut self, question: &str) -> Result<Zeroizing<String>, PromptError>;

    /// Asks for yes or no, and shows which one an empty line means. The answer is what was typed.
    ///
    /// # Errors
    /// [`PromptError`].
    fn ask_yes_or_no(&mut self, question: &str, default: bool) -> Result<String, PromptError>;
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
        show(&format!("{text}\n"));
    }

    fn ask(&mut self, question: &str, default: Option<&str>) -> Result<String, PromptError> {
        self.expect_person()?;
        show(&worded(|out| {
            SimpleTheme.format_input_prompt(out, question, default)
        }));
        read_shown()
    }

    fn ask_secret(&mut self, question: &str) -> Result<Zeroizing<String>, PromptError> {
        self.expect_person()?;
        let prompt = worded(|out| SimpleTheme.format_input_prompt(out, question, None));
        loop {
            if let Some(answer) = read_hidden(&prompt)? {
                return Ok(answer);
            }
        }
    }

    fn ask_yes_or_no(&mut self, question: &str, default: bool) -> Result<String, PromptError> {
        self.expect_person()?;
        show(&worded(|out| {
            SimpleTheme.format_confirm_prompt(out, question, Some(default))
        }));
        read_shown()
    }
}

/// A prompt as dialoguer words it. Its own prompts read key by key, and swallow Ctrl-D and Ctrl-Z.
fn worded(format: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result) -> String {
    let mut text = String::new();
    format(&mut text).expect("a string takes any text");
    text
}

/// A lost message is not a reason to stop.
fn show(text: &str) {
    let _ = std::io::Write::write_all(&mut stderr(), text.as_bytes());
}

fn read_shown() -> Result<String, PromptError> {
    let line = read_line(&[])?;
    Ok(text_of(&line)?.trim().to_owned())
}

/// Reads a line until Return or a byte of `ends`, which stays at its end.
fn read_line(ends: &[u8]) -> Result<Zeroizing<Vec<u8>>, PromptError> {
    let mut line = Zeroizing::new(vec![0; MAX_LINE_BYTES]);
    let mut length = 0;
    // Ctrl-D hands over what was typed so far; at the beginning of a line it is the end of input.
    while length < line.len() {
        let read = rustix::io::retry_on_intr(|| rustix::io::read(stdin(), &mut line[length..]))?;
        length += read;
        match line[..length].last() {
            Some(last) if *last == b'\n' || ends.contains(last) => break,
            _ if read == 0 => {
                show("\n");
                return Err(PromptError::EndOfInput);
            }
            _ => {}
        }
    }
    line.truncate(length);
    Ok(line)
}

fn text_of(line: &[u8]) -> Result<&str, PromptError> {
    let text = std::str::from_utf8(line).map_err(|_| PromptError::NotText)?;
    if text.contains('\0') {
        return Err(PromptError::NotText);
    }
    Ok(text.trim_end_matches(['\r', '\n']))
}

/// Reads a line that is not shown; `None` where Ctrl-Z stopped the process meanwhile, and the question must be asked again.
///
/// Signals would end or stop the process with a terminal that shows nothing any more. So their keys end the line instead, and what they
/// mean is done when the terminal is as it was; signals from elsewhere restore it before they end the process.
fn read_hidden(prompt: &str) -> Result<Option<Zeroizing<String>>, PromptError> {
    let before = tcgetattr(stdin())?;
    let [interrupt, quit, suspend] = [
        SpecialCodeIndex::VINTR,
        SpecialCodeIndex::VQUIT,
        SpecialCodeIndex::VSUSP,
    ]
    .map(|index| key(&before.special_codes, index));
    let mut hidden: Termios = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
    // Without this mode the second of the two keys is not looked at.
    hidden.local_modes.insert(LocalModes::IEXTEN);
    hidden.special_codes[SpecialCodeIndex::VEOL] = interrupt.unwrap_or_default();
    hidden.special_codes[SpecialCodeIndex::VEOL2] = suspend.unwrap_or_default();
    let restored = before.clone();
    let before_the_end = BeforeTheEnd::call(move || {
        let _ = tcsetattr(stdin(), OptionalActions::Now, &restored);
    });
    tcsetattr(stdin(), OptionalActions::Flush, &hidden)?;
    // After it, so that nothing is dropped that is typed at the sight of it.
    show(prompt);
    let ends: Vec<u8> = interrupt.into_iter().chain(suspend).collect();
    let line = read_line(&ends);
    tcsetattr(stdin(), OptionalActions::Now, &before)?;
    drop(before_the_end);
    let line = line?;
    show("\n");
    let last = line.last().copied();
    if last == interrupt || quit.is_some_and(|quit| line.contains(&quit)) {
        return Err(PromptError::Interrupted);
    }
    if last == suspend {
        kill_current_process_group(Signal::TSTP)?;
        return Ok(None);
    }
    Ok(Some(Zeroizing::new(text_of(&line)?.to_owned())))
}

/// The key with a meaning; `None` where none has it (`_POSIX_VDISABLE`, which is 0 on Linux and 255 elsewhere).
fn key(codes: &SpecialCodes, index: SpecialCodeIndex) -> Option<u8> {
    Some(codes[index]).filter(|code| *code != 0 && *code != u8::MAX)
}
