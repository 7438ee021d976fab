//! `doctor handshake`: both ends in one process say what `openssl s_server` and `s_client` say with the same files, and what to type.

use crate::common;

use std::collections::BTreeSet;
use std::io::{BufReader, Read};

use common::{ChildGuard, Outcome, Scene, openssl, port_listened_on, tool};
use serde_json::Value;

/// Files of two ends, relative to the scene. An empty key is in the certificate's file.
#[derive(Clone)]
struct Pair {
    server: (String, String),
    client: Option<(String, String)>,
    trust: String,
    client_trust: Option<String>,
    name: Option<&'static str>,
}

const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";

/// What the CA keeps of a host.
fn host(serial: &str, label: &str) -> (String, String) {
    let file = |rest: &str| format!("gsec-ca/repository/{serial}_{label}_{rest}.pem");
    (file("cert"), file("priv_key"))
}

/// A CA, the server db1 under 01 and the client app7 under 02.
fn stage() -> Scene {
    let scene = Scene::with_host();
    scene.issue("app7.example.com", &[]).run().ok();
    scene
}

fn good_pair() -> Pair {
    Pair {
        server: host("01", "db1"),
        client: Some(host("02", "app7")),
        trust: CA.into(),
        client_trust: None,
        name: Some("db1.example.com"),
    }
}

impl Pair {
    fn args(&self) -> Vec<&str> {
        let mut args = vec![
            "doctor",
            "handshake",
            "--server-cert",
            &self.server.0,
            "--trust",
            &self.trust,
        ];
        if !self.server.1.is_empty() {
            args.extend(["--server-key", &self.server.1]);
        }
        if let Some((certificate, key)) = &self.client {
            args.extend(["--client-cert", certificate]);
            if !key.is_empty() {
                args.extend(["--client-key", key]);
            }
        }
        if let Some(trust) = &self.client_trust {
            args.extend(["--client-trust", trust]);
        }
        if let Some(name) = self.name {
            args.extend(["--name", name]);
        }
        args
    }

    fn rehearse(&self, scene: &Scene) -> Rehearsal {
        let outcome = scene.gsec(&self.args()).args(&["--json"]).run();
        assert_eq!(outcome.stderr, "", "{outcome}");
        Rehearsal {
            document: outcome.json(),
            outcome,
        }
    }

    /// Whether `openssl s_server` and `s_client` come together with the same files: each presents what stands in its file.
    fn meets_in_openssl(&self, scene: &Scene) -> bool {
        let own = |(certificate, key): &(String, String)| {
            let key = if key.is_empty() {
                certificate.clone()
            } else {
                key.clone()
            };
            [certificate.clone(), key, certificate.clone()].map(|name| scene.dir.path(&name))
        };
        let [certificate, key, chain] = own(&self.server);
        let demand = self
            .client_trust
            .clone()
            .or(self.client.is_some().then(|| self.trust.clone()))
            .map(|trust| scene.dir.path(&trust));
        let mut server = openssl(&["s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-rev"]).args(&[
            "-cert",
            &certificate,
            "-key",
            &key,
            "-cert_chain",
            &chain,
        ]);
        if let Some(trust) = &demand {
            server = server.args(&["-CAfile", trust, "-Verify", "9", "-verify_return_error"]);
        }
        let mut server = ChildGuard::start(&mut server.streams_joined());
        let mut lines = BufReader::new(server.0.stdout.take().expect("stdout is piped"));
        if server.0.try_wait().expect("a state").is_some() {
            return false;
        }
        let Some(port) = port_if_it_starts(&mut lines) else {
            return false;
        };
        let trust = scene.dir.path(&self.trust);
        let mut client = openssl(&[
            "s_client",
            "-connect",
            &format!("127.0.0.1:{port}"),
            "-brief",
            "-ign_eof",
            "-CAfile",
            &trust,
            "-verify_return_error",
        ]);
        if let Some(name) = self.name {
            client = client.args(&["-servername", name, "-verify_hostname", name]);
        }
        if let Some(client_end) = &self.client {
            let [certificate, key, chain] = own(client_end);
            client = client.args(&["-cert", &certificate, "-key", &key, "-cert_chain", &chain]);
        }
        let said = client.stdin("hello\nCLOSE\n").run();
        drop(std::net::TcpStream::connect(("127.0.0.1", port)));
        let mut by_server = String::new();
        lines.read_to_string(&mut by_server).expect("what s_server says");
        said.stdout.contains("olleh")
    }

