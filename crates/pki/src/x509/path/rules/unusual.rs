//! Encodings that gsec reads and that are not compared with every program: what a program makes of them is not known, so none is said to
//! accept them. Certificates as they are usually written have none of these.

use std::collections::HashSet;

use crate::x509::Certificate;
use crate::x509::elements::{Element, Elements, is_oid_content, read_extensions, tag};
use crate::x509::oid;
use crate::x509::path::finding::{Finding, Rule};

/// Addresses and numbers of networks, RFC 3779 §2, §3: OpenSSL reads them in every certificate, and gsec in none.
const OF_NETWORKS: [&str; 2] = ["1.3.6.1.5.5.7.1.7", "1.3.6.1.5.5.7.1.8"];
/// rsaEncryption, id-ecPublicKey.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

pub(super) fn of_certificate(certificate: &Certificate) -> Option<Finding> {
    let mut found = Vec::new();
    found.extend(serial(certificate.serial_content()).map(|what| format!("its serialNumber is {what}")));
    for (name, field) in [
        (certificate.subject(), "Subject"),
        (certificate.issuer(), "issuer"),
    ] {
        found.extend(name_values(name.der()).map(|what| format!("its {field} has {what}")));
    }
    found.extend(key(certificate.public_key().spki()).map(str::to_owned));
    found.extend(extensions(certificate));
    let message = format!("{}: not every program accepts that", found.join("; "));
    (!found.is_empty()).then(|| Finding::about(Rule::UnusualEncoding, certificate, message))
}

/// X.690 §8.3: at least one byte, and no first byte that could be left out.
fn serial(content: &[u8]) -> Option<&'static str> {
    match content {
        [] => Some("an INTEGER without any byte"),
        [0xff, second, ..] if second & 0x80 != 0 => Some("a negative number with redundant bytes"),
        _ => None,
    }
}

/// String types and characters that Go or OpenSSL refuse, RFC 5280 §4.1.2.4.
fn name_values(der: &[u8]) -> Option<&'static str> {
    let list = Elements::of(der).next_if(tag::SEQUENCE)?;
    for set in Elements::of(list.content) {
        let mut pairs = Elements::of(set.content).peekable();
        if pairs.peek().is_none() {
            return Some("an empty RelativeDistinguishedName");
        }
        for pair in pairs {
            let value = Elements::of(pair.content).nth(1)?;
            let problem = unusual_string(&value);
            if problem.is_some() {
                return problem;
            }
        }
    }
    None
}

fn unusual_string(value: &Element<'_>) -> Option<&'static str> {
    const UTF8: u32 = 12;
    const NUMERIC: u32 = 18;
    const PRINTABLE: u32 = 19;
    const TELETEX: u32 = 20;
    const IA5: u32 = 22;
    const BMP: u32 = 30;
    // `*` and `&` are in many names, and every program takes them.
    let is_printable = |byte: &u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(byte);
    match value {
        value if value.is(PRINTABLE) => (!value.content.iter().all(is_printable))
            .then_some("a PrintableString with characters outside its set"),
        value if value.is(NUMERIC) => (!value
            .content
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b' '))
        .then_some("a NumericString with characters outside its set"),
        value if value.is(IA5) => (!value.content.is_ascii()).then_some("an IA5String that is not ASCII"),
        value if [UTF8, TELETEX, BMP].iter().any(|tag| value.is(*tag)) => None,
        _ => Some("a value of an unusual string type"),
    }
}

/// RFC 3279 §2.3.1, RFC 5480 §2.1.1, §2.2.
fn key(spki: &[u8]) -> Option<&'static str> {
    let mut parts = Elements::of(Elements::of(spki).next_if(tag::SEQUENCE)?.content);
    let mut algorithm = Elements::of(parts.next_if(tag::SEQUENCE)?.content);
    let oid = algorithm.next_if(tag::OBJECT_IDENTIFIER)?.content;
    let bits = parts.next_if(tag::BIT_STRING)?.content;
    match oid {
        RSA if algorithm.rest != [5, 0] => Some("its RSA key has no NULL parameters"),
        EC if bits.get(1).is_some_and(|form| *form != 4) => {
            Some("its EC key is a compressed or hybrid point")
        }
        _ => None,
    }
}

fn extensions(certificate: &Certificate) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let has = |oid: &str| certificate.extensions().iter().any(|(found, _)| found == oid);
    found.extend(
        OF_NETWORKS
            .iter()
            .filter(|oid| has(oid))
            .map(|oid| format!("its extension {oid} (RFC 3779) was not checked")),
    );
    // GnuTLS requires of each certificate the features of the CAs above it (`gnutls_x509_tlsfeatures_check_crt`).
    if certificate.is_authority() && has(oid::TLS_FEATURE) {
        found.push("it is a CA with a TLS feature".into());
    }
    let problems = [
        (
            oid::SUBJECT_ALT_NAME,
            general_names as fn(&[u8]) -> Option<&'static str>,
            "subjectAltName",
        ),
        (
            oid::CRL_DISTRIBUTION_POINTS,
            distribution_points,
            "cRLDistributionPoints",
        ),
        (oid::CERTIFICATE_POLICIES, policies, "certificatePolicies"),
        (oid::NAME_CONSTRAINTS, name_constraints, "nameConstraints"),
    ];
    for (oid, look, name) in problems {
        let value = extension_value(certificate.tbs(), oid);
        found.extend(value.and_then(look).map(|what| format!("its {name} has {what}")));
    }
    found
}

