//! `gsec cert verify` through the binary: what it says, to whom, and with which exit status.

use crate::common;

use common::der_writer::{oid, sequence, set, tlv};
use common::faults::{self, Scenario, sound};
use common::forge::*;
use common::{Outcome, Scene};
use gsec_pki::x509::path::{Rule, Severity};
use serde_json::{Value, json};

/// Writes a scenario into files and verifies it at its time.
fn verify(scenario: &Scenario, flags: &[&str]) -> Outcome {
    let scene = Scene::empty();
    let pems = |label: &str, list: &[Vec<u8>]| list.iter().map(|der| pem(label, der)).collect::<String>();
    scene.write(
        "host.pem",
        pems("CERTIFICATE", std::slice::from_ref(&scenario.target))
            + &pems("CERTIFICATE", &scenario.untrusted),
    );
    scene.write("root.pem", pems("CERTIFICATE", &scenario.anchors));
    scene.write("crls.pem", pems("X509 CRL", &scenario.crls));
    let crl: &[&str] = if scenario.crls.is_empty() {
        &[]
    } else {
        &["--crl", "crls.pem"]
    };
    let args = [
        "cert",
        "verify",
        "host.pem",
        "--trust",
        "root.pem",
        "--name",
        scenario.name,
        "--at",
        "2026-06-01T00:00:00Z",
    ];
    let require: &[&str] = if scenario.require_crl {
        &["--require-crl"]
    } else {
        &[]
    };
    scene.gsec(&args).args(crl).args(require).args(flags).run()
}

fn consumers(document: &Value) -> Vec<(String, String)> {
    let list = document["consumers"].as_array().expect("consumers").iter();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    list.map(|found| (text(&found["consumer"]), text(&found["verdict"])))
        .collect()
}

#[test]
fn where_nothing_is_wrong_one_line_says_for_whom() {
    let scenario = sound().scenario();
    let text = verify(&scenario, &[]).ok();
    assert!(
        text.stdout
            .contains("for whom       every TLS implementation known to gsec accepts it\n"),
        "{text}"
    );
    let document = verify(&scenario, &["--json"]).ok().json();
    assert_eq!(
        (&document["disagreement"], &document["findings"]),
        (&Value::Null, &json!([]))
    );
    assert!(
        consumers(&document)
            .iter()
            .all(|(_, verdict)| verdict == "accepts")
            && consumers(&document).len() == 10,
        "{document}"
    );
}

#[test]
fn where_programs_differ_each_is_named_with_the_deciding_rule() {
    let chain = sound();
    let scenario = faults::Chain {
        root: chain.root.without(KEY_USAGE),
        ..chain
    }
    .scenario();
    let text = verify(&scenario, &[]).ok();
    for line in [
        "openssl, rustls, java, windows, nss, go, gnutls, node: accepts",
        "openssl-strict: refuses (ca-without-key-usage)",
        "python-3.13: refuses (ca-without-key-usage)",
    ] {
        assert!(text.stdout.contains(line), "{line}: {text}");
    }
    let document = verify(&scenario, &["--json"]).ok().json();
    assert!(
        consumers(&document).contains(&("python-3.13".into(), "refuses".into())),
        "{document}"
    );
    let finding = &document["findings"][0];
    assert_eq!(
        (&finding["rule"], &finding["severity"], &finding["position"]),
        (&json!("ca-without-key-usage"), &json!("warning"), &json!(2))
    );
    assert_eq!(
        (&finding["expected"], &finding["found"]),
        (&json!("keyCertSign"), &json!("no keyUsage"))
    );
}

#[test]
fn two_validators_that_do_not_agree_are_both_shown() {
    // An expired root: rustls does not look at it.
    let chain = sound();
    let root = chain
        .root
        .change(|root| root.validity = ["20200101000000Z", "20210101000000Z"]);
    let text = verify(&faults::Chain { root, ..chain }.scenario(), &["-v"]).code(1);
    assert!(
        text.stdout.contains("rustls         accepted\n")
            && text.stdout.contains("disagreement   rustls-webpki accepts it: "),
        "{text}"
    );
}

