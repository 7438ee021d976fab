//! BER (X.690 §8) turned into DER (X.690 §10) as far as lengths and strings go, within bounds.
//!
//! NSS, BouncyCastle and old Windows write PKCS #12 files with indefinite lengths and strings in pieces. What a schema alone
//! could tell, such as the pieces of an implicitly tagged string, stays as it is.

use thiserror::Error;
use zeroize::Zeroizing;

/// The most elements within one another; a PKCS #12 file has about twelve.
pub const MAX_NESTING: usize = 32;
/// Bit 6 of the identifier: the content is further elements.
const CONSTRUCTED: u8 = 0x20;
const CLASS_AND_NUMBER: u8 = 0xdf;
/// Number 31: the tag number follows in further bytes (X.690 §8.1.2.4).
const HIGH_TAG_NUMBER: u8 = 0x1f;
const BIT_STRING: u8 = 0x03;
/// Length byte of the indefinite form.
const INDEFINITE: u8 = 0x80;

/// What is wrong with an encoding.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BerError {
    /// It ends within an element.
    #[error("it is truncated: the element at byte {at} needs {wanted} bytes, and {left} are left")]
    CutShort {
        /// Offset of the element, from 0.
        at: usize,
        /// Length in its header, in bytes; saturated on overflow.
        wanted: usize,
        /// Bytes available.
        left: usize,
    },
    /// Nested beyond [`MAX_NESTING`].
    #[error("more than {MAX_NESTING} elements are nested in one another, the most that gsec reads")]
    TooDeep,
    /// No encoding at all.
    #[error("at byte {at}: {problem}")]
    Malformed {
        /// Where, from 0.
        at: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// More follows the outermost element than white space and zeros.
    #[error("{0} bytes follow its end")]
    Trailing(usize),
}

/// Re-encodes one element with definite lengths in the shortest form, and with primitive strings. Ignores white space or
/// zeros after it, which copying may add.
///
/// # Errors
/// [`BerError`]: what is wrong, and at which offset in `bytes`.
pub fn to_der(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, BerError> {
    // Definite lengths are longer only for elements of 64 KiB and more. With room for them, no copy of a secret is left
    // behind by growing.
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len() + bytes.len() / 256 + 64));
    let mut input = Input { bytes, at: 0 };
    if input.element(bytes.len(), 1, &mut out)? == Ended::Contents {
        return Err(BerError::Malformed {
            at: 0,
            problem: "an end-of-contents marker without a start",
        });
    }
    let trailing = bytes.get(input.at..).unwrap_or_default();
    match trailing
        .iter()
        .all(|byte| byte.is_ascii_whitespace() || *byte == 0)
    {
        true => Ok(out),
        false => Err(BerError::Trailing(trailing.len())),
    }
}

/// Joins the segments of an implicitly tagged octet string: `content` is the content of the constructed element, already
/// DER.
///
/// # Errors
/// [`BerError::Malformed`] if an element is not an octet string.
pub fn join_octet_strings(content: &[u8]) -> Result<Vec<u8>, BerError> {
    const OCTET_STRING: u8 = 0x04;
    let mut input = Input {
        bytes: content,
        at: 0,
    };
    let mut joined = Vec::with_capacity(content.len());
    while input.at < content.len() {
        let at = input.at;
        let header = input.header(content.len())?;
        match header.length {
            Some(length) if header.identifier == OCTET_STRING => joined.extend_from_slice(input.take(length)),
            _ => {
                return Err(BerError::Malformed {
                    at,
                    problem: "a fragmented string has a fragment that is not an octet string",
                });
            }
        }
    }
    Ok(joined)
}

/// What an element turned out to be.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    /// An element, which was written.
    Element,
    /// The end of indefinite contents; nothing was written.
    Contents,
}

