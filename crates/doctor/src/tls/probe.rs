//! What a probe of a port saw: facts only, for checks to judge.

use std::net::SocketAddr;
use std::time::Duration;

use super::{
    Alert, CipherSuite, Endpoint, FlightError, NamedGroup, NoStartTls, ProtocolVersion, SignatureKind,
    StartTls, SuiteWeakness,
};

/// Everything that a probe saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What was to be probed.
    pub target: Endpoint,
    /// Every address of the host, and what became of the connection to it, in the order of the name service.
    pub addresses: Vec<AddressOutcome>,
    /// The address that was probed: the first that took the connection.
    pub address: Option<SocketAddr>,
    /// The server name that was sent (SNI, RFC 6066 §3); not used for IP addresses.
    pub server_name: Option<String>,
    /// The protocol in which each connection asked for TLS; `None`: TLS from the first byte.
    pub starttls: Option<StartTls>,
    /// How the port behaves.
    pub behaviour: Behaviour,
    /// The port's answer to plain text; `None` if not tested.
    pub plain_text: Option<PlainTextAnswer>,
    /// What was negotiated with the best that both ends have, also where the server then refused the client for its certificate or the lack
    /// of one ([`ClientAuthentication`] says so). `None`: nothing, or the port does not speak TLS.
    pub negotiated: Option<Negotiated>,
    /// Why a modern library (rustls: TLS 1.2 and 1.3, ephemeral keys, AEAD) cannot connect. `None`: it can, or the port does not speak TLS.
    pub modern_refusal: Option<Refusal>,
    /// The certificates as they were presented, in DER, the server's own first. Empty: none were seen.
    pub chain: Vec<Vec<u8>>,
    /// What the server presents to clients that offer another version or other signatures, where that differs from `chain`.
    pub other_chains: Vec<OtherChain>,
    /// A suite without certificates that the server takes, where it takes none with them: by a shared secret, or anonymous.
    pub without_certificates: Option<CipherSuite>,
    /// Whether the server proved to have the key of its certificate.
    pub signature: SignatureVerdict,
    /// What a server that signed with SHA-1 says to clients that do not offer that; `None`: it signs otherwise for them, or was not asked.
    pub refusal_without_sha1: Option<Refusal>,
    /// How many connections the server closed without a word though it answers the same at other times.
    pub dropped_connections: usize,
    /// Whether the server asks for a client certificate, and what it said to ours.
    pub client_authentication: ClientAuthentication,
    /// For each protocol version, the oldest first: whether it is offered. Empty if not tested.
    pub versions: Vec<Offer>,
    /// For each weakness, the worst first: whether suites with it are accepted up to TLS 1.2. A missing entry was not
    /// tested, or the server did not answer.
    pub weak_suites: Vec<WeakSuiteOffer>,
    /// The size of the Diffie-Hellman prime, where the server takes suites with DHE up to TLS 1.2.
    pub prime_bits: Option<u32>,
    /// What the server does without a server name; `None` if not tested, or if no server name was sent in the first place.
    pub without_server_name: Option<WithoutServerName>,
    /// Whether the server has secure renegotiation (RFC 5746), as far as TLS 1.2 or older was seen.
    pub secure_renegotiation: Option<bool>,
    /// How long it took.
    pub timings: Timings,
}

impl Probe {
    /// Whether the port speaks TLS, whatever else it speaks.
    pub fn speaks_tls(&self) -> bool {
        matches!(self.behaviour, Behaviour::Tls | Behaviour::TlsAndPlainText)
    }

    /// Whether the port speaks TLS and its certificates were not seen; not where it has none to show.
    pub fn hides_certificates(&self) -> bool {
        self.speaks_tls() && self.chain.is_empty() && self.without_certificates.is_none()
    }

    /// The group that the server chose, where rustls cannot connect because it does not offer it.
    pub fn uncommon_group(&self) -> Option<NamedGroup> {
        let negotiated = self.negotiated.as_ref()?;
        negotiated
            .group
            .filter(|group| negotiated.by == NegotiatedBy::OldHello && !NamedGroup::OF_RUSTLS.contains(group))
            .filter(|_| negotiated.suite.is_tls13() || negotiated.suite.weaknesses().is_empty())
    }

    /// The versions that are offered.
    pub fn offered_versions(&self) -> impl Iterator<Item = ProtocolVersion> {
        self.versions
            .iter()
            .filter(|offer| matches!(offer.answer, OfferAnswer::Accepted { .. }))
            .map(|offer| offer.version)
    }

