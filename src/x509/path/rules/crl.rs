//! Revocation along a path, RFC 5280 §6.3: CRLs of the issuers themselves, for all of their certificates.

use time::OffsetDateTime;

use crate::encoding::hex::{Separator, encode};
use crate::key::SignatureCheck;
use crate::x509::path::finding::{Finding, Rule, Severity};
use crate::x509::path::search::Built;
use crate::x509::path::{Question, RevocationStatus};
use crate::x509::{Certificate, RevocationList, rfc3339};

/// deltaCRLIndicator, issuingDistributionPoint and certificateIssuer, RFC 5280 §5.2.4, §5.2.5 and §5.3.3.
const KINDS: [(&str, &str); 3] = [
    ("2.5.29.27", "a delta CRL"),
    ("2.5.29.28", "a CRL for a part of the certificates, or for those of other CAs"),
    ("2.5.29.29", "an indirect CRL"),
];
/// cRLNumber.
const CRL_NUMBER: &str = "2.5.29.20";

/// The CRLs of a question, read once.
pub(in crate::x509::path) struct ReadCrls {
    lists: Vec<RevocationList>,
    unreadable: Vec<String>,
}

impl ReadCrls {
    pub(in crate::x509::path) fn of(question: &Question<'_>) -> Self {
        let mut read = Self { lists: Vec::new(), unreadable: Vec::new() };
        for der in question.crls {
            match RevocationList::from_der(der) {
                Ok(list) => read.lists.push(list),
                Err(error) => read.unreadable.push(error.to_string()),
            }
        }
        read
    }

    fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.unreadable.is_empty()
    }
}

/// What the CRLs say about every certificate of the path but the anchor.
pub(super) fn of_path(at: OffsetDateTime, built: &Built<'_>, crls: &ReadCrls) -> Vec<Finding> {
    if crls.is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let target = built.path[0];
    for problem in &crls.unreadable {
        let finding = Finding::about(Rule::CrlUnreadable, target, format!("a CRL that was given cannot be read: {problem}"));
        findings.push(finding.at(0));
    }
    for (position, pair) in built.path.windows(2).enumerate() {
        let (certificate, issuer) = (pair[0], pair[1]);
        let of_issuer: Vec<_> = crls.lists.iter().filter(|crl| crl.issuer().is_same_name(issuer.subject())).collect();
        if of_issuer.is_empty() {
            findings.push(missing(certificate, issuer, position).at(position));
        }
        let judged = of_issuer.into_iter().map(|crl| of_crl(at, certificate, issuer, crl)).collect::<Vec<_>>();
        // A CA whose key was changed has a CRL signed by each key: that one of the others is not by this key is no fault.
        let has_own = judged.iter().any(|findings| !findings.iter().any(|finding| finding.rule == Rule::CrlSignature));
        let heeded = judged.into_iter().filter(|findings| !has_own || !findings.iter().any(|finding| finding.rule == Rule::CrlSignature));
        let heeded = superseded_left_out(heeded.collect());
        findings.extend(heeded.into_iter().map(|finding| finding.at(position)));
    }
    findings
}

/// What the CRLs come to for each certificate of the path.
pub(in crate::x509::path) fn revocation(built: &Built<'_>, crls: &ReadCrls, findings: &[Finding]) -> Vec<RevocationStatus> {
    let of_position = |position: usize| {
        let certificate = built.path[position];
        if crls.is_empty() || built.is_anchor(position) {
            return RevocationStatus::NotChecked;
        }
        let own = |finding: &&Finding| finding.position == Some(position) && finding.rule.slug().starts_with("crl-");
        let listed = findings.iter().any(|finding| finding.rule == Rule::Revoked && finding.position == Some(position));
        let mut entries = crls.lists.iter().filter(|crl| crl.issuer().is_same_name(certificate.issuer())).flat_map(RevocationList::entries);
        if let Some(entry) = entries.find(|entry| listed && entry.serial == *certificate.serial()) {
            return RevocationStatus::Revoked { reason: entry.reason, since: Some(entry.revoked_at) };
        }
        match findings.iter().filter(own).find(|finding| !matches!(finding.rule, Rule::CrlNumber | Rule::CrlKeyIdentifier)) {
            Some(finding) => RevocationStatus::Undetermined { why: finding.message.clone() },
            None => RevocationStatus::Good,
        }
    };
    (0..built.path.len()).map(of_position).collect()
}

/// An old CRL beside a newer one that is in date hurts nobody.
fn superseded_left_out(judged: Vec<Vec<Finding>>) -> Vec<Finding> {
    let is_stale = |findings: &Vec<Finding>| findings.iter().any(|finding| finding.rule == Rule::CrlStale);
    let has_fresh = judged.iter().any(|findings| !is_stale(findings));
    let mut findings = judged.concat();
    findings.retain(|finding| !has_fresh || finding.rule != Rule::CrlStale);
    findings
}

