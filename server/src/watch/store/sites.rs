//! What other sites say, at the hub.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use time::OffsetDateTime;

use super::queue::{bound, wait_for};
use super::{Store, StoreError, Teller, moment, signed};
use crate::alarm::{Batch, Event, Numbered, Severity, Sink, SiteHeard, filtered_event};

/// The most open alarms of one site.
const MAX_SITE_ALARMS: u64 = 100_000;

/// What a hub has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// It has everything up to this number.
    pub acknowledged: u64,
    /// What was new.
    pub events: Vec<Event>,
}

/// An alarm of another site that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAlarm {
    /// The site.
    pub site: String,
    /// What it has said last of it.
    pub event: Event,
}

impl Store {
    /// Takes in what another site says. What it has said before is not taken in twice; what is new goes on to those who are told here.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it is taken in.
    pub fn receive(
        &mut self,
        site: &str,
        batch: &Batch,
        at: OffsetDateTime,
        teller: &Teller<'_>,
    ) -> Result<Received, StoreError> {
        let change = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known: Option<(String, i64)> = change
            .query_row("SELECT site_id, last FROM sites WHERE name = ?1", [site], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let mut last = match known {
            Some((id, last)) if id == batch.site_id => last.unsigned_abs(),
            // It has lost its memory, and will raise again what is still so.
            Some(_) => {
                change.execute("DELETE FROM site_alarms WHERE site = ?1", [site])?;
                0
            }
            None => 0,
        };
        let mut events = Vec::new();
        for Numbered { number, event } in &batch.events {
            if *number <= last {
                continue;
            }
            let event = Event {
                site: site.to_owned(),
                // Nobody can take the id of another site's event.
                id: format!("{site}/{}", event.id),
                ..event.clone()
            };
            let Some(peak) = remember(&change, site, &event)? else {
                // There is no room: what was not taken in waits at the site.
                break;
            };
            pass_on(&change, &event, peak, at, teller)?;
            last = *number;
            events.push(event);
        }
        change.execute(
            "INSERT INTO sites (name, site_id, last, heard) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET site_id = ?2, last = ?3, heard = ?4",
            params![site, batch.site_id, signed(last), at.unix_timestamp()],
        )?;
        bound(&change, teller.sinks, at)?;
        change.commit()?;
        Ok(Received {
            acknowledged: last,
            events,
        })
    }

    /// The sites that were heard, and those that are expected.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sites(&self, expected: &[String]) -> Result<Vec<SiteHeard>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT name, heard FROM sites ORDER BY name")?;
        let rows = statement.query_map([], |row| {
            Ok(SiteHeard {
                name: row.get(0)?,
                at: moment(row.get(1)?),
            })
        })?;
        let mut sites: Vec<SiteHeard> = rows.collect::<Result<_, _>>()?;
        if !expected.is_empty() {
            sites.retain(|site| expected.contains(&site.name));
            for name in expected {
                if !sites.iter().any(|site| site.name == *name) {
                    let name = name.clone();
                    sites.push(SiteHeard { name, at: None });
                }
            }
        }
        Ok(sites)
    }

    /// The alarms of other sites that are not over.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn site_alarms(&self) -> Result<Vec<SiteAlarm>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT site, body FROM site_alarms ORDER BY site, key")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (site, body) = row?;
            let event = serde_json::from_str(&body)?;
            Ok(SiteAlarm { site, event })
        })
        .collect()
    }
}

/// Keeps the last word of a site about an alarm; returns how much that has weighed at most, or `None` where there is no room.
fn remember(change: &Transaction<'_>, site: &str, event: &Event) -> Result<Option<Severity>, StoreError> {
    let key = &event.alarm.key;
    let known: Option<String> = change
        .query_row(
            "SELECT peak FROM site_alarms WHERE site = ?1 AND key = ?2",
            [site, key],
            |row| row.get(0),
        )
        .optional()?;
    let known = known.and_then(|peak| Severity::parse(&peak));
    let peak = known.map_or(event.alarm.severity, |known| known.max(event.alarm.severity));
    if event.event.is_end() {
        change.execute(
            "DELETE FROM site_alarms WHERE site = ?1 AND key = ?2",
            [site, key],
        )?;
        return Ok(Some(peak));
    }
    if known.is_none() {
        let count: i64 = change.query_row(
            "SELECT COUNT(*) FROM site_alarms WHERE site = ?1",
            [site],
            |row| row.get(0),
        )?;
        if count >= signed(MAX_SITE_ALARMS) {
            return Ok(None);
        }
    }
    change.execute(
        "INSERT INTO site_alarms (site, key, peak, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (site, key) DO UPDATE SET peak = ?3, body = ?4",
        params![site, key, peak.name(), serde_json::to_string(event)?],
    )?;
    Ok(Some(peak))
}

/// Queues an event of another site for each sink that takes it.
fn pass_on(
    change: &Transaction<'_>,
    event: &Event,
    peak: Severity,
    at: OffsetDateTime,
    teller: &Teller<'_>,
) -> Result<(), StoreError> {
    let takers: Vec<&Sink> = teller
        .sinks
        .iter()
        .filter(|sink| sink.takes_of(event.alarm.kind, peak))
        .collect();
    if takers.is_empty() {
        return Ok(());
    }
    let body = serde_json::to_string(&filtered_event(event, teller.filter))?;
    change.execute("INSERT INTO events (body) VALUES (?1)", [body])?;
    let number = change.last_insert_rowid();
    wait_for(change, takers, number, at)
}
