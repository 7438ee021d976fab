//! A table of ports: `host,fqdn,address,platform,app,port_id,port,mode`.

use std::collections::{BTreeMap, BTreeSet};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::draft::{Names, app_name};
use super::{Draft, DraftApp, DraftHost, DraftPort};
use crate::finding::{nearest, quoted};
use gsec_pki::x509::GeneralName;

/// The columns. All but `host` may be missing or empty.
pub const COLUMNS: [&str; 8] = [
    "host", "fqdn", "address", "platform", "app", "port_id", "port", "mode",
];

/// Why a file is no such table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// No header.
    #[error("it has no line with the names of columns")]
    Empty,
    /// A column that there is not.
    #[error("unknown column {}; known columns: {}", quoted(.column), COLUMNS.join(", "))]
    Column {
        /// The column.
        column: String,
        /// What may be meant.
        meant: Option<&'static str>,
    },
    /// Two columns of one name, of which one would be lost.
    #[error("two columns are `{0}`")]
    TwoColumns(&'static str),
    /// No column for hosts.
    #[error("it has no column `host`")]
    NoHost,
    /// Nothing below the names of the columns.
    #[error("it has no row with a host")]
    NoRow,
    /// A row with more cells than there are columns: which of them is too many cannot be told.
    #[error("line {line} has {found} cells, more than the header ({expected})")]
    Surplus {
        /// The line.
        line: usize,
        /// The cells.
        found: usize,
        /// The columns.
        expected: usize,
    },
    /// A quotation mark that is not closed takes all that follows for one cell.
    #[error("line {line}: a quotation mark is not closed, or stands inside of a cell")]
    Quote {
        /// The line in which the row begins.
        line: usize,
    },
}

/// Reads a table.
///
/// # Errors
/// [`TableError`].
pub fn from_table(text: &str) -> Result<Draft, TableError> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut records = Records::new(text);
    let (_, header) = records.next().ok_or(TableError::Empty)??;
    let columns = header
        .iter()
        .map(|name| column(name))
        .collect::<Result<Vec<_>, _>>()?;
    if !columns.contains(&"host") {
        return Err(TableError::NoHost);
    }
    let mut known = BTreeSet::new();
    if let Some(twice) = columns.iter().find(|column| !known.insert(**column)) {
        return Err(TableError::TwoColumns(twice));
    }
    let mut found = Found::default();
    for record in records {
        let (line, record) = record?;
        let expected = columns.len();
        if record.iter().skip(expected).any(|cell| !cell.trim().is_empty()) {
            let found = record.len();
            return Err(TableError::Surplus {
                line,
                found,
                expected,
            });
        }
        let row: BTreeMap<&str, &str> = columns
            .iter()
            .zip(&record)
            .map(|(column, cell)| (*column, cell.trim()))
            .filter(|(_, cell)| !cell.is_empty())
            .collect();
        found.row(line, &row);
    }
    match found.draft.hosts.is_empty() {
        true => Err(TableError::NoRow),
        false => Ok(found.draft),
    }
}

fn column(name: &str) -> Result<&'static str, TableError> {
    let plain = name.trim().to_lowercase();
    COLUMNS
        .into_iter()
        .find(|column| *column == plain)
        .ok_or_else(|| TableError::Column {
            meant: nearest(&plain, COLUMNS),
            column: name.to_owned(),
        })
}

#[derive(Default)]
struct Found {
    draft: Draft,
    names: Names,
    hosts: BTreeMap<String, usize>,
    apps: BTreeMap<String, usize>,
}

