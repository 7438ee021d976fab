//! Revocation along a path, RFC 5280 §6.3: complete, partial, indirect and delta CRLs, from every permitted signer.
//!
//! A CRL with a valid signature that lists a certificate revokes it, whatever else is wrong with that CRL. Only a CRL
//! without any fault can show that a certificate is good.

mod fault;
mod faults;
mod scope;
mod signer;
mod unusual;

use std::cell::RefCell;
use std::collections::HashMap;

use crate::key::SignatureCheck;
use crate::x509::path::finding::{Finding, Rule, Severity};
use crate::x509::path::search::Built;
use crate::x509::path::{Question, RevocationStatus};
use crate::x509::{Certificate, ReasonSet, RevocationList, RevocationReason, RevokedEntry, rfc3339};
pub use fault::{CrlEffect, CrlFault};
pub use faults::crl_faults;
pub(in crate::x509::path) use faults::unsupported_by_openssl;
use scope::Scope;
pub(in crate::x509::path) use unusual::{has_plain_times, is_readable_for_openssl, is_unusual_crl};

/// The most signatures of CRLs that are checked for one question.
const MAX_SIGNATURE_CHECKS: usize = 1024;
/// The most certificates beside the path that are tried as signers of CRLs.
const MAX_OTHER_SIGNERS: usize = 16;

/// The CRLs of a question, read once.
pub(in crate::x509::path) struct ReadCrls {
    lists: Vec<RevocationList>,
    /// The number of each list among the CRLs of the question.
    numbers: Vec<usize>,
    unreadable: Vec<String>,
    memory: RefCell<Memory>,
}

/// What was found out about CRLs on one path, and counts on the next.
struct Memory {
    /// By the number of the CRL and the key.
    checks: HashMap<(usize, Vec<u8>), SignatureCheck>,
    checks_left: usize,
    /// By the certificates of the signer and of the anchor.
    signers: HashMap<(Vec<u8>, Vec<u8>), Result<(), String>>,
    /// By the number of the CRL and the certificate.
    entries: HashMap<(usize, Vec<u8>), Option<RevokedEntry>>,
}

impl ReadCrls {
    pub(in crate::x509::path) fn of(question: &Question<'_>) -> Self {
        let memory = Memory {
            checks: HashMap::new(),
            checks_left: MAX_SIGNATURE_CHECKS,
            signers: HashMap::new(),
            entries: HashMap::new(),
        };
        let mut read = Self {
            lists: Vec::new(),
            numbers: Vec::new(),
            unreadable: Vec::new(),
            memory: RefCell::new(memory),
        };
        for (number, der) in question.crls.iter().enumerate() {
            match RevocationList::from_der(der) {
                Ok(list) => {
                    read.lists.push(list);
                    read.numbers.push(number);
                }
                Err(error) => read.unreadable.push(error.to_string()),
            }
        }
        read
    }

    /// For the path of the question itself.
    pub(in crate::x509::path) fn all(&self) -> Crls<'_> {
        Crls {
            read: self,
            is_nested: false,
        }
    }

    /// Those that can be read.
    pub(in crate::x509::path) fn lists(&self) -> &[RevocationList] {
        &self.lists
    }

    fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.unreadable.is_empty()
    }

    fn entry_for(&self, index: usize, certificate: &Certificate) -> Option<RevokedEntry> {
        let mut memory = self.memory.borrow_mut();
        let look = || self.lists[index].entry_for(certificate.serial(), certificate.issuer());
        memory
            .entries
            .entry((index, certificate.der().to_vec()))
            .or_insert_with(look)
            .clone()
    }
}

/// The CRLs as used on one path.
#[derive(Clone, Copy)]
pub(in crate::x509::path) struct Crls<'r> {
    read: &'r ReadCrls,
    /// On the path of the signer of a CRL: only CRLs by the CAs of that path count there, and only what they revoke, so that no
    /// CRL has to vouch for itself.
    is_nested: bool,
}

