//! What happens by itself: challenges are tried, orders are resumed, CRLs are made, what nobody needs any more is removed.

use std::sync::Arc;
use std::time::Duration as Wait;

use time::{Duration, OffsetDateTime};
use tokio::time::{sleep, timeout};

use crate::acme::{Jwk, Problem, ProblemType, key_authorization};
use crate::domain::limits::{Bucket, Limit};
use crate::domain::{
    Account, AccountStatus, Authorization, AuthorizationStatus, Challenge, ChallengeStatus, Id,
};
use crate::engine::authorizations::problem_type;
use crate::engine::finalize::Waiting;
use crate::engine::{ATTEMPT, Answer, Engine, Fault};
use crate::notice::Ended;
use crate::state::{Outcome, Versioned, Write};
use crate::validate::{Proof, validate};
use gsec_ca::authority::{AuthorityError, CrlOrder, Unfinished};
use gsec_ca::home::MAX_INTENT_AGE;
use gsec_ca::records::RevocationState;
use gsec_pki::x509::{parse_time, rfc3339};

/// How long an attempt waits for others.
const MAX_WAIT: Wait = Wait::from_secs(60);
/// After so long a challenge has its turn again that found no room.
const BUSY_PAUSE: Duration = Duration::seconds(5);

/// What came of an attempt at a challenge.
enum Tried {
    Proven,
    Failed(Problem),
    /// It was not made: too many are under way.
    Busy,
}

/// How many are taken up at once.
const MAX_TAKEN: u32 = 64;
/// How often is looked for what is due: attempts that are made again, and orders that were put back.
const LOOK: Wait = Wait::from_millis(500);
/// Revocations that come within this time are in one CRL.
const DEBOUNCE: Wait = Wait::from_millis(300);
/// How often is looked whether something was revoked beside the server.
const REVOCATION_LOOK: Wait = Wait::from_millis(1500);
/// After so many of these looks it is looked whether half of the life of the CRL is over.
const CRL_LOOKS: u32 = 40;
/// How often OCSP answers are looked through that are due soon.
const OCSP_LOOK: Wait = Wait::from_secs(60);
/// How soon a responder is asked for again that could not be had; each time the pause is twice as long, up to [`OCSP_LOOK`].
const OCSP_RETRY: Wait = Wait::from_secs(2);
/// How often is looked for records whose certificate never came.
const VOID_LOOK: Wait = Wait::from_secs(60);
/// The setting that says since when such records are looked for.
const VOIDED_UNTIL: &str = "voided_until";
/// How often is swept.
const SWEEP: Wait = Wait::from_secs(300);
/// How much is swept at once of each kind.
const MAX_SWEPT: u32 = 1000;

/// Whether a challenge is not tried any more.
fn is_given_up(authorization: &Authorization, challenge: &Id) -> bool {
    let challenge = authorization.challenge(challenge);
    challenge.is_some_and(|challenge| challenge.status() == ChallengeStatus::Invalid)
}

/// Whether a challenge is not tried any more that fails now.
fn is_last(authorization: &Authorization, challenge: &Id, now: OffsetDateTime) -> bool {
    let failed = authorization.clone().failed(challenge, now, String::new());
    failed.is_ok_and(|failed| is_given_up(&failed, challenge))
}

impl Engine {
    /// Starts all that happens by itself; it ends with the runtime.
    pub fn start(self: &Arc<Self>) {
        let engine = self.clone();
        tokio::spawn(async move { engine.try_and_resume().await });
        let engine = self.clone();
        tokio::spawn(async move { engine.keep_crl().await });
        let engine = self.clone();
        tokio::spawn(async move { engine.sweep().await });
        let engine = self.clone();
        tokio::spawn(async move { engine.void_unfinished().await });
        let engine = self.clone();
        tokio::spawn(async move {
            let mut after_failure = OCSP_RETRY;
            loop {
                let mut pause = OCSP_LOOK;
                match engine.keep_responder().await {
                    Ok(()) => after_failure = OCSP_RETRY,
                    Err(fault) => {
                        engine.tell("the OCSP responder", &fault);
                        pause = after_failure;
                        after_failure = (pause * 2).min(OCSP_LOOK);
                    }
                }
                if let Err(fault) = engine.renew_ocsp_answers().await {
                    engine.tell("OCSP answers", &fault);
                }
                // With another key of the CA, the responder is another one.
                let _ = timeout(pause, engine.ca.opened_anew()).await;
            }
        });
    }

