//! Orders (RFC 8555 §7.4): asked for, followed, finalized.

use time::OffsetDateTime;

use crate::acme::{CertificateId, NewOrder, Problem, ProblemType, SuggestedWindow};
use crate::domain::limits::{Bucket, Limit, MAX_PENDING_ORDERS};
use crate::domain::{
    Account, Allowed, Asked, Authorization, AuthorizationStatus, Challenge, ChallengeKind, Id, Identifier,
    NewAuthorization, Order, OrderStatus, Token, Validation,
};
use crate::engine::{Answer, Engine, Fault, MAX_ATTEMPTS};
use crate::state::{Conflict, Key, MAX_PAGE, OrderCursor, Outcome, Versioned, Write};

/// How many orders a page of the list has.
const PAGE: u32 = 100;

/// A page of the orders of an account.
pub struct ListedOrders {
    /// The orders, oldest first.
    pub orders: Vec<Id>,
    /// The last of them, when there may be more.
    pub next: Option<Id>,
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
        self.expect_agreed(account)?;
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
        self.expect_lifetime(request.not_after, &profile, &allowed)
            .await?;
        self.expect_permitted(&request, &profile).await?;
        for _ in 0..MAX_ATTEMPTS {
            let needed = self.needed(account, &request.identifiers, &allowed, now).await?;
            self.expect_room_for_pending(account, to_prove(&needed)).await?;
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
        self.expect_agreed(account)?;
        let now = self.clock.now();
        let identifiers = [identifier];
        let profile = self.settings.default_profile.clone();
        let allowed = self.allowed(account, &identifiers, &profile, None).await?;
        let buckets = [
            (Bucket::new_orders(&account.id), Limit::NewOrders),
            (Bucket::new_names(&account.id), Limit::NewNames),
        ];
        self.count(&buckets, Some(account)).await?;
        let mut needed = self.needed(account, &identifiers, &allowed, now).await?;
        self.expect_room_for_pending(account, to_prove(&needed)).await?;
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

    /// An order with its authorizations, as it follows from them now.
    pub(super) async fn followed(
        &self,
        account: &Account,
        id: &Id,
    ) -> Answer<(Versioned<Order>, Vec<Authorization>)> {
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
            let is_derived = is_open && order.status() != OrderStatus::Invalid;
            if is_derived || order == found.value {
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
    pub(super) fn profile<'a>(&'a self, asked: Option<&'a str>) -> Answer<&'a str> {
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
            format!(
                "this server does not offer the profile `{asked}`; it offers {}",
                offered.join(", ")
            ),
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
        let mut buckets = vec![
            (Bucket::new_orders(&account.id), Limit::NewOrders),
            (Bucket::same_names(&account.id, identifiers), Limit::SameNames),
        ];
        let name = (Bucket::new_names(&account.id), Limit::NewNames);
        buckets.extend(identifiers.iter().map(|_| name));
        self.count(&buckets, Some(account)).await
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
        let (now, found) = (self.clock.now(), self.certificate_by_id(id).await?);
        let Some((certificate, is_revoked)) = found else {
            return Err(wrong("`replaces` is not a certificate of this CA"));
        };
        let had = &replaced.value.asked.identifiers;
        if !had.iter().any(|name| identifiers.contains(name)) {
            return Err(wrong(
                "the order has no identifier in common with the certificate that it replaces",
            ));
        }
        match self.state.replaced_by(id.to_string()).await? {
            Some(_) => Err(already_replaced()),
            // Not what comes too early, nor what has names that were not renewed but added.
            None => Ok(identifiers.iter().all(|name| had.contains(name))
                && (is_revoked || SuggestedWindow::by_age(&certificate, id).has_begun(now))),
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

/// How many of them are new, and to be proven.
fn to_prove(needed: &[Needed]) -> u64 {
    let is_pending = |needed: &&Needed| matches!(needed, Needed::New(made) if made.status() == AuthorizationStatus::Pending);
    needed.iter().filter(is_pending).count() as u64
}

fn already_replaced() -> Fault {
    Fault::of(
        ProblemType::AlreadyReplaced,
        "another order replaces that certificate already",
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
