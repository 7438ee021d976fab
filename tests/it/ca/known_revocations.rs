//! What this CA has revoked is never called good: the CA at hand is asked, and the answer says which of its files said what.

use crate::common;

use common::doctor::{doctor, type_line};
use common::{Scene, TlsPort};
use serde_json::Value;

const DB: &str = "gsec-ca/ca_conf/ca.db";
const CRL: &str = "gsec-ca/ca_conf/ca_crl.pem";
const FILE: &str = "gsec-ca/repository/01_db1_cert.pem";

fn revocation_shown(scene: &Scene, args: &[&str]) -> Value {
    let shown = scene
        .gsec(&["cert", "show"])
        .args(args)
        .args(&["--json"])
        .run()
        .ok()
        .json();
    shown["certificates"][0]["revocation"].clone()
}

/// `cert show` in words: the line after `revocation`.
fn line_shown(scene: &Scene, args: &[&str]) -> String {
    let shown = scene.gsec(&["cert", "show"]).args(args).run().ok();
    let line = shown
        .stdout
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("revocation"))
        .map(str::trim);
    line.unwrap_or_else(|| panic!("no line about revocation: {shown}"))
        .to_owned()
}

#[test]
fn show_asks_the_records_and_the_crl() {
    let scene = Scene::with_host();
    let good = revocation_shown(&scene, &["01"]);
    assert_eq!(
        (good["status"].as_str(), good["asked"].clone()),
        (Some("good"), serde_json::json!([DB])),
        "{good}"
    );
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    for selector in ["01", FILE] {
        let revoked = revocation_shown(&scene, &[selector]);
        assert_eq!(
            (revoked["status"].as_str(), revoked["reason"].as_str()),
            (Some("revoked"), Some("keyCompromise")),
            "{revoked}"
        );
        assert_eq!(revoked["asked"], serde_json::json!([DB, CRL]));
        let line = line_shown(&scene, &[selector]);
        assert!(
            line.starts_with("revoked since ") && line.contains("(keyCompromise)"),
            "{line}"
        );
    }
}

#[test]
fn either_file_is_enough_to_call_it_revoked() {
    let scene = Scene::with_host();
    let before = scene.read(DB);
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    let after = scene.read(DB);
    scene.write(DB, &before);
    let by_crl = revocation_shown(&scene, &["01"]);
    assert_eq!(
        (by_crl["status"].as_str(), by_crl["notes"][0].as_str()),
        (Some("revoked"), Some("ca.db has it as valid")),
        "{by_crl}"
    );
    scene.write(DB, &after);
    std::fs::remove_file(scene.dir.path(CRL)).expect("a CRL");
    let by_record = revocation_shown(&scene, &["01"]);
    assert_eq!(
        (by_record["status"].as_str(), by_record["asked"].clone()),
        (Some("revoked"), serde_json::json!([DB])),
        "{by_record}"
    );
}

#[test]
fn a_certificate_on_hold_is_revoked_and_released_is_good() {
    let scene = Scene::with_host();
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "certificateHold"])
        .run()
        .ok();
    assert_eq!(revocation_shown(&scene, &["01"])["reason"], "certificateHold");
    scene.gsec(&["cert", "unhold", "01"]).run().ok();
    assert_eq!(revocation_shown(&scene, &["01"])["status"], "good");
}

#[test]
fn what_nothing_reliable_is_known_of_is_undetermined() {
    let scene = Scene::with_host();
    let line = scene.read(DB);
    scene.write(DB, "");
    let lost = revocation_shown(&scene, &[FILE]);
    assert_eq!(
        (lost["status"].as_str(), lost["notes"][0].as_str()),
        (Some("undetermined"), Some("ca.db has no record of serial 01")),
        "{lost}"
    );
    scene.write(DB, line);
    // Another certificate under the same serial number, as two diverging copies of a CA make it.
    let file = scene.read(FILE);
    scene.write("mine.pem", &file);
    let other = Scene::with_ca();
    other.issue("db2.example.com", &[]).run().ok();
    scene.write(
        "gsec-ca/repository/01.pem",
        other.read("gsec-ca/repository/01.pem"),
    );
    assert_eq!(revocation_shown(&scene, &["mine.pem"])["status"], "undetermined");
}

