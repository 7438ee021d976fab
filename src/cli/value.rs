//! Arguments become meaning here, once: below this no text that a person typed is passed on.

use time::macros::format_description;
use time::{Date, OffsetDateTime, Time, format_description::well_known::Rfc3339};

use crate::key::{KeyAlgorithm, KeyFormat, RsaBits};
use crate::pkcs12::PfxEncryption;
use crate::x509::{AttributeKind, DnsName, GeneralName, IpSubnet, Lifetime, NameAttribute, NameError};

use super::failure::Failure;

/// `--key-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum KeyType {
    Rsa,
    P256,
    P384,
    P521,
    Ed25519,
}

/// `--key-format`.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum KeyFormatArg {
    Pkcs8,
    Pkcs1,
}

impl From<KeyFormatArg> for KeyFormat {
    fn from(format: KeyFormatArg) -> Self {
        match format {
            KeyFormatArg::Pkcs8 => Self::Pkcs8,
            KeyFormatArg::Pkcs1 => Self::Traditional,
        }
    }
}

/// `--pfx-encryption`.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum PfxEncryptionArg {
    Modern,
    Compat,
}

impl From<PfxEncryptionArg> for PfxEncryption {
    fn from(encryption: PfxEncryptionArg) -> Self {
        match encryption {
            PfxEncryptionArg::Modern => Self::Modern,
            PfxEncryptionArg::Compat => Self::Compat,
        }
    }
}

/// `--key-type` and `--key-size` together.
pub(super) fn key_algorithm(key_type: Option<KeyType>, key_size: Option<u32>) -> Result<KeyAlgorithm, Failure> {
    let fixed = match key_type.unwrap_or(KeyType::Rsa) {
        KeyType::Rsa => {
            let size = key_size.map_or(Some(RsaBits::default()), |bits| RsaBits::at_least(bits).filter(|size| size.bits() == bits));
            let wrong = || Failure::usage(format!("RSA keys of {} bits are not made", key_size.unwrap_or_default()));
            return size.map(KeyAlgorithm::Rsa).ok_or_else(|| wrong().hint("pass `--key-size` 2048, 3072, 4096 or 8192"));
        }
        KeyType::P256 => KeyAlgorithm::P256,
        KeyType::P384 => KeyAlgorithm::P384,
        KeyType::P521 => KeyAlgorithm::P521,
        KeyType::Ed25519 => KeyAlgorithm::Ed25519,
    };
    match key_size {
        Some(bits) if bits != fixed.bits() => Err(Failure::usage(format!("`--key-size {bits}` does not go with `--key-type {}`", fixed.type_name()))
            .hint("leave out `--key-size`: it is for RSA")),
        _ => Ok(fixed),
    }
}

pub(super) fn host(text: &str) -> Result<GeneralName, NameError> {
    GeneralName::parse_host(text)
}

pub(super) fn san(text: &str) -> Result<GeneralName, NameError> {
    GeneralName::parse_san(text)
}

/// A domain of `--permit-dns`; a leading dot is dropped, since a permitted domain covers itself and what lies below.
pub(super) fn domain(text: &str) -> Result<String, NameError> {
    let name = DnsName::parse(text.strip_prefix('.').unwrap_or(text))?;
    if name.as_str().contains('*') { Err(NameError::Wildcard) } else { Ok(name.as_str().to_owned()) }
}

pub(super) fn subnet(text: &str) -> Result<IpSubnet, NameError> {
    IpSubnet::parse(text)
}

pub(super) fn common_name(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::CommonName, text)
}

pub(super) fn email(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::Email, text)
}

pub(super) fn organizational_unit(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::OrganizationalUnit, text)
}

pub(super) fn organization(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::Organization, text)
}

pub(super) fn locality(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::Locality, text)
}

pub(super) fn state(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::State, text)
}

pub(super) fn country(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::Country, text)
}

/// `--lifetime`.
pub(super) fn lifetime(text: &str) -> Result<Lifetime, String> {
    Lifetime::parse(text).ok_or_else(|| "a number with its unit is wanted: `90m`, `12h`, `30d`, `52w`".into())
}

/// `--expires-within`.
pub(super) fn duration(text: &str) -> Result<time::Duration, String> {
    match lifetime(text)? {
        Lifetime::Duration(duration) => Ok(duration),
        Lifetime::Until(_) => Err("a number with its unit is wanted: `30d`".into()),
    }
}

/// A point in time: RFC 3339, or a date, which means its last second in UTC.
pub(super) fn time(text: &str) -> Result<OffsetDateTime, String> {
    let last_second = Time::from_hms(23, 59, 59).expect("a time of day");
    let date = || Date::parse(text, format_description!("[year]-[month]-[day]")).map(|date| date.with_time(last_second).assume_utc());
    // RFC 3339 knows the years 0000 to 9999 only.
    let parsed = OffsetDateTime::parse(text, &Rfc3339).or_else(|_| date()).ok().filter(|time| (0..=9999).contains(&time.year()));
    parsed.ok_or_else(|| "a time as `2027-01-31T12:00:00Z`, or a date as `2027-01-31`, is wanted".into())
}

/// A number of days.
pub(super) fn days(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|days| *days > 0).ok_or_else(|| "a whole number of days is wanted, 1 at the least".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_date_means_its_last_second() {
        assert_eq!(time("2027-01-31"), Ok(datetime!(2027-01-31 23:59:59 UTC)));
        assert_eq!(time("2027-01-31T12:00:00+01:00"), Ok(datetime!(2027-01-31 11:00:00 UTC)));
        assert!(time("31.1.2027").is_err());
        assert!(time("-9999-01-01").is_err());
    }

    #[test]
    fn size_goes_with_rsa_only() {
        assert_eq!(key_algorithm(None, None).expect("default"), KeyAlgorithm::Rsa(RsaBits::B2048));
        assert_eq!(key_algorithm(Some(KeyType::Rsa), Some(4096)).expect("rsa"), KeyAlgorithm::Rsa(RsaBits::B4096));
        assert_eq!(key_algorithm(Some(KeyType::P384), Some(384)).expect("curve"), KeyAlgorithm::P384);
        assert!(key_algorithm(Some(KeyType::P256), Some(2048)).is_err());
        assert!(key_algorithm(None, Some(1024)).is_err());
        assert!(key_algorithm(None, Some(2500)).is_err());
    }

    #[test]
    fn zero_days_are_refused() {
        assert!(days("0").is_err());
        assert!(days("-1").is_err());
        assert_eq!(days("100"), Ok(100));
    }
}
