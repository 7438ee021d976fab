//! How many validations there are at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::Identifier;

/// The most validations at once.
const MAX_AT_ONCE: usize = 64;
/// The most of one identifier at once.
const MAX_PER_TARGET: usize = 4;
/// The most that wait or run; beyond it the server says so at once.
const MAX_WAITING: usize = 4096;

/// More validations wait than the server takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{MAX_WAITING} validations are waiting already")]
pub struct QueueFull;

/// Keeps validations to 64 at once, and 4 at once of each identifier. First come, first served, but nobody waits for the validations of others' identifiers
/// while fewer than 64 run.
#[derive(Debug, Clone)]
pub struct Queue {
    at_once: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    targets: Arc<Mutex<HashMap<String, Target>>>,
}

#[derive(Debug)]
struct Target {
    at_once: Arc<Semaphore>,
    /// How many wait or run. With the last one it goes.
    users: usize,
}

/// The right to run one validation, until it is dropped.
#[derive(Debug)]
pub struct Slot {
    // In this order: whoever waits for the target finds it free when it wakes.
    _at_once: OwnedSemaphorePermit,
    _place: Place,
    _waiting: OwnedSemaphorePermit,
}

/// One user of a target.
#[derive(Debug)]
struct Place {
    permit: Option<OwnedSemaphorePermit>,
    key: String,
    targets: Arc<Mutex<HashMap<String, Target>>>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            at_once: Arc::new(Semaphore::new(MAX_AT_ONCE)),
            waiting: Arc::new(Semaphore::new(MAX_WAITING)),
            targets: Arc::default(),
        }
    }
}

impl Queue {
    /// Waits until a validation of `identifier` may run.
    ///
    /// # Errors
    /// [`QueueFull`], at once.
    pub async fn slot(&self, identifier: &Identifier) -> Result<Slot, QueueFull> {
        let waiting = Arc::clone(&self.waiting)
            .try_acquire_owned()
            .map_err(|_| QueueFull)?;
        let (mut place, of_target) = self.place(identifier.to_string());
        // The target first: who waits for a slow one takes no room from others.
        place.permit = Some(of_target.acquire_owned().await.map_err(|_| QueueFull)?);
        let at_once = Arc::clone(&self.at_once)
            .acquire_owned()
            .await
            .map_err(|_| QueueFull)?;
        Ok(Slot {
            _at_once: at_once,
            _place: place,
            _waiting: waiting,
        })
    }

    /// How many identifiers somebody waits or runs for.
    #[cfg(test)]
    pub(super) fn targets(&self) -> usize {
        self.targets.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn place(&self, key: String) -> (Place, Arc<Semaphore>) {
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        let target = targets.entry(key.clone()).or_insert_with(|| Target {
            at_once: Arc::new(Semaphore::new(MAX_PER_TARGET)),
            users: 0,
        });
        target.users += 1;
        let semaphore = Arc::clone(&target.at_once);
        let targets = Arc::clone(&self.targets);
        let permit = None;
        (Place { permit, key, targets }, semaphore)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.permit = None;
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(target) = targets.get_mut(&self.key) {
            target.users -= 1;
            if target.users == 0 {
                targets.remove(&self.key);
            }
        }
    }
}