    async fn try_and_resume(self: &Arc<Self>) {
        // What was in hand when the server stopped is in nobody's hand now.
        let mut now = self.clock.now() + Duration::days(365);
        loop {
            if let Err(fault) = self.take_up(now).await {
                self.tell("challenges and orders", &fault);
            }
            sleep(LOOK).await;
            now = self.clock.now();
        }
    }

    async fn take_up(self: &Arc<Self>, due_at: OffsetDateTime) -> Answer<()> {
        let due = self.state.due(due_at, MAX_TAKEN).await?;
        for authorization in due.authorizations {
            if let Some((authorization, challenge)) = self.taken(authorization, due_at).await? {
                self.spawn_attempt(authorization, challenge);
            }
        }
        for order in due.orders {
            let Some(hand) = self.hand_for(&order.value.id) else {
                continue;
            };
            let now = self.clock.now();
            let resumed = order.value.clone().resumed(due_at, now + ATTEMPT)?;
            let write = Write::new().replace(resumed.clone(), order.version);
            if !self.state.write_one(write).await?.is_written() {
                continue;
            }
            let engine = self.clone();
            let resumed = Versioned {
                version: order.version.next(),
                value: resumed,
            };
            tokio::spawn(async move {
                if let Err(fault) = engine.make(resumed, hand, true, &Waiting::nobody()).await {
                    engine.tell("an order", &fault);
                }
            });
        }
        Ok(())
    }

    /// Takes up the challenge of an authorization that is due; `None` when another has it, or there is none.
    async fn taken(
        &self,
        found: Versioned<Authorization>,
        due_at: OffsetDateTime,
    ) -> Answer<Option<(Versioned<Authorization>, Challenge)>> {
        let is_due = |challenge: &&Challenge| challenge.next_attempt().is_some_and(|at| at <= due_at);
        let Some(challenge) = found.value.challenges().iter().find(is_due).cloned() else {
            return Ok(None);
        };
        let now = self.clock.now();
        if found.value.status_at(now) != AuthorizationStatus::Pending {
            let over = found.value.clone().expired(now)?;
            self.state
                .write_one(Write::new().replace(over, found.version))
                .await?;
            return Ok(None);
        }
        let at = challenge.next_attempt().map_or(now, |at| at.max(now)).min(due_at);
        let taken = found.value.taken(&challenge.id, at, now + ATTEMPT)?;
        let write = Write::new().replace(taken.clone(), found.version);
        Ok(match self.state.write_one(write).await? {
            Outcome::Written => Some((
                Versioned {
                    version: found.version.next(),
                    value: taken,
                },
                challenge,
            )),
            Outcome::Refused(_) => None,
        })
    }

    /// Tries a challenge that was taken up, whether or not its client waits.
    pub(super) fn spawn_attempt(self: &Arc<Self>, taken: Versioned<Authorization>, challenge: Challenge) {
        let engine = self.clone();
        tokio::spawn(async move {
            if let Err(fault) = engine.try_challenge(taken, challenge).await {
                engine.tell("a challenge", &fault);
            }
        });
    }

