//! What is shown.

use gsec::cli::serve::ServerError;
use gsec::cli::watch::WatchOrder;
use gsec_pki::x509::rfc3339;
use gsec_report::{AcknowledgedBy, AlarmFacts, NotChecked, SinkFacts, WatchReport};
use time::OffsetDateTime;

use super::{Watcher, of_store};
use crate::alarm::{Alarm, Kind, Look, Sink, State, filtered};
use crate::watch::Delivered;

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
    }
}

impl Watcher<'_> {
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
        })
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
