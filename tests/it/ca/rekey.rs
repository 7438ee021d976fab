//! Another key for the CA: old and new hosts verify for old and new peers, CRLs of both keys hold, and a kill leaves one of the two.

use crate::common;
use crate::common::{at, machine, strace};

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{NssDatabase, OldCa, Outcome, Scene, TestCa, TlsClient, TlsServer, WordPeer, openssl, tool};
use serde_json::Value;

const OLD: &str = "db-old.example.com";
const NEW: &str = "db-new.example.com";

/// A CA that issued for [`OLD`], got another key, and issued for [`NEW`].
struct Rekeyed {
    ca: TestCa,
    answer: Value,
    old_host: common::HostFiles,
    new_host: common::HostFiles,
}

impl Rekeyed {
    fn new(kind: &[&str], flags: &[&str]) -> Self {
        let ca = TestCa::init(kind);
        let old_host = ca.issue(OLD, &["--key-type", "p256"]);
        let answer = ca.gsec(&["ca", "rekey", "--json"]).args(flags).run().ok().json();
        let new_host = ca.issue(NEW, &["--key-type", "p256"]);
        Rekeyed {
            ca,
            answer,
            old_host,
            new_host,
        }
    }

    fn file(&self, name: &str) -> String {
        self.answer["files"][name]
            .as_str()
            .unwrap_or_else(|| panic!("no file `{name}` in {}", self.answer))
            .to_owned()
    }
}

/// Whether OpenSSL takes a host's certificate for what it presents itself: its own file has the intermediates too.
fn openssl_takes(trust: &str, host: &str, further: &[&str]) -> Outcome {
    openssl(&[
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-CAfile",
        trust,
        "-untrusted",
        host,
    ])
    .args(further)
    .args(&[host])
    .run()
}

fn gnutls_takes(trust: &str, chain: &str) -> bool {
    tool("certtool")
        .args(&["--verify", "--load-ca-certificate", trust, "--infile", chain])
        .run()
        .status
        == Some(0)
}

#[test]
fn old_and_new_hosts_verify_for_old_and_new_peers() {
    let p256: &[&str] = &["--key-type", "p256"];
    let kinds: [(&[&str], &[&str]); 4] = [
        (p256, &[]),
        (&["--key-type", "rsa"], p256),
        (p256, &["--key-type", "rsa", "--key-size", "3072"]),
        (&["--key-type", "ed25519"], &["--key-type", "p384"]),
    ];
    for (kind, flags) in kinds {
        let it = Rekeyed::new(kind, flags);
        let (old_root, new_root, bundle) = (
            it.file("old_certificate"),
            it.file("certificate"),
            it.file("bundle"),
        );
        let situation = format!("{kind:?} to {flags:?}");
        // The two whose key is trusted, and a new host for a peer that knows nothing of the change.
        for (trust, host) in [
            (&old_root, &it.old_host),
            (&new_root, &it.new_host),
            (&old_root, &it.new_host),
            (&bundle, &it.old_host),
            (&bundle, &it.new_host),
        ] {
            openssl_takes(trust, &host.certificate, &[]).ok();
            assert!(
                gnutls_takes(trust, &host.certificate),
                "{situation}: {} under {trust}",
                host.certificate
            );
        }
        // An old host for a peer that has the new root only needs the fourth certificate.
        let old_with_new = it.file("old_with_new");
        openssl_takes(&new_root, &it.old_host.certificate, &[]).fails();
        openssl_takes(
            &new_root,
            &it.old_host.certificate,
            &["-untrusted", &old_with_new],
        )
        .ok();
        let chain = it.ca.dir.write(
            "chain.pem",
            [&it.old_host.certificate, &old_with_new]
                .map(|file| std::fs::read_to_string(file).expect("PEM"))
                .concat(),
        );
        assert!(
            gnutls_takes(&new_root, &chain),
            "{situation}: an old host under the new root"
        );
        // gsec's own answer, for both.
        for serial in ["01", "02"] {
            it.ca.gsec(&["cert", "verify", serial]).run().ok();
        }
    }
}

