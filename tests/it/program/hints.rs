//! Hints: a command in backticks can be typed as it stands, and works on the CA of the call that offers it.

use crate::common;

use std::path::Path;

use common::doctor::type_line;
use common::{Outcome, Scene};

/// The commands of gsec that stand in backticks in a text.
fn commands(text: &str) -> Vec<&str> {
    let pieces = text.split("`gsec ").skip(1);
    pieces
        .filter_map(|piece| piece.split_once('`'))
        .map(|(command, _)| command)
        .collect()
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
    {
        if entry.is_dir() {
            sources(&entry, found);
        } else {
            found.push((
                entry.display().to_string(),
                std::fs::read_to_string(&entry).expect("text"),
            ));
        }
    }
}

#[test]
fn no_command_in_a_hint_has_a_placeholder() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli"), &mut files);
    let mut seen = 0;
    for (file, text) in files {
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for command in commands(line) {
                seen += 1;
                let is_placeholder = |word: &str| {
                    let letters = word.trim_matches('.');
                    letters.contains('…')
                        || (letters.len() > 1
                            && letters.chars().all(|character| character.is_ascii_uppercase()))
                };
                assert!(
                    !command.split([' ', ':']).any(is_placeholder),
                    "{file}: `gsec {command}`"
                );
            }
        }
    }
    assert!(seen > 30, "the hints were read: {seen}");
}

#[test]
fn commands_that_other_tools_have_are_answered_with_gsecs() {
    let scene = Scene::with_host();
    for (typed, meant) in [
        (&["list"][..], "cert list"),
        (
            &["verify", "gsec-ca/repository/01.pem"],
            "cert verify gsec-ca/repository/01.pem",
        ),
        (&["fingerprint", "01"], "cert thumbprint 01"),
        (&["cert", "inspect", "01"], "cert show 01"),
        (
            &["cert", "create", "a b.example.com"],
            "cert issue 'a b.example.com'",
        ),
        (
            &["cert", "--ca-dir", "gsec-ca", "ls"],
            "cert list --ca-dir gsec-ca",
        ),
        (
            &["--ca-dir", "gsec-ca", "renew", "01"],
            "--ca-dir gsec-ca cert renew 01",
        ),
        (&["ca", "create", "--cn", "New CA"], "ca init --cn 'New CA'"),
        (&["crl", "generate"], "crl update"),
        (
            &["issue", "--key-type", "p256", "db2.example.com"],
            "cert issue --key-type p256 db2.example.com",
        ),
    ] {
        let refused = scene.gsec(typed).run().code(2);
        assert!(
            refused.stdout.is_empty()
                && refused
                    .stderr
                    .contains(&format!("hint: did you mean `gsec {meant}`?")),
            "{refused}"
        );
        if !meant.contains('\'') {
            type_line(&scene, &format!("gsec {meant}")).ok();
        }
    }
    let refused = scene.gsec(&["--json", "list"]).run().code(2);
    assert_eq!(
        refused.error()["hints"][0],
        "did you mean `gsec --json cert list`?",
        "{refused}"
    );
    let refused = scene.gsec(&["version"]).run().code(2);
    assert!(
        refused.stderr.contains("did you mean `gsec --version`?"),
        "{refused}"
    );
    // What nobody has is answered as before.
    let refused = scene.gsec(&["frobnicate"]).run().code(2);
    assert!(
        refused.stderr.contains("unrecognized subcommand 'frobnicate'"),
        "{refused}"
    );
}

#[test]
fn option_of_the_old_scripts_issues_nothing_and_shows_no_help() {
    let scene = Scene::with_ca();
    scene.refuses(
        &["cert", "issue", "-host", "x.example.com"],
        2,
        &[
            "error: unknown option `-host`",
            "hint: did you mean `--host`? Long options start with two hyphens",
        ],
    );
    let refused = scene.gsec(&["completions", "tcsh"]).run().code(2);
    assert!(
        refused
            .stderr
            .contains("there are completions for bash, zsh, fish, powershell, elvish only"),
        "{refused}"
    );
}

