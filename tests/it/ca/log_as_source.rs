//! The signed audit log is a source like `ca.db` and the CRLs: what it tells of is not forgotten when the others are put back as they were, and
//! what it does not show is not said as a fact.

use std::process::Command;

use crate::common;

use common::{Scene, tool};
use serde_json::Value;

const CONF: &str = "gsec-ca/ca_conf";
const INDEX: &str = "gsec-ca/ca_conf/ca.db";
const CRL: &str = "gsec-ca/ca_conf/ca_crl.pem";
const CRL_NUMBER: &str = "gsec-ca/ca_conf/crl.num";
const LOG: [&str; 2] = ["gsec-ca/ca_conf/audit.log", "gsec-ca/ca_conf/audit.head"];

/// A key and a CSR of a host, made by OpenSSL.
fn request(scene: &Scene, name: &str) {
    let subject = format!("/CN={name}.example.com");
    let new = [
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        &subject,
    ];
    scene.openssl(
        &[
            &new[..],
            &["-keyout", &format!("{name}.key"), "-out", &format!("{name}.csr")],
        ]
        .concat(),
    );
}

fn sign<'a>(scene: &Scene, csr: &'a str, host: &'a str) -> common::Call {
    scene.gsec(&["cert", "sign", csr, "--host", host])
}

/// Serials 01 and 02 for a and b; 01 is revoked as compromised.
fn revoked_ca() -> Scene {
    let scene = Scene::with_ca();
    for name in ["a", "b"] {
        request(&scene, name);
        sign(&scene, &format!("{name}.csr"), &format!("{name}.example.com"))
            .run()
            .ok();
    }
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene
}

fn shell(scene: &Scene, script: &str) {
    let status = Command::new("sh")
        .args(["-ec", script])
        .current_dir(scene.dir.path(""))
        .status()
        .expect("a shell");
    assert!(status.success(), "{script}");
}

/// doctor's findings: name and what was seen.
fn findings(scene: &Scene) -> Vec<(String, String)> {
    let report = scene.gsec(&["doctor", "gsec-ca", "--json"]).run().json();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    report["targets"][0]["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|one| (text(one, "slug"), text(one, "seen")))
        .collect()
}

fn seen(scene: &Scene, slug: &str) -> String {
    findings(scene)
        .into_iter()
        .find(|(found, _)| found == slug)
        .unwrap_or_else(|| panic!("{slug}: {:#?}", findings(scene)))
        .1
}

/// The serial numbers in the CRL, with their reasons, as OpenSSL reads it.
fn listed(scene: &Scene) -> String {
    scene.openssl(&["crl", "-in", CRL, "-noout", "-text"]).stdout
}

fn crl_number(scene: &Scene) -> String {
    let shown = scene.openssl(&["crl", "-in", CRL, "-noout", "-crlnumber"]).stdout;
    shown.trim().rsplit('x').next().unwrap_or_default().to_owned()
}

/// What doctor, the log, the CRL, `cert verify` and whoever issues must say while ca.db does not have the revocation of 01.
fn is_known_to_all(scene: &Scene, how: &str) {
    assert!(
        seen(scene, "revocation-lost").contains("serial 01"),
        "{how}: {:#?}",
        findings(scene)
    );
    scene.gsec(&["doctor", "gsec-ca"]).run().code(1);
    let log = scene
        .gsec(&["ca", "log", "--verify", "--json"])
        .run()
        .code(1)
        .json();
    assert_eq!(
        (&log["sound"], &log["lost_revocations"]["first"][0]["serial"]),
        (&false.into(), &"01".into()),
        "{how}: {log:#}"
    );
    let before = scene.read(INDEX);
    sign(scene, "a.csr", "a.example.com")
        .run()
        .code(3)
        .says("the key is compromised");
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "c.example.com",
            "--key",
            "a.key",
            "--no-pfx",
        ])
        .run()
        .code(3)
        .says("the key is compromised");
    scene.gsec(&["cert", "unhold", "01"]).run();
    assert_eq!(scene.read(INDEX), before, "{how}");
    scene.gsec(&["crl", "update"]).run().ok();
    assert!(
        listed(scene).contains("Serial Number: 01") && listed(scene).contains("Key Compromise"),
        "{how}: {}",
        listed(scene)
    );
}

