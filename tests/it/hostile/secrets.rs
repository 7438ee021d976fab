//! Passphrases and keys: where they come from, and where they never go.

use crate::common;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use common::{Call, ChildGuard, Outcome, Scene, tool};

/// Nothing else that is printed looks like it.
const SECRET: &str = "xyzzy-Geheimnis-42";
const INIT: [&str; 7] = [
    "ca",
    "init",
    "--cn",
    "Test CA",
    "--key-type",
    "p256",
    "--encrypt-key",
];
const ISSUE: [&str; 6] = ["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"];
const PFX: &str = "gsec-ca/repository/01_db1_cert.pfx";

fn with<'a>(start: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [start, rest].concat()
}

/// With a CA whose key is encrypted under [`SECRET`], which also stands in the file `secret`.
fn encrypted_scene() -> Scene {
    let scene = Scene::empty();
    scene.write("secret", SECRET);
    is_discreet(
        scene
            .gsec(&with(&INIT, &["--ca-passphrase-file", "secret"]))
            .run()
            .ok(),
    );
    scene
}

/// Neither the secret nor a private key stands in what was printed.
#[track_caller]
fn is_discreet(outcome: Outcome) -> Outcome {
    for stream in [&outcome.stdout, &outcome.stderr] {
        assert!(
            !stream.contains(SECRET) && !stream.contains("PRIVATE KEY"),
            "{outcome}"
        );
    }
    outcome
}

// Where they never go

#[test]
fn secrets_and_keys_are_not_printed() {
    let scene = encrypted_scene();
    let passphrase = with(
        &ISSUE,
        &["--ca-passphrase-file", "secret", "--pfx-password-file", "secret"],
    );
    for flags in [
        &[][..],
        &["--json"],
        &["-vv"],
        &["--dry-run"],
        &["--json", "--dry-run"],
        &["--json", "-vv"],
    ] {
        is_discreet(scene.gsec(&passphrase).args(flags).run().ok());
    }
    for args in [["ca", "show"], ["cert", "list"]] {
        is_discreet(scene.gsec(&args).args(&["--json", "-vv"]).run().ok());
    }
}

#[test]
fn wrong_secrets_are_not_printed_in_errors() {
    let scene = encrypted_scene();
    scene.write("wrong", format!("{SECRET}!"));
    scene.write("both", format!("{SECRET}\u{1f600}"));
    for flags in [&[][..], &["--json"]] {
        is_discreet(
            scene
                .gsec(&with(&ISSUE, &["--ca-passphrase-file", "wrong", "-vv"]))
                .args(flags)
                .run()
                .code(3),
        );
        is_discreet(
            scene
                .gsec(&with(
                    &ISSUE,
                    &["--ca-passphrase-file", "secret", "--pfx-password-file", "both"],
                ))
                .args(flags)
                .run()
                .code(3),
        );
        is_discreet(
            scene
                .gsec(&["cert", "issue", "--host", "x.example.com", "--key", "secret"])
                .args(flags)
                .run()
                .code(3),
        );
        is_discreet(
            scene
                .gsec(&["cert", "show", "./secret"])
                .args(flags)
                .run()
                .code(3),
        );
        is_discreet(
            scene
                .gsec(&["cert", "verify", "./secret", "--trust", "secret"])
                .args(flags)
                .run()
                .code(3),
        );
    }
}

#[test]
fn damaged_key_is_not_shown() {
    let scene = Scene::with_ca();
    let key = "gsec-ca/ca_conf/ca_priv_key.pem";
    let line = scene.read(key).lines().nth(1).expect("base64").to_owned();
    scene.edit(key, &line, &format!("{}!", &line[1..]));
    scene.chmod(key, 0o400);
    let said = scene.gsec(&ISSUE).run().code(3);
    assert!(!said.stderr.contains(&line[8..24]), "{said}");
}

