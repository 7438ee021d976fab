//! Reading to the end within a bound, into memory that is zeroised: no copy stays where it had to grow.

use std::io::{self, Read};

use zeroize::Zeroizing;

/// Initial buffer size in bytes if the length is unknown.
const FIRST_BYTES: u64 = 64 * 1024;

/// Reads to the end, or until more than `bound` bytes were read: then the result is one byte longer than the bound.
/// `expected` is the probable length.
///
/// # Errors
/// Those of `source`.
pub fn read_to_end(
    source: &mut dyn Read,
    expected: Option<u64>,
    bound: u64,
) -> io::Result<Zeroizing<Vec<u8>>> {
    let most = usize::try_from(bound.saturating_add(1)).unwrap_or(usize::MAX);
    let first = usize::try_from(expected.unwrap_or(FIRST_BYTES).saturating_add(1)).unwrap_or(most);
    let mut content = Zeroizing::new(vec![0; first.min(most)]);
    let mut filled = 0;
    while filled < most {
        if filled == content.len() {
            let mut larger = Zeroizing::new(vec![0; filled.saturating_mul(2).min(most)]);
            larger[..filled].copy_from_slice(&content);
            content = larger;
        }
        match source.read(&mut content[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    content.truncate(filled);
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns one byte at a time, like a slow pipe.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn everything_is_read_whatever_was_expected() {
        for expected in [None, Some(0), Some(3), Some(5), Some(1000)] {
            assert_eq!(
                read_to_end(&mut Drops(b"12345"), expected, 100)
                    .expect("read")
                    .as_slice(),
                b"12345",
                "{expected:?}"
            );
        }
        assert_eq!(
            read_to_end(&mut Drops(b""), None, 100).expect("read").as_slice(),
            b""
        );
    }

    #[test]
    fn what_goes_beyond_the_bound_is_one_octet_longer() {
        assert_eq!(
            read_to_end(&mut Drops(b"12345"), Some(5), 5).expect("read").len(),
            5
        );
        assert_eq!(read_to_end(&mut io::repeat(0), None, 5).expect("read").len(), 6);
        assert_eq!(
            read_to_end(&mut io::repeat(0), Some(u64::MAX), 5)
                .expect("read")
                .len(),
            6
        );
    }
}
