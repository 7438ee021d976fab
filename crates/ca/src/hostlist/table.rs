//! JSON and TOML: objects and tables, each a row with its line.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use toml::Spanned;

use super::cell::{Cell, RawRow};
use super::row::RowReader;
use super::{Column, ListError, ListFormat, RowProblem};
use gsec_pki::encoding::lines::Lines;

/// Reads `[{…}, …]` or `{"hosts": [{…}, …]}`.
pub(super) fn read_json(text: &str, reader: &mut RowReader) -> Result<(), ListError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Hosts<'a> {
        #[serde(borrow)]
        hosts: Vec<&'a RawValue>,
    }
    let is_object = text.trim_start().starts_with('{');
    let objects = if is_object {
        serde_json::from_str::<Hosts<'_>>(text).map(|list| list.hosts)
    } else {
        serde_json::from_str(text)
    };
    let lines = Lines::of(text);
    for object in objects.map_err(|error| json_syntax(&error))? {
        let line = lines.line(object.get().as_ptr().addr().saturating_sub(text.as_ptr().addr())) as u64;
        let row = match serde_json::from_str::<Pairs>(object.get()) {
            Ok(pairs) => row(line, pairs.0.into_iter().map(|(key, value)| (key, value.into())))?,
            Err(error) => RawRow {
                line,
                cells: Vec::new(),
                problem: Some(RowProblem::NoObject(json_problem(&error))),
            },
        };
        reader.push(row)?;
    }
    Ok(())
}

/// Reads tables `[[host]]`.
pub(super) fn read_toml(text: &str, reader: &mut RowReader) -> Result<(), ListError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Hosts {
        host: Vec<Spanned<toml::Table>>,
    }
    let list: Hosts = toml::from_str(text).map_err(|error| toml_syntax(text, &error))?;
    let lines = Lines::of(text);
    for table in list.host {
        let line = lines.line(table.span().start) as u64;
        reader.push(row(
            line,
            table
                .into_inner()
                .into_iter()
                .map(|(key, value)| (key, value.into())),
        )?)?;
    }
    Ok(())
}

fn row(line: u64, pairs: impl Iterator<Item = (String, Cell)>) -> Result<RawRow, ListError> {
    let mut row = RawRow {
        line,
        cells: Vec::new(),
        problem: None,
    };
    for (key, cell) in pairs {
        let column = Column::parse(&key).ok_or_else(|| ListError::UnknownColumn {
            line,
            column: super::error::shown(&key),
        })?;
        let is_repeated = row.cells.iter().any(|(found, _)| *found == column);
        row.cells.push((
            column,
            if is_repeated {
                Err((key, RowProblem::RepeatedKey))
            } else {
                Ok(cell)
            },
        ));
    }
    Ok(row)
}

/// The members of a JSON object as written; a map would keep the last of two with one key, and say nothing.
struct Pairs(Vec<(String, serde_json::Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Pairs;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl From<serde_json::Value> for Cell {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self::Text(String::new()),
            Value::String(text) => Self::Text(text),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::Array(values) => Self::List(values.into_iter().map(Self::from).collect()),
            Value::Bool(_) => Self::Other("a boolean"),
            Value::Object(_) => Self::Other("an object"),
        }
    }
}

impl From<toml::Value> for Cell {
    fn from(value: toml::Value) -> Self {
        use toml::Value;
        match value {
            Value::String(text) => Self::Text(text),
            // A time without quotes is as good as one with them.
            Value::Datetime(time) => Self::Text(time.to_string()),
            Value::Integer(number) => Self::Number(number.to_string()),
            Value::Float(number) => Self::Number(number.to_string()),
            Value::Array(values) => Self::List(values.into_iter().map(Self::from).collect()),
            Value::Boolean(_) => Self::Other("a boolean"),
            Value::Table(_) => Self::Other("a table"),
        }
    }
}

fn json_syntax(error: &serde_json::Error) -> ListError {
    ListError::Syntax {
        format: ListFormat::Json,
        line: error.line() as u64,
        column: error.column() as u64,
        problem: json_problem(error),
    }
}

/// What serde_json says, without the place at its end.
fn json_problem(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let problem = said
        .rsplit_once(" at line ")
        .map_or(said.as_str(), |(problem, _)| problem);
    super::error::said(problem)
}

