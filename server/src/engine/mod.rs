//! THE SERVER AT WORK. Joins the CA, the state and validation into what a client can ask for.

mod accounts;
mod admin;
mod authorizations;
mod ca;
mod caa;
mod certificates;
mod fault;
mod finalize;
mod issuer;
mod orders;
mod pending;
mod permitted;
mod postponed;
mod publish;
mod ready;
mod recorded;
mod responder;
mod schedule;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use time::{Duration, OffsetDateTime};
use tokio::sync::Notify;

use gsec_env::{Clock, Random};

use crate::acme::ProblemType;
use crate::domain::limits::{Bucket, Limit, Overrides};
use crate::domain::nonce::{self, NonceKey};
use crate::domain::{Account, Id};
use crate::notice::{Metrics, ServerLog};
use crate::state::{Charge, Charged, Kept, Outcome, State, Versioned, Write};
use crate::validate::{Queue, Rules};

pub use accounts::FoundAccount;
pub use admin::{ByIssuer, Change, Changed, ListedKey, MAX_AT_ONCE, NotChanged, administer};
pub use ca::{CaView, ViewError};
pub use certificates::{Download, Renewal, Revoker};
pub use fault::{Answer, Fault};
use pending::PendingNames;
use postponed::Postponed;
use ready::Readiness;

pub use pending::WaitingNames;
pub use ready::FullProfile;

pub use issuer::{Issuer, IssuerError, StartError, Wanted, Workshop};
pub use orders::ListedOrders;
pub use publish::Published;
pub use recorded::{Recorder, Recording};
pub use responder::{Asked, OcspResponder};

/// How long an attempt at a challenge, or at an order that was resumed, is left to whoever makes it: longer than it may wait, and take.
const ATTEMPT: Duration = Duration::seconds(120);
/// How often a change is tried again that another request came before.
const MAX_ATTEMPTS: usize = 16;

/// What the administrator has set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the terms of service are; there are none when `None`.
    pub terms: Option<String>,
    /// Whether accounts must agree again when the terms are at another place, before they order anything.
    pub must_agree_again: bool,
    /// Whether a new account needs a key of the administrator's.
    pub requires_external_account: bool,
    /// The profile of orders that name none.
    pub default_profile: String,
    /// Profiles that orders may name, each with its description; the default is one of them.
    pub profiles: Vec<(String, String)>,
    /// How long an order may be finalized, and a challenge be proven.
    pub order_lifetime: Duration,
    /// How long a proof counts.
    pub authorization_lifetime: Duration,
    /// Rates that are not the default ones.
    pub overrides: Overrides,
    /// The most names that all accounts together have to prove.
    pub most_pending: u64,
}

/// All URLs of an account: one below each name of the server.
pub type AccountUrls = Arc<dyn Fn(&Id) -> Vec<String> + Send + Sync>;

/// The server at work.
pub struct Engine {
    state: Arc<dyn State>,
    issuer: Issuer,
    ca: Arc<CaView>,
    responder: OcspResponder,
    rules: Rules,
    account_urls: AccountUrls,
    queue: Queue,
    settings: Settings,
    clock: Arc<dyn Clock + Send + Sync>,
    new_random: fn() -> Box<dyn Random>,
    metrics: Arc<Metrics>,
    log: ServerLog,
    nonce_key: NonceKey,
    /// Something was revoked.
    revoked: Notify,
    /// Something was revoked, here or beside the server, and the records say so.
    revocation_seen: Notify,
    /// The orders whose certificates this process is issuing: none is taken up again for being slow.
    in_hand: Mutex<HashSet<Id>>,
    ask_signer: AskSigner,
    /// What was found when it was last looked whether it can issue.
    readiness: tokio::sync::Mutex<Readiness>,
    /// Names that are to be proven, as they were counted last and have come since.
    pending: tokio::sync::Mutex<PendingNames>,
    /// Orders that could not be issued when their turn came.
    postponed: Mutex<Postponed>,
}

/// Says whether the signer would seal the next line of the log, by what tells its journal from another; why not, where it would not. It may wait for
/// a moment.
pub type AskSigner = Arc<dyn Fn() -> Result<String, String> + Send + Sync>;

/// What an engine is made of.
pub struct Parts {
    /// What the server remembers.
    pub state: Arc<dyn State>,
    /// What issues.
    pub issuer: Issuer,
    /// The CA, to be looked at.
    pub ca: Arc<CaView>,
    /// Who answers OCSP requests.
    pub responder: OcspResponder,
    /// What may be connected to.
    pub rules: Rules,
    /// The URLs of an account.
    pub account_urls: AccountUrls,
    /// What the administrator has set.
    pub settings: Settings,
    /// The clock.
    pub clock: Arc<dyn Clock + Send + Sync>,
    /// Randomness.
    pub new_random: fn() -> Box<dyn Random>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// The log.
    pub log: ServerLog,
    /// The way to the signer, for those who say how things are.
    pub ask_signer: AskSigner,
}

