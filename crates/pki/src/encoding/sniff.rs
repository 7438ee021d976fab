//! Detects the kind of a file from its content, never from its name.

use super::dump::dump;
use super::pem;

/// The kinds of file that gsec tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// At least one PEM block, or something that was probably intended as one.
    Pem,
    /// A DER SEQUENCE whose first element is a SEQUENCE: a certificate, a CSR or a CRL (RFC 5280 §4.1, §5.1, RFC 2986 §4).
    DerSigned,
    /// A SEQUENCE that starts with INTEGER 3: a PFX (RFC 7292 §4).
    Pkcs12,
    /// A SEQUENCE that starts with INTEGER 0 or 1: a private key (RFC 5958 §2, RFC 8017 A.1.2, RFC 5915 §3).
    DerPrivateKey,
    /// An EncryptedPrivateKeyInfo (RFC 5958 §3).
    DerEncryptedKey,
    /// A SubjectPublicKeyInfo (RFC 5280 §4.1).
    DerPublicKey,
    /// What gsec knows and does not read.
    Foreign(ForeignFile),
    /// Nothing at all.
    Empty,
    /// Nothing of these.
    Unknown,
}

/// Files of other formats, which another program converts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignFile {
    /// PKCS #7 or CMS in PEM (RFC 7468 §8, §9).
    Pkcs7,
    /// PKCS #7 or CMS in DER, as `.p7b` files are (RFC 5652 §3).
    Pkcs7Der,
    /// PKCS #7 or CMS in PEM under a label that `openssl pkcs7` does not read.
    Cms,
    /// Java's first key store, JKS.
    JavaKeyStore,
    /// The key store of Java's cryptography extension, JCEKS.
    Jceks,
    /// A private key of PuTTY's.
    Putty,
    /// A Microsoft PVK file.
    Pvk,
    /// Text in UTF-16, as PowerShell's `>` writes it.
    Utf16,
    /// Text in UTF-16 without a byte order mark, low byte first.
    Utf16Le,
    /// Text in UTF-16 without a byte order mark, high byte first.
    Utf16Be,
    /// Base64 without PEM boundaries.
    BareBase64,
    /// Hexadecimal digits, with or without colons.
    HexDigits,
    /// What `xxd` prints.
    XxdDump,
    /// What `hexdump -C` prints.
    HexDump,
    /// What `openssl x509 -noout -text` prints.
    OpenSslText,
    /// A text with base64 of PEM in it: a Secret of Kubernetes, a kubeconfig file.
    EncodedPem,
    /// Base64 of PEM, and nothing else.
    Base64OfPem,
    /// Compressed by gzip (RFC 1952 §2.3.1).
    Gzip,
    /// Compressed by bzip2.
    Bzip2,
    /// Compressed by xz.
    Xz,
    /// Compressed by Zstandard (RFC 8878 §3.1.1).
    Zstandard,
    /// A ZIP archive.
    Zip,
    /// A tar archive (POSIX ustar).
    Tar,
    /// A public key of SSH, in one line (sshd(8)).
    SshPublicKey,
    /// A public key of SSH, as a block (RFC 4716 §3).
    Ssh2PublicKey,
    /// A key or a signature of OpenPGP (RFC 9580 §6.2).
    Pgp,
    /// A message of OpenPGP: signed, encrypted or both.
    PgpMessage,
    /// A database of SQLite, as NSS keeps certificates in.
    Sqlite,
    /// A page of the web.
    Html,
}

