//! What is remembered, in `ca_conf/watch.db`: alarms, what happened to them, and for each sink what it has not got yet. A look and what follows
//! from it is one transaction.

mod queue;
mod sites;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration as Wait;

use gsec_ca::files::{FilesError, expect_own_way, tighten};
use gsec_ca::policy::LogFilter;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::visible::visible;
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use rustix::fs::OFlags;
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::alarm::{
    Acknowledgment, Alarm, Event, Hold, Look, Sink, Step, What, Window, acknowledged, advance, filtered,
};
pub use queue::MAX_WAITING;
use queue::{bound, wait_for};
pub use sites::{Received, SiteAlarm};

/// Only its user reads it: names of hosts are in it.
const MODE: u32 = 0o600;
/// How long another process may write.
const BUSY: Wait = Wait::from_secs(20);
/// How long is remembered what is over.
const KEPT: Duration = Duration::days(30);
/// In the header of the file: `gsew`.
const APPLICATION_ID: u32 = 0x6773_6577;
const VERSION: u32 = 1;

const SCHEMA: &str = "
    CREATE TABLE alarms (
        key TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL, cleared_at INTEGER
    ) STRICT;
    CREATE TABLE events (
        number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE waiting (
        sink TEXT NOT NULL, number INTEGER NOT NULL, since INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (sink, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sinks (
        name TEXT NOT NULL PRIMARY KEY, problem TEXT,
        attempts INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL DEFAULT 0,
        dropped INTEGER NOT NULL DEFAULT 0, dropped_at INTEGER
    ) STRICT;
    CREATE TABLE sites (
        name TEXT NOT NULL PRIMARY KEY, site_id TEXT NOT NULL, last INTEGER NOT NULL, heard INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE site_alarms (
        site TEXT NOT NULL, key TEXT NOT NULL, peak TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (site, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE facts (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
";

/// Why it cannot be remembered.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another user could exchange the file.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// Another process looks and sends.
    #[error("another `gsec watch` is at work with `{}`", .0.display())]
    InUse(PathBuf),
    /// The file cannot be made or opened.
    #[error("cannot open `{}`: {reason}", path.display())]
    Open {
        /// Where.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// It is of a later version.
    #[error("`{}` was written by a later version of gsec", .0.display())]
    Newer(PathBuf),
    /// SQLite cannot do it.
    #[error("cannot use the database of alarms: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// What is in it cannot be read.
    #[error("the database of alarms is damaged: {0}")]
    Damaged(#[from] serde_json::Error),
}

/// The right to look and send; one process has it at a time.
pub struct Watching(#[expect(dead_code, reason = "held")] File);

/// Who is told, and as whom.
pub struct Teller<'a> {
    /// What this place is called.
    pub site: &'a str,
    /// Who is told.
    pub sinks: &'a [Sink],
    /// What goes out.
    pub filter: &'a LogFilter,
}

/// What came of a look: the events, as they went out.
pub type Recorded = Vec<Event>;

/// The database.
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens it; makes it where there is none. `random` is used once in its life, for the id of the place.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path, random: &mut dyn FnMut(&mut [u8])) -> Result<Self, StoreError> {
        let path = whole(path)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        match guarded(&mut options).open(&path) {
            Ok(file) => file.sync_all().map_err(|error| cannot(&path, &error))?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(cannot(&path, &error)),
        }
        expect_own(&path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let mut connection = Connection::open_with_flags(&path, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "trusted_schema", false)?;
        prepare(&mut connection, &path, random)?;
        Ok(Self { connection, path })
    }

    /// Another one at `at`, with what is in this file as far as it can be read, for as long as the file cannot be written. What waits for sinks stays in
    /// the file. Its events are those of a place of its own: their numbers are given again in the file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn elsewhere(path: &Path, at: &Path, random: &mut dyn FnMut(&mut [u8])) -> Result<Self, StoreError> {
        let path = whole(path)?;
        let mut store = Self::open(at, random)?;
        // A directory in its place has nothing in it, and of what cannot be read, nothing is known.
        if path.is_file() {
            expect_own(&path)?;
            let _ = copy(&path, &mut store.connection);
            prepare(&mut store.connection, &path, random)?;
        }
        let change = store
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute("DELETE FROM waiting", [])?;
        set_fact(&change, "site_id", &new_id(random))?;
        change.commit()?;
        Ok(store)
    }

    /// The same, where there is one; `None` where nothing was ever watched.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_present(path: &Path) -> Result<Option<Self>, StoreError> {
        match path.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            _ => Self::open(path, &mut |_| {}).map(Some),
        }
    }

    /// The same once more, for another thread.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn again(&self) -> Result<Self, StoreError> {
        Self::open(&self.path, &mut |_| {})
    }

    /// Takes the right to look and send.
    ///
    /// # Errors
    /// [`StoreError::InUse`] where another process has it.
    pub fn watch(&self) -> Result<Watching, StoreError> {
        let at = with_end(&self.path, ".lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let lock = guarded(&mut options)
            .open(&at)
            .map_err(|error| cannot(&at, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Watching(lock)),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(self.path.clone())),
            Err(TryLockError::Error(error)) => Err(cannot(&at, &error)),
        }
    }

    /// Every alarm that is remembered, by key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn alarms(&self) -> Result<BTreeMap<String, Alarm>, StoreError> {
        alarms(&self.connection)
    }

    /// Takes a look in: what follows for alarms, and for each sink what it is to be told.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it is remembered.
    pub fn record(
        &mut self,
        look: &Look,
        hold: Hold,
        windows: &[Window],
        teller: &Teller<'_>,
    ) -> Result<Recorded, StoreError> {
        let change = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut told = Vec::new();
        for Step { key, alarm, what } in advance(&alarms(&change)?, look, hold, windows) {
            match &alarm {
                None => {
                    change.execute("DELETE FROM alarms WHERE key = ?1", [&key])?;
                }
                Some(alarm) => put(&change, &key, alarm)?,
            }
            if let Some((alarm, what)) = alarm.zip(what) {
                told.push(tell(&change, &alarm, what, look.at, teller)?);
            }
        }
        bound(&change, teller.sinks, look.at)?;
        set_fact(&change, "last_look", &look.at.unix_timestamp().to_string())?;
        change.commit()?;
        Ok(told)
    }

    /// Says that somebody takes care of an alarm; `None` where none of this key is raised. A key is taken as it is and as it is shown, where
    /// one alarm alone is shown so: a key with a line feed in it cannot be typed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn acknowledge(
        &mut self,
        key: &str,
        by: Acknowledgment,
        at: OffsetDateTime,
        teller: &Teller<'_>,
    ) -> Result<Option<Alarm>, StoreError> {
        let change = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(key) = meant(&change, key)? else {
            return Ok(None);
        };
        let key = key.as_str();
        let found: String =
            change.query_row("SELECT body FROM alarms WHERE key = ?1", [key], |row| row.get(0))?;
        let Some(alarm) = acknowledged(&serde_json::from_str(&found)?, by) else {
            return Ok(None);
        };
        put(&change, key, &alarm)?;
        tell(&change, &alarm, What::Acknowledged, at, teller)?;
        bound(&change, teller.sinks, at)?;
        change.commit()?;
        Ok(Some(alarm))
    }

    /// Removes what nobody needs: alarms that are over for a month, events that everybody has, and what waits for sinks that are not there
    /// any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sweep(&mut self, sinks: &[Sink], now: OffsetDateTime) -> Result<(), StoreError> {
        let change = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let names: Vec<&str> = sinks.iter().map(|sink| sink.name.as_str()).collect();
        let names = serde_json::to_string(&names)?;
        for table in [
            "DELETE FROM waiting WHERE sink NOT IN (SELECT value FROM json_each(?1))",
            "DELETE FROM sinks WHERE name NOT IN (SELECT value FROM json_each(?1))",
        ] {
            change.execute(table, [&names])?;
        }
        change.execute(
            "DELETE FROM events WHERE number NOT IN (SELECT number FROM waiting)",
            [],
        )?;
        change.execute(
            "DELETE FROM alarms WHERE cleared_at < ?1",
            [(now - KEPT).unix_timestamp()],
        )?;
        change.commit()?;
        Ok(())
    }

    /// Something that is remembered beside the alarms.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        fact(&self.connection, name)
    }

    /// Remembers it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_fact(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        set_fact(&self.connection, name, value)
    }

    /// The id of this memory, which numbers are of.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn site_id(&self) -> Result<String, StoreError> {
        Ok(self.fact("site_id")?.unwrap_or_default())
    }

    /// When was looked last.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_look(&self) -> Result<Option<OffsetDateTime>, StoreError> {
        let at = self.fact("last_look")?;
        Ok(at.and_then(|at| moment(at.parse().ok()?)))
    }
}

