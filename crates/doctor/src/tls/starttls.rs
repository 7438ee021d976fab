//! Protocols in which the client asks for TLS on a connection that starts in plain text, and why it may not come to that.

/// A protocol with a request for TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartTls {
    /// `STARTTLS` (RFC 3207).
    Smtp,
    /// `STARTTLS` (RFC 9051 §6.2.1).
    Imap,
    /// `STLS` (RFC 2595 §4).
    Pop3,
    /// `AUTH TLS` (RFC 4217 §4).
    Ftp,
    /// The extended request 1.3.6.1.4.1.1466.20037 (RFC 4511 §4.14).
    Ldap,
    /// `SSLRequest` of PostgreSQL's protocol 3.
    Postgres,
    /// `SSLRequest` of the protocol of MySQL and MariaDB.
    Mysql,
}

impl StartTls {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Smtp,
        Self::Imap,
        Self::Pop3,
        Self::Ftp,
        Self::Ldap,
        Self::Postgres,
        Self::Mysql,
    ];

    /// Its name on the command line and in JSON: that of `openssl s_client -starttls`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Smtp => "smtp",
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
            Self::Ftp => "ftp",
            Self::Ldap => "ldap",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// The one that has this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| protocol.name() == name)
    }

    /// Its name in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::Smtp => "SMTP",
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
            Self::Ftp => "FTP",
            Self::Ldap => "LDAP",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
        }
    }

    /// The port on which it is usually spoken (IANA's registry of service names).
    pub fn usual_port(self) -> u16 {
        match self {
            Self::Smtp => 25,
            Self::Imap => 143,
            Self::Pop3 => 110,
            Self::Ftp => 21,
            Self::Ldap => 389,
            Self::Postgres => 5432,
            Self::Mysql => 3306,
        }
    }

    /// What a server says first: its greeting, or the answer to the request for TLS where the client speaks first.
    pub fn first_step(self) -> StartTlsStep {
        match self {
            Self::Ldap | Self::Postgres => StartTlsStep::Request,
            _ => StartTlsStep::Greeting,
        }
    }
}

/// How far a negotiation has come: what the server is to say next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartTlsStep {
    /// Its greeting.
    Greeting,
    /// What it offers.
    Capabilities,
    /// The answer to the request for TLS.
    Request,
    /// The first message of TLS, after it agreed.
    Handshake,
}

/// Why TLS was not started. What a server said came in plain text: anybody on the way may have said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoStartTls {
    /// The port speaks TLS from the first byte.
    TlsAtOnce,
    /// What the server said does not belong to the protocol.
    OtherProtocol {
        /// The first bytes of it, at most [`MAX_SAID_BYTES`].
        said: Vec<u8>,
    },
    /// The server speaks the protocol, and does not offer TLS in it.
    NotOffered {
        /// Its words, where it has any: it may only leave TLS out of what it lists.
        said: Option<String>,
    },
    /// The server said no.
    Refused {
        /// To what.
        step: StartTlsStep,
        /// Its words.
        said: String,
    },
    /// The server agreed, and more came in plain text behind its answer. A client that kept these bytes would take them for protected, though
    /// anybody on the way can insert them (CVE-2011-0411, CVE-2021-23222).
    BytesBehind {
        /// The first of them, at most [`MAX_SAID_BYTES`].
        said: Vec<u8>,
    },
    /// The server hung up.
    Closed {
        /// Instead of what.
        step: StartTlsStep,
    },
    /// The time was over.
    TimedOut {
        /// What was waited for.
        step: StartTlsStep,
    },
    /// The server said more than gsec reads.
    TooLong {
        /// Instead of what.
        step: StartTlsStep,
    },
    /// The connection broke.
    Broken {
        /// What was waited for.
        step: StartTlsStep,
        /// In the operating system's words.
        reason: String,
    },
}

/// How much of what a server says is kept, in bytes.
pub const MAX_SAID_BYTES: usize = 512;
/// The longest line of an answer that is read, in bytes.
pub const MAX_LINE_BYTES: usize = 4096;
/// The longest answer that is read, in bytes.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

impl NoStartTls {
    /// What the server said is not the protocol.
    pub fn other_protocol(said: &[u8]) -> Self {
        Self::OtherProtocol {
            said: shortened(said),
        }
    }

    /// More came behind the server's agreement.
    pub fn bytes_behind(said: &[u8]) -> Self {
        Self::BytesBehind {
            said: shortened(said),
        }
    }

    /// Whether a server that waits for TLS from the first byte behaves so, in a protocol with this first step.
    pub fn may_be_tls_at_once(&self, first: StartTlsStep) -> bool {
        match self {
            Self::OtherProtocol { .. } => true,
            Self::Closed { step } | Self::TimedOut { step } | Self::Broken { step, .. } => *step == first,
            _ => false,
        }
    }
}

fn shortened(said: &[u8]) -> Vec<u8> {
    said[..said.len().min(MAX_SAID_BYTES)].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::usual_on;

    #[test]
    fn names_are_those_of_openssl_and_ports_those_of_the_protocols() {
        for protocol in StartTls::ALL {
            let plain = usual_on(protocol.usual_port()).expect("a known port");
            assert_eq!(plain.starttls, Some(protocol.name()));
            assert_eq!(plain.name, protocol.title());
            assert_eq!(plain.start_tls(), Some(protocol));
        }
    }

    #[test]
    fn only_what_comes_first_can_be_a_server_that_waits_for_tls() {
        let first = StartTls::Smtp.first_step();
        let closed = |step| NoStartTls::Closed { step };
        assert!(closed(StartTlsStep::Greeting).may_be_tls_at_once(first));
        assert!(!closed(StartTlsStep::Request).may_be_tls_at_once(first));
        assert!(closed(StartTlsStep::Request).may_be_tls_at_once(StartTls::Ldap.first_step()));
        assert!(!NoStartTls::NotOffered { said: None }.may_be_tls_at_once(first));
    }

    #[test]
    fn little_of_what_is_said_is_kept() {
        let NoStartTls::OtherProtocol { said } = NoStartTls::other_protocol(&[7; 10_000]) else {
            panic!("another protocol");
        };
        assert_eq!(said.len(), MAX_SAID_BYTES);
    }
}
