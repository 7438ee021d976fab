//! `gsec transport build`.

use std::path::{Path, PathBuf};

use super::lint::files;
use super::value_args::printed;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{InputPassword, PasswordArgs};
use crate::cli::selector::{SourceKind, select};
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::x509::Certificate as X509;
use gsec_platform::finding::Finding;
use gsec_platform::transport::{Certificate, Lint, Role, Settings, Unwritable, build, lint};
use gsec_report::TransportBuildReport;

/// Where the files of a host are below the directory that `gsec cert bundle --for unix` fills: names that stay when the
/// certificate is renewed.
const STABLE_NAMES: [&str; 3] = ["host_cert.pem", "host_priv_key.pem", "ca_cert.pem"];

/// Write a `transport` value that the platform reads as it was meant
///
/// On UNIX the value names files, on Windows a thumbprint. Files are checked on this machine first: whether they can be read,
/// belong together and are in date. For paths that exist only on another host, pass `--no-check`.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec transport build --host db1.example.com --dest /opt/genesys/tls --mutual
  $ gsec transport build --host db1.example.com
  $ gsec transport build --port 4001 --address 10.0.0.1"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    settings: SettingsArgs,
}

/// What a value says.
#[derive(clap::Args)]
pub(in crate::cli) struct SettingsArgs {
    /// File with the host's certificate and chain, full path
    #[arg(long, value_name = "FILE", requires = "ca", conflicts_with_all = ["thumbprint", "pfx", "host"], help_heading = "Certificate")]
    cert: Option<PathBuf>,

    /// File with its private key, full path [default: it is in the certificate file]
    #[arg(long, value_name = "FILE", requires = "cert", help_heading = "Certificate")]
    key: Option<PathBuf>,

    /// File with the CA certificate, full path
    #[arg(long, value_name = "FILE", requires = "cert", help_heading = "Certificate")]
    ca: Option<PathBuf>,

    /// SHA-1 thumbprint of a certificate in the Windows store, in any form
    #[arg(long, value_name = "HEX", conflicts_with_all = ["pfx", "host"], help_heading = "Certificate")]
    thumbprint: Option<String>,

    /// PFX that was imported on the Windows host: its thumbprint is used
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "host",
        help_heading = "Certificate"
    )]
    pfx: Option<PathBuf>,

    /// A host or serial number of the CA: with `--dest`, for its files on UNIX; else for its thumbprint on Windows
    #[arg(long, value_name = "HOST|SERIAL", help_heading = "Certificate")]
    host: Option<String>,

    /// Directory on the host that its certificate is delivered to, full path
    #[arg(long, value_name = "DIR", requires = "host", help_heading = "Certificate")]
    dest: Option<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,

    /// Switch TLS off: `tls=0`
    #[arg(long, conflicts_with_all = ["cert", "thumbprint", "pfx", "host", "mutual"], help_heading = "Options")]
    tls_off: bool,

    /// Require a certificate of clients
    #[arg(long, help_heading = "Options")]
    mutual: bool,

    /// File with the CRL, full path
    #[arg(long, value_name = "FILE", help_heading = "Options")]
    crl: Option<PathBuf>,

    /// Compare the name in the server's certificate with its host
    #[arg(long, help_heading = "Options")]
    name_check: bool,

    /// Protocol version: SSLv23, TLSv1, TLSv11, TLSv12 or TLSv13
    #[arg(long, value_name = "VERSION", help_heading = "Options")]
    sec_protocol: Option<String>,

    /// Cipher suites
    #[arg(long, value_name = "LIST", help_heading = "Options")]
    cipher_list: Option<String>,

    /// Port of the client
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Options")]
    port: Option<u16>,

    /// Address of the client
    #[arg(long, value_name = "ADDRESS", help_heading = "Options")]
    address: Option<String>,

    /// Port of the client for the backup server
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Options")]
    backup_port: Option<u16>,

    /// Add this option as it is; may be repeated
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Options")]
    raw: Vec<String>,

    /// Skip the check of the files on this machine
    #[arg(long, help_heading = "Options")]
    no_check: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let (value, files_checked) = args.settings.value(global, env)?;
    if global.json {
        let report = TransportBuildReport { value, files_checked };
        return Ok(Outcome::report(&report, &[], global));
    }
    Ok(printed(&value, env))
}

impl SettingsArgs {
    /// Whether none of the options is given.
    pub(in crate::cli) fn is_empty(&self) -> bool {
        let paths = [&self.cert, &self.key, &self.ca, &self.pfx, &self.dest, &self.crl];
        let texts = [
            &self.thumbprint,
            &self.host,
            &self.sec_protocol,
            &self.cipher_list,
            &self.address,
        ];
        let switches = [self.tls_off, self.mutual, self.name_check, self.no_check];
        paths.iter().all(|path| path.is_none())
            && texts.iter().all(|text| text.is_none())
            && [self.port, self.backup_port].iter().all(Option::is_none)
            && !switches.contains(&true)
            && self.raw.is_empty()
            && self.password.source().is_none()
    }

