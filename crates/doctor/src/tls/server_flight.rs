//! What a server answers to a ClientHello, as far as it says it in clear: records, alerts, ServerHello and, up to TLS 1.2, Certificate,
//! ServerKeyExchange and CertificateRequest (RFC 5246 §7.4, RFC 8446 §4.1.3). Bounded, and never a panic, whatever comes.

use super::wire::Reader;
use super::{Alert, CipherSuite, NamedGroup, ProtocolVersion, scheme_name};

/// The most that is read of an answer: a chain with ten thousand names in it still fits.
pub const MAX_FLIGHT_BYTES: usize = 2 << 20;
/// The most certificates that are read of one answer: OpenSSL goes up a chain of 100 at the most, GnuTLS one of 16.
pub const MAX_CERTIFICATES: usize = 100;
/// The most names of CAs that are read of a request for a client certificate: a whole trust store has some hundreds.
const MAX_AUTHORITIES: usize = 4096;
/// A record holds at most 2^14 bytes, and encryption may add 2^11 (RFC 5246 §6.2.3).
const MAX_RECORD_BYTES: usize = (1 << 14) + (1 << 11);
const RECORD_HEADER_BYTES: usize = 5;

/// The random value that distinguishes a HelloRetryRequest from a ServerHello (RFC 8446 §4.1.3).
const HELLO_RETRY_REQUEST: [u8; 32] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2,
    0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
];

/// What the server chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerHello {
    /// The number of the version, supported_versions counted.
    pub version: u16,
    /// The suite.
    pub suite: CipherSuite,
    /// The group of its key share, or that it wants one of (TLS 1.3).
    pub group: Option<NamedGroup>,
    /// Whether it renegotiates securely (RFC 5746).
    pub has_secure_renegotiation: bool,
    /// Whether it compresses, which gives secrets away (CRIME).
    pub compresses: bool,
    /// Whether it wants another hello before it goes on (TLS 1.3).
    pub is_retry_request: bool,
}

/// The server's request for a client certificate, up to TLS 1.2.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CertificateRequest {
    /// Certificate types, and in TLS 1.2 signature schemes, by name.
    pub schemes: Vec<String>,
    /// Names of the CAs, in DER.
    pub authorities: Vec<Vec<u8>>,
}

/// What was understood so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerFlight {
    /// ServerHello.
    pub hello: Option<ServerHello>,
    /// The certificates, in DER.
    pub chain: Vec<Vec<u8>>,
    /// Whether an OCSP response was stapled (CertificateStatus, RFC 6066 §8).
    pub has_ocsp_response: bool,
    /// CertificateRequest.
    pub certificate_request: Option<CertificateRequest>,
    /// The curve of the server's key.
    pub group: Option<NamedGroup>,
    /// The size of the Diffie-Hellman prime.
    pub prime_bits: Option<u32>,
    /// The last alert.
    pub alert: Option<Alert>,
    /// Whether ServerHelloDone came.
    pub is_done: bool,
}

/// Why an answer is not TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FlightError {
    /// The first bytes are not a TLS record.
    #[error("the answer is not a TLS record")]
    NotTls,
    /// A record or message is wrong.
    #[error("{0}")]
    Malformed(&'static str),
    /// More certificates than are read.
    #[error("the server presents more than {MAX_CERTIFICATES} certificates, the most that gsec reads")]
    TooManyCertificates,
    /// More names of CAs than are read.
    #[error(
        "the server names more than {MAX_AUTHORITIES} CAs for client certificates, the most that gsec reads"
    )]
    TooManyAuthorities,
    /// It does not end.
    #[error("the answer does not end within {MAX_FLIGHT_BYTES} bytes")]
    TooLong,
}

impl FlightError {
    /// Whether the answer is TLS, and more of it than gsec reads.
    pub fn is_bound(self) -> bool {
        matches!(
            self,
            Self::TooManyCertificates | Self::TooManyAuthorities | Self::TooLong
        )
    }
}

