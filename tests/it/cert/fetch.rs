//! `cert fetch`, and HOST:PORT where a certificate is wanted: what comes out, and what is said when nothing does.

use crate::common;

use std::fs;
use std::io::Write;

use common::{
    ClosedPort, OwnServer, Scene, TestCa, TlsPort, is_harmless, key_type, listen_only, openssl, reads_as,
};

/// A place where `db1.example.com` is issued and served.
struct Served {
    scene: Scene,
    server: TlsPort,
}

const CERTIFICATE: &str = "gsec-ca/repository/01_db1_cert.pem";
const KEY: &str = "gsec-ca/repository/01_db1_priv_key.pem";
const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";

fn served(flags: &[&str]) -> Served {
    let scene = Scene::with_host();
    let server = TlsPort::openssl(&scene.dir.path(CERTIFICATE), &scene.dir.path(KEY), flags);
    Served { scene, server }
}

impl Served {
    fn target(&self) -> String {
        self.server.target()
    }

    fn thumbprint(&self, file: &str) -> String {
        self.scene
            .gsec(&[
                "cert",
                "thumbprint",
                file,
                "--hash",
                "sha256",
                "--format",
                "compact",
            ])
            .run()
            .ok()
            .stdout
            .trim()
            .to_owned()
    }
}

#[test]
fn chain_is_pem_that_openssl_reads_with_a_line_before_each_block() {
    let served = served(&[]);
    let fetched = served.scene.gsec(&["cert", "fetch", &served.target()]).run().ok();
    let said: Vec<&str> = fetched
        .stdout
        .lines()
        .filter(|line| line.starts_with('#'))
        .collect();
    assert_eq!(said.len(), 2, "{fetched}");
    assert!(
        reads_as(
            said[0],
            "# 127.0.0.1:… at 127.0.0.1:…, TLS 1.3, TLS_AES_256_GCM_SHA384; presented, NOT verified"
        ),
        "{fetched}"
    );
    assert_eq!(
        said[1],
        format!("# sha256 {}  CN=db1.example.com", served.thumbprint(CERTIFICATE))
    );
    let subject = openssl(&["x509", "-noout", "-subject"])
        .stdin(&fetched.stdout)
        .run()
        .ok();
    assert_eq!(subject.stdout, "subject=CN = db1.example.com\n");
    assert_eq!(fetched.stderr, "");
}

#[test]
fn file_is_written_whole_and_never_over_another() {
    let served = served(&[]);
    let written = served
        .scene
        .gsec(&["cert", "fetch", &served.target(), "--out", "chain.pem"])
        .run()
        .ok();
    written.says("Created chain.pem (one certificate, not verified)");
    assert_eq!(served.thumbprint("chain.pem"), served.thumbprint(CERTIFICATE));
    let before = fs::read(served.scene.dir.path("chain.pem")).expect("the file");
    let refused = served
        .scene
        .gsec(&["cert", "fetch", &served.target(), "--out", "chain.pem"])
        .run()
        .code(3);
    assert!(refused.stderr.contains("`chain.pem` already exists"), "{refused}");
    assert_eq!(
        fs::read(served.scene.dir.path("chain.pem")).expect("the file"),
        before
    );
}

#[test]
fn port_of_a_server_is_a_selector_wherever_a_certificate_is_looked_at() {
    let served = served(&[]);
    let target = served.target();
    let sha256 = served
        .scene
        .gsec(&[
            "cert",
            "thumbprint",
            &target,
            "--hash",
            "sha256",
            "--format",
            "compact",
        ])
        .run()
        .ok();
    assert_eq!(sha256.stdout.trim(), served.thumbprint(CERTIFICATE));
    served
        .scene
        .gsec(&["cert", "show", &target])
        .run()
        .ok()
        .says(&format!("Certificate in {target}"));
    served
        .scene
        .gsec(&["cert", "verify", &target, "--name", "db1.example.com"])
        .run()
        .ok()
        .says("valid for `db1.example.com`");
    served
        .scene
        .gsec(&["cert", "verify", &target, "--name", "db2.example.com"])
        .run()
        .code(1)
        .says("NOT valid for `db2.example.com`");
}

#[test]
fn address_of_ipv6_stands_in_brackets() {
    let scene = Scene::with_host();
    let server = TlsPort::openssl_at(
        "[::1]:0",
        &scene.dir.path(CERTIFICATE),
        &scene.dir.path(KEY),
        &["-6"],
    );
    let target = format!("[::1]:{}", server.port);
    scene
        .gsec(&["cert", "show", &target])
        .run()
        .ok()
        .says(&format!("Certificate in {target}"));
    scene
        .gsec(&["cert", "fetch", &target])
        .run()
        .ok()
        .says("-----BEGIN CERTIFICATE-----");
}

