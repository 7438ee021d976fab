//! `gsec doctor` and `cert verify` name the right cause: faults that look alike from outside are told apart, what is said to help does when it is
//! typed, and nothing that a certificate says gets into a shell.

use crate::common;

use std::io::Write;

use common::doctor::{Found, doctor, finds, is_silent, type_line, type_remedy};
use common::{OwnServer, Scene, TlsPort, first_octets, rustls_server, tool};
use serde_json::Value;

const NAME: [&str; 2] = ["--name", "db1.example.com"];
const HOST: &str = "db1.example.com";

/// The arguments for a port that must be db1's.
fn at<'a>(target: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[target][..], &NAME, more].concat()
}

/// A root in `./root`, an intermediate CA in `./issuing` below it, and what that issued for db1 in `leaf.pem` and `leaf.key`.
fn below_an_intermediate() -> Scene {
    let scene = Scene::empty();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Corp Root CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "root",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Corp Issuing CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "issuing",
            "--parent",
            "root",
        ])
        .run()
        .ok();
    issued_by(&scene, "issuing", "leaf");
    scene.openssl(&["x509", "-in", "root/ca_conf/ca_cert.pem", "-out", "root.pem"]);
    scene
}

/// What the CA in a folder issues for db1: the certificate alone, and its key.
fn issued_by(scene: &Scene, folder: &str, name: &str) {
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            HOST,
            "--key-type",
            "p256",
            "--no-pfx",
            "--ca-dir",
            folder,
        ])
        .run()
        .ok();
    scene.openssl(&[
        "x509",
        "-in",
        &format!("{folder}/repository/01.pem"),
        "-out",
        &format!("{name}.pem"),
    ]);
    scene.write(
        &format!("{name}.key"),
        scene.read(&format!("{folder}/repository/01_db1_priv_key.pem")),
    );
}

fn other_ca(scene: &Scene, common_name: &str, name: &str) {
    let folder = format!("ca-of-{name}");
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            common_name,
            "--key-type",
            "p256",
            "--ca-dir",
            &folder,
        ])
        .run()
        .ok();
    issued_by(scene, &folder, name);
}

fn serve(scene: &Scene, name: &str) -> OwnServer {
    rustls_server(
        &scene.dir.path(&format!("{name}.pem")),
        &scene.dir.path(&format!("{name}.key")),
    )
}

fn self_signed(scene: &Scene, name: &str, subject: &str) {
    let (certificate, key) = (format!("{name}.pem"), format!("{name}.key"));
    let made = [
        "req",
        "-x509",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-days",
        "90",
        "-subj",
        subject,
    ];
    scene.openssl(
        &[
            &made[..],
            &[
                "-keyout",
                &key,
                "-out",
                &certificate,
                "-addext",
                "subjectAltName=DNS:db1.example.com",
            ],
        ]
        .concat(),
    );
    scene.chmod(&key, 0o600);
}

#[track_caller]
fn slugs(found: &[Found]) -> Vec<&str> {
    found
        .iter()
        .filter(|found| found.severity != "notice")
        .map(|found| found.slug.as_str())
        .collect()
}

