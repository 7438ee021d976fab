//! What enters scripts, settings and paths: texts of a type, so that none of them ever needs quotes.

use std::fmt;

use super::BundleError;
use crate::target::{Installer, Target};

/// Longest name of a bundle: room for a file name around it.
const MAX_NAME: usize = 100;
/// Longest name of a unit of systemd.
const MAX_UNIT: usize = 255;
/// Longest name of a user or group (useradd).
const MAX_ACCOUNT: usize = 32;
/// Longest directory.
const MAX_DEST: usize = 1024;

/// What a bundle is called: `[A-Za-z0-9._-]`, no `-` or `.` in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleName(String);

impl BundleName {
    /// Checks what a person typed for a target, which may name things in its own way.
    ///
    /// # Errors
    /// [`BundleError::NameUnsafe`].
    pub fn parse_for(target: &Target, text: &str) -> Result<Self, BundleError> {
        match target.installer {
            Installer::ShellWithNames => Self::parse_registry(text),
            Installer::Kubectl => Self::parse_kubernetes(text),
            _ => Self::parse(text),
        }
    }

    /// Checks what a person typed.
    ///
    /// # Errors
    /// [`BundleError::NameUnsafe`].
    pub fn parse(text: &str) -> Result<Self, BundleError> {
        let is_sound = is_word(text, "._-") && text.len() <= MAX_NAME;
        let unsafe_name = || BundleError::NameUnsafe {
            what: "the name",
            value: text.to_owned(),
            rule: "letters, digits and `._-`, at most 100, not beginning with `-` or `.`",
        };
        is_sound.then(|| Self(text.to_owned())).ok_or_else(unsafe_name)
    }

    /// A registry: a name, and its port.
    ///
    /// # Errors
    /// [`BundleError::NameUnsafe`].
    pub fn parse_registry(text: &str) -> Result<Self, BundleError> {
        let Some((host, port)) = text.split_once(':') else {
            return Self::parse(text);
        };
        let is_port = !port.is_empty()
            && port.len() <= 5
            && text.len() <= MAX_NAME
            && port.bytes().all(|byte| byte.is_ascii_digit());
        if !is_port {
            return Err(BundleError::NameUnsafe {
                what: "the registry",
                value: text.to_owned(),
                rule: "a name and a port, such as `registry.example.com:5000`",
            });
        }
        Self::parse(host).map(|host| Self(format!("{}:{port}", host.0)))
    }

    /// A name of Kubernetes (RFC 1123, §2.1).
    ///
    /// # Errors
    /// [`BundleError::NameUnsafe`].
    pub fn parse_kubernetes(text: &str) -> Result<Self, BundleError> {
        let is_part = |part: &str| {
            let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !part.is_empty() && !part.starts_with('-') && !part.ends_with('-') && part.bytes().all(inside)
        };
        let is_sound = text.len() <= MAX_NAME && text.split('.').all(is_part);
        let unsafe_name = || BundleError::NameUnsafe {
            what: "the name",
            value: text.to_owned(),
            rule: "lower-case letters, digits, `-` and `.`, as names of Kubernetes are",
        };
        is_sound.then(|| Self(text.to_owned())).ok_or_else(unsafe_name)
    }

