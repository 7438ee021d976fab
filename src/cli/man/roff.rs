//! Text as troff reads it, with the macros of man(7).

use std::fmt::Write;

/// A page that is put together.
#[derive(Default)]
pub(super) struct Roff(String);

impl Roff {
    /// The title line: name, date, source.
    pub(super) fn titled(name: &str, date: &str, source: &str) -> Self {
        let mut page = Self::default();
        page.line(&format!(".TH {name} 1 \"{date}\" \"{source}\" \"gsec manual\""));
        // Words are not parted at the end of a line, nor is space put between them: both keep text from being copied.
        page.line(".nh");
        page.line(".ad l");
        page
    }

    /// The page.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.0, "{line}"); // a string takes any text
    }

    /// Begins a section.
    pub(super) fn section(&mut self, title: &str) {
        self.line(&format!(".SH {}", quoted(title)));
    }

    /// Begins a part of a section.
    pub(super) fn subsection(&mut self, title: &str) {
        self.line(&format!(".SS {}", quoted(title)));
    }

    /// Paragraphs, separated by empty lines; what is in backquotes is bold.
    pub(super) fn paragraphs(&mut self, text: &str) {
        for (number, paragraph) in text.split("\n\n").enumerate() {
            if number > 0 {
                self.line(".PP");
            }
            self.text(paragraph);
        }
    }

    fn text(&mut self, text: &str) {
        let words: Vec<&str> = text.split_whitespace().collect();
        if !words.is_empty() {
            self.line(&protected(&marked(&words.join(" "))));
        }
    }

    /// A term that is ready, and what it is.
    pub(super) fn item(&mut self, term: &str, about: &[String]) {
        self.line(".TP");
        self.line(&protected(term));
        for (number, paragraph) in about.iter().filter(|text| !text.is_empty()).enumerate() {
            if number > 0 {
                self.line(".IP");
            }
            self.text(paragraph);
        }
    }

    /// Text that is ready.
    pub(super) fn raw(&mut self, text: &str) {
        self.line(&protected(text));
    }

    /// Lines that stay as they are, so that they can be copied.
    pub(super) fn verbatim<'a>(&mut self, lines: impl Iterator<Item = &'a str>) {
        self.line(".RS 4");
        self.line(".nf");
        lines.for_each(|line| self.line(&protected(&escaped(line))));
        self.line(".fi");
        self.line(".RE");
    }
}

/// Bold, of plain text.
pub(super) fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escaped(text))
}

/// Italic, of plain text.
pub(super) fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", escaped(text))
}

/// Plain text with every character that troff would take for something else: without this `-`, `'`, `^`, `~` and the backquote become
/// characters that no shell knows.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => safe.push_str("\\e"),
            '-' => safe.push_str("\\-"),
            '\'' => safe.push_str("\\(aq"),
            '`' => safe.push_str("\\(ga"),
            '^' => safe.push_str("\\(ha"),
            '~' => safe.push_str("\\(ti"),
            letter => safe.push(letter),
        }
    }
    safe
}

/// Plain text whose pieces in backquotes are bold.
fn marked(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return escaped(text);
    }
    let marked = pieces.iter().enumerate().map(|(number, piece)| match number % 2 {
        0 => escaped(piece),
        _ => bold(piece),
    });
    marked.collect()
}

/// A line that begins like a request of troff is none.
fn protected(line: &str) -> String {
    if line.starts_with(['.', '\'']) {
        format!("\\&{line}")
    } else {
        line.to_owned()
    }
}

/// The argument of a macro.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text).replace('"', "\\(dq"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_a_request_or_another_character() {
        let mut page = Roff::default();
        page.paragraphs(".TH `a-b` it's\n\nsecond `open");
        page.verbatim(["$ gsec cert issue --san 'dns:~x^' \\", "'quoted'"].into_iter());
        page.item(&bold("--x"), &["what".into(), String::new(), "more".into()]);
        let text = String::from_utf8(page.into_bytes()).expect("text");
        let expected = "\\&.TH \\fBa\\-b\\fR it\\(aqs\n.PP\nsecond \\(gaopen\n.RS 4\n.nf\n\
                        $ gsec cert issue \\-\\-san \\(aqdns:\\(tix\\(ha\\(aq \\e\n\\(aqquoted\\(aq\n.fi\n.RE\n\
                        .TP\n\\fB\\-\\-x\\fR\nwhat\n.IP\nmore\n";
        assert_eq!(text, expected);
    }
}
