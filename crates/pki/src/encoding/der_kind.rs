//! What a DER element is, by its outline.

use super::kind::{FileKind, ForeignFile};
use super::labels;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
/// pkcs-5 and pkcs-12PbeIds, under which all ways of encrypting a private key lie (RFC 8018 Appendix C, RFC 7292 Appendix C).
const PASSWORD_BASED: [&[u8]; 2] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12],
];
/// pkcs-7 (RFC 5652 §3).
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7];

/// What a DER element is, by its outline: enough to know which label it must have in PEM (RFC 7468).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DerKind {
    /// A certificate (RFC 5280 §4.1).
    Certificate,
    /// A certification request (RFC 2986 §4).
    Request,
    /// A CRL (RFC 5280 §5.1).
    Crl,
    /// A SubjectPublicKeyInfo (RFC 5280 §4.1).
    PublicKey,
    /// A private key in PKCS #8 (RFC 5958 §2).
    PrivateKey,
    /// An encrypted private key in PKCS #8 (RFC 5958 §3).
    EncryptedKey,
    /// A private key in PKCS #1 (RFC 8017 A.1.2).
    RsaKey,
    /// A private key of SEC 1 (RFC 5915 §3).
    EcKey,
    /// A PFX (RFC 7292 §4).
    Pkcs12,
    /// PKCS #7 or CMS (RFC 5652 §3).
    Pkcs7,
}

impl DerKind {
    /// What `der` starts with; `None` for anything else.
    pub fn of(der: &[u8]) -> Option<Self> {
        match file_kind_of_der(der)? {
            FileKind::DerSigned => kind_of_signed(&tags(element_content(element_content(der)?)?)),
            FileKind::DerEncryptedKey => Some(Self::EncryptedKey),
            FileKind::DerPublicKey => Some(Self::PublicKey),
            FileKind::DerPrivateKey => kind_of_private(&tags(element_content(der)?)),
            FileKind::Pkcs12 => Some(Self::Pkcs12),
            FileKind::Foreign(_) => Some(Self::Pkcs7),
            _ => None,
        }
    }

    /// What it is, and its label in PEM.
    pub fn name_and_label(self) -> (&'static str, &'static str) {
        match self {
            Self::Certificate => ("a certificate", labels::CERTIFICATE),
            Self::Request => ("a CSR", labels::CERTIFICATE_REQUEST),
            Self::Crl => ("a CRL", labels::X509_CRL),
            Self::PublicKey => ("a public key", labels::PUBLIC_KEY),
            Self::PrivateKey => ("a private key", labels::PRIVATE_KEY),
            Self::EncryptedKey => ("an encrypted private key", labels::ENCRYPTED_PRIVATE_KEY),
            Self::RsaKey => ("a private key", labels::RSA_PRIVATE_KEY),
            Self::EcKey => ("a private key", labels::EC_PRIVATE_KEY),
            Self::Pkcs12 => ("a PKCS #12 file", labels::PKCS12),
            Self::Pkcs7 => ("a PKCS #7 file", "PKCS7"),
        }
    }
}

/// The tags of the first elements of TBSCertificate, CertificationRequestInfo and TBSCertList.
fn kind_of_signed(tags: &[u8]) -> Option<DerKind> {
    const TIMES: [u8; 2] = [0x17, 0x18];
    match tags {
        [0xa0, INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, ..] => Some(DerKind::Certificate),
        [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, ..] => Some(DerKind::Certificate),
        [INTEGER, SEQUENCE, SEQUENCE] | [INTEGER, SEQUENCE, SEQUENCE, 0xa0, ..] => Some(DerKind::Request),
        [INTEGER, SEQUENCE, SEQUENCE, time, ..] | [SEQUENCE, SEQUENCE, time, ..] if TIMES.contains(time) => {
            Some(DerKind::Crl)
        }
        _ => None,
    }
}

fn kind_of_private(tags: &[u8]) -> Option<DerKind> {
    const OCTET_STRING: u8 = 0x04;
    match tags {
        [INTEGER, SEQUENCE, OCTET_STRING, ..] => Some(DerKind::PrivateKey),
        [INTEGER, OCTET_STRING, ..] => Some(DerKind::EcKey),
        tags if tags.len() >= 9 && tags[..9].iter().all(|tag| *tag == INTEGER) => Some(DerKind::RsaKey),
        _ => None,
    }
}

/// The tags of the elements that stand in `content`, up to where it can be read.
fn tags(mut content: &[u8]) -> Vec<u8> {
    const MOST: usize = 16;
    let mut tags = Vec::new();
    while let (Some(tag), Some(length)) = (content.first(), der_length(content)) {
        let Some(rest) = content.get(length..).filter(|_| tags.len() < MOST) else {
            break;
        };
        tags.push(*tag);
        content = rest;
    }
    tags
}

