//! Grants: who may have certificates for which names. Without a grant there is no certificate.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use gsec_pki::x509::DnsName;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::{Duration, OffsetDateTime};

use super::id::Id;
use super::identifier::Identifier;
use super::kept::seconds_or_none;

/// Somebody may have certificates for some names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Names it.
    pub id: Id,
    /// Who.
    pub subject: Subject,
    /// For which names.
    pub names: Vec<NameRule>,
    /// Of which profiles; empty for the default profile only.
    pub profiles: Vec<String>,
    /// The longest lifetime in days; `None` for what the policy of the CA allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_lifetime_days: Option<u32>,
    /// Whether control of a name is to be proven.
    pub validation: Validation,
    /// Until when it counts.
    #[serde(with = "seconds_or_none", default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<OffsetDateTime>,
}

/// Who is granted something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "lowercase")]
pub enum Subject {
    /// Every account.
    Everyone,
    /// The accounts that a key of an external account has made.
    Eab(Id),
    /// One account.
    Account(Id),
}

/// Whether control of a name is to be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Validation {
    /// By a challenge.
    Challenge,
    /// The grant replaces the proof.
    Granted,
}

/// Which names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RuleText", into = "RuleText")]
pub enum NameRule {
    /// A domain and everything below it, wildcards too.
    Suffix(DnsName),
    /// One name, one wildcard or one address.
    Exact(Identifier),
    /// The addresses of a network.
    Network(Network),
}

/// A network of addresses, RFC 4632.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// Why a name rule is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RuleError {
    /// No kind of rule.
    #[error("is neither suffix, exact nor network")]
    Kind,
    /// A domain has no wildcard.
    #[error("a domain with everything below it is written without `*.`")]
    Wildcard,
    /// No name.
    #[error("is not a name: {0}")]
    Name(String),
    /// No network.
    #[error("is not a network as 10.0.0.0/8 is one: the bits after the prefix are zero")]
    Network,
}

impl Network {
    /// Reads `10.0.0.0/8` or `fd00::/8`. The bits after the prefix are zero. A network of IPv4-mapped addresses (RFC 4291 §2.5.5.2) is the one of
    /// the IPv4 addresses.
    ///
    /// # Errors
    /// [`RuleError::Network`].
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let (address, prefix) = text.split_once('/').ok_or(RuleError::Network)?;
        let address: IpAddr = address.parse().map_err(|_| RuleError::Network)?;
        let has_digits_only = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u8 = prefix.parse().map_err(|_| RuleError::Network)?;
        if !has_digits_only || u32::from(prefix) > width(address) {
            return Err(RuleError::Network);
        }
        let (address, prefix) = match (plain(address), prefix.checked_sub(96)) {
            (IpAddr::V4(inner), Some(prefix)) if address.is_ipv6() => (IpAddr::V4(inner), prefix),
            (IpAddr::V4(_), None) if address.is_ipv6() => return Err(RuleError::Network),
            (address, _) => (address, prefix),
        };
        let network = Self { address, prefix };
        if bits(address) == network.masked(address) {
            Ok(network)
        } else {
            Err(RuleError::Network)
        }
    }

    /// Whether an address is in it. An IPv4-mapped address is the IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = plain(address);
        address.is_ipv4() == self.address.is_ipv4() && self.masked(address) == bits(self.address)
    }

    /// The bits of an address up to the prefix.
    fn masked(&self, address: IpAddr) -> u128 {
        let rest = width(address).saturating_sub(u32::from(self.prefix));
        let mask = u128::MAX.checked_shl(rest).unwrap_or(0);
        bits(address) & mask
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.address, self.prefix)
    }
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}

/// The IPv4 address in an IPv4-mapped one; any other address as it is.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => mapped(address),
        IpAddr::V4(_) => address,
    }
}

fn mapped(address: Ipv6Addr) -> IpAddr {
    address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4)
}

impl NameRule {
    /// A domain and everything below it.
    ///
    /// # Errors
    /// [`RuleError`].
    pub fn suffix(text: &str) -> Result<Self, RuleError> {
        match Identifier::dns(text) {
            Ok(name) if name.is_wildcard() => Err(RuleError::Wildcard),
            Ok(Identifier::Dns(name)) => Ok(Self::Suffix(name)),
            Ok(Identifier::Ip(_)) => Err(RuleError::Kind),
            Err(error) => Err(RuleError::Name(error.to_string())),
        }
    }

