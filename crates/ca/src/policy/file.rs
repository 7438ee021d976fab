//! `gsec.toml`, read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny};
use thiserror::Error;
use time::Duration;
use toml::Spanned;

use super::log_filter::{DataTable, FilterTable};
use super::near::{is_near, is_same_spelled, is_slip_for};
use super::profile::{Limit, Profile};
use super::template::policy_file;
use super::whole::{Lack, ends_after, has_last_line, lack};
use super::{LogFilter, NameSuffix, address};
use gsec_pki::encoding::lines::Lines;
use gsec_pki::encoding::visible::visible;
use gsec_pki::key::KeyType;
use gsec_pki::x509::{CrlShard, ExtendedKeyUsage, KeyUsage, SerialNumber, Validity};

/// The profile that others take their missing keys from, and that is used when none is named.
const DEFAULT_PROFILE: &str = "host";
/// What stands in the place of a profile for who answers OCSP requests in the CA's name: what such a certificate says is fixed, so no `gsec.toml`
/// may have a profile of this name.
pub const OCSP_RESPONDER: &str = "ocsp-responder";

/// What the head of the template says about its end.
const SAYS_HOW_IT_ENDS: &str = "[profile.host] and the last line must stay";

/// When the next CRL is due, if even the template did not say.
const DEFAULT_CRL_DAYS: u32 = 30;
/// A hundred years: a CRL's nextUpdate stays within what a certificate can say.
pub const MAX_CRL_DAYS: u32 = 36_500;
/// The longest `lifetime_days`: more than from now to the year 9999, after which no certificate can end (RFC 5280 §4.1.2.5).
const MAX_LIFETIME_DAYS: u32 = 2_920_000;
/// What `lifetime_days` is.
const LIFETIME: &str = "lifetime in days, from 1 to 2920000";

/// What is wrong with a policy file.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum PolicyError {
    /// The file itself cannot be read.
    #[error("it cannot be read: {problem}")]
    File {
        /// What prevents it.
        problem: String,
    },
    /// Not TOML, an unknown key, or a value of the wrong kind.
    #[error("line {line}: {problem}")]
    Unreadable {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A value that means nothing.
    #[error("line {line}: profile `{profile}`: `{value}` is not a valid {kind}")]
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
    /// An extended key usage that no host certificate may have.
    #[error("line {line}: profile `{profile}`: `{usage}` cannot be issued to hosts: {reason}")]
    Usage {
        /// The line, from 1.
        line: usize,
        /// The profile.
        profile: String,
        /// The usage.
        usage: String,
        /// What a host could do with it.
        reason: &'static str,
    },
    /// An address that cannot go into certificates.
    #[error("line {line}: `{key}`: `{value}` is not a URI that clients can fetch: {problem}")]
    Address {
        /// The line, from 1.
        line: usize,
        /// `crl_addresses`, `issuer_addresses` or `ocsp_addresses`.
        key: &'static str,
        /// The address.
        value: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The CRL is to be in parts, and there is no address from which theirs could follow.
    #[error(
        "line {line}: `crl_shards` needs an address in `crl_addresses`, and each of them must end with `.crl`"
    )]
    Shards {
        /// The line of `crl_shards`, from 1.
        line: usize,
    },
    /// `default_access` and the old key say different things.
    #[error("line {line}: `default_access = {default_access}` contradicts `no-default-access = {old}`, which {} default access", if *old == 1 { "grants" } else { "denies" })]
    Access {
        /// The line of `default_access`, from 1.
        line: usize,
        /// Its value.
        default_access: bool,
        /// The value of the old key.
        old: u8,
    },
    /// The file does not set the limits of hosts, or does not end as it must: it is empty or cut off.
    #[error("it is incomplete: {}", missing.in_words())]
    Incomplete {
        /// What is missing.
        missing: MissingPart,
        /// A profile of the file's own, if it has one: its name may be the mistake.
        own: Option<String>,
    },
    /// A profile whose name could be a slip for that of another one.
    #[error("{}", misspelled(*line, name, known, *is_built_in))]
    ProfileName {
        /// The line, from 1.
        line: usize,
        /// The name in the file.
        name: String,
        /// The profile that was probably meant.
        known: String,
        /// Whether that is one of gsec's own, which goes on with its own settings where the file misspells it.
        is_built_in: bool,
    },
    /// A profile whose name would be another one on the screen, or in a log.
    #[error(
        "line {line}: the profile name `{}` has a control character in it",
        visible(name)
    )]
    ProfileCharacter {
        /// The line, from 1.
        line: usize,
        /// The name in the file.
        name: String,
    },
    /// A profile with the name that certificates of OCSP responders have in the log: no file says what those are.
    #[error(
        "line {line}: the profile name `{OCSP_RESPONDER}` is reserved: what is issued under it is fixed, and no setting changes it"
    )]
    ReservedProfile {
        /// The line, from 1.
        line: usize,
    },
    /// A requested profile does not exist.
    #[error("unknown profile `{name}`; available: {}", known.join(", "))]
    NoProfile {
        /// The requested name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
}

impl PolicyError {
    /// The text after the name of the file in a sentence.
    pub fn after_name(&self) -> String {
        let text = self.to_string();
        match text.strip_prefix("it ") {
            Some(rest) => format!(" {rest}"),
            None => format!(", {text}"),
        }
    }
}

/// What a name that could be a slip does.
fn misspelled(line: usize, name: &str, known: &str, is_built_in: bool) -> String {
    let name = visible(name);
    if is_built_in {
        format!(
            "line {line}: `{name}` is not a built-in profile, but could be a misspelling of `{known}`, which \
             would be issued without the settings of this section"
        )
    } else {
        format!(
            "line {line}: profile `{name}` differs from profile `{}` only in capital letters or separators",
            visible(known)
        )
    }
}

impl PolicyError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { .. }
            | Self::Unreadable { .. }
            | Self::Value { .. }
            | Self::Usage { .. }
            | Self::Address { .. }
            | Self::Shards { .. }
            | Self::Access { .. }
            | Self::Incomplete { .. }
            | Self::ProfileName { .. }
            | Self::ProfileCharacter { .. }
            | Self::ReservedProfile { .. } => "policy.unreadable",
            Self::NoProfile { .. } => "policy.no_profile",
        }
    }
}

/// What an incomplete policy file lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingPart {
    /// The line at its end, of which its head tells.
    LastLine,
    /// What it had before, and the line at its end.
    End,
    /// What it had before behind the line at its end.
    BehindEnd,
    /// The section that sets the limits of hosts.
    Hosts,
}

impl MissingPart {
    fn in_words(self) -> &'static str {
        match self {
            Self::LastLine => "its last line, `# end of gsec.toml`, is missing",
            Self::End => {
                "it has only the beginning of what it had before, and its last line, `# end of gsec.toml`, is missing"
            }
            Self::BehindEnd => {
                "it has only the beginning of what it had before: what followed the line `# end of gsec.toml` is missing"
            }
            Self::Hosts => "the section `[profile.host]`, which sets the limits for hosts, is missing",
        }
    }
}

