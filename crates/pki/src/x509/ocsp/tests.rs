//! What is asked and answered comes out on the other side, and what is not as it must be is refused. That other programs agree, tests/it/interop/ocsp.rs
//! asks them.

use der::asn1::{Any, BitString, Null, OctetString};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Tag};
use proptest::prelude::*;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName as EncodedName;

use super::wire::{Request, RequestSignature};
use super::*;
use crate::key::{KeyAlgorithm, PrivateKey, Signer};
use crate::x509::encode::extension_of;
use crate::x509::{
    AttributeKind, AuthorityExtensions, Certificate, DistinguishedName, EndEntityExtensions,
    ExtendedKeyUsage, IssueError, IssueTemplate, Issuer, KeyUsage, NameAttribute, NameParts,
    RevocationReason, Role, SerialNumber, Validity, issue, oid,
};

const NOW: OffsetDateTime = datetime!(2026-11-21 10:00:00 UTC);

fn key() -> PrivateKey {
    PrivateKey::generate(KeyAlgorithm::P256).expect("key")
}

fn name(text: &str) -> DistinguishedName {
    let attribute = NameAttribute::parse(AttributeKind::CommonName, text).expect("name");
    DistinguishedName::build(&NameParts::new([attribute])).expect("name")
}

fn serial(text: &str) -> SerialNumber {
    SerialNumber::parse_hex(text).expect("hexadecimal")
}

/// A CA and one who answers for it.
struct Site {
    ca_key: PrivateKey,
    ca: Certificate,
    key: PrivateKey,
    certificate: Certificate,
}

impl Site {
    fn new() -> Self {
        Self::of(KeyAlgorithm::P256)
    }

    fn of(algorithm: KeyAlgorithm) -> Self {
        let ca_key = PrivateKey::generate(algorithm).expect("key");
        let ca = certified(
            &ca_key,
            &name("CA"),
            &ca_key,
            Role::Authority(AuthorityExtensions::of_root(None, None)),
        );
        let key = key();
        let certificate = certified(&ca_key, &name("CA OCSP responder"), &key, Role::OcspResponder);
        Self {
            ca_key,
            ca,
            key,
            certificate,
        }
    }

    fn delegated(&self) -> Responder<'_> {
        Responder {
            certificate: Some(&self.certificate),
            key: &self.key,
        }
    }

    /// An answer about serial numbers 01, 02, … of the CA.
    fn answer(&self, statuses: &[CertStatus], nonce: Option<&[u8]>, responder: &Responder<'_>) -> Vec<u8> {
        let single = |(number, status): (u8, &CertStatus)| SingleResponse {
            id: CertId::of(&self.ca, &serial(&format!("{number:02X}"))),
            status: *status,
            this_update: NOW,
            next_update: Some(NOW + Duration::days(1)),
        };
        let template = OcspResponseTemplate {
            produced_at: NOW,
            responses: &(1..).zip(statuses).map(single).collect::<Vec<_>>(),
            nonce,
        };
        sign_response(&template, responder).expect("response")
    }
}

fn certified(
    ca_key: &PrivateKey,
    subject: &DistinguishedName,
    key: &PrivateKey,
    role: Role<'_>,
) -> Certificate {
    let template = IssueTemplate {
        serial: &serial("0A"),
        validity: Validity::new(NOW, NOW + Duration::days(14)).expect("validity"),
        subject,
        public_key: key.public_key(),
        names: &[],
        role,
    };
    let issuer = Issuer {
        name: &name("CA"),
        key_identifier: None,
        key: ca_key,
    };
    issue(&template, &issuer).expect("certificate")
}

fn read(der: &[u8]) -> BasicResponse {
    OcspResponse::from_der(der)
        .and_then(OcspResponse::answer)
        .expect("an answer")
}

fn revoked(reason: Option<RevocationReason>) -> CertStatus {
    CertStatus::Revoked {
        at: NOW - Duration::hours(1),
        reason,
    }
}