/// What is to happen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// More is to come.
    More,
    /// The server has said all that it says in clear.
    Complete,
}

/// Takes a server's answer in pieces of any size.
#[derive(Debug, Default)]
pub struct FlightReader {
    flight: ServerFlight,
    records: Vec<u8>,
    messages: Vec<u8>,
    bytes: usize,
}

impl FlightReader {
    /// What was understood so far.
    pub fn flight(&self) -> &ServerFlight {
        &self.flight
    }

    /// Everything that was understood.
    pub fn into_flight(self) -> ServerFlight {
        self.flight
    }

    /// Parses the next bytes.
    ///
    /// # Errors
    /// [`FlightError`] if a TLS server would not send them. What was parsed before is kept.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Progress, FlightError> {
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.bytes > MAX_FLIGHT_BYTES {
            return Err(FlightError::TooLong);
        }
        self.records.extend_from_slice(bytes);
        let mut records = std::mem::take(&mut self.records);
        let mut rest = records.as_slice();
        let mut progress = Ok(Progress::More);
        while let Some((kind, content, after)) = next_record(rest)? {
            rest = after;
            progress = self.take_record(kind, content);
            if progress != Ok(Progress::More) {
                break;
            }
        }
        records.drain(..records.len() - rest.len());
        self.records = records;
        progress
    }

    fn take_record(&mut self, kind: u8, content: &[u8]) -> Result<Progress, FlightError> {
        match kind {
            21 => self.take_alert(content),
            22 => {
                self.messages.extend_from_slice(content);
                self.take_messages()
            }
            // Anything further is encrypted, or unexpected.
            _ if self.flight.hello.is_some() => Ok(Progress::Complete),
            _ => Err(FlightError::Malformed("a record of data before the handshake")),
        }
    }

    fn take_alert(&mut self, content: &[u8]) -> Result<Progress, FlightError> {
        let &[level, description] = content else {
            return Err(FlightError::Malformed("an alert is not two bytes long"));
        };
        let alert = Alert { level, description };
        self.flight.alert = Some(alert);
        Ok(if alert.is_fatal() || description == 0 {
            Progress::Complete
        } else {
            Progress::More
        })
    }

    fn take_messages(&mut self) -> Result<Progress, FlightError> {
        let mut messages = std::mem::take(&mut self.messages);
        let mut rest = Reader::new(&messages);
        loop {
            let mut ahead = rest;
            let Some((kind, body)) = ahead
                .u8()
                .and_then(|kind| ahead.vector(3).map(|body| (kind, body)))
            else {
                break;
            };
            rest = ahead;
            if self.take_message(kind, body)? == Progress::Complete {
                return Ok(Progress::Complete);
            }
        }
        // What is not whole yet stays where it is: it may come in a million pieces.
        messages.drain(..messages.len() - rest.rest().len());
        self.messages = messages;
        Ok(Progress::More)
    }

    fn take_message(&mut self, kind: u8, body: Reader<'_>) -> Result<Progress, FlightError> {
        if (self.flight.hello.is_none()) != (kind == 2) {
            return Err(FlightError::Malformed(
                "ServerHello must be the first message, and only the first",
            ));
        }
        match kind {
            2 => {
                let hello = server_hello(body).ok_or(FlightError::Malformed("ServerHello is malformed"))?;
                // From here on TLS 1.3 is encrypted.
                let is_last = hello.version >= ProtocolVersion::Tls13.code();
                self.flight.hello = Some(hello);
                return Ok(if is_last {
                    Progress::Complete
                } else {
                    Progress::More
                });
            }
            11 => self.flight.chain = certificates(body)?,
            12 => self.take_key_exchange(body),
            22 => {
                let mut status = body;
                let is_ocsp = status.u8() == Some(1);
                self.flight.has_ocsp_response =
                    is_ocsp && status.vector(3).is_some_and(|response| !response.is_empty());
            }
            13 => {
                let has_schemes = self
                    .flight
                    .hello
                    .as_ref()
                    .is_some_and(|hello| hello.version >= ProtocolVersion::Tls12.code());
                let request = certificate_request(body, has_schemes)
                    .ok_or(FlightError::Malformed("CertificateRequest is malformed"))?;
                if request.authorities.len() > MAX_AUTHORITIES {
                    return Err(FlightError::TooManyAuthorities);
                }
                self.flight.certificate_request = Some(request);
            }
            14 => {
                self.flight.is_done = true;
                return Ok(Progress::Complete);
            }
            _ => {}
        }
        Ok(Progress::More)
    }

    /// RFC 8422 §5.4 and RFC 5246 §7.4.3. How the message is to be read is said by the suite's name.
    fn take_key_exchange(&mut self, mut body: Reader<'_>) {
        let Some(name) = self
            .flight
            .hello
            .as_ref()
            .and_then(|hello| hello.suite.known_name())
        else {
            return;
        };
        if name.starts_with("TLS_ECDH") {
            self.flight.group = (body.u8() == Some(3))
                .then(|| body.u16().map(NamedGroup))
                .flatten();
        } else if name.starts_with("TLS_DH") {
            self.flight.prime_bits = body.vector(2).map(|prime| bits(prime.rest()));
        }
    }
}

