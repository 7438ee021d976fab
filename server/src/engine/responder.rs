//! The OCSP responder: who answers in the CA's name, and what the records say.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use time::{Duration, OffsetDateTime};

use crate::engine::{Answer, Engine, Fault};
use crate::publish::{Answers, OcspAnswer, RecordsUnavailable, Sent, Standing};
use gsec_ca::authority::{Authority, OpenCa};
use gsec_ca::files::{Access, Existing, read_regular_within, write_output};
use gsec_ca::records::Part;
use gsec_pki::key::{
    KeyAlgorithm, KeyFormat, PrivateKey, SignatureCheck, Signer, decode_private_key, encode_private_key,
};
use gsec_pki::x509::ocsp::{CertStatus, Responder};
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{Certificate, SerialNumber, decode_certificates};

/// How long an answer counts.
const LIFE: Duration = Duration::hours(12);
/// How many answers are signed in advance at once.
const MAX_IN_ADVANCE: usize = 2000;
/// The longest file of key and certificate.
const MAX_BYTES: u64 = 64 * 1024;

/// Key, certificate and answers of a responder, and the CA that it answers for.
struct Signing {
    key: PrivateKey,
    certificate: Certificate,
    issuer: Certificate,
    /// What was said by the records as they were.
    answers: RwLock<(Option<IndexFile>, Arc<Answers>)>,
}

/// Which file `ca.db` is: a revocation, by whichever program, puts another file in its place. So what commands beside the server revoke is known at
/// once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct IndexFile {
    inode: u64,
    made: Option<SystemTime>,
}

impl IndexFile {
    fn of(ca: &Authority) -> Option<Self> {
        let metadata = ca.records().place(Part::Index).metadata().ok()?;
        Some(Self {
            inode: metadata.ino(),
            // Where the file system does not know when a file was made, every change counts.
            made: metadata.created().or_else(|_| metadata.modified()).ok(),
        })
    }
}

/// The responder of the CA's present key.
pub struct OcspResponder {
    /// Where its key and its certificate are.
    path: PathBuf,
    signing: RwLock<Option<Arc<Signing>>>,
}

/// A request as HTTP brings it, without a borrow.
pub enum Asked {
    /// What follows the address in the path.
    Get(String),
    /// The body.
    Post(Vec<u8>),
}

struct Records<'a>(&'a Authority);

impl Standing for Records<'_> {
    fn of(&self, serial: &SerialNumber) -> Result<CertStatus, RecordsUnavailable> {
        let record = self.0.records().find(serial).map_err(|_| RecordsUnavailable)?;
        let Some(record) = record else {
            return Ok(CertStatus::Unknown);
        };
        let Some(certificate) = self.0.issued_certificate(serial) else {
            // Its certificate is being made, or never came: then the record is revoked, and whoever has a certificate of this number all the same is
            // told so.
            let revoked = record.revoked_entry().map(|entry| CertStatus::Revoked {
                at: entry.revoked_at,
                reason: entry.reason,
            });
            return Ok(revoked.unwrap_or(CertStatus::Unknown));
        };
        match self.0.standing(&certificate).status {
            RevocationStatus::Good => Ok(CertStatus::Good),
            RevocationStatus::Revoked { reason, since } => Ok(CertStatus::Revoked {
                at: since.unwrap_or(certificate.not_before()),
                reason,
            }),
            RevocationStatus::NotChecked | RevocationStatus::Undetermined { .. } => Err(RecordsUnavailable),
        }
    }
}

impl OcspResponder {
    /// A responder with its key and certificate in a file, which need not be there yet.
    pub fn at(path: PathBuf) -> Self {
        Self {
            path,
            signing: RwLock::new(None),
        }
    }

    fn signing(&self) -> Option<Arc<Signing>> {
        self.signing
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// From now on this one answers, and first what was asked of the one before.
    fn set(&self, mut signing: Signing) {
        let mut place = self.signing.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = place.as_ref().filter(|before| before.issuer == signing.issuer) {
            let answers = before.answers_now(None).following(&signing.issuer, LIFE);
            signing.answers = RwLock::new((None, Arc::new(answers)));
        }
        *place = Some(Arc::new(signing));
    }

    /// What is in the file, if it is of this CA.
    fn kept(&self, ca: &OpenCa) -> Option<Signing> {
        let content = read_regular_within(&self.path, MAX_BYTES).ok()?;
        let key = decode_private_key(&content, None).ok()?;
        let certificate = decode_certificates(&content).ok()?.into_iter().next()?;
        let issuer = ca.authority().certificate();
        let is_own = certificate.public_key() == key.public_key()
            && certificate.verify_signature(issuer.public_key()) == SignatureCheck::Good;
        is_own.then(|| Signing::new(key, certificate, issuer))
    }

    /// Nothing that was said of a certificate is said again.
    pub(super) fn forget(&self, serial: &SerialNumber) {
        if let Some(signing) = self.signing() {
            signing.answers_now(None).forget([serial]);
        }
    }
}

impl Signing {
    fn new(key: PrivateKey, certificate: Certificate, issuer: &Certificate) -> Self {
        Self {
            key,
            certificate,
            answers: RwLock::new((None, Arc::new(Answers::new(issuer, LIFE)))),
            issuer: issuer.clone(),
        }
    }

