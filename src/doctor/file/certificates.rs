//! Certificates: their paths, ends and names.

use super::entries::*;
use super::{Facts, FileContent};
use crate::doctor::Finding;
use crate::doctor::path::{self, ADDRESS_AS_NAME, AUTHORITY_WITHOUT_KEY_USAGE, INTERMEDIATE_MISSING, Judged, SAN_MISSING};
use crate::encoding::shell::quoted;
use crate::x509::path::{Answer, Purpose, Question, Rule, Severity, validate};
use crate::x509::{Certificate, DnsName, ExtendedKeyUsage, GeneralName, rfc3339};

/// The most certificates of one file that are judged: each may cost hundreds of signature checks.
const MAX_JUDGED: usize = 200;

/// What is asked about a certificate: a CA's is not for a host.
fn asked<'a>(facts: &'a Facts, certificate: &Certificate) -> (Purpose, Option<&'a GeneralName>) {
    if certificate.is_authority() { (Purpose::Any, None) } else { (facts.purpose, facts.name.as_ref()) }
}

/// What path validation says, of a peer that has the anchors and what stands in the files. Where nothing is trusted, the last certificate
/// of a path is not asked who issued it.
fn judge(facts: &Facts, certificate: &Certificate, knows_intermediates: bool) -> Answer {
    let (purpose, name) = asked(facts, certificate);
    let mut untrusted: Vec<Certificate> = facts.files().flat_map(FileContent::certificates).cloned().collect();
    let mut anchors = Vec::new();
    let mut crls: Vec<Vec<u8>> = facts.files().flat_map(|file| &file.bundle.crls).map(|crl| crl.der().to_vec()).collect();
    let crls_are_asked_for = !crls.is_empty();
    if let Some(trust) = &facts.trust {
        anchors.extend(trust.anchors.iter().cloned());
        // Who holds the CA's own certificate in hand need not present it to himself.
        if knows_intermediates || certificate.is_authority() {
            untrusted.extend(trust.between.iter().cloned());
        }
        crls.extend(trust.crls.iter().map(|crl| crl.der().to_vec()));
    }
    let question = Question {
        target: certificate,
        untrusted: &untrusted,
        anchors: &anchors,
        at: facts.now,
        purpose,
        name,
        allow_common_name: false,
        crls: &crls,
    };
    let mut answer = validate(&question);
    let trusts = facts.trust.is_some();
    answer.findings.retain(|found| match found.rule {
        Rule::IssuerUnknown | Rule::StrictValidator => trusts,
        Rule::CrlMissing => false, // said by the check of CRLs
        Rule::CrlStale | Rule::CrlSignature => crls_are_asked_for,
        _ => true,
    });
    answer
}

/// What is wrong with the way to what is trusted.
pub(super) fn paths(facts: &Facts) -> Vec<Finding> {
    let heads = facts.heads();
    let judged = heads.iter().take(MAX_JUDGED).flat_map(|certificate| {
        let answer = judge(facts, certificate, true);
        let home = facts.home(certificate);
        let (purpose, name) = asked(facts, certificate);
        let file = facts.file.name();
        path::findings(&Judged { certificate, subject: &file, purpose, name, home: &home }, &answer)
    });
    // What is only unusual is `cert verify`'s to tell.
    judged.filter(|finding| finding.entry != &CERTIFICATE_EXPIRED || finding.severity == Severity::Error).collect()
}

/// Intermediates that are at hand here, and that the host would not present.
pub(super) fn intermediates(facts: &Facts) -> Vec<Finding> {
    let Some(trust) = &facts.trust else { return Vec::new() };
    let mut findings = Vec::new();
    for certificate in facts.heads().into_iter().take(MAX_JUDGED).filter(|certificate| !certificate.is_authority()) {
        let is_unknown = |answer: &Answer| answer.findings.iter().any(|found| found.rule == Rule::IssuerUnknown);
        if is_unknown(&judge(facts, certificate, false)) && !is_unknown(&judge(facts, certificate, true)) {
            let seen =
                format!("its issuer `{}` is neither in it nor trusted by itself, and the root alone does not lead there", certificate.issuer());
            let finding = Finding::new(&INTERMEDIATE_MISSING, facts.file.name(), seen);
            let is_at_hand = trust.own.iter().any(|own| own.subject() == certificate.issuer());
            findings.push(match trust.ca_certificate.as_ref().filter(|_| is_at_hand && facts.file.bundle.pfx.is_none()) {
                Some(file) => finding.remedy(format!("cat {} >> {}", quoted(file), quoted(&facts.file.path))),
                None => finding.remedy(facts.home(certificate).renew(certificate, None)),
            });
        }
    }
    findings
}

/// What ends soon, or out of order.
pub(super) fn ends(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for head in facts.heads().into_iter().take(MAX_JUDGED) {
        let answer = judge(facts, head, true);
        let home = facts.home(head);
        for (depth, certificate) in answer.path.iter().enumerate() {
            let left = certificate.not_after() - facts.now;
            if left.is_positive() && left < facts.soon(certificate) {
                let seen = format!("it ends at {}, in {} days", rfc3339(certificate.not_after()), left.whole_days());
                let remedy = if certificate.is_authority() || depth > 0 { home.renew_authority(certificate) } else { home.renew(certificate, None) };
                findings.push(Finding::new(&EXPIRES_SOON, named(facts, certificate), seen).remedy(remedy));
            }
        }
        for pair in answer.path.windows(2).filter(|pair| pair[1].not_after() < pair[0].not_after() && pair[1].not_after() > facts.now) {
            let seen = format!(
                "it ends at {}, and `{}`, which it issued, at {}",
                rfc3339(pair[1].not_after()),
                pair[0].subject(),
                rfc3339(pair[0].not_after())
            );
            findings.push(Finding::new(&AUTHORITY_ENDS_FIRST, named(facts, &pair[1]), seen).remedy(home.renew_authority(&pair[1])));
        }
    }
    findings
}

