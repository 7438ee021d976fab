//! What is wrong with a CRL, said once for all who ask: whoever asks about a certificate, and whoever looks at the CRL alone.

use time::OffsetDateTime;

use super::fault::{CrlEffect, CrlFault};
use super::signer::is_weak;
use super::unusual;
use crate::encoding::hex::{Separator, encode};
use crate::key::SignatureAlgorithm;
use crate::x509::extension::name_of;
use crate::x509::oid;
use crate::x509::path::finding::{Finding, Rule, Severity};
use crate::x509::{Certificate, KeyUsage, RevocationList, RevocationReason, RevokedEntry, rfc3339};

/// Critical extensions of a CRL that OpenSSL supports: issuingDistributionPoint, authorityKeyIdentifier, deltaCRLIndicator
/// (crypto/x509/x_crl.c, `crl_cb`); of those of entries it supports certificateIssuer (`crl_set_issuers`).
const KNOWN_TO_OPENSSL: [&str; 3] = [
    oid::ISSUING_DISTRIBUTION_POINT,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::DELTA_CRL_INDICATOR,
];
/// The most bytes of a CRL number, RFC 5280 §5.2.3.
const MAX_NUMBER_BYTES: usize = 20;

/// Everything that is wrong with a CRL at this time. `signer` is a certificate of the key that signed it; without one, nothing is said about its
/// rights and identifier. Whether the signature is good, and whether the CRL is about a certificate, is not looked at.
pub fn crl_faults(crl: &RevocationList, signer: Option<&Certificate>, at: OffsetDateTime) -> Vec<CrlFault> {
    let by_signer = signer.into_iter().flat_map(|signer| of_signer(crl, signer));
    dates(crl, at)
        .into_iter()
        .chain(by_signer)
        .chain(extensions(crl))
        .chain(unusual::fault(crl))
        .chain(forms(crl))
        .collect()
}

fn dates(crl: &RevocationList, at: OffsetDateTime) -> Vec<CrlFault> {
    let fault = |rule, message| CrlFault::new(rule, CrlEffect::SaysNothing, message);
    let now = rfc3339(at);
    let mut faults = Vec::new();
    if at < crl.this_update() {
        let begin = rfc3339(crl.this_update());
        let message = format!("begins at {begin}, and it is now {now}");
        faults.push(fault(Rule::CrlNotYetValid, message).compared(format!("{now} or earlier"), begin));
    }
    if let Some(next) = crl.next_update().filter(|next| at > *next) {
        let end = rfc3339(next);
        let message = format!("has the nextUpdate {end}, and it is now {now}");
        faults.push(fault(Rule::CrlStale, message).compared(format!("{now} or later"), end));
    }
    faults
}

fn of_signer(crl: &RevocationList, signer: &Certificate) -> Vec<CrlFault> {
    let mut faults = Vec::new();
    if let Some(usage) = signer.key_usage().filter(|usage| !usage.has(KeyUsage::CRL_SIGN)) {
        let list = usage.to_string();
        let message = format!("is signed by a CA whose keyUsage is {list}, without cRLSign");
        faults.push(
            CrlFault::new(Rule::CrlIssuerKeyUsage, CrlEffect::SaysNothing, message).compared("cRLSign", list),
        );
    }
    if let (Some(wanted), Some(found)) = (crl.authority_key_identifier(), signer.subject_key_identifier())
        && wanted != found
    {
        let message = "has an authorityKeyIdentifier that is not the subjectKeyIdentifier of the CA whose key \
                       signed it: OpenSSL finds no CRL";
        let hex = |bytes: &[u8]| encode(bytes, Separator::None);
        let effect = CrlEffect::UnusableForOpenSsl;
        faults.push(
            CrlFault::new(Rule::CrlKeyIdentifier, effect, message.into()).compared(hex(found), hex(wanted)),
        );
    }
    faults
}

/// Object identifiers of the critical extensions of a CRL and of its entries that OpenSSL does not support.
pub(in crate::x509::path) fn unsupported_by_openssl(crl: &RevocationList) -> Vec<&String> {
    let own = crl.critical_extensions().iter();
    let of_entries = crl.critical_in_entries().iter();
    own.filter(|oid| !KNOWN_TO_OPENSSL.contains(&oid.as_str()))
        .chain(of_entries.filter(|oid| *oid != oid::CERTIFICATE_ISSUER))
        .collect()
}

