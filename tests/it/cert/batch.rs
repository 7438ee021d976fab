//! `cert issue --from`: many hosts in one call, from lists of every kind, good and bad; killed, interrupted, repeated, in parallel.

use crate::ca_check::{assert_clean, assert_consistent, assert_files_consistent};
use crate::common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;

use common::{Outcome, Scene, names_in, records};
use serde_json::Value;

const ISSUE: [&str; 5] = ["cert", "issue", "--key-type", "p256", "--from"];

/// A call with a list and further flags.
#[track_caller]
fn issue(scene: &Scene, list: &str, flags: &[&str]) -> Outcome {
    scene.gsec(&ISSUE).args(&[list]).args(flags).run()
}

/// The document of such a call.
#[track_caller]
fn document(scene: &Scene, list: &str, flags: &[&str], status: i32) -> Value {
    let outcome = issue(scene, list, &[flags, &["--json"]].concat()).code(status);
    assert_eq!(outcome.stderr, "", "the document has it all: {outcome}");
    outcome.json()
}

fn hosts(document: &Value) -> &Vec<Value> {
    document["hosts"].as_array().expect("a list")
}

/// Line and result of each row.
fn results(document: &Value) -> Vec<(u64, &str)> {
    hosts(document)
        .iter()
        .map(|row| {
            (
                row["line"].as_u64().expect("a line"),
                row["result"].as_str().expect("a word"),
            )
        })
        .collect()
}

#[track_caller]
fn all_are(document: &Value, result: &str) {
    assert!(
        hosts(document).iter().all(|row| row["result"] == result),
        "not all {result}: {document:#}"
    );
}

