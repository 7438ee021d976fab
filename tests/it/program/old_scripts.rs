//! create_ca.sh and create_cert.sh with their old arguments and defaults, however they are called.

use crate::common;

use common::{Call, Outcome, Scene, tool};

/// A path that a shell takes apart unless it is quoted.
const AWKWARD: &str = "it's a \"CA\" $HOME";

/// Calls a script as an administrator does: `./create_ca.sh`, `sh create_ca.sh` or `bash create_ca.sh`.
fn script(scene: &Scene, words: &[&str]) -> Call {
    tool("env").args(words).in_dir(scene.dir.path(""))
}

fn linked() -> Scene {
    let scene = Scene::empty();
    scene.gsec(&["compat", "link", "."]).run().ok();
    scene
}

/// A scene in which create_ca.sh was called, with nothing but the mandatory argument.
fn with_old_ca() -> Scene {
    let scene = linked();
    script(&scene, &["./create_ca.sh", "-CN", "Old CA"]).run().ok();
    scene
}

fn text_of(scene: &Scene, certificate: &str) -> String {
    scene
        .openssl(&["x509", "-in", certificate, "-noout", "-text"])
        .stdout
}

/// Days between the two dates that OpenSSL shows; notBefore is set back by five minutes.
fn lifetime_days(scene: &Scene, certificate: &str) -> i64 {
    let facts = scene
        .gsec(&["cert", "show", "--json", certificate])
        .run()
        .ok()
        .json();
    let time = |name: &str| {
        let text = facts["certificates"][0][name]
            .as_str()
            .expect("a time")
            .to_owned();
        time::OffsetDateTime::parse(&text, &time::format_description::well_known::Rfc3339).expect("RFC 3339")
    };
    (time("not_after") - time("not_before") - time::Duration::minutes(5)).whole_days()
}

#[test]
fn scripts_are_called_in_every_way() {
    for (create_ca, create_cert) in [
        (&["./create_ca.sh"][..], &["./create_cert.sh"][..]),
        (&["sh", "create_ca.sh"], &["sh", "create_cert.sh"]),
        (&["bash", "create_ca.sh"], &["bash", "create_cert.sh"]),
    ] {
        let scene = linked();
        script(&scene, create_ca).args(&["-CN", "Old CA"]).run().ok();
        script(&scene, create_cert)
            .args(&["-host", "db1.example.com", "-CN", "db1.example.com"])
            .run()
            .ok();
        scene.openssl(&[
            "verify",
            "-CAfile",
            "ca_conf/ca_cert.pem",
            "repository/01_db1_cert.pem",
        ]);
    }
}

#[test]
fn link_to_the_binary_with_a_script_name() {
    let scene = Scene::empty();
    for name in ["create_ca.sh", "create_cert.sh"] {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_gsec"), scene.dir.path(name)).expect("a link");
    }
    script(&scene, &["./create_ca.sh", "-CN", "Old CA"]).run().ok();
    script(
        &scene,
        &[
            "./create_cert.sh",
            "-host",
            "db1.example.com",
            "-CN",
            "db1.example.com",
        ],
    )
    .run()
    .ok();
    assert!(scene.exists("repository/01_db1_cert.pfx"));
}

#[test]
fn ca_has_the_old_defaults() {
    let scene = with_old_ca();
    let text = text_of(&scene, "ca_conf/ca_cert.pem");
    assert!(
        text.contains("Subject: CN = Old CA\n")
            && text.contains("Public-Key: (2048 bit)")
            && text.contains("CA:TRUE"),
        "{text}"
    );
    assert_eq!(lifetime_days(&scene, "ca_conf/ca_cert.pem"), 356);
}

