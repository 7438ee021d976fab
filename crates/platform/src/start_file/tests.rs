//! Start files of each kind, with one fault each.

use super::*;
use crate::finding::Finding;

fn file(name: &str, content: impl AsRef<[u8]>) -> StartFile {
    let text = Text::decode(content.as_ref());
    StartFile {
        name: name.into(),
        kind: StartKind::of(name, &text).expect("a start file"),
        text,
    }
}

fn in_short(found: &[Finding]) -> Vec<(&'static str, usize, usize, usize)> {
    let of_place = |finding: &Finding| {
        let place = finding.places.first();
        place.map_or((finding.slug, 0, 0, 0), |place| {
            (finding.slug, place.line, place.column, place.length)
        })
    };
    found.iter().map(of_place).collect()
}

fn found(name: &str, content: impl AsRef<[u8]>) -> Vec<(&'static str, usize, usize, usize)> {
    in_short(&lint(&[file(name, content)], &Around::default())[0])
}

const SHELL: &str = "#!/bin/sh\nLD_LIBRARY_PATH=/opt/sec:$LD_LIBRARY_PATH; export LD_LIBRARY_PATH\n\
    ./tserver -host \"cs1\" -port 2021 \\\n  -app 'T Server' -transport-port 4001 -transport-address 10.0.0.1 # -port x\n";

#[test]
fn right_files_have_no_finding() {
    assert_eq!(found("run.sh", SHELL), []);
    assert_eq!(found("run.sh", SHELL.replace('\n', "\r\n")), []);
    let batch = "@echo off\r\nrem -port x\r\n:: -port x\r\nset PATH=%PATH%\r\n@title x\r\n\
        tserver.exe -host cs1 -port 2021 ^\r\n -app \"T Server\" -transport-port 4001\r\n";
    assert_eq!(found("startServer.bat", batch), []);
    assert_eq!(
        found(
            "x.reg",
            registry("\"\\\"C:\\\\GCTI\\\\t server\\\\ts.exe\\\" -host cs1 -port 2021\"")
        ),
        []
    );
    assert_eq!(
        found(
            "run.sh",
            "#!/bin/sh\n./ts -host $HOST -port ${PORT} -app `cat name`\n"
        ),
        []
    );
    assert_eq!(
        found(
            "a.bat",
            "@echo off\r\nts.exe -host %1 -port %PORT% -app \"%~n0\"\r\n"
        ),
        []
    );
}

fn registry(value: &str) -> String {
    format!(
        "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\TServer]\r\n\
         \"Type\"=dword:00000010\r\n\"ImagePath\"={value}\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\TServer\\Parameters]\r\n\
         \"ImagePath\"=\"ts.exe - port 1\"\r\n"
    )
}

/// As regedit writes a value of REG_EXPAND_SZ, in lines of 80 columns.
fn expanded(text: &str) -> String {
    let bytes: Vec<String> = text
        .encode_utf16()
        .chain([0])
        .flat_map(u16::to_le_bytes)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let lines: Vec<String> = bytes.chunks(20).map(|chunk| chunk.join(",")).collect();
    format!("hex(2):{}", lines.join(",\\\r\n  "))
}

#[test]
fn faults_of_arguments_in_scripts() {
    let shell = |arguments: &str| found("run.sh", format!("#!/bin/sh\nLIBPATH=/x\n./ts {arguments}\n"));
    for (arguments, expected) in [
        ("- transport-port 4001", ("start-arg-blank", 3, 6, 1)),
        ("-host a - port 2021", ("start-arg-blank", 3, 14, 1)),
        ("\u{2013}port 2021", ("start-arg-dash", 3, 6, 5)),
        ("-transport\u{2011}port 4001", ("start-arg-dash", 3, 6, 15)),
        ("\u{2212} transport-port 4001", ("start-arg-blank", 3, 6, 1)),
        ("-port", ("start-arg-value", 3, 6, 5)),
        ("-port -host a", ("start-arg-value", 3, 6, 5)),
        ("-port ''", ("start-arg-value", 3, 12, 2)),
        ("-port 70000", ("start-arg-value", 3, 12, 5)),
        ("-transport-port \"40 01\"", ("start-arg-value", 3, 22, 7)),
        ("-transport-address host1", ("start-address-name", 3, 25, 5)),
    ] {
        assert_eq!(shell(arguments), [expected], "{arguments}");
    }
    for dash in ('\u{2010}'..='\u{2015}').chain(['\u{2212}']) {
        assert_eq!(
            shell(&format!("{dash}app x")),
            [("start-arg-dash", 3, 6, 4)],
            "{dash:?}"
        );
    }
    assert_eq!(shell("-port x -port 2021"), [("start-arg-value", 3, 12, 1)]);
    let batch = found("a.bat", "@echo off\r\nts.exe ^\r\n  - transport-port 4001\r\n");
    assert_eq!(batch, [("start-arg-blank", 3, 3, 1)]);
}