    /// One name, one wildcard or one address.
    ///
    /// # Errors
    /// [`RuleError`].
    pub fn exact(text: &str) -> Result<Self, RuleError> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Exact(Identifier::Ip(address)));
        }
        Identifier::dns(text)
            .map(Self::Exact)
            .map_err(|error| RuleError::Name(error.to_string()))
    }

    /// The addresses of a network.
    ///
    /// # Errors
    /// [`RuleError::Network`].
    pub fn network(text: &str) -> Result<Self, RuleError> {
        Network::parse(text).map(Self::Network)
    }

    /// Whether it covers an identifier as it was ordered. A suffix covers a wildcard where it covers the name below it.
    pub fn covers(&self, ordered: &Identifier) -> bool {
        match (self, ordered) {
            (Self::Suffix(domain), Identifier::Dns(name)) => {
                let below_wildcard = name.wildcard_parent().unwrap_or(name.as_str());
                DnsName::parse(below_wildcard).is_ok_and(|name| name.is_within(domain.as_str()))
            }
            (Self::Exact(Identifier::Dns(own)), Identifier::Dns(name)) => own == name,
            (Self::Exact(Identifier::Ip(own)), Identifier::Ip(address)) => plain(*own) == plain(*address),
            (Self::Network(network), Identifier::Ip(address)) => network.contains(*address),
            _ => false,
        }
    }
}

/// As an administrator writes it.
impl fmt::Display for NameRule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Suffix(domain) => write!(out, "{domain} and below"),
            Self::Exact(identifier) => identifier.fmt(out),
            Self::Network(network) => network.fmt(out),
        }
    }
}

/// A rule as it is kept.
#[derive(Serialize, Deserialize)]
struct RuleText {
    kind: String,
    value: String,
}

impl From<NameRule> for RuleText {
    fn from(rule: NameRule) -> Self {
        let (kind, value) = match rule {
            NameRule::Suffix(domain) => ("suffix", domain.to_string()),
            NameRule::Exact(identifier) => ("exact", identifier.to_string()),
            NameRule::Network(network) => ("network", network.to_string()),
        };
        Self {
            kind: kind.to_owned(),
            value,
        }
    }
}

impl TryFrom<RuleText> for NameRule {
    type Error = RuleError;

    fn try_from(text: RuleText) -> Result<Self, RuleError> {
        match text.kind.as_str() {
            "suffix" => Self::suffix(&text.value),
            "exact" => Self::exact(&text.value),
            "network" => Self::network(&text.value),
            _ => Err(RuleError::Kind),
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Requester<'a> {
    /// The account.
    pub account: &'a Id,
    /// The key of the external account that it is bound to.
    pub external: Option<&'a Id>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The names, wildcards included.
    pub identifiers: &'a [Identifier],
    /// The profile.
    pub profile: &'a str,
    /// The profile that is meant where none is asked for.
    pub default_profile: &'a str,
    /// How long the certificate is to be valid; `None` for what the profile says. Then a grant with a bound shortens it.
    pub lifetime: Option<Duration>,
}

/// What may be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// For each identifier, whether control of it is to be proven.
    pub validation: Vec<Validation>,
    /// The longest lifetime that the grants allow, in days; `None` for what the policy of the CA allows.
    pub max_lifetime_days: Option<u32>,
}

/// Why something may not be had: the rule, with the facts of both sides.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GrantRefused {
    /// Nothing at all is granted.
    #[error("no grant is for this account")]
    NoGrant,
    /// Nothing is asked for.
    #[error("no name is asked for")]
    NoName,
    /// Not this name.
    #[error("no grant for this account covers {0}")]
    Name(Identifier),
    /// Not this profile.
    #[error("no grant that covers {identifier} is for profile {profile}")]
    Profile {
        /// The name.
        identifier: Identifier,
        /// What was asked for.
        profile: String,
    },
    /// Not so long.
    #[error("the grants that cover {identifier} are for {max_days} days at the most")]
    Lifetime {
        /// The name.
        identifier: Identifier,
        /// The longest lifetime in days.
        max_days: u32,
    },
}

