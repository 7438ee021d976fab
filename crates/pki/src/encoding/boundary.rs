//! Boundary lines of PEM blocks, and lines that were probably intended as such: what is wrong with them.

use std::fmt;

use super::visible::shortened;

/// Why programs do not recognize a line as a PEM boundary, although it was probably intended as one or one is required
/// there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slip {
    /// The END of a block and the BEGIN of the next one share a line; `cat` does this to files without a final newline.
    Glued,
    /// A boundary has content, or another boundary, on its line.
    OneLine,
    /// The lines end in a carriage return alone.
    CarriageReturns,
    /// `\n` is written as a backslash and a letter, as in a JSON string or an environment variable.
    LiteralNewlines,
    /// Typographic dashes in the place of hyphens, as word processors put them.
    Dashes(char),
    /// Another number of hyphens than five, or none.
    HyphenCount,
    /// `Begin` or `begin`.
    Case,
    /// A character that cannot be seen, such as U+200B, or NUL, as where a text in UTF-16 was appended.
    Invisible(char),
    /// A word that should be BEGIN or END.
    Keyword(String),
    /// Something else on the line.
    Surrounded,
    /// An END line without a BEGIN line.
    NoBegin,
    /// A block without an END line before the next block or the end of the file.
    NoEnd,
    /// Base64 of something in DER, and no boundary before it.
    LooseContent,
    /// A label that is a known one, misspelt.
    Label {
        /// What the block is labelled.
        label: String,
        /// What it should be labelled.
        meant: &'static str,
    },
    /// Another label than programs look for, around content that is a certificate, CSR, CRL, key or PKCS #7.
    WrongLabel {
        /// What the block is labelled.
        label: String,
        /// What the content is.
        content: &'static str,
        /// What it must be labelled.
        meant: &'static str,
    },
    /// Bytes outside of all blocks that are no text: something in DER beside PEM.
    Binary,
}

impl fmt::Display for Slip {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Glued => out.write_str("END and BEGIN are on one line: a newline is missing between them"),
            Self::OneLine => out.write_str("a boundary and content are on one line: newlines are missing"),
            Self::CarriageReturns => {
                out.write_str("the lines end with a carriage return (CR) only, without a line feed")
            }
            Self::LiteralNewlines => {
                out.write_str("it contains a backslash and the letter n (`\\n`) instead of newlines")
            }
            Self::Dashes(char::REPLACEMENT_CHARACTER) => {
                out.write_str("the boundary contains non-ASCII bytes, such as dashes from Windows-1252")
            }
            Self::Dashes(found) => write!(
                out,
                "the boundary contains U+{:04X} instead of hyphens `-`",
                u32::from(*found)
            ),
            Self::HyphenCount => out.write_str("the boundary must have five hyphens on each side"),
            Self::Case => out.write_str("the boundary must be in upper case"),
            Self::Invisible('\0') => {
                out.write_str("it contains NUL bytes, which text in UTF-16 has and PEM has not")
            }
            Self::Invisible(found) => write!(
                out,
                "the boundary contains U+{:04X}, which is invisible",
                u32::from(*found)
            ),
            Self::Keyword(found) => write!(
                out,
                "the boundary says `{}` where BEGIN or END is expected",
                shortened(found)
            ),
            Self::Surrounded => out.write_str("there is other text on the line of the boundary"),
            Self::NoBegin => out.write_str("a block ends here that has no beginning"),
            Self::NoEnd => out.write_str("a block begins here that has no end"),
            Self::LooseContent => {
                out.write_str("there is base64 content here without a BEGIN line before it")
            }
            Self::Label { label, meant } => write!(
                out,
                "the block is labeled `{}`, but should be labeled `{meant}`",
                shortened(label)
            ),
            Self::WrongLabel {
                label,
                content,
                meant,
            } => {
                write!(
                    out,
                    "the block is labeled `{}`, but contains {content}, which is labeled `{meant}`",
                    shortened(label)
                )
            }
            Self::Binary => out.write_str(
                "there are bytes here that are not text, outside of all PEM blocks: programs \
                     skip them, and any DER in them",
            ),
        }
    }
}

