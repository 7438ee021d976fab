//! Authorizations (RFC 8555 §7.1.4): they follow their challenges.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::challenge::Challenge;
use super::id::Id;
use super::identifier::Identifier;
use super::kept::seconds;
use super::refused::Refused;
use super::status::{AuthorizationStatus, ChallengeStatus};

/// An account's right to certificates for one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// Names it.
    pub id: Id,
    /// Whose it is.
    pub account: Id,
    /// The name, never with a wildcard.
    pub identifier: Identifier,
    /// Whether it is for the wildcard below the name, and not for the name itself.
    pub is_wildcard: bool,
    /// Until when a challenge can be proven; once valid, until when it counts.
    #[serde(with = "seconds")]
    expires: OffsetDateTime,
    status: AuthorizationStatus,
    challenges: Vec<Challenge>,
    /// Whether a grant replaced the proof.
    is_granted: bool,
}

/// What a new authorization is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAuthorization {
    /// Names it.
    pub id: Id,
    /// Whose it is.
    pub account: Id,
    /// The identifier as it was ordered, a wildcard included.
    pub ordered: Identifier,
    /// Until when a challenge can be proven, or, without challenges, until when it counts.
    pub expires: OffsetDateTime,
}

impl Authorization {
    /// A pending one. It is proven by one of its challenges.
    pub fn pending(new: NewAuthorization, challenges: Vec<Challenge>) -> Self {
        Self::new(new, AuthorizationStatus::Pending, challenges)
    }

    /// One that a grant has replaced the proof of: born valid, without challenges.
    pub fn granted(new: NewAuthorization) -> Self {
        Self::new(new, AuthorizationStatus::Valid, Vec::new())
    }

    fn new(new: NewAuthorization, status: AuthorizationStatus, challenges: Vec<Challenge>) -> Self {
        Self {
            id: new.id,
            account: new.account,
            is_wildcard: new.ordered.is_wildcard(),
            identifier: new.ordered.without_wildcard(),
            expires: new.expires,
            status,
            challenges,
            is_granted: status == AuthorizationStatus::Valid,
        }
    }

    /// Its status as it is kept; [`Authorization::status_at`] is what counts.
    pub fn status(&self) -> AuthorizationStatus {
        self.status
    }

    /// Its status at a time, its end considered.
    pub fn status_at(&self, now: OffsetDateTime) -> AuthorizationStatus {
        match self.status {
            AuthorizationStatus::Pending if self.expires <= now => AuthorizationStatus::Invalid,
            AuthorizationStatus::Valid if self.expires <= now => AuthorizationStatus::Expired,
            status => status,
        }
    }

    /// Until when a challenge can be proven; once valid, until when it counts.
    pub fn expires(&self) -> OffsetDateTime {
        self.expires
    }

    /// Its challenges; none when a grant has replaced the proof.
    pub fn challenges(&self) -> &[Challenge] {
        &self.challenges
    }

    /// One of its challenges.
    pub fn challenge(&self, id: &Id) -> Option<&Challenge> {
        self.challenges.iter().find(|challenge| challenge.id == *id)
    }

    /// Whether a grant has replaced the proof.
    pub fn is_granted(&self) -> bool {
        self.is_granted
    }

    /// Whether it is for an identifier of an order.
    pub fn is_for(&self, ordered: &Identifier) -> bool {
        self.is_wildcard == ordered.is_wildcard() && self.identifier == ordered.without_wildcard()
    }

    /// The identifier as it was ordered, a wildcard included.
    pub fn ordered(&self) -> Identifier {
        match self.is_wildcard {
            true => Identifier::dns(&format!("*.{}", self.identifier)).ok(),
            false => None,
        }
        .unwrap_or_else(|| self.identifier.clone())
    }

    /// When the first of its challenges is to be tried; `None` when none is.
    pub fn next_attempt(&self) -> Option<OffsetDateTime> {
        match self.status {
            AuthorizationStatus::Pending => self.challenges.iter().filter_map(Challenge::next_attempt).min(),
            _ => None,
        }
    }

    /// After the client has said that a challenge is ready (RFC 8555 §7.5.1).
    ///
    /// # Errors
    /// [`Refused`] when it is not pending or the challenge has ended.
    pub fn started(self, challenge: &Id, now: OffsetDateTime) -> Result<Self, Refused> {
        self.pending_at(now)?
            .changed(challenge, |found| found.started(now))
    }

