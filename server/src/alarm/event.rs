//! What is told of an alarm, to a sink.

use serde::{Deserialize, Serialize};

use super::{Alarm, Condition, Kind, Severity, State};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::visible::{visible, visible_json};
use gsec_pki::key::sha256;
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

/// The longest text of each kind that is told. An event fits into one request of a hub, whatever is in a certificate.
const MAX_TEXT: usize = 2000;
const MAX_SUBJECT: usize = 500;
const MAX_KEY: usize = 500;
const MAX_NAMES: usize = 50;
const MAX_NAME: usize = 253;
const MAX_REMEDIES: usize = 5;

/// The beginning of a text that is too long.
fn begun(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn list(texts: &[String], count: usize, most: usize) -> Vec<String> {
    let more = texts.len().saturating_sub(count);
    let told = texts.iter().take(count).map(|text| begun(text, most));
    told.chain((more > 0).then(|| format!("and {more} more")))
        .collect()
}

/// A key that is too long is its digest: the same again for the same.
fn key(condition: &Condition) -> String {
    match condition.key.chars().nth(MAX_KEY) {
        None => condition.key.clone(),
        Some(_) => {
            let digest = encode(&sha256(condition.key.as_bytes()), Separator::None);
            format!("{}:{}:{digest}", condition.kind.name(), condition.slug)
        }
    }
}

impl From<&Condition> for ToldAlarm {
    fn from(condition: &Condition) -> Self {
        let condition = Condition {
            key: key(condition),
            detail: begun(&condition.detail, MAX_TEXT),
            subject: condition
                .subject
                .as_deref()
                .map(|subject| begun(subject, MAX_SUBJECT)),
            names: list(&condition.names, MAX_NAMES, MAX_NAME),
            remedies: list(&condition.remedies, MAX_REMEDIES, MAX_SUBJECT),
            ..condition.clone()
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::{Batch, Numbered};
    use time::macros::datetime;

    /// Less than what a hub reads of a request.
    const MOST: usize = 64 * 1024;

    /// Quotes and control characters take the most room in JSON.
    #[test]
    fn an_event_fits_into_one_request_of_a_hub_whatever_is_in_a_certificate() {
        let long = |sign: &str| sign.repeat(100_000);
        let names = (0..10_000).map(|_| "a".repeat(300)).collect();
        let condition = Condition {
            subject: Some(long("\u{1}")),
            names,
            ..Condition::new("", Kind::Probe, "slug", Severity::Error, "A title")
                .about(&long("\u{2}"))
                .seen(long("\""))
                .remedy(long("\u{3}"))
        };
        let alarm = Alarm {
            condition,
            state: State::Raised,
            peak: Severity::Error,
            first_seen: 0,
            last_seen: 0,
            raised_at: Some(0),
            cleared_at: None,
            acknowledged: None,
            seen: 1,
            unseen: 0,
        };
        let at = datetime!(2026-12-01 12:00 UTC);
        let event = Event::new(&"s".repeat(64), "ab", u64::MAX, What::Raised, &alarm, at);
        assert_eq!(
            event.alarm.names.last().map(String::as_str),
            Some("and 9950 more")
        );
        let same = Event::new("s", "ab", 2, What::Cleared, &alarm, at);
        assert_eq!(event.alarm.key, same.alarm.key, "a key stays the same");
        let batch = Batch::new("ab", vec![Numbered { number: 1, event }]);
        let text = serde_json::to_string(&batch).expect("JSON");
        assert!(text.len() < MOST, "{}", text.len());
        assert!(Batch::read(text.as_bytes()).is_some());
    }
}
