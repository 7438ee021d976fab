//! `cert ensure`: twice changes nothing, and each cause for a change is told.

use crate::common;

use common::doctor::type_line_in;
use common::{Scene, gsec_and_ca_db_agree, records};
use serde_json::Value;

const ENSURE: [&str; 6] = [
    "cert",
    "ensure",
    "--host",
    "db1.example.com",
    "--key-type",
    "p256",
];
const POLICY: &str = "gsec-ca/ca_conf/gsec.toml";
const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";

/// What a call answers that may exit with 1.
fn answer(scene: &Scene, flags: &[&str], status: i32) -> Value {
    scene
        .gsec(&[&ENSURE[..], flags, &["--json"]].concat())
        .run()
        .code(status)
        .json()
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["reasons"]
        .as_array()
        .expect("reasons")
        .iter()
        .filter_map(|reason| reason["code"].as_str())
        .collect()
}

/// A host for which `cert ensure` was called once.
fn ensured(flags: &[&str]) -> Scene {
    let scene = Scene::with_ca();
    assert_eq!(codes(&answer(&scene, flags, 0)), ["no_certificate"]);
    scene
}

/// First `--check`, which says why and changes nothing, then the call itself, which issues for the same reasons; then it is content.
#[track_caller]
fn issues_anew(scene: &Scene, flags: &[&str], reasons: &[&str]) -> Value {
    let before = scene.tree();
    let check = answer(scene, &[flags, &["--check"]].concat(), 1);
    assert_eq!(
        (codes(&check), &check["changed"], &check["action"]),
        (reasons.to_vec(), &true.into(), &"would_issue".into())
    );
    scene.tree().is_unchanged_since(&before);
    let issued = answer(scene, flags, 0);
    assert_eq!(
        (codes(&issued), &issued["serial"]),
        (reasons.to_vec(), &check["serial"])
    );
    assert_eq!(
        records(&scene.dir.path("gsec-ca/ca_conf/ca.db"))
            .last()
            .map(|record| record.serial.clone()),
        issued["serial"].as_str().map(str::to_owned)
    );
    let log = scene.read("gsec-ca/ca_conf/audit.log");
    let logged = serde_json::from_str::<Value>(log.lines().last().expect("a line")).expect("JSON");
    assert_eq!(
        (&logged["action"], &logged["reasons"]),
        (&"cert.ensure".into(), &serde_json::json!(reasons))
    );
    is_content(scene, flags);
    issued
}

