//! An entry of `name_suffixes`: a domain, or a block of addresses.

use std::fmt;
use std::net::IpAddr;

use gsec_pki::x509::{DnsName, GeneralName, IpSubnet};

/// What a profile grants: the names at and below a domain, or the addresses in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameSuffix {
    /// This domain, and what lies below it.
    Domain(DnsName),
    /// The addresses in this block.
    Block(IpSubnet),
}

impl NameSuffix {
    /// Reads `example.com`, `10.0.0.0/8`, or an address alone. A leading dot is dropped, since a domain covers itself and
    /// what lies below. `None` when it is neither, and for a wildcard.
    pub fn parse(text: &str) -> Option<Self> {
        if text.contains('/') || text.parse::<IpAddr>().is_ok() {
            return IpSubnet::parse(text).ok().map(Self::Block);
        }
        let domain = DnsName::parse(text.strip_prefix('.').unwrap_or(text)).ok()?;
        (!domain.as_str().contains('*')).then_some(Self::Domain(domain))
    }

    /// Whether it is a block of addresses.
    pub fn is_block(&self) -> bool {
        matches!(self, Self::Block(_))
    }

    /// Whether the host in a name lies within: the domain of an e-mail address, the host of a URI.
    pub fn grants(&self, name: &GeneralName) -> bool {
        match (self, name.host()) {
            (Self::Domain(domain), Some(GeneralName::Dns(host))) => host.is_within(domain.as_str()),
            (Self::Block(block), Some(GeneralName::Ip(address))) => block.contains(address),
            _ => false,
        }
    }
}

impl fmt::Display for NameSuffix {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(domain) => domain.fmt(out),
            Self::Block(block) => block.fmt(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(suffix: &str, name: &str) -> bool {
        NameSuffix::parse(suffix)
            .expect("a suffix")
            .grants(&GeneralName::parse_san(name).expect("a name"))
    }

    #[test]
    fn domains_blocks_and_single_addresses_are_read() {
        let shown = |text| NameSuffix::parse(text).map(|suffix| suffix.to_string());
        assert_eq!(shown(".example.com"), Some("example.com".into()));
        assert_eq!(shown("b\u{fc}cher.example"), Some("xn--bcher-kva.example".into()));
        assert_eq!(shown("10.0.0.0/8"), Some("10.0.0.0/8".into()));
        assert_eq!(shown("fd00::1"), Some("fd00::1/128".into()));
        for bad in [
            "",
            ".",
            "*.example.com",
            "10.0.0.1/8",
            "10.0.0.0/33",
            "10.0.0.300",
            "example..com",
            "a b",
        ] {
            assert_eq!(shown(bad), None, "{bad}");
        }
    }

    #[test]
    fn each_kind_of_name_is_judged_by_its_host() {
        for granted in [
            "dns:example.com",
            "dns:*.example.com",
            "email:a@Mail.Example.com",
            "uri:https://u@db1.example.com:443/x",
        ] {
            assert!(grants("example.com", granted), "{granted}");
        }
        for other in [
            "dns:badexample.com",
            "email:a@example.org",
            "uri:https://example.org/?example.com",
            "uri:urn:example.com",
            "ip:10.0.0.1",
        ] {
            assert!(!grants("example.com", other), "{other}");
        }
        assert!(grants("10.0.0.0/8", "ip:10.1.2.3") && grants("10.0.0.0/8", "uri:http://10.1.2.3:80/"));
        assert!(grants("fd00::/8", "uri:https://[fd00::1]:443/"));
        assert!(
            grants("::ffff:10.0.0.0/104", "ip:10.1.2.3") && !grants("::ffff:10.0.0.0/104", "ip:11.0.0.1")
        );
        assert!(!grants("10.0.0.0/8", "ip:11.0.0.1") && !grants("10.0.0.0/8", "ip:::ffff:10.0.0.1"));
    }
}
