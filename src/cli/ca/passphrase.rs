//! `gsec ca passphrase`.

use zeroize::Zeroizing;

use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{
    CaPassphraseArgs, NewPassphraseArgs, SecretSource, expect_one_stdin, new_ca_passphrase,
};
use crate::cli::serve::is_served;
use crate::cli::signer;
use gsec_ca::authority::{PassphraseChange, Warning};
use gsec_env::Env;
use gsec_report::PassphraseReport;

/// Set, change or remove the passphrase of the CA key
///
/// The key itself and everything it has signed stay the same. The key file is replaced in one step, as PKCS
/// #8, and the old one is not kept; a backup of the directory still contains it, under the old passphrase.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec ca passphrase --new-passphrase-file secret.txt
  $ gsec ca passphrase --remove
  $ gsec ca passphrase --new-passphrase-file secret.txt --dry-run"
))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    #[command(flatten)]
    new: NewPassphraseArgs,

    /// Remove the passphrase; anyone who can read the file can then use the key
    #[arg(long, help_heading = "New passphrase", conflicts_with = "new_passphrase")]
    remove: bool,

    /// Show what would be changed, and change nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    expect_one_stdin(&[args.ca_passphrase.source(), args.new.source()])?;
    let authority = global.open_authority(env)?;
    signer::expect_key_here(authority.directory())?;
    let change = authority.plan_passphrase(args.remove)?;
    let mut report = PassphraseReport {
        dry_run: args.dry_run,
        ca_dir: shown(authority.directory().root()),
        changed: change != PassphraseChange::Unchanged,
        passphrase: change.name(),
        private_key: shown(&authority.directory().ca_key()),
        key_encrypted: !args.remove,
        audit_head: None,
    };
    if args.dry_run || !report.changed {
        return Ok(Outcome::report(&report, &[], global));
    }
    let given = args
        .new
        .source()
        .map(|source| new_passphrase(Some(source), env))
        .transpose()?;
    if let Some(given) = &given {
        // An earlier call was cut off when it had decided.
        authority.finish_changeover(Some(given))?;
    }
    if let Some(given) = &given
        && authority.key_is_encrypted()?
        && authority.unlock(Some(given)).is_ok()
    {
        // An earlier call was cut off when it had done all.
        return Ok(Outcome::report(
            &PassphraseReport {
                changed: false,
                passphrase: "unchanged",
                ..report
            },
            &[],
            global,
        ));
    }
    let unlocked = args.ca_passphrase.unlock_here(&authority, env)?;
    let new = match given {
        None if args.remove => None,
        None => Some(new_passphrase(None, env)?),
        given => given,
    };
    let mut session = global.session("ca.passphrase", env);
    let audit_head =
        authority.change_passphrase(&unlocked, new.as_ref().map(|new| new.as_str()), &mut session)?;
    report.audit_head = audit_head.as_ref().map(digits);
    let mut warnings = unlocked.warnings().to_vec();
    // Without a passphrase, every process that may read the key opens it.
    if !args.remove && is_served(authority.directory()) {
        warnings.push(Warning::ServedByFormerPassphrase);
    }
    Ok(Outcome::report(&report, &warnings, global))
}

fn new_passphrase(source: Option<SecretSource<'_>>, env: &mut Env) -> Result<Zeroizing<String>, Failure> {
    let hint =
        "pass `--new-passphrase-file`, `--new-passphrase-env` or `--new-passphrase-stdin`, or `--remove`";
    let absent = Failure::usage("missing new passphrase").hint(hint);
    new_ca_passphrase(
        source,
        env,
        absent,
        "`--remove` leaves the key without a passphrase",
    )
}