/// What a line is to a reader of PEM.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// `-----BEGIN label-----`.
    Begin(&'a str),
    /// `-----END label-----`.
    End(&'a str),
    /// Probably intended as a boundary, since it has one in it or starts like one.
    Broken(Slip),
    /// Anything else.
    Text(&'a [u8]),
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const HYPHENS: &str = "-----";
/// Hyphens and dashes that are not U+002D: of the general punctuation, minus, small, full-width, soft.
const DASHES: [char; 14] = [
    '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}', '\u{2043}',
    '\u{fe58}', '\u{fe63}', '\u{ff0d}', '\u{2500}', '\u{301c}', '\u{fffd}',
];
/// Words of labels; they distinguish a boundary from a heading in hyphens.
const LABEL_WORDS: [&str; 8] = [
    "CERTIFICATE",
    "KEY",
    "PRIVATE",
    "REQUEST",
    "CRL",
    "PKCS7",
    "PKCS12",
    "CMS",
];

impl<'a> Line<'a> {
    /// Reads one line, without its line feed.
    pub(super) fn read(line: &'a [u8]) -> Self {
        let trimmed = line.trim_ascii();
        let trimmed = trimmed.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(trimmed);
        if let Some(exact) = exact(trimmed) {
            return exact;
        }
        // A block that is commented out is skipped on purpose.
        if trimmed.starts_with(b"#") || !may_be_boundary(trimmed) {
            return Self::Text(trimmed);
        }
        slip_of(trimmed).unwrap_or(Self::Text(trimmed))
    }
}

/// Whether a line is BEGIN and a label, without the hyphens or with other marks in their place. Prose has such lines too: what follows tells.
pub(super) fn is_unframed_begin(line: &[u8]) -> bool {
    let is_mark = |byte: &u8| !byte.is_ascii_alphanumeric();
    let start = line.iter().take_while(|byte| is_mark(byte)).count();
    let end = line.iter().rev().take_while(|byte| is_mark(byte)).count();
    let words = line.get(start..line.len() - end.min(line.len() - start));
    let label = words.and_then(|words| std::str::from_utf8(words).ok()?.strip_prefix("BEGIN "));
    !line.starts_with(b"#")
        && label.is_some_and(|label| is_label(label) && LABEL_WORDS.iter().any(|word| label.ends_with(word)))
}

/// Whether a line begins the content of a block: its base64, or the header of encryption (RFC 1421 §4.6.1.1).
pub(super) fn starts_content(line: &[u8]) -> bool {
    const LEAST: usize = 32;
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    line.starts_with(b"Proc-Type:") || (line.len() >= LEAST && line.iter().all(is_base64))
}

/// Exactly `-----BEGIN label-----` or its END line (RFC 7468 §3). A label does not contain two hyphens in a row.
fn exact(line: &[u8]) -> Option<Line<'_>> {
    let text = std::str::from_utf8(line.starts_with(HYPHENS.as_bytes()).then_some(line)?).ok()?;
    let inner = |text: &'_ str| {
        text.strip_suffix(HYPHENS)
            .filter(|label| is_label(label))
            .map(str::len)
    };
    let cut = |start: &str| {
        text.strip_prefix(start)
            .and_then(|rest| inner(rest).and_then(|length| rest.get(..length)))
    };
    cut(BEGIN).map(Line::Begin).or_else(|| cut(END).map(Line::End))
}

fn is_label(label: &str) -> bool {
    let is_sound = |character: char| character.is_ascii_graphic() || character == ' ';
    !label.is_empty()
        && label.chars().all(is_sound)
        && !label.contains("--")
        && !label.starts_with(['-', ' '])
        && !label.ends_with(['-', ' '])
}

/// Whether a closer look is worth the while: most lines of a file are content.
fn may_be_boundary(line: &[u8]) -> bool {
    let is_word =
        |window: &[u8]| window.eq_ignore_ascii_case(b"begin") || window[..3].eq_ignore_ascii_case(b"end");
    line.iter()
        .any(|byte| !byte.is_ascii_alphanumeric() && !b"+/=".contains(byte))
        && (line.starts_with(b"-") || line.contains(&0) || !line.is_ascii() || line.windows(5).any(is_word))
}

fn slip_of(line: &[u8]) -> Option<Line<'static>> {
    const MOST: usize = 1 << 16;
    let text = String::from_utf8_lossy(line.get(..MOST).unwrap_or(line));
    let is_invisible = |character: char| {
        character == '\0'
            || character == '\u{ad}'
            || (!character.is_ascii() && super::visible::is_dangerous(character))
            || character == '\u{a0}'
    };
    let plain: String = text
        .chars()
        .filter(|character| *character == '\u{a0}' || !is_invisible(*character))
        .map(|character| {
            if DASHES.contains(&character) {
                '-'
            } else if character == '\u{a0}' {
                ' '
            } else {
                character.to_ascii_uppercase()
            }
        })
        .collect();
    let plain = plain.trim();
    let front = plain.trim_start_matches(|character: char| !character.is_alphanumeric() && character != '-');
    let first = marker(front)?;
    // A single hyphen before `End Certificate` is prose, such as a friendlyName.
    let has_hyphens = || front.get(first.at..).is_some_and(|rest| rest.contains("--"));
    if first.at > 0 && (!has_hyphens() || is_about_boundaries(front, first)) {
        return None;
    }
    Some(Line::Broken(kind_of_slip(&text, front, first, &is_invisible)))
}