/// What a row says of its failure.
fn said(document: &Value, row: usize) -> String {
    let error = &document["hosts"][row]["error"];
    let causes = error["caused_by"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    error["message"]
        .as_str()
        .into_iter()
        .chain(causes)
        .collect::<Vec<_>>()
        .join(": ")
}

/// `host0.example.com` and so on, from one number to another.
fn list_of(from: usize, to: usize) -> String {
    let rows: String = (from..to)
        .map(|number| format!("host{number}.example.com\n"))
        .collect();
    format!("host\n{rows}")
}

fn ca_dir(scene: &Scene) -> std::path::PathBuf {
    scene.dir.path("gsec-ca").into()
}

fn lines_of_ca_db(scene: &Scene) -> usize {
    records(&scene.dir.path("gsec-ca/ca_conf/ca.db")).len()
}

/// The file of a certificate: `<serial>.pem`, or the host's, which a kill may have left alone.
fn certificate_file(scene: &Scene, serial: &str) -> Option<String> {
    let folder = ca_dir(scene).join("repository");
    let is_hosts = |name: &str| name.starts_with(&format!("{serial}_")) && name.ends_with("_cert.pem");
    let own = format!("{serial}.pem");
    let name = if folder.join(&own).exists() {
        Some(own)
    } else {
        names_in(&folder).into_iter().find(|name| is_hosts(name))
    };
    name.map(|name| format!("gsec-ca/repository/{name}"))
}

/// Which certificates of the repository name a host, by common name: the names of their files.
fn certificates_by_host(scene: &Scene) -> BTreeMap<String, Vec<String>> {
    let mut by_host: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let with_file = |serial: &str| certificate_file(scene, serial).is_some();
    for record in records(&scene.dir.path("gsec-ca/ca_conf/ca.db"))
        .into_iter()
        .filter(|record| with_file(&record.serial))
    {
        let host = record
            .subject
            .rsplit("/CN=")
            .next()
            .expect("a common name")
            .to_owned();
        by_host.entry(host).or_default().push(record.serial);
    }
    by_host
}

/// Has OpenSSL verify every certificate of the repository, all in one call.
#[track_caller]
fn openssl_accepts_all(scene: &Scene, expected: usize) {
    let folder = ca_dir(scene).join("repository");
    let files: Vec<String> = std::fs::read_dir(folder)
        .expect("repository")
        .map(|entry| {
            entry
                .expect("an entry")
                .path()
                .into_os_string()
                .into_string()
                .expect("UTF-8")
        })
        .filter(|path| path.ends_with("_cert.pem"))
        .collect();
    assert_eq!(files.len(), expected, "certificates in the repository");
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let verdict = scene.openssl(
        &[
            &[
                "verify",
                "-x509_strict",
                "-purpose",
                "sslserver",
                "-CAfile",
                "gsec-ca/ca_conf/ca_cert.pem",
            ],
            &files[..],
        ]
        .concat(),
    );
    assert_eq!(
        verdict
            .stdout
            .lines()
            .filter(|line| line.ends_with(": OK"))
            .count(),
        expected,
        "{verdict}"
    );
}

#[test]
fn list_with_everything_that_spreadsheets_do_and_rows_that_are_wrong() {
    let scene = Scene::with_ca();
    let long = "x".repeat(1024 * 1024);
    let list = format!(
        "\u{feff}host;days;san;ou\r\n\
         db1.example.com;30;\"dns:a.example.com|ip:10.0.0.1\";\"A \"\"B\"\"; C\"\r\n\
         db2.example.com;x;;\r\n\
         =cmd();;;\r\n\
         db3.example.com\r\n\
         {long};;;\r\n\
         ;;dns:b.example.com;\r\n\
         \r\n\
         db1.example.com;;;\r\n\
         \"db4\r\n.example.com\";;;\r\n\
         db5.example.com;;dns:a..b;\r\n\
         db6.example.com;;;\r\n"
    );
    scene.write("hosts.csv", list);
    let document = document(&scene, "hosts.csv", &[], 3);
    let expected = [
        (2, "issued"),
        (3, "failed"),
        (4, "failed"),
        (5, "failed"),
        (6, "failed"),
        (7, "failed"),
        (9, "failed"),
        (10, "failed"),
        (12, "failed"),
        (13, "issued"),
    ];
    assert_eq!(results(&document), expected, "{document:#}");
    let expected = [
        "",
        "line 3, column `days`: `x`: must be a whole number of days, at least 1",
        "line 4, column `host`: `=cmd()`: it begins with `=`, like a spreadsheet formula",
        "line 5: the row has 1 cells, but the header has 4",
        "line 6, column `host`: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`: it is longer than 65536 bytes",
        "line 7, column `host`: the host is missing",
        "line 9, column `host`: `db1.example.com`: it is already in line 2",
    ];
    for (row, expected) in expected.iter().enumerate() {
        assert_eq!(said(&document, row), *expected);
    }
    assert!(
        said(&document, 7).starts_with("line 10, column `host`: "),
        "{}",
        said(&document, 7)
    );
    assert!(
        said(&document, 8).starts_with("line 12, column `san`: `dns:a..b`: "),
        "{}",
        said(&document, 8)
    );
    assert_eq!(
        (&document["counts"]["issued"], &document["counts"]["failed"]),
        (&2.into(), &8.into())
    );
    // Several hosts are worked on at once: either may come first.
    let serial = document["hosts"][0]["serial"].as_str().expect("a serial number");
    let text = scene
        .openssl(&[
            "x509",
            "-in",
            &format!("gsec-ca/repository/{serial}_db1_cert.pem"),
            "-noout",
            "-subject",
            "-ext",
            "subjectAltName",
        ])
        .stdout;
    assert!(
        text.contains("DNS:db1.example.com, DNS:a.example.com, IP Address:10.0.0.1"),
        "{text}"
    );
    assert!(text.contains("\"A \\\"B\\\"; C\""), "{text}");
    assert_clean(&ca_dir(&scene), "after a list with bad rows");
    assert_eq!(lines_of_ca_db(&scene), 2);

    let again = issue(&scene, "hosts.csv", &[]).code(3);
    assert!(
        again
            .stdout
            .ends_with("\n2 present already, 8 failed\n  files in       gsec-ca/repository\n"),
        "{again}"
    );
    assert!(
        again
            .stderr
            .starts_with("error: 8 of 10 hosts have no certificate"),
        "{again}"
    );
    assert!(
        again.stdout.contains("line 4, column `host`"),
        "text names line and column too: {again}"
    );
}

#[test]
fn json_toml_and_standard_input_say_the_same_as_csv() {
    let lists = [
        (
            "hosts.csv",
            "host,days,key_type\na.example.com,30,\nb.example.com,,p384\n",
        ),
        (
            "hosts.json",
            "[{\"host\": \"a.example.com\", \"days\": 30}, {\"host\": \"b.example.com\", \"key_type\": \"p384\"}]",
        ),
        (
            "hosts.toml",
            "[[host]]\nhost = \"a.example.com\"\ndays = 30\n[[host]]\nhost = \"b.example.com\"\nkey_type = \"p384\"\n",
        ),
    ];
    let subjects_and_keys = |scene: &Scene, document: &Value| -> Vec<String> {
        all_are(document, "issued");
        let describe = |row: &Value| {
            let file = row["files"]["host_certificate"]
                .as_str()
                .expect("a path")
                .to_owned();
            let text = scene
                .openssl(&[
                    "x509",
                    "-in",
                    &file,
                    "-noout",
                    "-subject",
                    "-ext",
                    "subjectAltName",
                    "-text",
                    "-certopt",
                    "no_sigdump",
                ])
                .stdout;
            text.lines()
                .filter(|line| {
                    line.starts_with("subject=") || line.contains("DNS:") || line.contains("NIST CURVE")
                })
                .collect()
        };
        hosts(document).iter().map(describe).collect()
    };
    let mut all = Vec::new();
    for (name, list) in lists {
        let scene = Scene::with_ca();
        scene.write(name, list);
        all.push(subjects_and_keys(&scene, &document(&scene, name, &[], 0)));
        let scene = Scene::with_ca();
        let outcome = scene.gsec(&ISSUE).args(&["-", "--json"]).stdin(list).run().ok();
        assert_eq!(outcome.json()["list"], "-");
        all.push(subjects_and_keys(&scene, &outcome.json()));
    }
    assert!(
        all[0][1].contains("NIST CURVE: P-384") && all[0][0].contains("NIST CURVE: P-256"),
        "{all:?}"
    );
    assert!(all.iter().all(|found| *found == all[0]), "{all:#?}");
}

#[test]
fn what_is_no_list_is_refused_with_its_line_and_nothing_is_issued() {
    let scene = Scene::with_ca();
    scene.write("hosts.csv", "name,days\na.example.com,30\n");
    let unknown = "  caused by: line 1: unknown column `name`; known columns: host, cn, san, profile, days, lifetime, …";
    scene.refuses(
        &[&ISSUE[..], &["hosts.csv"]].concat(),
        3,
        &[
            "error: cannot use `hosts.csv`",
            unknown,
            "hint: begin a CSV list with the line `host`…",
        ],
    );
    for list in [
        "days\n30\n",
        "host\n\"a.example.com\n",
        "[{\"host\": }]",
        "host = 1\n",
        "",
        "host,host\na,b\n",
    ] {
        scene.write("hosts.csv", list);
        let before = scene.tree();
        let outcome = issue(&scene, "hosts.csv", &[]).code(3);
        assert!(
            outcome
                .stderr
                .starts_with("error: cannot use `hosts.csv`\n  caused by: ")
                && outcome.stdout.is_empty(),
            "{list:?}: {outcome}"
        );
        scene.tree().is_unchanged_since(&before);
    }
    scene.refuses(
        &[&ISSUE[..], &["missing.csv"]].concat(),
        3,
        &[
            "error: cannot read `missing.csv`: …",
            "hint: is the name right? `ls -l` shows what is here",
        ],
    );
    scene.does_not_understand(
        &[&ISSUE[..], &["-", "--ca-passphrase-stdin"]].concat(),
        "standard input can provide only one value",
    );
    for flags in [
        &["--host", "a.example.com"][..],
        &["--san", "dns:a"],
        &["--cn", "a"],
        &["--key", "k.pem"],
        &["--stdout"],
        &["--friendly-name", "f"],
    ] {
        scene
            .gsec(&ISSUE)
            .args(&["hosts.csv"])
            .args(flags)
            .run()
            .code(2)
            .says("cannot be used with");
    }
    scene
        .gsec(&["cert", "issue", "--host", "a.example.com", "--jobs", "2"])
        .run()
        .code(2);
}

#[test]
fn names_alone_are_a_list_of_hosts() {
    let scene = Scene::with_ca();
    scene.write("hosts.txt", "a.example.com\n\n10.0.0.5\ndb3\n");
    let said = issue(&scene, "hosts.txt", &[]).ok();
    assert!(said.stdout.starts_with("3 issued\n"), "{said}");
    let listed = scene.gsec(&["cert", "list"]).run().ok().stdout;
    for name in ["a.example.com", "10.0.0.5", "db3"] {
        assert!(listed.contains(name), "{listed}");
    }
    // The first line may be the name of a column, of which gsec does not know what it is.
    scene.write("hosts.txt", "hostname\nb.example.com\n");
    scene.refuses(
        &[&ISSUE[..], &["hosts.txt"]].concat(),
        3,
        &[
            "error: cannot use `hosts.txt`",
            "  caused by: line 1: unknown column `hostname`; known columns: host, cn, san, profile, days, lifetime, …",
            "hint: begin a CSV list with the line `host`…",
        ],
    );
}

#[test]
fn columns_win_over_flags_and_flags_over_nothing() {
    let scene = Scene::with_ca();
    scene.write(
        "hosts.csv",
        "host,ou,org,lifetime,key_type,profile,cn,friendly_name\na.example.com,Unit,Own,12h,p384,gui,Known as,Entry\nb.example.com,,,,,,,\n",
    );
    let flags = [
        "--org",
        "Theirs",
        "--ou",
        "Other",
        "--locality",
        "Town",
        "--days",
        "7",
    ];
    let made = document(&scene, "hosts.csv", &flags, 0);
    let shown = |row: usize| {
        scene
            .gsec(&[
                "cert",
                "show",
                "--json",
                made["hosts"][row]["serial"].as_str().expect("a serial"),
            ])
            .run()
            .ok()
            .json()
    };
    let certificate = |row: usize| shown(row)["certificates"][0].clone();
    let subjects = [0, 1].map(|row| certificate(row)["subject"].as_str().expect("text").to_owned());
    assert!(
        ["O=Own", "OU=Unit", "L=Town", "CN=Known as"]
            .iter()
            .all(|part| subjects[0].contains(part)),
        "{subjects:?}"
    );
    assert!(
        !subjects[0].contains("Other") && !subjects[0].contains("Theirs"),
        "{subjects:?}"
    );
    assert!(
        ["O=Theirs", "OU=Other", "L=Town", "CN=b.example.com"]
            .iter()
            .all(|part| subjects[1].contains(part)),
        "{subjects:?}"
    );
    let ends = [0, 1].map(|row| {
        made["hosts"][row]["not_after"]
            .as_str()
            .expect("a time")
            .to_owned()
    });
    assert!(ends[0] < ends[1], "12 hours end before 7 days: {ends:?}");
    assert_eq!(
        (&certificate(0)["key_type"], &certificate(1)["key_type"]),
        (&"p384".into(), &"p256".into())
    );
    assert_eq!(made["hosts"][0]["warnings"][0]["code"], "common_name_differs");
    let pfx = made["hosts"][0]["files"]["pfx"].as_str().expect("a path");
    scene
        .openssl(&["pkcs12", "-in", pfx, "-passin", "pass:", "-nokeys"])
        .says("friendlyName: Entry");
}

#[test]
fn row_that_the_policy_refuses_stops_no_other_unless_told_to() {
    let policy = "[profile.host]\n[profile.inside]\nextended_key_usage = [\"serverAuth\"]\nname_suffixes = [\"example.com\"]\n";
    let list =
        "host,profile\na.example.com,inside\nb.example.org,inside\nc.example.com,nowhere\nd.example.com,\n";
    let prepared = || {
        let scene = Scene::with_ca();
        scene.write("gsec-ca/ca_conf/gsec.toml", policy);
        scene.write("hosts.csv", list);
        scene
    };
    let scene = prepared();
    let dry = document(&scene, "hosts.csv", &["--dry-run"], 3);
    assert_eq!(
        results(&dry),
        [(2, "wanted"), (3, "failed"), (4, "failed"), (5, "wanted")]
    );
    let made = document(&scene, "hosts.csv", &["--keep-going"], 3);
    assert_eq!(
        results(&made),
        [(2, "issued"), (3, "failed"), (4, "failed"), (5, "issued")]
    );
    let error = &made["hosts"][1]["error"];
    assert!(
        said(&made, 1).contains("`b.example.org` is not covered by `name_suffixes` of `[profile.inside]`"),
        "{made:#}"
    );
    assert!(
        error["code"]
            .as_str()
            .is_some_and(|code| code.starts_with("policy."))
            && !error["hints"].as_array().expect("hints").is_empty()
    );
    assert!(said(&made, 2).contains("nowhere"), "{made:#}");

    let scene = prepared();
    let before = scene.tree();
    let stopped = document(&scene, "hosts.csv", &["--fail-fast"], 3);
    assert_eq!(
        (&stopped["counts"]["issued"], &stopped["counts"]["wanted"]),
        (&0.into(), &0.into()),
        "{stopped:#}"
    );
    assert!(stopped["counts"]["failed"].as_u64() >= Some(1), "{stopped:#}");
    scene.tree().is_unchanged_since(&before);
    scene.write("hosts.csv", "host,days\na.example.com,\nb.example.com,none\n");
    let stopped = document(&scene, "hosts.csv", &["--fail-fast"], 3);
    assert_eq!(
        results(&stopped),
        [(2, "not_tried"), (3, "failed")],
        "a row that does not read is a failure too"
    );
    scene
        .gsec(&ISSUE)
        .args(&["hosts.csv", "--fail-fast", "--keep-going"])
        .run()
        .code(2);
}

#[test]
fn three_hundred_hosts_are_whole_and_a_second_run_changes_nothing_and_opens_no_key() {
    let scene = Scene::with_ca();
    scene.write("hosts.csv", list_of(0, 300));
    let made = document(&scene, "hosts.csv", &[], 0);
    all_are(&made, "issued");
    let serials: BTreeSet<&str> = hosts(&made)
        .iter()
        .filter_map(|row| row["serial"].as_str())
        .collect();
    assert_eq!((serials.len(), lines_of_ca_db(&scene)), (300, 300));
    let state = assert_clean(&ca_dir(&scene), "after 300 hosts");
    assert_eq!(state.announced.len(), 300, "each is announced");
    openssl_accepts_all(&scene, 300);
    let check = scene
        .gsec(&[
            "ca",
            "log",
            "--verify",
            "--json",
            "--expect-head",
            made["audit_head"].as_str().expect("a head"),
        ])
        .run()
        .ok()
        .json();
    assert_eq!(check["sound"], true, "{check:#}");
    for row in hosts(&made) {
        let host = row["host"]
            .as_str()
            .expect("a name")
            .split('.')
            .next()
            .expect("a label");
        assert_eq!(
            row["files"]["private_key"],
            format!(
                "gsec-ca/repository/{}_{host}_priv_key.pem",
                row["serial"].as_str().expect("a serial")
            )
        );
    }

    let key = scene.dir.path("gsec-ca/ca_conf/ca_priv_key.pem");
    std::fs::rename(&key, scene.dir.path("elsewhere")).expect("rename");
    let before = scene.tree();
    let again = document(&scene, "hosts.csv", &[], 0);
    all_are(&again, "present");
    assert_eq!(again["audit_head"], Value::Null);
    for (before, after) in hosts(&made).iter().zip(hosts(&again)) {
        assert_eq!(
            (&before["serial"], &before["files"], &before["thumbprint_sha256"]),
            (&after["serial"], &after["files"], &after["thumbprint_sha256"])
        );
    }
    scene.tree().is_unchanged_since(&before);
    let dry = document(&scene, "hosts.csv", &["--dry-run", "--again"], 0);
    all_are(&dry, "wanted");
    assert_eq!(dry["next_serial"], "012D");
    scene.tree().is_unchanged_since(&before);
    std::fs::rename(scene.dir.path("elsewhere"), key).expect("rename");
    let again = document(&scene, "hosts.csv", &["--again", "--jobs", "3"], 0);
    all_are(&again, "issued");
    assert_eq!(lines_of_ca_db(&scene), 600);
    assert_clean(&ca_dir(&scene), "after 300 hosts once more");
}

#[test]
fn host_is_present_only_with_what_is_asked_for() {
    let scene = Scene::with_ca();
    let list = "host,san\na.example.com,dns:b.example.com\n";
    scene.write("hosts.csv", list);
    all_are(&document(&scene, "hosts.csv", &[], 0), "issued");
    all_are(&document(&scene, "hosts.csv", &[], 0), "present");
    let mut expected = 1;
    let mut issues = |flags: &[&str], why: &str| {
        let made = document(&scene, "hosts.csv", flags, 0);
        assert_eq!(made["hosts"][0]["result"], "issued", "{why}");
        expected += 1;
        assert_eq!(lines_of_ca_db(&scene), expected);
        all_are(&document(&scene, "hosts.csv", flags, 0), "present");
    };
    scene.write(
        "hosts.csv",
        "host,san,key_type\na.example.com,dns:b.example.com,p384\n",
    );
    issues(&[], "another kind of key");
    scene.write(
        "hosts.csv",
        "host,san\na.example.com,dns:b.example.com dns:c.example.com\n",
    );
    issues(&[], "a name more");
    scene.write("hosts.csv", "host,san\na.example.com,\n");
    issues(&[], "names fewer");
    issues(&["--profile", "gui"], "another profile");
    std::fs::create_dir(scene.dir.path("out")).expect("a folder");
    let to_out = ["--profile", "gui", "--out-dir", "out"];
    for lost in ["out", "out/a_cert.pem", "out/current"] {
        let _ = std::fs::remove_file(scene.dir.path(lost));
        all_are(&document(&scene, "hosts.csv", &to_out, 0), "present");
        let certificate = scene.read("out/a_cert.pem");
        let kept = format!("gsec-ca/repository/{:02X}_a_cert.pem", lines_of_ca_db(&scene));
        assert_eq!(
            certificate,
            scene.read(&kept),
            "what was missing is delivered, and nothing is issued"
        );
    }
    let serial = records(&scene.dir.path("gsec-ca/ca_conf/ca.db"))
        .last()
        .expect("a record")
        .serial
        .clone();
    std::fs::remove_file(
        scene
            .dir
            .path(&format!("gsec-ca/repository/{serial}_a_priv_key.pem")),
    )
    .expect("remove");
    issues(&["--profile", "gui", "--out-dir", "out"], "the key has gone");
    let serial = records(&scene.dir.path("gsec-ca/ca_conf/ca.db"))
        .last()
        .expect("a record")
        .serial
        .clone();
    scene.gsec(&["cert", "revoke", &serial]).run().ok();
    issues(&["--profile", "gui", "--out-dir", "out"], "it was revoked");
}

#[test]
fn keys_exist_only_where_they_are_wanted() {
    let scene = Scene::with_ca();
    scene.write("hosts.csv", list_of(0, 10));
    std::fs::create_dir(scene.dir.path("out")).expect("a folder");
    let flags = ["--out-dir", "out", "--no-keep-key"];
    let made = document(&scene, "hosts.csv", &flags, 0);
    all_are(&made, "issued");
    let count = |folder: &str, ending: &str| {
        let names = std::fs::read_dir(scene.dir.path(folder))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name());
        names
            .filter(|name| name.to_string_lossy().ends_with(ending))
            .count()
    };
    for (ending, kept, delivered) in [("_priv_key.pem", 0, 10), (".pfx", 0, 10), ("_cert.pem", 10, 10)] {
        assert_eq!(
            (count("gsec-ca/repository", ending), count("out", ending)),
            (kept, delivered),
            "{ending}"
        );
    }
    all_are(&document(&scene, "hosts.csv", &flags, 0), "present");
    assert_consistent(&ca_dir(&scene), "without keys");
    let bare = document(&scene, "hosts.csv", &["--no-pfx"], 0);
    all_are(&bare, "issued");
    assert_eq!(
        (
            count("gsec-ca/repository", "_priv_key.pem"),
            count("gsec-ca/repository", ".pfx")
        ),
        (10, 0)
    );
}

