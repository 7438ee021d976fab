//! What was done to prove control of a name, and what is not as it must be.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use thiserror::Error;

use super::rules::Refusal;
use crate::domain::{CaaRefused, ChallengeKind};

/// Where something was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The host: the identifier, or where a redirect leads.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The address, once there is a connection.
    pub address: Option<IpAddr>,
    /// How it was come by.
    pub hop: Hop,
}

/// How a place was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hop {
    /// It is the identifier's own.
    Own,
    /// By this redirect, from 1. Its host is what a stranger answered, and the client is not shown it.
    Redirect(u8),
}

/// `web.example.com (192.0.2.1), port 80`.
impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.hop, self.address) {
            (Hop::Redirect(number), _) => write!(out, "the target of redirect {number}, port {}", self.port),
            (Hop::Own, Some(address)) if address.to_string() != self.host => {
                write!(out, "{} ({address}), port {}", self.host, self.port)
            }
            (Hop::Own, _) => write!(out, "{}, port {}", self.host, self.port),
        }
    }
}

/// What was being done when the time was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The TLS handshake.
    Handshake,
    /// The HTTP response.
    Response,
}

impl fmt::Display for Stage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Handshake => "the TLS handshake",
            Self::Response => "the HTTP response",
        })
    }
}

/// What the DNS has not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LookupFlaw {
    /// The name does not exist (NXDOMAIN).
    #[error("the name does not exist (NXDOMAIN)")]
    NoName,
    /// The name has no such record.
    #[error("it has none")]
    NoRecord,
    /// No DNS server has answered in time.
    #[error("no DNS server has answered")]
    Silent,
    /// The time for the CAA look-ups of all names was over.
    #[error("the time for CAA look-ups was over: {} s for all names together", .0.as_secs())]
    Over(Duration),
    /// A DNS server has answered with an error, by its name in the registry.
    #[error("the DNS server answered {0}")]
    Refused(String),
    /// The aliases do not end.
    #[error("it has more than {most} CNAMEs in a row, or they go in a circle")]
    TooManyAliases {
        /// The most that are followed.
        most: usize,
    },
    /// There is more than is read.
    #[error("it has {found} bytes of them, and the maximum is {most}")]
    TooLong {
        /// Bytes of all records.
        found: usize,
        /// The most that are read.
        most: usize,
    },
    /// The zone has no DNS server that may be asked.
    #[error("{}", no_server(*named))]
    NoServer {
        /// How many names of servers the zone has.
        named: usize,
    },
    /// The name cannot be asked for: too long once the prefix is before it.
    #[error("the DNS does not take a name like this")]
    NotAskable,
    /// This machine cannot ask: its settings, or its network.
    #[error("this server cannot ask the DNS: {0}")]
    Unusable(String),
}

/// Why one address was not connected to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotReached {
    /// It refuses connections.
    #[error("connection refused")]
    Refused,
    /// It does not answer.
    #[error("no answer within {:.1} s", .0.as_secs_f32())]
    Silent(Duration),
    /// The network does not lead there, in the system's words.
    #[error("{0}")]
    Unreachable(String),
    /// The source address of the rule is of the other family.
    #[error("the rule's source address {0} is of the other address family")]
    OtherFamily(IpAddr),
}

/// What is wrong with a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RedirectFlaw {
    /// There were enough of them.
    #[error("there are more than {0} redirects")]
    TooMany(u8),
    /// It says nowhere to go, or nothing that is a URL.
    #[error("it has no `Location`, or none that is a URL of at most {0} bytes")]
    NoLocation(usize),
    /// Neither http nor https.
    #[error("it leads to a URL that is neither http nor https")]
    Scheme,
    /// To a port that no rule opens.
    #[error("it leads to port {0}, and without a [[validate]] rule only ports 80 and 443 are allowed")]
    Port(u16),
    /// A user name or password in it.
    #[error("its URL has a user name or password")]
    Credentials,
    /// To what is neither a host name nor an address.
    #[error("the host of its URL is neither a host name nor an address")]
    Host,
}

