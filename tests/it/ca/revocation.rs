//! Revoking, holds and CRLs: what OpenSSL and GnuTLS say to them, and what stays as it is.

use crate::common;

use common::{Scene, gsec_and_ca_db_agree, records, tool};

const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";
const CRL: &str = "gsec-ca/ca_conf/ca_crl.pem";

/// A CA that has issued for these hosts, serials 01 on.
fn scene_with(hosts: &[&str]) -> Scene {
    let scene = Scene::with_ca();
    hosts
        .iter()
        .for_each(|host| drop(scene.issue(host, &[]).run().ok()));
    scene
}

/// Whether OpenSSL, heeding the CRL, still takes the certificate of a serial number.
fn openssl_takes(scene: &Scene, serial: &str) -> bool {
    let file = format!("gsec-ca/repository/{serial}.pem");
    let outcome = common::openssl(&[
        "verify",
        "-x509_strict",
        "-crl_check",
        "-CAfile",
        CA,
        "-CRLfile",
        CRL,
        &file,
    ])
    .in_dir(scene.dir.path(""))
    .run();
    if outcome.status != Some(0) {
        assert!(
            outcome.stderr.contains("certificate revoked"),
            "refused for another reason: {outcome}"
        );
    }
    outcome.status == Some(0)
}

/// The same of GnuTLS.
fn gnutls_takes(scene: &Scene, serial: &str) -> bool {
    let file = format!("gsec-ca/repository/{serial}.pem");
    let args = [
        "--verify",
        "--load-ca-certificate",
        CA,
        "--load-crl",
        CRL,
        "--infile",
        &file,
    ];
    let outcome = tool("certtool").args(&args).in_dir(scene.dir.path("")).run();
    if outcome.status != Some(0) {
        assert!(
            outcome.stdout.contains("revoked"),
            "refused for another reason: {outcome}"
        );
    }
    outcome.status == Some(0)
}

