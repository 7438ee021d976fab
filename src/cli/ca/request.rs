//! `gsec ca request`.

use std::path::{Path, PathBuf};

use super::new_ca_args::NewCaArgs;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::signer;
use gsec_ca::authority::{AuthorityError, NewWaiting};
use gsec_ca::files::{Access, Existing, write_output};
use gsec_ca::home::StoreError;
use gsec_env::Env;
use gsec_pki::encoding::shell::Prose;
use gsec_pki::x509::{Certificate, CertificateRequest};
use gsec_report::{CaRequestReport, NextSteps};

/// Create a CSR for an intermediate CA, to be signed by its parent CA
///
/// With `--cn`, creates a CA directory with a key and a CSR (ca_conf/ca_req.pem), which waits for its
/// certificate. Take the CSR to the parent CA, on any machine: `gsec ca sign` signs it, and `gsec ca accept`
/// installs the certificate. Path length and name constraints are only requested; the parent CA decides.
///
/// Without `--cn`, creates a CSR with the name and key of the existing CA, to get a new certificate from the
/// parent CA.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec ca request --cn 'Issuing CA' --ca-dir issuing-ca
  $ gsec ca request --cn 'Issuing CA' --path-len 0 --key-type p384 --ca-dir issuing-ca --out sub.csr
  $ gsec ca request --out renewal.csr"
))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    new: NewCaArgs,

    /// Write the CSR to this file; `-` for standard output [default: the CA directory, or standard output]
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Show what would be created, and create nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: Args, global: &Global, env: &mut Env) -> CommandResult {
    let is_new = !args.new.is_empty();
    if args.new.name.cn.is_some() || (is_new && env.terminal.is_interactive()) {
        return waiting(args, global, env);
    }
    if is_new {
        return Err(
            Failure::usage("these options are for a new CA, and its name is missing").hint("use `--cn NAME`"),
        );
    }
    present(&args, global, env)
}

/// A new CA, which waits.
fn waiting(mut args: Args, global: &Global, env: &mut Env) -> CommandResult {
    let planned = NewWaiting::plan(global.new_directory(env), args.new.order(None, env)?);
    if matches!(
        planned.as_ref().err().and_then(AuthorityError::in_directory),
        Some(StoreError::Waiting { .. })
    ) && let Some(request) = made_before(&mut args, global, env)?
    {
        return write_made(&request, &args, global, env);
    }
    let new = planned?;
    let out = file_of(args.out.as_deref());
    out.map_or(Ok(()), super::expect_new_file)?;
    if let Some(folder) = out.and_then(Path::parent) {
        new.directory.expect_outside(folder)?;
    }
    let order = new.order();
    let (permitted_names, excluded_names) = super::subtrees(order.constraints.as_ref());
    let mut report = CaRequestReport {
        dry_run: true,
        ca_dir: shown(new.directory.root()),
        created: true,
        subject: new.subject.to_string(),
        key_type: order.algorithm.key_type().to_string(),
        key_bits: Some(order.algorithm.bits()),
        key_encrypted: args.new.encrypts(),
        path_len: order.path_len.map(u32::from),
        permitted_names,
        excluded_names,
        files: std::iter::once(new.directory.ca_request().as_path())
            .chain(out)
            .map(shown)
            .collect(),
        request_pem: None,
        audit_head: None,
        next: NextSteps::default(),
    };
    if args.dry_run {
        return Ok(Outcome::report(&report, &[], global));
    }
    let passphrase = args.new.new_passphrase(env)?;
    let created = new.create(
        passphrase.as_ref().map(|passphrase| passphrase.as_str()),
        &mut global.session("ca.request", env),
    )?;
    report.audit_head = Some(digits(&created.audit_head));
    let request = out.map_or(report.files[0].clone(), shown);
    report.next = with_the_parent(Path::new(&request), global);
    finish(report, &created.request, &args, global)
}

/// The request of a call that was cut off after it had made the same CA, and before it wrote the request elsewhere.
fn made_before(
    args: &mut Args,
    global: &Global,
    env: &mut Env,
) -> Result<Option<CertificateRequest>, Failure> {
    if file_of(args.out.as_deref()).is_none_or(|path| path.symlink_metadata().is_ok()) {
        return Ok(None);
    }
    Ok(NewWaiting::made_before(
        &global.new_directory(env),
        &args.new.order(None, env)?,
        args.new.encrypts(),
    )?)
}