#[test]
fn server_that_no_modern_program_connects_to_is_fetched_from_and_named() {
    let scene = Scene::with_ca();
    scene
        .gsec(&["cert", "issue", "--host", "db1.example.com"])
        .run()
        .ok();
    let flags = ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"];
    let server = TlsPort::openssl(&scene.dir.path(CERTIFICATE), &scene.dir.path(KEY), &flags);
    let fetched = scene.gsec(&["cert", "fetch", &server.target()]).run().ok();
    assert!(
        fetched
            .stdout
            .contains(", TLS 1.1, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA; presented, NOT verified\n"),
        "{fetched}"
    );
    let warning = "warning: programs that only use a modern TLS library cannot connect there: alert \
     protocol_version (70): the peer does not support this protocol version";
    assert_eq!(
        fetched.stderr,
        format!(
            "{warning}\nhint: `gsec doctor {}` says what the server accepts\n",
            server.target()
        )
    );
}

#[test]
fn what_could_be_a_file_and_a_server_is_asked_back() {
    let scene = Scene::with_host();
    scene.write("db1:443", scene.read(CERTIFICATE));
    scene.refuses(
        &["cert", "show", "db1:443"],
        2,
        &[
            "error: `db1:443` is a file here and a port of a server",
            "hint: pass `--file`; gsec cert fetch queries a server",
        ],
    );
    scene.gsec(&["cert", "show", "db1:443", "--file"]).run().ok();
    scene.gsec(&["cert", "show", "./db1:443"]).run().ok();
}

#[test]
fn wrong_ports_are_usage_errors_that_say_how_to_write_them() {
    let scene = Scene::with_host();
    for (wrong, reason) in [
        (
            "db1:99999",
            "`99999` is not a port: it must be a number from 1 to 65535",
        ),
        ("db1:0", "`0` is not a port: it must be a number from 1 to 65535"),
    ] {
        let shown = scene.gsec(&["cert", "show", wrong]).run().code(2);
        assert!(
            shown
                .stderr
                .contains(&format!("`{wrong}` is not a port of a server: {reason}")),
            "{shown}"
        );
        let fetched = scene.gsec(&["cert", "fetch", wrong]).run().code(2);
        assert!(fetched.stderr.contains(reason), "{fetched}");
    }
    assert!(
        scene
            .gsec(&["cert", "fetch", "db1.example.com"])
            .run()
            .code(2)
            .stderr
            .contains("missing port: write HOST:PORT")
    );
    // It is an address too.
    let shown = scene.gsec(&["cert", "show", "::1:443"]).run().code(3);
    assert!(
        shown.stderr.contains("a port of a server is written `[::1]:443`"),
        "{shown}"
    );
    let fetched = scene.gsec(&["cert", "fetch", "::1:443"]).run().code(2);
    assert!(
        fetched
            .stderr
            .contains("put an IPv6 address in brackets: `[::1]:443`"),
        "{fetched}"
    );
    // What cannot be revoked is no server either.
    scene.gsec(&["cert", "revoke", "127.0.0.1:1"]).run().code(3);
}

#[test]
fn nothing_on_stdout_and_the_reason_on_stderr_when_there_is_no_certificate() {
    let scene = Scene::empty();
    let closed = ClosedPort::hold();
    no_certificate(
        &scene,
        &[&format!("127.0.0.1:{}", closed.port)],
        "the connection is refused: nothing listens there, or a firewall rejects it",
    );
    let plain =
        OwnServer::start(|mut stream| drop(stream.write_all(b"220 mail\x1b]0;x\x07\x1b[2J ready\r\n\r\n")));
    no_certificate(
        &scene,
        &[&plain.target()],
        "it does not speak TLS, but SMTP: it answers with bytes that are neither TLS nor text, 32 32 30 …",
    );
    let plain = OwnServer::start(|mut stream| drop(stream.write_all(b"220 mail\x1b[2J ready\r\n\r\n")));
    no_certificate(
        &scene,
        &[&plain.target()],
        "it does not speak TLS, but SMTP: it answers in plain text, `220 mail\\x1B[2J ready`",
    );
    let closes = OwnServer::start(drop);
    no_certificate(
        &scene,
        &[&closes.target()],
        "it accepts the connection and closes it immediately",
    );
    let silent = OwnServer::start(listen_only);
    no_certificate(
        &scene,
        &[&silent.target(), "--timeout", "200ms"],
        "it accepts the connection but sends nothing before the timeout",
    );
    no_certificate(
        &scene,
        &["localhost:1", "--no-dns"],
        "it is a name, but names must not be resolved",
    );
    no_certificate(
        &scene,
        &["127.0.0.1:1", "--bind", "192.0.2.1"],
        "cannot connect from there: 192.0.2.1 is not an address of this machine",
    );
    let proxy = OwnServer::start(|mut stream| drop(stream.write_all(b"HTTP/1.1 407 Who are you?\r\n\r\n")));
    no_certificate(
        &scene,
        &["db1:443", "--proxy", &proxy.target()],
        "the proxy does not connect: HTTP/1.1 407 Who are you?",
    );
    no_certificate(
        &scene,
        &["no-such-host.invalid:443"],
        "the name cannot be resolved: …",
    );
}

