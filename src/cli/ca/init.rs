//! `gsec ca init`.

use std::path::PathBuf;

use super::lifetime_args::CaLifetimeArgs;
use super::new_ca_args::NewCaArgs;
use super::wizard;
use crate::cli::ask::{self, Unasked};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown, thumbprints};
use crate::cli::help::help;
use crate::cli::hint;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{ParentPassphraseArgs, expect_one_stdin};
use gsec_ca::authority::{
    Authority, AuthorityError, AuthorityOrder, CreatedAuthority, NewAuthority, NewIntermediate, Warning,
};
use gsec_ca::home::CaDir;
use gsec_env::Env;
use gsec_pki::key::KeyAlgorithm;
use gsec_pki::x509::{Certificate, DistinguishedName, Validity, rfc3339};
use gsec_report::{CaInitReport, NextSteps, ParentFacts};

/// Create a certification authority
///
/// Creates a CA directory: `ca_conf/` with certificate, private key, index and settings, and an empty
/// `repository/`. Never overwrites an existing CA. Without `--cn`, on a terminal, asks for name, key type,
/// lifetime and passphrase, shows a summary, and asks before it creates anything.
///
/// With `--parent`, creates an intermediate CA, signed by the CA in another directory. Its path length, name
/// constraints and expiry date cannot exceed its parent's. If the parent CA is on another machine, `gsec ca
/// request` does the same in three steps.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec ca init --cn 'Example CA'
  $ gsec ca init --cn 'Example CA' --org Example --country DE --key-type p256 --ca-dir example-ca
  $ gsec ca init --cn 'Branch CA' --permit-dns branch.example.com --ca-dir branch-ca
  $ gsec ca init --cn 'Safe CA' --encrypt-key --ca-passphrase-file secret.txt --ca-dir safe-ca
  $ gsec ca init --cn 'Issuing CA' --parent root-ca --ca-dir issuing-ca"
))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    new: NewCaArgs,

    #[command(flatten)]
    lifetime: CaLifetimeArgs,

    /// Create an intermediate CA below the CA in this directory
    #[arg(long, value_name = "DIR", help_heading = "Parent CA")]
    parent: Option<PathBuf>,

    #[command(flatten)]
    parent_passphrase: ParentPassphraseArgs,

    /// Show what would be created, and create nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(mut args: Args, global: &Global, env: &mut Env) -> CommandResult {
    expect_one_stdin(&[args.new.passphrase.source(), args.parent_passphrase.source()])?;
    let directory = global.new_directory(env);
    directory.refuse_existing()?;
    let parent = args
        .parent
        .as_ref()
        .map(|parent| Authority::open(CaDir::at(parent)))
        .transpose()?;
    if args.new.name.cn.is_none() {
        let call = wizard::Call {
            directory: &shown(directory.root()),
            has_lifetime: args.lifetime.asked().is_some(),
            has_parent: parent.is_some(),
            is_dry_run: args.dry_run,
        };
        wizard::ask(&mut args.new, &call, env)?;
    }
    let order = args.new.order(args.lifetime.asked(), env)?;
    match parent {
        None => root(&args, directory, order, global, env),
        Some(parent) => intermediate(&args, &parent, directory, order, global, env),
    }
}

fn root(
    args: &Args,
    directory: CaDir,
    order: AuthorityOrder,
    global: &Global,
    env: &mut Env,
) -> CommandResult {
    let plan = NewAuthority::plan(directory, order, env.clock.now())?;
    let planned = Planned {
        subject: &plan.subject,
        validity: plan.validity,
        path_len: plan.order().path_len,
        order: plan.order(),
    };
    let mut report = planned.report(&plan.directory, args.new.encrypts());
    let warnings = warnings_about_key(plan.order());
    if args.dry_run {
        return Ok(Outcome::report(&report, &warnings, global));
    }
    if !is_permitted(&report, args, global, env)? {
        return Ok(ask::declined(env));
    }
    let passphrase = args.new.new_passphrase(env)?;
    let created = plan.create(
        passphrase.as_ref().map(|passphrase| passphrase.as_str()),
        &mut global.session("ca.init", env),
    )?;
    complete(&mut report, &created, args, global);
    Ok(Outcome::report(&report, &warnings, global))
}

