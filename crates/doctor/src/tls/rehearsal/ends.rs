//! The two ends, set up as rustls programs set them up.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, InconsistentKeys,
    RootCertStore, ServerConfig, ServerConnection, SignatureScheme, SupportedProtocolVersion,
};
use time::OffsetDateTime;

use super::meeting::refusal;
use super::words::in_words;
use super::{Cause, Credentials, Party, Refusal, Rehearsal, Version};
use gsec_pki::x509::GeneralName;

/// A clock that is fixed at one time.
#[derive(Debug)]
struct At(UnixTime);

impl TimeProvider for At {
    fn current_time(&self) -> Option<UnixTime> {
        Some(self.0)
    }
}

fn clock(at: OffsetDateTime) -> Arc<At> {
    let seconds = u64::try_from(at.unix_timestamp()).unwrap_or(0);
    Arc::new(At(UnixTime::since_unix_epoch(Duration::from_secs(seconds))))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn versions(version: Version) -> [&'static SupportedProtocolVersion; 1] {
    match version {
        Version::Tls12 => [&rustls::version::TLS12],
        Version::Tls13 => [&rustls::version::TLS13],
    }
}

/// The server, ready.
pub(super) fn server(setup: &Rehearsal<'_>, version: Version) -> Result<ServerConnection, Refusal> {
    let by = Party::Server;
    let failed = |error: Error| refusal(by, &error);
    let builder = ServerConfig::builder_with_details(provider(), clock(setup.at))
        .with_protocol_versions(&versions(version))
        .map_err(failed)?;
    let builder = match setup.server_trusts {
        None => builder.with_no_client_auth(),
        Some(trusted) => {
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots(trusted)), provider()).build();
            builder.with_client_cert_verifier(verifier.map_err(|error| no_trust(by, &error.to_string()))?)
        }
    };
    let config = builder.with_cert_resolver(Arc::new(credentials(by, setup.server)?));
    ServerConnection::new(Arc::new(config)).map_err(failed)
}

/// The client, ready.
pub(super) fn client(setup: &Rehearsal<'_>, version: Version) -> Result<ClientConnection, Refusal> {
    let by = Party::Client;
    let failed = |error: Error| refusal(by, &error);
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots(setup.client_trusts)), provider()).build();
    let verifier: Arc<dyn ServerCertVerifier> = verifier.map_err(|error| no_trust(by, &error.to_string()))?;
    let name = setup.name.and_then(server_name);
    let verifier = if name.is_some() {
        verifier
    } else {
        Arc::new(AnyName(verifier))
    };
    let builder = ClientConfig::builder_with_details(provider(), clock(setup.at))
        .with_protocol_versions(&versions(version))
        .map_err(failed)?;
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    let mut config = match setup.client {
        Some(own) => builder.with_client_cert_resolver(Arc::new(credentials(by, own)?)),
        None => builder.with_no_client_auth(),
    };
    config.enable_sni = name.is_some();
    ClientConnection::new(Arc::new(config), name.unwrap_or_else(placeholder)).map_err(failed)
}

/// Certificates and key as a program loads them when it starts.
fn credentials(by: Party, own: Credentials<'_>) -> Result<SingleCertAndKey, Refusal> {
    let own_fault = |error: Error| {
        let cause = match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => Cause::OwnKey,
            Error::InvalidCertificate(_) => Cause::OwnCertificate,
            _ => Cause::OwnCredentials,
        };
        Refusal {
            by,
            cause,
            words: in_words(&error),
        }
    };
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(own.pkcs8.to_vec()));
    let key = aws_lc_rs::default_provider()
        .key_provider
        .load_private_key(key)
        .map_err(own_fault)?;
    let chain = own
        .chain
        .iter()
        .map(|der| CertificateDer::from(der.to_vec()))
        .collect();
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => {
            Ok(SingleCertAndKey::from(certified))
        }
        Err(error) => Err(own_fault(error)),
    }
}

/// rustls ignores an anchor that it cannot read; the others may still work.
fn roots(trusted: &[&[u8]]) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted.iter().map(|der| CertificateDer::from(*der)));
    roots
}

fn no_trust(by: Party, words: &str) -> Refusal {
    Refusal {
        by,
        cause: Cause::OwnTrust,
        words: words.to_owned(),
    }
}

/// The name as rustls expects it; a wildcard is not a host name.
fn server_name(name: &GeneralName) -> Option<ServerName<'static>> {
    match name {
        GeneralName::Dns(name) => ServerName::try_from(name.as_str().to_owned()).ok(),
        GeneralName::Ip(address) => Some(ServerName::from(*address)),
        _ => None,
    }
}

/// A placeholder for a missing name; it is neither sent nor compared.
fn placeholder() -> ServerName<'static> {
    ServerName::try_from("any.invalid").expect("a host name")
}

/// Checks everything but the name.
#[derive(Debug)]
struct AnyName(Arc<dyn ServerCertVerifier>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self
            .0
            .verify_server_cert(end_entity, intermediates, name, ocsp, now)
        {
            // The name comes last: what was found here is good otherwise.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
