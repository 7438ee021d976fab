//! The own end of a connection.

use std::net::{IpAddr, SocketAddr};

/// The own address, and port, to connect from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceAddress {
    /// The address.
    pub address: IpAddr,
    /// The port; `None` lets the system choose one.
    pub port: Option<u16>,
}

impl SourceAddress {
    /// Parses `ADDR` or `ADDR:PORT`; an IPv6 address with a port is in brackets.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.trim_start_matches('[').trim_end_matches(']').parse() {
            return Some(Self { address, port: None });
        }
        let both: SocketAddr = text.parse().ok()?;
        Some(Self {
            address: both.ip(),
            port: Some(both.port()).filter(|port| *port != 0),
        })
    }
}

impl std::fmt::Display for SourceAddress {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.port {
            Some(port) => SocketAddr::new(self.address, port).fmt(out),
            None => self.address.fmt(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_port() {
        let read = |text: &str| SourceAddress::parse(text).map(|source| source.to_string());
        for text in ["127.0.0.2", "127.0.0.2:45678", "::1", "[::1]:45678"] {
            assert_eq!(read(text).as_deref(), Some(text));
        }
        assert_eq!(read("127.0.0.2:0").as_deref(), Some("127.0.0.2"));
        for text in ["db1", "127.0.0.2:x", "127.0.0.2:70000", "", "127.0.0.300"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
