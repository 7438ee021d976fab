//! Forms of private keys: which programs load them, as gsec says it. OpenSSL is asked as servers load a key (`SSL_CTX_use_PrivateKey_file`),
//! since `openssl pkey` takes more.

use crate::common;

use common::der_writer::{algorithm, context, null, number, octet_string, oid, sequence, tlv};
use common::doctor::{Found, doctor, findings_of, type_line};
use common::forge::pem;
use common::{Scene, python, tool};
use der::{Any, Decode};

const LABELS: [&str; 4] = [
    "PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
];
const RSA: &str = "1.2.840.113549.1.1.1";
const EC: &str = "1.2.840.10045.2.1";
const P256: &str = "1.2.840.10045.3.1.7";
const ED25519: &str = "1.3.101.112";

/// A key file, and the name of the key that is in it: `NAME.key` is how OpenSSL writes it, `NAME.pem` its certificate.
#[derive(Clone)]
struct Form {
    what: String,
    key: &'static str,
    text: String,
}

/// One key of each kind, with its certificate.
fn keys() -> Scene {
    let scene = Scene::empty();
    scene.write("secret.txt", "secret\n");
    let rsa = ["-pkeyopt", "rsa_keygen_bits:2048"];
    let primes = [
        "-pkeyopt",
        "rsa_keygen_bits:2048",
        "-pkeyopt",
        "rsa_keygen_primes:3",
    ];
    for (name, kind, options) in [
        ("rsa", "RSA", &rsa[..]),
        ("primes", "RSA", &primes),
        ("pss", "RSA-PSS", &rsa),
        ("ec", "EC", &["-pkeyopt", "ec_paramgen_curve:P-256"]),
        ("k1", "EC", &["-pkeyopt", "ec_paramgen_curve:secp256k1"]),
        ("ed", "ED25519", &[]),
        ("ed448", "ED448", &[]),
    ] {
        let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
        scene.openssl(&[&["genpkey", "-algorithm", kind, "-out", &key], options].concat());
        scene.openssl(&[
            "req",
            "-x509",
            "-new",
            "-key",
            &key,
            "-subj",
            "/CN=db1.example.com",
            "-days",
            "90",
            "-addext",
            "subjectAltName=DNS:db1.example.com",
            "-addext",
            "basicConstraints=CA:FALSE",
            "-out",
            &certificate,
        ]);
    }
    scene
}

/// The content of a PEM file with one block.
fn content(scene: &Scene, file: &str) -> Vec<u8> {
    let blocks = gsec_pki::encoding::pem::decode_all(&scene.read_bytes(file)).expect("PEM");
    blocks[0].content.to_vec()
}

/// What OpenSSL writes of a key with these options.
fn written(scene: &Scene, args: &[&str]) -> Vec<u8> {
    scene.openssl(&[args, &["-out", "written"]].concat());
    content(scene, "written")
}

fn whole(any: &Any) -> Vec<u8> {
    der::Encode::to_der(any).expect("DER")
}

fn parts(der: &[u8]) -> Vec<Vec<u8>> {
    Vec::<Any>::from_der(der)
        .expect("a SEQUENCE")
        .iter()
        .map(whole)
        .collect()
}

fn pkcs8(version: u32, kind: Vec<u8>, key: &[u8], more: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[&[number(version), kind, octet_string(key)], more].concat())
}

/// The content of every octet string and bit string.
fn value(der: &[u8]) -> Vec<u8> {
    Any::from_der(der).expect("DER").value().to_vec()
}

fn under_every_label(forms: &mut Vec<Form>, key: &'static str, what: &str, der: &[u8]) {
    forms.extend(LABELS.iter().map(|label| Form {
        what: format!("{what} of {key} as {label}"),
        key,
        text: pem(label, der),
    }));
}

