//! In which order hosts are pushed to. Pure: it is asked what may start, and told what ended.

/// A host, as far as its place in the order goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Lower numbers are first, and done before the next begins.
    pub order: i64,
    /// The hosts with the backups of its primary servers: they are done first.
    pub backups: Vec<usize>,
}

/// Why a host is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// Another host failed, and no more were begun.
    Stopped,
    /// The host with this backup was not done.
    Backup(usize),
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// This host.
    Start(usize),
    /// Nothing until one ends.
    Wait,
    /// Nothing any more.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    InFlight,
    Done,
    Failed,
    Skipped(SkipReason),
}

/// The order of one run.
#[derive(Debug)]
pub struct Schedule {
    /// The hosts as they come.
    sequence: Vec<usize>,
    /// For each host, the number that counts: not less than that of its backups.
    orders: Vec<i64>,
    backups: Vec<Vec<usize>>,
    states: Vec<State>,
    canary: usize,
    limit: usize,
    keep_going: bool,
    is_stopped: bool,
}

impl Schedule {
    /// An order for these hosts: the first `canary` one after the other, then at most `limit` at the same time. After a failure nothing more is
    /// begun, unless `keep_going`.
    pub fn new(items: &[Item], canary: usize, limit: usize, keep_going: bool) -> Self {
        let backups = acyclic(items);
        let (sequence, orders) = sequence(items, &backups);
        Self {
            sequence,
            orders,
            backups,
            states: vec![State::Waiting; items.len()],
            canary,
            limit: limit.max(1),
            keep_going,
            is_stopped: false,
        }
    }

    /// What may start now. It counts as started.
    pub fn begin_next(&mut self) -> Next {
        self.skip_those_without_backups();
        if self.is_stopped {
            for state in self.states.iter_mut().filter(|state| **state == State::Waiting) {
                *state = State::Skipped(SkipReason::Stopped);
            }
        }
        let in_flight = self.count(State::InFlight);
        let open = (0..self.states.len())
            .filter(|host| matches!(self.states[*host], State::Waiting | State::InFlight));
        let lowest = open.map(|host| self.orders[host]).min();
        let may_start = |host: &usize| {
            self.states[*host] == State::Waiting && Some(self.orders[*host]) == lowest && self.is_free(*host)
        };
        let startable = self.sequence.iter().copied().find(may_start);
        match startable {
            Some(host) if in_flight < self.limit_now() => {
                self.states[host] = State::InFlight;
                Next::Start(host)
            }
            _ if in_flight > 0 => Next::Wait,
            _ => Next::End,
        }
    }

    /// A host that was started has ended.
    pub fn finish(&mut self, host: usize, is_success: bool) {
        self.states[host] = if is_success { State::Done } else { State::Failed };
        self.is_stopped |= !is_success && !self.keep_going;
    }

    /// Nothing more is begun.
    pub fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// The hosts that were left as they are, and why.
    pub fn skipped(&self) -> Vec<(usize, SkipReason)> {
        let skipped = self
            .states
            .iter()
            .enumerate()
            .filter_map(|(host, state)| match state {
                State::Skipped(why) => Some((host, *why)),
                _ => None,
            });
        skipped.collect()
    }

    fn count(&self, wanted: State) -> usize {
        self.states.iter().filter(|state| **state == wanted).count()
    }

    /// The canaries come one after the other, and all others after them.
    fn limit_now(&self) -> usize {
        let is_over = |host: &usize| !matches!(self.states[*host], State::Waiting | State::InFlight);
        if self.sequence.iter().take(self.canary).all(is_over) {
            self.limit
        } else {
            1
        }
    }

    /// Whether the hosts with its backups are done. So the two of a pair are never changed at the same time.
    fn is_free(&self, host: usize) -> bool {
        self.backups[host]
            .iter()
            .all(|backup| self.states[*backup] == State::Done)
    }

