//! Text laid out for reading: sentences, and facts in two columns.

use time::Duration;

use super::screen::{Screen, wrapped};
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::parse_time;

/// Width of the left column.
const LABEL_WIDTH: usize = 14;

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
        let left = self.screen.now.and_then(|now| Some(parse_time(time)? - now));
        // An end in the year 9999 stands for none (RFC 5280 §4.1.2.5).
        let left = left
            .filter(|left| *left < Duration::days(100 * 366))
            .map(in_words);
        match left {
            Some(left) => self.fact(label, &format!("{time} ({left})")),
            None => self.fact(label, time),
        }
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
        self.text
            .push_str(&wrapped(&visible(sentence), self.screen.width, indent));
        self.text.push('\n');
    }

    /// A command to type, which is never broken.
    pub fn command(&mut self, line: &str) {
        self.text.push_str(&visible(line));
        self.text.push('\n');
    }

    /// A fact: its label, and its value.
    pub fn fact(&mut self, label: &str, value: &str) {
        // A digest of 64 digits just fits into 80 columns if it moves to the left.
        let length = visible(value).chars().count();
        let is_one_word = !value.contains(' ');
        let room = self
            .screen
            .width
            .filter(|_| is_one_word)
            .map(|width| width.saturating_sub(3 + length));
        let label_width = room.map_or(LABEL_WIDTH, |room| {
            room.clamp(label.len().min(LABEL_WIDTH), LABEL_WIDTH)
        });
        self.hanging(2 + LABEL_WIDTH + 1, &format!("  {label:<label_width$} {value}"));
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

    /// Columns under headings, each as wide as its widest cell; the last one runs free. Returns the widths.
    pub fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) -> Vec<usize> {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| visible(cell)).collect())
            .collect();
        let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
        let all = || std::iter::once(&headings).chain(&rows);
        let width = |column: usize| {
            all()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..headings.len()).map(width).collect();
        for row in all() {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            self.text.push_str(cells.join("  ").trim_end());
            self.text.push('\n');
        }
        widths
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// How far away a time is: `in 99 days`, `in 5 hours`, `2 days ago`.
fn in_words(left: Duration) -> String {
    // To the nearest: what was issued for 100 days ends in 100 days, not in 99.
    let size = left.abs();
    let rounded = |unit: Duration| (size.whole_seconds() + unit.whole_seconds() / 2) / unit.whole_seconds();
    let units = [
        (Duration::DAY, "day"),
        (Duration::HOUR, "hour"),
        (Duration::MINUTE, "minute"),
    ];
    let counted = units.map(|(unit, name)| (rounded(unit), name));
    let (count, unit) = counted
        .into_iter()
        .find(|(count, _)| *count > 0)
        .unwrap_or((0, "minute"));
    let plural = if count == 1 { "" } else { "s" };
    if left.is_negative() {
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
    fn ends_are_counted_from_now() {
        let now = time::macros::datetime!(2026-11-29 12:00 UTC);
        let mut page = Page::new(false).on(Screen {
            now: Some(now),
            width: None,
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
                "in 100 days)"
            ]
        );
    }
}
