//! How many certificates of each profile were signed in the last hour.

use std::collections::{HashMap, VecDeque};

use gsec_pki::key::KeyError;
use time::{Duration, OffsetDateTime};

use crate::message::Rate;

/// The time over which is counted.
pub(crate) const WINDOW: Duration = Duration::hours(1);

/// Counts by profile. Of each profile there is a number for each second in which something was signed, so at most 3,600, whatever the CA has.
#[derive(Default)]
pub(crate) struct Rates(HashMap<String, Counted>);

#[derive(Default)]
struct Counted {
    /// Seconds of the UNIX epoch, the oldest first, each with what was signed in it.
    seconds: VecDeque<(i64, u32)>,
    total: u32,
}

impl Counted {
    /// Forgets what is an hour old.
    fn settle(&mut self, now: i64) {
        let end = now - WINDOW.whole_seconds();
        while let Some((_, count)) = self.seconds.front().copied().filter(|(second, _)| *second <= end) {
            self.total = self.total.saturating_sub(count);
            self.seconds.pop_front();
        }
    }

    /// In how many seconds so many of those that are counted will be an hour old.
    fn leave_in(&self, mut count: u32, now: i64) -> u32 {
        for (second, leaving) in &self.seconds {
            if *leaving >= count {
                let wait = second + WINDOW.whole_seconds() - now;
                return u32::try_from(wait).unwrap_or(u32::MAX).max(1);
            }
            count -= leaving;
        }
        1
    }
}

impl Rates {
    /// One was signed, or is about to be. A clock that goes back makes it count for longer, and never for less.
    pub(crate) fn add(&mut self, profile: &str, now: OffsetDateTime) {
        if !self.0.contains_key(profile) {
            self.0.insert(profile.to_owned(), Counted::default());
        }
        let Some(counted) = self.0.get_mut(profile) else {
            return;
        };
        let now = now.unix_timestamp();
        counted.settle(now);
        match counted.seconds.back_mut() {
            Some((last, count)) if *last >= now => *count = count.saturating_add(1),
            _ => counted.seconds.push_back((now, 1)),
        }
        counted.total = counted.total.saturating_add(1);
    }

    /// One that was counted was not signed after all.
    pub(crate) fn take_back(&mut self, profile: &str) {
        let Some(counted) = self.0.get_mut(profile) else {
            return;
        };
        let Some((_, count)) = counted.seconds.back_mut().filter(|(_, count)| *count > 0) else {
            return;
        };
        *count -= 1;
        counted.total = counted.total.saturating_sub(1);
        // Whoever asks may make up names.
        if counted.total == 0 {
            self.0.remove(profile);
        }
    }

    /// Whether so many more can be signed, of at most so many in an hour.
    pub(crate) fn expect_room(
        &mut self,
        profile: &str,
        count: u32,
        most: u32,
        now: OffsetDateTime,
    ) -> Result<(), Rate> {
        let now = now.unix_timestamp();
        let Some(counted) = self.0.get_mut(profile) else {
            return expect_fits(profile, count, most);
        };
        counted.settle(now);
        let left = most.saturating_sub(counted.total);
        if count <= left {
            return Ok(());
        }
        // So many have to leave until it is one more than now.
        let over = counted.total.saturating_sub(most) + 1;
        Err(Rate {
            profile: profile.to_owned(),
            most,
            left,
            again_in: counted.leave_in(over, now),
        })
    }
}

/// Of what was never signed.
fn expect_fits(profile: &str, count: u32, most: u32) -> Result<(), Rate> {
    match count <= most {
        true => Ok(()),
        false => Err(Rate {
            profile: profile.to_owned(),
            most,
            left: most,
            again_in: 1,
        }),
    }
}

impl From<Rate> for crate::message::Refusal {
    fn from(rate: Rate) -> Self {
        let error = KeyError::TooMany {
            profile: rate.profile.clone(),
            most: rate.most,
            left: rate.left,
            again_in: rate.again_in,
        };
        Self {
            code: error.code().into(),
            reason: error.to_string(),
            rate: Some(rate.to_text()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_900_000_000 + second).expect("a time")
    }

    fn refused(rates: &mut Rates, count: u32, second: i64) -> Option<(u32, u32)> {
        let rate = rates.expect_room("host", count, 3, at(second)).err()?;
        Some((rate.left, rate.again_in))
    }

    #[test]
    fn what_is_an_hour_old_does_not_count() {
        let mut rates = Rates::default();
        for second in [0, 10, 10] {
            assert_eq!(refused(&mut rates, 1, second), None);
            rates.add("host", at(second));
        }
        assert_eq!(refused(&mut rates, 1, 20), Some((0, 3580)));
        assert_eq!(refused(&mut rates, 1, 3599), Some((0, 1)));
        assert_eq!(refused(&mut rates, 1, 3600), None);
        assert_eq!(refused(&mut rates, 2, 3600), Some((1, 10)));
        assert_eq!(refused(&mut rates, 3, 3610), None);
        // Each profile counts for itself.
        assert_eq!(rates.expect_room("hub", 3, 3, at(20)), Ok(()));
    }

    #[test]
    fn more_than_all_is_never_signed_and_says_how_many_could_be() {
        let mut rates = Rates::default();
        assert_eq!(refused(&mut rates, 4, 0), Some((3, 1)));
        rates.add("host", at(0));
        assert_eq!(refused(&mut rates, 4, 0), Some((2, 3600)));
        // Where the limit was lowered, more have to leave.
        rates.add("host", at(10));
        let rate = rates.expect_room("host", 1, 1, at(20)).expect_err("too many");
        assert_eq!((rate.left, rate.again_in), (0, 3590));
    }

    #[test]
    fn what_was_not_signed_is_given_back_and_a_clock_that_went_back_gives_nothing() {
        let mut rates = Rates::default();
        for _ in 0..3 {
            rates.add("host", at(100));
        }
        rates.take_back("host");
        assert_eq!(refused(&mut rates, 1, 100), None);
        rates.add("host", at(40));
        assert_eq!(refused(&mut rates, 1, 40), Some((0, 3660)));
        assert_eq!(refused(&mut rates, 1, 3690), Some((0, 10)));
        assert_eq!(refused(&mut rates, 1, 3700), None);
    }

    #[test]
    fn texts_come_back() {
        for profile in ["host", "with a space", ""] {
            let rate = Rate {
                profile: profile.into(),
                most: 2,
                left: 0,
                again_in: 3600,
            };
            assert_eq!(Rate::parse(&rate.to_text()), Some(rate));
        }
        for text in ["", "2 0", "2 0 3600", "a 0 3600 host", "-1 0 3600 host"] {
            assert_eq!(Rate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_million_in_an_hour_take_no_more_than_its_seconds() {
        let mut rates = Rates::default();
        for number in 0..1_000_000_i64 {
            rates.add("host", at(number / 100));
        }
        assert!(rates.0["host"].seconds.len() <= 3600);
        assert_eq!(rates.0["host"].total, 360_000);
    }
}