fn missing(certificate: &Certificate, issuer: &Certificate, position: usize) -> Finding {
    let message = format!("none of the CRLs that were given is by its issuer `{}`, so that nobody knows whether it is revoked", issuer.subject());
    let finding = Finding::about(Rule::CrlMissing, certificate, message).compared(format!("a CRL of {}", issuer.subject()), "none");
    // Programs that check CRLs ask for that of the target's issuer; for the CAs above it only when they are told to.
    if position == 0 { finding } else { finding.lighter(Severity::Notice) }
}

/// What one CRL in the issuer's name says about a certificate.
fn of_crl(at: OffsetDateTime, certificate: &Certificate, issuer: &Certificate, crl: &RevocationList) -> Vec<Finding> {
    let about = |rule, message: String| Finding::about(rule, certificate, message);
    let name = issuer.subject();
    if crl.verify_signature(issuer.public_key()) != SignatureCheck::Good {
        let message = format!("a CRL that names `{name}` as its issuer is not signed by the key that signed the certificate");
        return vec![
            about(Rule::CrlSignature, message).compared(format!("a signature by the {} key", issuer.public_key()), crl.signature_algorithm()),
        ];
    }
    let mut findings = dates(at, certificate, issuer, crl);
    if let Some(usage) = issuer.key_usage().filter(|usage| !usage.has("cRLSign")) {
        let list = usage.names().join(", ");
        let message = format!("`{name}` signed the CRL, and its keyUsage is {list}, without cRLSign");
        findings.push(about(Rule::CrlIssuerKeyUsage, message).compared("cRLSign", list));
    }
    if let (Some(wanted), Some(found)) = (crl.authority_key_identifier(), issuer.subject_key_identifier())
        && wanted != found
    {
        let message =
            format!("the CRL's authorityKeyIdentifier is not the subjectKeyIdentifier of `{name}`, whose key signed it: OpenSSL finds no CRL");
        let hex = |octets: &[u8]| encode(octets, Separator::None);
        findings.push(about(Rule::CrlKeyIdentifier, message).compared(hex(found), hex(wanted)));
    }
    for oid in crl.unknown_critical_extensions() {
        let kind = KINDS.iter().find(|(known, _)| known == oid).map_or("not known", |(_, kind)| kind);
        let message =
            format!("the CRL of `{name}` has the critical extension {oid} ({kind}), so that what it does not list may be revoked all the same");
        findings.push(about(Rule::CrlUnsupported, message).compared("a CRL for all certificates of its issuer", kind));
    }
    findings.extend(number(certificate, crl));
    findings.extend(entry(certificate, crl));
    findings
}

fn dates(at: OffsetDateTime, certificate: &Certificate, issuer: &Certificate, crl: &RevocationList) -> Vec<Finding> {
    let (name, now) = (issuer.subject(), rfc3339(at));
    let mut findings = Vec::new();
    if at < crl.this_update() {
        let begin = rfc3339(crl.this_update());
        let message = format!("the CRL of `{name}` is of {begin}, and it is {now}");
        findings.push(Finding::about(Rule::CrlNotYetValid, certificate, message).compared(format!("{now} or earlier"), begin));
    }
    if let Some(next) = crl.next_update().filter(|next| at > *next) {
        let end = rfc3339(next);
        let message = format!("the CRL of `{name}` was to be replaced at {end}, and it is {now}");
        findings.push(Finding::about(Rule::CrlStale, certificate, message).compared(format!("{now} or later"), end));
    }
    findings
}

fn number(certificate: &Certificate, crl: &RevocationList) -> Option<Finding> {
    let (message, found) = match crl.number() {
        None => ("the CRL has no number, so that an older one cannot be told from a newer one", "none"),
        Some(_) if crl.has_critical(CRL_NUMBER) => ("the CRL's number is critical, which it must not be", "critical"),
        Some(_) => return None,
    };
    Some(Finding::about(Rule::CrlNumber, certificate, message.into()).compared("a number that is not critical", found))
}

fn entry(certificate: &Certificate, crl: &RevocationList) -> Option<Finding> {
    let entry = crl.entries().find(|entry| entry.serial == *certificate.serial())?;
    let reason = entry.reason.map_or(String::new(), |reason| format!(" ({})", reason.name()));
    let since = rfc3339(entry.revoked_at);
    let message = format!("the CRL of `{}` says that it is revoked since {since}{reason}", crl.issuer());
    Some(Finding::about(Rule::Revoked, certificate, message).compared("not in the CRL", format!("{} revoked at {since}{reason}", entry.serial)))
}
