//! Result of `gsec watch`.

use serde::Serialize;

use super::{Page, Report, Tone};

/// Something that could not be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotChecked {
    /// What.
    pub what: String,
    /// Why not.
    pub reason: String,
}

/// Who takes care of an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AcknowledgedBy {
    /// Since when.
    pub at: String,
    /// Who; null where that is not known.
    pub by: Option<String>,
}

/// An alarm that is not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlarmFacts {
    /// Its key.
    pub key: String,
    /// Its kind.
    pub kind: &'static str,
    /// What it is, by the name that doctor knows where it has the check.
    pub slug: String,
    /// `notice`, `warning` or `error`.
    pub severity: &'static str,
    /// `pending`, `raised` or `acknowledged`.
    pub state: &'static str,
    /// What is wrong.
    pub title: String,
    /// What was seen.
    pub detail: String,
    /// The subject of the certificate that it is about; null where it is about none.
    pub subject: Option<String>,
    /// The hosts that it is about.
    pub names: Vec<String>,
    /// What helps, the best first.
    pub remedies: Vec<String>,
    /// When it was seen first.
    pub since: String,
    /// When it was seen last: long ago where it cannot be checked any more.
    pub last_seen: String,
    /// Who takes care of it; null while nobody does.
    pub acknowledged: Option<AcknowledgedBy>,
}

/// A receiver of alarms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SinkFacts {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// What this call has sent there.
    pub sent: u64,
    /// What it has not got.
    pub waiting: u64,
    /// What was dropped because too much waited.
    pub dropped: u64,
    /// Why the last attempt failed; null where it did not.
    pub problem: Option<String>,
}

/// A site that tells this hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteFacts {
    /// Its name, as its certificate has it.
    pub name: String,
    /// When it was heard last; null where it never was.
    pub heard: Option<String>,
    /// Its alarms that are not over, as it has said last.
    pub alarms: Vec<AlarmFacts>,
}

/// `watch`.
#[derive(Debug, Clone, Serialize)]
pub struct WatchReport {
    /// The CA directory.
    pub ca_dir: String,
    /// `check`, `list` or `acknowledge`.
    pub action: &'static str,
    /// What this place is called in what is sent.
    pub site: String,
    /// When was checked last; null where nothing was ever checked.
    pub last_check: Option<String>,
    /// What this call has checked.
    pub checked: Vec<String>,
    /// What could not be checked.
    pub not_checked: Vec<NotChecked>,
    /// The alarms that are not over, the heaviest first.
    pub alarms: Vec<AlarmFacts>,
    /// Who is told.
    pub sinks: Vec<SinkFacts>,
    /// The sites that tell this hub; null where this is none.
    pub sites: Option<Vec<SiteFacts>>,
}

impl Report for WatchReport {
    const SCHEMA: &'static str = "gsec/watch/1";

    fn is_answer(&self) -> bool {
        self.action == "list"
    }

    fn text(&self, page: &mut Page) {
        for alarm in &self.alarms {
            alarm.text(page);
        }
        for not in &self.not_checked {
            page.words(
                2,
                &[
                    (Tone::Bad, "not checked"),
                    (Tone::Plain, &format!(": {}: {}", not.what, not.reason)),
                ],
            );
        }
        match (self.action, &self.last_check) {
            ("check", _) => self.of_check(page),
            (_, None) => page.line("Nothing was checked yet: `gsec watch --once` does"),
            (_, Some(at)) if self.alarms.is_empty() => {
                page.line(&format!("No alarm was open after the last check, at {at}"));
            }
            (_, Some(at)) => page.line(&format!("As it was at the last check, at {at}")),
        }
        for sink in &self.sinks {
            sink.text(page);
        }
        for site in self.sites.iter().flatten() {
            site.text(page);
        }
    }
}

impl WatchReport {
    fn of_check(&self, page: &mut Page) {
        let count = self.checked.len();
        let found = match (self.alarms.len(), self.not_checked.len()) {
            (0, 0) => "nothing is wrong".to_owned(),
            (0, _) => "nothing is wrong there".to_owned(),
            (1, _) => "1 alarm is open".to_owned(),
            (open, _) => format!("{open} alarms are open"),
        };
        page.line(&format!("Checked {count} things: {found}"));
        for what in &self.checked {
            page.detail("checked", what);
        }
    }
}

impl AlarmFacts {
    fn text(&self, page: &mut Page) {
        let tone = match self.severity {
            "error" => Tone::Bad,
            _ => Tone::Plain,
        };
        page.words(
            2,
            &[
                (tone, self.severity),
                (Tone::Plain, "  "),
                (Tone::Plain, &self.slug),
                (Tone::Plain, &format!(": {}", self.title)),
            ],
        );
        if !self.detail.is_empty() {
            page.fact("seen", &self.detail);
        }
        page.fact_if("subject", self.subject.as_deref());
        if !self.names.is_empty() {
            page.fact("names", &self.names.join(", "));
        }
        page.fact("state", &self.state_in_words());
        page.fact("since", &self.since);
        page.detail("last seen", &self.last_seen);
        for remedy in &self.remedies {
            page.fact("remedy", remedy);
        }
        page.fact("key", &self.key);
        page.gap();
    }

    fn state_in_words(&self) -> String {
        match &self.acknowledged {
            Some(AcknowledgedBy { at, by: Some(by) }) => format!("acknowledged by {by}, {at}"),
            Some(AcknowledgedBy { at, by: None }) => format!("acknowledged, {at}"),
            None => self.state.to_owned(),
        }
    }
}

impl SiteFacts {
    fn text(&self, page: &mut Page) {
        let heard = match &self.heard {
            Some(at) => format!("heard last at {at}"),
            None => "never heard".to_owned(),
        };
        let count = match self.alarms.len() {
            0 => "no alarm is open".to_owned(),
            1 => "1 alarm is open".to_owned(),
            count => format!("{count} alarms are open"),
        };
        page.gap();
        page.line(&format!("Site {}: {count}, {heard}", self.name));
        for alarm in &self.alarms {
            alarm.text(page);
        }
    }
}

impl SinkFacts {
    fn text(&self, page: &mut Page) {
        let dropped = match self.dropped {
            0 => String::new(),
            count => format!(", {count} dropped"),
        };
        let problem = self
            .problem
            .as_ref()
            .map_or_else(String::new, |problem| format!(": {problem}"));
        if self.sent + self.waiting + self.dropped == 0 && self.problem.is_none() && !page.is_verbose() {
            return;
        }
        page.line(&format!(
            "Sink {} ({}): {} sent, {} waiting{dropped}{problem}",
            self.name, self.kind, self.sent, self.waiting
        ));
    }
}
