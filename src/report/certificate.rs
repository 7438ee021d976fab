//! A certificate as every report shows it.

use serde::Serialize;

use crate::encoding::hex::{Separator, encode};
use crate::key::SignatureAlgorithm;
use crate::x509::{Certificate, NameConstraints, rfc3339};

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
    /// Begin.
    pub not_before: String,
    /// End.
    pub not_after: String,
    /// subjectAltName; `null` without it.
    pub names: Option<Vec<String>>,
    /// Kind of key.
    pub key_type: String,
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
    /// Object identifiers of all extensions.
    pub extensions: Vec<ExtensionFacts>,
    /// Thumbprint, SHA-1.
    pub thumbprint_sha1: String,
    /// Thumbprint, SHA-256.
    pub thumbprint_sha256: String,
}

/// One extension by its identifier.
#[derive(Debug, Clone, Serialize)]
pub struct ExtensionFacts {
    /// Object identifier.
    pub oid: String,
    /// Whether it is critical.
    pub critical: bool,
}

impl From<&Certificate> for CertificateFacts {
    fn from(certificate: &Certificate) -> Self {
        let thumbprints = certificate.thumbprints();
        let hex = |octets: &[u8]| encode(octets, Separator::None);
        let (permitted_names, excluded_names) = certificate.name_constraints().map(NameConstraints::in_words).unwrap_or_default();
        let attributes = certificate.subject().attributes().into_iter();
        Self {
            version: certificate.version(),
            serial: certificate.serial().to_string(),
            subject: certificate.subject().to_string(),
            subject_attributes: attributes.map(|(attribute, value)| NameFacts { attribute, value }).collect(),
            issuer: certificate.issuer().to_string(),
            not_before: rfc3339(certificate.not_before()),
            not_after: rfc3339(certificate.not_after()),
            names: certificate.subject_alternative_names().map(|names| names.iter().map(ToString::to_string).collect()),
            key_type: certificate.public_key().type_name(),
            key_bits: certificate.public_key().size_bits(),
            public_key_sha256: hex(&certificate.public_key().pin()),
            signature_algorithm: SignatureAlgorithm::name(certificate.signature_algorithm()),
            is_ca: certificate.is_authority(),
            path_len: certificate.basic_constraints().and_then(|constraints| constraints.path_len),
            key_usage: certificate.key_usage().map(|usage| usage.names().into_iter().map(str::to_owned).collect()),
            extended_key_usage: certificate.extended_key_usage().map(|usages| usages.iter().map(ToString::to_string).collect()),
            permitted_names,
            excluded_names,
            subject_key_identifier: certificate.subject_key_identifier().map(hex),
            authority_key_identifier: certificate.authority_key_identifier().map(hex),
            crl_addresses: certificate.crl_addresses().to_vec(),
            issuer_addresses: certificate.issuer_addresses().to_vec(),
            extensions: certificate.extensions().iter().map(|(oid, critical)| ExtensionFacts { oid: oid.clone(), critical: *critical }).collect(),
            thumbprint_sha1: hex(&thumbprints.sha1),
            thumbprint_sha256: hex(&thumbprints.sha256),
        }
    }
}

impl CertificateFacts {
    /// Writes every fact.
    pub(super) fn text(&self, page: &mut super::Page) {
        page.fact("subject", if self.subject.is_empty() { "(empty)" } else { &self.subject });
        page.fact("issuer", &self.issuer);
        page.fact("serial", &self.serial);
        page.fact("valid from", &self.not_before);
        page.fact("valid until", &self.not_after);
        match &self.names {
            None if self.is_ca => {}
            None => page.fact("names", "(no subjectAltName)"),
            Some(names) => page.names("names", names),
        }
        page.fact("key", &key_text(&self.key_type, self.key_bits));
        page.fact("signature", &self.signature_algorithm);
        if self.is_ca {
            page.fact("CA", &self.path_len.map_or("yes".into(), |path_len| format!("yes, with at most {path_len} intermediate CAs below")));
        }
        page.fact("key usage", &list_or(self.key_usage.as_deref(), "(none stated)"));
        page.fact("purposes", &list_or(self.extended_key_usage.as_deref(), "(none stated)"));
        page.names("permitted", &self.permitted_names);
        page.names("excluded", &self.excluded_names);
        page.fact_if("subject key id", self.subject_key_identifier.as_deref());
        page.fact_if("issuer key id", self.authority_key_identifier.as_deref());
        page.facts("CRL at", self.crl_addresses.iter().map(String::as_str));
        page.facts("issuer at", self.issuer_addresses.iter().map(String::as_str));
        page.fact("sha1", &self.thumbprint_sha1);
        page.fact("sha256", &self.thumbprint_sha256);
        page.fact("key sha256", &self.public_key_sha256);
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