#[test]
fn every_finding_has_something_to_type_and_the_exit_status_goes_by_the_errors() {
    for fault in faults::all() {
        if fault.what == "CRL that is none" || fault.scenario.name.is_empty() {
            continue; // cannot be read from a file: exit 3
        }
        let status = match fault.severity() {
            _ if fault.rule == Rule::SignatureUnchecked => 3,
            Severity::Error => 1,
            _ => 0,
        };
        let document = verify(&fault.scenario, &["--json"]).code(status).json();
        let findings = document["findings"].as_array().expect("findings");
        assert!(!findings.is_empty(), "{}", fault.what);
        for finding in findings {
            let help = ["fix", "look", "advice"].map(|kind| finding[kind].as_array().expect("a list").len());
            assert!(
                help.iter().any(|count| *count > 0)
                    && finding["rfc"].as_str().is_some_and(|rfc| rfc.contains('§')),
                "{}: {finding}",
                fault.what
            );
        }
    }
}

/// Signatures that OpenSSL checks and gsec cannot: arguments for the CA's key, and for signing.
const NOT_CHECKED: [(&str, &[&str], &[&str]); 6] = [
    ("ed448", &["-algorithm", "ed448"], &[]),
    (
        "P-224",
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-224"],
        &[],
    ),
    (
        "brainpoolP256r1",
        &[
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:brainpoolP256r1",
        ],
        &[],
    ),
    ("sha224WithRSAEncryption", &["-algorithm", "RSA"], &["-sha224"]),
    ("2.16.840.1.101.3.4.3.14", &["-algorithm", "RSA"], &["-sha3-256"]),
    (
        "rsassaPss",
        &["-algorithm", "RSA"],
        &[
            "-sha256",
            "-sigopt",
            "rsa_padding_mode:pss",
            "-sigopt",
            "rsa_mgf1_md:sha384",
            "-sigopt",
            "rsa_pss_saltlen:32",
        ],
    ),
];

/// OpenSSL verifies it, and gsec does not know its algorithm: neither valid nor invalid may be said.
#[test]
fn a_signature_that_gsec_cannot_check_is_undetermined() {
    for (what, key, sign) in NOT_CHECKED {
        println!("{what}");
        let slug = "signature-unchecked";
        let scene = Scene::signed_by_openssl(key, sign);
        scene.openssl(&["verify", "-CAfile", "root.pem", "host.pem"]);
        let verify = |name: &str, flags: &[&str]| {
            let args = [
                "cert", "verify", "host.pem", "--trust", "root.pem", "--name", name,
            ];
            scene.gsec(&args).args(flags).run()
        };
        let text = verify("db1.example.com", &[]).code(3);
        assert!(
            text.stdout
                .starts_with("host.pem: UNDETERMINED for `db1.example.com`")
                && text
                    .stdout
                    .contains("its signature could not be checked: gsec does not support")
                && text.stdout.contains(&format!("[{slug}, "))
                && text.stderr.contains("could not be determined"),
            "{text}"
        );
        let document = verify("db1.example.com", &["--json"]).code(3).json();
        assert_eq!(
            (&document["valid"], &document["undetermined"]),
            (&json!(false), &json!(true)),
            "{document}"
        );
        // What is wrong besides is wrong whoever signed.
        let other = verify("db2.example.com", &["--json"]).code(1).json();
        assert_eq!(other["undetermined"], json!(false), "{other}");
        let found = scene
            .gsec(&[
                "doctor",
                "host.pem",
                "--trust",
                "root.pem",
                "--name",
                "db1.example.com",
            ])
            .run()
            .ok();
        assert!(
            found.stdout.contains(&format!("warning {slug}: ")) && !found.stdout.contains("healthy"),
            "{found}"
        );
    }
}

