//! `gsec log`: logs of the contact-center platform.

mod filter;
mod source;

use clap::Subcommand;

use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use gsec_env::Env;

/// Hide data in existing logs of the contact-center platform
///
/// For the CA's own audit log, see gsec ca log.
#[derive(Subcommand)]
pub(super) enum Command {
    Filter(Lazy<filter::Args>),
}

pub(super) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::Filter(args) => filter::run(&args.take(), global, env),
    }
}
