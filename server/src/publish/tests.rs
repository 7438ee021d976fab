//! One responder, its CA, and records that say what a test wants.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::kept::Bounds;
use super::{Answers, Caching, OcspAnswer, RecordsUnavailable, Sent, Standing};
use gsec_pki::key::{KeyAlgorithm, KeyError, PrivateKey, PublicKey, SignatureAlgorithm, Signer};
use gsec_pki::x509::ocsp::{
    BasicResponse, CertId, CertIdDigest, CertStatus, OcspRequest, OcspResponse, Responder, ResponseRefusal,
};
use gsec_pki::x509::{
    AttributeKind, AuthorityExtensions, Certificate, DistinguishedName, IssueTemplate, Issuer, NameAttribute,
    NameParts, RevocationReason, Role, SerialNumber, Validity, issue,
};

const NOW: OffsetDateTime = datetime!(2030-03-27 12:00 UTC);
const LIFE: Duration = Duration::hours(12);
/// When the responder's certificate ends.
const END: Duration = Duration::days(14);

/// A key that counts what it signs.
struct Counting {
    key: PrivateKey,
    signatures: AtomicUsize,
}

impl Signer for Counting {
    fn public_key(&self) -> &PublicKey {
        self.key.public_key()
    }

    fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.key.signature_algorithm()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.signatures.fetch_add(1, Ordering::Relaxed);
        self.key.sign(message)
    }
}

/// What the records say: of a number that is not there, that it was never issued.
#[derive(Default)]
struct Records(RefCell<HashMap<String, CertStatus>>, Cell<bool>);

impl Records {
    fn set(&self, text: &str, status: CertStatus) {
        self.0.borrow_mut().insert(serial(text).to_string(), status);
    }
}

impl Standing for Records {
    fn of(&self, serial: &SerialNumber) -> Result<CertStatus, RecordsUnavailable> {
        let Self(statuses, is_away) = self;
        match is_away.get() {
            true => Err(RecordsUnavailable),
            false => Ok(statuses
                .borrow()
                .get(&serial.to_string())
                .copied()
                .unwrap_or(CertStatus::Unknown)),
        }
    }
}

struct Site {
    ca: Certificate,
    key: Counting,
    certificate: Certificate,
    records: Records,
    answers: Answers,
}

fn serial(text: &str) -> SerialNumber {
    SerialNumber::parse_hex(text).expect("hexadecimal")
}

fn named(text: &str) -> DistinguishedName {
    let name = NameAttribute::parse(AttributeKind::CommonName, text).expect("a name");
    DistinguishedName::build(&NameParts::new([name])).expect("a name")
}

fn certified(name: &str, public_key: &PublicKey, role: Role<'_>, ca_key: &PrivateKey) -> Certificate {
    let template = IssueTemplate {
        serial: &serial("0A"),
        validity: Validity::new(NOW - Duration::HOUR, NOW + END).expect("a period"),
        subject: &named(name),
        public_key,
        names: &[],
        role,
    };
    let issuer = Issuer {
        name: &named("CA"),
        key_identifier: None,
        key: ca_key,
    };
    issue(&template, &issuer).expect("a certificate")
}

impl Site {
    fn new() -> Self {
        Self::within(Bounds {
            count: 1000,
            bytes: 1 << 20,
        })
    }

    fn within(bounds: Bounds) -> Self {
        let key = || PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
        let ca_key = key();
        let of_root = Role::Authority(AuthorityExtensions::of_root(None, None));
        let ca = certified("CA", ca_key.public_key(), of_root, &ca_key);
        let key = Counting {
            key: key(),
            signatures: AtomicUsize::new(0),
        };
        let certificate = certified("responder", key.public_key(), Role::OcspResponder, &ca_key);
        let records = Records::default();
        for number in 1..=9 {
            records.set(&format!("{number:02X}"), CertStatus::Good);
        }
        Self {
            answers: Answers::within(bounds, &ca, LIFE),
            ca,
            key,
            certificate,
            records,
        }
    }

    fn id(&self, text: &str) -> CertId {
        CertId::of(&self.ca, &serial(text))
    }

    fn request(&self, texts: &[&str], nonce: Option<&[u8]>) -> Vec<u8> {
        let ids = texts.iter().map(|text| self.id(text)).collect();
        OcspRequest::new(ids, nonce.map(<[u8]>::to_vec))
            .expect("a request")
            .to_der()
    }

