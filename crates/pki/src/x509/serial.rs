//! Serial numbers, RFC 5280 §4.1.2.2.

use std::fmt;

/// Maximum length of a serial number in bytes, RFC 5280 §4.1.2.2.
pub const MAX_SERIAL_BYTES: usize = 20;
/// The most digits of a serial number of another program's that is read. `openssl ca` issues what makes a file name, with about 125 bytes, and lists
/// longer ones in a CRL.
const MAX_READ_DIGITS: usize = 4096;
/// Length of a random serial in bytes: far more than the 64 bits that the CA/Browser Forum requires, well below
/// [`MAX_SERIAL_BYTES`].
const RANDOM_BYTES: usize = 16;

/// A serial number. One that gsec makes is positive and has at most 20 bytes; one that was read may be anything that a
/// certificate can contain, zero and negative numbers included.
///
/// Compares as a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SerialNumber {
    is_negative: bool,
    /// The absolute value without leading zeros, most significant byte first.
    magnitude: Vec<u8>,
}

impl SerialNumber {
    /// The number 1, the first serial of a sequential CA.
    pub fn one() -> Self {
        Self::positive(vec![1])
    }

    /// Returns a serial of 16 random bytes from `random`. The top bit is clear, so that it is positive and needs no padding
    /// byte, and the first byte is not zero, so that it always has 32 digits. Uniqueness per issuer is left to chance (2⁻⁶²
    /// at 2³² certificates); the store also rejects a duplicate.
    pub fn from_random(random: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut bytes = [0; RANDOM_BYTES];
        while bytes[0] == 0 {
            random(&mut bytes);
            bytes[0] &= 0x7f;
        }
        Self::positive(bytes.to_vec())
    }

    /// Parses the content bytes of a certificate's serialNumber: two's complement (X.690 §8.3), so FF is -1 and not 255.
    pub fn from_content(content: &[u8]) -> Self {
        let is_negative = content.first().is_some_and(|first| first & 0x80 != 0);
        let magnitude = if is_negative {
            without_leading_zeros(&negated(content))
        } else {
            without_leading_zeros(content)
        };
        Self {
            is_negative,
            magnitude,
        }
    }

    /// A number by its sign and the bytes of its absolute value, most significant first, of any length.
    pub fn from_magnitude(is_negative: bool, magnitude: &[u8]) -> Self {
        let magnitude = without_leading_zeros(magnitude);
        Self {
            is_negative: is_negative && !magnitude.is_empty(),
            magnitude,
        }
    }

    fn positive(magnitude: Vec<u8>) -> Self {
        Self {
            is_negative: false,
            magnitude,
        }
    }

    /// Reads hexadecimal digits of either case, as in `serial.num` and `ca.db`; an odd number of digits is accepted.
    /// `None` when `text` is something else or longer than [`MAX_SERIAL_BYTES`].
    pub fn parse_hex(text: &str) -> Option<Self> {
        // In one piece of memory: an index may have a million of them.
        let mut magnitude = text
            .as_bytes()
            .rchunks(2)
            .rev()
            .map(byte_of)
            .collect::<Option<Vec<u8>>>()?;
        let zeros = magnitude.iter().take_while(|byte| **byte == 0).count();
        magnitude.drain(..zeros);
        (!text.is_empty() && magnitude.len() <= MAX_SERIAL_BYTES).then(|| Self::positive(magnitude))
    }

    /// Reads what a program may have given a certificate, as [`Self::parse_hex`] and more: negative numbers with a minus sign in front, as OpenSSL
    /// and this type write them, and up to 2048 bytes. `None` for anything else.
    pub fn parse_any_hex(text: &str) -> Option<Self> {
        Self::parse_hex(text).or_else(|| {
            let (is_negative, digits) = text
                .strip_prefix('-')
                .map_or((false, text), |digits| (true, digits));
            let magnitude: Option<Vec<u8>> = (1..=MAX_READ_DIGITS)
                .contains(&digits.len())
                .then(|| digits.as_bytes().rchunks(2).rev().map(byte_of).collect())?;
            Some(Self::from_magnitude(is_negative, &magnitude?))
        })
    }

    /// The number after this one, or `None` if a positive INTEGER of 20 bytes cannot hold it.
    pub fn next(&self) -> Option<Self> {
        let mut bytes = self.magnitude.clone();
        for byte in bytes.iter_mut().rev() {
            let (sum, carried) = byte.overflowing_add(1);
            *byte = sum;
            if !carried {
                return Self::positive(bytes).within_bound();
            }
        }
        bytes.insert(0, 1);
        Self::positive(bytes).within_bound()
    }

    fn within_bound(self) -> Option<Self> {
        (self.content().len() <= MAX_SERIAL_BYTES).then_some(self)
    }

    /// Content bytes of the DER INTEGER: with a leading zero byte if the top bit is set.
    pub fn content(&self) -> Vec<u8> {
        if self.is_negative {
            return negative_content(&self.magnitude);
        }
        match self.magnitude.first() {
            None => vec![0],
            Some(first) if first & 0x80 != 0 => [&[0], self.magnitude.as_slice()].concat(),
            Some(_) => self.magnitude.clone(),
        }
    }
}

