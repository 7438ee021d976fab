//! `gsec conf`: the configuration files of the contact-center platform's DB Server and Configuration Server, and start files.

mod fix;
mod lint;
mod read;
mod set;

use clap::Subcommand;

pub(super) use lint::{fixing, of_files};
pub(super) use read::is_settings;

use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use gsec_env::Env;

/// Check and change configuration and start files of the old platform
#[derive(Subcommand)]
pub(super) enum Command {
    Lint(Lazy<lint::Args>),
    Set(Lazy<set::Args>),
    Fix(Lazy<fix::Args>),
}

pub(super) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::Lint(args) => lint::run(&args, global, env),
        Command::Set(args) => set::run(&args, global, env),
        Command::Fix(args) => fix::run(&args, global, env),
    }
}
