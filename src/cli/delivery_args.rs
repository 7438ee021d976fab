//! Which files are written of an issued certificate, and where.

use std::path::PathBuf;

use clap::Args;
use zeroize::Zeroizing;

use super::failure::Failure;
use super::secret::{PfxPasswordArgs, read_secret};
use super::value;
use gsec_ca::authority::{Delivery, PfxOrder, Warning};
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

/// The files.
#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(super) struct FileArgs {
    /// Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)
    #[arg(long, value_name = "FORM", default_value = "pkcs8", value_parser = value::one_of(&KeyFormat::ALL, KeyFormat::name))]
    pub key_format: KeyFormat,

    /// Also write certificate, key and PFX to this directory
    #[arg(long, value_name = "DIR")]
    pub out_dir: Option<PathBuf>,

    /// Keep neither key nor PFX in the CA's repository
    #[arg(long, requires = "out_dir")]
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
    /// Where everything is written, the PFX among it.
    pub(super) fn delivery(&self, pfx: Option<PfxOrder>) -> Delivery {
        Delivery {
            pfx,
            key_format: self.key_format,
            out_dir: self.out_dir.clone(),
            keep_key: !self.no_keep_key,
        }
    }
}

/// What Java would say of the PFX's password.
pub(super) fn warning_of_password(delivery: &Delivery) -> Option<Warning> {
    delivery
        .pfx
        .as_ref()
        .filter(|pfx| !is_password_for_java(&pfx.password))
        .map(|_| Warning::PasswordNotForJava)
}
