//! `gsec cert ensure`.

use std::path::PathBuf;

use time::Duration;

use super::issue::{complete, dry_run, files, planned, would_issue};
use crate::cli::delivery_args::{FileArgs, PfxArgs, warning_of_password};
use crate::cli::failure::{self, Failure};
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::key_args::KeyArgs;
use crate::cli::order_args::{HostArgs, HostSubjectArgs, LifetimeArgs, ProfileArgs, TypedNames, host_order};
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{CaPassphraseArgs, expect_one_stdin, stdin_of};
use crate::cli::value;
use gsec_ca::authority::{
    Authority, Comparison, Delivery, HostKey, HostOrder, IssuePlan, LeftOut, Names, Once, ReadyHost, Remedy,
    RenewalMargin, Unlocked, Warning,
};
use gsec_env::Env;
use gsec_pki::x509::{GeneralName, decode_request};
use gsec_report::{EnsureReport, IssueReport, Reason};

/// Issue a certificate unless the host already has a matching one
///
/// Compares the request with the newest valid certificate of the host: names, subject, usages of the profile,
/// type and size of the key, the CA's key, revocation, remaining time, and the files. If everything matches,
/// nothing is changed and the CA key is not needed. If only files are missing, they are written again.
/// Otherwise a new certificate is issued, with a new key unless `--key` or `--csr` provides it.
///
/// An option that is not given is not compared: profile, subject, additional names and key type stay as the
/// host's certificate has them, also in a new one. To drop all additional names, give the host itself as
/// one: `--san db1.example.com`. The lifetime is never compared. A PFX that does not open with the given
/// password, or with none, is reported and not compared. Of several commands at the same time for one host,
/// only one issues.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert ensure db1.example.com --key-type p256
  $ gsec cert ensure --host db1.example.com --san dns:db --renew-before 2w --out-dir .
  $ gsec cert ensure db1.example.com --key-type p256 --out-dir . --out-names fqdn
  $ gsec cert ensure db1.example.com --key-type p256 --cert-out db1.pem --key-out db1.key
  $ gsec cert ensure --host db1.example.com --key-type p256 --check --json",
