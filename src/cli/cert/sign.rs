//! `gsec cert sign`.

use std::path::PathBuf;

use super::issue::{complete, dry_run, planned};
use crate::cli::delivery_args::{CertOutArgs, OutDirArgs};
use crate::cli::failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::order_args::{HostArgs, HostSubjectArgs, LifetimeArgs, ProfileArgs, host_order};
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{CaPassphraseArgs, expect_one_stdin, stdin_of};
use gsec_ca::authority::{Delivery, HostKey, HostOrder, IssuePlan, Names};
use gsec_env::Env;
use gsec_pki::key::KeyFormat;
use gsec_pki::x509::{CertificateRequest, decode_request};
use gsec_report::{IssueReport, Notice, SignReport};

const OUT_DIR: &str =
    "Also write certificate and chain to this directory, under names that stay the same after each renewal";
const OUT_DIR_IN_FULL: &str = "Also write certificate and chain to this directory, under names that stay the \
    same after each renewal\n\nFor db1.example.com: db1_cert.pem and db1_chain.pem (the CA certificates). They are \
    links through DIR/current into DIR/releases, which keeps what was replaced, and both change in one step. \
    Other hosts can use the same directory. A file that gsec did not make, or that belongs to another host, is \
    not replaced.";
const CERT_OUT_IN_FULL: &str = "Also write the certificate, with its intermediates, to this file\n\nAn earlier \
    certificate of this CA for the same host is replaced; any other file is not.";

/// Sign a CSR that was created elsewhere
///
/// The CSR must be signed by its own key. Only the names you pass are certified. Everything else comes from
/// the profile; other requested extensions are listed and ignored. A CSR with names that you did not pass is
/// refused, unless you accept them and gsec.toml permits it.
#[derive(clap::Args)]
#[command(mut_arg("out_dir", |arg| arg.help(OUT_DIR).long_help(OUT_DIR_IN_FULL)))]
#[command(mut_arg("cert_out", |arg| arg.long_help(CERT_OUT_IN_FULL)))]
#[command(after_long_help = help!(
"  $ gsec cert sign db1_req.pem --host db1.example.com
  $ gsec cert sign db1_req.pem --accept-csr-names --days 365 --out-dir .
  $ gsec cert sign - --host db1.example.com --dry-run --json < db1_req.pem"
))]
pub(in crate::cli) struct Args {
    /// A file with one CSR, PEM or DER; `-` for standard input
    #[arg(value_name = "CSR")]
    request: PathBuf,

    #[command(flatten)]
    names: HostArgs,

    /// Also certify the names requested in the CSR
    #[arg(long)]
    accept_csr_names: bool,

    #[command(flatten)]
    profile: ProfileArgs,

    #[command(flatten)]
    subject: HostSubjectArgs,

    #[command(flatten)]
    lifetime: LifetimeArgs,

    #[command(flatten)]
    out: OutDirArgs,

    #[command(flatten)]
    single: CertOutArgs,

    /// Print the certificate as PEM on stdout; the repository keeps it too
    #[arg(long, conflicts_with_all = ["json", "out_dir", "cert_out", "chain_out"], help_heading = "Output")]
    stdout: bool,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    /// Show what would be signed and written, and change nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: Args, global: &Global, env: &mut Env) -> CommandResult {
    expect_one_stdin(&[stdin_of(&args.request), args.ca_passphrase.source()])?;
    let authority = global.open_authority(env)?;
    let request_name = shown(&args.request);
    let request = decode_request(&input::read(&args.request, env)?)
        .map_err(|error| failure::of_certificate(&request_name, &error))?;
    let delivery = Delivery {
        pfx: None,
        key_format: KeyFormat::Pkcs8,
        out_dir: args.out.out_dir.clone(),
        out_names: args.out.out_names,
        out_files: args.single.files()?,
        keep_key: false,
    };
    let plan = authority.plan_host(order(&args, &request), env.clock.now())?;
    if args.dry_run {
        let warnings = &plan.warnings;
        return Ok(Outcome::report(
            &report(
                dry_run(&authority, &plan, &delivery)?,
                request_name,
                &request,
                &plan,
            ),
            warnings,
            global,
        ));
    }
    let unlocked = args.ca_passphrase.unlock(&authority, env)?;
    let mut report = report(
        planned(&authority, &plan, &delivery),
        request_name,
        &request,
        &plan,
    );
    let issued = authority.issue_host(plan, &unlocked, &delivery, &mut global.session("cert.sign", env))?;
    if args.stdout {
        let mut outcome =
            Outcome::payload(issued.certificate_pem.into_bytes()).with_warnings(&issued.warnings);
        outcome.warnings.extend(notice_of_ignored(&report.ignored));
        return Ok(outcome);
    }
    complete(&mut report.issue, &issued, global);
    Ok(Outcome::report(&report, &issued.warnings, global))
}

/// The order from the command line.
fn order(args: &Args, request: &CertificateRequest) -> HostOrder {
    let order = host_order(
        args.names.host.clone(),
        HostKey::of_request(request),
        &args.names,
        &args.profile,
        &args.subject,
        &args.lifetime,
    );
    HostOrder {
        names: Names::FromRequest {
            request: Box::new(request.clone()),
            takes_names: args.accept_csr_names,
        },
        ..order
    }
}

fn report(
    issue: IssueReport,
    name: String,
    request: &CertificateRequest,
    plan: &IssuePlan<'_>,
) -> SignReport {
    SignReport {
        request: name,
        request_signature: request.signature_algorithm(),
        names_from_request: plan.names_taken.iter().map(ToString::to_string).collect(),
        ignored: plan.ignored.clone(),
        issue,
    }
}

/// Where no report is printed, what was not granted is said beside the certificate.
fn notice_of_ignored(ignored: &[String]) -> Option<Notice> {
    let message = || format!("the CSR requests more than was granted: {}", ignored.join("; "));
    (!ignored.is_empty()).then(|| Notice {
        code: "wishes_ignored".into(),
        message: message(),
        hint: None,
    })
}
