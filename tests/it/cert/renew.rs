//! `cert renew`: a new certificate in place of an old one, judged by OpenSSL.

use crate::common;

use common::{KEY_TYPES, OldCa, Scene, gsec_and_ca_db_agree, records};
use serde_json::{Value, json};

const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";
const CRL: &str = "gsec-ca/ca_conf/ca_crl.pem";

fn renew(scene: &Scene, flags: &[&str]) -> Value {
    scene
        .gsec(&[&["cert", "renew"], flags, &["--json"]].concat())
        .run()
        .ok()
        .json()
}

fn public_key(scene: &Scene, serial: &str) -> String {
    scene
        .openssl(&[
            "x509",
            "-in",
            &format!("gsec-ca/repository/{serial}.pem"),
            "-noout",
            "-pubkey",
        ])
        .stdout
}

/// What two certificates must have in common, as OpenSSL shows it.
fn content(scene: &Scene, serial: &str) -> String {
    let file = format!("gsec-ca/repository/{serial}.pem");
    let extensions = "subjectAltName,extendedKeyUsage,keyUsage,basicConstraints,authorityKeyIdentifier";
    scene
        .openssl(&[
            "x509", "-in", &file, "-noout", "-subject", "-issuer", "-ext", extensions,
        ])
        .stdout
}

fn verifies(scene: &Scene, serial: &str, flags: &[&str]) -> bool {
    let file = format!("gsec-ca/repository/{serial}.pem");
    let args = [&["verify", "-x509_strict", "-CAfile", CA], flags, &[&file]].concat();
    common::openssl(&args).in_dir(scene.dir.path("")).run().status == Some(0)
}

#[test]
fn every_kind_of_key_new_and_kept() {
    let scene = Scene::with_ca();
    for (index, kind) in KEY_TYPES.iter().enumerate() {
        let host = format!("h{index}.example.com");
        let issue = [
            "cert",
            "issue",
            "--host",
            &host,
            "--san",
            "ip:10.0.0.1",
            "--san",
            "email:a@example.com",
            "--ou",
            "A",
            "--ou",
            "B",
            "--json",
        ];
        let old = scene.gsec(&[&issue[..], kind.flags].concat()).run().ok().json();
        let old_serial = old["serial"].as_str().expect("a serial number");
        let new = renew(&scene, &[old_serial]);
        let new_serial = new["serial"].as_str().expect("a serial number");
        assert_eq!(
            (&new["replaces"], &new["key"], &new["names"], &new["subject"]),
            (&old["serial"], &json!("new"), &old["names"], &old["subject"])
        );
        assert_eq!(
            (&new["key_type"], &new["key_bits"], &new["profile"]),
            (&old["key_type"], &old["key_bits"], &old["profile"])
        );
        assert_ne!(public_key(&scene, old_serial), public_key(&scene, new_serial));
        let kept = renew(&scene, &[new_serial, "--keep-key", "--days", "200"]);
        let kept_serial = kept["serial"].as_str().expect("a serial number");
        assert_eq!(
            (&kept["replaces"], &kept["key"]),
            (&new["serial"], &json!("kept"))
        );
        assert_eq!(public_key(&scene, new_serial), public_key(&scene, kept_serial));
        assert!(kept["not_after"].as_str() > new["not_after"].as_str());
        let key = |serial: &str| scene.read(&format!("gsec-ca/repository/{serial}_h{index}_priv_key.pem"));
        assert_eq!(key(new_serial), key(kept_serial));
        for serial in [new_serial, kept_serial] {
            assert_eq!(content(&scene, old_serial), content(&scene, serial));
            assert!(verifies(
                &scene,
                serial,
                &["-verify_hostname", &host, "-purpose", "sslserver"]
            ));
            let pair = scene
                .openssl(&[
                    "pkey",
                    "-in",
                    &format!("gsec-ca/repository/{serial}_h{index}_priv_key.pem"),
                    "-pubout",
                ])
                .stdout;
            assert_eq!(pair, public_key(&scene, serial));
            let pfx = format!("gsec-ca/repository/{serial}_h{index}_cert.pfx");
            assert!(
                scene
                    .openssl(&["pkcs12", "-in", &pfx, "-passin", "pass:", "-nodes"])
                    .stdout
                    .contains("PRIVATE KEY")
            );
        }
    }
    gsec_and_ca_db_agree(&scene.dir.path("gsec-ca"));
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
}

