//! Numbers and vectors as TLS writes them (RFC 8446 §3): big-endian, lengths in front.

/// Reads bytes from the front. Missing input gives `None`, never a panic.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of this many bytes, at most four.
    pub(super) fn number(&mut self, bytes: usize) -> Option<usize> {
        Some(
            self.take(bytes)?
                .iter()
                .fold(0, |number, byte| (number << 8) | usize::from(*byte)),
        )
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// A vector whose length field has this many bytes.
    pub(super) fn vector(&mut self, length_bytes: usize) -> Option<Reader<'a>> {
        let length = self.number(length_bytes)?;
        self.take(length).map(Reader)
    }

    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }
}

/// Appends a vector: a length field of this many bytes, then what `write` appends. The lengths written here always fit.
pub(super) fn put_vector(out: &mut Vec<u8>, length_bytes: usize, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.resize(start + length_bytes, 0);
    write(out);
    let length = (out.len() - start - length_bytes).to_be_bytes();
    out[start..start + length_bytes].copy_from_slice(&length[length.len() - length_bytes..]);
}

pub(super) fn put_u16(out: &mut Vec<u8>, number: u16) {
    out.extend(number.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_have_their_length_in_front() {
        let mut out = vec![9];
        put_vector(&mut out, 3, |out| put_vector(out, 1, |out| put_u16(out, 0x0304)));
        assert_eq!(out, [9, 0, 0, 3, 2, 3, 4]);
        let mut reader = Reader::new(&out[1..]);
        let mut inner = reader.vector(3).expect("a vector");
        assert_eq!(inner.vector(1).map(Reader::rest), Some(&[3, 4][..]));
        assert!(reader.is_empty() && reader.u8().is_none() && inner.vector(1).is_none());
    }
}
