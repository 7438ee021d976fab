//! `gsec banner`: what is written is what is shown, and every fault of a file by hand is found.

use crate::common;

use std::os::unix::fs::PermissionsExt;

use common::Scene;

const KEY: &str = "HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner";
const GUIDE: &str = "/work/shared/fixtures/guide/p42_banner_urls.txt";
/// In the form of the guide's sample, with values of ours.
const SAMPLE: &str = "KEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs\\1\\URL=http://a.example.com/b.htm\n\
    HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs\\2\\URL=http:// b.example.com/b.htm\n\
    HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs\\3\\URL=%System Root%\\c.htm\n\
    HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs\\3\\ErrorPage=1\n";

/// A file that is written, as text.
fn text(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    String::from_utf16(&units).expect("UTF-16")
}

#[test]
fn file_that_is_written_is_as_regedit_exports_it() {
    let scene = Scene::empty();
    let created = scene
        .gsec(&[
            "banner",
            "write",
            "--url",
            "http://h/b.htm",
            "--error-url",
            "%SystemRoot%\\c.htm",
            "--expand",
            "--mandatory",
        ])
        .args(&[
            "--ack-mode",
            "2",
            "--title",
            "Say \"yes\"",
            "--height",
            "181",
            "--width",
            "360",
            "--show-timeout",
            "0",
        ])
        .args(&["--no-complete-timeout", "5000", "--out", "b.reg"])
        .run()
        .code(0);
    assert!(created.stdout.starts_with("Created b.reg\n"), "{created}");
    assert!(created.stdout.contains("regedit /S b.reg"), "{created}");
    let bytes = scene.read_bytes("b.reg");
    assert_eq!(&bytes[..2], b"\xff\xfe");
    let lines = text(&bytes).replace("\r\n", "|");
    assert!(!lines.contains(['\r', '\n']), "every line ends in CR and LF");
    assert_eq!(
        lines,
        format!(
            "\u{feff}Windows Registry Editor Version 5.00||[-{KEY}\\URLs]||[{KEY}]|\"AckMandatory\"=dword:00000001|\"AckMode\"=dword:00000002|\
             \"Title\"=\"Say \\\"yes\\\"\"|\"Height\"=dword:000000b5|\"Width\"=dword:00000168|\"ShowUpTimeout\"=dword:00000000|\
             \"NoCompleteTimeout\"=dword:00001388||[{KEY}\\URLs\\1]|\
             \"URL\"=hex(2):68,00,74,00,74,00,70,00,3a,00,2f,00,2f,00,68,00,2f,00,62,00,2e,00,\\|  68,00,74,00,6d,00,00,00|\"ErrorPage\"=dword:00000000||\
             [{KEY}\\URLs\\2]|\"URL\"=hex(2):25,00,53,00,79,00,73,00,74,00,65,00,6d,00,52,00,6f,00,6f,00,74,00,\\|  25,00,5c,00,63,00,2e,00,68,00,74,00,6d,00,00,00|\
             \"ErrorPage\"=dword:00000001||"
        )
    );
    let mode = std::fs::metadata(scene.dir.path("b.reg"))
        .expect("metadata")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o644);
    let linted = scene.gsec(&["banner", "lint", "b.reg"]).run().code(0);
    assert!(linted.stdout.starts_with("b.reg: 4 notices\n"), "{linted}");
    let shown = scene
        .gsec(&["banner", "show", "b.reg", "--json"])
        .run()
        .code(0)
        .json();
    let urls = &shown["banners"][0]["urls"];
    assert_eq!(
        (&urls[1]["url"], &urls[1]["error_page"]),
        (&"%SystemRoot%\\c.htm".into(), &true.into())
    );
    let values: Vec<String> = shown["banners"][0]["values"]
        .as_array()
        .expect("values")
        .iter()
        .map(|value| format!("{}={} {}", value["name"], value["value"], value["level"]).replace('"', ""))
        .collect();
    assert_eq!(
        values,
        [
            "AckMandatory=1 all",
            "AckMode=2 all",
            "Height=181 all",
            "Width=360 all",
            "NoCompleteTimeout=5000 all",
            "ShowUpTimeout=0 all",
            "Title=Say \\yes\\ all",
        ]
    );
}

