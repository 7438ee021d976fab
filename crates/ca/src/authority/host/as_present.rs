//! What an order leaves out stays as the host has it: `cert ensure` compares what was given, and nothing else.

use gsec_pki::x509::{
    Certificate, DistinguishedName, ExtendedKeyUsage, GeneralName, NameAttribute, NameParts,
};

use time::OffsetDateTime;

use crate::authority::host::order::folded;
use crate::authority::host::renew::names_to_renew;
use crate::authority::look::find::file_host;
use crate::authority::{
    Authority, AuthorityError, Comparison, Delivery, Deviation, HostOrder, HostSubject, IssuePlan, Names,
    Remedy, RenewalError, RenewalMargin, Warning,
};

/// What an order leaves out, beside the subject, of which [`HostSubject::Parts`] has only what was given.
#[derive(Debug, Clone, Copy)]
pub struct LeftOut {
    /// The profile of the order is the default one.
    pub profile: bool,
    /// The order names nothing but the host.
    pub further_names: bool,
}

impl Authority {
    /// Plans an order and compares the plan with what the host has. What the order leaves out is as in the present certificate: the
    /// valid one of the default profile, or else of another, that is closest to the order, or else the newest that has expired; never one
    /// that is revoked. Where policy no longer permits that, the defaults of the order count, and the plan has a warning.
    ///
    /// # Errors
    /// As [`Authority::plan_host`] and [`Authority::compare_host`]; [`RenewalError::SeveralProfiles`] if a certificate must be issued, and
    /// the profile of the present one is left out and not known.
    pub fn plan_as_present(
        &self,
        order: HostOrder,
        left_out: LeftOut,
        delivery: &Delivery,
        margin: RenewalMargin,
    ) -> Result<(IssuePlan<'_>, Comparison), AuthorityError> {
        let compared = |plan: &IssuePlan<'_>| {
            self.compare_host_by(plan, delivery, margin, &|certificate, deviations| {
                (!is_of(certificate, plan.host()), rank(deviations, left_out))
            })
        };
        let standard = match self.plan_host(order.clone(), margin.now) {
            Ok(plan) => {
                let comparison = compared(&plan)?;
                Ok((plan, comparison))
            }
            Err(refusal) => Err(refusal),
        };
        let present = match &standard {
            Ok((_, comparison)) if comparison.remedy != Remedy::Issue => return standard,
            Ok((plan, comparison)) => comparison
                .to_continue()
                .filter(|present| is_of(present, plan.host())),
            Err(_) => self.newest_of(&order, margin.now)?,
        };
        let Some(present) = present else { return standard };
        if left_out.profile && self.has_changed_purpose(&order, &present)? {
            return standard;
        }
        let (filled, doubt) = self.filled_from(order, left_out, &present)?;
        let plan = match (self.plan_host(filled, margin.now), standard) {
            (Ok(plan), _) => plan,
            (Err(refusal), Ok((mut plan, comparison))) => {
                plan.warnings.push(Warning::PresentNotPermitted {
                    serial: present.serial().clone(),
                    problem: refusal.to_string(),
                });
                return Ok((plan, comparison));
            }
            (Err(_), Err(refusal)) => return Err(refusal),
        };
        let comparison = compared(&plan)?;
        match doubt.filter(|_| comparison.remedy == Remedy::Issue) {
            Some(doubt) => Err(doubt.into()),
            None => Ok((plan, comparison)),
        }
    }

    /// The newest valid certificate of the host of an order.
    fn newest_of(
        &self,
        order: &HostOrder,
        now: OffsetDateTime,
    ) -> Result<Option<Certificate>, AuthorityError> {
        let Some(host) = &order.host else { return Ok(None) };
        let mut valid = self.valid_certificates_of(host, now)?;
        Ok(valid.find(|certificate| is_of(certificate, host)))
    }

    /// Whether a certificate has other purposes than the profile of an order, under which the host had another one at some time: that a host
    /// has a certificate for clients too does not make up for the one for servers that was revoked.
    fn has_changed_purpose(&self, order: &HostOrder, present: &Certificate) -> Result<bool, AuthorityError> {
        let (Some(host), Ok(profile)) = (&order.host, self.policy()?.profile(&order.profile)) else {
            return Ok(false);
        };
        let is_of_profile = |certificate: &Certificate| {
            let purposes = certificate.extended_key_usage().unwrap_or_default();
            ExtendedKeyUsage::is_same_set(&profile.extended_key_usage, purposes)
        };
        if is_of_profile(present) {
            return Ok(false);
        }
        let mut earlier = self
            .records_of(host)?
            .into_iter()
            .filter_map(|found| found.certificate);
        Ok(earlier.any(|certificate| is_of(&certificate, host) && is_of_profile(&certificate)))
    }

    /// The order, with what it leaves out as in a certificate, as far as gsec could issue it; and why the profile may be another one
    /// with the same usages.
    fn filled_from(
        &self,
        order: HostOrder,
        left_out: LeftOut,
        present: &Certificate,
    ) -> Result<(HostOrder, Option<RenewalError>), AuthorityError> {
        let (profile, doubt) = match self.profile_of(present) {
            _ if !left_out.profile => (order.profile.clone(), None),
            Ok(profile) => (profile, None),
            Err(AuthorityError::Renewal(RenewalError::SeveralProfiles { serial, profiles })) => {
                match profiles.iter().find(|profile| **profile == order.profile) {
                    Some(profile) => (profile.clone(), None),
                    None => {
                        let any = profiles.first().unwrap_or(&order.profile).clone();
                        (any, Some(RenewalError::SeveralProfiles { serial, profiles }))
                    }
                }
            }
            Err(AuthorityError::Renewal(_)) => (order.profile.clone(), None),
            Err(error) => return Err(error),
        };
        let subject = as_in(&order.subject, present.subject()).unwrap_or_else(|| order.subject.clone());
        let further_names = match names_to_renew(present) {
            Ok(names) if left_out.further_names && matches!(order.names, Names::Given) => {
                let host = order.host.as_ref().map(folded);
                names
                    .into_iter()
                    .filter(|name| Some(folded(name)) != host)
                    .collect()
            }
            _ => order.further_names.clone(),
        };
        let filled = HostOrder {
            profile,
            subject,
            further_names,
            ..order
        };
        Ok((filled, doubt))
    }
}

