//! What a text is shown on.

use textwrap::{Options, WordSeparator, WrapAlgorithm, core::Word};
use time::OffsetDateTime;

/// Narrower terminals are taken to be this wide.
const MIN_WIDTH: usize = 40;

/// Where and when a text is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Screen {
    /// The time that ends are counted from.
    pub now: Option<OffsetDateTime>,
    /// Width of the terminal in columns; `None` where there is none, and lines are as long as they are.
    pub width: Option<usize>,
}

/// A line, broken between words at the width of the terminal; what goes on is indented. What is in backticks can be typed, and stays on
/// one line.
pub fn wrapped(line: &str, width: Option<usize>, indent: usize) -> String {
    let Some(width) = width.map(|width| width.max(MIN_WIDTH)) else {
        return line.to_owned();
    };
    let indent = " ".repeat(indent);
    let options = Options::new(width)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(WordSeparator::Custom(pieces))
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::wrap(line, options).join("\n")
}

/// Words, with the blanks after each; what is in backticks is one.
fn pieces(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut is_quoted = false;
    let mut ends: Vec<usize> = Vec::new();
    let mut characters = line.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == '`' {
            is_quoted = !is_quoted;
        }
        let is_end =
            character == ' ' && !is_quoted && characters.peek().is_some_and(|(_, next)| *next != ' ');
        if is_end {
            ends.push(at + 1);
        }
    }
    ends.push(line.len());
    let starts = std::iter::once(0).chain(ends.clone());
    Box::new(starts.zip(ends).map(|(start, end)| Word::from(&line[start..end])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_go_on_indented() {
        let line = "  names          dns:db1.example.com, and others that do not fit";
        assert_eq!(wrapped(line, None, 17), line);
        assert_eq!(wrapped(line, Some(80), 17), line);
        assert_eq!(
            wrapped(line, Some(40), 17),
            "  names          dns:db1.example.com,\n                 and others that do not\n                 fit"
        );
    }

    #[test]
    fn what_can_be_typed_stays_on_one_line() {
        let hint = "hint: type it again: `gsec cert issue --host db1.example.com --key-type p256`, and go on";
        assert_eq!(
            wrapped(hint, Some(40), 2),
            "hint: type it again:\n  `gsec cert issue --host db1.example.com --key-type p256`,\n  and go on"
        );
        let digest = format!("  sha256         {}", "0".repeat(64));
        assert_eq!(
            wrapped(&digest, Some(60), 17),
            digest.replacen("         0", "\n                 0", 1)
        );
    }
}
