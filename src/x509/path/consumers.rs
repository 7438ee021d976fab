//! For whom a path is good: what the programs that a private CA serves make of each rule.
//!
//! The table says what was run (tests/consumers.rs makes a path with each fault and asks the programs that run on Linux), and for
//! the others what is documented.

use super::finding::{Finding, Rule};
use super::search::Built;

/// A program, or a library that many programs have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consumer {
    /// OpenSSL as it is by default: curl, nginx, most of Linux.
    OpenSsl,
    /// OpenSSL with `-x509_strict` (`X509_V_FLAG_X509_STRICT`).
    OpenSslStrict,
    /// rustls with rustls-webpki.
    Rustls,
    /// Java's PKIX validator.
    Java,
    /// Windows: CryptoAPI and Schannel.
    Windows,
    /// NSS by its own validator.
    Nss,
    /// Go's crypto/x509.
    Go,
    /// Python from 3.13 on, whose `ssl` sets `VERIFY_X509_STRICT` and `VERIFY_X509_PARTIAL_CHAIN`.
    Python,
}

impl Consumer {
    /// In the order of the table's columns.
    pub const ALL: [Self; 8] = [Self::OpenSsl, Self::OpenSslStrict, Self::Rustls, Self::Java, Self::Windows, Self::Nss, Self::Go, Self::Python];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl",
            Self::OpenSslStrict => "openssl-strict",
            Self::Rustls => "rustls",
            Self::Java => "java",
            Self::Windows => "windows",
            Self::Nss => "nss",
            Self::Go => "go",
            Self::Python => "python-3.13",
        }
    }

    /// The name in text.
    pub fn title(self) -> &'static str {
        match self {
            Self::OpenSsl => "OpenSSL (curl, nginx)",
            Self::OpenSslStrict => "OpenSSL -x509_strict",
            Self::Rustls => "rustls",
            Self::Java => "Java",
            Self::Windows => "Windows",
            Self::Nss => "NSS",
            Self::Go => "Go",
            Self::Python => "Python 3.13",
        }
    }
}

/// Whether a program accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Accepts,
    /// It does not.
    Refuses,
    /// Nothing speaks against it that it is known to look at, and something that it may look at.
    Unknown,
}

impl Verdict {
    /// Its name in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::Refuses => "refuses",
            Self::Unknown => "unknown",
        }
    }
}

/// What one program makes of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerVerdict {
    /// The program.
    pub consumer: Consumer,
    /// Whether it accepts.
    pub verdict: Verdict,
    /// The rules that decide: those that it refuses for, or that it may refuse for.
    pub rules: Vec<Rule>,
}

/// Where the certificate with a fault stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    /// It is the anchor, or what the anchor imposes is broken.
    Anchor,
    /// Between the target and the anchor.
    Between,
}

use Place::{Anchor, Anywhere, Between};

