//! The OCSP responder: who answers in the CA's name, and what the records say.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use time::{Duration, OffsetDateTime};

use crate::engine::{Answer, Engine, Fault};
use crate::publish::{Answers, OcspAnswer, RecordsUnavailable, Sent, Standing};
use gsec_ca::authority::{Authority, OpenCa};
use gsec_ca::files::{Access, Existing, read_regular_within, write_own};
use gsec_ca::records::Part;
use gsec_pki::key::{
    KeyAlgorithm, KeyFormat, PrivateKey, SignatureCheck, Signer, decode_private_key, encode_private_key,
};
use gsec_pki::x509::ocsp::{CertStatus, Responder};
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{Certificate, ExtendedKeyUsage, KeyUsage, SerialNumber, decode_certificates};

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
        let certificate = match self.0.issued_certificate(serial) {
            Ok(Some(certificate)) => certificate,
            // Its certificate is being made, never came, or cannot be read: where the record is revoked, whoever has a certificate of this number all the
            // same is told so.
            missing => {
                let revoked = record.revoked_entry().map(|entry| CertStatus::Revoked {
                    at: entry.revoked_at,
                    reason: entry.reason,
                });
                return match (revoked, missing) {
                    (Some(revoked), _) => Ok(revoked),
                    (None, Ok(_)) => Ok(CertStatus::Unknown),
                    (None, Err(_)) => Err(RecordsUnavailable),
                };
            }
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
        // As clients judge it, RFC 6960 §4.2.2.2; another one is not taken up, and the next is made.
        let usages = certificate.extended_key_usage().unwrap_or_default();
        let is_own = certificate.public_key() == key.public_key()
            && certificate.is_issued_by(issuer)
            && usages.contains(&ExtendedKeyUsage::OcspSigning)
            && certificate.lets_key(KeyUsage::DIGITAL_SIGNATURE);
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
        write_own(
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

#[cfg(test)]
pub(super) mod tests {
    use std::path::Path;
    use std::sync::Mutex;
    use std::time::Duration as Wait;

    use time::macros::datetime;

    use super::*;
    use crate::domain::limits::Overrides;
    use crate::engine::issuer::Workshop;
    use crate::engine::{CaView, Issuer, Parts, Settings};
    use crate::notice::{LogForm, ServerLog};
    use crate::state::memory::Memory;
    use crate::validate::Rules;
    use gsec_ca::authority::{
        AuthorityOrder, Delivery, HostKey, HostOrder, NewAuthority, OutFiles, OutNames, Session, StatusOrder,
    };
    use gsec_ca::home::{CaDir, KeyFiles, LockWait};
    use gsec_ca::policy::Policy;
    use gsec_ca::policy::SerialSource;
    use gsec_ca::records::Principal;
    use gsec_env::{Clock, Env};
    use gsec_pki::x509::ocsp::{BasicResponse, CertId, OcspRequest, OcspResponse, ResponseRefusal};
    use gsec_pki::x509::{AttributeKind, GeneralName, NameAttribute, NameParts, RevocationReason};

    const NOW: OffsetDateTime = datetime!(2030-03-27 12:00 UTC);

    /// A clock that a test sets.
    #[derive(Clone)]
    struct Set(Arc<Mutex<OffsetDateTime>>);

    impl Clock for Set {
        fn now(&self) -> OffsetDateTime {
            *self.0.lock().expect("one at a time")
        }
    }

    /// A CA whose server has nothing to do.
    pub(in crate::engine) struct Site {
        folder: tempfile::TempDir,
        clock: Set,
    }

    fn session<T>(now: OffsetDateTime, action: &'static str, work: impl FnOnce(&mut Session<'_>) -> T) -> T {
        let mut random = (Env::real().new_random)();
        work(&mut Session {
            action,
            now,
            random: random.as_mut(),
            by: Principal::default(),
            wait: LockWait::silent(Wait::from_secs(10)),
        })
    }

    impl Site {
        pub(in crate::engine) fn new() -> Self {
            let site = Self {
                folder: tempfile::tempdir().expect("a folder"),
                clock: Set(Arc::new(Mutex::new(NOW))),
            };
            let order = AuthorityOrder {
                name: NameParts::new(NameAttribute::parse(AttributeKind::CommonName, "Example CA")),
                algorithm: KeyAlgorithm::P256,
                lifetime: None,
                path_len: None,
                constraints: None,
                serial: SerialSource::Sequential,
            };
            let new = NewAuthority::plan(site.directory(), order, NOW).expect("a plan");
            session(NOW, "ca.init", |session| new.create(None, session)).expect("a CA");
            site
        }

        fn directory(&self) -> CaDir {
            CaDir::at(self.folder.path().join("ca"))
        }

        fn responder(&self) -> std::path::PathBuf {
            self.folder.path().join("ocsp.pem")
        }

        fn at(&self, now: OffsetDateTime) {
            *self.clock.0.lock().expect("one at a time") = now;
        }

        /// A server that was started now.
        pub(in crate::engine) async fn engine(&self) -> Arc<Engine> {
            let keys = Arc::new(KeyFiles::of(&self.directory(), None));
            let clock: Arc<dyn Clock + Send + Sync> = Arc::new(self.clock.clone());
            let new_random = Env::real().new_random;
            let issuer = Issuer::start(Workshop {
                directory: self.directory(),
                keys: keys.clone(),
                clock: clock.clone(),
                new_random,
                metrics: Arc::default(),
            });
            let parts = Parts {
                state: Arc::new(Memory::default()),
                issuer: issuer.expect("the CA"),
                ca: CaView::open(self.directory(), keys).expect("the CA"),
                responder: OcspResponder::at(self.responder()),
                rules: Rules::new(Vec::new(), Vec::new(), Vec::new()),
                account_urls: Arc::new(|_| Vec::new()),
                settings: Settings {
                    terms: None,
                    must_agree_again: false,
                    requires_external_account: false,
                    default_profile: "host".into(),
                    profiles: vec![("host".into(), String::new())],
                    order_lifetime: Duration::days(1),
                    authorization_lifetime: Duration::days(1),
                    overrides: Overrides::default(),
                    most_pending: 1000,
                },
                clock,
                new_random,
                metrics: Arc::default(),
                log: ServerLog::to(
                    Box::new(std::io::sink()),
                    LogForm::Faults,
                    Arc::new(self.clock.clone()),
                    Box::new(|| Policy::unknown().log_filter),
                ),
                ask_signer: Arc::new(|| Ok(String::new())),
            };
            Engine::new(parts).await.expect("an engine")
        }

        fn issue(&self, name: &str) -> Certificate {
            self.issue_for(name, HostKey::Generate(KeyAlgorithm::P256))
        }

        fn issue_for(&self, name: &str, key: HostKey) -> Certificate {
            let opened = OpenCa::open(self.directory(), Arc::new(KeyFiles::of(&self.directory(), None)));
            let opened = opened.expect("the CA");
            let order = HostOrder::new(Some(GeneralName::parse_host(name).expect("a host")), key, "host");
            let plan = opened.authority().plan_host(order, NOW).expect("a plan");
            let delivery = Delivery {
                pfx: None,
                key_format: KeyFormat::Pkcs8,
                out_dir: None,
                out_names: OutNames::Serial,
                out_files: OutFiles::default(),
                keep_key: false,
            };
            let issued = session(NOW, "cert.issue", |session| {
                opened
                    .authority()
                    .issue_host(plan, opened.unlocked(), &delivery, session)
            });
            issued.expect("issued").certificate
        }

        /// The key of a host and its certificate, in one file as that of the responder.
        fn issue_with_key(&self, name: &str) -> Vec<u8> {
            let key = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
            let certificate = self.issue_for(name, HostKey::Certified(Box::new(key.public_key().clone())));
            let mut file = encode_private_key(&key, KeyFormat::Pkcs8).expect("a key");
            file.push_str(&certificate.to_pem());
            file.as_bytes().to_vec()
        }

        fn revoke(&self, serial: &SerialNumber) {
            let authority = Authority::open(self.directory()).expect("the CA");
            let order = StatusOrder::Revoke(RevocationReason::Superseded);
            session(NOW, "cert.revoke", |session| {
                authority.change_status(std::slice::from_ref(serial), order, None, session)
            })
            .expect("revoked");
        }
    }

    async fn asked(engine: &Engine, id: CertId) -> Result<BasicResponse, ResponseRefusal> {
        let request = OcspRequest::new(vec![id], None).expect("a request").to_der();
        let answer = engine
            .ocsp(Asked::Post(request))
            .await
            .expect("there is a responder");
        match OcspResponse::from_der(&answer.body).expect("a response") {
            OcspResponse::Refused(refusal) => Err(refusal),
            response => Ok(response.answer().expect("an answer")),
        }
    }

    fn ca_of(site: &Site) -> Certificate {
        Authority::open(site.directory())
            .expect("the CA")
            .certificate()
            .clone()
    }

    fn spoil(path: &Path) -> String {
        let before = std::fs::read_to_string(path).expect("a file");
        std::fs::write(path, "no number\n").expect("written");
        before
    }

    #[tokio::test]
    async fn signer_rolls_over_without_a_gap_also_when_another_one_cannot_be_made_and_after_a_restart() {
        let site = Site::new();
        let (certificate, ca) = (site.issue("a.example.com"), ca_of(&site));
        let id = || CertId::of(&ca, certificate.serial());
        let engine = site.engine().await;
        assert!(
            engine.ocsp(Asked::Post(Vec::new())).await.is_err(),
            "there is none yet"
        );
        engine.keep_responder().await.expect("one");
        let signers = || std::fs::read(site.responder()).expect("the signer");
        let first = signers();
        let judged = |answer: &BasicResponse, now| {
            answer.judge(&ca, now).expect("it is believed");
            assert_eq!(answer.status_of(&id(), now), Ok(CertStatus::Good));
        };
        judged(&asked(&engine, id()).await.expect("an answer"), NOW);
        // Half of its life is over, and no number can be had for another certificate.
        let serial = site.directory().serial();
        let before = spoil(&serial);
        let later = NOW + Duration::days(8);
        site.at(later);
        assert!(engine.keep_responder().await.is_err());
        judged(&asked(&engine, id()).await.expect("an answer"), later);
        let engine = site.engine().await;
        assert!(engine.keep_responder().await.is_err());
        judged(
            &asked(&engine, id()).await.expect("the same after a restart"),
            later,
        );
        assert_eq!(signers(), first);
        std::fs::write(&serial, before).expect("written");
        engine.keep_responder().await.expect("another one");
        assert_ne!(signers(), first);
        // What was asked of the first one is signed by the second before somebody asks.
        engine.renew_ocsp_answers().await.expect("signed");
        judged(&asked(&engine, id()).await.expect("an answer"), later);
        // One that is over answers nothing, and is not taken up again.
        std::fs::write(site.responder(), first).expect("written");
        spoil(&serial);
        site.at(NOW + Duration::days(15));
        let engine = site.engine().await;
        assert!(engine.keep_responder().await.is_err());
        assert!(engine.ocsp(Asked::Post(Vec::new())).await.is_err());
    }

    #[tokio::test]
    async fn certificate_that_clients_do_not_believe_as_a_responder_is_not_taken_up() {
        let site = Site::new();
        let ca = site.engine().await;
        ca.keep_responder().await.expect("one");
        let own = std::fs::read(site.responder()).expect("the signer");
        assert!(taken_up(&site).await, "the own one is");
        // Of this CA, with its key, for a host.
        let host = site.issue_with_key("a.example.com");
        std::fs::write(site.responder(), host).expect("written");
        assert!(!taken_up(&site).await, "no OCSPSigning");
        // The same name, another key of the CA.
        let other = Site::new();
        other.engine().await.keep_responder().await.expect("one");
        std::fs::copy(other.responder(), site.responder()).expect("copied");
        assert!(!taken_up(&site).await, "another CA of the same name");
        std::fs::write(site.responder(), own).expect("written");
        assert!(taken_up(&site).await);
    }

    /// Whether a server that starts now answers with what is in the file, before it has made another one.
    async fn taken_up(site: &Site) -> bool {
        let serial = site.directory().serial();
        let before = spoil(&serial);
        let engine = site.engine().await;
        let kept = engine.keep_responder().await;
        std::fs::write(&serial, before).expect("written");
        kept.is_ok()
    }

    #[tokio::test]
    async fn record_without_a_certificate_is_unknown_until_it_is_revoked() {
        let site = Site::new();
        let (certificate, ca) = (site.issue("a.example.com"), ca_of(&site));
        let id = || CertId::of(&ca, certificate.serial());
        let engine = site.engine().await;
        engine.keep_responder().await.expect("one");
        for entry in std::fs::read_dir(site.directory().repository()).expect("the repository") {
            std::fs::remove_file(entry.expect("an entry").path()).expect("removed");
        }
        let status = |answer: BasicResponse| answer.status_of(&id(), NOW).expect("a status");
        let answer = asked(&engine, id()).await.expect("an answer");
        assert_eq!(status(answer), CertStatus::Unknown);
        site.revoke(certificate.serial());
        let answer = asked(&engine, id()).await.expect("an answer");
        let revoked = CertStatus::Revoked {
            at: NOW,
            reason: Some(RevocationReason::Superseded),
        };
        assert_eq!(status(answer), revoked);
    }
}
