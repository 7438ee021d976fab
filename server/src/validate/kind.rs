//! The kinds of challenges.

use std::fmt;

use crate::domain::ChallengeKind;

/// The kind of a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file on a web server, RFC 8555 §8.3.
    Http01,
    /// A TXT record, RFC 8555 §8.4.
    Dns01,
    /// A certificate in a TLS handshake, RFC 8737.
    TlsAlpn01,
}

/// As challenge objects name it.
impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Http01 => "http-01",
            Self::Dns01 => "dns-01",
            Self::TlsAlpn01 => "tls-alpn-01",
        })
    }
}

impl From<ChallengeKind> for Kind {
    fn from(kind: ChallengeKind) -> Self {
        match kind {
            ChallengeKind::Http01 => Self::Http01,
            ChallengeKind::Dns01 => Self::Dns01,
            ChallengeKind::TlsAlpn01 => Self::TlsAlpn01,
        }
    }
}
