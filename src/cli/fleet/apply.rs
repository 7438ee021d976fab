//! `gsec fleet apply`.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;

use super::inventory_args::InventoryArgs;
use super::plan::{MAX_PLAN_BYTES, document, hash, is_plan, restarts, settings};
use super::push::{Answer, Before, Push, PushArgs, World, count, not_signed, notice_of_ignored};
use super::site::Site;
use crate::cli::ask::{Unasked, declined, permission, plan as as_plan};
use crate::cli::failure::{Failure, Kind};
use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::progress::Progress;
use crate::cli::secret::CaPassphraseArgs;
use crate::cli::session::{shared_lock_notice, watch_interruption};
use gsec_ca::authority::{IssuedRow, RowResult, Unlocked};
use gsec_ca::files::{self, FilesError};
use gsec_deliver::bundle::Written;
use gsec_deliver::rollout::{
    BundleWork, Fleet, FleetHost, HostProblem, LEFT_OVER, Look, SignedCsr, WrittenBundle, settings_with,
};
use gsec_env::{Env, Interruption, StopSignal, all_cores};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::x509::rfc3339;
use gsec_report::{
    AppliedBundle, AppliedCertificate, AppliedFailure, FleetApplyReport, FleetPlan, FleetPlanReport,
    NextSteps, Notice, Problem, PushedBundle, counted,
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
/// A host with `key = "on-host"` makes its key itself when its certificate is due, with its own openssl, and sends a CSR. The
/// certificate has the names of the inventory, whatever the CSR says; the key stays on the host.
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
    /// Why hosts have no certificate for a key of their own.
    unsigned: BTreeMap<usize, Problem>,
    notices: Vec<Notice>,
    failures: Vec<AppliedFailure>,
    audit_head: Option<String>,
    interrupted_by: Option<StopSignal>,
}

/// A plan that is carried out.
struct Work<'a> {
    args: &'a Args,
    global: &'a Global,
    site: &'a Site,
    fleet: &'a Fleet<'a>,
    look: Look,
    done: Done,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let site = Site::open(&args.inventory, global, env)?;
    let fleet = site.fleet(args.only.as_deref(), env)?;
    let jobs = args.jobs.unwrap_or_else(all_cores);
    let look = Look::take(&fleet, &site.authority, &site.output, jobs, env.clock.now())?;
    let hosts = if args.push.is_asked() { count(&fleet) } else { 0 };
    let plan = document(&look.plan);
    let name = hash(&plan.to_file());
    let is_empty = look.plan.is_empty(args.prune);
    match &args.plan {
        Some(asked) => expect_plan(asked, &name, args, global)?,
        None if is_empty && hosts == 0 => {}
        None if is_permitted(&name, plan, hosts, global, env)? => {}
        None => return Ok(declined(env)),
    }
    let _lock = match is_empty {
        true => None,
        false => site.output.lock(global.lock_timeout())?,
    };
    let mut work = Work {
        args,
        global,
        site: &site,
        fleet: &fleet,
        look,
        done: Done::default(),
    };
    work.carry_out(jobs, hosts > 0, env)?;
    Ok(work.outcome(name))
}

/// Shows the plan, and asks.
fn is_permitted(
    name: &str,
    plan: FleetPlan,
    hosts: usize,
    global: &Global,
    env: &mut Env,
) -> Result<bool, Failure> {
    let shown = FleetPlanReport {
        hash: name.to_owned(),
        changes: true,
        out: None,
        plan,
        next: NextSteps::default(),
    };
    let (question, refusal) = match hosts {
        0 => (
            "Do this?".to_owned(),
            "certificates would be issued and bundles written, which needs permission",
        ),
        1 => (
            "Do this, and push to 1 host?".to_owned(),
            "hosts would be changed, which needs permission",
        ),
        hosts => (
            format!("Do this, and push to {hosts} hosts?"),
            "hosts would be changed, which needs permission",
        ),
    };
    let refusal = Unasked::Refuses(
        refusal.into(),
        "pass `--yes` to permit it, or `--plan` with a plan of `gsec fleet plan`",
    );
    permission(|| as_plan(&shown, global), &question, true, refusal, global, env)
}

