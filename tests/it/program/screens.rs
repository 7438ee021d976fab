//! The main screens as they look on terminals of 80 and 120 columns, with and without color, compared with pictures in tests/data/screens.
//! `GSEC_WRITE_SCREENS=1 sh tests/run.sh --test it program::screens` takes the pictures again.

use crate::common;

use std::path::PathBuf;

use common::{Scene, TlsPort, python};
use serde_json::json;

const ESCAPE: char = '\u{1b}';
const CERTIFICATE: &str = "gsec-ca/repository/01_db1_cert.pem";

/// What a terminal of this width shows.
fn on_terminal(scene: &Scene, columns: u16, environment: &serde_json::Value, args: &[&str]) -> String {
    let command: Vec<&str> = std::iter::once(env!("CARGO_BIN_EXE_gsec"))
        .chain(args.iter().copied())
        .collect();
    session(scene, columns, environment, &command)
}

fn session(scene: &Scene, columns: u16, environment: &serde_json::Value, command: &[&str]) -> String {
    let session = json!({
        "command": command, "directory": scene.dir.path(""), "environment": environment, "steps": [],
        "stdout": "terminal", "columns": columns,
    });
    let outcome = python("pty_session.py")
        .stdin(session.to_string())
        .run()
        .ok()
        .json();
    outcome["screen"].as_str().expect("text").replace('\r', "")
}

/// Only the result: no progress and no messages, which go to stderr.
fn result_on_terminal(scene: &Scene, columns: u16, environment: &serde_json::Value, args: &[&str]) -> String {
    let shell = [
        "sh",
        "-c",
        "exec \"$0\" \"$@\" 2>/dev/null",
        env!("CARGO_BIN_EXE_gsec"),
    ];
    session(scene, columns, environment, &[&shell[..], args].concat())
}

/// A screen, and how to get there.
struct Shot {
    name: &'static str,
    args: Vec<String>,
    shown: String,
}

/// Goes through all screens in a directory of its own.
fn shots(columns: u16, environment: &serde_json::Value) -> Vec<Shot> {
    let scene = Scene::empty();
    let mut shots = Vec::new();
    let mut take = |name, args: &[&str], is_result_alone: bool| {
        let shown = if is_result_alone {
            result_on_terminal(&scene, columns, environment, args)
        } else {
            on_terminal(&scene, columns, environment, args)
        };
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        shots.push(Shot { name, args, shown });
    };
    take("help", &["--help"], false);
    take("overview", &[], false);
    take(
        "init",
        &["ca", "init", "--cn", "Example CA", "--key-type", "p256"],
        false,
    );
    take(
        "issue",
        &[
            "cert",
            "issue",
            "db1.example.com",
            "db1",
            "10.0.0.5",
            "fd00::5",
            "--key-type",
            "p256",
        ],
        false,
    );
    let client = [
        "cert",
        "issue",
        "app7.example.com",
        "--profile",
        "tls-client",
        "--key-type",
        "p256",
    ];
    take("issue-client", &client, false);
    take(
        "revoke",
        &["cert", "revoke", "02", "--reason", "keyCompromise", "--yes"],
        false,
    );
    let second = [
        "cert",
        "issue",
        "db1.example.com",
        "db1",
        "10.0.0.5",
        "fd00::5",
        "--key-type",
        "p256",
    ];
    scene.gsec(&second).run().ok();
    take("list", &["cert", "list"], false);
    take("show", &["cert", "show", "01"], false);
    take(
        "verify-valid",
        &["cert", "verify", "01", "--name", "db1.example.com"],
        false,
    );
    take(
        "verify-invalid",
        &["cert", "verify", "01", "--name", "db9.example.com"],
        false,
    );
    take("doctor-healthy", &["doctor", "gsec-ca", CERTIFICATE], false);
    take(
        "doctor-failing",
        &[
            "doctor",
            CERTIFICATE,
            "--name",
            "db9.example.com",
            "--key",
            "gsec-ca/repository/03_db1_priv_key.pem",
        ],
        false,
    );
    scene.write(
        "hosts.csv",
        "host\na.example.com\nb_.example.com\nc.example.com\nd.example.com\n",
    );
    take(
        "batch",
        &["cert", "issue", "--key-type", "p256", "--from", "hosts.csv"],
        true,
    );
    shots
}

