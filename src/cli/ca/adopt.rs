//! `gsec ca adopt`.

use crate::cli::ask::{self, Unasked};
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_ca::authority::AdoptionPlan;
use gsec_env::Env;
use gsec_report::AdoptReport;

/// Adopt a CA directory created by the old scripts
///
/// Shows its weaknesses and the planned changes, and asks for confirmation. Then allows several certificates
/// per subject, so that they can be renewed, adds `gsec.toml` and `crl.num`, and tightens file modes. The old
/// version of each changed file is kept next to it. Certificates, keys and records are not changed.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec ca adopt --dry-run
  $ gsec ca adopt --yes"
))]
pub(in crate::cli) struct Args {
    /// Show the weaknesses and the planned changes, and change nothing
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
    let refusal = "adopting changes the directory and must be confirmed, and there is no terminal";
    let unasked = Unasked::Refuses(refusal.into(), "look with `--dry-run`, confirm with `--yes`");
    if !ask::permission(
        || ask::plan(&report, global),
        "Continue?",
        false,
        unasked,
        global,
        env,
    )? {
        return Ok(ask::declined(env));
    }
    let adopted = authority.adopt(&plan, &mut global.session("ca.adopt", env))?;
    report.dry_run = false;
    report.audit_head = adopted.audit_head.as_ref().map(digits);
    report.kept = adopted.kept.iter().map(|path| shown(path)).collect();
    Ok(Outcome::report(&report, &[], global))
}

fn changes(plan: &AdoptionPlan) -> Vec<String> {
    let mut changes = Vec::new();
    if plan.allows_renewal {
        changes.push(
            "`unique_subject = no` in ca.db.attr, so that a subject can have several certificates".into(),
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
