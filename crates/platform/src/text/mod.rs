//! TEXTS. A file of text as its characters, each with the place of its bytes: encoding and line ends are those of the file.
//!
//! Files of the platform come from many hands: Windows editors put a byte order mark before them, old ones write Latin-1, and the registry is
//! exported in UTF-16.

use std::ops::Range;

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, or ASCII alone.
    Utf8,
    /// Each byte is one character: what is neither UTF-8 nor has a byte order mark is read so.
    Latin1,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Encoding {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Latin1 => "Latin-1",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    /// Of a text without a byte order mark.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        if std::str::from_utf8(bytes).is_ok() {
            Self::Utf8
        } else {
            Self::Latin1
        }
    }

    /// How many bytes a character takes.
    fn length(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Latin1 => 1,
            Self::Utf16Le | Self::Utf16Be => 2 * character.len_utf16(),
        }
    }
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// Its characters, without the line end.
    pub text: String,
    /// Where its bytes are in the file, without those of the line end.
    pub bytes: Range<usize>,
    /// Where the next line begins.
    pub next: usize,
}

/// A text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// How it is written.
    pub encoding: Encoding,
    /// The lines. A file that ends in a line end has no empty line after it.
    pub lines: Vec<Line>,
    length: usize,
    line_end: &'static str,
}

const LINE_ENDS: [&str; 2] = ["\r\n", "\n"];

impl Text {
    /// Reads a text: by its byte order mark, else as UTF-8 where it is that, else as Latin-1. Any bytes are some text.
    pub fn decode(bytes: &[u8]) -> Self {
        let (encoding, mark) = match bytes {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::of(&bytes[3..]), 3),
            [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
            _ => (Encoding::of(bytes), 0),
        };
        let content = characters(&bytes[mark..], encoding);
        let mut lines = Vec::new();
        let mut at = mark;
        let mut rest = content.as_str();
        while !rest.is_empty() {
            let (line, after) = match rest.find('\n') {
                Some(end) => (&rest[..=end], &rest[end + 1..]),
                None => (rest, ""),
            };
            let text = line
                .strip_suffix("\r\n")
                .or_else(|| line.strip_suffix('\n'))
                .unwrap_or(line);
            let length = |text: &str| {
                text.chars()
                    .map(|character| encoding.length(character))
                    .sum::<usize>()
            };
            let (content_length, whole) = (length(text), length(line));
            lines.push(Line {
                number: lines.len() + 1,
                text: text.to_owned(),
                bytes: at..(at + content_length).min(bytes.len()),
                next: (at + whole).min(bytes.len()),
            });
            at += whole;
            rest = after;
        }
        let line_end = match content.find('\n') {
            Some(end) if content[..end].ends_with('\r') => LINE_ENDS[0],
            _ => LINE_ENDS[1],
        };
        Self {
            encoding,
            lines,
            length: bytes.len(),
            line_end,
        }
    }

    /// The number of bytes of the file.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Where the bytes of a range of characters of a line are in the file.
    pub fn bytes_of(&self, line: &Line, characters: Range<usize>) -> Range<usize> {
        let length = |count: usize| -> usize {
            line.text
                .chars()
                .take(count)
                .map(|character| self.encoding.length(character))
                .sum()
        };
        line.bytes.start + length(characters.start)..line.bytes.start + length(characters.end)
    }

    /// A text as bytes of this file; `None` where a character of it cannot be written in its encoding.
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self.encoding {
            Encoding::Utf8 => Some(text.as_bytes().to_vec()),
            Encoding::Latin1 => text
                .chars()
                .map(|character| u8::try_from(u32::from(character)).ok())
                .collect(),
            Encoding::Utf16Le => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Encoding::Utf16Be => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        }
    }

    /// The line end of the file: that of its first line.
    pub fn line_end(&self) -> &'static str {
        self.line_end
    }

    /// Whether the last line has no line end.
    pub fn is_unterminated(&self) -> bool {
        self.lines.last().is_some_and(|line| line.bytes.end == line.next)
    }

    /// Whether bytes are left behind the last character, as where a file in UTF-16 was cut.
    pub fn ends_in_half_a_character(&self) -> bool {
        matches!(self.encoding, Encoding::Utf16Le | Encoding::Utf16Be) && !self.length.is_multiple_of(2)
    }

    /// All characters, without a byte order mark.
    pub fn content(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }
}

/// A TCP port, written as the platform expects it: decimal digits alone. `None` for anything else, and for 0.
pub fn port(text: &str) -> Option<u16> {
    let is_decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_decimal && *port != 0)
}

/// Bytes without a byte order mark as characters. What is not one becomes U+FFFD.
pub(crate) fn characters(bytes: &[u8], encoding: Encoding) -> String {
    let units = |from: fn([u8; 2]) -> u16| -> String {
        let units = bytes.chunks_exact(2).map(|pair| from([pair[0], pair[1]]));
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match encoding {
        Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Encoding::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Encoding::Utf16Le => units(u16::from_le_bytes),
        Encoding::Utf16Be => units(u16::from_be_bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        [
            vec![0xFF, 0xFE],
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ]
        .concat()
    }

    #[test]
    fn encodings_by_mark_then_by_content() {
        for (bytes, encoding, first) in [
            (b"a\xc3\xa4\n".to_vec(), Encoding::Utf8, "aä"),
            (b"\xef\xbb\xbfa\n".to_vec(), Encoding::Utf8, "a"),
            (b"a\xe4\n".to_vec(), Encoding::Latin1, "aä"),
            (b"\xef\xbb\xbfa\xe4\n".to_vec(), Encoding::Latin1, "aä"),
            (utf16("aä\r\nb"), Encoding::Utf16Le, "aä"),
            (b"\xfe\xff\x00a\x00\n".to_vec(), Encoding::Utf16Be, "a"),
        ] {
            let text = Text::decode(&bytes);
            assert_eq!((text.encoding, text.lines[0].text.as_str()), (encoding, first));
        }
        assert!(Text::decode(b"").lines.is_empty());
    }

    #[test]
    fn characters_have_the_bytes_that_they_are_written_with() {
        for bytes in [
            b"x=1\r\n\xc3\xa4b=c\nlast".to_vec(),
            b"x=1\n\xe4b=c\n".to_vec(),
            utf16("x=1\r\näb=\u{10000}c\n"),
        ] {
            let text = Text::decode(&bytes);
            let line = &text.lines[1];
            let range = text.bytes_of(line, 2..line.text.chars().count());
            assert_eq!(
                bytes[range],
                text.encode(&line.text.chars().skip(2).collect::<String>())
                    .expect("written")[..]
            );
            assert_eq!(text.lines.last().expect("a line").next, bytes.len());
        }
    }

    #[test]
    fn line_ends_are_those_of_the_file() {
        let text = Text::decode(b"a\r\nb\nc");
        let lines: Vec<&str> = text.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            (lines.as_slice(), text.line_end(), text.is_unterminated()),
            (&["a", "b", "c"][..], "\r\n", true)
        );
        let text = Text::decode(b"a\n\nb\n");
        assert_eq!(
            (text.lines.len(), text.line_end(), text.is_unterminated()),
            (3, "\n", false)
        );
        assert_eq!(Text::decode(b"a\rb\n").lines[0].text, "a\rb");
    }

    #[test]
    fn what_latin1_lacks_is_not_written() {
        let text = Text::decode(b"\xe4");
        assert_eq!(text.encode("ö"), Some(vec![0xF6]));
        assert_eq!(text.encode("東"), None);
    }
}
