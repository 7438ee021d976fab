//! Finalizing orders (RFC 8555 §7.4): from a request to its certificate, also after the server was stopped in between.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};

use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::acme::{CertificateId, Jwk, ProblemType, expect_request_fits};
use crate::domain::{
    Account, AccountStatus, Allowed, Authorization, Id, Identifier, Order, OrderStatus, Validation,
};
use crate::engine::certificates::unreadable;
use crate::engine::permitted::{order_of_names, profile_days};
use crate::engine::{ATTEMPT, Answer, Engine, Fault, IssuerError, Wanted};
use crate::notice::Ended;
use crate::state::{Outcome, Versioned, Write};
use gsec_ca::authority::{HostKey, HostOrder, Names};
use gsec_ca::records::REQUEST_ID;
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{Certificate, CertificateRequest, Lifetime};

/// How long an order that is being issued is left to whoever issues it.
const IN_HAND: Duration = Duration::seconds(60);
/// How soon, and how late, an order is tried again that could not be issued.
const MIN_WAIT: Duration = Duration::seconds(5);
const MAX_WAIT: Duration = Duration::seconds(120);
/// So long a client waits for its certificate; then it asks again.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

/// Whether a client still waits for the answer to its request, or was told that its order is processing: one of both, whoever is first.
pub(super) struct Waiting(AtomicBool);

impl Waiting {
    /// A client waits.
    fn client() -> Arc<Self> {
        Arc::new(Self(AtomicBool::new(true)))
    }

    /// Nobody waits.
    pub(super) fn nobody() -> Arc<Self> {
        Arc::new(Self(AtomicBool::new(false)))
    }

    /// True for the first who asks where a client waits: the answer is the caller's to give.
    fn is_taken(&self) -> bool {
        self.0.swap(false, Ordering::SeqCst)
    }
}

/// An order that is in the hand of this process.
pub(super) struct InHand {
    engine: Arc<Engine>,
    order: Id,
}

impl Drop for InHand {
    fn drop(&mut self) {
        let mut in_hand = self.engine.in_hand.lock().unwrap_or_else(PoisonError::into_inner);
        in_hand.remove(&self.order);
    }
}

impl Engine {
    /// Finalizes an order (RFC 8555 §7.4): the certificate is there when it comes back as valid, and comes soon when it is processing. The id of the
    /// request is in every log on its way.
    ///
    /// # Errors
    /// `orderNotReady`, `badCSR`, `unauthorized`, and what [`Engine::new_order`] can say: what was granted then may not be any more.
    pub async fn finalize(
        self: &Arc<Self>,
        account: &Account,
        account_key: &PublicKey,
        id: &Id,
        request: CertificateRequest,
        request_id: &Id,
    ) -> Answer<Order> {
        let now = self.clock.now();
        let (found, authorizations) = self.followed(account, id).await?;
        if found.value.status() != OrderStatus::Ready {
            return Err(not_ready(&found.value, now));
        }
        expect_request_fits(&request, &found.value.asked.identifiers, account_key)?;
        self.expect_no_account_key(request.public_key()).await?;
        let asked = &found.value.asked;
        let profile = self.profile(asked.profile.as_deref())?;
        let lifetime = asked.not_after.map(|end| end - now);
        let allowed = self
            .allowed(account, &asked.identifiers, profile, lifetime)
            .await?;
        expect_proofs(&asked.identifiers, &authorizations, &allowed)?;
        self.expect_lifetime(asked.not_after, profile, &allowed).await?;
        self.expect_caa(account, &asked.identifiers, &authorizations)
            .await?;
        self.expect_signed_soon(profile).await?;
        let Some(hand) = self.hand_for(id) else {
            return Err(not_ready(&found.value, now));
        };
        let order = found
            .value
            .finalizing(request.der().to_vec(), &authorizations, now, now + IN_HAND)?
            .finalized_by(request_id.clone());
        match self
            .state
            .write_one(Write::new().replace(order.clone(), found.version))
            .await?
        {
            Outcome::Written => {}
            Outcome::Refused(_) => return self.order(account, id).await,
        }
        // The certificate is made even if the client goes away meanwhile.
        let engine = self.clone();
        let in_hand = Versioned {
            version: found.version.next(),
            value: order.clone(),
        };
        let waiting = Waiting::client();
        let waits = waiting.clone();
        let mut made = tokio::spawn(async move { engine.make(in_hand, hand, false, &waits).await });
        let made = match tokio::time::timeout(PATIENCE, &mut made).await {
            Ok(made) => made,
            Err(_) if waiting.is_taken() => return Ok(order),
            // It has an answer for the client, and is about to write it.
            Err(_) => made.await,
        };
        made.unwrap_or_else(|error| Err(Fault::unavailable(error.to_string())))
    }

