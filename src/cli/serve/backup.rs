//! `gsec serve backup`.

use std::path::PathBuf;

use super::order::{BackupOrder, Server};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{SecretSource, read_secret, stdin_of};
use gsec_env::Env;

/// Back up the CA directory and the server's state to one encrypted file
///
/// A server that runs goes on meanwhile. The file is in the age format: `age` decrypts it to a tar archive. Without
/// --with-keys no private key is in it: neither the CA's nor those of hosts.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve backup --out ca.age --passphrase-file secret.txt
  $ gsec serve backup --out ca.age --with-keys --passphrase-file secret.txt"
))]
pub(super) struct Args {
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Include private keys: the CA's, those of hosts, the server's
    #[arg(long)]
    with_keys: bool,

    #[command(flatten)]
    lock: Lock,
}

/// For whom it is encrypted.
#[derive(clap::Args)]
#[group(id = "lock", required = true)]
struct Lock {
    /// Encrypt for the holder of this key, whose public half `age-keygen` prints; give it again for each further one
    #[arg(long = "recipient", value_name = "AGE1…", conflicts_with = "passphrase_file")]
    recipients: Vec<String>,

    /// Encrypt under a passphrase from a file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

pub(super) fn run(args: &Args, global: &Global, env: &mut Env, server: &'static dyn Server) -> CommandResult {
    let order = BackupOrder {
        directory: global.existing_directory(env)?,
        out: args.out.clone(),
        with_keys: args.with_keys,
        recipients: args.lock.recipients.clone(),
        passphrase: passphrase(args.lock.passphrase_file.as_ref(), env)?,
    };
    let report = server.backup(order, env)?;
    Ok(Outcome::report(&report, &[], global))
}

/// The passphrase in a file, which must not be empty.
pub(super) fn passphrase(
    path: Option<&PathBuf>,
    env: &Env,
) -> Result<Option<zeroize::Zeroizing<String>>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let source = stdin_of(path).unwrap_or(SecretSource::File(path));
    let passphrase = read_secret(&source, env)?;
    match passphrase.is_empty() {
        true => Err(Failure::usage("the passphrase must not be empty")),
        false => Ok(Some(passphrase)),
    }
}
