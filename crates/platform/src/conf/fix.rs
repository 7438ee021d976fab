//! Every `transport` value of a file as it was meant.

use super::change::{ChangeError, Replacement, encoded, without};
use super::file::{Conf, Key};
use crate::transport;
use crate::transport::Fixes;

/// What is changed in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The line of the value, from 1.
    pub line: usize,
    /// Its section.
    pub section: String,
    /// The value before, without blanks around it.
    pub before: String,
    /// The value after.
    pub after: String,
    /// How many lines behind it were joined with it.
    pub joined: usize,
    /// The bytes that are replaced.
    pub change: Vec<Replacement>,
}

/// Fixes the `transport` values of a file, and joins thumbprints that were broken over several lines.
///
/// # Errors
/// [`ChangeError::Encoding`].
pub fn fix(conf: &Conf, fixes: Fixes) -> Result<Vec<Fixed>, ChangeError> {
    let mut all = Vec::new();
    for section in &conf.sections {
        for key in section.keys_named("transport") {
            all.extend(of_key(conf, &section.name, key, fixes)?);
        }
    }
    Ok(all)
}

fn of_key(conf: &Conf, section: &str, key: &Key, fixes: Fixes) -> Result<Option<Fixed>, ChangeError> {
    let rest = key.continuation.iter().map(|position| conf.line(*position));
    let joined: Vec<&str> = std::iter::once(key.value.as_str())
        .chain(rest.clone().map(|line| line.text.trim()))
        .collect();
    let before = joined.join(" ");
    let after = transport::fix(&before, fixes);
    let line = conf.line(key.line);
    // Blanks at the end of the line are part of the value, too.
    let end = line.text.chars().count();
    let has_trailing = key.value_range.end < end;
    if after == key.value && key.continuation.is_empty() && !has_trailing {
        return Ok(None);
    }
    let replaced = Replacement {
        range: conf.text.bytes_of(line, key.value_range.start..end),
        bytes: encoded(&conf.text, &after)?,
    };
    Ok(Some(Fixed {
        line: line.number,
        section: section.to_owned(),
        before,
        after,
        joined: key.continuation.len(),
        change: std::iter::once(replaced).chain(rest.map(without)).collect(),
    }))
}