impl ForeignFile {
    /// What it is, for a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pkcs7 | Self::Pkcs7Der | Self::Cms => "a PKCS #7 file",
            Self::JavaKeyStore => "a Java key store (JKS)",
            Self::Jceks => "a Java key store (JCEKS)",
            Self::Putty => "a private key in PuTTY format",
            Self::Pvk => "a private key in Microsoft's PVK format",
            Self::Utf16 | Self::Utf16Le | Self::Utf16Be => "UTF-16 text",
            Self::BareBase64 => "base64 without PEM boundaries",
            Self::HexDigits => "hexadecimal digits",
            Self::EncodedPem => "text with base64-encoded PEM in it (a Secret of Kubernetes, a kubeconfig)",
            Self::Base64OfPem => "base64-encoded PEM",
            Self::Gzip => "compressed by gzip",
            Self::Bzip2 => "compressed by bzip2",
            Self::Xz => "compressed by xz",
            Self::Zstandard => "compressed by zstd",
            Self::Zip => "a ZIP archive",
            Self::Tar => "a tar archive",
            Self::SshPublicKey | Self::Ssh2PublicKey => "a public key of SSH",
            Self::Pgp => "a PGP block",
            Self::PgpMessage => "a PGP message",
            Self::Sqlite => "an SQLite database",
            Self::Html => "an HTML page",
            Self::XxdDump | Self::HexDump => "a hexadecimal dump",
            Self::OpenSslText => "a text description, as printed by `openssl … -text`, without the PEM block",
        }
    }
}

impl FileKind {
    /// What it is, for a message about a file in which something else was looked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pem => "PEM",
            Self::DerSigned => "a certificate, CSR or CRL in DER",
            Self::Pkcs12 => "a PKCS #12 file",
            Self::DerPrivateKey => "a private key in DER",
            Self::DerEncryptedKey => "an encrypted private key in DER",
            Self::DerPublicKey => "a public key in DER",
            Self::Foreign(foreign) => foreign.name(),
            Self::Empty => "empty",
            Self::Unknown => "neither PEM nor DER",
        }
    }
}

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
const JKS: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
const JCEKS: [u8; 4] = [0xce, 0xce, 0xce, 0xce];
const PVK: [u8; 4] = [0x1e, 0xf1, 0xb5, 0xb0];
/// The fewest base64 characters that are taken for more than a word.
const LEAST_BASE64: usize = 64;

/// Whether `bytes` hold a PKCS #12 file, in DER or as the PEM block that GnuTLS writes.
pub fn holds_pkcs12(bytes: &[u8]) -> bool {
    match file_kind(bytes) {
        FileKind::Pkcs12 => true,
        FileKind::Pem => {
            pem::decode_all(bytes).is_ok_and(|blocks| blocks.iter().any(|block| block.label == pem::PKCS12))
        }
        _ => false,
    }
}

/// Tells what kind of file `bytes` are.
pub fn file_kind(bytes: &[u8]) -> FileKind {
    if pem::is_pem(bytes) && packed(bytes).is_none() {
        return pem::pgp_form(bytes).map_or(FileKind::Pem, FileKind::Foreign);
    }
    // An archive may hold PEM as it is, and begins with none.
    if let Some(packed) = packed(bytes) {
        return FileKind::Foreign(packed);
    }
    // The digit 0 is 0x30, with which DER begins.
    dump(bytes)
        .map(FileKind::Foreign)
        .or_else(|| file_kind_of_der(bytes))
        .unwrap_or_else(|| foreign(bytes))
}

