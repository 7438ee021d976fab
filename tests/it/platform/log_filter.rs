//! `gsec log filter` with real files, pipes and standard input.

use crate::common;

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use common::Scene;

/// What the old guide prints as a sample, with values of ours.
const LOG: &str = "message RequestSetCallInfo\n\tAttributeConsultType\t3\n\tAttributeUserData\t[111] 00 27 01 00\n\
    \t\t'DNIS'\t\t'8410'\n\t\t'PASSWORD'\t'1111111111'\n\t\t'RECORD_ID'\t'8313427'\n\tAttributeConnID\t008b012ece62c9bb\n";
const GUIDE: &str = "/work/shared/fixtures/guide";

fn hidden() -> String {
    LOG.replace("1111111111", "****")
}

fn scene() -> Scene {
    let scene = Scene::empty();
    scene.write("t.log", LOG);
    scene
}

fn counts(stderr: &str) -> &str {
    stderr.lines().next().unwrap_or_default()
}

#[test]
fn hidden_value_from_a_file_and_from_standard_input() {
    let scene = scene();
    let filter = ["log", "filter", "--key", "PASSWORD=hide"];
    for outcome in [
        scene.gsec(&filter).args(&["t.log"]).run(),
        scene.gsec(&filter).args(&["-"]).stdin(LOG).run(),
        scene.gsec(&filter).stdin(LOG).run(),
        scene
            .gsec(&[
                "log",
                "filter",
                "t.log",
                "--default",
                "copy",
                "--key",
                "password=hide",
                "--ignore-case",
            ])
            .run(),
    ] {
        let outcome = outcome.code(0);
        assert_eq!(outcome.stdout, hidden());
        assert_eq!(counts(&outcome.stderr), "hidden 1, skipped 0, over-hidden 0");
        assert!(outcome.stderr.contains("`--header mask`"), "{outcome}");
    }
}

#[test]
fn samples_of_the_guide() {
    let Ok(given) = std::fs::read(format!("{GUIDE}/p31_tserver.log")) else {
        return;
    };
    let expected = std::fs::read(format!("{GUIDE}/p32_tserver.hidden.log")).expect("its other half");
    let scene = Scene::empty();
    scene.write("p31.log", given);
    scene
        .gsec(&[
            "log",
            "filter",
            "p31.log",
            "--key",
            "PASSWORD=hide",
            "-o",
            "p32.log",
        ])
        .run()
        .code(0);
    assert_eq!(scene.read_bytes("p32.log"), expected);
}

