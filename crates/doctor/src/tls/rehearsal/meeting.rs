//! Carries bytes between client and server until both are silent.

use std::io::{self, Read, Write};

use rustls::{ClientConnection, Error, ServerConnection};

use super::words::in_words;
use super::{Agreement, Cause, Party, Refusal};

/// More than any handshake takes.
const MAX_ROUNDS: usize = 64;
/// What each end says once it may.
const WORD: &[u8] = b"hello";

/// Lets the two shake hands and say a word each.
pub(super) fn hold(
    client: &mut ClientConnection,
    server: &mut ServerConnection,
) -> Result<Agreement, Refusal> {
    let agreement = |client: &ClientConnection| Agreement {
        cipher_suite: client
            .negotiated_cipher_suite()
            .and_then(|suite| suite.suite().as_str())
            // rustls' own prefix; IANA has none for TLS 1.3.
            .map(|name| name.replacen("TLS13_", "TLS_", 1))
            .unwrap_or_default(),
        group: client
            .negotiated_key_exchange_group()
            .and_then(|group| group.name().as_str())
            .unwrap_or_default()
            .to_owned(),
    };
    let (mut client_end, mut server_end) = (End::of(Party::Client), End::of(Party::Server));
    client_end.say(client.writer())?;
    server_end.say(server.writer())?;
    for _ in 0..MAX_ROUNDS {
        let moved = carry(
            Party::Client,
            |out| client.write_tls(out),
            |bytes| server.read_tls(bytes),
        )?;
        server_end.listen(server)?;
        let answered = carry(
            Party::Server,
            |out| server.write_tls(out),
            |bytes| client.read_tls(bytes),
        )?;
        client_end.listen(client)?;
        if client_end.has_heard && server_end.has_heard {
            return Ok(agreement(client));
        }
        if moved + answered == 0 {
            break;
        }
    }
    Err(Refusal {
        by: Party::Client,
        cause: Cause::Other,
        words: "the handshake does not finish".into(),
    })
}

/// An end in conversation.
struct End {
    party: Party,
    has_heard: bool,
}

impl End {
    fn of(party: Party) -> Self {
        Self {
            party,
            has_heard: false,
        }
    }

    fn say(&self, mut writer: impl Write) -> Result<(), Refusal> {
        writer.write_all(WORD).map_err(|error| lost(self.party, &error))
    }

    /// Takes in what has arrived; hears the word once the handshake is over.
    fn listen<Data>(&mut self, connection: &mut rustls::ConnectionCommon<Data>) -> Result<(), Refusal> {
        connection
            .process_new_packets()
            .map_err(|error| refusal(self.party, &error))?;
        let mut heard = [0; WORD.len()];
        match connection.reader().read(&mut heard) {
            Ok(length) => self.has_heard |= length > 0,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(lost(self.party, &error)),
        }
        Ok(())
    }
}

/// Carries what one end has to say to the other, and tells how much it was.
fn carry(
    from: Party,
    write: impl FnOnce(&mut Vec<u8>) -> io::Result<usize>,
    mut read: impl FnMut(&mut &[u8]) -> io::Result<usize>,
) -> Result<usize, Refusal> {
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(|error| lost(from, &error))?;
    let mut rest = bytes.as_slice();
    while !rest.is_empty() && read(&mut rest).map_err(|error| lost(from.other(), &error))? > 0 {}
    Ok(bytes.len())
}

fn lost(by: Party, error: &io::Error) -> Refusal {
    Refusal {
        by,
        cause: Cause::Other,
        words: error.to_string(),
    }
}

/// What an error of rustls means.
pub(super) fn refusal(by: Party, error: &Error) -> Refusal {
    let cause = match error {
        Error::NoCertificatesPresented => Cause::NoCertificate,
        Error::InvalidCertificate(_) => Cause::Certificate,
        Error::PeerIncompatible(_) => Cause::NothingInCommon,
        _ => Cause::Other,
    };
    Refusal {
        by,
        cause,
        words: in_words(error),
    }
}