fn prepare(
    connection: &mut Connection,
    path: &Path,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<(), StoreError> {
    let version = |connection: &Connection| -> Result<u32, rusqlite::Error> {
        connection.pragma_query_value(None, "user_version", |row| row.get(0))
    };
    match version(connection)? {
        VERSION => return Ok(()),
        0 => {}
        _ => return Err(StoreError::Newer(path.to_owned())),
    }
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    if version(&change)? == 0 {
        change.execute_batch(SCHEMA)?;
        set_fact(&change, "site_id", &new_id(random))?;
        change.pragma_update(None, "application_id", APPLICATION_ID)?;
        change.pragma_update(None, "user_version", VERSION)?;
    }
    change.commit()?;
    Ok(())
}

/// An id for a place.
fn new_id(random: &mut dyn FnMut(&mut [u8])) -> String {
    let mut bits = [0; 16];
    random(&mut bits);
    encode(&bits, Separator::None)
}

/// Copies what is in a file. Where nothing can be written beside it, what is not in the file itself yet is left out.
fn copy(path: &Path, to: &mut Connection) -> Result<(), rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_URI;
    let Ok(mut address) = Url::from_file_path(path) else {
        return Ok(());
    };
    let mut from = |query: &str| {
        address.set_query(Some(query));
        let file = Connection::open_with_flags(address.as_str(), flags)?;
        Backup::new(&file, to)?.run_to_completion(i32::MAX, Wait::ZERO, None)
    };
    from("mode=ro").or_else(|_| from("mode=ro&immutable=1"))
}