/// The plan that was asked for must be the one that is due.
fn expect_plan(asked: &str, due: &str, args: &Args, global: &Global) -> Result<(), Failure> {
    let is_hash = asked.len() >= MIN_HASH && asked.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_due = if is_hash {
        due.starts_with(&asked.to_ascii_lowercase())
    } else {
        let path = Path::new(asked);
        let file = files::read_regular_within(path, MAX_PLAN_BYTES).map_err(|error| no_plan(error, asked))?;
        let text = std::str::from_utf8(&file).ok().filter(|_| is_plan(&file));
        let not_a_plan = || Failure::cannot("plan-unreadable", format!("`{}` is not a plan", shown(path)));
        hash(text.ok_or_else(not_a_plan)?) == due
    };
    if is_due {
        return Ok(());
    }
    let stale = Failure::cannot(
        "plan-stale",
        "another plan is due now: the inventory, the CA or the rules have changed since",
    );
    let again = args
        .inventory
        .command("gsec fleet plan", args.only.as_deref(), global);
    Err(match again {
        Some(again) => stale.hint(format!("`{again}` shows it")),
        None => stale,
    })
}

/// What was typed may have been meant as the hash of a plan.
fn no_plan(error: FilesError, asked: &str) -> Failure {
    let failure = Failure::from(error);
    match asked.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => failure.hint(format!("the hash of a plan has at least {MIN_HASH} digits here")),
        false => failure,
    }
}

/// The fewest digits of a plan's name that are taken for it.
const MIN_HASH: usize = 16;

