//! The OCSP responder (RFC 6960, RFC 5019): what it is asked, what it says, and what it has said already.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thiserror::Error;
use time::{Duration, OffsetDateTime};

use super::caching::{Caching, Freshness};
use super::kept::{Bounds, Kept, KeptAnswer};
use super::sent::Sent;
use gsec_pki::x509::ocsp::{
    AskedIssuer, CertId, CertIdIssuer, CertStatus, OcspRequest, OcspResponseTemplate, Responder,
    ResponseRefusal, SingleResponse, refusal, sign_response,
};
use gsec_pki::x509::{Certificate, SerialNumber};

/// The longest time that an answer may count: clients keep it until then, also when the certificate is revoked meanwhile.
pub const MAX_LIFE: Duration = Duration::days(7);
/// How long it counts that a certificate is not known: the next number may be issued any moment.
const UNKNOWN_LIFE: Duration = Duration::minutes(10);
/// What is kept.
const BOUNDS: Bounds = Bounds {
    count: 100_000,
    bytes: 64 * 1024 * 1024,
};

/// The records cannot be asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the records cannot be asked now")]
pub struct RecordsUnavailable;

/// What the CA's records say of a certificate.
pub trait Standing {
    /// Good or revoked as recorded, expired certificates too; unknown for a number that was never issued.
    ///
    /// # Errors
    /// [`RecordsUnavailable`].
    fn of(&self, serial: &SerialNumber) -> Result<CertStatus, RecordsUnavailable>;
}

/// An answer to be sent with status 200, also where it says that there is none.
#[derive(Debug, Clone)]
pub struct OcspAnswer {
    /// OCSPResponse in DER.
    pub body: Arc<[u8]>,
    /// Who else may have it.
    pub caching: Caching,
}

impl OcspAnswer {
    /// The media type of the body, RFC 6960 Appendix C.2.
    pub const CONTENT_TYPE: &'static str = "application/ocsp-response";

    fn refused(why: ResponseRefusal) -> Self {
        Self {
            body: refusal(why).into(),
            caching: Caching::No,
        }
    }
}

/// The answers of one CA's responder. What was signed about one certificate is given out again until half of its life is over.
pub struct Answers {
    issuer: CertIdIssuer,
    life: Duration,
    kept: Mutex<Kept>,
}

impl Answers {
    /// Answers about the certificates of a CA that count for so long, from a minute to [`MAX_LIFE`].
    pub fn new(issuer: &Certificate, life: Duration) -> Self {
        Self::within(BOUNDS, issuer, life)
    }

    pub(super) fn within(bounds: Bounds, issuer: &Certificate, life: Duration) -> Self {
        Self {
            issuer: CertIdIssuer::of(issuer),
            life: life.clamp(Duration::MINUTE, MAX_LIFE),
            kept: Mutex::new(Kept::new(bounds)),
        }
    }

    /// Those that follow others of the same CA, when its records or its responder have changed: none of what was said is said again, and what was
    /// asked for is signed anew by [`Answers::renew`].
    pub fn following(&self, issuer: &Certificate, life: Duration) -> Self {
        let asked_for = self.kept().asked_for();
        let answers = Self::new(issuer, life);
        answers.kept().want(asked_for);
        answers
    }

    /// Signs what was asked for lately and is due soon, so many answers at the most, before somebody asks again. It does not keep others waiting
    /// while it asks the records and signs.
    ///
    /// # Errors
    /// [`RecordsUnavailable`].
    pub fn renew(
        &self,
        now: OffsetDateTime,
        count: usize,
        standing: &dyn Standing,
        responder: &Responder<'_>,
    ) -> Result<usize, RecordsUnavailable> {
        let due = self.kept().due(now, count);
        for (done, id) in due.iter().enumerate() {
            let forgotten = self.kept().forgotten();
            match self.kept_anew(id, forgotten, false, now, standing, responder) {
                Ok(_) => {}
                Err(ResponseRefusal::TryLater) => {
                    self.kept().want(due[done..].to_vec());
                    return Err(RecordsUnavailable);
                }
                Err(_) => return Ok(done),
            }
        }
        Ok(due.len())
    }

