//! The thumbprint of a certificate as it is pasted from somewhere.

use gsec_pki::encoding::hex::{Separator, encode};

use crate::finding::is_blank;

/// Digits of SHA-1, which the setting takes.
const SHA1_DIGITS: usize = 40;

/// What a text of hexadecimal digits is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thumbprint {
    /// The SHA-1 that the setting takes.
    Sha1,
    /// Another number of digits.
    Other(usize),
}

impl Thumbprint {
    /// Of a text that consists of hexadecimal digits and what is put between them; `None` for any other text, and for an empty one.
    pub fn of(text: &str) -> Option<Self> {
        let mut digits = 0;
        for character in text.chars() {
            match character {
                digit if digit.is_ascii_hexdigit() => digits += 1,
                ':' | '-' => {}
                blank if is_blank(blank) => {}
                _ => return None,
            }
        }
        match digits {
            0 => None,
            SHA1_DIGITS => Some(Self::Sha1),
            other => Some(Self::Other(other)),
        }
    }
}

/// A SHA-1 thumbprint in the form that the platform documents: `9a ab …`. `None` for any other text.
pub fn spaced(text: &str) -> Option<String> {
    if Thumbprint::of(text) != Some(Thumbprint::Sha1) {
        return None;
    }
    let digits: Vec<u8> = text
        .chars()
        .filter_map(|character| character.to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect();
    Some(encode(&bytes, Separator::Space))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_tools_show_becomes_the_documented_one() {
        let documented = "9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c";
        let compact: String = documented.split(' ').collect();
        for form in [
            documented.to_owned(),
            compact.to_uppercase(),
            documented.replace(' ', ":").to_uppercase(),
            format!("\u{200e}{documented}"),
            documented.replace(' ', "  "),
            documented.replace(' ', "\u{a0}"),
            compact.clone(),
        ] {
            assert_eq!(spaced(&form).as_deref(), Some(documented), "{form:?}");
        }
        assert_eq!(spaced(&compact[1..]), None);
        assert_eq!(Thumbprint::of(&compact[..38]), Some(Thumbprint::Other(38)));
        assert_eq!(Thumbprint::of("/etc/ssl/ab"), None);
        assert_eq!(Thumbprint::of(" - "), None);
    }
}