#[test]
fn missing_intermediate_is_told_wherever_one_looks_from() {
    let scene = below_an_intermediate();
    let server = serve(&scene, "leaf");
    let target = server.target();
    // Only the root is known: it may be another CA, and nobody may be told to trust an intermediate.
    let found = finds(&scene, &at(&target, &["--trust", "root.pem"]), "issuer-unknown");
    assert!(
        found.fix.is_empty()
            && found.advice[0].contains("does not send its intermediate")
            && found.advice[0].contains("another CA"),
        "{found:#?}"
    );
    for (ca, file) in [
        ("root", "root/repository/01.pem"),
        ("issuing", "issuing/ca_conf/ca_cert.pem"),
    ] {
        let all = doctor(&scene, &at(&target, &["--ca-dir", ca]));
        assert_eq!(slugs(&all), ["intermediate-missing"], "{ca}: {all:#?}");
        assert!(
            all[0].advice[0].starts_with(&format!("Append '{file}'")),
            "{all:#?}"
        );
        // What lies in the CA directory, clients do not have.
        let verified = scene
            .gsec(&[
                "cert", "verify", &target, "--name", HOST, "--ca-dir", ca, "--json",
            ])
            .run()
            .code(1)
            .json();
        assert!(
            verified["consumers"]
                .as_array()
                .expect("programs")
                .iter()
                .all(|program| program["verdict"] != "accepts"),
            "{verified:#}"
        );
        assert!(
            verified["findings"][0]["advice"][0]
                .as_str()
                .expect("words")
                .contains(file),
            "{verified:#}"
        );
    }
    // As the advice says.
    scene.write(
        "leaf.pem",
        scene.read("leaf.pem") + &scene.read("root/repository/01.pem"),
    );
    let server = serve(&scene, "leaf");
    for ca in ["root", "issuing"] {
        scene
            .gsec(&["cert", "verify", &server.target(), "--name", HOST, "--ca-dir", ca])
            .run()
            .ok();
        assert_eq!(
            slugs(&doctor(&scene, &at(&server.target(), &["--ca-dir", ca]))),
            [""; 0]
        );
    }
}

#[test]
fn missing_intermediate_in_a_file_is_appended_by_what_is_typed() {
    let scene = below_an_intermediate();
    let found = finds(&scene, &["leaf.pem", "--ca-dir", "root"], "intermediate-missing");
    assert!(type_remedy(&scene, &found) > 0, "{found:#?}");
    is_silent(&scene, &["leaf.pem", "--ca-dir", "root"], "intermediate-missing");
    scene.openssl(&[
        "verify",
        "-CAfile",
        "root.pem",
        "-untrusted",
        "leaf.pem",
        "leaf.pem",
    ]);
}

#[test]
fn verify_says_what_it_took_from_the_ca_directory() {
    let scene = below_an_intermediate();
    let verified = scene
        .gsec(&[
            "cert", "verify", "leaf.pem", "--name", HOST, "--ca-dir", "issuing", "--json",
        ])
        .run()
        .ok()
        .json();
    assert_eq!(
        verified["completed_with"],
        serde_json::json!(["CN=Corp Issuing CA"]),
        "{verified:#}"
    );
}

#[test]
fn causes_that_look_alike_are_told_apart() {
    let scene = below_an_intermediate();
    self_signed(&scene, "self", "/CN=db1.example.com");
    other_ca(&scene, "Corp Root CA", "same-name");
    other_ca(&scene, "Somebody Else CA", "another");
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            HOST,
            "--key-type",
            "p256",
            "--no-pfx",
            "--ca-dir",
            "root",
        ])
        .run()
        .ok();
    for (name, slug) in [
        ("self", "self-signed"),
        ("same-name", "issuer-signature-wrong"),
        ("another", "issuer-unknown"),
    ] {
        let server = serve(&scene, name);
        for trust in [["--ca-dir", "root"], ["--trust", "root.pem"]] {
            let all = doctor(&scene, &at(&server.target(), &trust));
            assert!(slugs(&all).contains(&slug), "{name} {trust:?}: {all:#?}");
            let others = [
                "self-signed",
                "issuer-signature-wrong",
                "issuer-unknown",
                "intermediate-missing",
            ];
            assert!(
                others
                    .iter()
                    .filter(|other| **other != slug)
                    .all(|other| !slugs(&all).contains(other)),
                "{name} {trust:?}: {all:#?}"
            );
            let says_interception = all.iter().any(|found| found.slug == "certificate-intercepted");
            assert_eq!(
                says_interception,
                name == "another" && trust[0] == "--ca-dir",
                "{name} {trust:?}: {all:#?}"
            );
            // What was issued for the host need only be installed.
            if trust[0] == "--ca-dir" {
                let found = all.iter().find(|found| found.slug == slug).expect("it was found");
                assert!(
                    found.fix.is_empty()
                        && found.advice[0].starts_with("Install 'root/repository/02_db1_cert.pem'"),
                    "{found:#?}"
                );
            }
        }
    }
    let both = finds(
        &scene,
        &at(&serve(&scene, "same-name").target(), &["--ca-dir", "root"]),
        "issuer-signature-wrong",
    );
    assert_eq!(both.seen.matches("key identifier ").count(), 2, "{both:#?}");
}

