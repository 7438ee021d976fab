//! `fleet status`: what hosts have and ports serve, and what was not looked at.

use std::collections::BTreeMap;
use std::fs;

use super::fleet::{NGINX, apply, host, inventory, with_hosts};
use crate::common::{self, Scene, rustls_server};
use serde_json::Value;

#[test]
fn status_tells_the_ports_that_serve_another_certificate() {
    let scene = with_hosts(&host("db1", "address = \"127.0.0.1\""));
    apply(&scene).ok();
    let files = |serial: &str| {
        let all: BTreeMap<String, String> = fs::read_dir(scene.dir.path("gsec-ca/repository"))
            .expect("a repository")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .path()
                    .to_str()
                    .expect("a path")
                    .to_owned()
            })
            .filter(|path| path.contains(&format!("/{serial}_")))
            .map(|path| {
                (
                    if path.ends_with("_priv_key.pem") {
                        "key"
                    } else {
                        "cert"
                    }
                    .to_owned(),
                    path,
                )
            })
            .collect();
        (all["cert"].clone(), all["key"].clone())
    };
    let (old_cert, old_key) = files("01");
    scene.gsec(&["cert", "renew", "db1.example.com"]).run().ok();
    let (new_cert, new_key) = files("02");
    scene
        .issue("other.example.com", &["--ca-dir", "gsec-ca"])
        .run()
        .ok();
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
    fs::create_dir(scene.dir.path("foreign")).expect("a folder");
    scene
        .gsec(&[
            "cert",
            "issue",
            "db1.example.com",
            "--key-type",
            "p256",
            "--ca-dir",
            "other",
            "--out-dir",
            "foreign",
        ])
        .run()
        .ok();
    let foreign = |end: &str| {
        fs::read_dir(scene.dir.path("foreign"))
            .expect("files")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .path()
                    .to_str()
                    .expect("a path")
                    .to_owned()
            })
            .find(|path| path.ends_with(end))
            .expect("a file")
    };
    let servers = [
        rustls_server(&new_cert, &new_key),
        rustls_server(&old_cert, &old_key),
        rustls_server(&foreign("_cert.pem"), &foreign("_priv_key.pem")),
        rustls_server(&new_cert, &old_key),
        common::OwnServer::start(|mut stream| {
            use std::io::Write;
            // The other end may have hung up.
            let _ = stream.write_all(b"220 mail.example.com ESMTP\r\n");
        }),
    ];
    let closed = common::ClosedPort::hold();
    let ports: Vec<u16> = servers
        .iter()
        .map(common::OwnServer::port)
        .chain([closed.port])
        .collect();
    let rows = ports
        .iter()
        .map(|port| format!("[[app.port]]\nid = \"{port}\"\nnumber = {port}\nmode = \"secured\"\n"));
    let app = format!(
        "[[app]]\nname = \"A\"\nhost = \"db1\"\nkind = \"tserver\"\n{}",
        rows.collect::<String>()
    );
    scene.write(
        "fleet.toml",
        inventory(&(host("db1", "address = \"127.0.0.1\"") + &app)),
    );
    let unprobed = scene.gsec(&["fleet", "status", "--json"]).run().ok().json();
    assert_eq!(
        unprobed["ports"],
        Value::Null,
        "nothing is said of what was not looked at"
    );
    let status = scene
        .gsec(&["fleet", "status", "--probe", "--json"])
        .run()
        .code(1)
        .json();
    let states: Vec<&str> = status["ports"]
        .as_array()
        .expect("ports")
        .iter()
        .map(|port| port["state"].as_str().expect("a state"))
        .collect();
    assert_eq!(
        states,
        [
            "serves",
            "drift-old",
            "drift-foreign",
            "drift-foreign",
            "drift-plain",
            "unreachable"
        ]
    );
    let soon = scene
        .gsec(&["fleet", "status", "--expires-within", "3w", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(soon["hosts"][0]["state"], "ok");
    let soon = scene
        .gsec(&["fleet", "status", "--expires-within", "2000d", "--json"])
        .run()
        .code(1)
        .json();
    assert_eq!(soon["hosts"][0]["state"], "expiring");
    drop(servers);
}

/// An application on a host with one port.
fn app(on: &str, number: u16, mode: &str, lines: &str) -> String {
    format!(
        "[[app]]\nname = \"A{number}\"\nhost = \"{on}\"\nkind = \"tserver\"\n{lines}\n\
         [[app.port]]\nid = \"default\"\nnumber = {number}\nmode = \"{mode}\"\n"
    )
}

fn probed(scene: &Scene, args: &[&str], code: i32) -> Value {
    scene
        .gsec(&["fleet", "status", "--probe", "--json"])
        .args(args)
        .run()
        .code(code)
        .json()
}

fn not_checked(status: &Value) -> Vec<String> {
    let parts = status["not_checked"].as_array().expect("parts").iter();
    parts
        .map(|part| format!("{}: {}", part["what"], part["why"]).replace('"', ""))
        .collect()
}

#[test]
fn ports_of_which_nothing_is_known_are_named_and_not_counted_as_good() {
    let hosts = host("db1", "address = \"127.0.0.1\"")
        + "[[host]]\nname = \"bare\"\nfqdn = \"bare.example.com\"\ncertificate = \"none\"\naddress = \"127.0.0.2\"\n";
    let apps = app("db1", 4001, "auto-detect", "")
        + &app("db1", 4002, "secured", "certificate = \"application\"")
        + &app("bare", 4003, "secured", "")
        + &app("db1", 4004, "unsecured", "");
    let scene = with_hosts(&(hosts + &apps));
    apply(&scene).ok();
    let status = probed(&scene, &[], 0);
    let ports: Vec<String> = status["ports"]
        .as_array()
        .expect("ports")
        .iter()
        .map(|port| format!("{} {} {}", port["host"], port["port"], port["state"]).replace('"', ""))
        .collect();
    assert_eq!(
        ports,
        [
            "db1 4001 not-probed",
            "db1 4002 not-probed",
            "bare 4003 not-probed"
        ]
    );
    assert_eq!(
        not_checked(&status),
        [
            "what the ports serve: 3 of 3 ports were not probed: `--verbose` lists them",
            "bundles: `gsec fleet plan` compares them"
        ]
    );
    let text = scene.gsec(&["fleet", "status", "--probe"]).run().ok();
    assert!(!text.stdout.contains("ports serve them"), "{text}");
}

#[test]
fn without_ports_nothing_is_said_of_ports() {
    let scene = with_hosts(&host("db1", ""));
    apply(&scene).ok();
    let status = probed(&scene, &[], 0);
    assert_eq!(
        not_checked(&status)[0],
        "what the ports serve: the inventory has no port with TLS"
    );
    let text = scene.gsec(&["fleet", "status", "--probe"]).run().ok();
    assert!(!text.stdout.contains("0 of 0"), "{text}");
}

#[test]
fn a_host_that_cannot_be_looked_at_is_no_answer_and_one_without_a_certificate_is_no() {
    let scene = with_hosts(&(host("db1", "profile = \"nowhere\"") + &host("db2", NGINX)));
    apply(&scene).code(3);
    let unknown = scene.gsec(&["fleet", "status"]).run().code(3);
    assert!(
        unknown.stderr.contains("1 host could not be checked"),
        "{unknown}"
    );
    scene
        .gsec(&["cert", "revoke", "db2.example.com", "--yes"])
        .run()
        .ok();
    scene.gsec(&["fleet", "status"]).run().code(1);
}

#[test]
fn status_looks_at_certificates_and_never_at_bundles() {
    let scene = with_hosts(&host("db1", NGINX));
    apply(&scene).ok();
    fs::remove_dir_all(scene.dir.path("out")).expect("bundles");
    let status = scene.gsec(&["fleet", "status"]).run().ok();
    assert!(status.stdout.contains("not checked: bundles"), "{status}");
}
