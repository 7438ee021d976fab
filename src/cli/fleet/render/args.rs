//! `gsec fleet render args`.

use super::output::{Format, PartArgs, document, payload, text_payload};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::CommandResult;
use crate::cli::value;
use gsec_env::Env;
use gsec_platform::fleet::render::{
    Service, StartArguments, Unwritable, args_as_bat, args_as_csv, args_as_reg, args_as_sh, start_arguments,
};
use gsec_platform::inventory::Inventory;

/// Print start arguments for client-side ports
///
/// They set the port and the address from which a server connects to Configuration Server for the first time. `sh` is for
/// run.sh, `bat` for startServer.bat, `reg` for the ImagePath of a service of Windows.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet render args
  $ gsec fleet render args TServer_P --format bat
  $ gsec fleet render args TServer_P --format reg --executable 'C:\\GCTI\\ts.exe' > ts.reg"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    part: PartArgs,

    /// In which form [default: sh]
    #[arg(long, value_name = "FORMAT", value_parser = value::one_of(&FORMATS, Format::name))]
    format: Option<Format>,

    /// The program that the service starts, with its path on the host (reg)
    #[arg(long, value_name = "PATH")]
    executable: Option<String>,

    /// Name of the service of Windows (reg) [default: the name of the application]
    #[arg(long, value_name = "NAME", requires = "executable")]
    service: Option<String>,
}

const FORMATS: [Format; 5] = [Format::Sh, Format::Bat, Format::Reg, Format::Csv, Format::Json];

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let format = Format::chosen(args.format, Format::Sh, global)?;
    if format != Format::Reg && args.executable.is_some() {
        return Err(Failure::usage("`--executable` is for `--format reg` alone"));
    }
    let inventory = args.part.read(env)?;
    let rendered = start_arguments(&inventory, &args.part.selected(&inventory)?);
    let rows = rendered.rows.as_slice();
    let text = match format {
        Format::Json => return Ok(document("args", &inventory, &rendered)),
        Format::Reg => {
            let file = registry_file(args, &inventory, rows)?;
            return Ok(payload(file, &rendered.left_out));
        }
        Format::Csv => args_as_csv(rows),
        Format::Bat => args_as_bat(rows).map_err(|error| unwritable(&error))?,
        _ => args_as_sh(rows),
    };
    Ok(text_payload(&text, format, &rendered.left_out))
}

fn registry_file(args: &Args, inventory: &Inventory, rows: &[StartArguments]) -> Result<Vec<u8>, Failure> {
    let Some(executable) = &args.executable else {
        return Err(Failure::usage("`--format reg` needs the program of the service")
            .hint("pass its path on the host with `--executable`"));
    };
    let [row] = rows else {
        let words = format!(
            "`--format reg` is for one application; {} are selected",
            rows.len()
        );
        return Err(Failure::usage(words).hint("name one that has a client-side port"));
    };
    let service = Service {
        name: args.service.clone().unwrap_or_else(|| row.application.clone()),
        executable: executable.clone(),
    };
    args_as_reg(inventory, row, &service).map_err(|error| unwritable(&error))
}

fn unwritable(error: &Unwritable) -> Failure {
    Failure::cannot("fleet.unwritable", error.to_string())
        .hint("`--format json` has every value as it is in the inventory")
}
