//! What gsec offers helps: whoever types each `fix`, and asks again, gets another and a better answer, and is never told the same again.

use crate::common;

use std::collections::HashSet;

use common::doctor::{Found, findings_of, type_line};
use common::own_stores::with_own_stores;
use common::{Scene, TlsPort, rustls_server};
use serde_json::Value;

const HOST: &str = "db1.example.com";
/// After so many rounds nothing but advice may be left.
const ROUNDS: usize = 4;

/// Asks, types every command that is offered, and asks again, until only advice is left. Returns what is left.
#[track_caller]
fn walk(scene: &Scene, args: &[&str]) -> Vec<Found> {
    let mut typed = HashSet::new();
    for _ in 0..ROUNDS {
        let all = ask(scene, args);
        let mut offered: Vec<String> = all.iter().flat_map(|found| found.fix.clone()).collect();
        offered.dedup();
        if offered.is_empty() {
            return all;
        }
        for command in offered {
            assert!(
                typed.insert(command.clone()),
                "`{command}` is offered again by {args:?}: {all:#?}"
            );
            type_line(scene, &command).ok();
        }
    }
    panic!("{args:?} goes on offering commands: {typed:#?}");
}

/// What doctor finds, of targets or of a rehearsal.
#[track_caller]
fn ask(scene: &Scene, args: &[&str]) -> Vec<Found> {
    let outcome = scene.gsec(&[&["doctor"], args, &["--json"]].concat()).run();
    if args[0] != "handshake" {
        return findings_of(&outcome);
    }
    let document = outcome.json();
    findings_of_document(&document["findings"])
}

