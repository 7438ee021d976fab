//! `gsec serve`: the words of the server. What is behind them is another program, `gsecd`, which has the network in it.

mod addresses;
mod backup;
mod eab;
mod front;
mod grant;
mod hand_over;
mod move_key;
mod order;
mod restore;
mod run;
mod signer;
mod status;

use std::os::unix::net::UnixStream;

use clap::Subcommand;

use super::failure::Failure;
use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use gsec_ca::home::CaDir;
use gsec_env::Env;

pub use super::session::login_name;

pub(super) use hand_over::hand_over;

/// Whether a server of this CA directory answers its administrators.
pub(super) fn is_served(directory: &CaDir) -> bool {
    UnixStream::connect(directory.conf().join(ADMIN_SOCKET)).is_ok()
}

pub use order::{
    ADMIN_SOCKET, Addresses, BackupOrder, EabOrder, FrontOrder, GrantOrder, GrantedNames, Grantee,
    MoveKeyOrder, NewEabKey, NewGrant, RestoreOrder, SERVED_BY, ServeOrder, Server, ServerError, Serving,
    SignerOrder, StatusOrder, Whereto,
};

/// Serve the CA: hosts fetch and renew certificates by ACME
///
/// Hosts use certbot, Caddy, lego or any other ACME client with the address that is printed. The CA key is in a process
/// of its own, which decides itself what it signs. Certificates, CRL and audit log stay in the CA directory, where every
/// other command works as before.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_long_help = run::HELP)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: run::Args,
}

#[derive(Subcommand)]
enum Command {
    #[command(subcommand)]
    Grant(grant::Command),
    #[command(subcommand)]
    Eab(eab::Command),
    Status(Lazy<status::Args>),
    Backup(Lazy<backup::Args>),
    Restore(Lazy<restore::Args>),
    MoveKey(Lazy<move_key::Args>),
    Signer(Lazy<signer::Args>),
    Front(Lazy<front::Args>),
}

/// Runs it where the server is: in `gsecd`.
pub(super) fn run(args: Args, global: &Global, env: &mut Env, server: &'static dyn Server) -> CommandResult {
    match args.command {
        None => run::run(&args.run, global, env, server),
        Some(Command::Grant(command)) => grant::run(command, global, env, server),
        Some(Command::Eab(command)) => eab::run(command, global, env, server),
        Some(Command::Status(args)) => status::run(&args, global, env, server),
        Some(Command::Backup(args)) => backup::run(&args, global, env, server),
        Some(Command::Restore(args)) => restore::run(&args, global, env, server),
        Some(Command::MoveKey(args)) => move_key::run(&args, global, env, server),
        Some(Command::Signer(args)) => signer::run(&args, global, env, server),
        Some(Command::Front(args)) => front::run(&args, global, env, server),
    }
}

impl From<ServerError> for Failure {
    fn from(error: ServerError) -> Self {
        let failure = Self::cannot(error.code, error.message);
        let failure = error.causes.into_iter().fold(failure, Self::because);
        error.hints.into_iter().fold(failure, Self::hint)
    }
}
