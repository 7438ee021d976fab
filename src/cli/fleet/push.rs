//! `gsec fleet apply --push ssh`: bundles to their hosts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::num::NonZero;
use std::path::Path;
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
    Course, Item, PushBundle, PushHost, PushState, Pushed, Remote, Schedule, Served, SkipReason, SshHost,
    SshUser, VARIABLES, run as run_schedule,
};
use gsec_deliver::rollout::{BundleWork, Fleet, FleetHost, NotServed, ServingPort, is_served, make_again};
use gsec_env::{Env, Interruption};
use gsec_pki::x509::Certificate;
use gsec_platform::inventory::Push;
use gsec_platform::transport::Platform;
use gsec_report::{Problem, PushedBundle};
use time::OffsetDateTime;

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

/// A host of the inventory that is to be pushed to.
enum Prepared<'a> {
    /// It can be.
    Ready {
        host: Box<PushHost>,
        wanted: &'a FleetHost<'a>,
        /// For each bundle its port, where it is to be asked.
        ports: Vec<Option<ServingPort>>,
        certificate: Box<Certificate>,
    },
    /// It cannot.
    Refused {
        name: String,
        bundles: Vec<String>,
        state: PushState,
        code: &'static str,
        message: String,
    },
}

/// The hosts that are pushed to.
pub(super) fn count(fleet: &Fleet<'_>) -> usize {
    fleet
        .hosts
        .iter()
        .filter(|host| host.host.push.is_some() && !host.bundles.is_empty())
        .count()
}

/// Pushes the bundles of hosts with these certificates; `failed` are hosts of which something could not be done.
#[allow(clippy::too_many_arguments, reason = "one step of one command")]
pub(super) fn push(
    args: &PushArgs,
    inventory: &InventoryArgs,
    site: &Site,
    fleet: &Fleet<'_>,
    certificates: &[BundleWork],
    failed: &[String],
    interruption: &Interruption,
    global: &Global,
    env: &Env,
) -> Result<Vec<PushedBundle>, Failure> {
    let now = env.clock.now();
    let (places, prepared) = prepare(inventory, site, fleet, certificates, failed, now)?;
    let items = items(fleet, &places);
    let schedule = Schedule::new(&items, args.canary, args.max_parallel.get(), args.keep_going);
    let roots = site.authority.anchors().0;
    let probe = |at: usize, bundle: usize| probe(site, &prepared[at], bundle, &roots, now);
    let is_interrupted = || interruption.signal().is_some();
    let course = Course {
        programs: &*env.programs,
        variables: VARIABLES
            .iter()
            .filter_map(|name| Some((name.into(), (env.variable)(name)?)))
            .collect(),
        probe: &probe,
        patience: args.probe_timeout,
        is_interrupted: &is_interrupted,
    };
    let bundles = prepared.iter().map(|host| host.bundles().len()).sum();
    let progress = Progress::new("pushing", bundles, global);
    let told: Mutex<Vec<Pushed>> = Mutex::default();
    let tell = |pushed: Pushed| {
        progress.advance();
        told.lock().unwrap_or_else(PoisonError::into_inner).push(pushed);
    };
    let schedule = run_schedule(
        schedule,
        args.max_parallel.get().min(prepared.len()),
        &is_interrupted,
        &|at| match &prepared[at] {
            Prepared::Ready { host, .. } => course.push(at, host, &tell),
            refused => {
                refused.each(&tell);
                false
            }
        },
    );
    for (at, why) in schedule.skipped() {
        skipped(&prepared, at, why, interruption)
            .into_iter()
            .for_each(&tell);
    }
    drop(progress);
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(told.into_iter().map(reported).collect())
}

