//! PEM, the textual encoding of RFC 7468: read leniently, written strictly.

use thiserror::Error;

use super::boundary::{Line, is_binary, is_unframed_begin, starts_content, starts_like_der};
use super::der_kind::DerKind;
use super::kind::ForeignFile;
use super::labels::OLD_CERTIFICATE;
use super::sample::in_words_apart;
use super::visible::{shortened, visible};

pub use super::boundary::Slip;
pub use super::labels::{
    CERTIFICATE, CERTIFICATE_REQUEST, DH_PARAMETERS_LABELS, EC_PARAMETERS, EC_PRIVATE_KEY,
    ENCRYPTED_PRIVATE_KEY, PKCS7_LABELS, PKCS12, PRIVATE_KEY, PUBLIC_KEY, RSA_PRIVATE_KEY, X509_CRL,
};

/// The form that a block with one of [`PKCS7_LABELS`] has.
pub fn pkcs7_form(label: &str) -> ForeignFile {
    // What `openssl pkcs7` reads (crypto/pem/pem_lib.c, `check_pem`).
    if matches!(label, "PKCS7" | "PKCS #7 SIGNED DATA") {
        ForeignFile::Pkcs7
    } else {
        ForeignFile::Cms
    }
}

/// One PEM block: its label, its headers and its decoded content.
///
/// It may contain a private key, so it does not implement `Debug`, and its bytes are zeroized on drop.
pub struct Block {
    /// Line number of the BEGIN line, counted from 1.
    pub line: usize,
    /// The label in `-----BEGIN label-----`.
    pub label: String,
    /// The decoded bytes.
    pub content: zeroize::Zeroizing<Vec<u8>>,
    /// `DEK-Info`, when a `Proc-Type: 4,ENCRYPTED` header says that the content is encrypted (RFC 1421 §4.6.1.1); empty
    /// when it says so and does not say how.
    pub dek_info: Option<String>,
    /// Why some programs do not find the block, though gsec does.
    pub oddity: Option<Oddity>,
}

/// A way of writing a block that gsec reads and others do not. OpenSSL's rules are in crypto/pem/pem_lib.c (`get_name`, `get_header_and_data`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// BEGIN does not start its line.
    Indented,
    /// END does not start its line, and BEGIN does.
    EndIndented,
    /// A byte order mark before BEGIN, at the start of the text.
    Mark,
    /// A byte order mark before BEGIN, after other content.
    MarkWithin,
    /// An empty line where headers do not end: OpenSSL takes what stands before it for headers.
    EmptyLine,
    /// Headers around what is not encrypted.
    Headers,
    /// A form feed or another control character at the start of a line.
    ControlCharacter,
    /// A block scalar of YAML: what reads the YAML takes the indentation away.
    BlockScalar,
    /// Lines that end with CR CR LF, as text that was converted twice. Go's `encoding/pem` removes one CR.
    CarriageReturns,
    /// `X509 CERTIFICATE`, which OpenSSL reads as well (`PEM_STRING_X509_OLD`).
    OldLabel,
    /// A line before the block begins with five hyphens and is no BEGIN: Java's `X509Factory` takes the first hyphen for the block's.
    HyphensBefore,
}