#[test]
fn check_writes_nothing_and_says_whether_something_would_change() {
    let scene = scene();
    scene.write("done.log", hidden());
    let before = scene.tree();
    let check = ["log", "filter", "--check", "--key", "PASSWORD=hide"];
    let would = scene.gsec(&check).args(&["t.log"]).run().code(1);
    assert_eq!(
        (would.stdout.as_str(), counts(&would.stderr)),
        ("", "hidden 1, skipped 0, over-hidden 0")
    );
    let done = scene.gsec(&check).args(&["done.log"]).run().code(0);
    assert_eq!(
        (done.stdout.as_str(), counts(&done.stderr)),
        ("", "hidden 0, skipped 0, over-hidden 0")
    );
    let document = scene.gsec(&check).args(&["t.log", "--json"]).run().code(1).json();
    assert_eq!(
        (&document["changed"], &document["hidden"]),
        (&true.into(), &1.into())
    );
    scene
        .gsec(&check)
        .args(&["t.log", "--out", "x.log"])
        .run()
        .code(2);
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn new_file_has_the_rights_of_the_log_and_replaces_nothing() {
    let scene = scene();
    scene.chmod("t.log", 0o640);
    let filter = ["log", "filter", "t.log", "--key", "PASSWORD=hide", "--out"];
    let outcome = scene.gsec(&filter).args(&["out.log"]).run().code(0);
    assert_eq!(
        (outcome.stdout.as_str(), counts(&outcome.stderr)),
        ("", "hidden 1, skipped 0, over-hidden 0")
    );
    assert_eq!(scene.read("out.log"), hidden());
    let mode = |name: &str| {
        std::fs::metadata(scene.dir.path(name))
            .expect("metadata")
            .permissions()
            .mode()
            & 0o7777
    };
    assert_eq!(mode("out.log"), 0o640);
    scene
        .gsec(&["log", "filter", "--default", "hide", "--out", "stdin.log"])
        .stdin(LOG)
        .run()
        .code(0);
    assert_eq!(mode("stdin.log"), 0o600);
    let before = scene.tree();
    for taken in ["out.log", "t.log"] {
        let refused = scene.gsec(&filter).args(&[taken]).run().code(3);
        assert!(
            refused.stderr.contains("already exists, and is never replaced"),
            "{refused}"
        );
    }
    scene.gsec(&filter).args(&["no/where.log"]).run().code(3);
    scene
        .gsec(&["log", "filter", "no.log", "--default", "hide", "--out", "x.log"])
        .run()
        .code(3);
    scene
        .gsec(&["log", "filter", ".", "--default", "hide", "--out", "x.log"])
        .run()
        .code(3);
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn rules_in_every_form_and_what_is_typed_goes_before_them() {
    let scene = scene();
    scene.write("r.cfg", "[Log-Filter]\r\ndefault-filter-type=hide\r\n[log]\r\nverbose=all\r\n[LOG-FILTER-DATA]\r\nDNIS=copy\r\nRECORD_ID=skip\r\n");
    scene.write("r.toml", "[log-filter]\ndefault-filter-type = \"hide\"\n[log-filter-data]\nDNIS = \"copy\"\nRECORD_ID = \"skip\"\n");
    scene.write("r.json", r#"{"log-filter":{"default-filter-type":"hide"},"log-filter-data":{"DNIS":"copy","RECORD_ID":"skip"}}"#);
    let expected = hidden().replace("\t\t'RECORD_ID'\t'8313427'\n", "");
    for rules in ["r.cfg", "r.toml", "r.json"] {
        let outcome = scene
            .gsec(&["log", "filter", "t.log", "--rules", rules])
            .run()
            .code(0);
        assert_eq!(outcome.stdout, expected, "{rules}");
        assert_eq!(counts(&outcome.stderr), "hidden 1, skipped 1, over-hidden 0");
    }
    let typed = scene
        .gsec(&[
            "log",
            "filter",
            "t.log",
            "--rules",
            "r.cfg",
            "--key",
            "RECORD_ID=unhide-last,3",
        ])
        .run()
        .code(0);
    assert_eq!(typed.stdout, hidden().replace("8313427", "****427"));
}

#[test]
fn rule_that_is_not_understood_stops_everything() {
    let scene = scene();
    scene.write("typo.cfg", "[log-filter-data]\nPASSWORD = hidden\n");
    scene.write("none.cfg", "[log]\nverbose = all\n");
    scene.write("twice.json", r#"{"log-filter-data":{"A":"hide","A":"copy"}}"#);
    let before = scene.tree();
    for args in [
        &["--key", "PASSWORD=hidden"][..],
        &["--key", "PASSWORD"],
        &["--default", "drop"],
        &["--key", "A=hide", "--key", "A=copy"],
        &["--rules", "typo.cfg"],
        &["--rules", "none.cfg"],
        &["--rules", "twice.json"],
    ] {
        let all = [&["log", "filter", "t.log", "--out", "x.log"], args].concat();
        let refused = scene.gsec(&all).run().code(3);
        assert_eq!(refused.stdout, "");
        let error = scene.gsec(&all).args(&["--json"]).run().code(3).error();
        assert_eq!(error["code"], "filter-rule", "{args:?}");
    }
    let named = scene
        .gsec(&["log", "filter", "t.log", "--rules", "typo.cfg"])
        .run()
        .code(3);
    assert!(
        named.stderr.contains("line 2: `hidden` is not a filter action"),
        "{named}"
    );
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn without_rules_everything_is_copied_and_that_is_said() {
    let scene = scene();
    let outcome = scene.gsec(&["log", "filter", "t.log"]).run().code(0);
    assert_eq!(outcome.stdout, LOG);
    assert!(
        outcome.stderr.contains("without a rule, nothing is hidden"),
        "{outcome}"
    );
    scene.write("other.log", "nothing of the platform\n");
    let other = scene
        .gsec(&["log", "filter", "other.log", "--default", "hide"])
        .run()
        .code(0);
    assert_eq!(other.stdout, "nothing of the platform\n");
    assert!(
        other
            .stderr
            .contains("no attribute with a key-value list was found"),
        "{other}"
    );
}

#[test]
fn options_of_the_filter() {
    let scene = scene();
    let filter = |args: &[&str]| {
        scene
            .gsec(&[&["log", "filter", "t.log", "--key", "PASSWORD=hide"], args].concat())
            .run()
    };
    assert_eq!(filter(&["--format", "tlib"]).code(0).stdout, hidden());
    assert_eq!(filter(&["--format", "psdk"]).code(0).stdout, LOG);
    assert_eq!(filter(&["--strict"]).code(0).stdout, hidden());
    assert_eq!(
        filter(&["--attributes", "Reasons,AttributeExtensions"])
            .code(0)
            .stdout,
        LOG
    );
    assert_eq!(
        filter(&["--attributes", "Reasons,UserData"]).code(0).stdout,
        hidden()
    );
    let masked = filter(&["--header", "mask"]).code(0);
    assert_eq!(
        masked.stdout,
        hidden().replace("[111] 00 27 01 00", "[***] ** ** ** **")
    );
    assert!(!masked.stderr.contains("warning"), "{masked}");
    assert_eq!(filter(&["-q"]).code(0).stderr, "");
    for wrong in [
        &["--format", "xml"][..],
        &["--header", "drop"],
        &["--max-line", "0"],
        &["--max-line", "1TiB"],
        &["--max-line", "x"],
    ] {
        filter(wrong).code(2);
    }
    let both = filter(&["--json"]).code(2);
    assert!(both.stderr.contains("would go to standard output"), "{both}");
    let long = format!(
        "\tAttributeUserData\t[9]\n\t\t'A'\t'{}'\n\t\t'B'\t'2'\n",
        "x".repeat(500)
    );
    let bounded = scene
        .gsec(&["log", "filter", "--key", "PASSWORD=hide", "--max-line", "256"])
        .stdin(long)
        .run()
        .code(0);
    assert_eq!(
        bounded.stdout,
        "\tAttributeUserData\t[9]\n\t\t'A'\t'****'\n\t\t'B'\t'2'\n"
    );
    assert_eq!(counts(&bounded.stderr), "hidden 0, skipped 0, over-hidden 1");
}

#[test]
fn value_cut_by_a_time_is_told() {
    let scene = Scene::empty();
    let log = "\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'open\n12:00:00.000 on\n12:00:01.000 on\n";
    let outcome = scene
        .gsec(&["log", "filter", "--key", "PASSWORD=hide"])
        .stdin(log)
        .run()
        .code(0);
    assert_eq!(
        outcome.stdout,
        "\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'****'\n12:00:00.000 on\n12:00:01.000 on\n"
    );
    assert!(outcome.stderr.contains("no closing quote"), "{outcome}");
}

#[test]
fn long_line_of_a_hidden_value_needs_no_memory() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gsec"))
        .args(["log", "filter", "--key", "PASSWORD=hide"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("gsec");
    let mut to = child.stdin.take().expect("a pipe");
    let piece = vec![b'S'; 1 << 20];
    to.write_all(b"\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'")
        .expect("written");
    for _ in 0..100 {
        to.write_all(&piece).expect("written");
    }
    to.write_all(b"'\n\t\t'B'\t'2'\n").expect("written");
    // The most memory that the process ever had, before it ends.
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("its status");
    drop(to);
    let mut out = String::new();
    child
        .stdout
        .take()
        .expect("a pipe")
        .read_to_string(&mut out)
        .expect("text");
    assert!(child.wait().expect("its end").success());
    assert_eq!(
        out,
        "\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'****'\n\t\t'B'\t'2'\n"
    );
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("VmHWM");
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(kib < 64 * 1024, "{kib} KiB for a line of 100 MiB");
}

#[test]
fn lines_come_through_as_they_are_written() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gsec"))
        .args(["log", "filter", "--key", "PASSWORD=hide"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("gsec");
    let mut to = child.stdin.take().expect("a pipe");
    let mut from = child.stdout.take().expect("a pipe");
    for line in ["12:00:00.000 one\n", "12:00:01.000 two\n"] {
        to.write_all(line.as_bytes()).expect("written");
        let mut got = vec![0; line.len()];
        from.read_exact(&mut got)
            .expect("the line, while the log goes on");
        assert_eq!(got, line.as_bytes());
    }
    drop(to);
    assert!(child.wait().expect("its end").success());
}

#[test]
fn reader_that_goes_away_is_no_failure() {
    let scene = Scene::empty();
    scene.write("t.log", LOG.repeat(20_000));
    let gsec = env!("CARGO_BIN_EXE_gsec");
    let line = format!("{{ {gsec} log filter t.log --default hide; echo $? >status; }} | head -1");
    let out = Command::new("sh")
        .args(["-c", &line])
        .current_dir(scene.dir.path(""))
        .output()
        .expect("sh");
    assert_eq!(
        String::from_utf8_lossy(&out.stdout),
        "message RequestSetCallInfo\n"
    );
    assert_eq!(scene.read("status"), "0\n");
}

#[test]
fn what_is_no_text_is_refused_with_what_makes_text_of_it() {
    let scene = scene();
    let units = |to: fn(u16) -> [u8; 2]| LOG.encode_utf16().flat_map(to).collect::<Vec<u8>>();
    let little = units(u16::to_le_bytes);
    let marked = [&[0xFF, 0xFE][..], &little].concat();
    scene.write("utf16.log", &marked);
    scene.write("little.log", &little);
    scene.write("big.log", units(u16::to_be_bytes));
    scene.write("nul.log", [vec![0; 9000], LOG.into()].concat());
    let sh = |line: &str| {
        let done = Command::new("sh")
            .args(["-c", line])
            .current_dir(scene.dir.path(""))
            .output()
            .expect("sh");
        assert!(done.status.success(), "{line}");
        done.stdout
    };
    for line in [
        "gzip -c t.log > t.log.gz",
        "bzip2 -c t.log > t.log.bz2",
        "xz -c t.log > t.log.xz",
        "zstd -qc t.log > t.log.zst",
        "python3 -m zipfile -c t.zip t.log",
        "tar -cf t.tar t.log",
    ] {
        sh(line);
    }
    let before = scene.tree();
    for (file, what, command) in [
        ("utf16.log", "UTF-16 text", "iconv -f UTF-16 -t UTF-8"),
        ("little.log", "UTF-16 text", "iconv -f UTF-16LE -t UTF-8"),
        ("big.log", "UTF-16 text", "iconv -f UTF-16BE -t UTF-8"),
        ("nul.log", "NUL bytes", "tr -d '\\000'"),
        ("t.log.gz", "compressed by gzip", "gzip -dc"),
        ("t.log.bz2", "compressed by bzip2", "bzip2 -dc"),
        ("t.log.xz", "compressed by xz", "xz -dc"),
        ("t.log.zst", "compressed by zstd", "zstd -dc"),
        ("t.zip", "a ZIP archive", "unzip -p"),
        ("t.tar", "a tar archive", "tar -xO"),
    ] {
        let filter = ["log", "filter", "--key", "PASSWORD=hide"];
        for options in [&[][..], &["--check"], &["--out", "x.log"]] {
            let named = scene.gsec(&filter).args(&[file]).args(options).run().code(3);
            let piped = scene
                .gsec(&filter)
                .args(options)
                .stdin(scene.read_bytes(file))
                .run()
                .code(3);
            for refused in [&named, &piped] {
                assert_eq!(refused.stdout, "");
                assert!(
                    refused.stderr.contains(what) && refused.stderr.contains(command),
                    "{refused}"
                );
            }
        }
        let refused = scene.gsec(&filter).args(&[file]).run();
        let hint = refused
            .stderr
            .split('`')
            .find(|part| part.contains("| gsec"))
            .expect("a command");
        if !command.starts_with("unzip") {
            let gsec = env!("CARGO_BIN_EXE_gsec");
            let line = hint.replace(
                "| gsec log filter",
                &format!("| {gsec} log filter --key PASSWORD=hide"),
            );
            assert_eq!(String::from_utf8_lossy(&sh(&line)), hidden(), "{line}");
        }
    }
    scene.tree().is_unchanged_since(&before);
    scene
        .gsec(&["log", "filter", "--default", "hide"])
        .stdin("")
        .run()
        .code(0);
}

#[test]
fn rules_that_were_not_used_and_logs_without_a_list_are_told() {
    let scene = scene();
    let filter = ["log", "filter", "t.log", "--check"];
    let blanks = scene
        .gsec(&filter)
        .args(&["--key", " PASSWORD = hide "])
        .run()
        .code(1);
    assert_eq!(counts(&blanks.stderr), "hidden 1, skipped 0, over-hidden 0");
    assert!(!blanks.stderr.contains("no pair"), "{blanks}");
    let unused = scene
        .gsec(&filter)
        .args(&["--key", "PASSWORT=hide", "--key", "Password\u{1b}[31m=skip"])
        .run()
        .code(0);
    assert!(
        unused
            .stderr
            .contains("no pair in the log has the key `PASSWORT`, `Password\\x1B[31m`"),
        "{unused}"
    );
    let many: Vec<String> = (0..9)
        .flat_map(|number| ["--key".into(), format!("K{number}=hide")])
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let unused = scene.gsec(&filter).args(&many).run().code(0);
    assert!(unused.stderr.contains("`K4` and 4 more"), "{unused}");
    let document = scene
        .gsec(&filter)
        .args(&["--key", "K=hide", "--json"])
        .run()
        .code(0)
        .json();
    assert_eq!(document["warnings"][0]["code"], "rule_unused", "{document}");
    let none = scene
        .gsec(&["log", "filter", "--check", "--key", "K=hide"])
        .stdin("12:00:00.000 on\n")
        .run()
        .code(0);
    assert!(
        none.stderr.contains("no attribute with a key-value list") && !none.stderr.contains("no pair"),
        "{none}"
    );
    for wrong in ["=hide", " = hide"] {
        let refused = scene.gsec(&filter).args(&["--key", wrong]).run().code(3);
        assert!(refused.stderr.contains("the key is empty"), "{refused}");
    }
    let twice = ["--key", "K=hide", "--key", " K =skip"];
    scene.gsec(&filter).args(&twice).run().code(3);
}

#[test]
fn file_to_write_is_never_a_link_a_pipe_or_a_device_and_nothing_is_left_of_half_a_log() {
    let scene = scene();
    std::os::unix::fs::symlink("nowhere", scene.dir.path("link")).expect("a link");
    std::os::unix::fs::symlink("t.log", scene.dir.path("to_log")).expect("a link");
    std::fs::hard_link(scene.dir.path("t.log"), scene.dir.path("other_name")).expect("a name");
    let elsewhere = Scene::empty();
    let fifo = elsewhere.dir.path("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .expect("mkfifo")
            .success()
    );
    let fifo = fifo.as_str();
    let before = scene.tree();
    for taken in ["link", "to_log", "other_name", fifo, "./t.log", "/dev/null"] {
        let refused = scene
            .gsec(&["log", "filter", "t.log", "--default", "hide", "--out", taken])
            .run()
            .code(3);
        assert!(refused.stderr.contains("already exists"), "{refused}");
    }
    // Whoever runs the tests in the background may ignore the signal, and so would the program.
    let mut child = Command::new("env")
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_gsec")])
        .args(["log", "filter", "--default", "hide", "--out", "half.log"])
        .current_dir(scene.dir.path(""))
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("gsec");
    let mut to = child.stdin.take().expect("a pipe");
    // More than it reads before it looks for the end.
    to.write_all(LOG.repeat(20_000).as_bytes()).expect("written");
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .expect("kill")
            .success()
    );
    // A byte more, or the end of the log, ends the call that was interrupted in between.
    drop(to);
    assert!(!child.wait().expect("its end").success());
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn log_of_the_ca_is_another_one() {
    let scene = Scene::empty();
    let show = scene.gsec(&["log", "show"]).run().code(2);
    assert!(show.stderr.contains("gsec ca log"), "{show}");
    let help = scene.gsec(&["log", "--help"]).run().code(0);
    assert!(help.stdout.contains("gsec ca log"), "{help}");
}