/// What is wrong with an HTTP response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HttpFlaw {
    /// The connection was closed before the response was complete.
    #[error("the connection was closed before the response was complete")]
    Closed,
    /// It is not HTTP/1.1, or its header section is longer than is read.
    #[error("the answer is no HTTP/1.1 response with a header section of at most {0} bytes")]
    NotHttp(usize),
    /// A status that is not 200.
    #[error("the status is {0}, and must be 200")]
    Status(u16),
    /// The body is longer than is read.
    #[error("the body has more than {most} bytes; the key authorization has {expected}")]
    TooLong {
        /// The most bytes that are read.
        most: usize,
        /// Length of the key authorization, in bytes.
        expected: usize,
    },
    /// The body is something else.
    #[error("the body has {found} bytes and is not the key authorization, which has {expected}")]
    OtherBody {
        /// Length of the body in bytes, without white space at its end.
        found: usize,
        /// Length of the key authorization, in bytes.
        expected: usize,
    },
    /// A redirect that is not followed.
    #[error("the status is {status}, a redirect that is not followed: {flaw}")]
    Redirect {
        /// The status.
        status: u16,
        /// Why.
        flaw: RedirectFlaw,
    },
}

/// Why there was no TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TlsFlaw {
    /// The connection was closed, or broke.
    #[error("the connection was closed")]
    Closed,
    /// A fatal alert, by its number (RFC 8446 §6).
    #[error("the server ended it with alert {}", alert_in_words(*.0))]
    Alert(u8),
    /// What came back is not TLS.
    #[error("the answer is not TLS 1.2 or 1.3")]
    NotTls,
    /// The server has not agreed on `acme-tls/1`.
    #[error("the server did not agree on the protocol `acme-tls/1` (ALPN)")]
    NoAcmeProtocol,
    /// The server does not have the key of its certificate.
    #[error("the signature of the handshake is not by the key of the certificate")]
    Signature,
    /// Anything else.
    #[error("the handshake failed")]
    Other,
}

fn no_server(named: usize) -> String {
    match named {
        0 => "no DNS server of its zone was found".into(),
        _ => {
            format!("none of the {named} DNS servers of its zone has an address that this server connects to")
        }
    }
}

fn alert_in_words(alert: u8) -> String {
    let meaning = match alert {
        40 => "handshake failure",
        70 => "protocol version",
        80 => "internal error",
        112 => "unrecognized name",
        120 => "no application protocol: it does not take `acme-tls/1`",
        _ => return alert.to_string(),
    };
    format!("{alert} ({meaning})")
}

/// What is wrong with the certificate of tls-alpn-01, RFC 8737 §3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CertificateFlaw {
    /// There is none, or none that can be read.
    #[error("it cannot be read")]
    Unreadable,
    /// Issuer and subject differ, or its own key has not signed it.
    #[error("it is not self-signed")]
    NotSelfSigned,
    /// Its signature is of an algorithm that cannot be checked.
    #[error("its signature is of an algorithm that this server cannot check")]
    SignatureUnchecked,
    /// subjectAltName is not this identifier alone.
    #[error("subjectAltName has {0} entries, and must have the identifier as its only one")]
    Names(usize),
    /// id-pe-acmeIdentifier is missing.
    #[error("it has no extension id-pe-acmeIdentifier (1.3.6.1.5.5.7.1.31)")]
    NoExtension,
    /// id-pe-acmeIdentifier is not critical.
    #[error("the extension id-pe-acmeIdentifier is not critical")]
    NotCritical,
    /// id-pe-acmeIdentifier is not an OCTET STRING with the digest.
    #[error("the extension id-pe-acmeIdentifier is not the SHA-256 digest of the key authorization")]
    OtherDigest,
    /// An extension occurs twice.
    #[error("an extension occurs more than once")]
    Twice,
}

