//! `gsec ca sign`.

use std::path::{Path, PathBuf};

use super::lifetime_args::CaLifetimeArgs;
use super::new_ca_args::{CaNameArgs, LimitArgs};
use crate::cli::failure::{self, Failure};
use crate::cli::global::{Global, digits, shown, thumbprints};
use crate::cli::help::help;
use crate::cli::hint;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{CaPassphraseArgs, expect_one_stdin, stdin_of};
use gsec_ca::authority::{
    Authority, AuthorityError, CertifiedSubordinate, SubordinateRequestOrder, SubordinateRequestPlan,
};
use gsec_ca::files::{Access, Existing, write_output};
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::shell::Prose;
use gsec_pki::x509::{CertificateRequest, NameParts, decode_request, rfc3339};
use gsec_report::{CaSignReport, NextSteps};

/// Sign the CSR of an intermediate CA
///
/// The CSR may come from `gsec ca request` or from any other program. The name is taken from the CSR unless
/// `--cn` gives another one; path length and name constraints are those of the command line; everything else
/// in the CSR is left out and listed. Check the name before you sign.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec ca sign sub.csr --out certified.pem
  $ gsec ca sign sub.csr --permit-dns branch.example.com --days 730 --stdout
  $ gsec ca sign sub.csr --dry-run"
))]
pub(in crate::cli) struct Args {
    /// The CSR, PEM or DER; `-` for standard input
    #[arg(value_name = "CSR")]
    request: PathBuf,

    #[command(flatten)]
    name: CaNameArgs,

    #[command(flatten)]
    limits: LimitArgs,

    #[command(flatten)]
    lifetime: CaLifetimeArgs,

    /// Write the certificate and those above it to this file, for `gsec ca accept`
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Print the certificate and those above it as PEM on stdout
    #[arg(long, conflicts_with_all = ["json", "out"], help_heading = "Output")]
    stdout: bool,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    /// Show what would be signed and written, and change nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    expect_one_stdin(&[args.ca_passphrase.source(), stdin_of(&args.request)])?;
    if args.name.lacks_common_name() {
        return Err(Failure::usage("`--cn` is required to give the CA another name").hint("use `--cn NAME`"));
    }
    let authority = global.open_authority(env)?;
    let content = input::read(&args.request, env)?;
    let request =
        decode_request(&content).map_err(|error| failure::of_certificate(&shown(&args.request), &error))?;
    args.out.as_deref().map_or(Ok(()), super::expect_new_file)?;
    let plan = authority
        .plan_subordinate_request(&request, order(args), env.clock.now())
        .map_err(of_request)?;
    let mut report = planned(&authority, &request, &plan, args);
    if args.dry_run {
        report.serial = authority.next_serial()?.map(|serial| serial.to_string());
        return Ok(Outcome::report(&report, &plan.subordinate.warnings, global));
    }
    let unlocked = args.ca_passphrase.unlock_here(&authority, env)?;
    let mut session = global.session("ca.sign", env);
    let certified = authority
        .certify_subordinate(&plan.subordinate, request.public_key(), &unlocked, &mut session)
        .map_err(|error| super::init::failure(error, &authority))?;
    let chain = authority.with_path(&certified.certificate, env.clock.now());
    if let Some(path) = &args.out {
        let written = write_output(path, Access::Public, chain.as_bytes(), Existing::Keep);
        written.map_err(|error| {
            Failure::from(error).hint(format!("the certificate is in `{}`", shown(&certified.file)))
        })?;
    }
    if args.stdout {
        return Ok(Outcome::payload(chain.into_bytes()).with_warnings(&certified.warnings));
    }
    complete(&mut report, &certified, &authority.directory().ca_certificate());
    Ok(Outcome::report(&report, &certified.warnings, global))
}

fn order(args: &Args) -> SubordinateRequestOrder {
    SubordinateRequestOrder {
        name: args.name.cn.is_some().then(|| NameParts::new(args.name.parts())),
        lifetime: args.lifetime.asked(),
        path_len: args.limits.path_len,
        constraints: args.limits.constraints(),
    }
}

/// What is wrong with a request, with what to type for a CA.
fn of_request(error: AuthorityError) -> Failure {
    let hints = if let AuthorityError::Request(error) = &error {
        Some(hint::for_subordinate_request(error))
    } else {
        None
    };
    let failure = Failure::from(error);
    match hints {
        Some(hints) => failure.with_hints(hints),
        None => failure,
    }
}

fn planned(
    authority: &Authority,
    request: &CertificateRequest,
    plan: &SubordinateRequestPlan,
    args: &Args,
) -> CaSignReport {
    let (subordinate, key) = (&plan.subordinate, request.public_key());
    let (permitted_names, excluded_names) = super::subtrees(subordinate.constraints.as_ref());
    CaSignReport {
        dry_run: true,
        ca_dir: shown(authority.directory().root()),
        source: shown(&args.request),
        serial: None,
        subject: subordinate.subject.to_string(),
        issuer: authority.certificate().subject().to_string(),
        key_type: key.type_name(),
        key: key.to_string(),
        key_bits: key.size_bits(),
        public_key_sha256: encode(&key.pin(), Separator::None),
        not_before: rfc3339(subordinate.validity.not_before()),
        not_after: rfc3339(subordinate.validity.not_after()),
        path_len: subordinate.path_len,
        permitted_names,
        excluded_names,
        ignored: plan.ignored.clone(),
        thumbprint_sha1: None,
        thumbprint_sha256: None,
        certificate: None,
        out: args.out.as_deref().map(shown),
        audit_head: None,
        next: NextSteps::default(),
    }
}

fn complete(report: &mut CaSignReport, certified: &CertifiedSubordinate, ca_certificate: &Path) {
    report.dry_run = false;
    report.serial = Some(certified.certificate.serial().to_string());
    [report.thumbprint_sha1, report.thumbprint_sha256] = thumbprints(&certified.certificate).map(Some);
    report.certificate = Some(shown(&certified.file));
    report.audit_head = certified.audit_head.as_ref().map(digits);
    let words = Prose::new("Where the new CA is, install it: gsec ca accept ");
    // The CA's own copy is without the certificates above it, which the file of `--out` contains.
    let words = match &report.out {
        Some(file) => words.path(file.as_ref()),
        None => words
            .path(&certified.file)
            .words(" --chain ")
            .path(ca_certificate),
    };
    report.next = NextSteps::default().advise(words);
}
