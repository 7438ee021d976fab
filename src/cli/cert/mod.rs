//! `gsec cert`: certificates.

mod bundle;
mod ensure;
mod fetch;
mod issue;
mod issue_list;
mod issue_list_outcome;
mod list;
mod matching;
mod renew;
mod request;
mod revoke;
mod show;
mod sign;
mod thumbprint;
mod verify;

use clap::Subcommand;

use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use gsec_env::Env;

pub(super) use issue::files as issue_files;
pub(super) use revoke::refreshed_crl;
pub(super) use verify::verified;

/// Issue, renew, bundle, revoke, verify and show certificates
#[derive(Subcommand)]
pub(super) enum Command {
    Issue(Lazy<issue::Args>),
    Request(Lazy<request::Args>),
    Sign(Lazy<sign::Args>),
    Ensure(Lazy<ensure::Args>),
    Renew(Lazy<renew::Args>),
    Bundle(Lazy<bundle::Args>),
    List(Lazy<list::Args>),
    Fetch(Lazy<fetch::Args>),
    Show(Lazy<show::Args>),
    Match(Lazy<matching::Args>),
    Thumbprint(Lazy<thumbprint::Args>),
    Verify(Lazy<verify::Args>),
    Revoke(Lazy<revoke::Args>),
    Unhold(Lazy<revoke::UnholdArgs>),
}

pub(super) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::Issue(args) => match args.list.from.clone() {
            Some(list) => issue_list::run(&args, &list, global, env),
            None => issue::run(args.take(), global, env),
        },
        Command::Request(args) => request::run(args.take(), global, env),
        Command::Sign(args) => sign::run(args.take(), global, env),
        Command::Ensure(args) => ensure::run(args.take(), global, env),
        Command::Renew(args) => renew::run(args.take(), global, env),
        Command::Bundle(args) => bundle::run(&args, global, env),
        Command::List(args) => list::run(args.take(), global, env),
        Command::Fetch(args) => fetch::run(&args, global, env),
        Command::Show(args) => show::run(&args, global, env),
        Command::Match(args) => matching::run(&args, global, env),
        Command::Thumbprint(args) => thumbprint::run(&args, global, env),
        Command::Verify(args) => verify::run(&args, global, env),
        Command::Revoke(args) => revoke::run(&args, global, env),
        Command::Unhold(args) => revoke::unhold(&args, global, env),
    }
}
