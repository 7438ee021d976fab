//! May this be issued? One pure function decides about the whole certificate, and what it permits is the only thing that can be signed.

use std::ops::Deref;

use time::{Duration, OffsetDateTime};

use super::common_name::{Reading, hides_common_name, read};
use super::refusal::{Kinship, LimitPlace};
use super::{NameSuffix, Policy, Profile, Refusal};
use gsec_pki::key::{KeyAlgorithm, KeyType, PublicKey};
use gsec_pki::x509::{DistinguishedName, GeneralName, NameConstraints, Validity};

/// The least bits of an RSA modulus (NIST SP 800-131A r2 §2).
const MIN_RSA_BITS: u32 = 2048;

/// The key of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertifiedKey {
    /// One that will be made, at random: no one has it yet.
    New(KeyAlgorithm),
    /// An existing one.
    Known(Box<PublicKey>),
}

impl CertifiedKey {
    /// Its kind; `None` for one that gsec does not make.
    pub fn key_type(&self) -> Option<KeyType> {
        match self {
            Self::New(algorithm) => Some(algorithm.key_type()),
            Self::Known(key) => key.key_type(),
        }
    }

    /// What people and JSON see as its kind ([`PublicKey::type_name`]).
    pub fn type_name(&self) -> String {
        match self {
            Self::New(algorithm) => algorithm.key_type().to_string(),
            Self::Known(key) => key.type_name(),
        }
    }

    /// Its size in bits; 0 where that is not known.
    pub fn bits(&self) -> u32 {
        match self {
            Self::New(algorithm) => algorithm.bits(),
            Self::Known(key) => key.size_bits().unwrap_or_default(),
        }
    }

    /// Whether `key` is this key, or one that was made as this one is to be made.
    pub fn is(&self, key: &PublicKey) -> bool {
        match self {
            Self::New(algorithm) => key.algorithm() == Some(*algorithm),
            Self::Known(known) => **known == *key,
        }
    }
}

/// For people, as `RSA 2048`, `RSA-PSS 2048` or `P-256`.
impl std::fmt::Display for CertifiedKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::New(algorithm) => algorithm.fmt(out),
            Self::Known(key) => key.fmt(out),
        }
    }
}

/// Everything that a host certificate says, but for serial number and issuer.
#[derive(Debug)]
pub struct Content<'a> {
    /// The profile: extended key usage, key usage and limits.
    pub profile: &'a Profile,
    /// Every name of subjectAltName, the host first.
    pub names: Vec<GeneralName>,
    /// The subject.
    pub subject: DistinguishedName,
    /// The validity.
    pub validity: Validity,
    /// The key.
    pub key: CertifiedKey,
}

/// What [`decide`] has permitted. It cannot be made in any other way, nor changed; only this is signed.
#[derive(Debug)]
pub struct Permitted<'a>(Content<'a>);

impl<'a> Deref for Permitted<'a> {
    type Target = Content<'a>;

    fn deref(&self) -> &Content<'a> {
        &self.0
    }
}

/// A CA whose name and key no host may have.
pub struct KnownAuthority<'a> {
    /// Its name.
    pub subject: &'a DistinguishedName,
    /// Its key.
    pub key: &'a PublicKey,
    /// Its relation to the issuing CA.
    pub kinship: Kinship,
}

/// What is known where a certificate is to be issued.
#[derive(Default)]
pub struct Surroundings<'a> {
    /// The name constraints of the CA certificate, and of each of those above it.
    pub constraints: &'a [&'a NameConstraints],
    /// The issuing CA itself, those above it, those below it, and what it was before.
    pub authorities: &'a [KnownAuthority<'a>],
}

/// Decides whether a certificate may be issued.
///
/// # Errors
/// The first [`Refusal`].
pub fn decide<'a>(
    policy: &Policy,
    content: Content<'a>,
    surroundings: &Surroundings<'_>,
    now: OffsetDateTime,
) -> Result<Permitted<'a>, Refusal> {
    expect_no_authority(&content, surroundings.authorities)?;
    let rules = NameRules {
        policy,
        profile: content.profile,
        constraints: surroundings.constraints,
    };
    content.names.iter().try_for_each(|name| rules.admit(name))?;
    rules.admit_subject(&content)?;
    expect_key(&content)?;
    expect_lifetime(&content, now)?;
    Ok(Permitted(content))
}