#[test]
fn files_of_another_ca_are_not_healthy_beside_a_ca() {
    let scene = Scene::with_host();
    self_signed(&scene, "self", "/CN=db1.example.com");
    other_ca(&scene, "Somebody Else CA", "another");
    for (file, slug) in [
        ("another.pem", "trust-unknown"),
        ("self.pem", "self-signed"),
        ("ca-of-another/ca_conf/ca_cert.pem", "trust-unknown"),
    ] {
        let found = finds(&scene, &[file], slug);
        assert!(found.severity != "notice", "{found:#?}");
    }
    // Where no CA is at hand, what could not be looked at is said.
    let away = Scene::empty();
    away.write("another.pem", scene.read("another.pem"));
    away.write("self.pem", scene.read("self.pem"));
    assert_eq!(
        away.gsec(&["doctor", "another.pem"]).run().ok().stdout,
        "another.pem: healthy, chain and revocation not checked: one certificate, 99 days left\n"
    );
    finds(&away, &["self.pem"], "self-signed");
}

#[test]
fn reversed_files_and_keys_of_other_certificates_are_errors() {
    let scene = Scene::with_host();
    let (certificate, key) = (
        "gsec-ca/repository/01.pem",
        "gsec-ca/repository/01_db1_priv_key.pem",
    );
    scene.write(
        "reversed.pem",
        scene.read("gsec-ca/ca_conf/ca_cert.pem") + &scene.read(certificate),
    );
    let found = finds(&scene, &["reversed.pem"], "chain-order");
    assert_eq!(found.severity, "error");
    type_remedy(&scene, &found);
    is_silent(&scene, &["reversed.pem"], "chain-order");
    // The key stands in the file, and belongs to the second.
    scene.issue("app7.example.com", &[]).run().ok();
    scene.write(
        "two.pem",
        scene.read("gsec-ca/repository/02.pem") + &scene.read(certificate) + &scene.read(key),
    );
    scene.chmod("two.pem", 0o600);
    let all = doctor(&scene, &["two.pem"]);
    assert!(
        all.iter().any(
            |found| ["mixed-hosts", "chain-order", "certificates-of-several-hosts"]
                .contains(&found.slug.as_str())
        ),
        "{all:#?}"
    );
    all.iter().for_each(|found| {
        type_remedy(&scene, found);
    });
}

#[test]
fn rsa_and_ec_of_one_host_in_one_file_are_paired_by_key() {
    let scene = Scene::with_ca();
    for kind in ["rsa", "p256"] {
        scene
            .gsec(&["cert", "issue", "--host", HOST, "--key-type", kind, "--no-pfx"])
            .run()
            .ok();
    }
    let parts = ["01.pem", "02.pem", "02_db1_priv_key.pem", "01_db1_priv_key.pem"]
        .map(|name| scene.read(&format!("gsec-ca/repository/{name}")));
    scene.write("both.pem", parts.concat());
    scene.chmod("both.pem", 0o600);
    assert_eq!(slugs(&doctor(&scene, &["both.pem"])), [""; 0]);
    for serial in ["01", "02"] {
        for file in [
            format!("gsec-ca/repository/{serial}.pem"),
            format!("gsec-ca/repository/{serial}_db1_priv_key.pem"),
        ] {
            scene.gsec(&["cert", "match", "both.pem", &file]).run().ok();
            scene.gsec(&["cert", "match", &file, "both.pem"]).run().ok();
        }
    }
    scene
        .gsec(&["doctor", "handshake", "--server-cert", "both.pem", "--name", HOST])
        .run()
        .ok();
    let said = scene
        .gsec(&["convert", "to-pfx", "--cert", "both.pem", "--out", "both.pfx"])
        .run()
        .ok();
    assert!(
        said.stdout
            .contains("left out       CN=db1.example.com and its key, P-256"),
        "{said}"
    );
    other_ca(&scene, "Somebody Else CA", "another");
    scene
        .gsec(&["cert", "match", "both.pem", "another.pem"])
        .run()
        .code(1);
}

