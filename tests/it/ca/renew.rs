//! A new certificate for the CA's key: what was issued verifies under it, the old one is kept, and what would break is found first.

use crate::common;
use crate::common::{at, machine, strace};

use common::{KEY_TYPES, OldCa, Scene, TestCa, openssl, tool};
use serde_json::Value;

const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";

/// Whether OpenSSL takes a certificate under this CA certificate, at a time of years to come where one is given.
fn openssl_takes(trust: &str, certificate: &str) -> bool {
    openssl(&["verify", "-x509_strict", "-CAfile", trust, certificate])
        .run()
        .status
        == Some(0)
}

fn gnutls_takes(trust: &str, certificate: &str) -> bool {
    tool("certtool")
        .args(&[
            "--verify",
            "--load-ca-certificate",
            trust,
            "--infile",
            certificate,
        ])
        .run()
        .status
        == Some(0)
}

/// What OpenSSL prints of one part of a certificate.
fn part(certificate: &str, what: &[&str]) -> String {
    openssl(&[&["x509", "-in", certificate, "-noout"], what].concat())
        .run()
        .ok()
        .stdout
}

/// The subject's octets in hexadecimal.
fn subject_octets(certificate: &str) -> String {
    part(
        certificate,
        &["-subject", "-nameopt", "RFC2253,dump_all,dump_der"],
    )
}