fn findings_of_document(findings: &Value) -> Vec<Found> {
    let text = |finding: &Value, name: &str| finding[name].as_str().expect("text").to_owned();
    let lines = |finding: &Value, name: &str| {
        finding[name]
            .as_array()
            .expect("a list")
            .iter()
            .map(|line| line.as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    };
    let found = |finding: &Value| Found {
        slug: text(finding, "slug"),
        severity: text(finding, "severity"),
        subject: text(finding, "subject"),
        seen: text(finding, "seen"),
        fix: lines(finding, "fix"),
        look: lines(finding, "look"),
        advice: lines(finding, "advice"),
    };
    findings.as_array().expect("findings").iter().map(found).collect()
}

/// Asserts that what is left says to install this file.
#[track_caller]
fn says_to_install(left: &[Found], file: &str) {
    let words = format!("Install '{file}'");
    assert!(
        left.iter()
            .any(|found| found.advice.iter().any(|advice| advice.starts_with(&words))),
        "{words}: {left:#?}"
    );
}

/// A root in `./root`, a CA below it in `./mid`, one below that in `./sub`, and what each of the two issued.
fn three_levels() -> Scene {
    let scene = Scene::empty();
    let init = |folder: &str, more: &[&str]| {
        scene
            .gsec(&[
                "ca",
                "init",
                "--cn",
                folder,
                "--key-type",
                "p256",
                "--ca-dir",
                folder,
            ])
            .args(more)
            .run()
            .ok();
    };
    init("root", &["--path-len", "3"]);
    init("mid", &["--parent", "root", "--path-len", "2"]);
    init("sub", &["--parent", "mid"]);
    for folder in ["mid", "sub"] {
        scene
            .gsec(&[
                "cert",
                "issue",
                "--host",
                HOST,
                "--key-type",
                "p256",
                "--ca-dir",
                folder,
            ])
            .run()
            .ok();
    }
    scene.openssl(&["x509", "-in", "sub/repository/01.pem", "-out", "leaf.pem"]);
    scene.openssl(&["x509", "-in", "mid/repository/02.pem", "-out", "mid-leaf.pem"]);
    scene.write("leaf.key", scene.read("sub/repository/01_db1_priv_key.pem"));
    scene.write("mid-leaf.key", scene.read("mid/repository/02_db1_priv_key.pem"));
    scene
}

#[test]
fn what_a_ca_below_issued_is_not_for_the_root_to_issue() {
    let scene = three_levels();
    let records = ["root", "mid", "sub"].map(|folder| scene.read(&format!("{folder}/ca_conf/ca.db")));
    for args in [
        &["leaf.pem", "--ca-dir", "root"][..],
        &["leaf.pem", "--ca-dir", "root", "--name", HOST],
        &["leaf.pem", "--ca-dir", "root", "--name", "other.example.com"],
        &["sub/ca_conf/ca_cert.pem", "--ca-dir", "root"],
        &["mid/repository/01.pem", "--ca-dir", "root"],
        &["sub/repository/01.pem", "--ca-dir", "root"],
        &["sub/repository/01.pem", "--ca-dir", "mid"],
        &["mid-leaf.pem", "--ca-dir", "root", "--name", "other.example.com"],
        &[
            "handshake",
            "--server-cert",
            "leaf.pem",
            "--server-key",
            "leaf.key",
            "--ca-dir",
            "root",
            "--name",
            HOST,
        ],
        &[
            "handshake",
            "--server-cert",
            "sub/repository/01_db1_cert.pfx",
            "--ca-dir",
            "root",
            "--name",
            "other.example.com",
        ],
    ] {
        for found in ask(&scene, args) {
            assert!(
                found.fix.iter().all(|fix| !fix.contains("cert issue")),
                "{args:?}: {found:#?}"
            );
        }
        walk(&scene, args);
    }
    assert_eq!(
        records,
        ["root", "mid", "sub"].map(|folder| scene.read(&format!("{folder}/ca_conf/ca.db")))
    );
}

#[test]
fn missing_intermediates_are_appended_at_once() {
    let scene = three_levels();
    assert!(
        walk(&scene, &["leaf.pem", "--ca-dir", "mid"])
            .iter()
            .all(|found| found.severity == "notice")
    );
    scene.openssl(&[
        "verify",
        "-CAfile",
        "root/ca_conf/ca_cert.pem",
        "-untrusted",
        "leaf.pem",
        "leaf.pem",
    ]);
    scene.openssl(&["x509", "-in", "sub/repository/01.pem", "-out", "leaf.pem"]);
    let args = [
        "handshake",
        "--server-cert",
        "leaf.pem",
        "--server-key",
        "leaf.key",
        "--ca-dir",
        "sub",
        "--name",
        HOST,
    ];
    assert_eq!(walk(&scene, &args).len(), 0);
}

/// An expired certificate for db1 in `old.pem`, its key in `key.pem`.
fn with_an_expired_one() -> Scene {
    let scene = Scene::with_ca();
    scene.sign_with_openssl(
        HOST,
        &[
            "-startdate",
            "20200101000000Z",
            "-enddate",
            "20210101000000Z",
            "-out",
            "../old.pem",
        ],
    );
    scene
}

#[test]
fn rehearsal_says_to_install_what_was_issued() {
    let scene = with_an_expired_one();
    for (name, file) in [
        (HOST, "gsec-ca/repository/02_db1_cert.pem"),
        ("app7.example.com", "gsec-ca/repository/03_app7_cert.pem"),
    ] {
        let left = walk(
            &scene,
            &[
                "handshake",
                "--server-cert",
                "old.pem",
                "--server-key",
                "key.pem",
                "--name",
                name,
            ],
        );
        says_to_install(&left, file);
        let key = file.replace("_cert.pem", "_priv_key.pem");
        assert_eq!(
            walk(
                &scene,
                &[
                    "handshake",
                    "--server-cert",
                    file,
                    "--server-key",
                    &key,
                    "--name",
                    name
                ]
            )
            .len(),
            0
        );
    }
    // Keys of a rare kind, and keys of another certificate.
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "rare.example.com",
            "--key-type",
            "ed25519",
        ])
        .run()
        .ok();
    let rare = [
        "gsec-ca/repository/04_rare_cert.pem",
        "gsec-ca/repository/04_rare_priv_key.pem",
    ];
    let left = walk(
        &scene,
        &[
            "handshake",
            "--server-cert",
            rare[0],
            "--server-key",
            rare[1],
            "--name",
            "rare.example.com",
        ],
    );
    says_to_install(&left, "gsec-ca/repository/05_rare_cert.pem");
    let left = walk(
        &scene,
        &[
            "handshake",
            "--server-cert",
            "gsec-ca/repository/05_rare_cert.pem",
            "--server-key",
            rare[1],
        ],
    );
    let of_key: Vec<&String> = left.iter().flat_map(|found| &found.advice).collect();
    assert_eq!(
        of_key,
        ["Use 'gsec-ca/repository/05_rare_priv_key.pem': it is the key of the certificate."]
    );
    // A client's.
    let client = ["--client-cert", "old.pem", "--client-key", "key.pem"];
    let server = [
        "handshake",
        "--server-cert",
        "gsec-ca/repository/02_db1_cert.pem",
        "--server-key",
        "gsec-ca/repository/02_db1_priv_key.pem",
    ];
    says_to_install(
        &walk(&scene, &[&server[..], &client].concat()),
        "gsec-ca/repository/02_db1_cert.pem",
    );
}

