//! The one place that prints.

use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use clap::ColorChoice;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use serde::Serialize;
use zeroize::Zeroizing;

use super::color::wants_color;
use super::failure::{Failure, Kind};
use super::global::Global;
use super::hint::{in_directory, quoted};
use super::line::Line;
use super::outcome::{Body, CommandResult, Ending, StreamError};
use gsec_env::{Env, Stream};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::encoding::visible::system_words;
use gsec_pki::encoding::visible::{visible, visible_json};
use gsec_report::{Notice, Problem, Tone, wrapped};

/// How much of a list is written at once.
const STREAM_BYTES: usize = 64 * 1024;

/// Options that people expect to take a secret.
const SECRETS: [&str; 6] = [
    "--pfx-password",
    "--password",
    "--ca-passphrase",
    "--new-password",
    "--new-passphrase",
    "--parent-passphrase",
];

/// How to print.
pub(super) struct Printer {
    json: bool,
    quiet: bool,
    /// Whether stderr is colored.
    color: bool,
    /// Whether help, which goes to stdout, is colored.
    help_color: bool,
    /// Columns of the terminal that stderr goes to.
    width: Option<usize>,
    /// The CA directory of the call, as commands in hints name it.
    directory: CommandLine,
}

#[derive(Serialize)]
struct ErrorDocument<'a> {
    schema: &'static str,
    error: &'a Problem,
}

impl Printer {
    pub(super) fn new(global: &Global, env: &Env) -> Self {
        Self {
            json: global.json,
            quiet: global.quiet,
            color: wants_color(global.color, Stream::Error, env),
            help_color: wants_color(global.color, Stream::Output, env),
            width: env.terminal.width(Stream::Error),
            directory: global.directory_words(),
        }
    }

    /// For when the options could not be read.
    pub(super) fn plain(json: bool, env: &Env) -> Self {
        Self {
            json,
            quiet: false,
            color: wants_color(ColorChoice::Auto, Stream::Error, env),
            help_color: wants_color(ColorChoice::Auto, Stream::Output, env),
            width: env.terminal.width(Stream::Error),
            directory: CommandLine::default(),
        }
    }

    /// Prints what a command returned, and says its exit status.
    pub(super) fn finish(&self, result: CommandResult) -> u8 {
        match result {
            Ok(mut outcome) => {
                let body = std::mem::replace(&mut outcome.stdout, Body::Bytes(Zeroizing::default()));
                let written = match write_stdout(body) {
                    Ok(()) => Ok(()),
                    Err(StreamError::Output(error)) => Err(error),
                    Err(StreamError::Input(failure)) => return self.failure(&failure),
                };
                if let Some(say) = outcome.afterwards.take() {
                    let said = say();
                    outcome.warnings.extend(said.warnings);
                    outcome.ending = said.ending;
                    if !self.quiet {
                        self.lines(&[said.summary]);
                    }
                }
                if !self.quiet {
                    outcome.warnings.iter().for_each(|warning| self.warning(warning));
                }
                // A document has it all.
                if let Ending::Partly(failure) = &outcome.ending
                    && !self.json
                {
                    self.failure(failure);
                }
                match written {
                    Ok(()) => outcome.ending.exit_status(),
                    // Who reads has seen enough, as with `gsec cert list | head`.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe && !outcome.must_arrive => {
                        outcome.ending.exit_status()
                    }
                    Err(error) => self.failure(&Failure::cannot(
                        "output",
                        format!("cannot write to stdout: {}", system_words(&error)),
                    )),
                }
            }
            Err(failure) => self.failure(&failure),
        }
    }

    /// As arguments say that could not be read as a whole.
    pub(super) fn colored_as_asked(self, arguments: &[String]) -> Self {
        let (color, help_color) = match color_asked_for(arguments) {
            ColorChoice::Auto => (self.color, self.help_color),
            choice => (choice == ColorChoice::Always, choice == ColorChoice::Always),
        };
        Self {
            color,
            help_color,
            ..self
        }
    }

    /// Prints what the parser of the command line says: help and version on stdout, errors on stderr.
    pub(super) fn finish_parse(&self, error: &clap::Error, arguments: &[String]) -> u8 {
        if !error.use_stderr() {
            let text = if self.help_color {
                with_headings(&error.render().ansi().to_string())
            } else {
                error.render().to_string()
            };
            return self.finish(Ok(super::outcome::Outcome::payload(text.into_bytes())));
        }
        // The text contains an argument exactly as typed, so it may contain anything, line feeds included.
        let mut text = error.render().to_string();
        for argument in arguments
            .iter()
            .filter(|argument| visible(argument) != **argument)
        {
            let value = argument
                .split_once('=')
                .map_or(argument.as_str(), |(_, value)| value);
            text = text
                .replace(argument.as_str(), &visible(argument))
                .replace(value, &visible(value));
        }
        if self.json {
            let sentence: Vec<&str> = text
                .lines()
                .take_while(|line| !line.trim().is_empty())
                .map(str::trim)
                .collect();
            let message = visible(sentence.join(" ").trim_start_matches("error: "));
            let tips = text.lines().filter_map(|line| line.trim().strip_prefix("tip: "));
            let failure = tips.fold(Failure::usage(message), |failure, tip| failure.hint(visible(tip)));
            let failure = match example_for(error, arguments) {
                Some(example) => failure.hint(example),
                None => failure,
            };
            return self.failure(
                &failure
                    .hint("`gsec --help` lists the commands; after a command, `--help` lists its options"),
            );
        }
        if let Some(option) = SECRETS
            .iter()
            .find(|option| text.contains(&format!("unexpected argument '{option}'")))
        {
            text.push_str(&format!(
                "hint: secrets are never arguments, which every user of the machine can see: `{option}-file \
                 FILE`, `{option}-env VARIABLE` or `{option}-stdin`\n"
            ));
        }
        if let Some(example) = example_for(error, arguments) {
            text.push_str(&format!("hint: {example}\n"));
        }
        let text: String = text.lines().map(|line| format!("{}\n", visible(line))).collect();
        write_stderr(&text.replacen("error:", &self.label("error:", Tone::Bad), 1));
        Kind::Usage.exit_status()
    }

    /// Prints a failure, and says its exit status.
    pub(super) fn failure(&self, failure: &Failure) -> u8 {
        let Failure { kind, problem } = failure.clone().in_directory(&self.directory);
        if self.json {
            let document = ErrorDocument {
                schema: "gsec/error/1",
                error: &problem,
            };
            let text = serde_json::to_string_pretty(&document).expect("strings serialise");
            write_stderr(&format!("{}\n", visible_json(&text)));
        } else {
            let label = self.label("error:", Tone::Bad);
            let mut lines = vec![format!("{label} {}", visible(&problem.message))];
            lines.extend(
                problem
                    .caused_by
                    .iter()
                    .map(|cause| format!("  caused by: {}", visible(cause))),
            );
            let label = self.label("hint:", Tone::Notice);
            lines.extend(
                problem
                    .hints
                    .iter()
                    .map(|hint| format!("{label} {}", visible(hint))),
            );
            self.lines(&lines);
        }
        kind.exit_status()
    }

    fn warning(&self, warning: &Notice) {
        let label = self.label("warning:", Tone::Warning);
        let mut lines = vec![format!("{label} {}", visible(&warning.message))];
        lines.extend(warning.hint.as_ref().map(|hint| {
            let label = self.label("hint:", Tone::Notice);
            format!("{label} {}", visible(&in_directory(hint, &self.directory)))
        }));
        self.lines(&lines);
    }

    /// Writes to stderr, broken at the terminal's width.
    fn lines(&self, lines: &[String]) {
        let text: String = lines
            .iter()
            .map(|line| wrapped(line, self.width, 4) + "\n")
            .collect();
        write_stderr(&text);
    }

    fn label(&self, label: &str, tone: Tone) -> String {
        tone.paint(label, self.color)
    }
}

