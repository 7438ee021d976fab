//! The table of rules and programs.

use super::Place::{self, Anchor, Anywhere, Between};
use super::{Consumer, Verdict, critical};
use crate::x509::path::finding::{Form, Rule};

/// A broken rule, the position, and one letter for each program in the order of [`Consumer::ALL`]: `r` rejects, `a` accepts,
/// `?` unknown. A row for a specific position precedes the general row of its rule. The letters are the programs' answers in
/// tests/it/interop/consumers.rs; those for Windows, which is not run, come from
/// <https://learn.microsoft.com/windows/win32/api/wincrypt/ns-wincrypt-cert_trust_status>.
#[rustfmt::skip] // a table
const TABLE: &[(Rule, Place, &str)] = &[
    //                                              O S R J W N G P T D
    (Rule::IssuerUnknown, Anywhere,                "r r r r r r r r r r"),
    (Rule::SignatureWrong, Anywhere,               "r r r r r r r r r r"),
    (Rule::SignatureUnsupported, Anywhere,         "? ? r ? ? ? ? ? ? ?"),
    (Rule::SignatureUnchecked, Anywhere,           "? ? r ? ? ? ? ? ? ?"),
    (Rule::SignatureAlgorithmMismatch, Anywhere,   "r r r r ? a r r r r"),
    // `cert_ImportDERCerts` refuses: SEC_ERROR_REUSED_ISSUER_AND_SERIAL.
    (Rule::SerialReused, Anywhere,                 "a a a a ? r a a a a"),
    // Each has bounds of its own.
    (Rule::PathTooComplex, Anywhere,               "? ? ? ? ? ? ? ? ? ?"),
    // rustls takes name and key of an anchor only (webpki `anchor_from_trusted_cert`), Java likewise (`TrustAnchor`).
    (Rule::Expired, Anchor,                        "r r a a r r r r r r"),
    (Rule::Expired, Anywhere,                      "r r r r r r r r r r"),
    (Rule::NotYetValid, Anchor,                    "r r a a r r r r r r"),
    (Rule::NotYetValid, Anywhere,                  "r r r r r r r r r r"),
    (Rule::ValidityEmpty, Anchor,                  "r r a a r r r r r r"),
    (Rule::ValidityEmpty, Anywhere,                "r r r r r r r r r r"),
    (Rule::IssuerNotAuthority, Anchor,             "r r a r r r r r r r"),
    (Rule::IssuerNotAuthority, Anywhere,           "r r r r r r r r r r"),
    // webpki: "For cert validation, we ignore the KeyUsage extension".
    // OpenSSL takes keyCertSign alone for the sign of a CA at the end of a path (`check_ca` in v3_purp.c).
    (Rule::AuthorityWithoutBasicConstraints, Anchor,"a r a r ? r r r a a"),
    (Rule::AuthorityWithoutBasicConstraints, Anywhere,"r r r r r r r r r r"),
    (Rule::IssuerKeyUsage, Anchor,                 "r r a r r r r r r r"),
    (Rule::IssuerKeyUsage, Anywhere,               "r r a r r r r r r r"),
    (Rule::PathLength, Anchor,                     "r r a a r r r r r r"),
    (Rule::PathLength, Anywhere,                   "r r r r r r r r r r"),
    (Rule::AuthorityAsEndEntity, Anywhere,         "a a r a a a a a a a"),
    // Windows holds the target against the purposes of the CAs; the others are in usages.rs.
    (Rule::ExtendedKeyUsage, Between,              "r r r a r a r r ? r"),
    (Rule::ExtendedKeyUsage, Anchor,               "r r a a ? ? r r ? r"),
    (Rule::ExtendedKeyUsage, Anywhere,             "r r r r r r r r ? r"),
    (Rule::ExtendedKeyUsageEmpty, Anywhere,        "r r r r ? r a r a r"),
    (Rule::EndEntityKeyUsage, Anywhere,            "r r a r a r a r ? r"),
    // Java takes constraints of an anchor from its caller (`TrustAnchor(X509Certificate, byte[])`), not from the certificate.
    (Rule::NameConstraints, Anchor,                "r r r a r r r r r r"),
    (Rule::NameConstraints, Anywhere,              "r r r r r r r r r r"),
    // OpenSSL compares the wildcard as if it were a name; Go since 1.25.5 as gsec does (CVE-2025-61727).
    (Rule::NameConstraintsWildcard, Anywhere,      "a a r a ? a r a a a"),
    (Rule::NameConstraintsUnreadable, Anywhere,    "? ? r ? ? ? ? ? ? ?"),
    (Rule::NameMismatch, Anywhere,                 "r r r r r r r r ? r"),
    // For the others names.rs compares the names.
    (Rule::PartialWildcard, Anywhere,              "a a r ? r ? r r ? a"),
    (Rule::NoSubjectAlternativeName, Anywhere,     "a a r a r a r r ? a"),
    // Windows has taken addresses in dNSName; Microsoft does not say whether it still does.
    (Rule::AddressAsName, Anywhere,                "r r r ? ? r r r ? r"),
    (Rule::WeakDigest, Anywhere,                   "r r r r r r r r r r"),
    (Rule::WeakKey, Anywhere,                      "? ? r ? ? ? ? ? ? ?"),
    // Java builds the key when it is used, which the handshake is the first to do. What rustls makes of the key of a host is what it makes of the
    // handshake: its validator does not look at it.
    (Rule::KeyUnreadable, Anywhere,                "r r r a ? a r r a r"),
    (Rule::KeyUnknown, Anywhere,                   "r r r ? ? ? ? r r r"),
    (Rule::SerialNegative, Anywhere,               "a a a a ? a r a a a"),
    (Rule::SerialZero, Anywhere,                   "a a a a ? a a a a a"),
    (Rule::SerialTooLong, Anywhere,                "a a a a ? a a a a a"),
    (Rule::UnknownCriticalExtension, Anchor,       "r r a a r a r r r r"),
    (Rule::UnknownCriticalExtension, Anywhere,     "r r r r r r r r r r"),
    // OpenSSL processes policies only on request; Go does since 1.24; GnuTLS does not.
    (Rule::NoValidPolicy, Anywhere,                "a a ? r ? r r a a a"),
    (Rule::PolicyNotCritical, Anywhere,            "a a a a ? a a a a a"),
    (Rule::PolicyMappingOfAny, Anywhere,           "a a ? ? ? ? ? a a a"),
    // What each knows of critical extensions is in critical.rs.
    (Rule::WronglyCritical, Anywhere,              "? ? ? ? ? ? ? ? ? ?"),
    (Rule::ExtensionUnreadable, Anywhere,          "? ? ? ? ? ? ? ? ? ?"),
    (Rule::DuplicateExtension, Anywhere,           "r r r r ? a r r r r"),
    (Rule::Version, Anywhere,                      "a a r a ? a a a a a"),
    (Rule::ExtensionsBeforeVersion3, Anywhere,     "a r r r ? a r r r a"),
    (Rule::EmptyIssuer, Anywhere,                  "a r a r ? a a r a a"),
    (Rule::NameUnreadable, Anywhere,               "r r ? ? ? ? r r ? r"),
    (Rule::EmptyAuthoritySubject, Anywhere,        "a r a r ? a a r a a"),
    (Rule::EmptySubject, Anywhere,                 "a r a r ? a a r a a"),
    (Rule::KeyIdentifierMismatch, Anchor,          "r r a a ? a a a a r"),
    (Rule::KeyIdentifierMismatch, Anywhere,        "r r a a ? r a r r r"),
    // With X509_V_FLAG_PARTIAL_CHAIN, an anchor that is an intermediate CA is not checked.
    (Rule::NoAuthorityKeyIdentifier, Anchor,       "a r a a a a a a a a"),
    (Rule::NoAuthorityKeyIdentifier, Anywhere,     "a r a a a a a r a a"),
    (Rule::NoSubjectKeyIdentifier, Anywhere,       "a r a a a a a r a a"),
    (Rule::AuthorityWithoutKeyUsage, Anywhere,     "a r a a a a a r a a"),
    (Rule::BasicConstraintsNotCritical, Anywhere,  "a r a a a a a r a a"),
    (Rule::PathLengthWithoutAuthority, Anywhere,   "a r a a ? a a r a a"),
    (Rule::CertSignWithoutAuthority, Anywhere,     "a r a a a a a r a a"),
    (Rule::NameConstraintsNotCritical, Anywhere,   "a a a a a a a a a a"),
    (Rule::NameConstraintsWithoutAuthority, Anywhere,"a a a a ? a a a a a"),
    (Rule::NameConstraintsLeadingDot, Anywhere,    "a a a a ? a a a a a"),
    (Rule::NameEncoding, Anywhere,                 "a a r a ? r r a r a"),
    (Rule::AnchorNotSelfSigned, Anywhere,          "r r a a r a a a a r"),
    // How names are compared, and what else is said in names.rs, usages.rs, constraints.rs and choice.rs: for the others nothing is known.
    (Rule::NameMatching, Anywhere,                 "? ? ? ? ? ? ? ? ? ?"),
    (Rule::AnyUsageInAuthority, Anywhere,          "? ? ? ? ? ? ? ? ? ?"),
    (Rule::NetscapeCertificateType, Anywhere,      "? ? a ? ? ? ? ? ? ?"),
    (Rule::KeyUsageForTls, Anywhere,               "? ? a ? ? ? ? ? ? ?"),
    (Rule::NameConstraintsCommonName, Anywhere,    "? ? a ? ? ? ? ? ? ?"),
    (Rule::NameConstraintsKind, Anywhere,          "? ? ? ? ? ? ? ? ? ?"),
    (Rule::SelfIssuedCounted, Anywhere,            "? ? ? ? ? ? ? ? ? ?"),
    (Rule::IssuerChoice, Anywhere,                 "? ? a ? ? ? ? ? ? ?"),
    (Rule::ExpiresThisSecond, Anywhere,            "r r a a ? a a r a r"),
    (Rule::SerialNotMinimal, Anywhere,             "r r ? a ? a r r a r"),
    (Rule::TimeForm, Anywhere,                     "r r r ? ? ? ? r ? r"),
    (Rule::NotDer, Anywhere,                       "? ? ? ? ? ? ? ? ? ?"),
    (Rule::UniqueIdentifiers, Anywhere,            "a a r a ? a a a a a"),
    // Go cannot check what such a key signed.
    (Rule::PssKey, Between,                        "a a r a ? a r a a a"),
    (Rule::PssKey, Anchor,                         "a a r a ? a r a a a"),
    (Rule::PssKey, Anywhere,                       "a a r a ? a ? a a a"),
    (Rule::ExplicitCurve, Anywhere,                "r r r r ? a r r r r"),
    // What the programs that were run make of CRLs is in crls.rs; rustls's own verdict counts. NSS was not given any.
    (Rule::Revoked, Anywhere,                      "r r r r r ? a r r r"),
    // Programs refuse it as soon as they have a CRL that lists it.
    (Rule::RevokedInRecords, Anywhere,             "? ? ? ? ? ? a ? ? ?"),
    (Rule::RevocationUndetermined, Anywhere,       "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlScope, Anywhere,                     "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlIncomplete, Anywhere,                "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlSigner, Anywhere,                    "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlAlgorithmMismatch, Anywhere,         "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlWeakDigest, Anywhere,                "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlWithoutNextUpdate, Anywhere,         "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlEntry, Anywhere,                     "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlMissing, Anywhere,                   "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlStale, Anywhere,                     "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlNotYetValid, Anywhere,               "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlSignature, Anywhere,                 "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlIssuerKeyUsage, Anywhere,            "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlKeyIdentifier, Anywhere,             "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlUnsupported, Anywhere,               "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlUnusable, Anywhere,                  "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlUnreadable, Anywhere,                "? ? ? ? ? ? a ? ? ?"),
    (Rule::CrlVersion, Anywhere,                   "a a r a ? ? a a a a"),
    (Rule::CrlNumber, Anywhere,                    "? ? a ? ? ? a ? ? ?"),
    (Rule::CrlStrictValidatorLimit, Anywhere,      "a a r a a a a a a a"),
    (Rule::StrictValidatorLimit, Anywhere,         "a a r a a a a a a a"),
    // None was asked about all that is unusual.
    (Rule::UnusualEncoding, Anywhere,              "? ? ? ? ? ? ? ? ? ?"),
    (Rule::CrlUnusualEncoding, Anywhere,           "? ? ? ? ? ? a ? ? ?"),
    // `TRUSTED CERTIFICATE` is a label for OpenSSL alone; Go and rustls pass such blocks over, Java and NSS cannot read what follows the certificate.
    (Rule::TrustSettings, Anywhere,                "a a r r ? r r a r a"),
    (Rule::StrictValidator, Anywhere,              "? ? r ? ? ? ? ? ? ?"),
];

