//! Gets what waits to the sinks, each by itself: one that is down keeps no other waiting.

use std::time::{Duration, Instant};

use gsec_env::{Clock, Programs};

use super::{OutletError, Store, StoreError, open};
use crate::alarm::Sink;

/// So many events that a sink refuses are tried in one go.
const MAX_REFUSED: u32 = 16;

/// How patient a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long it may take; an attempt that has begun is finished.
    pub time: Duration,
    /// Whether what failed a moment ago is tried again all the same.
    pub tries_all: bool,
}

/// What came of it for one sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The sink.
    pub sink: String,
    /// How many events it has got.
    pub sent: u64,
    /// Why the last attempt failed, where one did.
    pub problem: Option<String>,
}

/// Delivers to all sinks at once.
///
/// # Errors
/// [`StoreError`]. A sink that is down is no error.
pub fn deliver(
    store: &Store,
    sinks: &[Sink],
    clock: &(dyn Clock + Sync),
    programs: &'static dyn Programs,
    patience: Patience,
) -> Result<Vec<Delivered>, StoreError> {
    let stores: Vec<Store> = sinks.iter().map(|_| store.again()).collect::<Result<_, _>>()?;
    std::thread::scope(|scope| {
        let work: Vec<_> = sinks
            .iter()
            .zip(stores)
            .map(|(sink, store)| scope.spawn(move || to_one(store, sink, clock, programs, patience)))
            .collect();
        work.into_iter()
            .map(|work| {
                work.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

fn to_one(
    mut store: Store,
    sink: &Sink,
    clock: &dyn Clock,
    programs: &'static dyn Programs,
    patience: Patience,
) -> Result<Delivered, StoreError> {
    let mut delivered = Delivered {
        sink: sink.name.clone(),
        sent: 0,
        problem: None,
    };
    let end = Instant::now() + patience.time;
    let due_by = match patience.tries_all {
        true => i64::MAX,
        false => clock.now().unix_timestamp(),
    };
    let site_id = store.site_id()?;
    let (mut after, mut refused, mut outlet) = (0, 0, None);
    while Instant::now() < end && refused < MAX_REFUSED {
        let Some(event) = store.next(&sink.name, due_by, after)? else {
            break;
        };
        after = event.number;
        let sent = match &mut outlet {
            Some(outlet) => Ok(outlet),
            none => open(sink, &site_id, programs).map(|opened| none.insert(opened)),
        };
        match sent.and_then(|outlet| outlet.send(&event)) {
            Ok(()) => {
                store.done(&sink.name, event.number)?;
                delivered.sent += 1;
            }
            Err(error) => {
                store.failed(&sink.name, event.number, &error, clock.now().unix_timestamp())?;
                delivered.problem = Some(gsec_pki::encoding::visible::visible(&error.to_string()));
                match error {
                    OutletError::Refused(_) => refused += 1,
                    OutletError::Down(_) | OutletError::File { .. } => break,
                }
            }
        }
    }
    Ok(delivered)
}