#[test]
fn a_directory_that_was_put_back_without_its_log_forgets_no_revocation_and_gives_out_no_number_again() {
    let scene = Scene::with_ca();
    scene.issue("z.example.com", &[]).run().ok();
    shell(&scene, "cp -a gsec-ca backup");
    for name in ["a", "b"] {
        request(&scene, name);
        sign(&scene, &format!("{name}.csr"), &format!("{name}.example.com"))
            .run()
            .ok();
    }
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene.write("a.pem", scene.read("gsec-ca/repository/02.pem"));
    shell(
        &scene,
        "cp gsec-ca/ca_conf/audit.* . && rm -r gsec-ca && mv backup gsec-ca && cp audit.* gsec-ca/ca_conf/",
    );
    assert!(
        seen(&scene, "revocation-lost")
            .contains("serial 02, according to the audit log, but ca.db has no record of it")
    );
    assert!(
        seen(&scene, "record-lost").contains("serial 03: ca.db is older than the audit log"),
        "{:#?}",
        findings(&scene)
    );
    let log = scene.gsec(&["ca", "log", "--verify"]).run().code(1);
    assert!(
        log.stdout.contains("lists revocations that ca.db does NOT have")
            && !log.stdout.contains("no certificate was made"),
        "{log}"
    );
    assert!(
        log.stdout
            .contains("serial 02 was revoked (keyCompromise), but ca.db has no record of it"),
        "{log}"
    );
    sign(&scene, "a.csr", "a.example.com")
        .run()
        .code(3)
        .says("the key is compromised");
    assert!(
        scene
            .gsec(&["cert", "verify", "a.pem", "--json"])
            .run()
            .code(1)
            .json()["revocation"]["status"]
            == "revoked"
    );
    let issued = scene.issue("c.example.com", &["--json"]).run().ok().json();
    assert_eq!(issued["serial"], "04");
    scene.gsec(&["crl", "update"]).run().ok();
    assert_eq!(
        crl_number(&scene),
        "02",
        "the number of a CRL that the log tells of is not given out again"
    );
    assert!(listed(&scene).contains("Serial Number: 02"), "{}", listed(&scene));
    scene.gsec(&["doctor", "gsec-ca", "--fix", "--yes"]).run();
    let found = findings(&scene);
    assert!(
        !found.iter().any(|(slug, _)| slug == "revocation-lost"),
        "{found:#?}\n{}",
        scene.read(INDEX)
    );
    assert!(
        scene
            .read(INDEX)
            .lines()
            .any(|line| line.starts_with("R\t") && line.contains(",keyCompromise\t02\t")),
        "{}",
        scene.read(INDEX)
    );
    sign(&scene, "a.csr", "a.example.com")
        .run()
        .code(3)
        .says("the key is compromised");
}

#[test]
fn a_line_that_was_taken_out_of_ca_db_with_its_crl_and_files_takes_no_revocation_with_it() {
    let scene = revoked_ca();
    shell(
        &scene,
        "sed -i '/\t01\t/d' gsec-ca/ca_conf/ca.db; rm gsec-ca/ca_conf/ca_crl.pem gsec-ca/repository/01*",
    );
    is_known_to_all(&scene, "a line taken out");
    scene.gsec(&["doctor", "gsec-ca", "--fix", "--yes"]).run();
    assert!(
        !findings(&scene).iter().any(|(slug, _)| slug == "revocation-lost"),
        "{:#?}",
        findings(&scene)
    );
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
    sign(&scene, "a.csr", "a.example.com")
        .run()
        .code(3)
        .says("the key is compromised");
    // The same without ca.db.
    let scene = revoked_ca();
    shell(
        &scene,
        "rm gsec-ca/ca_conf/ca.db gsec-ca/ca_conf/ca_crl.pem gsec-ca/repository/01*; : > gsec-ca/ca_conf/ca.db",
    );
    is_known_to_all(&scene, "an empty ca.db");
    for _ in 0..3 {
        scene.gsec(&["doctor", "gsec-ca", "--fix", "--yes"]).run();
    }
    assert!(
        scene.read(INDEX).contains(",keyCompromise\t01\t") && scene.read(INDEX).contains("\t02\t"),
        "{}",
        scene.read(INDEX)
    );
}

