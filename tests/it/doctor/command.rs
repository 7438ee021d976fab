//! `gsec doctor` itself: what a target is, formats for monitoring, exit status, `--fix`, the catalogue.

use crate::common;

use std::collections::BTreeSet;

use common::doctor::{doctor, finds, is_silent, type_remedy};
use common::{OldCa, Outcome, Scene, gsec};
use serde_json::{Value, json};

const CERTIFICATE: &str = "gsec-ca/repository/01_db1_cert.pem";
const KEY: &str = "gsec-ca/repository/01_db1_priv_key.pem";

fn slugs(outcome: &Outcome) -> Vec<String> {
    let document = outcome.json();
    let entries = document["entries"].as_array().expect("entries").iter();
    entries
        .map(|entry| entry["slug"].as_str().expect("a slug").to_owned())
        .collect()
}

fn kinds(outcome: &Outcome) -> Vec<(String, String)> {
    let document = outcome.json();
    let text = |target: &Value, name: &str| target[name].as_str().expect("text").to_owned();
    document["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .map(|target| (text(target, "target"), text(target, "kind")))
        .collect()
}

#[test]
fn every_entry_of_the_catalogue_is_named_by_a_test() {
    let mut sources = String::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/it"
    ))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
        {
            let is_harness = entry.ends_with("common") || entry.ends_with("ca_check");
            if entry.is_dir() && !is_harness {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "rs") {
                sources.push_str(&std::fs::read_to_string(&entry).expect("a test"));
            }
        }
    }
    // The rules of the linters are tested beside them, where what is expected stands behind the slug.
    let mut beside = sources.clone();
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/crates/platform/src"
    ))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let entry = entry.expect("an entry").path();
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let source = std::fs::read_to_string(&entry).expect("a source");
            let tests = if entry.ends_with("tests.rs") {
                0
            } else {
                source.find("#[cfg(test)]").unwrap_or(source.len())
            };
            beside.push_str(&source[tests..]);
        }
    }
    let listed = gsec(&["doctor", "--list", "--json"]).run().ok();
    let all = slugs(&listed);
    assert!(all.len() > 40, "{} entries", all.len());
    let groups = listed.json()["entries"].clone();
    let is_of_linters = |slug: &String| {
        let entry = groups
            .as_array()
            .expect("entries")
            .iter()
            .find(|entry| entry["slug"] == **slug);
        let topics = ["transport", "conf", "start", "fleet", "bundle", "banner"];
        topics
            .iter()
            .any(|topic| entry.expect("an entry")["group"] == **topic)
    };
    let is_tested = |slug: &&String| match is_of_linters(slug) {
        true => [" ", "\"", ":"]
            .iter()
            .any(|after| beside.contains(&format!("{slug}{after}"))),
        false => sources.contains(&format!("\"{slug}\"")),
    };
    let untested: Vec<&String> = all.iter().filter(|slug| !is_tested(slug)).collect();
    assert!(untested.is_empty(), "no test makes {untested:?} happen");
}

#[test]
fn the_catalogue_explains_each_entry() {
    for slug in slugs(&gsec(&["doctor", "--list", "--json"]).run().ok()) {
        let text = gsec(&["doctor", "--explain", &slug]).run().ok().stdout;
        assert!(
            text.starts_with(&format!("{slug}: ")) && text.contains("  why ") && text.contains("  remedy "),
            "{text}"
        );
        let page = include_str!("../../../docs/doctor.md");
        assert!(
            page.contains(&format!("\n### `{slug}`\n")),
            "{slug} is not in docs/doctor.md"
        );
    }
}

#[test]
fn what_is_no_file_may_be_a_server_without_its_port() {
    let scene = Scene::empty();
    let said = scene.gsec(&["doctor", "db1.example.com"]).run().code(3);
    assert!(
        said.stderr
            .contains("hint: is it a server? Add the port: `gsec doctor db1.example.com:443`"),
        "{said}"
    );
    for file in ["db1.pem", "./db1.example.com", "a file"] {
        let said = scene.gsec(&["doctor", file]).run().code(3);
        assert!(!said.stderr.contains("is it a server?"), "{said}");
    }
}

#[test]
fn a_slug_that_is_none_is_a_usage_error_with_the_nearest() {
    for option in ["--only", "--skip", "--explain"] {
        let said = Scene::empty()
            .gsec(&["doctor", option, "key-mismatsh"])
            .run()
            .code(2);
        assert!(said.stderr.contains("'key-mismatch'"), "{said}");
        assert!(
            said.stderr.contains("gsec doctor --list") && !said.stderr.contains("weak-key"),
            "the nearest, and where the others are: {said}"
        );
    }
}

