//! Every extension with its content in words, whether or not gsec processes it.

use x509_parser::asn1_rs::Oid;
use x509_parser::extensions::X509Extension;
use x509_parser::prelude::{CertificateRevocationList, FromDer, X509Certificate};

use super::certificate::read_name;
use super::elements::{Element, Elements, tag, time_problem};
use super::oid;
use super::{Certificate, IssuingDistributionPoint, RevocationList, rfc3339};
use crate::encoding::hex::{Separator, encode};

/// Extensions of certificates, CSRs and CRLs, and attributes of CSRs, by name: of RFC 5280 and other RFCs, Netscape and Microsoft.
const NAMES: [(&str, &str); 54] = [
    ("1.2.840.113549.1.9.2", "unstructuredName"),
    ("1.2.840.113549.1.9.7", "challengePassword"),
    ("1.2.840.113549.1.9.8", "unstructuredAddress"),
    (oid::EXTENSION_REQUEST, "extensionRequest"),
    ("1.2.840.113549.1.9.15", "sMIMECapabilities"),
    (oid::MICROSOFT_EXTENSION_REQUEST, "extensionRequest"),
    ("1.3.6.1.4.1.311.13.2.2", "enrollmentCSPProvider"),
    ("1.3.6.1.4.1.311.13.2.3", "osVersion"),
    ("1.3.6.1.4.1.311.20.2", "enrollCertType"),
    ("1.3.6.1.4.1.311.21.1", "caVersion"),
    ("1.3.6.1.4.1.311.21.2", "previousCaCertificateHash"),
    ("1.3.6.1.4.1.311.21.3", "virtualBaseCrlNumber"),
    ("1.3.6.1.4.1.311.21.4", "nextCrlPublish"),
    ("1.3.6.1.4.1.311.21.7", "certificateTemplate"),
    ("1.3.6.1.4.1.311.21.10", "applicationCertPolicies"),
    ("1.3.6.1.4.1.311.21.11", "applicationPolicyMappings"),
    ("1.3.6.1.4.1.311.21.12", "applicationPolicyConstraints"),
    ("1.3.6.1.4.1.311.21.14", "publishedCrlLocations"),
    ("1.3.6.1.4.1.311.21.20", "requestClientInfo"),
    ("1.3.6.1.4.1.311.25.2", "ntdsSecurity"),
    ("1.3.6.1.4.1.11129.2.4.2", "signedCertificateTimestamps"),
    ("1.3.6.1.4.1.11129.2.4.3", "ctPoison"),
    (oid::AUTHORITY_INFO_ACCESS, "authorityInfoAccess"),
    ("1.3.6.1.5.5.7.1.3", "qcStatements"),
    ("1.3.6.1.5.5.7.1.11", "subjectInfoAccess"),
    ("1.3.6.1.5.5.7.1.24", "tlsFeature"),
    (oid::OCSP_NO_CHECK, "ocspNoCheck"),
    ("2.5.29.9", "subjectDirectoryAttributes"),
    (oid::SUBJECT_KEY_IDENTIFIER, "subjectKeyIdentifier"),
    (oid::KEY_USAGE, "keyUsage"),
    ("2.5.29.16", "privateKeyUsagePeriod"),
    (oid::SUBJECT_ALT_NAME, "subjectAltName"),
    (oid::ISSUER_ALT_NAME, "issuerAltName"),
    (oid::BASIC_CONSTRAINTS, "basicConstraints"),
    (oid::CRL_NUMBER, "cRLNumber"),
    (oid::REASON_CODE, "reasonCode"),
    (oid::HOLD_INSTRUCTION, "holdInstructionCode"),
    (oid::INVALIDITY_DATE, "invalidityDate"),
    (oid::DELTA_CRL_INDICATOR, "deltaCRLIndicator"),
    (oid::ISSUING_DISTRIBUTION_POINT, "issuingDistributionPoint"),
    (oid::NAME_CONSTRAINTS, "nameConstraints"),
    (oid::CRL_DISTRIBUTION_POINTS, "cRLDistributionPoints"),
    (oid::CERTIFICATE_POLICIES, "certificatePolicies"),
    (oid::POLICY_MAPPINGS, "policyMappings"),
    (oid::AUTHORITY_KEY_IDENTIFIER, "authorityKeyIdentifier"),
    (oid::POLICY_CONSTRAINTS, "policyConstraints"),
    (oid::EXTENDED_KEY_USAGE, "extKeyUsage"),
    (oid::FRESHEST_CRL, "freshestCRL"),
    (oid::INHIBIT_ANY_POLICY, "inhibitAnyPolicy"),
    ("2.16.840.1.113730.1.1", "nsCertType"),
    ("2.16.840.1.113730.1.3", "nsRevocationUrl"),
    ("2.16.840.1.113730.1.4", "nsCaRevocationUrl"),
    ("2.16.840.1.113730.1.12", "nsSslServerName"),
    ("2.16.840.1.113730.1.13", "nsComment"),
];

