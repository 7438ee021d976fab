//! What the rules need to know from outside of the inventory.

use std::collections::HashMap;
use std::net::IpAddr;
use std::ops::Range;

use time::{Duration, OffsetDateTime};

use crate::finding::Rule;

/// What is known, or why it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known<T> {
    /// It was looked at.
    Seen(T),
    /// It could not be looked at, for this reason.
    Unseen(String),
    /// Nobody asked for it.
    NotAsked,
}

impl<T> Known<T> {
    /// It, if it was looked at.
    pub fn seen(&self) -> Option<&T> {
        match self {
            Self::Seen(known) => Some(known),
            Self::Unseen(_) | Self::NotAsked => None,
        }
    }
}

/// Facts from outside.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The targets of bundles that there are.
    pub targets: Vec<&'static str>,
    /// The profiles of the CA.
    pub profiles: Known<Profiles>,
    /// The certificates that hosts have of the CA, by the names of the hosts; a host without one is not among them.
    pub certificates: Known<HashMap<String, HostCertificate>>,
    /// The newest certificates of hosts that have no valid one.
    pub lapsed: HashMap<String, Lapsed>,
    /// What `fleet plan` and `fleet apply` would refuse of this inventory.
    pub refused: Vec<Refused>,
    /// What the name service says of each FQDN.
    pub names: Known<HashMap<String, LookedUp>>,
}

/// The profiles of a CA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profiles {
    /// The one that counts where none is named.
    pub default: String,
    /// What certificates of each can be used for.
    pub all: HashMap<String, Purposes>,
    /// How long certificates of each are valid.
    pub lifetimes: HashMap<String, Duration>,
}

/// A certificate that is not valid any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapsed {
    /// Its serial number.
    pub serial: String,
    /// When it expired; `None`: it is revoked, or on hold.
    pub expired_at: Option<OffsetDateTime>,
}

/// Something that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// As what it is found.
    pub rule: Rule,
    /// The bytes of the value.
    pub span: Range<usize>,
    /// Why.
    pub seen: String,
}

/// What a certificate can be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purposes {
    /// By servers (serverAuth).
    pub server: bool,
    /// By clients (clientAuth).
    pub client: bool,
}

/// The certificate of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCertificate {
    /// Its serial number.
    pub serial: String,
    /// Whether a common name in its subject is the FQDN.
    pub is_in_subject: bool,
    /// Whether its subjectAltName has the FQDN.
    pub is_in_alternative_names: bool,
    /// Its names, in words.
    pub names: String,
    /// What tells its CA from others, in words.
    pub issuer: String,
}

/// What the name service says of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookedUp {
    /// Its addresses, each with the name that it leads back to.
    Found(Vec<(IpAddr, Reverse)>),
    /// There is no such name, in the words of the name service.
    Nothing(String),
    /// There was no answer, for this reason.
    Unanswered(String),
}

/// The name of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reverse {
    /// This one.
    Name(String),
    /// It has none.
    Nothing,
    /// There was no answer.
    Unanswered,
}
