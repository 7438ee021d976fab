//! Orders that could not be issued when their turn came, and are tried again.

use std::collections::HashMap;

use time::OffsetDateTime;

use crate::domain::Id;
use crate::engine::Fault;

/// How many are remembered.
const MAX_ORDERS: usize = 10_000;

/// Each until it has ended.
#[derive(Default)]
pub(super) struct Postponed(HashMap<Id, Waits>);

/// Why an order waits.
struct Waits {
    since: OffsetDateTime,
    /// When it is tried again.
    again_at: OffsetDateTime,
    /// What the server could not do when it was tried last. `None` where it is a limit or the world outside, or where another order was issued since.
    cause: Option<String>,
}

impl Postponed {
    /// Notes why an order waits; whether it has waited before.
    pub(super) fn postpone(
        &mut self,
        order: &Id,
        fault: &Fault,
        now: OffsetDateTime,
        again_at: OffsetDateTime,
    ) -> bool {
        let before = self.0.get(order).map(|waits| waits.since);
        if before.is_some() || self.0.len() < MAX_ORDERS {
            let waits = Waits {
                since: before.unwrap_or(now),
                again_at,
                cause: fault.cause.clone(),
            };
            self.0.insert(order.clone(), waits);
        }
        before.is_some()
    }

    /// Notes that an order waits no more. One that is issued shows that the others can be.
    pub(super) fn end(&mut self, order: &Id, is_issued: bool) {
        self.0.remove(order);
        if is_issued {
            self.0.values_mut().for_each(|waits| waits.cause = None);
        }
    }

    /// What keeps the server from issuing, as the order met it that has waited longest, and when that is tried again.
    pub(super) fn cause(&self) -> Option<(&str, OffsetDateTime)> {
        let with_cause = self.0.values().filter(|waits| waits.cause.is_some());
        let first = with_cause.min_by_key(|waits| waits.since)?;
        Some((first.cause.as_deref()?, first.again_at))
    }

    /// How many wait since before a time.
    pub(super) fn before(&self, time: OffsetDateTime) -> usize {
        self.0.values().filter(|waits| waits.since < time).count()
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;
    use crate::acme::{Problem, ProblemType};

    fn id(byte: u8) -> Id {
        Id::from_random(&mut |out| out.fill(byte))
    }

    #[test]
    fn server_that_could_not_issue_is_not_ready_until_it_could() {
        let (mut postponed, start) = (Postponed::default(), OffsetDateTime::UNIX_EPOCH);
        let at = |second| start + Duration::seconds(second);
        let postpone = |postponed: &mut Postponed, order, cause, second| {
            postponed.postpone(&id(order), &Fault::unavailable(cause), at(second), at(second + 5))
        };
        assert!(!postpone(&mut postponed, 1, "no room", 0));
        assert!(!postpone(&mut postponed, 2, "no key", 1));
        assert_eq!(postponed.cause(), Some(("no room", at(5))), "the first");
        assert!(postpone(&mut postponed, 1, "no file", 2));
        assert_eq!(postponed.cause(), Some(("no file", at(7))), "as it is now");
        postponed.end(&id(1), false);
        assert_eq!(
            postponed.cause(),
            Some(("no key", at(6))),
            "one without a certificate shows nothing"
        );
        postponed.end(&id(3), true);
        assert_eq!(postponed.cause(), None, "another was issued");
        assert_eq!(postponed.before(at(2)), 1, "it waits all the same");
        postpone(&mut postponed, 2, "no key", 3);
        assert_eq!(postponed.cause(), Some(("no key", at(8))));
        postponed.end(&id(2), true);
        assert_eq!((postponed.cause(), postponed.before(at(100))), (None, 0));
    }

    #[test]
    fn limit_or_the_world_outside_is_no_fault_of_the_servers() {
        let (mut postponed, start) = (Postponed::default(), OffsetDateTime::UNIX_EPOCH);
        let outside = Fault::later(Problem::new(ProblemType::Caa, "no answer"));
        postponed.postpone(&id(1), &outside, start, start);
        assert_eq!(postponed.cause(), None);
        assert_eq!(postponed.before(start + Duration::seconds(1)), 1);
    }
}
