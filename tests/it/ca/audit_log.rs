//! The audit log: what stands in it, what the log filter leaves out, and what changing it afterwards comes to.

use crate::common;

use common::Scene;
use serde_json::Value;

const LOG: &str = "gsec-ca/ca_conf/audit.log";

fn lines(scene: &Scene) -> Vec<Value> {
    scene
        .read(LOG)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|problem| panic!("{problem}: {line}")))
        .collect()
}

fn check(scene: &Scene, status: i32) -> Value {
    scene
        .gsec(&["ca", "log", "--verify", "--json"])
        .run()
        .code(status)
        .json()
}

/// Puts settings in front of the tables of gsec.toml.
fn set_policy(scene: &Scene, text: &str) {
    let policy = scene.read("gsec-ca/ca_conf/gsec.toml");
    scene.write("gsec-ca/ca_conf/gsec.toml", format!("{policy}\n{text}\n"));
}

#[test]
fn every_change_is_a_line_and_the_head_is_told() {
    let scene = Scene::with_ca();
    let issued = scene
        .issue("db1.example.com", &["--san", "email:admin@example.com", "--json"])
        .run()
        .ok()
        .json();
    let revoked = scene
        .gsec(&["cert", "revoke", "01", "--reason", "superseded", "--json"])
        .run()
        .ok()
        .json();
    let actions: Vec<String> = lines(&scene)
        .iter()
        .map(|line| line["action"].as_str().expect("action").to_owned())
        .collect();
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
    assert_eq!(
        (&found["lines"], &found["signed"], &found["audit_head"]),
        (&4.into(), &4.into(), &revoked["audit_head"])
    );
    // The head of an earlier result is a line of the chain, so nothing before it was changed.
    let head = issued["audit_head"].as_str().expect("a head").to_owned();
    scene
        .gsec(&["ca", "log", "--verify", "--expect-head", &head])
        .run()
        .ok()
        .says("expected head  found");
    let list = scene.gsec(&["ca", "log", "--json"]).run().ok().json();
    assert_eq!(list["lines"].as_array().map(Vec::len), Some(4));
    assert_eq!(list["audit_head"], revoked["audit_head"]);
    assert_eq!(
        scene
            .gsec(&["ca", "log", "--jsonl", "--limit", "1"])
            .run()
            .ok()
            .stdout
            .lines()
            .count(),
        1
    );
}

#[test]
fn openssl_checks_the_signature_of_a_line() {
    let scene = Scene::with_host();
    let log = scene.read(LOG);
    let line = log.lines().last().expect("a line");
    let (signed, rest) = line.split_once(",\"signature\":\"").expect("signed");
    scene.write("message", format!("{signed}}}"));
    let digits = rest.trim_end_matches("\"}");
    let octets: Vec<u8> = (0..digits.len() / 2)
        .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("hexadecimal"))
        .collect();
    scene.write("signature", octets);
    scene.write(
        "ca.pub",
        scene
            .openssl(&["x509", "-in", "gsec-ca/ca_conf/ca_cert.pem", "-noout", "-pubkey"])
            .stdout,
    );
    scene
        .openssl(&[
            "dgst",
            "-sha256",
            "-verify",
            "ca.pub",
            "-signature",
            "signature",
            "message",
        ])
        .says("Verified OK");
}

#[test]
fn a_changed_line_breaks_the_chain() {
    let scene = Scene::with_host();
    scene.issue("db2.example.com", &[]).run().ok();
    scene.edit(LOG, "\"db1.example.com\"", "\"db9.example.com\"");
    let found = check(&scene, 1);
    assert_eq!(found["sound"], false);
    assert!(
        found["problems"][0]
            .as_str()
            .is_some_and(|problem| problem.starts_with("line 3: the line before it")),
        "{found}"
    );
    scene
        .gsec(&["ca", "log", "--verify"])
        .run()
        .code(1)
        .says("is NOT intact");
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
    assert!(
        found["problems"][0]
            .as_str()
            .is_some_and(|problem| problem.contains("its signature is not the CA key's")),
        "{found}"
    );
    let all = scene
        .gsec(&["ca", "log", "--verify", "--all-signatures", "--json"])
        .run()
        .code(1)
        .json();
    assert!(
        all["problems"][0]
            .as_str()
            .is_some_and(|problem| problem.starts_with("line 2:")),
        "the first forged line: {all}"
    );
}

