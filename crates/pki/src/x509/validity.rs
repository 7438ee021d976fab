//! Validity, RFC 5280 §4.1.2.5, and how long people ask for.

use time::format_description::well_known::Rfc3339;
use time::macros::{datetime, format_description};
use time::{Date, Duration, OffsetDateTime, Time};

use super::IssueError;

/// How far notBefore is set back, so that a host whose clock is a little behind accepts the certificate at once.
pub const CLOCK_SKEW_ALLOWANCE: Duration = Duration::minutes(5);
/// Apple's systems reject server certificates with a longer lifetime, those of private CAs too (support.apple.com/103769).
pub const MAX_APPLE_SERVER_LIFETIME: Duration = Duration::days(825);
/// The last time that a certificate can say, RFC 5280 §4.1.2.5: "no well-defined expiration date".
pub const MAX_TIME: OffsetDateTime = datetime!(9999-12-31 23:59:59 UTC);
/// The first time that UTCTime of RFC 5280 cannot say.
const MIN_TIME: OffsetDateTime = datetime!(1950-01-01 00:00:00 UTC);

/// A time as every message and document shows it: RFC 3339, UTC, whole seconds.
pub fn rfc3339(time: OffsetDateTime) -> String {
    let time = time.to_offset(time::UtcOffset::UTC).truncate_to_second();
    time.format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}

/// Whole days from `now` until a certificate or CRL ends, negative once it has ended: 99 when 100 days less a second are left,
/// and -1 when it ended a second ago.
pub fn days_left(end: OffsetDateTime, now: OffsetDateTime) -> i64 {
    (end - now).whole_seconds().div_euclid(86_400)
}

/// Reads a point in time: RFC 3339, or a date, which means its last second in UTC.
pub fn parse_time(text: &str) -> Option<OffsetDateTime> {
    let last_second = Time::from_hms(23, 59, 59).expect("a time of day");
    let date = || {
        Date::parse(text, format_description!("[year]-[month]-[day]"))
            .map(|date| date.with_time(last_second).assume_utc())
    };
    // RFC 3339 knows the years 0000 to 9999 only.
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| date())
        .ok()
        .filter(|time| (0..=9999).contains(&time.year()))
}

/// Reads a number of days, 1 at the least.
pub fn parse_days(text: &str) -> Option<u32> {
    text.parse().ok().filter(|days| *days > 0)
}

/// A period in which a certificate is valid, both ends included, whole seconds, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
}

impl Validity {
    /// A period from `not_before` to `not_after`.
    ///
    /// # Errors
    /// [`IssueError::EmptyValidity`] unless `not_after` is later than `not_before`; [`IssueError::BeyondYear9999`].
    pub fn new(not_before: OffsetDateTime, not_after: OffsetDateTime) -> Result<Self, IssueError> {
        // A date's local year may be 2049 when its UTC year is 2050: the choice of UTCTime must see UTC.
        let [not_before, not_after] =
            [not_before, not_after].map(|time| time.to_offset(time::UtcOffset::UTC).truncate_to_second());
        if not_after <= not_before {
            return Err(IssueError::EmptyValidity {
                not_before,
                not_after,
            });
        }
        if not_after > MAX_TIME || not_before < MIN_TIME {
            return Err(IssueError::BeyondYear9999);
        }
        Ok(Self {
            not_before,
            not_after,
        })
    }

    /// Start of validity.
    pub fn not_before(&self) -> OffsetDateTime {
        self.not_before
    }

    /// End; the last second in which the certificate is valid.
    pub fn not_after(&self) -> OffsetDateTime {
        self.not_after
    }

    /// Whether `at` lies within.
    pub fn contains(&self, at: OffsetDateTime) -> bool {
        self.not_before <= at && at <= self.not_after
    }
}

/// Lifetime of a certificate, in the forms that users give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// So long from now on. A day is 86,400 seconds; N days end N × 86,400 seconds after the moment of issuing.
    Duration(Duration),
    /// Until this time.
    Until(OffsetDateTime),
}

