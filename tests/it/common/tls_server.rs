//! Servers to be probed, on loopback, for as long as the test lives: OpenSSL's and GnuTLS's, and such as no program is.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::ChildStdout;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use gsec_pki::encoding::pem;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, ServerConnection};

use super::{Call, ChildGuard, free_port, java_class, openssl, tool, wait_until};

/// A TLS server that another program is.
pub struct TlsPort {
    pub port: u16,
    _process: ChildGuard,
}

impl TlsPort {
    /// `openssl s_server` with this certificate and key, and further flags.
    pub fn openssl(certificate: &str, key: &str, flags: &[&str]) -> Self {
        TlsPort::openssl_at("127.0.0.1:0", certificate, key, flags)
    }

    /// `openssl s_server` without a certificate, with these flags.
    pub fn openssl_without_certificate(flags: &[&str]) -> Self {
        TlsPort::that_says_its_port(openssl(&["s_server", "-accept", "127.0.0.1:0", "-nocert"]).args(flags))
    }

    /// A server that somebody starts by typing this line in a folder, and that says its port as s_server does.
    pub fn typed(folder: &str, line: &str) -> Self {
        TlsPort::that_says_its_port(tool("sh").args(&["-c", &format!("cd \"$0\" && exec {line}"), folder]))
    }

    /// The same at another address; port 0 is any free one.
    pub fn openssl_at(address: &str, certificate: &str, key: &str, flags: &[&str]) -> Self {
        TlsPort::that_says_its_port(
            openssl(&["s_server", "-accept", address, "-cert", certificate, "-key", key]).args(flags),
        )
    }

    /// Java's TLS with these protocols and suites, which may be such as it has long given up; `-` for those that it has by itself.
    pub fn java(pfx: &str, protocols: &str, suites: &str) -> Self {
        TlsPort::java_with(pfx, protocols, suites, &[])
    }

    /// The same with further arguments: `need` for a client certificate.
    pub fn java_with(pfx: &str, protocols: &str, suites: &str, more: &[&str]) -> Self {
        TlsPort::that_says_its_port(
            java_class("OldServer", &[])
                .args(&[pfx, protocols, suites])
                .args(more),
        )
    }