    /// A pair whose backup was not done leaves the primary untouched; and so on down the line.
    fn skip_those_without_backups(&mut self) {
        for host in self.sequence.clone() {
            if self.states[host] != State::Waiting {
                continue;
            }
            let missing = self.backups[host].iter().copied().find(|backup| {
                self.states[*backup] == State::Failed
                    || matches!(self.states[*backup], State::Skipped(SkipReason::Backup(_)))
            });
            if let Some(backup) = missing {
                self.states[host] = State::Skipped(SkipReason::Backup(backup));
            }
        }
    }
}

/// The backups of each host, without those that would close a circle: of two hosts with the backups of each other, one waits for the other.
fn acyclic(items: &[Item]) -> Vec<Vec<usize>> {
    let mut backups: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for (host, item) in items.iter().enumerate() {
        for backup in item.backups.iter().copied() {
            let is_known = backup >= items.len() || backups[host].contains(&backup);
            if backup != host && !is_known && !leads_to(&backups, backup, host) {
                backups[host].push(backup);
            }
        }
    }
    backups
}

fn leads_to(backups: &[Vec<usize>], from: usize, to: usize) -> bool {
    let (mut left, mut seen) = (vec![from], vec![false; backups.len()]);
    while let Some(host) = left.pop() {
        if host == to {
            return true;
        }
        if !std::mem::replace(&mut seen[host], true) {
            left.extend(&backups[host]);
        }
    }
    false
}

