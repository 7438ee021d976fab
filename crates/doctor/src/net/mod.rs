//! NETWORK. Name resolution, connections, the TLS probe. Every step has a time limit, and no address is called but those that were named.

mod dial;
mod handshake;
mod identity;
mod look_up;
mod old_hello;
mod p521;
mod probe;
mod resolve;
mod source;
mod starttls;
mod stream;
mod verifier;

use std::time::Duration;

pub use identity::{ClientIdentity, IdentityError};
pub use look_up::{AddressAnswer, NameAnswer, look_up};
pub use probe::{probe, probe_all};
pub use source::SourceAddress;

use crate::tls::{Endpoint, StartTls};

/// How long may be waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Timeout for one step: a name lookup, a connection, the next byte.
    pub step: Duration,
    /// For everything about one target.
    pub whole: Duration,
}

impl Limits {
    /// So long for one step, and three times as long for all of them.
    pub fn of_step(step: Duration) -> Self {
        Self {
            step,
            whole: step.saturating_mul(3),
        }
    }
}

/// Which server name is sent (SNI, RFC 6066 §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerNameChoice {
    /// The host that is probed, unless it is an IP address.
    Target,
    /// This one.
    Name(String),
    /// None.
    None,
}

/// How much is to be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The certificates and how they come: one connection where a modern library can connect.
    Chain,
    /// The same, and the certificates for other kinds of clients: some six connections.
    Certificates,
    /// Everything in [`Probe`](crate::tls::Probe): some twenty-five connections.
    Full,
}

/// What is to be probed, and how.
#[derive(Clone)]
pub struct ProbeRequest {
    /// Host and port.
    pub target: Endpoint,
    /// The server name.
    pub server_name: ServerNameChoice,
    /// The own address and port to connect from.
    pub source: Option<SourceAddress>,
    /// An HTTP proxy to connect through (CONNECT, RFC 9110 §9.3.6).
    pub proxy: Option<Endpoint>,
    /// The protocol in which each connection asks for TLS; `None`: TLS from the first byte.
    pub starttls: Option<StartTls>,
    /// The time limits.
    pub limits: Limits,
    /// The certificate to show to servers that ask for one.
    pub identity: Option<ClientIdentity>,
    /// Whether host names may be resolved.
    pub may_resolve: bool,
    /// How much is to be found out.
    pub depth: Depth,
}

impl ProbeRequest {
    /// The usual: the target's own name, five seconds for a step.
    pub fn of(target: Endpoint, depth: Depth) -> Self {
        let limits = Limits::of_step(Duration::from_secs(5));
        Self {
            target,
            server_name: ServerNameChoice::Target,
            source: None,
            proxy: None,
            starttls: None,
            limits,
            identity: None,
            may_resolve: true,
            depth,
        }
    }
}
