//! PKCS #12 between gsec and OpenSSL, both ways: whatever the one writes, the other finds the same keys and certificates in it.

use crate::common;

use common::pfx::{
    Cast, Held, KEY_KINDS, PASSWORD, PASSWORDS, digest_of, gsec_reads, gsec_refuses, gsec_refuses_password,
    has_algorithms, mac, openssl_nodes, openssl_reads, pbes1, pbes2, pkcs12_pbe, sha256, shown, to_pem,
    to_pfx, writable_passwords,
};
use common::{Outcome, TestCa, key_type, openssl, python};
use serde_json::{Value, json};

const ENCRYPTIONS: [&str; 2] = ["modern", "compat"];

/// What OpenSSL was told, and what gsec is to say of the file; `None` is "not at all".
struct Written {
    flags: &'static [&'static str],
    mac: Option<String>,
    key: Option<String>,
    certificates: Option<String>,
}

/// With the MAC that goes with the flags: SHA-1 under `-legacy`, else SHA-256.
fn written(flags: &'static [&'static str], key: Option<String>, certificates: Option<String>) -> Written {
    let digest = if flags.contains(&"-legacy") {
        "SHA-1"
    } else {
        "SHA-256"
    };
    Written {
        flags,
        mac: Some(mac(digest, 2048)),
        key,
        certificates,
    }
}

/// With OpenSSL's default encryption.
fn with_mac(flags: &'static [&'static str], mac: String) -> Written {
    Written {
        flags,
        mac: Some(mac),
        key: aes256(),
        certificates: aes256(),
    }
}

fn aes256() -> Option<String> {
    Some(pbes2("AES-256-CBC", 2048))
}

fn old(cipher: &str) -> Option<String> {
    Some(pkcs12_pbe(cipher, 2048))
}

#[test]
fn every_encryption_that_openssl_writes_is_read_and_named() {
    let same = |flags, algorithm: Option<String>| written(flags, algorithm.clone(), algorithm);
    let pbes2 = |cipher| Some(pbes2(cipher, 2048));
    let pbes1 = |cipher, digest| Some(pbes1(cipher, digest, 2048));
    all_are_read_and_named(&[
        same(&[], aes256()),
        written(&["-legacy"], old("3DES-CBC"), old("RC2-40-CBC")),
        written(&["-descert"], aes256(), old("3DES-CBC")),
        written(&["-descert", "-legacy"], old("3DES-CBC"), old("3DES-CBC")),
        same(
            &["-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC"],
            pbes2("AES-128-CBC"),
        ),
        same(
            &["-keypbe", "AES-192-CBC", "-certpbe", "AES-192-CBC"],
            pbes2("AES-192-CBC"),
        ),
        same(
            &["-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC"],
            pbes2("AES-256-CBC"),
        ),
        same(
            &["-keypbe", "des-ede3-cbc", "-certpbe", "des-ede3-cbc"],
            pbes2("3DES-CBC"),
        ),
        same(
            &["-keypbe", "des-cbc", "-certpbe", "des-cbc", "-legacy"],
            pbes2("DES-CBC"),
        ),
        same(
            &["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"],
            old("3DES-CBC"),
        ),
        same(
            &["-keypbe", "PBE-SHA1-2DES", "-certpbe", "PBE-SHA1-2DES"],
            old("3DES-CBC with two keys"),
        ),
        same(
            &[
                "-keypbe",
                "PBE-SHA1-RC2-40",
                "-certpbe",
                "PBE-SHA1-RC2-40",
                "-legacy",
            ],
            old("RC2-40-CBC"),
        ),
        same(
            &[
                "-keypbe",
                "PBE-SHA1-RC2-128",
                "-certpbe",
                "PBE-SHA1-RC2-128",
                "-legacy",
            ],
            old("RC2-128-CBC"),
        ),
        same(
            &[
                "-keypbe",
                "PBE-SHA1-RC4-40",
                "-certpbe",
                "PBE-SHA1-RC4-40",
                "-legacy",
            ],
            old("RC4-40"),
        ),
        same(
            &[
                "-keypbe",
                "PBE-SHA1-RC4-128",
                "-certpbe",
                "PBE-SHA1-RC4-128",
                "-legacy",
            ],
            old("RC4-128"),
        ),
        same(
            &["-keypbe", "PBE-MD5-DES", "-certpbe", "PBE-MD5-DES", "-legacy"],
            pbes1("DES-CBC", "MD5"),
        ),
        same(
            &["-keypbe", "PBE-SHA1-DES", "-certpbe", "PBE-SHA1-DES", "-legacy"],
            pbes1("DES-CBC", "SHA-1"),
        ),
        same(
            &[
                "-keypbe",
                "PBE-MD5-RC2-64",
                "-certpbe",
                "PBE-MD5-RC2-64",
                "-legacy",
            ],
            pbes1("RC2-64-CBC", "MD5"),
        ),
        same(
            &[
                "-keypbe",
                "PBE-SHA1-RC2-64",
                "-certpbe",
                "PBE-SHA1-RC2-64",
                "-legacy",
            ],
            pbes1("RC2-64-CBC", "SHA-1"),
        ),
        written(
            &["-keypbe", "AES-128-CBC", "-certpbe", "PBE-SHA1-3DES"],
            pbes2("AES-128-CBC"),
            old("3DES-CBC"),
        ),
        written(&["-keypbe", "NONE"], None, aes256()),
        written(&["-certpbe", "NONE"], aes256(), None),
        same(&["-keypbe", "NONE", "-certpbe", "NONE"], None),
    ]);
}

