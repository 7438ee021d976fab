//! The eleven lines of the old platform's troubleshooting list: for each, one command finds the fault, and does not find it where there is none.

use crate::common;

use std::io::Write;

use common::{ChildGuard, Outcome, OwnServer, Scene, TlsPort, tool};
use serde_json::Value;

/// A line of the list.
struct Line {
    says: &'static str,
    /// What the command finds.
    slug: &'static str,
    /// The command where there is the fault, and the same where there is none.
    ask: fn() -> [Outcome; 2],
}

const fn line(says: &'static str, slug: &'static str, ask: fn() -> [Outcome; 2]) -> Line {
    Line { says, slug, ask }
}

const LINES: [Line; 13] = [
    line("1 the component supports TLS", "fleet-unsupported-tls", component),
    line(
        "1 the operating system supports TLS",
        "system-without-tls12",
        operating_system,
    ),
    line("2 the port speaks TLS", "port-plain-text", port),
    line(
        "3 the CA certificate is on the host",
        "ca-certificate-absent",
        ca_certificate,
    ),
    line(
        "3 a certificate issued by that CA is on the host",
        "host-certificate-absent",
        host_certificate,
    ),
    line(
        "4 the security libraries are in the search path",
        "library-absent",
        libraries,
    ),
    line(
        "5 also for the local control agent",
        "library-folder-absent",
        control_agent,
    ),
    line(
        "6 Windows: Local Computer for servers, Current User for GUI clients",
        "fleet-profile",
        certificate_store,
    ),
    line("7 no certificate has expired", "certificate-expired", expired),
    line(
        "8 no blanks in the transport option",
        "transport-blank-before-name",
        blank,
    ),
    line("9 one CA is in use", "several-cas", two_cas),
    line("10 the subject has the FQDN", "subject-without-host", subject),
    line(
        "11 the host has the name that others see",
        "host-name-differs",
        name,
    ),
];

#[test]
fn each_line_of_the_list_is_answered_by_one_command() {
    for Line { says, slug, ask } in LINES {
        let [faulty, healthy] = ask();
        assert!(slugs(&faulty).contains(&slug.to_owned()), "{says}: {faulty}");
        assert!(!slugs(&healthy).contains(&slug.to_owned()), "{says}: {healthy}");
    }
}

