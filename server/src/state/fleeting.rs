//! What a single server may forget when it ends: redeemed nonces and how often something has happened. It is bounded, however much comes.

use std::collections::{BTreeMap, HashMap, HashSet};

use time::OffsetDateTime;

use super::{Charge, Charged, Swept};
use crate::domain::limits::{self, Bucket, RetryAfter};
use crate::domain::nonce::{self, Nonce, NonceKey};

/// The most nonces that are remembered. Beyond them the oldest minute is forgotten, and its nonces with it, redeemed or not.
const MAX_NONCES: usize = 1_000_000;
/// The most buckets. Beyond them an eighth is forgotten: those that are nearest to be as if nothing had been taken from them.
const MAX_BUCKETS: usize = 250_000;

/// Nonces and buckets of one process.
#[derive(Default)]
pub(super) struct Fleeting {
    key: Option<NonceKey>,
    redeemed: Redeemed,
    buckets: HashMap<Bucket, OffsetDateTime>,
}

/// Redeemed nonces by the minute in which they were made. Half of the random bits tell two nonces of a minute apart: whoever draws the same
/// 64 bits again is told that his nonce is used, and tries another one.
#[derive(Default)]
struct Redeemed {
    minutes: BTreeMap<i64, HashSet<u64>>,
    count: usize,
    /// Minutes up to this one are forgotten.
    forgotten: Option<i64>,
}

impl Redeemed {
    fn redeem(&mut self, nonce: &Nonce, most: usize) -> bool {
        let minute = nonce.made.unix_timestamp().div_euclid(60);
        if self.forgotten.is_some_and(|last| minute <= last) {
            return false;
        }
        let [a, b, c, d, e, f, g, h, ..] = nonce.random;
        let is_first = self
            .minutes
            .entry(minute)
            .or_default()
            .insert(u64::from_be_bytes([a, b, c, d, e, f, g, h]));
        self.count += usize::from(is_first);
        while self.count > most {
            self.forget_oldest();
        }
        is_first
    }

    fn forget_oldest(&mut self) -> u64 {
        let Some((minute, gone)) = self.minutes.pop_first() else {
            return 0;
        };
        self.count -= gone.len();
        self.forgotten = Some(minute);
        gone.len() as u64
    }

    /// Forgets nonces that have expired.
    fn sweep(&mut self, now: OffsetDateTime) -> u64 {
        // A minute is over when its last nonce has expired.
        let last = (now - nonce::LIFETIME).unix_timestamp().div_euclid(60) - 1;
        let mut swept = 0;
        while self
            .minutes
            .first_key_value()
            .is_some_and(|(minute, _)| *minute <= last)
        {
            swept += self.forget_oldest();
        }
        swept
    }
}

impl Fleeting {
    /// The key of nonces: the first one that was offered.
    pub(super) fn nonce_key(&mut self, offered: NonceKey) -> NonceKey {
        self.key.get_or_insert(offered).clone()
    }

    /// Says of each nonce whether it is redeemed for the first time.
    pub(super) fn redeem(&mut self, nonces: &[Nonce]) -> Vec<bool> {
        nonces
            .iter()
            .map(|nonce| self.redeemed.redeem(nonce, MAX_NONCES))
            .collect()
    }

    /// Counts in all buckets or in none.
    pub(super) fn charge(&mut self, charges: &[Charge], now: OffsetDateTime) -> Charged {
        self.charge_within(charges, now, MAX_BUCKETS)
    }

    fn charge_within(&mut self, charges: &[Charge], now: OffsetDateTime, most: usize) -> Charged {
        let mut after: HashMap<&Bucket, OffsetDateTime> = HashMap::new();
        let mut longest: Option<(usize, RetryAfter)> = None;
        for (index, charge) in charges.iter().enumerate() {
            let tat = after
                .get(&charge.bucket)
                .or_else(|| self.buckets.get(&charge.bucket));
            match limits::charge(tat.copied(), now, charge.rate) {
                Ok(_) if charge.is_look => {}
                Ok(tat) => {
                    after.insert(&charge.bucket, tat);
                }
                // When a client comes back, all of them are to have room.
                Err(wait) if longest.is_none_or(|(_, most)| wait.0 > most.0) => longest = Some((index, wait)),
                Err(_) => {}
            }
        }
        if let Some((index, retry_after)) = longest {
            return Charged::Refused { index, retry_after };
        }
        for (bucket, tat) in after {
            self.buckets.insert(*bucket, tat);
        }
        if self.buckets.len() > most {
            self.make_room(now, most);
        }
        Charged::Counted
    }

