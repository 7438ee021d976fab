//! What holds for the target: its names (RFC 9525), and what it may be used for.

use crate::encoding::sample::list_in_words;
use crate::x509::oid;
use crate::x509::path::finding::{Finding, Form, Rule, Severity};
use crate::x509::path::{Purpose, Question};
use crate::x509::{Certificate, DnsName, ExtendedKeyUsage, GeneralName, KeyUsage};

/// Of thousands of names, a message shows this many.
const SHOWN_NAMES: usize = 20;

/// Whether the target matches the requested host.
pub(super) fn name(question: &Question<'_>) -> Option<Finding> {
    let name = question.name?;
    let target = question.target;
    if san_covers(target, name) {
        return None;
    }
    let in_subject = common_name_equals(target, name);
    let has_dns_name = presented(target).iter().any(GeneralName::is_dns_name);
    // An address counts only as iPAddress (RFC 9525 §6.2), also where a common name is taken for a host's.
    if in_subject && question.allow_common_name && !has_dns_name && matches!(name, GeneralName::Dns(_)) {
        let message = format!(
            "`{}` is only in the Subject, which modern clients ignore",
            name.value()
        );
        return Some(
            Finding::about(Rule::NoSubjectAlternativeName, target, message).lighter(Severity::Warning),
        );
    }
    // Another finding already reports unparsable names: it is unknown which names the certificate has.
    (super::encoding::names_unreadable(target).is_none()).then(|| name_finding(target, name, in_subject))
}

fn name_finding(target: &Certificate, name: &GeneralName, in_subject: bool) -> Finding {
    let wanted = name.value();
    let names = presented(target);
    if matches!(name, GeneralName::Ip(_))
        && names
            .iter()
            .any(|presented| presented.is_dns_name() && same_address(&presented.value(), name))
    {
        let message = format!("`{wanted}` is in a dNSName, but an address only counts as iPAddress");
        return Finding::about(Rule::AddressAsName, target, message)
            .compared(format!("ip:{wanted}"), format!("dns:{wanted}"));
    }
    if matches!(name, GeneralName::Ip(_)) && in_subject {
        let message =
            format!("`{wanted}` is in the Subject's common name, but an address only counts as iPAddress");
        return Finding::about(Rule::AddressAsName, target, message)
            .compared(format!("ip:{wanted}"), format!("CN={wanted}"));
    }
    if names.is_empty() {
        let subject = if in_subject {
            "it is in the Subject's common name, which modern clients ignore"
        } else {
            "the Subject does not contain it either"
        };
        let lacks = match target.subject_alternative_names() {
            Some(_) => "the subjectAltName of the certificate contains no name",
            None => "the certificate has no subjectAltName",
        };
        let message = format!("expected `{wanted}`, but {lacks}; {subject}");
        return Finding::about(Rule::NoSubjectAlternativeName, target, message)
            .compared(name.to_string(), "no subjectAltName");
    }
    if let Some(partial) = names
        .iter()
        .find(|presented| is_partial_wildcard(presented, name))
    {
        let text = partial.value();
        let message = format!(
            "expected `{wanted}`, but in `{text}` the wildcard is not the whole left-most label: OpenSSL \
             accepts that, others do not"
        );
        return Finding::about(Rule::PartialWildcard, target, message)
            .compared(name.to_string(), partial.to_string());
    }
    let list = list_in_words(names, SHOWN_NAMES);
    let why = close_miss(names, name).map_or(String::new(), |why| format!(": {why}"));
    let message = format!("expected `{wanted}`, but the certificate is for {list}{why}");
    Finding::about(Rule::NameMismatch, target, message).compared(name.to_string(), list)
}