impl Work<'_> {
    fn carry_out(&mut self, jobs: NonZero<usize>, pushes: bool, env: &mut Env) -> Result<(), Failure> {
        let interruption = watch_interruption(env)?;
        let pushed = if pushes {
            self.pusher(&interruption, env).places()
        } else {
            Vec::new()
        };
        self.leave_unwritable();
        // Of a host that is pushed to, the push says it.
        let left = self.look.wanted_there.iter().filter(|at| !pushed.contains(at));
        let problems = self.look.plan.problems.iter().map(of_host);
        let left = left.map(|at| of_key_on_host(&self.fleet.hosts[*at]));
        self.done.failures.extend(problems.chain(left));
        let asked = match pushes {
            true => self
                .pusher(&interruption, env)
                .can_be_asked(&self.look.wanted_there),
            false => Vec::new(),
        };
        if let Some(unlocked) = self.unlocked(&asked, env)? {
            if !self.look.wanted.is_empty() {
                self.issue(jobs, &unlocked, &interruption, env);
            }
            if !asked.is_empty() {
                let answers = self.pusher(&interruption, env).ask(&asked);
                self.sign(answers, &unlocked, &interruption, env);
            }
        }
        if interruption.signal().is_none() {
            self.write_bundles(env)?;
        }
        if self.args.prune && interruption.signal().is_none() {
            self.prune();
        }
        if pushes && interruption.signal().is_none() {
            self.push(&interruption, env)?;
        }
        self.done.interrupted_by = interruption.signal();
        Ok(())
    }

    /// A host whose bundles this user cannot write gets no certificate for them either.
    fn leave_unwritable(&mut self) {
        let (output, fleet, failures) = (&self.site.output, self.fleet, &mut self.done.failures);
        let mut is_writable = |at: &usize| {
            let host = &fleet.hosts[*at];
            let refused = output.expect_writable(host).err();
            failures.extend(refused.iter().map(|error| AppliedFailure {
                host: host.host.name.to_string(),
                problem: Problem::new(error.code(), error.to_string()),
            }));
            refused.is_none()
        };
        self.look.wanted.retain(&mut is_writable);
        self.look.wanted_there.retain(&mut is_writable);
    }

    /// The CA's key, where certificates are to be issued, or CSRs of these hosts to be signed.
    fn unlocked(&mut self, asked: &[usize], env: &mut Env) -> Result<Option<Unlocked>, Failure> {
        if self.look.wanted.is_empty() && asked.is_empty() {
            return Ok(None);
        }
        let failure = match self.args.ca_passphrase.unlock(&self.site.authority, env) {
            Ok(unlocked) => return Ok(Some(unlocked)),
            Err(failure) => failure,
        };
        // Bundles of certificates that stay need no CA key.
        if failure.kind != Kind::Cannot || self.look.bundles.is_empty() {
            return Err(failure);
        }
        let failures = self.look.wanted.iter().map(|row| AppliedFailure {
            host: self.fleet.hosts[*row].host.name.to_string(),
            problem: failure.problem.clone(),
        });
        self.done.failures.extend(failures);
        let unsigned = asked.iter().map(|at| (*at, failure.problem.clone()));
        self.done.unsigned.extend(unsigned);
        Ok(None)
    }

    fn issue(
        &mut self,
        jobs: NonZero<usize>,
        unlocked: &Unlocked,
        interruption: &Interruption,
        env: &mut Env,
    ) {
        let Self {
            site,
            fleet,
            look,
            done,
            global,
            ..
        } = self;
        let progress = Progress::new("issuing", look.wanted.len(), global);
        let lock_notice = shared_lock_notice(&progress);
        let sessions = global.worker_sessions("fleet.apply", env, &lock_notice);
        let is_interrupted = || interruption.signal().is_some();
        let (examined, wanted) = (
            std::mem::take(&mut look.examined),
            std::mem::take(&mut look.wanted),
        );
        let mut on = |row: usize, result| {
            progress.advance();
            let serial = match result {
                // Another call has issued it meanwhile.
                RowResult::Present(row) => row.serial,
                RowResult::Issued(issued) => {
                    let serial = issued.serial.clone();
                    done.issued.insert(row, issued);
                    serial
                }
                RowResult::Failed(error) => {
                    done.failures.push(AppliedFailure {
                        host: fleet.hosts[row].host.name.to_string(),
                        problem: Failure::from(&*error).problem,
                    });
                    return;
                }
                RowResult::Wanted(_) => return,
            };
            for work in [&mut look.bundles, &mut look.present] {
                work.push(BundleWork {
                    host: row,
                    serial: serial.clone(),
                });
            }
        };
        let head = fleet.with_batch(jobs, |batch| {
            site.authority.issue_batch(
                batch,
                (examined, &wanted),
                unlocked,
                &sessions,
                &is_interrupted,
                &mut on,
            )
        });
        done.audit_head = head.as_ref().map(digits);
    }

    /// Issues certificates for keys that were made on the hosts.
    fn sign(
        &mut self,
        answers: Vec<(usize, Answer)>,
        unlocked: &Unlocked,
        interruption: &Interruption,
        env: &mut Env,
    ) {
        let (site, fleet) = (self.site, self.fleet);
        for (at, answer) in answers {
            let host = fleet.hosts[at].host.name.as_str();
            let signed = answer.and_then(|csr| {
                if interruption.signal().is_some() {
                    return Err(Problem::new("push-interrupted", "the call was interrupted"));
                }
                let mut session = self.global.session("fleet.apply", env);
                let signed = fleet.sign_csr(at, &csr, &site.authority, unlocked, &mut session);
                signed.map_err(|refusal| not_signed(&refusal, host))
            });
            match signed {
                Ok(signed) => self.take_signed(at, signed),
                Err(problem) => drop(self.done.unsigned.insert(at, problem)),
            }
        }
    }

    fn take_signed(&mut self, at: usize, signed: SignedCsr) {
        let host = self.fleet.hosts[at].host.name.as_str();
        for work in [&mut self.look.bundles, &mut self.look.present] {
            work.push(BundleWork {
                host: at,
                serial: signed.row.serial.clone(),
            });
        }
        self.done.notices.extend(notice_of_ignored(host, &signed.ignored));
        if let Some(head) = &signed.audit_head {
            self.done.audit_head = Some(digits(head));
            self.done.issued.insert(at, signed.row);
        }
    }

    fn write_bundles(&mut self, env: &Env) -> Result<(), Failure> {
        let Self {
            site,
            fleet,
            look,
            done,
            ..
        } = self;
        look.bundles.sort_by_key(|work| work.host);
        let bundles = look
            .bundles
            .iter()
            .map(|work| fleet.hosts[work.host].bundles.len());
        let progress = Progress::new("writing bundles", bundles.sum(), self.global);
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

    fn prune(&mut self) {
        for gone in &self.look.plan.gone {
            match self.site.output.remove(gone) {
                Ok(()) => self.done.removed.push(gone.path.clone()),
                Err(error) => self.done.failures.push(AppliedFailure {
                    host: gone.path.clone(),
                    problem: Problem::new(error.code(), error.to_string()),
                }),
            }
        }
    }

    fn push(&mut self, interruption: &Interruption, env: &Env) -> Result<(), Failure> {
        let failures = self.done.failures.iter();
        let failed: Vec<String> = failures.map(|failure| failure.host.clone()).collect();
        self.done.pushed = self.pusher(interruption, env).push(&Before {
            certificates: &self.look.present,
            failed: &failed,
            unsigned: &self.done.unsigned,
        })?;
        Ok(())
    }

    fn pusher<'b>(&'b self, interruption: &'b Interruption, env: &'b Env) -> Push<'b> {
        Push {
            args: &self.args.push,
            inventory: &self.args.inventory,
            site: self.site,
            fleet: self.fleet,
            interruption,
            global: self.global,
            world: World::of(env),
        }
    }

    /// The SHA-1 thumbprint of the certificate that a host got.
    fn issued_thumbprint(&self, host: &str) -> Option<[u8; 20]> {
        let is_of = |work: &&BundleWork| self.fleet.hosts[work.host].host.name.as_str() == host;
        let work = self.look.bundles.iter().find(is_of)?;
        let certificate = self.site.authority.issued_certificate(&work.serial).ok()??;
        Some(certificate.thumbprints().sha1)
    }

    fn outcome(self, plan: String) -> Outcome {
        let settled = settings_with(&self.look.plan.settings, &|host| self.issued_thumbprint(host));
        let (fleet, done, planned) = (self.fleet, self.done, self.look.plan);
        let certificate = |(row, issued): (&usize, &IssuedRow)| AppliedCertificate {
            host: fleet.hosts[*row].host.name.to_string(),
            serial: issued.serial.to_string(),
            not_after: rfc3339(issued.not_after),
            thumbprint_sha256: encode(&issued.sha256, Separator::None),
            key_on_host: fleet.hosts[*row].is_key_on_host,
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
            restarts: restarts(&planned.restarts),
            unchanged_hosts: planned.unchanged.hosts,
            interrupted_by: done.interrupted_by.map(StopSignal::name),
            audit_head: done.audit_head,
            failures: done.failures,
        };
        let lacking = lacking(&report, done.interrupted_by);
        let left_over = planned.notices.iter().filter(|notice| notice.code == LEFT_OVER);
        let notices = left_over.filter(|_| self.args.prune).map(|notice| Notice {
            code: notice.code.clone(),
            message: notice.message.clone(),
            hint: None,
        });
        let notices = done.notices.into_iter().chain(notices).collect();
        Outcome::noticed(&report, notices, self.global).lacking(lacking)
    }
}

