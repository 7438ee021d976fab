//! Requests: those that others make are certified or refused, and those that gsec makes are read by others.

use crate::common;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use common::der_writer::{context, integer, null, number, octet_string, oid, sequence, set, tlv};
use common::java_key_store::keytool;
use common::{NssDatabase, Outcome, Scene, gsec_and_ca_db_agree, names_in, tool};
use gsec_ca::authority::{Authority, AuthorityError, HostKey, HostOrder, Names};
use gsec_ca::home::CaDir;
use gsec_pki::key::KeyAlgorithm;
use gsec_pki::x509::{GeneralName, decode_request};
use serde_json::{Value, json};

const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";
const HOST: &str = "db1.example.com";

/// A request that `openssl req` makes in `db1.csr` for a key in `db1.key`, with these arguments besides.
fn openssl_request(scene: &Scene, key: &[&str], more: &[&str]) {
    scene.openssl(&[&["genpkey", "-out", "db1.key"][..], key].concat());
    openssl_request_for(scene, "db1.key", more);
}

fn openssl_request_for(scene: &Scene, key: &str, more: &[&str]) {
    let subject: &[&str] = if more.contains(&"-subj") || more.contains(&"-config") {
        &[]
    } else {
        &["-subj", "/CN=db1.example.com"]
    };
    scene.openssl(&[&["req", "-new", "-key", key, "-out", "db1.csr"], subject, more].concat());
}

fn p256_request(scene: &Scene, more: &[&str]) {
    openssl_request(
        scene,
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        more,
    );
}

fn sign(scene: &Scene, more: &[&str]) -> common::Call {
    scene.gsec(&["cert", "sign", "db1.csr"]).args(more)
}

/// Signs, and has OpenSSL and GnuTLS verify the certificate, which must be about the key of `db1.csr`; returns the answer.
#[track_caller]
fn is_certified(scene: &Scene, more: &[&str]) -> Value {
    let answer = sign(scene, more).args(&["--json"]).run().ok().json();
    let certificate = answer["files"]["host_certificate"]
        .as_str()
        .expect("a file")
        .to_owned();
    scene.openssl(&[
        "verify",
        "-x509_strict",
        "-CAfile",
        CA,
        "-verify_hostname",
        HOST,
        &certificate,
    ]);
    let gnutls = tool("certtool")
        .args(&["--verify", "--load-ca-certificate", CA, "--infile", &certificate])
        .in_dir(scene.dir.path(""))
        .run();
    gnutls.ok().says("The certificate is trusted");
    let requested = scene
        .openssl(&["req", "-in", "db1.csr", "-noout", "-pubkey"])
        .stdout;
    assert_eq!(
        scene
            .openssl(&["x509", "-in", &certificate, "-noout", "-pubkey"])
            .stdout,
        requested
    );
    answer
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .filter_map(|warning| warning["code"].as_str())
        .collect()
}

/// Asserts that it is refused under this code, and that nothing was changed; returns what was said.
#[track_caller]
fn is_refused(scene: &Scene, more: &[&str], code: &str) -> Outcome {
    let before = scene.tree();
    let refused = sign(scene, more).args(&["--json"]).run().code(3);
    assert_eq!(refused.error()["code"], code, "{refused}");
    scene.tree().is_unchanged_since(&before);
    refused
}

#[test]
fn every_kind_of_key_and_digest_is_certified() {
    let rsa = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"][..];
    let curve = |name: &'static str| ["-algorithm", "EC", "-pkeyopt", name];
    let [p256, p384, p521] = [
        curve("ec_paramgen_curve:P-256"),
        curve("ec_paramgen_curve:P-384"),
        curve("ec_paramgen_curve:P-521"),
    ];
    let pss_only = &["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"][..];
    type Case<'a> = (&'a [&'a str], &'a [&'a str], &'a str, &'a [&'a str]);
    let cases: [Case; 14] = [
        (rsa, &["-sha256"], "sha256WithRSAEncryption", &[]),
        (rsa, &["-sha512"], "sha512WithRSAEncryption", &[]),
        (rsa, &["-sha1"], "sha1WithRSAEncryption", &["request_digest"]),
        (
            rsa,
            &[
                "-sha256",
                "-sigopt",
                "rsa_padding_mode:pss",
                "-sigopt",
                "rsa_pss_saltlen:-1",
            ],
            "rsassaPss",
            &[],
        ),
        (
            rsa,
            &["-sha384", "-sigopt", "rsa_padding_mode:pss"],
            "rsassaPss",
            &[],
        ),
        (pss_only, &["-sha256"], "rsassaPss", &["pss_only_key"]),
        (&p256, &["-sha256"], "ecdsa-with-SHA256", &[]),
        (&p256, &["-sha1"], "ecdsa-with-SHA1", &["request_digest"]),
        (&p384, &["-sha256"], "ecdsa-with-SHA256", &[]),
        (&p384, &["-sha384"], "ecdsa-with-SHA384", &[]),
        (&p384, &["-sha224"], "ecdsa-with-SHA224", &[]),
        (&p521, &["-sha512"], "ecdsa-with-SHA512", &[]),
        (&p521, &["-sha256"], "ecdsa-with-SHA256", &[]),
        (&["-algorithm", "ED25519"], &[], "ed25519", &["ed25519"]),
    ];
    let scene = Scene::with_ca();
    for (key, digest, algorithm, warnings) in cases {
        println!("{key:?} {digest:?}");
        openssl_request(&scene, key, digest);
        let answer = is_certified(&scene, &["--host", HOST]);
        assert_eq!(
            (answer["request_signature"].as_str(), codes(&answer).as_slice()),
            (Some(algorithm), warnings)
        );
        assert_eq!(
            (&answer["ignored"], &answer["files"]["private_key"]),
            (&json!([]), &Value::Null)
        );
    }
    gsec_and_ca_db_agree(&scene.dir.path("gsec-ca"));
}