    /// Asserts that both say yes, and that nothing is found.
    #[track_caller]
    fn comes_together(&self, scene: &Scene) {
        let rehearsal = self.rehearse(scene);
        assert_eq!(rehearsal.slugs(), BTreeSet::new(), "{}", rehearsal.outcome);
        assert_eq!(
            (rehearsal.outcome.status, &rehearsal.document["agrees"]),
            (Some(0), &Value::Bool(true)),
            "{}",
            rehearsal.outcome
        );
        assert!(self.meets_in_openssl(scene), "OpenSSL does not agree");
    }

    /// Asserts that both say no, that `by` refuses in every version, and that exactly this is found.
    #[track_caller]
    fn is_refused(&self, scene: &Scene, by: &str, slugs: &[&str]) -> Rehearsal {
        let rehearsal = self.rehearse(scene);
        assert_eq!(
            rehearsal.slugs(),
            slugs.iter().copied().collect(),
            "{}",
            rehearsal.outcome
        );
        assert_eq!(rehearsal.outcome.status, Some(1), "{}", rehearsal.outcome);
        for version in rehearsal.document["rehearsals"].as_array().expect("rehearsals") {
            assert_eq!(version["refused_by"], by, "{}", rehearsal.outcome);
        }
        assert!(!self.meets_in_openssl(scene), "OpenSSL agrees");
        rehearsal
    }
}

fn port_if_it_starts(lines: &mut BufReader<std::process::ChildStdout>) -> Option<u16> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| port_listened_on(lines))).ok()
}

struct Rehearsal {
    document: Value,
    outcome: Outcome,
}

impl Rehearsal {
    fn findings(&self) -> &[Value] {
        self.document["findings"].as_array().expect("findings")
    }

    fn slugs(&self) -> BTreeSet<&str> {
        self.findings()
            .iter()
            .map(|finding| finding["slug"].as_str().expect("a slug"))
            .collect()
    }

    /// Types the last command that a finding gives.
    fn follow(&self, scene: &Scene, slug: &str) -> String {
        let finding = self
            .findings()
            .iter()
            .find(|finding| finding["slug"] == slug)
            .expect("the finding");
        let mut fixes = finding["fix"]
            .as_array()
            .expect("what mends it")
            .iter()
            .filter_map(Value::as_str);
        let command = fixes
            .next_back()
            .unwrap_or_else(|| panic!("no command: {finding}"))
            .to_owned();
        type_in(scene, &command);
        command
    }
}

/// Runs a line in a shell that finds the gsec under test.
fn type_in(scene: &Scene, line: &str) -> Outcome {
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_gsec"))
        .parent()
        .expect("a folder")
        .display()
        .to_string();
    let path = format!("{folder}:{}", std::env::var("PATH").expect("PATH"));
    tool("sh")
        .args(&["-c", line])
        .in_dir(scene.dir.path(""))
        .env("PATH", &path)
        .run()
        .ok()
}

#[test]
fn a_good_pair_comes_together_and_nothing_is_found() {
    let scene = stage();
    let pair = good_pair();
    pair.comes_together(&scene);
    Pair {
        client: None,
        ..pair.clone()
    }
    .comes_together(&scene);
    Pair {
        client: None,
        name: None,
        ..pair.clone()
    }
    .comes_together(&scene);
    let document = pair.rehearse(&scene).document;
    let versions: Vec<&str> = document["rehearsals"]
        .as_array()
        .expect("list")
        .iter()
        .filter_map(|version| version["version"].as_str())
        .collect();
    assert_eq!(versions, ["TLS 1.3", "TLS 1.2"]);
}

