//! Whose certificates a sink's server may have.

use std::path::Path;
use std::sync::Arc;

use gsec_ca::files::read_file_within;
use gsec_pki::x509::decode_certificates;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::OutletError;

const MAX_BYTES: u64 = 1024 * 1024;

/// The certificates of a file, or those of the system.
pub(super) fn roots(file: Option<&Path>) -> Result<RootCertStore, OutletError> {
    let mut roots = RootCertStore::empty();
    match file {
        Some(path) => {
            let wrong = |reason: String| OutletError::File {
                path: path.to_owned(),
                reason,
            };
            let content = read_file_within(path, MAX_BYTES).map_err(|error| wrong(error.to_string()))?;
            let certificates = decode_certificates(&content).map_err(|error| wrong(error.to_string()))?;
            for certificate in certificates {
                roots
                    .add(CertificateDer::from(certificate.der().to_vec()))
                    .map_err(|error| wrong(error.to_string()))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    Ok(roots)
}

/// The same, and this side shows a certificate.
pub(super) fn mutual(file: Option<&Path>, own: (&Path, &Path)) -> Result<Arc<ClientConfig>, OutletError> {
    let wrong = |path: &Path, reason: String| OutletError::File {
        path: path.to_owned(),
        reason,
    };
    let (certificate, key) = own;
    let content =
        read_file_within(certificate, MAX_BYTES).map_err(|error| wrong(certificate, error.to_string()))?;
    let chain = decode_certificates(&content).map_err(|error| wrong(certificate, error.to_string()))?;
    let chain: Vec<CertificateDer<'static>> = chain
        .iter()
        .map(|one| CertificateDer::from(one.der().to_vec()))
        .collect();
    let secret = super::secret::read(key)?;
    let secret = PrivateKeyDer::from_pem_slice(&secret).map_err(|error| wrong(key, error.to_string()))?;
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the library has cipher suites for its own versions")
        .with_root_certificates(roots(file)?)
        .with_client_auth_cert(chain, secret)
        .map_err(|error| wrong(key, error.to_string()))?;
    Ok(Arc::new(config))
}

/// TLS 1.2 or 1.3 with a server that leads to one of them.
pub(super) fn client(file: Option<&Path>) -> Result<Arc<ClientConfig>, OutletError> {
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the library has cipher suites for its own versions")
        .with_root_certificates(roots(file)?)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