/// What is legal in `gsec.toml`, but may not mean what its author thinks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyNotice {
    /// The key of the old platform, whose name says the opposite of what it does.
    #[error("line {line}: `no-default-access = {value}` {}, as on the old platform; `default_access = {}` \
         means the same", if *value == 1 { "grants default access: names that no profile grants are issued" } else { "denies default access: only names that a profile grants are issued" }, *value == 1)]
    OldAccessKey {
        /// The line, from 1.
        line: usize,
        /// Its value, 0 or 1.
        value: u8,
    },
    /// `[security]` without a key.
    #[error(
        "line {line}: `[security]` without `default_access` denies default access: only names that a profile grants are issued"
    )]
    SectionAlone {
        /// The line, from 1.
        line: usize,
    },
    /// A profile whose name is near that of a built-in one.
    #[error(
        "line {line}: profile `{}` is not the built-in profile `{known}`, which is issued without the settings of this section",
        visible(name)
    )]
    NearBuiltIn {
        /// The line, from 1.
        line: usize,
        /// The name in the file.
        name: String,
        /// The built-in profile.
        known: String,
    },
    /// A limit that a profile has from `[profile.host]`.
    #[error("profile `{profile}` inherits `{key}` from `[profile.host]`, line {line}")]
    Inherited {
        /// The profile.
        profile: String,
        /// The key.
        key: &'static str,
        /// Its line in `[profile.host]`, from 1.
        line: usize,
        /// What lifts the limit, as a line of the profile.
        lifted_by: String,
    },
}

/// Where serial numbers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SerialSource {
    /// Counting on.
    #[default]
    Sequential,
    /// 16 random bytes.
    Random,
}

impl SerialSource {
    /// Every source.
    pub const ALL: [Self; 2] = [Self::Sequential, Self::Random];

    /// The name that `--serial-mode` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Random => "random",
        }
    }
}

/// A certificate that lasts less than this is over before a revocation is seen everywhere: clients need not ask about it, and it says no
/// address at which they could.
const SHORT_LIVED: Duration = Duration::days(7);

/// Addresses that a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses<'a> {
    /// Where the CRL is.
    pub crl: Cow<'a, [String]>,
    /// Where OCSP requests are answered.
    pub ocsp: &'a [String],
    /// Where the issuer's certificate is.
    pub issuer: &'a [String],
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
    /// Of how many parts of the CRL certificates of hosts name one: a count of [`CrlShard`], or 0 for the whole CRL.
    pub crl_shards: u16,
    /// Addresses of the CA certificate.
    pub issuer_addresses: Vec<String>,
    /// Addresses of who answers OCSP requests.
    pub ocsp_addresses: Vec<String>,
    /// How many days after its making the next CRL is due: 1 to 36,500.
    pub crl_days: u32,
    /// Whether names may be issued that no profile grants; `[security]` may say that they may not.
    pub has_default_access: bool,
    /// What may not mean what the author of the file thinks.
    pub notices: Vec<PolicyNotice>,
    /// How data of a request appear in the audit log.
    pub log_filter: LogFilter,
    profiles: BTreeMap<String, Profile>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    serial: Option<SerialSource>,
    allow_underscore: Option<bool>,
    crl_addresses: Option<Vec<Spanned<String>>>,
    #[serde(default, deserialize_with = "crl_shards")]
    crl_shards: Option<Spanned<u16>>,
    issuer_addresses: Option<Vec<Spanned<String>>>,
    ocsp_addresses: Option<Vec<Spanned<String>>>,
    #[serde(default, deserialize_with = "crl_days")]
    crl_days: Option<u32>,
    #[serde(default)]
    profile: BTreeMap<String, ProfileTable>,
    security: Option<Spanned<SecurityTable>>,
    #[serde(default, rename = "log-filter")]
    log_filter: FilterTable,
    #[serde(default, rename = "log-filter-data")]
    log_filter_data: DataTable,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct SecurityTable {
    default_access: Option<Spanned<bool>>,
    /// The key of the old platform: 1 opens.
    #[serde(default, rename = "no-default-access", deserialize_with = "zero_or_one")]
    old: Option<Spanned<u8>>,
}

/// Values keep their place, so that errors and refusals can name the line.
#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields)]
struct ProfileTable {
    extended_key_usage: Option<Vec<Spanned<String>>>,
    key_usage: Option<Vec<Spanned<String>>>,
    lifetime_days: Option<Spanned<i64>>,
    max_lifetime_days: Option<Spanned<u32>>,
    max_per_hour: Option<Spanned<u32>>,
    name_suffixes: Option<Spanned<Vec<Spanned<String>>>>,
    key_types: Option<Spanned<Vec<Spanned<String>>>>,
    accept_csr_names: Option<Spanned<bool>>,
}

/// A table of a profile, and where it is written.
struct Source<'a> {
    table: &'a ProfileTable,
    /// The profile of the table.
    profile: &'a str,
    /// The lines of the text that spans point into; `None` for the template.
    lines: Option<&'a Lines<'a>>,
}

impl Source<'_> {
    fn line(&self, at: usize) -> Option<usize> {
        self.lines.map(|lines| lines.line(at))
    }
}

/// Where a profile takes its values from, the first that has one: for what it limits also `[profile.host]` of the file.
struct Sources<'a> {
    values: Vec<Source<'a>>,
    limits: Vec<Source<'a>>,
}

impl<'a> Sources<'a> {
    fn of(name: &'a str, file: &'a PolicyFile, template: &'a PolicyFile, lines: &'a Lines<'a>) -> Self {
        let source = |profile, (tables, lines): (&'a BTreeMap<String, ProfileTable>, _)| {
            tables.get(profile).map(|table| Source {
                table,
                profile,
                lines,
            })
        };
        let (file, template) = ((&file.profile, Some(lines)), (&template.profile, None));
        let values = [
            source(name, file),
            source(name, template),
            source(DEFAULT_PROFILE, template),
        ];
        let limits = [
            source(name, file),
            source(name, template),
            source(DEFAULT_PROFILE, file),
            source(DEFAULT_PROFILE, template),
        ];
        Self {
            values: values.into_iter().flatten().collect(),
            limits: limits.into_iter().flatten().collect(),
        }
    }

    fn value<T: Clone>(&self, pick: impl Fn(&ProfileTable) -> Option<&T>) -> Option<(T, &Source<'a>)> {
        self.values
            .iter()
            .find_map(|source| Some((pick(source.table)?.clone(), source)))
    }

    fn limit<T: Clone>(
        &self,
        pick: fn(&ProfileTable) -> Option<&Spanned<T>>,
    ) -> Option<(Limit<T>, &Source<'a>)> {
        self.limits.iter().find_map(|source| {
            let found = pick(source.table)?;
            let limit = Limit {
                value: found.get_ref().clone(),
                profile: source.profile.to_owned(),
                line: source.line(found.span().start),
            };
            Some((limit, source))
        })
    }
}

impl Policy {
    /// The policy of a CA without `gsec.toml`: what the template says.
    pub fn built_in() -> Self {
        Self::parse("").expect("the embedded template is sound; a test reads it")
    }

