//! A handshake through rustls: TLS 1.2 and 1.3.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, crypto::aws_lc_rs};

use super::ClientIdentity;
use super::p521::P521;
use super::stream::Stream;
use super::verifier::{RecordingVerifier, Seen};
use crate::tls::{
    Alert, CipherSuite, Demand, FlightError, NamedGroup, Negotiated, NegotiatedBy, ProtocolVersion, Refusal,
    SignatureKind, SignatureVerdict, starts_like_record,
};

/// The application protocol that is offered: the only one of which gsec speaks a word.
const HTTP: &[u8] = b"http/1.1";
/// How much of what a server says is kept.
pub(super) const MAX_SHOWN_BYTES: usize = 512;
/// The longest application answer that is read.
const MAX_ANSWER_BYTES: usize = 16 * 1024;
/// `HTTP/1.1 400`.
const STATUS_BYTES: usize = 12;

/// How a handshake is to be made.
pub(super) struct HandshakeOptions<'a> {
    /// The name for SNI.
    pub(super) server_name: Option<&'a str>,
    /// The certificate to show.
    pub(super) identity: Option<&'a ClientIdentity>,
    /// Whether to offer HTTP as application protocol.
    pub(super) offers_http: bool,
    /// Whether to offer TLS 1.3 alone, with signatures of this kind alone.
    pub(super) signatures: Option<SignatureKind>,
    /// Whether to offer signatures with SHA-1, which libraries of today do not (RFC 9155 §2).
    pub(super) offers_sha1: bool,
}

/// What a handshake showed.
pub(super) struct Handshake {
    pub(super) seen: Seen,
    pub(super) ended: Result<Negotiated, NoHandshake>,
    /// What the server said to the client certificate, or to the lack of one, once the handshake was done.
    pub(super) refusal_afterwards: Option<Refusal>,
}

/// Why the handshake failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoHandshake {
    /// The server answered these bytes, which are not TLS.
    NotTls(Vec<u8>),
    /// TLS, and no.
    Refused(Refusal),
    /// It hung up before it had said anything.
    ClosedAtOnce,
    /// It never said anything.
    NothingSaid,
}

/// Makes a handshake on a new connection, and lets go of it.
pub(super) fn run_handshake(stream: &mut Stream, options: &HandshakeOptions<'_>) -> Handshake {
    let verifier = RecordingVerifier::new(options.identity, options.signatures, options.offers_sha1);
    let mut connection = match connection(&verifier, options) {
        Ok(connection) => connection,
        Err(error) => {
            let ended = Err(NoHandshake::Refused(Refusal::Protocol {
                reason: error.to_string(),
            }));
            return Handshake {
                seen: verifier.seen(),
                ended,
                refusal_afterwards: None,
            };
        }
    };
    let mut heard = Vec::new();
    let ended = match drive(&mut connection, stream, &mut heard) {
        Ok(()) => Ok(negotiated(&connection, &verifier.seen())),
        Err(_) if !starts_like_record(&heard) => Err(NoHandshake::NotTls(read_more(stream, heard))),
        Err(Refusal::Closed) if heard.is_empty() => Err(NoHandshake::ClosedAtOnce),
        Err(Refusal::Silent) if heard.is_empty() => Err(NoHandshake::NothingSaid),
        Err(refusal) => Err(NoHandshake::Refused(refusal)),
    };
    let mut seen = verifier.seen();
    let Some(demand) = &mut seen.demand else {
        return Handshake {
            seen,
            ended,
            refusal_afterwards: None,
        };
    };
    let is_without = options.identity.is_none();
    let (ended, refusal_afterwards) = match ended {
        Ok(negotiated) => {
            let (judgement, refusal) = client_verdict(&mut connection, stream, options);
            demand.demand = judgement;
            (Ok(negotiated), refusal)
        }
        // Up to TLS 1.2 the server looks at the client's certificate before the handshake is done: all but that is agreed on.
        Err(NoHandshake::Refused(refusal @ (Refusal::Alert(_) | Refusal::Closed))) => {
            demand.demand = if is_without {
                Demand::Required
            } else {
                Demand::Unknown
            };
            let negotiated = negotiated(&connection, &verifier.seen());
            (Ok(negotiated), Some(refusal))
        }
        Err(other) => (Err(other), None),
    };
    Handshake {
        seen,
        ended,
        refusal_afterwards,
    }
}

