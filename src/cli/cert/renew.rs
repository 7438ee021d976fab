//! `gsec cert renew`.

use std::sync::Arc;

use super::issue::{complete, dry_run, existing, planned};
use super::revoke::refreshed_crl;
use crate::cli::ask::{self, Secret};
use crate::cli::delivery_args::{FileArgs, PfxArgs, warning_of_password};
use crate::cli::failure::{self, Failure};
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::key_args::KeyArgs;
use crate::cli::order_args::LifetimeArgs;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{CaPassphraseArgs, expect_one_stdin};
use crate::cli::selector::{self, SelectorKind};
use gsec_ca::authority::{
    Authority, AuthorityError, HostKey, HostOrder, IssuePlan, IssuedFiles, Once, StatusOrder, Unlocked,
    Warning, algorithm_like,
};
use gsec_ca::home::HostFile;
use gsec_ca::policy::Refusal;
use gsec_env::Env;
use gsec_pki::key::{KeyError, Signer, decode_private_key};
use gsec_pki::pkcs12::decode_pfx;
use gsec_pki::x509::{Certificate, RevocationReason, SerialNumber};
use gsec_report::{IssueReport, RenewReport, Selected};

/// Issue a new certificate to replace an existing one
///
/// The new certificate has the names, subject and profile of the old one, and a new lifetime. The key is new,
/// of the same type, unless `--keep-key` or `--key` is given; with `--keep-key`, a key that was never here
/// (from a CSR) is certified again as it is. A PFX is written if the old certificate had one, or if a
/// password is given for it. The old certificate stays valid without `--revoke-old`. If a host has several
/// certificates, the newest valid one is renewed, as `cert ensure` chooses. A command with `--revoke-old`
/// that was interrupted can be repeated: completed steps are not repeated. Of several commands at the same
/// time, one issues, and the others report and deliver what it issued.
#[derive(clap::Args)]
#[command(mut_arg("key_type", |arg| arg.help("Type of a new key [default: same as the old key]")))]
#[command(mut_arg("key_size", |arg| arg.help("Size of a new RSA key in bits: 2048, 3072, 4096 or 8192 [default: same as the old key]")))]
#[command(after_long_help = help!(
"  $ gsec cert renew db1.example.com
  $ gsec cert renew 01 --keep-key --days 365
  $ gsec cert renew db1.example.com --out-dir .
  $ gsec cert renew db1.example.com --revoke-old --dry-run"
))]
pub(in crate::cli) struct Args {
    /// A serial number of the CA, a certificate file, or a host
    #[arg(value_name = "SERIAL|FILE|HOST")]
    selector: String,

    #[command(flatten)]
    kind: SelectorKind,

    /// Certify the same key again
    #[arg(long, conflicts_with_all = ["key", "key_type", "key_size"], help_heading = "Key and lifetime")]
    keep_key: bool,

    /// Revoke the old certificate as superseded, and create a new CRL
    #[arg(long)]
    revoke_old: bool,

    /// Profile in gsec.toml [default: same as the old certificate]
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    #[command(flatten)]
    lifetime: LifetimeArgs,

    #[command(flatten)]
    key: KeyArgs,

    #[command(flatten)]
    pfx: PfxArgs,

