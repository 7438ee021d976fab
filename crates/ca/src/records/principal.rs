//! The requester of a change.

/// The user or program that requests a change of the CA, as far as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Principal {
    /// The login name on this machine, or the name of an account.
    pub name: Option<String>,
}

impl Principal {
    /// Someone of whom only the login name is known.
    pub fn named(name: Option<String>) -> Self {
        Self { name }
    }
}