/// A rule, where it is broken, and one letter for each program in the order of [`Consumer::ALL`]: `r` refuses, `a` accepts, `?` not known.
/// A row for one place stands before the general one of its rule. Where no source is given, the row was run for OpenSSL
/// (both ways), Java, NSS and rustls, Python as strict OpenSSL; Windows from
/// <https://learn.microsoft.com/windows/win32/api/wincrypt/ns-wincrypt-cert_trust_status>, Go from `src/crypto/x509/verify.go`
/// and `parser.go` of Go 1.23.
#[rustfmt::skip] // a table
const TABLE: &[(Rule, Place, &str)] = &[
    //                                              O S R J W N G P
    (Rule::IssuerUnknown, Anywhere,                "r r r r r r r r"),
    (Rule::SignatureWrong, Anywhere,               "r r r r r r r r"),
    (Rule::SignatureUnsupported, Anywhere,         "? ? r ? ? ? ? ?"),
    (Rule::SignatureAlgorithmMismatch, Anywhere,   "r r r r ? a r r"),
    // Each has bounds of its own.
    (Rule::PathTooComplex, Anywhere,               "? ? ? ? ? ? ? ?"),
    // rustls takes name and key of an anchor only (webpki `anchor_from_trusted_cert`), Java likewise (`TrustAnchor`).
    (Rule::Expired, Anchor,                        "r r a a r r r r"),
    (Rule::Expired, Anywhere,                      "r r r r r r r r"),
    (Rule::NotYetValid, Anchor,                    "r r a a r r r r"),
    (Rule::NotYetValid, Anywhere,                  "r r r r r r r r"),
    (Rule::ValidityEmpty, Anchor,                  "r r a a r r r r"),
    (Rule::ValidityEmpty, Anywhere,                "r r r r r r r r"),
    (Rule::IssuerNotAuthority, Anchor,             "r r a r r r r r"),
    (Rule::IssuerNotAuthority, Anywhere,           "r r r r r r r r"),
    // webpki: "For cert validation, we ignore the KeyUsage extension".
    // OpenSSL takes keyCertSign alone for the sign of a CA at the end of a path (`check_ca` in v3_purp.c).
    (Rule::AuthorityWithoutBasicConstraints, Anchor,"a r a r ? ? r r"),
    (Rule::AuthorityWithoutBasicConstraints, Anywhere,"r r r r r r r r"),
    (Rule::IssuerKeyUsage, Anchor,                 "r r a r r r r r"),
    (Rule::IssuerKeyUsage, Anywhere,               "r r a r r r r r"),
    (Rule::PathLength, Anchor,                     "r r a a r r r r"),
    (Rule::PathLength, Anywhere,                   "r r r r r r r r"),
    (Rule::AuthorityAsEndEntity, Anywhere,         "a a r a a r a a"),
    // Java and NSS look at the target only; Windows and Go hold the target against the purposes of the CAs.
    (Rule::ExtendedKeyUsage, Between,              "r r r a r a r r"),
    (Rule::ExtendedKeyUsage, Anchor,               "r r a a ? ? r r"),
    (Rule::ExtendedKeyUsage, Anywhere,             "r r r r r r r r"),
    (Rule::ExtendedKeyUsageEmpty, Anywhere,        "r r r r ? r ? r"),
    // webpki and Go do not look at a host's keyUsage.
    (Rule::EndEntityKeyUsage, Anywhere,            "r r a r a r a r"),
    // Java takes constraints of an anchor from its caller (`TrustAnchor(X509Certificate, byte[])`), not from the certificate.
    (Rule::NameConstraints, Anchor,                "r r r a r r r r"),
    (Rule::NameConstraints, Anywhere,              "r r r r r r r r"),
    // OpenSSL compares the wildcard as if it were a name; Go since 1.25.5 as gsec does (CVE-2025-61727).
    (Rule::NameConstraintsWildcard, Anywhere,      "a a r ? ? ? r a"),
    (Rule::NameConstraintsUnreadable, Anywhere,    "? ? ? ? ? ? ? ?"),
    (Rule::NameMismatch, Anywhere,                 "r r r r r r r r"),
    // Python sets X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS (Modules/_ssl.c); Go `matchHostnames`, webpki and Windows want the whole label.
    (Rule::PartialWildcard, Anywhere,              "a a r ? r ? r r"),
    // Python sets X509_CHECK_FLAG_NEVER_CHECK_SUBJECT (Modules/_ssl.c); Java `HostnameChecker.matchDNS` falls back to the common name.
    (Rule::NoSubjectAlternativeName, Anywhere,     "a a r a r a r r"),
    // Windows has taken addresses in dNSName; Microsoft does not say whether it still does.
    (Rule::AddressAsName, Anywhere,                "r r r r ? r r r"),
    (Rule::WeakDigest, Anywhere,                   "r r r ? r r r r"),
    (Rule::WeakKey, Anywhere,                      "? ? ? ? ? ? ? ?"),
    // Java builds the key when it is used, which the handshake is the first to do.
    (Rule::KeyUnreadable, Anywhere,                "r r ? a ? ? r r"),
    (Rule::KeyUnknown, Anywhere,                   "? ? ? ? ? ? ? ?"),
    (Rule::SerialNegative, Anywhere,               "a a a a ? a r a"),
    (Rule::SerialZero, Anywhere,                   "a a a a ? a a a"),
    (Rule::SerialTooLong, Anywhere,                "a a a a ? a a a"),
    (Rule::UnknownCriticalExtension, Anchor,       "r r a a r a r r"),
    (Rule::UnknownCriticalExtension, Anywhere,     "r r r r r r r r"),
    // OpenSSL does not process policies unless told to; Go does since 1.24.
    (Rule::NoValidPolicy, Anywhere,                "a a ? r ? ? r a"),
    (Rule::PolicyNotCritical, Anywhere,            "a a a a ? a a a"),
    (Rule::PolicyMappingOfAny, Anywhere,           "a a ? r ? ? r a"),
    (Rule::WronglyCritical, Anywhere,              "r r r r ? r r r"),
    (Rule::ExtensionUnreadable, Anywhere,          "? ? ? ? ? ? ? ?"),
    (Rule::DuplicateExtension, Anywhere,           "r r r r ? a r r"),
    (Rule::Version, Anywhere,                      "a a r a ? a a a"),
    (Rule::ExtensionsBeforeVersion3, Anywhere,     "a r r r ? ? r r"),
    (Rule::EmptyIssuer, Anywhere,                  "a r a r ? ? ? r"),
    (Rule::NameUnreadable, Anywhere,               "r r ? ? ? ? r r"),
    (Rule::EmptyAuthoritySubject, Anywhere,        "a r a r ? ? ? r"),
    (Rule::EmptySubject, Anywhere,                 "a r a ? ? ? ? r"),
    (Rule::KeyIdentifierMismatch, Anywhere,        "r r a ? ? ? a r"),
    (Rule::NoAuthorityKeyIdentifier, Anywhere,     "a r a a a a a r"),
    (Rule::NoSubjectKeyIdentifier, Anywhere,       "a r a a a a a r"),
    (Rule::AuthorityWithoutKeyUsage, Anywhere,     "a r a a a a a r"),
    (Rule::BasicConstraintsNotCritical, Anywhere,  "a r a a a a a r"),
    (Rule::PathLengthWithoutAuthority, Anywhere,   "a r a a ? a a r"),
    (Rule::CertSignWithoutAuthority, Anywhere,     "a r a a a a a r"),
    (Rule::NameConstraintsNotCritical, Anywhere,   "a a a a a a a a"),
    (Rule::NameConstraintsWithoutAuthority, Anywhere,"a a a a ? a a a"),
    (Rule::NameConstraintsLeadingDot, Anywhere,    "a a a a ? a a a"),
    (Rule::NameEncoding, Anywhere,                 "a a r a ? ? r a"),
    (Rule::AnchorNotSelfSigned, Anywhere,          "r r a a r a a a"),
    (Rule::Revoked, Anywhere,                      "r r r r r r ? r"),
    // Programs refuse it as soon as they have a CRL that lists it.
    (Rule::RevokedInRecords, Anywhere,             "? ? ? ? ? ? ? ?"),
    (Rule::RevocationUndetermined, Anywhere,       "? ? ? ? ? ? ? ?"),
    (Rule::CrlScope, Anywhere,                     "? ? ? ? ? ? ? ?"),
    (Rule::CrlIncomplete, Anywhere,                "? ? ? ? ? ? ? ?"),
    (Rule::CrlSigner, Anywhere,                    "? ? ? ? ? ? ? ?"),
    (Rule::CrlAlgorithmMismatch, Anywhere,         "? ? ? ? ? ? ? ?"),
    (Rule::CrlWeakDigest, Anywhere,                "? ? ? ? ? ? ? ?"),
    (Rule::CrlWithoutNextUpdate, Anywhere,         "? ? ? ? ? ? ? ?"),
    (Rule::CrlEntry, Anywhere,                     "? ? ? ? ? ? ? ?"),
    (Rule::CrlVersion, Anywhere,                   "a a r a a a a a"),
    (Rule::CrlMissing, Anywhere,                   "? ? ? ? ? ? ? ?"),
    (Rule::CrlStale, Anywhere,                     "? ? ? ? ? ? ? ?"),
    (Rule::CrlNotYetValid, Anywhere,               "? ? ? ? ? ? ? ?"),
    (Rule::CrlSignature, Anywhere,                 "? ? ? ? ? ? ? ?"),
    (Rule::CrlIssuerKeyUsage, Anywhere,            "? ? ? ? ? ? ? ?"),
    (Rule::CrlKeyIdentifier, Anywhere,             "? ? ? ? ? ? ? ?"),
    (Rule::CrlUnsupported, Anywhere,               "? ? ? ? ? ? ? ?"),
    (Rule::CrlUnreadable, Anywhere,                "? ? ? ? ? ? ? ?"),
    (Rule::CrlNumber, Anywhere,                    "a a a a a a a a"),
    (Rule::CrlStrictValidatorLimit, Anywhere,      "a a r a a a a a"),
    (Rule::StrictValidatorLimit, Anywhere,         "a a r a a a a a"),
    (Rule::StrictValidator, Anywhere,              "? ? r ? ? ? ? ?"),
];

