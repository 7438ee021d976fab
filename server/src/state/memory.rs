//! The form of the state in memory: for tests of the rooms above, and the simplest form that keeps every promise.
//!
//! It has crash points: [`Memory::fail_after`] lets a number of steps succeed and none after them, and [`Memory::reopened`] is what the next
//! process finds.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use time::{Duration, OffsetDateTime};

use super::fleeting::Fleeting;
use super::{
    Charge, Charged, Conflict, Due, Epoch, Fence, Item, KEPT_AFTER_EXPIRY, Kept, Key, Kind, Later, MAX_PAGE,
    MAX_REUSED, MAX_STEPS, OrderCursor, Outcome, Secret, State, StateError, Step, Swept, Version, Versioned,
    Write,
};
use crate::domain::nonce::{Nonce, NonceKey};
use crate::domain::{
    Account, AccountStatus, Authorization, AuthorizationStatus, Id, Identifier, Order, OrderStatus,
};

/// A state that ends with the process.
#[derive(Default)]
pub struct Memory {
    held: Mutex<Held>,
    /// How many steps of writing succeed; `None`: all.
    steps_left: Mutex<Option<u32>>,
}

#[derive(Default)]
struct Held {
    items: Items,
    leases: BTreeMap<String, Lease>,
    fleeting: Fleeting,
    secrets: BTreeMap<String, Secret>,
    settings: BTreeMap<String, String>,
}

type Items = BTreeMap<Key, Versioned<Item>>;

#[derive(Clone)]
struct Lease {
    holder: Id,
    epoch: Epoch,
    ends: OffsetDateTime,
}

impl Memory {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets so many steps of writing succeed, and none after them; `None`: all. A write has a step before it, and one before its answer.
    pub fn fail_after(&self, steps: Option<u32>) {
        *self.steps_left.lock().unwrap_or_else(PoisonError::into_inner) = steps;
    }

    /// What the next process finds.
    #[must_use]
    pub fn reopened(&self) -> Self {
        let held = self.held();
        let durable = Held {
            items: held.items.clone(),
            leases: held.leases.clone(),
            fleeting: Fleeting::default(),
            secrets: held.secrets.clone(),
            settings: held.settings.clone(),
        };
        Self {
            held: Mutex::new(durable),
            steps_left: Mutex::default(),
        }
    }

    fn step(&self) -> Result<(), StateError> {
        let mut left = self.steps_left.lock().unwrap_or_else(PoisonError::into_inner);
        match left.as_mut() {
            None => Ok(()),
            Some(0) => Err(StateError::Closed),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }

    /// Each call is one look or one change under the lock, so that others see it whole.
    fn later<'a, T: Send + 'a>(&'a self, work: impl FnOnce(&mut Held) -> T + Send + 'a) -> Later<'a, T> {
        Box::pin(async move { Ok(work(&mut self.held())) })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn write(&mut self, write: Write) -> Outcome {
        match self.applied(write) {
            Ok(items) => {
                self.items = items;
                Outcome::Written
            }
            Err(conflict) => Outcome::Refused(conflict),
        }
    }

    /// All items after a write.
    fn applied(&self, write: Write) -> Result<Items, Conflict> {
        if write.steps.len() > MAX_STEPS {
            return Err(Conflict::TooLarge);
        }
        if write.fence.is_some_and(|fence| !self.holds(&fence)) {
            return Err(Conflict::Fenced);
        }
        let mut items = self.items.clone();
        for step in write.steps {
            apply(&mut items, step)?;
        }
        Ok(items)
    }

    fn holds(&self, fence: &Fence) -> bool {
        self.leases
            .get(&fence.lease)
            .is_some_and(|lease| lease.epoch == fence.epoch)
    }

    /// All items of a kind, by id.
    fn all<T: Kept>(&self) -> impl Iterator<Item = Versioned<T>> + '_ {
        self.items
            .values()
            .filter(|found| found.value.key().kind == T::KIND)
            .filter_map(|found| {
                Some(Versioned {
                    value: T::from_item(found.value.clone())?,
                    version: found.version,
                })
            })
    }