/// A request with something changed in it.
fn request_with(change: impl FnOnce(&mut Request)) -> Result<OcspRequest, OcspRequestError> {
    let site = Site::new();
    let ids = vec![CertId::of(&site.ca, &serial("01"))];
    let made = OcspRequest::new(ids, Some(vec![7; 16]))
        .expect("request")
        .to_der();
    let mut request = Request::from_der(&made).expect("own request");
    change(&mut request);
    OcspRequest::from_der(&request.to_der().expect("encodes"))
}

fn extension(name: &str, critical: bool) -> Extension {
    extension_of(ObjectIdentifier::new_unwrap(name), critical, &Null).expect("extension")
}

#[test]
fn request_is_read_as_it_was_made() {
    let site = Site::new();
    let ids: Vec<CertId> = [CertIdDigest::Sha1, CertIdDigest::Sha256]
        .into_iter()
        .flat_map(|digest| {
            ["01", "80", "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"]
                .map(|text| CertId::with(digest, &site.ca, &serial(text)))
        })
        .collect();
    for nonce in [None, Some(vec![1]), Some(vec![9; 32])] {
        let request = OcspRequest::new(ids.clone(), nonce).expect("request");
        assert_eq!(OcspRequest::from_der(&request.to_der()), Ok(request));
    }
    let issuer = CertIdIssuer::of(&site.ca);
    let other = CertIdIssuer::of(&Site::new().ca);
    for id in &ids {
        assert_eq!(
            (issuer.asked(id), other.asked(id)),
            (AskedIssuer::This, AskedIssuer::Another)
        );
    }
    assert!(!ids[0].is_same_certificate(&ids[1]), "another serial number");
    assert!(!ids[0].is_same_certificate(&ids[3]), "another digest");
}

#[test]
fn digest_that_is_not_known_is_of_no_known_issuer() {
    let read = request_with(|request| {
        request.tbs.list[0].id.algorithm.oid = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
    });
    let request = read.expect("SHA-512 is no fault");
    assert_eq!(request.ids()[0].digest(), None);
    let issuer = CertIdIssuer::of(&Site::new().ca);
    assert_eq!(issuer.asked(&request.ids()[0]), AskedIssuer::Undetermined);
}

#[test]
fn bounds_of_a_request() {
    let many = |count: usize| {
        request_with(|request| {
            let one = request.tbs.list.remove(0).to_der().expect("encodes");
            let again = || super::wire::SingleRequest::from_der(&one).expect("own request");
            request.tbs.list = (0..count).map(|_| again()).collect();
        })
        .map(|request| request.ids().len())
    };
    assert_eq!(many(0), Err(OcspRequestError::Empty));
    assert_eq!(many(100), Ok(100));
    assert_eq!(many(101), Err(OcspRequestError::TooMany { found: 101 }));
    assert_eq!(
        OcspRequest::from_der(&vec![0; MAX_REQUEST_BYTES + 1]),
        Err(OcspRequestError::TooLong {
            found: MAX_REQUEST_BYTES + 1
        })
    );
    let nonce = |bytes: usize| {
        request_with(|request| {
            let value = OctetString::new(vec![1; bytes]).expect("bytes");
            let name = ObjectIdentifier::new_unwrap(oid::OCSP_NONCE);
            request.tbs.extensions = Some(vec![extension_of(name, true, &value).expect("extension")]);
        })
        .map(|request| request.nonce().map(<[u8]>::len))
    };
    for (bytes, expected) in [
        (0, Err(OcspRequestError::Nonce { found: 0 })),
        (1, Ok(Some(1))),
        (32, Ok(Some(32))),
        (33, Err(OcspRequestError::Nonce { found: 33 })),
    ] {
        assert_eq!(nonce(bytes), expected);
    }
}

