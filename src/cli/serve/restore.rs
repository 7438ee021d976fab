//! `gsec serve restore`.

use std::path::PathBuf;

use super::backup::passphrase;
use super::order::{RestoreOrder, Server};
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{SecretSource, read_secret, stdin_of};
use gsec_env::Env;

/// Restore a CA directory from a backup, or check the backup
///
/// The directory appears whole or not at all. Its audit log is verified first. Serial numbers and CRL numbers continue far
/// above those of the backup, so none is used twice that was used after it; certificates and revocations of that time
/// are not in the backup.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve restore ca.age --passphrase-file secret.txt --verify
  $ gsec serve restore ca.age --passphrase-file secret.txt --dir restored-ca",
no = "--verify: something in the backup is not as it should be"
))]
pub(super) struct Args {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    what: What,

    #[command(flatten)]
    opener: Opener,
}

#[derive(clap::Args)]
#[group(id = "what", required = true, multiple = false)]
struct What {
    /// The CA directory to make; it must not exist, or be empty
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,

    /// Check everything and leave nothing behind
    #[arg(long)]
    verify: bool,
}

#[derive(clap::Args)]
#[group(id = "opener", required = true, multiple = false)]
struct Opener {
    /// The file with the secret key, as `age-keygen` writes it
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,

    /// Read the passphrase from a file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

pub(super) fn run(args: &Args, global: &Global, env: &mut Env, server: &'static dyn Server) -> CommandResult {
    let identities = match &args.opener.identity {
        Some(path) => {
            let source = stdin_of(path).unwrap_or(SecretSource::File(path));
            Some(read_secret(&source, env)?)
        }
        None => None,
    };
    let order = RestoreOrder {
        file: args.file.clone(),
        directory: args.what.dir.clone(),
        identities,
        passphrase: passphrase(args.opener.passphrase_file.as_ref(), env)?,
    };
    let report = server.restore(order, env)?;
    let is_sound = report.problems.is_empty();
    Ok(Outcome::report(&report, &[], global).answering(is_sound))
}
