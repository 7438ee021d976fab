//! A certificate as every report shows it.

use serde::Serialize;

use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{SignatureAlgorithm, SignatureCheck};
use gsec_pki::x509::oid;
use gsec_pki::x509::{Certificate, CertificateRequest, Extension, NameConstraints, rfc3339};

/// One attribute of a name.
#[derive(Debug, Clone, Serialize)]
pub struct NameFacts {
    /// Short name or object identifier.
    pub attribute: String,
    /// Its value.
    pub value: String,
}

/// Everything in a certificate.
#[derive(Debug, Clone, Serialize)]
pub struct CertificateFacts {
    /// Version.
    pub version: u32,
    /// Serial number.
    pub serial: String,
    /// Subject as text.
    pub subject: String,
    /// Subject, attribute by attribute.
    pub subject_attributes: Vec<NameFacts>,
    /// Issuer as text.
    pub issuer: String,
    /// Start of validity (notBefore).
    pub not_before: String,
    /// End.
    pub not_after: String,
    /// subjectAltName; `null` without it.
    pub names: Option<Vec<String>>,
    /// Kind of key.
    pub key_type: String,
    /// The key for people.
    #[serde(skip)]
    pub key: String,
    /// Size of the key.
    pub key_bits: Option<u32>,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub public_key_sha256: String,
    /// Signature algorithm.
    pub signature_algorithm: String,
    /// Whether it is a CA certificate.
    pub is_ca: bool,
    /// pathLenConstraint.
    pub path_len: Option<u32>,
    /// keyUsage; `null` without it.
    pub key_usage: Option<Vec<String>>,
    /// extKeyUsage; `null` without it.
    pub extended_key_usage: Option<Vec<String>>,
    /// Permitted subtrees.
    pub permitted_names: Vec<String>,
    /// Excluded subtrees.
    pub excluded_names: Vec<String>,
    /// subjectKeyIdentifier.
    pub subject_key_identifier: Option<String>,
    /// authorityKeyIdentifier.
    pub authority_key_identifier: Option<String>,
    /// Addresses of the CRL.
    pub crl_addresses: Vec<String>,
    /// Addresses of the issuer's certificate.
    pub issuer_addresses: Vec<String>,
    /// Addresses at which OCSP requests are answered.
    pub ocsp_addresses: Vec<String>,
    /// All extensions.
    pub extensions: Vec<ExtensionFacts>,
    /// Thumbprint, SHA-1.
    pub thumbprint_sha1: String,
    /// Thumbprint, SHA-256.
    pub thumbprint_sha256: String,
}

/// One extension.
#[derive(Debug, Clone, Serialize)]
pub struct ExtensionFacts {
    /// Object identifier.
    pub oid: String,
    /// Its name; `null` for one that gsec does not know.
    pub name: Option<&'static str>,
    /// Whether it is critical.
    pub critical: bool,
    /// The content of extnValue, DER, in hexadecimal digits.
    pub value: String,
    /// What it says, where no other field has it and gsec can tell.
    pub text: Option<String>,
}

impl From<&Extension> for ExtensionFacts {
    fn from(extension: &Extension) -> Self {
        let value = encode(&extension.value, Separator::None);
        Self {
            oid: extension.oid.clone(),
            name: extension.name,
            critical: extension.is_critical,
            value,
            text: extension.text.clone(),
        }
    }
}

/// Extensions that have lines of their own: keyUsage, subjectAltName, basicConstraints, nameConstraints, extKeyUsage and
/// subjectKeyIdentifier.
const SHOWN_APART: [&str; 6] = [
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::NAME_CONSTRAINTS,
    oid::EXTENDED_KEY_USAGE,
];

/// Every extension without a line of its own: its meaning, or its content in hex.
pub(super) fn extensions_text<'a>(
    extensions: impl IntoIterator<Item = &'a ExtensionFacts>,
    apart: &[&str],
    page: &mut super::Page,
) {
    /// Longer content is cut in text; JSON has it whole.
    const SHOWN_DIGITS: usize = 128;
    let lines = extensions
        .into_iter()
        .filter(|extension| !apart.contains(&extension.oid.as_str()))
        .map(|extension| {
            let title = extension
                .name
                .map_or_else(|| extension.oid.clone(), str::to_owned);
            let critical = if extension.critical { ", critical" } else { "" };
            let content = match (&extension.text, extension.value.get(..SHOWN_DIGITS)) {
                (Some(text), _) => text.clone(),
                (None, Some(start)) if extension.value.len() > SHOWN_DIGITS => {
                    format!(
                        "{start}… ({} bytes; `--json` has them all)",
                        extension.value.len() / 2
                    )
                }
                (None, _) => extension.value.clone(),
            };
            format!("{title}{critical}: {content}")
        });
    page.facts("extension", lines.collect::<Vec<_>>().iter().map(String::as_str));
}