#[test]
fn the_old_one_is_revoked_only_if_asked() {
    let scene = Scene::with_host();
    renew(&scene, &["db1.example.com"]);
    scene.gsec(&["crl", "update"]).run().ok();
    let crl = ["-crl_check", "-CRLfile", CRL];
    assert!(verifies(&scene, "01", &crl) && verifies(&scene, "02", &crl));
    let renewed = renew(&scene, &["02", "--revoke-old"]);
    assert_eq!(
        (
            &renewed["revoked_old"],
            &renewed["crl"]["number"],
            &renewed["crl"]["revoked"]
        ),
        (&json!(true), &json!("02"), &json!(1))
    );
    assert!(verifies(&scene, "01", &crl) && !verifies(&scene, "02", &crl) && verifies(&scene, "03", &crl));
    let text = scene.openssl(&["crl", "-in", CRL, "-noout", "-text"]).stdout;
    assert!(text.contains("Superseded"), "{text}");
    let old = &records(&scene.dir.path("gsec-ca/ca_conf/ca.db"))[1];
    assert!(
        old.status == "R" && old.revocation.ends_with(",superseded"),
        "{}",
        old.revocation
    );
    let lines = scene.read("gsec-ca/ca_conf/audit.log");
    let actions: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .collect();
    let last: Vec<_> = actions
        .iter()
        .rev()
        .take(3)
        .map(|line| [&line["action"], &line["serial"], &line["replaces"]])
        .collect();
    let null = Value::Null;
    assert_eq!(
        last,
        [
            [&json!("crl.update"), &null, &null],
            [&json!("cert.revoke"), &json!("02"), &null],
            [&json!("cert.renew"), &json!("03"), &json!("02")]
        ]
    );
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
}

#[test]
fn a_dry_run_changes_nothing_and_says_what_would_be() {
    let scene = Scene::with_host();
    let before = scene.tree();
    let said = renew(&scene, &["db1.example.com", "--revoke-old", "--dry-run"]);
    assert_eq!(
        (
            &said["dry_run"],
            &said["serial"],
            &said["revoked_old"],
            &said["crl"]
        ),
        (&json!(true), &json!("02"), &json!(true), &Value::Null)
    );
    scene.tree().is_unchanged_since(&before);
    assert_eq!(
        renew(&scene, &["db1.example.com", "--revoke-old"])["files"],
        said["files"]
    );
}

#[test]
fn what_is_meant_must_be_one_that_can_be_renewed() {
    let scene = Scene::with_host();
    scene.issue("db1.example.com", &[]).run().ok();
    let nothing = [
        "error: no file, serial number or host `0F`",
        "hint: `gsec cert list` shows…",
    ];
    scene.refuses(&["cert", "renew", "0F"], 3, &nothing);
    scene.refuses(
        &["cert", "renew", "--serial", "0F"],
        3,
        &["error: the CA has no certificate with serial `0F`", nothing[1]],
    );
    scene.refuses(
        &["cert", "renew", CA],
        3,
        &[
            "error: `gsec-ca/ca_conf/ca_cert.pem` is the CA's own certificate, …",
            "hint: …`gsec ca renew`",
            "hint: …`gsec ca rekey`…",
        ],
    );
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    let revoked = [
        "error: serial 01 is revoked (keyCompromise), and cannot be renewed",
        "hint: issue a new one: `gsec cert issue --host db1.example.com`",
    ];
    scene.refuses(&["cert", "renew", "01"], 3, &revoked);
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
        .run()
        .ok();
    let held = [
        "error: serial 02 is revoked (certificateHold), and cannot be renewed",
        "hint: `gsec cert unhold 02` releases it",
    ];
    scene.refuses(&["cert", "renew", "02", "--keep-key"], 3, &held);
    scene.gsec(&["cert", "unhold", "02"]).run().ok();
    // By its file, wherever it lies.
    scene.write("mine.pem", scene.read("gsec-ca/repository/02_db1_cert.pem"));
    assert_eq!(renew(&scene, &["mine.pem"])["replaces"], "02");
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/03.pem")).expect("remove");
    scene.refuses(
        &["cert", "renew", "03"],
        3,
        &[
            "error: serial 03 is recorded, but its certificate is not in the repository",
            "hint: the host's file contains it, too: `openssl x509 -in …`",
        ],
    );
    scene.does_not_understand(
        &["cert", "renew", "02", "--keep-key", "--key-type", "rsa"],
        "the argument … cannot be used with …",
    );
    scene.does_not_understand(&["cert", "renew"], "…required arguments were not provided…");
}

