//! One password, and how different programs encode it.

use zeroize::Zeroizing;

/// A password as text. What it becomes depends on the algorithm, and on who wrote the file.
pub struct Password<'a>(&'a str);

impl<'a> Password<'a> {
    /// Takes a password; the empty one is a password too.
    pub fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// Whether it is the empty password.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For PBES2, PBMAC1 and old PEM as they are written: UTF-8 (RFC 8018 §3, RFC 9579 §6).
    pub(super) fn utf8(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// For PBES2, PBMAC1 and old PEM as they are read: UTF-8; else Latin-1, which is what a terminal of old sent; else as in
    /// PKCS #12, because NSS did so before 3.32.
    pub(super) fn byte_encodings(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let mut encodings = vec![Zeroizing::new(self.0.as_bytes().to_vec())];
        if !self.0.is_ascii() {
            encodings.extend(latin1(self.0));
        }
        encodings.push(bmp_string(self.0));
        encodings
    }

    /// For the key derivation of PKCS #12 when writing: a BMPString followed by two zero bytes (RFC 7292 B.1), so the empty
    /// password is two zero bytes.
    pub(super) fn bmp_string(&self) -> Zeroizing<Vec<u8>> {
        bmp_string(self.0)
    }

    /// For the key derivation of PKCS #12 when reading, in this order: a BMPString; for the empty password, zero bytes in
    /// length, as GnuTLS and old Java write it; the UTF-8 bytes as one character each, as OpenSSL before 1.1 did.
    pub(super) fn bmp_encodings(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let mut encodings = vec![self.bmp_string()];
        if self.0.is_empty() {
            encodings.push(Zeroizing::new(Vec::new()));
        } else if !self.0.is_ascii() {
            let octets: Zeroizing<String> = Zeroizing::new(self.0.bytes().map(char::from).collect());
            encodings.push(bmp_string(&octets));
        }
        encodings
    }
}

/// UTF-16, big-endian, with its terminator. Characters beyond U+FFFF become pairs, as OpenSSL writes them.
fn bmp_string(text: &str) -> Zeroizing<Vec<u8>> {
    let mut octets = Zeroizing::new(Vec::with_capacity(2 * text.len() + 2));
    text.encode_utf16()
        .chain([0])
        .for_each(|unit| octets.extend(unit.to_be_bytes()));
    octets
}

fn latin1(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut octets = Zeroizing::new(Vec::with_capacity(text.len()));
    for character in text.chars() {
        octets.push(u8::try_from(u32::from(character)).ok()?);
    }
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_password_has_two_encodings() {
        let encodings = Password::new("").bmp_encodings();
        assert_eq!(
            encodings
                .iter()
                .map(|octets| octets.as_slice())
                .collect::<Vec<_>>(),
            [&[0, 0][..], &[]]
        );
    }

    #[test]
    fn characters_become_two_octets_each() {
        assert_eq!(*Password::new("aä").bmp_string(), [0, b'a', 0, 0xe4, 0, 0]);
        assert_eq!(
            *Password::new("aä").bmp_encodings()[1],
            [0, b'a', 0, 0xc3, 0, 0xa4, 0, 0]
        );
    }

    #[test]
    fn octets_are_utf8_first_and_latin1_where_it_can_be() {
        let encodings = Password::new("ä").byte_encodings();
        assert_eq!(
            encodings.iter().map(|octets| octets.to_vec()).collect::<Vec<_>>(),
            [vec![0xc3, 0xa4], vec![0xe4], vec![0, 0xe4, 0, 0]]
        );
        assert_eq!(Password::new("α").byte_encodings().len(), 2);
        assert_eq!(Password::new("a").byte_encodings().len(), 2);
    }
}