    fn send(&self, sent: Sent<'_>, now: OffsetDateTime) -> OcspAnswer {
        let responder = Responder {
            certificate: Some(&self.certificate),
            key: &self.key,
        };
        self.answers.answer(sent, now, &self.records, &responder)
    }

    fn ask(&self, text: &str, now: OffsetDateTime) -> OcspAnswer {
        self.send(Sent::Post(&self.request(&[text], None)), now)
    }

    /// What an answer says of a certificate to a client that believes the CA.
    fn told(&self, answer: &OcspAnswer, text: &str, now: OffsetDateTime) -> CertStatus {
        let answer = read(answer);
        answer.judge(&self.ca, now).expect("it is believed");
        answer.status_of(&self.id(text), now).expect("a status")
    }

    fn signatures(&self) -> usize {
        self.key.signatures.load(Ordering::Relaxed)
    }
}

fn read(answer: &OcspAnswer) -> BasicResponse {
    let response = OcspResponse::from_der(&answer.body).and_then(OcspResponse::answer);
    response.expect("an answer")
}

fn refusal(answer: &OcspAnswer) -> ResponseRefusal {
    assert_eq!(answer.caching, Caching::No);
    match OcspResponse::from_der(&answer.body) {
        Ok(OcspResponse::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn revoked() -> CertStatus {
    CertStatus::Revoked {
        at: NOW - Duration::MINUTE,
        reason: Some(RevocationReason::KeyCompromise),
    }
}

#[test]
fn answer_is_signed_once_until_half_of_its_life_is_over() {
    let site = Site::new();
    let first = site.ask("01", NOW);
    assert_eq!(site.told(&first, "01", NOW), CertStatus::Good);
    let second = site.ask("01", NOW + LIFE / 2 - Duration::SECOND);
    assert_eq!((&second.body, site.signatures()), (&first.body, 1));
    let third = site.ask("01", NOW + LIFE / 2);
    assert_ne!(third.body, first.body);
    assert_eq!(site.signatures(), 2);
    assert_eq!(site.answers.size().0, 1, "in the place of the earlier one");
    let before = site.ask("01", NOW);
    assert_eq!(read(&before).produced_at(), NOW, "a clock that was put back");
}

#[test]
fn change_of_status_is_told_at_once() {
    let site = Site::new();
    let by_sha256 = CertId::with(CertIdDigest::Sha256, &site.ca, &serial("01"));
    let by_sha256 = OcspRequest::new(vec![by_sha256], None)
        .expect("a request")
        .to_der();
    site.ask("01", NOW);
    site.send(Sent::Post(&by_sha256), NOW);
    site.ask("02", NOW);
    site.records.set("01", revoked());
    site.answers.forget([&serial("01")]);
    assert_eq!(site.answers.size().0, 1, "of another certificate");
    assert_eq!(site.told(&site.ask("01", NOW), "01", NOW), revoked());
    let answer = read(&site.send(Sent::Post(&by_sha256), NOW));
    assert_eq!(
        answer.responses()[0].status,
        revoked(),
        "by whatever name it is asked for"
    );
    assert_eq!(site.signatures(), 5);
    site.ask("02", NOW);
    assert_eq!(site.signatures(), 5);
}

impl Site {
    fn renew(&self, now: OffsetDateTime, count: usize) -> Result<usize, RecordsUnavailable> {
        let responder = Responder {
            certificate: Some(&self.certificate),
            key: &self.key,
        };
        self.answers.renew(now, count, &self.records, &responder)
    }
}

#[test]
fn what_was_asked_for_lately_is_signed_before_it_is_due() {
    let site = Site::new();
    site.ask("01", NOW);
    site.ask("02", NOW + Duration::HOUR);
    let soon = NOW + LIFE / 2 - LIFE / 16;
    assert_eq!(site.renew(soon - Duration::SECOND, 10), Ok(0));
    assert_eq!(site.renew(soon, 10), Ok(1));
    assert_eq!(site.signatures(), 3);
    // Whoever asks when the first one would have been due waits for no signature.
    let answer = site.ask("01", NOW + LIFE / 2);
    assert_eq!((read(&answer).produced_at(), site.signatures()), (soon, 3));
    // Nobody asked for 02 since, but for 01.
    assert_eq!(site.renew(NOW + LIFE, 10), Ok(2));
    assert_eq!(site.renew(NOW + LIFE * 2, 10), Ok(0), "nobody has asked since");
    assert_eq!(site.answers.size().0, 2);
}

#[test]
fn renewal_does_so_much_at_once_says_what_is_so_and_waits_for_records_that_are_away() {
    let site = Site::new();
    for text in ["01", "02", "03"] {
        site.ask(text, NOW);
    }
    let due = NOW + LIFE / 2;
    site.records.1.set(true);
    assert_eq!(site.renew(due, 10), Err(RecordsUnavailable));
    site.records.1.set(false);
    site.records.set("02", revoked());
    assert_eq!((site.renew(due, 2), site.renew(due, 2)), (Ok(2), Ok(1)));
    let signatures = site.signatures();
    assert_eq!(site.told(&site.ask("02", due), "02", due), revoked());
    assert_eq!(site.signatures(), signatures);
}

#[test]
fn another_signer_answers_what_was_asked_of_the_one_before() {
    let mut site = Site::new();
    site.ask("01", NOW);
    site.ask("02", NOW);
    site.records.set("01", revoked());
    site.answers = site.answers.following(&site.ca, LIFE);
    assert_eq!(site.answers.size().0, 0, "nothing is said again");
    assert_eq!(site.told(&site.ask("02", NOW), "02", NOW), CertStatus::Good);
    site.records.1.set(true);
    assert_eq!(site.renew(NOW, 10), Err(RecordsUnavailable));
    site.records.1.set(false);
    assert_eq!(site.renew(NOW, 10), Ok(1), "the other one was asked for again");
    let signatures = site.signatures();
    assert_eq!(site.told(&site.ask("01", NOW), "01", NOW), revoked());
    assert_eq!(site.signatures(), signatures);
}

/// Records in which a certificate is revoked while they are read.
struct Overtaken<'a>(&'a Site);

impl Standing for Overtaken<'_> {
    fn of(&self, serial: &SerialNumber) -> Result<CertStatus, RecordsUnavailable> {
        let before = self.0.records.of(serial);
        self.0.records.set("01", revoked());
        self.0.answers.forget([serial]);
        before
    }
}

#[test]
fn status_that_was_read_before_a_change_is_not_kept_beyond_it() {
    let site = Site::new();
    let responder = Responder {
        certificate: Some(&site.certificate),
        key: &site.key,
    };
    let request = site.request(&["01"], None);
    site.answers
        .answer(Sent::Post(&request), NOW, &Overtaken(&site), &responder);
    assert_eq!(site.answers.size().0, 0);
    assert_eq!(site.told(&site.ask("01", NOW), "01", NOW), revoked());
}

#[test]
fn number_that_was_never_issued_is_unknown_and_that_is_not_kept() {
    let site = Site::new();
    let answer = site.ask("FF", NOW);
    assert_eq!(site.told(&answer, "FF", NOW), CertStatus::Unknown);
    assert_eq!(answer.caching, Caching::No);
    assert_eq!(
        read(&answer).responses()[0].next_update,
        Some(NOW + Duration::minutes(10))
    );
    assert_eq!(site.answers.size(), (0, 0));
    site.records.set("FF", CertStatus::Good);
    assert_eq!(site.told(&site.ask("FF", NOW), "FF", NOW), CertStatus::Good);
}

#[test]
fn nonce_is_said_again_and_several_certificates_are_answered_in_their_order() {
    let site = Site::new();
    site.records.set("02", revoked());
    site.ask("01", NOW);
    let answer = site.send(Sent::Post(&site.request(&["01"], Some(&[7; 32]))), NOW);
    assert_eq!(
        read(&answer).nonce(),
        Some(&[7; 32][..]),
        "not what was signed before"
    );
    assert_eq!(answer.caching, Caching::No);
    let answer = site.send(Sent::Post(&site.request(&["01", "FF", "02"], None)), NOW);
    let said: Vec<_> = read(&answer).responses().iter().map(|one| one.status).collect();
    assert_eq!(said, [CertStatus::Good, CertStatus::Unknown, revoked()]);
    assert_eq!(answer.caching, Caching::No);
    assert_eq!(site.answers.size().0, 1);
}

#[test]
fn certificates_of_others() {
    // Of one name and two keys, as a CA and what it was before a change of its key: only who was certified by the former key itself could answer
    // (RFC 6960 §4.2.2.2).
    let (site, other) = (Site::new(), Site::new());
    let all = other.request(&["01", "02"], None);
    assert_eq!(
        refusal(&site.send(Sent::Post(&all), NOW)),
        ResponseRefusal::Unauthorized
    );
    assert_eq!(site.signatures(), 0);
    let ids = vec![other.id("01"), site.id("01")];
    let one = OcspRequest::new(ids, None).expect("a request").to_der();
    let answer = site.send(Sent::Post(&one), NOW);
    let said: Vec<_> = read(&answer).responses().iter().map(|one| one.status).collect();
    assert_eq!(said, [CertStatus::Unknown, CertStatus::Good]);
}

#[test]
fn digest_that_is_not_known_is_answered_with_unknown() {
    let site = Site::new();
    let sha1 = [6, 5, 0x2b, 0x0e, 3, 2, 0x1a];
    let mut request = site.request(&["01"], None);
    let at = request
        .windows(sha1.len())
        .position(|window| window == sha1)
        .expect("SHA-1");
    request[at + 6] = 0x1b;
    let answer = site.send(Sent::Post(&request), NOW);
    assert_eq!(read(&answer).responses()[0].status, CertStatus::Unknown);
    assert_eq!(site.answers.size().0, 0);
}

#[test]
fn what_cannot_be_answered_is_refused_without_a_signature() {
    let site = Site::new();
    for sent in [
        Sent::Post(b""),
        Sent::Post(b"no request"),
        Sent::Get(""),
        Sent::Get("%"),
        Sent::Get("MD==*"),
    ] {
        assert_eq!(
            refusal(&site.send(sent, NOW)),
            ResponseRefusal::MalformedRequest,
            "{sent:?}"
        );
    }
    site.records.1.set(true);
    assert_eq!(refusal(&site.ask("01", NOW)), ResponseRefusal::TryLater);
    site.records.1.set(false);
    assert_eq!(
        refusal(&site.ask("01", NOW + END)),
        ResponseRefusal::InternalError,
        "its certificate has expired"
    );
    assert_eq!(site.signatures(), 0);
}

#[test]
fn answer_ends_with_the_certificate_of_its_signer() {
    let site = Site::new();
    let late = NOW + END - Duration::hours(2);
    let answer = site.ask("01", late);
    assert_eq!(read(&answer).responses()[0].next_update, Some(NOW + END));
    site.ask("01", late + Duration::minutes(59));
    assert_eq!(site.signatures(), 1);
    site.ask("01", late + Duration::minutes(60));
    assert_eq!(site.signatures(), 2, "half of the shorter life");
}

#[test]
fn get_and_post_are_one_question() {
    let site = Site::new();
    // So that the base64 has each of the characters that a path has to encode.
    let request = (0..=255u8)
        .flat_map(|byte| (1..16).map(move |more| vec![byte | 1; more]))
        .map(|nonce| site.request(&["01"], Some(&nonce)))
        .find(|der| {
            let text = STANDARD.encode(der);
            ["+", "/", "="].iter().all(|character| text.contains(character))
        });
    let request = request.expect("one of them has");
    let text = STANDARD.encode(&request);
    let encoded = text.replace('+', "%2B").replace('/', "%2f").replace('=', "%3D");
    let all: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for path in [
        &text,
        &encoded,
        &all,
        &STANDARD_NO_PAD.encode(&request),
        &URL_SAFE_NO_PAD.encode(&request),
    ] {
        let answer = site.send(Sent::Get(path), NOW);
        assert_eq!(
            read(&answer).nonce(),
            OcspRequest::from_der(&request).expect("own").nonce(),
            "{path}"
        );
    }
    let plain = site.request(&["01"], None);
    let posted = site.send(Sent::Post(&plain), NOW);
    let got = site.send(Sent::Get(&STANDARD.encode(&plain)), NOW);
    assert_eq!((posted.body, posted.caching), (got.body, got.caching));
}

#[test]
fn headers_say_how_long_others_may_keep_it() {
    let site = Site::new();
    let answer = site.ask("01", NOW);
    let Caching::Until(freshness) = &answer.caching else {
        panic!("it may be kept");
    };
    let headers = answer.caching.headers(NOW + Duration::HOUR);
    assert_eq!(
        headers,
        [
            (
                "cache-control",
                "max-age=18000, public, no-transform, must-revalidate".to_owned()
            ),
            ("etag", format!("\"{}\"", freshness.etag)),
            ("last-modified", "Wed, 27 Mar 2030 12:00:00 GMT".to_owned()),
            ("expires", "Thu, 28 Mar 2030 00:00:00 GMT".to_owned()),
        ]
    );
    assert_eq!(
        Caching::No.headers(NOW),
        [("cache-control", "no-store".to_owned())]
    );
}

#[test]
fn so_many_are_kept_and_the_oldest_go() {
    let one = {
        let site = Site::new();
        site.ask("01", NOW);
        site.answers.size().1
    };
    // A signature is a byte or two longer or shorter.
    for bounds in [
        Bounds {
            count: 3,
            bytes: usize::MAX,
        },
        Bounds {
            count: usize::MAX,
            bytes: one * 3 + 50,
        },
    ] {
        let site = Site::within(bounds);
        for text in ["01", "02", "03", "04"] {
            site.ask(text, NOW);
        }
        let (count, bytes) = site.answers.size();
        assert!(count == 3 && bytes <= bounds.bytes, "{count}");
        site.ask("02", NOW);
        site.ask("04", NOW);
        assert_eq!(site.signatures(), 4, "these are kept");
        site.ask("01", NOW);
        assert_eq!(site.signatures(), 5, "the oldest is not");
    }
    let site = Site::within(Bounds { count: 3, bytes: 100 });
    site.ask("01", NOW);
    assert_eq!(site.answers.size(), (0, 0), "too large for all that there is");
}

proptest! {
    #[test]
    fn whatever_is_sent_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..200), path in ".{0,80}") {
        thread_local! {
            static SITE: Site = Site::new();
        }
        SITE.with(|site| {
            for sent in [Sent::Post(&bytes), Sent::Get(&path), Sent::Get(&STANDARD.encode(&bytes))] {
                prop_assert!(OcspResponse::from_der(&site.send(sent, NOW).body).is_ok());
            }
            Ok(())
        })?;
    }

    #[test]
    fn tables_agree_whatever_comes(steps in prop::collection::vec((0..3u8, 1..9u8, 0..9i64), 1..60)) {
        thread_local! {
            static SITE: Site = Site::within(Bounds { count: 4, bytes: usize::MAX });
        }
        SITE.with(|site| {
            for (kind, number, hours) in steps {
                let text = format!("{number:02X}");
                let sha256 = CertId::with(CertIdDigest::Sha256, &site.ca, &serial(&text));
                let sha256 = OcspRequest::new(vec![sha256], None).expect("a request").to_der();
                match kind {
                    0 => drop(site.ask(&text, NOW + Duration::hours(hours))),
                    1 => drop(site.send(Sent::Post(&sha256), NOW + Duration::hours(hours))),
                    _ => site.answers.forget([&serial(&text)]),
                }
                prop_assert!(site.answers.size().0 <= 4);
            }
            Ok(())
        })?;
    }
}