fn connection(
    verifier: &Arc<RecordingVerifier>,
    options: &HandshakeOptions<'_>,
) -> Result<ClientConnection, rustls::Error> {
    let versions = if options.signatures.is_some() {
        &[&rustls::version::TLS13][..]
    } else {
        rustls::DEFAULT_VERSIONS
    };
    let mut provider = aws_lc_rs::default_provider();
    // Such a handshake is made for the certificates; which other programs offer the group does not matter.
    if options.signatures.is_some() {
        provider.kx_groups.push(&P521);
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(versions)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(verifier) as Arc<_>)
        .with_client_cert_resolver(Arc::clone(verifier) as Arc<_>);
    config.resumption = Resumption::disabled();
    if options.offers_http {
        config.alpn_protocols = vec![HTTP.to_vec()];
    }
    let name = options
        .server_name
        .and_then(|name| ServerName::try_from(name.to_owned()).ok());
    config.enable_sni = name.is_some();
    // The recording verifier ignores the name, but rustls requires one.
    let name = name.unwrap_or_else(|| ServerName::IpAddress(std::net::IpAddr::from([0, 0, 0, 0]).into()));
    ClientConnection::new(Arc::new(config), name)
}

/// Carries bytes until the handshake is done. Stores the first bytes from the server in `heard`.
fn drive(connection: &mut ClientConnection, stream: &mut Stream, heard: &mut Vec<u8>) -> Result<(), Refusal> {
    let mut buffer = vec![0; MAX_ANSWER_BYTES];
    loop {
        flush(connection, stream)?;
        if !connection.is_handshaking() {
            return Ok(());
        }
        let count = stream.read(&mut buffer)?;
        let room = MAX_SHOWN_BYTES.saturating_sub(heard.len());
        heard.extend_from_slice(&buffer[..count.min(room)]);
        take(connection, stream, &buffer[..count])?;
    }
}

/// Hands over what came; nothing means that the other end has hung up.
fn take(connection: &mut ClientConnection, stream: &mut Stream, mut bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Closed);
    }
    while !bytes.is_empty() {
        connection
            .read_tls(&mut bytes)
            .map_err(|error| Refusal::Protocol {
                reason: error.to_string(),
            })?;
        if let Err(error) = connection.process_new_packets() {
            // Send the alert if possible; it does not matter if the server is not listening.
            let _ = flush(connection, stream);
            return Err(refusal(error));
        }
    }
    Ok(())
}

fn refusal(error: rustls::Error) -> Refusal {
    match error {
        rustls::Error::AlertReceived(description) => Refusal::Alert(Alert::fatal(u8::from(description))),
        rustls::Error::Other(other) => match other.0.downcast_ref::<FlightError>() {
            Some(error) => Refusal::Flight(*error),
            None => Refusal::Protocol {
                reason: other.to_string(),
            },
        },
        other => Refusal::Protocol {
            reason: other.to_string(),
        },
    }
}

fn flush(connection: &mut ClientConnection, stream: &mut Stream) -> Result<(), Refusal> {
    while connection.wants_write() {
        let mut bytes = Vec::new();
        connection
            .write_tls(&mut bytes)
            .map_err(|error| Refusal::Protocol {
                reason: error.to_string(),
            })?;
        // It may have said why before it hung up.
        match stream.write_all(&bytes) {
            Err(Refusal::Closed) => return Ok(()),
            written => written?,
        }
    }
    Ok(())
}

fn negotiated(connection: &ClientConnection, seen: &Seen) -> Negotiated {
    let version = connection
        .protocol_version()
        .and_then(|version| ProtocolVersion::from_code(u16::from(version)));
    Negotiated {
        by: NegotiatedBy::ModernLibrary,
        version: version.unwrap_or(ProtocolVersion::Tls12),
        suite: CipherSuite(
            connection
                .negotiated_cipher_suite()
                .map_or(0, |suite| u16::from(suite.suite())),
        ),
        group: connection
            .negotiated_key_exchange_group()
            .map(|group| NamedGroup(u16::from(group.name()))),
        prime_bits: None,
        application_protocol: connection.alpn_protocol().map(<[u8]>::to_vec),
        has_ocsp_response: seen.has_ocsp_response,
    }
}

