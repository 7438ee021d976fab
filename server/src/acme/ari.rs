//! When a certificate is to be renewed (ACME Renewal Information, RFC 9773 §4.2).

use gsec_pki::key::sha256;
use gsec_pki::x509::Certificate;
use serde::Serialize;
use time::{Duration, OffsetDateTime};

use super::certificate_id::CertificateId;
use super::moment::Moment;

/// How long a window is over that says "now": clients renew at once when their moment in it has passed.
const OVER_SINCE: Duration = Duration::hours(1);

/// A renewalInfo object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RenewalInfo {
    /// When to renew.
    pub suggested_window: SuggestedWindow,
    /// Where a person reads why.
    #[serde(rename = "explanationURL", skip_serializing_if = "Option::is_none")]
    pub explanation_url: Option<String>,
}

/// A period in which the client chooses a moment. It ends after it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SuggestedWindow {
    start: Moment,
    end: Moment,
}

impl SuggestedWindow {
    /// The window by age: a quarter of the last third of the lifetime, beginning in the first two quarters of that third. Where, a digest of the
    /// identifier says, so that certificates that were issued together are not renewed together; a quarter is left for clients that fail at first.
    pub fn by_age(certificate: &Certificate, id: &CertificateId) -> Self {
        let (begin, end) = (certificate.not_before(), certificate.not_after());
        let third = (end - begin).whole_seconds().max(0) / 3;
        let quarter = (third / 4).max(1);
        let offset = share(id, third / 2);
        let start = end - Duration::seconds(third) + Duration::seconds(offset);
        Self::of(start, start + Duration::seconds(quarter))
    }

    /// The window that says "now": for a certificate that was revoked, or is to be replaced.
    pub fn now(now: OffsetDateTime) -> Self {
        Self::of(now - OVER_SINCE, now)
    }

    /// Whether it is time.
    pub fn has_begun(&self, now: OffsetDateTime) -> bool {
        self.start.0 <= now
    }

    fn of(start: OffsetDateTime, end: OffsetDateTime) -> Self {
        Self {
            start: Moment(start),
            end: Moment(end),
        }
    }

    /// Its begin.
    pub fn start(&self) -> OffsetDateTime {
        self.start.0
    }

    /// Its end.
    pub fn end(&self) -> OffsetDateTime {
        self.end.0
    }
}

/// A share of this many seconds, by the identifier.
fn share(id: &CertificateId, seconds: i64) -> i64 {
    let [a, b, c, d, ..] = sha256(id.to_string().as_bytes());
    let part = i128::from(u32::from_be_bytes([a, b, c, d]));
    let share = (i128::from(seconds) * part) >> 32;
    i64::try_from(share).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::samples::certificate;

    #[test]
    fn a_window_is_in_the_last_third_and_leaves_time() {
        for days in [0, 1, 6, 90, 397] {
            for serial in 1..50 {
                let certificate = certificate(&[serial], days);
                let id = CertificateId::of(&certificate).expect("an identifier");
                let window = SuggestedWindow::by_age(&certificate, &id);
                let third = (certificate.not_after() - certificate.not_before()) / 3;
                assert!(window.start() < window.end());
                assert!(window.start() >= certificate.not_after() - third - Duration::seconds(1));
                assert!(
                    window.end() <= certificate.not_after() - third / 4 + Duration::seconds(2),
                    "{days} {serial}"
                );
                assert_eq!(window, SuggestedWindow::by_age(&certificate, &id));
            }
        }
    }

    #[test]
    fn windows_of_certificates_of_one_moment_are_spread() {
        let starts = (1..=100).map(|serial| {
            let certificate = certificate(&[serial], 90);
            let id = CertificateId::of(&certificate).expect("an identifier");
            (SuggestedWindow::by_age(&certificate, &id).start() - certificate.not_before()).whole_days()
        });
        let mut days: Vec<i64> = starts.collect();
        assert!(days.iter().all(|day| (60..75).contains(day)), "{days:?}");
        days.sort_unstable();
        days.dedup();
        assert!(days.len() > 12, "{days:?}");
    }

    #[test]
    fn now_is_over() {
        let now = time::macros::datetime!(2026-11-30 12:00 UTC);
        let info = RenewalInfo {
            suggested_window: SuggestedWindow::now(now),
            explanation_url: Some("https://ca.example/why".into()),
        };
        assert_eq!(
            serde_json::to_string(&info).expect("JSON"),
            r#"{"suggestedWindow":{"start":"2026-11-30T11:00:00Z","end":"2026-11-30T12:00:00Z"},"explanationURL":"https://ca.example/why"}"#
        );
    }
}