/// Decides whether names may be certified because a certification request asks for them. [`decide`] must permit each of them too.
///
/// # Errors
/// [`Refusal::RequestNames`].
pub fn may_take_names(profile: &Profile, names: &[GeneralName]) -> Result<(), Refusal> {
    if profile.accept_csr_names.value || names.is_empty() {
        return Ok(());
    }
    Err(Refusal::RequestNames {
        place: LimitPlace::of(&profile.accept_csr_names, profile),
        names: names.to_vec(),
    })
}

/// A host certificate in the name of a CA, or for its key, could pass for the CA's own: a CRL is believed by issuer name and key.
fn expect_no_authority(content: &Content<'_>, authorities: &[KnownAuthority<'_>]) -> Result<(), Refusal> {
    for authority in authorities {
        let (subject, kinship) = (|| authority.subject.to_string(), authority.kinship);
        if !content.subject.is_empty() && content.subject == *authority.subject {
            return Err(Refusal::AuthorityName {
                subject: subject(),
                kinship,
            });
        }
        if let CertifiedKey::Known(key) = &content.key
            && key.is_same_key(authority.key)
        {
            return Err(Refusal::AuthorityKey {
                subject: subject(),
                kinship,
            });
        }
    }
    Ok(())
}

fn expect_key(content: &Content<'_>) -> Result<(), Refusal> {
    let Content { profile, key, .. } = content;
    let key_type = key.key_type();
    if !key_type.is_some_and(|key_type| profile.key_types.value.contains(&key_type)) {
        return Err(Refusal::KeyType {
            place: LimitPlace::of(&profile.key_types, profile),
            admitted: profile.key_types.value.clone(),
            found: key.type_name(),
        });
    }
    if key_type == Some(KeyType::Rsa) && key.bits() < MIN_RSA_BITS {
        return Err(Refusal::KeyTooSmall { bits: key.bits() });
    }
    match key {
        CertifiedKey::New(_) => Ok(()),
        CertifiedKey::Known(key) => key.expect_sound().map_err(Refusal::Key),
    }
}

fn expect_lifetime(content: &Content<'_>, now: OffsetDateTime) -> Result<(), Refusal> {
    let Content {
        profile, validity, ..
    } = content;
    match profile.max_lifetime_days.value {
        Some(max_days) if validity.not_after() - now > Duration::days(i64::from(max_days)) => {
            Err(Refusal::Lifetime {
                place: LimitPlace::of(&profile.max_lifetime_days, profile),
                max_days,
            })
        }
        _ => Ok(()),
    }
}

/// Which names may be issued.
struct NameRules<'a> {
    policy: &'a Policy,
    profile: &'a Profile,
    constraints: &'a [&'a NameConstraints],
}

