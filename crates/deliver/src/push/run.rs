//! Several hosts at the same time, as the order allows it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::order::{Next, Schedule};
use gsec_env::parallel_map;

/// How often it is asked whether a signal came while nothing ends.
const TICK: Duration = Duration::from_millis(200);

/// Runs `work` for each host that the schedule lets start, with at most `workers` threads. It says whether all went well. After `is_interrupted`
/// nothing more is begun. Returns the schedule, which knows what was left out.
pub fn run(
    schedule: Schedule,
    workers: usize,
    is_interrupted: &(dyn Fn() -> bool + Sync),
    work: &(dyn Fn(usize) -> bool + Sync),
) -> Schedule {
    let shared = (Mutex::new(schedule), Condvar::new());
    let locked = || -> MutexGuard<'_, Schedule> { shared.0.lock().unwrap_or_else(PoisonError::into_inner) };
    let wait = |guard| {
        let (guard, _) = shared
            .1
            .wait_timeout(guard, TICK)
            .unwrap_or_else(PoisonError::into_inner);
        guard
    };
    let next = || {
        let mut schedule = locked();
        loop {
            if is_interrupted() {
                schedule.stop();
            }
            match schedule.begin_next() {
                Next::Start(host) => return Some(host),
                Next::End => return None,
                Next::Wait => schedule = wait(schedule),
            }
        }
    };
    let work_on = |_| {
        while let Some(host) = next() {
            let is_success = work(host);
            locked().finish(host, is_success);
            shared.1.notify_all();
        }
    };
    parallel_map(workers, workers, work_on);
    shared.0.into_inner().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::order::Item;
    use super::*;

    #[test]
    fn every_host_is_done_once() {
        let items = vec![Item::default(); 20];
        let done: Vec<AtomicUsize> = items.iter().map(|_| AtomicUsize::new(0)).collect();
        let schedule = run(Schedule::new(&items, 1, 4, false), 4, &|| false, &|host| {
            done[host].fetch_add(1, Ordering::SeqCst);
            true
        });
        assert!(done.iter().all(|count| count.load(Ordering::SeqCst) == 1));
        assert!(schedule.skipped().is_empty());
    }

    #[test]
    fn after_an_interruption_nothing_begins() {
        let items = vec![Item::default(); 5];
        let begun = AtomicUsize::new(0);
        let schedule = run(
            Schedule::new(&items, 1, 4, false),
            4,
            &|| begun.load(Ordering::SeqCst) > 0,
            &|_| {
                begun.fetch_add(1, Ordering::SeqCst);
                true
            },
        );
        assert_eq!((begun.load(Ordering::SeqCst), schedule.skipped().len()), (1, 4));
    }
}
