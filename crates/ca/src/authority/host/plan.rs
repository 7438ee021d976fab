//! Planning a host certificate: an order is checked against profile and policy, and nothing is touched.

use std::ops::Deref;

use serde_json::Value;
use time::OffsetDateTime;

use crate::authority::host::from_request::ignored;
use crate::authority::host::order::{HostKey, HostOrder, HostSubject, Names, without_repeats};
use crate::authority::session::AuditFacts;
use crate::authority::{Authority, AuthorityError, Warning};
use crate::policy::{Content, Permitted, Profile};
use gsec_pki::key::KeyType;
use gsec_pki::x509::{
    AttributeKind, CLOCK_SKEW_ALLOWANCE, Certificate, DistinguishedName, ExtendedKeyUsage, GeneralName,
    IssueError, Lifetime, MAX_APPLE_SERVER_LIFETIME, MAX_COMMON_NAME, NameAttribute, NameConstraints,
    NameParts, Validity,
};

/// What will be issued: everything but serial number, key and signature. It reads as the [`Content`] that policy has permitted.
pub struct IssuePlan<'a> {
    permitted: Permitted<'a>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    /// The names that it has only because a request contains them.
    pub names_taken: Vec<GeneralName>,
    /// What a request contains that is not granted, one text per item.
    pub ignored: Vec<String>,
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

    /// The host: the first of the names, which files are named after.
    pub(in crate::authority) fn host(&self) -> &GeneralName {
        self.names.first().expect("the host is among them")
    }

    /// With a further fact for the line of the audit log.
    #[must_use]
    pub fn noting(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.audit.push((key, value.into()));
        self
    }

    /// What dialogues and Java show for the entry of the PFX.
    pub(in crate::authority) fn friendly_name(&self) -> String {
        self.friendly_name.clone().unwrap_or_else(|| self.host().value())
    }

    pub(in crate::authority) fn audit_facts(&self) -> AuditFacts<'_> {
        AuditFacts {
            host: Some(self.host().value()),
            names: &self.names,
            subject: Some(&self.subject),
        }
    }
}

