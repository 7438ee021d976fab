//! What Tab does in bash, zsh and fish, each asked itself.

use crate::common;

use std::path::Path;

use super::terminal::Session;
use common::{Scene, tool};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PROMPT: &str = "ready> ";
const TAB: &str = "\t";

/// What a person types, and what it is after Tab.
type Row<'a> = (&'a str, &'a str);

fn path_with_gsec() -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_gsec"));
    let folder = program.parent().expect("a directory").display();
    format!("{folder}:{}", std::env::var("PATH").unwrap_or_default())
}

/// Three hosts, a profile of its own, and files of every kind.
fn scene() -> Scene {
    let scene = Scene::with_ca();
    for host in ["db1.example.com", "web1.example.com", "*.apps.example.com"] {
        scene.issue(host, &["--no-pfx"]).run().ok();
    }
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
        .run()
        .ok();
    let policy = scene.read("gsec-ca/ca_conf/gsec.toml");
    let own = "[profile.kiosk]\nlifetime_days = 30\n\n[profile.\"two words\"]\nlifetime_days = 30\n\n";
    let at = policy.find("\n[profile.").expect("a profile") + 1;
    scene.write(
        "gsec-ca/ca_conf/gsec.toml",
        format!("{}{own}{}", &policy[..at], &policy[at..]),
    );
    for folder in ["my dir", "sub"] {
        std::fs::create_dir(scene.dir.path(folder)).expect("a directory");
    }
    for file in [
        "host.pem",
        "hosts.csv",
        "notes.txt",
        "secret",
        "my dir/own.pem",
        "sub/x.csr",
    ] {
        scene.write(file, "");
    }
    scene
}

/// The candidates of a line; the last word is the one that is typed.
fn candidates(scene: &Scene, words: &[&str]) -> Vec<String> {
    let answer = scene
        .gsec(&[&["complete", "bash", "--"], words].concat())
        .run()
        .ok();
    assert_eq!(answer.stderr, "");
    let lines = answer.stdout.lines();
    lines
        .map(|line| line.split('\t').next().unwrap_or_default().to_owned())
        .collect()
}

