//! What is read of files that are not as they should be, and of arguments as people type them: nothing is dropped in silence.

use crate::common;

use common::forge::{self, Recipe};
use common::{Scene, reads_as};

const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";

/// A root, an intermediate CA and a host, in files of these names.
fn chain() -> Scene {
    let scene = Scene::empty();
    let root = Recipe::ca("Root").self_signed();
    let middle = Recipe::ca("Middle").signed_by(&root);
    let host = Recipe::host().signed_by(&middle);
    scene.write("root.pem", root.pem());
    scene.write("middle.pem", middle.pem());
    scene.write("host.pem", host.pem());
    scene.write("chain.pem", host.pem() + &middle.pem());
    scene
}

/// The commands that read a file of certificates, in each place where one can be named.
fn readers(file: &str) -> Vec<Vec<&str>> {
    vec![
        vec!["cert", "show", file],
        vec!["cert", "thumbprint", file],
        vec!["cert", "verify", file, "--trust", "root.pem"],
        vec!["cert", "verify", "host.pem", "--trust", file],
        vec![
            "cert",
            "verify",
            "host.pem",
            "--trust",
            "root.pem",
            "--untrusted",
            file,
        ],
        vec!["cert", "match", file, "host.pem"],
        vec!["convert", "to-pem", file],
        vec!["convert", "to-der", file, "--out", "new.der"],
        vec!["doctor", file],
        vec!["doctor", "host.pem", "--trust", file],
        vec!["ca", "accept", file],
    ]
}

// PEM that programs do not read

#[test]
fn a_boundary_that_is_none_is_named_with_its_line_by_every_command() {
    let scene = chain();
    scene
        .gsec(&["ca", "request", "--cn", "Waiting", "--key-type", "p256"])
        .run()
        .ok();
    let (host, middle) = (scene.read("host.pem"), scene.read("middle.pem"));
    let at = host.lines().count();
    let cases = [
        (
            host.trim_end().to_owned() + &middle,
            format!("line {at}: END and BEGIN are on one line: a newline is missing between them"),
        ),
        (
            host.clone() + &middle.replace("-----", "----"),
            format!(
                "line {}: the boundary must have five hyphens on each side",
                at + 1
            ),
        ),
        (
            host.clone() + &middle.replace("-----", "\u{2013}\u{2013}"),
            format!(
                "line {}: the boundary contains U+2013 instead of hyphens `-`",
                at + 1
            ),
        ),
        (
            host.clone() + &middle.replace("CERTIFICATE", "CERTIFCATE"),
            format!(
                "line {}: the block is labeled `CERTIFCATE`, but should be labeled `CERTIFICATE`",
                at + 1
            ),
        ),
        (
            host.clone() + &middle.replace("-----END CERTIFICATE-----\n", ""),
            format!("line {}: a block begins here that has no end", at + 1),
        ),
        (
            host.clone() + &middle.replace("-----BEGIN CERTIFICATE-----\n", ""),
            format!(
                "line {}: there is base64 content here without a BEGIN line before it",
                at + 1
            ),
        ),
        (
            host.clone() + &middle.replace('\n', "\\n"),
            format!(
                "line {}: it contains a backslash and the letter n (`\\n`) instead of newlines",
                at + 1
            ),
        ),
        (
            host.clone() + &middle.replace('\n', "\r"),
            format!(
                "line {}: the lines end with a carriage return (CR) only, without a line feed",
                at + 1
            ),
        ),
    ];
    for (content, cause) in cases {
        scene.write("odd.pem", content);
        for call in &readers("odd.pem") {
            let before = scene.tree();
            let refused = scene.gsec(call).run().code(3);
            assert!(
                refused.stderr.contains(&format!("caused by: {cause}\n")),
                "{call:?} does not say {cause:?}: {refused}"
            );
            scene.tree().is_unchanged_since(&before);
        }
    }
}

#[test]
fn the_command_in_the_hint_makes_a_file_that_is_read() {
    let scene = chain();
    let (host, middle) = (scene.read("host.pem"), scene.read("middle.pem"));
    for content in [
        host.trim_end().to_owned() + &middle,
        format!("\"{}\"\n", (host.clone() + &middle).replace('\n', "\\n")),
        (host.clone() + &middle).replace('\n', "\r"),
        host.clone() + &middle.replace("-----", "----"),
        host.clone() + &middle.replace("-----", "\u{2013}\u{2014}"),
        host.clone()
            + &middle
                .replace("BEGIN CERTIFICATE", "Begin Certificate")
                .replace("END CERTIFICATE", "End Certificate"),
        host.clone() + &middle.replace("CERTIFICATE", "CERTIFCATE"),
        host.clone() + &middle.replace("BEGIN", "\u{200b}BEGIN"),
        host.replace('\n', "\0\n") + &middle,
    ] {
        // The usual name of the result is that of the file, and then taken by something else: nothing is written over.
        for file in ["new.pem", "odd.pem"] {
            scene.write(file, &content);
            type_hint(&scene, &["cert", "show", file]);
            assert_eq!(scene.read_bytes(file), content.as_bytes(), "{file}");
            assert_eq!(scene.read_bytes("new.pem"), content.as_bytes(), "{file}");
            scene
                .gsec(&["cert", "verify", "new2.pem", "--trust", "root.pem"])
                .run()
                .ok();
            std::fs::remove_file(scene.dir.path("new2.pem")).expect("written");
        }
    }
}

