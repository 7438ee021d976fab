//! What doctor found, for monitoring: one line for each target as Nagios and those that came after it read it, and the text
//! exposition format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::doctor::{DoctorReport, ExaminedTarget, ExpiryFacts};
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::path::Severity;

/// What a plugin says, by the guidelines of the Monitoring Plugins project; its number is the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NagiosState {
    /// Nothing but notices.
    Ok = 0,
    /// Warnings.
    Warning = 1,
    /// Errors.
    Critical = 2,
    /// A target could not be examined, or a part of it that was to be.
    Unknown = 3,
}

impl NagiosState {
    fn of(target: &ExaminedTarget) -> Self {
        let is_prevented = target.not_checked_parts.iter().any(|part| part.is_prevented);
        if target.problem.is_some() || is_prevented && target.healthy.is_none() {
            Self::Unknown
        } else if target.count(Severity::Error) > 0 {
            Self::Critical
        } else if target.count(Severity::Warning) > 0 {
            Self::Warning
        } else {
            Self::Ok
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }

    /// Of several, the one that must be looked at first.
    fn urgency(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Unknown => 2,
            Self::Critical => 3,
        }
    }
}

/// One line for each target, and the overall state. `warn_days` is the threshold in the performance data.
pub fn to_nagios(report: &DoctorReport, warn_days: i64) -> (String, NagiosState) {
    let states = report.targets.iter().map(NagiosState::of);
    let whole = states
        .max_by_key(|state| state.urgency())
        .unwrap_or(NagiosState::Ok);
    (
        report
            .targets
            .iter()
            .map(|target| nagios_line(target, warn_days))
            .collect(),
        whole,
    )
}

fn nagios_line(target: &ExaminedTarget, warn_days: i64) -> String {
    let earliest = target
        .certificates
        .iter()
        .min_by_key(|certificate| certificate.not_after_seconds);
    let heaviest = target
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Notice.name());
    let found: Vec<String> = heaviest
        .map(|finding| format!("{}: {}: {}", finding.slug, finding.subject, finding.seen))
        .collect();
    let said = match (&target.problem, found.is_empty(), earliest) {
        (Some(problem), ..) => std::iter::once(&problem.message)
            .chain(&problem.caused_by)
            .cloned()
            .collect::<Vec<_>>()
            .join(": "),
        (None, false, _) => found.join("; "),
        (None, true, Some(first)) if target.left_out.is_empty() => format!(
            "{}, {} expires in {} days",
            lacking(target),
            first.subject,
            first.days_left
        ),
        (None, true, _) => lacking(target),
    };
    // A bar separates the text from the performance data.
    let words = format!("{} - {}: {said}", NagiosState::of(target).name(), target.target).replace('|', "/");
    let numbers = earliest
        .map(|first| {
            format!(
                " | {}={};{warn_days}:;0:",
                nagios_label(first, target),
                first.days_left
            )
        })
        .unwrap_or_default();
    format!("{}{}\n", visible(&words), visible(&numbers))
}

/// Healthy as far as it was looked at.
fn lacking(target: &ExaminedTarget) -> String {
    let lacks = if target.not_checked.is_empty() {
        String::new()
    } else {
        format!(" ({} not checked)", target.not_checked_in_words())
    };
    format!("{}{lacks}", target.verdict())
}

/// In a label, `'` is doubled, and `=` is not allowed.
fn nagios_label(first: &ExpiryFacts, target: &ExaminedTarget) -> String {
    let text = format!("days left of {} in {}", first.subject, target.target);
    format!(
        "'{}'",
        text.replace('=', " ").replace('|', "/").replace('\'', "''")
    )
}

