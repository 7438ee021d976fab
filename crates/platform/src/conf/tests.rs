//! Files with one fault each, and changes that keep every other byte.

use super::*;
use crate::text::Text;
use crate::transport::Fixes;

const DB_SERVER: &str = "# the port for clients without TLS\n[dbserver]\nhost = db1.example.com\nport = 4040\nmanagement-port = 4581\n\n\
    [dbserver-1]\nport = 4333\ntransport = tls=1;certificate=9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c\n\n\
    [log]\nverbose = standard\n";
const CONF_SERVER: &str = "[MyConfServ]\nport = 2020\nmanagement-port = 2021\nserver = db\n\n[db]\nhost = db1.example.com\n\
    port = 4333\nusername = user1\npassword = s3cret\n\
    transport = tls=1;certificate=9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c\n";

fn conf(content: impl AsRef<[u8]>) -> Conf {
    Conf::read(Text::decode(content.as_ref()))
}

fn file(name: &str, content: impl AsRef<[u8]>) -> ConfFile {
    ConfFile {
        name: name.into(),
        conf: conf(content),
        mode: Some(0o640),
    }
}

type Found = (&'static str, &'static str, usize, usize);

fn in_short(found: &[crate::finding::Finding]) -> Vec<Found> {
    let of_place = |finding: &crate::finding::Finding| {
        let place = finding.places.first();
        (
            finding.slug,
            &finding.severity.name()[..1],
            place.map_or(0, |place| place.line),
            place.map_or(0, |place| place.column),
        )
    };
    found
        .iter()
        .filter(|finding| finding.slug != "conf-restart")
        .map(of_place)
        .collect()
}

fn found(content: impl AsRef<[u8]>) -> Vec<Found> {
    in_short(&lint(&[file("a.cfg", content)])[0])
}

/// What is found beside what a right file of DB Server has.
fn found_beside(database: &str, server: &str) -> Vec<Found> {
    let all = lint(&[file("db.cfg", database), file("cs.cfg", server)]);
    assert_eq!(in_short(&all[0]), [], "{database}");
    in_short(&all[1])
}

#[test]
fn right_files_have_no_finding() {
    assert_eq!(found(DB_SERVER), []);
    assert_eq!(found(CONF_SERVER), []);
    assert_eq!(
        found_beside(DB_SERVER, CONF_SERVER),
        [("conf-certificate-host", "n", 7, 8)]
    );
    let dos = |text: &str| text.replace('\n', "\r\n").replace(" = ", "\t=\t");
    assert_eq!(found(dos(DB_SERVER)), []);
    assert_eq!(found(format!("\u{feff}{CONF_SERVER}")), []);
}

#[test]
fn kinds_are_told_by_content() {
    assert_eq!(ConfKind::of(&conf(DB_SERVER)), ConfKind::DbServer);
    assert_eq!(ConfKind::of(&conf("[DBServer-2]\nport=1\n")), ConfKind::DbServer);
    assert_eq!(ConfKind::of(&conf(CONF_SERVER)), ConfKind::ConfigurationServer);
    let named_alike = CONF_SERVER
        .replace("[db]", "[dbserver]")
        .replace("server = db", "server = dbserver");
    assert_eq!(ConfKind::of(&conf(&named_alike)), ConfKind::ConfigurationServer);
    assert_eq!(found(&named_alike), []);
    assert_eq!(found("[x]\na = b\n"), [("conf-kind", "n", 0, 0)]);
}

