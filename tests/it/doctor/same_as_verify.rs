//! `gsec doctor FILE` never calls healthy what `cert verify` of the same file, with the same trust, refuses; and says it in the same words.

use crate::common;

use std::collections::BTreeSet;

use common::faults::{self, Scenario};
use common::forge::pem;
use common::judges;
use common::{Outcome, Scene, tool};
use gsec_pki::x509::path::Severity;

/// When every forged path is judged, for faketime.
const FORGED: &str = "@2026-06-01 00:00:00";

/// A call at a time of its own.
fn at(scene: &Scene, time: Option<&str>, args: &[&str]) -> Outcome {
    let call = scene.gsec(args);
    match time {
        Some(time) => call
            .through(tool("faketime").args(&["-f", time]))
            .env("TZ", "UTC")
            .run(),
        None => call.run(),
    }
}

/// What `cert verify` refuses for, and doctor does not say; `None` where verify does not refuse.
fn unsaid(
    scene: &Scene,
    time: Option<&str>,
    file: &str,
    options: &[&str],
    crls: &[&str],
) -> Option<Vec<String>> {
    let crl: Vec<&str> = crls.iter().flat_map(|crl| ["--crl", crl]).collect();
    let verified = at(
        scene,
        time,
        &[&["cert", "verify", file, "--json"], options, &crl[..]].concat(),
    );
    let diagnosed = at(
        scene,
        time,
        &[&["doctor", file], crls, options, &["--json"]].concat(),
    );
    let text = at(scene, time, &[&["doctor", file], crls, options].concat());
    if verified.status == Some(0) {
        return None;
    }
    // What could not be checked is no error, and nothing is healthy where it is not.
    let severity = match verified.status {
        Some(3) => "warning",
        status => {
            assert_eq!(status, Some(1), "{verified}");
            "error"
        }
    };
    let document = diagnosed.json();
    let seen: BTreeSet<&str> = document["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .flat_map(|target| target["findings"].as_array().expect("findings"))
        .map(|finding| finding["seen"].as_str().expect("text"))
        .collect();
    let refused = verified.json();
    let errors = refused["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["severity"] == severity);
    let messages = errors.map(|finding| finding["message"].as_str().expect("text"));
    let mut unsaid: Vec<String> = messages
        .filter(|message| !seen.iter().any(|seen| seen.contains(message)))
        .map(str::to_owned)
        .collect();
    let first = text.stdout.lines().next().unwrap_or_default();
    let is_passed = diagnosed.status == Some(0) && severity == "error";
    if first.starts_with(file) && first.contains(": healthy") || is_passed {
        unsaid.push(format!("doctor: {first}"));
    }
    Some(unsaid)
}

/// Writes a scenario into files: the host's, what is trusted, and the CRLs.
fn written(scenario: &Scenario) -> Scene {
    let scene = Scene::empty();
    let pems = |label: &str, list: &[Vec<u8>]| list.iter().map(|der| pem(label, der)).collect::<String>();
    scene.write(
        "host.pem",
        pems("CERTIFICATE", std::slice::from_ref(&scenario.target))
            + &pems("CERTIFICATE", &scenario.untrusted),
    );
    scene.write("root.pem", pems("CERTIFICATE", &scenario.anchors));
    if !scenario.crls.is_empty() {
        scene.write("crls.pem", pems("X509 CRL", &scenario.crls));
    }
    scene
}

#[test]
fn each_fault_of_a_path_is_said_by_both() {
    let mut silent = Vec::new();
    for fault in faults::all() {
        let Scenario {
            name,
            crls,
            require_crl,
            ..
        } = &fault.scenario;
        if *require_crl || name.is_empty() || fault.what == "CRL that is none" {
            continue; // doctor has no such option, or the file cannot be read
        }
        let scene = written(&fault.scenario);
        let crls: &[&str] = if crls.is_empty() { &[] } else { &["crls.pem"] };
        let unsaid = unsaid(
            &scene,
            Some(FORGED),
            "host.pem",
            &["--trust", "root.pem", "--name", name],
            crls,
        )
        .unwrap_or_default();
        silent.extend(
            unsaid
                .into_iter()
                .map(|message| format!("{}: {message}", fault.what)),
        );
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

/// The other way round: doctor has no error for what `cert verify` calls valid.
#[test]
fn what_verify_calls_valid_is_no_error_for_doctor() {
    let (mut contradicted, mut asked) = (Vec::new(), 0);
    for fault in faults::all() {
        let Scenario {
            name,
            crls,
            require_crl,
            ..
        } = &fault.scenario;
        if *require_crl || name.is_empty() || fault.severity() == Severity::Error {
            continue;
        }
        let scene = written(&fault.scenario);
        let options = ["--trust", "root.pem", "--name", name];
        let crls: &[&str] = if crls.is_empty() { &[] } else { &["crls.pem"] };
        let crl: Vec<&str> = crls.iter().flat_map(|crl| ["--crl", crl]).collect();
        let verify = [&["cert", "verify", "host.pem"], &options[..], &crl].concat();
        if at(&scene, Some(FORGED), &verify).status != Some(0) {
            continue;
        }
        asked += 1;
        let doctor = [&["doctor", "host.pem"], crls, &options, &["--json"]].concat();
        let document = at(&scene, Some(FORGED), &doctor).json();
        let targets = document["targets"].as_array().expect("targets").iter();
        let findings = targets.flat_map(|target| target["findings"].as_array().expect("findings"));
        let errors = findings.filter(|finding| finding["severity"] == "error");
        contradicted.extend(errors.map(|finding| format!("{}: {}", fault.what, finding["seen"])));
    }
    assert!(
        contradicted.is_empty() && asked > 20,
        "{asked}: {contradicted:#?}"
    );
}

/// A root, and what it issued, in files; `host` stands for a key and a certificate with CA:TRUE and the name of a host.
fn roles() -> Scene {
    let scene = Scene::empty();
    let new_key = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "90",
    ];
    let own = |name: &str, subject: &str, extensions: &[&str]| {
        let (key, out) = (format!("{name}.key"), format!("{name}.pem"));
        let extensions: Vec<&str> = extensions
            .iter()
            .flat_map(|extension| ["-addext", extension])
            .collect();
        scene.openssl(
            &[
                &["req", "-x509"],
                &new_key[..],
                &["-subj", subject, "-keyout", &key, "-out", &out],
                &extensions,
            ]
            .concat(),
        );
        scene.chmod(&key, 0o600);
    };
    let san = "subjectAltName=DNS:db1.example.com";
    own("self", "/CN=db1.example.com", &[san]);
    own("address", "/CN=x", &["subjectAltName=IP:10.0.0.5"]);
    own("usage", "/CN=db1.example.com", &["extendedKeyUsage=serverAuth"]);
    own(
        "limited",
        "/CN=db1.example.com",
        &[san, "keyUsage=critical,keyCertSign,cRLSign"],
    );
    own(
        "client",
        "/CN=db1.example.com",
        &[
            san,
            "extendedKeyUsage=clientAuth",
            "basicConstraints=critical,CA:FALSE",
        ],
    );
    own(
        "root",
        "/CN=Corp Root",
        &["keyUsage=critical,keyCertSign,cRLSign"],
    );
    own(
        "named-root",
        "/CN=ca.example.com",
        &["keyUsage=critical,keyCertSign,cRLSign"],
    );
    let issued = |name: &str, extensions: &str| {
        let (key, request, out) = (
            format!("{name}.key"),
            format!("{name}.csr"),
            format!("{name}.pem"),
        );
        scene.openssl(
            &[
                &["req", "-new"],
                &new_key[..4],
                &[
                    "-nodes",
                    "-subj",
                    "/CN=db1.example.com",
                    "-keyout",
                    &key,
                    "-out",
                    &request,
                ],
            ]
            .concat(),
        );
        scene.write("extensions", extensions);
        let sign = [
            "x509",
            "-req",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-extfile",
            "extensions",
            "-days",
            "60",
        ];
        scene.openssl(&[&sign[..], &["-in", &request, "-out", &out]].concat());
        scene.chmod(&key, 0o600);
    };
    issued("leaf", san);
    issued(
        "issued-ca",
        &format!("{san}\nbasicConstraints=critical,CA:TRUE\n"),
    );
    issued(
        "sub",
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n",
    );
    let joined = |name: &str, parts: &[&str]| {
        scene.write(
            name,
            parts.iter().map(|part| scene.read(part)).collect::<String>(),
        );
        scene.chmod(name, 0o600);
    };
    joined("self-and-key.pem", &["self.pem", "self.key"]);
    joined("key-and-self.pem", &["self.key", "self.pem"]);
    joined("self-and-root.pem", &["self.pem", "root.pem"]);
    joined("reversed.pem", &["root.pem", "leaf.pem"]);
    joined("issued-ca-chain.pem", &["issued-ca.pem", "root.pem"]);
    joined(
        "trust.pem",
        &[
            "root.pem",
            "self.pem",
            "address.pem",
            "usage.pem",
            "limited.pem",
            "client.pem",
        ],
    );
    scene.openssl(&["x509", "-in", "self.pem", "-outform", "DER", "-out", "self.der"]);
    scene.openssl(&[
        "pkcs12", "-export", "-in", "self.pem", "-inkey", "self.key", "-out", "self.p12", "-passout", "pass:",
    ]);
    scene
}

const SITUATIONS: [&str; 17] = [
    "self.pem",
    "self.der",
    "self.p12",
    "self-and-key.pem",
    "key-and-self.pem",
    "self-and-root.pem",
    "address.pem",
    "usage.pem",
    "limited.pem",
    "client.pem",
    "root.pem",
    "named-root.pem",
    "leaf.pem",
    "reversed.pem",
    "issued-ca.pem",
    "issued-ca-chain.pem",
    "sub.pem",
];

#[test]
fn whatever_role_a_file_plays_both_say_the_same() {
    let scene = roles();
    let mut silent = Vec::new();
    let mut refused = 0;
    for file in SITUATIONS {
        for trust in ["trust.pem", "root.pem", "self.pem", file] {
            let questions: [&[&str]; 6] = [
                &[],
                &["--name", "db1.example.com"],
                &["--name", "10.0.0.5"],
                &["--name", "db2.example.com"],
                &["--purpose", "server"],
                &["--purpose", "client"],
            ];
            for question in questions {
                let unsaid = unsaid(&scene, None, file, &[&["--trust", trust], question].concat(), &[]);
                refused += usize::from(unsaid.is_some());
                silent.extend(
                    unsaid
                        .unwrap_or_default()
                        .into_iter()
                        .map(|message| format!("{file} --trust {trust} {question:?}: {message}")),
                );
            }
        }
    }
    assert!(silent.is_empty() && refused > 100, "{refused}: {silent:#?}");
}

#[test]
fn certificate_with_ca_true_and_the_name_of_a_host_is_judged_as_a_servers() {
    let scene = roles();
    // Trusted itself it is valid, and not for every program.
    for (file, code) in [
        ("self.pem", 0),
        ("self.der", 0),
        ("self.p12", 0),
        ("self-and-key.pem", 0),
        ("address.pem", 0),
        ("issued-ca.pem", 1),
        ("issued-ca-chain.pem", 1),
    ] {
        let outcome = scene
            .gsec(&["doctor", file, "--trust", "trust.pem"])
            .run()
            .code(code);
        assert!(
            outcome.stdout.contains("ca-certificate-as-host")
                && outcome.stdout.contains("rustls and Firefox reject it"),
            "{outcome}"
        );
        assert!(
            !outcome.stdout.contains("key-in-public-file"),
            "a server's key may stand beside its certificate: {outcome}"
        );
    }
    // OpenSSL verifies it, and rustls does not.
    let verified = scene
        .gsec(&[
            "cert",
            "verify",
            "self.pem",
            "--trust",
            "self.pem",
            "--purpose",
            "server",
            "--json",
        ])
        .run()
        .ok();
    scene.openssl(&[
        "verify",
        "-CAfile",
        "self.pem",
        "-purpose",
        "sslserver",
        "self.pem",
    ]);
    assert!(verified.stdout.contains("\"ca-as-end-entity\""), "{verified}");
    // With a purpose and its key, too; without the key it may be a CA's.
    scene
        .gsec(&[
            "doctor",
            "usage.pem",
            "--key",
            "usage.key",
            "--trust",
            "trust.pem",
        ])
        .run()
        .code(0);
    // What only a CA may have, and the name of a host: nobody says that a server presents it.
    let limited = scene
        .gsec(&["doctor", "limited.pem", "--trust", "trust.pem"])
        .run()
        .ok();
    assert!(
        limited.stdout.contains("1 warning") || limited.stdout.contains("2 warnings"),
        "{limited}"
    );
    scene
        .gsec(&[
            "doctor",
            "limited.pem",
            "--trust",
            "trust.pem",
            "--name",
            "db1.example.com",
        ])
        .run()
        .code(1);
}

#[test]
fn plain_ca_certificate_is_judged_as_a_cas() {
    let scene = roles();
    for file in ["root.pem", "named-root.pem", "sub.pem"] {
        let outcome = scene
            .gsec(&["doctor", file, "--trust", "root.pem", "--trust", "named-root.pem"])
            .run()
            .ok();
        assert!(
            outcome.stdout.starts_with(&format!("{file}: healthy")),
            "{outcome}"
        );
    }
    // Beside the host's certificate, the name is the host's.
    let both = scene
        .gsec(&[
            "doctor",
            "leaf.pem",
            "root.pem",
            "--trust",
            "root.pem",
            "--name",
            "db1.example.com",
        ])
        .run()
        .ok();
    assert!(
        both.stdout.lines().all(|line| line.contains(": healthy")),
        "{both}"
    );
}

/// Of a CRL alone doctor knows what `cert verify` knows of it: one that OpenSSL can use for no certificate is not healthy.
#[test]
fn a_crl_that_openssl_cannot_use_is_not_healthy() {
    judges::expect_good_by_openssl(faults::complete_crls(), |scenario| {
        let scene = written(scenario);
        let said = at(
            &scene,
            Some(FORGED),
            &["doctor", "crls.pem", "--trust", "root.pem"],
        );
        said.stdout.starts_with("crls.pem: healthy")
    });
}

/// Programs that are given an IPv4-mapped address look for it as it is (RFC 9525 §6.2).
#[test]
fn mapped_address_is_compared_as_it_is_by_both_and_by_openssl() {
    let scene = roles();
    for (name, code) in [("10.0.0.5", 0), ("::ffff:10.0.0.5", 1), ("ip:::ffff:10.0.0.5", 1)] {
        let options = ["address.pem", "--trust", "address.pem", "--name", name];
        for command in [&["cert", "verify"][..], &["doctor"]] {
            scene.gsec(command).args(&options).run().code(code);
        }
        let address = name.trim_start_matches("ip:");
        let verify = [
            "verify",
            "-verify_ip",
            address,
            "-CAfile",
            "address.pem",
            "address.pem",
        ];
        let judged = common::openssl(&verify).in_dir(scene.dir.path("")).run();
        assert_eq!(judged.status == Some(0), code == 0, "{name}: {judged}");
    }
}
