//! Questions: the one place that asks.
//!
//! The rule for all commands. What a person can say by heart is asked for on a terminal: what something new is to be called, a
//! password, permission. What must be looked up (a file, a certificate, a server) is not: the error says what to type, with an
//! example. Where nobody can answer (no terminal, `--no-input`, `--json`), nothing is asked: what is missing is a usage error that names
//! the option. `--quiet` leaves out what was done, not what is asked. Ctrl-D ends the command with exit status 3, and nothing is done.

use zeroize::Zeroizing;

use super::failure::Failure;
use super::global::Global;
use super::outcome::Outcome;
use super::print::write_stderr;
use gsec_env::{Env, PromptError, Stream};
use gsec_pki::encoding::visible::visible;
use gsec_report::{Report, to_text, wrapped};

/// How often a password can be typed, as with ssh, sudo and gpg.
const TRIES: usize = 3;
/// The shortest new password that can be typed, in characters: what OpenSSL and easy-rsa ask for.
const MIN_TYPED_CHARACTERS: usize = 4;

/// What is asked for, as the question and what is said about a wrong answer have it.
#[derive(Clone, Copy)]
pub(super) enum Secret {
    /// Of a file.
    Password,
    /// Of a CA key.
    Passphrase,
}

impl Secret {
    fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passphrase => "passphrase",
        }
    }
}

/// Asks for a line until it is understood; an empty one is the default where there is one.
pub(super) fn line<T, E: ToString>(
    question: &str,
    default: Option<&str>,
    parse: impl Fn(&str) -> Result<T, E>,
    env: &mut Env,
) -> Result<T, Failure> {
    let parse = |answer: &str| match (answer, default) {
        ("", None) => Err("An answer is required; Ctrl-C stops".to_owned()),
        ("", Some(default)) => parse(default).map_err(|error| error.to_string()),
        (answer, _) => parse(answer).map_err(|error| format!("`{answer}`: {}", error.to_string())),
    };
    understood(question, default, parse, env)
}

/// As [`line`], where an empty answer is none.
pub(super) fn optional_line<T, E: ToString>(
    question: &str,
    parse: impl Fn(&str) -> Result<T, E>,
    env: &mut Env,
) -> Result<Option<T>, Failure> {
    let parse = |answer: &str| match answer {
        "" => Ok(None),
        answer => parse(answer)
            .map(Some)
            .map_err(|error| format!("`{answer}`: {}", error.to_string())),
    };
    understood(question, None, parse, env)
}

fn understood<T>(
    question: &str,
    default: Option<&str>,
    parse: impl Fn(&str) -> Result<T, String>,
    env: &mut Env,
) -> Result<T, Failure> {
    loop {
        let parsed = match env.terminal.ask(question, default) {
            Ok(answer) => parse(&answer),
            Err(error @ PromptError::NotText) => Err(sentence(&error.to_string())),
            Err(error) => return Err(error.into()),
        };
        match parsed {
            Ok(value) => return Ok(value),
            Err(said) => tell(&said, env),
        }
    }
}

/// Asks for yes or no.
pub(super) fn yes(question: &str, default: bool, env: &mut Env) -> Result<bool, Failure> {
    loop {
        let answer = match env.terminal.ask_yes_or_no(question, default) {
            Ok(answer) => answer.to_lowercase(),
            Err(PromptError::NotText) => continue,
            Err(error) => return Err(error.into()),
        };
        match answer.as_str() {
            "" => return Ok(default),
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => tell("Answer y or n, and press Return", env),
        }
    }
}

/// Asks for a secret that opens something, until it does or three tries are over. Beside the error, what may be wrong with the last try.
pub(super) fn opening<T, E>(
    question: &str,
    secret: Secret,
    is_wrong: impl Fn(&E) -> bool,
    open: impl Fn(&str) -> Result<T, E>,
    env: &mut Env,
) -> Result<Result<T, (E, Option<String>)>, Failure> {
    let mut tries = 1;
    loop {
        let error = match typed_secret(question, env)? {
            Some(typed) => match open(&typed) {
                Ok(opened) => return Ok(Ok(opened)),
                Err(error) if tries == TRIES || !is_wrong(&error) => {
                    return Ok(Err((error, oddity(&typed, secret))));
                }
                Err(_) => format!("Wrong {}; try again", secret.word()),
            },
            None if tries == TRIES => return Err(PromptError::NotText.into()),
            None => sentence(&PromptError::NotText.to_string()),
        };
        tell(&error, env);
        tries += 1;
    }
}

