//! Files with rules: the platform's own form, TOML and JSON.
//!
//! All of them have the sections `log-filter`, with `default-filter-type`, and `log-filter-data`, with an action for each key. The guide writes
//! the names in several ways, so case does not count, and `log-filter-section` is the same as `log-filter`.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::Action;
use super::rules::{RuleError, RuleSet};

/// The form of a file with rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesForm {
    /// Sections in brackets, and options as `name = value`.
    Cfg,
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

impl RulesForm {
    /// By the ending of a file name; everything that is neither TOML nor JSON is the platform's form.
    pub fn of_ending(ending: Option<&str>) -> Self {
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("toml") => Self::Toml,
            Some("json") => Self::Json,
            _ => Self::Cfg,
        }
    }
}

/// Reads a file with rules.
///
/// # Errors
/// [`RuleError`]: whatever is not understood, since the platform would copy what the rule was to hide.
pub fn parse_rules(bytes: &[u8], form: RulesForm) -> Result<RuleSet, RuleError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| RuleError::Form("it is not UTF-8 text".into()))?;
    let mut reading = Reading::default();
    match form {
        RulesForm::Cfg => parse_cfg(text, &mut reading)?,
        RulesForm::Toml => {
            let file: Table<Table<Setting>> =
                toml::from_str(text).map_err(|error| RuleError::Form(error.message().to_owned()))?;
            reading.tables(file)?;
        }
        RulesForm::Json => {
            let file: Table<Table<Setting>> =
                serde_json::from_str(text).map_err(|error| RuleError::Form(error.to_string()))?;
            reading.tables(file)?;
        }
    }
    if reading.has_section {
        Ok(reading.set)
    } else {
        Err(RuleError::NoSection)
    }
}

#[derive(Default)]
struct Reading {
    set: RuleSet,
    has_section: bool,
}

/// The sections that count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Filter,
    Data,
    Other,
}

/// Which section a name means. A name that begins alike and is neither is taken for a mistake: its rules would be lost.
fn section(place: &str, name: &str) -> Result<Section, RuleError> {
    let lower = name.trim().to_ascii_lowercase();
    match lower.as_str() {
        "log-filter" | "log-filter-section" => Ok(Section::Filter),
        "log-filter-data" => Ok(Section::Data),
        _ if lower.replace(['_', ' '], "-").starts_with("log-filter") => Err(RuleError::Unknown {
            place: place.to_owned(),
            kind: "section",
            name: name.to_owned(),
        }),
        _ => Ok(Section::Other),
    }
}

impl Reading {
    fn option(&mut self, place: &str, section: Section, name: &str, value: &str) -> Result<(), RuleError> {
        self.has_section |= section != Section::Other;
        let action = || {
            Action::parse(value).ok_or_else(|| RuleError::Action {
                place: place.to_owned(),
                action: value.to_owned(),
            })
        };
        match section {
            Section::Other => Ok(()),
            Section::Data => self.set.add(place, name, action()?),
            Section::Filter if name.eq_ignore_ascii_case("default-filter-type") => {
                let action = action()?;
                if self.set.default.as_ref().is_some_and(|known| *known != action) {
                    return Err(RuleError::Twice {
                        place: place.to_owned(),
                        key: name.to_owned(),
                    });
                }
                self.set.default = Some(action);
                Ok(())
            }
            Section::Filter => Err(RuleError::Unknown {
                place: place.to_owned(),
                kind: "option",
                name: name.to_owned(),
            }),
        }
    }

    fn tables(&mut self, file: Table<Table<Setting>>) -> Result<(), RuleError> {
        for (name, table) in file.0 {
            let place = format!("[{name}]: ");
            let section = section("", &name)?;
            self.has_section |= section != Section::Other;
            for (key, setting) in table.0 {
                match setting {
                    Setting::Text(value) => self.option(&place, section, &key, &value)?,
                    Setting::Other(_) if section == Section::Other => {}
                    Setting::Other(_) => return Err(RuleError::NotText { place, key }),
                }
            }
        }
        Ok(())
    }
}

fn parse_cfg(text: &str, reading: &mut Reading) -> Result<(), RuleError> {
    let mut current = Section::Other;
    for (number, line) in text.lines().enumerate() {
        let (place, line) = (format!("line {}: ", number + 1), line.trim());
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            current = section(&place, name)?;
            reading.has_section |= current != Section::Other;
        } else if let Some((name, value)) = line.split_once('=') {
            reading.option(&place, current, name.trim(), value.trim())?;
        } else if current != Section::Other || line.starts_with('[') {
            return Err(RuleError::Line { line: number + 1 });
        }
    }
    Ok(())
}