    /// The order stays ready where the signer has signed as many certificates of the profile as it does in an hour.
    async fn expect_signed_soon(&self, profile: &str) -> Answer<()> {
        let name = profile.to_owned();
        let is_limited = self.ca.look(move |ca| {
            let most = ca.policy().ok().and_then(|policy| policy.max_per_hour(&name));
            most.is_some()
        });
        if !is_limited.await? {
            return Ok(());
        }
        let room = self.issuer.expect_room(profile).await;
        if matches!(room, Err(IssuerError::Limited { .. })) {
            self.metrics.limited();
        }
        Ok(room?)
    }

    /// A key signs for an account or for a host, and not for both: what one of them signs could pass for the other's (RFC 8555 §11.1).
    async fn expect_no_account_key(&self, key: &PublicKey) -> Answer<()> {
        let Some(jwk) = Jwk::of(key) else {
            return Ok(());
        };
        match self.state.account_by_thumbprint(jwk.thumbprint()).await? {
            Some(_) => Err(Fault::of(
                ProblemType::BadCsr,
                "the key of the CSR is the key of an account: a certificate needs one of its own",
            )),
            None => Ok(()),
        }
    }

    /// Takes an order in hand, unless this process has it in hand already.
    pub(super) fn hand_for(self: &Arc<Self>, order: &Id) -> Option<InHand> {
        let mut in_hand = self.in_hand.lock().unwrap_or_else(PoisonError::into_inner);
        in_hand.insert(order.clone()).then(|| InHand {
            engine: self.clone(),
            order: order.clone(),
        })
    }

    /// Issues the certificate of an order that is in hand. `was_lost` says that somebody may have issued it before.
    ///
    /// # Errors
    /// `rateLimited` where the signer signs no more now and a client waits for the answer: the order is ready again.
    pub(super) async fn make(
        &self,
        order: Versioned<Order>,
        hand: InHand,
        was_lost: bool,
        waiting: &Waiting,
    ) -> Answer<Order> {
        let now = || self.clock.now();
        let mut limited = None;
        let mut was_postponed = false;
        let after = match self.issue(&order.value, was_lost).await {
            Ok((serial, ends)) => order.value.clone().issued(serial, ends)?,
            Err(fault) if fault.is_rate_limit() && waiting.is_taken() => {
                let ready = order.value.clone().given_back()?;
                return self
                    .given_back(Write::new().replace(ready, order.version), hand, fault)
                    .await;
            }
            Err(fault) if fault.retry_after.is_some() && now() < order.value.expires() => {
                let again_at = again_at(&order.value, &fault, now());
                was_postponed = self.note_postponed(&order.value.id, &fault, again_at);
                match fault.is_rate_limit() {
                    true => limited = Some(fault),
                    false => self.tell("an order", &fault),
                }
                order.value.clone().put_back(again_at)?
            }
            Err(fault) => {
                if fault.cause.is_some() {
                    self.tell("an order", &fault);
                }
                order.value.clone().failed(fault.problem.to_json())?
            }
        };
        let profile = after
            .asked
            .profile
            .as_deref()
            .unwrap_or(&self.settings.default_profile);
        let outcome = match after.status() {
            OrderStatus::Valid => "valid",
            OrderStatus::Invalid => "invalid",
            _ => "postponed",
        };
        self.metrics.order_ended(profile, outcome);
        if outcome != "postponed" {
            self.note_ended(&after.id, outcome == "valid");
        }
        // A limit that lasts for hours is told once of each order.
        if limited.is_none() || !was_postponed {
            if let Some(fault) = &limited {
                self.tell("an order", fault);
            }
            self.log.ended(Ended {
                event: "order",
                kind: profile,
                outcome,
                account: after.asked.account.as_str(),
                names: after.asked.identifiers.iter().map(ToString::to_string).collect(),
                serial: after.serial(),
                request: after.request_id().map(Id::as_str),
                problem: after.problem(),
            });
        }
        let write = Write::new().replace(after.clone(), order.version);
        let written = self.state.write_one(write).await?;
        drop(hand);
        match written {
            Outcome::Written => Ok(after),
            Outcome::Refused(_) => {
                let now = self.state.get::<Order>(&order.value.id).await?;
                Ok(now.ok_or_else(|| Fault::not_found("order"))?.value)
            }
        }
    }

