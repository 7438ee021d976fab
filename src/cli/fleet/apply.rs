//! `gsec fleet apply`.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;

use super::inventory_args::InventoryArgs;
use super::plan::{document, hash, restarts, settings};
use super::push::{PushArgs, count, push};
use super::site::{Site, delivery, jobs};
use crate::cli::ask::{Unasked, declined, permission, plan as as_plan};
use crate::cli::failure::{Failure, Kind};
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::progress::Progress;
use crate::cli::secret::CaPassphraseArgs;
use crate::cli::session::shared_lock_notice;
use gsec_ca::authority::{Batch, IssuedRow, RowResult};
use gsec_ca::files;
use gsec_deliver::bundle::Written;
use gsec_deliver::rollout::{BundleWork, Fleet, HostProblem, Look, WrittenBundle, settings_with};
use gsec_env::{Env, Interruption, StopSignal};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::encoding::visible::system_words;
use gsec_pki::x509::rfc3339;
use gsec_report::{
    AppliedBundle, AppliedCertificate, AppliedFailure, FleetApplyReport, FleetPlanReport, NextSteps, Problem,
    PushedBundle,
};

/// Issue what the inventory lacks, and write the bundles of its hosts
///
/// Does what `fleet plan` shows: certificates that are missing, near their end or not as the inventory has them are
/// issued, and bundles that differ are written, each whole, as `out/HOST/TARGET` next to the inventory. What is as it
/// should be is not touched; a second call changes nothing. What fails for one host stops no other.
///
/// With `--push ssh`, the bundles of hosts that have `push` in the inventory are brought there: checked, installed in
/// one step, reloaded, and put back where the service refuses them or its port does not serve them. Hosts come in their
/// order, of a pair the backup first. The system's ssh does it, with its keys, agents and known hosts; it never asks.
///
/// On a terminal it asks first; elsewhere `--yes` or `--plan` is needed.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet apply --inventory fleet.toml --yes
  $ gsec fleet apply --inventory fleet.toml --only 'db*' --yes
  $ gsec fleet apply --inventory fleet.toml --prune --yes
  $ gsec fleet apply --inventory fleet.toml --only 'db*' --push ssh --canary 2 --yes",
or_no = "it was not permitted"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    inventory: InventoryArgs,

    /// Carry out this plan of `fleet plan`, or nothing if another one is due now: its file, or its hash
    #[arg(long, value_name = "FILE|HASH")]
    plan: Option<String>,

    /// Only hosts whose name or FQDN matches; `*` and `?` stand for anything
    #[arg(long, value_name = "GLOB")]
    only: Option<String>,

    /// Remove bundles of hosts and targets that are no longer in the inventory
    #[arg(long, conflicts_with = "only")]
    prune: bool,

    /// Number of keys made at the same time [default: the number of processors]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,

    #[command(flatten)]
    push: PushArgs,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,
}

