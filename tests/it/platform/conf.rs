//! `gsec conf`: the files of DB Server and Configuration Server, and start files, checked and changed.

use crate::common;

use std::os::unix::fs::{MetadataExt, symlink};

use common::{Outcome, Scene, tool};
use serde_json::Value;

/// Nothing else that is printed looks like it.
const PASSWORD: &str = "xyzzy-Geheimnis";

/// As the guide prints them on pages 107 and 108, with its faults; names and values are others.
const DB_SERVER: &str = "\
[dbserver]
host = localhost
port = 4040
management-port = 4581
dbprocesses_per_client = 1
oracle_name =./dbclient_oracle

[dbserver-1]
port = 4333
transport=tls=1; certificate=9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c

[lca]
lcaport = 4999
";
const CONF_SERVER: &str = "\
[confserv]
port = 2020
management-port = 2021
server = dbserver
encryption = false

[dbserver]
host = db-host
port = 4333
dbengine = mssql
username = user1
password = xyzzy-Geheimnis
transport=tls=1; certificate = 9a ab db c4 02 29 3a 73 35 90 b0 65 2f
3d 32 b5 1e aa f1 7c
";
const FIXED: &str =
    "transport=tls=1;certificate=9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c\n";

fn with_samples() -> Scene {
    let scene = Scene::empty();
    scene.write("dbserver.cfg", DB_SERVER);
    scene.write("confserv.cfg", CONF_SERVER);
    scene.chmod("confserv.cfg", 0o640);
    scene
}

/// Slug, line and column of each finding of a file.
fn found(outcome: &Outcome, file: usize) -> Vec<(String, u64, u64)> {
    let findings = outcome.json()["files"][file]["findings"].clone();
    let short = |finding: &Value| {
        let place = &finding["places"][0];
        (
            finding["slug"].as_str().expect("a slug").to_owned(),
            place["line"].as_u64().unwrap_or(0),
            place["column"].as_u64().unwrap_or(0),
        )
    };
    findings.as_array().expect("findings").iter().map(short).collect()
}

fn has(found: &[(String, u64, u64)], slug: &str, line: u64, column: u64) -> bool {
    found.contains(&(slug.to_owned(), line, column))
}

/// The password is nowhere in what was printed.
#[track_caller]
fn is_discreet(outcome: Outcome) -> Outcome {
    assert!(
        !outcome.stdout.contains(PASSWORD) && !outcome.stderr.contains(PASSWORD),
        "{outcome}"
    );
    outcome
}

/// The file beside `name` that has what it was before.
fn backups(scene: &Scene, name: &str) -> Vec<String> {
    let entries = std::fs::read_dir(scene.dir.path("")).expect("a folder");
    let names = entries.map(|entry| {
        entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned()
    });
    names
        .filter(|entry| entry.starts_with(&format!("{name}.gsec-")))
        .collect()
}

#[test]
fn samples_of_the_guide_are_found_fixed_and_clean() {
    let scene = with_samples();
    let files = ["dbserver.cfg", "confserv.cfg"];
    let linted = is_discreet(scene.gsec(&["conf", "lint", "--json"]).args(&files).run().code(1));
    let [database, server] = [0, 1].map(|file| found(&linted, file));
    assert!(
        has(&database, "transport-blank-before-name", 10, 17),
        "{database:?}"
    );
    for (slug, line, column) in [
        ("transport-blank-before-name", 13, 17),
        ("transport-blank-before-equals", 13, 29),
        ("transport-blank-after-equals", 13, 31),
        ("conf-wrapped", 14, 1),
        ("conf-host-differs", 8, 8),
    ] {
        assert!(has(&server, slug, line, column), "{slug}: {server:?}");
    }
    // The rest of the thumbprint is in the next line, so it is not too short.
    assert!(
        server.iter().all(|(slug, ..)| slug != "transport-thumbprint"),
        "{server:?}"
    );
    let fixed = is_discreet(scene.gsec(&["conf", "fix", "--yes"]).args(&files).run().ok());
    assert!(fixed.stdout.contains("joined with the next line"), "{fixed}");
    let (before, _) = DB_SERVER.split_once("transport").expect("a value");
    assert_eq!(
        scene.read("dbserver.cfg"),
        format!("{before}{FIXED}\n[lca]\nlcaport = 4999\n")
    );
    let (before, _) = CONF_SERVER.split_once("transport").expect("a value");
    assert_eq!(scene.read("confserv.cfg"), format!("{before}{FIXED}"));
    let clean = is_discreet(scene.gsec(&["conf", "lint"]).args(&files).run().ok());
    assert!(!clean.stdout.contains("error"), "{clean}");
    let again = scene
        .gsec(&["conf", "fix", "--check", "--json"])
        .args(&files)
        .run()
        .ok()
        .json();
    assert_eq!(again["changed"], false);
}

