//! Where other sites tell their alarms: over mutual TLS, each under the name in its certificate. Nothing is asked of them, and nothing is sent back but
//! how far they have been heard.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use time::OffsetDateTime;

use super::ClientCertificate;
use super::health::nothing_here;
use crate::alarm::{Batch, Receipt, Sink};
use crate::watch::{HUB_PATH, Store, Teller};
use gsec_ca::authority::{Authority, Recorded};
use gsec_ca::home::CaDir;
use gsec_ca::policy::Policy;
use gsec_pki::key::sha256;
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{Certificate, GeneralName};

/// The longest request.
pub const MAX_BATCH_BYTES: usize = 1024 * 1024;
/// How long is believed that a certificate is good: so soon a revocation counts.
const BELIEVED: Duration = Duration::from_secs(30);
/// The most certificates of which that is remembered.
const MAX_BELIEVED: usize = 4096;

/// Who takes in what sites say.
pub struct Hub {
    /// The CA that has certified them.
    pub directory: CaDir,
    /// Where it is remembered.
    pub store: PathBuf,
    /// The profiles that their certificates may be of.
    pub profiles: Vec<String>,
    /// The sites that are heard; all when empty.
    pub sites: Vec<String>,
    /// Who is told of it here.
    pub sinks: Vec<Sink>,
    /// Told what a site is not.
    pub on_fault: Box<dyn Fn(&str) + Send + Sync>,
    /// What was said of certificates a moment ago.
    pub believed: Believed,
}

/// The name of the site whose certificate it is, or why it may not speak.
type Judged = Result<String, String>;

/// What was said of certificates, by digest, and when.
#[derive(Default)]
pub struct Believed(Mutex<HashMap<[u8; 32], (Instant, Judged)>>);

/// What is served.
pub fn hub_routes(hub: Arc<Hub>) -> Router {
    Router::new()
        .route(HUB_PATH, post(take))
        .fallback(nothing_here)
        .with_state(hub)
}

async fn take(
    State(hub): State<Arc<Hub>>,
    shown: Option<Extension<ClientCertificate>>,
    bytes: Bytes,
) -> Response {
    if bytes.len() > MAX_BATCH_BYTES {
        return says(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let Some(Extension(ClientCertificate(der))) = shown else {
        return says(StatusCode::FORBIDDEN);
    };
    let known = hub.clone();
    let asked = tokio::task::spawn_blocking(move || known.site_of(&der)).await;
    let site = match asked {
        Ok(Ok(site)) => site,
        Ok(Err(_)) => return says(StatusCode::FORBIDDEN),
        Err(_) => return says(StatusCode::INTERNAL_SERVER_ERROR),
    };
    let Some(batch) = Batch::read(&bytes) else {
        return says(StatusCode::BAD_REQUEST);
    };
    match tokio::task::spawn_blocking(move || hub.receive(&site, &batch)).await {
        Ok(Some(receipt)) => match serde_json::to_string(&receipt) {
            Ok(text) => (StatusCode::OK, [(CONTENT_TYPE, "application/json")], text).into_response(),
            Err(_) => says(StatusCode::INTERNAL_SERVER_ERROR),
        },
        _ => says(StatusCode::SERVICE_UNAVAILABLE),
    }
}

fn says(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or_default();
    (status, [(CONTENT_TYPE, "text/plain")], reason).into_response()
}

impl Hub {
    /// The name of the site whose certificate this is, if it may speak here.
    fn site_of(&self, der: &[u8]) -> Judged {
        let digest = sha256(der);
        let lock = || self.believed.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, said)) = lock().get(&digest)
            && at.elapsed() < BELIEVED
        {
            return said.clone();
        }
        let said = self.judged(der);
        if let Err(reason) = &said {
            (self.on_fault)(reason);
        }
        let mut believed = lock();
        if believed.len() >= MAX_BELIEVED {
            believed.clear();
        }
        believed.insert(digest, (Instant::now(), said.clone()));
        said
    }

    fn judged(&self, der: &[u8]) -> Judged {
        let certificate = Certificate::from_der(der).map_err(|error| error.to_string())?;
        let authority = Authority::open(self.directory.clone()).map_err(|error| error.to_string())?;
        let serial = certificate.serial().to_string();
        match authority
            .recorded(&certificate)
            .map_err(|error| error.to_string())?
        {
            Recorded::Itself(_) => {}
            other => {
                let why = other.why_not(&certificate).unwrap_or_default();
                return Err(format!(
                    "a client has shown a certificate without a record: {why}"
                ));
            }
        }
        if authority.standing(&certificate).status != RevocationStatus::Good {
            return Err(format!(
                "a client has shown certificate {serial}, which is revoked or may be"
            ));
        }
        let mut profile = None;
        authority
            .records()
            .audit_lines_with(&[&format!("\"serial\":\"{serial}\"")], &mut |fields| {
                if fields.serial.as_deref() == Some(&serial) && fields.profile.is_some() {
                    profile = fields.profile;
                }
            })
            .map_err(|error| error.to_string())?;
        let profile = profile.unwrap_or_default();
        if !self.profiles.contains(&profile) {
            return Err(format!(
                "a client has shown certificate {serial} of profile `{profile}`"
            ));
        }
        let names = certificate.subject_alternative_names().unwrap_or_default();
        let name = names.iter().find_map(|name| match name {
            GeneralName::Dns(_) | GeneralName::Ip(_) => Some(name.value()),
            _ => None,
        });
        let name = name.ok_or_else(|| format!("certificate {serial} names no host"))?;
        match self.sites.is_empty() || self.sites.contains(&name) {
            true => Ok(name),
            false => Err(format!("site {name} is not among those that are expected")),
        }
    }

    fn receive(&self, site: &str, batch: &Batch) -> Option<Receipt> {
        let filter = Authority::open(self.directory.clone())
            .ok()
            .and_then(|authority| authority.policy().ok().map(|policy| policy.log_filter.clone()))
            .unwrap_or_else(|| Policy::unknown().log_filter);
        let teller = Teller {
            site,
            sinks: &self.sinks,
            filter: &filter,
        };
        let store = Store::open(&self.store, &mut |_| {});
        let received =
            store.and_then(|mut store| store.receive(site, batch, OffsetDateTime::now_utc(), &teller));
        match received {
            Ok(received) => Some(Receipt {
                acknowledged: received.acknowledged,
            }),
            Err(error) => {
                (self.on_fault)(&error.to_string());
                None
            }
        }
    }
}
