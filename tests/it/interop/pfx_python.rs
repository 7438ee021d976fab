//! PKCS #12 between gsec and Python's `cryptography` library, both ways, and PBMAC1 (RFC 9579), which its OpenSSL 4 reads.

use crate::common;

use common::pfx::{
    Cast, Held, KEY_KINDS, PASSWORD, PASSWORDS, digest_of, gsec_reads, gsec_refuses, gsec_refuses_password,
    has_algorithms, mac, pbes2, pkcs12_pbe, shown, to_pfx, writable_passwords,
};
use common::{ChildGuard, TestCa, gsec, key_type, python};
use serde_json::{Value, json};

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

const ENCRYPTIONS: [&str; 2] = ["modern", "compat"];

/// Has the library carry out an order of `tests/python/pfx.py`, and returns the answer. One process does so for all tests: it loads the library once.
#[track_caller]
fn library(order: &Value) -> Value {
    static PYTHON: Mutex<Option<ChildGuard>> = Mutex::new(None);
    let mut shared = PYTHON.lock().unwrap_or_else(PoisonError::into_inner);
    let mut process = shared.take().unwrap_or_else(|| {
        let mut command = python("pfx.py").into_command();
        ChildGuard::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()))
    });
    writeln!(process.0.stdin.as_mut().expect("stdin is piped"), "{order}").expect("Python listens");
    let mut answer = String::new();
    // It says nothing that was not asked for, so that nothing is left in the buffer.
    BufReader::new(process.0.stdout.as_mut().expect("stdout is piped"))
        .read_line(&mut answer)
        .expect("Python answers");
    let answer = serde_json::from_str(&answer)
        .unwrap_or_else(|problem| panic!("Python does not carry out {order}; see its stderr: {problem}"));
    *shared = Some(process);
    answer
}

/// The library writes all of it.
#[track_caller]
fn python_writes(cast: &Cast, encryption: &Value, password: &str) -> String {
    python_writes_with(cast, encryption, password, &json!({}))
}

/// The same with some of the order replaced; `tests/python/pfx.py` says what can be in it.
#[track_caller]
fn python_writes_with(cast: &Cast, encryption: &Value, password: &str, instead: &Value) -> String {
    let file = cast.dir.path("theirs.p12");
    let mut order = json!({
        "write": file,
        "password": password,
        "encryption": encryption,
        "key": cast.key,
        "certificate": cast.certificate,
        "name": "Database 1",
        "others": [[cast.intermediate, "the one between"], [cast.root, null]],
    });
    let parts = instead.as_object().expect("an object").clone();
    order.as_object_mut().expect("an object").extend(parts);
    library(&order);
    file
}

/// What the library says of a file.
#[track_caller]
fn python_says(file: &str, password: &str) -> Value {
    library(&json!({ "read": file, "password": password }))
}

/// What the library finds in a file.
#[track_caller]
fn python_reads(file: &str, password: &str) -> Held {
    let said = python_says(file, password);
    assert_eq!(said["refused"], Value::Null, "{file} is not read");
    let others = said["others"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|other| &other[0]);
    let certificates = std::iter::once(&said["certificate"])
        .chain(others)
        .filter_map(Value::as_str)
        .map(str::to_owned);
    Held::of(said["key"].as_str(), certificates.collect())
}

#[track_caller]
fn python_refuses(file: &str, password: &str, reason: &str) {
    let said = python_says(file, password);
    assert!(
        said["refused"].as_str().is_some_and(|why| why.contains(reason)),
        "wanted `{reason}`, got {said}"
    );
}

/// What OpenSSL says of a wrong password, and of a MAC that it cannot compute.
const NOT_OPENED: &str = "Invalid password or PKCS12 data";

