//! Answers that are kept for some time, so many and no more.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use time::OffsetDateTime;

use super::caching::Freshness;
use gsec_pki::x509::SerialNumber;

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

/// Answers by the certificate in question, as the request names it.
pub(super) struct Kept {
    bounds: Bounds,
    by_id: HashMap<Arc<[u8]>, (u64, KeptAnswer)>,
    /// In the order in which they came.
    by_age: BTreeMap<u64, (Arc<[u8]>, SerialNumber)>,
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
            by_serial: HashMap::new(),
            bytes: 0,
            came: 0,
            forgotten: 0,
        }
    }

    /// What is kept of a certificate, if no newer answer is due.
    pub(super) fn get(&self, id: &[u8], now: OffsetDateTime) -> Option<KeptAnswer> {
        let (_, answer) = self.by_id.get(id)?;
        // A clock that was put back makes nothing valid longer.
        let is_fresh = answer.freshness.made <= now && now < answer.freshness.renewed;
        is_fresh.then(|| answer.clone())
    }

    /// How often something was forgotten: what was found out before the last time may be wrong.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Keeps an answer in the place of an earlier one, and lets the oldest go where there is no room.
    pub(super) fn put(&mut self, id: &[u8], serial: &SerialNumber, answer: KeptAnswer) {
        if let Some((age, _)) = self.by_id.get(id) {
            self.remove(*age);
        }
        let cost = cost(id, &answer);
        if cost > self.bounds.bytes {
            return;
        }
        while self.by_age.len() >= self.bounds.count || self.bytes + cost > self.bounds.bytes {
            let Some(oldest) = self.by_age.keys().next().copied() else {
                return;
            };
            self.remove(oldest);
        }
        let id: Arc<[u8]> = id.into();
        self.came += 1;
        self.bytes += cost;
        self.by_age.insert(self.came, (id.clone(), serial.clone()));
        self.by_serial
            .entry(serial.content())
            .or_default()
            .push(self.came);
        self.by_id.insert(id, (self.came, answer));
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
        let Some((id, serial)) = self.by_age.remove(&age) else {
            return;
        };
        if let Some((_, answer)) = self.by_id.remove(&id) {
            self.bytes -= cost(&id, &answer);
        }
        let content = serial.content();
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
        let of_all = self.by_id.iter().map(|(id, (_, answer))| cost(id, answer));
        assert_eq!(self.bytes, of_all.sum::<usize>());
        (count, self.bytes)
    }
}

fn cost(id: &[u8], answer: &KeptAnswer) -> usize {
    id.len() + answer.body.len() + OVERHEAD_BYTES
}
