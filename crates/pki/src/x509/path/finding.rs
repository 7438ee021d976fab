//! What validation finds: rules with stable names, and where each is written.

use crate::x509::{Certificate, NameConstraints};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// One line for each rule: the variant with its meaning, its stable name, where it is written, and how much breaking it weighs.
macro_rules! rules {
    ($($(#[$meaning:meta])* $variant:ident, $slug:literal, $source:literal, $severity:ident;)*) => {
        /// The rules.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[$meaning])* $variant,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Rule] = &[$(Rule::$variant),*];

            fn facts(self) -> (&'static str, &'static str, Severity) {
                match self {
                    $(Self::$variant => ($slug, $source, Severity::$severity),)*
                }
            }
        }
    };
}

rules! {
    /// No certificate of the issuer is available.
    IssuerUnknown, "issuer-unknown", "RFC 5280 §6.1", Error;
    /// A certificate with the issuer's name is available, but its key did not make the signature.
    SignatureWrong, "signature-wrong", "RFC 5280 §6.1.3 (a)(1)", Error;
    /// The signature's algorithm is none of the issuer's key, or few programs support it.
    SignatureUnsupported, "signature-unsupported", "RFC 5280 §6.1.3 (a)(1)", Error;
    /// gsec cannot check the signature, so that nothing is known about it.
    SignatureUnchecked, "signature-unchecked", "RFC 5280 §6.1.3 (a)(1)", Warning;
    /// The algorithm in what is signed is not the one beside the signature.
    SignatureAlgorithmMismatch, "signature-algorithm-mismatch", "RFC 5280 §4.1.1.2", Error;
    /// Too many certificates, signatures or names on the way.
    PathTooComplex, "path-too-complex", "RFC 5280 §6.1", Error;
    /// The end is past.
    Expired, "expired", "RFC 5280 §6.1.3 (a)(2)", Error;
    /// notBefore is in the future.
    NotYetValid, "not-yet-valid", "RFC 5280 §6.1.3 (a)(2)", Error;
    /// notAfter is before notBefore.
    ValidityEmpty, "validity-empty", "RFC 5280 §4.1.2.5", Error;
    /// The basicConstraints of an issuer say that it is not a CA.
    IssuerNotAuthority, "issuer-not-a-ca", "RFC 5280 §6.1.4 (k)", Error;
    /// An issuer without basicConstraints.
    AuthorityWithoutBasicConstraints, "ca-without-basic-constraints", "RFC 5280 §6.1.4 (k)", Error;
    /// An issuer's keyUsage lacks keyCertSign.
    IssuerKeyUsage, "issuer-key-usage", "RFC 5280 §6.1.4 (n)", Error;
    /// Too many intermediates under a pathLenConstraint.
    PathLength, "path-length", "RFC 5280 §6.1.4 (m)", Error;
    /// A CA certificate is used as that of a server or client.
    AuthorityAsEndEntity, "ca-as-end-entity", "RFC 5280 §4.2.1.9", Error;
    /// extKeyUsage does not have the purpose.
    ExtendedKeyUsage, "extended-key-usage", "RFC 5280 §4.2.1.12", Error;
    /// extKeyUsage is an empty list.
    ExtendedKeyUsageEmpty, "extended-key-usage-empty", "RFC 5280 §4.2.1.12", Error;
    /// keyUsage does not let a server or client sign or agree upon keys.
    EndEntityKeyUsage, "end-entity-key-usage", "RFC 5280 §4.2.1.3", Error;
    /// A name outside name constraints.
    NameConstraints, "name-constraints", "RFC 5280 §6.1.3 (b)", Error;
    /// A wildcard that also matches a name outside the name constraints.
    NameConstraintsWildcard, "name-constraints-wildcard", "RFC 5280 §4.2.1.10", Error;
    /// Name constraints that say nothing, or cannot be understood.
    NameConstraintsUnreadable, "name-constraints-unreadable", "RFC 5280 §4.2.1.10", Error;
    /// The name is not in the certificate.
    NameMismatch, "name-mismatch", "RFC 9525 §6", Error;
    /// A wildcard that is a part of a label.
    PartialWildcard, "partial-wildcard", "RFC 9525 §6.3", Error;
    /// No subjectAltName at all.
    NoSubjectAlternativeName, "no-subject-alternative-name", "RFC 9525 §6.3", Error;
    /// An address in a dNSName.
    AddressAsName, "address-as-name", "RFC 9525 §6.2", Error;
    /// MD5 or SHA-1.
    WeakDigest, "weak-digest", "RFC 9155 §2", Error;
    /// RSA below 2048 bits, a curve below 256, or DSA.
    WeakKey, "weak-key", "NIST SP 800-131A §2", Error;
    /// A malformed public key.
    KeyUnreadable, "key-unreadable", "RFC 5280 §4.1.2.7", Error;
    /// A public key of a kind that gsec does not know.
    KeyUnknown, "key-unknown", "RFC 5280 §4.1.2.7", Warning;
    /// A serial number below zero.
    SerialNegative, "serial-negative", "RFC 5280 §4.1.2.2", Warning;
    /// The serial number zero.
    SerialZero, "serial-zero", "RFC 5280 §4.1.2.2", Warning;
    /// More than 20 bytes.
    SerialTooLong, "serial-too-long", "RFC 5280 §4.1.2.2", Warning;
    /// A critical extension that is not known.
    UnknownCriticalExtension, "unknown-critical-extension", "RFC 5280 §4.2", Error;
    /// A certificate policy is demanded, and none is valid for the whole path.
    NoValidPolicy, "no-valid-policy", "RFC 5280 §6.1.5 (g)", Error;
    /// policyConstraints or inhibitAnyPolicy that are not critical.
    PolicyNotCritical, "policy-constraints-not-critical", "RFC 5280 §4.2.1.11", Notice;
    /// policyMappings from or to anyPolicy.
    PolicyMappingOfAny, "policy-mapping-of-any", "RFC 5280 §6.1.4 (a)", Error;
    /// A critical extension that must not be critical, so that validators refuse it as one that they do not know.
    WronglyCritical, "wrongly-critical-extension", "RFC 5280 §4.2", Error;
    /// An extension that validation rests upon, and whose content is not what it must be.
    ExtensionUnreadable, "extension-unreadable", "RFC 5280 §4.2", Error;
    /// The same extension twice.
    DuplicateExtension, "duplicate-extension", "RFC 5280 §4.2", Error;
    /// A certificate of version 1.
    Version, "version", "RFC 5280 §4.1.2.1", Error;
    /// Extensions in a certificate that is not of version 3.
    ExtensionsBeforeVersion3, "extensions-before-version-3", "RFC 5280 §4.1.2.1", Error;
    /// An issuer without a name.
    EmptyIssuer, "empty-issuer", "RFC 5280 §4.1.2.4", Error;
    /// A malformed name, or values that are invalid for their string types.
    NameUnreadable, "name-unreadable", "RFC 5280 §4.1.2.4", Error;
    /// A CA without a name.
    EmptyAuthoritySubject, "empty-ca-subject", "RFC 5280 §4.1.2.6", Error;
    /// Neither a Subject nor a critical subjectAltName.
    EmptySubject, "empty-subject", "RFC 5280 §4.1.2.6", Warning;
    /// authorityKeyIdentifier is not the issuer's subjectKeyIdentifier.
    KeyIdentifierMismatch, "key-identifier-mismatch", "RFC 5280 §4.2.1.1", Warning;
    /// No authorityKeyIdentifier.
    NoAuthorityKeyIdentifier, "no-authority-key-identifier", "RFC 5280 §4.2.1.1", Warning;
    /// A CA without subjectKeyIdentifier.
    NoSubjectKeyIdentifier, "no-subject-key-identifier", "RFC 5280 §4.2.1.2", Warning;
    /// A CA without keyUsage.
    AuthorityWithoutKeyUsage, "ca-without-key-usage", "RFC 5280 §4.2.1.3", Warning;
    /// A CA whose basicConstraints are not critical.
    BasicConstraintsNotCritical, "basic-constraints-not-critical", "RFC 5280 §4.2.1.9", Warning;
    /// pathLenConstraint in a certificate that is not a CA certificate, or that may not sign certificates.
    PathLengthWithoutAuthority, "path-length-without-ca", "RFC 5280 §4.2.1.9", Warning;
    /// keyCertSign in a certificate that is not a CA certificate.
    CertSignWithoutAuthority, "cert-sign-without-ca", "RFC 5280 §4.2.1.9", Warning;
    /// Name constraints that are not critical.
    NameConstraintsNotCritical, "name-constraints-not-critical", "RFC 5280 §4.2.1.10", Notice;
    /// Name constraints in a certificate that is not a CA certificate.
    NameConstraintsWithoutAuthority, "name-constraints-without-ca", "RFC 5280 §4.2.1.10", Notice;
    /// A dNSName constraint with a leading dot.
    NameConstraintsLeadingDot, "name-constraints-leading-dot", "RFC 5280 §4.2.1.10", Notice;
    /// The issuer's name is the same as the CA's subject, but encoded differently.
    NameEncoding, "name-encoding", "RFC 5280 §7.1", Warning;
    /// What is trusted is not a root.
    AnchorNotSelfSigned, "anchor-not-self-signed", "RFC 5280 §6.1.1 (d)", Notice;
    /// What is trusted stands in a block of OpenSSL's, with settings that OpenSSL obeys and others cannot read.
    TrustSettings, "openssl-trust-settings", "OpenSSL openssl-x509 §Trust Options", Warning;
    /// A name that some programs compare otherwise.
    NameMatching, "name-matching", "RFC 9525 §6.3", Warning;
    /// A CA limited to any purpose, which some programs take for no purpose of TLS.
    AnyUsageInAuthority, "any-usage-in-ca", "RFC 5280 §4.2.1.12", Warning;
    /// Netscape's certificate type does not have the purpose.
    NetscapeCertificateType, "netscape-certificate-type", "OpenSSL x509v3_config §nsCertType", Warning;
    /// keyUsage does not let the key do what TLS asks of keys of its kind.
    KeyUsageForTls, "key-usage-for-tls", "RFC 8446 §4.4.2.2", Warning;
    /// A common name that looks like a host's, outside name constraints.
    NameConstraintsCommonName, "name-constraints-common-name", "RFC 5280 §4.2.1.10", Warning;
    /// Name constraints on kinds of names that some programs do not process.
    NameConstraintsKind, "name-constraints-kind", "RFC 5280 §4.2.1.10", Warning;
    /// Self-issued CAs, which some programs judge as all others.
    SelfIssuedCounted, "self-issued-counted", "RFC 5280 §6.1.4 (l)", Warning;
    /// Several CAs of the issuer's name, of which some programs take one and do not go back.
    IssuerChoice, "issuer-choice", "RFC 4158 §2.4.1", Warning;
    /// notAfter is this very second.
    ExpiresThisSecond, "expires-this-second", "RFC 5280 §4.1.2.5", Notice;
    /// A serial number with redundant leading bytes.
    SerialNotMinimal, "serial-not-minimal", "X.690 §8.3.2", Error;
    /// Two certificates of one path with the same issuer and serial number.
    SerialReused, "serial-reused", "RFC 5280 §4.1.2.2", Warning;
    /// A time that is not written as certificates must have it.
    TimeForm, "time-form", "RFC 5280 §4.1.2.5", Error;
    /// BER where DER is required.
    NotDer, "not-der", "RFC 5280 §4.1", Warning;
    /// An encoding that gsec reads, and that is not compared with every program.
    UnusualEncoding, "unusual-encoding", "RFC 5280 §4.1", Notice;
    /// The same in a CRL.
    CrlUnusualEncoding, "crl-unusual-encoding", "RFC 5280 §5.1", Notice;
    /// issuerUniqueID or subjectUniqueID.
    UniqueIdentifiers, "unique-identifiers", "RFC 5280 §4.1.2.8", Warning;
    /// A key for RSASSA-PSS alone.
    PssKey, "rsa-pss-key", "RFC 4055 §1.2", Notice;
    /// A curve that is spelt out in numbers.
    ExplicitCurve, "explicit-curve-parameters", "RFC 5480 §2.1.1", Error;
    /// Listed in a CRL.
    Revoked, "revoked", "RFC 5280 §6.3", Error;
    /// Revoked in the records of the CA that issued it.
    RevokedInRecords, "revoked-in-records", "RFC 5280 §3.3", Error;
    /// A CRL was required that says that the certificate is not revoked, and none does.
    RevocationUndetermined, "revocation-undetermined", "RFC 5280 §6.3.3", Error;
    /// CRLs were given, and none of this issuer.
    CrlMissing, "crl-missing", "RFC 5280 §6.3.3", Warning;
    /// A CRL whose nextUpdate is past.
    CrlStale, "crl-stale", "RFC 5280 §5.1.2.5", Error;
    /// A CRL of a time to come.
    CrlNotYetValid, "crl-not-yet-valid", "RFC 5280 §5.1.2.4", Error;
    /// A CRL in the issuer's name that its key did not sign.
    CrlSignature, "crl-signature", "RFC 5280 §6.3.3 (g)", Error;
    /// The issuer's keyUsage lacks cRLSign.
    CrlIssuerKeyUsage, "crl-issuer-key-usage", "RFC 5280 §6.3.3 (f)", Error;
    /// The CRL's authorityKeyIdentifier is not the issuer's subjectKeyIdentifier.
    CrlKeyIdentifier, "crl-key-identifier", "RFC 5280 §5.2.1", Warning;
    /// A CRL of the issuer was given, and is about other certificates.
    CrlScope, "crl-scope", "RFC 5280 §6.3.3 (b)", Warning;
    /// CRLs for some reasons only, or a delta CRL without its base.
    CrlIncomplete, "crl-incomplete", "RFC 5280 §6.3.3 (d)", Warning;
    /// A CRL is signed by another key of the issuer's name, which no valid certificate vouches for.
    CrlSigner, "crl-signer", "RFC 5280 §6.3.3 (f)", Error;
    /// Programs that check revocation can use none of the CRLs that were given.
    CrlUnusable, "crl-unusable", "RFC 5280 §6.3.3", Warning;
    /// A CRL with a critical extension that is not known, or with an extension that cannot be read.
    CrlUnsupported, "crl-unsupported", "RFC 5280 §5.2", Error;
    /// The algorithm in what is signed of a CRL is not the one beside the signature.
    CrlAlgorithmMismatch, "crl-algorithm-mismatch", "RFC 5280 §5.1.1.2", Error;
    /// No CRL in DER.
    CrlUnreadable, "crl-unreadable", "RFC 5280 §5.1", Error;
    /// A CRL signed with MD5 or SHA-1.
    CrlWeakDigest, "crl-weak-digest", "RFC 9155 §2", Warning;
    /// A CRL that does not say when the next one is due.
    CrlWithoutNextUpdate, "crl-without-next-update", "RFC 5280 §5.1.2.5", Warning;
    /// An entry of a kind that does not belong into this CRL.
    CrlEntry, "crl-entry", "RFC 5280 §5.3", Warning;
    /// A CRL of version 1.
    CrlVersion, "crl-version", "RFC 5280 §5.1.2.1", Notice;
    /// A CRL without a number, or with a critical one.
    CrlNumber, "crl-number", "RFC 5280 §5.2.3", Notice;
    /// The strict validator refuses for a CRL that RFC 5280 has nothing against, or that is about another certificate.
    CrlStrictValidatorLimit, "crl-strict-validator-limit", "RFC 5280 §6.3", Warning;
    /// The strict validator refuses for one of its known limits.
    StrictValidatorLimit, "strict-validator-limit", "RFC 5280 §6", Warning;
    /// The strict validator refuses, and gsec knows no reason.
    StrictValidator, "strict-validator", "RFC 5280 §6", Error;
}

impl Rule {
    /// The stable name.
    pub fn slug(self) -> &'static str {
        self.facts().0
    }

    /// Where it is written.
    pub fn source(self) -> &'static str {
        self.facts().1
    }

    /// Whether it names a field that is not encoded as strict parsers read it.
    pub(super) fn is_about_encoding(self) -> bool {
        let serials = [
            Self::SerialNegative,
            Self::SerialZero,
            Self::SerialTooLong,
            Self::SerialNotMinimal,
        ];
        serials.contains(&self)
            || [
                Self::NotDer,
                Self::UniqueIdentifiers,
                Self::TimeForm,
                Self::ExplicitCurve,
            ]
            .contains(&self)
    }

    /// Whether it is about a CRL, so that a new certificate does not help.
    pub fn is_about_a_crl(self) -> bool {
        self.slug().starts_with("crl-")
    }

    /// How much breaking it weighs, where nothing says otherwise.
    pub fn severity(self) -> Severity {
        self.facts().2
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// How much it weighs.
    pub severity: Severity,
    /// The subject of the affected certificate.
    pub certificate: String,
    /// The position of that certificate in the path: 0 is the target.
    pub position: Option<usize>,
    /// Both sides of the comparison, in words.
    pub message: String,
    /// What the rule wants.
    pub expected: Option<String>,
    /// What there is.
    pub found: Option<String>,
    /// Whether it is the anchor that asks for what is not there, which some programs do not look at.
    pub(super) is_imposed_by_anchor: bool,
    /// Which of several forms of the fault it is, where programs tell them apart.
    pub(super) form: Form,
}