/// Everything in a CSR.
#[derive(Debug, Clone, Serialize)]
pub struct RequestFacts {
    /// Subject as text.
    pub subject: String,
    /// Names in the requested subjectAltName.
    pub names: Vec<String>,
    /// Kind of key.
    pub key_type: String,
    /// The key for people.
    #[serde(skip)]
    pub key: String,
    /// Size of the key.
    pub key_bits: Option<u32>,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub public_key_sha256: String,
    /// Signature algorithm.
    pub signature_algorithm: String,
    /// Whether its own key signed it: `good`, `bad` or `unsupported`.
    pub signature: &'static str,
    /// The requested extensions.
    pub extensions: Vec<ExtensionFacts>,
    /// Other attributes, by name.
    pub attributes: Vec<String>,
    /// What the extensions ask for, in words.
    #[serde(skip)]
    pub wishes: Vec<String>,
}

impl From<&CertificateRequest> for RequestFacts {
    fn from(request: &CertificateRequest) -> Self {
        Self {
            subject: request.subject().to_string(),
            names: request.names().iter().map(ToString::to_string).collect(),
            key_type: request.public_key().type_name(),
            key: request.public_key().to_string(),
            key_bits: request.public_key().size_bits(),
            public_key_sha256: encode(&request.public_key().pin(), Separator::None),
            signature_algorithm: request.signature_algorithm(),
            signature: match request.verify_possession() {
                SignatureCheck::Good => "good",
                SignatureCheck::Bad => "bad",
                SignatureCheck::Unsupported => "unsupported",
            },
            extensions: request.extensions().iter().map(ExtensionFacts::from).collect(),
            attributes: request.attributes().to_vec(),
            wishes: request.further_wishes().to_vec(),
        }
    }
}

impl RequestFacts {
    pub(super) fn text(&self, page: &mut super::Page) {
        page.fact(
            "subject",
            if self.subject.is_empty() {
                "(empty subject)"
            } else {
                &self.subject
            },
        );
        if self.names.is_empty() {
            page.fact("names", "(no subjectAltName)")
        } else {
            page.names("names", &self.names)
        }
        page.fact("key", &self.key);
        let check = match self.signature {
            "good" => "valid: made with the key in it",
            "bad" => "NOT valid: not made with the key in it",
            _ => "not checked: gsec does not support this algorithm",
        };
        page.fact("signature", &format!("{}, {check}", self.signature_algorithm));
        // The requested basicConstraints, keyUsage and extKeyUsage are described in words.
        page.facts(
            "requests",
            self.wishes
                .iter()
                .filter(|wish| wish.contains(' '))
                .map(String::as_str),
        );
        extensions_text(
            &self.extensions,
            &[
                oid::KEY_USAGE,
                oid::SUBJECT_ALT_NAME,
                oid::BASIC_CONSTRAINTS,
                oid::EXTENDED_KEY_USAGE,
            ],
            page,
        );
        page.facts("attribute", self.attributes.iter().map(String::as_str));
        page.digest("key sha256", &self.public_key_sha256);
    }
}

impl From<&Certificate> for CertificateFacts {
    fn from(certificate: &Certificate) -> Self {
        let thumbprints = certificate.thumbprints();
        let hex = |bytes: &[u8]| encode(bytes, Separator::None);
        let (permitted_names, excluded_names) = certificate
            .name_constraints()
            .map(NameConstraints::in_words)
            .unwrap_or_default();
        let attributes = certificate.subject().attributes().into_iter();
        Self {
            version: certificate.version(),
            serial: certificate.serial().to_string(),
            subject: certificate.subject().to_string(),
            subject_attributes: attributes
                .map(|(attribute, value)| NameFacts { attribute, value })
                .collect(),
            issuer: certificate.issuer().to_string(),
            not_before: rfc3339(certificate.not_before()),
            not_after: rfc3339(certificate.not_after()),
            names: certificate
                .subject_alternative_names()
                .map(|names| names.iter().map(ToString::to_string).collect()),
            key_type: certificate.public_key().type_name(),
            key: certificate.public_key().to_string(),
            key_bits: certificate.public_key().size_bits(),
            public_key_sha256: hex(&certificate.public_key().pin()),
            signature_algorithm: SignatureAlgorithm::name(certificate.signature_algorithm()),
            is_ca: certificate.is_authority(),
            path_len: certificate
                .basic_constraints()
                .and_then(|constraints| constraints.path_len),
            key_usage: certificate
                .key_usage()
                .map(|usage| usage.names().into_iter().map(str::to_owned).collect()),
            extended_key_usage: certificate
                .extended_key_usage()
                .map(|usages| usages.iter().map(ToString::to_string).collect()),
            permitted_names,
            excluded_names,
            subject_key_identifier: certificate.subject_key_identifier().map(hex),
            authority_key_identifier: certificate.authority_key_identifier().map(hex),
            crl_addresses: certificate.crl_addresses().to_vec(),
            issuer_addresses: certificate.issuer_addresses().to_vec(),
            ocsp_addresses: certificate.ocsp_addresses().to_vec(),
            extensions: certificate
                .extensions_in_full()
                .iter()
                .map(ExtensionFacts::from)
                .collect(),
            thumbprint_sha1: hex(&thumbprints.sha1),
            thumbprint_sha256: hex(&thumbprints.sha256),
        }
    }
}