#[test]
fn who_has_it_already_is_told_by_tag_and_only_without_one_by_date() {
    let made = datetime!(2026-11-30 12:00:00.7 UTC);
    let freshness = super::Freshness::of(b"crl", made, made, made);
    let (own, other) = (format!("\"{}\"", freshness.etag), "\"x\"".to_owned());
    let weak = format!("{other} , W/{own}");
    let rows: [(&[&str], Option<&str>, bool); 15] = [
        (&[], None, false),
        (&[&own], None, true),
        (&[&weak], None, true),
        (&[&other, &own], None, true),
        (&["*"], None, true),
        (&[&other], None, false),
        // The date does not count beside a tag.
        (&[&other], Some("Mon, 30 Nov 2026 12:00:00 GMT"), false),
        (&[&own], Some("Mon, 30 Nov 2026 11:59:59 GMT"), true),
        (&[], Some("Mon, 30 Nov 2026 12:00:00 GMT"), true),
        (&[], Some("Mon, 30 Nov 2026 11:59:59 GMT"), false),
        // The CRL before was fetched then, and this one was not here yet.
        (&[], Some("Mon, 30 Nov 2026 12:00:01 GMT"), false),
        (&[], Some("Monday, 30-Nov-26 12:00:00 GMT"), true),
        (&[], Some("Mon Nov 30 12:00:00 2026"), true),
        (&[], Some("2026-11-30T12:00:00Z"), false),
        (&[], Some("Mon, 30 Feb 2026 12:00:00 GMT"), false),
    ];
    for (tags, date, is_known) in rows {
        assert_eq!(
            freshness.is_known(tags.iter().copied(), date),
            is_known,
            "{tags:?} {date:?}"
        );
    }
}
