//! `gsec cert revoke` and `gsec cert unhold`.

use crate::cli::ask::{self, Unasked};
use crate::cli::crl::{former_crls_missing, in_document};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::CaPassphraseArgs;
use crate::cli::selector::{self, Affected, SelectorKind};
use crate::cli::serve::is_served;
use crate::cli::value;
use gsec_ca::authority::{Authority, AuthorityError, StatusOrder, StatusOutcome, Unlocked, Warning};
use gsec_ca::files::FilesError;
use gsec_ca::home::StoreError;
use gsec_ca::records::{ChangedRecord, Record, RecordStatus};
use gsec_env::Env;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::x509::{RevocationReason, SerialNumber, rfc3339};
use gsec_report::{CrlFacts, NextSteps, RevokeReport, RevokedCertificate, SameKeyCertificate};

/// Revoke certificates, and create a new CRL
///
/// A certificate that is already revoked stays as it is, so the command can be repeated. The reasons are
/// those of RFC 5280; a certificate on hold (`--reason certificateHold`) can be released with `gsec cert
/// unhold`, all other revocations are final. If a host has several valid certificates, none is chosen: pass
/// their serial numbers, or `--all`. On a terminal, asks for confirmation; `--yes` confirms.
///
/// A key revoked as compromised (`keyCompromise`) is never certified again, by any command, and other
/// certificates with the same key are listed. A certificate that was revoked for another reason can be
/// revoked as compromised later.
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

/// Release certificates that are on hold (certificateHold)
///
/// Creates a new CRL that no longer lists them. Certificates that are not on hold stay as they are.
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
    /// Serial numbers of the CA, certificate files, or hosts; or subjects and thumbprints, as other programs print them
    #[arg(value_name = "SERIAL|FILE|HOST", required = true)]
    selectors: Vec<String>,

    #[command(flatten)]
    kind: SelectorKind,

    /// If a host has several certificates, apply this to all eligible ones
    #[arg(long)]
    all: bool,

    /// Create no new CRL; the CA key is not needed then
    #[arg(long)]
    no_crl: bool,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    /// Show what would be changed, and change nothing
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
    let affected = if order == StatusOrder::Unhold {
        Affected::Unheld
    } else {
        Affected::Revoked
    };
    let serials = selector::serials(
        &target.selectors,
        &target.kind,
        (affected, target.all),
        &authority,
        env,
    )?;
    if target.dry_run {
        let (report, warnings) = planned(&authority, &serials, order, global, env)?;
        return Ok(Outcome::report(&report, &warnings, global));
    }
    if let StatusOrder::Revoke(reason) = order
        && !is_permitted(&authority, &serials, reason, global, env)?
    {
        return Ok(ask::declined(env));
    }
    // A key that does not open is found out before anything is changed.
    let unlocked = if target.no_crl {
        None
    } else {
        Some(target.ca_passphrase.unlock(&authority, env)?)
    };
    let action = if order == StatusOrder::Unhold {
        "cert.unhold"
    } else {
        "cert.revoke"
    };
    let outcome = authority.change_status(
        &serials,
        order,
        unlocked.as_ref(),
        &mut global.session(action, env),
    )?;
    expect_all_found(&outcome)?;
    let (same_key, mut warnings) = same_key(&authority, &outcome, &serials, env);
    let mut report = RevokeReport {
        dry_run: false,
        ca_dir: shown(authority.directory().root()),
        changed: outcome.is_changed(),
        certificates: outcome
            .records
            .iter()
            .map(|record| facts(record, global, env.clock.now()))
            .collect(),
        same_key,
        crl: None,
        audit_head: outcome.audit_head.as_ref().map(digits),
        next: NextSteps::default(),
    };
    let Some(unlocked) = unlocked else {
        if report.changed {
            let update = CommandLine::new("gsec crl update").then(&global.directory_words());
            report.next = NextSteps::default().command(&update);
        }
        return Ok(Outcome::report(&report, &warnings, global));
    };
    warnings.splice(0..0, unlocked.warnings().iter().cloned());
    let mut missing = None;
    // An earlier call may have been cut off after the change and before the CRL.
    if outcome.is_changed() || !authority.crl_tells_of(&outcome.records, env.clock.now()) {
        let made = refreshed_crl(&authority, &unlocked, global, env)?;
        report.next = NextSteps::default().advise(publication(&authority, &made.facts.file));
        (report.crl, report.audit_head) = (Some(made.facts), made.audit_head);
        warnings.extend(made.warnings);
        missing = made.missing;
    }
    Ok(Outcome::report(&report, &warnings, global).lacking(missing))
}