/// A certificate with a request's key, and names that are sometimes not gsec's, as `openssl ca` issues it.
fn sign_with_openssl(scene: &Scene, subject: &str, extensions: &str, dates: &[&str]) {
    scene.write(
        "wanted.cnf",
        format!("[wanted]\n{extensions}\n[dir_name]\nCN = x\n"),
    );
    let key = [
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "elsewhere.pem",
        "-out",
        "csr.pem",
        "-subj",
        subject,
    ];
    scene.openssl(&key);
    let sign = [
        "ca",
        "-batch",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        "../csr.pem",
        "-notext",
        "-extfile",
        "../wanted.cnf",
        "-extensions",
        "wanted",
    ];
    common::openssl(&[&sign[..], dates].concat())
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
}

#[test]
fn a_key_that_was_never_here() {
    let scene = Scene::with_ca();
    sign_with_openssl(
        &scene,
        "/CN=db1.example.com",
        "subjectAltName=DNS:db1.example.com\nextendedKeyUsage=serverAuth,clientAuth",
        &[],
    );
    let kept = renew(&scene, &["01", "--keep-key"]);
    assert_eq!(
        (
            &kept["key"],
            &kept["files"]["private_key"],
            &kept["files"]["pfx"],
            &kept["warnings"]
        ),
        (&json!("kept"), &Value::Null, &Value::Null, &json!([]))
    );
    assert_eq!(public_key(&scene, "01"), public_key(&scene, "02"));
    assert!(verifies(&scene, "02", &["-verify_hostname", "db1.example.com"]));
    let new = renew(&scene, &["01"]);
    assert_eq!(
        (&new["key"], &new["warnings"][0]["code"], &new["files"]["pfx"]),
        (&json!("new"), &json!("key_elsewhere"), &Value::Null)
    );
    assert!(new["files"]["private_key"].is_string());
    let given = renew(&scene, &["01", "--key", "elsewhere.pem"]);
    assert_eq!((&given["key"], &given["warnings"]), (&json!("kept"), &json!([])));
    let other = scene.openssl(&["genpkey", "-algorithm", "ed25519"]).stdout;
    scene.write("other.pem", other);
    assert_eq!(renew(&scene, &["01", "--key", "other.pem"])["key"], "new");
    scene.does_not_understand(
        &["cert", "renew", "01", "--keep-key", "--pfx-password-env", "HOME"],
        "no PFX can be written…",
    );
    // A key file that was exchanged is noticed.
    scene.issue("db2.example.com", &["--no-pfx"]).run().ok();
    let serial = records(&scene.dir.path("gsec-ca/ca_conf/ca.db"))
        .last()
        .expect("a record")
        .serial
        .clone();
    let file = format!("gsec-ca/repository/{serial}_db2_priv_key.pem");
    scene.write(&file, scene.read("other.pem"));
    let said = format!("error: `{file}` does not contain the private key of serial {serial}");
    scene.refuses(
        &["cert", "renew", &serial, "--keep-key"],
        3,
        &[
            &said,
            "hint: pass its file with `--key`, or leave out `--keep-key`",
        ],
    );
}

