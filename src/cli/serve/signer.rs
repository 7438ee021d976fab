//! `gsec serve signer`.

use std::io::Read;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::order::{Server, SignerOrder};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::CaPassphraseArgs;
use gsec_ca::authority::{Authority, AuthorityError};
use gsec_ca::home::{CaDir, StoreError};
use gsec_env::Env;

/// The longest passphrase that is handed over; none that the supervisor has read is longer.
const MAX_SECRET_BYTES: usize = 64 * 1024;

/// Run only the process that has the CA key
///
/// It listens at a UNIX socket, has no network, decides by gsec.toml what it signs, and writes each signature and each
/// refusal into its journal before it answers. `gsec serve` starts it by itself.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve signer
  $ gsec serve signer --socket /run/gsec/signer.sock --group",
until_told = "the CA key, the journal, the socket"
))]
pub(in crate::cli) struct Args {
    /// Where it listens [default: signer.sock in the CA's ca_conf, or in the signer's own directory]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,

    /// Let the users of the socket's group ask too
    #[arg(long)]
    group: bool,

    /// Where it keeps its journal [default: signer.journal in ca_conf]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,

    /// End when standard input ends
    #[arg(long, hide = true)]
    end_with_stdin: bool,

    /// The signer's own directory, as `gsec serve move-key` makes it, in the place of the CA directory
    #[arg(long, value_name = "DIR")]
    signer_dir: Option<PathBuf>,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,
}

pub(super) fn run(args: &Args, global: &Global, env: &mut Env, server: &'static dyn Server) -> CommandResult {
    let authority = match &args.signer_dir {
        Some(own) => open_apart(CaDir::at(own))?,
        None => global.open_authority(env)?,
    };
    let unlocked = match args.end_with_stdin && args.ca_passphrase.ca_passphrase_stdin {
        true => authority.unlock(Some(&handed_over(env)?))?,
        false => args.ca_passphrase.unlock_here(&authority, env)?,
    };
    let order = SignerOrder {
        directory: authority.directory().clone(),
        is_apart: args.signer_dir.is_some(),
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

/// The signer's own directory.
pub(super) fn open_apart(own: CaDir) -> Result<Authority, Failure> {
    match Authority::open(own) {
        Err(AuthorityError::Store(StoreError::NoCa { directory, .. })) => {
            let message = format!("no CA key of a signer is in `{}`", directory.display());
            Err(Failure::cannot("store.no_ca", message).hint(
                "`--signer-dir` is for the directory that `gsec serve move-key --to` has made; without it, the key is in the CA directory",
            ))
        }
        opened => Ok(opened?),
    }
}

/// The passphrase from the process that started this one: up to a NUL, for standard input goes on until that process ends.
fn handed_over(env: &Env) -> Result<Zeroizing<String>, Failure> {
    let mut stdin = (env.stdin)();
    let mut passphrase = Zeroizing::new(Vec::with_capacity(MAX_SECRET_BYTES));
    let mut byte = Zeroizing::new([0]);
    while stdin.read(byte.as_mut_slice()).is_ok_and(|read| read == 1) && byte[0] != 0 {
        if passphrase.len() == MAX_SECRET_BYTES {
            break;
        }
        passphrase.push(byte[0]);
    }
    let text = std::str::from_utf8(&passphrase)
        .map_err(|_| Failure::cannot("input", "the passphrase from standard input is not UTF-8"))?;
    Ok(Zeroizing::new(text.to_owned()))
}
