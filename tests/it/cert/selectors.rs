//! What FILE|SERIAL may be: a path, a serial number, `-`; and what is read from it, whatever its name and form.

use crate::common;

use common::{Scene, is_harmless};

/// The subject that `cert show --json` reads through a selector.
#[track_caller]
fn subjects(scene: &Scene, args: &[&str]) -> Vec<String> {
    let shown = scene
        .gsec(&[&["cert", "show", "--json"], args].concat())
        .run()
        .ok()
        .json();
    let subject =
        |certificate: &serde_json::Value| certificate["subject"].as_str().expect("a subject").to_owned();
    shown["certificates"]
        .as_array()
        .expect("certificates")
        .iter()
        .map(subject)
        .collect()
}

const RECORD: &str = "gsec-ca/repository/01.pem";
const HOST: &str = "CN=db1.example.com";
const CA: &str = "CN=Test CA";

/// A scene in which `01` is a serial number, and a file that holds the CA certificate.
fn ambiguous_scene() -> Scene {
    let scene = Scene::with_host();
    scene.write("01", scene.read("gsec-ca/ca_conf/ca_cert.pem"));
    scene
}

#[test]
fn serial_numbers_are_read_in_every_way_of_writing_them() {
    let scene = Scene::with_ca();
    scene.write("gsec-ca/ca_conf/serial.num", "0A\n");
    scene.issue("db1.example.com", &[]).run().ok();
    for serial in ["0A", "0a", "A", "a", "00A", "0x0A", "00:0A", " a "] {
        assert_eq!(subjects(&scene, &[serial]), [HOST], "{serial}");
    }
}

#[test]
fn file_and_serial_number_of_one_name_are_ambiguous() {
    let scene = ambiguous_scene();
    let said = [
        "error: `01` is a file here and a serial number of the CA",
        "hint: pass `--file`, `--serial` or `--host`",
    ];
    for command in ["show", "thumbprint", "verify"] {
        scene.refuses(&["cert", command, "01"], 2, &said);
    }
}

#[test]
fn ambiguity_is_decided_by_a_flag_or_a_path() {
    let scene = ambiguous_scene();
    assert_eq!(subjects(&scene, &["01", "--serial"]), [HOST]);
    assert_eq!(subjects(&scene, &["01", "--file"]), [CA]);
    assert_eq!(subjects(&scene, &["./01"]), [CA]);
    scene.does_not_understand(
        &["cert", "show", "01", "--file", "--serial"],
        "the argument '--file' cannot be used with '--serial'",
    );
}

#[test]
fn flag_that_finds_nothing_does_not_fall_back() {
    let scene = ambiguous_scene();
    let hint = "hint: `gsec cert list` shows the serial numbers; give a file with its path";
    scene.refuses(
        &["cert", "show", "02", "--serial"],
        3,
        &["error: the CA has no certificate with serial `02`", hint],
    );
    scene.refuses(
        &["cert", "show", "02", "--file"],
        3,
        &[
            "error: cannot read `02`: no such file or directory",
            "hint: is the name right? `ls -l` shows what is here",
        ],
    );
    scene.refuses(
        &["cert", "show", "nonsense"],
        3,
        &["error: no file, serial number or host `nonsense`", hint],
    );
    scene.refuses(
        &["cert", "show", "nonsense", "--serial"],
        3,
        &["error: the CA has no certificate with serial `nonsense`", hint],
    );
}

#[test]
fn known_ending_means_a_file() {
    let scene = Scene::with_host();
    std::fs::rename(
        scene.dir.path(RECORD),
        scene.dir.path("gsec-ca/repository/0C.pem"),
    )
    .expect("it was there");
    scene.refuses(
        &["cert", "show", "0C.pem"],
        3,
        &[
            "error: cannot read `0C.pem`: no such file or directory",
            "hint: is the name right? `ls -l` shows what is here",
        ],
    );
    // Without the ending it is a serial number, and the certificate in the file has another.
    scene.refuses(
        &["cert", "show", "0C"],
        3,
        &[
            "error: `gsec-ca/repository/0C.pem` is not the certificate with serial 0C: it has serial 01",
            "hint: …",
        ],
    );
}

#[test]
fn files_need_no_ca() {
    let scene = Scene::with_host();
    std::fs::copy(scene.dir.path(RECORD), scene.dir.path("cert")).expect("a copy");
    std::fs::remove_dir_all(scene.dir.path("gsec-ca")).expect("it was there");
    assert_eq!(subjects(&scene, &["cert"]), [HOST], "a name without ending");
    assert_eq!(subjects(&scene, &["./cert"]), [HOST]);
}

