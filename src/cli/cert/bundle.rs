//! `gsec cert bundle`.

use std::path::{Path, PathBuf};

use gsec_ca::authority::Warning;
use gsec_ca::files::{self, Access, Existing, write_output};
use gsec_deliver::bundle::{
    Account, Bundle, BundleError, BundleName, CrlLack, Dest, Material, Order, Store, Unit, Written,
    encode_tar, make, parse_mode, write_folder,
};
use gsec_deliver::target::{CHOICES, Content, Installer, TARGETS, Target};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::pkcs12::{PfxEncryption, is_password_for_java};
use gsec_report::{BundleReport, BundledFile, KeyPlace, NextSteps, Notice, Selected};

use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown, thumbprints};
use crate::cli::help::help;
use crate::cli::hint;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{PfxPasswordArgs, read_secret};
use crate::cli::selector::{SelectorKind, serial};
use crate::cli::value;

/// Make a bundle for one service: files, install script, settings
///
/// A bundle is a directory or a tar file with the files as the service reads them, the script that installs them on
/// its host (install.sh; for Windows Install.ps1), snippet.conf for its settings, and README.txt. The script puts
/// the files into DEST/releases, lets DEST/current lead there in one step, has the service check its configuration,
/// and reloads it; where that fails, what was there before is back. The same certificate makes the same bytes.
///
/// Of a host's certificates it is the newest valid one. Treat a bundle like the private key in it.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert bundle db1.example.com --for nginx
  $ gsec cert bundle db1.example.com --for postgresql --out db1.tar
  $ gsec cert bundle 01 --for unix --group genesys --dest /opt/app/tls
  $ gsec cert bundle db1.example.com --for generic --files fc,k,ca --reload vsftpd"
))]
pub(in crate::cli) struct Args {
    /// A serial number or a host of the CA, or a certificate file that it issued
    #[arg(value_name = "SERIAL|FILE|HOST")]
    selector: String,

    #[command(flatten)]
    kind: SelectorKind,

    /// What the bundle is for: a service, a platform or a tool
    #[arg(long = "for", value_name = "TARGET", value_parser = value::one_of(&TARGETS, |target: &Target| target.name))]
    target: &'static Target,

    /// Directory, or file that ends in .tar; `-` for a tar file on standard output [default: NAME-TARGET]
    #[arg(long, short, value_name = "DIR|FILE.tar", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Replace another bundle at --out
    #[arg(long, help_heading = "Output")]
    force: bool,

    /// Name of the bundle, of its directory on the host and of the entry in key stores [default: the host]
    #[arg(long, value_name = "NAME", help_heading = "On the host")]
    name: Option<String>,

    /// Where the files are installed [default: /etc/ssl/gsec/NAME; Red Hat: /etc/pki/tls/gsec/NAME]
    #[arg(long, value_name = "DIR", help_heading = "On the host")]
    dest: Option<String>,

    /// Owner of the private key there [default: as the service needs it]
    #[arg(long, value_name = "USER", help_heading = "On the host")]
    owner: Option<String>,

    /// Group that may read the private key there; needed for unix and java
    #[arg(long, value_name = "GROUP", help_heading = "On the host")]
    group: Option<String>,

    /// Mode of the private key there, such as 0640 [default: as the service needs it]
    #[arg(long, value_name = "MODE", value_parser = mode, help_heading = "On the host")]
    mode: Option<u32>,

    /// Unit that is reloaded, where it has another name than usual
    #[arg(
        long,
        value_name = "UNIT",
        conflicts_with = "reload",
        help_heading = "On the host"
    )]
    service: Option<String>,

    /// The same, for generic: the unit that is reloaded or restarted
    #[arg(long, value_name = "UNIT", help_heading = "On the host")]
    reload: Option<String>,

    /// Files of generic. fc: certificate and intermediates; ch: intermediates; k: key; ca: roots; crl: CRLs;
    /// comb: fc and k; kc: k and fc; ks, ts: key store and trust store, PKCS #12
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = value::one_of(&CHOICES, Content::short_name), help_heading = "On the host")]
    files: Vec<Content>,

    /// For unix: old adds links with the names of the old guide, SERIAL_HOST_cert.pem and so on
    #[arg(long, value_name = "NAMES", value_parser = ["old"], help_heading = "On the host")]
    names: Option<String>,

    /// Certificates only: the private key stays on the host
    #[arg(long, help_heading = "On the host")]
    no_key: bool,

    #[command(flatten)]
    pfx_password: PfxPasswordArgs,

    /// PKCS #12 encryption. modern: AES-256, read by Windows Server 2019 and later, Java 8u301. compat: 3DES and
    /// SHA-1, read by Windows Server 2008 to 2016 and earlier Java too [default: modern]
    #[arg(long, value_name = "HOW", value_parser = value::one_of(&PfxEncryption::ALL, PfxEncryption::name), help_heading = "PKCS #12")]
    pfx_encryption: Option<PfxEncryption>,
}

