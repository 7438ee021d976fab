//! Text that can be typed into a POSIX shell.

use std::path::Path;

/// A path as it can be typed into a shell: quoted where it must be, and never read as an option.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    quoted_text(&if text.starts_with('-') { format!("./{text}") } else { text })
}

/// A text as it can be typed into a shell as one word.
pub fn quoted_text(text: &str) -> String {
    let is_plain = !text.is_empty() && text.chars().all(|character| character.is_ascii_alphanumeric() || "/._-+:@%,=".contains(character));
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
