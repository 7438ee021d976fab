//! What of a registry file is about the banner.

use std::collections::HashMap;
use std::ops::Range;

use super::{Application, URLS};
use crate::registry::{Data, Entry, Key, RegistryFile};

/// For whom settings are.
pub(super) type Scope = Option<Application>;

/// Where a key is, below the banner's.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// Settings for all applications, or for one type.
    Settings(Scope),
    /// The key `URLs` itself.
    Urls(Scope),
    /// A document, by the name of its key; `is_flat`: without `URLs`.
    Url {
        scope: Scope,
        name: String,
        is_flat: bool,
    },
    /// Anything else.
    Unknown(String),
}

/// What is odd about the path of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathFlaw {
    /// `KEY_…`, without `H`.
    NoH,
    /// Another hive, where no application looks.
    OtherHive,
    /// The view of 32-bit programs.
    Wow64,
}

/// A key of the banner.
#[derive(Debug, Clone)]
pub(super) struct BannerKey {
    pub(super) part: Part,
    pub(super) flaws: Vec<PathFlaw>,
    pub(super) key: Key,
}

/// The keys of a file that are the banner's, whatever is wrong with them.
pub(super) struct Settings {
    pub(super) keys: Vec<BannerKey>,
    /// Lines that are a path and a value in one, as people write them in documents; from 1.
    pub(super) paths_with_values: Vec<usize>,
    /// Lines that are nothing, from 1.
    pub(super) odd_lines: Vec<usize>,
}

impl Settings {
    pub(super) fn of(file: &RegistryFile) -> Self {
        let mut settings = Self {
            keys: file.keys.iter().filter_map(banner_key).collect(),
            paths_with_values: Vec::new(),
            odd_lines: Vec::new(),
        };
        for line in &file.odd_lines {
            match path_with_value(file.line(*line), *line)
                .as_ref()
                .and_then(banner_key)
            {
                Some(key) => {
                    settings.paths_with_values.push(*line);
                    settings.keys.push(key);
                }
                None => settings.odd_lines.push(*line),
            }
        }
        settings.keys.sort_by_key(|found| found.key.line);
        settings
    }

    /// What is there when the whole file has been imported, into a registry without a banner: the values that are left, each with its key. The last
    /// one of a name counts.
    pub(super) fn left(&self) -> Vec<(&Part, &Entry)> {
        self.imported(|_, _| {})
    }

    /// As [`Settings::left`]; `replaced` is told of each value that takes the place of another one.
    pub(super) fn imported<'a>(
        &'a self,
        mut replaced: impl FnMut(&'a Entry, &'a Entry),
    ) -> Vec<(&'a Part, &'a Entry)> {
        let mut left: Vec<Option<(&BannerKey, &Entry)>> = Vec::new();
        let mut places = HashMap::new();
        for found in &self.keys {
            if found.key.is_removed {
                let above = found.key.path.to_lowercase();
                let is_removed = |(known, _): &mut (&BannerKey, &Entry)| is_below(&known.key.path, &above);
                left.iter_mut().for_each(|one| {
                    one.take_if(is_removed);
                });
                left.retain(Option::is_some);
                places = left
                    .iter()
                    .flatten()
                    .enumerate()
                    .map(|(at, (known, entry))| (place_of(known, entry), at))
                    .collect();
                continue;
            }
            for entry in &found.key.entries {
                let place = place_of(found, entry);
                if let Some((_, other)) = places.remove(&place).and_then(|at: usize| left[at].take()) {
                    replaced(other, entry);
                }
                if entry.data != Data::Removed {
                    places.insert(place, left.len());
                    left.push(Some((found, entry)));
                }
            }
        }
        let left = left.into_iter().flatten();
        left.map(|(found, entry)| (&found.part, entry)).collect()
    }
}

/// Which value of the registry it is: names are compared without case, as the registry does.
fn place_of<'a>(found: &'a BannerKey, entry: &Entry) -> (&'a Part, Option<String>) {
    (&found.part, entry.name.as_ref().map(|name| name.to_lowercase()))
}

/// Whether a key is another one, in small letters, or below it.
fn is_below(path: &str, above: &str) -> bool {
    let path = path.to_lowercase();
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('\\'))
}

/// `HKEY_…\KEY\NAME=VALUE`: a value with its path, in one line.
fn path_with_value(line: &str, number: usize) -> Option<Key> {
    let trimmed = line.trim_start();
    let start = line.chars().count() - trimmed.chars().count();
    let (path, value) = trimmed.split_once('=')?;
    let (path, name) = path.trim_end().rsplit_once('\\')?;
    let value_at = start + trimmed.chars().count() - value.chars().count();
    let value = value.trim_end();
    let name_from = start + path.chars().count() + 1;
    Some(Key {
        path: path.to_owned(),
        is_removed: false,
        line: number,
        path_at: start..start + path.chars().count(),
        entries: vec![Entry {
            name: Some(name.trim().to_owned()),
            data: Data::Text(value.trim().to_owned()),
            line: number,
            name_at: name_from..name_from + name.chars().count(),
            data_at: value_at..value_at + value.chars().count(),
        }],
    })
}

