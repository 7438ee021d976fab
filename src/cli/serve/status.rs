//! `gsec serve status`.

use std::path::PathBuf;

use super::order::{Server, StatusOrder};
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_env::Env;

/// Show what serves this CA directory, and how it is
///
/// Both processes are asked, and the CA directory is read. What was not asked, because nothing answers or a file is elsewhere,
/// is said so. What is not well comes with what to do about it.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve status
  $ gsec serve status --json",
no = "certificates are not issued, the CRL is overdue, or log, records or journal were altered"
))]
pub(super) struct Args {
    /// The signer's socket [default: what the server says, else signer.sock in the CA's ca_conf]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,

    /// The signer's journal [default: signer.journal in the CA's ca_conf]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

pub(super) fn run(args: &Args, global: &Global, env: &Env, server: &'static dyn Server) -> CommandResult {
    let order = StatusOrder {
        directory: global.existing_directory(env)?,
        socket: args.socket.clone(),
        journal: args.journal.clone(),
    };
    let report = server.status(&order, env)?;
    let serves = report.serving;
    Ok(Outcome::report(&report, &[], global).answering(serves))
}
