//! The encodings in which registry files occur.

/// How the text of a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-16, low byte first: what Windows writes.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// UTF-8.
    Utf8,
    /// One byte for each character, taken for Latin-1.
    Latin1,
}

/// Decodes a text: by its byte order mark, by the zero bytes of UTF-16 without one, as UTF-8, or else as Latin-1. What is not a character becomes
/// U+FFFD.
pub fn decode_text(bytes: &[u8]) -> (String, TextEncoding) {
    match bytes {
        [0xff, 0xfe, rest @ ..] => (utf16(rest, u16::from_le_bytes), TextEncoding::Utf16Le),
        [0xfe, 0xff, rest @ ..] => (utf16(rest, u16::from_be_bytes), TextEncoding::Utf16Be),
        [0xef, 0xbb, 0xbf, rest @ ..] => (String::from_utf8_lossy(rest).into_owned(), TextEncoding::Utf8),
        [first, 0, ..] if *first != 0 => (utf16(bytes, u16::from_le_bytes), TextEncoding::Utf16Le),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), TextEncoding::Utf8),
            Err(_) => (
                bytes.iter().map(|byte| char::from(*byte)).collect(),
                TextEncoding::Latin1,
            ),
        },
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let pairs = bytes.chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    let mut text = String::from_utf16_lossy(&units);
    if odd {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
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
            ([&[0xff, 0xfe], le.as_slice()].concat(), TextEncoding::Utf16Le),
            (le.clone(), TextEncoding::Utf16Le),
            ([&[0xfe, 0xff], be.as_slice()].concat(), TextEncoding::Utf16Be),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), TextEncoding::Utf8),
            (text.as_bytes().to_vec(), TextEncoding::Utf8),
        ] {
            assert_eq!(decode_text(&bytes), (text.to_owned(), encoding));
        }
        assert_eq!(
            decode_text(b"Gr\xf6\xdfe"),
            ("Größe".into(), TextEncoding::Latin1)
        );
        assert_eq!(
            decode_text(b"\xff\xfea\0b"),
            ("a\u{fffd}".into(), TextEncoding::Utf16Le)
        );
        assert_eq!(decode_text(b"").0, "");
    }
}
