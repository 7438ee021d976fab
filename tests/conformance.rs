//! gsec's path validation on the cases of x509-limbo, <https://x509-limbo.com>.
//!
//! The suite is not part of this project: `$X509_LIMBO` says where `limbo.json` and `index.tsv` lie. Without them nothing is run,
//! and tests/path_rules.rs has cases of our own for each rule.
//!
//! `index.tsv` has a tier for each case: `must` where every implementation that the suite knows well ("anchors") answers as
//! expected, `should` where most do, `pedantic` for the rest. Where gsec answers otherwise, tests/data/limbo_disagreements.json says why.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gsec::x509::path::{Answer, Purpose, Question, validate};
use gsec::x509::{Certificate, GeneralName, decode_certificates, decode_crls};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Where a case has no time, it is valid for all of it but for the dates of real certificates of 2024 to 2026.
const NOW: &str = "2026-01-01T00:00:00Z";

#[derive(Deserialize)]
struct Suite {
    testcases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    validation_kind: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    validation_time: Option<String>,
    expected_result: String,
    expected_peer_name: Option<PeerName>,
    #[serde(default)]
    crls: Vec<String>,
}

#[derive(Deserialize)]
struct PeerName {
    value: String,
}

/// A case where gsec does not answer as the suite expects.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disagreement {
    id: String,
    /// `SUCCESS` or `FAILURE`.
    expected: String,
    /// What gsec answers.
    actual: String,
    /// The findings of less weight by which gsec tells what the case is about; empty where it tells nothing.
    told: Vec<String>,
    reason: String,
}

#[derive(Default, Debug, Clone, Copy, PartialEq, Eq)]
struct Score {
    cases: usize,
    gsec: usize,
    webpki: usize,
}

fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("X509_LIMBO").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/conformance/limbo"));
    named.or_else(|| beside.join("limbo.json").exists().then_some(beside))
}

/// The tier of each case.
fn tiers(index: &str) -> BTreeMap<&str, &str> {
    let mut lines = index.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let heads = lines.next().expect("a head");
    let column = heads.iter().position(|head| *head == "tier").expect("a column of tiers");
    lines.map(|cells| (cells[0], cells[column])).collect()
}

impl Case {
    fn at(&self) -> OffsetDateTime {
        OffsetDateTime::parse(self.validation_time.as_deref().unwrap_or(NOW), &Rfc3339).expect("a time")
    }

    /// gsec's answer; an error where a certificate or CRL cannot even be read.
    fn by_gsec(&self) -> Result<Answer, String> {
        let read = |pems: &[String]| -> Result<Vec<Certificate>, String> {
            let all = pems.iter().map(|pem| decode_certificates(pem.as_bytes()).map_err(|error| error.to_string())).collect::<Result<Vec<_>, _>>()?;
            Ok(all.concat())
        };
        // Programs that are given many certificates leave aside those that they cannot read.
        let readable = |pems: &[String]| pems.iter().filter_map(|pem| decode_certificates(pem.as_bytes()).ok()).flatten().collect::<Vec<_>>();
        let target = read(std::slice::from_ref(&self.peer_certificate))?.remove(0);
        let crls = self.crls.iter().map(|pem| decode_crls(pem.as_bytes()).map_err(|error| error.to_string())).collect::<Result<Vec<_>, _>>()?;
        let crls: Vec<Vec<u8>> = crls.concat().iter().map(|crl| crl.der().to_vec()).collect();
        let name = self.expected_peer_name.as_ref().map(|name| GeneralName::parse_host(&name.value).expect("a host"));
        Ok(validate(&Question {
            untrusted: &readable(&self.untrusted_intermediates),
            anchors: &readable(&self.trusted_certs),
            purpose: if self.validation_kind == "SERVER" { Purpose::Server } else { Purpose::Client },
            name: name.as_ref(),
            crls: &crls,
            ..Question::about(&target, self.at())
        }))
    }

