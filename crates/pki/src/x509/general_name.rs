//! Names of hosts: the kinds gsec writes to subjectAltName (RFC 5280 §4.2.1.6).

use std::fmt;
use std::net::IpAddr;

use super::{DistinguishedName, NameError};
use crate::encoding::sample::list_in_words_apart;

/// Maximum length of a host name in characters: RFC 1035 §2.3.4 without the length bytes.
const MAX_DNS_NAME: usize = 253;
/// The most characters of a label, RFC 1035 §2.3.4.
const MAX_LABEL: usize = 63;
/// The upper bound of emailAddress, RFC 5280 Appendix A.1 (ub-emailaddress-length).
const MAX_EMAIL: usize = 255;

/// Of hundreds of names, a message has these.
pub const MAX_NAMES_IN_WORDS: usize = 12;

/// A host name in the preferred syntax (RFC 1034 §3.5 as RFC 1123 §2.1 relaxes it), perhaps with a wildcard as the whole
/// left-most label. Internationalised names are held as A-labels. Case is kept as typed; comparison ignores it.
#[derive(Debug, Clone)]
pub struct DnsName(String);

impl DnsName {
    /// Reads a name as people type it; one trailing dot is dropped. Underscores pass: whether they may be issued is policy.
    ///
    /// # Errors
    /// Every variant of [`NameError`] that speaks of host names.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.strip_suffix('.').unwrap_or(text);
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let ascii = if text.is_ascii() {
            text.to_owned()
        } else {
            to_a_labels(text)?
        };
        if ascii.len() > MAX_DNS_NAME {
            return Err(NameError::TooLong {
                found: ascii.len(),
                bound: MAX_DNS_NAME,
            });
        }
        let host = ascii.strip_prefix("*.").unwrap_or(&ascii);
        host.split('.').try_for_each(check_label)?;
        if host
            .rsplit('.')
            .next()
            .is_some_and(|last| last.chars().all(|character| character.is_ascii_digit()))
        {
            return Err(match ascii.parse::<IpAddr>() {
                Ok(_) => NameError::Address,
                Err(_) => NameError::AddressSlip,
            });
        }
        Ok(Self(ascii))
    }

    /// The name, case as typed, without trailing dot.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first label: what the files of a host are named after. A wildcard is `wildcard`.
    pub fn first_label(&self) -> &str {
        match self.0.split('.').next() {
            Some("*") => "wildcard",
            Some(label) => label,
            None => "",
        }
    }

    /// Whether it has a dot, as a fully qualified name does.
    pub fn is_qualified(&self) -> bool {
        self.0.contains('.')
    }

    /// Whether the name contains an underscore, which RFC 1123 does not allow in host names.
    pub fn has_underscore(&self) -> bool {
        self.0.contains('_')
    }

    /// Whether this certificate name covers `host` (RFC 9525 §6.3): equal but for case, or a wildcard for exactly the
    /// left-most label. A wildcard below a single label, `*.com`, covers nothing: OpenSSL, NSS and rustls want two labels after it.
    pub fn covers(&self, host: &DnsName) -> bool {
        if self.0.eq_ignore_ascii_case(&host.0) {
            return true;
        }
        match (self.0.strip_prefix("*."), host.0.split_once('.')) {
            (Some(parent), Some((label, rest))) => {
                label != "*" && parent.contains('.') && parent.eq_ignore_ascii_case(rest)
            }
            _ => false,
        }
    }

    /// Whether it is `domain` or lies below it, as a permitted subtree means it (RFC 5280 §4.2.1.10).
    pub fn is_within(&self, domain: &str) -> bool {
        let domain = domain.trim_start_matches('.');
        self.0.eq_ignore_ascii_case(domain) || self.is_below(domain)
    }

    /// Whether it lies below `domain`.
    pub fn is_below(&self, domain: &str) -> bool {
        let (name, domain) = (self.0.as_bytes(), domain.as_bytes());
        let split = name
            .len()
            .checked_sub(domain.len())
            .and_then(|at| name.split_at_checked(at));
        split.is_some_and(|(rest, end)| rest.ends_with(b".") && end.eq_ignore_ascii_case(domain))
    }

    /// Whether each A-label (`xn--`) is one that a name of other scripts is encoded as (RFC 5890 §2.3.2.1), and not what only looks like it.
    pub fn has_proper_a_labels(&self) -> bool {
        let host = self.wildcard_parent().unwrap_or(&self.0).to_ascii_lowercase();
        let has_any = host.split('.').any(|label| label.starts_with("xn--"));
        !has_any || idna::domain_to_ascii(&host).is_ok_and(|again| again == host)
    }

    /// The domain below which a wildcard matches exactly one label.
    pub fn wildcard_parent(&self) -> Option<&str> {
        self.0.strip_prefix("*.")
    }
}

