//! `gsec ca adopt`.

use crate::cli::failure::Failure;
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::print::write_stderr;
use gsec_ca::authority::AdoptionPlan;
use gsec_env::Env;
use gsec_report::{AdoptReport, to_text};

/// Take over a CA directory that the old scripts made
///
/// Says first what is weak in it and what would be changed, and asks. Then allows several certificates of one subject, so
/// that renewal is possible, adds `gsec.toml` and `crl.num`, and tightens modes. What is changed is kept beside it.
/// Certificates, keys and records are not touched.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec ca adopt --dry-run
  $ gsec ca adopt --yes"
))]
pub(in crate::cli) struct Args {
    /// Say what is weak and what would be changed, and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    let plan = authority.plan_adoption(env.clock.now())?;
    let mut report = AdoptReport {
        ca_dir: shown(authority.directory().root()),
        changed: !plan.is_empty(),
        dry_run: true,
        subject: authority.certificate().subject().to_string(),
        counts: super::counts(&plan.statistics),
        weaknesses: plan.weaknesses.iter().map(ToString::to_string).collect(),
        changes: changes(&plan),
        kept: Vec::new(),
        audit_head: None,
    };
    if args.dry_run || plan.is_empty() {
        return Ok(Outcome::report(&report, &[], global));
    }
    if !global.yes {
        if !env.terminal.is_interactive() {
            return Err(
                Failure::usage("adopting changes the directory, and nobody is there to say yes")
                    .hint("look with `--dry-run`, go on with `--yes`"),
            );
        }
        write_stderr(&to_text(&report, global.verbose > 0));
        if !env.terminal.confirm("Go on?")? {
            return Ok(Outcome::report(&report, &[], global).answering(false));
        }
    }
    let mut notice = super::super::cert::lock_notice();
    let adopted = authority.adopt(&plan, &mut global.session("ca.adopt", env, &mut notice))?;
    report.dry_run = false;
    report.audit_head = adopted.audit_head.as_ref().map(digits);
    report.kept = adopted.kept.iter().map(|path| shown(path)).collect();
    Ok(Outcome::report(&report, &[], global))
}

fn changes(plan: &AdoptionPlan) -> Vec<String> {
    let mut changes = Vec::new();
    if plan.allows_renewal {
        changes.push(
            "`unique_subject = no` in ca.db.attr, so that a subject may have several certificates".into(),
        );
    }
    changes.extend(plan.added.iter().map(|path| format!("adds {}", shown(path))));
    changes.extend(plan.modes.iter().map(|loose| {
        format!(
            "mode {:04o} instead of {:04o} for {}",
            loose.wanted,
            loose.mode,
            shown(&loose.path)
        )
    }));
    changes
}
