//! How each program compares the host with the names in a certificate.
//!
//! Each function follows the program's own code, and tests/it/interop/consumers.rs asks the programs about the same names and patterns.

use std::net::{IpAddr, Ipv6Addr};

use crate::x509::name::EncodedCommonName;
use crate::x509::path::consumers::Consumer;
use crate::x509::{Certificate, GeneralName};

/// Universal tags of string types: UTF8String, PrintableString, TeletexString, IA5String, UniversalString, BMPString.
const UTF8: u32 = 12;
const PRINTABLE: u32 = 19;
const TELETEX: u32 = 20;
const IA5: u32 = 22;
const UNIVERSAL: u32 = 28;
const BMP: u32 = 30;
/// id-on-dnsSRV, RFC 4985 §2.
const SERVICE_NAME: &str = "1.3.6.1.5.5.7.8.7";

/// The string types of which a program makes text where they are in a common name; `None` for one that reads every type that OpenSSL does.
fn readable_types(consumer: Consumer) -> Option<&'static [u32]> {
    match consumer {
        // `DerValue.getAsString`; `CERT_DecodeAVAValue`.
        Consumer::Java | Consumer::Nss => Some(&[UTF8, PRINTABLE, TELETEX, IA5, UNIVERSAL, BMP]),
        // lib/x509/common.c, `_gnutls_x509_dn_to_string`: what it cannot read it writes in hexadecimal.
        Consumer::GnuTls => Some(&[UTF8, PRINTABLE, TELETEX, BMP]),
        _ => None,
    }
}

/// The common names of a Subject that a program compares with a host, in their order; none where it cannot read the one that it takes.
pub(super) fn common_names(consumer: Consumer, certificate: &Certificate) -> Vec<String> {
    let all = certificate.subject().encoded_common_names();
    let taken: Vec<&EncodedCommonName> = match (consumer, all.as_slice()) {
        // `X500Name.findMostSpecificAttribute`: the first of the last part that has one.
        (Consumer::Java, [.., last]) => all
            .iter()
            .filter(|name| name.relative_name == last.relative_name)
            .take(1)
            .collect(),
        // `CERT_GetCommonName`.
        (Consumer::Nss, [.., last]) => vec![last],
        _ => all.iter().collect(),
    };
    let is_readable = |name: &&EncodedCommonName| {
        readable_types(consumer).is_none_or(|types| types.contains(&name.string_type))
    };
    match taken.iter().all(is_readable) {
        true => taken.into_iter().map(|name| name.text.clone()).collect(),
        false => Vec::new(),
    }
}

/// The names in a certificate that a host may be compared with, exactly as encoded.
struct Names {
    dns: Vec<String>,
    addresses: Vec<IpAddr>,
    common: Vec<String>,
    has_uri: bool,
    /// Whether subjectAltName has an iPAddress, of any length.
    has_address: bool,
    /// Whether subjectAltName has the name of a service.
    has_service: bool,
}

impl Names {
    /// The names as the program reads them.
    fn of(consumer: Consumer, certificate: &Certificate) -> Self {
        let presented = certificate.subject_alternative_names().unwrap_or_default();
        let is_dns = |name: &&GeneralName| {
            matches!(name, GeneralName::Dns(_) | GeneralName::Other { kind: "dns", .. })
        };
        let address = |name: &GeneralName| {
            if let GeneralName::Ip(address) = name {
                Some(*address)
            } else {
                None
            }
        };
        Self {
            dns: presented.iter().filter(is_dns).map(GeneralName::value).collect(),
            addresses: presented.iter().filter_map(address).collect(),
            common: common_names(consumer, certificate),
            has_uri: presented.iter().any(|name| matches!(name, GeneralName::Uri(_))),
            has_address: presented
                .iter()
                .any(|name| matches!(name, GeneralName::Ip(_) | GeneralName::Other { kind: "ip", .. })),
            has_service: presented.iter().any(
                |name| matches!(name, GeneralName::Other { kind: "otherName", text } if text == SERVICE_NAME),
            ),
        }
    }
}

/// Whether the program takes the certificate for this host; `None` for a program whose comparison is not known.
pub(super) fn accepts(consumer: Consumer, certificate: &Certificate, host: &GeneralName) -> Option<bool> {
    let names = Names::of(consumer, certificate);
    match host {
        GeneralName::Ip(address) => accepts_address(consumer, &names, *address),
        GeneralName::Dns(host) => accepts_host(consumer, &names, host.as_str()),
        _ => None,
    }
}