/// How people name a certificate: with its file, where it stands in this one.
fn named(facts: &Facts, certificate: &Certificate) -> String {
    if facts.file.certificates().any(|own| own == certificate) {
        format!("{}: {}", facts.file.name(), certificate.subject())
    } else {
        format!("CA certificate {}", certificate.subject())
    }
}

/// Names by which no host is found.
pub(super) fn names(facts: &Facts) -> Vec<Finding> {
    let heads = facts.heads();
    heads
        .into_iter()
        .take(MAX_JUDGED)
        .filter(|certificate| is_server(facts, certificate))
        .flat_map(|certificate| of_names(facts, certificate))
        .collect()
}

/// Whether it is, or may be, a server's.
fn is_server(facts: &Facts, certificate: &Certificate) -> bool {
    let allows = |usages: &[ExtendedKeyUsage]| usages.contains(&ExtendedKeyUsage::ServerAuth) || usages.contains(&ExtendedKeyUsage::Any);
    !certificate.is_authority() && facts.purpose != Purpose::Client && certificate.extended_key_usage().is_none_or(allows)
}

fn of_names(facts: &Facts, certificate: &Certificate) -> Vec<Finding> {
    let subject = named(facts, certificate);
    let home = facts.home(certificate);
    let common_names = certificate.subject().common_names();
    let issue = |host: &str| home.issue(certificate, host, "");
    let names = certificate.subject_alternative_names().unwrap_or_default();
    let addresses: Vec<String> = names.iter().filter(|name| matches!(name, GeneralName::Ip(_))).map(GeneralName::value).collect();
    if names.is_empty() {
        let host = facts.name.as_ref().map(GeneralName::value).or_else(|| common_names.first().cloned()).unwrap_or_default();
        let is_asked_for = facts.name.is_some() || facts.purpose == Purpose::Server;
        let severity = if is_asked_for { Severity::Error } else { Severity::Warning };
        let seen = format!("its only name is the common name `{host}`, which modern peers do not look at");
        return vec![Finding::new(&SAN_MISSING, subject, seen).weighing(severity).remedy(issue(&host))];
    }
    let mut findings = Vec::new();
    let as_dns = names.iter().filter(|name| matches!(name, GeneralName::Dns(_))).map(GeneralName::value);
    if let Some(address) = as_dns.filter(|name| name.parse::<std::net::IpAddr>().is_ok()).find(|name| !addresses.contains(name)) {
        let seen = format!("`{address}` stands in a dNSName, and an address counts only as iPAddress");
        findings.push(Finding::new(&ADDRESS_AS_NAME, subject.clone(), seen).remedy(issue(&address)));
    }
    if let Some(address) = common_names.iter().find(|name| name.parse::<std::net::IpAddr>().is_ok()).filter(|name| !addresses.contains(name)) {
        let seen = format!("`{address}` stands only in the common name, and an address counts only as iPAddress");
        findings.push(Finding::new(&ADDRESS_AS_NAME, subject.clone(), seen).weighing(Severity::Warning).remedy(issue(address)));
    }
    findings.extend(subject_without_host(facts, certificate, subject, &common_names, names, issue));
    findings
}

fn subject_without_host(
    facts: &Facts,
    certificate: &Certificate,
    subject: String,
    common_names: &[String],
    names: &[GeneralName],
    issue: impl Fn(&str) -> String,
) -> Option<Finding> {
    let hosts: Vec<String> = match &facts.name {
        // Of one that is for somebody else altogether, this is not worth saying.
        Some(name) if !names.iter().any(|presented| presented.covers(name)) => return None,
        Some(name) => vec![name.value()],
        None => names.iter().filter(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_))).map(GeneralName::value).collect(),
    };
    let first = hosts.first()?;
    let is_host = |common: &String| {
        let covers = |host: &String| match (DnsName::parse(common), DnsName::parse(host)) {
            (Ok(common), Ok(host)) => common.covers(&host) || common.as_str().eq_ignore_ascii_case(host.as_str()),
            _ => false,
        };
        hosts.iter().any(|host| host.eq_ignore_ascii_case(common) || covers(host))
    };
    // A name longer than 64 characters has no room there (RFC 5280 A.1).
    if common_names.iter().any(is_host) || hosts.iter().all(|host| host.len() > crate::x509::MAX_COMMON_NAME) {
        return None;
    }
    let seen = format!("the Subject is `{}`, and the host is `{first}`", certificate.subject());
    Some(Finding::new(&SUBJECT_WITHOUT_HOST, subject, seen).remedy(issue(first)))
}

/// CA certificates that strict peers refuse, whatever they issued.
pub(super) fn authorities(facts: &Facts) -> Vec<Finding> {
    let unsaid = facts.file.certificates().filter(|certificate| certificate.is_authority() && certificate.key_usage().is_none());
    unsaid
        .take(MAX_JUDGED)
        .map(|certificate| {
            let remedy = facts.home(certificate).renew_authority(certificate);
            Finding::new(&AUTHORITY_WITHOUT_KEY_USAGE, named(facts, certificate), "it has no keyUsage").remedy(remedy)
        })
        .collect()
}