#[test]
fn a_key_too_small_to_be_kept_is_followed_by_a_sound_one() {
    let scene = Scene::with_ca();
    let key = [
        "req",
        "-new",
        "-newkey",
        "rsa:1024",
        "-nodes",
        "-keyout",
        "small.pem",
        "-out",
        "csr.pem",
        "-subj",
        "/CN=db1.example.com",
    ];
    scene.openssl(&[&key[..], &["-addext", "subjectAltName=DNS:db1.example.com"]].concat());
    let sign = [
        "ca",
        "-batch",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        "../csr.pem",
        "-notext",
    ];
    common::openssl(&sign)
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    let said = [
        "error: this certificate must not be issued",
        "  caused by: the RSA key has 1024 bits…",
        "hint: leave out `--keep-key`, and a key of sufficient size is made",
    ];
    scene.refuses(&["cert", "renew", "01", "--keep-key"], 3, &said);
    let renewed = renew(&scene, &["01"]);
    let codes: Vec<&str> = renewed["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .filter_map(|warning| warning["code"].as_str())
        .collect();
    assert_eq!(
        (&renewed["key_bits"], codes),
        (&json!(2048), vec!["key_elsewhere", "key_size_rounded_up"])
    );
    assert_eq!(renew(&scene, &["01", "--key-type", "p384"])["key_type"], "p384");
}

#[test]
fn the_profile_is_the_old_one_s() {
    let scene = Scene::with_ca();
    for profile in ["server", "gui", "tls-server", "hub"] {
        scene
            .issue(&format!("{profile}.example.com"), &["--profile", profile])
            .run()
            .ok();
    }
    for (index, profile) in ["server", "gui", "tls-server", "hub"].into_iter().enumerate() {
        // serverAuth alone may be `tls-server` or `hub`: the audit log knows.
        assert_eq!(renew(&scene, &[&format!("{:02}", index + 1)])["profile"], profile);
    }
    assert_eq!(renew(&scene, &["01", "--profile", "host"])["profile"], "host");
    let without = std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/audit.log"));
    without.expect("remove");
    let said = [
        "error: serial 03 may belong to any of the profiles hub, tls-server, and audit.log does not say \
         which",
        "hint: pass one of them: `--profile hub`",
    ];
    scene.refuses(&["cert", "renew", "03"], 3, &said);
    sign_with_openssl(
        &scene,
        "/CN=code",
        "subjectAltName=DNS:code.example.com\nextendedKeyUsage=codeSigning",
        &[],
    );
    let said = [
        "error: no profile has the usages of serial 0A: codeSigning",
        "hint: pass a profile with `--profile`…",
    ];
    scene.refuses(&["cert", "renew", "--serial", "0A"], 3, &said);
    assert_eq!(
        renew(&scene, &["--serial", "0A", "--profile", "host"])["profile"],
        "host"
    );
}

#[test]
fn names_that_are_not_issued_here_are_named() {
    let scene = Scene::with_ca();
    let usage = "extendedKeyUsage=serverAuth,clientAuth";
    sign_with_openssl(
        &scene,
        "/CN=a.example.com",
        &format!("subjectAltName=DNS:a.example.com,dirName:dir_name,otherName:1.2.3.4;UTF8:x\n{usage}"),
        &[],
    );
    let said = [
        "error: serial 01 has names that are not issued here: directoryName:CN=x, otherName:1.2.3.4",
        "hint: gsec cert issue issues…",
    ];
    scene.refuses(&["cert", "renew", "01"], 3, &said);
    sign_with_openssl(&scene, "/CN=not a host", usage, &[]);
    scene.refuses(
        &["cert", "renew", "02"],
        3,
        &[
            "error: serial 02 has no subjectAltName, and no common name that is a host name",
            said[1],
        ],
    );
    // A CA below this one is not a host.
    sign_with_openssl(
        &scene,
        "/CN=below",
        "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign",
        &[],
    );
    scene.refuses(
        &["cert", "renew", "03"],
        3,
        &[
            "error: serial 03 is the certificate of a CA, not of a host",
            "hint: to renew an intermediate CA's certificate: …",
        ],
    );
    // A subject that gsec would not build is taken over as it is, and so is an expired certificate.
    let odd = "/DC=com/serialNumber=7/OU=B/CN=odd.example.com/O=after the CN";
    let past = ["-startdate", "20250101000000Z", "-enddate", "20250401000000Z"];
    sign_with_openssl(
        &scene,
        "/CN=old.example.com",
        &format!("subjectAltName=DNS:old.example.com\n{usage}"),
        &past,
    );
    assert_eq!(renew(&scene, &["04"])["replaces"], "04");
    scene.edit(
        "gsec-ca/ca_conf/ca.conf",
        "[ names ]",
        "[ names ]\ndomainComponent = optional\nserialNumber = optional",
    );
    sign_with_openssl(
        &scene,
        odd,
        &format!("subjectAltName=DNS:odd.example.com\n{usage}"),
        &[],
    );
    let renewed = renew(&scene, &["06"]);
    assert_eq!(renewed["serial"], "07");
    let subject = |serial: &str| {
        scene
            .openssl(&[
                "x509",
                "-in",
                &format!("gsec-ca/repository/{serial}.pem"),
                "-noout",
                "-subject",
            ])
            .stdout
    };
    assert!(subject("06").contains("serialNumber"), "{}", subject("06"));
    assert_eq!(subject("06"), subject("07"));
}

#[test]
fn the_pfx_is_as_it_was() {
    let scene = Scene::with_ca();
    scene.write("secret", "secret");
    scene.issue("db1.example.com", &["--no-pfx"]).run().ok();
    scene
        .issue("db2.example.com", &["--pfx-password-file", "secret"])
        .run()
        .ok();
    assert_eq!(renew(&scene, &["01"])["files"]["pfx"], Value::Null);
    let given = renew(&scene, &["01", "--pfx-password-file", "secret"]);
    assert_eq!(
        (&given["pfx_password"], &given["files"]["pfx"]),
        (&json!("given"), &json!("gsec-ca/repository/04_db1_cert.pfx"))
    );
    let said = [
        "error: the old PFX, `gsec-ca/repository/02_db2_cert.pfx`, has a password, and none is given for the \
         new one",
        "hint: give one with…",
    ];
    scene.refuses(&["cert", "renew", "02"], 3, &said);
    assert_eq!(renew(&scene, &["02", "--no-pfx"])["files"]["pfx"], Value::Null);
    renew(&scene, &["02", "--pfx-password-file", "secret"]);
    scene.openssl(&[
        "pkcs12",
        "-in",
        "gsec-ca/repository/06_db2_cert.pfx",
        "-passin",
        "pass:secret",
        "-nodes",
    ]);
}

#[test]
fn where_the_files_go() {
    let scene = Scene::with_host();
    std::fs::create_dir(scene.dir.path("out")).expect("a folder");
    let renewed = renew(
        &scene,
        &["01", "--out-dir", "out", "--no-keep-key", "--key-format", "pkcs1"],
    );
    assert_eq!(renewed["files"]["private_key"], Value::Null);
    assert!(
        scene
            .read("out/db1_priv_key.pem")
            .contains("BEGIN EC PRIVATE KEY")
    );
    // The key is not in the repository, and so it is elsewhere for the next time.
    assert_eq!(renew(&scene, &["02"])["warnings"][0]["code"], "key_elsewhere");
}

#[test]
fn a_clock_before_the_ca_s_start() {
    let scene = Scene::with_host();
    // A CA certificate with the same key that begins in a year.
    let start = time::OffsetDateTime::now_utc() + time::Duration::days(365);
    let start = format!(
        "{}{:02}{:02}000000Z",
        start.year(),
        u8::from(start.month()),
        start.day()
    );
    scene.write("db", "");
    scene.write("serial", "1000\n");
    let settings = "[ca]\ndefault_ca=c\n[c]\ndatabase=db\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n";
    scene.write("later.cnf", format!("{settings}[x]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"));
    let key = "gsec-ca/ca_conf/ca_priv_key.pem";
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        key,
        "-subj",
        "/CN=Test CA",
        "-out",
        "ca.csr",
    ]);
    let sign = [
        "ca",
        "-batch",
        "-selfsign",
        "-config",
        "later.cnf",
        "-keyfile",
        key,
        "-in",
        "ca.csr",
        "-extensions",
        "x",
        "-out",
        "later.pem",
        "-notext",
    ];
    scene.openssl(&[&sign[..], &["-startdate", &start, "-days", "900"]].concat());
    scene.write(CA, scene.read("later.pem"));
    let said = [
        "error: the CA certificate is not valid now: it is valid from …",
        "hint: is this machine's clock right? `date -u` shows it",
    ];
    for command in [
        &["cert", "renew", "01"][..],
        &["cert", "ensure", "--host", "db1.example.com"],
        &["cert", "issue", "--host", "db1.example.com"],
    ] {
        scene.refuses(command, 3, &said);
    }
}

