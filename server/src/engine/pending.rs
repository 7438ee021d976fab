//! How many names of all accounts wait to be proven: each is kept until it is, or has expired, so there is a bound, whoever asks. No account takes
//! more of it than its share: else one that proves nothing would keep all others out.

use std::collections::HashMap;

use time::{Duration, OffsetDateTime};

use crate::acme::ProblemType;
use crate::domain::{Account, Id};
use crate::engine::{Answer, Engine, Fault};
use crate::state::{MAX_PAGE, Write};

/// How long what was counted is gone by.
const RECOUNT: Duration = Duration::seconds(10);
/// After so long some may have been proven, or have expired.
const RETRY_SECONDS: i64 = 600;
/// One account may have this part of the bound.
const ACCOUNTS: u64 = 10;

/// What was counted, and what has come since.
#[derive(Debug, Default)]
pub(super) struct PendingNames {
    counted: Option<OffsetDateTime>,
    count: u64,
    /// Of those accounts that have asked since.
    of_accounts: HashMap<Id, u64>,
}

/// How many names wait to be proven, and how many may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingNames {
    /// Those of accounts that have not ended.
    pub count: u64,
    /// The bound.
    pub most: u64,
}

impl Engine {
    /// Whether so many more names of an account can wait to be proven.
    ///
    /// # Errors
    /// `rateLimited`.
    pub(super) async fn expect_room_for_pending(&self, account: &Account, more: u64) -> Answer<()> {
        if more == 0 {
            return Ok(());
        }
        let now = self.clock.now();
        let mut pending = self.pending.lock().await;
        let is_recent = |counted: OffsetDateTime| (now - RECOUNT..=now).contains(&counted);
        if !pending.counted.is_some_and(is_recent) {
            *pending = PendingNames {
                counted: Some(now),
                count: self.count_pending(None).await?,
                of_accounts: HashMap::new(),
            };
        }
        let most = self.settings.most_pending;
        let share = (most / ACCOUNTS).max(1);
        let held = match pending.of_accounts.get(&account.id) {
            Some(held) if held + more <= share => *held,
            // What it has proven since is not held against it.
            _ => self.count_pending(Some(account.id.clone())).await?,
        };
        if held + more > share {
            return Err(self.too_many_wait(format!(
                "{held} names of this account wait to be proven, and at most {share} may: there is no room for {more} more"
            )));
        }
        if pending.count + more > most {
            return Err(self.too_many_wait(format!(
                "{most} names wait to be proven on this server, and there is no room for more"
            )));
        }
        pending.count += more;
        pending.of_accounts.insert(account.id.clone(), held + more);
        Ok(())
    }

    fn too_many_wait(&self, detail: String) -> Fault {
        self.metrics.limited();
        Fault {
            retry_after: Some(RETRY_SECONDS),
            ..Fault::of(ProblemType::RateLimited, detail)
        }
    }

    async fn count_pending(&self, account: Option<Id>) -> Answer<u64> {
        let now = self.clock.now();
        let last = now + self.settings.order_lifetime;
        Ok(self.state.pending_authorizations(account, now, last).await?)
    }

    /// How many names wait to be proven.
    ///
    /// # Errors
    /// Status 503.
    pub async fn waiting_names(&self) -> Answer<WaitingNames> {
        Ok(WaitingNames {
            count: self.count_pending(None).await?,
            most: self.settings.most_pending,
        })
    }

    /// What an account that has ended waits for is not waited for any more (RFC 8555 §7.3.6), and others have its room.
    ///
    /// # Errors
    /// Status 503.
    pub(super) async fn give_up_names(&self, account: &Id) -> Answer<()> {
        let (now, mut after) = (self.clock.now(), None);
        loop {
            let page = self.state.pending_authorizations_of(account.clone(), after, now);
            let page = page.await?;
            let (count, last) = (page.len(), page.last().map(|found| found.value.id.clone()));
            let writes = page.into_iter().map(|found| -> Answer<Write> {
                let ended = found.value.deactivated(now)?;
                Ok(Write::new().replace(ended, found.version))
            });
            // One that an attempt changes meanwhile ends with it.
            self.state.write(writes.collect::<Answer<_>>()?).await?;
            after = last;
            if count < MAX_PAGE as usize {
                break;
            }
        }
        *self.pending.lock().await = PendingNames::default();
        Ok(())
    }
}
