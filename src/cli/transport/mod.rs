//! `gsec transport`: the `transport` values of the contact-center platform.

mod build;
mod fix;
mod lint;
mod parse;
mod value_args;

use clap::Subcommand;

use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use gsec_env::Env;

pub(super) use build::SettingsArgs;
pub(super) use lint::of_value;

/// Check, fix and write the `transport` values of the old platform
#[derive(Subcommand)]
pub(super) enum Command {
    Parse(Lazy<parse::Args>),
    Lint(Lazy<lint::Args>),
    Fix(Lazy<fix::Args>),
    Build(Lazy<build::Args>),
}

pub(super) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::Parse(args) => parse::run(&args, global, env),
        Command::Lint(args) => lint::run(&args, global, env),
        Command::Fix(args) => fix::run(&args, global, env),
        Command::Build(args) => build::run(&args, global, env),
    }
}
