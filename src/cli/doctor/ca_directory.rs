//! `gsec doctor DIRECTORY`.

use std::path::Path;

use super::left_out::stopped;
use crate::cli::failure::Failure;
use crate::cli::global::shown;
use gsec_ca::home::CaDir;
use gsec_doctor::checks::ca_directory::{CHECKS, Facts};
use gsec_doctor::checks::{CA_REVOCATION, Diagnosis, Examination, Expiry, Selection, TargetKind};
use gsec_env::Env;
use gsec_pki::x509::days_left;

/// Examines a CA directory.
pub(super) fn examine(path: &Path, selection: &Selection, env: &Env) -> Result<Examination, Failure> {
    let facts = gsec_doctor::facts::ca_directory(&CaDir::at(path), env.clock.now())?;
    let diagnosis = Diagnosis::of(&facts, CHECKS, selection);
    if facts.certificate().is_none() {
        stopped(&shown(path), &diagnosis, || {
            Diagnosis::of(&facts, CHECKS, &Selection::default())
        })?;
    }
    Ok(Examination {
        target: shown(path),
        kind: TargetKind::CaDirectory,
        facts: shown_facts(&facts),
        expiries: facts
            .certificates
            .read()
            .into_iter()
            .flatten()
            .map(Expiry::from)
            .collect(),
        // Nothing in the directory of an intermediate CA tells whether the CA above has revoked it.
        not_checked: facts
            .certificate()
            .filter(|own| !own.is_self_issued())
            .map(|_| CA_REVOCATION)
            .into_iter()
            .collect(),
        is_unseen: false,
        summary: summary(&facts),
        diagnosis,
    })
}

/// A healthy CA directory in one line.
fn summary(facts: &Facts) -> Option<String> {
    let own = facts.certificate()?;
    let role = if own.is_self_issued() {
        "root CA"
    } else {
        "intermediate CA"
    };
    let days = days_left(own.not_after(), facts.now);
    let records = records(facts).map_or_else(String::new, |records| format!(", records: {records}"));
    Some(format!("{role} `{}`, {days} days left{records}", own.subject()))
}

/// How many records there are, and how many were compared.
fn records(facts: &Facts) -> Option<String> {
    let index = facts.index.read()?;
    Some(match index.compared {
        all if all == index.records => format!("{all}, all compared with their certificates"),
        some => format!(
            "{}, {some} of them compared with their certificates",
            index.records
        ),
    })
}

fn shown_facts(facts: &Facts) -> Vec<(&'static str, String)> {
    let subject = facts
        .certificate()
        .map(|certificate| ("CA", certificate.subject().to_string()));
    let records = records(facts).map(|records| ("records", records));
    subject.into_iter().chain(records).collect()
}
