//! `gsec watch`: looks, remembers, tells.

mod facts;
mod hub;
mod report;

use std::time::{Duration, Instant};

use gsec::cli::serve::ServerError;
use gsec::cli::watch::{WatchOrder, WatchTask, Watched};
use gsec_ca::authority::Authority;
use gsec_ca::files::read_file_within;
use gsec_ca::home::CaDir;
use gsec_ca::policy::{LogFilter, Policy};
use gsec_env::{Env, Interruption, SystemClock, SystemPrograms};
use gsec_pki::x509::rfc3339;
use gsec_report::WatchReport;
use time::OffsetDateTime;

use super::{beside_ca, error, failed, hinted, settings_text};
use crate::alarm::{Acknowledgment, Event, FILE_NAME, WatchSettings};
use crate::watch::{Delivered, Patience, Store, StoreError, Teller, deliver};

/// Where alarms are remembered.
pub(super) const STORE_NAME: &str = "watch.db";
const MAX_SETTINGS_BYTES: u64 = 1024 * 1024;
/// How often is looked whether there is something to do.
const TICK: Duration = Duration::from_millis(200);
/// How long one delivery may take before the next look.
const DELIVERY: Duration = Duration::from_secs(60);

static PROGRAMS: SystemPrograms = SystemPrograms;

/// Everything that a look needs.
struct Watcher<'a> {
    order: &'a WatchOrder,
    settings: WatchSettings,
    site: String,
    store: Store,
}

/// Looks once, or at what is known.
pub(super) fn run(order: &WatchOrder, task: &WatchTask, env: &mut Env) -> Result<WatchReport, ServerError> {
    let now = env.clock.now();
    if *task == WatchTask::List {
        return list(order);
    }
    let mut watcher = Watcher::open(order)?;
    match task {
        WatchTask::Once | WatchTask::List => {
            let _held = watcher.store.watch().map_err(of_store)?;
            let patience = Patience {
                time: DELIVERY,
                tries_all: true,
            };
            let (look, _) = watcher.look(now)?;
            let delivered = watcher.deliver(patience)?;
            hub::beat(
                &watcher.settings.sinks,
                &watcher.store.site_id().map_err(of_store)?,
            );
            watcher.report("check", Some(&look), &delivered)
        }
        WatchTask::Acknowledge { key, by } => {
            let acknowledgment = Acknowledgment {
                at: rfc3339(now),
                by: by.clone(),
            };
            let filter = watcher.filter();
            let teller = Teller {
                site: &watcher.site,
                sinks: &watcher.settings.sinks,
                filter: &filter,
            };
            let taken = watcher.store.acknowledge(key, acknowledgment, now, &teller);
            match taken.map_err(of_store)? {
                Some(_) => watcher.report("acknowledge", None, &[]),
                None => Err(hinted(
                    error(
                        "watch.no_alarm",
                        format!("no alarm with the key `{key}` is raised"),
                    ),
                    "`gsec watch --list` shows the keys of those that are open",
                )),
            }
        }
    }
}

/// When the last backup was made, where it was made by gsec.
const BACKUP_MADE: &str = "backup_made";

/// Remembers that a backup was made, where somebody watches: from then on the next one is missed.
pub(super) fn backup_was_made(directory: &CaDir, at: OffsetDateTime) {
    let store = Store::open_present(&beside_ca(directory, STORE_NAME));
    if let Ok(Some(mut store)) = store {
        // The backup is there all the same.
        let _ = store.set_fact(BACKUP_MADE, &at.unix_timestamp().to_string());
    }
}

/// What is known; nothing is made where nothing was ever watched.
fn list(order: &WatchOrder) -> Result<WatchReport, ServerError> {
    let settings = settings(order)?;
    let path = beside_ca(&order.directory, STORE_NAME);
    match Store::open_present(&path).map_err(of_store)? {
        Some(store) => Watcher {
            order,
            site: site(&settings),
            settings,
            store,
        }
        .report("list", None, &[]),
        None => Ok(report::nothing(order, &site(&settings), &settings.sinks)),
    }
}

