//! Where the server listens.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

/// An address and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    /// Every address of the machine.
    Everywhere(u16),
    /// This one.
    At(SocketAddr),
}

impl Listen {
    /// Every address of the machine.
    pub fn everywhere(port: u16) -> Self {
        Self::Everywhere(port)
    }

    /// Reads `192.0.2.1:8443`, `[::1]:8443` or `:8443`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix(':') {
            Some(port) if port.starts_with('+') => None,
            Some(port) => port.parse().ok().map(Self::Everywhere),
            None => text.parse().ok().map(Self::At),
        }
    }

    /// The port.
    pub fn port(self) -> u16 {
        match self {
            Self::Everywhere(port) => port,
            Self::At(address) => address.port(),
        }
    }

    /// Whether nobody could listen here who listens there. Port 0 is another one each time.
    pub fn meets(self, other: Self) -> bool {
        let is_every = |place: Self| match place {
            Self::Everywhere(_) => true,
            Self::At(address) => address.ip().is_unspecified(),
        };
        let is_same = self.port() == other.port() && self.port() != 0;
        is_same && (self == other || is_every(self) || is_every(other))
    }

    /// What is tried in turn: IPv6 takes IPv4 too where the machine has both.
    pub fn addresses(self) -> Vec<SocketAddr> {
        match self {
            Self::Everywhere(port) => vec![
                (Ipv6Addr::UNSPECIFIED, port).into(),
                (Ipv4Addr::UNSPECIFIED, port).into(),
            ],
            Self::At(address) => vec![address],
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everywhere(port) => write!(out, ":{port}"),
            Self::At(address) => address.fmt(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_at_one_port_meet() {
        let at = |text| Listen::parse(text).expect("a place");
        let rows = [
            (":1", ":1", true),
            (":1", ":2", false),
            (":1", "127.0.0.1:1", true),
            ("[::]:1", "127.0.0.1:1", true),
            ("127.0.0.1:1", "127.0.0.1:1", true),
            ("127.0.0.1:1", "127.0.0.2:1", false),
            ("127.0.0.1:0", "127.0.0.1:0", false),
        ];
        for (one, other, meets) in rows {
            assert_eq!(at(one).meets(at(other)), meets, "{one} {other}");
            assert_eq!(at(other).meets(at(one)), meets, "{other} {one}");
        }
    }

    #[test]
    fn addresses_and_ports() {
        assert_eq!(Listen::parse(":1"), Some(Listen::Everywhere(1)));
        assert_eq!(Listen::parse("127.0.0.1:2").map(Listen::port), Some(2));
        assert_eq!(Listen::parse("[::1]:2").map(Listen::port), Some(2));
        for text in [
            "",
            ":",
            ":+80",
            "8443",
            "localhost:1",
            "127.0.0.1",
            ":70000",
            "::1:2:x",
        ] {
            assert_eq!(Listen::parse(text), None, "{text}");
        }
    }
}
