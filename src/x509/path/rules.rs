//! The rules, each a small look at one certificate of the path.

use super::build::Built;
use super::finding::{Finding, Rule, Severity};
use super::{Purpose, Question};
use crate::key::{PublicKeyKind, SignatureAlgorithm, SignatureDigest};
use crate::x509::{Certificate, DnsName, ExtendedKeyUsage, GeneralName, MAX_SERIAL_OCTETS, rfc3339};

/// The least bits of an RSA key, NIST SP 800-131A r2 §2.
const MIN_RSA_BITS: u32 = 2048;

/// Everything that is wrong with the certificate at this depth; 0 is the target.
pub(super) fn of_certificate(question: &Question<'_>, built: &Built<'_>, depth: usize, certificate: &Certificate) -> Vec<Finding> {
    let is_anchor = built.is_anchored && depth + 1 == built.path.len();
    let mut findings = Vec::new();
    findings.extend(dates(question, certificate));
    findings.extend(key(certificate));
    findings.extend(serial(certificate));
    if !(is_anchor && certificate.is_self_issued()) {
        findings.extend(digest(certificate));
    }
    findings.extend(unknown_critical(certificate));
    if depth > 0 {
        findings.extend(issuer(built, depth, certificate));
    }
    if depth == 0 || !is_anchor {
        findings.extend(usage(question.purpose, certificate, depth == 0));
    }
    findings.into_iter().map(|finding| if finding.position.is_some() { finding } else { finding.at(depth) }).collect()
}

/// Whether the target is for the host that was asked about.
pub(super) fn of_name(question: &Question<'_>) -> Option<Finding> {
    let name = question.name?;
    let target = question.target;
    if san_covers(target, name) {
        return None;
    }
    let in_subject = common_name_equals(target, name);
    let has_dns_name = presented(target).iter().any(|name| matches!(name, GeneralName::Dns(_)));
    if in_subject && question.allow_common_name && !has_dns_name {
        let message = format!("`{}` stands only in the Subject, which modern peers do not look at", name.value());
        return Some(Finding::about(Rule::NoSubjectAlternativeName, target, message).lighter(Severity::Warning));
    }
    Some(name_finding(target, name, in_subject))
}