#[test]
fn faults_of_certificates_end_with_one_that_is_issued() {
    for (what, extensions, subject) in [
        ("without SAN", "basicConstraints=CA:FALSE", "/CN=db1.example.com"),
        (
            "an address as a name",
            "subjectAltName=DNS:10.0.0.5,DNS:db1.example.com",
            "/CN=db1.example.com",
        ),
        (
            "an address in the subject",
            "subjectAltName=DNS:db1.example.com",
            "/CN=10.0.0.5",
        ),
        (
            "another subject",
            "subjectAltName=DNS:db1.example.com,DNS:www.example.com",
            "/O=Corp",
        ),
        (
            "no server",
            "subjectAltName=DNS:db1.example.com\nextendedKeyUsage=clientAuth",
            "/CN=db1.example.com",
        ),
        (
            "SHA-1",
            "subjectAltName=DNS:db1.example.com",
            "/CN=db1.example.com",
        ),
    ] {
        let scene = Scene::with_ca();
        let request = [
            "req",
            "-new",
            "-nodes",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-keyout",
            "key.pem",
            "-out",
            "csr.pem",
        ];
        scene.openssl(&[&request[..], &["-subj", subject]].concat());
        scene.write("extensions.txt", format!("[extensions]\n{extensions}\n"));
        let digest = if what == "SHA-1" { "sha1" } else { "sha256" };
        let sign = [
            "ca",
            "-batch",
            "-notext",
            "-config",
            "ca_conf/ca.conf",
            "-in",
            "../csr.pem",
            "-out",
            "../old.pem",
            "-md",
            digest,
        ];
        let more = [
            "-extfile",
            "../extensions.txt",
            "-extensions",
            "extensions",
            "-days",
            "3000",
        ];
        common::openssl(&[&sign[..], &more].concat())
            .in_dir(scene.dir.path("gsec-ca"))
            .run()
            .ok();
        let server = rustls_server(&scene.dir.path("old.pem"), &scene.dir.path("key.pem"));
        let target = server.target();
        for args in [
            &["old.pem", "--purpose", "server"][..],
            &["old.pem", "--purpose", "server", "--name", HOST],
            &[&target, "--name", HOST],
            &[
                "handshake",
                "--server-cert",
                "old.pem",
                "--server-key",
                "key.pem",
                "--name",
                HOST,
            ],
        ] {
            let left = walk(&scene, args);
            let errors = left.iter().filter(|found| found.severity == "error");
            for found in errors {
                assert!(
                    found.advice.iter().any(|advice| advice.starts_with("Install ")),
                    "{what} {args:?}: {found:#?}"
                );
            }
        }
    }
}

/// What stands under `Next:`, the same in text and JSON; and the words that stand apart from it.
struct Next {
    commands: Vec<String>,
    advice: Vec<String>,
}

impl Next {
    #[track_caller]
    fn of(outcome: &common::Outcome) -> Self {
        let below = |heading: &str| {
            let lines = outcome
                .stdout
                .lines()
                .skip_while(|line| *line != heading)
                .skip(1)
                .take_while(|line| line.starts_with("  "));
            lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
        };
        let next = Next {
            commands: below("Next:"),
            advice: below("Advice:"),
        };
        assert!(
            next.commands
                .iter()
                .all(|command| command.starts_with("gsec ") || command.starts_with("openssl ")),
            "{outcome}"
        );
        assert!(
            next.advice
                .iter()
                .all(|words| words.starts_with(char::is_uppercase)),
            "{outcome}"
        );
        next
    }

    /// Types each command. A server is left running while the following ones are typed.
    #[track_caller]
    fn typed(&self, scene: &Scene) {
        let mut server: Option<TlsPort> = None;
        for command in &self.commands {
            if command.starts_with("openssl s_server") {
                server = Some(TlsPort::typed(
                    &scene.dir.path(""),
                    &command.replace("-accept 4433", "-accept 0"),
                ));
                continue;
            }
            let port = server
                .as_ref()
                .map(|server| format!("localhost:{}", server.port))
                .unwrap_or_default();
            // On a terminal it would ask.
            let command = command.replace("trust install", "trust install --yes");
            let said = type_line(scene, &command.replace("localhost:4433", &port)).ok();
            assert!(
                !command.starts_with("gsec doctor") || said.stdout.contains(": healthy"),
                "{said}"
            );
        }
    }
}

/// Types a command, and what it says to type next.
#[track_caller]
fn goes_on(scene: &Scene, args: &[&str], commands: usize) -> Next {
    let next = Next::of(&scene.gsec(args).run().ok());
    assert_eq!(next.commands.len(), commands, "{args:?}: {:?}", next.commands);
    next.typed(scene);
    next
}

