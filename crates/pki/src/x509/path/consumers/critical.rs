//! Which critical extensions each program knows: RFC 5280 §4.2 has it refuse a certificate with one that it does not.

use super::{Consumer, Place, Verdict};
use crate::x509::oid;
use crate::x509::path::finding::Form;

/// An extension, and one letter for each program in the order of [`Consumer::ALL`], of a certificate in which it is critical: `r` rejects, `a`
/// accepts, `?` unknown. tests/it/interop/consumers.rs asks the programs about each in a host, in an intermediate CA and in a root. Of
/// Windows it is only known that it processes policies: CERT_TRUST_INVALID_POLICY_CONSTRAINTS in
/// <https://learn.microsoft.com/windows/win32/api/wincrypt/ns-wincrypt-cert_trust_status>.
#[rustfmt::skip] // a table
const CRITICAL: &[(&str, &str)] = &[
    //                              O S R J W N G P T D
    (oid::SUBJECT_KEY_IDENTIFIER,   "r r r r ? r r r a r"),
    (oid::AUTHORITY_KEY_IDENTIFIER, "r r r r ? r r r a r"),
    // Extensions that gsec knows. crypto/x509/v3_purp.c of OpenSSL, `X509_supported_extension`; lib/x509/x509.c of GnuTLS, `supported_exts`.
    (oid::CRL_DISTRIBUTION_POINTS,  "a a a r ? r a a a a"),
    (oid::CERTIFICATE_POLICIES,     "a a r a a a a a a a"),
    (oid::POLICY_MAPPINGS,          "a a r a a a a a r a"),
    (oid::POLICY_CONSTRAINTS,       "a a r a a a a a r a"),
    (oid::INHIBIT_ANY_POLICY,       "a a r a ? a a a a a"),
    // Extensions that it does not know, or that must not be critical.
    (oid::ISSUER_ALT_NAME,          "r r r r ? r r r a r"),
    (oid::FRESHEST_CRL,             "r r r r ? r r r r r"),
    (oid::AUTHORITY_INFO_ACCESS,    "r r r r ? r r r a r"),
    (oid::TLS_FEATURE,              "r r r r ? r r r a r"),
    (oid::PROXY_CERT_INFO,          "r r r r ? r r r a r"),
    (oid::OCSP_NO_CHECK,            "a a r r ? r r a r a"),
    (oid::NETSCAPE_CERT_TYPE,       "a a r r ? a r a r a"),
    (NETWORK_ADDRESSES,             "a a r r ? r r a r a"),
    (NETWORK_NUMBERS,               "a a r r ? r r a r a"),
    (SUBJECT_DIRECTORY_ATTRIBUTES,  NOBODY),
    (PRIVATE_KEY_USAGE_PERIOD,      NOBODY),
    (SUBJECT_INFO_ACCESS,           NOBODY),
    (QC_STATEMENTS,                 NOBODY),
    (NETWORK_ADDRESSES_2,           NOBODY),
    (NETWORK_NUMBERS_2,             NOBODY),
    (CT_TIMESTAMPS,                 NOBODY),
    (CT_POISON,                     NOBODY),
    (DELEGATED_CREDENTIALS,         NOBODY),
    (NETSCAPE_BASE_URL,             NOBODY),
    (NETSCAPE_REVOCATION_URL,       NOBODY),
    (NETSCAPE_CA_REVOCATION_URL,    NOBODY),
    (NETSCAPE_RENEWAL_URL,          NOBODY),
    (NETSCAPE_CA_POLICY_URL,        NOBODY),
    (NETSCAPE_SERVER_NAME,          NOBODY),
    (NETSCAPE_COMMENT,              NOBODY),
    (SMIME_CAPABILITIES,            NOBODY),
    (MICROSOFT,                     NOBODY),
];

/// None of the programs that were asked knows it; Windows may.
const NOBODY: &str = "r r r r ? r r r r r";