impl Prepared<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Ready { host, .. } => &host.name,
            Self::Refused { name, .. } => name,
        }
    }

    fn bundles(&self) -> Vec<&str> {
        match self {
            Self::Ready { host, .. } => host.bundles.iter().map(|bundle| bundle.folder.as_str()).collect(),
            Self::Refused { bundles, .. } => bundles.iter().map(String::as_str).collect(),
        }
    }

    /// What is said of each bundle of a host that cannot be pushed to.
    fn each(&self, tell: &dyn Fn(Pushed)) {
        if let Self::Refused {
            name,
            bundles,
            state,
            code,
            message,
        } = self
        {
            for bundle in bundles {
                tell(Pushed::new(name, bundle, *state).because(code, message));
            }
        }
    }
}

/// What is said of each bundle of a host that was left as it is.
fn skipped(
    prepared: &[Prepared<'_>],
    at: usize,
    why: SkipReason,
    interruption: &Interruption,
) -> Vec<Pushed> {
    let (code, message) = match why {
        SkipReason::Stopped if interruption.signal().is_some() => {
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
    prepared[at]
        .bundles()
        .into_iter()
        .map(|bundle| {
            Pushed::new(prepared[at].name(), bundle, PushState::Skipped).because(code, message.clone())
        })
        .collect()
}

/// The hosts that have a way to them, each with its bundles; and their places in the fleet.
fn prepare<'a>(
    inventory: &InventoryArgs,
    site: &Site,
    fleet: &'a Fleet<'a>,
    certificates: &[BundleWork],
    failed: &[String],
    now: OffsetDateTime,
) -> Result<(Vec<usize>, Vec<Prepared<'a>>), Failure> {
    let with_way: Vec<usize> = (0..fleet.hosts.len())
        .filter(|at| fleet.hosts[*at].host.push.is_some() && !fleet.hosts[*at].bundles.is_empty())
        .collect();
    let has_way: HashSet<usize> = with_way.iter().copied().collect();
    let failed: HashSet<&str> = failed.iter().map(String::as_str).collect();
    let work: Vec<BundleWork> = certificates
        .iter()
        .filter(|work| has_way.contains(&work.host))
        .map(|work| BundleWork {
            host: work.host,
            serial: work.serial.clone(),
        })
        .collect();
    let made = make_again(fleet, &site.authority, &work, now)?;
    let mut made: BTreeMap<usize, _> = work
        .iter()
        .zip(made)
        .map(|(work, made)| (work.host, (work, made)))
        .collect();
    let mut prepared = Vec::new();
    for at in &with_way {
        let host = &fleet.hosts[*at];
        let refused = |state, code, message: String| Prepared::Refused {
            name: host.host.name.to_string(),
            bundles: host.bundles.iter().map(|bundle| bundle.folder.clone()).collect(),
            state,
            code,
            message,
        };
        let is_windows = fleet.inventory.platform(host.host) == Platform::Windows;
        let one = match (made.remove(at), &host.host.push) {
            (_, Some(_)) if is_windows => {
                let message =
                    "bundles for Windows are not pushed: copy the bundle there, and run Install.ps1";
                refused(PushState::Failed, "push-windows", message.into())
            }
            _ if failed.contains(host.host.name.as_str()) => refused(
                PushState::Skipped,
                "push-not-made",
                "its certificate or a bundle could not be made".into(),
            ),
            (None, _) if host.is_key_on_host => refused(
                PushState::Skipped,
                "push-key-on-host",
                "its key is made on the host, and the CA has no certificate for it yet: `gsec cert sign` takes its CSR"
                    .into(),
            ),
            (None, _) | (_, None) => refused(
                PushState::Skipped,
                "push-not-made",
                "the CA has no certificate for it".into(),
            ),
            (Some((_, Err(error))), _) => refused(PushState::Failed, "push-not-made", error.to_string()),
            (Some((work, Ok(bundles))), Some(push)) => {
                match (
                    remote(inventory, host, push),
                    site.authority.issued_certificate(&work.serial),
                ) {
                    (Ok(remote), Some(certificate)) => {
                        ready((*at, host), push, remote, bundles, certificate)
                    }
                    (Err(message), _) => refused(PushState::Failed, "push-address", message),
                    (_, None) => refused(
                        PushState::Failed,
                        "push-not-made",
                        "its certificate is gone".into(),
                    ),
                }
            }
        };
        prepared.push(one);
    }
    Ok((with_way, prepared))
}

fn ready<'a>(
    (at, wanted): (usize, &'a FleetHost<'a>),
    push: &Push,
    remote: Remote,
    bundles: Vec<gsec_deliver::bundle::Bundle>,
    certificate: Certificate,
) -> Prepared<'a> {
    let (mut pushed, mut ports) = (Vec::new(), Vec::new());
    for ((asked, wanted), bundle) in wanted.host.bundles.iter().zip(&wanted.bundles).zip(bundles) {
        let port = asked.port.as_ref().map(|port| ServingPort {
            host: at,
            of: wanted.folder.clone(),
            number: port.value,
            starttls: asked.probe.as_ref().map(|probe| probe.value.clone()),
        });
        pushed.push(PushBundle {
            folder: wanted.folder.clone(),
            installer: wanted.order.target.installer,
            bundle,
            is_probed: port.is_some(),
        });
        ports.push(port);
    }
    Prepared::Ready {
        host: Box::new(PushHost {
            name: wanted.host.name.to_string(),
            remote,
            mode: push.mode,
            bundles: pushed,
        }),
        wanted,
        ports,
        certificate: Box::new(certificate),
    }
}

