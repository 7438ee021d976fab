//! The API of Prometheus Alertmanager, version 2.

use std::path::Path;

use gsec_pki::encoding::visible::visible;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::http::Poster;
use super::{Outlet, OutletError};
use crate::alarm::{Event, Numbered};
use gsec_pki::x509::{parse_time, rfc3339};

/// Without an end, Alertmanager takes an alert for over when it does not come again. This one ends when it is said to.
const LASTING: Duration = Duration::days(3650);

pub(super) struct Alertmanager {
    poster: Poster,
}

impl Alertmanager {
    pub(super) fn new(url: &str, trust_file: Option<&Path>) -> Result<Self, OutletError> {
        Ok(Self {
            poster: Poster::new(url, "/api/v2/alerts", trust_file)?,
        })
    }
}

/// The body. Labels say which alert it is: what changes over its life is an annotation.
pub(super) fn body(event: &Event) -> String {
    let alarm = &event.alarm;
    let at = parse_time(&event.at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let end = if event.event.is_end() { at } else { at + LASTING };
    json!([{
        "labels": {
            "alertname": visible(&alarm.slug),
            "kind": alarm.kind.name(),
            "key": visible(&alarm.key),
            "instance": event.site,
            "job": "gsec",
        },
        "annotations": {
            "summary": visible(&alarm.title),
            "description": visible(&alarm.detail),
            "severity": alarm.severity.name(),
            "event": event.event.name(),
            "subject": alarm.subject.as_deref().map(visible).unwrap_or_default(),
            "names": visible(&alarm.names.join(", ")),
            "remedy": visible(&alarm.remedies.join(" ")),
            "id": event.id,
        },
        "startsAt": event.since,
        "endsAt": rfc3339(end),
    }])
    .to_string()
}

impl Outlet for Alertmanager {
    fn send(&mut self, Numbered { event, .. }: &Numbered) -> Result<(), OutletError> {
        self.poster.post(body(event), &[])
    }
}
