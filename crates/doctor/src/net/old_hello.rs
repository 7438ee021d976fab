//! Questions by hand-made ClientHellos: what no library asks any more.

use super::dial::Dialer;
use super::handshake::MAX_SHOWN_BYTES;
use crate::tls::{
    CipherSuite, ClientHello, FlightError, FlightReader, OfferAnswer, Progress, ProtocolVersion, Refusal,
    ServerFlight, SignatureKind, starts_like_record,
};

/// What came back.
pub(super) struct Answer {
    /// What was understood.
    pub(super) flight: ServerFlight,
    /// Why it ended early; `None` if the server sent everything that was requested.
    pub(super) end: Option<End>,
}

/// How an answer ended too early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// The bytes are not TLS.
    NotTls(Vec<u8>),
    /// Anything else.
    Refused(Refusal),
}

/// How much of the answer to read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// ServerHello: whether it is accepted.
    Hello,
    /// Everything that is said in clear.
    Everything,
}

/// Asks on a connection of its own, and hangs up.
pub(super) fn ask(
    dialer: &Dialer,
    version: ProtocolVersion,
    suites: Vec<CipherSuite>,
    server_name: Option<&str>,
    signatures: Option<SignatureKind>,
    wanted: Wanted,
) -> Answer {
    let mut reader = FlightReader::default();
    let hello = ClientHello {
        version,
        suites,
        server_name,
        signatures,
        random: random(),
        key_share: random(),
    };
    let end = exchange(dialer, &hello, wanted, &mut reader).err();
    Answer {
        flight: reader.into_flight(),
        end,
    }
}

fn exchange(
    dialer: &Dialer,
    hello: &ClientHello<'_>,
    wanted: Wanted,
    reader: &mut FlightReader,
) -> Result<(), End> {
    let mut stream = dialer.dial().map_err(|behaviour| {
        End::Refused(Refusal::Connection {
            reason: behaviour.name().replace('_', " "),
        })
    })?;
    stream.write_all(&hello.encode()).map_err(End::Refused)?;
    let mut buffer = vec![0; 16 * 1024];
    let mut said = Vec::new();
    loop {
        let bytes = match stream.read(&mut buffer).map_err(End::Refused)? {
            0 => return Err(End::Refused(Refusal::Closed)),
            count => &buffer[..count],
        };
        said.extend_from_slice(&bytes[..bytes.len().min(MAX_SHOWN_BYTES - said.len())]);
        let progress = match reader.push(bytes) {
            Err(FlightError::NotTls) if !starts_like_record(&said) => return Err(End::NotTls(said)),
            Err(error) => return Err(End::Refused(Refusal::Flight(error))),
            Ok(progress) => progress,
        };
        let flight = reader.flight();
        match flight
            .alert
            .filter(|alert| alert.is_fatal() || alert.description == 0)
        {
            Some(alert) => return Err(End::Refused(Refusal::Alert(alert))),
            None if progress == Progress::Complete || (wanted == Wanted::Hello && flight.hello.is_some()) => {
                return Ok(());
            }
            None => {}
        }
    }
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    bytes
}

impl Answer {
    /// The version and the suite in the ServerHello.
    pub(super) fn chosen(&self) -> Option<(ProtocolVersion, CipherSuite)> {
        let hello = self.flight.hello.as_ref()?;
        Some((ProtocolVersion::from_code(hello.version)?, hello.suite))
    }

    /// Why the answer ended early.
    pub(super) fn refusal(&self) -> Refusal {
        match &self.end {
            Some(End::Refused(refusal)) => refusal.clone(),
            Some(End::NotTls(_)) => Refusal::Flight(FlightError::NotTls),
            None => Refusal::Closed,
        }
    }

    /// That the server sent more than gsec reads, where it did.
    pub(super) fn beyond(&self) -> Option<Refusal> {
        match &self.end {
            Some(End::Refused(refusal @ Refusal::Flight(error))) if error.is_bound() => Some(refusal.clone()),
            _ => None,
        }
    }

    /// Whether a version is offered.
    pub(super) fn offer(&self, asked: ProtocolVersion) -> OfferAnswer {
        match self.chosen() {
            Some((version, suite)) if version == asked => OfferAnswer::Accepted { suite },
            Some((version, _)) => OfferAnswer::Refused(Refusal::OtherVersion(version)),
            None => OfferAnswer::Refused(self.refusal()),
        }
    }

    /// Whether the connection broke, or did not come about.
    pub(super) fn is_cut_off(&self) -> bool {
        matches!(
            self.end,
            Some(End::Refused(Refusal::Closed | Refusal::Connection { .. }))
        ) && !self.is_tls()
    }

    /// Whether it is a yes or a no: some servers say no by hanging up.
    pub(super) fn is_definite(&self) -> bool {
        !matches!(
            self.end,
            Some(End::Refused(Refusal::Silent | Refusal::Connection { .. }))
        )
    }

    /// Whether anything came that is TLS.
    pub(super) fn is_tls(&self) -> bool {
        self.flight.hello.is_some() || self.flight.alert.is_some()
    }
}