    /// The value, and whether the files that it names were looked at.
    pub(in crate::cli) fn value(&self, global: &Global, env: &mut Env) -> Result<(String, bool), Failure> {
        let settings = self.settings(global, env)?;
        let value = build(&settings).map_err(|error| unwritable(&error))?;
        if value.is_empty() {
            return Err(Failure::usage("nothing to write")
                .hint("pass `--host`, `--cert` with `--ca`, `--thumbprint` or `--port`")
                .hint("for example: `gsec transport build --host db1.example.com`"));
        }
        let role = match (settings.port, settings.backup_port, &settings.address) {
            (None, None, None) => Role::File,
            _ => Role::Connection,
        };
        let known = Lint {
            role: Some(role),
            ..Lint::default()
        };
        let mut wrong: Vec<Finding> = lint(1, &value, 0, &known).into_iter().collect();
        let checks_files =
            !self.no_check && self.dest.is_none() && (self.cert.is_some() || self.crl.is_some());
        if checks_files {
            wrong.extend(files(&value, env.clock.now()));
        }
        wrong.retain(Finding::is_error);
        match wrong.is_empty() {
            true => Ok((value, checks_files)),
            false => Err(not_right(&wrong)),
        }
    }

    fn settings(&self, global: &Global, env: &mut Env) -> Result<Settings, Failure> {
        let certificate = self.certificate(global, env)?;
        let tls = match () {
            () if self.tls_off => Some(false),
            () if certificate.is_some() || self.mutual => Some(true),
            () => None,
        };
        Ok(Settings {
            tls,
            mutual: self.mutual,
            certificate,
            crl: self.crl.as_deref().map(as_text).transpose()?,
            name_check: self.name_check,
            sec_protocol: self.sec_protocol.clone(),
            cipher_list: self.cipher_list.clone(),
            port: self.port,
            address: self.address.clone(),
            backup_port: self.backup_port,
            raw: self.raw.iter().map(|text| raw(text)).collect::<Result<_, _>>()?,
        })
    }

    fn certificate(&self, global: &Global, env: &mut Env) -> Result<Option<Certificate>, Failure> {
        if let (Some(certificate), Some(ca)) = (&self.cert, &self.ca) {
            return Ok(Some(Certificate::Files {
                certificate: as_text(certificate)?,
                key: self.key.as_deref().map(as_text).transpose()?,
                ca: as_text(ca)?,
            }));
        }
        if let Some(thumbprint) = &self.thumbprint {
            return Ok(Some(Certificate::Thumbprint(thumbprint.clone())));
        }
        if let Some(pfx) = &self.pfx {
            let password = self.password.read([pfx.as_path()], env)?;
            let certificates = input::certificates(pfx, &password, env)?;
            return Ok(certificates.first().map(thumbprint));
        }
        let Some(host) = &self.host else { return Ok(None) };
        let loaded = select(host, &SourceKind::default(), &InputPassword::none(), global, env)?;
        Ok(Some(match &self.dest {
            None => thumbprint(loaded.first()),
            Some(dest) => {
                let dest = as_text(dest)?;
                let [certificate, key, ca] =
                    STABLE_NAMES.map(|name| format!("{}/current/{name}", dest.trim_end_matches('/')));
                Certificate::Files {
                    certificate,
                    key: Some(key),
                    ca,
                }
            }
        }))
    }
}

fn thumbprint(certificate: &X509) -> Certificate {
    Certificate::Thumbprint(encode(&certificate.thumbprints().sha1, Separator::None))
}

/// The platform's settings are text.
fn as_text(path: &Path) -> Result<String, Failure> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| {
        Failure::usage(format!(
            "`{}` is not UTF-8, and cannot be written into a setting",
            shown(path)
        ))
    })
}

fn raw(text: &str) -> Result<(String, String), Failure> {
    match text.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(Failure::usage("`--raw` takes NAME=VALUE")),
    }
}

fn unwritable(error: &Unwritable) -> Failure {
    let failure = Failure::cannot(error.code(), format!("cannot write the value: {error}"));
    match error {
        Unwritable::RelativePath { .. } => {
            failure.hint("write the path from `/` on, as it is on the host that reads it")
        }
        Unwritable::Thumbprint => failure.hint("gsec cert thumbprint prints it"),
        _ => failure,
    }
}

fn not_right(wrong: &[Finding]) -> Failure {
    let is_about_files = wrong
        .iter()
        .any(|finding| finding.slug.starts_with("transport-file-"));
    let failure = Failure::cannot("transport.not_right", "the value would not work");
    let failure = wrong.iter().fold(failure, |failure, finding| {
        failure.because(format!("{}: {}", finding.slug, finding.seen))
    });
    match is_about_files {
        true => failure.hint("if the files are on another host, pass `--no-check`"),
        false => failure,
    }
}
