//! `gsec cert issue`.

use std::path::Path;

use crate::cli::delivery_args::{FileArgs, PfxArgs, warning_of_password};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown, thumbprints};
use crate::cli::help::help;
use crate::cli::host_list_args::ListArgs;
use crate::cli::key_args::KeyArgs;
use crate::cli::order_args::{HostArgs, HostSubjectArgs, LifetimeArgs, ProfileArgs, TypedNames, host_order};
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{CaPassphraseArgs, expect_one_stdin};
use gsec_ca::authority::{Authority, Delivery, HostOrder, IssuePlan, IssuedFiles, IssuedHost, Warning};
use gsec_ca::home::HostFile;
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::{Certificate, ExtendedKeyUsage, GeneralName, rfc3339};
use gsec_report::{IssueFiles, IssueReport, NextSteps, Notice};

/// Issue a certificate for a host, with its key and a PFX
///
/// Writes to the CA's repository: the certificate with the intermediates that clients need, the private key,
/// and a PKCS #12 file (PFX) with key, certificate and CA for Windows hosts. The PFX has the empty password
/// unless one is given.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert issue db1.example.com
  $ gsec cert issue db1.example.com db 10.0.0.5 --key-type p256 --days 365
  $ gsec cert issue db1.example.com --key-type p256 --out-dir .
  $ gsec cert issue --host gui7.example.com --profile gui --pfx-password-file secret.txt
  $ gsec cert issue --from hosts.csv --key-type p256 --no-pfx"
))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    typed: TypedNames,

    #[command(flatten)]
    pub(super) names: HostArgs,

    #[command(flatten)]
    pub(super) profile: ProfileArgs,

    #[command(flatten)]
    pub(super) list: ListArgs,

    #[command(flatten)]
    pub(super) subject: HostSubjectArgs,

    #[command(flatten)]
    pub(super) lifetime: LifetimeArgs,

    #[command(flatten)]
    pub(super) key: KeyArgs,

    #[command(flatten)]
    pub(super) pfx: PfxArgs,

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

    /// Print certificate and key as PEM on stdout, and keep no key
    #[arg(long, conflicts_with_all = ["json", "out_dir", "cert_out", "key_out", "chain_out", "pfx_out"], help_heading = "Output")]
    stdout: bool,

    #[command(flatten)]
    pub(super) ca_passphrase: CaPassphraseArgs,

    /// Show what would be signed and written, and change nothing
    #[arg(long, help_heading = "Output")]
    pub(super) dry_run: bool,
}

pub(in crate::cli) fn run(mut args: Args, global: &Global, env: &mut Env) -> CommandResult {
    let [password, key] = args.key.stdin_sources();
    expect_one_stdin(&[
        args.ca_passphrase.source(),
        args.pfx.password.source(),
        password,
        key,
    ])?;
    let no_pfx = notice_of_no_pfx(&args);
    let authority = global.open_authority(env)?;
    let order = order(&mut args, env)?;
    let plan = authority.plan_host(order, env.clock.now())?;
    let delivery = delivery(&args, env)?;
    if args.dry_run {
        return Ok(Outcome::report(
            &dry_run(&authority, &plan, &delivery)?,
            &plan.warnings,
            global,
        ));
    }
    let unlocked = args.ca_passphrase.unlock(&authority, env)?;
    let mut report = planned(&authority, &plan, &delivery);
    let issued = authority.issue_host(plan, &unlocked, &delivery, &mut global.session("cert.issue", env))?;
    if args.stdout {
        let stream = [
            issued.certificate_pem.as_bytes(),
            issued
                .key_pem
                .as_ref()
                .map(|pem| pem.as_bytes())
                .unwrap_or_default(),
        ]
        .concat();
        let mut outcome = Outcome::only_copy(stream).with_warnings(&issued.warnings);
        outcome.warnings.extend(no_pfx);
        return Ok(outcome);
    }
    complete(&mut report, &issued, global);
    let warnings: Vec<Warning> = issued
        .warnings
        .iter()
        .cloned()
        .chain(warning_of_password(&delivery))
        .collect();
    Ok(Outcome::report(&report, &warnings, global))
}

/// What was asked for a PFX has no effect where certificate and key are printed.
fn notice_of_no_pfx(args: &Args) -> Option<Notice> {
    let has_wishes = args.pfx.password.source().is_some() || args.friendly_name.is_some();
    (args.stdout && has_wishes).then(|| Notice {
        code: "no_pfx".into(),
        message: "no PFX is made with --stdout: its password and its friendly name have no effect".into(),
        hint: None,
    })
}

/// The order from the command line.
fn order(args: &mut Args, env: &mut Env) -> Result<HostOrder, Failure> {
    let host = args.names.take_host(&args.typed, env)?;
    let key = args.key.host_key(env)?;
    let order = host_order(
        Some(host),
        key,
        &args.names,
        &args.profile,
        &args.subject,
        &args.lifetime,
    );
    Ok(HostOrder {
        friendly_name: args.friendly_name.take(),
        ..order
    })
}