impl NameRules<'_> {
    fn admit(&self, name: &GeneralName) -> Result<(), Refusal> {
        self.expect_no_underscore(name)?;
        let Self { policy, profile, .. } = self;
        let suffixes = &profile.name_suffixes;
        let is_within = suffixes.value.iter().any(|suffix| suffix.grants(name));
        // What is inherited limits; it grants nothing that the profile itself does not.
        let is_granted = is_within && suffixes.inherited_by(&profile.name).is_none();
        if !is_granted && !policy.has_default_access {
            return Err(Refusal::NotGranted {
                name: name.value(),
                profile: profile.name.clone(),
            });
        }
        if !is_within && is_limited(profile, name) {
            let suffixes = suffixes.value.iter().map(ToString::to_string).collect();
            return Err(Refusal::Suffix {
                name: name.value(),
                place: LimitPlace::of(&profile.name_suffixes, profile),
                suffixes,
            });
        }
        self.expect_within_constraints(name)
    }

    fn expect_no_underscore(&self, name: &GeneralName) -> Result<(), Refusal> {
        match name {
            GeneralName::Dns(dns) if dns.has_underscore() && !self.policy.allow_underscore => {
                Err(Refusal::Underscore {
                    name: dns.to_string(),
                })
            }
            _ => Ok(()),
        }
    }

    fn expect_within_constraints(&self, name: &GeneralName) -> Result<(), Refusal> {
        match self
            .constraints
            .iter()
            .all(|constraints| constraints.unreadable.is_none() && constraints.allows(name))
        {
            true => Ok(()),
            false => Err(Refusal::Constraints {
                name: name.to_string(),
            }),
        }
    }

    /// Whether there are names that may not be issued.
    fn limit_names(&self) -> bool {
        !self.policy.has_default_access
            || !self.profile.name_suffixes.value.is_empty()
            || self.constraints.iter().any(|found| found.limits_names())
    }

    /// Clients find host names and mailboxes in the subject too, and constraints can be about the subject itself (RFC 5280 §4.2.1.10).
    fn admit_subject(&self, content: &Content<'_>) -> Result<(), Refusal> {
        let subject = &content.subject;
        if !subject.is_empty() {
            self.expect_within_constraints(&GeneralName::Directory(subject.clone()))?;
        }
        subject
            .common_names()
            .iter()
            .try_for_each(|common_name| self.admit_common_name(common_name, &content.names))?;
        let addresses = subject.email_addresses().into_iter().map(GeneralName::Email);
        addresses
            .filter(|address| !content.names.contains(address))
            .try_for_each(|address| self.admit(&address))?;
        match subject
            .attributes()
            .into_iter()
            .find(|(_, value)| hides_common_name(value))
        {
            Some((_, text)) if self.limit_names() => Err(Refusal::CommonName { text }),
            _ => Ok(()),
        }
    }

    fn admit_common_name(&self, common_name: &str, names: &[GeneralName]) -> Result<(), Refusal> {
        let reading = read(common_name);
        if !self.limit_names() {
            return match &reading {
                Reading::Name(name @ GeneralName::Dns(host)) if host.is_qualified() => {
                    self.expect_no_underscore(name)
                }
                _ => Ok(()),
            };
        }
        match reading {
            Reading::Display => Ok(()),
            // Without a dNSName beside it OpenSSL holds even an address against the constraints for host names.
            Reading::Name(name @ GeneralName::Ip(_)) if self.reads_common_name_as_host(names) => {
                Err(Refusal::Constraints {
                    name: format!("{name} as common name"),
                })
            }
            Reading::Name(name) if names.contains(&name) => Ok(()),
            Reading::Name(name) => self.admit(&name),
            Reading::Unclear => Err(Refusal::CommonName {
                text: common_name.to_owned(),
            }),
        }
    }

    fn reads_common_name_as_host(&self, names: &[GeneralName]) -> bool {
        let has_host_name = names.iter().any(|name| matches!(name, GeneralName::Dns(_)));
        !has_host_name
            && self
                .constraints
                .iter()
                .any(|constraints| constraints.limits_host_names())
    }
}

/// Whether `name_suffixes` limits a name when there is default access: one with a host name always, one with an address once a
/// block is among them, one without a host never. Clients match mailboxes and URIs (SPIFFE) as they match hosts.
fn is_limited(profile: &Profile, name: &GeneralName) -> bool {
    let suffixes = &profile.name_suffixes.value;
    match (name.host(), name) {
        (Some(GeneralName::Ip(_)), _) => suffixes.iter().any(NameSuffix::is_block),
        (Some(_), _) | (None, GeneralName::Email(_)) => !suffixes.is_empty(),
        (None, GeneralName::Uri(address)) => !is_without_host(address) && !suffixes.is_empty(),
        _ => false,
    }
}