#[test]
fn ca_takes_every_part_of_the_name() {
    let scene = linked();
    let name = [
        "-CN",
        "Old CA",
        "-E",
        "ca@example.com",
        "-OU",
        "Unit 7",
        "-O",
        "Example",
        "-L",
        "Erlangen",
        "-S",
        "Bavaria",
        "-C",
        "DE",
    ];
    script(&scene, &["./create_ca.sh", "-time", "400", "-keySz", "3072"])
        .args(&name)
        .run()
        .ok();
    let text = text_of(&scene, "ca_conf/ca_cert.pem");
    let subject = "Subject: C = DE, ST = Bavaria, L = Erlangen, O = Example, OU = Unit 7, CN = Old CA, emailAddress = ca@example.com\n";
    assert!(
        text.contains(subject) && text.contains("Public-Key: (3072 bit)"),
        "{text}"
    );
    assert_eq!(lifetime_days(&scene, "ca_conf/ca_cert.pem"), 400);
}

#[test]
fn host_has_the_old_defaults() {
    let scene = with_old_ca();
    let before = scene.tree();
    script(
        &scene,
        &[
            "./create_cert.sh",
            "-host",
            "db1.example.com",
            "-CN",
            "db1.example.com",
        ],
    )
    .run()
    .ok();
    let written: Vec<String> = scene
        .tree()
        .added_since(&before)
        .into_iter()
        .filter(|name| name != "ca_conf/.lock")
        .collect();
    assert_eq!(
        written,
        [
            "repository/01.pem",
            "repository/01_db1_cert.pem",
            "repository/01_db1_cert.pfx",
            "repository/01_db1_priv_key.pem"
        ]
    );
    let text = text_of(&scene, "repository/01.pem");
    assert!(
        text.contains("TLS Web Server Authentication, TLS Web Client Authentication, E-mail Protection"),
        "profile server: {text}"
    );
    assert!(
        text.contains("DNS:db1.example.com") && text.contains("Public-Key: (2048 bit)"),
        "{text}"
    );
    assert_eq!(lifetime_days(&scene, "repository/01.pem"), 100);
    assert!(
        scene
            .read("repository/01_db1_priv_key.pem")
            .starts_with("-----BEGIN RSA PRIVATE KEY-----\n"),
        "the old hand procedure looks for this line"
    );
}

#[test]
fn common_name_is_what_was_asked_for_and_the_host_stands_in_subject_alternative_name() {
    let scene = with_old_ca();
    let parts = [
        "-OU",
        "Databases",
        "-O",
        "Example",
        "-L",
        "Erlangen",
        "-S",
        "Bavaria",
        "-C",
        "de",
    ];
    let said = script(
        &scene,
        &[
            "./create_cert.sh",
            "-host",
            "db1.example.com",
            "-CN",
            "Database one",
        ],
    )
    .args(&parts)
    .run()
    .ok();
    let text = text_of(&scene, "repository/01.pem");
    assert!(
        text.contains(
            "Subject: C = DE, ST = Bavaria, L = Erlangen, O = Example, OU = Databases, CN = Database one\n"
        ),
        "{text}"
    );
    assert!(text.contains("DNS:db1.example.com\n"), "{text}");
    assert!(
        said.stderr
            .starts_with("warning: the common name `Database one` is not `db1.example.com`"),
        "{said}"
    );
    assert!(
        !said.stderr.contains("--"),
        "create_cert.sh has no options with two hyphens to speak of: {said}"
    );
}

#[test]
fn pfx_opens_with_the_empty_password_with_and_without_old_algorithms() {
    let scene = with_old_ca();
    script(
        &scene,
        &[
            "./create_cert.sh",
            "-host",
            "db1.example.com",
            "-CN",
            "db1.example.com",
        ],
    )
    .run()
    .ok();
    for flags in [&["-legacy"][..], &[]] {
        let read = [
            "pkcs12",
            "-in",
            "repository/01_db1_cert.pfx",
            "-passin",
            "pass:",
            "-nodes",
        ];
        let content = scene.openssl(&[&read[..], flags].concat()).stdout;
        assert_eq!(
            (
                content.matches("BEGIN CERTIFICATE").count(),
                content.matches("BEGIN PRIVATE KEY").count()
            ),
            (2, 1),
            "{content}"
        );
    }
    let info = scene
        .openssl(&[
            "pkcs12",
            "-in",
            "repository/01_db1_cert.pfx",
            "-passin",
            "pass:",
            "-info",
            "-noout",
        ])
        .stderr;
    assert!(
        info.contains("MAC: sha1") && info.contains("pbeWithSHA1And3-KeyTripleDES-CBC"),
        "what hosts of that age can import: {info}"
    );
}

