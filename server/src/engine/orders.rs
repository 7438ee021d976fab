//! Orders (RFC 8555 §7.4): asked for, followed, finalized.

use std::sync::{Arc, PoisonError};

use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::acme::{
    CertificateId, IdentifierObject, Jwk, NewOrder, Problem, ProblemType, Subproblem, expect_request_fits,
};
use crate::domain::Wanted as Asking;
use crate::domain::limits::{Bucket, Limit, MAX_PENDING_ORDERS};
use crate::domain::{
    Account, AccountStatus, Allowed, Asked, Authorization, AuthorizationStatus, Challenge, ChallengeKind,
    Grant, GrantRefused, Id, Identifier, NewAuthorization, Order, OrderStatus, Requester, Token, Validation,
    may_request,
};
use crate::engine::admin::all_versioned;
use crate::engine::{Answer, Engine, Fault, IssuerError, MAX_ATTEMPTS, Wanted};
use crate::state::{Conflict, Key, MAX_PAGE, OrderCursor, Outcome, Versioned, Write};
use gsec_ca::authority::{AuthorityError, HostKey, HostOrder, HostSubject, Names};
use gsec_pki::key::{KeyAlgorithm, PublicKey};
use gsec_pki::x509::{CertificateRequest, DistinguishedName, Lifetime, NameParts};

/// How long an order that is being issued is left to whoever issues it.
const IN_HAND: Duration = Duration::seconds(60);
/// How soon, and how late, an order is tried again that could not be issued.
const MIN_WAIT: Duration = Duration::seconds(5);
const MAX_WAIT: Duration = Duration::seconds(120);
/// So long a client waits for its certificate; then it asks again.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);
/// How many orders a page of the list has.
const PAGE: u32 = 100;

/// A page of the orders of an account.
pub struct ListedOrders {
    /// The orders, oldest first.
    pub orders: Vec<Id>,
    /// The last of them, when there may be more.
    pub next: Option<Id>,
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

/// An authorization of an order in the making.
enum Needed {
    /// There is one.
    Existing(Versioned<Authorization>),
    /// One is made.
    New(Authorization),
}

impl Needed {
    fn authorization(&self) -> &Authorization {
        match self {
            Self::Existing(found) => &found.value,
            Self::New(made) => made,
        }
    }
}

impl Engine {
    /// Makes an order (RFC 8555 §7.4).
    ///
    /// # Errors
    /// `rateLimited`, `invalidProfile`, `rejectedIdentifier`, `alreadyReplaced`, `malformed`.
    pub async fn new_order(&self, account: &Account, request: NewOrder) -> Answer<Order> {
        let now = self.clock.now();
        let profile = self.profile(request.profile.as_deref())?.to_owned();
        let renews = match &request.replaces {
            Some(id) => self.expect_replaceable(account, id, &request.identifiers).await?,
            None => false,
        };
        self.expect_room_for_order(account, &request.identifiers, renews, now)
            .await?;
        let lifetime = request.not_after.map(|end| end - now);
        let allowed = self
            .allowed(account, &request.identifiers, &profile, lifetime)
            .await?;
        self.expect_permitted(&request, &profile).await?;
        for _ in 0..MAX_ATTEMPTS {
            let needed = self.needed(account, &request.identifiers, &allowed, now).await?;
            let ends = needed.iter().map(|needed| needed.authorization().expires()).min();
            let asked = Asked {
                account: account.id.clone(),
                identifiers: request.identifiers.clone(),
                not_before: request.not_before,
                not_after: request.not_after,
                profile: request.profile.clone(),
                replaces: request.replaces.as_ref().map(ToString::to_string),
                authorizations: needed
                    .iter()
                    .map(|needed| needed.authorization().id.clone())
                    .collect(),
            };
            let expires = (now + self.settings.order_lifetime).min(ends.unwrap_or(now));
            let authorizations: Vec<Authorization> = needed
                .iter()
                .map(|needed| needed.authorization().clone())
                .collect();
            let order = Order::new(self.new_id(), asked, now, expires);
            let order = order.following(&authorizations, now, ended)?;
            let write = needed
                .into_iter()
                .fold(Write::new(), |write, needed| match needed {
                    Needed::New(made) => write.insert(made),
                    Needed::Existing(found) => {
                        write.expect(Key::of::<Authorization>(found.value.id), Some(found.version))
                    }
                });
            match self.state.write_one(write.insert(order.clone())).await? {
                Outcome::Written => return Ok(order),
                Outcome::Refused(Conflict::Replaced(_)) => return Err(already_replaced()),
                Outcome::Refused(_) => {}
            }
        }
        Err(Fault::unavailable(
            "too many orders change the same authorizations at once",
        ))
    }

