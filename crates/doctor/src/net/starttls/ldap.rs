//! LDAP: the extended operation StartTLS (RFC 4511 §4.14).

use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader};

use super::lines::words;
use super::turn::{Conversation, Turn};
use crate::tls::{MAX_ANSWER_BYTES, NoStartTls, StartTlsStep};
use gsec_pki::encoding::ber::to_der;

/// LDAPMessage 1: an ExtendedRequest (application 23) with requestName 1.3.6.1.4.1.1466.20037.
const REQUEST: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
/// Identifier of an LDAPMessage (RFC 4511 §4.1.1).
const SEQUENCE: u8 = 0x30;
/// Identifier of ExtendedResponse: application 24, constructed.
const EXTENDED_RESPONSE: u8 = 0x78;
/// Identifier of the URIs of a referral.
const REFERRAL: u8 = 0xa3;
/// Result codes of RFC 4511 Appendix A.
const SUCCESS: u32 = 0;
const PROTOCOL_ERROR: u32 = 2;

/// The client's end.
pub(super) struct Ldap;

impl Conversation for Ldap {
    fn opening(&self) -> Vec<u8> {
        REQUEST.to_vec()
    }

    fn step(&self) -> StartTlsStep {
        StartTlsStep::Request
    }

    fn hear(&mut self, said: &[u8]) -> Result<Turn, NoStartTls> {
        let used = match extent(said) {
            Extent::Unknown => return Ok(Turn::More),
            Extent::Not => return Err(NoStartTls::other_protocol(said)),
            Extent::Bytes(used) if used > MAX_ANSWER_BYTES => {
                return Err(NoStartTls::TooLong { step: self.step() });
            }
            Extent::Bytes(used) => used,
        };
        let Some(message) = said.get(..used) else {
            return Ok(Turn::More);
        };
        let result = decode_result(message).ok_or_else(|| NoStartTls::other_protocol(said))?;
        match result.code {
            SUCCESS => Ok(Turn::StartTls {
                used,
                words: Vec::new(),
            }),
            // "…if the server does not support TLS" (RFC 4511 §4.14.2).
            PROTOCOL_ERROR => Err(NoStartTls::NotOffered {
                said: Some(result.in_words()),
            }),
            _ => Err(NoStartTls::Refused {
                step: self.step(),
                said: result.in_words(),
            }),
        }
    }
}

/// How long a message is.
enum Extent {
    Bytes(usize),
    /// Too little of it is there.
    Unknown,
    /// It is not a message: only the definite form of lengths is used (RFC 4511 §5.1).
    Not,
}

fn extent(said: &[u8]) -> Extent {
    match said {
        [] | [SEQUENCE] => Extent::Unknown,
        [SEQUENCE, short @ 0..=0x7f, ..] => Extent::Bytes(2 + usize::from(*short)),
        [SEQUENCE, long @ 0x81..=0x84, rest @ ..] => {
            let count = usize::from(long & 0x7f);
            rest.get(..count).map_or(Extent::Unknown, |length| {
                let length = length
                    .iter()
                    .fold(0_u64, |length, byte| length * 256 + u64::from(*byte));
                Extent::Bytes(
                    usize::try_from(length)
                        .unwrap_or(usize::MAX)
                        .saturating_add(2 + count),
                )
            })
        }
        _ => Extent::Not,
    }
}

/// What an ExtendedResponse says.
#[derive(Debug, PartialEq, Eq)]
struct LdapResult {
    code: u32,
    diagnostic: String,
    /// Where else to ask.
    referral: Option<String>,
}

impl LdapResult {
    fn in_words(&self) -> String {
        let mut said = format!("result code {}", self.code);
        if let Some(name) = name_of(self.code) {
            said.push_str(&format!(", {name}"));
        }
        if !self.diagnostic.is_empty() {
            said.push_str(&format!(": {}", self.diagnostic));
        }
        if let Some(url) = &self.referral {
            said.push_str(&format!(" (referral to {url})"));
        }
        said
    }
}

fn name_of(code: u32) -> Option<&'static str> {
    let names = [
        (1, "operationsError"),
        (PROTOCOL_ERROR, "protocolError"),
        (8, "strongerAuthRequired"),
        (10, "referral"),
        (13, "confidentialityRequired"),
        (50, "insufficientAccessRights"),
        (51, "busy"),
        (52, "unavailable"),
        (53, "unwillingToPerform"),
        (80, "other"),
    ];
    let found = names.into_iter().find(|(known, _)| *known == code);
    found.map(|(_, name)| name)
}

