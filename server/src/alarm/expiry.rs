//! Certificates that end: one alarm for each, which weighs more the less of its life is left.

use time::{Duration, OffsetDateTime};

use super::{Condition, Kind, Severity};
use gsec_pki::x509::{days_left, rfc3339};

/// A certificate that will end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// What was looked at to find it.
    pub scope: String,
    /// Which kind of certificate.
    pub kind: Kind,
    /// What tells it from the others of its kind: its serial number, or the file that it is in.
    pub what: String,
    /// Its serial number.
    pub serial: String,
    /// Its begin.
    pub not_before: OffsetDateTime,
    /// Its end.
    pub not_after: OffsetDateTime,
    /// Its subject.
    pub subject: Option<String>,
    /// The hosts that it names.
    pub names: Vec<String>,
    /// Whether a program renews it in its last third: then only what comes later is a matter for a person.
    pub renews_itself: bool,
    /// The end of the time in which its client was to renew it (RFC 9773), where it has one that does so by itself.
    pub renewal_until: Option<OffsetDateTime>,
    /// What helps.
    pub remedies: Vec<String>,
    /// Whether `what` or the remedies may tell names.
    pub tells_names: bool,
}

/// How much it weighs that so little is left: a third of its life, a sixth, a twelfth or nothing.
pub fn step_of(
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    now: OffsetDateTime,
) -> Option<Severity> {
    let (life, left) = (not_after - not_before, not_after - now);
    match () {
        () if left * 12 <= life => Some(Severity::Error),
        () if left * 6 <= life => Some(Severity::Warning),
        () if left * 3 <= life => Some(Severity::Notice),
        () => None,
    }
}

/// What is wrong with certificates that end.
pub fn of_endings(endings: &[Ending], now: OffsetDateTime) -> Vec<Condition> {
    endings
        .iter()
        .flat_map(|ending| [expires(ending, now), renewal_overdue(ending, now)])
        .flatten()
        .collect()
}

fn expires(ending: &Ending, now: OffsetDateTime) -> Option<Condition> {
    let severity = step_of(ending.not_before, ending.not_after, now)?;
    if ending.renews_itself && severity == Severity::Notice {
        return None;
    }
    let is_over = ending.not_after <= now;
    let title = match (ending.kind, is_over) {
        (Kind::CaExpires, true) => "The certificate of the CA has expired",
        (Kind::CaExpires, false) => "The certificate of the CA expires",
        (Kind::OcspSignerExpires, true) => "The certificate of the OCSP responder has expired",
        (Kind::OcspSignerExpires, false) => "The certificate of the OCSP responder was not renewed",
        (Kind::ServerCertificateExpires, true) => "The server's own certificate has expired",
        (Kind::ServerCertificateExpires, false) => "The server's own certificate was not renewed",
        (_, true) => "A certificate has expired",
        (_, false) => "A certificate expires, and nothing has taken its place",
    };
    let slug = match (ending.kind, is_over) {
        (Kind::CaExpires, true) => "ca-expired",
        (Kind::CaExpires, false) => "ca-expires-soon",
        (_, true) => "certificate-expired",
        (_, false) => "certificates-expire-soon",
    };
    // The key does not change when it expires: it is one alarm.
    let key = format!("{}:{}", ending.kind.name(), ending.what);
    let condition = Condition::new(&ending.scope, ending.kind, slug, severity, title);
    Some(Condition {
        key,
        detail: detail(ending, now),
        ..told(ending, condition)
    })
}

fn renewal_overdue(ending: &Ending, now: OffsetDateTime) -> Option<Condition> {
    let until = ending
        .renewal_until
        .filter(|until| *until < now && ending.not_after > now)?;
    let condition = Condition::new(
        &ending.scope,
        Kind::RenewalOverdue,
        "renewal-overdue",
        Severity::Warning,
        "A host was to renew its certificate by itself, and has not",
    );
    let told = told(ending, condition);
    Some(Condition {
        key: format!("renewal-overdue:{}", ending.what),
        detail: format!("{}; it was to be renewed until {}", detail(ending, now), rfc3339(until)),
        remedies: vec!["Look at the log of the ACME client on the host; `gsec serve status` says whether the server is well.".into()],
        ..told
    })
}

