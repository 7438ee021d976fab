//! `gsec cert show`.

use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::input::{SelectorKind, select};
use crate::cli::outcome::{CommandResult, Outcome};
use crate::env::Env;
use crate::report::ShowReport;

/// Show everything in a certificate
///
/// Reads PEM with any number of certificates, or DER; `-` is standard input.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert show 01
  $ gsec cert show gsec-ca/ca_conf/ca_cert.pem
  $ gsec cert show gsec-ca/repository/01_db1_cert.pem --json"
))]
pub(in crate::cli) struct Args {
    /// A file, `-`, or a serial number of the CA
    #[arg(value_name = "FILE|SERIAL")]
    selector: String,

    #[command(flatten)]
    kind: SelectorKind,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let loaded = select(&args.selector, &args.kind, global, env)?;
    let report = ShowReport { source: loaded.source.clone(), certificates: loaded.certificates.iter().map(Into::into).collect() };
    Ok(Outcome::report(&report, &[], global))
}
