//! Files and selectors named on the command line.

use std::path::Path;

use zeroize::Zeroizing;

use super::failure::{self, Failure};
use super::global::{Global, shown};
use crate::env::Env;
use crate::store::{FileName, read_file, system_words};
use crate::x509::{Certificate, SerialNumber, decode_certificates};

/// Endings by which an argument is a file, whether or not it exists.
const FILE_ENDINGS: [&str; 8] = [".pem", ".crt", ".cer", ".der", ".pfx", ".p12", ".key", ".csr"];

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
    if path.as_os_str() == "-" {
        return (env.read_stdin)().map_err(|error| Failure::cannot("input", format!("cannot read standard input: {}", system_words(&error))));
    }
    Ok(read_file(path)?)
}

/// Reads every certificate in a file.
pub(super) fn certificates(path: &Path, env: &Env) -> Result<Vec<Certificate>, Failure> {
    let bytes = read(path, env)?;
    decode_certificates(&bytes).map_err(|error| failure::of_certificate(&shown(path), &error))
}

/// How a selector is to be read.
#[derive(clap::Args, Default)]
pub(super) struct SelectorKind {
    /// Take the argument as a serial number of this CA, whatever files there are
    #[arg(long, conflicts_with = "file")]
    pub serial: bool,

    /// Take the argument as a file, whatever serial numbers there are
    #[arg(long)]
    pub file: bool,
}

/// Reads the certificate that a selector means: a file, `-`, or a serial number of the CA.
pub(super) fn select(selector: &str, kind: &SelectorKind, global: &Global, env: &Env) -> Result<Loaded, Failure> {
    let path = Path::new(selector);
    let looks_like_file =
        selector == "-" || selector.contains(['/', '\\']) || FILE_ENDINGS.iter().any(|ending| selector.to_ascii_lowercase().ends_with(ending));
    let load = |path: &Path| Ok(Loaded { source: shown(path), certificates: certificates(path, env)? });
    if kind.file || (looks_like_file && !kind.serial) {
        return load(path);
    }
    let in_repository = serial_file(selector, global, env)?;
    match (path.exists() && !kind.serial, in_repository) {
        (true, Some(kept)) => {
            let message = format!("`{selector}` is a file here and a serial number in {}", shown(&kept));
            Err(Failure::usage(message).hint("pass `--file` or `--serial`"))
        }
        (true, None) => load(path),
        (false, Some(kept)) => load(&kept),
        (false, None) => Err(nothing_found(selector, kind)),
    }
}

fn nothing_found(selector: &str, kind: &SelectorKind) -> Failure {
    let message = if kind.serial {
        format!("there is no certificate with serial `{selector}` in the CA's repository")
    } else {
        format!("`{selector}` is neither a file here nor a serial number of the CA")
    };
    Failure::cannot("input.not_found", message).hint("`gsec cert list` shows the serial numbers; a file can be given with its path")
}

/// The repository file of a serial number, when the selector is one and the file is there.
fn serial_file(selector: &str, global: &Global, env: &Env) -> Result<Option<std::path::PathBuf>, Failure> {
    let Some(serial) = SerialNumber::parse_hex(selector) else { return Ok(None) };
    let name = FileName::certificate(&serial);
    Ok(global.existing_directory(env).ok().and_then(|directory| directory.existing_in_repository(&name)))
}