fn toml_syntax(text: &str, error: &toml::de::Error) -> ListError {
    let (lines, at) = (Lines::of(text), error.span().map_or(0, |span| span.start));
    ListError::Syntax {
        format: ListFormat::Toml,
        line: lines.line(at) as u64,
        column: lines.column(at) as u64,
        problem: super::error::said(error.message()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Row, decode_host_list};

    fn rows(list: &str) -> Vec<Row> {
        decode_host_list(list.as_bytes(), None).expect("a list").rows
    }

    fn refusal(list: &str) -> String {
        decode_host_list(list.as_bytes(), None).unwrap_err().to_string()
    }

    fn problem(list: &str) -> String {
        rows(list).remove(0).entry.unwrap_err().to_string()
    }

    #[test]
    fn json_and_toml_say_the_same() {
        let object = "{\"host\": \"a.example\", \"san\": [\"dns:a\", \"ip:10.0.0.1\"], \"days\": 30, \"Key-Type\": \"p256\", \"ou\": \"A|B\", \"cn\": null}";
        let (array, wrapped) = (format!("[{object}]"), format!("{{\"hosts\": [{object}]}}"));
        let toml = "[[host]]\nhost = \"a.example\"\nsan = \"dns:a ip:10.0.0.1\"\ndays = \"30\"\nkey_type = \"p256\"\nou = [\"A\", \"B\"]\n";
        let entries = [&array, &wrapped, toml].map(|list| rows(list).remove(0).entry.expect("an entry"));
        assert!(
            entries[0] == entries[1] && entries[1] == entries[2],
            "{entries:?}"
        );
        assert_eq!((entries[0].further_names.len(), entries[0].subject.len()), (2, 2));
    }

    #[test]
    fn each_row_has_its_line() {
        let lines = |list| rows(list).iter().map(|row| row.line).collect::<Vec<_>>();
        assert_eq!(
            lines("[\n  {\"host\": \"a\"},\n  {\n  \"host\": \"b\"}, {\"host\": \"c\"}\n]"),
            [2, 3, 4]
        );
        assert_eq!(
            lines("# two\n[[host]]\nhost = \"a\"\n\n[[host]]\nhost = \"b\"\n"),
            [2, 5]
        );
        assert_eq!(lines("[]"), Vec::<u64>::new());
    }

    #[test]
    fn times_of_toml_need_no_quotes() {
        let end = |value: &str| {
            rows(&format!("[[host]]\nhost = \"a\"\nnot_after = {value}\n"))
                .remove(0)
                .entry
                .expect("an entry")
                .lifetime
        };
        assert_eq!(end("2027-01-31"), end("\"2027-01-31\""));
        assert_eq!(end("2027-01-31T12:00:00Z"), end("\"2027-01-31T12:00:00Z\""));
    }

    #[test]
    fn syntax_errors_have_line_and_column() {
        assert_eq!(
            refusal("[\n {\"host\": }\n]"),
            "line 2, column 11: it is not the JSON of a list of hosts: expected value"
        );
        let broken = refusal("[[host]]\nhost = a.example\n");
        assert!(broken.starts_with("line 2, column "), "{broken}");
        assert!(refusal("{\"host\": []}").contains("unknown field `host`"));
        assert!(refusal("[{}] x").contains("trailing characters"));
        assert!(
            refusal("[[host]]\nhost = 'a'\nhost = 'b'\n")
                .starts_with("line 3, column 1: it is not the TOML of a list of hosts: duplicate key")
        );
        assert!(decode_host_list(&b"[".repeat(100_000), Some("x.json")).is_err());
        let deep = format!("[{{\"host\": {}{}}}]", "[".repeat(1000), "]".repeat(1000));
        assert_eq!(
            problem(&deep),
            "line 1: it is not usable: recursion limit exceeded"
        );
    }

    #[test]
    fn unknown_keys_refuse_the_list_and_a_missing_host_its_row() {
        assert!(
            refusal("[{\"host\": \"a\"},\n{\"hosst\": \"b\"}]").starts_with("line 2: unknown column `hosst`")
        );
        assert!(refusal("[[host]]\nhost = 'a'\ntyp = 'b'\n").starts_with("line 1: unknown column `typ`"));
        assert_eq!(
            problem("[{\"cn\": \"x\"}]"),
            "line 1, column `host`: the host is missing"
        );
    }

    #[test]
    fn values_of_the_wrong_kind_are_named() {
        assert_eq!(
            problem("[{\"host\": 7}]"),
            "line 1, column `host`: `7`: it is a number, and must be a string"
        );
        assert_eq!(
            problem("[{\"host\": [\"a\"]}]"),
            "line 1, column `host`: it is an array, and must be a string"
        );
        assert_eq!(
            problem("[{\"host\": \"a\", \"days\": true}]"),
            "line 1, column `days`: it is a boolean, and must be a number or a string"
        );
        assert_eq!(
            problem("[{\"host\": \"a\", \"san\": {}}]"),
            "line 1, column `san`: it is an object, and must be a string or an array"
        );
        assert_eq!(
            problem("[{\"host\": \"a\", \"ou\": [1]}]"),
            "line 1, column `ou`: it is a number, and must be a string"
        );
        assert_eq!(
            problem("[7]"),
            "line 1: it is not usable: invalid type: integer `7`, expected an object"
        );
        assert_eq!(
            problem("[{\"host\": \"a\", \"days\": 1.5}]"),
            "line 1, column `days`: `1.5`: must be a whole number of days, at least 1"
        );
        let twice = "[{\"host\": \"a\", \"key_type\": \"rsa\", \"key-type\": \"p256\"}]";
        assert_eq!(
            problem(twice),
            "line 1, column `key_type`: `key-type`: it is given twice"
        );
        assert!(problem("[{\"host\": \"a\\u0000\"}]").ends_with("it contains the invalid character `\\x00`"));
    }
}