#[test]
fn every_mac_that_openssl_writes_is_checked_and_named() {
    all_are_read_and_named(&[
        with_mac(&["-macalg", "md5"], mac("MD5", 2048)),
        with_mac(&["-macalg", "sha1"], mac("SHA-1", 2048)),
        with_mac(&["-macalg", "sha224"], mac("SHA-224", 2048)),
        with_mac(&["-macalg", "sha256"], mac("SHA-256", 2048)),
        with_mac(&["-macalg", "sha384"], mac("SHA-384", 2048)),
        with_mac(&["-macalg", "sha512"], mac("SHA-512", 2048)),
        with_mac(&["-nomaciter"], mac("SHA-256", 1)),
        Written {
            flags: &["-nomac"],
            mac: None,
            key: aes256(),
            certificates: None,
        },
        Written {
            flags: &["-nomac", "-certpbe", "AES-256-CBC"],
            mac: None,
            key: aes256(),
            certificates: aes256(),
        },
        Written {
            flags: &["-nomac", "-legacy", "-certpbe", "PBE-SHA1-RC4-40"],
            mac: None,
            key: old("3DES-CBC"),
            certificates: old("RC4-40"),
        },
    ]);
}

#[test]
fn iterations_are_what_openssl_was_told() {
    let both = |iterations| Some(pbes2("AES-256-CBC", iterations));
    all_are_read_and_named(&[
        Written {
            flags: &["-iter", "10000"],
            mac: Some(mac("SHA-256", 10_000)),
            key: both(10_000),
            certificates: both(10_000),
        },
        Written {
            flags: &["-noiter"],
            mac: Some(mac("SHA-256", 2048)),
            key: both(1),
            certificates: both(1),
        },
    ]);
}

#[track_caller]
fn all_are_read_and_named(files: &[Written]) {
    let cast = Cast::new();
    let all = cast.all();
    for Written {
        flags,
        mac,
        key,
        certificates,
    } in files
    {
        println!("{flags:?}");
        let file = cast.openssl_writes("theirs.p12", PASSWORD, flags);
        assert_eq!(gsec_reads(&file, PASSWORD), all);
        assert_eq!(openssl_reads(&file, PASSWORD), all);
        has_algorithms(
            &file,
            PASSWORD,
            mac.as_deref(),
            key.as_deref(),
            certificates.as_deref(),
        );
        gsec_refuses_password(&file, "wrong horse");
        gsec_refuses_password(&file, "");
    }
}

