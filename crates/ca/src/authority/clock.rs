//! Is this machine's clock right? What the CA directory holds was made before now: where something says a later time, one of the two
//! clocks was wrong.

use std::fmt;

use time::{Duration, OffsetDateTime};

use crate::authority::{Authority, AuthorityError};
use gsec_pki::x509::{CLOCK_SKEW_ALLOWANCE, RevocationList, SerialNumber, rfc3339};

/// A CA that nobody touched for longer than this is more likely seen under a clock that is ahead.
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
}

impl fmt::Display for Dated {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuditLog => out.write_str("the last entry of the audit log"),
            Self::Crl => out.write_str("the CRL"),
            Self::Certificate(serial) => write!(out, "the newest certificate, serial {serial}"),
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
        write!(out, "{} is of {}", self.what, rfc3339(self.at))
    }
}

impl Authority {
    /// What in the CA directory is later than `now` by more than clocks may differ: the last entry of the audit log, the CRL, the newest
    /// certificate, as far as there are any.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn later_than(&self, now: OffsetDateTime, crl: Option<&RevocationList>) -> Result<Vec<LaterThanNow>, AuthorityError> {
        let later = self.dated(crl)?.into_iter().filter(|dated| dated.at > now + CLOCK_SKEW_ALLOWANCE);
        Ok(later.collect())
    }

    /// Whether what the CA directory holds speaks against this machine's clock: something is later, or the last that happened is longer ago than
    /// the CA would be left alone. What is made under a wrong clock is hard to take back.
    pub fn is_clock_doubtful(&self, now: OffsetDateTime) -> bool {
        let crl = self.present_crl().ok().flatten();
        let times: Vec<OffsetDateTime> = self.dated(crl.as_ref()).unwrap_or_default().into_iter().map(|dated| dated.at).collect();
        let is_behind = times.iter().any(|at| *at > now + CLOCK_SKEW_ALLOWANCE);
        is_behind || times.iter().max().is_some_and(|last| now - *last > LEFT_ALONE)
    }

    fn dated(&self, crl: Option<&RevocationList>) -> Result<Vec<LaterThanNow>, AuthorityError> {
        let log = self.records().last_audit_time()?.map(|at| (Dated::AuditLog, at));
        let crl = crl.map(|crl| (Dated::Crl, crl.this_update()));
        let newest = self.records().last()?.and_then(|record| self.issued_certificate(&record.serial));
        let newest = newest.map(|certificate| (Dated::Certificate(certificate.serial().clone()), certificate.not_before()));
        Ok([log, crl, newest].into_iter().flatten().map(|(what, at)| LaterThanNow { what, at }).collect())
    }
}