#[test]
fn nobody_is_asked_about_a_certificate_of_another_ca() {
    let scene = Scene::with_host();
    let other = Scene::with_host();
    scene.write("other.pem", other.read(FILE));
    let shown = revocation_shown(&scene, &["other.pem"]);
    assert_eq!(
        (shown["status"].as_str(), shown["asked"].clone()),
        (Some("not_checked"), serde_json::json!([])),
        "{shown}"
    );
    let without_ca = Scene::empty();
    without_ca.write("cert.pem", other.read(FILE));
    let line = line_shown(&without_ca, &["cert.pem"]);
    assert!(line.starts_with("not checked: no CA here"), "{line}");
}

#[test]
fn a_crl_that_another_key_signed_answers_nothing() {
    let scene = Scene::with_host();
    let other = Scene::with_host();
    other.gsec(&["cert", "revoke", "01"]).run().ok();
    scene.write(CRL, other.read(CRL));
    let shown = revocation_shown(&scene, &["01"]);
    assert_eq!(
        (shown["status"].as_str(), shown["asked"].clone()),
        (Some("good"), serde_json::json!([DB])),
        "{shown}"
    );
    assert!(
        shown["notes"][0]
            .as_str()
            .is_some_and(|note| note.contains("is not signed by the issuer")),
        "{shown}"
    );
}

/// The answer of `cert verify` with these arguments: exit status, status of the revocation, files that answered.
fn verified(scene: &Scene, args: &[&str]) -> (Option<i32>, String, Value) {
    let outcome = scene.gsec(&["cert", "verify"]).args(args).args(&["--json"]).run();
    let document = outcome.json();
    let revocation = &document["revocation"];
    (
        outcome.status,
        revocation["status"].as_str().unwrap_or_default().to_owned(),
        revocation["asked"].clone(),
    )
}

#[test]
fn verify_asks_the_ca_at_hand() {
    let scene = Scene::with_host();
    assert_eq!(
        verified(&scene, &["01", "--name", "db1.example.com"]),
        (Some(0), "good".into(), serde_json::json!([DB]))
    );
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene.write("copy.pem", scene.read(FILE));
    // By serial number, by file, with the CA trusted by name, and without its CRL.
    for args in [
        &["01"][..],
        &[FILE],
        &["copy.pem", "--trust", "gsec-ca/ca_conf/ca_cert.pem"],
        &["copy.pem", "--crl", CRL],
    ] {
        let (status, revocation, asked) = verified(&scene, args);
        assert_eq!(
            (status, revocation.as_str()),
            (Some(1), "revoked"),
            "{args:?} {asked}"
        );
    }
    std::fs::remove_file(scene.dir.path(CRL)).expect("a CRL");
    assert_eq!(
        verified(&scene, &["01"]),
        (Some(1), "revoked".into(), serde_json::json!([DB]))
    );
    let text = scene.gsec(&["cert", "verify", "01"]).run().code(1);
    assert!(
        text.stdout
            .lines()
            .next()
            .is_some_and(|first| first.contains("NOT valid") && first.ends_with(", revoked")),
        "{text}"
    );
    assert!(
        text.stdout
            .contains("the records of its CA say that it is revoked since")
            && text.stdout.contains("(keyCompromise)"),
        "{text}"
    );
    assert!(
        !text.stdout.contains("every program"),
        "no program was given a CRL: {text}"
    );
}

#[test]
fn verify_says_in_the_first_line_that_nobody_was_asked() {
    let scene = Scene::with_host();
    let other = Scene::with_host();
    for name in ["01_db1_cert.pem", "ca.pem"] {
        let path = if name == "ca.pem" {
            "gsec-ca/ca_conf/ca_cert.pem".into()
        } else {
            format!("gsec-ca/repository/{name}")
        };
        scene.write(name, other.read(&path));
    }
    let verify = ["cert", "verify", "./01_db1_cert.pem", "--trust", "ca.pem"];
    let text = scene.gsec(&verify).run().ok();
    assert!(
        text.stdout
            .lines()
            .next()
            .is_some_and(|first| first.ends_with(", revocation not checked")),
        "{text}"
    );
    assert_eq!(
        scene.gsec(&verify).args(&["--json"]).run().ok().json()["revocation"]["status"],
        "not_checked"
    );
}

