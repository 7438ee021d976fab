//! One connection: how long it may keep silent, and how it ends.

use std::convert::Infallible;
use std::io::Cursor;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::HOST;
use axum::http::{Request, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tower_service::Service;

use rustls_pki_types::CertificateDer;

use super::body::{self, BodyFault};

/// For the head of a request, and between two requests of a connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a client may take to answer a PING.
const PING_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection of HTTP/2 may be open without a request. Its client may answer every PING.
const IDLE_TIMEOUT: Duration = Duration::from_secs(120);
/// How long a connection that is to end may take to answer what it was asked.
const END_TIMEOUT: Duration = Duration::from_secs(30);
/// The longest head of a request.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Requests at once over one connection of HTTP/2.
const MAX_STREAMS: u32 = 64;
/// What a client of HTTP/2 sends first, RFC 9113 §3.4.
const PREFACE: [u8; 24] = *b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What is spoken over a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

/// Where a connection comes from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(SocketAddr);

impl Peer {
    /// That of a connection.
    pub(super) fn at(address: SocketAddr) -> Self {
        Self(address)
    }

    /// The address; an IPv4 one in an IPv6 one is the IPv4 one.
    pub fn address(&self) -> IpAddr {
        self.0.ip().to_canonical()
    }
}

/// The certificate that a client has shown in the handshake; it leads to one that the server trusts.
#[derive(Debug, Clone)]
pub struct ClientCertificate(pub CertificateDer<'static>);

/// Whose connection it is, and what may come over it.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) peer: Peer,
    pub(super) shown: Option<ClientCertificate>,
    /// The most bytes of a request.
    pub(super) request_bytes: usize,
}

impl Caller {
    /// A request as the routes get it: whole.
    async fn asks(self, request: Request<Incoming>, mut routes: Router) -> Result<Response, Infallible> {
        let (head, sent) = request.into_parts();
        let sent = match body::received(sent, self.request_bytes).await {
            Ok(sent) => sent,
            Err(BodyFault::TooSlow) => return Ok(StatusCode::REQUEST_TIMEOUT.into_response()),
            Err(BodyFault::Broken) => return Ok(StatusCode::BAD_REQUEST.into_response()),
        };
        // RFC 9112 §3.2: a request of HTTP/1.1 has one Host, no more and no less.
        if head.version == Version::HTTP_11 && head.headers.get_all(HOST).iter().count() != 1 {
            return Ok(StatusCode::BAD_REQUEST.into_response());
        }
        let mut request = Request::from_parts(head, Body::from(sent));
        request.extensions_mut().insert(ConnectInfo(self.peer));
        if let Some(shown) = self.shown {
            request.extensions_mut().insert(shown);
        }
        routes.call(request).await
    }
}

/// Serves a connection until its client closes it or keeps silent for too long, or until `end` says so. A client that goes away, or that speaks
/// something else, is no fault of the server's.
pub(super) async fn serve_one<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    mut stream: S,
    protocol: Protocol,
    caller: Caller,
    routes: Router,
    end: watch::Receiver<bool>,
) {
    let activity = Arc::<Activity>::default();
    let counted = activity.clone();
    let service = service_fn(move |request| {
        let (asked, answered) = (counted.begin(), caller.clone().asks(request, routes.clone()));
        async move {
            let answered = answered.await;
            drop(asked);
            answered
        }
    });
    match protocol {
        Protocol::Http1 => {
            let mut builder = http1::Builder::new();
            builder
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .max_buf_size(MAX_HEAD_BYTES);
            drive(
                builder.serve_connection(TokioIo::new(stream), service),
                &activity,
                end,
            )
            .await;
        }
        Protocol::Http2 => {
            // No timer of the library runs before it has read this.
            let mut begin = [0; PREFACE.len()];
            let read = timeout(HEAD_TIMEOUT, stream.read_exact(&mut begin)).await;
            if !matches!(read, Ok(Ok(_))) || begin != PREFACE {
                return;
            }
            let (reader, writer) = tokio::io::split(stream);
            let stream = tokio::io::join(Cursor::new(begin).chain(reader), writer);
            let mut builder = http2::Builder::new(TokioExecutor::new());
            builder
                .timer(TokioTimer::new())
                .max_concurrent_streams(MAX_STREAMS)
                .max_header_list_size(MAX_HEAD_BYTES as u32)
                .keep_alive_interval(HEAD_TIMEOUT)
                .keep_alive_timeout(PING_TIMEOUT);
            drive(
                builder.serve_connection(TokioIo::new(stream), service),
                &activity,
                end,
            )
            .await;
        }
    }
}

/// A connection that can be told to answer what it was asked, and then to end.
trait Ending: Future {
    fn end(self: Pin<&mut Self>);
}