impl Crls<'_> {
    fn nested(self) -> Self {
        Self {
            is_nested: true,
            ..self
        }
    }
}

/// Whether a CRL is about the certificate, as far as its scope goes.
pub(in crate::x509::path) fn covers(crl: &RevocationList, certificate: &Certificate) -> bool {
    matches!(scope::of(crl, certificate), Scope::Covers(_))
}

/// What the CRLs say about the certificates of a path.
pub(in crate::x509::path) struct OfCrls {
    pub(in crate::x509::path) findings: Vec<Finding>,
    /// One for each certificate of the path.
    pub(in crate::x509::path) statuses: Vec<RevocationStatus>,
    /// The CRLs, by their numbers in the question, that say so of the target.
    pub(in crate::x509::path) answering: Vec<usize>,
}

pub(super) fn of_path<'a>(question: &'a Question<'a>, built: &Built<'a>, crls: Crls<'_>) -> OfCrls {
    let mut findings = Vec::new();
    let (mut statuses, mut answering) = (Vec::new(), Vec::new());
    for (position, certificate) in built.path.iter().enumerate() {
        // On a path without an anchor the last certificate's issuer is unknown; another finding already reports that.
        let has_issuer = position + 1 < built.path.len();
        let (status, found) = match has_issuer && !crls.read.is_empty() {
            false => (RevocationStatus::NotChecked, Vec::new()),
            true => {
                let (status, found, by) = of_certificate(question, built, position, crls);
                if position == 0 {
                    answering = by.into_iter().map(|index| crls.read.numbers[index]).collect();
                }
                (status, found)
            }
        };
        findings.extend(found.into_iter().map(|finding| finding.at(position)));
        if question.require_crl && has_issuer {
            findings.extend(undetermined(certificate, &status).map(|finding| finding.at(position)));
        }
        statuses.push(status);
    }
    if crls.is_nested {
        findings.retain(|finding| finding.rule == Rule::Revoked);
    } else {
        let unreadable = crls
            .read
            .unreadable
            .iter()
            .map(|problem| format!("a given CRL cannot be read: {problem}"));
        // What it revokes is unknown: where no other CRL says that the target is good, neither does gsec.
        let is_answered = matches!(statuses.first(), Some(RevocationStatus::Good));
        let weight = if is_answered {
            Severity::Warning
        } else {
            Severity::Error
        };
        findings.extend(unreadable.map(|message| {
            Finding::about(Rule::CrlUnreadable, built.path[0], message)
                .at(0)
                .lighter(weight)
        }));
    }
    OfCrls {
        findings,
        statuses,
        answering,
    }
}

fn undetermined(certificate: &Certificate, status: &RevocationStatus) -> Option<Finding> {
    let why = match status {
        RevocationStatus::Good | RevocationStatus::Revoked { .. } => return None,
        RevocationStatus::NotChecked => "no CRL was given",
        RevocationStatus::Undetermined { why } => why,
    };
    let message = format!("a CRL that says that it is not revoked is required, and there is none: {why}");
    Some(Finding::about(Rule::RevocationUndetermined, certificate, message).compared("good", status.name()))
}

/// A CRL about a certificate.
struct EvaluatedCrl<'r> {
    index: usize,
    crl: &'r RevocationList,
    /// The reasons for which it tells of revocations.
    reasons: ReasonSet,
    /// Whether a permitted signer signed it.
    is_signed: bool,
    /// What keeps it from saying that the certificate is good.
    flaws: Vec<Finding>,
    remarks: Vec<Finding>,
    entry: Option<RevokedEntry>,
}