    /// The answer to a client whose order is ready again.
    async fn given_back(&self, write: Write, hand: InHand, fault: Fault) -> Answer<Order> {
        self.metrics.limited();
        let written = self.state.write_one(write).await;
        drop(hand);
        written?;
        Err(fault)
    }

    /// In how many seconds an order that is being issued may have its certificate, where that is known: it waits for room in the signer's hour.
    pub fn issued_in(&self, order: &Order) -> Option<u64> {
        let left = order.lost_at()? - self.clock.now();
        // Whoever has it in hand takes no longer.
        (left > ATTEMPT).then(|| left.whole_seconds().unsigned_abs())
    }

    /// Tells the server's own log what clients are not told.
    pub fn tell(&self, what: &'static str, fault: &Fault) {
        self.log.fault(what, fault.told());
    }

    /// Serial number, in lower case, and end of the certificate of an order.
    async fn issue(&self, order: &Order, was_lost: bool) -> Answer<(String, OffsetDateTime)> {
        let bytes = order.request().unwrap_or_default();
        let request = CertificateRequest::from_der(bytes)
            .map_err(|error| Fault::of(ProblemType::BadCsr, error.to_string()))?;
        if was_lost && let Some(issued) = self.issued_before(order, &request).await? {
            return Ok(issued);
        }
        let account = self.state.get::<Account>(&order.asked.account).await?;
        let account = account.ok_or_else(|| Fault::not_found("account"))?.value;
        // An order that was put back may be tried again hours later.
        if account.status() != AccountStatus::Valid {
            return Err(Fault::of(
                ProblemType::Unauthorized,
                format!("the account is {}", account.status().word()),
            ));
        }
        let profile = self.profile(order.asked.profile.as_deref())?.to_owned();
        let lifetime = order.asked.not_after.map(|end| end - self.clock.now());
        let allowed = self
            .allowed(&account, &order.asked.identifiers, &profile, lifetime)
            .await?;
        if was_lost {
            let authorizations = self
                .state
                .get_each::<Authorization>(&order.asked.authorizations)
                .await?;
            let authorizations = authorizations.into_iter().flatten().map(|found| found.value);
            let authorizations: Vec<Authorization> = authorizations.collect();
            expect_proofs(&order.asked.identifiers, &authorizations, &allowed)?;
            self.expect_lifetime(order.asked.not_after, &profile, &allowed)
                .await?;
            self.expect_caa(&account, &order.asked.identifiers, &authorizations)
                .await?;
        }
        let replaces = match order.asked.replaces.as_deref().and_then(CertificateId::parse) {
            Some(id) => self
                .ca
                .look(move |ca| ca.issued_certificate(&id.serial()))
                .await?
                .map_err(|error| unreadable(&error))?,
            None => None,
        };
        let order_of_host = HostOrder {
            lifetime: self.lifetime(order, &profile, &allowed).await?,
            replaces: replaces.map(Box::new),
            ..host_order(&order.asked.identifiers, request, &profile)
        };
        let mut facts = vec![
            ("acme_account", Value::from(account.id.as_str())),
            ("acme_order", order.id.as_str().into()),
        ];
        if let Some(request) = order.request_id() {
            facts.push((REQUEST_ID, request.as_str().into()));
        }
        if let Some(external) = &account.external {
            facts.push(("external_account", external.as_str().into()));
        }
        let wanted = Wanted {
            order: order_of_host,
            facts,
            is_own: false,
        };
        let issued = self.issuer.issue(wanted).await?;
        Ok((
            issued.serial.to_string().to_ascii_lowercase(),
            issued.certificate.not_after(),
        ))
    }