    fn list(&self, kind: Kind, after: Option<Id>, limit: u32) -> Vec<Versioned<Item>> {
        let from = match after {
            Some(id) => Bound::Excluded(Key { kind, id }),
            None => Bound::Unbounded,
        };
        let of_kind = self
            .items
            .range((from, Bound::Unbounded))
            .filter(|(key, _)| key.kind == kind);
        of_kind
            .take(page(limit))
            .map(|(_, found)| found.clone())
            .collect()
    }

    fn orders_of(&self, account: &Id, after: Option<&OrderCursor>, limit: u32) -> Vec<Versioned<Order>> {
        let mut orders: Vec<_> = self
            .all::<Order>()
            .filter(|found| found.value.asked.account == *account)
            .filter(|found| after.is_none_or(|last| OrderCursor::after(&found.value) > *last))
            .collect();
        orders.sort_by_key(|found| OrderCursor::after(&found.value));
        orders.truncate(page(limit));
        orders
    }

    fn authorizations_of(
        &self,
        account: &Id,
        ordered: &Identifier,
        now: OffsetDateTime,
    ) -> Vec<Versioned<Authorization>> {
        let is_alive = |one: &Authorization| {
            matches!(
                one.status_at(now),
                AuthorizationStatus::Pending | AuthorizationStatus::Valid
            )
        };
        let mut found: Vec<_> = self
            .all::<Authorization>()
            .filter(|found| found.value.account == *account && found.value.is_for(ordered))
            .filter(|found| is_alive(&found.value))
            .collect();
        found.sort_by_key(|found| std::cmp::Reverse((found.value.expires(), found.value.id.clone())));
        found.truncate(page(MAX_REUSED));
        found
    }

    fn has_ended(&self, account: &Id) -> bool {
        let found = self.items.get(&Key::of::<Account>(account.clone()));
        let account = found.and_then(|found| Account::from_item(found.value.clone()));
        account.is_some_and(|account| account.status() != AccountStatus::Valid)
    }

    fn due(&self, now: OffsetDateTime, limit: u32) -> Due {
        let mut authorizations: Vec<_> = self
            .all::<Authorization>()
            .filter(|found| found.value.next_attempt().is_some_and(|next| next <= now))
            .collect();
        authorizations.sort_by_key(|found| (found.value.next_attempt(), found.value.id.clone()));
        authorizations.truncate(page(limit));
        let mut orders: Vec<_> = self
            .all::<Order>()
            .filter(|found| found.value.lost_at().is_some_and(|lost_at| lost_at <= now))
            .collect();
        orders.sort_by_key(|found| (found.value.lost_at(), found.value.id.clone()));
        orders.truncate(page(limit));
        Due {
            authorizations,
            orders,
        }
    }

    fn lease(&mut self, name: String, holder: Id, ttl: Duration, now: OffsetDateTime) -> Option<Epoch> {
        let ends = now.saturating_add(ttl);
        let epoch = match self.leases.get(&name) {
            Some(lease) if lease.ends > now && lease.holder != holder => return None,
            Some(lease) if lease.ends > now => lease.epoch,
            Some(lease) => Epoch(lease.epoch.0.saturating_add(1)),
            None => Epoch(1),
        };
        self.leases.insert(name, Lease { holder, epoch, ends });
        Some(epoch)
    }

    fn sweep(&mut self, now: OffsetDateTime, limit: u32) -> Swept {
        let before = now.saturating_sub(KEPT_AFTER_EXPIRY);
        let over: Vec<Key> = self
            .all::<Order>()
            .filter(|found| found.value.status() != OrderStatus::Processing)
            .filter(|found| found.value.expires() <= before)
            .map(|found| Key::of::<Order>(found.value.id))
            .take(page(limit))
            .collect();
        let gone: Vec<Key> = self
            .all::<Authorization>()
            .filter(|found| found.value.expires() <= before)
            .map(|found| Key::of::<Authorization>(found.value.id))
            .take(page(limit))
            .collect();
        for key in over.iter().chain(&gone) {
            self.items.remove(key);
        }
        Swept {
            orders: over.len() as u64,
            authorizations: gone.len() as u64,
            ..self.fleeting.sweep(now)
        }
    }
}

