//! `fleet plan`, `apply` and `status`: what an inventory brings about, and what it does not.

use crate::common;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use common::strace::{calls_on, trace};
use common::{Outcome, Scene, tool};
use serde_json::Value;

/// An inventory with this text behind its head. Keys are quickly made.
pub(super) fn inventory(rest: &str) -> String {
    format!("version = 1\nca_dir = \"gsec-ca\"\n[defaults]\nkey_type = \"p256\"\n{rest}")
}

/// A host of this name with these lines.
pub(super) fn host(name: &str, lines: &str) -> String {
    format!("[[host]]\nname = \"{name}\"\nfqdn = \"{name}.example.com\"\n{lines}\n")
}

pub(super) const NGINX: &str = "bundles = [ { for = \"nginx\" } ]";

pub(super) fn with_hosts(rest: &str) -> Scene {
    let scene = Scene::with_ca();
    scene.write("fleet.toml", inventory(rest));
    scene
}

pub(super) fn plan(scene: &Scene) -> Value {
    scene.gsec(&["fleet", "plan", "--json"]).run().ok().json()
}

pub(super) fn apply(scene: &Scene) -> Outcome {
    scene.gsec(&["fleet", "apply", "--yes"]).run()
}

/// `host code` of each certificate of a plan.
pub(super) fn certificates(plan: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let steps = plan["plan"]["certificates"].as_array().expect("steps");
    let codes = |step: &Value| -> Vec<String> {
        let reasons = step["reasons"].as_array().expect("reasons");
        reasons.iter().map(|reason| text(&reason["code"])).collect()
    };
    steps
        .iter()
        .map(|step| format!("{} {}", text(&step["host"]), codes(step).join("+")))
        .collect()
}

pub(super) fn manifest(scene: &Scene, bundle: &str) -> Value {
    serde_json::from_str(&scene.read(&format!("out/{bundle}/manifest.json"))).expect("a manifest")
}

/// Whether a bundle has all its files as its list of digests has them, and no others.
pub(super) fn expect_whole(bundle: &Path) {
    let sums = fs::read_to_string(bundle.join("SHA256SUMS")).expect("SHA256SUMS");
    tool("sha256sum")
        .args(&["--check", "--strict", "--quiet", "SHA256SUMS"])
        .in_dir(bundle)
        .run()
        .ok();
    let mut listed: Vec<&str> = sums.lines().map(|line| &line[66..]).collect();
    listed.push("SHA256SUMS");
    listed.sort_unstable();
    let mut there: Vec<String> = fs::read_dir(bundle)
        .expect("a bundle")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    there.sort();
    assert_eq!(there, listed, "{}", bundle.display());
}

#[test]
fn what_is_missing_is_issued_and_written_and_a_second_call_changes_nothing() {
    let scene = with_hosts(
        &(host("db1", NGINX) + &host("db2", "") + "[[host]]\nname = \"c\"\ncertificate = \"none\"\n"),
    );
    let first = plan(&scene);
    assert_eq!(certificates(&first), ["db1 no_certificate", "db2 no_certificate"]);
    assert_eq!(first["plan"]["bundles"][0]["reloads"], "nginx");
    scene.gsec(&["fleet", "plan", "--check"]).run().code(1);
    assert!(!scene.exists("out"), "a plan writes nothing");
    apply(&scene).ok();
    expect_whole(Path::new(&scene.dir.path("out/db1/nginx")));
    let before = scene.tree();
    let second = apply(&scene).ok();
    assert!(
        second.stdout.is_empty() || second.stdout.starts_with("0 certificates issued"),
        "{second}"
    );
    scene.tree().is_unchanged_since(&before);
    scene.gsec(&["fleet", "plan", "--check"]).run().ok();
    let mut call = scene.gsec(&["fleet", "apply", "--yes"]).into_command();
    let elsewhere = common::TestDir::new();
    let (outcome, calls) = trace(call.stdin(Stdio::null()), Path::new(&elsewhere.path("log")));
    outcome.ok();
    let here = scene.dir.path("");
    let changing: Vec<String> = calls_on(Path::new(&here), &calls)
        .into_iter()
        .filter(|call| call.changes_disk() && call.touches(Path::new(&here)))
        .map(|call| call.line)
        .collect();
    assert_eq!(changing, Vec::<String>::new());
}