#[test]
fn policy_that_holds_a_key_by_mistake_is_not_shown() {
    let scene = Scene::with_ca();
    scene.write(
        "gsec-ca/ca_conf/gsec.toml",
        scene.read("gsec-ca/ca_conf/ca_priv_key.pem"),
    );
    let said = scene.gsec(&ISSUE).run().code(3);
    let line = scene
        .read("gsec-ca/ca_conf/gsec.toml")
        .lines()
        .nth(1)
        .expect("base64")
        .to_owned();
    assert!(!said.stderr.contains(&line[8..24]), "{said}");
}

#[test]
fn stdout_gets_the_key_only_when_it_is_asked_for_and_then_nothing_keeps_it() {
    let scene = Scene::with_ca();
    let said = scene.gsec(&with(&ISSUE, &["--stdout"])).run().ok();
    assert_eq!(
        (
            said.stdout.matches("BEGIN CERTIFICATE").count(),
            said.stdout.matches("BEGIN PRIVATE KEY").count()
        ),
        (1, 1),
        "{said}"
    );
    assert!(!said.stderr.contains("KEY"), "{said}");
    let kept: Vec<String> = scene
        .tree()
        .files()
        .into_iter()
        .filter(|name| name.contains("repository/"))
        .collect();
    assert_eq!(
        kept,
        ["gsec-ca/repository/01.pem", "gsec-ca/repository/01_db1_cert.pem"]
    );
    let key = said
        .stdout
        .split("-----BEGIN PRIVATE KEY-----\n")
        .nth(1)
        .expect("the key")
        .lines()
        .next()
        .expect("base64")
        .to_owned();
    for name in scene.tree().files() {
        assert!(
            !String::from_utf8_lossy(&scene.read_bytes(&name)).contains(&key),
            "the key is in {name}"
        );
    }
}

#[test]
fn key_that_the_repository_shall_not_keep_is_elsewhere_only() {
    let scene = Scene::with_ca();
    std::fs::create_dir(scene.dir.path("out")).expect("a folder");
    scene
        .gsec(&with(&ISSUE, &["--out-dir", "out", "--no-keep-key"]))
        .run()
        .ok();
    let files: Vec<String> = scene
        .tree()
        .files()
        .into_iter()
        .filter(|name| name.contains("priv_key") || name.ends_with("pfx"))
        .collect();
    let set = std::fs::read_link(scene.dir.path("out/current")).expect("a link");
    let set = format!("out/{}", set.display());
    assert_eq!(
        files,
        [
            "gsec-ca/ca_conf/ca_priv_key.pem".to_owned(),
            // Links into the set.
            "out/db1_cert.pfx".to_owned(),
            "out/db1_priv_key.pem".to_owned(),
            format!("{set}/db1_cert.pfx"),
            format!("{set}/db1_priv_key.pem")
        ]
    );
    assert_eq!(
        (
            scene.tree().mode(&format!("{set}/db1_cert.pfx")) & 0o777,
            scene.tree().mode(&format!("{set}/db1_priv_key.pem")) & 0o777
        ),
        (0o600, 0o600)
    );
}

#[test]
fn process_that_waits_shows_no_secret_and_may_not_dump_its_memory() {
    let scene = encrypted_scene();
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(scene.dir.path("gsec-ca/ca_conf/.lock"))
        .expect("the lock file");
    lock.lock().expect("the lock");
    let mut command = scene
        .gsec(&with(
            &ISSUE,
            &["--ca-passphrase-file", "secret", "--lock-timeout", "600"],
        ))
        .into_command();
    let mut child = ChildGuard::start(
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped()),
    );
    let mut notice = String::new();
    BufReader::new(child.0.stderr.take().expect("piped"))
        .read_line(&mut notice)
        .expect("what it says");
    assert!(notice.starts_with("waiting for "), "{notice}");
    let about =
        |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", child.0.id())).expect("Linux");
    assert!(!about("cmdline").contains(SECRET));
    let limits = about("limits");
    let core: Vec<&str> = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .expect("a limit")
        .split_whitespace()
        .collect();
    assert_eq!(&core[4..6], ["0", "0"], "{limits}");
    drop(lock);
    assert_eq!(child.0.wait().expect("it ends").code(), Some(0));
}