#[test]
fn applications_have_keys_of_their_own() {
    let scene = Scene::empty();
    let write = ["banner", "write", "--url", "http://h/b.htm"];
    let for_two = [
        "--for",
        "solution control interface",
        "--for",
        "13",
        "--for",
        "44",
    ];
    let urls = scene
        .gsec(&write)
        .args(&for_two)
        .args(&["-o", "u.reg"])
        .run()
        .code(0);
    assert!(
        urls.stdout.contains(&format!("{KEY}\\13")) && urls.stdout.contains(&format!("{KEY}\\44")),
        "{urls}"
    );
    let lines = text(&scene.read_bytes("u.reg"));
    assert!(
        lines.contains(&format!("[-{KEY}\\13]")) && lines.contains(&format!("[{KEY}\\44\\URLs\\1]")),
        "{lines}"
    );
    assert!(!lines.contains(&format!("[{KEY}]")), "{lines}");
    scene
        .gsec(&write)
        .args(&["--for", "13", "--url-layout", "flat", "-o", "f.reg"])
        .run()
        .code(0);
    assert!(text(&scene.read_bytes("f.reg")).contains(&format!("[{KEY}\\13\\1]")));
    for file in ["u.reg", "f.reg"] {
        let linted = scene.gsec(&["banner", "lint", file]).run().code(0);
        assert!(linted.stdout.contains("notice  banner-url-layout: "), "{linted}");
        let own = scene
            .gsec(&["banner", "show", file, "--app", "Outbound Contact Manager"])
            .run()
            .code(0);
        assert!(
            own.stdout.contains("1 http://h/b.htm") && own.stdout.contains("13\n"),
            "{own}"
        );
        let other = scene.gsec(&["banner", "show", file, "--app", "19"]).run().code(0);
        assert!(
            other.stdout.contains("uses the key for all applications") && other.stdout.contains("no banner"),
            "{other}"
        );
    }
    scene.gsec(&write).args(&["--for", "12"]).run().code(2);
    scene
        .gsec(&["banner", "show", "u.reg", "--app", "12"])
        .run()
        .code(2);
}

#[test]
fn removal_is_the_keys_with_a_minus() {
    let scene = Scene::empty();
    scene
        .gsec(&["banner", "write", "--remove", "--out", "all.reg"])
        .run()
        .code(0);
    assert_eq!(
        text(&scene.read_bytes("all.reg")),
        format!("\u{feff}Windows Registry Editor Version 5.00\r\n\r\n[-{KEY}]\r\n\r\n")
    );
    scene
        .gsec(&["banner", "write", "--remove", "--for", "51", "--out", "one.reg"])
        .run()
        .code(0);
    assert!(text(&scene.read_bytes("one.reg")).contains(&format!("[-{KEY}\\51]")));
    scene
        .gsec(&["banner", "lint", "all.reg", "one.reg"])
        .run()
        .code(0);
    scene
        .gsec(&["banner", "write", "--remove", "--url", "x"])
        .run()
        .code(2);
}