    /// A name that represents any text: what a name does not admit becomes `replacement`.
    pub fn representing(text: &str, is_admitted: fn(char) -> bool, replacement: char) -> Self {
        let replaced: String = text
            .chars()
            .take(MAX_NAME - 1)
            .map(|character| {
                if is_admitted(character) {
                    character.to_ascii_lowercase()
                } else {
                    replacement
                }
            })
            .collect();
        let trimmed = replaced.trim_matches(['-', '.']);
        Self(if trimmed.is_empty() {
            "certificate".into()
        } else {
            trimmed.to_owned()
        })
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BundleName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A user or group: a name as `useradd` takes it, or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account(String);

impl Account {
    /// Checks what a person typed.
    ///
    /// # Errors
    /// [`BundleError::NameUnsafe`].
    pub fn parse(text: &str) -> Result<Self, BundleError> {
        let is_sound = is_word(text, "._-") && text.len() <= MAX_ACCOUNT;
        let unsafe_name = || BundleError::NameUnsafe {
            what: "the user or group",
            value: text.to_owned(),
            rule: "letters, digits and `._-`, at most 32, not beginning with `-` or `.`",
        };
        is_sound.then(|| Self(text.to_owned())).ok_or_else(unsafe_name)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A unit of systemd, or a service of another manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit(String);

impl Unit {
    /// Checks what a person typed.
    ///
    /// # Errors
    /// [`BundleError::NameUnsafe`].
    pub fn parse(text: &str) -> Result<Self, BundleError> {
        let is_sound = is_word(text, "._-@:") && text.len() <= MAX_UNIT;
        let unsafe_name = || BundleError::NameUnsafe {
            what: "the unit",
            value: text.to_owned(),
            rule: "letters, digits and `._-@:`, not beginning with `-` or `.`",
        };
        is_sound.then(|| Self(text.to_owned())).ok_or_else(unsafe_name)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A directory on the host: a full path of `[A-Za-z0-9._@+-]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dest(String);

impl Dest {
    /// Checks what a person typed.
    ///
    /// # Errors
    /// [`BundleError::NameUnsafe`].
    pub fn parse(text: &str) -> Result<Self, BundleError> {
        let trimmed = text.trim_end_matches('/');
        let inside = |character: char| character.is_ascii_alphanumeric() || "._@+-".contains(character);
        let is_part =
            |part: &str| !part.is_empty() && part != "." && part != ".." && part.chars().all(inside);
        let is_sound = trimmed.len() <= MAX_DEST
            && trimmed
                .strip_prefix('/')
                .is_some_and(|rest| rest.split('/').all(is_part));
        let unsafe_name = || BundleError::NameUnsafe {
            what: "the directory",
            value: text.to_owned(),
            rule: "a full path of letters, digits and `._@+-`, because it is written into settings of many forms",
        };
        is_sound.then(|| Self(trimmed.to_owned())).ok_or_else(unsafe_name)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text is of letters, digits and these, and does not begin like an option or a hidden file.
fn is_word(text: &str, further: &str) -> bool {
    let inside = |character: char| character.is_ascii_alphanumeric() || further.contains(character);
    !text.is_empty() && !text.starts_with(['-', '.', '@', ':']) && text.chars().all(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What means something to a shell, a path or a terminal.
    const HOSTILE: [&str; 16] = [
        "",
        ".",
        "..",
        "../x",
        "-rf",
        "a b",
        "a'b",
        "a\"b",
        "$(touch x)",
        "`touch x`",
        "a;b",
        "a\nb",
        "a%b",
        "a\\b",
        "a\u{2019}b",
        "é",
    ];

    #[test]
    fn texts_that_mean_something_to_a_shell_are_no_names() {
        for text in HOSTILE {
            assert!(BundleName::parse(text).is_err(), "{text:?}");
            assert!(
                BundleName::parse_registry(&format!("{text}:5000")).is_err(),
                "{text:?}"
            );
            assert!(
                BundleName::parse_registry(&format!("a:{text}")).is_err(),
                "{text:?}"
            );
            assert!(BundleName::parse_kubernetes(text).is_err(), "{text:?}");
            assert!(Account::parse(text).is_err(), "{text:?}");
            assert!(Unit::parse(text).is_err(), "{text:?}");
            // In a full path a part that begins with `-` is no option.
            assert!(
                text == "-rf" || Dest::parse(&format!("/etc/{text}/x")).is_err(),
                "{text:?}"
            );
            assert!(Dest::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn any_text_is_represented_by_a_name() {
        let plain = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
        for text in HOSTILE {
            let name = BundleName::representing(text, plain, '_');
            assert!(BundleName::parse(name.as_str()).is_ok(), "{text:?}: {name}");
        }
        assert_eq!(
            BundleName::representing("*.Example.com", plain, '_').as_str(),
            "_.example.com"
        );
        assert_eq!(
            BundleName::representing(&"x".repeat(400), plain, '_')
                .as_str()
                .len(),
            99
        );
    }

    #[test]
    fn names_of_units_accounts_and_folders() {
        assert!(Unit::parse("stunnel@web.service").is_ok());
        assert!(Account::parse("_postgres").is_ok() && Account::parse("1000").is_ok());
        assert_eq!(
            Dest::parse("/opt/app/tls/").expect("a directory").as_str(),
            "/opt/app/tls"
        );
        assert!(
            Dest::parse("/").is_err() && Dest::parse("etc/ssl").is_err() && Dest::parse("/a/../b").is_err()
        );
        assert!(BundleName::parse_registry("registry.example.com:5000").is_ok());
    }
}
