//! What a linter found in a text: with the line, and a mark under what is meant.

use serde::Serialize;

use super::screen::columns;
use super::{FindingCounts, Page, Tone};
use gsec_pki::encoding::visible::visible;
use gsec_platform::finding::{Excerpt, Finding, Findings, Place, is_odd_blank};

/// How much of a line is shown where no terminal says how wide it is.
pub(super) const EXCERPT_COLUMNS: usize = 100;
/// Where what belongs to a finding is indented to, as in a report of doctor's.
const INDENT: usize = 10;
/// A tab as terminals show it at most.
const TAB_COLUMNS: usize = 8;
/// What stands for the rest of a line.
const CUT: &str = "…";

/// A place that a finding is about.
#[derive(Debug, Clone, Serialize)]
pub struct FoundPlace {
    /// The file, as it was named; null where there is only one text.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// How many characters; 0 where something is missing.
    pub length: usize,
    /// The line, or a part of it, as it can be shown: secrets are masked.
    pub excerpt: String,
    /// What is under it, with a mark for each character that is meant.
    pub caret: String,
    #[serde(skip)]
    parts: Excerpt,
}

/// One thing that was found in a text.
#[derive(Debug, Clone, Serialize)]
pub struct PlacedFinding {
    /// Its stable name.
    pub slug: &'static str,
    /// `error`, `warning` or `notice`.
    pub severity: &'static str,
    /// What was seen.
    pub message: String,
    /// What to do about it; null when the message says it.
    pub help: Option<String>,
    /// Where it is; the first one has the fault. Empty where something is missing.
    pub places: Vec<FoundPlace>,
}

impl From<Place> for FoundPlace {
    fn from(place: Place) -> Self {
        let (excerpt, caret) = marked_lines(&place.excerpt, EXCERPT_COLUMNS);
        Self {
            file: place.file,
            line: place.line,
            column: place.column,
            length: place.length,
            excerpt,
            caret,
            parts: place.excerpt,
        }
    }
}

impl From<Finding> for PlacedFinding {
    fn from(finding: Finding) -> Self {
        Self {
            slug: finding.slug,
            severity: finding.severity.name(),
            message: finding.seen,
            help: finding.help,
            places: finding.places.into_iter().map(FoundPlace::from).collect(),
        }
    }
}

/// The findings about one text that are shown, and how many there are.
#[derive(Debug, Clone, Serialize)]
pub struct PlacedFindings {
    /// Those that are shown: errors before others where there are too many.
    pub findings: Vec<PlacedFinding>,
    /// How many more there are.
    pub findings_left_out: usize,
    /// All of them, those that are left out too.
    #[serde(skip)]
    pub counts: FindingCounts,
}

impl From<Findings> for PlacedFindings {
    fn from(found: Findings) -> Self {
        let left_out = found.left_out();
        let findings: Vec<PlacedFinding> = found.into_iter().map(PlacedFinding::from).collect();
        let mut counts = FindingCounts::of(&findings);
        counts.error += left_out.errors;
        counts.warning += left_out.warnings;
        counts.notice += left_out.notices;
        Self {
            findings,
            findings_left_out: left_out.total(),
            counts,
        }
    }
}

impl PlacedFindings {
    /// Under the name of the text. `clean`: what is said where nothing was found.
    pub fn text(&self, page: &mut Page, name: &str, clean: &str, file: Option<&str>) {
        let counts = self.counts.in_words();
        let mut parts = vec![(Tone::Strong, name), (Tone::Plain, ": ")];
        if counts.is_empty() {
            parts.push((Tone::Good, clean));
        }
        parts.extend(counts.iter().map(|(tone, words)| (*tone, words.as_str())));
        page.words(2, &parts);
        self.findings.iter().for_each(|finding| finding.text(page, file));
        if self.findings_left_out > 0 {
            page.line(&format!(
                "  and {} more, which are not shown",
                self.findings_left_out
            ));
        }
    }
}

