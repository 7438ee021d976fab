//! Lists of any length, written as they are found: text in columns, one JSON document, or one JSON document a line.

use std::io::{self, Write};

use serde::Serialize;

use super::page::Columns;
use super::{Screen, Tone};
use gsec_pki::encoding::visible::visible_json;

/// Column widths come from the widest cell of this many rows; wider cells in later rows overflow.
const MEASURED_ROWS: usize = 500;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListForm {
    /// Columns for people.
    Text,
    /// One document.
    Json,
    /// One document for each row, on a line of its own.
    JsonLines,
}

/// The form that `--json` and `--jsonl` ask for.
pub fn to_list_form(json: bool, json_lines: bool) -> ListForm {
    match (json, json_lines) {
        (_, true) => ListForm::JsonLines,
        (true, false) => ListForm::Json,
        (false, false) => ListForm::Text,
    }
}

/// One row.
pub trait Row: Serialize {
    /// The headings of its columns.
    const HEADINGS: &'static [&'static str];

    /// Its cells, one for each heading.
    fn cells(&self) -> Vec<String>;

    /// Which of them stands out, and how.
    fn verdict(&self) -> Option<(usize, Tone)> {
        None
    }
}

/// The parts around the rows.
pub struct List<'a, H: Serialize> {
    /// The name of the JSON document's form.
    pub schema: &'static str,
    /// The part before the rows in JSON.
    pub head: &'a H,
    /// What the rows are called in JSON.
    pub rows_name: &'static str,
    /// The sentence in place of no rows.
    pub empty: &'static str,
    /// What the text is shown on.
    pub screen: Screen,
}

#[derive(Serialize)]
struct Head<'a, H> {
    schema: &'static str,
    #[serde(flatten)]
    head: &'a H,
}

/// Gives rows to a function, one after another, until it fails.
pub type Rows<'a, R, E> = &'a mut dyn FnMut(&mut dyn FnMut(R) -> Result<(), E>) -> Result<(), E>;

impl<H: Serialize> List<'_, H> {
    /// Writes the rows, then the result of `tail`: an object whose members follow the rows in JSON, and a text.
    ///
    /// # Errors
    /// Those of `out` and of `rows`.
    pub fn write<R: Row, T: Serialize, E: From<io::Error>>(
        &self,
        form: ListForm,
        mut rows: impl Iterator<Item = Result<R, E>>,
        tail: impl FnOnce() -> (T, String),
        out: &mut dyn Write,
    ) -> Result<(), E> {
        self.write_from(form, &mut |take| rows.try_for_each(|row| take(row?)), tail, out)
    }

    /// The same with rows that come by themselves.
    ///
    /// # Errors
    /// As [`List::write`].
    pub fn write_from<R: Row, T: Serialize, E: From<io::Error>>(
        &self,
        form: ListForm,
        rows: Rows<'_, R, E>,
        tail: impl FnOnce() -> (T, String),
        out: &mut dyn Write,
    ) -> Result<(), E> {
        match form {
            ListForm::Text => {
                write_columns(rows, self.empty, self.screen, out)?;
                out.write_all(tail().1.as_bytes())?;
            }
            ListForm::JsonLines => rows(&mut |row| Ok(writeln!(out, "{}", compact(&row))?))?,
            ListForm::Json => self.write_document(rows, || tail().0, out)?,
        }
        Ok(())
    }

    fn write_document<R: Row, T: Serialize, E: From<io::Error>>(
        &self,
        rows: Rows<'_, R, E>,
        tail: impl FnOnce() -> T,
        out: &mut dyn Write,
    ) -> Result<(), E> {
        let head = pretty(&Head {
            schema: self.schema,
            head: self.head,
        });
        write!(
            out,
            "{},\n  \"{}\": [",
            head.trim_end_matches(['}', '\n']),
            self.rows_name
        )?;
        let mut count = 0;
        rows(&mut |row| {
            write!(
                out,
                "{}\n    {}",
                if count == 0 { "" } else { "," },
                compact(&row)
            )?;
            count += 1;
            Ok(())
        })?;
        let tail = pretty(&tail());
        Ok(writeln!(
            out,
            "{}],{}",
            if count == 0 { "" } else { "\n  " },
            tail.trim_start_matches('{')
        )?)
    }
}

fn compact(value: &impl Serialize) -> String {
    visible_json(&serde_json::to_string(value).expect("a report of strings and numbers serialises"))
}

