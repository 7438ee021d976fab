//! `gsec ca accept`.

use std::path::PathBuf;

use crate::cli::ask::{self, Unasked};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown, thumbprints};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{InputPassword, expect_one_stdin, stdin_of};
use gsec_ca::authority::Acceptance;
use gsec_env::Env;
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::rfc3339;
use gsec_report::{CaAcceptReport, NextSteps, PathStep};

/// Install the certificate issued by the parent CA
///
/// Run this in the directory where `gsec ca request` was run, either for a new CA or to renew one. Every
/// certificate up to the self-signed root is required, in any order and in any of the files. The certificate
/// must contain this CA's key, be a CA certificate, and be currently valid; if this CA has already issued
/// certificates, its name and key identifier must not change. The previous certificate is kept. A certificate
/// that moves the CA to a different root must be confirmed.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec ca accept certified.pem
  $ gsec ca accept certified.pem --chain root.pem --dry-run"
))]
pub(in crate::cli) struct Args {
    /// The certificate, optionally with those above it, PEM or DER; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Certificates above it, up to the root; can be repeated
    #[arg(long, value_name = "FILE")]
    chain: Vec<PathBuf>,

    /// Show what would be accepted, and change nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let files: Vec<&PathBuf> = std::iter::once(&args.file).chain(&args.chain).collect();
    expect_one_stdin(&files.iter().map(|path| stdin_of(path)).collect::<Vec<_>>())?;
    let directory = global.found_directory(env)?;
    let mut given = Vec::new();
    for path in files {
        given.extend(input::certificates(path, &InputPassword::none(), env)?);
    }
    let acceptance = Acceptance::plan(directory, &given, env.clock.now())?;
    let mut report = report(&acceptance);
    if args.dry_run || !report.changed {
        report.dry_run = args.dry_run;
        return Ok(Outcome::report(&report, &acceptance.warnings, global));
    }
    if acceptance.is_move && !is_confirmed(&acceptance, global, env)? {
        return Ok(ask::declined(env));
    }
    let accepted = acceptance.accept(&mut global.session("ca.accept", env))?;
    report.kept = accepted.kept.as_deref().map(shown);
    report.audit_head = accepted.audit_head.as_ref().map(digits);
    report.next = NextSteps::default().command(&super::first_issue(&acceptance.certificate, global));
    Ok(Outcome::report(&report, &acceptance.warnings, global))
}

/// Whether the administrator wants the CA under another root.
fn is_confirmed(acceptance: &Acceptance, global: &Global, env: &mut Env) -> Result<bool, Failure> {
    let what = acceptance
        .warnings
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    let refusal = format!("{what}; this must be confirmed, and there is no terminal");
    let unasked = Unasked::Refuses(
        refusal,
        "confirm with `--yes`; `--dry-run` shows what would be accepted",
    );
    let shown = || visible(&what) + "\n";
    ask::permission(shown, "Accept this certificate?", false, unasked, global, env)
}

fn report(acceptance: &Acceptance) -> CaAcceptReport {
    let certificate = &acceptance.certificate;
    let [thumbprint_sha1, thumbprint_sha256] = thumbprints(certificate);
    CaAcceptReport {
        dry_run: false,
        ca_dir: shown(acceptance.directory.root()),
        changed: !acceptance.changes_nothing(),
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        serial: certificate.serial().to_string(),
        not_before: rfc3339(certificate.not_before()),
        not_after: rfc3339(certificate.not_after()),
        path_len: certificate
            .basic_constraints()
            .and_then(|constraints| constraints.path_len),
        chain: acceptance.chain.iter().map(PathStep::from).collect(),
        thumbprint_sha1,
        thumbprint_sha256,
        certificate: shown(&acceptance.directory.ca_certificate()),
        kept: None,
        audit_head: None,
        next: NextSteps::default(),
    }
}
