//! What is told of an alarm, to a sink.

use serde::{Deserialize, Serialize};

use super::{Alarm, Condition, Kind, Severity, State};
use gsec_pki::encoding::visible::{visible, visible_json};
use gsec_pki::x509::rfc3339;
use time::OffsetDateTime;

/// The name of the document's form.
pub const SCHEMA: &str = "gsec/watch.event/1";

/// What happened to an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// It is so.
    Raised,
    /// It weighs more or less than was said.
    Changed,
    /// Somebody takes care of it.
    Acknowledged,
    /// It was looked at, and is not so any more.
    Cleared,
    /// It is not looked at any more; whether it is still so is not known.
    Withdrawn,
}

impl What {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Changed => "changed",
            Self::Acknowledged => "acknowledged",
            Self::Cleared => "cleared",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether nobody need do anything any more.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Cleared | Self::Withdrawn)
    }
}

/// Something that is told, as it goes out: the log filter was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// [`SCHEMA`].
    pub schema: String,
    /// The same for every attempt to send it: whoever has got it drops what comes again.
    pub id: String,
    /// Counts up at this site.
    pub number: u64,
    /// Where it comes from.
    pub site: String,
    /// What happened.
    pub event: What,
    /// When, RFC 3339.
    pub at: String,
    /// Since when the alarm is raised, RFC 3339.
    pub since: String,
    /// How far it has come.
    pub state: State,
    /// Who takes care of it, where the log filter lets it be said.
    pub acknowledged_by: Option<String>,
    /// What is or was wrong.
    pub alarm: ToldAlarm,
}

/// What is told of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldAlarm {
    /// As [`Condition`] has it.
    pub key: String,
    /// Its kind.
    pub kind: Kind,
    /// What it is.
    pub slug: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in words that are the same for everyone.
    pub title: String,
    /// What was seen.
    pub detail: String,
    /// The subject of the certificate that it is about.
    pub subject: Option<String>,
    /// The hosts that it is about.
    pub names: Vec<String>,
    /// What helps, the best first.
    pub remedies: Vec<String>,
}

impl From<&Condition> for ToldAlarm {
    fn from(condition: &Condition) -> Self {
        let condition = condition.clone();
        Self {
            key: condition.key,
            kind: condition.kind,
            slug: condition.slug,
            severity: condition.severity,
            title: condition.title,
            detail: condition.detail,
            subject: condition.subject,
            names: condition.names,
            remedies: condition.remedies,
        }
    }
}

impl Event {
    /// Of an alarm, which has passed the log filter.
    pub fn new(
        site: &str,
        site_id: &str,
        number: u64,
        what: What,
        alarm: &Alarm,
        at: OffsetDateTime,
    ) -> Self {
        let since = alarm.raised_at.unwrap_or(alarm.first_seen);
        Self {
            schema: SCHEMA.into(),
            id: format!("{site_id}-{number}"),
            number,
            site: site.to_owned(),
            event: what,
            at: rfc3339(at),
            since: rfc3339(OffsetDateTime::from_unix_timestamp(since).unwrap_or(at)),
            state: alarm.state,
            acknowledged_by: alarm.acknowledged.as_ref().and_then(|by| by.by.clone()),
            alarm: ToldAlarm::from(&alarm.condition),
        }
    }

    /// As one JSON document; control characters of what comes from elsewhere are escapes.
    pub fn to_json(&self) -> String {
        visible_json(&serde_json::to_string(self).expect("texts and numbers serialize"))
    }

    /// In one line, for people.
    pub fn line(&self) -> String {
        let alarm = &self.alarm;
        let detail = match alarm.detail.as_str() {
            "" => String::new(),
            detail => format!(": {detail}"),
        };
        visible(&format!(
            "{} {} {}: {}{detail}",
            self.event.name(),
            alarm.severity.name(),
            alarm.slug,
            alarm.title
        ))
    }

    /// In full, for people; each line is one of ours.
    pub fn text(&self) -> String {
        let alarm = &self.alarm;
        let mut lines = vec![self.line(), String::new()];
        let mut add = |label: &str, value: &str| {
            if !value.is_empty() {
                lines.push(format!("{label}: {}", visible(value)));
            }
        };
        add("site", &self.site);
        add("at", &self.at);
        add("since", &self.since);
        add("subject", alarm.subject.as_deref().unwrap_or_default());
        add("names", &alarm.names.join(", "));
        add(
            "acknowledged by",
            self.acknowledged_by.as_deref().unwrap_or_default(),
        );
        alarm.remedies.iter().for_each(|remedy| add("remedy", remedy));
        add("key", &alarm.key);
        add("id", &self.id);
        lines.push(String::new());
        lines.join("\n")
    }
}
