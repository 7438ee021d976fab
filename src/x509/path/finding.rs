//! What validation finds: rules with stable names, and where each is written.

use crate::x509::Certificate;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It makes the answer no.
    Error,
    /// Some peers refuse.
    Warning,
    /// Worth knowing.
    Notice,
}

impl Severity {
    /// Its name in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// The rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// No certificate of the issuer is at hand.
    IssuerUnknown,
    /// A certificate with the issuer's name is at hand, and its key did not sign.
    SignatureWrong,
    /// The signature's algorithm cannot be checked.
    SignatureUnsupported,
    /// Too many certificates or signatures on the way.
    PathTooComplex,
    /// The end is past.
    Expired,
    /// The begin is to come.
    NotYetValid,
    /// An issuer is no CA.
    IssuerNotAuthority,
    /// An issuer's keyUsage has no keyCertSign.
    IssuerKeyUsage,
    /// Too many intermediates under a pathLenConstraint.
    PathLength,
    /// extKeyUsage does not have the purpose.
    ExtendedKeyUsage,
    /// A name outside name constraints.
    NameConstraints,
    /// The name is not in the certificate.
    NameMismatch,
    /// No subjectAltName at all.
    NoSubjectAlternativeName,
    /// An address where a name stands.
    AddressAsName,
    /// MD5 or SHA-1.
    WeakDigest,
    /// RSA below 2048 bits.
    WeakKey,
    /// Negative, zero or too long.
    SerialNumber,
    /// A critical extension that is not known.
    UnknownCriticalExtension,
    /// Listed in a CRL.
    Revoked,
    /// A CA without keyUsage.
    AuthorityWithoutKeyUsage,
    /// The strict validator refuses for a reason of its own.
    StrictValidator,
}

impl Rule {
    /// Stable name, where the rule is written, and how much breaking it weighs.
    fn facts(self) -> (&'static str, &'static str, Severity) {
        use Severity::{Error, Warning};
        match self {
            Self::IssuerUnknown => ("issuer-unknown", "RFC 5280 §6.1", Error),
            Self::SignatureWrong => ("signature-wrong", "RFC 5280 §6.1.3 (a)(1)", Error),
            Self::SignatureUnsupported => ("signature-unsupported", "RFC 5280 §6.1.3 (a)(1)", Error),
            Self::PathTooComplex => ("path-too-complex", "RFC 5280 §6.1", Error),
            Self::Expired => ("expired", "RFC 5280 §6.1.3 (a)(2)", Error),
            Self::NotYetValid => ("not-yet-valid", "RFC 5280 §6.1.3 (a)(2)", Error),
            Self::IssuerNotAuthority => ("issuer-not-a-ca", "RFC 5280 §6.1.4 (k)", Error),
            Self::IssuerKeyUsage => ("issuer-key-usage", "RFC 5280 §6.1.4 (n)", Error),
            Self::PathLength => ("path-length", "RFC 5280 §6.1.4 (m)", Error),
            Self::ExtendedKeyUsage => ("extended-key-usage", "RFC 5280 §4.2.1.12", Error),
            Self::NameConstraints => ("name-constraints", "RFC 5280 §6.1.3 (b)", Error),
            Self::NameMismatch => ("name-mismatch", "RFC 9525 §6", Error),
            Self::NoSubjectAlternativeName => ("no-subject-alternative-name", "RFC 9525 §6.3", Error),
            Self::AddressAsName => ("address-as-name", "RFC 9525 §6.2", Error),
            Self::WeakDigest => ("weak-digest", "RFC 9155 §2", Error),
            Self::WeakKey => ("weak-key", "NIST SP 800-131A §2", Error),
            Self::SerialNumber => ("serial-number", "RFC 5280 §4.1.2.2", Warning),
            Self::UnknownCriticalExtension => ("unknown-critical-extension", "RFC 5280 §4.2", Error),
            Self::Revoked => ("revoked", "RFC 5280 §6.3", Error),
            Self::AuthorityWithoutKeyUsage => ("ca-without-key-usage", "RFC 5280 §4.2.1.3", Warning),
            Self::StrictValidator => ("strict-validator", "RFC 5280 §6", Error),
        }
    }

    /// The stable name.
    pub fn slug(self) -> &'static str {
        self.facts().0
    }

    /// Where it is written.
    pub fn source(self) -> &'static str {
        self.facts().1
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// How much it weighs.
    pub severity: Severity,
    /// The subject of the certificate that it is about.
    pub certificate: String,
    /// Both sides of the comparison, in words.
    pub message: String,
}

impl Finding {
    pub(super) fn about(rule: Rule, certificate: &Certificate, message: String) -> Self {
        Self { rule, severity: rule.facts().2, certificate: certificate.subject().to_string(), message }
    }

    pub(super) fn lighter(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }
}
