//! PKCS #12 between gsec and NSS, both ways: what pk12util exports, gsec takes apart, and what gsec writes, pk12util imports.
//! Keys and certificates are compared by their digests. NSS writes BER with indefinite lengths, and 600,000 iterations.

use crate::common;

use common::key_store::{Contents, KeyEntry, comes_apart};
use common::pfx::{Cast, PASSWORDS, digest_of, gsec_reads, gsec_refuses, openssl_reads, shown};
use common::{NssDatabase, TestCa, key_type, openssl};

const PASSWORD: &str = "correct horse";
const NAME: &str = "db1.example.com";

// NSS writes, gsec reads

#[test]
fn export_as_it_is_by_default_comes_apart() {
    for kind in ["rsa-2048", "p256"] {
        let cast = Cast::of_key(kind);
        comes_apart(
            &exported(&cast, &database_of(&cast), PASSWORD, &[]),
            Some(PASSWORD),
            &Contents::of_cast(NAME, &cast),
        );
    }
}

#[test]
fn every_key_type_that_nss_knows_is_read() {
    for kind in ["p384", "p521"] {
        let cast = Cast::of_key(kind);
        assert_eq!(
            gsec_reads(&exported(&cast, &database_of(&cast), PASSWORD, &[]), PASSWORD),
            cast.all()
        );
    }
}

/// `-c` is for keys, `-C` for certificates, `-M` for the MAC and PBES2's pseudorandom function.
#[test]
fn every_cipher_and_digest_of_pk12util_is_read() {
    let of_pkcs12 = |cipher: &str| format!("PKCS #12 V2 PBE With SHA-1 And {cipher}");
    let [rc4, rc4_40, rc2, rc2_40] =
        ["128 Bit RC4", "40 Bit RC4", "128 Bit RC2 CBC", "40 Bit RC2 CBC"].map(of_pkcs12);
    let cast = Cast::new();
    let database = database_of(&cast);
    let variants = [
        [
            "AES-128-CBC",
            "AES-256-CBC",
            "SHA-1",
            "AES-128-CBC, PBKDF2 with HMAC-SHA-1",
            "AES-256-CBC, PBKDF2 with HMAC-SHA-1",
        ],
        [
            "AES-192-CBC",
            "DES-EDE3-CBC",
            "SHA-512",
            "AES-192-CBC, PBKDF2 with HMAC-SHA-512",
            "3DES-CBC, SHA-1",
        ],
        [
            &of_pkcs12("3KEY Triple DES-CBC"),
            &rc2_40,
            "SHA-384",
            "3DES-CBC, SHA-1",
            "RC2-40-CBC, SHA-1",
        ],
        [&rc2, &rc4, "SHA-224", "RC2-128-CBC, SHA-1", "RC4-128, SHA-1"],
        [
            &rc4_40,
            "PKCS #5 Password Based Encryption with MD5 and DES-CBC",
            "SHA-256",
            "RC4-40, SHA-1",
            "DES-CBC, MD5",
        ],
    ];
    for [key, certificates, digest, shown_key, shown_certificates] in variants {
        println!("{key}, {certificates}, {digest}");
        let pfx = exported(
            &cast,
            &database,
            PASSWORD,
            &["-c", key, "-C", certificates, "-M", digest],
        );
        assert_eq!(gsec_reads(&pfx, PASSWORD), cast.all());
        let shown = shown(&pfx, PASSWORD);
        let expected = [
            (&shown["keys"][0]["encryption"], shown_key),
            (&shown["certificates"][0]["encryption"], shown_certificates),
        ];
        for (found, wanted) in expected {
            assert!(
                found.as_str().is_some_and(|found| found.contains(wanted)),
                "NSS did as it was told: {wanted}, {shown:#}"
            );
        }
        assert!(
            shown["mac"]
                .as_str()
                .is_some_and(|mac| mac.starts_with(&format!("HMAC-{digest},"))),
            "{shown:#}"
        );
    }
}