#[test]
fn the_ca_directory_at_hand_is_trusted_when_nothing_is_named() {
    let scene = stage();
    let (certificate, key) = host("01", "db1");
    let args = [
        "doctor",
        "handshake",
        "--server-cert",
        &certificate,
        "--server-key",
        &key,
        "--name",
        "db1.example.com",
    ];
    scene
        .gsec(&args)
        .run()
        .ok()
        .says("The handshake succeeds for `db1.example.com`");
    let elsewhere = Scene::empty();
    let path = |name: &str| scene.dir.path(name);
    let args = [
        "doctor",
        "handshake",
        "--server-cert",
        &path(&certificate),
        "--server-key",
        &path(&key),
    ];
    elsewhere.refuses(
        &args,
        3,
        &[
            "error: no CA here: …",
            "hint: …",
            "hint: or pass the trusted certificate with `--trust FILE`",
        ],
    );
}

#[test]
fn files_of_every_kind_are_taken() {
    let scene = stage();
    scene.write("secret.txt", "a passphrase\n");
    let (certificate, key) = host("01", "db1");
    scene.write("both.pem", scene.read(&key) + &scene.read(&certificate));
    scene.openssl(&["x509", "-in", &certificate, "-outform", "DER", "-out", "cert.der"]);
    scene.openssl(&["pkey", "-in", &key, "-outform", "DER", "-out", "key.der"]);
    scene.openssl(&[
        "pkcs8",
        "-topk8",
        "-in",
        &key,
        "-passout",
        "file:secret.txt",
        "-out",
        "locked.pem",
    ]);
    let pfx = "gsec-ca/repository/01_db1_cert.pfx";
    for (certificate, key) in [
        ("both.pem", ""),
        ("cert.der", "key.der"),
        (pfx, ""),
        ("cert.der", pfx),
    ] {
        let pair = Pair {
            server: (certificate.into(), key.into()),
            ..good_pair()
        };
        let rehearsal = pair.rehearse(&scene);
        assert_eq!(
            (rehearsal.outcome.status, rehearsal.slugs()),
            (Some(0), BTreeSet::new()),
            "{certificate} {key}: {}",
            rehearsal.outcome
        );
    }
    let locked = Pair {
        server: (certificate.clone(), "locked.pem".into()),
        ..good_pair()
    };
    scene
        .gsec(&locked.args())
        .args(&["--password-file", "secret.txt"])
        .run()
        .ok();
    scene
        .gsec(&locked.args())
        .run()
        .code(3)
        .says("pass its password with `--password-file`");
    let without = Pair {
        server: (certificate, String::new()),
        ..good_pair()
    };
    scene
        .gsec(&without.args())
        .run()
        .code(3)
        .says("hint: pass the private key with `--server-key FILE`");
}

#[test]
fn client_refuses_another_name_and_a_new_certificate_mends_it() {
    let scene = stage();
    let pair = Pair {
        name: Some("db2.example.com"),
        ..good_pair()
    };
    let rehearsal = pair.is_refused(&scene, "client", &["name-mismatch"]);
    assert_eq!(
        rehearsal.follow(&scene, "name-mismatch"),
        "gsec cert issue --host db2.example.com"
    );
    Pair {
        server: host("03", "db2"),
        ..pair
    }
    .comes_together(&scene);
}

#[test]
fn each_end_refuses_a_certificate_of_a_ca_that_it_does_not_trust() {
    let scene = stage();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Other CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "other",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "db1.example.com",
            "--key-type",
            "p256",
            "--ca-dir",
            "other",
        ])
        .run()
        .ok();
    let strange = (
        "other/repository/01_db1_cert.pem".to_owned(),
        "other/repository/01_db1_priv_key.pem".to_owned(),
    );
    let server = Pair {
        server: strange.clone(),
        ..good_pair()
    };
    let rehearsal = server.is_refused(&scene, "client", &["issuer-unknown"]);
    // The CA at hand is the one that is trusted, and has issued for this host already.
    let advice = &rehearsal.findings()[0]["advice"][0];
    assert!(
        advice
            .as_str()
            .is_some_and(|words| words.starts_with(&format!("Install '{}'", host("01", "db1").0))),
        "{advice}"
    );
    Pair {
        server: host("01", "db1"),
        ..good_pair()
    }
    .comes_together(&scene);
    let client = Pair {
        client: Some(strange),
        ..good_pair()
    };
    client.is_refused(&scene, "server", &["issuer-unknown"]);
    Pair {
        client_trust: Some("other/ca_conf/ca_cert.pem".into()),
        ..client
    }
    .comes_together(&scene);
}