/// A mode in octal digits.
fn mode(text: &str) -> Result<u32, String> {
    parse_mode(text).ok_or_else(|| "write the mode as octal digits, such as 0640".to_owned())
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let order = order(args, env)?;
    let to_standard_output = args.out.as_deref().is_some_and(is_standard_output);
    if to_standard_output && global.json {
        return Err(Failure::usage(
            "both the result and the document of `--json` would go to standard output",
        )
        .hint("pass a file with `--out`"));
    }
    order.check()?;
    let authority = global.open_authority(env)?;
    let (serial, selected) = serial(&args.selector, &args.kind, &authority, env)?;
    let material = Material::gather(&authority, &serial, order.without_key, env.clock.now())?;
    let bundle = make(&order, &material)?;
    let notices = notices(&order, &material, &bundle);
    if to_standard_output {
        return Ok(Outcome {
            warnings: notices,
            ..Outcome::only_copy(encode_tar(&bundle.files).to_vec())
        });
    }
    let default = || PathBuf::from(format!("{}-{}", bundle.name.replace(':', "_"), order.target.name));
    let out = args.out.clone().unwrap_or_else(default);
    let written = write(&bundle, &out, args.force)?;
    let report = report(&order, &material, &bundle, (&out, written), selected);
    Ok(Outcome::noticed(&report, notices, global))
}

/// `-`, or standard output by another name.
fn is_standard_output(path: &Path) -> bool {
    path.as_os_str() == "-" || files::is_standard_output(path)
}

fn is_tar(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "tar")
}

/// What the arguments ask for.
fn order(args: &Args, env: &Env) -> Result<Order, Failure> {
    let target = args.target;
    let name = |text: &String| BundleName::parse_for(target, text);
    let text = |value: &Option<String>| value.clone();
    if args.reload.is_some() && target.name != "generic" {
        return Err(BundleError::NotForTarget {
            option: "--reload",
            target: target.name,
        }
        .into());
    }
    let mut order = Order {
        target,
        name: args.name.as_ref().map(name).transpose()?,
        dest: text(&args.dest).map(|dest| Dest::parse(&dest)).transpose()?,
        owner: text(&args.owner).map(|user| Account::parse(&user)).transpose()?,
        group: text(&args.group)
            .map(|group| Account::parse(&group))
            .transpose()?,
        mode: args.mode,
        unit: text(&args.service)
            .or(text(&args.reload))
            .map(|unit| Unit::parse(&unit))
            .transpose()?,
        files: (!args.files.is_empty()).then(|| args.files.clone()),
        old_names: args.names.is_some(),
        without_key: args.no_key,
        key_on_host: None,
        store: Store {
            password: None,
            encryption: args.pfx_encryption.unwrap_or(PfxEncryption::Modern),
        },
    };
    let source = args.pfx_password.source();
    // Before a password is read that nothing needs.
    if !order.has_store() && (source.is_some() || args.pfx_encryption.is_some()) {
        return Err(BundleError::NotForTarget {
            option: if source.is_some() {
                "--pfx-password-*"
            } else {
                "--pfx-encryption"
            },
            target: target.name,
        }
        .into());
    }
    order.store.password = source.map(|source| read_secret(&source, env)).transpose()?;
    Ok(order)
}

