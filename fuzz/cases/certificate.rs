//! Certificates in DER: kept octet for octet, shown and judged whatever is in them.

use gsec_pki::key::verify_signature;
use gsec_pki::x509::path::{Purpose, Question, validate};
use gsec_pki::x509::{Certificate, GeneralName, decode_certificates};
use gsec_report::CertificateFacts;
use time::Duration;

/// Whether a certificate was read.
pub fn check(input: &[u8]) -> bool {
    let Ok(certificate) = Certificate::from_der(input) else {
        return false;
    };
    assert_eq!(certificate.der(), input);
    let again = decode_certificates(certificate.to_pem().as_bytes()).expect("own PEM");
    assert_eq!(again, std::slice::from_ref(&certificate));
    parts_stand_where_they_are_said_to_stand(&certificate);
    it_is_shown(&certificate);
    it_is_judged(&certificate);
    true
}

/// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }, RFC 5280 §4.1.
fn parts_stand_where_they_are_said_to_stand(certificate: &Certificate) {
    let (der, tbs) = (certificate.der(), certificate.tbs());
    assert!(!tbs.is_empty() && !certificate.signature_algorithm().is_empty());
    let end_of_tbs = tbs.as_ptr().addr() - der.as_ptr().addr() + tbs.len();
    assert!(der[end_of_tbs..].starts_with(certificate.signature_algorithm()));
    let _ = verify_signature(
        certificate.public_key(),
        certificate.signature_algorithm(),
        tbs,
        certificate.signature(),
    );
}

fn it_is_shown(certificate: &Certificate) {
    let facts = serde_json::to_value(CertificateFacts::from(certificate)).expect("facts are JSON");
    assert_eq!(facts["version"], certificate.version());
    for name in [certificate.subject(), certificate.issuer()] {
        let _ = (name.to_string(), name.openssl_oneline());
    }
    let _ = (
        certificate.thumbprints(),
        certificate.key_identifier_for_issued(),
        certificate.validity(),
    );
}

/// A server's certificate that trusts itself, within its validity and just outside, where nothing can make it valid.
fn it_is_judged(certificate: &Certificate) {
    let host = GeneralName::parse_host("db1.example.com").expect("a host name");
    let alone = std::slice::from_ref(certificate);
    let is_valid = |at| {
        let name = Some(&host);
        let question = Question {
            anchors: alone,
            purpose: Purpose::Server,
            name,
            allow_common_name: true,
            ..Question::about(certificate, at)
        };
        validate(&question).is_valid()
    };
    let _ = is_valid(certificate.not_before());
    for outside in [
        certificate.not_before().checked_sub(Duration::SECOND),
        certificate.not_after().checked_add(Duration::SECOND),
    ] {
        assert!(!outside.is_some_and(is_valid), "valid outside its validity");
    }
}
