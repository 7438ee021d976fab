//! A row becomes an entry: text becomes types.

use std::collections::HashMap;

use super::cell::{Cell, RawRow};
use super::error::shown;
use super::{Column, ListError, RowError, RowProblem};
use gsec_pki::key::{KeyAlgorithm, KeyType};
use gsec_pki::x509::{AttributeKind, GeneralName, Lifetime, NameAttribute, parse_days, parse_time};

/// One row of a list.
#[derive(Debug)]
pub struct Row {
    /// The line at which it starts, from 1.
    pub line: u64,
    /// The host as the list has it, safe to show, cut to 40 characters; empty when it is missing.
    pub host_text: String,
    /// What the row says, or what is wrong with it.
    pub entry: Result<HostEntry, RowError>,
}

/// What a row asks for. What it leaves out is `None` or empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostEntry {
    /// The host itself.
    pub host: GeneralName,
    /// Further names.
    pub further_names: Vec<GeneralName>,
    /// The common name.
    pub common_name: Option<NameAttribute>,
    /// The parts of the subject but for the common name.
    pub subject: Vec<NameAttribute>,
    /// The profile's name; whether there is one is for the policy to say.
    pub profile: Option<String>,
    /// Its requested lifetime.
    pub lifetime: Option<Lifetime>,
    /// The key to make; RSA when only a size is given.
    pub key: Option<KeyAlgorithm>,
    /// The friendly name in the PFX.
    pub friendly_name: Option<String>,
}

/// Reads rows one by one, and knows which hosts it has seen.
pub(super) struct RowReader {
    max_rows: usize,
    rows: Vec<Row>,
    first_lines: HashMap<String, u64>,
}

impl RowReader {
    pub(super) fn new(max_rows: usize) -> Self {
        Self {
            max_rows,
            rows: Vec::new(),
            first_lines: HashMap::new(),
        }
    }

    /// Reads a row.
    ///
    /// # Errors
    /// [`ListError::TooManyRows`]; what is wrong with the row becomes its entry.
    pub(super) fn push(&mut self, raw: RawRow) -> Result<(), ListError> {
        if self.rows.len() >= self.max_rows {
            return Err(ListError::TooManyRows { bound: self.max_rows });
        }
        let host_text = raw.cells.iter().find_map(|(column, cell)| match cell {
            Ok(Cell::Text(text)) if *column == Column::Host => Some(shown(text.trim())),
            _ => None,
        });
        let (line, entry) = (raw.line, self.entry(raw));
        self.rows.push(Row {
            line,
            host_text: host_text.unwrap_or_default(),
            entry,
        });
        Ok(())
    }

    pub(super) fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    fn entry(&mut self, raw: RawRow) -> Result<HostEntry, RowError> {
        let values = Values::new(raw)?;
        let host = values.one(Column::Host, |text| Ok(GeneralName::parse_typed_host(text)?))?;
        let host = host.ok_or_else(|| values.wrong(Column::Host, "", RowProblem::NoHost))?;
        self.expect_first(&host, &values)?;
        let further_names =
            values.several(Column::San, |text| Ok(GeneralName::parse_san(text)?.canonical()))?;
        let common_name = values
            .attribute(Column::CommonName, AttributeKind::CommonName)?
            .pop();
        Ok(HostEntry {
            host,
            further_names,
            common_name,
            subject: values.subject()?,
            profile: values.one(Column::Profile, |text| Ok(text.to_owned()))?,
            lifetime: values.lifetime()?,
            key: values.key()?,
            friendly_name: values.one(Column::FriendlyName, |text| Ok(text.to_owned()))?,
        })
    }

    /// A host counts as seen whatever else is wrong with its row: which of two rows is the right one is not
    /// for gsec to decide.
    fn expect_first(&mut self, host: &GeneralName, values: &Values) -> Result<(), RowError> {
        match self.first_lines.get(&host.to_string().to_ascii_lowercase()) {
            Some(first_line) => Err(values.wrong(
                Column::Host,
                &host.value(),
                RowProblem::Repeated {
                    first_line: *first_line,
                },
            )),
            None => {
                self.first_lines
                    .insert(host.to_string().to_ascii_lowercase(), values.line);
                Ok(())
            }
        }
    }
}

/// The texts of one row.
struct Values {
    line: u64,
    texts: Vec<(Column, Vec<String>)>,
}

impl Values {
    fn new(raw: RawRow) -> Result<Self, RowError> {
        let line = raw.line;
        let mut texts = Vec::with_capacity(raw.cells.len());
        for (column, cell) in raw.cells {
            let read = cell.and_then(|cell| cell.into_texts(column));
            texts.push((
                column,
                read.map_err(|(value, problem)| RowError::new(line, Some(column), &value, problem))?,
            ));
        }
        match raw.problem {
            Some(problem) => Err(RowError::new(line, None, "", problem)),
            None => Ok(Self { line, texts }),
        }
    }

