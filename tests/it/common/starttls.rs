//! Servers of protocols that begin in plain text, with a port behind them that speaks TLS.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpStream};

use super::{OwnServer, relay};

/// Each protocol of `--starttls`, by its name there and in OpenSSL.
pub const STARTTLS_PROTOCOLS: [&str; 7] = ["smtp", "imap", "pop3", "ftp", "ldap", "postgres", "mysql"];

/// How long a message of the client is.
#[derive(Clone, Copy)]
enum Framing {
    Line,
    Bytes(usize),
    /// A BER element with a length of one byte.
    Element,
}

/// What a server says in plain text.
#[derive(Clone)]
pub struct PlainServer {
    framing: Framing,
    greeting: Vec<u8>,
    /// The answer to what contains a word; `TAG` in it is the first word of what was asked.
    answers: Vec<(&'static str, Vec<u8>)>,
    /// After the answer to this TLS starts.
    agrees_to: Option<&'static str>,
}

impl PlainServer {
    /// A server of a protocol that starts TLS when it is asked.
    pub fn of(protocol: &str) -> Self {
        let (framing, greeting, answers): (_, &[u8], &[(&'static str, &[u8])]) = match protocol {
            "smtp" => (
                Framing::Line,
                b"220-mx.example.com ESMTP\r\n220 ready\r\n",
                &[
                    ("EHLO", b"250-mx.example.com\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"),
                    ("STARTTLS", b"220 2.0.0 go ahead\r\n"),
                ],
            ),
            "imap" => (
                Framing::Line,
                b"* OK ready\r\n",
                &[
                    (
                        "CAPABILITY",
                        b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK done\r\n",
                    ),
                    ("STARTTLS", b"TAG OK begin\r\n"),
                ],
            ),
            "pop3" => (
                Framing::Line,
                b"+OK ready\r\n",
                &[
                    ("CAPA", b"+OK\r\nTOP\r\nSTLS\r\n.\r\n"),
                    ("STLS", b"+OK begin\r\n"),
                ],
            ),
            "ftp" => (
                Framing::Line,
                b"220-files\r\n anything\r\n220 ready\r\n",
                &[("AUTH TLS", b"234 go\r\n")],
            ),
            "ldap" => (
                Framing::Element,
                b"",
                &[("", b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0")],
            ),
            "postgres" => (Framing::Bytes(8), b"", &[("", b"S")]),
            "mysql" => (Framing::Bytes(36), MYSQL_GREETING, &[("", b"")]),
            other => panic!("no server of {other}"),
        };
        PlainServer {
            framing,
            greeting: greeting.to_vec(),
            agrees_to: answers.last().map(|(word, _)| *word),
            answers: answers
                .iter()
                .map(|(word, answer)| (*word, answer.to_vec()))
                .collect(),
        }
    }

    /// The same, which greets otherwise.
    pub fn greeting(self, greeting: &[u8]) -> Self {
        PlainServer {
            greeting: greeting.to_vec(),
            ..self
        }
    }

    /// The same, which answers otherwise to what contains a word.
    pub fn answering(mut self, asked: &str, answer: &[u8]) -> Self {
        let found = self.answers.iter_mut().find(|(word, _)| *word == asked);
        found.expect("a known question").1 = answer.to_vec();
        self
    }

    /// The same, which says more behind its agreement; MySQL agrees by its greeting.
    pub fn with_more_behind(mut self, more: &[u8]) -> Self {
        match self.framing {
            Framing::Bytes(36) => self.greeting.extend(more),
            _ => self.answers.last_mut().expect("an agreement").1.extend(more),
        }
        self
    }

    /// The same, which starts TLS never.
    pub fn without_tls(self) -> Self {
        PlainServer {
            agrees_to: None,
            ..self
        }
    }

    /// On 127.0.0.1, in front of a port that speaks TLS.
    pub fn before(self, tls_port: u16) -> OwnServer {
        self.before_at(IpAddr::V4(Ipv4Addr::LOCALHOST), tls_port)
    }

    /// The same at another address.
    pub fn before_at(self, address: IpAddr, tls_port: u16) -> OwnServer {
        OwnServer::start_at(address, move |stream| drop(self.serve(stream, tls_port)))
    }

    fn serve(&self, mut stream: TcpStream, tls_port: u16) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        stream.write_all(&self.greeting)?;
        loop {
            let message = self.message(&mut stream)?;
            let asked = String::from_utf8_lossy(&message).to_ascii_uppercase();
            let tag = asked.split_whitespace().next().unwrap_or_default().to_owned();
            let Some((word, answer)) = self.answers.iter().find(|(word, _)| asked.contains(word)) else {
                stream.write_all(b"500 what?\r\n")?;
                continue;
            };
            let answer = match String::from_utf8(answer.clone()) {
                Ok(text) => text.replace("TAG", &tag.to_ascii_lowercase()).into_bytes(),
                Err(_) => answer.clone(),
            };
            stream.write_all(&answer)?;
            if self.agrees_to == Some(word) {
                relay(&stream, tls_port);
                return Ok(());
            }
        }
    }

    /// The client's message, and no byte of what follows.
    fn message(&self, stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
        let mut message = Vec::new();
        let is_whole = |message: &[u8]| match self.framing {
            Framing::Line => message.ends_with(b"\n"),
            Framing::Bytes(count) => message.len() == count,
            Framing::Element => message
                .get(1)
                .is_some_and(|length| message.len() == usize::from(*length) + 2),
        };
        while !is_whole(&message) {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            message.push(byte[0]);
        }
        Ok(message)
    }
}

/// A handshake of protocol 10, with TLS among its capabilities.
pub const MYSQL_GREETING: &[u8] =
    b"\x4a\0\0\0\x0a8.0.33\0\x05\0\0\0challeng\0\xff\xff\x21\x02\0\xff\xc1\x15\0\0\0\0\0\0\0\0\0\0challenge123\0mysql_native_password\0";
