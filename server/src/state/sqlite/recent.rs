//! Items that were read or written lately, in memory: what a client's next request needs is what its last one wrote.
//!
//! One process has the database open and one of its threads writes, so what is here is what is committed. Keys of external accounts and grants are
//! not here: few requests need them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hashlink::LruCache;

use super::super::{Item, Key, Kind, Outcome, Step, Version, Versioned, Write};

/// The most items that are kept, of some 1 to 2 kB.
const MAX_ITEMS: usize = 1024;

/// Items as they are committed.
pub(super) struct Recent(Mutex<Items>);

struct Items {
    of: LruCache<Key, Versioned<Item>>,
    commits: u64,
}

/// A moment between two commits.
#[derive(Clone, Copy)]
pub(super) struct Moment(u64);

impl Default for Recent {
    fn default() -> Self {
        Self(Mutex::new(Items {
            of: LruCache::new(MAX_ITEMS),
            commits: 0,
        }))
    }
}

impl Recent {
    /// The items of these keys, where all of them are here.
    pub(super) fn all(&self, keys: &[Key]) -> Option<Vec<Option<Versioned<Item>>>> {
        let mut items = self.items();
        keys.iter()
            .map(|key| items.of.get(key).cloned().map(Some))
            .collect()
    }

    /// Now.
    pub(super) fn moment(&self) -> Moment {
        Moment(self.items().commits)
    }

    /// Keeps what was read after a moment, unless something was committed since: it could be older than what is here.
    pub(super) fn read(&self, after: Moment, found: &[Option<Versioned<Item>>]) {
        let mut items = self.items();
        if items.commits == after.0 {
            for found in found.iter().flatten() {
                items.put(&found.value, found.version);
            }
        }
    }

    /// Takes over what was committed. Called before anybody is told, by the thread that writes.
    pub(super) fn committed(&self, writes: &[Write], outcomes: &[Outcome]) {
        let mut items = self.items();
        items.commits += 1;
        for (write, outcome) in writes.iter().zip(outcomes) {
            for step in &write.steps {
                match (step, outcome) {
                    (Step::Insert(item), Outcome::Written) => items.put(item, Version::FIRST),
                    (Step::Replace(item, read), Outcome::Written) => items.put(item, read.next()),
                    (Step::Expect(..), Outcome::Written) => {}
                    // Whoever is refused reads again, and not here.
                    (Step::Insert(item) | Step::Replace(item, _), Outcome::Refused(_)) => {
                        items.of.remove(&item.key());
                    }
                    (Step::Remove(key, _) | Step::Expect(key, _), _) => {
                        items.of.remove(key);
                    }
                }
            }
        }
    }

    /// Forgets all: it is not known what was committed, or many were removed.
    pub(super) fn forget(&self) {
        let mut items = self.items();
        items.commits += 1;
        items.of.clear();
    }

    fn items(&self) -> MutexGuard<'_, Items> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Items {
    fn put(&mut self, item: &Item, version: Version) {
        let key = item.key();
        if matches!(key.kind, Kind::Account | Kind::Order | Kind::Authorization) {
            let value = item.clone();
            self.of.insert(key, Versioned { value, version });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::conformance::samples::{account, eab};

    fn seen(recent: &Recent, key: &Key) -> Option<u64> {
        let mut found = recent.all(std::slice::from_ref(key))?;
        Some(found.pop()??.version.0)
    }

    fn committed(recent: &Recent, write: Write, outcome: Outcome) {
        recent.committed(&[write], &[outcome]);
    }

    #[test]
    fn what_was_read_before_a_commit_is_not_kept_after_it() {
        let recent = Recent::default();
        let item = Item::Account(account(1));
        let (key, before) = (item.key(), recent.moment());
        let read = |version| {
            [
                Some(Versioned {
                    value: item.clone(),
                    version: Version(version),
                }),
                None,
            ]
        };
        recent.read(before, &read(1));
        assert_eq!(seen(&recent, &key), Some(1));
        let write = Write::new().step(Step::Replace(item.clone(), Version(1)));
        committed(&recent, write, Outcome::Written);
        recent.read(before, &read(1));
        assert_eq!(seen(&recent, &key), Some(2));
        committed(
            &recent,
            Write::new().step(Step::Remove(key.clone(), Version(2))),
            Outcome::Written,
        );
        recent.read(before, &read(1));
        assert_eq!(seen(&recent, &key), None);
    }

    #[test]
    fn who_was_refused_or_does_not_know_reads_anew() {
        let recent = Recent::default();
        let item = Item::Account(account(1));
        let key = item.key();
        let refused = || Outcome::Refused(crate::state::Conflict::Changed(key.clone()));
        let steps = [
            Step::Replace(item.clone(), Version(7)),
            Step::Insert(item.clone()),
            Step::Expect(key.clone(), None),
            Step::Remove(key.clone(), Version(7)),
        ];
        for step in steps {
            committed(
                &recent,
                Write::new().step(Step::Insert(item.clone())),
                Outcome::Written,
            );
            committed(
                &recent,
                Write::new().step(Step::Expect(key.clone(), Some(Version(1)))),
                Outcome::Written,
            );
            assert_eq!(seen(&recent, &key), Some(1));
            committed(&recent, Write::new().step(step), refused());
            assert_eq!(seen(&recent, &key), None);
        }
        committed(&recent, Write::new().insert(account(1)), Outcome::Written);
        let begin = recent.moment();
        recent.forget();
        recent.read(
            begin,
            &[Some(Versioned {
                value: item,
                version: Version(1),
            })],
        );
        assert_eq!(seen(&recent, &key), None);
    }

    #[test]
    fn no_key_of_an_external_account_is_kept() {
        let recent = Recent::default();
        let item = Item::EabKey(eab(1));
        let key = item.key();
        committed(&recent, Write::new().step(Step::Insert(item)), Outcome::Written);
        assert_eq!(seen(&recent, &key), None);
    }
}