/// Contents that gsec reads, under each label that it reads.
fn labels(scene: &Scene) -> Vec<Form> {
    let mut forms = Vec::new();
    for key in ["rsa", "ec", "ed", "pss", "ed448", "primes"] {
        let file = format!("{key}.key");
        under_every_label(&mut forms, key, "PKCS #8", &content(scene, &file));
        let encrypted = written(
            scene,
            &["pkcs8", "-topk8", "-in", &file, "-passout", "pass:secret"],
        );
        under_every_label(&mut forms, key, "encrypted PKCS #8", &encrypted);
    }
    for (key, command) in [("rsa", "rsa"), ("ec", "ec"), ("primes", "rsa")] {
        let file = format!("{key}.key");
        let extra: &[&str] = if command == "rsa" { &["-traditional"] } else { &[] };
        let older = written(scene, &[&[command, "-in", &file], extra].concat());
        under_every_label(&mut forms, key, "older form", &older);
        scene.openssl(
            &[
                &[
                    command,
                    "-in",
                    &file,
                    "-aes128",
                    "-passout",
                    "pass:secret",
                    "-out",
                    "locked",
                ],
                extra,
            ]
            .concat(),
        );
        let locked = scene.read("locked");
        let own = if command == "rsa" {
            "RSA PRIVATE KEY"
        } else {
            "EC PRIVATE KEY"
        };
        forms.extend(LABELS.iter().map(|label| Form {
            what: format!("{key} encrypted with headers as {label}"),
            key,
            text: locked.replace(own, label),
        }));
    }
    forms
}

/// Versions, parameters and numbers.
fn numbers(scene: &Scene) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut add = |what: &str, key: &'static str, label: &str, der: &[u8]| {
        forms.push(Form {
            what: what.into(),
            key,
            text: pem(label, der),
        });
    };
    let of_rsa = || algorithm(RSA, null());
    let rsa = parts(&written(scene, &["rsa", "-in", "rsa.key", "-traditional"]));
    let versioned =
        |version: u32, more: &[Vec<u8>]| sequence(&[&[number(version)], &rsa[1..], more].concat());
    let primes = parts(&written(scene, &["rsa", "-in", "primes.key", "-traditional"]));
    for version in [0, 1, 2, 5] {
        let inner = versioned(version, &[]);
        add(
            &format!("PKCS #1 version {version}"),
            "rsa",
            "RSA PRIVATE KEY",
            &inner,
        );
        add(
            &format!("version {version} in PKCS #8"),
            "rsa",
            "PRIVATE KEY",
            &pkcs8(0, of_rsa(), &inner, &[]),
        );
        let empty = versioned(version, &[sequence(&[])]);
        add(
            &format!("version {version}, no further primes in a list"),
            "rsa",
            "RSA PRIVATE KEY",
            &empty,
        );
        let several = sequence(&[&[number(version)], &primes[1..]].concat());
        add(
            &format!("three primes, version {version}"),
            "primes",
            "RSA PRIVATE KEY",
            &several,
        );
    }
    let inner = versioned(0, &[]);
    let absent = sequence(&[oid(RSA)]);
    add(
        "no parameters",
        "rsa",
        "PRIVATE KEY",
        &pkcs8(0, absent, &inner, &[]),
    );
    add(
        "odd parameters",
        "rsa",
        "PRIVATE KEY",
        &pkcs8(0, algorithm(RSA, octet_string(b"x")), &inner, &[]),
    );
    let attributes = context(0, &sequence(&[oid("2.5.4.3"), tlv(0x31, &tlv(12, b"x"))]));
    add(
        "attributes",
        "rsa",
        "PRIVATE KEY",
        &pkcs8(0, of_rsa(), &inner, std::slice::from_ref(&attributes)),
    );

    let ec = parts(&written(scene, &["ec", "-in", "ec.key"]));
    let (secret, public) = (value(&ec[1]), ec[3].clone());
    let of_ec = || algorithm(EC, oid(P256));
    let sec1 =
        |secret: &[u8], more: &[Vec<u8>]| sequence(&[&[number(1), octet_string(secret)], more].concat());
    let curve = context(0, &oid(P256));
    let long = [&[0; 4], &secret[..]].concat();
    for (what, der) in [
        ("named twice", sec1(&secret, &[curve.clone(), public.clone()])),
        ("no public half", sec1(&secret, &[])),
        ("long secret", sec1(&long, std::slice::from_ref(&public))),
    ] {
        add(what, "ec", "PRIVATE KEY", &pkcs8(0, of_ec(), &der, &[]));
        add(
            &format!("{what}, as EC"),
            "ec",
            "EC PRIVATE KEY",
            &pkcs8(0, of_ec(), &der, &[]),
        );
    }
    add(
        "SEC 1 without public half",
        "ec",
        "EC PRIVATE KEY",
        &sec1(&secret, &[curve]),
    );
    let options: [(&str, &[&str]); 4] = [
        ("explicit curve", &["-param_enc", "explicit"]),
        ("compressed point", &["-conv_form", "compressed"]),
        ("hybrid point", &["-conv_form", "hybrid"]),
        ("no public half", &["-no_public"]),
    ];
    for (what, option) in options {
        let der = written(scene, &[&["ec", "-in", "ec.key"], option].concat());
        scene.write("older", scene.read("written"));
        add(what, "ec", "EC PRIVATE KEY", &der);
        let der = written(scene, &["pkcs8", "-topk8", "-nocrypt", "-in", "older"]);
        add(&format!("{what} in PKCS #8"), "ec", "PRIVATE KEY", &der);
    }

    let ed = parts(&content(scene, "ed.key"));
    let seed = value(&ed[2]);
    let der = scene
        .openssl(&["pkey", "-in", "ed.key", "-pubout", "-outform", "DER"])
        .stdout_bytes;
    let half = tlv(0x81, &value(&parts(&der)[1]));
    for version in [0, 1, 2] {
        let kind = || sequence(&[oid(ED25519)]);
        add(
            &format!("version {version} with public half"),
            "ed",
            "PRIVATE KEY",
            &pkcs8(version, kind(), &seed, std::slice::from_ref(&half)),
        );
        add(
            &format!("version {version}"),
            "ed",
            "PRIVATE KEY",
            &pkcs8(version, kind(), &seed, &[]),
        );
        add(
            &format!("version {version} with attributes"),
            "ed",
            "PRIVATE KEY",
            &pkcs8(version, kind(), &seed, std::slice::from_ref(&attributes)),
        );
    }
    forms
}