/// RFC 9525 §6.2: where a common name is accepted for a host's, an address in it is still none.
#[test]
fn an_address_in_the_common_name_is_never_accepted() {
    for san in [Vec::new(), sequence(&[ip(&[10, 0, 0, 9])])] {
        let chain = sound();
        let host =
            chain
                .host
                .change(|recipe| recipe.subject = name("8.8.8.8"))
                .with(SUBJECT_ALT_NAME, false, san);
        let scenario = Scenario {
            name: "8.8.8.8",
            ..faults::Chain { host, ..chain }.scenario()
        };
        for flags in [&["--json"][..], &["--json", "--allow-cn"]] {
            let outcome = verify(&scenario, flags);
            assert_eq!(outcome.status, Some(1), "{outcome}");
            assert_eq!(
                outcome.json()["findings"][0]["rule"],
                "address-as-name",
                "{outcome}"
            );
        }
    }
}

/// A common name that is accepted for a host's is held against name constraints like one in subjectAltName.
#[test]
fn a_common_name_outside_the_constraints_is_not_accepted() {
    let chain = sound();
    let middle = chain.middle.with(
        NAME_CONSTRAINTS,
        true,
        name_constraints(&[dns("example.com")], &[]),
    );
    let host = chain
        .host
        .change(|recipe| recipe.subject = name("www.example.org"))
        .without(SUBJECT_ALT_NAME);
    let scenario = Scenario {
        name: "www.example.org",
        ..faults::Chain {
            middle,
            host,
            ..chain
        }
        .scenario()
    };
    let outcome = verify(&scenario, &["--json", "--allow-cn"]);
    assert_eq!(
        (outcome.status, &outcome.json()["findings"][0]["rule"]),
        (Some(1), &json!("name-constraints")),
        "{outcome}"
    );
}

#[test]
fn certificate_policies_by_flags() {
    let policies = |list: &[&str]| {
        sequence(
            &list
                .iter()
                .map(|policy| sequence(&[oid(policy)]))
                .collect::<Vec<_>>(),
        )
    };
    let chain = sound();
    let mapping = sequence(&[sequence(&[oid("1.2.3.1"), oid("1.2.3.9")])]);
    let scenario = faults::Chain {
        middle: chain
            .middle
            .with("2.5.29.32", false, policies(&["1.2.3.1", "1.2.3.2"]))
            .with("2.5.29.33", false, mapping),
        host: chain.host.with("2.5.29.32", false, policies(&["1.2.3.9"])),
        root: chain.root,
    }
    .scenario();
    for (flags, status) in [
        (&[][..], 0),
        (&["--explicit-policy"], 0),
        (&["--explicit-policy", "--policy", "1.2.3.1"], 0),
        (&["--explicit-policy", "--policy", "any"], 0),
        (
            &["--explicit-policy", "--policy", "1.2.3.2", "--policy", "1.2.3.1"],
            0,
        ),
        (&["--explicit-policy", "--policy", "1.2.3.2"], 1),
        // The policies of the anchor's domain are meant, not what a CA below maps them to.
        (&["--explicit-policy", "--policy", "1.2.3.9"], 1),
        (&["--explicit-policy", "--inhibit-policy-mapping"], 1),
        // Nobody demands one: told, and not refused.
        (&["--policy", "1.2.3.2"], 0),
        (&["--policy", "1.2.three"], 2),
    ] {
        let outcome = verify(&scenario, flags);
        assert_eq!(outcome.status, Some(status), "{flags:?}: {outcome}");
    }
    let told = verify(&scenario, &["--policy", "1.2.3.2", "--json"]).ok().json();
    assert_eq!(
        (&told["findings"][0]["rule"], &told["findings"][0]["severity"]),
        (&json!("no-valid-policy"), &json!("warning")),
        "{told:#}"
    );
    let any = {
        let chain = sound();
        let [middle, host] = [chain.middle, chain.host]
            .map(|recipe| recipe.with("2.5.29.32", false, policies(&["2.5.29.32.0"])));
        faults::Chain {
            middle,
            host,
            root: chain.root,
        }
        .scenario()
    };
    verify(&any, &["--explicit-policy", "--policy", "1.2.3.1"]).ok();
    assert_eq!(
        verify(
            &any,
            &["--explicit-policy", "--policy", "1.2.3.1", "--inhibit-any-policy"]
        )
        .status,
        Some(1)
    );
}