fn sha256(scene: &Scene, line: &str) -> String {
    scene.write("line", line);
    scene
        .openssl(&["dgst", "-sha256", "-r", "line"])
        .stdout
        .split(' ')
        .next()
        .expect("digits")
        .to_owned()
}

#[test]
fn a_log_that_was_cut_lacks_the_head_that_was_kept() {
    let scene = Scene::with_host();
    let head = scene.gsec(&["ca", "show", "--json"]).run().ok().json()["audit_head"]
        .as_str()
        .expect("a head")
        .to_owned();
    let log = scene.read(LOG);
    let cut = log.lines().next().expect("a line");
    scene.write(LOG, format!("{cut}\n"));
    let found = check(&scene, 1);
    assert_eq!(
        (&found["signed_head"], &found["proved"]),
        (&"contradicts".into(), &serde_json::json!([])),
        "{found}"
    );
    let found = scene
        .gsec(&["ca", "log", "--verify", "--expect-head", &head, "--json"])
        .run()
        .code(1)
        .json();
    assert_eq!(found["expected_head_found"], false);
    assert_eq!(
        found["unannounced"]["first"],
        serde_json::json!(["01"]),
        "its record is there, and no line announces it"
    );
    scene.does_not_understand(
        &["ca", "log", "--verify", "--expect-head", "1234"],
        "invalid value '1234' for '--expect-head <HASH>': must be 64 hexadecimal digits",
    );
}

#[test]
fn what_openssl_ca_issues_shows_as_not_announced() {
    let scene = Scene::with_host();
    scene.openssl(&[
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "k.pem",
        "-subj",
        "/CN=other.example.com",
        "-out",
        "r.pem",
    ]);
    let args = [
        "ca",
        "-batch",
        "-notext",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        "../r.pem",
        "-out",
        "../c.pem",
    ];
    common::openssl(&args)
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    let found = check(&scene, 0);
    assert_eq!(
        found["unannounced"],
        serde_json::json!({"count": 1, "first": ["02"]})
    );
    assert_eq!(found["unrecorded"]["count"], 0);
}

#[test]
fn an_announced_certificate_without_record_shows_as_a_crash() {
    let scene = Scene::with_host();
    scene.write("gsec-ca/ca_conf/ca.db", "");
    let found = check(&scene, 0);
    assert_eq!(
        found["unrecorded"],
        serde_json::json!({"count": 1, "first": ["01"]})
    );
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
    let actions: Vec<String> = lines(&scene)
        .iter()
        .map(|line| line["action"].as_str().expect("action").to_owned())
        .collect();
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
    let issue = scene
        .issue(
            "db1.example.com",
            &["--org", "Example", "--san", "email:admin@example.com"],
        )
        .env("LOGNAME", "somebody");
    issue.run().ok();
    let line = &lines(&scene)[1];
    assert_eq!(
        (&line["host"], &line["names"], &line["subject"]),
        (
            &"*****".into(),
            &"*****".into(),
            &"O=Example, CN=db1.example.com".into()
        )
    );
    assert_eq!(
        (line.get("email"), line.get("remote_user")),
        (None, None),
        "what is skipped leaves nothing"
    );
    assert!(!scene.read(LOG).contains("admin@example.com") && !scene.read(LOG).contains("somebody"));
    assert_eq!(line["serial"], "01", "what is no request data stays");
    assert_eq!(
        check(&scene, 0)["sound"],
        true,
        "the chain covers what was written"
    );
}

#[test]
fn without_a_filter_the_user_is_told_and_sudo_s_is_the_person() {
    let scene = Scene::with_ca();
    scene
        .issue("db1.example.com", &[])
        .env("LOGNAME", "root")
        .env("SUDO_USER", "anna")
        .run()
        .ok();
    assert_eq!(lines(&scene)[1]["remote_user"], "anna");
}

#[test]
fn an_unknown_key_of_the_filter_is_named_with_its_line() {
    let scene = Scene::with_ca();
    let line = scene.read("gsec-ca/ca_conf/gsec.toml").lines().count() + 3;
    set_policy(&scene, "[log-filter-data]\nphone = \"skip\"");
    let outcome = scene.issue("db1.example.com", &[]).run().code(3);
    assert!(
        outcome.stderr.contains(&format!("line {line}")) && outcome.stderr.contains("phone"),
        "{outcome}"
    );
}

const HEAD: &str = "gsec-ca/ca_conf/audit.head";

