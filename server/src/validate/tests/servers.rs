//! Servers on loopback, each with one way to answer.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::world::AUTHORIZATION;

/// A server until it is dropped.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

impl Server {
    /// Answers each connection with `answer`.
    pub(super) async fn of<F>(answer: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = listener.local_addr().expect("it is bound");
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut answers = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                answers.spawn(answer(stream));
            }
        });
        Self {
            address,
            requests: Arc::default(),
            _tasks: tasks,
        }
    }

    /// Reads each request, and answers with these bytes.
    pub(super) async fn saying(response: impl Into<Vec<u8>>) -> Self {
        let response: Arc<[u8]> = response.into().into();
        Self::to_requests(move |_| response.to_vec()).await
    }

    /// Reads each request, and answers with what is made of it.
    pub(super) async fn to_requests(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let answer = Arc::new(answer);
        let kept = Arc::clone(&requests);
        let mut server = Self::of(move |mut stream| {
            let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
            async move {
                let request = read_request(&mut stream).await;
                let response = answer(&request);
                kept.lock().expect("no test panics here").push(request);
                // Whoever has read enough is gone.
                let _ = stream.write_all(&response).await;
                let _ = stream.shutdown().await;
            }
        })
        .await;
        server.requests = requests;
        server
    }

    /// The header sections of all requests, in order.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no test panics here").clone()
    }
}

/// A server that writes `chunk` without end, after `begin`, and how many bytes it had written when the connection broke.
pub(super) async fn endless(begin: &'static [u8], chunk: Vec<u8>) -> (Server, mpsc::UnboundedReceiver<u64>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let chunk: Arc<[u8]> = chunk.into();
    let server = Server::of(move |mut stream| {
        let (sender, chunk) = (sender.clone(), Arc::clone(&chunk));
        async move {
            read_request(&mut stream).await;
            let mut written = 0;
            let mut going = stream.write_all(begin).await;
            while going.is_ok() && written < GIGABYTE {
                going = stream.write_all(&chunk).await;
                written += chunk.len() as u64;
            }
            let _ = sender.send(written);
        }
    })
    .await;
    (server, receiver)
}

/// The end of what is endless.
pub(super) const GIGABYTE: u64 = 1 << 30;

/// Up to the empty line.
pub(super) async fn read_request(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte).await {
            Ok(1) => bytes.extend(byte),
            _ => break,
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A response with a body.
pub(super) fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The response that proves.
pub(super) fn right() -> Vec<u8> {
    ok(AUTHORIZATION)
}

/// A redirect.
pub(super) fn to(location: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n").into()
}