/// Then there is nothing that a password could be wrong for.
#[test]
fn without_mac_and_encryption_any_password_will_do() {
    let cast = Cast::new();
    let file = cast.openssl_writes(
        "open.p12",
        PASSWORD,
        &["-nomac", "-keypbe", "NONE", "-certpbe", "NONE"],
    );
    has_algorithms(&file, PASSWORD, None, None, None);
    for password in [PASSWORD, "", "another"] {
        assert_eq!(gsec_reads(&file, password), cast.all(), "under {password:?}");
        assert_eq!(openssl_reads(&file, password), cast.all(), "under {password:?}");
    }
    assert_eq!(reads_without_password(&file), cast.all());
}

#[test]
fn what_gsec_does_not_read_is_named() {
    let cast = Cast::new();
    for (flags, name) in [
        (
            ["-keypbe", "camellia-256-cbc"],
            "its private key: it is protected with Camellia-256-CBC, which gsec does not support",
        ),
        (
            ["-certpbe", "camellia-128-cbc"],
            "an encrypted part: it is protected with Camellia-128-CBC, which gsec does not support",
        ),
        (
            ["-keypbe", "aria-256-cbc"],
            "its private key: it is protected with ARIA-256-CBC, which gsec does not support",
        ),
        (
            ["-macalg", "sha3-256"],
            "its MAC: it is protected with a MAC with digest 2.16.840.1.101.3.4.2.8, which gsec does not \
             support",
        ),
    ] {
        let file = cast.openssl_writes("foreign.p12", PASSWORD, &flags);
        assert_eq!(
            openssl_reads(&file, PASSWORD),
            cast.all(),
            "OpenSSL reads its own file"
        );
        gsec_refuses(&file, PASSWORD, name);
    }
}

#[test]
fn every_kind_of_key_is_read() {
    for kind in KEY_KINDS {
        let cast = Cast::of_key(kind);
        for flags in [&[][..], &["-legacy"], &["-keypbe", "NONE", "-certpbe", "NONE"]] {
            let file = cast.openssl_writes("theirs.p12", PASSWORD, flags);
            assert_eq!(gsec_reads(&file, PASSWORD), cast.all(), "{flags:?}");
            assert_eq!(openssl_reads(&file, PASSWORD), cast.all(), "{flags:?}");
        }
    }
}

#[test]
fn every_password_is_read() {
    let cast = Cast::new();
    let all = cast.all();
    for (what, password) in PASSWORDS {
        for flags in [
            &[][..],
            &["-legacy"],
            &["-nomac"],
            &["-nomac", "-legacy"],
            &["-keypbe", "PBE-MD5-DES", "-legacy"],
        ] {
            println!("the password {what}, {flags:?}");
            let file = cast.openssl_writes("theirs.p12", password, flags);
            assert_eq!(gsec_reads(&file, password), all);
            assert_eq!(openssl_reads(&file, password), all);
            for other in other_passwords(password) {
                gsec_refuses_password(&file, &other);
            }
        }
    }
}

/// Such as a careless reader takes for the same.
fn other_passwords(password: &str) -> Vec<String> {
    let mut others = vec![
        format!("{password}x"),
        format!("{password} "),
        password.trim().to_owned(),
        password.to_uppercase(),
        String::new(),
    ];
    others.extend(
        password
            .char_indices()
            .last()
            .map(|(end, _)| password[..end].to_owned()),
    );
    others.retain(|other| other != password);
    others.sort();
    others.dedup();
    others
}

#[test]
fn empty_password_needs_no_flag() {
    let cast = Cast::new();
    for flags in [
        &[][..],
        &["-legacy"],
        &["-nomac"],
        &["-keypbe", "NONE", "-certpbe", "NONE"],
    ] {
        let file = cast.openssl_writes("theirs.p12", "", flags);
        assert_eq!(reads_without_password(&file), cast.all(), "{flags:?}");
    }
}

