//! What a certificate is requested for.

use std::fmt;
use std::net::IpAddr;

use gsec_pki::x509::{DnsName, GeneralName, NameError};
use serde::{Deserialize, Serialize};

/// An identifier of an order (RFC 8555 §9.7.7, RFC 8738 §3). A wildcard stands in an order only; in an authorization it is the name below it.
/// It serializes as an identifier object, RFC 8555 §7.1.3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "IdentifierObject", into = "IdentifierObject")]
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

/// An identifier object.
#[derive(Serialize, Deserialize)]
struct IdentifierObject {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

impl From<Identifier> for IdentifierObject {
    fn from(identifier: Identifier) -> Self {
        Self {
            kind: identifier.kind().to_owned(),
            value: identifier.to_string(),
        }
    }
}

impl TryFrom<IdentifierObject> for Identifier {
    type Error = String;

    fn try_from(object: IdentifierObject) -> Result<Self, String> {
        match object.kind.as_str() {
            "dns" => Self::dns(&object.value).map_err(|error| error.to_string()),
            "ip" => object
                .value
                .parse()
                .map(Self::Ip)
                .map_err(|_| "is not an IP address".to_owned()),
            _ => Err("is neither dns nor ip".to_owned()),
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
