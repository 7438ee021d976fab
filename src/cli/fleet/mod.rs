//! `gsec fleet`: all hosts of an inventory at once.

mod inventory_args;
mod schema;

use clap::Subcommand;

use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use gsec_env::Env;

/// Check and certify all hosts of an inventory
#[derive(Subcommand)]
pub(super) enum Command {
    Schema(Lazy<schema::Args>),
}

pub(super) fn run(command: Command, _global: &Global, _env: &mut Env) -> CommandResult {
    match command {
        Command::Schema(_) => Ok(schema::run()),
    }
}