impl Oddity {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Indented,
        Self::EndIndented,
        Self::Mark,
        Self::MarkWithin,
        Self::EmptyLine,
        Self::Headers,
        Self::ControlCharacter,
        Self::BlockScalar,
        Self::CarriageReturns,
        Self::OldLabel,
        Self::HyphensBefore,
    ];

    /// What it is, for a message.
    fn name(self) -> &'static str {
        match self {
            Self::Indented => "its BEGIN line is indented",
            Self::EndIndented => "its END line is indented",
            Self::Mark => "a byte order mark (U+FEFF) comes before its BEGIN line",
            Self::MarkWithin => {
                "a byte order mark (U+FEFF) comes before its BEGIN line, in the middle of the file"
            }
            Self::EmptyLine => "there is an empty line in its base64",
            Self::Headers => "it has header lines (such as `Proc-Type:`) but is not encrypted",
            Self::ControlCharacter => "a line of its base64 starts with a control character",
            Self::BlockScalar => "it is indented, as a value in a YAML text",
            Self::CarriageReturns => "its lines end with two carriage returns",
            Self::OldLabel => "it has the old label `X509 CERTIFICATE`",
            Self::HyphensBefore => "a line before it starts with `-----`",
        }
    }

    /// What it is and what comes of it, for a message about a block.
    pub fn in_words(self) -> String {
        format!("{}; {}", self.name(), self.refused_by())
    }

    /// Which programs do not load such a block, as they answered when they were asked.
    fn refused_by(self) -> &'static str {
        match self {
            Self::Indented | Self::MarkWithin | Self::ControlCharacter => {
                "OpenSSL (and with it nginx, Apache, Python and Node.js), Java and Go cannot load it"
            }
            Self::EndIndented => {
                "OpenSSL (and with it nginx, Apache, Python and Node.js) and Go cannot load it"
            }
            Self::Mark => "Java and Go cannot load it",
            Self::CarriageReturns | Self::OldLabel => "Go cannot load it",
            Self::HyphensBefore => "Java cannot load it",
            Self::EmptyLine => "OpenSSL (and with it nginx, Apache, Python and Node.js) cannot load it",
            Self::BlockScalar => {
                "a YAML reader removes the indentation; programs that expect PEM cannot load this file"
            }
            Self::Headers => {
                "OpenSSL (and with it nginx, Apache, Python and Node.js), GnuTLS, Java and Go cannot load it"
            }
        }
    }

    /// Whether most servers and clients are among those.
    pub fn is_refused_by_openssl(self) -> bool {
        !matches!(
            self,
            Self::Mark | Self::BlockScalar | Self::CarriageReturns | Self::OldLabel | Self::HyphensBefore
        )
    }
}

/// What is wrong with a text that should hold PEM blocks.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PemError {
    /// A block does not decode: another label at the end, or no base64.
    #[error("PEM block at line {line} is damaged: {problem}")]
    Damaged {
        /// Line number of the BEGIN line, counted from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A line that programs do not read as its author intended.
    #[error("line {line}: {slip}")]
    Line {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        slip: Slip,
    },
}

/// The blocks that some programs do not find: the line of each, and why.
pub fn oddities(blocks: &[Block]) -> impl Iterator<Item = (usize, Oddity)> {
    blocks
        .iter()
        .filter_map(|block| Some((block.line, block.oddity?)))
}

/// Decodes every PEM block in `text`, in order; explanatory text between blocks (RFC 7468 §2), CRLF and a byte order mark are skipped.
///
/// Rejects what other programs would drop or misread, so that no block is lost silently: malformed boundaries, blocks
/// without BEGIN or END, misspelled labels, content outside all blocks.
///
/// # Errors
/// [`PemError`] for the first of these, with its line.
pub fn decode_all(text: &[u8]) -> Result<Vec<Block>, PemError> {
    let mut reader = Reader::default();
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        reader.take(index + 1, line)?;
    }
    reader.finish()
}

/// Reads line by line.
#[derive(Default)]
struct Reader<'a> {
    blocks: Vec<Block>,
    open: Option<Open<'a>>,
    scalar: BlockScalar,
    /// The number of the line before, where that is BEGIN without its hyphens.
    unframed: Option<usize>,
    /// Whether a line of text since the last block begins with hyphens.
    follows_hyphens: bool,
}

/// Where in a block scalar of YAML a line stands (YAML 1.2.2 §8.1).
#[derive(Default)]
enum BlockScalar {
    #[default]
    Outside,
    /// The line before announced one; it is indented by more than this.
    Announced(usize),
    /// Every line of it begins with this many blanks.
    Within(usize),
}

