//! What may be connected to, and how. Pure.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use gsec_pki::x509::{DnsName, IpSubnet};

use super::address::{AddressClass, embedded};
use crate::domain::Identifier;

/// The port of http-01 unless a rule has another, RFC 8555 §8.3.
const HTTP_PORT: u16 = 80;
/// The port of tls-alpn-01 unless a rule has another, RFC 8737 §3.
const TLS_PORT: u16 = 443;

/// Which identifiers a rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All that no other rule is about.
    Every,
    /// A domain and what is below it.
    Suffix(DnsName),
    /// The addresses of a network, as identifiers.
    Network(IpSubnet),
}

impl Scope {
    /// How closely the rule is about `identifier`; `None` if it is not.
    fn closeness(&self, identifier: &Identifier) -> Option<usize> {
        match (self, identifier) {
            (Self::Every, _) => Some(0),
            (Self::Suffix(domain), Identifier::Dns(name)) => {
                name.is_within(domain.as_str()).then_some(domain.as_str().len())
            }
            (Self::Network(network), Identifier::Ip(address)) => network
                .contains(address.to_canonical())
                .then_some(1 + usize::from(network.prefix_bits())),
            (Self::Suffix(_) | Self::Network(_), _) => None,
        }
    }
}

/// How the identifiers below one suffix are validated: one `[[validate]]` of serve.toml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which identifiers it is about.
    pub scope: Scope,
    /// The DNS servers to ask; empty: those of this machine.
    pub resolvers: Vec<SocketAddr>,
    /// The port of http-01.
    pub http_port: u16,
    /// The port of tls-alpn-01.
    pub tls_port: u16,
    /// The only networks that are connected to; `None`: RFC 1918, ULA and global unicast.
    pub allow: Option<Vec<IpSubnet>>,
    /// The address to connect from; an address of the other family is not connected to then.
    pub source: Option<IpAddr>,
    /// Whether dns-01 asks the DNS servers of the zone itself.
    pub is_authoritative: bool,
    /// The issuer domain names of this CA in CAA records (RFC 8659), in lower case; empty: CAA records are not looked at.
    pub caa: Vec<String>,
}

/// As RFC 8555 and RFC 8737 have it, for every identifier.
impl Default for Rule {
    fn default() -> Self {
        Self {
            scope: Scope::Every,
            resolvers: Vec::new(),
            http_port: HTTP_PORT,
            tls_port: TLS_PORT,
            allow: None,
            source: None,
            is_authoritative: false,
            caa: Vec::new(),
        }
    }
}

/// The rules of a server.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    every: Rule,
    listeners: Vec<SocketAddr>,
    closed: Vec<SocketAddr>,
}

/// Why an address is not connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is never connected to, with what it is.
    Never(&'static str),
    /// It is this machine's loopback, and not for this: the server listens on other addresses too, or what is to be proven is no name.
    Loopback,
    /// It is unicast for a purpose of its own, and no rule names its network.
    Special(&'static str),
    /// It is outside of the networks that the rule allows.
    NotAllowed,
    /// The server itself listens there, or what it uses does.
    Own,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never(what) => write!(out, "it is {what}"),
            Self::Loopback => out.write_str(
                "it is loopback, which is for names only, and while the server itself listens on loopback only",
            ),
            Self::Special(what) => write!(out, "it is {what}, and no `allow` of a [[validate]] rule contains it"),
            Self::NotAllowed => out.write_str("the `allow` of its [[validate]] rule does not contain it"),
            Self::Own => out.write_str("the server itself, or a service that it uses, listens there"),
        }
    }
}

impl Rules {
    /// Rules, of which the closest counts, and the addresses on which the server listens. `closed` are further addresses that are never connected to,
    /// such as those of its database.
    pub fn new(rules: Vec<Rule>, listeners: Vec<SocketAddr>, closed: Vec<SocketAddr>) -> Self {
        Self {
            rules,
            every: Rule::default(),
            listeners,
            closed,
        }
    }

    /// The rule for an identifier: that of the longest suffix or prefix; of equals, the first.
    pub fn rule_for(&self, identifier: &Identifier) -> &Rule {
        let closest = self
            .rules
            .iter()
            .rev()
            .filter_map(|rule| Some((rule.scope.closeness(identifier)?, rule)))
            .max_by_key(|(closeness, _)| *closeness);
        closest.map_or(&self.every, |(_, rule)| rule)
    }

    /// Every issuer domain name of this CA, each once.
    pub fn issuer_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.rules.iter().flat_map(|rule| rule.caa.clone()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether a redirect may lead to this port.
    pub fn allows_port(&self, identifier: &Identifier, port: u16) -> bool {
        let rule = self.rule_for(identifier);
        [HTTP_PORT, TLS_PORT, rule.http_port, rule.tls_port].contains(&port)
    }

    /// The address to connect to, if it may be. `is_this_machine` is asked about addresses when the server listens on all of them.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn judge(
        &self,
        identifier: &Identifier,
        target: SocketAddr,
        is_this_machine: &dyn Fn(IpAddr) -> bool,
    ) -> Result<SocketAddr, Refusal> {
        // An IPv4-mapped address is connected to by IPv4.
        let address = target.ip().to_canonical();
        let target = SocketAddr::new(address, target.port());
        let rule = self.rule_for(identifier);
        let is_named = rule
            .allow
            .as_ref()
            .map(|networks| networks.iter().any(|network| network.contains(address)));
        match AddressClass::of(address) {
            AddressClass::Never(what) => return Err(Refusal::Never(what)),
            AddressClass::Loopback if !self.is_on_loopback_only() => return Err(Refusal::Loopback),
            AddressClass::Loopback if matches!(identifier, Identifier::Ip(_)) && is_named.is_none() => {
                return Err(Refusal::Loopback);
            }
            AddressClass::Special(what) if is_named.is_none() => return Err(Refusal::Special(what)),
            _ => {}
        }
        if is_named == Some(false) {
            return Err(Refusal::NotAllowed);
        }
        match self.is_own(target, is_this_machine) {
            true => Err(Refusal::Own),
            false => Ok(target),
        }
    }

    fn is_on_loopback_only(&self) -> bool {
        !self.listeners.is_empty()
            && self
                .listeners
                .iter()
                .all(|listener| listener.ip().to_canonical().is_loopback())
    }

    fn is_own(&self, target: SocketAddr, is_this_machine: &dyn Fn(IpAddr) -> bool) -> bool {
        let addresses = [Some(target.ip()), inner(target.ip())];
        self.listeners
            .iter()
            .chain(&self.closed)
            .filter(|listener| listener.port() == target.port())
            .map(|listener| listener.ip().to_canonical())
            .any(|own| {
                addresses.iter().flatten().any(|address| {
                    own == *address
                        || (own.is_unspecified() && (address.is_loopback() || is_this_machine(*address)))
                })
            })
    }
}

fn inner(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => embedded(address).map(IpAddr::V4),
    }
}