#[test]
fn every_reason_reaches_the_crl_and_openssl_s_index() {
    let reasons = [
        ("unspecified", None, None),
        ("keyCompromise", Some("keyCompromise"), Some("Key Compromise")),
        ("cACompromise", Some("CACompromise"), Some("CA Compromise")),
        (
            "affiliationChanged",
            Some("affiliationChanged"),
            Some("Affiliation Changed"),
        ),
        ("superseded", Some("superseded"), Some("Superseded")),
        (
            "cessation-of-operation",
            Some("cessationOfOperation"),
            Some("Cessation Of Operation"),
        ),
        (
            "CERTIFICATEHOLD",
            Some("certificateHold"),
            Some("Certificate Hold"),
        ),
    ];
    let hosts: Vec<String> = (0..reasons.len())
        .map(|number| format!("h{number}.example.com"))
        .collect();
    let scene = scene_with(&hosts.iter().map(String::as_str).collect::<Vec<_>>());
    for (index, (typed, in_index, in_crl)) in reasons.iter().enumerate() {
        let serial = format!("{:02}", index + 1);
        let revoked = scene
            .gsec(&["cert", "revoke", &serial, "--reason", typed, "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(revoked["changed"], true);
        assert_eq!(revoked["certificates"][0]["reason"].as_str(), *in_index);
        let record = &records(&scene.dir.path("gsec-ca/ca_conf/ca.db").to_string())[index];
        assert_eq!(
            (
                record.status.as_str(),
                record.revocation.split_once(',').map(|(_, reason)| reason)
            ),
            ("R", *in_index)
        );
        let text = scene.openssl(&["crl", "-in", CRL, "-noout", "-text"]).stdout;
        let entry = text
            .split("Serial Number: ")
            .find(|entry| entry.starts_with(&serial))
            .expect("an entry");
        let entry = entry
            .split("Signature Algorithm")
            .next()
            .expect("before the signature");
        match in_crl {
            Some(reason) => assert!(entry.contains(reason), "{entry}"),
            None => assert!(!entry.contains("Reason"), "{entry}"),
        }
        assert!(
            !openssl_takes(&scene, &serial) && !gnutls_takes(&scene, &serial),
            "{typed}"
        );
    }
    // `openssl ca` goes on from there: it reads every line, and its own CRL says the same.
    let theirs = scene.dir.path("theirs.pem").to_string();
    let in_ca = |args: &[&str]| common::openssl(args).in_dir(scene.dir.path("gsec-ca")).run().ok();
    in_ca(&["ca", "-config", "ca_conf/ca.conf", "-gencrl", "-out", &theirs]);
    let entries = |file: &str| {
        let text = scene.openssl(&["crl", "-in", file, "-noout", "-text"]).stdout;
        text.split("Revoked Certificates:")
            .nth(1)
            .and_then(|rest| rest.split("Signature Algorithm").next())
            .expect("entries")
            .to_owned()
    };
    assert_eq!(entries("theirs.pem"), entries(CRL));
}

#[test]
fn crl_number_grows_and_the_key_identifier_is_the_ca_s_own() {
    let scene = scene_with(&["db1.example.com"]);
    scene.gsec(&["crl", "update"]).run().ok();
    let empty = scene.openssl(&["crl", "-in", CRL, "-noout", "-text", "-CAfile", CA]);
    assert!(
        empty.stdout.contains("No Revoked Certificates") && empty.stderr.contains("verify OK"),
        "{empty}"
    );
    assert!(openssl_takes(&scene, "01") && gnutls_takes(&scene, "01"));
    let updated = scene
        .gsec(&["crl", "update", "--days", "7", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (&updated["number"], &updated["revoked"]),
        (&"02".into(), &0.into())
    );
    let shown = scene.gsec(&["crl", "show", "--json"]).run().ok().json();
    let ca = scene.gsec(&["ca", "show", "--json"]).run().ok().json();
    assert_eq!(shown["authority_key_identifier"], ca["subject_key_identifier"]);
    assert_eq!(
        (&shown["number"], &shown["signature"], &shown["overdue"]),
        (&"02".into(), &"good".into(), &false.into())
    );
    assert_eq!(scene.read("gsec-ca/ca_conf/crl.num"), "03\n");
    let other = Scene::with_ca();
    other.write("crl.pem", scene.read(CRL));
    let unchecked = other
        .gsec(&["crl", "show", "crl.pem", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        unchecked["signature"], "bad",
        "a CA of the same name with another key"
    );
}

#[test]
fn revoking_again_changes_nothing_and_says_so() {
    let scene = scene_with(&["db1.example.com"]);
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    let before = scene.tree();
    let again = scene
        .gsec(&[
            "cert",
            "revoke",
            "db1.example.com",
            "--reason",
            "superseded",
            "--json",
        ])
        .run()
        .ok()
        .json();
    assert_eq!(
        (
            &again["changed"],
            &again["certificates"][0]["reason"],
            &again["crl"]
        ),
        (&false.into(), &"keyCompromise".into(), &serde_json::Value::Null)
    );
    scene
        .gsec(&["cert", "revoke", "01"])
        .run()
        .ok()
        .says("is already revoked since");
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn a_hold_is_taken_back_and_may_become_a_revocation() {
    let scene = scene_with(&["db1.example.com", "db2.example.com"]);
    scene
        .gsec(&["cert", "revoke", "01", "02", "--reason", "certificateHold"])
        .run()
        .ok();
    assert!(!openssl_takes(&scene, "01") && !openssl_takes(&scene, "02"));
    scene
        .gsec(&["cert", "unhold", "01"])
        .run()
        .ok()
        .says("Released serial 01 from hold");
    assert!(openssl_takes(&scene, "01") && !openssl_takes(&scene, "02"));
    let held = records(&scene.dir.path("gsec-ca/ca_conf/ca.db").to_string())[1]
        .revocation
        .clone();
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise"])
        .run()
        .ok();
    let revoked = records(&scene.dir.path("gsec-ca/ca_conf/ca.db").to_string())[1]
        .revocation
        .clone();
    assert_eq!(
        held.replace("certificateHold", "keyCompromise"),
        revoked,
        "it is revoked since the day of the hold"
    );
    // What is revoked for good stays revoked, and a script that asks for it back is not told that it was done.
    let before = scene.tree();
    let unhold = scene.gsec(&["cert", "unhold", "02", "--json"]).run().code(3);
    assert_eq!(unhold.error()["code"], "authority.revoked_for_good");
    scene.tree().is_unchanged_since(&before);
    // Released already: nothing is left to do.
    let again = scene.gsec(&["cert", "unhold", "01", "--json"]).run().ok().json();
    assert_eq!(again["changed"], false);
    assert!(!openssl_takes(&scene, "02"));
    gsec_and_ca_db_agree(&scene.dir.path("gsec-ca").to_string());
}

#[test]
fn what_openssl_ca_revoked_is_in_gsec_s_crl_as_it_would_be_in_its_own() {
    let scene = scene_with(&["a.example.com", "b.example.com", "c.example.com"]);
    let in_ca = |args: &[&str]| {
        common::openssl(&[&["ca", "-config", "ca_conf/ca.conf"], args].concat())
            .in_dir(scene.dir.path("gsec-ca"))
            .run()
            .ok()
    };
    in_ca(&[
        "-revoke",
        "repository/01.pem",
        "-crl_compromise",
        "20260101000000Z",
    ]);
    in_ca(&[
        "-revoke",
        "repository/02.pem",
        "-crl_hold",
        "holdInstructionReject",
    ]);
    in_ca(&[
        "-revoke",
        "repository/03.pem",
        "-crl_CA_compromise",
        "20260102000000Z",
    ]);
    scene.gsec(&["crl", "update"]).run().ok();
    in_ca(&["-gencrl", "-out", "../theirs.pem"]);
    let entries = |file: &str| {
        let text = scene.openssl(&["crl", "-in", file, "-noout", "-text"]).stdout;
        text.split("Revoked Certificates:")
            .nth(1)
            .and_then(|rest| rest.split("Signature Algorithm").next())
            .expect("entries")
            .to_owned()
    };
    let ours = entries(CRL);
    assert!(
        ours.contains("Invalidity Date") && ours.contains("Hold Instruction"),
        "{ours}"
    );
    assert_eq!(ours, entries("theirs.pem"));
    let list = scene
        .gsec(&["cert", "list", "--status", "revoked", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(list["certificates"].as_array().map(Vec::len), Some(3));
}

#[test]
fn selectors_of_other_cas_and_of_nothing_are_refused() {
    let scene = scene_with(&["db1.example.com", "db1.example.com"]);
    let other = scene_with(&["db1.example.com"]);
    scene.write("theirs.pem", other.read("gsec-ca/repository/01.pem"));
    let hint = "hint: `gsec cert list` shows the serial numbers; give a file with its path";
    scene.refuses(
        &["cert", "revoke", "7F"],
        3,
        &["error: no file, serial number or host `7F`", hint],
    );
    scene.refuses(
        &["cert", "revoke", "01", "99", "--serial"],
        3,
        &[
            "error: the CA has no certificate with serial `99`",
            "hint: serial numbers are hexadecimal: did you mean decimal 99? That is 63",
            hint,
        ],
    );
    let foreign = "error: `theirs.pem` was not issued by this CA: its issuer is `CN=Test CA`, serial 01";
    scene.refuses(
        &["cert", "revoke", "theirs.pem"],
        3,
        &[foreign, "hint: pass the CA that issued it with `--ca-dir`"],
    );
    let several = "error: `db1.example.com` has several certificates: serial 01 until …, serial 02 until …";
    let hint = "hint: select them by their serial numbers, or pass `--all`";
    scene.refuses(&["cert", "revoke", "db1.example.com"], 2, &[several, hint]);
    scene.does_not_understand(
        &["cert", "revoke", "01", "--reason", "privilegeWithdrawn"],
        "invalid value 'privilegeWithdrawn' for '--reason <REASON>': `openssl ca` does not know \
         privilegeWithdrawn, and could not create a CRL for this CA",
    );
    scene.does_not_understand(
        &["cert", "revoke"],
        "the following required arguments were not provided:…",
    );
}

#[test]
fn a_file_of_this_ca_and_a_host_with_one_certificate_are_found() {
    let scene = scene_with(&["db1.example.com", "db2.example.com"]);
    scene.write("copy.pem", scene.read("gsec-ca/repository/01_db1_cert.pem"));
    scene
        .gsec(&["cert", "revoke", "copy.pem"])
        .run()
        .ok()
        .says("Revoked serial 01 at ");
    scene
        .gsec(&["cert", "revoke", "DB2.example.com"])
        .run()
        .ok()
        .says("Revoked serial 02 at ");
}

#[test]
fn a_dry_run_changes_nothing_and_opens_no_key() {
    let scene = scene_with(&["db1.example.com"]);
    scene.write("gsec-ca/ca_conf/ca_priv_key.pem", "no key");
    let before = scene.tree();
    let planned = scene
        .gsec(&["cert", "revoke", "01", "--dry-run", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (
            &planned["dry_run"],
            &planned["changed"],
            &planned["certificates"][0]["status"]
        ),
        (&true.into(), &true.into(), &"revoked".into())
    );
    scene
        .gsec(&["crl", "update", "--dry-run"])
        .run()
        .ok()
        .says("Would create a CRL with 0 revoked certificates");
    scene.tree().is_unchanged_since(&before);
    // Without a CRL the key is not needed at all, as for the record of a certificate whose CA key is in a safe.
    scene
        .gsec(&["cert", "revoke", "01", "--no-crl"])
        .run()
        .ok()
        .says("Revoked serial 01 at ");
    assert!(!scene.exists(CRL));
}

#[test]
fn a_key_that_does_not_open_is_found_out_before_anything_is_revoked() {
    let scene = Scene::empty();
    scene.write("secret", "right\n");
    scene.write("wrong", "wrong\n");
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
    scene
        .issue("db1.example.com", &["--ca-passphrase-file", "secret"])
        .run()
        .ok();
    let wrong = [
        "error: cannot use `gsec-ca/ca_conf/ca_priv_key.pem`",
        "  caused by: wrong passphrase, or the file is damaged",
        "hint: check for a trailing space, and that it is the passphrase of this CA",
    ];
    scene.refuses(
        &["cert", "revoke", "01", "--ca-passphrase-file", "wrong"],
        3,
        &wrong,
    );
    scene.refuses(&["crl", "update", "--ca-passphrase-file", "wrong"], 3, &wrong);
    scene
        .gsec(&["cert", "revoke", "01", "--ca-passphrase-file", "secret"])
        .run()
        .ok();
    assert!(!openssl_takes(&scene, "01"));
}

#[test]
fn everything_else_in_the_index_survives_octet_for_octet() {
    let scene = scene_with(&["db1.example.com", "db2.example.com"]);
    let index = "gsec-ca/ca_conf/ca.db";
    let lines: Vec<String> = scene.read(index).lines().map(str::to_owned).collect();
    let odd = format!(
        "# a note\n{}\nsomething damaged\t\u{e4}\n{}\n",
        lines[0], lines[1]
    );
    scene.write(index, &odd);
    scene.chmod(index, 0o600);
    scene.gsec(&["cert", "revoke", "02"]).run().ok();
    let after = scene.read(index);
    let (before_lines, after_lines): (Vec<&str>, Vec<&str>) =
        (odd.lines().collect(), after.lines().collect());
    assert_eq!(before_lines[..3], after_lines[..3]);
    assert!(
        after_lines[3].starts_with("R\t") && after_lines.len() == 4,
        "{after}"
    );
}

#[test]
fn an_old_directory_gets_a_crl_with_number_one() {
    let old = common::OldCa::new();
    let ca = old.path.clone();
    let updated = common::gsec(&["crl", "update", "--json", "--ca-dir", &ca])
        .run()
        .ok()
        .json();
    assert_eq!(updated["number"], "01");
    assert_eq!(
        updated["audit_head"],
        serde_json::Value::Null,
        "an old directory has no log until it is adopted"
    );
    assert!(!std::path::Path::new(&format!("{ca}/ca_conf/audit.log")).exists());
}

/// The serial numbers of a result with the statuses of their certificates.
fn statuses(said: &serde_json::Value) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    said["certificates"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (text(&one["serial"]), text(&one["status"])))
        .collect()
}

#[test]
fn of_a_host_with_several_certificates_all_or_none_are_revoked_unless_they_are_named() {
    let host = "db1.example.com";
    let scene = scene_with(&[host, host, host, host]);
    scene.sign_with_openssl(
        host,
        &["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"],
    );
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "superseded"])
        .run()
        .ok();
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
        .run()
        .ok();
    // One is revoked, one on hold, two are valid, one has expired.
    let several = "error: `db1.example.com` has several certificates: serial 02 until … (on hold), serial 03 until …, serial 04 until …";
    let hint = "hint: select them by their serial numbers, or pass `--all`";
    scene.refuses(
        &["cert", "revoke", host, "--reason", "keyCompromise"],
        2,
        &[several, hint],
    );
    // Only one can be taken off hold.
    let unheld = scene.gsec(&["cert", "unhold", host, "--json"]).run().ok().json();
    assert_eq!(statuses(&unheld), [("02".into(), "valid".into())]);
    let all = [
        "cert",
        "revoke",
        host,
        "--all",
        "--reason",
        "keyCompromise",
        "--json",
    ];
    let revoked = scene.gsec(&all).run().ok().json();
    assert_eq!(
        statuses(&revoked),
        ["02", "03", "04"].map(|serial| (serial.to_owned(), "revoked".to_owned()))
    );
    assert_eq!(revoked["crl"]["revoked"], 4);
    // The same call again, with or without --all, has nothing left to do, and --all names all of them again.
    let again = scene.gsec(&all).run().ok().json();
    assert_eq!(
        statuses(&again),
        ["02", "03", "04"].map(|serial| (serial.to_owned(), "revoked".to_owned()))
    );
    for again in [&all[..], &["cert", "revoke", host, "--json"]] {
        let again = scene.gsec(again).run().ok().json();
        assert_eq!(
            (&again["changed"], &again["crl"]),
            (&false.into(), &serde_json::Value::Null),
            "{again}"
        );
    }
}

#[test]
fn a_call_that_was_cut_off_before_the_crl_is_finished_by_the_same_call() {
    let scene = scene_with(&["db1.example.com"]);
    let in_crl = || {
        scene
            .openssl(&["crl", "-in", "gsec-ca/ca_conf/ca_crl.pem", "-noout", "-text"])
            .stdout
            .contains("Serial Number: 01")
    };
    scene.gsec(&["crl", "update"]).run().ok();
    for (call, is_listed) in [
        (&["cert", "revoke", "01", "--reason", "certificateHold"][..], true),
        (&["cert", "unhold", "01"], false),
        (
            &["cert", "revoke", "db1.example.com", "--reason", "keyCompromise"],
            true,
        ),
    ] {
        scene.gsec(call).args(&["--no-crl"]).run().ok();
        assert_eq!(in_crl(), !is_listed, "as it was cut off");
        let again = scene.gsec(call).args(&["--json"]).run().ok().json();
        assert_eq!(
            (&again["changed"], in_crl()),
            (&false.into(), is_listed),
            "{again}"
        );
        let before = scene.tree();
        scene.gsec(call).run().ok();
        scene.tree().is_unchanged_since(&before);
    }
}
