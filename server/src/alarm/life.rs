//! What becomes of an alarm: raised, acknowledged, cleared; held down until several looks say the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Condition, Look, Severity, What, Window};

/// How far an alarm has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Seen, and not yet often enough, or within a maintenance window.
    Pending,
    /// Somebody should do something.
    Raised,
    /// Somebody does.
    Acknowledged,
    /// It was looked at, and is not so any more.
    Cleared,
}

impl State {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Raised => "raised",
            Self::Acknowledged => "acknowledged",
            Self::Cleared => "cleared",
        }
    }
}

/// Who takes care of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgment {
    /// When it was said, RFC 3339.
    pub at: String,
    /// Who said it.
    pub by: Option<String>,
}

/// An alarm over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// What is wrong, as it was seen last.
    pub condition: Condition,
    /// How far it has come.
    pub state: State,
    /// The most that it has weighed since it was raised: who was told of that is told of all that follows.
    pub peak: Severity,
    /// Unix time of the first look that saw it.
    pub first_seen: i64,
    /// Unix time of the last look that saw it.
    pub last_seen: i64,
    /// Unix time at which it was raised.
    pub raised_at: Option<i64>,
    /// Unix time at which it was cleared.
    pub cleared_at: Option<i64>,
    /// Who takes care of it.
    pub acknowledged: Option<Acknowledgment>,
    /// How many looks in a row have seen it.
    pub seen: u32,
    /// How many looks in a row have not.
    pub unseen: u32,
}

impl Alarm {
    fn new(condition: &Condition, now: i64) -> Self {
        Self {
            condition: condition.clone(),
            state: State::Pending,
            peak: condition.severity,
            first_seen: now,
            last_seen: now,
            raised_at: None,
            cleared_at: None,
            acknowledged: None,
            seen: 0,
            unseen: 0,
        }
    }

    /// Whether it was raised and is not over.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Raised | State::Acknowledged)
    }
}

/// How many looks must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Looks in a row that see it before it is raised; at least 1.
    pub raise_after: u32,
    /// Looks in a row that do not see it before it is cleared; at least 1.
    pub clear_after: u32,
}

/// What one look means for one alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The alarm from now on; one that was never raised and is gone is forgotten.
    pub alarm: Option<Alarm>,
    /// Its key.
    pub key: String,
    /// What is to be told of it.
    pub what: Option<What>,
}

/// What a look says of one alarm.
enum Said<'a> {
    Is(&'a Condition),
    IsNot,
    /// It could not be looked at.
    Unknown,
    /// It is not looked at any more.
    NotWatched,
}

/// What a look means for every alarm that is known, and for those that are new. What did not change is left out.
pub fn advance(known: &BTreeMap<String, Alarm>, look: &Look, hold: Hold, windows: &[Window]) -> Vec<Step> {
    let new = look.conditions.keys().filter(|key| !known.contains_key(*key));
    let keys = known.keys().chain(new);
    let steps = keys.map(|key| {
        let alarm = known.get(key).filter(|alarm| alarm.state != State::Cleared);
        let said = match (look.conditions.get(key), known.get(key)) {
            (Some(condition), _) => Said::Is(condition),
            (None, Some(alarm)) if look.looked_at.contains(&alarm.condition.scope) => Said::IsNot,
            (None, Some(alarm)) if look.not_looked_at.contains_key(&alarm.condition.scope) => Said::Unknown,
            (None, _) => Said::NotWatched,
        };
        let is_held_back = |condition: &Condition| {
            let holds = |window: &Window| window.holds_back(condition.kind, look.at);
            windows.iter().any(holds)
        };
        let (after, what) = step(alarm, said, hold, is_held_back, look.at);
        (known.get(key) != after.as_ref()).then(|| Step {
            key: key.clone(),
            alarm: after,
            what,
        })
    });
    // An alarm that stays cleared is in the records until it is swept.
    let is_over = |step: &Step| step.alarm.is_none() && step.what.is_none();
    let was_cleared = |step: &Step| {
        known
            .get(&step.key)
            .is_some_and(|alarm| alarm.state == State::Cleared)
    };
    steps
        .flatten()
        .filter(|step| !(is_over(step) && was_cleared(step)))
        .collect()
}