#[test]
fn key_for_pss_only_is_not_said_to_encipher() {
    let scene = Scene::with_ca();
    openssl_request(
        &scene,
        &["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
        &[],
    );
    is_certified(&scene, &["--host", HOST]);
    let usage = scene
        .openssl(&[
            "x509",
            "-in",
            "gsec-ca/repository/01.pem",
            "-noout",
            "-ext",
            "keyUsage",
        ])
        .stdout;
    assert!(
        usage.contains("Digital Signature") && !usage.contains("Key Encipherment"),
        "{usage}"
    );
}

#[test]
fn requests_of_gnutls_are_certified() {
    let scene = Scene::with_ca();
    scene.write("template", "cn = \"db1.example.com\"\ndns_name = \"db1.example.com\"\nip_address = \"10.0.0.5\"\ntls_www_server\nencryption_key\n");
    for kind in [
        &["--key-type", "rsa", "--bits", "2048"][..],
        &["--key-type", "ecdsa", "--curve", "secp384r1"],
        &["--key-type", "ed25519"],
    ] {
        let in_scene = |args: &[&str]| tool("certtool").args(args).in_dir(scene.dir.path("")).run().ok();
        in_scene(&[&["--generate-privkey", "--outfile", "db1.key"], kind].concat());
        in_scene(&[
            "--generate-request",
            "--load-privkey",
            "db1.key",
            "--template",
            "template",
            "--outfile",
            "db1.csr",
        ]);
        let answer = is_certified(&scene, &["--accept-csr-names"]);
        assert_eq!(answer["names"], json!(["dns:db1.example.com", "ip:10.0.0.5"]));
        assert!(
            answer["ignored"].to_string().contains("extKeyUsage serverAuth"),
            "{answer}"
        );
    }
}

#[test]
fn own_requests_are_read_by_others_and_certified() {
    let scene = Scene::with_ca();
    for kind in ["rsa", "p256", "p384", "p521", "ed25519"] {
        fs::create_dir(scene.dir.path(kind)).expect("a folder");
        let names = [
            "--san",
            "ip:10.0.0.5",
            "--san",
            "dns:db.example.com",
            "--org",
            "Example + Söhne",
        ];
        let made = scene
            .gsec(&[
                "cert",
                "request",
                "--host",
                HOST,
                "--key-type",
                kind,
                "--out-dir",
                kind,
                "--json",
            ])
            .args(&names)
            .run()
            .ok()
            .json();
        let request = made["files"]["request"].as_str().expect("a file").to_owned();
        let key = made["files"]["private_key"].as_str().expect("a file").to_owned();
        assert_eq!(
            (request.as_str(), key.as_str()),
            (
                &*format!("{kind}/db1_req.pem"),
                &*format!("{kind}/db1_priv_key.pem")
            )
        );
        let said = scene.openssl(&[
            "req", "-in", &request, "-noout", "-verify", "-text", "-nameopt", "utf8",
        ]);
        said.says("verify OK")
            .says("DNS:db1.example.com, IP Address:10.0.0.5, DNS:db.example.com")
            .says("Example + Söhne");
        let gnutls = tool("certtool")
            .args(&["--crq-info", "--infile", &request])
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
        gnutls
            .says("Self signature: verified")
            .says("DNSname: db1.example.com");
        assert_eq!(
            scene.openssl(&["pkey", "-in", &key, "-pubout"]).stdout,
            scene
                .openssl(&["req", "-in", &request, "-noout", "-pubkey"])
                .stdout
        );
        // What it says to type next certifies it as it stands.
        let next = made["next"][0].as_str().expect("a line");
        let line = format!(
            "PATH={}:$PATH; {next}",
            std::path::Path::new(env!("CARGO_BIN_EXE_gsec"))
                .parent()
                .expect("a folder")
                .display()
        );
        tool("sh")
            .args(&["-c", &line])
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
        scene.write("db1.csr", scene.read(&request));
        let answer = is_certified(
            &scene,
            &[
                "--host",
                HOST,
                "--san",
                "ip:10.0.0.5",
                "--accept-csr-names",
                "--org",
                "Example + Söhne",
            ],
        );
        assert_eq!(
            (&answer["ignored"], &answer["names_from_request"]),
            (&json!([]), &json!(["dns:db.example.com"]))
        );
        scene
            .gsec(&[
                "cert",
                "match",
                &key,
                answer["files"]["host_certificate"].as_str().expect("a file"),
            ])
            .run()
            .ok();
    }
}

#[test]
fn new_key_is_for_its_owner_only_and_in_the_form_that_was_asked_for() {
    let scene = Scene::empty();
    scene.write("secret", "a passphrase\n");
    let request = |host: &str, more: &[&str]| scene.gsec(&["cert", "request", "--host", host]).args(more);
    // Under a umask that forbids nothing, too.
    let open = tool("sh").args(&["-c", "umask 0; exec \"$@\"", "sh"]);
    request(HOST, &["--key-format", "pkcs1"]).through(open).run().ok();
    let mode = |name: &str| {
        fs::metadata(scene.dir.path(name))
            .expect("a file")
            .permissions()
            .mode()
            & 0o7777
    };
    assert_eq!((mode("db1_priv_key.pem"), mode("db1_req.pem")), (0o600, 0o644));
    assert!(
        scene
            .read("db1_priv_key.pem")
            .starts_with("-----BEGIN RSA PRIVATE KEY-----")
    );
    let made = request(
        "db2.example.com",
        &["--key-type", "p256", "--new-password-file", "secret", "--json"],
    )
    .run()
    .ok()
    .json();
    assert_eq!(made["key_encrypted"], true);
    assert!(
        scene
            .read("db2_priv_key.pem")
            .starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    );
    scene.openssl(&[
        "pkey",
        "-in",
        "db2_priv_key.pem",
        "-passin",
        "file:secret",
        "-noout",
    ]);
    // An IPv6 address gives a name that is no option.
    let made = request("::1", &["--key-type", "p256", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(made["files"]["request"], "host--1_req.pem");
}

#[test]
fn key_that_is_there_signs_and_stays_as_it_is() {
    let scene = Scene::empty();
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-aes-256-cbc",
        "-pass",
        "pass:secret",
        "-out",
        "mine.pem",
    ]);
    scene.write("secret", "secret");
    let key = ["--key", "mine.pem", "--password-file", "secret"];
    let before = scene.tree();
    let printed = scene
        .gsec(&["cert", "request", "--host", HOST, "--stdout"])
        .args(&key)
        .run()
        .ok();
    scene.tree().is_unchanged_since(&before);
    common::openssl(&["req", "-noout", "-verify"])
        .stdin(&printed.stdout)
        .run()
        .ok()
        .says("verify OK");
    let made = scene
        .gsec(&["cert", "request", "--host", HOST, "--json"])
        .args(&key)
        .run()
        .ok()
        .json();
    assert_eq!(
        (&made["files"]["private_key"], &made["key_encrypted"]),
        (&Value::Null, &Value::Null)
    );
    assert!(!scene.exists("db1_priv_key.pem"));
    let nowhere = scene
        .gsec(&["cert", "request", "--host", HOST, "--stdout"])
        .run()
        .code(2);
    nowhere.says("`--stdout` prints only the CSR, and the new key would be lost");
    let both = [
        "cert",
        "request",
        "--host",
        HOST,
        "--key",
        "mine.pem",
        "--new-password-file",
        "secret",
    ];
    scene.does_not_understand(&both, "a new password is given, but no key is written");
}

#[test]
fn request_replaces_nothing_and_leaves_no_half() {
    let scene = Scene::empty();
    scene.write("db1_req.pem", "somebody's");
    let said = [
        "error: `db1_req.pem` already exists, and is never replaced",
        "hint: choose another directory with `--out-dir DIR`, or move the existing CSR away",
    ];
    scene.refuses(&["cert", "request", "--host", HOST], 3, &said);
    scene.refuses(&["cert", "request", "--host", HOST, "--dry-run"], 3, &said);
    let before = scene.tree();
    scene
        .gsec(&["cert", "request", "--host", HOST, "--out-dir", "missing"])
        .run()
        .code(3);
    scene
        .gsec(&["cert", "request", "--host", "db2.example.com", "--dry-run"])
        .run()
        .ok()
        .says("Would create");
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn windows_is_told_what_to_make() {
    let scene = Scene::empty();
    let inf = ["cert", "request", "--format", "certreq-inf", "--host"];
    let made = scene
        .gsec(&inf)
        .args(&[
            HOST,
            "--san",
            "ip:10.0.0.5",
            "--org",
            "A, B",
            "--key-type",
            "p256",
            "--json",
        ])
        .run()
        .ok()
        .json();
    assert_eq!(
        made["advice"],
        json!([
            "On Windows, make the key and the CSR: certreq -new 'db1_req.inf' 'db1_req.pem'",
            "Where the CA is: gsec cert sign 'db1_req.pem' --host db1.example.com --san ip:10.0.0.5 --org 'A, B'",
            "On Windows, install the certificate: certreq -accept and its file."
        ])
    );
    assert_eq!(made["next"], json!([]));
    let text = scene.read("db1_req.inf");
    for line in [
        "[NewRequest]",
        r#"Subject="CN=db1.example.com,O=""A, B""""#,
        r#"FriendlyName="db1.example.com""#,
        "KeyAlgorithm=ECDSA_P256",
        r#"_continue_="dns=db1.example.com&""#,
        r#"_continue_="ipaddress=10.0.0.5&""#,
    ] {
        assert!(text.contains(&format!("{line}\r\n")), "{line}\n{text}");
    }
    assert!(!scene.exists("db1_priv_key.pem"));
    scene
        .gsec(&inf)
        .args(&["db2.example.com", "--org", "Söhne"])
        .run()
        .ok();
    let octets = scene.read_bytes("db2_req.inf");
    assert_eq!(
        octets[..4],
        [0xff, 0xfe, b'[', 0],
        "UTF-16 with a byte order mark"
    );
    let printed = scene.gsec(&inf).args(&["db3.example.com", "--stdout"]).run().ok();
    assert!(printed.stdout.starts_with("[Version]\r\n") && !scene.exists("db3_req.inf"));
    let said = [
        "error: no certreq file can be written",
        "  caused by: Windows cannot make Ed25519 keys",
        "hint: `--key-type p256` is a key type that Windows makes",
    ];
    scene.refuses(
        &[&inf[..], &["db4.example.com", "--key-type", "ed25519"]].concat(),
        3,
        &said,
    );
}

#[test]
fn names_are_those_that_were_given() {
    let scene = Scene::with_ca();
    p256_request(
        &scene,
        &[
            "-addext",
            "subjectAltName=DNS:DB1.example.com,DNS:www.example.com,IP:10.0.0.5,email:a@example.com",
        ],
    );
    scene.refuses(
        &["cert", "sign", "db1.csr"],
        3,
        &[
            "error: no name was given to certify, and the CSR requests dns:DB1.example.com, \
             dns:www.example.com, ip:10.0.0.5, email:a@example.com",
            "hint: pass `--host DB1.example.com --san dns:www.example.com --san ip:10.0.0.5 --san email:a@example.com`, or `--accept-csr-names` for all of them",
        ],
    );
    scene.refuses(
        &["cert", "sign", "db1.csr", "--host", HOST, "--san", "ip:10.0.0.5"],
        3,
        &[
            "error: the CSR requests additional names: dns:www.example.com, email:a@example.com",
            "hint: if the host has these names, pass `--san dns:www.example.com --san email:a@example.com`, or `--accept-csr-names` for all of them",
        ],
    );
    // Names beyond the request's are the administrator's business, and `--san` alone is enough.
    let sans = [
        "--san",
        "dns:db1.example.com",
        "--san",
        "dns:www.example.com",
        "--san",
        "ip:10.0.0.5",
        "--san",
        "email:a@example.com",
    ];
    let answer = is_certified(&scene, &[&sans[..], &["--san", "dns:more.example.com"]].concat());
    assert_eq!(
        (&answer["names"][0], answer["names"].as_array().map(Vec::len)),
        (&json!("dns:db1.example.com"), Some(5))
    );
    assert_eq!(answer["names_from_request"], json!([]));
    let answer = is_certified(&scene, &["--accept-csr-names", "--host", HOST]);
    assert_eq!(
        answer["names_from_request"],
        json!(["dns:www.example.com", "ip:10.0.0.5", "email:a@example.com"])
    );
    let found = scene
        .openssl(&[
            "x509",
            "-in",
            "gsec-ca/repository/02.pem",
            "-noout",
            "-ext",
            "subjectAltName",
        ])
        .stdout;
    assert!(
        found.contains("DNS:db1.example.com, DNS:www.example.com, IP Address:10.0.0.5, email:a@example.com"),
        "{found}"
    );
}

#[test]
fn common_name_that_reads_as_a_host_is_a_name() {
    let scene = Scene::with_ca();
    p256_request(
        &scene,
        &[
            "-subj",
            "/O=Example/CN=db1.example.com",
            "-addext",
            "subjectAltName=DNS:www.example.com",
        ],
    );
    is_refused(&scene, &["--host", "www.example.com"], "request.names_beyond")
        .says("additional names: dns:db1.example.com");
    let answer = is_certified(&scene, &["--accept-csr-names"]);
    assert_eq!(
        (&answer["names"], &answer["subject"]),
        (
            &json!(["dns:db1.example.com", "dns:www.example.com"]),
            &json!("CN=db1.example.com")
        )
    );
    assert_eq!(answer["ignored"], json!(["subject O=Example"]));
    for (subject, code) in [
        ("/CN=Database one", "request.no_host"),
        ("/CN=db1", "request.no_host"),
        ("/O=Example", "request.no_host"),
    ] {
        p256_request(&scene, &["-subj", subject]);
        is_refused(&scene, &["--accept-csr-names"], code);
        is_refused(&scene, &[], "request.names_not_given");
    }
    p256_request(&scene, &["-subj", "/CN=Database one"]);
    let answer = is_certified(&scene, &["--host", HOST]);
    assert_eq!(answer["ignored"], json!(["subject CN=Database one"]));
}

#[test]
fn names_that_nobody_certifies_are_listed() {
    let scene = Scene::with_ca();
    let odd = "subjectAltName=DNS:db1.example.com,DNS:10.0.0.5,DNS:a b.example.com,otherName:1.2.3.4;UTF8:admin,RID:1.2.3";
    p256_request(&scene, &["-addext", odd]);
    is_refused(&scene, &["--host", HOST], "request.names_beyond").says("otherName:1.2.3.4");
    let answer = is_certified(&scene, &["--accept-csr-names"]);
    // An address that was written as a host name is what it is.
    assert_eq!(answer["names"], json!(["dns:db1.example.com", "ip:10.0.0.5"]));
    let ignored = [
        "subjectAltName dns:a b.example.com",
        "subjectAltName otherName:1.2.3.4",
        "subjectAltName registeredID:1.2.3",
    ];
    assert_eq!(answer["ignored"], json!(ignored));
    let certificate = scene.read_bytes("gsec-ca/repository/01.pem");
    let text = common::openssl(&["x509", "-noout", "-text"])
        .stdin(certificate)
        .run()
        .ok()
        .stdout;
    assert!(!text.contains("a b") && !text.contains("othername"), "{text}");
}

#[test]
fn policy_decides_about_names_of_requests() {
    let scene = Scene::with_ca();
    p256_request(
        &scene,
        &[
            "-addext",
            "subjectAltName=DNS:db1.example.com,DNS:www.example.org",
        ],
    );
    let policy = scene.read("gsec-ca/ca_conf/gsec.toml");
    scene.write(
        "gsec-ca/ca_conf/gsec.toml",
        policy.replace("accept_csr_names = true", "accept_csr_names = false"),
    );
    scene.refuses(
        &["cert", "sign", "db1.csr", "--host", HOST, "--accept-csr-names"],
        3,
        &[
            "error: refused by `gsec-ca/ca_conf/gsec.toml`",
            "  caused by: `accept_csr_names` of `[profile.host]` is false, and only the CSR requests \
             dns:www.example.org",
            "hint: pass them yourself: `--san dns:www.example.org`; or set `accept_csr_names = true` in `[profile.host]` of `gsec-ca/ca_conf/gsec.toml`",
        ],
    );
    // The administrator may, and so may a request without further names.
    is_certified(
        &scene,
        &[
            "--host",
            HOST,
            "--san",
            "dns:www.example.org",
            "--accept-csr-names",
        ],
    );
    scene.write(
        "gsec-ca/ca_conf/gsec.toml",
        policy.replace("name_suffixes = []", "name_suffixes = [\"example.com\"]"),
    );
    let refused = is_refused(&scene, &["--accept-csr-names"], "policy.name_suffix");
    refused
        .says("`www.example.org` is not covered by `name_suffixes` of `[profile.host]`: example.com")
        .says("ca_conf/gsec.toml");
    scene.write(
        "gsec-ca/ca_conf/gsec.toml",
        policy.replace("key_types = [\"rsa\", \"p256\", ", "key_types = [\"rsa\", "),
    );
    is_refused(&scene, &["--accept-csr-names"], "policy.key_type");
    is_refused(
        &scene,
        &["--accept-csr-names", "--profile", "nosuch"],
        "policy.no_profile",
    );
}

#[test]
fn whatever_else_is_wished_for_is_listed_and_not_granted() {
    let scene = Scene::with_ca();
    let config = "[req]\nprompt=no\ndistinguished_name=dn\nattributes=attrs\nreq_extensions=ext\n[dn]\nC=DE\nO=Evil + Co\nCN=db1.example.com\n\
                  [attrs]\nchallengePassword=hunter2secret\n[ext]\nbasicConstraints=critical,CA:TRUE,pathlen:3\nkeyUsage=keyCertSign,cRLSign\n\
                  extendedKeyUsage=codeSigning\ntlsfeature=status_request\n1.2.3.5=ASN1:UTF8String:private\n";
    scene.write("req.cnf", config);
    p256_request(&scene, &["-config", "req.cnf"]);
    let answer = is_certified(&scene, &["--host", HOST]);
    let mut ignored: Vec<&str> = answer["ignored"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    ignored.sort_unstable();
    let wanted = [
        "1.2.3.5",
        "basicConstraints CA:TRUE, pathlen:3",
        "challengePassword",
        "extKeyUsage codeSigning",
        "keyUsage keyCertSign, cRLSign",
        "subject C=DE",
        "subject O=Evil + Co",
        "tlsFeature",
    ];
    assert_eq!(ignored, wanted);
    assert_eq!(codes(&answer), ["authority_not_granted"]);
    let text = scene
        .openssl(&["x509", "-in", "gsec-ca/repository/01.pem", "-noout", "-text"])
        .stdout;
    assert!(
        text.contains("CA:FALSE")
            && !text.contains("Code Signing")
            && !text.contains("Certificate Sign")
            && !text.contains("1.2.3.5"),
        "{text}"
    );
    let said = sign(&scene, &["--host", HOST, "-v"]).run().ok();
    for wish in ignored {
        assert!(said.stdout.contains(wish), "{wish}: {said}");
    }
    assert!(!format!("{said}{}", scene.read("gsec-ca/ca_conf/audit.log")).contains("hunter2secret"));
    let printed = sign(&scene, &["--host", HOST, "--stdout"]).run().ok();
    printed
        .says("the CSR requests more than was granted: ")
        .says("tlsFeature");
}

#[test]
fn subject_is_the_administrator_s_too() {
    let scene = Scene::with_ca();
    p256_request(&scene, &["-subj", "/C=DE/O=Theirs/CN=db1.example.com"]);
    let answer = is_certified(
        &scene,
        &[
            "--host",
            HOST,
            "--org",
            "Ours",
            "--country",
            "DE",
            "--days",
            "30",
            "--profile",
            "tls-server",
        ],
    );
    assert_eq!(
        (&answer["subject"], &answer["ignored"]),
        (
            &json!("C=DE, O=Ours, CN=db1.example.com"),
            &json!(["subject O=Theirs"])
        )
    );
    let usage = scene
        .openssl(&[
            "x509",
            "-in",
            "gsec-ca/repository/01.pem",
            "-noout",
            "-ext",
            "extendedKeyUsage",
        ])
        .stdout;
    assert!(
        usage.contains("TLS Web Server Authentication") && !usage.contains("Client"),
        "{usage}"
    );
}

#[test]
fn key_must_have_signed_the_request() {
    let scene = Scene::with_ca();
    for key in [
        &["-algorithm", "RSA"][..],
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        &["-algorithm", "ED25519"],
    ] {
        openssl_request(&scene, key, &["-outform", "DER"]);
        let mut der = scene.read_bytes("db1.csr");
        let last = der.len() - 1;
        der[last] ^= 1;
        scene.write("db1.csr", &der);
        is_refused(&scene, &["--host", HOST], "request.possession");
    }
    // Another name in it than was signed.
    openssl_request(&scene, &["-algorithm", "ED25519"], &["-outform", "DER"]);
    let mut der = scene.read_bytes("db1.csr");
    let at = der
        .windows(3)
        .position(|octets| octets == b"db1")
        .expect("the name");
    der[at] = b'x';
    scene.write("db1.csr", &der);
    is_refused(
        &scene,
        &["--host", HOST, "--accept-csr-names"],
        "request.possession",
    )
    .says("is not signed by its own key (ed25519)");
    openssl_request(&scene, &["-algorithm", "RSA"], &["-md5"]);
    is_refused(&scene, &["--host", HOST], "request.signature_unsupported").says("md5WithRSAEncryption");
}

#[test]
fn name_and_key_of_a_ca_are_nobody_s() {
    let scene = Scene::with_ca();
    p256_request(&scene, &["-subj", "/CN=TEST  ca"]);
    is_refused(&scene, &["--host", HOST], "request.ca_name").says("`CN=Test CA`");
    openssl_request_for(&scene, "gsec-ca/ca_conf/ca_priv_key.pem", &[]);
    is_refused(&scene, &["--host", HOST], "request.ca_key");
}

#[test]
fn weak_and_strange_keys_are_not_certified() {
    let scene = Scene::with_ca();
    let curve = |name: &'static str| ["-algorithm", "EC", "-pkeyopt", name];
    let cases: [(&[&str], &str, &str); 6] = [
        (
            &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
            "request.weak_key",
            "RSA key of 1024 bits, and the minimum is 2048",
        ),
        (
            &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2040"],
            "request.weak_key",
            "2040 bits",
        ),
        (&curve("ec_paramgen_curve:secp224r1"), "request.weak_key", "P-224"),
        (
            &curve("ec_paramgen_curve:secp256k1"),
            "request.key_unsupported",
            "it is secp256k1; only RSA, P-256, P-384, P-521 and Ed25519 keys are certified",
        ),
        (
            &curve("ec_paramgen_curve:brainpoolP256r1"),
            "request.key_unsupported",
            "brainpoolP256r1",
        ),
        (&["-algorithm", "ED448"], "request.key_unsupported", "Ed448"),
    ];
    for (key, code, said) in cases {
        openssl_request(&scene, key, &[]);
        is_refused(&scene, &["--host", HOST], code).says(said);
    }
    scene.openssl(&[
        "ecparam",
        "-name",
        "prime256v1",
        "-genkey",
        "-conv_form",
        "compressed",
        "-out",
        "db1.key",
    ]);
    scene.openssl(&[
        "ec",
        "-in",
        "db1.key",
        "-conv_form",
        "compressed",
        "-out",
        "small.key",
    ]);
    openssl_request_for(&scene, "small.key", &[]);
    is_refused(&scene, &["--host", HOST], "request.key_unsupported").says("compressed");
}

/// A request in DER with this key and these dNSNames, and a signature that is none: keys are looked at before signatures.
fn written_request(key: Vec<u8>, names: impl Iterator<Item = String>) -> Vec<u8> {
    let names: Vec<u8> = names.flat_map(|name| tlv(0x82, name.as_bytes())).collect();
    let extension = sequence(&[oid("2.5.29.17"), octet_string(&tlv(0x30, &names))]);
    let attribute = sequence(&[oid("1.2.840.113549.1.9.14"), set(&[sequence(&[extension])])]);
    let info = sequence(&[number(0), sequence(&[]), key, context(0, &attribute)]);
    sequence(&[
        info,
        sequence(&[oid("1.2.840.113549.1.1.11"), null()]),
        bit_string(&[0; 256]),
    ])
}

fn bit_string(content: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], content].concat())
}

