//! `gsec ca rekey`.

use super::lifetime_args::CaLifetimeArgs;
use super::renew::progress;
use crate::cli::ask::{self, Unasked};
use crate::cli::cert::refreshed_crl;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown, thumbprints};
use crate::cli::help::help;
use crate::cli::key_args::KeyTypeArgs;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::CaPassphraseArgs;
use crate::cli::signer;
use gsec_ca::authority::{Authority, RekeyOrder, RekeyPlan, RekeyedAuthority};
use gsec_ca::home::{PreviousFile, exists};
use gsec_env::Env;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::x509::rfc3339;
use gsec_report::{CaRekeyFiles, CaRekeyReport, NextSteps};

/// Roll over the CA key, with cross-certificates for a gradual migration
///
/// Creates a new key and root, and two cross-certificates: the new key signed by the old one, which is part
/// of every chain issued from now on, so that clients that trust only the old root still accept it; and the
/// old key signed by the new one. ca_conf/ca_bundle.pem contains both roots, for clients to trust. The old
/// key stays in ca_conf/previous/ under the same passphrase, and continues to sign a CRL until its root
/// expires; after that, newly issued chains no longer include the cross-certificate. On a terminal, shows what
/// would be created and asks for confirmation; `--yes` confirms.
#[derive(clap::Args)]
#[command(mut_arg("key_type", |arg| arg.help("Type of the new key [default: same as the old key]")))]
#[command(mut_arg("key_size", |arg| arg.help("Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: same as the old key, or 2048]")))]
#[command(mut_arg("days", |arg| arg.help("Lifetime in days of 24 hours from now [default: 3650]")))]
#[command(after_long_help = help!(
"  $ gsec ca rekey
  $ gsec ca rekey --key-type p256 --dry-run
  $ gsec ca rekey --key-type rsa --key-size 3072 --days 7300 --json"
))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    key: KeyTypeArgs,

    #[command(flatten)]
    lifetime: CaLifetimeArgs,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    /// Show what would be created, and create nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    signer::expect_key_here(authority.directory())?;
    let order = RekeyOrder {
        algorithm: args.key.asked()?,
        lifetime: args.lifetime.asked(),
    };
    let plan = authority.plan_rekey(&order, env.clock.now(), &mut progress(global))?;
    let mut report = planned(&authority, &plan)?;
    if args.dry_run {
        return Ok(Outcome::report(&report, &plan.warnings, global));
    }
    let question = "Replace the key of this CA?";
    let shown = || ask::plan(&report, global);
    if !ask::permission(shown, question, false, Unasked::GoesOn, global, env)? {
        return Ok(ask::declined(env));
    }
    let unlocked = args.ca_passphrase.unlock_here(&authority, env)?;
    let had_crl = exists(&authority.directory().crl())?;
    let rekeyed = authority.rekey(&plan, &unlocked, &mut global.session("ca.rekey", env))?;
    complete(&mut report, &rekeyed, global);
    let mut warnings: Vec<_> = unlocked
        .warnings()
        .iter()
        .chain(&plan.warnings)
        .cloned()
        .collect();
    let mut missing = None;
    if had_crl {
        let made = refreshed_crl(&rekeyed.authority, &rekeyed.unlocked, global, env)?;
        (report.crl, report.audit_head) = (Some(made.facts), made.audit_head);
        warnings.extend(made.warnings);
        missing = made.missing;
    }
    Ok(Outcome::report(&report, &warnings, global).lacking(missing))
}

fn planned(authority: &Authority, plan: &RekeyPlan) -> Result<CaRekeyReport, Failure> {
    let directory = authority.directory();
    let old = authority.certificate();
    let previous = |file: PreviousFile| shown(&directory.previous_of(old.public_key()).join(file.name()));
    Ok(CaRekeyReport {
        dry_run: true,
        ca_dir: shown(directory.root()),
        subject: old.subject().to_string(),
        serial: None,
        key_type: plan.algorithm.key_type().to_string(),
        key_bits: plan.algorithm.bits(),
        key_encrypted: authority.key_is_encrypted()?,
        not_before: rfc3339(plan.validity.not_before()),
        not_after: rfc3339(plan.validity.not_after()),
        old_not_after: rfc3339(old.not_after()),
        thumbprint_sha1: None,
        thumbprint_sha256: None,
        files: CaRekeyFiles {
            certificate: shown(&directory.ca_certificate()),
            private_key: shown(&directory.ca_key()),
            bundle: shown(&directory.bundle()),
            old_certificate: previous(PreviousFile::Certificate),
            old_private_key: previous(PreviousFile::Key),
            new_with_old: previous(PreviousFile::NewWithOld),
            old_with_new: previous(PreviousFile::OldWithNew),
        },
        crl: None,
        audit_head: None,
        next: NextSteps::default(),
    })
}

fn complete(report: &mut CaRekeyReport, rekeyed: &RekeyedAuthority, global: &Global) {
    let certificate = rekeyed.authority.certificate();
    report.dry_run = false;
    report.serial = Some(certificate.serial().to_string());
    [report.thumbprint_sha1, report.thumbprint_sha256] = thumbprints(certificate).map(Some);
    report.audit_head = rekeyed.audit_head.as_ref().map(digits);
    let directory = rekeyed.authority.directory();
    report.next = NextSteps::default()
        .command(&CommandLine::new("gsec cert list").then(&global.directory_words()))
        .advise(
            Prose::new("Give ")
                .path(&directory.bundle())
                .words(" to every client and server that trusts this CA, before the old root expires at ")
                .name(&report.old_not_after)
                .words("."),
        )
        .advise(
            "Issue again for every listed host. CAs below this one also need a new certificate: gsec ca \
             renew with --parent, or gsec ca request, sign and accept.",
        )
        .advise(
            Prose::new("Once nothing that the old key signed is valid any more, peers need ")
                .path(&directory.ca_certificate())
                .words(" alone."),
        );
}