impl Found {
    fn row(&mut self, line: usize, row: &BTreeMap<&str, &str>) {
        let Some(host) = row.get("host") else {
            if !row.is_empty() {
                self.draft
                    .doubts
                    .push(format!("line {line} has no host, and is left out"));
            }
            return;
        };
        let host = self.host(host, line, row);
        let of_port: Vec<&str> = ["port_id", "port", "mode"]
            .into_iter()
            .filter(|column| row.contains_key(column))
            .collect();
        let Some(app) = row.get("app") else {
            if let (Some(host), false) = (self.draft.hosts.get_mut(host), of_port.is_empty()) {
                let what = of_port.join(", ");
                add_doubt(host, format!("line {line} has {what} and no app: left out"));
            }
            return;
        };
        let name = self
            .draft
            .hosts
            .get(host)
            .map(|host| host.name.clone())
            .unwrap_or_default();
        let app = self.app(app, &name);
        let Some(app) = self.draft.apps.get_mut(app) else {
            return;
        };
        if app.host != name {
            let (other, own) = (quoted(&name), quoted(&app.host));
            let what = match row.get("port") {
                Some(port) => format!("its port {}", quoted(port)),
                None => "that".to_owned(),
            };
            app.doubts.push(format!(
                "line {line} has it on host {other}, and an earlier one on {own}: {what} is left out"
            ));
            return;
        }
        let Some(port) = row.get("port") else {
            if !of_port.is_empty() {
                let what = of_port.join(" and ");
                app.doubts
                    .push(format!("line {line} has {what} and no port: left out"));
            }
            return;
        };
        match port.parse().ok().filter(|port| *port > 0) {
            Some(port) => app.ports.push(of_row(row, port, &mut app.doubts)),
            None => app.doubts.push(format!(
                "line {line}: {} is not a port, and left out",
                quoted(port)
            )),
        }
    }

    fn host(&mut self, name: &str, line: usize, row: &BTreeMap<&str, &str>) -> usize {
        let at = self.hosts.get(name).copied().unwrap_or_else(|| {
            let (own, doubt) = self.names.host(name);
            self.draft.hosts.push(DraftHost {
                name: own,
                doubts: doubt.into_iter().collect(),
                ..DraftHost::default()
            });
            self.hosts.insert(name.to_owned(), self.draft.hosts.len() - 1);
            self.draft.hosts.len() - 1
        });
        if let Some(host) = self.draft.hosts.get_mut(at) {
            complete(host, line, row);
        }
        at
    }

    fn app(&mut self, name: &str, host: &str) -> usize {
        if let Some(at) = self.apps.get(name) {
            return *at;
        }
        let (own, doubt) = app_name(name);
        let mut doubts: Vec<String> = doubt.into_iter().collect();
        doubts.push("kind is a guess: the table does not say it".into());
        self.draft.apps.push(DraftApp {
            name: own,
            host: host.to_owned(),
            kind: "generic-server",
            doubts,
            ..DraftApp::default()
        });
        self.apps.insert(name.to_owned(), self.draft.apps.len() - 1);
        self.draft.apps.len() - 1
    }
}

/// What a row says of its host. The first row counts, and what another one says otherwise is a doubt.
fn complete(host: &mut DraftHost, line: usize, row: &BTreeMap<&str, &str>) {
    let fqdn = row
        .get("fqdn")
        .filter(|name| GeneralName::parse_host(name).is_ok());
    let address = row
        .get("address")
        .and_then(|address| address.parse::<std::net::IpAddr>().ok());
    let platform = row.get("platform").and_then(|platform| {
        ["unix", "windows", "java"]
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(platform))
    });
    let address = address.map(|address| address.to_string());
    for (column, is_there) in [
        ("fqdn", fqdn.is_some()),
        ("address", address.is_some()),
        ("platform", platform.is_some()),
    ] {
        if let Some(cell) = row.get(column).filter(|_| !is_there) {
            add_doubt(
                host,
                format!(
                    "line {line}: {column} {} is not valid, and left out",
                    quoted(cell)
                ),
            );
        }
    }
    let fqdn = fqdn.map(|name| (*name).to_owned());
    for (column, is_other) in [
        ("fqdn", is_other(&host.fqdn, &fqdn)),
        ("address", is_other(&host.address, &address)),
        ("platform", is_other(&host.platform, &platform)),
    ] {
        if let Some(cell) = row.get(column).filter(|_| is_other) {
            let other = quoted(cell);
            add_doubt(
                host,
                format!("line {line} has {column} {other}: left out, for an earlier line differs"),
            );
        }
    }
    host.fqdn = host.fqdn.take().or(fqdn);
    host.address = host.address.take().or(address);
    host.platform = host.platform.or(platform);
}

