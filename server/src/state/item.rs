//! What is kept: typed items under typed keys, each with a version.

use serde::{Deserialize, Serialize};

use crate::domain::{Account, Authorization, EabKey, Grant, Id, Order};

/// A kind of item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// [`Account`].
    Account,
    /// [`Order`].
    Order,
    /// [`Authorization`].
    Authorization,
    /// [`EabKey`].
    EabKey,
    /// [`Grant`].
    Grant,
}

/// Where an item is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The kind.
    pub kind: Kind,
    /// Its name.
    pub id: Id,
}

impl Key {
    /// The key of the item of a kind.
    pub fn of<T: Kept>(id: Id) -> Self {
        Self { kind: T::KIND, id }
    }
}

/// How often an item was written: 1 when it was inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

impl Version {
    /// The one that an item is inserted with.
    pub const FIRST: Self = Self(1);

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A value, and how often it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The value.
    pub value: T,
    /// Which a replacement must name.
    pub version: Version,
}

/// An item. It has no `Debug`: a key of an external account is a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Item {
    /// An account.
    Account(Account),
    /// An order.
    Order(Order),
    /// An authorization with its challenges.
    Authorization(Authorization),
    /// A key of an external account.
    EabKey(EabKey),
    /// A grant.
    Grant(Grant),
}

impl Item {
    /// Where it is kept.
    pub fn key(&self) -> Key {
        let (kind, id) = match self {
            Self::Account(account) => (Kind::Account, &account.id),
            Self::Order(order) => (Kind::Order, &order.id),
            Self::Authorization(authorization) => (Kind::Authorization, &authorization.id),
            Self::EabKey(key) => (Kind::EabKey, &key.id),
            Self::Grant(grant) => (Kind::Grant, &grant.id),
        };
        Key { kind, id: id.clone() }
    }
}

/// A type that items are of.
pub trait Kept: Sized {
    /// The kind of the item.
    const KIND: Kind;

    /// The value of an item of this kind.
    fn from_item(item: Item) -> Option<Self>;

    /// The item.
    fn into_item(self) -> Item;
}

macro_rules! kept {
    ($($kind:ident),*) => {$(
        impl Kept for $kind {
            const KIND: Kind = Kind::$kind;

            fn from_item(item: Item) -> Option<Self> {
                match item {
                    Item::$kind(value) => Some(value),
                    _ => None,
                }
            }

            fn into_item(self) -> Item {
                Item::$kind(self)
            }
        }
    )*};
}

kept!(Account, Order, Authorization, EabKey, Grant);
