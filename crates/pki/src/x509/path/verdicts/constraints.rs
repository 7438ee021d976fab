//! What programs make of name constraints otherwise than RFC 5280 has it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::names;
use super::usages::Objection;
use crate::x509::oid;
use crate::x509::path::Purpose;
use crate::x509::path::consumers::Verdict::{self, Refuses, Unknown};
use crate::x509::path::consumers::{Consumer, Place, verdict_of_critical};
use crate::x509::path::finding::Rule;
use crate::x509::path::search::Built;
use crate::x509::{Certificate, DnsName, GeneralName, NameConstraints, Subtree};

/// What the program has against the names of the path, or the number of its CAs, which gsec has not.
pub(super) fn objections(consumer: Consumer, purpose: Purpose, built: &Built<'_>) -> Vec<Objection> {
    let mut objections = Vec::new();
    let mut object = |rule, verdict, position| {
        objections.push(Objection {
            rule,
            verdict,
            position,
        })
    };
    let Some(target) = built.path.first() else {
        return Vec::new();
    };
    for (position, certificate) in built.path.iter().enumerate() {
        if let Some(verdict) = of_critical(consumer, built, position, certificate) {
            object(Rule::UnknownCriticalExtension, verdict, position);
        }
    }
    for (position, authority) in built.path.iter().enumerate().skip(1) {
        if counts_self_issued(consumer) && is_too_deep_by_self_issued(built, position, authority) {
            object(Rule::SelfIssuedCounted, Refuses, position);
        }
        let Some(constraints) = authority
            .name_constraints()
            .filter(|constraints| constraints.unreadable.is_none())
        else {
            continue;
        };
        if let Some(verdict) = of_unprocessed(consumer, authority, constraints, target) {
            object(Rule::NameConstraintsKind, verdict, position);
        }
        if consumer == Consumer::Go
            && let Some(position) = self_issued_outside(built, position, constraints)
        {
            object(Rule::SelfIssuedCounted, Refuses, position);
        }
        if consumer == Consumer::Go
            && built
                .path
                .first()
                .is_some_and(|target| is_outside_for_go(target, constraints))
        {
            object(Rule::NameConstraints, Refuses, 0);
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
            object(Rule::NameConstraintsCommonName, Refuses, 0);
        }
        if is_imposed && is_compared && has_unread_common_name(consumer, target, constraints) {
            object(Rule::NameConstraintsCommonName, Unknown, 0);
        }
    }
    objections
}

/// What the program has against critical extensions that gsec knows. webpki's own verdict counts.
fn of_critical(
    consumer: Consumer,
    built: &Built<'_>,
    position: usize,
    certificate: &Certificate,
) -> Option<Verdict> {
    let place = match position {
        _ if built.is_anchor(position) => Place::Anchor,
        0 => Place::Anywhere,
        _ => Place::Between,
    };
    let verdicts = certificate
        .processed_critical_extensions()
        .filter(|_| consumer != Consumer::Rustls)
        .filter_map(|oid| verdict_of_critical(consumer, oid, place))
        .collect::<Vec<Verdict>>();
    [Refuses, Unknown]
        .into_iter()
        .find(|verdict| verdicts.contains(verdict))
}

/// Go (`isValid` in crypto/x509/verify.go) and GnuTLS (`check_ca_max_path`) count every CA below a pathLenConstraint.
fn counts_self_issued(consumer: Consumer) -> bool {
    matches!(consumer, Consumer::Go | Consumer::GnuTls)
}

/// Whether there are more CAs below one than it permits only where the self-issued ones are counted too. Where there are without them, every program
/// says so.
fn is_too_deep_by_self_issued(built: &Built<'_>, position: usize, authority: &Certificate) -> bool {
    let Some(allowed) = authority
        .basic_constraints()
        .and_then(|constraints| constraints.path_len)
    else {
        return false;
    };
    let allowed = usize::try_from(allowed).unwrap_or(usize::MAX);
    let below = built.path.iter().take(position).skip(1);
    let counted = below.filter(|certificate| !certificate.is_self_issued()).count();
    counted <= allowed && position - 1 > allowed
}