/// Whether a line in prose names BEGIN and END, in this order and with nothing but words between them: no block is lost with it.
fn is_about_boundaries(plain: &str, first: Marker) -> bool {
    let rest = plain.get(first.at..).unwrap_or_default();
    let ends: Vec<usize> = rest.match_indices(END).map(|(at, _)| at).collect();
    let begins: Vec<usize> = rest.match_indices(BEGIN).map(|(at, _)| at).collect();
    let ([begin], [end]) = (begins.as_slice(), ends.as_slice()) else {
        return false;
    };
    let words = rest.get(*begin..*end).unwrap_or_default().split_whitespace();
    begin < end && words.into_iter().all(|word| word.trim_matches('-').len() < 16)
}

/// Where a text in upper case, with hyphens for dashes, has something like a boundary.
#[derive(Clone, Copy)]
struct Marker {
    /// Offset of its start.
    at: usize,
    /// Offset after the keyword.
    after: usize,
    /// Whether the keyword is BEGIN or END.
    has_keyword: bool,
}

fn marker(plain: &str) -> Option<Marker> {
    let with_keyword = ["BEGIN ", "END "]
        .into_iter()
        .flat_map(|word| plain.match_indices(word))
        .filter_map(|(at, word)| {
            let before = plain.get(..at)?;
            let start = before.trim_end_matches(['-', ' ']).len();
            let after = at + word.len();
            let rest = plain.get(after..)?;
            // Prose contains BEGIN and END too; a boundary has hyphens on at least one side, and a label after the keyword.
            let has_hyphens =
                before.get(start..)?.contains('-') || (start == 0 && rest.trim_end().ends_with("--"));
            let is_boundary = rest.contains('-') || LABEL_WORDS.iter().any(|word| rest.contains(word));
            (has_hyphens && is_boundary).then_some(Marker {
                at: start,
                after,
                has_keyword: true,
            })
        });
    with_keyword.min_by_key(|found| found.at).or_else(|| {
        let is_framed = plain.starts_with("---") && plain.ends_with("---");
        let words = plain.trim_matches('-').trim();
        let is_label = LABEL_WORDS.iter().any(|word| words.contains(word)) && !words.is_empty();
        (is_framed && is_label).then_some(Marker {
            at: 0,
            after: 0,
            has_keyword: false,
        })
    })
}