#[test]
fn sections_of_db_server() {
    let with = |name: &str| DB_SERVER.replace("dbserver-1", name);
    for (name, severity) in [
        ("dbserver-0", "e"),
        ("dbserver-00", "e"),
        ("dbserver-x", "e"),
        ("dbserver-", "e"),
        ("dbserver--1", "e"),
        ("dbserver-+1", "e"),
        ("dbserver-01", "w"),
    ] {
        assert_eq!(
            found(with(name)),
            [("conf-section-number", severity, 7, 2)],
            "{name}"
        );
    }
    assert_eq!(found(with("DBserver-12")), [("conf-case", "w", 7, 2)]);
    for (from, to, expected) in [
        ("port = 4040\n", "", vec![("conf-port-missing", "e", 2, 2)]),
        ("port = 4040", "port = 0", vec![("conf-port-range", "e", 4, 8)]),
        (
            "port = 4040",
            "port = 65536",
            vec![("conf-port-range", "e", 4, 8)],
        ),
        ("port = 4040", "port = 4o40", vec![("conf-port-range", "e", 4, 8)]),
        ("port = 4040", "Port = 4040", vec![("conf-case", "w", 4, 1)]),
        ("port = 4333", "port = 4581", vec![("conf-port-clash", "e", 8, 8)]),
        (
            "management-port = 4581",
            "management-port = 4040",
            vec![("conf-port-clash", "e", 5, 19)],
        ),
        (
            "port = 4333\n",
            "port = 4333\nPORT = 4334\n",
            vec![("conf-key-duplicate", "e", 9, 1), ("conf-case", "w", 9, 1)],
        ),
        (
            "[log]",
            "[DbServer]",
            vec![
                ("conf-section-duplicate", "e", 11, 2),
                ("conf-case", "w", 11, 2),
                ("conf-port-missing", "e", 11, 2),
            ],
        ),
        (
            "port = 4333\n",
            "",
            vec![
                ("conf-port-missing", "e", 7, 2),
                ("conf-transport-orphan", "w", 8, 1),
            ],
        ),
        (
            "port = 4040\n",
            "port = 4040\ntransport = tls=1;certificate=/c;trusted-ca=/d\n",
            vec![("conf-secured-default", "n", 5, 1)],
        ),
        ("[log]", "[log", vec![("conf-stray-line", "w", 11, 1)]),
        ("[log]", "hello", vec![("conf-stray-line", "w", 11, 1)]),
        ("# the", "x = 1\n# the", vec![("conf-stray-line", "w", 1, 1)]),
    ] {
        let changed = DB_SERVER.replace(from, to);
        assert_ne!(changed, DB_SERVER);
        assert_eq!(found(&changed), expected, "{to}");
    }
}

#[test]
fn transport_of_the_default_section_and_of_sections_without_port() {
    let content = DB_SERVER.replace(
        "port = 4040\n",
        "port = 4040\ntransport = tls=1; certificate=/c;trusted-ca=/d\n",
    );
    assert_eq!(
        found(content),
        [
            ("conf-secured-default", "n", 5, 1),
            ("transport-blank-before-name", "e", 5, 19)
        ]
    );
    let content = DB_SERVER.replace("[log]\n", "[log]\ntransport = tls=0\n");
    assert_eq!(found(content), [("conf-transport-orphan", "w", 12, 1)]);
}

#[test]
fn blanks_in_the_value_but_not_around_its_equals() {
    for (value, expected) in [
        ("tls=0", vec![]),
        ("   tls=0", vec![]),
        ("tls=0 ", vec![("transport-blank-before-semicolon", "e", 3, 18)]),
        ("tls=0; port=1", vec![("transport-blank-before-name", "e", 3, 19)]),
        ("transport=tls=0", vec![("transport-prefix", "e", 3, 13)]),
    ] {
        assert_eq!(
            found(format!("[dbserver]\nport = 1\ntransport = {value}\n")),
            expected,
            "{value}"
        );
    }
}

#[test]
fn thumbprint_over_several_lines() {
    let thumbprint = "9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c";
    for breaks in [vec![41], vec![20, 41], vec![2, 5]] {
        let mut broken = thumbprint.to_owned();
        breaks
            .iter()
            .for_each(|at| broken.replace_range(at..&(at + 1), "\n"));
        let content = DB_SERVER.replace(thumbprint, &broken);
        assert_eq!(found(&content), [("conf-wrapped", "e", 10, 1)], "{broken}");
        let fixed = fix(&conf(&content), Fixes::default()).expect("a fix");
        assert_eq!(fixed[0].joined, breaks.len());
        let changed = applied(content.as_bytes(), &fixed[0].change).expect("bytes");
        assert_eq!(String::from_utf8(changed).expect("text"), DB_SERVER);
    }
    // A line apart is no rest of it.
    let content = DB_SERVER.replace("[log]", "9a ab\n[log]");
    assert_eq!(found(content), [("conf-stray-line", "w", 11, 1)]);
}

