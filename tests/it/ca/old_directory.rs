//! gsec works in a CA directory that the old scripts left behind, and leaves alone what is there.

use crate::common;

use common::doctor::{is_silent, type_line};
use common::{
    HOSTS, HostFiles, OldCa, Record, Scene, Tree, gsec_and_ca_db_agree, issue, next_serial, openssl, records,
    shared_old_ca, tool,
};
use serde_json::json;

/// The flags that give the subject of the old certificate 0E again.
const CONFSERV1: [&str; 8] = [
    "--host",
    "confserv1.example.com",
    "--cn",
    "confserv1.example.com",
    "--country",
    "US",
    "--org",
    "Old Contact Centre",
];
const COMMITTED: [&str; 2] = ["ca_conf/ca.db", "ca_conf/serial.num"];

fn in_each_old_directory(check: impl Fn(&OldCa)) {
    check(&OldCa::new());
    if let Some(old) = shared_old_ca() {
        println!("and in the shared one");
        check(&old);
    }
}

#[test]
fn list_shows_valid_expired_and_revoked() {
    in_each_old_directory(|old| {
        let list = old.gsec(&["cert", "list", "--json"]).ok().json();
        let entries = list["certificates"].as_array().expect("a list").iter();
        let shown: Vec<_> = entries
            .map(|entry| [&entry["serial"], &entry["status"], &entry["reason"]])
            .collect();
        let expected = [
            [json!("0E"), json!("valid"), json!(null)],
            [json!("0F"), json!("valid"), json!(null)],
            [json!("10"), json!("expired"), json!(null)],
            [json!("11"), json!("revoked"), json!("keyCompromise")],
        ];
        assert_eq!(shown, expected.each_ref().map(|entry| entry.each_ref()));
        gsec_and_ca_db_agree(&old.path);
    });
}

#[test]
fn ca_show_reads_the_old_authority() {
    in_each_old_directory(|old| {
        let shown = old.gsec(&["ca", "show", "--json"]).ok().json();
        assert_eq!(
            (&shown["next_serial"], &shown["adopted"]),
            (&json!("12"), &json!(false))
        );
        assert_eq!(
            shown["counts"],
            json!({ "valid": 2, "expiring": 0, "expired": 1, "revoked": 1 })
        );
        let subject = shown["subject"].as_str().expect("a subject");
        for part in ["OU=Voice", "OU=Platform", "CN=Basic Certification Authority"] {
            assert!(subject.contains(part), "{part} in {subject}");
        }
    });
}

#[test]
fn show_reads_a_certificate_by_serial_and_by_file() {
    in_each_old_directory(|old| {
        for selector in ["0E", &old.host_certificate(0)] {
            let shown = old
                .gsec(&["cert", "show", selector])
                .ok()
                .says("confserv1.example.com");
            assert!(
                shown.stdout.to_lowercase().replace('-', "").contains("sha1"),
                "how it was signed: {shown}"
            );
        }
    });
}

#[test]
fn thumbprint_equals_what_openssl_says() {
    in_each_old_directory(|old| {
        for (index, (serial, ..)) in HOSTS.iter().enumerate() {
            let said = openssl(&[
                "x509",
                "-noout",
                "-fingerprint",
                "-sha1",
                "-in",
                &old.host_certificate(index),
            ])
            .run()
            .ok()
            .stdout;
            let expected = said
                .trim_end()
                .split_once('=')
                .expect("a fingerprint")
                .1
                .to_lowercase()
                .replace(':', " ");
            for selector in [*serial, &old.host_certificate(index)] {
                assert_eq!(
                    old.gsec(&["cert", "thumbprint", selector]).ok().stdout.trim_end(),
                    expected
                );
            }
        }
    });
}

