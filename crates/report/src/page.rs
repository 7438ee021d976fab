//! Text laid out for reading: sentences, and facts in two columns.

use time::{Duration, OffsetDateTime};

use super::placed::{EXCERPT_COLUMNS, marked_lines};
use super::screen::{Screen, columns, wrapped, wrapped_command};
use super::tone::Tone;
use gsec_pki::encoding::hex::{Separator, decode, encode};
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::{days_left, parse_time};
use gsec_platform::finding::Excerpt;

/// Width of the left column.
const LABEL_WIDTH: usize = 14;
/// Where the right column begins.
const VALUE_COLUMN: usize = 2 + LABEL_WIDTH + 1;
/// A last column that is narrower goes on under the first ones.
const MIN_LAST_COLUMN: usize = 24;

/// A text under construction. Values go through [`visible`], because they may come from elsewhere.
#[derive(Debug, Default)]
pub struct Page {
    text: String,
    verbose: bool,
    screen: Screen,
}

impl Page {
    /// An empty text, which takes details only when `verbose`.
    pub fn new(verbose: bool) -> Self {
        Self {
            text: String::new(),
            verbose,
            screen: Screen::default(),
        }
    }

    /// For this screen.
    pub fn on(self, screen: Screen) -> Self {
        Self { screen, ..self }
    }

    /// When something ends, and in how many days that is.
    pub fn end(&mut self, label: &str, time: &str) {
        self.fact(label, &self.with_distance(time));
    }

    /// A time with how far away it is behind it, where that is known and says something.
    pub fn with_distance(&self, time: &str) -> String {
        let ends = self.screen.now.and_then(|now| Some((parse_time(time)?, now)));
        // An end in the year 9999 stands for none (RFC 5280 §4.1.2.5).
        let left = ends
            .filter(|(end, now)| *end - *now < Duration::days(100 * 366))
            .map(|(end, now)| in_words(end, now));
        match left {
            Some(left) => format!("{time} ({left})"),
            None => time.to_owned(),
        }
    }

    /// Whether details are shown.
    pub fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// A fact that is shown with `-v` only.
    pub fn detail(&mut self, label: &str, value: &str) {
        if self.verbose {
            self.fact(label, value);
        }
    }

