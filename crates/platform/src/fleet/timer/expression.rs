//! An expression of systemd's for times, systemd.time(7): whether systemd takes it, and otherwise where the fault is.

use std::ops::RangeInclusive;

/// Why systemd would not take an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {column}: {}", why)]
pub struct CalendarError {
    /// The character of the text, from 1.
    pub column: usize,
    /// What is wrong there.
    pub why: String,
}

impl CalendarError {
    fn new(column: usize, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { column, why }
    }
}

/// What stands for a whole expression.
const SHORTHANDS: [&str; 12] = [
    "minutely",
    "hourly",
    "daily",
    "monthly",
    "weekly",
    "yearly",
    "annually",
    "quarterly",
    "semiannually",
    "semi-annually",
    "biannually",
    "bi-annually",
];

const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The areas of the time zone database. Which places are in them, only the host knows.
const AREAS: [&str; 10] = [
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Etc",
    "Europe",
    "Indian",
    "Pacific",
];

/// A part of the expression, and the character with which it begins.
#[derive(Clone, Copy)]
struct Word<'a> {
    column: usize,
    text: &'a str,
}

impl<'a> Word<'a> {
    fn not(self, what: &str) -> CalendarError {
        let shown = gsec_pki::encoding::visible::visible(self.text);
        CalendarError::new(self.column, format!("`{shown}` is not {what}"))
    }

    /// Its parts between these characters.
    fn split(self, at: char) -> Vec<Word<'a>> {
        let mut column = self.column;
        let mut parts = Vec::new();
        for text in self.text.split(at) {
            parts.push(Word { column, text });
            column += text.chars().count() + 1;
        }
        parts
    }

    fn number(self) -> Option<u32> {
        let is_number = !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit());
        self.text.parse().ok().filter(|_| is_number)
    }
}

/// A part of a date or a time: what it is called, and its values.
#[derive(Clone)]
struct Component {
    name: &'static str,
    values: RangeInclusive<u32>,
}

const fn component(name: &'static str, first: u32, last: u32) -> Component {
    Component {
        name,
        values: first..=last,
    }
}

const YEAR: Component = component("a year", 1970, 2199);
const MONTH: Component = component("a month", 1, 12);
const DAY: Component = component("a day", 1, 31);
/// Days from the end of the month, which every month has.
const DAY_FROM_END: Component = component("a day from the end of the month", 1, 28);
const HOUR: Component = component("an hour", 0, 23);
const MINUTE: Component = component("a minute", 0, 59);
const SECOND: Component = component("a second", 0, 59);

/// Whether systemd takes it.
pub(super) fn check(text: &str) -> Result<(), CalendarError> {
    let all = Word { column: 1, text };
    let mut words: Vec<Word<'_>> = all.split(' ');
    words.retain(|word| !word.text.is_empty());
    let Some(first) = words.first().copied() else {
        return Err(CalendarError::new(1, "there is no time"));
    };
    if words.len() > 1 && words.last().is_some_and(|last| is_zone(last.text)) {
        words.pop();
    }
    let is_shorthand = SHORTHANDS
        .iter()
        .any(|word| word.eq_ignore_ascii_case(first.text));
    let mut rest = words.into_iter().peekable();
    if is_shorthand {
        rest.next();
    } else {
        let begins_with_letter = |word: &Word<'_>| word.text.starts_with(|first: char| first.is_alphabetic());
        let is_date = |word: &Word<'_>| !word.text.contains(':');
        if let Some(days) = rest.next_if(begins_with_letter) {
            weekdays(days)?;
        }
        if let Some(word) = rest.next_if(is_date) {
            date(word)?;
        }
        if let Some(word) = rest.next() {
            time(word)?;
        }
    }
    match rest.next() {
        None => Ok(()),
        Some(word) => Err(word.not("expected there")),
    }
}

fn is_zone(text: &str) -> bool {
    let is_place = |text: &str| {
        text.split('/').all(|part| {
            part.starts_with(|first: char| first.is_ascii_uppercase())
                && part
                    .chars()
                    .all(|character| character.is_ascii_alphanumeric() || "_+-".contains(character))
        })
    };
    let place = text.split_once('/');
    text.eq_ignore_ascii_case("UTC")
        || place.is_some_and(|(area, place)| AREAS.contains(&area) && is_place(place))
}

