//! What `gsecd` is told to watch, and what it says of it.

use std::path::PathBuf;

use gsec_ca::home::CaDir;
use gsec_doctor::tls::Endpoint;
use gsec_report::WatchReport;

/// What is to be watched, and how.
#[derive(Debug, Clone)]
pub struct WatchOrder {
    /// The CA directory.
    pub directory: CaDir,
    /// The settings; `watch.toml` in `ca_conf/` when `None`.
    pub settings: Option<PathBuf>,
    /// Ports that are probed, besides those of the settings.
    pub probe: Vec<Endpoint>,
    /// Folders with the files of hosts, besides those of the settings.
    pub host_dirs: Vec<PathBuf>,
    /// The time between two looks; that of the settings when `None`.
    pub every: Option<time::Duration>,
}

/// What is to be done with alarms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchTask {
    /// Looks once, and sends what is new.
    Once,
    /// Shows what is open.
    List,
    /// Says that somebody takes care of an alarm.
    Acknowledge {
        /// Its key.
        key: String,
        /// Who.
        by: Option<String>,
    },
}

/// What a daemon says while it watches.
pub enum Watched<'a> {
    /// Its first look.
    First(&'a WatchReport),
    /// What happened since, as it goes out.
    Event {
        /// In one line, for people.
        line: &'a str,
        /// As a JSON document in one line.
        json: &'a str,
    },
    /// Something that it cannot do now, and will try again.
    Trouble(&'a str),
}