/// A line with times, digests and random numbers as letters: they have the same length each time.
fn masked(line: &str) -> String {
    // A CRL is signed a moment after the command began: 30 days later is 29 whole days from then, or 30 where a second began in between.
    let line = match line.contains("next CRL due") {
        true => line.replace("(in 30 days)", "(in 29 days)"),
        false => line.to_owned(),
    };
    let characters: Vec<char> = line.chars().collect();
    let mut shown = String::new();
    let mut at = 0;
    while at < characters.len() {
        let rest = &characters[at..];
        let is_word_start = at == 0 || !characters[at - 1].is_ascii_alphanumeric();
        if let Some(form) = ["dddd-dd-ddTdd:dd:ddZ", "dddd-dd-dd"]
            .into_iter()
            .find(|form| is_word_start && fits(rest, form))
        {
            shown.push_str(form);
            at += form.len();
            continue;
        }
        let run = rest
            .iter()
            .take_while(|character| character.is_ascii_hexdigit() || **character == ':')
            .count();
        if is_word_start && run >= 30 {
            shown.extend(rest[..run].iter().map(|character| match character {
                ':' => ':',
                _ => 'x',
            }));
            at += run;
            continue;
        }
        shown.push(rest[0]);
        at += 1;
    }
    shown
}

fn fits(characters: &[char], form: &str) -> bool {
    characters.len() >= form.len()
        && form.chars().zip(characters).all(|(form, character)| match form {
            'd' => character.is_ascii_digit(),
            other => *character == other,
        })
}