#[test]
fn each_command_under_next_works_in_the_same_directory() {
    // One of them changes the trust stores of the machine.
    with_own_stores(
        concat!(
            module_path!(),
            "::each_command_under_next_works_in_the_same_directory"
        ),
        every_command_under_next,
    );
}

fn every_command_under_next() {
    let ca = ["--ca-dir", "it's a CA"];
    let at = |args: &[&str]| {
        [args, &ca]
            .concat()
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    let scene = Scene::empty();
    let go = |args: &[&str], commands: usize| {
        goes_on(
            &scene,
            &at(args).iter().map(String::as_str).collect::<Vec<_>>(),
            commands,
        )
    };
    go(
        &[
            "ca",
            "init",
            "--cn",
            "A CA",
            "--key-type",
            "p256",
            "--path-len",
            "2",
        ],
        1,
    );
    for profile in [
        "host",
        "server",
        "gui",
        "tls-server",
        "tls-client",
        "appliance",
        "hub",
    ] {
        go(
            &[
                "cert",
                "issue",
                "--host",
                HOST,
                "--key-type",
                "p256",
                "--profile",
                profile,
            ],
            1,
        );
    }
    for name in ["*.example.com", "10.0.0.5", "2001:db8::1"] {
        go(
            &[
                "cert",
                "issue",
                "--host",
                name,
                "--key-type",
                "p256",
                "--out-dir",
                ".",
            ],
            1,
        );
    }
    go(
        &[
            "cert",
            "ensure",
            "--host",
            "new.example.com",
            "--key-type",
            "p256",
        ],
        1,
    );
    go(&["cert", "renew", "new.example.com"], 1);
    // A request is signed by the CA at hand; where there is none, somewhere else.
    go(
        &[
            "cert",
            "request",
            "--host",
            "r.example.com",
            "--org",
            "R & D's",
            "--san",
            "dns:s.example.com",
            "--key-type",
            "p256",
        ],
        1,
    );
    let away = Scene::empty();
    let next = goes_on(
        &away,
        &["cert", "request", "--host", HOST, "--key-type", "p256"],
        0,
    );
    assert_eq!(
        next.advice,
        [format!(
            "Where the CA is: gsec cert sign 'db1_req.pem' --host {HOST}"
        )]
    );
    scene.write("secret.txt", "correct horse");
    let encrypted = go(
        &[
            "cert",
            "request",
            "--host",
            "e.example.com",
            "--key-type",
            "p256",
            "--new-password-file",
            "secret.txt",
        ],
        1,
    );
    assert!(
        encrypted.advice.iter().any(|words| words.contains("passphrase")),
        "{:?}",
        encrypted.advice
    );
    go(
        &[
            "cert",
            "request",
            "--host",
            "w.example.com",
            "--format",
            "certreq-inf",
        ],
        0,
    );
    // CAs below, here and elsewhere.
    let init = ["ca", "init", "--key-type", "p256", "--parent", ca[1]];
    goes_on(
        &scene,
        &[&init[..], &["--cn", "Below", "--ca-dir", "below it"]].concat(),
        1,
    );
    goes_on(
        &scene,
        &["ca", "renew", "--ca-dir", "below it", "--parent", ca[1]],
        1,
    );
    goes_on(
        &scene,
        &["quickstart", "q.example.com", "--ca-dir", "below it"],
        5,
    );
    let made = [
        "ca",
        "init",
        "--key-type",
        "p256",
        "--cn",
        "Safe",
        "--encrypt-key",
        "--ca-passphrase-file",
        "secret.txt",
        "--ca-dir",
        "safe",
    ];
    let safe = goes_on(&scene, &made, 1);
    assert!(
        safe.commands[0].contains("--ca-passphrase-file secret.txt") && safe.advice[0].contains("passphrase"),
        "{:?}",
        safe.commands
    );
    goes_on(
        &scene,
        &[
            "ca",
            "request",
            "--cn",
            "Apart",
            "--key-type",
            "p256",
            "--ca-dir",
            "apart",
            "--out",
            "apart.csr",
        ],
        0,
    );
    go(&["ca", "sign", "apart.csr", "--out", "apart.pem"], 0);
    goes_on(&scene, &["ca", "accept", "apart.pem", "--ca-dir", "apart"], 1);
    for limits in [["--permit-ip", "10.0.0.0/8"], ["--permit-dns", "corp.example"]] {
        let folder = limits[1].replace('/', "-");
        goes_on(
            &scene,
            &[
                &[
                    "ca",
                    "init",
                    "--cn",
                    "Limited",
                    "--key-type",
                    "p256",
                    "--ca-dir",
                    &folder,
                ][..],
                &limits,
            ]
            .concat(),
            1,
        );
    }
    // The CA's own key and certificate.
    go(&["--yes", "ca", "renew"], 0);
    let rekeyed = go(&["--yes", "ca", "rekey"], 1);
    assert!(
        rekeyed.advice.len() == 3 && rekeyed.advice[0].contains("ca_bundle.pem"),
        "{:?}",
        rekeyed.advice
    );
    go(&["quickstart", "after.example.com"], 5);
    let quick = Scene::empty();
    goes_on(&quick, &["quickstart", HOST], 5);
    goes_on(&quick, &["quickstart", HOST], 5);
}

/// A call under another clock.
fn at_clock(scene: &Scene, offset: &str, args: &[&str]) -> Value {
    scene
        .gsec(args)
        .through(common::tool("faketime").args(&["-f", offset]))
        .run()
        .json()
}

#[test]
fn under_a_wrong_clock_nothing_is_to_be_made() {
    let scene = Scene::with_host();
    scene.gsec(&["crl", "update"]).run().ok();
    let (certificate, crl) = ("gsec-ca/repository/01_db1_cert.pem", "gsec-ca/ca_conf/ca_crl.pem");
    let server = [
        "--server-cert",
        certificate,
        "--server-key",
        "gsec-ca/repository/01_db1_priv_key.pem",
        "--name",
        HOST,
    ];
    for offset in ["-10d", "-400d", "+4000d"] {
        for args in [
            &["doctor", certificate][..],
            &["doctor", certificate, "--name", "other.example.com"],
            &["doctor", crl],
            &["doctor", "gsec-ca/repository/01.pem", crl],
            &[&["doctor", "handshake"][..], &server].concat(),
            &["cert", "verify", "01", "--crl", crl],
        ] {
            let document = at_clock(&scene, offset, &[args, &["--json"]].concat());
            let targets = document["targets"]
                .as_array()
                .into_iter()
                .flatten()
                .flat_map(|target| target["findings"].as_array().expect("a list"));
            let all: Vec<&Value> = targets
                .chain(document["findings"].as_array().into_iter().flatten())
                .collect();
            assert!(
                all.iter()
                    .any(|found| found["look"] == serde_json::json!(["date -u"])),
                "{offset} {args:?}: {document:#}"
            );
            assert!(
                all.iter().all(|found| found["fix"] == serde_json::json!([])),
                "{offset} {args:?}: {document:#}"
            );
        }
    }
    let ca = at_clock(&scene, "-10d", &["doctor", "gsec-ca", "--json"]);
    assert!(
        ca["targets"][0]["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .all(|found| found["fix"] == serde_json::json!([])),
        "{ca:#}"
    );
}

#[test]
fn request_for_a_compromised_key_is_refused() {
    let scene = Scene::with_host();
    let key = "gsec-ca/repository/01_db1_priv_key.pem";
    scene.write("key.pem", scene.read(key));
    scene.chmod("key.pem", 0o600);
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    let before = scene.tree();
    let refused = scene
        .gsec(&["cert", "request", "--host", "new.example.com", "--key", "key.pem"])
        .run()
        .code(3);
    assert!(
        refused.stderr.contains("serial 01") && refused.stderr.contains("keyCompromise"),
        "{refused}"
    );
    scene.tree().is_unchanged_since(&before);
    scene
        .gsec(&[
            "cert",
            "request",
            "--host",
            "new.example.com",
            "--key-type",
            "p256",
        ])
        .run()
        .ok();
}

#[test]
fn root_first_copies_and_strangers_in_a_file_end_with_the_host_first() {
    let scene = three_levels();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Stranger",
            "--key-type",
            "p256",
            "--ca-dir",
            "stranger",
        ])
        .run()
        .ok();
    let pem = |name: &str| {
        scene.openssl(&["x509", "-in", name, "-out", "one.pem"]);
        scene.read("one.pem")
    };
    let [root, mid, leaf] = [
        "root/ca_conf/ca_cert.pem",
        "mid/ca_conf/ca_cert.pem",
        "mid-leaf.pem",
    ]
    .map(pem);
    let stranger = pem("stranger/ca_conf/ca_cert.pem");
    for (what, parts) in [
        ("root first", vec![&root, &leaf]),
        ("root twice", vec![&root, &leaf, &mid, &root]),
        ("a stranger between", vec![&leaf, &stranger, &mid]),
        ("a stranger behind", vec![&leaf, &mid, &stranger]),
    ] {
        for args in [
            &["mixed file.pem"][..],
            &[
                "handshake",
                "--server-cert",
                "mixed file.pem",
                "--server-key",
                "mid-leaf.key",
                "--name",
                HOST,
            ],
        ] {
            scene.write(
                "mixed file.pem",
                parts.iter().map(|part| part.as_str()).collect::<String>(),
            );
            let left = walk(&scene, &[args, &["--ca-dir", "mid"]].concat());
            let has_error = left.iter().any(|found| found.severity == "error");
            assert!(what.starts_with("a stranger") || !has_error, "{what}: {left:#?}");
            let first = scene.openssl(&["x509", "-in", "mixed file.pem", "-noout", "-subject"]);
            assert!(first.stdout.contains(HOST), "{what}: {first}");
        }
    }
    // A server that presents its root, and not what stands between, lacks that; the root's directory has it.
    let certificates = scene.dir.write("presented.pem", leaf + &root);
    let server = rustls_server(&certificates, &scene.dir.path("mid-leaf.key"));
    for ca in ["root", "mid"] {
        let target = server.target();
        let left = walk(&scene, &[&target, "--name", HOST, "--ca-dir", ca]);
        let errors: Vec<&str> = left
            .iter()
            .filter(|found| found.severity != "notice")
            .map(|found| found.slug.as_str())
            .collect();
        assert_eq!(errors, ["intermediate-missing"], "{left:#?}");
    }
}

