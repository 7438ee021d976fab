//! Situations that people reported: what gsec says of certificates, CRLs and records that other programs wrote, is what those programs do.

use crate::common;

use common::der_writer::{context, integer, number, octet_string, oid, sequence, set, tlv};
use common::forge::*;
use common::{Outcome, Scene, TlsPort, openssl, tool};
use serde_json::Value;

const IDP: &str = "2.5.29.28";

/// A root, a host and a CRL in a directory without a CA.
fn stage(root: Recipe, host: Recipe, crl: impl Fn(&Forged) -> Vec<u8>) -> Scene {
    let scene = Scene::empty();
    let root = root.change(|recipe| recipe.serial = vec![1]).self_signed();
    scene.write("root.pem", root.pem());
    scene.write("host.pem", host.signed_by(&root).pem());
    scene.write("crl.pem", pem("X509 CRL", &crl(&root)));
    scene.write("both.pem", root.pem() + &pem("X509 CRL", &crl(&root)));
    scene
}

fn verify(scene: &Scene, flags: &[&str]) -> Outcome {
    scene
        .gsec(&["cert", "verify", "host.pem", "--trust", "root.pem"])
        .args(flags)
        .run()
}

fn verdict_of(document: &Value, program: &str) -> String {
    let consumers = document["consumers"].as_array().expect("consumers");
    let found = consumers
        .iter()
        .find(|found| found["consumer"] == program)
        .expect("the program");
    found["verdict"].as_str().expect("text").to_owned()
}

/// Whether `openssl verify -crl_check` accepts.
fn openssl_accepts(scene: &Scene) -> bool {
    openssl(&["verify", "-crl_check", "-CAfile", "both.pem", "host.pem"])
        .in_dir(scene.dir.path(""))
        .run()
        .status
        == Some(0)
}

#[test]
fn what_is_said_of_openssl_is_what_it_makes_of_the_crl() {
    type Change = fn(CrlRecipe) -> CrlRecipe;
    let changes: [(&str, Change); 8] = [
        ("sound", |crl| crl),
        ("without nextUpdate", |crl| {
            crl.change(|crl| crl.updates[1] = None)
        }),
        ("with a critical extension that nobody knows", |crl| {
            crl.with("1.3.6.1.4.1.55555.3", true, tlv(5, &[]))
        }),
        ("indirect", |crl| {
            crl.with(IDP, true, sequence(&[tlv(0x84, &[0xff])]))
        }),
        ("for some reasons", |crl| {
            crl.with(IDP, true, sequence(&[tlv(0x83, &[6, 0x40])]))
        }),
        ("for CAs only", |crl| {
            crl.with(IDP, true, sequence(&[tlv(0x82, &[0xff])]))
        }),
        ("taking the host back", |crl| {
            crl.listing(&[0x11], &[(REASON, false, reason(8))])
        }),
        ("of version 1", |crl| {
            crl.change(|crl| (crl.version, crl.extensions) = (1, Vec::new()))
        }),
    ];
    for (what, change) in changes {
        for listed in [&[0x11][..], &[0x77]] {
            let scene = stage(Recipe::ca("Root CA"), Recipe::host(), |root| {
                change(CrlRecipe::revoking(&[listed])).signed_by(root)
            });
            let outcome = verify(&scene, &["--crl", "crl.pem", "--json"]);
            let expected = if openssl_accepts(&scene) {
                "accepts"
            } else {
                "refuses"
            };
            assert_eq!(
                verdict_of(&outcome.json(), "openssl"),
                expected,
                "{what}, {listed:x?}: {outcome}"
            );
            // Go looks at no CRL.
            assert_eq!(
                verdict_of(&outcome.json(), "go"),
                "accepts",
                "{what}, {listed:x?}: {outcome}"
            );
        }
    }
}

#[test]
fn crl_about_other_certificates_that_lists_the_number_says_so() {
    let elsewhere = || sequence(&[context(0, &context(0, &uri("http://other.example.com/1.crl")))]);
    let scene = stage(Recipe::ca("Root CA"), Recipe::host(), |root| {
        CrlRecipe::revoking(&[&[0x11]])
            .with(IDP, true, elsewhere())
            .signed_by(root)
    });
    let outcome = verify(&scene, &["--crl", "crl.pem"])
        .ok()
        .says("revocation undetermined");
    assert!(
        outcome.stdout.contains("it lists the serial number 11 anyway"),
        "{outcome}"
    );
    assert!(
        !outcome
            .stdout
            .contains("takes an entry for another certificate, or one that was taken back"),
        "{outcome}"
    );
    let shown = scene.gsec(&["crl", "show", "crl.pem"]).run().ok();
    assert!(
        shown.stdout.contains("issuingDistributionPoint, critical: only for the distribution point uri:http://other.example.com/1.crl"),
        "{shown}"
    );
}