#[test]
fn critical_extension_that_is_not_known_is_refused_wherever_it_is() {
    let unknown = OcspRequestError::CriticalExtension("1.2.3.4".into());
    let of_all = |critical| {
        request_with(|request| request.tbs.extensions = Some(vec![extension("1.2.3.4", critical)]))
    };
    let of_one = |critical| {
        request_with(|request| request.tbs.list[0].extensions = Some(vec![extension("1.2.3.4", critical)]))
    };
    assert_eq!(of_all(true), Err(unknown.clone()));
    assert_eq!(of_one(true), Err(unknown));
    assert!(of_all(false).is_ok() && of_one(false).is_ok());
    let twice = request_with(|request| {
        request.tbs.extensions = Some(vec![extension("1.2.3.4", false), extension("1.2.3.4", false)]);
    });
    assert_eq!(twice, Err(OcspRequestError::RepeatedExtension("1.2.3.4".into())));
    let nonce =
        request_with(|request| request.tbs.extensions = Some(vec![extension(oid::OCSP_NONCE, false)]));
    assert!(
        matches!(nonce, Err(OcspRequestError::Damaged(_))),
        "a nonce is an OCTET STRING"
    );
}

#[test]
fn who_asks_and_its_signature_are_checked_in_form_only() {
    let site = Site::new();
    let signed = |certificate: Any| {
        let algorithm = site.ca_key.signature_algorithm().identifier_der();
        request_with(|request| {
            request.tbs.requestor = Some(EncodedName::DirectoryName(
                Decode::from_der(name("somebody").der()).expect("name"),
            ));
            request.signature = Some(RequestSignature {
                algorithm: Decode::from_der(&algorithm).expect("algorithm"),
                signature: BitString::from_bytes(b"no signature").expect("bits"),
                certificates: Some(vec![certificate]),
            });
        })
    };
    assert!(signed(Any::from_der(site.ca.der()).expect("certificate")).is_ok());
    assert!(matches!(
        signed(Any::from(Null)),
        Err(OcspRequestError::Damaged(_))
    ));
    assert_eq!(
        request_with(|request| request.tbs.version = 1),
        Err(OcspRequestError::Version(2))
    );
}

#[test]
fn response_says_what_it_was_told_for_every_kind_of_key() {
    let statuses = [
        CertStatus::Good,
        CertStatus::Unknown,
        revoked(None),
        revoked(Some(RevocationReason::CertificateHold)),
        revoked(Some(RevocationReason::AaCompromise)),
    ];
    for algorithm in [KeyAlgorithm::P256, KeyAlgorithm::P384, KeyAlgorithm::Ed25519] {
        let site = Site::of(algorithm);
        let own = Responder {
            certificate: None,
            key: &site.ca_key,
        };
        for (responder, by) in [
            (own, JudgedBy::Authority),
            (
                site.delegated(),
                JudgedBy::Delegated(Box::new(site.certificate.clone())),
            ),
        ] {
            let answer = read(&site.answer(&statuses, Some(&[5; 32]), &responder));
            assert_eq!(answer.judge(&site.ca, NOW), Ok(by));
            assert_eq!(answer.produced_at(), NOW);
            assert_eq!(answer.nonce(), Some(&[5; 32][..]));
            let said: Vec<_> = answer.responses().iter().map(|single| single.status).collect();
            assert_eq!(said, statuses);
            let id = CertId::of(&site.ca, &serial("03"));
            assert_eq!(answer.status_of(&id, NOW), Ok(statuses[2]));
        }
    }
}

#[test]
fn certificate_id_comes_back_byte_for_byte() {
    let site = Site::new();
    // Without parameters of the digest, as some clients write it.
    let request =
        request_with(|request| request.tbs.list[0].id.algorithm.parameters = None).expect("request");
    let id = &request.ids()[0];
    assert_ne!(id.der().len(), CertId::of(&site.ca, id.serial()).der().len());
    let single = SingleResponse {
        id: id.clone(),
        status: CertStatus::Good,
        this_update: NOW,
        next_update: None,
    };
    let template = OcspResponseTemplate {
        produced_at: NOW,
        responses: std::slice::from_ref(&single),
        nonce: None,
    };
    let answer = read(&sign_response(&template, &site.delegated()).expect("response"));
    assert_eq!(answer.responses(), [single]);
}

