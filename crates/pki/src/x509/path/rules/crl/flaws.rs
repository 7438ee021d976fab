//! What is wrong with a CRL: what keeps it from saying that a certificate is good, and what is only worth telling.

use super::signer::is_weak;
use super::unusual;
use crate::encoding::hex::{Separator, encode};
use crate::key::SignatureAlgorithm;
use crate::x509::oid;
use crate::x509::path::finding::{Finding, Rule};
use crate::x509::{Certificate, KeyUsage, RevocationList, RevocationReason, RevokedEntry, rfc3339};
use time::OffsetDateTime;

/// What keeps a CRL from saying that this certificate is good, RFC 5280 §6.3.3 (a), (f), §5.2, §5.3, §5.1.1.2.
pub(super) fn of(
    at: OffsetDateTime,
    certificate: &Certificate,
    signer: &Certificate,
    crl: &RevocationList,
) -> Vec<Finding> {
    let mut flaws = dates(at, certificate, crl);
    let name = crl.issuer();
    let about = |rule, message| Finding::about(rule, certificate, message);
    if let Some(usage) = signer.key_usage().filter(|usage| !usage.has(KeyUsage::CRL_SIGN)) {
        let list = usage.to_string();
        let message = format!("`{name}` signed the CRL, but its keyUsage is {list}, without cRLSign");
        flaws.push(about(Rule::CrlIssuerKeyUsage, message).compared("cRLSign", list));
    }
    for oid in crl.unknown_critical_extensions() {
        let message = format!(
            "the CRL of `{name}` has the critical extension {oid}, which gsec does not support: the CRL may \
             mean something different"
        );
        flaws.push(about(Rule::CrlUnsupported, message).compared("no unsupported critical extension", oid));
    }
    for oid in crl.unreadable_extensions() {
        let message =
            format!("the extension {oid} of the CRL of `{name}` violates RFC 5280, or occurs twice");
        flaws.push(about(Rule::CrlUnsupported, message));
    }
    if let Some(problem) = crl.bad_date() {
        let message = format!(
            "the CRL of `{name}` violates RFC 5280, and programs may not be able to read it: {problem}"
        );
        flaws.push(about(Rule::CrlUnsupported, message));
    }
    if crl.signed_algorithm_der() != crl.signature_algorithm_der() {
        let [signed, beside] =
            [crl.signed_algorithm_der(), crl.signature_algorithm_der()].map(SignatureAlgorithm::name);
        let message = format!(
            "the signed part of the CRL of `{name}` names {signed} as the algorithm, but {beside} is given \
             next to the signature"
        );
        flaws.push(about(Rule::CrlAlgorithmMismatch, message).compared(signed, beside));
    }
    flaws
}

fn dates(at: OffsetDateTime, certificate: &Certificate, crl: &RevocationList) -> Vec<Finding> {
    let (name, now) = (crl.issuer(), rfc3339(at));
    let mut findings = Vec::new();
    if at < crl.this_update() {
        let begin = rfc3339(crl.this_update());
        let message = format!("the CRL of `{name}` is from {begin}, and it is now {now}");
        findings.push(
            Finding::about(Rule::CrlNotYetValid, certificate, message)
                .compared(format!("{now} or earlier"), begin),
        );
    }
    if let Some(next) = crl.next_update().filter(|next| at > *next) {
        let end = rfc3339(next);
        let message = format!("the nextUpdate of the CRL of `{name}` was {end}, and it is now {now}");
        findings.push(
            Finding::about(Rule::CrlStale, certificate, message).compared(format!("{now} or later"), end),
        );
    }
    findings
}

/// What is odd about a CRL, and leaves what it says as it is.
pub(super) fn remarks(
    certificate: &Certificate,
    signer: &Certificate,
    crl: &RevocationList,
    entry: Option<&RevokedEntry>,
) -> Vec<Finding> {
    let name = crl.issuer();
    let about = |rule, message| Finding::about(rule, certificate, message);
    let mut remarks = Vec::from_iter(unusual::of_crl(certificate, crl));
    if let (Some(wanted), Some(found)) = (crl.authority_key_identifier(), signer.subject_key_identifier())
        && wanted != found
    {
        let message = format!(
            "the CRL's authorityKeyIdentifier does not match the subjectKeyIdentifier of `{name}`, whose key \
             signed it: OpenSSL finds no CRL"
        );
        let hex = |bytes: &[u8]| encode(bytes, Separator::None);
        remarks.push(about(Rule::CrlKeyIdentifier, message).compared(hex(found), hex(wanted)));
    }
    if is_weak(crl) {
        let algorithm = crl.signature_algorithm();
        let message = format!(
            "the CRL of `{name}` is signed with {algorithm}, which can be forged: a forged CRL hides revocations"
        );
        remarks.push(about(Rule::CrlWeakDigest, message).compared("SHA-256 or better", algorithm));
    }
    if crl.next_update().is_none() {
        let begin = rfc3339(crl.this_update());
        let message = format!(
            "the CRL of `{name}` from {begin} has no nextUpdate, so it is unknown whether it is out of date"
        );
        remarks.push(about(Rule::CrlWithoutNextUpdate, message).compared("a nextUpdate", "none"));
    }
    if let Some(entry) = entry
        .filter(|entry| entry.reason == Some(RevocationReason::RemoveFromCrl) && crl.base_number().is_none())
    {
        let message = format!(
            "the CRL of `{name}` lists {} with the reason removeFromCRL, which is only for delta CRLs: it is \
             taken as not revoked",
            entry.serial
        );
        remarks.push(about(Rule::CrlEntry, message).compared("no such entry", "removeFromCRL"));
    }
    if crl.names_issuers()
        && crl
            .issuing_distribution_point()
            .is_none_or(|limits| !limits.is_indirect)
    {
        let message = format!(
            "the CRL of `{name}` has entries for certificates of other issuers, but does not say that it is \
             an indirect CRL"
        );
        remarks
            .push(about(Rule::CrlEntry, message).compared("indirectCRL", "entries with certificateIssuer"));
    }
    remarks.extend(number(certificate, crl));
    remarks
}

fn number(certificate: &Certificate, crl: &RevocationList) -> Option<Finding> {
    let about = |rule, message: &str| Finding::about(rule, certificate, message.into());
    match crl.number() {
        None if crl.version() == 1 => {
            let message = "the CRL is version 1: it has no number, so an older one cannot be told from a \
                 newer one, and rustls cannot read it";
            Some(about(Rule::CrlVersion, message).compared("2", "1"))
        }
        None => {
            let message = "the CRL has no number, so an older one cannot be told from a newer one";
            Some(about(Rule::CrlNumber, message).compared("a number that is not critical", "none"))
        }
        Some(_) if crl.has_critical(oid::CRL_NUMBER) => {
            let message = "the CRL's number is critical, which it must not be";
            Some(about(Rule::CrlNumber, message).compared("a number that is not critical", "critical"))
        }
        Some(_) => None,
    }
}