fn accepts_address(consumer: Consumer, names: &Names, address: IpAddr) -> Option<bool> {
    let is_listed = names.addresses.contains(&address);
    // NSS and Java take an IPv4-mapped IPv6 address for the IPv4 address.
    let is_mapped = |found: &IpAddr| matches!(found, IpAddr::V6(found) if found.to_ipv4_mapped().map(IpAddr::from) == Some(address));
    let is_listed_or_mapped = is_listed || names.addresses.iter().any(is_mapped);
    // Java, Go and NSS take an IPv4-mapped address that is asked for as the IPv4 address.
    if let IpAddr::V6(asked) = address
        && let Some(asked) = asked.to_ipv4_mapped()
        && matches!(consumer, Consumer::Java | Consumer::Go | Consumer::Nss)
    {
        return Some(is_listed || names.addresses.contains(&IpAddr::V4(asked)));
    }
    let is_common_name = || names.common.iter().any(|name| is_address(name, address));
    match consumer {
        Consumer::Windows | Consumer::Rustls => None,
        // Not every version of it leaves the common name aside.
        Consumer::Java if !is_listed_or_mapped && is_common_name() => None,
        Consumer::Java => Some(is_listed_or_mapped),
        // `CERT_VerifyCertName`: uses the common name if the certificate has no iPAddress.
        Consumer::Nss => Some(
            is_listed_or_mapped
                || (!names.has_address && names.common.last().is_some_and(|name| is_address(name, address))),
        ),
        _ => Some(is_listed),
    }
}

/// Whether the text is the address as it is commonly written.
fn is_address(text: &str, address: IpAddr) -> bool {
    text.eq_ignore_ascii_case(&address.to_string())
        || matches!(address, IpAddr::V6(address) if text.parse() == Ok(address) && text == Ipv6Addr::from(address.octets()).to_string())
}

fn accepts_host(consumer: Consumer, names: &Names, host: &str) -> Option<bool> {
    let by = |matches: fn(&str, &str) -> bool, fallback: &dyn Fn() -> bool| match names.dns.as_slice() {
        [] => fallback(),
        list => list.iter().any(|pattern| matches(pattern, host)),
    };
    let in_any = |matches: fn(&str, &str) -> bool| names.common.iter().any(|pattern| matches(pattern, host));
    let in_last =
        |matches: fn(&str, &str) -> bool| names.common.last().is_some_and(|pattern| matches(pattern, host));
    Some(match consumer {
        Consumer::OpenSsl | Consumer::OpenSslStrict => by(openssl, &|| in_any(openssl)),
        Consumer::Python => by(openssl_whole, &|| in_any(openssl_whole)),
        Consumer::Node => by(node, &|| in_any(node)),
        Consumer::Go => by(go, &|| false),
        Consumer::Nss => by(nss, &|| in_last(nss)),
        // `SNIHostName` does not take such a host at all.
        // Of A-labels with a star in them it depends on what they decode to.
        Consumer::Java if names.dns.iter().any(|pattern| is_wild_a_label(pattern)) => return None,
        Consumer::Java => is_ldh_name(host) && by(java, &|| in_last(java)),
        Consumer::GnuTls => by(gnutls, &|| {
            let has_other = names.has_uri || names.has_address || names.has_service;
            !has_other && names.common.len() == 1 && in_last(gnutls)
        }),
        // `ServerName` does not take a wildcard for a host; for all other names its own verdict counts.
        Consumer::Rustls => return host.contains('*').then_some(false),
        Consumer::Windows => return None,
    })
}

/// lib/vtls/hostcheck.c of curl, `Curl_cert_hostcheck`, which curl uses in the place of OpenSSL's comparison; `None` for an address.
pub(super) fn curl_accepts(certificate: &Certificate, host: &GeneralName) -> Option<bool> {
    let GeneralName::Dns(host) = host else { return None };
    let names = Names::of(Consumer::OpenSsl, certificate);
    let matches = |pattern: &String| curl(pattern, host.as_str());
    Some(match names.dns.as_slice() {
        [] if names.has_address => false,
        [] => names.common.last().is_some_and(matches),
        list => list.iter().any(matches),
    })
}

/// A star matches the whole first label of a pattern with two dots; all other patterns are compared literally.
fn curl(pattern: &str, host: &str) -> bool {
    let [pattern, host] = [pattern, host].map(|name| name.strip_suffix('.').unwrap_or(name));
    match pattern.strip_prefix("*.").filter(|above| above.contains('.')) {
        Some(above) => host
            .split_once('.')
            .is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(above)),
        None => pattern.eq_ignore_ascii_case(host),
    }
}

/// crypto/x509/v3_utl.c, `equal_wildcard`.
fn openssl(pattern: &str, host: &str) -> bool {
    openssl_with(pattern, host, true)
}

/// The same with X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS.
fn openssl_whole(pattern: &str, host: &str) -> bool {
    openssl_with(pattern, host, false)
}