fn rsa_key(modulus: &[u8], exponent: u32) -> Vec<u8> {
    let key = sequence(&[integer(&[&[0], modulus].concat()), number(exponent)]);
    sequence(&[sequence(&[oid("1.2.840.113549.1.1.1"), null()]), bit_string(&key)])
}

#[test]
fn rsa_keys_that_protect_nothing_are_not_certified() {
    let scene = Scene::with_ca();
    // 2^2048 - 23 has no factor below 752.
    let mut modulus = [0xff; 256];
    modulus[254..].copy_from_slice(&[0xff, 0xe9]);
    let even = [&modulus[..255], &[0xee]].concat();
    let cases = [
        (
            rsa_key(&modulus, 1),
            "request.weak_key",
            "the public exponent of the RSA key is 1, and must be an odd number of at least 3",
        ),
        (
            rsa_key(&modulus, 65_536),
            "request.weak_key",
            "the public exponent of the RSA key is 65536",
        ),
        (
            rsa_key(&even, 65_537),
            "request.weak_key",
            "the modulus of the RSA key is divisible by 2",
        ),
        (
            rsa_key(&[0xff; 1100], 65_537),
            "request.key_unsupported",
            "an RSA key of 8800 bits",
        ),
        (
            rsa_key(&modulus, 65_537),
            "request.possession",
            "is not signed by its own key",
        ),
    ];
    for (key, code, said) in cases {
        scene.write("db1.csr", written_request(key, std::iter::empty()));
        is_refused(&scene, &["--host", HOST], code).says(said);
    }
}

