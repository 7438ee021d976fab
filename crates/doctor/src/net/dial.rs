//! Connections to one target: straight, or through a proxy.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use super::stream::{Deadline, Stream};
use super::{SourceAddress, resolve, starttls};
use crate::tls::{AddressOutcome, Behaviour, Endpoint, NoStartTls, Refusal, StartTls};
use gsec_pki::encoding::visible::system_words;

/// How much longer other addresses are waited for when one has taken the connection.
const GRACE: Duration = Duration::from_millis(50);
/// The longest answer of a proxy to CONNECT that is read.
const MAX_PROXY_ANSWER_BYTES: usize = 8192;

/// Connects to a target, any number of times.
#[derive(Debug, Clone)]
pub(super) struct Dialer {
    address: SocketAddr,
    source: Option<SourceAddress>,
    /// What the proxy at `address` is to connect to.
    behind_proxy: Option<Endpoint>,
    /// The protocol in which TLS is asked for.
    starttls: Option<StartTls>,
    deadline: Deadline,
}

/// The first connection, on which nothing was said yet, and what was learnt on the way.
pub(super) struct Dialed {
    pub(super) addresses: Vec<AddressOutcome>,
    pub(super) connected: Result<(Dialer, Stream), Behaviour>,
    pub(super) resolution: Duration,
}

impl Dialer {
    /// Resolves the name and connects to every address at once; the first in order that answers is the one.
    pub(super) fn dial_first(request: &super::ProbeRequest, deadline: Deadline) -> Dialed {
        let begin = std::time::Instant::now();
        let next = request.proxy.as_ref().unwrap_or(&request.target);
        let limit = deadline.step().unwrap_or_default();
        let addresses = match resolve::resolve(next, request.may_resolve, limit) {
            Ok(addresses) => addresses,
            Err(behaviour) => {
                let behaviour = if request.proxy.is_some() {
                    proxy_not_reached(&behaviour)
                } else {
                    behaviour
                };
                return Dialed {
                    addresses: Vec::new(),
                    connected: Err(behaviour),
                    resolution: begin.elapsed(),
                };
            }
        };
        let resolution = begin.elapsed();
        let behind_proxy = request.proxy.as_ref().map(|_| request.target.clone());
        let dialers: Vec<Self> = addresses
            .iter()
            .map(|address| Self {
                address: *address,
                source: request.source,
                behind_proxy: behind_proxy.clone(),
                starttls: request.starttls,
                deadline,
            })
            .collect();
        let (addresses, connected) = race(&dialers, limit);
        Dialed {
            addresses,
            connected,
            resolution,
        }
    }

    /// Whether each connection comes from the same port, so that there is only one at a time.
    pub(super) fn is_single(&self) -> bool {
        self.source.is_some_and(|source| source.port.is_some())
    }

    /// Goes there, up to where TLS starts.
    pub(super) fn dial(&self) -> Result<Stream, Behaviour> {
        let mut stream = self.connect()?;
        match self.start_tls(&mut stream) {
            Ok(()) => Ok(stream),
            Err((protocol, reason)) => Err(Behaviour::NoStartTls { protocol, reason }),
        }
    }

    /// Has the server start TLS, where it must be asked.
    pub(super) fn start_tls(&self, stream: &mut Stream) -> Result<(), (StartTls, NoStartTls)> {
        let Some(protocol) = self.starttls else {
            return Ok(());
        };
        starttls::start_tls(protocol, stream).map_err(|reason| (protocol, reason))
    }

    /// Goes there, and says nothing.
    pub(super) fn connect(&self) -> Result<Stream, Behaviour> {
        let limit = self.deadline.step().ok_or(Behaviour::TimedOut)?;
        let connected = connect(self.address, self.source, limit).map(|socket| Stream {
            socket,
            deadline: self.deadline,
        });
        let Some(target) = &self.behind_proxy else {
            return connected;
        };
        let mut stream = connected.map_err(|behaviour| proxy_not_reached(&behaviour))?;
        ask_proxy(&mut stream, target)?;
        Ok(stream)
    }
}

/// What is wrong with the way to the proxy is not to be taken for the target's.
fn proxy_not_reached(behaviour: &Behaviour) -> Behaviour {
    Behaviour::ProxyRefused {
        said: behaviour.to_string(),
    }
}