impl Lifetime {
    /// A lifetime of whole days.
    pub fn days(days: u32) -> Self {
        Self::Duration(Duration::days(i64::from(days)))
    }

    /// The end, counted from `now`.
    ///
    /// # Errors
    /// [`IssueError::BeyondYear9999`].
    pub fn end(self, now: OffsetDateTime) -> Result<OffsetDateTime, IssueError> {
        let end = match self {
            Self::Duration(duration) => now.checked_add(duration).ok_or(IssueError::BeyondYear9999)?,
            Self::Until(time) => time,
        };
        if end > MAX_TIME {
            Err(IssueError::BeyondYear9999)
        } else {
            Ok(end)
        }
    }

    /// Reads `90m`, `12h`, `30d`, `52w` or `1y`; a year is 365 days.
    pub fn parse(text: &str) -> Option<Self> {
        let unit_at = text
            .len()
            .checked_sub(1)
            .filter(|at| text.is_char_boundary(*at))?;
        let (count, unit) = text.split_at(unit_at);
        let count: u32 = count.parse().ok().filter(|count| *count > 0)?;
        let count = i64::from(count);
        let duration = match unit {
            "m" => Duration::minutes(count),
            "h" => Duration::hours(count),
            "d" => Duration::days(count),
            "w" => Duration::weeks(count),
            "y" => Duration::days(365 * count),
            _ => return None,
        };
        Some(Self::Duration(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-21 10:00:00 UTC);

    #[test]
    fn days_that_have_begun_are_not_left() {
        let now = datetime!(2026-11-29 12:00 UTC);
        let left = |seconds| days_left(now + time::Duration::seconds(seconds), now);
        assert_eq!(
            [8_640_000, 8_639_999, 86_400, 86_399, 0, -1, -86_400].map(left),
            [100, 99, 1, 0, 0, -1, -1]
        );
    }

    #[test]
    fn a_day_is_86400_seconds_from_now() {
        assert_eq!(
            Lifetime::days(1).end(NOW).expect("end"),
            datetime!(2026-11-22 10:00:00 UTC)
        );
    }

    #[test]
    fn a_date_means_its_last_second() {
        assert_eq!(parse_time("2027-01-31"), Some(datetime!(2027-01-31 23:59:59 UTC)));
        assert_eq!(
            parse_time("2027-01-31T12:00:00+01:00"),
            Some(datetime!(2027-01-31 11:00:00 UTC))
        );
        assert_eq!(parse_time("31.1.2027"), None);
        assert_eq!(parse_time("-9999-01-01"), None);
    }

    #[test]
    fn zero_days_are_refused() {
        assert_eq!(
            (parse_days("0"), parse_days("-1"), parse_days("100")),
            (None, None, Some(100))
        );
    }

    #[test]
    fn durations_are_read_with_their_unit() {
        assert_eq!(
            Lifetime::parse("12h"),
            Some(Lifetime::Duration(Duration::hours(12)))
        );
        assert_eq!(Lifetime::parse("2w"), Some(Lifetime::days(14)));
        assert_eq!(Lifetime::parse("1y"), Some(Lifetime::days(365)));
        for text in ["", "12", "h", "0d", "-1d", "1.5h", "12é"] {
            assert_eq!(Lifetime::parse(text), None, "{text}");
        }
    }

    #[test]
    fn beyond_the_year_9999_is_refused() {
        assert!(matches!(
            Lifetime::days(3_000_000).end(NOW),
            Err(IssueError::BeyondYear9999)
        ));
        assert!(matches!(
            Lifetime::days(u32::MAX).end(NOW),
            Err(IssueError::BeyondYear9999)
        ));
    }

    #[test]
    fn an_end_before_the_begin_is_refused() {
        assert!(matches!(
            Validity::new(NOW, NOW),
            Err(IssueError::EmptyValidity { .. })
        ));
    }

    #[test]
    fn the_year_is_that_of_utc() {
        let validity = Validity::new(NOW, datetime!(2049-12-31 23:30:00 -02:00)).expect("validity");
        assert_eq!(validity.not_after().year(), 2050);
    }
}
