//! Orders (RFC 8555 §7.1.3): they follow their authorizations, and become a certificate.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::authorization::Authorization;
use super::id::Id;
use super::identifier::Identifier;
use super::kept::{octets, seconds, seconds_or_none};
use super::refused::Refused;
use super::status::{AuthorizationStatus, OrderStatus};

/// What an account has asked a certificate for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Names it.
    pub id: Id,
    /// What was asked for. It never changes.
    pub asked: Asked,
    /// When it was made.
    #[serde(with = "seconds")]
    pub created: OffsetDateTime,
    #[serde(with = "seconds")]
    expires: OffsetDateTime,
    /// The request by which it was finalized, as the server's log calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finalized_by: Option<Id>,
    state: OrderState,
}

/// What was asked for with newOrder (RFC 8555 §7.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Who asks.
    pub account: Id,
    /// The names, wildcards included.
    pub identifiers: Vec<Identifier>,
    /// `notBefore`.
    #[serde(with = "seconds_or_none", default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<OffsetDateTime>,
    /// `notAfter`.
    #[serde(with = "seconds_or_none", default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<OffsetDateTime>,
    /// The profile, draft-ietf-acme-profiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The certificate that this one replaces, by its ARI id, RFC 9773 §5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// The authorizations, one for each identifier.
    pub authorizations: Vec<Id>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum OrderState {
    Pending,
    Ready,
    Processing {
        /// The request as DER, so that a restart can go on with it.
        #[serde(with = "octets")]
        request: Vec<u8>,
        /// When whoever has it in hand is taken for dead.
        #[serde(with = "seconds")]
        lost_at: OffsetDateTime,
    },
    Valid {
        serial: String,
    },
    Invalid {
        problem: String,
    },
}

impl Order {
    /// A new one, pending.
    pub fn new(id: Id, asked: Asked, created: OffsetDateTime, expires: OffsetDateTime) -> Self {
        Self {
            id,
            asked,
            created,
            expires,
            finalized_by: None,
            state: OrderState::Pending,
        }
    }

    /// With the request by which it was finalized, as the server's log calls it: for those who follow what became of it.
    #[must_use]
    pub fn finalized_by(self, request: Id) -> Self {
        Self {
            finalized_by: Some(request),
            ..self
        }
    }

    /// The request by which it was finalized, as the server's log calls it.
    pub fn request_id(&self) -> Option<&Id> {
        self.finalized_by.as_ref()
    }

    /// Its status as it is kept; [`Order::status_at`] is what counts.
    pub fn status(&self) -> OrderStatus {
        match self.state {
            OrderState::Pending => OrderStatus::Pending,
            OrderState::Ready => OrderStatus::Ready,
            OrderState::Processing { .. } => OrderStatus::Processing,
            OrderState::Valid { .. } => OrderStatus::Valid,
            OrderState::Invalid { .. } => OrderStatus::Invalid,
        }
    }

    /// Its status at a time, its end considered.
    pub fn status_at(&self, now: OffsetDateTime) -> OrderStatus {
        match self.status() {
            OrderStatus::Pending | OrderStatus::Ready if self.expires <= now => OrderStatus::Invalid,
            status => status,
        }
    }

    /// Until when it must be finalized; once valid, the end of the certificate, until which it is kept.
    pub fn expires(&self) -> OffsetDateTime {
        self.expires
    }

    /// The serial number of the certificate, in lower-case hexadecimal.
    pub fn serial(&self) -> Option<&str> {
        match &self.state {
            OrderState::Valid { serial } => Some(serial),
            _ => None,
        }
    }

    /// Why it is invalid: a problem document as JSON.
    pub fn problem(&self) -> Option<&str> {
        match &self.state {
            OrderState::Invalid { problem } => Some(problem),
            _ => None,
        }
    }

    /// The request as DER, while the certificate is being issued.
    pub fn request(&self) -> Option<&[u8]> {
        match &self.state {
            OrderState::Processing { request, .. } => Some(request),
            _ => None,
        }
    }

    /// While the certificate is being issued, when whoever does so is taken for dead.
    pub fn lost_at(&self) -> Option<OffsetDateTime> {
        match self.state {
            OrderState::Processing { lost_at, .. } => Some(lost_at),
            _ => None,
        }
    }

    /// As it follows from its authorizations (RFC 8555 §7.1.6): ready when all are valid; invalid, with `problem` as JSON, when one has ended.
    /// What is being issued or has ended stays as it is.
    ///
    /// # Errors
    /// [`Refused::OtherAuthorizations`].
    pub fn following(
        self,
        authorizations: &[Authorization],
        now: OffsetDateTime,
        problem: impl FnOnce(&Authorization) -> String,
    ) -> Result<Self, Refused> {
        self.expect_own(authorizations)?;
        if !matches!(self.state, OrderState::Pending | OrderState::Ready) {
            return Ok(self);
        }
        let is_over = |status| !matches!(status, AuthorizationStatus::Pending | AuthorizationStatus::Valid);
        let state = match authorizations.iter().find(|one| is_over(one.status_at(now))) {
            Some(over) => OrderState::Invalid {
                problem: problem(over),
            },
            None if unproven(authorizations, now).is_none() => OrderState::Ready,
            None => OrderState::Pending,
        };
        Ok(Self { state, ..self })
    }