#[test]
fn a_hundred_thousand_names_are_refused_in_few_words() {
    let scene = Scene::with_ca();
    scene.openssl_key("db1.key");
    let names: String = (0..100_000)
        .map(|number| format!("DNS.{number} = h{number}.example.com\n"))
        .collect();
    scene.write(
        "req.cnf",
        format!("[req]\nprompt=no\ndistinguished_name=dn\nreq_extensions=ext\n[dn]\nCN={HOST}\n[ext]\nsubjectAltName=@names\n[names]\n{names}"),
    );
    openssl_request_for(&scene, "db1.key", &["-config", "req.cnf"]);
    for args in [&[][..], &["--host", HOST]] {
        let refused = sign(&scene, args).run().code(3);
        refused
            .says("dns:h11.example.com, and 9998")
            .says("hint: pass `--accept-csr-names`, if the host has all of them");
    }
    let dry = sign(&scene, &["--accept-csr-names", "--dry-run", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(dry["names"].as_array().map(Vec::len), Some(100_001));
}

#[test]
fn requests_of_java_and_of_nss_are_certified() {
    let scene = Scene::with_ca();
    let store = [
        "-keystore",
        "host.p12",
        "-storepass",
        "changeit",
        "-alias",
        "host",
    ];
    let in_scene = |args: &[&str]| {
        keytool(&[args, &store].concat())
            .in_dir(scene.dir.path(""))
            .run()
            .ok()
    };
    in_scene(&[
        "-genkeypair",
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-dname",
        "CN=db1.example.com, O=Example",
    ]);
    in_scene(&["-certreq", "-file", "db1.csr", "-ext", "san=dns:db1.example.com"]);
    let answer = is_certified(&scene, &["--host", HOST]);
    assert!(
        answer["ignored"].to_string().contains("subject O=Example"),
        "{answer}"
    );
    // The key store takes the certificate as the answer to its request.
    keytool(&[
        "-importcert",
        "-noprompt",
        "-file",
        CA,
        "-keystore",
        "host.p12",
        "-storepass",
        "changeit",
        "-alias",
        "ca",
    ])
    .in_dir(scene.dir.path(""))
    .run()
    .ok();
    in_scene(&[
        "-importcert",
        "-noprompt",
        "-file",
        answer["files"]["host_certificate"].as_str().expect("a file"),
    ])
    .says("installed in keystore");
    let nss = NssDatabase::new();
    scene.write(
        "noise",
        "some forty octets that stand in for what a person would type",
    );
    let (request, noise) = (scene.dir.path("nss.der"), scene.dir.path("noise"));
    nss.certutil(&[
        "-R",
        "-s",
        "CN=db1.example.com",
        "-8",
        HOST,
        "-k",
        "ec",
        "-q",
        "nistp256",
        "-z",
        &noise,
        "-o",
        &request,
    ])
    .ok();
    scene.openssl(&["req", "-inform", "DER", "-in", "nss.der", "-out", "db1.csr"]);
    is_certified(&scene, &["--host", HOST]);
}

#[test]
fn intermediate_ca_certifies_with_its_chain_and_guards_the_root_too() {
    let scene = Scene::with_ca();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Issuing CA",
            "--key-type",
            "p256",
            "--parent",
            "gsec-ca",
            "--ca-dir",
            "sub",
        ])
        .run()
        .ok();
    p256_request(&scene, &[]);
    let answer = sign(&scene, &["--host", HOST, "--ca-dir", "sub", "--json"])
        .run()
        .ok()
        .json();
    let certificate = answer["files"]["host_certificate"]
        .as_str()
        .expect("a file")
        .to_owned();
    scene.openssl(&[
        "verify",
        "-x509_strict",
        "-CAfile",
        CA,
        "-untrusted",
        &certificate,
        &certificate,
    ]);
    assert_eq!(scene.read(&certificate).matches("BEGIN CERTIFICATE").count(), 2);
    openssl_request_for(&scene, "gsec-ca/ca_conf/ca_priv_key.pem", &[]);
    is_refused(&scene, &["--host", HOST, "--ca-dir", "sub"], "request.ca_key").says("CN=Test CA");
    p256_request(&scene, &["-subj", "/CN=Test CA"]);
    is_refused(&scene, &["--host", HOST, "--ca-dir", "sub"], "request.ca_name");
}

