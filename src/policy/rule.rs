//! May this be issued? One pure function.

use thiserror::Error;
use time::Duration;

use super::{Policy, Profile};
use crate::x509::{DnsName, GeneralName, NameConstraints};

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
    /// What the CA's own certificate admits.
    pub constraints: Option<&'a NameConstraints>,
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
    #[error("`{name}` lies in none of the domains that profile `{profile}` admits: {}", suffixes.join(", "))]
    Suffix {
        /// The name.
        name: String,
        /// The profile.
        profile: String,
        /// Its `name_suffixes`.
        suffixes: Vec<String>,
    },
    /// Outside the CA certificate's name constraints.
    #[error("`{name}` lies outside the name constraints of the CA certificate, and every peer would refuse it")]
    Constraints {
        /// The name.
        name: String,
    },
    /// A kind of key that `key_types` does not have.
    #[error("profile `{profile}` admits keys of {}, and this one is {found}", admitted.join(", "))]
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
    #[error("profile `{profile}` admits {max_days} days at most")]
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
            Self::Constraints { .. } => "policy.name_constraints",
            Self::KeyType { .. } => "policy.key_type",
            Self::KeyTooSmall { .. } => "policy.key_too_small",
            Self::Lifetime { .. } => "policy.lifetime",
        }
    }
}

const MIN_RSA_BITS: u32 = 2048;

/// Decides whether a certificate may be issued under a profile.
///
/// # Errors
/// The first [`Refusal`].
pub fn may_issue(policy: &Policy, profile: &Profile, asked: &Asked<'_>) -> Result<(), Refusal> {
    let common_name = asked.common_name.and_then(|name| DnsName::parse(name).ok()).map(GeneralName::Dns);
    asked.names.iter().try_for_each(|name| may_name(policy, profile, asked.constraints, name))?;
    // A common name that reads as a host name is one to old peers, so the rules for names hold for it too.
    if let Some(name) = common_name.filter(|name| matches!(name, GeneralName::Dns(dns) if dns.is_qualified())) {
        may_name(policy, profile, asked.constraints, &name)?;
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

fn may_name(policy: &Policy, profile: &Profile, constraints: Option<&NameConstraints>, name: &GeneralName) -> Result<(), Refusal> {
    if let GeneralName::Dns(dns) = name {
        if dns.has_underscore() && !policy.allow_underscore {
            return Err(Refusal::Underscore { name: dns.to_string() });
        }
        if !profile.name_suffixes.is_empty() && !profile.name_suffixes.iter().any(|suffix| dns.is_within(suffix)) {
            let suffixes = profile.name_suffixes.clone();
            return Err(Refusal::Suffix { name: dns.to_string(), profile: profile.name.clone(), suffixes });
        }
    }
    match constraints {
        Some(constraints) if !constraints.allows(name) => Err(Refusal::Constraints { name: name.to_string() }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked<'a>(names: &'a [GeneralName], common_name: Option<&'a str>) -> Asked<'a> {
        Asked { names, common_name, lifetime: Duration::days(100), key_type: "rsa", key_bits: 2048, constraints: None }
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
        let (policy, names) = (Policy::built_in(), [GeneralName::parse_san("ip:10.0.0.1").expect("name")]);
        let asked = Asked { constraints: Some(&constraints), ..asked(&names, None) };
        let refused = may_issue(&policy, policy.profile("host").expect("host"), &asked);
        assert!(matches!(refused, Err(Refusal::Constraints { .. })));
    }
}