#[test]
fn standard_input() {
    let scene = Scene::with_host();
    let pem = scene.read(RECORD);
    scene
        .gsec(&["cert", "show", "-"])
        .stdin(&pem)
        .run()
        .ok()
        .says(HOST);
    scene
        .gsec(&["cert", "verify", "-", "--name", "db1.example.com"])
        .stdin(&pem)
        .run()
        .ok();
    scene
        .gsec(&["cert", "verify", "01", "--trust", "-"])
        .stdin(scene.read("gsec-ca/ca_conf/ca_cert.pem"))
        .run()
        .ok();
    scene.refuses(
        &["cert", "show", "-"],
        3,
        &[
            "error: cannot use `-`",
            "  caused by: it contains no certificate: it is empty",
        ],
    );
}

#[test]
fn key_from_standard_input() {
    let scene = Scene::with_host();
    let key = scene.read("gsec-ca/repository/01_db1_priv_key.pem");
    let issued = scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "db2.example.com",
            "--key",
            "-",
            "--json",
        ])
        .stdin(key)
        .run()
        .ok()
        .json();
    let pins: Vec<serde_json::Value> = ["01", "02"]
        .iter()
        .map(|serial| scene.gsec(&["cert", "show", serial, "--json"]).run().ok().json()["certificates"][0]["public_key_sha256"].clone())
        .collect();
    assert_eq!(
        (issued["serial"].as_str(), &pins[0]),
        (Some("02"), &pins[1]),
        "both certificates are for that key"
    );
}

#[test]
fn every_form_of_a_certificate_is_told_by_its_content() {
    let scene = Scene::with_host();
    let pem = scene.read(RECORD);
    scene.openssl(&["x509", "-in", RECORD, "-outform", "DER", "-out", "misnamed.pem"]);
    scene.openssl(&["x509", "-in", RECORD, "-text", "-out", "with_text.pem"]);
    scene.write("crlf.txt", pem.replace('\n', "\r\n"));
    scene.write("bom.crt", format!("\u{feff}{pem}"));
    scene.write(
        "preamble.cer",
        format!("Bag Attributes\n    friendlyName: x\nsubject=CN = y\n{pem}\nthat was it\n"),
    );
    scene.write("no_end.der", pem.trim_end());
    scene.write(
        "trusted.pem",
        pem.replace("BEGIN CERTIFICATE", "BEGIN X509 CERTIFICATE")
            .replace("END CERTIFICATE", "END X509 CERTIFICATE"),
    );
    let wanted = scene.gsec(&["cert", "thumbprint", "01"]).run().ok().stdout;
    for file in [
        "misnamed.pem",
        "with_text.pem",
        "crlf.txt",
        "bom.crt",
        "preamble.cer",
        "no_end.der",
        "trusted.pem",
    ] {
        let found = scene
            .gsec(&["cert", "thumbprint", "--file", file])
            .run()
            .ok()
            .stdout;
        assert_eq!(found, wanted, "{file}");
    }
}

#[test]
fn chain_file_is_shown_whole_and_its_first_certificate_counts() {
    let scene = Scene::with_host();
    scene.write(
        "chain.pem",
        [scene.read(RECORD), scene.read("gsec-ca/ca_conf/ca_cert.pem")].concat(),
    );
    assert_eq!(subjects(&scene, &["chain.pem"]), [HOST, CA]);
    let said = scene.gsec(&["cert", "show", "chain.pem"]).run().ok();
    assert!(
        said.stdout.contains("Certificate 1 of 2 in chain.pem")
            && said.stdout.contains("Certificate 2 of 2 in chain.pem"),
        "{said}"
    );
    let thumbprint = |selector: &str| scene.gsec(&["cert", "thumbprint", selector]).run().ok().stdout;
    assert_eq!(thumbprint("chain.pem"), thumbprint("01"));
    scene
        .gsec(&["cert", "verify", "chain.pem", "--name", "db1.example.com"])
        .run()
        .ok();
}