no = "with `--check`, something would be changed"
))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    typed: TypedNames,

    #[command(flatten)]
    names: HostArgs,

    #[command(flatten)]
    profile: ProfileArgs,

    #[command(flatten)]
    subject: HostSubjectArgs,

    #[command(flatten)]
    lifetime: LifetimeArgs,

    /// Renew when less than this remains (`12h`, `30d`, `4w`). Certificates with a shorter lifetime are
    /// renewed when a third of it remains
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = value::duration, help_heading = "Key and lifetime")]
    renew_before: Duration,

    #[command(flatten)]
    key: KeyArgs,

    /// Certify the key of this CSR, which must be signed by that key; no private key and no PFX are written
    #[arg(long, value_name = "FILE", help_heading = "Key and lifetime")]
    #[arg(conflicts_with_all = ["key", "key_type", "key_size", "pfx_password", "friendly_name", "no_keep_key", "key_out", "pfx_out"])]
    csr: Option<PathBuf>,

    /// Also certify the names requested in the CSR
    #[arg(long, requires = "csr", help_heading = "Key and lifetime")]
    accept_csr_names: bool,

    #[command(flatten)]
    pfx: PfxArgs,

    /// Friendly name of the entry, as shown by dialogs and Java [default: the host]
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with = "no_pfx",
        help_heading = "PKCS #12"
    )]
    friendly_name: Option<String>,

    #[command(flatten)]
    files: FileArgs,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    /// Only report whether something would be changed: exit status 1 if so
    #[arg(long, help_heading = "Output")]
    check: bool,

    /// Show what would be signed and written, and change nothing
    #[arg(long, conflicts_with = "check", help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(mut args: Args, global: &Global, env: &mut Env) -> CommandResult {
    let [password, key] = args.key.stdin_sources();
    let csr = args.csr.as_deref().and_then(stdin_of);
    expect_one_stdin(&[
        args.ca_passphrase.source(),
        args.pfx.password.source(),
        password,
        key,
        csr,
    ])?;
    let authority = global.open_authority(env)?;
    let order = order(&mut args, &authority, env)?;
    let delivery = args.files.delivery(if args.csr.is_some() {
        None
    } else {
        args.pfx.order(env)?
    })?;
    let margin = RenewalMargin {
        now: env.clock.now(),
        renew_before: args.renew_before,
    };
    let left_out = args.left_out();
    let (plan, comparison) = authority.plan_as_present(order, left_out, &delivery, margin)?;
    let is_trial = args.check || args.dry_run;
    let mut report = report(
        is_trial,
        &comparison,
        existing(planned(&authority, &plan, &delivery), &comparison),
    );
    report.check = args.check;
    let (mut warnings, mut about_files) = (Vec::new(), of_files(&comparison));
    warnings.extend(not_known(&comparison));
    match comparison.remedy {
        Remedy::Nothing => {}
        Remedy::Restore | Remedy::Refuse if is_trial => {
            // `--check` only asks, and that goes where nothing can be written as well.
            if !args.check || comparison.remedy == Remedy::Refuse {
                authority.expect_restorable(&comparison, &plan, &delivery)?;
            }
            report.certificate.dry_run = true;
        }
        Remedy::Restore | Remedy::Refuse => {
            restore(&authority, comparison, &plan, &delivery, &mut report, global, env)?
        }
        Remedy::Issue if is_trial => {
            report.certificate = if args.check {
                would_issue(&authority, &plan, &delivery)
            } else {
                dry_run(&authority, &plan, &delivery)
            }?;
            warnings.clone_from(&plan.warnings);
            if authority.has_lost_records()? {
                warnings.push(Warning::RecordsLost(authority.directory().index()));
            }
        }
        Remedy::Issue => {
            let unlocked = args.ca_passphrase.unlock(&authority, env)?;
            let ready = authority.ready_host(plan.noting("reasons", comparison.codes()), &delivery)?;
            match issue(&authority, &ready, margin, &unlocked, &delivery, global, env)? {
                Once::Issued(issued) => {
                    complete(&mut report.certificate, &issued, global);
                    warnings.extend(
                        issued
                            .warnings
                            .iter()
                            .cloned()
                            .chain(warning_of_password(&delivery)),
                    );
                }
                Once::Present(comparison) => {
                    about_files = of_files(&comparison);
                    warnings.extend(not_known(&comparison));
                    report = self::report(
                        is_trial,
                        &comparison,
                        existing(planned(&authority, ready.plan(), &delivery), &comparison),
                    );
                    if comparison.remedy != Remedy::Nothing {
                        restore(
                            &authority,
                            comparison,
                            ready.plan(),
                            &delivery,
                            &mut report,
                            global,
                            env,
                        )?;
                    }
                }
            }
        }
    }
    warnings.extend(about_files);
    let is_yes = !args.check || !report.changed;
    Ok(Outcome::report(&report, &warnings, global).answering(is_yes))
}

/// That nothing at hand shows whether the certificate that is there was revoked.
fn not_known(comparison: &Comparison) -> Option<Warning> {
    let problem = comparison.unknown.clone()?;
    Some(Warning::RevocationUndetermined { problem })
}

/// What was not looked into, and what everybody can.
fn of_files(comparison: &Comparison) -> Vec<Warning> {
    let unopened = comparison.unopened.iter().cloned();
    let unopened = unopened.map(|path| Warning::PfxNotOpened { path });
    let readable = comparison.readable.iter().cloned();
    unopened
        .chain(readable.map(|path| Warning::HandedKeyReadable { path }))
        .collect()
}

/// Issues, unless another call has done so since this one looked.
fn issue(
    authority: &Authority,
    ready: &ReadyHost<'_>,
    margin: RenewalMargin,
    unlocked: &Unlocked,
    delivery: &Delivery,
    global: &Global,
    env: &mut Env,
) -> Result<Once<Comparison>, Failure> {
    let mut look = |plan: &IssuePlan<'_>| {
        let comparison = authority.compare_host(plan, delivery, margin)?;
        Ok((comparison.remedy != Remedy::Issue).then_some(comparison))
    };
    Ok(authority.issue_once(
        ready,
        unlocked,
        delivery,
        &mut global.session("cert.ensure", env),
        &mut look,
    )?)
}

