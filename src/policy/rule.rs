//! May this be issued? One pure function.

use thiserror::Error;
use time::Duration;

use super::{NameSuffix, Policy, Profile};
use crate::x509::{GeneralName, NameConstraints};

/// What is asked for, as far as policy decides about it.
pub struct Asked<'a> {
    /// Every name that would stand in subjectAltName.
    pub names: &'a [GeneralName],
    /// The common name, which old peers take for a host name.
    pub common_name: Option<&'a str>,
    /// How long the certificate would last from now on.
    pub lifetime: Duration,
    /// The kind of key, where it is known already.
    pub key_type: &'a str,
    /// The key's size in bits.
    pub key_bits: u32,
    /// What the CA certificate admits, and each of those above it.
    pub constraints: &'a [&'a NameConstraints],
}

/// Which rule refuses it.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// An underscore, and `allow_underscore` is false.
    #[error("`{name}` has an underscore, and `allow_underscore` is false")]
    Underscore {
        /// The name.
        name: String,
    },
    /// Outside `name_suffixes`.
    #[error("`{name}` lies in nothing that `name_suffixes` of `[profile.{profile}]` admits: {}", suffixes.join(", "))]
    Suffix {
        /// The name.
        name: String,
        /// The profile.
        profile: String,
        /// Its `name_suffixes`.
        suffixes: Vec<String>,
    },
    /// Not within `name_suffixes`, and without default access nothing else is issued.
    #[error("profile `{profile}` does not grant `{name}`, and `[security]` gives no default access")]
    NotGranted {
        /// The name.
        name: String,
        /// The profile.
        profile: String,
    },
    /// Outside the name constraints of the CA certificate, or of one above it.
    #[error("`{name}` lies outside the name constraints of the CA certificate, and every peer would refuse it")]
    Constraints {
        /// The name.
        name: String,
    },
    /// Names that only the request asks for, and `accept_csr_names` is false.
    #[error("`accept_csr_names` of `[profile.{profile}]` is false, and only the request asks for {}", GeneralName::in_words(names))]
    RequestNames {
        /// The profile.
        profile: String,
        /// The names.
        names: Vec<GeneralName>,
    },
    /// A kind of key that `key_types` does not have.
    #[error("`key_types` of `[profile.{profile}]` admits keys of {}, and this one is {found}", admitted.join(", "))]
    KeyType {
        /// The profile.
        profile: String,
        /// Its `key_types`.
        admitted: Vec<String>,
        /// The kind asked for.
        found: String,
    },
    /// An RSA key below 2048 bits.
    #[error("the RSA key has {bits} bits, and 2048 is the least that is certified")]
    KeyTooSmall {
        /// Bits of the modulus.
        bits: u32,
    },
    /// Longer than `max_lifetime_days`.
    #[error("`max_lifetime_days` of `[profile.{profile}]` admits {max_days} days at most")]
    Lifetime {
        /// The profile.
        profile: String,
        /// Its `max_lifetime_days`.
        max_days: u32,
    },
}

impl Refusal {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Underscore { .. } => "policy.underscore",
            Self::Suffix { .. } => "policy.name_suffix",
            Self::NotGranted { .. } => "policy.not_granted",
            Self::Constraints { .. } => "policy.name_constraints",
            Self::RequestNames { .. } => "policy.accept_csr_names",
            Self::KeyType { .. } => "policy.key_type",
            Self::KeyTooSmall { .. } => "policy.key_too_small",
            Self::Lifetime { .. } => "policy.lifetime",
        }
    }

    /// The rule that refuses: the key of `gsec.toml` with its table, or what stands in no file.
    pub fn rule(&self) -> String {
        match self {
            Self::Underscore { .. } => "allow_underscore".into(),
            Self::Suffix { profile, .. } => format!("name_suffixes of [profile.{profile}]"),
            Self::NotGranted { .. } => "no-default-access of [security]".into(),
            Self::Constraints { .. } => "name constraints of the CA certificate".into(),
            Self::RequestNames { profile, .. } => format!("accept_csr_names of [profile.{profile}]"),
            Self::KeyType { profile, .. } => format!("key_types of [profile.{profile}]"),
            Self::KeyTooSmall { .. } => format!("RSA keys of {MIN_RSA_BITS} bits at the least"),
            Self::Lifetime { profile, .. } => format!("max_lifetime_days of [profile.{profile}]"),
        }
    }
}

const MIN_RSA_BITS: u32 = 2048;

