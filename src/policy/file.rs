//! `gsec.toml`, read.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use thiserror::Error;
use toml::Spanned;

use super::log_filter::{DataTable, FilterTable};
use super::template::policy_file;
use super::{LogFilter, NameSuffix, Profile};
use crate::x509::ExtendedKeyUsage;

/// The profile that others take their missing keys from, and that is used when none is named.
const DEFAULT_PROFILE: &str = "host";
/// Bits of keyUsage that may stand in a host certificate.
const KEY_USAGES: [&str; 5] = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement"];
/// The values of `key_types`.
const KEY_TYPES: [&str; 5] = ["rsa", "p256", "p384", "p521", "ed25519"];

/// When the next CRL is due, if even the template did not say.
const DEFAULT_CRL_DAYS: u32 = 30;
/// A hundred years: a CRL's nextUpdate stays within what a certificate can say.
const MAX_CRL_DAYS: u32 = 36_500;

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
    #[error("line {line}: profile `{profile}`: `{value}` is no {kind}")]
    Value {
        /// The line, from 1.
        line: usize,
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
    /// How many days after its making the next CRL is due: 1 to 36,500.
    pub crl_days: u32,
    /// Whether names may be issued that no profile grants; `[security]` may say that they may not.
    pub has_default_access: bool,
    /// How data of a request appear in the audit log.
    pub log_filter: LogFilter,
    profiles: BTreeMap<String, Profile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    serial: Option<SerialSource>,
    allow_underscore: Option<bool>,
    crl_addresses: Option<Vec<String>>,
    issuer_addresses: Option<Vec<String>>,
    #[serde(default, deserialize_with = "crl_days")]
    crl_days: Option<u32>,
    #[serde(default)]
    profile: BTreeMap<String, ProfileTable>,
    security: Option<SecurityTable>,
    #[serde(default, rename = "log-filter")]
    log_filter: FilterTable,
    #[serde(default, rename = "log-filter-data")]
    log_filter_data: DataTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SecurityTable {
    #[serde(default, deserialize_with = "zero_or_one")]
    no_default_access: bool,
}

/// Values keep their place, so that what is wrong with one can be said with its line.
#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields)]
struct ProfileTable {
    extended_key_usage: Option<Vec<Spanned<String>>>,
    key_usage: Option<Vec<Spanned<String>>>,
    lifetime_days: Option<Spanned<u32>>,
    max_lifetime_days: Option<u32>,
    name_suffixes: Option<Vec<Spanned<String>>>,
    key_types: Option<Vec<Spanned<String>>>,
    accept_csr_names: Option<bool>,
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
            accept_csr_names: self.accept_csr_names.or(base.accept_csr_names),
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
            crl_days: file.crl_days.or(template.crl_days).unwrap_or(DEFAULT_CRL_DAYS),
            has_default_access: file.security.is_none_or(|security| security.no_default_access),
            log_filter: LogFilter::new(file.log_filter, file.log_filter_data),
            profiles: tables.into_iter().map(|(name, table)| Ok((name.clone(), profile(name, table, text)?))).collect::<Result<_, _>>()?,
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

    /// The profiles that give exactly these usages, in whatever order: `host` first, the others by name.
    pub fn profile_for(&self, usages: &[ExtendedKeyUsage]) -> Vec<&Profile> {
        let is_same_set =
            |found: &[ExtendedKeyUsage]| found.iter().all(|usage| usages.contains(usage)) && usages.iter().all(|usage| found.contains(usage));
        let mut profiles: Vec<&Profile> = self.profiles.values().filter(|profile| is_same_set(&profile.extended_key_usage)).collect();
        profiles.sort_by_key(|profile| profile.name != DEFAULT_PROFILE);
        profiles
    }
}

fn read(text: &str) -> Result<PolicyFile, PolicyError> {
    toml::from_str(text).map_err(|error| {
        let line = line_at(text, error.span().map_or(0, |span| span.start));
        PolicyError::Unreadable { line, problem: error.message().to_owned() }
    })
}

fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or_default().matches('\n').count() + 1
}

fn crl_days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let days = i64::deserialize(deserializer)?;
    let in_range = u32::try_from(days).ok().filter(|days| (1..=MAX_CRL_DAYS).contains(days));
    in_range.map(Some).ok_or_else(|| D::Error::custom(format!("`{days}` is no number of days from 1 to {MAX_CRL_DAYS}")))
}

fn zero_or_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match i64::deserialize(deserializer)? {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(D::Error::custom(format!("`{other}` is neither 0 nor 1"))),
    }
}

/// The profile that a table describes. What the template says is sound, so a value that is not stands in `text`.
fn profile(name: String, table: ProfileTable, text: &str) -> Result<Profile, PolicyError> {
    let wrong = |value: &str, at: usize, kind| PolicyError::Value { line: line_at(text, at), profile: name.clone(), value: value.to_owned(), kind };
    let lifetime = table.lifetime_days.ok_or_else(|| wrong("", 0, "lifetime in days"))?;
    if *lifetime.get_ref() == 0 {
        return Err(wrong("0", lifetime.span().start, "lifetime in days"));
    }
    Ok(Profile {
        extended_key_usage: checked(table.extended_key_usage, ExtendedKeyUsage::parse)
            .map_err(|(value, at)| wrong(&value, at, "extended key usage"))?,
        key_usage: checked(table.key_usage, one_of(&KEY_USAGES)).map_err(|(value, at)| wrong(&value, at, "key usage of a host"))?,
        lifetime_days: lifetime.into_inner(),
        max_lifetime_days: table.max_lifetime_days.filter(|days| *days > 0),
        name_suffixes: checked(table.name_suffixes, NameSuffix::parse).map_err(|(value, at)| wrong(&value, at, "domain or block of addresses"))?,
        key_types: checked(table.key_types, one_of(&KEY_TYPES)).map_err(|(value, at)| wrong(&value, at, "key type"))?,
        accept_csr_names: table.accept_csr_names.unwrap_or_default(),
        name: name.clone(),
    })
}