#[test]
fn what_the_parent_ca_revoked_is_told_of_the_path() {
    let scene = Scene::with_ca();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Sub CA",
            "--key-type",
            "p256",
            "--parent",
            "gsec-ca",
            "--ca-dir",
            "sub",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "db1.example.com",
            "--key-type",
            "p256",
            "--ca-dir",
            "sub",
        ])
        .run()
        .ok();
    let chain = "sub/repository/01_db1_cert.pem";
    // The intermediate CA knows its own certificates, and not what its parent says about it.
    let text = scene
        .gsec(&["cert", "verify", chain, "--ca-dir", "sub"])
        .run()
        .ok();
    assert!(
        text.stdout
            .lines()
            .next()
            .is_some_and(|first| first.ends_with("not revoked, revocation of CN=Sub CA not checked")),
        "{text}"
    );
    // The parent is asked about the intermediate.
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "cACompromise"])
        .run()
        .ok();
    let outcome = scene
        .gsec(&["cert", "verify", chain, "--ca-dir", "gsec-ca", "--json"])
        .run()
        .code(1)
        .json();
    assert_eq!(outcome["path"][1]["revocation"]["status"], "revoked", "{outcome}");
}

#[test]
fn a_rehearsed_handshake_with_a_revoked_certificate_does_not_succeed() {
    let scene = Scene::with_host();
    let pfx = "gsec-ca/repository/01_db1_cert.pfx";
    let rehearse = [
        "doctor",
        "handshake",
        "--server-cert",
        pfx,
        "--name",
        "db1.example.com",
        "--json",
    ];
    assert_eq!(
        scene.gsec(&rehearse).run().ok().json()["server"]["revocation"]["status"],
        "good"
    );
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    let refused = scene.gsec(&rehearse).run().code(1).json();
    assert_eq!(
        (
            refused["server"]["revocation"]["status"].as_str(),
            refused["agrees"].as_bool()
        ),
        (Some("revoked"), Some(false))
    );
    assert!(
        refused["findings"]
            .as_array()
            .is_some_and(|all| all.iter().any(|found| found["slug"] == "certificate-revoked")),
        "{refused}"
    );
    // The other end: a client whose certificate is revoked.
    scene.issue("db2.example.com", &[]).run().ok();
    let client = [
        "doctor",
        "handshake",
        "--server-cert",
        "gsec-ca/repository/02_db2_cert.pfx",
        "--client-cert",
        pfx,
        "--json",
    ];
    assert_eq!(
        scene.gsec(&client).run().code(1).json()["client"]["revocation"]["status"],
        "revoked"
    );
}

#[test]
fn doctor_knows_the_records_where_there_is_no_crl() {
    let scene = Scene::with_host();
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    std::fs::remove_file(scene.dir.path(CRL)).expect("a CRL");
    let outcome = scene.gsec(&["doctor", FILE, "--json"]).run().code(1);
    assert!(outcome.stdout.contains("certificate-revoked"), "{outcome}");
}

#[test]
fn what_a_server_presents_is_asked_about_too() {
    let scene = Scene::with_host();
    let server = TlsPort::openssl(
        &scene.dir.path(FILE),
        &scene.dir.path("gsec-ca/repository/01_db1_priv_key.pem"),
        &[],
    );
    let target = server.target();
    assert_eq!(revocation_shown(&scene, &[&target])["status"], "good");
    assert_eq!(
        verified(&scene, &[&target, "--name", "db1.example.com"]).0,
        Some(0)
    );
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    assert_eq!(revocation_shown(&scene, &[&target])["status"], "revoked");
    let (status, revocation, _) = verified(&scene, &[&target, "--name", "db1.example.com"]);
    assert_eq!((status, revocation.as_str()), (Some(1), "revoked"));
}

