//! NOTICES. What the server tells of itself: its log, after the log filter, and numbers for those who watch it, in the text format of Prometheus, in which no
//! name of a host and no account is.

mod log;

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

pub use log::{Asked, Ended, LogForm, ReadFilter, ServerLog};

/// The media type of what [`Metrics::text`] gives.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels = Vec<(&'static str, String)>;

/// What is counted since the server started.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    orders: Family<Labels, Counter>,
    validations: Family<Labels, Counter>,
    limited: Counter,
    commit_certificates: Histogram,
    commit_seconds: Histogram,
}

/// What is so at a moment. What could not be looked at is `None`, and is not in the text: a number that stays would look like one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moment {
    /// Orders that can still be finalized.
    pub open_orders: Option<u64>,
    /// Challenges and orders that should have been taken up by now.
    pub overdue: Option<u64>,
    /// Seconds since the CRL was made.
    pub crl_age: Option<i64>,
    /// Seconds until the CRL ends; negative when it has ended.
    pub crl_left: Option<i64>,
    /// Seconds until the CA certificate ends.
    pub ca_left: Option<i64>,
    /// The number of the last line of the audit log.
    pub log_lines: Option<u64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("gsec");
        let metrics = Self {
            requests: Family::default(),
            orders: Family::default(),
            validations: Family::default(),
            limited: Counter::default(),
            commit_certificates: Histogram::new(exponential_buckets(1.0, 2.0, 7)),
            commit_seconds: Histogram::new(exponential_buckets(0.001, 2.0, 13)),
            registry: Registry::default(),
        };
        registry.register(
            "acme_requests",
            "Requests of ACME clients, by resource and HTTP status",
            metrics.requests.clone(),
        );
        registry.register(
            "acme_orders",
            "Orders that came to an end, by profile and outcome",
            metrics.orders.clone(),
        );
        registry.register(
            "acme_validations",
            "Attempts at challenges, by type and outcome",
            metrics.validations.clone(),
        );
        registry.register(
            "acme_rate_limited",
            "Requests that a rate limit refused",
            metrics.limited.clone(),
        );
        registry.register(
            "commit_certificates",
            "Certificates that were recorded together",
            metrics.commit_certificates.clone(),
        );
        registry.register_with_unit(
            "commit",
            "Time from the first record of a group to its last certificate",
            Unit::Seconds,
            metrics.commit_seconds.clone(),
        );
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, resource: &'static str, status: u16) {
        let labels = vec![("resource", resource.to_owned()), ("status", status.to_string())];
        self.requests.get_or_create(&labels).inc();
    }

    /// An order came to its certificate, was put back, or failed.
    pub fn order_ended(&self, profile: &str, outcome: &'static str) {
        let labels = vec![("profile", profile.to_owned()), ("outcome", outcome.to_owned())];
        self.orders.get_or_create(&labels).inc();
    }

    /// A challenge was tried.
    pub fn validated(&self, challenge: &'static str, outcome: &'static str) {
        let labels = vec![
            ("challenge", challenge.to_owned()),
            ("outcome", outcome.to_owned()),
        ];
        self.validations.get_or_create(&labels).inc();
    }

    /// A rate limit refused a request.
    pub fn limited(&self) {
        self.limited.inc();
    }

    /// A group was recorded and certified.
    pub fn committed(&self, certificates: usize, took: Duration) {
        self.commit_certificates
            .observe(f64::from(u32::try_from(certificates).unwrap_or(u32::MAX)));
        self.commit_seconds.observe(took.as_secs_f64());
    }

    /// All of it, with what is so now, in the text format of OpenMetrics.
    ///
    /// # Errors
    /// As those of formatting, which there are none of.
    pub fn text(&self, moment: &Moment) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        let ended = text.strip_suffix("# EOF\n").map(str::to_owned);
        let mut text = ended.unwrap_or(text);
        encode(&mut text, &moment.registry())?;
        Ok(text)
    }
}

impl Moment {
    fn registry(&self) -> Registry {
        let mut registry = Registry::with_prefix("gsec");
        let count = |count: Option<u64>| count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        for (name, help, value) in [
            (
                "acme_orders_open",
                "Orders that can still be finalized",
                count(self.open_orders),
            ),
            (
                "acme_overdue",
                "Challenges and orders that should have been taken up by now",
                count(self.overdue),
            ),
            ("crl_age_seconds", "Seconds since the CRL was made", self.crl_age),
            ("crl_expires_seconds", "Seconds until the CRL ends", self.crl_left),
            (
                "ca_expires_seconds",
                "Seconds until the CA certificate ends",
                self.ca_left,
            ),
            (
                "audit_log_lines",
                "The number of the last line of the audit log",
                count(self.log_lines),
            ),
        ] {
            if let Some(value) = value {
                let gauge: Gauge = Gauge::default();
                gauge.set(value);
                registry.register(name, help, gauge);
            }
        }
        registry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_in_the_text_and_what_is_not_known_is_not() {
        let metrics = Metrics::default();
        metrics.answered("newOrder", 201);
        metrics.answered("newOrder", 201);
        metrics.order_ended("host", "valid");
        metrics.validated("http-01", "invalid");
        metrics.limited();
        metrics.committed(3, Duration::from_millis(5));
        let text = metrics.text(&Moment {
            crl_left: Some(-7),
            ..Moment::default()
        });
        let text = text.expect("a text");
        for line in [
            "gsec_acme_requests_total{resource=\"newOrder\",status=\"201\"} 2",
            "gsec_acme_orders_total{profile=\"host\",outcome=\"valid\"} 1",
            "gsec_acme_validations_total{challenge=\"http-01\",outcome=\"invalid\"} 1",
            "gsec_acme_rate_limited_total 1",
            "gsec_commit_certificates_sum 3.0",
            "gsec_commit_seconds_count 1",
            "gsec_crl_expires_seconds -7",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!text.contains("gsec_crl_age_seconds"), "{text}");
        assert!(
            text.ends_with("# EOF\n") && text.matches("# EOF").count() == 1,
            "{text}"
        );
    }

    #[test]
    fn a_label_cannot_break_a_line() {
        let metrics = Metrics::default();
        metrics.order_ended("a\"} 1\nb\\", "valid");
        let text = metrics.text(&Moment::default()).expect("a text");
        let lines = text.lines().filter(|line| line.contains("outcome=")).count();
        assert_eq!(lines, 1, "{text}");
    }
}
