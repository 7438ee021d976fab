//! Contents for a PKCS #12 file: the only key with its certificates, or certificates that Java should trust.

use super::{Arrangement, Bundle, BundledCertificate, BundledKey, Entry};
use crate::encoding::unique::UniqueNames;
use crate::pkcs12::{MAX_FRIENDLY_NAME, check_friendly_name};
use crate::x509::Certificate;

/// The entry of a file that goes into a PFX.
pub enum OnlyEntry<'a, 'b> {
    /// This one.
    Entry(&'b Entry<'a>),
    /// The file has no keys.
    NoKey,
    /// There are several keys.
    SeveralKeys(usize),
    /// No certificate belongs to the key.
    NoCertificate(&'a BundledKey),
}

impl Bundle {
    /// The one key with its certificate.
    pub fn only_entry<'a, 'b>(&'a self, arranged: &'b Arrangement<'a>) -> OnlyEntry<'a, 'b> {
        match (self.keys.as_slice(), arranged.entries.as_slice()) {
            ([], _) => OnlyEntry::NoKey,
            ([_], [entry]) => OnlyEntry::Entry(entry),
            ([key], _) => OnlyEntry::NoCertificate(key),
            (keys, _) => OnlyEntry::SeveralKeys(keys.len()),
        }
    }

    /// Every certificate under a name of its own: `name`, else what the file says, else its common name.
    pub fn trusted_entries(&self, name: Option<&str>) -> Vec<(&Certificate, String)> {
        // Java takes a friendly name as alias, without regard to case, and keeps one entry for each.
        let mut aliases = UniqueNames::default();
        let own = |found: &BundledCertificate| {
            found
                .facts
                .friendly_name
                .clone()
                .or_else(|| found.certificate.subject().common_names().into_iter().next())
        };
        let named = |found| name.map(str::to_owned).or_else(|| own(found)).unwrap_or_default();
        self.certificates
            .iter()
            .map(|found| (&found.certificate, aliases.give(&sound(&named(found)))))
            .collect()
    }
}

impl Entry<'_> {
    /// The certificate, then its issuers.
    pub fn path(&self) -> Vec<&Certificate> {
        std::iter::once(self.certificate)
            .chain(self.chain.iter().copied())
            .map(|found| &found.certificate)
            .collect()
    }

    /// The friendly name in the file, otherwise the host, otherwise the common name; always a name that can be encoded.
    pub fn friendly_name(&self) -> String {
        let facts = self
            .key
            .map(|key| &key.facts)
            .into_iter()
            .chain([&self.certificate.facts]);
        let own = facts.filter_map(|facts| facts.friendly_name.clone()).next();
        sound(
            &own.or_else(|| self.host().map(|host| host.value()))
                .or_else(|| self.title())
                .unwrap_or_default(),
        )
    }
}

/// A friendly name that can be encoded: characters that cannot become `_`.
fn sound(name: &str) -> String {
    /// Room for a number behind it.
    const LONGEST: usize = MAX_FRIENDLY_NAME - 8;
    let is_sound = |character: char| check_friendly_name(&character.to_string()).is_ok();
    let name: String = name
        .chars()
        .take(LONGEST)
        .map(|character| if is_sound(character) { character } else { '_' })
        .collect();
    if name.is_empty() {
        "certificate".into()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn friendly_names_can_always_be_written() {
        assert_eq!(sound("db1\u{1b}[m\u{1f600}"), "db1_[m_");
        assert_eq!(sound(""), "certificate");
        assert!(check_friendly_name(&sound(&"x".repeat(1000))).is_ok());
    }
}