#[test]
fn keys_beside_certificates_are_passed_over() {
    let scene = Scene::with_host();
    scene.write(
        "both.pem",
        [
            scene.read("gsec-ca/repository/01_db1_priv_key.pem"),
            scene.read(RECORD),
        ]
        .concat(),
    );
    assert_eq!(subjects(&scene, &["both.pem"]), [HOST]);
    let said = scene.gsec(&["cert", "show", "both.pem"]).run().ok();
    assert!(!said.stdout.contains("PRIVATE"), "{said}");
}

#[test]
fn thumbprint_is_what_openssl_says() {
    let scene = Scene::with_host();
    for hash in ["sha1", "sha256"] {
        let theirs = scene
            .openssl(&[
                "x509",
                "-in",
                RECORD,
                "-noout",
                "-fingerprint",
                &format!("-{hash}"),
            ])
            .stdout;
        let theirs = theirs.trim().split('=').nth(1).expect("a fingerprint").to_owned();
        let ours = |format: &str| {
            scene
                .gsec(&["cert", "thumbprint", "01", "--hash", hash, "--format", format])
                .run()
                .ok()
                .stdout
                .trim()
                .to_owned()
        };
        assert_eq!(ours("colon"), theirs);
        assert_eq!(ours("spaced"), theirs.replace(':', " ").to_lowercase());
        assert_eq!(ours("compact"), theirs.replace(':', "").to_lowercase());
    }
    let plain = scene.gsec(&["cert", "fingerprint", "01"]).run().ok().stdout;
    assert_eq!(
        plain,
        scene
            .gsec(&["cert", "thumbprint", "01", "--hash", "sha1", "--format", "spaced"])
            .run()
            .ok()
            .stdout,
        "the form that Windows takes"
    );
}

#[test]
fn selector_cannot_leave_the_repository() {
    let scene = Scene::with_host();
    for selector in [
        "../ca_conf/ca_cert",
        "..",
        "01_db1_cert",
        "01/../../ca_conf/ca_cert.pem",
        "",
    ] {
        let refused = scene.gsec(&["cert", "show", "--serial", selector]).run().code(3);
        assert!(
            refused
                .stderr
                .starts_with("error: the CA has no certificate with serial "),
            "{refused}"
        );
        is_harmless(&refused);
    }
}

/// The last digits of an address are no port.
#[test]
fn an_address_alone_is_a_host_and_no_port_of_a_server() {
    let scene = Scene::with_ca();
    scene.issue("fd00::1", &[]).run().ok();
    for selector in ["fd00::1", "FD00:0:0:0::1", "ip:fd00::1"] {
        for command in ["show", "verify", "thumbprint"] {
            let said = scene.gsec(&["cert", command, selector, "--json"]).run().ok();
            assert!(
                said.stdout.contains("\"host\": \"fd00::1\""),
                "{selector}: {said}"
            );
        }
    }
    scene
        .gsec(&["cert", "bundle", "fd00::1", "--for", "nginx", "--out", "b"])
        .run()
        .ok();
    assert!(scene.read("b/manifest.json").contains("fd00::1"));
    scene.gsec(&["cert", "renew", "fd00::1"]).run().ok();
    scene.gsec(&["cert", "revoke", "fd00::1", "--all"]).run().ok();
    let unknown = scene.gsec(&["cert", "show", "fd00::2"]).run().code(3);
    assert!(unknown.stderr.contains("`[fd00::2]:443`"), "{unknown}");
}