/// What stores of secrets and settings write: the texts stand on one line or on one each, with slashes escaped or not, with CRLF or not.
#[test]
fn pem_in_json_and_settings_comes_out_by_the_hint() {
    let scene = chain();
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        "rsa_keygen_bits:2048",
        "-out",
        "key.pem",
    ]);
    scene.openssl(&[
        "rsa",
        "-in",
        "key.pem",
        "-aes128",
        "-traditional",
        "-passout",
        "pass:x",
        "-out",
        "locked.pem",
    ]);
    let (chain, key, locked) = (
        scene.read("chain.pem"),
        scene.read("key.pem"),
        scene.read("locked.pem"),
    );
    let object = |key: &str| {
        serde_json::json!({
            "data": { "certificate": chain, "private_key": key, "ca_chain": [scene.read("root.pem").trim_end()] },
            "lease_id": "pki/issue/x", "serial": "17:aa",
        })
    };
    let one_line = object(&key).to_string();
    let windows = object(&key.replace('\n', "\r\n"));
    for (way, content, blocks) in [
        ("JSON on one line", one_line.clone(), 4),
        ("JSON with a line each", format!("{:#}", object(&key)), 4),
        ("JSON with CRLF", format!("{windows:#}").replace('\n', "\r\n"), 4),
        ("JSON with escaped slashes", one_line.replace('/', "\\/"), 4),
        (
            "JSON in JSON",
            serde_json::json!({ "x": one_line }).to_string(),
            4,
        ),
        ("headers of an encrypted key", object(&locked).to_string(), 4),
        (
            "settings",
            format!(
                "A=1\nCERT=\"{}\"\nKEY='{}'\n",
                chain.replace('\n', "\\n"),
                key.replace('\n', "\\n")
            ),
            3,
        ),
    ] {
        println!("{way}");
        scene.write("new.pem", &content);
        type_hint(&scene, &["cert", "show", "new.pem"]);
        assert_eq!(scene.read("new.pem"), content);
        let text = scene.read("new2.pem");
        assert_eq!(text.matches("-----BEGIN ").count(), blocks, "{way}: {text}");
        scene
            .gsec(&["cert", "verify", "new2.pem", "--trust", "root.pem"])
            .run()
            .ok();
        scene.openssl(&["rsa", "-in", "new2.pem", "-passin", "pass:x", "-noout"]);
        std::fs::remove_file(scene.dir.path("new2.pem")).expect("written");
    }
}

#[test]
fn a_block_that_nobody_looked_at_is_named() {
    let scene = chain();
    let parameters = forge::pem("DH PARAMETERS", &[0x30, 0]);
    scene.write("more.pem", scene.read("chain.pem") + &parameters);
    let line = scene.read("chain.pem").lines().count() + 1;
    let said = format!("warning: `more.pem`: the block at line {line} was skipped: `DH PARAMETERS`");
    for call in [
        vec!["cert", "show", "more.pem"],
        vec!["cert", "verify", "more.pem", "--trust", "root.pem"],
    ] {
        let shown = scene.gsec(&call).run().ok();
        assert!(shown.stderr.lines().any(|line| line == said), "{shown}");
        let json = scene.gsec(&[&call[..], &["--json"]].concat()).run().ok().json();
        assert_eq!(json["warnings"][0]["code"], "unread_block");
    }
}

// DER

#[test]
fn what_means_nothing_after_der_is_skipped_and_anything_else_told() {
    let scene = chain();
    scene.openssl(&["x509", "-in", "host.pem", "-outform", "DER", "-out", "host.der"]);
    let der = scene.read_bytes("host.der");
    for tail in [&b"\n"[..], b"\r\n", &[0; 100], b" \t\n", b"\x1a"] {
        scene.write("tail.der", [&der[..], tail].concat());
        scene
            .gsec(&["cert", "show", "tail.der"])
            .run()
            .ok()
            .says("CN=db1.example.com");
        scene.gsec(&["cert", "match", "tail.der", "host.pem"]).run().ok();
    }
    scene.write("two.der", [&der[..], &der].concat());
    let refused = scene
        .gsec(&["cert", "verify", "two.der", "--trust", "root.pem"])
        .run()
        .code(3);
    assert!(
        refused
            .stderr
            .contains(&format!("caused by: {} bytes follow it", der.len())),
        "{refused}"
    );
}

#[test]
fn a_time_that_is_none_is_named_with_field_and_value() {
    let scene = Scene::empty();
    for (times, cause) in [
        (
            ["20200101000060Z", "20491231235959Z"],
            "its notBefore is the GeneralizedTime `20200101000060Z`",
        ),
        (
            ["20200101000000Z", "20490230000000Z"],
            "its notAfter is the GeneralizedTime `20490230000000Z`",
        ),
        (
            ["20200101240000Z", "20491231235959Z"],
            "its notBefore is the GeneralizedTime `20200101240000Z`",
        ),
    ] {
        scene.write(
            "odd.pem",
            Recipe::host()
                .change(|recipe| recipe.validity = times)
                .self_signed()
                .pem(),
        );
        let refused = scene.gsec(&["cert", "show", "odd.pem"]).run().code(3);
        assert!(refused.stderr.contains(cause), "{refused}");
    }
}

// Passwords and PKCS #12

#[test]
fn pkcs12_in_pem_is_read_and_made_der() {
    let scene = Scene::with_host();
    let pfx = scene.read_bytes("gsec-ca/repository/01_db1_cert.pfx");
    scene.write("gnutls.pem", forge::pem("PKCS12", &pfx));
    scene
        .gsec(&["cert", "show", "gnutls.pem"])
        .run()
        .ok()
        .says("PKCS #12 file gnutls.pem");
    scene
        .gsec(&["cert", "verify", "gnutls.pem", "--name", "db1.example.com"])
        .run()
        .ok();
    scene
        .gsec(&["cert", "match", "gnutls.pem", "gsec-ca/repository/01.pem"])
        .run()
        .ok();
    scene
        .gsec(&["convert", "to-pem", "gnutls.pem", "--out", "new.pem"])
        .run()
        .ok();
    scene
        .gsec(&["convert", "to-der", "gnutls.pem", "--out", "new.pfx"])
        .run()
        .ok();
    assert_eq!(scene.read_bytes("new.pfx"), pfx);
}

