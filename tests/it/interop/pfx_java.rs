//! PKCS #12 between gsec and Java, both ways: what keytool and Java's own classes write, gsec takes apart, and what gsec writes, Java opens.
//! Keys and certificates are compared by their digests.

use crate::common;

use common::java_key_store::{java, keytool};
use common::key_store::{Contents, comes_apart, self_signed_ca, with_password};
use common::pfx::{self, Cast, PASSWORDS, gsec_refuses, gsec_refuses_password, to_pfx};
use common::{TestCa, TestDir, gsec, key_type, openssl, tool};

/// What [`Cast`] issues for, and so the name that gsec gives the entry.
const NAME: &str = "db1.example.com";
const PASSWORD: &str = "correct horse 1";
const EC: [&str; 4] = ["-keyalg", "EC", "-groupname", "secp256r1"];

// Java writes, gsec reads

#[test]
fn keys_of_every_kind_come_out_by_alias() {
    let dir = TestDir::new();
    let store = dir.path("store.p12");
    let kinds: [(&str, &[&str]); 8] = [
        ("rsa", &["-keyalg", "RSA", "-keysize", "2048"]),
        ("p256", &EC),
        ("p384", &["-keyalg", "EC", "-groupname", "secp384r1"]),
        ("p521", &["-keyalg", "EC", "-groupname", "secp521r1"]),
        ("ed25519", &["-keyalg", "Ed25519"]),
        // gsec cannot sign with these, but takes them from one file to another.
        ("ed448", &["-keyalg", "Ed448"]),
        ("dsa", &["-keyalg", "DSA", "-keysize", "2048"]),
        ("rsa-pss", &["-keyalg", "RSASSA-PSS", "-keysize", "2048"]),
    ];
    for (alias, flags) in kinds {
        new_key(&store, alias, flags); // all for one host, so that the names of the files would meet
    }
    let expected = opened(&store, PASSWORD);
    assert_eq!(
        names(&expected),
        [
            "dsa", "ed25519", "ed448", "p256", "p384", "p521", "rsa", "rsa-pss"
        ]
    );
    comes_apart(&store, Some(PASSWORD), &expected);
}

/// The whole way of a Java server's certificate: its key is made in Java, gsec issues for it, and what Java keeps then is read again.
#[test]
fn imported_chain_that_gsec_issued_comes_out_with_the_key_made_in_java() {
    let ca = TestCa::of_key(key_type("p256"));
    let [store, key] = ["store.p12", "key.pem"].map(|name| ca.dir.path(name));
    new_key(&store, "tomcat", &EC);
    let made = opened(&store, PASSWORD);
    with_password(
        &ca.dir,
        &["convert", "key", &store, "--out", &key],
        Some(PASSWORD),
    )
    .ok();
    let host = ca.issue("db1.example.com", &["--key", &key, "--no-pfx"]);
    let chain = ca.dir.write(
        "chain.pem",
        [read(&host.certificate), read(&ca.certificate)].concat(),
    );
    keytool(&[
        "-importcert",
        "-noprompt",
        "-alias",
        "ca",
        "-file",
        &ca.certificate,
    ])
    .args(&at(&store))
    .run()
    .ok();
    keytool(&["-importcert", "-noprompt", "-alias", "tomcat", "-file", &chain])
        .args(&at(&store))
        .run()
        .ok();

    let mut expected = Contents::of_trusted(&[("ca", &ca.certificate)]);
    expected.keys = Contents::of_key("tomcat", &key, &[&host.certificate, &ca.certificate]).keys;
    assert_eq!(
        expected.keys[0].key, made.keys[0].key,
        "the key that gsec took out is the one that Java made"
    );
    assert_eq!(opened(&store, PASSWORD), expected);
    comes_apart(&store, Some(PASSWORD), &expected);
}

#[test]
fn trust_store_comes_out_whole() {
    let dir = TestDir::new();
    let store = dir.path("trust.p12");
    let expected = import_cas(&dir, &store, &[]);
    assert_eq!(opened(&store, PASSWORD), expected);
    comes_apart(&store, Some(PASSWORD), &expected);
}