impl EvaluatedCrl<'_> {
    fn is_usable(&self) -> bool {
        self.is_signed && self.flaws.is_empty()
    }

    fn is_delta(&self) -> bool {
        self.crl.base_number().is_some()
    }

    /// The entry, unless it takes a revocation back.
    fn revoking(&self) -> Option<&RevokedEntry> {
        self.entry
            .as_ref()
            .filter(|entry| entry.reason != Some(RevocationReason::RemoveFromCrl))
    }

    /// Whether it is a later CRL about the same certificates.
    fn is_after(&self, other: &Self) -> bool {
        let by_number = self
            .crl
            .number()
            .zip(other.crl.number())
            .map(|(own, other)| own.cmp(other));
        let by_time = self.crl.this_update().cmp(&other.crl.this_update());
        self.index != other.index
            && self.crl.has_same_scope(other.crl)
            && by_number.unwrap_or(by_time).then(by_time).is_gt()
    }

    /// Whether it takes back what an earlier CRL says. A complete CRL without the certificate ends a hold; any other revocation is for
    /// ever (RFC 5280 §5.3.1). A delta CRL says so in an entry (§5.2.4).
    fn takes_back(&self, earlier: &Self, entry: &RevokedEntry) -> bool {
        let says_so = self.entry.is_some() && self.revoking().is_none();
        let ends_hold = !self.is_delta()
            && self.entry.is_none()
            && entry.reason == Some(RevocationReason::CertificateHold);
        self.is_usable() && self.is_after(earlier) && (says_so || ends_hold)
    }

    /// Whether a delta CRL goes with this complete one (RFC 5280 §5.2.4).
    fn is_base_of(&self, delta: &Self) -> bool {
        let follows = self
            .crl
            .number()
            .zip(delta.crl.base_number())
            .is_some_and(|(own, base)| own >= base);
        !self.is_delta() && self.crl.has_same_scope(delta.crl) && follows
    }
}

/// What all CRLs come to for one certificate, and which of them say so.
fn of_certificate<'a>(
    question: &'a Question<'a>,
    built: &Built<'a>,
    position: usize,
    crls: Crls<'_>,
) -> (RevocationStatus, Vec<Finding>, Vec<usize>) {
    let certificate = built.path[position];
    let (mut evaluated, mut outside) = (Vec::new(), Vec::new());
    for (index, crl) in crls.read.lists.iter().enumerate() {
        match scope::of(crl, certificate) {
            Scope::Foreign => {}
            Scope::Outside(why) => outside.push((why, crls.read.entry_for(index, certificate).is_some())),
            Scope::Covers(reasons) => {
                evaluated.push(evaluate(question, built, position, (index, reasons), crls))
            }
        }
    }
    // After a key change, a CA has one CRL for each key: a CRL signed by another of these keys is not a fault.
    if evaluated.iter().any(|evaluated| evaluated.is_signed) {
        evaluated.retain(|evaluated| evaluated.is_signed);
    }
    if let Some((by, entry)) = revoked_by(&evaluated) {
        let status = RevocationStatus::Revoked {
            reason: entry.reason,
            since: entry.date_problem.is_none().then_some(entry.revoked_at),
        };
        let without = evaluated.iter().find(|later| {
            later.is_usable() && !later.is_delta() && later.entry.is_none() && later.is_after(by)
        });
        let finding = revoked(certificate, by.crl, entry, without.map(|later| later.crl));
        let answering = vec![by.index];
        let others = evaluated
            .into_iter()
            .flat_map(|evaluated| [evaluated.flaws, evaluated.remarks].concat())
            .filter(|finding| finding.rule != Rule::CrlStale);
        return (
            status,
            std::iter::once(finding).chain(others).collect(),
            answering,
        );
    }
    let usable = evaluated
        .iter()
        .filter(|evaluated| evaluated.is_usable() && !evaluated.is_delta());
    let reasons = usable.fold(ReasonSet::NONE, |reasons, evaluated| {
        reasons.union(evaluated.reasons)
    });
    if reasons.is_all() {
        let answering = evaluated
            .iter()
            .filter(|evaluated| evaluated.is_usable())
            .map(|evaluated| evaluated.index)
            .collect();
        return (RevocationStatus::Good, beside_a_good_one(evaluated), answering);
    }
    let findings = without_answer(certificate, evaluated, &outside, reasons, (position, crls));
    let why = findings
        .iter()
        .min_by_key(|finding| finding.severity)
        .map_or_else(String::new, |finding| finding.message.clone());
    (RevocationStatus::Undetermined { why }, findings, Vec::new())
}

