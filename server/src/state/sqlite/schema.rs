//! The schema, as numbered steps that lead from each version to the next one.

use rusqlite::{Connection, TransactionBehavior};

use super::fault::Fault;

/// In the header of the file: `gsec`.
const APPLICATION_ID: u32 = 0x6773_6563;

/// Each step leads from the version that is its place to the next one. A step that was published is never changed.
const STEPS: [&str; 1] = ["
    CREATE TABLE accounts (
        id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL,
        thumbprint TEXT NOT NULL UNIQUE,
        external TEXT
    ) STRICT;
    CREATE INDEX accounts_external ON accounts (external, id) WHERE external IS NOT NULL;

    CREATE TABLE orders (
        id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL,
        account TEXT NOT NULL,
        created INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        is_open INTEGER NOT NULL,
        lost_at INTEGER,
        serial TEXT,
        replaces TEXT
    ) STRICT;
    CREATE INDEX orders_account ON orders (account, created, id);
    CREATE INDEX orders_open ON orders (account, expires) WHERE is_open = 1;
    CREATE INDEX orders_lost ON orders (lost_at, id) WHERE lost_at IS NOT NULL;
    CREATE INDEX orders_expires ON orders (expires) WHERE lost_at IS NULL;
    CREATE UNIQUE INDEX orders_serial ON orders (serial) WHERE serial IS NOT NULL;
    CREATE UNIQUE INDEX orders_replaces ON orders (replaces) WHERE replaces IS NOT NULL;

    CREATE TABLE authorizations (
        id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL,
        account TEXT NOT NULL,
        identifier TEXT NOT NULL,
        is_alive INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        next INTEGER
    ) STRICT;
    CREATE INDEX authorizations_alive ON authorizations (account, identifier, expires, id) WHERE is_alive = 1;
    CREATE INDEX authorizations_next ON authorizations (next, id) WHERE next IS NOT NULL;
    CREATE INDEX authorizations_expires ON authorizations (expires);

    CREATE TABLE eab_keys (
        id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE grants (
        id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL
    ) STRICT;

    CREATE TABLE leases (
        name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, epoch INTEGER NOT NULL, ends INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE secrets (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT;
    CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
"];

/// The version that this program writes.
pub(super) const KNOWN: u32 = STEPS.len() as u32;

/// Why a database is not opened.
pub(super) enum Unfit {
    /// It does not answer, or is none of this server.
    Fault(Fault),
    /// A later version of this program has written it.
    Newer(u32),
}

impl<E: Into<Fault>> From<E> for Unfit {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// How every connection goes about.
pub(super) fn prepare(connection: &Connection) -> Result<(), Fault> {
    connection.set_prepared_statement_cache_capacity(64);
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    // A schema that somebody else has written runs nothing (SQLite, Defense Against The Dark Arts).
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(())
}

/// How the one connection goes about that writes: what is committed is durable.
pub(super) fn prepare_to_write(connection: &Connection) -> Result<(), Fault> {
    prepare(connection)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Fault::Unavailable(format!(
            "the file system takes no write-ahead log; the journal is `{mode}`"
        )));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "FAST")?;
    connection.query_row("PRAGMA journal_size_limit = 67108864", [], |_| Ok(()))?;
    Ok(())
}

/// Brings a database to the version that this program writes, in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Unfit> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number = |name: &str| transaction.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: u32 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && (application != 0 || version != 0 || tables != 0) {
        return Err(Fault::Damaged("it is the database of another program".to_owned()).into());
    }
    if version > KNOWN {
        return Err(Unfit::Newer(version));
    }
    for step in STEPS.iter().skip(version as usize) {
        transaction.execute_batch(step)?;
    }
    if version < KNOWN {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", KNOWN)?;
    }
    transaction.commit()?;
    Ok(())
}
