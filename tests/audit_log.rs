//! The audit log: what stands in it, what the log filter leaves out, and what changing it afterwards comes to.

mod common;

use common::Scene;
use serde_json::Value;

const LOG: &str = "gsec-ca/ca_conf/audit.log";

fn lines(scene: &Scene) -> Vec<Value> {
    scene.read(LOG).lines().map(|line| serde_json::from_str(line).unwrap_or_else(|problem| panic!("{problem}: {line}"))).collect()
}

fn check(scene: &Scene, status: i32) -> Value {
    scene.gsec(&["ca", "log", "--verify", "--json"]).run().code(status).json()
}

/// Puts settings in front of the tables of gsec.toml.
fn set_policy(scene: &Scene, text: &str) {
    let policy = scene.read("gsec-ca/ca_conf/gsec.toml");
    scene.write("gsec-ca/ca_conf/gsec.toml", format!("{policy}\n{text}\n"));
}

#[test]
fn every_change_is_a_line_and_the_head_is_told() {
    let scene = Scene::with_ca();
    let issued = scene.issue("db1.example.com", &["--san", "email:admin@example.com", "--json"]).run().ok().json();
    let revoked = scene.gsec(&["cert", "revoke", "01", "--reason", "superseded", "--json"]).run().ok().json();
    let actions: Vec<String> = lines(&scene).iter().map(|line| line["action"].as_str().expect("action").to_owned()).collect();
    assert_eq!(actions, ["ca.init", "cert.issue", "cert.revoke", "crl.update"]);
    let issue = &lines(&scene)[1];
    assert_eq!(issue["serial"], "01");
    assert_eq!(issue["host"], "db1.example.com");
    assert_eq!(issue["names"], serde_json::json!(["dns:db1.example.com"]));
    assert_eq!(issue["email"], serde_json::json!(["admin@example.com"]));
    assert_eq!(issue["profile"], "host");
    assert_eq!(issue["not_after"], issued["not_after"]);
    assert_eq!(lines(&scene)[2]["reason"], "superseded");
    let found = check(&scene, 0);
    assert_eq!((&found["lines"], &found["signed"], &found["audit_head"]), (&4.into(), &4.into(), &revoked["audit_head"]));
    // The head of an earlier result is a line of the chain, so nothing before it was changed.
    let head = issued["audit_head"].as_str().expect("a head").to_owned();
    scene.gsec(&["ca", "log", "--verify", "--expect-head", &head]).run().ok().says("expected head  found");
    let list = scene.gsec(&["ca", "log", "--json"]).run().ok().json();
    assert_eq!(list["lines"].as_array().map(Vec::len), Some(4));
    assert_eq!(list["audit_head"], revoked["audit_head"]);
    assert_eq!(scene.gsec(&["ca", "log", "--jsonl", "--limit", "1"]).run().ok().stdout.lines().count(), 1);
}

#[test]
fn openssl_checks_the_signature_of_a_line() {
    let scene = Scene::with_host();
    let log = scene.read(LOG);
    let line = log.lines().last().expect("a line");
    let (signed, rest) = line.split_once(",\"signature\":\"").expect("signed");
    scene.write("message", format!("{signed}}}"));
    let digits = rest.trim_end_matches("\"}");
    let octets: Vec<u8> = (0..digits.len() / 2).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("hexadecimal")).collect();
    scene.write("signature", octets);
    scene.write("ca.pub", scene.openssl(&["x509", "-in", "gsec-ca/ca_conf/ca_cert.pem", "-noout", "-pubkey"]).stdout);
    scene.openssl(&["dgst", "-sha256", "-verify", "ca.pub", "-signature", "signature", "message"]).says("Verified OK");
}

#[test]
fn a_changed_line_breaks_the_chain() {
    let scene = Scene::with_host();
    scene.issue("db2.example.com", &[]).run().ok();
    scene.edit(LOG, "\"db1.example.com\"", "\"db9.example.com\"");
    let found = check(&scene, 1);
    assert_eq!(found["sound"], false);
    assert!(found["problems"][0].as_str().is_some_and(|problem| problem.starts_with("line 3: the line before it")), "{found}");
    scene.gsec(&["ca", "log", "--verify"]).run().code(1).says("is NOT whole");
}

#[test]
fn a_chain_that_was_computed_anew_has_no_sound_signature() {
    let scene = Scene::with_host();
    scene.issue("db2.example.com", &[]).run().ok();
    // Somebody who can write the file changes a name, and binds every later line to what stands there now.
    let mut head = "0".repeat(64);
    let forged: Vec<String> = scene
        .read(LOG)
        .replace("db1.example.com", "db9.example.com")
        .lines()
        .map(|line| {
            let (before, rest) = line.split_once("\"prev\":\"").expect("prev");
            let line = format!("{before}\"prev\":\"{head}{}", &rest[64..]);
            head = sha256(&scene, &line);
            line
        })
        .collect();
    scene.write(LOG, format!("{}\n", forged.join("\n")));
    let found = check(&scene, 1);
    assert!(found["problems"][0].as_str().is_some_and(|problem| problem.contains("its signature is not the CA key's")), "{found}");
    let all = scene.gsec(&["ca", "log", "--verify", "--all-signatures", "--json"]).run().code(1).json();
    assert!(all["problems"][0].as_str().is_some_and(|problem| problem.starts_with("line 2:")), "the first forged line: {all}");
}