impl Engine {
    /// Puts it together.
    ///
    /// # Errors
    /// What the state says.
    pub async fn new(parts: Parts) -> Answer<Arc<Self>> {
        let Parts {
            state,
            issuer,
            ca,
            responder,
            rules,
            account_urls,
            settings,
            clock,
            new_random,
            metrics,
            log,
            ask_signer,
        } = parts;
        let mut bits = zeroize::Zeroizing::new([0; 32]);
        new_random().fill(bits.as_mut_slice());
        let nonce_key = state.nonce_key(NonceKey::new(bits)).await?;
        Ok(Arc::new(Self {
            state,
            issuer,
            ca,
            responder,
            rules,
            account_urls,
            queue: Queue::default(),
            settings,
            clock,
            new_random,
            metrics,
            log,
            nonce_key,
            revoked: Notify::new(),
            revocation_seen: Notify::new(),
            in_hand: Mutex::default(),
            ask_signer,
            readiness: tokio::sync::Mutex::default(),
            pending: tokio::sync::Mutex::default(),
            postponed: Mutex::default(),
        }))
    }

    /// What the administrator has set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The issuer domain names of this CA in CAA records; none where no CAA records are looked at.
    pub fn issuer_names(&self) -> Vec<String> {
        self.rules.issuer_names()
    }

    /// The CA, to be looked at.
    pub fn ca(&self) -> &CaView {
        &self.ca
    }

    /// What is counted.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The log.
    pub fn log(&self) -> &ServerLog {
        &self.log
    }

    /// What the server remembers.
    pub fn state(&self) -> &dyn State {
        &*self.state
    }

    /// Now.
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// A nonce that nobody had.
    pub fn new_nonce(&self) -> String {
        let mut random = [0; nonce::RANDOM_OCTETS];
        (self.new_random)().fill(&mut random);
        nonce::make(&self.nonce_key, self.clock.now(), random)
    }

    /// Takes a nonce back, once.
    ///
    /// # Errors
    /// `badNonce`, with which a client tries again (RFC 8555 §6.5).
    pub async fn redeem(&self, text: &str) -> Answer<()> {
        let bad = |why: &str| Fault::of(ProblemType::BadNonce, why);
        let nonce =
            nonce::check(&self.nonce_key, text, self.clock.now()).map_err(|fault| bad(&fault.to_string()))?;
        match self.state.redeem(vec![nonce]).await?.as_slice() {
            [true] => Ok(()),
            _ => Err(bad("the nonce was used before")),
        }
    }

    /// A new id: of what is kept, or of a request.
    pub fn new_id(&self) -> Id {
        let mut random = (self.new_random)();
        Id::from_random(&mut |out| random.fill(out))
    }

    /// Counts something in buckets, each under the limit it is about.
    async fn count(&self, buckets: &[(Bucket, Limit)], account: Option<&Account>) -> Answer<()> {
        self.charge(buckets, account, false).await
    }

    /// Looks whether there is room in buckets, and takes nothing.
    async fn expect_room(&self, buckets: &[(Bucket, Limit)], account: Option<&Account>) -> Answer<()> {
        self.charge(buckets, account, true).await
    }

    async fn charge(
        &self,
        buckets: &[(Bucket, Limit)],
        account: Option<&Account>,
        is_look: bool,
    ) -> Answer<()> {
        let rate = |limit| {
            let id = account.map(|account| &account.id);
            let external = account.and_then(|account| account.external.as_ref());
            self.settings.overrides.rate(limit, id, external)
        };
        let charges = buckets
            .iter()
            .map(|(bucket, limit)| Charge {
                bucket: *bucket,
                rate: rate(*limit),
                is_look,
            })
            .collect();
        match self.state.charge(charges, self.clock.now()).await? {
            Charged::Counted => Ok(()),
            Charged::Refused { index, retry_after } => {
                self.metrics.limited();
                let limit = buckets.get(index).map(|(_, limit)| limit.exceeded());
                Err(Fault::too_often(
                    limit.unwrap_or("too many requests"),
                    retry_after,
                ))
            }
        }
    }

    /// Changes an item, again and again where another request came before; an unchanged one is not written.
    async fn updated<T: Kept + Clone + PartialEq>(
        &self,
        mut found: Versioned<T>,
        change: impl Fn(T) -> Answer<T>,
    ) -> Answer<Versioned<T>> {
        for _ in 0..MAX_ATTEMPTS {
            let changed = change(found.value.clone())?;
            if changed == found.value {
                return Ok(found);
            }
            let write = Write::new().replace(changed.clone(), found.version);
            match self.state.write_one(write).await? {
                Outcome::Written => {
                    return Ok(Versioned {
                        version: found.version.next(),
                        value: changed,
                    });
                }
                Outcome::Refused(_) => {
                    let key = found.value.into_item().key();
                    found = self
                        .state
                        .get::<T>(&key.id)
                        .await?
                        .ok_or_else(|| Fault::not_found("resource"))?;
                }
            }
        }
        Err(Fault::unavailable("too many requests change the same at once"))
    }
}