#[test]
fn files_that_are_written_beside_are_to_be_used() {
    let scene = three_levels();
    scene.write("pass word.txt", "secret");
    let key = ["-inkey", "mid-leaf.key", "-passout", "pass:", "-out"];
    scene.openssl(
        &[
            &["pkcs12", "-export", "-legacy", "-in", "mid-leaf.pem"][..],
            &key,
            &["it's legacy.pfx"],
        ]
        .concat(),
    );
    scene.openssl(&[
        "pkey",
        "-in",
        "leaf.key",
        "-aes256",
        "-passout",
        "pass:secret",
        "-out",
        "locked.key",
    ]);
    scene.write(
        "ca both.pem",
        scene.read("mid/ca_conf/ca_cert.pem") + &scene.read("mid/ca_conf/ca_priv_key.pem"),
    );
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "app7.example.com",
            "--key-type",
            "p256",
            "--ca-dir",
            "mid",
        ])
        .run()
        .ok();
    scene.write(
        "two hosts.pem",
        scene.read("mid-leaf.pem") + &scene.read("mid/repository/03.pem"),
    );
    for name in ["ca both.pem", "locked.key", "it's legacy.pfx"] {
        scene.chmod(name, 0o600);
    }
    let asked: [(&[&str], &str); 5] = [
        (&["it's legacy.pfx", "--ca-dir", "mid"], "it's legacy_modern.pfx"),
        (&["it's legacy.pfx", "--ca-dir", "root"], "it's legacy_modern.pfx"),
        (
            &[
                "mid/repository/02_db1_cert.pfx",
                "--ca-dir",
                "mid",
                "--read-by",
                "windows2016",
            ],
            "02_db1_cert_compat.pfx",
        ),
        (
            &["locked.key", "--password-file", "pass word.txt"],
            "locked_plain.key",
        ),
        (&["ca both.pem", "--ca-dir", "mid"], "ca both_public.pem"),
    ];
    for (args, written) in asked {
        let left = walk(&scene, args);
        let words = format!("There is '{}' already", written.replace('\'', "'\\''"));
        assert!(
            scene.exists(written)
                && left
                    .iter()
                    .any(|found| found.advice.iter().any(|advice| advice.starts_with(&words))),
            "{args:?}: {left:#?}"
        );
        let better = walk(&scene, &[&[written], &args[1..]].concat());
        assert!(
            better.iter().all(|found| found.severity == "notice"),
            "{written}: {better:#?}"
        );
    }
    // There is no key to tell whose certificate is whose, so no command takes the file apart.
    let mixed = walk(&scene, &["two hosts.pem", "--ca-dir", "mid"]);
    let told = mixed
        .iter()
        .find(|found| found.slug == "mixed-hosts")
        .expect("the finding");
    assert!(
        told.fix.is_empty() && told.advice[0].starts_with("Make a file for each host"),
        "{told:?}"
    );
    // Nobody can type the password here.
    assert!(walk(&scene, &["locked.key"])[0].advice[0].contains("gsec convert key locked.key"));
}