#[track_caller]
fn no_certificate(scene: &Scene, args: &[&str], reason: &str) {
    let answer = scene.gsec(&["cert", "fetch"]).args(args).run().code(1);
    assert_eq!(answer.stdout, "");
    let first = answer.stderr.lines().next().unwrap_or_default();
    assert!(
        reads_as(
            first,
            &format!("error: no certificate from {}: {reason}", args[0])
        ),
        "wanted `{reason}`: {answer}"
    );
    assert!(answer.stderr.contains("hint: "), "{answer}");
    is_harmless(&answer);
}

#[test]
fn client_certificate_is_shown_and_its_refusal_told() {
    let scene = Scene::with_host();
    let ca = scene.dir.path(CA);
    let flags = ["-Verify", "1", "-CAfile", &ca, "-verify_return_error"];
    let server = TlsPort::openssl(&scene.dir.path(CERTIFICATE), &scene.dir.path(KEY), &flags);
    let fetch = |more: &[&str]| {
        scene
            .gsec(&["cert", "fetch", &server.target(), "--json"])
            .args(more)
            .run()
            .ok()
    };
    let facts = |outcome: &common::Outcome| outcome.json()["client_certificate"].clone();
    let without = facts(&fetch(&[]));
    assert_eq!(
        (&without["demand"], &without["authorities"]),
        (&"required".into(), &serde_json::json!(["CN=Test CA"]))
    );
    let with = facts(&fetch(&["--client-cert", CERTIFICATE, "--client-key", KEY]));
    assert_eq!(
        (&with["sent"], &with["refusal"]),
        (&true.into(), &serde_json::Value::Null)
    );
    let with = facts(&fetch(&["--client-cert", "gsec-ca/repository/01_db1_cert.pfx"]));
    assert_eq!(
        (&with["sent"], &with["refusal"]),
        (&true.into(), &serde_json::Value::Null)
    );
    let other = TestCa::named("Another Authority", &["--key-type", "p256"]);
    let stranger = other.issue("app7.example.com", key_type("p256").flags);
    let refused = fetch(&[
        "--client-cert",
        &stranger.certificate,
        "--client-key",
        &stranger.key,
    ]);
    assert!(
        facts(&refused)["refusal"]
            .as_str()
            .is_some_and(|refusal| refusal.starts_with("alert unknown_ca (48): ")),
        "{refused}"
    );
    assert_eq!(
        refused.json()["warnings"][0]["code"],
        "client_certificate_refused"
    );
}

#[test]
fn client_certificate_without_its_key_is_refused_before_anybody_is_called() {
    let scene = Scene::with_host();
    scene.openssl_key("other.key");
    let fetch = |more: &[&str]| {
        scene
            .gsec(&["cert", "fetch", "127.0.0.1:1", "--client-cert", CERTIFICATE])
            .args(more)
            .run()
    };
    assert!(
        fetch(&[]).code(2).stderr.contains("contains no private key"),
        "{}",
        fetch(&[])
    );
    let mismatch = fetch(&["--client-key", "other.key"]).code(3);
    assert!(
        mismatch.stderr.contains("does not belong to the certificate"),
        "{mismatch}"
    );
}

#[test]
fn certificate_that_cannot_be_read_is_handed_on_and_said() {
    let scene = Scene::empty();
    // A hand-made answer in TLS 1.0, whose certificate is none.
    let server = OwnServer::start(|mut stream| {
        let hello = common::first_octets(&mut stream);
        if hello.get(9..11) != Some(&[3, 1]) {
            drop(stream.write_all(&[21, 3, 1, 0, 2, 2, 70]));
            return;
        }
        let body = [&[2, 0, 0, 38, 3, 1][..], &[7; 32], &[0, 0, 0x2F, 0]].concat();
        let chain = [11, 0, 0, 8, 0, 0, 5, 0, 0, 2, 0x30, 0];
        let messages = [&body[..], &chain, &[14, 0, 0, 0]].concat();
        let length = u8::try_from(messages.len()).expect("short");
        drop(stream.write_all(&[&[22, 3, 1, 0, length][..], &messages].concat()));
        listen_only(stream);
    });
    let fetched = scene
        .gsec(&["cert", "fetch", &server.target(), "--json"])
        .run()
        .ok();
    let document = fetched.json();
    assert_eq!(
        (&document["connection"]["protocol"], &document["certificates"]),
        (&"TLS 1.0".into(), &serde_json::json!([])),
        "{fetched}"
    );
    let codes: Vec<_> = document["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .map(|warning| warning["code"].as_str())
        .collect();
    assert_eq!(codes, [Some("unreadable_certificate"), Some("no_modern_tls")]);
    assert!(
        document["pem"].as_str().is_some_and(|pem| pem.contains("MAA=")),
        "{fetched}"
    );
}