fn page(limit: u32) -> usize {
    limit.min(MAX_PAGE) as usize
}

fn apply(items: &mut Items, step: Step) -> Result<(), Conflict> {
    match step {
        Step::Insert(item) => put(items, item, None),
        Step::Replace(item, version) => put(items, item, Some(version)),
        Step::Remove(key, version) => {
            expect(items, &key, Some(version))?;
            items.remove(&key);
            Ok(())
        }
        Step::Expect(key, version) => expect(items, &key, version),
    }
}

fn expect(items: &Items, key: &Key, version: Option<Version>) -> Result<(), Conflict> {
    if items.get(key).map(|found| found.version) == version {
        Ok(())
    } else {
        Err(Conflict::Changed(key.clone()))
    }
}

fn put(items: &mut Items, item: Item, before: Option<Version>) -> Result<(), Conflict> {
    let key = item.key();
    expect(items, &key, before)?;
    expect_unique(items, &key, &item)?;
    let version = before.map_or(Version::FIRST, Version::next);
    items.insert(key, Versioned { value: item, version });
    Ok(())
}

/// What must not be the same in two items.
fn expect_unique(items: &Items, key: &Key, new: &Item) -> Result<(), Conflict> {
    let others = items
        .iter()
        .filter(|(other, _)| *other != key)
        .map(|(_, found)| &found.value);
    for other in others {
        match (new, other) {
            (Item::Account(new), Item::Account(other)) if new.key.thumbprint == other.key.thumbprint => {
                return Err(Conflict::AccountKey(other.id.clone()));
            }
            (Item::Order(new), Item::Order(other))
                if replaces(new).is_some_and(|id| replaces(other) == Some(id)) =>
            {
                return Err(Conflict::Replaced(other.id.clone()));
            }
            (Item::Order(new), Item::Order(other))
                if new.serial().is_some_and(|serial| other.serial() == Some(serial)) =>
            {
                return Err(Conflict::Serial(other.id.clone()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The certificate that an order replaces, unless the order is invalid.
fn replaces(order: &Order) -> Option<&str> {
    if order.status() == OrderStatus::Invalid {
        None
    } else {
        order.asked.replaces.as_deref()
    }
}

impl State for Memory {
    fn write(&self, writes: Vec<Write>) -> Later<'_, Vec<Outcome>> {
        Box::pin(async move {
            self.step()?;
            let outcomes = writes.into_iter().map(|write| self.held().write(write)).collect();
            self.step()?;
            Ok(outcomes)
        })
    }

    fn get_many(&self, keys: Vec<Key>) -> Later<'_, Vec<Option<Versioned<Item>>>> {
        self.later(move |held| keys.iter().map(|key| held.items.get(key).cloned()).collect())
    }

    fn list(&self, kind: Kind, after: Option<Id>, limit: u32) -> Later<'_, Vec<Versioned<Item>>> {
        self.later(move |held| held.list(kind, after, limit))
    }

    fn account_by_thumbprint(&self, thumbprint: String) -> Later<'_, Option<Versioned<Account>>> {
        self.later(move |held| {
            held.all::<Account>()
                .find(|found| found.value.key.thumbprint == thumbprint)
        })
    }

    fn accounts_of(&self, external: Id, after: Option<Id>, limit: u32) -> Later<'_, Vec<Versioned<Account>>> {
        self.later(move |held| {
            held.all::<Account>()
                .filter(|found| found.value.external.as_ref() == Some(&external))
                .filter(|found| after.as_ref().is_none_or(|last| found.value.id > *last))
                .take(page(limit))
                .collect()
        })
    }

    fn orders_of(
        &self,
        account: Id,
        after: Option<OrderCursor>,
        limit: u32,
    ) -> Later<'_, Vec<Versioned<Order>>> {
        self.later(move |held| held.orders_of(&account, after.as_ref(), limit))
    }

    fn pending_orders(&self, account: Id, now: OffsetDateTime) -> Later<'_, u64> {
        self.later(move |held| {
            held.all::<Order>()
                .filter(|found| found.value.asked.account == account)
                .filter(|found| {
                    matches!(
                        found.value.status_at(now),
                        OrderStatus::Pending | OrderStatus::Ready
                    )
                })
                .count() as u64
        })
    }

    fn open_orders(&self, now: OffsetDateTime) -> Later<'_, u64> {
        self.later(move |held| {
            held.all::<Order>()
                .filter(|found| {
                    matches!(
                        found.value.status_at(now),
                        OrderStatus::Pending | OrderStatus::Ready
                    )
                })
                .count() as u64
        })
    }

    fn pending_authorizations(
        &self,
        account: Option<Id>,
        now: OffsetDateTime,
        last: OffsetDateTime,
    ) -> Later<'_, u64> {
        self.later(move |held| {
            held.all::<Authorization>()
                .filter(|found| found.value.status_at(now) == AuthorizationStatus::Pending)
                .filter(|found| found.value.expires() <= last)
                .filter(|found| match &account {
                    Some(account) => found.value.account == *account,
                    None => !held.has_ended(&found.value.account),
                })
                .count() as u64
        })
    }

    fn pending_authorizations_of(
        &self,
        account: Id,
        after: Option<Id>,
        now: OffsetDateTime,
    ) -> Later<'_, Vec<Versioned<Authorization>>> {
        self.later(move |held| {
            held.all::<Authorization>()
                .filter(|found| found.value.account == account)
                .filter(|found| found.value.status_at(now) == AuthorizationStatus::Pending)
                .filter(|found| after.as_ref().is_none_or(|last| found.value.id > *last))
                .take(page(MAX_PAGE))
                .collect()
        })
    }

    fn authorizations_of(
        &self,
        account: Id,
        ordered: Identifier,
        now: OffsetDateTime,
    ) -> Later<'_, Vec<Versioned<Authorization>>> {
        self.later(move |held| held.authorizations_of(&account, &ordered, now))
    }

    fn order_by_serial(&self, serial: String) -> Later<'_, Option<Versioned<Order>>> {
        self.later(move |held| {
            held.all::<Order>()
                .find(|found| found.value.serial() == Some(serial.as_str()))
        })
    }

    fn replaced_by(&self, certificate: String) -> Later<'_, Option<Versioned<Order>>> {
        self.later(move |held| {
            held.all::<Order>()
                .find(|found| replaces(&found.value) == Some(certificate.as_str()))
        })
    }

    fn due(&self, now: OffsetDateTime, limit: u32) -> Later<'_, Due> {
        self.later(move |held| held.due(now, limit))
    }

    fn redeem(&self, nonces: Vec<Nonce>) -> Later<'_, Vec<bool>> {
        self.later(move |held| held.fleeting.redeem(&nonces))
    }

    fn nonce_key(&self, offered: NonceKey) -> Later<'_, NonceKey> {
        self.later(|held| held.fleeting.nonce_key(offered))
    }

    fn charge(&self, charges: Vec<Charge>, now: OffsetDateTime) -> Later<'_, Charged> {
        self.later(move |held| held.fleeting.charge(&charges, now))
    }

    fn lease(
        &self,
        name: String,
        holder: Id,
        ttl: Duration,
        now: OffsetDateTime,
    ) -> Later<'_, Option<Epoch>> {
        self.later(move |held| held.lease(name, holder, ttl, now))
    }

    fn sweep(&self, now: OffsetDateTime, limit: u32) -> Later<'_, Swept> {
        self.later(move |held| held.sweep(now, limit))
    }

    fn secret(&self, name: String, offered: Secret) -> Later<'_, Secret> {
        self.later(|held| held.secrets.entry(name).or_insert(offered).clone())
    }

    fn setting(&self, name: String) -> Later<'_, Option<String>> {
        self.later(move |held| held.settings.get(&name).cloned())
    }

    fn set_setting(&self, name: String, value: Option<String>) -> Later<'_, ()> {
        self.later(|held| {
            match value {
                Some(value) => held.settings.insert(name, value),
                None => held.settings.remove(&name),
            };
        })
    }
}