/// A form of a fault that some programs take otherwise than the others of its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Form {
    /// None that any program is known to tell apart.
    #[default]
    Plain,
    /// A name in the Subject: an e-mail address.
    SubjectEmail,
    /// A directory name, or a URI, outside what is permitted.
    UnpermittedDirectory,
    UnpermittedUri,
    /// A URI that is excluded; an e-mail address in subjectAltName.
    ExcludedUri,
    Mailbox,
    /// A directory name that is excluded.
    ExcludedDirectory,
    /// A kind of name that gsec does not issue; an otherName; one that is a mailbox in UTF-8.
    OtherKind,
    OtherName,
    Utf8Mailbox,
    /// A malformed name or address.
    Malformed,
    MalformedAddress,
    /// A common name that is taken for a host's.
    CommonName,
    /// Constraints that list nothing; a mask with holes.
    ListsNothing,
    MaskWithHoles,
    /// A certificate of version 1, or of an unknown version.
    VersionOne,
    UnknownVersion,
    /// A CA whose keyUsage is missing or has no bit set.
    NoKeyUsage,
    EmptyKeyUsage,
    /// A host's certificate that is trusted by itself.
    TrustedItself,
    /// A CA that says what it may be used for.
    WithPurposes,
    /// Becomes valid within a day.
    BeginsWithinADay,
    Sha1,
    ShortRsa,
    ShortCurve,
    Dsa,
    AlternativeNames,
    InformationAccess,
    /// Issuer and serial number in authorityKeyIdentifier, of a certificate below an anchor, and below another.
    IssuerAndSerial,
    IssuerAndSerialOfAnchor,
    /// The name of another issuer in authorityKeyIdentifier, of a certificate below an anchor.
    IssuerOfAnchor,
    /// The same text in another string type; in one that is not a single octet per character (BMPString, UniversalString) or has
    /// no fixed character set (TeletexString).
    StringType,
    StringTypeOfAnchor,
    OldStringType,
    /// A key of the kind Ed448.
    Ed448,
    /// A basicConstraints extension that cannot be read.
    Unreadable,
    /// A CA that only Netscape's certificate type marks as one.
    NetscapeAuthority,
    /// A critical extension of which it is known who knows it: its row in the table of them.
    Critical(u8),
    /// An extension that appears twice and that no program reads; one that programs read on request.
    UnknownExtension,
    RarelyRead,
    /// An address of IPv4 where IPv6 is permitted, or the other way round.
    OtherFamily,
    /// A certificate whose issuer is an anchor.
    BelowAnchor,
    /// In a certificate that is not on the path: one that came along, and one among those that are trusted.
    Companion,
    TrustedCompanion,
    /// An RSASSA-PSS signature whose salt is not as long as its digest.
    PssSalt,
    /// A CA of version 1 that another CA issued.
    IssuedVersionOne,
    /// A certificate of version 1 that is its own issuer.
    SelfIssuedVersionOne,
    /// What is not as DER has it.
    Boolean,
    UnusedBits,
    ExtensionLength,
    ExtensionTrailing,
    DefaultValue,
    /// OpenSSL's settings of trust: none, and such as do not permit the purpose.
    NoSettings,
    SettingsReject,
    SettingsUnsure,
    /// A time without seconds, one with fractions, one with a zone.
    NoSeconds,
    Fraction,
}