/// How a host is reached; or what is wrong with what the inventory says.
fn remote(inventory: &InventoryArgs, host: &FleetHost<'_>, push: &Push) -> Result<Remote, String> {
    let address = push
        .address
        .as_ref()
        .map_or_else(|| host.host.reached_at(), |address| address.value.clone());
    let not = |what: &str, text: &str| {
        let text = gsec_pki::encoding::visible::visible(text);
        format!("`{text}` cannot be {what} of ssh: letters, digits and `._-`, without `-` at its begin")
    };
    let config = push.ssh_config.as_ref().map(|file| inventory.beside(file));
    let absolute = |file: &Path| std::path::absolute(file).map_err(|error| error.to_string());
    Ok(Remote {
        host: SshHost::parse(&address).ok_or_else(|| not("a host", &address))?,
        user: match &push.user {
            None => None,
            Some(user) => Some(SshUser::parse(user).ok_or_else(|| not("a user", user))?),
        },
        port: push.port.as_ref().map(|port| port.value),
        config: config.as_deref().map(absolute).transpose()?,
    })
}

/// For each host its number, and the hosts with the backups of its primary servers.
fn items(fleet: &Fleet<'_>, places: &[usize]) -> Vec<Item> {
    let mut items: Vec<Item> = places
        .iter()
        .map(|at| Item {
            order: fleet.hosts[*at].host.push.as_ref().map_or(0, |push| push.order),
            backups: Vec::new(),
        })
        .collect();
    let names = places.iter().map(|at| fleet.hosts[*at].host.name.as_str());
    let item_of: HashMap<&str, usize> = names.zip(0..).collect();
    let host_of = |app: &str| item_of.get(fleet.inventory.app(app)?.host.as_str()).copied();
    for pair in &fleet.inventory.pairs {
        if let (Some(primary), Some(backup)) = (host_of(&pair.primary), host_of(&pair.backup))
            && primary != backup
        {
            items[primary].backups.push(backup);
        }
    }
    items
}

/// Asks the port of a bundle for its certificate.
fn probe(
    site: &Site,
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
    match is_served(wanted, port, (certificate, roots), &site.authority, now, STEP) {
        Ok(()) => Served::Ours,
        Err(NotServed::Port(state)) => said(in_words(&state).unwrap_or_default()),
        Err(NotServed::Chain(why)) => said(format!("clients do not accept its chain: {why}")),
    }
}

fn reported(pushed: Pushed) -> PushedBundle {
    let problem = match (&pushed.error, pushed.code) {
        (Some(error), _) => Some(Problem {
            hints: hint::push(error).into_iter().collect(),
            ..Problem::new(error.code(), error.to_string())
        }),
        (None, Some(code)) => Some(Problem::new(code, pushed.message.unwrap_or_default())),
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