/// What to type where something is missing that is not asked for.
fn example_for(error: &clap::Error, arguments: &[String]) -> Option<String> {
    match error.kind() {
        ErrorKind::MissingRequiredArgument => {}
        ErrorKind::UnknownArgument => return option_of_a_name(error, arguments),
        _ => return None,
    }
    let mut root = super::command();
    root.build();
    let example = Line::read(&root, arguments.get(1..)?).example()?;
    Some(format!("for example: `{example}`"))
}

/// Where a name stands by itself, and an option says what is granted of it.
fn option_of_a_name(error: &clap::Error, arguments: &[String]) -> Option<String> {
    let is_grant = arguments
        .get(1..)?
        .starts_with(&["serve", "grant", "add"].map(str::to_owned));
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(name)) if is_grant && !name.starts_with('-') => Some(format!(
            "a domain with what is below it is granted by `--name {}`",
            quoted(Path::new(name))
        )),
        _ => None,
    }
}

/// What `--color` says among arguments that could not be read as a whole.
fn color_asked_for(arguments: &[String]) -> ColorChoice {
    let before_files = || arguments.iter().take_while(|argument| *argument != "--");
    let joined = before_files().filter_map(|argument| argument.strip_prefix("--color="));
    let apart = before_files()
        .zip(before_files().skip(1))
        .filter(|(option, _)| *option == "--color")
        .map(|(_, value)| value.as_str());
    joined
        .chain(apart)
        .find_map(|value| ColorChoice::from_str(value).ok())
        .unwrap_or(ColorChoice::Auto)
}

/// Help with the headings below the options as bold as those that clap writes.
fn with_headings(help: &str) -> String {
    let is_heading = |line: &str| {
        let mut letters = line.chars();
        letters.next().is_some_and(|first| first.is_ascii_uppercase())
            && letters.all(|letter| letter.is_ascii_uppercase() || letter == ' ')
    };
    let lines = help.split_inclusive('\n').map(|line| {
        let words = line.trim_end();
        if is_heading(words) {
            Tone::Strong.paint(words, true) + &line[words.len()..]
        } else {
            line.to_owned()
        }
    });
    lines.collect()
}

fn write_stdout(body: Body) -> Result<(), StreamError> {
    let mut stdout = io::stdout().lock();
    match body {
        Body::Bytes(bytes) => stdout.write_all(&bytes)?,
        Body::Stream(write) => {
            let mut buffered = io::BufWriter::with_capacity(STREAM_BYTES, &mut stdout);
            write(&mut buffered)?;
            buffered.flush()?;
        }
    }
    Ok(stdout.flush()?)
}

/// If stderr is closed, the message cannot be delivered.
pub(super) fn write_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
