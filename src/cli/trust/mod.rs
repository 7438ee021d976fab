//! `gsec trust`: which CAs the programs of a machine trust.

mod delegate;
mod install;
mod status;
mod stores;
mod uninstall;

use clap::Subcommand;

use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use gsec_env::Env;

pub(super) use install::{Trusting, trusting};
pub(super) use status::of_this_machine;
pub(super) use stores::root_of;

/// Make the programs of a machine trust a CA, or no longer trust it
#[derive(Subcommand)]
pub(super) enum Command {
    Install(Lazy<install::Args>),
    Uninstall(Lazy<uninstall::Args>),
    Status(Lazy<status::Args>),
}

pub(super) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::Install(args) => install::run(&args, global, env),
        Command::Uninstall(args) => uninstall::run(&args, global, env),
        Command::Status(args) => status::run(&args, global, env),
    }
}
