//! `gsec watch`: looks, remembers, tells.

mod facts;
mod hub;
mod report;

use std::path::Path;
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
use tempfile::TempDir;
use time::OffsetDateTime;

use super::{beside_ca, error, failed, hinted, settings_text};
use crate::alarm::{Acknowledgment, Event, FILE_NAME, Hold, Look, SinkKind, WatchSettings, of_memory};
use crate::watch::{Delivered, Patience, Store, StoreError, Teller, deliver};

/// Where alarms are remembered.
pub(super) const STORE_NAME: &str = "watch.db";
const MAX_SETTINGS_BYTES: u64 = 1024 * 1024;
/// How often is looked whether there is something to do.
const TICK: Duration = Duration::from_millis(200);
/// How long one delivery may take before the next look.
const DELIVERY: Duration = Duration::from_secs(60);

/// For a call that ends with its look.
const PATIENCE: Patience = Patience {
    time: DELIVERY,
    tries_all: true,
};
/// The code of what cannot be remembered.
const UNWRITABLE: &str = "watch.store";
/// What is watched of `watch` itself.
const MEMORY: &str = "what is remembered of alarms";

static PROGRAMS: SystemPrograms = SystemPrograms;

/// Everything that a look needs.
struct Watcher<'a> {
    order: &'a WatchOrder,
    settings: WatchSettings,
    site: String,
    store: Store,
    /// Where the store is, if it goes with this process.
    _folder: Option<TempDir>,
}

/// Looks once, or at what is known.
pub(super) fn run(order: &WatchOrder, task: &WatchTask, env: &mut Env) -> Result<WatchReport, ServerError> {
    let now = env.clock.now();
    if *task == WatchTask::List {
        return list(order);
    }
    match task {
        WatchTask::Once | WatchTask::List => match once(order, now) {
            // Whoever watches hears of it all the same.
            Err(error) if error.code == UNWRITABLE => once_unsaved(order, error, now),
            done => done,
        },
        WatchTask::Acknowledge { key, by } => {
            let mut watcher = Watcher::open(order)?;
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

fn once(order: &WatchOrder, now: OffsetDateTime) -> Result<WatchReport, ServerError> {
    let mut watcher = Watcher::open(order)?;
    let _held = watcher.store.watch().map_err(of_store)?;
    let (look, _) = watcher.look(now)?;
    let delivered = watcher.deliver(PATIENCE)?;
    hub::beat(
        &watcher.settings.sinks,
        &watcher.store.site_id().map_err(of_store)?,
    );
    watcher.report("check", Some(&look), &delivered)
}

/// The same where what is found cannot be remembered: each time everything is told that is wrong.
fn once_unsaved(
    order: &WatchOrder,
    error: ServerError,
    now: OffsetDateTime,
) -> Result<WatchReport, ServerError> {
    let Ok(mut watcher) = Watcher::unsaved(order) else {
        return Err(error);
    };
    let (look, _) = watcher.look_unsaved(&error, now)?;
    let delivered = watcher.deliver(PATIENCE)?;
    watcher.report("check", Some(&look), &delivered)
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
            _folder: None,
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
    let mut unsaved = None;
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
                Ok((_, events)) => {
                    unsaved = None;
                    events.iter().all(|event| tell(event, told))
                }
                Err(error) if !is_first => {
                    let goes_on = told(Watched::Trouble(&in_one_line(&error)));
                    goes_on && told_unsaved(order, &mut unsaved, &error, now, told)
                }
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

/// What cannot be remembered is told from memory, until it can be remembered again.
fn told_unsaved<'a>(
    order: &'a WatchOrder,
    unsaved: &mut Option<Watcher<'a>>,
    error: &ServerError,
    now: OffsetDateTime,
    told: &mut dyn FnMut(Watched<'_>) -> bool,
) -> bool {
    if error.code != UNWRITABLE {
        return true;
    }
    if unsaved.is_none() {
        *unsaved = Watcher::unsaved(order).ok();
    }
    let Some(watcher) = unsaved else { return true };
    let Ok((_, events)) = watcher.look_unsaved(error, now) else {
        return true;
    };
    let _ = watcher.deliver(PATIENCE);
    events.iter().all(|event| tell(event, told))
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
            _folder: None,
        })
    }

    /// Remembers nothing beyond this process. A hub is told nothing: it knows events by their numbers, which are given again later.
    fn unsaved(order: &'a WatchOrder) -> Result<Self, ServerError> {
        let mut settings = settings(order)?;
        settings
            .sinks
            .retain(|sink| !matches!(sink.kind, SinkKind::Hub { .. }));
        settings.hold = Hold {
            raise_after: 1,
            ..settings.hold
        };
        let mut random = (Env::real().new_random)();
        let path = beside_ca(&order.directory, STORE_NAME);
        let folder = folder_in_memory()?;
        let at = folder.path().join(STORE_NAME);
        let store = Store::elsewhere(&path, &at, &mut |out| random.fill(out)).map_err(of_store)?;
        Ok(Self {
            order,
            site: site(&settings),
            settings,
            store,
            _folder: Some(folder),
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
    fn look(&mut self, now: OffsetDateTime) -> Result<(Look, Vec<Event>), ServerError> {
        let look = facts::look(self.order, &self.settings, &mut self.store, now).map_err(of_store)?;
        self.record(look)
    }

    /// The same, with why it is not remembered in the file.
    fn look_unsaved(
        &mut self,
        error: &ServerError,
        now: OffsetDateTime,
    ) -> Result<(Look, Vec<Event>), ServerError> {
        let mut look = facts::look(self.order, &self.settings, &mut self.store, now).map_err(of_store)?;
        look.take(MEMORY, Ok(vec![of_memory(MEMORY, &in_one_line(error))]));
        self.record(look)
    }

    fn record(&mut self, look: Look) -> Result<(Look, Vec<Event>), ServerError> {
        let now = look.at;
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

/// A directory of this user's on a file system that is not the one which cannot be written, if there is one.
fn folder_in_memory() -> Result<TempDir, ServerError> {
    let places = [Path::new("/dev/shm"), Path::new("/run")].into_iter();
    places
        .map(TempDir::new_in)
        .find_map(Result::ok)
        .map_or_else(TempDir::new, Ok)
        .map_err(|error| failed(UNWRITABLE, &error))
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
    let failure = failed(UNWRITABLE, &error);
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
