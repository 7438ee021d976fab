//! TLS with strangers: nobody vouches for their certificates, and nobody has to (RFC 8555 §8.3, RFC 8737 §3).

use std::io;
use std::sync::{Arc, LazyLock};

use gsec_pki::key::{SignatureCheck, tls_scheme_identifier, verify_signature};
use gsec_pki::x509::Certificate;
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::failure::TlsFlaw;

/// The protocol of tls-alpn-01, RFC 8737 §4.
pub(super) const ACME_PROTOCOL: &[u8] = b"acme-tls/1";

static FOR_HTTP: LazyLock<TlsConnector> = LazyLock::new(|| connector(b"http/1.1"));
static FOR_ACME: LazyLock<TlsConnector> = LazyLock::new(|| connector(ACME_PROTOCOL));

/// What a handshake is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// A redirect to https.
    Http,
    /// tls-alpn-01.
    Acme,
}

/// Shakes hands, by TLS 1.2 or 1.3, and accepts every certificate whose key the server has.
///
/// # Errors
/// [`TlsFlaw`].
pub(super) async fn shake_hands(
    stream: TcpStream,
    name: ServerName<'static>,
    purpose: Purpose,
) -> Result<TlsStream<TcpStream>, TlsFlaw> {
    let connector = match purpose {
        Purpose::Http => &FOR_HTTP,
        Purpose::Acme => &FOR_ACME,
    };
    connector
        .connect(name, stream)
        .await
        .map_err(|error| flaw(&error))
}

fn connector(protocol: &[u8]) -> TlsConnector {
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the library has cipher suites for its own versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate))
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    // A resumed session would show no certificate.
    config.resumption = Resumption::disabled();
    TlsConnector::from(Arc::new(config))
}

fn flaw(error: &io::Error) -> TlsFlaw {
    let Some(inner) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
    else {
        return TlsFlaw::Closed;
    };
    match inner {
        rustls::Error::AlertReceived(alert) => TlsFlaw::Alert(u8::from(*alert)),
        rustls::Error::InvalidMessage(_) => TlsFlaw::NotTls,
        rustls::Error::InvalidCertificate(CertificateError::BadSignature) => TlsFlaw::Signature,
        _ => TlsFlaw::Other,
    }
}

/// Accepts every certificate. What is signed in the handshake must be signed by its key, so that nobody shows a certificate of others.
#[derive(Debug)]
struct AnyCertificate;

impl AnyCertificate {
    // rustls' own check refuses certificates with critical extensions that it does not know, such as that of tls-alpn-01.
    fn check(
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let check = Certificate::from_der(certificate)
            .ok()
            .zip(tls_scheme_identifier(signed.scheme.into()))
            .map(|(certificate, algorithm)| {
                verify_signature(certificate.public_key(), &algorithm, message, signed.signature())
            });
        match check {
            Some(SignatureCheck::Good) => Ok(HandshakeSignatureValid::assertion()),
            _ => Err(rustls::Error::InvalidCertificate(CertificateError::BadSignature)),
        }
    }
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _others: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Self::check(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Self::check(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        default_provider()
            .signature_verification_algorithms
            .supported_schemes()
            .into_iter()
            .filter(|scheme| tls_scheme_identifier((*scheme).into()).is_some())
            .collect()
    }
}
