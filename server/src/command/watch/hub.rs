//! The hub, where this place is one; and a word to the hub now and then, where it has one.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use gsec::cli::serve::ServerError;
use gsec_ca::authority::Authority;
use gsec_ca::files::read_regular_within;
use gsec_ca::home::CaDir;
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::decode_certificates;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::super::{beside_ca, expect_profiles, failed, hinted};
use crate::alarm::{FILE_NAME, HubSettings, Sink, SinkKind};
use crate::settings::Listen;
use crate::watch::HubOutlet;
use crate::web::{Believed, Hub, Limits, MAX_BATCH_BYTES, ServerTls, hub_routes, serve_tls};

const MAX_BYTES: u64 = 256 * 1024;
/// How often a site says that it is there.
const BEAT: Duration = Duration::from_secs(30);
/// A watch that has not gone round for so long is not there.
const ALIVE: i64 = 600;

/// The listener, until it is dropped.
pub(super) struct Listening {
    runtime: Option<Runtime>,
    served: Option<JoinHandle<()>>,
    end: watch::Sender<bool>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.end.send(true);
        if let Some((runtime, served)) = self.runtime.take().zip(self.served.take()) {
            let _ = runtime.block_on(served);
            runtime.shutdown_background();
        }
    }
}

/// Listens to other sites.
pub(super) fn listen(
    directory: &CaDir,
    store: PathBuf,
    settings: &HubSettings,
    sinks: &[Sink],
) -> Result<Listening, ServerError> {
    let own = beside_ca(directory, "server.pem");
    let (certificate, key) = settings.certificate.clone().unwrap_or_else(|| (own.clone(), own));
    let authority = Authority::open(directory.clone()).map_err(|error| failed(error.code(), &error))?;
    let policy = authority.policy().map_err(|error| failed(error.code(), &error))?;
    let named = settings.profiles.iter().map(|name| ("hub.profiles", name));
    expect_profiles(policy, "watch.settings", FILE_NAME, named)?;
    let authorities = vec![CertificateDer::from(authority.certificate().der().to_vec())];
    let (chain, key) = (chain(&certificate)?, secret(&key)?);
    let tls =
        ServerTls::mutual(chain, key, authorities).map_err(|error| failed("serve.certificate", &error))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| failed("serve.runtime", &error))?;
    let listener = runtime.block_on(bound(&settings.listen))?;
    let hub = Arc::new(Hub {
        directory: directory.clone(),
        store,
        profiles: settings.profiles.clone(),
        sites: settings.sites.clone(),
        sinks: sinks.to_vec(),
        on_fault: Box::new(|reason| eprintln!("hub: {}", visible(reason))),
        believed: Believed::default(),
    });
    let (end, ended) = watch::channel(false);
    let served = runtime.spawn(serve_tls(
        listener,
        Arc::new(tls),
        hub_routes(hub),
        Limits {
            connections: 1024,
            per_address: 64,
            request_bytes: MAX_BATCH_BYTES,
        },
        ended,
    ));
    Ok(Listening {
        runtime: Some(runtime),
        served: Some(served),
        end,
    })
}

async fn bound(text: &str) -> Result<TcpListener, ServerError> {
    let addresses: Vec<SocketAddr> = Listen::parse(text)
        .map(Listen::addresses)
        .into_iter()
        .flatten()
        .collect();
    TcpListener::bind(addresses.as_slice()).await.map_err(|error| {
        let failure = failed("serve.listen", &error);
        let message = format!("cannot listen to sites at {text}");
        let causes = vec![failure.message.clone()];
        hinted(
            ServerError {
                message,
                causes,
                ..failure
            },
            "another program may listen there: choose another port with `hub.listen` in watch.toml",
        )
    })
}

fn unusable(path: &Path, reason: &str) -> ServerError {
    hinted(
        ServerError {
            code: "watch.hub",
            message: format!("cannot use `{}` for the hub", path.display()),
            causes: vec![reason.to_owned()],
            hints: Vec::new(),
        },
        "name certificate and key by `hub.certificate_file` and `hub.key_file` in watch.toml",
    )
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, ServerError> {
    let content = read_regular_within(path, MAX_BYTES).map_err(|error| unusable(path, &error.to_string()))?;
    let certificates = decode_certificates(&content).map_err(|error| unusable(path, &error.to_string()))?;
    let chain = certificates
        .iter()
        .map(|one| CertificateDer::from(one.der().to_vec()));
    Ok(chain.collect())
}

fn secret(path: &Path) -> Result<PrivateKeyDer<'static>, ServerError> {
    let content = read_regular_within(path, MAX_BYTES).map_err(|error| unusable(path, &error.to_string()))?;
    PrivateKeyDer::from_pem_slice(&content).map_err(|error| unusable(path, &error.to_string()))
}

/// Says to each hub that this site is there, as long as somebody goes round.
pub(super) struct Beating {
    is_over: Arc<AtomicBool>,
    alive: Arc<AtomicI64>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Beating {
    /// Begins.
    pub(super) fn start(sinks: &[Sink], site_id: &str) -> Self {
        let (is_over, alive) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
        let hubs = sinks
            .iter()
            .filter(|sink| matches!(sink.kind, SinkKind::Hub { .. }));
        let threads = hubs.map(|sink| {
            let (kind, site_id) = (sink.kind.clone(), site_id.to_owned());
            let (is_over, alive) = (is_over.clone(), alive.clone());
            std::thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    let now = OffsetDateTime::now_utc().unix_timestamp();
                    if now - alive.load(Ordering::Relaxed) < ALIVE {
                        // What fails here fails for the events too, which say so.
                        let _ = HubOutlet::new(&kind, &site_id).and_then(|outlet| outlet.beat());
                    }
                    std::thread::park_timeout(BEAT);
                }
            })
        });
        Self {
            threads: threads.collect(),
            is_over,
            alive,
        }
    }

    /// Somebody goes round.
    pub(super) fn is_alive(&self) {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let was = self.alive.swap(now, Ordering::Relaxed);
        if was == 0 {
            self.threads.iter().for_each(|thread| thread.thread().unpark());
        }
    }
}

impl Drop for Beating {
    /// A word that is on its way is not waited for.
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.threads.iter().for_each(|thread| thread.thread().unpark());
    }
}

/// One word, of a call that ends.
pub(super) fn beat(sinks: &[Sink], site_id: &str) {
    for sink in sinks {
        if matches!(sink.kind, SinkKind::Hub { .. }) {
            let _ = HubOutlet::new(&sink.kind, site_id).and_then(|outlet| outlet.beat());
        }
    }
}