/// As in `serial.num`: upper-case hexadecimal, an even number of digits. A negative number has a minus sign in front, as OpenSSL
/// writes it.
impl fmt::Display for SerialNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_negative {
            out.write_str("-")?;
        }
        match self.magnitude.as_slice() {
            [] => out.write_str("00"),
            bytes => bytes.iter().try_for_each(|byte| write!(out, "{byte:02X}")),
        }
    }
}

impl Ord for SerialNumber {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_length = self.magnitude.len().cmp(&other.magnitude.len());
        let by_magnitude = by_length.then_with(|| self.magnitude.cmp(&other.magnitude));
        match (self.is_negative, other.is_negative) {
            (false, false) => by_magnitude,
            (true, true) => by_magnitude.reverse(),
            (is_negative, _) => {
                if is_negative {
                    std::cmp::Ordering::Less
                } else {
                    std::cmp::Ordering::Greater
                }
            }
        }
    }
}

impl PartialOrd for SerialNumber {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The byte for one or two hexadecimal digits.
fn byte_of(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0, |byte, digit| {
        Some(byte << 4 | u8::try_from(char::from(*digit).to_digit(16)?).ok()?)
    })
}

/// The two's complement of a number: its negative.
fn negated(bytes: &[u8]) -> Vec<u8> {
    let mut negative: Vec<u8> = bytes.iter().map(|byte| !byte).collect();
    for byte in negative.iter_mut().rev() {
        let (sum, carried) = byte.overflowing_add(1);
        *byte = sum;
        if !carried {
            break;
        }
    }
    negative
}

/// Content bytes of a negative INTEGER, as few as possible.
fn negative_content(magnitude: &[u8]) -> Vec<u8> {
    let bytes = negated(&[&[0], magnitude].concat());
    let needless = bytes
        .windows(2)
        .take_while(|pair| pair[0] == 0xff && pair[1] & 0x80 != 0)
        .count();
    bytes[needless..].to_vec()
}

fn without_leading_zeros(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().skip_while(|byte| *byte == 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial(text: &str) -> SerialNumber {
        SerialNumber::parse_hex(text).expect("hexadecimal")
    }

    #[test]
    fn counts_past_a_digit_and_past_an_octet() {
        assert_eq!(serial("09").next().expect("next").to_string(), "0A");
        assert_eq!(serial("0F").next().expect("next").to_string(), "10");
        assert_eq!(serial("FF").next().expect("next").to_string(), "0100");
    }

    #[test]
    fn stops_at_twenty_octets() {
        let last = serial(&format!("7F{}", "FF".repeat(19)));
        assert_eq!(last.next(), None);
        assert_eq!(SerialNumber::parse_hex(&"11".repeat(21)), None);
    }

    #[test]
    fn top_bit_gets_a_zero_octet_in_front() {
        assert_eq!(serial("80").content(), [0, 0x80]);
        assert_eq!(serial("7F").content(), [0x7f]);
        assert_eq!(serial("00").content(), [0]);
    }

    #[test]
    fn random_serial_has_32_digits_and_is_positive() {
        let mut calls = 0u8;
        let serial = SerialNumber::from_random(&mut |out| {
            // The first draw is 0x80…, whose first byte becomes zero once the top bit is cleared: it must be drawn again.
            out.fill(if calls == 0 { 0x80 } else { 0xff });
            calls += 1;
        });
        assert_eq!(serial.to_string().len(), 32);
        assert_eq!(serial.content()[0], 0x7f);
    }

    #[test]
    fn compares_as_a_number() {
        assert!(serial("0100") > serial("FF"));
        assert!(serial("0010") > serial("0F"));
    }

    #[test]
    fn a_negative_number_is_not_the_positive_one_of_the_same_octets() {
        for (content, text) in [
            (&[0xff][..], "-01"),
            (&[0x80], "-80"),
            (&[0xff, 0x7f], "-81"),
            (&[0xff, 0x00], "-0100"),
            (&[0xfe, 0x00], "-0200"),
        ] {
            let serial = SerialNumber::from_content(content);
            assert_eq!(
                (serial.to_string().as_str(), serial.content().as_slice()),
                (text, content)
            );
            assert_ne!(serial, SerialNumber::from_content(&[&[0], content].concat()));
            assert!(serial < SerialNumber::from_content(&[0]), "{text}");
        }
        assert_eq!(
            SerialNumber::from_content(&[0xff, 0xff]),
            SerialNumber::from_content(&[0xff]),
            "padding changes no number"
        );
        assert_eq!(SerialNumber::from_content(&[0, 0, 0xff]), serial("FF"));
        assert!(SerialNumber::from_content(&[0x80]) < SerialNumber::from_content(&[0xff]));
    }

    #[test]
    fn text_that_is_no_number_is_refused() {
        for text in ["", "0x10", "1 2", "G1", "../01"] {
            assert_eq!(SerialNumber::parse_hex(text), None, "{text}");
        }
    }
}
