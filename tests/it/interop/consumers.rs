//! What `cert verify` says of each program (crates/pki/src/x509/path/{consumers,verdicts}) is what the program answers: each is asked about a path with
//! each fault, and about the cases of x509-limbo and of NIST PKITS where they are at hand (`$X509_LIMBO`, `$PKITS`).
//!
//! Windows is not asked: what is said of it is from its documentation. Where a program answers otherwise than gsec says,
//! tests/data/consumer_disagreements.json says why; an entry that no longer applies fails the test. Every answer is kept in
//! `target/tmp/consumers.tsv`.

use crate::common;

use std::collections::BTreeMap;

use common::conformance::{Case, limbo, pkits};
use common::faults::{self, Scenario};
use common::judges;
use gsec_pki::x509::path::{Answer, Consumer, ConsumerVerdict, Finding, Rule, Severity, Verdict};
use serde::Deserialize;

/// A case where a program does not answer as gsec says of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disagreement {
    program: String,
    case: String,
    /// What gsec says of the program, `accepts` or `refuses`.
    gsec: String,
    /// What the program does.
    said: String,
    reason: String,
}

/// The programs that are asked.
fn asked() -> impl Iterator<Item = Consumer> {
    Consumer::ALL
        .into_iter()
        .filter(|consumer| *consumer != Consumer::Windows)
}

fn of(verdicts: &[ConsumerVerdict], consumer: Consumer) -> &ConsumerVerdict {
    verdicts
        .iter()
        .find(|found| found.consumer == consumer)
        .expect("every program")
}

/// All cases: our own, and the suites that are there.
fn cases() -> Vec<Case> {
    let own = faults::all()
        .into_iter()
        .chain(faults::sound_ones())
        .map(Case::of_fault);
    let combined = faults::combinations()
        .into_iter()
        .map(|(what, scenario)| Case::of_scenario(format!("combination::{what}"), scenario));
    own.chain(combined)
        .chain(limbo().into_iter().flatten())
        .chain(pkits().into_iter().flatten())
        .collect()
}

#[test]
fn every_program_does_what_gsec_says_of_it() {
    let cases = cases();
    let answers: Vec<_> = cases.iter().map(Case::by_gsec).collect();
    // What is told of OpenSSL is what it does when it checks the CRL of the target's issuer, but for CAs on the path that are revoked.
    let [of_target, of_every] = judges::ask(&asked().collect::<Vec<_>>(), &cases);
    let is_revoked_above = |answer: &Answer| {
        answer
            .findings
            .iter()
            .any(|finding| finding.rule == Rule::Revoked && finding.position > Some(0))
    };
    let mut known: Vec<Disagreement> =
        serde_json::from_str(include_str!("../../data/consumer_disagreements.json")).expect("disagreements");
    let (mut problems, mut kept, mut scores) =
        (Vec::new(), String::new(), BTreeMap::<Consumer, [usize; 3]>::new());
    for (number, case) in cases.iter().enumerate() {
        let Ok(answer) = &answers[number] else { continue };
        let is_of_every =
            |finding: &Finding| finding.rule == Rule::CrlUnusable && finding.severity == Severity::Notice;
        if answer.findings.iter().any(is_of_every) && of_every[&Consumer::OpenSsl][number].is_ok() {
            problems.push(format!("{}: OpenSSL with -crl_check_all accepts", case.id));
        }
        let said = if is_revoked_above(answer) {
            &of_every
        } else {
            &of_target
        };
        for consumer in asked() {
            let (told, said) = (of(&answer.consumers, consumer), &said[&consumer][number]);
            let does = if said.is_ok() { "accepts" } else { "refuses" };
            let rules: Vec<&str> = told.rules.iter().map(|rule| rule.slug()).collect();
            let found: Vec<&str> = answer
                .findings
                .iter()
                .map(|finding| finding.rule.slug())
                .collect();
            kept += &format!(
                "{}\t{}\t{}\t{does}\t{}\t{}\t{said:?}\n",
                case.id,
                consumer.name(),
                told.verdict.name(),
                rules.join(","),
                found.join(",")
            );
            let listed = known
                .iter()
                .position(|entry| entry.program == consumer.name() && entry.case == case.id)
                .map(|at| known.remove(at));
            let is_otherwise = told.verdict != Verdict::Unknown && told.verdict.name() != does;
            let score = scores.entry(consumer).or_default();
            score[usize::from(is_otherwise) + 2 * usize::from(told.verdict == Verdict::Unknown)] += 1;
            let is_listed = listed.is_some_and(|entry| {
                entry.gsec == told.verdict.name() && entry.said == does && !entry.reason.is_empty()
            });
            if is_otherwise != is_listed {
                let what = if is_otherwise {
                    "not listed"
                } else {
                    "listed, and not so"
                };
                problems.push(format!(
                    "{what}: {}: {} {} {rules:?} of {found:?}, and it says {said:?}",
                    case.id,
                    consumer.name(),
                    told.verdict.name()
                ));
            }
        }
    }
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/consumers.tsv"), kept).expect("target/tmp");
    if limbo().is_some() && pkits().is_some() {
        problems.extend(known.iter().map(|entry| {
            format!(
                "listed, and there is no such case: {} {}",
                entry.program, entry.case
            )
        }));
    }
    for (consumer, [same, otherwise, unknown]) in &scores {
        println!(
            "{}: {same} as said, {otherwise} otherwise, {unknown} not known",
            consumer.name()
        );
    }
    assert!(
        problems.is_empty(),
        "{}\n{} problems",
        problems.join("\n"),
        problems.len()
    );
}

/// A CRL that `openssl verify -crl_check_all` cannot use does not count where one is required (`cert verify --require-crl`).
#[test]
fn a_required_crl_is_one_that_openssl_can_use() {
    judges::expect_good_by_openssl(faults::complete_crls(), |scenario| {
        let asked = Scenario {
            require_crl: true,
            target: scenario.target.clone(),
            untrusted: scenario.untrusted.clone(),
            anchors: scenario.anchors.clone(),
            crls: scenario.crls.clone(),
            ..*scenario
        };
        asked.answer().is_valid()
    });
}
