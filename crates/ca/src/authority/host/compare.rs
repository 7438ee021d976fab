//! Is a certificate as required? A plan is compared with it, point by point. Pure: the files are `present`'s
//! business.

use std::collections::HashSet;

use time::{Duration, OffsetDateTime};

use crate::authority::host::order::folded;
use crate::authority::status::witnesses::Witnesses;
use crate::authority::{Deviation, HostKey, IssuePlan};
use crate::records::{Record, RecordStatus, Revocation};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{PublicKey, SignatureCheck, Signer};
use gsec_pki::x509::{
    CLOCK_SKEW_ALLOWANCE, Certificate, DistinguishedName, ExtendedKeyUsage, GeneralName, KeyUsage,
};

/// Of a certificate that lasts no longer than the margin, so much of its lifetime is the margin: a third.
const SHORT_LIVED_SHARE: i32 = 3;

/// When a certificate is due for renewal.
#[derive(Debug, Clone, Copy)]
pub struct RenewalMargin {
    /// Now.
    pub now: OffsetDateTime,
    /// How long before its end a certificate is renewed; of one that does not last longer, a third of its lifetime.
    pub renew_before: Duration,
}

impl RenewalMargin {
    /// The time from which on a certificate is to be renewed. With the margin as it is, one that lasts no longer would be due at once.
    pub fn due(&self, not_before: OffsetDateTime, not_after: OffsetDateTime) -> OffsetDateTime {
        // Certificates are back-dated a little: what was issued for thirty days lasts five minutes more.
        let lifetime = not_after - not_before - CLOCK_SKEW_ALLOWANCE;
        let margin = if lifetime <= self.renew_before {
            lifetime / SHORT_LIVED_SHARE
        } else {
            self.renew_before
        };
        not_after - margin
    }
}

/// Compares what is required with a certificate, its record, the certificate of the CA, and its CRLs and
/// audit log. Extensions that the policy adds by itself (addresses of CRL and CA certificate) and the
/// lifetime are not compared: they are as they were when it was issued.
pub(in crate::authority) fn compare(
    plan: &IssuePlan<'_>,
    record: &Record,
    certificate: &Certificate,
    issuer: &Certificate,
    margin: RenewalMargin,
    witnesses: &Witnesses,
) -> Vec<Deviation> {
    let key = certificate.public_key();
    let found = [
        revoked(record, certificate, margin.now, witnesses)
            .or_else(|| expired(record, certificate, margin.now)),
        not_yet_valid(certificate, margin.now),
        near_expiry(plan, certificate, margin),
        missing_names(plan, certificate),
        extra_names(plan, certificate),
        subject(plan, certificate.subject()),
        extended_key_usage(plan, certificate),
        key_usage(plan, certificate),
        key_type(plan, key),
        given_key(plan, key),
        other_issuer(certificate, issuer),
    ];
    found.into_iter().flatten().collect()
}

/// Revoked by its record, an available CRL or the audit log, which `ca.db` may not know, as after a copy of it was restored; of several, for the
/// strongest reason.
fn revoked(
    record: &Record,
    certificate: &Certificate,
    now: OffsetDateTime,
    witnesses: &Witnesses,
) -> Option<Deviation> {
    let recorded = (record.status == RecordStatus::Revoked).then(|| {
        record.revocation.clone().unwrap_or(Revocation {
            at: now,
            reason: None,
            extra: None,
        })
    });
    let revocation = recorded
        .into_iter()
        .chain(witnesses.revocation_of_certificate(certificate))
        .reduce(|one, other| one.joined(&other))?;
    Some(Deviation::Revoked {
        at: revocation.at,
        reason: revocation.reason,
    })
}

fn expired(record: &Record, certificate: &Certificate, now: OffsetDateTime) -> Option<Deviation> {
    if record.status == RecordStatus::Expired {
        return Some(Deviation::Expired {
            not_after: record.expiry,
        });
    }
    (certificate.not_after() < now).then(|| Deviation::Expired {
        not_after: certificate.not_after(),
    })
}