impl BlockScalar {
    /// Goes on to a line.
    fn take(&mut self, line: &[u8]) {
        let blanks = line.iter().take_while(|byte| **byte == b' ').count();
        if line.trim_ascii().is_empty() {
            return;
        }
        *self = match *self {
            Self::Announced(least) if blanks > least => Self::Within(blanks),
            Self::Within(own) if blanks >= own => Self::Within(own),
            _ if announces_literal(line) => Self::Announced(blanks),
            _ => Self::Outside,
        };
    }

    /// Whether nothing but the scalar's own indentation stands before what is in the line.
    fn is_flush(&self, line: &[u8]) -> bool {
        matches!(self, Self::Within(own) if line.get(*own).is_some_and(|first| *first == b'-'))
    }
}

/// Whether a line ends as the header of a literal block scalar: `key: |`, `- |-`, perhaps with a comment. A folded one, `>`, would join the
/// lines of PEM.
fn announces_literal(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else {
        return false;
    };
    let text = text
        .split_once(" #")
        .map_or(text, |(before, _)| before)
        .trim_end();
    let header = text.trim_end_matches(|character: char| matches!(character, '+' | '-' | '1'..='9'));
    let before = header.strip_suffix('|').map(str::trim_end);
    before.is_some_and(|before| {
        before.ends_with([':', '-']) || before.contains(": !") || before.contains("- !")
    })
}

