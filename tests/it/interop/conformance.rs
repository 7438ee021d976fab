//! gsec's path validation on the cases of x509-limbo, <https://x509-limbo.com>, and of NIST's PKITS 1.0.1.
//!
//! The suites are not part of this project: `$X509_LIMBO` says where `limbo.json` and `index.tsv` lie, `$PKITS` where `pkits.json` lies,
//! in the same form. Without them nothing is run, and tests/it/cert/path_rules.rs and tests/it/cert/crl_kinds.rs have cases of our own for each rule.
//!
//! `index.tsv` of x509-limbo has a tier for each case: `must` where every implementation that the suite knows well ("anchors") answers as
//! expected, `should` where most do, `pedantic` for the rest. Where gsec answers otherwise, tests/data/limbo_disagreements.json says why; for
//! PKITS tests/data/pkits_disagreements.json.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use der::oid::ObjectIdentifier;
use gsec_pki::x509::path::{Answer, PolicyInputs, Purpose, Question, validate};
use gsec_pki::x509::{Certificate, GeneralName, decode_certificates, decode_crls};
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
    description: String,
    features: Vec<String>,
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

/// The folder of a suite: what the variable says, or where it lies beside the project.
fn folder(variable: &str, suite: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable)
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/conformance")).join(suite);
    named.or_else(|| beside.join(format!("{suite}.json")).exists().then_some(beside))
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What a suite asks for beside the certificates.
#[derive(Default, Clone)]
struct Demands {
    require_crl: bool,
    acceptable: Vec<ObjectIdentifier>,
    require_explicit: bool,
    inhibit_any: bool,
    inhibit_mapping: bool,
}

/// The tier of each case.
fn tiers(index: &str) -> BTreeMap<&str, &str> {
    let mut lines = index.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let heads = lines.next().expect("a head");
    let column = heads
        .iter()
        .position(|head| *head == "tier")
        .expect("a column of tiers");
    lines.map(|cells| (cells[0], cells[column])).collect()
}

impl Case {
    fn at(&self) -> OffsetDateTime {
        OffsetDateTime::parse(self.validation_time.as_deref().unwrap_or(NOW), &Rfc3339).expect("a time")
    }

    /// gsec's answer; an error where a certificate or CRL cannot even be read.
    fn by_gsec(&self, purpose: Purpose, demands: &Demands) -> Result<Answer, String> {
        let read = |pems: &[String]| -> Result<Vec<Certificate>, String> {
            let all = pems
                .iter()
                .map(|pem| decode_certificates(pem.as_bytes()).map_err(|error| error.to_string()))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(all.concat())
        };
        // Programs that are given many certificates leave aside those that they cannot read.
        let readable = |pems: &[String]| {
            pems.iter()
                .filter_map(|pem| decode_certificates(pem.as_bytes()).ok())
                .flatten()
                .collect::<Vec<_>>()
        };
        let target = read(std::slice::from_ref(&self.peer_certificate))?.remove(0);
        let crls = self
            .crls
            .iter()
            .map(|pem| decode_crls(pem.as_bytes()).map_err(|error| error.to_string()))
            .collect::<Result<Vec<_>, _>>()?;
        let crls: Vec<Vec<u8>> = crls.concat().iter().map(|crl| crl.der().to_vec()).collect();
        let name = self
            .expected_peer_name
            .as_ref()
            .map(|name| GeneralName::parse_host(&name.value).expect("a host"));
        Ok(validate(&Question {
            untrusted: &readable(&self.untrusted_intermediates),
            anchors: &readable(&self.trusted_certs),
            purpose,
            name: name.as_ref(),
            crls: &crls,
            require_crl: demands.require_crl,
            policies: PolicyInputs {
                acceptable: &demands.acceptable,
                require_explicit: demands.require_explicit,
                inhibit_any: demands.inhibit_any,
                inhibit_mapping: demands.inhibit_mapping,
            },
            ..Question::about(&target, self.at())
        }))
    }

    fn tls_purpose(&self) -> Purpose {
        if self.validation_kind == "SERVER" {
            Purpose::Server
        } else {
            Purpose::Client
        }
    }