/// NSS takes the vector of PBES1 with SHA-1 from the end of the digest, not from where RFC 8018 §6.1.1 says: OpenSSL does not read it either.
#[test]
fn what_nss_encrypts_against_the_standard_is_refused_by_name() {
    let cast = Cast::new();
    let cipher = "PKCS #5 Password Based Encryption with SHA-1 and DES-CBC";
    let pfx = exported(
        &cast,
        &database_of(&cast),
        PASSWORD,
        &["-c", cipher, "-C", cipher],
    );
    openssl(&[
        "pkcs12",
        "-legacy",
        "-in",
        &pfx,
        "-passin",
        &format!("pass:{PASSWORD}"),
        "-nodes",
    ])
    .run()
    .fails();
    gsec_refuses(&pfx, PASSWORD, "PBES1: DES-CBC, SHA-1, 600000 iterations");
}

#[test]
fn every_password_that_nss_exports_under_opens_the_file() {
    let cast = Cast::new();
    let database = database_of(&cast);
    for (what, password) in PASSWORDS.into_iter().filter(|(what, _)| *what != "short") {
        println!("password {what}");
        assert_eq!(
            gsec_reads(&exported(&cast, &database, password, &[]), password),
            cast.all()
        );
    }
}

/// NSS gives certificates of one subject one nickname, and exports all of them under it: a host before and after its renewal.
#[test]
fn nickname_with_two_keys_gives_each_key_its_own_certificate() {
    let ca = TestCa::of_key(key_type("p256"));
    let hosts = [(); 2].map(|()| ca.issue(NAME, &["--key-type", "p256", "--friendly-name", NAME]));
    let database = NssDatabase::new();
    hosts
        .iter()
        .for_each(|host| drop(database.import(&host.pfx, "").ok()));
    let pfx = ca.dir.path("both.p12");
    database.export(NAME, &pfx, "", &[]).ok();
    let keys = hosts
        .iter()
        .map(|host| KeyEntry::of_files(NAME, &host.key, &[&host.certificate, &ca.certificate]));
    let expected = Contents {
        keys: keys.collect(),
        ..Contents::default()
    }
    .sorted();
    assert_ne!(expected.keys[0].key, expected.keys[1].key);
    comes_apart(&pfx, None, &expected);
}

/// The key was made in NSS and never left it otherwise: OpenSSL judges what it is.
#[test]
fn key_made_in_nss_comes_out() {
    let database = NssDatabase::new();
    let noise = database.dir.write("noise", [7; 64]);
    let kinds: [&[&str]; 2] = [&["-k", "rsa", "-g", "2048"], &["-k", "ec", "-q", "nistp256"]];
    for (number, kind) in kinds.iter().enumerate() {
        let name = format!("own{number}");
        let of_name = [
            "-S",
            "-x",
            "-n",
            &name,
            "-s",
            &format!("CN={name}.example.com"),
            "-t",
            ",,",
            "-v",
            "3",
            "-z",
            &noise,
        ];
        database.certutil(&[&of_name, *kind].concat()).ok();
        let pfx = database.dir.path("own.p12");
        database.export(&name, &pfx, PASSWORD, &[]).ok();
        let found = gsec_reads(&pfx, PASSWORD);
        assert_eq!(found, openssl_reads(&pfx, PASSWORD));
        assert_eq!(
            (&found.certificates, found.keys.len()),
            (&vec![database.thumbprint(&name)], 1)
        );
    }
}

// gsec writes, NSS reads

#[test]
fn key_and_chain_of_every_kind_are_imported() {
    for kind in ["rsa-2048", "p384"] {
        let cast = Cast::of_key(kind);
        for encryption in ["modern", "compat"] {
            is_imported(&cast, encryption, PASSWORD, NAME);
        }
    }
}

#[test]
fn every_password_opens_what_gsec_wrote() {
    let cast = Cast::new();
    for (what, password) in common::pfx::writable_passwords() {
        for encryption in ["modern", "compat"] {
            println!("password {what}");
            is_imported(&cast, encryption, password, NAME);
        }
    }
}

