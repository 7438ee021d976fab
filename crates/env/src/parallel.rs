//! Work for several threads.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{Builder, available_parallelism, scope};

/// How many threads can run at once on this machine; 1 when the system does not say.
pub fn cores() -> usize {
    all_cores().get()
}

/// The same, as a number that is never 0. It is looked up once.
pub fn all_cores() -> NonZero<usize> {
    static CORES: OnceLock<NonZero<usize>> = OnceLock::new();
    *CORES.get_or_init(|| available_parallelism().unwrap_or(NonZero::<usize>::MIN))
}

/// Runs `work` for 0 to `count`, with at most `workers` threads; the results are in order.
pub fn parallel_map<T: Send>(workers: usize, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if workers <= 1 || count <= 1 {
        return (0..count).map(work).collect();
    }
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(count)));
    let work_on = || {
        let mut own = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            own.push((index, work(index)));
        }
        done.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .append(&mut own);
    };
    scope(|scope| {
        for _ in 1..workers.min(count) {
            // If more threads cannot be started, those that there are do all the work.
            if Builder::new().spawn_scoped(scope, work_on).is_err() {
                break;
            }
        }
        work_on();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_the_number_of_threads() {
        for workers in [0, 1, 2, 7, 100] {
            assert_eq!(
                parallel_map(workers, 50, |index| index * index),
                (0..50).map(|index| index * index).collect::<Vec<_>>()
            );
        }
        assert!(parallel_map(4, 0, |index| index).is_empty());
    }
}