#[test]
fn every_encryption_that_python_writes_is_read_and_named() {
    let cast = Cast::new();
    let all = cast.all();
    let [aes, triple_des] = ["PBESv2SHA256AndAES256CBC", "PBESv1SHA1And3KeyTripleDESCBC"];
    let of_aes = |iterations| pbes2("AES-256-CBC", iterations);
    let of_triple_des = |iterations| pkcs12_pbe("3DES-CBC", iterations);
    for (encryption, digest, expected) in [
        (json!("best"), "SHA-256", of_aes(20_000)),
        (json!({ "cipher": aes }), "SHA-256", of_aes(20_000)),
        (
            json!({ "cipher": aes, "digest": "SHA512", "rounds": 1 }),
            "SHA-512",
            of_aes(1),
        ),
        (
            json!({ "cipher": aes, "digest": "SHA384", "rounds": 100_000 }),
            "SHA-384",
            of_aes(100_000),
        ),
        (
            json!({ "cipher": aes, "digest": "SHA1", "rounds": 50 }),
            "SHA-1",
            of_aes(50),
        ),
        (
            json!({ "cipher": triple_des, "digest": "SHA1", "rounds": 2000 }),
            "SHA-1",
            of_triple_des(2000),
        ),
        (
            json!({ "cipher": triple_des, "digest": "SHA224", "rounds": 1 }),
            "SHA-224",
            of_triple_des(1),
        ),
        (
            json!({ "cipher": triple_des, "digest": "SHA256", "rounds": 50_000 }),
            "SHA-256",
            of_triple_des(50_000),
        ),
        (
            json!({ "cipher": triple_des, "digest": "SHA512", "rounds": 3 }),
            "SHA-512",
            of_triple_des(3),
        ),
    ] {
        println!("{encryption}");
        let file = python_writes(&cast, &encryption, PASSWORD);
        assert_eq!(gsec_reads(&file, PASSWORD), all);
        has_algorithms(
            &file,
            PASSWORD,
            Some(&mac(digest, 2048)),
            Some(&expected),
            Some(&expected),
        );
        gsec_refuses_password(&file, "wrong horse");
        gsec_refuses_password(&file, "");
    }
}

/// It has a MAC all the same, under the empty password.
#[test]
fn file_without_encryption_is_read() {
    let cast = Cast::new();
    let file = python_writes(&cast, &json!("none"), "");
    has_algorithms(&file, "", Some(&mac("SHA-256", 2048)), None, None);
    let without_flag = gsec(&["convert", "to-pem", &file]).run().ok();
    assert_eq!(Held::in_pem(&without_flag.stdout), cast.all());
    gsec_refuses_password(&file, PASSWORD);
}

#[test]
fn every_password_is_read() {
    let cast = Cast::new();
    for (what, password) in PASSWORDS.into_iter().filter(|(_, password)| !password.is_empty()) {
        for cipher in ["PBESv2SHA256AndAES256CBC", "PBESv1SHA1And3KeyTripleDESCBC"] {
            println!("the password {what}, {cipher}");
            let file = python_writes(&cast, &json!({ "cipher": cipher }), password);
            assert_eq!(gsec_reads(&file, password), cast.all());
            gsec_refuses_password(&file, &format!("{password} "));
        }
    }
}

#[test]
fn every_kind_of_key_is_read() {
    for kind in KEY_KINDS {
        let cast = Cast::of_key(kind);
        let file = python_writes(&cast, &json!("best"), PASSWORD);
        assert_eq!(gsec_reads(&file, PASSWORD), cast.all());
    }
}

#[test]
fn names_are_read_on_each_certificate() {
    let cast = Cast::new();
    for (name, others) in [
        (json!("Zürich Жук"), ["der Aussteller", "die Wurzel"]),
        (json!("😀"), ["Ω", "😀"]),
        (Value::Null, ["a", "a"]),
    ] {
        let others: Vec<Value> = [&cast.intermediate, &cast.root]
            .iter()
            .zip(others)
            .map(|(file, name)| json!([file, name]))
            .collect();
        let file = python_writes_with(
            &cast,
            &json!("best"),
            PASSWORD,
            &json!({ "name": name, "others": others }),
        );
        let shown = shown(&file, PASSWORD);
        assert_eq!(shown["keys"][0]["friendly_name"], name);
        let found: Vec<&Value> = shown["certificates"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|entry| &entry["friendly_name"])
            .collect();
        assert_eq!(found, [&name, &others[0][1], &others[1][1]]);
        assert_eq!(gsec_reads(&file, PASSWORD), cast.all());
    }
}