#[test]
fn pkcs12_of_another_version_says_so() {
    let scene = Scene::with_host();
    let pfx = scene.read_bytes("gsec-ca/repository/01_db1_cert.pfx");
    let at = pfx
        .windows(3)
        .position(|window| window == [2, 1, 3])
        .expect("the version")
        + 2;
    for (version, said) in [(2, "2"), (1, "1"), (0, "0"), (0xff, "-1")] {
        let mut odd = pfx.clone();
        odd[at] = version;
        scene.write("odd.pfx", odd);
        let refused = scene.gsec(&["cert", "show", "odd.pfx"]).run().code(3);
        assert!(
            refused.stderr.contains(&format!(
                "it is PKCS #12 version {said}, and only version 3 exists"
            )),
            "{refused}"
        );
    }
}

#[test]
fn a_password_that_was_written_otherwise_than_meant() {
    let scene = Scene::with_ca();
    scene.write("password", "changeit\n");
    scene
        .issue("db1.example.com", &["--pfx-password-file", "password"])
        .run()
        .ok();
    let convert = |file: &str| {
        scene
            .gsec(&[
                "convert",
                "to-pem",
                "gsec-ca/repository/01_db1_cert.pfx",
                "--password-file",
                file,
            ])
            .run()
    };
    let utf16 = |mark: &[u8], unit: fn(u16) -> [u8; 2]| {
        [
            mark,
            &"changeit\r\n".encode_utf16().flat_map(unit).collect::<Vec<u8>>(),
        ]
        .concat()
    };
    for content in [
        b"changeit".to_vec(),
        b"changeit\r\n".to_vec(),
        utf16(&[0xff, 0xfe], u16::to_le_bytes),
        utf16(&[0xfe, 0xff], u16::to_be_bytes),
    ] {
        scene.write("other", content);
        convert("other").ok();
    }
    for (content, said) in [
        (
            "\u{feff}changeit\n",
            "hint: the password begins with a byte order mark (U+FEFF), which is part of it…",
        ),
        (
            "changeit\n\n",
            "hint: the password ends with an empty line, which is part of it…",
        ),
        (
            "changeit \n",
            "hint: the password ends with whitespace, which is part of it",
        ),
    ] {
        scene.write("other", content);
        let refused = convert("other").code(3);
        assert!(
            refused.stderr.lines().any(|line| reads_as(line, said)),
            "{refused}"
        );
    }
    let none = scene
        .gsec(&["convert", "to-pem", "gsec-ca/repository/01_db1_cert.pfx"])
        .run()
        .code(3);
    assert!(
        none.stderr
            .contains("caused by: it needs a password, and none was given"),
        "{none}"
    );
}

// What is shown

#[test]
fn a_csr_is_shown_with_what_it_asks_for() {
    let scene = Scene::empty();
    let request = [
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "key.pem",
        "-subj",
        "/CN=db1.example.com",
    ];
    let extensions = [
        "-addext",
        "subjectAltName=DNS:db1.example.com,IP:10.0.0.5",
        "-addext",
        "keyUsage=digitalSignature",
        "-addext",
        "tlsfeature=status_request",
    ];
    scene.openssl(&[&request[..], &extensions, &["-out", "csr.pem"]].concat());
    scene.openssl(&["req", "-in", "csr.pem", "-outform", "DER", "-out", "csr.der"]);
    for file in ["csr.pem", "csr.der"] {
        let shown = scene.gsec(&["cert", "show", file]).run().ok();
        for fact in [
            "CSR in ",
            "CN=db1.example.com",
            "dns:db1.example.com",
            "ip:10.0.0.5",
            "P-256",
            "valid: made with the key in it",
            "keyUsage digitalSignature",
            "tlsFeature: status_request",
        ] {
            assert!(shown.stdout.contains(fact), "{fact} is not in {shown}");
        }
        let json = scene.gsec(&["cert", "show", file, "--json"]).run().ok().json();
        assert_eq!(json["requests"][0]["signature"], "good");
        assert_eq!(json["certificates"].as_array().map(Vec::len), Some(0));
    }
    let broken = scene
        .read_bytes("csr.der")
        .iter()
        .rev()
        .enumerate()
        .map(|(at, byte)| if at == 3 { byte ^ 1 } else { *byte })
        .collect::<Vec<_>>();
    scene.write("broken.der", broken.into_iter().rev().collect::<Vec<_>>());
    scene
        .gsec(&["cert", "show", "broken.der"])
        .run()
        .ok()
        .says("NOT valid: not made with the key in it");
}

#[test]
fn every_extension_is_shown() {
    let scene = Scene::empty();
    let template = [0x30, 0x0c, 6, 4, 0x2a, 3, 4, 5, 2, 1, 100, 2, 1, 3];
    let recipe = Recipe::host()
        .with("1.3.6.1.4.1.311.21.7", false, template.to_vec())
        .with("1.2.3.4.5", true, vec![4, 3, 0xab, 0xcd, 0xef]);
    scene.write("odd.pem", recipe.self_signed().pem());
    let shown = scene.gsec(&["cert", "show", "odd.pem"]).run().ok();
    for fact in [
        "certificateTemplate: 1.2.3.4.5, version 100.3",
        "1.2.3.4.5, critical: 0403abcdef",
    ] {
        assert!(shown.stdout.contains(fact), "{fact} is not in {shown}");
    }
    let json = scene
        .gsec(&["cert", "show", "odd.pem", "--json"])
        .run()
        .ok()
        .json();
    let extensions = json["certificates"][0]["extensions"]
        .as_array()
        .expect("extensions");
    assert!(
        extensions.iter().any(|found| found["name"].is_null()
            && found["value"] == "0403abcdef"
            && found["critical"] == true),
        "{json}"
    );
}

