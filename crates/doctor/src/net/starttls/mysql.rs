//! MySQL and MariaDB: SSLRequest (MySQL documentation, "Connection Phase Packets", Protocol::HandshakeV10).

use super::lines::words;
use super::turn::{Conversation, Turn};
use crate::tls::{MAX_ANSWER_BYTES, NoStartTls, StartTlsStep};

/// The length of a packet, three bytes with the low one first, and its number.
const HEADER_BYTES: usize = 4;
/// The first byte of an error.
const ERROR: u8 = 0xff;
/// The first byte of a handshake that servers send today.
const PROTOCOL: u8 = 10;
/// Between the server's version and its capabilities: connection number, part of a challenge, a zero.
const BEFORE_CAPABILITIES_BYTES: usize = 4 + 8 + 1;
/// CLIENT_SSL.
const SSL: u32 = 0x0800;
/// CLIENT_PROTOCOL_41, CLIENT_SECURE_CONNECTION.
const MODERN: u32 = 0x0200 | 0x8000;
/// utf8_general_ci.
const COLLATION: u8 = 33;
const MAX_PACKET_BYTES: u32 = 1 << 24;

/// The client's end.
pub(super) struct Mysql;

impl Conversation for Mysql {
    fn step(&self) -> StartTlsStep {
        StartTlsStep::Greeting
    }

    fn hear(&mut self, said: &[u8]) -> Result<Turn, NoStartTls> {
        let other = || NoStartTls::other_protocol(said);
        let Some((header, rest)) = said.split_first_chunk::<HEADER_BYTES>() else {
            return Ok(Turn::More);
        };
        let [low, middle, high, number] = *header;
        let length = usize::from(low) | usize::from(middle) << 8 | usize::from(high) << 16;
        if number != 0 || length > MAX_ANSWER_BYTES {
            return Err(other());
        }
        let Some(packet) = rest.get(..length) else {
            return match rest.first() {
                None | Some(&(PROTOCOL | ERROR)) => Ok(Turn::More),
                Some(_) => Err(other()),
            };
        };
        match packet {
            [ERROR, low, high, text @ ..] => Err(NoStartTls::Refused {
                step: self.step(),
                said: format!("{}: {}", u16::from_le_bytes([*low, *high]), words(text)),
            }),
            [PROTOCOL, rest @ ..] => match capabilities(rest).ok_or_else(other)? & SSL {
                0 => Err(NoStartTls::NotOffered { said: None }),
                _ => Ok(Turn::StartTls {
                    used: HEADER_BYTES + length,
                    words: request(),
                }),
            },
            _ => Err(other()),
        }
    }
}

/// The low half of the server's capabilities, which has all that matters.
fn capabilities(handshake: &[u8]) -> Option<u32> {
    let version = handshake.iter().position(|byte| *byte == 0)?;
    let at = version + 1 + BEFORE_CAPABILITIES_BYTES;
    match handshake.get(at..)? {
        [low, high, ..] => Some(u32::from(u16::from_le_bytes([*low, *high]))),
        _ => None,
    }
}

/// Capabilities, the largest packet, the collation and 23 zeros; packet number 1.
fn request() -> Vec<u8> {
    let mut packet = vec![32, 0, 0, 1];
    packet.extend((MODERN | SSL).to_le_bytes());
    packet.extend(MAX_PACKET_BYTES.to_le_bytes());
    packet.push(COLLATION);
    packet.extend([0; 23]);
    packet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).expect("a short one");
        [&[length, 0, 0, 0], content].concat()
    }

    fn handshake(capabilities: u16) -> Vec<u8> {
        let mut content = b"\x0a11.4.2-MariaDB\0\x05\0\0\0challeng\0".to_vec();
        content.extend(capabilities.to_le_bytes());
        content.extend(b"\x21\x02\0\xff\xc1\x15");
        packet(&content)
    }

    fn hear(said: &[u8]) -> Result<Turn, NoStartTls> {
        Mysql.hear(said)
    }

    #[test]
    fn server_with_tls_is_sent_the_request() {
        let greeting = handshake(0xffff);
        let Ok(Turn::StartTls { used, words }) = hear(&greeting) else {
            panic!("{:?}", hear(&greeting));
        };
        assert_eq!(used, greeting.len());
        assert_eq!(words.len(), 36);
        assert_eq!(words[..8], [32, 0, 0, 1, 0, 0x8a, 0, 0]);
        let behind = [&greeting[..], b"x"].concat();
        assert_eq!(hear(&behind), Ok(Turn::StartTls { used, words }));
        for cut in 0..greeting.len() {
            assert_eq!(hear(&greeting[..cut]), Ok(Turn::More), "{cut}");
        }
    }

    #[test]
    fn server_without_tls_does_not_offer_it() {
        assert_eq!(
            hear(&handshake(0xf7ff)),
            Err(NoStartTls::NotOffered { said: None })
        );
    }

    #[test]
    fn errors_are_told_with_their_number() {
        let error = packet(b"\xff\x69\x04Host '10.0.0.5' is blocked");
        let refused = NoStartTls::Refused {
            step: StartTlsStep::Greeting,
            said: "1129: Host '10.0.0.5' is blocked".into(),
        };
        assert_eq!(hear(&error), Err(refused));
    }

    #[test]
    fn what_is_no_handshake_is_another_protocol() {
        for said in [
            &b"220 mail ready\r\n"[..],
            b"\x15\x03\x03\0\x02\x02\x28",
            // Protocol 9, which has no TLS; no version; no capabilities; the second packet.
            &packet(b"\x093.20\0"),
            &packet(b"\x0a8.0"),
            &packet(b"\x0a8.0\0\x05\0\0\0challeng\0\xff"),
            &packet(b""),
            &packet(b"\xff\x69"),
            b"\x01\0\0\x01\x0a",
            b"\x01\0\x02\0\x0a",
            b"\x10\0\0\0x",
        ] {
            assert_eq!(
                hear(said),
                Err(NoStartTls::other_protocol(said)),
                "{}",
                said.escape_ascii()
            );
        }
    }
}