#[test]
fn targets_are_told_by_what_they_are() {
    let scene = Scene::with_host();
    let list = format!("# all of them\n{CERTIFICATE}\n\n  {KEY}   # the key\ngsec-ca\n{CERTIFICATE}\n");
    let said = scene.gsec(&["doctor", "--json", "-", KEY]).stdin(list).run();
    let kinds = kinds(&said);
    let expected = [(CERTIFICATE, "file"), (KEY, "file"), ("gsec-ca", "ca_directory")]
        .map(|(target, kind)| (target.to_owned(), kind.to_owned()));
    assert_eq!(kinds, expected, "each once, in order");
    scene.write("db1:443", scene.read(CERTIFICATE));
    scene.does_not_understand(
        &["doctor", "db1:443"],
        "`db1:443` could be a file here, or host and port of a server",
    );
    scene.gsec(&["doctor", "./db1:443"]).run().ok();
    scene.does_not_understand(&["doctor", "-"], "the list of targets on standard input is empty");
}

#[test]
fn a_key_in_the_place_of_the_list_of_targets_is_not_shown() {
    let scene = Scene::with_host();
    for file in [KEY, CERTIFICATE] {
        let content = scene.read(file);
        for form in [&[][..], &["--json"]] {
            let said = scene
                .gsec(&["doctor", "-"])
                .args(form)
                .stdin(&content)
                .run()
                .code(2);
            let shown = format!("{}{}", said.stdout, said.stderr);
            assert!(
                !content
                    .lines()
                    .skip(1)
                    .any(|line| !line.starts_with('-') && shown.contains(line)),
                "{said}"
            );
            assert!(
                shown.contains(
                    "`gsec doctor stdin.saved` examines it; first save the standard input as `stdin.saved`"
                ),
                "{said}"
            );
        }
    }
}