/// Bits of nsCertType, Netscape's certificate extensions specification.
const NETSCAPE_TYPES: [&str; 8] = [
    "sslClient",
    "sslServer",
    "email",
    "objectSigning",
    "reserved",
    "sslCa",
    "emailCa",
    "objectSigningCa",
];

/// The name of an extension or attribute, else its object identifier.
pub(super) fn name_of(oid: &str) -> &str {
    NAMES
        .iter()
        .find(|(known, _)| *known == oid)
        .map_or(oid, |(_, name)| name)
}

/// One extension, with its value exactly as encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Object identifier.
    pub oid: String,
    /// Its name; `None` for one that gsec does not know.
    pub name: Option<&'static str>,
    /// Whether it is critical.
    pub is_critical: bool,
    /// The content of extnValue, DER.
    pub value: Vec<u8>,
    /// What it says, where gsec can tell.
    pub text: Option<String>,
}

impl Extension {
    pub(super) fn of(extension: &X509Extension<'_>) -> Self {
        let oid = extension.oid.to_id_string();
        let name = NAMES
            .iter()
            .find(|(known, _)| *known == oid)
            .map(|(_, name)| *name);
        let text = in_words(&oid, extension.value);
        Self {
            oid,
            name,
            is_critical: extension.critical,
            value: extension.value.to_vec(),
            text,
        }
    }

    /// Its name, or the object identifier.
    pub fn title(&self) -> &str {
        self.name.unwrap_or(&self.oid)
    }

    /// What it says, else its content in hexadecimal digits.
    pub fn content(&self) -> String {
        self.text
            .clone()
            .unwrap_or_else(|| encode(&self.value, Separator::None))
    }
}

impl Certificate {
    /// Every extension with its content, in order.
    pub fn extensions_in_full(&self) -> Vec<Extension> {
        let parsed = X509Certificate::from_der(self.der());
        parsed
            .map(|(_, parsed)| parsed.extensions().iter().map(Extension::of).collect())
            .unwrap_or_default()
    }
}

impl RevocationList {
    /// Every extension of the list with its content, in order.
    pub fn extensions_in_full(&self) -> Vec<Extension> {
        let parsed = CertificateRevocationList::from_der(self.der());
        parsed
            .map(|(_, parsed)| parsed.extensions().iter().map(Extension::of).collect())
            .unwrap_or_default()
    }
}