fn not_yet_valid(certificate: &Certificate, now: OffsetDateTime) -> Option<Deviation> {
    let not_before = certificate.not_before();
    (now < not_before).then_some(Deviation::NotYetValid { not_before })
}

/// Near its end, unless a new one would end no later: the CA ends then, or the end was requested.
fn near_expiry(plan: &IssuePlan<'_>, certificate: &Certificate, margin: RenewalMargin) -> Option<Deviation> {
    let (due, not_after) = (
        margin.due(certificate.not_before(), certificate.not_after()),
        certificate.not_after(),
    );
    let is_near = due <= margin.now && margin.now <= not_after && not_after < plan.validity.not_after();
    is_near.then_some(Deviation::NearExpiry { not_after, due })
}

fn names_of(certificate: &Certificate) -> &[GeneralName] {
    certificate.subject_alternative_names().unwrap_or_default()
}

fn without(names: &[GeneralName], others: &[GeneralName]) -> Option<Vec<GeneralName>> {
    let others: HashSet<String> = others.iter().map(folded).collect();
    let left: Vec<GeneralName> = names
        .iter()
        .filter(|name| !others.contains(&folded(name)))
        .cloned()
        .collect();
    (!left.is_empty()).then_some(left)
}

fn missing_names(plan: &IssuePlan<'_>, certificate: &Certificate) -> Option<Deviation> {
    without(&plan.names, names_of(certificate)).map(|names| Deviation::NamesMissing { names })
}

fn extra_names(plan: &IssuePlan<'_>, certificate: &Certificate) -> Option<Deviation> {
    without(names_of(certificate), &plan.names).map(|names| Deviation::NamesExtra { names })
}

fn subject(plan: &IssuePlan<'_>, found: &DistinguishedName) -> Option<Deviation> {
    let wanted = &plan.subject;
    (wanted != found).then(|| Deviation::Subject {
        wanted: wanted.to_string(),
        found: found.to_string(),
    })
}

fn extended_key_usage(plan: &IssuePlan<'_>, certificate: &Certificate) -> Option<Deviation> {
    let (wanted, found) = (
        &plan.profile.extended_key_usage[..],
        certificate.extended_key_usage().unwrap_or_default(),
    );
    let texts = |usages: &[ExtendedKeyUsage]| usages.iter().map(ToString::to_string).collect::<Vec<_>>();
    (!ExtendedKeyUsage::is_same_set(wanted, found)).then(|| Deviation::ExtendedKeyUsage {
        profile: plan.profile.name.clone(),
        wanted: texts(wanted),
        found: texts(found),
    })
}

/// What the profile gives depends on the key; a key of another kind is a deviation of its own.
fn key_usage(plan: &IssuePlan<'_>, certificate: &Certificate) -> Option<Deviation> {
    let texts = |usage: KeyUsage| usage.names().into_iter().map(str::to_owned).collect::<Vec<_>>();
    let with_purposes = |purposes| {
        texts(KeyUsage::of_end_entity(
            plan.profile.key_usage,
            purposes,
            certificate.public_key(),
        ))
    };
    let wanted = with_purposes(&plan.profile.extended_key_usage);
    let found = certificate.key_usage().map(texts).unwrap_or_default();
    // Certificates of gsec 0.1.0 have keyEncipherment whatever their purposes: no reason to replace them before their time.
    (wanted != found && with_purposes(&[]) != found).then(|| Deviation::KeyUsage {
        profile: plan.profile.name.clone(),
        wanted,
        found,
    })
}

fn key_type(plan: &IssuePlan<'_>, key: &PublicKey) -> Option<Deviation> {
    let HostKey::Generate(algorithm) = &plan.host_key else {
        return None;
    };
    if key.key_type() != Some(algorithm.key_type()) {
        return Some(Deviation::KeyType {
            wanted: algorithm.key_type(),
            found: key.type_name(),
        });
    }
    let bits = key.size_bits().unwrap_or_default();
    (bits != algorithm.bits()).then_some(Deviation::KeySize {
        wanted: algorithm.bits(),
        found: bits,
    })
}