#[test]
fn one_target_that_cannot_be_examined_keeps_nobody_from_the_others() {
    let scene = Scene::with_host();
    scene.write("noise.pem", "nothing");
    let alone = scene.gsec(&["doctor", "noise.pem", "--json"]).run().code(3);
    assert_eq!(alone.error()["code"], "input.unknown");
    let said = scene
        .gsec(&["doctor", "--json", "noise.pem", "nosuch.pem", CERTIFICATE])
        .run()
        .code(3);
    let document = said.json();
    let problems: Vec<&Value> = document["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .map(|target| &target["problem"]["code"])
        .collect();
    assert_eq!(
        problems,
        [&json!("input.unknown"), &json!("store.io"), &Value::Null]
    );
    assert_eq!(
        (&document["targets"][2]["healthy"], &document["healthy"]),
        (&json!(true), &json!(false))
    );
    let text = scene.gsec(&["doctor", "noise.pem", CERTIFICATE]).run().code(3);
    assert!(
        text.stdout.contains("noise.pem: could not be examined\n")
            && text
                .stdout
                .contains(&format!("{CERTIFICATE}: healthy: one certificate, ")),
        "{text}"
    );
    assert!(
        text.stderr.contains("1 of 2 targets could not be examined"),
        "{text}"
    );
}

#[test]
fn exit_status_is_as_fail_on_says() {
    let scene = Scene::with_host();
    let soon = ["doctor", CERTIFICATE, "--expires-within", "100d"];
    for (limit, status) in [("error", 0), ("warning", 1), ("notice", 1), ("never", 0)] {
        scene.gsec(&soon).args(&["--fail-on", limit]).run().code(status);
    }
    let wrong = ["doctor", CERTIFICATE, "--name", "x.example.com"];
    for (limit, status) in [("error", 1), ("never", 0)] {
        scene.gsec(&wrong).args(&["--fail-on", limit]).run().code(status);
    }
    scene.gsec(&wrong).run().code(1);
    scene.gsec(&wrong).args(&["--skip", "name-mismatch"]).run().ok();
    assert!(
        doctor(
            &scene,
            &[
                CERTIFICATE,
                "--name",
                "x.example.com",
                "--only",
                "certificate-expired"
            ]
        )
        .is_empty()
    );
}

#[test]
fn nagios_gets_one_line_for_each_target_and_its_exit_status() {
    let scene = Scene::with_host();
    scene.write("noise.pem", "nothing");
    scene.chmod(KEY, 0o644);
    let nagios = |args: &[&str], status: i32| {
        let said = scene
            .gsec(&["doctor", "--format", "nagios"])
            .args(args)
            .run()
            .code(status);
        assert_eq!(said.stderr, "", "a plugin's words are on stdout: {said}");
        said.stdout
    };
    let well = nagios(&[CERTIFICATE], 0);
    let (words, numbers) = well.trim_end().split_once(" | ").expect("performance data");
    assert_eq!(
        words,
        format!("OK - {CERTIFICATE}: healthy, CN=db1.example.com expires in 99 days")
    );
    assert_eq!(
        numbers,
        format!("'days left of CN db1.example.com in {CERTIFICATE}'=99;30:;0:")
    );
    assert!(nagios(&[KEY], 1).starts_with(&format!("WARNING - {KEY}: key-readable-by-others: ")));
    assert!(nagios(&[CERTIFICATE, "--name", "x.example.com"], 2).starts_with("CRITICAL - "));
    assert!(nagios(&["noise.pem"], 3).starts_with("UNKNOWN - noise.pem: "));
    let all = nagios(&[CERTIFICATE, KEY, "noise.pem"], 3);
    assert_eq!(
        all.lines()
            .map(|line| line.split(' ').next().expect("a word"))
            .collect::<Vec<_>>(),
        ["OK", "WARNING", "UNKNOWN"]
    );
    nagios(&[CERTIFICATE, KEY, "noise.pem", "--name", "x.example.com"], 2);
    scene
        .gsec(&["doctor", CERTIFICATE, "--json", "--format", "nagios"])
        .run()
        .code(2);
}

/// One line of the exposition format, taken apart by its grammar: name, labels, value.
fn sample(line: &str) -> (String, Vec<(String, String)>, f64) {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || character == '_')
    };
    let (name, rest) = line
        .split_once('{')
        .unwrap_or_else(|| panic!("no labels in {line}"));
    assert!(is_name(name), "{line}");
    let (mut labels, mut rest) = (Vec::new(), rest);
    loop {
        let (label, after) = rest
            .split_once("=\"")
            .unwrap_or_else(|| panic!("no label in {rest}"));
        assert!(is_name(label), "{label} in {line}");
        let (mut value, mut characters) = (String::new(), after.char_indices());
        let end = loop {
            match characters
                .next()
                .unwrap_or_else(|| panic!("an open label in {line}"))
            {
                (_, '\\') => value.push(match characters.next() {
                    Some((_, 'n')) => '\n',
                    Some((_, escaped @ ('\\' | '"'))) => escaped,
                    other => panic!("{other:?} escaped in {line}"),
                }),
                (at, '"') => break at,
                (_, plain) => value.push(plain),
            }
        };
        labels.push((label.to_owned(), value));
        rest = &after[end + 1..];
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => break,
        }
    }
    let value = rest
        .strip_prefix("} ")
        .unwrap_or_else(|| panic!("no value in {line}"));
    (name.to_owned(), labels, value.parse().expect("a number"))
}