    /// What goes on where `gsec.toml` does not read, or is lost: nothing is issued by it. The audit log gets nothing that a filter could hide.
    pub fn unknown() -> Self {
        Self {
            log_filter: LogFilter::hiding(),
            ..Self::built_in()
        }
    }

    /// Only `crl_days` of a file that does not read otherwise; `None` where it does not say that either.
    pub fn crl_days_alone(text: &str) -> Option<u32> {
        #[derive(Deserialize)]
        struct Alone {
            #[serde(default, deserialize_with = "crl_days")]
            crl_days: Option<u32>,
        }
        toml::from_str::<Alone>(text).ok()?.crl_days
    }

    /// Reads the policy file of a CA, and takes it only whole: a full disk or an editor that stopped leaves an empty file or the
    /// beginning of one, and a limit that is not there would be no limit. See [`Self::parse`].
    ///
    /// # Errors
    /// [`PolicyError`], but for [`PolicyError::NoProfile`].
    pub fn from_file(text: &str) -> Result<Self, PolicyError> {
        let template = template()?;
        // As `ca init` wrote it: every command reads it, and need not parse it a second time.
        let file = match text == template_text() {
            true => template.clone(),
            false => read(text)?,
        };
        let mut policy = Self::of(&file, &template, text)?;
        if file.profile.contains_key(OCSP_RESPONDER) {
            let line = line_of_profile(OCSP_RESPONDER, text);
            return Err(PolicyError::ReservedProfile { line });
        }
        if let Some(name) = file.profile.keys().find(|name| name.contains(char::is_control)) {
            return Err(PolicyError::ProfileCharacter {
                line: line_of_profile(name, text),
                name: name.clone(),
            });
        }
        // First: where `[profile.host]` is misspelled, it is not missing.
        expect_distinct_profiles(&file, &template, text)?;
        expect_whole(&file, &template, text)?;
        policy.notices.extend(near_built_in(&file, &template, text));
        Ok(policy)
    }

    /// Whether a file is whole, in a CA that was made with a file that had the line at its end: without that line, one that says no more than
    /// the beginning of what gsec wrote, or all of it, may have lost what was added there, whatever became of the comment in its head that
    /// tells of that line.
    ///
    /// # Errors
    /// [`PolicyError::Incomplete`].
    pub fn expect_last_line(text: &str) -> Result<(), PolicyError> {
        let says_no_more = |serial: &SerialSource| lack(text, &policy_file(*serial)) != Lack::Other;
        if has_last_line(text) || !SerialSource::ALL.iter().any(says_no_more) {
            return Ok(());
        }
        Err(PolicyError::Incomplete {
            missing: MissingPart::LastLine,
            own: None,
        })
    }

    /// Whether a file that says no more than the beginning of what was in its place before, comments aside, was not cut off: a line at its end
    /// says so, or something there became a comment, or what is missing are whole sections by which nothing else was decided than without them.
    ///
    /// # Errors
    /// [`PolicyError::Incomplete`].
    pub fn expect_not_cut(&self, text: &str, before: &str) -> Result<(), PolicyError> {
        let is_whole = ends_after(text, before)
            || match lack(text, before) {
                Lack::Other | Lack::Nothing => true,
                Lack::Sections => Self::parse(before).is_ok_and(|before| self.decides_as(&before)),
                Lack::Lines => false,
            };
        if is_whole {
            return Ok(());
        }
        let missing = if has_last_line(text) {
            MissingPart::BehindEnd
        } else {
            MissingPart::End
        };
        Err(PolicyError::Incomplete { missing, own: None })
    }

    /// Whether the same is decided for each profile that there is as by another policy, which may have more of them.
    fn decides_as(&self, other: &Self) -> bool {
        let is_same = |profile: &Profile| {
            let other = other.profiles.get(&profile.name);
            other.is_some_and(|other| profile.is_same_but_for_lines(other))
        };
        // Where a profile stands does not matter, nor what is said of it.
        let without_profiles = |policy: &Self| Self {
            profiles: BTreeMap::new(),
            notices: Vec::new(),
            ..policy.clone()
        };
        self.profiles.values().all(is_same) && without_profiles(self) == without_profiles(other)
    }

    /// Reads a policy file. What it leaves out is as in the template; a profile that the template does not have takes its
    /// missing keys from the template's `host`. What a profile does not limit itself, `[profile.host]` of the file limits.
    ///
    /// # Errors
    /// [`PolicyError`], but for [`PolicyError::NoProfile`], with the line.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        Self::of(&read(text)?, &template()?, text)
    }

    fn of(file: &PolicyFile, template: &PolicyFile, text: &str) -> Result<Self, PolicyError> {
        let lines = Lines::of(text);
        let (has_default_access, mut notices) = default_access(file.security.as_ref(), &lines)?;
        let profile = |name: &str| profile(name, &Sources::of(name, file, template, &lines));
        let host = profile(DEFAULT_PROFILE)?;
        let names: BTreeSet<&String> = template.profile.keys().chain(file.profile.keys()).collect();
        let profiles = names
            .into_iter()
            .map(|name| Ok((name.clone(), profile(name)?)))
            .collect::<Result<BTreeMap<_, _>, PolicyError>>()?;
        notices.extend(profiles.values().flat_map(|profile| inherited(profile, &host)));
        let addresses = |key, of_file: &Option<Vec<_>>, check| {
            addresses(key, of_file.as_deref().unwrap_or_default(), &lines, check)
        };
        let crl_addresses = addresses("crl_addresses", &file.crl_addresses, address::check)?;
        Ok(Self {
            crl_shards: shards_of(file.crl_shards.as_ref(), &crl_addresses, &lines)?,
            crl_addresses,
            issuer_addresses: addresses("issuer_addresses", &file.issuer_addresses, address::check)?,
            ocsp_addresses: addresses("ocsp_addresses", &file.ocsp_addresses, address::check_responder)?,
            serial: file.serial.or(template.serial).unwrap_or_default(),
            allow_underscore: file
                .allow_underscore
                .or(template.allow_underscore)
                .unwrap_or_default(),
            crl_days: file.crl_days.or(template.crl_days).unwrap_or(DEFAULT_CRL_DAYS),
            has_default_access,
            notices,
            log_filter: LogFilter::new(&file.log_filter, &file.log_filter_data),
            profiles,
        })
    }

    /// Whether certificates of hosts name the whole CRL, and could name a part of it.
    pub fn could_name_shards(&self) -> bool {
        let has_parts = |address: &String| address.ends_with(".crl");
        self.crl_shards == 0 && !self.crl_addresses.is_empty() && self.crl_addresses.iter().all(has_parts)
    }

    /// The addresses that go into the certificate of a host.
    pub fn addresses_for_host(&self, validity: Validity, serial: &SerialNumber) -> Addresses<'_> {
        let addresses = self.addresses(validity);
        match CrlShard::of_serial(self.crl_shards, serial) {
            Some(shard) => Addresses {
                crl: addresses
                    .crl
                    .iter()
                    .filter_map(|whole| shard.address(whole))
                    .collect(),
                ..addresses
            },
            None => addresses,
        }
    }

    /// The addresses that go into the certificate of a CA of this validity. They are few, and name the whole CRL.
    pub fn addresses(&self, validity: Validity) -> Addresses<'_> {
        let is_short = validity.not_after() - validity.not_before() < SHORT_LIVED;
        let checked = |addresses| if is_short { &[][..] } else { addresses };
        Addresses {
            crl: checked(&self.crl_addresses).into(),
            ocsp: checked(&self.ocsp_addresses),
            issuer: &self.issuer_addresses,
        }
    }

    /// The names of all profiles.
    pub fn profile_names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// The profiles, by name.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values()
    }

    /// The profile of a name.
    ///
    /// # Errors
    /// [`PolicyError::NoProfile`] lists the names that there are.
    pub fn profile(&self, name: &str) -> Result<&Profile, PolicyError> {
        let none = || PolicyError::NoProfile {
            name: name.to_owned(),
            known: self.profiles.keys().cloned().collect(),
        };
        self.profiles.get(name).ok_or_else(none)
    }

    /// How many certificates of a profile are signed in an hour, where that is limited.
    pub fn max_per_hour(&self, profile: &str) -> Option<u32> {
        self.profiles.get(profile)?.max_per_hour.value
    }

    /// What may be unintended in `[security]`, and in the names of profiles.
    pub fn doubts(&self) -> impl Iterator<Item = &PolicyNotice> {
        self.notices
            .iter()
            .filter(|notice| !matches!(notice, PolicyNotice::Inherited { .. }))
    }

    /// The profiles that give exactly these usages, in whatever order: `host` first, the others by name.
    pub fn profile_for(&self, usages: &[ExtendedKeyUsage]) -> Vec<&Profile> {
        let mut profiles: Vec<&Profile> = self
            .profiles
            .values()
            .filter(|profile| ExtendedKeyUsage::is_same_set(&profile.extended_key_usage, usages))
            .collect();
        profiles.sort_by_key(|profile| profile.name != DEFAULT_PROFILE);
        profiles
    }
}

