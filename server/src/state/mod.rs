//! STATE. What the server remembers beside the CA's records: accounts, orders, authorizations, grants, keys of external accounts, redeemed nonces,
//! how often something has happened, leases.
//!
//! [`State`] is all that the engine knows of it. One form is a SQLite database beside the CA directory; the form in memory serves tests. Every form
//! must pass one suite of tests (`conformance`). A form for several nodes comes to stand behind the same trait: so every change names the version that it
//! was decided on, writes come in groups, times are arguments, and what only one may do is fenced by the epoch of a lease.

#[cfg(test)]
mod conformance;
mod error;
mod fleeting;
mod item;
pub mod memory;
pub mod sqlite;
mod write;

use std::future::Future;
use std::pin::Pin;

use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use crate::domain::limits::{Bucket, Rate, RetryAfter};
use crate::domain::nonce::{Nonce, NonceKey};
use crate::domain::{Account, Authorization, Id, Identifier, Order};

pub use error::StateError;
pub use item::{Item, Kept, Key, Kind, Version, Versioned};
pub use write::{Conflict, Epoch, Fence, MAX_STEPS, Outcome, Step, Write};

/// An answer that comes later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, StateError>> + Send + 'a>>;

/// 256 random bits that nobody is shown. It has no `Debug`.
pub type Secret = Zeroizing<[u8; 32]>;

/// The most items of one page.
pub const MAX_PAGE: u32 = 1000;
/// The most authorizations of an account for one identifier that are looked at.
pub const MAX_REUSED: u32 = 16;
/// How long an order or an authorization is kept after it has expired.
pub const KEPT_AFTER_EXPIRY: Duration = Duration::days(7);

/// What the server remembers. All calls may come from any number of tasks at once.
///
/// # Errors
/// Every call fails with [`StateError`]. What failed is not done, and may be done again; only of a write whose caller did not wait for the answer it is not
/// known.
pub trait State: Send + Sync {
    /// Does writes, each all or nothing and in the order given, and answers each when all that are done are durable. When this fails none of them counts;
    /// where the connection to a database was lost meanwhile, reading shows whether they do.
    ///
    /// Beyond versions these hold: no two accounts have the same key (by thumbprint), no two orders that are not invalid replace the same
    /// certificate, and no two orders have the same serial number.
    fn write(&self, writes: Vec<Write>) -> Later<'_, Vec<Outcome>>;

    /// Reads items, in the order of the keys. What was written before this call is seen.
    fn get_many(&self, keys: Vec<Key>) -> Later<'_, Vec<Option<Versioned<Item>>>>;

    /// A page of the items of a kind, by id; those after `after`. At most [`MAX_PAGE`].
    fn list(&self, kind: Kind, after: Option<Id>, limit: u32) -> Later<'_, Vec<Versioned<Item>>>;

    /// The account with a key, by its thumbprint, RFC 7638.
    fn account_by_thumbprint(&self, thumbprint: String) -> Later<'_, Option<Versioned<Account>>>;

    /// A page of the accounts that a key of an external account has made, by id; those after `after`. At most [`MAX_PAGE`].
    fn accounts_of(&self, external: Id, after: Option<Id>, limit: u32) -> Later<'_, Vec<Versioned<Account>>>;

    /// A page of the orders of an account, oldest first; those after `after`. At most [`MAX_PAGE`]. Orders that are made meanwhile come at the end.
    fn orders_of(
        &self,
        account: Id,
        after: Option<OrderCursor>,
        limit: u32,
    ) -> Later<'_, Vec<Versioned<Order>>>;

    /// How many orders of an account are pending or ready, and not expired.
    fn pending_orders(&self, account: Id, now: OffsetDateTime) -> Later<'_, u64>;

    /// How many orders of all accounts are pending or ready, and not expired.
    fn open_orders(&self, now: OffsetDateTime) -> Later<'_, u64>;

    /// How many authorizations are pending, and expire after `now` and not after `last`: of one account, or of all that have not ended.
    fn pending_authorizations(
        &self,
        account: Option<Id>,
        now: OffsetDateTime,
        last: OffsetDateTime,
    ) -> Later<'_, u64>;

    /// A page of the authorizations of an account that are pending and not expired, by id; those after `after`. At most [`MAX_PAGE`].
    fn pending_authorizations_of(
        &self,
        account: Id,
        after: Option<Id>,
        now: OffsetDateTime,
    ) -> Later<'_, Vec<Versioned<Authorization>>>;

    /// The authorizations of an account for an identifier as it is ordered (a wildcard is another one than the name below it) that are pending or
    /// valid and not expired; those first that expire last. At most [`MAX_REUSED`].
    fn authorizations_of(
        &self,
        account: Id,
        ordered: Identifier,
        now: OffsetDateTime,
    ) -> Later<'_, Vec<Versioned<Authorization>>>;

    /// The order that a certificate was issued for, by the serial number in lower-case hexadecimal.
    fn order_by_serial(&self, serial: String) -> Later<'_, Option<Versioned<Order>>>;

