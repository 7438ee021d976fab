//! `gsec transport`: values read as the platform reads them, checked, fixed and written.

use crate::common;

use common::{Outcome, Scene, gsec};
use serde_json::Value;

const THUMBPRINT: &str = "9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c";

fn transport(args: &[&str]) -> Outcome {
    gsec(&["transport"]).args(args).run()
}

/// Slug, severity and column of each finding of the first value.
fn found(outcome: &Outcome) -> Vec<(String, String, u64)> {
    let findings = outcome.json()["values"][0]["findings"].clone();
    let short = |finding: &Value| {
        (
            finding["slug"].as_str().expect("a slug").to_owned(),
            finding["severity"].as_str().expect("a severity").to_owned(),
            finding["places"][0]["column"].as_u64().expect("a column"),
        )
    };
    findings.as_array().expect("findings").iter().map(short).collect()
}

#[test]
fn three_samples_of_the_guide_are_found_fixed_and_clean() {
    let fixed_of = format!("tls=1;certificate={THUMBPRINT}");
    for (value, fixed, columns) in [
        (
            format!("tls=1; certificate={THUMBPRINT}"),
            fixed_of.as_str(),
            vec![7],
        ),
        (
            format!("tls=1; certificate = {THUMBPRINT}"),
            fixed_of.as_str(),
            vec![7, 19, 21],
        ),
        (
            "port=4001; address=10.0.0.1".into(),
            "port=4001;address=10.0.0.1",
            vec![11],
        ),
    ] {
        let linted = transport(&["lint", &value, "--json"]).code(1);
        let blanks: Vec<u64> = found(&linted).into_iter().map(|(_, _, column)| column).collect();
        assert_eq!(blanks, columns, "{linted}");
        assert_eq!(transport(&["fix", &value]).ok().stdout, format!("{fixed}\n"));
        transport(&["fix", "--check", &value]).code(1);
        transport(&["fix", "--check", fixed]).ok();
        let clean = transport(&["lint", fixed]).ok();
        assert!(clean.stdout.contains("no findings"), "{clean}");
    }
}

#[test]
fn caret_is_under_the_fault_also_behind_tabs_and_wide_characters() {
    let said = transport(&["lint", "x=\t\u{6771};tls =0"]).code(1).stdout;
    let lines: Vec<&str> = said.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.contains("transport-blank-before-equals"))
        .expect("found");
    assert!(lines[at].contains("line 1, column 9:"), "{said}");
    assert_eq!(lines[at + 1], "          x=\t\u{6771};tls =0");
    // The wide character takes two columns.
    assert_eq!(lines[at + 2], "            \t      ^");
}

#[test]
fn what_cannot_be_seen_is_shown_as_an_escape() {
    let value = format!("tls=1;certificate=\u{200e}{THUMBPRINT}");
    let said = transport(&["lint", &value]).code(1);
    assert!(
        said.stdout.contains("certificate=\\u{200E}9a ab") && said.stdout.contains("U+200E"),
        "{said}"
    );
    assert!(!said.stdout.contains('\u{200e}'), "{said}");
    let json = transport(&["lint", &value, "--json"]).code(1);
    assert!(!json.stdout.contains('\u{200e}'), "{json}");
    assert_eq!(
        transport(&["fix", &value]).ok().stdout,
        format!("tls=1;certificate={THUMBPRINT}\n")
    );
}