/// A host that was revoked: ca.init, cert.issue, cert.revoke, crl.update.
fn with_revoked_host() -> Scene {
    let scene = Scene::with_host();
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene
}

fn write_lines(scene: &Scene, lines: &[String]) {
    scene.write(
        LOG,
        lines.iter().map(|line| format!("{line}\n")).collect::<String>(),
    );
}

fn text_lines(scene: &Scene) -> Vec<String> {
    scene.read(LOG).lines().map(str::to_owned).collect()
}

/// Writes the log anew as somebody who has no key can: every line bound to the one before, and none signed.
fn write_unsigned(scene: &Scene, lines: impl Iterator<Item = Value>) {
    let mut head = "0".repeat(64);
    let mut forged = Vec::new();
    for (number, mut line) in lines.enumerate() {
        let fields = line.as_object_mut().expect("an object");
        ["key", "signed_head", "signature"]
            .iter()
            .for_each(|name| drop(fields.remove(*name)));
        fields.insert("seq".into(), (number + 1).into());
        fields.insert("prev".into(), head.into());
        let text = line.to_string();
        head = sha256(scene, &text);
        forged.push(text);
    }
    write_lines(scene, &forged);
}

/// `ca log --verify` and doctor both say no, and name the log.
#[track_caller]
fn is_told(scene: &Scene, situation: &str) -> Value {
    let found = check(scene, 1);
    assert!(
        found["sound"] == false
            && found["problems"]
                .as_array()
                .is_some_and(|problems| !problems.is_empty()),
        "{situation}: {found}"
    );
    assert_eq!(found["proved"], serde_json::json!([]), "{situation}");
    let doctor = scene.gsec(&["doctor", "gsec-ca"]).run();
    assert!(
        doctor.stdout.contains("audit-chain-broken") || doctor.stdout.contains("audit-log-missing"),
        "{situation}: {doctor}"
    );
    found
}

#[test]
fn a_log_without_its_last_lines_is_told_without_a_head_that_was_noted() {
    for left in 1..4 {
        let scene = with_revoked_host();
        write_lines(&scene, &text_lines(&scene)[..left]);
        let found = is_told(&scene, &format!("{left} of 4 lines left"));
        assert_eq!(found["signed_head"], "contradicts", "{found}");
        // The next change does not cover it up: audit.head is of the log as it is now, and the log says what was lost.
        scene.issue("db2.example.com", &[]).run().ok();
        let actions: Vec<Value> = lines(&scene).iter().map(|line| line["action"].clone()).collect();
        assert_eq!(actions[left..], ["log.cut", "cert.issue"], "{left}");
        assert_eq!(lines(&scene)[left]["had"], 4);
        is_told(&scene, &format!("{left} of 4 lines left, and a change after it"));
    }
}

#[test]
fn a_log_that_is_empty_or_missing_is_told_whether_or_not_its_head_is_there() {
    for command in ["truncate -s 0", "rm"] {
        for with_head in [true, false] {
            let scene = with_revoked_host();
            common::tool("sh")
                .args(&["-c", &format!("{command} {LOG}")])
                .in_dir(scene.dir.path(""))
                .run()
                .ok();
            if !with_head {
                std::fs::remove_file(scene.dir.path(HEAD)).expect("removed");
            }
            is_told(&scene, command);
        }
    }
}

#[test]
fn a_log_that_was_written_anew_without_signatures_is_told() {
    for with_head in [true, false] {
        let scene = with_revoked_host();
        let changed = lines(&scene)
            .into_iter()
            .filter(|line| line["action"] != "cert.revoke")
            .map(|mut line| {
                line["remote_user"] = "somebody-else".into();
                line
            });
        write_unsigned(&scene, changed);
        if !with_head {
            std::fs::remove_file(scene.dir.path(HEAD)).expect("removed");
        }
        let found = is_told(&scene, "all lines written anew");
        assert!(
            found["problems"].to_string().contains("it is not signed"),
            "{found}"
        );
    }
}