#[test]
fn faults_of_arguments_in_the_registry() {
    let value = "\"\\\"C:\\\\G C\\\\ts.exe\\\" -host cs1 - transport-port 4001\"";
    assert_eq!(found("x.reg", registry(value)), [("start-arg-blank", 5, 44, 1)]);
    let long = expanded("\"%ProgramFiles%\\ts.exe\" -port 70000");
    assert_eq!(found("x.reg", registry(&long)), [("start-arg-value", 8, 3, 29)]);
    let content: Vec<u8> = [
        vec![0xFF, 0xFE],
        registry(&long)
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
    ]
    .concat();
    assert_eq!(found("export", content), [("start-arg-value", 8, 3, 29)]);
    let old = "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\T]\r\n\"ImagePath\"=hex(2):74,73,20,2d,70,6f,72,74,00\r\n";
    assert_eq!(found("x.reg", old), [("start-arg-value", 4, 29, 14)]);
}

#[test]
fn places_that_differ_are_all_named() {
    let files = [
        file("run.sh", SHELL),
        file(
            "startServer.bat",
            "@echo off\nts.exe -host cs1 -port 2021 -app \"T Server\" -transport-port 4002\n",
        ),
        file("x.reg", registry("\"ts.exe -transport-port 4001 -port 2022\"")),
        file(
            "other.sh",
            "#!/bin/sh\nLIBPATH=/x ./ts -app Other -host cs1 -port 9 -transport-port 4003\n",
        ),
    ];
    let all = lint(&files, &Around::default());
    let differing: Vec<(&str, Vec<&str>)> = all
        .iter()
        .flat_map(|found| found.iter())
        .filter(|finding| finding.slug == "start-differs")
        .map(|finding| {
            let files = finding.places.iter().filter_map(|place| place.file.as_deref());
            (finding.seen.as_str(), files.collect())
        })
        .collect();
    assert_eq!(
        differing,
        [
            (
                "`-port` differs: `2021`, `2021`, `2022`",
                vec!["run.sh", "startServer.bat", "x.reg"]
            ),
            (
                "`-transport-port` differs: `4001`, `4002`, `4001`",
                vec!["run.sh", "startServer.bat", "x.reg"]
            ),
        ]
    );
}

#[test]
fn library_path_where_tls_is_wanted() {
    let around = Around {
        has_tls: true,
        ..Around::default()
    };
    let with = |content: &str, around: &Around| in_short(&lint(&[file("run.sh", content)], around)[0]);
    let plain = "#!/bin/sh\n./ts -host a -port 2021\n";
    assert_eq!(with(plain, &Around::default()), []);
    assert_eq!(with(plain, &around), [("start-no-library-path", 2, 12, 1)]);
    assert_eq!(
        with("#!/bin/sh\n./ts -transport-port 1\n", &Around::default()),
        [("start-no-library-path", 2, 22, 1)]
    );
    for line in [
        "export LIBPATH=/x",
        "SHLIB_PATH=/x",
        "env LD_LIBRARY_PATH_64=/x true",
        "setenv LD_LIBRARY_PATH /x",
    ] {
        assert_eq!(
            with(&plain.replace("./ts", &format!("{line}\n./ts")), &around),
            [],
            "{line}"
        );
    }
    assert_eq!(
        with(&plain.replace("./ts", "echo LIBPATH # LIBPATH=/x\n./ts"), &around).len(),
        1
    );
    assert_eq!(
        with("#!/bin/sh\nnohup ./lca 4999 &\n", &around),
        [("start-no-library-path", 0, 0, 0)]
    );
    let batch = lint(&[file("a.bat", "ts.exe -transport-port 1\n")], &around);
    assert_eq!(in_short(&batch[0]), []);
}

#[test]
fn port_of_configuration_server_that_is_not_secured() {
    let around = |has_tls| Around {
        has_tls,
        unsecured_ports: vec![2020],
    };
    let with = |port: &str, around: &Around| {
        in_short(&lint(&[file("a.bat", format!("ts.exe -host a -port {port}\n"))], around)[0])
    };
    assert_eq!(with("2020", &around(true)), [("start-not-auto-detect", 1, 22, 4)]);
    assert_eq!(with("2021", &around(true)), []);
    assert_eq!(with("2020", &around(false)), []);
}

#[test]
fn files_in_which_nothing_is_started_are_named() {
    assert_eq!(
        found("run.sh", "#!/bin/sh\necho hello\n"),
        [("start-nothing", 0, 0, 0)]
    );
    assert_eq!(found("x.reg", "REGEDIT4\r\n"), [("start-nothing", 0, 0, 0)]);
}

