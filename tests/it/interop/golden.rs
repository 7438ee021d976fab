//! Exact octets: with time, serial number and key given, and Ed25519's signatures, which have no chance in them (RFC 8032), a certificate is always the same.

use crate::common;

use common::openssl;
use gsec_ca::policy::Policy;
use gsec_pki::key::{PrivateKey, Signer};
use gsec_pki::x509::{
    AttributeKind, AuthorityExtensions, Certificate, DistinguishedName, EndEntityExtensions, GeneralName,
    IpSubnet, IssueTemplate, Issuer, NameAttribute, NameConstraints, NameParts, Role, SerialNumber, Validity,
    issue,
};
use time::OffsetDateTime;
use time::macros::datetime;

/// The PKCS #8 form of Ed25519 keys up to the 32 octets of the key, RFC 8410 section 7.
const PKCS8_START: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];
const NOT_BEFORE: OffsetDateTime = datetime!(2026-01-01 00:00:00 UTC);

/// A key that everybody knows: 32 times the same octet.
fn key(octet: u8) -> PrivateKey {
    PrivateKey::from_pkcs8(&[&PKCS8_START[..], &[octet; 32]].concat()).expect("a key")
}

fn name(parts: &[(AttributeKind, &str)]) -> DistinguishedName {
    let attributes = parts
        .iter()
        .map(|(kind, text)| NameAttribute::parse(*kind, text).expect("a sound attribute"));
    DistinguishedName::build(&NameParts::new(attributes)).expect("a name")
}

fn ca_name() -> DistinguishedName {
    use AttributeKind::{CommonName, Country, Email, Organization};
    name(&[
        (CommonName, "Golden CA"),
        (Organization, "Beispiel \u{d6}l"),
        (Country, "DE"),
        (Email, "ca@example.com"),
    ])
}

fn ca() -> Certificate {
    let constraints = NameConstraints::permit(
        vec!["example.com".into()],
        vec![IpSubnet::parse("10.0.0.0/8").expect("a subnet")],
    );
    let key = key(1);
    let template = IssueTemplate {
        serial: &SerialNumber::parse_hex("7F000000000000000000000000000001").expect("a serial"),
        validity: Validity::new(NOT_BEFORE, datetime!(2051-01-01 00:00:00 UTC)).expect("a validity"),
        subject: &ca_name(),
        public_key: key.public_key(),
        names: &[GeneralName::parse_san("email:ca@example.com").expect("a name")],
        role: Role::Authority(AuthorityExtensions::of_root(Some(0), constraints.as_ref())),
    };
    issue(
        &template,
        &Issuer {
            name: &ca_name(),
            key_identifier: None,
            key: &key,
        },
    )
    .expect("a certificate")
}

fn host() -> Certificate {
    use AttributeKind::{CommonName, OrganizationalUnit};
    let (ca, ca_key, key, policy) = (ca(), key(1), key(2), Policy::built_in());
    let profile = policy.profile("server").expect("the profile");
    let names = ["dns:db1.example.com", "dns:*.db.example.com", "ip:10.1.2.3"]
        .map(|name| GeneralName::parse_san(name).expect("a name"));
    let template = IssueTemplate {
        serial: &SerialNumber::parse_hex("80").expect("a serial"), // its top bit is set, so DER wants an octet in front
        validity: Validity::new(NOT_BEFORE, datetime!(2049-12-31 23:59:59 UTC)).expect("a validity"),
        subject: &name(&[
            (CommonName, "db1.example.com"),
            (OrganizationalUnit, "Z"),
            (OrganizationalUnit, "A"),
        ]),
        public_key: key.public_key(),
        names: &names,
        role: Role::EndEntity(EndEntityExtensions {
            key_usage: profile.key_usage,
            extended_key_usage: &profile.extended_key_usage,
            crl_addresses: &["http://pki.example.com/ca.crl".into()],
            issuer_addresses: &["http://pki.example.com/ca.der".into()],
            ocsp_addresses: &[],
        }),
    };
    let key_identifier = ca.key_identifier_for_issued();
    issue(
        &template,
        &Issuer {
            name: ca.subject(),
            key_identifier: Some(&key_identifier),
            key: &ca_key,
        },
    )
    .expect("a certificate")
}

/// Compares with the file in `tests/data`. What is made now is kept beside the build, to be looked at and, if it is right, copied.
#[track_caller]
fn equals(certificate: &Certificate, file: &str) {
    let made = format!("{}/{file}", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&made, certificate.der()).expect("a copy to look at");
    let kept = std::fs::read(format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap_or_default();
    assert!(
        certificate.der() == kept,
        "tests/data/{file} differs: compare with `openssl asn1parse -inform DER -in {made}`"
    );
}

#[test]
fn ca_certificate_is_the_same_to_the_octet() {
    equals(&ca(), "golden_ca.der");
}

#[test]
fn host_certificate_is_the_same_to_the_octet() {
    equals(&host(), "golden_host.der");
}

#[test]
fn openssl_finds_them_sound() {
    let dir = common::TestDir::new();
    let (ca, host) = (
        dir.write("ca.pem", ca().to_pem()),
        dir.write("host.pem", host().to_pem()),
    );
    let at = datetime!(2030-01-01 00:00:00 UTC).unix_timestamp().to_string();
    openssl(&[
        "verify",
        "-x509_strict",
        "-attime",
        &at,
        "-purpose",
        "sslserver",
        "-verify_hostname",
        "x.db.example.com",
        "-CAfile",
        &ca,
        &host,
    ])
    .run()
    .ok();
}

#[test]
fn another_time_makes_another_certificate() {
    let key = key(1);
    let other = IssueTemplate {
        serial: &SerialNumber::one(),
        validity: Validity::new(NOT_BEFORE, datetime!(2051-01-01 00:00:01 UTC)).expect("a validity"),
        subject: &ca_name(),
        public_key: key.public_key(),
        names: &[],
        role: Role::Authority(AuthorityExtensions::of_root(None, None)),
    };
    let other = issue(
        &other,
        &Issuer {
            name: &ca_name(),
            key_identifier: None,
            key: &key,
        },
    )
    .expect("a certificate");
    assert_ne!(other.der(), ca().der());
}
