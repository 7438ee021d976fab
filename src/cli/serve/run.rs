//! `gsec serve`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::addresses;
use super::front::NetworkArgs;
use super::order::{ServeOrder, Server};
use super::signer::open_apart;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::hint::quoted;
use crate::cli::outcome::{CommandResult, Ending, Outcome};
use crate::cli::print::write_stderr;
use crate::cli::secret::CaPassphraseArgs;
use gsec_ca::home::{CaDir, runs_as_root};
use gsec_env::Env;

/// Its examples.
pub(super) const HELP: &str = "EXAMPLES
  $ gsec serve --name ca.example.com
  $ gsec serve --name ca.example.com --listen :443 --http :80

EXIT CODES
  0  it was told to end (Ctrl-C or SIGTERM), and has answered everyone
  2  usage error
  3  failed: the CA key, an address in use, serve.toml";

/// Root owns everything: then nobody else can be.
const BOTH_ARE_ROOT: &str = "note: both processes run as root, who owns the CA directory: docs/serve.md says how each gets a user of its own\n";

#[derive(clap::Args)]
#[group(skip)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    network: NetworkArgs,

    /// The socket between the two processes [default: signer.sock in the CA's ca_conf]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,

    /// The signer's own directory, as `gsec serve move-key` makes it; started by root, each process gets a user of its own
    #[arg(long, value_name = "DIR")]
    signer_dir: Option<PathBuf>,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,
}

pub(super) fn run(args: &Args, global: &Global, env: &mut Env, server: &'static dyn Server) -> CommandResult {
    let authority = global.open_authority(env)?;
    let network = args
        .network
        .order(authority.directory().clone(), args.socket.clone());
    let signer_dir = args.signer_dir.as_ref().map(CaDir::at);
    let unlocked = match &signer_dir {
        Some(own) => {
            let apart = open_apart(own.clone())?;
            args.ca_passphrase.unlock_here(&apart, env)?
        }
        None => {
            expect_key_in(authority.directory())?;
            addresses::offer(&authority, &network, global, env, server)?;
            args.ca_passphrase.unlock_here(&authority, env)?
        }
    };
    if !global.quiet && runs_as_root() && signer_dir.is_none() && authority.directory().acts_for()?.is_none()
    {
        write_stderr(BOTH_ARE_ROOT);
    }
    let order = ServeOrder {
        directory: authority.directory().clone(),
        passphrase: unlocked.passphrase(),
        front: front_arguments(args, global),
        socket: args.socket.clone(),
        signer_dir,
    };
    drop(unlocked);
    let status = server.serve(order, env)?;
    Ok(Outcome {
        ending: Ending::Status(status),
        ..Outcome::payload(Vec::new())
    })
}

/// Where the key is in the signer's own directory, that must be said: the link that leads there is the front's to change.
fn expect_key_in(directory: &CaDir) -> Result<(), Failure> {
    let socket = std::fs::read_link(directory.conf().join(gsec_signer::SOCKET_NAME)).ok();
    match socket.as_deref().and_then(Path::parent) {
        Some(own) if directory.ca_key().symlink_metadata().is_err() => Err(Failure::cannot(
            "serve.key_apart",
            "the CA key is in the signer's own directory",
        )
        .hint(format!(
            "pass `--signer-dir {}`, if that is where it was moved to",
            quoted(own)
        ))
        .hint("where systemd starts both: `systemctl start gsec-serve`")),
        _ => Ok(()),
    }
}

/// The same options for the process that talks to the network, and what concerns its output.
fn front_arguments(args: &Args, global: &Global) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = args.network.words();
    if let Some(socket) = &args.socket {
        arguments.extend(["--socket".into(), socket.clone().into()]);
    }
    arguments.push(format!("--color={}", global.color).into());
    arguments.extend(global.json.then(|| "--json".into()));
    arguments.extend(global.quiet.then(|| "--quiet".into()));
    arguments
}
