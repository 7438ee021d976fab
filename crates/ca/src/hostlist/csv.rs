//! CSV, RFC 4180: cells within a bound, each row with the line at which it starts.

use csv_core::ReadFieldResult;

use super::cell::{Cell, CellError, MAX_CELL, RawRow};
use super::error::{MAX_SHOWN, shown};
use super::row::RowReader;
use super::{Column, ListError, RowProblem};
use gsec_pki::x509::GeneralName;

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// One more than there are columns: a longer header has an unknown one or a repeated one among these already.
const MAX_HEADER_CELLS: usize = Column::ALL.len() + 1;

/// Reads a header line and the rows below it.
pub(super) fn read(bytes: &[u8], reader: &mut RowReader) -> Result<(), ListError> {
    let mut lines = Lines::new(bytes, separator(bytes));
    let Some(header) = lines.next(MAX_HEADER_CELLS, &[])? else {
        return Err(ListError::Empty);
    };
    let columns = match columns(header) {
        Err(ListError::UnknownColumn { .. }) if is_plain_list(bytes) => {
            lines = Lines::new(bytes, separator(bytes));
            vec![Column::Host]
        }
        columns => columns?,
    };
    while let Some(line) = lines.next(columns.len(), &columns)? {
        if !line.is_blank() {
            reader.push(line.into_row(&columns))?;
        }
    }
    Ok(())
}

/// Whether this is a list of hosts without a header: a single column in which every cell is a host. The first one has a dot or is
/// an address: a word alone, such as `hostname`, is meant as the name of a column.
fn is_plain_list(bytes: &[u8]) -> bool {
    let mut lines = Lines::new(bytes, separator(bytes));
    let mut is_first = true;
    loop {
        let line = match lines.next(1, &[Column::Host]) {
            Ok(Some(line)) if line.is_blank() => continue,
            Ok(Some(line)) => line,
            Ok(None) => return !is_first,
            Err(_) => return false,
        };
        let host = match line.cells.as_slice() {
            [Ok(cell)] if line.count == 1 => GeneralName::parse_host(cell).ok(),
            _ => None,
        };
        match host {
            Some(GeneralName::Dns(name)) if is_first && !name.as_str().contains('.') => return false,
            Some(_) => is_first = false,
            None => return false,
        }
    }
}

/// The separator that yields the most known columns in the first line that is not empty; of equal ones the more frequent.
fn separator(bytes: &[u8]) -> u8 {
    let start = bytes.trim_ascii_start();
    let header = start.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let header = String::from_utf8_lossy(&header[..header.len().min(MAX_CELL)]).replace('"', "");
    let fitness = |separator: &u8| {
        let cells = header.split(char::from(*separator));
        (cells.clone().filter_map(Column::parse).count(), cells.count())
    };
    // The last of equal ones is taken, so the comma is last.
    SEPARATORS.into_iter().rev().max_by_key(fitness).unwrap_or(b',')
}

fn columns(header: Line) -> Result<Vec<Column>, ListError> {
    let line = header.line;
    let mut columns = Vec::new();
    for cell in header.cells {
        let name = cell.map_err(|(_, problem)| ListError::Header { line, problem })?;
        let unknown = || ListError::UnknownColumn {
            line,
            column: shown(name.trim()),
        };
        let column = Column::parse(&name).ok_or_else(unknown)?;
        if columns.contains(&column) {
            return Err(ListError::RepeatedColumn { line, column });
        }
        columns.push(column);
    }
    if columns.contains(&Column::Host) {
        Ok(columns)
    } else {
        Err(ListError::NoHostColumn { line, found: columns })
    }
}

/// One row of cells; only as many are kept as are needed.
struct Line {
    line: u64,
    cells: Vec<Result<String, CellError>>,
    count: usize,
}

impl Line {
    fn is_blank(&self) -> bool {
        self.count == self.cells.len()
            && self
                .cells
                .iter()
                .all(|cell| cell.as_ref().is_ok_and(|text| text.trim().is_empty()))
    }

