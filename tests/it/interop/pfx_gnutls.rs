//! PKCS #12 between gsec and GnuTLS, both ways: whatever the one writes, the other finds the same keys and certificates in it.

use crate::common;

use common::pfx::{
    Cast, Held, KEY_KINDS, PASSWORD, gsec_reads, gsec_refuses_password, has_algorithms, mac, pbes2, shown,
    to_pfx, writable_passwords,
};
use common::{Call, TestCa, TestDir, gsec, key_type, openssl, tool};

const ENCRYPTIONS: [&str; 2] = ["modern", "compat"];
/// What certtool 3.7.9 asks for, under each password.
const ITERATIONS: u32 = 600_000;

/// certtool writes everything into a file, with these further flags, among them the password's.
#[track_caller]
fn gnutls_writes(cast: &Cast, flags: &[&str]) -> String {
    let read = |file: &str| std::fs::read_to_string(file).expect("certificates");
    let chain = cast.dir.write(
        "chain.pem",
        [read(&cast.certificate), read(&cast.issuers)].concat(),
    );
    certtool_writes(
        cast,
        &["--load-certificate", &chain, "--load-privkey", &cast.key],
        flags,
    )
}

#[track_caller]
fn certtool_writes(cast: &Cast, input: &[&str], flags: &[&str]) -> String {
    let file = cast.dir.path("theirs.p12");
    tool("certtool")
        .args(&[
            "--to-p12",
            "--outder",
            "--outfile",
            &file,
            "--p12-name",
            "Database 1",
        ])
        .args(input)
        .args(flags)
        .run()
        .ok();
    file
}

/// What GnuTLS finds: the certificates, and the key, which it shows still encrypted, so that reading it is a second step.
#[track_caller]
fn gnutls_reads(file: &str, password: &str) -> Held {
    let info = p12_info(file, password).run().ok();
    let blocks =
        pem::parse_many(&info.stdout).unwrap_or_else(|problem| panic!("not PEM ({problem}): {info}"));
    let with = |label: &'static str| blocks.iter().filter(move |block| block.tag() == label);
    let mut text: String = with("CERTIFICATE").map(pem::encode).collect();
    text.extend(with("ENCRYPTED PRIVATE KEY").map(|block| gnutls_reads_key(&pem::encode(block), password)));
    Held::in_pem(&text)
}

fn p12_info(file: &str, password: &str) -> Call {
    tool("certtool")
        .args(&["--p12-info", "--inder", "--infile", file])
        .args(&password_flags(password))
}

/// certtool writes a curve's key without its curve when it shall be plain: hence it encrypts what it has decrypted, and OpenSSL decrypts that.
#[track_caller]
fn gnutls_reads_key(encrypted: &str, password: &str) -> String {
    let dir = TestDir::new();
    let file = dir.write("encrypted.pem", encrypted);
    let said = tool("certtool")
        .args(&["--to-p8", "--pkcs8", "--load-privkey", &file])
        .args(&password_flags(password))
        .run()
        .ok();
    openssl(&["pkey", "-passin", "env:PFX_PASSWORD"])
        .env("PFX_PASSWORD", password)
        .stdin(said.stdout)
        .run()
        .ok()
        .stdout
}

/// Its flags for a password.
fn password_flags(password: &str) -> Vec<&str> {
    if password.is_empty() {
        vec!["--empty-password"]
    } else {
        vec!["--password", password]
    }
}

/// Each cipher, digest, kind of key and password once, and not each with each: certtool's many iterations take a while to repeat.
#[test]
fn whatever_gnutls_writes_is_read() {
    let long = "0123456789".repeat(20);
    for (kind, flags, password) in [
        (
            "rsa-2048",
            &["--pkcs-cipher", "3des", "--hash", "SHA1"][..],
            PASSWORD,
        ),
        (
            "p256",
            &["--pkcs-cipher", "3des-pkcs12", "--hash", "SHA224"],
            "horse \u{1f600}",
        ),
        (
            "p384",
            &["--pkcs-cipher", "aes-128", "--hash", "SHA512"],
            "  correct horse ",
        ),
        ("p521", &["--pkcs-cipher", "aes-192", "--hash", "SHA384"], &long),
        ("ed25519", &["--pkcs-cipher", "aes-256"], "Жук €"),
        ("p256", &["--pkcs-cipher", "rc2-40"], "pässwörd"),
        ("p256", &["--pkcs-cipher", "arcfour"], &long),
    ] {
        println!("{flags:?} under {password:?}");
        let cast = Cast::of_key(kind);
        let file = gnutls_writes(&cast, &[flags, &["--password", password]].concat());
        assert_eq!(gsec_reads(&file, password), cast.all());
    }
}

/// GnuTLS tells the empty password, two zero octets, from none, no octets at all. Nobody else does: gsec reads both without being told.
#[test]
fn empty_password_and_none_are_read() {
    let cast = Cast::new();
    for flags in [
        ["--empty-password", "--pkcs-cipher=3des-pkcs12"],
        ["--null-password", "--pkcs-cipher=3des-pkcs12"],
        ["--null-password", "--pkcs-cipher=aes-128"],
    ] {
        println!("{flags:?}");
        let file = gnutls_writes(&cast, &flags);
        let without_flag = gsec(&["convert", "to-pem", &file]).run().ok();
        assert_eq!(Held::in_pem(&without_flag.stdout), cast.all());
    }
}