#[test]
fn a_revocation_that_was_weakened_in_ca_db_holds_as_the_log_has_it() {
    for (how, script) in [
        ("a hold", "sed -i 's/keyCompromise/certificateHold/' ca.db"),
        ("without a reason", "sed -i 's/,keyCompromise//' ca.db"),
        ("another reason", "sed -i 's/keyCompromise/superseded/' ca.db"),
        ("valid", r"sed -i 's/^R\(\t[^\t]*\t\)[^\t]*/V\1/' ca.db"),
        ("expired", r"sed -i 's/^R\(\t[^\t]*\t\)[^\t]*/E\1/' ca.db"),
    ] {
        for crl in ["rm ca_crl.pem", "true"] {
            let scene = revoked_ca();
            shell(&scene, &format!("cd {CONF}; {script}; {crl}"));
            is_known_to_all(&scene, how);
            let verified = scene
                .gsec(&["cert", "verify", "01", "--json"])
                .run()
                .code(1)
                .json();
            let answer = (
                &verified["revocation"]["status"],
                &verified["revocation"]["reason"],
            );
            assert_eq!(
                answer,
                (&"revoked".into(), &"keyCompromise".into()),
                "{how}: {verified:#}"
            );
            scene.gsec(&["doctor", "gsec-ca", "--fix", "--yes"]).run();
            assert!(
                scene.read(INDEX).contains(",keyCompromise\t01\t"),
                "{how}: {}",
                scene.read(INDEX)
            );
            assert!(
                !findings(&scene).iter().any(|(slug, _)| slug == "revocation-lost"),
                "{how}: {:#?}",
                findings(&scene)
            );
            scene.gsec(&["ca", "log", "--verify"]).run().ok();
        }
    }
}

#[test]
fn a_hold_that_is_none_is_not_taken_back() {
    let scene = revoked_ca();
    shell(
        &scene,
        "cd gsec-ca/ca_conf; sed -i 's/keyCompromise/certificateHold/' ca.db; rm ca_crl.pem",
    );
    scene.refuses(
        &["cert", "unhold", "01"],
        3,
        &[
            "error: serial 01 was permanently revoked (keyCompromise), according to the CRL or the audit \
             log, but ca.db has lost it: only a hold can be released",
            "hint: `gsec doctor gsec-ca --fix` corrects ca.db",
        ],
    );
    // Only the CRL says so.
    let scene = revoked_ca();
    shell(
        &scene,
        "cd gsec-ca/ca_conf; sed -i 's/keyCompromise/certificateHold/' ca.db; rm audit.log audit.head",
    );
    scene
        .gsec(&["cert", "unhold", "01"])
        .run()
        .code(3)
        .says("was permanently revoked");
    // A ca.db from before the revocation: the certificate is not "already valid".
    let scene = Scene::with_ca();
    scene.issue("db1.example.com", &[]).run().ok();
    let index = scene.read("gsec-ca/ca_conf/ca.db");
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    scene.write("gsec-ca/ca_conf/ca.db", &index);
    let before = scene.tree();
    scene
        .gsec(&["cert", "unhold", "01"])
        .run()
        .code(3)
        .says("was permanently revoked (keyCompromise)");
    scene.tree().is_unchanged_since(&before);
    // A hold is one.
    let scene = revoked_ca();
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
        .run()
        .ok();
    scene.gsec(&["cert", "unhold", "02"]).run().ok();
    scene.gsec(&["cert", "verify", "02"]).run().ok();
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
}

#[test]
fn a_hold_that_ca_db_lost_is_not_good() {
    let scene = revoked_ca();
    let index = scene.read(INDEX);
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
        .run()
        .ok();
    scene.write(INDEX, index);
    std::fs::remove_file(scene.dir.path(CRL)).expect("a CRL");
    assert!(seen(&scene, "revocation-lost").contains("serial 02"));
    assert_eq!(
        scene
            .gsec(&["cert", "verify", "02", "--json"])
            .run()
            .code(1)
            .json()["revocation"]["reason"],
        "certificateHold"
    );
    scene.gsec(&["crl", "update"]).run().ok();
    assert!(listed(&scene).contains("Certificate Hold"), "{}", listed(&scene));
    scene.gsec(&["doctor", "gsec-ca", "--fix", "--yes"]).run();
    scene.gsec(&["cert", "unhold", "02"]).run().ok();
    assert_eq!(
        scene.gsec(&["cert", "verify", "02", "--json"]).run().ok().json()["revocation"]["status"],
        "good"
    );
}