fn file_kind_of_der(bytes: &[u8]) -> Option<FileKind> {
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

/// Base64 of `-----BEGIN `, without the last letter, which depends on what follows.
const ENCODED_BEGIN: &[u8] = b"LS0tLS1CRUdJTi";

/// What a file was compressed or packed by.
fn packed(bytes: &[u8]) -> Option<ForeignFile> {
    const USTAR_AT: usize = 257;
    match bytes {
        [0x1f, 0x8b, 8, ..] => Some(ForeignFile::Gzip),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => Some(ForeignFile::Bzip2),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(ForeignFile::Xz),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(ForeignFile::Zstandard),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(ForeignFile::Zip),
        _ if bytes
            .get(USTAR_AT..)
            .is_some_and(|rest| rest.starts_with(b"ustar")) =>
        {
            Some(ForeignFile::Tar)
        }
        _ => None,
    }
}

/// Whether a text is an SSH public key in one line: its algorithm and base64.
fn is_ssh_public_key(bytes: &[u8]) -> bool {
    const ALGORITHMS: [&[u8]; 6] = [
        b"ssh-rsa ",
        b"ssh-dss ",
        b"ssh-ed25519 ",
        b"ecdsa-sha2-",
        b"sk-ssh-",
        b"sk-ecdsa-",
    ];
    let of_one_line = || {
        let mut words = bytes.split(u8::is_ascii_whitespace);
        words.next().is_some() && words.next().is_some_and(|base64| base64.starts_with(b"AAAA"))
    };
    ALGORITHMS.iter().any(|algorithm| bytes.starts_with(algorithm)) && of_one_line()
}

fn is_html(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    [&b"<!doctype html"[..], b"<html"].iter().any(|tag| {
        start
            .get(..tag.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(tag))
    })
}

fn foreign(bytes: &[u8]) -> FileKind {
    let foreign = match bytes {
        [] => return FileKind::Empty,
        _ if bytes.starts_with(&JKS) => ForeignFile::JavaKeyStore,
        _ if bytes.starts_with(&JCEKS) => ForeignFile::Jceks,
        _ if bytes.starts_with(&PVK) => ForeignFile::Pvk,
        _ if bytes.starts_with(b"PuTTY-User-Key-File-") => ForeignFile::Putty,
        _ if bytes.starts_with(b"SQLite format 3\0") => ForeignFile::Sqlite,
        _ if is_ssh_public_key(bytes) => ForeignFile::SshPublicKey,
        _ if bytes.starts_with(b"---- BEGIN SSH2 PUBLIC KEY ----") => ForeignFile::Ssh2PublicKey,
        _ if is_html(bytes) => ForeignFile::Html,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ForeignFile::Utf16,
        [letter, 0, next, 0, ..] if letter.is_ascii() && next.is_ascii() && *letter != 0 => {
            ForeignFile::Utf16Le
        }
        [0, letter, 0, next, ..] if letter.is_ascii() && next.is_ascii() && *letter != 0 => {
            ForeignFile::Utf16Be
        }
        _ if pem::looks_like_pem(bytes) => return FileKind::Pem,
        _ if is_base64(bytes) && bytes.trim_ascii().starts_with(ENCODED_BEGIN) => ForeignFile::Base64OfPem,
        _ if is_base64(bytes) => ForeignFile::BareBase64,
        _ if bytes
            .windows(ENCODED_BEGIN.len())
            .any(|window| window == ENCODED_BEGIN) =>
        {
            ForeignFile::EncodedPem
        }
        _ => return FileKind::Unknown,
    };
    FileKind::Foreign(foreign)
}

/// Whether `bytes` are base64 and nothing else, complete, so that `base64 -d` takes them: the words of PEM boundaries consist of its characters
/// too.
fn is_base64(bytes: &[u8]) -> bool {
    const QUANTUM: usize = 4;
    let is_word_of_pem = |word: &[u8]| matches!(word, b"BEGIN" | b"END");
    let text = || bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    let (length, padding) = (
        text().count(),
        text().rev().take_while(|byte| **byte == b'=').count(),
    );
    bytes.len() >= LEAST_BASE64
        && padding < QUANTUM - 1
        && length.is_multiple_of(QUANTUM)
        && text()
            .take(length - padding)
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
        && !bytes.split(u8::is_ascii_whitespace).any(is_word_of_pem)
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

/// DER without what programs put after it that means nothing: line ends, blanks, zeros of padding, and the end-of-file mark of DOS.
/// Anything else that follows stays, for the reader to refuse.
pub fn without_padding(bytes: &[u8]) -> &[u8] {
    let Some(length) = der_length(bytes).filter(|length| *length < bytes.len()) else {
        return bytes;
    };
    let (der, rest) = bytes.split_at(length);
    let means_nothing = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1a);
    if rest.iter().all(means_nothing) {
        der
    } else {
        bytes
    }
}

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
            Self::Certificate => ("a certificate", pem::CERTIFICATE),
            Self::Request => ("a CSR", pem::CERTIFICATE_REQUEST),
            Self::Crl => ("a CRL", pem::X509_CRL),
            Self::PublicKey => ("a public key", pem::PUBLIC_KEY),
            Self::PrivateKey => ("a private key", pem::PRIVATE_KEY),
            Self::EncryptedKey => ("an encrypted private key", pem::ENCRYPTED_PRIVATE_KEY),
            Self::RsaKey => ("a private key", pem::RSA_PRIVATE_KEY),
            Self::EcKey => ("a private key", pem::EC_PRIVATE_KEY),
            Self::Pkcs12 => ("a PKCS #12 file", pem::PKCS12),
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
fn der_length(bytes: &[u8]) -> Option<usize> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        assert_eq!(file_kind(b"text\n-----BEGIN X-----\n"), FileKind::Pem);
        assert_eq!(file_kind(&[0x30, 0x82, 1, 2, 0x30, 0x82]), FileKind::DerSigned);
        assert_eq!(file_kind(&[0x30, 0x80, 2, 1, 3, 0x30]), FileKind::Pkcs12);
        assert_eq!(
            file_kind(&[0x30, 0x82, 1, 2, 2, 1, 0, 0x30]),
            FileKind::DerPrivateKey
        );
        assert_eq!(file_kind(b"hello"), FileKind::Unknown);
        assert_eq!(file_kind(&[0x30, 0xff]), FileKind::Unknown);
        assert_eq!(file_kind(&[]), FileKind::Empty);
    }

    #[test]
    fn keys_are_told_by_the_algorithm_in_front() {
        let with_oid = |oid: &[u8]| [&[0x30, 0x30, 0x30, 0x10, 6, 9], oid].concat();
        assert_eq!(
            file_kind(&with_oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13])),
            FileKind::DerEncryptedKey
        );
        assert_eq!(
            file_kind(&with_oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1])),
            FileKind::DerPublicKey
        );
    }

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

    #[test]
    fn foreign_files_are_known() {
        let foreign = |bytes: &[u8]| match file_kind(bytes) {
            FileKind::Foreign(foreign) => Some(foreign),
            _ => None,
        };
        assert_eq!(
            foreign(&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]),
            Some(ForeignFile::JavaKeyStore)
        );
        assert_eq!(
            foreign(&[0x30, 0x80, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2]),
            Some(ForeignFile::Pkcs7Der)
        );
        assert_eq!(foreign(b"\xff\xfe-\0-\0"), Some(ForeignFile::Utf16));
        assert_eq!(
            foreign(&[0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2]),
            Some(ForeignFile::Jceks)
        );
        assert_eq!(foreign(&[b'x'; 80]), Some(ForeignFile::BareBase64));
        assert_eq!(foreign(&[b'A'; 80]), Some(ForeignFile::HexDigits));
        assert_eq!(
            foreign(
                &b"30:82:01:a0
"
                .repeat(20)
            ),
            Some(ForeignFile::HexDigits)
        );
        assert_eq!(
            foreign(
                b"00000000: 3082 01a0 3082 0145 a003 0201 0202 145c  0...0..E........
"
            ),
            Some(ForeignFile::XxdDump)
        );
        assert_eq!(
            foreign(
                b"00000000  30 82 01 a0 30 82 01 45  a0 03 02 01 02 02 14 5c  |0...0..E.......\\|
"
            ),
            Some(ForeignFile::HexDump)
        );
        assert_eq!(
            foreign(
                b"Certificate:
    Data:
        Version: 3 (0x2)
"
            ),
            Some(ForeignFile::OpenSslText)
        );
        assert_eq!(foreign(b"Certificate of attendance"), None);
        assert_eq!(
            foreign(b"PuTTY-User-Key-File-3: ssh-rsa"),
            Some(ForeignFile::Putty)
        );
    }
}
