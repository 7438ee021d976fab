//! What gsec says of things that another hand has put there: a second certificate of one serial number, a CRL of another CA, a damaged file.
//! Nothing is called good, whole or as it should be that was not looked at.

use crate::common;

use common::doctor::{doctor, findings_of, finds, is_silent};
use common::{Scene, TlsPort};
use serde_json::Value;

const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";
const KEY: &str = "gsec-ca/ca_conf/ca_priv_key.pem";
const UNRECORDED: &str = "presented-unrecorded";

/// A certificate of another key and another name that the CA's key signed beside ca.db, in `<host>.pem`.
fn signed_beside(scene: &Scene, host: &str, serial: &str) {
    let (key, csr, file) = (
        format!("{host}.key"),
        format!("{host}.csr"),
        format!("{host}.pem"),
    );
    let subject = format!("/CN={host}.example.com");
    scene.openssl(&[
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        &key,
        "-out",
        &csr,
        "-subj",
        &subject,
    ]);
    let extensions = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nbasicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n\
                      extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:";
    scene.write("extensions", format!("{extensions}{host}.example.com\n"));
    let sign = [
        "x509",
        "-req",
        "-in",
        &csr,
        "-CA",
        CA,
        "-CAkey",
        KEY,
        "-set_serial",
        serial,
        "-days",
        "300",
        "-extfile",
        "extensions",
        "-out",
        &file,
    ];
    scene.openssl(&sign);
}

/// A server with this certificate, and its key.
fn served(scene: &Scene, certificate: &str, key: &str) -> TlsPort {
    TlsPort::openssl(&scene.dir.path(certificate), &scene.dir.path(key), &[])
}

fn document(scene: &Scene, args: &[&str]) -> Value {
    scene.gsec(args).args(&["--json"]).run().json()
}

#[test]
fn a_second_certificate_with_a_used_serial_number_is_not_taken_for_the_first() {
    let scene = Scene::with_host();
    signed_beside(&scene, "evil", "1");
    scene.write("db1.pem", scene.read("gsec-ca/repository/01.pem"));
    // With the copy of the CA, and without it: then the record and the log tell them apart.
    for is_kept in [true, false] {
        if !is_kept {
            std::fs::remove_file(scene.dir.path("gsec-ca/repository/01.pem")).expect("the CA's copy");
        }
        scene.refuses(
            &["cert", "revoke", "evil.pem", "--reason", "keyCompromise"],
            3,
            &[
                "error: `evil.pem` was signed with the CA's key, but is not a certificate that the CA \
                 recorded: …",
                "hint: a CRL lists serial numbers: `gsec cert revoke 01` revokes both certificates with this \
                 number",
                "hint: if nobody signed it on purpose, the CA key has leaked: `gsec ca rekey`",
            ],
        );
        scene
            .gsec(&["cert", "renew", "evil.pem", "--dry-run"])
            .run()
            .code(3);
        let status = |file: &str| document(&scene, &["cert", "verify", file])["revocation"]["status"].clone();
        assert_eq!([status("evil.pem"), status("db1.pem")], ["undetermined", "good"]);
        assert_eq!(finds(&scene, &["evil.pem"], UNRECORDED).severity, "error");
        assert!(
            doctor(&scene, &["db1.pem"])
                .iter()
                .all(|found| found.slug != UNRECORDED)
        );
        scene.gsec(&["cert", "revoke", "db1.pem", "--dry-run"]).run().ok();
    }
}