impl PartialEq for DnsName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for DnsName {}

impl fmt::Display for DnsName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The host in the authority of a URI (RFC 3986 §3.2).
pub(super) fn uri_host(address: &str) -> Option<&str> {
    let (_, after) = address.split_once("://")?;
    let authority = after.split(['/', '?', '#']).next()?;
    // Of several `@` programs take the first or the last (RFC 3986 §3.2.1 permits one).
    let host = match authority.split_once('@') {
        Some((_, host)) if host.contains('@') => return None,
        Some((_, host)) => host,
        None => authority,
    };
    match host.find(']') {
        Some(end) if host.starts_with('[') => host.get(..=end),
        _ => host.split(':').next(),
    }
}

fn to_a_labels(text: &str) -> Result<String, NameError> {
    let (wildcard, rest) = text.strip_prefix("*.").map_or(("", text), |rest| ("*.", rest));
    let ascii = idna::domain_to_ascii(rest).map_err(|_| NameError::Internationalised)?;
    Ok(format!("{wildcard}{ascii}"))
}

fn check_label(label: &str) -> Result<(), NameError> {
    if label.is_empty() {
        return Err(NameError::EmptyLabel);
    }
    if label.contains('*') {
        return Err(NameError::Wildcard);
    }
    if let Some(bad) = label
        .chars()
        .find(|character| !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_')))
    {
        return Err(NameError::Character(crate::encoding::visible::visible(
            &bad.to_string(),
        )));
    }
    if label.len() > MAX_LABEL {
        return Err(NameError::TooLong {
            found: label.len(),
            bound: MAX_LABEL,
        });
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(NameError::Hyphen(label.to_owned()));
    }
    Ok(())
}

/// A name in subjectAltName.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeneralName {
    /// dNSName.
    Dns(DnsName),
    /// iPAddress.
    Ip(IpAddr),
    /// rfc822Name.
    Email(String),
    /// uniformResourceIdentifier.
    Uri(String),
    /// directoryName, which gsec shows and does not issue.
    Directory(DistinguishedName),
    /// A kind, or a content, that gsec shows and does not issue: `otherName`, a dNSName with blanks in it.
    Other {
        /// The kind, as RFC 5280 names it.
        kind: &'static str,
        /// Its content as text.
        text: String,
    },
}

impl GeneralName {
    /// As it is written to certificates: an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) is the IPv4 address. Go does not read a
    /// certificate with a mapped one.
    pub fn canonical(self) -> Self {
        match self {
            Self::Ip(address) => Self::Ip(address.to_canonical()),
            other => other,
        }
    }

    /// The name without its kind.
    pub fn value(&self) -> String {
        match self {
            Self::Dns(name) => name.to_string(),
            Self::Ip(address) => address.to_string(),
            Self::Directory(name) => name.to_string(),
            Self::Email(text) | Self::Uri(text) | Self::Other { text, .. } => text.clone(),
        }
    }

    /// Whether it is a dNSName, also one whose content is no host name: an address, a name with blanks.
    pub fn is_dns_name(&self) -> bool {
        matches!(self, Self::Dns(_) | Self::Other { kind: "dns", .. })
    }

    /// Several names in a message, but no more than a dozen of them.
    pub fn in_words(names: &[GeneralName]) -> String {
        if names.is_empty() {
            "no name".into()
        } else {
            list_in_words_apart(names, MAX_NAMES_IN_WORDS)
        }
    }

    /// The host the name refers to: itself, the domain of an e-mail address, or the host of a URI (RFC 3986 §3.2.2).
    pub fn host(&self) -> Option<GeneralName> {
        match self {
            Self::Dns(_) | Self::Ip(_) => Some(self.clone()),
            Self::Email(address) => address
                .rsplit_once('@')
                .and_then(|(_, domain)| Self::parse_host(domain).ok()),
            Self::Uri(address) => Self::parse_host(uri_host(address)?).ok(),
            Self::Directory(_) | Self::Other { .. } => None,
        }
    }