#[test]
fn in_a_directory_of_the_old_scripts() {
    let old = OldCa::new();
    // `unique_subject = yes`: what is valid cannot be renewed before the directory is adopted.
    let before = old.tree();
    let refused = old.gsec(&["cert", "renew", "0E"]).code(3);
    assert!(refused.stderr.contains("gsec ca adopt"), "{refused}");
    before.keeps(&old.tree(), &["ca_conf/.lock"]);
    // The expired one can: its line becomes E.
    let renewed = old.gsec(&["cert", "renew", "10", "--json"]).ok().json();
    let codes: Vec<&str> = renewed["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .filter_map(|warning| warning["code"].as_str())
        .collect();
    assert!(codes.contains(&"name_from_subject"), "{codes:?}");
    assert_eq!(
        (&renewed["names"], &renewed["profile"], &renewed["serial"]),
        (
            &json!(["dns:tserver1.example.com"]),
            &json!("server"),
            &json!("12")
        )
    );
    assert_eq!(
        renewed["files"]["pfx"],
        format!("{}/repository/12_tserver1_cert.pfx", old.path)
    );
    common::openssl(&[
        "verify",
        "-CAfile",
        &old.certificate,
        "-verify_hostname",
        "tserver1.example.com",
        &old.file("repository/12.pem"),
    ])
    .run()
    .ok();
    assert_eq!(
        old.gsec(&["cert", "renew", "11"]).code(3).stderr.lines().next(),
        Some("error: serial 11 is revoked (keyCompromise), and cannot be renewed")
    );
    old.gsec(&["ca", "adopt", "--yes"]).ok();
    // Its key is that of 11, which was revoked as compromised.
    old.gsec(&["cert", "renew", "0E", "--keep-key"])
        .code(3)
        .says("the key is compromised: serial 11 has it");
    let renewed = old.gsec(&["cert", "renew", "0E", "--json"]).ok().json();
    assert_eq!(
        (&renewed["key"], &renewed["subject"]),
        (
            &json!("new"),
            &json!("C=US, O=Old Contact Centre, CN=confserv1.example.com")
        )
    );
    gsec_and_ca_db_agree(&old.path);
}

#[test]
fn a_host_is_renewed_any_number_of_times_and_each_time_its_newest_valid_certificate() {
    let scene = Scene::with_host();
    for (serial, replaces, others) in [
        ("02", "01", json!([])),
        ("03", "02", json!(["01"])),
        ("04", "03", json!(["02", "01"])),
    ] {
        let said = renew(&scene, &["db1.example.com"]);
        assert_eq!(
            (&said["serial"], &said["replaces"], &said["changed"]),
            (&json!(serial), &json!(replaces), &json!(true))
        );
        assert_eq!(
            said["selected"],
            json!({"host": "db1.example.com", "serial": replaces, "others": others})
        );
    }
    scene
        .gsec(&["cert", "renew", "db1.example.com", "--dry-run"])
        .run()
        .ok()
        .says("serial 04, the newest valid one; also valid: 03, 02, 01");
    assert_eq!(
        renew(&scene, &["01"])["selected"],
        Value::Null,
        "a serial number leaves no choice"
    );
}

#[test]
fn a_call_with_revoke_old_that_was_cut_off_is_finished_by_the_same_call() {
    let scene = Scene::with_host();
    // As far as it had come: the new certificate is issued, the old one revoked, and no CRL tells of it.
    scene.gsec(&["cert", "renew", "01"]).run().ok();
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "superseded", "--no-crl"])
        .run()
        .ok();
    let dry = renew(&scene, &["01", "--revoke-old", "--dry-run"]);
    assert_eq!(
        (&dry["changed"], &dry["serial"], &dry["crl"]),
        (&json!(false), &json!("02"), &Value::Null)
    );
    let said = renew(&scene, &["01", "--revoke-old"]);
    assert_eq!(
        (
            &said["changed"],
            &said["serial"],
            &said["replaces"],
            &said["crl"]["revoked"]
        ),
        (&json!(false), &json!("02"), &json!("01"), &json!(1))
    );
    assert!(
        scene
            .openssl(&["crl", "-in", "gsec-ca/ca_conf/ca_crl.pem", "-noout", "-text"])
            .stdout
            .contains("Serial Number: 01")
    );
    let before = scene.tree();
    scene
        .gsec(&["cert", "renew", "01", "--revoke-old"])
        .run()
        .ok()
        .says("Serial 02 was already issued in its place: nothing more was issued");
    scene.tree().is_unchanged_since(&before);
    // What was revoked for another reason was not renewed by such a call.
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene.gsec(&["cert", "renew", "02", "--revoke-old"]).run().code(3);
}
