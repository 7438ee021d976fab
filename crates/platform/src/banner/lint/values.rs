//! The values of the settings.

use super::super::settings::{Part, Scope, Settings, number, text};
use super::super::{MIN_HEIGHT, MIN_WIDTH};
use super::{
    DUPLICATE, Linting, NUMBER, SIZE, SIZE_HALF, TIMEOUT, TITLE, TYPE, UNKNOWN_VALUE, find, is_named, scopes,
};
use crate::finding::{Finding, nearest};
use crate::registry::{Data, Entry};

/// Values of the settings' keys.
const SETTINGS: [&str; 7] = [
    "AckMandatory",
    "AckMode",
    "Height",
    "Width",
    "NoCompleteTimeout",
    "ShowUpTimeout",
    "Title",
];
/// Values of a document's key.
const OF_A_URL: [&str; 2] = ["URL", "ErrorPage"];
/// More than this to wait for the banner is more than a person waits.
const LONG_TIMEOUT: u32 = 60_000;

/// What a value must be.
enum Valid {
    /// A number up to this one.
    UpTo(u32),
    /// A number from this one on.
    From(u32),
    Text,
}

fn valid(name: &str) -> Valid {
    match name {
        "AckMandatory" | "ErrorPage" => Valid::UpTo(1),
        "AckMode" => Valid::UpTo(2),
        "Height" => Valid::From(MIN_HEIGHT),
        "Width" => Valid::From(MIN_WIDTH),
        "NoCompleteTimeout" | "ShowUpTimeout" => Valid::From(0),
        _ => Valid::Text,
    }
}

impl Linting<'_> {
    pub(super) fn values(&mut self, settings: &Settings) {
        for key in settings.keys.iter().filter(|key| !key.key.is_removed) {
            let known: &[&'static str] = match &key.part {
                Part::Settings(_) => &SETTINGS,
                Part::Url { .. } => &OF_A_URL,
                Part::Urls(_) => &[],
                Part::Unknown(_) => continue,
            };
            for entry in &key.key.entries {
                self.entry(entry, known);
            }
        }
        let left = settings.imported(|other, entry| self.duplicate(other, entry));
        scopes(&left)
            .into_iter()
            .for_each(|scope| self.half_size(&left, scope));
    }

    fn entry(&mut self, entry: &Entry, known: &[&'static str]) {
        let own = entry.name.as_deref().unwrap_or("@");
        let Some(name) = known.iter().find(|name| is_named(entry, name)) else {
            return self.unknown(entry, own, known);
        };
        match (valid(name), &entry.data) {
            (_, Data::Removed) => {}
            (Valid::Text, data) => match text(data) {
                Some((title, _)) if *name == "Title" => self.title(entry, title),
                Some(_) => {}
                None => {
                    let found = Finding::new(TYPE, format!("`{name}` must be a text")).at(self.data(entry));
                    self.add(found.help(format!("write it in quotes: \"{name}\"=\"…\"")));
                }
            },
            (valid, data) => match number(data) {
                Ok(number) => self.range(entry, name, number, &valid),
                Err(why) => {
                    let rule = if matches!(data, Data::Other(_)) {
                        TYPE
                    } else {
                        NUMBER
                    };
                    let found =
                        Finding::new(rule, format!("`{name}` must be a number: {why}")).at(self.data(entry));
                    self.add(found.help(format!(
                        "write it as \"{name}\"=dword:00000001, in hexadecimal, or as a decimal text"
                    )));
                }
            },
        }
    }

    fn unknown(&mut self, entry: &Entry, own: &str, known: &[&'static str]) {
        let all = SETTINGS.iter().chain(&OF_A_URL).copied();
        let elsewhere = all.clone().find(|name| is_named(entry, name));
        let help = match (
            elsewhere,
            nearest(own, known.iter().copied()).or_else(|| nearest(own, all)),
        ) {
            (Some(name), _) if OF_A_URL.contains(&name) => {
                format!("`{name}` belongs to the key of a document: …\\URLs\\1")
            }
            (Some(name), _) => format!("`{name}` belongs to the key with the settings"),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) if known.is_empty() => "values belong to the numbered keys below".into(),
            (None, None) => format!("known here are {}", known.join(", ")),
        };
        let found = Finding::new(
            UNKNOWN_VALUE,
            format!("`{own}` is not a value that applications read here"),
        );
        let place = self.place(entry.line, entry.name_at.clone());
        self.add(found.at(place).help(help));
    }

    fn range(&mut self, entry: &Entry, name: &str, number: u32, valid: &Valid) {
        let place = self.data(entry);
        match valid {
            Valid::UpTo(most) if number > *most => {
                let choices: Vec<String> = (0..=*most).map(|choice| choice.to_string()).collect();
                self.add(
                    Finding::new(
                        NUMBER,
                        format!("`{name}` is {number}; it must be {}", choices.join(" or ")),
                    )
                    .at(place),
                );
            }
            Valid::From(least) if number < *least => {
                let found = Finding::new(SIZE, format!("`{name}` is {number}; it must be at least {least}"));
                self.add(found.at(place));
            }
            _ if name == "ShowUpTimeout" && number > LONG_TIMEOUT => {
                let found = Finding::new(
                    TIMEOUT,
                    format!("`{name}` is {number} ms: users wait for more than a minute"),
                );
                self.add(
                    found
                        .at(place)
                        .help("the value is in milliseconds; 3000 if it is not set"),
                );
            }
            _ => {}
        }
    }

    fn title(&mut self, entry: &Entry, title: &str) {
        if title.chars().any(char::is_control) {
            let found = Finding::new(TITLE, "`Title` contains a control character").at(self.data(entry));
            self.add(found.help("use letters, digits, signs and blanks only"));
        }
    }

    /// The registry has one value of a name: what is removed, or said again, is no contradiction.
    fn duplicate(&mut self, other: &Entry, entry: &Entry) {
        if entry.data == Data::Removed || entry.data == other.data {
            return;
        }
        let name = entry.name.as_deref().unwrap_or("@");
        let found = Finding::new(
            DUPLICATE,
            format!("`{name}` again, with another value: the last one counts"),
        );
        let places = [entry, other].map(|entry| self.place(entry.line, entry.name_at.clone()));
        let [here, there] = places;
        self.add(found.at(here).at(there).help("keep one of the two"));
    }

    fn half_size(&mut self, left: &[(&Part, &Entry)], scope: Scope) {
        let part = Part::Settings(scope);
        let (given, entry, other) = match ["Height", "Width"].map(|name| find(left, &part, name)) {
            [Some(height), None] => ("Height", height, "Width"),
            [None, Some(width)] => ("Width", width, "Height"),
            _ => return,
        };
        let found = Finding::new(SIZE_HALF, format!("`{given}` is set and `{other}` is not"));
        let place = self.place(entry.line, entry.name_at.clone());
        self.add(found.at(place).help("set both, or neither"));
    }
}