fn pretty(value: &impl Serialize) -> String {
    visible_json(&serde_json::to_string_pretty(value).expect("a report of strings and numbers serialises"))
}

fn write_columns<R: Row, E: From<io::Error>>(
    rows: Rows<'_, R, E>,
    empty: &str,
    screen: Screen,
    out: &mut dyn Write,
) -> Result<(), E> {
    let mut writer = Writer {
        waiting: Vec::new(),
        columns: None,
        screen,
    };
    rows(&mut |row| Ok(writer.take(&row, out)?))?;
    if writer.waiting.is_empty() && writer.columns.is_none() {
        return match empty {
            "" => Ok(()),
            sentence => Ok(writeln!(out, "{sentence}")?),
        };
    }
    Ok(writer.measure::<R>(out)?)
}

/// The cells of a row, and which of them stands out.
type Cells = (Vec<String>, Option<(usize, Tone)>);

/// Rows on their way to the page: the first ones wait until it is known how wide the columns are.
struct Writer {
    waiting: Vec<Cells>,
    columns: Option<Columns>,
    screen: Screen,
}

impl Writer {
    fn take<R: Row>(&mut self, row: &R, out: &mut dyn Write) -> io::Result<()> {
        let (cells, verdict) = (row.cells(), row.verdict());
        if let Some(columns) = &self.columns {
            return out.write_all(columns.row(&cells, verdict).as_bytes());
        }
        self.waiting.push((cells, verdict));
        if self.waiting.len() == MEASURED_ROWS {
            self.measure::<R>(out)?;
        }
        Ok(())
    }

    /// Writes the headings and the rows that waited, unless that is done.
    fn measure<R: Row>(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.columns.is_some() {
            return Ok(());
        }
        let (rows, verdicts): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting).into_iter().unzip();
        let columns = Columns::measured(R::HEADINGS, &rows, self.screen);
        out.write_all(columns.headings(R::HEADINGS).as_bytes())?;
        for (cells, verdict) in rows.iter().zip(verdicts) {
            out.write_all(columns.row(cells, verdict).as_bytes())?;
        }
        self.columns = Some(columns);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Numbered {
        serial: String,
        subject: String,
    }

    impl Row for Numbered {
        const HEADINGS: &'static [&'static str] = &["serial", "subject"];

        fn cells(&self) -> Vec<String> {
            vec![self.serial.clone(), self.subject.clone()]
        }
    }

    #[derive(Serialize)]
    struct Around {
        ca_dir: &'static str,
    }

    fn written(form: ListForm, count: usize) -> String {
        let list = List {
            schema: "gsec/test/1",
            head: &Around { ca_dir: "ca" },
            rows_name: "certificates",
            empty: "No certificates",
            screen: Screen::default(),
        };
        let rows = (0..count).map(|number| {
            Ok::<_, io::Error>(Numbered {
                serial: format!("{number:02X}"),
                subject: "a\u{1b}[2J".into(),
            })
        });
        let mut out = Vec::new();
        list.write(
            form,
            rows,
            || (Around { ca_dir: "tail" }, "after\n".into()),
            &mut out,
        )
        .expect("memory takes all");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn text_is_aligned_beyond_what_was_measured() {
        let text = written(ListForm::Text, MEASURED_ROWS + 1);
        let last = text.lines().nth(MEASURED_ROWS + 1).expect("a row");
        assert_eq!(last, "1F4     a\\x1B[2J");
        assert!(text.ends_with("after\n"));
        assert_eq!(written(ListForm::Text, 0), "No certificates\nafter\n");
    }

    #[test]
    fn json_is_one_document_with_or_without_rows() {
        for count in [0, 3] {
            let document: serde_json::Value =
                serde_json::from_str(&written(ListForm::Json, count)).expect("JSON");
            assert_eq!(document["schema"], "gsec/test/1");
            assert_eq!(document["certificates"].as_array().map(Vec::len), Some(count));
            assert_eq!(document["ca_dir"], "tail", "the last of two equal names counts");
        }
    }

    #[test]
    fn json_lines_are_one_document_each() {
        let text = written(ListForm::JsonLines, 2);
        let serials: Vec<String> = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["serial"].to_string())
            .collect();
        assert_eq!(serials, ["\"00\"", "\"01\""]);
    }
}