/// What an extension says that no other part of gsec takes apart.
fn in_words(oid: &str, value: &[u8]) -> Option<String> {
    let mut outside = Elements::of(value);
    let words = match oid {
        "1.3.6.1.4.1.311.20.2"
        | "2.16.840.1.113730.1.3"
        | "2.16.840.1.113730.1.4"
        | "2.16.840.1.113730.1.12"
        | "2.16.840.1.113730.1.13" => string(&outside.next()?),
        "1.3.6.1.4.1.311.21.1" => ca_version(&outside.next_if(tag::INTEGER)?),
        "1.3.6.1.4.1.311.21.3" | oid::CRL_NUMBER | oid::DELTA_CRL_INDICATOR | oid::INHIBIT_ANY_POLICY => {
            Some(number(&outside.next_if(tag::INTEGER)?))
        }
        "1.3.6.1.4.1.311.21.2" => Some(encode(
            outside.next_if(tag::OCTET_STRING)?.content,
            Separator::None,
        )),
        "1.3.6.1.4.1.311.21.4" => time(&outside.next()?),
        "1.3.6.1.4.1.311.21.7" => template(&outside.next_if(tag::SEQUENCE)?),
        "1.3.6.1.4.1.311.21.10" | oid::CERTIFICATE_POLICIES => policies(&outside.next_if(tag::SEQUENCE)?),
        "1.3.6.1.4.1.311.25.2" => security_identifier(value),
        oid::AUTHORITY_INFO_ACCESS | "1.3.6.1.5.5.7.1.11" => accesses(&outside.next_if(tag::SEQUENCE)?),
        oid::TLS_FEATURE => numbers(&outside.next_if(tag::SEQUENCE)?),
        "1.3.6.1.5.5.7.48.1.5" => Some("no revocation check of this OCSP signer".into()),
        oid::ISSUER_ALT_NAME => general_names(outside.next_if(tag::SEQUENCE)?.content),
        oid::CRL_DISTRIBUTION_POINTS | oid::FRESHEST_CRL => {
            distribution_points(&outside.next_if(tag::SEQUENCE)?)
        }
        oid::ISSUING_DISTRIBUTION_POINT => {
            IssuingDistributionPoint::read(value).map(|point| point.in_words())
        }
        oid::POLICY_MAPPINGS => mappings(&outside.next_if(tag::SEQUENCE)?),
        oid::POLICY_CONSTRAINTS => policy_constraints(&outside.next_if(tag::SEQUENCE)?),
        "2.16.840.1.113730.1.1" => netscape_types(&outside.next_if(tag::BIT_STRING)?),
        _ => None,
    };
    words.filter(|words| !words.is_empty())
}

