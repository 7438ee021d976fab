//! What waits for each sink, and when it is tried again.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use time::OffsetDateTime;

use super::{Store, StoreError, moment, signed};
use crate::alarm::{Numbered, Sink, Waiting};
use crate::watch::OutletError;

/// The most that waits for one sink; of more, the oldest is dropped.
pub const MAX_WAITING: u64 = 100_000;

/// 5 s after the first failure, a quarter of an hour in the end.
const BACK_OFF: &str = "attempts = attempts + 1, next = ?2 + MIN(900, 5 * (1 << MIN(attempts, 8)))";

impl Store {
    /// The first event that a sink has not got, if an attempt is due by then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn next(&self, sink: &str, due_by: i64, after: u64) -> Result<Option<Numbered>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT number, events.body FROM waiting JOIN events USING (number)
             WHERE sink = ?1 AND next <= ?2 AND number > ?3
                 AND NOT EXISTS (SELECT 1 FROM sinks WHERE name = ?1 AND sinks.next > ?2)
             ORDER BY number LIMIT 1",
        )?;
        let found: Option<(i64, String)> = statement
            .query_row(params![sink, due_by, signed(after)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((number, body)) = found else {
            return Ok(None);
        };
        Ok(Some(Numbered {
            number: number.unsigned_abs(),
            event: serde_json::from_str(&body)?,
        }))
    }

    /// A sink has got an event.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn done(&mut self, sink: &str, number: u64) -> Result<(), StoreError> {
        let change = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute(
            "DELETE FROM waiting WHERE sink = ?1 AND number = ?2",
            params![sink, signed(number)],
        )?;
        change.execute(
            "UPDATE sinks SET problem = NULL, attempts = 0, next = 0 WHERE name = ?1",
            [sink],
        )?;
        change.commit()?;
        Ok(())
    }

    /// A sink has not got an event, or has not said so. Each failure doubles the time until the next attempt: of this event where the
    /// sink refused it, else of all that wait.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn failed(
        &mut self,
        sink: &str,
        number: u64,
        error: &OutletError,
        now: i64,
    ) -> Result<(), StoreError> {
        let change = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute("INSERT OR IGNORE INTO sinks (name) VALUES (?1)", [sink])?;
        let problem = gsec_pki::encoding::visible::visible(&error.to_string());
        change.execute("UPDATE sinks SET problem = ?2 WHERE name = ?1", [sink, &problem])?;
        match error {
            OutletError::Refused(_) => change.execute(
                &format!("UPDATE waiting SET {BACK_OFF} WHERE sink = ?1 AND number = ?3"),
                params![sink, now, signed(number)],
            )?,
            OutletError::Down(_) | OutletError::File { .. } => change.execute(
                &format!("UPDATE sinks SET {BACK_OFF} WHERE name = ?1"),
                params![sink, now],
            )?,
        };
        change.commit()?;
        Ok(())
    }

    /// What waits for each sink.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn waiting(&self, sinks: &[Sink]) -> Result<Vec<Waiting>, StoreError> {
        sinks.iter().map(|sink| self.waiting_for(&sink.name)).collect()
    }

    fn waiting_for(&self, sink: &str) -> Result<Waiting, StoreError> {
        let (count, since): (i64, Option<i64>) = self.connection.query_row(
            "SELECT COUNT(*), MIN(since) FROM waiting WHERE sink = ?1",
            [sink],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let said: Option<(Option<String>, i64, Option<i64>)> = self
            .connection
            .query_row(
                "SELECT problem, dropped, dropped_at FROM sinks WHERE name = ?1",
                [sink],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        let (problem, dropped, dropped_at) = said.unwrap_or_default();
        Ok(Waiting {
            sink: sink.to_owned(),
            since: since.and_then(moment),
            count: count.unsigned_abs(),
            problem,
            dropped: dropped_at.and_then(moment).map(|at| (dropped.unsigned_abs(), at)),
        })
    }

    /// Whether an attempt is due.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn is_due(&self, now: i64) -> Result<bool, StoreError> {
        let due = "SELECT EXISTS (SELECT 1 FROM waiting LEFT JOIN sinks ON name = sink
            WHERE waiting.next <= ?1 AND COALESCE(sinks.next, 0) <= ?1)";
        Ok(self.connection.query_row(due, [now], |row| row.get(0))?)
    }
}

/// Queues an event for sinks.
pub(super) fn wait_for<'a>(
    change: &Transaction<'_>,
    sinks: impl IntoIterator<Item = &'a Sink>,
    number: i64,
    at: OffsetDateTime,
) -> Result<(), StoreError> {
    for sink in sinks {
        change.execute(
            "INSERT INTO waiting (sink, number, since) VALUES (?1, ?2, ?3)",
            params![sink.name, number, at.unix_timestamp()],
        )?;
    }
    Ok(())
}

/// Drops the oldest of what waits for a sink where it is too much.
pub(super) fn bound(change: &Transaction<'_>, sinks: &[Sink], at: OffsetDateTime) -> Result<(), StoreError> {
    for sink in sinks {
        let dropped = change.execute(
            "DELETE FROM waiting WHERE sink = ?1 AND number <= (
                 SELECT number FROM waiting WHERE sink = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
            params![sink.name, signed(MAX_WAITING)],
        )?;
        if dropped > 0 {
            let dropped = i64::try_from(dropped).unwrap_or(i64::MAX);
            change.execute(
                "INSERT INTO sinks (name, dropped, dropped_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET dropped = dropped + ?2, dropped_at = ?3",
                params![sink.name, dropped, at.unix_timestamp()],
            )?;
        }
    }
    Ok(())
}