    /// The answers that still hold, with the records in this file; with `None`, whichever they are.
    fn answers_now(&self, index: Option<IndexFile>) -> Arc<Answers> {
        let (of, answers) = self
            .answers
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if index.is_none() || of == index {
            return answers;
        }
        let answers = Arc::new(answers.following(&self.issuer, LIFE));
        *self.answers.write().unwrap_or_else(PoisonError::into_inner) = (index, answers.clone());
        answers
    }

    /// Before half of its life is over, and issued by the CA's present key.
    fn is_current(&self, ca: &OpenCa, now: OffsetDateTime) -> bool {
        let (start, end) = (self.certificate.not_before(), self.certificate.not_after());
        let issuer = ca.authority().certificate().public_key();
        (start..start + (end - start) / 2).contains(&now)
            && self.certificate.verify_signature(issuer) == SignatureCheck::Good
    }

    /// Whether clients believe it now.
    fn counts(&self, now: OffsetDateTime) -> bool {
        (self.certificate.not_before()..self.certificate.not_after()).contains(&now)
    }

    fn responder(&self) -> Responder<'_> {
        Responder {
            certificate: Some(&self.certificate),
            key: &self.key,
        }
    }
}

impl Engine {
    /// Answers an OCSP request.
    ///
    /// # Errors
    /// Status 503 where there is no responder, or the CA cannot be read.
    pub async fn ocsp(&self, asked: Asked) -> Answer<OcspAnswer> {
        let signing = self.responder.signing();
        let signing = signing.ok_or_else(|| Fault::unavailable("there is no OCSP responder yet"))?;
        let now = self.clock.now();
        self.ca
            .look(move |ca| {
                let sent = match &asked {
                    Asked::Get(path) => Sent::Get(path),
                    Asked::Post(body) => Sent::Post(body),
                };
                let answers = signing.answers_now(IndexFile::of(ca));
                answers.answer(sent, now, &Records(ca), &signing.responder())
            })
            .await
    }

    /// Signs in advance what was asked for lately, and would have to be signed soon when somebody asks.
    ///
    /// # Errors
    /// Status 503 where the CA cannot be read.
    pub async fn renew_ocsp_answers(&self) -> Answer<()> {
        let Some(signing) = self.responder.signing() else {
            return Ok(());
        };
        let now = self.clock.now();
        let renewed = self.ca.look(move |ca| {
            let answers = signing.answers_now(IndexFile::of(ca));
            answers.renew(now, MAX_IN_ADVANCE, &Records(ca), &signing.responder())
        });
        match renewed.await? {
            Ok(_) => Ok(()),
            Err(error) => Err(Fault::unavailable(error.to_string())),
        }
    }

    /// Makes a responder where there is none, and another one when half of the life of its certificate is over: the old one answers until then,
    /// so there is no gap.
    ///
    /// # Errors
    /// Status 503.
    pub async fn keep_responder(&self) -> Answer<()> {
        let unavailable = |error: &dyn std::fmt::Display| Fault::unavailable(error.to_string());
        let opened = self.ca.now().map_err(|error| unavailable(&error))?;
        let now = self.clock.now();
        if self
            .responder
            .signing()
            .is_some_and(|signing| signing.is_current(&opened, now))
        {
            return Ok(());
        }
        // One that is due to be replaced answers after a restart as well, until there is another.
        if self.responder.signing().is_none()
            && let Some(kept) = self.responder.kept(&opened).filter(|kept| kept.counts(now))
        {
            let is_current = kept.is_current(&opened, now);
            self.responder.set(kept);
            if is_current {
                return Ok(());
            }
        }
        let key = PrivateKey::generate(KeyAlgorithm::P256).map_err(|error| unavailable(&error))?;
        let certificate = self.issuer.issue_responder(key.public_key().clone()).await?;
        let mut content = encode_private_key(&key, KeyFormat::Pkcs8).map_err(|error| unavailable(&error))?;
        content.push_str(&certificate.to_pem());
        write_output(
            &self.responder.path,
            Access::Secret,
            content.as_bytes(),
            Existing::Replace,
        )
        .map_err(|error| unavailable(&error))?;
        self.responder
            .set(Signing::new(key, certificate, opened.authority().certificate()));
        Ok(())
    }
}
