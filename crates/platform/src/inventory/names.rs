//! Names of hosts in an inventory, and of applications.

use std::fmt;

use gsec_pki::encoding::visible::is_dangerous;

/// The most characters of a name.
const MAX_NAME: usize = 255;

/// The name of a host in the inventory: what folders and files are named after, and never anything that a shell, a path or an option could be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(String);

impl HostName {
    /// Letters, digits, `.`, `_`, `-` and blanks of ASCII; not empty, and it begins with none of `-`, `.` and blank.
    pub fn parse(text: &str) -> Option<Self> {
        let is_fit = |character: char| character.is_ascii_alphanumeric() || "._- ".contains(character);
        let is_name = !text.is_empty()
            && text.len() <= MAX_NAME
            && text.chars().all(is_fit)
            && !text.starts_with(['-', '.', ' '])
            && !text.ends_with(' ');
        is_name.then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Whether a text can be the name of an application: anything that can be seen. It is only ever data.
pub fn is_app_name(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= MAX_NAME
        && !text
            .chars()
            .any(|character| character.is_control() || is_dangerous(character))
}