/// `gsec.toml` of a new CA.
fn template() -> Result<PolicyFile, PolicyError> {
    read(&template_text())
}

fn template_text() -> String {
    policy_file(SerialSource::Sequential)
}

fn expect_whole(file: &PolicyFile, template: &PolicyFile, text: &str) -> Result<(), PolicyError> {
    let missing = if text.contains(SAYS_HOW_IT_ENDS) && !has_last_line(text) {
        MissingPart::LastLine
    } else if !file.profile.contains_key(DEFAULT_PROFILE) {
        MissingPart::Hosts
    } else {
        return Ok(());
    };
    Err(PolicyError::Incomplete {
        missing,
        own: own_names(file, template).next().cloned(),
    })
}

/// Whether no profile of the file could be mistaken for another one: not for one of gsec's own that the file does not set by a slip, and not
/// for another one of the file by capital letters and separators. Names of two sections that are alike otherwise are two names: who wrote
/// both knows of both.
fn expect_distinct_profiles(file: &PolicyFile, template: &PolicyFile, text: &str) -> Result<(), PolicyError> {
    let meant = |name: &String| {
        let slip = |known: &&String| is_same_spelled(name, known) || is_slip_for(name, known);
        let own = || {
            let mut names = file.profile.keys();
            names.find(|known| *known != name && is_same_spelled(name, known))
        };
        built_in_alone(file, template)
            .find(slip)
            .map(|known| (known, true))
            .or_else(|| own().map(|known| (known, false)))
    };
    let Some((name, (known, is_built_in))) =
        own_names(file, template).find_map(|name| Some((name, meant(name)?)))
    else {
        return Ok(());
    };
    Err(PolicyError::ProfileName {
        line: line_of_profile(name, text),
        name: name.clone(),
        known: known.clone(),
        is_built_in,
    })
}

/// Profiles of the file's own that are as near to one of gsec's that the file does not set as a slip would be, but may well be meant.
fn near_built_in(file: &PolicyFile, template: &PolicyFile, text: &str) -> Vec<PolicyNotice> {
    let notice = |name: &String| {
        let known = built_in_alone(file, template).find(|known| is_near(name, known))?;
        Some(PolicyNotice::NearBuiltIn {
            line: line_of_profile(name, text),
            name: name.clone(),
            known: known.clone(),
        })
    };
    own_names(file, template).filter_map(notice).collect()
}

/// The names of profiles that the template does not have.
fn own_names<'a>(file: &'a PolicyFile, template: &'a PolicyFile) -> impl Iterator<Item = &'a String> {
    let names = file.profile.keys();
    names.filter(|name| !template.profile.contains_key(*name))
}

/// The names of the template's profiles that the file has no section for.
fn built_in_alone<'a>(file: &'a PolicyFile, template: &'a PolicyFile) -> impl Iterator<Item = &'a String> {
    let names = template.profile.keys();
    names.filter(|name| !file.profile.contains_key(*name))
}

/// The line in which a profile of a file stands first.
fn line_of_profile(name: &str, text: &str) -> usize {
    #[derive(Deserialize)]
    struct Names {
        profile: BTreeMap<Spanned<String>, IgnoredAny>,
    }
    let names = toml::from_str::<Names>(text).ok();
    let place = names.and_then(|names| {
        let mut names = names.profile.into_keys();
        Some(names.find(|known| known.get_ref() == name)?.span().start)
    });
    Lines::of(text).line(place.unwrap_or_default())
}

fn read(text: &str) -> Result<PolicyFile, PolicyError> {
    toml::from_str(text).map_err(|error| {
        let line = Lines::of(text).line(error.span().map_or(0, |span| span.start));
        PolicyError::Unreadable {
            line,
            problem: error.message().to_owned(),
        }
    })
}

fn crl_days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let days = i64::deserialize(deserializer)?;
    let in_range = u32::try_from(days)
        .ok()
        .filter(|days| (1..=MAX_CRL_DAYS).contains(days));
    in_range.map(Some).ok_or_else(|| {
        D::Error::custom(format!(
            "`{days}` is not a number of days from 1 to {MAX_CRL_DAYS}"
        ))
    })
}

fn crl_shards<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Spanned<u16>>, D::Error> {
    let value = Spanned::<i64>::deserialize(deserializer)?;
    let count = u16::try_from(*value.get_ref()).ok();
    match count.filter(|count| *count == 0 || CrlShard::is_count(*count)) {
        Some(count) => Ok(Some(Spanned::new(value.span(), count))),
        None => Err(D::Error::custom(format!(
            "`{}` is neither 0 nor a power of two from 2 to {}",
            value.get_ref(),
            CrlShard::MAX_COUNT
        ))),
    }
}

/// In how many parts the CRL is: each needs an address that says which it is.
fn shards_of(
    count: Option<&Spanned<u16>>,
    addresses: &[String],
    lines: &Lines<'_>,
) -> Result<u16, PolicyError> {
    let Some(count) = count.filter(|count| *count.get_ref() > 0) else {
        return Ok(0);
    };
    let has_part = |whole: &String| {
        CrlShard::of_serial(*count.get_ref(), &SerialNumber::one())
            .and_then(|shard| shard.address(whole))
            .is_some()
    };
    if addresses.is_empty() || !addresses.iter().all(has_part) {
        return Err(PolicyError::Shards {
            line: lines.line(count.span().start),
        });
    }
    Ok(*count.get_ref())
}