#[test]
fn random_serial_numbers_and_an_encrypted_rsa_key() {
    let scene = Scene::empty();
    scene.write("secret", "passphrase\n");
    let init = [
        "ca",
        "init",
        "--cn",
        "Test CA",
        "--serial-mode",
        "random",
        "--encrypt-key",
        "--ca-passphrase-file",
        "secret",
    ];
    scene.gsec(&init).run().ok();
    scene.write("hosts.csv", list_of(0, 70));
    issue(&scene, "hosts.csv", &[]).code(3).says("ca_priv_key.pem");
    assert_eq!(lines_of_ca_db(&scene), 0);
    let made = document(
        &scene,
        "hosts.csv",
        &["--ca-passphrase-file", "secret", "--no-pfx"],
        0,
    );
    all_are(&made, "issued");
    let serials: BTreeSet<&str> = hosts(&made)
        .iter()
        .filter_map(|row| row["serial"].as_str())
        .collect();
    assert!(
        serials.len() == 70 && serials.iter().all(|serial| serial.len() == 32),
        "{serials:?}"
    );
    openssl_accepts_all(&scene, 70);
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
}

#[test]
fn subject_that_is_taken_in_an_old_directory_stops_no_other_of_its_group() {
    let scene = Scene::with_ca();
    scene.write("gsec-ca/ca_conf/ca.db.attr", "unique_subject = yes\n");
    scene.write("hosts.csv", list_of(0, 3));
    all_are(&document(&scene, "hosts.csv", &[], 0), "issued");
    scene.write("hosts.csv", list_of(1, 8));
    let made = document(&scene, "hosts.csv", &["--again", "--jobs", "1"], 3);
    let words: Vec<&str> = results(&made).into_iter().map(|(_, word)| word).collect();
    assert_eq!(
        words,
        [
            "failed", "failed", "issued", "issued", "issued", "issued", "issued"
        ],
        "{made:#}"
    );
    assert!(
        made["hosts"][0]["error"]["hints"]
            .to_string()
            .contains("gsec ca adopt"),
        "{made:#}"
    );
    assert_eq!(lines_of_ca_db(&scene), 8);
}

