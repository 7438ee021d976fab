//! An ACME client that does what it is told, right or wrong: every request is made by hand.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gsec_pki::key::{KeyAlgorithm, KeyFormat, PrivateKey, Signer as _, encode_private_key};
use gsec_server::acme::Jwk;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};

use crate::site::Site;

/// A machine may be slow, and a server may be on its way back.
const PATIENCE: Duration = Duration::from_secs(180);
/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// Between two questions.
const PAUSE: Duration = Duration::from_millis(50);
const JOSE: &str = "application/jose+json";

pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An answer of the server.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// URL and relation of each link (RFC 8288).
    pub fn links(&self) -> Vec<(String, String)> {
        let links = self.headers.iter().filter(|(name, _)| name == "link");
        links
            .filter_map(|(_, value)| {
                let (url, rest) = value.strip_prefix('<')?.split_once('>')?;
                let relation = rest.strip_prefix(";rel=\"")?.strip_suffix('"')?;
                Some((url.to_owned(), relation.to_owned()))
            })
            .collect()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The name of the type of a problem document; `None` for what is none.
    pub fn problem(&self) -> Option<String> {
        if self.header("content-type") != Some("application/problem+json") {
            return None;
        }
        let kind = self.json()["type"].as_str()?.to_owned();
        kind.strip_prefix("urn:ietf:params:acme:error:")
            .map(str::to_owned)
    }

    pub fn text(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// A connection that is kept, and made anew when it is broken.
struct Connection {
    port: u16,
    config: Arc<ClientConfig>,
    open: Option<StreamOwned<ClientConnection, TcpStream>>,
}

impl Connection {
    fn opened(&mut self) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
        if let Some(open) = self.open.take() {
            return Ok(open);
        }
        let stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        let name = ServerName::try_from("127.0.0.1").expect("an address");
        let tls = ClientConnection::new(self.config.clone(), name).map_err(io::Error::other)?;
        Ok(StreamOwned::new(tls, stream))
    }

    fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
        let mut open = self.opened()?;
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", self.port);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        open.write_all(&[request.as_bytes(), body].concat())?;
        open.flush()?;
        let answer = read_answer(&mut open, method == "HEAD")?;
        if answer.header("connection") != Some("close") {
            self.open = Some(open);
        }
        Ok(answer)
    }
}

fn read_answer(from: &mut impl Read, is_head: bool) -> io::Result<Answer> {
    let no_answer = || io::Error::from(io::ErrorKind::InvalidData);
    let (mut bytes, mut piece) = (Vec::new(), [0; 8192]);
    let mut more = |bytes: &mut Vec<u8>| match from.read(&mut piece)? {
        0 => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
        read => {
            bytes.extend_from_slice(&piece[..read]);
            Ok(())
        }
    };
    let head = loop {
        match bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            Some(at) => break at,
            None => more(&mut bytes)?,
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut answer = Answer {
        status: status.ok_or_else(no_answer)?,
        headers,
        body: Vec::new(),
    };
    let mut rest = bytes.split_off(head + 4);
    let length = match (is_head || answer.status == 204, answer.header("content-length")) {
        (true, _) => 0,
        (false, Some(length)) => length.parse().map_err(|_| no_answer())?,
        (false, None) if answer.header("transfer-encoding") == Some("chunked") => {
            answer.body = read_chunks(rest, &mut more)?;
            return Ok(answer);
        }
        (false, None) => return Err(no_answer()),
    };
    while rest.len() < length {
        more(&mut rest)?;
    }
    rest.truncate(length);
    answer.body = rest;
    Ok(answer)
}

/// A body in chunks (RFC 9112 §7.1), without trailers.
fn read_chunks(
    mut rest: Vec<u8>,
    more: &mut impl FnMut(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = loop {
            match rest.windows(2).position(|end| end == b"\r\n") {
                Some(at) => break at,
                None => more(&mut rest)?,
            }
        };
        let size = std::str::from_utf8(&rest[..line]).ok();
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let size = size.ok_or(io::ErrorKind::InvalidData)?;
        while rest.len() < line + 2 + size + 2 {
            more(&mut rest)?;
        }
        body.extend_from_slice(&rest[line + 2..line + 2 + size]);
        rest.drain(..line + 2 + size + 2);
        if size == 0 {
            return Ok(body);
        }
    }
}

/// The head of a request that somebody sends here; an error where it is not whole within five seconds.
pub fn request_head(stream: &mut TcpStream) -> io::Result<String> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let (mut request, mut piece) = (Vec::new(), [0; 2048]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => request.extend_from_slice(&piece[..read]),
        }
    }
    Ok(String::from_utf8_lossy(&request).into_owned())
}