/// What the program has against kinds of names that it does not process.
fn of_unprocessed(
    consumer: Consumer,
    authority: &Certificate,
    constraints: &NameConstraints,
    target: &Certificate,
) -> Option<Verdict> {
    let mut all = constraints.permitted.iter().chain(&constraints.excluded);
    let is_other = |subtree: &Subtree| matches!(subtree, Subtree::Directory(_) | Subtree::Other(_));
    match consumer {
        // `parseNameConstraintsExtension`: an extension that is critical and has other kinds is unhandled.
        Consumer::Go
            if authority.has_critical(oid::NAME_CONSTRAINTS) && all.any(is_other)
                || has_uri_without_host(target) =>
        {
            Some(Refuses)
        }
        // lib/x509/name_constraints.c: what becomes of kinds that it cannot compare depends on the names that are there.
        Consumer::GnuTls if all.any(|subtree| is_other(subtree) || matches!(subtree, Subtree::Uri(_))) => {
            Some(Unknown)
        }
        // It cannot decode them (SEC_ERROR_BAD_DER).
        Consumer::Nss if all.any(|subtree| matches!(subtree, Subtree::Other("ediPartyName"))) => {
            Some(Unknown)
        }
        // An empty Subject is in no directory.
        Consumer::Nss
            if target.subject().is_empty()
                && constraints
                    .excluded
                    .iter()
                    .any(|subtree| matches!(subtree, Subtree::Directory(_))) =>
        {
            Some(Unknown)
        }
        _ => None,
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
    let common = names::common_names(consumer, target);
    if consumer == Consumer::Java
        && let Some(address) = common.last().and_then(|name| java_address(name))
    {
        return !has_address(target)
            && address.is_some_and(|address| !constraints.allows(&GeneralName::Ip(address)));
    }
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
        // NSS leaves the common name aside where there is an address.
        Consumer::Nss => !has_address(target) && common.last().is_some_and(is_outside),
        Consumer::GnuTls => common.last().is_some_and(is_outside),
        Consumer::Go | Consumer::Rustls | Consumer::Windows => false,
    }
}

/// Whether the program would compare the common name with the constraints, and cannot read its string type.
fn has_unread_common_name(consumer: Consumer, target: &Certificate, constraints: &NameConstraints) -> bool {
    let presented = target.subject_alternative_names().unwrap_or_default();
    let is_host = |name: &GeneralName| name.is_dns_name();
    let limits_hosts = |subtree: &Subtree| matches!(subtree, Subtree::Dns(_));
    let mut all = constraints.permitted.iter().chain(&constraints.excluded);
    !target.subject().encoded_common_names().is_empty()
        && names::common_names(consumer, target).is_empty()
        && !presented.iter().any(is_host)
        && all.any(limits_hosts)
}

/// sun.security.x509.NameConstraintsExtension, `verify`: a common name that is the text of an address is an iPAddress, and no host; `None` where it
/// is none, and no address in it where `IPAddressName` does not take the text.
fn java_address(name: &str) -> Option<Option<IpAddr>> {
    if let Ok(address) = name.parse::<Ipv6Addr>() {
        let address = address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4);
        return Some(Some(address));
    }
    let address = java_ipv4(name)?;
    Some(name.contains('.').then_some(IpAddr::V4(address)))
}

/// sun.net.util.IPAddressUtil, `textToNumericFormatV4`: up to four decimal numbers, of which the last fills the bytes that are left.
fn java_ipv4(text: &str) -> Option<Ipv4Addr> {
    const MAX_LENGTH: usize = 15;
    if text.len() > MAX_LENGTH {
        return None;
    }
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() > 4 || !parts.iter().all(is_number) {
        return None;
    }
    let numbers: Vec<u64> = parts
        .iter()
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let (last, above) = numbers.split_last()?;
    let room = 8 * (4 - above.len());
    let high = above.iter().try_fold(0_u64, |sum, number| {
        (*number <= 0xff).then_some(sum << 8 | number)
    })?;
    let whole = (*last < 1 << room).then_some(high << room | last)?;
    u32::try_from(whole).ok().map(Ipv4Addr::from)
}

fn has_address(target: &Certificate) -> bool {
    let presented = target.subject_alternative_names().unwrap_or_default();
    presented
        .iter()
        .any(|name| matches!(name, GeneralName::Ip(_) | GeneralName::Other { kind: "ip", .. }))
}

/// crypto/x509/verify.go, `matchURIConstraint`: a URI without a host, or with an address in its place, cannot be compared and is refused.
fn has_uri_without_host(target: &Certificate) -> bool {
    let presented = target.subject_alternative_names().unwrap_or_default();
    presented.iter().any(|name| match name {
        GeneralName::Uri(uri) => {
            let authority = uri.split_once("://").map(|(_, rest)| rest);
            let host = authority
                .and_then(|rest| rest.split(['/', '?', '#']).next())
                .map(|host| host.rsplit_once('@').map_or(host, |(_, host)| host));
            let is_host = |host: &str| {
                let bare = host.split(':').next().unwrap_or_default();
                !host.starts_with('[') && !bare.is_empty() && bare.parse::<std::net::IpAddr>().is_err()
            };
            !host.is_some_and(is_host)
        }
        _ => false,
    })
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
