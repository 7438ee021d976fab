//! One value as a list has it, before its column gives it a meaning.

use super::RowProblem;
use super::column::Column;
use gsec_pki::encoding::visible::{is_dangerous, visible};

/// The most bytes of a cell.
pub(super) const MAX_CELL: usize = 64 * 1024;

/// A value that cannot be used, and what is wrong with it.
pub(super) type CellError = (String, RowProblem);

/// A value.
pub(super) enum Cell {
    Text(String),
    Number(String),
    List(Vec<Cell>),
    /// A value of a kind that no column takes, by the name of the kind.
    Other(&'static str),
}

/// A row whose values have their columns and no types yet.
pub(super) struct RawRow {
    pub line: u64,
    pub cells: Vec<(Column, Result<Cell, CellError>)>,
    /// What is wrong with the row as a whole.
    pub problem: Option<RowProblem>,
}

impl Cell {
    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Number(_) => "a number",
            Self::List(_) => "an array",
            Self::Other(kind) => kind,
        }
    }

    /// The texts in it, blanks trimmed, empty ones left out: one at the most unless the column takes several.
    ///
    /// # Errors
    /// What is wrong, and the text of which it is said.
    pub(super) fn into_texts(self, column: Column) -> Result<Vec<String>, CellError> {
        let texts = match self {
            Self::Text(text) => column.split(text),
            Self::Number(text) if column.is_number() => vec![text],
            Self::List(cells) if column.is_several() => cells
                .into_iter()
                .map(Self::into_element)
                .collect::<Result<_, _>>()?,
            other => return Err(other.unwanted(column)),
        };
        texts
            .iter()
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
            .map(checked)
            .collect()
    }

    fn into_element(self) -> Result<String, CellError> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err((
                String::new(),
                RowProblem::WrongKind {
                    found: other.kind(),
                    wanted: "a string",
                },
            )),
        }
    }

    fn unwanted(&self, column: Column) -> CellError {
        let wanted = match column {
            _ if column.is_several() => "a string or an array",
            _ if column.is_number() => "a number or a string",
            _ => "a string",
        };
        let shown = if let Self::Number(text) = self {
            text.clone()
        } else {
            String::new()
        };
        (
            shown,
            RowProblem::WrongKind {
                found: self.kind(),
                wanted,
            },
        )
    }
}

fn checked(text: &str) -> Result<String, CellError> {
    if text.len() > MAX_CELL {
        return Err((
            text.chars().take(super::error::MAX_SHOWN + 1).collect(),
            RowProblem::TooLong { bound: MAX_CELL },
        ));
    }
    match text.chars().find(|character| is_dangerous(*character)) {
        Some(bad) => Err((text.to_owned(), RowProblem::Character(visible(&bad.to_string())))),
        None => Ok(text.to_owned()),
    }
}