impl Form {
    /// What it is about name constraints that cannot be evaluated.
    pub(super) fn of_unreadable(constraints: &NameConstraints) -> Self {
        if constraints.is_without_subtrees() {
            Self::ListsNothing
        } else if constraints.has_mask_with_holes() {
            Self::MaskWithHoles
        } else {
            Self::Plain
        }
    }
}

impl Finding {
    pub(super) fn about(rule: Rule, certificate: &Certificate, message: String) -> Self {
        let certificate = certificate.title();
        Self {
            rule,
            severity: rule.severity(),
            certificate,
            position: None,
            message,
            expected: None,
            found: None,
            is_imposed_by_anchor: false,
            form: Form::Plain,
        }
    }

    /// With both sides of the comparison, each on its own.
    pub(super) fn compared(self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            expected: Some(expected.into()),
            found: Some(found.into()),
            ..self
        }
    }

    pub(super) fn lighter(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    pub(super) fn of_form(self, form: Form) -> Self {
        Self { form, ..self }
    }

    pub(super) fn at(self, position: usize) -> Self {
        Self {
            position: Some(position),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slug_is_used_once() {
        let mut slugs: Vec<&str> = Rule::ALL.iter().map(|rule| rule.slug()).collect();
        slugs.sort_unstable();
        let count = slugs.len();
        slugs.dedup();
        assert_eq!(slugs.len(), count);
    }
}