/// Node's TLS, both ends in one process: a server with this PFX, and a client that trusts one root.
const NODE: &str = r#"
const tls = require("tls"), fs = require("fs"), [pfx, ca, servername] = process.argv.slice(1);
const server = tls.createServer({ pfx: fs.readFileSync(pfx), passphrase: "" }, socket => socket.end());
server.listen(0, "127.0.0.1", () => {
  const client = tls.connect({ port: server.address().port, host: "127.0.0.1", servername, ca: fs.readFileSync(ca) });
  client.on("secureConnect", () => { console.log("authorized", client.authorized); process.exit(client.authorized ? 0 : 1); });
  client.on("error", error => { console.log(error.message); process.exit(1); });
});
"#;

#[test]
fn peers_that_know_only_the_former_root_accept_the_pfx_and_so_do_those_that_know_only_the_new_one() {
    let (mut server, mut java, mut python) = (WordPeer::java(), WordPeer::java(), WordPeer::python());
    for (kind, flags) in [
        (&["--key-type", "p256"][..], &[][..]),
        (&["--key-type", "rsa"], &["--key-type", "p384"]),
    ] {
        let it = Rekeyed::new(kind, flags);
        for trust in [
            it.file("old_certificate"),
            it.file("certificate"),
            it.file("bundle"),
        ] {
            let met = it
                .ca
                .gsec(&[
                    "doctor",
                    "handshake",
                    "--server-cert",
                    &it.new_host.pfx,
                    "--trust",
                    &trust,
                    "--name",
                    NEW,
                ])
                .run();
            assert_eq!(met.status, Some(0), "{trust}: {met}");
            tool("node")
                .args(&["-e", NODE, &it.new_host.pfx, &trust, NEW])
                .run()
                .ok()
                .says("authorized true");
            if trust != it.file("bundle") {
                let database = NssDatabase::trusting(&trust);
                database.import(&it.new_host.pfx, "").ok();
                database.verify(NEW, "V").ok().says("certificate is valid");
            }
            for client in [&mut java as &mut dyn TlsClient, &mut python] {
                let port = server.serve(&it.new_host, &trust);
                let verdict = client.connect(port, NEW, Some(&it.new_host), &trust);
                let served = server.served();
                assert!(
                    verdict.is_ok() && served.is_ok(),
                    "{kind:?} {trust}: {verdict:?} {served:?}"
                );
            }
        }
    }
}

#[test]
fn the_pfx_has_the_cross_certificate_and_no_root_while_the_former_root_lives() {
    let it = Rekeyed::new(&["--key-type", "p256"], &[]);
    let certificates = openssl(&["pkcs12", "-in", &it.new_host.pfx, "-passin", "pass:", "-nokeys"])
        .run()
        .ok()
        .stdout;
    let cross = std::fs::read_to_string(it.file("new_with_old")).expect("PEM");
    let body = cross.lines().nth(1).expect("base64");
    assert_eq!(
        (
            certificates.matches("BEGIN CERTIFICATE").count(),
            certificates.contains(body)
        ),
        (2, true),
        "{certificates}"
    );
    assert!(
        !certificates.contains(
            std::fs::read_to_string(it.file("certificate"))
                .expect("PEM")
                .lines()
                .nth(1)
                .expect("base64")
        )
    );
    // Without a former root the root itself is there.
    let unchanged = TestCa::init(&["--key-type", "p256"]);
    let plain = unchanged.issue(NEW, &["--key-type", "p256"]);
    let certificates = openssl(&["pkcs12", "-in", &plain.pfx, "-passin", "pass:", "-nokeys"])
        .run()
        .ok()
        .stdout;
    assert_eq!(certificates.matches("BEGIN CERTIFICATE").count(), 2);
}