// Modes

#[test]
fn modes_do_not_depend_on_the_umask() {
    for umask in ["000", "022", "077", "277"] {
        let scene = Scene::empty();
        std::fs::create_dir(scene.dir.path("out")).expect("a folder");
        let gsec = env!("CARGO_BIN_EXE_gsec");
        let script = format!(
            "umask {umask}; \"$0\" ca init --cn X --key-type p256 && \"$0\" cert issue --host db1.example.com --key-type p256 --out-dir out && \"$0\" compat link out"
        );
        tool("sh")
            .args(&["-c", &script, gsec])
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
        let tree = scene.tree();
        let wanted = [
            ("gsec-ca/", 0o700),
            ("gsec-ca/ca_conf/", 0o700),
            ("gsec-ca/repository/", 0o700),
            ("gsec-ca/ca_conf/ca_priv_key.pem", 0o400),
            ("gsec-ca/ca_conf/ca_cert.pem", 0o644),
            ("gsec-ca/ca_conf/ca.db", 0o600),
            ("gsec-ca/ca_conf/ca.db.attr", 0o600),
            ("gsec-ca/ca_conf/serial.num", 0o600),
            ("gsec-ca/ca_conf/crl.num", 0o600),
            ("gsec-ca/ca_conf/ca.conf", 0o644),
            ("gsec-ca/ca_conf/gsec.toml", 0o644),
            ("gsec-ca/ca_conf/.lock", 0o600),
            ("gsec-ca/repository/01.pem", 0o644),
            ("gsec-ca/repository/01_db1_cert.pem", 0o644),
            ("gsec-ca/repository/01_db1_priv_key.pem", 0o600),
            ("gsec-ca/repository/01_db1_cert.pfx", 0o600),
            ("out/create_ca.sh", 0o755),
        ];
        let set = std::fs::read_link(scene.dir.path("out/current")).expect("a link");
        let delivered = [
            ("/", 0o755),
            ("/db1_cert.pem", 0o644),
            ("/db1_priv_key.pem", 0o600),
            ("/db1_cert.pfx", 0o600),
        ]
        .map(|(name, mode)| (format!("out/{}{name}", set.display()), mode));
        let delivered = delivered.iter().map(|(name, mode)| (name.as_str(), *mode));
        for (name, mode) in wanted
            .into_iter()
            .chain(delivered)
            .chain([("out/releases/", 0o755)])
        {
            assert_eq!(
                format!("{:o}", tree.mode(name) & 0o7777),
                format!("{mode:o}"),
                "{name} under umask {umask}"
            );
        }
    }
}

// Where they come from

fn pfx_opens(scene: &Scene, password: &str) -> bool {
    let password = format!("pass:{password}");
    common::openssl(&["pkcs12", "-in", PFX, "-passin", &password, "-noout"])
        .in_dir(scene.dir.path(""))
        .run()
        .status
        == Some(0)
}

/// The password that a PFX gets when this source gives it.
#[track_caller]
fn pfx_gets(password: &str, flags: &[&str], prepare: impl Fn(&Scene), call: impl Fn(Call) -> Call) {
    let scene = Scene::with_ca();
    prepare(&scene);
    let answer = call(scene.gsec(&with(&ISSUE, flags)).args(&["--json"]))
        .run()
        .ok()
        .json();
    assert_eq!(
        answer["pfx_password"],
        if password.is_empty() { "empty" } else { "given" }
    );
    assert!(pfx_opens(&scene, password), "the password should be {password:?}");
    assert!(!pfx_opens(&scene, "another"));
}

