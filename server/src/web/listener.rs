//! Connections: TLS, limits, and an end that waits for those who are being answered.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use axum::Router;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::connection::{Caller, ClientCertificate, Peer, Protocol, serve_one};
use crate::acme::MAX_JWS;

/// For the TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long those who are being answered are waited for at the end.
const DRAIN: Duration = Duration::from_secs(30);

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// In all.
    pub connections: usize,
    /// From one address; of IPv6, from one /64.
    pub per_address: usize,
    /// The most bytes of a request. Whoever answers gets one more of what is longer.
    pub request_bytes: usize,
}

/// Files that a process needs beside its connections: the CA directory, the database, sockets of its own.
const OTHER_FILES: u64 = 256;

impl Limits {
    /// Those of one of several listeners of a process that may have so many files open: so many connections cannot keep the others from being served.
    pub fn of_listener(files: u64, listeners: u64) -> Self {
        let each = files.saturating_sub(OTHER_FILES) / listeners.max(1);
        let defaults = Self::default();
        Self {
            connections: usize::try_from(each)
                .unwrap_or(usize::MAX)
                .clamp(16, defaults.connections),
            ..defaults
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 8192,
            per_address: 512,
            request_bytes: MAX_JWS,
        }
    }
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// Certificate and key do not go together, or are of no use.
    #[error("the server's certificate cannot be used")]
    Certificate(#[from] rustls::Error),
    /// No client certificate could be checked.
    #[error("the CA's certificate cannot be used for client certificates")]
    Clients(#[from] rustls::server::VerifierBuilderError),
}

/// The server's certificate and key, which change while connections are there.
pub struct ServerTls {
    shown: RwLock<Shown>,
}

/// What connections begin with from now on.
struct Shown {
    config: Arc<ServerConfig>,
    /// The certificate in it.
    certificate: CertificateDer<'static>,
}

impl Shown {
    fn new(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self, TlsError> {
        let certificate = first_of(&chain)?;
        let config = configured(chain, key)?;
        Ok(Self { config, certificate })
    }
}

fn first_of(chain: &[CertificateDer<'static>]) -> Result<CertificateDer<'static>, TlsError> {
    let none = || rustls::Error::NoCertificatesPresented.into();
    chain.first().cloned().ok_or_else(none)
}

impl ServerTls {
    /// With a certificate, those above it, and its key.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn new(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self, TlsError> {
        Ok(Self {
            shown: RwLock::new(Shown::new(chain, key)?),
        })
    }

    /// With clients that must show a certificate of one of these CAs, and nobody else.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn mutual(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        authorities: Vec<CertificateDer<'static>>,
    ) -> Result<Self, TlsError> {
        let certificate = first_of(&chain)?;
        let mut roots = RootCertStore::empty();
        for authority in authorities {
            roots.add(authority)?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()?;
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(clients)
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let config = Arc::new(config);
        Ok(Self {
            shown: RwLock::new(Shown { config, certificate }),
        })
    }

    /// Uses another certificate for connections from now on.
    ///
    /// # Errors
    /// [`TlsError`]; then the one before is used on.
    pub fn replace(
        &self,
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<(), TlsError> {
        let shown = Shown::new(chain, key)?;
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = shown;
        Ok(())
    }

    /// The certificate that a connection is shown that begins now.
    pub fn certificate(&self) -> CertificateDer<'static> {
        self.shown().certificate.clone()
    }

    fn acceptor(&self) -> TlsAcceptor {
        self.shown().config.clone().into()
    }

    fn shown(&self) -> RwLockReadGuard<'_, Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn configured(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Serves over TLS until `end` says so.
pub async fn serve_tls(
    listener: TcpListener,
    tls: Arc<ServerTls>,
    routes: Router,
    limits: Limits,
    end: watch::Receiver<bool>,
) {
    let request_bytes = limits.request_bytes;
    accept(listener, limits, end, move |stream, peer, end| {
        let (tls, routes) = (tls.clone(), routes.clone());
        async move {
            let handshake = timeout(HANDSHAKE_TIMEOUT, tls.acceptor().accept(stream));
            if let Ok(Ok(stream)) = handshake.await {
                let session = stream.get_ref().1;
                let shown = session
                    .peer_certificates()
                    .and_then(|chain| chain.first())
                    .map(|first| ClientCertificate(first.clone().into_owned()));
                let protocol = match session.alpn_protocol() {
                    Some(b"h2") => Protocol::Http2,
                    _ => Protocol::Http1,
                };
                let caller = Caller {
                    peer,
                    shown,
                    request_bytes,
                };
                serve_one(stream, protocol, caller, routes, end).await;
            }
        }
    })
    .await;
}

/// Serves without TLS until `end` says so: by HTTP/1.1, which every client of CRLs and OCSP speaks.
pub async fn serve_plain(listener: TcpListener, routes: Router, limits: Limits, end: watch::Receiver<bool>) {
    let request_bytes = limits.request_bytes;
    accept(listener, limits, end, move |stream, peer, end| {
        let caller = Caller {
            peer,
            shown: None,
            request_bytes,
        };
        serve_one(stream, Protocol::Http1, caller, routes.clone(), end)
    })
    .await;
}

async fn accept<F: Future<Output = ()> + Send + 'static>(
    listener: TcpListener,
    limits: Limits,
    mut end: watch::Receiver<bool>,
    serve: impl Fn(TcpStream, Peer, watch::Receiver<bool>) -> F,
) {
    let counts = Counts::new(limits);
    // Each connection has the other end: when all have ended, nothing is waited for any more.
    let (served, mut all_served) = mpsc::channel::<()>(1);
    let ended = end.clone();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = end.wait_for(|is_over| *is_over) => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let peer = Peer::at(address);
                // Whoever has too many connections gets no further one.
                let Some(place) = counts.place(peer) else { continue };
                let _ = stream.set_nodelay(true);
                let (serving, served) = (serve(stream, peer, ended.clone()), served.clone());
                tokio::spawn(async move {
                    serving.await;
                    drop((place, served));
                });
            }
            Err(error) if is_of_connection(&error) => {}
            // Too many files are open: those that are served will close some.
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
    drop((listener, served));
    let _ = timeout(DRAIN, all_served.recv()).await;
}

fn is_of_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    )
}

/// How many connections there are.
#[derive(Clone)]
struct Counts {
    limits: Limits,
    open: Arc<Mutex<(usize, HashMap<IpAddr, usize>)>>,
}

/// One connection that is counted until it is dropped.
struct Place {
    counts: Counts,
    from: IpAddr,
}

impl Counts {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            open: Arc::default(),
        }
    }

    fn place(&self, peer: Peer) -> Option<Place> {
        let from = neighborhood(peer.address());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let here = open.1.get(&from).copied().unwrap_or_default();
        if open.0 >= self.limits.connections || here >= self.limits.per_address {
            return None;
        }
        open.0 += 1;
        open.1.insert(from, here + 1);
        Some(Place {
            counts: self.clone(),
            from,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.counts.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.0 -= 1;
        if let Some(here) = open.1.get_mut(&self.from) {
            *here -= 1;
            if *here == 0 {
                open.1.remove(&self.from);
            }
        }
    }
}

/// One client has a /64 of IPv6 for himself.
fn neighborhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    #[test]
    fn connections_leave_files_for_the_rest() {
        for (files, listeners, connections) in
            [(1024, 3, 256), (65_536, 3, 8192), (100, 3, 16), (1024, 1, 768)]
        {
            let limits = Limits::of_listener(files, listeners);
            assert_eq!(limits.connections, connections, "{files} files");
        }
    }

    fn peer(address: &str) -> Peer {
        Peer::at(SocketAddr::new(address.parse().expect("an address"), 1))
    }

    #[test]
    fn connections_are_counted_by_address_and_in_all() {
        let counts = Counts::new(Limits {
            connections: 3,
            per_address: 2,
            ..Limits::default()
        });
        let first = counts.place(peer("2001:db8::1")).expect("a place");
        let _second = counts.place(peer("2001:db8::2")).expect("a place");
        assert!(counts.place(peer("2001:db8::3")).is_none(), "a third of one /64");
        let _third = counts.place(peer("::ffff:192.0.2.1")).expect("a place");
        assert!(counts.place(peer("192.0.2.2")).is_none(), "a fourth in all");
        drop(first);
        assert!(counts.place(peer("192.0.2.1")).is_some());
    }
}
