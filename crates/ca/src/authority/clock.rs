//! Is this machine's clock right? What the CA directory holds was made before now: where something says a later time, one of the two
//! clocks was wrong.

use std::fmt;

use time::{Duration, OffsetDateTime};

use crate::authority::{Authority, AuthorityError};
use gsec_pki::x509::{CLOCK_SKEW_ALLOWANCE, RevocationList, SerialNumber, rfc3339};

/// What comes of a date that is too early.
const WRONG_DATE: &str = "anything signed or revoked now would have a wrong date";
/// If a CA seems untouched for longer than this, the clock is more likely ahead.
const LEFT_ALONE: Duration = Duration::days(366);

/// Something in the CA directory that says when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dated {
    /// The last line of the audit log.
    AuditLog,
    /// The CRL, by its thisUpdate.
    Crl,
    /// The newest certificate, by its notBefore.
    Certificate(SerialNumber),
    /// The CA's own certificate, by its notBefore.
    Authority,
}

impl fmt::Display for Dated {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuditLog => out.write_str("the last entry of the audit log"),
            Self::Crl => out.write_str("the CRL"),
            Self::Certificate(serial) => write!(out, "the newest certificate, serial {serial}"),
            Self::Authority => out.write_str("the CA certificate"),
        }
    }
}

/// Something that was made later than this machine says it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterThanNow {
    /// What it is.
    pub what: Dated,
    /// When it was made.
    pub at: OffsetDateTime,
}

impl fmt::Display for LaterThanNow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} is from {}", self.what, rfc3339(self.at))
    }
}

fn not_later(
    made: Vec<LaterThanNow>,
    now: OffsetDateTime,
    consequence: &'static str,
) -> Result<(), AuthorityError> {
    let later = made
        .into_iter()
        .filter(|made| made.at > now + CLOCK_SKEW_ALLOWANCE)
        .max_by_key(|made| made.at);
    later.map_or(Ok(()), |later| {
        Err(AuthorityError::ClockBehind {
            now,
            later,
            consequence,
        })
    })
}