fn told(ending: &Ending, condition: Condition) -> Condition {
    Condition {
        subject: ending.subject.clone(),
        names: ending.names.clone(),
        remedies: ending.remedies.clone(),
        tells_names: ending.tells_names,
        ..condition
    }
}

fn detail(ending: &Ending, now: OffsetDateTime) -> String {
    let end = rfc3339(ending.not_after);
    let serial = &ending.serial;
    match ending.not_after - now {
        left if left <= Duration::ZERO => format!("serial {serial} expired at {end}"),
        left if left < Duration::days(2) => {
            format!("serial {serial} ends at {end}, in {} hours", left.whole_hours())
        }
        _ => format!(
            "serial {serial} ends at {end}, in {} days",
            days_left(ending.not_after, now)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const BEGIN: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

    fn ending(days: i64) -> Ending {
        Ending {
            scope: "certificates".into(),
            kind: Kind::Expires,
            what: "0A".into(),
            serial: "0A".into(),
            not_before: BEGIN,
            not_after: BEGIN + Duration::days(days),
            subject: None,
            names: Vec::new(),
            renews_itself: false,
            renewal_until: None,
            remedies: Vec::new(),
            tells_names: false,
        }
    }

    /// What a certificate of 12 hours or 120 days says at each share of its life.
    #[test]
    fn steps_follow_the_life_of_the_certificate_and_not_days() {
        let rows = [
            (0, None),
            (79, None),
            (80, Some(Severity::Notice)),
            (99, Some(Severity::Notice)),
            (100, Some(Severity::Warning)),
            (109, Some(Severity::Warning)),
            (110, Some(Severity::Error)),
            (500, Some(Severity::Error)),
        ];
        for unit in [Duration::days(1), Duration::minutes(6)] {
            for (share, expected) in rows {
                let step = step_of(BEGIN, BEGIN + unit * 120, BEGIN + unit * share);
                assert_eq!(step, expected, "{share} of 120 times {unit}");
            }
        }
    }

    #[test]
    fn one_key_from_the_first_notice_until_after_the_end() {
        let keys: Vec<(String, String)> = [81, 101, 111, 121]
            .into_iter()
            .flat_map(|day| of_endings(&[ending(120)], BEGIN + Duration::days(day)))
            .map(|condition| (condition.key, condition.slug))
            .collect();
        assert_eq!(keys.len(), 4);
        assert!(keys.iter().all(|(key, _)| key == "expires:0A"), "{keys:?}");
        assert_eq!(keys[3].1, "certificate-expired");
    }

    #[test]
    fn what_a_program_renews_is_told_only_when_it_has_not() {
        let own = Ending {
            renews_itself: true,
            ..ending(120)
        };
        let at = |day| of_endings(std::slice::from_ref(&own), BEGIN + Duration::days(day)).len();
        assert_eq!((at(81), at(101)), (0, 1));
    }

    #[test]
    fn a_renewal_is_overdue_after_its_window_and_until_the_end() {
        let own = Ending {
            renewal_until: Some(BEGIN + Duration::days(95)),
            ..ending(120)
        };
        let kinds = |day| -> Vec<Kind> {
            of_endings(std::slice::from_ref(&own), BEGIN + Duration::days(day))
                .into_iter()
                .map(|condition| condition.kind)
                .collect()
        };
        assert_eq!(kinds(94), [Kind::Expires]);
        assert_eq!(kinds(96), [Kind::Expires, Kind::RenewalOverdue]);
        assert_eq!(kinds(121), [Kind::Expires]);
    }
}