#[test]
fn algorithms_are_named() {
    let cast = Cast::new();
    let file = gnutls_writes(&cast, &["--password", PASSWORD]);
    let encryption = pbes2("AES-128-CBC", ITERATIONS);
    has_algorithms(
        &file,
        PASSWORD,
        Some(&mac("SHA-256", ITERATIONS)),
        Some(&encryption),
        Some(&encryption),
    );
    gsec_refuses_password(&file, "wrong horse");
}

#[test]
fn key_without_certificates_and_certificates_without_key() {
    let cast = Cast::new();
    let only_key = certtool_writes(&cast, &["--load-privkey", &cast.key], &["--password", PASSWORD]);
    assert_eq!(gsec_reads(&only_key, PASSWORD), cast.all().keys_only());
    let only_certificates = certtool_writes(
        &cast,
        &["--load-certificate", &cast.issuers],
        &["--password", PASSWORD],
    );
    assert_eq!(
        gsec_reads(&only_certificates, PASSWORD),
        Held::in_files(&[&cast.intermediate, &cast.root])
    );
}

#[test]
fn gnutls_reads_every_kind_of_key() {
    for kind in KEY_KINDS {
        let cast = Cast::of_key(kind);
        for encryption in ENCRYPTIONS {
            let file = cast.gsec_writes("ours.pfx", "", &["--pfx-encryption", encryption]);
            assert_eq!(gnutls_reads(&file, ""), cast.all(), "{encryption}");
        }
    }
}

#[test]
fn gnutls_reads_every_password() {
    let cast = Cast::new();
    for encryption in ENCRYPTIONS {
        for (what, password) in writable_passwords() {
            println!("the password {what}, {encryption}");
            let file = cast.gsec_writes("ours.pfx", password, &["--pfx-encryption", encryption]);
            assert_eq!(gnutls_reads(&file, password), cast.all());
        }
    }
}

#[test]
// What certtool says of the decryption depends on chance: one wrong password in 256 gives a padding that looks right.
fn gnutls_does_not_open_it_under_another_password() {
    let cast = Cast::new();
    for encryption in ENCRYPTIONS {
        let file = cast.gsec_writes("ours.pfx", PASSWORD, &["--pfx-encryption", encryption]);
        p12_info(&file, "wrong horse")
            .run()
            .fails()
            .says("Message Authentication Code verification failed");
    }
}

#[test]
fn gnutls_finds_name_and_identifier() {
    let cast = Cast::new();
    for encryption in ENCRYPTIONS {
        let file = cast.gsec_writes(
            "ours.pfx",
            "",
            &["--pfx-encryption", encryption, "--friendly-name", "Zürich Жук 1"],
        );
        let said = p12_info(&file, "").run().ok();
        assert_eq!(
            said.stdout.matches("Friendly name: Zürich Жук 1\n").count(),
            2,
            "on certificate and key: {said}"
        );
        let ids: Vec<&str> = said
            .stdout
            .lines()
            .filter_map(|line| line.trim().strip_prefix("Key ID: "))
            .collect();
        assert!(
            ids.len() == 2 && ids[0] == ids[1],
            "one identifier joins certificate and key: {said}"
        );
    }
}

#[test]
fn gnutls_reads_a_trust_store() {
    let cast = Cast::new();
    for encryption in ENCRYPTIONS {
        let file = cast.dir.path("trust.p12");
        to_pfx(
            &file,
            PASSWORD,
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
        assert_eq!(
            gnutls_reads(&file, PASSWORD),
            Held::in_files(&[&cast.intermediate, &cast.root]),
            "{encryption}"
        );
    }
}

/// GnuTLS reads what gsec made of GnuTLS's own.
#[test]
fn file_that_is_written_anew_holds_the_same() {
    let cast = Cast::new();
    let theirs = gnutls_writes(&cast, &["--null-password", "--pkcs-cipher", "rc2-40"]);
    let modern = cast.dir.path("modern.pfx");
    to_pfx(&modern, "new", &["--cert", &theirs]).run().ok();
    assert_eq!(gnutls_reads(&modern, "new"), cast.all());
    assert_eq!(shown(&modern, "new")["keys"][0]["friendly_name"], "Database 1");
    let compat = cast.dir.path("compat.pfx");
    let input = [
        "--cert",
        modern.as_str(),
        "--password-env",
        "OLD_PASSWORD",
        "--pfx-encryption",
        "compat",
    ];
    to_pfx(&compat, "", &input).env("OLD_PASSWORD", "new").run().ok();
    assert_eq!(gnutls_reads(&compat, ""), cast.all());
}

#[test]
fn gnutls_and_gsec_find_the_same_in_the_pfx_of_an_issued_host() {
    let ca = TestCa::of_key(key_type("p256"));
    for encryption in ENCRYPTIONS {
        let host = ca.issue(
            "db1.example.com",
            &["--key-type", "p384", "--pfx-encryption", encryption],
        );
        let expected = Held::in_files(&[&host.key, &host.record, &ca.certificate]);
        assert_eq!(gnutls_reads(&host.pfx, ""), expected, "{encryption}");
        assert_eq!(gsec_reads(&host.pfx, ""), expected, "{encryption}");
    }
}