/// Whether something may be asked for. Each identifier is covered by one grant that is for the requester, the profile and the lifetime; of several,
/// one that replaces the proof counts.
///
/// # Errors
/// [`GrantRefused`].
pub fn may_request(
    grants: &[Grant],
    requester: Requester<'_>,
    wanted: &Wanted<'_>,
    now: OffsetDateTime,
) -> Result<Allowed, GrantRefused> {
    let own: Vec<&Grant> = grants
        .iter()
        .filter(|grant| grant.counts(now) && grant.is_for(requester))
        .collect();
    if own.is_empty() {
        return Err(GrantRefused::NoGrant);
    }
    if wanted.identifiers.is_empty() {
        return Err(GrantRefused::NoName);
    }
    let mut allowed = Allowed {
        validation: Vec::with_capacity(wanted.identifiers.len()),
        max_lifetime_days: None,
    };
    for identifier in wanted.identifiers {
        let grant = covering(&own, identifier, wanted)?;
        allowed.validation.push(grant.validation);
        allowed.max_lifetime_days = [allowed.max_lifetime_days, grant.max_lifetime_days]
            .into_iter()
            .flatten()
            .min();
    }
    Ok(allowed)
}

/// The grant that counts for an identifier: one that replaces the proof before others, then the one of the longest lifetime.
fn covering<'a>(
    own: &[&'a Grant],
    identifier: &Identifier,
    wanted: &Wanted<'_>,
) -> Result<&'a Grant, GrantRefused> {
    let covers = |grant: &&&Grant| grant.names.iter().any(|rule| rule.covers(identifier));
    let by_name: Vec<&&Grant> = own.iter().filter(covers).collect();
    if by_name.is_empty() {
        return Err(GrantRefused::Name(identifier.clone()));
    }
    let by_profile: Vec<&&Grant> = by_name
        .into_iter()
        .filter(|grant| grant.is_for_profile(wanted))
        .collect();
    let longest = by_profile.iter().map(|grant| grant.longest()).max();
    let Some(longest) = longest else {
        return Err(GrantRefused::Profile {
            identifier: identifier.clone(),
            profile: wanted.profile.to_owned(),
        });
    };
    by_profile
        .into_iter()
        .filter(|grant| grant.is_long_enough(wanted.lifetime))
        .max_by_key(|grant| (grant.validation, grant.longest()))
        .copied()
        .ok_or_else(|| GrantRefused::Lifetime {
            identifier: identifier.clone(),
            max_days: longest,
        })
}

impl Grant {
    /// Whether its time has not run out.
    pub fn counts(&self, now: OffsetDateTime) -> bool {
        self.valid_until.is_none_or(|until| now < until)
    }

    fn is_for(&self, requester: Requester<'_>) -> bool {
        match &self.subject {
            Subject::Everyone => true,
            Subject::Eab(key) => requester.external == Some(key),
            Subject::Account(account) => requester.account == account,
        }
    }

    fn is_for_profile(&self, wanted: &Wanted<'_>) -> bool {
        if self.profiles.is_empty() {
            wanted.profile == wanted.default_profile
        } else {
            self.profiles.iter().any(|granted| granted == wanted.profile)
        }
    }

    fn longest(&self) -> u32 {
        self.max_lifetime_days.unwrap_or(u32::MAX)
    }