/// What a strict validator cannot read is a fact about programs that use it.
#[test]
fn a_certificate_of_more_than_64_kib_is_valid_and_rustls_refuses_it() {
    let names: Vec<Vec<u8>> = (0..5000)
        .map(|number| dns(&format!("host{number}.example.com")))
        .chain([dns("db1.example.com")])
        .collect();
    let chain = sound();
    let host = chain.host.with(SUBJECT_ALT_NAME, false, sequence(&names));
    let outcome = verify(&faults::Chain { host, ..chain }.scenario(), &["--json"]).ok();
    let document = outcome.json();
    assert_eq!(
        document["findings"][0]["rule"], "strict-validator-limit",
        "{document:#}"
    );
    assert!(
        document["findings"][0]["message"]
            .as_str()
            .expect("text")
            .contains("64 KiB"),
        "{document:#}"
    );
    assert!(
        consumers(&document).contains(&("rustls".into(), "refuses".into())),
        "{document:#}"
    );
    assert!(
        consumers(&document).contains(&("openssl".into(), "accepts".into())),
        "{document:#}"
    );
}

#[test]
fn crl_of_the_ca_at_hand_counts_where_one_is_required() {
    let scene = Scene::with_host();
    let verify = ["cert", "verify", "01", "--require-crl"];
    let without = scene.gsec(&verify).run().code(1).says("fix: gsec crl update");
    assert!(without.stdout.contains("revocation-undetermined"), "{without}");
    // As the fix says.
    scene.gsec(&["crl", "update"]).run().ok();
    scene.gsec(&verify).run().ok();
    scene.gsec(&["ca", "rekey"]).run().ok();
    scene.issue("db1.example.com", &[]).run().ok();
    scene.gsec(&["crl", "update"]).run().ok();
    for serial in ["01", "02"] {
        scene
            .gsec(&["cert", "verify", serial, "--require-crl"])
            .run()
            .ok();
    }
    scene.gsec(&["cert", "revoke", "02"]).run().ok();
    scene
        .gsec(&["cert", "verify", "02", "--require-crl"])
        .run()
        .code(1)
        .says("[revoked");
}

#[test]
fn crl_above_is_not_for_the_ca_at_hand_to_make() {
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
    scene.gsec(&["crl", "update"]).run().ok();
    let verified = scene
        .gsec(&["cert", "verify", "01", "--require-crl"])
        .run()
        .code(1);
    assert!(!verified.stdout.contains("fix: gsec crl update"), "{verified}");
    scene.gsec(&["crl", "update", "--ca-dir", "root"]).run().ok();
    scene
        .gsec(&[
            "cert",
            "verify",
            "01",
            "--require-crl",
            "--crl",
            "root/ca_conf/ca_crl.pem",
        ])
        .run()
        .ok();
}

#[test]
fn what_was_asked_about_revocation_is_said_as_it_is() {
    let scene = Scene::with_host();
    let root = scene
        .gsec(&["cert", "verify", "gsec-ca/ca_conf/ca_cert.pem"])
        .run()
        .ok();
    assert!(
        root.stdout.contains("the CA's own certificate") && !root.stdout.contains("did not issue"),
        "{root}"
    );
    scene.gsec(&["crl", "update"]).run().ok();
    let current = scene.gsec(&["cert", "verify", "01"]).run().ok();
    assert!(!current.stdout.contains("out of date"), "{current}");
    let gsec = env!("CARGO_BIN_EXE_gsec");
    let later = common::tool("faketime")
        .args(&["-f", "+60d", gsec, "cert", "verify", "01"])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    assert!(
        later.stdout.contains("ca_crl.pem is out of date since"),
        "{later}"
    );
}