#[test]
fn password_comes_from_a_file_or_standard_input_too() {
    let cast = Cast::new();
    for (what, password) in PASSWORDS {
        let file = cast.openssl_writes("theirs.p12", password, &[]);
        for ending in ["", "\n", "\r\n"] {
            println!("the password {what}, then {ending:?}");
            let secret = cast.dir.write("secret", format!("{password}{ending}"));
            let from_file = common::gsec(&["convert", "to-pem", &file, "--password-file", &secret])
                .run()
                .ok();
            assert_eq!(Held::in_pem(&from_file.stdout), cast.all());
        }
        let from_stdin = common::gsec(&["convert", "to-pem", &file, "--password-stdin"])
            .stdin(format!("{password}\n"))
            .run()
            .ok();
        assert_eq!(Held::in_pem(&from_stdin.stdout), cast.all());
    }
}

#[track_caller]
fn reads_without_password(file: &str) -> Held {
    Held::in_pem(&common::gsec(&["convert", "to-pem", file]).run().ok().stdout)
}

/// The order that servers want, whatever the order in the file: the host's, its issuer, the root, and the key last.
#[test]
fn chain_comes_out_upwards() {
    let cast = Cast::new();
    let file = cast.openssl_writes("theirs.p12", PASSWORD, &[]);
    let text = to_pem(&file, PASSWORD).run().ok().stdout;
    let blocks = pem::parse_many(&text).expect("PEM");
    let labels: Vec<&str> = blocks.iter().map(pem::Pem::tag).collect();
    assert_eq!(
        labels,
        ["CERTIFICATE", "CERTIFICATE", "CERTIFICATE", "PRIVATE KEY"]
    );
    let digests: Vec<String> = blocks[..3].iter().map(|block| sha256(block.contents())).collect();
    assert_eq!(
        digests,
        [&cast.certificate, &cast.intermediate, &cast.root].map(|file| digest_of(file))
    );
}

#[test]
fn file_that_is_written_holds_what_openssl_finds() {
    let cast = Cast::of_key("rsa-2048");
    for (flags, expected) in [
        (&["-legacy"][..], cast.without_issuers()),
        (&["-nocerts"], cast.all().keys_only()),
    ] {
        let file = cast.openssl_writes_host("theirs.p12", PASSWORD, flags);
        for format in ["pkcs8", "pkcs1"] {
            let out = cast.dir.path("ours.pem");
            to_pem(&file, PASSWORD)
                .args(&["--out", &out, "--key-format", format, "--force"])
                .run()
                .ok();
            assert_eq!(Held::in_files(&[&out]), expected, "{flags:?}, {format}");
            assert_eq!(openssl_reads(&file, PASSWORD), expected);
        }
    }
}

#[test]
fn parts_in_a_folder_are_together_what_openssl_finds() {
    let cast = Cast::new();
    let file = cast.openssl_writes("theirs.p12", PASSWORD, &[]);
    let folder = cast.dir.path("parts");
    to_pem(&file, PASSWORD).args(&["--out-dir", &folder]).run().ok();
    let part = |name: &str| format!("{folder}/db1_{name}.pem");
    assert_eq!(
        Held::in_files(&[&part("cert"), &part("priv_key"), &part("chain")]),
        openssl_reads(&file, PASSWORD)
    );
    assert_eq!(
        Held::in_files(&[&part("cert"), &part("priv_key")]),
        cast.without_issuers()
    );
}

#[test]
fn key_without_certificates_and_certificates_without_key() {
    let cast = Cast::new();
    for legacy in [&[][..], &["-legacy"]] {
        for (flag, expected) in [
            ("-nocerts", cast.all().keys_only()),
            ("-nokeys", cast.without_issuers().certificates_only()),
        ] {
            let file = cast.openssl_writes_host("half.p12", PASSWORD, &[&[flag], legacy].concat());
            assert_eq!(gsec_reads(&file, PASSWORD), expected, "{flag} {legacy:?}");
            assert_eq!(openssl_reads(&file, PASSWORD), expected);
            let shown = shown(&file, PASSWORD);
            let count = |list: &str| shown[list].as_array().expect("a list").len();
            assert_eq!(
                (count("keys"), count("certificates")),
                (expected.keys.len(), expected.certificates.len())
            );
            gsec_refuses_password(&file, "wrong horse");
        }
    }
}

