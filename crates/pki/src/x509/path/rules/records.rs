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

/// A finding for each certificate of the path that its CA has revoked.
pub(super) fn of_path(question: &Question<'_>, built: &Built<'_>) -> Vec<Finding> {
    let recorded = recorded(question, built).into_iter().enumerate();
    recorded.filter_map(|(position, status)| Some(revoked(built.path[position], &status)?.at(position))).collect()
}

fn revoked(certificate: &Certificate, status: &RevocationStatus) -> Option<Finding> {
    let RevocationStatus::Revoked { reason, since } = status else { return None };
    let reason = reason.map_or(String::new(), |reason| format!(" ({})", reason.name()));
    let since = since.map_or(String::new(), |since| format!(" since {}", rfc3339(since)));
    let message = format!("the records of its CA say that it is revoked{since}{reason}");
    let found = format!("serial {} revoked{since}{reason}", certificate.serial());
    Some(Finding::about(Rule::RevokedInRecords, certificate, message).compared("not revoked", found))
}