#[test]
fn a_key_and_a_crl_are_answered_with_the_command_that_shows_them() {
    let scene = Scene::with_host();
    scene.gsec(&["crl", "update"]).run().ok();
    for (file, hint) in [
        (
            "gsec-ca/ca_conf/ca_crl.pem",
            "hint: it is a CRL: `gsec crl show gsec-ca/ca_conf/ca_crl.pem`",
        ),
        (
            "gsec-ca/repository/01_db1_priv_key.pem",
            "hint: it is a private key: `gsec doctor gsec-ca/repository/01_db1_priv_key.pem`…",
        ),
    ] {
        let refused = scene.gsec(&["cert", "show", file]).run().code(3);
        assert!(
            refused.stderr.lines().any(|line| reads_as(line, hint)),
            "{refused}"
        );
    }
    let refused = Scene::with_ca().gsec(&["crl", "show"]).run().code(3);
    assert!(
        refused.stderr.contains("`gsec crl update` makes one"),
        "{refused}"
    );
}

#[test]
fn an_empty_subject_is_shown_with_the_first_name() {
    let scene = chain();
    let root = Recipe::ca("Root").self_signed();
    let nobody = Recipe::host()
        .change(|recipe| recipe.subject = forge::name(""))
        .signed_by(&root);
    scene.write("root.pem", root.pem());
    scene.write("nobody.pem", nobody.pem());
    scene
        .gsec(&["cert", "show", "nobody.pem"])
        .run()
        .ok()
        .says("(empty subject) dns:db1.example.com");
    let verified = scene
        .gsec(&["cert", "verify", "nobody.pem", "--trust", "root.pem"])
        .run();
    assert!(
        verified
            .stdout
            .contains("path           (empty subject) dns:db1.example.com until "),
        "{verified}"
    );
}

#[test]
fn a_chain_in_the_wrong_order_is_judged_by_the_hosts_certificate_and_says_so() {
    let scene = chain();
    let reversed = scene.read("root.pem") + &scene.read("middle.pem") + &scene.read("host.pem");
    scene.write("reversed.pem", reversed);
    let verified = scene
        .gsec(&[
            "cert",
            "verify",
            "reversed.pem",
            "--trust",
            "root.pem",
            "--name",
            "db1.example.com",
        ])
        .run()
        .ok();
    assert!(
        verified.stdout.contains("certificate    CN=db1.example.com"),
        "{verified}"
    );
    let said = "warning: `reversed.pem` begins with a CA certificate, `CN=Root`; checked is the host's, \
     `CN=db1.example.com`, number 3 in the file: servers use the first";
    assert!(verified.stderr.lines().any(|line| line == said), "{verified}");
    scene.write(
        "several.pem",
        scene.read("middle.pem")
            + &scene.read("host.pem")
            + &Recipe::host()
                .change(|recipe| recipe.serial = vec![7])
                .signed_by(&Recipe::ca("Other").self_signed())
                .pem(),
    );
    scene
        .gsec(&[
            "cert",
            "verify",
            "several.pem",
            "--trust",
            "root.pem",
            "--name",
            "db1.example.com",
        ])
        .run()
        .code(2);
}

// Arguments

#[test]
fn long_options_with_one_hyphen_are_an_error_that_names_the_right_one() {
    let scene = Scene::with_ca();
    for (call, long) in [
        (vec!["cert", "issue", "-host", "x.example.com"], "--host"),
        (
            vec!["cert", "issue", "-CN", "x", "--host", "x.example.com"],
            "--cn",
        ),
        (vec!["cert", "fetch", "localhost:1", "-out", "x.pem"], "--out"),
        (vec!["ca", "init", "-help"], "--help"),
    ] {
        let argument = call
            .iter()
            .find(|argument| argument.starts_with('-') && !argument.starts_with("--"))
            .expect("one");
        let said = [
            format!("error: unknown option `{argument}`"),
            format!("hint: did you mean `{long}`? Long options start with two hyphens"),
        ];
        scene.refuses(&call, 2, &[&said[0], &said[1]]);
    }
    scene.gsec(&["cert", "list", "-qy"]).run().ok();
}

#[test]
fn options_between_files_are_options() {
    let scene = Scene::with_host();
    scene.write("password", "x");
    let (key, certificate) = (
        "gsec-ca/repository/01_db1_priv_key.pem",
        "gsec-ca/repository/01.pem",
    );
    scene
        .gsec(&["cert", "match", key, "--password-file", "password", certificate])
        .run()
        .ok();
    scene.gsec(&["cert", "match", key, "-q", certificate]).run().ok();
    scene
        .gsec(&["doctor", certificate, "--name", "db1.example.com", CA])
        .run();
    scene.issue("db2.example.com", &[]).run().ok();
    scene
        .gsec(&[
            "cert",
            "revoke",
            "01",
            "--reason",
            "superseded",
            "02",
            "--dry-run",
        ])
        .run()
        .ok();
}

#[test]
fn serial_numbers_as_they_are_pasted() {
    let scene = Scene::with_ca();
    scene.write("gsec-ca/ca_conf/serial.num", "E8D4A51063\n");
    scene.issue("db1.example.com", &[]).run().ok();
    for typed in [
        "0xE8D4A51063",
        "E8:D4:A5:10:63",
        "00:e8:d4:a5:10:63",
        "e8 d4 a5 10 63",
        "\u{200e}e8 d4 a5 10 63",
        "serial=E8D4A51063",
    ] {
        scene.gsec(&["cert", "show", typed]).run().ok().says("E8D4A51063");
        scene.gsec(&["cert", "revoke", typed, "--dry-run"]).run().ok();
    }
    let refused = scene.gsec(&["cert", "show", "1000000000099"]).run().code(3);
    assert!(
        refused.stderr.contains(
            "serial numbers are hexadecimal: did you mean decimal 1000000000099? That is E8D4A51063"
        ),
        "{refused}"
    );
}