/// Subjects that run something where a shell reads them.
const HOSTILE: [&str; 7] = [
    "x; touch PWNED #",
    "$(touch PWNED)",
    "`touch PWNED`",
    "x' ; touch PWNED ; '",
    "x\\\" ; touch PWNED ; \\\"",
    "x && touch PWNED || touch PWNED",
    "| touch PWNED",
];

/// Everything that is said to help, in one document.
fn all_help(document: &Value) -> Vec<String> {
    let of = |finding: &Value| {
        let lists = ["fix", "look", "advice"]
            .into_iter()
            .filter_map(|kind| finding[kind].as_array());
        lists
            .flatten()
            .map(|line| line.as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    };
    let targets = document["targets"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|target| target["findings"].as_array().expect("findings"));
    targets
        .chain(document["findings"].as_array().into_iter().flatten())
        .flat_map(of)
        .collect()
}

#[test]
fn no_name_from_a_certificate_gets_into_a_shell() {
    for subject in HOSTILE {
        let scene = Scene::with_host();
        let escaped = subject.replace('/', "\\/");
        self_signed(&scene, "hostile", &format!("/CN={escaped}"));
        scene.openssl(&[
            "req",
            "-new",
            "-nodes",
            "-newkey",
            "rsa:1024",
            "-subj",
            &format!("/CN={escaped}"),
            "-keyout",
            "weak.key",
            "-out",
            "weak.csr",
        ]);
        let sign = [
            "x509",
            "-req",
            "-in",
            "weak.csr",
            "-CA",
            "hostile.pem",
            "-CAkey",
            "hostile.key",
            "-days",
            "9",
            "-out",
            "weak.pem",
        ];
        scene.openssl(&sign);
        for arguments in [
            &["doctor", "hostile.pem", "--json"][..],
            &["doctor", "weak.pem", "--name", HOST, "--json"],
            &[
                "doctor",
                "weak.pem",
                "--trust",
                "gsec-ca/ca_conf/ca_cert.pem",
                "--json",
            ],
            &["cert", "verify", "hostile.pem", "--name", HOST, "--json"],
            &["cert", "verify", "weak.pem", "--purpose", "client", "--json"],
        ] {
            let outcome = scene.gsec(arguments).run();
            let help = all_help(&outcome.json());
            assert!(!help.is_empty(), "{outcome}");
            for line in help {
                tool("bash")
                    .args(&["-c", &line])
                    .in_dir(scene.dir.path(""))
                    .stdin("")
                    .env("PATH", "/usr/bin:/bin")
                    .run();
                assert!(!scene.exists("PWNED"), "`{line}` of {arguments:?} for {subject}");
            }
            let text: Vec<&str> = arguments
                .iter()
                .copied()
                .filter(|word| *word != "--json")
                .collect();
            let text = scene.gsec(&text).run().stdout;
            for label in ["fix", "look", "advice"] {
                let lines: Vec<&str> = text
                    .lines()
                    .filter_map(|line| line.trim_start().strip_prefix(&format!("{label}: ")))
                    .collect();
                tool("bash")
                    .in_dir(scene.dir.path(""))
                    .stdin(lines.join("\n"))
                    .env("PATH", "/usr/bin:/bin")
                    .run();
                assert!(!scene.exists("PWNED"), "{label} of {text}");
            }
        }
    }
}

#[test]
fn verify_quotes_what_it_says_to_type() {
    let scene = Scene::with_host();
    let document = scene
        .gsec(&["cert", "verify", "01", "--name", "*.example.com", "--json"])
        .run()
        .code(1)
        .json();
    assert!(
        all_help(&document).contains(&"gsec cert issue --host '*.example.com'".to_owned()),
        "{document:#}"
    );
}

#[test]
fn protocols_that_begin_in_plain_text_are_named() {
    let scene = Scene::empty();
    for (said, name, starttls) in [
        (&b"220 mx.example.com ESMTP ready\r\n"[..], "SMTP", Some("smtp")),
        (b"220 (vsFTPd 3.0.3)\r\n", "FTP", Some("ftp")),
        (
            b"\x4a\0\0\0\x0a8.0.33\0xxxxxxxxxxxxxxxxxxxx",
            "MySQL",
            Some("mysql"),
        ),
        (
            b"\x30\x0c\x02\x01\0\x78\x07\x0a\x01\x02\x04\0\x04\0",
            "LDAP",
            Some("ldap"),
        ),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "SSH", None),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP", None),
    ] {
        let server = OwnServer::start(move |mut stream| {
            drop(stream.write_all(said));
            first_octets(&mut stream);
        });
        let found = finds(&scene, &[&server.target()], "port-plain-text");
        assert!(
            found
                .seen
                .starts_with(&format!("it does not speak TLS, but {name}")),
            "{found:#?}"
        );
        let command =
            starttls.map(|protocol| format!("gsec doctor {} --starttls {protocol}", server.target()));
        assert_eq!(found.look, command.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn where_nothing_was_examined_nothing_is_called_healthy() {
    let scene = Scene::with_host();
    let block = |label: &str| format!("-----BEGIN {label}-----\nMAMBAf8=\n-----END {label}-----\n");
    for label in ["DH PARAMETERS", "X"] {
        scene.write("odd.pem", block(label));
        let said = scene
            .gsec(&["doctor", "odd.pem", "--format", "nagios"])
            .run()
            .code(3);
        assert!(
            said.stdout.starts_with("UNKNOWN - ") && said.stdout.contains(label),
            "{said}"
        );
        let said = scene.gsec(&["doctor", "odd.pem"]).run().code(3);
        assert!(
            said.stdout.is_empty() && said.stderr.contains("nothing in `odd.pem` could be examined"),
            "{said}"
        );
    }
    scene
        .gsec(&["doctor", "gsec-ca/repository/01.pem", "--only", "crl-stale"])
        .run()
        .code(3);
    // Beside what was looked at, the rest is named.
    scene.write("odd.pem", scene.read("gsec-ca/repository/01.pem") + &block("X"));
    assert!(
        finds(&scene, &["odd.pem"], "contents-unread")
            .seen
            .contains("`X`")
    );
    scene.write(
        "odd.pem",
        block("DH PARAMETERS") + &scene.read("gsec-ca/repository/01.pem"),
    );
    is_silent(&scene, &["odd.pem"], "contents-unread");
}

#[test]
fn trust_store_that_java_reads_is_written_by_what_is_typed() {
    let scene = Scene::with_host();
    scene.write("secret.txt", "changeit");
    let ca = "gsec-ca/ca_conf/ca_cert.pem";
    scene.openssl(&[
        "pkcs12",
        "-export",
        "-nokeys",
        "-in",
        ca,
        "-out",
        "trust.p12",
        "-passout",
        "file:secret.txt",
    ]);
    let asked = |file| [file, "--password-file", "secret.txt", "--read-by", "java17"];
    let found = finds(&scene, &asked("trust.p12"), "pfx-unreadable");
    assert!(
        type_remedy(&scene, &found) == 1 && found.seen.contains("trustedKeyUsage"),
        "{found:#?}"
    );
    is_silent(&scene, &asked("trust_compat.p12"), "pfx-unreadable");
}

#[test]
fn what_is_said_to_be_next_works() {
    let scene = Scene::with_ca();
    for profile in [
        "host",
        "server",
        "gui",
        "tls-server",
        "tls-client",
        "appliance",
        "hub",
    ] {
        let said = scene
            .issue("db1.example.com", &["--profile", profile, "--no-pfx"])
            .run()
            .ok();
        let next = said
            .stdout
            .lines()
            .skip_while(|line| *line != "Next:")
            .nth(1)
            .expect("a command")
            .trim()
            .to_owned();
        type_line(&scene, &next).ok();
    }
    let said = scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Addresses",
            "--key-type",
            "p256",
            "--permit-ip",
            "10.0.0.0/8",
            "--ca-dir",
            "ip",
        ])
        .run()
        .ok();
    let next = said
        .stdout
        .lines()
        .skip_while(|line| *line != "Next:")
        .nth(1)
        .expect("a command")
        .trim()
        .to_owned();
    assert_eq!(next, "gsec cert issue --host 10.0.0.1 --ca-dir ip");
    type_line(&scene, &format!("{next} --no-pfx")).ok();
    let quick = Scene::empty();
    let said = quick.gsec(&["quickstart", HOST]).run().ok();
    assert!(
        said.stdout
            .contains("  gsec doctor localhost:4433 --name db1.example.com\n"),
        "{said}"
    );
}

#[test]
fn renewal_that_needs_a_profile_names_it_and_a_successor_is_only_installed() {
    let scene = Scene::with_ca();
    // `openssl ca` leaves no word of a profile, and two of them give serverAuth alone.
    let dates = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"];
    scene.write(
        "usages.txt",
        "[usages]\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:db1.example.com\n",
    );
    scene.openssl(&[
        "req",
        "-new",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-subj",
        "/CN=db1.example.com",
        "-keyout",
        "k.pem",
        "-out",
        "r.pem",
    ]);
    let sign = [
        "ca",
        "-batch",
        "-notext",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        "../r.pem",
        "-out",
        "../old.pem",
        "-extfile",
        "../usages.txt",
    ];
    let sign = [&sign[..], &["-extensions", "usages"], &dates].concat();
    common::openssl(&sign)
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    let found = finds(&scene, &["old.pem"], "certificate-expired");
    assert!(
        found.fix[0].starts_with("gsec cert renew 01 --profile "),
        "{found:#?}"
    );
    type_remedy(&scene, &found);
    let found = finds(&scene, &["old.pem"], "certificate-expired");
    assert!(
        found.fix.is_empty() && found.advice[0].starts_with("Install 'gsec-ca/repository/02_db1_cert.pem'"),
        "{found:#?}"
    );
}

#[test]
fn refused_client_certificate_is_looked_at() {
    let scene = Scene::with_host();
    scene
        .issue("app7.example.com", &["--profile", "tls-server", "--no-pfx"])
        .run()
        .ok();
    let ca = scene.dir.path("gsec-ca/ca_conf/ca_cert.pem");
    let file = |serial: &str, rest: &str| scene.dir.path(&format!("gsec-ca/repository/{serial}_{rest}.pem"));
    let strict = ["-Verify", "3", "-verify_return_error", "-CAfile", &ca];
    let server = TlsPort::openssl(&file("01", "db1_cert"), &file("01", "db1_priv_key"), &strict);
    let client = [
        "--client-cert",
        "gsec-ca/repository/02_app7_cert.pem",
        "--client-key",
        "gsec-ca/repository/02_app7_priv_key.pem",
    ];
    let found = finds(
        &scene,
        &at(&server.target(), &client),
        "client-certificate-refused",
    );
    assert!(
        found.seen.contains("the cause may be: ") && found.seen.contains("clientAuth"),
        "{found:#?}"
    );
    assert_eq!(
        found.fix,
        ["gsec cert issue --host app7.example.com --profile tls-client"]
    );
    type_remedy(&scene, &found);
    let client = [
        "--client-cert",
        "gsec-ca/repository/03_app7_cert.pem",
        "--client-key",
        "gsec-ca/repository/03_app7_priv_key.pem",
    ];
    is_silent(
        &scene,
        &at(&server.target(), &client),
        "client-certificate-refused",
    );
}

/// A CA in `./NAME` that has made a CRL, and its certificate for db1.
fn ca_with_crl(scene: &Scene, folder: &str, common_name: &str) {
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            common_name,
            "--key-type",
            "p256",
            "--ca-dir",
            folder,
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            HOST,
            "--key-type",
            "p256",
            "--no-pfx",
            "--ca-dir",
            folder,
        ])
        .run()
        .ok();
    scene.gsec(&["crl", "update", "--ca-dir", folder]).run().ok();
}