/// Watches until it is told to end.
pub(super) fn run_on(
    order: &WatchOrder,
    told: &mut dyn FnMut(Watched<'_>) -> bool,
) -> Result<(), ServerError> {
    let interruption = Interruption::watch().map_err(|error| failed("serve.signals", &error))?;
    let env = Env::real();
    let mut watcher = Watcher::open(order)?;
    let _held = watcher.store.watch().map_err(of_store)?;
    let hub = watcher.settings.hub.as_ref();
    let _listening = hub
        .map(|hub| {
            let store = beside_ca(&order.directory, STORE_NAME);
            hub::listen(&order.directory, store, hub, &watcher.settings.sinks)
        })
        .transpose()?;
    let beating = hub::Beating::start(
        &watcher.settings.sinks,
        &watcher.store.site_id().map_err(of_store)?,
    );
    let every = order.every.unwrap_or(watcher.settings.every);
    let every: Duration = every.try_into().unwrap_or(DELIVERY);
    let patience = Patience {
        time: DELIVERY,
        tries_all: false,
    };
    let (mut is_first, mut next_look) = (true, Instant::now());
    while interruption.signal().is_none() {
        beating.is_alive();
        let now = env.clock.now();
        if Instant::now() >= next_look {
            next_look = Instant::now() + every;
            let goes_on = match watcher.look(now) {
                Ok((look, _)) if is_first => {
                    is_first = false;
                    told(Watched::First(&watcher.report("check", Some(&look), &[])?))
                }
                Ok((_, events)) => events.iter().all(|event| tell(event, told)),
                // What cannot be remembered is not lost: the next look finds it again.
                Err(error) if !is_first => told(Watched::Trouble(&in_one_line(&error))),
                Err(error) => return Err(error),
            };
            if !goes_on {
                return Ok(());
            }
        }
        match watcher.store.is_due(now.unix_timestamp()) {
            Ok(true) => {
                if let Err(error) = watcher.deliver(patience)
                    && !told(Watched::Trouble(&in_one_line(&error)))
                {
                    return Ok(());
                }
            }
            Ok(false) => {}
            Err(error) => drop(told(Watched::Trouble(&error.to_string()))),
        }
        std::thread::sleep(TICK);
    }
    Ok(())
}

fn tell(event: &Event, told: &mut dyn FnMut(Watched<'_>) -> bool) -> bool {
    told(Watched::Event {
        line: &format!("{} {}", event.at, event.line()),
        json: &event.to_json(),
    })
}

fn in_one_line(error: &ServerError) -> String {
    let causes = error.causes.iter().map(|cause| format!(": {cause}"));
    format!("{}{}", error.message, causes.collect::<String>())
}

impl<'a> Watcher<'a> {
    fn open(order: &'a WatchOrder) -> Result<Self, ServerError> {
        let settings = settings(order)?;
        let mut random = (Env::real().new_random)();
        let path = beside_ca(&order.directory, STORE_NAME);
        let store = Store::open(&path, &mut |out| random.fill(out)).map_err(of_store)?;
        Ok(Self {
            order,
            site: site(&settings),
            settings,
            store,
        })
    }

    /// What may go out, as gsec.toml says now; where it cannot be read, nothing that it could hide.
    fn filter(&self) -> LogFilter {
        let authority = Authority::open(self.order.directory.clone());
        let filter = authority
            .ok()
            .and_then(|authority| authority.policy().ok().map(|policy| policy.log_filter.clone()));
        filter.unwrap_or_else(|| Policy::unknown().log_filter)
    }

    /// Looks at everything, and remembers what follows.
    fn look(&mut self, now: OffsetDateTime) -> Result<(crate::alarm::Look, Vec<Event>), ServerError> {
        let look = facts::look(self.order, &self.settings, &mut self.store, now).map_err(of_store)?;
        let filter = self.filter();
        let teller = Teller {
            site: &self.site,
            sinks: &self.settings.sinks,
            filter: &filter,
        };
        let events = self
            .store
            .record(&look, self.settings.hold, &self.settings.maintenance, &teller)
            .map_err(of_store)?;
        self.store.sweep(&self.settings.sinks, now).map_err(of_store)?;
        Ok((look, events))
    }

    fn deliver(&self, patience: Patience) -> Result<Vec<Delivered>, ServerError> {
        deliver(
            &self.store,
            &self.settings.sinks,
            &SystemClock,
            &PROGRAMS,
            patience,
        )
        .map_err(of_store)
    }
}

fn settings(order: &WatchOrder) -> Result<WatchSettings, ServerError> {
    let own = beside_ca(&order.directory, FILE_NAME);
    let path = order.settings.clone().unwrap_or_else(|| own.clone());
    let text = match &order.settings {
        None => settings_text(&order.directory, &own).map_err(|error| failed("watch.settings", &error))?,
        Some(path) => match read_file_within(path, MAX_SETTINGS_BYTES) {
            Ok(content) => String::from_utf8_lossy(&content).into_owned(),
            Err(error) => return Err(failed("watch.settings", &error)),
        },
    };
    WatchSettings::read(&text).map_err(|error| ServerError {
        code: "watch.settings",
        message: format!("cannot use `{}`", path.display()),
        causes: vec![error.to_string()],
        hints: Vec::new(),
    })
}

fn site(settings: &WatchSettings) -> String {
    let of_machine = || {
        let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let is_word = |character: char| character.is_ascii_graphic();
        let name: String = name.chars().filter(|letter| is_word(*letter)).take(64).collect();
        if name.is_empty() { "localhost".into() } else { name }
    };
    settings.site.clone().unwrap_or_else(of_machine)
}

fn of_store(error: StoreError) -> ServerError {
    let failure = failed("watch.store", &error);
    match error {
        StoreError::InUse(_) => hinted(
            ServerError {
                code: "watch.runs",
                ..failure
            },
            "`gsec watch --list` shows what it has found",
        ),
        _ => failure,
    }
}