/// An `EC PARAMETERS` block before the key.
fn curves_apart(scene: &Scene) -> Vec<Form> {
    let ec = parts(&written(scene, &["ec", "-in", "ec.key"]));
    let own = sequence(&ec);
    let without = sequence(&[ec[0].clone(), ec[1].clone(), ec[3].clone()]);
    let block = |curve: &str| pem("EC PARAMETERS", &oid(curve));
    [
        ("named in the key too", P256, own.clone()),
        ("another curve before the key", "1.3.132.0.34", own),
        ("named before the key only", P256, without),
    ]
    .into_iter()
    .map(|(what, curve, der)| Form {
        what: what.into(),
        key: "ec",
        text: block(curve) + &pem("EC PRIVATE KEY", &der),
    })
    .collect()
}

/// Whether each library loads a key, in the order OpenSSL, GnuTLS, cryptography.
fn loaded(scene: &Scene, files: &[(String, String)]) -> Vec<[bool; 3]> {
    let orders: String = files
        .iter()
        .map(|(certificate, key)| format!("{}\t{}\n", scene.dir.path(certificate), scene.dir.path(key)))
        .collect();
    let said = python("load_keys.py").stdin(orders).run().ok();
    let lines: Vec<&str> = said.stdout.lines().collect();
    assert_eq!(lines.len(), files.len(), "{said}");
    let gnutls = |key: &str| {
        let call = tool("certtool").args(&["-k", "--password", "secret", "--infile", &scene.dir.path(key)]);
        call.run().status == Some(0)
    };
    lines
        .iter()
        .zip(files)
        .map(|(line, (_, key))| {
            let words: Vec<&str> = line.split(' ').collect();
            [words[0] == "yes", gnutls(key), words[1] == "yes"]
        })
        .collect()
}

const NAMES: [&str; 3] = ["OpenSSL (as nginx", "GnuTLS", "Python's cryptography"];

/// Which libraries load a key, as a finding says it.
fn said_loaded(found: Option<&Found>) -> [bool; 3] {
    NAMES.map(|name| !found.is_some_and(|found| found.seen.contains(name)))
}

