//! http-01, RFC 8555 §8.3: a file on a web server.

use std::net::IpAddr;

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, CONNECTION, HOST, LOCATION, USER_AGENT};
use hyper::rt::{Read, Write};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use url::{Host, Url};

use super::failure::{Failure, Hop, HttpFlaw, Place, RedirectFlaw, Stage};
use super::proof::{Proof, Proven};
use super::reach::Reach;
use super::tls::{Purpose, shake_hands};
use crate::domain::Identifier;

/// The most redirects that are followed.
const MAX_REDIRECTS: u8 = 3;
/// The longest body that is read, in bytes.
const MAX_BODY_BYTES: usize = 512;
/// The longest header section that is read, in bytes; what arrives with it is kept within this too.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// The most fields in it.
const MAX_FIELDS: usize = 100;
/// The longest URL that is followed, in bytes.
const MAX_URL_BYTES: usize = 2048;
/// How the server names itself.
const AGENT: &str = concat!("gsecd/", env!("CARGO_PKG_VERSION"), " (http-01)");

/// Where the next request goes.
struct Target {
    host: Identifier,
    url: Url,
    /// The name in the handshake; `None` without TLS.
    tls: Option<ServerName<'static>>,
    hop: Hop,
}

/// What a response says.
enum Said {
    Body(Vec<u8>),
    Elsewhere(Target),
}

/// Fetches the file, and compares it with the key authorization.
///
/// # Errors
/// [`Failure`], but for those of dns-01 and tls-alpn-01.
pub(super) async fn prove(proof: &Proof<'_>, reach: &Reach<'_>) -> Result<Proven, Failure> {
    let mut target = first(proof, reach)?;
    loop {
        let port = target.url.port_or_known_default().unwrap_or_default();
        let connected = reach.connect(&target.host, port, target.hop).await?;
        let place = connected.place;
        let said = fetch(connected.stream, &target, &place, reach).await?;
        let wrong = |flaw| wrong(&place, proof, flaw);
        match said.map_err(wrong)? {
            Said::Elsewhere(next) => target = next,
            Said::Body(body) => {
                expect_authorization(&body, proof.key_authorization).map_err(wrong)?;
                let address = Some(connected.address);
                return Ok(Proven { address });
            }
        }
    }
}

/// One request, over TLS where the URL says so.
async fn fetch(
    stream: TcpStream,
    target: &Target,
    place: &Place,
    reach: &Reach<'_>,
) -> Result<Result<Said, HttpFlaw>, Failure> {
    let deadline = reach.deadline;
    let said = if let Some(name) = &target.tls {
        let handshake = shake_hands(stream, name.clone(), Purpose::Http);
        let secured = deadline.within(handshake).await;
        let secured = secured.map_err(|_| reach.timed_out(place, Stage::Handshake))?;
        let place = || place.clone();
        let secured = secured.map_err(|flaw| Failure::Tls { place: place(), flaw })?;
        deadline.within(ask(TokioIo::new(secured), target, reach)).await
    } else {
        deadline.within(ask(TokioIo::new(stream), target, reach)).await
    };
    said.map_err(|_| reach.timed_out(place, Stage::Response))
}

fn wrong(place: &Place, proof: &Proof<'_>, flaw: HttpFlaw) -> Failure {
    Failure::Http {
        place: place.clone(),
        token: proof.token.to_owned(),
        flaw,
    }
}

fn first(proof: &Proof<'_>, reach: &Reach<'_>) -> Result<Target, Failure> {
    let host = match proof.identifier {
        Identifier::Ip(IpAddr::V6(address)) => format!("[{address}]"),
        other => other.to_string(),
    };
    let port = reach.rules.rule_for(proof.identifier).http_port;
    let url = format!("http://{host}:{port}/.well-known/acme-challenge/{}", proof.token);
    let url = Url::parse(&url).map_err(|_| Failure::NotProvable {
        identifier: proof.identifier.to_string(),
        kind: proof.kind,
    })?;
    Ok(Target {
        host: proof.identifier.clone(),
        url,
        tls: None,
        hop: Hop::Own,
    })
}

/// An address is not named in a handshake.
fn server_name(host: &Identifier) -> Option<ServerName<'static>> {
    match host {
        Identifier::Ip(address) => Some(ServerName::IpAddress((*address).into())),
        Identifier::Dns(name) => ServerName::try_from(name.as_str().to_owned()).ok(),
    }
}