impl Authority {
    /// What in the CA directory is later than `now` by more than clocks may differ: the last entry of the audit log, the CRL, the newest
    /// certificate, as far as there are any.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn later_than(
        &self,
        now: OffsetDateTime,
        crl: Option<&RevocationList>,
    ) -> Result<Vec<LaterThanNow>, AuthorityError> {
        let later = self
            .dated(crl)?
            .into_iter()
            .filter(|dated| dated.at > now + CLOCK_SKEW_ALLOWANCE);
        Ok(later.collect())
    }

    /// Checks that nothing speaks against this machine's clock, before something is changed or signed that
    /// lasts: what is made with a wrong date is hard to take back. The audit log and the CRL are checked,
    /// without both the newest certificate, and without that the CA's own; so `crl update --allow-earlier`
    /// settles it where the clock is right.
    ///
    /// # Errors
    /// [`AuthorityError::ClockBehind`]; [`AuthorityError::Records`].
    pub(in crate::authority) fn expect_clock(&self, now: OffsetDateTime) -> Result<(), AuthorityError> {
        self.expect_clock_or(WRONG_DATE, now)
    }

    /// The same, with what would come of it.
    pub(in crate::authority) fn expect_clock_or(
        &self,
        consequence: &'static str,
        now: OffsetDateTime,
    ) -> Result<(), AuthorityError> {
        not_later(self.last_made()?, now, consequence)
    }

    /// The same for one certificate of many: only the audit log is checked where there is one.
    ///
    /// # Errors
    /// As [`Authority::expect_clock`].
    pub(in crate::authority) fn expect_clock_by_log(
        &self,
        now: OffsetDateTime,
    ) -> Result<(), AuthorityError> {
        let log = self.records().last_audit_time()?.map(|at| LaterThanNow {
            what: Dated::AuditLog,
            at,
        });
        match log {
            Some(log) => not_later(vec![log], now, WRONG_DATE),
            None => self.expect_clock(now),
        }
    }

    /// The last that was made here, if that is so long ago that the clock is more likely ahead.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub(in crate::authority) fn long_ago(
        &self,
        now: OffsetDateTime,
    ) -> Result<Option<LaterThanNow>, AuthorityError> {
        Ok(self
            .last_made()?
            .into_iter()
            .max_by_key(|made| made.at)
            .filter(|made| now - made.at > LEFT_ALONE))
    }

    fn last_made(&self) -> Result<Vec<LaterThanNow>, AuthorityError> {
        let log = self.records().last_audit_time()?.map(|at| LaterThanNow {
            what: Dated::AuditLog,
            at,
        });
        let crl = self.present_crl()?.map(|crl| LaterThanNow {
            what: Dated::Crl,
            at: crl.this_update(),
        });
        let made: Vec<LaterThanNow> = log.into_iter().chain(crl).collect();
        if !made.is_empty() {
            return Ok(made);
        }
        let newest = self.newest_made()?;
        let (what, at) = newest.unwrap_or_else(|| (Dated::Authority, self.certificate().not_before()));
        Ok(vec![LaterThanNow { what, at }])
    }

    fn newest_made(&self) -> Result<Option<(Dated, OffsetDateTime)>, AuthorityError> {
        let Some(record) = self.records().last()? else {
            return Ok(None);
        };
        let newest = self.issued_certificate(&record.serial)?;
        Ok(newest.map(|newest| (Dated::Certificate(newest.serial().clone()), newest.not_before())))
    }

    /// Whether what the CA directory holds speaks against this machine's clock: something is later, or the last that happened is longer ago than
    /// the CA would be left alone. What is made under a wrong clock is hard to take back.
    pub fn is_clock_doubtful(&self, now: OffsetDateTime) -> bool {
        let crl = self.present_crl().ok().flatten();
        let times: Vec<OffsetDateTime> = self
            .dated(crl.as_ref())
            .unwrap_or_default()
            .into_iter()
            .map(|dated| dated.at)
            .collect();
        let is_behind = times.iter().any(|at| *at > now + CLOCK_SKEW_ALLOWANCE);
        is_behind || times.iter().max().is_some_and(|last| now - *last > LEFT_ALONE)
    }

    fn dated(&self, crl: Option<&RevocationList>) -> Result<Vec<LaterThanNow>, AuthorityError> {
        let log = self.records().last_audit_time()?.map(|at| (Dated::AuditLog, at));
        let crl = crl.map(|crl| (Dated::Crl, crl.this_update()));
        let newest = match self.newest_made() {
            // What the log says is not older.
            Err(_) if log.is_some() => None,
            newest => newest?,
        };
        Ok([log, crl, newest]
            .into_iter()
            .flatten()
            .map(|(what, at)| LaterThanNow { what, at })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::CrlOrder;
    use crate::tests::{Site, in_days, now};

    fn made(at: OffsetDateTime) -> LaterThanNow {
        LaterThanNow {
            what: Dated::AuditLog,
            at,
        }
    }

    #[test]
    fn clocks_may_differ_by_the_allowance() {
        let is_refused = |at| not_later(vec![made(in_days(-1)), made(at)], now(), WRONG_DATE).is_err();
        assert!(!is_refused(now()));
        assert!(!is_refused(now() + CLOCK_SKEW_ALLOWANCE));
        assert!(is_refused(now() + CLOCK_SKEW_ALLOWANCE + Duration::SECOND));
        assert!(
            not_later(Vec::new(), now(), WRONG_DATE).is_ok(),
            "nothing speaks against it"
        );
    }

    #[test]
    fn latest_of_several_is_named() {
        let error = not_later(
            vec![made(in_days(3)), made(in_days(5)), made(in_days(4))],
            now(),
            WRONG_DATE,
        );
        let Err(AuthorityError::ClockBehind { later, .. }) = error else {
            panic!("the clock is behind");
        };
        assert_eq!(later.at, in_days(5));
    }

    #[test]
    fn clock_that_is_behind_the_log_stops_what_signs() {
        let site = Site::new();
        let early = in_days(-1);
        assert!(site.authority.expect_clock(now()).is_ok() && !site.authority.is_clock_doubtful(now()));
        let code = |result: Result<(), AuthorityError>| result.map_err(|error| error.code());
        assert_eq!(
            code(site.authority.expect_clock(early)),
            Err("authority.clock_behind")
        );
        assert_eq!(
            code(site.authority.expect_clock_by_log(early)),
            Err("authority.clock_behind")
        );
        assert!(site.authority.is_clock_doubtful(early));
        let later = site.authority.later_than(early, None).expect("what is later");
        assert_eq!(
            later.iter().map(|later| &later.what).collect::<Vec<_>>(),
            [&Dated::AuditLog]
        );
    }

    #[test]
    fn without_a_log_the_crl_and_then_the_certificates_are_asked() {
        let site = Site::new();
        let certificate = site.issue("a.example.com");
        site.update_crl();
        let log = |directory: &crate::home::CaDir| directory.audit_log();
        let site = site.without(log);
        let what = |site: &Site| site.authority.last_made().expect("the last").remove(0).what;
        assert_eq!(what(&site), Dated::Crl);
        let site = site.without(crate::home::CaDir::crl);
        assert_eq!(what(&site), Dated::Certificate(certificate.serial().clone()));
        let site = Site::new().without(log);
        assert_eq!(what(&site), Dated::Authority);
    }

    #[test]
    fn ca_that_was_left_alone_for_long_makes_a_clock_doubtful() {
        let site = Site::new();
        let edge = now() + LEFT_ALONE;
        assert!(!site.authority.is_clock_doubtful(edge));
        assert!(site.authority.is_clock_doubtful(edge + Duration::SECOND));
        assert_eq!(site.authority.long_ago(edge).expect("an answer"), None);
        assert!(
            site.authority
                .long_ago(edge + Duration::SECOND)
                .expect("an answer")
                .is_some()
        );
    }

    #[test]
    fn crl_of_an_earlier_time_is_made_only_where_that_is_allowed() {
        let site = Site::new();
        site.update_crl();
        let plan = |allow_earlier| {
            let order = CrlOrder {
                allow_earlier,
                ..CrlOrder::default()
            };
            site.authority
                .plan_crl(order, in_days(-1))
                .map_err(|error| error.code())
        };
        assert_eq!(plan(false).err(), Some("authority.clock_behind"));
        let plan = plan(true).expect("a plan");
        assert!(plan.this_update <= in_days(-1) && !plan.warnings.is_empty());
    }
}