impl Comparison {
    /// The certificate that a new one continues, unless it is revoked: what is wrong with it may be what it says.
    fn to_continue(&self) -> Option<Certificate> {
        let is_distrusted = |deviation: &Deviation| {
            matches!(
                deviation,
                Deviation::Revoked { .. } | Deviation::KeyCompromised { .. }
            )
        };
        self.found
            .as_ref()
            .filter(|_| !self.deviations.iter().any(is_distrusted))
            .map(|found| found.certificate.clone())
    }
}

/// Whether a certificate was issued for a host, and not for another whose certificate names it too: nobody gets that one's key.
fn is_of(certificate: &Certificate, host: &GeneralName) -> bool {
    file_host(certificate).is_some_and(|own| folded(&own) == folded(host))
}

/// How far a certificate is from an order: first its usages, then in what the order gives, then in all.
fn rank(deviations: &[Deviation], left_out: LeftOut) -> (usize, usize, usize) {
    let count = |is: &dyn Fn(&Deviation) -> bool| deviations.iter().filter(|deviation| is(deviation)).count();
    let is_of_usage = |deviation: &Deviation| {
        matches!(
            deviation,
            Deviation::ExtendedKeyUsage { .. } | Deviation::KeyUsage { .. }
        )
    };
    let is_left_out = |deviation: &Deviation| match deviation {
        Deviation::NamesExtra { .. } => left_out.further_names,
        Deviation::Subject { .. } => true,
        other => is_of_usage(other) && left_out.profile,
    };
    (
        count(&is_of_usage),
        count(&|deviation| !is_left_out(deviation)),
        deviations.len(),
    )
}

