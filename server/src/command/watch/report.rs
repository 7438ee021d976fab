//! What is shown.

use gsec::cli::serve::ServerError;
use gsec::cli::watch::WatchOrder;
use gsec_pki::x509::rfc3339;
use gsec_report::{AcknowledgedBy, AlarmFacts, NotChecked, SinkFacts, SiteFacts, WatchReport};
use time::OffsetDateTime;

use super::{Watcher, of_store};
use crate::alarm::{Alarm, Event, Kind, Look, Sink, State, filtered};
use crate::watch::{Delivered, SiteAlarm};

/// Where nothing was ever looked at.
pub(super) fn nothing(order: &WatchOrder, site: &str, sinks: &[Sink]) -> WatchReport {
    WatchReport {
        ca_dir: order.directory.root().display().to_string(),
        action: "list",
        site: site.to_owned(),
        last_check: None,
        checked: Vec::new(),
        not_checked: Vec::new(),
        alarms: Vec::new(),
        sinks: sinks
            .iter()
            .map(|sink| SinkFacts {
                name: sink.name.clone(),
                kind: sink.kind.name(),
                sent: 0,
                waiting: 0,
                dropped: 0,
                problem: None,
            })
            .collect(),
        sites: None,
    }
}

impl Watcher<'_> {
    /// What other sites have said, as it came from them: past their own log filter.
    fn sites(&self) -> Result<Option<Vec<SiteFacts>>, ServerError> {
        let Some(hub) = &self.settings.hub else {
            return Ok(None);
        };
        let mut sites: Vec<SiteFacts> = self
            .store
            .sites(&hub.sites)
            .map_err(of_store)?
            .into_iter()
            .map(|site| SiteFacts {
                name: site.name,
                heard: site.at.map(rfc3339),
                alarms: Vec::new(),
            })
            .collect();
        for SiteAlarm { site, event } in self.store.site_alarms().map_err(of_store)? {
            if let Some(site) = sites.iter_mut().find(|known| known.name == site) {
                site.alarms.push(of_event(&event));
            }
        }
        Ok(Some(sites))
    }

    /// What a look goes on with is in a log as often as on a screen: there the log filter holds too. Who asks for the list gets all.
    pub(super) fn report(
        &self,
        action: &'static str,
        look: Option<&Look>,
        delivered: &[Delivered],
    ) -> Result<WatchReport, ServerError> {
        let filter = self.filter();
        let shown = |alarm: Alarm| match action {
            "check" => filtered(&alarm, &filter),
            _ => alarm,
        };
        let known = self.store.alarms().map_err(of_store)?;
        let mut open: Vec<Alarm> = known
            .into_values()
            .filter(|alarm| alarm.state != State::Cleared)
            .map(shown)
            .collect();
        open.sort_by(|one, other| {
            let order = |alarm: &Alarm| {
                (
                    std::cmp::Reverse(alarm.condition.severity),
                    alarm.condition.key.clone(),
                )
            };
            order(one).cmp(&order(other))
        });
        let not_checked: Vec<NotChecked> = match look {
            Some(look) => look
                .not_looked_at
                .iter()
                .map(|(what, reason)| NotChecked {
                    what: what.clone(),
                    reason: reason.clone(),
                })
                .collect(),
            None => Vec::new(),
        };
        // They are told as what was not looked at.
        if look.is_some() {
            open.retain(|alarm| alarm.condition.kind != Kind::CannotLook);
        }
        let waiting = self.store.waiting(&self.settings.sinks).map_err(of_store)?;
        let sinks = self.settings.sinks.iter().zip(waiting).map(|(sink, waiting)| {
            let now = delivered.iter().find(|one| one.sink == sink.name);
            SinkFacts {
                name: sink.name.clone(),
                kind: sink.kind.name(),
                sent: now.map_or(0, |one| one.sent),
                waiting: waiting.count,
                dropped: waiting.dropped.map_or(0, |(count, _)| count),
                problem: now.and_then(|one| one.problem.clone()).or(waiting.problem),
            }
        });
        Ok(WatchReport {
            ca_dir: self.order.directory.root().display().to_string(),
            action,
            site: self.site.clone(),
            last_check: self.store.last_look().map_err(of_store)?.map(rfc3339),
            checked: look
                .map(|look| look.places().map(str::to_owned).collect())
                .unwrap_or_default(),
            not_checked,
            alarms: open.iter().map(facts).collect(),
            sinks: sinks.collect(),
            sites: self.sites()?,
        })
    }
}

fn of_event(event: &Event) -> AlarmFacts {
    let alarm = &event.alarm;
    AlarmFacts {
        key: alarm.key.clone(),
        kind: alarm.kind.name(),
        slug: alarm.slug.clone(),
        severity: alarm.severity.name(),
        state: event.state.name(),
        title: alarm.title.clone(),
        detail: alarm.detail.clone(),
        subject: alarm.subject.clone(),
        names: alarm.names.clone(),
        remedies: alarm.remedies.clone(),
        since: event.since.clone(),
        last_seen: event.at.clone(),
        acknowledged: (event.state == State::Acknowledged).then(|| AcknowledgedBy {
            at: event.at.clone(),
            by: event.acknowledged_by.clone(),
        }),
    }
}

fn facts(alarm: &Alarm) -> AlarmFacts {
    let condition = &alarm.condition;
    let moment = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    AlarmFacts {
        key: condition.key.clone(),
        kind: condition.kind.name(),
        slug: condition.slug.clone(),
        severity: condition.severity.name(),
        state: alarm.state.name(),
        title: condition.title.clone(),
        detail: condition.detail.clone(),
        subject: condition.subject.clone(),
        names: condition.names.clone(),
        remedies: condition.remedies.clone(),
        since: rfc3339(moment(alarm.first_seen)),
        last_seen: rfc3339(moment(alarm.last_seen)),
        acknowledged: alarm.acknowledged.as_ref().map(|by| AcknowledgedBy {
            at: by.at.clone(),
            by: by.by.clone(),
        }),
    }
}