fn alarms(connection: &Connection) -> Result<BTreeMap<String, Alarm>, StoreError> {
    let mut statement = connection.prepare("SELECT key, body FROM alarms")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut all = BTreeMap::new();
    for row in rows {
        let (key, body) = row?;
        all.insert(key, serde_json::from_str(&body)?);
    }
    Ok(all)
}

fn put(change: &Transaction<'_>, key: &str, alarm: &Alarm) -> Result<(), StoreError> {
    let mut statement = change.prepare_cached(
        "INSERT INTO alarms (key, body, cleared_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET body = ?2, cleared_at = ?3",
    )?;
    statement.execute(params![key, serde_json::to_string(alarm)?, alarm.cleared_at])?;
    Ok(())
}

/// Queues what happened for each sink that takes it, and says how it goes out.
fn tell(
    change: &Transaction<'_>,
    alarm: &Alarm,
    what: What,
    at: OffsetDateTime,
    teller: &Teller<'_>,
) -> Result<Event, StoreError> {
    let site_id = fact(change, "site_id")?.unwrap_or_default();
    change.execute("INSERT INTO events (body) VALUES ('')", [])?;
    let number = change.last_insert_rowid();
    let out = filtered(alarm, teller.filter);
    let event = Event::new(teller.site, &site_id, number.unsigned_abs(), what, &out, at);
    change.execute(
        "UPDATE events SET body = ?2 WHERE number = ?1",
        params![number, serde_json::to_string(&event)?],
    )?;
    let takers = teller.sinks.iter().filter(|sink| sink.takes(alarm));
    wait_for(change, takers, number, at)?;
    Ok(event)
}

fn fact(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let found = connection.query_row("SELECT value FROM facts WHERE name = ?1", [name], |row| {
        row.get(0)
    });
    Ok(found.optional()?)
}

fn set_fact(connection: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO facts (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
        [name, value],
    )?;
    Ok(())
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn moment(seconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(seconds).ok()
}

/// The path in its folder as it really is, which nobody else can change.
fn whole(path: &Path) -> Result<PathBuf, StoreError> {
    let no_name = || cannot(path, &ErrorKind::InvalidInput.into());
    let (name, folder) = path.file_name().zip(path.parent()).ok_or_else(no_name)?;
    expect_own_way(folder)?;
    let folder = std::fs::canonicalize(folder).map_err(|error| cannot(path, &error))?;
    Ok(folder.join(name))
}

/// Checks that the files are this user's alone, and takes what others may do with them away.
fn expect_own(path: &Path) -> Result<(), FilesError> {
    let files = ["", "-wal", "-shm"].map(|end| with_end(path, end));
    let mut present = files.iter().filter(|file| file.symlink_metadata().is_ok());
    present.try_for_each(|file| tighten(file, MODE))
}

fn guarded(options: &mut OpenOptions) -> &OpenOptions {
    options
        .mode(MODE)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// The key of the alarm that a person means; see [`Store::acknowledge`].
fn meant(change: &Transaction<'_>, typed: &str) -> Result<Option<String>, StoreError> {
    let mut statement = change.prepare_cached("SELECT key FROM alarms")?;
    let keys = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut shown_so = Vec::new();
    for key in keys {
        let key = key?;
        if key == typed {
            return Ok(Some(key));
        }
        if visible(&key) == typed {
            shown_so.push(key);
        }
    }
    let alone = shown_so.pop().filter(|_| shown_so.is_empty());
    Ok(alone)
}

fn cannot(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Open {
        path: path.to_owned(),
        reason: gsec_pki::encoding::visible::system_words(error),
    }
}