#[test]
fn prometheus_reads_what_is_written_for_it() {
    let scene = Scene::with_host();
    let odd = "a \"b\" \\c.pem";
    scene.write(odd, scene.read(CERTIFICATE));
    scene.write("line\nfeed.pem", scene.read(CERTIFICATE));
    scene.write("noise.pem", "nothing");
    let asked = [
        "doctor",
        "--format",
        "prometheus",
        odd,
        "./line\nfeed.pem",
        "noise.pem",
        "--name",
        "x.example.com",
    ];
    let said = scene.gsec(&asked).run().code(3).stdout;
    assert!(said.ends_with('\n'));
    let mut families = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut samples = Vec::new();
    for line in said.lines() {
        if let Some(typed) = line.strip_prefix("# TYPE ") {
            assert!(
                families.insert(typed.strip_suffix(" gauge").expect("a gauge").to_owned()),
                "{line} twice"
            );
        } else if !line.starts_with("# HELP ") {
            let (name, labels, value) = sample(line);
            assert!(families.contains(&name), "{line} stands before its type");
            assert!(seen.insert((name.clone(), labels.clone())), "{line} twice");
            samples.push((name, labels, value));
        }
    }
    let value = |name: &str, wanted: &[(&str, &str)]| {
        let has = |labels: &[(String, String)]| {
            wanted
                .iter()
                .all(|(label, value)| labels.contains(&((*label).to_owned(), (*value).to_owned())))
        };
        samples
            .iter()
            .find(|(found, labels, _)| found == name && has(labels))
            .map(|(_, _, value)| *value)
    };
    assert_eq!(
        value("gsec_target_examined", &[("target", "noise.pem")]),
        Some(0.0)
    );
    assert_eq!(value("gsec_target_healthy", &[("target", odd)]), Some(0.0));
    assert_eq!(
        value(
            "gsec_finding",
            &[("target", odd), ("slug", "name-mismatch"), ("severity", "error")]
        ),
        Some(1.0)
    );
    assert_eq!(
        value(
            "gsec_finding",
            &[("target", "./line\\x0Afeed.pem"), ("slug", "name-mismatch")]
        ),
        Some(1.0)
    );
    let end = scene
        .gsec(&["cert", "show", CERTIFICATE, "--json"])
        .run()
        .ok()
        .json()["certificates"][0]["not_after"]
        .as_str()
        .expect("a time")
        .to_owned();
    let end = time::OffsetDateTime::parse(&end, &time::format_description::well_known::Rfc3339)
        .expect("RFC 3339")
        .unix_timestamp();
    assert_eq!(
        value(
            "gsec_certificate_not_after_seconds",
            &[("target", odd), ("serial", "01")]
        ),
        Some(end as f64)
    );
}

#[test]
fn fix_asks_and_mends_and_looks_again() {
    let scene = Scene::with_host();
    scene.chmod(KEY, 0o666);
    let mode = || {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(scene.dir.path(KEY))
            .expect("the key")
            .permissions()
            .mode()
            & 0o7777
    };
    scene.does_not_understand(
        &["doctor", KEY, "--fix"],
        "`--fix` asks before it changes anything, and there is no terminal",
    );
    let dry = scene.gsec(&["doctor", KEY, "--fix", "--dry-run"]).run().ok();
    assert!(
        dry.stdout.starts_with(&format!(
            "Would apply: set mode of `{KEY}` to 640\n{KEY}: 2 warnings\n"
        )),
        "{dry}"
    );
    assert_eq!(mode(), 0o666);
    let done = scene.gsec(&["doctor", KEY, "--fix", "--yes"]).run().ok();
    assert_eq!(
        done.stdout,
        format!("Applied: set mode of `{KEY}` to 640\n{KEY}: healthy: one private key\n")
    );
    assert_eq!(mode(), 0o640);
    let nothing = scene.gsec(&["doctor", KEY, "--fix"]).run().ok();
    assert_eq!(
        nothing.stdout,
        format!("{KEY}: healthy: one private key\n"),
        "where there is nothing to mend, nothing is asked"
    );
}

#[test]
fn fix_does_not_follow_a_link() {
    let scene = Scene::with_host();
    scene.chmod(KEY, 0o644);
    std::os::unix::fs::symlink(scene.dir.path(KEY), scene.dir.path("link.pem")).expect("a link");
    finds(&scene, &["link.pem"], "key-readable-by-others");
    let said = scene
        .gsec(&["doctor", "link.pem", "--fix", "--yes"])
        .run()
        .code(3);
    assert!(said.stderr.contains("link.pem"), "{said}");
    finds(&scene, &[KEY], "key-readable-by-others");
}

#[test]
fn the_user_of_a_service_must_be_able_to_read_the_key() {
    let scene = Scene::with_host();
    // The folder of the test is closed to others; that is what is found first, and let pass.
    let asked = [KEY, "--user", "65534"];
    for _ in 0..9 {
        let Some(found) = doctor(&scene, &asked)
            .into_iter()
            .find(|found| found.slug == "unreadable-for-user")
        else {
            break;
        };
        assert!(
            found.seen.starts_with("`65534` has no permission to "),
            "{found:#?}"
        );
        assert_eq!(type_remedy(&scene, &found), 1, "{found:#?}");
    }
    is_silent(&scene, &asked, "unreadable-for-user");
    is_silent(&scene, &[KEY, "--user", "root"], "unreadable-for-user");
    scene
        .gsec(&["doctor", KEY, "--user", "no-such-user"])
        .run()
        .code(3);
}