#[test]
fn a_head_that_is_missing_emptied_older_or_of_another_key_is_told() {
    let scene = with_revoked_host();
    let head = scene.read(HEAD);
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Other",
            "--key-type",
            "p256",
            "--ca-dir",
            "other",
        ])
        .run()
        .ok();
    for (situation, content) in [
        ("missing", None),
        ("empty", Some(String::new())),
        ("nonsense", Some("nonsense\n".into())),
        ("of another CA", Some(scene.read("other/ca_conf/audit.head"))),
        (
            "of a line that there is not",
            Some(head.replacen("\"seq\":4", "\"seq\":3", 1)),
        ),
    ] {
        match content {
            None => std::fs::remove_file(scene.dir.path(HEAD)).expect("removed"),
            Some(content) => scene.write(HEAD, content),
        }
        is_told(&scene, situation);
    }
    // The next change makes another, and the log tells of the loss for good.
    for content in [Some(""), Some("nonsense\n"), None] {
        let scene = with_revoked_host();
        match content {
            None => std::fs::remove_file(scene.dir.path(HEAD)).expect("removed"),
            Some(content) => scene.write(HEAD, content),
        }
        scene.gsec(&["cert", "revoke", "01", "--no-crl"]).run();
        scene.issue("db2.example.com", &[]).run().ok();
        scene.issue("db3.example.com", &[]).run().ok();
        let found = is_told(&scene, &format!("{content:?}, and two changes after it"));
        assert_eq!(found["signed_head"], "found");
        assert!(
            found["not_proved"].to_string().contains("log.head_lost"),
            "{found}"
        );
        assert_eq!(scene.read(LOG).matches("log.head_lost").count(), 1);
    }
}

/// Three hosts of which the second was revoked: ca.init, three of cert.issue, cert.revoke, crl.update.
fn with_three_hosts() -> Scene {
    let scene = Scene::with_ca();
    for host in ["db1.example.com", "db2.example.com", "db3.example.com"] {
        scene.issue(host, &[]).run().ok();
    }
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene
}

#[test]
fn the_next_signed_change_covers_no_attack_up() {
    type Attack = fn(&Scene);
    let attacks: [(&str, Attack); 7] = [
        ("log removed", |scene| {
            std::fs::remove_file(scene.dir.path(LOG)).expect("removed")
        }),
        ("log emptied", |scene| scene.write(LOG, "")),
        ("the last three lines cut", |scene| {
            write_lines(scene, &text_lines(scene)[..3])
        }),
        ("a revocation left out, nothing signed", |scene| {
            write_unsigned(
                scene,
                lines(scene)
                    .into_iter()
                    .filter(|line| line["action"] != "cert.revoke"),
            )
        }),
        ("the same with a revocation of today at its end", |scene| {
            write_unsigned(
                scene,
                lines(scene)
                    .into_iter()
                    .filter(|line| line["action"] != "cert.revoke"),
            );
            append_unsigned(scene, "cert.revoke", "01");
        }),
        ("signatures that are none, as of 0.1.0", |scene| {
            let mut head = "0".repeat(64);
            let mut forged = Vec::new();
            for (number, line) in scene
                .read(LOG)
                .lines()
                .filter(|line| !line.contains("\"cert.revoke\""))
                .enumerate()
            {
                let (before, rest) = line.split_once("\"prev\":\"").expect("prev");
                let (_, fields) = before.split_once(",\"time\"").expect("time");
                let line = format!(
                    "{{\"seq\":{},\"time\"{}\"prev\":\"{head}{}",
                    number + 1,
                    fields.replace("\"signed_head\":true,", ""),
                    &rest[64..]
                );
                head = sha256(scene, &line);
                forged.push(line);
            }
            write_lines(scene, &forged);
        }),
        ("only the first line left", |scene| {
            write_lines(scene, &text_lines(scene)[..1])
        }),
    ];
    for (situation, attack) in attacks {
        for next in [
            vec!["crl", "update"],
            vec!["cert", "issue", "--host", "db4.example.com", "--key-type", "p256"],
        ] {
            let scene = with_three_hosts();
            attack(&scene);
            let _ = std::fs::remove_file(scene.dir.path(HEAD));
            scene.gsec(&next).run().ok();
            // After a loss that is told, the CRL from before it does not answer for what was lost.
            scene.gsec(&["crl", "update", "--allow-incomplete"]).run().ok();
            let situation = format!("{situation}; {next:?}");
            is_told(&scene, &situation);
            let doctor = scene.gsec(&["doctor", "gsec-ca"]).run();
            assert!(
                !doctor.stdout.contains("so another program did it"),
                "{situation}: {doctor}"
            );
        }
    }
}

