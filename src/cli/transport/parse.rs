//! `gsec transport parse`.

use super::value_args::ValueArgs;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_env::Env;
use gsec_platform::finding::{MASK, is_secret_name, masked};
use gsec_platform::transport::{Part, boolean, find, parts};
use gsec_report::{TransportParseReport, TransportPart};

/// Show how the platform reads a `transport` value
///
/// The platform cuts the value at every `;` and looks for `NAME=` at the beginning of a part, without trimming. For each
/// part this shows whether the platform uses it, an earlier part of the same name hides it (shadowed), no option is found in it
/// (vanished), or its name is not a documented one (unknown).
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec transport parse 'tls=1; certificate=9a ab db c4'
  $ gsec transport parse --file value.txt --json"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    value: ValueArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let given = args.value.read(env)?;
    let report = TransportParseReport {
        source: given.source,
        tls: find(&given.value, "tls").and_then(boolean) == Some(true),
        parts: parts(&given.value).iter().map(part).collect(),
    };
    Ok(Outcome::report(&report, &[], global))
}

fn part(part: &Part<'_>) -> TransportPart {
    let is_secret = is_secret_name(part.name);
    let value = |value: &str| if is_secret { MASK.to_owned() } else { masked(value) };
    TransportPart {
        index: part.index,
        column: part.start + 1,
        raw: masked(part.raw),
        name: part.name.to_owned(),
        value: part.value.map(value),
        effect: part.effect.name(),
    }
}
