//! What `openssl ca` leaves in a CA directory that gsec reads: CRLs of algorithms that gsec cannot check, and serial numbers of every size.

use crate::common;

use common::{TestCa, gsec, key_type, openssl};

/// The serial numbers in the CA's CRL, as OpenSSL prints them.
fn listed(ca: &TestCa) -> Vec<String> {
    let text = openssl(&["crl", "-in", &ca.conf("ca_crl.pem"), "-noout", "-text"])
        .run()
        .ok()
        .stdout;
    // Long ones are broken over several lines.
    let text = text.replace("\\\n", "");
    text.lines()
        .filter_map(|line| Some(line.trim().strip_prefix("Serial Number: ")?.to_owned()))
        .collect()
}

#[test]
fn crl_whose_signature_cannot_be_checked_is_neither_wrong_nor_good() {
    let ca = TestCa::of_key(key_type("rsa-2048"));
    let (kept, revoked) = (
        ca.issue("db1.example.com", &["--key-type", "p256"]),
        ca.issue("db2.example.com", &["--key-type", "p256"]),
    );
    ca.openssl_ca(&["-revoke", &revoked.record]).run().ok();
    ca.openssl_ca(&["-gencrl", "-md", "sha224", "-out", "ca_conf/ca_crl.pem"])
        .run()
        .ok();
    let crl = ca.conf("ca_crl.pem");
    openssl(&[
        "verify",
        "-CAfile",
        &ca.certificate,
        "-crl_check",
        "-CRLfile",
        &crl,
        &kept.certificate,
    ])
    .run()
    .ok();
    let unchecked = "the signature (sha224WithRSAEncryption) of the CRL";
    let verified = ca.gsec(&["cert", "verify", &kept.record]).run().code(3);
    let verified = verified
        .says("UNDETERMINED")
        .says(unchecked)
        .says("could not be checked");
    assert!(!verified.to_string().contains("is not signed by"), "{verified}");
    ca.gsec(&["cert", "verify", &revoked.record])
        .run()
        .code(1)
        .says("revoked");
    ca.gsec(&["crl", "show"]).run().ok().says("unsupported");
    ca.gsec(&["cert", "list"]).run().ok().says(unchecked);
    let doctor = ca.gsec(&["doctor", &ca.path]).run();
    let doctor = doctor.says("ca-crl-unchecked").says("sha224WithRSAEncryption");
    assert!(!doctor.to_string().contains("ca-crl-of-another-key"), "{doctor}");

    // Another program's revocation that only this CRL has: a new one would take it back.
    let index = std::fs::read_to_string(ca.conf("ca.db")).expect("ca.db");
    let valid: String = index
        .lines()
        .map(|line| {
            let mut columns: Vec<&str> = line.split('\t').collect();
            (columns[0], columns[2]) = ("V", "");
            columns.join("\t") + "\n"
        })
        .collect();
    std::fs::write(ca.conf("ca.db"), valid).expect("ca.db");
    ca.gsec(&["crl", "update"])
        .run()
        .code(3)
        .says("it alone lists serial 02");
    std::fs::write(ca.conf("ca.db"), index).expect("ca.db");
    ca.gsec(&["crl", "update"]).run().ok();
    assert_eq!(listed(&ca), ["02"]);
    ca.gsec(&["cert", "verify", &kept.record])
        .run()
        .ok()
        .says("not revoked");
}

#[test]
fn crl_whose_address_certificates_have_is_missed() {
    let ca = TestCa::init(&["--key-type", "p256"]);
    let settings = std::fs::read_to_string(ca.conf("gsec.toml")).expect("gsec.toml");
    let line = settings
        .lines()
        .find(|line| line.starts_with("crl_addresses"))
        .expect("the setting");
    let settings = settings.replace(line, "crl_addresses = [\"http://pki.example.com/ca.crl\"]");
    std::fs::write(ca.conf("gsec.toml"), settings).expect("gsec.toml");
    let finding = "ca-crl-not-made";
    let says = |args: &[&str]| ca.gsec(args).run().to_string().contains(finding);
    assert!(!says(&["doctor", &ca.path]), "nothing names it yet");
    let host = ca.issue("db1.example.com", &["--key-type", "p256"]);
    openssl(&["x509", "-in", &host.certificate, "-noout", "-text"])
        .run()
        .ok()
        .says("URI:http://pki.example.com/ca.crl");
    openssl(&[
        "verify",
        "-CAfile",
        &ca.certificate,
        "-crl_check",
        &host.certificate,
    ])
    .run()
    .code(2)
    .says("unable to get certificate CRL");
    assert!(says(&["doctor", &ca.path]));
    ca.gsec(&["crl", "update"]).run().ok();
    assert!(!says(&["doctor", &ca.path]));
}