#[test]
fn fixtures_of_the_guide_give_what_they_must() {
    let folder = std::path::Path::new("/work/shared/fixtures/guide");
    if !folder.is_dir() {
        // The samples themselves are not part of the project; their form is above.
        return;
    }
    let scene = Scene::empty();
    for name in ["p107_dbserver", "p108_confserv"] {
        let read = |ending: &str| std::fs::read(folder.join(format!("{name}{ending}"))).expect("a sample");
        scene.write(name, read(".cfg"));
        scene.gsec(&["conf", "lint", name]).run().code(1);
        scene.gsec(&["conf", "fix", name, "--yes"]).run().ok();
        assert!(scene.read_bytes(name) == read(".fixed.cfg"), "{name}");
        scene.gsec(&["conf", "lint", name]).run().ok();
    }
}

#[test]
fn joining_lines_needs_permission() {
    let scene = with_samples();
    scene.refuses(
        &["conf", "fix", "dbserver.cfg", "confserv.cfg"],
        2,
        &[
            "error: lines would be joined, which needs permission",
            "hint: pass `--yes` to permit it, or `--dry-run` to see what would be fixed",
        ],
    );
    scene.gsec(&["conf", "fix", "dbserver.cfg"]).run().ok();
    assert!(scene.read("dbserver.cfg").contains(FIXED));
}