fn zero_or_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Spanned<u8>>, D::Error> {
    let value = Spanned::<i64>::deserialize(deserializer)?;
    match *value.get_ref() {
        0 => Ok(Some(Spanned::new(value.span(), 0))),
        1 => Ok(Some(Spanned::new(value.span(), 1))),
        other => Err(D::Error::custom(format!("`{other}` is neither 0 nor 1"))),
    }
}

/// Whether there is default access, and what is odd about how the file says it. The old platform inverted its key: 1 opens.
fn default_access(
    section: Option<&Spanned<SecurityTable>>,
    lines: &Lines<'_>,
) -> Result<(bool, Vec<PolicyNotice>), PolicyError> {
    let Some(section) = section else {
        return Ok((true, Vec::new()));
    };
    let SecurityTable { default_access, old } = section.get_ref();
    let old_notice = |old: &Spanned<u8>| PolicyNotice::OldAccessKey {
        line: lines.line(old.span().start),
        value: *old.get_ref(),
    };
    match (default_access, old) {
        (Some(new), Some(old)) if *new.get_ref() != (*old.get_ref() == 1) => {
            let line = lines.line(new.span().start);
            Err(PolicyError::Access {
                line,
                default_access: *new.get_ref(),
                old: *old.get_ref(),
            })
        }
        (Some(new), old) => Ok((*new.get_ref(), old.iter().map(old_notice).collect())),
        (None, Some(old)) => Ok((*old.get_ref() == 1, vec![old_notice(old)])),
        (None, None) => Ok((
            false,
            vec![PolicyNotice::SectionAlone {
                line: lines.line(section.span().start),
            }],
        )),
    }
}

/// The addresses of a list, if clients can fetch them.
fn addresses(
    key: &'static str,
    list: &[Spanned<String>],
    lines: &Lines<'_>,
    check: fn(&str) -> Result<(), &'static str>,
) -> Result<Vec<String>, PolicyError> {
    let check = |address: &Spanned<String>| match check(address.get_ref()) {
        Ok(()) => Ok(address.get_ref().clone()),
        Err(problem) => {
            let (line, value) = (lines.line(address.span().start), address.get_ref().clone());
            Err(PolicyError::Address {
                line,
                key,
                value,
                problem,
            })
        }
    };
    list.iter().map(check).collect()
}

