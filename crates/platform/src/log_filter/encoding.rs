//! What no filter reads: bytes that are no text, or text in which every other byte is NUL.

/// Why the beginning of a log cannot be filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotText {
    /// Text in UTF-16, with a byte order mark.
    Utf16,
    /// Text in UTF-16 without one, low byte first.
    Utf16Le,
    /// Text in UTF-16 without one, high byte first.
    Utf16Be,
    /// Text in UTF-32, with a byte order mark.
    Utf32,
    /// NUL bytes for the most part, as where a log was cut while a program wrote it.
    Nul,
    /// Something else.
    Binary,
}

impl NotText {
    /// Tells it from the first bytes of a log; `None` where they are text in ASCII, UTF-8 or an old encoding of one byte for each character. A few
    /// other bytes among the text do no harm: values may have any.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        match beginning {
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Some(Self::Utf32),
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return Some(Self::Utf16),
            _ => {}
        }
        let odd = beginning.iter().filter(|byte| is_odd(**byte)).count();
        if odd < LEAST_ODD || odd * MOST_TEXT < beginning.len() {
            return None;
        }
        let nuls = |first: usize| {
            let units = beginning.iter().skip(first).step_by(2);
            units.filter(|byte| **byte == 0).count()
        };
        let (even, odd_ones) = (nuls(0), nuls(1));
        let is_high = |high: usize, low: usize| high >= LEAST_ODD && low * FEW < high;
        Some(match () {
            () if is_high(odd_ones, even) => Self::Utf16Le,
            () if is_high(even, odd_ones) => Self::Utf16Be,
            () if (even + odd_ones) * 2 > beginning.len() => Self::Nul,
            () => Self::Binary,
        })
    }

    /// What it is, for a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf16 | Self::Utf16Le | Self::Utf16Be => "UTF-16 text",
            Self::Utf32 => "UTF-32 text",
            Self::Nul => "NUL bytes for the most part",
            Self::Binary => "binary data",
        }
    }

    /// The encoding, as `iconv` calls it.
    pub fn encoding(self) -> Option<&'static str> {
        match self {
            Self::Utf16 => Some("UTF-16"),
            Self::Utf16Le => Some("UTF-16LE"),
            Self::Utf16Be => Some("UTF-16BE"),
            Self::Utf32 => Some("UTF-32"),
            Self::Nul | Self::Binary => None,
        }
    }
}

/// The fewest bytes that are not of a text for it to be none.
const LEAST_ODD: usize = 4;
/// Of so many bytes, one that is not of a text is too many. Of compressed data, one in ten is.
const MOST_TEXT: usize = 16;
/// Of so many NULs at the place of high bytes, one at the place of low bytes is none.
const FEW: usize = 8;

/// Whether a byte is in no text: a control character other than white space, a bell, a backspace and what begins a color.
fn is_odd(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, 7..=13 | 27)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "@12:00:00.0001 [0]\n\tAttributeUserData\t[9] 00 01\n\t\t'PASSWORD'\t'1111'\n";

    #[test]
    fn texts_with_other_bytes_here_and_there() {
        let latin1 = [LOG.as_bytes(), b"\t\t'NAME'\t'M\xfcller'\n"].concat();
        let some = LOG.replace("1111", "1\0\u{1}1").repeat(3);
        let colored = "\u{1b}[31merror\u{1b}[0m\r\n".repeat(20);
        let cyrillic = "пароль \u{feff}\n".repeat(9);
        for text in [
            &b""[..],
            b"\0\0\0",
            b"x",
            LOG.as_bytes(),
            &latin1,
            some.as_bytes(),
            colored.as_bytes(),
            cyrillic.as_bytes(),
        ] {
            assert_eq!(NotText::of(text), None, "{:?}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn what_is_no_text_is_named() {
        let units =
            |text: &str, to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        let little = units(LOG, u16::to_le_bytes);
        let foreign = units(&"12:00 имя\r\n".repeat(9), u16::to_le_bytes);
        // A linear congruential generator makes bytes as even as those of compressed data.
        let mut state = 1u32;
        let random: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .take(4096)
        .collect();
        for (bytes, kind) in [
            (little.clone(), NotText::Utf16Le),
            (little[..40].to_vec(), NotText::Utf16Le),
            (units(LOG, u16::to_be_bytes), NotText::Utf16Be),
            (foreign, NotText::Utf16Le),
            ([&[0xFF, 0xFE][..], &little].concat(), NotText::Utf16),
            (b"\xfe\xff\0a".to_vec(), NotText::Utf16),
            (b"\xff\xfe\0\0a\0\0\0".to_vec(), NotText::Utf32),
            (vec![0; 4096], NotText::Nul),
            ([vec![0; 4096], LOG.into()].concat(), NotText::Nul),
            (random, NotText::Binary),
        ] {
            assert_eq!(NotText::of(&bytes), Some(kind), "{bytes:?}");
        }
    }
}