/// An ExtendedResponse: to the request, or one that nobody asked for, such as a notice of disconnection (RFC 4511 §4.4.1).
fn decode_result(message: &[u8]) -> Option<LdapResult> {
    let der = to_der(message).ok()?;
    let [_id, response, ..] = &elements(AnyRef::from_der(&der).ok()?.value())?[..] else {
        return None;
    };
    if response.identifier != EXTENDED_RESPONSE {
        return None;
    }
    let [code, _matched, diagnostic, further @ ..] = &elements(response.content)?[..] else {
        return None;
    };
    let is_enumerated = code.identifier == 0x0a && (1..=4).contains(&code.content.len());
    let number = code
        .content
        .iter()
        .fold(0, |number: u32, byte| number << 8 | u32::from(*byte));
    let referral = further.iter().find(|element| element.identifier == REFERRAL);
    let urls = referral.and_then(|referral| elements(referral.content));
    is_enumerated.then(|| LdapResult {
        code: number,
        diagnostic: words(diagnostic.content),
        referral: urls.and_then(|urls| urls.first().map(|url| words(url.content))),
    })
}

/// An element of DER.
struct Element<'a> {
    identifier: u8,
    content: &'a [u8],
}

fn elements(content: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut reader = SliceReader::new(content).ok()?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        let identifier = reader.peek_byte()?;
        let element = AnyRef::decode(&mut reader).ok()?;
        found.push(Element {
            identifier,
            content: element.value(),
        });
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(fields: &[u8]) -> Vec<u8> {
        let inner = u8::try_from(fields.len()).expect("a short one");
        let mut message = vec![SEQUENCE, inner + 5, 2, 1, 1, EXTENDED_RESPONSE, inner];
        message.extend(fields);
        message
    }

    fn hear(said: &[u8]) -> Result<Turn, NoStartTls> {
        Ldap.hear(said)
    }

    #[test]
    fn request_is_the_one_of_the_rfc() {
        let der = to_der(REQUEST).expect("DER");
        assert_eq!(&**der, REQUEST);
        assert_eq!(usize::from(REQUEST[1]) + 2, REQUEST.len());
    }

    #[test]
    fn success_starts_tls_in_every_form_of_ber() {
        let success = response(&[0x0a, 1, 0, 4, 0, 4, 0]);
        let start = |used| {
            Ok(Turn::StartTls {
                used,
                words: Vec::new(),
            })
        };
        assert_eq!(hear(&success), start(success.len()));
        let behind = [&success[..], b"more"].concat();
        assert_eq!(hear(&behind), start(success.len()));
        // OpenLDAP and Active Directory write lengths of four bytes.
        let long = b"\x30\x84\0\0\0\x10\x02\x01\x01\x78\x84\0\0\0\x07\x0a\x01\0\x04\0\x04\0";
        assert_eq!(hear(long), start(long.len()));
        for cut in 0..success.len() {
            assert_eq!(hear(&success[..cut]), Ok(Turn::More), "{cut}");
        }
    }

    #[test]
    fn refusals_are_told_with_their_code() {
        let refusal = |fields: &[u8]| hear(&response(fields)).expect_err("a refusal");
        let refused = |said: &str| NoStartTls::Refused {
            step: StartTlsStep::Request,
            said: said.into(),
        };
        assert_eq!(
            refusal(b"\x0a\x01\x02\x04\0\x04\x06no TLS"),
            NoStartTls::NotOffered {
                said: Some("result code 2, protocolError: no TLS".into())
            }
        );
        assert_eq!(
            refusal(b"\x0a\x01\x34\x04\0\x04\0"),
            refused("result code 52, unavailable")
        );
        assert_eq!(refusal(b"\x0a\x01\x7b\x04\0\x04\0"), refused("result code 123"));
        assert_eq!(
            refusal(b"\x0a\x01\x0a\x04\0\x04\0\xa3\x0a\x04\x08ldap://b"),
            refused("result code 10, referral (referral to ldap://b)")
        );
    }

    #[test]
    fn what_is_no_message_is_another_protocol_and_what_is_too_long_is_not_read() {
        for said in [
            &b"HTTP/1.1 400"[..],
            b"\x15\x03\x03\0\x02\x02\x28",
            b"\x30\x80\x02\x01\x01",
            b"\x30\x85\0\0\0\0\x01",
            b"\x30\x00",
            b"\x30\x03\x02\x01\x01",
            // A BindResponse.
            b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\0\x04\0\x04\0",
            // The code is missing, or not a number.
            b"\x30\x05\x02\x01\x01\x78\0",
            b"\x30\x0c\x02\x01\x01\x78\x07\x02\x01\0\x04\0\x04\0",
            b"\x30\x0b\x02\x01\x01\x78\x06\x0a\0\x04\0\x04\0",
        ] {
            assert_eq!(hear(said), Err(NoStartTls::other_protocol(said)), "{said:x?}");
        }
        let too_long = NoStartTls::TooLong {
            step: StartTlsStep::Request,
        };
        assert_eq!(hear(b"\x30\x84\xff\xff\xff\xff"), Err(too_long.clone()));
        assert_eq!(hear(b"\x30\x83\x01\0\0"), Err(too_long));
    }
}
