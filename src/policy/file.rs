//! `gsec.toml`, read.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use super::Profile;
use super::template::policy_file;
use crate::x509::ExtendedKeyUsage;

/// The profile that others take their missing keys from, and that is used when none is named.
const DEFAULT_PROFILE: &str = "host";
/// Bits of keyUsage that may stand in a host certificate.
const KEY_USAGES: [&str; 5] = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement"];
/// The values of `key_types`.
const KEY_TYPES: [&str; 5] = ["rsa", "p256", "p384", "p521", "ed25519"];

/// What is wrong with a policy file.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PolicyError {
    /// Not TOML, an unknown key, or a value of the wrong kind.
    #[error("line {line}: {problem}")]
    Unreadable {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A value that means nothing.
    #[error("profile `{profile}`: `{value}` is no {kind}")]
    Value {
        /// The profile.
        profile: String,
        /// The value.
        value: String,
        /// What it should be.
        kind: &'static str,
    },
    /// A profile is asked for that is not there.
    #[error("there is no profile `{name}`; there are {}", known.join(", "))]
    NoProfile {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
}

impl PolicyError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::Value { .. } => "policy.unreadable",
            Self::NoProfile { .. } => "policy.no_profile",
        }
    }
}

/// Where serial numbers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SerialSource {
    /// Counting on.
    #[default]
    Sequential,
    /// 16 random octets.
    Random,
}

impl SerialSource {
    /// The name that `--serial-mode` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Random => "random",
        }
    }
}

/// The policy of one CA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Where serial numbers come from.
    pub serial: SerialSource,
    /// Whether host names with an underscore may be issued.
    pub allow_underscore: bool,
    /// Addresses of the CRL.
    pub crl_addresses: Vec<String>,
    /// Addresses of the CA certificate.
    pub issuer_addresses: Vec<String>,
    profiles: BTreeMap<String, Profile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    serial: Option<SerialSource>,
    allow_underscore: Option<bool>,
    crl_addresses: Option<Vec<String>>,
    issuer_addresses: Option<Vec<String>>,
    #[serde(default)]
    profile: BTreeMap<String, ProfileTable>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields)]
struct ProfileTable {
    extended_key_usage: Option<Vec<String>>,
    key_usage: Option<Vec<String>>,
    lifetime_days: Option<u32>,
    max_lifetime_days: Option<u32>,
    name_suffixes: Option<Vec<String>>,
    key_types: Option<Vec<String>>,
}

impl ProfileTable {
    /// The keys of `self`, and for those that are missing the keys of `base`.
    fn over(self, base: &Self) -> Self {
        let base = base.clone();
        Self {
            extended_key_usage: self.extended_key_usage.or(base.extended_key_usage),
            key_usage: self.key_usage.or(base.key_usage),
            lifetime_days: self.lifetime_days.or(base.lifetime_days),
            max_lifetime_days: self.max_lifetime_days.or(base.max_lifetime_days),
            name_suffixes: self.name_suffixes.or(base.name_suffixes),
            key_types: self.key_types.or(base.key_types),
        }
    }
}

impl Policy {
    /// The policy of a CA without `gsec.toml`: what the template says.
    pub fn built_in() -> Self {
        Self::parse("").expect("the embedded template is sound; a test reads it")
    }

    /// Reads a policy file. What it leaves out is as in the template; a profile that the template does not have takes its
    /// missing keys from `host`.
    ///
    /// # Errors
    /// [`PolicyError::Unreadable`] with the line, [`PolicyError::Value`].
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let template: PolicyFile = read(&policy_file(SerialSource::Sequential))?;
        let file: PolicyFile = read(text)?;
        let host = template.profile.get(DEFAULT_PROFILE).cloned().unwrap_or_default();
        let mut tables: BTreeMap<String, ProfileTable> = template.profile.into_iter().map(|(name, table)| (name, table.over(&host))).collect();
        for (name, table) in file.profile {
            let base = tables.get(&name).unwrap_or(&host).clone();
            tables.insert(name, table.over(&base));
        }
        Ok(Self {
            serial: file.serial.or(template.serial).unwrap_or_default(),
            allow_underscore: file.allow_underscore.or(template.allow_underscore).unwrap_or_default(),
            crl_addresses: file.crl_addresses.or(template.crl_addresses).unwrap_or_default(),
            issuer_addresses: file.issuer_addresses.or(template.issuer_addresses).unwrap_or_default(),
            profiles: tables.into_iter().map(|(name, table)| Ok((name.clone(), profile(name, table)?))).collect::<Result<_, _>>()?,
        })
    }

    /// The profile of a name.
    ///
    /// # Errors
    /// [`PolicyError::NoProfile`] lists the names that there are.
    pub fn profile(&self, name: &str) -> Result<&Profile, PolicyError> {
        let none = || PolicyError::NoProfile { name: name.to_owned(), known: self.profiles.keys().cloned().collect() };
        self.profiles.get(name).ok_or_else(none)
    }
}