/// What was done.
#[derive(Default)]
struct Done {
    issued: BTreeMap<usize, IssuedRow>,
    bundles: Vec<AppliedBundle>,
    removed: Vec<String>,
    pushed: Vec<PushedBundle>,
    failures: Vec<AppliedFailure>,
    audit_head: Option<String>,
    interrupted_by: Option<StopSignal>,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let site = Site::open(&args.inventory, global, env)?;
    let fleet = site.fleet(args.only.as_deref(), env)?;
    let delivery = delivery();
    let batch = Batch {
        order: &|at| fleet.order(at),
        delivery: &delivery,
        jobs: jobs(args.jobs),
        fail_fast: false,
        renew_before: &|at| fleet.hosts[at].renew_before,
    };
    let now = env.clock.now();
    let mut look = Look::take(&fleet, &site.authority, &batch, &site.output, now)?;
    let plan = document(&look.plan);
    let name = hash(&plan.to_file());
    let is_empty = look.plan.is_empty(args.prune);
    let hosts = if args.push.is_asked() { count(&fleet) } else { 0 };
    match &args.plan {
        Some(asked) => expect_plan(asked, &name, args)?,
        None if is_empty && hosts == 0 => {}
        None => {
            let shown = FleetPlanReport {
                hash: name.clone(),
                changes: true,
                out: None,
                plan,
                next: NextSteps::default(),
            };
            let refusal = Unasked::Refuses(
                match hosts {
                    0 => "certificates would be issued and bundles written, which needs permission".into(),
                    _ => "hosts would be changed, which needs permission".into(),
                },
                "pass `--yes` to permit it, or `--plan` with a plan of `gsec fleet plan`",
            );
            let question = match hosts {
                0 => "Do this?".to_owned(),
                1 => "Do this, and push to 1 host?".to_owned(),
                hosts => format!("Do this, and push to {hosts} hosts?"),
            };
            if !permission(|| as_plan(&shown, global), &question, true, refusal, global, env)? {
                return Ok(declined(env));
            }
        }
    }
    let has_work = !is_empty || !look.bundles.is_empty();
    let _lock = if has_work {
        site.output.lock(global.lock_timeout())?
    } else {
        None
    };
    let mut done = Done::default();
    done.failures.extend(look.plan.problems.iter().map(of_host));
    let interruption = (env.watch_interruption)().map_err(cannot_watch)?;
    if !look.wanted.is_empty() {
        issue(
            args,
            &site,
            &fleet,
            &batch,
            &interruption,
            &mut look,
            &mut done,
            global,
            env,
        )?;
    }
    if done.interrupted_by.is_none() {
        look.bundles.sort_by_key(|work| work.host);
        write_bundles(&site, &fleet, &look, &mut done, global, env)?;
    }
    if args.prune && done.interrupted_by.is_none() {
        prune(&site, &look, &mut done);
    }
    done.interrupted_by = done.interrupted_by.or(interruption.signal());
    if hosts > 0 && done.interrupted_by.is_none() {
        let failed: Vec<String> = done.failures.iter().map(|failure| failure.host.clone()).collect();
        done.pushed = push(
            &args.push,
            &args.inventory,
            &site,
            &fleet,
            &look.present,
            &failed,
            &interruption,
            global,
            env,
        )?;
        done.interrupted_by = interruption.signal();
    }
    Ok(outcome(name, &site, &fleet, &look, done, global))
}

/// The plan that was asked for must be the one that is due.
fn expect_plan(asked: &str, due: &str, args: &Args) -> Result<(), Failure> {
    let is_hash = asked.len() >= MIN_HASH && asked.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_due = if is_hash {
        due.starts_with(&asked.to_ascii_lowercase())
    } else {
        let path = Path::new(asked);
        let file = files::read_file_within(path, MAX_PLAN_BYTES)?;
        let text = std::str::from_utf8(&file)
            .map_err(|_| Failure::cannot("plan-unreadable", format!("`{}` is not a plan", shown(path))))?;
        hash(text) == due
    };
    if is_due {
        return Ok(());
    }
    let again = CommandLine::new("gsec fleet plan --inventory").path(&args.inventory.inventory);
    Err(Failure::cannot(
        "plan-stale",
        "another plan is due now: the inventory, the CA or the rules have changed since",
    )
    .hint(format!("`{again}` shows it")))
}

/// The fewest digits of a plan's name that are taken for it.
const MIN_HASH: usize = 16;
/// More than a plan of the largest inventory has.
const MAX_PLAN_BYTES: u64 = 256 << 20;

fn cannot_watch(error: std::io::Error) -> Failure {
    Failure::cannot(
        "signals",
        format!("cannot watch for signals: {}", system_words(&error)),
    )
}

#[allow(clippy::too_many_arguments, reason = "one step of one command")]
fn issue(
    args: &Args,
    site: &Site,
    fleet: &Fleet<'_>,
    batch: &Batch<'_>,
    interruption: &Interruption,
    look: &mut Look,
    done: &mut Done,
    global: &Global,
    env: &mut Env,
) -> Result<(), Failure> {
    let unlocked = args.ca_passphrase.unlock(&site.authority, env)?;
    let progress = Progress::new("issuing", look.wanted.len(), global);
    let lock_notice = shared_lock_notice(&progress);
    let sessions = global.worker_sessions("fleet.apply", env, &lock_notice);
    let is_interrupted = || interruption.signal().is_some();
    let examined = std::mem::take(&mut look.examined);
    let head = site.authority.issue_batch(
        batch,
        (examined, &look.wanted),
        &unlocked,
        &sessions,
        &is_interrupted,
        &mut |row, result| {
            progress.advance();
            match result {
                RowResult::Issued(issued) | RowResult::Present(issued) => {
                    for work in [&mut look.bundles, &mut look.present] {
                        work.push(BundleWork {
                            host: row,
                            serial: issued.serial.clone(),
                        });
                    }
                    done.issued.insert(row, issued);
                }
                RowResult::Failed(error) => done.failures.push(AppliedFailure {
                    host: fleet.hosts[row].host.name.to_string(),
                    problem: Failure::from(&*error).problem,
                }),
                RowResult::Wanted(_) => {}
            }
        },
    );
    done.interrupted_by = interruption.signal();
    done.audit_head = head.as_ref().map(digits);
    Ok(())
}

