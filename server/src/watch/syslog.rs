//! Syslog: RFC 5424 messages over TLS (RFC 5425), UDP (RFC 5426) or a socket of this machine. Syslog has no acknowledgments: what was handed over
//! counts as arrived.

use std::io::Write;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::Path;
use std::sync::Arc;

use rustls::{ClientConfig, ClientConnection, StreamOwned};
use rustls_pki_types::ServerName;

use super::outlet::TIMEOUT;
use super::{Outlet, OutletError, trust};
use crate::alarm::{Event, Numbered, Severity, SyslogPlace};

pub(super) struct Syslog {
    place: SyslogPlace,
    facility: u8,
    tls: Option<Arc<ClientConfig>>,
}

impl Syslog {
    pub(super) fn new(place: &SyslogPlace, facility: u8) -> Result<Self, OutletError> {
        let tls = match place {
            SyslogPlace::Tls { trust_file, .. } => Some(trust::client(trust_file.as_deref())?),
            SyslogPlace::Udp { .. } | SyslogPlace::Unix { .. } => None,
        };
        Ok(Self {
            place: place.clone(),
            facility,
            tls,
        })
    }
}

/// The longest message that every receiver must take is 2048 octets (RFC 5425 §4.3.1); over UDP, the longest that comes whole.
const MAX_MESSAGE: usize = 2048;

/// A message of RFC 5424 §6. Its text has no line of somebody else's: control characters are escapes.
pub(super) fn message(event: &Event, facility: u8, process: u32) -> String {
    let severity = match (event.event.is_end(), event.alarm.severity) {
        (true, _) => 5,
        (false, Severity::Notice) => 5,
        (false, Severity::Warning) => 4,
        (false, Severity::Error) => 3,
    };
    let priority = u32::from(facility) * 8 + severity;
    let event_word = event.event.name();
    let id = &event.id;
    let key = gsec_pki::encoding::visible::visible(&event.alarm.key);
    let mut text = format!(
        "<{priority}>1 {} {} gsec {process} {event_word} - id={id} key={key} {}",
        event.at,
        event.site,
        event.line()
    );
    while text.len() > MAX_MESSAGE {
        text.pop();
    }
    text
}

impl Outlet for Syslog {
    fn send(&mut self, Numbered { event, .. }: &Numbered) -> Result<(), OutletError> {
        let message = message(event, self.facility, std::process::id());
        let sent = match &self.place {
            SyslogPlace::Unix { path } => to_socket(path, message.as_bytes()),
            SyslogPlace::Udp { server } => to_udp(server, message.as_bytes()),
            SyslogPlace::Tls { server, .. } => {
                let tls = self.tls.clone().expect("it was made with it");
                to_tls(server, tls, &format!("{} {message}", message.len()))
            }
        };
        sent.map_err(|error| OutletError::Down(gsec_pki::encoding::visible::system_words(&error)))
    }
}

fn to_socket(path: &Path, message: &[u8]) -> std::io::Result<()> {
    let socket = UnixDatagram::unbound()?;
    socket.set_write_timeout(Some(TIMEOUT))?;
    match socket.send_to(message, path) {
        Ok(_) => Ok(()),
        // Some daemons have a stream there.
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::PROTOTYPE.raw_os_error()) => {
            let mut stream = UnixStream::connect(path)?;
            stream.set_write_timeout(Some(TIMEOUT))?;
            stream.write_all(message)?;
            stream.write_all(b"\n")
        }
        Err(error) => Err(error),
    }
}

fn addresses(server: &str) -> std::io::Result<Vec<SocketAddr>> {
    server.to_socket_addrs().map(Iterator::collect)
}

fn to_udp(server: &str, message: &[u8]) -> std::io::Result<()> {
    let address = addresses(server)?
        .into_iter()
        .next()
        .ok_or(std::io::ErrorKind::NotFound)?;
    let any = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(any)?;
    socket.connect(address)?;
    socket.send(message).map(drop)
}

fn to_tls(server: &str, config: Arc<ClientConfig>, frame: &str) -> std::io::Result<()> {
    let host = server
        .rsplit_once(':')
        .map_or(server, |(host, _)| host)
        .trim_matches(['[', ']']);
    let name = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
    let mut failure = std::io::Error::from(std::io::ErrorKind::NotFound);
    for address in addresses(server)? {
        match TcpStream::connect_timeout(&address, TIMEOUT) {
            Ok(stream) => {
                stream.set_read_timeout(Some(TIMEOUT))?;
                stream.set_write_timeout(Some(TIMEOUT))?;
                let connection = ClientConnection::new(config, name).map_err(std::io::Error::other)?;
                let mut stream = StreamOwned::new(connection, stream);
                stream.write_all(frame.as_bytes())?;
                stream.flush()?;
                stream.conn.send_close_notify();
                return stream.flush();
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}