#[test]
fn verify_says_why_an_old_certificate_will_not_do() {
    in_each_old_directory(|old| {
        let answer = old
            .gsec(&[
                "cert",
                "verify",
                &old.host_certificate(0),
                "--name",
                "confserv1.example.com",
                "--json",
            ])
            .code(1)
            .json();
        assert_eq!(answer["valid"], false);
        let errors = answer["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|finding| finding["severity"] == "error");
        let rules: Vec<&str> = errors.filter_map(|finding| finding["rule"].as_str()).collect();
        assert_eq!(
            rules,
            ["no-subject-alternative-name", "weak-digest"],
            "{answer:#}"
        );
        assert_eq!(
            (&answer["name_in_san"], &answer["name_in_subject"]),
            (&json!(false), &json!(true))
        );
    });
}

#[test]
fn what_is_issued_verifies_under_the_old_ca() {
    in_each_old_directory(|old| {
        for flags in [&["--key-type", "rsa"][..], &["--key-type", "p256"]] {
            let host = issue(
                &old.path,
                "db1.example.com",
                &[flags, &["--cn", &format!("db1 {flags:?}").replace('"', "'")]].concat(),
            );
            accepted_everywhere(old, &host);
        }
        gsec_and_ca_db_agree(&old.path);
    });
}

fn accepted_everywhere(old: &OldCa, host: &HostFiles) {
    old.gsec(&[
        "cert",
        "verify",
        &host.certificate,
        "--name",
        "db1.example.com",
        "--purpose",
        "server",
    ])
    .ok();
    for purpose in ["sslserver", "sslclient"] {
        openssl(&[
            "verify",
            "-CAfile",
            &old.certificate,
            "-purpose",
            purpose,
            "-verify_hostname",
            "db1.example.com",
            &host.certificate,
        ])
        .run()
        .ok();
    }
    tool("certtool")
        .args(&[
            "--verify",
            "--load-ca-certificate",
            &old.certificate,
            "--infile",
            &host.certificate,
        ])
        .args(&[
            "--verify-hostname",
            "db1.example.com",
            "--verify-purpose",
            "1.3.6.1.5.5.7.3.1",
        ])
        .run()
        .ok();
}

/// The serial goes on in hexadecimal, past 0F → 10 and to 12.
#[test]
fn issuing_changes_nothing_but_ca_db_and_serial_num() {
    in_each_old_directory(|old| {
        let before = old.tree();
        let ca_db = || std::fs::read_to_string(old.file("ca_conf/ca.db")).expect("ca.db");
        let old_lines = ca_db();
        assert_eq!(
            issue(&old.path, "db1.example.com", &["--key-type", "p256"]).serial,
            "12"
        );
        let after = old.tree();
        after.keeps(&before, &COMMITTED);
        assert_eq!(
            new_files(&after, &before),
            [
                "repository/12.pem",
                "repository/12_db1_cert.pem",
                "repository/12_db1_cert.pfx",
                "repository/12_db1_priv_key.pem"
            ]
        );
        let new_lines = ca_db()
            .strip_prefix(&old_lines)
            .expect("the old lines stand as they were")
            .to_owned();
        assert!(
            new_lines.lines().count() == 1 && new_lines.contains("\t12\t"),
            "{new_lines:?}"
        );
        assert_eq!(next_serial(&old.path), "13");
    });
}

/// The lock file is the one thing that reading and refusing may leave.
fn new_files(after: &Tree, before: &Tree) -> Vec<String> {
    after
        .added_since(before)
        .into_iter()
        .filter(|name| name != "ca_conf/.lock")
        .collect()
}

#[test]
fn reading_changes_nothing_at_all() {
    in_each_old_directory(|old| {
        let before = old.tree();
        let file = old.host_certificate(0);
        for args in [
            &["ca", "show"][..],
            &["cert", "list"],
            &["cert", "show", "0E"],
            &["cert", "thumbprint", "0E"],
        ] {
            old.gsec(args).ok();
        }
        old.gsec(&["cert", "verify", &file]).code(1);
        old.tree().is_unchanged_since(&before);
    });
}

#[test]
fn second_certificate_for_a_subject_is_refused_and_nothing_changes() {
    in_each_old_directory(|old| {
        let before = old.tree();
        let refused = old
            .gsec(&[&["cert", "issue", "--key-type", "p256"], &CONFSERV1[..]].concat())
            .code(3);
        assert!(
            refused.stderr.contains("hint: ") && refused.stderr.contains("ca adopt"),
            "{refused}"
        );
        let json = old
            .gsec(&[&["cert", "issue", "--json", "--key-type", "p256"], &CONFSERV1[..]].concat())
            .code(3);
        assert!(json.error()["hints"].to_string().contains("ca adopt"), "{json}");
        let after = old.tree();
        after.keeps(&before, &[]);
        assert_eq!(new_files(&after, &before), Vec::<String>::new());
    });
}

#[test]
fn subject_of_a_revoked_certificate_is_issued_again() {
    in_each_old_directory(|old| {
        let urs1 = [
            "--cn",
            "urs1.example.com",
            "--country",
            "US",
            "--org",
            "Old Contact Centre",
            "--key-type",
            "p256",
        ];
        issue(&old.path, "urs1.example.com", &urs1);
        openssl_ca_goes_on(old, "after.example.com");
        gsec_and_ca_db_agree(&old.path);
    });
}

/// `openssl ca` would refuse the whole directory if two V lines had one subject: so the expired one becomes E in the same commit.
#[test]
fn subject_of_an_expired_certificate_is_issued_again_and_its_line_becomes_e() {
    in_each_old_directory(|old| {
        let ca_db = old.file("ca_conf/ca.db");
        let text = std::fs::read_to_string(&ca_db).expect("ca.db");
        std::fs::write(&ca_db, text.replace("E\t240410", "V\t240410")).expect("as it was before -updatedb");
        assert_eq!(status_of("10", &records(&ca_db)), "V");

        issue(
            &old.path,
            "tserver1.example.com",
            &[
                "--country",
                "US",
                "--org",
                "Old Contact Centre",
                "--key-type",
                "p256",
            ],
        );
        assert_eq!(status_of("10", &records(&ca_db)), "E");
        assert_eq!(status_of("12", &records(&ca_db)), "V");
        openssl_ca_goes_on(old, "after.example.com");
        gsec_and_ca_db_agree(&old.path);
    });
}

fn status_of<'a>(serial: &str, records: &'a [Record]) -> &'a str {
    &records
        .iter()
        .find(|record| record.serial == serial)
        .expect("the record")
        .status
}

