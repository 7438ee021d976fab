//! `gsec fleet apply --push ssh`: bundles to their hosts.

mod csr;
mod prepare;

use std::ffi::OsString;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::inventory_args::InventoryArgs;
use super::site::Site;
use super::status::in_words;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::hint;
use crate::cli::progress::Progress;
use crate::cli::value;
use gsec_deliver::push::{
    Course, PushState, Pushed, Schedule, Served, SkipReason, VARIABLES, run as run_schedule,
};
use gsec_deliver::rollout::{Fleet, NotServed, is_served};
use gsec_env::{Env, Interruption, Programs};
use gsec_pki::x509::Certificate;
use gsec_report::{Problem, PushedBundle};
use time::OffsetDateTime;

use prepare::{Prepared, has_way};

pub(super) use csr::{Answer, not_signed, notice_of_ignored};
pub(super) use prepare::Before;

/// One step of a connection to a port.
const STEP: Duration = Duration::from_secs(5);

/// How bundles get to their hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum How {
    /// Over ssh.
    Ssh,
}

/// The options of a push.
#[derive(clap::Args)]
pub(super) struct PushArgs {
    /// Then bring the bundles to the hosts for which the inventory says how, over ssh
    #[arg(long, value_name = "HOW", help_heading = "Push")]
    push: Option<How>,

    /// Number of hosts that come first, one after the other
    #[arg(
        long,
        value_name = "N",
        default_value = "1",
        requires = "push",
        help_heading = "Push"
    )]
    canary: usize,

    /// Number of hosts at the same time after that
    #[arg(
        long,
        value_name = "N",
        default_value = "8",
        requires = "push",
        help_heading = "Push"
    )]
    max_parallel: NonZero<usize>,

    /// Go on with other hosts after one has failed
    #[arg(long, requires = "push", help_heading = "Push")]
    keep_going: bool,

    /// How long a port may take to serve the new certificate, before the one before is put back
    #[arg(long, value_name = "TIME", requires = "push", default_value = "20s", value_parser = value::timeout, help_heading = "Push")]
    probe_timeout: Duration,
}

impl PushArgs {
    /// Whether bundles are pushed.
    pub(super) fn is_asked(&self) -> bool {
        self.push.is_some()
    }
}

/// The hosts that are pushed to.
pub(super) fn count(fleet: &Fleet<'_>) -> usize {
    fleet.hosts.iter().filter(|host| has_way(host)).count()
}

/// A push, and what it needs.
pub(super) struct Push<'a> {
    pub(super) args: &'a PushArgs,
    pub(super) inventory: &'a InventoryArgs,
    pub(super) site: &'a Site,
    pub(super) fleet: &'a Fleet<'a>,
    pub(super) interruption: &'a Interruption,
    pub(super) global: &'a Global,
    /// What is asked of this machine.
    pub(super) world: World<'a>,
}

/// What a push needs of this machine.
pub(super) struct World<'a> {
    programs: &'a dyn Programs,
    /// The variables that ssh gets.
    variables: Vec<(OsString, OsString)>,
    now: OffsetDateTime,
}

impl<'a> World<'a> {
    pub(super) fn of(env: &'a Env) -> Self {
        let of = |name: &&str| Some(((*name).into(), (env.variable)(name)?));
        Self {
            programs: &*env.programs,
            variables: VARIABLES.iter().filter_map(of).collect(),
            now: env.clock.now(),
        }
    }
}