/// What Java 18 and later write for a trust store, when it is asked to, and what some distributions ship as `cacerts`.
#[test]
fn trust_store_without_any_password_comes_out_without_one() {
    let dir = TestDir::new();
    let store = dir.path("cacerts");
    let unprotected = [
        "-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE",
        "-J-Dkeystore.pkcs12.macAlgorithm=NONE",
    ];
    let expected = import_cas(&dir, &store, &unprotected);
    assert_eq!(java().open(&store, None).expect("Java reads its own"), expected);
    comes_apart(&store, None, &expected);
}

#[test]
fn mixed_store_gives_keys_and_certificates_and_says_what_it_passed_over() {
    let dir = TestDir::new();
    let store = dir.path("mixed.p12");
    new_key(&store, "server", &EC);
    new_key(&store, "client", &["-keyalg", "Ed25519"]);
    let trusted = import_cas(&dir, &store, &[]).trusted;
    keytool(&[
        "-genseckey",
        "-alias",
        "secret",
        "-keyalg",
        "AES",
        "-keysize",
        "256",
    ])
    .args(&at(&store))
    .run()
    .ok();
    let mut expected = opened(&store, PASSWORD);
    assert_eq!(
        (names(&expected), &expected.trusted),
        (vec!["client", "server"], &trusted)
    );
    assert_eq!(expected.others, ["secret: AES"], "as Java names it");
    expected.others = vec!["a secret of type 1.2.840.113549.1.12.10.1.2".into()];
    comes_apart(&store, Some(PASSWORD), &expected);
    let said = with_password(&dir, &["convert", "to-pem", &store], Some(PASSWORD)).ok();
    assert!(said.stderr.contains("skipped: a secret"), "{said}");
}

#[test]
fn store_in_the_algorithms_of_old_java_comes_out() {
    let dir = TestDir::new();
    let store = dir.path("legacy.p12");
    keytool(&[
        "-J-Dkeystore.pkcs12.legacy",
        "-genkeypair",
        "-alias",
        "old",
        "-dname",
        "CN=old.example.com",
    ])
    .args(&EC)
    .args(&at(&store))
    .run()
    .ok();
    comes_apart(&store, Some(PASSWORD), &opened(&store, PASSWORD));
    let shown = with_password(&dir, &["cert", "show", &store], Some(PASSWORD)).ok();
    for algorithm in ["HMAC-SHA-1,", "3DES-CBC", "RC2-40-CBC"] {
        assert!(shown.stdout.contains(algorithm), "{algorithm}: {shown}");
    }
}

/// Key, certificates and MAC each have their own algorithm and count.
#[test]
fn every_algorithm_and_iteration_count_that_java_can_be_told_is_read() {
    // key, certificates, MAC, iterations
    let settings = [
        [
            "PBEWithHmacSHA1AndAES_128",
            "PBEWithHmacSHA512AndAES_256",
            "HmacPBESHA384",
            "1",
        ],
        [
            "PBEWithHmacSHA384AndAES_256",
            "PBEWithHmacSHA224AndAES_128",
            "HmacPBESHA512",
            "7",
        ],
        [
            "PBEWithSHA1AndDESede",
            "PBEWithSHA1AndRC4_128",
            "HmacPBESHA224",
            "1024",
        ],
        [
            "PBEWithSHA1AndRC2_128",
            "PBEWithSHA1AndRC4_40",
            "HmacPBESHA1",
            "50000",
        ],
        ["PBEWithMD5AndDES", "PBEWithSHA1AndRC2_40", "HmacPBESHA256", "3"],
        ["PBEWithSHA1AndRC4_40", "NONE", "NONE", "2"],
    ];
    settings.iter().for_each(is_read_under);
}

#[test]
fn macs_with_truncated_sha_512_are_read() {
    for mac in ["HmacPBESHA512/224", "HmacPBESHA512/256"] {
        is_read_under(&[
            "PBEWithHmacSHA256AndAES_256",
            "PBEWithHmacSHA256AndAES_256",
            mac,
            "10",
        ]);
    }
}