#[test]
fn key_without_certificates_and_certificates_without_key() {
    let cast = Cast::new();
    let lonely_key = json!({ "certificate": null, "others": [] });
    let file = python_writes_with(&cast, &json!("best"), PASSWORD, &lonely_key);
    assert_eq!(gsec_reads(&file, PASSWORD), cast.all().keys_only());
    let file = python_writes_with(&cast, &json!("best"), PASSWORD, &json!({ "key": null }));
    assert_eq!(gsec_reads(&file, PASSWORD), cast.all().certificates_only());
}

/// Of a company that grew: the order and the number of issuers do not matter.
#[test]
fn many_other_certificates_are_read() {
    let cast = Cast::new();
    let strangers: Vec<Cast> = (0..4).map(|_| Cast::new()).collect();
    let mut others = vec![json!([cast.root, "root"])];
    others.extend(
        strangers
            .iter()
            .flat_map(|other| [json!([other.root, null]), json!([other.intermediate, "another"])]),
    );
    others.push(json!([cast.intermediate, null]));
    let file = python_writes_with(&cast, &json!("best"), PASSWORD, &json!({ "others": others }));
    let mut expected = vec![
        cast.key.as_str(),
        &cast.certificate,
        &cast.intermediate,
        &cast.root,
    ];
    expected.extend(
        strangers
            .iter()
            .flat_map(|other| [other.root.as_str(), &other.intermediate]),
    );
    assert_eq!(gsec_reads(&file, PASSWORD), Held::in_files(&expected));
    let chain: Vec<String> = pem_certificates(&file)[..3].to_vec();
    assert_eq!(
        chain,
        [&cast.certificate, &cast.intermediate, &cast.root].map(|file| digest_of(file)),
        "the host's own chain stands first"
    );
}

fn pem_certificates(file: &str) -> Vec<String> {
    let text = common::pfx::to_pem(file, PASSWORD).run().ok().stdout;
    let blocks = pem::parse_many(text).expect("PEM");
    blocks
        .iter()
        .filter(|block| block.tag() == "CERTIFICATE")
        .map(|block| common::pfx::sha256(block.contents()))
        .collect()
}

#[test]
fn trust_store_for_java_is_read() {
    let cast = Cast::new();
    let trusted = json!({ "trusted": [[cast.root, "root"], [cast.intermediate, "Zwischenstelle für alle"]] });
    let triple_des = json!({ "cipher": "PBESv1SHA1And3KeyTripleDESCBC", "digest": "SHA1" });
    for (encryption, password) in [
        (json!("best"), PASSWORD),
        (triple_des, PASSWORD),
        (json!("none"), ""),
    ] {
        let file = python_writes_with(&cast, &encryption, password, &trusted);
        assert_eq!(
            gsec_reads(&file, password),
            Held::in_files(&[&cast.root, &cast.intermediate]),
            "{encryption}"
        );
        let shown = shown(&file, password);
        let entry = |index: usize| {
            (
                &shown["certificates"][index]["friendly_name"],
                &shown["certificates"][index]["trusted"],
            )
        };
        assert_eq!(
            [entry(0), entry(1)],
            [
                (&json!("root"), &json!(true)),
                (&json!("Zwischenstelle für alle"), &json!(true))
            ]
        );
    }
}

/// A PBMAC1 in a file: which digests, how long a key, under which password.
fn pbmac1(
    cast: &Cast,
    digest: &str,
    prf: Option<&str>,
    key_octets: u32,
    password: &str,
    told: &Value,
) -> String {
    let before = python_writes(cast, &json!("best"), password);
    pbmac1_in(
        cast,
        &before,
        json!({ "digest": digest, "prf": prf, "key_octets": key_octets, "password": password }),
        told,
    )
}

