//! Which files are written of an issued certificate, and where.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use zeroize::Zeroizing;

use super::failure::Failure;
use super::secret::{PfxPasswordArgs, read_secret};
use super::value;
use gsec_ca::authority::{Delivery, OutFiles, OutNames, PfxOrder, Warning};
use gsec_ca::files::{Place, place_of};
use gsec_env::Env;
use gsec_pki::key::KeyFormat;
use gsec_pki::pkcs12::{PfxEncryption, is_password_for_java};

/// The PFX.
#[derive(Args)]
#[command(next_help_heading = "PKCS #12")]
pub(super) struct PfxArgs {
    #[command(flatten)]
    pub password: PfxPasswordArgs,

    /// PFX encryption. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS,
    /// OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016
    #[arg(long, value_name = "HOW", default_value = "modern", value_parser = value::one_of(&PfxEncryption::ALL, PfxEncryption::name))]
    pub pfx_encryption: PfxEncryption,

    /// Write no PFX
    #[arg(long, conflicts_with_all = ["pfx_password", "pfx_encryption"])]
    pub no_pfx: bool,
}

/// A directory for output.
#[derive(Args, Default)]
#[command(next_help_heading = "Output")]
pub(super) struct OutDirArgs {
    /// Also write certificate, key, chain and PFX to this directory, under names that stay the same after each
    /// renewal
    ///
    /// For db1.example.com: db1_cert.pem, db1_priv_key.pem, db1_chain.pem (the CA certificates) and
    /// db1_cert.pfx. They are links through DIR/current into DIR/releases, which keeps what was replaced, and
    /// all of them change in one step: at every moment, certificate and key in DIR belong together. Other
    /// hosts can use the same directory. A file that gsec did not make, or that belongs to another host, is
    /// not replaced.
    #[arg(long, value_name = "DIR")]
    pub out_dir: Option<PathBuf>,

    /// File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same
    /// first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain
    #[arg(long, value_name = "NAMES", default_value = "label", requires = "out_dir", value_parser = value::one_of(&OutNames::ALL, OutNames::name))]
    pub out_names: OutNames,
}

/// Single files of a certificate without its key.
#[derive(Args, Default)]
#[command(next_help_heading = "Output")]
pub(super) struct CertOutArgs {
    /// Also write the certificate, with its intermediates, to this file
    ///
    /// An earlier certificate of this CA for the same host is replaced; any other file is not. The file
    /// changes in one step, after the key of --key-out: a program that reads between the two steps gets a
    /// certificate and a key that do not match. With --out-dir both change in one step.
    #[arg(long, value_name = "FILE")]
    pub cert_out: Option<PathBuf>,

    /// Also write the CA certificates to this file
    #[arg(long, value_name = "FILE")]
    pub chain_out: Option<PathBuf>,
}

/// The files.
#[derive(Args)]
#[command(next_help_heading = "Output")]
#[command(group = ArgGroup::new("place_of_key").args(["out_dir", "key_out"]).multiple(true))]
pub(super) struct FileArgs {
    /// Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)
    #[arg(long, value_name = "FORM", default_value = "pkcs8", value_parser = value::one_of(&KeyFormat::ALL, KeyFormat::name))]
    pub key_format: KeyFormat,

    #[command(flatten)]
    pub out: OutDirArgs,

    #[command(flatten)]
    pub single: CertOutArgs,

    /// Also write the private key to this file; see --cert-out
    #[arg(long, value_name = "FILE")]
    pub key_out: Option<PathBuf>,

    /// Also write the PFX to this file
    #[arg(long, value_name = "FILE", conflicts_with = "no_pfx")]
    pub pfx_out: Option<PathBuf>,

    /// Keep neither key nor PFX in the CA's repository
    #[arg(long, requires = "place_of_key")]
    pub no_keep_key: bool,
}

impl PfxArgs {
    /// How to write the PFX; `None` if it is not requested.
    pub(super) fn order(&self, env: &Env) -> Result<Option<PfxOrder>, Failure> {
        if self.no_pfx {
            return Ok(None);
        }
        let password = self
            .password
            .source()
            .map(|source| read_secret(&source, env))
            .transpose()?;
        Ok(Some(PfxOrder {
            password: password.unwrap_or_else(|| Zeroizing::new(String::new())),
            encryption: self.pfx_encryption,
        }))
    }
}

impl FileArgs {
    /// Whether files are to be written outside of the CA directory.
    pub(super) fn is_elsewhere(&self) -> bool {
        let single = [
            &self.single.cert_out,
            &self.single.chain_out,
            &self.key_out,
            &self.pfx_out,
        ];
        self.out.out_dir.is_some() || single.into_iter().any(Option::is_some)
    }

    /// Where everything is written, the PFX among it.
    pub(super) fn delivery(&self, pfx: Option<PfxOrder>) -> Result<Delivery, Failure> {
        let out_files = OutFiles {
            key: self.key_out.clone(),
            pfx: self.pfx_out.clone(),
            ..self.single.files()?
        };
        expect_different(&out_files)?;
        Ok(Delivery {
            pfx,
            key_format: self.key_format,
            out_dir: self.out.out_dir.clone(),
            out_names: self.out.out_names,
            out_files,
            keep_key: !self.no_keep_key,
        })
    }
}

impl CertOutArgs {
    /// The files.
    pub(super) fn files(&self) -> Result<OutFiles, Failure> {
        let files = OutFiles {
            certificate: self.cert_out.clone(),
            chain: self.chain_out.clone(),
            ..OutFiles::default()
        };
        expect_different(&files)?;
        Ok(files)
    }
}

fn expect_different(files: &OutFiles) -> Result<(), Failure> {
    let named = [
        ("--cert-out", &files.certificate),
        ("--key-out", &files.key),
        ("--chain-out", &files.chain),
        ("--pfx-out", &files.pfx),
    ];
    let named = named
        .into_iter()
        .filter_map(|(option, path)| Some((option, path.as_ref()?)));
    if let Some((option, _)) = named.clone().find(|(_, path)| path.as_os_str() == "-") {
        return Err(
            Failure::usage(format!("`{option}` needs a file, and `-` is none"))
                .hint("`--stdout` prints the certificate"),
        );
    }
    let named: Vec<(&str, Place)> = named.map(|(option, path)| (option, place_of(path))).collect();
    for (at, (option, path)) in named.iter().enumerate() {
        if let Some((first, _)) = named[..at].iter().find(|(_, earlier)| earlier == path) {
            return Err(
                Failure::usage(format!("`{first}` and `{option}` name the same file"))
                    .hint("give each file a name of its own"),
            );
        }
    }
    Ok(())
}

/// What Java would say of the PFX's password.
pub(super) fn warning_of_password(delivery: &Delivery) -> Option<Warning> {
    delivery
        .pfx
        .as_ref()
        .filter(|pfx| !is_password_for_java(&pfx.password))
        .map(|_| Warning::PasswordNotForJava)
}
