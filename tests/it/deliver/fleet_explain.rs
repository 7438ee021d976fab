//! `gsec fleet explain`: which settings hold, and where in the inventory each is set.

use crate::common;

use common::inventories::LEVELS;
use common::{Outcome, Scene};

fn explain(scene: &Scene, args: &[&str]) -> Outcome {
    scene.gsec(&["fleet", "explain"]).args(args).run()
}

fn scene() -> Scene {
    let scene = Scene::empty();
    scene.write("fleet.toml", LEVELS);
    scene
}

#[test]
fn split_certificate_is_an_error_and_shows_both_levels() {
    let scene = scene();
    let said = explain(&scene, &["TServer_P:secure"]).code(1).stdout;
    for line in [
        "TServer_P, port secure (3443, secured), on tsrv1",
        "  certificate      both   `/port.pem`  port        18:13 transport",
        "* certificate-key  set    not set      -",
        "* certificate-key  each   `/host.key`  host annex  6:56 annex.certificate-key",
        "  error   split-certificate: line 18, column 13:",
        "          also line 6, column 56",
        "  release        the model `each` is documented for it",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let fixed = LEVELS.replace("certificate=/port.pem", "tls-mutual=1");
    scene.write("fleet.toml", fixed);
    explain(&scene, &["TServer_P:3443"]).ok();
}

#[test]
fn one_model_alone_is_no_comparison() {
    let scene = scene();
    let set = explain(&scene, &["TServer_P:secure", "--model", "set", "--json"])
        .ok()
        .json();
    let each = explain(&scene, &["TServer_P:secure", "--model", "each", "--json"])
        .ok()
        .json();
    let key = |document: &serde_json::Value| {
        let options = document["explained"][0]["options"]
            .as_array()
            .expect("options")
            .clone();
        let key = options
            .into_iter()
            .find(|option| option["option"] == "certificate-key");
        key.expect("it is there")["value"].clone()
    };
    assert_eq!(
        (key(&set), key(&each)),
        (serde_json::Value::Null, "/host.key".into())
    );
}

#[test]
fn connection_says_what_the_inventory_does_not_have() {
    let scene = scene();
    let said = explain(&scene, &["TServer_P→ConfServ"]).ok().stdout;
    for words in [
        "server `ConfServ` is not in the inventory, so it is not known whether its port has TLS",
        "notice  client-port-log: line 22, column 15:",
        "Media Configuration Wizard cannot set a client-side port",
        "not known      what is set at these levels: connection, application options, application annex",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    let whole = explain(&scene, &["TServer_P", "--json"]).code(1).json();
    assert_eq!(whole["explained"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let scene = scene();
    for (target, code, hint) in [
        ("TServer_Q", "fleet.unknown_app", "`TServer_P` may be meant"),
        ("TServer_P:x", "fleet.unknown_port", "there is: default, secure"),
        ("TServer_P->x", "fleet.unknown_server", "there is: ConfServ"),
    ] {
        let error = explain(&scene, &[target, "--json"]).code(3).error();
        assert_eq!(
            (error["code"].as_str(), error["hints"][0].as_str()),
            (Some(code), Some(hint))
        );
    }
    scene.write("fleet.toml", "version = 1\n[[host]]\nname = \"/\"\n");
    let refused = explain(&scene, &["A"]).code(3);
    assert!(
        refused
            .stderr
            .contains("`gsec fleet check --inventory fleet.toml`"),
        "{refused}"
    );
}
