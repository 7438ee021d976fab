//! A verifier that accepts every certificate and trusts none: it records what was presented, and whether the handshake's
//! signature is valid.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{DigitallySignedStruct, SignatureScheme};

use super::ClientIdentity;
use crate::tls::{
    CertificateDemand, Demand, FlightError, MAX_CERTIFICATES, SignatureKind, SignatureVerdict,
    is_sha1_scheme, scheme_name,
};
use gsec_pki::key::{SignatureCheck, tls_scheme_identifier, verify_signature};
use gsec_pki::x509::Certificate;

/// What the handshake showed.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) chain: Vec<Vec<u8>>,
    pub(super) has_ocsp_response: bool,
    pub(super) signature: SignatureVerdict,
    /// The scheme of that signature, by its number.
    pub(super) scheme: Option<u16>,
    pub(super) demand: Option<CertificateDemand>,
}

/// Implements rustls's callbacks for the server's certificate and for the client certificate.
#[derive(Debug)]
pub(super) struct RecordingVerifier {
    seen: Mutex<Seen>,
    identity: Option<Arc<CertifiedKey>>,
    signatures: Option<SignatureKind>,
    offers_sha1: bool,
}

impl RecordingVerifier {
    /// `signatures`: the only kind of signature that is offered; `None`: every kind.
    pub(super) fn new(
        identity: Option<&ClientIdentity>,
        signatures: Option<SignatureKind>,
        offers_sha1: bool,
    ) -> Arc<Self> {
        let seen = Seen {
            chain: Vec::new(),
            has_ocsp_response: false,
            signature: SignatureVerdict::NotSeen,
            scheme: None,
            demand: None,
        };
        Arc::new(Self {
            seen: Mutex::new(seen),
            identity: identity.map(|identity| Arc::clone(&identity.0)),
            signatures,
            offers_sha1,
        })
    }

    pub(super) fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Notes whether the signature is right. Where it is not, the handshake goes on: the probe is to see the rest too.
    fn judge(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> HandshakeSignatureValid {
        let verdict = verdict(message, certificate, signed);
        let scheme = Some(u16::from(signed.scheme));
        self.note(|seen| (seen.signature, seen.scheme) = (verdict, scheme));
        HandshakeSignatureValid::assertion()
    }
}

fn verdict(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
) -> SignatureVerdict {
    let scheme = scheme_name(u16::from(signed.scheme));
    let certificate = match Certificate::from_der(certificate) {
        Ok(certificate) => certificate,
        Err(error) => {
            return SignatureVerdict::Unknown {
                reason: error.to_string(),
            };
        }
    };
    let check = tls_scheme_identifier(signed.scheme.into())
        .map_or(SignatureCheck::Unsupported, |identifier| {
            verify_signature(certificate.public_key(), &identifier, message, signed.signature())
        });
    match check {
        SignatureCheck::Good => SignatureVerdict::Good { scheme },
        SignatureCheck::Bad => SignatureVerdict::Bad { scheme },
        SignatureCheck::Unsupported => SignatureVerdict::Unknown {
            reason: format!("{scheme} with {}", certificate.public_key().type_name()),
        },
    }
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if intermediates.len() >= MAX_CERTIFICATES {
            let error = Arc::new(FlightError::TooManyCertificates);
            return Err(rustls::Error::Other(rustls::OtherError(error)));
        }
        self.note(|seen| {
            seen.chain = std::iter::once(end_entity)
                .chain(intermediates)
                .map(|certificate| certificate.to_vec())
                .collect();
            seen.has_ocsp_response = !ocsp_response.is_empty();
        });
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(self.judge(message, certificate, signed))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(self.judge(message, certificate, signed))
    }

    /// SHA-1 comes last: it is included because old servers use it, and their signature should be seen.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let all = [
            SignatureScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::ECDSA_NISTP384_SHA384,
            SignatureScheme::ECDSA_NISTP521_SHA512,
            SignatureScheme::ED25519,
            SignatureScheme::RSA_PSS_SHA256,
            SignatureScheme::RSA_PSS_SHA384,
            SignatureScheme::RSA_PSS_SHA512,
            SignatureScheme::RSA_PKCS1_SHA256,
            SignatureScheme::RSA_PKCS1_SHA384,
            SignatureScheme::RSA_PKCS1_SHA512,
            SignatureScheme::ECDSA_SHA1_Legacy,
            SignatureScheme::RSA_PKCS1_SHA1,
        ];
        let is_offered = |scheme: &SignatureScheme| {
            let kind = SignatureKind::of_scheme(u16::from(*scheme));
            let is_sha1 = is_sha1_scheme(u16::from(*scheme));
            self.signatures.is_none_or(|wanted| kind == Some(wanted)) && (self.offers_sha1 || !is_sha1)
        };
        all.into_iter().filter(is_offered).collect()
    }
}

impl ResolvesClientCert for RecordingVerifier {
    fn resolve(&self, authorities: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let demand = CertificateDemand {
            demand: Demand::Unknown,
            authorities: authorities.iter().map(|name| name.to_vec()).collect(),
            schemes: schemes
                .iter()
                .map(|scheme| scheme_name(u16::from(*scheme)))
                .collect(),
        };
        self.note(|seen| seen.demand = Some(demand));
        self.identity.clone()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_rustls_are_known() {
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let mut groups: Vec<u16> = provider
            .kx_groups
            .iter()
            .map(|group| u16::from(group.name()))
            .collect();
        let mut known = crate::tls::NamedGroup::OF_RUSTLS.map(|group| group.0);
        groups.sort_unstable();
        known.sort_unstable();
        assert_eq!(groups, known);
    }

    #[test]
    fn every_scheme_that_is_offered_can_be_checked() {
        for scheme in RecordingVerifier::new(None, None, true).supported_verify_schemes() {
            let identifier = tls_scheme_identifier(scheme.into()).unwrap_or_else(|| panic!("{scheme:?}"));
            assert_eq!(usize::from(identifier[1]), identifier.len() - 2, "{scheme:?}");
        }
    }
}