#[test]
fn encrypted_ca_key_is_opened_after_everything_else_is_checked() {
    let scene = Scene::empty();
    scene.write("secret", "a passphrase\n");
    let init = [
        "ca",
        "init",
        "--cn",
        "Test CA",
        "--key-type",
        "p256",
        "--encrypt-key",
        "--ca-passphrase-file",
        "secret",
    ];
    scene.gsec(&init).run().ok();
    p256_request(&scene, &[]);
    is_refused(&scene, &["--host", HOST], "key.encrypted").says("--ca-passphrase-file");
    scene.write("wrong", "another");
    is_refused(
        &scene,
        &["--host", HOST, "--ca-passphrase-file", "wrong"],
        "key.wrong_password",
    );
    is_certified(&scene, &["--host", HOST, "--ca-passphrase-file", "secret"]);
    let request = scene.read("db1.csr");
    scene
        .gsec(&["cert", "sign", "db1.csr", "--host", HOST, "--ca-passphrase-stdin"])
        .stdin("a passphrase\n")
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "sign",
            "-",
            "--host",
            HOST,
            "--ca-passphrase-file",
            "secret",
        ])
        .stdin(request)
        .run()
        .ok();
}

#[test]
fn request_is_read_in_every_form() {
    let scene = Scene::with_ca();
    p256_request(&scene, &["-text"]);
    let pem = scene.read("db1.csr");
    assert!(
        pem.starts_with("Certificate Request:"),
        "a text before the PEM block: {pem}"
    );
    is_certified(&scene, &["--host", HOST]);
    scene.openssl(&["req", "-in", "db1.csr", "-outform", "DER", "-out", "db1.der"]);
    scene
        .gsec(&["cert", "sign", "db1.der", "--host", HOST])
        .run()
        .ok();
    for text in [
        pem.replace('\n', "\r\n"),
        format!("\u{feff}{pem}"),
        pem.replace(" CERTIFICATE REQUEST", " NEW CERTIFICATE REQUEST"),
    ] {
        scene
            .gsec(&["cert", "sign", "-", "--host", HOST])
            .stdin(text)
            .run()
            .ok();
    }
    let two = ["cert", "sign", "-", "--host", HOST, "--ca-passphrase-stdin"];
    scene
        .gsec(&two)
        .stdin(&pem)
        .run()
        .code(2)
        .says("standard input can provide only one value");
}