#[test]
fn a_key_that_is_locked_is_not_needed_to_judge_the_certificate_beside_it() {
    let scene = Scene::with_host();
    scene.write("secret.txt", "a passphrase\n");
    scene
        .gsec(&[
            "convert",
            "key",
            KEY,
            "--out",
            "locked.pem",
            "--new-password-file",
            "secret.txt",
        ])
        .run()
        .ok();
    scene.write(
        "both.pem",
        [scene.read(CERTIFICATE), scene.read("locked.pem")].concat(),
    );
    scene.chmod("both.pem", 0o600);
    let found = doctor(&scene, &["both.pem"]);
    assert_eq!(
        found.iter().map(|found| found.slug.as_str()).collect::<Vec<_>>(),
        ["key-encrypted"]
    );
    let wrong = doctor(&scene, &["both.pem", "--name", "x.example.com"]);
    assert!(
        wrong.iter().any(|found| found.slug == "name-mismatch"),
        "{wrong:#?}"
    );
    let opened = doctor(&scene, &["both.pem", "--password-file", "secret.txt"]);
    assert_eq!(
        opened.iter().map(|found| found.slug.as_str()).collect::<Vec<_>>(),
        ["key-encrypted"]
    );
}

#[test]
fn a_ca_that_only_happens_to_be_here_is_no_measure_of_what_it_did_not_issue() {
    let scene = Scene::with_host();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Other CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "other-ca",
        ])
        .run()
        .ok();
    scene
        .issue("db2.example.com", &["--ca-dir", "other-ca"])
        .run()
        .ok();
    let foreign = "other-ca/repository/01_db2_cert.pem";
    // Its chain could not be looked at, and that is said.
    let found = doctor(&scene, &[foreign]);
    assert_eq!(
        found
            .iter()
            .map(|found| (found.slug.as_str(), found.severity.as_str()))
            .collect::<Vec<_>>(),
        [("trust-unknown", "warning")]
    );
    finds(&scene, &[foreign, "--ca-dir", "gsec-ca"], "issuer-unknown");
    finds(
        &scene,
        &[foreign, "--trust", "gsec-ca/ca_conf/ca_cert.pem"],
        "issuer-unknown",
    );
    is_silent(
        &scene,
        &[foreign, "--trust", "other-ca/ca_conf/ca_cert.pem"],
        "issuer-unknown",
    );
}

#[test]
fn the_copy_that_a_ca_keeps_needs_no_chain() {
    let scene = Scene::with_ca();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Issuing CA",
            "--key-type",
            "p256",
            "--parent",
            "gsec-ca",
            "--ca-dir",
            "issuing",
        ])
        .run()
        .ok();
    scene
        .issue("db1.example.com", &["--ca-dir", "issuing"])
        .run()
        .ok();
    let of_ca = |file: &'static str| [file, "--ca-dir", "issuing"];
    is_silent(
        &scene,
        &of_ca("issuing/repository/01.pem"),
        "intermediate-missing",
    );
    is_silent(
        &scene,
        &of_ca("issuing/repository/01_db1_cert.pem"),
        "intermediate-missing",
    );
    scene.write("copy.pem", scene.read("issuing/repository/01.pem"));
    finds(&scene, &of_ca("copy.pem"), "intermediate-missing");
}

#[test]
fn requests_and_keys_are_judged_before_a_certificate_is_made_of_them() {
    let scene = Scene::empty();
    for (name, kind) in [("weak", "rsa:1024"), ("good", "rsa:2048")] {
        let (key, request) = (format!("{name}.key"), format!("{name}.csr"));
        scene.openssl(&[
            "req",
            "-new",
            "-newkey",
            kind,
            "-nodes",
            "-subj",
            "/CN=db1.example.com",
            "-keyout",
            &key,
            "-out",
            &request,
        ]);
    }
    finds(&scene, &["weak.key"], "weak-key");
    finds(&scene, &["weak.csr"], "weak-key");
    is_silent(&scene, &["good.key", "good.csr"], "weak-key");
    finds(&scene, &["good.csr", "--key", "weak.key"], "key-mismatch");
    is_silent(&scene, &["good.csr", "--key", "good.key"], "key-mismatch");
}

