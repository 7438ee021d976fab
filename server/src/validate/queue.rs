//! How many validations there are at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::{Id, Identifier};

/// The most validations at once.
const MAX_AT_ONCE: usize = 64;
/// The most of one account at once: the server of one that says nothing must not keep those of others waiting.
const MAX_PER_ACCOUNT: usize = 8;
/// The most of one account that wait or run.
const MAX_WAITING_PER_ACCOUNT: usize = 256;
/// The most of one identifier at once.
const MAX_PER_TARGET: usize = 4;
/// The most that wait or run; beyond it the server says so at once.
const MAX_WAITING: usize = 4096;

/// More validations wait than the server takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{MAX_WAITING} validations are waiting already")]
pub struct QueueFull;

/// Keeps validations to 64 at once, 8 at once of each account and 4 at once of each identifier. First come, first served, but nobody waits for the validations of
/// other accounts and of other identifiers while fewer than 64 run.
#[derive(Debug, Clone)]
pub struct Queue {
    at_once: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    shares: Shares,
}

type Shares = Arc<Mutex<HashMap<Share, Counted>>>;

/// Who or what has only a part of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Share {
    Account(Id),
    Target(String),
}

impl Share {
    fn most_at_once(&self) -> usize {
        match self {
            Self::Account(_) => MAX_PER_ACCOUNT,
            Self::Target(_) => MAX_PER_TARGET,
        }
    }

    fn most_waiting(&self) -> usize {
        match self {
            Self::Account(_) => MAX_WAITING_PER_ACCOUNT,
            Self::Target(_) => MAX_WAITING,
        }
    }
}

#[derive(Debug)]
struct Counted {
    at_once: Arc<Semaphore>,
    /// How many wait or run. With the last one it goes.
    users: usize,
}

/// The right to run one validation, until it is dropped.
#[derive(Debug)]
pub struct Slot {
    // In this order: whoever waits for a share finds it free when it wakes.
    _at_once: OwnedSemaphorePermit,
    _of_target: Place,
    _of_account: Place,
    _waiting: OwnedSemaphorePermit,
}

/// One user of a share.
#[derive(Debug)]
struct Place {
    permit: Option<OwnedSemaphorePermit>,
    share: Share,
    shares: Shares,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            at_once: Arc::new(Semaphore::new(MAX_AT_ONCE)),
            waiting: Arc::new(Semaphore::new(MAX_WAITING)),
            shares: Arc::default(),
        }
    }
}

impl Queue {
    /// Waits until a validation of `identifier` may run for an account.
    ///
    /// # Errors
    /// [`QueueFull`], at once.
    pub async fn slot(&self, account: &Id, identifier: &Identifier) -> Result<Slot, QueueFull> {
        let waiting = Arc::clone(&self.waiting)
            .try_acquire_owned()
            .map_err(|_| QueueFull)?;
        // The shares first: who waits for a slow one takes no room from others.
        let of_account = self.place(Share::Account(account.clone()))?.taken().await?;
        let of_target = self.place(Share::Target(identifier.to_string()))?.taken().await?;
        let at_once = Arc::clone(&self.at_once)
            .acquire_owned()
            .await
            .map_err(|_| QueueFull)?;
        Ok(Slot {
            _at_once: at_once,
            _of_target: of_target,
            _of_account: of_account,
            _waiting: waiting,
        })
    }

    /// How many shares somebody waits or runs for.
    #[cfg(test)]
    pub(super) fn shares(&self) -> usize {
        self.shares.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn place(&self, share: Share) -> Result<Waiting, QueueFull> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = shares.entry(share.clone()).or_insert_with(|| Counted {
            at_once: Arc::new(Semaphore::new(share.most_at_once())),
            users: 0,
        });
        if counted.users >= share.most_waiting() {
            return Err(QueueFull);
        }
        counted.users += 1;
        Ok(Waiting {
            at_once: Arc::clone(&counted.at_once),
            place: Place {
                permit: None,
                share,
                shares: Arc::clone(&self.shares),
            },
        })
    }
}

/// One who waits for a share.
struct Waiting {
    at_once: Arc<Semaphore>,
    place: Place,
}

impl Waiting {
    async fn taken(mut self) -> Result<Place, QueueFull> {
        let permit = self.at_once.acquire_owned().await.map_err(|_| QueueFull)?;
        self.place.permit = Some(permit);
        Ok(self.place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.permit = None;
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counted) = shares.get_mut(&self.share) {
            counted.users -= 1;
            if counted.users == 0 {
                shares.remove(&self.share);
            }
        }
    }
}
