//! The certificate of the server itself: issued by the CA that it serves, and renewed in place.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration as Wait;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use zeroize::Zeroizing;

use crate::engine::{CaView, Engine, Fault, Issuer, IssuerError, Wanted};
use crate::web::{Presented, ServerTls};
use gsec_ca::authority::{HostKey, HostOrder};
use gsec_ca::files::{Access, Existing, FilesError, check_writable, write_own};
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
/// How often is tried to get one that the signer does not sign in this hour: gsec.toml may allow more at any time.
const LIMITED_LOOK: Wait = Wait::from_secs(10);

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub(super) enum OwnCertificateError {
    /// The CA did not issue it.
    #[error("cannot issue the server's own certificate: {0}")]
    Issue(String),
    /// The signer signs no more of its profile in this hour.
    #[error("{0}")]
    Limited(IssuerError),
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

/// What there is to begin with.
pub(super) struct First {
    /// The certificate, where there is one.
    pub(super) pair: Option<Pair>,
    /// Why it is none, or an old one.
    pub(super) limited: Option<OwnCertificateError>,
}

/// How good the one that is there must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// For these names, by the present key of the CA, and not in the last third of its life.
    Fitting,
    /// Valid, whatever its names are.
    Valid,
}

impl OwnCertificate {
    /// The one that is there, if it will do for a while; else a new one. Where the signer signs no more of them in this hour, the old one does as long
    /// as it is valid.
    pub(super) async fn first(&self, now: OffsetDateTime) -> Result<First, OwnCertificateError> {
        let new = match self.present(now, Need::Fitting) {
            Some(pair) => Ok(pair),
            None => self.renewed().await,
        };
        match new {
            Ok(pair) => Ok(First {
                pair: Some(pair),
                limited: None,
            }),
            Err(error @ OwnCertificateError::Limited(_)) => Ok(First {
                pair: self.present(now, Need::Valid),
                limited: Some(error),
            }),
            Err(error) => Err(error),
        }
    }

    /// The one that is there, if it is as good as it must be.
    fn present(&self, now: OffsetDateTime, need: Need) -> Option<Pair> {
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
        let is_valid = record.is_some_and(|record| record.status == RecordStatus::Valid)
            && first.public_key() == key.public_key()
            && (first.not_before()..first.not_after()).contains(&now);
        let is_fitting = || {
            has_all
                && first.verify_signature(issued_by) == gsec_pki::key::SignatureCheck::Good
                && now < first.not_after() - third
        };
        let is_good = is_valid && (need == Need::Valid || is_fitting());
        is_good.then(|| pair(&certificates, &key).ok()).flatten()
    }

    async fn renewed(&self) -> Result<Pair, OwnCertificateError> {
        // What cannot be kept would be valid, and nobody's.
        expect_replaceable(&self.path)?;
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
            is_own: true,
        };
        let issued = match self.issuer.issue(wanted).await {
            Ok(issued) => issued,
            Err(error) => return Err(self.not_issued(error).await),
        };
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

    /// Clients do not get what the server itself waits for.
    async fn not_issued(&self, error: IssuerError) -> OwnCertificateError {
        match &error {
            IssuerError::Limited {
                profile,
                most,
                again_in,
            } => {
                let _ = self.issuer.keep_free(profile.clone(), *most, *again_in).await;
                OwnCertificateError::Limited(error)
            }
            _ => OwnCertificateError::Issue(error.to_string()),
        }
    }

    /// Waits for the first one, and closes connections meanwhile. What keeps it was told.
    pub(super) async fn awaited(&self, engine: &Engine, listener: &TcpListener) -> Arc<ServerTls> {
        let trying = async {
            loop {
                sleep(LIMITED_LOOK).await;
                let error = match self.renewed().await {
                    Ok((chain, key)) => match ServerTls::new(chain, key) {
                        Ok(tls) => return Arc::new(tls),
                        Err(error) => error.to_string(),
                    },
                    Err(OwnCertificateError::Limited(_)) => continue,
                    Err(error) => error.to_string(),
                };
                told(engine, error);
            }
        };
        tokio::select! {
            tls = trying => tls,
            never = closing(listener) => match never {},
        }
    }

    /// Renews it in place for as long as the server runs, and at once when it is revoked. A limit lasts for hours, and is told once.
    pub(super) async fn keep(self, engine: Arc<Engine>, presented: Arc<Presented>, mut is_limited: bool) {
        let Some(tls) = presented.tls() else {
            return;
        };
        loop {
            let wait = if is_limited { LIMITED_LOOK } else { LOOK };
            let _ = timeout(wait, engine.revocation_seen()).await;
            let new = match self.present(engine.now(), Need::Fitting) {
                Some((chain, _)) if chain.first() == Some(&tls.certificate()) => {
                    is_limited = false;
                    presented.note_kept_revoked(None);
                    continue;
                }
                Some(other) => Ok(other),
                None => self.renewed().await,
            };
            let was_limited = is_limited;
            is_limited = false;
            let replaced = match new {
                Ok((chain, key)) => tls.replace(chain, key).map_err(|error| error.to_string()),
                Err(error) => {
                    is_limited = matches!(error, OwnCertificateError::Limited(_));
                    Err(error.to_string())
                }
            };
            presented.note_kept_revoked(match &replaced {
                Err(error) if is_revoked(&engine, &presented).await => Some(error.clone()),
                _ => None,
            });
            if let Err(error) = replaced
                && !(is_limited && was_limited)
            {
                told(&engine, error);
            }
        }
    }
}

async fn is_revoked(engine: &Engine, presented: &Presented) -> bool {
    match presented.certificate() {
        Some(own) => engine.is_revoked(own.serial().clone()).await.unwrap_or_default(),
        None => false,
    }
}

/// Who connects hears at once that nobody serves there.
async fn closing(listener: &TcpListener) -> Infallible {
    loop {
        if listener.accept().await.is_err() {
            sleep(Wait::from_secs(1)).await;
        }
    }
}

/// Tells the server's own log.
pub(super) fn told(engine: &Engine, error: String) {
    engine.tell("the server's own certificate", &Fault::unavailable(error));
}

fn expect_replaceable(path: &Path) -> Result<(), FilesError> {
    match path.symlink_metadata() {
        Ok(found) if !found.is_file() => Err(FilesError::NotAFile(path.to_owned())),
        _ => check_writable(path.parent().unwrap_or(Path::new("."))),
    }
}

fn write(path: &Path, content: &Zeroizing<String>) -> Result<(), FilesError> {
    write_own(path, Access::Secret, content.as_bytes(), Existing::Replace)
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
