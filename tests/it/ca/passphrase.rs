//! The passphrase of the CA key: set, changed, removed, and judged by OpenSSL; what is refused changes nothing.

use crate::common;
use crate::common::{at, machine, strace};

use std::os::unix::fs::PermissionsExt;

use common::{KEY_TYPES, OldCa, Scene, TestCa, openssl};

const KEY: &str = "gsec-ca/ca_conf/ca_priv_key.pem";
const FIRST: &str = "the first passphrase";
const SECOND: &str = "der zweite, mit Größe";

/// With a CA in `./gsec-ca`, and the passphrases in the files `first` and `second`.
fn scene_with(flags: &[&str]) -> Scene {
    let scene = Scene::empty();
    scene.write("first", FIRST);
    scene.write("second", SECOND);
    scene
        .gsec(&["ca", "init", "--cn", "Test CA", "--key-type", "p256"])
        .args(flags)
        .run()
        .ok();
    scene
}

/// The public key in a key file, as OpenSSL reads it under a passphrase.
fn public_key(path: &str, passphrase: &str) -> String {
    openssl(&[
        "pkey",
        "-in",
        path,
        "-pubout",
        "-passin",
        &format!("pass:{passphrase}"),
    ])
    .run()
    .ok()
    .stdout
}

#[track_caller]
fn has_label(scene: &Scene, label: &str) {
    assert!(
        scene.read(KEY).starts_with(&format!("-----BEGIN {label}-----\n")),
        "the first line of the key file"
    );
    assert_eq!(scene.tree().mode(KEY) & 0o7777, 0o400);
    let left: Vec<String> = scene
        .tree()
        .files()
        .into_iter()
        .filter(|name| name.contains(".gsec-") || name.contains("priv_key"))
        .collect();
    assert_eq!(left, [KEY], "no other copy of the key stays");
}