#[test]
fn a_certificate_of_the_same_subject_and_end_is_told_by_the_key_in_the_log() {
    let scene = Scene::with_host();
    let own = scene.read("gsec-ca/repository/01.pem");
    scene.write("db1.pem", &own);
    let end = scene
        .openssl(&[
            "x509", "-in", "db1.pem", "-noout", "-enddate", "-dateopt", "iso_8601",
        ])
        .stdout;
    let end: String = end.chars().filter(char::is_ascii_digit).chain(['Z']).collect();
    // Somebody with the CA's key makes it in a directory of his own.
    let twin = Scene::with_ca();
    [CA, KEY]
        .iter()
        .for_each(|file| twin.write(file, scene.read(file)));
    twin.sign_with_openssl("db1.example.com", &["-enddate", &end]);
    scene.write("other.pem", twin.read("gsec-ca/repository/01.pem"));
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01.pem")).expect("the CA's copy");
    let status = |file: &str| document(&scene, &["cert", "verify", file])["revocation"].clone();
    assert_eq!(status("db1.pem")["status"], "good");
    let other = status("other.pem");
    assert_eq!(
        (other["status"].as_str(), other["notes"][0].as_str()),
        (
            Some("undetermined"),
            Some("the audit log has another key for serial 01")
        )
    );
    scene.gsec(&["cert", "revoke", "other.pem"]).run().code(3);
}

#[test]
fn a_certificate_without_a_record_is_an_error_as_a_file_and_at_a_port() {
    let scene = Scene::with_host();
    signed_beside(&scene, "evil", "0x77");
    signed_beside(&scene, "twice", "1");
    for (host, seen) in [
        (
            "evil",
            "the CA's key signed it, but ca.db has no record of serial 77",
        ),
        ("twice", "another certificate"),
    ] {
        let [certificate, key] = ["pem", "key"].map(|ending| format!("{host}.{ending}"));
        let of_file = finds(&scene, &[&certificate], UNRECORDED);
        let port = served(&scene, &certificate, &key);
        let of_port = finds(
            &scene,
            &[&port.target(), "--name", &format!("{host}.example.com")],
            UNRECORDED,
        );
        assert_eq!(of_file.seen, of_port.seen);
        assert!(of_file.seen.contains(seen), "{of_file:#?}");
    }
}

#[test]
fn the_revocation_of_a_ca_above_is_said_to_be_unchecked_by_every_command() {
    let root = Scene::with_ca_of(&["--ca-dir", "root"]);
    root.gsec(&[
        "ca",
        "init",
        "--ca-dir",
        "gsec-ca",
        "--parent",
        "root",
        "--cn",
        "Sub",
        "--key-type",
        "p256",
    ])
    .run()
    .ok();
    root.issue("db1.example.com", &[]).run().ok();
    root.gsec(&[
        "cert",
        "revoke",
        "01",
        "--ca-dir",
        "root",
        "--reason",
        "keyCompromise",
    ])
    .run()
    .ok();
    let [file, key] = ["cert", "priv_key"].map(|what| format!("gsec-ca/repository/01_db1_{what}.pem"));
    let words = |args: &[&str]| root.gsec(args).run().stdout;
    assert!(words(&["cert", "verify", "01"]).contains("not revoked, revocation of CN=Sub not checked"));
    let met = root
        .gsec(&[
            "doctor",
            "handshake",
            "--server-cert",
            &file,
            "--server-key",
            &key,
        ])
        .run();
    assert!(
        met.stdout
            .contains("not revoked, revocation of CN=Sub not checked"),
        "{met}"
    );
    let met = document(
        &root,
        &[
            "doctor",
            "handshake",
            "--server-cert",
            &file,
            "--server-key",
            &key,
        ],
    );
    assert_eq!(met["server"]["unchecked_cas"], serde_json::json!(["CN=Sub"]));
    let port = TlsPort::openssl(
        &root.dir.path(&file),
        &root.dir.path(&key),
        &["-cert_chain", &root.dir.path(&file)],
    );
    let name = ["--name", "db1.example.com"];
    for (target, name) in [
        (file.as_str(), &name[..]),
        (&port.target(), &name),
        ("gsec-ca", &[]),
    ] {
        let outcome = root.gsec(&["doctor", target, "--json"]).args(name).run();
        assert_eq!(
            outcome.json()["targets"][0]["not_checked"],
            serde_json::json!(["ca_revocation"]),
            "{target}: {outcome}"
        );
        findings_of(&outcome);
        let text = words(&[&["doctor", target], name].concat());
        assert!(
            text.contains("healthy, revocation of intermediate CAs not checked"),
            "{target}: {text}"
        );
    }
    // The CA above knows, and says so.
    assert_eq!(
        finds(&root, &[&file, "--ca-dir", "root"], "certificate-revoked").severity,
        "error"
    );
    // Without an intermediate there is nothing to say.
    let plain = Scene::with_host();
    assert_eq!(
        document(&plain, &["doctor", "gsec-ca"])["targets"][0]["not_checked"],
        serde_json::json!([])
    );
}

