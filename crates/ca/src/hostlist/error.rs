//! What can be wrong with a list, and with a row of it.

use thiserror::Error;

use super::{Column, ListFormat};
use gsec_pki::encoding::visible::visible;
use gsec_pki::key::AlgorithmError;
use gsec_pki::x509::NameError;

/// The most characters of a value that a message shows.
pub(super) const MAX_SHOWN: usize = 40;

/// The most characters of what another parser says.
const MAX_SAID: usize = 200;

/// Why a list cannot be read at all.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ListError {
    /// Nothing in it but blanks.
    #[error("it is empty")]
    Empty,
    /// Bytes that are not UTF-8.
    #[error("line {line}: it is not UTF-8{}", if *looks_like_utf16 { ", and looks like UTF-16" } else { "" })]
    NotUtf8 {
        /// The line, from 1.
        line: u64,
        /// Whether a byte order mark of UTF-16 is at the start.
        looks_like_utf16: bool,
    },
    /// JSON or TOML that does not parse, or is not a list of hosts.
    #[error("line {line}, column {column}: it is not the {} of a list of hosts: {problem}", format.name())]
    Syntax {
        /// The format.
        format: ListFormat,
        /// The line, from 1.
        line: u64,
        /// The character in the line, from 1.
        column: u64,
        /// What is wrong there.
        problem: String,
    },
    /// A cell of the header that cannot be one.
    #[error("line {line}: the name of a column is not usable: {problem}")]
    Header {
        /// The line of the header.
        line: u64,
        /// What is wrong with it.
        problem: RowProblem,
    },
    /// A column or key that means nothing.
    #[error("line {line}: unknown column `{column}`; known columns: {}", names(&Column::ALL))]
    UnknownColumn {
        /// The line.
        line: u64,
        /// The name found there.
        column: String,
    },
    /// A column that appears in the header twice.
    #[error("line {line}: the column `{}` occurs twice", column.name())]
    RepeatedColumn {
        /// The line of the header.
        line: u64,
        /// The column.
        column: Column,
    },
    /// A header without `host`.
    #[error("line {line}: there is no column `host`; there are {}", names(found))]
    NoHostColumn {
        /// The line of the header.
        line: u64,
        /// The columns that there are.
        found: Vec<Column>,
    },
    /// A quote that is never closed: everything after it would be one cell.
    #[error("line {line}, column {}: the quote is never closed", place(*column, *cell))]
    UnterminatedQuote {
        /// Its line.
        line: u64,
        /// The column, where the header has one for it.
        column: Option<Column>,
        /// The cell in its row, from 1.
        cell: usize,
    },
    /// More rows than are read.
    #[error("it has more than {bound} rows")]
    TooManyRows {
        /// The bound.
        bound: usize,
    },
}

impl ListError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "hostlist.empty",
            Self::NotUtf8 { .. } => "hostlist.not_utf8",
            Self::Syntax { .. } | Self::UnterminatedQuote { .. } => "hostlist.syntax",
            Self::Header { .. }
            | Self::UnknownColumn { .. }
            | Self::RepeatedColumn { .. }
            | Self::NoHostColumn { .. } => "hostlist.columns",
            Self::TooManyRows { .. } => "hostlist.too_many_rows",
        }
    }
}

fn names(columns: &[Column]) -> String {
    columns
        .iter()
        .map(|column| column.name())
        .collect::<Vec<_>>()
        .join(", ")
}

fn place(column: Option<Column>, cell: usize) -> String {
    column.map_or_else(|| cell.to_string(), |column| format!("`{}`", column.name()))
}

/// What is wrong with one row, and where.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{}{problem}", self.position())]
pub struct RowError {
    /// The line at which the row starts, from 1.
    pub line: u64,
    /// The column; `None` when it is the row as a whole.
    pub column: Option<Column>,
    /// The value, safe to show, cut to 40 characters; empty when there is none.
    pub value: String,
    /// What is wrong.
    pub problem: RowProblem,
}

impl RowError {
    pub(super) fn new(line: u64, column: Option<Column>, value: &str, problem: RowProblem) -> Self {
        Self {
            line,
            column,
            value: shown(value),
            problem,
        }
    }

    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match &self.problem {
            RowProblem::Repeated { .. } => "hostlist.repeated",
            _ => "hostlist.row",
        }
    }

    fn position(&self) -> String {
        let column = self
            .column
            .map(|column| format!(", column `{}`", column.name()))
            .unwrap_or_default();
        let value = if self.value.is_empty() {
            String::new()
        } else {
            format!(" `{}`:", self.value)
        };
        format!("line {}{column}:{value} ", self.line)
    }
}

/// A value as messages show it.
pub(super) fn shown(value: &str) -> String {
    let cut: String = value.chars().take(MAX_SHOWN).collect();
    let is_cut = cut.len() < value.len();
    format!("{}{}", visible(&cut), if is_cut { "…" } else { "" })
}

/// What another parser says of a text, within bounds: it may quote the text.
pub(super) fn said(message: &str) -> String {
    visible(&message.chars().take(MAX_SAID).collect::<String>())
}

/// What is wrong with a row or a value.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum RowProblem {
    /// More or fewer cells than the header.
    #[error("the row has {found} cells, but the header has {expected}")]
    CellCount {
        /// Cells of the row.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// A quote inside a cell that is not quoted, or something after the closing quote (RFC 4180 §2).
    #[error("a quote is where none can be; a cell is quoted as a whole, and a quote in it is doubled")]
    StrayQuote,
    /// Bytes that are not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// A character that acts on terminals, or cannot be seen.
    #[error("it contains the invalid character `{0}`")]
    Character(String),
    /// More bytes than a cell may have.
    #[error("it is longer than {bound} bytes")]
    TooLong {
        /// The bound.
        bound: usize,
    },
    /// What a spreadsheet would compute when the list is opened in it.
    #[error("it begins with `{0}`, like a spreadsheet formula")]
    Formula(char),
    /// No host.
    #[error("the host is missing")]
    NoHost,
    /// A host that an earlier row has.
    #[error("it is already in line {first_line}")]
    Repeated {
        /// The line of the first.
        first_line: u64,
    },
    /// A key that an object has twice.
    #[error("it is given twice")]
    RepeatedKey,
    /// Two ways to say when the certificate ends.
    #[error("`{}` is given too, and only one of them can be used", other.name())]
    TwoEnds {
        /// The other one.
        other: Column,
    },
    /// A JSON or TOML value of a kind that the column does not take.
    #[error("it is {found}, and must be {wanted}")]
    WrongKind {
        /// The kind found.
        found: &'static str,
        /// What is expected.
        wanted: &'static str,
    },
    /// An element of a JSON array that is not an object, or too deep.
    #[error("it is not usable: {0}")]
    NoObject(String),
    /// A name that cannot be used.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A number of days that is none.
    #[error("must be a whole number of days, at least 1")]
    Days,
    /// A lifetime without unit.
    #[error("must be a number with a unit: `90m`, `12h`, `30d`, `52w`, `1y`")]
    Lifetime,
    /// A time that does not read.
    #[error("must be a time, as in `2027-01-31T12:00:00Z`, or a date, as in `2027-01-31`")]
    Time,
    /// A size that is not a number.
    #[error("must be a number of bits")]
    KeySize,
    /// A key that is not made.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmError),
}
