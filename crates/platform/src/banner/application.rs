//! Types of applications, which have a banner of their own.

use thiserror::Error;

/// A type of applications, by its number in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Application(u32);

/// No such application.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not an application with a banner: all, 13 (Outbound Contact Manager), 19 (Configuration Manager, Wizard Manager), 44 (Solution Control Interface), 51 (Interaction Routing Designer)"
)]
pub struct ApplicationError(pub String);

const KNOWN: [(u32, &str); 5] = [
    (13, "Outbound Contact Manager"),
    (19, "Configuration Manager"),
    (19, "Wizard Manager"),
    (44, "Solution Control Interface"),
    (51, "Interaction Routing Designer"),
];

impl Application {
    /// Reads a number or a name, in any case, with blanks, hyphens or nothing between its words.
    ///
    /// # Errors
    /// [`ApplicationError`].
    pub fn parse(text: &str) -> Result<Self, ApplicationError> {
        let folded = |name: &str| name.to_lowercase().replace([' ', '-', '_'], "");
        let typed = folded(text.trim());
        let known = KNOWN
            .iter()
            .find(|(number, name)| folded(name) == typed || number.to_string() == typed);
        known
            .map(|(number, _)| Self(*number))
            .ok_or_else(|| ApplicationError(text.to_owned()))
    }

    /// The type that a key below the banner's is for: a decimal number.
    pub(super) fn of_key(name: &str) -> Option<Self> {
        let is_number = !name.is_empty() && name.bytes().all(|digit| digit.is_ascii_digit());
        name.parse().ok().filter(|_| is_number).map(Self)
    }

    /// Its number.
    pub fn number(self) -> u32 {
        self.0
    }

    /// Its names; `None`: an application that is not known to have a banner.
    pub fn names(self) -> Option<String> {
        let names: Vec<&str> = KNOWN
            .iter()
            .filter(|(number, _)| *number == self.0)
            .map(|(_, name)| *name)
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_read() {
        for (text, number) in [
            ("13", 13),
            ("outbound contact manager", 13),
            ("Configuration-Manager", 19),
            ("wizardmanager", 19),
            ("44", 44),
            ("Interaction Routing Designer", 51),
        ] {
            assert_eq!(
                Application::parse(text).map(Application::number),
                Ok(number),
                "{text}"
            );
        }
        for text in ["", "12", "all", "manager"] {
            assert!(Application::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            Application(19).names().as_deref(),
            Some("Configuration Manager, Wizard Manager")
        );
        assert_eq!(
            (
                Application(7).names(),
                Application::of_key("+7"),
                Application::of_key("7")
            ),
            (None, None, Some(Application(7)))
        );
    }
}
