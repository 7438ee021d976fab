//! Cases for path validation: our own faults, x509-limbo <https://x509-limbo.com>, and NIST PKITS in the form of x509-limbo.
//!
//! The suites are not part of this project: `$X509_LIMBO` and `$PKITS` say where they lie, or they lie in `../shared/conformance`.

use std::path::PathBuf;

use gsec_pki::x509::path::{Answer, Purpose, Question, validate};
use gsec_pki::x509::{Certificate, GeneralName};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::faults::{Fault, NOW, Scenario};

/// One question to every judge.
#[derive(Clone)]
pub struct Case {
    pub id: String,
    pub at: i64,
    pub purpose: Purpose,
    /// A host, or nothing.
    pub name: String,
    pub target: Vec<u8>,
    pub untrusted: Vec<Vec<u8>>,
    pub anchors: Vec<Vec<u8>>,
    pub crls: Vec<Vec<u8>>,
}

impl Case {
    pub fn of_fault(fault: Fault) -> Self {
        Self::of_scenario(format!("fault::{}", fault.what), fault.scenario)
    }

    /// A question of our own under a name.
    pub fn of_scenario(id: String, scenario: Scenario) -> Self {
        Case {
            id,
            at: NOW,
            purpose: scenario.purpose,
            name: scenario.name.to_owned(),
            target: scenario.target,
            untrusted: scenario.untrusted,
            anchors: scenario.anchors,
            crls: scenario.crls,
        }
    }

    /// gsec's answer; an error where the certificate cannot even be read.
    pub fn by_gsec(&self) -> Result<Answer, String> {
        // Programs that are given many certificates leave aside those that they cannot read.
        let readable = |list: &[Vec<u8>]| {
            list.iter()
                .filter_map(|der| Certificate::from_der(der).ok())
                .collect::<Vec<_>>()
        };
        let target = Certificate::from_der(&self.target).map_err(|error| error.to_string())?;
        let name = (!self.name.is_empty()).then(|| GeneralName::parse_host(&self.name).expect("a host"));
        let at = OffsetDateTime::from_unix_timestamp(self.at).expect("a time");
        Ok(validate(&Question {
            untrusted: &readable(&self.untrusted),
            anchors: &readable(&self.anchors),
            purpose: self.purpose,
            name: name.as_ref(),
            crls: &self.crls,
            ..Question::about(&target, at)
        }))
    }
}

#[derive(Deserialize)]
struct Suite {
    testcases: Vec<Written>,
}

/// A case as the suites write it.
#[derive(Deserialize)]
struct Written {
    id: String,
    validation_kind: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    validation_time: Option<String>,
    expected_peer_name: Option<PeerName>,
    #[serde(default)]
    crls: Vec<String>,
}

#[derive(Deserialize)]
struct PeerName {
    value: String,
}

/// Where a case has no time, it is valid for all of it but for the dates of real certificates of 2024 to 2026.
const UNTIMED: &str = "2026-01-01T00:00:00Z";

impl From<Written> for Case {
    fn from(written: Written) -> Self {
        let ders = |pems: &[String]| {
            pems.iter()
                .flat_map(|pem| gsec_pki::encoding::pem::decode_all(pem.as_bytes()).expect("PEM"))
                .map(|block| block.content.to_vec())
                .collect()
        };
        let target: Vec<Vec<u8>> = ders(std::slice::from_ref(&written.peer_certificate));
        let at = OffsetDateTime::parse(written.validation_time.as_deref().unwrap_or(UNTIMED), &Rfc3339)
            .expect("a time");
        Case {
            id: written.id,
            at: at.unix_timestamp(),
            purpose: if written.validation_kind == "SERVER" {
                Purpose::Server
            } else {
                Purpose::Client
            },
            name: written
                .expected_peer_name
                .map(|name| name.value)
                .unwrap_or_default(),
            target: target.into_iter().next().expect("a certificate"),
            untrusted: ders(&written.untrusted_intermediates),
            anchors: ders(&written.trusted_certs),
            crls: ders(&written.crls),
        }
    }
}

/// The folder of a suite.
pub fn folder(variable: &str, name: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/conformance")).join(name);
    named.or_else(|| beside.join("index.tsv").exists().then_some(beside))
}

fn suite(variable: &str, name: &str) -> Option<Vec<Case>> {
    let file = folder(variable, name)?.join(format!("{name}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let suite: Suite = serde_json::from_str(&text).expect("a suite in the form of x509-limbo");
    Some(suite.testcases.into_iter().map(Case::from).collect())
}

/// The cases of x509-limbo.
pub fn limbo() -> Option<Vec<Case>> {
    suite("X509_LIMBO", "limbo")
}

/// The cases of NIST PKITS.
pub fn pkits() -> Option<Vec<Case>> {
    suite("PKITS", "pkits")
}