#[test]
fn usage_is_given_in_the_terms_of_create_ca() {
    for (arguments, problem) in [
        (&[][..], "`-CN` is missing"),
        (&["-CN"], "`-CN` needs a value"),
        (&["-CN", ""], "`-CN `: it is empty"),
        (&["-host", "db1.example.com"], "unknown option `-host`"),
        (&["--cn", "X"], "unknown option `--cn`"),
        (&["X"], "unknown option `X`"),
        (
            &["-CN", "X", "-time", "0"],
            "`-time 0`: must be a whole number of days",
        ),
        (
            &["-CN", "X", "-time", "soon"],
            "`-time soon`: must be a whole number of days",
        ),
        (
            &["-CN", "X", "-keySz", "1024"],
            "`-keySz 1024`: must be from 2048 to 8192 bits",
        ),
        (
            &["-CN", "X", "-keySz", "big"],
            "`-keySz big`: must be a number of bits",
        ),
        (
            &["-CN", "X", "-C", "DEU"],
            "`-C DEU`: a country must be two letters, as in `DE`",
        ),
        (
            &["-CN", "\u{1b}[31m"],
            "`-CN \\x1B[31m`: it contains the invalid character `\\x1B`",
        ),
    ] {
        let scene = linked();
        misused(&scene, "create_ca.sh", arguments, problem);
        assert!(!scene.exists("ca_conf"), "nothing is made");
    }
}

#[test]
fn usage_is_given_in_the_terms_of_create_cert() {
    let scene = with_old_ca();
    let before = scene.tree();
    for (arguments, problem) in [
        (&[][..], "`-host` is missing"),
        (&["-host", "db1.example.com"], "`-CN` is missing"),
        (&["-CN", "X"], "`-host` is missing"),
        (&["-host"], "`-host` needs a value"),
        (&["-E", "a@b.example"], "unknown option `-E`"),
        (
            &["-host", "db 1", "-CN", "X"],
            "`-host db 1`: it contains the invalid character ` `",
        ),
        (
            &["-host", "../x", "-CN", "X"],
            "`-host ../x`: a label between dots is empty",
        ),
        (
            &["-host", "db1.example.com", "-CN", "X", "-keySz", "1024"],
            "`-keySz 1024`: must be from 2048 to 8192 bits",
        ),
    ] {
        misused(&scene, "create_cert.sh", arguments, problem);
    }
    scene.tree().is_unchanged_since(&before);
}

#[track_caller]
fn misused(scene: &Scene, name: &str, arguments: &[&str], problem: &str) -> Outcome {
    let said = script(scene, &["sh", name]).args(arguments).run().code(2);
    let lines: Vec<&str> = said.stderr.lines().collect();
    assert_eq!(lines[0], format!("{name}: {problem}"));
    assert!(
        lines[1].starts_with(&format!("Usage: {name} [-keySz BITS] [-time DAYS] -")),
        "{said}"
    );
    assert!(
        said.stdout.is_empty() && !lines[1..].concat().contains("--"),
        "no option of gsec's own: {said}"
    );
    said
}

