//! `gsec transport fix`.

use super::value_args::{ValueArgs, printed};
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_env::Env;
use gsec_platform::finding::Finding;
use gsec_platform::transport::{Fixes, Lint, fix, lint};
use gsec_report::{Notice, TransportFixReport};

/// Write a `transport` value as it was meant
///
/// Removes blanks and invisible characters around names and values, empty parts and the prefix `transport=`, and writes a
/// thumbprint as `9a ab …`. The order, unknown parts and duplicates stay. Standard output is the value alone.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec transport fix 'port=4001; address=10.0.0.1'
  $ gsec transport fix - --fix-names --drop-shadowed < value.txt
  $ gsec transport fix --check 'port=4001;address=10.0.0.1'",
or_no = "with `--check`: the value is not as `fix` writes it"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    value: ValueArgs,

    /// Also drop parts that an earlier part of the same name hides
    #[arg(long)]
    drop_shadowed: bool,

    /// Also correct names that are probably misspelled
    #[arg(long)]
    fix_names: bool,

    /// Exit with status 1 if the value is changed by it
    #[arg(long)]
    check: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let given = args.value.read(env)?;
    let fixes = Fixes {
        drop_shadowed: args.drop_shadowed,
        fix_names: args.fix_names,
    };
    let value = fix(&given.value, fixes);
    let mut left = lint(1, &value, 0, &Lint::default());
    left.retain_errors();
    let changed = value != given.value;
    let notices: Vec<Notice> = left.iter().map(notice).collect();
    let outcome = if global.json {
        let report = TransportFixReport {
            source: given.source,
            changed,
            found: left.into(),
            value,
        };
        Outcome::report(&report, &[], global)
    } else {
        Outcome {
            warnings: notices,
            ..printed(&value, env)
        }
    };
    Ok(outcome.answering(!(args.check && changed)))
}

/// What only a person can decide.
fn notice(finding: &Finding) -> Notice {
    Notice {
        code: finding.slug.replace('-', "_"),
        message: format!("{}: {}", finding.slug, finding.seen),
        hint: finding.help.clone(),
    }
}
