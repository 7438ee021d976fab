//! Which setting holds for a port or a connection, and from which level it comes.
//!
//! Two models of the platform are documented, and both are computed: in [`Model::Set`] the options that belong to a certificate come together
//! from the first level that has any of them (the library of release 9.0), in [`Model::Each`] every option comes from the first level that
//! has it (the documentation of 8.1.1 to 8.5). Where they differ, certificate and key may be of different levels.

mod chain;
mod findings;
mod level;
mod target;

#[cfg(test)]
mod tests;

pub use chain::{Chain, End, Row, explain};
pub use level::{LevelFacts, LevelKind, Said, Source};
pub use target::{Target, TargetError, find_target};

pub use findings::findings;

use crate::transport::Release;

/// How the platform finds an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// What belongs to a certificate comes from one level.
    Set,
    /// Every option by itself.
    Each,
}

impl Model {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Set, Self::Each];

    /// Its name in arguments, text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Each => "each",
        }
    }

    /// The one that is documented for a release.
    pub fn documented(release: Release) -> Option<Self> {
        match release {
            Release::V76 | Release::V81 | Release::V85 => Some(Self::Each),
            Release::V75 | Release::V80 => None,
            Release::V90 => Some(Self::Set),
        }
    }
}

/// The options that come together in [`Model::Set`].
pub const TOGETHER: [&str; 5] = [
    "certificate",
    "certificate-key",
    "trusted-ca",
    "fips140-enabled",
    "provider",
];

/// The options that always come by themselves.
pub const ALONE: [&str; 8] = [
    "tls",
    "tls-mutual",
    "tls-crl",
    "tls-target-name-check",
    "sec-protocol",
    "cipher-list",
    "tls-version",
    "protocol-list",
];
