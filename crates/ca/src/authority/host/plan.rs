//! Planning a host certificate: an order is checked against profile and policy, and nothing is touched.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::authority::session::AuditFacts;
use crate::authority::{Authority, AuthorityError, Warning};
use crate::policy::{CertifiedKey, Content, Permitted};
use gsec_pki::key::{KeyAlgorithm, KeyType, PrivateKey, PublicKey, Signer};
use gsec_pki::x509::{
    AttributeKind, CLOCK_SKEW_ALLOWANCE, Certificate, DistinguishedName, ExtendedKeyUsage, GeneralName,
    IssueError, Lifetime, MAX_COMMON_NAME, NameAttribute, NameConstraints, NameParts, Validity,
};

/// Apple's systems refuse server certificates that last longer (support article 103769), private CAs' too.
const MAX_APPLE_SERVER_LIFETIME: Duration = Duration::days(825);

/// The key of a host.
pub enum HostKey {
    /// To be made.
    Generate(KeyAlgorithm),
    /// Brought along.
    Given(Arc<PrivateKey>),
    /// Only its public half is here: of a certification request, or of a certificate that is renewed.
    Certified(Box<PublicKey>),
}

/// A host certificate as requested.
pub struct HostOrder {
    /// The host itself: it names the files, and is first in subjectAltName.
    pub host: GeneralName,
    /// Further names.
    pub further_names: Vec<GeneralName>,
    /// The parts of the subject but for the common name.
    pub subject: Vec<NameAttribute>,
    /// The common name; the host when `None`.
    pub common_name: Option<NameAttribute>,
    /// The profile.
    pub profile: String,
    /// Its lifetime; as the profile says when `None`.
    pub lifetime: Option<Lifetime>,
    /// The key.
    pub key: HostKey,
    /// The friendly name of the PFX; the host when `None`.
    pub friendly_name: Option<String>,
}

/// What will be issued: everything but serial number, key and signature. It reads as the [`Content`] that policy has permitted.
pub struct IssuePlan<'a> {
    permitted: Permitted<'a>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    pub(in crate::authority) host: GeneralName,
    pub(in crate::authority) host_key: HostKey,
    pub(in crate::authority) audit: Vec<(&'static str, Value)>,
    friendly_name: Option<String>,
}

impl<'a> Deref for IssuePlan<'a> {
    type Target = Content<'a>;

    fn deref(&self) -> &Content<'a> {
        &self.permitted
    }
}

impl<'a> IssuePlan<'a> {
    /// What policy has permitted.
    pub(in crate::authority) fn permitted(&self) -> &Permitted<'a> {
        &self.permitted
    }

    /// With a further fact for the line of the audit log.
    #[must_use]
    pub fn noting(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.audit.push((key, value.into()));
        self
    }

    /// What dialogues and Java show for the entry of the PFX.
    pub(in crate::authority) fn friendly_name(&self) -> String {
        self.friendly_name.clone().unwrap_or_else(|| self.host.value())
    }

    pub(in crate::authority) fn audit_facts(&self) -> AuditFacts<'_> {
        AuditFacts {
            host: Some(self.host.value()),
            names: &self.names,
            subject: Some(&self.subject),
        }
    }
}

/// What a certificate is to contain, except what the profile says.
pub(in crate::authority) struct PlannedContent {
    /// Every name, at least one, the host first.
    pub names: Vec<GeneralName>,
    /// The subject.
    pub subject: DistinguishedName,
    /// The key.
    pub key: HostKey,
}