fn is_read_under(settings: &[&str; 4]) {
    println!("{settings:?}");
    let dir = TestDir::new();
    let store = dir.path("store.p12");
    let [key, certificates, mac, count] = settings;
    let setting = |name: &str, value: &str| format!("-J-Dkeystore.pkcs12.{name}={value}");
    let of_algorithm = [
        ("keyProtectionAlgorithm", key),
        ("certProtectionAlgorithm", certificates),
        ("macAlgorithm", mac),
    ];
    let counts = [
        "keyPbeIterationCount",
        "certPbeIterationCount",
        "macIterationCount",
    ]
    .map(|name| (name, count));
    let flags: Vec<String> = of_algorithm
        .into_iter()
        .chain(counts)
        .map(|(name, value)| setting(name, value))
        .collect();
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    keytool(&flags)
        .args(&["-genkeypair", "-alias", "a", "-dname", "CN=db1.example.com"])
        .args(&EC)
        .args(&at(&store))
        .run()
        .ok();
    comes_apart(&store, Some(PASSWORD), &opened(&store, PASSWORD));
    let shown = with_password(&dir, &["cert", "show", &store], Some(PASSWORD)).ok();
    assert!(
        shown.stdout.contains(&format!(" {count} iteration")),
        "Java did as it was told: {shown}"
    );
}

#[test]
fn every_password_that_java_writes_under_opens_the_file() {
    let cast = Cast::new();
    for password in passwords() {
        println!("password {password:?}");
        let store = java_writes(&cast, password, password).expect("Java writes");
        comes_apart(&store, Some(password), &Contents::of_cast(NAME, &cast));
    }
}

#[test]
fn under_the_empty_password_nothing_need_be_given() {
    let cast = Cast::new();
    comes_apart(
        &java_writes(&cast, "", "").expect("Java writes"),
        None,
        &Contents::of_cast(NAME, &cast),
    );
}

#[test]
fn key_under_a_password_of_its_own_is_refused_with_the_reason() {
    let cast = Cast::new();
    let store = java_writes(&cast, PASSWORD, "another").expect("Java writes");
    gsec_refuses(&store, PASSWORD, "a separate password");
    gsec_refuses_password(&store, "another");
}

#[test]
fn java_s_own_formats_are_refused_with_the_command_that_converts_them() {
    for format in ["JKS", "JCEKS"] {
        let dir = TestDir::new();
        let name = "it's mine; all.jks"; // the command must quote it
        let store = dir.path(name);
        keytool(&[
            "-genkeypair",
            "-storetype",
            format,
            "-alias",
            "a",
            "-dname",
            "CN=db1.example.com",
        ])
        .args(&EC)
        .args(&at(&store))
        .run()
        .ok();
        let refused = gsec(&["convert", "to-pem", name, "--out-dir", "out"])
            .in_dir(dir.path(""))
            .run()
            .code(3)
            .says(&format!("a Java key store ({format})"));
        assert!(
            refused.stdout.is_empty() && !std::path::Path::new(&dir.path("out")).exists(),
            "{refused}"
        );
        let command = refused
            .stderr
            .split('`')
            .find(|part| part.contains("keytool -importkeystore "))
            .unwrap_or_else(|| panic!("no command in {refused}"));
        let passwords = format!("-srcstorepass '{PASSWORD}' -deststorepass '{PASSWORD}')");
        let command = format!("{} {passwords}", command.trim_end_matches(')'));
        tool("sh").args(&["-c", &command]).in_dir(dir.path("")).run().ok();
        let converted = dir.path("new.p12");
        let expected = opened(&converted, PASSWORD);
        assert_eq!(names(&expected), ["a"]);
        comes_apart(&converted, Some(PASSWORD), &expected);
    }
}

// gsec writes, Java reads

#[test]
fn key_and_chain_of_every_kind_open_in_java() {
    for kind in ["rsa-2048", "p256", "p384", "ed25519"] {
        let cast = Cast::of_key(kind);
        for encryption in ["modern", "compat"] {
            opens_in_java(&cast, encryption, PASSWORD);
        }
    }
}

#[test]
fn every_password_that_java_takes_opens_what_gsec_wrote() {
    let cast = Cast::new();
    for password in passwords() {
        for encryption in ["modern", "compat"] {
            opens_in_java(&cast, encryption, password);
        }
    }
}