/// Each form of a private key that gsec reads: doctor names exactly the libraries that do not load it, `cert match` names it, and what
/// `convert key` makes of it is loaded by all.
#[test]
fn a_key_that_gsec_reads_and_a_library_does_not_load_is_named_with_the_library() {
    let scene = keys();
    let forms = [labels(&scene), numbers(&scene), curves_apart(&scene)].concat();
    let mut files = Vec::new();
    for (number, form) in forms.iter().enumerate() {
        let name = format!("form{number}.key");
        scene.write(&name, &form.text);
        scene.chmod(&name, 0o600);
        files.push((format!("{}.pem", form.key), name));
    }
    let (mut read, mut rewritten, mut differ) = (0, Vec::new(), Vec::new());
    for ((form, answers), (certificate, key)) in forms.iter().zip(loaded(&scene, &files)).zip(&files) {
        let password = ["--password-file", "secret.txt", "--no-input"];
        let shown = scene
            .gsec(&["doctor", certificate, "--key", key, "--json"])
            .args(&password)
            .run();
        // What gsec does not read it says nothing good of.
        if shown.status == Some(3) {
            continue;
        }
        read += 1;
        let found = findings_of(&shown);
        let found = found.iter().find(|found| found.slug == "key-form");
        let what = &form.what;
        if said_loaded(found) != answers {
            differ.push(format!("{what}: loaded by {NAMES:?}: {answers:?}; {found:?}"));
            continue;
        }
        let severity = found.map(|found| found.severity.as_str());
        let is_standard = found.is_some_and(|found| found.seen.contains("PKCS #8 version 2"));
        let expected = match answers {
            [true, true, true] => None,
            [true, ..] => Some("notice"),
            _ if is_standard => Some("warning"),
            _ => Some("error"),
        };
        assert_eq!(severity, expected, "{what}: {found:?}");
        let matching = scene
            .gsec(&["cert", "match", key, certificate])
            .args(&password)
            .run();
        if form.key != "ed448" {
            assert_eq!(matching.status, Some(0), "{what}: {matching}");
            let named: Vec<bool> = NAMES.iter().map(|name| !matching.stderr.contains(name)).collect();
            assert_eq!(named, answers, "{what}: {matching}");
        }
        let out = format!("new_{key}");
        let converted = scene
            .gsec(&["convert", "key", key, "--out", &out])
            .args(&password)
            .run();
        assert_eq!(converted.status, Some(0), "{what}: {converted}");
        assert_eq!(
            converted.stderr.contains("cannot load it"),
            found.is_some(),
            "{what}: {converted}"
        );
        rewritten.push((
            certificate.clone(),
            out,
            what.clone(),
            converted.stderr.contains("this stays as it is"),
        ));
    }
    assert!(differ.is_empty(), "{differ:#?}");
    // Most of these forms are readable, and nothing was passed over by mistake.
    assert!(read * 10 > forms.len() * 7, "{read} of {}", forms.len());
    let files: Vec<(String, String)> = rewritten
        .iter()
        .map(|(one, other, ..)| (one.clone(), other.clone()))
        .collect();
    for (answers, (.., what, stays)) in loaded(&scene, &files).iter().zip(&rewritten) {
        assert_eq!(
            answers.contains(&false),
            *stays,
            "{what}, converted: {NAMES:?} {answers:?}"
        );
    }
}