/// What the target does not say by itself.
fn notices(order: &Order, material: &Material, bundle: &Bundle) -> Vec<Notice> {
    let mut notices = Vec::new();
    let reads_crls = order
        .files
        .clone()
        .unwrap_or_else(|| order.target.files.iter().map(|file| file.content).collect())
        .iter()
        .any(|what| matches!(what, Content::Crl | Content::CrlDer));
    for missing in material.missing_crls.iter().filter(|_| reads_crls) {
        notices.push(Notice {
            code: "bundle-crl-missing".into(),
            message: format!(
                "the bundle has no CRLs: {}, and a service that is given only some refuses every client",
                missing
            ),
            hint: Some(
                match missing.why {
                    CrlLack::NotMade => "`gsec crl update` makes one",
                    CrlLack::Expired(_) | CrlLack::Unreadable | CrlLack::Unchecked => {
                        "`gsec crl update` makes the next one"
                    }
                    CrlLack::OfAnotherCa => {
                        "that CA makes it: give it to the service by hand, together with the one of this CA"
                    }
                }
                .into(),
            ),
        });
    }
    if let Some(why) = &material.unknown_revocation {
        notices.push(Notice {
            code: "revocation_unknown".into(),
            message: format!(
                "whether serial {} was revoked is not known: {why}",
                material.certificate.serial()
            ),
            hint: Some("`gsec doctor` says more".into()),
        });
    }
    let has_store = bundle.files.iter().any(|file| file.path.ends_with(".p12"));
    if has_store
        && order
            .store
            .password
            .as_ref()
            .is_some_and(|password| !is_password_for_java(password))
    {
        notices.push(hint::notice(&Warning::PasswordNotForJava));
    }
    notices
}

/// Writes the bundle: a directory, or one file.
fn write(bundle: &Bundle, out: &Path, force: bool) -> Result<Written, Failure> {
    if !is_tar(out) {
        return Ok(write_folder(bundle, out, force)?);
    }
    let archive = encode_tar(&bundle.files);
    let there = files::read_file_within(out, archive.len() as u64 + 1).ok();
    if there.is_some_and(|there| *there == *archive) {
        return Ok(Written::Unchanged);
    }
    let is_there = out.symlink_metadata().is_ok();
    if is_there && !force {
        return Err(BundleError::Exists(out.to_owned()).into());
    }
    let access = if bundle.has_key() {
        Access::Secret
    } else {
        Access::Public
    };
    let existing = if force { Existing::Replace } else { Existing::Keep };
    write_output(out, access, &archive, existing)?;
    Ok(if is_there {
        Written::Replaced
    } else {
        Written::Created
    })
}

fn report(
    order: &Order,
    material: &Material,
    bundle: &Bundle,
    (out, written): (&Path, Written),
    selected: Option<Selected>,
) -> BundleReport {
    let [thumbprint_sha1, thumbprint_sha256] = thumbprints(&material.certificate);
    let file = |file: &gsec_deliver::bundle::BundleFile| BundledFile {
        path: file.path.clone(),
        secret: file.is_secret(),
    };
    let has_places = bundle.key_access.is_some();
    let has_store = bundle
        .files
        .iter()
        .any(|file| file.path.ends_with(".p12") || file.path.ends_with(".pfx"));
    BundleReport {
        target: order.target.name,
        name: bundle.name.clone(),
        serial: material.certificate.serial().to_string(),
        subject: material.certificate.subject().to_string(),
        thumbprint_sha1,
        thumbprint_sha256,
        release: bundle.id.clone(),
        out: shown(out),
        written: match written {
            Written::Created => "created",
            Written::Replaced => "replaced",
            Written::Unchanged => "unchanged",
        },
        dest: has_places.then(|| bundle.dest.clone()),
        key: bundle
            .key_access
            .clone()
            .filter(|_| bundle.has_key())
            .map(|(owner, group, mode)| KeyPlace {
                owner,
                group,
                mode: format!("{mode:04o}"),
            }),
        has_key: bundle.has_key(),
        pfx_password: has_store.then(|| match &order.store.password {
            Some(password) if !password.is_empty() => "given",
            Some(_) => "empty",
            None if order.target.installer == Installer::Windows => "empty",
            None => "changeit",
        }),
        files: bundle.files.iter().map(file).collect(),
        selected,
        next: next(order, out),
    }
}

/// What to do with it: on another host, in words.
fn next(order: &Order, out: &Path) -> NextSteps {
    let read = if is_tar(out) {
        CommandLine::new("tar -xOf").path(out).words("README.txt")
    } else {
        CommandLine::new("cat").path(&out.join("README.txt"))
    };
    let steps = NextSteps::default().command(&read);
    match order.target.installer {
        Installer::Shell | Installer::ShellWithNames => {
            steps.advise("copy it to the host, and run install.sh there as root")
        }
        Installer::Windows => steps.advise("copy it to the host, and run Install.ps1 there as administrator"),
        Installer::Kubectl => steps.advise("run install.sh where kubectl reaches the cluster"),
        Installer::None => steps,
    }
}
