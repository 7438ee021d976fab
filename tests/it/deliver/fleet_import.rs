//! `gsec fleet import`: inventories from a CA, an export and a table; each can be read by the other commands of `fleet`.

use crate::common;

use common::{Outcome, Scene};

const EXPORT: &str = r#"{
  "appPrototypes": [ { "name": "CS_85", "type": "configserver" } ],
  "hosts": [ { "name": "cs1.example.com", "ipAddress": "10.0.0.1", "osInfo": { "type": "windows" },
    "userProperties": { "security": { "certificate": "9a ab", "password": "S3CRET" } } } ],
  "applications": [
    { "name": "confserv", "appPrototype": "CS_85", "password": "S3CRET", "serverInfo": { "host": "cs1.example.com" },
      "commandLineArguments": "-app confserv -dbpass S3CRET",
      "portInfos": [ { "id": "default", "port": "2020", "transportParams": "" } ],
      "options": { "confserv": { "password": "S3CRET" } } },
    { "name": "\u202e; $(touch PWNED)", "serverInfo": { "host": "../..\u001b[2J" },
      "appServers": [ { "appServer": "confserv", "id": "default", "transportParams": "port=41001;secret=S3CRET" } ] }
  ]
}"#;

fn import(scene: &Scene, args: &[&str]) -> Outcome {
    scene.gsec(&["fleet", "import"]).args(args).run()
}

/// The inventory can be read by a command that refuses one with an error in it.
fn reads_back(scene: &Scene) -> serde_json::Value {
    let rendered = scene.gsec(&["fleet", "render", "connections", "--json"]).run();
    rendered.ok().json()["rows"].clone()
}

#[test]
fn export_becomes_an_inventory_without_its_secrets() {
    let scene = Scene::empty();
    scene.write("export.json", EXPORT);
    let made = import(
        &scene,
        &["--json-export", "export.json", "--out", "fleet.toml", "--json"],
    )
    .ok();
    let document = made.json();
    assert_eq!(
        (&document["hosts"], &document["applications"]),
        (&1.into(), &2.into())
    );
    assert_eq!(document["next"][0], "gsec fleet check --inventory fleet.toml");
    let text = scene.read("fleet.toml");
    for secret in ["S3CRET", "password", "dbpass", "\u{202e}", "\u{1b}"] {
        assert!(
            !text.contains(secret) && !made.stdout.contains(secret),
            "{secret}\n{text}"
        );
    }
    let lines = [
        "# gsec: 2 words of its start arguments are not copied",
        "kind = \"config-server\"",
        "client_port = 41001",
    ];
    for line in lines {
        assert!(
            text.lines().any(|found| found.starts_with(line)),
            "{line}\n{text}"
        );
    }
    let rows = reads_back(&scene);
    assert_eq!(rows[0]["transport"], "port=41001");
    assert_eq!(rows[0]["application"], "; $(touch PWNED)");
    let counted = text.lines().filter(|line| line.starts_with("# gsec: ")).count();
    assert_eq!(document["doubts"], counted);
}

#[test]
fn ca_gives_its_hosts_as_their_newest_certificates_have_them() {
    let scene = Scene::with_ca();
    scene.issue("a.example.com", &[]).run().ok();
    scene.issue("b.example.com", &[]).run().ok();
    scene
        .issue(
            "a.example.com",
            &["--san", "dns:www.a.example.com", "--san", "ip:10.0.0.5"],
        )
        .run()
        .ok();
    scene
        .gsec(&["cert", "revoke", "02", "--reason", "superseded", "--yes"])
        .run()
        .ok();
    let below = [
        "ca",
        "init",
        "--cn",
        "Issuing CA",
        "--key-type",
        "p256",
        "--parent",
        "gsec-ca",
        "--ca-dir",
        "below",
    ];
    scene.gsec(&below).run().ok();
    let printed = import(&scene, &["--ca-dir", "gsec-ca"]).ok().stdout;
    let expected = "version = 1\nca_dir = \"gsec-ca\"\n\
        # gsec: `b.example.com` has revoked certificates alone, and is left out\n\n[[host]]\nname = \"a.example.com\"\nnames = [\"dns:www.a.example.com\", \"ip:10.0.0.5\"]\n\
        address = \"10.0.0.5\"\nkey_type = \"p256\"\n";
    assert_eq!(
        printed.split_once('\n').map(|(_, rest)| rest),
        Some(expected),
        "{printed}"
    );
    import(&scene, &["--out", "fleet.toml"]).ok();
    assert_eq!(scene.read("fleet.toml"), printed);
    // What the CA has is what the inventory asks for.
    let plan = scene
        .gsec(&["fleet", "plan", "--inventory", "fleet.toml", "--check"])
        .run();
    assert_eq!(plan.status, Some(0), "{plan}");
}

#[test]
fn table_is_read_from_standard_input_too() {
    let scene = Scene::empty();
    let table = "host,address,app,port_id,port,mode\nts1,10.0.0.5,TServer,default,3000,secured\n";
    let call = scene.gsec(&[
        "fleet",
        "import",
        "--csv",
        "-",
        "--ca-dir",
        "elsewhere/ca",
        "--out",
        "fleet.toml",
    ]);
    call.stdin(table).run().ok();
    let text = scene.read("fleet.toml");
    assert!(text.contains("ca_dir = \"elsewhere/ca\"\n"), "{text}");
    assert!(
        text.contains("[[app.port]]\nid = \"default\"\nnumber = 3000\nmode = \"secured\"\n"),
        "{text}"
    );
    reads_back(&scene);
}

#[test]
fn existing_inventory_is_kept_and_what_is_no_source_is_refused() {
    let scene = Scene::empty();
    scene.write("export.json", EXPORT);
    scene.write("fleet.toml", "mine");
    let refused = import(&scene, &["--json-export", "export.json", "--out", "fleet.toml"]).code(3);
    assert!(
        refused.stderr.contains("already exists") && refused.stderr.contains("another path for `--out`"),
        "{refused}"
    );
    assert_eq!(scene.read("fleet.toml"), "mine");
    scene.write("a.csv", "host,prot\n");
    scene.write("b.csv", b"host\n\xff\n");
    scene.write("c.csv", "host\na\nb,c\n");
    scene.write("a.json", "{\"persons\":[]}");
    for (args, status, words) in [
        (&["--csv", "a.csv"][..], 3, "unknown column `prot`"),
        (&["--csv", "b.csv"], 3, "is not UTF-8: byte 6"),
        (&["--csv", "export.json"], 3, "unknown column"),
        (
            &["--csv", "c.csv"],
            3,
            "error: `c.csv`: line 3 has 2 cells, more than the header (1)",
        ),
        (
            &["--json-export", "a.json"],
            3,
            "neither `applications` nor `hosts`",
        ),
        (&["--json-export", "a.csv"], 3, "is not JSON"),
        (
            &["--json-export", "a.json", "--csv", "a.csv"],
            2,
            "cannot be used with",
        ),
        (
            &["--json-export", "export.json", "--json"],
            2,
            "pass a file with `--out`",
        ),
        (&[], 3, "no CA here"),
    ] {
        let refused = import(&scene, args).code(status);
        assert!(refused.stderr.contains(words), "{refused}");
        assert_eq!(refused.stdout, "");
    }
}