    async fn try_challenge(&self, found: Versioned<Authorization>, challenge: Challenge) -> Answer<()> {
        let account = self.state.get::<Account>(&found.value.account).await?;
        let account = account.ok_or_else(|| Fault::not_found("account"))?.value;
        // RFC 8555 §7.3.6: what is pending ends with its account.
        if account.status() != AccountStatus::Valid {
            let now = self.clock.now();
            self.updated(found, |authorization| match authorization.status_at(now) {
                AuthorizationStatus::Pending => Ok(authorization.deactivated(now)?),
                _ => Ok(authorization),
            })
            .await?;
            return Ok(());
        }
        let tried = self.tried(&account, &found.value, &challenge).await;
        let now = self.clock.now();
        let outcome = match &tried {
            Tried::Proven => "valid",
            Tried::Failed(_) if is_last(&found.value, &challenge.id, now) => "invalid",
            Tried::Failed(_) => "failed",
            Tried::Busy => "postponed",
        };
        self.metrics.validated(challenge.kind.word(), outcome);
        self.log.ended(Ended {
            event: "challenge",
            kind: challenge.kind.word(),
            outcome,
            account: account.id.as_str(),
            names: vec![found.value.identifier.to_string()],
            serial: None,
            request: None,
            problem: match &tried {
                Tried::Failed(problem) => Some(problem.detail()),
                Tried::Proven | Tried::Busy => None,
            },
        });
        let until = now + self.settings.authorization_lifetime;
        let after = self
            .updated(found, |authorization| {
                // Given up meanwhile, or proven by another challenge: then this attempt counts for nothing.
                if authorization.status_at(now) != AuthorizationStatus::Pending {
                    return Ok(authorization);
                }
                Ok(match &tried {
                    Tried::Proven => authorization.proved(&challenge.id, now, until)?,
                    Tried::Failed(problem) => authorization.failed(&challenge.id, now, problem.to_json())?,
                    Tried::Busy => authorization.put_off(&challenge.id, now, now + BUSY_PAUSE)?,
                })
            })
            .await?;
        let after = after.value;
        if is_given_up(&after, &challenge.id) {
            let bucket = Bucket::failed_validations(&account.id, &after.identifier);
            // Where there is no room left, nothing more can be taken from it.
            let _ = self
                .count(&[(bucket, Limit::FailedValidations)], Some(&account))
                .await;
        }
        Ok(())
    }

    async fn tried(&self, account: &Account, authorization: &Authorization, challenge: &Challenge) -> Tried {
        let Ok(jwk) = Jwk::parse(account.key.jwk.as_bytes()) else {
            let problem = "the key of the account cannot be read";
            return Tried::Failed(Problem::new(ProblemType::ServerInternal, problem));
        };
        let expected = key_authorization(challenge.token.as_str(), &jwk);
        let proof = Proof {
            identifier: &authorization.identifier,
            kind: challenge.kind,
            token: challenge.token.as_str(),
            key_authorization: &expected,
        };
        let slot = self.queue.slot(&account.id, &authorization.identifier);
        let Ok(Ok(_slot)) = timeout(MAX_WAIT, slot).await else {
            return Tried::Busy;
        };
        let proven = match validate(&proof, &self.rules).await {
            Ok(_) => self.permitted_by_caa(authorization, challenge.kind).await,
            Err(failure) => Err(failure),
        };
        match proven {
            Ok(()) => Tried::Proven,
            Err(failure) => Tried::Failed(Problem::new(problem_type(failure.problem()), failure.to_string())),
        }
    }

    /// Makes a CRL soon after a revocation, and before half of the life of the last one is over.
    async fn keep_crl(&self) {
        let (mut is_wanted, mut known) = (false, None);
        let mut looks = (0..CRL_LOOKS).cycle();
        loop {
            // Commands beside the server revoke too, and `openssl ca` makes no CRL and writes no line.
            let now = self.revocations().await;
            let is_due = looks.next() == Some(0);
            if is_wanted || now != known || now.is_none() && is_due {
                self.revocation_seen.notify_one();
            }
            // Where that cannot be told, everything is read, and so not at each look.
            if !is_wanted && (now != known || now.is_none() && is_due) {
                is_wanted = self.crl_is_another().await;
            }
            known = now;
            if is_wanted || is_due && self.crl_is_due().await {
                match self.issuer.update_crl().await {
                    Ok(made) => {
                        is_wanted = false;
                        let number = made.crl.number().map(ToString::to_string);
                        self.log.crl(&number.unwrap_or_default());
                    }
                    Err(error) => {
                        self.tell("the CRL", &Fault::unavailable(error.to_string()));
                        // Tried again soon: a revocation must not wait for the next one.
                        is_wanted = true;
                        sleep(DEBOUNCE * 10).await;
                        continue;
                    }
                }
            }
            if timeout(REVOCATION_LOOK, self.revoked.notified()).await.is_ok() {
                is_wanted = true;
                sleep(DEBOUNCE).await;
            }
        }
    }