    /// After somebody has taken a challenge up to try it now. Nobody else does so before `lost_at`, when he is taken for dead.
    ///
    /// # Errors
    /// [`Refused`] when it is not pending, the challenge is not tried, or not yet.
    pub fn taken(
        self,
        challenge: &Id,
        now: OffsetDateTime,
        lost_at: OffsetDateTime,
    ) -> Result<Self, Refused> {
        self.pending_at(now)?
            .changed(challenge, |found| found.taken(now, lost_at))
    }

    /// After an attempt that was taken up and could not be made: its turn comes again at `next`.
    ///
    /// # Errors
    /// [`Refused`] when it is not pending, or the challenge is not tried.
    pub fn put_off(self, challenge: &Id, now: OffsetDateTime, next: OffsetDateTime) -> Result<Self, Refused> {
        self.pending_at(now)?
            .changed(challenge, |found| found.put_off(next))
    }

    /// After an attempt that failed, with the problem document as JSON. A challenge that is not tried again makes the authorization invalid
    /// (RFC 8555 §7.1.6).
    ///
    /// # Errors
    /// [`Refused`] when it is not pending, or the challenge is not tried.
    pub fn failed(self, challenge: &Id, now: OffsetDateTime, problem: String) -> Result<Self, Refused> {
        let mut after = self
            .pending_at(now)?
            .changed(challenge, |found| found.failed(now, problem))?;
        if after
            .challenge(challenge)
            .is_some_and(|found| found.status() == ChallengeStatus::Invalid)
        {
            after.status = AuthorizationStatus::Invalid;
        }
        Ok(after)
    }

    /// After an attempt that succeeded: valid until `until`.
    ///
    /// # Errors
    /// [`Refused`] when it is not pending, or the challenge is not tried.
    pub fn proved(self, challenge: &Id, now: OffsetDateTime, until: OffsetDateTime) -> Result<Self, Refused> {
        let after = self
            .pending_at(now)?
            .changed(challenge, |found| found.proved(now))?;
        Ok(Self {
            status: AuthorizationStatus::Valid,
            expires: until,
            ..after
        })
    }

    /// Given up by the client (RFC 8555 §7.5.2), pending or valid.
    ///
    /// # Errors
    /// [`Refused::Authorization`] when it has ended.
    pub fn deactivated(self, now: OffsetDateTime) -> Result<Self, Refused> {
        self.ended(now, AuthorizationStatus::Deactivated)
    }

    /// Withdrawn by the administrator, pending or valid.
    ///
    /// # Errors
    /// [`Refused::Authorization`] when it has ended.
    pub fn revoked(self, now: OffsetDateTime) -> Result<Self, Refused> {
        self.ended(now, AuthorizationStatus::Revoked)
    }

    /// After its time has run out: what was pending is invalid, what was valid is expired.
    ///
    /// # Errors
    /// [`Refused::NotExpired`], and [`Refused::Authorization`] when it has ended otherwise.
    pub fn expired(self, now: OffsetDateTime) -> Result<Self, Refused> {
        match self.status {
            AuthorizationStatus::Pending | AuthorizationStatus::Valid if now < self.expires => {
                Err(Refused::NotExpired(self.expires))
            }
            AuthorizationStatus::Pending | AuthorizationStatus::Valid => Ok(Self {
                status: self.status_at(now),
                ..self
            }),
            status => Err(Refused::Authorization(status)),
        }
    }

    fn ended(self, now: OffsetDateTime, status: AuthorizationStatus) -> Result<Self, Refused> {
        match self.status_at(now) {
            AuthorizationStatus::Pending | AuthorizationStatus::Valid => Ok(Self { status, ..self }),
            status => Err(Refused::Authorization(status)),
        }
    }

    fn pending_at(self, now: OffsetDateTime) -> Result<Self, Refused> {
        match self.status {
            AuthorizationStatus::Pending if self.expires <= now => Err(Refused::Expired(self.expires)),
            AuthorizationStatus::Pending => Ok(self),
            status => Err(Refused::Authorization(status)),
        }
    }

    fn changed(
        mut self,
        id: &Id,
        change: impl FnOnce(Challenge) -> Result<Challenge, Refused>,
    ) -> Result<Self, Refused> {
        let found = self.challenges.iter_mut().find(|challenge| challenge.id == *id);
        let Some(found) = found else {
            return Err(Refused::NoChallenge(id.clone()));
        };
        *found = change(found.clone())?;
        Ok(self)
    }
}
