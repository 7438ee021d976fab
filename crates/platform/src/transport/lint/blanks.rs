//! Blanks and characters that cannot be seen, beside `;` and `=` and in thumbprints.

use super::super::reader::Part;
use super::super::thumbprint::Thumbprint;
use super::rules::{
    BLANK_AFTER_EQUALS, BLANK_BEFORE_EQUALS, BLANK_BEFORE_NAME, BLANK_BEFORE_SEMICOLON, ODD_BLANK,
};
use super::{Role, View};
use crate::finding::{Finding, Rule, in_words, is_blank, is_odd_blank};

/// The characters that Java's `String.trim` takes away: everything up to the blank.
fn is_trimmed_by_the_platform(character: char) -> bool {
    character <= ' '
}

pub(super) fn check(view: &View<'_>, part: &Part<'_>) -> Vec<Finding> {
    if part.raw.chars().all(is_blank) {
        return nothing_but_blanks(view, part);
    }
    let name = part.plain_name();
    let mut found = Vec::new();
    let length = part.name.chars().count();
    let leading = part
        .name
        .chars()
        .take_while(|character| is_blank(*character))
        .count();
    let trailing = part
        .name
        .chars()
        .rev()
        .take_while(|character| is_blank(*character))
        .count();
    let hidden = |what: &str| {
        format!(
            "{what} hides the option {}: {}",
            view.name_in_words(&name, part.start),
            view.used_instead(&name)
        )
    };
    found.extend(run(
        view,
        BLANK_BEFORE_NAME,
        part.start,
        part.name,
        0..leading,
        || hidden("the blank before the name"),
    ));
    if let Some(value) = part.value {
        found.extend(run(
            view,
            BLANK_BEFORE_EQUALS,
            part.start,
            part.name,
            length.saturating_sub(trailing).max(leading)..length,
            || hidden("the blank before `=`"),
        ));
        found.extend(around_value(view, part, &name, value));
    } else {
        found.extend(run(
            view,
            BLANK_BEFORE_SEMICOLON,
            part.start,
            part.name,
            length - trailing..length,
            || "there is a blank at the end of the part".to_owned(),
        ));
    }
    found.extend(inside_name(view, part, &name));
    found.extend(inside_thumbprint(view, part));
    found
}

fn around_value(view: &View<'_>, part: &Part<'_>, name: &str, value: &str) -> Vec<Finding> {
    let start = part.value_start();
    let length = value.chars().count();
    let leading = value.chars().take_while(|character| is_blank(*character)).count();
    let trailing = if leading == length {
        0
    } else {
        value
            .chars()
            .rev()
            .take_while(|character| is_blank(*character))
            .count()
    };
    let belongs = |what: &str| {
        format!(
            "{what} becomes part of the value of {}",
            view.name_in_words(name, part.start)
        )
    };
    let mut found = run(view, BLANK_AFTER_EQUALS, start, value, 0..leading, || {
        belongs("the blank after `=`")
    });
    found.extend(run(
        view,
        BLANK_BEFORE_SEMICOLON,
        start,
        value,
        length - trailing..length,
        || belongs("the blank at the end"),
    ));
    found
}

/// Blanks of a run, and what else is in it that cannot be seen.
fn run(
    view: &View<'_>,
    rule: Rule,
    start: usize,
    text: &str,
    range: std::ops::Range<usize>,
    seen: impl Fn() -> String,
) -> Vec<Finding> {
    let characters: Vec<char> = text.chars().collect();
    let counts = |character: char| !(view.role.is_trimmed() && is_trimmed_by_the_platform(character));
    let of_run = || range.clone().map(|at| (at, characters[at]));
    let blanks: Vec<usize> = of_run()
        .filter(|(_, character)| *character == ' ' && counts(' '))
        .map(|(at, _)| at)
        .collect();
    let mut found = Vec::new();
    if let (Some(first), Some(last)) = (blanks.first(), blanks.last()) {
        found.push(view.found(rule, start + first..start + last + 1, seen()));
    }
    let odd = of_run().filter(|(_, character)| is_odd_blank(*character) && counts(*character));
    found.extend(odd.map(|(at, character)| {
        let effect = match rule {
            BLANK_BEFORE_NAME | BLANK_BEFORE_EQUALS => "hides the option",
            _ => "becomes part of the value",
        };
        odd_blank(view, start + at, character, effect)
    }));
    found
}

fn odd_blank(view: &View<'_>, at: usize, character: char, effect: &str) -> Finding {
    view.found(ODD_BLANK, at..at + 1, format!("{} {effect}", in_words(character)))
}

/// An invisible character within a name makes another name of it.
fn inside_name(view: &View<'_>, part: &Part<'_>, plain: &str) -> Vec<Finding> {
    let trimmed = part.name.trim_matches(is_blank);
    let start = View::name_range(part).start;
    if trimmed == plain {
        return Vec::new();
    }
    trimmed
        .chars()
        .enumerate()
        .filter(|(_, character)| is_blank(*character))
        .map(|(at, character)| odd_blank(view, start + at, character, "within the name hides the option"))
        .collect()
}

/// The platform compares the thumbprint as it is written.
fn inside_thumbprint(view: &View<'_>, part: &Part<'_>) -> Vec<Finding> {
    let Some(value) = part.plain_value() else {
        return Vec::new();
    };
    if !part.plain_name().eq_ignore_ascii_case("certificate") || Thumbprint::of(value).is_none() {
        return Vec::new();
    }
    let start = View::value_range(part).start;
    value
        .chars()
        .enumerate()
        .filter(|(_, character)| is_odd_blank(*character))
        .map(|(at, character)| odd_blank(view, start + at, character, "is part of the thumbprint"))
        .collect()
}

/// No option is lost by it, but the platform's documentation allows no blank beside `;`.
fn nothing_but_blanks(view: &View<'_>, part: &Part<'_>) -> Vec<Finding> {
    let range = 0..part.raw.chars().count();
    if view.role == Role::File && view.value.trim_matches(is_blank).is_empty() {
        return Vec::new();
    }
    run(view, BLANK_BEFORE_SEMICOLON, part.start, part.raw, range, || {
        "there is nothing but a blank here; no option is lost, but blanks beside `;` are not allowed"
            .to_owned()
    })
}