/// Answers http-01 for all names at one port.
#[derive(Clone, Default)]
pub struct Responder(Arc<Mutex<HashMap<String, String>>>);

impl Responder {
    /// Starts to answer; it does so as long as this process runs.
    pub fn start(port: u16) -> Self {
        let (responder, listener) = (
            Self::default(),
            TcpListener::bind(("127.0.0.1", port)).expect("a port"),
        );
        let known = responder.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let known = known.clone();
                // One that is opened and not used holds no other up.
                std::thread::spawn(move || known.serve(stream));
            }
        });
        responder
    }

    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let text = request_head(&mut stream)?;
        let token = text.split(' ').nth(1).and_then(|path| path.rsplit('/').next());
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (status, body) = match token.and_then(|token| known.get(token)) {
            Some(body) => ("200 OK", body.clone()),
            None => ("404 Not Found", String::new()),
        };
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    }

    /// What is answered for a token.
    pub fn knows(&self, token: &str, key_authorization: String) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(token.to_owned(), key_authorization);
    }
}

/// What came of an order.
#[derive(Debug, Clone)]
pub struct Obtained {
    /// The URL of the order.
    pub order: String,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
}

/// A client with an account key.
pub struct Client {
    connection: Connection,
    origin: String,
    /// The directory.
    resources: Value,
    pub key: PrivateKey,
    pub kid: Option<String>,
    nonce: Option<String>,
    responder: Responder,
    /// `Accept` of the next requests.
    pub accept: Option<String>,
    /// Between two questions.
    pub pause: Duration,
}

impl Client {
    pub fn new(site: &Site, responder: &Responder) -> Self {
        Self::of(site.directory(), &site.ca_certificate(), responder)
    }

    /// Of any server, with the URL of its directory and the root of its TLS certificate.
    pub fn of(directory: &str, root: &Path, responder: &Responder) -> Self {
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from_pem_file(root).expect("a certificate");
        roots.add(root).expect("a root");
        let path = directory.match_indices('/').nth(2).map(|(at, _)| at);
        let origin = directory[..path.expect("a path")].to_owned();
        let port = origin.rsplit(':').next().and_then(|port| port.parse().ok());
        let mut client = Self {
            connection: Connection {
                port: port.expect("a port"),
                config: Arc::new(
                    ClientConfig::builder()
                        .with_root_certificates(roots)
                        .with_no_client_auth(),
                ),
                open: None,
            },
            origin,
            resources: Value::Null,
            key: PrivateKey::generate(KeyAlgorithm::P256).expect("a key"),
            kid: None,
            nonce: None,
            responder: responder.clone(),
            accept: None,
            pause: PAUSE,
        };
        let end = Instant::now() + PATIENCE;
        while client.resources.is_null() {
            match client.send("GET", directory, None, b"") {
                Ok(answer) => client.resources = answer.json(),
                Err(error) => assert!(Instant::now() < end, "{error}"),
            }
        }
        client
    }

    /// The URL of a resource of ACME: where the directory says, else below `/acme/`.
    pub fn url(&self, resource: &str) -> String {
        let field = match resource {
            "new-nonce" => "newNonce",
            "new-account" => "newAccount",
            "new-order" => "newOrder",
            "revoke-cert" => "revokeCert",
            "key-change" => "keyChange",
            other => other,
        };
        match self.resources[field].as_str() {
            Some(url) => url.to_owned(),
            None => format!("{}/acme/{resource}", self.origin),
        }
    }