/// The content of one extension, out of a TBSCertificate.
fn extension_value<'a>(tbs: &'a [u8], oid: &str) -> Option<&'a [u8]> {
    let fields = Elements::of(Elements::of(tbs).next_if(tag::SEQUENCE)?.content);
    let list = fields.filter(|field| field.is_context(3)).last()?;
    let list = Elements::of(list.content).next_if(tag::SEQUENCE)?;
    read_extensions(&list)?
        .into_iter()
        .find(|extension| extension.oid.to_id_string() == oid)
        .map(|extension| extension.value)
}

/// RFC 5280 §4.2.1.6.
fn general_names(value: &[u8]) -> Option<&'static str> {
    let list = Elements::of(value).next_if(tag::SEQUENCE)?;
    if list.content.is_empty() {
        return Some("no name at all");
    }
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_*".contains(byte);
    Elements::of(list.content).find_map(|name| {
        let text = name.content;
        let balanced = || {
            text.iter().filter(|byte| **byte == b'[').count()
                == text.iter().filter(|byte| **byte == b']').count()
        };
        match name {
            name if name.is_context(1) && (!text.is_ascii() || text.is_empty()) => {
                Some("an e-mail address that is not ASCII, or empty")
            }
            name if name.is_context(2) && (text.is_empty() || !text.iter().all(is_host)) => {
                Some("a dNSName that is not a host name")
            }
            name if name.is_context(3) || name.is_context(5) => Some("an x400Address or ediPartyName"),
            name if name.is_context(0) && !is_other_name(text) => Some("an otherName that cannot be read"),
            name if name.is_context(4) && !is_directory_name(text) => {
                Some("a directoryName that is empty or cannot be read")
            }
            name if name.is_context(8) && !is_oid_content(text) => {
                Some("a registeredID that is not an object identifier")
            }
            name if name.is_context(6) && (!text.is_ascii() || text.is_empty() || !balanced()) => {
                Some("an invalid URI")
            }
            name if name.is_context(7) && ![4, 16].contains(&text.len()) => {
                Some("an iPAddress of another length than 4 or 16")
            }
            _ => None,
        }
    })
}

/// `SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT }`, without its tag.
fn is_other_name(content: &[u8]) -> bool {
    let mut parts = Elements::of(content);
    let has_kind = parts
        .next_if(tag::OBJECT_IDENTIFIER)
        .is_some_and(|kind| is_oid_content(kind.content));
    let value = parts.next_where(|part| part.is_context(0));
    has_kind && parts.rest.is_empty() && value.is_some_and(|value| is_one_element(value.content))
}

/// A Name, which is a SEQUENCE of something.
fn is_directory_name(content: &[u8]) -> bool {
    let mut parts = Elements::of(content);
    parts
        .next_if(tag::SEQUENCE)
        .is_some_and(|name| !name.content.is_empty())
        && parts.rest.is_empty()
}

pub(super) fn is_one_element(content: &[u8]) -> bool {
    let mut parts = Elements::of(content);
    parts.next().is_some() && parts.rest.is_empty()
}

/// RFC 5280 §4.2.1.13: a point should have a full name.
fn distribution_points(value: &[u8]) -> Option<&'static str> {
    let list = Elements::of(value).next_if(tag::SEQUENCE)?;
    Elements::of(list.content).find_map(|point| {
        let name = Elements::of(point.content).find(|part| part.is_context(0));
        match name.and_then(|name| Elements::of(name.content).next()) {
            None => Some("a point without a name"),
            Some(name) if name.is_context(1) => Some("a name relative to the issuer of the CRL"),
            Some(_) => None,
        }
    })
}

/// RFC 5280 §4.2.1.4: no policy more than once.
fn policies(value: &[u8]) -> Option<&'static str> {
    let list = Elements::of(value).next_if(tag::SEQUENCE)?;
    let mut seen = HashSet::new();
    let mut oids = Elements::of(list.content)
        .filter_map(|policy| Elements::of(policy.content).next_if(tag::OBJECT_IDENTIFIER));
    (!oids.all(|oid| seen.insert(oid.content))).then_some("the same policy twice")
}