    /// Whether it is of a kind and a form that gsec issues: it passes the check that names on the command line pass.
    pub fn is_issued_as_it_stands(&self) -> bool {
        Self::parse_san(&self.to_string()).as_ref() == Ok(self)
    }

    /// Whether this name of a certificate matches the requested host: a host name by RFC 9525 §6.3, an address only by an
    /// equal iPAddress (§6.2).
    pub fn covers(&self, host: &GeneralName) -> bool {
        match (self, host) {
            (Self::Dns(name), Self::Dns(host)) => name.covers(host),
            (Self::Ip(address), Self::Ip(host)) => address == host,
            _ => false,
        }
    }
}

/// As `--san` takes it: `dns:db1.example.com`.
impl fmt::Display for GeneralName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Dns(_) => "dns",
            Self::Ip(_) => "ip",
            Self::Email(_) => "email",
            Self::Uri(_) => "uri",
            Self::Directory(_) => "directoryName",
            Self::Other { kind, .. } => kind,
        };
        write!(out, "{kind}:{}", self.value())
    }
}

/// Reads an e-mail address for rfc822Name and emailAddress: `local@domain`, ASCII (RFC 5280 §4.2.1.6; RFC 5321 §4.1.2
/// without quoted local parts).
///
/// # Errors
/// [`NameError::Email`], [`NameError::TooLong`].
pub(super) fn parse_email(text: &str) -> Result<String, NameError> {
    if text.len() > MAX_EMAIL {
        return Err(NameError::TooLong {
            found: text.len(),
            bound: MAX_EMAIL,
        });
    }
    let (local, domain) = text.split_once('@').ok_or(NameError::Email)?;
    let atom =
        |character: char| character.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(character);
    let local_is_sound =
        !local.is_empty() && local.chars().all(atom) && !local.starts_with('.') && !local.ends_with('.');
    match DnsName::parse(domain) {
        Ok(domain) if local_is_sound && !domain.as_str().contains('*') => Ok(format!("{local}@{domain}")),
        _ => Err(NameError::Email),
    }
}