impl FindingCounts {
    /// Of several texts.
    pub fn sum<'a>(all: impl IntoIterator<Item = &'a PlacedFindings>) -> Self {
        all.into_iter().fold(Self::default(), |sum, of_text| Self {
            error: sum.error + of_text.counts.error,
            warning: sum.warning + of_text.counts.warning,
            notice: sum.notice + of_text.counts.notice,
        })
    }

    /// Of one text.
    pub fn of(findings: &[PlacedFinding]) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match finding.severity {
                "error" => counts.error += 1,
                "warning" => counts.warning += 1,
                _ => counts.notice += 1,
            }
        }
        counts
    }

    /// `1 error, 2 warnings`; empty where there is nothing.
    pub(super) fn in_words(&self) -> Vec<(Tone, String)> {
        let counts = [
            (self.error, "error"),
            (self.warning, "warning"),
            (self.notice, "notice"),
        ];
        let mut parts: Vec<(Tone, String)> = Vec::new();
        for (count, name) in counts.into_iter().filter(|(count, _)| *count > 0) {
            if !parts.is_empty() {
                parts.push((Tone::Plain, ", ".into()));
            }
            let plural = if count == 1 { "" } else { "s" };
            parts.push((Tone::of_severity(name), format!("{count} {name}{plural}")));
        }
        parts
    }
}

impl PlacedFinding {
    /// In a report whose heading names the file, which is not named again. `None`: every place names its own.
    pub fn text(&self, page: &mut Page, file: Option<&str>) {
        let padding = " ".repeat(8_usize.saturating_sub(self.severity.len()));
        let place = self
            .places
            .first()
            .map(|place| place.in_words(file))
            .unwrap_or_default();
        page.words(
            INDENT,
            &[
                (Tone::Plain, "  "),
                (Tone::of_severity(self.severity), self.severity),
                (Tone::Plain, &padding),
                (Tone::Strong, self.slug),
                (Tone::Plain, &format!(": {place}{}", self.message)),
            ],
        );
        FoundPlace::excerpts(&self.places, page, file);
        if let Some(help) = &self.help {
            page.hanging(INDENT, &format!("{:INDENT$}help: {help}", ""));
        }
    }
}

impl FoundPlace {
    /// The lines of all places, each with its mark; the heading of a finding names the first place.
    pub(super) fn excerpts(places: &[Self], page: &mut Page, file: Option<&str>) {
        for (number, place) in places.iter().enumerate() {
            if number > 0 {
                let words = place.in_words(file);
                page.hanging(
                    INDENT,
                    &format!("{:INDENT$}also {}", "", words.trim_end_matches(": ")),
                );
            }
            if !place.excerpt.is_empty() {
                page.excerpt(INDENT, &place.parts);
            }
        }
    }

    /// The file, the line and the column, as far as they are not known from the heading.
    pub(super) fn in_words(&self, heading: Option<&str>) -> String {
        let position = format!("line {}, column {}: ", self.line, self.column);
        match &self.file {
            Some(file) if heading != Some(file) => format!("{file}, {position}"),
            _ => position,
        }
    }
}

/// An excerpt as it is shown, and the line under it: tabs are copied, so that the mark stands under what is meant however wide they
/// are, but for one that is meant itself.
pub(super) fn marked_lines(excerpt: &Excerpt, room: usize) -> (String, String) {
    let [mut before, marked, mut after] =
        [&excerpt.before, &excerpt.marked, &excerpt.after].map(|text| cells(text));
    let (mut is_cut_before, mut is_cut_after) = (excerpt.is_cut_before, excerpt.is_cut_after);
    let mut marked_room = room.saturating_sub(2 * columns(CUT));
    let marked: Vec<String> = marked
        .into_iter()
        .map(|cell| if cell == "\t" { visible(&cell) } else { cell })
        .collect();
    let marked = fitting(marked, &mut marked_room, &mut is_cut_after, false);
    // Two thirds of what is left are for what comes before: names stand before what is wrong with them.
    let used: usize = width(&after).min(marked_room / 3);
    let mut before_room = marked_room - used;
    before = fitting(before, &mut before_room, &mut is_cut_before, true);
    let mut after_room = before_room + used;
    after = fitting(after, &mut after_room, &mut is_cut_after, false);
    let start = if is_cut_before { CUT } else { "" };
    let end = if is_cut_after { CUT } else { "" };
    let text = format!(
        "{start}{}{}{}{end}",
        before.concat(),
        marked.concat(),
        after.concat()
    );
    let blanks = before.iter().map(|cell| match cell.as_str() {
        "\t" => "\t".to_owned(),
        cell => " ".repeat(columns(cell)),
    });
    let marks = "^".repeat(marked.iter().map(|cell| columns(cell)).sum::<usize>().max(1));
    let caret = format!(
        "{}{}{marks}",
        " ".repeat(columns(start)),
        blanks.collect::<String>()
    );
    (text, caret)
}

