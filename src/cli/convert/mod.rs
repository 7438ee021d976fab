//! `gsec convert`: certificates and keys from one kind of file to another.

mod key;
mod to_der;
mod to_pem;
mod to_pfx;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::failure::Failure;
use super::global::{Global, shown};
use super::input;
use super::lazy::Lazy;
use super::outcome::{CommandResult, Outcome};
use gsec_ca::files::{self, Access, Existing, FilesError, write_output};
use gsec_env::Env;
use gsec_pki::contents::Bundle;
use gsec_report::{Notice, WrittenFile};

/// Convert certificates and keys between PEM, DER and PKCS #12
#[derive(Subcommand)]
pub(super) enum Command {
    ToPem(Lazy<to_pem::Args>),
    ToPfx(Lazy<to_pfx::Args>),
    ToDer(Lazy<to_der::Args>),
    Key(Lazy<key::Args>),
}

pub(super) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::ToPem(args) => to_pem::run(&args, global, env),
        Command::ToPfx(args) => to_pfx::run(&args, global, env),
        Command::ToDer(args) => to_der::run(&args, global, env),
        Command::Key(args) => key::run(&args, global, env),
    }
}

/// Where a single result goes.
#[derive(clap::Args)]
struct OutArgs {
    /// Write to this file [default: -, standard output]
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Replace the output if it exists
    #[arg(long, help_heading = "Output")]
    force: bool,
}

impl OutArgs {
    /// The file; `None` for standard output, which leaves no room for a report.
    fn file(&self, global: &Global) -> Result<Option<&Path>, Failure> {
        let file = self.out.as_deref().filter(|path| !is_standard_output(path));
        match file {
            None if global.json => Err(Failure::usage(
                "both the result and the document of `--json` would go to standard output",
            )
            .hint("pass a file with `--out`")),
            file => Ok(file),
        }
    }

    fn existing(&self) -> Existing {
        existing(self.force)
    }
}

/// `-`, or standard output by another name: a report after the result would spoil it.
fn is_standard_output(path: &Path) -> bool {
    path.as_os_str() == "-" || files::is_standard_output(path)
}

fn existing(force: bool) -> Existing {
    if force { Existing::Replace } else { Existing::Keep }
}

/// Writes a file that was named with `--out`.
fn write(
    path: &Path,
    access: Access,
    content: &[u8],
    existing: Existing,
    holds: &str,
) -> Result<WrittenFile, Failure> {
    write_output(path, access, content, existing).map_err(would_replace)?;
    Ok(WrittenFile {
        path: shown(path),
        holds: holds.into(),
        secret: access == Access::Secret,
    })
}

/// A file that is there already: here, and only here, there is a flag to replace it.
fn would_replace(error: FilesError) -> Failure {
    match &error {
        FilesError::WouldReplace(path) => {
            Failure::cannot(error.code(), format!("`{}` already exists", shown(path)))
                .hint("choose another path, or pass `--force` to replace it")
        }
        _ => Failure::from(error),
    }
}

/// The contents of the input that do not go into the output, or not as they are.
fn passed_over(input: &Path, bundle: &Bundle) -> Vec<Notice> {
    let notice = |what: String| Notice {
        code: "passed_over".into(),
        message: format!("skipped: {what}"),
        hint: None,
    };
    let others = bundle.others.in_words().into_iter().map(notice);
    others.chain(input::rewritten_keys(input, bundle)).collect()
}

/// A result on standard output.
fn to_stdout(content: &[u8], warnings: Vec<Notice>) -> Outcome {
    Outcome {
        warnings,
        ..Outcome::only_copy(content.to_vec())
    }
}