/// A block whose end has not come yet.
struct Open<'a> {
    line: usize,
    label: &'a str,
    content: Vec<&'a [u8]>,
    oddity: Option<Oddity>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, number: usize, line: &'a [u8]) -> Result<(), PemError> {
        let at = |line, slip| Err(PemError::Line { line, slip });
        self.scalar.take(line);
        let follows_hyphens = self.follows_hyphens;
        let oddity = |scalar: &BlockScalar| match scalar.is_flush(line) {
            true => Some(Oddity::BlockScalar),
            false => oddity_of_boundary(line, number)
                .or(follows_hyphens.then_some(Oddity::HyphensBefore))
                .or(line.ends_with(b"\r\r").then_some(Oddity::CarriageReturns)),
        };
        let unframed = self.unframed.take();
        match (Line::read(line), self.open.take()) {
            (Line::Begin(label), None) => {
                self.open = Some(Open {
                    line: number,
                    label,
                    content: Vec::new(),
                    oddity: oddity(&self.scalar),
                });
            }
            (Line::Begin(_), Some(open)) => return at(open.line, Slip::NoEnd),
            (Line::End(label), Some(mut open)) => {
                // What is worse than being in YAML is told instead of it.
                open.oddity = open
                    .oddity
                    .filter(|found| *found != Oddity::BlockScalar)
                    .or(oddity(&self.scalar).map(|found| match found {
                        Oddity::Indented => Oddity::EndIndented,
                        found => found,
                    }));
                self.blocks.push(open.close(label)?);
                self.follows_hyphens = false;
            }
            (Line::End(_), None) => return at(number, Slip::NoBegin),
            (Line::Broken(slip), _) => return at(number, slip),
            (Line::Text(text), None) if unframed.is_some() && starts_content(text) => {
                return at(unframed.unwrap_or(number), Slip::HyphenCount);
            }
            (Line::Text(text), None) if starts_like_der(text) => return at(number, Slip::LooseContent),
            (Line::Text(text), None) if is_binary(text) => return at(number, Slip::Binary),
            (Line::Text(text), None) => {
                self.unframed = is_unframed_begin(text).then_some(number);
                self.follows_hyphens |= text.starts_with(b"-----");
            }
            (Line::Text(text), Some(mut open)) => {
                if line.first().is_some_and(|first| matches!(first, 0x0b | 0x0c)) {
                    open.oddity = Some(Oddity::ControlCharacter);
                }
                open.content.push(text);
                self.open = Some(open);
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<Block>, PemError> {
        match self.open {
            Some(open) => Err(PemError::Line {
                line: open.line,
                slip: Slip::NoEnd,
            }),
            None => Ok(self.blocks),
        }
    }
}

impl Open<'_> {
    /// The block, whose end bears `end` as its label.
    fn close(self, end: &str) -> Result<Block, PemError> {
        let damaged = |problem: String| PemError::Damaged {
            line: self.line,
            problem,
        };
        if end != self.label {
            return Err(damaged(format!(
                "it begins with `{}` and ends with `{}`",
                shortened(self.label),
                shortened(end)
            )));
        }
        if let Some(slip) = misspelt(self.label) {
            return Err(PemError::Line {
                line: self.line,
                slip,
            });
        }
        let text = self.canonical()?;
        let parsed = pem::parse(&*text).map_err(|_| damaged("its content is not base64".into()))?;
        let block = Block {
            oddity: self
                .oddity
                .filter(|found| *found != Oddity::BlockScalar)
                .or(self.oddity_of_content())
                .or(self.oddity)
                .or((self.label == OLD_CERTIFICATE).then_some(Oddity::OldLabel)),
            ..from_parsed(parsed, self.line)
        };
        match hidden_content(&block) {
            Some(slip) => Err(PemError::Line {
                line: self.line,
                slip,
            }),
            None => Ok(block),
        }
    }

    /// OpenSSL takes what stands before the first empty line for headers, and knows none but those of encryption.
    fn oddity_of_content(&self) -> Option<Oddity> {
        let lines = &self.content;
        let empty: Vec<usize> = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.is_empty())
            .map(|(index, _)| index)
            .collect();
        let is_header = lines
            .iter()
            .find(|line| !line.is_empty())
            .is_some_and(|line| line.contains(&b':'));
        let is_encrypted = || {
            self.label.ends_with(PRIVATE_KEY)
                && lines
                    .first()
                    .is_some_and(|line| line.starts_with(b"Proc-Type: 4,ENCRYPTED"))
        };
        match empty.as_slice() {
            _ if is_header && !is_encrypted() => Some(Oddity::Headers),
            [] => None,
            [_] if is_header => None,
            [0] => None,
            _ => Some(Oddity::EmptyLine),
        }
    }

    /// The block as RFC 7468 §3 writes it, with its headers (RFC 1421 §4.4), so that the decoder finds no surprise.
    fn canonical(&self) -> Result<zeroize::Zeroizing<Vec<u8>>, PemError> {
        let size = self.content.iter().map(|line| line.len() + 1).sum::<usize>() + 2 * self.label.len() + 64;
        let mut text = zeroize::Zeroizing::new(Vec::with_capacity(size));
        let mut add = |parts: &[&[u8]]| parts.iter().for_each(|part| text.extend_from_slice(part));
        add(&[b"-----BEGIN ", self.label.as_bytes(), b"-----\n"]);
        let lines = &self.content;
        let first = lines
            .iter()
            .position(|line| !line.is_empty())
            .unwrap_or(lines.len());
        let headers = match lines.get(first) {
            Some(line) if line.contains(&b':') => lines[first..]
                .iter()
                .position(|line| line.is_empty())
                .unwrap_or(0),
            _ => 0,
        };
        for (index, line) in lines.iter().enumerate().skip(first) {
            if index < first + headers {
                // A line without a name continues the header before it.
                let separator: &[u8] = if index > first && line.contains(&b':') {
                    b"\n"
                } else {
                    b""
                };
                add(&[separator, line]);
                continue;
            }
            if index == first + headers && headers > 0 {
                add(&[b"\n\n"]);
            }
            if let Some(bad) = line
                .iter()
                .find(|byte| !(byte.is_ascii_alphanumeric() || b"+/= \t".contains(byte)))
            {
                let bad = visible(&String::from_utf8_lossy(&[*bad]));
                let problem = format!(
                    "its content is not base64: line {} contains `{bad}`",
                    self.line + 1 + index
                );
                return Err(PemError::Damaged {
                    line: self.line,
                    problem,
                });
            }
            // An empty line would end headers that are not there.
            if !line.is_empty() {
                line.split(u8::is_ascii_whitespace).for_each(|part| add(&[part]));
                add(&[b"\n"]);
            }
        }
        add(&[b"-----END ", self.label.as_bytes(), b"-----\n"]);
        Ok(text)
    }
}