/// Decides whether a certificate may be issued under a profile.
///
/// # Errors
/// The first [`Refusal`].
pub fn may_issue(policy: &Policy, profile: &Profile, asked: &Asked<'_>) -> Result<(), Refusal> {
    asked.names.iter().try_for_each(|name| may_name(policy, profile, asked.constraints, name))?;
    match asked.common_name.and_then(|name| GeneralName::parse_host(name).ok()) {
        // A common name that reads as a host name is one to old peers, so the rules for names hold for it too.
        Some(name @ GeneralName::Dns(_)) if is_qualified(&name) => may_name(policy, profile, asked.constraints, &name)?,
        // Name constraints say nothing of an address there.
        Some(name @ GeneralName::Ip(_)) => may_name(policy, profile, &[], &name)?,
        _ => {}
    }
    if !profile.key_types.iter().any(|admitted| admitted == asked.key_type) {
        let (profile, admitted) = (profile.name.clone(), profile.key_types.clone());
        return Err(Refusal::KeyType { profile, admitted, found: asked.key_type.to_owned() });
    }
    if asked.key_type == "rsa" && asked.key_bits < MIN_RSA_BITS {
        return Err(Refusal::KeyTooSmall { bits: asked.key_bits });
    }
    match profile.max_lifetime_days {
        Some(max_days) if asked.lifetime > Duration::days(i64::from(max_days)) => Err(Refusal::Lifetime { profile: profile.name.clone(), max_days }),
        _ => Ok(()),
    }
}

/// Decides whether names may be certified because a certification request asks for them. Each must pass [`may_issue`] too.
///
/// # Errors
/// [`Refusal::RequestNames`].
pub fn may_take_names(profile: &Profile, names: &[GeneralName]) -> Result<(), Refusal> {
    if profile.accept_csr_names || names.is_empty() {
        return Ok(());
    }
    Err(Refusal::RequestNames { profile: profile.name.clone(), names: names.to_vec() })
}

fn is_qualified(name: &GeneralName) -> bool {
    matches!(name, GeneralName::Dns(dns) if dns.is_qualified())
}

fn may_name(policy: &Policy, profile: &Profile, constraints: &[&NameConstraints], name: &GeneralName) -> Result<(), Refusal> {
    match name {
        GeneralName::Dns(dns) if dns.has_underscore() && !policy.allow_underscore => return Err(Refusal::Underscore { name: dns.to_string() }),
        _ => {}
    }
    let is_granted = profile.name_suffixes.iter().any(|suffix| suffix.grants(name));
    if !is_granted && !policy.has_default_access {
        return Err(Refusal::NotGranted { name: name.value(), profile: profile.name.clone() });
    }
    if !is_granted && is_limited(profile, name) {
        let suffixes = profile.name_suffixes.iter().map(ToString::to_string).collect();
        return Err(Refusal::Suffix { name: name.value(), profile: profile.name.clone(), suffixes });
    }
    match constraints.iter().all(|constraints| constraints.allows(name)) {
        true => Ok(()),
        false => Err(Refusal::Constraints { name: name.to_string() }),
    }
}