/// What a profile is limited by because `[profile.host]` is.
fn inherited(profile: &Profile, host: &Profile) -> Vec<PolicyNotice> {
    let differs = host.differs_from_template();
    let limits = [
        (
            "name_suffixes",
            profile.name_suffixes.inherited_by(&profile.name),
            "name_suffixes = []".to_owned(),
        ),
        (
            "key_types",
            profile.key_types.inherited_by(&profile.name),
            format!("key_types = {}", every_key_type()),
        ),
        (
            "max_lifetime_days",
            profile.max_lifetime_days.inherited_by(&profile.name),
            "max_lifetime_days = 0".into(),
        ),
        (
            "max_per_hour",
            profile.max_per_hour.inherited_by(&profile.name),
            "max_per_hour = 0".into(),
        ),
        (
            "accept_csr_names",
            profile.accept_csr_names.inherited_by(&profile.name),
            "accept_csr_names = true".into(),
        ),
    ];
    let limits = limits.into_iter().zip(differs).filter(|(_, differs)| *differs);
    let notice = |((key, line, lifted_by), _): ((&'static str, Option<usize>, String), bool)| {
        Some(PolicyNotice::Inherited {
            profile: profile.name.clone(),
            key,
            line: line?,
            lifted_by,
        })
    };
    limits.filter_map(notice).collect()
}

/// `key_types` with every kind of key, as TOML.
pub fn every_key_type() -> String {
    format!("[{}]", quoted_list(&KeyType::ALL.map(KeyType::name)))
}

fn quoted_list(values: &[&str]) -> String {
    values
        .iter()
        .map(|value| format!("\"{value}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The profile that its tables describe. What the template says is sound, so a value that is not is in the file.
fn profile(name: &str, sources: &Sources<'_>) -> Result<Profile, PolicyError> {
    let wrong = |source: &Source<'_>, value: &str, at: usize, kind| PolicyError::Value {
        line: source.line(at).unwrap_or_default(),
        profile: source.profile.to_owned(),
        value: value.to_owned(),
        kind,
    };
    let (lifetime, source) = sources
        .value(|table| table.lifetime_days.as_ref())
        .expect("the template has it");
    let lifetime_days = u32::try_from(*lifetime.get_ref())
        .ok()
        .filter(|days| (1..=MAX_LIFETIME_DAYS).contains(days))
        .ok_or_else(|| {
            let value = lifetime.get_ref().to_string();
            wrong(source, &value, lifetime.span().start, LIFETIME)
        })?;
    let (usages, source) = sources
        .value(|table| table.extended_key_usage.as_ref())
        .unwrap_or_else(|| (Vec::new(), source));
    expect_usages_of_hosts(&usages, source)?;
    let extended_key_usage = checked(usages, ExtendedKeyUsage::parse)
        .map_err(|(value, at)| wrong(source, &value, at, "extended key usage"))?;
    let (key_usage, source) = sources
        .value(|table| table.key_usage.as_ref())
        .unwrap_or_else(|| (Vec::new(), source));
    let key_usage = checked(key_usage, key_usage_of_hosts)
        .map_err(|(value, at)| wrong(source, &value, at, "key usage of a host"))?;
    let (suffixes, source) = sources
        .limit(|table| table.name_suffixes.as_ref())
        .expect("the template has it");
    let name_suffixes = suffixes.try_map(|suffixes| {
        checked(suffixes, NameSuffix::parse)
            .map_err(|(value, at)| wrong(source, &value, at, "domain or block of addresses"))
    })?;
    let (kinds, source) = sources
        .limit(|table| table.key_types.as_ref())
        .expect("the template has it");
    let key_types = kinds.try_map(|kinds| {
        checked(kinds, |text| text.parse::<KeyType>().ok())
            .map_err(|(value, at)| wrong(source, &value, at, "key type"))
    })?;
    let (max_lifetime_days, _) = sources
        .limit(|table| table.max_lifetime_days.as_ref())
        .expect("the template has it");
    let (max_per_hour, _) = sources
        .limit(|table| table.max_per_hour.as_ref())
        .expect("the template has it");
    let (accept_csr_names, _) = sources
        .limit(|table| table.accept_csr_names.as_ref())
        .expect("the template has it");
    Ok(Profile {
        extended_key_usage,
        key_usage: key_usage.into_iter().collect(),
        lifetime_days,
        max_lifetime_days: max_lifetime_days.map(|days| (days > 0).then_some(days)),
        max_per_hour: max_per_hour.map(|most| (most > 0).then_some(most)),
        name_suffixes,
        key_types,
        accept_csr_names,
        name: name.to_owned(),
    })
}

/// What signs OCSP answers speaks for the CA (RFC 6960 §4.2.2.2), and what may be used for anything may do that too (RFC 5280 §4.2.1.12).
fn expect_usages_of_hosts(usages: &[Spanned<String>], source: &Source<'_>) -> Result<(), PolicyError> {
    for usage in usages {
        let reason = match ExtendedKeyUsage::parse(usage.get_ref()) {
            Some(ExtendedKeyUsage::OcspSigning) => {
                "its holder could declare revoked certificates valid in the name of the CA"
            }
            Some(any) if any.is_any() => "its holder could use it for everything, including OCSP responses",
            _ => continue,
        };
        let line = source.line(usage.span().start).unwrap_or_default();
        return Err(PolicyError::Usage {
            line,
            profile: source.profile.to_owned(),
            usage: usage.get_ref().clone(),
            reason,
        });
    }
    Ok(())
}

/// The values of a list, each read; or the first that does not read, with its place.
fn checked<T>(
    values: Vec<Spanned<String>>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, (String, usize)> {
    let read = |value: Spanned<String>| {
        parse(value.get_ref()).ok_or_else(|| (value.get_ref().clone(), value.span().start))
    };
    values.into_iter().map(read).collect()
}

fn key_usage_of_hosts(name: &str) -> Option<KeyUsage> {
    KeyUsage::parse(name).filter(|usage| KeyUsage::OF_HOST.has(*usage))
}

#[cfg(test)]
mod tests {
    use super::super::whole::{LAST_LINE, settings};
    use super::super::{FilterType, LogField};
    use super::*;
    use time::macros::datetime;

    #[test]
    fn template_is_sound_and_has_the_profiles_of_the_specification() {
        let policy = Policy::built_in();
        let usages = |name: &str| -> Vec<String> {
            policy
                .profile(name)
                .expect(name)
                .extended_key_usage
                .iter()
                .map(ToString::to_string)
                .collect()
        };
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
        let policy =
            Policy::parse("serial = \"random\"\n[profile.host]\nlifetime_days = 30\n").expect("policy");
        assert_eq!(policy.serial, SerialSource::Random);
        let host = policy.profile("host").expect("host");
        assert_eq!((host.lifetime_days, host.extended_key_usage.len()), (30, 2));
    }

    #[test]
    fn a_file_that_is_not_whole_is_refused() {
        let whole = policy_file(SerialSource::Sequential);
        assert!(Policy::from_file(&whole).is_ok());
        // Every beginning of it that ends with a line: a full disk, an editor that stopped.
        let ends = whole.match_indices('\n').map(|(at, _)| at);
        for end in ends.filter(|end| *end + 1 < whole.len()) {
            assert!(Policy::from_file(&whole[..end]).is_err(), "{}", &whole[..end]);
        }
        for empty in [
            "",
            "\n\n",
            "# nothing\n",
            "crl_days = 7\n",
            "[security]\ndefault_access = true\n",
        ] {
            assert!(
                matches!(Policy::from_file(empty), Err(PolicyError::Incomplete { .. })),
                "{empty}"
            );
        }
        // A file without the line at its end, as written before there was one.
        assert!(Policy::from_file("[profile.host]\n").is_ok());
    }

    #[test]
    fn a_file_without_the_last_line_that_says_only_what_gsec_wrote_is_refused() {
        let whole = policy_file(SerialSource::Random);
        let bare: String = settings(&whole).map(|line| format!("{line}\n")).collect();
        for end in (1..=bare.len()).filter(|end| bare.is_char_boundary(*end)) {
            let cut = &bare[..end];
            assert!(Policy::expect_last_line(cut).is_err(), "{cut}");
            assert!(
                Policy::expect_last_line(&format!("{cut}\n{LAST_LINE}\n")).is_ok(),
                "{cut}"
            );
        }
        for own in [
            "[profile.host]\nname_suffixes = [\"example.com\"]\n".to_owned(),
            bare.replace("name_suffixes = []", "name_suffixes = [\"example.com\"]"),
            format!("{bare}[profile.kiosk]\n"),
            bare.replacen("crl_days = 30", "crl_days = 7", 1),
        ] {
            assert!(Policy::expect_last_line(&own).is_ok(), "{own}");
        }
    }

    #[test]
    fn a_beginning_of_what_was_there_before_is_refused_where_a_limit_is_lost() {
        let host = "crl_days = 7\n[profile.host]\nmax_lifetime_days = 365\n";
        let missing = |text: &str, before: &str| {
            let policy = Policy::from_file(text).expect(text);
            match policy.expect_not_cut(text, before) {
                Ok(()) => None,
                Err(PolicyError::Incomplete { missing, .. }) => Some(missing),
                Err(other) => panic!("{other}"),
            }
        };
        let security = "[security]\ndefault_access = false\n";
        let behind = format!("{host}{LAST_LINE}\n");
        for (text, before, expected) in [
            (host, format!("{host}{security}"), Some(MissingPart::End)),
            (
                host,
                format!("{host}[profile.server]\nkey_types = [\"p384\"]\n"),
                Some(MissingPart::End),
            ),
            (
                &behind,
                format!("{behind}{security}"),
                Some(MissingPart::BehindEnd),
            ),
            (&behind, format!("{host}{security}{LAST_LINE}\n"), None),
            // Nothing was limited by these.
            (
                host,
                format!("{host}[profile.hub]\nextended_key_usage = [\"serverAuth\"]\n"),
                None,
            ),
            (
                host,
                format!("{host}[profile.kiosk]\nname_suffixes = [\"example.com\"]\n"),
                None,
            ),
        ] {
            assert_eq!(missing(text, &before), expected, "{text}: {before}");
        }
        assert_eq!(
            missing(&host.replace("365\n", "36"), host),
            Some(MissingPart::End)
        );
        assert_eq!(missing(&host.replace("365", "36"), host), None);
    }

    #[test]
    fn a_profile_that_could_be_a_slip_for_another_is_refused_with_its_line() {
        let refused = |section: &str| {
            let text = format!("[profile.host]\n\n[profile.{section}]\nname_suffixes = [\"example.com\"]\n");
            Policy::from_file(&text).expect_err(section)
        };
        for (section, meant) in [
            ("tls-servr", "tls-server"),
            ("tls_server", "tls-server"),
            ("TLS-server", "tls-server"),
            ("\"tls.server\"", "tls-server"),
            ("\"hub \"", "hub"),
        ] {
            let error = refused(section);
            assert!(
                matches!(&error, PolicyError::ProfileName { line: 3, known, is_built_in: true, .. } if known == meant),
                "{error}"
            );
        }
        assert_eq!(
            refused("tls-servr").to_string(),
            "line 3: `tls-servr` is not a built-in profile, but could be a misspelling of `tls-server`, which would \
             be issued without the settings of this section"
        );
        // In place of the section of hosts: the slip is the cause, not that a section is missing.
        let instead = Policy::from_file("[profile.hots]\nname_suffixes = [\"example.com\"]\n");
        assert!(matches!(instead, Err(PolicyError::ProfileName { line: 1, .. })));
        let twice = Policy::from_file("[profile.host]\n[profile.web-eu]\n[profile.Web_EU]\n");
        assert_eq!(
            twice.expect_err("alike").to_string(),
            "line 3: profile `Web_EU` differs from profile `web-eu` only in capital letters or separators"
        );
        let both = Policy::from_file("[profile.host]\n[profile.Host]\n");
        assert!(matches!(
            both,
            Err(PolicyError::ProfileName {
                is_built_in: false,
                ..
            })
        ));
        let both =
            Policy::from_file("[profile.host]\n[profile.hots]\n[profile.tls-server]\n[profile.tls-servr]\n");
        assert_eq!(both.expect("two names each").notices, []);
        let near =
            Policy::from_file("[profile.host]\n[profile.vhost]\n[profile.servers]\n").expect("two names");
        let near: Vec<_> = near.notices.iter().map(ToString::to_string).collect();
        assert_eq!(
            near,
            [
                "line 3: profile `servers` is not the built-in profile `server`, which is issued without the settings of this section"
            ]
        );
        let others = "[profile.host]\n[profile.web]\n[profile.site-a]\n[profile.site-b]\n[profile.host2]\n[profile.dns-server]\n";
        assert!(Policy::from_file(others).is_ok());
    }

    #[test]
    fn unknown_key_is_named_with_its_line() {
        let error = Policy::parse("serial = \"random\"\n\n[profile.host]\nlifetime_dayz = 30\n").unwrap_err();
        let PolicyError::Unreadable { line, problem } = error else {
            panic!("{error}")
        };
        assert_eq!(line, 4);
        assert!(problem.contains("lifetime_dayz"), "{problem}");
    }

    #[test]
    fn values_that_mean_nothing_are_named() {
        let error = Policy::parse("[profile.x]\nextended_key_usage = [\"serverauth\"]\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2: profile `x`: `serverauth` is not a valid extended key usage"
        );
        let said = |text: &str| Policy::parse(text).unwrap_err().to_string();
        assert_eq!(
            said("[profile.x]\nkey_types = [\n  \"rsa\",\n  \"dsa\",\n]\n"),
            "line 4: profile `x`: `dsa` is not a valid key type"
        );
        assert_eq!(
            said("\n[profile.host]\nlifetime_days = 0\n"),
            format!(
                "line 3: profile `host`: `0` is not a valid lifetime in days, from 1 to {MAX_LIFETIME_DAYS}"
            )
        );
        assert_eq!(
            said("[profile.x]\nkey_usage = [\"keyCertSign\"]\n"),
            "line 2: profile `x`: `keyCertSign` is not a valid key usage of a host"
        );
        let suffix = said("[profile.x]\nname_suffixes = [\"example.com\", \"10.0.0.1/8\"]\n");
        assert_eq!(
            suffix,
            "line 2: profile `x`: `10.0.0.1/8` is not a valid domain or block of addresses"
        );
    }

    #[test]
    fn lifetime_that_ends_in_no_certificate_is_named_with_its_line_and_the_range() {
        let parsed = |days: &str| Policy::parse(&format!("[profile.host]\nlifetime_days = {days}\n"));
        for days in ["4294967295", "2920001", "4294967296", "-1"] {
            let said = parsed(days).unwrap_err().to_string();
            assert_eq!(
                said,
                format!(
                    "line 2: profile `host`: `{days}` is not a valid lifetime in days, from 1 to 2920000"
                )
            );
        }
        let longest = parsed("2920000").expect("a policy");
        assert_eq!(
            longest.profile("host").expect("host").lifetime_days,
            MAX_LIFETIME_DAYS
        );
    }

    #[test]
    fn numbers_outside_their_range_are_named_with_their_line() {
        let said = |text: &str| Policy::parse(text).unwrap_err().to_string();
        assert_eq!(
            said("\ncrl_days = 0\n"),
            "line 2: `0` is not a number of days from 1 to 36500"
        );
        assert_eq!(
            said("crl_days = 36501\n"),
            "line 1: `36501` is not a number of days from 1 to 36500"
        );
        assert_eq!(
            said("[security]\nno-default-access = 2\n"),
            "line 2: `2` is neither 0 nor 1"
        );
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
    fn default_access_and_the_old_key_are_told_apart() {
        let read = |text: &str| Policy::parse(text).expect("policy");
        let said = |text: &str| {
            read(text)
                .notices
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert!(
            read("[security]\ndefault_access = true\n").has_default_access
                && !read("[security]\ndefault_access = false\n").has_default_access
        );
        assert_eq!(said("[security]\ndefault_access = false\n"), Vec::<String>::new());
        assert_eq!(said(""), Vec::<String>::new());
        let alone = "line 2: `[security]` without `default_access` denies default access: only names that a profile grants are issued";
        assert_eq!(said("\n[security]\n"), [alone]);
        let opens = "line 2: `no-default-access = 1` grants default access: names that no profile grants are \
         issued, as on the old platform; `default_access = true` means the same";
        assert_eq!(said("[security]\nno-default-access = 1\n"), [opens]);
        assert_eq!(
            said("[security]\nno-default-access = 0\ndefault_access = false\n").len(),
            1
        );
        let contradiction = Policy::parse("[security]\nno-default-access = 1\ndefault_access = false\n")
            .unwrap_err()
            .to_string();
        assert_eq!(
            contradiction,
            "line 3: `default_access = false` contradicts `no-default-access = 1`, which grants default access"
        );
        assert!(Policy::parse("[security]\nno-default-access = 0\ndefault_access = true\n").is_err());
        assert!(Policy::parse("[security]\ndefault_access = 1\n").is_err());
    }

    #[test]
    fn profile_name_that_is_another_one_on_the_screen_is_refused() {
        let text = format!("{}[profile.\"a\\n\\u001b[31m\"]\n", template_text());
        let error = Policy::from_file(&text).expect_err("a name with control characters");
        assert!(matches!(error, PolicyError::ProfileCharacter { .. }), "{error}");
        assert!(!error.to_string().contains(char::is_control), "{error:?}");
    }

    #[test]
    fn usages_that_speak_for_the_ca_are_refused_however_they_are_spelt() {
        for usage in [
            "OCSPSigning",
            "1.3.6.1.5.5.7.3.9",
            "anyExtendedKeyUsage",
            "2.5.29.37.0",
            "1.3.6.1.4.1.311.10.12.1",
        ] {
            let error = Policy::parse(&format!(
                "[profile.x]\nextended_key_usage = [\"serverAuth\",\n\"{usage}\"]\n"
            ))
            .unwrap_err();
            assert!(
                error.to_string().starts_with(&format!(
                    "line 3: profile `x`: `{usage}` cannot be issued to hosts"
                )),
                "{error}"
            );
        }
    }

    #[test]
    fn name_of_what_speaks_for_the_ca_is_no_profiles() {
        let error = Policy::from_file("[profile.host]\n[profile.ocsp-responder]\n").unwrap_err();
        assert!(
            matches!(error, PolicyError::ReservedProfile { line: 2 }),
            "{error}"
        );
        let built_in = Policy::built_in();
        assert!(matches!(
            built_in.profile(OCSP_RESPONDER),
            Err(PolicyError::NoProfile { .. })
        ));
    }

    #[test]
    fn certificates_that_end_within_a_week_say_no_address_to_ask_at() {
        let policy = Policy::parse(
            "crl_addresses = [\"http://x/a\"]\nocsp_addresses = [\"http://x/b\"]\nissuer_addresses = [\"http://x/c\"]\n",
        )
        .expect("a policy");
        let addresses = |life| {
            let validity = Validity::new(
                datetime!(2030-01-01 0:00 UTC),
                datetime!(2030-01-01 0:00 UTC) + life,
            );
            let addresses = policy.addresses(validity.expect("a period"));
            [&addresses.crl, addresses.ocsp, addresses.issuer].concat()
        };
        assert_eq!(
            addresses(Duration::days(7)),
            ["http://x/a", "http://x/b", "http://x/c"]
        );
        assert_eq!(addresses(Duration::days(7) - Duration::SECOND), ["http://x/c"]);
    }

    #[test]
    fn host_names_the_part_of_the_crl_that_its_serial_number_is_in() {
        let policy = |shards| {
            let text =
                format!("crl_addresses = [\"http://x/ca.crl\", \"http://y/b.crl\"]\ncrl_shards = {shards}\n");
            Policy::parse(&text).expect("a policy")
        };
        let begin = datetime!(2030-01-01 0:00 UTC);
        let crl = |shards, life| {
            let validity = Validity::new(begin, begin + life).expect("a period");
            let serial = SerialNumber::parse_hex("0123").expect("a number");
            policy(shards)
                .addresses_for_host(validity, &serial)
                .crl
                .into_owned()
        };
        assert_eq!(
            crl(16, Duration::days(7)),
            ["http://x/ca-16-3.crl", "http://y/b-16-3.crl"]
        );
        assert_eq!(crl(0, Duration::days(7)), ["http://x/ca.crl", "http://y/b.crl"]);
        assert!(crl(16, Duration::days(6)).is_empty());
        let validity = Validity::new(begin, begin + Duration::days(9)).expect("a period");
        assert_eq!(
            policy(16).addresses(validity).crl[0],
            "http://x/ca.crl",
            "that of a CA"
        );
    }

    #[test]
    fn parts_of_a_crl_need_a_count_and_addresses() {
        let said = |text: &str| Policy::parse(text).unwrap_err().to_string();
        for count in ["-1", "1", "3", "24", "512", "65536"] {
            let text = format!("\ncrl_shards = {count}\n");
            let expected = format!("line 2: `{count}` is neither 0 nor a power of two from 2 to 256");
            assert_eq!(said(&text), expected);
        }
        for addresses in ["[]", "[\"http://x/ca.crl\", \"http://y/\"]"] {
            let text = format!("crl_addresses = {addresses}\ncrl_shards = 2\n");
            assert!(matches!(
                Policy::parse(&text),
                Err(PolicyError::Shards { line: 2 })
            ));
        }
    }

    #[test]
    fn addresses_that_no_client_can_fetch_are_named_with_their_line() {
        let error = Policy::parse(
            "crl_addresses = [\n  \"http://pki.example.com/ca.crl\",\n  \"\\u001b[31mhttp://x/\",\n]\n",
        )
        .unwrap_err();
        assert!(
            matches!(
                error,
                PolicyError::Address {
                    line: 3,
                    key: "crl_addresses",
                    ..
                }
            ),
            "{error}"
        );
        assert!(matches!(
            Policy::parse("issuer_addresses = [\"\"]"),
            Err(PolicyError::Address {
                line: 1,
                key: "issuer_addresses",
                ..
            })
        ));
        assert!(matches!(
            Policy::parse("ocsp_addresses = [\"https://ca.example.com/ocsp\"]"),
            Err(PolicyError::Address {
                line: 1,
                key: "ocsp_addresses",
                ..
            })
        ));
    }

    #[test]
    fn limits_of_host_are_inherited_and_listed() {
        let policy = Policy::parse(
            "[profile.host]\nmax_lifetime_days = 30\nmax_per_hour = 5\naccept_csr_names = false\n[profile.hub]\nmax_lifetime_days = 0\nmax_per_hour = 0\n",
        );
        let policy = policy.expect("policy");
        let of = |name: &str| policy.profile(name).expect("a profile");
        assert_eq!(
            (
                of("server").max_lifetime_days.value,
                of("hub").max_lifetime_days.value
            ),
            (Some(30), None)
        );
        assert_eq!((of("server").default_days(), of("hub").default_days()), (30, 100));
        assert_eq!(
            (of("server").max_per_hour.value, of("hub").max_per_hour.value),
            (Some(5), None)
        );
        assert!(!of("hub").accept_csr_names.value);
        let inherit = |name: &str| {
            policy
                .notices
                .iter()
                .filter(|notice| matches!(notice, PolicyNotice::Inherited { profile, .. } if profile == name))
                .count()
        };
        assert_eq!((inherit("server"), inherit("hub"), inherit("host")), (3, 1, 0));
        assert_eq!(
            Policy::parse(&policy_file(SerialSource::Sequential))
                .expect("policy")
                .notices,
            Vec::new()
        );
    }

    #[test]
    fn sections_that_stand_as_comments_read_when_they_are_taken_out_of_them() {
        let template = policy_file(SerialSource::Random);
        let sections = template.split_once("# [security]").expect("the section").1;
        let is_prose =
            |line: &&str| !line.contains(" = \"") && !line.ends_with(']') && !line.contains("access = ");
        let taken_out: String = sections
            .lines()
            .filter(|line| !is_prose(line))
            .map(|line| format!("{}\n", line.trim_start_matches("# ")))
            .collect();
        let policy = Policy::parse(&format!("{template}\n[security]\n{taken_out}")).expect("policy");
        assert!(!policy.has_default_access);
        assert_eq!(policy.log_filter.of(LogField::RemoteUser), FilterType::Skip);
    }

    #[test]
    fn new_keys_have_the_values_of_the_template() {
        let policy = Policy::parse("[profile.x]\naccept_csr_names = false\n").expect("policy");
        assert_eq!(
            (
                policy.crl_days,
                Policy::parse("crl_days = 7").expect("policy").crl_days
            ),
            (30, 7)
        );
        assert!(policy.profile("host").expect("host").accept_csr_names.value);
        assert!(!policy.profile("x").expect("x").accept_csr_names.value);
    }

    #[test]
    fn profiles_are_found_by_their_usages_in_any_order() {
        use ExtendedKeyUsage::{ClientAuth, CodeSigning, ServerAuth};
        let policy = Policy::parse("[profile.also]\n[profile.x]\nextended_key_usage = [\"codeSigning\"]\n")
            .expect("policy");
        let names = |usages: &[ExtendedKeyUsage]| -> Vec<String> {
            policy
                .profile_for(usages)
                .iter()
                .map(|profile| profile.name.clone())
                .collect()
        };
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