#[test]
fn what_is_no_request_is_said() {
    let scene = Scene::with_ca();
    p256_request(&scene, &[]);
    let pem = scene.read("db1.csr");
    let with = |content: &[u8], code: &str, said: &str| {
        scene.write("db1.csr", content);
        is_refused(&scene, &["--host", HOST], code).says(said);
    };
    with(
        scene.read(CA).as_bytes(),
        "x509.no_request",
        "it contains no CSR: only CERTIFICATE",
    );
    with(scene.read("db1.key").as_bytes(), "x509.no_request", "PRIVATE KEY");
    with(pem.repeat(2).as_bytes(), "x509.several_requests", "2 CSRs");
    with(b"hello", "x509.no_request", "it is neither PEM nor DER");
    with(b"", "x509.no_request", "no CSR");
    with(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], "x509.no_request", "no CSR");
    with(pem.replace("\nMI", "\n!I").as_bytes(), "x509.damaged", "db1.csr");
    let der = common::openssl(&["req", "-outform", "DER"])
        .stdin(&pem)
        .run()
        .ok()
        .stdout_bytes;
    with(&der[..der.len() / 2], "x509.damaged", "the CSR is damaged");
    with(
        &[&der[..], b"x"].concat(),
        "x509.damaged",
        "the CSR is damaged: 1 bytes follow it",
    );
    let certificate = common::openssl(&["x509", "-outform", "DER"])
        .stdin(scene.read(CA))
        .run()
        .ok()
        .stdout_bytes;
    with(&certificate, "x509.no_request", "it is a certificate");
    scene
        .gsec(&["cert", "sign", "nosuch.csr", "--host", HOST])
        .run()
        .code(3)
        .says("nosuch.csr");
}

