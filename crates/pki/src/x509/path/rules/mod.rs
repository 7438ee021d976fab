//! The rules, each a small look at one certificate of a path.

mod authority;
mod constraints;
mod crl;
mod encoding;
mod form;
mod host;
mod policies;
mod records;
mod trust;
mod unusual;

use super::finding::{Finding, Severity};
use super::search::Built;
use super::{Question, RevocationStatus};

pub(super) use constraints::Comparisons;
pub use crl::{CrlEffect, CrlFault, crl_faults};
pub(super) use crl::{
    Crls, ReadCrls, covers, has_plain_times, is_readable_for_openssl, is_unusual_crl, unsupported_by_openssl,
};
pub(super) use form::{Companions, is_written_oddly};
pub(super) use host::{common_name_equals, san_covers};
pub(super) use records::recorded;

/// Whether the target matches the requested host.
pub(super) fn of_name(question: &Question<'_>) -> Option<Finding> {
    host::name(question).map(|finding| finding.at(0))
}

/// What the rules say about a path.
pub(super) struct OfPath {
    /// Everything that is wrong with its certificates.
    pub(super) findings: Vec<Finding>,
    /// What is known about the revocation of each.
    pub(super) revocation: Vec<RevocationStatus>,
    /// The CRLs, by their numbers in the question, that answered for the target.
    pub(super) answering: Vec<usize>,
}

/// Holds a path against every rule.
pub(super) fn of_path<'a>(
    question: &'a Question<'a>,
    built: &Built<'a>,
    comparisons: &mut Comparisons,
    companions: &Companions<'a>,
    crls: Crls<'_>,
) -> OfPath {
    let mut findings = Vec::new();
    for (position, certificate) in built.path.iter().enumerate() {
        let mut own = form::of_certificate(question.at, certificate, built.is_anchor(position));
        if position == 0 {
            own.extend(host::of_target(question, certificate));
            if certificate.is_authority() {
                own.extend(authority::strict_form(certificate));
            }
            own.extend(if built.is_anchor(0) {
                trust::of_trusted_host(question)
            } else {
                None
            });
        } else {
            own.extend(authority::of_issuer(question, built, position, certificate));
        }
        if built.is_anchor(position) {
            own.extend(trust::of_anchor(question, certificate));
        }
        own.extend(encoding::of_certificate(certificate));
        own.extend(unusual::of_certificate(certificate));
        let usage_finding = host::usage(question.purpose, certificate, position == 0);
        // The purposes of an anchor limit nothing in RFC 5280; OpenSSL and Go look at them all the same.
        let is_above = position > 0 && built.is_anchor(position);
        own.extend(usage_finding.into_iter().map(|finding| {
            if is_above {
                finding.lighter(Severity::Warning)
            } else {
                finding
            }
        }));
        own.extend(authority::identifiers(built, position, certificate));
        own.extend(form::reused_serial(built, position, certificate));
        own.extend(authority::unchecked_signature(built, position, certificate));
        findings.extend(own.into_iter().map(|finding| finding.at(position)));
    }
    findings.extend(form::of_companions(question, built, companions));
    findings.extend(constraints::of_path(question, built, comparisons));
    findings.extend(policies::of_path(question, built, comparisons));
    let crl::OfCrls {
        findings: of_crls,
        statuses: revocation,
        answering,
    } = crl::of_path(question, built, crls);
    findings.extend(of_crls);
    records::add(question, built, &mut findings);
    OfPath {
        findings,
        revocation,
        answering,
    }
}