/// RFC 5280 §4.2.1.10: minimum is zero, and maximum absent.
fn name_constraints(value: &[u8]) -> Option<&'static str> {
    let lists = Elements::of(Elements::of(value).next_if(tag::SEQUENCE)?.content);
    lists
        .flat_map(|list| Elements::of(list.content))
        .find_map(|subtree| {
            let mut parts = Elements::of(subtree.content);
            let base = parts.next()?;
            let is_default = |part: &Element<'_>| part.is_context(0) && part.content == [0];
            match parts.next() {
                Some(part) if !is_default(&part) => Some("a minimum or maximum"),
                _ if base.is_context(2) && base.content.is_empty() => Some("an empty dNSName"),
                _ => None,
            }
        })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A short element: tag, length, content.
    pub(in crate::x509::path::rules) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).expect("short")], content].concat()
    }

    #[test]
    fn names_of_the_usual_kinds_are_not_told() {
        let names = |list: &[(u8, &[u8])]| {
            tlv(
                0x30,
                &list
                    .iter()
                    .flat_map(|(tag, content)| tlv(*tag, content))
                    .collect::<Vec<u8>>(),
            )
        };
        let usual = names(&[
            (0x82, b"*.db_1.example.com"),
            (0x81, b"a@example.com"),
            (0x86, b"https://[::1]/"),
            (0x87, &[127, 0, 0, 1]),
            (0xa0, &[6, 2, 0x2a, 3, 0xa0, 2, 5, 0]),
            (0xa4, &[0x30, 2, 0x31, 0]),
            (0x88, &[0x2a, 3, 4]),
        ]);
        assert_eq!(general_names(&usual), None);
        for odd in [
            &[(0x82, &b""[..])][..],
            &[(0x82, b"a b")],
            &[(0x81, b"\xe4@example.com")],
            &[(0x86, b"https://[::1")],
            &[(0x87, &[127, 0, 0])],
            &[(0xa3, b"")],
            &[(0xa5, b"")],
            &[(0xa0, &[2, 1, 1])],
            &[(0xa0, &[6, 2, 0x2a, 0x83, 0xa0, 2, 5, 0])],
            &[(0xa4, &[0x31, 0])],
            &[(0xa4, &[0x30, 0])],
            &[(0x88, &[0x2a, 0x80, 1])],
            &[],
        ] {
            assert!(general_names(&names(odd)).is_some(), "{odd:?}");
        }
    }

    #[test]
    fn strings_outside_their_set_are_told() {
        let name = |tag: u8, text: &[u8]| {
            let pair = tlv(0x30, &[tlv(6, &[0x55, 4, 3]), tlv(tag, text)].concat());
            tlv(0x30, &tlv(0x31, &pair))
        };
        for (tag, text) in [
            (19, &b"*.example.com"[..]),
            (12, "Zürich".as_bytes()),
            (22, b"a@b"),
            (30, b"\0a"),
            (20, b"\xe4"),
        ] {
            assert_eq!(name_values(&name(tag, text)), None);
        }
        for (tag, text) in [
            (19, &b"a@b"[..]),
            (19, b"a_b"),
            (22, b"\xe4"),
            (26, b"visible"),
            (27, b"general"),
        ] {
            assert!(name_values(&name(tag, text)).is_some(), "{tag}");
        }
        assert!(name_values(&tlv(0x30, &tlv(0x31, &[]))).is_some());
    }

    #[test]
    fn keys_without_parameters_and_compressed_points_are_told() {
        let spki = |oid: &[u8], parameters: &[u8], bits: &[u8]| {
            tlv(
                0x30,
                &[
                    tlv(0x30, &[tlv(6, oid), parameters.to_vec()].concat()),
                    tlv(3, bits),
                ]
                .concat(),
            )
        };
        assert_eq!(key(&spki(RSA, &[5, 0], &[0, 1])), None);
        assert_eq!(key(&spki(EC, &[6, 1, 1], &[0, 4])), None);
        assert!(key(&spki(RSA, &[], &[0, 1])).is_some());
        assert!(
            [2, 3, 6, 7]
                .into_iter()
                .all(|form| key(&spki(EC, &[6, 1, 1], &[0, form])).is_some())
        );
    }

    #[test]
    fn points_policies_and_constraints_as_nobody_writes_them_are_told() {
        let list = |items: &[Vec<u8>]| tlv(0x30, &items.concat());
        let full = tlv(0x30, &tlv(0xa0, &tlv(0xa0, &tlv(0x86, b"http://a/"))));
        assert_eq!(distribution_points(&list(std::slice::from_ref(&full))), None);
        assert!(distribution_points(&list(&[full, tlv(0x30, &[])])).is_some());
        assert!(distribution_points(&list(&[tlv(0x30, &tlv(0xa0, &tlv(0xa1, &[])))])).is_some());
        let policy = |number| tlv(0x30, &tlv(6, &[0x2a, number]));
        assert_eq!(policies(&list(&[policy(1), policy(2)])), None);
        assert!(policies(&list(&[policy(1), policy(1)])).is_some());
        let subtree = |rest: &[u8], host: &[u8]| {
            list(&[tlv(0xa0, &tlv(0x30, &[tlv(0x82, host), rest.to_vec()].concat()))])
        };
        assert_eq!(name_constraints(&subtree(&[], b"example.com")), None);
        assert!(name_constraints(&subtree(&[0x80, 1, 1], b"example.com")).is_some());
        assert!(name_constraints(&subtree(&[], b"")).is_some());
    }
}