/// The same for a file that is there; `told` is what the file says in place of the truth.
#[track_caller]
fn pbmac1_in(cast: &Cast, before: &str, mut order: Value, told: &Value) -> String {
    let after = cast.dir.path("pbmac1.p12");
    let parts = order.as_object_mut().expect("an object");
    parts.extend(
        json!({ "in": before, "out": after, "iterations": 2048 })
            .as_object()
            .expect("an object")
            .clone(),
    );
    parts.extend(told.as_object().expect("an object").clone());
    python("pfx_mac.py").stdin(order.to_string()).run().ok();
    after
}

#[test]
fn pbmac1_is_checked_and_named() {
    let cast = Cast::new();
    for (digest, prf, key_octets) in [
        ("sha256", Some("sha256"), 32),
        ("sha512", Some("sha512"), 64),
        ("sha256", Some("sha512"), 32),
        ("sha512", Some("sha256"), 64),
        ("sha384", Some("sha256"), 48),
        ("sha224", Some("sha384"), 28),
        ("sha1", Some("sha1"), 20),
        ("sha256", None, 32),
        ("sha256", Some("sha256"), 20),
        ("sha256", Some("sha256"), 64),
    ] {
        println!("HMAC {digest}, PRF {prf:?}, a key of {key_octets} octets");
        let file = pbmac1(&cast, digest, prf, key_octets, PASSWORD, &json!({}));
        assert_eq!(
            python_reads(&file, PASSWORD),
            cast.all(),
            "another implementation takes it for a sound file"
        );
        assert_eq!(gsec_reads(&file, PASSWORD), cast.all());
        let hmac = |name: &str| format!("HMAC-SHA-{}", &name[3..]);
        let named = format!(
            "PBMAC1: {}, PBKDF2 with {}, 2048 iterations",
            hmac(digest),
            hmac(prf.unwrap_or("sha1"))
        );
        let encryption = pbes2("AES-256-CBC", 20_000);
        has_algorithms(
            &file,
            PASSWORD,
            Some(&named),
            Some(&encryption),
            Some(&encryption),
        );
        for wrong in ["wrong horse", ""] {
            python_refuses(&file, wrong, NOT_OPENED);
            gsec_refuses_password(&file, wrong);
        }
    }
}

#[test]
fn pbmac1_takes_the_octets_of_the_password() {
    let cast = Cast::new();
    for (what, password) in PASSWORDS.into_iter().filter(|(_, password)| !password.is_empty()) {
        println!("the password {what}");
        let file = pbmac1(&cast, "sha256", Some("sha256"), 32, password, &json!({}));
        assert_eq!(python_reads(&file, password), cast.all());
        assert_eq!(gsec_reads(&file, password), cast.all());
    }
}

/// The library encrypts nothing under the empty password, but it reads such a MAC.
#[test]
fn pbmac1_under_the_empty_password() {
    let cast = Cast::new();
    let before = python_writes(&cast, &json!("none"), "");
    let file = pbmac1_in(
        &cast,
        &before,
        json!({ "digest": "sha256", "prf": "sha256", "key_octets": 32, "password": "" }),
        &json!({}),
    );
    assert_eq!(python_reads(&file, ""), cast.all());
    assert_eq!(gsec_reads(&file, ""), cast.all());
    gsec_refuses_password(&file, PASSWORD);
}

/// RFC 9579 section 5: the iterations that stand where the MAC of old has them do not count.
#[test]
fn pbmac1_has_its_own_iterations() {
    let cast = Cast::new();
    for outside in [1, 7, 2048, 0x7fff_ffff] {
        let file = pbmac1(
            &cast,
            "sha256",
            Some("sha256"),
            32,
            PASSWORD,
            &json!({ "outside_iterations": outside }),
        );
        assert_eq!(gsec_reads(&file, PASSWORD), cast.all(), "{outside}");
    }
}