#[test]
fn crl_of_one_ca_is_no_fault_of_what_another_issued() {
    let scene = Scene::empty();
    ca_with_crl(&scene, "one", "One CA");
    ca_with_crl(&scene, "two", "Two CA");
    let other = "two/repository/01_db1_cert.pem";
    for file in [other, "two/ca_conf/ca_cert.pem"] {
        let all = doctor(&scene, &[file, "--ca-dir", "one"]);
        assert!(
            all.iter().all(|found| found.slug != "certificate-flaw"),
            "{file}: {all:#?}"
        );
    }
    let server = rustls_server(
        &scene.dir.path(other),
        &scene.dir.path("two/repository/01_db1_priv_key.pem"),
    );
    let all = doctor(&scene, &at(&server.target(), &["--ca-dir", "one"]));
    assert!(
        all.iter().all(|found| found.slug != "certificate-flaw"),
        "{all:#?}"
    );
    // Neither is a kind of CRL blamed that is not there, where somebody gives one.
    for trust in ["one", "two"] {
        let trust = format!("{trust}/ca_conf/ca_cert.pem");
        let verified = scene
            .gsec(&[
                "cert",
                "verify",
                other,
                "--trust",
                &trust,
                "--crl",
                "one/ca_conf/ca_crl.pem",
            ])
            .run();
        assert!(!verified.stdout.contains("indirect"), "{verified}");
    }
}