/// A shell on a terminal: each line is typed, Tab is pressed, and the line is printed instead of run.
fn typed_in(shell: &str, args: &[&str], setup: &str, scene: &Scene, rows: &[Row<'_>]) {
    let path = path_with_gsec();
    let mut session = Session::new(scene, args)
        .of(shell)
        .env("PATH", &path)
        .env("PS1", PROMPT)
        .columns(200);
    // What is printed does not begin at the place where it was typed.
    session = session.answer(PROMPT, &format!("{setup}; PS1='{PROMPT}'"));
    for (line, _) in rows {
        session = session.press(PROMPT, &format!("{line}{TAB}\u{1}print_line \r"));
    }
    let shown = session
        .answer(PROMPT, "exit 0")
        .run()
        .ended(0, rows.len() as u64 + 2);
    let screen = shown.screen.replace('\r', "\n");
    let printed: Vec<&str> = screen
        .lines()
        .filter_map(|line| line.split_once("completed<"))
        .filter_map(|(_, line)| line.split_once('>'))
        .map(|(line, _)| line)
        .collect();
    let expected: Vec<&str> = rows.iter().map(|(_, after)| *after).collect();
    assert_eq!(printed, expected, "{shell}: {screen}");
}

/// The words of the line, each with its end; the definition itself does not look like what it prints.
const PRINT_LINE: &str = "print_line() { printf 'comp''leted<'; printf '%s|' \"$@\"; echo '>'; }";

const ROWS: [Row<'_>; 12] = [
    ("gsec cert ren", "gsec|cert|renew|"),
    ("gsec cert renew d", "gsec|cert|renew|db1.example.com|"),
    ("gsec cert unhold 0", "gsec|cert|unhold|02|"),
    (
        "gsec cert revoke 01 --reason sup",
        "gsec|cert|revoke|01|--reason|superseded|",
    ),
    ("gsec cert issue --profile ki", "gsec|cert|issue|--profile|kiosk|"),
    (
        "gsec cert issue --key-type=p2",
        "gsec|cert|issue|--key-type=p256|",
    ),
    ("gsec --ca-dir su", "gsec|--ca-dir|sub/|"),
    (
        "gsec cert verify --trust=ho",
        "gsec|cert|verify|--trust=host.pem|",
    ),
    ("gsec cert issue --from h", "gsec|cert|issue|--from|hosts.csv|"),
    (
        "gsec cert issue --ca-passphrase-file se",
        "gsec|cert|issue|--ca-passphrase-file|secret|",
    ),
    (
        "gsec --ca-dir 'gsec-ca' cert renew w",
        "gsec|--ca-dir|gsec-ca|cert|renew|w|",
    ), // on hold
    ("gsec cert show 'my dir'/o", "gsec|cert|show|my dir/own.pem|"),
];

#[test]
fn bash_completes() {
    let setup = format!("{PRINT_LINE}; source {ROOT}/completions/gsec.bash");
    typed_in("bash", &["--norc", "--noprofile", "-i"], &setup, &scene(), &ROWS);
}

#[test]
fn zsh_completes() {
    let setup = format!(
        "{PRINT_LINE}; autoload -Uz compinit; compinit -u -D; setopt no_auto_remove_slash; source {ROOT}/completions/_gsec"
    );
    typed_in("zsh", &["-f", "-i"], &setup, &scene(), &ROWS);
}

#[test]
fn fish_completes() {
    let scene = scene();
    for (line, after) in ROWS {
        let words: Vec<&str> = after.trim_end_matches('|').split('|').collect();
        let word = words.last().expect("a word");
        let ask = format!("source {ROOT}/completions/gsec.fish; complete -C \"{line}\"");
        let said = tool("fish")
            .args(&["--no-config", "-c", &ask])
            .in_dir(scene.dir.path(""))
            .env("PATH", &path_with_gsec())
            .run()
            .ok()
            .stdout;
        let found: Vec<&str> = said
            .lines()
            .map(|line| line.split('\t').next().unwrap_or_default())
            .collect();
        match *word {
            "w" => assert_eq!(found, Vec::<&str>::new(), "{line}"),
            // A quote in the middle of a word is not taken off for files.
            "my dir/own.pem" => {}
            word => assert_eq!(found, [word], "{line}"),
        }
    }
}

#[test]
fn commands_come_before_options_and_options_where_nothing_else_is() {
    let scene = scene();
    let first = candidates(&scene, &[""]);
    assert_eq!(first[0], ":none");
    assert!(
        first.contains(&"cert".to_owned()) && !first.iter().any(|word| word.starts_with('-')),
        "{first:?}"
    );
    assert!(!first.contains(&"complete".to_owned()), "it is for the scripts");
    assert!(candidates(&scene, &["-"]).contains(&"--ca-dir".to_owned()));
    assert!(candidates(&scene, &["cert", "list", ""]).contains(&"--status".to_owned()));
    // What was said is not offered again.
    assert!(!candidates(&scene, &["cert", "list", "--limit", "3", "-"]).contains(&"--limit".to_owned()));
    assert!(candidates(&scene, &["cert", "issue", "--san", "dns:a", "--"]).contains(&"--san".to_owned()));
    assert_eq!(candidates(&scene, &["cert", "list", "--", "--"]), [":none"]);
    assert_eq!(
        candidates(&scene, &["cert", "revoke", "--reason", ""]),
        [
            ":none",
            "affiliationChanged",
            "cACompromise",
            "certificateHold",
            "cessationOfOperation",
            "keyCompromise",
            "superseded",
            "unspecified"
        ]
    );
    assert_eq!(
        candidates(&scene, &["cert", "issue", "--key-size", "4"]),
        [":none", "4096"]
    );
}

#[test]
fn hosts_and_serial_numbers_are_those_that_the_command_can_use() {
    let scene = scene();
    let pem = ":files pem crt cer der pfx p12";
    assert_eq!(
        candidates(&scene, &["cert", "revoke", ""]),
        [pem, "*.apps.example.com", "01", "03", "db1.example.com"]
    );
    assert_eq!(
        candidates(&scene, &["cert", "unhold", ""]),
        [pem, "02", "web1.example.com"]
    );
    assert_eq!(
        candidates(&scene, &["cert", "show", "w"]),
        [pem, "web1.example.com"]
    );
    assert_eq!(
        candidates(&scene, &["cert", "ensure", ""]),
        [
            ":none",
            "*.apps.example.com",
            "db1.example.com",
            "web1.example.com"
        ]
    );
    // Of the directory that the line names.
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Other",
            "--key-type",
            "p256",
            "--ca-dir",
            "other ca",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "issue",
            "o.example.com",
            "--key-type",
            "p256",
            "--ca-dir",
            "other ca",
        ])
        .run()
        .ok();
    for named in [
        &["--ca-dir", "other\\ ca"][..],
        &["--ca-dir='other ca'"],
        &["--ca-dir", "\"other ca"],
    ] {
        assert_eq!(
            candidates(&scene, &[named, &["cert", "show", "o"]].concat()),
            [pem, "o.example.com"],
            "{named:?}"
        );
    }
    let policy = candidates(&scene, &["cert", "issue", "--profile", ""]);
    assert!(
        policy.contains(&"kiosk".to_owned()) && policy.contains(&"host".to_owned()),
        "{policy:?}"
    );
    assert!(!policy.contains(&"two words".to_owned()), "it would be two words");
    // Where no CA is, the profiles of a new one.
    assert!(candidates(&Scene::empty(), &["cert", "issue", "--profile", "h"]).contains(&"host".to_owned()));
}

/// Names in ca.db that no host has, but whoever can have a certificate issued by `openssl ca` may choose.
const HOSTILE: [&str; 8] = [
    "$(touch hit)",
    "`touch hit`",
    "x;touch hit;",
    "x' ; touch hit ; '",
    "x\" ; touch hit ; \"",
    "two words",
    "\u{1b}]0;hit\u{7}.example.com",
    "x|touch hit",
];