    pub fn jwk(&self) -> Value {
        let jwk = Jwk::of(self.key.public_key()).expect("a key of accounts");
        serde_json::from_str(jwk.canonical()).expect("JSON")
    }

    pub fn thumbprint(&self) -> String {
        Jwk::of(self.key.public_key())
            .expect("a key of accounts")
            .thumbprint()
    }

    /// One request as it is, and what it is answered with. A nonce that comes with it is kept.
    pub fn send(&mut self, method: &str, url: &str, kind: Option<&str>, body: &[u8]) -> io::Result<Answer> {
        let path = url.strip_prefix(&self.origin).unwrap_or(url).to_owned();
        let accept = self.accept.clone();
        let headers: Vec<(&str, &str)> = [("Content-Type", kind), ("Accept", accept.as_deref())]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        let answer = self.connection.ask(method, &path, &headers, body)?;
        if let Some(nonce) = answer.header("replay-nonce") {
            self.nonce = Some(nonce.to_owned());
        }
        Ok(answer)
    }

    pub fn nonce(&mut self) -> io::Result<String> {
        if self.nonce.is_none() {
            self.send("HEAD", &self.url("new-nonce"), None, b"")?;
        }
        self.nonce
            .take()
            .ok_or_else(|| io::Error::other("an answer without a nonce"))
    }

    /// The header that a request to `url` is to have.
    pub fn header(&mut self, url: &str) -> io::Result<Value> {
        let mut header = json!({"alg": "ES256", "nonce": self.nonce()?, "url": url});
        match &self.kid {
            Some(kid) => header["kid"] = kid.as_str().into(),
            None => header["jwk"] = self.jwk(),
        }
        Ok(header)
    }

    /// A JWS of whatever is given.
    pub fn sign(&self, header: &str, payload: &str) -> Value {
        let (protected, payload) = (base64url(header.as_bytes()), base64url(payload.as_bytes()));
        let signed = self
            .key
            .sign(format!("{protected}.{payload}").as_bytes())
            .expect("a signature");
        json!({"protected": protected, "payload": payload, "signature": base64url(&fixed(&signed))})
    }

    pub fn post_jws(&mut self, url: &str, jws: &Value) -> io::Result<Answer> {
        self.send("POST", url, Some(JOSE), jws.to_string().as_bytes())
    }

    /// A request as it is to be; POST-as-GET where there is nothing to say.
    pub fn post(&mut self, url: &str, payload: Option<&Value>) -> io::Result<Answer> {
        let header = self.header(url)?;
        let payload = payload.map(ToString::to_string).unwrap_or_default();
        let jws = self.sign(&header.to_string(), &payload);
        self.post_jws(url, &jws)
    }

    /// The same, again until it is answered by a server that can.
    #[track_caller]
    pub fn asked(&mut self, url: &str, payload: Option<&Value>) -> Answer {
        let end = Instant::now() + PATIENCE;
        loop {
            let said = match self.post(url, payload) {
                Ok(answer) if answer.status < 500 && answer.problem().as_deref() != Some("badNonce") => {
                    return answer;
                }
                Ok(answer) => answer.text(),
                Err(error) => error.to_string(),
            };
            assert!(Instant::now() < end, "{url}: {said}");
            std::thread::sleep(self.pause);
        }
    }

    /// Makes the account.
    #[track_caller]
    pub fn register(&mut self) {
        let url = self.url("new-account");
        let answer = self.asked(&url, Some(&json!({"termsOfServiceAgreed": true})));
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
        self.kid = Some(answer.header("location").expect("a URL").to_owned());
    }

    /// Makes an order, and returns its URL.
    #[track_caller]
    pub fn order(&mut self, names: &[&str]) -> String {
        let identifiers: Vec<Value> = names
            .iter()
            .map(|name| json!({"type": "dns", "value": name}))
            .collect();
        let url = self.url("new-order");
        let answer = self.asked(&url, Some(&json!({"identifiers": identifiers})));
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.header("location").expect("a URL").to_owned()
    }