fn without_codes(text: &str) -> String {
    let mut pieces = text.split(ESCAPE);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |shown, piece| {
        shown + piece.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[test]
fn main_screens_are_as_in_the_pictures() {
    let colored = json!({});
    let plain = json!({"NO_COLOR": "1"});
    let settings = [(80, &plain), (80, &colored), (120, &plain), (120, &colored)];
    let all: Vec<Vec<Shot>> = settings
        .iter()
        .map(|(columns, environment)| shots(*columns, environment))
        .collect();
    let mut wrong = Vec::new();
    for number in 0..all[0].len() {
        let mut picture = String::new();
        for ((columns, environment), shots) in settings.iter().zip(&all) {
            let Shot { args, shown, .. } = &shots[number];
            let is_colored = *environment == &colored;
            let title = if is_colored { ", in color" } else { "" };
            picture.push_str(&format!(
                "$ gsec {}    # {columns} columns{title}\n",
                args.join(" ")
            ));
            for line in shown.lines() {
                picture.push_str(&masked(line).replace(ESCAPE, "\\e"));
                picture.push('\n');
            }
            picture.push('\n');
            assert!(is_colored || !shown.contains(ESCAPE), "{shown}");
        }
        for pair in all.chunks(2) {
            let [plain, colored] = [&pair[0][number], &pair[1][number]].map(|shot| {
                let lines = without_codes(&shot.shown);
                lines.lines().map(|line| masked(line) + "\n").collect::<String>()
            });
            assert_eq!(plain, colored, "colors change no other character, and no line");
        }
        let name = all[0][number].name;
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data/screens")
            .join(format!("{name}.txt"));
        if std::env::var_os("GSEC_WRITE_SCREENS").is_some() {
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(&file, &picture).expect("it is written");
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        if kept != picture {
            wrong.push(format!("{}:\n{picture}", file.display()));
        }
    }
    let colored = all[1].iter().filter(|shot| shot.shown.contains(ESCAPE)).count();
    assert!(
        colored + 2 >= all[1].len(),
        "only what has no verdict has no color"
    );
    assert!(wrong.is_empty(), "not as in\n{}", wrong.join("\n"));
}

#[test]
fn no_line_of_a_screen_is_wider_than_the_terminal() {
    for columns in [60, 80, 120] {
        for Shot { name, shown, .. } in shots(columns, &json!({"NO_COLOR": "1"})) {
            for line in shown.lines() {
                let is_one_word = !line.trim().contains(' ');
                assert!(
                    line.chars().count() <= usize::from(columns)
                        || is_one_word
                        // clap does not break these, and the overview is made for 80 columns.
                        || (columns < 80 && ["help", "overview"].contains(&name))
                        || line.contains('`'),
                    "{name} on {columns} columns: {line}\n{shown}"
                );
            }
        }
    }
}

/// What stands under `Next:`, or beside `fix:`, joined as a shell joins it.
fn commands(screen: &str) -> Vec<String> {
    let joined = screen.replace(" \\\n", " ");
    let lines = joined.lines().map(str::trim);
    lines
        .filter_map(|line| {
            line.strip_prefix("fix: ")
                .or(line.starts_with("gsec ").then_some(line))
        })
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn commands_that_are_broken_at_the_end_of_the_line_are_the_same_when_they_are_pasted() {
    let scene = Scene::empty();
    let directory = "a directory with a long name that has blanks in it";
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "It's long",
            "--key-type",
            "p256",
            "--ca-dir",
            directory,
        ])
        .run()
        .ok();
    let call = [
        "cert",
        "issue",
        "db1.example.com",
        "--key-type",
        "p256",
        "--ca-dir",
        directory,
    ];
    let said = scene.gsec(&call).run().ok();
    let narrow = on_terminal(&scene, 60, &json!({"NO_COLOR": "1"}), &call);
    let next = |text: &str| text.split_once("Next:\n").expect("what to do next").1.to_owned();
    assert!(next(&narrow).contains(" \\\n"), "{narrow}");
    assert_eq!(
        commands(&next(&narrow)),
        commands(&next(&said.stdout).replace("01_", "02_")),
        "{narrow}"
    );
    let pasted = common::tool("sh")
        .args(&[
            "-c",
            &format!("gsec() {{ \"$GSEC\" \"$@\"; }}\n{}", next(&narrow)),
        ])
        .env("GSEC", env!("CARGO_BIN_EXE_gsec"))
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    assert!(
        pasted.stdout.contains(": valid for `db1.example.com`"),
        "{pasted}"
    );
}

#[test]
fn result_is_colored_on_terminals_that_want_it_and_json_never() {
    let scene = Scene::with_host();
    let list = ["cert", "list"];
    let colored = |args: &[&str], environment: serde_json::Value| {
        result_on_terminal(&scene, 80, &environment, args).contains(ESCAPE)
    };
    assert!(colored(&list, json!({})));
    for (variables, is_colored) in [
        (json!({"NO_COLOR": "1"}), false),
        (json!({"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}), false),
        (json!({"NO_COLOR": ""}), true),
        (json!({"TERM": "dumb"}), false),
        (json!({"TERM": "dumb", "CLICOLOR_FORCE": "1"}), true),
        (json!({"CLICOLOR": "0"}), false),
    ] {
        assert_eq!(colored(&list, variables.clone()), is_colored, "{variables}");
    }
    assert!(!colored(
        &["cert", "list", "--color", "never"],
        json!({"CLICOLOR_FORCE": "1"})
    ));
    assert!(!colored(&["cert", "list", "--color=never", "--help"], json!({})));
    // What is wrong with the line itself is colored as the line asks.
    for line in [
        &["issue"][..],
        &["cert", "issue", "-host", "a"],
        &["cert", "nonsense"],
    ] {
        let said = |color| scene.gsec(line).args(&["--color", color]).run().code(2).stderr;
        assert!(
            said("always").contains(ESCAPE) && !said("never").contains(ESCAPE),
            "{line:?}"
        );
    }
    let piped = |args: &[&str], force: &str| {
        let said = scene.gsec(args).env("CLICOLOR_FORCE", force).run();
        said.stdout.contains(ESCAPE) || said.stderr.contains(ESCAPE)
    };
    assert!(!piped(&list, "") && !piped(&list, "0") && piped(&list, "1"));
    assert!(!piped(&["--help"], "") && piped(&["--help"], "1"));
    for args in [
        &["cert", "list", "--json"][..],
        &["cert", "list", "--jsonl"],
        &["cert", "verify", "01", "--json"],
        &["cert", "verify", "77", "--json"],
        &["doctor", "gsec-ca", "--json"],
        &["doctor", "gsec-ca", "--format", "nagios"],
        &["doctor", "gsec-ca", "--format", "prometheus"],
        &["cert", "nonsense", "--json"],
        &["convert", "to-pem", CERTIFICATE, "--out", "-"],
        &["--version"],
        &["completions", "bash"],
    ] {
        assert!(
            !piped(&[args, &["--color", "always"]].concat(), "1") || args == ["--version"],
            "{args:?}"
        );
    }
}

#[test]
fn what_programs_make_of_a_certificate_is_colored_like_any_verdict() {
    let scene = Scene::with_host();
    let shown =
        |name: &str| result_on_terminal(&scene, 120, &json!({}), &["cert", "verify", "01", "--name", name]);
    let (green, red) = ("\u{1b}[1m\u{1b}[32m", "\u{1b}[1m\u{1b}[31m");
    let (good, bad) = (shown("db1.example.com"), shown("db2.example.com"));
    assert!(
        good.contains(&format!("known to gsec {green}accepts\u{1b}[0m it")),
        "{good}"
    );
    assert!(
        bad.contains(&format!("known to gsec {red}refuses\u{1b}[0m it")),
        "{bad}"
    );
}

#[test]
fn foreign_text_cannot_color_or_move_anything() {
    let scene = Scene::with_ca();
    let line = "V\t301231235959Z\t\t77\tunknown\t/CN=\\x1B[31mred\u{1b}[2J\n";
    let before = scene.read("gsec-ca/ca_conf/ca.db");
    scene.write("gsec-ca/ca_conf/ca.db", before + line);
    let shown = result_on_terminal(&scene, 80, &json!({}), &["cert", "list"]);
    assert!(
        shown.contains("red") && !shown.contains("\u{1b}[2J") && !shown.contains("\u{1b}[31mred"),
        "{shown:?}"
    );
}

#[test]
fn healthy_server_has_one_line_of_facts_and_only_of_what_was_looked_at() {
    let scene = Scene::with_host();
    let [certificate, key] =
        ["cert", "priv_key"].map(|file| scene.dir.path(&format!("gsec-ca/repository/01_db1_{file}.pem")));
    let server = TlsPort::openssl(&certificate, &key, &[]);
    let target = server.target();
    let said = |flags: &[&str]| {
        let call = [&["doctor", &target, "--name", "db1.example.com"][..], flags].concat();
        let said = scene.gsec(&call).run().ok();
        assert_eq!(
            said.stdout.lines().filter(|line| !line.starts_with(' ')).count(),
            1,
            "{said}"
        );
        said.stdout.lines().next().expect("a line").to_owned()
    };
    let line = said(&[]);
    assert!(
        line.contains(": healthy")
            && line.contains(": TLS 1.3, 99 days left, 1 certificate presented, trusted by `"),
        "{line}"
    );
    let json = scene
        .gsec(&["doctor", &target, "--name", "db1.example.com", "--json"])
        .run()
        .ok()
        .json();
    let summary = json["targets"][0]["summary"].as_str().expect("a line");
    assert!(line.ends_with(&format!(": {summary}")), "{line}\n{summary}");
    // What was left out is not called healthy, and no fact stands in its place.
    let line = said(&["--only", "certificate-expired"]);
    assert!(
        !line.contains("trusted by") && !line.contains("healthy"),
        "{line}"
    );
}

#[test]
fn after_a_revocation_it_is_said_how_others_learn_of_it() {
    let scene = Scene::with_host();
    let without = scene.gsec(&["cert", "revoke", "01", "--no-crl"]).run().ok();
    let next = commands(&without.stdout);
    assert_eq!(next, ["gsec crl update"], "{without}");
    common::doctor::type_line(&scene, &next[0]).ok();
    scene.issue("db2.example.com", &[]).run().ok();
    let with = scene.gsec(&["cert", "revoke", "02"]).run().ok();
    assert!(
        with.stdout
            .contains("copy 'gsec-ca/ca_conf/ca_crl.pem' to wherever they read it"),
        "{with}"
    );
    scene.issue("db3.example.com", &[]).run().ok();
    scene.edit(
        "gsec-ca/ca_conf/gsec.toml",
        "crl_addresses = []",
        "crl_addresses = [\"http://crl.example.com/ca.crl\"]",
    );
    let published = scene.gsec(&["cert", "revoke", "03"]).run().ok();
    assert!(
        published.stdout.contains("at 'http://crl.example.com/ca.crl'"),
        "{published}"
    );
    let again = scene.gsec(&["cert", "revoke", "03"]).run().ok();
    assert!(!again.stdout.contains("Advice:"), "nothing was changed: {again}");
}