/// A CA whose key was changed, and that has issued for db1 before (01) and after (02).
fn rekeyed() -> Scene {
    let scene = Scene::with_ca();
    scene.issue(HOST, &["--no-pfx"]).run().ok();
    scene.gsec(&["ca", "rekey"]).run().ok();
    scene.issue(HOST, &["--no-pfx"]).run().ok();
    scene.gsec(&["crl", "update"]).run().ok();
    scene
}

fn serve_of_ca(scene: &Scene, serial: &str) -> OwnServer {
    let file = |rest: &str| {
        scene
            .dir
            .path(&format!("gsec-ca/repository/{serial}_db1_{rest}.pem"))
    };
    rustls_server(&file("cert"), &file("priv_key"))
}

#[test]
fn crls_of_several_keys_of_one_ca_are_no_fault() {
    let scene = rekeyed();
    for serial in ["01", "02"] {
        let server = serve_of_ca(&scene, serial);
        let found = doctor(&scene, &at(&server.target(), &[]));
        assert!(
            found
                .iter()
                .all(|found| !found.seen.contains("CRL") && !found.seen.contains("strict")),
            "{serial}: {found:#?}"
        );
        let file = format!("gsec-ca/repository/{serial}_db1_cert.pem");
        let found = doctor(&scene, &[&file]);
        assert!(
            found.iter().all(|found| !found.seen.contains("CRL")),
            "{serial}: {found:#?}"
        );
    }
}