#[test]
fn a_ca_db_in_another_encoding_gives_no_key_back() {
    let scene = revoked_ca();
    shell(
        &scene,
        "cd gsec-ca/ca_conf; iconv -t UTF-16 ca.db > u; cat u > ca.db; rm u ca_crl.pem",
    );
    sign(&scene, "a.csr", "a.example.com")
        .run()
        .code(3)
        .says("is written in UTF-16");
}

#[test]
fn what_openssl_revoked_and_the_log_took_over_is_not_forgotten_either() {
    let scene = revoked_ca();
    common::openssl(&[
        "ca",
        "-batch",
        "-config",
        "ca_conf/ca.conf",
        "-revoke",
        "repository/02.pem",
        "-crl_reason",
        "keyCompromise",
    ])
    .in_dir(scene.dir.path("gsec-ca"))
    .run()
    .ok();
    let text = scene.gsec(&["ca", "log", "--verify"]).run().ok();
    assert!(text.stdout.contains("no line lists it"), "{text}");
    scene.gsec(&["doctor", "gsec-ca", "--fix", "--yes"]).run();
    let lines = scene.read(LOG[0]);
    assert!(
        lines.contains("\"record.found\",\"serial\":\"02\"") && !lines.contains("foreign"),
        "{lines}"
    );
    shell(
        &scene,
        r"cd gsec-ca/ca_conf; sed -i '/\t02\t/s/^R\(\t[^\t]*\t\)[^\t]*/V\1/' ca.db; rm ca_crl.pem",
    );
    assert!(seen(&scene, "revocation-lost").contains("serial 02, according to the audit log"));
    sign(&scene, "b.csr", "b.example.com")
        .run()
        .code(3)
        .says("the key is compromised");
}

#[test]
fn the_number_of_a_crl_never_goes_back() {
    let scene = revoked_ca();
    let update = || scene.gsec(&["crl", "update"]).run();
    update().ok();
    assert_eq!(crl_number(&scene), "02");
    std::fs::remove_file(scene.dir.path(CRL_NUMBER)).expect("crl.num");
    update().ok();
    assert_eq!(crl_number(&scene), "03");
    scene.write(CRL_NUMBER, "01\n");
    assert!(seen(&scene, "crl-number-behind").contains("the last CRL has number 03"));
    update().ok();
    assert_eq!(crl_number(&scene), "04");
    // The CRL alone knows the number, and then the log alone.
    let log = LOG.map(|file| scene.read(file));
    shell(&scene, "cd gsec-ca/ca_conf; rm audit.* crl.num");
    update().ok();
    assert_eq!(crl_number(&scene), "05");
    LOG.iter()
        .zip(log)
        .for_each(|(file, content)| scene.write(file, content));
    shell(&scene, "cd gsec-ca/ca_conf; rm ca_crl.pem; echo 01 > crl.num");
    assert!(seen(&scene, "crl-number-behind").contains("the last CRL has number 04"));
    update().ok();
    assert_eq!(crl_number(&scene), "05");
}

#[test]
fn a_number_that_none_can_follow_is_an_error_that_doctor_fixes() {
    let scene = revoked_ca();
    let largest = format!("{}\n", "FF".repeat(20));
    scene.write(CRL_NUMBER, &largest);
    scene.write("gsec-ca/ca_conf/serial.num", &largest);
    scene
        .gsec(&["crl", "update"])
        .run()
        .code(3)
        .says("no number follows the one in");
    scene
        .issue("c.example.com", &[])
        .run()
        .code(3)
        .says("no number follows the one in");
    scene.gsec(&["doctor", "gsec-ca"]).run().code(1);
    assert!(
        seen(&scene, "serial-number-damaged").contains("no number can follow it")
            && seen(&scene, "crl-number-damaged").contains("can follow")
    );
    scene.gsec(&["doctor", "gsec-ca", "--fix", "--yes"]).run();
    scene.gsec(&["crl", "update"]).run().ok();
    assert_eq!(
        scene.issue("c.example.com", &["--json"]).run().ok().json()["serial"],
        "03"
    );
}