impl<I, S> Ending for http1::Connection<I, S>
where
    S: HttpService<Incoming, ResBody = Body>,
    Self: Future,
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn end(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<I, S> Ending for http2::Connection<I, S, TokioExecutor>
where
    S: HttpService<Incoming, ResBody = Body>,
    Self: Future,
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    TokioExecutor: hyper::rt::bounds::Http2ServerConnExec<S::Future, Body>,
{
    fn end(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

async fn drive(connection: impl Ending, activity: &Activity, mut end: watch::Receiver<bool>) {
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = end.wait_for(|is_over| *is_over) => {}
        () = activity.idle() => {}
    }
    connection.as_mut().end();
    tokio::select! {
        _ = connection => {}
        () = sleep(END_TIMEOUT) => {}
    }
}

/// What a connection is doing.
struct Activity {
    /// Requests that are being answered.
    open: AtomicUsize,
    /// When the last one came or was answered.
    last: Mutex<Instant>,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            open: AtomicUsize::new(0),
            last: Mutex::new(Instant::now()),
        }
    }
}

/// One request, until it is answered.
struct InProgress(Arc<Activity>);

impl Activity {
    fn begin(self: &Arc<Self>) -> InProgress {
        self.open.fetch_add(1, Ordering::SeqCst);
        self.touch();
        InProgress(self.clone())
    }

    fn touch(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Comes back when there was no request for too long.
    async fn idle(&self) {
        loop {
            let until = *self.last.lock().unwrap_or_else(PoisonError::into_inner) + IDLE_TIMEOUT;
            match (self.open.load(Ordering::SeqCst), Instant::now() < until) {
                (0, false) => return,
                (_, true) => sleep_until(until).await,
                (_, false) => sleep(IDLE_TIMEOUT).await,
            }
        }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.touch();
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    /// A connection, as its client has it, and whether it ends within a virtual time.
    async fn ends_within(
        protocol: Protocol,
        limit: Duration,
        client: impl AsyncFnOnce(&mut DuplexStream),
    ) -> bool {
        let (mut near, far) = duplex(64 * 1024);
        let (_end, ended) = watch::channel(false);
        let caller = Caller {
            peer: Peer::at(([192, 0, 2, 1], 1).into()),
            shown: None,
            request_bytes: 1024,
        };
        let routes = Router::new().route("/", get(|| async { "here" }));
        let served = tokio::spawn(serve_one(far, protocol, caller, routes, ended));
        client(&mut near).await;
        let over = timeout(limit, served).await.is_ok();
        drop(near);
        over
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_says_nothing_or_stops_is_let_go() {
        let limit = HEAD_TIMEOUT + Duration::from_secs(1);
        let rows: [(Protocol, &[u8]); 5] = [
            (Protocol::Http1, b""),
            (Protocol::Http1, b"PRI"),
            (Protocol::Http1, b"GET / HTTP/1.1\r\nHost: ca"),
            (Protocol::Http2, b""),
            (Protocol::Http2, b"PRI * HTTP/2.0"),
        ];
        for (protocol, sent) in rows {
            let text = String::from_utf8_lossy(sent);
            let ended = ends_within(protocol, limit, async |client| {
                client.write_all(sent).await.expect("sent")
            });
            assert!(ended.await, "{protocol:?} {text}");
        }
        let other = b"GET / HTTP/1.1\r\nHost: ca.test\r\n\r\n";
        let ended = ends_within(Protocol::Http2, Duration::from_secs(1), async |client| {
            client.write_all(other).await.expect("sent");
        });
        assert!(ended.await, "not what was agreed on");
    }

    #[tokio::test(start_paused = true)]
    async fn connection_between_two_requests_is_let_go_and_one_in_use_is_not() {
        let request = b"GET / HTTP/1.1\r\nHost: ca.test\r\n\r\n";
        let asks = async |client: &mut DuplexStream| {
            client.write_all(request).await.expect("sent");
            let mut answer = [0; 4096];
            let read = client.read(&mut answer).await.expect("answered");
            assert!(answer[..read].starts_with(b"HTTP/1.1 200"));
        };
        let limit = HEAD_TIMEOUT + Duration::from_secs(1);
        let several = ends_within(Protocol::Http1, limit, async |client| {
            for _ in 0..5 {
                asks(client).await;
                sleep(HEAD_TIMEOUT / 2).await;
            }
            asks(client).await;
        });
        assert!(several.await, "the last request is longer ago than the limit");
    }

    #[tokio::test(start_paused = true)]
    async fn http2_client_that_answers_each_ping_and_asks_nothing_is_let_go() {
        let (near, far) = duplex(64 * 1024);
        let (_end, ended) = watch::channel(false);
        let caller = Caller {
            peer: Peer::at(([192, 0, 2, 1], 1).into()),
            shown: None,
            request_bytes: 1024,
        };
        let routes = Router::new().route("/", get(|| async { "here" }));
        let served = tokio::spawn(serve_one(far, Protocol::Http2, caller, routes, ended));
        let begun = Instant::now();
        let (mut asking, connection) = hyper::client::conn::http2::handshake::<_, _, axum::body::Body>(
            TokioExecutor::new(),
            TokioIo::new(near),
        )
        .await
        .expect("a connection");
        tokio::spawn(connection);
        let request = Request::get("http://ca.test/")
            .body(Body::empty())
            .expect("a request");
        let answer = asking.send_request(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let limit = IDLE_TIMEOUT + END_TIMEOUT + Duration::from_secs(1);
        assert!(timeout(limit, served).await.is_ok(), "it is still served");
        assert!(begun.elapsed() >= IDLE_TIMEOUT, "let go too early");
    }
}
