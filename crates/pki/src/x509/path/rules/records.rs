//! Revocation as the records of the issuing CA have it. Peers learn it from the CRL, which may be older, or never reach them.

use crate::x509::path::finding::{Finding, Rule};
use crate::x509::path::search::Built;
use crate::x509::path::{Question, RevocationStatus};
use crate::x509::{Certificate, rfc3339};

/// What the records say about each certificate of the path, in its order; an anchor is never looked up.
pub(in crate::x509::path) fn recorded(question: &Question<'_>, built: &Built<'_>) -> Vec<RevocationStatus> {
    let of_position = |(position, certificate): (usize, &&Certificate)| match question.records {
        Some(records) if !built.is_anchor(position) => records(certificate),
        _ => RevocationStatus::NotChecked,
    };
    built.path.iter().enumerate().map(of_position).collect()
}

/// Adds a finding for each certificate of the path that its CA has revoked. Where a CRL says so already it is the same fact, and only what
/// the records say otherwise about it is added.
pub(super) fn add(question: &Question<'_>, built: &Built<'_>, findings: &mut Vec<Finding>) {
    for (position, status) in recorded(question, built).into_iter().enumerate() {
        let Some(details) = details(&status) else { continue };
        let by_crl = findings
            .iter_mut()
            .find(|found| found.rule == Rule::Revoked && found.position == Some(position));
        match by_crl {
            Some(found) if found.message.ends_with(&format!("revoked{details}")) => {}
            Some(found) => found
                .message
                .push_str(&format!("; the records of its CA say: revoked{details}")),
            None => findings.push(revoked(built.path[position], &details).at(position)),
        }
    }
}

/// Since when, and why.
fn details(status: &RevocationStatus) -> Option<String> {
    let RevocationStatus::Revoked { reason, since } = status else {
        return None;
    };
    let reason = reason.map_or(String::new(), |reason| format!(" ({})", reason.name()));
    let since = since.map_or(String::new(), |since| format!(" since {}", rfc3339(since)));
    Some(format!("{since}{reason}"))
}

fn revoked(certificate: &Certificate, details: &str) -> Finding {
    let message = format!("the records of its CA say that it is revoked{details}");
    let found = format!("serial {} revoked{details}", certificate.serial());
    Finding::about(Rule::RevokedInRecords, certificate, message).compared("not revoked", found)
}