#[test]
fn pbmac1_that_does_not_fit_is_refused() {
    let cast = Cast::new();
    for told in [
        json!({ "told_iterations": 2049 }),
        json!({ "told_salt": "another" }),
        json!({ "told_key_octets": 33 }),
    ] {
        let file = pbmac1(&cast, "sha256", Some("sha256"), 32, PASSWORD, &told);
        python_refuses(&file, PASSWORD, NOT_OPENED);
        gsec_refuses_password(&file, PASSWORD);
    }
}

/// RFC 9579 section 4: the length must be there. Without it, whoever reads would have to guess.
#[test]
fn pbmac1_without_key_length_is_refused() {
    let cast = Cast::new();
    for (digest, key_octets) in [("sha256", 32), ("sha512", 64)] {
        let file = pbmac1(
            &cast,
            digest,
            Some(digest),
            key_octets,
            PASSWORD,
            &json!({ "told_key_octets": null }),
        );
        python_refuses(&file, PASSWORD, NOT_OPENED);
        gsec_refuses(&file, PASSWORD, "PBMAC1 without a key length");
    }
}

/// RFC 9579 section 9: a key that can be guessed authenticates nothing, and so less than 20 octets are refused.
#[test]
fn pbmac1_with_a_short_key_is_refused() {
    let cast = Cast::new();
    for key_octets in [1, 8, 19] {
        let file = pbmac1(&cast, "sha256", Some("sha256"), key_octets, PASSWORD, &json!({}));
        python_refuses(&file, PASSWORD, NOT_OPENED);
        gsec_refuses(
            &file,
            PASSWORD,
            &format!("PBMAC1 with a key of {key_octets} bytes"),
        );
    }
}

/// What stands under the MAC was never under this password.
#[test]
fn one_password_for_the_pbmac1_and_another_for_the_content() {
    let cast = Cast::new();
    for encryption in [
        json!("best"),
        json!({ "cipher": "PBESv1SHA1And3KeyTripleDESCBC" }),
    ] {
        let before = python_writes(&cast, &encryption, "privacy");
        let order = json!({ "digest": "sha256", "prf": "sha256", "key_octets": 32, "password": "integrity" });
        let file = pbmac1_in(&cast, &before, order, &json!({}));
        python_refuses(&file, "privacy", NOT_OPENED);
        gsec_refuses(
            &file,
            "integrity",
            "the password matches the MAC, but cannot decrypt an encrypted part (",
        );
        gsec_refuses(
            &file,
            "integrity",
            "that part has a separate password, or the file is damaged",
        );
        gsec_refuses_password(&file, "privacy");
    }
}

#[test]
fn file_with_pbmac1_is_written_anew_for_everybody() {
    let cast = Cast::new();
    let before = pbmac1(&cast, "sha512", Some("sha512"), 64, PASSWORD, &json!({}));
    let after = cast.dir.path("compat.pfx");
    let input = [
        "--cert",
        before.as_str(),
        "--password-env",
        "OLD_PASSWORD",
        "--pfx-encryption",
        "compat",
    ];
    to_pfx(&after, "", &input)
        .env("OLD_PASSWORD", PASSWORD)
        .run()
        .ok();
    assert_eq!(python_reads(&after, ""), cast.all());
    assert_eq!(python_says(&after, "")["name"], "Database 1");
}

#[test]
fn python_reads_every_kind_of_key() {
    for kind in KEY_KINDS {
        let cast = Cast::of_key(kind);
        for encryption in ENCRYPTIONS {
            let file = cast.gsec_writes("ours.pfx", "", &["--pfx-encryption", encryption]);
            assert_eq!(python_reads(&file, ""), cast.all(), "{encryption}");
        }
    }
}

#[test]
fn python_reads_every_password() {
    let cast = Cast::new();
    for encryption in ENCRYPTIONS {
        for (what, password) in writable_passwords() {
            println!("the password {what}, {encryption}");
            let file = cast.gsec_writes("ours.pfx", password, &["--pfx-encryption", encryption]);
            assert_eq!(python_reads(&file, password), cast.all());
            python_refuses(&file, &format!("{password}x"), NOT_OPENED);
        }
    }
}

