//! Hexadecimal text, in the three forms that tools show thumbprints in.

/// Separator between the bytes of a hexadecimal text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// `9aabdb`
    None,
    /// `9a ab db`: what Windows' certificate dialogue shows.
    Space,
    /// `9A:AB:DB`: what `openssl x509 -fingerprint` shows, which is why this form is upper case.
    Colon,
}

/// Returns `bytes` in hexadecimal: lower case, except with [`Separator::Colon`].
pub fn encode(bytes: &[u8], separator: Separator) -> String {
    let (digits, between) = match separator {
        Separator::None => (LOWER_CASE, None),
        Separator::Space => (LOWER_CASE, Some(b' ')),
        Separator::Colon => (UPPER_CASE, Some(b':')),
    };
    // One allocation for all bytes: every line of an audit log contains a hash, and there may be a million.
    let mut text = Vec::with_capacity(bytes.len() * if between.is_some() { 3 } else { 2 });
    for byte in bytes {
        text.extend(between.filter(|_| !text.is_empty()));
        text.extend_from_slice(&[byte >> 4, byte & 0x0F].map(|half| digits[usize::from(half)]));
    }
    String::from_utf8(text).expect("digits and separators are ASCII")
}

const LOWER_CASE: &[u8; 16] = b"0123456789abcdef";
const UPPER_CASE: &[u8; 16] = b"0123456789ABCDEF";

/// Parses hexadecimal digits of either case; `None` if there are other characters, or an odd number of digits.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}

fn digit(character: u8) -> Option<u8> {
    char::from(character)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms_of_one_value() {
        let bytes = [0x9a, 0x0b, 0xdb];
        assert_eq!(encode(&bytes, Separator::None), "9a0bdb");
        assert_eq!(encode(&bytes, Separator::Space), "9a 0b db");
        assert_eq!(encode(&bytes, Separator::Colon), "9A:0B:DB");
    }

    #[test]
    fn decodes_either_case_and_nothing_else() {
        assert_eq!(decode("9A0bdB"), Some(vec![0x9a, 0x0b, 0xdb]));
        assert_eq!(decode("9a0"), None);
        assert_eq!(decode("9x"), None);
        assert_eq!(decode("+9"), None);
    }
}
