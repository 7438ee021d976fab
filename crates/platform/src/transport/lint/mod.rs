//! What is wrong with a `transport` value.

mod blanks;
mod names;
mod rules;
mod values;
pub(super) mod whole;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

use super::options::KNOWN;
use super::reader::{Part, boolean, is_secured, parts};
use super::thumbprint::Thumbprint;
use crate::finding::{Finding, Findings, MASK, Place, Rule, SourceLine, quoted, value_in_short};

#[cfg(test)]
pub(super) use tests::random_values;

/// Where the value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The transport parameters of a server's port.
    Port,
    /// Those of a client's connection.
    Connection,
    /// The options of an application: the platform trims them.
    Application,
    /// The options of a host: the platform trims them.
    Host,
    /// The `transport` option in the file of DB Server or Configuration Server.
    File,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Port,
        Self::Connection,
        Self::Application,
        Self::Host,
        Self::File,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Port => "port",
            Self::Connection => "connection",
            Self::Application => "application",
            Self::Host => "host",
            Self::File => "file",
        }
    }

    /// Whether the platform takes blanks around names and values away.
    fn is_trimmed(self) -> bool {
        matches!(self, Self::Application | Self::Host)
    }
}

/// The kind of host that reads the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Certificates are files.
    Unix,
    /// Certificates are in the certificate store, and named by their thumbprints.
    Windows,
    /// A Java program.
    Java,
}

impl Platform {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Unix, Self::Windows, Self::Java];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unix => "unix",
            Self::Windows => "windows",
            Self::Java => "java",
        }
    }
}

/// The release of the platform, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// 7.5 and everything before it, which has no TLS.
    V75,
    /// 7.6
    V76,
    /// 8.0
    V80,
    /// 8.1
    V81,
    /// 8.5
    V85,
    /// 9.0
    V90,
}

impl Release {
    /// Every release that has TLS.
    pub const ALL: [Self; 5] = [Self::V76, Self::V80, Self::V81, Self::V85, Self::V90];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::V75 => "7.5",
            Self::V76 => "7.6",
            Self::V80 => "8.0",
            Self::V81 => "8.1",
            Self::V85 => "8.5",
            Self::V90 => "9.0",
        }
    }
}

/// What is known about a value.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lint {
    /// Where it stands; guessed where it is not said: of a connection where it has options of clients and no certificate, else of a port.
    pub role: Option<Role>,
    /// What reads it; guessed by the form of `certificate` where it is not said.
    pub platform: Option<Platform>,
    /// The release.
    pub release: Option<Release>,
}

/// Options that only clients have.
pub(super) const OF_CLIENTS: [&str; 3] = ["port", "address", "backup-port"];

/// Values are one line of settings; what is longer is something else.
const MAX_VALUE: usize = 16 * 1024;
/// What is found more often in one value repeats itself: it is counted.
const MAX_FOUND: usize = 200;

/// Checks a value. It is what follows character `offset` of `text`, which is the line that it stands in, number `line` of its file.
pub fn lint(line: usize, text: &str, offset: usize, known: &Lint) -> Findings {
    let mut found = Findings::up_to(MAX_FOUND);
    if text.chars().skip(offset).nth(MAX_VALUE).is_some() {
        let seen = format!("the value is longer than {MAX_VALUE} characters, and was not checked");
        found.push(Finding::new(rules::TOO_LONG, seen).at(Place::new(line, text, offset..offset)));
        return found;
    }
    let view = View::of(line, text, offset, known);
    found.extend(whole::prefix(&view));
    for (number, part) in view.parts.iter().enumerate() {
        found.extend(blanks::check(&view, part));
        found.extend(names::check(&view, number));
        found.extend(values::check(&view, part));
    }
    found.extend(whole::check(&view));
    found.sort_by_place();
    found
}

/// Whether what has this slug is gone after [`super::fix`].
pub fn is_fixed(slug: &str) -> bool {
    let rules = [
        rules::BLANK_BEFORE_NAME,
        rules::BLANK_BEFORE_EQUALS,
        rules::BLANK_AFTER_EQUALS,
        rules::BLANK_BEFORE_SEMICOLON,
        rules::ODD_BLANK,
        rules::PREFIX,
    ];
    rules.iter().any(|rule| rule.slug == slug)
}

/// A value with what is known about it.
struct View<'a> {
    line: SourceLine,
    /// Where in the line the value begins.
    offset: usize,
    value: &'a str,
    parts: Vec<Part<'a>>,
    /// The plain name of each part.
    names: Vec<String>,
    /// The first part of each plain name that has a value.
    first: HashMap<String, usize>,
    /// What the platform finds for each name.
    found: HashMap<&'a str, &'a str>,
    role: Role,
    platform: Platform,
    release: Option<Release>,
    /// The prefix `transport=` where it does not belong, or stands in a line of a file.
    prefix: Option<Range<usize>>,
}