#[test]
fn a_crl_in_der_that_cannot_be_read_leaves_nothing_valid() {
    let scene = Scene::with_host();
    scene.gsec(&["crl", "update"]).run().ok();
    let der = |out: &str| {
        drop(scene.openssl(&[
            "crl",
            "-in",
            "gsec-ca/ca_conf/ca_crl.pem",
            "-outform",
            "DER",
            "-out",
            out,
        ]))
    };
    der("old.der");
    scene.write("db1.pem", scene.read("gsec-ca/repository/01.pem"));
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    der("new.der");
    let [old, new] = ["old.der", "new.der"].map(|name| scene.read_bytes(name));
    scene.write("both.der", [&old[..], &new].concat());
    scene.write("cut.der", &new[..new.len() - 40]);
    scene.write("ca.pem", scene.read(CA));
    std::fs::rename(scene.dir.path("gsec-ca"), scene.dir.path("away")).expect("renamed");
    for crl in ["both.der", "cut.der"] {
        let verified = scene
            .gsec(&["cert", "verify", "db1.pem", "--trust", "ca.pem", "--crl", crl])
            .run()
            .code(1);
        assert!(
            verified.stdout.contains("NOT valid")
                && verified.stdout.contains("error: a given CRL cannot be read"),
            "{verified}"
        );
    }
    // One that answers is enough.
    scene
        .gsec(&[
            "cert", "verify", "db1.pem", "--trust", "ca.pem", "--crl", "cut.der", "--crl", "old.der",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert", "verify", "db1.pem", "--trust", "ca.pem", "--crl", "cut.der", "--crl", "new.der",
        ])
        .run()
        .code(1);
}

#[test]
fn only_a_crl_that_answered_is_named_as_the_source() {
    let (scene, other) = (Scene::with_host(), Scene::with_host());
    [&scene, &other]
        .iter()
        .for_each(|scene| drop(scene.gsec(&["crl", "update"]).run().ok()));
    scene.write("db1.pem", scene.read("gsec-ca/repository/01.pem"));
    scene.write("ca.pem", scene.read(CA));
    scene.write("own.crl", scene.read("gsec-ca/ca_conf/ca_crl.pem"));
    scene.write("other.crl", other.read("gsec-ca/ca_conf/ca_crl.pem"));
    std::fs::rename(scene.dir.path("gsec-ca"), scene.dir.path("away")).expect("renamed");
    for crls in [["other.crl", "own.crl"], ["own.crl", "other.crl"]] {
        let verified = document(
            &scene,
            &[
                "cert", "verify", "db1.pem", "--trust", "ca.pem", "--crl", crls[0], "--crl", crls[1],
            ],
        );
        assert_eq!(
            verified["revocation"]["asked"],
            serde_json::json!(["own.crl"]),
            "{verified:#}"
        );
    }
}

