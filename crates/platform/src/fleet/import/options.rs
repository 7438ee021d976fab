//! Which options and arguments are copied: those about TLS and client-side ports.

use std::collections::BTreeMap;

use crate::finding::{is_secret_name, masked};
use crate::transport::{known, parts};

/// The options of a section that are known, and a doubt about those that are not.
pub(super) fn known_options<'a>(
    options: impl Iterator<Item = (&'a str, String)>,
    doubts: &mut Vec<String>,
) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    let mut count = 0_usize;
    for (name, value) in options {
        if known(name).is_some() && !holds_secret(name, &value) {
            kept.insert(name.to_owned(), value);
        } else {
            count += 1;
        }
    }
    if count > 0 {
        doubts.push(format!(
            "{count} options of the section security are not about TLS, and not copied"
        ));
    }
    kept
}

/// Transport parameters with what is known of them; also what the platform does not find there because of a slip, so that a linter shows it.
pub(super) fn known_parameters(value: &str, doubts: &mut Vec<String>) -> Option<String> {
    let parts = parts(value);
    let is_known = |name: &str| known(&name.trim().to_lowercase()).is_some();
    let (kept, left): (Vec<_>, Vec<_>) = parts
        .iter()
        .filter(|part| !part.raw.is_empty())
        .partition(|part| is_known(part.name) && !holds_secret(part.name, part.raw));
    if !left.is_empty() {
        doubts.push(format!(
            "{} transport parameters are not known, and not copied",
            left.len()
        ));
    }
    let kept: Vec<&str> = kept.iter().map(|part| part.raw).collect();
    (!kept.is_empty()).then(|| kept.join(";"))
}

fn holds_secret(name: &str, value: &str) -> bool {
    is_secret_name(name) || masked(value) != value
}

/// The arguments that an inventory needs.
const ARGUMENTS: [&str; 5] = ["-host", "-port", "-app", "-transport-port", "-transport-address"];

/// Of start arguments, those that an inventory needs, with their values.
pub(super) fn known_arguments(line: &str, doubts: &mut Vec<String>) -> Vec<String> {
    let words = words(line);
    let mut kept = Vec::new();
    let mut at = 0;
    let mut left = 0_usize;
    while let Some(word) = words.get(at) {
        match words.get(at + 1) {
            Some(value)
                if ARGUMENTS.contains(&word.as_str())
                    && !value.starts_with('-')
                    && masked(value) == *value =>
            {
                kept.extend([word.clone(), value.clone()]);
                at += 2;
            }
            _ => {
                left += 1;
                at += 1;
            }
        }
    }
    if left > 0 {
        let known = ARGUMENTS.join(", ");
        doubts.push(format!(
            "{left} words of its start arguments are not copied; only {known} are"
        ));
    }
    kept
}

/// Words between blanks, of which quotation marks keep blanks together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    for character in line.chars() {
        match character {
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            blank if blank.is_whitespace() && !is_quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}
