//! A revocation is never forgotten: whatever people and programs do to ca.db, to the cache beside it, or to the clock.

use crate::common;

use common::{Call, Outcome, Scene, tool};
use serde_json::Value;

const INDEX: &str = "gsec-ca/ca_conf/ca.db";
const CRL: &str = "gsec-ca/ca_conf/ca_crl.pem";
const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";
const ISSUED_AT: &str = "2026-06-01 12:00:00";
const EARLIER: &str = "2025-06-01 12:00:00";

/// A CA that has issued for db1 to db4, serials 01 to 04.
fn four_hosts() -> Scene {
    let scene = Scene::with_ca();
    (1..=4).for_each(|number| {
        drop(
            scene
                .issue(&format!("db{number}.example.com"), &["--no-pfx"])
                .run()
                .ok(),
        )
    });
    scene
}

/// Puts a line in the place of that of serial 02, made from its expiry and subject.
fn edit_second(scene: &Scene, line: &str) {
    let index = scene.read(INDEX);
    let second = index.lines().nth(1).expect("four records").to_owned();
    let expiry = second.split('\t').nth(1).expect("an expiry").to_owned();
    scene.write(INDEX, index.replace(&second, &line.replace("EXPIRY", &expiry)));
}

/// The serial numbers in the CRL, as OpenSSL reads it.
fn listed(scene: &Scene) -> Vec<String> {
    let text = scene.openssl(&["crl", "-in", CRL, "-noout", "-text"]).stdout;
    text.lines()
        .filter_map(|line| Some(line.trim().strip_prefix("Serial Number: ")?.to_owned()))
        .collect()
}

fn update(scene: &Scene) -> Value {
    scene.gsec(&["crl", "update", "--json"]).run().ok().json()
}