#[test]
fn a_host_means_its_newest_valid_certificate_as_cert_ensure_chooses() {
    let scene = Scene::with_host();
    for _ in 0..3 {
        scene.issue("db1.example.com", &[]).run().ok();
    }
    scene
        .gsec(&["cert", "revoke", "04", "--reason", "superseded"])
        .run()
        .ok();
    scene
        .gsec(&["cert", "revoke", "03", "--reason", "certificateHold"])
        .run()
        .ok();
    let selected = serde_json::json!({"host": "db1.example.com", "serial": "02", "others": ["01"]});
    for command in ["show", "verify", "thumbprint"] {
        let said = scene
            .gsec(&["cert", command, "db1.example.com", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(said["selected"], selected, "cert {command}: {said}");
    }
    let ensured = scene
        .gsec(&["cert", "ensure", "--host", "db1.example.com", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (&ensured["changed"], &ensured["serial"]),
        (&false.into(), &"02".into())
    );
    let said = scene.gsec(&["cert", "show", "db1.example.com"]).run().ok();
    assert!(
        said.stdout
            .contains("serial 02, the newest valid one; also valid: 01"),
        "{said}"
    );
    assert_eq!(
        scene.gsec(&["cert", "show", "02", "--json"]).run().ok().json()["selected"],
        serde_json::Value::Null
    );
    // Where none is valid, the newest; and that it is revoked is said.
    scene
        .gsec(&["cert", "revoke", "db1.example.com", "--all"])
        .run()
        .ok();
    let said = scene
        .gsec(&["cert", "show", "db1.example.com", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(said["selected"]["serial"], "04", "{said}");
}

/// What OpenSSL prints of the certificate with serial number 0D.
fn printed_by_openssl(scene: &Scene) -> Vec<String> {
    let x509 = |more: &[&str]| {
        let printed = scene
            .openssl(&[&["x509", "-in", "gsec-ca/repository/0D.pem", "-noout"], more].concat())
            .stdout;
        printed.trim_end().to_owned()
    };
    let text = x509(&["-text"]);
    let serial = text
        .lines()
        .find(|line| line.contains("Serial Number:"))
        .expect("a serial number")
        .trim()
        .to_owned();
    assert_eq!(serial, "Serial Number: 13 (0xd)");
    let number = serial.split_once(": ").expect("a number").1.to_owned();
    let subject = x509(&["-subject"]);
    assert!(subject.starts_with("subject="), "{subject}");
    vec![
        serial,
        number,
        x509(&["-serial"]),
        subject.split_once('=').expect("a subject").1.trim().to_owned(),
        subject,
        x509(&["-subject", "-nameopt", "compat"]),
        x509(&["-subject", "-nameopt", "RFC2253"]),
        x509(&["-subject", "-nameopt", "multiline"]),
        x509(&["-fingerprint", "-sha256"]),
        x509(&["-fingerprint", "-sha1"]),
    ]
}

#[test]
fn certificate_is_found_by_what_other_programs_print_of_it() {
    let scene = Scene::with_host();
    scene.write("gsec-ca/ca_conf/serial.num", "0D\n");
    scene
        .issue("db2.example.com", &["--org", "Example, Inc.", "--country", "DE"])
        .run()
        .ok();
    let more = [
        "CN=db2.example.com",
        "CN = db2.example.com",
        "/CN=db2.example.com",
        "DNS:db2.example.com",
        "serial 0D",
    ];
    let copied = scene
        .gsec(&["cert", "thumbprint", "0D"])
        .run()
        .ok()
        .stdout
        .trim()
        .to_owned();
    let ours = [
        format!("\u{200e}{copied}"),
        format!("sha1 {}", copied.replace(' ', "")),
    ];
    let selectors: Vec<String> = printed_by_openssl(&scene)
        .into_iter()
        .chain(more.map(str::to_owned))
        .chain(ours)
        .collect();
    for selector in &selectors {
        for command in ["show", "verify", "thumbprint"] {
            let said = scene
                .gsec(&["cert", command, selector, "--json"])
                .run()
                .ok()
                .json();
            assert!(
                said.to_string().contains("db2.example.com") && !said.to_string().contains("db1.example.com"),
                "cert {command} {selector}: {said}"
            );
        }
        let renewal = scene
            .gsec(&["cert", "renew", selector, "--dry-run", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(renewal["replaces"], "0D", "{selector}: {renewal}");
        for command in ["revoke", "unhold"] {
            let said = scene
                .gsec(&["cert", command, selector, "--dry-run", "--json"])
                .run()
                .ok()
                .json();
            assert_eq!(
                said["certificates"][0]["serial"], "0D",
                "cert {command} {selector}: {said}"
            );
        }
    }
}

#[test]
fn subject_of_several_certificates_is_not_revoked_without_a_choice() {
    let scene = Scene::with_host();
    scene.issue("db1.example.com", &[]).run().ok();
    scene.issue("db1.example.com", &["--org", "Example"]).run().ok();
    let several =
        "error: `/CN=db1.example.com` has several certificates: serial 01 until …, serial 02 until …";
    scene.refuses(
        &["cert", "revoke", "/CN=db1.example.com"],
        2,
        &[several, "hint: …"],
    );
    let said = scene
        .gsec(&["cert", "show", "/CN=db1.example.com", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        said["selected"],
        serde_json::json!({"host": "/CN=db1.example.com", "serial": "02", "others": ["01"]}),
        "{said}"
    );
    scene
        .gsec(&["cert", "revoke", "/O=Example/CN=db1.example.com"])
        .run()
        .ok();
    let listed = scene
        .gsec(&["cert", "list", "--status", "revoked", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (
            listed["certificates"].as_array().map(Vec::len),
            &listed["certificates"][0]["serial"]
        ),
        (Some(1), &"03".into())
    );
}

#[test]
fn what_names_no_certificate_is_answered_with_what_was_looked_for() {
    let scene = Scene::with_host();
    let hint = "hint: `gsec cert list` shows the serial numbers; give a file with its path";
    let own = scene
        .openssl(&[
            "x509",
            "-in",
            "gsec-ca/ca_conf/ca_cert.pem",
            "-noout",
            "-fingerprint",
            "-sha256",
        ])
        .stdout
        .trim()
        .to_owned();
    let other = format!("SHA256 Fingerprint={}", ["AB"; 32].join(":"));
    for command in ["show", "verify", "thumbprint", "renew", "revoke", "unhold"] {
        let refuses = |selector: &str, said: &[&str]| scene.refuses(&["cert", command, selector], 3, said);
        refuses(
            "CN=db2.example.com",
            &[
                "error: the CA has no certificate whose subject is `CN=db2.example.com`",
                hint,
            ],
        );
        refuses(
            "/C=DE/CN=db1.example.com",
            &[
                "error: the CA has no certificate whose subject is `/C=DE/CN=db1.example.com`",
                hint,
            ],
        );
        refuses(
            &other,
            &["error: the CA has no certificate with this thumbprint", hint],
        );
        for selector in [own.as_str(), "/CN=Test CA", "subject=CN = Test CA"] {
            refuses(
                selector,
                &[
                    &format!("error: `{selector}` is the CA's own certificate, not one that it issued"),
                    "hint: …",
                ],
            );
        }
    }
    // A file whose name reads as a subject is a file.
    std::fs::create_dir(scene.dir.path("CN=db1.example.com")).expect("a folder");
    scene.write("CN=db1.example.com/a", scene.read(RECORD));
    assert_eq!(subjects(&scene, &["CN=db1.example.com/a"]), [HOST]);
}

#[test]
fn names_are_issued_in_the_spelling_of_whatever_program_showed_them() {
    let scene = Scene::with_ca();
    let names = |serial: &str| {
        let shown = scene.gsec(&["cert", "show", serial, "--json"]).run().ok().json();
        let names = shown["certificates"][0]["names"]
            .as_array()
            .expect("names")
            .clone();
        names
            .iter()
            .map(|name| name.as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let windows = "DNS Name=b.example.com\r\nIP Address=10.0.0.1\r\nRFC822 Name=me@example.com\r\nURL=https://example.com/x\r\n";
    let openssl = "DNS:b.example.com, IP Address:10.0.0.1, email:me@example.com, URI:https://example.com/x";
    let keytool = "DNSName: b.example.com\nIPAddress: 10.0.0.1\nRFC822Name: me@example.com\nURIName: https://example.com/x";
    let expected = [
        "dns:a.example.com",
        "dns:b.example.com",
        "ip:10.0.0.1",
        "email:me@example.com",
        "uri:https://example.com/x",
    ];
    for (position, sans) in [windows, openssl, keytool].iter().enumerate() {
        scene.issue("a.example.com", &["--san", sans]).run().ok();
        assert_eq!(names(&format!("{:02}", position + 1)), expected, "{sans}");
    }
    scene
        .issue(
            "DNS:c.example.com",
            &["--san", "IPv4:10.0.0.2", "--san", "IPv6:fd00::1"],
        )
        .run()
        .ok();
    assert_eq!(names("04"), ["dns:c.example.com", "ip:10.0.0.2", "ip:fd00::1"]);
    scene.write(
        "list.csv",
        "host,san\nd.example.com,IP Address:10.0.0.3 DNS Name=e.example.com|IPv4:10.0.0.4\n",
    );
    scene
        .gsec(&["cert", "issue", "--from", "list.csv", "--key-type", "p256"])
        .run()
        .ok();
    assert_eq!(
        names("05"),
        [
            "dns:d.example.com",
            "ip:10.0.0.3",
            "dns:e.example.com",
            "ip:10.0.0.4"
        ]
    );
}

#[test]
fn names_are_taken_without_options_and_their_kinds_are_guessed() {
    let scene = Scene::with_ca();
    let planned = |call: &[&str]| {
        let outcome = scene.gsec(call).args(&["--dry-run", "--json"]).run().ok().json();
        let subject = outcome["subject"].as_str().expect("a subject");
        let host = subject.trim_start_matches("CN=").to_owned();
        let names = outcome["names"].as_array().expect("names").clone();
        (
            host,
            names
                .iter()
                .map(|name| name.as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>(),
        )
    };
    let all = [
        "dns:db1.example.com",
        "dns:db1",
        "ip:10.0.0.5",
        "email:admin@example.com",
    ];
    for call in [
        &[
            "cert",
            "issue",
            "db1.example.com",
            "db1",
            "10.0.0.5",
            "admin@example.com",
        ][..],
        &[
            "cert",
            "ensure",
            "db1.example.com",
            "db1",
            "10.0.0.5",
            "admin@example.com",
        ],
        &[
            "cert",
            "issue",
            "--key-type",
            "p256",
            "db1.example.com",
            "db1",
            "10.0.0.5",
            "admin@example.com",
        ],
        &[
            "cert",
            "issue",
            "db1.example.com,db1",
            "10.0.0.5,admin@example.com",
        ],
    ] {
        let (host, mut names) = planned(call);
        names.sort_unstable();
        let mut wanted = all.to_vec();
        wanted.sort_unstable();
        assert_eq!(
            (host.as_str(), names),
            ("db1.example.com", wanted.into_iter().map(str::to_owned).collect()),
            "{call:?}"
        );
    }
    // A mailbox is no host.
    let (host, names) = planned(&["cert", "issue", "admin@example.com", "db1.example.com"]);
    assert_eq!(
        (host.as_str(), names),
        ("db1.example.com", vec![all[0].to_owned(), all[3].to_owned()])
    );
    scene.refuses(
        &["cert", "issue", "admin@example.com", "--no-input"],
        2,
        &[
            "error: missing host name",
            "hint: type it: `db1.example.com`, or `--host db1.example.com`",
        ],
    );
    // The rest of a value without quotes, an answer, a file: none is a name that somebody wants in a certificate.
    scene.write("notes", "");
    let before = scene.tree();
    for (typed, said) in [
        (
            &["--host", "o.example.com", "--org", "Example", "Corp"][..],
            "`Corp`: with `--host`, further names",
        ),
        (
            &["o.example.com", "--org", "Example", "Corp"],
            "`Corp`: names are typed one after the other",
        ),
        (
            &["--key-type", "p256", "o.example.com", "--no-pfx", "yes"],
            "`yes`: this is probably not the name",
        ),
        (&["quit"], "`quit`: this is probably not the name"),
        (&["db1.csr"], "`db1.csr`: this is probably a file"),
        (&["notes"], "`notes`: this is probably a file"),
    ] {
        let refused = scene.gsec(&["cert", "issue"]).args(typed).run().code(2);
        assert!(
            refused.stderr.contains(said) && refused.stderr.contains("hint: if it is a name, `--san "),
            "{refused}"
        );
    }
    scene.tree().is_unchanged_since(&before);
    for (pasted, said) in [
        (
            "https://db1.example.com:8443/x",
            "it is a URL: type `db1.example.com`",
        ),
        ("db1.example.com:443", "it has a port: type `db1.example.com`"),
    ] {
        let refused = scene.gsec(&["cert", "issue", pasted]).run().code(2);
        assert!(refused.stderr.contains(said), "{refused}");
    }
    scene
        .gsec(&[
            "cert",
            "request",
            "gui7.example.com",
            "gui7",
            "--key-type",
            "p256",
        ])
        .run()
        .ok();
    let request = scene.openssl(&["req", "-in", "gui7_req.pem", "-noout", "-text"]);
    assert!(
        request.stdout.contains("DNS:gui7.example.com, DNS:gui7"),
        "{request}"
    );
    scene.write("list.csv", "host\na.example.com\n");
    scene
        .gsec(&["cert", "issue", "--from", "list.csv", "b.example.com"])
        .run()
        .code(2);
}

#[test]
fn names_that_no_certificate_can_have_are_answered_with_the_reason() {
    let scene = Scene::with_ca();
    for (typed, said) in [
        (
            "fe80::1%eth0",
            "it has a zone, `%eth0`, which is only valid on one machine: type `fe80::1`",
        ),
        (
            "ip:fe80::1%eth0",
            "it has a zone, `%eth0`, which is only valid on one machine: type `fe80::1`",
        ),
        (
            "Other Name:Principal Name=me@example.com",
            "gsec does not issue names of this kind",
        ),
        ("IPv6:10.0.0.1", "it is an IPv4 address: type `ip:10.0.0.1`"),
    ] {
        let refused = scene.issue("a.example.com", &["--san", typed]).run().code(2);
        assert!(refused.stderr.contains(said), "{typed}: {refused}");
        scene.write(
            "list.csv",
            format!(
                "host,san\na.example.com,\"{}\"\n",
                typed.replace("Other Name:Principal Name", "Other Name")
            ),
        );
        let refused = scene.gsec(&["cert", "issue", "--from", "list.csv"]).run();
        assert!(
            format!("{}{}", refused.stdout, refused.stderr).contains(said),
            "{typed}: {refused}"
        );
    }
    let refused = scene.issue("fe80::1%eth0", &[]).run().code(2);
    assert!(refused.stderr.contains("type `fe80::1`"), "{refused}");
    let refused = scene.gsec(&["doctor", "[fe80::1%eth0]:443"]).run();
    assert!(
        format!("{}{}", refused.stdout, refused.stderr)
            .contains("gsec does not connect to an address with a zone"),
        "{refused}"
    );
    assert_eq!(
        std::fs::read_dir(scene.dir.path("gsec-ca/repository"))
            .expect("it is there")
            .count(),
        0,
        "something was issued"
    );
}

#[test]
fn list_has_names_days_and_what_came_after() {
    let scene = Scene::with_ca();
    let issue = |names: &[&str]| {
        let call = [&["cert", "issue", "--key-type", "p256"][..], names].concat();
        scene.gsec(&call).run().ok();
    };
    issue(&["db1.example.com", "db1", "10.0.0.5", "--days", "90"]);
    issue(&["web2.example.com", "--days", "30"]);
    // Fewer names are no successor, more are; what is revoked is none.
    issue(&["db1.example.com", "--days", "90"]);
    issue(&["db1.example.com", "db1", "10.0.0.5", "fd00::5", "--days", "60"]);
    issue(&["web2.example.com", "--days", "30"]);
    scene.gsec(&["cert", "revoke", "05", "--yes"]).run().ok();
    let list = |flags: &[&str]| {
        let call = [&["cert", "list", "--json"][..], flags].concat();
        let document = scene.gsec(&call).run().ok().json();
        document["certificates"].as_array().expect("a list").clone()
    };
    let facts = |row: &serde_json::Value| {
        let text = |name: &str| row[name].as_str().map(str::to_owned);
        (
            text("serial").expect("a serial number"),
            row["days_left"].as_i64(),
            text("superseded_by"),
        )
    };
    let rows = list(&[]);
    assert_eq!(
        rows.iter().map(facts).collect::<Vec<_>>(),
        [
            ("01".to_owned(), Some(89), Some("04".to_owned())),
            ("02".to_owned(), Some(29), None),
            ("03".to_owned(), Some(89), Some("04".to_owned())),
            ("04".to_owned(), Some(59), None),
            ("05".to_owned(), Some(29), None),
        ]
    );
    assert_eq!(
        rows[0]["names"],
        serde_json::json!(["dns:db1.example.com", "dns:db1", "ip:10.0.0.5"])
    );
    let serials = |flags: &[&str]| -> Vec<String> { list(flags).iter().map(|row| facts(row).0).collect() };
    assert_eq!(serials(&["--sort", "expires"]), ["02", "05", "04", "01", "03"]);
    assert_eq!(serials(&["--sort", "expires", "--limit", "1"]), ["02"]);
    assert_eq!(serials(&["--host", "web2"]), ["02", "05"], "a label is enough");
    assert_eq!(serials(&["--host", "10"]), Vec::<String>::new());
    // What came after is found, although the filter does not show it.
    let soon = list(&["--limit", "1"]);
    assert_eq!(facts(&soon[0]).2.as_deref(), Some("04"));
    let text = scene.gsec(&["cert", "list"]).run().ok().stdout;
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines[0], ["serial", "status", "expires", "days", "names"]);
    assert_eq!(lines[1][1..5], ["valid,", "04", "is", "newer"]);
    assert_eq!(lines[1][6..], ["89", "db1.example.com,", "db1,", "10.0.0.5"]);
    assert!(lines[5].starts_with(&["05", "revoked"]), "{text}");
    assert!(!text.contains("CN="), "{text}");
}