#[test]
fn what_fails_for_one_fails_for_all_and_ends_it() {
    let scene = Scene::with_ca();
    scene.write("hosts.csv", list_of(0, 500));
    scene.write("gsec-ca/ca_conf/serial.num", "nonsense\n");
    let made = document(&scene, "hosts.csv", &["--jobs", "2"], 3);
    assert_eq!(made["counts"]["issued"], 0);
    let [failed, not_tried] =
        ["failed", "not_tried"].map(|word| made["counts"][word].as_u64().expect("a number"));
    assert!(
        failed > 0 && failed <= 128 && failed + not_tried == 500,
        "two groups at the most: {failed}, {not_tried}"
    );
    assert_eq!(lines_of_ca_db(&scene), 0);
}

/// Starts a batch, and sends a signal once so many certificates are there; returns how it ended.
#[track_caller]
fn signalled(scene: &Scene, signal: &str, after: usize, flags: &[&str]) -> std::process::Output {
    let repository = ca_dir(scene).join("repository");
    let mut command = scene.gsec(&ISSUE).args(&["hosts.csv"]).args(flags).into_command();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("spawn");
    while certificates_in(&repository) < after && child.try_wait().expect("a status").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    common::tool("kill")
        .args(&[&format!("-{signal}"), &child.id().to_string()])
        .run();
    child.wait_with_output().expect("it ends")
}

