//! `cert show` says of a PKCS #12 file who reads it. Here OpenSSL, Java and NSS open files of every kind, and must do as it says:
//! "opens" means that key and certificates are there afterwards, all of them, by their digests.

use crate::common;

use std::collections::BTreeMap;

use common::java_key_store::java;
use common::key_store::KeyEntry;
use common::pfx::{Cast, Held, PASSWORD, gsec_reads, to_pfx};
use common::pfx_writer::{bag_with, data, encrypted_bags, pfx, sound_mac, sound_pbmac1};
use common::{NssDatabase, der_writer, openssl, tool};

/// A file, and what is in it.
struct Sample {
    name: String,
    file: String,
    password: &'static str,
    held: Held,
}

/// What gsec says of one reader.
#[derive(Debug)]
struct Claim {
    reads: String,
    why: String,
}

#[test]
fn openssl_does_as_gsec_says() {
    let version = release(&openssl(&["version"]).run().ok().stdout);
    judged("OpenSSL 3", |sample, claim| {
        let opens = |flags: &[&str]| openssl_opens(sample, flags);
        let quoted: Vec<&str> = claim
            .why
            .split(['`', ' '])
            .filter(|word| word.starts_with('-'))
            .collect();
        if claim.reads == "no" {
            return !opens(&[]) && !opens(&["-legacy", "-nomacver"]);
        }
        if quoted.is_empty() {
            return opens(&[]) == opens_in(&version, claim);
        }
        // Each of the flags must be needed.
        let without = |flag: &&str| {
            quoted
                .iter()
                .copied()
                .filter(|other| other != flag)
                .collect::<Vec<_>>()
        };
        opens(&quoted) && quoted.iter().all(|flag| !opens(&without(flag)))
    });
}

#[test]
fn java_does_as_gsec_says() {
    judged("Java 17", |sample, claim| {
        java_opens(sample) == opens_in(&[17], claim)
    });
}

#[test]
fn nss_does_as_gsec_says() {
    let version = release(&NssDatabase::new().version());
    judged("NSS", |sample, claim| {
        nss_imports(sample) == opens_in(&version, claim)
    });
}

