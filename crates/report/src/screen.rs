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
    /// Whether verdicts, severities and slugs stand out by color; see [`super::Tone`].
    pub color: bool,
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

/// A command that is typed, after words that are not. Where the terminal is narrower, it goes on after a backslash, which a shell takes back:
/// what is copied works. No word of it is broken, and an option stays with its value where both fit.
pub fn wrapped_command(before: &str, command: &str, width: Option<usize>) -> String {
    let whole = format!("{before}{command}");
    let Some(width) = width
        .map(|width| width.max(MIN_WIDTH))
        .filter(|width| columns(&whole) > *width)
    else {
        return whole;
    };
    let indent = " ".repeat(columns(before) + 4);
    let mut lines = vec![before.to_owned()];
    let mut is_begun = false;
    for unit in units(command) {
        let line = lines.last_mut().expect("there is always one");
        // The last column but one is for the backslash.
        if is_begun && columns(line) + 1 + columns(unit) + 2 > width {
            line.push_str(" \\");
            lines.push(format!("{indent}{unit}"));
        } else {
            if is_begun {
                line.push(' ');
            }
            line.push_str(unit);
        }
        is_begun = true;
    }
    lines.join("\n")
}

/// How many columns a text takes, without the codes of colors.
pub fn columns(text: &str) -> usize {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.len();
    }
    textwrap::core::display_width(text)
}

/// The words of a command line, each option with what comes after it.
fn units(command: &str) -> Vec<&str> {
    let mut units: Vec<(usize, usize)> = Vec::new();
    let mut is_option_open = false;
    for (from, to) in words(command) {
        let is_option = command[from..].starts_with('-');
        match units.last_mut() {
            Some(last) if is_option_open && !is_option => last.1 = to,
            _ => units.push((from, to)),
        }
        is_option_open = is_option;
    }
    units.into_iter().map(|(from, to)| &command[from..to]).collect()
}

/// Where the words of a command line are: blanks in quotes are no ends.
fn words(command: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let (mut start, mut quote, mut is_escaped) = (None, None, false);
    for (at, character) in command.char_indices() {
        match (character, quote) {
            _ if is_escaped => is_escaped = false,
            ('\\', None | Some('"')) => is_escaped = true,
            ('\'' | '"', None) => quote = Some(character),
            (character, Some(open)) if character == open => quote = None,
            (' ', None) => {
                words.extend(start.take().map(|start| (start, at)));
                continue;
            }
            _ => {}
        }
        start = start.or(Some(at));
    }
    words.extend(start.map(|start| (start, command.len())));
    words
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

    #[test]
    fn codes_of_colors_take_no_columns() {
        let plain = "  error   name-mismatch: the name is not in the certificate";
        let colored = plain.replace("error", "\u{1b}[1m\u{1b}[31merror\u{1b}[0m");
        let breaks = |line: &str| {
            wrapped(line, Some(40), 10)
                .lines()
                .map(columns)
                .collect::<Vec<_>>()
        };
        assert_eq!(breaks(plain), breaks(&colored));
        assert_eq!(columns(&colored), plain.len());
    }

    #[test]
    fn commands_are_broken_between_their_words_with_a_backslash() {
        let command = "gsec cert verify './a b/01_db1_cert.pem' --name db1.example.com --purpose client";
        assert_eq!(wrapped_command("  ", command, None), format!("  {command}"));
        assert_eq!(wrapped_command("  ", command, Some(82)), format!("  {command}"));
        assert_eq!(
            wrapped_command("  fix: ", command, Some(48)),
            "  fix: gsec cert verify \\\n           './a b/01_db1_cert.pem' \\\n           --name db1.example.com \\\n           \
             --purpose client"
        );
        for word in [r"a\ b", r#""$(printf 'a \012b')""#, r"'it'\''s a'"] {
            assert_eq!(words(&format!("{word} x")).len(), 2, "{word}");
        }
        assert_eq!(
            units("gsec --json x -q --at y z"),
            ["gsec", "--json x", "-q", "--at y", "z"]
        );
    }
}