fn openssl_with(pattern: &str, host: &str, allows_partial: bool) -> bool {
    let Some((before, after)) = pattern
        .split_once('*')
        .filter(|_| is_openssl_pattern(pattern, allows_partial))
    else {
        return pattern.eq_ignore_ascii_case(host);
    };
    let Some(middle) = between(host, before, after) else {
        return false;
    };
    let is_whole_label = before.is_empty() && after.starts_with('.');
    if is_whole_label && middle.is_empty() {
        return false;
    }
    let is_idna = host
        .get(..4)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("xn--"));
    // `wildcard_match`: "The wildcard may match a literal '*'".
    (is_whole_label || !is_idna)
        && (middle == "*"
            || middle
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

/// `valid_star`: one star, in the left-most label, at its start or end, and at least two dots after it.
fn is_openssl_pattern(pattern: &str, allows_partial: bool) -> bool {
    let labels: Vec<&str> = pattern.split('.').collect();
    let [first, above @ ..] = labels.as_slice() else {
        return false;
    };
    let is_ldh = |label: &str| {
        label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_label =
        |label: &&str| !label.is_empty() && is_ldh(label) && !label.starts_with('-') && !label.ends_with('-');
    let Some((before, after)) = first.split_once('*') else {
        return false;
    };
    let is_at_edge = if allows_partial {
        before.is_empty() || after.is_empty()
    } else {
        before.is_empty() && after.is_empty()
    };
    let is_idna = first.len() >= 4 && first[..4].eq_ignore_ascii_case("xn--");
    let is_first = is_ldh(before)
        && is_ldh(after)
        && !before.starts_with('-')
        && !before.ends_with('-')
        && !after.ends_with('-');
    above.len() >= 2 && above.iter().all(is_label) && is_at_edge && is_first && !is_idna
}

/// The part of `text` between these two, compared without case.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let end = text
        .len()
        .checked_sub(after.len())
        .filter(|end| *end >= before.len())?;
    let (first, middle, last) = (
        text.get(..before.len())?,
        text.get(before.len()..end)?,
        text.get(end..)?,
    );
    (first.eq_ignore_ascii_case(before) && last.eq_ignore_ascii_case(after)).then_some(middle)
}

/// crypto/x509/verify.go, `Certificate.VerifyHostname`: patterns that are not host names are compared literally.
fn go(pattern: &str, host: &str) -> bool {
    if !(is_go_name(pattern, true) && is_go_name(host, false)) {
        return !host.is_empty() && host != "." && pattern.eq_ignore_ascii_case(host);
    }
    let (patterns, labels): (Vec<&str>, Vec<&str>) =
        (pattern.split('.').collect(), host.split('.').collect());
    let matches = |(number, (pattern, label)): (usize, (&&str, &&str))| {
        (number == 0 && *pattern == "*") || pattern.eq_ignore_ascii_case(label)
    };
    patterns.len() == labels.len() && patterns.iter().zip(&labels).enumerate().all(matches)
}

/// `validHostname`.
fn is_go_name(name: &str, is_pattern: bool) -> bool {
    let is_character =
        |(at, byte): (usize, u8)| byte.is_ascii_alphanumeric() || byte == b'_' || (byte == b'-' && at > 0);
    let is_label = |(number, label): (usize, &str)| {
        (is_pattern && number == 0 && label == "*")
            || (!label.is_empty() && label.bytes().enumerate().all(is_character))
    };
    name != "*" && name.split('.').enumerate().all(is_label)
}

/// sun.security.util.HostnameChecker, `matchAllWildcards`: every label may contain stars, also several, and a star may match
/// nothing.
fn java(pattern: &str, host: &str) -> bool {
    let is_too_wide = match pattern.rsplit_once('*') {
        Some((_, after)) => !after.contains('.') || pattern == "*.",
        None => false,
    };
    if is_too_wide || !is_ldh_name(&pattern.replace('*', "z")) {
        return false;
    }
    let [pattern, host] = [pattern, host].map(str::to_ascii_lowercase);
    let (patterns, labels): (Vec<&str>, Vec<&str>) =
        (pattern.split('.').collect(), host.split('.').collect());
    patterns.len() == labels.len()
        && patterns
            .iter()
            .zip(&labels)
            .all(|(pattern, label)| java_label(pattern, label))
}

fn java_label(pattern: &str, label: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == label;
    };
    // Both are compared in Unicode, in which nothing is left of the prefix.
    if first.starts_with("xn--") {
        return false;
    }
    let Some(mut left) = label.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    if label.starts_with("xn--") && !last.is_empty() {
        return false;
    }
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

fn is_wild_a_label(pattern: &str) -> bool {
    let mut labels = pattern.split('.');
    labels.any(|label| label.to_ascii_lowercase().starts_with("xn--") && label.contains('*'))
}

/// Whether every label is of letters, digits and inner hyphens, as `java.net.IDN` asks with USE_STD3_ASCII_RULES.
fn is_ldh_name(name: &str) -> bool {
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(is_character)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.split('.').all(is_label)
}

/// lib/certdb/certdb.c, `cert_TestHostName`: a star ends the first label of at least three.
fn nss(pattern: &str, host: &str) -> bool {
    let is_wild = || {
        let (label, above) = pattern.split_once('.')?;
        let (second, rest) = above.split_once('.')?;
        let (_, host_above) = host.split_once('.')?;
        let before = label.strip_suffix('*')?;
        let is_idna = |name: &str| {
            name.get(..4)
                .is_some_and(|prefix| prefix.eq_ignore_ascii_case("xn--"))
        };
        let is_pattern =
            !second.is_empty() && !rest.is_empty() && pattern.matches('*').count() == 1 && !is_idna(pattern);
        let is_prefix = host
            .get(..before.len())
            .is_some_and(|prefix| prefix.eq_ignore_ascii_case(before));
        let may_be_idna = before.is_empty() || !is_idna(host);
        Some(is_pattern && is_prefix && above.eq_ignore_ascii_case(host_above) && may_be_idna)
    };
    is_wild().unwrap_or(false) || pattern.eq_ignore_ascii_case(host)
}

/// lib/str.c, `_gnutls_hostname_compare`: accepts a star only at the start of the pattern; it matches the start of the
/// host's first label.
fn gnutls(pattern: &str, host: &str) -> bool {
    let is_printable = pattern
        .bytes()
        .all(|byte| byte.is_ascii_graphic() || byte == b' ');
    let Some(rest) = pattern.strip_prefix('*') else {
        return is_printable && pattern.eq_ignore_ascii_case(host);
    };
    let has_two_dots = rest.matches('.').count() >= 2 && !rest.ends_with('.');
    let first_label = host.find('.').unwrap_or(host.len());
    is_printable
        && has_two_dots
        && (0..=first_label).any(|at| host.get(at..).is_some_and(|host| host.eq_ignore_ascii_case(rest)))
}

/// lib/tls.js, `check`.
fn node(pattern: &str, host: &str) -> bool {
    let pattern = pattern.strip_suffix('.').unwrap_or(pattern).to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let (patterns, labels): (Vec<&str>, Vec<&str>) =
        (pattern.split('.').collect(), host.split('.').collect());
    let is_bad = |label: &&str| label.is_empty() || label.bytes().any(|byte| !(0x21..=0x7f).contains(&byte));
    if patterns.len() != labels.len() || patterns.iter().any(is_bad) || patterns[1..] != labels[1..] {
        return false;
    }
    let (first, label) = (patterns[0], labels[0]);
    match first.split_once('*').filter(|_| !first.contains("xn--")) {
        None => first == label,
        Some((before, after)) => {
            !after.contains('*') && patterns.len() > 2 && between(label, before, after).is_some()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcard_is_taken_as_each_program_takes_it() {
        type Program = fn(&str, &str) -> bool;
        let programs: [Program; 7] = [openssl, openssl_whole, go, java, nss, gnutls, node];
        let answers = |pattern, host| programs.map(|program| program(pattern, host));
        let [yes, no] = [true, false];
        for (pattern, host, expected) in [
            ("*.example.com", "db1.example.com", [yes; 7]),
            ("*.example.com", "example.com", [no; 7]),
            (
                "*.example.com",
                "my_db.example.com",
                [no, no, yes, yes, yes, yes, yes],
            ),
            (
                "d*.example.com",
                "db1.example.com",
                [yes, no, no, yes, yes, no, yes],
            ),
            (
                "*1.example.com",
                "db1.example.com",
                [yes, no, no, yes, no, yes, yes],
            ),
            (
                "d*1.example.com",
                "db1.example.com",
                [no, no, no, yes, no, no, yes],
            ),
            ("db1.*.com", "db1.example.com", [no, no, no, yes, no, no, no]),
            ("*.com", "example.com", [no, no, yes, yes, no, no, no]),
            (
                "*b-xka.example.com",
                "xn--db-xka.example.com",
                [no, no, no, no, no, yes, yes],
            ),
            (
                "db1.example.com.",
                "db1.example.com",
                [no, no, no, no, no, no, yes],
            ),
            ("*.example.com", "*.example.com", [yes; 7]),
        ] {
            assert_eq!(answers(pattern, host), expected, "{pattern} {host}");
        }
    }
}
