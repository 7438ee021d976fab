//! One end of a conversation in plain text, up to TLS. Pure: it takes bytes, and says what to do.

use crate::tls::{NoStartTls, StartTlsStep};

/// What the client does after what it has heard. Of these bytes `used` are done with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It needs more.
    More,
    /// It goes on with the bytes after these.
    Heard { used: usize },
    /// It says this, and waits for the answer.
    Say { used: usize, words: Vec<u8> },
    /// It says this, if anything, and then TLS starts.
    StartTls { used: usize, words: Vec<u8> },
}

/// The client's end of a protocol.
pub(super) trait Conversation {
    /// What it says first; nothing where the server speaks first.
    fn opening(&self) -> Vec<u8> {
        Vec::new()
    }

    /// What it waits for.
    fn step(&self) -> StartTlsStep;

    /// Takes what was said since the last bytes that it used.
    fn hear(&mut self, said: &[u8]) -> Result<Turn, NoStartTls>;
}