/// Called again, it changes not an octet.
#[track_caller]
fn is_content(scene: &Scene, flags: &[&str]) {
    let before = scene.tree();
    let again = answer(scene, flags, 0);
    assert_eq!(
        (&again["changed"], &again["action"], codes(&again)),
        (&false.into(), &"none".into(), vec![]),
        "{again:#}"
    );
    answer(scene, &[flags, &["--check"]].concat(), 0);
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn called_twice_changes_nothing_and_says_so() {
    let scene = ensured(&[]);
    is_content(&scene, &[]);
    scene
        .gsec(&ENSURE)
        .run()
        .ok()
        .says("db1.example.com: serial 01 is up to date; nothing was changed");
    scene.openssl(&[
        "verify",
        "-CAfile",
        CA,
        "-verify_hostname",
        "db1.example.com",
        "gsec-ca/repository/01.pem",
    ]);
    // Neither the case of a name, nor in which order names are given, nor that one is given twice makes a difference.
    scene
        .gsec(&[
            "cert",
            "ensure",
            "--host",
            "DB1.Example.com",
            "--san",
            "dns:db1.example.com",
            "--key-type",
            "p256",
            "--check",
        ])
        .run()
        .ok();
}

#[test]
fn what_cert_issue_made_is_good_enough() {
    let scene = Scene::with_ca();
    let flags = [
        "--san",
        "ip:10.0.0.1",
        "--san",
        "email:a@example.com",
        "--org",
        "Örg",
        "--ou",
        "A",
        "--ou",
        "B",
        "--profile",
        "server",
        "--days",
        "365",
    ];
    scene.issue("db1.example.com", &flags).run().ok();
    is_content(&scene, &flags);
    // The order of names is no difference, and which of them gave the files their name.
    let turned = [
        "cert",
        "ensure",
        "--host",
        "10.0.0.1",
        "--san",
        "dns:db1.example.com",
        "--san",
        "email:a@example.com",
        "--cn",
        "db1.example.com",
    ];
    let turned = [&turned[..], &["--key-type", "p256", "--check"], &flags[4..]].concat();
    assert_eq!(
        scene.gsec(&[&turned[..], &["--json"]].concat()).run().ok().json()["files"]["private_key"],
        "gsec-ca/repository/01_db1_priv_key.pem"
    );
}

/// Who may read a key is the administrator's, but that everybody can is told.
#[test]
fn key_that_everybody_can_read_is_told() {
    let scene = Scene::with_ca();
    let flags = ["--out-dir", "out"];
    let warns = |scene: &Scene| {
        let said = answer(scene, &[&flags[..], &["--check"]].concat(), 0);
        assert_eq!(said["changed"], false, "{said}");
        said["warnings"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|warning| {
                Some((
                    warning["code"].as_str()?.to_owned(),
                    warning["hint"].as_str()?.to_owned(),
                ))
            })
            .find(|(code, _)| code == "handed_key_readable")
    };
    type_line_in(&scene.dir, "mkdir out").ok();
    answer(&scene, &flags, 0);
    assert_eq!(warns(&scene), None);
    let key = scene.dir.path("out/db1_priv_key.pem");
    type_line_in(&scene.dir, "chmod 640 out/db1_priv_key.pem").ok();
    assert_eq!(warns(&scene), None, "a group is the administrator's");
    type_line_in(&scene.dir, "chmod 644 out/db1_priv_key.pem").ok();
    let (_, hint) = warns(&scene).unwrap_or_else(|| panic!("{key} is readable by all"));
    type_line_in(&scene.dir, hint.trim_matches('`')).ok();
    assert_eq!(warns(&scene), None, "the hint works when typed");
}

#[test]
fn a_name_added_or_taken_away() {
    let scene = ensured(&["--san", "dns:db.example.com"]);
    issues_anew(
        &scene,
        &["--san", "dns:db.example.com", "--san", "ip:10.0.0.1"],
        &["names_missing"],
    );
    // The first certificate is still valid, and just what is wanted.
    is_content(&scene, &["--san", "dns:db.example.com"]);
    // Names that are not given are not compared; the host itself is no further name.
    is_content(&scene, &[]);
    let extra = issues_anew(&scene, &["--san", "dns:db1.example.com"], &["names_extra"]);
    assert_eq!(
        extra["compared"], "02",
        "of two that are one step away the newest"
    );
    issues_anew(&scene, &["--san", "dns:www.example.com"], &["names_missing"]);
}

#[test]
fn what_was_not_given_stays_as_the_host_has_it() {
    let scene = Scene::with_ca();
    let chosen = ["--profile", "gui", "--org", "Example", "--san", "www.example.com"];
    scene.issue("db1.example.com", &chosen).run().ok();
    let plain = |flags: &[&str]| {
        scene
            .gsec(&[&["cert", "ensure", "db1.example.com", "--json"], flags].concat())
            .run()
            .ok()
            .json()
    };
    let before = scene.tree();
    assert_eq!(plain(&[])["changed"], false);
    scene.tree().is_unchanged_since(&before);
    let facts = |answer: &Value| ["profile", "subject", "names"].map(|fact| answer[fact].to_string());
    let (first, next) = (plain(&[]), plain(&["--key-type", "p384"]));
    assert_eq!(codes(&next), ["key_type"]);
    let stays = [
        "\"gui\"",
        "\"O=Example, CN=db1.example.com\"",
        "[\"dns:db1.example.com\",\"dns:www.example.com\"]",
    ];
    assert_eq!(
        (facts(&first), facts(&next)),
        (stays.map(Into::into), stays.map(Into::into))
    );
    // Somebody else's certificate that names the host too is not the host's.
    scene
        .issue("lb.example.com", &["--san", "db2.example.com"])
        .run()
        .ok();
    let own = scene
        .gsec(&["cert", "ensure", "db2.example.com", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (&own["action"], &own["names"]),
        (&"issued".into(), &serde_json::json!(["dns:db2.example.com"]))
    );
}

#[test]
fn another_subject() {
    let scene = ensured(&["--org", "One"]);
    issues_anew(&scene, &["--org", "Two"], &["subject"]);
    issues_anew(&scene, &["--org", "Two", "--cn", "db1"], &["subject"]);
}

#[test]
fn another_kind_or_size_of_key() {
    let scene = ensured(&[]);
    // What nobody asks for is not missed.
    let unsaid = scene
        .gsec(&["cert", "ensure", "--host", "db1.example.com", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (&unsaid["changed"], &unsaid["key_type"]),
        (&false.into(), &"p256".into()),
        "{unsaid:#}"
    );
    let rsa = [
        "cert",
        "ensure",
        "--host",
        "db1.example.com",
        "--key-type",
        "rsa",
        "--json",
    ];
    let issued = scene.gsec(&rsa).run().ok().json();
    assert_eq!(codes(&issued), ["key_type"]);
    assert_eq!(scene.gsec(&rsa).run().ok().json()["changed"], false);
    let bigger = [&rsa[..], &["--key-size", "3072"]].concat();
    let issued = scene.gsec(&bigger).run().ok().json();
    assert_eq!(
        (codes(&issued), &issued["compared"], &issued["key_bits"]),
        (vec!["key_size"], &"02".into(), &3072.into())
    );
    assert_eq!(scene.gsec(&bigger).run().ok().json()["changed"], false);
    is_content(&scene, &[]);
}

#[test]
fn another_profile_and_a_profile_that_was_changed() {
    let scene = ensured(&[]);
    issues_anew(&scene, &["--profile", "gui"], &["extended_key_usage"]);
    is_content(&scene, &[]);
    scene.edit(
        POLICY,
        "key_usage = [\"digitalSignature\", \"keyEncipherment\"]",
        "key_usage = [\"digitalSignature\", \"keyAgreement\"]",
    );
    issues_anew(&scene, &[], &["key_usage"]);
}

#[test]
fn near_its_end_and_of_a_short_lifetime() {
    let scene = ensured(&["--days", "20", "--renew-before", "1w"]);
    is_content(&scene, &["--days", "20", "--renew-before", "1w"]);
    // Twenty days do not last longer than thirty: due when a third is left.
    is_content(&scene, &["--days", "20"]);
    is_content(&scene, &[]);
    is_content(&scene, &["--renew-before", "20d"]);
    let scene = ensured(&["--days", "40"]);
    is_content(&scene, &[]);
    // What would end no later is no better.
    is_content(&scene, &["--days", "39", "--renew-before", "39d"]);
}

#[test]
fn near_its_end() {
    let scene = Scene::with_ca();
    scene.sign_with_openssl(
        "db1.example.com",
        &["-startdate", &openssl_time(-70), "-enddate", &openssl_time(29)],
    );
    assert_eq!(
        codes(&answer(&scene, &["--renew-before", "28d", "--check"], 1)),
        OPENSSLS
    );
    // What would end no later is no better, and no reason.
    assert_eq!(codes(&answer(&scene, &["--days", "20", "--check"], 1)), OPENSSLS);
    issues_anew(&scene, &[], &["near_expiry", OPENSSLS[0]]);
}

/// So many days from now, as OpenSSL takes it.
fn openssl_time(days: i64) -> String {
    let at = time::OffsetDateTime::now_utc() + time::Duration::days(days);
    format!("{}{:02}{:02}000000Z", at.year(), u8::from(at.month()), at.day())
}

#[test]
fn not_valid_before_tomorrow() {
    let scene = Scene::with_ca();
    scene.sign_with_openssl(
        "db1.example.com",
        &["-startdate", &openssl_time(2), "-enddate", &openssl_time(300)],
    );
    issues_anew(&scene, &[], &["not_yet_valid", OPENSSLS[0]]);
}

/// What makes a certificate of `openssl ca` another than gsec's: ca.conf has one keyUsage for keys of every kind.
const OPENSSLS: [&str; 1] = ["key_usage"];

#[test]
fn expired() {
    let scene = Scene::with_ca();
    let dates = ["-startdate", "20250101000000Z", "-enddate", "20250401000000Z"];
    scene.sign_with_openssl("db1.example.com", &dates);
    issues_anew(&scene, &[], &["expired", OPENSSLS[0]]);
    let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
    assert_eq!(list["certificates"].as_array().map(Vec::len), Some(2));
}

#[test]
fn revoked_and_on_hold() {
    let scene = ensured(&[]);
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    issues_anew(&scene, &[], &["revoked"]);
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "certificateHold"])
        .run()
        .ok();
    assert_eq!(codes(&answer(&scene, &["--check"], 1)), ["revoked"]);
    scene.gsec(&["cert", "unhold", "02"]).run().ok();
    is_content(&scene, &[]);
}

#[test]
fn the_ca_has_another_key() {
    let scene = ensured(&[]);
    let other = Scene::with_ca();
    // Of the same name, so that nothing but key identifier and signature tells them apart.
    for name in ["ca_cert.pem", "ca_priv_key.pem"] {
        let path = format!("gsec-ca/ca_conf/{name}");
        scene.chmod(&path, 0o600);
        scene.write(&path, other.read(&path));
        scene.chmod(&path, 0o400);
    }
    issues_anew(&scene, &[], &["other_issuer"]);
    scene.openssl(&["verify", "-CAfile", CA, "gsec-ca/repository/02.pem"]);
}

/// Peers that know the old root only accept what is issued after `ca rekey`, also where its files had to be restored.
#[test]
fn the_ca_has_a_new_key_by_ca_rekey() {
    let scene = ensured(&[]);
    scene.write("old_root.pem", scene.read(CA));
    scene.gsec(&["ca", "rekey", "--yes"]).run().ok();
    issues_anew(&scene, &[], &["other_issuer"]);
    let host = "gsec-ca/repository/02_db1_cert.pem";
    let issued = scene.read(host);
    std::fs::remove_file(scene.dir.path(host)).expect("remove");
    assert_eq!(answer(&scene, &[], 0)["action"], "restored");
    assert_eq!(scene.read(host), issued);
    scene.openssl(&["verify", "-CAfile", "old_root.pem", "-untrusted", host, host]);
    scene.openssl(&["verify", "-CAfile", CA, host]);
}

#[test]
fn the_key_file_is_gone_or_another() {
    let scene = ensured(&[]);
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01_db1_priv_key.pem")).expect("remove");
    issues_anew(&scene, &[], &["key_file_missing"]);
    let other = scene
        .openssl(&[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ])
        .stdout;
    scene.write("gsec-ca/repository/02_db1_priv_key.pem", other);
    issues_anew(&scene, &[], &["key_file_differs"]);
    gsec_and_ca_db_agree(&scene.dir.path("gsec-ca"));
}

#[test]
fn a_record_without_its_certificate() {
    let scene = ensured(&[]);
    for name in [
        "01.pem",
        "01_db1_cert.pem",
        "01_db1_priv_key.pem",
        "01_db1_cert.pfx",
    ] {
        std::fs::remove_file(scene.dir.path(&format!("gsec-ca/repository/{name}"))).expect("remove");
    }
    issues_anew(&scene, &[], &["record_without_file"]);
}

#[test]
fn a_given_key_and_a_request() {
    let scene = Scene::with_ca();
    let ensure = |flags: &[&str]| {
        scene
            .gsec(&[&["cert", "ensure", "--host", "db1.example.com", "--json"], flags].concat())
            .run()
            .ok()
            .json()
    };
    for name in ["one", "two"] {
        scene.openssl(&[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-384",
            "-out",
            &format!("{name}.pem"),
        ]);
        let csr = [
            "req",
            "-new",
            "-subj",
            "/CN=db1.example.com",
            "-key",
            &format!("{name}.pem"),
            "-out",
            &format!("{name}.csr"),
        ];
        scene.openssl(&csr);
    }
    assert_eq!(codes(&ensure(&["--csr", "one.csr"])), ["no_certificate"]);
    assert!(
        !scene.exists("gsec-ca/repository/01_db1_priv_key.pem")
            && !scene.exists("gsec-ca/repository/01_db1_cert.pfx")
    );
    assert_eq!(ensure(&["--csr", "one.csr"])["changed"], false);
    // The key of the request is given: now its files are wanted, and written without a new certificate.
    let restored = ensure(&["--key", "one.pem"]);
    assert_eq!(
        (codes(&restored), &restored["action"]),
        (vec!["key_file_missing", "pfx_missing"], &"restored".into())
    );
    assert_eq!(ensure(&["--key", "one.pem"])["changed"], false);
    for other in [["--key", "two.pem"], ["--csr", "one.csr"]] {
        let expected = if other[0] == "--csr" {
            vec![]
        } else {
            vec!["other_key"]
        };
        assert_eq!(codes(&ensure(&other)), expected);
    }
    assert_eq!(
        ensure(&["--csr", "two.csr"])["changed"],
        false,
        "the key is the same"
    );
    let spki = |args: &[&str]| scene.openssl(args).stdout;
    let certified = spki(&["x509", "-in", "gsec-ca/repository/02.pem", "-noout", "-pubkey"]);
    assert_eq!(certified, spki(&["pkey", "-in", "two.pem", "-pubout"]));
    let beyond = [
        "req",
        "-new",
        "-subj",
        "/CN=db1.example.com",
        "-addext",
        "subjectAltName=DNS:evil.example.com",
        "-key",
        "one.pem",
        "-out",
        "evil.csr",
    ];
    scene.openssl(&beyond);
    let said = [
        "error: the CSR requests additional names: dns:evil.example.com",
        "hint: if the host has these names…",
    ];
    scene.refuses(
        &["cert", "ensure", "--host", "db1.example.com", "--csr", "evil.csr"],
        3,
        &said,
    );
    let accepting = ["--csr", "evil.csr", "--accept-csr-names"];
    assert_eq!(codes(&ensure(&accepting)), ["names_missing"]);
    assert_eq!(ensure(&accepting)["changed"], false);
    scene.does_not_understand(
        &[
            "cert",
            "ensure",
            "--host",
            "db1.example.com",
            "--csr",
            "one.csr",
            "--key",
            "one.pem",
        ],
        "the argument … cannot be used with …",
    );
}

/// What only lacks files is completed from what is there, and no new certificate is issued.
#[test]
fn missing_files_are_written_again() {
    let scene = ensured(&[]);
    std::fs::create_dir(scene.dir.path("out")).expect("a folder");
    let serials = records(&scene.dir.path("gsec-ca/ca_conf/ca.db")).len();
    let restored = answer(&scene, &["--out-dir", "out", "--out-names", "serial"], 0);
    assert_eq!(
        (codes(&restored), &restored["action"]),
        (vec!["output_missing"; 3], &"restored".into())
    );
    for kind in ["cert.pem", "priv_key.pem"] {
        assert_eq!(
            scene.read(&format!("out/01_db1_{kind}")),
            scene.read(&format!("gsec-ca/repository/01_db1_{kind}"))
        );
    }
    let tree = common::Tree::of(scene.dir.path("out"));
    assert_eq!(
        ["cert.pem", "priv_key.pem", "cert.pfx"].map(|kind| tree.mode(&format!("01_db1_{kind}")) & 0o7777),
        [0o644, 0o600, 0o600]
    );
    is_content(&scene, &["--out-dir", "out", "--out-names", "serial"]);
    let losses = [
        ("gsec-ca/repository/01_db1_cert.pfx", "pfx_missing"),
        ("gsec-ca/repository/01_db1_cert.pem", "host_certificate_missing"),
        ("gsec-ca/repository/01_db1_priv_key.pem", "key_file_missing"),
        ("out/01_db1_cert.pem", "output_missing"),
        ("out/01_db1_priv_key.pem", "output_missing"),
    ];
    for (lost, code) in losses {
        std::fs::remove_file(scene.dir.path(lost)).expect("remove");
        let before = scene.tree();
        assert_eq!(
            codes(&answer(
                &scene,
                &["--out-dir", "out", "--out-names", "serial", "--check"],
                1
            )),
            [code]
        );
        assert_eq!(
            answer(
                &scene,
                &["--out-dir", "out", "--out-names", "serial", "--dry-run"],
                0
            )["restored"],
            serde_json::json!([lost])
        );
        scene.tree().is_unchanged_since(&before);
        let restored = answer(&scene, &["--out-dir", "out", "--out-names", "serial"], 0);
        assert_eq!(
            (codes(&restored), &restored["restored"], &restored["serial"]),
            (vec![code], &serde_json::json!([lost]), &"01".into())
        );
        is_content(&scene, &["--out-dir", "out", "--out-names", "serial"]);
    }
    assert_eq!(records(&scene.dir.path("gsec-ca/ca_conf/ca.db")).len(), serials);
    for pfx in ["gsec-ca/repository/01_db1_cert.pfx", "out/01_db1_cert.pfx"] {
        let text = scene
            .openssl(&["pkcs12", "-in", pfx, "-passin", "pass:", "-nodes"])
            .stdout;
        assert!(
            text.contains("BEGIN PRIVATE KEY") && text.contains("CN = Test CA"),
            "{text}"
        );
    }
    scene.openssl(&["verify", "-CAfile", CA, "out/01_db1_cert.pem"]);
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
}

#[test]
fn many_calls_at_once_restore_what_is_missing_and_none_fails() {
    let scene = ensured(&[]);
    for _ in 0..5 {
        std::fs::remove_file(scene.dir.path("gsec-ca/repository/01_db1_cert.pfx")).expect("remove");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(answer(&scene, &[], 0)["serial"], "01"));
            }
        });
        is_content(&scene, &[]);
    }
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
}

