//! The request for the certificate of an order (RFC 8555 §7.4).

use gsec_pki::encoding::visible::shortened;
use gsec_pki::key::{PublicKey, SignatureCheck};
use gsec_pki::x509::{CertificateRequest, GeneralName};

use super::base64url;
use super::json::Object;
use super::problem::{Problem, ProblemType};
use crate::domain::Identifier;

/// Reads the content of a request to finalize an order.
///
/// # Errors
/// `malformed`, `badCSR`.
pub fn read_finalize(content: &[u8]) -> Result<CertificateRequest, Problem> {
    let object = Object::read(content)?;
    let text = object.expect_text("csr")?;
    if text.trim_start().starts_with("-----BEGIN") {
        return Err(bad(
            "`csr` is PEM: it must be the DER of the request in base64url without padding",
        ));
    }
    let der = base64url::decode(text).ok_or_else(|| bad("`csr` is not base64url without padding"))?;
    CertificateRequest::from_der(&der).map_err(|fault| bad(&format!("the CSR cannot be read: {fault}")))
}

/// Whether a request is for exactly the names of an order, signed with a sound key of its own that is not the account's.
///
/// Its names are those of subjectAltName and the common name together (RFC 8555 §7.4). What else it wishes, the policy of the CA decides.
///
/// # Errors
/// `badCSR`.
pub fn expect_request_fits(
    request: &CertificateRequest,
    identifiers: &[Identifier],
    account_key: &PublicKey,
) -> Result<(), Problem> {
    expect_own_signature(request)?;
    expect_key(request.public_key(), account_key)?;
    if request.asks_for_authority() {
        return Err(bad("the CSR asks for the certificate of a CA"));
    }
    // Whoever asks for it counts on it: a certificate without would be taken for one with it (RFC 8555 §7.4).
    if request.asks_for_stapling() {
        return Err(bad(
            "the CSR asks for a TLS feature (OCSP must-staple), which this CA does not certify",
        ));
    }
    expect_names(&requested_names(request)?, identifiers)
}

fn bad(detail: &str) -> Problem {
    Problem::new(ProblemType::BadCsr, detail)
}

fn expect_own_signature(request: &CertificateRequest) -> Result<(), Problem> {
    match request.verify_possession() {
        SignatureCheck::Good => Ok(()),
        SignatureCheck::Bad => Err(bad("the CSR is not signed with its own key")),
        SignatureCheck::Unsupported => Err(bad(&format!(
            "the CSR is signed in {}, which this server cannot check",
            request.signature_algorithm()
        ))),
    }
}

fn expect_key(key: &PublicKey, account_key: &PublicKey) -> Result<(), Problem> {
    let refused = |reason: &str| Err(bad(&format!("the key in the CSR is not accepted: {reason}")));
    if let Err(flaw) = key.expect_sound() {
        return refused(&flaw.to_string());
    }
    if key.is_usable() == Some(false) {
        return refused("its numbers are not a key on their curve");
    }
    if key.is_same_key(account_key) {
        return refused("it is the key of the account, and a certificate needs a key of its own");
    }
    Ok(())
}

/// The names in subjectAltName and in the subject, of the kinds that orders have.
fn requested_names(request: &CertificateRequest) -> Result<Vec<Identifier>, Problem> {
    let is_alternative = |name: Option<&str>| name == Some("subjectAltName");
    let extensions = request.extensions().iter();
    let count = extensions
        .filter(|extension| is_alternative(extension.name))
        .count();
    if count > 1 || (count == 1 && request.names().is_empty()) {
        return Err(bad(
            "the subjectAltName of the CSR is there twice, is empty, or cannot be read",
        ));
    }
    if !request.subject().email_addresses().is_empty() {
        return Err(bad(
            "the subject of the CSR has an e-mail address, and the order has none",
        ));
    }
    let common_names = request.subject().common_names();
    let common_names = common_names.iter().map(|name| of_common_name(name));
    request
        .names()
        .iter()
        .map(of_general_name)
        .chain(common_names)
        .collect()
}

fn of_general_name(name: &GeneralName) -> Result<Identifier, Problem> {
    match name.clone().canonical() {
        GeneralName::Ip(address) => Ok(Identifier::Ip(address)),
        GeneralName::Dns(name) => Ok(Identifier::Dns(name)),
        other => Err(bad(&format!(
            "the CSR has the name `{}`, and orders have names of the kinds `dns` and `ip` only",
            shortened(&other.to_string())
        ))),
    }
}

fn of_common_name(text: &str) -> Result<Identifier, Problem> {
    match GeneralName::parse_host(text) {
        Ok(name) if text.trim() == text => of_general_name(&name),
        _ => Err(bad(&format!(
            "the common name `{}` of the CSR is neither a host name nor an address of the order",
            shortened(text)
        ))),
    }
}