    #[command(flatten)]
    files: FileArgs,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    /// Show what would be signed and written, and change nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: Args, global: &Global, env: &mut Env) -> CommandResult {
    let [password, key_file] = args.key.stdin_sources();
    expect_one_stdin(&[
        args.ca_passphrase.source(),
        args.pfx.password.source(),
        password,
        key_file,
    ])?;
    let authority = global.open_authority(env)?;
    // Before anything is chosen: what another call renews from now on need not be renewed again.
    let mut watch = authority.watch_renewals()?;
    let (serial, selected) = selector::serial(&args.selector, &args.kind, &authority, env)?;
    if let (Some(old), Some(_), Some(new)) = (
        authority.replaced_since(&mut watch, &serial)?,
        &selected,
        authority.issued_certificate(&serial)?,
    ) {
        return finish(&args, &authority, &old, (&new, selected), global, env);
    }
    // Of a host, what an earlier call issued is the newest now.
    if args.revoke_old
        && selected.is_some()
        && let (Some(old), Some(new)) = (
            authority.left_to_revoke(&serial, env.clock.now())?,
            authority.issued_certificate(&serial)?,
        )
    {
        return finish(&args, &authority, &old, (&new, selected), global, env);
    }
    if args.revoke_old
        && let Some(successor) = authority.successor_of(&serial, env.clock.now())?
    {
        return finish(&args, &authority, &serial, (&successor, selected), global, env);
    }
    let old = authority.renewable_certificate(&serial)?;
    let old_files = authority.existing_files(&old);
    let mut warnings = Vec::new();
    let key = host_key(&args, &authority, &old, &old_files, &mut warnings, env)?;
    let delivery = args
        .files
        .delivery(if wants_pfx(&args, &authority, &key, &old_files)? {
            args.pfx.order(env)?
        } else {
            None
        })?;
    expect_key_here(&args, &key)?;
    let kept = if is_same(&key, &old) { "kept" } else { "new" };
    let plan = plan(&args, &authority, &old, key, env)?;
    let plan = if args.revoke_old {
        plan.noting("revokes_old", true)
    } else {
        plan
    };
    let report = |certificate: IssueReport| RenewReport {
        replaces: serial.to_string(),
        key: kept,
        revoked_old: args.revoke_old,
        changed: true,
        selected: selected.clone(),
        crl: None,
        certificate,
    };
    if args.dry_run {
        warnings.extend(plan.warnings.iter().cloned());
        return Ok(Outcome::report(
            &report(dry_run(&authority, &plan, &delivery)?),
            &warnings,
            global,
        ));
    }
    let unlocked = args.ca_passphrase.unlock(&authority, env)?;
    let mut report = report(planned(&authority, &plan, &delivery));
    let now = env.clock.now();
    let ready = authority.ready_host(plan, &delivery)?;
    let mut look = |plan: &IssuePlan<'_>| match authority.renewed_since(&mut watch, plan, now)? {
        // What an earlier call left behind is complete now.
        None if args.revoke_old => authority.successor_of(&serial, now),
        found => Ok(found),
    };
    let session = &mut global.session("cert.renew", env);
    let issued = match authority.issue_once(&ready, &unlocked, &delivery, session, &mut look)? {
        Once::Issued(issued) => issued,
        Once::Present(new) => {
            return finish(&args, &authority, &serial, (&new, selected.clone()), global, env);
        }
    };
    complete(&mut report.certificate, &issued, global);
    warnings.extend(
        issued
            .warnings
            .iter()
            .cloned()
            .chain(warning_of_password(&delivery)),
    );
    let mut missing = None;
    if args.revoke_old {
        revoke_old(&authority, &serial, &unlocked, global, env)?;
        let made = refreshed_crl(&authority, &unlocked, global, env)?;
        (report.crl, report.certificate.audit_head) = (Some(made.facts), made.audit_head);
        warnings.extend(made.warnings);
        missing = made.missing;
    }
    Ok(Outcome::report(&report, &warnings, global).lacking(missing))
}

/// Completes a renewal whose new certificate exists already: another process issued it after this one started, or an earlier
/// command was interrupted before it revoked the old one or updated the CRL.
fn finish(
    args: &Args,
    authority: &Authority,
    serial: &SerialNumber,
    (successor, selected): (&Certificate, Option<Selected>),
    global: &Global,
    env: &mut Env,
) -> CommandResult {
    let key = HostKey::Certified(Box::new(successor.public_key().clone()));
    let kept = if authority
        .issued_certificate(serial)?
        .is_some_and(|old| is_same(&key, &old))
    {
        "kept"
    } else {
        "new"
    };
    let (files, written) = deliver(args, authority, successor, global, env)?;
    let plan = plan(args, authority, successor, key, env)?;
    let delivery = args.files.delivery(None)?;
    let certificate = existing(planned(authority, &plan, &delivery), successor, &files);
    let (replaces, revoked_old) = (serial.to_string(), args.revoke_old);
    let mut report = RenewReport {
        replaces,
        key: kept,
        revoked_old,
        changed: false,
        selected,
        crl: None,
        certificate,
    };
    report.certificate.audit_head = written;
    report.certificate.dry_run = args.dry_run;
    if !args.revoke_old {
        return Ok(Outcome::report(&report, &[], global));
    }
    let order = StatusOrder::Revoke(RevocationReason::Superseded);
    let planned = authority.plan_status(std::slice::from_ref(serial), order, env.clock.now())?;
    let (mut warnings, mut missing) = (Vec::new(), None);
    if !args.dry_run && (planned.is_changed() || !authority.crl_tells_of(&planned.records, env.clock.now())) {
        let unlocked = args.ca_passphrase.unlock(authority, env)?;
        if planned.is_changed() {
            revoke_old(authority, serial, &unlocked, global, env)?;
            report.changed = true;
        }
        let made = refreshed_crl(authority, &unlocked, global, env)?;
        (report.crl, report.certificate.audit_head) = (Some(made.facts), made.audit_head);
        (warnings, missing) = (made.warnings, made.missing);
    }
    Ok(Outcome::report(&report, &warnings, global).lacking(missing))
}

