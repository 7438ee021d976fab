//! First contact: one command from nothing to a certificate that verifies, and nothing changed when it is typed again.

use crate::common;

use common::own_stores::with_own_stores;
use common::{Scene, tool};
use serde_json::Value;

const HOST: &str = "db1.example.com";

fn answer(scene: &Scene, args: &[&str]) -> Value {
    scene
        .gsec(&[&["quickstart"], args, &["--json"]].concat())
        .run()
        .ok()
        .json()
}

/// What OpenSSL says of the files that an answer names.
#[track_caller]
fn openssl_accepts(scene: &Scene, answer: &Value, name: &[&str]) {
    let file = |place: &str| {
        answer
            .pointer(place)
            .and_then(Value::as_str)
            .expect("a path")
            .to_owned()
    };
    let (trust, certificate) = (file("/ca_certificate"), file("/files/host_certificate"));
    let verify = [
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-CAfile",
        &trust,
    ];
    scene.openssl(&[&verify[..], name, &[&certificate]].concat());
}

#[test]
fn nothing_is_needed_and_the_result_verifies() {
    let scene = Scene::empty();
    let said = scene.gsec(&["quickstart", HOST]).run().ok();
    assert!(
        said.stdout.starts_with(
            "Created a certification authority in gsec-ca\nIssued serial 01 for db1.example.com\n"
        ),
        "{said}"
    );
    assert!(
        said.stdout
            .contains("\n  CA key         gsec-ca/ca_conf/ca_priv_key.pem (not encrypted)\n"),
        "{said}"
    );
    assert!(
        said.stdout.contains("chain and name are valid") && said.stdout.contains("sha1 "),
        "{said}"
    );
    assert_eq!(said.stderr, "");
    scene.openssl(&[
        "verify",
        "-CAfile",
        "gsec-ca/ca_conf/ca_cert.pem",
        "-verify_hostname",
        HOST,
        "gsec-ca/repository/01_db1_cert.pem",
    ]);
    scene.openssl(&[
        "pkcs12",
        "-in",
        "gsec-ca/repository/01_db1_cert.pfx",
        "-passin",
        "pass:",
        "-noout",
    ]);
}