#[test]
fn a_ca_certificate_that_was_renewed_changes_nothing_for_hosts() {
    let scene = ensured(&[]);
    scene.gsec(&["ca", "renew", "--yes"]).run().ok();
    is_content(&scene, &[]);
}

#[test]
fn a_key_that_is_in_the_output_folder_only() {
    let scene = Scene::with_ca();
    std::fs::create_dir(scene.dir.path("out")).expect("a folder");
    let flags = ["--out-dir", "out", "--out-names", "serial", "--no-keep-key"];
    assert_eq!(codes(&answer(&scene, &flags, 0)), ["no_certificate"]);
    assert!(!scene.exists("gsec-ca/repository/01_db1_priv_key.pem"));
    is_content(&scene, &flags);
    std::fs::remove_file(scene.dir.path("out/01_db1_priv_key.pem")).expect("remove");
    issues_anew(&scene, &flags, &["key_file_missing"]);
}

#[test]
fn another_file_in_its_place_is_never_replaced() {
    let scene = ensured(&[]);
    std::fs::create_dir(scene.dir.path("out")).expect("a folder");
    answer(&scene, &["--out-dir", "out", "--out-names", "serial"], 0);
    for (name, content) in [
        ("out/01_db1_cert.pem", scene.read(CA)),
        ("out/01_db1_priv_key.pem", "no key".into()),
    ] {
        let right = scene.read(name);
        scene.write(name, content);
        let said = format!("error: `{name}` exists, but does not belong to serial 01");
        let hint = format!("hint: move it away: `mv -n {name} {name}.old`");
        for further in [&[][..], &["--check"], &["--dry-run"]] {
            scene.refuses(
                &[
                    &ENSURE[..],
                    &["--out-dir", "out", "--out-names", "serial"],
                    further,
                ]
                .concat(),
                3,
                &[&said, &hint],
            );
        }
        scene.write(name, right);
    }
}

