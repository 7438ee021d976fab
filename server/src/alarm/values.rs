//! Values of `watch.toml`, and what is wrong with them.

use std::path::PathBuf;

use thiserror::Error;
use time::Duration;

use super::Kind;

/// The most sinks.
pub(super) const MAX_SINKS: usize = 32;

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WatchError {
    /// It is not TOML, or has a key that there is not.
    #[error("{0}")]
    Toml(String),
    /// The value of a key.
    #[error("`{key}` is `{value}`: it must be {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// What it is.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A key that a sink of this kind needs.
    #[error("sink `{sink}`: a sink of kind `{kind}` needs `{key}`")]
    Missing {
        /// The sink.
        sink: String,
        /// Its kind.
        kind: String,
        /// The key.
        key: &'static str,
    },
    /// A key that a sink of this kind has no use for.
    #[error("sink `{sink}`: a sink of kind `{kind}` has no `{key}`")]
    NotOfKind {
        /// The sink.
        sink: String,
        /// Its kind.
        kind: String,
        /// The key.
        key: &'static str,
    },
    /// A key that has no effect beside what another one says.
    #[error("sink `{sink}`: `{key}` counts only with {with}")]
    NoEffect {
        /// The sink.
        sink: String,
        /// The key.
        key: &'static str,
        /// What the other key must say.
        with: &'static str,
    },
    /// Two sinks of one name.
    #[error("there are two sinks `{0}`")]
    TwoSinks(String),
    /// Too many of them.
    #[error("there are more than {MAX_SINKS} sinks")]
    TooManySinks,
}

pub(super) const INTERVAL: &str = "a time from `10s` to `1d`, in `s`, `m`, `h` or `d`";

pub(super) fn interval(text: &str) -> Option<Duration> {
    let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let count: i64 = count.parse::<u32>().ok()?.into();
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    let every = Duration::seconds(count.checked_mul(seconds)?);
    (Duration::seconds(10)..=Duration::DAY)
        .contains(&every)
        .then_some(every)
}

pub(super) fn wrong(key: &'static str, value: &str, expected: &'static str) -> WatchError {
    WatchError::Value {
        key,
        value: value.to_owned(),
        expected,
    }
}

pub(super) fn absolute(key: &'static str, path: PathBuf) -> Result<PathBuf, WatchError> {
    match path.is_absolute() {
        true => Ok(path),
        false => Err(wrong(key, &path.display().to_string(), "an absolute path")),
    }
}

/// The kinds that are named; all, where nothing is said.
pub(super) fn kinds(key: &'static str, names: Option<&[String]>) -> Result<Vec<Kind>, WatchError> {
    let kind =
        |name: &String| Kind::parse(name).ok_or_else(|| wrong(key, name, "kinds of alarms, as `expires`"));
    match names {
        Some([]) => Err(wrong(key, "[]", "at least one kind of alarms, as `expires`")),
        names => names.unwrap_or_default().iter().map(kind).collect(),
    }
}