fn oddity_of_boundary(line: &[u8], number: usize) -> Option<Oddity> {
    match line {
        [0xef, 0xbb, 0xbf, b'-', ..] if number == 1 => Some(Oddity::Mark),
        [0xef, 0xbb, 0xbf, ..] if number > 1 => Some(Oddity::MarkWithin),
        [b'-', ..] => None,
        _ => Some(Oddity::Indented),
    }
}

/// Labels that gsec reads, and those of other things that are met beside them.
const KNOWN_LABELS: [&str; 25] = [
    CERTIFICATE,
    OLD_CERTIFICATE,
    "TRUSTED CERTIFICATE",
    CERTIFICATE_REQUEST,
    "NEW CERTIFICATE REQUEST",
    X509_CRL,
    PUBLIC_KEY,
    "RSA PUBLIC KEY",
    PRIVATE_KEY,
    ENCRYPTED_PRIVATE_KEY,
    RSA_PRIVATE_KEY,
    EC_PRIVATE_KEY,
    "DSA PRIVATE KEY",
    "ANY PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    EC_PARAMETERS,
    "DH PARAMETERS",
    "X9.42 DH PARAMETERS",
    "DSA PARAMETERS",
    "SSL SESSION PARAMETERS",
    "ATTRIBUTE CERTIFICATE",
    PKCS12,
    "PKCS7",
    "CMS",
    "CERTIFICATE CHAIN",
];

/// A label that is not known, and nearly a known one.
fn misspelt(label: &str) -> Option<Slip> {
    if KNOWN_LABELS.contains(&label) || label.ends_with(PRIVATE_KEY) {
        return None;
    }
    let near = KNOWN_LABELS
        .into_iter()
        .find(|known| known.len() > 6 && is_near(&label.to_ascii_uppercase(), known))?;
    Some(Slip::Label {
        label: label.to_owned(),
        meant: near,
    })
}

/// Whether at most two characters are to be changed, added or left out.
fn is_near(one: &str, other: &str) -> bool {
    const MOST: usize = 2;
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > MOST {
        return false;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, left) in one.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, right) in other.iter().enumerate() {
            let cost = (diagonal + usize::from(left != right))
                .min(row[column] + 1)
                .min(row[column + 1] + 1);
            diagonal = std::mem::replace(&mut row[column + 1], cost);
        }
    }
    row.last().is_some_and(|distance| *distance <= MOST)
}

/// A certificate, CSR, CRL, key or PKCS #7 under a label where programs do not look for it.
fn hidden_content(block: &Block) -> Option<Slip> {
    let label = block.label.as_str();
    let kind = DerKind::of(&block.content).filter(|_| block.dek_info.is_none())?;
    let is_expected = match kind {
        DerKind::Certificate => matches!(label, CERTIFICATE | OLD_CERTIFICATE | "TRUSTED CERTIFICATE"),
        DerKind::Request => matches!(label, CERTIFICATE_REQUEST | "NEW CERTIFICATE REQUEST"),
        DerKind::Crl => label == X509_CRL,
        DerKind::PublicKey => label.ends_with(PUBLIC_KEY),
        DerKind::PrivateKey | DerKind::EncryptedKey => label.ends_with(PRIVATE_KEY),
        // What is not alike enough to be sure of it under a label that is known.
        DerKind::RsaKey | DerKind::EcKey => {
            label.ends_with(PRIVATE_KEY) || (KNOWN_LABELS.contains(&label) && label != PUBLIC_KEY)
        }
        DerKind::Pkcs12 => label == PKCS12,
        DerKind::Pkcs7 => PKCS7_LABELS.contains(&label) || label.starts_with("PKCS #7"),
    };
    let (content, meant) = kind.name_and_label();
    (!is_expected).then(|| Slip::WrongLabel {
        label: block.label.clone(),
        content,
        meant,
    })
}