fn step(
    alarm: Option<&Alarm>,
    said: Said<'_>,
    hold: Hold,
    is_held_back: impl Fn(&Condition) -> bool,
    at: OffsetDateTime,
) -> (Option<Alarm>, Option<What>) {
    let now = at.unix_timestamp();
    match (alarm, said) {
        (alarm, Said::Is(condition)) => {
            let alarm = alarm.cloned().unwrap_or_else(|| Alarm::new(condition, now));
            let (alarm, what) = seen(alarm, condition, hold, is_held_back(condition), now);
            (Some(alarm), what)
        }
        (None, _) => (None, None),
        (Some(alarm), Said::Unknown) => (Some(alarm.clone()), None),
        // Never raised: nobody was told, and nobody needs to be.
        (Some(alarm), Said::IsNot | Said::NotWatched) if !alarm.is_open() => (None, None),
        (Some(alarm), Said::NotWatched) => (Some(over(alarm.clone(), now)), Some(What::Withdrawn)),
        (Some(alarm), Said::IsNot) => {
            let alarm = Alarm {
                seen: 0,
                unseen: alarm.unseen + 1,
                ..alarm.clone()
            };
            match alarm.unseen >= hold.clear_after {
                true => (Some(over(alarm, now)), Some(What::Cleared)),
                false => (Some(alarm), None),
            }
        }
    }
}

fn seen(
    alarm: Alarm,
    condition: &Condition,
    hold: Hold,
    is_held_back: bool,
    now: i64,
) -> (Alarm, Option<What>) {
    let mut alarm = Alarm {
        last_seen: now,
        seen: alarm.seen.saturating_add(1),
        unseen: 0,
        ..alarm
    };
    if alarm.state == State::Pending {
        alarm.condition = condition.clone();
        if is_held_back || alarm.seen < hold.raise_after {
            return (alarm, None);
        }
        alarm.state = State::Raised;
        alarm.peak = condition.severity;
        alarm.raised_at = Some(now);
        return (alarm, Some(What::Raised));
    }
    // What changes within a window is told after it.
    if is_held_back {
        return (alarm, None);
    }
    let (before, after) = (alarm.condition.severity, condition.severity);
    alarm.condition = condition.clone();
    alarm.peak = alarm.peak.max(after);
    if after > before {
        // Whoever took care of it knew of less.
        alarm.state = State::Raised;
        alarm.acknowledged = None;
    }
    (alarm, (before != after).then_some(What::Changed))
}

fn over(alarm: Alarm, now: i64) -> Alarm {
    Alarm {
        state: State::Cleared,
        cleared_at: Some(now),
        acknowledged: None,
        ..alarm
    }
}