impl CertificateFacts {
    /// Writes every fact.
    pub(super) fn text(&self, page: &mut super::Page) {
        let first = self.names.iter().flatten().next();
        let empty = first.map_or_else(
            || "(empty subject)".into(),
            |name| format!("(empty subject) {name}"),
        );
        page.fact(
            "subject",
            if self.subject.is_empty() {
                &empty
            } else {
                &self.subject
            },
        );
        page.fact("issuer", &self.issuer);
        page.fact("serial", &self.serial);
        page.fact("valid from", &self.not_before);
        page.end("valid until", &self.not_after);
        match &self.names {
            None if self.is_ca => {}
            None => page.fact("names", "(no subjectAltName)"),
            Some(names) => page.names("names", names),
        }
        page.fact("key", &self.key);
        page.fact("signature", &self.signature_algorithm);
        if self.is_ca {
            page.fact(
                "CA",
                &self.path_len.map_or("yes".into(), |path_len| {
                    format!("yes, with at most {path_len} intermediate CAs below")
                }),
            );
        }
        page.fact("key usage", &list_or(self.key_usage.as_deref(), "(none stated)"));
        page.fact(
            "purposes",
            &list_or(self.extended_key_usage.as_deref(), "(none stated)"),
        );
        page.names("permitted", &self.permitted_names);
        page.names("excluded", &self.excluded_names);
        page.fact_if("subject key id", self.subject_key_identifier.as_deref());
        page.fact_if("issuer key id", self.authority_key_identifier.as_deref());
        page.facts("CRL at", self.crl_addresses.iter().map(String::as_str));
        page.facts("OCSP at", self.ocsp_addresses.iter().map(String::as_str));
        page.facts("issuer at", self.issuer_addresses.iter().map(String::as_str));
        // The key identifier is all of most authorityKeyIdentifiers, and an address all of most pointers to CRLs and issuers.
        let is_told = |extension: &&ExtensionFacts| match extension.oid.as_str() {
            oid::AUTHORITY_KEY_IDENTIFIER => self
                .authority_key_identifier
                .as_ref()
                .is_some_and(|own| extension.value.len() == own.len() + 8),
            oid::CRL_DISTRIBUTION_POINTS => extension
                .text
                .as_ref()
                .is_some_and(|text| *text == uris(&self.crl_addresses, "").join(", ")),
            oid::AUTHORITY_INFO_ACCESS => extension.text.as_ref().is_some_and(|text| {
                let responders = uris(&self.ocsp_addresses, "OCSP ");
                *text
                    == [responders, uris(&self.issuer_addresses, "caIssuers ")]
                        .concat()
                        .join(", ")
            }),
            _ => false,
        };
        extensions_text(
            self.extensions.iter().filter(|extension| !is_told(extension)),
            &SHOWN_APART,
            page,
        );
        let critical = self.extensions.iter().filter(|extension| extension.critical);
        let critical: Vec<&str> = critical
            .map(|extension| extension.name.unwrap_or(&extension.oid))
            .collect();
        if !critical.is_empty() {
            page.fact("critical", &critical.join(", "));
        }
        page.digest("sha1", &self.thumbprint_sha1);
        page.digest("sha256", &self.thumbprint_sha256);
        page.digest("key sha256", &self.public_key_sha256);
    }
}

/// Addresses as an extension in words has them.
fn uris(addresses: &[String], before: &str) -> Vec<String> {
    addresses
        .iter()
        .map(|address| format!("{before}uri:{address}"))
        .collect()
}

/// What is said after the file of a CA's private key.
pub(super) fn protection(is_encrypted: bool) -> &'static str {
    if is_encrypted {
        " (encrypted)"
    } else {
        " (not encrypted)"
    }
}

/// `RSA 2048`, `P-256`, `Ed25519`.
pub(super) fn key_text(key_type: &str, bits: Option<u32>) -> String {
    match (key_type, bits) {
        ("rsa", Some(bits)) => format!("RSA {bits}"),
        ("ed25519", _) => "Ed25519".into(),
        (curve, Some(bits)) if curve.starts_with('p') => format!("P-{bits}"),
        (other, _) => other.to_owned(),
    }
}

fn list_or(list: Option<&[String]>, otherwise: &str) -> String {
    list.map_or(otherwise.to_owned(), |list| list.join(", "))
}
