//! Whether the server can do its work, for those who watch it: all that issuing needs is looked at, and nothing is said of what was not.

use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration as Wait, Instant};

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tokio::time::timeout;

use crate::domain::Id;
use crate::engine::postponed::Postponed;
use crate::engine::{Answer, Engine, Fault, IssuerError};
use gsec_ca::files::disk_space;
use gsec_pki::x509::rfc3339;

/// How long an answer counts: whoever asks again and again must not keep the disk busy.
const COUNTS: Wait = Wait::from_secs(2);
/// With less room than this nothing is issued that leaves room to revoke it.
const MIN_ROOM_BYTES: u64 = 128 * 1024;
/// So many files a certificate takes, and what is staged beside it.
const MIN_FREE_FILES: u64 = 16;
/// What is due for so long was forgotten, or the server has too much to do.
const OVERDUE: Duration = Duration::minutes(10);
/// How many of each kind are counted.
const MAX_OVERDUE: u32 = 1000;
/// The names of settings: which journal the signer has, and when that was found to be another one.
const JOURNAL: &str = "signer_journal";
const JOURNAL_CHANGED: &str = "signer_journal_changed";

/// What was found, and when.
#[derive(Default)]
pub(super) struct Readiness(Option<(Instant, Answer<Vec<FullProfile>>)>);

/// A profile of which the signer signs no more in this hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullProfile {
    /// Its name.
    pub profile: String,
    /// So many in an hour.
    pub max_per_hour: u32,
    /// When there is room for more (RFC 3339).
    pub room_at: String,
}

impl Engine {
    /// Whether the server can issue: what it remembers can be written, the CA directory too and has room, the CA and its policy are in order, this
    /// machine's clock is not behind the log, the signer would seal the next line, and no order waits that the server itself could not issue. Which
    /// profiles have to wait all the same, says the answer.
    ///
    /// # Errors
    /// Status 503, with what keeps it.
    pub async fn expect_ready(&self) -> Answer<Vec<FullProfile>> {
        let mut known = self.readiness.lock().await;
        if let Some((at, found)) = &known.0
            && at.elapsed() < COUNTS
        {
            return found.clone();
        }
        let found = match self.looked_for_readiness().await {
            Ok(()) => self.full_profiles().await,
            Err(fault) => Err(fault),
        };
        known.0 = Some((Instant::now(), found.clone()));
        found
    }

    async fn looked_for_readiness(&self) -> Answer<()> {
        let now = self.clock.now();
        // Each time another value: one that is there already needs no room.
        self.state.set_setting("ready".into(), Some(rfc3339(now))).await?;
        let looked = self.ca.look(move |ca| {
            ca.expect_ready(now).map_err(|error| error.to_string())?;
            // Each may be a disk of its own.
            let home = ca.directory();
            let full = [home.conf(), home.repository()].into_iter().find_map(|folder| {
                let space = disk_space(&folder)?;
                let full =
                    |left: String| format!("the disk of {} is full: {left} are free", folder.display());
                match space.free_files {
                    _ if space.free_octets < MIN_ROOM_BYTES => {
                        Some(full(format!("{} bytes", space.free_octets)))
                    }
                    Some(files) if files < MIN_FREE_FILES => Some(full(format!("{files} inodes"))),
                    _ => None,
                }
            });
            full.map_or(Ok(()), Err)
        });
        looked.await?.map_err(Fault::unavailable)?;
        let ask = self.ask_signer.clone();
        let journal = tokio::task::spawn_blocking(move || ask())
            .await
            .map_err(|error| Fault::unavailable(error.to_string()))?
            .map_err(Fault::unavailable)?;
        self.note_journal(journal, now).await?;
        // What nobody thought of to look at.
        let told = |(cause, again_at)| {
            format!(
                "an order could not be issued, and is tried again at {}: {cause}",
                rfc3339(again_at)
            )
        };
        let told = self.postponed().cause().map(told);
        told.map_or(Ok(()), |told| Err(Fault::unavailable(told)))
    }

    /// The profiles that have reached their `max_per_hour`.
    async fn full_profiles(&self) -> Answer<Vec<FullProfile>> {
        let names = self.ca.look(|ca| {
            let policy = ca.policy().map_err(|error| error.to_string())?;
            let names = policy.profiles().map(|profile| profile.name.clone());
            Ok(names.collect::<Vec<String>>())
        });
        let mut full = Vec::new();
        for name in names.await?.map_err(|error: String| Fault::unavailable(error))? {
            match timeout(COUNTS, self.issuer.expect_room(&name)).await {
                Ok(Err(IssuerError::Limited {
                    profile,
                    most,
                    again_in,
                })) => full.push(FullProfile {
                    profile,
                    max_per_hour: most,
                    room_at: rfc3339(self.clock.now() + Duration::seconds(again_in.into())),
                }),
                Ok(room) => room?,
                // It is busy with what takes long, and nobody waits for that to learn whether it lives.
                Err(_) => break,
            }
        }
        Ok(full)
    }

    /// A signer whose journal is lost begins another one, and forgets what it has signed: that is remembered here, where the journal is not.
    async fn note_journal(&self, journal: String, now: OffsetDateTime) -> Answer<()> {
        let known = self.state.setting(JOURNAL.into()).await?;
        if journal.is_empty() || known.as_ref() == Some(&journal) {
            return Ok(());
        }
        if known.is_some() {
            self.state
                .set_setting(JOURNAL_CHANGED.into(), Some(rfc3339(now)))
                .await?;
            self.tell(
                "the signer's journal",
                &Fault::unavailable("it is another one than before"),
            );
        }
        Ok(self.state.set_setting(JOURNAL.into(), Some(journal)).await?)
    }

    /// When the signer was found to have another journal than before; `None` where it never was.
    ///
    /// # Errors
    /// Status 503.
    pub async fn journal_changed(&self) -> Answer<Option<String>> {
        Ok(self.state.setting(JOURNAL_CHANGED.into()).await?)
    }

    /// Notes that an order could not be issued when its turn came; whether that was noted of it before.
    pub(super) fn note_postponed(&self, order: &Id, fault: &Fault, again_at: OffsetDateTime) -> bool {
        let now = self.clock.now();
        self.postponed().postpone(order, fault, now, again_at)
    }

    /// Notes that an order has ended, with a certificate or without.
    pub(super) fn note_ended(&self, order: &Id, is_issued: bool) {
        self.postponed().end(order, is_issued);
    }

    fn postponed(&self) -> MutexGuard<'_, Postponed> {
        self.postponed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Challenges and orders that should have been taken up long ago, and orders that cannot be issued since then; of very many not all are counted.
    ///
    /// # Errors
    /// Status 503.
    pub async fn overdue(&self) -> Answer<u64> {
        let before = self.clock.now() - OVERDUE;
        let due = self.state.due(before, MAX_OVERDUE).await?;
        let count = due.authorizations.len() + due.orders.len() + self.postponed().before(before);
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }
}