#[test]
fn each_reason_for_a_new_certificate_is_named_and_then_gone() {
    let scene = with_hosts(&(host("db1", NGINX) + &host("db2", NGINX)));
    apply(&scene).ok();
    let serial = manifest(&scene, "db1/nginx")["serial"].clone();
    scene.write(
        "fleet.toml",
        inventory(&(host("db1", &format!("names = [\"dns:alias\"]\n{NGINX}")) + &host("db2", NGINX))),
    );
    assert_eq!(certificates(&plan(&scene)), ["db1 names_missing"]);
    apply(&scene).ok();
    let renewed = manifest(&scene, "db1/nginx");
    assert_ne!(renewed["serial"], serial);
    assert_eq!(renewed["names"][1], "dns:alias");
    scene
        .gsec(&["cert", "revoke", "db2.example.com", "--yes"])
        .run()
        .ok();
    assert_eq!(certificates(&plan(&scene)), ["db2 revoked"]);
    apply(&scene).ok();
    let later = |args: &[&str]| {
        scene
            .gsec(args)
            .through(tool("faketime").args(&["-f", "+85d"]))
            .run()
    };
    let due = later(&["fleet", "plan", "--json"]).ok().json();
    assert_eq!(certificates(&due), ["db1 near_expiry", "db2 near_expiry"]);
    assert_eq!(certificates(&plan(&scene)), Vec::<String>::new());
    scene.write(
        "fleet.toml",
        inventory(
            &(host("db1", "key_type = \"p384\"\nprofile = \"tls-server\"")
                + &host("db2", "renew_before = \"2d\"")),
        ),
    );
    assert_eq!(
        certificates(&plan(&scene)),
        ["db1 names_extra+extended_key_usage+key_type"]
    );
    let due = later(&["fleet", "plan", "--json"]).ok().json();
    assert!(
        !certificates(&due).iter().any(|step| step.starts_with("db2 ")),
        "{due}"
    );
}

#[test]
fn a_key_type_that_is_not_asked_for_stays() {
    let scene = Scene::with_host();
    scene.write(
        "fleet.toml",
        "version = 1\nca_dir = \"gsec-ca\"\n[[host]]\nname = \"db1.example.com\"\n",
    );
    assert_eq!(certificates(&plan(&scene)), Vec::<String>::new());
}

#[test]
fn a_bundle_that_is_changed_missing_or_of_other_settings_is_written_again() {
    let scene = with_hosts(&host("db1", NGINX));
    apply(&scene).ok();
    let reasons = |scene: &Scene| plan(scene)["plan"]["bundles"][0]["reasons"][0]["message"].clone();
    scene.write("out/db1/nginx/fullchain.pem", "x");
    assert_eq!(reasons(&scene), "fullchain.pem differs");
    apply(&scene).ok();
    expect_whole(Path::new(&scene.dir.path("out/db1/nginx")));
    fs::remove_file(scene.dir.path("out/db1/nginx/privkey.pem")).expect("the key");
    assert_eq!(reasons(&scene), "privkey.pem differs");
    apply(&scene).ok();
    scene.gsec(&["crl", "update"]).run().ok();
    let found = plan(&scene)["plan"]["bundles"][0]["reasons"].to_string();
    assert!(found.contains("crl.pem differs"), "{found}");
    apply(&scene).ok();
    scene.write(
        "fleet.toml",
        inventory(&host("db1", "bundles = [ { for = \"nginx\", owner = \"web\" } ]")),
    );
    apply(&scene).ok();
    let files = manifest(&scene, "db1/nginx")["files"].clone();
    let key = files
        .as_array()
        .expect("files")
        .iter()
        .find(|file| file["name"] == "privkey.pem");
    assert_eq!(key.expect("the key")["owner"], "web");
}