    /// Makes, or finds, an authorization in advance (RFC 8555 §7.4.1).
    ///
    /// # Errors
    /// `rejectedIdentifier`, `rateLimited`.
    pub async fn new_authorization(
        &self,
        account: &Account,
        identifier: Identifier,
    ) -> Answer<(Authorization, bool)> {
        let now = self.clock.now();
        let identifiers = [identifier];
        let profile = self.settings.default_profile.clone();
        let allowed = self.allowed(account, &identifiers, &profile, None).await?;
        self.count(
            "too many orders of this account",
            &[(Bucket::new_orders(&account.id), Limit::NewOrders)],
            Some(account),
        )
        .await?;
        let mut needed = self.needed(account, &identifiers, &allowed, now).await?;
        match needed.pop() {
            Some(Needed::Existing(found)) => Ok((found.value, false)),
            Some(Needed::New(made)) => {
                self.state.write_one(Write::new().insert(made.clone())).await?;
                Ok((made, true))
            }
            None => Err(Fault::not_found("identifier")),
        }
    }

    /// An order of an account, as its authorizations have become meanwhile.
    ///
    /// # Errors
    /// Status 404 for one of another account too.
    pub async fn order(&self, account: &Account, id: &Id) -> Answer<Order> {
        Ok(self.followed(account, id).await?.0.value)
    }

    /// A page of the orders of an account, those after `after`. Invalid ones are left out (RFC 8555 §7.1.2.1).
    ///
    /// # Errors
    /// Status 404 when `after` is no order of the account.
    pub async fn orders(&self, account: &Account, after: Option<Id>) -> Answer<ListedOrders> {
        let cursor = match after {
            Some(id) => {
                let found = self.state.get::<Order>(&id).await?;
                let own = found.filter(|found| found.value.asked.account == account.id);
                Some(OrderCursor::after(
                    &own.ok_or_else(|| Fault::not_found("order"))?.value,
                ))
            }
            None => None,
        };
        let limit = PAGE.min(MAX_PAGE);
        let page = self.state.orders_of(account.id.clone(), cursor, limit).await?;
        let next = match page.last() {
            Some(last) if page.len() == limit as usize => Some(last.value.id.clone()),
            _ => None,
        };
        let now = self.clock.now();
        let listed = page.into_iter().map(|found| found.value);
        Ok(ListedOrders {
            orders: listed
                .filter(|order| order.status_at(now) != OrderStatus::Invalid)
                .map(|order| order.id)
                .collect(),
            next,
        })
    }

    /// Finalizes an order (RFC 8555 §7.4): the certificate is there when it comes back as valid, and comes soon when it is processing.
    ///
    /// # Errors
    /// `orderNotReady`, `badCSR`, `badPublicKey`, and what [`Engine::new_order`] can say: what was granted then may not be any more.
    pub async fn finalize(
        self: &Arc<Self>,
        account: &Account,
        account_key: &PublicKey,
        id: &Id,
        request: CertificateRequest,
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
        self.allowed(account, &asked.identifiers, profile, lifetime)
            .await?;
        let Some(hand) = self.hand_for(id) else {
            return Err(not_ready(&found.value, now));
        };
        let order = found
            .value
            .finalizing(request.der().to_vec(), &authorizations, now, now + IN_HAND)?;
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
        let made = tokio::spawn(async move { engine.make(in_hand, hand, false).await });
        match tokio::time::timeout(PATIENCE, made).await {
            Ok(Ok(made)) => made,
            Ok(Err(error)) => Err(Fault::unavailable(error.to_string())),
            Err(_) => Ok(order),
        }
    }