    /// The inputs of RFC 5280 §6.1.1 that a case of PKITS names at the end of its description: `SetInitialPolicySet("NIST-test-policy-1"`.
    fn policy_inputs(&self) -> Demands {
        let policy = |name: &str| {
            let number = name
                .trim()
                .strip_prefix("NIST-test-policy-")
                .expect("a policy of NIST");
            ObjectIdentifier::new(&format!("2.16.840.1.101.3.2.1.48.{number}")).expect("an object identifier")
        };
        let set = self
            .description
            .split_once("SetInitialPolicySet(\"")
            .and_then(|(_, rest)| rest.split('"').next());
        let is_set = |name: &str| self.description.contains(&format!("{name}(true"));
        Demands {
            require_crl: true,
            acceptable: set.map_or_else(Vec::new, |names| names.split(',').map(policy).collect()),
            require_explicit: is_set("SetInitialExplicitPolicy"),
            inhibit_any: is_set("SetInitialInhibitAnyPolicy"),
            inhibit_mapping: is_set("SetInitialPolicyMappingInhibit"),
        }
    }

    /// What webpki says when it is asked as rustls asks it.
    fn by_webpki(&self) -> Result<(), String> {
        use rustls_pki_types::pem::PemObject;
        use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
        let read =
            |pem: &String| CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| error.to_string());
        let all = |pems: &[String]| pems.iter().map(read).collect::<Result<Vec<_>, _>>();
        let (anchors, between, peer) = (
            all(&self.trusted_certs)?,
            all(&self.untrusted_intermediates)?,
            read(&self.peer_certificate)?,
        );
        let anchors: Vec<_> = anchors
            .iter()
            .filter_map(|der| webpki::anchor_from_trusted_cert(der).ok())
            .collect();
        let said = |error: webpki::Error| format!("{error:?}");
        let target = webpki::EndEntityCert::try_from(&peer).map_err(said)?;
        let crls: Vec<_> = self
            .crls
            .iter()
            .map(|pem| CertificateRevocationListDer::from_pem_slice(pem.as_bytes()).expect("PEM"))
            .collect();
        let crls: Vec<webpki::CertRevocationList<'_>> = crls
            .iter()
            .map(|crl| {
                webpki::BorrowedCertRevocationList::from_der(crl).map(webpki::CertRevocationList::from)
            })
            .collect::<Result<_, _>>()
            .map_err(said)?;
        let crls: Vec<_> = crls.iter().collect();
        let revocation = webpki::RevocationOptionsBuilder::new(&crls).ok();
        let revocation = revocation.map(|options| {
            options
                .with_status_policy(webpki::UnknownStatusPolicy::Allow)
                .build()
        });
        let usage = if self.validation_kind == "SERVER" {
            webpki::KeyUsage::server_auth()
        } else {
            webpki::KeyUsage::client_auth()
        };
        let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(
            u64::try_from(self.at().unix_timestamp()).expect("since 1970"),
        ));
        target
            .verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                &anchors,
                &between,
                at,
                usage,
                revocation,
                None,
            )
            .map_err(said)?;
        match &self.expected_peer_name {
            Some(name) => {
                let name = ServerName::try_from(name.value.as_str()).map_err(|error| error.to_string())?;
                target.verify_is_valid_for_subject_name(&name).map_err(said)
            }
            None => Ok(()),
        }
    }
}

/// Prints past the capture of the test harness, which would swallow the scores of a test that passes.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn word(accepted: bool) -> &'static str {
    if accepted { "SUCCESS" } else { "FAILURE" }
}

#[test]
fn gsec_agrees_with_x509_limbo_but_where_it_is_written_down() {
    let Some(folder) = folder("X509_LIMBO", "limbo") else {
        println!("x509-limbo was not run: set X509_LIMBO to the folder of its limbo.json and index.tsv");
        return;
    };
    let (suite, index) = (read(&folder, "limbo.json"), read(&folder, "index.tsv"));
    let suite: Suite = serde_json::from_str(&suite).expect("limbo.json");
    let tiers = tiers(&index);
    let mut known: Vec<Disagreement> =
        serde_json::from_str(include_str!("../../data/limbo_disagreements.json")).expect("disagreements");
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut problems = Vec::new();
    for case in &suite.testcases {
        let tier = tiers
            .get(case.id.as_str())
            .copied()
            .expect("a tier for every case");
        let (answer, webpki) = (
            case.by_gsec(case.tls_purpose(), &Demands::default()),
            case.by_webpki(),
        );
        let actual = word(answer.as_ref().is_ok_and(Answer::is_valid));
        let score = scores.entry(tier).or_default();
        score.cases += 1;
        score.gsec += usize::from(actual == case.expected_result);
        score.webpki += usize::from(word(webpki.is_ok()) == case.expected_result);
        let told: Vec<String> = match &answer {
            Ok(answer) => answer
                .findings
                .iter()
                .map(|finding| finding.rule.slug().to_owned())
                .collect(),
            Err(error) => vec![error.clone()],
        };
        let entry = known
            .iter()
            .position(|entry| entry.id == case.id)
            .map(|at| known.remove(at));
        let found = format!(
            "{} [{tier}]: {actual}, expected {}, told {told:?}, webpki {webpki:?}",
            case.id, case.expected_result
        );
        match entry {
            None if actual == case.expected_result => {}
            None => problems.push(format!("not written down: {found}")),
            Some(_) if actual == case.expected_result => {
                problems.push(format!("written down, and gsec agrees: {found}"))
            }
            Some(entry) => {
                let is_same = entry.expected == case.expected_result
                    && entry.actual == actual
                    && entry.told.iter().all(|slug| told.contains(slug));
                if !is_same || entry.reason.is_empty() {
                    problems.push(format!("written down otherwise: {found}"));
                }
                if tier == "must" && actual == "SUCCESS" {
                    problems.push(format!(
                        "a false accept on which all implementations agree cannot be written down: {found}"
                    ));
                }
            }
        }
    }
    problems.extend(known.iter().map(|entry| format!("no such case: {}", entry.id)));
    for (tier, score) in &scores {
        say(&format!(
            "x509-limbo, {tier}: {} of {} as expected; webpki {}",
            score.gsec, score.cases, score.webpki
        ));
    }
    for (tier, score) in &scores {
        if score.gsec < score.webpki {
            problems.push(format!("gsec agrees less than webpki on {tier}: {score:?}"));
        }
    }
    assert!(problems.is_empty(), "{}\n{scores:?}", problems.join("\n"));
    assert!(suite.testcases.len() >= 200, "the whole suite");
}