/// A present subject with the given parts in the place of its own parts of the same kinds; byte for byte the present one where it has these
/// already. `None` where parts are given, and the present one has others than gsec writes.
fn as_in(given: &HostSubject, present: &DistinguishedName) -> Option<HostSubject> {
    let HostSubject::Parts { parts, common_name } = given else {
        return None;
    };
    let given: Vec<&NameAttribute> = parts.iter().chain(common_name).collect();
    if given.is_empty() {
        return Some(HostSubject::Exact(present.clone()));
    }
    let own = present.parts()?;
    let is_given = |own: &NameAttribute| given.iter().any(|part| part.kind() == own.kind());
    let (replaced, kept): (Vec<NameAttribute>, Vec<NameAttribute>) = own.into_iter().partition(is_given);
    let named = |parts: &mut dyn Iterator<Item = NameAttribute>| {
        DistinguishedName::build(&NameParts::new(parts)).ok()
    };
    let (before, after) = (
        named(&mut replaced.into_iter())?,
        named(&mut given.iter().map(|part| (*part).clone()))?,
    );
    if before == after {
        return Some(HostSubject::Exact(present.clone()));
    }
    let all = kept.into_iter().chain(given.into_iter().cloned());
    named(&mut { all }).map(HostSubject::Exact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, delivery, host, in_days, now, order};
    use gsec_pki::x509::{AttributeKind, RevocationReason};
    use time::Duration;

    const HOST: &str = "db1.example.com";
    const NOTHING_GIVEN: LeftOut = LeftOut {
        profile: true,
        further_names: true,
    };

    fn part(kind: AttributeKind, text: &str) -> NameAttribute {
        NameAttribute::parse(kind, text).expect("a part")
    }

    fn with_parts(parts: &[NameAttribute], name: Option<&str>) -> HostSubject {
        HostSubject::Parts {
            parts: parts.to_vec(),
            common_name: name.map(|name| part(AttributeKind::CommonName, name)),
        }
    }

    /// What is compared, and what would be issued: codes, profile, subject and names.
    fn answer(
        site: &Site,
        order: HostOrder,
        left_out: LeftOut,
        at: OffsetDateTime,
    ) -> (Vec<&'static str>, String, String, Vec<String>) {
        let margin = RenewalMargin {
            now: at,
            renew_before: Duration::days(30),
        };
        let (plan, comparison) = site
            .authority
            .plan_as_present(order, left_out, &delivery(), margin)
            .expect("a plan");
        (
            comparison.codes(),
            plan.profile.name.clone(),
            plan.subject.to_string(),
            plan.names.iter().map(GeneralName::value).collect(),
        )
    }

    /// A certificate for web interfaces with an organization and a further name.
    fn special() -> HostOrder {
        HostOrder {
            profile: "gui".into(),
            subject: with_parts(&[part(AttributeKind::Organization, "Example")], None),
            further_names: vec![host("www.example.com")],
            ..order(HOST)
        }
    }

    #[test]
    fn what_is_left_out_is_not_compared_and_stays_in_the_next_certificate() {
        let site = Site::new();
        site.issue_order(special()).expect("a certificate");
        for (at, codes) in [(now(), vec![]), (in_days(80), vec!["near_expiry"])] {
            let answer = answer(&site, order(HOST), NOTHING_GIVEN, at);
            let (profile, subject) = ("gui".to_owned(), format!("O=Example, CN={HOST}"));
            let names = vec![HOST.to_owned(), "www.example.com".to_owned()];
            assert_eq!(answer, (codes, profile, subject, names));
        }
    }

    #[test]
    fn what_is_given_is_compared_and_the_rest_stays() {
        let site = Site::new();
        site.issue_order(special()).expect("a certificate");
        let organization = |name| with_parts(&[part(AttributeKind::Organization, name)], None);
        let given = |profile: bool, further_names: bool| LeftOut {
            profile: !profile,
            further_names: !further_names,
        };
        type Row = (
            HostOrder,
            LeftOut,
            &'static [&'static str],
            &'static str,
            String,
            usize,
        );
        let rows: [Row; 6] = [
            (
                HostOrder {
                    subject: organization("Example"),
                    ..order(HOST)
                },
                NOTHING_GIVEN,
                &[],
                "gui",
                format!("O=Example, CN={HOST}"),
                2,
            ),
            (
                HostOrder {
                    subject: organization("Other"),
                    ..order(HOST)
                },
                NOTHING_GIVEN,
                &["subject"],
                "gui",
                format!("O=Other, CN={HOST}"),
                2,
            ),
            (
                HostOrder {
                    subject: with_parts(&[], Some("www.example.com")),
                    ..order(HOST)
                },
                NOTHING_GIVEN,
                &["subject"],
                "gui",
                "O=Example, CN=www.example.com".into(),
                2,
            ),
            (
                order(HOST),
                given(true, false),
                &["extended_key_usage"],
                "host",
                format!("O=Example, CN={HOST}"),
                2,
            ),
            (
                HostOrder {
                    further_names: vec![host(HOST)],
                    ..order(HOST)
                },
                given(false, true),
                &["names_extra"],
                "gui",
                format!("O=Example, CN={HOST}"),
                1,
            ),
            (
                HostOrder {
                    further_names: vec![host("db.example.com")],
                    ..order(HOST)
                },
                given(false, true),
                &["names_missing", "names_extra"],
                "gui",
                format!("O=Example, CN={HOST}"),
                2,
            ),
        ];
        for (order, left_out, codes, profile, subject, names) in rows {
            let answer = answer(&site, order, left_out, now());
            let names_found = answer.3.len();
            assert_eq!(
                (&answer.0[..], &answer.1[..], &answer.2[..], names_found),
                (codes, profile, &subject[..], names)
            );
        }
    }

    #[test]
    fn certificate_for_clients_does_not_make_up_for_the_one_for_servers() {
        let site = Site::new();
        let client = || HostOrder {
            profile: "tls-client".into(),
            ..order(HOST)
        };
        site.issue_order(client()).expect("a certificate");
        let profile = |at| {
            let (codes, profile, ..) = answer(&site, order(HOST), NOTHING_GIVEN, at);
            (codes, profile)
        };
        assert_eq!(profile(now()), (vec![], "tls-client".into()), "the only one");
        let server = site.issue(HOST);
        let later = HostOrder {
            lifetime: Some(gsec_pki::x509::Lifetime::days(350)),
            ..client()
        };
        site.issue_order(later).expect("a certificate");
        assert_eq!(profile(now()), (vec![], "host".into()));
        assert_eq!(profile(in_days(80)), (vec!["near_expiry"], "host".into()));
        assert_eq!(profile(in_days(110)).1, "host", "it has expired");
        site.revoke(&server, RevocationReason::Superseded);
        assert_eq!(profile(now()).1, "host", "it is revoked");
        assert_ne!(profile(now()).0, Vec::<&str>::new());
    }

    #[test]
    fn certificate_of_another_host_that_names_it_too_is_not_its_own() {
        let site = Site::new();
        let balancer = HostOrder {
            further_names: vec![host(HOST)],
            ..order("lb.example.com")
        };
        site.issue_order(balancer).expect("a certificate");
        let (codes, _, subject, names) = answer(&site, order(HOST), NOTHING_GIVEN, now());
        assert_ne!(codes, Vec::<&str>::new(), "or the host would get the other's key");
        assert_eq!((subject, names), (format!("CN={HOST}"), vec![HOST.to_owned()]));
    }

    #[test]
    fn nothing_of_a_revoked_certificate_stays() {
        let site = Site::new();
        let revoked = site.issue_order(special()).expect("a certificate");
        site.revoke(&revoked, RevocationReason::Superseded);
        let (codes, profile, subject, names) = answer(&site, order(HOST), NOTHING_GIVEN, now());
        assert!(codes.contains(&"revoked"), "{codes:?}");
        assert_eq!(
            (profile, subject, names),
            ("host".into(), format!("CN={HOST}"), vec![HOST.to_owned()])
        );
    }

    #[test]
    fn what_policy_no_longer_permits_does_not_stay_and_is_told() {
        let site = Site::new();
        site.issue_order(special()).expect("a certificate");
        let toml = std::fs::read_to_string(site.authority.directory().policy()).expect("gsec.toml");
        let narrower = format!("{toml}\n").replace(
            "[profile.gui]",
            "[profile.gui]\nname_suffixes = [\"db1.example.com\"]",
        );
        assert_ne!(narrower, format!("{toml}\n"));
        let site = site.with_policy(&narrower);
        let margin = RenewalMargin {
            now: now(),
            renew_before: Duration::days(30),
        };
        let (plan, comparison) = site
            .authority
            .plan_as_present(order(HOST), NOTHING_GIVEN, &delivery(), margin)
            .expect("a plan");
        assert_eq!(comparison.remedy, Remedy::Issue);
        assert!(
            plan.warnings
                .iter()
                .any(|warning| matches!(warning, Warning::PresentNotPermitted { .. })),
            "{:?}",
            plan.warnings
        );
    }

    #[test]
    fn subject_is_kept_byte_for_byte_where_it_has_what_is_given() {
        let build = |parts: &[NameAttribute]| {
            let mut parts = parts.to_vec();
            parts.reverse();
            // Another order than gsec's: what other programs wrote.
            let names = parts
                .into_iter()
                .map(|part| DistinguishedName::build(&NameParts::new([part])).expect("a name"));
            let content: Vec<u8> = names.flat_map(|name| name.der()[2..].to_vec()).collect();
            let length = u8::try_from(content.len()).expect("short");
            DistinguishedName::from_der(&[&[0x30, length][..], &content].concat()).expect("a name")
        };
        let own = [
            part(AttributeKind::Organization, "Example"),
            part(AttributeKind::CommonName, HOST),
        ];
        let present = build(&own);
        let kept = |given: &HostSubject| match as_in(given, &present) {
            Some(HostSubject::Exact(name)) => name,
            _ => panic!("a name"),
        };
        assert_eq!(kept(&HostSubject::default()), present);
        assert_eq!(kept(&with_parts(&own[..1], None)), present);
        assert_eq!(kept(&with_parts(&[], Some(HOST))), present);
        let other = kept(&with_parts(&[part(AttributeKind::Country, "DE")], None));
        assert_eq!(other.to_string(), format!("C=DE, O=Example, CN={HOST}"));
    }
}
