//! Files and selectors named on the command line.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::failure::{self, Failure};
use super::global::shown;
use super::secret::InputPassword;
use crate::bundle::{Bundle, BundleError, decode_bundle};
use crate::encoding::sniff::{FileKind, file_kind};
use crate::env::Env;
use crate::store::{MAX_FILE_OCTETS, MAX_LIST_OCTETS, StoreError, read_file_within, system_words};
use crate::x509::{Certificate, CertificateError, decode_certificates};

/// Certificates that were read, and from where.
pub(super) struct Loaded {
    pub(super) source: String,
    pub(super) certificates: Vec<Certificate>,
}

impl Loaded {
    /// The first one: in a chain file the host's own.
    pub(super) fn first(&self) -> &Certificate {
        &self.certificates[0]
    }
}

/// Reads a file, or standard input for `-`.
pub(super) fn read(path: &Path, env: &Env) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read_within(path, MAX_FILE_OCTETS, env)
}

/// Reads a list of hosts, which may be longer than other files, or standard input for `-`.
pub(super) fn read_list(path: &Path, env: &Env) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read_within(path, MAX_LIST_OCTETS, env)
}

fn read_within(path: &Path, bound: u64, env: &Env) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if path.as_os_str() == "-" {
        let bytes = (env.read_stdin)().map_err(|error| Failure::cannot("input", format!("cannot read standard input: {}", system_words(&error))))?;
        if bytes.len() as u64 > bound {
            return Err(StoreError::TooLarge { path: path.to_owned(), bound }.into());
        }
        return Ok(bytes);
    }
    Ok(read_file_within(path, bound)?)
}

/// A file that was read, or standard input.
pub(super) struct Source {
    pub(super) path: PathBuf,
    bytes: Zeroizing<Vec<u8>>,
}

impl Source {
    pub(super) fn read(path: &Path, env: &Env) -> Result<Self, Failure> {
        Ok(Self { path: path.to_owned(), bytes: read(path, env)? })
    }

    /// What was read from elsewhere, under a name that stands for it.
    pub(super) fn of(name: &str, bytes: Vec<u8>) -> Self {
        Self { path: name.into(), bytes: Zeroizing::new(bytes) }
    }

    pub(super) fn is_pkcs12(&self) -> bool {
        file_kind(&self.bytes) == FileKind::Pkcs12
    }

    /// Everything in it, whatever kind of file it is. A password that no flag gives is asked for on a terminal.
    pub(super) fn bundle(&self, password: &InputPassword, env: &mut Env) -> Result<Bundle, Failure> {
        let given = password.given();
        let failed = |error: &BundleError, given: bool| failure::of_bundle(&shown(&self.path), error, given);
        match decode_bundle(&self.bytes, given) {
            Ok(bundle) => Ok(bundle),
            Err(error) if given.is_none() && error.wants_password() && env.terminal.is_interactive() => {
                let asked = env.terminal.ask_secret(&format!("Password of {}", shown(&self.path)), false)?;
                decode_bundle(&self.bytes, Some(&asked)).map_err(|error| failed(&error, true))
            }
            Err(error) => Err(failed(&error, given.is_some())),
        }
    }

    /// Every certificate in it; of a PKCS #12 file the host's own comes first. Keys beside a certificate are nobody's
    /// business here, nor is their password.
    pub(super) fn certificates(&self, password: &InputPassword, env: &mut Env) -> Result<Vec<Certificate>, Failure> {
        let failed = |error: CertificateError| failure::of_certificate(&shown(&self.path), &error);
        if !self.is_pkcs12() {
            return decode_certificates(&self.bytes).map_err(failed);
        }
        let bundle = self.bundle(password, env)?;
        let certificates: Vec<Certificate> = bundle.arrange().certificates().map(|found| found.certificate.clone()).collect();
        if certificates.is_empty() { Err(failed(CertificateError::NoCertificate { found: bundle.in_words() })) } else { Ok(certificates) }
    }
}

/// Reads everything in a file of any kind.
pub(super) fn bundle(path: &Path, password: &InputPassword, env: &mut Env) -> Result<Bundle, Failure> {
    Source::read(path, env)?.bundle(password, env)
}

/// Reads every certificate in a file.
pub(super) fn certificates(path: &Path, password: &InputPassword, env: &mut Env) -> Result<Vec<Certificate>, Failure> {
    Source::read(path, env)?.certificates(password, env)
}