#[test]
fn nothing_but_a_hold_is_taken_back() {
    let scene = with_three_hosts();
    append_unsigned(&scene, "cert.unhold", "02");
    for _ in 0..2 {
        let found = is_told(&scene, "a forged line takes back a final revocation");
        assert!(
            found["problems"]
                .to_string()
                .contains("serial 02, which was not a hold"),
            "{found}"
        );
        scene.gsec(&["crl", "update"]).run().ok();
    }
    // Nothing makes a hold of it first.
    let scene = with_three_hosts();
    let line = text_lines(&scene)
        .into_iter()
        .find(|line| line.contains("\"cert.revoke\""))
        .expect("a line");
    assert!(line.contains("\"keyCompromise\""), "{line}");
    append_unsigned(&scene, "cert.revoke\",\"reason\":\"certificateHold", "02");
    append_unsigned(&scene, "cert.unhold", "02");
    is_told(&scene, "a forged hold, and a forged end of it");
    // The record says valid again as well: it is still known to be revoked.
    let index = scene.read("gsec-ca/ca_conf/ca.db");
    let forged: Vec<String> = index
        .lines()
        .map(|line| {
            let mut fields: Vec<&str> = line.split('\t').collect();
            if fields[3] == "02" {
                (fields[0], fields[2]) = ("V", "");
            }
            fields.join("\t")
        })
        .collect();
    scene.write("gsec-ca/ca_conf/ca.db", format!("{}\n", forged.join("\n")));
    std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/ca_crl.pem")).expect("removed");
    scene.gsec(&["doctor", "gsec-ca"]).run().says("revocation-lost");
    // A hold is.
    let scene = with_three_hosts();
    scene
        .gsec(&["cert", "revoke", "03", "--reason", "certificateHold"])
        .run()
        .ok();
    scene.gsec(&["cert", "unhold", "03"]).run().ok();
    assert_eq!(check(&scene, 0)["sound"], true);
    scene
        .gsec(&["cert", "revoke", "03", "--reason", "superseded"])
        .run()
        .ok();
    assert_eq!(check(&scene, 0)["sound"], true);
}

#[test]
fn what_a_crash_left_unsigned_is_no_alarm_when_the_next_change_was_signed() {
    let scene = Scene::with_host();
    append_unsigned(&scene, "cert.issue", "02");
    scene.issue("db2.example.com", &[]).run().ok();
    assert_eq!(
        lines(&scene).last().expect("a line")["serial"],
        "02",
        "the same number once more"
    );
    assert_eq!(check(&scene, 0)["sound"], true);
}

/// Appends a line as gsec would, but for the signature.
fn append_unsigned(scene: &Scene, action: &str, serial: &str) {
    let last = text_lines(scene).pop().expect("a line");
    let seq = serde_json::from_str::<Value>(&last).expect("JSON")["seq"]
        .as_u64()
        .expect("a number")
        + 1;
    let prev = sha256(scene, &last);
    let line = format!(
        "{{\"seq\":{seq},\"time\":\"2026-11-28T10:00:00Z\",\"action\":\"{action}\",\"serial\":\"{serial}\",\"prev\":\"{prev}\"}}"
    );
    scene.write(LOG, format!("{}{line}\n", scene.read(LOG)));
}

#[test]
fn a_line_of_a_change_that_needs_the_key_counts_only_when_it_is_signed() {
    // A certificate of `openssl ca` is not made gsec's by a line that anybody can write.
    let scene = Scene::with_host();
    scene.sign_with_openssl("other.example.com", &[]);
    append_unsigned(&scene, "cert.issue", "02");
    let found = is_told(&scene, "an unsigned line that announces a record");
    assert!(
        found["problems"]
            .to_string()
            .contains("line 3: it records a change that the CA key signs"),
        "{found}"
    );
    // A line that announces what never came is what a crash leaves in the middle of a commit of many.
    let scene = Scene::with_host();
    append_unsigned(&scene, "cert.issue", "02");
    let found = check(&scene, 0);
    assert_eq!(found["unrecorded"]["first"], serde_json::json!(["02"]));
    assert!(
        found["not_proved"]
            .to_string()
            .contains("line 3 is after the last signature"),
        "{found}"
    );
}

