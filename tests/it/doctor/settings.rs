//! `gsec doctor` on settings of the old platform: it finds what the linters find, and says what fixes it.

use crate::common;

use std::collections::BTreeMap;

use common::doctor::{doctor, finds, type_remedy};
use common::{Scene, gsec};
use serde_json::Value;

const DB_SERVER: &str = "[dbserver]\nhost = db1.example.com\nport = 4040\n";
const CONF_SERVER: &str = "[confserv]\nport = 2020\nserver = db\n[db]\nhost = db1.example.com\nport = 4333\n\
                           password = hunter2\ntransport = tls=1; certificate=/a\n";
const START: &str = "#!/bin/sh\n./tserver -host cs1 -port 2020 - transport-port 4001\n";
const INVENTORY: &str = "version = 1\n[[host]]\nname = \"a\"\nfqdn = \"a.example.com\"\n[[app]]\nname = \"s\"\nhost = \"b\"\n\
                         kind = \"scs\"\n";

fn scene() -> Scene {
    let scene = Scene::empty();
    scene.write("dbserver.cfg", DB_SERVER);
    scene.write("confserv.cfg", CONF_SERVER);
    scene.write("start", START);
    scene.write("fleet.toml", INVENTORY);
    scene
}

/// The severity and the slug of each finding in the documents of a linter, sorted.
fn found(document: &Value) -> Vec<(String, String)> {
    let lists = ["files", "values", "targets"];
    let parts = lists
        .iter()
        .filter_map(|list| document[list].as_array())
        .flatten();
    let mut found: Vec<(String, String)> = parts
        .chain([document])
        .filter_map(|part| part["findings"].as_array())
        .flatten()
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().expect("text").to_owned();
            (text("severity"), text("slug"))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn what_the_linters_find_is_found() {
    let scene = scene();
    let value = "tls=1; certificate=/a";
    for (linter, targets) in [
        (
            &["conf", "lint", "confserv.cfg", "dbserver.cfg", "start"][..],
            &["confserv.cfg", "dbserver.cfg", "start"][..],
        ),
        (&["conf", "lint", "confserv.cfg"], &["confserv.cfg"]),
        (&["transport", "lint", value], &[value]),
        (&["fleet", "check", "--inventory", "fleet.toml"], &["fleet.toml"]),
    ] {
        let linted = scene.gsec(linter).args(&["--json"]).run().code(1).json();
        let examined = scene
            .gsec(&["doctor", "--json"])
            .args(targets)
            .run()
            .code(1)
            .json();
        assert_eq!(found(&examined), found(&linted), "{targets:?}");
        assert_eq!(examined["counts"], linted["counts"], "{targets:?}");
    }
}

#[test]
fn files_are_compared_where_they_are_given_together() {
    let scene = scene();
    let slug = "conf-port-not-offered";
    finds(&scene, &["dbserver.cfg", "confserv.cfg"], slug);
    let alone = doctor(&scene, &["confserv.cfg"]);
    assert!(alone.iter().all(|found| found.slug != slug), "{alone:#?}");
    // One that is not there stops neither the other files nor their comparison.
    scene
        .gsec(&["doctor", "confserv.cfg", "nosuch.cfg", "dbserver.cfg"])
        .run()
        .code(3)
        .says(slug);
}

#[test]
fn the_command_that_is_said_fixes_it() {
    let scene = scene();
    let slug = "transport-blank-before-name";
    let blank = finds(&scene, &["confserv.cfg"], slug);
    assert_eq!(type_remedy(&scene, &blank), 1, "{blank:#?}");
    let after = doctor(&scene, &["confserv.cfg"]);
    assert!(after.iter().all(|found| found.slug != slug), "{after:#?}");
    let value = finds(&scene, &["tls=1; certificate=/a"], slug);
    assert_eq!(value.fix, ["gsec transport fix 'tls=1; certificate=/a'"]);
}

#[test]
fn what_was_not_asked_for_is_not_called_healthy_and_no_secret_is_shown() {
    let scene = scene();
    scene
        .gsec(&["doctor", "dbserver.cfg", "--only", "key-mismatch"])
        .run()
        .code(3);
    for target in ["confserv.cfg", "tls=1; password=hunter2"] {
        let outcome = scene.gsec(&["doctor", "-v", target]).run().code(1);
        assert!(!outcome.stdout.contains("hunter2"), "{outcome}");
    }
}

/// Nothing is wrong with them, but the CA, the certificates or the other files have something to say, too.
#[test]
fn settings_of_which_a_part_was_not_checked_are_not_called_healthy() {
    let scene = Scene::empty();
    let hosts = "version = 1\nca_dir = \"none-here\"\n[[host]]\nname = \"a\"\nfqdn = \"a.example.com\"\n";
    scene.write("fleet.toml", hosts);
    scene.write(
        "confserv.cfg",
        CONF_SERVER.replace("password = hunter2\ntransport = tls=1; certificate=/a\n", ""),
    );
    scene.write("start", "#!/bin/sh\n./tserver -host cs1 -port 2020\n");
    let thumbprint = "tls=1;certificate=9a ab 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18";
    for (target, parts) in [
        ("fleet.toml", &["profiles", "certificates", "names"][..]),
        ("confserv.cfg", &["comparison"]),
        ("start", &["comparison"]),
        ("tls=1;certificate=/a;trusted-ca=/b", &["files"]),
        (thumbprint, &["files"]),
    ] {
        let run = |format| scene.gsec(&["doctor", target, "--format", format]).run();
        let document = run("json").code(0).json();
        assert_eq!(document["healthy"], Value::Null, "{document:#}");
        assert_eq!(
            document["targets"][0]["not_checked"],
            serde_json::json!(parts),
            "{target}"
        );
        let text = run("text").code(0).stdout;
        assert!(
            text.contains("not checked: the ") || text.contains("not checked: whether "),
            "{text}"
        );
        let (nagios, prometheus) = (run("nagios"), run("prometheus"));
        assert!(nagios.stdout.contains(" not checked)"), "{nagios}");
        // A CA that is named and is not there was meant to be asked.
        let nagios = nagios.code(if target == "fleet.toml" { 3 } else { 0 });
        for said in [
            &text,
            &nagios.stdout,
            &prometheus.stdout.replace("# TYPE gsec_target_healthy", ""),
        ] {
            assert!(
                !said.contains("healthy: ") && !said.contains("healthy{"),
                "{said}"
            );
        }
    }
    scene.write("dbserver.cfg", DB_SERVER);
    let whole = ["doctor", "dbserver.cfg", "tls=0", "--json"];
    assert_eq!(scene.gsec(&whole).run().code(0).json()["healthy"], true);
}

/// The slugs that a source gives to rules, with their severities, and those of errors of bundles.
fn slugs_of(source: &str) -> Vec<(String, String)> {
    let rules = source.split("Rule::").skip(1).filter_map(|rest| {
        let (severity, rest) = rest.split_once("(\"")?;
        let is_rule = ["error", "warning", "notice"].contains(&severity);
        is_rule.then(|| {
            (
                rest.split('"').next().unwrap_or_default().to_owned(),
                severity.to_owned(),
            )
        })
    });
    let faults = source
        .split("HostFault::new(\"")
        .skip(1)
        .chain(source.split("unknown(\"").skip(1));
    let faults = faults.filter_map(|rest| rest.split('"').next());
    let faults = faults.filter(|slug| slug.starts_with("fleet-"));
    rules
        .chain(faults.map(|slug| (slug.to_owned(), "error".to_owned())))
        .collect()
}

fn sources_below(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.extension() {
            None => sources_below(&path, found),
            Some(ending) if ending == "rs" => found.push(path),
            Some(_) => (),
        }
    }
}

