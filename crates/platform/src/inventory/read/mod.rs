//! An inventory is read: its form first, with everything that is wrong, then the values.

mod app;
mod fields;
mod host;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{Form, Keys, ROOT};
use super::model::Places;
use super::secrets::secrets;
use super::{Defaults, Inventory, Source};
use crate::finding::{Finding, MAX_FINDINGS, Rule, nearest, quoted};
use fields::Fields;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// The most hosts.
pub const MAX_HOSTS: usize = 100_000;
/// The most ports of all applications together.
pub const MAX_PORTS: usize = 500_000;

const SYNTAX: Rule = Rule::error("fleet-syntax");
const UNKNOWN_KEY: Rule = Rule::error("fleet-unknown-key");
const MISSING_KEY: Rule = Rule::error("fleet-missing-key");
const VALUE: Rule = Rule::error("fleet-value");
const TOO_LARGE: Rule = Rule::error("fleet-too-large");

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The inventory, as far as it could be read.
    pub inventory: Inventory,
    /// What is wrong with its form and its values, in the order of the file, up to [`MAX_FINDINGS`].
    pub findings: Vec<Finding>,
    /// How many more findings there are, all of them errors.
    pub left_out: usize,
}

/// Reads an inventory that is called `file` in messages. What cannot be read is a finding, and left out.
pub fn read(text: &str, file: &str) -> Reading {
    let source = Source::new(file, text.trim_start_matches('\u{FEFF}'));
    if text.len() > MAX_BYTES {
        return only(
            source,
            Finding::new(
                TOO_LARGE,
                format!("it has {} bytes; at most {MAX_BYTES} are read", text.len()),
            ),
        );
    }
    let mut reader = Reader {
        source,
        findings: Vec::new(),
        left_out: 0,
    };
    let text = reader.source.text().to_owned();
    match DeTable::parse(&text) {
        Ok(table) => {
            reader.check_form(table.get_ref(), 0..0, &ROOT);
            let inventory = reader.inventory(table.get_ref());
            reader.into_reading(inventory)
        }
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let place = reader.source.place(&span);
            only(
                reader.source,
                Finding::new(SYNTAX, error.message().replace('\n', ", ")).at(place),
            )
        }
    }
}

fn only(source: Source, finding: Finding) -> Reading {
    Reading {
        inventory: Inventory {
            source,
            ..Inventory::default()
        },
        findings: vec![finding],
        left_out: 0,
    }
}

/// Collects what is wrong.
struct Reader {
    source: Source,
    findings: Vec<Finding>,
    left_out: usize,
}

type Span = std::ops::Range<usize>;

impl Reader {
    fn found(&mut self, rule: Rule, span: &Span, seen: impl Into<String>, help: Option<String>) {
        if self.findings.len() >= MAX_FINDINGS {
            self.left_out += 1;
            return;
        }
        let finding = Finding::new(rule, seen).at(self.source.place(span));
        self.findings.push(Finding { help, ..finding });
    }

    fn wrong_value(&mut self, span: &Span, seen: impl Into<String>, help: &str) {
        self.found(VALUE, span, seen, Some(help.to_owned()));
    }

    /// Whether the keys of a table are known, those that must be there are, and each has a value of its form.
    fn check_form(&mut self, table: &DeTable<'_>, span: Span, keys: &Keys) {
        for (name, value) in table {
            match keys.key(name.get_ref()) {
                Some(key) => self.check_value(name.get_ref(), value, &key.form),
                None if self.findings.len() >= MAX_FINDINGS => self.left_out += 1,
                None => {
                    let meant = nearest(name.get_ref(), keys.keys.iter().map(|key| key.name));
                    let help = meant.map(|meant| format!("`{meant}` may be meant"));
                    let seen = format!("{} is not a key of {}", quoted(name.get_ref()), keys.about);
                    self.found(UNKNOWN_KEY, &name.span(), seen, help);
                }
            }
        }
        for key in keys.keys.iter().filter(|key| key.is_required) {
            if !table.iter().any(|(name, _)| name.get_ref() == key.name) {
                self.found(
                    MISSING_KEY,
                    &span,
                    format!("`{}` of {} is missing", key.name, keys.about),
                    None,
                );
            }
        }
    }