/// Whether a URI is of a scheme that names no host (RFC 8141, RFC 4151). Those of mail and telephony name one without `//`.
fn is_without_host(address: &str) -> bool {
    let scheme = address
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| ["urn", "tag", "oid", "uuid"].contains(&scheme.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_pki::key::{PrivateKey, Signer};
    use gsec_pki::x509::{AttributeKind, IpSubnet, NameAttribute, NameParts};
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-28 12:00 UTC);

    fn san(text: &str) -> GeneralName {
        GeneralName::parse_san(text).expect("a name")
    }

    fn subject(parts: &[(AttributeKind, &str)]) -> DistinguishedName {
        let parts = parts
            .iter()
            .map(|(kind, value)| NameAttribute::parse(*kind, value).expect("a part"));
        DistinguishedName::build(&NameParts::new(parts)).expect("a name")
    }

    fn cn(value: &str) -> DistinguishedName {
        subject(&[(AttributeKind::CommonName, value)])
    }

    /// An order under a policy, with the common name of its first host.
    struct Case {
        policy: Policy,
        profile: &'static str,
        names: Vec<GeneralName>,
        subject: DistinguishedName,
        days: i64,
        key: CertifiedKey,
        constraints: Vec<NameConstraints>,
    }

    impl Case {
        fn of(policy: &str, names: &[&str]) -> Self {
            Self {
                policy: Policy::parse(policy).expect("policy"),
                profile: "host",
                names: names.iter().map(|name| san(name)).collect(),
                subject: subject(&[]),
                days: 100,
                key: CertifiedKey::New(KeyAlgorithm::P256),
                constraints: Vec::new(),
            }
        }

        fn with_cn(policy: &str, name: &str, common_name: &str) -> Self {
            Self {
                subject: cn(common_name),
                ..Self::of(policy, &[name])
            }
        }

        fn answer(&self) -> Result<(), Refusal> {
            self.answer_beside(&[])
        }

        fn answer_beside(&self, authorities: &[KnownAuthority<'_>]) -> Result<(), Refusal> {
            let content = Content {
                profile: self.policy.profile(self.profile).expect("a profile"),
                names: self.names.clone(),
                subject: self.subject.clone(),
                validity: Validity::new(NOW, NOW + Duration::days(self.days)).expect("validity"),
                key: self.key.clone(),
            };
            let constraints: Vec<&NameConstraints> = self.constraints.iter().collect();
            decide(
                &self.policy,
                content,
                &Surroundings {
                    constraints: &constraints,
                    authorities,
                },
                NOW,
            )
            .map(|_| ())
        }
    }

    const SUFFIX: &str = "[profile.host]\nname_suffixes = [\"example.com\"]";
    const BLOCK: &str = "[profile.host]\nname_suffixes = [\"10.0.0.0/8\"]";

    fn permit(domains: &[&str], blocks: &[&str]) -> NameConstraints {
        let blocks = blocks
            .iter()
            .map(|block| IpSubnet::parse(block).expect("block"))
            .collect();
        NameConstraints::permit(
            domains.iter().map(|domain| (*domain).to_owned()).collect(),
            blocks,
        )
        .expect("constraints")
    }

    #[test]
    fn the_template_admits_everything_sound() {
        assert_eq!(
            Case::of(
                "",
                &[
                    "dns:db1.example.com",
                    "ip:10.0.0.1",
                    "email:a@b.example",
                    "uri:urn:x"
                ]
            )
            .answer(),
            Ok(())
        );
        for common_name in ["mail", "ww*.evil.org", "8.8.8.8", "my_client", "Database one"] {
            assert_eq!(
                Case::with_cn("", "ip:10.0.0.1", common_name).answer(),
                Ok(()),
                "{common_name}"
            );
        }
    }

    #[test]
    fn underscores_need_to_be_allowed() {
        assert!(matches!(
            Case::of("", &["dns:a_b.example.com"]).answer(),
            Err(Refusal::Underscore { .. })
        ));
        assert!(matches!(
            Case::with_cn("", "dns:x.example.com", "a_b.example.com").answer(),
            Err(Refusal::Underscore { .. })
        ));
        assert_eq!(
            Case::of("allow_underscore = true", &["dns:a_b.example.com"]).answer(),
            Ok(())
        );
    }

    #[test]
    fn suffixes_hold_for_names_and_for_every_common_name_that_a_client_could_match() {
        assert_eq!(Case::of(SUFFIX, &["dns:db1.example.com"]).answer(), Ok(()));
        assert!(matches!(
            Case::of(SUFFIX, &["dns:db1.example.org"]).answer(),
            Err(Refusal::Suffix { .. })
        ));
        for common_name in [
            "www.example.org",
            "www.example.org.",
            "mail",
            "*.example.org",
            "b\u{fc}cher.example",
        ] {
            let refused = Case::with_cn(SUFFIX, "dns:db1.example.com", common_name).answer();
            assert!(
                matches!(refused, Err(Refusal::Suffix { .. })),
                "{common_name}: {refused:?}"
            );
        }
        for common_name in [
            "ww*.example.org",
            "ww*.example.com",
            "(a|b).example.org",
            "www.example.org:443",
        ] {
            let refused = Case::with_cn(SUFFIX, "dns:db1.example.com", common_name).answer();
            assert!(
                matches!(refused, Err(Refusal::CommonName { .. })),
                "{common_name}: {refused:?}"
            );
        }
        for common_name in [
            "Database one",
            "db1.example.com",
            "DB1.Example.Com",
            "db2.example.com",
            "*.example.com",
            "8.8.8.8",
        ] {
            assert_eq!(
                Case::with_cn(SUFFIX, "dns:db1.example.com", common_name).answer(),
                Ok(()),
                "{common_name}"
            );
        }
    }

    #[test]
    fn every_part_of_a_subject_is_looked_at() {
        use AttributeKind::{CommonName, Email, Organization};
        let case = |parts: &[(AttributeKind, &str)]| {
            Case {
                subject: subject(parts),
                ..Case::of(SUFFIX, &["dns:db1.example.com"])
            }
            .answer()
        };
        assert!(matches!(
            case(&[(CommonName, "db1.example.com"), (CommonName, "www.example.org")]),
            Err(Refusal::Suffix { .. })
        ));
        assert!(matches!(
            case(&[(CommonName, "www.example.org"), (CommonName, "db1.example.com")]),
            Err(Refusal::Suffix { .. })
        ));
        assert!(matches!(
            case(&[(Organization, "x, CN=www.example.org")]),
            Err(Refusal::CommonName { .. })
        ));
        assert_eq!(case(&[(Organization, "mail"), (Email, "a@example.com")]), Ok(()));
        assert!(matches!(
            case(&[(Organization, "mail"), (Email, "a@example.org")]),
            Err(Refusal::Suffix { .. })
        ));
        let constrained = |parts: &[(AttributeKind, &str)]| {
            let constraints = vec![permit(&["example.com"], &[])];
            Case {
                subject: subject(parts),
                constraints,
                ..Case::of("", &["dns:db1.example.com"])
            }
            .answer()
        };
        assert!(matches!(
            constrained(&[(Email, "a@example.org")]),
            Err(Refusal::Constraints { .. })
        ));
        assert_eq!(constrained(&[(Organization, "Example")]), Ok(()));
    }

    #[test]
    fn names_of_a_request_need_to_be_allowed() {
        let policy = Policy::parse("[profile.x]\naccept_csr_names = false").expect("policy");
        let names = [san("dns:db1.example.com")];
        let take = |profile, names| may_take_names(policy.profile(profile).expect("profile"), names);
        assert_eq!((take("host", &names[..]), take("x", &[])), (Ok(()), Ok(())));
        let refused = take("x", &names[..]).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "`accept_csr_names` of `[profile.x]` is false, and only the CSR requests dns:db1.example.com"
        );
    }

    #[test]
    fn keys_and_lifetimes_have_limits() {
        let case = || {
            Case::of(
                "[profile.host]\nkey_types = [\"p256\"]\nmax_lifetime_days = 90",
                &["dns:db1.example.com"],
            )
        };
        assert!(matches!(
            Case {
                key: CertifiedKey::New(KeyAlgorithm::Ed25519),
                ..case()
            }
            .answer(),
            Err(Refusal::KeyType { .. })
        ));
        assert!(matches!(
            case().answer(),
            Err(Refusal::Lifetime { max_days: 90, .. })
        ));
        assert_eq!(Case { days: 90, ..case() }.answer(), Ok(()));
    }

    #[test]
    fn name_constraints_of_the_ca_hold_for_names_and_common_names() {
        let (own, above) = (permit(&["example.com"], &[]), permit(&["com"], &[]));
        let answer = |name: &str, constraints: &[&NameConstraints]| {
            Case {
                constraints: constraints.iter().map(|found| (*found).clone()).collect(),
                ..Case::of("", &[name])
            }
            .answer()
        };
        assert!(matches!(
            answer("ip:10.0.0.1", &[&own]),
            Err(Refusal::Constraints { .. })
        ));
        assert_eq!(answer("dns:db1.example.com", &[&own, &above]), Ok(()));
        assert!(matches!(
            answer("dns:db1.example.org", &[&above]),
            Err(Refusal::Constraints { .. })
        ));
        assert!(matches!(
            answer("dns:db1.example.net", &[&NameConstraints::default(), &above]),
            Err(Refusal::Constraints { .. })
        ));
        let blocks = || vec![permit(&["example.com"], &["10.0.0.0/8"])];
        let case = |name, common_name| {
            Case {
                constraints: blocks(),
                ..Case::with_cn("", name, common_name)
            }
            .answer()
        };
        for common_name in [
            "ww*.evil.org",
            "mail",
            "8.8.8.8",
            "www.evil.org",
            "*.evil.org",
            "a@evil.org",
            "10.0.0.1",
        ] {
            assert!(case("ip:10.0.0.1", common_name).is_err(), "{common_name}");
        }
        assert_eq!(
            (
                case("dns:db1.example.com", "10.0.0.1"),
                case("ip:10.0.0.1", "Database one")
            ),
            (Ok(()), Ok(()))
        );
        assert!(case("dns:db1.example.com", "11.0.0.1").is_err());
    }

    #[test]
    fn constraints_that_nobody_can_read_permit_nothing() {
        let unreadable = NameConstraints {
            unreadable: Some("they are not NameConstraints in DER".into()),
            ..NameConstraints::default()
        };
        let case = Case {
            constraints: vec![unreadable],
            ..Case::of("", &["dns:db1.example.com"])
        };
        assert!(matches!(case.answer(), Err(Refusal::Constraints { .. })));
    }

    #[test]
    fn addresses_are_limited_only_by_blocks() {
        assert_eq!(
            Case::of(SUFFIX, &["ip:192.0.2.1", "uri:https://192.0.2.1/"]).answer(),
            Ok(())
        );
        assert_eq!(Case::of(BLOCK, &["ip:10.9.9.9"]).answer(), Ok(()));
        let refused = Case::of(BLOCK, &["ip:192.0.2.1"]).answer().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "`192.0.2.1` is not covered by `name_suffixes` of `[profile.host]`: 10.0.0.0/8"
        );
        assert!(matches!(
            Case::of(BLOCK, &["dns:db1.example.com"]).answer(),
            Err(Refusal::Suffix { .. })
        ));
        assert!(matches!(
            Case::with_cn(BLOCK, "ip:10.0.0.1", "192.0.2.1").answer(),
            Err(Refusal::Suffix { .. })
        ));
    }

    #[test]
    fn mailboxes_and_uris_are_limited_by_their_host() {
        for granted in [
            "email:a@mail.example.com",
            "uri:spiffe://example.com/web",
            "uri:urn:uuid:1",
        ] {
            assert_eq!(Case::of(SUFFIX, &[granted]).answer(), Ok(()), "{granted}");
        }
        for refused in [
            "email:a@evil.org",
            "uri:spiffe://evil.org/admin",
            "uri:spiffe://evil_org/admin",
            "uri:sip:evil.org",
            "uri:sip:admin@evil.org",
            "uri:mailto:a@evil.org",
            "uri:https:/evil.org/",
        ] {
            let case = Case {
                names: vec![san("dns:db1.example.com"), san(refused)],
                ..Case::of(SUFFIX, &[])
            };
            assert!(matches!(case.answer(), Err(Refusal::Suffix { .. })), "{refused}");
        }
        assert!(matches!(
            Case::with_cn(SUFFIX, "dns:db1.example.com", "a@evil.org").answer(),
            Err(Refusal::Suffix { .. })
        ));
    }

    #[test]
    fn without_default_access_only_what_is_granted_is_issued() {
        let granting = "[profile.host]\nname_suffixes = [\"example.com\", \"10.0.0.0/8\"]\n[security]\n";
        let all = [
            "dns:db1.example.com",
            "ip:10.0.0.1",
            "email:a@mail.example.com",
            "uri:https://db1.example.com/",
        ];
        assert_eq!(Case::of(granting, &all).answer(), Ok(()));
        for name in [
            "dns:db1.example.org",
            "dns:db1",
            "ip:192.0.2.1",
            "email:a@b.example",
            "uri:urn:x",
            "uri:https://x.example/",
        ] {
            assert!(
                matches!(
                    Case::of(granting, &[name]).answer(),
                    Err(Refusal::NotGranted { .. })
                ),
                "{name}"
            );
        }
        for common_name in ["www.example.org", "mail", "a@b.example", "192.0.2.1"] {
            assert!(
                matches!(
                    Case::with_cn(granting, all[0], common_name).answer(),
                    Err(Refusal::NotGranted { .. })
                ),
                "{common_name}"
            );
        }
        // What `[profile.host]` grants, it grants to itself alone.
        assert!(matches!(
            Case {
                profile: "server",
                ..Case::of(granting, &all)
            }
            .answer(),
            Err(Refusal::NotGranted { .. })
        ));
        let refused = Case::of("[security]\nno-default-access = 0", &["dns:db1.example.com"])
            .answer()
            .unwrap_err();
        assert_eq!(
            refused.to_string(),
            "profile `host` does not grant `db1.example.com`, and `[security]` gives no default access"
        );
        assert_eq!(
            Case::of("[security]\nno-default-access = 1", &["dns:db1.example.com"]).answer(),
            Ok(())
        );
    }

    #[test]
    fn a_limit_of_host_limits_the_other_profiles_unless_they_say_otherwise() {
        for profile in ["server", "tls-server", "web"] {
            let case = |more: &str| Case {
                profile,
                ..Case::of(&format!("{SUFFIX}\n[profile.web]\n{more}"), &["dns:evil.org"])
            };
            let said = case("").answer().unwrap_err().to_string();
            let place = format!("`[profile.host]` (line 2, inherited by profile `{profile}`)");
            assert_eq!(
                said,
                format!("`evil.org` is not covered by `name_suffixes` of {place}: example.com")
            );
            let lifted = if profile == "web" {
                String::new()
            } else {
                format!("[profile.{profile}]\n")
            };
            assert_eq!(
                case(&format!("{lifted}name_suffixes = []")).answer(),
                Ok(()),
                "{profile}"
            );
        }
    }

    #[test]
    fn name_and_key_of_a_ca_are_no_host_s() {
        let (key, name) = (
            PrivateKey::generate(KeyAlgorithm::P256).expect("key"),
            subject(&[(AttributeKind::CommonName, "Root CA")]),
        );
        let beside = |kinship| {
            [KnownAuthority {
                subject: &name,
                key: key.public_key(),
                kinship,
            }]
        };
        for kinship in [Kinship::This, Kinship::Above, Kinship::Former, Kinship::Below] {
            let named = Case::with_cn("", "dns:db1.example.com", "root  ca").answer_beside(&beside(kinship));
            assert!(matches!(named, Err(Refusal::AuthorityName { kinship: found, .. }) if found == kinship));
            let known = CertifiedKey::Known(Box::new(key.public_key().clone()));
            let keyed = Case {
                key: known,
                ..Case::of("", &["dns:db1.example.com"])
            }
            .answer_beside(&beside(kinship));
            assert!(matches!(keyed, Err(Refusal::AuthorityKey { kinship: found, .. }) if found == kinship));
        }
        assert_eq!(
            Case::of("", &["dns:db1.example.com"]).answer_beside(&beside(Kinship::This)),
            Ok(())
        );
    }

    #[test]
    fn each_refusal_of_a_key_or_a_lifetime_has_its_edge() {
        let code = |case: Case| case.answer().map_err(|refusal| refusal.code());
        let days = |days| Case {
            days,
            ..Case::of("[profile.host]\nmax_lifetime_days = 100", &["a.example.com"])
        };
        assert_eq!(code(days(100)), Ok(()));
        assert_eq!(code(days(101)), Err("policy.lifetime"));
        let kind = |types: &str| {
            Case::of(
                &format!("[profile.host]\nkey_types = [{types}]"),
                &["a.example.com"],
            )
        };
        assert_eq!(code(kind("\"p256\"")), Ok(()));
        assert_eq!(code(kind("\"rsa\"")), Err("policy.key_type"));
        let short = Case {
            key: CertifiedKey::Known(Box::new(rsa_key(1024))),
            ..Case::of("", &["a.example.com"])
        };
        assert_eq!(code(short), Err("policy.key_too_small"));
        let even = Case {
            key: CertifiedKey::Known(Box::new(rsa_key(2048))),
            ..Case::of("", &["a.example.com"])
        };
        assert_eq!(
            code(even),
            Err("policy.weak_key"),
            "its modulus is no product of two primes"
        );
    }

    /// An RSA key of this size whose modulus 3 divides.
    fn rsa_key(bits: usize) -> PublicKey {
        let wrapped = |tag: u8, content: &[u8]| {
            let length = content.len().to_be_bytes();
            let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
            let head = match content.len() {
                0..0x80 => vec![tag],
                _ => vec![tag, 0x80 | u8::try_from(length.len()).expect("a short length")],
            };
            [head, length, content.to_vec()].concat()
        };
        let modulus = [vec![0], vec![0xff; bits / 8]].concat();
        let numbers = [wrapped(2, &modulus), vec![2, 3, 1, 0, 1]].concat();
        let key = [vec![0], wrapped(0x30, &numbers)].concat();
        let algorithm = [
            0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0,
        ];
        let spki = wrapped(0x30, &[algorithm.to_vec(), wrapped(3, &key)].concat());
        PublicKey::from_spki(&spki).expect("a key")
    }
}