#[test]
fn python_finds_names_and_the_chain_in_its_order() {
    let cast = Cast::new();
    for encryption in ENCRYPTIONS {
        let file = cast.gsec_writes(
            "ours.pfx",
            "",
            &["--pfx-encryption", encryption, "--friendly-name", "Zürich Жук 1"],
        );
        let said = python_says(&file, "");
        assert_eq!(
            (&said["name"], &said["certificate"]),
            (&json!("Zürich Жук 1"), &json!(digest_of(&cast.certificate)))
        );
        assert_eq!(
            said["others"],
            json!([
                [digest_of(&cast.intermediate), null],
                [digest_of(&cast.root), null]
            ])
        );
    }
}

#[test]
fn python_reads_a_trust_store() {
    let cast = Cast::new();
    for encryption in ENCRYPTIONS {
        for password in ["", PASSWORD] {
            let file = cast.dir.path("trust.p12");
            to_pfx(
                &file,
                password,
                &[
                    "--cert",
                    &cast.issuers,
                    "--trust-store",
                    "--pfx-encryption",
                    encryption,
                ],
            )
            .run()
            .ok();
            let said = python_says(&file, password);
            assert_eq!(
                said["others"],
                json!([
                    [digest_of(&cast.root), "Test Root"],
                    [digest_of(&cast.intermediate), "Test Intermediate"]
                ])
            );
            assert_eq!((&said["key"], &said["certificate"]), (&Value::Null, &Value::Null));
        }
    }
}

#[test]
fn file_that_is_written_anew_holds_the_same() {
    let cast = Cast::new();
    let old = python_writes(
        &cast,
        &json!({ "cipher": "PBESv1SHA1And3KeyTripleDESCBC", "digest": "SHA1" }),
        "horse \u{1f600}",
    );
    let modern = cast.dir.path("modern.pfx");
    to_pfx(
        &modern,
        "Жук €",
        &["--cert", &old, "--password-env", "OLD_PASSWORD"],
    )
    .env("OLD_PASSWORD", "horse \u{1f600}")
    .run()
    .ok();
    assert_eq!(python_reads(&modern, "Жук €"), cast.all());
    let compat = cast.dir.path("compat.pfx");
    let input = [
        "--cert",
        modern.as_str(),
        "--password-env",
        "OLD_PASSWORD",
        "--pfx-encryption",
        "compat",
    ];
    to_pfx(&compat, "pässwörd", &input)
        .env("OLD_PASSWORD", "Жук €")
        .run()
        .ok();
    assert_eq!(python_reads(&compat, "pässwörd"), cast.all());
    assert_eq!(python_says(&compat, "pässwörd")["name"], "Database 1");
}

#[test]
fn trust_store_that_is_written_anew_holds_the_same() {
    let cast = Cast::new();
    let trusted = json!({ "trusted": [[cast.root, "root"], [cast.intermediate, "Zwischenstelle für alle"]] });
    let old = python_writes_with(&cast, &json!("none"), "", &trusted);
    let new = cast.dir.path("new.p12");
    to_pfx(
        &new,
        "",
        &["--cert", &old, "--trust-store", "--pfx-encryption", "compat"],
    )
    .run()
    .ok();
    let said = python_says(&new, "");
    assert_eq!(
        said["others"],
        json!([
            [digest_of(&cast.root), "root"],
            [digest_of(&cast.intermediate), "Zwischenstelle für alle"]
        ])
    );
}

#[test]
fn python_and_gsec_find_the_same_in_the_pfx_of_an_issued_host() {
    let ca = TestCa::of_key(key_type("p256"));
    for encryption in ENCRYPTIONS {
        let host = ca.issue(
            "db1.example.com",
            &["--key-type", "ed25519", "--pfx-encryption", encryption],
        );
        let expected = Held::in_files(&[&host.key, &host.record, &ca.certificate]);
        assert_eq!(python_reads(&host.pfx, ""), expected, "{encryption}");
        assert_eq!(gsec_reads(&host.pfx, ""), expected, "{encryption}");
    }
}