#[test]
fn every_serial_number_of_the_index_can_be_typed() {
    let long = "11".repeat(200);
    for serial in ["-07", "-7FFE", &"11".repeat(21), &long, "00"] {
        let ca = TestCa::init(&["--key-type", "p256"]);
        let index = format!("V\t391231000000Z\t\t{serial}\tunknown\t/CN=db1.example.com\n");
        std::fs::write(ca.conf("ca.db"), index).expect("ca.db");
        let printed = ca.gsec(&["cert", "list", "--json"]).run().ok().json();
        let printed = printed["certificates"][0]["serial"]
            .as_str()
            .expect("a number")
            .to_owned();
        assert_eq!(printed, serial);
        let shown = ca.gsec(&["cert", "show", "--serial", &printed]).run().code(3);
        shown.says("is recorded, but");
        ca.gsec(&["cert", "revoke", "--serial", &printed, "--reason", "superseded"])
            .run()
            .ok();
        assert_eq!(listed(&ca), [serial]);
        gsec(&[
            "--ca-dir", &ca.path, "cert", "revoke", "--yes", "--serial", "--", &printed,
        ])
        .run()
        .ok()
        .says("already revoked");
        ca.openssl_ca(&["-gencrl", "-out", "ca_conf/ca_crl.pem"])
            .run()
            .ok();
        assert_eq!(listed(&ca), [serial]);
    }
    // OpenSSL refuses the file for it.
    let ca = TestCa::init(&["--key-type", "p256"]);
    std::fs::write(
        ca.conf("ca.db"),
        "V\t391231000000Z\t\t7\tunknown\t/CN=db1.example.com\n",
    )
    .expect("ca.db");
    ca.openssl_ca(&["-gencrl", "-out", "x.crl"]).run().code(1);
    ca.gsec(&["cert", "revoke", "--serial", "7"]).run().ok();
    assert_eq!(listed(&ca), ["07"]);
}

#[test]
fn openssl_ca_issues_under_long_serial_numbers_that_gsec_can_revoke() {
    let ca = TestCa::init(&["--key-type", "p256"]);
    let serial = "11".repeat(120);
    std::fs::write(ca.conf("serial.num"), format!("{serial}\n")).expect("serial.num");
    let (key, request) = (ca.dir.path("k.pem"), ca.dir.path("k.csr"));
    openssl(&[
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        &key,
        "-subj",
        "/CN=db1.example.com",
        "-addext",
        "subjectAltName=DNS:db1.example.com",
        "-out",
        &request,
    ])
    .run()
    .ok();
    let certificate = ca.dir.path("k.crt");
    ca.openssl_ca(&["-batch", "-notext", "-in", &request, "-out", &certificate])
        .run()
        .ok();
    ca.gsec(&["cert", "show", "--serial", &serial]).run().ok();
    ca.gsec(&["cert", "revoke", &certificate]).run().ok();
    assert_eq!(listed(&ca), [serial]);
    ca.gsec(&["cert", "verify", &certificate])
        .run()
        .code(1)
        .says("revoked");
}

/// `openssl ca` judges what a revoked line may say; what it refuses, doctor tells, and fixes where it can.
#[test]
fn what_openssl_ca_refuses_of_a_revocation_doctor_finds() {
    let ca = TestCa::init(&["--key-type", "p256"]);
    let index = ca.conf("ca.db");
    let gencrl = || ca.openssl_ca(&["-gencrl", "-out", "x.crl"]).run().status == Some(0);
    let is_told = || {
        let told = ca.gsec(&["doctor", &ca.path]).run().to_string();
        told.contains("index-bad-lines")
    };
    for (column, accepted) in [
        ("260101120000Z", true),
        ("20260101120000Z", false),
        ("19600101120000Z", false),
        ("260101120000", false),
        ("20260101120000", false),
        ("260230120000Z", false),
        ("260101240000Z", false),
        ("260101120000Z,superseded", true),
        ("260101120000Z, superseded", false),
        ("260101120000Z,privilegeWithdrawn", false),
        ("260101120000Z,aACompromise", false),
        ("260101120000Z,certificateHold", true),
        ("260101120000Z,holdInstruction,holdInstructionReject", true),
        ("260101120000Z,holdInstruction,1.2.3", true),
        ("260101120000Z,holdInstruction", false),
        ("260101120000Z,holdInstruction,wait", false),
        ("260101120000Z,keyTime,20260101120000Z", true),
        ("260101120000Z,keyTime,261101000000Z", false),
        ("260101120000Z,keyTime", false),
        ("260101120000Z,CAkeyTime,2026", false),
        ("260101120000Z,", false),
    ] {
        let line = format!("R\t391231000000Z\t{column}\t02\tunknown\t/CN=db2.example.com\n");
        std::fs::write(&index, line).expect("ca.db");
        assert_eq!(gencrl(), accepted, "{column}");
        assert_eq!(is_told(), !accepted, "{column}");
        ca.gsec(&["crl", "update"]).run().ok();
        assert_eq!(listed(&ca), ["02"], "{column}: it stays revoked");
        if !accepted {
            ca.gsec(&["doctor", &ca.path, "--only", "index-bad-lines", "--fix", "--yes"])
                .run();
            let fixed = std::fs::read_to_string(&index).expect("ca.db");
            assert!(gencrl() && !is_told(), "{column}: {fixed}");
            assert!(fixed.starts_with("R\t"), "{fixed}");
        }
    }
}