impl<'a> View<'a> {
    fn of(line: usize, text: &'a str, offset: usize, known: &Lint) -> Self {
        let start = text.char_indices().nth(offset).map_or(text.len(), |(at, _)| at);
        let prefix = super::fix::prefix(&text[start..]);
        let skipped = prefix.unwrap_or(0);
        let value = &text[start + skipped..];
        let mut view = View {
            line: SourceLine::new(line, text, None),
            offset: offset + text[start..start + skipped].chars().count(),
            value,
            parts: parts(value),
            names: Vec::new(),
            first: HashMap::new(),
            found: HashMap::new(),
            role: known.role.unwrap_or(Role::Port),
            platform: Platform::Unix,
            release: known.release,
            prefix: prefix.map(|_| offset..offset + text[start..start + skipped].chars().count()),
        };
        for (name, value) in view
            .parts
            .iter()
            .filter_map(|part| Some((part.name, part.value?)))
        {
            view.found.entry(name).or_insert(value);
        }
        view.names = view.parts.iter().map(Part::plain_name).collect();
        for (number, _) in view
            .parts
            .iter()
            .enumerate()
            .filter(|(_, part)| part.value.is_some())
        {
            view.first.entry(view.names[number].clone()).or_insert(number);
        }
        view.platform = known.platform.unwrap_or_else(|| view.guessed_platform());
        view.role = known.role.unwrap_or_else(|| view.guessed_role());
        view
    }

    fn guessed_platform(&self) -> Platform {
        let is_of_windows = |value: &str| Thumbprint::of(value).is_some() || whole::is_windows_path(value);
        match self.intended("certificate").and_then(Part::plain_value) {
            Some(value) if is_of_windows(value) => Platform::Windows,
            _ => Platform::Unix,
        }
    }

    fn guessed_role(&self) -> Role {
        let is_set = |name: &&str| self.intended(name).is_some();
        match OF_CLIENTS.iter().any(is_set) && !is_set(&"certificate") {
            true => Role::Connection,
            false => Role::Port,
        }
    }

    /// What the platform finds for an option.
    fn find(&self, name: &str) -> Option<&'a str> {
        self.found.get(name).copied()
    }

    /// The first part that was meant to set an option, whether or not the platform finds it.
    fn intended(&self, name: &str) -> Option<&Part<'a>> {
        let of_name =
            |(part, plain): &(&Part<'a>, &String)| part.value.is_some() && plain.eq_ignore_ascii_case(name);
        self.parts
            .iter()
            .zip(&self.names)
            .find(of_name)
            .map(|(part, _)| part)
    }

    /// What an option was meant to be.
    fn meant_value(&self, name: &str) -> Option<&str> {
        self.intended(name)?
            .plain_value()
            .filter(|value| !value.is_empty())
    }

    /// Whether an option was meant to be yes or no.
    fn meant_boolean(&self, name: &str) -> Option<bool> {
        boolean(self.meant_value(name)?)
    }

    /// A range of characters of the value.
    fn place(&self, range: Range<usize>) -> Place {
        self.line
            .place(self.offset + range.start..self.offset + range.end)
    }

    /// A finding at a range of characters of the value.
    fn found(&self, rule: Rule, range: Range<usize>, seen: impl Into<String>) -> Finding {
        Finding::new(rule, seen).at(self.place(range))
    }

    /// The name of a part that begins at a character of the value, for a message: behind a secret it may be the rest of that.
    fn name_in_words(&self, name: &str, at: usize) -> String {
        match self.line.hides(self.offset + at) {
            true => format!("`{MASK}`"),
            false => quoted(name),
        }
    }

    /// Where a part's name is, without blanks around it.
    fn name_range(part: &Part<'_>) -> Range<usize> {
        trimmed_range(part.name, part.start)
    }

    /// Where a part's value is, without blanks around it.
    fn value_range(part: &Part<'_>) -> Range<usize> {
        trimmed_range(part.value.unwrap_or_default(), part.value_start())
    }

    /// What the platform does, as the value stands, about an option that it does not find where it was meant.
    fn used_instead(&self, name: &str) -> String {
        let Some(known) = super::options::known(name) else {
            return "the platform does not find it".into();
        };
        if let Some(value) = self.find(name) {
            let value = value_in_short(name, value);
            return format!("the platform uses `{name}={value}` from a later part");
        }
        if name == "certificate" && is_secured(self.value) {
            return "the platform reads tls=1 without a certificate".into();
        }
        let found = KNOWN.iter().map(|known| known.name);
        let found: Vec<&str> = found.filter(|name| self.find(name).is_some()).collect();
        match found.is_empty() {
            true => format!("the platform finds no option at all: {}", known.without),
            false => format!("the platform reads only {}: {}", found.join(", "), known.without),
        }
    }
}

fn trimmed_range(text: &str, start: usize) -> Range<usize> {
    use crate::finding::is_blank;
    let leading = text.chars().take_while(|character| is_blank(*character)).count();
    let length = text.trim_matches(is_blank).chars().count();
    start + leading..start + leading + length
}
