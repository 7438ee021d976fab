//! Text that can be typed into a POSIX shell.

use std::fmt;
use std::path::Path;

use super::visible::is_dangerous;

/// A path as it can be typed into a shell: quoted where it must be, and never read as an option.
pub fn quoted(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let guarded = [
        if bytes.starts_with(b"-") {
            b"./".as_slice()
        } else {
            b""
        },
        bytes,
    ]
    .concat();
    match std::str::from_utf8(&guarded) {
        Ok(text) => quoted_text(text),
        Err(_) => printed(&guarded),
    }
}

/// A text as it can be typed into a shell as one word. What a terminal would not show as it is (a line feed, say) is written as an escape
/// that the shell turns back into it.
pub fn quoted_text(text: &str) -> String {
    // `=` at the beginning of a word names a program in zsh.
    let is_plain = !text.is_empty()
        && !text.starts_with('=')
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "/._-+:@%,=".contains(character));
    match is_plain {
        true => text.to_owned(),
        false if text.chars().any(is_dangerous) => printed(text.as_bytes()),
        false => in_quotes(text),
    }
}

fn in_quotes(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Bytes that `printf` writes again: `"$(printf 'a\012b')"`. An octal escape of three digits is the only one that every shell has.
fn printed(bytes: &[u8]) -> String {
    let escaped = bytes.iter().map(|byte| match byte {
        b'%' => "%%".to_owned(),
        _ if byte.is_ascii_alphanumeric() || b" /._-+:@,=".contains(byte) => char::from(*byte).to_string(),
        _ => format!("\\{byte:03o}"),
    });
    format!("\"$(printf '{}')\"", escaped.collect::<String>())
}

/// A command that a user can copy and run. It consists of words of gsec's own, which are literals of the program, and of
/// values, which are quoted; so a name from a certificate cannot become a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandLine(String);

impl CommandLine {
    /// A command of gsec's own words.
    pub fn new(words: &'static str) -> Self {
        Self(words.to_owned())
    }

    /// Adds words of gsec's own.
    #[must_use]
    pub fn words(self, words: &'static str) -> Self {
        self.spaced(words)
    }

    /// Adds a value as one word.
    #[must_use]
    pub fn value(self, text: &str) -> Self {
        self.spaced(&quoted_text(text))
    }

    /// Adds values, one word each.
    #[must_use]
    pub fn values<T: AsRef<str>>(self, texts: impl IntoIterator<Item = T>) -> Self {
        texts
            .into_iter()
            .fold(self, |line, text| line.value(text.as_ref()))
    }

    /// Adds a path as one word.
    #[must_use]
    pub fn path(self, path: &Path) -> Self {
        self.spaced(&quoted(path))
    }

    /// Adds paths, one word each.
    #[must_use]
    pub fn paths<'a>(self, paths: impl IntoIterator<Item = &'a Path>) -> Self {
        paths.into_iter().fold(self, Self::path)
    }

    /// Appends the words of another command, such as an option with its value; a command without words adds nothing.
    #[must_use]
    pub fn then(self, other: &Self) -> Self {
        self.spaced(&other.0)
    }

    /// Adds words of gsec's own without a blank before them.
    #[must_use]
    pub fn glued(mut self, words: &'static str) -> Self {
        self.0.push_str(words);
        self
    }

    /// Adds a value without a blank before it.
    #[must_use]
    pub fn glued_value(mut self, text: &str) -> Self {
        self.0.push_str(&quoted_text(text));
        self
    }

    /// Adds a path without a blank before it.
    #[must_use]
    pub fn glued_path(mut self, path: &Path) -> Self {
        self.0.push_str(&quoted(path));
        self
    }

    fn spaced(mut self, words: &str) -> Self {
        if !self.0.is_empty() && !words.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(words);
        self
    }

    /// The command.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Text that is safe to paste into a shell: names from elsewhere are in single quotes, and gsec's own words contain none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose(String);

impl Prose {
    /// Words of gsec's own.
    pub fn new(words: &'static str) -> Self {
        Self(harmless(words))
    }

    /// Adds words of gsec's own.
    #[must_use]
    pub fn words(mut self, words: &'static str) -> Self {
        self.0.push_str(&harmless(words));
        self
    }

    /// Adds a name from elsewhere.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.0.push_str(&in_quotes(&super::visible::visible(name)));
        self
    }

    /// Adds a path.
    #[must_use]
    pub fn path(self, path: &Path) -> Self {
        self.name(&path.to_string_lossy())
    }

    /// Adds what is typed after a command: its values are quoted already.
    #[must_use]
    pub fn typed(mut self, command: &CommandLine) -> Self {
        self.0.push_str(command.as_str());
        self
    }

    /// Adds a number.
    #[must_use]
    pub fn number(mut self, number: impl Into<u64>) -> Self {
        self.0.push_str(&number.into().to_string());
        self
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Prose {
    fn from(words: &'static str) -> Self {
        Self::new(words)
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// An apostrophe would start a quotation that the next name ends, and a backtick would start a command.
fn harmless(words: &str) -> String {
    words.replace('\'', "\u{2019}").replace('`', "\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [&str; 8] = [
        "x; touch PWNED #",
        "$(touch PWNED)",
        "`touch PWNED`",
        "a\ntouch PWNED\n#",
        "a'b;touch PWNED'",
        "\"; touch PWNED",
        "=x",
        "100%\r\\n",
    ];

    /// What a shell makes of a line.
    fn run(line: &str) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        let output = std::process::Command::new("sh")
            .args(["-c", line])
            .current_dir(&folder)
            .output()
            .expect("a shell");
        assert!(!folder.path().join("PWNED").exists(), "{line}");
        output.stdout
    }

    #[test]
    fn value_reaches_the_program_as_it_is_and_can_be_seen() {
        for text in HOSTILE {
            let line = CommandLine::new("printf %s").value(text);
            assert_eq!(run(line.as_str()), text.as_bytes(), "{line}");
            assert!(!line.as_str().chars().any(is_dangerous), "{line}");
        }
    }

    #[test]
    fn path_that_is_no_text_or_looks_like_an_option_stays_a_path() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"-a\xff'b"));
        assert_eq!(
            run(CommandLine::new("printf %s").path(path).as_str()),
            b"./-a\xff'b"
        );
    }

    #[test]
    fn pasted_prose_runs_nothing_that_a_name_says() {
        for text in HOSTILE {
            let prose = Prose::new("Ask the server's admin for `it`, of the CA ")
                .name(text)
                .words(", the host's own.");
            run(prose.as_str());
            run(&format!("{prose}\n{prose}"));
        }
    }
}
