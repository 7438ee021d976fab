//! The certificate of the server itself: issued by the CA that it serves, and renewed in place.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration as Wait;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::engine::{CaView, Engine, Fault, Issuer, Wanted};
use crate::web::ServerTls;
use gsec_ca::authority::{HostKey, HostOrder};
use gsec_ca::files::{Access, Existing, FilesError, write_output};
use gsec_ca::records::RecordStatus;
use gsec_pki::key::{KeyAlgorithm, KeyFormat, PrivateKey, Signer, decode_private_key, encode_private_key};
use gsec_pki::x509::{Certificate, GeneralName, decode_certificates};

/// The profile that it gets where gsec.toml has it.
const PROFILE: &str = "tls-server";
/// The profile that every CA has.
const DEFAULT_PROFILE: &str = "host";
/// The longest file that is one.
const MAX_BYTES: u64 = 256 * 1024;
/// How often is looked whether it is due.
const LOOK: Wait = Wait::from_secs(600);

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub(super) enum OwnCertificateError {
    /// The CA did not issue it.
    #[error("cannot issue the server's own certificate: {0}")]
    Issue(String),
    /// The key.
    #[error("cannot make the server's own key")]
    Key(#[from] gsec_pki::key::KeyError),
    /// The file.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// The file with key and certificates, and what they must be.
pub(super) struct OwnCertificate {
    pub(super) path: PathBuf,
    pub(super) names: Vec<GeneralName>,
    pub(super) issuer: Issuer,
    pub(super) ca: Arc<CaView>,
}

/// Certificates and key as TLS takes them.
pub(super) type Pair = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

impl OwnCertificate {
    /// The one that is there, if it will do for a while; else a new one.
    pub(super) async fn present_or_new(&self, now: OffsetDateTime) -> Result<Pair, OwnCertificateError> {
        match self.present(now) {
            Some(pair) => Ok(pair),
            None => self.renewed().await,
        }
    }

    /// For these names, by the present key of the CA, and not in the last third of its life.
    fn present(&self, now: OffsetDateTime) -> Option<Pair> {
        let content = gsec_ca::files::read_regular_within(&self.path, MAX_BYTES).ok()?;
        let key = decode_private_key(&content, None).ok()?;
        let certificates = decode_certificates(&content).ok()?;
        let first = certificates.first()?;
        let ca = self.ca.now().ok()?;
        let issued_by = ca.authority().certificate().public_key();
        let names = first.subject_alternative_names().unwrap_or_default();
        let has_all = self.names.len() == names.len() && self.names.iter().all(|name| names.contains(name));
        let third = (first.not_after() - first.not_before()) / 3;
        // Of one that is not recorded nobody knows whether it counts.
        let record = ca.authority().records().find(first.serial()).ok().flatten();
        let is_good = has_all
            && record.is_some_and(|record| record.status == RecordStatus::Valid)
            && first.public_key() == key.public_key()
            && first.verify_signature(issued_by) == gsec_pki::key::SignatureCheck::Good
            && (first.not_before()..first.not_after() - third).contains(&now);
        is_good.then(|| pair(&certificates, &key).ok()).flatten()
    }

    async fn renewed(&self) -> Result<Pair, OwnCertificateError> {
        let key = Arc::new(PrivateKey::generate(KeyAlgorithm::P256)?);
        let opened = self
            .ca
            .now()
            .map_err(|error| OwnCertificateError::Issue(error.to_string()))?;
        let profile = opened
            .authority()
            .policy()
            .ok()
            .and_then(|policy| policy.profile(PROFILE).ok());
        let profile = profile.map_or(DEFAULT_PROFILE, |_| PROFILE);
        let mut names = self.names.iter().cloned();
        let order = HostOrder {
            further_names: names.by_ref().skip(1).collect(),
            ..HostOrder::new(
                self.names.first().cloned(),
                HostKey::Certified(Box::new(key.public_key().clone())),
                profile,
            )
        };
        let wanted = Wanted {
            order,
            facts: vec![("server", true.into())],
        };
        let issued = self.issuer.issue(wanted).await;
        let issued = issued.map_err(|error| OwnCertificateError::Issue(error.to_string()))?;
        let now = issued.certificate.not_before();
        let certificates: Vec<Certificate> = opened
            .authority()
            .presented(&issued.certificate, now)
            .cloned()
            .collect();
        let mut content = encode_private_key(&key, KeyFormat::Pkcs8)?;
        certificates
            .iter()
            .for_each(|certificate| content.push_str(&certificate.to_pem()));
        write(&self.path, &content)?;
        pair(&certificates, &key)
    }

    /// Renews it in place for as long as the server runs.
    pub(super) async fn keep(self, engine: Arc<Engine>, tls: Arc<ServerTls>) {
        loop {
            tokio::time::sleep(LOOK).await;
            let now = engine.now();
            if self.present(now).is_some() {
                continue;
            }
            let replaced = match self.renewed().await {
                Ok((chain, key)) => tls.replace(chain, key).map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            if let Err(error) = replaced {
                engine.tell("the server's own certificate", &Fault::unavailable(error));
            }
        }
    }
}

fn write(path: &Path, content: &Zeroizing<String>) -> Result<(), FilesError> {
    write_output(path, Access::Secret, content.as_bytes(), Existing::Replace)
}

fn pair(certificates: &[Certificate], key: &PrivateKey) -> Result<Pair, OwnCertificateError> {
    let chain = certificates
        .iter()
        .map(|certificate| CertificateDer::from(certificate.der().to_vec()))
        .collect();
    let pem = encode_private_key(key, KeyFormat::Pkcs8)?;
    let key = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes())
        .map_err(|error| OwnCertificateError::Issue(error.to_string()))?;
    Ok((chain, key.into()))
}