/// The entries of a table in their order, each of them: JSON permits a name twice, and maps keep one.
struct Table<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Table<T>;

            fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                to.write_str("a table of sections with options")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Table(entries))
            }
        }
        deserializer.deserialize_map(Entries(std::marker::PhantomData))
    }
}

/// What an option has.
#[derive(Deserialize)]
#[serde(untagged)]
enum Setting {
    Text(String),
    Other(serde::de::IgnoredAny),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cfg(text: &str) -> Result<RuleSet, RuleError> {
        parse_rules(text.as_bytes(), RulesForm::Cfg)
    }

    #[test]
    fn all_forms_say_the_same() {
        let expected = RuleSet {
            default: Some(Action::Hide),
            keys: vec![
                ("DNIS".into(), Action::Copy),
                ("PIN".into(), Action::UnhideLast(2)),
            ],
        };
        let files = [
            (
                RulesForm::Cfg,
                "\u{feff}[Log-filter-section]\r\nDefault-Filter-Type = hide\r\n[log]\r\nverbose=all\r\nodd\r\n; no\n[Log-Filter-Data]\r\n# no\n\tDNIS=copy\r\nPIN = unhide-last,2\n",
            ),
            (
                RulesForm::Toml,
                "[log]\nsegment = 5\n[log-filter]\ndefault-filter-type = \"hide\"\n[log-filter-data]\nDNIS = \"copy\"\nPIN = \"unhide-last,2\"\n",
            ),
            (
                RulesForm::Json,
                r#"{"log-filter": {"default-filter-type": "hide"}, "log-filter-data": {"DNIS": "copy", "PIN": "unhide-last,2"}}"#,
            ),
        ];
        for (form, text) in files {
            assert_eq!(
                parse_rules(text.as_bytes(), form),
                Ok(expected.clone()),
                "{form:?}"
            );
        }
    }

    #[test]
    fn names_of_sections_are_read_in_any_case_and_near_ones_are_refused() {
        for name in ["log-filter-data", "LOG-FILTER-DATA", " Log-filter-data "] {
            let rules = cfg(&format!("[{name}]\nA=skip\n")).expect("rules");
            assert_eq!(rules.keys, [("A".into(), Action::Skip)]);
        }
        for name in ["log-filter-dat", "log_filter", "Log Filter Data"] {
            assert!(
                matches!(
                    cfg(&format!("[{name}]\nA=skip\n")),
                    Err(RuleError::Unknown { .. })
                ),
                "{name}"
            );
        }
    }

    #[test]
    fn whatever_would_lose_a_rule_is_refused() {
        for text in [
            "[log-filter]\ndefault-filter-type = hidden\n",
            "[log-filter]\ndefault-filter-type =\n",
            "[log-filter]\ndefault-filter-typ = hide\n",
            "[log-filter-data]\nPASSWORD\n",
            "[log-filter-data]\n= hide\n",
            "[log-filter-data]\nA=hide\nA=copy\n",
            "[log-filter]\ndefault-filter-type=hide\ndefault-filter-type=copy\n",
            "[log-filter-data\nA=hide\n",
            "[log]\nverbose = all\n",
            "",
        ] {
            assert!(cfg(text).is_err(), "{text}");
        }
        let json = |text: &str| parse_rules(text.as_bytes(), RulesForm::Json);
        for text in [
            r#"{"log-filter-data": {"A": "hide", "A": "copy"}}"#,
            r#"{"log-filter-data": {"A": "hide"}, "log-filter-data": {"A": "copy"}}"#,
            r#"{"log-filter-data": {"A": true}}"#,
            r#"{"log-filter-data": "hide"}"#,
            "[]",
            "{}",
        ] {
            assert!(json(text).is_err(), "{text}");
        }
        assert!(parse_rules(b"[log-filter-data]\nA=\xff\n", RulesForm::Cfg).is_err());
    }

    #[test]
    fn place_of_a_mistake_is_said() {
        let error = cfg("[log-filter-data]\nA=hide\nB=drop\n").unwrap_err();
        assert_eq!(error.to_string(), "line 3: `drop` is not a filter action");
    }
}