fn write_bundles(
    site: &Site,
    fleet: &Fleet<'_>,
    look: &Look,
    done: &mut Done,
    global: &Global,
    env: &Env,
) -> Result<(), Failure> {
    let count = look
        .bundles
        .iter()
        .map(|work| fleet.hosts[work.host].bundles.len())
        .sum();
    let progress = Progress::new("writing bundles", count, global);
    let mut on = |written: WrittenBundle| {
        progress.advance();
        match written.result {
            Ok((_, Written::Unchanged)) => {}
            Ok((release, result)) => done.bundles.push(AppliedBundle {
                host: written.host,
                path: shown(&written.path),
                release,
                written: if result == Written::Created {
                    "created"
                } else {
                    "replaced"
                },
            }),
            Err(problem) => done.failures.push(of_host(&problem)),
        }
    };
    let now = env.clock.now();
    Ok(site
        .output
        .write(fleet, &site.authority, &look.bundles, now, &mut on)?)
}

fn prune(site: &Site, look: &Look, done: &mut Done) {
    for gone in &look.plan.gone {
        match site.output.remove(gone) {
            Ok(()) => done.removed.push(gone.path.clone()),
            Err(error) => done.failures.push(AppliedFailure {
                host: gone.path.clone(),
                problem: Problem::new(error.code(), error.to_string()),
            }),
        }
    }
}

fn of_host(problem: &HostProblem) -> AppliedFailure {
    AppliedFailure {
        host: problem.host.clone(),
        problem: Problem::new(&problem.code, problem.message.clone()),
    }
}

fn outcome(
    plan: String,
    site: &Site,
    fleet: &Fleet<'_>,
    look: &Look,
    done: Done,
    global: &Global,
) -> Outcome {
    let thumbprint = |(row, issued): (&usize, &IssuedRow)| {
        let certificate = site.authority.issued_certificate(&issued.serial)?;
        Some((
            fleet.hosts[*row].host.name.as_str(),
            certificate.thumbprints().sha1,
        ))
    };
    let thumbprints = if look.plan.settings.is_empty() {
        BTreeMap::new()
    } else {
        done.issued.iter().filter_map(thumbprint).collect()
    };
    let settled = settings_with(&look.plan.settings, fleet.inventory, &thumbprints);
    let certificate = |(row, issued): (&usize, &IssuedRow)| AppliedCertificate {
        host: fleet.hosts[*row].host.name.to_string(),
        serial: issued.serial.to_string(),
        not_after: rfc3339(issued.not_after),
        thumbprint_sha256: encode(&issued.sha256, Separator::None),
    };
    let report = FleetApplyReport {
        plan,
        changed: !done.issued.is_empty()
            || !done.bundles.is_empty()
            || !done.removed.is_empty()
            || done.pushed.iter().any(|pushed| pushed.state == "installed"),
        certificates: done.issued.iter().map(certificate).collect(),
        bundles: done.bundles,
        removed: done.removed,
        pushed: done.pushed,
        settings: settings(&settled),
        restarts: restarts(&look.plan.restarts),
        unchanged_hosts: look.plan.unchanged.hosts,
        interrupted_by: done.interrupted_by.map(StopSignal::name),
        audit_head: done.audit_head,
        failures: done.failures,
    };
    let not_pushed = report.pushed.iter().filter(|pushed| !pushed.ok).count();
    let lacking = match (report.failures.len() + not_pushed, done.interrupted_by) {
        (_, Some(signal)) => Some(interrupted(signal)),
        (0, None) => None,
        (count, None) => {
            let words = if count == 1 {
                "1 step failed".to_owned()
            } else {
                format!("{count} steps failed")
            };
            Some(Failure::cannot(
                "fleet-incomplete",
                format!("{words}; the others were done"),
            ))
        }
    };
    Outcome::noticed(&report, Vec::new(), global).lacking(lacking)
}

/// What was begun is whole; the same command goes on where this one ended.
fn interrupted(signal: StopSignal) -> Failure {
    let failure = Failure::cannot("interrupted", format!("ended by {}", signal.name()))
        .hint("the same command goes on where this one ended");
    Failure {
        kind: if signal.name() == "SIGTERM" {
            Kind::Terminated
        } else {
            Kind::Interrupted
        },
        ..failure
    }
}
