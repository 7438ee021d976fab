//! `gsec convert to-pfx`.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{existing, is_standard_output, passed_over, to_stdout, write};
use crate::cli::failure::{self, Failure};
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::hint;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{PasswordArgs, PfxPasswordArgs, expect_one_stdin, read_secret, stdin_of};
use crate::cli::value;
use gsec_ca::authority::Warning;
use gsec_ca::files::Access;
use gsec_env::Env;
use gsec_pki::contents::{Arrangement, Bundle, BundledCertificate, BundledKey, Entry, OnlyEntry};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::key::KeyError;
use gsec_pki::pkcs12::{PfxContent, PfxEncryption, encode_pfx, is_password_for_java};
use gsec_pki::x509::Certificate;
use gsec_report::ToPfxReport;

/// Create a PKCS #12 file (PFX) from certificate, key and chain
///
/// Input can be PEM, DER or PKCS #12, so this also re-encrypts an existing PFX, or changes its password. The
/// key must match the certificate; the chain is put in order. Without a password the PFX has the empty one.
///
/// `modern` encryption is read by OpenSSL, Java 8u301 and later, NSS, Windows Server 2019 and later, and macOS 15
/// and later; `compat` by all of these, and by Windows Server 2008 to 2016 and earlier Java and macOS.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec convert to-pfx --cert cert.pem --key key.pem --chain ca.pem --out db1.pfx
  $ gsec convert to-pfx --cert old.pfx --password-file secret.txt --pfx-encryption compat -o new.pfx
  $ gsec convert to-pfx --cert ca.pem --trust-store --pfx-password-file secret.txt --out trust.p12"
))]
pub(in crate::cli) struct Args {
    /// The certificate; its issuers and its key may follow in the same file. `-` for standard input
    #[arg(long, value_name = "FILE")]
    cert: PathBuf,

    /// The private key [default: the one in the file of `--cert`]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    /// Issuers of the certificate, in any order; can be repeated
    #[arg(long, value_name = "FILE")]
    chain: Vec<PathBuf>,

    /// Write certificates without a key, which Java reads as trusted entries
    #[arg(long, conflicts_with = "key")]
    trust_store: bool,

    /// The PKCS #12 file to write; `-` for standard output
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    out: PathBuf,

    /// Replace the output if it exists
    #[arg(long, help_heading = "Output")]
    force: bool,

    #[command(flatten)]
    pfx_password: PfxPasswordArgs,

    /// PFX encryption: modern (AES-256 and SHA-256) or compat (3DES and SHA-1)
    #[arg(long, value_name = "HOW", default_value = "modern", value_parser = value::one_of(&PfxEncryption::ALL, PfxEncryption::name), help_heading = "PKCS #12")]
    pfx_encryption: PfxEncryption,

    /// Friendly name of the entry, as shown by dialogs and Java [default: from the input, else the host]
    #[arg(long, value_name = "NAME", help_heading = "PKCS #12")]
    friendly_name: Option<String>,

    #[command(flatten)]
    password: PasswordArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let stdin = args
        .chain
        .iter()
        .chain([&args.cert])
        .chain(&args.key)
        .map(|path| stdin_of(path));
    let sources: Vec<_> = stdin
        .chain([args.password.source(), args.pfx_password.source()])
        .collect();
    expect_one_stdin(&sources)?;
    let to_standard_output = is_standard_output(&args.out);
    if to_standard_output && global.json {
        return Err(Failure::usage(
            "both the result and the document of `--json` would go to standard output",
        )
        .hint("pass a file with `--out`"));
    }
    let bundle = read_all(args, env)?;
    let password = args
        .pfx_password
        .source()
        .map(|source| read_secret(&source, env))
        .transpose()?
        .unwrap_or_default();
    let (pfx, mut report) = if args.trust_store {
        trust_store(args, &bundle, &password, env)?
    } else {
        key_and_chain(args, &bundle, &password, env)?
    };
    let mut notices = passed_over(args.key.as_ref().unwrap_or(&args.cert), &bundle);
    if !is_password_for_java(&password) {
        notices.push(hint::notice(&Warning::PasswordNotForJava));
    }
    if to_standard_output {
        return Ok(to_stdout(&pfx, notices));
    }
    report.file = Some(write(
        &args.out,
        Access::Secret,
        &pfx,
        existing(args.force),
        "PKCS #12",
    )?);
    Ok(Outcome::noticed(&report, notices, global))
}

/// Everything in the files that were named, as if it were one file.
fn read_all(args: &Args, env: &mut Env) -> Result<Bundle, Failure> {
    let password = args.password.read([], env)?;
    let mut all = input::bundle(&args.cert, &password, env)?;
    if all.certificates.is_empty() {
        return Err(holds_no(&args.cert, "certificate", &all));
    }
    if let Some(path) = &args.key {
        let with_key = input::bundle(path, &password, env)?;
        if with_key.keys.is_empty() {
            return Err(holds_no(path, "private key", &with_key));
        }
        all.keys = with_key.keys;
        all.others.extend(&with_key.others);
    }
    for path in &args.chain {
        let chain = input::bundle(path, &password, env)?;
        if chain.certificates.is_empty() {
            return Err(holds_no(path, "certificate", &chain));
        }
        all.certificates.extend(chain.certificates);
    }
    Ok(all)
}

fn holds_no(path: &std::path::Path, wanted: &str, bundle: &Bundle) -> Failure {
    Failure::cannot("convert.missing", format!("cannot use `{}`", shown(path)))
        .because(format!("it contains no {wanted}: {}", bundle.in_words()))
}

type Made = (Zeroizing<Vec<u8>>, ToPfxReport);

