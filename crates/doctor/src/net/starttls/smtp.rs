//! SMTP (RFC 5321) with STARTTLS (RFC 3207).

use std::net::IpAddr;

use super::lines::{Between, InLines, Next, Replies, Reply, has_word, is_greeting_of};
use crate::tls::{NoStartTls, StartTlsStep};

/// The client's end.
pub(super) struct Smtp {
    name: String,
    step: StartTlsStep,
    replies: Replies,
    greeting: Vec<u8>,
}

impl Smtp {
    /// A client at this address, which is its name: an address literal (RFC 5321 §4.1.3, §4.1.4).
    pub(super) fn at(own: IpAddr) -> Self {
        let name = match own {
            IpAddr::V4(address) => format!("[{address}]"),
            IpAddr::V6(address) => format!("[IPv6:{address}]"),
        };
        Self {
            name,
            step: StartTlsStep::Greeting,
            replies: Replies::new(Between::Numbered),
            greeting: Vec::new(),
        }
    }

    fn hear_reply(&mut self, reply: &Reply) -> Result<Next, NoStartTls> {
        let refused = NoStartTls::Refused {
            step: self.step,
            said: reply.words(),
        };
        match (self.step, reply.code) {
            (StartTlsStep::Greeting, 220) => {
                self.greeting = reply.lines.join(&b'\n');
                self.step = StartTlsStep::Capabilities;
                Ok(Next::Say(format!("EHLO {}", self.name)))
            }
            (StartTlsStep::Capabilities, 250) if offers_starttls(reply) => {
                self.step = StartTlsStep::Request;
                Ok(Next::Say("STARTTLS".into()))
            }
            (StartTlsStep::Capabilities, 250) => Err(NoStartTls::NotOffered { said: None }),
            (StartTlsStep::Capabilities, 400..600) if is_greeting_of(&self.greeting, &["FTP", "LMTP"]) => {
                Err(NoStartTls::other_protocol(&self.greeting))
            }
            // A server without EHLO has no extensions (RFC 5321 §4.1.1.1).
            (StartTlsStep::Capabilities, 500 | 502) => Err(NoStartTls::NotOffered {
                said: Some(reply.words()),
            }),
            (StartTlsStep::Request, 220) => Ok(Next::StartTls),
            _ if reply.is_refusal() => Err(refused),
            _ => Err(NoStartTls::other_protocol(&reply.lines.join(&b'\n'))),
        }
    }
}

/// The first line is the server's name; each other one begins with a keyword.
fn offers_starttls(reply: &Reply) -> bool {
    let keywords = reply.lines.iter().skip(1);
    keywords
        .filter_map(|line| line.get(4..))
        .filter_map(|line| line.split(u8::is_ascii_whitespace).next())
        .any(|keyword| has_word(keyword, "STARTTLS"))
}

impl InLines for Smtp {
    fn step(&self) -> StartTlsStep {
        self.step
    }

    fn hear_line(&mut self, line: &[u8]) -> Result<Next, NoStartTls> {
        match self.replies.take(line)? {
            Some(reply) => self.hear_reply(&reply),
            None => Ok(Next::Listen),
        }
    }
}
