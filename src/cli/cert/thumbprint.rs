//! `gsec cert thumbprint`.

use std::path::Path;

use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::PasswordArgs;
use crate::cli::selector::{SourceKind, select};
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_report::ThumbprintReport;

/// Print the thumbprint of a certificate
///
/// Default: SHA-1, as space-separated byte pairs: the form that Windows shows, and that the old platform's
/// settings expect.
#[derive(clap::Args)]
#[command(visible_alias = "fingerprint", after_long_help = help!(
"  $ gsec cert thumbprint 01
  $ gsec cert thumbprint gsec-ca/ca_conf/ca_cert.pem --hash sha256 --format colon",
or_no = "the server cannot be reached, or presents no certificate"))]
pub(in crate::cli) struct Args {
    /// A file, `-`, a serial number or a host of the CA, or a server
    #[arg(value_name = "FILE|SERIAL|HOST|HOST:PORT")]
    selector: String,

    #[command(flatten)]
    kind: SourceKind,

    /// Digest algorithm
    #[arg(long, value_name = "HASH", default_value = "sha1")]
    hash: HashArg,

    /// spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`
    #[arg(long, value_name = "FORMAT", default_value = "spaced")]
    format: FormatArg,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum HashArg {
    Sha1,
    Sha256,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum FormatArg {
    Spaced,
    Colon,
    Compact,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let password = args.password.read([Path::new(&args.selector)], env)?;
    let loaded = select(&args.selector, &args.kind, &password, global, env)?;
    let thumbprints = loaded.first().thumbprints();
    let (hash, bytes): (_, &[u8]) = match args.hash {
        HashArg::Sha1 => ("sha1", &thumbprints.sha1),
        HashArg::Sha256 => ("sha256", &thumbprints.sha256),
    };
    let separator = match args.format {
        FormatArg::Spaced => Separator::Space,
        FormatArg::Colon => Separator::Colon,
        FormatArg::Compact => Separator::None,
    };
    let report = ThumbprintReport {
        subject: loaded.first().subject().to_string(),
        hash,
        thumbprint: encode(bytes, Separator::None),
        formatted: encode(bytes, separator),
        source: loaded.source,
        selected: loaded.selected,
    };
    Ok(Outcome::report(&report, &[], global))
}