fn given_key(plan: &IssuePlan<'_>, key: &PublicKey) -> Option<Deviation> {
    let given = match &plan.host_key {
        HostKey::Generate(_) => return None,
        HostKey::Given(given) => given.public_key(),
        HostKey::Certified(given) => given,
    };
    let digits = |key: &PublicKey| encode(&key.pin(), Separator::None);
    (given != key).then(|| Deviation::OtherKey {
        wanted: digits(given),
        found: digits(key),
    })
}

fn other_issuer(certificate: &Certificate, issuer: &Certificate) -> Option<Deviation> {
    // A signature that the library cannot check (MD5) is taken for the CA's: the certificate is in its repository.
    let is_foreign = || certificate.verify_signature(issuer.public_key()) == SignatureCheck::Bad;
    let digits = |identifier: &[u8]| encode(identifier, Separator::None);
    (certificate.issuer() != issuer.subject() || is_foreign()).then(|| Deviation::OtherIssuer {
        wanted: digits(&issuer.key_identifier_for_issued()),
        found: certificate.authority_key_identifier().map(digits),
    })
}

#[cfg(test)]
mod tests {
    use crate::authority::{HostOrder, HostSubject};
    use crate::records::Told;
    use crate::tests::{Identity, Site, host, in_days, named, now, order};
    use gsec_pki::key::{KeyAlgorithm, PrivateKey, RsaBits};
    use rcgen::RevocationReason as Reason;

    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_short_lived_certificate_is_due_after_two_thirds_of_its_lifetime() {
        let margin = RenewalMargin {
            now: datetime!(2026-11-21 10:00 UTC),
            renew_before: Duration::days(30),
        };
        let end = datetime!(2026-12-31 00:00 UTC);
        let due = |lifetime| margin.due(end - lifetime - CLOCK_SKEW_ALLOWANCE, end);
        assert_eq!(due(Duration::days(100)), datetime!(2026-12-01 00:00 UTC));
        assert_eq!(due(Duration::days(30)), datetime!(2026-12-21 00:00 UTC));
        assert_eq!(due(Duration::hours(12)), datetime!(2026-12-30 20:00 UTC));
        let none = RenewalMargin {
            renew_before: Duration::ZERO,
            ..margin
        };
        assert_eq!(none.due(end - Duration::days(100), end), end);
    }