#[test]
fn a_ca_of_the_same_name_with_another_key_is_told_apart() {
    let scene = stage();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Test CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "twin",
        ])
        .run()
        .ok();
    let pair = Pair {
        trust: "twin/ca_conf/ca_cert.pem".into(),
        client: None,
        ..good_pair()
    };
    pair.is_refused(&scene, "client", &["issuer-signature-wrong"]);
}

#[test]
fn expired_and_future_certificates_are_refused_by_whoever_reads_them() {
    let scene = stage();
    let rehearse_at = |at: &str| {
        let outcome = scene
            .gsec(&good_pair().args())
            .args(&["--json", "--at", at])
            .run()
            .code(1);
        Rehearsal {
            document: outcome.json(),
            outcome,
        }
    };
    let late = rehearse_at("2035-01-01");
    assert_eq!(
        late.slugs(),
        BTreeSet::from(["certificate-expired"]),
        "{}",
        late.outcome
    );
    assert_eq!(late.findings().len(), 2, "the server's and the client's");
    assert_eq!(
        rehearse_at("2020-01-01").slugs(),
        BTreeSet::from(["certificate-not-yet-valid"])
    );
    // For real, and renewed.
    scene.sign_with_openssl(
        "db1.example.com",
        &["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"],
    );
    let pair = Pair {
        server: ("gsec-ca/repository/03.pem".into(), "key.pem".into()),
        ..good_pair()
    };
    let rehearsal = pair.is_refused(&scene, "client", &["certificate-expired"]);
    let renewal = rehearsal.follow(&scene, "certificate-expired");
    assert_eq!(renewal, "gsec cert renew 03");
    Pair {
        server: host("04", "db1"),
        ..good_pair()
    }
    .comes_together(&scene);
}

#[test]
fn a_certificate_for_clients_is_no_servers_and_the_other_way_round() {
    let scene = stage();
    scene
        .issue("db1.example.com", &["--profile", "tls-client"])
        .run()
        .ok();
    scene
        .issue("app7.example.com", &["--profile", "tls-server"])
        .run()
        .ok();
    let server = Pair {
        server: host("03", "db1"),
        ..good_pair()
    };
    let rehearsal = server.is_refused(&scene, "client", &["extended-key-usage"]);
    rehearsal.follow(&scene, "extended-key-usage");
    Pair {
        server: host("05", "db1"),
        ..good_pair()
    }
    .comes_together(&scene);
    let client = Pair {
        client: Some(host("04", "app7")),
        ..good_pair()
    };
    let rehearsal = client.is_refused(&scene, "server", &["extended-key-usage"]);
    assert_eq!(
        rehearsal.follow(&scene, "extended-key-usage"),
        "gsec cert issue --host app7.example.com --profile tls-client"
    );
    Pair {
        client: Some(host("06", "app7")),
        ..good_pair()
    }
    .comes_together(&scene);
}

#[test]
fn key_of_another_certificate_starts_neither_server_nor_client() {
    let scene = stage();
    let (server, client) = (host("01", "db1"), host("02", "app7"));
    let mixed = Pair {
        server: (server.0.clone(), client.1.clone()),
        ..good_pair()
    };
    let rehearsal = mixed.is_refused(&scene, "server", &["key-mismatch"]);
    // The right key lies beside the certificate.
    let advice = rehearsal
        .findings()
        .iter()
        .find(|finding| finding["slug"] == "key-mismatch")
        .expect("the finding")["advice"][0]
        .clone();
    assert_eq!(
        advice,
        format!("Use '{}': it is the key of the certificate.", server.1)
    );
    good_pair().comes_together(&scene);
    Pair {
        client: Some((client.0, server.1)),
        ..good_pair()
    }
    .is_refused(&scene, "client", &["key-mismatch"]);
}

#[test]
fn client_without_a_certificate_is_refused_where_one_is_demanded() {
    let scene = stage();
    let pair = Pair {
        client: None,
        client_trust: Some(CA.into()),
        ..good_pair()
    };
    let rehearsal = pair.is_refused(&scene, "server", &["client-certificate-missing"]);
    let finding = &rehearsal.findings()[0];
    assert_eq!(
        finding["seen"],
        "the server trusts clients of `CN=Test CA`, but the client has no certificate"
    );
    let advice = finding["advice"][0].as_str().expect("words");
    assert!(
        advice.contains("--profile tls-client") && finding["fix"] == serde_json::json!([]),
        "{finding}"
    );
    type_in(
        &scene,
        "gsec cert issue --host app8.example.com --profile tls-client",
    );
    Pair {
        client: Some(host("03", "app8")),
        ..pair
    }
    .comes_together(&scene);
}

