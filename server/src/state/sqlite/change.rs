//! What the connection that writes is asked to do.

use rusqlite::{Connection, OptionalExtension, params};
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use super::super::{
    Conflict, Epoch, Fence, Item, KEPT_AFTER_EXPIRY, Key, MAX_STEPS, Outcome, Secret, Step, Swept, Version,
    Write,
};
use super::fault::Fault;
use super::rows::{insert, remove, replace, replaces, seconds, version_of};
use crate::domain::Id;

/// Why a write ends early.
enum Stop {
    Conflict(Conflict),
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// Does a write, or nothing of it.
pub(super) fn write(connection: &Connection, write: &Write) -> Result<Outcome, Fault> {
    if write.steps.len() > MAX_STEPS {
        return Ok(Outcome::Refused(Conflict::TooLarge));
    }
    run(connection, "SAVEPOINT write")?;
    match steps(connection, write) {
        Ok(()) => {
            run(connection, "RELEASE write")?;
            Ok(Outcome::Written)
        }
        Err(Stop::Conflict(conflict)) => {
            run(connection, "ROLLBACK TO write")?;
            run(connection, "RELEASE write")?;
            Ok(Outcome::Refused(conflict))
        }
        Err(Stop::Fault(fault)) => Err(fault),
    }
}

fn run(connection: &Connection, sql: &str) -> Result<(), Fault> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

fn steps(connection: &Connection, write: &Write) -> Result<(), Stop> {
    if let Some(fence) = &write.fence {
        expect_held(connection, fence)?;
    }
    write.steps.iter().try_for_each(|step| apply(connection, step))
}

fn expect_held(connection: &Connection, fence: &Fence) -> Result<(), Stop> {
    let held: Option<i64> = connection
        .prepare_cached("SELECT epoch FROM leases WHERE name = ?1")?
        .query_row([&fence.lease], |row| row.get(0))
        .optional()?;
    if held.map(i64::unsigned_abs) == Some(fence.epoch.0) {
        Ok(())
    } else {
        Err(Stop::Conflict(Conflict::Fenced))
    }
}

fn apply(connection: &Connection, step: &Step) -> Result<(), Stop> {
    match step {
        Step::Insert(item) => {
            expect(connection, &item.key(), None)?;
            expect_unique(connection, item)?;
            Ok(insert(connection, item)?)
        }
        Step::Replace(item, version) => {
            expect(connection, &item.key(), Some(*version))?;
            expect_unique(connection, item)?;
            Ok(replace(connection, item, version.next())?)
        }
        Step::Remove(key, version) => {
            expect(connection, key, Some(*version))?;
            Ok(remove(connection, key)?)
        }
        Step::Expect(key, version) => expect(connection, key, *version),
    }
}

fn expect(connection: &Connection, key: &Key, version: Option<Version>) -> Result<(), Stop> {
    if version_of(connection, key)? == version {
        Ok(())
    } else {
        Err(Stop::Conflict(Conflict::Changed(key.clone())))
    }
}

/// What must not be the same in two items. The unique indexes of the schema say the same; here the other one is named.
fn expect_unique(connection: &Connection, item: &Item) -> Result<(), Stop> {
    let other = |sql: &str, value: &str, own: &Id| -> Result<Option<Id>, Fault> {
        let found: Option<String> = connection
            .prepare_cached(sql)?
            .query_row([value, own.as_str()], |row| row.get(0))
            .optional()?;
        found
            .map(|id| Id::parse(&id).ok_or_else(|| Fault::Damaged("an id is none".into())))
            .transpose()
    };
    match item {
        Item::Account(account) => {
            let sql = "SELECT id FROM accounts WHERE thumbprint = ?1 AND id <> ?2";
            if let Some(id) = other(sql, &account.key.thumbprint, &account.id)? {
                return Err(Stop::Conflict(Conflict::AccountKey(id)));
            }
        }
        Item::Order(order) => {
            let sql = "SELECT id FROM orders WHERE replaces = ?1 AND id <> ?2";
            if let Some(replaces) = replaces(order)
                && let Some(id) = other(sql, replaces, &order.id)?
            {
                return Err(Stop::Conflict(Conflict::Replaced(id)));
            }
            let sql = "SELECT id FROM orders WHERE serial = ?1 AND id <> ?2";
            if let Some(serial) = order.serial()
                && let Some(id) = other(sql, serial, &order.id)?
            {
                return Err(Stop::Conflict(Conflict::Serial(id)));
            }
        }
        Item::Authorization(_) | Item::EabKey(_) | Item::Grant(_) => {}
    }
    Ok(())
}

/// Takes or renews a lease.
pub(super) fn lease(
    connection: &Connection,
    name: &str,
    holder: &Id,
    ttl: Duration,
    now: OffsetDateTime,
) -> Result<Option<Epoch>, Fault> {
    let sql = "SELECT holder, epoch, ends FROM leases WHERE name = ?1";
    let found: Option<(String, i64, i64)> = connection
        .prepare_cached(sql)?
        .query_row([name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let at = milliseconds(now);
    let epoch = match found {
        Some((by, _, ends)) if ends > at && by != holder.as_str() => return Ok(None),
        Some((_, epoch, ends)) if ends > at => epoch,
        Some((_, epoch, _)) => epoch.saturating_add(1),
        None => 1,
    };
    let sql = "INSERT INTO leases (name, holder, epoch, ends) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (name) DO UPDATE SET holder = ?2, epoch = ?3, ends = ?4";
    let ends = milliseconds(now.saturating_add(ttl));
    connection
        .prepare_cached(sql)?
        .execute(params![name, holder.as_str(), epoch, ends])?;
    Ok(Some(Epoch(epoch.unsigned_abs())))
}

/// A lease is shorter than what items need.
fn milliseconds(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// Removes orders and authorizations that have expired long ago.
pub(super) fn sweep(connection: &Connection, now: OffsetDateTime, limit: u32) -> Result<Swept, Fault> {
    let before = seconds(now.saturating_sub(KEPT_AFTER_EXPIRY));
    let delete = |table: &str, condition: &str| -> Result<u64, Fault> {
        let sql = format!(
            "DELETE FROM {table} WHERE rowid IN
            (SELECT rowid FROM {table} WHERE {condition} expires <= ?1 ORDER BY expires LIMIT ?2)"
        );
        let gone = connection.prepare_cached(&sql)?.execute(params![before, limit])?;
        Ok(gone as u64)
    };
    Ok(Swept {
        orders: delete("orders", "lost_at IS NULL AND")?,
        authorizations: delete("authorizations", "")?,
        ..Swept::default()
    })
}

/// The first secret that was offered under a name.
pub(super) fn secret(connection: &Connection, name: &str, offered: &Secret) -> Result<Secret, Fault> {
    let sql = "INSERT INTO secrets (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
    connection
        .prepare_cached(sql)?
        .execute(params![name, offered.as_slice()])?;
    let mut statement = connection.prepare_cached("SELECT value FROM secrets WHERE name = ?1")?;
    let kept = statement.query_row([name], |row| row.get::<_, [u8; 32]>(0).map(Zeroizing::new))?;
    Ok(kept)
}

/// Sets or removes a setting.
pub(super) fn set_setting(connection: &Connection, name: &str, value: Option<&str>) -> Result<(), Fault> {
    match value {
        Some(value) => {
            let sql = "INSERT INTO settings (name, value) VALUES (?1, ?2)
                ON CONFLICT (name) DO UPDATE SET value = ?2";
            connection.prepare_cached(sql)?.execute([name, value])?
        }
        None => connection
            .prepare_cached("DELETE FROM settings WHERE name = ?1")?
            .execute([name])?,
    };
    Ok(())
}