/// A file whose first private key is not the certificate's: OpenSSL skips what it cannot load, and takes the first that it can.
#[test]
fn of_several_keys_in_a_file_the_one_counts_that_openssl_loads() {
    let scene = keys();
    for (name, kind) in [("x25519", "X25519"), ("x448", "X448")] {
        scene.openssl(&["genpkey", "-algorithm", kind, "-out", &format!("{name}.key")]);
    }
    scene.openssl(&["dsaparam", "-genkey", "-noout", "-out", "dsa_old.key", "1024"]);
    scene.openssl(&[
        "pkcs8",
        "-topk8",
        "-nocrypt",
        "-in",
        "dsa_old.key",
        "-out",
        "dsa.key",
    ]);
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "DH",
        "-pkeyopt",
        "group:ffdhe2048",
        "-out",
        "dh.key",
    ]);
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        "rsa_keygen_bits:2048",
        "-out",
        "other.key",
    ]);
    let keygen = ["-q", "-t", "ed25519", "-N", "", "-C", "x", "-f"];
    tool("ssh-keygen")
        .args(&keygen)
        .args(&[&scene.dir.path("ssh.key")])
        .run()
        .ok();
    let seed = value(&parts(&content(&scene, "ed.key"))[2]);
    let unknown = |kind: &str| pem("PRIVATE KEY", &pkcs8(0, sequence(&[oid(kind)]), &seed, &[]));
    scene.write("unknown.key", unknown("1.2.3.4"));
    scene.write("mldsa.key", unknown("2.16.840.1.101.3.4.3.18"));
    let sec1 = written(&scene, &["ec", "-in", "ec.key"]);
    scene.write("mislabeled.key", pem("RSA PRIVATE KEY", &sec1));
    scene.write("parameters.key", pem("EC PARAMETERS", &oid(P256)));
    let own = [scene.read("rsa.key"), scene.read("rsa.pem")].concat();
    let mut is_loaded = Vec::new();
    for first in [
        "x25519",
        "x448",
        "ed448",
        "ed",
        "ec",
        "k1",
        "pss",
        "dsa",
        "dh",
        "other",
        "ssh",
        "unknown",
        "mldsa",
        "mislabeled",
        "parameters",
        "rsa",
    ] {
        scene.write("both.pem", scene.read(&format!("{first}.key")) + &own);
        scene.chmod("both.pem", 0o600);
        let said = loaded(&scene, &[("both.pem".into(), "both.pem".into())])[0][0];
        is_loaded.push(said);
        let found = doctor(&scene, &["both.pem", "--trust", "rsa.pem"]);
        let mismatch = found.iter().find(|found| found.slug == "key-mismatch");
        let severity = mismatch.map(|found| found.severity.as_str());
        let is_the_first = ["parameters", "rsa"].contains(&first);
        let expected = match said {
            false => Some("error"),
            true if is_the_first => None,
            true => Some("warning"),
        };
        assert_eq!(severity, expected, "{first}: {found:#?}");
        // The same where the certificate is in another file.
        scene.write(
            "keys.pem",
            scene.read(&format!("{first}.key")) + &scene.read("rsa.key"),
        );
        scene.chmod("keys.pem", 0o600);
        let found = doctor(&scene, &["rsa.pem", "--key", "keys.pem", "--trust", "rsa.pem"]);
        let mismatch = found.iter().find(|found| found.slug == "key-mismatch");
        assert_eq!(
            mismatch.map(|found| found.severity.as_str()),
            expected,
            "{first}: {found:#?}"
        );
    }
    assert!(is_loaded.contains(&true) && is_loaded.contains(&false));
}

/// Before the key in use is one that OpenSSL skips: what doctor says to type leaves the key in use, wherever its certificate is.
#[test]
fn a_key_that_openssl_skips_is_not_in_use_after_what_doctor_says_to_type() {
    let scene = keys();
    let sec1 = written(&scene, &["ec", "-in", "ec.key"]);
    scene.write("mislabeled.key", pem("RSA PRIVATE KEY", &sec1));
    let keygen = ["-q", "-t", "ed25519", "-N", "", "-C", "x", "-f"];
    tool("ssh-keygen")
        .args(&keygen)
        .args(&[&scene.dir.path("ssh.key")])
        .run()
        .ok();
    let (own, certificate, other) = (scene.read("rsa.key"), scene.read("rsa.pem"), scene.read("ed.pem"));
    // Java reads no file with a byte order mark, for which it would be written again.
    let mark = "\u{feff}";
    for skipped in ["mislabeled", "ssh"] {
        let first = scene.read(&format!("{skipped}.key"));
        for (number, (text, beside)) in [
            (format!("{first}{own}{certificate}"), None),
            (format!("{mark}{first}{own}{certificate}"), None),
            (format!("{mark}{other}{first}{own}"), Some("rsa.pem")),
            (format!("{first}{own}"), Some("rsa.pem")),
            (format!("{own}{first}{certificate}"), None),
        ]
        .into_iter()
        .enumerate()
        {
            let file = format!("{skipped}{number}.pem");
            scene.write(&file, text);
            scene.chmod(&file, 0o600);
            let in_use = || loaded(&scene, &[(beside.unwrap_or(&file).into(), file.clone())])[0][0];
            assert!(in_use(), "{file}");
            let found = doctor(&scene, &[&file]);
            let form = found.iter().find(|found| found.slug == "key-form");
            let form = form.unwrap_or_else(|| panic!("{file}: {found:#?}"));
            assert!(form.fix.is_empty(), "{file}: {form:#?}");
            assert!(
                form.advice[0].starts_with("Take this key out of"),
                "{file}: {form:#?}"
            );
            let parts = format!("gsec convert to-pem {file} --out-dir {skipped}{number}_parts.pem");
            assert!(form.advice[0].contains(&parts), "{file}: {form:#?}");
            type_line(&scene, &parts).ok();
            for fix in found.iter().flat_map(|found| &found.fix) {
                type_line(&scene, fix).ok();
                assert!(in_use(), "{file}: {fix}");
            }
        }
    }
    // Everything in one file: the key of the certificate is the first.
    type_line(&scene, "gsec convert to-pem mislabeled0.pem --out sorted.pem").ok();
    assert!(loaded(&scene, &[("sorted.pem".into(), "sorted.pem".into())])[0][0]);
    assert_eq!(scene.read("sorted.pem").matches("-BEGIN PRIVATE KEY-").count(), 2);
}