fn certificates_in(repository: &Path) -> usize {
    std::fs::read_dir(repository).map_or(0, |entries| {
        entries
            .filter(|entry| entry.as_ref().is_ok_and(|entry| is_kept(&entry.file_name())))
            .count()
    })
}

/// `<serial>.pem`.
fn is_kept(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    name.ends_with(".pem") && !name.contains('_') && !name.starts_with('.')
}

/// Every host of the list has exactly one certificate with files.
#[track_caller]
fn each_host_has_one(scene: &Scene, count: usize) {
    let by_host = certificates_by_host(scene);
    assert_eq!(by_host.len(), count, "nothing is lost");
    let several: Vec<_> = by_host.iter().filter(|(_, serials)| serials.len() > 1).collect();
    assert!(several.is_empty(), "no host has two: {several:?}");
}

#[test]
fn killed_in_the_middle_and_run_again_nothing_is_twice_and_nothing_lost() {
    // Three groups that are committed together, and some more.
    const HOSTS: usize = 200;
    let mut killed = 0;
    for after in [1, 50, 100] {
        let scene = Scene::with_ca();
        scene.write("hosts.csv", list_of(0, HOSTS));
        let output = signalled(&scene, "KILL", after, &["--no-pfx", "--jobs", "2"]);
        killed += usize::from(output.status.code().is_none());
        let there = certificates_by_host(&scene);
        let state = assert_files_consistent(&ca_dir(&scene), &format!("killed after {after} certificates"));
        println!(
            "killed after {after}: {} certificates, {} records without",
            there.len(),
            state.without_file.len()
        );
        let rest = document(&scene, "hosts.csv", &["--no-pfx"], 0);
        assert_eq!(rest["counts"]["present"], there.len(), "what was there is there");
        assert_eq!(rest["counts"]["issued"], HOSTS - there.len(), "the rest is done");
        each_host_has_one(&scene, HOSTS);
        let now = certificates_by_host(&scene);
        for (host, serials) in &there {
            assert_eq!(now[host], *serials, "it is the same as before");
        }
        assert_consistent(&ca_dir(&scene), "after the second run");
        openssl_accepts_all_but(&scene, HOSTS);
    }
    assert!(killed > 0, "nothing was killed, so nothing was tested");
}

