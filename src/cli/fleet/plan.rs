//! `gsec fleet plan`.

use std::path::{Path, PathBuf};

use super::inventory_args::InventoryArgs;
use super::site::Site;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_ca::files::{Access, Existing, read_file_within, write_output};
use gsec_deliver::rollout::{self, Look};
use gsec_env::{Env, all_cores};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::sha256;
use gsec_report::{
    FleetPlan, FleetPlanReport, NextSteps, PlanProblem, PlanUnchanged, PlannedBundle, PlannedCertificate,
    PlannedReason, PlannedRestart, PlannedSetting, counted,
};

/// Show what `fleet apply` would do, and why
///
/// Compares the inventory with the certificates of the CA and with the bundles that were written. Nothing is changed,
/// and no file is kept about what was done before. Beside certificates and bundles, a plan names the settings that a
/// person must enter and the applications that must be restarted, of a pair the backup first.
///
/// The same state gives the same plan: `fleet apply --plan` carries out just this one, or nothing.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet plan --inventory fleet.toml
  $ gsec fleet plan --inventory fleet.toml --out plan.json
  $ gsec fleet plan --inventory fleet.toml --check --quiet",
or_no = "with `--check`: there is something to do"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    inventory: InventoryArgs,

    /// Write the plan to this file, which is then that of `fleet apply --plan`; an earlier plan there is replaced
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Exit with status 1 if there is something to do
    #[arg(long)]
    check: bool,

    /// Only hosts whose name or FQDN matches; `*` and `?` stand for anything
    #[arg(long, value_name = "GLOB")]
    only: Option<String>,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let site = Site::open(&args.inventory, global, env)?;
    let fleet = site.fleet(args.only.as_deref(), env)?;
    let look = Look::take(
        &fleet,
        &site.authority,
        &site.output,
        all_cores(),
        env.clock.now(),
    )?;
    let plan = document(&look.plan);
    let file = plan.to_file();
    if let Some(out) = &args.out {
        write_output(out, Access::Public, file.as_bytes(), existing(out))?;
    }
    let has_changes = !look.plan.is_empty(false);
    let problems = plan.problems.len();
    let report = FleetPlanReport {
        hash: hash(&file),
        changes: has_changes,
        out: args.out.as_deref().map(shown),
        plan,
        next: if has_changes {
            next(args, global)
        } else {
            NextSteps::default()
        },
    };
    let outcome = Outcome::noticed(&report, Vec::new(), global);
    Ok(match problems {
        0 => outcome.answering(!args.check || !has_changes),
        count => outcome.lacking(Some(not_planned(count))),
    })
}

/// The plan is not that of all hosts.
fn not_planned(count: usize) -> Failure {
    let hosts = counted(count, "host", "hosts");
    Failure::cannot("fleet-incomplete", format!("nothing can be done for {hosts}"))
}

/// Only an earlier plan is replaced.
fn existing(out: &Path) -> Existing {
    match read_file_within(out, MAX_PLAN_BYTES).is_ok_and(|there| is_plan(&there)) {
        true => Existing::Replace,
        false => Existing::Keep,
    }
}

/// More than a plan of the largest inventory has.
pub(super) const MAX_PLAN_BYTES: u64 = 256 << 20;

/// Whether a file is a plan of `fleet plan --out`.
pub(super) fn is_plan(file: &[u8]) -> bool {
    file.starts_with(FleetPlan::FILE_BEGIN.as_bytes())
}

/// The name of a plan.
pub(super) fn hash(file: &str) -> String {
    encode(&sha256(file.as_bytes()), Separator::None)
}

fn next(args: &Args, global: &Global) -> NextSteps {
    let command = args
        .inventory
        .command("gsec fleet apply", args.only.as_deref(), global);
    command.map_or_else(NextSteps::default, |command| {
        NextSteps::default().command(&match &args.out {
            Some(out) => command.words("--plan").path(out),
            None => command,
        })
    })
}

fn reasons(reasons: &[rollout::Reason]) -> Vec<PlannedReason> {
    let reason = |reason: &rollout::Reason| PlannedReason {
        code: reason.code.clone(),
        message: reason.message.clone(),
    };
    reasons.iter().map(reason).collect()
}

/// A plan as it is shown.
pub(super) fn document(plan: &rollout::Plan) -> FleetPlan {
    let certificate = |step: &rollout::CertificateStep| PlannedCertificate {
        host: step.host.clone(),
        replaces: step.replaces.clone(),
        reasons: reasons(&step.reasons),
        key_on_host: step.is_key_on_host,
    };
    let bundle = |step: &rollout::BundleStep| PlannedBundle {
        host: step.host.clone(),
        folder: step.folder.clone(),
        target: step.target,
        new: step.is_new,
        reasons: reasons(&step.reasons),
        reloads: step.reloads.clone(),
    };
    let problem = |problem: &rollout::HostProblem| PlanProblem {
        host: problem.host.clone(),
        code: problem.code.clone(),
        message: problem.message.clone(),
    };
    FleetPlan {
        certificates: plan.certificates.iter().map(certificate).collect(),
        bundles: plan.bundles.iter().map(bundle).collect(),
        settings: settings(&plan.settings),
        restarts: restarts(&plan.restarts),
        gone: plan.gone.iter().map(|gone| gone.path.clone()).collect(),
        notices: reasons(&plan.notices),
        problems: plan.problems.iter().map(problem).collect(),
        unchanged: PlanUnchanged {
            hosts: plan.unchanged.hosts,
            certificates: plan.unchanged.certificates,
            bundles: plan.unchanged.bundles,
        },
    }
}

pub(super) fn settings(steps: &[rollout::SettingStep]) -> Vec<PlannedSetting> {
    let setting = |step: &rollout::SettingStep| PlannedSetting {
        object: step.object.clone(),
        place: step.place.clone(),
        option: step.option.clone(),
        before: step.before.clone(),
        after: step.after.clone(),
    };
    steps.iter().map(setting).collect()
}

pub(super) fn restarts(steps: &[rollout::RestartStep]) -> Vec<PlannedRestart> {
    let restart = |step: &rollout::RestartStep| PlannedRestart {
        apps: step.apps.clone(),
        pair: step.is_pair,
    };
    steps.iter().map(restart).collect()
}