#[test]
fn what_would_be_wrong_is_not_written() {
    let scene = Scene::empty();
    scene.write("there.reg", "x");
    let before = scene.tree();
    let refused = |args: &[&str], status: i32| {
        scene
            .gsec(&[&["banner", "write", "--out", "n.reg"], args].concat())
            .run()
            .code(status)
    };
    for args in [
        &[][..],
        &["--url", "http:// h/b.htm"],
        &["--url", "%System Root%\\b.htm"],
        &["--url", ""],
        &["--url", "a\nb"],
        &["--url", "x", "--title", "a\r\n[-HKEY_LOCAL_MACHINE]"],
        &["--url", "x", "--title", "a\u{7}"],
        &["--url", "x", "--height", "180", "--width", "400"],
        &["--url", "x", "--height", "400", "--width", "359"],
        &["--url", "x", "--height", "400"],
        &["--url", "x", "--ack-mode", "3"],
        &["--url", "x", "--show-timeout", "-1"],
    ] {
        refused(args, 2);
    }
    let taken = scene
        .gsec(&["banner", "write", "--url", "x", "--out", "there.reg"])
        .run()
        .code(3);
    assert!(taken.stderr.contains("already exists"), "{taken}");
    let json = scene
        .gsec(&["banner", "write", "--url", "x", "--json"])
        .run()
        .code(2);
    assert!(json.stderr.contains("standard output"), "{json}");
    scene.tree().is_unchanged_since(&before);
    let lock_out = refused(&["--url", "http://h/b.htm", "--mandatory"], 0);
    assert!(lock_out.stderr.contains("users cannot log in"), "{lock_out}");
    let not_expanded = scene
        .gsec(&[
            "banner",
            "write",
            "--url",
            "%SystemRoot%\\b.htm",
            "--out",
            "v.reg",
        ])
        .run()
        .code(0);
    assert!(not_expanded.stderr.contains("is not replaced"), "{not_expanded}");
}

#[test]
fn sample_of_the_guide_has_exactly_its_four_faults() {
    let scene = Scene::empty();
    scene.write("s.txt", SAMPLE);
    if let Ok(given) = std::fs::read(GUIDE) {
        scene.write("p42.txt", given);
    }
    for file in ["s.txt", "p42.txt"].into_iter().filter(|file| scene.exists(file)) {
        let outcome = scene.gsec(&["banner", "lint", file]).run().code(1);
        assert!(
            outcome
                .stdout
                .starts_with(&format!("{file}: 4 errors, 4 notices\n")),
            "{outcome}"
        );
        for slug in [
            "banner-form",
            "banner-hive-name",
            "banner-url-blank",
            "banner-variable",
        ] {
            assert_eq!(
                outcome.stdout.matches(&format!("error   {slug}: ")).count(),
                1,
                "{slug} {outcome}"
            );
        }
        assert!(
            outcome.stdout.contains(&format!("          {}^", " ".repeat(67))),
            "the blank is marked: {outcome}"
        );
    }
}

#[test]
fn files_in_every_encoding_are_read() {
    let scene = Scene::empty();
    let file = format!(
        "Windows Registry Editor Version 5.00\r\n\r\n[{KEY}]\r\n\"Title\"=\"Grüße\"\r\n\r\n[{KEY}\\URLs\\1]\r\n\"URL\"=\"http://h/b.htm\"\r\n"
    );
    let units = || file.encode_utf16();
    let le: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = file
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1"))
        .collect();
    for (name, bytes) in [
        ("le", [b"\xff\xfe", le.as_slice()].concat()),
        ("no-bom", le.clone()),
        (
            "be",
            [
                &b"\xfe\xff"[..],
                &units().flat_map(u16::to_be_bytes).collect::<Vec<u8>>(),
            ]
            .concat(),
        ),
        ("utf8", file.clone().into_bytes()),
        ("utf8-bom", [b"\xef\xbb\xbf", file.as_bytes()].concat()),
        ("latin1", latin.clone()),
        (
            "regedit4",
            String::from_utf8_lossy(&latin)
                .replace("Windows Registry Editor Version 5.00", "REGEDIT4")
                .replace('\u{fffd}', "")
                .into_bytes(),
        ),
    ] {
        scene.write(name, bytes);
        let linted = scene.gsec(&["banner", "lint", name]).run().code(0);
        assert!(
            linted.stdout.starts_with(&format!("{name}: 4 notices")),
            "{linted}"
        );
        let shown = scene.gsec(&["banner", "show", name]).run().code(0);
        assert!(name == "regedit4" || shown.stdout.contains("Grüße"), "{shown}");
    }
    let piped = scene.gsec(&["banner", "lint", "-"]).stdin(file).run().code(0);
    assert!(piped.stdout.starts_with("-: 4 notices"), "{piped}");
    scene.gsec(&["banner", "lint", "none.reg"]).run().code(3);
}

