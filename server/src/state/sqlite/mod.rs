//! The form of the state in a SQLite database, beside the CA directory of one machine.
//!
//! One thread writes: what waits is done in one transaction, and answered when that is durable. Others read on connections of their own, what is not
//! remembered from the last requests. Redeemed
//! nonces and buckets are in memory: a server that was started again has another key of nonces.

mod change;
mod crash;
mod fault;
mod place;
mod recent;
mod rows;
mod schema;
mod worker;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use time::{Duration, OffsetDateTime};

use super::fleeting::Fleeting;
use super::{
    Charge, Charged, Due, Epoch, Item, Kept, Key, Kind, Later, MAX_PAGE, MAX_REUSED, OrderCursor, Outcome,
    Secret, State, StateError, Swept, Versioned, Write,
};
use crate::domain::nonce::{Nonce, NonceKey};
use crate::domain::{Account, Authorization, Id, Identifier, Order};
use crash::Crash;
use fault::Fault;
use place::Place;
use recent::Recent;
use rows::{identifier_text, items_where, seconds, typed_where};
use schema::{KNOWN, Unfit, migrate, prepare, prepare_to_write};
use worker::Worker;

const PENDING_OF_ONE: &str = "SELECT count(*) FROM authorizations
    WHERE account = ?3 AND is_alive = 1 AND expires > ?1 AND expires <= ?2
    AND json_extract(body, '$.status') = 'pending'";
const PENDING_OF_ALL: &str = "SELECT count(*) FROM authorizations AS one
    WHERE expires > ?1 AND expires <= ?2 AND is_alive = 1 AND json_extract(body, '$.status') = 'pending'
    AND NOT EXISTS (SELECT 1 FROM accounts
        WHERE accounts.id = one.account AND json_extract(accounts.body, '$.status') <> 'valid')";
/// Connections that read.
const READERS: usize = 2;

/// A database that is open. One process has it open at a time.
pub struct Database {
    readers: [Worker; READERS],
    /// Closed after the others, so that what is in the log comes into the database.
    writer: Worker,
    next_reader: AtomicUsize,
    recent: Arc<Recent>,
    fleeting: Mutex<Fleeting>,
    #[cfg(test)]
    crash: Arc<Crash>,
    /// Let go of when all connections are closed: fields are dropped in order.
    place: Place,
}

impl Database {
    /// Opens a database; makes it when there is none. Blocks.
    ///
    /// # Errors
    /// [`StateError::Files`] when another user could exchange the file, [`StateError::InUse`] when another process has it open,
    /// [`StateError::Newer`], [`StateError::Damaged`], [`StateError::Full`], [`StateError::Unavailable`].
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let place = Place::take(path)?;
        let path = Arc::new(place.path.clone());
        let crash = Arc::new(Crash::default());
        let writer = Worker::writer(
            writing(&path)?,
            place.identity,
            Arc::clone(&path),
            Arc::clone(&crash),
        )?;
        let reader = || Worker::reader(reading(&path)?, Arc::clone(&path));
        Ok(Self {
            readers: [reader()?, reader()?],
            writer,
            next_reader: AtomicUsize::new(0),
            recent: Arc::default(),
            fleeting: Mutex::default(),
            #[cfg(test)]
            crash,
            place,
        })
    }

    /// Where it is, without a symbolic link.
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// Copies everything as it is at one moment into a file, which must not be there. Others go on meanwhile.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn copy_to(&self, path: PathBuf) -> Result<(), StateError> {
        self.look(move |connection| {
            place::make_file(&path).map_err(|error| Fault::Unavailable(error.to_string()))?;
            let mut copy = self::connection(&path)?;
            // In one step, so that it is of one moment.
            Backup::new(connection, &mut copy)?.step(-1)?;
            Ok(())
        })
        .await
    }

    fn change<'a, T: Send + 'static>(
        &'a self,
        work: impl FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Later<'a, T> {
        Box::pin(self.writer.ask(work, |_| ()))
    }

    fn look<'a, T: Send + 'static>(
        &'a self,
        work: impl FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Later<'a, T> {
        let next = self.next_reader.fetch_add(1, Ordering::Relaxed) % READERS;
        Box::pin(self.readers[next].ask(work, |_| ()))
    }

    fn fleeting(&self) -> MutexGuard<'_, Fleeting> {
        self.fleeting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The file is there, with its mode; SQLite makes none.
fn connection(path: &PathBuf) -> Result<Connection, Fault> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    Ok(Connection::open_with_flags(path, flags)?)
}

