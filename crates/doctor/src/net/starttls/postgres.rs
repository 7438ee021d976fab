//! PostgreSQL: SSLRequest (PostgreSQL documentation, "Frontend/Backend Protocol", §Message Formats).

use super::lines::words;
use super::turn::{Conversation, Turn};
use crate::tls::{MAX_ANSWER_BYTES, NoStartTls, StartTlsStep};

/// The length, 8, and the code of the request, 80877103.
const REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
/// The field of an ErrorResponse that is for people.
const MESSAGE: u8 = b'M';
/// The field with the SQLSTATE.
const CODE: u8 = b'C';

/// The client's end.
pub(super) struct Postgres;

impl Conversation for Postgres {
    fn opening(&self) -> Vec<u8> {
        REQUEST.to_vec()
    }

    fn step(&self) -> StartTlsStep {
        StartTlsStep::Request
    }

    fn hear(&mut self, said: &[u8]) -> Result<Turn, NoStartTls> {
        match said {
            [] => Ok(Turn::More),
            [b'S', ..] => Ok(Turn::StartTls {
                used: 1,
                words: Vec::new(),
            }),
            // Nothing follows before the client speaks again; another protocol's word may begin with N as well.
            [b'N'] => Err(NoStartTls::NotOffered { said: None }),
            [b'E', rest @ ..] => hear_error(said, rest),
            _ => Err(NoStartTls::other_protocol(said)),
        }
    }
}

/// An ErrorResponse: its length, which counts itself, and fields of text that end with a zero.
fn hear_error(said: &[u8], rest: &[u8]) -> Result<Turn, NoStartTls> {
    let Some((length, fields)) = rest.split_first_chunk::<4>() else {
        return Ok(Turn::More);
    };
    // Servers before 7.4 send bare text.
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    let Some(length) = length.checked_sub(4) else {
        return Err(NoStartTls::other_protocol(said));
    };
    if length > MAX_ANSWER_BYTES {
        return Err(NoStartTls::other_protocol(said));
    }
    let Some(fields) = fields.get(..length) else {
        return Ok(Turn::More);
    };
    let field = |kind: u8| {
        let mut all = fields.split(|byte| *byte == 0);
        all.find(|field| field.first() == Some(&kind))
            .map(|field| words(&field[1..]))
    };
    let Some(message) = field(MESSAGE) else {
        return Err(NoStartTls::other_protocol(said));
    };
    let code = field(CODE).map(|code| format!("{code}: ")).unwrap_or_default();
    Err(NoStartTls::Refused {
        step: StartTlsStep::Request,
        said: format!("{code}{message}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(said: &[u8]) -> Result<Turn, NoStartTls> {
        Postgres.hear(said)
    }

    fn error(fields: &[u8]) -> Vec<u8> {
        let length = u32::try_from(fields.len() + 4).expect("a short one");
        [&b"E"[..], &length.to_be_bytes(), fields].concat()
    }

    #[test]
    fn request_has_the_code_of_the_documentation() {
        assert_eq!(REQUEST[4..], 80_877_103_u32.to_be_bytes());
    }

    #[test]
    fn one_byte_is_the_answer() {
        assert_eq!(hear(b""), Ok(Turn::More));
        let start = Turn::StartTls {
            used: 1,
            words: Vec::new(),
        };
        assert_eq!(hear(b"S"), Ok(start));
        assert_eq!(hear(b"N"), Err(NoStartTls::NotOffered { said: None }));
        for said in [&b"NOTICE :hi"[..], b"\x15\x03\x01", b"G", b"HTTP/1.1 400"] {
            assert_eq!(hear(said), Err(NoStartTls::other_protocol(said)));
        }
    }

    #[test]
    fn errors_are_told_in_the_servers_words() {
        let whole = error(b"SFATAL\0C53300\0Msorry, too many clients already\0\0");
        let refused = NoStartTls::Refused {
            step: StartTlsStep::Request,
            said: "53300: sorry, too many clients already".into(),
        };
        assert_eq!(hear(&whole), Err(refused));
        for cut in 1..whole.len() {
            assert_eq!(hear(&whole[..cut]), Ok(Turn::More), "{cut}");
        }
        for said in [
            error(b"SFATAL\0\0"),
            error(b""),
            b"E\0\0\0\x03M".to_vec(),
            b"ERROR: no\n\0".to_vec(),
            b"E\x7f\xff\xff\xffMx\0".to_vec(),
        ] {
            assert_eq!(
                hear(&said),
                Err(NoStartTls::other_protocol(&said)),
                "{}",
                said.escape_ascii()
            );
        }
    }
}
