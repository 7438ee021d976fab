//! Items as rows: the whole as JSON, and beside it what is searched for.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::super::{Item, Kept, Key, Kind, Version, Versioned};
use super::fault::Fault;
use crate::domain::{
    Account, Authorization, AuthorizationStatus, EabKey, Grant, Identifier, Order, OrderStatus,
};

/// Columns and their values.
type Columns = Vec<(&'static str, Value)>;

/// Where items of a kind are.
pub(super) fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::Account => "accounts",
        Kind::Order => "orders",
        Kind::Authorization => "authorizations",
        Kind::EabKey => "eab_keys",
        Kind::Grant => "grants",
    }
}

/// What the database keeps of a time.
pub(super) fn seconds(time: OffsetDateTime) -> i64 {
    time.unix_timestamp()
}

/// An identifier in a column. A wildcard is another one than the name below it.
pub(super) fn identifier_text(identifier: &Identifier, is_wildcard: bool) -> String {
    let wildcard = if is_wildcard { "*." } else { "" };
    let name = identifier.without_wildcard().to_string().to_ascii_lowercase();
    format!("{} {wildcard}{name}", identifier.kind())
}

/// The certificate that an order replaces, unless the order is invalid.
pub(super) fn replaces(order: &Order) -> Option<&str> {
    match order.status() {
        OrderStatus::Invalid => None,
        _ => order.asked.replaces.as_deref(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn text_or_null(found: Option<&str>) -> Value {
    found.map_or(Value::Null, text)
}

fn time_or_null(found: Option<OffsetDateTime>) -> Value {
    found.map_or(Value::Null, |time| seconds(time).into())
}

fn columns(item: &Item) -> Columns {
    match item {
        Item::Account(account) => vec![
            ("thumbprint", text(&account.key.thumbprint)),
            (
                "external",
                text_or_null(account.external.as_ref().map(|id| id.as_str())),
            ),
        ],
        Item::Order(order) => {
            let is_open = matches!(order.status(), OrderStatus::Pending | OrderStatus::Ready);
            vec![
                ("account", text(order.asked.account.as_str())),
                ("created", seconds(order.created).into()),
                ("expires", seconds(order.expires()).into()),
                ("is_open", is_open.into()),
                ("lost_at", time_or_null(order.lost_at())),
                ("serial", text_or_null(order.serial())),
                ("replaces", text_or_null(replaces(order))),
            ]
        }
        Item::Authorization(one) => {
            let is_alive = matches!(
                one.status(),
                AuthorizationStatus::Pending | AuthorizationStatus::Valid
            );
            let identifier = identifier_text(&one.identifier, one.is_wildcard);
            vec![
                ("account", text(one.account.as_str())),
                ("identifier", Value::Text(identifier)),
                ("is_alive", is_alive.into()),
                ("expires", seconds(one.expires()).into()),
                ("next", time_or_null(one.next_attempt())),
            ]
        }
        Item::EabKey(_) | Item::Grant(_) => Vec::new(),
    }
}

fn body(item: &Item) -> Result<Zeroizing<String>, Fault> {
    fn json(value: &impl Serialize) -> Result<Zeroizing<String>, Fault> {
        Ok(Zeroizing::new(serde_json::to_string(value)?))
    }
    match item {
        Item::Account(value) => json(value),
        Item::Order(value) => json(value),
        Item::Authorization(value) => json(value),
        Item::EabKey(value) => json(value),
        Item::Grant(value) => json(value),
    }
}

fn item(kind: Kind, body: &str) -> Result<Item, Fault> {
    fn read<T: DeserializeOwned + Kept>(body: &str) -> Result<Item, Fault> {
        Ok(serde_json::from_str::<T>(body)?.into_item())
    }
    match kind {
        Kind::Account => read::<Account>(body),
        Kind::Order => read::<Order>(body),
        Kind::Authorization => read::<Authorization>(body),
        Kind::EabKey => read::<EabKey>(body),
        Kind::Grant => read::<Grant>(body),
    }
}

/// The version that an item has.
pub(super) fn version_of(connection: &Connection, key: &Key) -> Result<Option<Version>, Fault> {
    let sql = format!("SELECT version FROM {} WHERE id = ?1", table(key.kind));
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement
        .query_row([key.id.as_str()], |row| row.get::<_, i64>(0))
        .optional()?;
    Ok(found.map(version))
}

fn version(number: i64) -> Version {
    Version(number.unsigned_abs())
}

/// Writes an item that is not there.
pub(super) fn insert(connection: &Connection, item: &Item) -> Result<(), Fault> {
    let columns = columns(item);
    let names: String = columns.iter().map(|(name, _)| format!(", {name}")).collect();
    let values: String = (4..columns.len() + 4)
        .map(|place| format!(", ?{place}"))
        .collect();
    let sql = format!(
        "INSERT INTO {} (id, version, body{names}) VALUES (?1, ?2, ?3{values})",
        table(item.key().kind)
    );
    put(connection, &sql, item, Version::FIRST, columns)
}

/// Writes an item over the one that is there.
pub(super) fn replace(connection: &Connection, item: &Item, version: Version) -> Result<(), Fault> {
    let columns = columns(item);
    let set: String = columns
        .iter()
        .zip(4..)
        .map(|((name, _), place)| format!(", {name} = ?{place}"))
        .collect();
    let sql = format!(
        "UPDATE {} SET version = ?2, body = ?3{set} WHERE id = ?1",
        table(item.key().kind)
    );
    put(connection, &sql, item, version, columns)
}

fn put(
    connection: &Connection,
    sql: &str,
    item: &Item,
    version: Version,
    columns: Columns,
) -> Result<(), Fault> {
    let body = body(item)?;
    let number = i64::try_from(version.0).map_err(|_| Fault::Damaged("a version is too large".into()))?;
    let mut statement = connection.prepare_cached(sql)?;
    statement.raw_bind_parameter(1, item.key().id.as_str())?;
    statement.raw_bind_parameter(2, number)?;
    statement.raw_bind_parameter(3, body.as_str())?;
    for ((_, value), place) in columns.into_iter().zip(4..) {
        statement.raw_bind_parameter(place, value)?;
    }
    match statement.raw_execute()? {
        1 => Ok(()),
        rows => Err(Fault::Damaged(format!("an item has {rows} rows"))),
    }
}

/// Removes an item.
pub(super) fn remove(connection: &Connection, key: &Key) -> Result<(), Fault> {
    let sql = format!("DELETE FROM {} WHERE id = ?1", table(key.kind));
    connection.prepare_cached(&sql)?.execute([key.id.as_str()])?;
    Ok(())
}

/// The items of a kind for which a condition holds, which may have an order and a limit.
pub(super) fn items_where(
    connection: &Connection,
    kind: Kind,
    condition: &str,
    params: impl Params,
) -> Result<Vec<Versioned<Item>>, Fault> {
    let sql = format!("SELECT version, body FROM {} WHERE {condition}", table(kind));
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(kind, row)?);
    }
    Ok(found)
}

fn read(kind: Kind, row: &Row<'_>) -> Result<Versioned<Item>, Fault> {
    let body = row
        .get_ref(1)?
        .as_str()
        .map_err(|_| Fault::Damaged("an item is no text".into()))?;
    Ok(Versioned {
        value: item(kind, body)?,
        version: version(row.get(0)?),
    })
}

/// As [`items_where`], of one type.
pub(super) fn typed_where<T: Kept>(
    connection: &Connection,
    condition: &str,
    params: impl Params,
) -> Result<Vec<Versioned<T>>, Fault> {
    let found = items_where(connection, T::KIND, condition, params)?;
    let typed = found.into_iter().filter_map(|one| {
        Some(Versioned {
            value: T::from_item(one.value)?,
            version: one.version,
        })
    });
    Ok(typed.collect())
}
