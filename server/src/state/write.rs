//! What is written: small groups of steps, each all or nothing.

use super::item::{Item, Kept, Key, Version, Versioned};
use crate::domain::Id;

/// The most steps of one write.
pub const MAX_STEPS: usize = 256;

/// Steps that are done all together, durably, or not at all.
#[derive(Clone, Default)]
pub struct Write {
    /// In their order; a later one sees what the earlier ones have done.
    pub steps: Vec<Step>,
    /// The lease that the writer must still hold.
    pub fence: Option<Fence>,
}

/// A lease as its holder knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// The lease.
    pub lease: String,
    /// The epoch in which it was had.
    pub epoch: Epoch,
}

/// Counts the holders of a lease: whoever comes after another has a higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u64);

/// One step.
#[derive(Clone)]
pub enum Step {
    /// Writes an item that is not there.
    Insert(Item),
    /// Writes an item over the one of this version.
    Replace(Item, Version),
    /// Removes the item of this version.
    Remove(Key, Version),
    /// Expects an item to be of a version, or, with `None`, not to be there. Changes nothing.
    Expect(Key, Option<Version>),
}

impl Write {
    /// Without a step.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes an item that is not there.
    #[must_use]
    pub fn insert(self, item: impl Kept) -> Self {
        self.step(Step::Insert(item.into_item()))
    }

    /// Writes an item over the one that was read.
    #[must_use]
    pub fn replace(self, item: impl Kept, read: Version) -> Self {
        self.step(Step::Replace(item.into_item(), read))
    }

    /// Removes the item that was read.
    #[must_use]
    pub fn remove<T: Kept>(self, read: Versioned<T>) -> Self {
        let version = read.version;
        self.step(Step::Remove(read.value.into_item().key(), version))
    }

    /// Expects an item to be as it was read.
    #[must_use]
    pub fn expect(self, key: Key, version: Option<Version>) -> Self {
        self.step(Step::Expect(key, version))
    }

    /// Only while a lease is held.
    #[must_use]
    pub fn fenced(mut self, fence: Fence) -> Self {
        self.fence = Some(fence);
        self
    }

    /// Does one thing more.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All steps are done and durable.
    Written,
    /// None is done.
    Refused(Conflict),
}

impl Outcome {
    /// Whether it was done.
    pub fn is_written(&self) -> bool {
        *self == Self::Written
    }
}

/// Why a write was not done. Whoever wrote has to read again, and to decide anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// An item is not of the version that was read: somebody has changed, removed or made it meanwhile.
    Changed(Key),
    /// This account has the key already.
    AccountKey(Id),
    /// This order replaces the same certificate, and is not invalid; it may have expired since without anybody having written so.
    Replaced(Id),
    /// This order has a certificate of the same serial number.
    Serial(Id),
    /// The lease is another's.
    Fenced,
    /// It has more than [`MAX_STEPS`] steps.
    TooLarge,
}