/// What a program that was asked says of the host under an anchor in a file.
fn accepts(scene: &Scene, program: &str, anchor: &str, purpose: &str) -> bool {
    let call = match program {
        "openssl" if purpose == "any" => common::openssl(&["verify", "-CAfile", anchor, "host.pem"]),
        "openssl" => common::openssl(&[
            "verify",
            "-purpose",
            &format!("ssl{purpose}"),
            "-CAfile",
            anchor,
            "host.pem",
        ]),
        _ => common::tool("certtool").args(&[
            "--verify",
            "--load-ca-certificate",
            anchor,
            "--infile",
            "host.pem",
        ]),
    };
    call.in_dir(scene.dir.path("")).run().status == Some(0)
}

#[test]
fn openssls_settings_of_trust_are_obeyed_where_openssl_obeys_them() {
    let scene = Scene::with_host();
    scene.openssl(&[
        "x509",
        "-in",
        "gsec-ca/repository/01_db1_cert.pem",
        "-out",
        "host.pem",
    ]);
    let settings: [&[&str]; 8] = [
        &["-trustout"],
        &["-addtrust", "serverAuth"],
        &["-addtrust", "clientAuth"],
        &["-addtrust", "anyExtendedKeyUsage"],
        &["-addreject", "serverAuth"],
        &["-addreject", "clientAuth"],
        &["-addreject", "anyExtendedKeyUsage"],
        &[
            "-addtrust",
            "emailProtection",
            "-addreject",
            "serverAuth",
            "-setalias",
            "Old root",
        ],
    ];
    for flags in settings {
        scene.openssl(
            &[
                &["x509", "-in", "gsec-ca/ca_conf/ca_cert.pem", "-out", "set.pem"],
                flags,
            ]
            .concat(),
        );
        for purpose in ["server", "client", "any"] {
            let verified = scene
                .gsec(&[
                    "cert",
                    "verify",
                    "host.pem",
                    "--trust",
                    "set.pem",
                    "--purpose",
                    purpose,
                    "--json",
                ])
                .run();
            let document = verified.json();
            let told = consumers(&document);
            let of = |name: &str| {
                told.iter()
                    .find(|(consumer, _)| consumer == name)
                    .expect("a program")
                    .1
                    .clone()
            };
            let said = |program| {
                if accepts(&scene, program, "set.pem", purpose) {
                    "accepts"
                } else {
                    "refuses"
                }
            };
            assert_eq!(of("openssl"), said("openssl"), "{flags:?} {purpose}: {verified}");
            assert_eq!(
                of("gnutls"),
                "refuses",
                "GnuTLS does not read the block: {flags:?} {purpose}: {verified}"
            );
            assert_eq!(of("windows"), "unknown", "it was not looked at: {verified}");
            let finding = &document["findings"][0];
            assert_eq!(finding["rule"], "openssl-trust-settings", "{verified}");
            // What OpenSSL refuses for a purpose, and others cannot read, nobody accepts.
            assert_eq!(
                verified.status == Some(1),
                purpose != "any" && said("openssl") == "refuses"
                    || flags == ["-addreject", "anyExtendedKeyUsage"],
                "{verified}"
            );
        }
        assert!(!accepts(&scene, "gnutls", "set.pem", "server"), "{flags:?}");
        let shown = scene
            .gsec(&["cert", "show", "set.pem", "--json"])
            .run()
            .ok()
            .json();
        let object = &shown["certificates"][0]["trust_settings"];
        let lists = ["trusted", "rejected"].map(|list| object[list].as_array().expect("a list").len());
        assert_eq!(
            lists,
            ["-addtrust", "-addreject"].map(|flag| flags.iter().filter(|given| **given == flag).count()),
            "{object}"
        );
        scene
            .gsec(&["cert", "show", "set.pem"])
            .run()
            .ok()
            .says("openssl trust  settings: ");
    }
    scene
        .gsec(&["cert", "show", "set.pem"])
        .run()
        .ok()
        .says("rejected for serverAuth; alias `Old root`");
    // Where it is trusted in a plain block as well, everybody reads that.
    let both = scene
        .gsec(&[
            "cert",
            "verify",
            "host.pem",
            "--trust",
            "set.pem",
            "--trust",
            "gsec-ca/ca_conf/ca_cert.pem",
            "--json",
        ])
        .run()
        .ok()
        .json();
    assert_eq!(both["findings"], json!([]));
    let plain = scene
        .gsec(&["cert", "show", "host.pem", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(plain["certificates"][0]["trust_settings"], Value::Null);
}

#[test]
fn what_is_ber_is_said_to_be_refused_by_those_alone_who_refuse_it() {
    for fault in faults::all()
        .into_iter()
        .filter(|fault| fault.rule == gsec_pki::x509::path::Rule::NotDer)
    {
        let document = verify(&fault.scenario, &["--json"]).json();
        let findings = document["findings"].as_array().expect("findings");
        let finding = findings
            .iter()
            .find(|finding| finding["rule"] == "not-der")
            .expect("not-der");
        let message = finding["message"].as_str().expect("text");
        assert!(!message.contains("strict programs"), "{message}");
        let refusing = consumers(&document)
            .into_iter()
            .filter(|(_, verdict)| verdict == "refuses")
            .count();
        let by_rule = document["consumers"]
            .as_array()
            .expect("programs")
            .iter()
            .filter(|program| {
                program["verdict"] == "refuses"
                    && program["rules"]
                        .as_array()
                        .expect("rules")
                        .iter()
                        .any(|rule| rule == "not-der")
            });
        let names = message.split_once("rejected by ").map_or(0, |(_, list)| {
            list.replace("(curl, nginx)", "").split(", ").count()
        });
        assert_eq!(names, by_rule.count(), "{}: {message}: {refusing}", fault.what);
    }
}

#[test]
fn names_that_openssl_reads_are_readable() {
    let lines = sequence(&[tlv(12, b"Main Street 1"), tlv(12, b"Springfield")]);
    let (postal, empty) = (set(&[sequence(&[oid("2.5.4.16"), lines])]), set(&[]));
    let common_name = name("db1.example.com");
    for (what, extra) in [("postalAddress", postal), ("an empty RDN", empty)] {
        let subject = sequence(&[common_name[2..].to_vec(), extra]);
        let chain = sound();
        let scenario = faults::Chain {
            host: chain.host.change(|host| host.subject = subject),
            ..chain
        }
        .scenario();
        let document = verify(&scenario, &["--json"]).code(0).json();
        let findings = document["findings"].as_array().expect("findings");
        assert!(
            findings
                .iter()
                .all(|finding| finding["rule"] != "name-unreadable"),
            "{what}: {document:#}"
        );
        let scene = Scene::empty();
        scene.write("host.pem", pem("CERTIFICATE", &scenario.target));
        scene.openssl(&["x509", "-in", "host.pem", "-noout", "-subject"]);
        scene
            .gsec(&["cert", "show", "host.pem"])
            .run()
            .ok()
            .says("db1.example.com");
    }
}

#[test]
fn two_cas_of_one_name_are_told_apart_by_their_key_identifiers() {
    let chain = sound();
    let other = Recipe::ca("Root CA").self_signed();
    let forged = chain.forge();
    let scenario = Scenario {
        anchors: vec![other.der.clone()],
        ..faults::scenario(&forged)
    };
    let hex = |forged: &Forged| {
        forged
            .key_identifier()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let text = verify(&scenario, &[]).code(1);
    let line = text
        .stdout
        .lines()
        .find(|line| line.contains("[signature-wrong"))
        .expect("the finding");
    assert!(
        line.contains(&hex(&forged[0])) && line.contains(&hex(&other)),
        "{text}"
    );
}