#[test]
fn pfx_password_from_a_file_loses_one_line_end() {
    for (content, password) in [
        ("secret", "secret"),
        ("secret\n", "secret"),
        ("secret\r\n", "secret"),
        ("secret \n", "secret "),
        ("s\u{e4}cret\n", "s\u{e4}cret"),
        ("secret\n\n", "secret\n"),
        ("", ""),
        ("\n", ""),
        ("\r\n", ""),
    ] {
        pfx_gets(
            password,
            &["--pfx-password-file", "password"],
            |scene| scene.write("password", content),
            |call| call,
        );
    }
}

#[test]
fn pfx_password_from_standard_input() {
    for (content, password) in [("secret\n", "secret"), ("secret", "secret"), ("", "")] {
        pfx_gets(
            password,
            &["--pfx-password-stdin"],
            |_| (),
            |call| call.stdin(content),
        );
        pfx_gets(
            password,
            &["--pfx-password-file", "-"],
            |_| (),
            |call| call.stdin(content),
        );
    }
}

#[test]
fn pfx_password_from_the_environment() {
    for value in ["secret", ""] {
        pfx_gets(
            value,
            &["--pfx-password-env", "PFX_PASSWORD"],
            |_| (),
            |call| call.env("PFX_PASSWORD", value),
        );
    }
}

#[test]
fn pfx_without_a_password_has_the_empty_one_and_says_so() {
    pfx_gets("", &[], |_| (), |call| call);
    Scene::with_ca().gsec(&ISSUE).run().ok().says("(empty password)");
}

#[test]
fn ca_passphrase_from_every_source() {
    let scene = encrypted_scene();
    scene.write("with_line_end", format!("{SECRET}\r\n"));
    is_discreet(
        scene
            .gsec(&with(&ISSUE, &["--ca-passphrase-file", "with_line_end"]))
            .run()
            .ok(),
    );
    is_discreet(
        scene
            .gsec(&with(&ISSUE, &["--ca-passphrase-env", "P"]))
            .env("P", SECRET)
            .run()
            .ok(),
    );
    is_discreet(
        scene
            .gsec(&with(&ISSUE, &["--ca-passphrase-stdin"]))
            .stdin(format!("{SECRET}\n"))
            .run()
            .ok(),
    );
    is_discreet(
        scene
            .gsec(&with(&ISSUE, &["--ca-passphrase-file", "-"]))
            .stdin(SECRET)
            .run()
            .ok(),
    );
    scene.openssl(&[
        "pkey",
        "-in",
        "gsec-ca/ca_conf/ca_priv_key.pem",
        "-passin",
        &format!("pass:{SECRET}"),
        "-noout",
    ]);
}

#[test]
fn encrypted_host_key_opens_with_its_password() {
    let scene = Scene::with_ca();
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-aes-256-cbc",
        "-pass",
        &format!("pass:{SECRET}"),
        "-out",
        "k.pem",
    ]);
    let issue = ["cert", "issue", "--host", "db1.example.com", "--key", "k.pem"];
    is_discreet(
        scene
            .gsec(&with(&issue, &["--password-stdin"]))
            .stdin(SECRET)
            .run()
            .ok(),
    );
    scene.write("secret", SECRET);
    is_discreet(
        scene
            .gsec(&with(&issue, &["--password-file", "secret"]))
            .run()
            .ok(),
    );
    is_discreet(
        scene
            .gsec(&with(&issue, &["--password-env", "P"]))
            .env("P", SECRET)
            .run()
            .ok(),
    );
}

#[test]
fn no_option_takes_a_secret_as_its_value() {
    for command in [["ca", "init"], ["cert", "issue"]] {
        let help = common::gsec(&[command[0], command[1], "-h"]).run().ok().stdout;
        for option in help
            .split_whitespace()
            .filter(|word| word.starts_with("--") && (word.contains("pass")))
        {
            assert!(
                ["-file", "-env", "-stdin"]
                    .iter()
                    .any(|source| option.ends_with(source)),
                "{option}"
            );
        }
    }
}
