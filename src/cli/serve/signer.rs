//! `gsec serve signer`.

use std::path::PathBuf;

use super::order::{Server, SignerOrder};
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::CaPassphraseArgs;
use gsec_env::Env;

/// Run only the process that has the CA key
///
/// It listens at a UNIX socket, has no network, decides by gsec.toml what it signs, and writes each signature and each
/// refusal into its journal before it answers. `gsec serve` starts it by itself.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve signer
  $ gsec serve signer --socket /run/gsec/signer.sock --group --journal /var/lib/gsec/signer.journal"
))]
pub(in crate::cli) struct Args {
    /// Where it listens [default: signer.sock in the CA's ca_conf]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,

    /// Let the users of the socket's group ask too
    #[arg(long)]
    group: bool,

    /// Where it keeps its journal [default: signer.journal in the CA's ca_conf]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,

    /// End when standard input ends
    #[arg(long, hide = true)]
    end_with_stdin: bool,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,
}

pub(super) fn run(args: &Args, global: &Global, env: &mut Env, server: &'static dyn Server) -> CommandResult {
    let authority = global.open_authority(env)?;
    let unlocked = args.ca_passphrase.unlock(&authority, env)?;
    let order = SignerOrder {
        directory: authority.directory().clone(),
        passphrase: unlocked.passphrase(),
        socket: args.socket.clone(),
        journal: args.journal.clone(),
        group_may: args.group,
        ends_with_stdin: args.end_with_stdin,
    };
    drop(unlocked);
    server.signer(order)?;
    Ok(Outcome::payload(Vec::new()))
}