/// The files of a certificate that is there already. They are written where the user wants them, as `cert ensure` does; with the
/// audit log's head if any was missing there.
fn deliver(
    args: &Args,
    authority: &Authority,
    successor: &Certificate,
    global: &Global,
    env: &mut Env,
) -> Result<(IssuedFiles, Option<String>), Failure> {
    let files = authority.existing_files(successor);
    if args.dry_run || !args.files.is_elsewhere() {
        return Ok((files, None));
    }
    // A key that the repository does not have may be where the other files go.
    let key = if files.kept(HostFile::Key).is_some() || args.files.no_keep_key {
        HostKey::Generate(algorithm_like(successor).map_err(AuthorityError::from)?.0)
    } else {
        HostKey::Certified(Box::new(successor.public_key().clone()))
    };
    let pfx = match wants_pfx(args, authority, &key, &files)? {
        true => args.pfx.order(env)?,
        false => None,
    };
    let delivery = args.files.delivery(pfx)?;
    let plan = plan(args, authority, successor, key, env)?;
    let session = &mut global.session("cert.restore", env);
    let restored = authority.deliver_present(successor.clone(), &plan, &delivery, session)?;
    Ok((restored.files, restored.audit_head.as_ref().map(digits)))
}

/// What takes the place of an old certificate.
fn plan<'a>(
    args: &Args,
    authority: &'a Authority,
    old: &Certificate,
    key: HostKey,
    env: &Env,
) -> Result<IssuePlan<'a>, Failure> {
    let order = authority.renewal_of(old, args.profile.clone(), key)?;
    let order = HostOrder {
        lifetime: args.lifetime.asked(),
        ..order
    };
    authority
        .plan_host(order, env.clock.now())
        .map_err(|error| refused(error, args))
}

/// A key that is too small was given, or is to be kept.
fn refused(error: AuthorityError, args: &Args) -> Failure {
    match &error {
        AuthorityError::Refused { source, .. }
            if args.keep_key && matches!(**source, Refusal::KeyTooSmall { .. }) =>
        {
            let hint = "leave out `--keep-key`, and a key of sufficient size is made";
            Failure::from(error).with_hints(vec![hint.into()])
        }
        _ => error.into(),
    }
}

/// The key that is certified.
fn host_key(
    args: &Args,
    authority: &Authority,
    old: &Certificate,
    old_files: &IssuedFiles,
    warnings: &mut Vec<Warning>,
    env: &mut Env,
) -> Result<HostKey, Failure> {
    if let Some(given) = args.key.given(env)? {
        return Ok(HostKey::Given(Arc::new(given)));
    }
    if args.keep_key {
        return kept_key(args, authority, old, old_files, env);
    }
    if old_files.kept(HostFile::Key).is_none() {
        warnings.push(Warning::KeyElsewhere {
            serial: old.serial().clone(),
        });
    }
    if let Some(algorithm) = args.key.kind.asked()? {
        return Ok(HostKey::Generate(algorithm));
    }
    let (algorithm, rounded_up) = algorithm_like(old).map_err(AuthorityError::from)?;
    warnings.extend(rounded_up);
    Ok(HostKey::Generate(algorithm))
}

