//! `gsec transport parse`.

use super::value_args::ValueArgs;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_env::Env;
use gsec_platform::finding::{MASK, is_secret_name, masked};
use gsec_platform::transport::{Effect, Part, boolean, find, parts};
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
        parts: shown(&parts(&given.value)),
    };
    Ok(Outcome::report(&report, &[], global))
}

/// The parts as they can be shown. A secret may have a `;` in it: what the platform finds no option in is a part of the secret before it.
fn shown(parts: &[Part<'_>]) -> Vec<TransportPart> {
    let mut is_secret = false;
    let part = |part: &Part<'_>| {
        let goes_on = is_secret && part.effect != Effect::Used;
        is_secret = goes_on || is_secret_name(part.name) || masked(part.raw) != part.raw;
        let hidden = |text: &str| if goes_on { MASK.to_owned() } else { masked(text) };
        TransportPart {
            index: part.index,
            column: part.start + 1,
            raw: hidden(part.raw),
            name: hidden(part.name),
            value: part.value.map(|value| match is_secret {
                true => MASK.to_owned(),
                false => value.to_owned(),
            }),
            effect: part.effect.name(),
        }
    };
    parts.iter().map(part).collect()
}