/// An intermediate CA in `./gsec-ca` below the root in `./root`, and what it issued for db1 and app7.
fn stage_with_intermediate() -> Scene {
    let scene = Scene::empty();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Root CA",
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
            "Issuing CA",
            "--key-type",
            "p256",
            "--parent",
            "root",
        ])
        .run()
        .ok();
    scene.issue("db1.example.com", &[]).run().ok();
    scene.issue("app7.example.com", &[]).run().ok();
    scene
}

const ROOT: &str = "root/ca_conf/ca_cert.pem";

#[test]
fn missing_intermediate_is_named_with_the_file_that_has_it() {
    let scene = stage_with_intermediate();
    let (certificate, key) = host("01", "db1");
    let whole = Pair {
        trust: ROOT.into(),
        ..good_pair()
    };
    whole.comes_together(&scene);
    scene.openssl(&["x509", "-in", &certificate, "-out", "bare.pem"]);
    let bare = Pair {
        server: ("bare.pem".into(), key),
        ..whole.clone()
    };
    let rehearsal = bare.is_refused(&scene, "client", &["intermediate-missing"]);
    rehearsal.follow(&scene, "intermediate-missing");
    bare.comes_together(&scene);
    let (certificate, key) = host("02", "app7");
    scene.openssl(&["x509", "-in", &certificate, "-out", "bare2.pem"]);
    Pair {
        client: Some(("bare2.pem".into(), key)),
        ..whole
    }
    .is_refused(&scene, "server", &["intermediate-missing"]);
}

#[test]
fn an_intermediate_that_nobody_has_is_said_to_be_unknown() {
    let scene = stage_with_intermediate();
    let (certificate, key) = host("01", "db1");
    scene.openssl(&["x509", "-in", &certificate, "-out", "bare.pem"]);
    let elsewhere = Scene::empty();
    for (from, to) in [
        ("bare.pem", "bare.pem"),
        (key.as_str(), "key.pem"),
        (ROOT, "root.pem"),
    ] {
        elsewhere.write(to, scene.read_bytes(from));
    }
    let pair = Pair {
        server: ("bare.pem".into(), "key.pem".into()),
        client: None,
        trust: "root.pem".into(),
        client_trust: None,
        name: Some("db1.example.com"),
    };
    pair.is_refused(&elsewhere, "client", &["issuer-unknown"]);
}

#[test]
fn wrong_order_is_put_right_by_the_command_that_is_given() {
    let scene = stage_with_intermediate();
    let (certificate, key) = host("01", "db1");
    let text = scene.read(&certificate);
    let second = text[1..].find("-----BEGIN").expect("a second certificate") + 1;
    scene.write("turned.pem", format!("{}{}", &text[second..], &text[..second]));
    let pair = Pair {
        trust: ROOT.into(),
        server: ("turned.pem".into(), key),
        ..good_pair()
    };
    let rehearsal = pair.is_refused(&scene, "server", &["chain-order"]);
    rehearsal.follow(&scene, "chain-order");
    pair.comes_together(&scene);
}

#[test]
fn root_among_the_presented_is_no_finding() {
    let scene = stage_with_intermediate();
    let (certificate, key) = host("01", "db1");
    scene.write("with_root.pem", scene.read(&certificate) + &scene.read(ROOT));
    Pair {
        trust: ROOT.into(),
        server: ("with_root.pem".into(), key),
        ..good_pair()
    }
    .comes_together(&scene);
}