#[test]
fn help_behind_a_command_shows_its_help() {
    let scene = Scene::with_host();
    for command in [
        &["cert", "issue"][..],
        &["cert", "show"],
        &["ca", "init"],
        &["quickstart"],
        &["crl", "update"],
        &["cert"],
        &["doctor"],
    ] {
        let long = scene.gsec(&[command, &["--help"]].concat()).run().ok().stdout;
        let asked = scene.gsec(&[command, &["help"]].concat()).run().ok().stdout;
        assert_eq!(asked, long, "{command:?}");
        let [first @ .., last] = command else {
            unreachable!()
        };
        let asked = scene.gsec(&[first, &["help", last]].concat()).run().ok().stdout;
        assert_eq!(asked, long, "{command:?}");
    }
    // With anything else, and in any other place, it is what it was: a name, or a value.
    for line in [
        &["cert", "issue", "--host", "help"][..],
        &["cert", "show", "01", "help"],
        &["cert", "show", "./help"],
    ] {
        let said = scene.gsec(line).run();
        assert!(!said.stdout.contains("Usage:"), "{said}");
    }
}

/// Two CAs, `./gsec-ca` and `./o`, that have a certificate of the same number on hold.
fn two_cas() -> Scene {
    let scene = Scene::with_host();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Other",
            "--key-type",
            "p256",
            "--ca-dir",
            "o",
        ])
        .run()
        .ok();
    scene.issue("db1.example.com", &["--ca-dir", "o"]).run().ok();
    for directory in ["gsec-ca", "o"] {
        scene
            .gsec(&[
                "cert",
                "revoke",
                "01",
                "--reason",
                "certificateHold",
                "--ca-dir",
                directory,
            ])
            .run()
            .ok();
    }
    scene
}

/// Asserts that every command in the hints of a call on `./o` names that directory.
#[track_caller]
fn all_name_it(outcome: &Outcome, at_least: usize) {
    let hints: Vec<&str> = outcome
        .stderr
        .lines()
        .filter(|line| line.starts_with("hint:"))
        .flat_map(commands)
        .collect();
    assert!(hints.len() >= at_least, "{outcome}");
    for command in hints {
        let names_it = command.ends_with(" --ca-dir o") || command == "doctor o";
        assert!(names_it, "`gsec {command}`: {outcome}");
    }
}

#[test]
fn hints_of_a_call_on_another_ca_name_its_directory() {
    let scene = two_cas();
    let call = |args: &[&str]| scene.gsec(args).args(&["--ca-dir", "o"]).run();
    all_name_it(&call(&["cert", "renew", "01"]).code(3), 1);
    all_name_it(&call(&["cert", "revoke", "o/ca_conf/ca_cert.pem"]).code(3), 2);
    all_name_it(&call(&["cert", "show", "99"]).code(3), 1);
    all_name_it(&call(&["cert", "revoke", "77"]).code(3), 1);
    std::fs::remove_file(scene.dir.path("o/ca_conf/ca_crl.pem")).expect("it was there");
    all_name_it(&call(&["crl", "show"]).code(3), 1);
    // As documents say it, too.
    let error = call(&["cert", "renew", "01", "--json"]).code(3).error();
    assert_eq!(error["hints"][0], "`gsec cert unhold 01 --ca-dir o` releases it");
    scene.edit("o/ca_conf/ca.db.attr", "no", "yes");
    scene.write("hosts.csv", "host\ndb1.example.com\n");
    call(&["cert", "unhold", "01"]).ok();
    let batch = call(&[
        "cert",
        "issue",
        "--from",
        "hosts.csv",
        "--again",
        "--jobs",
        "1",
        "--key-type",
        "p256",
        "--json",
    ]);
    assert!(
        batch.json()["hosts"][0]["error"]["hints"]
            .to_string()
            .contains("gsec ca adopt --ca-dir o`"),
        "{batch}"
    );
}

#[test]
fn hint_about_a_hold_leaves_the_other_ca_as_it_is() {
    let scene = two_cas();
    let before = scene.read("gsec-ca/ca_conf/ca.db");
    let refused = scene
        .gsec(&["cert", "renew", "01", "--ca-dir", "o"])
        .run()
        .code(3);
    let command = commands(&refused.stderr)
        .first()
        .map(|command| format!("gsec {command}"))
        .expect("a command");
    type_line(&scene, &command).ok();
    assert_eq!(scene.read("gsec-ca/ca_conf/ca.db"), before);
    assert!(scene.read("o/ca_conf/ca.db").starts_with('V'));
}

