//! Names of things in the server's state, and tokens of challenges: random bits as base64url.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// Fills bytes with randomness.
pub type Fill<'a> = &'a mut dyn FnMut(&mut [u8]);

/// 128 bits: nobody guesses one, and no two nodes draw the same.
const ID_OCTETS: usize = 16;
/// More than the 128 bits that RFC 8555 §8.1 asks for.
const TOKEN_OCTETS: usize = 32;
/// The first six bits of what begins with a hyphen as base64url: a command would take it for an option.
const HYPHEN: u8 = 62;

/// What names an account, an order or whatever else the server remembers: 128 random bits as 22 characters of base64url.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

impl Id {
    /// Draws one, which can be typed as an argument: it does not begin with a hyphen.
    pub fn from_random(fill: Fill<'_>) -> Self {
        Self(drawn::<ID_OCTETS>(&mut |bits| {
            fill(bits);
            if bits[0] >> 2 == HYPHEN {
                bits[0] ^= 0x80;
            }
        }))
    }

    /// Reads one, as it stands in an address; `None` for everything that [`Id::from_random`] cannot have made.
    pub fn parse(text: &str) -> Option<Self> {
        is_drawn::<ID_OCTETS>(text).then(|| Self(text.to_owned()))
    }

    /// Its 22 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a challenge asks to be shown (RFC 8555 §8.1): 256 random bits as base64url.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Token(String);

impl Token {
    /// Draws one.
    pub fn from_random(fill: Fill<'_>) -> Self {
        Self(drawn::<TOKEN_OCTETS>(fill))
    }

    /// Reads one; `None` for everything that [`Token::from_random`] cannot have made.
    pub fn parse(text: &str) -> Option<Self> {
        is_drawn::<TOKEN_OCTETS>(text).then(|| Self(text.to_owned()))
    }

    /// Its 43 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is kept is not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not random bits as base64url")]
pub struct NotDrawn;

macro_rules! text {
    ($kind:ident) => {
        impl fmt::Display for $kind {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl From<$kind> for String {
            fn from(this: $kind) -> Self {
                this.0
            }
        }

        impl TryFrom<String> for $kind {
            type Error = NotDrawn;

            fn try_from(text: String) -> Result<Self, NotDrawn> {
                Self::parse(&text).ok_or(NotDrawn)
            }
        }
    };
}

text!(Id);
text!(Token);

fn drawn<const OCTETS: usize>(fill: Fill<'_>) -> String {
    let mut bits = [0; OCTETS];
    fill(&mut bits);
    URL_SAFE_NO_PAD.encode(bits)
}

/// The decoder refuses padding, blanks, and bits after the last octet, so each has one form.
fn is_drawn<const OCTETS: usize>(text: &str) -> bool {
    text.len() == (OCTETS * 8).div_ceil(6)
        && URL_SAFE_NO_PAD
            .decode(text)
            .is_ok_and(|bits| bits.len() == OCTETS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_22_characters_and_has_one_form() {
        let id = Id::from_random(&mut |out| out.fill(0xff));
        assert_eq!(id.as_str(), "_____________________w");
        assert_eq!(Id::parse(id.as_str()), Some(id));
        for text in [
            "",
            "_____________________x", // bits after the last octet
            "____________________w",
            "_____________________w=",
            "+++++++++++++++++++++w",
            " ____________________w",
            "_____________________é",
        ] {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_is_no_option_of_a_command() {
        for first in 0..=u8::MAX {
            let id = Id::from_random(&mut |out| {
                out.fill(0);
                out[0] = first;
            });
            assert!(!id.as_str().starts_with('-'), "{id}");
            assert_eq!(Id::parse(id.as_str()), Some(id));
        }
        let older = "-wTkbeRYuMUgRx3iOELvQA";
        assert_eq!(Id::parse(older).map(|id| id.to_string()).as_deref(), Some(older));
    }

    #[test]
    fn a_token_has_256_bits() {
        let token = Token::from_random(&mut |out| out.fill(7));
        assert_eq!(token.as_str().len(), 43);
        assert_eq!(Token::parse(token.as_str()), Some(token));
        assert_eq!(Token::parse("_____________________w"), None);
    }

    #[test]
    fn what_is_kept_is_read_back_and_something_else_is_not() {
        let id = Id::from_random(&mut |out| out.fill(9));
        let kept = serde_json::to_string(&id).expect("text");
        assert_eq!(serde_json::from_str::<Id>(&kept).expect("an id"), id);
        assert!(serde_json::from_str::<Id>("\"../../etc/passwd\"").is_err());
    }
}