#[test]
fn certificate_that_rustls_does_not_read_is_not_to_be_issued_again() {
    let scene = Scene::with_ca();
    let names: Vec<String> = (0..4000)
        .map(|number| format!("DNS:host-{number}.example.com"))
        .collect();
    scene.write(
        "names.txt",
        format!(
            "[names]\nextendedKeyUsage=serverAuth\nsubjectAltName={}\n",
            names.join(",")
        ),
    );
    let key = [
        "req",
        "-new",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-keyout",
        "key.pem",
        "-out",
        "csr.pem",
    ];
    scene.openssl(&[&key[..], &["-subj", "/CN=host-1.example.com"]].concat());
    let ca = [
        "-CA",
        "gsec-ca/ca_conf/ca_cert.pem",
        "-CAkey",
        "gsec-ca/ca_conf/ca_priv_key.pem",
        "-extfile",
        "names.txt",
        "-extensions",
        "names",
    ];
    scene.openssl(
        &[
            &[
                "x509",
                "-req",
                "-in",
                "csr.pem",
                "-days",
                "9",
                "-out",
                "large.pem",
            ][..],
            &ca,
        ]
        .concat(),
    );
    let rehearsal = [
        "handshake",
        "--server-cert",
        "large.pem",
        "--server-key",
        "key.pem",
        "--name",
        "host-1.example.com",
    ];
    for args in [&["large.pem", "--name", "host-1.example.com"][..], &rehearsal] {
        let all = ask(&scene, args);
        assert!(
            all.iter()
                .any(|found| found.advice.iter().any(|advice| advice.contains("64 KiB"))),
            "{all:#?}"
        );
        assert!(
            all.iter()
                .all(|found| found.fix.is_empty() && found.slug != "handshake-key-unusable"),
            "{all:#?}"
        );
    }
}