#[test]
fn a_change_without_the_key_is_bound_by_the_chain_alone_and_said_to_be() {
    let scene = Scene::with_host();
    scene.gsec(&["cert", "revoke", "01", "--no-crl"]).run().ok();
    let found = check(&scene, 0);
    let facts = (
        &found["signed"],
        &found["last_signed"],
        &found["unsigned_at_end"],
        &found["signed_head"],
    );
    assert_eq!(
        facts,
        (&2.into(), &2.into(), &1.into(), &"found".into()),
        "{found}"
    );
    assert!(
        found["proved"][0]
            .as_str()
            .is_some_and(|proved| proved == "lines 1 to 2 are unchanged since the CA key signed line 2"),
        "{found}"
    );
    assert!(
        found["not_proved"]
            .to_string()
            .contains("line 3 is after the last signature"),
        "{found}"
    );
    let text = scene.gsec(&["ca", "log", "--verify"]).run().ok();
    text.says("is intact: 3 lines, 2 signed by the CA key")
        .says("not proved");
    // Cut off, it is missed: the record is revoked, and no line tells of it.
    write_lines(&scene, &text_lines(&scene)[..2]);
    assert_eq!(
        check(&scene, 0)["unannounced_revocations"],
        serde_json::json!({"count": 1, "first": ["01"]})
    );
}

#[test]
fn a_log_of_0_1_0_is_read_and_what_it_cannot_show_is_said() {
    let scene = Scene::with_ca();
    // As gsec 0.1.0 wrote it: signed, and nothing kept beside it.
    let mut line = lines(&scene).remove(0);
    let fields = line.as_object_mut().expect("an object");
    ["signed_head", "signature"]
        .iter()
        .for_each(|name| drop(fields.remove(*name)));
    let unsigned = line.to_string();
    scene.write("message", &unsigned);
    scene.openssl(&[
        "dgst",
        "-sha256",
        "-sign",
        "gsec-ca/ca_conf/ca_priv_key.pem",
        "-out",
        "signature",
        "message",
    ]);
    let digits: String = scene
        .read_bytes("signature")
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    write_lines(
        &scene,
        &[format!(
            "{},\"signature\":\"{digits}\"}}",
            &unsigned[..unsigned.len() - 1]
        )],
    );
    std::fs::remove_file(scene.dir.path(HEAD)).expect("removed");
    let found = check(&scene, 0);
    assert_eq!(
        (&found["signed_head"], &found["signed"]),
        (&"not_kept".into(), &1.into())
    );
    assert!(
        found["not_proved"]
            .to_string()
            .contains("whether lines were cut off at the end"),
        "{found}"
    );
    scene.gsec(&["doctor", "gsec-ca"]).run().ok();
    scene.issue("db1.example.com", &[]).run().ok();
    assert_eq!(check(&scene, 0)["signed_head"], "found");
}

#[test]
fn what_openssl_ca_does_is_taken_into_the_log_by_doctor() {
    let scene = Scene::with_host();
    scene.sign_with_openssl("other.example.com", &[]);
    common::openssl(&["ca", "-config", "ca_conf/ca.conf", "-revoke", "repository/01.pem"])
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    scene.gsec(&["crl", "update"]).run().ok();
    let found = check(&scene, 0);
    assert_eq!(
        (
            &found["unannounced"]["count"],
            &found["unannounced_revocations"]["first"]
        ),
        (&1.into(), &serde_json::json!(["01"]))
    );
    let doctor = scene.gsec(&["doctor", "gsec-ca"]).run().ok();
    assert!(
        doctor.stdout.contains("notice")
            && doctor.stdout.contains("records-not-announced")
            && !doctor.stdout.contains("seems to be cut")
    );
    scene.gsec(&["doctor", "gsec-ca", "--fix", "--yes"]).run().ok();
    let doctor = scene.gsec(&["doctor", "gsec-ca"]).run().ok();
    assert!(!doctor.stdout.contains("records-not-announced"), "{doctor}");
    let found = check(&scene, 0);
    assert_eq!(
        (
            &found["unannounced"]["count"],
            &found["unannounced_revocations"]["count"]
        ),
        (&0.into(), &0.into()),
        "{found}"
    );
}

#[test]
fn a_directory_whose_log_was_lost_begins_one_and_says_so_for_good() {
    let scene = Scene::with_host();
    std::fs::remove_file(scene.dir.path(LOG)).expect("removed");
    std::fs::remove_file(scene.dir.path(HEAD)).expect("removed");
    scene.issue("db2.example.com", &[]).run().ok();
    let actions: Vec<String> = lines(&scene)
        .iter()
        .map(|line| line["action"].as_str().expect("action").to_owned())
        .collect();
    assert_eq!(actions, ["log.begin", "log.cut", "cert.issue"]);
    assert_eq!(
        is_told(&scene, "a log that was begun anew")["unannounced"]["first"],
        serde_json::json!(["01"])
    );
}

