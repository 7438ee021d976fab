//! A profile: a named set of extensions and limits.

use super::NameSuffix;
use crate::x509::ExtendedKeyUsage;

/// What is issued under one name of `--profile`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// extKeyUsage.
    pub extended_key_usage: Vec<ExtendedKeyUsage>,
    /// Bits of keyUsage by their names in RFC 5280; which of them a key can do is decided on issuing.
    pub key_usage: Vec<String>,
    /// Lifetime in days when none is asked for.
    pub lifetime_days: u32,
    /// The most days that may be asked for.
    pub max_lifetime_days: Option<u32>,
    /// Domains that host names must lie in, and blocks for addresses; empty admits all, unless there is no default access.
    pub name_suffixes: Vec<NameSuffix>,
    /// Kinds of key, by their names in `--key-type`.
    pub key_types: Vec<String>,
    /// Whether names may be taken from a certification request.
    pub accept_csr_names: bool,
}