#[test]
fn openssl_ca_goes_on_after_gsec() {
    in_each_old_directory(|old| {
        issue(&old.path, "db1.example.com", &["--key-type", "p256"]);
        openssl_ca_goes_on(old, "db2.example.com");
        assert_eq!(
            issue(&old.path, "db3.example.com", &["--key-type", "p256"]).serial,
            "14"
        );
        gsec_and_ca_db_agree(&old.path);
    });
}

/// Issues with `openssl ca`, as the old scripts did, in the directory's own configuration.
fn openssl_ca_goes_on(old: &OldCa, cn: &str) {
    let (key, request, certificate) = (
        old.dir.path("next.key"),
        old.dir.path("next.req"),
        old.dir.path("next.pem"),
    );
    let subject = format!("/C=US/O=Old Contact Centre/CN={cn}");
    openssl(&[
        "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", &key, "-subj", &subject, "-out", &request,
    ])
    .run()
    .ok();
    old.openssl_ca(&["-in", &request, "-out", &certificate]).ok();
    openssl(&["verify", "-CAfile", &old.certificate, &certificate])
        .run()
        .ok();
}

#[test]
fn adopt_asks_before_it_changes_anything() {
    in_each_old_directory(|old| {
        let before = old.tree();
        old.gsec(&["ca", "adopt"]).fails().says("--yes");
        let after = old.tree();
        after.keeps(&before, &[]);
        assert_eq!(new_files(&after, &before), Vec::<String>::new());
    });
}

#[test]
fn adopt_keeps_keys_and_certificates_and_tightens_modes() {
    in_each_old_directory(|old| {
        let read =
            |name: &str| std::fs::read(old.file(name)).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        let kept: Vec<String> = old
            .tree()
            .files()
            .into_iter()
            .filter(|name| !name.ends_with("ca.db.attr"))
            .collect();
        let before: Vec<Vec<u8>> = kept.iter().map(|name| read(name)).collect();
        old.gsec(&["ca", "adopt", "--yes"]).ok();
        for (name, bytes) in kept.iter().zip(before) {
            assert!(read(name) == bytes, "`{name}` has changed");
        }
        assert!(String::from_utf8_lossy(&read("ca_conf/ca.db.attr")).contains("unique_subject = no"));
        for name in ["ca_conf/gsec.toml", "ca_conf/crl.num"] {
            read(name);
        }
        let tree = old.tree();
        let secrets = tree.files().into_iter().filter(|name| name.contains("priv_key"));
        secrets.for_each(|name| assert_eq!(tree.mode(&name) & 0o077, 0, "`{name}` is open to others"));
        assert_eq!(old.gsec(&["ca", "show", "--json"]).ok().json()["adopted"], true);
    });
}

#[test]
fn both_go_on_after_adopt_with_a_subject_that_was_refused_before() {
    in_each_old_directory(|old| {
        old.gsec(&["ca", "adopt", "--yes"]).ok();
        let issued = old
            .gsec(&[&["cert", "issue", "--json", "--key-type", "p256"], &CONFSERV1[..]].concat())
            .ok()
            .json();
        assert_eq!(issued["serial"], "12");
        openssl_ca_goes_on(old, "confserv1.example.com");
        old.openssl_ca(&["-revoke", &old.host_certificate(0)]).ok();
        old.openssl_ca(&["-gencrl", "-crldays", "30", "-out", "ca_conf/ca_crl.pem"])
            .ok();
        assert_eq!(
            old.gsec(&[&["cert", "issue", "--json", "--key-type", "p256"], &CONFSERV1[..]].concat())
                .ok()
                .json()["serial"],
            "14"
        );
        gsec_and_ca_db_agree(&old.path);
        let subjects = records(&old.file("ca_conf/ca.db"));
        assert_eq!(
            subjects
                .iter()
                .filter(|record| record.subject.ends_with("CN=confserv1.example.com"))
                .count(),
            4
        );
    });
}