#[test]
fn a_certificate_in_the_place_of_another_is_not_taken_for_it() {
    let scene = Scene::with_host();
    scene.issue("db2.example.com", &["--no-pfx"]).run().ok();
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    let own = scene.read("gsec-ca/repository/01.pem");
    scene.write(
        "gsec-ca/repository/01.pem",
        scene.read("gsec-ca/repository/02.pem"),
    );
    let before = scene.tree();
    for command in ["verify", "show"] {
        scene
            .gsec(&["cert", command, "01"])
            .run()
            .code(3)
            .says("01.pem` is not the certificate with serial 01: it has serial 02");
    }
    let key = "gsec-ca/repository/01_db1_priv_key.pem";
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "db3.example.com",
            "--no-pfx",
            "--key",
            key,
        ])
        .run()
        .code(3);
    scene.tree().is_unchanged_since(&before);
    let revoked = scene
        .gsec(&[
            "cert",
            "revoke",
            "--host",
            "db1.example.com",
            "--dry-run",
            "--json",
        ])
        .run()
        .ok()
        .json();
    assert_eq!(revoked["certificates"][0]["serial"], "01", "{revoked}");
    scene.gsec(&["cert", "verify", "02"]).run().ok();
    let report = scene.gsec(&["doctor", "gsec-ca", "--json"]).run();
    assert!(
        !report.stdout.contains("revoke 02") && !report.stdout.contains("revoke --serial 02"),
        "{report}"
    );
    // What is no file of the directory is not followed.
    scene.write("elsewhere.pem", own);
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01.pem")).expect("a certificate");
    std::os::unix::fs::symlink(
        scene.dir.path("elsewhere.pem"),
        scene.dir.path("gsec-ca/repository/01.pem"),
    )
    .expect("a link");
    scene
        .gsec(&["cert", "show", "01"])
        .run()
        .code(3)
        .says("symbolic link");
}

#[test]
fn a_crl_is_due_within_a_hundred_years() {
    let scene = Scene::with_host();
    let before = scene.tree();
    for days in ["36501", "3000000", "4294967295"] {
        for flags in [&[][..], &["--dry-run"]] {
            scene
                .gsec(&[&["crl", "update", "--days", days], flags].concat())
                .run()
                .code(2)
                .says("36500");
        }
    }
    scene.tree().is_unchanged_since(&before);
    scene.gsec(&["crl", "update", "--days", "36500"]).run().ok();
}

