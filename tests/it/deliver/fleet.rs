//! `fleet plan`, `apply` and `status`: what an inventory brings about, and what it does not.

use crate::common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use common::strace::{calls_on, trace};
use common::{Outcome, Scene, rustls_server, tool};
use serde_json::Value;

/// An inventory with this text behind its head. Keys are quickly made.
fn inventory(rest: &str) -> String {
    format!("version = 1\nca_dir = \"gsec-ca\"\n[defaults]\nkey_type = \"p256\"\n{rest}")
}

/// A host of this name with these lines.
fn host(name: &str, lines: &str) -> String {
    format!("[[host]]\nname = \"{name}\"\nfqdn = \"{name}.example.com\"\n{lines}\n")
}

const NGINX: &str = "bundles = [ { for = \"nginx\" } ]";

fn with_hosts(rest: &str) -> Scene {
    let scene = Scene::with_ca();
    scene.write("fleet.toml", inventory(rest));
    scene
}

fn plan(scene: &Scene) -> Value {
    scene.gsec(&["fleet", "plan", "--json"]).run().ok().json()
}

fn apply(scene: &Scene) -> Outcome {
    scene.gsec(&["fleet", "apply", "--yes"]).run()
}

/// `host code` of each certificate of a plan.
fn certificates(plan: &Value) -> Vec<String> {
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

fn manifest(scene: &Scene, bundle: &str) -> Value {
    serde_json::from_str(&scene.read(&format!("out/{bundle}/manifest.json"))).expect("a manifest")
}

/// Whether a bundle has all its files as its list of digests has them, and no others.
fn expect_whole(bundle: &Path) {
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
fn what_gsec_did_not_write_is_never_replaced_or_removed() {
    let scene = with_hosts(&(host("db1", NGINX) + &host("db2", NGINX)));
    fs::create_dir_all(scene.dir.path("out/db1/nginx")).expect("a folder");
    scene.write("out/db1/nginx/own.conf", "mine");
    let failed = apply(&scene).code(3);
    assert!(
        failed.stdout.contains("is not a bundle that gsec wrote"),
        "{failed}"
    );
    assert_eq!(scene.read("out/db1/nginx/own.conf"), "mine");
    expect_whole(Path::new(&scene.dir.path("out/db2/nginx")));
    scene.write("fleet.toml", inventory(&host("db1", NGINX)));
    assert_eq!(plan(&scene)["plan"]["gone"][0], "db2/nginx");
    scene.write("out/db2/nginx/own.conf", "mine");
    assert_eq!(
        plan(&scene)["plan"]["gone"],
        Value::Array(Vec::new()),
        "it is no bundle any more"
    );
    fs::remove_file(scene.dir.path("out/db2/nginx/own.conf")).expect("the file");
    apply(&scene).code(3);
    assert!(scene.exists("out/db2/nginx"), "nothing is removed unasked");
    let pruned = scene.gsec(&["fleet", "apply", "--yes", "--prune"]).run().code(3);
    assert!(
        pruned.stdout.contains("db2/nginx") && !scene.exists("out/db2"),
        "{pruned}"
    );
}

#[test]
fn a_link_in_the_place_of_a_bundle_or_a_host_is_not_followed() {
    let scene = with_hosts(&host("db1", NGINX));
    fs::create_dir(scene.dir.path("elsewhere")).expect("a folder");
    fs::create_dir_all(scene.dir.path("out/db1")).expect("a folder");
    std::os::unix::fs::symlink(scene.dir.path("elsewhere"), scene.dir.path("out/db1/nginx")).expect("a link");
    apply(&scene).code(3);
    assert!(
        !scene.exists("elsewhere/privkey.pem"),
        "nothing is written through the link"
    );
}

#[test]
fn one_host_that_cannot_be_served_stops_no_other() {
    let hosts = host("db1", "profile = \"nowhere\"")
        + &host("db2", "bundles = [ { for = \"unix\" } ]")
        + &host("db3", NGINX);
    let scene = with_hosts(&hosts);
    let planned = plan(&scene);
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
    scene.gsec(&["fleet", "plan", "--check"]).run().code(1);
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
    }
    scene.tree().is_unchanged_since(&before);
    scene.write("fleet.toml", inventory(&host("db1", NGINX)));
    scene
        .gsec(&["fleet", "apply", "--plan", &hash[..15]])
        .run()
        .code(3);
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
fn status_tells_the_ports_that_serve_another_certificate() {
    let scene = with_hosts(&host("db1", "address = \"127.0.0.1\""));
    apply(&scene).ok();
    let files = |serial: &str| {
        let all: BTreeMap<String, String> = fs::read_dir(scene.dir.path("gsec-ca/repository"))
            .expect("a repository")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .path()
                    .to_str()
                    .expect("a path")
                    .to_owned()
            })
            .filter(|path| path.contains(&format!("/{serial}_")))
            .map(|path| {
                (
                    if path.ends_with("_priv_key.pem") {
                        "key"
                    } else {
                        "cert"
                    }
                    .to_owned(),
                    path,
                )
            })
            .collect();
        (all["cert"].clone(), all["key"].clone())
    };
    let (old_cert, old_key) = files("01");
    scene.gsec(&["cert", "renew", "db1.example.com"]).run().ok();
    let (new_cert, new_key) = files("02");
    scene
        .issue("other.example.com", &["--ca-dir", "gsec-ca"])
        .run()
        .ok();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Other CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "other",
        ])
        .run()
        .ok();
    fs::create_dir(scene.dir.path("foreign")).expect("a folder");
    scene
        .gsec(&[
            "cert",
            "issue",
            "db1.example.com",
            "--key-type",
            "p256",
            "--ca-dir",
            "other",
            "--out-dir",
            "foreign",
        ])
        .run()
        .ok();
    let foreign = |end: &str| {
        fs::read_dir(scene.dir.path("foreign"))
            .expect("files")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .path()
                    .to_str()
                    .expect("a path")
                    .to_owned()
            })
            .find(|path| path.ends_with(end))
            .expect("a file")
    };
    let servers = [
        rustls_server(&new_cert, &new_key),
        rustls_server(&old_cert, &old_key),
        rustls_server(&foreign("_cert.pem"), &foreign("_priv_key.pem")),
        rustls_server(&new_cert, &old_key),
        common::OwnServer::start(|mut stream| {
            use std::io::Write;
            // The other end may have hung up.
            let _ = stream.write_all(b"220 mail.example.com ESMTP\r\n");
        }),
    ];
    let closed = common::ClosedPort::hold();
    let ports: Vec<u16> = servers
        .iter()
        .map(common::OwnServer::port)
        .chain([closed.port])
        .collect();
    let rows = ports
        .iter()
        .map(|port| format!("[[app.port]]\nid = \"{port}\"\nnumber = {port}\nmode = \"secured\"\n"));
    let app = format!(
        "[[app]]\nname = \"A\"\nhost = \"db1\"\nkind = \"tserver\"\n{}",
        rows.collect::<String>()
    );
    scene.write(
        "fleet.toml",
        inventory(&(host("db1", "address = \"127.0.0.1\"") + &app)),
    );
    let unprobed = scene.gsec(&["fleet", "status", "--json"]).run().ok().json();
    assert_eq!(
        unprobed["ports"],
        Value::Null,
        "nothing is said of what was not looked at"
    );
    let status = scene
        .gsec(&["fleet", "status", "--probe", "--json"])
        .run()
        .code(1)
        .json();
    let states: Vec<&str> = status["ports"]
        .as_array()
        .expect("ports")
        .iter()
        .map(|port| port["state"].as_str().expect("a state"))
        .collect();
    assert_eq!(
        states,
        [
            "serves",
            "drift-old",
            "drift-foreign",
            "drift-foreign",
            "drift-plain",
            "unreachable"
        ]
    );
    let soon = scene
        .gsec(&["fleet", "status", "--expires-within", "3w", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(soon["hosts"][0]["state"], "ok");
    let soon = scene
        .gsec(&["fleet", "status", "--expires-within", "2000d", "--json"])
        .run()
        .code(1)
        .json();
    assert_eq!(soon["hosts"][0]["state"], "expiring");
    drop(servers);
}

#[test]
fn only_the_hosts_of_a_pattern_are_touched() {
    let scene = with_hosts(&(host("db1", NGINX) + &host("db2", NGINX) + &host("web", NGINX)));
    scene
        .gsec(&["fleet", "apply", "--yes", "--only", "db*"])
        .run()
        .ok();
    assert!(scene.exists("out/db1") && scene.exists("out/db2") && !scene.exists("out/web"));
    scene.does_not_understand(
        &["fleet", "plan", "--only", "x*"],
        "no host of the inventory matches `x*`",
    );
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