#[test]
fn a_log_that_was_put_back_is_not_explained_by_another_program() {
    let scene = revoked_ca();
    let log = LOG.map(|file| scene.read(file));
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "superseded"])
        .run()
        .ok();
    LOG.iter()
        .zip(log)
        .for_each(|(file, content)| scene.write(file, content));
    let text = scene.gsec(&["ca", "log", "--verify"]).run().ok();
    assert!(
        text.stdout
            .contains("no line lists it: by `openssl ca -revoke`, or at a time that this log does not cover"),
        "{text}"
    );
    assert!(
        text.stdout.contains("not proved") && text.stdout.contains("who made the records"),
        "{text}"
    );
    let found = seen(&scene, "records-not-announced");
    assert!(
        found.contains("or log and audit.head were reset to an earlier state")
            && !found.contains("so another program did it"),
        "{found}"
    );
    scene.gsec(&["doctor", "gsec-ca", "--fix", "--yes"]).run();
    assert!(!scene.read(LOG[0]).contains("foreign"), "nobody knows who did it");
}

fn at(scene: &Scene, time: &str, args: &[&str]) -> common::Outcome {
    let gsec = env!("CARGO_BIN_EXE_gsec");
    tool("faketime")
        .args(&[&["-f", time, gsec][..], args].concat())
        .in_dir(scene.dir.path(""))
        .env("TZ", "UTC")
        .run()
}

#[test]
fn nothing_lasting_is_signed_under_a_clock_that_is_behind() {
    let now = "2026-11-20 12:00:00";
    let scene = Scene::empty();
    at(
        &scene,
        "2026-11-19 12:00:00",
        &["ca", "init", "--cn", "Test CA", "--key-type", "p256"],
    )
    .ok();
    at(
        &scene,
        now,
        &[
            "cert",
            "issue",
            "--host",
            "a.example.com",
            "--key-type",
            "p256",
            "--no-pfx",
        ],
    )
    .ok();
    at(&scene, now, &["crl", "update"]).ok();
    request(&scene, "b");
    let before = scene.tree();
    for args in [
        &["ca", "renew"][..],
        &["-y", "ca", "rekey"],
        &[
            "cert",
            "issue",
            "--host",
            "c.example.com",
            "--key-type",
            "p256",
            "--no-pfx",
        ],
        &[
            "cert",
            "ensure",
            "--host",
            "c.example.com",
            "--key-type",
            "p256",
            "--no-pfx",
        ],
        &["cert", "sign", "b.csr", "--host", "b.example.com"],
        &["cert", "renew", "01"],
        &["cert", "revoke", "01"],
        &[
            "ca",
            "init",
            "--cn",
            "Sub",
            "--key-type",
            "p256",
            "--parent",
            "gsec-ca",
            "--ca-dir",
            "sub",
        ],
        &["crl", "update"],
    ] {
        let refused = at(&scene, "2026-11-20 11:00:00", args).code(3);
        assert!(
            refused
                .stderr
                .contains("this machine's clock says 2026-11-20T11:00:"),
            "{args:?}: {refused}"
        );
        scene.tree().is_unchanged_since(&before);
    }
    // The way out holds for all of them.
    at(
        &scene,
        "2026-11-20 11:00:00",
        &["crl", "update", "--allow-earlier"],
    )
    .ok();
    at(
        &scene,
        "2026-11-20 11:00:10",
        &[
            "cert",
            "issue",
            "--host",
            "c.example.com",
            "--key-type",
            "p256",
            "--no-pfx",
        ],
    )
    .ok();
    at(&scene, "2026-11-20 11:00:20", &["cert", "revoke", "02"]).ok();
}

#[test]
fn a_ca_certificate_is_not_renewed_for_a_time_that_never_was() {
    let scene = Scene::empty();
    at(
        &scene,
        "2026-11-20 12:00:00",
        &["ca", "init", "--cn", "Test CA", "--key-type", "p256"],
    )
    .ok();
    let before = scene.tree();
    at(&scene, "2010-01-01 00:00:00", &["ca", "renew"])
        .code(3)
        .says("this machine's clock says 2010-01-01");
    // Without a log, a CRL or certificates, the CA's own certificate tells.
    shell(&scene, "rm gsec-ca/ca_conf/audit.* gsec-ca/ca_conf/gsec.toml");
    at(&scene, "2010-01-01 00:00:00", &["ca", "renew"])
        .code(3)
        .says("this machine's clock says 2010-01-01");
    drop(before);
    // Nothing speaks against a clock that is ahead, but that nothing happened for so long.
    let scene = Scene::empty();
    at(
        &scene,
        "2026-11-20 12:00:00",
        &["ca", "init", "--cn", "Test CA", "--key-type", "p256"],
    )
    .ok();
    let renewed = at(&scene, "2045-01-01 00:00:00", &["ca", "renew"]).ok();
    assert!(
        renewed.stderr.contains("is this machine's clock right?"),
        "{renewed}"
    );
    let renewed = at(&scene, "2045-06-01 00:00:00", &["ca", "renew"]).ok();
    assert!(
        !renewed.stderr.contains("is this machine's clock right?"),
        "{renewed}"
    );
}

