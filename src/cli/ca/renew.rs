//! `gsec ca renew`.

use std::path::PathBuf;

use super::init::parent_facts;
use super::lifetime_args::CaLifetimeArgs;
use super::{init, named};
use crate::cli::global::{Global, digits, shown, thumbprints};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::print::write_stderr;
use crate::cli::secret::{CaPassphraseArgs, ParentPassphraseArgs};
use gsec_ca::authority::{
    Authority, IssuedUnder, RenewalOrder, RenewedAuthority, RenewedSubordinate, SubordinateRenewal,
};
use gsec_ca::home::CaDir;
use gsec_env::Env;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::x509::{Validity, rfc3339};
use gsec_report::{CaRenewReport, NextSteps};

/// Renew the CA certificate, with the same key and name
///
/// Certificates that the CA has issued also verify under the new CA certificate, except those that reference
/// the old one by its serial number. All valid certificates are read first; if there are such certificates,
/// nothing is changed without `--keep-serial`. The old certificate is kept in ca_conf/previous/. Clients that
/// trust the CA need the new certificate before the old one expires.
///
/// An intermediate CA is renewed by its parent CA, in the directory given by `--parent`: path length and name
/// constraints stay the same. If the parent CA is on another machine, `gsec ca request`, `sign` and `accept`
/// do the same.
#[derive(clap::Args)]
#[command(mut_arg("days", |arg| arg.help("Lifetime in days of 24 hours from now [default: 3650; 1825 with --parent]")))]
#[command(after_long_help = help!(
"  $ gsec ca renew
  $ gsec ca renew --days 1825 --dry-run
  $ gsec ca renew --keep-serial --json
  $ gsec ca renew --ca-dir issuing-ca --parent root-ca"
))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    lifetime: CaLifetimeArgs,

    /// Keep the serial number of the old certificate. Two certificates with the same issuer and serial number
    /// can confuse caches
    #[arg(long, conflicts_with = "parent", help_heading = "Key and lifetime")]
    keep_serial: bool,

    /// Renew an intermediate CA: its certificate is signed by the CA in this directory
    #[arg(long, value_name = "DIR", help_heading = "Parent CA")]
    parent: Option<PathBuf>,

    #[command(flatten)]
    parent_passphrase: ParentPassphraseArgs,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    /// Show what would be created, and create nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    if let Some(parent) = &args.parent {
        return below(
            args,
            &authority,
            &Authority::open(CaDir::at(parent))?,
            global,
            env,
        );
    }
    let order = RenewalOrder {
        lifetime: args.lifetime.asked(),
        keeps_serial: args.keep_serial,
    };
    let plan = authority.plan_renewal(&order, env.clock.now(), &mut progress(global))?;
    let mut report = planned(&authority, plan.validity, &plan.issued);
    report.serial = plan.keeps_serial.then(|| report.previous_serial.clone());
    if args.dry_run {
        return Ok(Outcome::report(&report, &plan.warnings, global));
    }
    let unlocked = args.ca_passphrase.unlock_here(&authority, env)?;
    let renewed = authority.renew(&plan, &unlocked, &mut global.session("ca.renew", env))?;
    complete(&mut report, &renewed);
    let until = rfc3339(authority.certificate().not_after());
    let words = Prose::new("Give ")
        .path(&authority.directory().ca_certificate())
        .words(" to every client and server that trusts this CA, before the old certificate expires at ");
    report.next = NextSteps::default().advise(words.name(&until).words("."));
    let warnings: Vec<_> = unlocked
        .warnings()
        .iter()
        .chain(&plan.warnings)
        .cloned()
        .collect();
    Ok(Outcome::report(&report, &warnings, global))
}

/// Shows how many certificates were read, on a terminal.
pub(super) fn progress(global: &Global) -> impl FnMut(u64) {
    let is_told = !global.quiet && !global.json;
    move |count| {
        if is_told {
            write_stderr(&format!("checked {count} valid certificates\n"));
        }
    }
}

/// Renews an intermediate CA.
fn below(
    args: &Args,
    authority: &Authority,
    parent: &Authority,
    global: &Global,
    env: &mut Env,
) -> CommandResult {
    let renewal = SubordinateRenewal::plan(
        authority,
        parent,
        args.lifetime.asked(),
        env.clock.now(),
        &mut progress(global),
    )?;
    let mut report = planned(authority, renewal.plan.validity, &renewal.issued);
    let mut facts = parent_facts(parent);
    if args.dry_run {
        report.serial = parent.next_serial()?.map(|serial| serial.to_string());
        report.parent = Some(facts);
        return Ok(Outcome::report(&report, &renewal.plan.warnings, global));
    }
    let key_above = args.parent_passphrase.unlock(parent, env)?;
    let renewed = renewal
        .renew(&key_above, &mut global.session("ca.renew", env))
        .map_err(|error| init::failure(error, parent))?;
    let RenewedSubordinate { certified, accepted } = renewed;
    facts.certificate = Some(shown(&certified.file));
    facts.audit_head = certified.audit_head.as_ref().map(digits);
    report.parent = Some(facts);
    let kept = accepted.kept.unwrap_or_default();
    complete(
        &mut report,
        &RenewedAuthority {
            certificate: certified.certificate,
            kept,
            audit_head: accepted.audit_head,
        },
    );
    report.next = NextSteps::default()
        .command(&CommandLine::new("gsec cert list").then(&global.directory_words()))
        .advise(
            "Issue or renew for hosts: their files then contain the new CA certificate. The old one is \
             valid until it expires.",
        );
    Ok(Outcome::report(&report, &certified.warnings, global))
}

fn planned(authority: &Authority, validity: Validity, issued: &IssuedUnder) -> CaRenewReport {
    let old = authority.certificate();
    CaRenewReport {
        dry_run: true,
        ca_dir: shown(authority.directory().root()),
        subject: old.subject().to_string(),
        previous_serial: old.serial().to_string(),
        serial: None,
        not_before: rfc3339(validity.not_before()),
        not_after: rfc3339(validity.not_after()),
        checked: issued.checked,
        bound_to_serial: named(&issued.bound),
        certificate: shown(&authority.directory().ca_certificate()),
        kept: None,
        thumbprint_sha1: None,
        thumbprint_sha256: None,
        parent: None,
        audit_head: None,
        next: NextSteps::default(),
    }
}

fn complete(report: &mut CaRenewReport, renewed: &RenewedAuthority) {
    report.dry_run = false;
    report.serial = Some(renewed.certificate.serial().to_string());
    report.kept = Some(shown(&renewed.kept));
    [report.thumbprint_sha1, report.thumbprint_sha256] = thumbprints(&renewed.certificate).map(Some);
    report.audit_head = renewed.audit_head.as_ref().map(digits);
}