    fn check_value(&mut self, name: &str, value: &Spanned<DeValue<'_>>, form: &Form) {
        let span = value.span();
        match (form, value.get_ref()) {
            (Form::Text, DeValue::String(_)) | (Form::Flag, DeValue::Boolean(_)) => (),
            (Form::Path, DeValue::String(text)) if text.is_empty() => {
                let help = "remove the line, or write `.` for the directory of the inventory";
                self.wrong_value(&span, format!("`{name}` is empty"), help);
            }
            (Form::Path, DeValue::String(_)) => (),
            (Form::OneOf(words), DeValue::String(text)) => {
                if !words.contains(&text.as_ref()) {
                    let meant = nearest(text, words.iter().copied());
                    let help = match meant {
                        Some(meant) => format!("`{meant}` may be meant"),
                        None => format!("one of {}", words.join(", ")),
                    };
                    self.wrong_value(&span, format!("`{name}` cannot be {}", quoted(text)), &help);
                }
            }
            (Form::Number(range), DeValue::Integer(number)) => {
                let number = i64::from_str_radix(number.as_str(), number.radix());
                if !number.is_ok_and(|number| range.contains(&number)) {
                    let help = format!("a whole number from {} to {}", range.start(), range.end());
                    self.wrong_value(&span, format!("`{name}` is out of range"), &help);
                }
            }
            (Form::Texts, DeValue::Array(values)) => {
                for value in values {
                    self.check_value(name, value, &Form::Text);
                }
            }
            (Form::Options, DeValue::Table(options)) => {
                for value in options.values() {
                    self.check_value(name, value, &Form::Text);
                }
            }
            (Form::Table(keys), DeValue::Table(table)) => self.check_form(table, span, keys),
            (Form::Tables(keys), DeValue::Array(tables)) => {
                for table in tables {
                    self.check_value(name, table, &Form::Table(keys));
                }
            }
            (form, _) => self.wrong_value(
                &span,
                format!("`{name}` is not {}", in_words(form)),
                &example(form, name),
            ),
        }
    }

    fn inventory(&mut self, table: &DeTable<'_>) -> Inventory {
        let root = Fields::new(table, 0..0);
        let defaults = root
            .table("defaults")
            .map(|fields| self.defaults(&fields))
            .unwrap_or_default();
        let hosts: Vec<_> = root
            .tables("host")
            .into_iter()
            .filter_map(|fields| self.host(&fields))
            .collect();
        let apps: Vec<_> = root
            .tables("app")
            .into_iter()
            .filter_map(|fields| self.app(&fields))
            .collect();
        let pairs = root
            .tables("pair")
            .into_iter()
            .filter_map(|fields| self.pair(&fields))
            .collect();
        let ports: usize = apps.iter().map(|app| app.ports.len()).sum();
        for (count, most, what) in [(hosts.len(), MAX_HOSTS, "hosts"), (ports, MAX_PORTS, "ports")] {
            if count > most {
                let seen = format!("it has {count} {what}; at most {most} are taken");
                self.findings.push(Finding::new(TOO_LARGE, seen));
            }
        }
        Inventory {
            source: Source::default(),
            ca_dir: root.text("ca_dir"),
            out_dir: root.text("out_dir"),
            defaults,
            places: Places::of(&hosts, &apps),
            hosts,
            apps,
            pairs,
        }
    }

    fn defaults(&mut self, fields: &Fields<'_, '_>) -> Defaults {
        Defaults {
            renew_before: self.duration(fields, "renew_before"),
            profile: fields.text("profile"),
            key_type: self.key_type(fields, "key_type"),
            platform: fields.text("platform").and_then(|text| host::platform(&text)),
            release: fields.text("release").and_then(|text| host::release(&text)),
        }
    }

    fn into_reading(mut self, inventory: Inventory) -> Reading {
        self.findings
            .sort_by_key(|finding| finding.places.first().map(|place| (place.line, place.column)));
        Reading {
            inventory: Inventory {
                source: self.source.hiding(secrets(&inventory)),
                ..inventory
            },
            findings: self.findings,
            left_out: self.left_out,
        }
    }
}

fn in_words(form: &Form) -> &'static str {
    match form {
        Form::Text | Form::Path | Form::OneOf(_) => "text",
        Form::Number(_) => "a whole number",
        Form::Flag => "true or false",
        Form::Texts => "a list of texts",
        Form::Options | Form::Table(_) => "a table",
        Form::Tables(_) => "a list of tables",
    }
}

fn example(form: &Form, name: &str) -> String {
    match form {
        Form::Text | Form::Path => format!("{name} = \"…\""),
        Form::OneOf(words) => format!("{name} = \"{}\"", words.first().copied().unwrap_or_default()),
        Form::Number(range) => format!(
            "a whole number from {} to {}, without quotes",
            range.start(),
            range.end()
        ),
        Form::Flag => format!("{name} = true, without quotes"),
        Form::Texts => format!("{name} = [\"…\", \"…\"]"),
        Form::Options | Form::Table(_) => format!("{name} = {{ … }}, or a table of its own"),
        Form::Tables(_) => format!("[[{name}]] for each of them"),
    }
}