    fn into_row(self, columns: &[Column]) -> RawRow {
        let problem = (self.count != columns.len()).then_some(RowProblem::CellCount {
            found: self.count,
            expected: columns.len(),
        });
        let cells = columns
            .iter()
            .copied()
            .zip(
                self.cells
                    .into_iter()
                    .map(|cell| without_formula(cell?).map(Cell::Text)),
            )
            .collect();
        RawRow {
            line: self.line,
            cells,
            problem,
        }
    }
}

fn without_formula(text: String) -> Result<String, CellError> {
    match text.trim_start().chars().next() {
        Some(first @ ('=' | '+' | '-' | '@')) => Err((text, RowProblem::Formula(first))),
        _ => Ok(text),
    }
}

struct Lines<'a> {
    core: csv_core::Reader,
    separator: u8,
    rest: &'a [u8],
    line: u64,
    buffer: Vec<u8>,
}

impl<'a> Lines<'a> {
    fn new(bytes: &'a [u8], separator: u8) -> Self {
        let core = csv_core::ReaderBuilder::new().delimiter(separator).build();
        Self {
            core,
            separator,
            rest: bytes,
            line: 1,
            buffer: vec![0; MAX_CELL + 1],
        }
    }

    /// The next row that has anything in it, with `max_cells` cells at the most; `columns` name a cell in an error.
    fn next(&mut self, max_cells: usize, columns: &[Column]) -> Result<Option<Line>, ListError> {
        let blank = self
            .rest
            .iter()
            .take_while(|octet| matches!(octet, b'\r' | b'\n'))
            .count();
        self.advance(blank);
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut line = Line {
            line: self.line,
            cells: Vec::new(),
            count: 0,
        };
        loop {
            let quote_line = self.line;
            let (cell, ends_row) = self.cell();
            line.count += 1;
            if let Err(Unterminated) = &cell {
                let (column, cell) = (columns.get(line.count - 1).copied(), line.count);
                return Err(ListError::UnterminatedQuote {
                    line: quote_line,
                    column,
                    cell,
                });
            }
            line.cells.extend(cell.ok().filter(|_| line.count <= max_cells));
            if ends_row {
                return Ok(Some(line));
            }
        }
    }

    /// One cell, and whether the row ends with it. However long it is, no more than the buffer holds is kept.
    fn cell(&mut self) -> (Result<Result<String, CellError>, Unterminated>, bool) {
        let (start, mut rest) = (self.rest, self.rest);
        let (mut filled, mut is_too_long) = (0, false);
        let ends_row = loop {
            let (result, read, written) = self.core.read_field(rest, &mut self.buffer[filled..]);
            (rest, filled) = (&rest[read..], filled + written);
            match result {
                // Empty input says to the reader that nothing follows.
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull => (filled, is_too_long) = (0, true),
                ReadFieldResult::Field { record_end } => break record_end,
                ReadFieldResult::End => break true,
            }
        };
        let raw = &start[..start.len() - rest.len()];
        let cell = match quoting(raw, self.separator) {
            Quoting::Open => Err(Unterminated),
            Quoting::Stray => Ok(Err((start_of(raw), RowProblem::StrayQuote))),
            Quoting::Sound if is_too_long || filled > MAX_CELL => {
                Ok(Err((start_of(raw), RowProblem::TooLong { bound: MAX_CELL })))
            }
            Quoting::Sound => Ok(decoded(&self.buffer[..filled])),
        };
        self.advance(raw.len());
        (cell, ends_row)
    }

    fn advance(&mut self, octets: usize) {
        let (passed, rest) = self.rest.split_at(octets);
        self.line += passed.iter().filter(|octet| **octet == b'\n').count() as u64;
        self.rest = rest;
    }
}

/// A quote that stays open to the end of the file.
struct Unterminated;

/// As much of a cell as a message shows.
fn start_of(raw: &[u8]) -> String {
    String::from_utf8_lossy(&raw[..raw.len().min(4 * MAX_SHOWN + 4)]).into_owned()
}

/// How a cell is quoted; csv-core accepts every form and reports none as an error.
enum Quoting {
    Sound,
    Open,
    Stray,
}