#[test]
fn keys_of_every_type_get_a_passphrase_and_lose_it() {
    for kind in KEY_TYPES
        .iter()
        .filter(|kind| !["rsa-3072", "rsa-4096"].contains(&kind.name))
    {
        let ca = TestCa::of_key(kind);
        let first = ca.dir.write("first", FIRST);
        let plain = public_key(&ca.key, "");
        let set = ca
            .gsec(&["ca", "passphrase", "--new-passphrase-file", &first, "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(
            (&set["passphrase"], &set["changed"], &set["key_encrypted"]),
            (&"set".into(), &true.into(), &true.into())
        );
        assert_eq!(public_key(&ca.key, FIRST), plain, "{}", kind.name);
        openssl(&["pkey", "-in", &ca.key, "-noout", "-passin", "pass:"])
            .run()
            .fails();
        let removed = ca
            .gsec(&[
                "ca",
                "passphrase",
                "--ca-passphrase-file",
                &first,
                "--remove",
                "--json",
            ])
            .run()
            .ok()
            .json();
        assert_eq!(
            (&removed["passphrase"], &removed["key_encrypted"]),
            (&"removed".into(), &false.into())
        );
        assert_eq!(public_key(&ca.key, ""), plain, "{}", kind.name);
        let log = ca
            .gsec(&["ca", "log", "--verify", "--all-signatures", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(log["sound"], true, "{log}");
    }
}

#[test]
fn after_a_change_the_old_passphrase_opens_nothing() {
    let scene = scene_with(&["--ca-passphrase-file", "first"]);
    let plain = public_key(&scene.dir.path(KEY), FIRST);
    let change = [
        "ca",
        "passphrase",
        "--ca-passphrase-file",
        "first",
        "--new-passphrase-file",
        "second",
    ];
    scene
        .gsec(&change)
        .run()
        .ok()
        .says("The passphrase of the CA key is changed");
    assert_eq!(public_key(&scene.dir.path(KEY), SECOND), plain);
    openssl(&[
        "pkey",
        "-in",
        &scene.dir.path(KEY),
        "-noout",
        "-passin",
        &format!("pass:{FIRST}"),
    ])
    .run()
    .fails();
}

#[test]
fn issuing_wants_the_passphrase_as_soon_as_it_is_set() {
    let scene = scene_with(&[]);
    scene.issue("db1.example.com", &[]).run().ok();
    scene
        .gsec(&["ca", "passphrase", "--new-passphrase-file", "first"])
        .run()
        .ok();
    scene.issue("db2.example.com", &[]).run().code(3);
    scene
        .issue("db2.example.com", &["--ca-passphrase-file", "second"])
        .run()
        .code(3);
    scene
        .issue("db2.example.com", &["--ca-passphrase-file", "first"])
        .run()
        .ok();
}

#[test]
fn the_key_file_keeps_its_mode_and_no_copy_of_it_stays() {
    let scene = scene_with(&[]);
    scene
        .gsec(&["ca", "passphrase", "--new-passphrase-file", "first"])
        .run()
        .ok();
    has_label(&scene, "ENCRYPTED PRIVATE KEY");
    scene
        .gsec(&["ca", "passphrase", "--remove", "--ca-passphrase-file", "first"])
        .run()
        .ok();
    has_label(&scene, "PRIVATE KEY");
    // What an administrator gave a group stays; others get nothing.
    for (before, after) in [(0o440, 0o440), (0o600, 0o600), (0o444, 0o440)] {
        scene.chmod(KEY, before);
        scene
            .gsec(&["ca", "passphrase", "--new-passphrase-file", "first"])
            .run()
            .ok();
        assert_eq!(scene.tree().mode(KEY) & 0o7777, after);
        scene
            .gsec(&["ca", "passphrase", "--remove", "--ca-passphrase-file", "first"])
            .run()
            .ok();
    }
}

#[test]
fn nothing_else_in_the_directory_changes_but_the_log() {
    let scene = scene_with(&[]);
    scene.issue("db1.example.com", &[]).run().ok();
    let before = scene.tree();
    scene
        .gsec(&["ca", "passphrase", "--new-passphrase-file", "first"])
        .run()
        .ok();
    scene.tree().keeps(
        &before,
        &[KEY, "gsec-ca/ca_conf/audit.log", "gsec-ca/ca_conf/audit.head"],
    );
    assert_eq!(scene.tree().added_since(&before), Vec::<String>::new());
    let last = scene
        .read("gsec-ca/ca_conf/audit.log")
        .lines()
        .last()
        .expect("a line")
        .to_owned();
    assert!(
        last.contains("\"action\":\"ca.passphrase\"")
            && last.contains("\"passphrase\":\"set\"")
            && last.contains("\"signature\":"),
        "{last}"
    );
    assert!(!last.contains(FIRST), "{last}");
}

#[test]
fn a_wrong_passphrase_changes_nothing() {
    let scene = scene_with(&["--ca-passphrase-file", "first"]);
    let wrong = [
        "error: cannot use `gsec-ca/ca_conf/ca_priv_key.pem`",
        "  caused by: wrong passphrase, or the file is damaged",
        "hint: check for a trailing space, and that it is the passphrase of this CA",
    ];
    scene.write("third", "another passphrase\n");
    for args in [
        ["--ca-passphrase-file", "second", "--remove"].as_slice(),
        &["--ca-passphrase-file", "second", "--new-passphrase-file", "third"],
    ] {
        scene.refuses(&[&["ca", "passphrase"], args].concat(), 3, &wrong);
    }
    let none = [
        "error: cannot use `gsec-ca/ca_conf/ca_priv_key.pem`",
        "  caused by: the private key is encrypted",
        "hint: give the passphrase of `gsec-ca/ca_conf/ca_priv_key.pem` with `--ca-passphrase-file`, `--ca-passphrase-env` or `--ca-passphrase-stdin`",
    ];
    scene.refuses(&["ca", "passphrase", "--remove"], 3, &none);
}

#[test]
fn the_new_passphrase_must_be_there_and_not_empty() {
    let scene = scene_with(&[]);
    scene.write("empty", "\n");
    scene.refuses(
        &["ca", "passphrase"],
        2,
        &[
            "error: missing new passphrase",
            "hint: pass `--new-passphrase-file`, `--new-passphrase-env` or `--new-passphrase-stdin`, or `--remove`",
        ],
    );
    scene.refuses(
        &["ca", "passphrase", "--new-passphrase-file", "empty"],
        3,
        &[
            "error: the passphrase must not be empty",
            "hint: `--remove` leaves the key without a passphrase",
        ],
    );
    scene.refuses(
        &[
            "ca",
            "passphrase",
            "--ca-passphrase-stdin",
            "--new-passphrase-stdin",
        ],
        2,
        &[
            "error: standard input can provide only one value",
            "hint: put the other one in a file",
        ],
    );
    let both = scene
        .gsec(&["ca", "passphrase", "--remove", "--new-passphrase-file", "first"])
        .run()
        .code(2);
    both.says("the argument '--remove' cannot be used with");
}

#[test]
fn every_source_of_both_secrets_works() {
    let scene = scene_with(&[]);
    let pairs = [(FIRST, SECOND), (SECOND, FIRST)];
    scene
        .gsec(&["ca", "passphrase", "--new-passphrase-stdin"])
        .stdin(format!("{FIRST}\n"))
        .run()
        .ok();
    let (old, new) = pairs[0];
    let args = [
        "ca",
        "passphrase",
        "--ca-passphrase-env",
        "OLD",
        "--new-passphrase-env",
        "NEW",
    ];
    scene.gsec(&args).env("OLD", old).env("NEW", new).run().ok();
    let (old, new) = pairs[1];
    let args = [
        "ca",
        "passphrase",
        "--ca-passphrase-stdin",
        "--new-passphrase-env",
        "NEW",
    ];
    scene.gsec(&args).stdin(old).env("NEW", new).run().ok();
    let args = [
        "ca",
        "passphrase",
        "--ca-passphrase-file",
        "first",
        "--new-passphrase-file",
        "-",
    ];
    scene.gsec(&args).stdin(SECOND).run().ok();
    public_key(&scene.dir.path(KEY), SECOND);
}

#[test]
fn a_plain_key_stays_plain_and_a_look_changes_nothing() {
    let scene = scene_with(&[]);
    let before = scene.tree();
    scene
        .gsec(&["ca", "passphrase", "--remove"])
        .run()
        .ok()
        .says("The CA key has no passphrase: nothing was changed");
    scene
        .gsec(&["ca", "passphrase", "--dry-run"])
        .run()
        .ok()
        .says("The passphrase of the CA key would be set");
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn a_key_of_the_old_scripts_becomes_pkcs8_and_openssl_ca_goes_on_reading_it() {
    for encrypted_before in [false, true] {
        let old = OldCa::new();
        let key = old.file("ca_conf/ca_priv_key.pem");
        let passphrase = old.dir.write("passphrase", FIRST);
        let plain = public_key(&key, "");
        let mut present: Vec<&str> = Vec::new();
        if encrypted_before {
            let traditional = old.dir.path("traditional.pem");
            openssl(&[
                "rsa",
                "-traditional",
                "-in",
                &key,
                "-des3",
                "-passout",
                &format!("pass:{SECOND}"),
                "-out",
                &traditional,
            ])
            .run()
            .ok();
            std::fs::copy(&traditional, &key).expect("a key encrypted with Proc-Type");
            assert!(
                std::fs::read_to_string(&key)
                    .expect("text")
                    .contains("Proc-Type: 4,ENCRYPTED")
            );
            present = vec!["--ca-passphrase-env", "OLD"];
        }
        let args = [
            &[
                "ca",
                "passphrase",
                "--new-passphrase-file",
                &passphrase,
                "--json",
                "--ca-dir",
                &old.path,
            ],
            &present[..],
        ]
        .concat();
        let said = common::gsec(&args).env("OLD", SECOND).run().ok().json();
        assert_eq!(
            said["passphrase"],
            if encrypted_before { "changed" } else { "set" }
        );
        assert_eq!(
            said["audit_head"],
            serde_json::Value::Null,
            "an old directory has no log until it is adopted"
        );
        assert_eq!(public_key(&key, FIRST), plain);
        assert!(
            std::fs::read_to_string(&key)
                .expect("text")
                .starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
        );
        assert_eq!(
            std::fs::metadata(&key).expect("metadata").permissions().mode() & 0o007,
            0,
            "others have nothing to do with it"
        );
        old.openssl_ca(&[
            "-gencrl",
            "-crldays",
            "7",
            "-passin",
            &format!("pass:{FIRST}"),
            "-out",
            "crl.pem",
        ])
        .ok();
        old.gsec(&[
            "ca",
            "passphrase",
            "--remove",
            "--ca-passphrase-file",
            &passphrase,
        ])
        .ok();
        old.openssl_ca(&["-gencrl", "-crldays", "7", "-out", "crl.pem"])
            .ok();
        old.gsec(&["cert", "issue", "--host", "db9.example.com", "--key-type", "p256"])
            .ok();
    }
}

#[test]
fn a_kill_at_any_change_of_the_disk_leaves_a_key_under_one_of_the_two() {
    let place = machine::temp_dir();
    let ca = place.path().join("ca");
    at::make_ca(&ca);
    let new = place.path().join("new");
    std::fs::write(&new, FIRST).expect("a passphrase");
    let passphrase = [
        "ca",
        "passphrase",
        "--new-passphrase-file",
        new.to_str().expect("text"),
    ];
    let mut calls = strace::changes_of(place.path(), &ca, |copy| at::gsec(copy, passphrase));
    // Each call derives a key from the passphrase, which is slow on purpose: what only makes durable is left out.
    calls.retain(|call| !call.is_sync());
    let file = |folder: &std::path::Path| {
        folder
            .join("ca_conf/ca_priv_key.pem")
            .to_str()
            .expect("text")
            .to_owned()
    };
    let plain = public_key(&file(&ca), "");
    machine::for_each_at_once(&calls, |number, call| {
        let copy = place.path().join(format!("copy{number}"));
        machine::copy_tree(&ca, &copy);
        let outcome = strace::inject(
            &at::gsec(&copy, passphrase),
            &place.path().join(format!("log{number}")),
            call,
            "signal=SIGKILL",
        );
        assert_eq!(outcome.signal, Some(9), "killed at {}: {outcome:#?}", call.line);
        assert_eq!(
            public_key(&file(&copy), FIRST),
            plain,
            "a plain key opens under any; killed at {}",
            call.line
        );
        std::fs::remove_dir_all(&copy).expect("the copy");
    });
    assert!(
        calls.iter().any(|call| call.name.starts_with("rename")),
        "{}",
        calls.len()
    );
}

#[test]
fn the_same_call_again_says_that_nothing_is_left_to_do() {
    let scene = scene_with(&["--ca-passphrase-file", "first"]);
    scene
        .gsec(&[
            "ca",
            "rekey",
            "--key-type",
            "p256",
            "--yes",
            "--ca-passphrase-file",
            "first",
        ])
        .run()
        .ok();
    let change = [
        "ca",
        "passphrase",
        "--ca-passphrase-file",
        "first",
        "--new-passphrase-file",
        "second",
    ];
    scene.gsec(&change).run().ok();
    let before = scene.tree();
    scene
        .gsec(&change)
        .run()
        .ok()
        .says("The CA key already has this passphrase: nothing was changed");
    scene.tree().is_unchanged_since(&before);
    // Present and former key are under the new one.
    scene
        .gsec(&["crl", "update", "--ca-passphrase-file", "second"])
        .run()
        .ok();
    scene
        .gsec(&["crl", "update", "--ca-passphrase-file", "first"])
        .run()
        .code(3);
}

/// The file of the passphrase, not its spelling, is what is wrong.
#[test]
fn passphrase_file_that_is_empty_or_has_two_lines_is_named() {
    let scene = Scene::empty();
    scene.write("secret", "correct horse\n");
    let init = [
        "ca",
        "init",
        "--cn",
        "CA",
        "--encrypt-key",
        "--ca-passphrase-file",
        "secret",
    ];
    scene.gsec(&init).run().ok();
    scene.write("empty", "");
    scene.write("lines", "correct horse\nanother line\n");
    for (file, hint) in [
        (
            "empty",
            "hint: the passphrase is empty: is it in the file, variable or input that was given?",
        ),
        (
            "lines",
            "hint: the passphrase has several lines, and all of them were used: …",
        ),
    ] {
        scene.refuses(
            &["crl", "update", "--ca-passphrase-file", file],
            3,
            &[
                "error: cannot use `gsec-ca/ca_conf/ca_priv_key.pem`",
                "  caused by: wrong passphrase, or the file is damaged",
                hint,
            ],
        );
    }
}