/// The hosts by their numbers, each after its backups; and the numbers that count.
fn sequence(items: &[Item], backups: &[Vec<usize>]) -> (Vec<usize>, Vec<i64>) {
    let mut orders: Vec<i64> = items.iter().map(|item| item.order).collect();
    let mut placed = vec![false; items.len()];
    let mut by_depth = Vec::with_capacity(items.len());
    while by_depth.len() < items.len() {
        let before = by_depth.len();
        for host in 0..items.len() {
            if !placed[host] && backups[host].iter().all(|backup| placed[*backup]) {
                let latest = backups[host].iter().map(|backup| orders[*backup]).max();
                orders[host] = orders[host].max(latest.unwrap_or(i64::MIN));
                placed[host] = true;
                by_depth.push(host);
            }
        }
        if by_depth.len() == before {
            // There is no circle; and if there were, nobody would wait for ever.
            by_depth.extend((0..items.len()).filter(|host| !placed[*host]));
        }
    }
    let mut place = vec![0; items.len()];
    by_depth
        .iter()
        .enumerate()
        .for_each(|(depth, host)| place[*host] = depth);
    let mut sequence = by_depth;
    sequence.sort_by_key(|host| (orders[*host], place[*host]));
    (sequence, orders)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(order: i64, backups: &[usize]) -> Item {
        Item {
            order,
            backups: backups.to_vec(),
        }
    }

    /// Runs a schedule to its end; `fails` says which hosts fail, `chance` which of those in flight ends next. Returns what started in which order,
    /// and checks at each step what must never be.
    fn runs(
        items: &[Item],
        schedule: &mut Schedule,
        fails: &[usize],
        chance: &mut dyn FnMut(usize) -> usize,
    ) -> Vec<usize> {
        let (mut started, mut flying, mut done) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            match schedule.begin_next() {
                Next::Start(host) => {
                    for other in &flying {
                        assert!(
                            !items[host].backups.contains(other),
                            "{host} with its backup {other}"
                        );
                        assert!(
                            !items[*other].backups.contains(&host),
                            "{other} with its backup {host}"
                        );
                    }
                    for backup in &schedule.backups[host] {
                        assert!(done.contains(backup), "{host} before its backup {backup}");
                    }
                    assert!(
                        flying.len() < schedule.limit,
                        "more than {} at once",
                        schedule.limit
                    );
                    assert!(
                        started.len() >= schedule.canary || flying.is_empty(),
                        "a canary is not alone"
                    );
                    started.push(host);
                    flying.push(host);
                }
                Next::Wait => {
                    assert!(!flying.is_empty(), "it waits for nothing");
                    let host = flying.remove(chance(flying.len()));
                    let is_success = !fails.contains(&host);
                    schedule.finish(host, is_success);
                    if is_success {
                        done.push(host);
                    }
                }
                Next::End => break,
            }
        }
        assert!(flying.is_empty());
        assert_eq!(started.len() + schedule.skipped().len(), items.len());
        started
    }

    fn first(_: usize) -> usize {
        0
    }

    #[test]
    fn backup_comes_before_its_primary_whatever_the_numbers_say() {
        let items = [item(1, &[1]), item(5, &[]), item(3, &[])];
        let mut schedule = Schedule::new(&items, 1, 8, false);
        assert_eq!(runs(&items, &mut schedule, &[], &mut first), [2, 1, 0]);
    }

    #[test]
    fn a_primary_stays_untouched_where_its_backup_failed() {
        let items = [
            item(0, &[]),
            item(0, &[]),
            item(0, &[1]),
            item(0, &[2]),
            item(0, &[]),
        ];
        let mut schedule = Schedule::new(&items, 0, 8, true);
        assert_eq!(runs(&items, &mut schedule, &[1], &mut first), [0, 1, 4]);
        assert_eq!(
            schedule.skipped(),
            [(2, SkipReason::Backup(1)), (3, SkipReason::Backup(2))]
        );
    }

    #[test]
    fn the_first_failure_stops_what_has_not_begun() {
        let items = [item(0, &[]), item(0, &[]), item(0, &[])];
        let mut schedule = Schedule::new(&items, 1, 8, false);
        assert_eq!(runs(&items, &mut schedule, &[0], &mut first), [0]);
        assert_eq!(
            schedule.skipped(),
            [(1, SkipReason::Stopped), (2, SkipReason::Stopped)]
        );
        let mut schedule = Schedule::new(&items, 1, 8, true);
        assert_eq!(runs(&items, &mut schedule, &[0], &mut first), [0, 1, 2]);
    }

    #[test]
    fn hosts_with_the_backups_of_each_other_are_both_done_and_never_at_once() {
        let items = [item(0, &[1]), item(0, &[0])];
        let mut schedule = Schedule::new(&items, 0, 8, false);
        assert_eq!(runs(&items, &mut schedule, &[], &mut first), [1, 0]);
    }

    #[test]
    fn lower_numbers_are_done_before_the_next_begin() {
        let items = [item(2, &[]), item(1, &[]), item(1, &[])];
        let mut schedule = Schedule::new(&items, 0, 8, false);
        assert_eq!(
            (
                schedule.begin_next(),
                schedule.begin_next(),
                schedule.begin_next()
            ),
            (Next::Start(1), Next::Start(2), Next::Wait)
        );
        schedule.finish(1, true);
        assert_eq!(schedule.begin_next(), Next::Wait);
        schedule.finish(2, true);
        assert_eq!(schedule.begin_next(), Next::Start(0));
    }

    #[test]
    fn any_inventory_in_any_course_of_events_keeps_the_rules() {
        // A linear congruential generator: the same inventories each time.
        let mut state = 7_u64;
        let mut chance = move |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).expect("31 bits") % below.max(1)
        };
        for _ in 0..3000 {
            let count = 1 + chance(9);
            let items: Vec<Item> = (0..count)
                .map(|host| {
                    let backups = (0..chance(3))
                        .map(|_| chance(count))
                        .filter(|other| *other != host);
                    let backups = backups.collect::<Vec<_>>();
                    item(i64::try_from(chance(3)).expect("small"), &backups)
                })
                .collect();
            let fails: Vec<usize> = (0..chance(3)).map(|_| chance(count)).collect();
            let keep_going = chance(2) == 0;
            let mut schedule = Schedule::new(&items, chance(3), 1 + chance(4), keep_going);
            let started = runs(&items, &mut schedule, &fails, &mut chance);
            if fails.is_empty() {
                assert_eq!(started.len(), count, "{items:?}");
            }
        }
    }
}