#[test]
fn reason_that_says_nothing_is_left_out() {
    let site = Site::new();
    let answer = read(&site.answer(
        &[revoked(Some(RevocationReason::Unspecified))],
        None,
        &site.delegated(),
    ));
    assert_eq!(answer.responses()[0].status, revoked(None));
    assert_eq!(answer.nonce(), None);
}

#[test]
fn status_counts_from_its_time_to_the_next() {
    let site = Site::new();
    let answer = read(&site.answer(&[CertStatus::Good], None, &site.delegated()));
    let id = CertId::of(&site.ca, &serial("01"));
    let at = |time| answer.status_of(&id, time);
    let end = NOW + Duration::days(1);
    assert_eq!(at(NOW - Duration::hours(1)), Err(OcspResponseFlaw::NotYet(NOW)));
    assert_eq!((at(NOW), at(end)), (Ok(CertStatus::Good), Ok(CertStatus::Good)));
    assert_eq!(at(end + Duration::SECOND), Err(OcspResponseFlaw::Expired(end)));
    let other = CertId::of(&site.ca, &serial("02"));
    assert_eq!(
        answer.status_of(&other, NOW),
        Err(OcspResponseFlaw::OtherCertificate)
    );
    let backwards = SingleResponse {
        id,
        status: CertStatus::Good,
        this_update: NOW,
        next_update: Some(NOW),
    };
    let template = OcspResponseTemplate {
        produced_at: NOW,
        responses: &[backwards],
        nonce: None,
    };
    assert!(matches!(
        sign_response(&template, &site.delegated()),
        Err(IssueError::EmptyValidity { .. })
    ));
}

#[test]
fn only_the_ca_and_whom_it_lets_speak_for_it_are_believed() {
    let site = Site::new();
    let judged = |der: &[u8], at| read(der).judge(&site.ca, at).map(drop);
    let answered_by = |certificate: &Certificate, key: &PrivateKey| {
        let responder = Responder {
            certificate: Some(certificate),
            key,
        };
        site.answer(&[CertStatus::Good], None, &responder)
    };
    let good = answered_by(&site.certificate, &site.key);
    assert_eq!(judged(&good, NOW), Ok(()));
    let host = |usages: &[ExtendedKeyUsage], key_usage| {
        let extensions = EndEntityExtensions {
            key_usage,
            extended_key_usage: usages,
            crl_addresses: &[],
            issuer_addresses: &[],
            ocsp_addresses: &[],
        };
        certified(
            &site.ca_key,
            &name("host"),
            &site.key,
            Role::EndEntity(extensions),
        )
    };
    let signs = KeyUsage::DIGITAL_SIGNATURE;
    for usages in [&[ExtendedKeyUsage::ServerAuth][..], &[ExtendedKeyUsage::Any], &[]] {
        let answer = answered_by(&host(usages, signs), &site.key);
        assert_eq!(
            judged(&answer, NOW),
            Err(OcspResponseFlaw::NoOcspSigning),
            "{usages:?}"
        );
    }
    let agrees = host(&[ExtendedKeyUsage::OcspSigning], KeyUsage::KEY_AGREEMENT);
    assert_eq!(
        judged(&answered_by(&agrees, &site.key), NOW),
        Err(OcspResponseFlaw::NoDigitalSignature)
    );
    let mut unchecked = site.certificate.der().to_vec();
    let ecdsa = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
    for at in 0..unchecked.len() - ecdsa.len() {
        if unchecked[at..].starts_with(ecdsa) {
            unchecked[at + ecdsa.len() - 1] = 9;
        }
    }
    let unchecked = Certificate::from_der(&unchecked).expect("a certificate");
    assert_eq!(
        judged(&answered_by(&unchecked, &site.key), NOW),
        Err(OcspResponseFlaw::Algorithm("1.2.840.10045.4.3.9".into()))
    );
    // Another CA of the same name, and its responder.
    let other = Site::new();
    assert_eq!(
        judged(&answered_by(&other.certificate, &other.key), NOW),
        Err(OcspResponseFlaw::NotDelegated)
    );
    let own = Responder {
        certificate: None,
        key: &other.ca_key,
    };
    assert_eq!(
        judged(&site.answer(&[CertStatus::Good], None, &own), NOW),
        Err(OcspResponseFlaw::NoResponder)
    );
    let later = NOW + Duration::days(15);
    assert!(matches!(
        judged(&good, later),
        Err(OcspResponseFlaw::ResponderNotInDate { .. })
    ));
}

