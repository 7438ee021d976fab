//! Names that are safe to give a file.

use std::fmt;

/// The most characters of a file name on every file system in use.
const MAX_FILE_NAME: usize = 255;

/// A file name of `[A-Za-z0-9._-]` that does not start with `.` or `-`: it cannot leave its folder, hide, or
/// look like an option. Only that of a negative number starts with `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileName(String);

impl FileName {
    /// Checks a text, `None` when it is not such a name.
    pub fn new(text: &str) -> Option<Self> {
        let sound =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
        let is_sound = !text.is_empty()
            && text.len() <= MAX_FILE_NAME
            && !text.starts_with(['.', '-'])
            && text.chars().all(sound);
        is_sound.then(|| Self(text.to_owned()))
    }

    /// The name of a file for a number in hexadecimal digits, with an ending. Of a negative number it begins with `-`, as `openssl ca` has it; of one
    /// that is too long for a file name, it has the first digits: there is no such file.
    pub fn of_digits(digits: &str, ending: &str) -> Self {
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", digits),
        };
        let mut name = format!("{sign}{}", Self::text_part(digits));
        name.truncate(MAX_FILE_NAME - ending.len() - 1);
        Self(format!("{name}.{ending}"))
    }

    /// The part that represents any text: what a file name does not admit becomes `_`.
    pub fn text_part(text: &str) -> String {
        text.chars()
            .map(|character| {
                if character.is_ascii_alphanumeric() || "._-".contains(character) {
                    character
                } else {
                    '_'
                }
            })
            .collect()
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_the_folder_are_none() {
        for text in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "-rf",
            ".hidden",
            "a b",
            "a\0",
            "ä",
            &"x".repeat(256),
        ] {
            assert_eq!(FileName::new(text), None, "{text:?}");
        }
        assert!(FileName::new("0A_db1_cert.pem").is_some());
    }
}