#[test]
fn copy_that_is_missing_is_made_from_the_file_of_the_host() {
    let scene = Scene::with_host();
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01.pem")).expect("it was there");
    let said = [
        "error: serial 01 is recorded, but its certificate is not in the repository",
        "hint: the host's file contains it, too: `openssl x509 -in gsec-ca/repository/01_db1_cert.pem -out \
         gsec-ca/repository/01.pem`",
    ];
    scene.refuses(&["cert", "renew", "01"], 3, &said);
    scene.openssl(&[
        "x509",
        "-in",
        "gsec-ca/repository/01_db1_cert.pem",
        "-out",
        "gsec-ca/repository/01.pem",
    ]);
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01_db1_cert.pem")).expect("it was there");
    scene
        .gsec(&["cert", "renew", "01", "--key-type", "p256"])
        .run()
        .ok();
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01.pem")).expect("it was there");
    scene.refuses(
        &["cert", "renew", "01"],
        3,
        &[
            said[0],
            "hint: issue a new one: `gsec cert issue --host db1.example.com`",
        ],
    );
}

/// What is typed after the file was saved as the hint says.
#[test]
fn hints_about_standard_input_can_be_typed_once_it_is_saved() {
    let scene = Scene::with_host();
    scene.gsec(&["crl", "update"]).run().ok();
    let (crl, certificate) = (
        scene.read("gsec-ca/ca_conf/ca_crl.pem"),
        scene.read("gsec-ca/repository/01.pem"),
    );
    let (ca, key) = (
        scene.read("gsec-ca/ca_conf/ca_cert.pem"),
        scene.read("gsec-ca/repository/01_db1_priv_key.pem"),
    );
    let situations: [(&[&str], String); 8] = [
        (&["cert", "show", "-"], crl.clone()),
        (&["cert", "show", "-"], key.clone()),
        (&["cert", "show", "-"], format!("{certificate}{crl}")),
        (&["crl", "show", "-"], certificate.clone()),
        (&["cert", "verify", "-"], format!("{ca}{certificate}")),
        (
            &["convert", "to-der", "-", "--out", "x.der"],
            format!("{certificate}{ca}"),
        ),
        (
            &["convert", "key", "-", "--out", "x.pem"],
            format!("{key}{}", scene.read("gsec-ca/ca_conf/ca_priv_key.pem")),
        ),
        (&["doctor", "-"], certificate),
    ];
    for (args, content) in situations {
        let said = scene.gsec(args).stdin(&content).run();
        let hint = said
            .stderr
            .lines()
            .find(|line| line.contains("stdin.saved"))
            .unwrap_or_else(|| panic!("a hint: {said}"));
        assert!(
            hint.ends_with("; first save the standard input as `stdin.saved`")
                && !said.stderr.contains("FILE"),
            "{said}"
        );
        scene.write("stdin.saved", &content);
        for command in commands(hint) {
            let typed: Vec<&str> = command.split(' ').collect();
            let again = scene.gsec(&typed).run();
            assert_ne!(again.status, Some(2), "{hint}: {again}");
            assert!(!again.stderr.contains("cannot"), "{hint}: {again}");
        }
        let _ = std::fs::remove_dir_all(scene.dir.path("parts"));
    }
}

/// An option that a hint names is the command's own, or that of a command that it names before.
#[test]
fn options_for_connections_are_named_with_the_command_that_has_them() {
    let scene = Scene::with_host();
    let unresolved = "no-such-host.invalid:443";
    let situations: [(&[&str], bool); 4] = [
        (&["cert", "fetch", unresolved], true),
        (
            &["cert", "verify", unresolved, "--name", "db1.example.com"],
            false,
        ),
        (&["cert", "show", unresolved], false),
        (&["cert", "thumbprint", unresolved], false),
    ];
    for (args, has_options) in situations {
        let said = scene.gsec(args).run();
        let hint = said
            .stderr
            .lines()
            .find(|line| line.contains("--server-name"))
            .unwrap_or_else(|| panic!("a hint: {said}"));
        let help = scene.gsec(&[&args[..2], &["--help"]].concat()).run().ok();
        assert_eq!(help.stdout.contains("--server-name"), has_options, "{args:?}");
        let named = hint.split("--server-name").next().unwrap_or_default();
        assert_eq!(!named.contains("gsec cert fetch"), has_options, "{hint}");
    }
}