#[test]
fn intermediate_is_appended_to_no_file_that_it_would_damage() {
    let scene = three_levels();
    let whole = scene.read("leaf.pem");
    scene.openssl(&["x509", "-in", "leaf.pem", "-outform", "der", "-out", "leaf.der"]);
    let der = scene.read_bytes("leaf.der");
    // The last line has no end.
    scene.write("leaf.pem", whole.trim_end());
    let handshake = [
        "handshake",
        "--server-cert",
        "leaf.pem",
        "--server-key",
        "leaf.key",
        "--ca-dir",
        "sub",
        "--name",
        HOST,
    ];
    for args in [&["leaf.pem", "--ca-dir", "mid"][..], &handshake] {
        scene.write("leaf.pem", whole.trim_end());
        assert!(walk(&scene, args).iter().all(|found| found.severity == "notice"));
        scene.openssl(&[
            "verify",
            "-CAfile",
            "root/ca_conf/ca_cert.pem",
            "-untrusted",
            "leaf.pem",
            "leaf.pem",
        ]);
    }
    // DER has room for one certificate: another file gets both.
    let left = walk(&scene, &["leaf.der", "--ca-dir", "mid"]);
    assert!(
        left.iter().any(|found| found
            .advice
            .iter()
            .any(|advice| advice.contains("leaf_chain.pem"))),
        "{left:#?}"
    );
    assert_eq!(scene.read_bytes("leaf.der"), der);
    scene.openssl(&[
        "verify",
        "-CAfile",
        "root/ca_conf/ca_cert.pem",
        "-untrusted",
        "leaf_chain.pem",
        "leaf_chain.pem",
    ]);
    walk(
        &scene,
        &[
            "handshake",
            "--server-cert",
            "leaf.der",
            "--server-key",
            "leaf.key",
            "--ca-dir",
            "sub",
            "--name",
            HOST,
        ],
    );
    assert_eq!(scene.read_bytes("leaf.der"), der);
}

#[test]
fn what_stands_beside_a_file_is_in_no_way_of_sorting_it() {
    let scene = three_levels();
    let turned = scene.read("sub/ca_conf/ca_cert.pem") + &scene.read("leaf.pem");
    for taken in ["turned_sorted.pem", "turned.ordered.pem"] {
        scene.write(taken, "mine");
    }
    for args in [
        &["turned.pem", "--ca-dir", "root"][..],
        &[
            "handshake",
            "--server-cert",
            "turned.pem",
            "--server-key",
            "leaf.key",
            "--ca-dir",
            "root",
        ],
    ] {
        scene.write("turned.pem", &turned);
        walk(&scene, args);
        assert!(!scene.read("turned.pem").starts_with(&turned[..200]), "{args:?}");
    }
    assert_eq!(
        [scene.read("turned_sorted.pem"), scene.read("turned.ordered.pem")],
        ["mine", "mine"]
    );
}

