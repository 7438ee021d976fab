//! PEM, the textual encoding of RFC 7468: read leniently, written strictly.

use thiserror::Error;

use super::visible::shortened;

/// The label of a certificate, RFC 7468 §5.
pub const CERTIFICATE: &str = "CERTIFICATE";
/// The label of a certification request, RFC 7468 §7.
pub const CERTIFICATE_REQUEST: &str = "CERTIFICATE REQUEST";
/// The label of a CRL, RFC 7468 §6.
pub const X509_CRL: &str = "X509 CRL";
/// The label of a SubjectPublicKeyInfo, RFC 7468 §13.
pub const PUBLIC_KEY: &str = "PUBLIC KEY";
/// The label of a curve that stands before its SEC 1 key; practice of OpenSSL, in no RFC.
pub const EC_PARAMETERS: &str = "EC PARAMETERS";
/// Labels of PKCS #7 and CMS (RFC 7468 §8, §9).
pub const PKCS7_LABELS: [&str; 3] = ["PKCS7", "CMS", "CERTIFICATE CHAIN"];
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
    /// Line of the begin boundary, counted from 1.
    pub line: usize,
    /// What stands in `-----BEGIN label-----`.
    pub label: String,
    /// The decoded octets.
    pub content: zeroize::Zeroizing<Vec<u8>>,
    /// `DEK-Info`, when a `Proc-Type: 4,ENCRYPTED` header says that the content is encrypted (RFC 1421 §4.6.1.1); empty
    /// when it says so and does not say how.
    pub dek_info: Option<String>,
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
    let blocks = begins.iter().zip(ends).map(|((line, start), end)| {
        let block = text.get(*start..end).unwrap_or_default();
        let is_indented = start.checked_sub(1).and_then(|before| text.get(before)).is_some_and(|octet| matches!(octet, b' ' | b'\t'));
        if is_indented || has_blanks_at_ends(block) { decode_one(&without_blanks(block), *line) } else { decode_one(block, *line) }
    });
    blocks.collect()
}

/// A block without the blanks around each line, as YAML or copying from a screen leaves them: the decoder takes them for a
/// header's continuation.
fn without_blanks(block: &[u8]) -> zeroize::Zeroizing<Vec<u8>> {
    let mut text = zeroize::Zeroizing::new(Vec::with_capacity(block.len() + 1));
    for line in block.split(|octet| *octet == b'\n') {
        text.extend_from_slice(line.trim_ascii());
        text.push(b'\n');
    }
    text
}

fn has_blanks_at_ends(block: &[u8]) -> bool {
    block.split(|octet| *octet == b'\n').any(|line| matches!(line.strip_suffix(b"\r").unwrap_or(line).last(), Some(b' ' | b'\t')))
}

fn decode_one(text: &[u8], line: usize) -> Result<Block, PemError> {
    let parsed = pem::parse(text).map_err(|error| PemError::Damaged { line, problem: describe(&error) })?;
    Ok(from_parsed(parsed, line))
}

fn describe(error: &pem::PemError) -> String {
    match error {
        pem::PemError::MismatchedTags(begin, end) => format!("it begins as `{}` and ends as `{}`", shortened(begin), shortened(end)),
        pem::PemError::InvalidData(_) => "its content is no base64".into(),
        _ => "it has no end, or its content is no base64".into(),
    }
}

fn from_parsed(parsed: pem::Pem, line: usize) -> Block {
    let headers = parsed.headers();
    let is_encrypted = headers.get("Proc-Type").is_some_and(|value| value.contains("ENCRYPTED"));
    let dek_info = is_encrypted.then(|| headers.get("DEK-Info").unwrap_or_default().to_owned());
    let label = parsed.tag().to_owned();
    Block { line, label, content: parsed.into_contents().into(), dek_info }
}

/// The labels of blocks, for a message about something else that was looked for.
pub fn labels_in_words(blocks: &[Block]) -> String {
    const MOST: usize = 10;
    let mut labels: Vec<String> = blocks.iter().take(MOST).map(|block| shortened(&block.label)).collect();
    if blocks.len() > MOST {
        labels.push(format!("and {} more", blocks.len() - MOST));
    }
    labels.join(", ")
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
    fn indented_blocks_are_read_with_their_headers() {
        let text = "key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  Proc-Type: 4,ENCRYPTED\n  DEK-Info: AES-128-CBC,00\n\n  AAAA\n  -----END RSA PRIVATE KEY-----\n";
        let blocks = decode_all(text.as_bytes()).expect("YAML");
        assert_eq!(blocks[0].dek_info.as_deref(), Some("AES-128-CBC,00"));
        let trailing = text.replace("\n  ", "\n").replace('\n', "  \n");
        assert_eq!(decode_all(trailing.as_bytes()).expect("copied")[0].dek_info.as_deref(), Some("AES-128-CBC,00"));
    }

    #[test]
    fn proc_type_marks_an_encrypted_key() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        let blocks = decode_all(text.as_bytes()).expect("headers are allowed");
        assert_eq!(blocks[0].dek_info.as_deref(), Some("AES-128-CBC,00"));
    }
}
