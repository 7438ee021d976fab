//! One time limit for everything that an attempt does.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// When an attempt ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    end: Instant,
    limit: Duration,
}

/// The time was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Over;

impl Deadline {
    /// Ends after `limit`.
    pub(super) fn after(limit: Duration) -> Self {
        Self {
            end: Instant::now() + limit,
            limit,
        }
    }

    /// How long it was in all.
    pub(super) fn limit(&self) -> Duration {
        self.limit
    }

    /// What is left.
    pub(super) fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Waits for `work`, and drops it when the time is over.
    pub(super) async fn within<T>(&self, work: impl Future<Output = T>) -> Result<T, Over> {
        timeout_at(self.end, work).await.map_err(|_| Over)
    }
}
