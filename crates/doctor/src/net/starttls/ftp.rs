//! FTP (RFC 959) with AUTH TLS (RFC 4217).

use super::lines::{Between, InLines, Next, Replies, Reply, is_greeting_of};
use crate::tls::{NoStartTls, StartTlsStep};

/// The client's end.
pub(super) struct Ftp {
    step: StartTlsStep,
    replies: Replies,
    greeting: Vec<u8>,
}

impl Ftp {
    pub(super) fn new() -> Self {
        Self {
            step: StartTlsStep::Greeting,
            replies: Replies::new(Between::Any),
            greeting: Vec::new(),
        }
    }

    fn hear_reply(&mut self, reply: &Reply) -> Result<Next, NoStartTls> {
        let refused = NoStartTls::Refused {
            step: self.step,
            said: reply.words(),
        };
        match (self.step, reply.code) {
            // "Service ready in nnn minutes": the greeting follows (RFC 959 §5.4).
            (StartTlsStep::Greeting, 120) => Ok(Next::Listen),
            (StartTlsStep::Greeting, 220) => {
                self.greeting = reply.lines.join(&b'\n');
                self.step = StartTlsStep::Request;
                Ok(Next::Say("AUTH TLS".into()))
            }
            (StartTlsStep::Request, 234) => Ok(Next::StartTls),
            (StartTlsStep::Request, 400..600) if is_greeting_of(&self.greeting, &["SMTP", "LMTP"]) => {
                Err(NoStartTls::other_protocol(&self.greeting))
            }
            // The command, or the mechanism, is not known (RFC 4217 §4, RFC 2228 §5).
            (StartTlsStep::Request, 500 | 502 | 504) => Err(NoStartTls::NotOffered {
                said: Some(reply.words()),
            }),
            // "Security mechanism accepted; security data needed" is not for TLS.
            (StartTlsStep::Request, 334) => Err(refused),
            _ if reply.is_refusal() => Err(refused),
            _ => Err(NoStartTls::other_protocol(&reply.lines.join(&b'\n'))),
        }
    }
}

impl InLines for Ftp {
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