fn string(element: &Element<'_>) -> Option<String> {
    const BMP_STRING: u32 = 30;
    if element.is(BMP_STRING) {
        let units: Vec<u16> = element
            .content
            .chunks_exact(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
            .collect();
        return String::from_utf16(&units).ok();
    }
    String::from_utf8(element.content.to_vec()).ok()
}

fn number(element: &Element<'_>) -> String {
    const MOST: usize = 8;
    match element.content {
        [first, ..] if element.content.len() <= MOST && first & 0x80 == 0 => element
            .content
            .iter()
            .fold(0u64, |number, byte| number << 8 | u64::from(*byte))
            .to_string(),
        content => format!("0x{}", encode(content, Separator::None)),
    }
}

fn numbers(sequence: &Element<'_>) -> Option<String> {
    let name = |number: String| match number.as_str() {
        "5" => "status_request (OCSP must-staple)".to_owned(),
        "17" => "status_request_v2".to_owned(),
        _ => number,
    };
    joined(Elements::of(sequence.content).map(|element| name(number(&element))))
}

/// Index of the CA's certificate and of its key ([MS-WCCE] 2.2.2.7.10).
fn ca_version(element: &Element<'_>) -> Option<String> {
    let number: u64 = number(element).parse().ok()?;
    Some(format!("certificate {}, key {}", number & 0xffff, number >> 16))
}

/// [MS-WCCE] 2.2.2.7.7.2.
fn template(sequence: &Element<'_>) -> Option<String> {
    let mut fields = Elements::of(sequence.content);
    let template = identifier(&fields.next_if(tag::OBJECT_IDENTIFIER)?)?;
    let [major, minor] = [fields.next_if(tag::INTEGER), fields.next_if(tag::INTEGER)]
        .map(|element| element.map(|element| number(&element)));
    let version = match (major, minor) {
        (Some(major), Some(minor)) => format!(", version {major}.{minor}"),
        (Some(major), None) => format!(", version {major}"),
        _ => String::new(),
    };
    Some(template + &version)
}

/// PolicyInformation: identifiers, and the addresses and notices in their qualifiers (RFC 5280 §4.2.1.4).
fn policies(sequence: &Element<'_>) -> Option<String> {
    joined_if_whole(Elements::of(sequence.content).map(|policy| {
        let mut fields = Elements::of(policy.content);
        let oid = identifier(&fields.next_if(tag::OBJECT_IDENTIFIER)?)?;
        let name = if oid == oid::ANY_POLICY {
            "anyPolicy".to_owned()
        } else {
            oid
        };
        let qualifiers = fields.next_if(tag::SEQUENCE).map(|qualifiers| {
            Elements::of(qualifiers.content).filter_map(|qualifier| {
                let mut parts = Elements::of(qualifier.content);
                parts.next_if(tag::OBJECT_IDENTIFIER)?;
                let content = parts.next()?;
                Some(if content.is(tag::SEQUENCE) {
                    notice(&content)
                } else {
                    string(&content)?
                })
            })
        });
        let qualifiers: Vec<String> = qualifiers
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .collect();
        Some(if qualifiers.is_empty() {
            name
        } else {
            format!("{name} ({})", qualifiers.join("; "))
        })
    }))
}

fn notice(sequence: &Element<'_>) -> String {
    let texts = Elements::of(sequence.content)
        .filter(|part| !part.is(tag::SEQUENCE))
        .filter_map(|part| string(&part));
    texts.collect::<Vec<_>>().join(" ")
}

/// The SID of an account in a directory ([MS-WCCE] 2.2.2.7.7.4).
fn security_identifier(value: &[u8]) -> Option<String> {
    let at = value.windows(4).position(|window| window == b"S-1-")?;
    let end = value[at..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'S' | b'-'))
        .count();
    Some(format!("SID {}", String::from_utf8_lossy(&value[at..at + end])))
}

/// AccessDescription (RFC 5280 §4.2.2.1).
fn accesses(sequence: &Element<'_>) -> Option<String> {
    joined_if_whole(Elements::of(sequence.content).map(|access| {
        let mut fields = Elements::of(access.content);
        let method = identifier(&fields.next_if(tag::OBJECT_IDENTIFIER)?)?;
        let name = match method.as_str() {
            "1.3.6.1.5.5.7.48.1" => "OCSP",
            oid::CA_ISSUERS => "caIssuers",
            "1.3.6.1.5.5.7.48.5" => "caRepository",
            _ => &method,
        };
        Some(format!("{name} {}", general_names(fields.rest)?))
    }))
}

/// DistributionPoint (RFC 5280 §4.2.1.13).
fn distribution_points(sequence: &Element<'_>) -> Option<String> {
    joined_if_whole(Elements::of(sequence.content).map(|point| {
        let mut fields = Elements::of(point.content);
        let full = fields
            .next_where(|field| field.is_context(0))
            .and_then(|name| Elements::of(name.content).next());
        let names = full
            .filter(|name| name.is_context(0))
            .and_then(|name| general_names(name.content));
        let reasons = fields
            .next_where(|field| field.is_context(1))
            .map(|bits| format!("reasons 0x{}", encode(bits.content, Separator::None)));
        let issuer = fields
            .next_where(|field| field.is_context(2))
            .and_then(|names| general_names(names.content));
        let parts = names
            .into_iter()
            .chain(reasons)
            .chain(issuer.map(|issuer| format!("CRL issuer {issuer}")))
            .collect::<Vec<_>>();
        (!parts.is_empty()).then(|| parts.join(" "))
    }))
}