/// The CA key is opened only when something is signed.
#[test]
fn an_encrypted_ca_key_needs_no_passphrase_for_nothing() {
    let scene = Scene::empty();
    scene.write("secret", "passphrase");
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
    let with_passphrase = ["--ca-passphrase-file", "secret"];
    answer(&scene, &with_passphrase, 0);
    is_content(&scene, &[]);
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01_db1_cert.pem")).expect("remove");
    assert_eq!(answer(&scene, &[], 0)["action"], "restored");
    answer(&scene, &["--san", "dns:db.example.com", "--check"], 1);
    scene.refuses(
        &[&ENSURE[..], &["--san", "dns:db.example.com"]].concat(),
        3,
        &[
            "error: cannot use `gsec-ca/ca_conf/ca_priv_key.pem`",
            "  caused by: the private key is encrypted",
            "hint: give the passphrase of…",
        ],
    );
}

#[test]
fn what_policy_refuses_is_refused_whatever_is_there() {
    let scene = ensured(&["--profile", "tls-server"]);
    scene.edit(POLICY, "name_suffixes = []", "name_suffixes = [\"example.org\"]");
    let said = [
        "error: refused by `gsec-ca/ca_conf/gsec.toml`",
        "  caused by: `db1.example.com` is not covered by…",
        "hint: if the CA should issue for this host, add its domain or block to `name_suffixes` of `[profile.host]`…",
    ];
    scene.refuses(&ENSURE, 3, &said);
}

#[test]
fn without_a_pfx_none_is_missed() {
    let scene = ensured(&["--no-pfx"]);
    is_content(&scene, &["--no-pfx"]);
    assert_eq!(codes(&answer(&scene, &["--check"], 1)), ["pfx_missing"]);
}

/// The index of hosts is a cache: without it the answer is the same.
#[test]
fn without_the_index_of_hosts_the_answer_is_the_same() {
    let scene = ensured(&[]);
    let _ = std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/.hosts.idx"));
    assert_eq!(answer(&scene, &[], 0)["changed"], false);
    scene.write("gsec-ca/ca_conf/.hosts.idx", "damaged");
    assert_eq!(answer(&scene, &[], 0)["changed"], false);
}