fn key_and_chain(args: &Args, bundle: &Bundle, password: &str, env: &mut Env) -> Result<Made, Failure> {
    let arranged = bundle.arrange();
    let pair = bundle
        .first_pair(&arranged)
        .and_then(|entry| Some((entry, entry.key.as_ref()?)));
    let (entry, key) = match bundle.only_entry(&arranged) {
        OnlyEntry::Entry(entry @ Entry { key: Some(key), .. }) => (entry, key),
        OnlyEntry::Entry(_) | OnlyEntry::NoKey => {
            return Err(Failure::usage("missing private key")
                .hint("pass it with `--key`, or `--trust-store` for certificates without one"));
        }
        OnlyEntry::NoCertificate(key) => return Err(no_match(args, key, bundle)),
        OnlyEntry::SeveralKeys(count) => {
            if let Some(pair) = pair {
                return key_and_chain_of(pair, args, &arranged, password, env);
            }
            let path = shown(args.key.as_ref().unwrap_or(&args.cert));
            return Err(failure::of_key(&path, &KeyError::SeveralKeys { count }));
        }
    };
    key_and_chain_of((entry, key), args, &arranged, password, env)
}

fn key_and_chain_of(
    (entry, key): (&Entry<'_>, &&BundledKey),
    args: &Args,
    arranged: &Arrangement<'_>,
    password: &str,
    env: &mut Env,
) -> Result<Made, Failure> {
    let certificates = entry.path();
    let friendly_name = args
        .friendly_name
        .clone()
        .unwrap_or_else(|| entry.friendly_name());
    let content = PfxContent::KeyAndChain {
        key: &key.key,
        certificates: &certificates,
        friendly_name: &friendly_name,
    };
    let pfx = encode_pfx(&content, password, args.pfx_encryption, &mut |out| {
        env.random.fill(out)
    })?;
    let other_pairs = arranged
        .entries
        .iter()
        .filter(|other| !std::ptr::eq(other.certificate, entry.certificate));
    let with_key = |other: &Entry<'_>| {
        format!(
            "{} and its key, {}",
            other.certificate.certificate.subject(),
            other.certificate.certificate.public_key()
        )
    };
    let others = arranged
        .other_certificates
        .iter()
        .map(|found| found.certificate.subject().to_string());
    let left_out = other_pairs.map(with_key).chain(others).collect();
    Ok((
        pfx,
        report(
            args,
            true,
            &certificates,
            vec![friendly_name.clone()],
            left_out,
            password,
        ),
    ))
}

fn trust_store(args: &Args, bundle: &Bundle, password: &str, env: &mut Env) -> Result<Made, Failure> {
    let entries = bundle.trusted_entries(args.friendly_name.as_deref());
    let pfx = encode_pfx(
        &PfxContent::TrustStore {
            certificates: &entries,
        },
        password,
        args.pfx_encryption,
        &mut |out| env.random.fill(out),
    )?;
    let (certificates, names): (Vec<&Certificate>, Vec<String>) = entries.into_iter().unzip();
    Ok((
        pfx,
        report(args, false, &certificates, names, Vec::new(), password),
    ))
}

fn report(
    args: &Args,
    has_key: bool,
    certificates: &[&Certificate],
    friendly_names: Vec<String>,
    left_out: Vec<String>,
    password: &str,
) -> ToPfxReport {
    ToPfxReport {
        source: shown(&args.cert),
        file: None,
        has_key,
        certificates: certificates
            .iter()
            .map(|certificate| certificate.subject().to_string())
            .collect(),
        friendly_names,
        left_out,
        pfx_encryption: args.pfx_encryption.name().into(),
        pfx_password: if password.is_empty() {
            "empty".into()
        } else {
            "given".into()
        },
    }
}

/// The key does not match any certificate: both sides of the comparison.
fn no_match(args: &Args, key: &BundledKey, bundle: &Bundle) -> Failure {
    use gsec_pki::encoding::hex::{Separator, encode};
    let pin = |public: &gsec_pki::key::PublicKey| encode(&public.pin(), Separator::None);
    let key_path = args.key.as_ref().unwrap_or(&args.cert);
    let can_be_pair =
        |found: &BundledCertificate| key.key.is_pair_of(found.certificate.public_key()).is_none();
    if bundle.certificates.iter().any(can_be_pair) {
        return not_compared(args, key, key_path);
    }
    let mut failure = Failure::cannot(
        "convert.key_mismatch",
        format!(
            "the private key in `{}` does not belong to the certificate in `{}`",
            shown(key_path),
            shown(&args.cert)
        ),
    );
    let first = bundle
        .certificates
        .first()
        .map(|found| pin(found.certificate.public_key()))
        .unwrap_or_default();
    failure.problem.caused_by.push(match key.key.public_key() {
        Some(public) => format!(
            "public keys differ (key sha256 {}, certificate sha256 {first})",
            pin(public)
        ),
        None => format!("it is a key of {}, and no certificate is", key.key.algorithm()),
    });
    failure.hint("gsec cert match finds the certificate of this key")
}

/// The key may be the certificate's: gsec cannot tell.
fn not_compared(args: &Args, key: &BundledKey, key_path: &Path) -> Failure {
    let message = format!(
        "whether the private key in `{}` belongs to the certificate in `{}` cannot be checked",
        shown(key_path),
        shown(&args.cert)
    );
    let why = format!(
        "the public key of a key of {} cannot be derived, and no identifier in the files links the key to a certificate",
        key.key.algorithm()
    );
    let command = CommandLine::new("openssl pkcs12 -export -in")
        .path(&args.cert)
        .words("-inkey")
        .path(key_path);
    let out = hint::unused("new", "pfx");
    Failure::cannot("convert.key_not_compared", message)
        .because(why)
        .hint(format!("OpenSSL compares the two itself: `{command} -out {out}`"))
}