/// Why control of an identifier is not proven. As text it is for the client, and shows nothing of what a target answered but
/// lengths and numbers; the fields are for the server's own log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// This kind of challenge cannot prove this identifier.
    #[error("{kind} cannot prove control of {identifier}")]
    NotProvable {
        /// The identifier.
        identifier: String,
        /// The kind.
        kind: ChallengeKind,
    },
    /// The DNS does not have what is looked for.
    #[error("cannot look up {records} of {}: {flaw}", shown(name, *hop))]
    Lookup {
        /// What was looked for: `addresses`, `TXT records` or `CAA records`.
        records: &'static str,
        /// The name that was asked for.
        name: String,
        /// How the name was come by.
        hop: Hop,
        /// What is wrong.
        flaw: LookupFlaw,
    },
    /// One of the addresses is not to be connected to, so none was.
    #[error("{place}: {} is not connected to, {refusal}", shown_address(*address, place.hop))]
    Forbidden {
        /// Host and port.
        place: Place,
        /// The address.
        address: IpAddr,
        /// Why.
        refusal: Refusal,
    },
    /// No address could be connected to.
    #[error("cannot connect to {place}: {}", attempts_in_words(attempts, place.hop))]
    NotConnected {
        /// Host and port.
        place: Place,
        /// What was tried, in order.
        attempts: Vec<(SocketAddr, NotReached)>,
    },
    /// The time was over.
    #[error("{place}: not done within {} s, {stage} was not complete", limit.as_secs_f32())]
    TimedOut {
        /// Where.
        place: Place,
        /// What was being done.
        stage: Stage,
        /// The time for one attempt in all.
        limit: Duration,
    },
    /// There was no TLS.
    #[error("no TLS with {place}: {flaw}")]
    Tls {
        /// Where.
        place: Place,
        /// Why.
        flaw: TlsFlaw,
    },
    /// http-01: the response is not as it must be.
    #[error("{place}{}: {flaw}", path(token, place.hop))]
    Http {
        /// Where.
        place: Place,
        /// The token, with which the path of the first request ends.
        token: String,
        /// What is wrong.
        flaw: HttpFlaw,
    },
    /// dns-01: no TXT record is the digest.
    #[error("none of the TXT records of {name} ({found} in all) is `{expected}`")]
    OtherText {
        /// The name that was asked for.
        name: String,
        /// How many there are.
        found: usize,
        /// What one of them must be.
        expected: String,
    },
    /// The holder of the domain does not let this CA issue.
    #[error("the CAA records of {name} do not permit it: {refused}")]
    Caa {
        /// Where the records are: the name, or one above it.
        name: String,
        /// Why.
        refused: CaaRefused,
    },
    /// tls-alpn-01: the certificate is not as it must be.
    #[error("the certificate of {place} does not prove control: {flaw}")]
    Certificate {
        /// Where.
        place: Place,
        /// What is wrong.
        flaw: CertificateFlaw,
    },
}

/// Problem types of RFC 8555 §6.7 that a failed validation can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// `caa`.
    Caa,
    /// `connection`.
    Connection,
    /// `dns`.
    Dns,
    /// `incorrectResponse`.
    IncorrectResponse,
    /// `tls`.
    Tls,
    /// `unauthorized`.
    Unauthorized,
    /// `rejectedIdentifier`.
    RejectedIdentifier,
}

impl Problem {
    /// The type without its prefix `urn:ietf:params:acme:error:`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Caa => "caa",
            Self::Connection => "connection",
            Self::Dns => "dns",
            Self::IncorrectResponse => "incorrectResponse",
            Self::Tls => "tls",
            Self::Unauthorized => "unauthorized",
            Self::RejectedIdentifier => "rejectedIdentifier",
        }
    }
}

impl Failure {
    /// The type of the problem that the client is told.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotProvable { .. } => Problem::Unauthorized,
            Self::Lookup { .. } => Problem::Dns,
            Self::Caa { .. } => Problem::Caa,
            Self::Forbidden { place, .. } if place.hop == Hop::Own => Problem::RejectedIdentifier,
            Self::Forbidden { .. } => Problem::Unauthorized,
            Self::NotConnected { .. } | Self::TimedOut { .. } => Problem::Connection,
            Self::Http {
                flaw: HttpFlaw::Closed | HttpFlaw::NotHttp(_),
                ..
            } => Problem::Connection,
            Self::Tls { .. } => Problem::Tls,
            Self::Http { .. } | Self::OtherText { .. } | Self::Certificate { .. } => {
                Problem::IncorrectResponse
            }
        }
    }
}

fn shown(name: &str, hop: Hop) -> String {
    match hop {
        Hop::Own => name.to_owned(),
        Hop::Redirect(number) => format!("the target of redirect {number}"),
    }
}

fn shown_address(address: IpAddr, hop: Hop) -> String {
    match hop {
        Hop::Own => address.to_string(),
        Hop::Redirect(_) => "its address".to_owned(),
    }
}

fn path(token: &str, hop: Hop) -> String {
    match hop {
        Hop::Own => format!(", path /.well-known/acme-challenge/{token}"),
        Hop::Redirect(_) => String::new(),
    }
}

fn attempts_in_words(attempts: &[(SocketAddr, NotReached)], hop: Hop) -> String {
    let words = attempts.iter().map(|(address, reason)| match hop {
        Hop::Own => format!("{}: {reason}", address.ip()),
        Hop::Redirect(_) => reason.to_string(),
    });
    words.collect::<Vec<_>>().join("; ")
}