struct Header {
    identifier: u8,
    /// Length of the tag in bytes.
    tag_bytes: usize,
    /// `None` for the indefinite form.
    length: Option<usize>,
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    /// Reads the element at the current position, which must end before `end`.
    fn element(&mut self, end: usize, depth: usize, out: &mut Vec<u8>) -> Result<Ended, BerError> {
        let start = self.at;
        let header = self.header(end)?;
        if header.identifier == 0 {
            return match header.length {
                Some(0) => Ok(Ended::Contents),
                _ => Err(BerError::Malformed {
                    at: start,
                    problem: "tag number 0 is not an element",
                }),
            };
        }
        if depth > MAX_NESTING {
            return Err(BerError::TooDeep);
        }
        let tag = &self.bytes[start..start + header.tag_bytes];
        let is_constructed = header.identifier & CONSTRUCTED != 0;
        match header.length {
            Some(length) if !is_constructed => {
                write_header(tag, length, out.len(), out);
                out.extend_from_slice(self.take(length));
            }
            None if !is_constructed => {
                return Err(BerError::Malformed {
                    at: start,
                    problem: "only constructed elements can have an indefinite length",
                });
            }
            _ if is_string(header.identifier) => {
                let from = out.len();
                let mut string = Pieces::new(header.identifier, from);
                self.pieces(&header, end, depth, &mut string, out)?;
                string.finish(out);
                let length = out.len() - from;
                write_header(&[header.identifier & CLASS_AND_NUMBER], length, from, out);
            }
            length => {
                let from = out.len();
                self.contents(length, end, |input, end| input.element(end, depth + 1, out))?;
                let length = out.len() - from;
                write_header(tag, length, from, out);
            }
        }
        Ok(Ended::Element)
    }

    /// Appends the content of each piece of a constructed string, pieces within pieces included.
    fn pieces(
        &mut self,
        header: &Header,
        end: usize,
        depth: usize,
        string: &mut Pieces,
        out: &mut Vec<u8>,
    ) -> Result<(), BerError> {
        self.contents(header.length, end, |input, end| {
            let at = input.at;
            let piece = input.header(end)?;
            match piece.length {
                Some(0) if piece.identifier == 0 => return Ok(Ended::Contents),
                _ if depth >= MAX_NESTING => return Err(BerError::TooDeep),
                Some(length) if piece.identifier == string.primitive => {
                    string.append(input.take(length), at, out)?
                }
                _ if piece.identifier == string.primitive | CONSTRUCTED => {
                    input.pieces(&piece, end, depth + 1, string, out)?
                }
                _ => {
                    return Err(BerError::Malformed {
                        at,
                        problem: "a fragmented string has a fragment of another type",
                    });
                }
            }
            Ok(Ended::Element)
        })
    }

    /// Calls `element` for each element of a constructed one, up to its length or to its end of contents.
    fn contents(
        &mut self,
        length: Option<usize>,
        end: usize,
        mut element: impl FnMut(&mut Self, usize) -> Result<Ended, BerError>,
    ) -> Result<(), BerError> {
        let inner_end = length.map_or(end, |length| self.at + length);
        loop {
            if length.is_some() && self.at == inner_end {
                return Ok(());
            }
            let at = self.at;
            match (element(self, inner_end)?, length) {
                (Ended::Element, _) => {}
                (Ended::Contents, None) => return Ok(()),
                (Ended::Contents, Some(_)) => {
                    return Err(BerError::Malformed {
                        at,
                        problem: "an end-of-contents marker where the length is definite",
                    });
                }
            }
        }
    }

    /// Reads tag and length; the content is known to lie before `end`.
    fn header(&mut self, end: usize) -> Result<Header, BerError> {
        let start = self.at;
        let identifier = self.byte(start, end)?;
        if identifier & HIGH_TAG_NUMBER == HIGH_TAG_NUMBER {
            // At most four more bytes: no format uses tag numbers above 2²⁸.
            let mut count = 0;
            while self.byte(start, end)? & 0x80 != 0 {
                count += 1;
                if count == 4 {
                    return Err(BerError::Malformed {
                        at: start,
                        problem: "the number of its tag is too long",
                    });
                }
            }
        }
        let tag_bytes = self.at - start;
        let length = match self.byte(start, end)? {
            INDEFINITE => None,
            short @ 0..INDEFINITE => Some(usize::from(short)),
            0xff => {
                return Err(BerError::Malformed {
                    at: start,
                    problem: "its length begins with 255, which is reserved",
                });
            }
            long => {
                let mut length = 0_usize;
                for _ in 0..long & 0x7f {
                    // Saturated: longer than anything that can be there.
                    length = length.checked_mul(256).map_or(usize::MAX, |length| length)
                        | usize::from(self.byte(start, end)?);
                }
                Some(length)
            }
        };
        let left = end - self.at;
        match length {
            Some(wanted) if wanted > left => Err(BerError::CutShort {
                at: start,
                wanted,
                left,
            }),
            _ => Ok(Header {
                identifier,
                tag_bytes,
                length,
            }),
        }
    }