#[test]
fn root_of_version_1_is_trusted_as_programs_trust_it() {
    let root = || Recipe::of("Old Root").change(|recipe| recipe.version = 1);
    let host = || Recipe::host().with(AUTHORITY_KEY_IDENTIFIER, false, Vec::new());
    let scene = stage(root(), host(), |root| CrlRecipe::revoking(&[]).signed_by(root));
    let document = verify(&scene, &["--name", "db1.example.com", "--json"])
        .ok()
        .json();
    for (program, verdict) in [
        ("openssl", "accepts"),
        ("openssl-strict", "refuses"),
        ("go", "accepts"),
        ("gnutls", "accepts"),
        ("nss", "refuses"),
    ] {
        assert_eq!(verdict_of(&document, program), verdict, "{program}: {document}");
    }
    let findings = document["findings"].as_array().expect("findings");
    assert!(
        findings
            .iter()
            .any(|found| found["rule"] == "ca-without-basic-constraints" && found["severity"] == "warning"),
        "{document}"
    );
    // Between the host and another root it is no CA to anybody.
    let above = Recipe::ca("Root CA")
        .change(|recipe| recipe.serial = vec![1])
        .self_signed();
    let between = root().change(|recipe| recipe.serial = vec![2]).signed_by(&above);
    scene.write("root.pem", above.pem());
    scene.write("host.pem", host().signed_by(&between).pem());
    scene.write("between.pem", between.pem());
    verify(&scene, &["--untrusted", "between.pem"]).code(1);
}

#[test]
fn names_that_cannot_be_read_are_no_missing_names() {
    let with = |content: Vec<u8>| Recipe::host().with(SUBJECT_ALT_NAME, false, content);
    for (content, why) in [
        (set(&[dns("db1.example.com")]), "begins with the byte 31 (SET)"),
        (
            sequence(&[dns("db1.example.com"), tlv(0x0c, b"x")]),
            "name 2 of subjectAltName, at byte 19, is not a known kind of name: its tag is 0c",
        ),
        (sequence(&[]), "contains no name"),
    ] {
        let scene = stage(Recipe::ca("Root CA"), with(content), |root| {
            CrlRecipe::revoking(&[]).signed_by(root)
        });
        let outcome = verify(&scene, &["--name", "db1.example.com"]).code(1);
        assert!(
            outcome.stdout.contains(why) && !outcome.stdout.contains("has no subjectAltName"),
            "{why}: {outcome}"
        );
    }
}

#[test]
fn key_for_rsassa_pss_alone_is_a_limit_of_some_programs() {
    let scene = Scene::with_ca();
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "RSA-PSS",
        "-pkeyopt",
        "rsa_keygen_bits:2048",
        "-out",
        "pss.key",
    ]);
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "pss.key",
        "-subj",
        "/CN=db1.example.com",
        "-out",
        "pss.csr",
    ]);
    // Whom the certificate is of no use to is said when it is signed.
    scene
        .gsec(&["cert", "sign", "pss.csr", "--host", "db1.example.com"])
        .run()
        .ok()
        .says("RSASSA-PSS only");
    let certificate = "gsec-ca/repository/01_db1_cert.pem";
    let shown = scene.gsec(&["cert", "show", certificate]).run().ok();
    assert!(shown.stdout.contains("key            RSA-PSS 2048\n"), "{shown}");
    let args = [
        "doctor",
        "handshake",
        "--server-cert",
        certificate,
        "--server-key",
        "pss.key",
        "--name",
        "db1.example.com",
    ];
    let rehearsed = scene.gsec(&args).run().ok();
    assert!(
        rehearsed.stdout.contains("which cannot rehearse it")
            && rehearsed.stdout.contains("warning handshake-key-unusable"),
        "{rehearsed}"
    );
    // OpenSSL serves with it.
    let server = TlsPort::openssl(&scene.dir.path(certificate), &scene.dir.path("pss.key"), &[]);
    let probed = scene
        .gsec(&[
            "doctor",
            &server.target(),
            "--name",
            "db1.example.com",
            "--only",
            "handshake-refused",
        ])
        .run()
        .ok();
    assert!(
        probed.stdout.contains("warning handshake-refused") && probed.stdout.contains("rustls: "),
        "{probed}"
    );
}