fn evaluate<'a, 'r>(
    question: &'a Question<'a>,
    built: &Built<'a>,
    position: usize,
    (index, reasons): (usize, ReasonSet),
    crls: Crls<'r>,
) -> EvaluatedCrl<'r> {
    let (crl, certificate) = (&crls.read.lists[index], built.path[position]);
    match signer::of(question, built, position, index, crls) {
        Ok(signer) => {
            let entry = crls.read.entry_for(index, certificate);
            // Where a CRL is required, one that OpenSSL cannot use is none.
            let keeps_silent = |fault: &CrlFault| match fault.effect {
                CrlEffect::SaysNothing => true,
                CrlEffect::UnusableForOpenSsl => question.require_crl,
                CrlEffect::Odd => false,
            };
            let (flaws, remarks): (Vec<CrlFault>, Vec<CrlFault>) = crl_faults(crl, Some(signer), question.at)
                .into_iter()
                .partition(keeps_silent);
            let [flaws, mut remarks] = [flaws, remarks].map(|faults| {
                let about = |fault: CrlFault| fault.about(certificate, crl);
                faults.into_iter().map(about).collect::<Vec<Finding>>()
            });
            remarks.extend(faults::of_entry(certificate, crl, entry.as_ref()));
            EvaluatedCrl {
                index,
                crl,
                reasons,
                is_signed: true,
                flaws,
                remarks,
                entry,
            }
        }
        Err(finding) => EvaluatedCrl {
            index,
            crl,
            reasons,
            is_signed: false,
            flaws: vec![finding],
            remarks: Vec::new(),
            entry: None,
        },
    }
}

fn revoked_by<'h, 'r>(evaluated: &'h [EvaluatedCrl<'r>]) -> Option<(&'h EvaluatedCrl<'r>, &'h RevokedEntry)> {
    let listed = evaluated
        .iter()
        .filter_map(|evaluated| evaluated.revoking().map(|entry| (evaluated, entry)));
    listed
        .into_iter()
        .find(|(by, entry)| !evaluated.iter().any(|later| later.takes_back(by, entry)))
}

/// `without` is a later CRL that does not list it: only a hold may end (RFC 5280 §5.3.1), and what has expired may be left out (§3.3).
fn revoked(
    certificate: &Certificate,
    crl: &RevocationList,
    entry: &RevokedEntry,
    without: Option<&RevocationList>,
) -> Finding {
    let reason = entry
        .reason
        .map_or(String::new(), |reason| format!(" ({})", reason.name()));
    let (since, found) = match &entry.date_problem {
        Some(problem) => (
            format!("{reason}; {problem}"),
            format!("{} revoked{reason}", entry.serial),
        ),
        None => {
            let since = rfc3339(entry.revoked_at);
            (
                format!(" since {since}{reason}"),
                format!("{} revoked at {since}{reason}", entry.serial),
            )
        }
    };
    let vanished = without.map_or(String::new(), |later| {
        let date = rfc3339(later.this_update());
        // The number decides which is later (RFC 5280 §5.2.3), whatever the dates say.
        let named = match later.number() {
            Some(number) if later.this_update() <= crl.this_update() => {
                format!("the CRL with the higher number {number}, although dated {date},")
            }
            _ => format!("the later CRL of {date}"),
        };
        format!(
            "; {named} no longer lists it: the revocation disappeared, and programs that only have that CRL \
             accept it"
        )
    });
    let message = format!(
        "the CRL of `{}` says that it is revoked{since}{vanished}",
        crl.issuer()
    );
    Finding::about(Rule::Revoked, certificate, message).compared("not in the CRL", found)
}