/// Connects to all addresses at once. Of those that answer the first in order is taken, the others are let go.
fn race(dialers: &[Dialer], limit: Duration) -> (Vec<AddressOutcome>, Result<(Dialer, Stream), Behaviour>) {
    let mut results: Vec<Option<Result<Stream, Behaviour>>> = dialers.iter().map(|_| None).collect();
    if let [only] = dialers {
        results[0] = Some(only.connect());
    } else {
        let (sender, receiver) = mpsc::channel();
        for (index, dialer) in dialers.iter().cloned().enumerate() {
            let sender = sender.clone();
            // If a thread cannot be started, its address is not tried.
            let _ = std::thread::Builder::new().spawn(move || sender.send((index, dialer.connect())));
        }
        drop(sender);
        let mut wait = limit + GRACE;
        while let Ok((index, result)) = receiver.recv_timeout(wait) {
            if result.is_ok() {
                wait = GRACE;
            }
            results[index] = Some(result);
        }
    }
    let failure = |result: &Option<Result<Stream, Behaviour>>| match result {
        Some(Ok(_)) => None,
        Some(Err(behaviour)) => Some(behaviour.clone()),
        None => Some(Behaviour::TimedOut),
    };
    let outcomes: Vec<AddressOutcome> = dialers
        .iter()
        .zip(&results)
        .map(|(dialer, result)| AddressOutcome {
            address: dialer.address,
            failure: failure(result),
        })
        .collect();
    let taken = dialers
        .iter()
        .zip(results)
        .find_map(|(dialer, result)| Some((dialer.clone(), result?.ok()?)));
    let first_failure = outcomes
        .iter()
        .find_map(|outcome| outcome.failure.clone())
        .unwrap_or(Behaviour::TimedOut);
    (outcomes, taken.ok_or(first_failure))
}

fn connect(
    address: SocketAddr,
    source: Option<SourceAddress>,
    limit: Duration,
) -> Result<TcpStream, Behaviour> {
    let cannot = |error: std::io::Error| Behaviour::SourceUnusable {
        reason: system_words(&error),
    };
    let socket =
        Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP)).map_err(cannot)?;
    let port = source.and_then(|source| source.port);
    if let Some(source) = source {
        bind(&socket, address, source)?;
    }
    socket
        .connect_timeout(&SockAddr::from(address), limit)
        .map_err(|error| match error.kind() {
            ErrorKind::ConnectionRefused => Behaviour::Refused,
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Behaviour::TimedOut,
            ErrorKind::AddrNotAvailable | ErrorKind::AddrInUse => Behaviour::SourceUnusable {
                reason: taken(port, &error),
            },
            _ => Behaviour::Unreachable {
                reason: system_words(&error),
            },
        })?;
    // Failure of either would only make it slower.
    let _ = socket.set_tcp_nodelay(true);
    if port.is_some() {
        // Without this the port could not be used again for a minute (TIME_WAIT).
        let _ = socket.set_linger(Some(Duration::ZERO));
    }
    Ok(socket.into())
}

fn bind(socket: &Socket, address: SocketAddr, source: SourceAddress) -> Result<(), Behaviour> {
    if source.address.is_ipv4() != address.is_ipv4() {
        let kind = |is_v4| if is_v4 { "IPv4" } else { "IPv6" };
        let reason = format!(
            "{source} is {}, and {} is {}",
            kind(source.address.is_ipv4()),
            address.ip(),
            kind(address.is_ipv4())
        );
        return Err(Behaviour::SourceUnusable { reason });
    }
    #[cfg(unix)]
    if source.port.is_some() {
        let _ = socket.set_reuse_address(true);
    }
    let own = SocketAddr::new(source.address, source.port.unwrap_or(0));
    socket
        .bind(&SockAddr::from(own))
        .map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => Behaviour::SourceUnusable {
                reason: taken(source.port, &error),
            },
            ErrorKind::AddrNotAvailable => Behaviour::SourceUnusable {
                reason: format!("{} is not an address of this machine", source.address),
            },
            _ => Behaviour::SourceUnusable {
                reason: format!("{source}: {}", system_words(&error)),
            },
        })
}

/// A pair of addresses and ports stays taken for a minute or two after a connection (TIME_WAIT, RFC 9293 §3.3.2).
fn taken(port: Option<u16>, error: &std::io::Error) -> String {
    match port {
        Some(port) => format!(
            "port {port} is in use, or was until a moment ago: after a connection it stays reserved for a \
             minute or two (TIME_WAIT)"
        ),
        None => system_words(error),
    }
}

/// CONNECT, RFC 9110 §9.3.6.
fn ask_proxy(stream: &mut Stream, target: &Endpoint) -> Result<(), Behaviour> {
    let refused = |said: &str| Behaviour::ProxyRefused {
        said: said.to_owned(),
    };
    let failed = |refusal: Refusal| match refusal {
        Refusal::Silent => refused("no answer before the timeout"),
        _ => refused("it closes the connection"),
    };
    stream
        .write_all(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").as_bytes())
        .map_err(failed)?;
    let mut answer = Vec::new();
    // Byte by byte: what follows the empty line comes from the target and must stay in the socket.
    let mut byte = [0];
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() > MAX_PROXY_ANSWER_BYTES || stream.read(&mut byte).map_err(failed)? == 0 {
            break;
        }
        answer.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&answer);
    let line = text.lines().next().unwrap_or_default();
    let is_status = line.starts_with("HTTP/1.")
        && line
            .split(' ')
            .nth(1)
            .is_some_and(|status| status.len() == 3 && status.starts_with('2'));
    match is_status && answer.ends_with(b"\r\n\r\n") {
        true => Ok(()),
        false if line.is_empty() => Err(refused("it closes the connection")),
        false => Err(refused(line)),
    }
}