#[test]
fn sections_that_configuration_server_names() {
    for (from, to, expected) in [
        (
            "server = db",
            "server = dbx",
            vec![("conf-server-section-missing", "e", 4, 10)],
        ),
        (
            "host = db1.example.com\n",
            "",
            vec![("conf-host-missing", "e", 6, 2)],
        ),
        (
            "port = 4333\n",
            "",
            vec![
                ("conf-port-missing", "e", 6, 2),
                ("conf-transport-orphan", "w", 10, 1),
            ],
        ),
        (
            "management-port = 2021",
            "management-port = 2020",
            vec![("conf-port-clash", "e", 3, 19)],
        ),
        // A port of another machine.
        ("port = 4333", "port = 2020", vec![]),
    ] {
        let changed = CONF_SERVER.replace(from, to);
        assert_ne!(changed, CONF_SERVER);
        assert_eq!(found(&changed), expected, "{to}");
    }
}

#[test]
fn two_servers_that_do_not_meet() {
    let names = ("conf-certificate-host", "n", 7, 8);
    for (database, server, expected) in [
        (
            "port = 4333",
            "port = 4334",
            vec![("conf-port-not-offered", "e", 8, 8)],
        ),
        (
            "port = 4333",
            "port = 4040",
            vec![("conf-one-end-secure", "e", 11, 1), names],
        ),
        (
            "host = db1.example.com",
            "host = db-host",
            vec![("conf-host-differs", "w", 7, 8), names],
        ),
        (
            "transport = tls=1",
            "transport = tls=0",
            vec![
                ("transport-tls-off", "w", 11, 13),
                ("conf-one-end-secure", "e", 11, 1),
            ],
        ),
    ] {
        assert_eq!(
            found_beside(DB_SERVER, &CONF_SERVER.replace(database, server)),
            expected,
            "{server}"
        );
    }
    let without = DB_SERVER.split("transport").next().expect("a part").to_owned();
    assert_eq!(
        found_beside(&without, CONF_SERVER),
        [("conf-one-end-secure", "e", 11, 1), names]
    );
    let local = DB_SERVER.replace("db1.example.com", "localhost");
    assert_eq!(
        found_beside(&local, CONF_SERVER),
        [("conf-host-differs", "w", 7, 8), names]
    );
}

#[test]
fn ports_that_are_offered_are_named_the_secure_one_first() {
    let server = CONF_SERVER.replace("port = 4333", "port = 9999");
    let all = lint(&[file("cs.cfg", server), file("db.cfg", DB_SERVER)]);
    let help = all[0][0].help.as_deref();
    assert_eq!(help, Some("its ports are 4333 (secure), 4040"));
}

#[test]
fn both_places_are_named_with_their_files() {
    let all = lint(&[
        file("db.cfg", DB_SERVER),
        file("cs.cfg", CONF_SERVER.replace("tls=1", "tls=0")),
    ]);
    let finding = all[1]
        .iter()
        .find(|one| one.slug == "conf-one-end-secure")
        .expect("found");
    let places: Vec<(&str, usize)> = finding
        .places
        .iter()
        .map(|place| (place.file.as_deref().expect("a file"), place.line))
        .collect();
    assert_eq!(places, [("cs.cfg", 11), ("db.cfg", 9)]);
}

#[test]
fn restart_is_said_where_something_must_be_changed() {
    let has_restart = |content: &str| {
        lint(&[file("a.cfg", content)])[0]
            .iter()
            .any(|finding| finding.slug == "conf-restart")
    };
    assert!(!has_restart(DB_SERVER));
    assert!(has_restart(&DB_SERVER.replace(";certificate", "; certificate")));
}

#[test]
fn password_that_others_can_read() {
    for (mode, is_found) in [(0o644, true), (0o604, true), (0o640, false), (0o600, false)] {
        let mut server = file("cs.cfg", CONF_SERVER);
        server.mode = Some(mode);
        let found = in_short(&lint(&[server])[0]);
        assert_eq!(
            found.contains(&("conf-password-readable", "w", 10, 1)),
            is_found,
            "{mode:o}"
        );
    }
    let mut database = file("db.cfg", DB_SERVER);
    database.mode = Some(0o644);
    assert_eq!(in_short(&lint(&[database])[0]), []);
}