    fn is_long_enough(&self, lifetime: Option<Duration>) -> bool {
        match (lifetime, self.max_lifetime_days) {
            (Some(asked), Some(most)) => asked <= Duration::days(most.into()),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-30 10:00:00 UTC);

    fn id(number: u8) -> Id {
        Id::from_random(&mut |out| out.fill(number))
    }

    fn identifier(text: &str) -> Identifier {
        text.parse()
            .map_or_else(|_| Identifier::dns(text).expect("a name"), Identifier::Ip)
    }

    fn rule(text: &str) -> NameRule {
        let (kind, value) = text.split_once(' ').expect("two words");
        match kind {
            "suffix" => NameRule::suffix(value),
            "network" => NameRule::network(value),
            _ => NameRule::exact(value),
        }
        .expect("a rule")
    }

    #[test]
    fn a_rule_covers_these_names_and_no_others() {
        let rows = [
            ("suffix example.com", "example.com", true),
            ("suffix example.com", "a.example.com", true),
            ("suffix example.com", "a.b.c.example.com", true),
            ("suffix example.com", "A.EXAMPLE.COM", true),
            ("suffix EXAMPLE.com", "a.example.com", true),
            ("suffix example.com.", "a.example.com", true),
            ("suffix example.com", "a.example.com.", true),
            ("suffix example.com", "evilexample.com", false),
            ("suffix example.com", "a.evilexample.com", false),
            ("suffix example.com", "example.com.evil.org", false),
            ("suffix example.com", "example.org", false),
            ("suffix example.com", "com", false),
            ("suffix example.com", "xample.com", false),
            ("suffix example.com", "*.example.com", true),
            ("suffix example.com", "*.a.example.com", true),
            ("suffix example.com", "*.com", false),
            ("suffix example.com", "*.evilexample.com", false),
            ("suffix a.example.com", "example.com", false),
            ("suffix a.example.com", "*.example.com", false),
            ("suffix a.example.com", "b.example.com", false),
            ("suffix example.com", "10.0.0.1", false),
            ("suffix xn--bcher-kva.example", "www.xn--bcher-kva.example", true),
            ("suffix intranet", "host.intranet", true),
            ("exact a.example.com", "a.example.com", true),
            ("exact a.example.com", "A.Example.Com", true),
            ("exact a.example.com", "b.a.example.com", false),
            ("exact a.example.com", "*.a.example.com", false),
            ("exact a.example.com", "example.com", false),
            ("exact *.example.com", "*.example.com", true),
            ("exact *.example.com", "a.example.com", false),
            ("exact *.example.com", "example.com", false),
            ("exact *.example.com", "*.a.example.com", false),
            ("exact 10.0.0.1", "10.0.0.1", true),
            ("exact 10.0.0.1", "::ffff:10.0.0.1", true),
            ("exact ::ffff:10.0.0.1", "10.0.0.1", true),
            ("exact 10.0.0.1", "10.0.0.2", false),
            ("exact 10.0.0.1", "::10.0.0.1", false),
            ("exact fd00::1", "fd00:0:0::1", true),
            ("exact 10.0.0.1", "a.example.com", false),
            ("network 10.0.0.0/8", "10.255.255.255", true),
            ("network 10.0.0.0/8", "11.0.0.0", false),
            ("network 10.0.0.0/8", "9.255.255.255", false),
            ("network 10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("network 10.0.0.0/8", "::ffff:11.1.2.3", false),
            ("network 10.0.0.0/8", "64:ff9b::10.1.2.3", false),
            ("network ::ffff:10.0.0.0/104", "10.1.2.3", true),
            ("network ::ffff:10.0.0.0/104", "11.1.2.3", false),
            ("network 10.1.2.3/32", "10.1.2.3", true),
            ("network 10.1.2.3/32", "10.1.2.2", false),
            ("network 0.0.0.0/0", "203.0.113.9", true),
            ("network 0.0.0.0/0", "::1", false),
            ("network ::/0", "fd00::1", true),
            ("network ::/0", "10.0.0.1", false),
            ("network ::/0", "::ffff:10.0.0.1", false),
            ("network fd00::/8", "fdff::1", true),
            ("network fd00::/8", "fe00::1", false),
            ("network fd00::1/128", "fd00::1", true),
            ("network 10.0.0.0/8", "a.example.com", false),
        ];
        for (text, name, is_covered) in rows {
            assert_eq!(
                rule(text).covers(&identifier(name)),
                is_covered,
                "{text} and {name}"
            );
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in [
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "10.0.0.0/+8",
            "10.0.0.0/",
            "/8",
            "fd00::1/64",
            "fd00::/129",
            "::ffff:0:0/95",
            "::ffff:10.0.0.0/96",
            "a.example.com/8",
            "10.0.0.0/256",
        ] {
            assert!(NameRule::network(text).is_err(), "{text}");
        }
        assert_eq!(NameRule::suffix("*.example.com"), Err(RuleError::Wildcard));
        for text in ["", ".", "a..b", "10.0.0.1", "-a.example.com", "a b"] {
            assert!(NameRule::suffix(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_rule_is_kept_as_it_was_written() {
        for text in [
            "suffix example.com",
            "exact *.example.com",
            "exact fd00::1",
            "network 10.0.0.0/8",
            "network ::/0",
        ] {
            let kept = serde_json::to_string(&rule(text)).expect("json");
            assert_eq!(
                serde_json::from_str::<NameRule>(&kept).expect("a rule"),
                rule(text),
                "{kept}"
            );
        }
        assert!(serde_json::from_str::<NameRule>("{\"kind\":\"all\",\"value\":\"\"}").is_err());
    }

    fn grant(subject: Subject, rules: &[&str]) -> Grant {
        Grant {
            id: id(9),
            subject,
            names: rules.iter().map(|text| rule(text)).collect(),
            profiles: Vec::new(),
            max_lifetime_days: None,
            validation: Validation::Challenge,
            valid_until: None,
        }
    }

    fn everyone() -> Grant {
        grant(Subject::Everyone, &["suffix example.com"])
    }

    /// Account 1, bound to the external account of key 2.
    fn ask(
        grants: &[Grant],
        names: &[&str],
        profile: &str,
        days: Option<i64>,
    ) -> Result<Allowed, GrantRefused> {
        let identifiers: Vec<Identifier> = names.iter().map(|name| identifier(name)).collect();
        let requester = Requester {
            account: &id(1),
            external: Some(&id(2)),
        };
        let wanted = Wanted {
            identifiers: &identifiers,
            profile,
            default_profile: "host",
            lifetime: days.map(Duration::days),
        };
        may_request(grants, requester, &wanted, NOW)
    }

    fn allowed(validation: &[Validation], max_lifetime_days: Option<u32>) -> Result<Allowed, GrantRefused> {
        Ok(Allowed {
            validation: validation.to_vec(),
            max_lifetime_days,
        })
    }

    const BY_CHALLENGE: Validation = Validation::Challenge;

    #[test]
    fn who_is_granted_nothing_gets_nothing() {
        let own = |subject: Subject| [grant(subject, &["suffix example.com"])];
        let names = ["a.example.com"];
        assert_eq!(ask(&[], &names, "host", None), Err(GrantRefused::NoGrant));
        for (subject, is_own) in [
            (Subject::Everyone, true),
            (Subject::Account(id(1)), true),
            (Subject::Account(id(2)), false),
            (Subject::Eab(id(2)), true),
            (Subject::Eab(id(1)), false),
        ] {
            let expected = if is_own {
                allowed(&[BY_CHALLENGE], None)
            } else {
                Err(GrantRefused::NoGrant)
            };
            assert_eq!(
                ask(&own(subject.clone()), &names, "host", None),
                expected,
                "{subject:?}"
            );
        }
        let over = Grant {
            valid_until: Some(NOW),
            ..everyone()
        };
        assert_eq!(ask(&[over], &names, "host", None), Err(GrantRefused::NoGrant));
        assert_eq!(ask(&[everyone()], &[], "host", None), Err(GrantRefused::NoName));
    }

    #[test]
    fn each_name_is_covered_by_one_grant_that_is_for_all_of_it() {
        let granted = Grant {
            validation: Validation::Granted,
            max_lifetime_days: Some(30),
            ..grant(Subject::Account(id(1)), &["exact a.example.com"])
        };
        let both = [everyone(), granted.clone()];
        assert_eq!(
            ask(&both, &["b.example.com", "a.example.com"], "host", None),
            allowed(&[BY_CHALLENGE, Validation::Granted], Some(30)),
            "the proof is replaced where a grant says so, and the shortest lifetime holds"
        );
        assert_eq!(
            ask(&both, &["a.example.com", "a.example.org"], "host", None),
            Err(GrantRefused::Name(identifier("a.example.org")))
        );
        assert_eq!(
            ask(&both, &["a.example.com"], "host", Some(31)),
            allowed(&[BY_CHALLENGE], None),
            "a grant that is too short does not count"
        );
        assert_eq!(
            ask(
                std::slice::from_ref(&granted),
                &["a.example.com"],
                "host",
                Some(31)
            ),
            Err(GrantRefused::Lifetime {
                identifier: identifier("a.example.com"),
                max_days: 30
            })
        );
        assert!(ask(&[granted], &["a.example.com"], "host", Some(30)).is_ok());
    }

    #[test]
    fn a_grant_without_profiles_is_for_the_default_profile_only() {
        let of = |profiles: &[&str]| {
            [Grant {
                profiles: profiles.iter().map(|name| (*name).to_owned()).collect(),
                ..everyone()
            }]
        };
        for (profiles, profile, is_granted) in [
            (&[][..], "host", true),
            (&[], "client", false),
            (&["host"], "host", true),
            (&["client"], "host", false),
            (&["client", "short"], "short", true),
            (&["client"], "Client", false),
        ] {
            let expected = if is_granted {
                allowed(&[BY_CHALLENGE], None)
            } else {
                Err(GrantRefused::Profile {
                    identifier: identifier("a.example.com"),
                    profile: profile.to_owned(),
                })
            };
            let asked = ask(&of(profiles), &["a.example.com"], profile, None);
            assert_eq!(asked, expected, "{profiles:?} {profile}");
        }
    }

    #[test]
    fn a_refusal_names_the_rule() {
        let refusals = [
            (
                ask(&[everyone()], &["*.example.org"], "host", None),
                "no grant for this account covers *.example.org",
            ),
            (
                ask(&[everyone()], &["a.example.com"], "client", None),
                "no grant that covers a.example.com is for profile client",
            ),
        ];
        for (refused, text) in refusals {
            assert_eq!(refused.expect_err("refused").to_string(), text);
        }
    }
}
