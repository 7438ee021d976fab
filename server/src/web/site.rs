//! What the server is called: the origins of its URLs.

use std::fmt;
use std::net::IpAddr;

use gsec_pki::x509::{DnsName, GeneralName, NameError};

/// The port that a URL does not name.
const HTTPS: u16 = 443;

/// What is no name of a server.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// Not a host name or address.
    #[error("`{text}` is not a host name or address")]
    Name {
        /// What it is instead.
        text: String,
        /// What is wrong with it.
        source: NameError,
    },
    /// A wildcard is many names.
    #[error("`{0}` is a wildcard, and a server needs a name")]
    Wildcard(String),
    /// There is none.
    #[error("a server needs a name")]
    None,
}

/// The names under which clients reach the server, and its port.
#[derive(Debug, Clone)]
pub struct Site {
    names: Vec<GeneralName>,
    /// Each in lower case, with the port where a URL has it.
    hosts: Vec<String>,
}

impl Site {
    /// A site with these names; URLs have the first where a client does not say another.
    ///
    /// # Errors
    /// [`SiteError`].
    pub fn new(names: &[String], port: u16) -> Result<Self, SiteError> {
        let mut site = Self {
            names: Vec::new(),
            hosts: Vec::new(),
        };
        for text in names {
            let name = GeneralName::parse_host(text).map_err(|source| SiteError::Name {
                text: text.clone(),
                source,
            })?;
            let host = match &name {
                GeneralName::Dns(name) if name.wildcard_parent().is_some() => {
                    return Err(SiteError::Wildcard(text.clone()));
                }
                GeneralName::Ip(IpAddr::V6(address)) => format!("[{address}]"),
                name => name.value().to_ascii_lowercase(),
            };
            site.hosts.push(match port {
                HTTPS => host,
                port => format!("{host}:{port}"),
            });
            site.names.push(name);
        }
        match site.names.is_empty() {
            true => Err(SiteError::None),
            false => Ok(site),
        }
    }

    /// The names, for the server's own certificate.
    pub fn names(&self) -> &[GeneralName] {
        &self.names
    }

    /// The names that are host names.
    pub fn host_names(&self) -> impl Iterator<Item = &DnsName> {
        self.names.iter().filter_map(|name| match name {
            GeneralName::Dns(name) => Some(name),
            _ => None,
        })
    }

    /// All origins, of which the first stands where a client says none.
    pub fn origins(&self) -> impl Iterator<Item = Origin> + '_ {
        self.hosts.iter().cloned().map(Origin)
    }

    /// The origin that a request was sent to, by its `Host` header: one of the server's own, whatever a client says.
    pub fn origin(&self, host: Option<&str>) -> Origin {
        let said = host.map(str::to_ascii_lowercase);
        let known = said
            .as_ref()
            .and_then(|said| self.hosts.iter().find(|host| *host == said));
        Origin(known.unwrap_or(&self.hosts[0]).clone())
    }
}

/// `https://ca.example.com:8443`, with the paths behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// The URL of a path, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{self}{path}")
    }

    /// The path of one of its URLs.
    pub fn path_of<'a>(&self, url: &'a str) -> Option<&'a str> {
        url.strip_prefix("https://")?.strip_prefix(self.0.as_str())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "https://{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(names: &[&str], port: u16) -> Site {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Site::new(&names, port).expect("a site")
    }

    #[test]
    fn urls_have_the_name_that_the_client_used_if_it_is_one_of_the_servers() {
        let site = site(&["ca.example.com", "ca", "2001:db8::1"], 8443);
        let origin = |host| site.origin(host).url("/x");
        assert_eq!(origin(None), "https://ca.example.com:8443/x");
        assert_eq!(origin(Some("CA:8443")), "https://ca:8443/x");
        assert_eq!(origin(Some("[2001:db8::1]:8443")), "https://[2001:db8::1]:8443/x");
        assert_eq!(
            origin(Some("ca:443")),
            "https://ca.example.com:8443/x",
            "another port"
        );
        assert_eq!(origin(Some("evil.test:8443")), "https://ca.example.com:8443/x");
        assert_eq!(
            site.origin(None).path_of("https://ca.example.com:8443/acme/x"),
            Some("/acme/x")
        );
        assert_eq!(site.origin(None).path_of("https://evil.test/acme/x"), None);
    }

    #[test]
    fn port_443_is_not_written() {
        assert_eq!(
            site(&["ca.example.com"], 443).origin(None).url("/"),
            "https://ca.example.com/"
        );
    }

    #[test]
    fn names_that_are_none() {
        let new = |names: &[&str]| {
            Site::new(
                &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(),
                1,
            )
        };
        assert!(matches!(new(&[]), Err(SiteError::None)));
        assert!(matches!(new(&["*.example.com"]), Err(SiteError::Wildcard(_))));
        assert!(matches!(new(&["a b"]), Err(SiteError::Name { .. })));
    }
}