#[test]
fn the_key_that_belongs_to_a_certificate_is_looked_for_beside_it_and_in_the_repository() {
    let scene = Scene::with_host();
    scene.openssl(&["genpkey", "-algorithm", "ed25519", "-out", "other.pem"]);
    let found = finds(&scene, &[CERTIFICATE, "--key", "other.pem"], "key-mismatch");
    assert_eq!(
        found.advice[0],
        format!("Use '{KEY}': it is the key of the certificate.")
    );
    std::fs::create_dir(scene.dir.path("etc")).expect("a folder");
    scene.write("etc/cert.pem", scene.read(CERTIFICATE));
    assert_eq!(
        finds(&scene, &["etc/cert.pem", "--key", "other.pem"], "key-mismatch").advice[0],
        found.advice[0]
    );
    scene.write("etc/right.pem", scene.read(KEY));
    let beside = finds(&scene, &["etc/cert.pem", "--key", "other.pem"], "key-mismatch");
    assert_eq!(
        beside.advice[0],
        "Use 'etc/right.pem': it is the key of the certificate."
    );
}

#[test]
fn a_ca_in_two_levels_with_its_crls_is_healthy() {
    let scene = Scene::with_ca();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Issuing CA",
            "--key-type",
            "p256",
            "--parent",
            "gsec-ca",
            "--ca-dir",
            "issuing",
        ])
        .run()
        .ok();
    scene
        .issue("db1.example.com", &["--ca-dir", "issuing"])
        .run()
        .ok();
    scene.gsec(&["crl", "update", "--ca-dir", "issuing"]).run().ok();
    let repository = [
        "01.pem",
        "01_db1_cert.pem",
        "01_db1_cert.pfx",
        "01_db1_priv_key.pem",
    ]
    .map(|name| format!("issuing/repository/{name}"));
    let all: Vec<&str> = repository
        .iter()
        .map(String::as_str)
        .chain([
            "issuing/ca_conf/ca_cert.pem",
            "issuing/ca_conf/ca_crl.pem",
            "gsec-ca/repository/01.pem",
        ])
        .collect();
    for more in [
        &[][..],
        &["--ca-dir", "issuing"],
        &["--trust", "gsec-ca/ca_conf/ca_cert.pem"],
    ] {
        let said = doctor(&scene, &[&all[..], more].concat());
        assert!(said.is_empty(), "{more:?}: {said:#?}");
    }
}

#[test]
fn after_a_change_of_the_key_everything_is_still_well() {
    let scene = Scene::with_host();
    scene.issue("db2.example.com", &[]).run().ok();
    scene.gsec(&["ca", "rekey", "--yes"]).run().ok();
    scene.issue("db3.example.com", &[]).run().ok();
    scene.gsec(&["crl", "update"]).run().ok();
    let files = [
        "01_db1_cert.pem",
        "02_db2_cert.pfx",
        "03_db3_cert.pem",
        "03_db3_cert.pfx",
        "03.pem",
    ]
    .map(|name| format!("gsec-ca/repository/{name}"));
    let all: Vec<&str> = files
        .iter()
        .map(String::as_str)
        .chain(["gsec-ca/ca_conf/ca_cert.pem", "gsec-ca/ca_conf/ca_crl.pem"])
        .collect();
    let said = doctor(&scene, &all);
    assert!(said.is_empty(), "{said:#?}");
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    scene.gsec(&["crl", "update"]).run().ok();
    finds(&scene, &[CERTIFICATE], "certificate-revoked");
}

#[test]
fn what_the_old_scripts_left_is_said_for_what_it_is() {
    let old = OldCa::new();
    let said = old.gsec(&["doctor", "--json", &old.host_certificate(0)]);
    let mut found: Vec<(String, String)> = common::doctor::findings_of(&said)
        .into_iter()
        .map(|found| (found.slug, found.severity))
        .collect();
    found.sort();
    let expected = [
        ("ca-without-key-usage", "warning"),
        ("certificate-flaw", "warning"),
        ("lifetime-over-825-days", "notice"),
        ("san-missing", "warning"),
        ("weak-signature", "error"),
    ];
    assert_eq!(
        found,
        expected.map(|(slug, severity)| (slug.to_owned(), severity.to_owned())),
        "{said}"
    );
}

#[test]
fn what_a_certificate_says_cannot_act_on_a_terminal() {
    let scene = Scene::with_host();
    let subject = "/CN=db1\u{1b}[2J\u{202e}.example.com";
    scene.openssl(&[
        "req",
        "-x509",
        "-new",
        "-utf8",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "k.pem",
        "-subj",
        subject,
        "-days",
        "9",
        "-out",
        "odd.pem",
    ]);
    for format in ["text", "json", "nagios", "prometheus"] {
        let said = scene
            .gsec(&[
                "doctor",
                "odd.pem",
                "-v",
                "--trust",
                "gsec-ca/ca_conf/ca_cert.pem",
                "--format",
                format,
            ])
            .run();
        assert!(!said.stdout.is_empty(), "{said}");
        common::is_harmless(&said);
    }
}

