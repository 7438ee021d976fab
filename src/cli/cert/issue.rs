//! `gsec cert issue`.

use std::path::PathBuf;
use std::sync::Arc;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::authority::{Authority, Delivery, HostKey, HostOrder, IssuePlan, IssuedFiles, IssuedHost, PfxOrder, Warning};
use crate::cli::failure::{self, Failure};
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::name_args::SubjectArgs;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{CaPassphraseArgs, PasswordArgs, PfxPasswordArgs, SecretSource, expect_one_stdin, read_secret};
use crate::cli::value::{self, KeyFormatArg, KeyType, PfxEncryptionArg};
use crate::cli::{hint, input};
use crate::encoding::hex::{Separator, encode};
use crate::env::Env;
use crate::pkcs12::is_password_for_java;
use crate::report::{IssueFiles, IssueReport};
use crate::x509::{GeneralName, Lifetime, NameAttribute, rfc3339};

/// The profile of `gsec.toml` that is used when none is named.
const DEFAULT_PROFILE: &str = "host";

/// Issue a certificate for a host, with its key and a PFX
///
/// Writes into the CA's repository: the certificate with the intermediates that a peer needs, the private key, and a
/// PKCS #12 file (PFX) with key, certificate and CA for Windows hosts. The PFX has the empty password unless one is given.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert issue --host db1.example.com
  $ gsec cert issue --host db1.example.com --san ip:10.0.0.5 --san dns:db --key-type p256 --days 365
  $ gsec cert issue --host gui7.example.com --profile gui --pfx-password-file secret.txt"
))]
pub(in crate::cli) struct Args {
    /// Fully qualified name or IP address of the host; `*.example.com` for a wildcard
    #[arg(long, value_name = "FQDN|IP", value_parser = value::host)]
    host: Option<GeneralName>,

    /// Further name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; may be given several times
    #[arg(long, value_name = "KIND:NAME", value_parser = value::san)]
    san: Vec<GeneralName>,

    /// Profile of gsec.toml: what the certificate may be used for [default: host]
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Common name [default: the host]
    #[arg(long, value_name = "NAME", value_parser = value::common_name, help_heading = "Subject")]
    cn: Option<NameAttribute>,

    #[command(flatten)]
    subject: SubjectArgs,

    /// Lifetime in days, counted from now in units of 24 hours [default: 100, or as the profile says]
    #[arg(long, value_name = "N", value_parser = value::days, group = "end", help_heading = "Key and lifetime")]
    days: Option<u32>,

    /// Lifetime with its unit: `90m`, `12h`, `30d`, `52w`
    #[arg(long, value_name = "TIME", value_parser = value::lifetime, group = "end", help_heading = "Key and lifetime")]
    lifetime: Option<Lifetime>,

    /// End of lifetime: `2027-12-31`, or `2027-12-31T12:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = value::time, group = "end", help_heading = "Key and lifetime")]
    not_after: Option<OffsetDateTime>,

    /// Kind of key [default: rsa]
    #[arg(long, value_name = "TYPE", conflicts_with = "key", help_heading = "Key and lifetime")]
    key_type: Option<KeyType>,

    /// Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]
    #[arg(long, value_name = "BITS", conflicts_with = "key", help_heading = "Key and lifetime")]
    key_size: Option<u32>,

    /// Use this private key instead of a new one
    #[arg(long, value_name = "FILE", help_heading = "Key and lifetime")]
    key: Option<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,

    #[command(flatten)]
    pfx_password: PfxPasswordArgs,

    /// How the PFX is encrypted. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL.
    /// compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016
    #[arg(long, value_name = "HOW", default_value = "modern", help_heading = "PKCS #12")]
    pfx_encryption: PfxEncryptionArg,

    /// Name that dialogues and Java show for the entry [default: the host]
    #[arg(long, value_name = "NAME", conflicts_with = "no_pfx", help_heading = "PKCS #12")]
    friendly_name: Option<String>,