/// The requested key. If the user did not request a kind, the host's present key is accepted if the profile allows it.
fn host_key(
    args: &Args,
    host: &GeneralName,
    authority: &Authority,
    env: &mut Env,
) -> Result<HostKey, Failure> {
    if args.key.key.is_none() && !args.key.kind.is_given() {
        authority.policy()?.profile(args.profile.name())?;
        let newest = authority.newest_valid(host, env.clock.now())?;
        let kept = newest.map(|newest| authority.key_kind_to_keep(&newest, args.profile.name()));
        if let Some(kind) = kept.transpose()?.flatten() {
            return Ok(HostKey::Generate(kind));
        }
    }
    args.key.host_key(env)
}

impl Args {
    /// What was not given.
    fn left_out(&self) -> LeftOut {
        LeftOut {
            profile: self.profile.profile.is_none(),
            further_names: self.csr.is_none() && self.names.further_names().is_empty(),
        }
    }
}

/// The order for this host.
fn order(args: &mut Args, authority: &Authority, env: &mut Env) -> Result<HostOrder, Failure> {
    let host = args.names.take_host(&args.typed, env)?;
    let order = |host, key| {
        host_order(
            Some(host),
            key,
            &args.names,
            &args.profile,
            &args.subject,
            &args.lifetime,
        )
    };
    let Some(path) = &args.csr else {
        let key = host_key(args, &host, authority, env)?;
        return Ok(HostOrder {
            friendly_name: args.friendly_name.clone(),
            ..order(host, key)
        });
    };
    let request = decode_request(&input::read(path, env)?)
        .map_err(|error| failure::of_certificate(&shown(path), &error))?;
    Ok(HostOrder {
        names: Names::FromRequest {
            takes_names: args.accept_csr_names,
            request: Box::new(request.clone()),
        },
        ..order(host, HostKey::of_request(&request))
    })
}

fn report(is_trial: bool, comparison: &Comparison, certificate: IssueReport) -> EnsureReport {
    EnsureReport {
        changed: comparison.remedy != Remedy::Nothing,
        check: false,
        action: match (comparison.remedy, is_trial) {
            (Remedy::Nothing, _) => "none",
            (Remedy::Restore | Remedy::Refuse, true) => "would_restore",
            (Remedy::Restore | Remedy::Refuse, false) => "restored",
            (Remedy::Issue, true) => "would_issue",
            (Remedy::Issue, false) => "issued",
        },
        reasons: comparison
            .deviations
            .iter()
            .map(|deviation| Reason {
                code: deviation.code(),
                message: deviation.to_string(),
            })
            .collect(),
        compared: comparison
            .found
            .as_ref()
            .map(|found| found.certificate.serial().to_string()),
        restored: comparison.missing_files().map(shown).collect(),
        certificate,
    }
}

/// The certificate that is there, unless a new one is to take its place.
fn existing(planned: IssueReport, comparison: &Comparison) -> IssueReport {
    let Some(found) = comparison
        .found
        .as_ref()
        .filter(|_| comparison.remedy != Remedy::Issue)
    else {
        return planned;
    };
    let wrote_pfx = comparison
        .missing_files()
        .any(|path| path.extension().is_some_and(|ending| ending == "pfx"));
    let (pfx_encryption, pfx_password) = (planned.pfx_encryption.clone(), planned.pfx_password.clone());
    IssueReport {
        pfx_encryption: pfx_encryption.filter(|_| wrote_pfx),
        pfx_password: pfx_password.filter(|_| wrote_pfx),
        ..super::issue::existing(planned, &found.certificate, &found.files)
    }
}

fn restore(
    authority: &Authority,
    comparison: Comparison,
    plan: &IssuePlan<'_>,
    delivery: &Delivery,
    report: &mut EnsureReport,
    global: &Global,
    env: &mut Env,
) -> Result<(), Failure> {
    let restored = authority.restore_files(
        comparison,
        plan,
        delivery,
        &mut global.session("cert.restore", env),
    )?;
    report.restored = restored.written.iter().map(|path| shown(path)).collect();
    report.certificate.files = files(&restored.files);
    report.certificate.audit_head = restored.audit_head.as_ref().map(digits);
    Ok(())
}
