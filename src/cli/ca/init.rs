//! `gsec ca init`.

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::authority::{AuthorityOrder, CreatedAuthority, NewAuthority};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::name_args::SubjectArgs;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{CaPassphraseArgs, new_ca_passphrase};
use crate::cli::value::{self, KeyType};
use crate::encoding::hex::{Separator, encode};
use crate::env::Env;
use crate::key::KeyAlgorithm;
use crate::policy::SerialSource;
use crate::report::{CaFiles, CaInitReport};
use crate::store::CaDir;
use crate::x509::{IpSubnet, Lifetime, NameAttribute, NameConstraints, NameParts};

/// How long a CA lasts: ten years.
const DEFAULT_DAYS: u32 = 3650;

/// Create a certification authority
///
/// Makes a CA directory: `ca_conf/` with certificate, private key, index and settings, and an empty `repository/`.
/// On a terminal, what is missing is asked for. An existing CA is never touched.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec ca init --cn 'Example CA'
  $ gsec ca init --cn 'Example CA' --org Example --country DE --key-type p256 --ca-dir example-ca
  $ gsec ca init --cn 'Branch CA' --permit-dns branch.example.com --ca-dir branch-ca
  $ gsec ca init --cn 'Safe CA' --encrypt-key --ca-passphrase-file secret.txt --ca-dir safe-ca"
))]
pub(in crate::cli) struct Args {
    /// Name of the CA (common name)
    #[arg(long, value_name = "NAME", value_parser = value::common_name)]
    cn: Option<NameAttribute>,

    /// E-mail address of who runs the CA
    #[arg(long, value_name = "ADDRESS", value_parser = value::email)]
    email: Option<NameAttribute>,

    #[command(flatten)]
    subject: SubjectArgs,

    /// Kind of key [default: rsa]
    #[arg(long, value_name = "TYPE", help_heading = "Key and lifetime")]
    key_type: Option<KeyType>,

    /// Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]
    #[arg(long, value_name = "BITS", help_heading = "Key and lifetime")]
    key_size: Option<u32>,

    /// Lifetime in days, counted from now in units of 24 hours [default: 3650]
    #[arg(long, value_name = "N", value_parser = value::days, help_heading = "Key and lifetime")]
    days: Option<u32>,

    /// End of lifetime: `2036-12-31`, or `2036-12-31T12:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = value::time, conflicts_with = "days", help_heading = "Key and lifetime")]
    not_after: Option<OffsetDateTime>,

    /// How many intermediate CAs may stand below this one [default: no limit]
    #[arg(long, value_name = "N", help_heading = "What it may issue")]
    path_len: Option<u8>,

    /// Permit host names in this domain only, and no other kinds of name; may be given several times
    #[arg(long, value_name = "DOMAIN", value_parser = value::domain, help_heading = "What it may issue")]
    permit_dns: Vec<String>,

    /// Permit addresses in this block only, and no other kinds of name; may be given several times
    #[arg(long, value_name = "CIDR", value_parser = value::subnet, help_heading = "What it may issue")]
    permit_ip: Vec<IpSubnet>,

    /// Where serial numbers come from
    #[arg(long, value_name = "MODE", default_value = "sequential", help_heading = "What it may issue")]
    serial_mode: SerialModeArg,

    /// Encrypt the CA key with a passphrase
    #[arg(long, help_heading = "CA key")]
    encrypt_key: bool,

    #[command(flatten)]
    passphrase: CaPassphraseArgs,

    /// Say what would be made, and make nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum SerialModeArg {
    Sequential,
    Random,
}

pub(in crate::cli) fn run(mut args: Args, global: &Global, env: &mut Env) -> CommandResult {
    let directory = global.new_directory(env);
    directory.refuse_existing()?;
    if args.cn.is_none() {
        wizard(&mut args, env)?;
    }
    let encrypts = args.encrypt_key || args.passphrase.source().is_some();
    let order = AuthorityOrder {
        constraints: NameConstraints::permit(args.permit_dns, args.permit_ip),
        path_len: args.path_len,
        serial: match args.serial_mode {
            SerialModeArg::Sequential => SerialSource::Sequential,
            SerialModeArg::Random => SerialSource::Random,
        },
        lifetime: args.not_after.map_or(Lifetime::days(args.days.unwrap_or(DEFAULT_DAYS)), Lifetime::Until),
        ..order(
            args.cn.into_iter().chain(args.email).chain(args.subject.attributes()),
            value::key_algorithm(args.key_type, args.key_size)?,
            DEFAULT_DAYS,
        )
    };
    let plan = NewAuthority::plan(directory, order, env.clock.now())?;
    let mut report = planned(&plan, encrypts);
    if args.dry_run {
        return Ok(Outcome::report(&report, &[], global));
    }
    let passphrase = if encrypts { Some(new_passphrase(&args.passphrase, env)?) } else { None };
    let mut notice = crate::cli::cert::lock_notice();
    let created = plan.create(passphrase.as_ref().map(|passphrase| passphrase.as_str()), &mut global.session("ca.init", env, &mut notice))?;
    complete(&mut report, &created, global);
    Ok(Outcome::report(&report, &[], global))
}