    /// Answers a request. It does not wait for others while it asks the records and signs.
    pub fn answer(
        &self,
        sent: Sent<'_>,
        now: OffsetDateTime,
        standing: &dyn Standing,
        responder: &Responder<'_>,
    ) -> OcspAnswer {
        let request = sent.der().and_then(|der| OcspRequest::from_der(&der).ok());
        let Some(request) = request else {
            return OcspAnswer::refused(ResponseRefusal::MalformedRequest);
        };
        // Nobody is misled by an answer that is not signed, and it costs nothing (RFC 5019 §2.2.3).
        let is_anothers = |id: &CertId| self.issuer.asked(id) == AskedIssuer::Another;
        if request.ids().iter().all(is_anothers) {
            return OcspAnswer::refused(ResponseRefusal::Unauthorized);
        }
        match (request.ids(), request.nonce()) {
            ([id], None) => self.answer_one(id, now, standing, responder),
            (ids, nonce) => self
                .signed(ids, nonce, now, standing, responder)
                .map(|signed| OcspAnswer {
                    body: signed.body,
                    caching: Caching::No,
                }),
        }
        .unwrap_or_else(OcspAnswer::refused)
    }

    /// Forgets what was said of certificates whose status has changed. To be called after the change is recorded and before the change is confirmed to
    /// who asked for it: from then on no answer says what was before.
    pub fn forget<'a>(&self, serials: impl IntoIterator<Item = &'a SerialNumber>) {
        self.kept().forget(serials);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer_one(
        &self,
        id: &CertId,
        now: OffsetDateTime,
        standing: &dyn Standing,
        responder: &Responder<'_>,
    ) -> Result<OcspAnswer, ResponseRefusal> {
        let forgotten = {
            let mut kept = self.kept();
            if let Some(answer) = kept.get(id.der(), now) {
                return Ok(answer.into());
            }
            kept.forgotten()
        };
        self.kept_anew(&Arc::new(id.clone()), forgotten, true, now, standing, responder)
    }

    /// Signs an answer and keeps it, unless something was forgotten since.
    fn kept_anew(
        &self,
        id: &Arc<CertId>,
        forgotten: u64,
        was_asked_for: bool,
        now: OffsetDateTime,
        standing: &dyn Standing,
        responder: &Responder<'_>,
    ) -> Result<OcspAnswer, ResponseRefusal> {
        let signed = self.signed(std::slice::from_ref(&**id), None, now, standing, responder)?;
        if !signed.is_known {
            return Ok(OcspAnswer {
                body: signed.body,
                caching: Caching::No,
            });
        }
        let half = now + (signed.ends - now) / 2;
        let answer = KeptAnswer {
            freshness: Freshness::of(&signed.body, now, half, signed.ends),
            body: signed.body,
        };
        let mut kept = self.kept();
        // What the records said before a change is not kept beyond it.
        if kept.forgotten() == forgotten {
            kept.put(id, answer.clone(), was_asked_for);
        }
        Ok(answer.into())
    }

    fn signed(
        &self,
        ids: &[CertId],
        nonce: Option<&[u8]>,
        now: OffsetDateTime,
        standing: &dyn Standing,
        responder: &Responder<'_>,
    ) -> Result<Signed, ResponseRefusal> {
        let statuses = ids.iter().map(|id| match self.issuer.asked(id) {
            AskedIssuer::This => standing.of(id.serial()),
            AskedIssuer::Another | AskedIssuer::Undetermined => Ok(CertStatus::Unknown),
        });
        let statuses: Vec<CertStatus> = statuses
            .collect::<Result<_, _>>()
            .map_err(|RecordsUnavailable| ResponseRefusal::TryLater)?;
        let is_known = !statuses.contains(&CertStatus::Unknown);
        let life = if is_known {
            self.life
        } else {
            self.life.min(UNKNOWN_LIFE)
        };
        // No client believes an answer longer than its signer (RFC 6960 §3.2).
        let ends = match responder.certificate {
            Some(certificate) => (now + life).min(certificate.not_after()),
            None => now + life,
        };
        if ends <= now {
            return Err(ResponseRefusal::InternalError);
        }
        let single = |(id, status): (&CertId, CertStatus)| SingleResponse {
            id: id.clone(),
            status,
            this_update: now,
            next_update: Some(ends),
        };
        let template = OcspResponseTemplate {
            produced_at: now,
            responses: &ids.iter().zip(statuses).map(single).collect::<Vec<_>>(),
            nonce,
        };
        let body = sign_response(&template, responder).map_err(|_| ResponseRefusal::InternalError)?;
        Ok(Signed {
            body: body.into(),
            ends,
            is_known,
        })
    }

    /// Answers that are kept, and the bytes that they take.
    #[cfg(test)]
    pub(super) fn size(&self) -> (usize, usize) {
        self.kept().size()
    }
}

struct Signed {
    body: Arc<[u8]>,
    ends: OffsetDateTime,
    /// Whether every certificate in question is known.
    is_known: bool,
}

impl From<KeptAnswer> for OcspAnswer {
    fn from(answer: KeptAnswer) -> Self {
        Self {
            body: answer.body,
            caching: Caching::Until(answer.freshness),
        }
    }
}