#[test]
fn certificate_of_the_former_key_is_told_as_that() {
    let scene = rekeyed();
    let trust = ["--trust", "gsec-ca/ca_conf/ca_cert.pem"];
    let server = serve_of_ca(&scene, "01");
    for target in [server.target(), "gsec-ca/repository/01_db1_cert.pem".to_owned()] {
        let found = finds(&scene, &at(&target, &trust), "issuer-signature-wrong");
        let words = &found.advice[0];
        assert!(
            words.starts_with("The former key of this CA signed it") && words.contains("ca_conf/previous/"),
            "{found:#?}"
        );
        let verified = scene
            .gsec(&["cert", "verify", &target, "--trust", trust[1]])
            .run()
            .code(1);
        assert!(
            verified.stdout.contains("The former key of this CA signed it"),
            "{verified}"
        );
    }
}

#[test]
fn certificates_of_the_ca_itself_need_no_record() {
    let scene = rekeyed();
    let folder = std::fs::read_dir(scene.dir.path("gsec-ca/ca_conf/previous"))
        .expect("read")
        .next()
        .expect("one")
        .expect("entry")
        .path();
    let former = |file: &str| folder.join(file).display().to_string();
    let present = scene.dir.path("gsec-ca/ca_conf/ca_cert.pem");
    let key = scene.dir.path("gsec-ca/ca_conf/ca_priv_key.pem");
    for (certificate, key) in [
        (present, &key),
        (former("ca_cert.pem"), &former("ca_priv_key.pem")),
        (former("new_with_old.pem"), &key),
    ] {
        let server = TlsPort::openssl(&certificate, key, &[]);
        let all = doctor(&scene, &at(&server.target(), &["--ca-dir", "gsec-ca"]));
        assert!(
            all.iter().all(|found| found.slug != "presented-unrecorded"),
            "{certificate}: {all:#?}"
        );
    }
    // What the CA above issued, that one records.
    let scene = below_an_intermediate();
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            HOST,
            "--key-type",
            "p256",
            "--no-pfx",
            "--ca-dir",
            "root",
        ])
        .run()
        .ok();
    scene.openssl(&["x509", "-in", "root/repository/02.pem", "-out", "other.pem"]);
    scene.write("other.key", scene.read("root/repository/02_db1_priv_key.pem"));
    let all = doctor(
        &scene,
        &at(&serve(&scene, "other").target(), &["--ca-dir", "issuing"]),
    );
    assert!(
        all.iter().all(|found| found.slug != "presented-unrecorded"),
        "{all:#?}"
    );
}