#[test]
fn size_between_those_that_exist_is_rounded_up_with_a_warning() {
    let scene = linked();
    let said = script(&scene, &["./create_ca.sh", "-CN", "Old CA", "-keySz", "2500"])
        .run()
        .ok();
    assert_eq!(
        said.stderr,
        "warning: 2500-bit RSA keys are not supported: the key has 3072\n"
    );
    assert!(text_of(&scene, "ca_conf/ca_cert.pem").contains("Public-Key: (3072 bit)"));
}

#[test]
fn ca_that_exists_is_not_replaced() {
    let scene = with_old_ca();
    let before = scene.tree();
    let said = script(&scene, &["./create_ca.sh", "-CN", "Another CA"])
        .run()
        .code(3);
    assert!(
        said.stderr.starts_with("error: `./ca_conf` exists already\n"),
        "{said}"
    );
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn host_before_its_ca() {
    let scene = linked();
    let before = scene.tree();
    let said = script(
        &scene,
        &["./create_cert.sh", "-host", "db1.example.com", "-CN", "X"],
    )
    .run()
    .code(3);
    assert!(said.stderr.starts_with("error: no CA in `.`"), "{said}");
    assert!(
        said.stderr
            .contains("hint: run create_ca.sh in this directory first"),
        "{said}"
    );
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn directory_with_blanks_and_quotes() {
    let scene = Scene::empty();
    std::fs::create_dir(scene.dir.path(AWKWARD)).expect("a directory");
    scene.gsec(&["compat", "link", AWKWARD]).run().ok();
    let in_there = |words: &[&str]| tool("env").args(words).in_dir(scene.dir.path(AWKWARD)).run().ok();
    in_there(&["./create_ca.sh", "-CN", "Old CA"]);
    in_there(&[
        "bash",
        "create_cert.sh",
        "-host",
        "db1.example.com",
        "-CN",
        "it's \"quoted\" $HOME",
    ]);
    let text = scene
        .openssl(&[
            "x509",
            "-noout",
            "-subject",
            "-in",
            &format!("{AWKWARD}/repository/01.pem"),
        ])
        .stdout;
    assert!(
        text.contains("$HOME"),
        "arguments arrive as they were typed: {text}"
    );
}

#[test]
fn binary_in_a_directory_with_blanks_and_quotes() {
    let scene = Scene::empty();
    std::fs::create_dir(scene.dir.path(AWKWARD)).expect("a directory");
    let binary = scene.dir.path(&format!("{AWKWARD}/gsec"));
    copy_of_gsec(&binary);
    tool("env")
        .args(&[&binary, "compat", "link", "."])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    script(&scene, &["sh", "create_ca.sh", "-CN", "Old CA"])
        .run()
        .ok();
}

/// By another process: a program that another test starts meanwhile would inherit the open copy, which then cannot be run ("Text file
/// busy").
fn copy_of_gsec(path: &str) {
    tool("cp").args(&[env!("CARGO_BIN_EXE_gsec"), path]).run().ok();
}

#[test]
fn wrapper_finds_gsec_on_the_path_when_it_was_moved() {
    let scene = Scene::empty();
    let (first, second) = (scene.dir.path("first"), scene.dir.path("second"));
    for folder in [&first, &second] {
        std::fs::create_dir(folder).expect("a directory");
    }
    copy_of_gsec(&format!("{first}/gsec"));
    tool("env")
        .args(&[&format!("{first}/gsec"), "compat", "link", "."])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    std::fs::rename(format!("{first}/gsec"), format!("{second}/gsec")).expect("gsec moves");
    let path = format!("{second}:{}", std::env::var("PATH").expect("PATH"));
    script(&scene, &["sh", "create_ca.sh", "-CN", "Old CA"])
        .env("PATH", &path)
        .run()
        .ok();
}

#[test]
fn wrappers_are_never_written_over_scripts_that_are_there() {
    let scene = Scene::empty();
    scene.write("create_cert.sh", "#!/bin/sh\n# the old script\n");
    scene.refuses(
        &["compat", "link", "."],
        3,
        &["error: `./create_cert.sh` already exists, and is never replaced"],
    );
}