#[test]
fn certificates_of_two_hosts_without_a_key_are_not_taken_apart_by_a_command_that_cannot() {
    let scene = Scene::with_host();
    scene.issue("app7.example.com", &[]).run().ok();
    let both = scene.read("gsec-ca/repository/01.pem") + &scene.read("gsec-ca/repository/02.pem");
    scene.write("both.pem", both);
    let left = walk(&scene, &["both.pem"]);
    let mixed = left
        .iter()
        .find(|found| found.slug == "mixed-hosts")
        .expect("mixed hosts");
    assert!(
        mixed.fix.is_empty() && mixed.advice[0].starts_with("Make a file for each host"),
        "{mixed:#?}"
    );
}

#[test]
fn right_key_beside_the_certificate_is_named_before_anything_is_issued() {
    let scene = Scene::with_host();
    scene.issue("app7.example.com", &[]).run().ok();
    let [certificate, wrong] = [
        "gsec-ca/repository/01_db1_cert.pem",
        "gsec-ca/repository/02_app7_priv_key.pem",
    ];
    let left = walk(
        &scene,
        &[
            "handshake",
            "--server-cert",
            certificate,
            "--server-key",
            wrong,
            "--name",
            HOST,
        ],
    );
    let advice = "Use 'gsec-ca/repository/01_db1_priv_key.pem': it is the key of the certificate.";
    assert!(
        left.iter()
            .any(|found| found.slug == "key-mismatch" && found.advice == [advice]),
        "{left:#?}"
    );
    assert!(!scene.exists("gsec-ca/repository/03.pem"), "nothing was issued");
}

#[test]
fn each_certificate_that_expires_soon_has_a_command_of_its_own() {
    let scene = Scene::with_ca();
    for host in ["a.example.com", "b.example.com", "c.example.com"] {
        scene.issue(host, &["--days", "60"]).run().ok();
    }
    // What `openssl ca` made has another subject than what renews it.
    scene.openssl(&[
        "req",
        "-new",
        "-nodes",
        "-newkey",
        "rsa:2048",
        "-keyout",
        "key.pem",
        "-out",
        "csr.pem",
        "-subj",
        "/O=Corp/CN=d.example.com",
    ]);
    let sign = [
        "ca",
        "-batch",
        "-notext",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        "../csr.pem",
        "-out",
        "../d.pem",
        "-days",
        "60",
    ];
    common::openssl(&sign)
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    let later = |args: &[&str]| {
        scene
            .gsec(args)
            .through(common::tool("faketime").args(&["-f", "+50d"]))
            .run()
    };
    let expiring = || {
        let all = findings_of(&later(&["doctor", "gsec-ca", "--json"]));
        all.into_iter()
            .find(|found| found.slug == "certificates-expire-soon")
    };
    let found = expiring().expect("they expire soon");
    assert_eq!(found.fix.len(), 4, "{found:#?}");
    for command in &found.fix {
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        later(&words).ok();
    }
    assert!(expiring().is_none(), "{:#?}", expiring());
}

#[test]
fn record_of_a_call_at_work_is_left_alone() {
    let scene = Scene::with_host();
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01.pem")).expect("it was there");
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01_db1_cert.pem")).expect("it was there");
    let found = common::doctor::finds(&scene, &["gsec-ca"], "record-without-file");
    assert!(
        found.fix.is_empty()
            && found.seen.contains("a command is running")
            && found.advice[0].starts_with("Check again"),
        "{found:#?}"
    );
}

#[test]
fn ca_with_a_weak_key_is_told_to_begin_anew() {
    let scene = Scene::empty();
    for folder in ["ca", "ca/ca_conf", "ca/repository"] {
        std::fs::create_dir(scene.dir.path(folder)).expect("a folder");
        scene.chmod(folder, 0o700);
    }
    let key = [
        "req",
        "-x509",
        "-newkey",
        "rsa:1024",
        "-nodes",
        "-keyout",
        "ca/ca_conf/ca_priv_key.pem",
        "-out",
        "ca/ca_conf/ca_cert.pem",
    ];
    scene.openssl(&[&key[..], &["-subj", "/CN=Weak", "-days", "300"]].concat());
    scene.chmod("ca/ca_conf/ca_priv_key.pem", 0o644);
    scene.write("ca/ca_conf/ca.db", "");
    scene.write("ca/ca_conf/serial.num", "01\n");
    for found in common::doctor::doctor(&scene, &["ca"]) {
        let offers = found
            .fix
            .iter()
            .any(|fix| fix.contains("ca renew") || fix.contains("ca rekey"));
        assert!(!offers, "{found:#?}");
    }
    // One mode for the CA key, whoever says it.
    let loose = common::doctor::finds(&scene, &["ca"], "ca-key-readable-by-others");
    assert!(
        loose.fix.iter().any(|fix| fix.starts_with("chmod 400 ")),
        "{loose:#?}"
    );
}
