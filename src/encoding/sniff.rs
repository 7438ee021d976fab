//! What kind of file some bytes are, told from the content, never from the name.

use super::pem;

/// The kinds of file that gsec tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// At least one PEM block.
    Pem,
    /// A DER SEQUENCE whose first element is a SEQUENCE: a certificate, a CSR or a CRL (RFC 5280 §4.1, §5.1, RFC 2986 §4).
    DerSigned,
    /// A SEQUENCE that begins with INTEGER 3: a PFX (RFC 7292 §4).
    Pkcs12,
    /// A SEQUENCE that begins with INTEGER 0 or 1: a private key (RFC 5958 §2, RFC 8017 A.1.2, RFC 5915 §3).
    DerPrivateKey,
    /// Nothing of these.
    Unknown,
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

/// Tells what kind of file `bytes` are.
pub fn file_kind(bytes: &[u8]) -> FileKind {
    if pem::is_pem(bytes) {
        return FileKind::Pem;
    }
    match inside_sequence(bytes) {
        Some([SEQUENCE, ..]) => FileKind::DerSigned,
        Some([INTEGER, 1, 3, ..]) => FileKind::Pkcs12,
        Some([INTEGER, 1, 0 | 1, ..]) => FileKind::DerPrivateKey,
        _ => FileKind::Unknown,
    }
}

/// The content of the outer SEQUENCE, with definite (RFC 5280) or indefinite length (BER, as NSS writes PFX files).
fn inside_sequence(bytes: &[u8]) -> Option<&[u8]> {
    let [SEQUENCE, length, rest @ ..] = bytes else { return None };
    let length_octets = match length {
        0..=0x80 => 0,
        _ => usize::from(length & 0x7f),
    };
    rest.get(length_octets..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        assert_eq!(file_kind(b"text\n-----BEGIN X-----\n"), FileKind::Pem);
        assert_eq!(file_kind(&[0x30, 0x82, 1, 2, 0x30, 0x82]), FileKind::DerSigned);
        assert_eq!(file_kind(&[0x30, 0x80, 2, 1, 3, 0x30]), FileKind::Pkcs12);
        assert_eq!(file_kind(&[0x30, 0x82, 1, 2, 2, 1, 0, 0x30]), FileKind::DerPrivateKey);
        assert_eq!(file_kind(b"hello"), FileKind::Unknown);
        assert_eq!(file_kind(&[0x30, 0xff]), FileKind::Unknown);
    }
}