/// Asserts that `holds` what gsec says of this reader, for every sample of which it says anything.
fn judged(reader: &str, holds: impl Fn(&Sample, &Claim) -> bool) {
    let cast = Cast::new();
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for sample in samples(&cast) {
        assert_eq!(
            gsec_reads(&sample.file, sample.password),
            sample.held,
            "{}: gsec itself reads it",
            sample.name
        );
        let claim = claim(&sample, reader);
        *counts.entry(claim.reads.clone()).or_default() += 1;
        if claim.reads != "unknown" && !holds(&sample, &claim) {
            wrong.push(format!(
                "{}: gsec says {} {}",
                sample.name, claim.reads, claim.why
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{reader} does otherwise in {} of {counts:?}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        counts.contains_key("yes") && counts.len() > 1,
        "there is nothing to be right about: {counts:?}"
    );
}

/// Whether this version opens the file, by what is claimed.
fn opens_in(version: &[u32], claim: &Claim) -> bool {
    match (claim.reads.as_str(), claim.why.strip_prefix("from ")) {
        ("yes", _) => true,
        ("no", _) => false,
        ("conditional", Some(first)) => version >= &release(first)[..],
        _ => panic!("no way is known to check {claim:?}"),
    }
}

fn claim(sample: &Sample, reader: &str) -> Claim {
    let shown = common::pfx::shown(&sample.file, sample.password);
    let readers = shown["readers"].as_array().expect("readers");
    let [facts] = readers
        .iter()
        .filter(|facts| facts["reader"] == reader)
        .collect::<Vec<_>>()[..]
    else {
        panic!("`{reader}` once in {shown:#}")
    };
    let text = |name: &str| facts[name].as_str().unwrap_or_default().to_owned();
    Claim {
        reads: text("reads"),
        why: text("why"),
    }
}

fn openssl_opens(sample: &Sample, flags: &[&str]) -> bool {
    let call = openssl(&[
        "pkcs12",
        "-nodes",
        "-in",
        &sample.file,
        "-passin",
        "env:PFX_PASSWORD",
    ])
    .args(flags);
    let said = call.env("PFX_PASSWORD", sample.password).run();
    said.status == Some(0) && Held::in_pem(&said.stdout) == sample.held
}

/// A key whose certificate is in the file and not in its chain is there, and no server or client uses it. One alone is all that can be read.
fn java_opens(sample: &Sample) -> bool {
    java()
        .open(&sample.file, Some(sample.password))
        .is_ok_and(|contents| {
            let has_chain = |key: &KeyEntry| !key.chain.is_empty() || sample.held.certificates.is_empty();
            contents.held() == sample.held && contents.keys.iter().all(has_chain)
        })
}

fn nss_imports(sample: &Sample) -> bool {
    let database = NssDatabase::new();
    if database.import(&sample.file, sample.password).status != Some(0) {
        return false;
    }
    let (keys, certificates) = (database.keys(), database.thumbprints());
    let all_are_there =
        keys.len() == sample.held.keys.len() && certificates.len() == sample.held.certificates.len();
    all_are_there
        && certificates
            .iter()
            .flatten()
            .all(|thumbprint| sample.held.certificates.contains(thumbprint))
}

/// The numbers in `OpenSSL 3.0.19 27 Jan 2026`, `NSS 3.99`.
fn release(version: &str) -> Vec<u32> {
    let word = version
        .split_whitespace()
        .nth(1)
        .unwrap_or_else(|| panic!("no version: {version}"));
    word.split('.')
        .map(|part| part.parse().unwrap_or_else(|_| panic!("no version: {version}")))
        .collect()
}

/// Every kind of file that the programs here can be made to write, and two that none of them writes.
fn samples(cast: &Cast) -> Vec<Sample> {
    let mut samples = Vec::new();
    let whole = cast.all();
    let mut add = |name: &str, file: String, password: &'static str, held: &Held| {
        samples.push(Sample {
            name: name.into(),
            file,
            password,
            held: held.clone(),
        });
    };
    let by_openssl = |name: &str, password: &str, flags: &[&str]| {
        let flags = [&["-legacy", "-iter", "3", "-name", "db1"], flags].concat();
        cast.openssl_writes(
            &format!("{}.p12", name.replace([' ', ',', '/'], "_")),
            password,
            &flags,
        )
    };

    for cipher in CIPHERS {
        add(
            cipher,
            by_openssl(cipher, PASSWORD, &["-keypbe", cipher, "-certpbe", cipher]),
            PASSWORD,
            &whole,
        );
    }
    for digest in [
        "md5",
        "sha1",
        "sha224",
        "sha256",
        "sha384",
        "sha512",
        "sha512-224",
        "sha512-256",
    ] {
        let name = format!("MAC {digest}");
        add(
            &name,
            by_openssl(
                &name,
                PASSWORD,
                &[
                    "-macalg",
                    digest,
                    "-keypbe",
                    "AES-256-CBC",
                    "-certpbe",
                    "AES-256-CBC",
                ],
            ),
            PASSWORD,
            &whole,
        );
    }
    let aes = ["-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC"];
    let others: [(&str, &[&str]); 9] = [
        (
            "key AES, certificates RC2",
            &["-keypbe", "AES-256-CBC", "-certpbe", "PBE-SHA1-RC2-40"],
        ),
        (
            "key 3DES, certificates RC2",
            &["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-RC2-40"],
        ),
        ("key plain", &["-keypbe", "NONE", "-certpbe", "AES-256-CBC"]),
        (
            "certificates plain",
            &["-keypbe", "AES-256-CBC", "-certpbe", "NONE"],
        ),
        ("both plain", &["-keypbe", "NONE", "-certpbe", "NONE"]),
        ("no MAC", &[&["-nomac"], &aes[..]].concat()),
        (
            "no MAC, RC2",
            &[
                "-nomac",
                "-keypbe",
                "PBE-SHA1-RC2-40",
                "-certpbe",
                "PBE-SHA1-RC2-40",
            ],
        ),
        (
            "no MAC, certificates plain",
            &["-nomac", "-keypbe", "AES-256-CBC", "-certpbe", "NONE"],
        ),
        (
            "neither MAC nor encryption",
            &["-nomac", "-keypbe", "NONE", "-certpbe", "NONE"],
        ),
    ];
    for (name, flags) in others {
        add(name, by_openssl(name, PASSWORD, flags), PASSWORD, &whole);
    }
    add(
        "certificates only",
        by_openssl("certificates only", PASSWORD, &[&["-nokeys"], &aes[..]].concat()),
        PASSWORD,
        &whole.certificates_only(),
    );
    add("key only", key_only(cast), PASSWORD, &whole.keys_only());
    for (name, password) in [
        ("empty", ""),
        ("blank", " two words "),
        ("Latin-1", "Grüße"),
        ("Japanese", "日本語"),
    ] {
        for (cipher, flags) in [
            ("AES", aes),
            ("3DES", ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"]),
        ] {
            let name = format!("{cipher}, password {name}");
            add(&name, by_openssl(&name, password, &flags), password, &whole);
        }
    }
    for encryption in ["modern", "compat"] {
        let file = cast.gsec_writes(
            &format!("gsec-{encryption}.p12"),
            PASSWORD,
            &["--pfx-encryption", encryption],
        );
        add(&format!("gsec {encryption}"), file, PASSWORD, &whole);
        let store = cast.dir.path(&format!("trust-{encryption}.p12"));
        to_pfx(
            &store,
            PASSWORD,
            &[
                "--trust-store",
                "--cert",
                &cast.root,
                "--chain",
                &cast.intermediate,
                "--pfx-encryption",
                encryption,
            ],
        )
        .run()
        .ok();
        add(
            &format!("gsec trust store {encryption}"),
            store,
            PASSWORD,
            &Held::in_files(&[&cast.root, &cast.intermediate]),
        );
    }
    add(
        "GnuTLS, null password",
        by_gnutls(cast, "--null-password"),
        "",
        &cast.without_issuers(),
    );
    add(
        "GnuTLS, empty password",
        by_gnutls(cast, "--empty-password"),
        "",
        &cast.without_issuers(),
    );
    let host = cast.without_issuers();
    add(
        "by hand, as OpenSSL has it",
        by_hand(cast, "plain", &["-v2", "aes-256-cbc"], |safe| {
            sound_mac(safe, PASSWORD, &[7; 8])
        }),
        PASSWORD,
        &host,
    );
    add(
        "scrypt",
        by_hand(cast, "scrypt", &["-scrypt"], |safe| {
            sound_mac(safe, PASSWORD, &[7; 8])
        }),
        PASSWORD,
        &host,
    );
    add(
        "PBMAC1",
        by_hand(cast, "pbmac1", &["-v2", "aes-256-cbc"], |safe| {
            sound_pbmac1(safe, PASSWORD)
        }),
        PASSWORD,
        &host,
    );
    for (name, is_named) in [("linked by name alone", true), ("not linked", false)] {
        let file = format!("unlinked-{is_named}");
        let file = by_hand_linked(cast, &file, (is_named, &[]), &["-v2", "aes-256-cbc"], |safe| {
            sound_mac(safe, PASSWORD, &[7; 8])
        });
        add(name, file, PASSWORD, &host);
    }
    let other = Cast::of_key("ed25519");
    let file = cast.dir.path("ed25519.p12");
    to_pfx(
        &file,
        PASSWORD,
        &["--cert", &other.certificate, "--key", &other.key],
    )
    .run()
    .ok();
    add("Ed25519", file, PASSWORD, &other.without_issuers());
    for kind in ["secp256k1", "ed448"] {
        let other = Cast::of_key(kind);
        let file = cast.dir.path(&format!("{kind}.p12"));
        openssl(&[
            "pkcs12",
            "-export",
            "-in",
            &other.certificate,
            "-inkey",
            &other.key,
            "-name",
            "db1",
        ])
        .args(&[
            "-out",
            &file,
            "-iter",
            "3",
            "-passout",
            &format!("pass:{PASSWORD}"),
        ])
        .run()
        .ok();
        add(kind, file, PASSWORD, &other.without_issuers());
    }
    samples
}

/// What `openssl pkcs12 -export -keypbe -certpbe` takes and gsec reads.
const CIPHERS: [&str; 16] = [
    "AES-128-CBC",
    "AES-192-CBC",
    "AES-256-CBC",
    "DES-EDE3-CBC",
    "DES-CBC",
    "PBE-SHA1-3DES",
    "PBE-SHA1-2DES",
    "PBE-SHA1-RC2-40",
    "PBE-SHA1-RC2-128",
    "PBE-SHA1-RC4-40",
    "PBE-SHA1-RC4-128",
    "PBE-MD5-DES",
    "PBE-MD5-RC2-64",
    "PBE-SHA1-DES",
    "PBE-SHA1-RC2-64",
    "NONE",
];

fn key_only(cast: &Cast) -> String {
    let file = cast.dir.path("key-only.p12");
    openssl(&[
        "pkcs12", "-export", "-nocerts", "-inkey", &cast.key, "-in", &cast.key, "-out", &file, "-iter", "3",
    ])
    .args(&["-name", "db1", "-passout", &format!("pass:{PASSWORD}")])
    .run()
    .ok();
    file
}

fn by_gnutls(cast: &Cast, password: &str) -> String {
    let file = cast.dir.path(&format!("gnutls{password}.p12"));
    tool("certtool")
        .args(&[
            "--to-p12",
            "--load-privkey",
            &cast.key,
            "--load-certificate",
            &cast.certificate,
            "--p12-name",
            "db1",
        ])
        .args(&["--outder", "--outfile", &file, password])
        .run()
        .ok();
    file
}

/// The host's key as `openssl pkcs8` encrypts it, its certificate, and this MAC.
fn by_hand(cast: &Cast, name: &str, encryption: &[&str], mac: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let link = [(LOCAL_KEY_ID, der_writer::octet_string(&[1]))];
    by_hand_linked(cast, name, (true, &link), encryption, mac)
}

/// As [`by_hand`], with or without the key's friendly name on the certificate, and these attributes on both.
fn by_hand_linked(
    cast: &Cast,
    name: &str,
    (is_named, link): (bool, &[(&'static str, Vec<u8>)]),
    encryption: &[&str],
    mac: impl Fn(&[u8]) -> Vec<u8>,
) -> String {
    let file = |ending: &str| cast.dir.path(&format!("{name}.{ending}"));
    openssl(&[
        "pkcs8",
        "-topk8",
        "-in",
        &cast.key,
        "-outform",
        "DER",
        "-out",
        &file("key"),
        "-passout",
        &format!("pass:{PASSWORD}"),
    ])
    .args(encryption)
    .run()
    .ok();
    let key = std::fs::read(file("key")).expect("the encrypted key");
    let certificate = openssl(&["x509", "-in", &cast.certificate, "-outform", "DER"])
        .run()
        .ok()
        .stdout_bytes;
    let name: Vec<u8> = "db1".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let facts = [&[(FRIENDLY_NAME, der_writer::tlv(BMP_STRING, &name))], link].concat();
    let of_certificate = if is_named { &facts[..] } else { link };
    let certificate = der_writer::sequence(&[
        der_writer::oid(X509_CERTIFICATE),
        der_writer::context(0, &der_writer::octet_string(&certificate)),
    ]);
    let bags = [
        encrypted_bags(&[bag_with(CERT_BAG, &certificate, of_certificate)], PASSWORD),
        data(&der_writer::sequence(&[bag_with(SHROUDED_KEY_BAG, &key, &facts)])),
    ];
    let safe = der_writer::sequence(&bags);
    std::fs::write(file("p12"), pfx(&safe, Some(mac(&safe)))).expect("a new file");
    file("p12")
}

const SHROUDED_KEY_BAG: &str = "1.2.840.113549.1.12.10.1.2";
const CERT_BAG: &str = "1.2.840.113549.1.12.10.1.3";
const X509_CERTIFICATE: &str = "1.2.840.113549.1.9.22.1";
const FRIENDLY_NAME: &str = "1.2.840.113549.1.9.20";
const LOCAL_KEY_ID: &str = "1.2.840.113549.1.9.21";
const BMP_STRING: u8 = 30;
