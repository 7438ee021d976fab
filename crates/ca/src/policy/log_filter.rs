//! `[log-filter]` and `[log-filter-data]`: how data of a request appear in the audit log.

use serde::Deserialize;

/// What stands in the place of a value that is hidden.
pub const HIDDEN: &str = "*****";

/// How a datum appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilterType {
    /// As it is.
    #[default]
    Copy,
    /// The key stays, and `*****` replaces the value.
    Hide,
    /// Neither key nor value.
    Skip,
}

/// The kinds of data that are filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogField {
    /// The host.
    Host,
    /// Further names.
    Names,
    /// E-mail addresses.
    Email,
    /// The subject.
    Subject,
    /// The requester.
    RemoteUser,
}

/// How each kind of data appears in the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    default: FilterType,
    data: DataTable,
}

/// `[log-filter]`.
#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FilterTable {
    default_filter_type: Option<FilterType>,
}

/// `[log-filter-data]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct DataTable {
    host: Option<FilterType>,
    names: Option<FilterType>,
    email: Option<FilterType>,
    subject: Option<FilterType>,
    remote_user: Option<FilterType>,
}

impl LogFilter {
    pub(super) fn new(table: &FilterTable, data: &DataTable) -> Self {
        Self {
            default: table.default_filter_type.unwrap_or_default(),
            data: data.clone(),
        }
    }

    /// Hides everything that a filter can hide: for a CA whose filter cannot be read.
    pub(super) fn hiding() -> Self {
        Self {
            default: FilterType::Hide,
            data: DataTable::default(),
        }
    }

    /// How something appears that may tell any of these kinds of data: as the strictest of them.
    pub fn of_any(&self, fields: &[LogField]) -> FilterType {
        let has = |wanted| fields.iter().any(|field| self.of(*field) == wanted);
        match (has(FilterType::Skip), has(FilterType::Hide)) {
            (true, _) => FilterType::Skip,
            (false, true) => FilterType::Hide,
            (false, false) => FilterType::Copy,
        }
    }

    /// How a kind of data appears.
    pub fn of(&self, field: LogField) -> FilterType {
        let named = match field {
            LogField::Host => self.data.host,
            LogField::Names => self.data.names,
            LogField::Email => self.data.email,
            LogField::Subject => self.data.subject,
            LogField::RemoteUser => self.data.remote_user,
        };
        named.unwrap_or(self.default)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Policy;
    use super::*;

    fn filter(text: &str) -> LogFilter {
        Policy::parse(text).expect("policy").log_filter
    }

    #[test]
    fn everything_is_copied_unless_said_otherwise() {
        assert_eq!(filter("").of(LogField::Email), FilterType::Copy);
    }

    #[test]
    fn what_is_named_goes_before_the_default() {
        let filter = filter(
            "[log-filter]\ndefault-filter-type = \"skip\"\n[log-filter-data]\nhost = \"copy\"\nremote-user = \"hide\"\n",
        );
        assert_eq!(
            (filter.of(LogField::Host), filter.of(LogField::RemoteUser)),
            (FilterType::Copy, FilterType::Hide)
        );
        assert_eq!(
            (filter.of(LogField::Subject), filter.of(LogField::Names)),
            (FilterType::Skip, FilterType::Skip)
        );
    }

    #[test]
    fn unknown_words_are_named_with_their_line() {
        let said = |text: &str| Policy::parse(text).unwrap_err().to_string();
        let unknown_key = said("[log-filter-data]\nhost = \"copy\"\nremote_user = \"hide\"\n");
        assert!(
            unknown_key.starts_with("line 3: ") && unknown_key.contains("remote_user"),
            "{unknown_key}"
        );
        let unknown_word = said("[log-filter]\ndefault-filter-type = \"drop\"\n");
        assert!(
            unknown_word.starts_with("line 2: ") && unknown_word.contains("drop"),
            "{unknown_word}"
        );
    }
}
