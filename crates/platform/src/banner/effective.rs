//! What an application does with the settings: which key it reads, and what is not set.

use super::Application;
use super::settings::{Part, Scope, Settings, number, text};
use crate::registry::{Entry, RegistryFile};

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The key for one type of applications.
    Application(Application),
    /// The key for all applications.
    All,
    /// It is not set.
    BuiltIn,
}

/// A document to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveUrl {
    /// The name of its key; documents are tried in the order of these numbers.
    pub name: String,
    /// Where the document is.
    pub url: String,
    /// Whether it is an error page.
    pub is_error_page: bool,
}

/// What an application, or every application without a key of its own, does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// The type of applications; `None`: all without a key of their own.
    pub application: Option<Application>,
    /// The key that is read; it is read whole.
    pub level: Level,
    /// The settings: name, value and where it comes from. `None`: there is none.
    pub values: Vec<(&'static str, Option<String>, Level)>,
    /// The documents, in the order in which they are tried.
    pub urls: Vec<EffectiveUrl>,
}

impl Effective {
    /// Whether a banner is shown: without a document, all other settings are ignored.
    pub fn is_shown(&self) -> bool {
        !self.urls.is_empty()
    }
}

/// Settings with a number, and what holds without them.
const NUMBERS: [(&str, Option<&str>); 6] = [
    ("AckMandatory", Some("0")),
    ("AckMode", Some("0")),
    ("Height", None),
    ("Width", None),
    ("NoCompleteTimeout", Some("2000")),
    ("ShowUpTimeout", Some("3000")),
];

/// For whom a file has settings: all applications first.
pub fn levels(file: &RegistryFile) -> Vec<Option<Application>> {
    let settings = Settings::of(file);
    let mut found: Vec<Scope> = settings
        .left()
        .iter()
        .filter_map(|(part, _)| part.scope())
        .collect();
    found.push(None);
    found.sort();
    found.dedup();
    found
}

/// What an application does, when only this file has been imported. What it cannot read counts as not set.
pub fn effective(file: &RegistryFile, application: Option<Application>) -> Effective {
    let settings = Settings::of(file);
    let left = settings.left();
    let has_own = application.is_some() && left.iter().any(|(part, _)| part.scope() == Some(application));
    let scope = application.filter(|_| has_own);
    let level = scope.map_or(Level::All, Level::Application);
    let of = |name: &str| {
        let entries = left.iter().filter(|(part, _)| **part == Part::Settings(scope));
        entries
            .map(|(_, entry)| entry)
            .find(|entry| {
                entry
                    .name
                    .as_deref()
                    .is_some_and(|own| own.eq_ignore_ascii_case(name))
            })
            .map(|entry| &entry.data)
    };
    let set = |value: Option<String>, otherwise: Option<&str>| match value {
        Some(value) => (Some(value), level),
        None => (otherwise.map(str::to_owned), Level::BuiltIn),
    };
    let mut values: Vec<(&'static str, Option<String>, Level)> = Vec::new();
    for (name, otherwise) in NUMBERS {
        let (value, from) = set(
            of(name)
                .and_then(|data| number(data).ok())
                .map(|value| value.to_string()),
            otherwise,
        );
        values.push((name, value, from));
    }
    let (title, from) = set(
        of("Title").and_then(text).map(|(title, _)| title.to_owned()),
        None,
    );
    values.push(("Title", title, from));
    Effective {
        application,
        level,
        values,
        urls: urls(&left, scope),
    }
}

fn urls(left: &[(&Part, &Entry)], scope: Scope) -> Vec<EffectiveUrl> {
    let mut found: Vec<(u32, EffectiveUrl)> = Vec::new();
    for (part, entry) in left {
        let (Part::Url { scope: own, name, .. }, Some(number)) = (*part, part.number()) else {
            continue;
        };
        if *own != scope || !is_named(entry.name.as_deref(), "URL") {
            continue;
        }
        let Some((url, _)) = text(&entry.data).filter(|(url, _)| !url.trim().is_empty()) else {
            continue;
        };
        let error_page = |other: &(&Part, &Entry)| {
            other.0 == *part
                && is_named(other.1.name.as_deref(), "ErrorPage")
                && self::number(&other.1.data) == Ok(1)
        };
        found.push((
            number,
            EffectiveUrl {
                name: name.clone(),
                url: url.to_owned(),
                is_error_page: left.iter().any(error_page),
            },
        ));
    }
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, url)| url).collect()
}

fn is_named(own: Option<&str>, name: &str) -> bool {
    own.is_some_and(|own| own.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner";

    fn file() -> RegistryFile {
        RegistryFile::parse(
            format!(
                "REGEDIT4\n[{KEY}]\n\"AckMandatory\"=\"1\"\n\"Height\"=dword:12c\n\"AckMode\"=dword:x\n\"Title\"=\"T\"\n[{KEY}\\URLs\\10]\n\"URL\"=\"b\"\n[{KEY}\\URLs\\2]\n\"URL\"=\"a\"\n\"ErrorPage\"=dword:1\n[{KEY}\\URLs\\x]\n\"URL\"=\"c\"\n[{KEY}\\44]\n\"Width\"=\"400\"\n[{KEY}\\44\\1]\n\"URL\"=\"d\"\n"
            )
            .as_bytes(),
        )
    }

    fn value<'a>(found: &'a Effective, name: &str) -> (Option<&'a str>, Level) {
        let (_, value, level) = found
            .values
            .iter()
            .find(|(own, ..)| *own == name)
            .expect("a setting");
        (value.as_deref(), *level)
    }

    #[test]
    fn settings_are_read_from_one_key_and_documents_in_the_order_of_their_numbers() {
        let all = effective(&file(), None);
        assert_eq!(value(&all, "AckMandatory"), (Some("1"), Level::All));
        assert_eq!(value(&all, "Height"), (Some("300"), Level::All));
        assert_eq!(
            value(&all, "AckMode"),
            (Some("0"), Level::BuiltIn),
            "it cannot be read"
        );
        assert_eq!(value(&all, "Width"), (None, Level::BuiltIn));
        let urls: Vec<(&str, bool)> = all
            .urls
            .iter()
            .map(|url| (url.url.as_str(), url.is_error_page))
            .collect();
        assert_eq!(urls, [("a", true), ("b", false)]);
    }

    #[test]
    fn key_of_an_application_is_read_instead_of_the_other_and_whole() {
        let app = Application::parse("44").expect("an application");
        let own = effective(&file(), Some(app));
        assert_eq!(own.level, Level::Application(app));
        assert_eq!(
            (value(&own, "Width"), value(&own, "AckMandatory")),
            ((Some("400"), own.level), (Some("0"), Level::BuiltIn))
        );
        assert_eq!(own.urls.len(), 1);
        let other = effective(&file(), Some(Application::parse("19").expect("an application")));
        assert_eq!((other.level, other.urls.len()), (Level::All, 2));
        assert_eq!(levels(&file()), [None, Some(app)]);
        assert!(!effective(&RegistryFile::parse(b""), None).is_shown());
    }
}