fn read(text: &str) -> Result<PolicyFile, PolicyError> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        PolicyError::Unreadable { line: before.matches('\n').count() + 1, problem: error.message().to_owned() }
    })
}

fn profile(name: String, table: ProfileTable) -> Result<Profile, PolicyError> {
    let wrong = |value: &str, kind| PolicyError::Value { profile: name.clone(), value: value.to_owned(), kind };
    let usage = |text: &String| ExtendedKeyUsage::parse(text).ok_or_else(|| wrong(text, "extended key usage"));
    let extended_key_usage = table.extended_key_usage.unwrap_or_default().iter().map(usage).collect::<Result<_, _>>()?;
    let (key_usage, key_types) = (table.key_usage.unwrap_or_default(), table.key_types.unwrap_or_default());
    if let Some(bad) = key_usage.iter().find(|text| !KEY_USAGES.contains(&text.as_str())) {
        return Err(wrong(bad, "key usage of a host"));
    }
    if let Some(bad) = key_types.iter().find(|text| !KEY_TYPES.contains(&text.as_str())) {
        return Err(wrong(bad, "key type"));
    }
    let lifetime_days = table.lifetime_days.filter(|days| *days > 0).ok_or_else(|| wrong("0", "lifetime in days"))?;
    Ok(Profile {
        extended_key_usage,
        key_usage,
        lifetime_days,
        max_lifetime_days: table.max_lifetime_days.filter(|days| *days > 0),
        name_suffixes: table.name_suffixes.unwrap_or_default(),
        key_types,
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_is_sound_and_has_the_profiles_of_the_specification() {
        let policy = Policy::built_in();
        let usages = |name: &str| -> Vec<String> { policy.profile(name).expect(name).extended_key_usage.iter().map(ToString::to_string).collect() };
        assert_eq!(usages("host"), ["serverAuth", "clientAuth"]);
        assert_eq!(usages("server"), ["serverAuth", "clientAuth", "emailProtection"]);
        assert_eq!(usages("gui"), ["clientAuth", "emailProtection"]);
        assert_eq!(usages("tls-server"), ["serverAuth"]);
        assert_eq!(usages("tls-client"), ["clientAuth"]);
        assert_eq!(usages("appliance"), ["clientAuth"]);
        assert_eq!(usages("hub"), ["serverAuth"]);
        assert_eq!(policy.profile("hub").expect("hub").lifetime_days, 100);
    }

    #[test]
    fn what_is_left_out_stays_as_in_the_template() {
        let policy = Policy::parse("serial = \"random\"\n[profile.host]\nlifetime_days = 30\n").expect("policy");
        assert_eq!(policy.serial, SerialSource::Random);
        let host = policy.profile("host").expect("host");
        assert_eq!((host.lifetime_days, host.extended_key_usage.len()), (30, 2));
    }

    #[test]
    fn unknown_key_is_named_with_its_line() {
        let error = Policy::parse("serial = \"random\"\n\n[profile.host]\nlifetime_dayz = 30\n").unwrap_err();
        let PolicyError::Unreadable { line, problem } = error else { panic!("{error}") };
        assert_eq!(line, 4);
        assert!(problem.contains("lifetime_dayz"), "{problem}");
    }

    #[test]
    fn values_that_mean_nothing_are_named() {
        let error = Policy::parse("[profile.x]\nextended_key_usage = [\"serverauth\"]\n").unwrap_err();
        assert_eq!(error.to_string(), "profile `x`: `serverauth` is no extended key usage");
        assert!(Policy::parse("[profile.x]\nkey_types = [\"dsa\"]\n").is_err());
        assert!(Policy::parse("[profile.x]\nlifetime_days = 0\n").is_err());
    }

    #[test]
    fn a_missing_profile_lists_those_that_there_are() {
        let error = Policy::built_in().profile("webserver").unwrap_err();
        assert!(error.to_string().contains("tls-server"), "{error}");
    }
}