#[test]
fn below_an_intermediate_hosts_verify_under_the_former_root_and_under_the_new_one() {
    for renews in [false, true] {
        let scene = Scene::empty();
        let type_in = |args: &[&str]| scene.gsec(args).run().ok();
        let sub = [
            "ca",
            "init",
            "--cn",
            "Sub",
            "--key-type",
            "p256",
            "--ca-dir",
            "sub",
            "--parent",
            "root",
        ];
        let low = [
            "ca",
            "init",
            "--cn",
            "Low",
            "--key-type",
            "p256",
            "--ca-dir",
            "low",
            "--parent",
            "sub",
        ];
        // Peers that count self-issued certificates as all others need room for them.
        type_in(&[
            "ca",
            "init",
            "--cn",
            "Root",
            "--key-type",
            "p256",
            "--path-len",
            "5",
            "--ca-dir",
            "root",
        ]);
        if renews {
            type_in(&[&sub[..], &["--path-len", "1"]].concat());
        }
        scene.write("root-1.pem", scene.read("root/ca_conf/ca_cert.pem"));
        type_in(&["--yes", "ca", "rekey", "--ca-dir", "root"]);
        scene.write("root-2.pem", scene.read("root/ca_conf/ca_cert.pem"));
        type_in(&["--yes", "ca", "rekey", "--ca-dir", "root"]);
        scene.write("root-3.pem", scene.read("root/ca_conf/ca_cert.pem"));
        if renews {
            type_in(&["ca", "renew", "--ca-dir", "sub", "--parent", "root"]);
            let said = type_in(&["doctor", "sub"]).stdout;
            assert!(
                said.starts_with(
                    "sub: healthy, revocation of intermediate CAs not checked: intermediate CA "
                ) && said.lines().count() == 1,
                "{said}"
            );
        } else {
            type_in(&[&sub[..], &["--path-len", "1"]].concat());
        }
        // What was made elsewhere gets them from the file that is handed over.
        type_in(&[
            "ca",
            "request",
            "--cn",
            "Apart",
            "--key-type",
            "p256",
            "--ca-dir",
            "apart",
        ]);
        type_in(&[
            "ca",
            "sign",
            "apart/ca_conf/ca_req.pem",
            "--out",
            "apart.pem",
            "--ca-dir",
            "sub",
        ]);
        type_in(&["ca", "accept", "apart.pem", "--ca-dir", "apart", "--yes"]);
        type_in(&low);
        for folder in ["sub", "low", "apart"] {
            let said = type_in(&["doctor", folder]).stdout;
            assert!(
                said.starts_with(&format!(
                    "{folder}: healthy, revocation of intermediate CAs not checked: intermediate CA "
                )) && said.lines().count() == 1,
                "{said}"
            );
            let issued = type_in(&[
                "cert",
                "issue",
                "--host",
                NEW,
                "--key-type",
                "p256",
                "--ca-dir",
                folder,
                "--json",
            ])
            .json();
            let file = |name: &str| issued["files"][name].as_str().expect("a path").to_owned();
            let (certificate, pfx) = (file("host_certificate"), file("pfx"));
            type_in(&["cert", "verify", &certificate, "--name", NEW, "--ca-dir", folder]);
            for root in ["root-1.pem", "root-2.pem", "root-3.pem"] {
                openssl_takes(&scene.dir.path(root), &scene.dir.path(&certificate), &[]).ok();
                for server in [&certificate, &pfx] {
                    let key = if server == &pfx {
                        &pfx
                    } else {
                        &file("private_key")
                    };
                    let args = [
                        "doctor",
                        "handshake",
                        "--server-cert",
                        server,
                        "--server-key",
                        key,
                        "--trust",
                        root,
                        "--name",
                        NEW,
                    ];
                    scene.gsec(&args).run().ok();
                }
                tool("node")
                    .args(&["-e", NODE, &scene.dir.path(&pfx), &scene.dir.path(root), NEW])
                    .run()
                    .ok()
                    .says("authorized true");
            }
        }
    }
}