fn mappings(sequence: &Element<'_>) -> Option<String> {
    joined_if_whole(Elements::of(sequence.content).map(|pair| {
        let mut fields = Elements::of(pair.content);
        let [from, to] = [
            fields.next_if(tag::OBJECT_IDENTIFIER)?,
            fields.next_if(tag::OBJECT_IDENTIFIER)?,
        ];
        Some(format!("{} = {}", identifier(&from)?, identifier(&to)?))
    }))
}

fn policy_constraints(sequence: &Element<'_>) -> Option<String> {
    joined_if_whole(Elements::of(sequence.content).map(|field| match field {
        field if field.is_context(0) => Some(format!("requireExplicitPolicy {}", number(&field))),
        field if field.is_context(1) => Some(format!("inhibitPolicyMapping {}", number(&field))),
        _ => None,
    }))
}

fn netscape_types(bits: &Element<'_>) -> Option<String> {
    let byte = *bits.content.get(1)?;
    joined(
        NETSCAPE_TYPES
            .into_iter()
            .enumerate()
            .filter(|(bit, _)| byte & 0x80 >> bit != 0)
            .map(|(_, name)| name.to_owned()),
    )
}

/// The time, or its letters where they are none.
fn time(element: &Element<'_>) -> Option<String> {
    let letters = || String::from_utf8(element.content.to_vec()).ok();
    let read = x509_parser::time::ASN1Time::from_der(element.whole)
        .ok()
        .filter(|_| time_problem("", element).is_none());
    read.map(|(_, time)| rfc3339(time.to_datetime())).or_else(letters)
}

/// All GeneralNames in some content.
fn general_names(content: &[u8]) -> Option<String> {
    let mut rest = content;
    let mut names = Vec::new();
    while !rest.is_empty() {
        let (after, name) = x509_parser::extensions::GeneralName::from_der(rest).ok()?;
        names.push(read_name(&name).to_string());
        rest = after;
    }
    joined(names.into_iter())
}

fn identifier(element: &Element<'_>) -> Option<String> {
    Oid::from_der(element.whole)
        .ok()
        .map(|(_, oid)| oid.to_id_string())
}

fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Like [`joined`], but only if every part can be decoded. A partial list would mislead, so the content is then shown in
/// hex.
fn joined_if_whole(parts: impl Iterator<Item = Option<String>>) -> Option<String> {
    let parts: Option<Vec<String>> = parts.collect();
    parts
        .filter(|parts| !parts.is_empty())
        .map(|parts| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(oid: &str, digits: &str) -> Option<String> {
        in_words(oid, &crate::encoding::hex::decode(digits).expect("digits"))
    }

    #[test]
    fn usual_extensions_are_put_into_words() {
        assert_eq!(
            words("2.16.840.1.113730.1.1", "03020640").as_deref(),
            Some("sslServer")
        );
        assert_eq!(words("2.16.840.1.113730.1.13", "16026869").as_deref(), Some("hi"));
        assert_eq!(
            words("1.3.6.1.4.1.311.20.2", "1e0400570053").as_deref(),
            Some("WS")
        );
        assert_eq!(
            words("1.3.6.1.4.1.311.21.1", "0203010002").as_deref(),
            Some("certificate 2, key 1")
        );
        assert_eq!(
            words("1.3.6.1.4.1.311.21.7", "300c06042a030405020164020103").as_deref(),
            Some("1.2.3.4.5, version 100.3")
        );
        // A policy that cannot be decoded completely is shown in hex.
        assert_eq!(words("2.5.29.32", "300630040402550a").as_deref(), None);
        assert_eq!(words("2.5.29.32", "3006300406022a03").as_deref(), Some("1.2.3"));
        assert_eq!(
            words("1.3.6.1.5.5.7.1.24", "3003020105").as_deref(),
            Some("status_request (OCSP must-staple)")
        );
        assert_eq!(
            words("2.5.29.36", "3003800100").as_deref(),
            Some("requireExplicitPolicy 0")
        );
        assert_eq!(words("1.2.3.4", "0500"), None);
    }
}
