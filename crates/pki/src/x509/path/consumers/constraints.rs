//! What programs make of name constraints otherwise than RFC 5280 has it.

use super::Consumer;
use super::Verdict::Refuses;
use super::usages::Objection;
use crate::x509::oid;
use crate::x509::path::Purpose;
use crate::x509::path::finding::Rule;
use crate::x509::path::search::Built;
use crate::x509::{Certificate, DnsName, GeneralName, NameConstraints, Subtree};

/// What the program has against the names of the path, or the number of its CAs, which gsec has not.
pub(super) fn objections(consumer: Consumer, purpose: Purpose, built: &Built<'_>) -> Vec<Objection> {
    let mut objections = Vec::new();
    let mut object = |rule, position| {
        objections.push(Objection {
            rule,
            verdict: Refuses,
            position,
        })
    };
    for (position, certificate) in built.path.iter().enumerate() {
        if consumer == Consumer::GnuTls && UNKNOWN_TO_GNUTLS.iter().any(|oid| certificate.has_critical(oid)) {
            object(Rule::UnknownCriticalExtension, position);
        }
    }
    for (position, authority) in built.path.iter().enumerate().skip(1) {
        if counts_self_issued(consumer) && is_too_deep(position, authority) {
            object(Rule::SelfIssuedCounted, position);
        }
        let Some(constraints) = authority
            .name_constraints()
            .filter(|constraints| constraints.unreadable.is_none())
        else {
            continue;
        };
        if has_unprocessed(consumer, authority, constraints) {
            object(Rule::NameConstraintsKind, position);
        }
        if consumer == Consumer::Go
            && let Some(position) = self_issued_outside(built, position, constraints)
        {
            object(Rule::SelfIssuedCounted, position);
        }
        if consumer == Consumer::Go
            && built
                .path
                .first()
                .is_some_and(|target| is_outside_for_go(target, constraints))
        {
            object(Rule::NameConstraints, 0);
        }
        let is_imposed = !(consumer == Consumer::Java && built.is_anchor(position));
        // A client's common name is a person's: GnuTLS and NSS compare it for servers only.
        let is_compared = purpose != Purpose::Client || !matches!(consumer, Consumer::Nss | Consumer::GnuTls);
        if is_imposed
            && is_compared
            && built
                .path
                .first()
                .is_some_and(|target| is_common_name_outside(consumer, target, constraints))
        {
            object(Rule::NameConstraintsCommonName, 0);
        }
    }
    objections
}

/// policyMappings, policyConstraints.
const UNKNOWN_TO_GNUTLS: [&str; 2] = [oid::POLICY_MAPPINGS, oid::POLICY_CONSTRAINTS];

/// Go (`isValid` in crypto/x509/verify.go) and GnuTLS (`check_ca_max_path`) count every CA below a pathLenConstraint.
fn counts_self_issued(consumer: Consumer) -> bool {
    matches!(consumer, Consumer::Go | Consumer::GnuTls)
}

fn is_too_deep(position: usize, authority: &Certificate) -> bool {
    let Some(allowed) = authority
        .basic_constraints()
        .and_then(|constraints| constraints.path_len)
    else {
        return false;
    };
    position - 1 > usize::try_from(allowed).unwrap_or(usize::MAX)
}

/// Whether the constraints have a kind of name that the program refuses to see constrained.
fn has_unprocessed(consumer: Consumer, authority: &Certificate, constraints: &NameConstraints) -> bool {
    let mut all = constraints.permitted.iter().chain(&constraints.excluded);
    match consumer {
        // `parseNameConstraintsExtension`: an extension that is critical and has other kinds is unhandled.
        Consumer::Go => {
            authority.has_critical(oid::NAME_CONSTRAINTS)
                && all.any(|subtree| matches!(subtree, Subtree::Directory(_) | Subtree::Other(_)))
        }
        // lib/x509/name_constraints.c: what it cannot compare it takes for excluded.
        Consumer::GnuTls => {
            let is_unknown = |subtree: &Subtree| {
                matches!(
                    subtree,
                    Subtree::Uri(_) | Subtree::Directory(_) | Subtree::Other(_)
                )
            };
            constraints.excluded.iter().any(is_unknown)
        }
        _ => false,
    }
}