/// A form of a fault that programs tell apart: letters as in [`TABLE`], and `.` where the row of the rule holds.
#[rustfmt::skip] // a table
const FORMS: &[(Rule, Form, &str)] = &[
    //                                                      O S R J W N G P T D
    // A version 1 root without these extensions is not checked.
    (Rule::AuthorityWithoutBasicConstraints, Form::VersionOne, "a r . a ? r a r a a"),
    (Rule::AuthorityWithoutBasicConstraints, Form::NoKeyUsage, "r r . r ? r r r a r"),
    // Go takes a keyUsage without a bit for none.
    (Rule::IssuerKeyUsage, Form::EmptyKeyUsage,                ". . . . . . a . . ."),
    (Rule::AnchorNotSelfSigned, Form::TrustedItself,           "r r r a ? r a a a r"),
    // With extKeyUsage a CA's certificate is for CAs only (`cert_ComputeCertType`).
    (Rule::AuthorityAsEndEntity, Form::WithPurposes,           ". . . . . r . . . ."),
    // `CERT_GetSlopTime`, a day.
    (Rule::NotYetValid, Form::BeginsWithinADay,                ". . . . . a . . . ."),
    (Rule::NameConstraints, Form::SubjectEmail,                ". . . ? . . a . . ."),
    (Rule::NameConstraints, Form::UnpermittedDirectory,        ". . . . . . a . a ."),
    (Rule::NameConstraints, Form::ExcludedDirectory,           ". . . . . . a . . ."),
    // For Go constraints.rs compares them.
    (Rule::NameConstraints, Form::UnpermittedUri,              ". . . . . . a . a ."),
    (Rule::NameConstraints, Form::ExcludedUri,                 ". . . . . . a . . ."),
    (Rule::NameConstraints, Form::Mailbox,                     ". . . . . . a . . ."),
    (Rule::NameConstraints, Form::OtherKind,                   ". . . . ? a . . . ."),
    // GnuTLS refuses some of them. OpenSSL looks at such a mailbox for the sake of constraints on e-mail addresses.
    (Rule::NameConstraints, Form::OtherName,                   ". . . . ? a . . ? ."),
    (Rule::NameConstraints, Form::Utf8Mailbox,                 "? ? . . ? a . ? . ?"),
    (Rule::NameConstraints, Form::Malformed,                   "a a r a ? a r a a a"),
    (Rule::NameConstraints, Form::MalformedAddress,            "r r r a ? r r r a r"),
    (Rule::NameConstraints, Form::CommonName,                  "a a a a ? a a a a a"),
    (Rule::NameConstraintsUnreadable, Form::ListsNothing,      "a a . a ? a r a a a"),
    (Rule::NameConstraintsWithoutAuthority, Form::ListsNothing, "a a a a ? a r a a a"),
    (Rule::NameConstraintsWithoutAuthority, Form::MaskWithHoles, "a a a a ? a r a ? a"),
    (Rule::NameConstraintsUnreadable, Form::MaskWithHoles,     "a a . a ? a r a r a"),
    // jdk.certpath.disabledAlgorithms has SHA-1 for the roots that come with Java only.
    // NSS itself takes it; Firefox, which has a validator of its own, does not.
    (Rule::WeakDigest, Form::Sha1,                             ". . . a . ? . . . ."),
    // OpenSSL, GnuTLS and Node.js do the handshake with it too; Go and NSS have no such keys.
    (Rule::KeyUnknown, Form::Ed448,                            "a a r a ? r ? a a a"),
    (Rule::Version, Form::SelfIssuedVersionOne,                ". r . . . . . r . ."),
    (Rule::AuthorityWithoutBasicConstraints, Form::Unreadable, "? ? ? ? ? ? ? ? ? ?"),
    (Rule::AuthorityWithoutBasicConstraints, Form::IssuedVersionOne, "? ? . a ? ? a ? ? ?"),
    (Rule::SignatureUnsupported, Form::PssSalt,                "a a . a ? a r a r a"),
    // Go and Java parse every certificate of a chain, also those that they do not need.
    (Rule::SerialNegative, Form::Companion,                    "a a a a ? a r a a a"),
    (Rule::DuplicateExtension, Form::Companion,                "a a a r ? a r a a a"),
    (Rule::SignatureAlgorithmMismatch, Form::Companion,        "a a a r ? a r a a a"),
    (Rule::ExtensionsBeforeVersion3, Form::Companion,          "a a a r ? a ? a a a"),
    (Rule::SignatureAlgorithmMismatch, Form::TrustedCompanion, "a a a r ? a a a a a"),
    (Rule::ExtensionsBeforeVersion3, Form::TrustedCompanion,   "a a a r ? a a a a a"),
    // `check_ca` in crypto/x509/v3_purp.c
    (Rule::AuthorityWithoutBasicConstraints, Form::NetscapeAuthority, "a r . r ? r r r a a"),
    // `ossl_x509v3_cache_extensions`: twice matters in the extensions that are cached.
    (Rule::DuplicateExtension, Form::UnknownExtension,         "a a a r ? a r a r a"),
    (Rule::DuplicateExtension, Form::RarelyRead,               "? ? ? r ? ? r ? r ?"),
    // `check_ip_constraints` in lib/x509/name_constraints.c compares addresses of one length.
    (Rule::NameConstraints, Form::OtherFamily,                 ". . . ? . . . . a ."),
    (Rule::WeakKey, Form::ShortRsa,                            "? ? r a ? a a ? a ?"),
    (Rule::WeakKey, Form::ShortCurve,                          "a a r r ? a r a a a"),
    (Rule::WeakKey, Form::Dsa,                                 "a a r a ? ? a a a a"),
    (Rule::ExtensionUnreadable, Form::AlternativeNames,        "r r ? a ? a ? r r r"),
    (Rule::ExtensionUnreadable, Form::InformationAccess,       "a a ? a ? a r a a a"),
    (Rule::ExtensionUnreadable, Form::UnusedBits,              "a a ? a ? a r a a a"),
    (Rule::ExtensionsBeforeVersion3, Form::UnknownVersion,     "a a r r ? a r a a a"),
    (Rule::KeyIdentifierMismatch, Form::IssuerAndSerial,       "r r a a ? a a r a r"),
    (Rule::KeyIdentifierMismatch, Form::IssuerAndSerialOfAnchor, "r r a r ? a a r a r"),
    (Rule::KeyIdentifierMismatch, Form::IssuerOfAnchor,        "r r a a ? a a r a r"),
    // `X509CertSelector.match` on the anchor's key identifier
    (Rule::KeyIdentifierMismatch, Form::BelowAnchor,           ". . . r . . . . . ."),
    // NSS compares the text (`CERT_CompareAVA`); GnuTLS looks anchors up by the bytes of their names.
    (Rule::NameEncoding, Form::StringType,                     ". . . . . . . . a ."),
    (Rule::NameEncoding, Form::StringTypeOfAnchor,             ". . . . . a . . r ."),
    (Rule::NameEncoding, Form::OldStringType,                  ". . . ? . ? . . ? ."),
    (Rule::NotDer, Form::Boolean,                              "a a r a ? a r a a a"),
    (Rule::NotDer, Form::UnusedBits,                           "a a ? a ? a r a a a"),
    (Rule::NotDer, Form::ExtensionLength,                      "r r r a ? a r r a r"),
    (Rule::NotDer, Form::ExtensionTrailing,                    "a a r a ? a a a r a"),
    (Rule::NotDer, Form::DefaultValue,                         "a a ? a ? a a a a a"),
    (Rule::TrustSettings, Form::NoSettings,                    "a a r a ? a r a r a"),
    (Rule::TrustSettings, Form::SettingsReject,                "r r r r ? r r r r r"),
    // Without a purpose `openssl verify` wants trust for any; a program always has one.
    (Rule::TrustSettings, Form::SettingsUnsure,                "r r r r ? r r ? r ?"),
    (Rule::TimeForm, Form::NoSeconds,                          "r r r a ? a a r a r"),
    (Rule::TimeForm, Form::Fraction,                           "r r r a ? r r r r r"),
];