#[test]
fn friendly_names_are_read() {
    let cast = Cast::new();
    for (flags, name) in [
        (&[][..], Value::Null),
        (&["-name", "Database 1"], json!("Database 1")),
        (&["-name", "Zürich Жук"], json!("Zürich Жук")),
    ] {
        let file = cast.openssl_writes(
            "named.p12",
            PASSWORD,
            &[flags, &["-caname", "the root", "-caname", "the one between"]].concat(),
        );
        let shown = shown(&file, PASSWORD);
        assert_eq!(shown["keys"][0]["friendly_name"], name);
        assert_eq!(
            names_of_certificates(&shown),
            [name, json!("the root"), json!("the one between")]
        );
        assert_eq!(gsec_reads(&file, PASSWORD), cast.all());
    }
}

fn names_of_certificates(shown: &Value) -> Vec<Value> {
    shown["certificates"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| entry["friendly_name"].clone())
        .collect()
}

/// Attributes that Windows asks for, and that say nothing to anybody else.
#[test]
fn attributes_of_windows_do_not_matter() {
    let cast = Cast::new();
    for flags in [
        &["-CSP", "Microsoft Software Key Storage Provider", "-LMK"][..],
        &["-keyex"],
        &["-keysig"],
    ] {
        let file = cast.openssl_writes("windows.p12", PASSWORD, flags);
        assert_eq!(gsec_reads(&file, PASSWORD), cast.all(), "{flags:?}");
    }
}

#[test]
fn one_password_for_the_mac_and_another_for_the_content() {
    let cast = Cast::new();
    let parts = [
        (&[][..], "an encrypted part"),
        (&["-certpbe", "NONE"], "its private key"),
        (&["-legacy"], "an encrypted part"),
    ];
    for (flags, part) in parts {
        let file = two_passwords(&cast, flags);
        gsec_refuses(
            &file,
            "integrity",
            &format!("the password matches the MAC, but cannot decrypt {part} ("),
        );
        gsec_refuses(
            &file,
            "integrity",
            "that part has a separate password, or the file is damaged",
        );
        gsec_refuses_password(&file, "privacy");
        gsec_refuses_password(&file, "");
    }
}

/// Only on a terminal does OpenSSL ask for two.
fn two_passwords(cast: &Cast, flags: &[&str]) -> String {
    let file = cast.dir.path("two.p12");
    let command = [
        "openssl",
        "pkcs12",
        "-export",
        "-twopass",
        "-inkey",
        &cast.key,
        "-in",
        &cast.certificate,
        "-out",
        &file,
    ];
    let asked = [
        ("Enter MAC Password:", "integrity\n"),
        ("Verifying - Enter MAC Password:", "integrity\n"),
    ];
    let then_asked = [
        ("Enter Export Password:", "privacy\n"),
        ("Verifying - Enter Export Password:", "privacy\n"),
    ];
    let steps: Vec<Value> = asked
        .iter()
        .chain(&then_asked)
        .map(|(prompt, keys)| json!([prompt, keys, true]))
        .collect();
    let command = [&command, flags].concat();
    let session = json!({ "command": command, "directory": cast.dir.path(""), "steps": steps });
    let outcome = python("pty_session.py")
        .stdin(session.to_string())
        .run()
        .ok()
        .json();
    assert_eq!(
        (&outcome["status"], &outcome["asked"]),
        (&json!(0), &json!(4)),
        "{outcome}"
    );
    file
}

#[test]
fn openssl_reads_every_kind_of_key() {
    for kind in KEY_KINDS {
        let cast = Cast::of_key(kind);
        for encryption in ENCRYPTIONS {
            let file = cast.gsec_writes("ours.pfx", "", &["--pfx-encryption", encryption]);
            assert_eq!(openssl_strictly_reads(&file, ""), cast.all(), "{encryption}");
            assert_eq!(gsec_reads(&file, ""), cast.all(), "{encryption}");
        }
    }
}