/// How others learn of the change.
fn publication(authority: &Authority, crl: &str) -> Prose {
    if is_served(authority.directory()) {
        return Prose::new("The server that runs tells it by OCSP, and publishes the CRL within seconds.");
    }
    let addresses = authority.policy().map(|policy| policy.crl_addresses.clone());
    let words = Prose::new("Other programs learn of it from the CRL only: copy ").path(crl.as_ref());
    let parts = authority.directory().crl_shards();
    let words = match parts.exists() {
        true => words.words(", and its parts in ").path(&parts).words(","),
        false => words,
    };
    match addresses.unwrap_or_default().first() {
        Some(address) => words.words(" to what answers at ").name(address).words("."),
        None => words.words(" to wherever they read it."),
    }
}

/// Whether the person at the terminal wants to revoke; what changes nothing is not asked about.
fn is_permitted(
    authority: &Authority,
    serials: &[SerialNumber],
    reason: RevocationReason,
    global: &Global,
    env: &mut Env,
) -> Result<bool, Failure> {
    if global.yes || !env.terminal.is_interactive() {
        return Ok(true);
    }
    let (report, _) = planned(authority, serials, StatusOrder::Revoke(reason), global, env)?;
    let question = match reason {
        RevocationReason::CertificateHold => "Put on hold?".to_owned(),
        RevocationReason::Unspecified => "Revoke? This cannot be undone.".to_owned(),
        reason => format!("Revoke ({})? This cannot be undone.", reason.name()),
    };
    let shown = || ask::plan(&report, global);
    Ok(!report.changed || ask::permission(shown, &question, false, Unasked::GoesOn, global, env)?)
}

/// The other valid certificates of keys that are compromised, and the warning that names them.
fn same_key(
    authority: &Authority,
    outcome: &StatusOutcome,
    serials: &[SerialNumber],
    env: &Env,
) -> (Vec<SameKeyCertificate>, Vec<Warning>) {
    let now = env.clock.now();
    let records: Vec<&Record> = outcome
        .records
        .iter()
        .map(|record| record.after.as_ref().unwrap_or(&record.before))
        .collect();
    // What was revoked is revoked, and must get into the CRL.
    let others = match authority.others_with_compromised_keys(&records) {
        Ok(others) => others,
        Err(error) => {
            let why = error.to_string();
            return (Vec::new(), vec![Warning::SameKeyUnknown { why }]);
        }
    };
    let others = others
        .into_iter()
        .map(|other| other.record)
        .filter(|record| record.is_valid_at(now) && !serials.contains(&record.serial));
    let others: Vec<Record> = others.collect();
    let facts = |record: &Record| SameKeyCertificate {
        serial: record.serial.to_string(),
        subject: record.subject.clone(),
        not_after: rfc3339(record.expiry),
    };
    let warning = (!others.is_empty()).then(|| Warning::SameKey {
        serials: others.iter().map(|record| record.serial.clone()).collect(),
    });
    (others.iter().map(facts).collect(), warning.into_iter().collect())
}

/// A CRL that tells what was changed.
pub(in crate::cli) struct RefreshedCrl {
    /// What it is.
    pub facts: CrlFacts,
    /// The head of the audit log after it.
    pub audit_head: Option<String>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    /// That a former key has signed none.
    pub missing: Option<Failure>,
}