async fn ask(
    stream: impl Read + Write + Unpin + Send + 'static,
    target: &Target,
    reach: &Reach<'_>,
) -> Result<Said, HttpFlaw> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MAX_HEADER_BYTES)
        .max_headers(MAX_FIELDS)
        .handshake(stream)
        .await
        .map_err(|error| flaw(&error))?;
    // Ends with this function, and closes the connection.
    let mut tasks = JoinSet::new();
    tasks.spawn(connection);
    let request = request(&target.url)?;
    let response = sender.send_request(request).await.map_err(|error| flaw(&error))?;
    match response.status() {
        StatusCode::OK => read_body(response.into_body()).await.map(Said::Body),
        StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::SEE_OTHER
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT => {
            next(&response, target, reach)
                .map(Said::Elsewhere)
                .map_err(|flaw| HttpFlaw::Redirect {
                    status: response.status().as_u16(),
                    flaw,
                })
        }
        other => Err(HttpFlaw::Status(other.as_u16())),
    }
}

fn request(url: &Url) -> Result<Request<Empty<Bytes>>, HttpFlaw> {
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    Request::get(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(HOST, host)
        .header(USER_AGENT, AGENT)
        .header(ACCEPT, "*/*")
        .header(CONNECTION, "close")
        .body(Empty::new())
        .map_err(|_| HttpFlaw::NotHttp(MAX_HEADER_BYTES))
}

fn flaw(error: &hyper::Error) -> HttpFlaw {
    match error.is_parse() {
        true => HttpFlaw::NotHttp(MAX_HEADER_BYTES),
        false => HttpFlaw::Closed,
    }
}

/// The body, or one byte more than may be.
async fn read_body(mut body: Incoming) -> Result<Vec<u8>, HttpFlaw> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| flaw(&error))?;
        if let Some(data) = frame.data_ref() {
            let room = (MAX_BODY_BYTES + 1).saturating_sub(bytes.len());
            bytes.extend_from_slice(&data[..data.len().min(room)]);
        }
        if bytes.len() > MAX_BODY_BYTES {
            break;
        }
    }
    Ok(bytes)
}

/// RFC 8555 §8.3: white space at the end does not count.
fn expect_authorization(body: &[u8], key_authorization: &str) -> Result<(), HttpFlaw> {
    let expected = key_authorization.len();
    if body.len() > MAX_BODY_BYTES {
        let most = MAX_BODY_BYTES;
        return Err(HttpFlaw::TooLong { most, expected });
    }
    let body = body.trim_ascii_end();
    if body == key_authorization.as_bytes() {
        return Ok(());
    }
    let found = body.len();
    Err(HttpFlaw::OtherBody { found, expected })
}

/// Where a redirect leads, if it may lead there. Its address is judged once it is known.
fn next(response: &Response<Incoming>, from: &Target, reach: &Reach<'_>) -> Result<Target, RedirectFlaw> {
    let number = match from.hop {
        Hop::Own => 1,
        Hop::Redirect(MAX_REDIRECTS) => return Err(RedirectFlaw::TooMany(MAX_REDIRECTS)),
        Hop::Redirect(number) => number + 1,
    };
    let url = response
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .filter(|location| location.len() <= MAX_URL_BYTES)
        .and_then(|location| from.url.join(location).ok())
        .ok_or(RedirectFlaw::NoLocation(MAX_URL_BYTES))?;
    let is_tls = match url.scheme() {
        "http" => false,
        "https" => true,
        _ => return Err(RedirectFlaw::Scheme),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(RedirectFlaw::Credentials);
    }
    let host = match url.host().ok_or(RedirectFlaw::Host)? {
        Host::Ipv4(address) => Identifier::Ip(address.into()),
        Host::Ipv6(address) => Identifier::Ip(address.into()),
        Host::Domain(name) => Identifier::dns(name).map_err(|_| RedirectFlaw::Host)?,
    };
    if host.is_wildcard() {
        return Err(RedirectFlaw::Host);
    }
    let tls = match is_tls {
        true => Some(server_name(&host).ok_or(RedirectFlaw::Host)?),
        false => None,
    };
    let port = url.port_or_known_default().ok_or(RedirectFlaw::Scheme)?;
    match reach.rules.allows_port(&host, port) {
        true => Ok(Target {
            host,
            url,
            tls,
            hop: Hop::Redirect(number),
        }),
        false => Err(RedirectFlaw::Port(port)),
    }
}
