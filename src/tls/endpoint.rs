//! Hosts with ports, as people name them.

use crate::x509::{GeneralName, NameError};

/// A host and a port, as a person names them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// A host name, or an IP address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// Why a text names no port of a host.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// No colon with a port behind it.
    #[error("no port: write HOST:PORT")]
    NoPort,
    /// The port is no number from 1 to 65535.
    #[error("`{0}` is no port: a number from 1 to 65535")]
    Port(String),
    /// Several colons, and no brackets.
    #[error("an IPv6 address stands in brackets: `[{host}]:{port}`")]
    NoBrackets {
        /// What may be the address.
        host: String,
        /// What may be the port.
        port: String,
    },
    /// No host.
    #[error("{0}")]
    Host(#[from] NameError),
}

impl Endpoint {
    /// Reads `HOST:PORT`; an IPv6 address stands in brackets.
    ///
    /// # Errors
    /// [`EndpointError`] says what is missing.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let (host, port) = text.rsplit_once(':').ok_or(EndpointError::NoPort)?;
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if bare.is_none() && host.contains(':') {
            return Err(EndpointError::NoBrackets { host: host.into(), port: port.into() });
        }
        let is_number = !port.is_empty() && port.bytes().all(|octet| octet.is_ascii_digit());
        let number = port.parse().ok().filter(|number| is_number && *number != 0).ok_or_else(|| EndpointError::Port(port.into()))?;
        let name = GeneralName::parse_host(bare.unwrap_or(host))?;
        Ok(Self { host: name.value(), port: number })
    }

    /// Whether a text is meant as a port of a host, right or wrong: it ends in a colon and a number.
    pub fn is_meant(text: &str) -> bool {
        let port = text.rsplit_once(':').map_or("", |(_, port)| port);
        (1..=5).contains(&port.len()) && port.bytes().all(|octet| octet.is_ascii_digit()) && !text.contains(['/', '\\'])
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.host.contains(':') { write!(out, "[{}]:{}", self.host, self.port) } else { write!(out, "{}:{}", self.host, self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports_are_read() {
        let read = |text: &str| Endpoint::parse(text).map(|endpoint| endpoint.to_string());
        assert_eq!(read("db1.example.com:1984"), Ok("db1.example.com:1984".into()));
        assert_eq!(read("localhost:443"), Ok("localhost:443".into()));
        assert_eq!(read("10.0.0.1:443"), Ok("10.0.0.1:443".into()));
        assert_eq!(read("[::1]:443"), Ok("[::1]:443".into()));
        assert_eq!(read("db1"), Err(EndpointError::NoPort));
        for port in ["", "0", "65536", "+1", "x"] {
            assert_eq!(read(&format!("db1:{port}")), Err(EndpointError::Port(port.into())));
        }
        assert!(matches!(read("::1:443"), Err(EndpointError::NoBrackets { .. })));
        assert!(matches!(read("a b:443"), Err(EndpointError::Host(_))));
        assert!(matches!(read(":443"), Err(EndpointError::Host(_))));
    }

    #[test]
    fn what_is_meant_as_a_port_is_told_from_files_and_serial_numbers() {
        for text in ["db1:443", "[::1]:443", "10.0.0.1:1", "a b:99999"] {
            assert!(Endpoint::is_meant(text), "{text}");
        }
        for text in ["db1", "01", "C:/x:1/y", "./db1:443", "C:\\x", "0A:FF", "db1:"] {
            assert!(!Endpoint::is_meant(text), "{text}");
        }
    }
}