    /// The certificate that was issued for an order before its server stopped: of the same key and names, later than the order, and not revoked.
    async fn issued_before(
        &self,
        order: &Order,
        request: &CertificateRequest,
    ) -> Answer<Option<(String, OffsetDateTime)>> {
        let (key, created, now) = (request.public_key().clone(), order.created, self.clock.now());
        let mut names: Vec<String> = order
            .asked
            .identifiers
            .iter()
            .map(|name| name.general_name().to_string())
            .collect();
        names.sort();
        let found = self.ca.look(move |ca| {
            let records = ca.records().by_key(&key)?;
            let is_fitting = |certificate: &Certificate| {
                let names_of = certificate.subject_alternative_names().unwrap_or_default();
                let mut certified: Vec<String> = names_of.iter().map(ToString::to_string).collect();
                certified.sort();
                *certificate.public_key() == key
                    && certified == names
                    && certificate.not_before() + gsec_pki::x509::CLOCK_SKEW_ALLOWANCE + IN_HAND >= created
            };
            let mut valid = records.into_iter().rev().filter(|record| record.is_valid_at(now));
            let fitting = valid.find_map(|record| {
                let certificate = ca.issued_certificate(&record.serial);
                certificate
                    .map(|certificate| certificate.filter(is_fitting))
                    .transpose()
            });
            fitting.transpose()
        });
        let found = found.await?.map_err(|error| unreadable(&error))?;
        Ok(found.map(|certificate| {
            (
                certificate.serial().to_string().to_ascii_lowercase(),
                certificate.not_after(),
            )
        }))
    }

    /// Until when the certificate is to be valid: as the order says, else as the profile and the grants do.
    async fn lifetime(&self, order: &Order, profile: &str, allowed: &Allowed) -> Answer<Option<Lifetime>> {
        if let Some(end) = order.asked.not_after {
            return Ok(Some(Lifetime::Until(end)));
        }
        let Some(most) = allowed.max_lifetime_days else {
            return Ok(None);
        };
        let profile = profile.to_owned();
        let days = self.ca.look(move |ca| profile_days(ca, &profile));
        let days = days
            .await?
            .map_err(|error| Fault::unavailable(error.to_string()))?;
        Ok(Some(Lifetime::days(days.min(most))))
    }
}

fn host_order(identifiers: &[Identifier], request: CertificateRequest, profile: &str) -> HostOrder {
    HostOrder {
        names: Names::FromRequest {
            takes_names: false,
            request: Box::new(request.clone()),
        },
        ..order_of_names(identifiers, HostKey::of_request(&request), profile)
    }
}

/// What a grant replaced the proof of counts only as long as a grant does so.
fn expect_proofs(
    identifiers: &[Identifier],
    authorizations: &[Authorization],
    allowed: &Allowed,
) -> Answer<()> {
    for (identifier, validation) in identifiers.iter().zip(&allowed.validation) {
        let proven = authorizations
            .iter()
            .any(|authorization| authorization.is_for(identifier) && !authorization.is_granted());
        if *validation == Validation::Challenge && !proven {
            return Err(Fault::of(
                ProblemType::Unauthorized,
                format!(
                    "the grant that replaced the proof of {identifier} has ended: a new order asks for a challenge"
                ),
            ));
        }
    }
    Ok(())
}

/// When an order is tried again that could not be issued now: when the signer signs again; else soon at first, and the later the older it is.
fn again_at(order: &Order, fault: &Fault, now: OffsetDateTime) -> OffsetDateTime {
    if let (true, Some(seconds)) = (fault.is_rate_limit(), fault.retry_after) {
        return now + Duration::seconds(seconds);
    }
    let half_its_age: Duration = (now - order.created) / 2;
    now + half_its_age.clamp(MIN_WAIT, MAX_WAIT)
}

fn not_ready(order: &Order, now: OffsetDateTime) -> Fault {
    Fault::of(
        ProblemType::OrderNotReady,
        format!(
            "the order is {}, and only a ready one can be finalized",
            order.status_at(now).word()
        ),
    )
}