#[test]
fn names_as_people_paste_them_are_understood_or_answered() {
    let scene = Scene::with_ca();
    let issued = scene
        .issue(
            "db1.example.com",
            &[
                "--san",
                "DNS:a.example.com, IP Address:10.0.0.5,me@example.com",
                "--san",
                "10.0.0.6",
                "--json",
            ],
        )
        .run()
        .ok()
        .json();
    let names: Vec<&str> = issued["names"]
        .as_array()
        .expect("names")
        .iter()
        .filter_map(|name| name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "dns:db1.example.com",
            "dns:a.example.com",
            "ip:10.0.0.5",
            "email:me@example.com",
            "ip:10.0.0.6"
        ]
    );
    for (typed, meant) in [
        ("https://db1.example.com/x", "it is a URL: type `db1.example.com`"),
        ("db1.example.com:443", "it has a port: type `db1.example.com`"),
    ] {
        let reason = |option: &str| format!("invalid value '{typed}' for '{option}': {meant}");
        scene.does_not_understand(&["quickstart", typed], &reason("[NAME]..."));
        scene.does_not_understand(&["cert", "issue", "--host", typed], &reason("--host <FQDN|IP>"));
        scene.does_not_understand(
            &["cert", "verify", "01", "--name", typed],
            &reason("--name <FQDN|IP>"),
        );
    }
    let permitted = "invalid value '*.example.com' for '--permit-dns <DOMAIN>': a permitted domain covers everything below it: type `example.com`";
    scene.does_not_understand(
        &[
            "ca",
            "init",
            "--cn",
            "X",
            "--ca-dir",
            "y",
            "--permit-dns",
            "*.example.com",
        ],
        permitted,
    );
    let wide = scene.issue("*.lan", &[]).run().ok();
    assert!(
        wide.stderr
            .contains("warning: `*.lan` is a wildcard below a single label"),
        "{wide}"
    );
}

#[test]
fn a_url_is_a_server_for_doctor() {
    let refused = Scene::empty()
        .gsec(&["doctor", "https://127.0.0.1:1/status", "--timeout", "1s"])
        .run()
        .code(1);
    assert!(refused.stdout.contains("127.0.0.1:1"), "{refused}");
}

#[test]
fn a_secret_as_an_argument_is_refused_with_the_reason() {
    let scene = Scene::with_ca();
    let refused = scene
        .issue("db1.example.com", &["--pfx-password", "secret"])
        .run()
        .code(2);
    assert!(
        refused.stderr.contains("secrets are never arguments"),
        "{refused}"
    );
}

#[test]
fn a_ca_above_is_named() {
    let scene = Scene::with_ca();
    let refused = common::gsec(&["cert", "list"])
        .in_dir(scene.dir.path("gsec-ca/repository"))
        .run()
        .code(3);
    assert!(
        refused.stderr.contains("hint: there is one above: `--ca-dir ..`"),
        "{refused}"
    );
}

#[test]
fn ed25519_for_a_ca_warns() {
    let made = Scene::empty()
        .gsec(&["ca", "init", "--cn", "X", "--key-type", "ed25519"])
        .run()
        .ok();
    assert!(
        made.stderr
            .contains("warning: Ed25519 keys are not supported by Windows"),
        "{made}"
    );
}

// Servers

/// The port of a server of TLS 1.2 that answers each hello with this many certificates of this content.
fn flood(count: usize, content: &[u8]) -> u16 {
    use std::io::{Read, Write};
    let message = |kind: u8, body: &[u8]| {
        [
            &[kind],
            &u32::try_from(body.len()).expect("short").to_be_bytes()[1..],
            body,
        ]
        .concat()
    };
    let hello = message(
        2,
        &[
            &[3, 3][..],
            &[7; 32],
            &[0, 0xc0, 0x2f, 0, 0, 9, 0xff, 1, 0, 1, 0, 0, 0x17, 0, 0],
        ]
        .concat(),
    );
    let one = [
        &u32::try_from(content.len()).expect("short").to_be_bytes()[1..],
        content,
    ]
    .concat();
    let list = one.repeat(count);
    let chain = message(
        11,
        &[
            &u32::try_from(list.len()).expect("short").to_be_bytes()[1..],
            &list,
        ]
        .concat(),
    );
    let flight = [hello, chain, message(14, &[])].concat();
    let record = |part: &[u8]| {
        [
            &[22, 3, 3][..],
            &u16::try_from(part.len()).expect("short").to_be_bytes(),
            part,
        ]
        .concat()
    };
    let answer: Vec<u8> = flight.chunks(16_000).flat_map(record).collect();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (mut stream, answer) = (stream, answer.clone());
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(&answer);
                let _ = stream.read(&mut [0; 64]);
            });
        }
    });
    port
}

#[test]
fn a_server_with_more_certificates_than_anybody_has_is_told_by_the_bound() {
    const MOST: usize = 64 * 1024;
    for (count, content) in [(101, &[0x30; 200][..]), (20_000, &[1]), (200_000, &[])] {
        let target = format!("127.0.0.1:{}", flood(count, content));
        let scene = Scene::empty();
        // What gsec does not read of a flight is no answer; what no TLS library takes for one is.
        let status = if content.is_empty() { 1 } else { 3 };
        let fetched = scene.gsec(&["cert", "fetch", &target]).run().code(status);
        assert!(
            fetched.stdout.is_empty() && fetched.stderr.len() < MOST,
            "{count}: {} bytes",
            fetched.stderr.len()
        );
        let examined = scene.gsec(&["doctor", &target]).run().code(status);
        assert!(
            examined.stdout.len() < MOST,
            "{count}: {} bytes",
            examined.stdout.len()
        );
        if !content.is_empty() {
            assert!(
                fetched
                    .stderr
                    .contains("the server presents more than 100 certificates, the most that gsec reads"),
                "{fetched}"
            );
        }
    }
}

// Nothing in a file is passed over in silence

