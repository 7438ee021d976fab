//! `gsec fleet render`: what an inventory means elsewhere. It is printed; nothing is executed or installed.

mod args;
mod connections;
mod env;
mod firewall;
mod output;
mod receiver;

use clap::Subcommand;

use crate::cli::global::Global;
use crate::cli::lazy::Lazy;
use crate::cli::outcome::CommandResult;
use gsec_env::Env;

/// Print what an inventory means to scripts, firewalls and hosts
#[derive(Subcommand)]
pub(in crate::cli) enum Command {
    Args(Lazy<args::Args>),
    Connections(Lazy<connections::Args>),
    Env(Lazy<env::Args>),
    Firewall(Lazy<firewall::Args>),
    Receiver(Lazy<receiver::Args>),
}

pub(in crate::cli) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::Args(args) => args::run(&args, global, env),
        Command::Connections(args) => connections::run(&args, global, env),
        Command::Env(args) => env::run(&args, global, env),
        Command::Firewall(args) => firewall::run(&args, global, env),
        Command::Receiver(args) => receiver::run(&args, global, env),
    }
}
