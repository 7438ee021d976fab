//! Detects the kind of a file from its content, never from its name.

use super::der_kind::{der_length, file_kind_of_der};
use super::dump::dump;
use super::pem;

pub use super::der_kind::DerKind;
pub use super::kind::{FileKind, ForeignFile};

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

/// Base64 of `-----BEGIN `, without the last letter, which depends on what follows.
const ENCODED_BEGIN: &[u8] = b"LS0tLS1CRUdJTi";

/// What a file was compressed or packed by, as its first bytes say.
pub fn packed(bytes: &[u8]) -> Option<ForeignFile> {
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
