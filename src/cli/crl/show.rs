//! `gsec crl show`.

use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::cli::failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::hint;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::InputPassword;
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::SignatureCheck;
use gsec_pki::x509::{Certificate, RevocationList, decode_certificates, decode_crls, rfc3339};
use gsec_report::{CrlEntryFacts, CrlInFull, CrlShowReport, ExtensionFacts};

/// Show everything in a CRL
///
/// Reads PEM or DER, and shows each CRL in the file. The signature is checked if the certificate of the
/// issuing CA is available: this CA's, or the one of `--issuer`.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec crl show
  $ gsec crl show gsec-ca/ca_conf/ca_crl.pem --json"
))]
pub(in crate::cli) struct Args {
    /// The CRL, or `-` [default: the CRL of the CA directory]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// The certificate of the CA that issued it
    #[arg(long, value_name = "FILE")]
    issuer: Option<PathBuf>,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let path = match &args.file {
        Some(path) => path.clone(),
        None => global.existing_directory(env)?.crl(),
    };
    let bytes = input::read(&path, env).map_err(|failure| match (&args.file, path.symlink_metadata()) {
        (None, Err(_)) => failure.hint("this CA has made no CRL yet: `gsec crl update` makes one"),
        _ => failure,
    })?;
    let source = shown(&path);
    let crls = decode_crls(&bytes).map_err(|error| {
        let failure = failure::of_certificate(&source, &error);
        let hint = if decode_certificates(&bytes).is_ok() {
            Some(hint::on_input(&source, |typed| {
                format!("`gsec cert show {typed}` shows a certificate")
            }))
        } else {
            None
        };
        hint.into_iter().fold(failure, failure::Failure::hint)
    })?;
    let issuers = issuers(args, global, env)?;
    let now = env.clock.now();
    let mut shown = crls.iter().map(|crl| in_full(source.clone(), crl, &issuers, now));
    let first = shown
        .next()
        .ok_or_else(|| failure::Failure::cannot("x509.no_crl", format!("`{source}` contains no CRL")))?;
    Ok(Outcome::report(
        &CrlShowReport {
            first,
            others: shown.collect(),
        },
        &[],
        global,
    ))
}

/// The certificates by whose keys the CRL may be signed.
fn issuers(args: &Args, global: &Global, env: &mut Env) -> Result<Vec<Certificate>, failure::Failure> {
    match &args.issuer {
        Some(path) => input::certificates(Path::new(path), &InputPassword::none(), env),
        None => match global.open_authority(env) {
            Ok(authority) => Ok(authority.trusted().cloned().collect()),
            Err(failure) if global.ca_dir.is_some() => Err(failure),
            Err(_) => Ok(Vec::new()),
        },
    }
}

fn in_full(source: String, crl: &RevocationList, issuers: &[Certificate], now: OffsetDateTime) -> CrlInFull {
    let checks: Vec<SignatureCheck> = issuers
        .iter()
        .filter(|issuer| issuer.subject() == crl.issuer())
        .map(|issuer| crl.verify_signature(issuer.public_key()))
        .collect();
    CrlInFull {
        source,
        issuer: crl.issuer().to_string(),
        version: crl.version(),
        number: crl.number().map(ToString::to_string),
        base_number: crl.base_number().map(ToString::to_string),
        limits: limits(crl),
        this_update: rfc3339(crl.this_update()),
        next_update: crl.next_update().map(rfc3339),
        overdue: crl.next_update().is_some_and(|due| due < now),
        signature_algorithm: crl.signature_algorithm(),
        signature: match checks.as_slice() {
            [] => "unchecked",
            checks if checks.contains(&SignatureCheck::Good) => "good",
            checks if checks.contains(&SignatureCheck::Unsupported) => "unsupported",
            _ => "bad",
        },
        authority_key_identifier: crl
            .authority_key_identifier()
            .map(|identifier| encode(identifier, Separator::None)),
        unknown_critical: crl.unknown_critical_extensions().to_vec(),
        extensions: crl
            .extensions_in_full()
            .iter()
            .map(ExtensionFacts::from)
            .collect(),
        revoked: crl
            .entries()
            .zip(crl.entry_issuers())
            .map(|(entry, issuer)| CrlEntryFacts {
                serial: entry.serial.to_string(),
                revoked_at: entry.date_problem.is_none().then(|| rfc3339(entry.revoked_at)),
                date_problem: entry.date_problem,
                reason: entry.reason.map(gsec_pki::x509::RevocationReason::name),
                invalidity_date: entry.invalidity_date.map(rfc3339),
                certificate_issuer: issuer,
            })
            .collect(),
    }
}

/// Which certificates it is about, in words; nothing for all certificates of its issuer.
fn limits(crl: &RevocationList) -> Vec<String> {
    crl.issuing_distribution_point()
        .map(|point| point.limits(Some(crl.issuer())))
        .unwrap_or_default()
}