    /// Write no PFX
    #[arg(long, conflicts_with_all = ["pfx_password", "pfx_encryption"], help_heading = "PKCS #12")]
    no_pfx: bool,

    /// Form of the private key file: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)
    #[arg(long, value_name = "FORM", default_value = "pkcs8", help_heading = "Output")]
    key_format: KeyFormatArg,

    /// Write certificate, key and PFX into this folder as well
    #[arg(long, value_name = "DIR", conflicts_with = "stdout", help_heading = "Output")]
    out_dir: Option<PathBuf>,

    /// Keep neither key nor PFX in the CA's repository
    #[arg(long, requires = "out_dir", help_heading = "Output")]
    no_keep_key: bool,

    /// Print certificate and key as PEM on stdout, and keep no key
    #[arg(long, conflicts_with = "json", help_heading = "Output")]
    stdout: bool,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,

    /// Say what would be signed and written, and do nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(mut args: Args, global: &Global, env: &mut Env) -> CommandResult {
    let key = args.key.as_ref().filter(|path| path.as_os_str() == "-").map(|_| SecretSource::Stdin);
    expect_one_stdin(&[args.ca_passphrase.source(), args.pfx_password.source(), args.password.source(), key])?;
    let authority = global.open_authority(env)?;
    let order = order(&mut args, env)?;
    let plan = authority.plan_host(order, env.clock.now())?;
    let delivery = delivery(&args, env)?;
    if args.dry_run {
        return dry_run(&authority, &plan, &delivery, global);
    }
    let unlocked = args.ca_passphrase.unlock(&authority, env)?;
    let mut report = planned(&authority, &plan, &delivery);
    let mut notice = super::lock_notice();
    let issued = authority.issue_host(plan, &unlocked, &delivery, &mut global.session("cert.issue", env, &mut notice))?;
    if args.stdout {
        let stream = [issued.certificate_pem.as_bytes(), issued.key_pem.as_ref().map(|pem| pem.as_bytes()).unwrap_or_default()].concat();
        return Ok(Outcome::only_copy(stream).with_warnings(&issued.warnings));
    }
    complete(&mut report, &issued, global);
    let of_password = delivery.pfx.as_ref().filter(|pfx| !is_password_for_java(&pfx.password)).map(|_| Warning::PasswordNotForJava);
    let warnings: Vec<Warning> = issued.warnings.iter().cloned().chain(of_password).collect();
    Ok(Outcome::report(&report, &warnings, global))
}

/// What is asked for.
fn order(args: &mut Args, env: &mut Env) -> Result<HostOrder, Failure> {
    let host = match args.host.take() {
        Some(host) => host,
        None => ask_for_host(env)?,
    };
    let key = match &args.key {
        None => HostKey::Generate(value::key_algorithm(args.key_type, args.key_size)?),
        Some(path) => {
            let password = args.password.read([path.as_path()], env)?;
            let bundle = input::bundle(path, &password, env)?;
            let key = bundle.only_key().and_then(|found| found.key.into_signing_key());
            HostKey::Given(Arc::new(key.map_err(|error| failure::of_key(&shown(path), &error))?))
        }
    };
    let lifetime = args.days.map(Lifetime::days).or(args.lifetime).or(args.not_after.map(Lifetime::Until));
    let mut order = host_order(host, key, args.profile.as_deref().unwrap_or(DEFAULT_PROFILE));
    order.further_names = std::mem::take(&mut args.san);
    order.subject = args.subject.attributes().collect();
    order.common_name = args.cn.take();
    order.friendly_name = args.friendly_name.take();
    order.lifetime = lifetime;
    Ok(order)
}

/// A certificate for one host, with defaults for the rest.
pub(in crate::cli) fn host_order(host: GeneralName, key: HostKey, profile: &str) -> HostOrder {
    HostOrder {
        host,
        further_names: Vec::new(),
        subject: Vec::new(),
        common_name: None,
        profile: profile.into(),
        lifetime: None,
        key,
        friendly_name: None,
    }
}