fn kind_of_slip(text: &str, plain: &str, first: Marker, is_invisible: &dyn Fn(char) -> bool) -> Slip {
    let upper = text.to_ascii_uppercase();
    let count = [BEGIN, END]
        .iter()
        .map(|word| upper.matches(word).count())
        .sum::<usize>();
    if let Some(found) = text.chars().find(|character| DASHES.contains(character)) {
        return Slip::Dashes(found);
    }
    if let Some(found) = text.chars().find(|character| is_invisible(*character)) {
        return Slip::Invisible(found);
    }
    if text.contains("\\n") {
        return Slip::LiteralNewlines;
    }
    if text.contains('\r') {
        return Slip::CarriageReturns;
    }
    if !first.has_keyword {
        let word = plain
            .trim_matches(['-', ' '])
            .split(' ')
            .next()
            .unwrap_or_default();
        return Slip::Keyword(word.to_owned());
    }
    let has_content = plain.get(first.after..).is_some_and(|rest| {
        rest.split('-').skip(1).any(|part| {
            let part = part.trim();
            part.len() > 16 && !part.starts_with("BEGIN ") && !part.starts_with("END ")
        })
    });
    match (upper.find(END), upper.find(BEGIN)) {
        (Some(end), Some(begin)) if end < begin && count > 1 && !has_content => Slip::Glued,
        _ if count > 1 || has_content => Slip::OneLine,
        _ if !text.contains("BEGIN ") && !text.contains("END ") => Slip::Case,
        _ if is_framed_by_five(plain, first) => Slip::Surrounded,
        _ => Slip::HyphenCount,
    }
}

/// Whether the boundary itself is correct, so that the fault is in the text around it.
fn is_framed_by_five(plain: &str, first: Marker) -> bool {
    let hyphens = |text: &str| text.len() - text.trim_start_matches('-').len();
    let front = plain.get(first.at..).map_or(0, |rest| hyphens(rest.trim_start()));
    let back = plain
        .get(first.after..)
        .and_then(|rest| rest.find('-').map(|at| hyphens(&rest[at..])));
    front == HYPHENS.len() && back == Some(HYPHENS.len())
}

/// Whether a line is base64 of something that starts like DER: SEQUENCE and a length. Hexadecimal digests are not.
pub(super) fn starts_like_der(line: &[u8]) -> bool {
    /// Shorter than an Ed25519 public key, the shortest thing in PEM.
    const LEAST: usize = 60;
    // A line that is commented out is skipped on purpose.
    !line.starts_with(b"#")
        && line
            .split(|byte| !byte.is_ascii_alphanumeric() && !b"+/=".contains(byte))
            .any(|run| {
                run.len() >= LEAST
                    && matches!(run, [b'M', b'A'..=b'J', ..])
                    && !run.iter().all(u8::is_ascii_hexdigit)
            })
}