    /// A key signs for an account or for a host, and not for both: what one of them signs could pass for the other's (RFC 8555 §11.1).
    async fn expect_no_account_key(&self, key: &PublicKey) -> Answer<()> {
        let Some(jwk) = Jwk::of(key) else {
            return Ok(());
        };
        match self.state.account_by_thumbprint(jwk.thumbprint()).await? {
            Some(_) => Err(Fault::of(
                ProblemType::BadPublicKey,
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
    pub(super) async fn make(&self, order: Versioned<Order>, hand: InHand, was_lost: bool) -> Answer<Order> {
        let now = || self.clock.now();
        let after = match self.issue(&order.value, was_lost).await {
            Ok((serial, ends)) => order.value.clone().issued(serial, ends)?,
            Err(fault) if fault.retry_after.is_some() && now() < order.value.expires() => {
                self.tell("an order", &fault);
                order.value.clone().put_back(again_at(&order.value, now()))?
            }
            Err(fault) => order.value.clone().failed(fault.problem.to_json())?,
        };
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

    pub(super) fn tell(&self, what: &'static str, fault: &Fault) {
        if let Some(told) = self.told.get() {
            told(what, fault);
        }
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
        let replaces = match order.asked.replaces.as_deref().and_then(CertificateId::parse) {
            Some(id) => {
                self.ca
                    .look(move |ca| ca.issued_certificate(&id.serial()))
                    .await?
            }
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
        if let Some(external) = &account.external {
            facts.push(("external_account", external.as_str().into()));
        }
        let wanted = Wanted {
            order: order_of_host,
            facts,
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
            let certificates = records
                .into_iter()
                .rev()
                .filter(|record| record.is_valid_at(now))
                .filter_map(|record| ca.issued_certificate(&record.serial));
            let mut fitting = certificates.filter(|certificate| {
                let names_of = certificate.subject_alternative_names().unwrap_or_default();
                let mut certified: Vec<String> = names_of.iter().map(ToString::to_string).collect();
                certified.sort();
                *certificate.public_key() == key
                    && certified == names
                    && certificate.not_before() + gsec_pki::x509::CLOCK_SKEW_ALLOWANCE + IN_HAND >= created
            });
            Ok::<_, gsec_ca::records::RecordsError>(fitting.next())
        });
        let found = found
            .await?
            .map_err(|error| Fault::unavailable(error.to_string()))?;
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

    /// An order with its authorizations, as it follows from them now.
    async fn followed(&self, account: &Account, id: &Id) -> Answer<(Versioned<Order>, Vec<Authorization>)> {
        let now = self.clock.now();
        for _ in 0..MAX_ATTEMPTS {
            let found = self.state.get::<Order>(id).await?;
            let found = found
                .filter(|found| found.value.asked.account == account.id)
                .ok_or_else(|| Fault::not_found("order"))?;
            let authorizations = self
                .state
                .get_each::<Authorization>(&found.value.asked.authorizations)
                .await?;
            let authorizations: Vec<Authorization> = authorizations
                .into_iter()
                .flatten()
                .map(|found| found.value)
                .collect();
            let is_open = matches!(found.value.status(), OrderStatus::Pending | OrderStatus::Ready);
            let order = match found.value.clone() {
                order if is_open && order.expires() <= now => order.expired(now, expired_problem())?,
                order if is_open => order.following(&authorizations, now, ended)?,
                order => order,
            };
            // Whether it is ready follows from its authorizations at any time, and need not be written.
            let is_decided = order.status() != OrderStatus::Invalid;
            if order == found.value || (is_open && is_decided) {
                let found = Versioned {
                    value: order,
                    ..found
                };
                return Ok((found, authorizations));
            }
            let write = Write::new().replace(order.clone(), found.version);
            if self.state.write_one(write).await?.is_written() {
                let found = Versioned {
                    version: found.version.next(),
                    value: order,
                };
                return Ok((found, authorizations));
            }
        }
        Err(Fault::unavailable(
            "too many requests change the same order at once",
        ))
    }

    /// The profile of an order, if the server offers it.
    fn profile<'a>(&'a self, asked: Option<&'a str>) -> Answer<&'a str> {
        let Some(asked) = asked else {
            return Ok(&self.settings.default_profile);
        };
        if self.settings.profiles.iter().any(|(name, _)| name == asked) {
            return Ok(asked);
        }
        let offered: Vec<&str> = self
            .settings
            .profiles
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        Err(Fault::of(
            ProblemType::InvalidProfile,
            format!("there is no profile `{asked}`; there are {}", offered.join(", ")),
        ))
    }

    async fn expect_room_for_order(
        &self,
        account: &Account,
        identifiers: &[Identifier],
        renews: bool,
        now: OffsetDateTime,
    ) -> Answer<()> {
        let pending = self.state.pending_orders(account.id.clone(), now).await?;
        if pending >= u64::from(MAX_PENDING_ORDERS) {
            return Err(Fault {
                retry_after: Some(self.settings.order_lifetime.whole_seconds().min(3600)),
                ..Fault::of(
                    ProblemType::RateLimited,
                    format!("{MAX_PENDING_ORDERS} orders of this account wait to be finalized"),
                )
            });
        }
        // A renewal that the server itself has suggested is not counted (RFC 9773 §7.2).
        if renews {
            return Ok(());
        }
        self.count(
            "too many orders of this account",
            &[
                (Bucket::new_orders(&account.id), Limit::NewOrders),
                (Bucket::same_names(&account.id, identifiers), Limit::SameNames),
            ],
            Some(account),
        )
        .await
    }

    /// What the grants allow.
    async fn allowed(
        &self,
        account: &Account,
        identifiers: &[Identifier],
        profile: &str,
        lifetime: Option<Duration>,
    ) -> Answer<Allowed> {
        let grants = self.grants().await?;
        let requester = Requester {
            account: &account.id,
            external: account.external.as_ref(),
        };
        let asking = |identifiers| Asking {
            identifiers,
            profile,
            default_profile: &self.settings.default_profile,
            lifetime,
        };
        let now = self.clock.now();
        may_request(&grants, requester, &asking(identifiers), now).map_err(|refused| {
            // Each name that is refused is said, not the first alone.
            let each = identifiers.iter().filter_map(|one| {
                let refused =
                    may_request(&grants, requester, &asking(std::slice::from_ref(one)), now).err()?;
                let object = IdentifierObject::new(one.kind(), &one.to_string());
                Some(Subproblem::new(
                    problem_of(&refused),
                    refused.to_string(),
                    Some(object),
                ))
            });
            let problem = Problem::new(problem_of(&refused), refused.to_string());
            match identifiers.len() {
                1 => problem,
                _ => problem.with_subproblems(each.collect::<Vec<_>>()),
            }
            .into()
        })
    }

    async fn grants(&self) -> Answer<Vec<Grant>> {
        let grants = all_versioned::<Grant>(&*self.state).await?;
        Ok(grants.into_iter().map(|found| found.value).collect())
    }

    /// Whether the policy of the CA permits the names, before a client goes to the trouble of proving them. It decides once more, and with the
    /// key, when the certificate is issued.
    async fn expect_permitted(&self, request: &NewOrder, profile: &str) -> Answer<()> {
        let now = self.clock.now();
        if request
            .not_before
            .is_some_and(|start| start > now + Duration::minutes(5))
        {
            return Err(Fault::of(
                ProblemType::Malformed,
                "`notBefore` is in the future: certificates of this server begin when they are issued",
            ));
        }
        let (identifiers, profile, not_after) =
            (request.identifiers.clone(), profile.to_owned(), request.not_after);
        let refusals = self.ca.look(move |ca| {
            let plan = |names: &[Identifier]| {
                let algorithm = key_of_profile(ca, &profile);
                let order = HostOrder {
                    lifetime: not_after.map(Lifetime::Until),
                    ..order_of_names(names, HostKey::Generate(algorithm), &profile)
                };
                ca.plan_host(order, now).map(|_| ())
            };
            match plan(&identifiers) {
                Ok(()) => Ok(Vec::new()),
                Err(error) => {
                    let each = identifiers.iter().filter_map(|one| {
                        let error = plan(std::slice::from_ref(one)).err()?;
                        Some((one.clone(), in_words(&error)))
                    });
                    Err((in_words(&error), is_refusal(&error), each.collect::<Vec<_>>()))
                }
            }
        });
        match refusals.await? {
            Ok::<Vec<()>, _>(_) => Ok(()),
            Err((message, true, each)) => {
                let subproblems = each.iter().map(|(one, message)| {
                    let object = IdentifierObject::new(one.kind(), &one.to_string());
                    Subproblem::new(ProblemType::RejectedIdentifier, message, Some(object))
                });
                let problem = Problem::new(ProblemType::RejectedIdentifier, message);
                Err(problem.with_subproblems(subproblems.collect::<Vec<_>>()).into())
            }
            Err((message, false, _)) => Err(Fault::unavailable(message)),
        }
    }

    /// Whether an order may say that it replaces a certificate: it is one that this account ordered, with a name in common, and no other order
    /// replaces it (RFC 9773 §5).
    async fn expect_replaceable(
        &self,
        account: &Account,
        id: &CertificateId,
        identifiers: &[Identifier],
    ) -> Answer<bool> {
        let serial = id.serial().to_string().to_ascii_lowercase();
        let wrong = |why: &str| Fault::of(ProblemType::Malformed, why);
        let replaced = self.state.order_by_serial(serial).await?;
        let replaced = replaced
            .filter(|found| found.value.asked.account == account.id)
            .ok_or_else(|| wrong("`replaces` is not a certificate that this account ordered"))?;
        let wanted = id.clone();
        let certificate = self
            .ca
            .look(move |ca| ca.issued_certificate(&wanted.serial()))
            .await?;
        if certificate.is_none_or(|certificate| !id.is_of(&certificate)) {
            return Err(wrong("`replaces` is not a certificate of this CA"));
        }
        if !replaced
            .value
            .asked
            .identifiers
            .iter()
            .any(|name| identifiers.contains(name))
        {
            return Err(wrong(
                "the order has no identifier in common with the certificate that it replaces",
            ));
        }
        match self.state.replaced_by(id.to_string()).await? {
            Some(_) => Err(already_replaced()),
            None => Ok(true),
        }
    }

    /// The authorizations of an order: those that count already, and new ones.
    async fn needed(
        &self,
        account: &Account,
        identifiers: &[Identifier],
        allowed: &Allowed,
        now: OffsetDateTime,
    ) -> Answer<Vec<Needed>> {
        let mut needed = Vec::with_capacity(identifiers.len());
        for (identifier, validation) in identifiers.iter().zip(&allowed.validation) {
            let existing = self
                .state
                .authorizations_of(account.id.clone(), identifier.clone(), now)
                .await?;
            let is_usable = |found: &Versioned<Authorization>| {
                let authorization = &found.value;
                let is_valid = authorization.status_at(now) == AuthorizationStatus::Valid;
                // What a grant replaced the proof of counts only as long as the grant does.
                match validation {
                    Validation::Granted => is_valid,
                    Validation::Challenge => !authorization.is_granted(),
                }
            };
            let reused = existing
                .into_iter()
                .filter(is_usable)
                .max_by_key(|found| found.value.status_at(now) == AuthorizationStatus::Valid);
            needed.push(match reused {
                Some(found) => Needed::Existing(found),
                None => Needed::New(self.authorization_for(account, identifier, *validation, now)),
            });
        }
        Ok(needed)
    }

    fn authorization_for(
        &self,
        account: &Account,
        identifier: &Identifier,
        validation: Validation,
        now: OffsetDateTime,
    ) -> Authorization {
        let new = |lifetime| NewAuthorization {
            id: self.new_id(),
            account: account.id.clone(),
            ordered: identifier.clone(),
            expires: now + lifetime,
        };
        match validation {
            Validation::Granted => Authorization::granted(new(self.settings.authorization_lifetime)),
            Validation::Challenge => {
                let challenges = kinds_for(identifier).iter().map(|kind| self.challenge(*kind));
                Authorization::pending(new(self.settings.order_lifetime), challenges.collect())
            }
        }
    }

    fn challenge(&self, kind: ChallengeKind) -> Challenge {
        let mut random = (self.new_random)();
        let token = Token::from_random(&mut |out| random.fill(out));
        Challenge::new(self.new_id(), kind, token)
    }
}

/// The challenges that can prove an identifier: a wildcard is proven in the DNS only, an address never (RFC 8555 §7.1.3, RFC 8738 §7).
fn kinds_for(identifier: &Identifier) -> &'static [ChallengeKind] {
    match identifier {
        Identifier::Ip(_) => &[ChallengeKind::Http01, ChallengeKind::TlsAlpn01],
        Identifier::Dns(_) if identifier.is_wildcard() => &[ChallengeKind::Dns01],
        Identifier::Dns(_) => &[
            ChallengeKind::Http01,
            ChallengeKind::Dns01,
            ChallengeKind::TlsAlpn01,
        ],
    }
}

/// The host is the first domain. An address is no common name: clients read one as a domain, and certbot then cannot keep its certificate.
fn order_of_names(identifiers: &[Identifier], key: HostKey, profile: &str) -> HostOrder {
    let (domains, addresses): (Vec<_>, Vec<_>) = identifiers
        .iter()
        .partition(|one| matches!(one, Identifier::Dns(_)));
    let order = HostOrder::new(None, key, profile);
    let subject = match domains.is_empty() {
        true => HostSubject::Exact(
            DistinguishedName::build(&NameParts::default()).expect("nothing is encoded as nothing"),
        ),
        false => order.subject,
    };
    let mut names = domains.into_iter().chain(addresses).map(Identifier::general_name);
    HostOrder {
        host: names.next(),
        further_names: names.collect(),
        subject,
        ..order
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

/// A key that the profile takes; which one the client will have is not known yet.
fn key_of_profile(ca: &gsec_ca::authority::Authority, profile: &str) -> KeyAlgorithm {
    let types = ca
        .policy()
        .ok()
        .and_then(|policy| policy.profile(profile).ok())
        .map(|profile| profile.key_types.value.as_slice())
        .unwrap_or_default();
    let known = [
        KeyAlgorithm::P256,
        KeyAlgorithm::P384,
        KeyAlgorithm::P521,
        KeyAlgorithm::Ed25519,
    ];
    known
        .into_iter()
        .find(|algorithm| types.contains(&algorithm.key_type()))
        .unwrap_or(KeyAlgorithm::P256)
}

fn profile_days(ca: &gsec_ca::authority::Authority, profile: &str) -> Result<u32, AuthorityError> {
    let profile = ca.policy()?.profile(profile).map_err(AuthorityError::Profile)?;
    Ok(profile.default_days())
}

fn is_refusal(error: &AuthorityError) -> bool {
    matches!(IssuerError::from(error), IssuerError::Refused { .. })
}

fn in_words(error: &AuthorityError) -> String {
    IssuerError::from(error).to_string()
}

fn problem_of(refused: &GrantRefused) -> ProblemType {
    match refused {
        GrantRefused::Profile { .. } => ProblemType::InvalidProfile,
        GrantRefused::NoGrant | GrantRefused::Name(_) => ProblemType::RejectedIdentifier,
        GrantRefused::NoName | GrantRefused::Lifetime { .. } => ProblemType::Malformed,
    }
}

/// When an order is tried again that could not be issued now: soon at first, and the later the older it is.
fn again_at(order: &Order, now: OffsetDateTime) -> OffsetDateTime {
    let half_its_age: Duration = (now - order.created) / 2;
    now + half_its_age.clamp(MIN_WAIT, MAX_WAIT)
}

fn already_replaced() -> Fault {
    Fault::of(
        ProblemType::AlreadyReplaced,
        "another order replaces that certificate already",
    )
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

fn expired_problem() -> String {
    Problem::new(
        ProblemType::Malformed,
        "the order expired before it was finalized",
    )
    .to_json()
}

/// Why an order cannot become a certificate any more: what its authorization says, or how that ended.
fn ended(authorization: &Authorization) -> String {
    let said = authorization.challenges().iter().find_map(Challenge::problem);
    said.map_or_else(
        || {
            let problem = format!(
                "the authorization of {} is {}",
                authorization.identifier,
                authorization.status().word()
            );
            Problem::new(ProblemType::Unauthorized, problem).to_json()
        },
        str::to_owned,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identifiers(texts: &[&str]) -> Vec<Identifier> {
        let identifier = |text: &&str| match text.parse() {
            Ok(address) => Identifier::Ip(address),
            Err(_) => Identifier::dns(text).expect("a name"),
        };
        texts.iter().map(identifier).collect()
    }

    #[test]
    fn an_address_is_no_common_name() {
        let rows: [(&[&str], &str, bool); 4] = [
            (&["a.ca.test", "b.ca.test"], "a.ca.test", true),
            (&["127.0.0.1", "b.ca.test"], "b.ca.test", true),
            (&["127.0.0.1", "::1"], "127.0.0.1", false),
            (&["::1"], "::1", false),
        ];
        for (names, host, is_named) in rows {
            let key = HostKey::Generate(KeyAlgorithm::P256);
            let order = order_of_names(&identifiers(names), key, "host");
            assert_eq!(
                order.host.map(|host| host.value()).as_deref(),
                Some(host),
                "{names:?}"
            );
            assert_eq!(order.further_names.len(), names.len() - 1, "{names:?}");
            let has_parts = matches!(order.subject, HostSubject::Parts { .. });
            assert_eq!(has_parts, is_named, "{names:?}");
        }
    }
}