#[test]
fn rare_and_unusable_keys_are_named() {
    let scene = stage();
    for (serial, kind) in [("03", "ed25519"), ("04", "p521")] {
        scene
            .gsec(&["cert", "issue", "--host", "db1.example.com", "--key-type", kind])
            .run()
            .ok();
        let pair = Pair {
            server: host(serial, "db1"),
            ..good_pair()
        };
        let rehearsal = pair.rehearse(&scene);
        assert_eq!(
            (rehearsal.outcome.status, rehearsal.slugs()),
            (Some(0), BTreeSet::from(["handshake-key-kind"])),
            "{}",
            rehearsal.outcome
        );
    }
    // A key that only RSA-PSS may use; OpenSSL serves with it, rustls, Java before 11 and Windows do not.
    scene.openssl(&["genpkey", "-algorithm", "RSA-PSS", "-out", "pss.pem"]);
    scene.write(
        "san.txt",
        "subjectAltName=DNS:db1.example.com\nextendedKeyUsage=serverAuth\n",
    );
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "pss.pem",
        "-subj",
        "/CN=db1.example.com",
        "-out",
        "pss.csr",
    ]);
    let args = [
        "x509",
        "-req",
        "-in",
        "pss.csr",
        "-CA",
        CA,
        "-CAkey",
        "gsec-ca/ca_conf/ca_priv_key.pem",
        "-CAcreateserial",
    ];
    scene.openssl(
        &[
            &args[..],
            &["-extfile", "san.txt", "-days", "9", "-out", "pss_cert.pem"],
        ]
        .concat(),
    );
    let pair = Pair {
        server: ("pss_cert.pem".into(), "pss.pem".into()),
        client: None,
        ..good_pair()
    };
    let rehearsal = pair.rehearse(&scene);
    assert!(
        rehearsal.slugs().contains("handshake-key-unusable"),
        "{}",
        rehearsal.outcome
    );
    // There is a certificate with a key of another kind.
    let finding = rehearsal
        .findings()
        .iter()
        .find(|finding| finding["slug"] == "handshake-key-unusable")
        .expect("the finding");
    let advice = finding["advice"][0].as_str().expect("words");
    assert!(
        advice.starts_with(&format!("Install '{}'", host("01", "db1").0)),
        "{advice}"
    );
    Pair {
        server: host("01", "db1"),
        ..good_pair()
    }
    .comes_together(&scene);
}

#[test]
fn a_certificate_that_trusts_nobody_is_no_trust() {
    let scene = stage();
    // A client that was given the server's certificate as CA: rustls takes it for an anchor, and nobody issued by it is there.
    let pair = Pair {
        trust: host("02", "app7").0,
        client: None,
        ..good_pair()
    };
    pair.is_refused(&scene, "client", &["issuer-unknown"]);
}

#[test]
fn trusting_an_intermediate_without_its_root_is_said_to_be_too_little_for_openssl() {
    let scene = stage_with_intermediate();
    scene.openssl(&["x509", "-in", CA, "-out", "issuing.pem"]);
    let pair = Pair {
        trust: "issuing.pem".into(),
        client: None,
        ..good_pair()
    };
    let rehearsal = pair.rehearse(&scene);
    assert_eq!(
        (rehearsal.outcome.status, rehearsal.slugs()),
        (Some(0), BTreeSet::from(["trust-only-intermediate"])),
        "{}",
        rehearsal.outcome
    );
    assert!(!pair.meets_in_openssl(&scene));
    scene.write("both.pem", scene.read("issuing.pem") + &scene.read(ROOT));
    Pair {
        trust: "both.pem".into(),
        ..pair
    }
    .comes_together(&scene);
}

#[test]
fn certificate_of_the_ca_itself_is_refused_by_strict_clients() {
    let scene = stage();
    let pair = Pair {
        server: (CA.into(), "gsec-ca/ca_conf/ca_priv_key.pem".into()),
        name: None,
        client: None,
        ..good_pair()
    };
    let rehearsal = pair.rehearse(&scene);
    // It may certify and not sign handshakes: keyUsage says so, and OpenSSL heeds that.
    assert_eq!(
        (rehearsal.outcome.status, rehearsal.slugs()),
        (
            Some(1),
            BTreeSet::from(["ca-certificate-as-host", "extended-key-usage"])
        )
    );
    assert!(!pair.meets_in_openssl(&scene));
}