#[test]
fn curve_in_numbers_is_named_where_it_is_a_known_one() {
    let scene = Scene::empty();
    scene.openssl(&[
        "ecparam",
        "-name",
        "prime256v1",
        "-genkey",
        "-noout",
        "-param_enc",
        "explicit",
        "-out",
        "k.pem",
    ]);
    scene.openssl(&[
        "req",
        "-new",
        "-x509",
        "-key",
        "k.pem",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-days",
        "9",
        "-out",
        "c.pem",
    ]);
    let shown = scene.gsec(&["cert", "show", "c.pem"]).run().ok();
    assert!(
        shown
            .stdout
            .contains("EC, explicit parameters (the same as P-256)"),
        "{shown}"
    );
    let rehearsed = scene
        .gsec(&[
            "doctor",
            "handshake",
            "--server-cert",
            "c.pem",
            "--server-key",
            "k.pem",
            "--trust",
            "c.pem",
        ])
        .run();
    assert!(
        !rehearsed.stdout.contains("key-mismatch"),
        "the key is the certificate's: {rehearsed}"
    );
}

#[test]
fn about_an_underscore_openssl_and_curl_are_told_apart() {
    let scene = stage(
        Recipe::ca("Root CA"),
        Recipe::host().with(SUBJECT_ALT_NAME, false, sequence(&[dns("*.example.com")])),
        |root| CrlRecipe::revoking(&[]).signed_by(root),
    );
    let outcome = verify(&scene, &["--name", "my_db.example.com"]).ok();
    let said = "rejected by OpenSSL (X509_check_host), OpenSSL -x509_strict, Java, Python 3.13; curl compares names by itself, and accepts";
    assert!(outcome.stdout.contains(said), "{outcome}");
}

#[test]
fn records_in_other_string_types_are_found_and_readable() {
    let scene = Scene::with_ca();
    let row = |serial: &str, subject: &str| format!("V\t301231235959Z\t\t{serial}\tunknown\t{subject}\n");
    let rows = [
        row("40", "/CN=\\x00h\\x005\\x00.\\x00e\\x00x"),
        row(
            "41",
            "/CN=\\x00\\x00\\x00h\\x00\\x00\\x006\\x00\\x00\\x00.\\x00\\x00\\x00e",
        ),
        row("42", "/O=M\\xFCller/CN=h7.example.com"),
    ];
    let before = scene.read("gsec-ca/ca_conf/ca.db");
    scene.write("gsec-ca/ca_conf/ca.db", before + &rows.concat());
    for (host, subject) in [
        ("h5.ex", "CN=h5.ex"),
        ("h6.e", "CN=h6.e"),
        ("h7.example.com", "/O=Müller/CN=h7.example.com"),
    ] {
        let listed = scene.gsec(&["cert", "list", "--host", host]).run().ok();
        assert!(listed.stdout.contains(subject), "{listed}");
        let revoked = scene
            .gsec(&["cert", "revoke", "--host", host, "--dry-run"])
            .run()
            .ok();
        assert!(
            revoked.stdout.contains(&format!("subject        {subject}\n")),
            "{revoked}"
        );
    }
}

#[test]
fn uri_outside_ascii_and_wildcard_below_one_label_are_told() {
    let scene = Scene::with_ca();
    let args = [
        "cert",
        "issue",
        "--host",
        "db1.example.com",
        "--san",
        "uri:https://db1.example.com/ä",
        "--dry-run",
    ];
    scene.gsec(&args).run().code(2).says("write `ä` as `%C3%A4`");
    scene
        .gsec(&["cert", "request", "--host", "*.lan", "--key-type", "p256"])
        .run()
        .ok()
        .says("wildcard below a single label");
}

#[test]
fn date_that_does_not_exist_is_called_so() {
    let host = Recipe::host().change(|recipe| recipe.validity = ["20250230000000Z", "20491231235959Z"]);
    let scene = stage(Recipe::ca("Root CA"), host, |root| {
        CrlRecipe::revoking(&[]).signed_by(root)
    });
    let outcome = verify(&scene, &[])
        .code(3)
        .says("`20250230000000Z`: no such date or time exists");
    assert!(!outcome.stderr.contains("form YYYY"), "{outcome}");
    let nagios = scene
        .gsec(&["doctor", "host.pem", "--format", "nagios"])
        .run()
        .code(3);
    assert!(
        nagios.stdout.contains("no such date or time exists"),
        "the cause of UNKNOWN: {nagios}"
    );
}