#[test]
fn friendly_name_is_the_nickname() {
    let cast = Cast::new();
    for name in ["Zürich & Söhne <1>", "データベース"] {
        is_imported(&cast, "modern", "", name);
    }
}

#[test]
fn nss_does_not_import_under_another_password() {
    let cast = Cast::new();
    for (password, wrong) in [(PASSWORD, ""), ("", PASSWORD), ("Grüße", "Grusse")] {
        let database = NssDatabase::new();
        database
            .import(&cast.gsec_writes("locked.p12", password, &[]), wrong)
            .fails()
            .says("SEC_ERROR_BAD_PASSWORD");
        assert_eq!(database.keys(), []);
    }
}

/// What NSS exports again of what gsec wrote is what went in, and so is what gsec makes of that in turn.
#[test]
fn contents_survive_from_gsec_to_nss_and_back_twice() {
    let cast = Cast::of_key("rsa-2048");
    let expected = Contents::of_cast(NAME, &cast);
    let mut pfx = cast.gsec_writes("first.p12", "Grüße", &["--pfx-encryption", "compat"]);
    for round in ["second.p12", "third.p12"] {
        let database = NssDatabase::new();
        database.import(&pfx, "Grüße").ok();
        let exported = cast.dir.path(&format!("nss-{round}"));
        database
            .export(NAME, &exported, "", &["-c", "AES-256-CBC", "-C", "AES-256-CBC"])
            .ok();
        assert_eq!(gsec_reads(&exported, ""), cast.all());
        pfx = cast.dir.path(round);
        common::pfx::to_pfx(&pfx, "Grüße", &["--cert", &exported])
            .run()
            .ok();
    }
    comes_apart(&pfx, Some("Grüße"), &expected);
}

#[test]
fn trust_store_of_gsec_is_imported_as_certificates() {
    let cast = Cast::new();
    let pfx = cast.dir.path("trust.p12");
    common::pfx::to_pfx(
        &pfx,
        PASSWORD,
        &[
            "--trust-store",
            "--cert",
            &cast.root,
            "--chain",
            &cast.intermediate,
        ],
    )
    .run()
    .ok();
    let database = NssDatabase::new();
    database.import(&pfx, PASSWORD).ok();
    assert_eq!(database.keys(), []);
    for (nickname, certificate) in [
        ("Test Root", &cast.root),
        ("Test Intermediate", &cast.intermediate),
    ] {
        assert_eq!(database.thumbprint(nickname), digest_of(certificate));
    }
}

/// Asserts that key and certificate are in NSS under their name, joined, and valid under the root.
#[track_caller]
fn is_imported(cast: &Cast, encryption: &str, password: &str, nickname: &str) {
    println!("{encryption}, {nickname}");
    let pfx = cast.gsec_writes(
        "written.p12",
        password,
        &["--pfx-encryption", encryption, "--friendly-name", nickname],
    );
    let database = NssDatabase::trusting(&cast.root);
    database.import(&pfx, password).ok();
    let keys = database.keys();
    assert_eq!(
        keys.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(),
        [nickname]
    );
    assert_eq!(
        database.nickname_of_own(),
        nickname,
        "certificate and key are one entry"
    );
    assert_eq!(database.thumbprint(nickname), digest_of(&cast.certificate));
    database.verify(nickname, "V").ok().says("certificate is valid");
}

/// A database with a host's key and chain, which OpenSSL carried there.
fn database_of(cast: &Cast) -> NssDatabase {
    let database = NssDatabase::new();
    database
        .import(
            &cast.openssl_writes("openssl.p12", PASSWORD, &["-name", NAME]),
            PASSWORD,
        )
        .ok();
    database
}

fn exported(cast: &Cast, database: &NssDatabase, password: &str, flags: &[&str]) -> String {
    let pfx = cast.dir.path("exported.p12");
    database.export(NAME, &pfx, password, flags).ok();
    pfx
}
