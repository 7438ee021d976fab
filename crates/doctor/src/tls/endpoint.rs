//! Hosts with ports, as people name them.

use gsec_pki::x509::{GeneralName, NameError};

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
    #[error("missing port: write HOST:PORT")]
    NoPort,
    /// The port is not a number from 1 to 65535.
    #[error("`{0}` is not a port: it must be a number from 1 to 65535")]
    Port(String),
    /// Several colons, and no brackets.
    #[error("put an IPv6 address in brackets: `[{host}]:{port}`")]
    NoBrackets {
        /// What may be the address.
        host: String,
        /// What may be the port.
        port: String,
    },
    /// An address with a zone, which gsec does not connect to.
    #[error(
        "gsec does not connect to an address with a zone (`%{0}`): give the server's host name or another \
         address"
    )]
    Zone(String),
    /// No host.
    #[error("{0}")]
    Host(NameError),
}

impl From<NameError> for EndpointError {
    fn from(error: NameError) -> Self {
        match error {
            NameError::Zone { zone, .. } => Self::Zone(zone),
            error => Self::Host(error),
        }
    }
}

impl Endpoint {
    /// Reads `HOST:PORT`, with an IPv6 address in brackets; or a URL, whose path is left out and whose scheme gives the port.
    ///
    /// # Errors
    /// [`EndpointError`] says what is missing.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        Self::parse_with(text, None)
    }

    /// The same, where the port may be missing: then it is this one.
    ///
    /// # Errors
    /// [`EndpointError`] says what is wrong.
    pub fn parse_or(text: &str, usual_port: u16) -> Result<Self, EndpointError> {
        Self::parse_with(text, Some(usual_port))
    }

    fn parse_with(text: &str, usual_port: Option<u16>) -> Result<Self, EndpointError> {
        let (authority, port) = match text.split_once("://") {
            None => (text, usual_port),
            Some((scheme, rest)) => {
                let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
                let authority = authority.rsplit('@').next().unwrap_or_default();
                (authority, port_of(scheme).or(usual_port))
            }
        };
        match (Self::parse_authority(authority), port) {
            (Err(EndpointError::NoPort), Some(port)) => Self::parse_authority(&format!("{authority}:{port}")),
            // The colons inside brackets belong to the address.
            (Err(_), Some(port)) if authority.ends_with(']') => {
                Self::parse_authority(&format!("{authority}:{port}"))
            }
            (read, _) => read,
        }
    }

    fn parse_authority(text: &str) -> Result<Self, EndpointError> {
        let (host, port) = text.rsplit_once(':').ok_or(EndpointError::NoPort)?;
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if bare.is_none() && host.contains(':') {
            return Err(EndpointError::NoBrackets {
                host: host.into(),
                port: port.into(),
            });
        }
        let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let number = port
            .parse()
            .ok()
            .filter(|number| is_number && *number != 0)
            .or_else(|| port_of(port));
        let number = number.ok_or_else(|| EndpointError::Port(port.into()))?;
        let name = GeneralName::parse_host(bare.unwrap_or(host))?;
        Ok(Self {
            host: name.value(),
            port: number,
        })
    }

    /// Whether a text is probably an endpoint, valid or not: it ends in a colon and a number or the name of a service, or is
    /// a URL.
    pub fn looks_like(text: &str) -> bool {
        if text.split_once("://").is_some_and(|(scheme, _)| {
            !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }) {
            return true;
        }
        let port = text.rsplit_once(':').map_or("", |(_, port)| port);
        if port_of(port).is_some() && !text.contains(['/', '\\']) {
            return true;
        }
        (1..=5).contains(&port.len())
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && !text.contains(['/', '\\'])
    }
}

/// The port of a service that speaks TLS from the first byte (IANA's registry of service names), `None` for others.
fn port_of(service: &str) -> Option<u16> {
    let ports = [
        ("https", 443),
        ("wss", 443),
        ("ldaps", 636),
        ("smtps", 465),
        ("submissions", 465),
        ("imaps", 993),
        ("pop3s", 995),
        ("ftps", 990),
    ];
    ports
        .into_iter()
        .find(|(name, _)| service.eq_ignore_ascii_case(name))
        .map(|(_, port)| port)
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.host.contains(':') {
            write!(out, "[{}]:{}", self.host, self.port)
        } else {
            write!(out, "{}:{}", self.host, self.port)
        }
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
        assert_eq!(
            read("https://db1.example.com:8019/status?x#y"),
            Ok("db1.example.com:8019".into())
        );
        assert_eq!(read("https://db1.example.com"), Ok("db1.example.com:443".into()));
        assert_eq!(read("HTTPS://[::1]/"), Ok("[::1]:443".into()));
        assert_eq!(
            read("ldaps://me@db1.example.com/"),
            Ok("db1.example.com:636".into())
        );
        assert_eq!(read("db1.example.com:https"), Ok("db1.example.com:443".into()));
        assert_eq!(read("http://db1.example.com/"), Err(EndpointError::NoPort));
        assert_eq!(read("db1"), Err(EndpointError::NoPort));
        for port in ["", "0", "65536", "+1", "x"] {
            assert_eq!(
                read(&format!("db1:{port}")),
                Err(EndpointError::Port(port.into()))
            );
        }
        assert_eq!(
            read("[fe80::1%eth0]:443"),
            Err(EndpointError::Zone("eth0".into()))
        );
        assert!(matches!(read("::1:443"), Err(EndpointError::NoBrackets { .. })));
        assert!(matches!(read("a b:443"), Err(EndpointError::Host(_))));
        assert!(matches!(read(":443"), Err(EndpointError::Host(_))));
    }

    #[test]
    fn port_may_be_missing_where_it_is_known() {
        let read = |text: &str| Endpoint::parse_or(text, 25).map(|endpoint| endpoint.to_string());
        for (text, expected) in [
            ("mx.example.com", "mx.example.com:25"),
            ("mx.example.com:587", "mx.example.com:587"),
            ("192.0.2.1", "192.0.2.1:25"),
            ("[::1]", "[::1]:25"),
            ("[::1]:587", "[::1]:587"),
            ("smtp://mx.example.com/", "mx.example.com:25"),
            ("smtp://[::1]:587", "[::1]:587"),
        ] {
            assert_eq!(read(text), Ok(expected.into()), "{text}");
        }
        assert!(matches!(read("::1"), Err(EndpointError::NoBrackets { .. })));
        assert!(matches!(read("mx:x"), Err(EndpointError::Port(_))));
        assert!(matches!(read("a b"), Err(EndpointError::Host(_))));
    }

    #[test]
    fn what_is_meant_as_a_port_is_told_from_files_and_serial_numbers() {
        for text in ["db1:443", "[::1]:443", "10.0.0.1:1", "a b:99999"] {
            assert!(Endpoint::looks_like(text), "{text}");
        }
        for text in ["db1", "01", "C:/x:1/y", "./db1:443", "C:\\x", "0A:FF", "db1:"] {
            assert!(!Endpoint::looks_like(text), "{text}");
        }
    }
}
