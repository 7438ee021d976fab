//! Authorizations and their challenges (RFC 8555 §7.5).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::acme::{AuthorizationRequest, ProblemType};
use crate::domain::limits::{Bucket, Limit};
use crate::domain::{Account, Authorization, AuthorizationStatus, Challenge, ChallengeStatus, Id};
use crate::engine::{ATTEMPT, Answer, Engine, Fault};
use crate::state::Versioned;

impl Engine {
    /// Looks at an authorization, or gives it up (RFC 8555 §7.5.2).
    ///
    /// # Errors
    /// Status 404 for one of another account too.
    pub async fn authorization(
        &self,
        account: &Account,
        id: &Id,
        request: AuthorizationRequest,
    ) -> Answer<Authorization> {
        let found = self.own_authorization(account, id).await?;
        let now = self.clock.now();
        let updated = self.updated(found, |authorization| {
            let status = authorization.status_at(now);
            match request {
                AuthorizationRequest::Look if status != authorization.status() => {
                    Ok(authorization.expired(now)?)
                }
                AuthorizationRequest::Look => Ok(authorization),
                AuthorizationRequest::Deactivate => Ok(authorization.deactivated(now)?),
            }
        });
        Ok(updated.await?.value)
    }

    /// Looks at a challenge, with its authorization.
    ///
    /// # Errors
    /// Status 404.
    pub async fn challenge_of(
        &self,
        account: &Account,
        authorization: &Id,
        challenge: &Id,
    ) -> Answer<(Authorization, Challenge)> {
        let found = self.own_authorization(account, authorization).await?.value;
        with_challenge(found, challenge)
    }

    /// The client says that a challenge is ready (RFC 8555 §7.5.1). It is tried at once; a client that says so of one that waits is not made to
    /// wait.
    ///
    /// # Errors
    /// Status 404; `rateLimited` after too many failures; `malformed` where the authorization has ended.
    pub async fn attempt(
        self: &Arc<Self>,
        account: &Account,
        authorization: &Id,
        challenge: &Id,
    ) -> Answer<(Authorization, Challenge)> {
        let found = self.own_authorization(account, authorization).await?;
        let (_, asked) = with_challenge(found.value.clone(), challenge)?;
        let now = self.clock.now();
        // A client that did not hear the answer asks again: what was proven stays proven.
        if found.value.status_at(now) == AuthorizationStatus::Valid
            && asked.status() == ChallengeStatus::Valid
        {
            return Ok((found.value, asked));
        }
        let bucket = Bucket::failed_validations(&account.id, &found.value.identifier);
        self.expect_room(&[(bucket, Limit::FailedValidations)], Some(account))
            .await?;
        let was_taken = AtomicBool::new(false);
        let started = self
            .updated(found, |authorization| {
                let started = authorization.started(challenge, now)?;
                let taken = started.clone().taken(challenge, now, now + ATTEMPT).ok();
                was_taken.store(taken.is_some(), Ordering::Relaxed);
                // Else somebody is trying it.
                Ok(taken.unwrap_or(started))
            })
            .await?;
        if was_taken.into_inner() {
            self.spawn_attempt(started.clone(), asked);
        }
        with_challenge(started.value, challenge)
    }

    async fn own_authorization(&self, account: &Account, id: &Id) -> Answer<Versioned<Authorization>> {
        let found = self.state.get::<Authorization>(id).await?;
        found
            .filter(|found| found.value.account == account.id)
            .ok_or_else(|| Fault::not_found("authorization"))
    }
}

fn with_challenge(authorization: Authorization, challenge: &Id) -> Answer<(Authorization, Challenge)> {
    let found = authorization.challenge(challenge).cloned();
    let found = found.ok_or_else(|| Fault::not_found("challenge"))?;
    Ok((authorization, found))
}

/// The problem of a failed validation as the protocol names it.
pub(super) fn problem_type(problem: crate::validate::Problem) -> ProblemType {
    use crate::validate::Problem as Found;
    match problem {
        Found::Caa => ProblemType::Caa,
        Found::Connection => ProblemType::Connection,
        Found::Dns => ProblemType::Dns,
        Found::IncorrectResponse => ProblemType::IncorrectResponse,
        Found::Tls => ProblemType::Tls,
        Found::Unauthorized => ProblemType::Unauthorized,
        Found::RejectedIdentifier => ProblemType::RejectedIdentifier,
    }
}