/// Everything that a report finds, wherever it stands in it.
fn slugs(outcome: &Outcome) -> Vec<String> {
    fn collect(value: &Value, slugs: &mut Vec<String>) {
        match value {
            Value::Array(all) => all.iter().for_each(|one| collect(one, slugs)),
            Value::Object(all) => {
                slugs.extend(all.get("slug").and_then(Value::as_str).map(str::to_owned));
                all.values().for_each(|one| collect(one, slugs));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(&outcome.json(), &mut found);
    found
}

fn ask(scene: &Scene, words: &[&str]) -> Outcome {
    scene.gsec(words).args(&["--json"]).run()
}

/// A T-Server and a server of this kind, connected by TLS.
fn inventory(kind: &str) -> String {
    format!(
        r#"version = 1
[defaults]
release = "7.6"
[[host]]
name = "one"
fqdn = "one.example.com"
address = "10.0.0.1"
[[host]]
name = "two"
fqdn = "two.example.com"
address = "10.0.0.2"
[[app]]
name = "Server"
host = "one"
kind = "{kind}"
[[app.port]]
id = "default"
number = 7120
mode = "secured"
[[app]]
name = "Client"
host = "two"
kind = "tserver"
[[app.connection]]
to = "Server"
port = "default"
"#
    )
}

fn component() -> [Outcome; 2] {
    let scene = Scene::with_ca();
    ["message-server", "tserver"].map(|kind| {
        scene.write("fleet.toml", inventory(kind));
        ask(&scene, &["doctor", "fleet.toml"])
    })
}

fn operating_system() -> [Outcome; 2] {
    let scene = Scene::empty();
    ["5.11", "9.4"].map(|version| {
        scene.write("os", format!("ID=\"rhel\"\nVERSION_ID=\"{version}\"\n"));
        ask(&scene, &["doctor", "--os-release", "os", "--no-dns"])
    })
}

fn port() -> [Outcome; 2] {
    let scene = Scene::with_host();
    let plain = OwnServer::start(|mut stream| drop(stream.write_all(b"220 mail.example.com ESMTP\r\n")));
    let own = |what: &str| scene.dir.path(&format!("gsec-ca/repository/01_db1_{what}.pem"));
    let secured = TlsPort::openssl(&own("cert"), &own("priv_key"), &[]);
    [plain.target(), secured.target()].map(|target| ask(&scene, &["doctor", &target]))
}

/// A folder of a host with these files of the CA's, looked at.
fn deployed(faulty: &[&str], healthy: &[&str]) -> [Outcome; 2] {
    [faulty, healthy].map(|files| {
        let scene = Scene::with_host();
        std::fs::create_dir(scene.dir.path("tls")).expect("a folder");
        for (position, file) in files.iter().enumerate() {
            scene.write(
                &format!("tls/{position}.pem"),
                scene.read(&format!("gsec-ca/{file}")),
            );
        }
        ask(
            &scene,
            &["doctor", "--dir", "tls", "--name", "db1.example.com", "--no-dns"],
        )
    })
}

const CA: &str = "ca_conf/ca_cert.pem";
const CERTIFICATE: &str = "repository/01_db1_cert.pem";

fn ca_certificate() -> [Outcome; 2] {
    deployed(&[CERTIFICATE], &[CA, CERTIFICATE])
}

fn host_certificate() -> [Outcome; 2] {
    deployed(&[CA], &[CA, CERTIFICATE])
}

fn libraries() -> [Outcome; 2] {
    let scene = Scene::empty();
    std::fs::create_dir(scene.dir.path("pack")).expect("a folder");
    let pack = scene.dir.path("pack");
    scene.write(
        "run.sh",
        format!("#!/bin/sh\nexport LD_LIBRARY_PATH={pack}\nexec ./server\n"),
    );
    let words = [
        "doctor",
        "--script",
        "run.sh",
        "--library",
        "gsecurity",
        "--no-dns",
    ];
    let faulty = ask(&scene, &words);
    scene.write("pack/libgsecurity.so.1", "");
    [faulty, ask(&scene, &words)]
}

fn control_agent() -> [Outcome; 2] {
    let scene = Scene::empty();
    ["/nowhere/lib", "/tmp"].map(|folder| {
        let mut agent = tool("sleep")
            .args(&["600"])
            .env("LD_LIBRARY_PATH", folder)
            .into_command();
        let agent = ChildGuard::start(&mut agent);
        let number = agent.0.id().to_string();
        ask(&scene, &["doctor", "--pid", &number, "--no-dns"])
    })
}

/// The profile decides into which store `Install.ps1` puts a certificate: that of GUI applications, which have no server certificate, into Current
/// User.
fn certificate_store() -> [Outcome; 2] {
    let scene = Scene::with_ca();
    ["gui", "server"].map(|profile| {
        let host = format!("address = \"10.0.0.1\"\nplatform = \"windows\"\nprofile = \"{profile}\"");
        let inventory = inventory("tserver").replace("address = \"10.0.0.1\"", &host);
        scene.write("fleet.toml", inventory);
        ask(&scene, &["doctor", "fleet.toml"])
    })
}

fn expired() -> [Outcome; 2] {
    let scene = Scene::with_host();
    let past = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"];
    scene.sign_with_openssl("db1.example.com", &[&past[..], &["-out", "../old.pem"]].concat());
    ["old.pem", "gsec-ca/repository/01_db1_cert.pem"].map(|file| ask(&scene, &["doctor", file]))
}

fn blank() -> [Outcome; 2] {
    let scene = Scene::empty();
    let value = |blank: &str| format!("tls=1;{blank}certificate=/tls/db1.pem;trusted-ca=/tls/ca.pem");
    [" ", ""].map(|blank| ask(&scene, &["doctor", &value(blank)]))
}

fn two_cas() -> [Outcome; 2] {
    let scene = Scene::with_host();
    let other = ["--cn", "Other CA", "--key-type", "p256", "--ca-dir", "other-ca"];
    scene.gsec(&["ca", "init"]).args(&other).run().ok();
    scene
        .issue("db2.example.com", &["--ca-dir", "other-ca"])
        .run()
        .ok();
    scene.issue("db3.example.com", &[]).run().ok();
    [
        "other-ca/repository/01_db2_cert.pem",
        "gsec-ca/repository/02_db3_cert.pem",
    ]
    .map(|second| ask(&scene, &["doctor", "gsec-ca/repository/01_db1_cert.pem", second]))
}

fn subject() -> [Outcome; 2] {
    let scene = Scene::with_host();
    let named = ["-subj", "/CN=Database one", "-out", "../other.pem"];
    scene.sign_with_openssl("db9.example.com", &named);
    ["other.pem", "gsec-ca/repository/01_db1_cert.pem"].map(|file| ask(&scene, &["doctor", file]))
}

/// On a machine of its own names.
fn name() -> [Outcome; 2] {
    let scene = Scene::empty();
    scene.write("hostname", "db1.example.com\n");
    scene.write("nsswitch", "hosts: files\n");
    let gsec = env!("CARGO_BIN_EXE_gsec");
    ["10.0.0.1 db2.example.com\n10.0.0.1 db1.example.com\n", "10.0.0.1 db1.example.com\n"].map(|hosts| {
        scene.write("hosts", hosts);
        let script = format!(
            "hostname db1.example.com && mount --bind hosts /etc/hosts && mount --bind hostname /etc/hostname \
             && mount --bind nsswitch /etc/nsswitch.conf && exec {gsec} doctor --json --library c"
        );
        tool("unshare")
            .args(&["-rmu", "sh", "-c", &script])
            .in_dir(scene.dir.path(""))
            .run()
    })
}
