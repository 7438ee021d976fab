//! What stands out in a text: verdicts, severities and names to look up. Never needed to understand it.

use anstyle::{AnsiColor, Style};

/// How words stand out where there is color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Not at all.
    #[default]
    Plain,
    /// What to look up or to type: a slug, a heading.
    Strong,
    /// Yes: valid, healthy.
    Good,
    /// No: an error, not valid, revoked.
    Bad,
    /// A warning.
    Warning,
    /// A notice or a hint.
    Notice,
}

impl Tone {
    /// Of an answer of yes or no.
    pub fn of_answer(is_yes: bool) -> Self {
        if is_yes { Self::Good } else { Self::Bad }
    }

    /// Of a severity, by its name.
    pub fn of_severity(name: &str) -> Self {
        match name {
            "error" => Self::Bad,
            "warning" => Self::Warning,
            "notice" => Self::Notice,
            _ => Self::Plain,
        }
    }

    /// Of what a program makes of a certificate, by its name.
    pub fn of_verdict(verdict: &str) -> Self {
        match verdict {
            "accepts" => Self::Good,
            "refuses" => Self::Bad,
            _ => Self::Warning,
        }
    }

    /// Of what is known of a revocation, by its name.
    pub fn of_revocation(status: &str) -> Self {
        match status {
            "good" => Self::Good,
            "revoked" => Self::Bad,
            "undetermined" => Self::Warning,
            _ => Self::Plain,
        }
    }

    /// The words with the codes of a terminal around each, so that none is open where a line is broken.
    pub fn paint(self, words: &str, is_colored: bool) -> String {
        let color = |color: AnsiColor| Style::new().bold().fg_color(Some(color.into()));
        let style = match self {
            _ if !is_colored => return words.to_owned(),
            Self::Plain => return words.to_owned(),
            Self::Strong => Style::new().bold(),
            Self::Good => color(AnsiColor::Green),
            Self::Bad => color(AnsiColor::Red),
            Self::Warning => color(AnsiColor::Yellow),
            Self::Notice => color(AnsiColor::Cyan),
        };
        let painted = words.split(' ').map(|word| match word {
            "" => String::new(),
            word => format!("{style}{word}{style:#}"),
        });
        painted.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_its_own_codes_and_none_without_color() {
        assert_eq!(Tone::Bad.paint("NOT valid", false), "NOT valid");
        assert_eq!(Tone::Plain.paint("NOT valid", true), "NOT valid");
        assert_eq!(
            Tone::Bad.paint("NOT  valid", true),
            "\u{1b}[1m\u{1b}[31mNOT\u{1b}[0m  \u{1b}[1m\u{1b}[31mvalid\u{1b}[0m"
        );
    }
}