/// Java's PBE keys take U+0020 to U+007E only, whatever the algorithm: nobody can open such a file in Java, and Java writes none.
#[test]
fn beyond_ascii_java_neither_writes_nor_opens_whoever_wrote_it() {
    let cast = Cast::new();
    for password in ["Grüße", "日本語", "tab\u{1}"] {
        println!("password {password:?}");
        let reason = java_writes(&cast, password, password).expect_err("not by Java");
        assert!(reason.contains("Password is not ASCII"), "{reason}");
        let by_openssl = cast.openssl_writes("openssl.p12", password, &["-name", NAME]);
        for (writer, store) in [
            ("modern", gsec_writes(&cast, "modern", password)),
            ("compat", gsec_writes(&cast, "compat", password)),
            ("OpenSSL", by_openssl),
        ] {
            let reason = java().open(&store, Some(password)).expect_err(writer);
            assert!(reason.contains("password was incorrect"), "{writer}: {reason}");
            assert_eq!(pfx::gsec_reads(&store, password), cast.all(), "{writer}");
        }
    }
}

#[test]
fn java_does_not_open_it_under_another_password() {
    let cast = Cast::new();
    for (password, wrong) in [(PASSWORD, ""), ("", PASSWORD), (PASSWORD, "Correct horse 1")] {
        let reason = java()
            .open(&gsec_writes(&cast, "modern", password), Some(wrong))
            .expect_err("a wrong password");
        assert!(reason.contains("password was incorrect"), "{reason}");
    }
}

#[test]
fn friendly_name_is_the_alias() {
    let cast = Cast::new();
    for name in ["Zürich & Söhne <1>", "データベース", "with \"quotes\" and \\"] {
        let pfx = cast.gsec_writes("named.p12", "", &["--friendly-name", name]);
        let expected = Contents::of_cast(name, &cast);
        assert_eq!(opened(&pfx, ""), expected.clone().in_lower_case());
        comes_apart(&pfx, None, &expected);
    }
}

#[test]
fn trust_store_of_gsec_holds_every_certificate_and_java_trusts_by_it() {
    let (cast, strangers) = (Cast::new(), Cast::new());
    let [first, second] = ["first", "second"].map(|name| self_signed_ca(&cast.dir, name, "Internal CA"));
    let files = [&cast.root, &first, &second];
    let flags = [
        "--json",
        "--trust-store",
        "--cert",
        files[0],
        "--chain",
        files[1],
        "--chain",
        files[2],
    ];
    for (encryption, password) in [("modern", PASSWORD), ("compat", PASSWORD), ("modern", "")] {
        let store = cast.dir.path("trust.p12");
        let made = to_pfx(&store, password, &flags)
            .args(&["--pfx-encryption", encryption])
            .run()
            .ok()
            .json();
        assert_eq!(made["has_key"], false);
        let names: Vec<&str> = made["friendly_names"]
            .as_array()
            .expect("names")
            .iter()
            .filter_map(|name| name.as_str())
            .collect();
        let expected =
            Contents::of_trusted(&[(names[0], files[0]), (names[1], files[1]), (names[2], files[2])]);
        assert_eq!(opened(&store, password), expected.clone().in_lower_case());
        comes_apart(&store, Some(password), &expected);
        assert_eq!(
            java().trust(&store, Some(password), &full_chain(&cast)),
            Ok(files.len())
        );
        let reason = java()
            .trust(&store, Some(password), &full_chain(&strangers))
            .expect_err("of another root");
        assert!(reason.contains("PKIX path validation failed"), "{reason}");
    }
}

