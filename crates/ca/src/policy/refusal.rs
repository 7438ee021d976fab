//! Why a certificate may not be issued.

use std::fmt;

use thiserror::Error;

use super::{Limit, Profile};
use gsec_pki::key::{KeyFlaw, KeyType};
use gsec_pki::x509::GeneralName;

/// Which table of `gsec.toml` holds a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitPlace {
    /// The requested profile.
    pub profile: String,
    /// The profile in whose table the limit is written.
    pub table: String,
    /// The line, from 1; `None` for the built-in default.
    pub line: Option<usize>,
}

impl LimitPlace {
    pub(super) fn of<T>(limit: &Limit<T>, profile: &Profile) -> Self {
        Self {
            profile: profile.name.clone(),
            table: limit.profile.clone(),
            line: limit.line,
        }
    }

    /// Whether the profile has the limit from `[profile.host]`.
    pub fn is_inherited(&self) -> bool {
        self.table != self.profile && self.line.is_some()
    }
}

impl fmt::Display for LimitPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) if self.is_inherited() => {
                write!(
                    out,
                    "`[profile.{}]` (line {line}, inherited by profile `{}`)",
                    self.table, self.profile
                )
            }
            _ => write!(out, "`[profile.{}]`", self.table),
        }
    }
}

/// The relation of a CA to the issuing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinship {
    /// The issuing CA itself.
    This,
    /// A CA on the path up to the root.
    Above,
    /// The issuing CA with a key that it had before.
    Former,
    /// A CA that the issuing CA has certified.
    Below,
}

impl fmt::Display for Kinship {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::This => "this CA",
            Self::Above => "a CA above this one",
            Self::Former => "this CA before its key was changed",
            Self::Below => "an intermediate CA signed by this CA",
        })
    }
}

/// Which rule refuses it.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// An underscore, and `allow_underscore` is false.
    #[error("`{name}` has an underscore, and `allow_underscore` is false")]
    Underscore {
        /// The name.
        name: String,
    },
    /// Outside `name_suffixes`.
    #[error("`{name}` is not covered by `name_suffixes` of {place}: {}", suffixes.join(", "))]
    Suffix {
        /// The name.
        name: String,
        /// Where the limit is written.
        place: LimitPlace,
        /// Its `name_suffixes`.
        suffixes: Vec<String>,
    },
    /// Not within `name_suffixes`, and without default access nothing else is issued.
    #[error("profile `{profile}` does not grant `{name}`, and `[security]` gives no default access")]
    NotGranted {
        /// The name.
        name: String,
        /// The profile.
        profile: String,
    },
    /// Outside the name constraints of the CA certificate, or of one above it.
    #[error(
        "`{name}` is outside the name constraints of the CA certificate, and every client would reject it"
    )]
    Constraints {
        /// The name.
        name: String,
    },
    /// A part of the subject that clients could match against a host name.
    #[error("`{text}` in the subject could be taken as a host name that is not among the granted names")]
    CommonName {
        /// The value.
        text: String,
    },
    /// The subject of a CA.
    #[error(
        "`{subject}` is the name of {kinship}: a host certificate with this subject could be mistaken for it"
    )]
    AuthorityName {
        /// The name.
        subject: String,
        /// Whose it is.
        kinship: Kinship,
    },
    /// The key of a CA.
    #[error("the key is the key of {kinship}, `{subject}`")]
    AuthorityKey {
        /// The name of the CA.
        subject: String,
        /// Whose it is.
        kinship: Kinship,
    },
    /// Names that only the request asks for, and `accept_csr_names` is false.
    #[error(
        "`accept_csr_names` of {place} is false, and only the CSR requests {}",
        GeneralName::in_words(names)
    )]
    RequestNames {
        /// Where the limit is written.
        place: LimitPlace,
        /// The names.
        names: Vec<GeneralName>,
    },
    /// A kind of key that `key_types` does not have.
    #[error(
        "`key_types` of {place} allows {}, but this one is {found}",
        keys_in_words(admitted)
    )]
    KeyType {
        /// Where the limit is written.
        place: LimitPlace,
        /// Its `key_types`.
        admitted: Vec<KeyType>,
        /// The requested kind, as people see it: it may be one that gsec does not make.
        found: String,
    },
    /// An RSA key below 2048 bits.
    #[error("the RSA key has {bits} bits, and the minimum to be certified is 2048")]
    KeyTooSmall {
        /// Bits of the modulus.
        bits: u32,
    },
    /// A key that protects nothing, or is of a form that is not certified.
    #[error("the key is not certified: {0}")]
    Key(KeyFlaw),
    /// Longer than `max_lifetime_days`.
    #[error("`max_lifetime_days` of {place} allows at most {max_days} days")]
    Lifetime {
        /// Where the limit is written.
        place: LimitPlace,
        /// Its `max_lifetime_days`.
        max_days: u32,
    },
}

fn keys_in_words(admitted: &[KeyType]) -> String {
    if admitted.is_empty() {
        return "no key at all".into();
    }
    let names: Vec<&str> = admitted.iter().map(|kind| kind.name()).collect();
    format!("keys of {}", names.join(", "))
}

impl Refusal {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Underscore { .. } => "policy.underscore",
            Self::Suffix { .. } => "policy.name_suffix",
            Self::NotGranted { .. } => "policy.not_granted",
            Self::Constraints { .. } => "policy.name_constraints",
            Self::CommonName { .. } => "policy.common_name",
            Self::AuthorityName { .. } => "policy.ca_name",
            Self::AuthorityKey { .. } => "policy.ca_key",
            Self::RequestNames { .. } => "policy.accept_csr_names",
            Self::KeyType { .. } => "policy.key_type",
            Self::KeyTooSmall { .. } => "policy.key_too_small",
            Self::Key(_) => "policy.weak_key",
            Self::Lifetime { .. } => "policy.lifetime",
        }
    }

    /// Whether a setting of `gsec.toml` refuses, so that changing it would change the answer.
    pub fn is_setting(&self) -> bool {
        match self {
            Self::Underscore { .. }
            | Self::Suffix { .. }
            | Self::NotGranted { .. }
            | Self::RequestNames { .. }
            | Self::KeyType { .. }
            | Self::Lifetime { .. } => true,
            Self::Constraints { .. }
            | Self::CommonName { .. }
            | Self::AuthorityName { .. }
            | Self::AuthorityKey { .. }
            | Self::KeyTooSmall { .. }
            | Self::Key(_) => false,
        }
    }

    /// The limit that refuses, where it is one that profiles inherit: its key, and where it is written.
    pub fn limit(&self) -> Option<(&'static str, &LimitPlace)> {
        match self {
            Self::Suffix { place, .. } => Some(("name_suffixes", place)),
            Self::KeyType { place, .. } => Some(("key_types", place)),
            Self::Lifetime { place, .. } => Some(("max_lifetime_days", place)),
            Self::RequestNames { place, .. } => Some(("accept_csr_names", place)),
            _ => None,
        }
    }
}
