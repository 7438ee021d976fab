//! `gsec cert verify` through the binary: what it says, to whom, and with which exit status.

mod common;

use common::faults::{self, Scenario, sound};
use common::forge::*;
use common::{Outcome, Scene};
use gsec::x509::path::Severity;
use serde_json::{Value, json};

/// Writes a scenario into files and verifies it at its time.
fn verify(scenario: &Scenario, flags: &[&str]) -> Outcome {
    let scene = Scene::empty();
    let pems = |label: &str, list: &[Vec<u8>]| list.iter().map(|der| pem(label, der)).collect::<String>();
    scene.write("host.pem", pems("CERTIFICATE", std::slice::from_ref(&scenario.target)) + &pems("CERTIFICATE", &scenario.untrusted));
    scene.write("root.pem", pems("CERTIFICATE", &scenario.anchors));
    scene.write("crls.pem", pems("X509 CRL", &scenario.crls));
    let crl: &[&str] = if scenario.crls.is_empty() { &[] } else { &["--crl", "crls.pem"] };
    let args = ["cert", "verify", "host.pem", "--trust", "root.pem", "--name", scenario.name, "--at", "2026-06-01T00:00:00Z"];
    let require: &[&str] = if scenario.require_crl { &["--require-crl"] } else { &[] };
    scene.gsec(&args).args(crl).args(require).args(flags).run()
}

fn consumers(document: &Value) -> Vec<(String, String)> {
    let list = document["consumers"].as_array().expect("consumers").iter();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    list.map(|found| (text(&found["consumer"]), text(&found["verdict"]))).collect()
}

#[test]
fn where_nothing_is_wrong_one_line_says_for_whom() {
    let scenario = sound().scenario();
    let text = verify(&scenario, &[]).ok();
    assert!(text.stdout.contains("for whom       every program that is known to gsec accepts it\n"), "{text}");
    let document = verify(&scenario, &["--json"]).ok().json();
    assert_eq!((&document["disagreement"], &document["findings"]), (&Value::Null, &json!([])));
    assert!(consumers(&document).iter().all(|(_, verdict)| verdict == "accepts") && consumers(&document).len() == 8, "{document}");
}

#[test]
fn where_programs_differ_each_is_named_with_the_deciding_rule() {
    let chain = sound();
    let scenario = faults::Chain { root: chain.root.without(KEY_USAGE), ..chain }.scenario();
    let text = verify(&scenario, &[]).ok();
    for line in [
        "openssl, rustls, java, windows, nss, go: accepts",
        "openssl-strict: refuses (ca-without-key-usage)",
        "python-3.13: refuses (ca-without-key-usage)",
    ] {
        assert!(text.stdout.contains(line), "{line}: {text}");
    }
    let document = verify(&scenario, &["--json"]).ok().json();
    assert!(consumers(&document).contains(&("python-3.13".into(), "refuses".into())), "{document}");
    let finding = &document["findings"][0];
    assert_eq!((&finding["rule"], &finding["severity"], &finding["position"]), (&json!("ca-without-key-usage"), &json!("warning"), &json!(2)));
    assert_eq!((&finding["expected"], &finding["found"]), (&json!("keyCertSign"), &json!("no keyUsage")));
}

#[test]
fn two_validators_that_do_not_agree_are_both_shown() {
    // An expired root: rustls does not look at it.
    let chain = sound();
    let root = chain.root.change(|root| root.validity = ["20200101000000Z", "20210101000000Z"]);
    let text = verify(&faults::Chain { root, ..chain }.scenario(), &["-v"]).code(1);
    assert!(text.stdout.contains("rustls         accepted\n") && text.stdout.contains("disagreement   rustls-webpki accepts: "), "{text}");
}

#[test]
fn every_finding_has_something_to_type_and_the_exit_status_goes_by_the_errors() {
    for fault in faults::all() {
        if fault.what == "CRL that is none" {
            continue; // cannot be read from a file: exit 3
        }
        let status = if fault.severity() == Severity::Error { 1 } else { 0 };
        let document = verify(&fault.scenario, &["--json"]).code(status).json();
        let findings = document["findings"].as_array().expect("findings");
        assert!(!findings.is_empty(), "{}", fault.what);
        for finding in findings {
            let help = ["fix", "look", "advice"].map(|kind| finding[kind].as_array().expect("a list").len());
            assert!(help.iter().any(|count| *count > 0) && finding["rfc"].as_str().is_some_and(|rfc| rfc.contains('§')), "{}: {finding}", fault.what);
        }
    }
}
