//! What a certificate is requested for.

use std::fmt;
use std::net::IpAddr;

use gsec_pki::x509::{DnsName, GeneralName, NameError};

/// An identifier of an order (RFC 8555 §9.7.7, RFC 8738 §3). A wildcard stands in an order only; in an authorization it is the name below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identifier {
    /// `dns`. In lower case.
    Dns(DnsName),
    /// `ip`.
    Ip(IpAddr),
}

impl Identifier {
    /// Reads a host name.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn dns(text: &str) -> Result<Self, NameError> {
        DnsName::parse(&text.to_ascii_lowercase()).map(Self::Dns)
    }

    /// The `type` of an identifier object.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Dns(_) => "dns",
            Self::Ip(_) => "ip",
        }
    }

    /// Whether it is a wildcard.
    pub fn is_wildcard(&self) -> bool {
        self.below_wildcard().is_some()
    }

    /// What is to be proven: the name without `*.` (RFC 8555 §7.1.3).
    #[must_use]
    pub fn without_wildcard(&self) -> Self {
        match self.below_wildcard() {
            Some(parent) => Self::dns(parent).expect("the rest of a name is a name"),
            None => self.clone(),
        }
    }

    /// The name in a certificate.
    pub fn general_name(&self) -> GeneralName {
        match self {
            Self::Dns(name) => GeneralName::Dns(name.clone()),
            Self::Ip(address) => GeneralName::Ip(*address),
        }
    }

    fn below_wildcard(&self) -> Option<&str> {
        match self {
            Self::Dns(name) => name.wildcard_parent(),
            Self::Ip(_) => None,
        }
    }
}

/// The `value` of an identifier object.
impl fmt::Display for Identifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => name.fmt(out),
            Self::Ip(address) => address.fmt(out),
        }
    }
}
