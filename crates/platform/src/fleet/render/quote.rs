//! How a value is written into each form, so that it stays a value.

use gsec_pki::encoding::visible::visible;

/// Why a value cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// A batch file has no way to write it.
    #[error("{} cannot be an argument in a batch file: only letters, digits, `.`, `_`, `:` and `-` can", crate::finding::quoted(.0))]
    Batch(String),
    /// A registry file has no way to write it.
    #[error(transparent)]
    Registry(#[from] crate::registry::WriteError),
    /// The platform would read something else.
    #[error(transparent)]
    Transport(#[from] crate::transport::Unwritable),
}

/// The most characters of a label: nftables takes 128 bytes of a comment.
const MAX_LABEL: usize = 100;

/// A name in a comment, of whatever form: letters, digits, blanks and a few signs that mean nothing in any of them.
pub fn label(text: &str) -> String {
    let kept = |character: char| match character {
        _ if character.is_ascii_alphanumeric() || " ._:-".contains(character) => character,
        _ => '_',
    };
    text.chars().take(MAX_LABEL).map(kept).collect()
}

/// How a line that is only for people begins in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comment {
    /// In shells and in rules of nftables and iptables.
    Hash,
    /// In batch files.
    Rem,
}

/// A text for another program, after a comment for each thing that is left out of it: the file says itself that it is not whole. What stands in
/// these comments cannot end them.
pub fn naming_left_out(text: &str, comment: Comment, left_out: &[String]) -> String {
    let (begin, end) = match comment {
        Comment::Hash => ("#", "\n"),
        Comment::Rem => ("@rem", "\r\n"),
    };
    let kept = |character: char| match character {
        _ if character.is_ascii_alphanumeric() || " ._:-,()/'".contains(character) => character,
        '`' => '\'',
        ';' => ',',
        _ => '_',
    };
    let lines = left_out.iter().map(|what| {
        let what: String = what.chars().map(kept).collect();
        format!("{begin} LEFT OUT: {what}{end}")
    });
    lines.chain([text.to_owned()]).collect()
}

/// A word in a batch file, outside of quotation marks: there nothing but plain words is safe.
///
/// # Errors
/// [`Unwritable::Batch`].
pub fn batch_word(word: &str) -> Result<&str, Unwritable> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "._:-".contains(character);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => Ok(word),
        false => Err(Unwritable::Batch(word.to_owned())),
    }
}

/// What a spreadsheet takes for the beginning of a formula, also in their wide forms.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A row of a CSV file (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe before it; what a terminal would act on is
/// an escape.
pub fn csv_row<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|cell| csv_cell(cell.as_ref())).collect();
    cells.join(",") + "\r\n"
}

fn csv_cell(text: &str) -> String {
    let text = visible(text);
    let guard = if text.trim_start().starts_with(FORMULA) {
        "'"
    } else {
        ""
    };
    match text.contains(['"', ',', ';']) {
        true => format!("\"{guard}{}\"", text.replace('"', "\"\"")),
        false => format!("{guard}{text}"),
    }
}