/// Each character as it is shown.
fn cells(text: &str) -> Vec<String> {
    text.chars()
        .map(|character| match character {
            '\t' => "\t".to_owned(),
            odd if is_odd_blank(odd) && !odd.is_ascii() => format!("\\u{{{:04X}}}", u32::from(odd)),
            other => visible(other.encode_utf8(&mut [0; 4])),
        })
        .collect()
}

fn cell_width(cell: &str) -> usize {
    if cell == "\t" { TAB_COLUMNS } else { columns(cell) }
}

fn width(cells: &[String]) -> usize {
    cells.iter().map(|cell| cell_width(cell)).sum()
}

/// What fits of them, from the end or from the beginning; takes its width from the room.
fn fitting(cells: Vec<String>, room: &mut usize, is_cut: &mut bool, from_end: bool) -> Vec<String> {
    let count = cells.len();
    let mut fits = |cell: &&String| match room.checked_sub(cell_width(cell)) {
        Some(left) => {
            *room = left;
            true
        }
        None => false,
    };
    let kept: Vec<String> = if from_end {
        let mut kept: Vec<String> = cells.iter().rev().take_while(&mut fits).cloned().collect();
        kept.reverse();
        kept
    } else {
        cells.iter().take_while(&mut fits).cloned().collect()
    };
    *is_cut |= kept.len() < count;
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_platform::finding::Rule;

    fn lines(text: &str, range: std::ops::Range<usize>, room: usize) -> (String, String) {
        marked_lines(&Place::new(1, text, range).excerpt, room)
    }

    #[test]
    fn mark_is_under_what_is_meant() {
        assert_eq!(
            lines("tls=1; port=2", 6..7, 100),
            ("tls=1; port=2".into(), "      ^".into())
        );
        assert_eq!(lines("tls = 1", 3..6, 100), ("tls = 1".into(), "   ^^^".into()));
        assert_eq!(lines("tls", 3..3, 100), ("tls".into(), "   ^".into()));
    }

    #[test]
    fn tabs_are_copied_and_what_cannot_be_seen_is_shown() {
        assert_eq!(lines("\ta\t=", 3..4, 100), ("\ta\t=".into(), "\t \t^".into()));
        assert_eq!(lines("\ta\t=", 2..3, 100), ("\ta\\x09=".into(), "\t ^^^^".into()));
        assert_eq!(
            lines("c=\u{200e}9a\u{a0}x\u{1b}", 2..3, 100),
            ("c=\\u{200E}9a\\u{00A0}x\\x1B".into(), "  ^^^^^^^^".into())
        );
        assert_eq!(lines("äöü東x", 4..5, 100), ("äöü東x".into(), "     ^".into()));
        // A combining accent takes no column of its own.
        assert_eq!(lines("e\u{301}東\tx", 4..5, 100).1, "   \t^");
        assert_eq!(lines("ae\u{301}x", 1..3, 100).1, " ^");
    }

    #[test]
    fn narrow_screen_shows_what_is_around_the_mark() {
        let line = format!("{}X{}", "a".repeat(200), "b".repeat(200));
        for room in [24, 40, 80, 100] {
            let (text, caret) = lines(&line, 200..201, room);
            assert!(columns(&text) <= room, "{text}");
            assert_eq!(text.chars().nth(caret.chars().count() - 1), Some('X'));
            assert!(text.starts_with('…') && text.ends_with('…'));
        }
        assert_eq!(lines(&line, 0..401, 40).1.len(), 38);
    }

    #[test]
    fn text_of_a_finding() {
        let found = Finding::new(Rule::warning("some-thing"), "there is a blank")
            .at(Place::new(7, "a b", 1..2).in_file("x.cfg"))
            .at(Place::new(1, "c", 0..1).in_file("y.cfg"))
            .help("take it out");
        let mut page = Page::default();
        PlacedFinding::from(found).text(&mut page, Some("x.cfg"));
        let expected = "  warning some-thing: line 7, column 2: there is a blank
          a b
           ^
          also y.cfg, line 1, column 1
          c
          ^
          help: take it out
";
        assert_eq!(page.into_text(), expected);
    }
}
