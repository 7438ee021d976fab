//! Where a `transport` value comes from.

use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::global::shown;
use crate::cli::input;
use crate::cli::outcome::{Body, Outcome};
use gsec_env::{Env, Stream};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::encoding::visible::visible;
use gsec_platform::text::Text;

/// A value that was read.
pub(super) struct Given {
    /// The file, or `-`; `None` for an argument.
    pub(super) source: Option<String>,
    /// The value, without the line end behind it.
    pub(super) value: String,
}

/// One value.
#[derive(clap::Args)]
#[group(id = "one_value", required = true, multiple = false)]
pub(super) struct ValueArgs {
    /// The value, as it is in the field or after `transport=`; `-` for standard input
    #[arg(value_name = "VALUE")]
    value: Option<String>,

    /// Read the value from this file
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Any number of values.
#[derive(clap::Args)]
#[group(id = "any_values", required = true, multiple = true)]
pub(super) struct ValuesArgs {
    /// Values, as they are in the field or after `transport=`; `-` for standard input
    #[arg(value_name = "VALUE")]
    values: Vec<String>,

    /// Read a value from this file; may be repeated
    #[arg(long, value_name = "FILE")]
    file: Vec<PathBuf>,
}

impl ValueArgs {
    pub(super) fn read(&self, env: &Env) -> Result<Given, Failure> {
        match (&self.value, &self.file) {
            (Some(value), _) => argument(value, env),
            (None, Some(file)) => from_file(file, env),
            (None, None) => Err(Failure::usage("missing value")),
        }
    }
}

impl ValuesArgs {
    pub(super) fn read(&self, env: &Env) -> Result<Vec<Given>, Failure> {
        let dash = |text: &str| text == "-";
        let stdin = self.values.iter().filter(|value| dash(value)).count()
            + self.file.iter().filter(|file| file.as_os_str() == "-").count();
        if stdin > 1 {
            return Err(Failure::usage("standard input can be read only once"));
        }
        let values = self.values.iter().map(|value| argument(value, env));
        values
            .chain(self.file.iter().map(|file| from_file(file, env)))
            .collect()
    }
}

fn argument(value: &str, env: &Env) -> Result<Given, Failure> {
    if value == "-" {
        return from_file(Path::new("-"), env);
    }
    Ok(Given {
        source: None,
        value: value.to_owned(),
    })
}

fn from_file(path: &Path, env: &Env) -> Result<Given, Failure> {
    let bytes = input::read_settings(path, env)?;
    let text = Text::decode(&bytes);
    let is_section = |line: &str| line.trim_start().starts_with('[') && line.trim_end().ends_with(']');
    if text.lines.iter().any(|line| is_section(&line.text)) {
        let command = CommandLine::new("gsec conf lint").path(path);
        let message = format!("`{}` is a configuration file, not a single value", shown(path));
        return Err(Failure::cannot("transport.not_a_value", message)
            .hint(format!("`{command}` checks the values in it")));
    }
    Ok(Given {
        source: Some(shown(path)),
        value: text.content(),
    })
}

/// A value alone on standard output, for the next program. A terminal gets nothing that acts on it.
pub(super) fn printed(value: &str, env: &Env) -> Outcome {
    let shown = match env.terminal.width(Stream::Output) {
        Some(_) => visible(value),
        None => value.to_owned(),
    };
    Outcome {
        stdout: Body::Bytes(format!("{shown}\n").into_bytes().into()),
        ..Outcome::only_copy(Vec::new())
    }
}
