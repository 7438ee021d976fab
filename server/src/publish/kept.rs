//! Answers that are kept for some time, so many and no more.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use time::OffsetDateTime;

use super::caching::Freshness;
use gsec_pki::x509::SerialNumber;
use gsec_pki::x509::ocsp::CertId;

/// What an answer takes beside its own bytes, about: three tables name it.
const OVERHEAD_BYTES: usize = 512;

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Answers.
    pub(super) count: usize,
    /// Bytes of memory, about.
    pub(super) bytes: usize,
}

/// An answer that was signed.
#[derive(Debug, Clone)]
pub(super) struct KeptAnswer {
    pub(super) body: Arc<[u8]>,
    pub(super) freshness: Freshness,
}

struct Entry {
    age: u64,
    answer: KeptAnswer,
    /// Whether somebody asked since it was signed, or had it signed.
    was_asked_for: bool,
}

/// Answers by the certificate in question, as the request names it.
pub(super) struct Kept {
    bounds: Bounds,
    by_id: HashMap<Vec<u8>, Entry>,
    /// In the order in which they came.
    by_age: BTreeMap<u64, Arc<CertId>>,
    /// What was asked for, and is to be answered anew before somebody asks again.
    wanted: Vec<Arc<CertId>>,
    /// One certificate can be named in several ways.
    by_serial: HashMap<Vec<u8>, Vec<u64>>,
    bytes: usize,
    /// How many answers came.
    came: u64,
    /// How often something was forgotten.
    forgotten: u64,
}

impl Kept {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            by_id: HashMap::new(),
            by_age: BTreeMap::new(),
            wanted: Vec::new(),
            by_serial: HashMap::new(),
            bytes: 0,
            came: 0,
            forgotten: 0,
        }
    }

    /// What is kept of a certificate, if no newer answer is due.
    pub(super) fn get(&mut self, id: &[u8], now: OffsetDateTime) -> Option<KeptAnswer> {
        let entry = self.by_id.get_mut(id).filter(|entry| entry.is_fresh(now))?;
        entry.was_asked_for = true;
        Some(entry.answer.clone())
    }

    /// What is to be answered anew now, so many at the most: what somebody asked for lately, and is due soon or was forgotten.
    pub(super) fn due(&mut self, now: OffsetDateTime, count: usize) -> Vec<Arc<CertId>> {
        let (by_id, mut due) = (&self.by_id, Vec::new());
        while due.len() < count {
            let Some(id) = self.wanted.pop() else { break };
            let is_seen_to = |entry: &Entry| entry.was_asked_for || entry.is_fresh(now);
            let is_seen_to = by_id.get(id.der()).is_some_and(is_seen_to);
            due.extend((!is_seen_to).then_some(id));
        }
        let soon = self.by_age.values().filter(|id| {
            let entry = by_id.get(id.der());
            entry.is_some_and(|entry| entry.was_asked_for && entry.is_due_soon(now))
        });
        due.extend(soon.take(count - due.len()).cloned());
        due
    }

    /// Everything that somebody asked for lately.
    pub(super) fn asked_for(&self) -> Vec<Arc<CertId>> {
        let of = |id: &&Arc<CertId>| self.by_id.get(id.der()).is_some_and(|entry| entry.was_asked_for);
        let kept = self.by_age.values().filter(of);
        kept.chain(&self.wanted)
            .take(self.bounds.count)
            .cloned()
            .collect()
    }

    /// Wants answers to what was asked of another.
    pub(super) fn want(&mut self, ids: Vec<Arc<CertId>>) {
        self.wanted = ids;
    }

    /// How often something was forgotten: what was found out before the last time may be wrong.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Keeps an answer in the place of an earlier one, and lets the oldest go where there is no room.
    pub(super) fn put(&mut self, id: &Arc<CertId>, answer: KeptAnswer, was_asked_for: bool) {
        if let Some(entry) = self.by_id.get(id.der()) {
            self.remove(entry.age);
        }
        let cost = cost(id.der(), &answer);
        if cost > self.bounds.bytes {
            return;
        }
        while self.by_age.len() >= self.bounds.count || self.bytes + cost > self.bounds.bytes {
            let Some(oldest) = self.by_age.keys().next().copied() else {
                return;
            };
            self.remove(oldest);
        }
        self.came += 1;
        self.bytes += cost;
        self.by_age.insert(self.came, id.clone());
        self.by_serial
            .entry(id.serial().content())
            .or_default()
            .push(self.came);
        let entry = Entry {
            age: self.came,
            answer,
            was_asked_for,
        };
        self.by_id.insert(id.der().to_vec(), entry);
    }

    /// Forgets what is kept of these certificates.
    pub(super) fn forget<'a>(&mut self, serials: impl IntoIterator<Item = &'a SerialNumber>) {
        self.forgotten += 1;
        for serial in serials {
            for age in self.by_serial.remove(&serial.content()).unwrap_or_default() {
                self.remove(age);
            }
        }
    }

    fn remove(&mut self, age: u64) {
        let Some(id) = self.by_age.remove(&age) else {
            return;
        };
        if let Some(entry) = self.by_id.remove(id.der()) {
            self.bytes -= cost(id.der(), &entry.answer);
        }
        let content = id.serial().content();
        if let Some(ages) = self.by_serial.get_mut(&content) {
            ages.retain(|other| *other != age);
            if ages.is_empty() {
                self.by_serial.remove(&content);
            }
        }
    }

    /// Answers and bytes.
    #[cfg(test)]
    pub(super) fn size(&self) -> (usize, usize) {
        let count = self.by_age.len();
        assert_eq!(self.by_id.len(), count);
        assert_eq!(self.by_serial.values().map(Vec::len).sum::<usize>(), count);
        let of_all = self.by_id.iter().map(|(id, entry)| cost(id, &entry.answer));
        assert_eq!(self.bytes, of_all.sum::<usize>());
        (count, self.bytes)
    }
}

impl Entry {
    /// A clock that was put back makes nothing valid longer.
    fn is_fresh(&self, now: OffsetDateTime) -> bool {
        let freshness = &self.answer.freshness;
        freshness.made <= now && now < freshness.renewed
    }

    /// Whether the last eighth of the time has begun for which it is given out.
    fn is_due_soon(&self, now: OffsetDateTime) -> bool {
        let freshness = &self.answer.freshness;
        now >= freshness.renewed - (freshness.renewed - freshness.made) / 8
    }
}

fn cost(id: &[u8], answer: &KeptAnswer) -> usize {
    2 * id.len() + answer.body.len() + OVERHEAD_BYTES
}