#[test]
fn a_ca_below_is_known_without_the_file_of_its_certificate() {
    let scene = Scene::with_ca();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Sub",
            "--key-type",
            "p256",
            "--parent",
            "gsec-ca",
            "--ca-dir",
            "sub",
        ])
        .run()
        .ok();
    request(&scene, "h");
    shell(&scene, "rm gsec-ca/repository/01*");
    let refused_all = |how: &str| {
        let before = scene.read(INDEX);
        let refused = sign(&scene, "h.csr", "h.example.com")
            .args(&["--cn", "Sub"])
            .run()
            .code(3);
        assert!(refused.stderr.contains("CN=Sub"), "{how}: {refused}");
        scene.issue("h.example.com", &["--cn", "Sub"]).run().code(3);
        let key = [
            "cert",
            "issue",
            "--host",
            "h.example.com",
            "--no-pfx",
            "--key",
            "sub/ca_conf/ca_priv_key.pem",
        ];
        scene.gsec(&key).run().code(3);
        assert_eq!(scene.read(INDEX), before, "{how}");
    };
    refused_all("no file");
    shell(&scene, ": > gsec-ca/ca_conf/ca.db");
    refused_all("no record either");
    // Hosts are issued for as before.
    scene.issue("sub.example.com", &[]).run().ok();
    scene.issue("db1.example.com", &["--cn", "Subway"]).run().ok();
}

/// A date that ca.db lost is the one that the log or the CRL still has, and no other.
#[test]
fn a_revocation_whose_date_is_damaged_gets_it_from_who_knows_it() {
    let revoked_at = |scene: &Scene| {
        let shown = scene.gsec(&["crl", "show", CRL, "--json"]).run().ok().json();
        shown["revoked"][0]["revoked_at"].clone()
    };
    for (situation, loss) in [
        ("the CRL knows it", "rm gsec-ca/ca_conf/audit.log"),
        ("the log knows it", "rm gsec-ca/ca_conf/ca_crl.pem"),
    ] {
        let scene = revoked_ca();
        let before = revoked_at(&scene);
        assert!(
            before.as_str().is_some_and(|time| time.starts_with("20")),
            "{before}"
        );
        shell(
            &scene,
            &format!("{loss}; sed -i 's/^R\\(\t[^\t]*\t\\)[0-9]*Z/R\\1999999999999Z/' {INDEX}"),
        );
        scene.gsec(&["crl", "update"]).run().ok();
        assert_eq!(revoked_at(&scene), before, "{situation}");
    }
}

/// Calls that were killed between announcement and record made nothing: several of them are no proof that ca.db is an older one.
#[test]
fn calls_that_were_killed_one_after_another_are_not_called_an_older_ca_db() {
    let scene = Scene::empty();
    let then = "2026-11-20 12:00:00";
    at(
        &scene,
        then,
        &["ca", "init", "--cn", "Test CA", "--key-type", "p256"],
    )
    .ok();
    for (number, time) in [
        (1, "2026-11-20 12:10:00"),
        (2, "2026-11-20 12:20:00"),
        (3, "2026-11-20 12:30:00"),
    ] {
        shell(&scene, &format!("cp {INDEX} before"));
        let host = format!("h{number}.example.com");
        at(
            &scene,
            time,
            &["cert", "issue", "--key-type", "p256", "--host", &host],
        )
        .ok();
        if number > 1 {
            // As a kill right after the announcement leaves it.
            shell(
                &scene,
                &format!("cat before > {INDEX}; rm gsec-ca/repository/0{number}*"),
            );
        }
    }
    let found = common::doctor::finds(&scene, &["gsec-ca"], "record-lost");
    assert!(
        found.severity == "warning"
            && found.seen.contains("serial 02, serial 03")
            && found.seen.contains(", or ca.db is older"),
        "{found:#?}"
    );
    // The next certificate has a number of its own, and what is left is a notice.
    scene
        .gsec(&["cert", "issue", "--key-type", "p256", "--host", "h4.example.com"])
        .run()
        .ok();
    assert_eq!(
        common::doctor::finds(&scene, &["gsec-ca"], "record-lost").severity,
        "notice"
    );
}
