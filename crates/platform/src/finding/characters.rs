//! Characters that look like a blank or like nothing, and what to call them in a message.

/// Whether a reader takes a character for a blank, or does not see it at all.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_odd_blank(character)
}

/// Whether a character is a blank other than the one of the space bar: a tab, a line end, a no-break space, a character without width, or a mark
/// for the direction of text, such as the U+200E that Windows copies along with a thumbprint.
pub fn is_odd_blank(character: char) -> bool {
    character != ' '
        && (character.is_whitespace()
            || character.is_control()
            || matches!(character,
                '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}'))
}

/// A blank or an invisible character as a message names it: `a blank`, `a tab`, `U+200E`.
pub fn in_words(character: char) -> String {
    match character {
        ' ' => "a blank".into(),
        '\t' => "a tab".into(),
        '\r' => "a carriage return".into(),
        '\n' => "a line feed".into(),
        '\0' => "a NUL".into(),
        '\u{A0}' => "a no-break space (U+00A0)".into(),
        '\u{FEFF}' => "a byte order mark (U+FEFF)".into(),
        other => format!("the invisible character U+{:04X}", u32::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_blank_but_the_space_bar_is_odd() {
        for odd in [
            '\t', '\r', '\n', '\0', '\u{A0}', '\u{200B}', '\u{200E}', '\u{200F}', '\u{202A}', '\u{202E}',
            '\u{2066}', '\u{2069}', '\u{FEFF}', '\u{2007}', '\u{3000}',
        ] {
            assert!(is_odd_blank(odd) && is_blank(odd), "{odd:?}");
            assert!(!in_words(odd).contains(odd), "{odd:?}");
        }
        assert!(is_blank(' ') && !is_odd_blank(' '));
        for plain in ['a', '=', ';', 'ä', '\u{2013}'] {
            assert!(!is_blank(plain), "{plain:?}");
        }
    }
}