/// As [`openssl_accepts_all`], where a kill may have left a certificate whose `<serial>.pem` was not there yet.
#[track_caller]
fn openssl_accepts_all_but(scene: &Scene, at_least: usize) {
    let files: Vec<String> = certificates_by_host(scene)
        .into_values()
        .flatten()
        .filter_map(|serial| certificate_file(scene, &serial))
        .collect();
    assert_eq!(files.len(), at_least);
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    scene.openssl(&[&["verify", "-CAfile", "gsec-ca/ca_conf/ca_cert.pem"], &files[..]].concat());
}

#[test]
fn interrupted_it_finishes_what_is_begun_says_so_and_a_second_run_does_the_rest() {
    const HOSTS: usize = 1500;
    for (signal, name, status) in [("INT", "SIGINT", 130), ("TERM", "SIGTERM", 143)] {
        let scene = Scene::with_ca();
        scene.write("hosts.csv", list_of(0, HOSTS));
        let output = signalled(&scene, signal, 1, &["--no-pfx", "--json", "--jobs", "2"]);
        let document: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|problem| panic!("{problem}: {output:?}"));
        let [issued, not_tried] =
            ["issued", "not_tried"].map(|word| document["counts"][word].as_u64().expect("a number") as usize);
        assert!(
            not_tried > 0,
            "it was done before the signal came, so nothing was tested"
        );
        assert_eq!(
            (output.status.code(), document["interrupted_by"].as_str()),
            (Some(status), Some(name))
        );
        assert_eq!(
            (issued + not_tried, lines_of_ca_db(&scene)),
            (HOSTS, issued),
            "what was begun is finished"
        );
        let state = assert_files_consistent(&ca_dir(&scene), &format!("after {name}"));
        assert!(
            state.without_file.is_empty() && state.leftovers.is_empty(),
            "{state:?}"
        );
        let rest = self::document(&scene, "hosts.csv", &["--no-pfx"], 0);
        assert_eq!(
            (&rest["counts"]["present"], &rest["counts"]["issued"]),
            (&issued.into(), &not_tried.into())
        );
        each_host_has_one(&scene, HOSTS);
    }
}