/// The answer of a server that requested a client certificate, after the handshake. In TLS 1.3 the client's part comes last,
/// so the server can reject it only now (RFC 8446 §4.4.2.4); and some servers accept every certificate and let the
/// application reject it.
fn client_verdict(
    connection: &mut ClientConnection,
    stream: &mut Stream,
    options: &HandshakeOptions<'_>,
) -> (Demand, Option<Refusal>) {
    let is_without = options.identity.is_none();
    let speaks_http = connection.alpn_protocol() == Some(HTTP);
    let taken = (
        if is_without {
            Demand::Optional
        } else {
            Demand::Unknown
        },
        None,
    );
    if !speaks_http && connection.protocol_version() != Some(rustls::ProtocolVersion::TLSv1_3) {
        return taken;
    }
    let sent = if speaks_http {
        ask_http(connection, stream, options)
    } else {
        say_goodbye(connection, stream)
    };
    let (answer, end) = match sent {
        Ok(()) => read_answer(connection, stream),
        Err(refusal) => (Vec::new(), Some(refusal)),
    };
    match end {
        Some(Refusal::Alert(alert)) if alert.description != 0 => {
            let demand = if is_without {
                Demand::Required
            } else {
                Demand::Unknown
            };
            (demand, Some(Refusal::Alert(alert)))
        }
        _ if wants_certificate(&answer) => {
            let demand = if is_without {
                Demand::RequiredByApplication
            } else {
                Demand::Unknown
            };
            (
                demand,
                Some(Refusal::Protocol {
                    reason: status_line(&answer),
                }),
            )
        }
        Some(refusal @ (Refusal::Protocol { .. } | Refusal::Flight(_) | Refusal::Connection { .. })) => {
            (Demand::Unknown, Some(refusal))
        }
        Some(Refusal::Silent) => (Demand::Unknown, None),
        _ => taken,
    }
}

fn ask_http(
    connection: &mut ClientConnection,
    stream: &mut Stream,
    options: &HandshakeOptions<'_>,
) -> Result<(), Refusal> {
    use std::io::Write;
    let host = options.server_name.unwrap_or("localhost");
    let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    connection
        .writer()
        .write_all(request.as_bytes())
        .map_err(|error| Refusal::Protocol {
            reason: error.to_string(),
        })?;
    flush(connection, stream)
}

/// A farewell instead of a word that the application might not understand: it is answered by one, or by a refusal.
fn say_goodbye(connection: &mut ClientConnection, stream: &mut Stream) -> Result<(), Refusal> {
    connection.send_close_notify();
    flush(connection, stream)?;
    stream.finish_writing();
    Ok(())
}

/// What the application says, and how it ends; `None` when it ends in peace.
fn read_answer(connection: &mut ClientConnection, stream: &mut Stream) -> (Vec<u8>, Option<Refusal>) {
    use std::io::Read;
    let mut answer = Vec::new();
    let mut buffer = vec![0; MAX_ANSWER_BYTES];
    loop {
        let count = match stream.read(&mut buffer) {
            Ok(count) => count,
            Err(Refusal::Closed) => return (answer, None),
            Err(refusal) => return (answer, Some(refusal)),
        };
        match take(connection, stream, &buffer[..count]) {
            Ok(()) => {}
            Err(Refusal::Closed) => return (answer, None),
            Err(refusal) => return (answer, Some(refusal)),
        }
        // What is not there yet is an error here, and comes later.
        if let Ok(count) = connection.reader().read(&mut buffer) {
            answer.extend_from_slice(&buffer[..count]);
        }
        let is_other_status = answer.len() > STATUS_BYTES && !is_bad_request(&answer);
        if is_other_status || answer.len() > MAX_ANSWER_BYTES {
            return (answer, None);
        }
    }
}

fn status_line(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer);
    text.lines().next().unwrap_or_default().to_owned()
}

/// nginx sends this answer if the client certificate is missing or wrong.
fn wants_certificate(answer: &[u8]) -> bool {
    is_bad_request(answer)
        && String::from_utf8_lossy(answer)
            .to_lowercase()
            .contains("certificate")
}

fn is_bad_request(answer: &[u8]) -> bool {
    answer.starts_with(b"HTTP/1.") && answer.get(8..STATUS_BYTES) == Some(b" 400")
}

/// Bytes that are not TLS are text, or its start: reads some more if it is already there.
fn read_more(stream: &mut Stream, mut said: Vec<u8>) -> Vec<u8> {
    stream.deadline = stream.deadline.within(Duration::from_millis(50));
    let mut buffer = [0; MAX_SHOWN_BYTES];
    while said.len() < MAX_SHOWN_BYTES {
        match stream.read(&mut buffer[..MAX_SHOWN_BYTES - said.len()]) {
            Ok(count) if count > 0 => said.extend_from_slice(&buffer[..count]),
            _ => break,
        }
    }
    said
}

impl Handshake {
    /// The verdict about the signature, when a certificate came.
    pub(super) fn signature(&self) -> SignatureVerdict {
        self.seen.signature.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_400_about_a_certificate_wants_one() {
        assert!(wants_certificate(
            b"HTTP/1.1 400 Bad Request\r\n\r\n<center>No required SSL certificate was sent</center>"
        ));
        assert!(!wants_certificate(b"HTTP/1.1 400 Bad Request\r\n\r\nwhat?"));
        assert!(!wants_certificate(b"HTTP/1.1 200 OK\r\n\r\nthe certificate"));
        assert!(!wants_certificate(b""));
    }
}