#[test]
fn root_that_has_ended_is_an_error_although_rustls_does_not_look() {
    let scene = stage();
    let extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";
    scene.write(
        "ca.cnf",
        format!(
            "{}\n[old_root]\n{extensions}",
            scene.read("gsec-ca/ca_conf/ca.conf")
        ),
    );
    let in_ca = |args: &[&str]| drop(openssl(args).in_dir(scene.dir.path("gsec-ca")).run().ok());
    in_ca(&[
        "req",
        "-new",
        "-key",
        "ca_conf/ca_priv_key.pem",
        "-subj",
        "/CN=Test CA",
        "-out",
        "../ca.csr",
    ]);
    let dates = [
        "-startdate",
        "20200101000000Z",
        "-enddate",
        "20210101000000Z",
        "-extensions",
        "old_root",
    ];
    in_ca(
        &[
            &[
                "ca",
                "-batch",
                "-config",
                "../ca.cnf",
                "-selfsign",
                "-notext",
                "-in",
                "../ca.csr",
                "-out",
                "../old_root.pem",
            ],
            &dates[..],
        ]
        .concat(),
    );
    let pair = Pair {
        trust: "old_root.pem".into(),
        client: None,
        ..good_pair()
    };
    let rehearsal = pair.rehearse(&scene);
    assert_eq!(
        (rehearsal.outcome.status, rehearsal.slugs()),
        (Some(1), BTreeSet::from(["certificate-expired"])),
        "{}",
        rehearsal.outcome
    );
    assert_eq!(
        rehearsal.document["rehearsals"][0]["agrees"], true,
        "rustls does not ask when an anchor ends"
    );
    assert!(!pair.meets_in_openssl(&scene));
}

#[test]
fn one_version_can_be_rehearsed_alone() {
    let scene = stage();
    let outcome = scene
        .gsec(&good_pair().args())
        .args(&["--json", "--tls", "1.2"])
        .run()
        .ok();
    let versions = outcome.json()["rehearsals"].as_array().expect("a list").len();
    assert_eq!(
        (versions, &outcome.json()["rehearsals"][0]["version"]),
        (1, &Value::from("TLS 1.2"))
    );
    scene
        .gsec(&good_pair().args())
        .args(&["--tls", "1.1"])
        .run()
        .code(2);
}

/// It is of a size that everybody reads, and more than a modern library takes in one message.
#[test]
fn a_certificate_that_is_too_large_for_a_message_is_told_by_the_handshake_alone() {
    let scene = stage();
    let names: String = (1000..3600)
        .map(|number| format!("DNS.{number}=host-{number}.example.com\n"))
        .collect();
    scene.write(
        "big.cnf",
        format!("[e]\nsubjectAltName=@n\nextendedKeyUsage=serverAuth\n[n]\n{names}DNS.a=db1.example.com\n"),
    );
    scene.openssl(&[
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=db1.example.com",
        "-keyout",
        "big.key",
        "-out",
        "big.csr",
    ]);
    let issue = [
        "x509",
        "-req",
        "-in",
        "big.csr",
        "-CA",
        CA,
        "-CAkey",
        "gsec-ca/ca_conf/ca_priv_key.pem",
        "-set_serial",
        "77",
        "-out",
        "big.pem",
    ];
    scene.openssl(&[&issue[..], &["-extfile", "big.cnf", "-extensions", "e"]].concat());
    let findings_of = |pair: &Pair, status: i32| {
        let said = scene
            .gsec(&pair.args())
            .args(&["--json"])
            .run()
            .code(status)
            .json();
        let finding = |finding: &Value| {
            (
                finding["slug"].as_str().expect("a slug").to_owned(),
                finding["severity"] == "error",
            )
        };
        said["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(finding)
            .collect::<Vec<_>>()
    };
    let told = findings_of(
        &Pair {
            server: ("big.pem".into(), "big.key".into()),
            client: None,
            ..good_pair()
        },
        1,
    );
    assert!(told.iter().any(|(slug, _)| slug == "handshake-fails"), "{told:?}");
    assert!(
        told.iter()
            .all(|(slug, is_error)| slug == "handshake-fails" || !is_error),
        "{told:?}"
    );
    assert_eq!(findings_of(&good_pair(), 0), Vec::new());
}

/// A certificate of this CA that OpenSSL signs, with these extensions; `own.key` is its key.
fn signed_by_openssl(scene: &Scene, key: &[&str], extensions: Option<&str>, options: &[&str]) -> Pair {
    scene.openssl(&[&["genpkey", "-out", "own.key", "-algorithm"], key].concat());
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "own.key",
        "-subj",
        "/CN=db1.example.com",
        "-out",
        "own.csr",
    ]);
    scene.sign_past_the_records("own.pem", extensions, options);
    Pair {
        server: ("own.pem".into(), "own.key".into()),
        client: None,
        ..good_pair()
    }
}