    fn that_says_its_port(call: Call) -> Self {
        let mut process = ChildGuard::start(&mut call.streams_joined());
        let mut lines = BufReader::new(process.0.stdout.take().expect("stdout is piped"));
        let port = port_listened_on(&mut lines);
        // What it says further must go somewhere, or it stops in the middle of it.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        TlsPort {
            port,
            _process: process,
        }
    }

    /// `gnutls-serv` with this certificate and key, and further flags.
    pub fn gnutls(certificate: &str, key: &str, flags: &[&str]) -> Self {
        let call = |port: u16| {
            let files = ["--x509certfile", certificate, "--x509keyfile", key, "--echo"];
            tool("gnutls-serv")
                .args(&["--port", &port.to_string()])
                .args(&files)
                .args(flags)
        };
        TlsPort::on_free_port(call)
    }

    /// A program that is told its port, and listens on it after a while.
    pub fn on_free_port(call: impl Fn(u16) -> Call) -> Self {
        loop {
            let port = free_port();
            let mut command = call(port).streams_joined();
            let mut process = ChildGuard::start(&mut command);
            let mut said = process.0.stdout.take().expect("stdout is piped");
            std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
            if wait_until(&mut process, || TcpStream::connect(("127.0.0.1", port)).is_ok()) {
                return TlsPort {
                    port,
                    _process: process,
                };
            }
        }
    }

    /// `127.0.0.1:PORT`.
    pub fn target(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

/// s_server chooses a free port for port 0 and says which when it listens; our own server in Java says it in the same words.
pub fn port_listened_on(lines: &mut BufReader<ChildStdout>) -> u16 {
    let mut said = String::new();
    loop {
        let start = said.len();
        assert_ne!(
            lines.read_line(&mut said).expect("what s_server says"),
            0,
            "the server does not start: {said}"
        );
        if let Some(address) = said[start..].strip_prefix("ACCEPT ") {
            let port = address.trim_end().rsplit(':').next().expect("a port");
            return port.parse().expect("a port number");
        }
    }
}

/// A server of the test's own: what it does with a connection is a function, which may take its time.
pub struct OwnServer {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl OwnServer {
    /// On 127.0.0.1, on a free port.
    pub fn start(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        OwnServer::start_at(IpAddr::V4(Ipv4Addr::LOCALHOST), serve)
    }

    pub fn start_at(address: IpAddr, serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((address, 0)).expect("a free loopback port");
        let address = listener.local_addr().expect("an address");
        let (is_over, serve) = (Arc::new(AtomicBool::new(false)), Arc::new(serve));
        let over = Arc::clone(&is_over);
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                let (stream, serve) = (stream.expect("a connection"), Arc::clone(&serve));
                std::thread::spawn(move || serve(stream));
            }
        });
        OwnServer {
            address,
            is_over,
            listening: Some(listening),
        }
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// `ADDRESS:PORT`.
    pub fn target(&self) -> String {
        self.address.to_string()
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // This connection ends the waiting for one.
        drop(TcpStream::connect(self.address));
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

/// A port on which nobody listens, and which nobody else can take as long as it is held.
pub struct ClosedPort {
    pub port: u16,
    _held: socket2::Socket,
}

impl ClosedPort {
    pub fn hold() -> Self {
        let held =
            socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
        held.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
            .expect("a free loopback port");
        let port = held
            .local_addr()
            .ok()
            .and_then(|address| address.as_socket())
            .expect("an address")
            .port();
        ClosedPort { port, _held: held }
    }
}

/// A TLS server that uses whatever key it is given: others refuse one that is not the certificate's.
pub fn rustls_server(certificate: &str, key: &str) -> OwnServer {
    let read = |path: &str| pem::decode_all(&std::fs::read(path).expect("a file")).expect("PEM");
    let chain = read(certificate)
        .iter()
        .map(|block| CertificateDer::from(block.content.to_vec()))
        .collect();
    let key = PrivateKeyDer::try_from(read(key)[0].content.to_vec()).expect("a private key");
    let key = rustls::crypto::aws_lc_rs::sign::any_supported_type(&key).expect("a key that signs");
    let resolver = Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain, key)));
    let config = Arc::new(
        ServerConfig::builder()
            .with_no_client_auth()
            .with_cert_resolver(resolver),
    );
    OwnServer::start(move |mut stream| {
        let mut connection = ServerConnection::new(Arc::clone(&config)).expect("a server");
        // It ends when the other end does.
        let _ = std::io::copy(
            &mut rustls::Stream::new(&mut connection, &mut stream),
            &mut std::io::sink(),
        );
    })
}

/// Reads until the other end hangs up: a server that says nothing.
pub fn listen_only(mut stream: TcpStream) {
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
}

/// Reads what comes first, which is a ClientHello or an HTTP request.
pub fn first_octets(stream: &mut TcpStream) -> Vec<u8> {
    let mut octets = vec![0; 4096];
    let count = stream.read(&mut octets).unwrap_or_default();
    octets.truncate(count);
    octets
}

/// Carries octets between a connection and a port, both ways.
pub fn relay(near: &TcpStream, port: u16) {
    let Ok(far) = TcpStream::connect(("127.0.0.1", port)) else {
        return;
    };
    let copy = |from: &TcpStream, to: &TcpStream| {
        let (mut from, mut to) = (from, to);
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    };
    std::thread::scope(|scope| {
        scope.spawn(|| copy(near, &far));
        copy(&far, near);
    });
}

/// Hands a ClientHello on to the server at this port, and answers everything else itself in plain text.
pub fn also_in_plain_text(port: u16) -> OwnServer {
    OwnServer::start(move |mut stream| {
        let mut first = [0];
        if stream
            .peek(&mut first)
            .is_ok_and(|count| count == 1 && first[0] == 22)
        {
            relay(&stream, port);
        } else {
            first_octets(&mut stream);
            drop(stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nhello"));
        }
    })
}