impl Authority {
    /// Checks an order against profile and policy. Nothing is reserved or written.
    ///
    /// # Errors
    /// [`AuthorityError::Request`] for what is wrong with a request or where there is no host among the names; [`AuthorityError::Profile`],
    /// [`AuthorityError::Refused`], [`AuthorityError::NotInDate`], [`AuthorityError::Issue`]; [`AuthorityError::OtherKey`] if an order is not
    /// for the key of its request.
    pub fn plan_host(&self, order: HostOrder, now: OffsetDateTime) -> Result<IssuePlan<'_>, AuthorityError> {
        let mut found = self.names_to_certify(&order)?;
        found.host = found.host.canonical();
        let subject = match order.subject {
            HostSubject::Exact(subject) => subject,
            HostSubject::Parts { parts, common_name } => {
                let common_name =
                    common_name.or_else(|| self.common_name_of(&found.host, &mut found.warnings));
                let parts = NameParts::new(parts.into_iter().chain(common_name));
                DistinguishedName::build(&parts).map_err(IssueError::from)?
            }
        };
        let names = std::iter::once(found.host.clone()).chain(found.further);
        let names = without_repeats(names.map(GeneralName::canonical));
        let profile = self
            .policy()?
            .profile(&order.profile)
            .map_err(AuthorityError::Profile)?;
        let validity = self.validity_of(order.lifetime, profile, now, &mut found.warnings)?;
        let content = Content {
            profile,
            names,
            subject,
            validity,
            key: order.key.certified(),
        };
        let (permitted, unknown) = self.decide(content, now)?;
        found.warnings.extend(Warning::of_unknown_keys(unknown));
        warn_about_content(&permitted, &found.host, now, &mut found.warnings);
        let excluded = Warning::of_excluded_purposes(self.path_upwards(), &profile.extended_key_usage);
        found.warnings.extend(excluded);
        let ignored = match &order.names {
            Names::Given => Vec::new(),
            Names::FromRequest { request, .. } => ignored(request, &permitted.subject, &found.unfit),
        };
        let plan = IssuePlan {
            permitted,
            warnings: found.warnings,
            names_taken: found.taken,
            ignored,
            host_key: order.key,
            audit: Vec::new(),
            friendly_name: order.friendly_name,
        };
        Ok(match order.replaces {
            Some(old) => plan.noting("replaces", old.serial().to_string()),
            None => plan,
        })
    }

    /// The validity for a lifetime, or for the profile's.
    fn validity_of(
        &self,
        lifetime: Option<Lifetime>,
        profile: &Profile,
        now: OffsetDateTime,
        warnings: &mut Vec<Warning>,
    ) -> Result<Validity, AuthorityError> {
        if lifetime.is_none() && profile.default_days() < profile.lifetime_days {
            warnings.push(Warning::DefaultLifetimeCut {
                days: profile.default_days(),
                profile_days: profile.lifetime_days,
            });
        }
        let wanted = lifetime.unwrap_or_else(|| Lifetime::days(profile.default_days()));
        self.validity_for(wanted, now, warnings)
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

/// What is odd about a certificate that policy permits.
fn warn_about_content(
    content: &Content<'_>,
    host: &GeneralName,
    now: OffsetDateTime,
    warnings: &mut Vec<Warning>,
) {
    let common_names = content.subject.common_names();
    let common_name = common_names.first().map(String::as_str);
    warn_about_names(host, common_name, &content.names, warnings);
    if content.key.key_type() == Some(KeyType::Ed25519) {
        warnings.push(Warning::Ed25519);
    }
    let is_for_servers = content
        .profile
        .extended_key_usage
        .contains(&ExtendedKeyUsage::ServerAuth);
    if is_for_servers && content.validity.not_after() - now > MAX_APPLE_SERVER_LIFETIME {
        warnings.push(Warning::LongServerLifetime);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::SerialSource;
    use crate::tests::{Site, host, in_days, named, now, order, request};
    use gsec_pki::key::{KeyAlgorithm, PrivateKey};
    use gsec_pki::x509::RevocationReason;
    use std::sync::Arc;
    use time::Duration;

    fn answer(site: &Site, order: HostOrder, at: OffsetDateTime) -> Result<(), &'static str> {
        site.authority
            .plan_host(order, at)
            .map(drop)
            .map_err(|error| error.code())
    }

    #[test]
    fn what_is_planned_and_what_is_refused() {
        type Row = (&'static str, fn() -> HostOrder, Result<(), &'static str>);
        let site = Site::new();
        let rows: [Row; 7] = [
            ("a host", || order("db1.example.com"), Ok(())),
            (
                "a profile that there is not",
                || HostOrder {
                    profile: "none".into(),
                    ..order("db1.example.com")
                },
                Err("policy.no_profile"),
            ),
            (
                "an underscore",
                || order("db_1.example.com"),
                Err("policy.underscore"),
            ),
            (
                "the name of the CA",
                || HostOrder {
                    subject: HostSubject::Exact(
                        DistinguishedName::build(&named("Example CA")).expect("a name"),
                    ),
                    ..order("db1.example.com")
                },
                Err("policy.ca_name"),
            ),
            (
                "no host among the names",
                || HostOrder {
                    host: None,
                    ..order("db1.example.com")
                },
                Err("request.no_host"),
            ),
            (
                "no time at all",
                || HostOrder {
                    lifetime: Some(Lifetime::Until(in_days(0))),
                    ..order("db1.example.com")
                },
                Err("x509.empty_validity"),
            ),
            (
                "a key that was given",
                || HostOrder {
                    key: HostKey::Given(Arc::new(PrivateKey::generate(KeyAlgorithm::P256).expect("a key"))),
                    ..order("db1.example.com")
                },
                Ok(()),
            ),
        ];
        for (situation, order, expected) in rows {
            assert_eq!(answer(&site, order(), now()), expected, "{situation}");
        }
    }

    #[test]
    fn ca_before_and_after_its_time_plans_nothing() {
        let site = Site::new();
        let end = site.authority.certificate().not_after();
        assert_eq!(answer(&site, order("a.example.com"), end), Ok(()));
        for at in [
            end + Duration::SECOND,
            site.authority.certificate().not_before() - Duration::SECOND,
        ] {
            assert_eq!(
                answer(&site, order("a.example.com"), at),
                Err("authority.not_in_date")
            );
        }
    }

    #[test]
    fn key_that_was_compromised_or_is_the_cas_is_not_certified_again() {
        let site = Site::new();
        let with = |key: &PrivateKey| HostOrder {
            key: HostKey::Given(Arc::new(PrivateKey::from_pkcs8(key.pkcs8()).expect("the key"))),
            ..order("a.example.com")
        };
        let key = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
        let certificate = site.issue_order(with(&key)).expect("a certificate");
        site.revoke(&certificate, RevocationReason::Superseded);
        assert_eq!(answer(&site, with(&key), now()), Ok(()), "nobody else has it");
        let certificate = site.issue_order(with(&key)).expect("a certificate");
        site.revoke(&certificate, RevocationReason::KeyCompromise);
        assert_eq!(answer(&site, with(&key), now()), Err("authority.key_compromised"));
        let own = HostOrder {
            key: HostKey::Certified(Box::new(site.authority.certificate().public_key().clone())),
            ..order("a.example.com")
        };
        assert_eq!(answer(&site, own, now()), Err("policy.ca_key"));
    }

    #[test]
    fn without_its_policy_a_ca_plans_nothing() {
        let lost = Site::new().without(crate::home::CaDir::policy);
        assert_eq!(
            answer(&lost, order("a.example.com"), now()),
            Err("policy.missing")
        );
        let damaged = Site::new().with_policy("serial = ");
        let code = answer(&damaged, order("a.example.com"), now()).expect_err("damaged");
        assert!(code.starts_with("policy."), "{code}");
    }

    #[test]
    fn request_gets_the_names_that_it_may_have() {
        let site = Site::new();
        let order = |given: &[&str], takes_names: bool| {
            let request = request(&["a.example.com", "b.example.com"], |_| {});
            HostOrder {
                host: given.first().map(|name| host(name)),
                further_names: given.iter().skip(1).map(|name| host(name)).collect(),
                key: HostKey::of_request(&request),
                names: Names::FromRequest {
                    request: Box::new(request),
                    takes_names,
                },
                ..crate::tests::order("a.example.com")
            }
        };
        assert_eq!(
            answer(&site, order(&[], false), now()),
            Err("request.names_not_given")
        );
        assert_eq!(
            answer(&site, order(&["a.example.com"], false), now()),
            Err("request.names_beyond")
        );
        assert_eq!(
            answer(&site, order(&["a.example.com", "b.example.com"], false), now()),
            Ok(())
        );
        let plan = site.authority.plan_host(order(&[], true), now()).expect("a plan");
        assert_eq!(*plan.host(), host("a.example.com"));
        assert_eq!(plan.names_taken, [host("a.example.com"), host("b.example.com")]);
        let mut other = order(&[], true);
        other.key = HostKey::Generate(KeyAlgorithm::P256);
        assert_eq!(answer(&site, other, now()), Err("authority.other_key"));
        let forbidden = crate::policy::policy_file(SerialSource::Sequential)
            .replace("accept_csr_names = true", "accept_csr_names = false");
        let site = site.with_policy(&forbidden);
        assert_eq!(
            answer(&site, order(&[], true), now()),
            Err("policy.accept_csr_names")
        );
        assert_eq!(
            answer(&site, order(&["a.example.com", "b.example.com"], true), now()),
            Ok(())
        );
    }

    #[test]
    fn validity_stays_within_the_cas() {
        let site = Site::new();
        let validity = |days: u32, at: OffsetDateTime| {
            let mut warnings = Vec::new();
            let validity = site
                .authority
                .validity_for(Lifetime::days(days), at, &mut warnings)
                .expect("a validity");
            (validity.not_before(), validity.not_after(), warnings.len())
        };
        assert_eq!(
            validity(100, in_days(1)),
            (in_days(1) - CLOCK_SKEW_ALLOWANCE, in_days(101), 0)
        );
        assert_eq!(
            validity(100, now()).0,
            now() - CLOCK_SKEW_ALLOWANCE,
            "the CA begins then as well"
        );
        let end = site.authority.certificate().not_after();
        let (_, not_after, warnings) = validity(100, end - Duration::days(99));
        assert_eq!((not_after, warnings), (end, 1));
        let (_, not_after, warnings) = validity(100, end - Duration::days(100));
        assert_eq!((not_after, warnings), (end, 0));
    }

    #[test]
    fn names_that_are_odd() {
        let codes = |host: &GeneralName, common_name: Option<&str>, names: &[GeneralName]| {
            let mut warnings = Vec::new();
            warn_about_names(host, common_name, names, &mut warnings);
            warnings
                .iter()
                .map(|warning| format!("{warning:?}"))
                .collect::<Vec<_>>()
        };
        let db1 = host("db1.example.com");
        assert!(codes(&db1, Some("DB1.example.com"), std::slice::from_ref(&db1)).is_empty());
        assert!(codes(&db1, Some("Database 1"), &[])[0].starts_with("CommonNameDiffers"));
        assert!(codes(&db1, None, &[host("*.com")])[0].starts_with("WideWildcard"));
        assert!(codes(&db1, None, &[host("db1")])[0].starts_with("NotQualified"));
        assert!(codes(&db1, None, &[host("*.example.com"), host("10.0.0.9")]).is_empty());
    }

    #[test]
    fn common_name_has_64_characters_at_the_most() {
        let name = |length: usize| host(&format!("{}.example.com", "a".repeat(length - 12)));
        let mut warnings = Vec::new();
        assert!(common_name_that_fits(&name(64), &mut warnings).is_some() && warnings.is_empty());
        assert!(common_name_that_fits(&host(&format!("b.{}", name(63).value())), &mut warnings).is_none());
        assert_eq!(warnings.len(), 1);
    }
}
