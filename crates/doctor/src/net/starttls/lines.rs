//! Protocols that talk in lines: where a line ends, and replies of several lines with a number in front.

use super::turn::{Conversation, Turn};
use crate::tls::{MAX_LINE_BYTES, NoStartTls, StartTlsStep, recognize};

/// The most characters of a server's words that are kept.
const MAX_WORDS: usize = 200;

/// What the client does after a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It waits for the next line.
    Listen,
    /// It says this line.
    Say(String),
    /// TLS starts.
    StartTls,
}

/// A protocol in lines.
pub(super) trait InLines {
    fn step(&self) -> StartTlsStep;

    /// Takes a line, without what ends it.
    fn hear_line(&mut self, line: &[u8]) -> Result<Next, NoStartTls>;
}

/// Takes bytes apart into lines. A line ends with CR LF; LF alone ends it too, as every client has it.
pub(super) struct ByLine<P>(pub(super) P);

impl<P: InLines> Conversation for ByLine<P> {
    fn step(&self) -> StartTlsStep {
        self.0.step()
    }

    fn hear(&mut self, said: &[u8]) -> Result<Turn, NoStartTls> {
        let within = &said[..said.len().min(MAX_LINE_BYTES)];
        let Some(end) = within.iter().position(|byte| *byte == b'\n') else {
            return match within.len() {
                MAX_LINE_BYTES => Err(NoStartTls::TooLong { step: self.step() }),
                _ => Ok(Turn::More),
            };
        };
        let (used, line) = (end + 1, &within[..end]);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Ok(match self.0.hear_line(line)? {
            Next::Listen => Turn::Heard { used },
            Next::Say(line) => Turn::Say {
                used,
                words: format!("{line}\r\n").into_bytes(),
            },
            Next::StartTls => Turn::StartTls {
                used,
                words: Vec::new(),
            },
        })
    }
}

/// A line as it is told.
pub(super) fn words(line: &[u8]) -> String {
    String::from_utf8_lossy(line)
        .trim()
        .chars()
        .take(MAX_WORDS)
        .collect()
}

/// Whether a line starts with this word, in capitals or not.
pub(super) fn starts_with(line: &[u8], word: &str) -> bool {
    let end = line.get(word.len());
    line.get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
        && end.is_none_or(u8::is_ascii_whitespace)
}

/// Whether this word is in a line, in capitals or not.
pub(super) fn has_word(line: &[u8], word: &str) -> bool {
    line.split(u8::is_ascii_whitespace)
        .any(|found| found.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a greeting is another protocol's that greets with the same number.
pub(super) fn is_greeting_of(greeting: &[u8], names: &[&str]) -> bool {
    recognize(greeting).is_some_and(|protocol| names.contains(&protocol.name))
}

/// How the lines between the first and the last of a reply look.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Each begins with the number (RFC 5321 §4.2.1).
    Numbered,
    /// They are any text (RFC 959 §4.2).
    Any,
}

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// Its number, of three digits.
    pub(super) code: u16,
    /// Its lines, with their numbers.
    pub(super) lines: Vec<Vec<u8>>,
}

impl Reply {
    /// Its first line, as it is told.
    pub(super) fn words(&self) -> String {
        words(self.lines.first().map_or(&[], Vec::as_slice))
    }

    /// Whether it is a no, for now or for ever.
    pub(super) fn is_refusal(&self) -> bool {
        (400..600).contains(&self.code)
    }
}

/// Collects the lines of a reply.
pub(super) struct Replies {
    between: Between,
    lines: Vec<Vec<u8>>,
}

impl Replies {
    pub(super) fn new(between: Between) -> Self {
        Self {
            between,
            lines: Vec::new(),
        }
    }

    /// Takes a line; with the last one comes the reply.
    pub(super) fn take(&mut self, line: &[u8]) -> Result<Option<Reply>, NoStartTls> {
        let other = || NoStartTls::other_protocol(line);
        let code = code(line);
        let first = self.lines.first().map_or(code, |first| self::code(first));
        let code = match (first, code) {
            (None, _) => return Err(other()),
            (first, code) if first == code => code,
            _ if self.between == Between::Any => None,
            _ => return Err(other()),
        };
        let is_last = code.is_some() && line.get(3) != Some(&b'-');
        self.lines.push(line.to_vec());
        Ok(code.filter(|_| is_last).map(|code| Reply {
            code,
            lines: std::mem::take(&mut self.lines),
        }))
    }
}