#[test]
fn openssl_reads_every_password() {
    let cast = Cast::new();
    for encryption in ENCRYPTIONS {
        for (what, password) in writable_passwords() {
            println!("the password {what}, {encryption}");
            let file = cast.gsec_writes("ours.pfx", password, &["--pfx-encryption", encryption]);
            assert_eq!(openssl_strictly_reads(&file, password), cast.all());
            openssl_nodes(&file, &format!("{password}x"))
                .fails()
                .says("invalid password");
        }
    }
}

#[test]
fn password_beyond_the_format_is_refused_before_anything_is_written() {
    let cast = Cast::new();
    let out = cast.dir.path("ours.pfx");
    let outcome = to_pfx(
        &out,
        "horse \u{1f600}",
        &["--cert", &cast.certificate, "--key", &cast.key],
    )
    .run()
    .code(3);
    assert!(
        outcome
            .stderr
            .contains("the password contains a character beyond U+FFFF, which PKCS #12 cannot represent"),
        "{outcome}"
    );
    assert!(!std::path::Path::new(&out).exists());
}

#[test]
fn openssl_finds_the_algorithms_that_were_asked_for() {
    let cast = Cast::new();
    let info = |encryption: &str| {
        let file = cast.gsec_writes("ours.pfx", PASSWORD, &["--pfx-encryption", encryption]);
        openssl(&[
            "pkcs12",
            "-info",
            "-noout",
            "-in",
            &file,
            "-passin",
            "env:PFX_PASSWORD",
        ])
        .env("PFX_PASSWORD", PASSWORD)
        .run()
        .ok()
    };
    let modern = info("modern").says("MAC: sha256, Iteration 100000");
    let parts = modern
        .stderr
        .matches("PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256")
        .count();
    assert_eq!(parts, 2, "certificates and key: {modern}");
    let compat = info("compat").says("MAC: sha1, Iteration 100000");
    assert_eq!(
        compat
            .stderr
            .matches("pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 100000")
            .count(),
        2,
        "certificates and key: {compat}"
    );
}

/// OpenSSL 3.0 shows the lower octet of each character; what is beyond, others read.
#[test]
fn openssl_finds_the_friendly_name_on_key_and_certificate() {
    let cast = Cast::new();
    for encryption in ENCRYPTIONS {
        let file = cast.gsec_writes(
            "ours.pfx",
            "",
            &[
                "--pfx-encryption",
                encryption,
                "--friendly-name",
                "Database server 1",
            ],
        );
        let said = openssl_nodes(&file, "").ok();
        assert_eq!(
            said.stdout.matches("friendlyName: Database server 1\n").count(),
            2,
            "{said}"
        );
        assert_eq!(local_key_ids(&said).len(), 2, "{said}");
        assert_eq!(local_key_ids(&said)[0], local_key_ids(&said)[1], "{said}");
    }
}

/// Windows and OpenSSL join key and certificate by it.
fn local_key_ids(outcome: &Outcome) -> Vec<&str> {
    outcome
        .stdout
        .lines()
        .filter_map(|line| line.trim().strip_prefix("localKeyID: "))
        .map(str::trim)
        .collect()
}

#[test]
fn openssl_reads_a_trust_store() {
    let cast = Cast::new();
    let all = cast.all().certificates_only();
    for encryption in ENCRYPTIONS {
        let file = cast.dir.path("trust.p12");
        let input = [
            "--cert",
            cast.certificate.as_str(),
            "--chain",
            &cast.issuers,
            "--trust-store",
            "--pfx-encryption",
            encryption,
        ];
        to_pfx(&file, PASSWORD, &input).run().ok();
        assert_eq!(openssl_strictly_reads(&file, PASSWORD), all, "{encryption}");
        let only_certificates = openssl(&["pkcs12", "-nokeys", "-in", &file, "-passin", "env:PFX_PASSWORD"])
            .env("PFX_PASSWORD", PASSWORD)
            .run()
            .ok();
        assert_eq!(Held::in_pem(&only_certificates.stdout), all, "{encryption}");
        assert_eq!(
            only_certificates
                .stdout
                .matches("2.16.840.1.113894.746875.1.1: <Unsupported tag 6>")
                .count(),
            3,
            "{only_certificates}"
        );
        assert_eq!(gsec_reads(&file, PASSWORD), all, "{encryption}");
        assert!(
            shown(&file, PASSWORD)["certificates"]
                .as_array()
                .expect("a list")
                .iter()
                .all(|entry| entry["trusted"] == true)
        );
    }
}