impl Push<'_> {
    /// Pushes the bundles of all hosts that have a way to them.
    pub(super) fn push(&self, before: &Before<'_>) -> Result<Vec<PushedBundle>, Failure> {
        let places = self.places();
        let prepared = self.prepare(&places, before)?;
        let schedule = Schedule::new(
            &self.items(&places),
            self.args.canary,
            self.args.max_parallel.get(),
            self.args.keep_going,
        );
        let bundles = prepared.iter().map(|host| host.bundles().len()).sum();
        let progress = Progress::new("pushing", bundles, self.global);
        let told: Mutex<Vec<PushedBundle>> = Mutex::default();
        let tell = |pushed: PushedBundle| {
            progress.advance();
            told.lock().unwrap_or_else(PoisonError::into_inner).push(pushed);
        };
        self.run(schedule, &prepared, &tell);
        drop(progress);
        Ok(told.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn run(&self, schedule: Schedule, prepared: &[Prepared<'_>], tell: &(dyn Fn(PushedBundle) + Sync)) {
        let (roots, now) = (self.site.authority.anchors().0, self.world.now);
        let probe = |at: usize, bundle: usize| self.probe(&prepared[at], bundle, &roots, now);
        let is_interrupted = || self.interruption.signal().is_some();
        let course = Course {
            programs: self.world.programs,
            variables: self.world.variables.clone(),
            probe: &probe,
            patience: self.args.probe_timeout,
            is_interrupted: &is_interrupted,
        };
        let tell_pushed = |pushed: Pushed| tell(reported(pushed));
        let work = |at: usize| match &prepared[at] {
            Prepared::Ready { host, .. } => course.push(at, host, &tell_pushed),
            refused => {
                refused.each(tell);
                false
            }
        };
        let workers = self.args.max_parallel.get().min(prepared.len());
        let schedule = run_schedule(schedule, workers, &is_interrupted, &work);
        for (at, why) in schedule.skipped() {
            self.skipped(prepared, at, why).into_iter().for_each(&tell_pushed);
        }
    }

    /// What is said of each bundle of a host that was left as it is.
    fn skipped(&self, prepared: &[Prepared<'_>], at: usize, why: SkipReason) -> Vec<Pushed> {
        let (code, message) = match why {
            SkipReason::Stopped if self.interruption.signal().is_some() => {
                ("push-interrupted", "the call was interrupted".to_owned())
            }
            SkipReason::Stopped => ("push-stopped", "another host failed before".to_owned()),
            SkipReason::Backup(backup) => (
                "push-backup-failed",
                format!(
                    "`{}`, which has the backup of a pair, was not done",
                    prepared[backup].name()
                ),
            ),
        };
        let skipped = |bundle: &str| {
            Pushed::new(prepared[at].name(), bundle, PushState::Skipped).because(code, message.clone())
        };
        prepared[at].bundles().into_iter().map(skipped).collect()
    }

    /// Asks the port of a bundle for its certificate.
    fn probe(
        &self,
        prepared: &Prepared<'_>,
        bundle: usize,
        roots: &[Certificate],
        now: OffsetDateTime,
    ) -> Served {
        let Prepared::Ready {
            wanted,
            ports,
            certificate,
            ..
        } = prepared
        else {
            return Served::Ours;
        };
        let Some(Some(port)) = ports.get(bundle) else {
            return Served::Ours;
        };
        let said = |words: String| Served::Not(format!("port {}: {words}", port.number));
        let authority = &self.site.authority;
        match is_served(wanted, port, (certificate, roots), authority, now, STEP) {
            Ok(()) => Served::Ours,
            Err(NotServed::Port(state)) => said(in_words(&state).unwrap_or_default()),
            Err(NotServed::Chain(why)) => said(format!("clients do not accept its chain: {why}")),
        }
    }
}

fn reported(pushed: Pushed) -> PushedBundle {
    let problem = match (&pushed.error, pushed.code) {
        (Some(error), _) => Some(Problem {
            hints: hint::push(error).into_iter().collect(),
            ..Problem::new(error.code(), error.to_string())
        }),
        (None, Some(code)) => Some(Problem {
            hints: hint::pushed(code, &pushed.host).into_iter().collect(),
            ..Problem::new(code, pushed.message.unwrap_or_default())
        }),
        (None, None) => None,
    };
    PushedBundle {
        ok: pushed.state.is_success() || pushed.is_left,
        host: pushed.host,
        bundle: pushed.bundle,
        state: pushed.state.code(),
        previous: pushed.previous,
        current: pushed.current,
        problem,
    }
}