#[test]
fn dry_run_opens_no_key_and_says_what_would_be_written() {
    let scene = Scene::with_ca();
    p256_request(&scene, &["-addext", "subjectAltName=DNS:db1.example.com"]);
    let key = "gsec-ca/ca_conf/ca_priv_key.pem";
    let content = scene.read(key);
    fs::remove_file(scene.dir.path(key)).expect("the key goes");
    let before = scene.tree();
    let dry = sign(&scene, &["--accept-csr-names", "--dry-run", "--json"])
        .run()
        .ok()
        .json();
    sign(&scene, &["--accept-csr-names", "--dry-run"])
        .run()
        .ok()
        .says("(serial 01, if no other command issues first)");
    scene.tree().is_unchanged_since(&before);
    scene.write(key, content);
    scene.chmod(key, 0o400);
    fs::create_dir(scene.dir.path("out")).expect("a folder");
    let answer = is_certified(&scene, &["--accept-csr-names", "--out-dir", "out"]);
    assert_eq!(
        (&dry["serial"], &dry["files"]["host_certificate"]),
        (&answer["serial"], &answer["files"]["host_certificate"])
    );
    assert_eq!(
        answer["files"]["delivered"],
        json!(["out/db1_cert.pem", "out/db1_chain.pem"])
    );
    let made = names_in(scene.dir.path("gsec-ca/repository"));
    assert_eq!(made.len(), 2, "no key, no PFX: {made:?}");
    let log = scene.read("gsec-ca/ca_conf/audit.log");
    assert!(
        log.lines()
            .last()
            .is_some_and(|line| line.contains("\"cert.sign\"") && line.contains("\"01\"")),
        "{log}"
    );
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
}