    /// Waits until something may have been revoked since this was asked last, or the CA is another one. One asks.
    pub async fn revocation_seen(&self) {
        self.revocation_seen.notified().await;
    }

    /// What tells whether something was revoked; `None` where that cannot be told.
    async fn revocations(&self) -> Option<(u64, RevocationState)> {
        let looked = self
            .ca
            .look(|ca| ca.records().revocation_state(&[]).ok().flatten());
        Some((self.ca.times_reopened(), looked.await.ok().flatten()?))
    }

    /// Whether a CRL that is made now would have more or fewer entries than the one that is there.
    async fn crl_is_another(&self) -> bool {
        let now = self.clock.now();
        let looked = self.ca.look(move |ca| {
            let listed = ca.present_crl().ok().flatten();
            let listed = listed.map_or(0, |crl| crl.entries().count() as u64);
            ca.plan_crl(CrlOrder::default(), now)
                .is_ok_and(|plan| plan.revoked != listed)
        });
        looked.await.unwrap_or_default()
    }

    /// Whether half of the life of the CRL or of a part of it is over, or one is missing.
    async fn crl_is_due(&self) -> bool {
        let now = self.clock.now();
        let looked = self.ca.look(move |ca| ca.crl_is_due(now).unwrap_or(true));
        looked.await.unwrap_or_default()
    }

    /// Revokes records that this server's CA announced and whose certificate did not come within ten minutes.
    async fn void_unfinished(&self) {
        let (began, mut unfinished) = (self.clock.now(), None);
        loop {
            if let Err(fault) = self.void_overdue(began, &mut unfinished).await {
                self.tell("records without a certificate", &fault);
            }
            sleep(VOID_LOOK).await;
        }
    }

    /// What was recorded before a server of this directory looked for the first time is left to `gsec doctor`: its files may have been deleted.
    async fn void_overdue(&self, began: OffsetDateTime, unfinished: &mut Option<Unfinished>) -> Answer<()> {
        let kept = self.state.setting(VOIDED_UNTIL.into()).await?;
        let since = kept.as_deref().and_then(parse_time).unwrap_or(began);
        let (now, mut waiting) = (self.clock.now(), unfinished.take());
        let looked = self.ca.look(move |ca| {
            let mut waiting = match waiting.take() {
                Some(waiting) => waiting,
                None => ca.unfinished()?,
            };
            let overdue = ca.overdue(&mut waiting, since, now)?;
            Ok::<_, AuthorityError>((waiting, overdue))
        });
        let (waiting, overdue) = looked
            .await?
            .map_err(|error| Fault::unavailable(error.to_string()))?;
        if !overdue.is_empty() {
            let voided = self.issuer.void(overdue.clone()).await?;
            overdue.iter().for_each(|serial| self.responder.forget(serial));
            if voided.is_changed() {
                self.revoked.notify_one();
            }
        }
        *unfinished = Some(waiting);
        // Nothing that was announced until then is waited for any more.
        let until = (now - MAX_INTENT_AGE).max(since);
        let value = (kept.is_none() || until > since).then(|| rfc3339(until));
        match value {
            Some(value) => Ok(self.state.set_setting(VOIDED_UNTIL.into(), Some(value)).await?),
            None => Ok(()),
        }
    }

    async fn sweep(&self) {
        loop {
            sleep(SWEEP).await;
            loop {
                match self.state.sweep(self.clock.now(), MAX_SWEPT).await {
                    Ok(swept)
                        if swept.nonces + swept.buckets + swept.orders + swept.authorizations
                            >= u64::from(MAX_SWEPT) => {}
                    Ok(_) => break,
                    Err(error) => {
                        self.tell("sweeping", &error.into());
                        break;
                    }
                }
            }
        }
    }
}