/// The content of the definite-length element at the start of `der`.
fn element_content(der: &[u8]) -> Option<&[u8]> {
    let whole = der.get(..der_length(der)?)?;
    let header = if whole[1] < 0x80 {
        2
    } else {
        2 + usize::from(whole[1] & 0x7f)
    };
    whole.get(header..)
}

/// The length of the DER element at the start of `bytes`, with its header (X.690 §8.1.3).
pub(super) fn der_length(bytes: &[u8]) -> Option<usize> {
    let length = usize::from(*bytes.get(1)?);
    if length < 0x80 {
        return Some(2 + length);
    }
    let digits = bytes
        .get(2..2 + (length & 0x7f))
        .filter(|digits| !digits.is_empty() && digits.len() <= 4)?;
    let content = digits
        .iter()
        .fold(0usize, |value, digit| value << 8 | usize::from(*digit));
    content.checked_add(2 + digits.len())
}

/// The kind of file that DER is; `None` of what is no SEQUENCE that gsec knows.
pub(super) fn file_kind_of_der(bytes: &[u8]) -> Option<FileKind> {
    match inside_sequence(bytes)? {
        inside @ [SEQUENCE, ..] => {
            Some(inside_sequence(inside).map_or(FileKind::DerSigned, kind_by_algorithm))
        }
        [INTEGER, 1, 3, ..] => Some(FileKind::Pkcs12),
        [INTEGER, length @ 1..=4, rest @ ..]
            if rest.get(usize::from(*length)..).is_some_and(is_pkcs7_content) =>
        {
            Some(FileKind::Pkcs12)
        }
        [INTEGER, 1, 0 | 1, ..] => Some(FileKind::DerPrivateKey),
        [OBJECT_IDENTIFIER, _, rest @ ..] if rest.starts_with(PKCS7) => {
            Some(FileKind::Foreign(ForeignFile::Pkcs7Der))
        }
        _ => None,
    }
}

/// Whether `bytes` start with a ContentInfo of PKCS #7: after any version number this is a PFX (RFC 7292 §4), even an
/// invalid one.
fn is_pkcs7_content(bytes: &[u8]) -> bool {
    matches!(inside_sequence(bytes), Some([OBJECT_IDENTIFIER, _, rest @ ..]) if rest.starts_with(PKCS7))
}

/// A SEQUENCE that starts with an AlgorithmIdentifier: an encrypted private key, or a public key.
fn kind_by_algorithm(inside: &[u8]) -> FileKind {
    match inside {
        [OBJECT_IDENTIFIER, _, rest @ ..] if PASSWORD_BASED.iter().any(|prefix| rest.starts_with(prefix)) => {
            FileKind::DerEncryptedKey
        }
        [OBJECT_IDENTIFIER, ..] => FileKind::DerPublicKey,
        _ => FileKind::DerSigned,
    }
}

/// The content of the outer SEQUENCE, with definite (RFC 5280) or indefinite length (BER, as NSS writes PFX files).
fn inside_sequence(bytes: &[u8]) -> Option<&[u8]> {
    let [SEQUENCE, length, rest @ ..] = bytes else {
        return None;
    };
    let length_bytes = match length {
        0..=0x80 => 0,
        _ => usize::from(length & 0x7f),
    };
    rest.get(length_bytes..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_der_is_known_by_its_outline() {
        let element =
            |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).expect("short")], content].concat();
        let of = |tags: &[u8]| {
            element(
                SEQUENCE,
                &tags.iter().flat_map(|tag| element(*tag, &[])).collect::<Vec<_>>(),
            )
        };
        let signed = |tags: &[u8]| DerKind::of(&element(SEQUENCE, &of(tags)));
        assert_eq!(
            signed(&[0xa0, 2, 0x30, 0x30, 0x30, 0x30, 0x30]),
            Some(DerKind::Certificate)
        );
        assert_eq!(
            signed(&[2, 0x30, 0x30, 0x30, 0x30, 0x30]),
            Some(DerKind::Certificate)
        );
        assert_eq!(signed(&[2, 0x30, 0x30, 0xa0]), Some(DerKind::Request));
        assert_eq!(signed(&[2, 0x30, 0x30, 0x17, 0x17]), Some(DerKind::Crl));
        assert_eq!(signed(&[0x30, 0x30, 0x18]), Some(DerKind::Crl));
        assert_eq!(signed(&[0x30, 0x30]), None);
        assert_eq!(
            DerKind::of(&[0x30, 7, 2, 1, 0, 0x30, 0, 4, 0]),
            Some(DerKind::PrivateKey)
        );
        assert_eq!(DerKind::of(b""), None);
    }
}