/// Whether it would cover the host if a wildcard were allowed within the left-most label, as RFC 6125 §6.4.3 had it.
fn is_partial_wildcard(presented: &GeneralName, wanted: &GeneralName) -> bool {
    let (GeneralName::Other { kind: "dns", text }, GeneralName::Dns(wanted)) = (presented, wanted) else {
        return false;
    };
    let (Some((pattern, parent)), Some((label, rest))) =
        (text.split_once('.'), wanted.as_str().split_once('.'))
    else {
        return false;
    };
    let Some((before, after)) = pattern
        .split_once('*')
        .filter(|(before, after)| !(before.is_empty() && after.is_empty()))
    else {
        return false;
    };
    let [label, before, after] = [label, before, after].map(str::to_ascii_lowercase);
    parent.eq_ignore_ascii_case(rest)
        && label.len() >= before.len() + after.len()
        && label.starts_with(&before)
        && label.ends_with(&after)
}

/// Why a name that looks as if it would do does not.
fn close_miss(names: &[GeneralName], wanted: &GeneralName) -> Option<String> {
    let GeneralName::Dns(wanted) = wanted else {
        return None;
    };
    names.iter().filter(|name| name.is_dns_name()).find_map(|name| {
        let text = name.value();
        let parent = text
            .split_once('.')
            .filter(|(label, _)| label.contains('*'))
            .map(|(_, parent)| parent);
        match (name, parent) {
            (GeneralName::Dns(_), Some(parent)) if !parent.contains('.') => Some(format!(
                "`{text}` is a wildcard below a single label, which OpenSSL, NSS and rustls do not accept"
            )),
            (GeneralName::Dns(_), Some(parent)) if wanted.is_below(parent) => {
                Some(format!("`{text}` covers one label, not several"))
            }
            (GeneralName::Dns(_), Some(parent)) if wanted.as_str().eq_ignore_ascii_case(parent) => Some(
                format!("`{text}` covers names below `{parent}`, not `{parent}` itself"),
            ),
            (GeneralName::Other { .. }, _) if text.contains('*') => Some(format!(
                "in `{text}` the wildcard is not the whole left-most label"
            )),
            (GeneralName::Other { .. }, _)
                if DnsName::parse(&text).is_ok_and(|meant| meant.covers(wanted)) =>
            {
                Some(format!(
                    "`{text}` is not written as a dNSName must be: A-labels, no dot at the end"
                ))
            }
            _ => None,
        }
    })
}

pub(super) fn presented(certificate: &Certificate) -> &[GeneralName] {
    certificate.subject_alternative_names().unwrap_or_default()
}

pub(in crate::x509::path) fn san_covers(certificate: &Certificate, name: &GeneralName) -> bool {
    presented(certificate)
        .iter()
        .any(|presented| presented.covers(name))
}

pub(in crate::x509::path) fn common_name_equals(certificate: &Certificate, name: &GeneralName) -> bool {
    certificate
        .subject()
        .common_names()
        .iter()
        .any(|common_name| match name {
            // OpenSSL, NSS and GnuTLS compare a final dot like any other character.
            GeneralName::Dns(host) => {
                !common_name.ends_with('.')
                    && DnsName::parse(common_name).is_ok_and(|common_name| common_name.covers(host))
            }
            address => same_address(common_name, address),
        })
}

/// An address in letters, however it is written.
fn same_address(text: &str, address: &GeneralName) -> bool {
    matches!((text.parse::<std::net::IpAddr>(), address), (Ok(found), GeneralName::Ip(wanted)) if found == *wanted)
        || text == address.value()
}

