//! The requester of a change.

/// The user or program that requests a change of the CA, as far as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Principal {
    /// The login name on this machine, or the name of an account.
    pub name: Option<String>,
    /// The number of the user, as the kernel tells it; the name is what the caller says.
    pub uid: Option<u32>,
}

impl Principal {
    /// Someone of whom only the login name is known.
    pub fn named(name: Option<String>) -> Self {
        Self { name, uid: None }
    }

    /// The same, of a user that the kernel tells.
    #[must_use]
    pub fn of_user(self, uid: u32) -> Self {
        Self {
            uid: Some(uid),
            ..self
        }
    }
}
