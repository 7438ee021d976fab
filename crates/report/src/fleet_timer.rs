//! Result of `fleet timer`.

use serde::Serialize;

use super::{NextSteps, Page, Report};

/// `fleet timer`.
#[derive(Debug, Clone, Serialize)]
pub struct FleetTimerReport {
    /// `systemd`, `cron`, `schtasks` or `launchd`.
    pub scheduler: &'static str,
    /// The inventory that is applied.
    pub inventory: String,
    /// The files, in the order in which they are installed.
    pub files: Vec<TimerFileFacts>,
    /// What installs them.
    #[serde(flatten)]
    pub next: NextSteps,
}

/// A file for the scheduler.
#[derive(Debug, Clone, Serialize)]
pub struct TimerFileFacts {
    /// Its name.
    pub name: String,
    /// Where it was written; null where it was not.
    pub path: Option<String>,
    /// Its text.
    pub content: String,
}

impl Report for FleetTimerReport {
    const SCHEMA: &'static str = "gsec/fleet.timer/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        self.files
            .iter()
            .filter_map(|file| file.path.as_ref())
            .for_each(|path| page.line(&format!("Created {path}")));
        self.next.text(page);
    }
}
