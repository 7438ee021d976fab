//! `gsec cert revoke` and `gsec cert unhold`.

use crate::authority::{Authority, StatusOrder, StatusOutcome, Unlocked};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::CaPassphraseArgs;
use crate::cli::selector::{self, SelectorKind};
use crate::cli::value;
use crate::env::Env;
use crate::report::{CrlFacts, RevokeReport, RevokedCertificate};
use crate::store::{ChangedRecord, RecordStatus};
use crate::x509::{RevocationReason, SerialNumber, rfc3339};

/// Revoke certificates, and make a new CRL
///
/// A certificate that is revoked already stays as it is, so the call can be repeated. The reasons are those of RFC 5280; one that is
/// on hold (`--reason certificateHold`) can be valid again with `gsec cert unhold`, all others are final.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert revoke 01 --reason keyCompromise
  $ gsec cert revoke db1.example.com --reason superseded
  $ gsec cert revoke gsec-ca/repository/01.pem --dry-run"
))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    target: Target,

    /// unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation or certificateHold
    #[arg(long, value_name = "REASON", default_value = "unspecified", value_parser = value::reason)]
    reason: RevocationReason,
}

/// Take a hold back: certificates that were revoked as certificateHold are valid again
///
/// A new CRL is made, in which they are no longer listed. Certificates that are not on hold stay as they are.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert unhold 01
  $ gsec cert unhold 01 --dry-run --json"
))]
pub(in crate::cli) struct UnholdArgs {
    #[command(flatten)]
    target: Target,
}

/// What both take.
#[derive(clap::Args)]
struct Target {
    /// Serial numbers of the CA, certificate files, or hosts
    #[arg(value_name = "SERIAL|FILE|HOST", required = true)]
    selectors: Vec<String>,

    #[command(flatten)]
    kind: SelectorKind,

    /// Make no new CRL; the CA key is not needed then
    #[arg(long)]
    no_crl: bool,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    /// Say what would be changed, and change nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    change(&args.target, StatusOrder::Revoke(args.reason), global, env)
}

pub(in crate::cli) fn unhold(args: &UnholdArgs, global: &Global, env: &mut Env) -> CommandResult {
    change(&args.target, StatusOrder::Unhold, global, env)
}

fn change(target: &Target, order: StatusOrder, global: &Global, env: &mut Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    let serials = selector::serials(&target.selectors, &target.kind, &authority, env)?;
    if target.dry_run {
        return Ok(Outcome::report(&planned(&authority, &serials, order, env)?, &[], global));
    }
    // A key that does not open is found out before anything is changed.
    let unlocked = if target.no_crl { None } else { Some(target.ca_passphrase.unlock(&authority, env)?) };
    let action = if order == StatusOrder::Unhold { "cert.unhold" } else { "cert.revoke" };
    let mut notice = super::lock_notice();
    let outcome = authority.change_status(&serials, order, unlocked.as_ref(), &mut global.session(action, env, &mut notice))?;
    expect_all_found(&outcome)?;
    let mut report = RevokeReport {
        dry_run: false,
        ca_dir: shown(authority.directory().root()),
        changed: outcome.is_changed(),
        certificates: outcome.records.iter().map(|record| facts(record, env.clock.now())).collect(),
        crl: None,
        audit_head: outcome.audit_head.as_ref().map(digits),
    };
    let Some(unlocked) = unlocked else { return Ok(Outcome::report(&report, &[], global)) };
    if outcome.is_changed() || !authority.directory().crl().exists() {
        (report.crl, report.audit_head) = refreshed_crl(&authority, &unlocked, global, env)?;
    }
    Ok(Outcome::report(&report, unlocked.warnings(), global))
}

/// Makes the CRL that tells what was changed, and returns it with the head of the audit log.
pub(in crate::cli) fn refreshed_crl(
    authority: &Authority,
    unlocked: &Unlocked,
    global: &Global,
    env: &mut Env,
) -> Result<(Option<CrlFacts>, Option<String>), Failure> {
    let mut notice = super::lock_notice();
    let made = authority.update_crl(None, unlocked, &mut global.session("crl.update", env, &mut notice)).map_err(|error| {
        Failure::from(error).hint(format!("the change is made; `gsec crl update{}` makes the CRL that tells of it", global.directory_option()))
    })?;
    let facts = CrlFacts {
        file: shown(&made.path),
        number: made.crl.number().map(ToString::to_string).unwrap_or_default(),
        next_update: made.crl.next_update().map(rfc3339).unwrap_or_default(),
        revoked: made.crl.revoked(),
    };
    Ok((Some(facts), made.audit_head.as_ref().map(digits)))
}

fn planned(authority: &Authority, serials: &[SerialNumber], order: StatusOrder, env: &Env) -> Result<RevokeReport, Failure> {
    let now = env.clock.now();
    let outcome = authority.plan_status(serials, order, now)?;
    expect_all_found(&outcome)?;
    Ok(RevokeReport {
        dry_run: true,
        ca_dir: shown(authority.directory().root()),
        changed: outcome.is_changed(),
        certificates: outcome.records.iter().map(|record| facts(record, now)).collect(),
        crl: None,
        audit_head: None,
    })
}

fn expect_all_found(outcome: &StatusOutcome) -> Result<(), Failure> {
    match outcome.missing.first() {
        None => Ok(()),
        Some(serial) => {
            let message = format!("there is no record of serial {serial} in ca.db");
            Err(Failure::cannot("input.not_found", message).hint("`gsec cert list` shows the serial numbers"))
        }
    }
}

fn facts(changed: &ChangedRecord, now: time::OffsetDateTime) -> RevokedCertificate {
    let record = changed.after.as_ref().unwrap_or(&changed.before);
    RevokedCertificate {
        serial: record.serial.to_string(),
        subject: record.subject.clone(),
        status: match record.status {
            RecordStatus::Revoked => "revoked",
            _ if record.is_valid_at(now) => "valid",
            _ => "expired",
        },
        changed: changed.after.is_some(),
        revoked_at: record.revocation.as_ref().map(|revocation| rfc3339(revocation.at)),
        reason: record.revocation.as_ref().and_then(|revocation| revocation.reason.clone()),
    }
}