#[test]
fn adopt_twice_changes_nothing_the_second_time() {
    in_each_old_directory(|old| {
        old.gsec(&["ca", "adopt", "--yes"]).ok();
        let before = old.tree();
        old.gsec(&["ca", "adopt", "--yes"]).ok();
        old.tree().is_unchanged_since(&before);
    });
}

/// A CA of `openssl req`, with ca.conf as gsec's form has it, which no gsec has ever written to.
fn made_by_openssl(subject: &str) -> Scene {
    let scene = Scene::empty();
    let ca = "mkdir -p gsec-ca/ca_conf gsec-ca/repository && cd gsec-ca/ca_conf && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -utf8 -keyout ca_priv_key.pem -days 3000 -out ca_cert.pem && chmod 400 ca_priv_key.pem && touch ca.db && echo 01 > serial.num && echo 01 > crl.num";
    type_line(&scene, &ca.replace("-days", &format!("-subj '{subject}' -days"))).ok();
    let form = "gsec ca init --cn Form --key-type p256 --ca-dir form && cp form/ca_conf/ca.conf gsec-ca/ca_conf/ && rm -r form";
    type_line(&scene, form).ok();
    scene
}

/// What never was cannot be lost: a CA of another program's had no log.
#[test]
fn a_ca_of_another_program_has_no_log_to_lose() {
    for (situation, before) in [
        ("adopted at once", &[][..]),
        ("after a CRL of gsec's", &["crl update"]),
        (
            "after a look",
            &["doctor gsec-ca", "cert list", "cert ensure --host h.example.com"],
        ),
        ("after openssl ca", &["openssl"]),
    ] {
        let scene = made_by_openssl("/CN=Other CA");
        for call in before {
            match *call {
                "openssl" => scene.sign_with_openssl("h.example.com", &[]),
                call => drop(scene.gsec(&call.split(' ').collect::<Vec<_>>()).run()),
            }
        }
        is_silent(&scene, &["gsec-ca"], "audit-log-missing");
        scene.gsec(&["ca", "adopt", "--yes"]).run().ok();
        scene.gsec(&["crl", "update"]).run().ok();
        scene.issue("db1.example.com", &[]).run().ok();
        let log = scene.read("gsec-ca/ca_conf/audit.log");
        assert!(!log.contains("log.cut"), "{situation}: {log}");
        let verified = scene.gsec(&["ca", "log", "--verify"]).run().ok();
        assert!(
            !verified.stdout.contains("cut off, or another"),
            "{situation}: {verified}"
        );
    }
}

/// A host certificate in the whole name of the CA would be taken for the CA's own; one with the CA's common name and another name is none.
#[test]
fn a_ca_with_the_name_of_a_host_is_not_that_host() {
    for (subject, flags, is_refused) in [
        ("/CN=db1.example.com", &[][..], true),
        ("/CN=DB1.Example.COM", &[], true),
        ("/CN= db1.example.com", &[], true),
        ("/O=Acme/CN=db1.example.com", &["--org", "acme"], true),
        ("/O=Acme/CN=db1.example.com", &[], false),
        ("/CN=db1.example.com/CN=CA", &[], false),
    ] {
        let scene = made_by_openssl(subject);
        scene.gsec(&["ca", "adopt", "--yes"]).run().ok();
        if !is_refused {
            scene.issue("db1.example.com", flags).run().ok();
            scene
                .gsec(&["cert", "verify", "01", "--name", "db1.example.com"])
                .run()
                .ok();
            let verified = "openssl verify -CAfile gsec-ca/ca_conf/ca_cert.pem gsec-ca/repository/01.pem";
            type_line(&scene, verified).ok();
            continue;
        }
        type_line(&scene, "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -subj /CN=x -out s.csr").ok();
        scene.write("hosts.csv", "host\ndb1.example.com\n");
        let before = scene.tree();
        let host = ["--host", "db1.example.com"];
        for call in [
            &["cert", "issue", "--key-type", "p256", "--host", "db1.example.com"][..],
            &["cert", "ensure", "--host", "db1.example.com"],
            &["cert", "sign", "s.csr", "--host", "db1.example.com"],
            &["cert", "issue", "--from", "hosts.csv"],
        ] {
            let refused = scene.gsec(call).args(flags).run().code(3);
            assert!(
                format!("{refused}").contains("the name of this CA"),
                "{subject}: {refused}"
            );
        }
        scene.tree().keeps(&before, &[]);
        assert_eq!(scene.read("gsec-ca/ca_conf/ca.db"), "", "{subject}");
        // What the hint says.
        scene
            .gsec(&[&["cert", "issue", "--cn", "Database 1"], &host[..]].concat())
            .run()
            .ok();
        scene
            .gsec(&["cert", "verify", "01", "--name", "db1.example.com"])
            .run()
            .ok();
    }
}