/// A file written by Java, written anew by gsec, written anew by keytool, is still the same.
#[test]
fn contents_survive_from_java_to_gsec_to_keytool_and_back() {
    let cast = Cast::of_key("rsa-2048");
    let [second, third] = ["second.p12", "third.p12"].map(|name| cast.dir.path(name));
    let first = java_writes(&cast, "one", "one").expect("Java writes");
    let anew = [
        "--cert",
        &first,
        "--password-env",
        "OLD_PASSWORD",
        "--pfx-encryption",
        "compat",
    ];
    to_pfx(&second, "two words", &anew)
        .env("OLD_PASSWORD", "one")
        .run()
        .ok();
    keytool(&[
        "-importkeystore",
        "-noprompt",
        "-srckeystore",
        &second,
        "-srcstoretype",
        "PKCS12",
        "-srcstorepass",
        "two words",
    ])
    .args(&[
        "-destkeystore",
        &third,
        "-deststoretype",
        "PKCS12",
        "-deststorepass",
        PASSWORD,
    ])
    .run()
    .ok();
    for (store, password) in [(&first, "one"), (&second, "two words"), (&third, PASSWORD)] {
        assert_eq!(opened(store, password), Contents::of_cast(NAME, &cast), "{store}");
        comes_apart(store, Some(password), &Contents::of_cast(NAME, &cast));
    }
}

#[track_caller]
fn opens_in_java(cast: &Cast, encryption: &str, password: &str) {
    println!("{encryption}, password {password:?}");
    let pfx = gsec_writes(cast, encryption, password);
    assert_eq!(opened(&pfx, password), Contents::of_cast(NAME, cast));
    assert_eq!(pfx::gsec_reads(&pfx, password), cast.all());
}

#[track_caller]
fn gsec_writes(cast: &Cast, encryption: &str, password: &str) -> String {
    cast.gsec_writes(
        &format!("{encryption}.p12"),
        password,
        &["--pfx-encryption", encryption],
    )
}

/// Java's own classes write the host's key and chain; the key may have a password of its own.
fn java_writes(cast: &Cast, password: &str, key_password: &str) -> Result<String, String> {
    let [store, key] = ["java.p12", "key.der"].map(|name| cast.dir.path(name));
    openssl(&[
        "pkcs8", "-topk8", "-nocrypt", "-in", &cast.key, "-outform", "DER", "-out", &key,
    ])
    .run()
    .ok();
    java()
        .write(&store, [password, key_password], NAME, &key, &full_chain(cast))
        .map(|()| store)
}

fn full_chain(cast: &Cast) -> String {
    cast.dir.write(
        "full_chain.pem",
        [&cast.certificate, &cast.intermediate, &cast.root]
            .map(|file| read(file))
            .concat(),
    )
}

/// Passwords that Java takes: from U+0020 to U+007E, and the empty one.
fn passwords() -> impl Iterator<Item = &'static str> {
    PASSWORDS
        .into_iter()
        .map(|(_, password)| password)
        .filter(|password| password.is_ascii())
        .chain(["~!\"`$\\'"])
}

/// A key with a self-signed certificate, made by keytool.
fn new_key(store: &str, alias: &str, flags: &[&str]) {
    keytool(&[
        "-genkeypair",
        "-alias",
        alias,
        "-dname",
        "CN=db1.example.com, O=Example",
    ])
    .args(flags)
    .args(&at(store))
    .run()
    .ok();
}

/// Three CAs, two of one name, imported by keytool.
fn import_cas(dir: &TestDir, store: &str, settings: &[&str]) -> Contents {
    let cas = [
        ("root", "Example Root"),
        ("old", "Internal CA"),
        ("new", "Internal CA"),
    ];
    let files = cas.map(|(alias, cn)| (alias, self_signed_ca(dir, alias, cn)));
    for (alias, file) in &files {
        keytool(settings)
            .args(&["-importcert", "-noprompt", "-alias", alias, "-file", file])
            .args(&at(store))
            .run()
            .ok();
    }
    Contents::of_trusted(&files.each_ref().map(|(alias, file)| (*alias, file.as_str())))
}

fn at(store: &str) -> [&str; 4] {
    ["-keystore", store, "-storepass", PASSWORD]
}

#[track_caller]
fn opened(store: &str, password: &str) -> Contents {
    java()
        .open(store, Some(password))
        .unwrap_or_else(|reason| panic!("Java does not open {store}: {reason}"))
}

fn names(contents: &Contents) -> Vec<&str> {
    contents.keys.iter().map(|entry| entry.name.as_str()).collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|problem| panic!("cannot read {path}: {problem}"))
}