fn is_other<T: PartialEq>(known: &Option<T>, said: &Option<T>) -> bool {
    known.is_some() && said.is_some() && known != said
}

fn add_doubt(host: &mut DraftHost, doubt: String) {
    if !host.doubts.contains(&doubt) {
        host.doubts.push(doubt);
    }
}

fn of_row(row: &BTreeMap<&str, &str>, number: u16, doubts: &mut Vec<String>) -> DraftPort {
    let id = row.get("port_id").copied().unwrap_or("default");
    let mode = row.get("mode").copied().unwrap_or("unsecured");
    let known = ["unsecured", "secured", "auto-detect"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(mode));
    if known.is_none() {
        doubts.push(format!(
            "port {}: mode {} is not valid, and left out",
            quoted(id),
            quoted(mode)
        ));
    }
    DraftPort {
        id: id.to_owned(),
        number,
        mode: known,
        transport: None,
    }
}

/// The records of a CSV file, cells as text, each with the line in which it begins.
struct Records<'a> {
    reader: Reader,
    rest: &'a [u8],
    line: usize,
}

impl<'a> Records<'a> {
    fn new(text: &'a str) -> Self {
        let first = text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        let count = |separator: &u8| first.bytes().filter(|byte| byte == separator).count();
        // The last of equal ones is taken, so the comma is last.
        let separator = [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
        Self {
            reader: ReaderBuilder::new().delimiter(separator).build(),
            rest: text.as_bytes(),
            line: 1,
        }
    }

    /// Goes on behind some bytes, and returns them.
    fn pass(&mut self, bytes: usize) -> &'a [u8] {
        let (passed, rest) = self.rest.split_at(bytes.min(self.rest.len()));
        let next = passed.iter().skip(1).chain(rest.first());
        let next = next.copied().map(Some).chain([None]);
        let is_end = |(byte, next): &(&u8, Option<u8>)| match byte {
            b'\n' => true,
            b'\r' => *next != Some(b'\n'),
            _ => false,
        };
        self.line += passed.iter().zip(next).filter(is_end).count();
        self.rest = rest;
        passed
    }
}

impl Iterator for Records<'_> {
    type Item = Result<(usize, Vec<String>), TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_end = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        self.pass(self.rest.iter().take_while(is_end).count());
        let (line, whole) = (self.line, self.rest);
        let mut passed = 0;
        let (mut text, mut ends) = (vec![0_u8; 1024], vec![0_usize; 16]);
        let (mut length, mut count) = (0, 0);
        loop {
            let rest = whole.get(passed..).unwrap_or_default();
            let (result, read, written, ended) =
                self.reader
                    .read_record(rest, text.get_mut(length..)?, ends.get_mut(count..)?);
            passed += read;
            length += written;
            count += ended;
            match result {
                ReadRecordResult::InputEmpty => (),
                ReadRecordResult::OutputFull => text.resize(text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return None,
            }
        }
        let quotes = self.pass(passed).iter().filter(|byte| **byte == b'"').count();
        if quotes % 2 != 0 {
            return Some(Err(TableError::Quote { line }));
        }
        let mut start = 0;
        let cells = ends.iter().take(count).map(|end| {
            let cell = text.get(start..*end).unwrap_or_default();
            start = *end;
            String::from_utf8_lossy(cell).into_owned()
        });
        Some(Ok((line, cells.collect())))
    }
}