#[test]
fn revoked_intermediate_is_the_cause() {
    let scene = below_an_intermediate();
    scene
        .gsec(&["cert", "revoke", "01", "--ca-dir", "root"])
        .run()
        .ok();
    scene.write(
        "chain.pem",
        scene.read("leaf.pem") + &scene.read("root/repository/01.pem"),
    );
    scene.write("chain.key", scene.read("leaf.key"));
    for name in ["leaf", "chain"] {
        let file = format!("{name}.pem");
        let server = serve(&scene, name);
        for target in [file.clone(), server.target()] {
            let all = doctor(&scene, &at(&target, &["--ca-dir", "root"]));
            let revoked = all
                .iter()
                .find(|found| found.slug == "certificate-revoked")
                .unwrap_or_else(|| panic!("{target}: {all:#?}"));
            assert!(
                revoked.subject.contains("Corp Issuing CA") && revoked.severity == "error",
                "{revoked:#?}"
            );
            assert!(
                all.iter()
                    .all(|found| !["issuer-unknown", "intermediate-missing"].contains(&found.slug.as_str())),
                "{target}: {all:#?}"
            );
        }
        let verified = scene
            .gsec(&["cert", "verify", &file, "--ca-dir", "root"])
            .run()
            .code(1);
        let first = verified.stdout.lines().next().unwrap_or_default().to_owned();
        assert!(
            first.contains("the CA above it is revoked: CN=Corp Issuing CA"),
            "{verified}"
        );
        assert!(!verified.stdout.contains("issuer-unknown"), "{verified}");
    }
}

#[test]
fn self_signed_server_is_an_error_whatever_the_ca_at_hand_has() {
    let scene = Scene::with_ca();
    self_signed(&scene, "self", "/CN=db1.example.com");
    let server = serve(&scene, "self");
    let is_error = |when: &str| {
        let found = finds(&scene, &at(&server.target(), &[]), "self-signed");
        assert_eq!(found.severity, "error", "{when}: {found:#?}");
        found
    };
    is_error("nothing was issued for it");
    scene.issue(HOST, &[]).run().ok();
    is_error("a certificate was issued for it");
    // What the CA has for the host is named, also for the file.
    let found = finds(&scene, &["self.pem"], "self-signed");
    assert!(
        found.advice[0].starts_with("Install 'gsec-ca/repository/01_db1_cert.pem'"),
        "{found:#?}"
    );
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "certificateHold"])
        .run()
        .ok();
    is_error("that is on hold");
    scene
        .gsec(&["cert", "verify", &server.target(), "--name", HOST])
        .run()
        .code(1);
}

#[test]
fn root_of_another_ca_is_to_be_trusted_or_not() {
    let scene = Scene::with_ca();
    other_ca(&scene, "Somebody Else CA", "another");
    let all = doctor(
        &scene,
        &["ca-of-another/ca_conf/ca_cert.pem", "--ca-dir", "gsec-ca"],
    );
    assert!(
        all.iter()
            .flat_map(|found| &found.advice)
            .all(|words| !words.contains("the host")),
        "{all:#?}"
    );
}