/// Whether `name_suffixes` limits names of this kind when there is default access: host names always, addresses once a
/// block is among them, others never.
fn is_limited(profile: &Profile, name: &GeneralName) -> bool {
    match name {
        GeneralName::Dns(_) => !profile.name_suffixes.is_empty(),
        GeneralName::Ip(_) => profile.name_suffixes.iter().any(NameSuffix::is_block),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked<'a>(names: &'a [GeneralName], common_name: Option<&'a str>) -> Asked<'a> {
        Asked { names, common_name, lifetime: Duration::days(100), key_type: "rsa", key_bits: 2048, constraints: &[] }
    }

    fn answer(policy: &str, names: &[&str], change: impl FnOnce(Asked<'_>) -> Asked<'_>) -> Result<(), Refusal> {
        let policy = Policy::parse(policy).expect("policy");
        let names: Vec<_> = names.iter().map(|name| GeneralName::parse_san(name).expect("name")).collect();
        may_issue(&policy, policy.profile("host").expect("host"), &change(asked(&names, None)))
    }

    #[test]
    fn the_template_admits_everything_sound() {
        assert_eq!(answer("", &["dns:db1.example.com", "ip:10.0.0.1", "email:a@b.example", "uri:urn:x"], |asked| asked), Ok(()));
    }

    #[test]
    fn underscores_need_to_be_allowed() {
        assert!(matches!(answer("", &["dns:a_b.example.com"], |asked| asked), Err(Refusal::Underscore { .. })));
        assert_eq!(answer("allow_underscore = true", &["dns:a_b.example.com"], |asked| asked), Ok(()));
    }

    #[test]
    fn suffixes_hold_for_names_and_for_a_common_name_that_reads_as_one() {
        let policy = "[profile.host]\nname_suffixes = [\"example.com\"]";
        assert_eq!(answer(policy, &["dns:db1.example.com"], |asked| asked), Ok(()));
        assert!(matches!(answer(policy, &["dns:db1.example.org"], |asked| asked), Err(Refusal::Suffix { .. })));
        let refused = answer(policy, &["dns:db1.example.com"], |asked| Asked { common_name: Some("www.example.org"), ..asked });
        assert!(matches!(refused, Err(Refusal::Suffix { .. })));
        let display_name = answer(policy, &["dns:db1.example.com"], |asked| Asked { common_name: Some("Database one"), ..asked });
        assert_eq!(display_name, Ok(()));
    }

    #[test]
    fn names_of_a_request_need_to_be_allowed() {
        let policy = Policy::parse("[profile.x]\naccept_csr_names = false").expect("policy");
        let names = [GeneralName::parse_san("dns:db1.example.com").expect("name")];
        let take = |profile, names| may_take_names(policy.profile(profile).expect("profile"), names);
        assert_eq!((take("host", &names[..]), take("x", &[])), (Ok(()), Ok(())));
        let refused = take("x", &names[..]).unwrap_err();
        assert_eq!(refused.to_string(), "`accept_csr_names` of `[profile.x]` is false, and only the request asks for dns:db1.example.com");
    }

    #[test]
    fn keys_and_lifetimes_have_limits() {
        let policy = "[profile.host]\nkey_types = [\"p256\"]\nmax_lifetime_days = 90";
        assert!(matches!(answer(policy, &[], |asked| asked), Err(Refusal::KeyType { .. })));
        let long = answer(policy, &[], |asked| Asked { key_type: "p256", key_bits: 256, ..asked });
        assert!(matches!(long, Err(Refusal::Lifetime { max_days: 90, .. })));
        assert!(matches!(answer("", &[], |asked| Asked { key_bits: 1024, ..asked }), Err(Refusal::KeyTooSmall { bits: 1024 })));
    }

    #[test]
    fn name_constraints_of_the_ca_are_kept_to() {
        let constraints = NameConstraints::permit(vec!["example.com".into()], vec![]).expect("constraints");
        let above = NameConstraints::permit(vec!["com".into()], vec![]).expect("constraints");
        let policy = Policy::built_in();
        let answer = |name: &str, constraints: &[&NameConstraints]| {
            let names = [GeneralName::parse_san(name).expect("name")];
            may_issue(&policy, policy.profile("host").expect("host"), &Asked { constraints, ..asked(&names, None) })
        };
        assert!(matches!(answer("ip:10.0.0.1", &[&constraints]), Err(Refusal::Constraints { .. })));
        assert_eq!(answer("dns:db1.example.com", &[&constraints, &above]), Ok(()));
        assert!(matches!(answer("dns:db1.example.org", &[&above]), Err(Refusal::Constraints { .. })));
        assert!(matches!(answer("dns:db1.example.net", &[&NameConstraints::default(), &above]), Err(Refusal::Constraints { .. })));
    }

    #[test]
    fn addresses_are_limited_only_by_blocks() {
        let (domains, blocks) = ("[profile.host]\nname_suffixes = [\"example.com\"]", "[profile.host]\nname_suffixes = [\"10.0.0.0/8\"]");
        assert_eq!(answer(domains, &["ip:192.0.2.1", "email:a@b.example"], |asked| asked), Ok(()));
        assert_eq!(answer(blocks, &["ip:10.9.9.9"], |asked| asked), Ok(()));
        let refused = answer(blocks, &["ip:192.0.2.1"], |asked| asked).unwrap_err();
        assert_eq!(refused.to_string(), "`192.0.2.1` lies in nothing that `name_suffixes` of `[profile.host]` admits: 10.0.0.0/8");
        assert!(matches!(answer(blocks, &["dns:db1.example.com"], |asked| asked), Err(Refusal::Suffix { .. })));
        let as_common_name = answer(blocks, &["ip:10.0.0.1"], |asked| Asked { common_name: Some("192.0.2.1"), ..asked });
        assert!(matches!(as_common_name, Err(Refusal::Suffix { .. })));
    }

    #[test]
    fn without_default_access_only_what_is_granted_is_issued() {
        let granting = "[profile.host]\nname_suffixes = [\"example.com\", \"10.0.0.0/8\"]\n[security]\n";
        let all = ["dns:db1.example.com", "ip:10.0.0.1", "email:a@mail.example.com", "uri:https://db1.example.com/"];
        assert_eq!(answer(granting, &all, |asked| asked), Ok(()));
        for name in ["dns:db1.example.org", "dns:db1", "ip:192.0.2.1", "email:a@b.example", "uri:urn:x", "uri:https://x.example/"] {
            assert!(matches!(answer(granting, &[name], |asked| asked), Err(Refusal::NotGranted { .. })), "{name}");
        }
        let as_common_name = answer(granting, &all, |asked| Asked { common_name: Some("www.example.org"), ..asked });
        assert!(matches!(as_common_name, Err(Refusal::NotGranted { .. })));
        let refused = answer("[security]\nno-default-access = 0", &["dns:db1.example.com"], |asked| asked).unwrap_err();
        assert_eq!(refused.to_string(), "profile `host` does not grant `db1.example.com`, and `[security]` gives no default access");
        assert_eq!((refused.code(), refused.rule().as_str()), ("policy.not_granted", "no-default-access of [security]"));
        assert_eq!(answer("[security]\nno-default-access = 1", &["dns:db1.example.com"], |asked| asked), Ok(()));
    }
}
