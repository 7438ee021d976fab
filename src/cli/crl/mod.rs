//! `gsec crl`: certificate revocation lists.

mod show;
mod update;

use clap::Subcommand;

pub(super) use update::{former_crls_missing, in_document};

use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use gsec_env::Env;

/// Create and show certificate revocation lists
#[derive(Subcommand)]
pub(super) enum Command {
    Update(Lazy<update::Args>),
    Show(Lazy<show::Args>),
}

pub(super) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::Update(args) => update::run(&args, global, env),
        Command::Show(args) => show::run(&args, global, env),
    }
}
