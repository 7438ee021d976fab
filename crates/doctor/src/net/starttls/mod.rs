//! TLS on a connection that starts in plain text: each protocol is a [`Conversation`](turn::Conversation), which is pure; this carries its bytes,
//! within bounds and within the time of one step.

mod ftp;
mod imap;
mod ldap;
mod lines;
mod mysql;
mod pop3;
mod postgres;
mod smtp;
mod turn;

use std::net::{IpAddr, Ipv4Addr};

use super::stream::Stream;
use crate::tls::{MAX_ANSWER_BYTES, NoStartTls, Refusal, StartTls, StartTlsStep};
use ftp::Ftp;
use imap::Imap;
use ldap::Ldap;
use lines::ByLine;
use mysql::Mysql;
use pop3::Pop3;
use postgres::Postgres;
use smtp::Smtp;
use turn::{Conversation, Turn};

/// How much is read at once.
const READ_BYTES: usize = 4096;

/// Has the server start TLS: after this the next bytes on the connection are TLS.
pub(super) fn start_tls(protocol: StartTls, stream: &mut Stream) -> Result<(), NoStartTls> {
    let own = stream.socket.local_addr().map(|address| address.ip());
    let mut conversation = conversation(protocol, own.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let all = stream.deadline;
    stream.deadline = all.of_one_step();
    let agreed = converse(conversation.as_mut(), stream);
    stream.deadline = all;
    agreed
}

fn conversation(protocol: StartTls, own: IpAddr) -> Box<dyn Conversation> {
    match protocol {
        StartTls::Smtp => Box::new(ByLine(Smtp::at(own))),
        StartTls::Imap => Box::new(ByLine(Imap::new())),
        StartTls::Pop3 => Box::new(ByLine(Pop3::new())),
        StartTls::Ftp => Box::new(ByLine(Ftp::new())),
        StartTls::Ldap => Box::new(Ldap),
        StartTls::Postgres => Box::new(Postgres),
        StartTls::Mysql => Box::new(Mysql),
    }
}

fn converse(conversation: &mut dyn Conversation, stream: &mut Stream) -> Result<(), NoStartTls> {
    let mut heard = Heard::default();
    write(&conversation.opening(), conversation, stream)?;
    loop {
        match conversation.hear(&heard.bytes)? {
            Turn::More if heard.since_asked > MAX_ANSWER_BYTES => {
                let step = conversation.step();
                return Err(NoStartTls::TooLong { step });
            }
            Turn::More => read(&mut heard, conversation, stream)?,
            Turn::Heard { used } => heard.use_up(used),
            Turn::Say { used, words } => {
                heard.use_up(used);
                heard.since_asked = heard.bytes.len();
                write(&words, conversation, stream)?;
            }
            Turn::StartTls { used, words } => {
                heard.use_up(used);
                if !heard.bytes.is_empty() {
                    return Err(NoStartTls::bytes_behind(&heard.bytes));
                }
                return write(&words, conversation, stream);
            }
        }
    }
}

/// What the server said.
#[derive(Default)]
struct Heard {
    /// What the conversation has not used.
    bytes: Vec<u8>,
    /// How much came since the server was last asked.
    since_asked: usize,
}

impl Heard {
    fn use_up(&mut self, used: usize) {
        self.bytes.drain(..used.min(self.bytes.len()));
    }
}

fn read(heard: &mut Heard, conversation: &dyn Conversation, stream: &mut Stream) -> Result<(), NoStartTls> {
    let mut buffer = [0; READ_BYTES];
    let step = conversation.step();
    match stream.read(&mut buffer) {
        Ok(0) => Err(NoStartTls::Closed { step }),
        Ok(count) => {
            heard.bytes.extend_from_slice(&buffer[..count]);
            heard.since_asked += count;
            Ok(())
        }
        Err(refusal) => Err(failure(refusal, step)),
    }
}

fn write(words: &[u8], conversation: &dyn Conversation, stream: &mut Stream) -> Result<(), NoStartTls> {
    if words.is_empty() {
        return Ok(());
    }
    match stream.write_all(words) {
        // It may have said why before it hung up.
        Ok(()) | Err(Refusal::Closed) => Ok(()),
        Err(refusal) => Err(failure(refusal, conversation.step())),
    }
}

fn failure(refusal: Refusal, step: StartTlsStep) -> NoStartTls {
    match refusal {
        Refusal::Silent => NoStartTls::TimedOut { step },
        Refusal::Closed => NoStartTls::Closed { step },
        other => NoStartTls::Broken {
            step,
            reason: other.to_string(),
        },
    }
}

#[cfg(test)]
mod tests;