#[test]
fn a_pfx_that_holds_something_else_is_not_as_wanted() {
    let scene = Scene::with_host();
    let other = Scene::with_host();
    let pfx = "gsec-ca/repository/01_db1_cert.pfx";
    let own = scene.read_bytes(pfx);
    scene.write("hosts.csv", "host\ndb1.example.com\n");
    let ensure = |flags: &[&str]| {
        scene
            .gsec(&[
                "cert",
                "ensure",
                "--host",
                "db1.example.com",
                "--key-type",
                "p256",
            ])
            .args(flags)
            .run()
    };
    let listed = || {
        document(
            &scene,
            &[
                "cert",
                "issue",
                "--from",
                "hosts.csv",
                "--key-type",
                "p256",
                "--dry-run",
            ],
        )["hosts"][0]["result"]
            .clone()
    };
    ensure(&["--check"]).ok();
    for content in [
        &b"x\n"[..],
        b"",
        &other.read_bytes("gsec-ca/repository/01_db1_cert.pfx"),
    ] {
        scene.write(pfx, content);
        let before = scene.tree();
        let refused = ensure(&[]).code(3);
        assert!(
            refused
                .stderr
                .contains("01_db1_cert.pfx` exists, but does not belong to serial 01"),
            "{refused}"
        );
        ensure(&["--check"]).code(3);
        assert_ne!(listed(), "present");
        scene.tree().is_unchanged_since(&before);
    }
    // Moved away, as the hint says, it is written again.
    std::fs::remove_file(scene.dir.path(pfx)).expect("the PFX");
    assert!(ensure(&[]).ok().stdout.contains("01_db1_cert.pfx"));
    scene.write(pfx, own);
    assert_eq!(listed(), "present");
}

#[test]
fn a_pfx_under_another_password_is_said_not_to_be_looked_into() {
    let scene = Scene::with_host();
    scene.write("password", "secret12\n");
    scene.write("hosts.csv", "host\ndb1.example.com\n");
    let with_password = ["--pfx-password-file", "password"];
    for command in [
        &["cert", "ensure", "--host", "db1.example.com"][..],
        &["cert", "ensure", "--check", "--host", "db1.example.com"],
    ] {
        let call = |flags: &[&str]| {
            scene
                .gsec(command)
                .args(&["--key-type", "p256"])
                .args(flags)
                .run()
                .ok()
        };
        assert!(!call(&[]).stderr.contains("does not open"));
        let said = call(&with_password);
        assert!(
            said.stderr
                .contains("01_db1_cert.pfx` does not open with the given password"),
            "{said}"
        );
    }
    let rows = document(
        &scene,
        &[
            "cert",
            "issue",
            "--from",
            "hosts.csv",
            "--key-type",
            "p256",
            "--pfx-password-file",
            "password",
        ],
    );
    let row = &rows["hosts"][0];
    assert_eq!(
        (row["result"].as_str(), row["warnings"][0]["code"].as_str()),
        (Some("present"), Some("pfx_not_opened")),
        "{rows:#}"
    );
}

#[test]
fn a_list_does_not_call_present_what_holds_another_key() {
    let scene = Scene::with_host();
    let other = Scene::with_host();
    let key = "gsec-ca/repository/01_db1_priv_key.pem";
    scene.write(key, other.read(key));
    scene.write("hosts.csv", "host\ndb1.example.com\n");
    let rows = document(
        &scene,
        &[
            "cert",
            "issue",
            "--from",
            "hosts.csv",
            "--key-type",
            "p256",
            "--dry-run",
        ],
    );
    assert_eq!(rows["hosts"][0]["result"], "wanted", "{rows:#}");
}

#[test]
fn a_crl_in_the_file_of_the_certificate_is_heeded() {
    let scene = Scene::with_host();
    scene.write("db1.pem", scene.read("gsec-ca/repository/01.pem"));
    scene.write("ca.pem", scene.read(CA));
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    scene.write(
        "both.pem",
        scene.read("db1.pem") + &scene.read("gsec-ca/ca_conf/ca_crl.pem"),
    );
    std::fs::rename(scene.dir.path("gsec-ca"), scene.dir.path("away")).expect("renamed");
    let verified = scene
        .gsec(&["cert", "verify", "both.pem", "--trust", "ca.pem", "--json"])
        .run()
        .code(1)
        .json();
    let revocation = &verified["revocation"];
    assert_eq!(
        (revocation["status"].as_str(), revocation["asked"][0].as_str()),
        (Some("revoked"), Some("both.pem")),
        "{verified:#}"
    );
}