#[test]
fn what_was_issued_verifies_under_the_new_certificate_whatever_the_key() {
    for kind in KEY_TYPES
        .iter()
        .filter(|kind| !["rsa-3072", "rsa-4096"].contains(&kind.name))
    {
        let ca = TestCa::of_key(kind);
        let host = ca.issue("db1.example.com", &["--key-type", "p256"]);
        let old = std::fs::read(&ca.certificate).expect("the old certificate");
        let key = std::fs::read(&ca.key).expect("the key");
        let renewed = ca
            .gsec(&["ca", "renew", "--days", "7000", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(
            (
                &renewed["dry_run"],
                &renewed["checked"],
                &renewed["bound_to_serial"]["count"]
            ),
            (&false.into(), &1.into(), &0.into())
        );
        assert_ne!(renewed["serial"], renewed["previous_serial"]);
        let kept = renewed["kept"].as_str().expect("a path");
        assert_eq!(std::fs::read(kept).expect("the old certificate"), old);
        assert!(
            kept.ends_with(&format!(
                "/ca_cert_{}.pem",
                renewed["previous_serial"].as_str().expect("a serial")
            )),
            "{kept}"
        );
        assert_eq!(std::fs::read(&ca.key).expect("the key"), key, "the key stays");
        for certificate in [
            &host.certificate,
            &ca.issue("db2.example.com", &["--key-type", "p256"]).certificate,
        ] {
            for trust in [ca.certificate.as_str(), kept] {
                assert!(
                    openssl_takes(trust, certificate) && gnutls_takes(trust, certificate),
                    "{}: {certificate} under {trust}",
                    kind.name
                );
            }
        }
        assert_eq!(part(&ca.certificate, &["-pubkey"]), part(kept, &["-pubkey"]));
        assert_eq!(subject_octets(&ca.certificate), subject_octets(kept));
        assert_eq!(
            part(&ca.certificate, &["-ext", "subjectKeyIdentifier"]),
            part(kept, &["-ext", "subjectKeyIdentifier"])
        );
        let log = ca
            .gsec(&["ca", "log", "--verify", "--all-signatures", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(
            (&log["sound"], &log["unrecorded"]["count"]),
            (&true.into(), &0.into())
        );
        ca.openssl_ca(&["-gencrl", "-out", &ca.dir.path("crl.pem")])
            .run()
            .ok();
    }
}

#[test]
fn what_the_ca_may_do_goes_over() {
    let flags = [
        "--email",
        "ca@example.com",
        "--path-len",
        "1",
        "--permit-dns",
        "example.com",
        "--permit-ip",
        "10.0.0.0/8",
    ];
    let scene = Scene::with_ca_of(&flags);
    let extensions = "basicConstraints,keyUsage,nameConstraints,subjectAltName,subjectKeyIdentifier,authorityKeyIdentifier";
    let before = part(&scene.dir.path(CA), &["-ext", extensions]);
    scene.gsec(&["ca", "renew"]).run().ok();
    assert_eq!(part(&scene.dir.path(CA), &["-ext", extensions]), before);
    assert!(
        ["CA:TRUE, pathlen:1", "DNS:example.com", "email:ca@example.com"]
            .iter()
            .all(|text| before.contains(text)),
        "{before}"
    );
}

#[test]
fn a_look_changes_nothing_and_needs_no_passphrase() {
    let scene = Scene::empty();
    scene.write("secret", "right");
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Test CA",
            "--key-type",
            "p256",
            "--ca-passphrase-file",
            "secret",
        ])
        .run()
        .ok();
    let before = scene.tree();
    let seen = scene
        .gsec(&["ca", "renew", "--dry-run", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (&seen["dry_run"], &seen["serial"], &seen["kept"]),
        (&true.into(), &Value::Null, &Value::Null)
    );
    scene.tree().is_unchanged_since(&before);
    scene.write("wrong", "wrong");
    let wrong = [
        "error: cannot use `gsec-ca/ca_conf/ca_priv_key.pem`",
        "  caused by: wrong passphrase, or the file is damaged",
        "hint: check for a trailing space, and that it is the passphrase of this CA",
    ];
    scene.refuses(&["ca", "renew", "--ca-passphrase-file", "wrong"], 3, &wrong);
    scene
        .gsec(&["ca", "renew", "--ca-passphrase-file", "secret"])
        .run()
        .ok();
    assert!(openssl_takes(&scene.dir.path(CA), &scene.dir.path(CA)));
}

#[test]
fn an_end_in_the_past_is_refused() {
    let scene = Scene::with_ca();
    scene.refuses(
        &["ca", "renew", "--not-after", "2020-01-01"],
        3,
        &["error: cannot issue the certificate: it would expire at 2020-01-01T23:59:59Z and begin at …"],
    );
}

/// A CA of OpenSSL's making, whose host certificate names the CA certificate by issuer and serial number.
fn scene_bound_to_serial() -> Scene {
    let scene = Scene::with_ca();
    scene.issue("db1.example.com", &[]).run().ok();
    scene.openssl(&[
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=db2.example.com",
        "-keyout",
        "key.pem",
        "-out",
        "request.pem",
    ]);
    scene.write(
        "bound.cnf",
        "[host]\nbasicConstraints=CA:FALSE\nauthorityKeyIdentifier=keyid:always,issuer:always\nsubjectAltName=DNS:db2.example.com\n",
    );
    let request = scene.dir.path("request.pem");
    let extensions = scene.dir.path("bound.cnf");
    let args = [
        "ca",
        "-batch",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        &request,
        "-extfile",
        &extensions,
        "-extensions",
        "host",
        "-notext",
    ];
    openssl(&args).in_dir(scene.dir.path("gsec-ca")).run().ok();
    scene
}

#[test]
fn certificates_that_name_the_ca_by_serial_number_stop_it() {
    let scene = scene_bound_to_serial();
    let serial = scene.gsec(&["ca", "show", "--json"]).run().ok().json()["serial"]
        .as_str()
        .expect("a serial")
        .to_owned();
    let said = [
        &format!(
            "error: 1 valid certificate references the CA certificate by its serial number {serial}, and \
             would not verify with one that has another number: 02"
        ),
        "hint: `--keep-serial` gives the new certificate the same number; or re-issue for these hosts first",
    ];
    scene.refuses(&["ca", "renew"], 3, &said.map(|line| line as &str));
    scene.refuses(&["ca", "renew", "--dry-run"], 3, &said.map(|line| line as &str));
    let (bound, free) = (
        scene.dir.path("gsec-ca/repository/02.pem"),
        scene.dir.path("gsec-ca/repository/01.pem"),
    );
    for number in 1..3 {
        let renewed = scene
            .gsec(&["ca", "renew", "--keep-serial", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(
            (&renewed["serial"], &renewed["previous_serial"]),
            (&serial.as_str().into(), &serial.as_str().into())
        );
        assert_eq!(
            (
                &renewed["bound_to_serial"]["count"],
                &renewed["bound_to_serial"]["first"][0]
            ),
            (&1.into(), &"02".into())
        );
        assert_eq!(renewed["warnings"][0]["code"], "serial_kept");
        let suffix = if number == 1 {
            String::new()
        } else {
            format!("_{number}")
        };
        assert!(
            renewed["kept"]
                .as_str()
                .expect("a path")
                .ends_with(&format!("ca_cert_{serial}{suffix}.pem")),
            "each old one is kept: {renewed}"
        );
        assert!(openssl_takes(&scene.dir.path(CA), &bound) && openssl_takes(&scene.dir.path(CA), &free));
        assert!(gnutls_takes(&scene.dir.path(CA), &bound));
    }
    // What stopped it is true: under another number it does not verify.
    scene.gsec(&["cert", "revoke", "02"]).run().ok();
    scene.gsec(&["ca", "renew"]).run().ok();
    assert!(
        !openssl_takes(&scene.dir.path(CA), &bound) && openssl_takes(&scene.dir.path(CA), &free),
        "a revoked one stops nothing"
    );
}

#[test]
fn of_many_the_first_twenty_are_named() {
    let scene = scene_bound_to_serial();
    let certificate = scene.read("gsec-ca/repository/02.pem");
    let mut index = scene.read("gsec-ca/ca_conf/ca.db");
    let line = index.lines().nth(1).expect("a line").to_owned();
    for serial in 0x10..0x30 {
        index.push_str(&format!(
            "{}\n",
            line.replace("\t02\t", &format!("\t{serial:02X}\t"))
        ));
        scene.write(&format!("gsec-ca/repository/{serial:02X}.pem"), &certificate);
    }
    scene.write("gsec-ca/ca_conf/ca.db", index);
    let error = scene.gsec(&["ca", "renew", "--json"]).run().code(3).error();
    let message = error["message"].as_str().expect("text");
    assert_eq!(error["code"], "authority.bound_to_serial");
    assert!(
        message.starts_with("33 valid certificates reference ") && message.ends_with("22, …"),
        "{message}"
    );
}

#[test]
fn an_old_ca_gets_what_strict_peers_want_and_openssl_ca_goes_on() {
    let old = OldCa::new();
    // As the scripts recorded it: the CA's own certificate is the first row.
    let own = std::fs::read_to_string(&old.certificate).expect("the CA certificate");
    std::fs::write(old.file("repository/01.pem"), &own).expect("01.pem");
    let index = std::fs::read_to_string(old.file("ca_conf/ca.db")).expect("ca.db");
    std::fs::write(
        old.file("ca_conf/ca.db"),
        format!("V\t451121000000Z\t\t01\tunknown\t/CN=Basic Certification Authority\n{index}"),
    )
    .expect("ca.db");
    let before = subject_octets(&old.certificate);
    let renewed = old.gsec(&["ca", "renew", "--json"]).ok().json();
    let codes: Vec<&str> = renewed["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .filter_map(|warning| warning["code"].as_str())
        .collect();
    assert!(
        codes.contains(&"key_usage_added") && codes.contains(&"signature_changed"),
        "{codes:?}"
    );
    assert_eq!(renewed["checked"], 3, "{renewed}");
    let text = part(&old.certificate, &["-text"]);
    assert!(
        text.contains("Certificate Sign, CRL Sign") && text.contains("sha256WithRSAEncryption"),
        "{text}"
    );
    assert!(text.contains("X509v3 Basic Constraints: critical"), "{text}");
    assert_eq!(subject_octets(&old.certificate), before);
    let kept = renewed["kept"].as_str().expect("a path");
    assert_eq!(
        std::fs::read_to_string(kept).expect("kept"),
        own,
        "octet for octet"
    );
    for number in [0, 1] {
        let host = old.host_certificate(number);
        assert!(
            openssl(&["verify", "-CAfile", &old.certificate, &host])
                .run()
                .status
                == Some(0),
            "{host}"
        );
    }
    old.openssl_ca(&["-gencrl", "-crldays", "7", "-out", "crl.pem"])
        .ok();
    old.gsec(&["cert", "issue", "--host", "db9.example.com", "--key-type", "p256"])
        .ok();
}

#[test]
fn a_ca_without_key_identifier_gets_that_of_its_key() {
    let scene = Scene::with_ca();
    scene.write("root.cnf", "[req]\ndistinguished_name=dn\n[dn]\n[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=none\nauthorityKeyIdentifier=none\n1.2.3.4=ASN1:NULL\n");
    scene.chmod("gsec-ca/ca_conf/ca_cert.pem", 0o644);
    let key = "gsec-ca/ca_conf/ca_priv_key.pem";
    scene.openssl(&[
        "req",
        "-x509",
        "-new",
        "-key",
        key,
        "-config",
        "root.cnf",
        "-extensions",
        "root",
        "-subj",
        "/CN=Test CA",
        "-out",
        CA,
    ]);
    scene.issue("db1.example.com", &[]).run().ok();
    let renewed = scene.gsec(&["ca", "renew", "--json"]).run().ok().json();
    assert_eq!(renewed["warnings"][0]["code"], "extension_left_out", "{renewed}");
    assert!(openssl_takes(
        &scene.dir.path(CA),
        &scene.dir.path("gsec-ca/repository/01.pem")
    ));
}

#[test]
fn a_record_without_a_file_is_told() {
    let scene = Scene::with_host();
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01.pem")).expect("a file");
    let renewed = scene.gsec(&["ca", "renew", "--json"]).run().ok().json();
    assert_eq!(
        (&renewed["checked"], &renewed["warnings"][0]["code"]),
        (&0.into(), &"not_read".into())
    );
}

#[test]
fn a_kill_at_any_change_of_the_disk_leaves_a_ca_under_which_everything_verifies() {
    let place = machine::temp_dir();
    let ca = place.path().join("ca");
    at::make_ca(&ca);
    at::issue(&ca, "db1.example.com").succeeded("the first issue");
    let renew = ["ca", "renew"];
    let calls = strace::changes_of(place.path(), &ca, |copy| at::gsec(copy, renew));
    machine::for_each_at_once(&calls, |number, call| {
        let copy = place.path().join(format!("copy{number}"));
        machine::copy_tree(&ca, &copy);
        let outcome = strace::inject(
            &at::gsec(&copy, renew),
            &place.path().join(format!("log{number}")),
            call,
            "signal=SIGKILL",
        );
        assert_eq!(outcome.signal, Some(9), "killed at {}: {outcome:#?}", call.line);
        let file = |name: &str| copy.join(name).to_str().expect("text").to_owned();
        at::issue(&copy, "db2.example.com")
            .succeeded(&format!("the next issue after a kill at {}", call.line));
        for serial in ["01", "02"] {
            assert!(
                openssl_takes(
                    &file("ca_conf/ca_cert.pem"),
                    &file(&format!("repository/{serial}.pem"))
                ),
                "killed at {}",
                call.line
            );
        }
        common::gsec(&["ca", "renew", "--ca-dir", &file("")]).run().ok();
        std::fs::remove_dir_all(&copy).expect("the copy");
    });
    assert!(calls.len() > 10, "{}", calls.len());
}