fn warning_codes(document: &Value) -> Vec<&str> {
    document["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .filter_map(|warning| warning["code"].as_str())
        .collect()
}

/// gsec under another clock.
fn at(scene: &Scene, time: &str, args: &[&str]) -> Call {
    let gsec = env!("CARGO_BIN_EXE_gsec");
    tool("faketime")
        .args(&[&["-f", time, gsec][..], args].concat())
        .in_dir(scene.dir.path(""))
        .env("TZ", "UTC")
}

fn findings(scene: &Scene) -> Vec<(String, Value)> {
    let report = scene.gsec(&["doctor", "gsec-ca", "--json"]).run();
    let document = report.json();
    let found = document["targets"][0]["findings"]
        .as_array()
        .expect("findings")
        .iter();
    found
        .map(|finding| {
            (
                finding["slug"].as_str().unwrap_or_default().to_owned(),
                finding.clone(),
            )
        })
        .collect()
}

fn slugs(scene: &Scene) -> Vec<String> {
    findings(scene).into_iter().map(|(slug, _)| slug).collect()
}

/// Hand-edited lines of a revoked serial 02, and whether `openssl ca -gencrl` refuses the file.
const REVOKED_LINES: &[(&str, &str, bool)] = &[
    ("no date", "R\tEXPIRY\t\t02\tunknown\t/CN=db2.example.com", true),
    (
        "a date as people write it",
        "R\tEXPIRY\t2026-01-01\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "words for a date",
        "R\tEXPIRY\tyesterday\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "an unknown reason",
        "R\tEXPIRY\t260101120000Z,sunspots\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a year of four digits",
        "R\tEXPIRY\t20260101120000Z\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a date without Z",
        "R\tEXPIRY\t260101120000\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a day that does not exist",
        "R\tEXPIRY\t260230120000Z\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a reason that OpenSSL does not know",
        "R\tEXPIRY\t260101120000Z,privilegeWithdrawn\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a compromise that OpenSSL does not know",
        "R\tEXPIRY\t260101120000Z,aACompromise\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "the time of a compromise with two digits of the year",
        "R\tEXPIRY\t260101120000Z,keyTime,261101000000Z\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "no time of a compromise",
        "R\tEXPIRY\t260101120000Z,CAkeyTime\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "the time of a compromise as OpenSSL writes it",
        "R\tEXPIRY\t260101120000Z,keyTime,20260101120000Z\t02\tunknown\t/CN=db2.example.com",
        false,
    ),
    (
        "a column is missing",
        "R\tEXPIRY\t260101120000Z\t02\t/CN=db2.example.com",
        true,
    ),
    (
        "the date's column is missing",
        "R\tEXPIRY\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a column too many",
        "R\tEXPIRY\t260101120000Z\t02\tunknown\t/CN=db2.example.com\tx",
        true,
    ),
    (
        "blanks for tabs",
        "R EXPIRY 260101120000Z 02 unknown /CN=db2.example.com",
        true,
    ),
    (
        "a bad expiry",
        "R\tsoon\t260101120000Z\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a status in words",
        "Revoked\tEXPIRY\t260101120000Z\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a short serial number",
        "R\tEXPIRY\t260101120000Z\t2\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a long serial number",
        "R\tEXPIRY\t260101120000Z\t0002\tunknown\t/CN=db2.example.com",
        false,
    ),
    (
        "a byte order mark",
        "\u{feff}R\tEXPIRY\t260101120000Z\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a blank that does not break",
        "\u{a0}R\tEXPIRY\t260101120000Z\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a zero byte",
        "\0R\tEXPIRY\t260101120000Z\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a hyphen",
        "-R\tEXPIRY\tyesterday\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "another letter",
        "xR\tEXPIRY\t260101120000Z\t02\tunknown\t/CN=db2.example.com",
        true,
    ),
    (
        "a carriage return",
        "R\tEXPIRY\t260101120000Z\t02\tunknown\t/CN=db2.example.com\r",
        false,
    ),
];

/// The audit log as it was, which tells of nothing that a test does afterwards.
struct LogCopy([String; 2]);

impl LogCopy {
    const FILES: [&str; 2] = ["gsec-ca/ca_conf/audit.log", "gsec-ca/ca_conf/audit.head"];

    fn of(scene: &Scene) -> Self {
        Self(Self::FILES.map(|file| scene.read(file)))
    }

    fn put_back(&self, scene: &Scene) {
        Self::FILES
            .iter()
            .zip(&self.0)
            .for_each(|(file, content)| scene.write(file, content));
    }
}

#[test]
fn whatever_is_wrong_with_a_revoked_line_every_command_knows_that_it_is_revoked() {
    let scene = four_hosts();
    let (sound, log) = (scene.read(INDEX), LogCopy::of(&scene));
    for (what, line, openssl_refuses) in REVOKED_LINES {
        scene.write(INDEX, &sound);
        log.put_back(&scene);
        let _ = std::fs::remove_file(scene.dir.path(CRL));
        edit_second(&scene, line);
        let edited = scene.read(INDEX);
        let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
        let of_second: Vec<&Value> = list["certificates"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|one| one["serial"] == "02")
            .collect();
        assert!(
            of_second.len() == 1 && of_second[0]["status"] == "revoked",
            "{what}: {list:#}"
        );
        let updated = update(&scene);
        assert_eq!(
            (listed(&scene), &updated["revoked"]),
            (vec!["02".to_owned()], &1.into()),
            "{what}"
        );
        let is_flawed = slugs(&scene).contains(&"index-bad-lines".to_owned());
        assert_eq!(
            warning_codes(&updated).contains(&"flawed_revocations"),
            is_flawed,
            "{what}: {updated:#}"
        );
        assert_eq!(
            !list["damaged_lines"].as_array().expect("a list").is_empty(),
            is_flawed,
            "{what}"
        );
        let again = scene.gsec(&["cert", "revoke", "02", "--json"]).run().ok().json();
        assert_eq!(
            (&again["changed"], &again["certificates"][0]["status"]),
            (&false.into(), &"revoked".into()),
            "{what}"
        );
        scene
            .gsec(&["cert", "renew", "02"])
            .run()
            .code(3)
            .says("is revoked");
        assert_eq!(
            scene.read(INDEX),
            edited,
            "{what}: nothing has rewritten the line"
        );
        let gencrl = || {
            common::openssl(&[
                "ca",
                "-config",
                "ca_conf/ca.conf",
                "-gencrl",
                "-out",
                "../theirs.pem",
            ])
            .in_dir(scene.dir.path("gsec-ca"))
            .run()
        };
        // What OpenSSL refuses, gsec says is damaged; the other way round gsec may be stricter.
        assert!(gencrl().status == Some(0) || is_flawed, "{what}: {}", gencrl());
        assert!(
            *openssl_refuses || gencrl().status == Some(0),
            "{what}: {}",
            gencrl()
        );
        // A reason that nobody knows only a person can correct.
        if is_flawed && !line.contains("sunspots") {
            scene
                .gsec(&["doctor", "gsec-ca", "--only", "index-bad-lines", "--fix", "--yes"])
                .run();
            assert!(
                !slugs(&scene).contains(&"index-bad-lines".to_owned()),
                "{what}: {}",
                scene.read(INDEX)
            );
            assert_eq!(
                gencrl().status,
                Some(0),
                "{what}: {}\n{}",
                gencrl(),
                scene.read(INDEX)
            );
            assert_eq!(update(&scene)["revoked"], 1, "{what}");
            assert_eq!(listed(&scene), ["02"], "{what}");
        }
        scene.gsec(&["cert", "revoke", "03"]).run().ok();
        assert_eq!(
            listed(&scene),
            ["02", "03"],
            "{what}: a further revocation keeps it"
        );
    }
}

#[test]
fn bytes_that_are_no_utf_8_are_read_by_every_command_and_survive_every_change() {
    let scene = four_hosts();
    let latin = |line: &[u8]| [line, b"\n"].concat();
    let mut index = scene.read_bytes(INDEX);
    index.extend(latin(
        b"R\t301231235959Z\t260101120000Z\t0a\tunknown\t/CN=h\xe9.example.com",
    ));
    index.extend(latin(b"V\t301231235959Z\t\t0b\tunknown\t/CN=h\xfc.example.com"));
    index.extend(
        [
            &b"# "[..],
            &[b'x'; 70_000],
            b"\tV\t301231235959Z\t\t0C\tunknown\t/CN=c\n",
        ]
        .concat(),
    );
    scene.write(INDEX, &index);
    let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
    assert_eq!(
        (
            list["certificates"].as_array().map(Vec::len),
            &list["damaged_lines"]
        ),
        (Some(6), &Value::Array(Vec::new()))
    );
    assert_eq!(list["certificates"][4]["subject"], "/CN=h\\xE9.example.com");
    update(&scene);
    assert_eq!(listed(&scene), ["0A"]);
    scene
        .gsec(&["cert", "revoke", "--serial", "0B", "--json"])
        .run()
        .ok();
    assert_eq!(listed(&scene), ["0A", "0B"]);
    scene
        .gsec(&["cert", "revoke", "--serial", "0C"])
        .run()
        .code(3)
        .says("0C");
    let after = scene.read_bytes(INDEX);
    let start = after
        .windows(2)
        .position(|window| window == b"\xfc.")
        .expect("the byte is as it was");
    assert_eq!(
        after[start..],
        index[index
            .windows(2)
            .position(|window| window == b"\xfc.")
            .expect("it was there")..]
    );
    assert!(
        after.windows(9).any(|window| window == b"\t0b\tunkno"),
        "the spelling of the serial number too"
    );
}

#[test]
fn a_revocation_without_a_serial_number_stops_every_crl_and_the_way_out_works() {
    let scene = four_hosts();
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    edit_second(
        &scene,
        "R\tEXPIRY\t260101120000Z\t0O2\tunknown\t/CN=db2.example.com",
    );
    let before = scene.read(CRL);
    let refused = scene.gsec(&["crl", "update"]).run().code(3);
    assert!(
        refused
            .stderr
            .contains("line 2 of `gsec-ca/ca_conf/ca.db` revokes a certificate"),
        "{refused}"
    );
    let revoked = scene.gsec(&["cert", "revoke", "04"]).run().code(3);
    assert!(
        revoked.stderr.contains("line 2") && revoked.stderr.contains("the change is made"),
        "{revoked}"
    );
    assert_eq!(scene.read(CRL), before);
    let (_, finding) = findings(&scene)
        .into_iter()
        .find(|(slug, _)| slug == "index-bad-lines")
        .expect("a finding");
    assert_eq!(finding["severity"], "error");
    assert!(
        !finding.to_string().contains("s/^/#/"),
        "nobody is told to make a comment of it: {finding:#}"
    );
    scene.edit(INDEX, "\t0O2\t", "\t02\t");
    assert_eq!(update(&scene)["revoked"], 3);
}

#[test]
fn what_doctor_tells_to_type_loses_no_revocation() {
    let scene = four_hosts();
    edit_second(&scene, "R\tEXPIRY\t2026-01-01\t02\tunknown\t/CN=db2.example.com");
    scene.edit(INDEX, "\t\t03\tunknown", "\t260101120000Z\t03");
    let index = scene
        .read(INDEX)
        .lines()
        .map(|line| if line.contains("\t03\t") { line.replacen('V', "R", 1) } else { line.to_owned() } + "\n")
        .collect::<String>();
    scene.write(INDEX, index);
    for slug in [
        "certificate-without-record",
        "index-bad-lines",
        "ca-crl-missing",
        "ca-crl-incomplete",
        "revocation-lost",
    ] {
        scene
            .gsec(&["doctor", "gsec-ca", "--only", slug, "--fix", "--yes"])
            .run();
    }
    let revoked = scene
        .gsec(&["cert", "list", "--status", "revoked", "--json"])
        .run()
        .ok()
        .json();
    let serials: Vec<&str> = revoked["certificates"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["serial"].as_str())
        .collect();
    assert_eq!(serials, ["02", "03"], "{}", scene.read(INDEX));
    assert_eq!(listed(&scene), ["02", "03"]);
    assert!(
        scene.read(INDEX).contains("\t260101000000Z\t02\t"),
        "the date was understood: {}",
        scene.read(INDEX)
    );
}

#[test]
fn a_revocation_that_somebody_made_a_comment_of_is_found_and_recorded_again() {
    let scene = four_hosts();
    scene
        .gsec(&[
            "cert",
            "revoke",
            "02",
            "03",
            "--no-crl",
            "--reason",
            "keyCompromise",
        ])
        .run()
        .ok();
    // 02 as a comment, with a valid record besides; 03 as a comment alone. The audit log says nothing.
    let (mut lines, valid) = (
        scene.read(INDEX),
        scene.read(INDEX).lines().nth(1).expect("02").to_owned(),
    );
    lines = lines.replace("R\t", "#R\t");
    let columns: Vec<&str> = valid.split('\t').collect();
    lines.push_str(&format!("V\t{}\t\t02\tunknown\t{}\n", columns[1], columns[5]));
    scene.write(INDEX, lines);
    let _ = std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/audit.log"));
    assert!(
        slugs(&scene).contains(&"revocation-lost".to_owned())
            && slugs(&scene).contains(&"certificate-without-record".to_owned())
    );
    for slug in ["certificate-without-record", "revocation-lost"] {
        scene
            .gsec(&["doctor", "gsec-ca", "--only", slug, "--fix", "--yes"])
            .run();
    }
    update(&scene);
    let mut serials = listed(&scene);
    serials.sort();
    assert_eq!(serials, ["02", "03"], "{}", scene.read(INDEX));
}

#[test]
fn a_crl_keeps_what_ca_db_has_lost_and_says_so_but_not_a_hold_that_was_taken_back() {
    let scene = four_hosts();
    scene.gsec(&["cert", "revoke", "01", "02"]).run().ok();
    scene
        .gsec(&["cert", "revoke", "03", "--reason", "certificateHold"])
        .run()
        .ok();
    let index: String = scene
        .read(INDEX)
        .lines()
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect();
    scene.write(INDEX, index);
    let updated = update(&scene);
    assert_eq!(
        (warning_codes(&updated), listed(&scene).contains(&"01".to_owned())),
        (vec!["kept_in_crl"], true),
        "{updated:#}"
    );
    scene.gsec(&["cert", "unhold", "03"]).run().ok();
    assert!(!listed(&scene).contains(&"03".to_owned()));
}

#[test]
fn of_two_lines_of_a_serial_number_the_revoked_one_counts() {
    let scene = four_hosts();
    let second = scene.read(INDEX).lines().nth(1).expect("02").to_owned();
    scene.gsec(&["cert", "revoke", "02", "--no-crl"]).run().ok();
    scene.write(INDEX, scene.read(INDEX) + &second + "\n");
    let shown = scene.gsec(&["cert", "renew", "02"]).run().code(3);
    assert!(shown.stderr.contains("is revoked"), "{shown}");
    let ensured = scene
        .gsec(&[
            "cert",
            "ensure",
            "--host",
            "db2.example.com",
            "--key-type",
            "p256",
            "--no-pfx",
            "--check",
            "--json",
        ])
        .run()
        .code(1)
        .json();
    assert_eq!(ensured["reasons"][0]["code"], "revoked", "{ensured:#}");
    update(&scene);
    assert_eq!(listed(&scene), ["02"]);
}

/// How often a call opens ca.db.
fn readings(scene: &Scene, args: &[&str]) -> usize {
    scene
        .gsec(args)
        .through(tool("strace").args(&["-f", "-qq", "-e", "trace=open,openat", "-o", "opened"]))
        .run();
    scene
        .read("opened")
        .lines()
        .filter(|line| line.contains("/ca.db\"") && !line.contains("ENOENT"))
        .count()
}

#[test]
fn ca_db_is_read_once_for_all_certificates_of_a_file() {
    let scene = four_hosts();
    scene.gsec(&["cert", "revoke", "04"]).run().ok();
    let all: String = (1..=4)
        .map(|number| scene.read(&format!("gsec-ca/repository/{number:02}.pem")))
        .collect();
    scene.write("all.pem", all);
    for command in ["verify", "show"] {
        assert_eq!(
            readings(&scene, &["cert", command, "gsec-ca/repository/01.pem"]),
            1,
            "cert {command}, one certificate"
        );
        assert_eq!(
            readings(&scene, &["cert", command, "all.pem"]),
            1,
            "cert {command}, four certificates"
        );
    }
}

#[test]
fn duplicate_lines_that_no_command_may_touch_are_left_to_the_fix_of_damaged_lines() {
    let scene = four_hosts();
    let first = row(&scene, 1);
    scene.write(
        INDEX,
        format!(
            "{}\tmore\n{}",
            revoked_row(&first, "260101120000Z,keyCompromise"),
            scene.read(INDEX)
        ),
    );
    let fixes = [
        "index-duplicate-serials",
        "index-bad-lines",
        "index-duplicate-serials",
    ];
    for slug in fixes {
        scene
            .gsec(&["doctor", "gsec-ca", "--only", slug, "--fix", "--yes"])
            .run();
    }
    let index = scene.read(INDEX);
    let of_first: Vec<&str> = index
        .lines()
        .filter(|line| !line.starts_with('#') && line.contains("\t01\t"))
        .collect();
    assert!(
        of_first.len() == 1
            && of_first[0].starts_with("R\t")
            && of_first[0].contains("260101120000Z,keyCompromise"),
        "{index}"
    );
    assert!(index.contains(&format!("#{first}\n")), "{index}");
}

#[test]
fn a_crl_begins_at_none_of_its_revocations_and_never_before_the_last_one() {
    let scene = four_hosts();
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    let shown = |scene: &Scene| scene.gsec(&["crl", "show", "--json"]).run().ok().json();
    let first = shown(&scene);
    let time = |value: &Value| value.as_str().expect("a time").to_owned();
    assert!(
        first["revoked"]
            .as_array()
            .expect("entries")
            .iter()
            .all(|entry| time(&entry["revoked_at"]) <= time(&first["this_update"])),
        "{first:#}"
    );
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
        .run()
        .ok();
    let second = shown(&scene);
    scene.gsec(&["cert", "unhold", "02"]).run().ok();
    assert!(
        time(&shown(&scene)["this_update"]) >= time(&second["this_update"])
            && time(&second["this_update"]) >= time(&first["this_update"])
    );
    // A date of revocation in the future is listed as of now.
    scene.edit(INDEX, "\t\t03\t", "\t400101000000Z\t03\t");
    let index = scene
        .read(INDEX)
        .lines()
        .map(|line| if line.contains("\t03\t") { line.replacen('V', "R", 1) } else { line.to_owned() } + "\n")
        .collect::<String>();
    scene.write(INDEX, index);
    assert_eq!(warning_codes(&update(&scene)), ["flawed_revocations"]);
    let last = shown(&scene);
    assert!(
        last["revoked"]
            .as_array()
            .expect("entries")
            .iter()
            .all(|entry| time(&entry["revoked_at"]) <= time(&last["this_update"])),
        "{last:#}"
    );
}

/// What a CA without an audit log, and one without a CRL, still know of the time.
#[test]
fn a_crl_never_goes_back_in_time_and_nothing_is_revoked_under_a_clock_that_did() {
    for missing in [None, Some("gsec-ca/ca_conf/audit.log"), Some(CRL)] {
        let scene = Scene::empty();
        at(
            &scene,
            ISSUED_AT,
            &[
                "ca",
                "init",
                "--cn",
                "Test CA",
                "--key-type",
                "p256",
                "--not-after",
                "2036-01-01T00:00:00Z",
            ],
        )
        .run()
        .ok();
        let issue = |time: &str, host: &str| {
            at(
                &scene,
                time,
                &["cert", "issue", "--host", host, "--key-type", "p256", "--no-pfx"],
            )
        };
        issue(ISSUED_AT, "db1.example.com").run().ok();
        issue(ISSUED_AT, "db2.example.com").run().ok();
        at(&scene, ISSUED_AT, &["cert", "revoke", "01"]).run().ok();
        missing
            .iter()
            .for_each(|file| std::fs::remove_file(scene.dir.path(file)).expect("it was there"));
        let (before, number) = (
            missing.is_none().then(|| scene.read(CRL)),
            scene.read("gsec-ca/ca_conf/crl.num"),
        );
        let refused = at(&scene, EARLIER, &["crl", "update"]).run().code(3);
        assert!(
            refused.stderr.contains("2025-06-01")
                && refused.stderr.contains("2026-06-01")
                && refused.stderr.contains("--allow-earlier"),
            "{refused}"
        );
        at(&scene, EARLIER, &["crl", "update", "--dry-run"]).run().code(3);
        let refused = at(&scene, EARLIER, &["cert", "revoke", "02", "--json"])
            .run()
            .code(3);
        assert_eq!(refused.error()["code"], "authority.clock_behind", "{refused}");
        assert!(
            before.is_none_or(|before| before == scene.read(CRL))
                && number == scene.read("gsec-ca/ca_conf/crl.num"),
            "the CRL is as it was"
        );
        let list = scene
            .gsec(&["cert", "list", "--status", "revoked", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(
            list["certificates"].as_array().map(Vec::len),
            Some(1),
            "nothing was changed under a wrong clock"
        );
        let doctor: Outcome = at(&scene, EARLIER, &["doctor", "gsec-ca"]).run().code(1);
        assert!(
            doctor.stdout.contains("clock-behind") && doctor.stdout.contains("2026-06-01"),
            "{doctor}"
        );
        let made = at(&scene, EARLIER, &["crl", "update", "--allow-earlier", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(
            (&made["revoked"], warning_codes(&made).contains(&"clock_behind")),
            (&1.into(), true),
            "{made:#}"
        );
        // What has the other time is settled by that.
        at(&scene, EARLIER, &["cert", "revoke", "02"]).run().ok();
        assert!(made["number"].as_str() > Some("00"));
        at(&scene, ISSUED_AT, &["crl", "update"]).run().ok();
    }
}

#[test]
fn nothing_is_issued_under_a_clock_that_went_back() {
    let scene = Scene::empty();
    at(
        &scene,
        EARLIER,
        &["ca", "init", "--cn", "Test CA", "--key-type", "p256"],
    )
    .run()
    .ok();
    let issue = |time: &str| {
        at(
            &scene,
            time,
            &[
                "cert",
                "issue",
                "--host",
                "db1.example.com",
                "--key-type",
                "p256",
                "--json",
            ],
        )
        .run()
    };
    assert!(warning_codes(&issue(ISSUED_AT).ok().json()).is_empty());
    let before = scene.tree();
    assert_eq!(issue(EARLIER).code(3).error()["code"], "authority.clock_behind");
    scene.tree().keeps(&before, &[]);
}

/// A CSR for z.example.com, signed as serial 01 and revoked as compromised; its key is in `z_priv_key.pem`.
fn compromised() -> Scene {
    let scene = Scene::with_ca();
    scene
        .gsec(&["cert", "request", "--host", "z.example.com", "--key-type", "p256"])
        .run()
        .ok();
    scene
        .gsec(&["cert", "sign", "z_req.pem", "--host", "z.example.com"])
        .run()
        .ok();
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene
}

#[test]
fn a_compromised_key_is_never_certified_again_by_any_command() {
    let scene = compromised();
    let host = ["--host", "z.example.com"];
    let commands: &[&[&str]] = &[
        &["cert", "sign", "z_req.pem"],
        &["cert", "sign", "z_req.pem", "--dry-run"],
        &["cert", "ensure", "--csr", "z_req.pem"],
        &["cert", "ensure", "--csr", "z_req.pem", "--check"],
        &["cert", "issue", "--key", "z_priv_key.pem"],
        &["cert", "issue", "--key", "z_priv_key.pem", "--dry-run"],
        &["cert", "ensure", "--key", "z_priv_key.pem"],
    ];
    let before = scene.tree();
    for command in commands {
        let refused = scene
            .gsec(&[command, &host[..], &["--json"]].concat())
            .run()
            .code(3);
        assert_eq!(
            refused.error()["code"],
            "authority.key_compromised",
            "{command:?}: {refused}"
        );
        assert!(refused.stderr.contains("serial 01"), "{command:?}: {refused}");
    }
    let other = scene.issue("other.example.com", &[]).run().ok();
    scene
        .gsec(&["cert", "renew", "02", "--key", "z_priv_key.pem"])
        .run()
        .code(3)
        .says("the key is compromised");
    drop((before, other));
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "z_priv_key.pem",
        "-subj",
        "/CN=Sub CA",
        "-out",
        "sub.csr",
    ]);
    scene
        .gsec(&["ca", "sign", "sub.csr"])
        .run()
        .code(3)
        .says("the key is compromised");
    // The same point, compressed: another SubjectPublicKeyInfo of the same key.
    scene.openssl(&[
        "ec",
        "-in",
        "z_priv_key.pem",
        "-conv_form",
        "compressed",
        "-out",
        "compressed.pem",
    ]);
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "compressed.pem",
        "-subj",
        "/CN=z.example.com",
        "-out",
        "compressed.csr",
    ]);
    scene
        .gsec(&["cert", "sign", "compressed.csr", "--host", "z.example.com"])
        .run()
        .code(3);
    // The CA's copy of the revoked certificate is gone, and the host's is not.
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01.pem")).expect("remove");
    scene
        .gsec(&["cert", "sign", "z_req.pem", "--host", "z.example.com"])
        .run()
        .code(3)
        .says("the key is compromised");
    // A key that is revoked for another reason is nobody else's.
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "superseded"])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "other.example.com",
            "--key",
            "gsec-ca/repository/02_other_priv_key.pem",
        ])
        .run()
        .ok();
}

