//! What a site and its hub say to each other.

use serde::{Deserialize, Serialize};

use super::{Event, SCHEMA};
use gsec_pki::x509::{parse_time, rfc3339};

/// The name of the request's form.
pub const HUB_SCHEMA: &str = "gsec/hub/1";
/// The most events of one request.
pub const MAX_EVENTS: usize = 1000;

/// What a site sends. Without an event it says that the site is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// [`HUB_SCHEMA`].
    pub schema: String,
    /// Which memory the numbers are of: a site that lost its own begins again, with another id.
    pub site_id: String,
    /// Events, each number greater than the one before.
    pub events: Vec<Numbered>,
}

/// An event with its number at the site that sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbered {
    /// The number.
    pub number: u64,
    /// The event.
    pub event: Event,
}

/// What the hub answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// It has every event that the site has sent up to this number, for good.
    pub acknowledged: u64,
}

/// Whether it can go on as it is: what stands in headers of mail, HTTP and syslog is of a form that is safe there.
fn is_sound(event: &Event) -> bool {
    let is_of = |text: &str, most: usize, signs: &[u8]| {
        let is_good = |byte: u8| byte.is_ascii_alphanumeric() || signs.contains(&byte);
        (1..=most).contains(&text.len()) && text.bytes().all(is_good)
    };
    let alarm = &event.alarm;
    event.schema == SCHEMA
        && is_of(&event.id, 256, b"-./:_")
        && is_of(&alarm.slug, 64, b"-")
        && [&event.at, &event.since]
            .into_iter()
            .all(|text| parse_time(text).is_some_and(|time| rfc3339(time) == *text))
        && (1..=4096).contains(&alarm.key.len())
}

impl Batch {
    /// Of a site.
    pub fn new(site_id: &str, events: Vec<Numbered>) -> Self {
        Self {
            schema: HUB_SCHEMA.into(),
            site_id: site_id.to_owned(),
            events,
        }
    }

    /// Reads one as a site sends it; `None` for anything else.
    pub fn read(content: &[u8]) -> Option<Self> {
        serde_json::from_slice(content).ok().filter(Self::is_sound)
    }

    /// Whether it is as a site sends it.
    pub fn is_sound(&self) -> bool {
        let is_id =
            |id: &str| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let numbers = self.events.iter().map(|event| event.number);
        let grows = numbers.clone().zip(numbers.skip(1)).all(|(one, next)| one < next);
        self.schema == HUB_SCHEMA
            && is_id(&self.site_id)
            && self.events.len() <= MAX_EVENTS
            && grows
            && self.events.iter().all(|event| is_sound(&event.event))
    }
}