/// A CA of a name and key, with defaults for the rest.
pub(in crate::cli) fn order(name: impl Iterator<Item = NameAttribute>, algorithm: KeyAlgorithm, days: u32) -> AuthorityOrder {
    AuthorityOrder {
        name: NameParts::new(name),
        algorithm,
        lifetime: Lifetime::days(days),
        path_len: None,
        constraints: None,
        serial: SerialSource::Sequential,
    }
}

/// Asks for the name, part by part; everything but the common name may be left empty.
fn wizard(args: &mut Args, env: &mut Env) -> Result<(), Failure> {
    if !env.terminal.is_interactive() {
        return Err(Failure::usage("the name of the CA is missing").hint("pass it with `--cn NAME`"));
    }
    let mut ask = |question: &str, parse: fn(&str) -> Result<NameAttribute, crate::x509::NameError>, may_be_empty: bool| {
        let check = move |answer: &str| parse(answer).map(|_| ()).map_err(|error| error.to_string());
        env.terminal.ask(question, may_be_empty, &check).map(|answer| parse(&answer).ok())
    };
    args.cn = ask("Name of the CA", value::common_name, false)?;
    if args.subject.is_empty() && args.email.is_none() {
        args.subject.organization = ask("Organisation (may be empty)", value::organization, true)?;
        args.subject.organizational_units = ask("Organisational unit (may be empty)", value::organizational_unit, true)?.into_iter().collect();
        args.subject.locality = ask("City (may be empty)", value::locality, true)?;
        args.subject.state = ask("State or province (may be empty)", value::state, true)?;
        args.subject.country = ask("Country, two letters (may be empty)", value::country, true)?;
        args.email = ask("E-mail address (may be empty)", value::email, true)?;
    }
    Ok(())
}

fn new_passphrase(args: &CaPassphraseArgs, env: &mut Env) -> Result<Zeroizing<String>, Failure> {
    let hint = "pass `--ca-passphrase-file`, `--ca-passphrase-env` or `--ca-passphrase-stdin`";
    let absent = Failure::usage("`--encrypt-key` needs a passphrase").hint(hint);
    new_ca_passphrase(args.source(), env, absent, "leave out `--encrypt-key` for a key without one")
}

fn planned(plan: &NewAuthority, key_encrypted: bool) -> CaInitReport {
    let (directory, order): (&CaDir, _) = (&plan.directory, plan.order());
    CaInitReport {
        dry_run: true,
        ca_dir: shown(directory.root()),
        subject: plan.subject.to_string(),
        serial: None,
        key_type: order.algorithm.type_name().into(),
        key_bits: order.algorithm.bits(),
        key_encrypted,
        not_before: crate::x509::rfc3339(plan.validity.not_before()),
        not_after: crate::x509::rfc3339(plan.validity.not_after()),
        path_len: order.path_len,
        serial_mode: order.serial.name().into(),
        thumbprint_sha1: None,
        thumbprint_sha256: None,
        files: CaFiles {
            certificate: shown(&directory.ca_certificate()),
            private_key: shown(&directory.ca_key()),
            openssl_configuration: shown(&directory.openssl_configuration()),
            policy: shown(&directory.policy()),
        },
        audit_head: None,
        next: Vec::new(),
    }
}

fn complete(report: &mut CaInitReport, created: &CreatedAuthority, global: &Global) {
    let thumbprints = created.certificate.thumbprints();
    report.dry_run = false;
    report.serial = Some(created.certificate.serial().to_string());
    report.thumbprint_sha1 = Some(encode(&thumbprints.sha1, Separator::None));
    report.thumbprint_sha256 = Some(encode(&thumbprints.sha256, Separator::None));
    report.audit_head = Some(digits(&created.audit_head));
    report.next = vec![format!("gsec cert issue --host db1.example.com{}", global.directory_option())];
}