fn name_finding(target: &Certificate, name: &GeneralName, in_subject: bool) -> Finding {
    let wanted = name.value();
    let names = presented(target);
    if matches!(name, GeneralName::Ip(_)) && names.iter().any(|presented| presented.value() == wanted) {
        let message = format!("`{wanted}` stands in a dNSName, and an address counts only as iPAddress");
        return Finding::about(Rule::AddressAsName, target, message);
    }
    if names.is_empty() {
        let subject =
            if in_subject { "it stands in the Subject's common name, which modern peers do not look at" } else { "nor does the Subject have it" };
        let message = format!("`{wanted}` is wanted, and the certificate has no subjectAltName; {subject}");
        return Finding::about(Rule::NoSubjectAlternativeName, target, message);
    }
    let list: Vec<String> = names.iter().take(SHOWN_NAMES).map(ToString::to_string).collect();
    let more = names.len().saturating_sub(SHOWN_NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Finding::about(Rule::NameMismatch, target, format!("`{wanted}` is wanted, and the certificate is for {}{more}", list.join(", ")))
}

/// Of thousands of names, a message shows this many.
const SHOWN_NAMES: usize = 20;

fn presented(certificate: &Certificate) -> &[GeneralName] {
    certificate.subject_alternative_names().unwrap_or_default()
}

pub(super) fn san_covers(certificate: &Certificate, name: &GeneralName) -> bool {
    presented(certificate).iter().any(|presented| presented.covers(name))
}

pub(super) fn common_name_equals(certificate: &Certificate, name: &GeneralName) -> bool {
    certificate.subject().common_names().iter().any(|common_name| match name {
        GeneralName::Dns(host) => DnsName::parse(common_name).is_ok_and(|common_name| common_name.covers(host)),
        other => *common_name == other.value(),
    })
}

fn dates(question: &Question<'_>, certificate: &Certificate) -> Option<Finding> {
    let at = rfc3339(question.at);
    if question.at > certificate.not_after() {
        let end = rfc3339(certificate.not_after());
        let message = format!("it ended at {end}, and it is {at}");
        return Some(Finding::about(Rule::Expired, certificate, message).compared(format!("{at} or later"), end));
    }
    (question.at < certificate.not_before()).then(|| {
        let begin = rfc3339(certificate.not_before());
        let message = format!("it begins at {begin}, and it is {at}: issued for later, or a clock is wrong");
        Finding::about(Rule::NotYetValid, certificate, message).compared(format!("{at} or earlier"), begin)
    })
}

fn key(certificate: &Certificate) -> Option<Finding> {
    match certificate.public_key().kind() {
        PublicKeyKind::Rsa { bits } if *bits < MIN_RSA_BITS => {
            Some(Finding::about(Rule::WeakKey, certificate, format!("its RSA key has {bits} bits, and {MIN_RSA_BITS} is the least")))
        }
        _ => None,
    }
}

fn serial(certificate: &Certificate) -> Option<Finding> {
    let content = certificate.serial_content();
    let (rule, problem) = match content {
        [first, ..] if first & 0x80 != 0 => (Rule::SerialNegative, "it is negative".to_owned()),
        octets if octets.iter().all(|octet| *octet == 0) => (Rule::SerialZero, "it is zero".to_owned()),
        octets if octets.len() > MAX_SERIAL_OCTETS => {
            (Rule::SerialTooLong, format!("it has {} octets, and {MAX_SERIAL_OCTETS} is the most", octets.len()))
        }
        _ => return None,
    };
    Some(Finding::about(rule, certificate, format!("its serial number is not allowed: {problem}")))
}

fn digest(certificate: &Certificate) -> Option<Finding> {
    let is_weak = matches!(SignatureAlgorithm::digest(certificate.signature_algorithm()), SignatureDigest::Md5 | SignatureDigest::Sha1);
    is_weak.then(|| {
        let algorithm = SignatureAlgorithm::name(certificate.signature_algorithm());
        Finding::about(
            Rule::WeakDigest,
            certificate,
            format!("it is signed with {algorithm}, which can be forged: OpenSSL 3 at security level 1 and all modern TLS libraries refuse it"),
        )
    })
}

fn unknown_critical(certificate: &Certificate) -> Vec<Finding> {
    let unknown = certificate.unknown_critical_extensions().iter();
    unknown
        .map(|oid| {
            Finding::about(Rule::UnknownCriticalExtension, certificate, format!("its extension {oid} is critical, and not known or not readable"))
        })
        .collect()
}

/// What holds for everything that issued something: CA bit, key usage, path length, name constraints.
fn issuer(built: &Built<'_>, depth: usize, certificate: &Certificate) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !certificate.is_authority() {
        findings.push(Finding::about(
            Rule::IssuerNotAuthority,
            certificate,
            "it issued a certificate, and its basicConstraints do not say CA:TRUE".into(),
        ));
    }
    match certificate.key_usage() {
        Some(usage) if !usage.has("keyCertSign") => {
            let message = format!("it issued a certificate, and its keyUsage is {}, without keyCertSign", usage.names().join(", "));
            findings.push(Finding::about(Rule::IssuerKeyUsage, certificate, message));
        }
        None => {
            let message = "it has no keyUsage: curl and most peers accept that, Python 3.13 and `openssl verify -x509_strict` refuse it".into();
            findings.push(Finding::about(Rule::AuthorityWithoutKeyUsage, certificate, message));
        }
        Some(_) => {}
    }
    // Self-issued certificates, as after a change of key, do not count (§6.1.4 (l)).
    let intermediates = built.path.iter().take(depth).skip(1).filter(|below| !below.is_self_issued()).count();
    if let Some(allowed) = certificate.basic_constraints().and_then(|constraints| constraints.path_len)
        && intermediates > usize::try_from(allowed).unwrap_or(usize::MAX)
    {
        let message = format!("it allows {allowed} intermediate CAs below it, and there are {intermediates}");
        findings.push(Finding::about(Rule::PathLength, certificate, message));
    }
    findings.extend(name_constraints(built, depth, certificate));
    findings
}

fn name_constraints(built: &Built<'_>, depth: usize, certificate: &Certificate) -> Vec<Finding> {
    let Some(constraints) = certificate.name_constraints() else { return Vec::new() };
    let below = built.path.iter().take(depth).filter(|below| !below.is_self_issued());
    let refused = below.flat_map(|below| presented(below).iter().map(move |name| (below, name))).filter(|(_, name)| !constraints.allows(name));
    refused
        .map(|(below, name)| {
            let message = format!("`{name}` lies outside the name constraints of `{}`", certificate.subject());
            Finding::about(Rule::NameConstraints, below, message)
        })
        .collect()
}

/// extKeyUsage of the target, and of intermediates that have one: every validator in use reads it as a limit there too.
fn usage(purpose: Purpose, certificate: &Certificate, is_target: bool) -> Option<Finding> {
    let wanted = match purpose {
        Purpose::Server => ExtendedKeyUsage::ServerAuth,
        Purpose::Client => ExtendedKeyUsage::ClientAuth,
        Purpose::Any => return None,
    };
    let usages = certificate.extended_key_usage()?;
    if usages.contains(&wanted) || (!is_target && usages.contains(&ExtendedKeyUsage::Any)) {
        return None;
    }
    let list: Vec<String> = usages.iter().map(ToString::to_string).collect();
    Some(Finding::about(Rule::ExtendedKeyUsage, certificate, format!("{wanted} is wanted, and its extKeyUsage is {}", list.join(", "))))
}