fn from_parsed(parsed: pem::Pem, line: usize) -> Block {
    let headers = parsed.headers();
    let is_encrypted = headers
        .get("Proc-Type")
        .is_some_and(|value| value.contains("ENCRYPTED"));
    let dek_info = is_encrypted.then(|| headers.get("DEK-Info").unwrap_or_default().to_owned());
    let label = parsed.tag().to_owned();
    Block {
        line,
        label,
        content: parsed.into_contents().into(),
        dek_info,
        oddity: None,
    }
}

/// The labels of blocks, for a message about something else that was looked for.
pub fn labels_in_words(blocks: &[Block]) -> String {
    const MOST: usize = 10;
    let first = blocks.iter().take(MOST).map(|block| shortened(&block.label));
    in_words_apart(first.collect(), blocks.len() as u64)
}

/// Whether a line of `bytes` starts a PEM block.
pub fn is_pem(bytes: &[u8]) -> bool {
    bytes
        .split(|byte| *byte == b'\n')
        .any(|line| matches!(Line::read(line), Line::Begin(_)))
}

/// What it is, where all blocks of a text, or the first around them, are of OpenPGP (RFC 9580 §6.2, §7).
pub(super) fn pgp_form(bytes: &[u8]) -> Option<ForeignFile> {
    let mut labels = bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| match Line::read(line) {
            Line::Begin(label) => Some(label),
            _ => None,
        });
    match labels.next()? {
        "PGP SIGNED MESSAGE" | "PGP MESSAGE" => Some(ForeignFile::PgpMessage),
        first => (first.starts_with("PGP ") && labels.all(|label| label.starts_with("PGP ")))
            .then_some(ForeignFile::Pgp),
    }
}

/// Whether a text is PEM blocks and empty lines, and nothing else that would be lost when the blocks are written again.
pub fn is_nothing_but_pem(bytes: &[u8]) -> bool {
    let mut is_inside = false;
    bytes.split(|byte| *byte == b'\n').all(|line| {
        match Line::read(line) {
            Line::Begin(_) => is_inside = true,
            Line::End(_) => is_inside = false,
            Line::Text(text) => return is_inside || text.is_empty(),
            Line::Broken(_) => return false,
        }
        true
    })
}

/// Whether `bytes` are text with a line that was probably intended as a PEM boundary.
pub fn looks_like_pem(bytes: &[u8]) -> bool {
    let mut is_after_begin = false;
    bytes.split(|byte| *byte == b'\n').any(|line| {
        let Line::Text(text) = Line::read(line) else {
            return true;
        };
        let is_content = is_after_begin && starts_content(text);
        is_after_begin = is_unframed_begin(text);
        is_content
    })
}

/// Encodes one block: lines of 64 characters, each ended by a line feed.
pub fn encode(label: &str, content: &[u8]) -> String {
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    pem::encode_config(&pem::Pem::new(label, content), config)
}