/// The values of a list, each read; or the first that does not read, with its place.
fn checked<T>(values: Option<Vec<Spanned<String>>>, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, (String, usize)> {
    let read = |value: Spanned<String>| parse(value.get_ref()).ok_or_else(|| (value.get_ref().clone(), value.span().start));
    values.unwrap_or_default().into_iter().map(read).collect()
}

fn one_of(known: &[&str]) -> impl Fn(&str) -> Option<String> {
    |text| known.contains(&text).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::{FilterType, LogField};
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
        assert_eq!(error.to_string(), "line 2: profile `x`: `serverauth` is no extended key usage");
        let said = |text: &str| Policy::parse(text).unwrap_err().to_string();
        assert_eq!(said("[profile.x]\nkey_types = [\n  \"rsa\",\n  \"dsa\",\n]\n"), "line 4: profile `x`: `dsa` is no key type");
        assert_eq!(said("\n[profile.host]\nlifetime_days = 0\n"), "line 3: profile `host`: `0` is no lifetime in days");
        assert_eq!(said("[profile.x]\nkey_usage = [\"keyCertSign\"]\n"), "line 2: profile `x`: `keyCertSign` is no key usage of a host");
        let suffix = said("[profile.x]\nname_suffixes = [\"example.com\", \"10.0.0.1/8\"]\n");
        assert_eq!(suffix, "line 2: profile `x`: `10.0.0.1/8` is no domain or block of addresses");
    }

    #[test]
    fn numbers_outside_their_range_are_named_with_their_line() {
        let said = |text: &str| Policy::parse(text).unwrap_err().to_string();
        assert_eq!(said("\ncrl_days = 0\n"), "line 2: `0` is no number of days from 1 to 36500");
        assert_eq!(said("crl_days = 36501\n"), "line 1: `36501` is no number of days from 1 to 36500");
        assert_eq!(said("[security]\nno-default-access = 2\n"), "line 2: `2` is neither 0 nor 1");
        assert!(said("[security]\nno-default-access = true\n").starts_with("line 2: "));
        assert!(said("[security]\nno_default_access = 1\n").contains("no_default_access"));
    }

    #[test]
    fn default_access_is_there_unless_the_section_takes_it() {
        let has_access = |text: &str| Policy::parse(text).expect("policy").has_default_access;
        assert!(has_access("") && has_access("[security]\nno-default-access = 1\n"));
        assert!(!has_access("[security]\n") && !has_access("[security]\nno-default-access = 0\n"));
    }

    #[test]
    fn sections_that_stand_as_comments_read_when_they_are_taken_out_of_them() {
        let template = policy_file(SerialSource::Random);
        let sections = template.split_once("# [security]").expect("the section").1;
        let is_prose = |line: &&str| !line.contains(" = \"") && !line.ends_with(']') && !line.contains("access = ");
        let taken_out: String = sections.lines().filter(|line| !is_prose(line)).map(|line| format!("{}\n", line.trim_start_matches("# "))).collect();
        let policy = Policy::parse(&format!("{template}\n[security]\n{taken_out}")).expect("policy");
        assert!(!policy.has_default_access);
        assert_eq!(policy.log_filter.of(LogField::RemoteUser), FilterType::Skip);
    }

    #[test]
    fn new_keys_have_the_values_of_the_template() {
        let policy = Policy::parse("[profile.x]\naccept_csr_names = false\n").expect("policy");
        assert_eq!((policy.crl_days, Policy::parse("crl_days = 7").expect("policy").crl_days), (30, 7));
        assert!(policy.profile("host").expect("host").accept_csr_names);
        assert!(!policy.profile("x").expect("x").accept_csr_names);
    }

    #[test]
    fn profiles_are_found_by_their_usages_in_any_order() {
        use ExtendedKeyUsage::{ClientAuth, CodeSigning, ServerAuth};
        let policy = Policy::parse("[profile.also]\n[profile.x]\nextended_key_usage = [\"codeSigning\"]\n").expect("policy");
        let names = |usages: &[ExtendedKeyUsage]| -> Vec<String> { policy.profile_for(usages).iter().map(|profile| profile.name.clone()).collect() };
        assert_eq!(names(&[ClientAuth, ServerAuth]), ["host", "also"]);
        assert_eq!(names(&[ServerAuth]), ["hub", "tls-server"]);
        assert_eq!(names(&[CodeSigning, CodeSigning]), ["x"]);
        assert_eq!(names(&[]), Vec::<String>::new());
    }

    #[test]
    fn a_missing_profile_lists_those_that_there_are() {
        let error = Policy::built_in().profile("webserver").unwrap_err();
        assert!(error.to_string().contains("tls-server"), "{error}");
    }
}
