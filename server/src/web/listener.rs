//! Connections: TLS, limits, and an end that waits for those who are being answered.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

use super::body;
use crate::acme::MAX_JWS;

/// For the TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// For the head of a request, and between two requests of a connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The longest head of a request.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Requests at once over one connection of HTTP/2.
const MAX_STREAMS: u32 = 64;
/// How long those who are being answered are waited for at the end.
const DRAIN: Duration = Duration::from_secs(30);

/// Where a connection comes from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(SocketAddr);

impl Peer {
    /// The address; an IPv4 one in an IPv6 one is the IPv4 one.
    pub fn address(&self) -> IpAddr {
        self.0.ip().to_canonical()
    }
}

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

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 8192,
            per_address: 512,
            request_bytes: MAX_JWS,
        }
    }
}

/// The certificate that a client has shown in the handshake; it leads to one that the server trusts.
#[derive(Debug, Clone)]
pub struct ClientCertificate(pub CertificateDer<'static>);

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
    config: RwLock<Arc<ServerConfig>>,
}

impl ServerTls {
    /// With a certificate, those above it, and its key.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn new(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self, TlsError> {
        Ok(Self {
            config: RwLock::new(configured(chain, key)?),
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
        Ok(Self {
            config: RwLock::new(Arc::new(config)),
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
        let config = configured(chain, key)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    fn acceptor(&self) -> TlsAcceptor {
        self.config
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .into()
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
    accept(listener, limits, end, move |stream, peer, watcher| {
        let (tls, routes) = (tls.clone(), routes.clone());
        async move {
            let handshake = timeout(HANDSHAKE_TIMEOUT, tls.acceptor().accept(stream));
            if let Ok(Ok(stream)) = handshake.await {
                let shown = stream.get_ref().1.peer_certificates();
                let shown = shown
                    .and_then(|chain| chain.first())
                    .map(|first| ClientCertificate(first.clone().into_owned()));
                let caller = Caller {
                    peer,
                    shown,
                    request_bytes,
                };
                serve_connection(stream, caller, routes, watcher).await;
            }
        }
    })
    .await;
}

/// Serves without TLS until `end` says so.
pub async fn serve_plain(listener: TcpListener, routes: Router, limits: Limits, end: watch::Receiver<bool>) {
    let request_bytes = limits.request_bytes;
    accept(listener, limits, end, move |stream, peer, watcher| {
        let caller = Caller {
            peer,
            shown: None,
            request_bytes,
        };
        serve_connection(stream, caller, routes.clone(), watcher)
    })
    .await;
}

type Watcher = hyper_util::server::graceful::Watcher;

async fn accept<F: Future<Output = ()> + Send + 'static>(
    listener: TcpListener,
    limits: Limits,
    mut end: watch::Receiver<bool>,
    serve: impl Fn(TcpStream, Peer, Watcher) -> F,
) {
    let (counts, graceful) = (Counts::new(limits), GracefulShutdown::new());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = end.wait_for(|is_over| *is_over) => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let peer = Peer(address);
                // Whoever has too many connections gets no further one.
                let Some(place) = counts.place(peer) else { continue };
                let _ = stream.set_nodelay(true);
                let served = serve(stream, peer, graceful.watcher());
                tokio::spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            Err(error) if is_of_connection(&error) => {}
            // Too many files are open: those that are served will close some.
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
    drop(listener);
    let _ = timeout(DRAIN, graceful.shutdown()).await;
}

fn is_of_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    )
}

/// Whose connection it is, and what may come over it.
#[derive(Clone)]
struct Caller {
    peer: Peer,
    shown: Option<ClientCertificate>,
    request_bytes: usize,
}

async fn serve_connection<S>(stream: S, caller: Caller, routes: Router, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEAD_BYTES as u32)
        .keep_alive_interval(HEAD_TIMEOUT)
        .keep_alive_timeout(HANDSHAKE_TIMEOUT);
    let answer = service_fn(move |request: hyper::Request<Incoming>| {
        let (mut routes, caller) = (routes.clone(), caller.clone());
        async move {
            let (head, sent) = request.into_parts();
            let Ok(sent) = body::received(sent, caller.request_bytes).await else {
                return Ok(StatusCode::REQUEST_TIMEOUT.into_response());
            };
            let mut request = hyper::Request::from_parts(head, Body::from(sent));
            request.extensions_mut().insert(ConnectInfo(caller.peer));
            if let Some(shown) = caller.shown {
                request.extensions_mut().insert(shown);
            }
            routes.call(request).await
        }
    });
    let connection = builder
        .serve_connection(TokioIo::new(stream), answer)
        .into_owned();
    // A client that goes away, or that speaks something else, is no fault of the server's.
    let _ = watcher.watch(connection).await;
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
    use super::*;

    fn peer(address: &str) -> Peer {
        Peer(SocketAddr::new(address.parse().expect("an address"), 1))
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