#[test]
fn text_from_a_file_cannot_act_on_the_terminal() {
    let scene = Scene::empty();
    scene.write("x.reg", format!("REGEDIT4\n[{KEY}\\\u{1b}[2J]\n\"a\u{1b}[2J\"=\"\u{202e}\"\nodd \u{1b}[2J\n[{KEY}\\URLs\\1]\n\"URL\"=\"\u{1b}[2J%A%\"\n"));
    for command in ["lint", "show"] {
        let outcome = scene.gsec(&["banner", command, "x.reg"]).run();
        assert!(
            !outcome.stdout.contains(['\u{1b}', '\u{202e}']) && !outcome.stderr.contains('\u{1b}'),
            "{outcome}"
        );
    }
}

#[test]
fn json_says_what_the_text_says() {
    let scene = Scene::empty();
    scene.write("s.txt", SAMPLE);
    let document = scene
        .gsec(&["banner", "lint", "s.txt", "--json"])
        .run()
        .code(1)
        .json();
    let findings = document["files"][0]["findings"].as_array().expect("findings");
    let outcome = scene.gsec(&["banner", "lint", "s.txt"]).run().code(1);
    for found in findings {
        let (slug, message) = (
            found["slug"].as_str().expect("a slug"),
            found["message"].as_str().expect("a message"),
        );
        assert!(
            outcome.stdout.contains(slug) && outcome.stdout.contains(message),
            "{slug}: {outcome}"
        );
    }
    let blank = findings
        .iter()
        .find(|found| found["slug"] == "banner-url-blank")
        .expect("it is found");
    assert_eq!(
        (&blank["places"][0]["line"], &blank["places"][0]["column"]),
        (&2.into(), &68.into())
    );
}

/// With `GSEC_WINE=1`, and Wine installed: its own programs import the file, and export the same values.
#[test]
fn wine_imports_and_exports_the_same_values() {
    if std::env::var_os("GSEC_WINE").is_none() {
        return;
    }
    let scene = Scene::empty();
    let write = [
        "banner",
        "write",
        "--url",
        "http://h/b.htm",
        "--error-url",
        "%SystemRoot%\\Größe.htm",
        "--expand",
    ];
    let more = [
        "--title",
        "Say \"yes\" \\ €",
        "--for",
        "all",
        "--for",
        "44",
        "--out",
        "b.reg",
    ];
    scene.gsec(&write).args(&more).run().code(0);
    scene
        .gsec(&["banner", "write", "--remove", "--out", "r.reg"])
        .run()
        .code(0);
    let prefix = scene.dir.path("prefix");
    let wine = |args: &[&str]| {
        let call = common::tool("wine").args(args).in_dir(scene.dir.path(""));
        call.env("WINEPREFIX", &prefix)
            .env("WINEDEBUG", "-all")
            .env("DISPLAY", "")
            .run()
    };
    wine(&["regedit", "/S", "b.reg"]).code(0);
    let key = "HKLM\\SOFTWARE\\GCTI\\Unilogin\\Banner";
    wine(&["reg", "export", key, "exported.reg", "/y"]).code(0);
    let shown = |file: &str| scene.gsec(&["banner", "show", file]).run().code(0).stdout;
    assert_eq!(shown("exported.reg"), shown("b.reg"));
    wine(&["regedit", "/S", "r.reg"]).code(0);
    wine(&["reg", "query", key]).code(1);
}
