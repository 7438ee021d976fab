//! How many names of all accounts wait to be proven: each is kept until it is, or has expired, so there is a bound, whoever asks.

use time::{Duration, OffsetDateTime};

use crate::acme::ProblemType;
use crate::engine::{Answer, Engine, Fault};

/// How long what was counted is gone by.
const RECOUNT: Duration = Duration::seconds(10);
/// After so long some may have been proven, or have expired.
const RETRY_SECONDS: i64 = 600;

/// What was counted, and what has come since.
#[derive(Debug, Default)]
pub(super) struct PendingNames {
    counted: Option<OffsetDateTime>,
    count: u64,
}

impl Engine {
    /// Whether so many more names can wait to be proven.
    ///
    /// # Errors
    /// `rateLimited`.
    pub(super) async fn expect_room_for_pending(&self, more: u64) -> Answer<()> {
        if more == 0 {
            return Ok(());
        }
        let now = self.clock.now();
        let mut pending = self.pending.lock().await;
        let is_recent = |counted: OffsetDateTime| (now - RECOUNT..=now).contains(&counted);
        if !pending.counted.is_some_and(is_recent) {
            let last = now + self.settings.order_lifetime;
            *pending = PendingNames {
                counted: Some(now),
                count: self.state.pending_authorizations(now, last).await?,
            };
        }
        let most = self.settings.most_pending;
        if pending.count + more > most {
            self.metrics.limited();
            return Err(Fault {
                retry_after: Some(RETRY_SECONDS),
                ..Fault::of(
                    ProblemType::RateLimited,
                    format!("{most} names wait to be proven on this server, and there is no room for more"),
                )
            });
        }
        pending.count += more;
        Ok(())
    }
}