/// Somebody takes care of an alarm; `None` where it is not raised.
pub fn acknowledged(alarm: &Alarm, acknowledgment: Acknowledgment) -> Option<Alarm> {
    (alarm.state == State::Raised).then(|| Alarm {
        state: State::Acknowledged,
        acknowledged: Some(acknowledgment),
        ..alarm.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::Kind;
    use time::macros::datetime;

    const HOLD: Hold = Hold {
        raise_after: 1,
        clear_after: 1,
    };
    const AT: OffsetDateTime = datetime!(2026-12-01 12:00 UTC);

    fn condition(severity: Severity) -> Condition {
        Condition::new("place", Kind::Crl, "ca-crl-overdue", severity, "The CRL")
    }

    /// The alarms of somebody who looks again and again, and what is told of the only one.
    struct Watcher {
        known: BTreeMap<String, Alarm>,
        hold: Hold,
        windows: Vec<Window>,
        at: OffsetDateTime,
    }

    impl Watcher {
        fn new(hold: Hold) -> Self {
            Self {
                known: BTreeMap::new(),
                hold,
                windows: Vec::new(),
                at: AT,
            }
        }

        fn sees(&mut self, found: Result<Vec<Condition>, String>) -> Option<What> {
            let mut look = Look::new(self.at);
            look.take("place", found);
            self.takes(&look)
        }

        fn takes(&mut self, look: &Look) -> Option<What> {
            let mut told = None;
            for step in advance(&self.known, look, self.hold, &self.windows) {
                if step.key.starts_with("crl:") {
                    told = step.what;
                }
                match step.alarm {
                    Some(alarm) => self.known.insert(step.key, alarm),
                    None => self.known.remove(&step.key),
                };
            }
            self.at += time::Duration::minutes(5);
            told
        }

        fn state(&self) -> Option<State> {
            self.known.get("crl:ca-crl-overdue").map(|alarm| alarm.state)
        }
    }

    #[test]
    fn raised_once_and_cleared_once() {
        let mut watcher = Watcher::new(HOLD);
        assert_eq!(
            watcher.sees(Ok(vec![condition(Severity::Warning)])),
            Some(What::Raised)
        );
        assert_eq!(watcher.sees(Ok(vec![condition(Severity::Warning)])), None);
        assert_eq!(watcher.sees(Ok(Vec::new())), Some(What::Cleared));
        assert_eq!(watcher.sees(Ok(Vec::new())), None);
        assert_eq!(watcher.state(), Some(State::Cleared));
        assert_eq!(
            watcher.sees(Ok(vec![condition(Severity::Warning)])),
            Some(What::Raised)
        );
    }

    #[test]
    fn what_cannot_be_looked_at_keeps_its_state_and_says_so() {
        let mut watcher = Watcher::new(HOLD);
        watcher.sees(Ok(vec![condition(Severity::Warning)]));
        for _ in 0..3 {
            assert_eq!(watcher.sees(Err("no permission".into())), None);
            assert_eq!(watcher.state(), Some(State::Raised));
            assert!(watcher.known["cannot-look:cannot-look:place"].is_open());
        }
        assert_eq!(watcher.sees(Ok(Vec::new())), Some(What::Cleared));
        assert_eq!(
            watcher.known["cannot-look:cannot-look:place"].state,
            State::Cleared
        );
    }

    #[test]
    fn what_is_not_watched_any_more_is_withdrawn_and_not_cleared() {
        let mut watcher = Watcher::new(HOLD);
        watcher.sees(Ok(vec![condition(Severity::Warning)]));
        let look = Look::new(watcher.at);
        assert_eq!(watcher.takes(&look), Some(What::Withdrawn));
    }

    #[test]
    fn flapping_is_held_down_in_both_directions() {
        let mut watcher = Watcher::new(Hold {
            raise_after: 3,
            clear_after: 2,
        });
        let is = || Ok(vec![condition(Severity::Error)]);
        assert_eq!((watcher.sees(is()), watcher.sees(is())), (None, None));
        assert_eq!(watcher.sees(Ok(Vec::new())), None);
        assert_eq!(watcher.state(), None, "it was never raised, and is forgotten");
        assert_eq!((watcher.sees(is()), watcher.sees(is())), (None, None));
        assert_eq!(watcher.sees(is()), Some(What::Raised));
        assert_eq!(watcher.sees(Ok(Vec::new())), None);
        assert_eq!(watcher.sees(is()), None);
        assert_eq!(watcher.sees(Ok(Vec::new())), None);
        assert_eq!(
            watcher.sees(Err(String::new())),
            None,
            "unknown is no look that does not see it"
        );
        assert_eq!(watcher.sees(Ok(Vec::new())), Some(What::Cleared));
    }

    #[test]
    fn severity_that_grows_is_told_and_takes_an_acknowledgment_back() {
        let mut watcher = Watcher::new(HOLD);
        watcher.sees(Ok(vec![condition(Severity::Notice)]));
        let key = "crl:ca-crl-overdue";
        let acknowledgment = Acknowledgment {
            at: String::new(),
            by: None,
        };
        let taken = acknowledged(&watcher.known[key], acknowledgment.clone()).expect("it was raised");
        assert_eq!(acknowledged(&taken, acknowledgment), None, "once");
        watcher.known.insert(key.into(), taken);
        assert_eq!(watcher.sees(Ok(vec![condition(Severity::Notice)])), None);
        assert_eq!(watcher.state(), Some(State::Acknowledged));
        assert_eq!(
            watcher.sees(Ok(vec![condition(Severity::Error)])),
            Some(What::Changed)
        );
        assert_eq!(watcher.state(), Some(State::Raised));
    }

    #[test]
    fn a_window_holds_back_what_is_new_and_it_comes_after_it() {
        let mut watcher = Watcher::new(HOLD);
        watcher.windows = vec![Window {
            from: AT - time::Duration::hours(1),
            until: AT + time::Duration::minutes(7),
            kinds: vec![Kind::Crl],
        }];
        assert_eq!(watcher.sees(Ok(vec![condition(Severity::Error)])), None);
        assert_eq!(watcher.sees(Ok(vec![condition(Severity::Error)])), None);
        assert_eq!(
            watcher.sees(Ok(vec![condition(Severity::Error)])),
            Some(What::Raised)
        );
    }

    #[test]
    fn severity_that_grows_within_a_window_is_told_after_it() {
        let mut watcher = Watcher::new(HOLD);
        watcher.sees(Ok(vec![condition(Severity::Notice)]));
        watcher.windows = vec![Window {
            from: AT,
            until: AT + time::Duration::minutes(7),
            kinds: Vec::new(),
        }];
        assert_eq!(watcher.sees(Ok(vec![condition(Severity::Error)])), None);
        assert_eq!(
            watcher.sees(Ok(vec![condition(Severity::Error)])),
            Some(What::Changed)
        );
    }
}