#[test]
fn a_second_change_leads_to_the_first_root_as_well() {
    let it = Rekeyed::new(&["--key-type", "p256"], &[]);
    let first_root = it.file("old_certificate");
    let again = it.ca.gsec(&["ca", "rekey", "--json"]).run().ok().json();
    let newest = it.ca.issue("db-newest.example.com", &["--key-type", "p256"]);
    let second_root = again["files"]["old_certificate"].as_str().expect("a path");
    let third_root = again["files"]["certificate"].as_str().expect("a path");
    for trust in [&first_root, second_root, third_root] {
        openssl_takes(trust, &newest.certificate, &[]).ok();
        assert!(gnutls_takes(trust, &newest.certificate), "{trust}");
    }
    let bundle = std::fs::read_to_string(it.file("bundle")).expect("PEM");
    assert_eq!(bundle.matches("BEGIN CERTIFICATE").count(), 3);
    let log = it
        .ca
        .gsec(&["ca", "log", "--verify", "--all-signatures", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(log["sound"], true, "{log}");
}

#[test]
fn each_key_signs_a_crl_for_what_it_issued() {
    let it = Rekeyed::new(&["--key-type", "p256"], &["--key-type", "rsa"]);
    let (old_root, new_root, bundle) = (
        it.file("old_certificate"),
        it.file("certificate"),
        it.file("bundle"),
    );
    it.ca.gsec(&["crl", "update"]).run().ok();
    let (new_crl, old_crl) = (
        it.ca.conf("ca_crl.pem"),
        Path::new(&old_root)
            .with_file_name("ca_crl.pem")
            .to_str()
            .expect("text")
            .to_owned(),
    );
    let takes =
        |trust: &str, host: &str, crl: &str| openssl_takes(trust, host, &["-crl_check", "-CRLfile", crl]);
    takes(&old_root, &it.old_host.certificate, &old_crl).ok();
    takes(&new_root, &it.new_host.certificate, &new_crl).ok();
    takes(&new_root, &it.new_host.certificate, &old_crl).fails();
    // What the former key issued is still this CA's to revoke, by file as by number.
    let revoked = it
        .ca
        .gsec(&[
            "cert",
            "revoke",
            &it.old_host.record,
            "--reason",
            "superseded",
            "--json",
        ])
        .run()
        .ok()
        .json();
    assert_eq!(revoked["certificates"][0]["status"], "revoked", "{revoked}");
    takes(&old_root, &it.old_host.certificate, &old_crl)
        .fails()
        .says("certificate revoked");
    takes(&new_root, &it.new_host.certificate, &new_crl).ok();
    it.ca.gsec(&["cert", "revoke", "02"]).run().ok();
    takes(&new_root, &it.new_host.certificate, &new_crl)
        .fails()
        .says("certificate revoked");
    // A peer with the bundle may have both CRLs.
    let both = it.ca.dir.write(
        "both.pem",
        [&new_crl, &old_crl]
            .map(|file| std::fs::read_to_string(file).expect("PEM"))
            .concat(),
    );
    for host in [&it.old_host, &it.new_host] {
        takes(&bundle, &host.certificate, &both)
            .fails()
            .says("certificate revoked");
    }
    for crl in [&new_crl, &old_crl] {
        assert_eq!(
            it.ca.gsec(&["crl", "show", crl, "--json"]).run().ok().json()["signature"],
            "good"
        );
    }
    // Without the former key its CRL is not made, which its peers do not learn: never in silence.
    std::fs::remove_file(it.file("old_private_key")).expect("the old key");
    let updated = it.ca.gsec(&["crl", "update", "--json"]).run().code(3).json();
    assert_eq!(updated["previous_files"], serde_json::json!([]));
    assert_eq!(updated["warnings"][0]["code"], "former_crl_missing", "{updated}");
}

#[test]
fn a_ca_that_had_a_crl_has_both_after_the_change() {
    let ca = TestCa::init(&["--key-type", "p256"]);
    let host = ca.issue(OLD, &["--key-type", "p256"]);
    ca.gsec(&["crl", "update"]).run().ok();
    let answer = ca.gsec(&["ca", "rekey", "--json"]).run().ok().json();
    assert_eq!(answer["crl"]["number"], "02");
    let old_root = answer["files"]["old_certificate"].as_str().expect("a path");
    let old_crl = Path::new(old_root).with_file_name("ca_crl.pem");
    openssl_takes(
        old_root,
        &host.certificate,
        &["-crl_check", "-CRLfile", old_crl.to_str().expect("text")],
    )
    .ok();
    openssl(&[
        "crl",
        "-in",
        &ca.conf("ca_crl.pem"),
        "-noout",
        "-CAfile",
        &ca.certificate,
    ])
    .run()
    .ok()
    .says("verify OK");
}

#[test]
fn old_key_and_certificate_stay_as_they_were_and_openssl_ca_goes_on() {
    let ca = TestCa::init(&[
        "--key-type",
        "p256",
        "--path-len",
        "1",
        "--permit-dns",
        "example.com",
        "--email",
        "ca@example.com",
    ]);
    let before = [&ca.certificate, &ca.key].map(|file| std::fs::read(file).expect("a file"));
    let answer = ca.gsec(&["ca", "rekey", "--json"]).run().ok().json();
    let file = |name: &str| answer["files"][name].as_str().expect("a path").to_owned();
    assert_eq!(
        ["old_certificate", "old_private_key"].map(|name| std::fs::read(file(name)).expect("kept")),
        before
    );
    let tree = common::Tree::of(&ca.path);
    let inside = |name: &str| {
        file(name)
            .strip_prefix(&format!("{}/", ca.path))
            .expect("in the CA")
            .to_owned()
    };
    assert_eq!(
        ["private_key", "old_private_key", "bundle"].map(|name| tree.mode(&inside(name)) & 0o7777),
        [0o400, 0o400, 0o644]
    );
    assert_eq!(tree.mode("ca_conf/previous/") & 0o7777, 0o700);
    assert!(
        !tree.files().iter().any(|name| name.contains(".rekey")),
        "{:?}",
        tree.files()
    );
    let part = |file: &str, what: &str| {
        openssl(&["x509", "-in", file, "-noout", "-ext", what])
            .run()
            .ok()
            .stdout
    };
    for name in ["certificate", "new_with_old", "old_with_new"] {
        for what in [
            "basicConstraints",
            "nameConstraints",
            "subjectAltName",
            "keyUsage",
        ] {
            assert_eq!(
                part(&file(name), what),
                part(&file("old_certificate"), what),
                "{name}"
            );
        }
    }
    openssl(&[
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=db3.example.com",
        "-addext",
        "subjectAltName=DNS:db3.example.com",
    ])
    .args(&[
        "-keyout",
        &ca.dir.path("key.pem"),
        "-out",
        &ca.dir.path("request.pem"),
    ])
    .run()
    .ok();
    ca.openssl_ca(&[
        "-in",
        &ca.dir.path("request.pem"),
        "-notext",
        "-out",
        &ca.dir.path("theirs.pem"),
    ])
    .run()
    .ok();
    openssl(&["verify", "-CAfile", &ca.certificate, &ca.dir.path("theirs.pem")])
        .run()
        .ok();
    ca.openssl_ca(&["-gencrl", "-out", &ca.dir.path("crl.pem")])
        .run()
        .ok();
}

#[test]
fn the_new_key_has_the_passphrase_of_the_old_and_ca_passphrase_changes_both() {
    let scene = Scene::empty();
    scene.write("first", "one");
    scene.write("second", "two");
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Test CA",
            "--key-type",
            "p256",
            "--ca-passphrase-file",
            "first",
        ])
        .run()
        .ok();
    scene.refuses(
        &["ca", "rekey", "--ca-passphrase-file", "second"],
        3,
        &[
            "error: cannot use `gsec-ca/ca_conf/ca_priv_key.pem`",
            "  caused by: wrong passphrase, or the file is damaged",
            "hint: check for a trailing space, and that it is the passphrase of this CA",
        ],
    );
    let answer = scene
        .gsec(&["ca", "rekey", "--ca-passphrase-file", "first", "--json"])
        .run()
        .ok()
        .json();
    let keys = ["private_key", "old_private_key"]
        .map(|name| answer["files"][name].as_str().expect("a path").to_owned());
    let opens = |passphrase: &str| {
        keys.iter()
            .for_each(|key| drop(scene.openssl(&["pkey", "-in", key, "-noout", "-passin", passphrase])))
    };
    opens("pass:one");
    scene
        .gsec(&[
            "ca",
            "passphrase",
            "--ca-passphrase-file",
            "first",
            "--new-passphrase-file",
            "second",
        ])
        .run()
        .ok();
    opens("pass:two");
    assert_eq!(
        scene
            .gsec(&["crl", "update", "--ca-passphrase-file", "second", "--json"])
            .run()
            .ok()
            .json()["previous_files"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[test]
fn a_renewal_after_it_is_in_the_bundle() {
    let it = Rekeyed::new(&["--key-type", "p256"], &[]);
    it.ca.gsec(&["ca", "renew"]).run().ok();
    let bundle = std::fs::read_to_string(it.file("bundle")).expect("PEM");
    assert!(bundle.starts_with(&std::fs::read_to_string(&it.ca.certificate).expect("PEM")));
    for trust in [
        it.file("bundle"),
        it.file("old_certificate"),
        it.file("certificate"),
    ] {
        openssl_takes(&trust, &it.new_host.certificate, &[]).ok();
    }
}

#[test]
fn a_look_changes_nothing_and_an_ended_ca_is_refused() {
    let scene = Scene::with_ca();
    let before = scene.tree();
    scene
        .gsec(&["ca", "rekey", "--dry-run"])
        .run()
        .ok()
        .says("Would replace the key of CA");
    scene.tree().is_unchanged_since(&before);
    let in_ca = |args: &[&str]| openssl(args).in_dir(scene.dir.path("gsec-ca")).run().ok();
    scene.write(
        "ca.cnf",
        format!(
            "{}\n[root]\nbasicConstraints=critical,CA:TRUE\n",
            scene.read("gsec-ca/ca_conf/ca.conf")
        ),
    );
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
        "root",
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
                "../ended.pem",
            ],
            &dates[..],
        ]
        .concat(),
    );
    scene.write("gsec-ca/ca_conf/ca_cert.pem", scene.read("ended.pem"));
    scene.refuses(
        &["ca", "rekey"],
        3,
        &[
            "error: the CA certificate is not valid now: …",
            "hint: is this machine's clock right? …",
        ],
    );
}