#[test]
fn second_call_changes_nothing() {
    let scene = Scene::empty();
    let first = answer(&scene, &[HOST]);
    let before = scene.tree();
    for name in [HOST, "DB1.Example.COM", "db1.example.com."] {
        let again = answer(&scene, &[name]);
        assert_eq!(
            (&again["changed"], &again["thumbprint_sha256"]),
            (&Value::Bool(false), &first["thumbprint_sha256"]),
            "{name}"
        );
        assert_eq!(again["files"], first["files"], "{name}");
        scene.tree().is_unchanged_since(&before);
    }
    scene
        .gsec(&["quickstart", HOST])
        .run()
        .ok()
        .says("already has a valid certificate, serial 01: nothing was changed");
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn second_host_gets_its_certificate_from_the_same_ca() {
    let scene = Scene::empty();
    answer(&scene, &[HOST]);
    let before = scene.tree();
    let second = answer(&scene, &["db2.example.com"]);
    assert_eq!(
        (second["ca_created"].clone(), second["serial"].as_str()),
        (Value::Bool(false), Some("02"))
    );
    scene.tree().keeps(
        &before,
        &["audit.log", "audit.head", "ca.db", "serial.num"]
            .map(|name| "gsec-ca/ca_conf/".to_owned() + name)
            .each_ref()
            .map(String::as_str),
    );
}

#[test]
fn ca_directory_that_is_named() {
    for args in [&["--ca-dir", "a/b c"][..], &[]] {
        let scene = Scene::empty();
        let call = scene.gsec(&[&["quickstart", HOST, "--json"], args].concat());
        let call = if args.is_empty() {
            call.env("GSEC_CA_DIR", "a/b c")
        } else {
            call
        };
        let made = call.run().ok().json();
        assert_eq!(made["ca_dir"], "a/b c");
        openssl_accepts(&scene, &made, &["-verify_hostname", HOST]);
        assert!(!scene.exists("gsec-ca"));
    }
}

#[test]
fn ca_in_the_current_directory_is_used() {
    let scene = Scene::empty();
    scene
        .gsec(&[
            "ca",
            "init",
            "--ca-dir",
            ".",
            "--cn",
            "Here",
            "--key-type",
            "p256",
        ])
        .run()
        .ok();
    let made = answer(&scene, &[HOST]);
    assert_eq!(
        (made["ca_created"].clone(), made["issuer"].as_str()),
        (Value::Bool(false), Some("CN=Here"))
    );
    assert!(!scene.exists("gsec-ca"));
}

#[test]
fn ca_that_is_there_already_is_used() {
    let scene = Scene::with_host();
    let before = scene.tree();
    let made = answer(&scene, &[HOST]);
    assert_eq!(
        (made["changed"].clone(), made["serial"].as_str()),
        (Value::Bool(false), Some("01"))
    );
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn wildcards_and_addresses_are_hosts_too() {
    let scene = Scene::empty();
    let wildcard = answer(&scene, &["*.example.com"]);
    assert_eq!(
        wildcard["files"]["host_certificate"],
        "gsec-ca/repository/01_wildcard_cert.pem"
    );
    openssl_accepts(&scene, &wildcard, &["-verify_hostname", "any.example.com"]);
    let address = answer(&scene, &["10.0.0.5"]);
    openssl_accepts(&scene, &address, &["-verify_ip", "10.0.0.5"]);
    assert_eq!(
        answer(&scene, &[HOST])["changed"],
        true,
        "a host of one's own name is another than a wildcard's"
    );
    let before = scene.tree();
    assert_eq!(answer(&scene, &["*.example.com"])["changed"], false);
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn revoked_certificate_does_not_count() {
    let scene = Scene::empty();
    answer(&scene, &[HOST]);
    let revoke = [
        "ca",
        "-batch",
        "-config",
        "ca_conf/ca.conf",
        "-revoke",
        "repository/01.pem",
    ];
    common::openssl(&revoke)
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    let again = answer(&scene, &[HOST]);
    assert_eq!(
        (again["changed"].clone(), again["serial"].as_str()),
        (Value::Bool(true), Some("02"))
    );
}

#[test]
fn certificate_whose_key_is_gone_does_not_count() {
    let scene = Scene::empty();
    answer(&scene, &[HOST]);
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01_db1_priv_key.pem")).expect("it was there");
    assert_eq!(answer(&scene, &[HOST])["serial"], "02");
}

#[test]
fn two_first_contacts_make_two_cas_of_different_names() {
    let names: Vec<Value> = (0..2)
        .map(|_| answer(&Scene::empty(), &[HOST])["issuer"].clone())
        .collect();
    assert_ne!(
        names[0], names[1],
        "two CAs of one name and different keys are hard to tell apart"
    );
}

#[test]
fn next_steps_can_be_typed() {
    // One of them changes the trust stores of the machine.
    with_own_stores(
        concat!(module_path!(), "::next_steps_can_be_typed"),
        every_next_step,
    );
}

fn every_next_step() {
    let scene = Scene::empty();
    let made = answer(&scene, &[HOST]);
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_gsec"))
        .parent()
        .expect("a folder")
        .display()
        .to_string();
    let path = format!("{folder}:{}", std::env::var("PATH").expect("PATH"));
    let steps: Vec<&str> = made["next"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(steps[0].starts_with("openssl s_server "), "{steps:?}");
    // The server that doctor is to look at does not run here.
    for step in steps
        .iter()
        .filter(|step| step.starts_with("gsec ") && !step.contains("localhost:"))
    {
        // On a terminal it would ask.
        let step = step.replace("trust install", "trust install --yes");
        tool("sh")
            .args(&["-c", &step])
            .in_dir(scene.dir.path(""))
            .env("PATH", &path)
            .run()
            .ok();
    }
}

#[test]
fn name_that_cannot_be_leaves_no_ca() {
    let scene = Scene::empty();
    scene.does_not_understand(
        &["quickstart", "db 1"],
        "invalid value 'db 1' for '[NAME]...': it contains the invalid character ` `",
    );
    let said = [
        "error: refused by `gsec-ca/ca_conf/gsec.toml`",
        "  caused by: `a_b.example.com` has an underscore, and …",
        "hint: …",
    ];
    Scene::with_ca().refuses(&["quickstart", "a_b.example.com"], 3, &said);
}

#[test]
fn host_that_policy_refuses_leaves_no_ca() {
    let scene = Scene::empty();
    scene.gsec(&["quickstart", "a_b.example.com"]).run().code(3);
    assert_eq!(
        scene.tree().files(),
        Vec::<String>::new(),
        "a refusal leaves nothing behind"
    );
}

#[test]
fn ca_key_that_is_encrypted() {
    let scene = Scene::empty();
    scene.write("secret", "open sesame");
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "X",
            "--key-type",
            "p256",
            "--ca-passphrase-file",
            "secret",
        ])
        .run()
        .ok();
    let before = scene.tree();
    scene
        .gsec(&["quickstart", HOST])
        .run()
        .code(3)
        .says("the private key is encrypted");
    scene.tree().is_unchanged_since(&before);
    scene
        .gsec(&["quickstart", HOST, "--ca-passphrase-file", "secret"])
        .run()
        .ok();
}

#[test]
fn further_names_are_in_the_certificate_and_a_certificate_without_them_does_not_count() {
    let scene = Scene::empty();
    let first = answer(&scene, &[HOST]);
    let second = answer(&scene, &[HOST, "db1", "10.0.0.5"]);
    assert_eq!(
        (&first["changed"], &second["changed"]),
        (&true.into(), &true.into())
    );
    assert_ne!(first["files"], second["files"]);
    openssl_accepts(&scene, &second, &["-verify_ip", "10.0.0.5"]);
    openssl_accepts(&scene, &second, &["-verify_hostname", "db1"]);
    let again = answer(&scene, &["--host", "DB1.example.com", "--san", "ip:10.0.0.5"]);
    assert_eq!(
        (&again["changed"], &again["certificate"]),
        (&false.into(), &second["certificate"])
    );
    // What is no name makes no CA.
    for typed in [
        &[HOST, "yes"][..],
        &[HOST, "not a name"],
        &["--host", HOST, "db1"],
    ] {
        let empty = Scene::empty();
        let refused = empty.gsec(&[&["quickstart"], typed].concat()).run();
        assert_eq!(refused.status, Some(2), "{refused}");
        assert!(!empty.exists("gsec-ca"), "{typed:?}");
    }
}