    /// A probe that ended before anything was seen but how the port behaves.
    pub fn of_behaviour(target: Endpoint, behaviour: Behaviour) -> Self {
        Self {
            target,
            addresses: Vec::new(),
            address: None,
            server_name: None,
            starttls: None,
            behaviour,
            plain_text: None,
            negotiated: None,
            modern_refusal: None,
            chain: Vec::new(),
            other_chains: Vec::new(),
            without_certificates: None,
            signature: SignatureVerdict::NotSeen,
            refusal_without_sha1: None,
            dropped_connections: 0,
            client_authentication: ClientAuthentication::default(),
            versions: Vec::new(),
            weak_suites: Vec::new(),
            prime_bits: None,
            without_server_name: None,
            secure_renegotiation: None,
            timings: Timings::default(),
        }
    }
}

/// Certificates that a server presents to some clients. A server may have one certificate for each kind of key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherChain {
    /// The clients: those that offer this version, and signatures of this kind alone.
    pub clients: Vec<(ProtocolVersion, SignatureKind)>,
    /// Whether it was presented to the client of the first handshake too, at another time.
    pub is_at_times: bool,
    /// The certificates as they were presented, in DER, the server's own first.
    pub chain: Vec<Vec<u8>>,
    /// Whether the server proved to have the key of this certificate; not seen before TLS 1.3.
    pub signature: SignatureVerdict,
    /// Whether the server stapled an OCSP response.
    pub has_ocsp_response: bool,
}

/// What became of the connection to one address of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressOutcome {
    /// The address.
    pub address: SocketAddr,
    /// `None` if the connection succeeded, otherwise the failure: one of the kinds of [`Behaviour`] without a connection.
    pub failure: Option<Behaviour>,
}

/// How a port behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// It speaks TLS: there was a handshake, or an alert.
    Tls,
    /// It speaks TLS, and takes plain text as well, whichever comes.
    TlsAndPlainText,
    /// It answers a ClientHello with text.
    PlainText {
        /// The first bytes of it, at most 512.
        said: Vec<u8>,
    },
    /// It answers a ClientHello with bytes that are neither TLS nor text.
    Garbage {
        /// The first of them, at most 512.
        said: Vec<u8>,
    },
    /// It takes the connection, and TLS is not started in the protocol in which it was asked for.
    NoStartTls {
        /// The protocol.
        protocol: StartTls,
        /// Why.
        reason: NoStartTls,
    },
    /// It takes the connection, and hangs up on a ClientHello without a word.
    Closes,
    /// It takes the connection, and says nothing within the time.
    Silent,
    /// The port is closed.
    Refused,
    /// The address is unreachable, or a firewall rejects the connection.
    Unreachable {
        /// In the operating system's words.
        reason: String,
    },
    /// Nothing answers before the timeout.
    TimedOut,
    /// The host name does not resolve.
    Unresolved {
        /// In the operating system's words.
        reason: String,
    },
    /// The host is a name, and names are not to be resolved.
    ResolutionForbidden,
    /// The own address or port cannot be used for the connection.
    SourceUnusable {
        /// In words.
        reason: String,
    },
    /// The proxy does not connect.
    ProxyRefused {
        /// The first line of its answer, or why it is missing.
        said: String,
    },
}

impl Behaviour {
    /// Its name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::TlsAndPlainText => "tls_and_plain_text",
            Self::PlainText { .. } => "plain_text",
            Self::Garbage { .. } => "garbage",
            Self::NoStartTls { .. } => "no_starttls",
            Self::Closes => "closes",
            Self::Silent => "silent",
            Self::Refused => "refused",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Unresolved { .. } => "unresolved",
            Self::ResolutionForbidden => "resolution_forbidden",
            Self::SourceUnusable { .. } => "source_unusable",
            Self::ProxyRefused { .. } => "proxy_refused",
        }
    }

    /// Whether a connection came about, whatever was said on it.
    pub fn is_connected(&self) -> bool {
        matches!(
            self,
            Self::Tls
                | Self::TlsAndPlainText
                | Self::PlainText { .. }
                | Self::Garbage { .. }
                | Self::NoStartTls { .. }
                | Self::Closes
                | Self::Silent
        )
    }
}

/// What a port that speaks TLS answers to a line of plain text (an HTTP request).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlainTextAnswer {
    /// An alert, or it hangs up: TLS only.
    Refused,
    /// Text that says that the port wants TLS (HTTP status 400, 426 or 497): TLS only.
    RefusedInWords {
        /// The first bytes of it, at most 512.
        said: Vec<u8>,
    },
    /// Text: it takes plain text as well.
    Answered {
        /// The first bytes of it, at most 512.
        said: Vec<u8>,
    },
    /// It neither answers nor hangs up within a moment: it may take plain text.
    Silent,
}