/// A record's type, its content, and the bytes after it.
type Record<'a> = (u8, &'a [u8], &'a [u8]);

/// The first record; `None` as long as it is not whole.
fn next_record(bytes: &[u8]) -> Result<Option<Record<'_>>, FlightError> {
    if !starts_like_record(bytes) {
        return Err(FlightError::NotTls);
    }
    let Some((header, rest)) = bytes.split_at_checked(RECORD_HEADER_BYTES) else {
        return Ok(None);
    };
    let length = usize::from(u16::from_be_bytes([header[3], header[4]]));
    if length > MAX_RECORD_BYTES {
        return Err(FlightError::Malformed("a record is longer than records can be"));
    }
    Ok(rest
        .split_at_checked(length)
        .map(|(content, after)| (header[0], content, after)))
}

/// Whether the bytes may be the start of a TLS record: a known type, then version 3 (SSL 3.0 to TLS 1.3).
pub fn starts_like_record(bytes: &[u8]) -> bool {
    bytes.first().is_none_or(|kind| (20..=24).contains(kind)) && bytes.get(1).is_none_or(|major| *major == 3)
}

fn server_hello(mut body: Reader<'_>) -> Option<ServerHello> {
    let mut version = body.u16()?;
    let random = body.take(32)?;
    body.vector(1)?;
    let suite = CipherSuite(body.u16()?);
    let compresses = body.u8()? != 0;
    let (mut group, mut has_secure_renegotiation) = (None, false);
    let mut extensions = if body.is_empty() { body } else { body.vector(2)? };
    while !extensions.is_empty() {
        let number = extensions.u16()?;
        let mut content = extensions.vector(2)?;
        match number {
            0x002B => version = content.u16()?,
            0x0033 => group = Some(NamedGroup(content.u16()?)),
            0xFF01 => has_secure_renegotiation = true,
            _ => {}
        }
    }
    Some(ServerHello {
        version,
        suite,
        group,
        has_secure_renegotiation,
        compresses,
        is_retry_request: random == HELLO_RETRY_REQUEST,
    })
}

/// RFC 5246 §7.4.2: each certificate has a byte at least.
fn certificates(mut body: Reader<'_>) -> Result<Vec<Vec<u8>>, FlightError> {
    const MALFORMED: FlightError = FlightError::Malformed("Certificate is malformed");
    let mut list = body.vector(3).ok_or(MALFORMED)?;
    let mut chain = Vec::new();
    while !list.is_empty() {
        let certificate = list
            .vector(3)
            .filter(|certificate| !certificate.is_empty())
            .ok_or(MALFORMED)?;
        if chain.len() == MAX_CERTIFICATES {
            return Err(FlightError::TooManyCertificates);
        }
        chain.push(certificate.rest().to_vec());
    }
    Ok(chain)
}