/// RFC 5280 §4.2.1.6: absolute, with a scheme and something after it, in ASCII; a host must be fully qualified or an IP.
pub(super) fn parse_uri(text: &str) -> Result<String, NameError> {
    let (scheme, rest) = text.split_once(':').ok_or(NameError::Uri)?;
    if let Some(character) = rest
        .chars()
        .find(|character| !character.is_ascii() && !character.is_control())
    {
        let encoded = character
            .encode_utf8(&mut [0; 4])
            .bytes()
            .map(|byte| format!("%{byte:02X}"))
            .collect();
        return Err(NameError::UriCharacter { character, encoded });
    }
    let scheme_is_sound = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character));
    let rest_is_sound = !rest.is_empty()
        && rest
            .chars()
            .all(|character| character.is_ascii_graphic() && !"<>\"{}|\\^`".contains(character));
    let authority_is_sound = match rest.strip_prefix("//") {
        Some(after) => after
            .split(['/', '?', '#'])
            .next()
            .is_some_and(|authority| !authority.is_empty() && authority.matches('@').count() <= 1),
        None => true,
    };
    if scheme_is_sound && rest_is_sound && authority_is_sound {
        Ok(text.to_owned())
    } else {
        Err(NameError::Uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dns(text: &str) -> DnsName {
        DnsName::parse(text).expect("a host name")
    }

    #[test]
    fn host_names_that_cannot_be() {
        use NameError::{Character, EmptyLabel, Hyphen, TooLong, Wildcard};
        assert_eq!(DnsName::parse("a b").unwrap_err(), Character(" ".into()));
        assert_eq!(DnsName::parse("a..b").unwrap_err(), EmptyLabel);
        assert_eq!(DnsName::parse(".b").unwrap_err(), EmptyLabel);
        assert_eq!(DnsName::parse("-a.b").unwrap_err(), Hyphen("-a".into()));
        assert_eq!(DnsName::parse("*.*.b").unwrap_err(), Wildcard);
        assert_eq!(DnsName::parse("w*.b").unwrap_err(), Wildcard);
        assert_eq!(DnsName::parse("*").unwrap_err(), Wildcard);
        assert_eq!(DnsName::parse("../../etc/x").unwrap_err(), EmptyLabel);
        assert_eq!(DnsName::parse("a/b").unwrap_err(), Character("/".into()));
        assert_eq!(
            DnsName::parse("a\u{1b}[1m.b").unwrap_err(),
            Character("\\x1B".into())
        );
        assert_eq!(
            DnsName::parse(&"a.".repeat(150)).unwrap_err(),
            TooLong {
                found: 299,
                bound: 253
            }
        );
        assert_eq!(
            DnsName::parse(&"a".repeat(64)).unwrap_err(),
            TooLong { found: 64, bound: 63 }
        );
    }

    #[test]
    fn internationalised_names_become_a_labels() {
        assert_eq!(dns("bücher.example").as_str(), "xn--bcher-kva.example");
        assert_eq!(dns("*.bücher.example").as_str(), "*.xn--bcher-kva.example");
        assert_eq!(dns("bücher.example").first_label(), "xn--bcher-kva");
    }

    #[test]
    fn what_only_looks_like_an_a_label_is_told() {
        for name in [
            "xn--bcher-kva.example",
            "*.xn--BCHER-kva.example",
            "a_b.example",
            "ab--c.example",
        ] {
            assert!(dns(name).has_proper_a_labels(), "{name}");
        }
        for name in [
            "xn--a.example",
            "xn--zzzzzzzzzzzz.example",
            "www.xn--.example",
            "xn--abc-.example",
        ] {
            let is_proper = DnsName::parse(name).is_ok_and(|name| name.has_proper_a_labels());
            assert!(!is_proper, "{name}");
        }
    }

    #[test]
    fn case_is_kept_and_ignored_in_comparison() {
        assert_eq!(dns("DB1.Example.COM.").as_str(), "DB1.Example.COM");
        assert_eq!(dns("DB1.example.com"), dns("db1.EXAMPLE.com"));
    }

    #[test]
    fn wildcard_covers_exactly_one_label() {
        assert!(dns("*.example.com").covers(&dns("DB1.example.com")));
        assert!(!dns("*.example.com").covers(&dns("a.b.example.com")));
        assert!(!dns("*.example.com").covers(&dns("example.com")));
        assert!(!dns("db1.example.com").covers(&dns("*.example.com")));
        assert_eq!(dns("*.example.com").first_label(), "wildcard");
    }

    #[test]
    fn within_a_domain_means_at_label_boundaries() {
        assert!(dns("db1.example.com").is_within("example.com"));
        assert!(dns("example.com").is_within(".example.com"));
        assert!(!dns("badexample.com").is_within("example.com"));
    }

    #[test]
    fn address_is_not_a_host_name() {
        assert_eq!(
            GeneralName::parse_host("10.0.0.1"),
            Ok(GeneralName::Ip("10.0.0.1".parse().expect("ip")))
        );
        assert_eq!(GeneralName::parse_host("::1").expect("ip").to_string(), "ip:::1");
        for slip in ["10.0.0.300", "010.0.0.1", "1.2.3", "10.0.0.1]", "7"] {
            assert!(GeneralName::parse_host(slip).is_err(), "{slip}");
        }
    }

    #[test]
    fn san_has_a_kind_or_one_that_can_be_told() {
        assert_eq!(
            GeneralName::parse_san("db1.example.com")
                .expect("a host")
                .to_string(),
            "dns:db1.example.com"
        );
        assert_eq!(GeneralName::parse_san("x:db1"), Err(NameError::Kind));
        assert_eq!(
            GeneralName::parse_san("dns:db1.example.com")
                .expect("dns")
                .to_string(),
            "dns:db1.example.com"
        );
        assert_eq!(
            GeneralName::parse_san("email:a@b.example")
                .expect("email")
                .to_string(),
            "email:a@b.example"
        );
        assert_eq!(
            GeneralName::parse_san("uri:spiffe://x/y")
                .expect("uri")
                .to_string(),
            "uri:spiffe://x/y"
        );
        assert_eq!(GeneralName::parse_san("ip:10.0.0.300"), Err(NameError::Ip));
        assert_eq!(GeneralName::parse_san("email:ab"), Err(NameError::Email));
        assert_eq!(GeneralName::parse_san("uri:no scheme"), Err(NameError::Uri));
    }
}