    /// The order, not invalid, that replaces a certificate, by its ARI id (RFC 9773 §5).
    fn replaced_by(&self, certificate: String) -> Later<'_, Option<Versioned<Order>>>;

    /// What waits for somebody to take it up at a time, longest first: `limit` of each kind at the most. Whoever takes something up says so with a write
    /// first ([`Authorization::taken`], [`Order::resumed`]); of two, one has it. A single server that was restarted asks for a time far ahead, for
    /// nobody else has anything in hand.
    fn due(&self, now: OffsetDateTime, limit: u32) -> Later<'_, Due>;

    /// Redeems nonces that [`nonce::check`](crate::domain::nonce::check) has found good; says of each whether this call was the first. A form may forget what was redeemed
    /// as soon as it gives out another [`State::nonce_key`].
    fn redeem(&self, nonces: Vec<Nonce>) -> Later<'_, Vec<bool>>;

    /// The key of nonces: the first one that was offered. It changes where redeemed nonces were forgotten.
    fn nonce_key(&self, offered: NonceKey) -> Later<'_, NonceKey>;

    /// Counts that something happens now, in one step in all buckets or in none.
    fn charge(&self, charges: Vec<Charge>, now: OffsetDateTime) -> Later<'_, Charged>;

    /// Takes a lease, or renews it: nobody else has it before `ttl` is over. `None` when somebody else has it. The holder keeps his epoch as
    /// long as he renews in time, and whoever comes after him gets a higher one. A form that several nodes share goes by its own clock instead of `now`.
    fn lease(&self, name: String, holder: Id, ttl: Duration, now: OffsetDateTime)
    -> Later<'_, Option<Epoch>>;

    /// Removes what no one needs any more, `limit` of each kind at the most: redeemed nonces and buckets that have run out, and orders and authorizations that
    /// have expired [`KEPT_AFTER_EXPIRY`] ago. An order that is being issued stays.
    fn sweep(&self, now: OffsetDateTime, limit: u32) -> Later<'_, Swept>;

    /// A secret by its name: durably the first one that was offered.
    fn secret(&self, name: String, offered: Secret) -> Later<'_, Secret>;

    /// A setting by its name.
    fn setting(&self, name: String) -> Later<'_, Option<String>>;

    /// Sets a setting, durably; `None` removes it.
    fn set_setting(&self, name: String, value: Option<String>) -> Later<'_, ()>;
}

/// The last order of a page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderCursor {
    /// When it was made.
    pub created: OffsetDateTime,
    /// Its name.
    pub id: Id,
}

impl OrderCursor {
    /// After an order.
    pub fn after(order: &Order) -> Self {
        Self {
            created: order.created,
            id: order.id.clone(),
        }
    }
}

/// What waits for somebody to take it up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// Pending authorizations with a challenge to be tried.
    pub authorizations: Vec<Versioned<Authorization>>,
    /// Orders whose certificate is to be issued, and that nobody has in hand.
    pub orders: Vec<Versioned<Order>>,
}

/// One bucket, and what is taken from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// What is counted together.
    pub bucket: Bucket,
    /// How often it may happen.
    pub rate: Rate,
    /// Whether it is only asked whether there is room; nothing is taken.
    pub is_look: bool,
}

/// Whether something may happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charged {
    /// All buckets had room.
    Counted,
    /// The bucket of this place in the list had none, and is the one that makes wait longest. Nothing was taken.
    Refused {
        /// The place.
        index: usize,
        /// How long to wait.
        retry_after: RetryAfter,
    },
}

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Redeemed nonces.
    pub nonces: u64,
    /// Buckets.
    pub buckets: u64,
    /// Orders.
    pub orders: u64,
    /// Authorizations.
    pub authorizations: u64,
}

impl dyn State + '_ {
    /// Reads one item.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn get<T: Kept>(&self, id: &Id) -> Result<Option<Versioned<T>>, StateError> {
        Ok(self
            .get_each::<T>(std::slice::from_ref(id))
            .await?
            .pop()
            .flatten())
    }

    /// Reads items of one kind, in the order of the ids.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn get_each<T: Kept>(&self, ids: &[Id]) -> Result<Vec<Option<Versioned<T>>>, StateError> {
        let keys = ids.iter().cloned().map(Key::of::<T>).collect();
        let typed = |found: Versioned<Item>| {
            Some(Versioned {
                version: found.version,
                value: T::from_item(found.value)?,
            })
        };
        let found = self.get_many(keys).await?;
        Ok(found.into_iter().map(|one| one.and_then(typed)).collect())
    }

    /// Does one write.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn write_one(&self, write: Write) -> Result<Outcome, StateError> {
        self.write(vec![write]).await?.pop().ok_or(StateError::Closed)
    }

    /// A page of items of one kind, by id; those after `after`.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn list_of<T: Kept>(
        &self,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<Versioned<T>>, StateError> {
        let typed = |found: Versioned<Item>| {
            Some(Versioned {
                version: found.version,
                value: T::from_item(found.value)?,
            })
        };
        let page = self.list(T::KIND, after, limit).await?;
        Ok(page.into_iter().filter_map(typed).collect())
    }
}
