//! Python's `ssl`, with the strict checks that are its default since 3.13, and its `cryptography` library accept what gsec issues.

use crate::common;

use common::{
    HostFiles, KEY_TYPES, OpensslPeer, Stage, TestCa, WordPeer, every_refusal_holds, key_type,
    mutual_tls_holds, python, shared,
};
use serde_json::{Value, json};

const NAME: &str = "db1.example.com";

#[test]
fn ssl_with_ssl() {
    let (mut server, mut client) = (WordPeer::python(), WordPeer::python());
    for kind in &KEY_TYPES {
        let stage = shared::stage(kind);
        mutual_tls_holds(&mut server, &mut client, stage);
        every_refusal_holds(&mut server, &mut client, stage);
    }
}

#[test]
fn ssl_client_with_openssl_server_and_the_other_way_round() {
    let mut python = WordPeer::python();
    for kind in ["rsa-2048", "p256"].map(key_type) {
        let stage = shared::stage(kind);
        mutual_tls_holds(&mut OpensslPeer::default(), &mut python, stage);
        mutual_tls_holds(&mut python, &mut OpensslPeer::default(), stage);
    }
}

#[test]
fn ssl_knows_the_name_constraints_of_the_ca() {
    let (mut server, mut client) = (WordPeer::python(), WordPeer::python());
    mutual_tls_holds(&mut server, &mut client, &Stage::under_name_constraints());
}

#[test]
fn cryptography_reads_every_file_and_accepts_the_path() {
    for kind in KEY_TYPES.iter().filter(|kind| kind.name != "ed25519") {
        for encryption in ["modern", "compat"] {
            for password in ["", "pässwörd €"] {
                accepted(
                    shared::ca(kind),
                    shared::host(kind, encryption, password),
                    password,
                );
            }
        }
    }
}

/// Ed25519 is read, but the library's path validation keeps to the keys of the Web PKI, which has none.
#[test]
fn cryptography_reads_ed25519() {
    let ca = TestCa::of_key(key_type("ed25519"));
    assert_eq!(
        files(&judgement(
            &ca.certificate,
            &ca.issue(NAME, key_type("ed25519").flags),
            "",
            NAME
        )),
        all_match()
    );
}

fn accepted(ca: &TestCa, host: &HostFiles, password: &str) {
    let judged = judgement(&ca.certificate, host, password, NAME);
    assert_eq!(files(&judged), all_match());
    assert_eq!(
        (&judged["server"], &judged["client"]),
        (&json!("accepted"), &json!("accepted"))
    );
}

/// What was said of the files, as opposed to the path.
fn files(judged: &Value) -> Value {
    let mut files = judged.clone();
    files
        .as_object_mut()
        .expect("an object")
        .retain(|key, _| !["server", "client"].contains(&key.as_str()));
    files
}

fn all_match() -> Value {
    let chain = ["CN=Interoperability Test CA"];
    json!({ "key_matches": true, "pfx_key_matches": true, "pfx_certificate_matches": true, "pfx_chain": chain })
}

#[test]
fn cryptography_refuses_a_wrong_name_and_another_ca() {
    let ca = TestCa::of_key(key_type("p256"));
    let host = ca.issue(NAME, &["--key-type", "p256"]);
    let wrong_name = judgement(&ca.certificate, &host, "", "db2.example.com");
    assert!(
        wrong_name["server"]
            .as_str()
            .is_some_and(|why| why.contains("subjectAltName")),
        "{wrong_name}"
    );
    let other = TestCa::named("Another Authority", key_type("p256").flags);
    let other_ca = judgement(&other.certificate, &host, "", NAME);
    for side in ["server", "client"] {
        assert!(
            other_ca[side]
                .as_str()
                .is_some_and(|why| why.contains("candidates exhausted")),
            "{side}: {other_ca}"
        );
    }
}

#[test]
fn cryptography_sees_the_purpose_of_a_profile() {
    let ca = TestCa::of_key(key_type("p256"));
    let host = ca.issue(NAME, &["--key-type", "p256", "--profile", "tls-client"]);
    let judged = judgement(&ca.certificate, &host, "", NAME);
    assert_eq!(judged["client"], "accepted");
    assert!(
        judged["server"].as_str().is_some_and(|why| why.contains("EKU")),
        "{judged}"
    );
}

fn judgement(trust: &str, host: &HostFiles, password: &str, name: &str) -> Value {
    python("judge.py")
        .args(&[trust, &host.certificate, &host.key, &host.pfx, password, name])
        .run()
        .ok()
        .json()
}
