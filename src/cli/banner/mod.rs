//! `gsec banner`: the log-in banner of the platform's applications.

mod lint;
mod show;
mod write;

use clap::Subcommand;

use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use gsec_env::Env;

/// Write and check registry files for the platform's log-in banner
#[derive(Subcommand)]
pub(super) enum Command {
    Write(Lazy<write::Args>),
    Lint(Lazy<lint::Args>),
    Show(Lazy<show::Args>),
}

pub(super) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::Write(args) => write::run(&args, global),
        Command::Lint(args) => lint::run(&args, global, env),
        Command::Show(args) => show::run(&args, global, env),
    }
}