#[test]
fn parts_are_shown_with_what_becomes_of_them() {
    let value = "tls=1; port=2;TLS=0;tls=0;own=x;key-password=s3cret;;";
    let json = transport(&["parse", value, "--json"]).ok().json();
    let effects: Vec<&str> = json["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .map(|part| part["effect"].as_str().expect("an effect"))
        .collect();
    assert_eq!(
        effects,
        ["used", "vanished", "vanished", "shadowed", "unknown", "unknown"]
    );
    assert_eq!(
        (&json["parts"][1]["column"], &json["parts"][1]["raw"]),
        (&7.into(), &" port=2".into())
    );
    assert_eq!(
        (&json["tls"], &json["parts"][5]["value"]),
        (&true.into(), &"****".into())
    );
    let text = transport(&["parse", value]).ok();
    assert!(
        text.stdout.contains("vanished  ` port`") && !text.stdout.contains("s3cret"),
        "{text}"
    );
}

#[test]
fn rest_of_a_secret_with_a_semicolon_in_it_is_hidden_too() {
    for value in [
        "password:s3cret;tls=1",
        "tls=1;password s3cret",
        "key-password=a;s3cret;s3cret=1; s3cret =2;tls=1",
    ] {
        for args in [
            &["parse", value][..],
            &["parse", value, "--json"],
            &["lint", value],
            &["lint", value, "--json"],
        ] {
            let shown = transport(args);
            assert!(
                !format!("{shown}")
                    .split_once("--- stdout")
                    .expect("output")
                    .1
                    .contains("s3cret"),
                "{shown}"
            );
        }
    }
    let json = transport(&["parse", "key-password=a;s3cret;tls=1", "--json"])
        .ok()
        .json();
    assert_eq!(json["parts"][2]["value"], "1", "what the platform reads is shown");
}

#[test]
fn findings_that_are_not_shown_are_counted_and_an_error_among_them_is_the_answer() {
    let value = format!("{}tls=maybe", "x=1;y=2;".repeat(600));
    let said = transport(&["lint", &value]).code(1);
    assert!(said.stdout.contains(" more, which are not shown"), "{said}");
    let json = transport(&["lint", &value, "--json"]).code(1).json();
    let of_value = &json["values"][0];
    assert_eq!(of_value["findings"].as_array().map(Vec::len), Some(200));
    let counts: u64 = ["error", "warning", "notice"]
        .map(|severity| json["counts"][severity].as_u64().expect("a count"))
        .iter()
        .sum();
    assert_eq!(of_value["findings_left_out"], counts - 200);
}

#[test]
fn what_was_not_checked_is_said() {
    let unix = "tls=1;certificate=/opt/a.pem;certificate-key=/opt/b.pem";
    let said = transport(&["lint", unix]).code(1);
    assert!(
        said.stdout.contains("the files that it names were not checked"),
        "{said}"
    );
    let thumbprint = format!("tls=1;certificate={THUMBPRINT}");
    let said = transport(&["lint", &thumbprint, "--check-files"]).ok();
    assert!(said.stdout.contains("it names no file"), "{said}");
}

#[test]
fn value_comes_from_a_pipe_a_file_or_with_the_name_of_the_option() {
    let scene = Scene::empty();
    scene.write("value.txt", "port=4001; address=10.0.0.1\r\n");
    scene.write("marked.txt", b"\xef\xbb\xbfport=4001; address=10.0.0.1\n");
    scene.write("latin.txt", b"port=4001; address=h\xe4\n");
    let fixed = "port=4001;address=10.0.0.1\n";
    for (args, stdin) in [
        (vec!["fix", "-"], "port=4001; address=10.0.0.1"),
        (vec!["fix", "--file", "-"], "port=4001; address=10.0.0.1\n"),
        (vec!["fix", "--file", "value.txt"], ""),
        (vec!["fix", "--file", "marked.txt"], ""),
        (vec!["fix", "transport = port=4001; address=10.0.0.1"], ""),
        (vec!["fix", "Transport=port=4001; address=10.0.0.1;;"], ""),
    ] {
        let outcome = scene.gsec(&["transport"]).args(&args).stdin(stdin).run().ok();
        assert_eq!(outcome.stdout, fixed, "{args:?}");
    }
    let latin = scene
        .gsec(&["transport", "fix", "--file", "latin.txt"])
        .run()
        .ok();
    assert_eq!(latin.stdout, "port=4001;address=h\u{e4}\n");
    let several = scene
        .gsec(&[
            "transport",
            "lint",
            "tls=0",
            "--file",
            "value.txt",
            "--file",
            "marked.txt",
            "--json",
        ])
        .run()
        .code(1)
        .json();
    assert_eq!(
        (
            several["values"].as_array().map(Vec::len),
            &several["counts"]["error"]
        ),
        (Some(3), &2.into())
    );
    let pasted = transport(&["lint", "transport=tls=0", "--json"]).code(1);
    assert_eq!(found(&pasted), [("transport-prefix".into(), "error".into(), 1)]);
    transport(&["lint", "transport = tls=0", "--role", "file"]).ok();
}

#[test]
fn configuration_file_is_not_taken_for_a_value() {
    let scene = Scene::empty();
    scene.write("confserv.cfg", "[db]\npassword = s3cret\ntransport = tls=0\n");
    for command in ["parse", "lint", "fix"] {
        scene.refuses(
            &["transport", command, "--file", "confserv.cfg"],
            3,
            &[
                "error: `confserv.cfg` is a configuration file, not a single value",
                "hint: `gsec conf lint confserv.cfg` checks the values in it",
            ],
        );
    }
}

#[test]
fn what_is_left_after_a_fix_is_said() {
    let outcome = transport(&["fix", "tls=maybe; certificate='x'"]).ok();
    assert_eq!(outcome.stdout, "tls=maybe;certificate='x'\n");
    assert!(
        outcome.stderr.contains("transport-bool") && outcome.stderr.contains("transport-quote"),
        "{outcome}"
    );
    let json = transport(&["fix", "tls=maybe", "--json"]).ok().json();
    assert_eq!(
        (&json["changed"], &json["findings"][0]["slug"]),
        (&false.into(), &"transport-bool".into())
    );
}

#[test]
fn names_and_hidden_parts_are_changed_only_when_asked() {
    let value = "TLS=1;trustedca=/a;tls=0;tls=1";
    assert_eq!(transport(&["fix", value]).ok().stdout, format!("{value}\n"));
    assert_eq!(
        transport(&["fix", value, "--fix-names", "--drop-shadowed"])
            .ok()
            .stdout,
        "tls=1;trusted-ca=/a\n"
    );
}

/// With a CA, and files of the host `db1.example.com` under full paths.
fn with_files() -> Scene {
    let scene = Scene::with_host();
    for (from, to) in [
        ("repository/01_db1_cert.pem", "cert.pem"),
        ("repository/01_db1_priv_key.pem", "key.pem"),
        ("ca_conf/ca_cert.pem", "ca.pem"),
    ] {
        scene.write(to, scene.read_bytes(&format!("gsec-ca/{from}")));
    }
    scene
}

fn full(scene: &Scene, name: &str) -> String {
    scene.dir.path(name)
}

fn value_of(scene: &Scene, [certificate, key, ca]: [&str; 3]) -> String {
    let [certificate, ca] = [certificate, ca].map(|name| full(scene, name));
    let key = match key {
        "" => String::new(),
        key => format!("certificate-key={};", full(scene, key)),
    };
    format!("tls=1;certificate={certificate};{key}trusted-ca={ca}")
}

#[test]
fn files_that_a_value_names_are_looked_at_when_asked() {
    let scene = with_files();
    scene.issue("db2.example.com", &[]).run().ok();
    scene.write(
        "other.pem",
        scene.read_bytes("gsec-ca/repository/02_db2_priv_key.pem"),
    );
    scene.write("both.pem", scene.read("cert.pem") + &scene.read("key.pem"));
    scene.write("chain.pem", scene.read("ca.pem") + &scene.read("cert.pem"));
    scene.write(
        "wrong.pem",
        scene.read("cert.pem") + &scene.read("gsec-ca/repository/02_db2_cert.pem"),
    );
    scene.write("junk.pem", "no certificate");
    let init = [
        "ca",
        "init",
        "--cn",
        "Other CA",
        "--key-type",
        "p256",
        "--ca-dir",
        "other",
    ];
    scene.gsec(&init).run().ok();
    scene.write("other-ca.pem", scene.read_bytes("other/ca_conf/ca_cert.pem"));
    for (files, expected) in [
        (["cert.pem", "key.pem", "ca.pem"], None),
        (["both.pem", "", "ca.pem"], None),
        (["gone.pem", "key.pem", "ca.pem"], Some("transport-file-missing")),
        (["cert.pem", "gone.pem", "ca.pem"], Some("transport-file-missing")),
        (
            ["cert.pem", "key.pem", "gone.pem"],
            Some("transport-file-missing"),
        ),
        (
            ["junk.pem", "key.pem", "ca.pem"],
            Some("transport-file-unreadable"),
        ),
        (
            ["cert.pem", "other.pem", "ca.pem"],
            Some("transport-file-key-mismatch"),
        ),
        (["cert.pem", "", "ca.pem"], Some("transport-file-key-absent")),
        (
            ["cert.pem", "key.pem", "other-ca.pem"],
            Some("transport-file-not-issued"),
        ),
        (
            ["chain.pem", "key.pem", "ca.pem"],
            Some("transport-file-chain-order"),
        ),
        (
            ["wrong.pem", "key.pem", "ca.pem"],
            Some("transport-file-chain-order"),
        ),
    ] {
        let value = value_of(&scene, files);
        let unasked = transport(&["lint", &value]).ok();
        assert!(unasked.stdout.contains("were not checked"), "{unasked}");
        let status = i32::from(expected.is_some());
        let outcome = transport(&["lint", &value, "--check-files", "--json"]).code(status);
        let slugs: Vec<String> = found(&outcome).into_iter().map(|(slug, ..)| slug).collect();
        match expected {
            Some(slug) => assert!(slugs.contains(&slug.to_owned()), "{files:?}: {slugs:?}"),
            None => assert!(slugs.is_empty(), "{files:?}: {slugs:?}"),
        }
    }
    let value = value_of(&scene, ["cert.pem", "key.pem", "ca.pem"]);
    let later = transport(&["lint", &value, "--check-files", "--at", "2090-01-01", "--json"]).code(1);
    let slugs: Vec<String> = found(&later).into_iter().map(|(slug, ..)| slug).collect();
    assert_eq!(slugs, ["transport-file-not-in-date"; 2], "{later}");
}

#[test]
fn a_signature_that_gsec_cannot_check_is_not_said_to_be_wrong() {
    let scene = Scene::signed_by_openssl(&["-algorithm", "RSA"], &["-sha224"]);
    let chain = scene.read("host.pem") + &scene.read("root.pem");
    scene.write("chain.pem", chain);
    let value = value_of(&scene, ["chain.pem", "host.key", "root.pem"]);
    let said = scene
        .gsec(&["transport", "lint", &value, "--check-files"])
        .run()
        .code(1);
    assert!(
        said.stdout
            .contains("could not be checked: gsec does not support the algorithm of a signature")
            && !said.stdout.contains("was not issued by")
            && !said.stdout.contains("transport-file-chain-order"),
        "{said}"
    );
}

#[test]
fn unreadable_file_says_why() {
    let scene = with_files();
    std::fs::create_dir(scene.dir.path("folder")).expect("a folder");
    let value = value_of(&scene, ["folder", "key.pem", "ca.pem"]);
    let said = transport(&["lint", &value, "--check-files"]).code(1);
    assert!(
        said.stdout.contains("transport-file-unreadable") && said.stdout.contains("is a directory"),
        "{said}"
    );
}

#[test]
fn value_is_built_of_files_that_belong_together() {
    let scene = with_files();
    let [certificate, key, ca] = ["cert.pem", "key.pem", "ca.pem"].map(|name| full(&scene, name));
    let build = |more: &[&str]| {
        let files = ["transport", "build", "--cert", &certificate, "--ca", &ca];
        scene.gsec(&[&files[..], more].concat())
    };
    let value = build(&["--key", &key, "--mutual", "--port", "4001"])
        .run()
        .ok()
        .stdout;
    assert_eq!(
        value,
        format!(
            "tls=1;tls-mutual=1;certificate={certificate};certificate-key={key};trusted-ca={ca};port=4001\n"
        )
    );
    let refused = build(&[]).run().code(3);
    assert!(
        refused.stderr.contains("transport-file-key-absent") && refused.stderr.contains("--no-check"),
        "{refused}"
    );
    build(&["--no-check"]).run().ok();
}

#[test]
fn value_is_built_of_what_the_ca_issued() {
    let scene = Scene::with_host();
    let thumbprint = scene.gsec(&["cert", "thumbprint", "01"]).run().ok().stdout;
    let value = scene
        .gsec(&["transport", "build", "--host", "db1.example.com"])
        .run()
        .ok()
        .stdout;
    assert_eq!(value, format!("tls=1;certificate={thumbprint}"));
    let pfx = "gsec-ca/repository/01_db1_cert.pfx";
    let of_pfx = scene
        .gsec(&["transport", "build", "--pfx", pfx])
        .run()
        .ok()
        .stdout;
    assert_eq!(of_pfx, value);
    let colons = thumbprint.trim().replace(' ', ":").to_uppercase();
    let of_digits = scene
        .gsec(&["transport", "build", "--thumbprint", &colons])
        .run()
        .ok()
        .stdout;
    assert_eq!(of_digits, value);
    let unix = scene
        .gsec(&["transport", "build", "--host", "01", "--dest", "/opt/gcti/tls/"])
        .run()
        .ok()
        .stdout;
    assert_eq!(
        unix,
        "tls=1;certificate=/opt/gcti/tls/current/host_cert.pem;certificate-key=/opt/gcti/tls/current/host_priv_key.pem;\
         trusted-ca=/opt/gcti/tls/current/ca_cert.pem\n"
    );
    let json = scene
        .gsec(&["transport", "build", "--tls-off", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(json["value"], "tls=0");
}

#[test]
fn value_that_would_be_read_as_something_else_is_not_written() {
    let scene = Scene::empty();
    let relative = [
        "transport",
        "build",
        "--cert",
        "a.pem",
        "--ca",
        "/ca.pem",
        "--no-check",
    ];
    scene.refuses(
        &relative,
        3,
        &[
            "error: cannot write the value: the path of `certificate` is not a full path",
            "hint: write the path from `/` on, as it is on the host that reads it",
        ],
    );
    for (path, said) in [
        ("/a;b", "has a `;`"),
        ("/a\nb", "has a control character"),
        ("/a ", "begins or ends with a blank"),
        ("/a,b", "has a `,`"),
    ] {
        let args = [
            "transport",
            "build",
            "--cert",
            path,
            "--ca",
            "/ca.pem",
            "--no-check",
        ];
        let refused = scene.gsec(&args).run().code(3);
        assert!(
            refused.stderr.contains(said) && refused.stdout.is_empty(),
            "{refused}"
        );
    }
    scene.gsec(&["transport", "build"]).run().code(2);
    scene.gsec(&["transport", "build", "--raw", "x"]).run().code(2);
    let twice = scene
        .gsec(&["transport", "build", "--port", "1", "--raw", "port=2"])
        .run()
        .code(3);
    assert!(twice.stderr.contains("set twice"), "{twice}");
}
