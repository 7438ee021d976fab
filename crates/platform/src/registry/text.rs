//! The encodings in which registry files occur.

use crate::text::{Encoding, characters};

/// Decodes a text: by its byte order mark, by the zero bytes of UTF-16 without one, as UTF-8, or else as Latin-1. What is not a character becomes
/// U+FFFD.
pub fn decode_text(bytes: &[u8]) -> (String, Encoding) {
    let (encoding, mark) = match bytes {
        [0xff, 0xfe, ..] => (Encoding::Utf16Le, 2),
        [0xfe, 0xff, ..] => (Encoding::Utf16Be, 2),
        [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
        [first, 0, ..] if *first != 0 => (Encoding::Utf16Le, 0),
        _ => (Encoding::of(bytes), 0),
    };
    let mut text = characters(&bytes[mark..], encoding);
    let is_wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    if is_wide && (bytes.len() - mark) % 2 == 1 {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (text, encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "Größe €";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, encoding) in [
            ([&[0xff, 0xfe], le.as_slice()].concat(), Encoding::Utf16Le),
            (le.clone(), Encoding::Utf16Le),
            ([&[0xfe, 0xff], be.as_slice()].concat(), Encoding::Utf16Be),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8),
            (text.as_bytes().to_vec(), Encoding::Utf8),
        ] {
            assert_eq!(decode_text(&bytes), (text.to_owned(), encoding));
        }
        assert_eq!(decode_text(b"Gr\xf6\xdfe"), ("Größe".into(), Encoding::Latin1));
        assert_eq!(
            decode_text(b"\xff\xfea\0b"),
            ("a\u{fffd}".into(), Encoding::Utf16Le)
        );
        assert_eq!(decode_text(b"").0, "");
    }
}