    /// The whole way: one certificate, whatever happens to the server meanwhile.
    #[track_caller]
    pub fn obtain(&mut self, names: &[&str]) -> Obtained {
        let order = self.order(names);
        self.follow(&order, &request_for(names))
    }

    /// Follows an order to its certificate.
    #[track_caller]
    pub fn follow(&mut self, url: &str, request: &[u8]) -> Obtained {
        let end = Instant::now() + PATIENCE;
        loop {
            let order = self.asked(url, None).json();
            match order["status"].as_str() {
                Some("pending") => self.prove(&order),
                Some("ready") => {
                    let finalize = order["finalize"].as_str().expect("a URL");
                    let payload = json!({"csr": base64url(request)});
                    // The first answer may be lost with its server: what became of it, the order tells.
                    if let Ok(answer) = self.post(finalize, Some(&payload)) {
                        let passes = ["badNonce", "orderNotReady"].map(Some);
                        let is_final = (400..500).contains(&answer.status);
                        assert!(
                            !is_final || passes.contains(&answer.problem().as_deref()),
                            "{}",
                            answer.text()
                        );
                    }
                }
                Some("valid") => {
                    let certificate = order["certificate"].as_str().expect("a URL").to_owned();
                    let answer = self.asked(&certificate, None);
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    let first = CertificateDer::from_pem_slice(&answer.body).expect("PEM");
                    return Obtained {
                        order: url.to_owned(),
                        certificate: first.to_vec(),
                    };
                }
                Some("processing") => std::thread::sleep(self.pause),
                _ => panic!("{order}"),
            }
            assert!(Instant::now() < end, "{order}");
        }
    }

    /// Proves by http-01 what is not proven yet.
    #[track_caller]
    pub fn prove(&mut self, order: &Value) {
        for url in order["authorizations"].as_array().into_iter().flatten() {
            let url = url.as_str().expect("a URL");
            let end = Instant::now() + PATIENCE;
            loop {
                let authorization = self.asked(url, None).json();
                if authorization["status"] != "pending" {
                    assert_eq!(authorization["status"], "valid", "{authorization}");
                    break;
                }
                let challenges = authorization["challenges"].as_array().expect("challenges");
                let challenge = challenges
                    .iter()
                    .find(|challenge| challenge["type"] == "http-01")
                    .expect("http-01");
                if challenge["status"] == "pending" {
                    let token = challenge["token"].as_str().expect("a token");
                    self.responder
                        .knows(token, format!("{token}.{}", self.thumbprint()));
                    let challenge = challenge["url"].as_str().expect("a URL");
                    let _ = self.post(challenge, Some(&json!({})));
                }
                assert!(Instant::now() < end, "{authorization}");
                std::thread::sleep(self.pause);
            }
        }
    }
}

/// A CSR with a key of its own, DER.
pub fn request_for(names: &[&str]) -> Vec<u8> {
    request_of(names, &rcgen::KeyPair::generate().expect("a key"))
}

/// The same for the key of an account.
pub fn request_of_account(names: &[&str], client: &Client) -> Vec<u8> {
    let pem = encode_private_key(&client.key, KeyFormat::Pkcs8).expect("PEM");
    request_of(names, &rcgen::KeyPair::from_pem(&pem).expect("a key"))
}

fn request_of(names: &[&str], key: &rcgen::KeyPair) -> Vec<u8> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = rcgen::CertificateParams::new(names).expect("names");
    // Else it has a common name of its own.
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.serialize_request(key).expect("a request").der().to_vec()
}

/// An ECDSA signature of P-256 as JWS has it (RFC 7518 §3.4), of the DER of X.509.
fn fixed(der: &[u8]) -> Vec<u8> {
    let number = |at: usize| -> (&[u8], usize) {
        let length = usize::from(der[at + 1]);
        (&der[at + 2..at + 2 + length], at + 2 + length)
    };
    let (r, next) = number(2);
    let (s, _) = number(next);
    let mut signature = vec![0; 64];
    for (number, end) in [(r, 32), (s, 64)] {
        let digits = number.strip_prefix(&[0]).unwrap_or(number);
        signature[end - digits.len()..end].copy_from_slice(digits);
    }
    signature
}