#[test]
fn an_old_ca_gets_another_key() {
    let old = OldCa::new();
    let answer = old
        .gsec(&["ca", "rekey", "--key-type", "rsa", "--key-size", "3072", "--json"])
        .ok()
        .json();
    let codes: Vec<&str> = answer["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .filter_map(|warning| warning["code"].as_str())
        .collect();
    assert!(codes.contains(&"key_usage_added"), "{codes:?}");
    let host = common::issue(&old.path, "db9.example.com", &["--key-type", "p256"]);
    let file = |name: &str| answer["files"][name].as_str().expect("a path").to_owned();
    for trust in ["old_certificate", "certificate", "bundle"] {
        openssl(&[
            "verify",
            "-CAfile",
            &file(trust),
            "-untrusted",
            &host.certificate,
            &host.certificate,
        ])
        .run()
        .ok();
    }
    openssl(&[
        "verify",
        "-CAfile",
        &file("old_certificate"),
        &old.host_certificate(0),
    ])
    .run()
    .ok();
    old.openssl_ca(&["-gencrl", "-crldays", "7", "-out", "crl.pem"])
        .ok();
}

#[test]
fn certificates_that_do_not_say_which_key_signed_them_are_told() {
    let scene = Scene::with_host();
    assert_eq!(
        scene
            .gsec(&["ca", "rekey", "--dry-run", "--json"])
            .run()
            .ok()
            .json()["warnings"],
        serde_json::json!([])
    );
    scene.write(
        "host.cnf",
        "[host]\nbasicConstraints=CA:FALSE\nauthorityKeyIdentifier=none\n",
    );
    scene.openssl(&[
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=db2.example.com",
        "-keyout",
        "key.pem",
        "-out",
        "request.pem",
    ]);
    let args = [
        "ca",
        "-batch",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        "../request.pem",
        "-extfile",
        "../host.cnf",
        "-extensions",
        "host",
        "-notext",
    ];
    openssl(&args).in_dir(scene.dir.path("gsec-ca")).run().ok();
    let warned = scene.gsec(&["ca", "rekey", "--json"]).run().ok().json();
    assert_eq!(
        warned["warnings"][0]["code"], "no_authority_key_identifier",
        "{warned}"
    );
}

// Killed

fn gsec_in(ca: &Path, args: &[&str]) -> Command {
    at::gsec(ca, args)
}

/// After whatever happened, the CA issues, and what it issues verifies under the certificate that is there.
fn works(ca: &Path, situation: &str) -> bool {
    let path = ca.to_str().expect("text");
    let host = common::issue(path, NEW, &["--key-type", "p256"]);
    openssl_takes(&format!("{path}/ca_conf/ca_cert.pem"), &host.certificate, &[]).ok();
    openssl(&[
        "verify",
        "-CAfile",
        &format!("{path}/ca_conf/ca_cert.pem"),
        &host.record,
    ])
    .run()
    .ok();
    let log = common::gsec(&[
        "ca",
        "log",
        "--verify",
        "--all-signatures",
        "--json",
        "--ca-dir",
        path,
    ])
    .run()
    .ok()
    .json();
    assert_eq!(log["sound"], true, "{situation}: {log}");
    assert!(
        !ca.join("ca_conf/.rekey").exists(),
        "{situation}: it is not finished"
    );
    let is_new = ca.join("ca_conf/ca_bundle.pem").exists();
    if is_new {
        let old_root = common::Tree::of(ca)
            .files()
            .into_iter()
            .find(|name| name.contains("/previous/") && name.ends_with("/ca_cert.pem"));
        let old_root = format!(
            "{path}/{}",
            old_root.unwrap_or_else(|| panic!("{situation}: the old root is lost"))
        );
        openssl_takes(&old_root, &host.certificate, &[]).ok();
        openssl(&[
            "verify",
            "-CAfile",
            &old_root,
            &format!("{path}/repository/01.pem"),
        ])
        .run()
        .ok();
        let updated = common::gsec(&["crl", "update", "--json", "--ca-dir", path])
            .run()
            .ok()
            .json();
        assert_eq!(
            updated["previous_files"].as_array().map(Vec::len),
            Some(1),
            "{situation}"
        );
    }
    is_new
}

#[test]
fn a_kill_at_any_change_of_the_disk_leaves_the_old_key_or_the_new() {
    let place = machine::temp_dir();
    let ca = place.path().join("ca");
    at::make_ca(&ca);
    at::issue(&ca, OLD).succeeded("the first issue");
    let rekey = ["ca", "rekey"];
    let changes = strace::changes_of(place.path(), &ca, |copy| gsec_in(copy, &rekey));
    let (old, new) = (
        std::sync::atomic::AtomicUsize::new(0),
        std::sync::atomic::AtomicUsize::new(0),
    );
    machine::for_each_at_once(&changes, |number, call| {
        let copy: PathBuf = place.path().join(format!("copy{number}"));
        machine::copy_tree(&ca, &copy);
        let outcome = strace::inject(
            &gsec_in(&copy, &rekey),
            &place.path().join(format!("log{number}")),
            call,
            "signal=SIGKILL",
        );
        let situation = format!("killed at change {number} of {}, {}", changes.len(), call.line);
        assert_eq!(
            outcome.signal,
            Some(9),
            "{situation}: it was not killed: {outcome:#?}"
        );
        let count = if works(&copy, &situation) { &new } else { &old };
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        // A change that was not made can be made now, and no copy of a key stays where none belongs.
        common::gsec(&["ca", "rekey", "--ca-dir", copy.to_str().expect("text")])
            .run()
            .ok();
        assert!(!copy.join("ca_conf/.rekey.new").exists(), "{situation}");
        std::fs::remove_dir_all(&copy).expect("the copy");
    });
    let (old, new) = (old.into_inner(), new.into_inner());
    println!(
        "killed at {} changes: {old} times the old key stayed, {new} times the new one was there",
        changes.len()
    );
    assert!(
        old > 5 && new > 5,
        "kills before and after the decision: {old}, {new}"
    );
}

// When the old root has ended

/// A certificate of the CA's name for a key, signed by itself, that has ended.
fn ended(ca: &TestCa, key: &str) -> String {
    let (request, certificate, settings) = (
        ca.dir.path("ended.csr"),
        ca.dir.path("ended.pem"),
        ca.dir.path("ended.cnf"),
    );
    let text = std::fs::read_to_string(ca.conf("ca.conf")).expect("ca.conf");
    std::fs::write(
        &settings,
        format!("{text}\n[root]\nbasicConstraints=critical,CA:TRUE\n"),
    )
    .expect("settings");
    openssl(&[
        "req",
        "-new",
        "-key",
        key,
        "-subj",
        "/CN=Interoperability Test CA",
        "-out",
        &request,
    ])
    .run()
    .ok();
    let dates = [
        "-startdate",
        "20200101000000Z",
        "-enddate",
        "20210101000000Z",
        "-extensions",
        "root",
    ];
    openssl(&[
        "ca",
        "-batch",
        "-config",
        &settings,
        "-keyfile",
        key,
        "-selfsign",
        "-notext",
        "-in",
        &request,
        "-out",
        &certificate,
    ])
    .args(&dates)
    .in_dir(&ca.path)
    .run()
    .ok();
    std::fs::read_to_string(certificate).expect("PEM")
}

#[test]
fn an_old_root_that_has_ended_is_neither_handed_out_nor_signs_a_crl() {
    let it = Rekeyed::new(&["--key-type", "p256"], &[]);
    let presented = |host: &common::HostFiles| {
        std::fs::read_to_string(&host.certificate)
            .expect("PEM")
            .matches("BEGIN CERTIFICATE")
            .count()
    };
    assert_eq!(presented(&it.new_host), 2);
    let kept = std::fs::read_to_string(it.file("new_with_old")).expect("PEM");
    std::fs::write(it.file("new_with_old"), ended(&it.ca, &it.ca.key))
        .expect("a cross-certificate that has ended");
    let later = it.ca.issue("db-later.example.com", &["--key-type", "p256"]);
    assert_eq!(presented(&later), 1, "nobody can do anything with it");
    std::fs::write(it.file("new_with_old"), kept).expect("the cross-certificate");
    assert_eq!(
        it.ca.gsec(&["crl", "update", "--json"]).run().ok().json()["previous_files"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    std::fs::write(
        it.file("old_certificate"),
        ended(&it.ca, &it.file("old_private_key")),
    )
    .expect("an old root that has ended");
    assert_eq!(
        it.ca.gsec(&["crl", "update", "--json"]).run().ok().json()["previous_files"],
        serde_json::json!([])
    );
}

#[test]
fn ensure_issues_anew_for_hosts_of_the_old_key_and_then_no_more() {
    let it = Rekeyed::new(&["--key-type", "p256"], &[]);
    let ensure = |host: &str| {
        it.ca
            .gsec(&["cert", "ensure", "--host", host, "--key-type", "p256", "--json"])
            .run()
            .ok()
            .json()["changed"]
            .clone()
    };
    assert_eq!(
        (ensure(NEW), ensure(OLD), ensure(OLD)),
        (false.into(), true.into(), false.into())
    );
}