/// A key of the banner's, by its path: the hive is judged, all after it is compared without case.
fn banner_key(key: &Key) -> Option<BannerKey> {
    let parts: Vec<&str> = key.path.trim().split('\\').collect();
    let (hive, mut rest) = parts.split_first()?;
    let mut flaws = Vec::new();
    match hive.to_ascii_uppercase().as_str() {
        "HKEY_LOCAL_MACHINE" | "HKLM" => {}
        "KEY_LOCAL_MACHINE" => flaws.push(PathFlaw::NoH),
        other if other.starts_with("HK") || other.starts_with("KEY_") => flaws.push(PathFlaw::OtherHive),
        _ => return None,
    }
    let is = |part: &str, name: &str| part.eq_ignore_ascii_case(name);
    if let [software, wow, ..] = rest
        && is(software, "SOFTWARE")
        && is(wow, "Wow6432Node")
    {
        flaws.push(PathFlaw::Wow64);
        rest = &rest[1..];
    } else {
        rest = rest.strip_prefix(&["SOFTWARE"]).or_else(|| {
            rest.first()
                .filter(|part| is(part, "SOFTWARE"))
                .map(|_| &rest[1..])
        })?;
        return below(key, rest, flaws);
    }
    below(key, &rest[1..], flaws)
}

/// What is below `SOFTWARE`.
fn below(key: &Key, rest: &[&str], flaws: Vec<PathFlaw>) -> Option<BannerKey> {
    let expected = ["GCTI", "Unilogin", "Banner"];
    let is_banner = rest.len() >= expected.len()
        && rest
            .iter()
            .zip(expected)
            .all(|(part, name)| part.eq_ignore_ascii_case(name));
    is_banner.then(|| BannerKey {
        part: part(&rest[expected.len()..]),
        flaws,
        key: key.clone(),
    })
}

fn part(names: &[&str]) -> Part {
    let is_urls = |name: &str| name.eq_ignore_ascii_case(URLS);
    let url = |scope, name: &str, is_flat| Part::Url {
        scope,
        name: name.to_owned(),
        is_flat,
    };
    match *names {
        [] => Part::Settings(None),
        [urls] if is_urls(urls) => Part::Urls(None),
        [urls, name] if is_urls(urls) => url(None, name, false),
        [kind, ref rest @ ..] => match (Application::of_key(kind), rest) {
            (Some(kind), []) => Part::Settings(Some(kind)),
            (Some(kind), [urls]) if is_urls(urls) => Part::Urls(Some(kind)),
            (Some(kind), [urls, name]) if is_urls(urls) => url(Some(kind), name, false),
            (Some(kind), [name]) => url(Some(kind), name, true),
            _ => Part::Unknown(names.join("\\")),
        },
    }
}

impl Part {
    pub(super) fn scope(&self) -> Option<Scope> {
        match self {
            Self::Settings(scope) | Self::Urls(scope) | Self::Url { scope, .. } => Some(*scope),
            Self::Unknown(_) => None,
        }
    }

    /// The number of a document's key: decimal, from 1.
    pub(super) fn number(&self) -> Option<u32> {
        let Self::Url { name, .. } = self else { return None };
        let is_decimal =
            !name.is_empty() && name.bytes().all(|digit| digit.is_ascii_digit()) && !name.starts_with('0');
        name.parse().ok().filter(|_| is_decimal)
    }
}

/// A number, as the applications read it: DWORD, or a text with a decimal number. `Err`: what is there instead.
pub(super) fn number(data: &Data) -> Result<u32, &'static str> {
    match data {
        Data::Number(number) => Ok(*number),
        Data::Text(text) | Data::Expand(text) => {
            let is_decimal = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
            text.parse()
                .ok()
                .filter(|_| is_decimal)
                .ok_or("it is not a decimal number")
        }
        Data::Other(_) | Data::Removed => Err("its type is neither DWORD nor text"),
    }
}

/// A text and whether variables in it are replaced.
pub(super) fn text(data: &Data) -> Option<(&str, bool)> {
    match data {
        Data::Text(text) => Some((text, false)),
        Data::Expand(text) => Some((text, true)),
        _ => None,
    }
}

/// Variables in a text, as `%NAME%`: where each is, in characters, with its percent signs.
pub(super) fn variables(text: &str) -> Vec<Range<usize>> {
    let letters: Vec<char> = text.chars().collect();
    let signs: Vec<usize> = (0..letters.len()).filter(|at| letters[*at] == '%').collect();
    let (mut found, mut next) = (Vec::new(), 0);
    while next + 1 < signs.len() {
        let (from, to) = (signs[next], signs[next + 1]);
        let name = &letters[from + 1..to];
        // Percent signs are in addresses, too, before two hexadecimal digits (RFC 3986 §2.1).
        let is_name = name
            .first()
            .is_some_and(|letter| letter.is_alphabetic() || *letter == '_')
            && name
                .iter()
                .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ' ' | '(' | ')'));
        let is_escape =
            name.len() >= 2 && name[..2].iter().all(char::is_ascii_hexdigit) && text.contains("://");
        if is_name && !is_escape {
            found.push(from..to + 1);
            next += 2;
        } else {
            next += 1;
        }
    }
    found
}