    /// A fact that is shown with `-v` only, when there is one.
    pub fn detail_if(&mut self, label: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.detail(label, value);
        }
    }

    /// A sentence; what is not gsec's own in it is shown safely.
    pub fn line(&mut self, sentence: &str) {
        let indent = sentence.len() - sentence.trim_start_matches(' ').len();
        self.hanging(indent + 2, sentence);
    }

    /// A sentence whose further lines begin at this column.
    pub fn hanging(&mut self, indent: usize, sentence: &str) {
        self.words(indent, &[(Tone::Plain, sentence)]);
    }

    /// A sentence of parts, of which some stand out. Further lines begin at this column.
    pub fn words(&mut self, indent: usize, parts: &[(Tone, &str)]) {
        let line: String = parts
            .iter()
            .map(|(tone, part)| self.painted(*tone, part))
            .collect();
        self.text.push_str(&wrapped(&line, self.screen.width, indent));
        self.text.push('\n');
    }

    /// A command to type, after words that are not typed: it is broken only so that what is copied works.
    pub fn command(&mut self, before: &str, command: &str) {
        let line = wrapped_command(&visible(before), &visible(command), self.screen.width);
        self.text.push_str(&line);
        self.text.push('\n');
    }

    /// A part of a text as it is, with a line under it that marks what is meant. It is not broken; where the screen is narrow, less of it
    /// is shown. Tabs stay, so that the text can be recognized; everything else that cannot be seen is shown as an escape.
    pub fn excerpt(&mut self, indent: usize, excerpt: &Excerpt) {
        let room = self.screen.width.map_or(EXCERPT_COLUMNS, |width| {
            width.saturating_sub(indent + 1).max(MIN_LAST_COLUMN)
        });
        let (text, caret) = marked_lines(excerpt, room);
        for (line, tone) in [(text, Tone::Plain), (caret, Tone::Bad)] {
            self.text.push_str(&" ".repeat(indent));
            self.text
                .push_str(tone.paint(&line, self.screen.color).trim_end_matches(' '));
            self.text.push('\n');
        }
    }

    fn painted(&self, tone: Tone, words: &str) -> String {
        tone.paint(&visible(words), self.screen.color)
    }

    /// A fact: its label, and its value.
    pub fn fact(&mut self, label: &str, value: &str) {
        self.fact_of(label, &[(Tone::Plain, value)]);
    }

    /// A fact of which parts stand out.
    pub fn fact_of(&mut self, label: &str, parts: &[(Tone, &str)]) {
        // A digest of 64 digits just fits into 80 columns if it moves to the left.
        let is_one_word = parts.iter().all(|(_, part)| !part.contains(' '));
        let length: usize = parts.iter().map(|(_, part)| columns(&visible(part))).sum();
        let room = self
            .screen
            .width
            .filter(|_| is_one_word)
            .map(|width| width.saturating_sub(3 + length));
        let label_width = room.map_or(LABEL_WIDTH, |room| {
            room.clamp(label.len().min(LABEL_WIDTH), LABEL_WIDTH)
        });
        let label = format!("  {label:<label_width$} ");
        let line: Vec<(Tone, &str)> = std::iter::once((Tone::Plain, label.as_str()))
            .chain(parts.iter().copied())
            .collect();
        self.words(VALUE_COLUMN, &line);
    }

    /// A thumbprint, or another digest of a certificate or key, from its digits: in the form that OpenSSL and browsers show. Where a terminal is
    /// too narrow, it goes on in the next line.
    pub fn digest(&mut self, label: &str, digits: &str) {
        let Some(bytes) = decode(digits) else {
            return self.fact(label, digits);
        };
        let room = self
            .screen
            .width
            .map_or(usize::MAX, |width| width.saturating_sub(VALUE_COLUMN));
        // A byte takes three columns with its colon, the last one two.
        let per_line = [bytes.len(), 16, 8]
            .into_iter()
            .find(|count| (count * 3).saturating_sub(1) <= room)
            .unwrap_or(8);
        let count = bytes.chunks(per_line).count();
        let lines = bytes.chunks(per_line).enumerate().map(|(number, bytes)| {
            let colon = if number + 1 < count { ":" } else { "" };
            encode(bytes, Separator::Colon) + colon
        });
        let lines: Vec<String> = lines.collect();
        self.facts(label, lines.iter().map(String::as_str));
    }

    /// A digest, when there is one.
    pub fn digest_if(&mut self, label: &str, digits: Option<&str>) {
        if let Some(digits) = digits {
            self.digest(label, digits);
        }
    }

    /// A fact, when there is one.
    pub fn fact_if(&mut self, label: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.fact(label, value);
        }
    }

    /// Several values under one label, which is printed before the first.
    pub fn facts<'a>(&mut self, label: &str, values: impl IntoIterator<Item = &'a str>) {
        let mut label = label;
        for value in values {
            self.fact(label, value);
            label = "";
        }
    }

    /// Names under one label: of thousands the first fifty, and how many more there are; JSON has all.
    pub fn names(&mut self, label: &str, names: &[String]) {
        const SHOWN: usize = 50;
        self.facts(label, names.iter().take(SHOWN).map(String::as_str));
        if let Some(more @ 1..) = names.len().checked_sub(SHOWN) {
            self.fact("", &format!("and {more} more; `--json` has them all"));
        }
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Columns under headings, each as wide as its widest cell; the last one runs free.
    pub fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) {
        let columns = Columns::measured(headings, rows, self.screen);
        self.text.push_str(&columns.headings(headings));
        rows.iter()
            .for_each(|row| self.text.push_str(&columns.row(row, None)));
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Columns {
    widths: Vec<usize>,
    screen: Screen,
}

impl Columns {
    /// Columns as wide as the widest cell of these rows.
    pub(super) fn measured(headings: &[&str], rows: &[Vec<String>], screen: Screen) -> Self {
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let widest = cells.map(|cell| columns(&visible(cell))).max().unwrap_or(0);
            widest.max(columns(headings[column]))
        };
        Self {
            widths: (0..headings.len()).map(width).collect(),
            screen,
        }
    }

    pub(super) fn headings(&self, headings: &[&str]) -> String {
        let cells: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
        self.line(&cells, |_| Tone::Strong)
    }

    /// A row; `verdict` says which of its cells stands out, and how.
    pub(super) fn row(&self, cells: &[String], verdict: Option<(usize, Tone)>) -> String {
        self.line(cells, |column| match verdict {
            Some((verdict, tone)) if verdict == column => tone,
            _ => Tone::Plain,
        })
    }

    fn line(&self, cells: &[String], tone: impl Fn(usize) -> Tone) -> String {
        let before_last: usize = self.widths.iter().rev().skip(1).map(|width| width + 2).sum();
        let is_wide = self
            .screen
            .width
            .is_none_or(|width| width >= before_last + MIN_LAST_COLUMN);
        let mut line = String::new();
        for (column, (cell, width)) in cells.iter().zip(&self.widths).enumerate() {
            let cell = visible(cell);
            let padding = (width + 2).saturating_sub(columns(&cell)).max(2);
            line.push_str(&tone(column).paint(&cell, self.screen.color));
            line.push_str(&" ".repeat(padding));
        }
        let indent = if is_wide { before_last } else { 4 };
        wrapped(line.trim_end(), self.screen.width, indent) + "\n"
    }
}