/// One of two keys is encrypted: `convert key` takes no file with several.
#[test]
fn an_encrypted_key_beside_another_is_taken_out_by_what_doctor_says_to_type() {
    let scene = keys();
    let pkcs8 = [
        "pkcs8",
        "-topk8",
        "-in",
        "ec.key",
        "-passout",
        "file:secret.txt",
        "-out",
    ];
    scene.openssl(&[&pkcs8[..], &["locked.key"]].concat());
    scene.write(
        "both.pem",
        scene.read("rsa.pem") + &scene.read("rsa.key") + &scene.read("locked.key"),
    );
    scene.chmod("both.pem", 0o600);
    for password in [&[][..], &["--password-file", "secret.txt"]] {
        let found = doctor(&scene, &[&["both.pem"], password].concat());
        let encrypted = found.iter().find(|found| found.slug == "key-encrypted");
        let encrypted = encrypted.unwrap_or_else(|| panic!("{found:#?}"));
        let line = "gsec convert to-pem both.pem --out-dir both_parts.pem";
        assert!(
            encrypted.advice.iter().any(|advice| advice.contains(line)),
            "{encrypted:#?}"
        );
        assert!(encrypted.fix.is_empty(), "{encrypted:#?}");
    }
    type_line(
        &scene,
        "gsec convert to-pem both.pem --out-dir both_parts.pem --password-file secret.txt",
    )
    .ok();
}

/// Of a key whose public half gsec cannot derive it says that it was not compared, wherever the key is.
#[test]
fn a_key_that_cannot_be_compared_is_not_called_another_nor_healthy() {
    let scene = keys();
    scene.write("both.pem", scene.read("ed448.pem") + &scene.read("ed448.key"));
    scene.chmod("both.pem", 0o600);
    scene.chmod("ed448.key", 0o600);
    for args in [
        &["ed448.pem", "--key", "ed448.key"][..],
        &["both.pem"],
        &["ed448.pem", "ed448.key"],
    ] {
        let found = doctor(&scene, args);
        let told: Vec<&str> = found
            .iter()
            .map(|found| found.slug.as_str())
            .filter(|slug| slug.starts_with("key-"))
            .collect();
        assert_eq!(told, ["key-not-compared"], "{args:?}: {found:#?}");
    }
    let to_pfx = [
        "convert",
        "to-pfx",
        "--cert",
        "ed448.pem",
        "--key",
        "ed448.key",
        "--out",
        "new.pfx",
    ];
    scene.refuses(
        &to_pfx,
        3,
        &[
            "error: whether the private key in `ed448.key` belongs to the certificate in `ed448.pem` cannot be checked",
            "  caused by: the public key of a key of Ed448 cannot be derived, and no identifier in the files links the key to a certificate",
            "hint: OpenSSL compares the two itself: `openssl pkcs12 -export -in ed448.pem -inkey ed448.key -out new.pfx`",
        ],
    );
    // Another algorithm is another key, whatever its numbers.
    let to_pfx = [
        "convert",
        "to-pfx",
        "--cert",
        "ec.pem",
        "--key",
        "ed448.key",
        "--out",
        "new.pfx",
    ];
    scene
        .gsec(&to_pfx)
        .run()
        .code(3)
        .says("does not belong to the certificate");
}
