//! The certificate that is shown to servers which ask for one.

use std::sync::Arc;

use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;

use gsec_pki::key::PrivateKey;
use gsec_pki::x509::Certificate;

/// A client certificate, the certificates behind it, and its key.
#[derive(Clone)]
pub struct ClientIdentity(pub(super) Arc<CertifiedKey>);

/// Why a certificate cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The file does not contain a certificate.
    #[error("no certificate")]
    NoCertificate,
    /// The key is another certificate's.
    #[error("the key does not belong to the certificate `{subject}`")]
    KeyMismatch {
        /// Its subject.
        subject: String,
    },
    /// The TLS library cannot sign with the key.
    #[error("the TLS library cannot use the key: {reason}")]
    KeyUnusable {
        /// In the library's words.
        reason: String,
    },
}

impl ClientIdentity {
    /// A certificate, followed by what leads to its root, and its key.
    ///
    /// # Errors
    /// [`IdentityError`] when they do not belong together or cannot be used.
    pub fn new(chain: &[Certificate], key: &PrivateKey) -> Result<Self, IdentityError> {
        let own = chain.first().ok_or(IdentityError::NoCertificate)?;
        if own.public_key().spki() != gsec_pki::key::Signer::public_key(key).spki() {
            return Err(IdentityError::KeyMismatch {
                subject: own.subject().to_string(),
            });
        }
        let pkcs8 = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.pkcs8()));
        let signing = any_supported_type(&pkcs8).map_err(|error| IdentityError::KeyUnusable {
            reason: error.to_string(),
        })?;
        let chain = chain
            .iter()
            .map(|certificate| CertificateDer::from(certificate.der().to_vec()))
            .collect();
        Ok(Self(Arc::new(CertifiedKey::new(chain, signing))))
    }

    /// What is shown, DER, its own first.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.0.cert.iter().map(AsRef::as_ref)
    }
}