/// Whether a document is on another computer.
pub(super) fn is_remote(url: &str) -> bool {
    let lower = url.trim().to_ascii_lowercase();
    let is_share = lower.starts_with("\\\\")
        || lower
            .strip_prefix("file://")
            .is_some_and(|rest| !rest.starts_with(['/', '%']) && !rest.starts_with("localhost"));
    is_share
        || lower
            .split_once("://")
            .is_some_and(|(scheme, _)| scheme != "file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_banner_are_told_by_their_paths() {
        let part = |path: &str| {
            let text = format!("REGEDIT4\n[{path}]\n");
            let file = RegistryFile::parse(text.as_bytes());
            banner_key(&file.keys[0]).map(|found| (found.part, found.flaws))
        };
        let app = Application::of_key("19");
        let banner = "SOFTWARE\\GCTI\\Unilogin\\Banner";
        let url = |scope, name: &str, is_flat| Part::Url {
            scope,
            name: name.into(),
            is_flat,
        };
        for (path, expected, flaws) in [
            (
                format!("HKEY_LOCAL_MACHINE\\{banner}"),
                Part::Settings(None),
                vec![],
            ),
            (
                format!("hklm\\{}", banner.to_lowercase()),
                Part::Settings(None),
                vec![],
            ),
            (
                format!("HKEY_LOCAL_MACHINE\\{banner}\\urls\\1"),
                url(None, "1", false),
                vec![],
            ),
            (
                format!("HKEY_LOCAL_MACHINE\\{banner}\\19"),
                Part::Settings(app),
                vec![],
            ),
            (
                format!("HKEY_LOCAL_MACHINE\\{banner}\\19\\URLs"),
                Part::Urls(app),
                vec![],
            ),
            (
                format!("HKEY_LOCAL_MACHINE\\{banner}\\19\\URLs\\x"),
                url(app, "x", false),
                vec![],
            ),
            (
                format!("HKEY_LOCAL_MACHINE\\{banner}\\19\\2"),
                url(app, "2", true),
                vec![],
            ),
            (
                format!("HKEY_LOCAL_MACHINE\\{banner}\\Urlz\\1"),
                Part::Unknown("Urlz\\1".into()),
                vec![],
            ),
            (
                format!("KEY_LOCAL_MACHINE\\{banner}"),
                Part::Settings(None),
                vec![PathFlaw::NoH],
            ),
            (
                format!("HKEY_CURRENT_USER\\{banner}"),
                Part::Settings(None),
                vec![PathFlaw::OtherHive],
            ),
            (
                "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\GCTI\\Unilogin\\Banner".to_owned(),
                Part::Settings(None),
                vec![PathFlaw::Wow64],
            ),
        ] {
            assert_eq!(part(&path), Some((expected, flaws)), "{path}");
        }
        for path in [
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin",
            "HKEY_LOCAL_MACHINE\\SYSTEM\\X",
            "X\\SOFTWARE\\GCTI\\Unilogin\\Banner",
            "",
        ] {
            assert_eq!(part(path), None, "{path}");
        }
    }

    #[test]
    fn later_lines_replace_and_remove_earlier_ones() {
        let key = "HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner";
        let text = format!(
            "REGEDIT4\n[{key}]\n\"Title\"=\"a\"\n\"Height\"=dword:1\n[{key}\\URLs\\1]\n\"URL\"=\"x\"\n[{key}\\19]\n\"Title\"=\"c\"\n[-{key}\\urls]\n[{key}]\n\"TITLE\"=\"b\"\n\"height\"=-\n"
        );
        let settings = Settings::of(&RegistryFile::parse(text.as_bytes()));
        let left: Vec<&Data> = settings
            .left()
            .into_iter()
            .map(|(_, entry)| &entry.data)
            .collect();
        assert_eq!(left, [&Data::Text("c".into()), &Data::Text("b".into())]);
    }

    #[test]
    fn variables_are_told_from_escapes_of_addresses() {
        let named = |text: &str| variables(text).len();
        assert_eq!(
            (
                named("%SystemRoot%\\x"),
                named("%System Root%\\x"),
                named("%ProgramFiles(x86)%")
            ),
            (1, 1, 1)
        );
        assert_eq!(
            (
                named("http://h/a%20b%20c"),
                named("100%"),
                named("50% and 60%"),
                named("http://h/%41b%43")
            ),
            (0, 0, 0, 0)
        );
        assert_eq!(named("%A%%B%"), 2);
    }

    #[test]
    fn documents_elsewhere_are_told_from_local_ones() {
        for url in [
            "http://h/x",
            "https://h/x",
            "\\\\server\\share\\x.htm",
            "file://server/x",
        ] {
            assert!(is_remote(url), "{url}");
        }
        for url in ["C:\\x.htm", "%SystemRoot%\\x.htm", "file:///c:/x.htm", "x.htm"] {
            assert!(!is_remote(url), "{url}");
        }
    }
}