impl Authority {
    /// Checks an order against profile and policy. Nothing is reserved or written.
    ///
    /// # Errors
    /// [`AuthorityError::Profile`], [`AuthorityError::Refused`], [`AuthorityError::NotInDate`], [`AuthorityError::Issue`].
    pub fn plan_host(&self, order: HostOrder, now: OffsetDateTime) -> Result<IssuePlan<'_>, AuthorityError> {
        let mut warnings = Vec::new();
        let common_name = order
            .common_name
            .or_else(|| self.common_name_of(&order.host, &mut warnings));
        let parts = NameParts::new(order.subject.into_iter().chain(common_name));
        let subject = DistinguishedName::build(&parts).map_err(IssueError::from)?;
        let names = without_repeats(std::iter::once(order.host).chain(order.further_names));
        let content = PlannedContent {
            names,
            subject,
            key: order.key,
        };
        let mut plan = self.plan_content(content, &order.profile, order.lifetime, now)?;
        plan.warnings.splice(0..0, warnings);
        plan.friendly_name = order.friendly_name;
        Ok(plan)
    }

    /// Decides about what a certificate is to contain, as a whole.
    pub(in crate::authority) fn plan_content(
        &self,
        content: PlannedContent,
        profile: &str,
        lifetime: Option<Lifetime>,
        now: OffsetDateTime,
    ) -> Result<IssuePlan<'_>, AuthorityError> {
        let PlannedContent { names, subject, key } = content;
        let mut warnings = Vec::new();
        let profile = self.policy()?.profile(profile).map_err(AuthorityError::Profile)?;
        let wanted = lifetime.unwrap_or_else(|| Lifetime::days(profile.default_days()));
        if lifetime.is_none() && profile.default_days() < profile.lifetime_days {
            warnings.push(Warning::DefaultLifetimeCut {
                days: profile.default_days(),
                profile_days: profile.lifetime_days,
            });
        }
        let validity = self.validity_for(wanted, now, &mut warnings)?;
        let host = names.first().expect("the host is a name").clone();
        let (permitted, unknown) = self.decide(
            Content {
                profile,
                names,
                subject,
                validity,
                key: key.certified(),
            },
            now,
        )?;
        warnings.extend(Warning::of_unknown_keys(unknown));
        let common_names = permitted.subject.common_names();
        warn_about_names(
            &host,
            common_names.first().map(String::as_str),
            &permitted.names,
            &mut warnings,
        );
        if permitted.key.key_type() == Some(KeyType::Ed25519) {
            warnings.push(Warning::Ed25519);
        }
        if profile.extended_key_usage.contains(&ExtendedKeyUsage::ServerAuth)
            && validity.not_after() - now > MAX_APPLE_SERVER_LIFETIME
        {
            warnings.push(Warning::LongServerLifetime);
        }
        Ok(IssuePlan {
            permitted,
            warnings,
            host,
            host_key: key,
            audit: Vec::new(),
            friendly_name: None,
        })
    }

    /// Start a little back-dated, but not before the CA's own; end cut to the CA's own.
    pub(in crate::authority) fn validity_for(
        &self,
        wanted: Lifetime,
        now: OffsetDateTime,
        warnings: &mut Vec<Warning>,
    ) -> Result<Validity, AuthorityError> {
        let (not_before, not_after) = self.expect_in_date(now)?;
        let end = wanted.end(now)?;
        if end <= now {
            return Err(IssueError::EmptyValidity {
                not_before: now,
                not_after: end,
            }
            .into());
        }
        if end > not_after {
            warnings.push(Warning::LifetimeCut { not_after });
        }
        Ok(Validity::new(
            (now - CLOCK_SKEW_ALLOWANCE).max(not_before),
            end.min(not_after),
        )?)
    }

    /// Start and end of the CA certificate, if it is valid now.
    pub(in crate::authority) fn expect_in_date(
        &self,
        now: OffsetDateTime,
    ) -> Result<(OffsetDateTime, OffsetDateTime), AuthorityError> {
        let (not_before, not_after) = (self.certificate().not_before(), self.certificate().not_after());
        match (not_before..=not_after).contains(&now) {
            true => Ok((not_before, not_after)),
            false => Err(AuthorityError::NotInDate {
                not_before,
                not_after,
            }),
        }
    }
}