#[test]
fn kinds_are_told_by_content_then_by_name() {
    let kind = |name: &str, content: &str| StartKind::of(name, &Text::decode(content.as_bytes()));
    assert_eq!(kind("x", "#!/usr/bin/ksh\n"), Some(StartKind::Shell));
    assert_eq!(kind("x", "\r\n@ECHO OFF\r\n"), Some(StartKind::Cmd));
    assert_eq!(kind("run.sh", "./ts\n"), Some(StartKind::Shell));
    assert_eq!(kind("START.BAT", "ts\n"), Some(StartKind::Cmd));
    assert_eq!(kind("x.txt", "regedit4\n"), Some(StartKind::Registry));
    assert_eq!(kind("a.cfg", "[x]\na=b\n"), None);
}

#[test]
fn any_text_is_read() {
    for content in [
        "",
        "'",
        "\"",
        "\\",
        "$",
        "`",
        "${",
        "$(",
        "^",
        "%",
        "%~",
        "\"a\n",
        "[",
        "\"ImagePath\"=",
        "a=hex(2):zz,\\",
    ] {
        for (kind, head) in [
            (StartKind::Shell, ""),
            (StartKind::Cmd, ""),
            (StartKind::Registry, "REGEDIT4\n[HKLM\\Services\\x]\n"),
            (
                StartKind::Registry,
                "REGEDIT4\n[HKLM\\Services\\x]\n\"ImagePath\"=",
            ),
        ] {
            let text = Text::decode(format!("{head}{content}").as_bytes());
            let one = StartFile {
                name: "x".into(),
                kind,
                text,
            };
            lint(&[one], &Around::default());
        }
    }
}

/// What is written on a command line by the name of a secret, in every kind of file and beside every fault.
#[test]
fn no_place_and_no_message_shows_a_secret() {
    let faults = [
        "-port 99999",
        "- transport-port 1",
        "\u{2013}port 1",
        "-transport-address name",
        "-port",
    ];
    let names = [
        "-password",
        "-pwd",
        "-dbpassword",
        "--db-password",
        "/password",
        "-passwd",
        "\u{2013}password",
    ];
    for name in names {
        for fault in faults {
            let script = |words: &str| format!("#!/bin/sh\n./cs {words}\n");
            let batch = |words: &str| format!("@echo off\r\ncs.exe {words}\r\n");
            let line = format!("-host a {name} hunter22 -app x {fault}");
            let before = format!("{fault} -host a {name} hunter22");
            let files = [
                ("run.sh", script(&line)),
                ("run.sh", script(&before)),
                ("run.sh", script(&format!("{name}\t'hunter22' {fault}"))),
                ("run.sh", script(&format!("{name} \\\n hunter22 {fault}"))),
                ("run.sh", script(&format!("{fault} \\\n {name} \\\n hunter22"))),
                ("run.sh", script(&format!("{name} 'x\nhunter22' {fault}"))),
                ("run.sh", script(&format!("{name} 'x\nhunter22'; ./cs {fault}"))),
                (
                    "run.sh",
                    script(&format!("{name} 'x\\\nhunter22' & ./cs {fault}")),
                ),
                (
                    "run.sh",
                    format!("#!/bin/sh\nPASSWORD='x\nhunter22' ./cs {fault}\n"),
                ),
                ("run.sh", script(&format!("{fault} {name}=hunter22"))),
                ("start.bat", batch(&line)),
                ("start.bat", batch(&before)),
                ("start.bat", batch(&format!("{name} ^\r\nhunter22 {fault}"))),
                ("x.reg", registry(&format!("\"cs.exe {line}\""))),
                ("x.reg", registry(&expanded(&format!("cs.exe {line}")))),
                ("x.reg", registry(&expanded(&format!("cs.exe {before}")))),
            ];
            for (file_name, content) in files {
                let found = lint(
                    &[
                        file(file_name, &content),
                        file(file_name, "#!/bin/sh\n./cs -port 5 -host b -app x"),
                    ],
                    &Around::default(),
                );
                let shown = format!("{found:?}");
                assert!(!found[0].is_empty(), "{content}");
                assert!(!shown.contains("hunter22"), "{content}: {shown}");
                // `hun`, as regedit writes it
                for part in ["68,00,75,00,6e", "74,00,65,00,72", "32,00,32,00"] {
                    assert!(!shown.contains(part), "{content}: {shown}");
                }
            }
        }
    }
    let doubtful = "#!/bin/sh\n./cs -password -port hunter22\n";
    let shown = format!("{:?}", lint(&[file("run.sh", doubtful)], &Around::default()));
    assert!(!shown.contains("hunter22"), "{shown}");
}

#[test]
fn more_starts_than_are_checked_are_an_error() {
    let many = "ts -host a -port 1\n".repeat(101);
    assert_eq!(found("run.sh", &many)[0].0, "start-too-many");
    assert!(
        found("run.sh", &many[..many.len() / 101 * 100])
            .iter()
            .all(|found| found.0 != "start-too-many")
    );
    // One line, read once for all the places in it.
    let long = format!("ts {}\n", "-port x ".repeat(20_000));
    assert_eq!(found("run.sh", long).len(), 1000);
}