/// Prometheus' text exposition format, version 0.0.4, as its node exporter reads it from files.
pub fn to_prometheus(report: &DoctorReport) -> String {
    let mut text = String::new();
    let one = |truth: bool| i64::from(truth);
    let examined = report.targets.iter().map(|target| {
        (
            vec![("target", target.target.as_str()), ("kind", target.kind)],
            one(target.problem.is_none()),
        )
    });
    family(
        &mut text,
        "gsec_target_examined",
        "Whether the target could be examined.",
        examined,
    );
    // Of a target of which a part was left out it is not known.
    let healthy = report.targets.iter().filter_map(|target| {
        Some((
            vec![("target", target.target.as_str()), ("kind", target.kind)],
            one(target.healthy?),
        ))
    });
    family(
        &mut text,
        "gsec_target_healthy",
        "Whether nothing but notices was found.",
        healthy,
    );
    let findings = report.targets.iter().flat_map(|target| {
        target.findings.iter().map(|finding| {
            (
                vec![
                    ("target", target.target.as_str()),
                    ("slug", finding.slug),
                    ("severity", finding.severity),
                ],
                1,
            )
        })
    });
    family(
        &mut text,
        "gsec_finding",
        "How often an entry of the catalog was found.",
        summed(findings).into_iter(),
    );
    let ends = report.targets.iter().flat_map(|target| {
        let label = |certificate: &'_ ExpiryFacts| {
            (
                certificate.subject.clone(),
                certificate.serial.clone(),
                certificate.not_after_seconds,
            )
        };
        target
            .certificates
            .iter()
            .map(move |certificate| (target.target.clone(), label(certificate)))
    });
    let ends: BTreeMap<(String, String, String), i64> = ends
        .map(|(target, (subject, serial, end))| ((target, subject, serial), end))
        .collect();
    let ends = ends.iter().map(|((target, subject, serial), end)| {
        (
            vec![
                ("target", target.as_str()),
                ("subject", subject),
                ("serial", serial),
            ],
            *end,
        )
    });
    family(
        &mut text,
        "gsec_certificate_not_after_seconds",
        "Expiry of a certificate, in seconds since 1970.",
        ends,
    );
    text
}

type Labels<'a> = Vec<(&'static str, &'a str)>;

/// A set of labels must be unique in the output.
fn summed<'a>(samples: impl Iterator<Item = (Labels<'a>, i64)>) -> BTreeMap<Labels<'a>, i64> {
    let mut sums = BTreeMap::new();
    samples.for_each(|(labels, value)| *sums.entry(labels).or_insert(0) += value);
    sums
}

fn family<'a>(text: &mut String, name: &str, help: &str, samples: impl Iterator<Item = (Labels<'a>, i64)>) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
    let mut seen = std::collections::HashSet::new();
    for (labels, value) in samples {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
            .collect();
        let labels = labels.join(",");
        if seen.insert(labels.clone()) {
            let _ = writeln!(text, "{name}{{{labels}}} {value}");
        }
    }
}

/// In a label's value, backslash, double quote and line feed are escaped; other characters that act on a terminal are shown.
fn escaped(value: &str) -> String {
    visible(value).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Problem;

    fn unexamined(name: &str) -> ExaminedTarget {
        let problem = Problem::new("x", "a|b");
        ExaminedTarget::not_examined(name.into(), "file", problem)
    }

    #[test]
    fn labels_are_escaped_and_unique() {
        let report = DoctorReport::new(
            vec![unexamined("a\"b\\c\n"), unexamined("a\"b\\c\n")],
            vec![],
            false,
            false,
        );
        let text = to_prometheus(&report);
        assert_eq!(text.matches("gsec_target_healthy{").count(), 1, "{text}");
        assert!(
            text.contains("target=\"a\\\"b\\\\c\\\\x0A\",kind=\"file\"} 0\n"),
            "{text}"
        );
    }

    #[test]
    fn a_bar_in_a_name_begins_no_performance_data() {
        let report = DoctorReport::new(vec![unexamined("x|y")], vec![], false, false);
        assert_eq!(
            to_nagios(&report, 30),
            ("UNKNOWN - x/y: a/b\n".into(), NagiosState::Unknown)
        );
    }
}
