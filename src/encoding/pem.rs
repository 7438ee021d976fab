//! PEM, the textual encoding of RFC 7468: read leniently, written strictly.

use thiserror::Error;

/// The label of a certificate, RFC 7468 §5.
pub const CERTIFICATE: &str = "CERTIFICATE";
/// The label of a PKCS #8 private key, RFC 7468 §10.
pub const PRIVATE_KEY: &str = "PRIVATE KEY";
/// The label of an encrypted PKCS #8 private key, RFC 7468 §11.
pub const ENCRYPTED_PRIVATE_KEY: &str = "ENCRYPTED PRIVATE KEY";
/// The label of a PKCS #1 RSA private key; practice of OpenSSL before 3.0, in no RFC.
pub const RSA_PRIVATE_KEY: &str = "RSA PRIVATE KEY";
/// The label of a SEC 1 elliptic curve private key, RFC 5915 §4.
pub const EC_PRIVATE_KEY: &str = "EC PRIVATE KEY";

/// One PEM block: its label, its headers and the octets between its boundaries.
///
/// It may hold a private key, so it has no `Debug`; its octets are zeroised when it goes.
pub struct Block {
    /// What stands in `-----BEGIN label-----`.
    pub label: String,
    /// The decoded octets.
    pub content: zeroize::Zeroizing<Vec<u8>>,
    /// Whether a `Proc-Type: 4,ENCRYPTED` header says that the content is encrypted (RFC 1421 §4.6.1.1).
    pub is_encrypted: bool,
}

/// What is wrong with a text that should hold PEM blocks.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PemError {
    /// A block begins and does not decode: no end boundary, other label at the end, or bad base64.
    #[error("PEM block at line {line} is damaged: {problem}")]
    Damaged {
        /// Line of the begin boundary, counted from 1.
        line: usize,
        /// What the decoder says.
        problem: String,
    },
}

/// Decodes every PEM block in `text`, in order; text between blocks, CRLF and a byte order mark are passed over.
///
/// # Errors
/// [`PemError::Damaged`] for the first block that begins and does not decode.
pub fn decode_all(text: &[u8]) -> Result<Vec<Block>, PemError> {
    let begins: Vec<(usize, usize)> = boundaries(text).collect();
    let ends = begins.iter().skip(1).map(|(_, start)| *start).chain([text.len()]);
    begins.iter().zip(ends).map(|((line, start), end)| decode_one(text.get(*start..end).unwrap_or_default(), *line)).collect()
}

fn decode_one(text: &[u8], line: usize) -> Result<Block, PemError> {
    let parsed = pem::parse(text).map_err(|error| PemError::Damaged { line, problem: describe(&error) })?;
    Ok(from_parsed(parsed))
}

fn describe(error: &pem::PemError) -> String {
    match error {
        pem::PemError::MismatchedTags(begin, end) => format!("it begins as `{begin}` and ends as `{end}`"),
        pem::PemError::InvalidData(_) => "its content is no base64".into(),
        _ => "it has no end, or its content is no base64".into(),
    }
}

fn from_parsed(parsed: pem::Pem) -> Block {
    let is_encrypted = parsed.headers().get("Proc-Type").is_some_and(|value| value.contains("ENCRYPTED"));
    let label = parsed.tag().to_owned();
    Block { label, content: parsed.into_contents().into(), is_encrypted }
}

/// Whether `bytes` hold at least one line that begins a PEM block.
pub fn is_pem(bytes: &[u8]) -> bool {
    boundaries(bytes).next().is_some()
}

/// Encodes one block: lines of 64 characters, each ended by a line feed.
pub fn encode(label: &str, content: &[u8]) -> String {
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    pem::encode_config(&pem::Pem::new(label, content), config)
}

/// Line (from 1) and offset of each line that begins a block.
fn boundaries(text: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut offset = 0;
    text.split_inclusive(|octet| *octet == b'\n').enumerate().filter_map(move |(index, line)| {
        let start = offset;
        offset += line.len();
        let indent = line.len() - line.trim_ascii_start().len();
        line.trim_ascii_start().trim_prefix_bom().starts_with(b"-----BEGIN ").then_some((index + 1, start + indent))
    })
}

trait TrimBom {
    fn trim_prefix_bom(&self) -> &[u8];
}

impl TrimBom for [u8] {
    fn trim_prefix_bom(&self) -> &[u8] {
        self.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_block_round_trips() {
        let text = encode(CERTIFICATE, &[7; 100]);
        assert!(text.starts_with("-----BEGIN CERTIFICATE-----\n"));
        assert!(text.lines().all(|line| line.len() <= 64));
        let blocks = decode_all(text.as_bytes()).expect("own encoding");
        assert_eq!(blocks.len(), 1);
        assert_eq!(blocks[0].content.as_slice(), &[7; 100]);
    }

    #[test]
    fn preamble_crlf_and_byte_order_mark_are_passed_over() {
        let block = encode(CERTIFICATE, b"abc").replace('\n', "\r\n");
        let text = format!("\u{feff}Certificate:\r\n    Data:\r\n{block}trailing\r\n{block}");
        let blocks = decode_all(text.as_bytes()).expect("lenient reading");
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[1].content.as_slice(), b"abc");
    }

    #[test]
    fn block_cut_short_is_named_by_line() {
        let text = format!("first\n{}", encode(CERTIFICATE, &[7; 100]).replace("-----END CERTIFICATE-----\n", ""));
        let error = decode_all(text.as_bytes()).err().expect("no end boundary");
        assert!(matches!(error, PemError::Damaged { line: 2, .. }), "{error}");
    }

    #[test]
    fn damage_is_named_by_the_line_of_its_own_block() {
        let good = encode(CERTIFICATE, &[7; 100]);
        let text = format!("{good}{}", good.replace("BwcH", "Bw!H"));
        let error = decode_all(text.as_bytes()).err().expect("the second is damaged");
        let second = good.lines().count() + 1;
        assert_eq!(error, PemError::Damaged { line: second, problem: "its content is no base64".into() });
    }

    #[test]
    fn proc_type_marks_an_encrypted_key() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        let blocks = decode_all(text.as_bytes()).expect("headers are allowed");
        assert!(blocks[0].is_encrypted);
    }
}
