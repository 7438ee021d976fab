//! Hexadecimal dumps of binary files, and OpenSSL's description of one in words: text that begins like DER or base64, and is neither.

use super::kind::ForeignFile;

/// The fewest digits that are taken for more than a number.
const LEAST: usize = 64;

/// What `bytes` are, if they are such a text.
pub(super) fn dump(bytes: &[u8]) -> Option<ForeignFile> {
    const MOST: usize = 1 << 16;
    let start = bytes.get(..MOST).unwrap_or(bytes);
    let is_text = start
        .iter()
        .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    if !is_text {
        return None;
    }
    let is_digits = |byte: &u8| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace() || *byte == b':';
    if start.iter().all(is_digits) && start.iter().filter(|byte| byte.is_ascii_hexdigit()).count() >= LEAST {
        return Some(ForeignFile::HexDigits);
    }
    let mut lines = start
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    let first = lines.next()?;
    match () {
        () if is_line_of_dump(first, b": ") => Some(ForeignFile::XxdDump),
        () if is_line_of_dump(first, b"  ") => Some(ForeignFile::HexDump),
        () if is_heading(first) => Some(ForeignFile::OpenSslText),
        () => None,
    }
}

/// An offset of eight digits, and bytes after it: as `xxd` and `hexdump -C` begin.
fn is_line_of_dump(line: &[u8], separator: &[u8]) -> bool {
    let Some((offset, rest)) = line.split_at_checked(8) else {
        return false;
    };
    let is_zero = offset.iter().all(|digit| *digit == b'0');
    is_zero
        && rest.strip_prefix(separator).is_some_and(|rest| {
            rest.iter()
                .take(4)
                .filter(|byte| byte.is_ascii_hexdigit())
                .count()
                >= 2
        })
}

/// How the output of `openssl … -text` begins.
fn is_heading(line: &[u8]) -> bool {
    const HEADINGS: [&[u8]; 4] = [
        b"Certificate:",
        b"Certificate Request:",
        b"Certificate Revocation List (CRL):",
        b"Private-Key:",
    ];
    HEADINGS.iter().any(|heading| line.starts_with(heading))
}