fn extensions(crl: &RevocationList) -> Vec<CrlFault> {
    let fault = |message| CrlFault::new(Rule::CrlUnsupported, CrlEffect::SaysNothing, message);
    let unknown = crl.unknown_critical_extensions();
    let mut faults = Vec::new();
    for oid in unknown {
        let message = format!(
            "has the critical extension {oid}, which gsec does not support: the CRL may mean something different"
        );
        faults.push(fault(message).compared("no unsupported critical extension", oid));
    }
    for oid in crl.unreadable_extensions() {
        faults.push(fault(format!(
            "has an extension {oid} that violates RFC 5280, or has it twice"
        )));
    }
    let problem = crl.bad_date();
    faults.extend(problem.map(|problem| {
        fault(format!(
            "violates RFC 5280, and programs may not be able to read it: {problem}"
        ))
    }));
    let unsupported = unsupported_by_openssl(crl).into_iter();
    for oid in unsupported.filter(|oid| !unknown.contains(*oid)) {
        let name = name_of(oid);
        let message = format!(
            "has the critical extension {name}, which must not be critical: OpenSSL does not support that"
        );
        faults.push(
            CrlFault::new(Rule::CrlUnsupported, CrlEffect::UnusableForOpenSsl, message)
                .weighing(Severity::Warning)
                .compared("not critical", "critical"),
        );
    }
    faults
}

fn forms(crl: &RevocationList) -> Vec<CrlFault> {
    let odd = |rule, message| CrlFault::new(rule, CrlEffect::Odd, message);
    let mut faults = Vec::new();
    if crl.signed_algorithm_der() != crl.signature_algorithm_der() {
        let [signed, beside] =
            [crl.signed_algorithm_der(), crl.signature_algorithm_der()].map(SignatureAlgorithm::name);
        let message =
            format!("names {signed} as its algorithm in what is signed, and {beside} next to the signature");
        faults.push(
            CrlFault::new(Rule::CrlAlgorithmMismatch, CrlEffect::SaysNothing, message)
                .compared(signed, beside),
        );
    }
    if is_weak(crl) {
        let algorithm = crl.signature_algorithm();
        let message =
            format!("is signed with {algorithm}, which can be forged: a forged CRL hides revocations");
        faults.push(odd(Rule::CrlWeakDigest, message).compared("SHA-256 or better", algorithm));
    }
    if crl.next_update().is_none() {
        let message =
            "has no nextUpdate, so it is unknown whether it is out of date: rustls and Java cannot use it";
        faults.push(odd(Rule::CrlWithoutNextUpdate, message.into()).compared("a nextUpdate", "none"));
    }
    let limits = crl.issuing_distribution_point();
    if crl.names_issuers() && limits.is_none_or(|limits| !limits.is_indirect) {
        let message =
            "has entries for certificates of other issuers, but does not say that it is an indirect CRL";
        faults.push(
            odd(Rule::CrlEntry, message.into()).compared("indirectCRL", "entries with certificateIssuer"),
        );
    }
    faults.extend(number(crl));
    faults
}

fn number(crl: &RevocationList) -> Option<CrlFault> {
    let odd = |rule, message: String, found: &str| {
        let expected = if rule == Rule::CrlVersion { "2" } else { "a number" };
        CrlFault::new(rule, CrlEffect::Odd, message).compared(expected, found)
    };
    match crl.number() {
        None if crl.version() == 1 => {
            let message = "is version 1: it has no number, so an older CRL cannot be told from a newer one, and \
                           rustls cannot read it";
            Some(odd(Rule::CrlVersion, message.into(), "1"))
        }
        None => {
            let message = "has no number, so an older CRL cannot be told from a newer one";
            Some(odd(Rule::CrlNumber, message.into(), "none"))
        }
        Some(number) if number.content().len() > MAX_NUMBER_BYTES => {
            let message = format!(
                "has a number of more than {MAX_NUMBER_BYTES} bytes, the most that RFC 5280 permits: rustls cannot read it"
            );
            Some(odd(Rule::CrlNumber, message, "a longer one").weighing(Severity::Warning))
        }
        Some(number) if number.content().first().is_some_and(|first| first & 0x80 != 0) => {
            let message = "has a negative number, which RFC 5280 does not permit: rustls cannot read it";
            Some(odd(Rule::CrlNumber, message.into(), "a negative one").weighing(Severity::Warning))
        }
        Some(_) => None,
    }
}

/// What is odd about the entry of a certificate, and leaves what the CRL says as it is.
pub(super) fn of_entry(
    certificate: &Certificate,
    crl: &RevocationList,
    entry: Option<&RevokedEntry>,
) -> Option<Finding> {
    let is_taken_back = |entry: &&RevokedEntry| {
        entry.reason == Some(RevocationReason::RemoveFromCrl) && crl.base_number().is_none()
    };
    let entry = entry.filter(is_taken_back)?;
    let message = format!(
        "the CRL of `{}` lists {} with the reason removeFromCRL, which is only for delta CRLs: it is taken as \
         not revoked",
        crl.issuer(),
        entry.serial
    );
    Some(Finding::about(Rule::CrlEntry, certificate, message).compared("no such entry", "removeFromCRL"))
}