    /// What webpki says when it is asked as rustls asks it.
    fn by_webpki(&self) -> Result<(), String> {
        use rustls_pki_types::pem::PemObject;
        use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
        let read = |pem: &String| CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| error.to_string());
        let all = |pems: &[String]| pems.iter().map(read).collect::<Result<Vec<_>, _>>();
        let (anchors, between, peer) = (all(&self.trusted_certs)?, all(&self.untrusted_intermediates)?, read(&self.peer_certificate)?);
        let anchors: Vec<_> = anchors.iter().filter_map(|der| webpki::anchor_from_trusted_cert(der).ok()).collect();
        let said = |error: webpki::Error| format!("{error:?}");
        let target = webpki::EndEntityCert::try_from(&peer).map_err(said)?;
        let crls: Vec<_> = self.crls.iter().map(|pem| CertificateRevocationListDer::from_pem_slice(pem.as_bytes()).expect("PEM")).collect();
        let crls: Vec<webpki::CertRevocationList<'_>> = crls
            .iter()
            .map(|crl| webpki::BorrowedCertRevocationList::from_der(crl).map(webpki::CertRevocationList::from))
            .collect::<Result<_, _>>()
            .map_err(said)?;
        let crls: Vec<_> = crls.iter().collect();
        let revocation = webpki::RevocationOptionsBuilder::new(&crls).ok();
        let revocation = revocation.map(|options| options.with_status_policy(webpki::UnknownStatusPolicy::Allow).build());
        let usage = if self.validation_kind == "SERVER" { webpki::KeyUsage::server_auth() } else { webpki::KeyUsage::client_auth() };
        let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::try_from(self.at().unix_timestamp()).expect("since 1970")));
        target.verify_for_usage(webpki::ALL_VERIFICATION_ALGS, &anchors, &between, at, usage, revocation, None).map_err(said)?;
        match &self.expected_peer_name {
            Some(name) => {
                let name = ServerName::try_from(name.value.as_str()).map_err(|error| error.to_string())?;
                target.verify_is_valid_for_subject_name(&name).map_err(said)
            }
            None => Ok(()),
        }
    }
}

fn word(accepted: bool) -> &'static str {
    if accepted { "SUCCESS" } else { "FAILURE" }
}

#[test]
fn gsec_agrees_with_x509_limbo_but_where_it_is_written_down() {
    let Some(folder) = folder() else {
        println!("x509-limbo was not run: set X509_LIMBO to the folder of its limbo.json and index.tsv");
        return;
    };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (suite, index) = (read("limbo.json"), read("index.tsv"));
    let suite: Suite = serde_json::from_str(&suite).expect("limbo.json");
    let tiers = tiers(&index);
    let mut known: Vec<Disagreement> = serde_json::from_str(include_str!("data/limbo_disagreements.json")).expect("disagreements");
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut problems = Vec::new();
    for case in &suite.testcases {
        let tier = tiers.get(case.id.as_str()).copied().expect("a tier for every case");
        let (answer, webpki) = (case.by_gsec(), case.by_webpki());
        let actual = word(answer.as_ref().is_ok_and(Answer::is_valid));
        let score = scores.entry(tier).or_default();
        score.cases += 1;
        score.gsec += usize::from(actual == case.expected_result);
        score.webpki += usize::from(word(webpki.is_ok()) == case.expected_result);
        let told: Vec<String> = match &answer {
            Ok(answer) => answer.findings.iter().map(|finding| finding.rule.slug().to_owned()).collect(),
            Err(error) => vec![error.clone()],
        };
        let entry = known.iter().position(|entry| entry.id == case.id).map(|at| known.remove(at));
        let found = format!("{} [{tier}]: {actual}, expected {}, told {told:?}, webpki {webpki:?}", case.id, case.expected_result);
        match entry {
            None if actual == case.expected_result => {}
            None => problems.push(format!("not written down: {found}")),
            Some(_) if actual == case.expected_result => problems.push(format!("written down, and gsec agrees: {found}")),
            Some(entry) => {
                let is_same = entry.expected == case.expected_result && entry.actual == actual && entry.told.iter().all(|slug| told.contains(slug));
                if !is_same || entry.reason.is_empty() {
                    problems.push(format!("written down otherwise: {found}"));
                }
                if tier == "must" && actual == "SUCCESS" {
                    problems.push(format!("a false accept on which all implementations agree cannot be written down: {found}"));
                }
            }
        }
    }
    problems.extend(known.iter().map(|entry| format!("no such case: {}", entry.id)));
    println!("{scores:#?}");
    for (tier, score) in &scores {
        if score.gsec < score.webpki {
            problems.push(format!("gsec agrees less than webpki on {tier}: {score:?}"));
        }
    }
    assert!(problems.is_empty(), "{}\n{scores:?}", problems.join("\n"));
    assert!(suite.testcases.len() >= 200, "the whole suite");
}