#[test]
fn no_finding_shows_a_password() {
    for password in [
        "s3cret",
        "s3cret = x",
        "s3cret;transport=tls=1; port=2",
        "[s3cret]",
        "; s3cret",
        "s3cret # y",
    ] {
        for line in [
            "password",
            "Password",
            "PASSWORD\t",
            "dbpassword",
            "old_passwd",
            "pass\u{200b}word",
            "pasword",
            "password password",
        ] {
            for place in [
                "username = user1\n",
                "host = db1.example.com\n",
                "[db]\n",
                "server = db\n",
            ] {
                for end in [
                    "\n",
                    "\nS3CRET line\n",
                    "\ntransport = tls=1; password = s3cret\n",
                ] {
                    let with = format!("{line} = {password}{end}").replace("S3CRET", "s3cret");
                    let content = CONF_SERVER.replace(place, &format!("{place}{with}{with}"));
                    let mut own = file("cs.cfg", content);
                    own.mode = Some(0o644);
                    let all = lint(&[own, file("db.cfg", DB_SERVER)]);
                    let shown = format!("{all:?}");
                    assert!(!shown.contains("s3cret"), "{with:?}\n{shown}");
                }
            }
        }
    }
}

#[test]
fn latin1_is_said_once() {
    let content = [b"# \xe4\n".as_slice(), DB_SERVER.as_bytes()].concat();
    assert_eq!(found(content), [("conf-encoding", "n", 0, 0)]);
}

fn changed(content: &[u8], change: Result<Vec<Replacement>, ChangeError>) -> Vec<u8> {
    applied(content, &change.expect("a change")).expect("about this file")
}

#[test]
fn value_is_changed_and_changed_back_to_the_same_bytes() {
    let variants = [
        DB_SERVER.as_bytes().to_vec(),
        DB_SERVER.replace('\n', "\r\n").into_bytes(),
        DB_SERVER.replace(" = ", "\t =  ").into_bytes(),
        format!("\u{feff}{DB_SERVER}").into_bytes(),
        [b"# \xe4\xff\n".as_slice(), DB_SERVER.as_bytes()].concat(),
        DB_SERVER.trim_end().as_bytes().to_vec(),
        [
            vec![0xFF, 0xFE],
            DB_SERVER.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ]
        .concat(),
        DB_SERVER.replace("port = 4333", "port = 4333   ").into_bytes(),
        DB_SERVER
            .replace("port = 4333", "port =4333")
            .replace("\n\n", "\n\r\n")
            .into_bytes(),
    ];
    for content in variants {
        for (section, key, new) in [
            ("dbserver-1", "port", "5000"),
            ("DBSERVER", "host", "ä.example"),
            ("log", "verbose", "all"),
        ] {
            let read = conf(&content);
            let old = read
                .section(section)
                .and_then(|found| found.value(key))
                .expect("a value")
                .to_owned();
            let there = changed(&content, set(&read, section, key, new));
            assert_ne!(there, content);
            assert_eq!(
                conf(&there).section(section).and_then(|found| found.value(key)),
                Some(new)
            );
            let back = changed(&there, set(&conf(&there), section, key, &old));
            assert!(back == content, "{}", String::from_utf8_lossy(&back));
        }
    }
}

#[test]
fn new_keys_and_sections_stand_where_they_belong() {
    let with = |content: &str, section: &str, key: &str| {
        String::from_utf8(changed(
            content.as_bytes(),
            set(&conf(content), section, key, "v"),
        ))
        .expect("text")
    };
    assert_eq!(
        with("[a]\r\nx=1\r\n\r\n[b]\r\n", "a", "k"),
        "[a]\r\nx=1\r\nk=v\r\n\r\n[b]\r\n"
    );
    assert_eq!(with("[a]\nx\t= 1\n", "a", "k"), "[a]\nx\t= 1\nk\t= v\n");
    assert_eq!(with("[a]\nx = 1", "a", "k"), "[a]\nx = 1\nk = v");
    assert_eq!(with("[a]\n[b]\n", "a", "k"), "[a]\nk = v\n[b]\n");
    assert_eq!(with("[a]\nx = 1", "b", "k"), "[a]\nx = 1\n\n[b]\nk = v\n");
    assert_eq!(with("", "b", "k"), "[b]\nk = v\n");
    for (content, section) in [
        ("[a]\r\nx=1\r\n\r\n[b]\r\n", "a"),
        ("[a]\n[b]\n", "a"),
        ("[a]\nx = 1\n", "a"),
    ] {
        let there = with(content, section, "k");
        let back = changed(there.as_bytes(), unset(&conf(&there), section, "k"));
        assert_eq!(String::from_utf8(back).expect("text"), content);
    }
}

