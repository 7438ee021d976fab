//! TLS. Messages of the TLS protocol as bytes, from SSL 3.0 to TLS 1.3, and the results of probing a port. Pure.
//!
//! Encodes and decodes only the unencrypted part of a handshake, to probe for old versions and cipher suites that libraries
//! no longer support. Secure connections are left to rustls; [`rehearsal`] lets it play both sides in memory.

pub mod rehearsal;

mod alert;
mod cipher_suite;
mod client_hello;
mod endpoint;
mod greeting;
mod named_group;
mod probe;
mod scheme;
mod server_flight;
mod starttls;
mod version;
mod wire;
mod words;

pub use alert::Alert;
pub use cipher_suite::{CipherSuite, SuiteWeakness};
pub use client_hello::{
    ClientHello, suites_for, suites_with, suites_with_finite_field, suites_with_shared_secret,
};
pub use endpoint::{Endpoint, EndpointError};
pub use greeting::{PlainProtocol, recognize, usual_on};
pub use named_group::NamedGroup;
pub use probe::{
    AddressOutcome, Behaviour, CertificateDemand, ClientAuthentication, Demand, Negotiated, NegotiatedBy,
    Offer, OfferAnswer, OtherChain, PlainTextAnswer, Probe, Refusal, SignatureVerdict, Timings,
    WeakSuiteOffer, WithoutServerName,
};
pub use scheme::{SignatureKind, is_sha1_scheme, scheme_name};
pub use server_flight::{
    CertificateRequest, FlightError, FlightReader, MAX_CERTIFICATES, MAX_FLIGHT_BYTES, Progress,
    ServerFlight, ServerHello, starts_like_record,
};
pub use starttls::{MAX_ANSWER_BYTES, MAX_LINE_BYTES, MAX_SAID_BYTES, NoStartTls, StartTls, StartTlsStep};
pub use version::ProtocolVersion;