#[test]
fn a_block_in_lines_that_hold_something_else_too_is_told_by_every_command() {
    let scene = chain();
    let (host, middle) = (scene.read("host.pem"), scene.read("middle.pem"));
    let line = host.lines().count() + 1;
    let each = |before: &str, after: &str| {
        middle
            .lines()
            .map(|line| format!("{before}{line}{after}\n"))
            .collect::<String>()
    };
    for wrapped in [
        each("<p>", "</p>"),
        each("| ", ""),
        each("cert: ", ""),
        each("  x = ", ";"),
    ] {
        scene.write("odd.pem", host.clone() + &wrapped);
        for call in &readers("odd.pem")[..10] {
            let refused = scene.gsec(call).run().code(3);
            assert!(
                refused.stderr.contains(&format!(
                    "line {line}: there is other text on the line of the boundary"
                )),
                "{call:?}: {refused}"
            );
        }
        scene.write("alone.pem", wrapped);
        let said = scene
            .gsec(&["doctor", "alone.pem", "--format", "nagios"])
            .run()
            .code(3);
        assert!(said.stdout.contains("line 1: there is other text"), "{said}");
    }
    // The hint takes away what HTML and mails put around each line.
    for wrapped in [each("<p>", "</p>"), each("| ", "")] {
        scene.write("odd.pem", wrapped);
        type_hint(&scene, &["cert", "show", "odd.pem"]);
        scene
            .gsec(&[
                "cert",
                "verify",
                "host.pem",
                "--trust",
                "root.pem",
                "--untrusted",
                "new.pem",
            ])
            .run()
            .ok();
    }
    // A line about both boundaries loses nothing.
    scene.write(
        "plain.pem",
        format!(
            "it stands between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----\n{host}{middle}"
        ),
    );
    scene
        .gsec(&["cert", "verify", "plain.pem", "--trust", "root.pem"])
        .run()
        .ok();
}

/// Types the command of the hint, in the directory of the scene.
fn type_hint(scene: &Scene, call: &[&str]) {
    let refused = scene.gsec(call).run().code(3);
    let hint = refused
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix("hint: `")?.strip_suffix('`'))
        .unwrap_or_else(|| panic!("{refused}"));
    let typed = std::process::Command::new("sh")
        .args(["-c", hint])
        .current_dir(scene.dir.path(""))
        .status()
        .expect("a shell");
    assert!(typed.success(), "{hint}");
}

#[test]
fn java_source_becomes_pem_by_the_hint() {
    let scene = chain();
    let lines: Vec<String> = scene
        .read("chain.pem")
        .lines()
        .map(|line| format!("    \"{line}\\n\""))
        .collect();
    scene.write(
        "odd.pem",
        format!("String pem = {};\n", lines.join(" +\n").trim_start()),
    );
    type_hint(&scene, &["cert", "show", "odd.pem"]);
    scene
        .gsec(&["cert", "verify", "new.pem", "--trust", "root.pem"])
        .run()
        .ok();
}

#[test]
fn what_is_in_der_beside_pem_is_told() {
    let scene = chain();
    scene.openssl(&[
        "x509",
        "-in",
        "middle.pem",
        "-outform",
        "DER",
        "-out",
        "middle.der",
    ]);
    scene.openssl_key("key.pem");
    scene.openssl(&["pkey", "-in", "key.pem", "-outform", "DER", "-out", "key.der"]);
    let host = scene.read_bytes("host.pem");
    for der in ["middle.der", "key.der"] {
        let der = scene.read_bytes(der);
        for both in [[&host[..], &der].concat(), [&der[..], b"\n", &host].concat()] {
            scene.write("odd.pem", both);
            for call in [
                ["cert", "show", "odd.pem"],
                ["cert", "thumbprint", "odd.pem"],
                ["convert", "to-pem", "odd.pem"],
            ] {
                let refused = scene.gsec(&call).run().code(3);
                assert!(
                    refused
                        .stderr
                        .contains("there are bytes here that are not text, outside of all PEM blocks"),
                    "{call:?}: {refused}"
                );
            }
            scene.gsec(&["doctor", "odd.pem"]).run().code(3);
        }
    }
    // Text in any encoding, and what fills a file up, is nothing.
    scene.write(
        "plain.pem",
        [b"Subject: O=M\xfcller\x1b[0m\r\n", &host[..], b"\0\0\0\x1a"].concat(),
    );
    scene.gsec(&["cert", "show", "plain.pem"]).run().ok();
}

#[test]
fn a_label_that_is_not_that_of_the_content_is_told_with_the_right_one() {
    let scene = chain();
    scene.openssl(&[
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-subj", "/CN=x", "-out",
        "own.pem",
    ]);
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "key.pem",
        "-subj",
        "/CN=x",
        "-out",
        "request.pem",
    ]);
    scene
        .gsec(&["ca", "init", "--cn", "Test", "--key-type", "p256"])
        .run()
        .ok();
    scene.gsec(&["crl", "update"]).run().ok();
    let crl = scene.read("gsec-ca/ca_conf/ca_crl.pem");
    let [own, key, request] = ["own.pem", "key.pem", "request.pem"].map(|file| scene.read(file));
    for (text, from, to, content) in [
        (&own, "CERTIFICATE", "CERTIFICATE REQUEST", "a certificate"),
        (&own, "CERTIFICATE", "ZERTIFIKAT", "a certificate"),
        (&own, "CERTIFICATE", "CERT", "a certificate"),
        (&own, "CERTIFICATE", "PKCS7", "a certificate"),
        (&request, "CERTIFICATE REQUEST", "CERTIFICATE", "a CSR"),
        (&crl, "X509 CRL", "CERTIFICATE", "a CRL"),
        (&crl, "X509 CRL", "CRL", "a CRL"),
        (&crl, "X509 CRL", "CERTIFICATE REVOCATION LIST", "a CRL"),
        (&key, "PRIVATE KEY", "PUBLIC KEY", "a private key"),
        (&key, "PRIVATE KEY", "KEY", "a private key"),
    ] {
        let _ = std::fs::remove_file(scene.dir.path("new.pem"));
        scene.write("odd.pem", text.replace(&format!(" {from}-"), &format!(" {to}-")));
        let refused = scene.gsec(&["doctor", "odd.pem"]).run().code(3);
        let said =
            format!("line 1: the block is labeled `{to}`, but contains {content}, which is labeled `{from}`");
        assert!(
            refused.stderr.contains(&said) || refused.stdout.contains(&said),
            "{refused}"
        );
        type_hint(&scene, &["doctor", "odd.pem"]);
        assert_eq!(&scene.read("new.pem"), text);
    }
}