/// From one encryption and password into another and back, also what OpenSSL would not read without `-legacy`.
#[test]
fn file_that_is_written_anew_holds_the_same() {
    let cast = Cast::new();
    for (flags, once, twice) in [
        (&["-legacy"][..], "modern", "compat"),
        (&[], "compat", "modern"),
        (&["-nomac"], "modern", "compat"),
    ] {
        println!("{flags:?} into {once} into {twice}");
        let mut from = cast.openssl_writes("before.p12", "old", &[flags, &["-name", "Zürich"]].concat());
        for (out, password, encryption, new_password) in
            [("once.pfx", "old", once, "new"), ("twice.pfx", "new", twice, "")]
        {
            let file = cast.dir.path(out);
            let input = [
                "--cert",
                from.as_str(),
                "--password-env",
                "OLD_PASSWORD",
                "--pfx-encryption",
                encryption,
            ];
            to_pfx(&file, new_password, &input)
                .env("OLD_PASSWORD", password)
                .run()
                .ok();
            assert_eq!(openssl_strictly_reads(&file, new_password), cast.all(), "{out}");
            assert_eq!(
                shown(&file, new_password)["keys"][0]["friendly_name"],
                "Zürich",
                "{out}"
            );
            gsec_refuses_password(&file, password);
            from = file;
        }
    }
}

#[test]
fn what_was_taken_apart_can_be_put_together() {
    let cast = Cast::new();
    let before = cast.openssl_writes("before.p12", PASSWORD, &[]);
    let text = cast.dir.path("all.pem");
    to_pem(&before, PASSWORD).args(&["--out", &text]).run().ok();
    let after = cast.dir.path("after.pfx");
    to_pfx(&after, PASSWORD, &["--cert", &text]).run().ok();
    assert_eq!(openssl_strictly_reads(&after, PASSWORD), cast.all());
}

#[test]
fn pfx_of_an_issued_host_is_taken_apart_into_its_files() {
    let ways = [
        ("rsa-2048", "modern", "Жук €"),
        ("p256", "compat", "Жук €"),
        ("p384", "modern", ""),
        ("p521", "compat", ""),
        ("ed25519", "modern", "x"),
    ];
    for (kind, encryption, password) in ways {
        let ca = TestCa::of_key(key_type("p256"));
        let secret = ca.dir.write("pfx-password", password);
        let host = ca.issue(
            "db1.example.com",
            &[
                key_type(kind).flags,
                &["--pfx-encryption", encryption, "--pfx-password-file", &secret],
            ]
            .concat(),
        );
        let expected = Held::in_files(&[&host.key, &host.record, &ca.certificate]);
        assert_eq!(expected.certificates.len(), 2);
        assert_eq!(gsec_reads(&host.pfx, password), expected, "{kind}, {encryption}");
        assert_eq!(
            openssl_strictly_reads(&host.pfx, password),
            expected,
            "{kind}, {encryption}"
        );
        gsec_refuses_password(&host.pfx, "another");
    }
}

/// With what OpenSSL has by default: gsec writes nothing that needs `-legacy`.
#[track_caller]
fn openssl_strictly_reads(file: &str, password: &str) -> Held {
    let call = openssl(&["pkcs12", "-nodes", "-in", file, "-passin", "env:PFX_PASSWORD"])
        .env("PFX_PASSWORD", password);
    Held::in_pem(&call.run().ok().stdout)
}