#[test]
fn dry_run_and_check_write_nothing() {
    let scene = with_samples();
    let before = scene.tree();
    let dry = is_discreet(
        scene
            .gsec(&["conf", "fix", "confserv.cfg", "--dry-run"])
            .run()
            .ok(),
    );
    assert!(dry.stdout.contains("1 value would be fixed"), "{dry}");
    scene
        .gsec(&["conf", "fix", "confserv.cfg", "--check"])
        .run()
        .code(1);
    let set = [
        "conf",
        "set",
        "dbserver.cfg",
        "dbserver-1",
        "port",
        "4334",
        "--dry-run",
    ];
    assert!(scene.gsec(&set).run().ok().stdout.starts_with("Would set"));
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn value_set_and_set_back_leaves_the_same_bytes() {
    let scene = Scene::empty();
    let dos = DB_SERVER.replace('\n', "\r\n").replace("port = ", "port\t =  ");
    let variants: [&[u8]; 4] = [
        DB_SERVER.as_bytes(),
        dos.as_bytes(),
        b"\xef\xbb\xbf# \xc3\xa4\n[dbserver-1]\nport = 4333",
        b"# caf\xe9\n[dbserver-1]\nport=4333  \n",
    ];
    for content in variants {
        scene.write("dbserver.cfg", content);
        for port in ["5000", "4333"] {
            scene
                .gsec(&["conf", "set", "dbserver.cfg", "dbserver-1", "port", port])
                .run()
                .ok();
            let is_same = scene.read_bytes("dbserver.cfg") == content;
            assert_eq!(is_same, port == "4333", "{}", String::from_utf8_lossy(content));
        }
    }
    let args = ["conf", "set", "dbserver.cfg", "dbserver-1", "note", "東"];
    let refused = scene.gsec(&args).run().code(3);
    assert!(
        refused.stderr.contains("the file is Latin-1, which has no `東`"),
        "{refused}"
    );
}

#[test]
fn mode_access_list_and_link_stay_and_the_backup_is_private() {
    let scene = with_samples();
    scene.chmod("confserv.cfg", 0o644);
    symlink("confserv.cfg", scene.dir.path("link.cfg")).expect("a link");
    let path = scene.dir.path("confserv.cfg");
    let acl = ["-m", "u:4242:r", path.as_str()];
    let has_acl = std::path::Path::new("/usr/bin/setfacl").exists()
        && tool("setfacl").args(&acl).run().status == Some(0);
    let before = std::fs::metadata(&path).expect("metadata");
    let json = scene
        .gsec(&["conf", "set", "link.cfg", "confserv", "port", "2222", "--json"])
        .run()
        .ok()
        .json();
    let after = std::fs::metadata(&path).expect("metadata");
    assert_eq!(
        (after.mode(), after.uid(), after.gid()),
        (before.mode(), before.uid(), before.gid())
    );
    assert_ne!(after.ino(), before.ino(), "it was replaced in one step");
    assert!(std::path::Path::new(&scene.dir.path("link.cfg")).is_symlink());
    if has_acl {
        let list = tool("getfacl").args(&["-c", path.as_str()]).run().ok().stdout;
        assert!(list.contains("user:4242:r--"), "{list}");
    }
    let names = backups(&scene, "confserv.cfg");
    assert_eq!(names.len(), 1, "{names:?}");
    assert!(
        json["backup"]
            .as_str()
            .is_some_and(|backup| backup.ends_with(&names[0])),
        "{json}"
    );
    let backup = std::fs::metadata(scene.dir.path(&names[0])).expect("metadata");
    assert_eq!(backup.mode() & 0o777, 0o600);
    assert_eq!(scene.read(&names[0]), CONF_SERVER);
}

#[test]
fn nothing_changed_writes_nothing() {
    let scene = with_samples();
    let before = scene.tree();
    let said = scene
        .gsec(&["conf", "set", "dbserver.cfg", "dbserver-1", "port", "4333"])
        .run()
        .ok();
    assert!(said.stdout.contains("nothing changed"), "{said}");
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn keys_are_added_and_removed() {
    let scene = with_samples();
    let set = |args: &[&str]| scene.gsec(&["conf", "set", "dbserver.cfg"]).args(args).run().ok();
    set(&["dbserver-2", "port", "4334"]);
    assert!(
        scene
            .read("dbserver.cfg")
            .ends_with("lcaport = 4999\n\n[dbserver-2]\nport = 4334\n")
    );
    set(&[
        "dbserver-2",
        "transport",
        "--from-build",
        "--thumbprint",
        "9aabdbc402293a733590b0652f3d32b51eaaf17c",
    ]);
    assert!(
        scene
            .read("dbserver.cfg")
            .ends_with(&format!("port = 4334\n{}", FIXED.replacen('=', " = ", 1)))
    );
    set(&["dbserver-2", "transport", "--unset"]);
    assert!(
        scene
            .read("dbserver.cfg")
            .ends_with("\n[dbserver-2]\nport = 4334\n")
    );
    scene.refuses(
        &[
            "conf",
            "set",
            "dbserver.cfg",
            "dbserver-2",
            "transport",
            "--unset",
        ],
        3,
        &["error: cannot change `dbserver.cfg`: there is no key `transport`"],
    );
}

#[test]
fn what_would_be_guessed_is_refused() {
    let scene = Scene::empty();
    scene.write("a.cfg", "[a]\nx=1\nX=2\n[b]\n[b]\n");
    scene.refuses(
        &["conf", "set", "a.cfg", "b", "k", "v"],
        2,
        &[
            "error: cannot change `a.cfg`: section `b` is there 2 times, and which one counts is not documented",
            "hint: `gsec conf lint a.cfg` shows where",
        ],
    );
    let refused = scene.gsec(&["conf", "set", "a.cfg", "a", "x", "1"]).run().code(2);
    assert!(refused.stderr.contains("key `x` is there 2 times"), "{refused}");
    for value in ["a\nb", " a", ""] {
        let before = scene.tree();
        scene
            .gsec(&["conf", "set", "a.cfg", "a", "k", value])
            .run()
            .code(2);
        scene.tree().is_unchanged_since(&before);
    }
    let needs_build = scene
        .gsec(&["conf", "set", "a.cfg", "a", "k", "v", "--mutual"])
        .run()
        .code(2);
    assert!(needs_build.stderr.contains("--from-build"), "{needs_build}");
    scene.gsec(&["conf", "set", "a.cfg", "a", "k"]).run().code(2);
}

#[test]
fn findings_that_are_not_shown_are_counted_and_an_error_among_them_is_the_answer() {
    let scene = Scene::empty();
    scene.write("many.cfg", format!("[a]\n{}port=0\n", "stray\n".repeat(4411)));
    let said = scene.gsec(&["conf", "lint", "many.cfg"]).run().code(1);
    assert!(
        said.stdout.contains("and 3413 more, which are not shown"),
        "{said}"
    );
    let json = scene
        .gsec(&["conf", "lint", "many.cfg", "--json"])
        .run()
        .code(1)
        .json();
    assert_eq!(
        (&json["ok"], &json["counts"]["error"]),
        (&false.into(), &1.into())
    );
    assert_eq!(json["files"][0]["findings"].as_array().map(Vec::len), Some(1000));
    assert_eq!(json["files"][0]["findings_left_out"], 3413);
}

#[test]
fn what_the_encoding_of_the_file_would_make_of_a_value_is_refused() {
    let scene = Scene::empty();
    scene.write("latin1.cfg", b"[a]\nhost = \xe4\n");
    let cut: Vec<u8> = "[a]\nb=1".encode_utf16().flat_map(u16::to_le_bytes).collect();
    scene.write("cut.cfg", [&[0xFF, 0xFE][..], &cut, b"x"].concat());
    let before = scene.tree();
    for (file, value, why) in [
        ("latin1.cfg", "\u{20ac}", "Latin-1"),
        // Its bytes in Latin-1 are one character in UTF-8, as which the file would be read then.
        ("latin1.cfg", "\u{c3}\u{a4}", "read as something else"),
        ("cut.cfg", "2", "in the middle of a character"),
    ] {
        let refused = scene
            .gsec(&["conf", "set", file, "a", "host", value])
            .run()
            .code(3);
        assert!(refused.stderr.contains(why), "{refused}");
    }
    scene.tree().is_unchanged_since(&before);
    scene
        .gsec(&["conf", "set", "latin1.cfg", "a", "host", "\u{f6}\u{e4}"])
        .run()
        .code(0);
    assert_eq!(scene.read_bytes("latin1.cfg"), b"[a]\nhost = \xf6\xe4\n");
}

#[test]
fn file_whose_lines_end_in_cr_alone_is_no_single_line() {
    let scene = Scene::empty();
    scene.write("old.cfg", "[dbserver]\rport = 4040\r");
    let before = scene.tree();
    for args in [
        &["conf", "lint", "old.cfg"][..],
        &["conf", "fix", "old.cfg"],
        &["conf", "set", "old.cfg", "dbserver", "port", "4041"],
    ] {
        let refused = scene.gsec(args).run().code(3);
        assert!(
            refused.stderr.contains("carriage return alone") && refused.stderr.contains("tr "),
            "{refused}"
        );
    }
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn line_ends_of_both_kinds_and_none_at_the_end_are_kept() {
    let scene = Scene::empty();
    let content = "; a\r\n[dbserver]\nhost=a\nport = 4040\r\n[dbserver-1]\r\nport=4041\ntransport=tls=1; certificate=9a\r\nhost=b";
    scene.write("mixed.cfg", content);
    scene.gsec(&["conf", "fix", "mixed.cfg"]).run().code(0);
    let fixed = content.replace("; certificate", ";certificate");
    assert_eq!(scene.read("mixed.cfg"), fixed);
    scene
        .gsec(&["conf", "set", "mixed.cfg", "dbserver", "port", "4042"])
        .run()
        .code(0);
    let set = fixed.replace("4040", "4042");
    assert_eq!(scene.read("mixed.cfg"), set);
    scene
        .gsec(&["conf", "set", "mixed.cfg", "dbserver-1", "x", "1"])
        .run()
        .code(0);
    assert_eq!(scene.read("mixed.cfg"), format!("{set}\r\nx=1"));
}

#[test]
fn value_with_a_fault_is_written_and_said() {
    let scene = with_samples();
    let set = [
        "conf",
        "set",
        "dbserver.cfg",
        "dbserver-1",
        "transport",
        "tls=1; certificate=/c",
    ];
    let said = scene.gsec(&set).run().ok();
    assert!(said.stderr.contains("transport-blank-before-name"), "{said}");
}

#[test]
fn password_is_nowhere_in_what_is_printed() {
    let scene = with_samples();
    scene.chmod("confserv.cfg", 0o644);
    scene.write("new", format!("{PASSWORD}-new\n"));
    for flags in [&[][..], &["--json"], &["-v"], &["--json", "-v"]] {
        let run = |args: &[&str]| is_discreet(scene.gsec(args).args(flags).run());
        let readable = run(&["conf", "lint", "confserv.cfg"]).code(1);
        assert!(readable.stdout.contains("conf-password-readable"), "{readable}");
        assert!(readable.stdout.contains("password = ****"), "{readable}");
        run(&["conf", "fix", "confserv.cfg", "--dry-run"]).ok();
        let set = run(&[
            "conf",
            "set",
            "confserv.cfg",
            "dbserver",
            "password",
            "--value-file",
            "new",
        ])
        .ok();
        assert!(set.stdout.contains("****"), "{set}");
        assert!(
            scene
                .read("confserv.cfg")
                .contains(&format!("password = {PASSWORD}-new\n"))
        );
        run(&["conf", "set", "confserv.cfg", "dbserver", "password", "--unset"]).ok();
        scene.write("confserv.cfg", CONF_SERVER);
        scene.chmod("confserv.cfg", 0o644);
        let argument = run(&["conf", "set", "confserv.cfg", "dbserver", "password", "word"]).code(2);
        assert!(argument.stderr.contains("--value-file"), "{argument}");
    }
    for (from, to) in [
        ("password = ", "password "),
        ("password = ", "Password="),
        ("password = ", "pasword\t=\t"),
        ("password = ", "; password = "),
        (
            "[dbserver]\n",
            "[dbserver]\npassword = xyzzy-Geheimnis;transport=tls=1; x = 1\n",
        ),
        ("password = ", "transport = tls=1; password = "),
        (
            "server = dbserver",
            "server = dbserver password = xyzzy-Geheimnis",
        ),
    ] {
        scene.write("other.cfg", CONF_SERVER.replace(from, to));
        scene.chmod("other.cfg", 0o644);
        for flags in [&[][..], &["--json"], &["-v"]] {
            is_discreet(
                scene
                    .gsec(&["conf", "lint", "other.cfg", "dbserver.cfg"])
                    .args(flags)
                    .run(),
            );
            is_discreet(
                scene
                    .gsec(&["conf", "fix", "other.cfg", "--dry-run"])
                    .args(flags)
                    .run(),
            );
        }
    }
}

#[test]
fn start_files_are_checked_with_the_servers_files() {
    let scene = Scene::empty();
    scene.write(
        "confserv.cfg",
        CONF_SERVER
            .replace("; certificate = ", ";certificate=")
            .replace("2f\n3d", "2f 3d"),
    );
    scene.chmod("confserv.cfg", 0o600);
    scene.write(
        "run.sh",
        "#!/bin/sh\n./tserver -host cs1 -port 2020 -app T1 - transport-port 4001\n",
    );
    let batch = "@echo off\r\nts.exe -host cs1 -port 2021 -app T1 \u{2013}transport-port 4001\r\n";
    scene.write("startServer.bat", batch);
    let registry = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\T1]\r\n\
        \"ImagePath\"=\"C:\\\\gcti\\\\ts.exe -host cs1 -port 2021 -app T1 -transport-port x -transport-address tsrv1\"\r\n";
    let bytes: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(registry.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    scene.write("t1.reg", bytes);
    let files = ["confserv.cfg", "run.sh", "startServer.bat", "t1.reg"];
    let linted = scene.gsec(&["conf", "lint", "--json"]).args(&files).run().code(1);
    let json = linted.json();
    let kinds: Vec<&str> = (0..4)
        .filter_map(|file| json["files"][file]["kind"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "configuration_server",
            "start_script",
            "start_batch",
            "registry_export"
        ]
    );
    let shell = found(&linted, 1);
    for (slug, line, column) in [
        ("start-no-library-path", 2, 17),
        ("start-differs", 2, 27),
        ("start-not-auto-detect", 2, 27),
        ("start-arg-blank", 2, 40),
    ] {
        assert!(has(&shell, slug, line, column), "{slug}: {shell:?}");
    }
    assert!(has(&found(&linted, 2), "start-arg-dash", 2, 37), "{linted}");
    let registry = found(&linted, 3);
    assert!(
        registry.iter().any(|(slug, ..)| slug == "start-arg-value"),
        "{registry:?}"
    );
    assert!(
        registry.iter().any(|(slug, ..)| slug == "start-address-name"),
        "{registry:?}"
    );
    let text = scene.gsec(&["conf", "lint"]).args(&files).run().code(1);
    for name in &files[1..] {
        assert!(text.stdout.contains(name), "{text}");
    }
    assert!(!scene.exists("PWNED"));
}

#[test]
fn scripts_are_never_run() {
    let scene = Scene::empty();
    scene.write(
        "run.sh",
        "#!/bin/sh\ntouch PWNED; $(touch PWNED) `touch PWNED`\n./ts -port \"$(touch PWNED)\"\n",
    );
    scene.chmod("run.sh", 0o755);
    let before = scene.tree();
    scene.gsec(&["conf", "lint", "run.sh"]).run().ok();
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn other_files_are_named_with_what_checks_them() {
    let scene = Scene::empty();
    scene.write("value.txt", "tls=1;certificate=/c\n");
    scene.refuses(
        &["conf", "lint", "value.txt"],
        3,
        &[
            "error: `value.txt` is neither a configuration file nor a start file of the platform",
            "hint: `gsec transport lint --file value.txt` checks a single value",
        ],
    );
    let refused = scene.gsec(&["conf", "fix", "value.txt"]).run().code(3);
    assert!(refused.stderr.contains("it has no `[section]`"), "{refused}");
    let piped = scene.gsec(&["conf", "lint", "-"]).stdin(DB_SERVER).run().code(1);
    assert!(piped.stdout.starts_with("-: 1 error"), "{piped}");
    scene.gsec(&["conf", "set", "-", "a", "b", "c"]).run().code(2);
}