#[test]
fn every_code_of_the_linters_can_be_explained() {
    let listed = gsec(&["doctor", "--list", "--json"]).run().ok().json();
    let entries = listed["entries"].as_array().expect("entries").clone();
    let explained: BTreeMap<String, String> = entries
        .iter()
        .map(|entry| {
            let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
            (text("slug"), text("severity"))
        })
        .collect();
    assert_eq!(explained.len(), entries.len(), "no slug is listed twice");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for folder in ["src/cli", "crates/platform/src", "crates/deliver/src/rollout"] {
        sources_below(&root.join(folder), &mut sources);
    }
    let is_test = |path: &std::path::Path| path.ends_with("tests.rs") || path.ends_with("finding/list.rs");
    let mut count = 0;
    for path in sources.iter().filter(|path| !is_test(path)) {
        let source = std::fs::read_to_string(path).expect("a source");
        for (slug, severity) in slugs_of(&source) {
            assert!(
                explained.get(&slug) == Some(&severity),
                "{slug} ({severity}) of {}: {:?}",
                path.display(),
                explained.get(&slug)
            );
            count += 1;
        }
    }
    assert!(count > 160, "{count}");
    let said = gsec(&["doctor", "--explain", "fleet-duplicate-fqdn"])
        .run()
        .ok()
        .stdout;
    assert!(
        said.starts_with("fleet-duplicate-fqdn: Two hosts with one fully qualified name\n"),
        "{said}"
    );
}

#[test]
fn only_and_skip_choose_among_what_the_linters_find() {
    let scene = scene();
    let slugs = |flags: &[&str]| -> Vec<String> {
        let outcome = scene
            .gsec(&["doctor", "confserv.cfg", "--json"])
            .args(flags)
            .run();
        found(&outcome.json()).into_iter().map(|(_, slug)| slug).collect()
    };
    let all = slugs(&[]);
    assert!(
        all.len() > 1 && all.contains(&"conf-password-readable".into()),
        "{all:?}"
    );
    assert_eq!(
        slugs(&["--only", "conf-password-readable"]),
        ["conf-password-readable"]
    );
    let rest = slugs(&["--skip", "conf-password-readable"]);
    assert_eq!(rest.len() + 1, all.len(), "{rest:?}");
    // Nothing of it is found, and nothing else was looked for.
    let said = scene
        .gsec(&["doctor", "confserv.cfg", "--only", "conf-case"])
        .run()
        .ok()
        .stdout;
    assert!(
        said.starts_with("confserv.cfg: nothing found of what was looked for: conf-case"),
        "{said}"
    );
    let value = [
        "doctor",
        "tls=1;certificate=/a;trusted-ca=/b",
        "--only",
        "conf-case",
    ];
    scene.gsec(&value).run().code(3);
}