impl Authority {
    /// Name constraints of the CA certificate and of those above it: a peer applies them all (RFC 5280 §6.1.4 (g)).
    pub(in crate::authority) fn constraints(&self) -> impl Iterator<Item = &NameConstraints> {
        self.path_upwards().filter_map(Certificate::name_constraints)
    }

    /// The host as common name, unless it is too long for one (RFC 5280 Appendix A.1, ub-common-name), or an address under
    /// name constraints: without a dNSName beside it, OpenSSL checks a common name against them as if it were one.
    fn common_name_of(&self, host: &GeneralName, warnings: &mut Vec<Warning>) -> Option<NameAttribute> {
        let constrains_hosts = self.constraints().any(NameConstraints::limits_host_names);
        if matches!(host, GeneralName::Ip(_)) && constrains_hosts {
            warnings.push(Warning::AddressLeftOut {
                address: host.value(),
            });
            return None;
        }
        common_name_that_fits(host, warnings)
    }
}

/// The host as common name, unless it is too long for one.
pub(in crate::authority) fn common_name_that_fits(
    host: &GeneralName,
    warnings: &mut Vec<Warning>,
) -> Option<NameAttribute> {
    let name = host.value();
    let length = name.chars().count();
    if length > MAX_COMMON_NAME {
        warnings.push(Warning::CommonNameLeftOut { name, length });
        return None;
    }
    NameAttribute::parse(AttributeKind::CommonName, &name).ok()
}

impl HostKey {
    /// The public key, unless it is yet to be made: a new key has no owner yet.
    pub(in crate::authority) fn brought_along(&self) -> Option<&PublicKey> {
        match self {
            Self::Generate(_) => None,
            Self::Given(key) => Some(key.public_key()),
            Self::Certified(key) => Some(key),
        }
    }

    /// The key as policy decides about it.
    fn certified(&self) -> CertifiedKey {
        match self {
            Self::Generate(algorithm) => CertifiedKey::New(*algorithm),
            Self::Given(key) => CertifiedKey::Known(Box::new(key.public_key().clone())),
            Self::Certified(key) => CertifiedKey::Known(key.clone()),
        }
    }
}

/// Names in their order, each once. A request may have a hundred thousand of them.
pub(in crate::authority) fn without_repeats(names: impl Iterator<Item = GeneralName>) -> Vec<GeneralName> {
    let mut seen = HashSet::new();
    names.filter(|name| seen.insert(folded(name))).collect()
}

/// A text that is the same for equal names: case does not count in host names.
pub(in crate::authority) fn folded(name: &GeneralName) -> String {
    match name {
        GeneralName::Dns(name) => format!("dns:{}", name.as_str().to_ascii_lowercase()),
        // Names of one kind that gsec cannot issue differ from those that it can, though they may read the same.
        GeneralName::Directory(_) | GeneralName::Other { .. } => format!("other:{name}"),
        name => name.to_string(),
    }
}

/// What is odd about names, though nothing forbids it.
pub(in crate::authority) fn warn_about_names(
    host: &GeneralName,
    common_name: Option<&str>,
    names: &[GeneralName],
    warnings: &mut Vec<Warning>,
) {
    if let Some(common_name) =
        common_name.filter(|common_name| !common_name.eq_ignore_ascii_case(&host.value()))
    {
        warnings.push(Warning::CommonNameDiffers {
            common_name: common_name.to_owned(),
            host: host.value(),
        });
    }
    for name in names {
        if let GeneralName::Dns(dns) = name
            && dns.wildcard_parent().is_some_and(|parent| !parent.contains('.'))
        {
            warnings.push(Warning::WideWildcard {
                name: dns.to_string(),
            });
        }
        if let GeneralName::Dns(dns) = name
            && !dns.is_qualified()
        {
            warnings.push(Warning::NotQualified {
                name: dns.to_string(),
            });
        }
    }
}