/// One certificate, one answer: what one command calls revoked no other lists or counts as valid.
#[test]
fn a_list_says_what_show_and_verify_say() {
    const LOG: &str = "gsec-ca/ca_conf/audit.log";
    type Damage<'a> = &'a dyn Fn(&Scene, &str);
    let situations: [(&str, &str, Damage<'_>); 6] = [
        ("in ca.db", "superseded", &|_, _| {}),
        ("in the CRL alone", "superseded", &|scene, before| {
            scene.write(DB, before);
            std::fs::remove_file(scene.dir.path(LOG)).expect("a log");
        }),
        ("in the log alone", "keyCompromise", &|scene, before| {
            scene.write(DB, before);
            std::fs::remove_file(scene.dir.path(CRL)).expect("a CRL");
        }),
        ("on hold in the CRL", "certificateHold", &|scene, before| {
            scene.write(DB, before);
            std::fs::remove_file(scene.dir.path(LOG)).expect("a log");
        }),
        (
            "with a line more that says valid",
            "superseded",
            &|scene, before| {
                std::fs::remove_file(scene.dir.path(CRL)).expect("a CRL");
                std::fs::remove_file(scene.dir.path(LOG)).expect("a log");
                let first = before.lines().next().expect("a record");
                scene.write(DB, format!("{}{first}\n", scene.read(DB)));
            },
        ),
        ("for a weaker reason in ca.db", "keyCompromise", &|scene, _| {
            scene.edit(DB, ",keyCompromise", ",superseded");
        }),
    ];
    for (situation, reason, change) in situations {
        let scene = Scene::with_host();
        scene.issue("db2.example.com", &[]).run().ok();
        let before = scene.read(DB);
        scene
            .gsec(&["cert", "revoke", "01", "--reason", reason])
            .run()
            .ok();
        change(&scene, &before);
        let shown = revocation_shown(&scene, &["01"]);
        assert_eq!(
            (shown["status"].as_str(), shown["reason"].as_str()),
            (Some("revoked"), Some(reason)),
            "{situation}: {shown}"
        );
        scene
            .gsec(&["cert", "verify", "01", "--name", "db1.example.com"])
            .run()
            .code(1);
        let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
        for row in list["certificates"].as_array().expect("rows") {
            let is_first = row["serial"] == "01";
            assert_eq!(
                (row["status"].as_str(), row["reason"].as_str()),
                if is_first {
                    (Some("revoked"), Some(reason))
                } else {
                    (Some("valid"), None)
                },
                "{situation}: {list}"
            );
            assert_eq!(row["revoked_at"].is_null(), !is_first, "{situation}: {list}");
        }
        let told = list["warnings"].as_array().expect("warnings").iter();
        let is_lost = told.into_iter().any(|told| told["code"] == "revocation_lost");
        assert_eq!(
            is_lost,
            situation.ends_with("alone") || situation.contains("CRL"),
            "{situation}: {list}"
        );
        let valid = scene.gsec(&["cert", "list", "--status", "valid"]).run().ok();
        assert!(!valid.stdout.contains("db1."), "{situation}: {valid}");
        let counts = scene.gsec(&["ca", "show", "--json"]).run().ok().json();
        assert_eq!(counts["counts"]["valid"], 1, "{situation}: {counts}");
    }
}

#[test]
fn a_list_says_which_source_did_not_answer() {
    let scene = Scene::with_host();
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    scene.write(CRL, "nonsense");
    let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
    assert_eq!(list["warnings"][0]["code"], "revocations_not_read", "{list}");
    scene.gsec(&["cert", "list"]).run().ok().says("ca_crl.pem");
}

/// An editor that writes UTF-16 leaves no record for anybody: that is an error, and no empty list.
#[test]
fn a_ca_db_in_another_encoding_is_no_empty_one() {
    for (encoding, mark) in [
        ("UTF-16LE", "\\377\\376"),
        ("UTF-16BE", "\\376\\377"),
        ("UTF-16LE", ""),
        ("UTF-16BE", ""),
    ] {
        let situation = format!("{encoding} with `{mark}` before it");
        let scene = Scene::with_host();
        scene.issue("db2.example.com", &[]).run().ok();
        scene.gsec(&["cert", "revoke", "01"]).run().ok();
        type_line(
            &scene,
            &format!("(printf '{mark}'; iconv -f UTF-8 -t {encoding} {DB}) > converted && cp {DB} kept && cat converted > {DB}"),
        )
        .ok();
        let before = scene.tree();
        for call in [
            "cert list",
            "ca show",
            "crl update",
            "cert revoke 02",
            "cert issue --host db3.example.com --key-type p256",
            "cert ensure --host db2.example.com",
            "cert renew 02",
        ] {
            let refused = scene.gsec(&call.split(' ').collect::<Vec<_>>()).run().code(3);
            assert!(
                format!("{refused}").contains("UTF-16"),
                "{situation}: `{call}`: {refused}"
            );
        }
        scene.tree().keeps(&before, &[]);
        let shown = revocation_shown(&scene, &["01"]);
        assert_eq!(
            shown["status"], "revoked",
            "{situation}: the CRL says so: {shown}"
        );
        assert_eq!(
            revocation_shown(&scene, &["gsec-ca/repository/02.pem"])["status"],
            "undetermined",
            "{situation}"
        );
        assert!(
            doctor(&scene, &["gsec-ca"])
                .iter()
                .any(|found| found.severity == "error" && found.seen.contains("UTF-16")),
            "{situation}"
        );
        // What the hint says.
        let said = scene.gsec(&["cert", "list"]).run();
        let line = said
            .stderr
            .split('`')
            .find(|part| part.starts_with("iconv"))
            .expect("a command");
        type_line(&scene, line).ok();
        type_line(&scene, &format!("mv {DB}.converted {DB}")).ok();
        let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
        assert_eq!(
            list["certificates"].as_array().map(Vec::len),
            Some(2),
            "{situation}: {list}"
        );
        scene.issue("db3.example.com", &[]).run().ok();
    }
}