    fn byte(&mut self, start: usize, end: usize) -> Result<u8, BerError> {
        let cut_short = || BerError::CutShort {
            at: start,
            wanted: self.at - start + 1,
            left: end - start,
        };
        let byte = *self
            .bytes
            .get(self.at)
            .filter(|_| self.at < end)
            .ok_or_else(cut_short)?;
        self.at += 1;
        Ok(byte)
    }

    /// The next `length` bytes; `header` has checked that they exist.
    fn take(&mut self, length: usize) -> &'a [u8] {
        let taken = &self.bytes[self.at..self.at + length];
        self.at += length;
        taken
    }
}

/// The pieces of one constructed string as they come together at the end of the output.
struct Pieces {
    primitive: u8,
    from: usize,
    /// For a bit string: number of unused bits in the last byte.
    unused_bits: u8,
}

impl Pieces {
    fn new(identifier: u8, from: usize) -> Self {
        Self {
            primitive: identifier & CLASS_AND_NUMBER,
            from,
            unused_bits: 0,
        }
    }

    fn append(&mut self, piece: &[u8], at: usize, out: &mut Vec<u8>) -> Result<(), BerError> {
        let content = match (self.primitive, piece) {
            (BIT_STRING, [unused @ 0..=7, bits @ ..]) if self.unused_bits == 0 => {
                self.unused_bits = *unused;
                bits
            }
            (BIT_STRING, _) => {
                return Err(BerError::Malformed {
                    at,
                    problem: "a fragmented bit string has unused bits in the middle",
                });
            }
            _ => piece,
        };
        out.extend_from_slice(content);
        Ok(())
    }

    /// The content of a bit string starts with the number of unused bits.
    fn finish(&self, out: &mut Vec<u8>) {
        if self.primitive == BIT_STRING {
            out.insert(self.from, self.unused_bits);
        }
    }
}

/// Whether a constructed element of this identifier is a string in pieces (X.690 §8.6, §8.7, §8.23).
fn is_string(identifier: u8) -> bool {
    identifier & 0xc0 == 0 && matches!(identifier & 0x1f, 3 | 4 | 12 | 18..=30)
}

