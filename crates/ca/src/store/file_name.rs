//! The only way to name a file in a CA directory.

use std::fmt;

use gsec_pki::x509::{GeneralName, SerialNumber};

/// The most characters of a file name on every file system in use.
const MAX_FILE_NAME: usize = 255;

/// A file name of `[A-Za-z0-9._-]` that does not begin in `.` or `-`: it cannot leave its folder, hide, or look like an option.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileName(String);

impl FileName {
    /// Checks a text, `None` when it is no such name.
    pub fn new(text: &str) -> Option<Self> {
        let sound = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
        let is_sound = !text.is_empty() && text.len() <= MAX_FILE_NAME && !text.starts_with(['.', '-']) && text.chars().all(sound);
        is_sound.then(|| Self(text.to_owned()))
    }

    /// `<serial>.pem`: the certificate as the CA keeps it.
    pub fn certificate(serial: &SerialNumber) -> Self {
        Self(format!("{serial}.pem"))
    }

    /// The part that stands for a host: its first label, `wildcard` for `*`, an address with `:` as `-`; every other
    /// character that a file name does not admit as `_`.
    pub fn host_part(name: &GeneralName) -> String {
        let text = match name {
            GeneralName::Dns(name) => name.first_label().to_owned(),
            GeneralName::Ip(address) => address.to_string().replace(':', "-"),
            other => other.value(),
        };
        Self::text_part(&text)
    }

    /// The part that stands for any text: what a file name does not admit becomes `_`.
    pub fn text_part(text: &str) -> String {
        text.chars().map(|character| if character.is_ascii_alphanumeric() || "._-".contains(character) { character } else { '_' }).collect()
    }

    /// `<serial>_<host>_<ending>`.
    pub fn for_host(serial: &SerialNumber, host_part: &str, ending: &str) -> Option<Self> {
        Self::new(&format!("{serial}_{host_part}_{ending}"))
    }

    /// `<host>_<ending>`: what is made for a host before it has a serial number. A host part that begins as no file name
    /// may has `host` before it.
    pub fn without_serial(host_part: &str, ending: &str) -> Option<Self> {
        Self::new(&format!("{host_part}_{ending}")).or_else(|| Self::new(&format!("host{host_part}_{ending}")))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> String {
        FileName::host_part(&GeneralName::parse_host(text).expect("a host"))
    }

    #[test]
    fn names_that_could_leave_the_folder_are_none() {
        for text in ["", ".", "..", "../x", "a/b", "-rf", ".hidden", "a b", "a\0", "ä", &"x".repeat(256)] {
            assert_eq!(FileName::new(text), None, "{text:?}");
        }
        assert!(FileName::new("0A_db1_cert.pem").is_some());
    }

    #[test]
    fn host_part_keeps_case_and_replaces_what_cannot_stand() {
        assert_eq!(host("DB1.example.com"), "DB1");
        assert_eq!(host("*.example.com"), "wildcard");
        assert_eq!(host("10.0.0.1"), "10.0.0.1");
        assert_eq!(host("fd00::1"), "fd00--1");
        assert_eq!(host("::1"), "--1");
        let serial = SerialNumber::one();
        assert_eq!(FileName::for_host(&serial, &host("::1"), "cert.pem").expect("sound").as_str(), "01_--1_cert.pem");
        assert_eq!(FileName::without_serial(&host("::1"), "req.pem").expect("sound").as_str(), "host--1_req.pem");
        assert_eq!(FileName::without_serial(&host("db1.example.com"), "req.pem").expect("sound").as_str(), "db1_req.pem");
    }
}