fn expect_names(requested: &[Identifier], identifiers: &[Identifier]) -> Result<(), Problem> {
    let beyond = requested.iter().find(|name| !identifiers.contains(name));
    if let Some(name) = beyond {
        let name = shortened(&name.to_string());
        return Err(bad(&format!(
            "the CSR has the name `{name}`, which is not in the order"
        )));
    }
    match identifiers.iter().find(|name| !requested.contains(name)) {
        Some(name) => Err(bad(&format!(
            "the order has the name `{name}`, which is not in the CSR"
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::samples::Client;
    use gsec_pki::key::{KeyAlgorithm, PrivateKey, Signer};
    use gsec_pki::x509::{
        AttributeKind, AuthorityWish, DistinguishedName, NameAttribute, NameParts, RequestTemplate,
        build_request,
    };
    use proptest::prelude::*;
    use serde_json::json;

    fn key() -> PrivateKey {
        PrivateKey::generate(KeyAlgorithm::P256).expect("a key")
    }

    /// A request with these attributes in its subject and these names.
    fn request(subject: &[(AttributeKind, &str)], names: &[&str]) -> CertificateRequest {
        request_with(subject, names, None, &key())
    }

    fn request_with(
        subject: &[(AttributeKind, &str)],
        names: &[&str],
        authority: Option<AuthorityWish>,
        key: &PrivateKey,
    ) -> CertificateRequest {
        let attributes = subject
            .iter()
            .map(|(kind, text)| NameAttribute::parse(*kind, text).expect("an attribute"));
        let subject = DistinguishedName::build(&NameParts::new(attributes)).expect("a name");
        let names: Vec<GeneralName> = names
            .iter()
            .map(|name| GeneralName::parse_san(name).expect("a name"))
            .collect();
        let template = RequestTemplate {
            subject: &subject,
            names: &names,
            authority,
        };
        build_request(&template, key).expect("a request")
    }

    fn order(names: &[&str]) -> Vec<Identifier> {
        let identifier = |name: &&str| match name.parse() {
            Ok(address) => Identifier::Ip(address),
            Err(_) => Identifier::dns(name).expect("a name"),
        };
        names.iter().map(identifier).collect()
    }

    fn fits(request: &CertificateRequest, names: &[&str]) -> Result<(), ProblemType> {
        let account = Client::new();
        expect_request_fits(request, &order(names), account.key().public_key())
            .map_err(|problem| problem.kind())
    }

    #[test]
    fn the_names_are_those_of_the_order_wherever_they_stand() {
        use AttributeKind::CommonName;
        for (subject, names) in [
            (
                &[][..],
                &[
                    "dns:a.example",
                    "dns:*.b.example",
                    "ip:10.0.0.1",
                    "ip:2001:db8::1",
                ][..],
            ),
            (
                &[],
                &[
                    "ip:2001:db8::1",
                    "dns:*.B.example",
                    "dns:A.Example",
                    "ip:10.0.0.1",
                ],
            ),
            (
                &[(CommonName, "A.example")],
                &["dns:*.b.example", "ip:10.0.0.1", "ip:2001:db8::1"],
            ),
            (
                &[(CommonName, "10.0.0.1")],
                &["dns:a.example", "dns:*.b.example", "ip:2001:db8::1"],
            ),
            (
                &[
                    (CommonName, "a.example"),
                    (AttributeKind::Organization, "Example"),
                ],
                &[
                    "dns:a.example",
                    "dns:*.b.example",
                    "ip:10.0.0.1",
                    "ip:2001:db8::1",
                ],
            ),
        ] {
            let request = request(subject, names);
            assert_eq!(
                fits(&request, &["a.example", "*.b.example", "10.0.0.1", "2001:db8::1"]),
                Ok(()),
                "{names:?}"
            );
        }
        assert_eq!(
            fits(&request(&[(CommonName, "a.example")], &[]), &["a.example"]),
            Ok(())
        );
    }

    #[test]
    fn a_name_more_less_or_of_another_kind_does_not_fit() {
        use AttributeKind::{CommonName, Email};
        for (subject, names) in [
            (&[][..], &[][..]),
            (&[], &["dns:a.example"]),
            (&[], &["dns:a.example", "dns:b.example", "dns:c.example"]),
            (&[], &["dns:a.example", "dns:*.b.example"]),
            (&[], &["dns:a.example", "ip:10.0.0.1"]),
            (&[], &["dns:a.example", "dns:b.example", "email:x@a.example"]),
            (&[], &["dns:a.example", "dns:b.example", "uri:https://a.example/"]),
            (&[(CommonName, "c.example")], &["dns:a.example", "dns:b.example"]),
            (&[(CommonName, "Web server")], &["dns:a.example", "dns:b.example"]),
            (
                &[(CommonName, "a.example"), (Email, "x@a.example")],
                &["dns:a.example", "dns:b.example"],
            ),
        ] {
            let request = request(subject, names);
            assert_eq!(
                fits(&request, &["a.example", "b.example"]),
                Err(ProblemType::BadCsr),
                "{names:?}"
            );
        }
    }

    #[test]
    fn a_certificate_has_a_sound_key_of_its_own_that_signed_the_request() {
        let key = key();
        let good = request_with(&[], &["dns:a.example"], None, &key);
        let identifiers = order(&["a.example"]);
        let account = Client::new();
        assert_eq!(
            expect_request_fits(&good, &identifiers, account.key().public_key()),
            Ok(())
        );
        let own = expect_request_fits(&good, &identifiers, key.public_key()).expect_err("the account's key");
        assert_eq!(own.kind(), ProblemType::BadCsr);
        let mut der = good.der().to_vec();
        *der.last_mut().expect("an octet") ^= 1;
        let damaged = CertificateRequest::from_der(&der).expect("a request");
        assert_eq!(fits(&damaged, &["a.example"]), Err(ProblemType::BadCsr));
        let for_authority = request_with(&[], &["dns:a.example"], Some(AuthorityWish::default()), &key);
        assert_eq!(fits(&for_authority, &["a.example"]), Err(ProblemType::BadCsr));
    }

    /// A 1024-bit RSA key, `openssl req -new -newkey rsa:1024 -subj / -addext subjectAltName=DNS:a.example` of OpenSSL 3.0.19.
    const SHORT_KEY: &str = "MIIBZjCB0AIBADAAMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC_Oa8xjHp7jCg_IjWnmuTkveynfTAQ8sxUuuR9YM-M_rCISeb5Upxr7q2kcGIfsbCAFVEA2FI_9RNUUOqwg3pllXXzdTj3APymDQOAN7ymBOlHvmTtPdjO8ixQLkxcbEdM73aWREnoFKebjkg13QsGBuoCUscMv2mAKFfu7UdacwIDAQABoCcwJQYJKoZIhvcNAQkOMRgwFjAUBgNVHREEDTALgglhLmV4YW1wbGUwDQYJKoZIhvcNAQELBQADgYEAsByg-tqdeCufNjeo3ksosq7W6a_S7iIv4K9rV6uR7--6SD1Zd3UuIb8JPLS2rhAynTuk_K2DL1CcL5hLfKWECR5jB0mQJnISRumf8laThLBShW1mU663xkC-l27Q_aYRkO0xA5jqnP9j9cJzBhlL-gnS0Cfy0QM0atcDS3jPVYo";
    /// subjectAltName with a.example, and once more without a name; its DER is put together by hand, and signed by Python's cryptography 50.0.2.
    const NO_NAMES: &str = "MIGxMGUCAQAwADAqMAUGAytlcAMhAAvfMEOsdiA4t-088p3KFjcIMRo-KVBSOfsnNn42AeI-oDIwMAYJKoZIhvcNAQkOMSMwITAUBgNVHREEDTALgglhLmV4YW1wbGUwCQYDVR0RBAIwADAFBgMrZXADQQDKKiGegFtFgZrQ3rLUdZh-P8wxsGZ4AWpXZyFf0rVMT3zbysNmsaZ5QdatxDNn3cx1VL7lX-rCjWfPOsTwegYN";

    #[test]
    fn a_short_key_and_names_that_cannot_be_read_are_told() {
        let read =
            |text: &str| read_finalize(json!({"csr": text}).to_string().as_bytes()).expect("a request");
        assert_eq!(fits(&read(SHORT_KEY), &["a.example"]), Err(ProblemType::BadCsr));
        assert_eq!(fits(&read(NO_NAMES), &["a.example"]), Err(ProblemType::BadCsr));
    }

    #[test]
    fn what_is_no_csr_is_told() {
        let kind = |content: &str| read_finalize(content.as_bytes()).expect_err(content).kind();
        for content in ["", "{}", r#"{"csr":1}"#, "[]"] {
            assert_eq!(kind(content), ProblemType::Malformed);
        }
        for csr in ["", "MA", "MAA=", "é", "-----BEGIN CERTIFICATE REQUEST-----\\nMA"] {
            assert_eq!(
                kind(&format!(r#"{{"csr":"{csr}"}}"#)),
                ProblemType::BadCsr,
                "{csr}"
            );
        }
        let der = request(&[], &["dns:a.example"]).der().to_vec();
        let content = |der: &[u8]| json!({"csr": base64url::encode(der)}).to_string();
        assert!(read_finalize(content(&der).as_bytes()).is_ok());
        assert_eq!(kind(&content(&[&der[..], &[0]].concat())), ProblemType::BadCsr);
    }

    proptest! {
        #[test]
        fn a_request_that_was_changed_says_the_same_or_does_not_fit(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let good = request(&[(AttributeKind::CommonName, "a.example")], &["dns:a.example"]);
            let mut der = good.der().to_vec();
            let place = place.index(der.len());
            der[place] = byte;
            let content = json!({"csr": base64url::encode(&der)}).to_string();
            let account = Client::new();
            let fitting = read_finalize(content.as_bytes()).and_then(|request| {
                expect_request_fits(&request, &order(&["a.example"]), account.key().public_key()).map(|()| request)
            });
            match fitting {
                Ok(request) => {
                    prop_assert_eq!(request.public_key(), good.public_key());
                    prop_assert_eq!(request.names(), good.names());
                    prop_assert_eq!(request.subject(), good.subject());
                    prop_assert_eq!(request.extensions(), good.extensions());
                }
                Err(problem) => prop_assert!((400..500).contains(&problem.status())),
            }
        }
    }
}