#[test]
fn every_reason_that_says_compromise_counts_and_one_that_comes_later_too() {
    for (reason, is_compromise) in [
        ("keyCompromise", true),
        ("cACompromise", true),
        ("superseded", false),
        ("unspecified", false),
    ] {
        let scene = Scene::with_host();
        scene
            .gsec(&["cert", "revoke", "01", "--reason", reason])
            .run()
            .ok();
        let key = ["--key", "gsec-ca/repository/01_db1_priv_key.pem", "--no-pfx"];
        scene.issue("db1.example.com", &key[..0]).run().ok();
        scene
            .gsec(&[&["cert", "issue", "--host", "x.example.com"], &key[..]].concat())
            .run()
            .code(if is_compromise { 3 } else { 0 });
        let later = scene
            .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(later["changed"], !is_compromise, "{reason}");
        scene
            .gsec(&[&["cert", "issue", "--host", "x.example.com"], &key[..]].concat())
            .run()
            .code(3);
    }
}

#[test]
fn other_certificates_of_a_compromised_key_are_named_and_not_as_wanted_any_more() {
    let scene = Scene::with_host();
    scene.gsec(&["cert", "renew", "01", "--keep-key"]).run().ok();
    let dry = scene
        .gsec(&[
            "cert",
            "revoke",
            "01",
            "--reason",
            "keyCompromise",
            "--dry-run",
            "--json",
        ])
        .run()
        .ok()
        .json();
    assert_eq!(dry["same_key"][0]["serial"], "02");
    let revoked = scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (&revoked["same_key"][0]["serial"], warning_codes(&revoked)),
        (&"02".into(), vec!["same_key"]),
        "{revoked:#}"
    );
    assert!(slugs(&scene).contains(&"compromised-key-in-use".to_owned()));
    scene
        .gsec(&["cert", "renew", "02", "--keep-key"])
        .run()
        .code(3)
        .says("serial 01");
    let flags = [
        "cert",
        "ensure",
        "--host",
        "db1.example.com",
        "--key-type",
        "p256",
        "--json",
    ];
    let check = scene
        .gsec(&[&flags[..], &["--check"]].concat())
        .run()
        .code(1)
        .json();
    assert_eq!(check["reasons"][0]["code"], "key_compromised", "{check:#}");
    let listed_in_batch = scene
        .gsec(&[
            "cert",
            "issue",
            "--from",
            "-",
            "--dry-run",
            "--json",
            "--key-type",
            "p256",
        ])
        .stdin("host\ndb1.example.com\n")
        .run()
        .ok()
        .json();
    assert_eq!(
        listed_in_batch["hosts"][0]["result"], "wanted",
        "{listed_in_batch:#}"
    );
    let issued = scene.gsec(&flags).run().ok().json();
    assert_eq!(
        (&issued["action"], &issued["serial"]),
        (&"issued".into(), &"03".into())
    );
    // What the warning says works when typed.
    let hint = revoked["warnings"][0]["hint"]
        .as_str()
        .expect("a hint")
        .to_owned();
    let command = hint
        .split('`')
        .nth(1)
        .expect("a command")
        .strip_prefix("gsec ")
        .expect("of gsec's")
        .to_owned();
    scene.gsec(&command.split(' ').collect::<Vec<_>>()).run().ok();
    assert!(!slugs(&scene).contains(&"compromised-key-in-use".to_owned()));
    let nothing = scene
        .gsec(&["cert", "revoke", "03", "--reason", "keyCompromise", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(nothing["same_key"], Value::Array(Vec::new()));
}

/// Changes the reason of serial 01 in ca.db.
/// A host whose certificate was made on a request and revoked as compromised, and is nowhere any more.
fn compromised_and_lost() -> Scene {
    let scene = Scene::with_ca();
    scene
        .gsec(&[
            "cert",
            "request",
            "--host",
            "db1.example.com",
            "--key-type",
            "p256",
        ])
        .run()
        .ok();
    scene
        .gsec(&["cert", "sign", "db1_req.pem", "--host", "db1.example.com"])
        .run()
        .ok();
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    ["01.pem", "01_db1_cert.pem"].iter().for_each(|name| {
        std::fs::remove_file(scene.dir.path(&format!("gsec-ca/repository/{name}"))).expect("removed")
    });
    scene
}

#[test]
fn the_audit_log_knows_a_compromised_key_whose_certificate_is_lost() {
    let scene = compromised_and_lost();
    for command in ["sign db1_req.pem", "ensure --csr db1_req.pem"] {
        let before = scene.tree();
        let args: Vec<&str> = ["cert"]
            .into_iter()
            .chain(command.split(' '))
            .chain(["--host", "db1.example.com"])
            .collect();
        scene.gsec(&args).run().code(3).says("serial 01");
        scene.tree().is_unchanged_since(&before);
    }
    assert!(!slugs(&scene).contains(&"compromised-key-unknown".to_owned()));
}

#[test]
fn a_compromised_key_that_nothing_knows_any_more_is_told_when_a_key_is_certified_and_by_doctor() {
    let scene = compromised_and_lost();
    std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/audit.log")).expect("removed");
    let slugs = slugs(&scene);
    assert!(slugs.contains(&"compromised-key-unknown".to_owned()), "{slugs:?}");
    let signed = scene
        .gsec(&[
            "cert",
            "sign",
            "db1_req.pem",
            "--host",
            "db1.example.com",
            "--json",
        ])
        .run()
        .ok()
        .json();
    let told: Vec<&str> = warning_codes(&signed)
        .into_iter()
        .filter(|code| *code == "compromised_key_unknown")
        .collect();
    assert_eq!(told.len(), 1, "once: {signed:#}");
    assert!(signed["warnings"].to_string().contains("serial 01"), "{signed:#}");
    // A new key is nobody's, and is not compared.
    let issued = scene.issue("db2.example.com", &["--json"]).run().ok().json();
    assert!(
        !warning_codes(&issued).contains(&"compromised_key_unknown"),
        "{issued:#}"
    );
}

fn spell(scene: &Scene, from: &str, to: &str) {
    scene.edit(INDEX, &format!("Z,{from}\t01\t"), &format!("Z,{to}\t01\t"));
}

/// The reasons in the CRL, as OpenSSL reads it.
fn reasons(scene: &Scene) -> Vec<String> {
    let text = scene.openssl(&["crl", "-in", CRL, "-noout", "-text"]).stdout;
    let mut lines = text
        .lines()
        .map(str::trim)
        .skip_while(|line| !line.starts_with("Serial Number"));
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if line.contains("Reason Code") {
            found.extend(lines.next().map(str::to_owned));
        }
    }
    found
}