fn of_host(problem: &HostProblem) -> AppliedFailure {
    AppliedFailure {
        host: problem.host.clone(),
        problem: Problem::new(&problem.code, problem.message.clone()),
    }
}

/// Such a host is left as it is, which must not look like done.
fn of_key_on_host(host: &FleetHost<'_>) -> AppliedFailure {
    let message = "its key is made on the host: `--push ssh` has it made where the inventory says how to get there, and `gsec cert sign` signs a CSR that was brought here";
    AppliedFailure {
        host: host.host.name.to_string(),
        problem: Problem::new("fleet-key-on-host", message),
    }
}

/// What was not done.
fn lacking(report: &FleetApplyReport, interrupted_by: Option<StopSignal>) -> Option<Failure> {
    if let Some(signal) = interrupted_by {
        // What was begun is whole.
        return Some(Failure {
            kind: Kind::stopped_by(signal),
            ..Failure::cannot("interrupted", format!("ended by {}", signal.name()))
                .hint("the same command goes on where this one ended")
        });
    }
    let not_pushed = report.pushed.iter().filter(|pushed| !pushed.ok).count();
    let failed = report.failures.len() + not_pushed;
    let steps = counted(failed, "step", "steps");
    (failed > 0).then(|| {
        Failure::cannot(
            "fleet-incomplete",
            format!("{steps} failed; the others were done"),
        )
    })
}