/// What is made of a certificate that came along, where no row of [`FORMS`] says more: OpenSSL, NSS and GnuTLS read no extension of it.
const COMPANION: &str = "a a a ? ? a ? a a a";

/// What a program makes of a rule that is broken at this place, in this form.
pub(in crate::x509::path) fn verdict_of(
    consumer: Consumer,
    rule: Rule,
    form: Form,
    broken_at: Place,
) -> Verdict {
    if let Form::Critical(row) = form
        && let Some(verdict) = critical::of_row(consumer, row.into(), broken_at)
    {
        return verdict;
    }
    let letter = |letters: &'static str| {
        let column = Consumer::ALL.iter().position(|other| *other == consumer)?;
        letters.split(' ').nth(column)
    };
    // A rule that a program does not apply to anchors does not apply to any form of them.
    let is_waived = broken_at == Anchor
        && (rule == Rule::KeyIdentifierMismatch
            || (consumer == Consumer::Java && rule == Rule::NameConstraints));
    let is_of_roots = rule == Rule::AuthorityWithoutBasicConstraints && form != Form::Unreadable;
    let is_waived = is_waived || (is_of_roots && broken_at != Anchor);
    let of_form = FORMS
        .iter()
        .find(|(row, found, _)| *row == rule && *found == form && !is_waived);
    let of_form = of_form
        .and_then(|(.., letters)| letter(letters))
        .filter(|letter| *letter != ".");
    let of_companion = || letter(COMPANION).filter(|_| form == Form::Companion);
    let of_rule = || {
        TABLE
            .iter()
            .find(|(row, place, _)| *row == rule && (*place == Anywhere || *place == broken_at))
            .and_then(|(.., letters)| letter(letters))
    };
    match of_form.or_else(of_companion).or_else(of_rule) {
        Some("r") => Verdict::Refuses,
        Some("a") => Verdict::Accepts,
        _ => Verdict::Unknown,
    }
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
                    [(_, Anywhere, _)]
                        | [(_, Anchor | Between, _), (_, Anywhere, _)]
                        | [(_, Between, _), (_, Anchor, _), (_, Anywhere, _)]
                ),
                "{rule:?}"
            );
        }
        let of_rules = TABLE
            .iter()
            .map(|(rule, _, letters)| (rule, letters, &["r", "a", "?"][..]));
        let of_forms = FORMS
            .iter()
            .map(|(rule, _, letters)| (rule, letters, &["r", "a", "?", "."][..]));
        for (rule, letters, known) in of_rules.chain(of_forms) {
            let letters: Vec<&str> = letters.split(' ').collect();
            assert!(
                letters.len() == Consumer::ALL.len() && letters.iter().all(|letter| known.contains(letter)),
                "{rule:?}"
            );
        }
    }

    #[test]
    fn what_stands_elsewhere_is_judged_by_its_own_row() {
        assert_eq!(
            verdict_of(Consumer::Rustls, Rule::Expired, Form::Plain, Anchor),
            Verdict::Accepts
        );
        assert_eq!(
            verdict_of(Consumer::Rustls, Rule::Expired, Form::Plain, Between),
            Verdict::Refuses
        );
    }

    #[test]
    fn form_is_judged_by_its_own_row_where_it_has_one() {
        assert_eq!(
            verdict_of(Consumer::Nss, Rule::NotYetValid, Form::BeginsWithinADay, Anywhere),
            Verdict::Accepts
        );
        assert_eq!(
            verdict_of(Consumer::Go, Rule::NotYetValid, Form::BeginsWithinADay, Anywhere),
            Verdict::Refuses
        );
    }
}
