//! The columns of a list.

use gsec_pki::x509::GeneralName;

/// What may be said of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The host itself; the one that must be there.
    Host,
    /// The common name.
    CommonName,
    /// Further names, separated by blanks, `|` or `,`.
    San,
    /// The profile.
    Profile,
    /// Lifetime in days.
    Days,
    /// Lifetime with its unit.
    Lifetime,
    /// End of lifetime.
    NotAfter,
    /// Kind of key.
    KeyType,
    /// Bits of an RSA key.
    KeySize,
    /// Organisational units, separated by `|`.
    OrganizationalUnit,
    /// Organisation.
    Organization,
    /// City.
    Locality,
    /// State or province.
    State,
    /// Country.
    Country,
    /// Friendly name in the PFX.
    FriendlyName,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 15] = [
        Self::Host,
        Self::CommonName,
        Self::San,
        Self::Profile,
        Self::Days,
        Self::Lifetime,
        Self::NotAfter,
        Self::KeyType,
        Self::KeySize,
        Self::OrganizationalUnit,
        Self::Organization,
        Self::Locality,
        Self::State,
        Self::Country,
        Self::FriendlyName,
    ];

    /// Its name in a header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::CommonName => "cn",
            Self::San => "san",
            Self::Profile => "profile",
            Self::Days => "days",
            Self::Lifetime => "lifetime",
            Self::NotAfter => "not_after",
            Self::KeyType => "key_type",
            Self::KeySize => "key_size",
            Self::OrganizationalUnit => "ou",
            Self::Organization => "org",
            Self::Locality => "locality",
            Self::State => "state",
            Self::Country => "country",
            Self::FriendlyName => "friendly_name",
        }
    }

    /// Reads a name: case and blanks around it do not matter, and `-` is `_`.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.trim().to_ascii_lowercase().replace('-', "_");
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// Whether JSON and TOML may say it as a number.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Days | Self::KeySize)
    }

    /// Whether one cell may have several values.
    pub(super) fn is_several(self) -> bool {
        matches!(self, Self::San | Self::OrganizationalUnit)
    }

    /// The values in one cell.
    pub(super) fn split(self, text: String) -> Vec<String> {
        match self {
            Self::San => text
                .split(['|', ','])
                .flat_map(GeneralName::split_at_blanks)
                .collect(),
            Self::OrganizationalUnit => text.split('|').map(str::to_owned).collect(),
            _ => vec![text],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Column;

    #[test]
    fn names_are_read_in_any_case_and_with_hyphens() {
        assert!(
            Column::ALL
                .into_iter()
                .all(|column| Column::parse(column.name()) == Some(column))
        );
        assert_eq!(Column::parse(" Key-Type\t"), Some(Column::KeyType));
        assert_eq!(Column::parse("hostname"), None);
    }
}