/// Writes a request that was made before.
fn write_made(request: &CertificateRequest, args: &Args, global: &Global, env: &Env) -> CommandResult {
    let (out, key) = (file_of(args.out.as_deref()), request.public_key());
    let (permitted_names, excluded_names) = super::subtrees(args.new.limits.constraints().as_ref());
    let report = CaRequestReport {
        dry_run: true,
        ca_dir: shown(global.new_directory(env).root()),
        created: false,
        subject: request.subject().to_string(),
        key_type: key.type_name(),
        key_bits: key.size_bits(),
        key_encrypted: args.new.encrypts(),
        path_len: args.new.limits.path_len.map(u32::from),
        permitted_names,
        excluded_names,
        files: out.into_iter().map(shown).collect(),
        request_pem: None,
        audit_head: None,
        next: out.map_or_else(NextSteps::default, |path| with_the_parent(path, global)),
    };
    if args.dry_run {
        Ok(Outcome::report(&report, &[], global))
    } else {
        finish(report, request, args, global)
    }
}

/// The CA that is there.
fn present(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    signer::expect_key_here(authority.directory())?;
    let certificate: &Certificate = authority.certificate();
    let out = file_of(args.out.as_deref());
    out.map_or(Ok(()), super::expect_new_file)?;
    let (permitted_names, excluded_names) = super::subtrees(certificate.name_constraints());
    let mut report = CaRequestReport {
        dry_run: true,
        ca_dir: shown(authority.directory().root()),
        created: false,
        subject: certificate.subject().to_string(),
        key_type: certificate.public_key().type_name(),
        key_bits: certificate.public_key().size_bits(),
        key_encrypted: authority.key_is_encrypted()?,
        path_len: certificate
            .basic_constraints()
            .and_then(|constraints| constraints.path_len),
        permitted_names,
        excluded_names,
        files: out.into_iter().map(shown).collect(),
        request_pem: None,
        audit_head: None,
        next: NextSteps::default(),
    };
    if args.dry_run {
        return Ok(Outcome::report(&report, &[], global));
    }
    let unlocked = args.new.passphrase.unlock_here(&authority, env)?;
    let request = authority.own_request(&unlocked)?;
    report.next = match out {
        Some(path) => with_the_parent(path, global),
        None => NextSteps::default().advise("Where the parent CA is, sign it with gsec ca sign; here, install the certificate with gsec ca accept."),
    };
    Ok(finish(report, &request, args, global)?.with_warnings(unlocked.warnings()))
}

/// The parent CA is elsewhere, or is another directory.
fn with_the_parent(request: &Path, global: &Global) -> NextSteps {
    let directory = global.ca_dir.as_deref();
    let accept = Prose::new("Here, install it: gsec ca accept certified.pem");
    let accept = directory.map_or_else(
        || accept.clone(),
        |directory| accept.clone().words(" --ca-dir ").path(directory),
    );
    NextSteps::default()
        .advise(
            Prose::new("Where the parent CA is, sign it: gsec ca sign ")
                .path(request)
                .words(" --out certified.pem"),
        )
        .advise(accept)
}

fn finish(
    mut report: CaRequestReport,
    request: &CertificateRequest,
    args: &Args,
    global: &Global,
) -> CommandResult {
    let pem = request.to_pem();
    if let Some(path) = file_of(args.out.as_deref()) {
        write_output(path, Access::Public, pem.as_bytes(), Existing::Keep)?;
    }
    let goes_to_stdout = args.out.as_deref().is_some_and(|path| path.as_os_str() == "-")
        || (args.out.is_none() && !report.created);
    if goes_to_stdout && !global.json {
        return Ok(Outcome::payload(pem.into_bytes()));
    }
    report.dry_run = false;
    report.request_pem = Some(pem);
    Ok(Outcome::report(&report, &[], global))
}

/// `-` is not a file.
fn file_of(out: Option<&Path>) -> Option<&Path> {
    out.filter(|path| path.as_os_str() != "-")
}
