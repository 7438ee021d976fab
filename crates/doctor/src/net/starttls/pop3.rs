//! POP3 (RFC 1939) with CAPA (RFC 2449) and STLS (RFC 2595 §4).

use super::lines::{InLines, Next, starts_with, words};
use crate::tls::{NoStartTls, StartTlsStep};

/// The client's end.
pub(super) struct Pop3 {
    step: StartTlsStep,
    list: Option<List>,
}

/// What the server lists, as far as it has come.
struct List {
    is_offered: bool,
}

impl Pop3 {
    pub(super) fn new() -> Self {
        Self {
            step: StartTlsStep::Greeting,
            list: None,
        }
    }

    fn refused(&self, line: &[u8]) -> NoStartTls {
        NoStartTls::Refused {
            step: self.step,
            said: words(line),
        }
    }

    fn ask_for_tls(&mut self) -> Next {
        self.step = StartTlsStep::Request;
        Next::Say("STLS".into())
    }

    fn hear_list(&mut self, line: &[u8]) -> Result<Next, NoStartTls> {
        match &mut self.list {
            None if starts_with(line, "+OK") => self.list = Some(List { is_offered: false }),
            // It cannot list; then it is asked all the same.
            None if starts_with(line, "-ERR") => return Ok(self.ask_for_tls()),
            None => return Err(NoStartTls::other_protocol(line)),
            Some(list) if line == b"." => {
                return match list.is_offered {
                    true => Ok(self.ask_for_tls()),
                    false => Err(NoStartTls::NotOffered { said: None }),
                };
            }
            Some(list) => list.is_offered |= starts_with(line, "STLS"),
        }
        Ok(Next::Listen)
    }
}

impl InLines for Pop3 {
    fn step(&self) -> StartTlsStep {
        self.step
    }

    fn hear_line(&mut self, line: &[u8]) -> Result<Next, NoStartTls> {
        match self.step {
            StartTlsStep::Capabilities => self.hear_list(line),
            StartTlsStep::Greeting if starts_with(line, "+OK") => {
                self.step = StartTlsStep::Capabilities;
                Ok(Next::Say("CAPA".into()))
            }
            _ if starts_with(line, "+OK") => Ok(Next::StartTls),
            StartTlsStep::Request if starts_with(line, "-ERR") && self.list.is_none() => {
                Err(NoStartTls::NotOffered {
                    said: Some(words(line)),
                })
            }
            _ if starts_with(line, "-ERR") => Err(self.refused(line)),
            _ => Err(NoStartTls::other_protocol(line)),
        }
    }
}