fn certificate_request(mut body: Reader<'_>, has_schemes: bool) -> Option<CertificateRequest> {
    let mut schemes: Vec<String> = body
        .vector(1)?
        .rest()
        .iter()
        .map(|kind| certificate_type(*kind))
        .collect();
    if has_schemes {
        let mut list = body.vector(2)?;
        while !list.is_empty() {
            schemes.push(scheme_name(list.u16()?));
        }
    }
    let mut list = body.vector(2)?;
    let mut authorities = Vec::new();
    while !list.is_empty() && authorities.len() <= MAX_AUTHORITIES {
        authorities.push(list.vector(2)?.rest().to_vec());
    }
    Some(CertificateRequest { schemes, authorities })
}

/// IANA's registry "TLS ClientCertificateType Identifiers".
fn certificate_type(number: u8) -> String {
    match number {
        1 => "rsa_sign".into(),
        2 => "dss_sign".into(),
        64 => "ecdsa_sign".into(),
        other => format!("certificate_type_{other}"),
    }
}

/// How many bits a number has.
fn bits(number: &[u8]) -> u32 {
    let number = &number[number.iter().take_while(|byte| **byte == 0).count()..];
    let first = number.first().map_or(0, |byte| 8 - byte.leading_zeros());
    u32::try_from(number.len().saturating_sub(1))
        .map_or(u32::MAX, |whole| whole.saturating_mul(8).saturating_add(first))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// ServerHello of TLS 1.2 with one empty extension for renegotiation.
    fn hello(suite: u16) -> Vec<u8> {
        let body = [
            &[3, 3][..],
            &[7; 32],
            &[0],
            &suite.to_be_bytes(),
            &[0, 0, 5, 0xFF, 1, 0, 1, 0],
        ]
        .concat();
        message(2, &body)
    }

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        [
            &[kind, 0][..],
            &u16::try_from(body.len()).expect("a short message").to_be_bytes(),
            body,
        ]
        .concat()
    }

    fn record(kind: u8, content: &[u8]) -> Vec<u8> {
        [
            &[kind, 3, 3][..],
            &u16::try_from(content.len())
                .expect("a short record")
                .to_be_bytes(),
            content,
        ]
        .concat()
    }

    fn flight() -> Vec<u8> {
        let chain = message(11, &[0, 0, 9, 0, 0, 2, 1, 2, 0, 0, 1, 3]);
        let request = message(13, &[2, 1, 64, 0, 2, 4, 3, 0, 4, 0, 2, 0x30, 0]);
        let key_exchange = message(12, &[3, 0, 0x1D, 1, 9]);
        record(
            22,
            &[hello(0xC02F), chain, key_exchange, request, message(14, &[])].concat(),
        )
    }

    #[test]
    fn more_certificates_or_authorities_than_anybody_has_are_refused_by_their_bound() {
        let long = |kind: u8, body: &[u8]| {
            [
                &[kind][..],
                &u32::try_from(body.len()).expect("short").to_be_bytes()[1..],
                body,
            ]
            .concat()
        };
        let chain = |count: usize, one: &[u8]| {
            let list: Vec<u8> = std::iter::repeat_n(
                [&[0, 0, u8::try_from(one.len()).expect("short")], one].concat(),
                count,
            )
            .flatten()
            .collect();
            long(
                11,
                &[
                    &u32::try_from(list.len()).expect("short").to_be_bytes()[1..],
                    &list,
                ]
                .concat(),
            )
        };
        let read = |message: Vec<u8>| {
            let mut reader = FlightReader::default();
            reader.push(&record(22, &hello(0xC02F))).expect("hello");
            let result = message
                .chunks(16_000)
                .map(|part| reader.push(&record(22, part)))
                .find(Result::is_err);
            (result, reader.into_flight().chain.len())
        };
        assert_eq!(read(chain(MAX_CERTIFICATES, &[7])), (None, MAX_CERTIFICATES));
        assert_eq!(
            read(chain(MAX_CERTIFICATES + 1, &[7])),
            (Some(Err(FlightError::TooManyCertificates)), 0)
        );
        assert_eq!(
            read(chain(1, &[])),
            (Some(Err(FlightError::Malformed("Certificate is malformed"))), 0)
        );
        let authorities: Vec<u8> = std::iter::repeat_n([0, 1, 7], MAX_AUTHORITIES + 1)
            .flatten()
            .collect();
        let length = u16::try_from(authorities.len()).expect("short").to_be_bytes();
        let request = long(13, &[&[1, 1, 0, 2, 4, 3][..], &length, &authorities].concat());
        assert_eq!(read(request).0, Some(Err(FlightError::TooManyAuthorities)));
    }

    #[test]
    fn whole_flight_is_understood_however_it_is_cut() {
        for size in [1, 2, 3, 7, 1000] {
            let mut reader = FlightReader::default();
            let mut last = Ok(Progress::More);
            for piece in flight().chunks(size) {
                assert_eq!(last, Ok(Progress::More));
                last = reader.push(piece);
            }
            assert_eq!(last, Ok(Progress::Complete), "pieces of {size}");
            let flight = reader.into_flight();
            assert_eq!(
                flight.hello.as_ref().map(|hello| (
                    hello.version,
                    hello.suite.0,
                    hello.has_secure_renegotiation
                )),
                Some((0x0303, 0xC02F, true))
            );
            assert_eq!(flight.chain, [vec![1, 2], vec![3]]);
            assert_eq!(flight.group, Some(NamedGroup::X25519));
            let request = flight.certificate_request.expect("a request");
            assert_eq!(
                request.schemes,
                ["rsa_sign", "ecdsa_sign", "ecdsa_secp256r1_sha256"]
            );
            assert_eq!(request.authorities, [vec![0x30, 0]]);
        }
    }

    #[test]
    fn warning_goes_on_and_fatal_alert_ends() {
        let mut reader = FlightReader::default();
        assert_eq!(reader.push(&record(21, &[1, 112])), Ok(Progress::More));
        assert_eq!(reader.push(&record(21, &[2, 40])), Ok(Progress::Complete));
        assert_eq!(reader.flight().alert, Some(Alert::fatal(40)));
    }

    #[test]
    fn what_is_no_tls_is_told_by_its_first_octet() {
        for said in [&b"HTTP/1.1 400"[..], b"220 mail", b"\x15\x02", b"\0"] {
            assert_eq!(FlightReader::default().push(said), Err(FlightError::NotTls));
        }
        assert_eq!(FlightReader::default().push(b"\x15"), Ok(Progress::More));
    }

    #[test]
    fn endless_answers_end() {
        let mut reader = FlightReader::default();
        let piece = record(22, &[&[2, 255, 255, 255][..], &[0; 16_000]].concat());
        let ended = (0..1000).find_map(|_| reader.push(&piece).err());
        assert_eq!(ended, Some(FlightError::TooLong));
        let mut reader = FlightReader::default();
        let nothing = record(22, &[]).repeat(1000);
        let ended = (0..1000).find_map(|_| reader.push(&nothing).err());
        assert_eq!(ended, Some(FlightError::TooLong));
    }

    #[test]
    fn size_of_a_prime_is_counted_without_zeros_in_front() {
        assert_eq!(
            (bits(&[0, 0x80, 0]), bits(&[1]), bits(&[0]), bits(&[])),
            (16, 1, 0, 0)
        );
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes: Vec<u8>, cut in 0..200usize) {
            let _ = FlightReader::default().push(&bytes);
            let _ = FlightReader::default().push(&record(22, &bytes[..bytes.len().min(10_000)]));
            let whole = flight();
            let mut reader = FlightReader::default();
            let _ = reader.push(&whole[..cut.min(whole.len())]);
            let _ = reader.push(&bytes);
        }
    }
}