#[test]
fn a_certificate_that_is_trusted_itself_is_told_for_what_it_is() {
    let scene = Scene::with_host();
    scene.write("db1.pem", scene.read("gsec-ca/repository/01.pem"));
    let verified = document(&scene, &["cert", "verify", "db1.pem", "--trust", "db1.pem"]);
    let rules: Vec<&str> = verified["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|found| found["rule"].as_str())
        .collect();
    assert_eq!(rules, ["anchor-not-self-signed"], "{verified:#}");
    scene.openssl(&["x509", "-in", "db1.pem", "-out", "copy.pem"]);
    common::openssl(&["verify", "-CAfile", "db1.pem", "copy.pem"])
        .in_dir(scene.dir.path(""))
        .run()
        .fails();
}

#[test]
fn a_final_dot_in_the_name_that_is_asked_for_is_said_to_be_left_out() {
    let scene = Scene::with_host();
    let said = scene
        .gsec(&["cert", "verify", "01", "--name", "db1.example.com."])
        .run()
        .ok();
    assert!(
        said.stderr
            .contains("the final dot was removed, and `db1.example.com` compared"),
        "{said}"
    );
    assert!(
        !scene
            .gsec(&["cert", "verify", "01", "--name", "db1.example.com"])
            .run()
            .ok()
            .stderr
            .contains("dot")
    );
}

#[test]
fn doctor_looks_at_signatures_and_at_the_files_of_hosts() {
    let scene = Scene::with_host();
    let other = Scene::with_host();
    let silent = |scene: &Scene| {
        doctor(scene, &["gsec-ca"])
            .iter()
            .all(|found| !["certificate-file-damaged", "host-file-differs"].contains(&found.slug.as_str()))
    };
    assert!(silent(&scene));
    for (file, what) in [
        ("cert.pem", "begin with the certificate"),
        ("priv_key.pem", "contain the key"),
        ("cert.pfx", "contain key and certificate"),
    ] {
        let path = format!("gsec-ca/repository/01_db1_{file}");
        let own = scene.read_bytes(&path);
        let mut wrong = vec![other.read_bytes(&path)];
        wrong.extend((file == "cert.pfx").then(|| b"x\n".to_vec()));
        for content in wrong {
            scene.write(&path, content);
            let found = finds(&scene, &["gsec-ca"], "host-file-differs");
            assert!(
                found.subject.ends_with(&path) && found.seen.contains(what),
                "{found:#?}"
            );
        }
        scene.write(&path, own);
    }
    assert!(silent(&scene));
    // One bit of the signature.
    let der = "gsec-ca/repository/01.pem";
    scene.openssl(&["x509", "-in", der, "-outform", "DER", "-out", "01.der"]);
    let mut bytes = scene.read_bytes("01.der");
    *bytes.last_mut().expect("a byte") ^= 1;
    scene.write(der, gsec_pki::encoding::pem::encode("CERTIFICATE", &bytes));
    let damaged = finds(&scene, &["gsec-ca"], "certificate-file-damaged");
    assert!(
        damaged.seen.starts_with("none of the CA's keys signed it"),
        "{damaged:#?}"
    );
    // What the remedy says puts the right one back.
    common::doctor::type_remedy(&scene, &damaged);
    assert!(silent(&scene));
}

/// An intermediate CA `Sub` below `root`, with one host, and a request of it in `sub.csr`.
fn below_a_root() -> Scene {
    let scene = Scene::with_ca_of(&["--ca-dir", "root"]);
    scene
        .gsec(&[
            "ca",
            "init",
            "--ca-dir",
            "gsec-ca",
            "--parent",
            "root",
            "--cn",
            "Sub",
            "--key-type",
            "p256",
        ])
        .run()
        .ok();
    scene.issue("db1.example.com", &[]).run().ok();
    scene.openssl(&["req", "-new", "-key", KEY, "-subj", "/CN=Sub", "-out", "sub.csr"]);
    scene
}

/// What OpenSSL makes of that request with the key of the root.
fn signed_above(scene: &Scene, more: &str, days: &str, out: &str) {
    let extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
    scene.write("extensions", format!("{extensions}{more}"));
    let root = [
        "-CA",
        "root/ca_conf/ca_cert.pem",
        "-CAkey",
        "root/ca_conf/ca_priv_key.pem",
    ];
    scene.openssl(
        &[
            &[
                "x509",
                "-req",
                "-in",
                "sub.csr",
                "-days",
                days,
                "-extfile",
                "extensions",
                "-out",
                out,
                "-set_serial",
                "77",
            ][..],
            &root,
        ]
        .concat(),
    );
}

#[test]
fn a_ca_certificate_under_which_issued_ones_do_not_hold_is_not_accepted_in_silence() {
    let scene = below_a_root();
    signed_above(
        &scene,
        "nameConstraints=critical,permitted;DNS:other.org\n",
        "300",
        "constrained.pem",
    );
    let refused = [
        "error: the name constraints of the new path do not permit the names of 1 valid certificates: 01",
        "hint: have the parent CA permit these names; or first revoke the certificates with gsec cert \
         revoke, then accept",
    ];
    scene.refuses(&["ca", "accept", "constrained.pem"], 3, &refused);
    signed_above(
        &scene,
        "nameConstraints=critical,permitted;DNS:example.com\n",
        "300",
        "permitted.pem",
    );
    scene
        .gsec(&["ca", "accept", "permitted.pem", "--dry-run"])
        .run()
        .ok();
    signed_above(&scene, "", "1", "short.pem");
    let short = scene
        .gsec(&["ca", "accept", "short.pem", "--dry-run", "--json"])
        .run()
        .ok()
        .json();
    let codes: Vec<&str> = short["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .filter_map(|warning| warning["code"].as_str())
        .collect();
    assert_eq!(codes, ["issued_outlive_ca", "ca_ends_soon"], "{short:#}");
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    scene.gsec(&["ca", "accept", "constrained.pem"]).run().ok();
}

#[test]
fn a_directory_that_lost_its_ca_certificate_is_no_place_for_a_new_ca() {
    let scene = Scene::with_host();
    std::fs::remove_file(scene.dir.path(CA)).expect("a certificate");
    let said = [
        "error: `gsec-ca` has the key or the records of a CA, but `gsec-ca/ca_conf/ca_cert.pem` is missing",
        "hint: restore it from a backup; every client that trusts this CA has its certificate as well",
        "hint: `gsec doctor…` says what else is missing",
    ];
    for args in [
        &["ca", "show"][..],
        &["ca", "show", "--ca-dir", "gsec-ca"],
        &["cert", "verify", "01"],
        &["cert", "list"],
        &["crl", "update"],
    ] {
        scene.refuses(args, 3, &said);
    }
    assert!(
        doctor(&scene, &[])
            .iter()
            .any(|found| found.slug.starts_with("ca-certificate"))
    );
}

#[test]
fn what_is_told_to_type_fits_the_case() {
    let scene = Scene::with_host();
    scene.edit(
        "gsec-ca/ca_conf/gsec.toml",
        r#"key_types = ["rsa", "p256", "p384", "p521", "ed25519"]"#,
        "key_types = []",
    );
    let said = [
        "error: refused by `gsec-ca/ca_conf/gsec.toml`",
        "  caused by: `key_types` of `[profile.host]` allows no key at all, but this one is p256",
        "hint: list the permitted key types in `key_types` of `[profile.host]` in \
         `gsec-ca/ca_conf/gsec.toml`",
    ];
    scene.refuses(
        &["cert", "issue", "--host", "db2.example.com", "--key-type", "p256"],
        3,
        &said,
    );
    // A CA whose key is compromised has no other key to give.
    let below = below_a_root();
    below
        .gsec(&[
            "cert",
            "revoke",
            "01",
            "--ca-dir",
            "root",
            "--reason",
            "keyCompromise",
        ])
        .run()
        .ok();
    let refused = below.gsec(&["ca", "renew", "--parent", "root"]).run().code(3);
    assert!(
        refused
            .stderr
            .contains("create a new CA with a new key in another directory")
            && !refused.stderr.contains("--keep-key"),
        "{refused}"
    );
    // A certificate does not have the key of itself.
    let forgetful = Scene::with_host();
    forgetful
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    let db = forgetful.read("gsec-ca/ca_conf/ca.db");
    let columns: Vec<&str> = db.split('\t').collect();
    forgetful.write(
        "gsec-ca/ca_conf/ca.db",
        ["V", columns[1], "", columns[3], columns[4], columns[5]].join("\t"),
    );
    let slugs: Vec<String> = doctor(&forgetful, &["gsec-ca"])
        .into_iter()
        .map(|found| found.slug)
        .collect();
    assert!(
        slugs.contains(&"revocation-lost".to_owned())
            && !slugs.contains(&"compromised-key-in-use".to_owned()),
        "{slugs:?}"
    );
}

#[test]
fn settings_of_openssl_that_find_no_ca_or_copy_everything_are_told_of() {
    let scene = Scene::with_host();
    let own = scene.read("gsec-ca/ca_conf/ca.conf");
    scene.write("gsec-ca/ca_conf/ca.conf", "");
    assert_eq!(
        finds(&scene, &["gsec-ca"], "openssl-configuration-missing").severity,
        "warning"
    );
    scene.write(
        "gsec-ca/ca_conf/ca.conf",
        format!("{own}\ncopy_extensions = copyall\n"),
    );
    let copies = finds(&scene, &["gsec-ca"], "openssl-copies-extensions");
    common::doctor::type_remedy(&scene, &copies);
    common::doctor::is_silent(&scene, &["gsec-ca"], "openssl-copies-extensions");
}

#[test]
fn a_uri_with_two_signs_before_its_host_is_none() {
    let scene = Scene::with_ca();
    let issue = [
        "cert",
        "issue",
        "--host",
        "a.example.com",
        "--key-type",
        "p256",
        "--dry-run",
        "--san",
    ];
    scene
        .gsec(&[&issue[..], &["uri:https://u@a.example.com/"]].concat())
        .run()
        .ok();
    scene
        .gsec(&[&issue[..], &["uri:https://u@evil.org@a.example.com/"]].concat())
        .run()
        .code(2);
}

/// What the CA may not issue for is found in what it has issued, whoever constrains it: its own certificate, or a CA above.
#[test]
fn doctor_finds_issued_names_that_the_own_path_does_not_permit() {
    for (situation, flags, sub_flags) in [
        (
            "its own certificate",
            &[][..],
            &["--permit-dns", "example.com"][..],
        ),
        ("the CA above", &["--permit-dns", "example.com"][..], &[]),
    ] {
        let scene = Scene::with_ca_of(&[&["--ca-dir", "root"], flags].concat());
        let sub = [
            "ca",
            "init",
            "--parent",
            "root",
            "--cn",
            "Sub",
            "--key-type",
            "p256",
        ];
        scene.gsec(&sub).args(sub_flags).run().ok();
        scene.issue("db1.example.com", &[]).run().ok();
        scene.sign_with_openssl("db2.example.com", &[]);
        is_silent(&scene, &["gsec-ca"], "names-outside-constraints");
        scene.sign_with_openssl("evil.example.org", &[]);
        let found = finds(&scene, &["gsec-ca"], "names-outside-constraints");
        assert!(
            found.severity == "error" && found.seen.starts_with("serial 03: `dns:evil.example.org`"),
            "{situation}: {found:#?}"
        );
        scene.gsec(&["cert", "revoke", "03"]).run().ok();
        is_silent(&scene, &["gsec-ca"], "names-outside-constraints");
    }
}