#[test]
fn one_host_that_cannot_be_served_stops_no_other() {
    let hosts = host("db1", "profile = \"nowhere\"")
        + &host("db2", "bundles = [ { for = \"unix\" } ]")
        + &host("db3", NGINX);
    let scene = with_hosts(&hosts);
    let planned = scene.gsec(&["fleet", "plan", "--json"]).run().code(3).json();
    let problems = planned["plan"]["problems"].as_array().expect("problems").clone();
    let codes: Vec<&str> = problems
        .iter()
        .map(|problem| problem["code"].as_str().expect("a code"))
        .collect();
    assert_eq!(codes, ["bundle-target-needs-group", "policy.no_profile"]);
    let failed = apply(&scene).code(3);
    assert!(
        failed.stdout.contains("db1") && failed.stdout.contains("nowhere"),
        "{failed}"
    );
    expect_whole(Path::new(&scene.dir.path("out/db3/nginx")));
    scene.gsec(&["fleet", "plan", "--check"]).run().code(3);
}

#[test]
fn a_plan_is_carried_out_as_it_was_seen_or_not_at_all() {
    let scene = with_hosts(&host("db1", NGINX));
    let seen = scene
        .gsec(&["fleet", "plan", "--out", "plan.json", "--json"])
        .run()
        .ok()
        .json();
    let hash = seen["hash"].as_str().expect("a hash").to_owned();
    assert_eq!(
        tool("sha256sum")
            .args(&["plan.json"])
            .in_dir(scene.dir.path(""))
            .run()
            .ok()
            .stdout[..64]
            .to_owned(),
        hash
    );
    scene.write("fleet.toml", inventory(&(host("db1", NGINX) + &host("db2", ""))));
    let before = scene.tree();
    for asked in ["plan.json", &hash, &hash[..16]] {
        let stale = scene.gsec(&["fleet", "apply", "--plan", asked]).run().code(3);
        assert!(stale.stderr.contains("another plan is due now"), "{stale}");
        assert!(
            stale
                .stderr
                .contains("`gsec fleet plan --inventory fleet.toml` shows it"),
            "{stale}"
        );
    }
    scene.tree().is_unchanged_since(&before);
    scene.write("fleet.toml", inventory(&host("db1", NGINX)));
    let short = scene
        .gsec(&["fleet", "apply", "--plan", &hash[..15]])
        .run()
        .code(3);
    assert!(short.stderr.contains("has at least 16 digits here"), "{short}");
    scene.gsec(&["fleet", "apply", "--plan", "plan.json"]).run().ok();
    expect_whole(Path::new(&scene.dir.path("out/db1/nginx")));
    assert!(
        !scene.read("plan.json").contains("PRIVATE"),
        "a plan holds no secret"
    );
}