fn sha256(scene: &Scene, line: &str) -> String {
    scene.write("line", line);
    scene.openssl(&["dgst", "-sha256", "-r", "line"]).stdout.split(' ').next().expect("digits").to_owned()
}

#[test]
fn a_log_that_was_cut_lacks_the_head_that_was_kept() {
    let scene = Scene::with_host();
    let head = scene.gsec(&["ca", "show", "--json"]).run().ok().json()["audit_head"].as_str().expect("a head").to_owned();
    let log = scene.read(LOG);
    let cut = log.lines().next().expect("a line");
    scene.write(LOG, format!("{cut}\n"));
    assert_eq!(check(&scene, 0)["sound"], true, "the chain that is left holds");
    let found = scene.gsec(&["ca", "log", "--verify", "--expect-head", &head, "--json"]).run().code(1).json();
    assert_eq!(found["expected_head_found"], false);
    assert_eq!(found["unannounced"]["first"], serde_json::json!(["01"]), "its record is there, and no line announces it");
    scene.does_not_understand(
        &["ca", "log", "--verify", "--expect-head", "1234"],
        "invalid value '1234' for '--expect-head <HASH>': 64 hexadecimal digits are wanted",
    );
}

#[test]
fn what_openssl_ca_issues_shows_as_not_announced() {
    let scene = Scene::with_host();
    scene.openssl(&["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-subj", "/CN=other.example.com", "-out", "r.pem"]);
    let args = ["ca", "-batch", "-notext", "-config", "ca_conf/ca.conf", "-in", "../r.pem", "-out", "../c.pem"];
    common::openssl(&args).in_dir(scene.dir.path("gsec-ca")).run().ok();
    let found = check(&scene, 0);
    assert_eq!(found["unannounced"], serde_json::json!({"count": 1, "first": ["02"]}));
    assert_eq!(found["unrecorded"]["count"], 0);
}

#[test]
fn an_announced_certificate_without_record_shows_as_a_crash() {
    let scene = Scene::with_host();
    scene.write("gsec-ca/ca_conf/ca.db", "");
    let found = check(&scene, 0);
    assert_eq!(found["unrecorded"], serde_json::json!({"count": 1, "first": ["01"]}));
}

#[test]
fn a_torn_last_line_is_a_crash_and_is_set_aside_by_the_next_change() {
    let scene = Scene::with_host();
    let log = scene.read(LOG);
    scene.write(LOG, format!("{log}{{\"seq\":3,\"ti"));
    let found = check(&scene, 0);
    assert_eq!((&found["sound"], &found["torn"]), (&true.into(), &true.into()));
    scene.issue("db2.example.com", &[]).run().ok();
    assert_eq!(scene.read("gsec-ca/ca_conf/audit.log.torn-1"), "{\"seq\":3,\"ti");
    let actions: Vec<String> = lines(&scene).iter().map(|line| line["action"].as_str().expect("action").to_owned()).collect();
    assert_eq!(actions, ["ca.init", "cert.issue", "log.torn", "cert.issue"]);
    assert_eq!(check(&scene, 0)["torn"], false);
}

#[test]
fn the_log_filter_hides_and_skips_request_data() {
    let scene = Scene::with_ca();
    set_policy(
        &scene,
        "[log-filter]\ndefault-filter-type = \"hide\"\n[log-filter-data]\nsubject = \"copy\"\nremote-user = \"skip\"\nemail = \"skip\"",
    );
    let issue = scene.issue("db1.example.com", &["--org", "Example", "--san", "email:admin@example.com"]).env("LOGNAME", "somebody");
    issue.run().ok();
    let line = &lines(&scene)[1];
    assert_eq!((&line["host"], &line["names"], &line["subject"]), (&"*****".into(), &"*****".into(), &"O=Example, CN=db1.example.com".into()));
    assert_eq!((line.get("email"), line.get("remote_user")), (None, None), "what is skipped leaves nothing");
    assert!(!scene.read(LOG).contains("admin@example.com") && !scene.read(LOG).contains("somebody"));
    assert_eq!(line["serial"], "01", "what is no request data stays");
    assert_eq!(check(&scene, 0)["sound"], true, "the chain covers what was written");
}

#[test]
fn without_a_filter_the_user_is_told_and_sudo_s_is_the_person() {
    let scene = Scene::with_ca();
    scene.issue("db1.example.com", &[]).env("LOGNAME", "root").env("SUDO_USER", "anna").run().ok();
    assert_eq!(lines(&scene)[1]["remote_user"], "anna");
}

#[test]
fn an_unknown_key_of_the_filter_is_named_with_its_line() {
    let scene = Scene::with_ca();
    let line = scene.read("gsec-ca/ca_conf/gsec.toml").lines().count() + 3;
    set_policy(&scene, "[log-filter-data]\nphone = \"skip\"");
    let outcome = scene.issue("db1.example.com", &[]).run().code(3);
    assert!(outcome.stderr.contains(&format!("line {line}")) && outcome.stderr.contains("phone"), "{outcome}");
}

#[test]
fn a_directory_without_log_begins_one_with_its_next_change() {
    let scene = Scene::with_host();
    std::fs::remove_file(scene.dir.path(LOG)).expect("as one that an earlier gsec made");
    scene.issue("db2.example.com", &[]).run().ok();
    let actions: Vec<String> = lines(&scene).iter().map(|line| line["action"].as_str().expect("action").to_owned()).collect();
    assert_eq!(actions, ["log.begin", "cert.issue"]);
    assert_eq!(check(&scene, 0)["unannounced"]["first"], serde_json::json!(["01"]));
}