/// The private key in the repository; if it is missing, the certificate's public key.
fn kept_key(
    args: &Args,
    authority: &Authority,
    old: &Certificate,
    old_files: &IssuedFiles,
    env: &mut Env,
) -> Result<HostKey, Failure> {
    let Some(path) = old_files.kept(HostFile::Key) else {
        return Ok(HostKey::Certified(Box::new(old.public_key().clone())));
    };
    let password = args.key.password.read([], env)?;
    let content = authority.directory().read(path)?;
    let key = match decode_private_key(&content, password.given()) {
        Err(KeyError::Encrypted) if env.terminal.is_interactive() => {
            let question = format!("Password of {}", shown(path));
            let open = |typed: &str| decode_private_key(&content, Some(typed));
            let is_wrong = |error: &KeyError| matches!(error, KeyError::WrongPassword);
            ask::opening(&question, Secret::Password, is_wrong, open, env)?.map_err(|(error, _)| error)
        }
        opened => opened,
    };
    let key = key.map_err(|error| failure::of_key(&shown(path), &error))?;
    if !key.public_key().is_pair_of(old.public_key()) {
        let message = format!(
            "`{}` does not contain the private key of serial {}",
            shown(path),
            old.serial()
        );
        return Err(Failure::cannot("store.key_mismatch", message)
            .hint("pass its file with `--key`, or leave out `--keep-key`"));
    }
    Ok(HostKey::Given(Arc::new(key)))
}

fn is_same(key: &HostKey, old: &Certificate) -> bool {
    match key {
        HostKey::Generate(_) => false,
        HostKey::Given(key) => key.public_key().is_pair_of(old.public_key()),
        HostKey::Certified(key) => key.is_pair_of(old.public_key()),
    }
}

/// A PFX is written if the old certificate had one, or if a password is given. What was protected by a password does not come
/// to be under the empty one unasked.
fn wants_pfx(
    args: &Args,
    authority: &Authority,
    key: &HostKey,
    old_files: &IssuedFiles,
) -> Result<bool, Failure> {
    let is_given = args.pfx.password.source().is_some() || args.files.pfx_out.is_some();
    match (old_files.kept(HostFile::Pfx), key) {
        _ if args.pfx.no_pfx => Ok(false),
        (_, HostKey::Certified(_)) if is_given => Err(Failure::usage(
            "no PFX can be written: the private key is not here",
        )
        .hint("leave out the PFX's password and `--pfx-out`")),
        (_, HostKey::Certified(_)) => Ok(false),
        (None, _) => Ok(is_given),
        (Some(_), _) if is_given => Ok(true),
        (Some(path), _) => match decode_pfx(&authority.directory().read(path)?, "") {
            Err(error) if error.is_wrong_password() => {
                let message = format!(
                    "the old PFX, `{}`, has a password, and none is given for the new one",
                    shown(path)
                );
                Err(Failure::cannot("renewal.pfx_password", message)
                    .hint("give one with `--pfx-password-file`, or pass `--no-pfx`"))
            }
            _ => Ok(true),
        },
    }
}

/// Refuses to write a private key that is not here.
fn expect_key_here(args: &Args, key: &HostKey) -> Result<(), Failure> {
    match key {
        HostKey::Certified(_) if args.files.key_out.is_some() => Err(Failure::usage(
            "no key file can be written: the private key is not here",
        )
        .hint("leave out `--key-out`")),
        _ => Ok(()),
    }
}

fn revoke_old(
    authority: &Authority,
    serial: &SerialNumber,
    unlocked: &Unlocked,
    global: &Global,
    env: &mut Env,
) -> Result<(), Failure> {
    let order = StatusOrder::Revoke(RevocationReason::Superseded);
    let session = &mut global.session("cert.revoke", env);
    authority.change_status(std::slice::from_ref(serial), order, Some(unlocked), session).map(|_| ()).map_err(|error| {
        let option = global.directory_option();
        Failure::from(error)
            .hint(format!("the new certificate is issued; `gsec cert revoke {serial} --reason superseded{option}` revokes the old one"))
    })
}
