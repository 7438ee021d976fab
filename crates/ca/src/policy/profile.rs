//! A profile: a named set of extensions and limits.

use super::NameSuffix;
use gsec_pki::key::KeyType;
use gsec_pki::x509::{ExtendedKeyUsage, KeyUsage};

/// What is issued under one name of `--profile`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// extKeyUsage.
    pub extended_key_usage: Vec<ExtendedKeyUsage>,
    /// keyUsage; which of its bits a key can do is decided on issuing.
    pub key_usage: KeyUsage,
    /// Lifetime in days when none is requested, unless an inherited `max_lifetime_days` is less.
    pub lifetime_days: u32,
    /// The most days that may be requested.
    pub max_lifetime_days: Limit<Option<u32>>,
    /// How many certificates a process apart that has the key signs with it in an hour.
    pub max_per_hour: Limit<Option<u32>>,
    /// Domains that host names must lie in, and blocks for addresses; empty admits all, unless there is no default access.
    pub name_suffixes: Limit<Vec<NameSuffix>>,
    /// Kinds of key that may be certified.
    pub key_types: Limit<Vec<KeyType>>,
    /// Whether names may be taken from a certification request.
    pub accept_csr_names: Limit<bool>,
}

/// What limits a profile, and where that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit<T> {
    /// The limit.
    pub value: T,
    /// The profile in whose table it is written: `host` where it is inherited.
    pub profile: String,
    /// Its line in `gsec.toml`, from 1; `None` for the built-in default.
    pub line: Option<usize>,
}

impl<T> Limit<T> {
    /// The line in `[profile.host]` of `gsec.toml` that limits a profile which does not say anything itself.
    pub fn inherited_by(&self, profile: &str) -> Option<usize> {
        self.line.filter(|_| self.profile != profile)
    }

    fn is_same_but_for_line(&self, other: &Self) -> bool
    where
        T: PartialEq,
    {
        let at_any_line = |limit: &Self| limit.line.is_some();
        self.value == other.value && self.profile == other.profile && at_any_line(self) == at_any_line(other)
    }

    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Limit<U> {
        Limit {
            value: change(self.value),
            profile: self.profile,
            line: self.line,
        }
    }

    pub(super) fn try_map<U, E>(self, change: impl FnOnce(T) -> Result<U, E>) -> Result<Limit<U>, E> {
        Ok(Limit {
            value: change(self.value)?,
            profile: self.profile,
            line: self.line,
        })
    }
}

impl Profile {
    /// Lifetime in days when none is requested: no more than `[profile.host]` lets the profile request. A
    /// profile that contradicts itself is refused instead.
    pub fn default_days(&self) -> u32 {
        let inherited = self
            .max_lifetime_days
            .inherited_by(&self.name)
            .and(self.max_lifetime_days.value);
        inherited.map_or(self.lifetime_days, |most| most.min(self.lifetime_days))
    }

    /// Whether another profile of the same name says the same, wherever it stands in its file.
    pub(super) fn is_same_but_for_lines(&self, other: &Self) -> bool {
        self.extended_key_usage == other.extended_key_usage
            && self.key_usage == other.key_usage
            && self.lifetime_days == other.lifetime_days
            && self
                .max_lifetime_days
                .is_same_but_for_line(&other.max_lifetime_days)
            && self.max_per_hour.is_same_but_for_line(&other.max_per_hour)
            && self.name_suffixes.is_same_but_for_line(&other.name_suffixes)
            && self.key_types.is_same_but_for_line(&other.key_types)
            && self
                .accept_csr_names
                .is_same_but_for_line(&other.accept_csr_names)
    }

    /// Whether `name_suffixes`, `key_types`, `max_lifetime_days`, `max_per_hour` and `accept_csr_names`, in this order, limit more than the template
    /// does.
    pub(super) fn differs_from_template(&self) -> [bool; 5] {
        [
            !self.name_suffixes.value.is_empty(),
            KeyType::ALL
                .iter()
                .any(|kind| !self.key_types.value.contains(kind)),
            self.max_lifetime_days.value.is_some(),
            self.max_per_hour.value.is_some(),
            !self.accept_csr_names.value,
        ]
    }
}