/// How far away a time is: `in 99 days`, `in 5 hours`, `2 days ago`. Only what is whole is counted, as [`days_left`] does everywhere.
fn in_words(end: OffsetDateTime, now: OffsetDateTime) -> String {
    let is_over = end < now;
    let distance = (end - now).abs();
    let days = if is_over {
        distance.whole_days()
    } else {
        days_left(end, now)
    };
    let (count, unit) = match (days, distance.whole_hours()) {
        (1.., _) => (days, "day"),
        (_, hours @ 1..) => (hours, "hour"),
        _ => (distance.whole_minutes(), "minute"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if is_over {
        format!("{count} {unit}{plural} ago")
    } else {
        format!("in {count} {unit}{plural}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_act_on_the_terminal() {
        let mut page = Page::default();
        page.fact("subject", "CN=a\u{1b}[2J\nx");
        page.table(&["a"], &[vec!["b\u{202e}".into()]]);
        assert_eq!(
            page.into_text(),
            "  subject        CN=a\\x1B[2J\\x0Ax\na\nb\\u{202E}\n"
        );
    }

    #[test]
    fn columns_are_aligned_and_the_last_is_not_padded() {
        let mut page = Page::default();
        page.table(&["serial", "subject"], &[vec!["01".into(), "CN=x".into()]]);
        assert_eq!(page.into_text(), "serial  subject\n01      CN=x\n");
    }

    #[test]
    fn last_column_goes_on_under_itself_or_where_it_is_narrow_under_the_first() {
        let row = |serial: &str| {
            vec![
                serial.to_owned(),
                "db1.example.com, db1, 10.0.0.5, 10.0.0.6".into(),
            ]
        };
        let shown = |serial: &str, color: bool| {
            let mut page = Page::new(false).on(Screen {
                width: Some(40),
                color,
                ..Screen::default()
            });
            page.table(&["serial", "names"], &[row(serial)]);
            page.into_text()
        };
        assert_eq!(
            shown("01", false),
            "serial  names\n01      db1.example.com, db1, 10.0.0.5,\n        10.0.0.6\n"
        );
        assert_eq!(
            shown(&"0".repeat(32), false).lines().skip(1).collect::<Vec<_>>(),
            [
                "0".repeat(32).as_str(),
                "    db1.example.com, db1, 10.0.0.5,",
                "    10.0.0.6"
            ]
        );
        assert_eq!(
            shown("01", true).lines().nth(1),
            shown("01", false).lines().nth(1),
            "what is in the rows stays where it is"
        );
    }

    #[test]
    fn digests_are_whole_where_they_fit_and_broken_between_bytes_where_not() {
        let digits = "0123456789abcdef".repeat(4);
        let shown = |width| {
            let mut page = Page::new(false).on(Screen {
                width,
                ..Screen::default()
            });
            page.digest("sha256", &digits);
            page.into_text()
        };
        let eight = "01:23:45:67:89:AB:CD:EF";
        let half = format!("{eight}:{eight}");
        assert_eq!(shown(None), format!("  sha256         {half}:{half}\n"));
        assert_eq!(shown(Some(112)), format!("  sha256         {half}:{half}\n"));
        assert_eq!(
            shown(Some(80)),
            format!("  sha256         {half}:\n                 {half}\n")
        );
        assert_eq!(shown(Some(60)).lines().count(), 4);
    }

    #[test]
    fn what_stands_out_is_safe_too() {
        let mut page = Page::new(false).on(Screen {
            color: true,
            ..Screen::default()
        });
        page.fact_of(
            "verdict",
            &[(Tone::Bad, "a\u{1b}[2J"), (Tone::Plain, "\u{1b}[0m")],
        );
        let text = page.into_text();
        assert!(
            text.contains("a\\x1B[2J") && text.ends_with("\\x1B[0m\n"),
            "{text}"
        );
    }

    #[test]
    fn ends_are_counted_from_now() {
        let now = time::macros::datetime!(2026-11-29 12:00 UTC);
        let mut page = Page::new(false).on(Screen {
            now: Some(now),
            ..Screen::default()
        });
        for time in [
            "2027-03-08T15:00:00Z",
            "2026-11-30T13:00:00Z",
            "2026-11-29T12:20:00Z",
            "2026-11-27T11:00:00Z",
            "2027-03-09T11:59:58Z",
        ] {
            page.end("valid until", time);
        }
        Page::new(false).end("valid until", "2027-03-08T15:00:00Z");
        let text = page.into_text();
        let ends: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once('('))
            .map(|(_, end)| end)
            .collect();
        assert_eq!(
            ends,
            [
                "in 99 days)",
                "in 1 day)",
                "in 20 minutes)",
                "2 days ago)",
                "in 99 days)"
            ]
        );
    }
}