#[test]
fn second_signal_ends_it_at_once() {
    let scene = Scene::with_ca();
    scene.write("hosts.csv", list_of(0, 8));
    // Keys of this size take many seconds each, and one that is begun would be finished.
    let mut command = scene
        .gsec(&["cert", "issue", "--key-size", "8192", "--from", "hosts.csv"])
        .into_command();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("spawn");
    // Half a second of the processor's time is more than the start takes: by then keys are being made. Before that the first signal
    // would end it in order, with nothing begun. Fields 14 and 15, after the name in parentheses: in hundredths of a second.
    let usage = format!("/proc/{}/stat", child.id());
    let is_making_keys = || {
        let text = std::fs::read_to_string(&usage).unwrap_or_default();
        let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks: u64 = after_name
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<u64>().ok())
            .sum();
        ticks >= 50
    };
    while !is_making_keys() && child.try_wait().expect("a status").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let mut sent = 0;
    while child.try_wait().expect("a status").is_none() {
        // Two signals of one kind at once may count as one.
        common::tool("kill")
            .args(&["-TERM", &child.id().to_string()])
            .run();
        sent += 1;
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(143), "{output:?}");
    assert!(
        sent >= 2 && output.stdout.is_empty(),
        "it ended after {sent} signals without a report: {output:?}"
    );
    assert_eq!(lines_of_ca_db(&scene), 0);
}

