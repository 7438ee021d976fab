//! The values of a table. Whether they have the right form was checked before: what has not is not there.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::{Located, Settings};

/// A table and its place.
pub(super) struct Fields<'a, 'i> {
    table: &'a DeTable<'i>,
    pub(super) span: Range<usize>,
}

impl<'a, 'i> Fields<'a, 'i> {
    pub(super) fn new(table: &'a DeTable<'i>, span: Range<usize>) -> Self {
        Self { table, span }
    }

    fn value(&self, key: &str) -> Option<&'a Spanned<DeValue<'i>>> {
        self.table
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| value)
    }

    /// A text.
    pub(super) fn text(&self, key: &str) -> Option<Located<String>> {
        text(self.value(key)?)
    }

    /// The texts of a list.
    pub(super) fn texts(&self, key: &str) -> Vec<Located<String>> {
        self.array(key).iter().filter_map(text).collect()
    }

    /// A whole number that is one of `T`.
    pub(super) fn number<T: TryFrom<i64>>(&self, key: &str) -> Option<Located<T>> {
        let value = self.value(key)?;
        let DeValue::Integer(number) = value.get_ref() else {
            return None;
        };
        let number = i64::from_str_radix(number.as_str(), number.radix()).ok()?;
        Some(Located::new(T::try_from(number).ok()?, value.span()))
    }

    /// A port, which is never 0.
    pub(super) fn port(&self, key: &str) -> Option<Located<u16>> {
        self.number(key).filter(|port| port.value > 0)
    }

    /// True or false.
    pub(super) fn flag(&self, key: &str) -> Option<Located<bool>> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(Located::new(*flag, value.span())),
            _ => None,
        }
    }

    /// A table below.
    pub(super) fn table(&self, key: &str) -> Option<Fields<'a, 'i>> {
        table(self.value(key)?)
    }

    /// The tables of a list.
    pub(super) fn tables(&self, key: &str) -> Vec<Fields<'a, 'i>> {
        self.array(key).iter().filter_map(table).collect()
    }

    /// Options, in the order of the file.
    pub(super) fn options(&self, key: &str) -> Settings {
        let mut options: Vec<_> = self
            .table(key)
            .map(|fields| fields.table.iter().filter_map(option).collect())
            .unwrap_or_default();
        options.sort_by_key(|(name, _): &(Located<String>, _)| name.span.start);
        Settings(options)
    }

    fn array(&self, key: &str) -> &'a [Spanned<DeValue<'i>>] {
        match self.value(key).map(Spanned::get_ref) {
            Some(DeValue::Array(values)) => values,
            _ => &[],
        }
    }
}

fn text(value: &Spanned<DeValue<'_>>) -> Option<Located<String>> {
    match value.get_ref() {
        DeValue::String(text) => Some(Located::new(text.to_string(), value.span())),
        _ => None,
    }
}

fn table<'a, 'i>(value: &'a Spanned<DeValue<'i>>) -> Option<Fields<'a, 'i>> {
    match value.get_ref() {
        DeValue::Table(table) => Some(Fields::new(table, value.span())),
        _ => None,
    }
}

fn option(
    entry: (&Spanned<Cow<'_, str>>, &Spanned<DeValue<'_>>),
) -> Option<(Located<String>, Located<String>)> {
    let (name, value) = entry;
    Some((
        Located::new(name.get_ref().to_string(), name.span()),
        text(value)?,
    ))
}
