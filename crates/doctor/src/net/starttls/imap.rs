//! IMAP (RFC 9051) with STARTTLS.

use super::lines::{InLines, Next, has_word, starts_with, words};
use crate::tls::{NoStartTls, StartTlsStep};

/// The client's end.
pub(super) struct Imap {
    step: StartTlsStep,
    is_offered: bool,
}

impl Imap {
    pub(super) fn new() -> Self {
        Self {
            step: StartTlsStep::Greeting,
            is_offered: false,
        }
    }

    fn refused(&self, line: &[u8]) -> NoStartTls {
        NoStartTls::Refused {
            step: self.step,
            said: words(line),
        }
    }

    fn hear_greeting(&mut self, line: &[u8]) -> Result<Next, NoStartTls> {
        if starts_with(line, "* OK") {
            self.step = StartTlsStep::Capabilities;
            return Ok(Next::Say("a1 CAPABILITY".into()));
        }
        // Who is logged in cannot ask for TLS any more (RFC 9051 §6.2.1, §11.3).
        let is_imap = ["* PREAUTH", "* BYE"]
            .into_iter()
            .any(|start| starts_with(line, start));
        match is_imap {
            true => Err(self.refused(line)),
            false => Err(NoStartTls::other_protocol(line)),
        }
    }

    fn hear_answer(&mut self, tag: &str, line: &[u8]) -> Result<Next, NoStartTls> {
        let rest = match starts_with(line, tag) {
            true => line.get(tag.len() + 1..).unwrap_or_default(),
            false => return self.hear_untagged(line),
        };
        match () {
            () if starts_with(rest, "OK") => Ok(self.agreed()?),
            () if starts_with(rest, "NO") || starts_with(rest, "BAD") => Err(self.refused(line)),
            () => Err(NoStartTls::other_protocol(line)),
        }
    }

    fn agreed(&mut self) -> Result<Next, NoStartTls> {
        match (self.step, self.is_offered) {
            (StartTlsStep::Capabilities, true) => {
                self.step = StartTlsStep::Request;
                Ok(Next::Say("a2 STARTTLS".into()))
            }
            (StartTlsStep::Capabilities, false) => Err(NoStartTls::NotOffered { said: None }),
            _ => Ok(Next::StartTls),
        }
    }

    fn hear_untagged(&mut self, line: &[u8]) -> Result<Next, NoStartTls> {
        if !starts_with(line, "*") {
            return Err(NoStartTls::other_protocol(line));
        }
        if starts_with(line, "* BYE") {
            return Err(self.refused(line));
        }
        self.is_offered |= starts_with(line, "* CAPABILITY") && has_word(line, "STARTTLS");
        Ok(Next::Listen)
    }
}

impl InLines for Imap {
    fn step(&self) -> StartTlsStep {
        self.step
    }

    fn hear_line(&mut self, line: &[u8]) -> Result<Next, NoStartTls> {
        match self.step {
            StartTlsStep::Greeting => self.hear_greeting(line),
            StartTlsStep::Capabilities => self.hear_answer("a1", line),
            StartTlsStep::Request | StartTlsStep::Handshake => self.hear_answer("a2", line),
        }
    }
}