fn ask_for_host(env: &mut Env) -> Result<GeneralName, Failure> {
    if !env.terminal.is_interactive() {
        return Err(Failure::usage("the name of the host is missing").hint("pass it with `--host FQDN`"));
    }
    let check = |answer: &str| value::host(answer).map(|_| ()).map_err(|error| error.to_string());
    let answer = env.terminal.ask("Fully qualified name of the host", false, &check)?;
    value::host(&answer).map_err(|error| Failure::usage(error.to_string()))
}

fn delivery(args: &Args, env: &mut Env) -> Result<Delivery, Failure> {
    let pfx = if args.no_pfx || args.stdout {
        None
    } else {
        let password = args.pfx_password.source().map(|source| read_secret(&source, env)).transpose()?;
        let encryption = args.pfx_encryption.into();
        Some(PfxOrder { password: password.unwrap_or_else(|| Zeroizing::new(String::new())), encryption })
    };
    Ok(Delivery { pfx, key_format: args.key_format.into(), out_dir: args.out_dir.clone(), keep_key: !args.no_keep_key && !args.stdout })
}

/// Everything short of opening the CA key: what would be signed, and which files would be written.
fn dry_run(authority: &Authority, plan: &IssuePlan<'_>, delivery: &Delivery, global: &Global) -> CommandResult {
    authority.expect_deliverable(plan, delivery)?;
    let mut report = planned(authority, plan, delivery);
    if let Some(serial) = authority.next_serial()? {
        report.files = files(&authority.files_to_be(plan, &serial, delivery));
        report.serial = Some(serial.to_string());
    }
    Ok(Outcome::report(&report, &plan.warnings, global))
}

fn planned(authority: &Authority, plan: &IssuePlan<'_>, delivery: &Delivery) -> IssueReport {
    IssueReport {
        dry_run: true,
        ca_dir: shown(authority.directory().root()),
        serial: None,
        subject: plan.subject.to_string(),
        names: plan.names.iter().map(ToString::to_string).collect(),
        profile: plan.profile.name.clone(),
        key_type: plan.key_type.clone(),
        key_bits: plan.key_bits,
        not_before: rfc3339(plan.validity.not_before()),
        not_after: rfc3339(plan.validity.not_after()),
        thumbprint_sha1: None,
        thumbprint_sha256: None,
        files: IssueFiles::default(),
        pfx_encryption: delivery.pfx.as_ref().map(|pfx| pfx.encryption.name().into()),
        pfx_password: delivery.pfx.as_ref().map(|pfx| if pfx.password.is_empty() { "empty".into() } else { "given".into() }),
        audit_head: None,
        next: Vec::new(),
    }
}

fn complete(report: &mut IssueReport, issued: &IssuedHost, global: &Global) {
    let thumbprints = issued.certificate.thumbprints();
    report.dry_run = false;
    report.serial = Some(issued.serial.to_string());
    report.thumbprint_sha1 = Some(encode(&thumbprints.sha1, Separator::None));
    report.thumbprint_sha256 = Some(encode(&thumbprints.sha256, Separator::None));
    report.files = files(&issued.files);
    report.audit_head = issued.audit_head.as_ref().map(digits);
    let certificate = hint::quoted(&issued.files.host_certificate);
    report.next = vec![format!("gsec cert verify {certificate} --name '{}'{}", report.host(), global.directory_option())];
}

/// The files of an issued certificate, as reports show them.
pub(in crate::cli) fn files(files: &IssuedFiles) -> IssueFiles {
    IssueFiles {
        certificate: Some(shown(&files.certificate)),
        host_certificate: Some(shown(&files.host_certificate)),
        private_key: files.private_key.as_deref().map(shown),
        pfx: files.pfx.as_deref().map(shown),
        delivered: files.delivered.iter().map(|path| shown(path)).collect(),
    }
}