/// What the form of the target says about its use.
pub(super) fn of_target(question: &Question<'_>, target: &Certificate) -> Vec<Finding> {
    let mut findings = Vec::new();
    if question.purpose != Purpose::Any && target.is_authority() {
        let message = "it is a CA certificate (its basicConstraints say CA:TRUE): rustls and Firefox reject \
             it from a server or client"
            .into();
        let form = if target.extended_key_usage().is_some() {
            Form::WithPurposes
        } else {
            Form::Plain
        };
        let finding = Finding::about(Rule::AuthorityAsEndEntity, target, message)
            .compared("CA:FALSE", "CA:TRUE")
            .of_form(form);
        // What `openssl req -x509` makes, trusted itself: RFC 5280 has nothing against it, and most programs neither.
        let is_trusted_itself = target.is_self_issued() && question.anchors.contains(target);
        findings.push(if is_trusted_itself {
            finding.lighter(Severity::Warning)
        } else {
            finding
        });
    }
    if let Some(path_len) = target
        .basic_constraints()
        .and_then(|constraints| constraints.path_len)
        && target.lacking_for_authority().is_some()
    {
        let message = format!(
            "its basicConstraints have pathLenConstraint {path_len}, but it may not sign certificates"
        );
        findings.push(
            Finding::about(Rule::PathLengthWithoutAuthority, target, message)
                .compared("no pathLenConstraint", path_len.to_string()),
        );
    }
    if !target.is_authority() {
        findings.extend(claims_of_an_authority(target));
    }
    if target.subject().is_empty() && !target.has_critical(oid::SUBJECT_ALT_NAME) {
        let (message, found) = match target.subject_alternative_names() {
            Some(_) => (
                "its Subject is empty, but its subjectAltName is not critical",
                "not critical",
            ),
            None => (
                "its Subject is empty, and it has no subjectAltName",
                "no subjectAltName",
            ),
        };
        findings.push(
            Finding::about(Rule::EmptySubject, target, message.into())
                .compared("a critical subjectAltName", found),
        );
    }
    findings
}

/// What only a CA may have.
fn claims_of_an_authority(target: &Certificate) -> Vec<Finding> {
    let mut findings = Vec::new();
    if target
        .key_usage()
        .is_some_and(|usage| usage.has(KeyUsage::KEY_CERT_SIGN))
    {
        let message = "its keyUsage has keyCertSign, but it is not a CA certificate".into();
        findings.push(
            Finding::about(Rule::CertSignWithoutAuthority, target, message)
                .compared("no keyCertSign", "keyCertSign"),
        );
    }
    if let Some(constraints) = target.name_constraints() {
        let message = "it has name constraints, but is not a CA certificate".into();
        let form = match constraints.unreadable {
            Some(_) => Form::of_unreadable(constraints),
            None => Form::Plain,
        };
        findings.push(Finding::about(Rule::NameConstraintsWithoutAuthority, target, message).of_form(form));
    }
    findings
}

/// extKeyUsage of the target, and of intermediates that have one: every validator in use reads it as a limit there too. And
/// keyUsage of the target, as OpenSSL, NSS and Java look at it for servers and clients.
pub(super) fn usage(purpose: Purpose, certificate: &Certificate, is_target: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let usages = certificate.extended_key_usage();
    if usages.is_some_and(<[_]>::is_empty) {
        let message = "its extKeyUsage contains no purpose".into();
        findings.push(
            Finding::about(Rule::ExtendedKeyUsageEmpty, certificate, message)
                .compared("at least one purpose", "none"),
        );
    }
    let (wanted, key_usages) = match purpose {
        Purpose::Server => (
            ExtendedKeyUsage::ServerAuth,
            KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT | KeyUsage::KEY_AGREEMENT,
        ),
        Purpose::Client => (
            ExtendedKeyUsage::ClientAuth,
            KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_AGREEMENT,
        ),
        Purpose::Any => return findings,
    };
    if let Some(usages) = usages.filter(|usages| !usages.is_empty() && !usages.contains(&wanted)) {
        let list = usages
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        let message = format!("expected {wanted}, but its extKeyUsage is {list}");
        let finding =
            Finding::about(Rule::ExtendedKeyUsage, certificate, message).compared(wanted.to_string(), list);
        // In an intermediate anyExtendedKeyUsage limits nothing.
        if is_target || !usages.contains(&ExtendedKeyUsage::Any) {
            findings.push(finding);
        }
    }
    if let Some(usage) = certificate
        .key_usage()
        .filter(|usage| is_target && !usage.has_any(key_usages))
    {
        let (wanted, found) = (key_usages.names().join(" or "), usage.to_string());
        let message = format!("expected {wanted}, but its keyUsage is {found}");
        findings.push(Finding::about(Rule::EndEntityKeyUsage, certificate, message).compared(wanted, found));
    }
    findings
}