// CRLs

#[test]
fn a_crl_whose_signature_nobody_could_check_is_not_just_healthy() {
    let scene = chain();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Test",
            "--key-type",
            "p256",
            "--ca-dir",
            "other",
        ])
        .run()
        .ok();
    scene.gsec(&["crl", "update", "--ca-dir", "other"]).run().ok();
    let crl = "other/ca_conf/ca_crl.pem";
    scene
        .gsec(&["doctor", crl])
        .run()
        .ok()
        .says("healthy, signature not checked");
    let said = scene.gsec(&["doctor", crl, "--format", "nagios"]).run().ok();
    assert!(said.stdout.contains("healthy (signature not checked)"), "{said}");
    let json = scene.gsec(&["doctor", crl, "--json"]).run().ok().json();
    assert_eq!(json["targets"][0]["not_checked"][0], "signature");
    let known = scene
        .gsec(&["doctor", crl, "--trust", "other/ca_conf/ca_cert.pem"])
        .run()
        .ok();
    assert!(!known.stdout.contains("not checked"), "{known}");
}

#[test]
fn every_crl_of_a_file_is_shown() {
    let scene = chain();
    for name in ["one", "two"] {
        scene
            .gsec(&["ca", "init", "--cn", name, "--key-type", "p256", "--ca-dir", name])
            .run()
            .ok();
        scene.gsec(&["crl", "update", "--ca-dir", name]).run().ok();
    }
    scene.write(
        "both.pem",
        scene.read("one/ca_conf/ca_crl.pem") + &scene.read("two/ca_conf/ca_crl.pem"),
    );
    scene
        .gsec(&["crl", "show", "both.pem"])
        .run()
        .ok()
        .says("CRL 1 of 2 in both.pem")
        .says("CN=two");
    let json = scene
        .gsec(&["crl", "show", "both.pem", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (json["issuer"].as_str(), json["others"][0]["issuer"].as_str()),
        (Some("CN=one"), Some("CN=two"))
    );
}

#[test]
fn an_entry_of_a_crl_with_a_date_that_does_not_exist_revokes_all_the_same() {
    let scene = Scene::empty();
    scene.gsec(&["quickstart", "db1.example.com"]).run().ok();
    scene.gsec(&["cert", "revoke", "01", "--yes"]).run().ok();
    let crl = "gsec-ca/ca_conf/ca_crl.pem";
    scene.openssl(&["crl", "-in", crl, "-outform", "DER", "-out", "crl.der"]);
    let mut der = scene.read_bytes("crl.der");
    // revocationDate follows the serial number; the signature breaks with it, which `crl show` says.
    let at = der
        .windows(5)
        .position(|window| window == [2, 1, 1, 0x17, 13])
        .expect("the entry of 01")
        + 5;
    der[at + 2..at + 6].copy_from_slice(b"0230");
    scene.write("odd.der", der);
    let shown = scene.gsec(&["crl", "show", "odd.der"]).run().ok();
    shown.says("no such date or time exists");
    let json = scene
        .gsec(&["crl", "show", "odd.der", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (
            json["revoked"][0]["serial"].as_str(),
            json["revoked"][0]["revoked_at"].is_null()
        ),
        (Some("01"), true)
    );
    let verified = scene
        .gsec(&[
            "cert",
            "verify",
            "gsec-ca/repository/01_db1_cert.pem",
            "--trust",
            "gsec-ca/ca_conf/ca_cert.pem",
            "--crl",
            "odd.der",
        ])
        .run();
    assert!(
        !format!("{}{}", verified.stdout, verified.stderr).contains("is from its issuer"),
        "{verified}"
    );
}

// Files that are something else

#[test]
fn dump_in_hexadecimal_digits_is_told_from_base64_and_its_hint_makes_der() {
    let scene = chain();
    scene.openssl(&["x509", "-in", "host.pem", "-outform", "DER", "-out", "host.der"]);
    let der = scene.read_bytes("host.der");
    let digits: Vec<String> = der.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines = |separator: &str| {
        digits
            .chunks(18)
            .map(|line| line.join(separator) + separator + "\n")
            .collect::<String>()
    };
    let dumped = |program: &str, args: &[&str]| {
        common::tool(program)
            .args(args)
            .in_dir(scene.dir.path(""))
            .run()
            .ok()
            .stdout
    };
    let mut dumps = vec![
        ("hexadecimal digits", lines("")),
        ("hexadecimal digits", lines("").to_uppercase().replace('\n', "")),
        ("hexadecimal digits", lines(":")),
        ("hexadecimal digits", lines(" ")),
    ];
    let xxd = digits.chunks(16).enumerate().map(|(line, bytes)| {
        let pairs: Vec<String> = bytes.chunks(2).map(<[String]>::concat).collect();
        format!(
            "{:08x}: {:<39}  {}\n",
            line * 16,
            pairs.join(" "),
            ".".repeat(bytes.len())
        )
    });
    dumps.push(("a hexadecimal dump", xxd.collect()));
    let has_xxd = std::path::Path::new("/usr/bin/xxd").exists();
    for (name, text) in dumps {
        scene.write("dump", text);
        for args in readers("dump") {
            let refused = scene.gsec(&args).run().code(3);
            assert!(
                refused
                    .stderr
                    .contains(&format!("it is {name}, which gsec cannot read"))
                    || args[1] == "accept",
                "{refused}"
            );
        }
        let said = scene.gsec(&["cert", "show", "dump"]).run().code(3);
        let hint = said.stderr.split('`').nth(3).expect("a command").to_owned();
        if has_xxd {
            dumped("sh", &["-c", &hint]);
            assert_eq!(scene.read_bytes("new.der"), der, "{hint}");
        }
    }
    // Numbers out of a certificate, and the description of one.
    let text = dumped("openssl", &["x509", "-in", "host.pem", "-noout", "-text"]);
    scene.write("text", &text);
    scene
        .gsec(&["cert", "show", "text"])
        .run()
        .code(3)
        .says("without the PEM block");
    scene.write("with", text + &scene.read("host.pem"));
    scene.gsec(&["cert", "show", "with"]).run().ok();
}

#[test]
fn each_of_javas_key_stores_is_called_by_its_name() {
    let scene = chain();
    for (magic, name, kind) in [
        ([0xfe, 0xed, 0xfe, 0xed], "JKS", ""),
        ([0xce; 4], "JCEKS", "-srcstoretype JCEKS "),
    ] {
        scene.write("store", [&magic[..], &[0, 0, 0, 2, 0, 0, 0, 0]].concat());
        let refused = scene.gsec(&["cert", "show", "store"]).run().code(3);
        assert!(
            refused
                .stderr
                .contains(&format!("it is a Java key store ({name}), which")),
            "{refused}"
        );
        assert!(
            refused
                .stderr
                .contains(&format!("-srckeystore store {kind}-dest")),
            "{refused}"
        );
    }
}

#[test]
fn certificates_come_out_of_pkcs7_by_the_hint_whatever_its_label() {
    let scene = chain();
    scene.openssl(&["crl2pkcs7", "-nocrl", "-certfile", "chain.pem", "-out", "p7.pem"]);
    let text = scene.read("p7.pem");
    for label in [
        "PKCS7",
        "CMS",
        "CERTIFICATE CHAIN",
        "PKCS #7 SIGNED DATA",
        "CERTIFICATE",
        "PRIVATE KEY",
        "SOMETHING",
    ] {
        let _ = std::fs::remove_file(scene.dir.path("certs.pem"));
        scene.write("odd.pem", text.replace(" PKCS7-", &format!(" {label}-")));
        let refused = scene.gsec(&["cert", "show", "odd.pem"]).run().code(3);
        let hint = refused
            .stderr
            .lines()
            .find_map(|line| line.strip_prefix("hint: `"))
            .expect("a hint")
            .trim_end_matches('`')
            .to_owned();
        common::tool("sh")
            .args(&["-c", &hint])
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
        let shown = scene
            .gsec(&["cert", "show", "certs.pem", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(
            shown["certificates"].as_array().expect("a list").len(),
            2,
            "{label}: {hint}"
        );
    }
}

#[test]
fn key_whose_bits_are_no_whole_bytes_is_refused_with_the_reason() {
    let scene = Scene::with_host();
    let key = "gsec-ca/repository/01_db1_priv_key.pem";
    scene.openssl(&["pkey", "-in", key, "-outform", "DER", "-out", "key.der"]);
    scene.openssl(&[
        "pkey",
        "-in",
        key,
        "-pubout",
        "-outform",
        "DER",
        "-out",
        "public.der",
    ]);
    scene.openssl(&["ec", "-in", key, "-outform", "DER", "-out", "sec1.der"]);
    scene.openssl(&[
        "x509",
        "-in",
        "gsec-ca/repository/01_db1_cert.pem",
        "-outform",
        "DER",
        "-out",
        "certificate.der",
    ]);
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        key,
        "-subj",
        "/CN=x",
        "-outform",
        "DER",
        "-out",
        "request.der",
    ]);
    for file in [
        "key.der",
        "public.der",
        "sec1.der",
        "certificate.der",
        "request.der",
    ] {
        let mut der = scene.read_bytes(file);
        let at = der
            .windows(4)
            .position(|window| window == [3, 0x42, 0, 4])
            .expect("a point on P-256")
            + 2;
        for unused in [1, 7] {
            der[at] = unused;
            scene.write("odd.der", &der);
            scene.chmod("odd.der", 0o600);
            let refused = scene.gsec(&["doctor", "odd.der"]).run().code(3);
            let reason = format!("says that {unused} of its last bits are unused");
            assert!(
                format!("{}{}", refused.stdout, refused.stderr).contains(&reason),
                "{file}: {refused}"
            );
        }
    }
}

#[test]
fn times_in_extensions_are_shown_as_times() {
    let root = Recipe::ca("Root").self_signed();
    let publish = |tag: u8, text: &[u8]| {
        forge::CrlRecipe::revoking(&[])
            .with("1.3.6.1.4.1.311.21.4", false, common::der_writer::tlv(tag, text))
            .signed_by(&root)
    };
    let scene = Scene::empty();
    for (tag, text, shown) in [
        (
            0x17,
            &b"261205153113Z"[..],
            "nextCrlPublish: 2026-12-05T15:31:13Z",
        ),
        (0x18, b"20611205153113Z", "nextCrlPublish: 2061-12-05T15:31:13Z"),
        // What is no time is shown as it stands.
        (0x17, b"261305153113Z", "nextCrlPublish: 261305153113Z"),
    ] {
        scene.write("a.crl", forge::pem("X509 CRL", &publish(tag, text)));
        scene.gsec(&["crl", "show", "a.crl"]).run().ok().says(shown);
        let json = scene.gsec(&["crl", "show", "a.crl", "--json"]).run().ok().json();
        assert!(
            json.to_string()
                .contains(shown.trim_start_matches("nextCrlPublish: ")),
            "{json}"
        );
    }
}

#[test]
fn certificate_without_its_key_beside_another_key_is_said_by_match() {
    let scene = Scene::with_host();
    scene.issue("db2.example.com", &[]).run().ok();
    let (one, two) = (
        "gsec-ca/repository/01_db1_cert.pem",
        "gsec-ca/repository/02_db2_cert.pem",
    );
    scene.write(
        "mixed.pem",
        scene.read(one) + &scene.read(two) + &scene.read("gsec-ca/repository/02_db2_priv_key.pem"),
    );
    scene.gsec(&["cert", "match", "mixed.pem", two]).run().ok();
    let other = scene.gsec(&["cert", "match", "mixed.pem", one]).run().code(1);
    other.says("`mixed.pem` also contains the certificate of the other key (P-256), without its private key");
}