/// Whether a line has bytes that no text has: control characters, but those that terminals and printers know, and fill-up bytes.
pub(super) fn is_binary(line: &[u8]) -> bool {
    const OF_TEXT: [u8; 6] = [0x08, b'\t', 0x0b, 0x0c, b'\r', 0x1b];
    let is_control = |byte: &u8| (*byte < 0x20 && !OF_TEXT.contains(byte)) || *byte == 0x7f;
    line.iter().any(is_control)
        && !line
            .iter()
            .all(|byte| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1a))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(line: &str) -> Option<Slip> {
        match Line::read(line.as_bytes()) {
            Line::Broken(slip) => Some(slip),
            _ => None,
        }
    }

    #[test]
    fn boundaries_are_read_with_blanks_and_byte_order_mark_around_them() {
        assert_eq!(
            Line::read(b"-----BEGIN CERTIFICATE-----"),
            Line::Begin("CERTIFICATE")
        );
        assert_eq!(
            Line::read(b"  \t-----END X509 CRL-----  \r"),
            Line::End("X509 CRL")
        );
        assert_eq!(
            Line::read("\u{feff}-----BEGIN PKCS #7 SIGNED DATA-----".as_bytes()),
            Line::Begin("PKCS #7 SIGNED DATA")
        );
    }

    #[test]
    fn what_was_meant_as_a_boundary_is_named() {
        for (line, expected) in [
            (
                "-----END CERTIFICATE----------BEGIN CERTIFICATE-----",
                Slip::Glued,
            ),
            (
                "-----END CERTIFICATE-----  -----BEGIN CERTIFICATE-----",
                Slip::Glued,
            ),
            (
                "-----BEGIN CERTIFICATE-----MIIBzzCCAXWgAwIBAgIQAMyCILkpx3vv-----END CERTIFICATE-----",
                Slip::OneLine,
            ),
            (
                "-----BEGIN CERTIFICATE-----MIIBzzCCAXWgAwIBAgIQAMyCILkpx3vv",
                Slip::OneLine,
            ),
            ("-----BEGIN CERTIFICATE-----\rMIIBzzCC", Slip::CarriageReturns),
            ("\"-----BEGIN CERTIFICATE-----\\nMIIBzzCC", Slip::LiteralNewlines),
            (
                "\u{2013}\u{2013}\u{2013}\u{2013}\u{2013}BEGIN CERTIFICATE\u{2013}\u{2013}\u{2013}",
                Slip::Dashes('\u{2013}'),
            ),
            ("----BEGIN CERTIFICATE----", Slip::HyphenCount),
            ("-----BEGIN CERTIFICATE----", Slip::HyphenCount),
            ("------BEGIN CERTIFICATE-----", Slip::HyphenCount),
            ("----- BEGIN CERTIFICATE -----", Slip::Surrounded),
            ("-----BEGIN CERTIFICATE", Slip::HyphenCount),
            ("BEGIN CERTIFICATE-----", Slip::HyphenCount),
            ("-----Begin Certificate-----", Slip::Case),
            ("-----BEGIN\u{200b} CERTIFICATE-----", Slip::Invisible('\u{200b}')),
            ("-----BEGIN\u{a0}CERTIFICATE-----", Slip::Invisible('\u{a0}')),
            (
                "-\0-\0-\0-\0-\0B\0E\0G\0I\0N\0 \0C\0R\0L\0-\0-\0-\0-\0-\0",
                Slip::Invisible('\0'),
            ),
            ("-----BEGN CERTIFICATE-----", Slip::Keyword("BEGN".into())),
            ("-----BEGIN CERTIFICATE-----,", Slip::Surrounded),
            ("'-----BEGIN CERTIFICATE-----", Slip::Surrounded),
        ] {
            assert_eq!(slip(line), Some(expected), "{line:?}");
        }
    }

    #[test]
    fn prose_and_headings_are_no_boundaries() {
        for line in [
            "# paste what stands between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----",
            "---",
            "--- db1 ---",
            "in the end, all is well",
            "Begin of the list",
            "subject=CN = friend - of mine",
            "    Signature Algorithm: sha256WithRSAEncryption",
            "=====================",
        ] {
            assert_eq!(slip(line), None, "{line:?}");
        }
    }

    #[test]
    fn content_is_told_from_digests() {
        assert!(starts_like_der(&[b"MIIB".as_slice(), &[b'x'; 60]].concat()));
        assert!(starts_like_der(
            b"MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
        ));
        assert!(!starts_like_der(
            b"f66517829d2f23b36e2012436f47803935823820e968d89130678f181aa5804c"
        ));
        assert!(!starts_like_der(b"MIIBshort"));
        assert!(starts_like_der(
            &[b"<p>MIIB".as_slice(), &[b'x'; 60], b"</p>"].concat()
        ));
        assert!(!starts_like_der(&[b"#MIIB".as_slice(), &[b'x'; 60]].concat()));
    }

    #[test]
    fn a_boundary_inside_of_a_line_is_none() {
        for line in [
            "<p>-----BEGIN CERTIFICATE-----</p>",
            "cert=-----BEGIN CERTIFICATE-----",
            "x -----END X509 CRL-----",
        ] {
            assert_eq!(slip(line), Some(Slip::Surrounded), "{line:?}");
        }
        assert_eq!(
            slip("paste what stands between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----"),
            None
        );
        assert_eq!(slip("    friendlyName: Backend - End Certificate"), None);
        assert_eq!(
            slip("<p>-----END CERTIFICATE-----</p><p>-----BEGIN CERTIFICATE-----</p>"),
            Some(Slip::Glued)
        );
    }

    #[test]
    fn binary_is_told_from_text() {
        assert!(is_binary(b"0\x82\x01\x0a\x02\x82\x01\x01\0"));
        for text in [
            &b"Subject: O=M\xfcller"[..],
            "Subject: O=Müller\r".as_bytes(),
            b"\x1b[1mbold\x1b[0m\tx",
            &[0; 9],
            b"\x1a",
        ] {
            assert!(!is_binary(text), "{}", text.escape_ascii());
        }
    }
}