    /// After the client has sent a request that fits (RFC 8555 §7.4): being issued. Nobody else does so before `lost_at`.
    ///
    /// # Errors
    /// [`Refused`] when it is not ready, has expired, or an authorization does not count any more.
    pub fn finalizing(
        self,
        request: Vec<u8>,
        authorizations: &[Authorization],
        now: OffsetDateTime,
        lost_at: OffsetDateTime,
    ) -> Result<Self, Refused> {
        if self.status() != OrderStatus::Ready {
            return Err(Refused::Order(self.status()));
        }
        if self.expires <= now {
            return Err(Refused::Expired(self.expires));
        }
        self.expect_own(authorizations)?;
        if let Some(one) = unproven(authorizations, now) {
            return Err(Refused::NotProven {
                id: one.id.clone(),
                status: one.status_at(now),
            });
        }
        Ok(Self {
            state: OrderState::Processing { request, lost_at },
            ..self
        })
    }

    /// Taken up again, after whoever had it in hand was lost. Nobody else does so before `lost_at`.
    ///
    /// # Errors
    /// [`Refused`] when it is not being issued, or somebody has it in hand.
    pub fn resumed(self, now: OffsetDateTime, lost_at: OffsetDateTime) -> Result<Self, Refused> {
        match self.state {
            OrderState::Processing { lost_at: before, .. } if now < before => Err(Refused::NotBefore(before)),
            OrderState::Processing { request, .. } => Ok(Self {
                state: OrderState::Processing { request, lost_at },
                ..self
            }),
            _ => Err(Refused::Order(self.status())),
        }
    }

    /// Put back by whoever had it in hand, and could not issue its certificate now. It is taken up again at `again_at`.
    ///
    /// # Errors
    /// [`Refused::Order`] when it is not being issued.
    pub fn put_back(self, again_at: OffsetDateTime) -> Result<Self, Refused> {
        match self.state {
            OrderState::Processing { request, .. } => Ok(Self {
                state: OrderState::Processing {
                    request,
                    lost_at: again_at,
                },
                ..self
            }),
            _ => Err(Refused::Order(self.status())),
        }
    }

    /// Ready again: its certificate could not be issued now, and its client, who still waits for the answer, hears so and may ask another time.
    ///
    /// # Errors
    /// [`Refused::Order`] when it is not being issued.
    pub fn given_back(self) -> Result<Self, Refused> {
        match self.state {
            OrderState::Processing { .. } => Ok(Self {
                state: OrderState::Ready,
                finalized_by: None,
                ..self
            }),
            _ => Err(Refused::Order(self.status())),
        }
    }

    /// After the certificate was issued. It is kept until the certificate ends.
    ///
    /// # Errors
    /// [`Refused::Order`] when it is not being issued.
    pub fn issued(self, serial: String, certificate_ends: OffsetDateTime) -> Result<Self, Refused> {
        match self.state {
            OrderState::Processing { .. } => Ok(Self {
                state: OrderState::Valid { serial },
                expires: self.expires.max(certificate_ends),
                ..self
            }),
            _ => Err(Refused::Order(self.status())),
        }
    }

    /// Given up, with the problem document as JSON.
    ///
    /// # Errors
    /// [`Refused::Order`] when it has ended.
    pub fn failed(self, problem: String) -> Result<Self, Refused> {
        match self.status() {
            status @ (OrderStatus::Valid | OrderStatus::Invalid) => Err(Refused::Order(status)),
            _ => Ok(Self {
                state: OrderState::Invalid { problem },
                ..self
            }),
        }
    }

    /// After its time has run out, with the problem document as JSON. What is being issued does not expire.
    ///
    /// # Errors
    /// [`Refused::NotExpired`], and [`Refused::Order`] when it is being issued or has ended.
    pub fn expired(self, now: OffsetDateTime, problem: String) -> Result<Self, Refused> {
        match self.status() {
            OrderStatus::Pending | OrderStatus::Ready if now < self.expires => {
                Err(Refused::NotExpired(self.expires))
            }
            OrderStatus::Pending | OrderStatus::Ready => self.failed(problem),
            status => Err(Refused::Order(status)),
        }
    }

    /// Each authorization of the order is there once, is the account's, and each identifier has one.
    fn expect_own(&self, authorizations: &[Authorization]) -> Result<(), Refused> {
        let own: BTreeSet<&Id> = self.asked.authorizations.iter().collect();
        let given: BTreeSet<&Id> = authorizations.iter().map(|one| &one.id).collect();
        let are_the_accounts = authorizations.iter().all(|one| one.account == self.asked.account);
        let is_covered = |identifier| authorizations.iter().any(|one| one.is_for(identifier));
        if own == given
            && given.len() == authorizations.len()
            && are_the_accounts
            && !self.asked.identifiers.is_empty()
            && self.asked.identifiers.iter().all(is_covered)
        {
            Ok(())
        } else {
            Err(Refused::OtherAuthorizations)
        }
    }
}

/// The first that does not count at a time.
fn unproven(authorizations: &[Authorization], now: OffsetDateTime) -> Option<&Authorization> {
    authorizations
        .iter()
        .find(|one| one.status_at(now) != AuthorizationStatus::Valid)
}