#[test]
fn altered_response_is_not_believed() {
    let site = Site::new();
    let good = site.answer(&[CertStatus::Good], None, &site.delegated());
    let date = good
        .windows(15)
        .position(|window| window == b"20261122100000Z")
        .expect("nextUpdate");
    let mut altered = good.clone();
    altered[date + 3] = b'7';
    assert_eq!(
        read(&altered).judge(&site.ca, NOW),
        Err(OcspResponseFlaw::Signature)
    );
    let id = CertId::of(&site.ca, &serial("01"));
    assert!(
        read(&altered).status_of(&id, NOW + Duration::days(100)).is_ok(),
        "the date was altered"
    );
}

#[test]
fn refusals_are_read_as_they_were_made() {
    use ResponseRefusal::{InternalError, MalformedRequest, SigRequired, TryLater, Unauthorized};
    for (why, code) in [
        (MalformedRequest, 1),
        (InternalError, 2),
        (TryLater, 3),
        (SigRequired, 5),
        (Unauthorized, 6),
    ] {
        let der = refusal(why);
        assert_eq!(der, [0x30, 3, 0x0a, 1, code]);
        assert!(matches!(OcspResponse::from_der(&der), Ok(OcspResponse::Refused(read)) if read == why));
    }
    for (bytes, expected) in [
        (&[0x30, 3, 0x0a, 1, 4][..], OcspResponseError::Status(4)),
        (
            &[0x30, 3, 0x0a, 1, 0],
            OcspResponseError::Damaged("its responseStatus is successful, but it contains no answer".into()),
        ),
    ] {
        assert_eq!(OcspResponse::from_der(bytes).map(drop), Err(expected));
    }
    let status = Any::new(Tag::Integer, [1])
        .expect("a number")
        .to_der()
        .expect("encodes");
    assert!(OcspResponse::from_der(&[&[0x30, 3], status.as_slice()].concat()).is_err());
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = OcspRequest::from_der(&bytes);
        let _ = OcspResponse::from_der(&bytes);
    }

    #[test]
    fn altered_bytes_do_not_panic_and_are_never_believed(at in any::<prop::sample::Index>(), bit in 0..8u8) {
        thread_local! {
            static MADE: (Site, Vec<u8>, Vec<u8>) = {
                let site = Site::new();
                let answer = site.answer(&[CertStatus::Good, revoked(Some(RevocationReason::KeyCompromise))], Some(&[1; 16]), &site.delegated());
                let request = OcspRequest::new(vec![CertId::of(&site.ca, &serial("01"))], Some(vec![1; 16])).expect("request").to_der();
                (site, answer, request)
            };
        }
        MADE.with(|(site, answer, request)| {
            let flip = |bytes: &[u8]| {
                let mut bytes = bytes.to_vec();
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
                bytes
            };
            if let Ok(read) = OcspRequest::from_der(&flip(request)) {
                prop_assert!(OcspRequest::from_der(&read.to_der()).is_ok());
            }
            let believed = OcspResponse::from_der(&flip(answer)).and_then(OcspResponse::answer).ok()
                .filter(|answer| answer.judge(&site.ca, NOW).is_ok());
            // What is not signed, as the second algorithm of the certificate, may be altered: what it says may not.
            let original = OcspResponse::from_der(answer).and_then(OcspResponse::answer).expect("own");
            if let Some(believed) = believed {
                prop_assert_eq!(believed.responses(), original.responses());
            }
            Ok(())
        })?;
    }
}