pub(super) fn delivery(args: &Args, env: &Env) -> Result<Delivery, Failure> {
    let delivery = args
        .files
        .delivery(if args.stdout { None } else { args.pfx.order(env)? })?;
    Ok(Delivery {
        keep_key: delivery.keep_key && !args.stdout,
        ..delivery
    })
}

/// Everything short of opening the CA key: what would be signed, and which files would be written.
pub(super) fn dry_run(
    authority: &Authority,
    plan: &IssuePlan<'_>,
    delivery: &Delivery,
) -> Result<IssueReport, Failure> {
    authority.expect_deliverable(plan, delivery)?;
    would_issue(authority, plan, delivery)
}

/// What would be issued, whether or not there is room for it.
pub(super) fn would_issue(
    authority: &Authority,
    plan: &IssuePlan<'_>,
    delivery: &Delivery,
) -> Result<IssueReport, Failure> {
    let mut report = planned(authority, plan, delivery);
    if let Some(serial) = authority.next_serial()? {
        report.files = files(&authority.files_to_be(plan, &serial, delivery));
        report.serial = Some(serial.to_string());
    }
    Ok(report)
}

/// What will be issued, before it is.
pub(super) fn planned(authority: &Authority, plan: &IssuePlan<'_>, delivery: &Delivery) -> IssueReport {
    IssueReport {
        dry_run: true,
        ca_dir: shown(authority.directory().root()),
        serial: None,
        subject: plan.subject.to_string(),
        names: plan.names.iter().map(ToString::to_string).collect(),
        profile: plan.profile.name.clone(),
        key_type: plan.key.type_name(),
        key: plan.key.to_string(),
        key_bits: plan.key.bits(),
        not_before: rfc3339(plan.validity.not_before()),
        not_after: rfc3339(plan.validity.not_after()),
        thumbprint_sha1: None,
        thumbprint_sha256: None,
        files: IssueFiles::default(),
        pfx_encryption: delivery.pfx.as_ref().map(|pfx| pfx.encryption.name().into()),
        pfx_password: delivery.pfx.as_ref().map(|pfx| {
            if pfx.password.is_empty() {
                "empty".into()
            } else {
                "given".into()
            }
        }),
        audit_head: None,
        next: NextSteps::default(),
    }
}

/// The report about a certificate that is there in the place of one that was planned.
pub(super) fn existing(planned: IssueReport, certificate: &Certificate, found: &IssuedFiles) -> IssueReport {
    let [thumbprint_sha1, thumbprint_sha256] = thumbprints(certificate).map(Some);
    IssueReport {
        dry_run: false,
        serial: Some(certificate.serial().to_string()),
        subject: certificate.subject().to_string(),
        names: certificate
            .subject_alternative_names()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect(),
        not_before: rfc3339(certificate.not_before()),
        not_after: rfc3339(certificate.not_after()),
        key: certificate.public_key().to_string(),
        thumbprint_sha1,
        thumbprint_sha256,
        files: files(found),
        ..planned
    }
}

/// Adds what there is now that it is issued.
pub(super) fn complete(report: &mut IssueReport, issued: &IssuedHost, global: &Global) {
    report.dry_run = false;
    report.serial = Some(issued.serial.to_string());
    [report.thumbprint_sha1, report.thumbprint_sha256] = thumbprints(&issued.certificate).map(Some);
    report.files = files(&issued.files);
    report.audit_head = issued.audit_head.as_ref().map(digits);
    if let Some(file) = issued.files.kept(HostFile::Certificate) {
        report.next = NextSteps::default().command(&verification(&issued.certificate, file, global));
    }
}

/// The command that validates the new certificate, for its host and its use.
fn verification(certificate: &Certificate, file: &Path, global: &Global) -> CommandLine {
    let host = certificate
        .subject_alternative_names()
        .unwrap_or_default()
        .iter()
        .find_map(GeneralName::host);
    let name = host
        .map(|host| CommandLine::new("--name").value(&host.value()))
        .unwrap_or_default();
    let purpose = match (
        certificate.permits(&ExtendedKeyUsage::ServerAuth),
        certificate.permits(&ExtendedKeyUsage::ClientAuth),
    ) {
        (true, _) => "",
        (false, true) => "--purpose client",
        (false, false) => "--purpose any",
    };
    CommandLine::new("gsec cert verify")
        .path(file)
        .then(&name)
        .words(purpose)
        .then(&global.directory_words())
}

/// The files of an issued certificate, as reports show them.
pub(in crate::cli) fn files(files: &IssuedFiles) -> IssueFiles {
    let kept = |file: HostFile| files.kept(file).map(shown);
    IssueFiles {
        certificate: kept(HostFile::OwnCopy),
        host_certificate: kept(HostFile::Certificate),
        private_key: kept(HostFile::Key),
        pfx: kept(HostFile::Pfx),
        delivered: files
            .delivered
            .iter()
            .map(|delivered| shown(&delivered.path))
            .collect(),
    }
}