/// crypto/x509/verify.go, `matchEmailConstraint` and `matchURIConstraint`: a domain without a dot before it covers what lies below it too.
fn is_outside_for_go(target: &Certificate, constraints: &NameConstraints) -> bool {
    let widened = |list: &[Subtree]| -> Vec<Subtree> {
        let below = list.iter().filter_map(|subtree| match subtree {
            Subtree::Email(base) if !base.starts_with('.') && !base.contains('@') => {
                Some(Subtree::Email(format!(".{base}")))
            }
            Subtree::Uri(base) if !base.starts_with('.') => Some(Subtree::Uri(format!(".{base}"))),
            _ => None,
        });
        list.iter().cloned().chain(below).collect()
    };
    let widened = NameConstraints {
        permitted: widened(&constraints.permitted),
        excluded: widened(&constraints.excluded),
        unreadable: None,
    };
    let presented = target.subject_alternative_names().unwrap_or_default();
    presented
        .iter()
        .any(|name| matches!(name, GeneralName::Email(_) | GeneralName::Uri(_)) && !widened.allows(name))
}

/// RFC 5280 §6.1.3 (b) lets self-issued CAs have any name; Go does not.
fn self_issued_outside(built: &Built<'_>, position: usize, constraints: &NameConstraints) -> Option<usize> {
    let below = built
        .path
        .iter()
        .enumerate()
        .take(position)
        .skip(1)
        .filter(|(_, certificate)| certificate.is_self_issued());
    let is_outside = |certificate: &Certificate| {
        let names = certificate.subject_alternative_names().unwrap_or_default();
        names
            .iter()
            .any(|name| !matches!(name, GeneralName::Directory(_)) && !constraints.allows(name))
    };
    below
        .filter(|(_, certificate)| is_outside(certificate))
        .map(|(position, _)| position)
        .next()
}

/// Whether the program uses the common name as a host name when the certificate has no dNSName, and the constraints exclude
/// it.
fn is_common_name_outside(consumer: Consumer, target: &Certificate, constraints: &NameConstraints) -> bool {
    let presented = target.subject_alternative_names().unwrap_or_default();
    let has_host = presented
        .iter()
        .any(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Other { kind: "dns", .. }));
    let limits_hosts = constraints
        .permitted
        .iter()
        .chain(&constraints.excluded)
        .any(|subtree| matches!(subtree, Subtree::Dns(_)));
    let common = target.subject().common_names();
    if has_host || !limits_hosts || common.is_empty() {
        return false;
    }
    let is_outside = |name: &String| match DnsName::parse(name) {
        Ok(host) => !constraints.allows(&GeneralName::Dns(host)),
        Err(_) => constraints.limits_host_names(),
    };
    match consumer {
        // crypto/x509/v3_ncons.c, `NAME_CONSTRAINTS_check_CN`.
        Consumer::OpenSsl | Consumer::OpenSslStrict | Consumer::Python | Consumer::Node => common
            .iter()
            .any(|name| is_plausible_host(name) && is_outside(name)),
        // sun.security.x509.NameConstraintsExtension, `verify`.
        Consumer::Java => common
            .last()
            .is_some_and(|name| name.split('.').all(is_java_label) && is_outside(name)),
        // lib/certdb/genname.c, `CERT_GetConstrainedCertificateNames`; lib/x509/name_constraints.c, `gnutls_x509_name_constraints_check_crt`.
        Consumer::Nss | Consumer::GnuTls => common.last().is_some_and(is_outside),
        Consumer::Go | Consumer::Rustls | Consumer::Windows => false,
    }
}

fn is_java_label(label: &str) -> bool {
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !label.is_empty() && label.bytes().all(is_character) && !label.starts_with('-') && !label.ends_with('-')
}

/// `cn2dnsid`: two labels at least, of letters, digits, underscores and inner hyphens.
fn is_plausible_host(name: &str) -> bool {
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(is_character)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.contains('.') && name.split('.').all(is_label)
}