/// A likely mistake in a password that does not work: a byte order mark at its start, a trailing space or an empty last
/// line.
pub(super) fn oddity(password: &str, secret: Secret) -> Option<String> {
    let odd = match password {
        "" => "is empty: is it in the file, variable or input that was given?",
        _ if password.starts_with('\u{feff}') => {
            "begins with a byte order mark (U+FEFF), which is part of it: `sed -i '1s/^\\xEF\\xBB\\xBF//' FILE` removes it from \
             the file"
        }
        _ if password.ends_with(['\n', '\r']) => {
            "ends with an empty line, which is part of it: only one line ending is removed"
        }
        _ if password.contains(['\n', '\r']) => {
            "has several lines, and all of them were used: `openssl` and most programs use only the first line of a \
             password file; if that is it, put it into a file of its own"
        }
        _ if password.ends_with(char::is_whitespace) => "ends with whitespace, which is part of it",
        _ if password.starts_with(char::is_whitespace) => "begins with whitespace, which is part of it",
        _ => return None,
    };
    Some(format!("the {} {odd}", secret.word()))
}

/// Why a new secret is refused.
enum Refused {
    Empty,
    Short,
    Different,
    NotText,
}

impl Refused {
    fn in_words(&self, secret: Secret) -> String {
        let word = secret.word();
        match self {
            Self::Empty => format!("the {word} must not be empty"),
            Self::Short => {
                format!("the {word} is too short: at least {MIN_TYPED_CHARACTERS} characters")
            }
            Self::Different => format!("the {word}s do not match"),
            Self::NotText => format!("the {word} is not UTF-8, or contains a NUL character"),
        }
    }
}

/// Asks for a new secret, twice, until both are the same or three tries are over. `instead` says what an empty answer may mean: `true`
/// from it, and there is none.
pub(super) fn new_secret(
    question: &str,
    secret: Secret,
    mut instead: impl FnMut(&mut Env) -> Result<bool, Failure>,
    env: &mut Env,
) -> Result<Option<Zeroizing<String>>, Failure> {
    let mut tries = 1;
    loop {
        let refused = match typed_secret(question, env)? {
            None => Refused::NotText,
            Some(typed) if typed.is_empty() => {
                if instead(env)? {
                    return Ok(None);
                }
                Refused::Empty
            }
            Some(typed) if typed.chars().count() < MIN_TYPED_CHARACTERS => Refused::Short,
            Some(typed) => match typed_secret(&format!("Repeat the {}", secret.word()), env)? {
                Some(repeated) if repeated == typed => return Ok(Some(typed)),
                _ => Refused::Different,
            },
        };
        let refused = refused.in_words(secret);
        if tries == TRIES {
            return Err(Failure::cannot("input", refused));
        }
        tell(&sentence(&refused), env);
        tries += 1;
    }
}

/// A secret that was typed; `None` where it is no text.
fn typed_secret(question: &str, env: &mut Env) -> Result<Option<Zeroizing<String>>, Failure> {
    match env.terminal.ask_secret(question) {
        Ok(typed) => Ok(Some(typed)),
        Err(PromptError::NotText) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Tells something beside a question, broken at the terminal's width.
pub(super) fn tell(text: &str, env: &mut Env) {
    let width = env.terminal.width(Stream::Error);
    env.terminal.tell(&wrapped(&visible(text), width, 0));
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// What a command does that needs permission where nobody can be asked.
pub(super) enum Unasked {
    /// It goes on: it always did, and pipelines count on it.
    GoesOn,
    /// It refuses: message and hint.
    Refuses(String, &'static str),
}

/// Asks whether something may be done, after `what` was shown. `--yes` says yes.
pub(super) fn permission(
    what: impl FnOnce() -> String,
    question: &str,
    default: bool,
    unasked: Unasked,
    global: &Global,
    env: &mut Env,
) -> Result<bool, Failure> {
    if global.yes {
        return Ok(true);
    }
    if !env.terminal.is_interactive() {
        return match unasked {
            Unasked::GoesOn => Ok(true),
            Unasked::Refuses(message, hint) => Err(Failure::usage(message).hint(hint)),
        };
    }
    write_stderr(&what());
    yes(question, default, env)
}

/// A plan as `--dry-run` shows it.
pub(super) fn plan<R: Report>(report: &R, global: &Global) -> String {
    to_text(report, global.verbose > 0, global.screen)
}

/// The end of a command that was not permitted to go on: exit status 1.
pub(super) fn declined(env: &mut Env) -> Outcome {
    tell("Nothing was changed", env);
    Outcome::payload(Vec::new()).answering(false)
}