/// Who negotiated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NegotiatedBy {
    /// A modern library: the handshake was done to its end.
    ModernLibrary,
    /// A hand-made ClientHello, up to ServerHelloDone: no modern library can connect.
    OldHello,
}

/// What both ends agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negotiated {
    /// Who negotiated.
    pub by: NegotiatedBy,
    /// The version.
    pub version: ProtocolVersion,
    /// The cipher suite.
    pub suite: CipherSuite,
    /// The group of the key exchange, when it is known.
    pub group: Option<NamedGroup>,
    /// The size of the Diffie-Hellman prime, when the key exchange has one and it was seen.
    pub prime_bits: Option<u32>,
    /// The application protocol (ALPN, RFC 7301) that the server chose.
    pub application_protocol: Option<Vec<u8>>,
    /// Whether the server stapled an OCSP response.
    pub has_ocsp_response: bool,
}

/// Why the handshake failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The server said so.
    Alert(Alert),
    /// The server hung up without a word.
    Closed,
    /// The server said nothing within the time.
    Silent,
    /// The server's messages are wrong, or are such that the library does not take them.
    Protocol {
        /// In the library's words.
        reason: String,
    },
    /// The server's first messages are wrong, or more than gsec reads.
    Flight(FlightError),
    /// The connection broke, or did not come about again.
    Connection {
        /// In the operating system's words.
        reason: String,
    },
    /// The server answered with a version that was not requested.
    OtherVersion(ProtocolVersion),
}

/// Whether the server proved to have the key of its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureVerdict {
    /// It signed the handshake, and the signature verifies with the certificate's key.
    Good {
        /// The signature scheme, as IANA's registry names it.
        scheme: String,
    },
    /// It signed the handshake, and the signature does not verify: certificate and key do not belong together, or something is in between.
    Bad {
        /// The signature scheme, as IANA's registry names it.
        scheme: String,
    },
    /// The signature cannot be checked: an algorithm that gsec does not know, or an unreadable certificate.
    Unknown {
        /// Why.
        reason: String,
    },
    /// No signature was seen: the handshake did not get so far, or its kind has none (static RSA).
    NotSeen,
}

/// Whether the server asks for a client certificate, and what it said to ours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientAuthentication {
    /// What it asks for. `None`: it does not ask.
    pub demand: Option<CertificateDemand>,
    /// Whether a client certificate was sent.
    pub sent: bool,
    /// What the server said to the certificate that was sent. `None`: it took it, or none was sent, or it could not be found out.
    pub refusal: Option<Refusal>,
}

/// A server's request for a client certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateDemand {
    /// Whether it insists.
    pub demand: Demand,
    /// The names of the CAs it trusts for clients, in DER. Empty if it does not send them.
    pub authorities: Vec<Vec<u8>>,
    /// The signature schemes or certificate types that it takes, as IANA's registries name them.
    pub schemes: Vec<String>,
}

/// Whether a server insists on a client certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Without one the server rejects the connection.
    Required,
    /// Without one there is a connection all the same.
    Optional,
    /// Without one there is a connection, on which the application (HTTP) asks for one and does nothing else.
    RequiredByApplication,
    /// It asks; whether it insists could not be found out.
    Unknown,
}

/// Whether a protocol version is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The version.
    pub version: ProtocolVersion,
    /// What the server said to it.
    pub answer: OfferAnswer,
}

/// What a server said to a ClientHello.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferAnswer {
    /// It goes on.
    Accepted {
        /// The chosen suite.
        suite: CipherSuite,
    },
    /// It does not.
    Refused(Refusal),
}

/// Whether suites that have a weakness are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeakSuiteOffer {
    /// The weakness.
    pub weakness: SuiteWeakness,
    /// One suite that has it and is accepted, with the version. `None`: none is.
    pub accepted: Option<(ProtocolVersion, CipherSuite)>,
}

/// What a server does when no server name is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WithoutServerName {
    /// It presents the same certificates.
    Same,
    /// It presents others, in DER.
    OtherChain(Vec<Vec<u8>>),
    /// It refuses.
    Refused(Refusal),
    /// What it presents could not be seen.
    Unknown,
}

/// How long it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timings {
    /// Name resolution.
    pub resolution: Duration,
    /// The connection (TCP).
    pub connection: Duration,
    /// The first TLS handshake.
    pub handshake: Duration,
    /// Everything.
    pub total: Duration,
}