/// An outdated or foreign CRL does no harm beside one that answers; but an unusable delta CRL is reported.
fn beside_a_good_one(evaluated: Vec<EvaluatedCrl<'_>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for evaluated in evaluated {
        let weight = if evaluated.is_delta() {
            Severity::Warning
        } else {
            Severity::Notice
        };
        let is_delta = evaluated.is_delta();
        let is_told = |finding: &Finding| is_delta || finding.rule != Rule::CrlStale;
        if evaluated.flaws.is_empty() {
            findings.extend(evaluated.remarks);
        } else {
            findings.extend(
                evaluated
                    .flaws
                    .into_iter()
                    .filter(is_told)
                    .map(|finding| finding.lighter(weight)),
            );
        }
    }
    findings
}

/// Why nothing says that a certificate is good.
fn without_answer(
    certificate: &Certificate,
    evaluated: Vec<EvaluatedCrl<'_>>,
    outside: &[(&str, bool)],
    reasons: ReasonSet,
    (position, crls): (usize, Crls<'_>),
) -> Vec<Finding> {
    // Programs that check CRLs require the CRL of the target's issuer; those of the CAs above it only if configured.
    let weigh = |finding: Finding| {
        if position == 0 {
            finding
        } else {
            finding.lighter(Severity::Notice)
        }
    };
    let mut findings = Vec::new();
    if evaluated.is_empty() {
        findings.push(weigh(missing(
            certificate,
            outside,
            !crls.read.unreadable.is_empty(),
        )));
    }
    let orphan = evaluated.iter().find(|delta| {
        delta.is_usable() && delta.is_delta() && !evaluated.iter().any(|base| base.is_base_of(delta))
    });
    if let Some(orphan) = orphan {
        let base = orphan
            .crl
            .base_number()
            .map_or(String::new(), ToString::to_string);
        let message = format!(
            "a delta CRL of `{}` only contains changes since the CRL with the number {base}, which was not \
             given",
            orphan.crl.issuer()
        );
        findings.push(weigh(
            Finding::about(Rule::CrlIncomplete, certificate, message)
                .compared(format!("CRL number {base}"), "a delta CRL alone"),
        ));
    } else if reasons != ReasonSet::NONE
        || (evaluated.iter().all(EvaluatedCrl::is_usable) && !evaluated.is_empty())
    {
        let covered = reasons.names().join(", ");
        let message = format!(
            "the given CRLs cover revocations only for some reasons ({covered}): it may be revoked for \
             another"
        );
        findings.push(weigh(
            Finding::about(Rule::CrlIncomplete, certificate, message)
                .compared("CRLs for all reasons", covered),
        ));
    }
    findings.extend(
        evaluated
            .into_iter()
            .flat_map(|evaluated| [evaluated.flaws, evaluated.remarks].concat()),
    );
    findings
}

fn missing(certificate: &Certificate, outside: &[(&str, bool)], others_are_unreadable: bool) -> Finding {
    let issuer = certificate.issuer();
    // One that lists the number all the same is what there is to know first.
    if let Some((why, is_listed)) = outside
        .iter()
        .find(|(_, is_listed)| *is_listed)
        .or(outside.first())
    {
        let serial = certificate.serial();
        let listed = if *is_listed {
            format!("; it lists the serial number {serial} anyway: ask the CA")
        } else {
            String::new()
        };
        let message =
            format!("a CRL of `{issuer}` was given, but does not cover this certificate: {why}{listed}");
        return Finding::about(Rule::CrlScope, certificate, message)
            .compared("a CRL that covers the certificate", *why);
    }
    let given = if others_are_unreadable {
        "could be read"
    } else {
        "were given"
    };
    let message = format!(
        "none of the CRLs that {given} is from its issuer `{issuer}`, so it is unknown whether it is revoked"
    );
    Finding::about(Rule::CrlMissing, certificate, message).compared(format!("a CRL of {issuer}"), "none")
}