    fn make_room(&mut self, now: OffsetDateTime, most: usize) {
        self.buckets.retain(|_, tat| *tat > now);
        if self.buckets.len() <= most {
            return;
        }
        let mut times: Vec<OffsetDateTime> = self.buckets.values().copied().collect();
        let eighth = times.len() / 8;
        let (_, last, _) = times.select_nth_unstable(eighth);
        let last = *last;
        let mut gone = 0;
        self.buckets.retain(|_, tat| {
            let goes = *tat <= last && gone <= eighth;
            gone += usize::from(goes);
            !goes
        });
    }

    /// Forgets what has run out.
    pub(super) fn sweep(&mut self, now: OffsetDateTime) -> Swept {
        let before = self.buckets.len();
        self.buckets.retain(|_, tat| *tat > now);
        Swept {
            nonces: self.redeemed.sweep(now),
            buckets: (before - self.buckets.len()) as u64,
            ..Swept::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::*;
    use crate::domain::Id;
    use crate::domain::limits::Rate;

    const NOW: OffsetDateTime = datetime!(2026-11-30 10:00:00 UTC);

    fn nonce(minutes: i64, number: u64) -> Nonce {
        let mut random = [0; 16];
        random[..8].copy_from_slice(&number.to_be_bytes());
        Nonce {
            made: NOW + Duration::minutes(minutes),
            random,
        }
    }

    #[test]
    fn what_is_forgotten_cannot_be_redeemed_again() {
        let mut redeemed = Redeemed::default();
        for number in 0..4 {
            assert!(redeemed.redeem(&nonce(0, number), 5));
        }
        assert!(redeemed.redeem(&nonce(1, 0), 5) && redeemed.redeem(&nonce(2, 0), 5));
        assert_eq!(redeemed.count, 2, "the oldest minute is forgotten");
        assert!(!redeemed.redeem(&nonce(0, 0), 5), "and its nonces are refused");
        assert!(
            !redeemed.redeem(&nonce(0, 9), 5),
            "also those that were not redeemed"
        );
        assert!(!redeemed.redeem(&nonce(1, 0), 5) && redeemed.redeem(&nonce(1, 1), 5));
    }

    #[test]
    fn a_nonce_is_remembered_as_long_as_it_could_be_redeemed() {
        let mut redeemed = Redeemed::default();
        assert!(redeemed.redeem(&nonce(0, 1), 10));
        let last = NOW + nonce::LIFETIME;
        assert_eq!(
            redeemed.sweep(last),
            0,
            "one that was made later in this minute is alive"
        );
        assert_eq!(redeemed.sweep(last + Duration::minutes(1)), 1);
        assert_eq!((redeemed.count, redeemed.minutes.len()), (0, 0));
    }

    #[test]
    fn when_there_are_too_many_buckets_those_with_most_room_are_forgotten() {
        let mut fleeting = Fleeting::default();
        let charge = |number: u8| Charge {
            bucket: Bucket::new_orders(&Id::from_random(&mut |out| out.fill(number))),
            rate: Rate {
                burst: 3,
                per: Duration::hours(1),
            },
            is_look: false,
        };
        let mut take = |number: u8, now: OffsetDateTime| {
            let counted = fleeting.charge_within(&[charge(number)], now, 8) == Charged::Counted;
            assert!(fleeting.buckets.len() <= 8, "they are bounded");
            counted
        };
        for _ in 0..3 {
            assert!(take(0, NOW), "the burst");
        }
        for number in 1..=100 {
            let now = NOW + Duration::seconds(number.into());
            assert!(take(number, now), "what is new is counted");
            assert!(!take(0, now), "what is used up stays so, whatever comes");
        }
        let later = NOW + Duration::hours(2);
        assert!(fleeting.sweep(later).buckets > 0 && fleeting.buckets.is_empty());
    }
}