fn writing(path: &PathBuf) -> Result<Connection, StateError> {
    let open = || -> Result<Connection, Unfit> {
        let mut connection = connection(path)?;
        prepare_to_write(&connection)?;
        migrate(&mut connection)?;
        Ok(connection)
    };
    open().map_err(|unfit| match unfit {
        Unfit::Fault(fault) => fault.of(path),
        Unfit::Newer(found) => StateError::Newer {
            path: path.clone(),
            found,
            known: KNOWN,
        },
    })
}

fn reading(path: &PathBuf) -> Result<Connection, StateError> {
    let open = || -> Result<Connection, Fault> {
        let connection = connection(path)?;
        prepare(&connection)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    };
    open().map_err(|fault| fault.of(path))
}

fn page(limit: u32) -> u32 {
    limit.min(MAX_PAGE)
}

/// Comes before every id.
fn after_text(after: Option<Id>) -> String {
    after.map(String::from).unwrap_or_default()
}

impl State for Database {
    fn write(&self, writes: Vec<Write>) -> Later<'_, Vec<Outcome>> {
        let (writes, recent) = (Arc::new(writes), Arc::clone(&self.recent));
        let asked = Arc::clone(&writes);
        let work = move |connection: &Connection| {
            asked
                .iter()
                .map(|write| change::write(connection, write))
                .collect()
        };
        let settled = move |ended: Result<&Vec<Outcome>, &Fault>| match ended {
            Ok(outcomes) => recent.committed(&writes, outcomes),
            Err(_) => recent.forget(),
        };
        Box::pin(self.writer.ask(work, settled))
    }

    fn get_many(&self, keys: Vec<Key>) -> Later<'_, Vec<Option<Versioned<Item>>>> {
        if let Some(found) = self.recent.all(&keys) {
            return Box::pin(std::future::ready(Ok(found)));
        }
        let recent = Arc::clone(&self.recent);
        self.look(move |connection| {
            let get = |key: &Key| {
                let mut found = items_where(connection, key.kind, "id = ?1", [key.id.as_str()])?;
                Ok(found.pop())
            };
            let begin = recent.moment();
            let found: Vec<Option<Versioned<Item>>> = keys.iter().map(get).collect::<Result<_, Fault>>()?;
            recent.read(begin, &found);
            Ok(found)
        })
    }

    fn list(&self, kind: Kind, after: Option<Id>, limit: u32) -> Later<'_, Vec<Versioned<Item>>> {
        let after = after_text(after);
        self.look(move |connection| {
            let condition = "id > ?1 ORDER BY id LIMIT ?2";
            items_where(connection, kind, condition, params![after, page(limit)])
        })
    }

    fn account_by_thumbprint(&self, thumbprint: String) -> Later<'_, Option<Versioned<Account>>> {
        self.first("thumbprint = ?1", thumbprint)
    }

    fn accounts_of(&self, external: Id, after: Option<Id>, limit: u32) -> Later<'_, Vec<Versioned<Account>>> {
        let after = after_text(after);
        self.look(move |connection| {
            let condition = "external = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
            typed_where(
                connection,
                condition,
                params![external.as_str(), after, page(limit)],
            )
        })
    }

    fn orders_of(
        &self,
        account: Id,
        after: Option<OrderCursor>,
        limit: u32,
    ) -> Later<'_, Vec<Versioned<Order>>> {
        let (created, id) = match after {
            Some(last) => (seconds(last.created), last.id.into()),
            None => (i64::MIN, String::new()),
        };
        self.look(move |connection| {
            let condition = "account = ?1 AND (created, id) > (?2, ?3) ORDER BY created, id LIMIT ?4";
            typed_where(
                connection,
                condition,
                params![account.as_str(), created, id, page(limit)],
            )
        })
    }

    fn pending_orders(&self, account: Id, now: OffsetDateTime) -> Later<'_, u64> {
        self.look(move |connection| {
            let sql = "SELECT count(*) FROM orders WHERE account = ?1 AND is_open = 1 AND expires > ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let count: i64 =
                statement.query_row(params![account.as_str(), seconds(now)], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    fn open_orders(&self, now: OffsetDateTime) -> Later<'_, u64> {
        self.look(move |connection| {
            let sql = "SELECT count(*) FROM orders WHERE is_open = 1 AND expires > ?1";
            let mut statement = connection.prepare_cached(sql)?;
            let count: i64 = statement.query_row(params![seconds(now)], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    fn pending_authorizations(
        &self,
        account: Option<Id>,
        now: OffsetDateTime,
        last: OffsetDateTime,
    ) -> Later<'_, u64> {
        self.look(move |connection| {
            let within = [seconds(now), seconds(last)];
            let count: i64 = match &account {
                Some(account) => connection
                    .prepare_cached(PENDING_OF_ONE)?
                    .query_row(params![within[0], within[1], account.as_str()], |row| row.get(0))?,
                None => connection
                    .prepare_cached(PENDING_OF_ALL)?
                    .query_row(within, |row| row.get(0))?,
            };
            Ok(count.unsigned_abs())
        })
    }

    fn pending_authorizations_of(
        &self,
        account: Id,
        after: Option<Id>,
        now: OffsetDateTime,
    ) -> Later<'_, Vec<Versioned<Authorization>>> {
        let after = after_text(after);
        self.look(move |connection| {
            let condition = "account = ?1 AND is_alive = 1 AND expires > ?2 AND id > ?3
                AND json_extract(body, '$.status') = 'pending' ORDER BY id LIMIT ?4";
            typed_where(
                connection,
                condition,
                params![account.as_str(), seconds(now), after, MAX_PAGE],
            )
        })
    }

    fn authorizations_of(
        &self,
        account: Id,
        ordered: Identifier,
        now: OffsetDateTime,
    ) -> Later<'_, Vec<Versioned<Authorization>>> {
        let identifier = identifier_text(&ordered, ordered.is_wildcard());
        self.look(move |connection| {
            let condition = "account = ?1 AND identifier = ?2 AND is_alive = 1 AND expires > ?3
                ORDER BY expires DESC, id DESC LIMIT ?4";
            typed_where(
                connection,
                condition,
                params![account.as_str(), identifier, seconds(now), MAX_REUSED],
            )
        })
    }

    fn order_by_serial(&self, serial: String) -> Later<'_, Option<Versioned<Order>>> {
        self.first("serial = ?1", serial)
    }

    fn replaced_by(&self, certificate: String) -> Later<'_, Option<Versioned<Order>>> {
        self.first("replaces = ?1", certificate)
    }

    fn due(&self, now: OffsetDateTime, limit: u32) -> Later<'_, Due> {
        self.look(move |connection| {
            let params = params![seconds(now), page(limit)];
            let tried = "next <= ?1 ORDER BY next, id LIMIT ?2";
            let lost = "lost_at <= ?1 ORDER BY lost_at, id LIMIT ?2";
            Ok(Due {
                authorizations: typed_where(connection, tried, params)?,
                orders: typed_where(connection, lost, params)?,
            })
        })
    }

    fn redeem(&self, nonces: Vec<Nonce>) -> Later<'_, Vec<bool>> {
        Box::pin(async move { Ok(self.fleeting().redeem(&nonces)) })
    }

    fn nonce_key(&self, offered: NonceKey) -> Later<'_, NonceKey> {
        Box::pin(async move { Ok(self.fleeting().nonce_key(offered)) })
    }

    fn charge(&self, charges: Vec<Charge>, now: OffsetDateTime) -> Later<'_, Charged> {
        Box::pin(async move { Ok(self.fleeting().charge(&charges, now)) })
    }

    fn lease(
        &self,
        name: String,
        holder: Id,
        ttl: Duration,
        now: OffsetDateTime,
    ) -> Later<'_, Option<Epoch>> {
        self.change(move |connection| change::lease(connection, &name, &holder, ttl, now))
    }

    fn sweep(&self, now: OffsetDateTime, limit: u32) -> Later<'_, Swept> {
        let recent = Arc::clone(&self.recent);
        let work = move |connection: &Connection| change::sweep(connection, now, page(limit));
        let swept = self.writer.ask(work, move |ended| {
            if !ended.is_ok_and(|swept| swept.orders + swept.authorizations == 0) {
                recent.forget();
            }
        });
        Box::pin(async move {
            let items = swept.await?;
            let Swept { nonces, buckets, .. } = self.fleeting().sweep(now);
            Ok(Swept {
                nonces,
                buckets,
                ..items
            })
        })
    }

    fn secret(&self, name: String, offered: Secret) -> Later<'_, Secret> {
        self.change(move |connection| change::secret(connection, &name, &offered))
    }

    fn setting(&self, name: String) -> Later<'_, Option<String>> {
        self.look(move |connection| {
            let mut statement = connection.prepare_cached("SELECT value FROM settings WHERE name = ?1")?;
            Ok(statement.query_row([&name], |row| row.get(0)).optional()?)
        })
    }

    fn set_setting(&self, name: String, value: Option<String>) -> Later<'_, ()> {
        self.change(move |connection| change::set_setting(connection, &name, value.as_deref()))
    }
}

impl Database {
    /// The one item for which a condition holds.
    fn first<T: Kept + Send + 'static>(
        &self,
        condition: &'static str,
        value: String,
    ) -> Later<'_, Option<Versioned<T>>> {
        self.look(move |connection| Ok(typed_where(connection, condition, [&value])?.pop()))
    }
}

#[cfg(test)]
mod tests;
