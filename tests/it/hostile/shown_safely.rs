//! Certificates of an adversary on a terminal: control characters, marks that turn the reading direction, names without end.

use crate::common;

use common::der_writer::sequence;
use common::forge::*;
use common::{Outcome, Scene, is_harmless};

/// Clears the screen, goes back to the begin of the line, rings, turns the reading direction, hides itself.
const HOSTILE: &str = "a\u{1b}[2J\r\u{7}\u{202e}\u{2066}\u{200b}b";

fn scene(host: Recipe) -> Scene {
    let scene = Scene::empty();
    let root = Recipe::ca("Root")
        .change(|root| root.subject = attributes(&[("2.5.4.3", 0x0c, HOSTILE), ("2.5.4.10", 0x0c, HOSTILE)]))
        .self_signed();
    let host = host.signed_by(&root);
    scene.write("root.pem", root.pem());
    scene.write("host.pem", host.pem());
    scene
}

/// What every command says about the host, as text and as JSON.
fn said(scene: &Scene) -> Vec<Outcome> {
    let show = ["cert", "show", "host.pem"];
    let verify = [
        "cert",
        "verify",
        "host.pem",
        "--trust",
        "root.pem",
        "--name",
        "db1.example.com",
    ];
    let stranger = [
        "cert",
        "verify",
        "host.pem",
        "--trust",
        "host.pem",
        "--name",
        "other.example.com",
    ];
    let calls = [&show[..], &verify, &stranger];
    let flags: [&[&str]; 3] = [&[], &["-v"], &["--json"]];
    calls
        .iter()
        .flat_map(|call| flags.map(|flags| scene.gsec(call).args(flags).run()))
        .collect()
}

#[test]
fn control_characters_and_bidirectional_marks() {
    let names = [
        dns("db1.example.com"),
        dns(HOSTILE),
        email(HOSTILE),
        uri(HOSTILE),
        directory(&attributes(&[("2.5.4.3", 0x0c, HOSTILE)])),
    ];
    let constraints = name_constraints(&[dns(HOSTILE), email(HOSTILE)], &[]);
    for host in [
        Recipe::host()
            .with(SUBJECT_ALT_NAME, false, sequence(&names))
            .change(|host| host.subject = attributes(&[("2.5.4.3", 0x0c, HOSTILE)])),
        Recipe::host().with(NAME_CONSTRAINTS, true, constraints),
        Recipe::host().change(|host| {
            host.subject = attributes(&[
                ("2.5.4.3", 0x0c, HOSTILE),
                ("1.2.840.113549.1.9.1", 0x16, HOSTILE),
            ])
        }),
    ] {
        let scene = scene(host);
        for outcome in said(&scene) {
            assert!(matches!(outcome.status, Some(0 | 1)), "{outcome}");
            is_harmless(&outcome);
        }
    }
}

#[test]
fn ten_thousand_names() {
    let mut names: Vec<Vec<u8>> = (0..10_000)
        .map(|index| dns(&format!("host-{index}.example.com")))
        .collect();
    names.push(dns("db1.example.com"));
    let scene = scene(Recipe::host().with(SUBJECT_ALT_NAME, false, sequence(&names)));
    for outcome in said(&scene) {
        assert!(matches!(outcome.status, Some(0 | 1)), "{}", outcome.stderr);
        match serde_json::from_str::<serde_json::Value>(&outcome.stdout) {
            // JSON has all of them, once.
            Ok(document) => {
                let names = document
                    .pointer("/names")
                    .or(document.pointer("/certificates/0/names"))
                    .and_then(|names| names.as_array());
                assert_eq!(names.map(Vec::len), Some(10_001));
                assert!(outcome.stdout.len() < 1_000_000, "{}", outcome.stdout.len());
            }
            Err(_) => assert!(
                outcome.stdout.lines().count() < 150,
                "{}",
                outcome.stdout.lines().count()
            ),
        }
    }
}
