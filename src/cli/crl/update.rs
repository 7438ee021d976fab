//! `gsec crl update`.

use time::Duration;

use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::CaPassphraseArgs;
use crate::cli::value;
use gsec_ca::authority::{CrlOrder, FormerCrlMissing, FormerKeyProblem, Unproven, Warning};
use gsec_env::Env;
use gsec_pki::x509::rfc3339;
use gsec_report::CrlUpdateReport;

/// Create a new CRL of all revoked certificates
///
/// Replaces ca_conf/ca_crl.pem and, after `gsec ca rekey`, the CRLs signed by former keys,
/// ca_conf/previous/*/ca_crl.pem, until their roots expire. With `crl_shards` in gsec.toml, the parts of the
/// CRL in ca_conf/crl are created too, in DER as clients fetch them. Clients reject a CRL after its nextUpdate time,
/// so run this regularly if your clients check CRLs.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec crl update
  $ gsec crl update --days 7 --json"
))]
pub(in crate::cli) struct Args {
    /// Days until the next CRL is due [default: 30, or as set in gsec.toml]
    #[arg(long, value_name = "N", value_parser = value::crl_days)]
    days: Option<u32>,

    /// Create a CRL even if the present CRL, the audit log or the newest certificate is later than this
    /// machine's clock
    ///
    /// For a CA directory in which something was created while the clock was ahead. The CRL number still
    /// increases.
    #[arg(long)]
    allow_earlier: bool,

    /// Create a CRL even if the audit log has lost lines and no later CRL is there
    ///
    /// What was revoked may then be missing from the new CRL, and clients accept it again. Revoke what you
    /// know to be revoked first.
    #[arg(long)]
    allow_incomplete: bool,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    /// Show what would be created, and create nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    let now = env.clock.now();
    let order = CrlOrder {
        lifetime: args.days.map(|days| Duration::days(i64::from(days))),
        allow_earlier: args.allow_earlier,
        allow_incomplete: args.allow_incomplete,
        every_shard: true,
    };
    let mut report = CrlUpdateReport {
        dry_run: args.dry_run,
        ca_dir: shown(authority.directory().root()),
        file: shown(&authority.directory().crl()),
        previous_files: Vec::new(),
        shards: 0,
        number: None,
        this_update: String::new(),
        next_update: String::new(),
        revoked: 0,
        audit_head: None,
    };
    if args.dry_run {
        authority.expect_readable_shards()?;
        let plan = authority.plan_crl(order, now)?;
        (report.this_update, report.revoked) = (rfc3339(plan.this_update), plan.revoked);
        report.next_update = rfc3339(plan.next_update);
        return Ok(Outcome::report(&report, &plan.warnings, global));
    }
    let unlocked = args.ca_passphrase.unlock(&authority, env)?;
    let made = authority.update_crl(order, &unlocked, &mut global.session("crl.update", env))?;
    report.previous_files = made.previous.iter().map(|path| shown(path)).collect();
    report.shards = made.shards as u64;
    report.number = made.crl.number().map(ToString::to_string);
    report.this_update = rfc3339(made.crl.this_update());
    report.next_update = made.crl.next_update().map(rfc3339).unwrap_or_default();
    report.revoked = made.crl.revoked() as u64;
    report.audit_head = made.audit_head.as_ref().map(digits);
    let warnings = unlocked
        .warnings()
        .iter()
        .chain(&made.warnings)
        .cloned()
        .chain(in_document(&made.missing, global));
    let warnings: Vec<Warning> = warnings.collect();
    Ok(Outcome::report(&report, &warnings, global).lacking(former_crls_missing(&made.missing, global)))
}

/// The same in a document, which has no place for an error beside the result.
pub(in crate::cli) fn in_document(missing: &[FormerCrlMissing], global: &Global) -> Vec<Warning> {
    let warning = |missing: &FormerCrlMissing| Warning::FormerCrlMissing {
        path: missing.path.clone(),
        problem: missing.problem.to_string(),
    };
    if global.json {
        missing.iter().map(warning).collect()
    } else {
        Vec::new()
    }
}

/// What is not done where a former key does not sign: peers of that key do not learn what is revoked.
pub(in crate::cli) fn former_crls_missing(missing: &[FormerCrlMissing], global: &Global) -> Option<Failure> {
    let first = missing.first()?;
    let more = if missing.len() > 1 {
        format!(", and {} more", missing.len() - 1)
    } else {
        String::new()
    };
    let message = format!(
        "the CRL of the present key was created; that of a former key was not, `{}`{more}: {}. Peers that \
         trust the former root do not learn what is revoked",
        first.path.display(),
        first.problem
    );
    let folder = first.path.parent().unwrap_or(&first.path);
    let back = match &first.problem {
        FormerKeyProblem::Unproven {
            problem: Unproven::NotCertified,
            ..
        } => "restore old_with_new.pem in that directory from a backup".to_owned(),
        FormerKeyProblem::Unproven { .. } => format!("restore `{}` from a backup", folder.display()),
        FormerKeyProblem::Missing(path) => format!("restore `{}` from a backup", path.display()),
        FormerKeyProblem::Unusable(_) => {
            "restore the key file in that directory from a backup, under the passphrase of the CA key"
                .to_owned()
        }
    };
    let then = format!("then `gsec crl update{}`", global.directory_option());
    let is_lost = matches!(
        first.problem,
        FormerKeyProblem::Unproven {
            problem: Unproven::FolderLost,
            ..
        }
    );
    let gone = if is_lost {
        "if that root is no longer used: remove it from ca_bundle.pem in an editor".to_owned()
    } else {
        format!(
            "if the key is gone for good: make sure that no peer trusts the former root any more, then move \
             `{}` away",
            folder.display()
        )
    };
    Some(
        Failure::cannot("authority.former_crl", message)
            .hint(format!("{back}, {then}"))
            .hint(gone),
    )
}