fn intermediate(
    args: &Args,
    parent: &Authority,
    directory: CaDir,
    order: AuthorityOrder,
    global: &Global,
    env: &mut Env,
) -> CommandResult {
    let new = NewIntermediate::plan(parent, directory, order, env.clock.now())?;
    let planned = Planned {
        subject: &new.plan.subject,
        validity: new.plan.validity,
        path_len: Some(new.plan.path_len),
        order: new.order(),
    };
    let mut report = planned.report(&new.directory, args.new.encrypts());
    let facts = parent_facts(parent);
    let about_key = warnings_about_key(new.order());
    if args.dry_run {
        report.serial = parent.next_serial()?.map(|serial| serial.to_string());
        report.parent = Some(facts);
        return Ok(Outcome::report(
            &report,
            &[about_key, new.plan.warnings].concat(),
            global,
        ));
    }
    report.parent = Some(facts);
    if !is_permitted(&report, args, global, env)? {
        return Ok(ask::declined(env));
    }
    let mut facts = parent_facts(parent);
    let key_above = args.parent_passphrase.unlock(parent, env)?;
    let passphrase = args.new.new_passphrase(env)?;
    let passphrase = passphrase.as_ref().map(|passphrase| passphrase.as_str());
    let created = new
        .create(passphrase, &key_above, &mut global.session("ca.init", env))
        .map_err(|error| failure(error, parent))?;
    complete(&mut report, &created.authority, args, global);
    facts.certificate = Some(shown(&created.certified.file));
    facts.audit_head = created.certified.audit_head.as_ref().map(digits);
    report.parent = Some(facts);
    Ok(Outcome::report(
        &report,
        &[about_key, created.certified.warnings].concat(),
        global,
    ))
}

/// Whether what the wizard was told is to be made; who gave a name was not asked anything.
fn is_permitted(report: &CaInitReport, args: &Args, global: &Global, env: &mut Env) -> Result<bool, Failure> {
    let shown = || ask::plan(report, global);
    let question = "Create this CA?";
    Ok(!args.new.answers.asked || ask::permission(shown, question, true, Unasked::GoesOn, global, env)?)
}

/// A CA of Ed25519 keeps out the same peers as a host of it.
fn warnings_about_key(order: &AuthorityOrder) -> Vec<Warning> {
    let is_ed25519 = order.algorithm == KeyAlgorithm::Ed25519;
    is_ed25519.then_some(Warning::Ed25519).into_iter().collect()
}

/// What went wrong, and how to take back what the CA above has recorded by then.
pub(super) fn failure(error: AuthorityError, parent: &Authority) -> Failure {
    let recorded = if let AuthorityError::AfterRecord { serial, .. } = &error {
        Some(serial.to_string())
    } else {
        None
    };
    let failure = Failure::from(error);
    let hints = hint::about_ca(failure.problem.hints.clone(), parent.directory().root());
    let failure = failure.with_hints(hints);
    match recorded {
        Some(serial) => failure.hint(format!(
            "`gsec cert revoke {serial} --ca-dir {}`",
            hint::quoted(parent.directory().root())
        )),
        None => failure,
    }
}

pub(super) fn parent_facts(parent: &Authority) -> ParentFacts {
    let (permitted_names, excluded_names) =
        super::subtrees(parent.path_upwards().filter_map(Certificate::name_constraints));
    let path_len = parent
        .certificate()
        .basic_constraints()
        .and_then(|constraints| constraints.path_len);
    ParentFacts {
        ca_dir: shown(parent.directory().root()),
        issuer: parent.certificate().subject().to_string(),
        path_len,
        permitted_names,
        excluded_names,
        certificate: None,
        audit_head: None,
    }
}

/// A CA that will be made.
struct Planned<'a> {
    subject: &'a DistinguishedName,
    validity: Validity,
    path_len: Option<u8>,
    order: &'a AuthorityOrder,
}

impl Planned<'_> {
    fn report(&self, directory: &CaDir, key_encrypted: bool) -> CaInitReport {
        let order = self.order;
        CaInitReport {
            dry_run: true,
            ca_dir: shown(directory.root()),
            subject: self.subject.to_string(),
            serial: None,
            key_type: order.algorithm.key_type().to_string(),
            key_bits: order.algorithm.bits(),
            key_encrypted,
            not_before: rfc3339(self.validity.not_before()),
            not_after: rfc3339(self.validity.not_after()),
            path_len: self.path_len,
            serial_mode: order.serial.name().into(),
            thumbprint_sha1: None,
            thumbprint_sha256: None,
            files: super::files_of(directory),
            parent: None,
            audit_head: None,
            next: NextSteps::default(),
        }
    }
}

fn complete(report: &mut CaInitReport, created: &CreatedAuthority, args: &Args, global: &Global) {
    report.dry_run = false;
    report.serial = Some(created.certificate.serial().to_string());
    [report.thumbprint_sha1, report.thumbprint_sha256] = thumbprints(&created.certificate).map(Some);
    report.audit_head = Some(digits(&created.audit_head));
    let issue = super::first_issue(&created.certificate, global).then(&args.new.passphrase.words());
    let next = NextSteps::default().command(&issue);
    report.next = match report.key_encrypted {
        true => next.advise(
            "Every command that signs needs the passphrase of the CA key: where it cannot be \
             typed, use --ca-passphrase-file or --ca-passphrase-env.",
        ),
        false => next,
    };
}