#[test]
fn what_would_be_guessed_or_read_otherwise_is_refused() {
    let twice = conf("[a]\nx=1\nX=2\n[b]\n[B]\n");
    assert!(matches!(
        set(&twice, "b", "k", "v"),
        Err(ChangeError::Ambiguous {
            what: "section",
            count: 2,
            ..
        })
    ));
    assert!(matches!(
        set(&twice, "a", "x", "v"),
        Err(ChangeError::Ambiguous {
            what: "key",
            count: 2,
            ..
        })
    ));
    assert!(matches!(
        unset(&twice, "a", "y"),
        Err(ChangeError::NotFound { what: "key", .. })
    ));
    assert!(matches!(
        unset(&twice, "c", "y"),
        Err(ChangeError::NotFound { what: "section", .. })
    ));
    for value in ["", "a\nb", "a\rb", "a\0b", "a\u{1b}b", " a", "a\u{a0}"] {
        assert!(
            matches!(
                set(&twice, "a", "k", value),
                Err(ChangeError::Unwritable { what: "value", .. })
            ),
            "{value:?}"
        );
    }
    for key in ["", "a=b", ";a", "#a", "[a", "a\nb", " a"] {
        assert!(
            matches!(
                set(&twice, "a", key, "v"),
                Err(ChangeError::Unwritable { what: "key", .. })
            ),
            "{key:?}"
        );
    }
    for section in ["", "a]", "[a", "a\nb"] {
        assert!(
            matches!(
                set(&twice, section, "k", "v"),
                Err(ChangeError::Unwritable { what: "section", .. })
            ),
            "{section:?}"
        );
    }
    let latin = conf(b"[a]\nx=\xe4\n");
    assert!(matches!(
        set(&latin, "a", "x", "東"),
        Err(ChangeError::Encoding { character: '東', .. })
    ));
    assert_eq!(
        changed(b"[a]\nx=\xe4\n", set(&latin, "a", "x", "ö")),
        b"[a]\nx=\xf6\n"
    );
}

#[test]
fn setting_a_broken_thumbprint_takes_its_rest_along() {
    let content = "[a]\nport=1\ntransport=tls=1;certificate=9a ab\ndb c4\nx=1\n";
    assert_eq!(
        changed(content.as_bytes(), set(&conf(content), "a", "transport", "tls=0")),
        b"[a]\nport=1\ntransport=tls=0\nx=1\n"
    );
    assert_eq!(
        changed(content.as_bytes(), unset(&conf(content), "a", "transport")),
        b"[a]\nport=1\nx=1\n"
    );
}

#[test]
fn any_bytes_are_read() {
    for content in [
        b"".as_slice(),
        b"\xff\xfe",
        b"[",
        b"]",
        b"=",
        b"[]\n=\n",
        b"\xff\xfe[\x00",
        b"\xef\xbb\xbf",
        b"[a]\n\x00=\x00\n",
    ] {
        lint(&[file("a", content), file("b", content)]);
        let _ = fix(&conf(content), Fixes::default());
    }
}

/// Files with random faults, the same ones each time. The line of the password stays as it is.
fn random_files(count: usize) -> impl Iterator<Item = Vec<u8>> {
    const PIECES: [&[u8]; 24] = [
        b"=",
        b";",
        b"[",
        b"]",
        b"\n",
        b"\r\n",
        b" ",
        b"\t",
        b"\xff",
        b"\0",
        b"\xc2\xa0",
        b"\xe2\x80\x8e",
        b"#",
        b"transport",
        b"port",
        b"dbserver-",
        b"server",
        b"9a ab\n",
        b"tls=1",
        b"\"",
        b"0",
        b"65536",
        b"host",
        b"\xef\xbb\xbf",
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("below a small number")
    };
    (0..count).map(move |number| {
        let sample = if number % 2 == 0 { CONF_SERVER } else { DB_SERVER };
        let mut lines: Vec<Vec<u8>> = sample
            .split_inclusive('\n')
            .map(|line| line.as_bytes().to_vec())
            .collect();
        for _ in 0..=next(6) {
            let chosen = next(lines.len());
            let other = lines[(chosen + 1) % lines.len()].clone();
            let line = &mut lines[chosen];
            if line.starts_with(b"password") {
                continue;
            }
            let at = next(line.len() + 1);
            match next(4) {
                0 => line.truncate(at),
                1 => *line = other,
                _ => drop(line.splice(at..at, PIECES[next(PIECES.len())].iter().copied())),
            }
            if lines[chosen].last() != Some(&b'\n') {
                lines[chosen].push(b'\n');
            }
        }
        lines.concat()
    })
}