/// What a program makes of a rule that is broken at this place.
fn verdict_of(consumer: Consumer, rule: Rule, broken_at: Place) -> Verdict {
    let row = TABLE.iter().find(|(row, place, _)| *row == rule && (*place == Anywhere || *place == broken_at));
    let column = Consumer::ALL.iter().position(|other| *other == consumer);
    let letter = row.zip(column).and_then(|((_, _, letters), column)| letters.split(' ').nth(column));
    match letter {
        Some("r") => Verdict::Refuses,
        Some("a") => Verdict::Accepts,
        _ => Verdict::Unknown,
    }
}

fn place_of(finding: &Finding, built: &Built<'_>) -> Place {
    match finding.position {
        _ if finding.is_imposed_by_anchor => Anchor,
        Some(position) if built.is_anchor(position) => Anchor,
        Some(1..) => Between,
        _ => Anywhere,
    }
}

/// What every program makes of a path with these findings. For rustls its own verdict counts, where there is one.
pub(super) fn verdicts(findings: &[Finding], built: &Built<'_>, strict: Option<bool>) -> Vec<ConsumerVerdict> {
    let judge = |consumer| {
        let rules = |wanted| {
            let decided = findings.iter().filter(|finding| verdict_of(consumer, finding.rule, place_of(finding, built)) == wanted);
            let mut rules: Vec<Rule> = decided.map(|finding| finding.rule).collect();
            rules.sort_unstable();
            rules.dedup();
            rules
        };
        let (refusing, unsure) = (rules(Verdict::Refuses), rules(Verdict::Unknown));
        let own = strict.filter(|_| consumer == Consumer::Rustls);
        let (verdict, rules) = match own {
            Some(true) => (Verdict::Accepts, Vec::new()),
            Some(false) if refusing.is_empty() => (Verdict::Refuses, unsure),
            _ if !refusing.is_empty() => (Verdict::Refuses, refusing),
            _ if !unsure.is_empty() => (Verdict::Unknown, unsure),
            _ => (Verdict::Accepts, Vec::new()),
        };
        ConsumerVerdict { consumer, verdict, rules }
    };
    Consumer::ALL.into_iter().map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_row_with_a_letter_for_every_program() {
        for rule in Rule::ALL {
            let rows: Vec<_> = TABLE.iter().filter(|(row, ..)| row == rule).collect();
            assert!(
                matches!(
                    rows.as_slice(),
                    [(_, Anywhere, _)] | [(_, Anchor | Between, _), (_, Anywhere, _)] | [(_, Between, _), (_, Anchor, _), (_, Anywhere, _)]
                ),
                "{rule:?}"
            );
        }
        for (rule, _, letters) in TABLE {
            let letters: Vec<&str> = letters.split(' ').collect();
            assert!(letters.len() == Consumer::ALL.len() && letters.iter().all(|letter| ["r", "a", "?"].contains(letter)), "{rule:?}");
        }
    }

    #[test]
    fn what_stands_elsewhere_is_judged_by_its_own_row() {
        assert_eq!(verdict_of(Consumer::Rustls, Rule::Expired, Anchor), Verdict::Accepts);
        assert_eq!(verdict_of(Consumer::Rustls, Rule::Expired, Between), Verdict::Refuses);
        assert_eq!(verdict_of(Consumer::Java, Rule::ExtendedKeyUsage, Between), Verdict::Accepts);
        assert_eq!(verdict_of(Consumer::Java, Rule::ExtendedKeyUsage, Anywhere), Verdict::Refuses);
    }
}
