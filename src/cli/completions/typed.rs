//! What a word of a shell's line comes to.

use std::ffi::OsStr;

/// A word of bash or zsh without its quotes, which may still be open at its end. A `~` at the beginning is the home directory; variables stay as
/// they are written.
pub(super) fn unquoted(word: &str, home: Option<&OsStr>) -> String {
    let (mut plain, rest) = match (word.strip_prefix('~'), home.and_then(OsStr::to_str)) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => (home.to_owned(), rest),
        _ => (String::new(), word),
    };
    let mut quote = None;
    let mut letters = rest.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, '\\') => plain.extend(letters.next()),
            (Some('"'), '\\') if letters.peek().is_some_and(|next| r#""\$`"#.contains(*next)) => {
                plain.extend(letters.next());
            }
            _ => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_taken_off() {
        for (word, plain) in [
            ("plain", "plain"),
            ("my\\ dir", "my dir"),
            ("'my dir'", "my dir"),
            ("'it'\\''s", "it's"),
            ("\"a\\\"b\\c$d\"", "a\"b\\c$d"),
            ("'open", "open"),
            ("end\\", "end"),
            ("~", "/home/x"),
            ("~/gsec-ca", "/home/x/gsec-ca"),
            ("~other/x", "~other/x"),
            ("'~/x'", "~/x"),
            ("$(touch x)", "$(touch x)"),
        ] {
            assert_eq!(unquoted(word, Some(OsStr::new("/home/x"))), plain, "{word}");
        }
    }
}