#[test]
fn nothing_is_done_without_permission() {
    let scene = with_hosts(&host("db1", NGINX));
    let before = scene.tree();
    let refused = scene.gsec(&["fleet", "apply"]).run().code(2);
    assert!(refused.stderr.contains("--yes"), "{refused}");
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn an_inventory_that_cannot_be_read_whole_does_nothing_and_says_where() {
    let scene = with_hosts(&(host("db1", NGINX) + "[[host]]\nname = \"../x\"\n"));
    let before = scene.tree();
    for command in ["plan", "apply", "status"] {
        let refused = scene.gsec(&["fleet", command, "--no-input"]).run().code(3);
        assert!(
            refused.stderr.contains("fleet.toml`, line 10, column 8"),
            "{refused}"
        );
        assert!(
            refused.stderr.contains("gsec fleet check --inventory fleet.toml"),
            "{refused}"
        );
    }
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn settings_and_restarts_that_are_left_to_a_person_are_named() {
    let old = "9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c";
    let app = |name: &str, host: &str, lines: &str| {
        format!(
            "[[app]]\nname = \"{name}\"\nhost = \"{host}\"\nkind = \"tserver\"\n{lines}\n[[app.port]]\nid = \"default\"\nnumber = 3000\nmode = \"secured\"\n"
        )
    };
    let text = host(
        "w1",
        &format!("platform = \"windows\"\nannex = {{ certificate = \"{old}\" }}"),
    ) + &host("w2", "")
        + &app("Primary", "w1", "")
        + &app("Backup", "w2", "")
        + "[[pair]]\nprimary = \"Primary\"\nbackup = \"Backup\"\nredundancy = \"hot-standby\"\n";
    let scene = with_hosts(&text);
    let before = plan(&scene);
    assert_eq!(before["plan"]["settings"][0]["after"], Value::Null);
    assert_eq!(
        before["plan"]["restarts"][0]["apps"].to_string(),
        "[\"Backup\",\"Primary\"]"
    );
    let applied = scene
        .gsec(&["fleet", "apply", "--yes", "--json"])
        .run()
        .ok()
        .json();
    let after = applied["settings"][0]["after"]
        .as_str()
        .expect("a thumbprint")
        .to_owned();
    let thumbprint = scene
        .gsec(&["cert", "thumbprint", "w1.example.com"])
        .run()
        .ok()
        .stdout;
    assert_eq!(after, thumbprint.trim());
    assert_eq!(
        plan(&scene)["plan"]["settings"][0]["after"],
        after.as_str(),
        "until it was entered"
    );
    scene.edit("fleet.toml", old, &after);
    assert_eq!(plan(&scene)["plan"]["settings"], Value::Array(Vec::new()));
}

#[test]
fn killed_at_any_moment_and_repeated_every_bundle_is_whole() {
    let hosts: Vec<String> = (0..8).map(|number| host(&format!("h{number}"), NGINX)).collect();
    let scene = with_hosts(&hosts.concat());
    let start = Instant::now();
    apply(&scene).ok();
    let usual = start.elapsed();
    let mut killed = 0;
    for turn in 0..30_u32 {
        // Each turn asks for other names, so that everything is issued and written anew.
        let hosts: Vec<String> = (0..8)
            .map(|number| {
                host(
                    &format!("h{number}"),
                    &format!("names = [\"dns:turn{turn}\"]\n{NGINX}"),
                )
            })
            .collect();
        scene.write("fleet.toml", inventory(&hosts.concat()));
        let mut child = scene
            .gsec(&["fleet", "apply", "--yes", "--quiet"])
            .into_command()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gsec");
        std::thread::sleep(usual.mul_f64(f64::from(turn) / 25.0));
        killed += u32::from(child.try_wait().expect("a state").is_none());
        // It may have ended.
        let _ = child.kill();
        child.wait().expect("an end");
        for number in 0..8 {
            expect_whole(Path::new(&scene.dir.path(&format!("out/h{number}/nginx"))));
        }
    }
    assert!(killed > 5, "{killed} calls were killed");
    apply(&scene).ok();
    for number in 0..8 {
        let names = manifest(&scene, &format!("h{number}/nginx"))["names"].to_string();
        assert!(names.contains("turn29"), "{names}");
        let left: Vec<_> = fs::read_dir(scene.dir.path(&format!("out/h{number}")))
            .expect("a host")
            .collect();
        assert_eq!(left.len(), 1, "what was not finished is gone: {left:?}");
    }
    scene.gsec(&["fleet", "plan", "--check"]).run().ok();
}

#[test]
fn two_calls_at_the_same_time_issue_once() {
    let hosts: Vec<String> = (0..4).map(|number| host(&format!("h{number}"), NGINX)).collect();
    let scene = with_hosts(&hosts.concat());
    let calls: Vec<_> = (0..3)
        .map(|_| {
            let mut call = scene.gsec(&["fleet", "apply", "--yes", "--quiet"]).into_command();
            call.stdin(Stdio::null()).spawn().expect("gsec")
        })
        .collect();
    for mut call in calls {
        assert!(call.wait().expect("an end").success());
    }
    let rows = scene.read("gsec-ca/ca_conf/ca.db");
    assert_eq!(rows.lines().count(), 4, "{rows}");
}

#[test]
fn only_the_hosts_of_a_pattern_are_touched() {
    let scene = with_hosts(&(host("db1", NGINX) + &host("db2", NGINX) + &host("web", NGINX)));
    scene
        .gsec(&["fleet", "apply", "--yes", "--only", "db*"])
        .run()
        .ok();
    assert!(scene.exists("out/db1") && scene.exists("out/db2") && !scene.exists("out/web"));
    let said = ["error: no host of the inventory matches `x*`"];
    scene.refuses(&["fleet", "plan", "--only", "x*"], 3, &said);
}

#[test]
fn a_plan_is_written_over_an_earlier_plan_and_over_nothing_else() {
    let scene = with_hosts(&host("db1", NGINX));
    let key = scene.read_bytes("gsec-ca/ca_conf/ca_priv_key.pem");
    for file in [
        "gsec-ca/ca_conf/ca_priv_key.pem",
        "fleet.toml",
        "gsec-ca/ca_conf/ca.db",
    ] {
        let before = scene.read_bytes(file);
        scene.gsec(&["fleet", "plan", "--out", file]).run().code(3);
        assert_eq!(scene.read_bytes(file), before, "{file}");
    }
    assert_eq!(scene.read_bytes("gsec-ca/ca_conf/ca_priv_key.pem"), key);
    scene.gsec(&["fleet", "plan", "--out", "plan.json"]).run().ok();
    apply(&scene).ok();
    scene.gsec(&["fleet", "plan", "--out", "plan.json"]).run().ok();
    assert!(scene.read("plan.json").contains("\"certificates\": []"));
    scene.write("p", "{}");
    let refused = scene.gsec(&["fleet", "apply", "--plan", "p"]).run().code(3);
    assert!(refused.stderr.contains("`p` is not a plan"), "{refused}");
}

#[test]
fn a_host_that_makes_its_own_key_is_not_said_to_be_done() {
    let scene = with_hosts(&(host("db1", "key = \"on-host\"") + &host("db2", NGINX)));
    let left = apply(&scene).code(3);
    assert!(
        left.stdout.contains("db1") && left.stdout.contains("gsec cert sign"),
        "{left}"
    );
    expect_whole(Path::new(&scene.dir.path("out/db2/nginx")));
}

#[test]
fn bundles_of_certificates_that_stay_need_no_key_of_the_ca() {
    let scene = with_hosts(&host("db1", NGINX));
    apply(&scene).ok();
    fs::remove_dir_all(scene.dir.path("out/db1")).expect("a bundle");
    scene.write(
        "fleet.toml",
        inventory(&(host("db1", NGINX) + &host("db2", NGINX))),
    );
    let key = scene.dir.path("gsec-ca/ca_conf/ca_priv_key.pem");
    fs::rename(&key, scene.dir.path("elsewhere.pem")).expect("a key");
    let failed = scene.gsec(&["fleet", "apply", "--yes", "--json"]).run().code(3);
    let report = failed.json();
    expect_whole(Path::new(&scene.dir.path("out/db1/nginx")));
    assert_eq!(report["failures"][0]["host"], "db2", "{failed}");
    assert_eq!(
        report["failures"].as_array().expect("failures").len(),
        1,
        "{failed}"
    );
    // Where there is nothing else to do, the cause itself is the failure.
    let alone = apply(&scene).code(3);
    assert!(alone.stderr.contains("ca_priv_key.pem"), "{alone}");
    fs::rename(scene.dir.path("elsewhere.pem"), &key).expect("a key");
    apply(&scene).ok();
    expect_whole(Path::new(&scene.dir.path("out/db2/nginx")));
}

#[test]
fn a_file_of_one_host_that_cannot_be_read_keeps_no_other_host_from_being_examined() {
    let scene = with_hosts(&(host("db1", NGINX) + &host("db2", NGINX) + &host("db3", NGINX)));
    apply(&scene).ok();
    fs::remove_dir_all(scene.dir.path("out")).expect("bundles");
    let key = fs::read_dir(scene.dir.path("gsec-ca/repository"))
        .expect("a repository")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.to_string_lossy().ends_with("_db1_priv_key.pem"))
        .expect("the key of a host");
    fs::remove_file(&key).expect("a key");
    fs::create_dir(&key).expect("a folder in its place");
    let failed = scene.gsec(&["fleet", "apply", "--yes", "--json"]).run().code(3);
    let report = failed.json();
    let hosts = |rows: &Value| -> Vec<String> {
        let rows = rows.as_array().expect("rows").iter();
        rows.map(|row| row["host"].as_str().expect("a host").to_owned())
            .collect()
    };
    assert_eq!(hosts(&report["bundles"]), ["db2", "db3"], "{failed}");
    assert_eq!(hosts(&report["failures"]), ["db1"], "{failed}");
}

#[test]
fn what_comes_next_is_about_the_same_ca_hosts_and_inventory() {
    let scene = with_hosts(&(host("db1", NGINX) + &host("web", NGINX)));
    let common = ["--ca-dir", "gsec-ca", "--only", "db*"];
    let expected = "--ca-dir gsec-ca --inventory fleet.toml --only 'db*'";
    let planned = scene.gsec(&["fleet", "plan"]).args(&common).run().ok();
    assert!(
        planned.stdout.contains(&format!("gsec fleet apply {expected}")),
        "{planned}"
    );
    let status = scene.gsec(&["fleet", "status"]).args(&common).run().code(1);
    assert!(
        status.stdout.contains(&format!("gsec fleet plan {expected}")),
        "{status}"
    );
    let stale = scene
        .gsec(&["fleet", "apply", "--plan", "0123456789abcdef"])
        .args(&common)
        .run()
        .code(3);
    assert!(
        stale.stderr.contains(&format!("gsec fleet plan {expected}")),
        "{stale}"
    );
    let piped = scene
        .gsec(&["fleet", "plan", "--inventory", "-", "--json"])
        .stdin(scene.read("fleet.toml"))
        .run()
        .ok()
        .json();
    assert_eq!(
        piped["next"],
        Value::Array(Vec::new()),
        "no command can read it again"
    );
}

#[test]
fn two_bundles_that_would_take_the_place_of_each_other_on_the_host_are_refused() {
    let two = |other: &str| {
        host(
            "db1",
            &format!("bundles = [ {{ for = \"nginx\" }}, {{ for = \"haproxy\"{other} }} ]"),
        )
    };
    for (other, is_refused) in [
        ("", true),
        (", dest = \"/etc/ssl/gsec/db1.example.com\"", true),
        (", name = \"proxy\"", false),
        (", dest = \"/etc/haproxy/tls\"", false),
    ] {
        let scene = with_hosts(&two(other));
        let plan = scene.gsec(&["fleet", "plan", "--json"]).run();
        let code = plan.json()["plan"]["problems"][0]["code"].clone();
        let expected = if is_refused {
            "fleet-duplicate-dest".into()
        } else {
            serde_json::Value::Null
        };
        assert_eq!(
            (plan.status, code),
            (Some(if is_refused { 3 } else { 0 }), expected),
            "{other}"
        );
    }
    // What no script installs there is in nobody's way.
    let scene = with_hosts(&host(
        "db1",
        "bundles = [ { for = \"nginx\" }, { for = \"kubernetes\" } ]",
    ));
    scene.gsec(&["fleet", "plan"]).run().ok();
}