#[test]
fn a_compromise_is_one_however_its_reason_is_spelled_and_the_fix_keeps_it() {
    for spelling in [
        "keyCompromise ",
        " keyCompromise",
        "key compromise",
        "KEYCOMPROMISE",
        "Key-Compromise",
        "1",
        "keytime,20260101000000Z",
        "10",
    ] {
        let scene = compromised();
        spell(&scene, "keyCompromise", spelling);
        let sign = || {
            scene
                .gsec(&["cert", "sign", "z_req.pem", "--host", "z.example.com"])
                .run()
        };
        sign().code(3).says("the key is compromised");
        update(&scene);
        assert_eq!(
            reasons(&scene),
            [if spelling == "10" {
                "AA Compromise"
            } else {
                "Key Compromise"
            }],
            "{spelling}"
        );
        scene
            .gsec(&["doctor", "gsec-ca", "--only", "index-bad-lines", "--fix", "--yes"])
            .run();
        assert!(
            !slugs(&scene).contains(&"index-bad-lines".to_owned()),
            "{spelling}: {}",
            scene.read(INDEX)
        );
        sign().code(3).says("the key is compromised");
        let unchanged = scene
            .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(unchanged["changed"], false, "{spelling}");
    }
}

#[test]
fn a_reason_that_nobody_knows_counts_as_a_compromise_until_a_person_or_the_log_says_which() {
    let scene = compromised();
    let log = "gsec-ca/ca_conf/audit.log";
    let kept = scene.read(log);
    spell(&scene, "keyCompromise", "stolen");
    let sign = || {
        scene
            .gsec(&["cert", "sign", "z_req.pem", "--host", "z.example.com"])
            .run()
    };
    let fix = || {
        scene
            .gsec(&["doctor", "gsec-ca", "--only", "index-bad-lines", "--fix", "--yes"])
            .run()
    };
    sign().code(3).says("the key is compromised");
    // Neither the log nor a CRL knows better: the fix leaves the word.
    std::fs::remove_file(scene.dir.path(log)).expect("remove");
    let crl = scene.read(CRL);
    std::fs::remove_file(scene.dir.path(CRL)).expect("remove");
    fix();
    assert!(scene.read(INDEX).contains(",stolen\t"), "{}", scene.read(INDEX));
    sign().code(3).says("the key is compromised");
    // One of them knows: the fix takes it from there.
    for (file, content) in [(log, kept), (CRL, crl)] {
        let _ = std::fs::remove_file(scene.dir.path(log));
        scene.write(file, content);
        fix();
        assert!(
            scene.read(INDEX).contains(",keyCompromise\t"),
            "{file}: {}",
            scene.read(INDEX)
        );
        spell(&scene, "keyCompromise", "stolen");
    }
    // A person knows.
    let changed = scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(changed["changed"], true);
    assert!(scene.read(INDEX).contains(",keyCompromise\t"));
}

#[test]
fn a_revocation_in_a_last_line_without_a_line_feed_is_in_every_crl_and_gets_its_line_feed() {
    let scene = four_hosts();
    let torn = "R\t301231235959Z\t260101120000Z,keyCompromise\t0A\tunknown\t/CN=old.example.com";
    scene.write(INDEX, scene.read(INDEX) + torn);
    let updated = update(&scene);
    assert_eq!(
        (listed(&scene), warning_codes(&updated)),
        (vec!["0A".to_owned()], vec!["flawed_revocations"]),
        "{updated:#}"
    );
    let list = scene
        .gsec(&["cert", "list", "--status", "revoked", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(list["certificates"][0]["serial"], "0A", "{list:#}");
    scene.issue("db5.example.com", &["--no-pfx"]).run().ok();
    assert!(
        scene.read(INDEX).contains(&format!("{torn}\nV\t")),
        "{}",
        scene.read(INDEX)
    );
    assert!(!scene.exists("gsec-ca/ca_conf/ca.db.torn-1"));
    scene.gsec(&["cert", "revoke", "02"]).run().ok();
    let mut serials = listed(&scene);
    serials.sort();
    assert_eq!(serials, ["02", "0A"]);
}

#[test]
fn nobody_is_told_to_make_a_comment_of_a_revocation_after_odd_bytes() {
    let scene = four_hosts();
    edit_second(
        &scene,
        "\u{feff}R\tEXPIRY\t260101120000Z\t0O2\tunknown\t/CN=db2.example.com",
    );
    scene.gsec(&["crl", "update"]).run().code(3).says("line 2");
    let (_, finding) = findings(&scene)
        .into_iter()
        .find(|(slug, _)| slug == "index-bad-lines")
        .expect("a finding");
    assert!(
        finding["severity"] == "error" && !finding.to_string().contains("s/^/#/"),
        "{finding:#}"
    );
}

#[test]
fn a_restored_ca_db_does_not_give_a_key_back_that_the_crl_lists_as_compromised() {
    let scene = Scene::with_host();
    let sound = scene.read(INDEX);
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene.write(INDEX, &sound);
    let ensure = [
        "cert",
        "ensure",
        "--host",
        "db1.example.com",
        "--key-type",
        "p256",
        "--json",
    ];
    let check = scene
        .gsec(&[&ensure[..], &["--check"]].concat())
        .run()
        .code(1)
        .json();
    assert_eq!(check["reasons"][0]["code"], "revoked", "{check:#}");
    scene
        .gsec(&["cert", "renew", "01", "--keep-key"])
        .run()
        .code(3)
        .says("is revoked");
    scene
        .gsec(&["cert", "renew", "01"])
        .run()
        .code(3)
        .says("is revoked");
    let key = ["--key", "gsec-ca/repository/01_db1_priv_key.pem", "--no-pfx"];
    scene
        .gsec(&[&["cert", "issue", "--host", "x.example.com"], &key[..]].concat())
        .run()
        .code(3)
        .says("the key is compromised");
    assert_eq!(scene.read(INDEX), sound);
    let rows = || {
        scene
            .gsec(&[
                "cert",
                "issue",
                "--from",
                "-",
                "--dry-run",
                "--json",
                "--key-type",
                "p256",
            ])
            .stdin("host\ndb1.example.com\n")
            .run()
    };
    assert_eq!(rows().ok().json()["hosts"][0]["result"], "wanted");
    // A CRL that this CA did not sign says nothing.
    let crl = scene.read(CRL);
    let other = Scene::with_host();
    other
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene.write(CRL, other.read(CRL));
    // The audit log still tells of it.
    let check = scene
        .gsec(&[&ensure[..], &["--check"]].concat())
        .run()
        .code(1)
        .json();
    assert_eq!(check["reasons"][0]["code"], "revoked", "{check:#}");
    scene.write(CRL, crl);
    let issued = scene.gsec(&ensure).run().ok().json();
    assert_eq!(
        (&issued["action"], &issued["serial"]),
        (&"issued".into(), &"02".into())
    );
}

#[test]
fn a_hold_that_was_taken_back_is_as_wanted_though_the_crl_still_lists_it() {
    let scene = Scene::with_host();
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "certificateHold"])
        .run()
        .ok();
    scene.gsec(&["cert", "unhold", "01", "--no-crl"]).run().ok();
    scene
        .gsec(&[
            "cert",
            "ensure",
            "--host",
            "db1.example.com",
            "--key-type",
            "p256",
            "--check",
        ])
        .run()
        .ok();
}

