//! Sets of a million serial numbers: by 64 bits of a keyed digest, which are alike for two of them by chance once in years.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// A set that is built first and queried afterwards.
#[derive(Default)]
pub(super) struct SerialSet {
    sorted: Vec<u64>,
}

/// Digests serial numbers as they are written.
#[derive(Default, Clone)]
pub(super) struct Digester(RandomState);

impl Digester {
    pub(super) fn digest(&self, text: &str) -> u64 {
        self.0.hash_one(text)
    }
}

impl SerialSet {
    pub(super) fn new(mut digests: Vec<u64>) -> Self {
        digests.sort_unstable();
        Self { sorted: digests }
    }

    pub(super) fn has(&self, digest: u64) -> bool {
        self.sorted.binary_search(&digest).is_ok()
    }

    /// Those that are there more than once.
    pub(super) fn repeated(&self) -> HashSet<u64> {
        self.sorted
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| pair[0])
            .collect()
    }

    /// Those of this set that another one does not have.
    pub(super) fn without(&self, other: &Self) -> HashSet<u64> {
        self.sorted
            .iter()
            .copied()
            .filter(|digest| !other.has(*digest))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_know_members_repeats_and_differences() {
        let set = SerialSet::new(vec![3, 1, 2, 3]);
        assert!(set.has(1) && !set.has(4));
        assert_eq!(set.repeated(), HashSet::from([3]));
        assert_eq!(set.without(&SerialSet::new(vec![2, 3])), HashSet::from([1]));
    }
}