/// Inserts tag and length before what was written since `from`; `length` bytes of content are written, or are about to be.
fn write_header(tag: &[u8], length: usize, from: usize, out: &mut Vec<u8>) {
    let octets = length.to_be_bytes();
    let significant = octets
        .iter()
        .position(|byte| *byte != 0)
        .map_or(&octets[..0], |first| &octets[first..]);
    let mut header = [0; 5 + 1 + size_of::<usize>()];
    let mut filled = 0;
    let long_form = [0x80 | significant.len().to_be_bytes()[size_of::<usize>() - 1]];
    let length_bytes: [&[u8]; 2] = if length < 0x80 {
        [&octets[size_of::<usize>() - 1..], &[]]
    } else {
        [&long_form, significant]
    };
    for part in [tag, length_bytes[0], length_bytes[1]] {
        header[filled..filled + part.len()].copy_from_slice(part);
        filled += part.len();
    }
    out.splice(from..from, header[..filled].iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(bytes: &[u8]) -> Vec<u8> {
        to_der(bytes).expect("BER").to_vec()
    }

    #[test]
    fn der_stays_as_it_is() {
        for element in [
            &[0x30, 3, 2, 1, 5][..],
            &[0x05, 0],
            &[0x30, 0],
            &[0xbf, 0x87, 0x68, 2, 4, 0],
        ] {
            assert_eq!(der(element), element);
        }
        let mut long = vec![4, 0x82, 1, 0];
        long.extend([7; 256]);
        assert_eq!(der(&long), long);
    }

    #[test]
    fn indefinite_and_long_lengths_become_definite_and_short() {
        assert_eq!(der(&[0x30, 0x80, 2, 1, 5, 0, 0]), [0x30, 3, 2, 1, 5]);
        assert_eq!(der(&[0x30, 0x80, 0x30, 0x80, 0, 0, 0, 0]), [0x30, 2, 0x30, 0]);
        assert_eq!(der(&[0x30, 0x83, 0, 0, 3, 2, 0x81, 0]), [0x30, 2, 2, 0]);
    }

    #[test]
    fn strings_in_pieces_become_one() {
        assert_eq!(der(&[0x24, 0x80, 4, 1, 1, 4, 2, 2, 3, 0, 0]), [4, 3, 1, 2, 3]);
        assert_eq!(der(&[0x24, 7, 0x24, 5, 4, 1, 1, 4, 0]), [4, 1, 1]);
        assert_eq!(der(&[0x23, 7, 3, 2, 0, 0xff, 3, 1, 0]), [3, 2, 0, 0xff]);
        assert_eq!(
            der(&[0x23, 8, 3, 2, 0, 0xff, 3, 2, 4, 0xf0]),
            [3, 3, 4, 0xff, 0xf0]
        );
        assert_eq!(der(&[0x24, 0]), [4, 0]);
    }

    #[test]
    fn implicitly_tagged_pieces_are_joined_on_request() {
        assert_eq!(
            der(&[0xa0, 0x80, 4, 1, 1, 4, 1, 2, 0, 0]),
            [0xa0, 6, 4, 1, 1, 4, 1, 2]
        );
        assert_eq!(join_octet_strings(&[4, 1, 1, 4, 1, 2]), Ok(vec![1, 2]));
        assert!(join_octet_strings(&[2, 1, 1]).is_err());
    }

    #[test]
    fn lengths_beyond_what_is_there_are_refused() {
        assert_eq!(
            to_der(&[4, 0x84, 0xff, 0xff, 0xff, 0xff, 0]),
            Err(BerError::CutShort {
                at: 0,
                wanted: 0xffff_ffff,
                left: 1
            })
        );
        assert!(matches!(
            to_der(&[4, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
            Err(BerError::CutShort { .. })
        ));
        assert!(matches!(
            to_der(&[0x30, 0x80, 2, 1, 5, 0]),
            Err(BerError::CutShort { .. })
        ));
        assert!(matches!(
            to_der(&[0x30, 4, 0x30, 3, 0, 0, 0]),
            Err(BerError::CutShort { .. })
        ));
        assert!(matches!(to_der(&[]), Err(BerError::CutShort { .. })));
    }

    #[test]
    fn what_is_no_encoding_is_refused() {
        for bad in [
            &[4, 0x80, 0, 0][..],
            &[0x30, 0xff],
            &[0x30, 2, 0, 0],
            &[0, 0],
            &[0x24, 3, 2, 1, 1],
            &[0x23, 2, 3, 0],
            &[0x23, 3, 3, 1, 8],
        ] {
            assert!(to_der(bad).is_err(), "{bad:x?}");
        }
        assert_eq!(to_der(&[5, 0, 7]), Err(BerError::Trailing(1)));
        assert_eq!(der(&[5, 0, b'\r', b'\n', 0]), [5, 0]);
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| [[0x30, 0x80].repeat(depth), [0, 0].repeat(depth)].concat();
        assert!(to_der(&nested(MAX_NESTING)).is_ok());
        assert_eq!(to_der(&nested(MAX_NESTING + 1)), Err(BerError::TooDeep));
        assert_eq!(to_der(&nested(10_000)), Err(BerError::TooDeep));
        let pieces = |depth: usize| [[0x24, 0x80].repeat(depth), [0, 0].repeat(depth)].concat();
        assert_eq!(to_der(&pieces(10_000)), Err(BerError::TooDeep));
    }
}