#[test]
fn certificate_on_stdout_is_whole_and_kept() {
    let scene = Scene::with_ca();
    p256_request(&scene, &[]);
    let printed = sign(&scene, &["--host", HOST, "--stdout"]).run().ok();
    assert_eq!(printed.stdout, scene.read("gsec-ca/repository/01_db1_cert.pem"));
    assert_eq!(printed.stderr, "", "{printed}");
}

#[test]
fn a_key_for_pss_alone_is_called_what_it_is() {
    let scene = Scene::with_ca();
    openssl_request(
        &scene,
        &["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
        &["-addext", "subjectAltName=DNS:db1.example.com"],
    );
    for more in [&["--dry-run"][..], &[]] {
        let said = sign(&scene, &[&["--accept-csr-names"], more].concat()).run().ok();
        assert!(
            said.stdout.contains("  key            RSA-PSS 2048\n")
                && said.stderr.contains("the key is for RSASSA-PSS only"),
            "{said}"
        );
    }
    assert!(
        scene
            .gsec(&["cert", "ensure", "--csr", "db1.csr", "--host", HOST])
            .run()
            .ok()
            .stdout
            .contains("RSA-PSS 2048")
    );
    // A plain key that signed with PSS is a plain key.
    openssl_request(
        &scene,
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        &["-sigopt", "rsa_padding_mode:pss"],
    );
    let said = sign(&scene, &["--host", HOST]).run().ok();
    assert!(
        said.stdout.contains("  key            RSA 2048\n") && !said.stderr.contains("RSASSA-PSS"),
        "{said}"
    );
    // The same of a CA.
    openssl_request(
        &scene,
        &["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
        &[
            "-subj",
            "/CN=Sub CA",
            "-addext",
            "basicConstraints=critical,CA:TRUE",
        ],
    );
    let said = scene.gsec(&["ca", "sign", "db1.csr", "--dry-run"]).run();
    assert!(said.stdout.contains("RSA-PSS 2048"), "{said}");
}

/// As a server makes an order of a request and the names that it has checked: nothing says which name is the host.
#[test]
fn an_order_is_for_the_key_of_its_request_and_the_first_host_names_it() {
    let scene = Scene::with_ca();
    p256_request(&scene, &["-addext", "subjectAltName=DNS:db1.example.com,DNS:db"]);
    let request = decode_request(&scene.read_bytes("db1.csr")).expect("a request");
    let authority = Authority::open(CaDir::at(scene.dir.path("gsec-ca"))).expect("the CA");
    let checked = ["email:ops@example.com", "dns:db1.example.com", "dns:db"];
    let order = HostOrder {
        further_names: checked
            .map(|name| GeneralName::parse_san(name).expect("a name"))
            .to_vec(),
        names: Names::FromRequest {
            request: Box::new(request.clone()),
            takes_names: false,
        },
        ..HostOrder::new(None, HostKey::of_request(&request), "host")
    };
    let now = time::OffsetDateTime::now_utc();
    let plan = authority.plan_host(order.clone(), now).expect("a plan");
    let names: Vec<String> = plan.names.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["dns:db1.example.com", "email:ops@example.com", "dns:db"]);
    assert_eq!(plan.subject.to_string(), "CN=db1.example.com");
    let of_another_key = HostOrder {
        key: HostKey::Generate(KeyAlgorithm::P256),
        ..order
    };
    let refused = authority.plan_host(of_another_key, now).err();
    assert!(matches!(refused, Some(AuthorityError::OtherKey)), "{refused:?}");
}
