//! What is known of a port: what the probe saw, and what it is compared with.

use std::path::PathBuf;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use crate::checks::Appending;
use crate::checks::file::Trust;
use crate::checks::path::Home;
use crate::tls::{Probe, StartTls};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::key::PublicKey;
use gsec_pki::x509::path::Answer;
use gsec_pki::x509::{Certificate, GeneralName};

/// What the local CA knows about the presented certificate.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// Whether it signed it.
    pub is_issuer: bool,
    /// Whether it has a record of it.
    pub is_recorded: bool,
    /// In words, that it signed it and has no record of it; `None` where it has one, or the records cannot be read.
    pub unrecorded: Option<String>,
    /// When it was revoked, in words.
    pub revoked: Option<String>,
}

/// A certificate file that was named beside the port.
#[derive(Debug, Clone)]
pub struct Deployed {
    /// Where it is.
    pub path: PathBuf,
    /// Its first certificate of a host.
    pub certificate: Certificate,
}

/// Why a server may refuse a client certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientCause {
    /// What path validation found in it.
    Flaw(gsec_pki::x509::path::Finding),
    /// The local CA has revoked it.
    Revoked,
    /// The CRL of its CA is past the time at which the next one was due, so that a server with a copy refuses every client.
    CrlOverdue {
        /// When the next one was due.
        due: OffsetDateTime,
    },
}

/// Everything about one port.
pub struct Facts {
    /// What the probe saw.
    pub probe: Probe,
    /// What other addresses of the same host answered.
    pub others: Vec<Probe>,
    /// The clients that are presented this, where others are presented something else; `None`: those that offer everything.
    pub clients: Option<String>,
    /// The same about what the server presents to other clients.
    pub also: Vec<Facts>,
    /// The presented certificates that can be read, in their order.
    pub chain: Vec<Certificate>,
    /// What is wrong with those that cannot.
    pub unreadable: Vec<String>,
    /// The host the certificate must match.
    pub name: Option<GeneralName>,
    /// What path validation says; `None` when no certificate was seen.
    pub answer: Option<Answer>,
    /// Index of the host's own certificate among the presented ones: the first, unless that is a CA certificate by mistake.
    pub own_place: usize,
    /// Whether the path is complete with available intermediates that were not presented.
    pub is_whole_with_known: bool,
    /// File of the intermediate CA's certificate that was not presented, if the local CA issued it.
    pub intermediate_file: Option<PathBuf>,
    /// What is trusted, where that is known.
    pub trust: Option<Arc<Trust>>,
    /// What the local CA knows.
    pub records: Option<Records>,
    /// Certificate files that were named with the port.
    pub deployed: Vec<Deployed>,
    /// The private key that the server should use: its file, and its public half, or why that is not known.
    pub key: Option<(PathBuf, Result<PublicKey, String>)>,
    /// The client certificate that was offered, with what stood behind it.
    pub client: Vec<Certificate>,
    /// The file that it is in, and whether something can be appended to it.
    pub client_file: Option<(PathBuf, Appending)>,
    /// Why a server may refuse that certificate, as far as it can be seen from here.
    pub client_causes: Vec<ClientCause>,
    /// Who can issue another certificate for the server.
    pub home: Home,
    /// Who can issue another certificate for the client.
    pub client_home: Home,
    /// The expected thumbprint of the certificate.
    pub thumbprint: Option<String>,
    /// Now.
    pub now: OffsetDateTime,
    /// How soon is soon; `None`: 30 days, or a third of the lifetime where that is less.
    pub expires_within: Option<Duration>,
}

impl Facts {
    /// Whether the port speaks TLS and its certificates were not seen, so that whether clients accept them is not known.
    pub fn hides_certificates(&self) -> bool {
        self.probe.hides_certificates() && self.unreadable.is_empty()
    }

    /// The server's own certificate, when it can be read.
    pub fn own(&self) -> Option<&Certificate> {
        let presented = self.probe.chain.get(self.own_place)?;
        self.chain
            .get(self.own_place)
            .filter(|own| own.der() == presented.as_slice())
    }

    /// Every certificate of its own that the server presents to some client.
    pub fn all_own(&self) -> impl Iterator<Item = &Certificate> {
        self.own()
            .into_iter()
            .chain(self.also.iter().filter_map(Self::own))
    }

    /// What a finding about what is presented is about: the port, and to whom it is presented.
    pub fn subject(&self) -> String {
        match &self.clients {
            Some(clients) => format!("{} to {clients}", self.port()),
            None => self.port(),
        }
    }

    /// The port, as a person names it.
    pub fn port(&self) -> String {
        self.probe.target.to_string()
    }

    /// A command of gsec's that connects to the port as this probe did.
    pub fn at_port(&self, words: &'static str) -> CommandLine {
        self.with_starttls(words, self.probe.starttls)
    }

    /// The same in another protocol.
    pub fn with_starttls(&self, words: &'static str, protocol: Option<StartTls>) -> CommandLine {
        let command = CommandLine::new(words).value(&self.port());
        match protocol {
            Some(protocol) => command.words("--starttls").words(protocol.name()),
            None => command,
        }
    }

    /// The host that is named, as it is typed in a command.
    pub fn host(&self) -> String {
        self.name
            .as_ref()
            .map_or_else(|| self.probe.target.host.clone(), GeneralName::value)
    }
}