#[test]
fn crl_that_lacks_what_some_programs_require_is_not_simply_healthy() {
    let odd = |root: &Forged| {
        CrlRecipe::revoking(&[])
            .change(|crl| (crl.version, crl.extensions, crl.updates[1]) = (1, Vec::new(), None))
            .signed_by(root)
    };
    let scene = stage(Recipe::ca("Root CA"), Recipe::host(), odd);
    let examined = scene.gsec(&["doctor", "crl.pem"]).run().ok();
    assert!(
        examined.stdout.contains("notice  crl-flaw")
            && examined.stdout.contains("version 1")
            && examined.stdout.contains("no nextUpdate"),
        "{examined}"
    );
    // The same of the CRL of a CA directory that `openssl ca` made.
    let scene = Scene::with_host();
    let plain: String = scene
        .read("gsec-ca/ca_conf/ca.conf")
        .lines()
        .filter(|line| !line.contains("crl_extensions") && !line.starts_with("crlnumber"))
        .map(|line| format!("{line}\n"))
        .collect();
    scene.write("plain.conf", plain);
    openssl(&[
        "ca",
        "-config",
        "../plain.conf",
        "-gencrl",
        "-out",
        "ca_conf/ca_crl.pem",
    ])
    .in_dir(scene.dir.path("gsec-ca"))
    .run()
    .ok();
    let examined = scene.gsec(&["doctor", "gsec-ca"]).run().ok();
    assert!(examined.stdout.contains("notice  ca-crl-form"), "{examined}");
    scene.gsec(&["crl", "update"]).run().ok();
    let examined = scene.gsec(&["doctor", "gsec-ca"]).run().ok();
    assert!(!examined.stdout.contains("ca-crl-form"), "{examined}");
    // A CRL that is given and is the CA's own is named once.
    let verified = scene
        .gsec(&["cert", "verify", "01", "--crl", "gsec-ca/ca_conf/ca_crl.pem"])
        .run()
        .ok();
    assert_eq!(
        verified
            .stdout
            .lines()
            .find(|line| line.contains("according to"))
            .expect("a source")
            .matches("ca_crl.pem")
            .count(),
        1,
        "{verified}"
    );
}

#[test]
fn purpose_that_the_certificate_states_is_looked_at_without_a_name() {
    let encipher_only = Recipe::host().with(KEY_USAGE, true, key_usage(0x20));
    let scene = stage(Recipe::ca("Root CA"), encipher_only, |root| {
        CrlRecipe::revoking(&[]).signed_by(root)
    });
    let examined = scene
        .gsec(&["doctor", "host.pem", "--trust", "root.pem"])
        .run()
        .ok();
    assert!(
        examined.stdout.contains("digitalSignature") && !examined.stdout.contains("healthy"),
        "{examined}"
    );
}

#[test]
fn ca_itself_is_not_among_what_it_issued() {
    let scene = Scene::with_host();
    let shown = scene.gsec(&["ca", "show", "--json"]).run().ok().json();
    let own = shown["certificate"]["serial"]
        .as_str()
        .or(shown["serial"].as_str())
        .expect("a serial number")
        .to_owned();
    let subject = "/CN=Test CA";
    let before = scene.read("gsec-ca/ca_conf/ca.db");
    scene.write(
        "gsec-ca/ca_conf/ca.db",
        format!("V\t361231235959Z\t\t{own}\tunknown\t{subject}\n{before}"),
    );
    let listed = scene.gsec(&["cert", "list"]).run().ok();
    if listed.stdout.contains("(this CA itself)") {
        let shown = scene.gsec(&["ca", "show"]).run().ok();
        assert!(shown.stdout.contains("issued         1 valid"), "{shown}");
    } else {
        panic!("the record is the CA's: {listed}");
    }
}

#[test]
fn curve_in_numbers_that_nobody_knows_is_not_given_a_name() {
    // A curve that nobody has, in numbers: its prime is not that of P-256.
    let key = sequence(&[
        sequence(&[
            oid("1.2.840.10045.2.1"),
            sequence(&[
                number(1),
                sequence(&[oid("1.2.840.10045.1.1"), integer(&[23])]),
                sequence(&[octet_string(&[1]), octet_string(&[1])]),
                octet_string(&[4, 1, 1]),
                integer(&[7]),
                number(1),
            ]),
        ]),
        tlv(3, &[0, 4, 1, 1]),
    ]);
    let scene = stage(
        Recipe::ca("Root CA"),
        Recipe::host().change(|recipe| recipe.spki = Some(key)),
        |root| CrlRecipe::revoking(&[]).signed_by(root),
    );
    let shown = scene.gsec(&["cert", "show", "host.pem"]).run().ok();
    assert!(shown.stdout.contains("EC, explicit parameters\n"), "{shown}");
}

#[test]
fn command_for_a_quoted_mail_gives_what_was_quoted() {
    let scene = stage(Recipe::ca("Root CA"), Recipe::host(), |root| {
        CrlRecipe::revoking(&[]).signed_by(root)
    });
    let quoted: String = scene
        .read("host.pem")
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect();
    scene.write("quoted.pem", quoted);
    let refused = scene.gsec(&["cert", "show", "quoted.pem"]).run().code(3);
    let command = refused
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix("hint: `")?.strip_suffix('`'))
        .expect("a command")
        .to_owned();
    tool("sh")
        .args(&["-c", &command])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    scene
        .gsec(&["cert", "show", "new.pem"])
        .run()
        .ok()
        .says("CN=db1.example.com");
}
