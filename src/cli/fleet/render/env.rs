//! `gsec fleet render env`.

use super::output::{Format, PartArgs, document, text_payload};
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::CommandResult;
use crate::cli::value;
use gsec_env::Env;
use gsec_platform::fleet::render::{LibraryDir, env_as_csv, env_as_sh, search_paths};

/// Print the search paths for the security libraries on UNIX hosts
///
/// Each host has one block, for the start scripts of its applications and of its Local Control Agent. The variables depend
/// on the operating system (`os` in the inventory): LD_LIBRARY_PATH, LD_LIBRARY_PATH_64, LIBPATH or SHLIB_PATH.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet render env
  $ gsec fleet render env tsrv1 --dir /opt/gcti/security-pack"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    part: PartArgs,

    /// In which form [default: sh]
    #[arg(long, value_name = "FORMAT", value_parser = value::one_of(&FORMATS, Format::name))]
    format: Option<Format>,

    /// Where the security libraries are on the hosts
    #[arg(long, value_name = "PATH", default_value = "/opt/genesys/security-pack", value_parser = directory)]
    dir: LibraryDir,
}

const FORMATS: [Format; 3] = [Format::Sh, Format::Csv, Format::Json];

fn directory(text: &str) -> Result<LibraryDir, &'static str> {
    LibraryDir::parse(text).ok_or("must be a full path without `:`")
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let format = Format::chosen(args.format, Format::Sh, global)?;
    let inventory = args.part.read(env)?;
    let rendered = search_paths(&inventory, &args.part.selected(&inventory)?, &args.dir);
    let text = match format {
        Format::Json => return Ok(document("env", &inventory, &rendered)),
        Format::Csv => env_as_csv(&rendered.rows),
        _ => env_as_sh(&rendered.rows),
    };
    Ok(text_payload(&text, format, &rendered.left_out))
}