/// RFC 5280 §4.2.1.8, RFC 3280 §4.2.1.4, RFC 5280 §4.2.2.2, RFC 3739 §3.2.6.
const SUBJECT_DIRECTORY_ATTRIBUTES: &str = "2.5.29.9";
const PRIVATE_KEY_USAGE_PERIOD: &str = "2.5.29.16";
const SUBJECT_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.11";
const QC_STATEMENTS: &str = "1.3.6.1.5.5.7.1.3";
/// Addresses and numbers of networks, RFC 3779 §2, §3, and RFC 8360 §4.2.
const NETWORK_ADDRESSES: &str = "1.3.6.1.5.5.7.1.7";
const NETWORK_NUMBERS: &str = "1.3.6.1.5.5.7.1.8";
const NETWORK_ADDRESSES_2: &str = "1.3.6.1.5.5.7.1.28";
const NETWORK_NUMBERS_2: &str = "1.3.6.1.5.5.7.1.29";
/// RFC 6962 §3.3, §3.1; RFC 9345 §4.2; RFC 8551 §2.5.2.
const CT_TIMESTAMPS: &str = "1.3.6.1.4.1.11129.2.4.2";
const CT_POISON: &str = "1.3.6.1.4.1.11129.2.4.3";
const DELEGATED_CREDENTIALS: &str = "1.3.6.1.4.1.44363.44";
const SMIME_CAPABILITIES: &str = "1.2.840.113549.1.9.15";
/// Netscape's certificate extensions.
const NETSCAPE_BASE_URL: &str = "2.16.840.1.113730.1.2";
const NETSCAPE_REVOCATION_URL: &str = "2.16.840.1.113730.1.3";
const NETSCAPE_CA_REVOCATION_URL: &str = "2.16.840.1.113730.1.4";
const NETSCAPE_RENEWAL_URL: &str = "2.16.840.1.113730.1.7";
const NETSCAPE_CA_POLICY_URL: &str = "2.16.840.1.113730.1.8";
const NETSCAPE_SERVER_NAME: &str = "2.16.840.1.113730.1.12";
const NETSCAPE_COMMENT: &str = "2.16.840.1.113730.1.13";
/// All of Microsoft's, \[MS-WCCE\] §2.2.2.7: Windows may know each of them.
const MICROSOFT: &str = "1.3.6.1.4.1.311";

fn row(oid: &str) -> Option<usize> {
    let is_of_microsoft = oid
        .strip_prefix(MICROSOFT)
        .is_some_and(|rest| rest.starts_with('.'));
    let wanted = if is_of_microsoft { MICROSOFT } else { oid };
    CRITICAL.iter().position(|(known, _)| *known == wanted)
}

/// The form of a finding about this extension.
pub(in crate::x509::path) fn form_of(oid: &str) -> Form {
    let number = row(oid).and_then(|row| u8::try_from(row).ok());
    number.map_or(Form::Plain, Form::Critical)
}

/// What a program makes of a certificate in which this extension is critical; `None` of an extension that is not in the table.
pub(in crate::x509::path) fn verdict_of(consumer: Consumer, oid: &str, broken_at: Place) -> Option<Verdict> {
    of_row(consumer, row(oid)?, broken_at)
}

/// The same of the extension in this row.
pub(super) fn of_row(consumer: Consumer, row: usize, broken_at: Place) -> Option<Verdict> {
    let (_, letters) = CRITICAL.get(row)?;
    // rustls, Java and NSS look at no extension of an anchor.
    if broken_at == Place::Anchor && matches!(consumer, Consumer::Rustls | Consumer::Java | Consumer::Nss) {
        return Some(Verdict::Accepts);
    }
    let column = Consumer::ALL.iter().position(|other| *other == consumer)?;
    Some(match letters.split(' ').nth(column) {
        Some("r") => Verdict::Refuses,
        Some("a") => Verdict::Accepts,
        _ => Verdict::Unknown,
    })
}

/// Whether a program is known not to accept a certificate in which this extension is critical.
pub(in crate::x509::path) fn is_refused_by_some(oid: &str) -> bool {
    let letters = row(oid).and_then(|row| CRITICAL.get(row));
    letters.is_some_and(|(_, letters)| letters.contains('r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_extension_has_a_letter_for_every_program_and_one_row() {
        for (oid, letters) in CRITICAL {
            let letters: Vec<&str> = letters.split(' ').collect();
            assert!(
                letters.len() == Consumer::ALL.len()
                    && letters.iter().all(|letter| ["r", "a", "?"].contains(letter)),
                "{oid}"
            );
            let rows = CRITICAL.iter().filter(|(other, _)| other == oid);
            assert_eq!(rows.count(), 1, "{oid}");
        }
    }
}