    /// Everything that a comparison looks at: an order, and what was issued for it.
    struct Compared<'a> {
        site: &'a Site,
        order: HostOrder,
        record: Record,
        certificate: Certificate,
        issuer: Certificate,
        at: OffsetDateTime,
        crls: Vec<gsec_pki::x509::RevocationList>,
    }

    fn compared(site: &Site) -> Compared<'_> {
        let certificate = site.issue("db1.example.com");
        Compared {
            site,
            order: order("db1.example.com"),
            record: site
                .authority
                .records()
                .find(certificate.serial())
                .expect("the records")
                .expect("a record"),
            certificate,
            issuer: site.authority.certificate().clone(),
            at: now(),
            crls: Vec::new(),
        }
    }

    impl Compared<'_> {
        fn codes(&self) -> Vec<&'static str> {
            let plan = self
                .site
                .authority
                .plan_host(self.order.clone(), now())
                .expect("a plan");
            let margin = RenewalMargin {
                now: self.at,
                renew_before: Duration::days(30),
            };
            let witnesses = Witnesses {
                crls: self.crls.clone(),
                told: Told::default(),
            };
            let found = compare(
                &plan,
                &self.record,
                &self.certificate,
                &self.issuer,
                margin,
                &witnesses,
            );
            found.iter().map(Deviation::code).collect()
        }
    }

    #[test]
    fn each_point_in_which_a_certificate_is_not_as_planned() {
        type Row = (&'static str, fn(&mut Compared<'_>), &'static [&'static str]);
        let site = Site::new();
        let rows: [Row; 15] = [
            ("it is as planned", |_| {}, &[]),
            (
                "it is revoked",
                |case| case.record.status = RecordStatus::Revoked,
                &["revoked"],
            ),
            (
                "the records have it as expired",
                |case| case.record.status = RecordStatus::Expired,
                &["expired"],
            ),
            ("it has expired", |case| case.at = in_days(101), &["expired"]),
            (
                "it begins tomorrow",
                |case| case.at = in_days(-1),
                &["not_yet_valid"],
            ),
            ("31 days are left", |case| case.at = in_days(100 - 31), &[]),
            ("30 days are left", |case| case.at = in_days(100 - 30), &[]),
            (
                "29 days are left, and a new one would last as long",
                |case| case.at = in_days(100 - 29),
                &[],
            ),
            (
                "a name is missing",
                |case| case.order.further_names = vec![host("db2.example.com")],
                &["names_missing"],
            ),
            (
                "another host is asked for",
                |case| case.order = order("db2.example.com"),
                &["names_missing", "names_extra", "subject"],
            ),
            (
                "another subject is asked for",
                |case| {
                    let subject = DistinguishedName::build(&named("Database 1")).expect("a name");
                    case.order.subject = HostSubject::Exact(subject);
                },
                &["subject"],
            ),
            (
                "another profile is asked for",
                |case| case.order.profile = "tls-client".into(),
                &["extended_key_usage"],
            ),
            (
                "another kind of key is asked for",
                |case| case.order.key = HostKey::Generate(KeyAlgorithm::P384),
                &["key_type"],
            ),
            (
                "a key is given, and is another",
                |case| {
                    let key = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
                    case.order.key = HostKey::Given(std::sync::Arc::new(key));
                },
                &["other_key"],
            ),
            (
                "the CA has another key now",
                |case| case.issuer = Identity::root("Example CA").certificate,
                &["other_issuer"],
            ),
        ];
        for (situation, change, expected) in rows {
            let mut case = compared(&site);
            change(&mut case);
            assert_eq!(case.codes(), expected, "{situation}");
        }
    }

    #[test]
    fn certificate_near_its_end_is_due_unless_a_new_one_would_end_no_later() {
        let site = Site::new();
        let mut case = compared(&site);
        case.order.lifetime = Some(gsec_pki::x509::Lifetime::days(101));
        for (left, expected) in [(31, &[][..]), (30, &["near_expiry"])] {
            case.at = in_days(100 - left);
            assert_eq!(case.codes(), expected, "{left} days are left");
        }
    }

    #[test]
    fn size_of_an_rsa_key_counts() {
        let site = Site::new();
        let mut case = compared(&site);
        case.order.key = HostKey::Generate(KeyAlgorithm::Rsa(RsaBits::B2048));
        case.certificate = site.issue_order(case.order.clone()).expect("a certificate");
        assert_eq!(case.codes(), Vec::<&str>::new());
        case.order.key = HostKey::Generate(KeyAlgorithm::Rsa(RsaBits::B3072));
        assert_eq!(case.codes(), ["key_size"]);
    }

    #[test]
    fn crl_revokes_what_the_records_have_as_valid() {
        let site = Site::new();
        let mut case = compared(&site);
        site.revoke(&case.certificate, gsec_pki::x509::RevocationReason::Superseded);
        case.crls = vec![site.update_crl()];
        assert_eq!(case.record.status, RecordStatus::Valid);
        assert_eq!(case.codes(), ["revoked"]);
        case.crls = vec![Identity::root("Other CA").crl(&[(1, Some(Reason::Superseded))])];
        assert_eq!(case.codes(), Vec::<&str>::new(), "another CA's");
    }
}