/// The number of a line, which a blank, a hyphen or nothing follows.
fn code(line: &[u8]) -> Option<u16> {
    let (digits, rest) = line.split_first_chunk::<3>()?;
    let is_reply = matches!(digits, [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9']);
    let is_alone = matches!(rest, [] | [b' ' | b'-', ..]);
    (is_reply && is_alone).then(|| {
        digits
            .iter()
            .fold(0, |code, digit| code * 10 + u16::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Echo;

    impl InLines for Echo {
        fn step(&self) -> StartTlsStep {
            StartTlsStep::Greeting
        }

        fn hear_line(&mut self, line: &[u8]) -> Result<Next, NoStartTls> {
            Ok(Next::Say(words(line)))
        }
    }

    #[test]
    fn lines_end_with_a_line_feed_and_are_bounded() {
        let mut echo = ByLine(Echo);
        let say = |used, words: &[u8]| Turn::Say {
            used,
            words: words.to_vec(),
        };
        assert_eq!(echo.hear(b"220"), Ok(Turn::More));
        assert_eq!(echo.hear(b"220\r\nmore"), Ok(say(5, b"220\r\n")));
        assert_eq!(echo.hear(b"220\n"), Ok(say(4, b"220\r\n")));
        assert_eq!(echo.hear(&[b'a'; MAX_LINE_BYTES - 1]), Ok(Turn::More));
        let too_long = NoStartTls::TooLong {
            step: StartTlsStep::Greeting,
        };
        assert_eq!(echo.hear(&[b'a'; MAX_LINE_BYTES]), Err(too_long.clone()));
        let late = [&[b'a'; MAX_LINE_BYTES][..], b"\r\n"].concat();
        assert_eq!(echo.hear(&late), Err(too_long));
    }

    fn replies(between: Between, lines: &[&str]) -> Result<Option<(u16, usize)>, NoStartTls> {
        let mut replies = Replies::new(between);
        let mut last = None;
        for line in lines {
            last = replies.take(line.as_bytes())?;
        }
        Ok(last.map(|reply| (reply.code, reply.lines.len())))
    }

    #[test]
    fn reply_of_several_lines_ends_with_its_number_and_a_blank() {
        for (lines, expected) in [
            (&["220 ready"][..], Some((220, 1))),
            (&["220"], Some((220, 1))),
            (&["220-mail", "220 ready"], Some((220, 2))),
            (&["220-mail"], None),
            (&["220-mail", "220-ready"], None),
        ] {
            assert_eq!(replies(Between::Numbered, lines), Ok(expected), "{lines:?}");
            assert_eq!(replies(Between::Any, lines), Ok(expected), "{lines:?}");
        }
        let mixed = ["220-files", " 220 welcome", "211 of 300 users", "220 ready"];
        assert_eq!(replies(Between::Any, &mixed), Ok(Some((220, 4))));
        assert_eq!(
            replies(Between::Numbered, &mixed),
            Err(NoStartTls::other_protocol(b" 220 welcome"))
        );
        for lines in [
            &["hello"][..],
            &["22 ready"],
            &["2200 ready"],
            &["620 ready"],
            &["\u{663}20 ready"],
            &[""],
        ] {
            assert!(replies(Between::Any, lines).is_err(), "{lines:?}");
        }
    }

    #[test]
    fn words_are_found_whole_and_told_short() {
        assert!(has_word(b"* CAPABILITY IMAP4rev1 starttls", "STARTTLS"));
        assert!(!has_word(b"* CAPABILITY XSTARTTLS", "STARTTLS"));
        assert!(starts_with(b"+OK", "+OK") && starts_with(b"* bye later", "* BYE"));
        assert!(!starts_with(b"+OKAY", "+OK") && !starts_with(b"+O", "+OK"));
        assert_eq!(words("\u{e4}".repeat(300).as_bytes()).chars().count(), MAX_WORDS);
    }
}