#[test]
fn adopting_covers_no_lost_log_up() {
    for also in [None, Some("gsec-ca/ca_conf/gsec.toml")] {
        let scene = with_revoked_host();
        [Some(LOG), Some(HEAD), also]
            .into_iter()
            .flatten()
            .for_each(|file| std::fs::remove_file(scene.dir.path(file)).expect("removed"));
        scene.gsec(&["ca", "adopt", "--yes"]).run().ok();
        scene.gsec(&["crl", "update"]).run().ok();
        let actions: Vec<Value> = lines(&scene).iter().map(|line| line["action"].clone()).collect();
        assert_eq!(
            actions,
            ["log.begin", "log.cut", "ca.adopt", "crl.update"],
            "{also:?}"
        );
        is_told(&scene, &format!("adopted without its log, {also:?}"));
    }
}

#[test]
fn an_empty_log_is_begun_by_adopting_and_told() {
    let scene = with_revoked_host();
    scene.write(LOG, "");
    std::fs::remove_file(scene.dir.path(HEAD)).expect("removed");
    scene.gsec(&["ca", "adopt", "--yes"]).run().ok();
    assert_eq!(lines(&scene)[1]["action"], "log.cut");
    is_told(&scene, "an empty log, adopted");
}

#[test]
fn a_long_tail_of_unsigned_lines_hides_no_cut() {
    let scene = with_three_hosts();
    let kept = text_lines(&scene);
    assert!(kept.len() > 5);
    // What the key signed of these is left; the revocation is not.
    write_lines(&scene, &kept[..4]);
    let mut text = scene.read(LOG);
    let mut head = sha256(&scene, &kept[3]);
    let padding = "x".repeat(40_000);
    for seq in 5..9 {
        let time = &lines(&scene)[3]["time"];
        let line = serde_json::json!({"seq": seq, "time": time, "action": "cert.restore", "serial": "01", "why": padding, "prev": head}).to_string();
        head = sha256(&scene, &line);
        text.push_str(&format!("{line}\n"));
    }
    scene.write(LOG, &text);
    scene.issue("db4.example.com", &[]).run().ok();
    assert_eq!(lines(&scene)[8]["action"], "log.cut");
    is_told(&scene, "a cut log with a long tail");
}

#[test]
fn no_line_is_longer_than_what_is_read() {
    let scene = Scene::with_ca();
    let names: Vec<String> = (0..12)
        .map(|number| format!("uri:http://example.com/{number}/{}", "x".repeat(100_000)))
        .collect();
    let order: Vec<&str> = names.iter().flat_map(|name| ["--san", name]).collect();
    scene.issue("db1.example.com", &order).run().ok();
    let last = lines(&scene).pop().expect("a line");
    assert!(
        last["names"]
            .as_str()
            .is_some_and(|names| names.contains("SHA-256")),
        "{}",
        last["names"].to_string().len()
    );
    assert_eq!(
        (&last["serial"], &last["host"]),
        (&"01".into(), &"db1.example.com".into())
    );
    scene.issue("db2.example.com", &[]).run().ok();
    check(&scene, 0);
}

#[test]
fn head_file_that_shows_nothing_is_not_called_missing() {
    let scene = Scene::with_host();
    scene.issue("db2.example.com", &[]).run().ok();
    let (log, head) = (scene.read(LOG), scene.read("gsec-ca/ca_conf/audit.head"));
    let not_proved = |status: i32| check(&scene, status)["not_proved"].to_string();
    // Cut.
    scene.write(
        LOG,
        log.lines()
            .take(2)
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    );
    let said = not_proved(1);
    assert!(
        !said.contains("there is no") && said.contains("does not contain what `audit.head` references"),
        "{said}"
    );
    scene.write(LOG, &log);
    scene.write("gsec-ca/ca_conf/audit.head", "nothing");
    let said = not_proved(1);
    assert!(
        !said.contains("there is no") && said.contains("exists but proves nothing"),
        "{said}"
    );
    scene.write("gsec-ca/ca_conf/audit.head", head);
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
    // A log of a torn line alone has something in it.
    scene.write(LOG, &log[..300]);
    let said = check(&scene, 1)["problems"].to_string();
    assert!(
        !said.contains("it is empty") && said.contains("no complete line"),
        "{said}"
    );
}
