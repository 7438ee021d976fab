//! CATALOG. What each finding of the linters means: why it matters, and what to do about it.

mod banner;
mod bundle;
mod conf;
mod fleet;
mod start;
mod transport;

use gsec_pki::x509::path::Severity;

/// One thing that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its stable name.
    pub slug: &'static str,
    /// How much it weighs, unless a finding says otherwise.
    pub severity: Severity,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Entry {
    const fn new(
        slug: &'static str,
        severity: Severity,
        title: &'static str,
        why: &'static str,
        remedy: &'static str,
    ) -> Self {
        Self {
            slug,
            severity,
            title,
            why,
            remedy,
        }
    }
}

/// What findings are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topic {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What can be found.
    pub entries: &'static [Entry],
}

const fn topic(name: &'static str, title: &'static str, entries: &'static [Entry]) -> Topic {
    Topic { name, title, entries }
}

/// Everything that the linters can find.
pub const TOPICS: [Topic; 6] = [
    topic("transport", "Values of `transport`", transport::ENTRIES),
    topic(
        "conf",
        "Files of DB Server and Configuration Server",
        conf::ENTRIES,
    ),
    topic("start", "Start files and start parameters", start::ENTRIES),
    topic("fleet", "Inventories", fleet::ENTRIES),
    topic("bundle", "Bundles and push in inventories", bundle::ENTRIES),
    topic("banner", "Registry files of the log-in banner", banner::ENTRIES),
];