fn weekdays(days: Word<'_>) -> Result<(), CalendarError> {
    let number = |day: Word<'_>| {
        let is_it = |known: &&str| {
            let short = known.get(..3).unwrap_or_default();
            day.text.eq_ignore_ascii_case(known) || day.text.eq_ignore_ascii_case(short)
        };
        let found = DAYS.iter().position(is_it);
        found.ok_or_else(|| day.not("a day of the week, such as Mon or Monday"))
    };
    for part in days.split(',') {
        let (first, last) = range(part);
        let from = number(first)?;
        if let Some(last) = last
            && number(last)? < from
        {
            return Err(part.not("a range: the week begins on Monday"));
        }
    }
    Ok(())
}

/// The first and the last of a range.
fn range(word: Word<'_>) -> (Word<'_>, Option<Word<'_>>) {
    match word.text.split_once("..") {
        None => (word, None),
        Some((first, last)) => {
            let column = word.column + first.chars().count() + 2;
            let first = Word { text: first, ..word };
            (first, Some(Word { column, text: last }))
        }
    }
}

fn date(word: Word<'_>) -> Result<(), CalendarError> {
    let is_from_end = word.text.contains('~');
    let mut parts = match word.split('~').as_slice() {
        [rest, day] => {
            let mut parts = rest.split('-');
            parts.push(*day);
            parts
        }
        _ => word.split('-'),
    };
    let day = match is_from_end {
        true => DAY_FROM_END,
        false => DAY,
    };
    let forms: &[Component] = match parts.len() {
        2 => &[MONTH, day],
        3 => &[YEAR, MONTH, day],
        _ => return Err(word.not("a date, such as *-*-1 or Mon *-*-1, nor a time, such as 04:30")),
    };
    parts
        .drain(..)
        .zip(forms)
        .try_for_each(|(part, form)| values(part, form))
}

fn time(word: Word<'_>) -> Result<(), CalendarError> {
    let parts = word.split(':');
    if !(2..=3).contains(&parts.len()) {
        return Err(word.not("a time, such as 04:30"));
    }
    let forms = [HOUR, MINUTE, SECOND];
    parts
        .into_iter()
        .zip(&forms)
        .try_for_each(|(part, form)| values(part, form))
}

/// `*`, or values and ranges, which may be repeated: `1,5`, `1..5`, `0/15`.
fn values(word: Word<'_>, form: &Component) -> Result<(), CalendarError> {
    if word.text == "*" {
        return Ok(());
    }
    word.split(',').into_iter().try_for_each(|part| value(part, form))
}

fn value(word: Word<'_>, form: &Component) -> Result<(), CalendarError> {
    let (from, to) = (form.values.start(), form.values.end());
    let number = |word: Word<'_>| {
        let whole = match (form.name, word.text.split_once('.')) {
            ("a second", Some((whole, rest))) if is_fraction(rest) => Word { text: whole, ..word },
            _ => word,
        };
        let years = |number: u32| match (form.name, number) {
            ("a year", 0..70) => number + 2000,
            ("a year", 70..100) => number + 1900,
            _ => number,
        };
        let found = whole.number().map(years);
        let found = found.filter(|number| form.values.contains(number));
        found.ok_or_else(|| word.not(&format!("{} from {from} to {to}", form.name)))
    };
    let parts = word.split('/');
    let (range_of, step) = match parts.as_slice() {
        [range] => (*range, None),
        [range, step] => (*range, Some(*step)),
        _ => return Err(word.not(form.name)),
    };
    let (first, last) = range(range_of);
    let start = number(first)?;
    let end = last.map(number).transpose()?;
    if end.is_some_and(|end| end < start) {
        return Err(word.not("a range: its end is before its begin"));
    }
    let Some(step) = step else { return Ok(()) };
    let every = step
        .number()
        .filter(|every| *every > 0)
        .ok_or_else(|| step.not("a number from 1, for every so many"))?;
    match end.is_none() && start.saturating_add(every) > *to {
        true => Err(word.not(&format!("repeated: the next is beyond {to}"))),
        false => Ok(()),
    }
}

/// Of a second, as many digits as systemd keeps.
fn is_fraction(text: &str) -> bool {
    (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