/// `raw` is a cell with what ends it.
fn quoting(raw: &[u8], separator: u8) -> Quoting {
    let cell = raw.strip_suffix(b"\n").unwrap_or(raw);
    let cell = cell.strip_suffix(b"\r").unwrap_or(cell);
    let cell = cell.strip_suffix(&[separator]).unwrap_or(cell);
    match cell {
        _ if !cell.contains(&b'"') => Quoting::Sound,
        [b'"', inside @ ..] if is_doubled(inside) => Quoting::Open,
        [b'"', .., b'"'] if is_doubled(&cell[1..cell.len() - 1]) => Quoting::Sound,
        _ => Quoting::Stray,
    }
}

/// Whether every quote inside is doubled.
fn is_doubled(inside: &[u8]) -> bool {
    inside
        .split(|octet| *octet != b'"')
        .all(|quotes| quotes.len() % 2 == 0)
}

fn decoded(octets: &[u8]) -> Result<String, CellError> {
    match std::str::from_utf8(octets) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(_) => Err((String::from_utf8_lossy(octets).into_owned(), RowProblem::NotUtf8)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Row, decode_host_list};
    use super::*;

    fn rows(list: impl AsRef<[u8]>) -> Vec<Row> {
        decode_host_list(list.as_ref(), Some("hosts.csv"))
            .expect("a list")
            .rows
    }

    fn refusal(list: &str) -> String {
        decode_host_list(list.as_bytes(), Some("hosts.csv"))
            .unwrap_err()
            .to_string()
    }

    /// Line and problem of each row that is refused.
    fn problems(list: impl AsRef<[u8]>) -> Vec<(u64, RowProblem)> {
        rows(list)
            .into_iter()
            .filter_map(|row| row.entry.err())
            .map(|error| (error.line, error.problem))
            .collect()
    }

    fn organization(row: &Row) -> &str {
        row.entry.as_ref().expect("an entry").subject[0].value()
    }

    #[test]
    fn separator_is_found_from_the_header() {
        for separator in [",", ";", "\t"] {
            let list = "\u{feff}Host|\"Org\"|key-type\r\na.example|\"A|B\"|p256\r\n".replace('|', separator);
            let rows = rows(list);
            if separator != "\t" {
                assert_eq!(organization(&rows[0]), format!("A{separator}B"));
            }
            assert_eq!(
                (rows.len(), rows[0].line, rows[0].host_text.as_str()),
                (1, 2, "a.example")
            );
        }
        assert_eq!(rows("host\na.example\n").len(), 1);
    }

    #[test]
    fn hosts_alone_need_no_header() {
        for (list, hosts) in [
            ("a.example\nb.example\n", &["a.example", "b.example"][..]),
            ("\u{feff}\r\n10.0.0.5\r\n\r\n  \r\n\"db1\"", &["10.0.0.5", "db1"]),
            ("*.example.com\n2001:db8::1\n", &["*.example.com", "2001:db8::1"]),
        ] {
            let found = rows(list);
            let found: Vec<&str> = found.iter().map(|row| row.host_text.as_str()).collect();
            assert_eq!(found, hosts, "{list:?}");
        }
        let unnumbered = rows("\na.example\n\nb.example\n");
        assert_eq!(unnumbered.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
        // A column of which gsec knows nothing, and what may be something else than hosts.
        for list in [
            "hostname\na.example\n",
            "db1\ndb2\n",
            "a.example\nb .example\n",
            "a.example,b.example\n",
            "a.example\nb.example,c.example\n",
            "a.example\n=b.example\n",
            "a.example\n\"b.example\n",
        ] {
            assert!(
                refusal(list).contains(": unknown column `"),
                "{list:?}: {}",
                refusal(list)
            );
        }
    }

    #[test]
    fn lines_are_counted_over_empty_ones_and_quoted_breaks() {
        let list = "\r\nhost,san\r\n\r\na.example,\"dns:x\r\ndns:y\"\r\n,\r\n  \r\nb.example,\r\nc.example,";
        let lines: Vec<u64> = rows(list).iter().map(|row| row.line).collect();
        assert_eq!(lines, [4, 8, 9]);
        assert!(problems(list).is_empty());
    }

    #[test]
    fn doubled_quotes_are_one_and_stray_ones_are_refused() {
        assert_eq!(
            organization(&rows("host,org\na,\"A \"\"B\"\" C\"\n")[0]),
            "A \"B\" C"
        );
        let stray = problems("host,org\na,A \"B\"\nb,\"A\" B\nc,\"A\" \"B\"\nd,sound\ne,\"A\"B\"\n");
        assert_eq!(
            stray.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [2, 3, 4, 6]
        );
        assert!(
            stray
                .iter()
                .all(|(_, problem)| *problem == RowProblem::StrayQuote)
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_refuses_the_list() {
        assert_eq!(
            refusal("host,org\na,b\nc,\"d\ne,f\n"),
            "line 3, column `org`: the quote is never closed"
        );
        assert_eq!(
            refusal("host,\"org\na,b\n"),
            "line 1, column 2: the quote is never closed"
        );
        assert_eq!(
            refusal("host,org\na,\""),
            "line 2, column `org`: the quote is never closed"
        );
    }

    #[test]
    fn ragged_lines_are_refused_one_by_one() {
        let list = "host,org\na\nb,B,c\nc,C\n";
        let count = |found| RowProblem::CellCount { found, expected: 2 };
        assert_eq!(problems(list), [(2, count(1)), (3, count(3))]);
        let error = rows(list).remove(0).entry.unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2: the row has 1 cells, but the header has 2"
        );
    }

    #[test]
    fn columns_must_be_known_once_and_have_the_host() {
        assert_eq!(
            refusal("host,hots\na,b\n"),
            "line 1: unknown column `hots`; known columns: host, cn, san, profile, days, lifetime, \
             not_after, key_type, key_size, ou, org, locality, state, country, friendly_name"
        );
        assert_eq!(
            refusal("cn;org\na;b\n"),
            "line 1: there is no column `host`; there are cn, org"
        );
        assert_eq!(refusal("host,Host\n"), "line 1: the column `host` occurs twice");
        assert!(refusal("host\0,cn\n").starts_with("line 1: unknown column `host\\x00`"));
        assert!(refusal(&format!("{}host\n", "host,".repeat(100_000))).ends_with("occurs twice"));
    }

    #[test]
    fn octets_and_characters_that_are_no_text_are_refused_in_their_row() {
        let latin1 = problems(b"host,org\na,M\xfcller\nb,B\0\nc,\x07x\nd,D\n");
        let character = |text: &str| RowProblem::Character(text.into());
        assert_eq!(
            latin1,
            [
                (2, RowProblem::NotUtf8),
                (3, character("\\x00")),
                (4, character("\\x07"))
            ]
        );
    }

    #[test]
    fn cells_over_the_bound_are_refused_and_not_kept() {
        let (most, more) = ("x".repeat(MAX_CELL), "x".repeat(MAX_CELL + 1));
        let list = format!(
            "host,profile\na,{most}\nb,{more}\nc,\"{}\"\nd,D\n",
            more.repeat(20)
        );
        let bound = RowProblem::TooLong { bound: MAX_CELL };
        assert_eq!(
            problems(&list),
            [(3, bound), (4, RowProblem::TooLong { bound: MAX_CELL })]
        );
        let error = rows(&list).remove(2).entry.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "line 4, column `profile`: `\"{}…`: it is longer than 65536 bytes",
                "x".repeat(39)
            )
        );
    }

    #[test]
    fn formulas_of_spreadsheets_are_refused_by_name() {
        let found = problems("host,org\na,=1+1\nb,+x\nc,\" -x\"\nd,@x\ne,a=b\n=f,F\n");
        let formula = |line, character| (line, RowProblem::Formula(character));
        assert_eq!(
            found,
            [
                formula(2, '='),
                formula(3, '+'),
                formula(4, '-'),
                formula(5, '@'),
                formula(7, '=')
            ]
        );
        let error = rows("host,org\na,=cmd()\n").remove(0).entry.unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2, column `org`: `=cmd()`: it begins with `=`, like a spreadsheet formula"
        );
    }
}