/// The serial number of a host in a CA that issues by all cores.
fn serial_of(scene: &Scene, host: &str) -> String {
    let index = scene.read(INDEX);
    let line = index
        .lines()
        .find(|line| line.ends_with(&format!("/CN={host}")))
        .expect("it was issued for");
    line.split('\t').nth(3).expect("a serial number").to_owned()
}

/// A CA with more records than the cache leaves out, made in one batch.
fn many(count: usize) -> Scene {
    let scene = Scene::with_ca();
    let hosts: String = std::iter::once("host\n".to_owned())
        .chain((1..=count).map(|number| format!("h{number}.example.com\n")))
        .collect();
    scene.write("hosts.csv", hosts);
    scene
        .gsec(&[
            "cert",
            "issue",
            "--from",
            "hosts.csv",
            "--no-pfx",
            "--key-type",
            "p256",
            "-q",
        ])
        .run()
        .ok();
    scene
}

#[test]
fn a_cache_made_while_files_were_missing_hides_nothing() {
    let scene = many(700);
    let [tenth, twentieth] = ["h10.example.com", "h20.example.com"].map(|host| serial_of(&scene, host));
    let certificates = [&tenth, &twentieth].map(|serial| format!("gsec-ca/repository/{serial}.pem"));
    let look = |scene: &Scene| {
        scene
            .gsec(&[
                "cert",
                "ensure",
                "--check",
                "--host",
                "h400.example.com",
                "--key-type",
                "p256",
                "--no-pfx",
            ])
            .run()
            .ok()
    };
    // The hosts are named in subjectAltName only, so that the records alone do not name them. (0.1.0 covered no record before 4096 others
    // had come; with so few it hid nothing.)
    let index = scene
        .read(INDEX)
        .replace("/CN=h10.example.com", "/O=Ten")
        .replace("/CN=h20.example.com", "/O=Twenty");
    scene.write(INDEX, index);
    let kept: Vec<Vec<u8>> = certificates.iter().map(|file| scene.read_bytes(file)).collect();
    certificates
        .iter()
        .for_each(|file| std::fs::remove_file(scene.dir.path(file)).expect("remove"));
    look(&scene);
    certificates
        .iter()
        .zip(&kept)
        .for_each(|(file, content)| scene.write(file, content));
    scene
        .gsec(&[
            "cert",
            "revoke",
            "--host",
            "h10.example.com",
            "--reason",
            "keyCompromise",
        ])
        .run()
        .ok();
    assert_eq!(listed(&scene), [tenth]);
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "h20.example.com",
            "--key-type",
            "p256",
            "--no-pfx",
        ])
        .run()
        .ok();
    let ambiguous = scene
        .gsec(&["cert", "revoke", "--host", "h20.example.com"])
        .run()
        .code(2);
    assert!(ambiguous.stderr.contains(&twentieth), "{ambiguous}");
}

#[test]
fn a_cache_that_is_wrong_in_any_way_costs_time_and_no_answer() {
    let scene = many(700);
    let cache = "gsec-ca/ca_conf/.hosts.idx";
    let index = scene.read(INDEX);
    let revoked = |scene: &Scene| {
        scene
            .gsec(&[
                "cert",
                "revoke",
                "--host",
                "h10.example.com",
                "--dry-run",
                "--json",
            ])
            .run()
            .ok()
            .json()
    };
    let tenth = serial_of(&scene, "h10.example.com");
    assert_eq!(revoked(&scene)["certificates"][0]["serial"], tenth);
    let sound = scene.read_bytes(cache);
    // The cache of an index that lacked a line in the middle, of one that was shorter, of one with other hosts, and damaged ones.
    let without_tenth: String = index
        .lines()
        .filter(|line| !line.ends_with("/CN=h10.example.com"))
        .map(|line| format!("{line}\n"))
        .collect();
    for other in [
        without_tenth,
        index.lines().take(650).map(|line| format!("{line}\n")).collect(),
        index.replace("/CN=h10.", "/CN=other."),
    ] {
        scene.write(INDEX, &other);
        std::fs::remove_file(scene.dir.path(cache)).expect("remove");
        scene
            .gsec(&[
                "cert",
                "ensure",
                "--check",
                "--host",
                "h600.example.com",
                "--key-type",
                "p256",
                "--no-pfx",
            ])
            .run();
        scene.write(INDEX, &index);
        assert_eq!(revoked(&scene)["certificates"][0]["serial"], tenth);
    }
    let other_ca = many(600);
    other_ca
        .gsec(&[
            "cert",
            "ensure",
            "--check",
            "--host",
            "h600.example.com",
            "--key-type",
            "p256",
            "--no-pfx",
        ])
        .run();
    for content in [
        Vec::new(),
        b"nonsense".to_vec(),
        sound[..8192].to_vec(),
        vec![0; sound.len()],
        other_ca.read_bytes(cache),
    ] {
        scene.write(cache, content);
        assert_eq!(revoked(&scene)["certificates"][0]["serial"], tenth);
    }
    std::fs::remove_file(scene.dir.path(cache)).expect("remove");
    std::fs::create_dir(scene.dir.path(cache)).expect("a folder in its place");
    assert_eq!(revoked(&scene)["certificates"][0]["serial"], tenth);
}

