//! Makes text from elsewhere safe to show on a terminal.

/// Returns `text` with everything that could act on a terminal, or mislead the eye, written as an escape.
///
/// Names in certificates, file names and old settings are untrusted: a control character can move the cursor or
/// recolour the screen, and a bidirectional mark can make a name read as another (Unicode TR #36, "Trojan Source").
/// U+200E is what Windows' certificate dialogue puts before a thumbprint that is copied out of it.
pub fn visible(text: &str) -> String {
    if !text.chars().any(is_dangerous) {
        return text.to_owned();
    }
    text.chars()
        .map(|character| match character {
            _ if !is_dangerous(character) => character.to_string(),
            _ if character.is_ascii() => format!("\\x{:02X}", u32::from(character)),
            _ => format!("\\u{{{:04X}}}", u32::from(character)),
        })
        .collect()
}

/// Returns a JSON document with the same characters in its strings written as `\uXXXX`.
///
/// JSON escapes C0 controls by itself; DEL, C1 controls and bidirectional marks it leaves, and they would reach a
/// terminal. Outside strings a JSON document holds none of them.
pub fn visible_json(document: &str) -> String {
    if !document
        .chars()
        .any(|character| is_dangerous(character) && character != '\n')
    {
        return document.to_owned();
    }
    let mut units = [0u16; 2];
    document
        .chars()
        .map(|character| match character {
            '\n' => character.to_string(),
            _ if !is_dangerous(character) => character.to_string(),
            _ => character
                .encode_utf16(&mut units)
                .iter()
                .map(|unit| format!("\\u{unit:04x}"))
                .collect(),
        })
        .collect()
}

/// Whether a character controls a terminal or the direction of text, or cannot be seen at all.
pub fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{00AD}'
                | '\u{061C}'
                | '\u{180E}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

/// The most characters of a name from a file that a message quotes.
const MAX_QUOTED: usize = 64;

/// A name from a file, cut short for a message.
pub fn shortened(name: &str) -> String {
    match name.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// The operating system's words, lower case as every message, without the number that std puts after them.
pub fn system_words(source: &std::io::Error) -> String {
    let text = source.to_string();
    let words = text.split(" (os error").next().unwrap_or_default();
    words.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_and_accented_text_is_left_alone() {
        assert_eq!(visible("Zürich, 東京"), "Zürich, 東京");
    }

    #[test]
    fn escape_sequence_does_not_reach_the_terminal() {
        assert_eq!(visible("a\x1b[31mb\r\n"), "a\\x1B[31mb\\x0D\\x0A");
        assert_eq!(visible("\u{9b}31m"), "\\u{009B}31m");
    }

    #[test]
    fn bidirectional_marks_are_shown() {
        assert_eq!(visible("\u{200e}9a ab"), "\\u{200E}9a ab");
        assert_eq!(visible("abc\u{202e}gpj"), "abc\\u{202E}gpj");
    }

    #[test]
    fn json_stays_json_and_says_the_same() {
        let document = "{\n  \"a\": \"x\u{202e}\u{7f}\u{e0001}y\"\n}";
        let shown = visible_json(document);
        assert!(
            !shown
                .chars()
                .any(|character| is_dangerous(character) && character != '\n')
        );
        let value: serde_json::Value = serde_json::from_str(&shown).expect("still JSON");
        assert_eq!(value["a"], "x\u{202e}\u{7f}\u{e0001}y");
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        assert_eq!(shortened("ä"), "ä");
        assert_eq!(shortened(&"ä".repeat(65)), format!("{}…", "ä".repeat(64)));
    }
}