/// Makes the CRL that tells what was changed.
pub(in crate::cli) fn refreshed_crl(
    authority: &Authority,
    unlocked: &Unlocked,
    global: &Global,
    env: &mut Env,
) -> Result<RefreshedCrl, Failure> {
    let made = authority
        .update_crl_of_now(unlocked, &mut global.session("crl.update", env))
        .map_err(|error| {
            let hint = format!(
                "the change is made; `gsec crl update{}` makes the CRL that lists it",
                global.directory_option()
            );
            // Where another call changed the CA, the error says of itself that nothing was changed.
            match error.in_directory() {
                Some(StoreError::Files(FilesError::ChangedMeanwhile(_))) => {
                    Failure::from(error).with_hints(vec![hint])
                }
                // No call makes one with this CA certificate.
                _ if matches!(error, AuthorityError::CannotSignCrls { .. }) => {
                    Failure::from(error).hint("the change is made; only the CRL is missing")
                }
                // crl.num comes first.
                Some(StoreError::SerialDamaged { .. }) => {
                    let hint = hint.replacen("the change is made; ", "the change is made; then ", 1);
                    Failure::from(error).hint(hint)
                }
                _ => Failure::from(error).hint(hint),
            }
        })?;
    let missing = former_crls_missing(&made.missing, global);
    let facts = CrlFacts {
        file: shown(&made.path),
        number: made.crl.number().map(ToString::to_string).unwrap_or_default(),
        next_update: made.crl.next_update().map(rfc3339).unwrap_or_default(),
        revoked: made.crl.revoked(),
    };
    let warnings = made
        .warnings
        .into_iter()
        .chain(in_document(&made.missing, global))
        .collect();
    Ok(RefreshedCrl {
        facts,
        audit_head: made.audit_head.as_ref().map(digits),
        warnings,
        missing,
    })
}

fn planned(
    authority: &Authority,
    serials: &[SerialNumber],
    order: StatusOrder,
    global: &Global,
    env: &Env,
) -> Result<(RevokeReport, Vec<Warning>), Failure> {
    let now = env.clock.now();
    let outcome = authority.plan_status(serials, order, now)?;
    expect_all_found(&outcome)?;
    let (same_key, warnings) = same_key(authority, &outcome, serials, env);
    let report = RevokeReport {
        dry_run: true,
        ca_dir: shown(authority.directory().root()),
        changed: outcome.is_changed(),
        certificates: outcome
            .records
            .iter()
            .map(|record| facts(record, global, now))
            .collect(),
        same_key,
        crl: None,
        audit_head: None,
        next: NextSteps::default(),
    };
    Ok((report, warnings))
}

fn expect_all_found(outcome: &StatusOutcome) -> Result<(), Failure> {
    match outcome.missing.first() {
        None => Ok(()),
        Some(serial) => {
            let message = format!("ca.db has no record of serial {serial}");
            Err(Failure::cannot("input.not_found", message).hint("`gsec cert list` shows the serial numbers"))
        }
    }
}

fn facts(changed: &ChangedRecord, global: &Global, now: time::OffsetDateTime) -> RevokedCertificate {
    let record = changed.after.as_ref().unwrap_or(&changed.before);
    RevokedCertificate {
        serial: record.serial.to_string(),
        subject: if global.json {
            record.subject.clone()
        } else {
            record.readable_subject()
        },
        status: match record.status {
            RecordStatus::Revoked => "revoked",
            _ if record.is_valid_at(now) => "valid",
            _ => "expired",
        },
        changed: changed.after.is_some(),
        revoked_at: record
            .revocation
            .as_ref()
            .map(|revocation| rfc3339(revocation.at)),
        reason: record
            .revocation
            .as_ref()
            .and_then(|revocation| revocation.reason.clone()),
    }
}
