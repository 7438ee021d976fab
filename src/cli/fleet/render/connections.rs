//! `gsec fleet render connections`.

use super::output::{Format, PartArgs, document, text_payload};
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::CommandResult;
use crate::cli::value;
use gsec_env::Env;
use gsec_platform::fleet::render::{connection_settings, connections_as_csv};

/// Print the transport parameters of connections with client-side ports
///
/// Enter each in Configuration Manager, at the connection, under Advanced.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet render connections
  $ gsec fleet render connections TServer_P --format json"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    part: PartArgs,

    /// In which form [default: csv]
    #[arg(long, value_name = "FORMAT", value_parser = value::one_of(&FORMATS, Format::name))]
    format: Option<Format>,
}

const FORMATS: [Format; 2] = [Format::Csv, Format::Json];

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let format = Format::chosen(args.format, Format::Csv, global)?;
    let inventory = args.part.read(env)?;
    let rendered = connection_settings(&inventory, &args.part.selected(&inventory)?);
    Ok(match format {
        Format::Json => document("connections", &inventory, &rendered),
        _ => text_payload(&connections_as_csv(&rendered.rows), format, &rendered.left_out),
    })
}