/// A case of PKITS where gsec does not answer as NIST expects.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PkitsDisagreement {
    id: String,
    /// `none`, or `named`: without any policy inputs, or with those that the case names.
    inputs: String,
    /// `SUCCESS` or `FAILURE`.
    expected: String,
    /// What gsec answers.
    actual: String,
    reason: String,
}

/// All certificates of PKITS are for no TLS purpose, and a CRL must say of each that it is not revoked.
#[test]
fn gsec_agrees_with_pkits_but_where_it_is_written_down() {
    let Some(folder) = folder("PKITS", "pkits") else {
        println!("PKITS was not run: set PKITS to the folder of its pkits.json");
        return;
    };
    let suite: Suite = serde_json::from_str(&read(&folder, "pkits.json")).expect("pkits.json");
    let mut known: Vec<PkitsDisagreement> =
        serde_json::from_str(include_str!("../../data/pkits_disagreements.json")).expect("disagreements");
    let mut problems = Vec::new();
    let mut scores = BTreeMap::new();
    for case in &suite.testcases {
        let without = Demands {
            require_crl: true,
            ..Demands::default()
        };
        for (inputs, demands) in [("none", without), ("named", case.policy_inputs())] {
            let answer = case.by_gsec(Purpose::Any, &demands);
            let actual = word(answer.as_ref().is_ok_and(Answer::is_valid));
            *scores.entry(inputs).or_insert(0) += usize::from(actual == case.expected_result);
            let entry = known
                .iter()
                .position(|entry| entry.id == case.id && entry.inputs == inputs)
                .map(|at| known.remove(at));
            let told = answer.map(|answer| {
                answer
                    .findings
                    .iter()
                    .map(|finding| finding.message.clone())
                    .collect::<Vec<_>>()
            });
            let found = format!(
                "{} with {inputs} inputs: {actual}, expected {}, told {told:?}",
                case.id, case.expected_result
            );
            match entry {
                None if actual == case.expected_result => {}
                None => problems.push(format!("not written down: {found}")),
                Some(_) if actual == case.expected_result => {
                    problems.push(format!("written down, and gsec agrees: {found}"))
                }
                Some(entry)
                    if entry.expected != case.expected_result
                        || entry.actual != actual
                        || entry.reason.is_empty() =>
                {
                    problems.push(format!("written down otherwise: {found}"));
                }
                Some(_) => {}
            }
        }
    }
    problems.extend(
        known
            .iter()
            .map(|entry| format!("no such case: {} with {} inputs", entry.id, entry.inputs)),
    );
    let count = suite.testcases.len();
    say(&format!(
        "PKITS: {} of {count} as expected without policy inputs, {} with those that the cases name",
        scores["none"], scores["named"]
    ));
    let with_inputs = suite
        .testcases
        .iter()
        .filter(|case| {
            case.features
                .iter()
                .any(|feature| feature == "needs-policy-inputs")
        })
        .count();
    assert!(problems.is_empty(), "{}\n{scores:?}", problems.join("\n"));
    assert_eq!((suite.testcases.len(), with_inputs), (247, 35), "the whole suite");
}