/// Encodes one block into memory of just its size, which is zeroised: no copy of a key stays anywhere.
pub fn encode_secret(label: &'static str, content: &[u8]) -> zeroize::Zeroizing<String> {
    use der::pem::{LineEnding, encode, encoded_len};
    let length = encoded_len(label, LineEnding::LF, content).unwrap_or_default();
    let mut octets = vec![0; length];
    encode(label, LineEnding::LF, content, &mut octets)
        .expect("labels are printable, and the length is that of the block");
    zeroize::Zeroizing::new(String::from_utf8(octets).expect("base64 is ASCII"))
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
    fn a_secret_is_encoded_like_anything_else() {
        for length in [1, 47, 48, 49, 100, 5000] {
            let content = vec![7; length];
            assert_eq!(
                *encode_secret(PRIVATE_KEY, &content),
                encode(PRIVATE_KEY, &content),
                "{length}"
            );
        }
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
        let text = format!(
            "first\n{}",
            encode(CERTIFICATE, &[7; 100]).replace("-----END CERTIFICATE-----\n", "")
        );
        let error = decode_all(text.as_bytes()).err().expect("no end boundary");
        assert_eq!(
            error,
            PemError::Line {
                line: 2,
                slip: Slip::NoEnd
            }
        );
    }

    #[test]
    fn damage_is_named_by_the_line_of_its_own_block() {
        let good = encode(CERTIFICATE, &[7; 100]);
        let text = format!("{good}{}", good.replace("BwcH", "Bw!H"));
        let error = decode_all(text.as_bytes()).err().expect("the second is damaged");
        let second = good.lines().count() + 1;
        let problem = format!("its content is not base64: line {} contains `!`", second + 1);
        assert_eq!(
            error,
            PemError::Damaged {
                line: second,
                problem
            }
        );
    }

    #[test]
    fn indented_blocks_are_read_with_their_headers() {
        let text = "key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  Proc-Type: 4,ENCRYPTED\n  DEK-Info: AES-128-CBC,00\n\n  AAAA\n  -----END RSA PRIVATE KEY-----\n";
        let blocks = decode_all(text.as_bytes()).expect("YAML");
        assert_eq!(blocks[0].dek_info.as_deref(), Some("AES-128-CBC,00"));
        let trailing = text.replace("\n  ", "\n").replace('\n', "  \n");
        assert_eq!(
            decode_all(trailing.as_bytes()).expect("copied")[0]
                .dek_info
                .as_deref(),
            Some("AES-128-CBC,00")
        );
    }

    /// A text of three blocks, the second changed by `change`.
    fn with_second(content: &[u8], change: impl Fn(&str) -> Option<String>) -> Option<Vec<u8>> {
        let [first, second, third] =
            [1, 2, 3].map(|number| encode(CERTIFICATE, &[content, &[number]].concat()));
        let broken = change(&second)?;
        Some(
            [
                b"preamble\n",
                first.as_bytes(),
                broken.as_bytes(),
                third.as_bytes(),
            ]
            .concat(),
        )
    }

    /// Whatever becomes of the second of three blocks: all three are read, or the error has a line from the second block on.
    fn nothing_is_lost(name: &str, content: &[u8], change: impl Fn(&str) -> Option<String>) {
        let Some(text) = with_second(content, change) else {
            return;
        };
        let first_line = 2 + encode(CERTIFICATE, &[content, &[1]].concat()).lines().count();
        match decode_all(&text) {
            Ok(blocks) => assert_eq!(blocks.len(), 3, "{name}: {} blocks, and no word", blocks.len()),
            Err(PemError::Damaged { line, .. } | PemError::Line { line, .. }) => {
                assert!(
                    line + 1 >= first_line,
                    "{name}: line {line} is blamed, the second block begins at {first_line}"
                );
            }
        }
    }

    #[test]
    fn no_block_is_lost_in_silence() {
        // As long as certificates are, and as short as an Ed25519 key is; the first bytes of a SEQUENCE, as in everything that is kept in PEM.
        let der = |length: usize| [vec![0x30, 0x82, 1, 0], vec![0x2b; length]].concat();
        let short = [vec![0x30, 0x2a, 0x30, 5], vec![0x2b; 39]].concat();
        type Mangling<'a> = (&'a str, &'a dyn Fn(&str) -> String);
        let whole: [Mangling<'_>; 22] = [
            ("no newline before it", &|block| block.trim_end().to_owned()),
            ("no BEGIN", &|block| {
                block.replace("-----BEGIN CERTIFICATE-----\n", "")
            }),
            ("no END", &|block| {
                block.replace("-----END CERTIFICATE-----\n", "")
            }),
            ("no boundaries", &|block| {
                block
                    .replace("-----BEGIN CERTIFICATE-----\n", "")
                    .replace("-----END CERTIFICATE-----\n", "")
            }),
            ("one line", &|block| block.replace('\n', "") + "\n"),
            ("one line with blanks", &|block| block.replace('\n', " ") + "\n"),
            ("backslash n", &|block| block.replace('\n', "\\n") + "\n"),
            ("quoted backslash n", &|block| {
                format!("\"{}\"\n", block.replace('\n', "\\n"))
            }),
            ("CR only", &|block| block.replace('\n', "\r") + "\n"),
            ("CRLF", &|block| block.replace('\n', "\r\n")),
            ("lower case", &|block| {
                block
                    .replace("BEGIN CERTIFICATE", "begin certificate")
                    .replace("END CERTIFICATE", "end certificate")
            }),
            ("other label", &|block| block.replace("CERTIFICATE", "CERT")),
            ("misspelt label", &|block| {
                block.replace("CERTIFICATE", "CERTIFCATE")
            }),
            ("misspelt at one end", &|block| {
                block.replacen("CERTIFICATE", "CERTIFIKATE", 1)
            }),
            ("misspelt keyword", &|block| {
                block.replace("BEGIN", "BEGN").replace("END", "EDN")
            }),
            ("no keyword", &|block| {
                block.replace("BEGIN ", "").replace("END ", "")
            }),
            ("en dashes", &|block| block.replace('-', "\u{2013}")),
            ("em dashes for two hyphens", &|block| {
                block.replace("--", "\u{2014}")
            }),
            ("four hyphens", &|block| block.replace("-----", "----")),
            ("six hyphens", &|block| block.replace("-----", "------")),
            ("quoted lines", &|block| {
                block.lines().map(|line| format!("> {line}\n")).collect()
            }),
            ("UTF-16", &|block| {
                block.chars().flat_map(|character| [character, '\0']).collect()
            }),
        ];
        for content in [der(700), short] {
            whole
                .iter()
                .for_each(|(name, change)| nothing_is_lost(name, &content, |block| Some(change(block))));
            let length = encode(CERTIFICATE, &[content.as_slice(), &[2]].concat()).len() - 1;
            for at in 1..length {
                let part = |block: &str, insert: &str, skip: usize| {
                    Some(format!("{}{insert}{}", block.get(..at)?, block.get(at + skip..)?))
                };
                for insert in [
                    "",
                    "-",
                    " ",
                    "\n",
                    "\r",
                    "\u{200b}",
                    "\u{2013}",
                    "x",
                    "!",
                    "\0",
                    "-----",
                    "\n-----END CERTIFICATE-----\n",
                ] {
                    nothing_is_lost(&format!("{insert:?} put in at {at}"), &content, |block| {
                        part(block, insert, 0)
                    });
                    nothing_is_lost(&format!("{insert:?} in place of {at}"), &content, |block| {
                        part(block, insert, 1)
                    });
                }
                // Less than a boundary is left of it otherwise, and nothing that was content.
                const BOUNDARY: usize = 25;
                if at >= BOUNDARY && at + BOUNDARY < length {
                    nothing_is_lost(&format!("cut at {at}"), &content, |block| {
                        block.get(..at).map(|rest| format!("{rest}\n"))
                    });
                    nothing_is_lost(&format!("begun at {at}"), &content, |block| {
                        block.get(at..).map(str::to_owned)
                    });
                }
            }
        }
    }

    #[test]
    fn text_before_and_between_blocks_is_skipped() {
        let block = encode(CERTIFICATE, &[0x30; 100]);
        let text = format!(
            "Certificate:\n    Data:\n        Version: 3 (0x2)\n---\nsubject=CN = in the END - all\n{block}# -----BEGIN CERTIFICATE----- stands above\n\
             SHA256 f66517829d2f23b36e2012436f47803935823820e968d89130678f181aa5804c\n\
             f66517829d2f23b36e2012436f47803935823820e968d89130678f181aa5804c\n---\n  {}",
            block.replace('\n', "\n  ")
        );
        assert_eq!(decode_all(text.as_bytes()).expect("explanatory text").len(), 2);
    }

    #[test]
    fn proc_type_marks_an_encrypted_key() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        let blocks = decode_all(text.as_bytes()).expect("headers are allowed");
        assert_eq!(blocks[0].dek_info.as_deref(), Some("AES-128-CBC,00"));
    }
}