#[test]
fn files_with_random_faults_are_read_fixed_once_and_show_no_password() {
    for content in random_files(1_500) {
        let mut one = file("a.cfg", &content);
        one.mode = Some(0o644);
        let found = lint(&[one, file("b.cfg", DB_SERVER)]);
        assert!(
            !format!("{found:?}").contains("s3cret"),
            "{}",
            String::from_utf8_lossy(&content)
        );
        let change = |content: &[u8]| {
            let fixed = fix(&conf(content), Fixes::default()).expect("a fix");
            let change: Vec<Replacement> = fixed.into_iter().flat_map(|one| one.change).collect();
            applied(content, &change).expect("about this file")
        };
        let once = change(&content);
        assert_eq!(change(&once), once, "{}", String::from_utf8_lossy(&content));
        let read = conf(&content);
        for section in &read.sections {
            for key in &section.keys {
                let Ok(there) = set(&read, &section.name, &key.name, "new") else {
                    continue;
                };
                let there = applied(&content, &there).expect("about this file");
                let now = conf(&there);
                let value = now
                    .section(&section.name)
                    .and_then(|section| section.value(&key.name));
                assert_eq!(value, Some("new"), "{}", String::from_utf8_lossy(&content));
                // A broken thumbprint is not put back in two lines. A file without its last character beyond ASCII says no more how it
                // was written.
                let is_as_before = now.text.encoding == read.text.encoding;
                if key.value.is_empty() || !key.continuation.is_empty() || !is_as_before {
                    continue;
                }
                let Ok(back) = set(&now, &section.name, &key.name, &key.value) else {
                    continue;
                };
                assert_eq!(applied(&there, &back).expect("about this file"), content);
            }
        }
    }
}

#[test]
fn error_behind_thousands_of_other_findings_is_kept_and_the_rest_is_counted() {
    for (many, errors) in [("stray\n", 1), ("port2=1\n", 4412)] {
        let content = format!("[a]\n{}[b]\nport=0\n", many.repeat(4412));
        let found = &lint(&[file("a.cfg", &content)])[0];
        assert_eq!((found.len(), found.errors()), (1000, errors), "{many}");
        assert!(found.left_out().total() >= 3412, "{many}");
    }
    let servers: String = (0..150)
        .map(|number| {
            format!(
                "[s{number}]\nserver=d{number}\n[d{number}]\nhost=h\nport={}\n",
                number + 1
            )
        })
        .collect();
    let all = lint(&[file("cs.cfg", &servers), file("db.cfg", DB_SERVER)]);
    assert!(
        all[0]
            .iter()
            .any(|finding| finding.slug == "conf-too-many" && finding.seen.contains("50 more"))
    );
}

/// Each fault has an excerpt of its line, and of the first of its name, which may be long.
#[test]
fn large_files_with_a_fault_in_each_line() {
    let long = "x".repeat(200_000);
    for content in [
        format!("[a]\n{long}=1\n{}", format!("{long}=1\n").repeat(3)),
        format!("[a]\ntransport={long}\n{}", "transport=tls=1\n".repeat(4_000)),
        format!("[a]\nport=1\ntransport=tls=1\n{}", "9a\n".repeat(20_000)),
        format!("[a]\n{}", "server=a\n".repeat(20_000)),
        "[a]\nserver=b\n".repeat(4_000),
        "x\n".repeat(20_000) + "[a]\nb=1\n",
    ] {
        assert!(!lint(&[file("a.cfg", &content)])[0].is_empty());
    }
}

#[test]
fn file_that_ends_in_half_a_character_is_not_changed() {
    let utf16: Vec<u8> = "[a]\nb=1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&[0xFF, 0xFE][..], &utf16].concat();
    let change = |bytes: &[u8]| set(&Conf::read(Text::decode(bytes)), "new", "key", "1");
    assert!(change(&marked).is_ok());
    let cut = [&marked[..], b"x"].concat();
    assert!(matches!(change(&cut), Err(ChangeError::HalfCharacter { .. })));
}