#[test]
fn the_shortest_lived_healthy_certificate_does_not_end_soon() {
    let scene = Scene::with_ca();
    scene.issue("db1.example.com", &["--lifetime", "12h"]).run().ok();
    assert!(doctor(&scene, &[CERTIFICATE]).is_empty());
    finds(
        &scene,
        &[CERTIFICATE, "--expires-within", "1d"],
        "certificate-expires-soon",
    );
}

/// A target with findings or nothing said of it, by text, nagios, JSON and Prometheus: never healthy.
fn is_not_called_healthy(scene: &Scene, args: &[&str]) {
    let run = |format: &str| scene.gsec(&["doctor", "--format", format]).args(args).run();
    let text = run("text");
    assert!(!text.stdout.contains("healthy"), "{text}");
    assert!(!run("nagios").stdout.contains("healthy"), "{}", run("nagios"));
    assert_ne!(run("json").json()["healthy"], true, "{args:?}");
    let metrics = run("prometheus").stdout;
    assert!(
        metrics
            .lines()
            .all(|line| !line.starts_with("gsec_target_healthy") || line.ends_with(" 0")),
        "{metrics}"
    );
}

#[test]
fn a_given_key_that_was_not_compared_is_never_healthy() {
    let scene = Scene::with_host();
    scene.openssl(&["genpkey", "-algorithm", "ed448", "-out", "ed448.pem"]);
    scene.openssl(&[
        "genrsa",
        "-aes128",
        "-passout",
        "pass:secret",
        "-out",
        "locked.pem",
        "2048",
    ]);
    scene.openssl(&["genrsa", "-out", "rsa.pem", "2048"]);
    scene.openssl(&[
        "req",
        "-new",
        "-x509",
        "-key",
        "ed448.pem",
        "-subj",
        "/CN=db2",
        "-out",
        "db2.pem",
    ]);
    scene.gsec(&["crl", "update"]).run().ok();
    for name in ["ed448.pem", "locked.pem", "rsa.pem"] {
        scene.chmod(name, 0o600);
    }
    let ca = "gsec-ca/ca_conf/ca_cert.pem";
    for (args, slug, seen) in [
        (
            &[CERTIFICATE, "--key", "locked.pem"][..],
            "key-not-compared",
            "is encrypted",
        ),
        (
            &[CERTIFICATE, "--key", CERTIFICATE],
            "key-not-compared",
            "contains no private key",
        ),
        (
            &[CERTIFICATE, "--key", ca],
            "key-not-compared",
            "contains no private key",
        ),
        (
            &["db2.pem", "--key", "ed448.pem"],
            "key-not-compared",
            "cannot be derived",
        ),
        (
            &["gsec-ca/ca_conf/ca_crl.pem", "--key", KEY],
            "key-not-compared",
            "no public key",
        ),
        // Of two algorithms it is known without their numbers; and two keys that are not one are none.
        (&[CERTIFICATE, "--key", "ed448.pem"], "key-mismatch", "is Ed448"),
        (&[KEY, "--key", "rsa.pem"], "key-mismatch", "another"),
    ] {
        let found = finds(&scene, args, slug);
        assert!(found.seen.contains(seen), "{found:#?}");
        is_not_called_healthy(&scene, args);
    }
    scene.gsec(&["doctor", "gsec-ca", "--key", KEY]).run().code(2);
    scene.write("secret.txt", "secret\n");
    finds(
        &scene,
        &[
            CERTIFICATE,
            "--key",
            "locked.pem",
            "--password-file",
            "secret.txt",
        ],
        "key-mismatch",
    );
    assert!(doctor(&scene, &[CERTIFICATE, "--key", KEY]).is_empty());
}