#[test]
fn hostile_names_in_the_index_reach_no_shell() {
    let scene = scene();
    let index = scene.read("gsec-ca/ca_conf/ca.db");
    let first = index.lines().next().expect("a line");
    let rows: String = HOSTILE
        .iter()
        .enumerate()
        .map(|(number, name)| {
            let serial = format!("7{number}");
            first
                .replace("\t01\t", &format!("\t{serial}\t"))
                .replace("db1.example.com", name)
                + "\n"
        })
        .collect();
    scene.write("gsec-ca/ca_conf/ca.db", format!("{rows}{index}"));
    let before = scene.tree();
    for words in [
        &["cert", "show", ""][..],
        &["cert", "ensure", ""],
        &["cert", "revoke", "$"],
    ] {
        let found = candidates(&scene, words);
        for word in found.iter().skip(1) {
            assert!(
                word.chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || ".*-".contains(letter)),
                "{word}"
            );
        }
    }
    assert_eq!(
        candidates(&scene, &["cert", "show", "70"])[1],
        "70",
        "the number is none of theirs"
    );
    let rows = [
        ("gsec cert show d", "gsec|cert|show|db1.example.com|"),
        ("gsec cert show 77", "gsec|cert|show|77|"),
        ("gsec cert show x", "gsec|cert|show|x|"),
        ("gsec cert show \\$", "gsec|cert|show|$|"),
        ("gsec cert show two", "gsec|cert|show|two|"),
    ];
    let setup = format!("{PRINT_LINE}; source {ROOT}/completions/gsec.bash");
    typed_in("bash", &["--norc", "--noprofile", "-i"], &setup, &scene, &rows);
    let setup =
        format!("{PRINT_LINE}; autoload -Uz compinit; compinit -u -D; source {ROOT}/completions/_gsec");
    typed_in("zsh", &["-f", "-i"], &setup, &scene, &rows);
    let ask = format!(
        "source {ROOT}/completions/gsec.fish; complete -C 'gsec cert show '; complete -C 'gsec cert show x'"
    );
    let fish = tool("fish")
        .args(&["--no-config", "-c", &ask])
        .in_dir(scene.dir.path(""));
    fish.env("PATH", &path_with_gsec()).run().ok();
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn whatever_is_wrong_tab_says_nothing_changes_nothing_and_waits_for_nothing() {
    let files = [":files pem crt cer der pfx p12"];
    let scene = scene();
    scene.write("secret", "open sesame");
    scene
        .gsec(&["ca", "passphrase", "--new-passphrase-file", "secret"])
        .run()
        .ok();
    let before = scene.tree();
    assert_eq!(
        candidates(&scene, &["cert", "renew", "d"]).len(),
        2,
        "no passphrase is needed"
    );
    scene.tree().is_unchanged_since(&before);
    let index = scene.dir.path("gsec-ca/ca_conf/ca.db");
    for break_it in [
        &["sh", "-c", "head -c 300000 /dev/zero > \"$0\""][..],
        &["sh", "-c", "printf 'no record\\n\\377\\376\\n' > \"$0\""],
        &["sh", "-c", "rm \"$0\"; mkfifo \"$0\""],
        &["sh", "-c", "rm \"$0\"; ln -s /dev/zero \"$0\""],
        &["sh", "-c", "rm \"$0\"; mkdir \"$0\""],
        &["sh", "-c", "rmdir \"$0\""],
    ] {
        tool(break_it[0])
            .args(&[&break_it[1..], &[index.as_str()]].concat())
            .run()
            .ok();
        assert_eq!(candidates(&scene, &["cert", "renew", "d"]), files, "{break_it:?}");
    }
    scene.write("gsec-ca/ca_conf/gsec.toml", "[broken");
    assert!(candidates(&scene, &["cert", "issue", "--profile", "h"]).contains(&"host".to_owned()));
    for line in [
        &["cert", "renew", "--ca-dir", "missing", ""][..],
        &["cert", "nonsense", "--what", ""],
        &["\u{1b}[31m", ""],
        &["cert", "show", "--password-file"],
        &[],
    ] {
        candidates(&scene, line);
    }
}

/// However long the index is, only its end is read.
#[test]
fn index_is_read_at_its_end_only() {
    let scene = scene();
    let index = scene.read("gsec-ca/ca_conf/ca.db");
    let first = index.lines().next().expect("a line");
    let rows: String = (0..20_000)
        .map(|number| {
            first
                .replace("\t01\t", &format!("\t1{number:05}\t"))
                .replace("db1.example.com", &format!("h{number}.example.com"))
                + "\n"
        })
        .collect();
    scene.write("gsec-ca/ca_conf/ca.db", format!("{rows}{index}"));
    assert!(candidates(&scene, &["cert", "renew", "h19999"]).contains(&"h19999.example.com".to_owned()));
    assert_eq!(candidates(&scene, &["cert", "renew", "h1.e"]).len(), 1);
    assert!(candidates(&scene, &["cert", "renew", ""]).len() < 3000);
}