const FOR_DB1: &str =
    "subjectAltName=DNS:db1.example.com\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature\n";
const P256: [&str; 3] = ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

/// OpenSSL, GnuTLS and Node.js shake hands with Ed448; rustls has no such keys, and that is no fault of the two ends.
#[test]
fn key_that_rustls_alone_has_not_is_no_failure_of_the_two_ends() {
    let scene = stage();
    let pair = signed_by_openssl(&scene, &["ED448"], Some(FOR_DB1), &[]);
    let rehearsal = pair.rehearse(&scene);
    let text = scene.gsec(&pair.args()).run().ok().stdout;
    assert!(
        text.contains("it fails with rustls, which cannot rehearse it") && !text.contains("FAILS"),
        "{text}"
    );
    assert!(
        text.contains("accepted by openssl") && text.contains("rejected by rustls"),
        "{text}"
    );
    assert!(!rehearsal.slugs().contains("handshake-key-unusable"), "{text}");
    let server = common::TlsPort::openssl(&scene.dir.path("own.pem"), &scene.dir.path("own.key"), &[]);
    let client = [
        "s_client",
        "-connect",
        &server.target(),
        "-CAfile",
        CA,
        "-verify_return_error",
    ]
    .map(str::to_owned);
    let client: Vec<&str> = client.iter().map(String::as_str).collect();
    openssl(&client).stdin("").in_dir(scene.dir.path("")).run().ok();
}

/// What is wrong with a certificate is not said of its key, and in the words of the trade.
#[test]
fn certificate_that_rustls_cannot_read_is_not_a_fault_of_its_key() {
    let scene = stage();
    let netscape = format!("{FOR_DB1}nsCertType=critical,server\n");
    let step_up = FOR_DB1.replace("serverAuth", "nsSGC");
    for (what, extensions, options) in [
        ("version 1", None, &[][..]),
        ("critical nsCertType", Some(netscape.as_str()), &[]),
        ("SHA-1", Some(FOR_DB1), &["-sha1"]),
        ("step-up", Some(step_up.as_str()), &[]),
    ] {
        let pair = signed_by_openssl(&scene, &P256, extensions, options);
        let rehearsal = pair.rehearse(&scene);
        let text = scene.gsec(&pair.args()).run().stdout;
        assert!(
            !rehearsal.slugs().contains("handshake-key-unusable"),
            "{what}: {text}"
        );
        for wrong in ["key of type P-256", "Context {", "[6,", "1608", "OtherError"] {
            assert!(!text.contains(wrong), "{what}, {wrong}: {text}");
        }
    }
}

/// rustls and Go do not look at key identifiers; everybody else finds no issuer.
#[test]
fn what_most_programs_reject_does_not_succeed_because_rustls_accepts_it() {
    let scene = stage();
    let other =
        format!("{FOR_DB1}authorityKeyIdentifier=DER:3016801400112233445566778899AABBCCDDEEFF00112233\n");
    let pair = signed_by_openssl(&scene, &P256, Some(&other), &[]);
    let refused = scene.gsec(&pair.args()).run().code(1);
    assert!(
        refused.stdout.contains("succeeds for `db1.example.com`")
            && refused
                .stdout
                .contains("with rustls, but FAILS with other programs")
            && refused.stdout.contains("NOT accepted by the client"),
        "{refused}"
    );
    let rehearsal = pair.rehearse(&scene);
    assert!(
        rehearsal.slugs().contains("handshake-refused-by-most"),
        "{}",
        rehearsal.outcome
    );
    let server = common::TlsPort::openssl(&scene.dir.path("own.pem"), &scene.dir.path("own.key"), &[]);
    let target = server.target();
    let client = [
        "s_client",
        "-connect",
        &target,
        "-CAfile",
        CA,
        "-verify_return_error",
    ];
    let client = openssl(&client).stdin("").in_dir(scene.dir.path("")).run();
    assert_ne!(client.status, Some(0), "{client}");
}
