//! Names that the platform does not find.

use super::super::options::{known, known_in_any_case, meant};
use super::super::reader::Part;
use super::View;
use super::rules::{DUPLICATE, NAME_CASE, NAME_NEAR, NO_EQUALS, QUOTE, UNKNOWN};
use super::values::is_quote;
use crate::finding::{Finding, is_blank, value_in_short};
use gsec_pki::x509::path::Severity;

pub(super) fn check(view: &View<'_>, number: usize) -> Vec<Finding> {
    let part = &view.parts[number];
    let name = view.names[number].clone();
    let range = View::name_range(part);
    if part.raw.chars().all(is_blank) {
        return Vec::new();
    }
    if name.starts_with(is_quote) {
        let seen = "the quotation mark is part of the name, so the platform does not find the option";
        let help = "write the value without quotation marks";
        return vec![view.found(QUOTE, range.start..range.start + 1, seen).help(help)];
    }
    if part.value.is_none() {
        let seen = match known_in_any_case(&name) {
            Some(known) => format!(
                "`{}` has no `=` and no value: {}",
                known.name,
                view.used_instead(known.name)
            ),
            None => "there is no `=`, so the platform finds no option here".into(),
        };
        return vec![view.found(NO_EQUALS, range, seen)];
    }
    if name.is_empty() {
        return vec![view.found(
            NO_EQUALS,
            part.start..part.start + 1,
            "there is no name before `=`",
        )];
    }
    let mut found = spelling(view, &name, range.clone());
    found.extend(duplicate(view, part, &name));
    found
}

fn spelling(view: &View<'_>, name: &str, range: std::ops::Range<usize>) -> Vec<Finding> {
    if known(name).is_some() {
        return Vec::new();
    }
    if let Some(other) = known_in_any_case(name) {
        let seen = format!(
            "`{name}` is not found, because names are compared letter by letter: {}",
            view.used_instead(other.name)
        );
        return vec![
            view.found(NAME_CASE, range, seen)
                .help(format!("write `{}`", other.name)),
        ];
    }
    let shown = view.name_in_words(name, range.start);
    match meant(name) {
        Some(meant) => {
            let seen = format!(
                "{shown} is not an option of the platform: {}",
                view.used_instead(meant)
            );
            vec![
                view.found(NAME_NEAR, range, seen)
                    .help(format!("did you mean `{meant}`?")),
            ]
        }
        None => {
            let seen = format!("{shown} is not a documented option; it is passed on as it is");
            vec![view.found(UNKNOWN, range, seen)]
        }
    }
}

/// The second one of a name, also where a blank keeps the platform from finding one of the two.
fn duplicate(view: &View<'_>, part: &Part<'_>, name: &str) -> Option<Finding> {
    let number = *view.first.get(name)?;
    let first = &view.parts[number];
    if first.index >= part.index {
        return None;
    }
    let differs = first.plain_value() != part.plain_value();
    let reads = view.find(name).map(|value| value_in_short(name, value));
    let used = match reads {
        Some(value) if differs => format!("; the platform uses `{value}`"),
        Some(_) => "; the platform reads only one".into(),
        None => String::new(),
    };
    let shown = view.name_in_words(name, part.start);
    let severity = if differs {
        Severity::Error
    } else {
        Severity::Warning
    };
    let range = View::name_range(part);
    let seen = if differs {
        format!("{shown} is set again, to another value{used}")
    } else {
        format!("{shown} is set again{used}")
    };
    let finding = view
        .found(DUPLICATE, range, seen)
        .at(view.place(View::name_range(first)));
    Some(finding.weighing(severity))
}