#[test]
fn the_file_of_a_given_key_is_examined_like_a_target() {
    let scene = Scene::with_host();
    scene.write("key.pem", scene.read(KEY).replace('\n', "\n "));
    scene.chmod("key.pem", 0o644);
    let found = doctor(&scene, &[CERTIFICATE, "--key", "key.pem"]);
    let mut slugs: Vec<&str> = found.iter().map(|found| found.slug.as_str()).collect();
    slugs.sort_unstable();
    assert_eq!(slugs, ["key-readable-by-others", "pem-form"], "{found:#?}");
    // As a target it is told of once.
    let twice = doctor(&scene, &[CERTIFICATE, "key.pem", "--key", "key.pem"]);
    assert_eq!(twice.len(), 2, "{twice:#?}");
    scene
        .gsec(&["doctor", CERTIFICATE, "--key", "key.pem", "--fix", "--yes"])
        .run()
        .ok();
    let left = doctor(&scene, &[CERTIFICATE, "--key", "key.pem"]);
    assert_eq!((left.len(), left[0].slug.as_str()), (1, "pem-form"), "{left:#?}");
    // A trusted file that everybody can write is as good as no trust.
    let ca = "gsec-ca/ca_conf/ca_cert.pem";
    scene.write("trusted.pem", scene.read(ca));
    scene.chmod("trusted.pem", 0o646);
    let found = finds(
        &scene,
        &[CERTIFICATE, "--trust", "trusted.pem"],
        "file-writable-by-others",
    );
    assert_eq!(found.subject, "trusted.pem");
}

#[test]
fn programs_read_the_first_private_key_of_a_file() {
    let scene = Scene::with_host();
    scene.openssl(&["genrsa", "-out", "rsa.pem", "2048"]);
    let (own, other, certificate) = (scene.read(KEY), scene.read("rsa.pem"), scene.read(CERTIFICATE));
    scene.write("wrong.pem", format!("{other}{own}"));
    scene.write("right.pem", format!("{own}{other}"));
    scene.write("combined.pem", format!("{certificate}{other}{own}"));
    for name in ["wrong.pem", "right.pem", "combined.pem"] {
        scene.chmod(name, 0o600);
    }
    for args in [
        &[CERTIFICATE, "--key", "wrong.pem"][..],
        &["combined.pem"],
        &[CERTIFICATE, "wrong.pem"],
    ] {
        let found = finds(&scene, args, "key-mismatch");
        assert!(
            found.severity == "error" && found.seen.contains("private key 2"),
            "{found:#?}"
        );
    }
    assert!(doctor(&scene, &[CERTIFICATE, "--key", "right.pem"]).is_empty());
    for (key, is_pair) in [("wrong.pem", false), ("right.pem", true)] {
        let said = scene.gsec(&["cert", "match", key, CERTIFICATE]).run();
        assert_eq!(said.status, Some(i32::from(!is_pair)), "{said}");
        let handshake = [
            "doctor",
            "handshake",
            "--server-cert",
            CERTIFICATE,
            "--server-key",
            key,
        ];
        let said = scene.gsec(&handshake).run();
        assert_eq!(said.status, Some(i32::from(!is_pair)), "{said}");
    }
}

#[test]
fn what_only_or_skip_left_out_is_not_called_healthy() {
    let scene = Scene::with_host();
    let wrong = [CERTIFICATE, "--name", "x.example.com"];
    for (flags, words) in [
        (
            ["--only", "weak-key"],
            "nothing found of what was looked for: weak-key",
        ),
        (
            ["--skip", "name-mismatch"],
            "nothing found of what was looked for: everything but name-mismatch",
        ),
    ] {
        let args = [&wrong[..], &flags[..]].concat();
        scene
            .gsec(&["doctor"])
            .args(&args)
            .run()
            .ok()
            .says(&format!("{CERTIFICATE}: {words}"));
        is_not_called_healthy(&scene, &args);
    }
    // What does not apply to the target is not left out.
    let said = scene
        .gsec(&["doctor", CERTIFICATE, "--skip", "crl-stale"])
        .run()
        .ok();
    assert!(
        said.stdout.starts_with(&format!("{CERTIFICATE}: healthy: ")),
        "{said}"
    );
    // Nothing was examined where nobody answers, whatever is skipped.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|bound| bound.local_addr())
        .expect("a port");
    let port = port.to_string();
    for flags in [["--skip", "port-refused"], ["--only", "certificate-expired"]] {
        let args = [&[port.as_str()][..], &flags[..]].concat();
        scene.gsec(&["doctor"]).args(&args).run().code(3);
        let nagios = scene
            .gsec(&["doctor", "--format", "nagios"])
            .args(&args)
            .run()
            .code(3);
        assert!(nagios.stdout.starts_with("UNKNOWN - "), "{nagios}");
    }
    std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/ca_priv_key.pem")).expect("the CA key");
    for flags in [["--skip", "ca-key-missing"], ["--only", "index-missing"]] {
        is_not_called_healthy(&scene, &[&["gsec-ca"][..], &flags[..]].concat());
    }
}