    fn wrong(&self, column: Column, value: &str, problem: RowProblem) -> RowError {
        RowError::new(self.line, Some(column), value, problem)
    }

    fn several<T>(
        &self,
        column: Column,
        parse: impl Fn(&str) -> Result<T, RowProblem>,
    ) -> Result<Vec<T>, RowError> {
        let texts = self
            .texts
            .iter()
            .filter(|(found, _)| *found == column)
            .flat_map(|(_, texts)| texts);
        texts
            .map(|text| parse(text).map_err(|problem| self.wrong(column, text, problem)))
            .collect()
    }

    fn one<T>(
        &self,
        column: Column,
        parse: impl Fn(&str) -> Result<T, RowProblem>,
    ) -> Result<Option<T>, RowError> {
        Ok(self.several(column, parse)?.pop())
    }

    fn attribute(&self, column: Column, kind: AttributeKind) -> Result<Vec<NameAttribute>, RowError> {
        self.several(column, |text| Ok(NameAttribute::parse(kind, text)?))
    }

    fn subject(&self) -> Result<Vec<NameAttribute>, RowError> {
        let parts = [
            (Column::OrganizationalUnit, AttributeKind::OrganizationalUnit),
            (Column::Organization, AttributeKind::Organization),
            (Column::Locality, AttributeKind::Locality),
            (Column::State, AttributeKind::State),
            (Column::Country, AttributeKind::Country),
        ];
        let attributes = parts
            .into_iter()
            .map(|(column, kind)| self.attribute(column, kind));
        Ok(attributes.collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn lifetime(&self) -> Result<Option<Lifetime>, RowError> {
        let ends = [
            (
                Column::Days,
                self.one(Column::Days, |text| {
                    parse_days(text).map(Lifetime::days).ok_or(RowProblem::Days)
                })?,
            ),
            (
                Column::Lifetime,
                self.one(Column::Lifetime, |text| {
                    Lifetime::parse(text).ok_or(RowProblem::Lifetime)
                })?,
            ),
            (
                Column::NotAfter,
                self.one(Column::NotAfter, |text| {
                    parse_time(text).map(Lifetime::Until).ok_or(RowProblem::Time)
                })?,
            ),
        ];
        let mut given = ends
            .into_iter()
            .filter_map(|(column, lifetime)| Some((column, lifetime?)));
        match (given.next(), given.next()) {
            (Some((other, _)), Some((column, _))) => {
                Err(self.wrong(column, "", RowProblem::TwoEnds { other }))
            }
            (first, _) => Ok(first.map(|(_, lifetime)| lifetime)),
        }
    }

    fn key(&self) -> Result<Option<KeyAlgorithm>, RowError> {
        let bits = self.one(Column::KeySize, |text| {
            text.parse().map_err(|_| RowProblem::KeySize)
        })?;
        let key_type = self.one(Column::KeyType, |text| {
            Ok(text.to_ascii_lowercase().parse::<KeyType>()?)
        })?;
        if bits.is_none() && key_type.is_none() {
            return Ok(None);
        }
        let algorithm = KeyAlgorithm::new(key_type.unwrap_or_default(), bits);
        algorithm.map(Some).map_err(|error| match (key_type, bits) {
            (None, Some(bits)) => self.wrong(Column::KeySize, &bits.to_string(), error.into()),
            (key_type, _) => self.wrong(Column::KeyType, key_type.map_or("", KeyType::name), error.into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::decode_host_list;
    use super::*;
    use gsec_pki::key::RsaBits;
    use time::macros::datetime;

    fn rows(list: &str) -> Vec<Row> {
        decode_host_list(list.as_bytes(), None).expect("a list").rows
    }

    fn entry(list: &str) -> HostEntry {
        rows(list).remove(0).entry.expect("an entry")
    }

    fn refusal(list: &str) -> String {
        rows(list).remove(0).entry.unwrap_err().to_string()
    }

    #[test]
    fn every_column_becomes_its_type() {
        let list = "host,cn,san,profile,days,key_type,key_size,ou,org,locality,state,country,friendly_name\n\
            DB1.example.com,Database,\"dns:db ip:10.0.0.5|email:a@b.example,uri:urn:x\",gui,30,RSA,4096,Ops | Night,Org,City,State,de,Db one\n";
        let entry = entry(list);
        assert_eq!(entry.host.to_string(), "dns:DB1.example.com");
        let names: Vec<String> = entry.further_names.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["dns:db", "ip:10.0.0.5", "email:a@b.example", "uri:urn:x"]);
        let subject: Vec<&str> = entry.subject.iter().map(NameAttribute::value).collect();
        assert_eq!(subject, ["Ops", "Night", "Org", "City", "State", "DE"]);
        assert_eq!(
            entry.common_name.map(|name| name.value().to_owned()),
            Some("Database".into())
        );
        assert_eq!(
            (entry.profile.as_deref(), entry.friendly_name.as_deref()),
            (Some("gui"), Some("Db one"))
        );
        assert_eq!(
            (entry.lifetime, entry.key),
            (Some(Lifetime::days(30)), Some(KeyAlgorithm::Rsa(RsaBits::B4096)))
        );
    }

    #[test]
    fn empty_cells_mean_not_given() {
        let entry = entry("host,cn,san,profile,days,key_type,ou\n10.0.0.1,, ,,,,\n");
        assert_eq!(
            (
                entry.host.to_string(),
                entry.further_names.len(),
                entry.subject.len()
            ),
            ("ip:10.0.0.1".into(), 0, 0)
        );
        assert_eq!(
            (entry.common_name, entry.profile, entry.lifetime, entry.key),
            (None, None, None, None)
        );
    }

    #[test]
    fn each_way_to_say_the_end_is_read_and_two_are_refused() {
        assert_eq!(entry("host,lifetime\na,12h\n").lifetime, Lifetime::parse("12h"));
        assert_eq!(
            entry("host,not_after\na,2027-01-31\n").lifetime,
            Some(Lifetime::Until(datetime!(2027-01-31 23:59:59 UTC)))
        );
        let said = refusal("host,days,lifetime\na,3,12h\n");
        assert_eq!(
            said,
            "line 2, column `lifetime`: `days` is given too, and only one of them can be used"
        );
    }

    #[test]
    fn values_that_mean_nothing_are_named_with_line_and_column() {
        let said = |column: &str, value: &str| refusal(&format!("host,{column}\na.example,{value}\n"));
        assert_eq!(
            said("days", "0"),
            "line 2, column `days`: `0`: must be a whole number of days, at least 1"
        );
        assert_eq!(
            said("country", "DEU"),
            "line 2, column `country`: `DEU`: a country must be two letters, as in `DE`"
        );
        assert_eq!(
            said("san", "dns:ok x:db1"),
            "line 2, column `san`: `x:db1`: it must begin with `dns:`, `ip:`, `email:` or `uri:`"
        );
        assert_eq!(
            said("key_size", "1024"),
            "line 2, column `key_size`: `1024`: 1024-bit RSA keys are not supported: use 2048, 3072, 4096 \
             or 8192"
        );
        assert_eq!(
            said("key_size", "big"),
            "line 2, column `key_size`: `big`: must be a number of bits"
        );
        assert_eq!(
            said("key_type", "dsa"),
            "line 2, column `key_type`: `dsa`: unknown key type; use rsa, p256, p384, p521 or ed25519"
        );
        assert!(
            said("lifetime", "12")
                .starts_with("line 2, column `lifetime`: `12`: must be a number with a unit")
        );
        assert!(
            said("not_after", "31.1.2027")
                .starts_with("line 2, column `not_after`: `31.1.2027`: must be a time")
        );
        assert_eq!(
            refusal("host,cn\n,x\n"),
            "line 2, column `host`: the host is missing"
        );
    }

    #[test]
    fn long_values_are_cut_in_messages_and_made_visible() {
        let error = rows(&format!("host\n{}\n", "a_".repeat(200)))
            .remove(0)
            .entry
            .unwrap_err();
        assert_eq!(error.value, format!("{}…", "a_".repeat(20)));
        let row = rows("host\na\u{1b}[31m.example\n").remove(0);
        assert_eq!(row.host_text, "a\\x1B[31m.example");
        assert_eq!(
            row.entry.unwrap_err().problem,
            RowProblem::Character("\\x1B".into())
        );
    }

    #[test]
    fn a_host_that_stands_there_twice_is_refused_the_second_time() {
        let rows = rows("host,days\na.example,no\nb.example,1\nA.example,1\n[::1],1\n::1,1\n");
        assert_eq!(
            rows[2].entry.as_ref().unwrap_err().to_string(),
            "line 4, column `host`: `A.example`: it is already in line 2"
        );
        assert_eq!(
            rows[4].entry.as_ref().unwrap_err().problem,
            RowProblem::Repeated { first_line: 5 }
        );
        assert!(
            rows[1].entry.is_ok() && rows[3].entry.is_ok(),
            "one bad row stops no other"
        );
    }
}