#[test]
fn two_batches_at_once_with_lists_that_overlap() {
    let scene = Scene::with_ca();
    scene.write("one.csv", list_of(0, 100));
    scene.write("two.csv", list_of(50, 150));
    let outcomes = std::thread::scope(|scope| {
        let running: Vec<_> = ["one.csv", "two.csv"]
            .into_iter()
            .map(|list| scope.spawn(|| document(&scene, list, &[], 0)))
            .collect();
        running
            .into_iter()
            .map(|call| call.join().expect("it ends"))
            .collect::<Vec<_>>()
    });
    let serials: Vec<&str> = outcomes
        .iter()
        .flat_map(hosts)
        .filter(|row| row["result"] == "issued")
        .filter_map(|row| row["serial"].as_str())
        .collect();
    assert_eq!(
        serials.iter().collect::<BTreeSet<_>>().len(),
        serials.len(),
        "no serial number twice"
    );
    assert_eq!(lines_of_ca_db(&scene), serials.len());
    let state = assert_clean(&ca_dir(&scene), "after two batches at once");
    assert_eq!(state.records.len(), serials.len());
    assert_eq!(certificates_by_host(&scene).len(), 150);
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
}

#[test]
fn text_has_a_summary_and_what_failed_and_the_report_has_each_row() {
    let scene = Scene::with_ca();
    scene.write(
        "hosts.csv",
        "host\na.example.com\nb_.example.com\nc.example.com\n",
    );
    let said = issue(&scene, "hosts.csv", &["--report", "done.csv"]).code(3);
    assert!(
        said.stdout.contains("\n2 issued, 1 failed\n")
            && said.stdout.contains("b_.example.com  failed")
            && !said.stdout.contains("a.example.com"),
        "{said}"
    );
    let report = scene.read("done.csv");
    let rows: Vec<Vec<&str>> = report.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 4, "{report}");
    assert_eq!(rows[0][..4], ["line", "host", "result", "serial"]);
    // The rows are in the order of the list, the serial numbers in that in which the keys were ready.
    assert_eq!(rows[1][..3], ["2", "a.example.com", "issued"]);
    assert_eq!(rows[2][..4], ["3", "b_.example.com", "failed", ""]);
    assert_eq!(rows[3][..3], ["4", "c.example.com", "issued"]);
    let serials = [rows[1][3], rows[3][3]];
    assert!(
        serials == ["0x01", "0x02"] || serials == ["0x02", "0x01"],
        "{report}"
    );
    for (row, label) in [(&rows[1], "a"), (&rows[3], "c")] {
        let number = row[3].trim_start_matches("0x");
        assert_eq!(row[6], format!("gsec-ca/repository/{number}_{label}_cert.pem"));
    }
    // Python's reader of CSV finds as many cells in each row.
    let counts = common::peer_python(&[
        "-c",
        "import csv,sys; print({len(row) for row in csv.reader(open(sys.argv[1]), strict=True)})",
        &scene.dir.path("done.csv"),
    ]);
    assert_eq!(counts.run().ok().stdout, "{12}\n");

    let again = issue(&scene, "hosts.csv", &["--report", "done.jsonl"]).code(3);
    assert!(
        again.stdout.contains("\n2 present already, 1 failed\n"),
        "{again}"
    );
    let lines: Vec<Value> = scene
        .read("done.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let json = document(&scene, "hosts.csv", &[], 3);
    assert_eq!(&lines, hosts(&json), "the rows are those of the document");
    let verbose = issue(&scene, "hosts.csv", &["-v"]).code(3);
    assert!(verbose.stdout.contains("a.example.com   present"), "{verbose}");
}

#[test]
fn report_that_cannot_be_written_is_said_before_anything_is_issued() {
    let scene = Scene::with_ca();
    scene.write("hosts.csv", "host\na.example.com\n");
    scene.write("old.csv", "kept\n");
    std::os::unix::fs::symlink("nowhere.csv", scene.dir.path("link.csv")).expect("a link");
    let before = scene.tree();
    for (file, status) in [
        ("old.csv", 3),
        ("link.csv", 3),
        ("no/such/directory.csv", 3),
        ("gsec-ca", 2),
        ("report.txt", 2),
        ("-", 2),
    ] {
        let refused = issue(&scene, "hosts.csv", &["--report", file]).code(status);
        assert!(refused.stdout.is_empty(), "{refused}");
        scene.tree().is_unchanged_since(&before);
    }
    scene
        .gsec(&["cert", "issue", "a.example.com", "--report", "r.csv"])
        .run()
        .code(2);
    // A dry run has a report, too; it says what would be.
    issue(&scene, "hosts.csv", &["--report", "dry.csv", "--dry-run"]).code(0);
    assert!(scene.read("dry.csv").contains("\n2,a.example.com,wanted,"));
}