#[test]
fn a_record_without_a_file_is_found_by_the_common_name_in_ca_db() {
    let scene = Scene::with_ca();
    let rows = [
        ("30", r"/C=DE/O=M\xC3\xBCller AG/CN=h1.example.com"),
        ("31", "/O=A/B Ltd/CN=h2.example.com"),
        ("32", "/O=X+CN=h3.example.com"),
        ("35", "/O=a=b/CN=h6.example.com"),
        ("36", "/CN=H7.Example.COM"),
        ("37", "/CN=h8.example.com/CN=alias8.example.com"),
        ("39", "/UID=u1/CN=h10.example.com/DC=example/DC=com"),
        ("3A", "/CN=*.w.example.com"),
    ];
    scene.write(
        INDEX,
        rows.iter()
            .map(|(serial, subject)| format!("V\t301231235959Z\t\t{serial}\tunknown\t{subject}\n"))
            .collect::<String>(),
    );
    let hosts = [
        "h1.example.com",
        "h2.example.com",
        "h3.example.com",
        "h6.example.com",
        "h7.example.com",
        "alias8.example.com",
        "h10.example.com",
        "*.w.example.com",
    ];
    for (host, (serial, _)) in hosts.iter().zip(rows) {
        let revoked = scene
            .gsec(&["cert", "revoke", "--host", host, "--dry-run", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(revoked["certificates"][0]["serial"], serial, "{host}");
    }
    scene
        .gsec(&["cert", "revoke", "--host", "x.w.example.com", "--dry-run"])
        .run()
        .code(3);
    scene.gsec(&["cert", "list"]).run().ok().says("O=Müller AG");
    scene
        .gsec(&["cert", "renew", "--host", "h1.example.com"])
        .run()
        .code(3)
        .says("serial 30");
}

#[test]
fn the_ca_s_own_certificate_is_not_revoked_nor_renewed_as_a_host_s_and_the_list_marks_it() {
    let scene = Scene::with_host();
    let shown = scene.gsec(&["ca", "show", "--json"]).run().ok().json();
    let serial = shown["serial"]
        .as_str()
        .or(shown["certificate"]["serial"].as_str())
        .expect("a serial number")
        .to_owned();
    let index = scene.read(INDEX);
    scene.write(
        INDEX,
        format!("V\t360101000000Z\t\t{serial}\tunknown\t/CN=Test CA\n{index}"),
    );
    for has_file in [false, true] {
        if has_file {
            scene.write(&format!("gsec-ca/repository/{serial}.pem"), scene.read(CA));
        }
        let before = scene.tree();
        for flags in [&["--dry-run"][..], &["--no-crl"], &[]] {
            let refused = scene
                .gsec(&[&["cert", "revoke", "--serial", &serial, "--json"], flags].concat())
                .run()
                .code(3);
            assert_eq!(refused.error()["code"], "authority.own_certificate", "{refused}");
        }
        scene
            .gsec(&["cert", "revoke", "01", &serial])
            .run()
            .code(3)
            .says("the CA's own certificate");
        scene
            .gsec(&["cert", "renew", "--serial", &serial])
            .run()
            .code(3)
            .says("gsec ca renew");
        scene.tree().is_unchanged_since(&before);
        let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
        assert_eq!(
            (
                &list["certificates"][0]["own_ca"],
                &list["certificates"][1]["own_ca"]
            ),
            (&true.into(), &false.into())
        );
        scene.gsec(&["cert", "list"]).run().ok().says("this CA itself");
    }
    scene
        .gsec(&["cert", "revoke", CA])
        .run()
        .code(3)
        .says("the CA's own certificate");
    // What the CA was before is its own as well.
    scene.gsec(&["ca", "renew"]).run().ok();
    scene
        .gsec(&["cert", "revoke", "--serial", &serial])
        .run()
        .code(3)
        .says("the CA's own certificate");
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
}

#[test]
fn a_cache_made_while_another_ca_s_certificate_of_the_same_serial_stood_there_hides_nothing() {
    let (scene, other) = (many(700), Scene::with_ca());
    let tenth = serial_of(&scene, "h10.example.com");
    let file = format!("gsec-ca/repository/{tenth}.pem");
    other.write("gsec-ca/ca_conf/serial.num", format!("{tenth}\n"));
    other.issue("stranger.example.com", &["--no-pfx"]).run().ok();
    let own = scene.read(&file);
    // The host is named in subjectAltName only, so that the record alone does not name it.
    let index = scene.read(INDEX);
    for subject in ["/CN=h10.example.com", "/O=Somebody"] {
        scene.write(INDEX, index.replace("/CN=h10.example.com", subject));
        scene.write(&file, other.read(&file));
        let _ = std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/.hosts.idx"));
        scene
            .gsec(&[
                "cert",
                "ensure",
                "--check",
                "--host",
                "h400.example.com",
                "--key-type",
                "p256",
                "--no-pfx",
            ])
            .run()
            .ok();
        assert!(scene.exists("gsec-ca/ca_conf/.hosts.idx"));
        scene.write(&file, &own);
        let revoked = scene
            .gsec(&[
                "cert",
                "revoke",
                "--host",
                "h10.example.com",
                "--dry-run",
                "--json",
            ])
            .run()
            .ok()
            .json();
        assert_eq!(revoked["certificates"][0]["serial"], tenth, "{subject}");
    }
}

/// The columns of a row of `ca.db`.
fn row(scene: &Scene, number: usize) -> String {
    scene
        .read(INDEX)
        .lines()
        .nth(number - 1)
        .expect("a row")
        .to_owned()
}

/// A row as it stands when its certificate is revoked.
fn revoked_row(row: &str, date_and_reason: &str) -> String {
    row.replacen('V', "R", 1)
        .replacen("\t\t", &format!("\t{date_and_reason}\t"), 1)
}

#[test]
fn rows_that_lost_the_line_feed_between_them_are_two_and_doctor_parts_them() {
    for (what, separator) in [("nothing", ""), ("a carriage return", "\r")] {
        let scene = four_hosts();
        let rows: Vec<String> = (1..=4).map(|number| row(&scene, number)).collect();
        let second = revoked_row(&rows[1], "260101120000Z,keyCompromise");
        let glued = format!("{}{separator}{second}\n{}\n{}\n", rows[0], rows[2], rows[3]);
        scene.write(INDEX, &glued);
        scene
            .gsec(&["cert", "renew", "02"])
            .run()
            .code(3)
            .says("is revoked");
        assert_eq!(
            (update(&scene)["revoked"].clone(), listed(&scene)),
            (1.into(), vec!["02".to_owned()]),
            "{what}"
        );
        assert!(
            !slugs(&scene).contains(&"certificate-without-record".to_owned()),
            "{what}"
        );
        assert_eq!(scene.read(INDEX), glued, "{what}: nothing has rewritten it");
        scene
            .gsec(&["doctor", "gsec-ca", "--only", "index-bad-lines", "--fix", "--yes"])
            .run();
        assert_eq!(
            scene.read(INDEX),
            format!("{}\n{second}\n{}\n{}\n", rows[0], rows[2], rows[3]),
            "{what}"
        );
    }
}

#[test]
fn an_index_whose_line_ends_are_carriage_returns_is_read_row_by_row() {
    let scene = four_hosts();
    let (first, sound) = (row(&scene, 1), scene.read(INDEX));
    let revoked = sound.replace(&first, &revoked_row(&first, "260101120000Z,superseded"));
    scene.write(INDEX, revoked.replace('\n', "\r"));
    let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
    assert_eq!(list["certificates"].as_array().map(Vec::len), Some(4), "{list:#}");
    update(&scene);
    assert_eq!(listed(&scene), ["01"]);
    for slug in ["certificate-without-record", "index-torn-line", "index-bad-lines"] {
        scene
            .gsec(&["doctor", "gsec-ca", "--only", slug, "--fix", "--yes"])
            .run();
    }
    assert_eq!(scene.read(INDEX).trim_end(), revoked.trim_end());
}

#[test]
fn a_line_that_may_revoke_a_certificate_stops_the_crl_and_nothing_is_recorded_as_valid_meanwhile() {
    let scene = four_hosts();
    let first = row(&scene, 1);
    let revoked = revoked_row(&first, "260101120000Z,keyCompromise");
    let csv = |row: &str| {
        row.split('\t')
            .map(|column| format!("\"{column}\""))
            .collect::<Vec<_>>()
            .join(",")
    };
    let glued_without_expiry = format!("{first}R\t\t260101120000Z\t02\tunknown\t/CN=db2.example.com");
    let with_blanks = format!("{first}{}", revoked.replace('\t', " "));
    for line in [
        csv(&revoked),
        revoked.replace('\t', ";"),
        glued_without_expiry,
        with_blanks,
        revoked.replace('R', "X").replace("\t01\t", "\tO1\t"),
    ] {
        let sound = scene.read(INDEX);
        scene.write(INDEX, sound.replace(&first, &line));
        let before = scene.tree();
        let refused = scene.gsec(&["crl", "update"]).run().code(3);
        assert!(
            refused.stderr.contains("line 1 of `gsec-ca/ca_conf/ca.db`"),
            "{line}: {refused}"
        );
        scene.tree().is_unchanged_since(&before);
        // As long as the line stands there, it may be about any certificate.
        scene
            .gsec(&[
                "doctor",
                "gsec-ca",
                "--only",
                "certificate-without-record",
                "--fix",
                "--yes",
            ])
            .run();
        assert_eq!(scene.read(INDEX), sound.replace(&first, &line), "{line}");
        for serial in ["01", "03"] {
            let verified = scene
                .gsec(&[
                    "cert",
                    "verify",
                    "--trust",
                    CA,
                    &format!("gsec-ca/repository/{serial}.pem"),
                ])
                .run();
            assert!(!verified.stdout.contains("not revoked"), "{line}: {verified}");
        }
        scene.write(INDEX, sound);
    }
}

#[test]
fn a_line_that_is_no_record_and_revokes_nothing_is_named_with_every_crl() {
    let scene = four_hosts();
    let sound = scene.read(INDEX);
    let first = row(&scene, 1);
    for line in [
        "see the folder".to_owned(),
        first.replace('\t', ","),
        first.replace("\t01\t", "\tO1\t"),
    ] {
        scene.write(INDEX, sound.replace(&first, &line));
        let updated = update(&scene);
        assert_eq!(
            warning_codes(&updated),
            ["unreadable_lines"],
            "{line}: {updated:#}"
        );
        scene
            .gsec(&[
                "doctor",
                "gsec-ca",
                "--only",
                "certificate-without-record",
                "--fix",
                "--yes",
            ])
            .run();
        assert_eq!(
            scene.read(INDEX),
            sound.replace(&first, &line),
            "{line}: it may be the record of 01"
        );
    }
    // Blank lines are about nothing.
    scene.write(INDEX, format!("{sound}\n"));
    assert!(warning_codes(&update(&scene)).is_empty());
}

#[test]
fn a_date_of_revocation_revokes_whatever_the_first_column_says() {
    for letter in ["V", "E"] {
        let scene = four_hosts();
        let first = row(&scene, 1);
        let line = revoked_row(&first, "260101120000Z,keyCompromise").replacen('R', letter, 1);
        scene.edit(INDEX, &first, &line);
        let updated = update(&scene);
        assert_eq!(
            (listed(&scene), warning_codes(&updated)),
            (vec!["01".to_owned()], vec!["flawed_revocations"]),
            "{updated:#}"
        );
        let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
        assert_eq!(list["certificates"][0]["status"], "revoked", "{list:#}");
        scene
            .gsec(&["cert", "verify", "01"])
            .run()
            .code(1)
            .says("revoked");
        assert!(slugs(&scene).contains(&"index-bad-lines".to_owned()));
        scene
            .gsec(&["doctor", "gsec-ca", "--only", "index-bad-lines", "--fix", "--yes"])
            .run();
        assert_eq!(row(&scene, 1), line.replacen(letter, "R", 1));
    }
}

#[test]
fn of_several_revocations_of_a_serial_number_the_earliest_date_and_the_strongest_reason_count() {
    let scene = four_hosts();
    let first = row(&scene, 1);
    let (early, strong) = (
        revoked_row(&first, "260101120000Z,superseded"),
        revoked_row(&first, "260201120000Z,keyCompromise"),
    );
    for lines in [[&early, &strong], [&strong, &early]] {
        let sound = scene.read(INDEX);
        scene.write(
            INDEX,
            sound.replace(&first, &format!("{}\n{}", lines[0], lines[1])),
        );
        let shown =
            |scene: &Scene| scene.gsec(&["crl", "show", "--json"]).run().ok().json()["revoked"].clone();
        assert_eq!(warning_codes(&update(&scene)), ["flawed_revocations"]);
        let before = shown(&scene);
        let entry = &before.as_array().expect("entries")[0];
        assert_eq!(
            (&entry["serial"], &entry["revoked_at"], &entry["reason"]),
            (
                &"01".into(),
                &"2026-01-01T12:00:00Z".into(),
                &"keyCompromise".into()
            )
        );
        let (_, finding) = findings(&scene)
            .into_iter()
            .find(|(slug, _)| slug == "index-duplicate-serials")
            .expect("a finding");
        assert!(!slugs(&scene).contains(&"revocation-lost".to_owned()));
        let says = finding.to_string();
        for word in [
            "revoked 2026-01-01T12:00:00Z (superseded)",
            "revoked 2026-02-01T12:00:00Z (keyCompromise)",
        ] {
            assert!(says.contains(word), "{says}");
            for command in ["verify", "show"] {
                let said = scene.gsec(&["cert", command, "01", "--json"]).run().json();
                let revocation = if command == "show" {
                    &said["certificates"][0]["revocation"]
                } else {
                    &said["revocation"]
                };
                let facts = (
                    &revocation["status"],
                    &revocation["revoked_at"],
                    &revocation["reason"],
                );
                assert_eq!(
                    facts,
                    (
                        &"revoked".into(),
                        &"2026-01-01T12:00:00Z".into(),
                        &"keyCompromise".into()
                    ),
                    "{said}"
                );
                assert!(
                    revocation["notes"].to_string().contains(word),
                    "cert {command}: {revocation}"
                );
                assert!(
                    scene.gsec(&["cert", command, "01"]).run().stdout.contains(word),
                    "cert {command}"
                );
            }
        }
        let command = finding["fix"][0].as_str().expect("a command").to_owned();
        assert_eq!(
            command,
            "gsec doctor gsec-ca --only index-duplicate-serials --fix --yes"
        );
        let typed: Vec<&str> = command.split(' ').skip(1).collect();
        scene.gsec(&typed).run();
        // Nothing of what the lines said is lost.
        let comment = format!("#{}", if lines[0] == &early { lines[0] } else { lines[1] });
        assert!(
            scene.read(INDEX).lines().any(|line| line == comment),
            "{}",
            scene.read(INDEX)
        );
        assert!(warning_codes(&update(&scene)).is_empty(), "{}", scene.read(INDEX));
        assert_eq!(shown(&scene), before, "{}", scene.read(INDEX));
        scene.write(INDEX, sound);
    }
}

#[test]
fn a_whole_record_without_a_line_feed_is_found_by_every_command_and_completed() {
    let scene = four_hosts();
    let (sound, log) = (scene.read(INDEX), LogCopy::of(&scene));
    let torn = sound.trim_end();
    for args in [
        &["04"][..],
        &["gsec-ca/repository/04.pem"],
        &["--host", "db4.example.com"],
    ] {
        scene.write(INDEX, torn);
        log.put_back(&scene);
        scene
            .gsec(&[&["cert", "revoke", "--json"], args].concat())
            .run()
            .ok();
        assert_eq!(
            (listed(&scene), scene.read(INDEX).lines().count()),
            (vec!["04".to_owned()], 4),
            "{args:?}"
        );
        assert!(scene.read(INDEX).ends_with('\n'), "{args:?}");
        std::fs::remove_file(scene.dir.path(CRL)).expect("remove");
    }
    scene.write(INDEX, torn);
    log.put_back(&scene);
    scene
        .gsec(&[
            "cert",
            "ensure",
            "--check",
            "--host",
            "db4.example.com",
            "--key-type",
            "p256",
            "--no-pfx",
        ])
        .run()
        .ok();
    let (_, finding) = findings(&scene)
        .into_iter()
        .find(|(slug, _)| slug == "index-torn-line")
        .expect("a finding");
    assert!(finding.to_string().contains("gsec still reads it"), "{finding:#}");
    scene.issue("db5.example.com", &["--no-pfx"]).run().ok();
    assert!(
        scene.read(INDEX).starts_with(&sound) && !scene.exists("gsec-ca/ca_conf/ca.db.torn-1"),
        "{}",
        scene.read(INDEX)
    );
}

#[test]
fn what_a_crl_says_of_a_revoked_last_line_without_a_line_feed_can_be_typed_and_completes_it() {
    let scene = four_hosts();
    let fourth = row(&scene, 4);
    scene.edit(
        INDEX,
        &format!("{fourth}\n"),
        &revoked_row(&fourth, "260101120000Z"),
    );
    let told = scene.gsec(&["crl", "update"]).run().ok();
    assert!(told.stderr.contains("--only index-torn-line --fix"), "{told}");
    scene
        .gsec(&["doctor", "gsec-ca", "--only", "index-torn-line", "--fix", "--yes"])
        .run();
    assert!(scene.read(INDEX).ends_with('\n') && warning_codes(&update(&scene)).is_empty());
    assert_eq!(listed(&scene), ["04"]);
}

#[test]
fn the_expiry_of_a_revoked_line_with_blanks_is_not_its_date_of_revocation() {
    let scene = four_hosts();
    let second = row(&scene, 2);
    let expiry = second.split('\t').nth(1).expect("an expiry").to_owned();
    scene.edit(
        INDEX,
        &second,
        &format!("R  {expiry}  02  unknown  /CN=db2.example.com"),
    );
    let verified = scene.gsec(&["cert", "verify", "02", "--json"]).run().code(1);
    assert!(
        !verified.stdout.contains("2027-") || !verified.stdout.contains("\"revoked_since\": \"2027"),
        "{verified}"
    );
    let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
    assert_ne!(
        list["certificates"][1]["revoked_at"], list["certificates"][1]["not_after"],
        "{list:#}"
    );
}

const LOG: &str = "gsec-ca/ca_conf/audit.log";

/// What the commands that look say of serial 02: `cert list`, `cert show` and `cert verify`; and the codes of the warnings of the list.
fn said_of_second(scene: &Scene) -> ([String; 3], Vec<String>) {
    let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
    let rows = list["certificates"].as_array().expect("rows").clone();
    let row = rows.into_iter().find(|row| row["serial"] == "02");
    let shown = scene.gsec(&["cert", "show", "02", "--json"]).run().ok().json();
    let verified = scene.gsec(&["cert", "verify", "02", "--json"]).run().json();
    let text = |value: &Value| value.as_str().unwrap_or("absent").to_owned();
    let said = [
        text(&row.unwrap_or_default()["status"]),
        text(&shown["certificates"][0]["revocation"]["status"]),
        text(&verified["revocation"]["status"]),
    ];
    (
        said,
        warning_codes(&list).into_iter().map(str::to_owned).collect(),
    )
}

fn ensured(scene: &Scene) -> Value {
    scene
        .gsec(&[
            "cert",
            "ensure",
            "--host",
            "db2.example.com",
            "--no-pfx",
            "--check",
            "--json",
        ])
        .run()
        .json()
}

/// The CRL from before a change is put back, as from a backup.
#[test]
fn an_old_crl_that_is_put_back_is_told_and_takes_no_release_back() {
    let scene = four_hosts();
    let hold = ["cert", "revoke", "02", "--reason", "certificateHold"];
    scene.gsec(&hold).run().ok();
    let old = scene.read(CRL);
    scene.gsec(&["cert", "unhold", "02"]).run().ok();
    scene.write(CRL, &old);
    let (said, warnings) = said_of_second(&scene);
    assert_eq!(said, ["valid", "good", "good"]);
    assert_eq!(warnings, ["old_crl"]);
    let shown = scene.gsec(&["cert", "show", "02"]).run().ok();
    assert!(
        shown
            .stdout
            .contains("according to gsec-ca/ca_conf/ca.db (the CRL with number 01 lists it as on hold"),
        "{shown}"
    );
    assert_eq!(ensured(&scene)["changed"], false);
    assert_eq!(slugs(&scene), ["ca-crl-old"]);
    // What makes a CRL says so.
    let again = scene.gsec(&["cert", "unhold", "02"]).run().ok();
    assert!(
        again
            .stdout
            .contains("already valid; the CRL did not say so, and was made again")
            && !again.stdout.contains("nothing was changed"),
        "{again}"
    );
    assert_eq!((listed(&scene), slugs(&scene)), (Vec::new(), Vec::new()));
    // The fix of doctor does the same.
    scene.write(CRL, &old);
    let fix = ["doctor", "gsec-ca", "--only", "ca-crl-old", "--fix", "--yes"];
    scene.gsec(&fix).run().ok();
    assert_eq!((listed(&scene), slugs(&scene)), (Vec::new(), Vec::new()));
    // On hold again: now the same entry of a newer CRL counts.
    scene.gsec(&hold).run().ok();
    assert_eq!(said_of_second(&scene).0, ["revoked", "revoked", "revoked"]);
    // From before a revocation: it is revoked whatever the CRL lacks.
    scene.write(CRL, &old);
    scene.gsec(&["cert", "revoke", "03"]).run().ok();
    scene.write(CRL, &old);
    assert!(slugs(&scene).contains(&"ca-crl-old".to_owned()));
    update(&scene);
    assert_eq!(listed(&scene), ["02", "03"]);
}

/// `unhold` that was cut off before the CRL, as with `--no-crl`.
#[test]
fn a_hold_released_without_a_crl_is_good_and_what_clients_still_see_is_told() {
    let scene = four_hosts();
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
        .run()
        .ok();
    scene.gsec(&["cert", "unhold", "02", "--no-crl"]).run().ok();
    assert_eq!(said_of_second(&scene).0, ["valid", "good", "good"]);
    let shown = scene.gsec(&["cert", "show", "02"]).run().ok();
    assert!(
        shown.stdout.contains("clients that have this CRL reject it"),
        "{shown}"
    );
    assert_eq!(ensured(&scene)["changed"], false);
    scene.gsec(&["cert", "unhold", "02"]).run().ok();
    assert_eq!(listed(&scene), Vec::<String>::new());
}

/// `openssl ca` in the directory of the CA, with its configuration or another one.
fn openssl_ca(scene: &Scene, configuration: &str, args: &[&str]) {
    tool("openssl")
        .args(&["ca", "-config", configuration])
        .args(args)
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
}

/// openssl made the CRL at hand, which no line of the log tells of.
#[test]
fn a_release_counts_whatever_program_made_the_crl() {
    let (conf, second) = ("ca_conf/ca.conf", "repository/02.pem");
    let make = ["-gencrl", "-out", "ca_conf/ca_crl.pem"];
    let hold = ["-revoke", second, "-crl_reason", "certificateHold"];
    for (is_held_by_openssl, is_other_revoked) in [(false, false), (false, true), (true, false), (true, true)]
    {
        let scene = four_hosts();
        if is_held_by_openssl {
            openssl_ca(&scene, conf, &hold);
        } else {
            scene
                .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
                .run()
                .ok();
        }
        if is_other_revoked {
            openssl_ca(&scene, conf, &["-revoke", "repository/03.pem"]);
        }
        openssl_ca(&scene, conf, &make);
        let by_openssl = scene.read(CRL);
        let released = scene.gsec(&["cert", "unhold", "02", "--json"]).run().ok().json();
        let others = if is_other_revoked { vec!["03"] } else { vec![] };
        assert_eq!(
            (&released["certificates"][0]["status"], listed(&scene)),
            (
                &"valid".into(),
                others.iter().map(|one| (*one).to_owned()).collect()
            ),
            "held by openssl: {is_held_by_openssl}"
        );
        assert_eq!(said_of_second(&scene).0, ["valid", "good", "good"]);
        assert!(slugs(&scene).iter().all(|slug| slug == "records-not-announced"));
        // The same CRL put back takes nothing back.
        scene.write(CRL, by_openssl);
        assert_eq!(said_of_second(&scene).0, ["valid", "good", "good"]);
        update(&scene);
        assert_eq!(listed(&scene), others);
    }
}

/// Only a CRL has a hold from after the release: openssl made both, and ca.db was put back. One without a number may be of any time.
#[test]
fn a_hold_from_after_the_release_is_none_that_was_released() {
    for is_numbered in [true, false] {
        let scene = four_hosts();
        let conf = scene.read("gsec-ca/ca_conf/ca.conf");
        let lines = conf
            .lines()
            .filter(|line| is_numbered || !line.trim().starts_with("crlnumber"));
        scene.write(
            "other.conf",
            lines.map(|line| format!("{line}\n")).collect::<String>(),
        );
        scene
            .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
            .run()
            .ok();
        scene.gsec(&["cert", "unhold", "02"]).run().ok();
        let released = scene.read(INDEX);
        let hold = ["-revoke", "repository/02.pem", "-crl_reason", "certificateHold"];
        openssl_ca(&scene, "../other.conf", &hold);
        openssl_ca(
            &scene,
            "../other.conf",
            &["-gencrl", "-out", "ca_conf/ca_crl.pem"],
        );
        let text = scene.openssl(&["crl", "-in", CRL, "-noout", "-text"]).stdout;
        assert_eq!(text.contains("CRL Number"), is_numbered, "{text}");
        scene.write(INDEX, &released);
        assert_eq!(said_of_second(&scene).0, ["revoked", "revoked", "revoked"]);
        // What the list warns of, doctor finds and fixes.
        assert!(slugs(&scene).contains(&"revocation-lost".to_owned()));
        let fix = ["doctor", "gsec-ca", "--only", "revocation-lost", "--fix", "--yes"];
        scene.gsec(&fix).run().ok();
        assert!(!slugs(&scene).contains(&"revocation-lost".to_owned()));
        assert_eq!(
            said_of_second(&scene),
            (["revoked"; 3].map(str::to_owned), vec![])
        );
        update(&scene);
        assert_eq!(listed(&scene), ["02"]);
        scene.gsec(&["cert", "unhold", "02"]).run().ok();
        assert_eq!(said_of_second(&scene).0, ["valid", "good", "good"]);
        assert_eq!((listed(&scene), slugs(&scene)), (Vec::new(), Vec::new()));
    }
}

/// All but `audit.head` comes from one backup: the CRL is the last one of a log that ends too early, and of a crl.num that is as old.
#[test]
fn a_crl_from_the_backup_of_the_log_does_not_answer_for_what_came_after_it() {
    let scene = four_hosts();
    update(&scene);
    let files = ["audit.log", "ca.db", "ca_crl.pem", "crl.num", "serial.num"];
    let path = |file: &&str| format!("gsec-ca/ca_conf/{file}");
    let backup = files.map(|file| scene.read(&path(&file)));
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise"])
        .run()
        .ok();
    let newest = scene.read(CRL);
    for (file, content) in files.iter().zip(backup) {
        scene.write(&path(file), content);
    }
    let is_unknown = |scene: &Scene| {
        let (said, warnings) = said_of_second(scene);
        assert_eq!(said, ["valid", "undetermined", "undetermined"]);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert_eq!(warning_codes(&ensured(scene)), ["revocation_undetermined"]);
        let before = scene.tree();
        scene.gsec(&["crl", "update"]).run().code(3);
        scene.tree().is_unchanged_since(&before);
    };
    is_unknown(&scene);
    // The next line says that others were cut off, and audit.head goes on from there: it is as unknown as before.
    scene.issue("db5.example.com", &["--no-pfx"]).run().ok();
    is_unknown(&scene);
    let old = scene.read(CRL);
    scene.write(CRL, newest);
    assert_eq!(said_of_second(&scene).0, ["revoked", "revoked", "revoked"]);
    // Told to, gsec makes one without it, once.
    scene.write(CRL, old);
    scene.gsec(&["crl", "update", "--allow-incomplete"]).run().ok();
    assert_eq!(warning_codes(&update(&scene)), Vec::<&str>::new());
}

/// A copy of ca.db from before the hold: the log and the CRL know it, and so does the next CRL, until it is released.
#[test]
fn a_hold_that_ca_db_has_lost_can_be_released() {
    let scene = four_hosts();
    let before = scene.read(INDEX);
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
        .run()
        .ok();
    scene.write(INDEX, &before);
    assert_eq!(said_of_second(&scene).0, ["revoked", "revoked", "revoked"]);
    assert_eq!(ensured(&scene)["changed"], true);
    update(&scene);
    assert_eq!(listed(&scene), ["02"]);
    let released = scene.gsec(&["cert", "unhold", "02", "--json"]).run().ok().json();
    assert_eq!(
        (&released["changed"], &released["certificates"][0]["status"]),
        (&true.into(), &"valid".into())
    );
    assert_eq!((listed(&scene), slugs(&scene)), (Vec::new(), Vec::new()));
    assert_eq!(
        (said_of_second(&scene).0, scene.read(INDEX)),
        (["valid", "good", "good"].map(str::to_owned), before)
    );
    scene
        .gsec(&["cert", "unhold", "02"])
        .run()
        .ok()
        .says("nothing was changed");
}

/// The log is damaged and ca.db is from before: nothing at hand knows the revocation, and `audit.head` shows that something is missing.
#[test]
fn what_a_damaged_log_may_have_said_is_undetermined_and_no_crl_forgets_it() {
    let damages = [
        "head -c 3000 /dev/urandom > audit.log",
        "iconv -t UTF-16 audit.log > u && mv u audit.log",
        "gzip -c audit.log > z && mv z audit.log",
        "sed -i /revoke/d audit.log",
        "head -3 audit.log > h && mv h audit.log",
        "mv from-before audit.log",
        ": > audit.log",
        "rm audit.log audit.head",
        "rm audit.log && mkdir audit.log",
    ];
    for (damage, old_crl) in damages
        .iter()
        .flat_map(|damage| [(damage, false), (damage, true)])
    {
        let scene = four_hosts();
        if old_crl {
            update(&scene);
        }
        let crl = old_crl.then(|| scene.read(CRL));
        let (before, log) = (scene.read(INDEX), scene.read(LOG));
        scene
            .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise"])
            .run()
            .ok();
        let newest = scene.read(CRL);
        scene.write(INDEX, &before);
        match &crl {
            Some(crl) => scene.write(CRL, crl),
            None => std::fs::remove_file(scene.dir.path(CRL)).expect("the CRL"),
        }
        scene.write("gsec-ca/ca_conf/from-before", log);
        tool("sh")
            .args(&["-c", damage])
            .in_dir(scene.dir.path("gsec-ca/ca_conf"))
            .run()
            .ok();
        let (said, warnings) = said_of_second(&scene);
        assert_eq!(
            said,
            ["valid", "undetermined", "undetermined"],
            "{damage}, old CRL: {old_crl}"
        );
        assert_eq!(warnings.len(), 1, "{damage}: {warnings:?}");
        let before = scene.tree();
        let refused = scene.gsec(&["crl", "update"]).run().code(3);
        scene.tree().is_unchanged_since(&before);
        if damage.contains("mkdir") {
            continue;
        }
        assert!(
            refused.stderr.contains("no later CRL is here") && refused.stderr.contains("--allow-incomplete"),
            "{damage}: {refused}"
        );
        let ensured = scene
            .gsec(&[
                "cert",
                "ensure",
                "--host",
                "db2.example.com",
                "--no-pfx",
                "--json",
            ])
            .run()
            .ok()
            .json();
        assert_eq!(warning_codes(&ensured), ["revocation_undetermined"], "{damage}");
        // Revoked in an emergency, it is recorded, and what is left to decide is said.
        scene
            .gsec(&["cert", "revoke", "03"])
            .run()
            .code(3)
            .says("the change is made");
        // The newest CRL from a backup answers.
        scene.write(CRL, newest);
        assert_eq!(
            said_of_second(&scene).0,
            ["revoked", "revoked", "revoked"],
            "{damage}"
        );
        let made = update(&scene);
        let mut serials = listed(&scene);
        serials.sort();
        assert_eq!(
            (serials, warning_codes(&made)),
            (vec!["02".to_owned(), "03".into()], vec!["kept_in_crl"])
        );
    }
}

/// Without any backup there is a way on, and it is taken once.
#[test]
fn a_crl_that_may_be_incomplete_is_made_only_when_told_to() {
    let scene = four_hosts();
    let before = scene.read(INDEX);
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene.write(INDEX, before);
    std::fs::remove_file(scene.dir.path(CRL)).expect("the CRL");
    let log = scene.read(LOG).replace("keyCompromise", "superseded");
    scene.write(LOG, log);
    // A line whose chain is broken is not believed to be the reason.
    scene.gsec(&["crl", "update"]).run().code(3);
    scene.gsec(&["crl", "update", "--dry-run"]).run().code(3);
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise", "--no-crl"])
        .run()
        .ok();
    let made = scene
        .gsec(&["crl", "update", "--allow-incomplete", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (warning_codes(&made), listed(&scene)),
        (vec!["revocations_unknown"], vec!["02".into()])
    );
    assert_eq!(warning_codes(&update(&scene)), Vec::<&str>::new());
    assert_eq!(said_of_second(&scene).0, ["revoked", "revoked", "revoked"]);
}

#[test]
fn a_list_has_what_is_revoked_and_has_no_record_any_more() {
    let scene = four_hosts();
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise"])
        .run()
        .ok();
    let index = scene.read(INDEX);
    let without: String = index
        .lines()
        .filter(|line| !line.contains("db2"))
        .map(|line| format!("{line}\n"))
        .collect();
    for text in [without.as_str(), ""] {
        scene.write(INDEX, text);
        for (args, count) in [
            (&[][..], text.lines().count() + 1),
            (&["--status", "revoked"], 1),
            (&["--host", "db2.example.com"], 1),
            (&["--status", "valid"], text.lines().count()),
        ] {
            let list = scene
                .gsec(&["cert", "list", "--json"])
                .args(args)
                .run()
                .ok()
                .json();
            assert_eq!(
                list["certificates"].as_array().map(Vec::len),
                Some(count),
                "{list:#}"
            );
            assert_eq!(warning_codes(&list), ["revoked_without_record"]);
        }
        let shown = scene.gsec(&["cert", "list"]).run().ok();
        assert!(
            shown.stdout.contains("revoked (keyCompromise)")
                && shown.stdout.contains(
                    "serial 02: revoked according to a CRL or the audit log, and ca.db has no record"
                ),
            "{shown}"
        );
        // The source that is named is one that says so.
        let line = scene
            .gsec(&["cert", "show", "gsec-ca/repository/02.pem"])
            .run()
            .ok();
        assert!(
            line.stdout
                .contains("according to gsec-ca/ca_conf/ca_crl.pem (ca.db has no record of serial 02)"),
            "{line}"
        );
    }
    scene.write(INDEX, index);
    let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
    assert_eq!(warning_codes(&list), Vec::<&str>::new());
}
