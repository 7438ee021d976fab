//! What `--json` prints: one document of a published form for every command, with the facts that the text has.

use crate::common;

use std::io::Write;
use std::path::Path;

use common::own_stores::{as_root, with_own_stores};
use common::starttls::PlainServer;
use common::{OldCa, Outcome, OwnServer, Scene, TlsPort, python};
use serde_json::{Value, json};

const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema");

/// Documents with how they came about, for one call of the validator.
#[derive(Default)]
struct Situations(Vec<Value>);

impl Situations {
    fn add(&mut self, situation: &str, schema: &str, document: &Value) {
        self.0
            .push(json!({"situation": situation, "schema": schema, "document": document}));
    }

    /// Runs a command that answers with this exit status, and adds its document; returns it.
    #[track_caller]
    fn answer(&mut self, scene: &Scene, args: &[&str], status: i32) -> Value {
        self.answer_of(scene.gsec(args).args(&["--json"]).run(), &args.join(" "), status)
    }

    #[track_caller]
    fn answer_of(&mut self, outcome: Outcome, situation: &str, status: i32) -> Value {
        let outcome = outcome.code(status);
        assert_eq!(outcome.stderr, "", "warnings stand in the document: {outcome}");
        let document = outcome.json();
        let schema = document["schema"].as_str().expect("a schema").to_owned();
        assert!(
            outcome
                .stdout
                .starts_with(&format!("{{\n  \"schema\": \"{schema}\",\n")),
            "`schema` stands first: {outcome}"
        );
        let (name, _) = schema
            .strip_prefix("gsec/")
            .and_then(|rest| rest.rsplit_once('/'))
            .expect("gsec/…/…");
        self.add(situation, name, &document);
        document
    }

    /// Runs a command that fails with this exit status, and adds its error document; returns the error.
    #[track_caller]
    fn failure(&mut self, scene: &Scene, args: &[&str], status: i32) -> Value {
        let outcome = scene.gsec(args).args(&["--json"]).run().code(status);
        let error = outcome.error();
        let document = serde_json::from_str(&outcome.stderr).expect("a document");
        self.add(&args.join(" "), "error", &document);
        error
    }

    /// Has every document validated by somebody else's validator.
    fn are_valid(&self) {
        let input = serde_json::to_string(&self.0).expect("JSON");
        let verdict = python("check_schema.py").args(&[SCHEMAS]).stdin(input).run();
        assert_eq!(
            (verdict.status, verdict.stdout.as_str()),
            (Some(0), "\n"),
            "{verdict}"
        );
    }
}

#[test]
fn every_document_is_of_its_published_form() {
    with_own_stores(
        concat!(module_path!(), "::every_document_is_of_its_published_form"),
        every_document,
    );
}

fn every_document() {
    let mut situations = Situations::default();
    trusting(&mut situations);
    making_a_ca(&mut situations);
    across_an_air_gap(&mut situations);
    issuing(&mut situations);
    issuing_lists(&mut situations);
    reading(&mut situations);
    fetching(&mut situations);
    requesting(&mut situations);
    converting(&mut situations);
    ensuring_and_renewing(&mut situations);
    revoking(&mut situations);
    changing_the_ca(&mut situations);
    old_directory(&mut situations);
    rehearsing(&mut situations);
    filtering_logs(&mut situations);
    banners(&mut situations);
    bundling(&mut situations);
    fleets(&mut situations);
    old_platform(&mut situations);
    settings_of_fleets(&mut situations);
    serving(&mut situations);
    moving_the_key(&mut situations);
    watching(&mut situations);
    the_rest(&mut situations);
    failing(&mut situations);
    situations.are_valid();
}

/// A server, and what its administrator does while none runs, and while one does.
fn serving(situations: &mut Situations) {
    let scene = Scene::with_ca();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let rest = [
        "--network",
        "10.0.0.0/8",
        "--max-days",
        "30",
        "--until",
        "2099-12-31",
    ];
    let add = [
        "serve",
        "grant",
        "add",
        "--name",
        "example.com",
        "--exact",
        "db1.example.net",
    ];
    let grant = situations.answer(&scene, &[&add[..], &rest].concat(), 0);
    let id = text(&grant["grants"][0]["id"]);
    let key = [
        "serve",
        "eab",
        "add",
        "web team",
        "--grant",
        "example.com",
        "--granted",
    ];
    let made = situations.answer(&scene, &key, 0);
    let kid = text(&made["keys"][0]["kid"]);
    let down = situations.answer(&scene, &["serve", "status"], 1);
    assert_eq!((&down["serving"], &down["served"]), (&json!(false), &Value::Null));
    let [acme, plain] = [common::free_port(), common::free_port()].map(|port| format!("127.0.0.1:{port}"));
    let serve = scene
        .gsec(&[
            "serve",
            "--name",
            "127.0.0.1",
            "--listen",
            &acme,
            "--http",
            &plain,
            "--json",
        ])
        .into_command();
    let mut serve = serve;
    let mut server = common::ChildGuard::start(serve.stdout(std::process::Stdio::piped()));
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(server.0.stdout.take().expect("a pipe")));
    let mut document = String::new();
    while !document.ends_with("\n}\n") {
        document += &lines.next().expect("a document").expect("a line");
        document.push('\n');
    }
    situations.add(
        "a server starts",
        "serve",
        &serde_json::from_str(&document).expect("JSON"),
    );
    scene.write("secret.txt", "a passphrase");
    let under = ["--passphrase-file", "secret.txt"];
    situations.answer(
        &scene,
        &[&["serve", "backup", "--out", "ca.age"][..], &under].concat(),
        0,
    );
    situations.answer(
        &scene,
        &[&["serve", "restore", "ca.age", "--verify"][..], &under].concat(),
        0,
    );
    situations.answer(
        &scene,
        &[&["serve", "restore", "ca.age", "--dir", "new"][..], &under].concat(),
        0,
    );
    situations.failure(
        &scene,
        &[&["serve", "restore", "ca.age", "--dir", "new"][..], &under].concat(),
        3,
    );
    let up = situations.answer(&scene, &["serve", "status"], 0);
    assert_eq!(up["served"]["names"], json!(["127.0.0.1"]));
    situations.answer(&scene, &["serve", "grant", "list"], 0);
    situations.answer(&scene, &["serve", "eab", "list"], 0);
    let gone = situations.answer(&scene, &["serve", "grant", "remove", &id], 0);
    assert_eq!(gone["by_server"], json!(true));
    situations.answer(&scene, &["serve", "eab", "remove", &kid], 0);
    situations.failure(&scene, &["serve", "grant", "remove", &id], 3);
    common::tool("kill")
        .args(&["-TERM", &server.0.id().to_string()])
        .run()
        .ok();
    server.0.wait().expect("ended");
    let verify = ["ca", "log", "--verify", "--journal"];
    let agrees = situations.answer(&scene, &verify, 0);
    assert_eq!(agrees["journal"]["contradictions"], json!([]));
    let journal = scene.read("gsec-ca/ca_conf/signer.journal");
    scene.write(
        "gsec-ca/ca_conf/signer.journal",
        journal.replacen("\"seq\":2", "\"seq\":3", 1),
    );
    let altered = situations.answer(&scene, &verify, 1);
    assert_eq!(altered["journal"]["contradictions"][0]["code"], "journal_damaged");
}

/// The key goes to a user of its own; only where there are users besides root.
fn moving_the_key(situations: &mut Situations) {
    let scene = Scene::with_ca();
    let given = common::tool("chown")
        .args(&["-R", "61017:61017", &scene.dir.path("gsec-ca")])
        .run();
    if given.status != Some(0) {
        let document = json!({
            "schema": "gsec/serve.move_key/1", "ca_dir": "ca", "signer_dir": "own", "apart": true, "user": 1, "asked_by_group": 1,
            "socket": "own/signer.sock", "files": [], "warnings": [],
        });
        return situations.add("not run: there is root alone", "serve.move_key", &document);
    }
    let own = scene.dir.path("own");
    let here = ["--ca-dir", "gsec-ca"];
    let away = ["serve", "move-key", "--to", &own, "--user", "61018"];
    situations.answer(&scene, &[&away[..], &here].concat(), 0);
    situations.failure(&scene, &[&["ca", "rekey", "--yes"][..], &here].concat(), 3);
    let back = ["serve", "move-key", "--from", &own];
    situations.answer(&scene, &[&back[..], &here].concat(), 0);
}

/// Alarms: none, some, one that someone takes care of; and what a receiver gets.
fn watching(situations: &mut Situations) {
    let scene = Scene::with_ca();
    situations.answer(&scene, &["watch", "--list"], 0);
    situations.answer(&scene, &["watch", "--once"], 0);
    let event = scene.dir.path("event.json");
    let sink = format!(
        "[[sink]]\nname = \"one\"\nkind = \"command\"\ncommand = [\"/usr/bin/tee\", \"{}\"]\n",
        event
    );
    scene.write(
        "gsec-ca/ca_conf/watch.toml",
        format!("backup = \"/nonexistent/backup\"\n{sink}"),
    );
    let found = situations.answer(&scene, &["watch", "--once"], 1);
    assert_eq!(found["sinks"][0]["sent"], 1);
    let event = serde_json::from_str(&scene.read("event.json")).expect("an event");
    situations.add("what a receiver gets", "watch.event", &event);
    let key = found["alarms"][0]["key"].as_str().expect("a key").to_owned();
    let taken = situations.answer(&scene, &["watch", "--acknowledge", &key], 0);
    assert_eq!(taken["alarms"][0]["state"], "acknowledged");
    situations.failure(&scene, &["watch", "--acknowledge", &key], 3);
    situations.answer(&scene, &["watch", "--list"], 0);
    scene.write("gsec-ca/ca_conf/watch.toml", "host_dirs = [\"/nonexistent\"]\n");
    situations.answer(&scene, &["watch", "--once"], 3);
}

/// Hosts of an inventory: what is planned, done, and served.
fn fleets(situations: &mut Situations) {
    let scene = Scene::with_ca();
    let app = "[[app]]\nname = \"A\"\nhost = \"db1\"\nkind = \"tserver\"\n[[app.port]]\nid = \"default\"\nnumber = 1\nmode = \"secured\"\n";
    let annex = format!("annex = {{ certificate = \"{}\" }}", "ab ".repeat(20).trim_end());
    let head = "version = 1\nca_dir = \"gsec-ca\"\n[defaults]\nkey_type = \"p256\"\n";
    let host = "[[host]]\nname = \"db1\"\naddress = \"127.0.0.1\"\nbundles = [ { for = \"nginx\" } ]\n";
    let bad = "[[host]]\nname = \"db2\"\nprofile = \"none\"\n";
    scene.write("fleet.toml", format!("{head}{host}{annex}\n{bad}{app}"));
    situations.answer(&scene, &["fleet", "plan", "--out", "plan.json"], 3);
    let file = serde_json::from_str(&scene.read("plan.json")).expect("a plan");
    situations.add("the file of a plan", "fleet.plan.file", &file);
    situations.answer(&scene, &["fleet", "status"], 1);
    let done = situations.answer(&scene, &["fleet", "apply", "--yes"], 3);
    assert_eq!(done["failures"][0]["host"], "db2");
    scene.write(
        "fleet.toml",
        format!("{head}{}{app}", host.replace("nginx", "haproxy")),
    );
    situations.answer(&scene, &["fleet", "plan", "--check"], 1);
    situations.answer(&scene, &["fleet", "apply", "--yes", "--prune"], 0);
    situations.answer(&scene, &["fleet", "status", "--probe"], 1);
    let push = "push = { address = \"not a host\" }\n";
    scene.write("fleet.toml", format!("{head}{host}{push}"));
    let pushed = situations.answer(&scene, &["fleet", "apply", "--yes", "--push", "ssh"], 3);
    assert_eq!(pushed["pushed"][0]["problem"]["code"], "push-address");
    situations.failure(&scene, &["fleet", "apply", "--plan", "plan.json"], 3);
    situations.failure(&scene, &["fleet", "plan", "--inventory", "none.toml"], 3);
}

/// What changes the trust stores of the machine, which are the test's own.
fn trusting(situations: &mut Situations) {
    let scene = Scene::with_host();
    let call = |situations: &mut Situations, args: &[&str], status: i32| {
        let outcome = as_root(scene.gsec(args).args(&["--json"])).run();
        situations.answer_of(outcome, &args.join(" "), status)
    };
    call(situations, &["trust", "status"], 1);
    call(situations, &["trust", "install", "--dry-run"], 0);
    let installed = call(situations, &["trust", "install", "--yes"], 0);
    assert_eq!(installed["stores"][0]["state"], "installed");
    assert_eq!(call(situations, &["trust", "status"], 0)["trusted"], true);
    let digits = installed["ca"]["thumbprint_sha256"]
        .as_str()
        .expect("a digest")
        .to_owned();
    let known = call(situations, &["trust", "status", &digits], 0);
    assert_eq!(
        known["ca"]["subject"], installed["ca"]["subject"],
        "a store has it"
    );
    call(situations, &["trust", "uninstall", "--dry-run"], 0);
    call(situations, &["trust", "uninstall", "--yes"], 0);
    let unknown = call(situations, &["trust", "status", &digits], 1);
    assert_eq!(unknown["ca"]["subject"], Value::Null);
    situations.failure(&scene, &["trust", "install"], 2);
    let host = ["trust", "install", "gsec-ca/repository/01_db1_cert.pem", "--yes"];
    situations.failure(&scene, &host, 3);
    let quickstart = ["quickstart", "db1.example.com", "--trust", "--yes"];
    assert_eq!(call(situations, &quickstart, 0)["trust"][0]["state"], "installed");
    scene.dir.write("image", "a file");
    situations.failure(&scene, &["trust", "status", "--root", "image"], 3);
}

fn making_a_ca(situations: &mut Situations) {
    let init = ["ca", "init", "--cn", "Test CA", "--key-type", "p256"];
    let dry = situations.answer(&Scene::empty(), &[&init[..], &["--dry-run"]].concat(), 0);
    assert_eq!(
        (&dry["dry_run"], &dry["serial"], &dry["thumbprint_sha1"]),
        (&json!(true), &Value::Null, &Value::Null)
    );
    let full = [
        "--email",
        "ca@example.com",
        "--path-len",
        "1",
        "--permit-dns",
        "example.com",
        "--permit-ip",
        "10.0.0.0/8",
        "--serial-mode",
        "random",
    ];
    let scene = Scene::empty();
    scene.write("secret", "passphrase");
    let made = situations.answer(
        &scene,
        &[&init[..], &full, &["--ca-passphrase-file", "secret"]].concat(),
        0,
    );
    assert_eq!(
        (&made["key_encrypted"], &made["path_len"], &made["serial_mode"]),
        (&json!(true), &json!(1), &json!("random"))
    );
    let shown = situations.answer(&scene, &["ca", "show"], 0);
    assert_eq!(
        (&shown["next_serial"], &shown["key_encrypted"]),
        (&Value::Null, &json!(true))
    );
    assert_eq!(shown["thumbprint_sha256"], made["thumbprint_sha256"]);
    situations.answer(
        &scene,
        &[
            "cert",
            "issue",
            "--host",
            "a.example.com",
            "--key-type",
            "p256",
            "--dry-run",
        ],
        0,
    );
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
        "issuing",
    ];
    let dry = situations.answer(&scene, &[&below[..], &["--dry-run"]].concat(), 0);
    assert_eq!(
        (&dry["serial"], &dry["parent"]["certificate"], &dry["path_len"]),
        (&Value::Null, &Value::Null, &json!(0))
    );
    let made = situations.answer(
        &scene,
        &[&below[..], &["--parent-passphrase-file", "secret"]].concat(),
        0,
    );
    assert_eq!(
        (&made["parent"]["issuer"], &made["parent"]["path_len"]),
        (&shown["subject"], &json!(1))
    );
    let shown = situations.answer(&scene, &["ca", "show", "--ca-dir", "issuing"], 0);
    assert_eq!(
        (&shown["role"], shown["chain"].as_array().map(Vec::len)),
        (&json!("intermediate"), Some(1))
    );
    for key_type in ["rsa", "p384", "p521", "ed25519"] {
        situations.answer(
            &Scene::empty(),
            &["ca", "init", "--cn", "Test CA", "--key-type", key_type],
            0,
        );
    }
}

fn across_an_air_gap(situations: &mut Situations) {
    let scene = Scene::with_ca();
    let request = [
        "ca",
        "request",
        "--cn",
        "Issuing CA",
        "--key-type",
        "p256",
        "--path-len",
        "0",
        "--permit-dns",
        "example.com",
        "--ca-dir",
        "new",
    ];
    let dry = situations.answer(&scene, &[&request[..], &["--dry-run"]].concat(), 0);
    assert_eq!(
        (&dry["created"], &dry["request_pem"]),
        (&json!(true), &Value::Null)
    );
    situations.answer(&scene, &[&request[..], &["--out", "new.csr"]].concat(), 0);
    assert_eq!(
        situations.failure(&scene, &["cert", "list", "--ca-dir", "new"], 3)["code"],
        "store.waiting"
    );
    let dry = situations.answer(&scene, &["ca", "sign", "new.csr", "--dry-run"], 0);
    assert_eq!(
        (&dry["serial"], &dry["certificate"], &dry["ignored"]),
        (&json!("01"), &Value::Null, &json!(["nameConstraints"]))
    );
    situations.answer(
        &scene,
        &[
            "ca",
            "sign",
            "new.csr",
            "--permit-dns",
            "example.com",
            "--out",
            "new.pem",
        ],
        0,
    );
    let dry = situations.answer(
        &scene,
        &["ca", "accept", "new.pem", "--ca-dir", "new", "--dry-run"],
        0,
    );
    assert_eq!(
        (&dry["changed"], &dry["audit_head"]),
        (&json!(true), &Value::Null)
    );
    let accepted = situations.answer(&scene, &["ca", "accept", "new.pem", "--ca-dir", "new"], 0);
    assert_eq!(
        (&accepted["kept"], accepted["chain"].as_array().map(Vec::len)),
        (&Value::Null, Some(1))
    );
    situations.answer(&scene, &["ca", "accept", "new.pem", "--ca-dir", "new"], 0);
    situations.answer(&scene, &["ca", "request", "--ca-dir", "new"], 0);
    situations.failure(
        &scene,
        &["ca", "accept", "gsec-ca/ca_conf/ca_cert.pem", "--ca-dir", "new"],
        3,
    );
}

fn issuing(situations: &mut Situations) {
    let scene = Scene::with_ca();
    std::fs::create_dir(scene.dir.path("out")).expect("a folder");
    let issue = ["cert", "issue", "--key-type", "p256"];
    let dry = situations.answer(
        &scene,
        &[&issue[..], &["--host", "db1.example.com", "--dry-run"]].concat(),
        0,
    );
    assert_eq!(dry["serial"], "01");
    let names = [
        "--san",
        "ip:10.0.0.1",
        "--san",
        "email:a@example.com",
        "--san",
        "uri:urn:x:y",
        "--san",
        "dns:www.example.com",
    ];
    let issued = situations.answer(
        &scene,
        &[&issue[..], &["--host", "db1.example.com"], &names].concat(),
        0,
    );
    assert_eq!(
        issued["files"], dry["files"],
        "a dry run says what would be written"
    );
    assert_eq!(
        issued["names"],
        json!([
            "dns:db1.example.com",
            "ip:10.0.0.1",
            "email:a@example.com",
            "uri:urn:x:y",
            "dns:www.example.com"
        ])
    );
    let kept = situations.answer(
        &scene,
        &[
            &issue[..],
            &["--host", "10.0.0.2", "--out-dir", "out", "--no-keep-key"],
        ]
        .concat(),
        0,
    );
    assert_eq!(
        (
            &kept["files"]["private_key"],
            kept["files"]["delivered"].as_array().map(Vec::len)
        ),
        (&Value::Null, Some(4))
    );
    let bare = situations.answer(
        &scene,
        &[
            &issue[..],
            &["--host", "db2.example.com", "--no-pfx", "--profile", "gui"],
        ]
        .concat(),
        0,
    );
    assert_eq!(
        (&bare["pfx_encryption"], &bare["pfx_password"]),
        (&Value::Null, &Value::Null)
    );
    scene.write("secret", "password");
    let compat = [
        "--host",
        "db3.example.com",
        "--pfx-encryption",
        "compat",
        "--pfx-password-file",
        "secret",
    ];
    let compat = situations.answer(&scene, &[&issue[..], &compat].concat(), 0);
    assert_eq!(
        (&compat["pfx_encryption"], &compat["pfx_password"]),
        (&json!("compat"), &json!("given"))
    );
    let odd = situations.answer(
        &scene,
        &[
            "cert",
            "issue",
            "--host",
            "db4",
            "--key-type",
            "ed25519",
            "--days",
            "9999",
        ],
        0,
    );
    let codes: Vec<&str> = odd["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .filter_map(|warning| warning["code"].as_str())
        .collect();
    assert_eq!(
        codes,
        ["lifetime_cut", "not_qualified", "ed25519", "long_server_lifetime"]
    );
    let long = format!("{}.example.com", ["a"; 40].join("."));
    let nameless = situations.answer(&scene, &[&issue[..], &["--host", &long]].concat(), 0);
    assert_eq!(
        (&nameless["subject"], &nameless["warnings"][0]["code"]),
        (&json!(""), &json!("common_name_left_out"))
    );
}

fn fetching(situations: &mut Situations) {
    let scene = Scene::with_host();
    let [certificate, key] =
        ["cert", "priv_key"].map(|kind| scene.dir.path(&format!("gsec-ca/repository/01_db1_{kind}.pem")));
    let ca = scene.dir.path("gsec-ca/ca_conf/ca_cert.pem");
    let server = TlsPort::openssl(
        &certificate,
        &key,
        &["-Verify", "1", "-CAfile", &ca, "-alpn", "http/1.1"],
    );
    let identity = ["--client-cert", &certificate, "--client-key", &key];
    let fetched = situations.answer(
        &scene,
        &[
            &[
                "cert",
                "fetch",
                &server.target(),
                "--server-name",
                "db1.example.com",
            ][..],
            &identity,
        ]
        .concat(),
        0,
    );
    assert_eq!(
        (
            &fetched["fetched"],
            &fetched["verified"],
            &fetched["client_certificate"]["sent"]
        ),
        (&json!(true), &json!(false), &json!(true))
    );
    assert_eq!(
        fetched["client_certificate"]["authorities"],
        json!(["CN=Test CA"])
    );
    let written = situations.answer(
        &scene,
        &["cert", "fetch", &server.target(), "--out", "chain.pem"],
        0,
    );
    assert_eq!(
        (&written["file"]["path"], &written["client_certificate"]["demand"]),
        (&json!("chain.pem"), &json!("required"))
    );
    situations.answer(&scene, &["cert", "show", &server.target()], 0);
    let old = TlsPort::openssl(&certificate, &key, &["-tls1", "-cipher", "ALL:@SECLEVEL=0"]);
    let fetched = situations.answer(&scene, &["cert", "fetch", &old.target()], 0);
    assert_eq!(
        (
            &fetched["connection"]["protocol"],
            &fetched["connection"]["modern"]
        ),
        (&json!("TLS 1.0"), &json!(false))
    );
    let mail = PlainServer::of("smtp").before(server.port);
    let starttls = ["cert", "fetch", &mail.target(), "--starttls", "smtp"];
    let fetched = situations.answer(&scene, &starttls, 0);
    assert_eq!(
        (&fetched["starttls"], &fetched["behaviour"]),
        (&json!("smtp"), &json!("tls"))
    );
    let mail = PlainServer::of("smtp")
        .answering("EHLO", b"250 mx\r\n")
        .before(server.port);
    let starttls = ["cert", "fetch", &mail.target(), "--starttls", "smtp"];
    let answer = situations.answer(&scene, &starttls, 1);
    assert_eq!(
        (&answer["behaviour"], &answer["problem"]["code"]),
        (&json!("no_starttls"), &json!("net.no_starttls"))
    );
    let plain = OwnServer::start(|mut stream| drop(stream.write_all(b"220 mail\x1b[2J\r\n")));
    let answer = situations.answer(&scene, &["cert", "fetch", &plain.target()], 1);
    assert_eq!(
        (&answer["behaviour"], &answer["problem"]["code"]),
        (&json!("plain_text"), &json!("net.no_tls"))
    );
    let answer = situations.answer(&scene, &["cert", "fetch", "db1.example.com:443", "--no-dns"], 1);
    assert_eq!(
        (&answer["behaviour"], &answer["addresses"]),
        (&json!("resolution_forbidden"), &json!([]))
    );
    assert_eq!(
        situations.failure(&scene, &["cert", "show", &plain.target()], 1)["code"],
        "net.no_tls"
    );
}

fn requesting(situations: &mut Situations) {
    let scene = Scene::with_ca();
    let request = [
        "cert",
        "request",
        "--host",
        "db1.example.com",
        "--key-type",
        "p256",
    ];
    let dry = situations.answer(&scene, &[&request[..], &["--dry-run"]].concat(), 0);
    assert_eq!(
        (&dry["dry_run"], &dry["public_key_sha256"], &dry["key_encrypted"]),
        (&json!(true), &Value::Null, &json!(false))
    );
    let made = situations.answer(
        &scene,
        &[&request[..], &["--org", "Example", "--san", "ip:::1"]].concat(),
        0,
    );
    assert_eq!((&made["dry_run"], &made["files"]), (&json!(false), &dry["files"]));
    situations.answer(
        &scene,
        &[
            "cert",
            "request",
            "--host",
            "db2.example.com",
            "--key",
            "db1_priv_key.pem",
        ],
        0,
    );
    situations.answer(
        &scene,
        &[
            "cert",
            "request",
            "--host",
            "db3.example.com",
            "--format",
            "certreq-inf",
        ],
        0,
    );
    let sign = ["cert", "sign", "db1_req.pem", "--host", "db1.example.com"];
    let beyond = situations.failure(&scene, &sign, 3);
    assert_eq!(
        (&beyond["code"], beyond["hints"].as_array().map(Vec::len)),
        (&json!("request.names_beyond"), Some(1))
    );
    let accepting = [&sign[..], &["--accept-csr-names"]].concat();
    let dry = situations.answer(&scene, &[&accepting[..], &["--dry-run"]].concat(), 0);
    let signed = situations.answer(&scene, &accepting, 0);
    assert_eq!(
        (&signed["files"], &signed["names_from_request"]),
        (&dry["files"], &json!(["ip:::1"]))
    );
    assert_eq!(signed["ignored"], json!(["subject O=Example"]));
    assert_eq!(
        situations.failure(&scene, &["cert", "sign", "db1_priv_key.pem"], 3)["code"],
        "x509.no_request"
    );
}

fn ensuring_and_renewing(situations: &mut Situations) {
    let scene = Scene::with_ca();
    std::fs::create_dir(scene.dir.path("out")).expect("a folder");
    let ensure = [
        "cert",
        "ensure",
        "--host",
        "db1.example.com",
        "--key-type",
        "p256",
    ];
    let with = |flags: &[&'static str]| [&ensure[..], flags].concat();
    let check = situations.answer(&scene, &with(&["--check"]), 1);
    assert_eq!(
        (
            &check["changed"],
            &check["check"],
            &check["dry_run"],
            &check["serial"]
        ),
        (&json!(true), &json!(true), &json!(true), &json!("01"))
    );
    situations.answer(&scene, &with(&["--dry-run"]), 0);
    let issued = situations.answer(&scene, &with(&[]), 0);
    assert_eq!(
        (
            &issued["action"],
            &issued["compared"],
            &issued["reasons"][0]["code"]
        ),
        (&json!("issued"), &Value::Null, &json!("no_certificate"))
    );
    let again = situations.answer(&scene, &with(&[]), 0);
    assert_eq!(
        (&again["action"], &again["changed"], &again["reasons"]),
        (&json!("none"), &json!(false), &json!([]))
    );
    assert_eq!(
        (&again["serial"], &again["thumbprint_sha256"]),
        (&issued["serial"], &issued["thumbprint_sha256"])
    );
    assert_eq!(
        (&again["files"], &again["audit_head"]),
        (&issued["files"], &Value::Null)
    );
    situations.answer(&scene, &with(&["--check"]), 0);
    situations.answer(&scene, &with(&["--out-dir", "out", "--check"]), 1);
    let restored = situations.answer(&scene, &with(&["--out-dir", "out"]), 0);
    assert_eq!(
        (&restored["action"], restored["restored"].as_array().map(Vec::len)),
        (&json!("restored"), Some(4))
    );
    let renewed = situations.answer(&scene, &["cert", "renew", "01", "--dry-run"], 0);
    assert_eq!(
        (&renewed["replaces"], &renewed["serial"], &renewed["key"]),
        (&json!("01"), &json!("02"), &json!("new"))
    );
    let renewed = situations.answer(&scene, &["cert", "renew", "01", "--keep-key", "--revoke-old"], 0);
    assert_eq!(
        (
            &renewed["revoked_old"],
            &renewed["crl"]["revoked"],
            &renewed["key"]
        ),
        (&json!(true), &json!(1), &json!("kept"))
    );
    situations.failure(&scene, &["cert", "renew", "01"], 3);
}

fn issuing_lists(situations: &mut Situations) {
    let scene = Scene::with_ca();
    scene.write(
        "hosts.csv",
        "host,days\ndb1.example.com,30\ndb2,\ndb3.example.com,many\n",
    );
    let from = ["cert", "issue", "--key-type", "p256", "--from", "hosts.csv"];
    let dry = situations.answer(&scene, &[&from[..], &["--dry-run"]].concat(), 3);
    assert_eq!(
        (&dry["counts"]["wanted"], &dry["next_serial"]),
        (&json!(2), &json!("01"))
    );
    let made = situations.answer(&scene, &from, 3);
    assert_eq!(
        (&made["counts"]["issued"], &made["counts"]["failed"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(made["hosts"][1]["warnings"][0]["code"], "not_qualified");
    let again = situations.answer(&scene, &[&from[..], &["--fail-fast"]].concat(), 3);
    assert_eq!(
        (&again["counts"]["not_tried"], &again["audit_head"]),
        (&json!(2), &Value::Null)
    );
    situations.answer(&scene, &from, 3);
    scene.write("hosts.csv", "host,days\nstrange.example.com,99999\n");
    let refused = scene.gsec(&from).args(&["--json"]).run();
    situations.answer_of(refused, "a lifetime that is cut", 0);
    scene.write("hosts.csv", "days\n1\n");
    situations.failure(&scene, &from, 3);
}

fn bundling(situations: &mut Situations) {
    let scene = Scene::with_host();
    let bundle = ["cert", "bundle", "db1.example.com", "--for"];
    let made = situations.answer(&scene, &[&bundle[..], &["nginx"]].concat(), 0);
    assert_eq!(
        (
            &made["written"],
            &made["key"]["mode"],
            &made["pfx_password"],
            &made["warnings"][0]["code"]
        ),
        (
            &json!("created"),
            &json!("0600"),
            &Value::Null,
            &json!("bundle-crl-missing")
        )
    );
    let again = situations.answer(&scene, &[&bundle[..], &["nginx"]].concat(), 0);
    assert_eq!(
        (&again["written"], &again["release"]),
        (&json!("unchanged"), &made["release"])
    );
    let windows = situations.answer(&scene, &[&bundle[..], &["windows", "--force"]].concat(), 0);
    assert_eq!(
        (&windows["dest"], &windows["key"], &windows["pfx_password"]),
        (&Value::Null, &Value::Null, &json!("empty"))
    );
    let without = situations.answer(
        &scene,
        &[&bundle[..], &["nginx", "--no-key", "--out", "b.tar"]].concat(),
        0,
    );
    assert_eq!(
        (&without["has_key"], &without["key"]),
        (&json!(false), &Value::Null)
    );
    situations.failure(&scene, &[&bundle[..], &["java"]].concat(), 2);
    situations.failure(&scene, &[&bundle[..], &["redis", "--out", "b.tar"]].concat(), 3);
}

fn revoking(situations: &mut Situations) {
    let scene = Scene::with_host();
    let updated = situations.answer(&scene, &["crl", "update", "--dry-run"], 0);
    assert_eq!(
        (&updated["number"], &updated["audit_head"]),
        (&Value::Null, &Value::Null)
    );
    situations.answer(&scene, &["crl", "update"], 0);
    situations.answer(&scene, &["cert", "revoke", "01", "--dry-run"], 0);
    let revoked = situations.answer(
        &scene,
        &["cert", "revoke", "01", "--reason", "certificateHold"],
        0,
    );
    assert_eq!(
        (&revoked["changed"], &revoked["crl"]["number"]),
        (&json!(true), &json!("02"))
    );
    situations.answer(
        &scene,
        &["cert", "revoke", "01", "--reason", "certificateHold"],
        0,
    );
    situations.answer(&scene, &["crl", "show"], 0);
    situations.answer(&scene, &["cert", "list"], 0);
    situations.answer(&scene, &["cert", "unhold", "01"], 0);
    situations.answer(&scene, &["cert", "revoke", "01", "--no-crl"], 0);
    situations.answer(&scene, &["ca", "log"], 0);
    situations.answer(&scene, &["ca", "log", "--limit", "1"], 0);
    let check = situations.answer(&scene, &["ca", "log", "--verify"], 0);
    let head = check["audit_head"].as_str().expect("a head").to_owned();
    situations.answer(&scene, &["ca", "log", "--verify", "--expect-head", &head], 0);
    scene.edit(
        "gsec-ca/ca_conf/audit.log",
        "\"db1.example.com\"",
        "\"db9.example.com\"",
    );
    let broken = situations.answer(&scene, &["ca", "log", "--verify"], 1);
    assert_eq!(broken["sound"], json!(false));
}

fn changing_the_ca(situations: &mut Situations) {
    let scene = Scene::with_host();
    scene.write("secret", "passphrase");
    let plain = situations.answer(&scene, &["ca", "passphrase", "--remove"], 0);
    assert_eq!(
        (&plain["passphrase"], &plain["changed"], &plain["audit_head"]),
        (&json!("unchanged"), &json!(false), &Value::Null)
    );
    situations.answer(&scene, &["ca", "passphrase", "--dry-run"], 0);
    situations.answer(
        &scene,
        &["ca", "passphrase", "--new-passphrase-file", "secret"],
        0,
    );
    situations.failure(&scene, &["ca", "passphrase", "--remove"], 3);
    situations.answer(
        &scene,
        &["ca", "passphrase", "--ca-passphrase-file", "secret", "--remove"],
        0,
    );
    let dry = situations.answer(&scene, &["ca", "renew", "--dry-run"], 0);
    assert_eq!(
        (&dry["serial"], &dry["kept"], &dry["audit_head"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    situations.answer(&scene, &["ca", "renew", "--keep-serial"], 0);
    let dry = situations.answer(&scene, &["ca", "rekey", "--dry-run"], 0);
    assert_eq!(
        (&dry["serial"], &dry["crl"], &dry["audit_head"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let rekeyed = situations.answer(&scene, &["ca", "rekey"], 0);
    assert_eq!(
        (&rekeyed["files"], &rekeyed["crl"]),
        (&dry["files"], &Value::Null),
        "a dry run says what would be written"
    );
    let updated = situations.answer(&scene, &["crl", "update"], 0);
    assert_eq!(updated["previous_files"].as_array().map(Vec::len), Some(1));
    let again = situations.answer(&scene, &["ca", "rekey", "--key-type", "ed25519"], 0);
    assert_eq!(again["crl"]["number"], json!("02"));
    assert_eq!(
        situations.answer(&scene, &["ca", "show"], 0)["previous_keys"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
}

fn reading(situations: &mut Situations) {
    let scene = Scene::with_ca();
    situations.answer(&scene, &["cert", "list"], 0);
    scene.issue("db1.example.com", &["--san", "ip:::1"]).run().ok();
    situations.answer(&scene, &["cert", "list", "--status", "valid", "--limit", "1"], 0);
    situations.answer(&scene, &["ca", "show"], 0);
    situations.answer(&scene, &["cert", "show", "01"], 0);
    situations.answer(&scene, &["cert", "show", "gsec-ca/ca_conf/ca_cert.pem"], 0);
    for hash in ["sha1", "sha256"] {
        for format in ["spaced", "colon", "compact"] {
            let document = situations.answer(
                &scene,
                &["cert", "thumbprint", "01", "--hash", hash, "--format", format],
                0,
            );
            let digits = document["formatted"]
                .as_str()
                .expect("text")
                .replace([' ', ':'], "")
                .to_lowercase();
            assert_eq!(document["thumbprint"], json!(digits));
        }
    }
    verifying(situations, &scene);
    scene.write(
        "gsec-ca/ca_conf/ca.db",
        format!("{}garbage\n", scene.read("gsec-ca/ca_conf/ca.db")),
    );
    situations.answer(&scene, &["cert", "list"], 0);
    situations.answer(&scene, &["ca", "show"], 0);
    situations.answer(&scene, &["ca", "adopt"], 0);
}

fn verifying(situations: &mut Situations, scene: &Scene) {
    let valid = situations.answer(scene, &["cert", "verify", "01", "--name", "db1.example.com"], 0);
    assert_eq!(
        (&valid["valid"], &valid["name_in_san"], &valid["name_in_subject"]),
        (&json!(true), &json!(true), &json!(true))
    );
    situations.answer(scene, &["cert", "verify", "01"], 0);
    situations.answer(
        scene,
        &[
            "cert",
            "verify",
            "01",
            "--purpose",
            "client",
            "--at",
            "2027-01-01",
        ],
        0,
    );
    let invalid = situations.answer(
        scene,
        &[
            "cert",
            "verify",
            "01",
            "--name",
            "db2.example.com",
            "--at",
            "2099-12-31",
        ],
        1,
    );
    let rules: Vec<&str> = invalid["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|finding| finding["rule"].as_str())
        .collect();
    assert!(
        rules.contains(&"expired") && rules.contains(&"name-mismatch"),
        "all that is wrong: {rules:?}"
    );
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Other",
            "--key-type",
            "p256",
            "--ca-dir",
            "other",
        ])
        .run()
        .ok();
    situations.answer(
        scene,
        &["cert", "verify", "01", "--trust", "other/ca_conf/ca_cert.pem"],
        1,
    );
    situations.answer(scene, &["cert", "verify", "gsec-ca/ca_conf/ca_cert.pem"], 0);
}

fn converting(situations: &mut Situations) {
    let scene = Scene::with_host();
    scene.write("secret", "password");
    let [pfx, certificate, key, ca] = PFX_AND_OTHERS;
    let taken_apart = situations.answer(&scene, &["convert", "to-pem", pfx, "--out-dir", "parts"], 0);
    assert_eq!(
        (&taken_apart["keys"], &taken_apart["certificates"]),
        (&json!(1), &json!(2))
    );
    let secret: Vec<&Value> = taken_apart["files"]
        .as_array()
        .expect("files")
        .iter()
        .filter(|file| file["secret"] == true)
        .collect();
    assert!(
        matches!(secret.as_slice(), [file] if file["path"] == "parts/db1_priv_key.pem"),
        "{taken_apart}"
    );
    situations.answer(
        &scene,
        &["convert", "to-pem", certificate, "--out", "cert.pem"],
        0,
    );
    scene.write(
        "mixed.pem",
        format!(
            "{}-----BEGIN DH PARAMETERS-----\nMAYCAQICAQM=\n-----END DH PARAMETERS-----\n",
            scene.read(certificate)
        ),
    );
    let mixed = situations.answer(
        &scene,
        &["convert", "to-pem", "mixed.pem", "--out", "sorted.pem"],
        0,
    );
    assert_eq!(mixed["warnings"][0]["message"], "skipped: `DH PARAMETERS`");
    situations.answer(&scene, &["convert", "to-der", ca, "--out", "ca.der"], 0);
    let made = [
        "--cert",
        certificate,
        "--key",
        key,
        "--chain",
        ca,
        "--out",
        "made.pfx",
        "--pfx-password-file",
        "secret",
    ];
    let made = situations.answer(&scene, &[&["convert", "to-pfx"], &made[..]].concat(), 0);
    assert_eq!(
        (&made["has_key"], &made["pfx_encryption"], &made["pfx_password"]),
        (&json!(true), &json!("modern"), &json!("given"))
    );
    let trusted = [
        "--cert",
        ca,
        "--trust-store",
        "--out",
        "trust.p12",
        "--pfx-encryption",
        "compat",
    ];
    let trusted = situations.answer(&scene, &[&["convert", "to-pfx"], &trusted[..]].concat(), 0);
    assert_eq!(
        (
            &trusted["has_key"],
            &trusted["pfx_encryption"],
            &trusted["pfx_password"]
        ),
        (&json!(false), &json!("compat"), &json!("empty"))
    );
    let locked = situations.answer(
        &scene,
        &[
            "convert",
            "key",
            key,
            "--out",
            "locked.pem",
            "--new-password-file",
            "secret",
        ],
        0,
    );
    assert_eq!(
        (&locked["was_encrypted"], &locked["is_encrypted"]),
        (&Value::Null, &json!(true))
    );
    let opened = situations.answer(
        &scene,
        &[
            "convert",
            "key",
            "locked.pem",
            "--out",
            "opened.pem",
            "--password-file",
            "secret",
        ],
        0,
    );
    assert!(
        opened["was_encrypted"]
            .as_str()
            .is_some_and(|how| how.starts_with("PBES2: AES-256")),
        "{opened}"
    );
    assert_eq!(opened["public_key_sha256"], locked["public_key_sha256"]);
    scene.openssl(&["genpkey", "-algorithm", "ED448", "-out", "foreign.pem"]);
    assert_eq!(
        situations.answer(&scene, &["convert", "key", "foreign.pem", "--out", "same.pem"], 0)["public_key_sha256"],
        Value::Null
    );
    showing_pkcs12(situations, &scene);
    matching(situations, &scene);
}

/// What `Scene::with_host` has of a host: PFX, certificate and key; and the CA certificate.
const PFX_AND_OTHERS: [&str; 4] = [
    "gsec-ca/repository/01_db1_cert.pfx",
    "gsec-ca/repository/01_db1_cert.pem",
    "gsec-ca/repository/01_db1_priv_key.pem",
    "gsec-ca/ca_conf/ca_cert.pem",
];

/// Shows what [`converting`] made, and files of others, whose keys, names and protection differ.
fn showing_pkcs12(situations: &mut Situations, scene: &Scene) {
    let [pfx, certificate, key, ca] = PFX_AND_OTHERS;
    let shown = situations.answer(scene, &["cert", "show", pfx], 0);
    assert_eq!(
        (
            shown["pkcs12"]["keys"][0]["what"].as_str(),
            shown["pkcs12"]["keys"][0]["trusted"].as_bool()
        ),
        (Some("P-256"), Some(false))
    );
    let trusted = situations.answer(scene, &["cert", "show", "trust.p12"], 0);
    assert_eq!(
        (
            &trusted["pkcs12"]["keys"],
            &trusted["pkcs12"]["certificates"][0]["trusted"]
        ),
        (&json!([]), &json!(true))
    );
    let bare = [
        "pkcs12",
        "-export",
        "-in",
        certificate,
        "-inkey",
        key,
        "-passout",
        "pass:",
        "-keypbe",
        "NONE",
        "-certpbe",
        "NONE",
        "-nomac",
    ];
    scene.openssl(&[&bare[..], &["-out", "bare.p12"]].concat());
    let bare = situations.answer(scene, &["cert", "show", "bare.p12"], 0);
    assert_eq!(
        (&bare["pkcs12"]["mac"], &bare["pkcs12"]["keys"][0]["encryption"]),
        (&Value::Null, &Value::Null)
    );
    scene.openssl(&[
        "pkcs12",
        "-export",
        "-nokeys",
        "-in",
        ca,
        "-passout",
        "pass:",
        "-out",
        "nokeys.p12",
        "-descert",
        "-caname",
        "x",
    ]);
    situations.answer(scene, &["cert", "show", "nokeys.p12"], 0);
    assert_eq!(
        situations.answer(scene, &["cert", "show", ca], 0)["pkcs12"],
        Value::Null
    );
}

fn matching(situations: &mut Situations, scene: &Scene) {
    let [pfx, certificate, key, ca] = PFX_AND_OTHERS;
    scene.openssl(&["req", "-new", "-key", key, "-subj", "/CN=db1", "-out", "db1.csr"]);
    scene.openssl(&["pkey", "-in", key, "-pubout", "-out", "public.pem"]);
    let all = situations.answer(
        scene,
        &["cert", "match", key, certificate, "db1.csr", "public.pem", pfx],
        0,
    );
    let kinds: Vec<&str> = all["files"]
        .as_array()
        .expect("files")
        .iter()
        .filter_map(|file| file["kind"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "private key",
            "certificate",
            "certification request",
            "public key",
            "private key"
        ]
    );
    let no = situations.answer(scene, &["cert", "match", key, ca], 1);
    assert_eq!(
        (
            &no["matches"],
            &no["files"][0]["matches"],
            &no["files"][1]["matches"]
        ),
        (&json!(false), &json!(true), &json!(false))
    );
}

fn old_directory(situations: &mut Situations) {
    let old = OldCa::new();
    for args in [
        &["ca", "show"][..],
        &["cert", "list"],
        &["cert", "show", &old.host_certificate(0)],
        &["ca", "adopt", "--dry-run"],
        &["ca", "adopt", "--yes"],
    ] {
        let outcome = old.gsec(&[args, &["--json"]].concat());
        situations.answer_of(outcome, &format!("old directory: {}", args.join(" ")), 0);
    }
    let certificate = old.host_certificate(0);
    situations.answer_of(
        old.gsec(&["cert", "verify", &certificate, "--json"]),
        "old directory: verify",
        1,
    );
}

fn rehearsing(situations: &mut Situations) {
    let scene = Scene::with_host();
    let pfx = "gsec-ca/repository/01_db1_cert.pfx";
    let server = ["doctor", "handshake", "--server-cert", pfx];
    let document = situations.answer(&scene, &server, 0);
    assert_eq!(
        (&document["client"], &document["server_trusts"]),
        (&Value::Null, &Value::Null)
    );
    let document = situations.answer(
        &scene,
        &[&server[..], &["--client-cert", pfx, "--name", "db1.example.com"]].concat(),
        0,
    );
    assert_eq!(
        (&document["agrees"], &document["client"]["accepted"]),
        (&json!(true), &json!(true))
    );
    let document = situations.answer(
        &scene,
        &[&server[..], &["--client-cert", pfx, "--name", "db2.example.com"]].concat(),
        1,
    );
    assert_eq!(document["rehearsals"][0]["refused_by"], "client");
    situations.failure(
        &scene,
        &[
            "doctor",
            "handshake",
            "--server-cert",
            "gsec-ca/repository/01_db1_cert.pem",
        ],
        3,
    );
}

fn filtering_logs(situations: &mut Situations) {
    let scene = Scene::empty();
    scene.write("t.log", "\tAttributeUserData\t[9]\n\t\t'A'\t'1'\n\t\t'B'\t'2'\n");
    let filter = ["log", "filter", "t.log", "--key", "A=hide", "--key", "B=tag()"];
    let done = situations.answer(&scene, &[&filter[..], &["--out", "o.log"]].concat(), 0);
    assert_eq!(
        (&done["out"], &done["hidden"], &done["tagged"]),
        (&json!("o.log"), &json!(1), &json!(1))
    );
    let check = situations.answer(&scene, &[&filter[..], &["--check"]].concat(), 1);
    assert_eq!((&check["out"], &check["changed"]), (&Value::Null, &json!(true)));
    let none = situations.answer(&scene, &["log", "filter", "t.log", "--check"], 0);
    assert_eq!(none["warnings"][0]["code"], "no_rules");
    situations.failure(&scene, &["log", "filter", "t.log", "--default", "drop"], 3);
}

fn banners(situations: &mut Situations) {
    let scene = Scene::empty();
    let write = ["banner", "write", "--url", "https://h/b.htm", "--out", "b.reg"];
    let written = situations.answer(
        &scene,
        &[&write[..], &["--for", "all", "--for", "19"]].concat(),
        0,
    );
    assert_eq!(
        (
            &written["keys"].as_array().map(Vec::len),
            &written["warnings"][0]["code"]
        ),
        (&Some(2), &json!("banner_https"))
    );
    situations.failure(&scene, &write, 3);
    situations.answer(&scene, &["banner", "write", "--remove", "--out", "r.reg"], 0);
    let sound = situations.answer(&scene, &["banner", "lint", "b.reg", "r.reg"], 0);
    assert_eq!(sound["sound"], json!(true));
    let shown = situations.answer(&scene, &["banner", "show", "b.reg"], 0);
    assert_eq!(shown["banners"][1]["application"], json!(19));
    scene.write(
        "bad.reg",
        "KEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs\\1\\URL=http:// h/b.htm\n",
    );
    let bad = situations.answer(&scene, &["banner", "lint", "bad.reg"], 1);
    assert_eq!(bad["files"][0]["sound"], json!(false));
    let shown = situations.answer(&scene, &["banner", "show", "bad.reg", "--app", "44"], 0);
    assert_eq!(
        (&shown["banners"][0]["level"], &shown["warnings"][0]["code"]),
        (&json!("all"), &json!("banner_errors"))
    );
}

/// Settings of the contact-center platform.
fn old_platform(situations: &mut Situations) {
    let scene = Scene::with_host();
    let value = "tls=1; certificate='x';tls=0;own=1;tls-crl";
    situations.answer(&scene, &["transport", "parse", value], 0);
    let linted = situations.answer(&scene, &["transport", "lint", value, "tls=0"], 1);
    assert_eq!(linted["next"].as_array().map(Vec::len), Some(1));
    situations.answer(&scene, &["transport", "fix", value, "--check"], 1);
    situations.answer(&scene, &["transport", "build", "--host", "01"], 0);
    let database = "[dbserver]\nport = 1\nx\n[dbserver-1]\nport = 2\ntransport = tls=1; certificate=9a\nab\n";
    scene.write("db.cfg", database);
    scene.write(
        "cs.cfg",
        b"# \xe4\n[cs]\nserver = db\n[db]\nhost = h\nport = 3\npassword = x\n",
    );
    scene.write("run.sh", "#!/bin/sh\nts - port 1\n");
    scene.write("b.bat", "ts -port x\n");
    scene.write("r.reg", "REGEDIT4\n");
    scene.write("o.cfg", "[o]\na=b\n");
    let files = [
        "conf", "lint", "db.cfg", "cs.cfg", "run.sh", "b.bat", "r.reg", "o.cfg",
    ];
    let linted = situations.answer(&scene, &files, 1);
    assert_eq!(linted["next"], json!(["gsec conf fix db.cfg"]));
    situations.answer(&scene, &["conf", "fix", "db.cfg", "o.cfg", "--dry-run"], 0);
    let set = situations.answer(&scene, &["conf", "set", "db.cfg", "new", "k", "v"], 0);
    assert!(set["before"].is_null() && set["backup"].is_string());
    situations.answer(&scene, &["conf", "set", "db.cfg", "new", "k", "--unset"], 0);
    situations.answer(&scene, &["conf", "fix", "db.cfg", "--yes"], 0);
    situations.failure(&scene, &["conf", "set", "db.cfg", "new", "k", "--unset"], 3);
    let inventory =
        "version = 1\n[[host]]\nname = \"h\"\n[[app]]\nname = \"a\"\nhost = \"x\"\nkind = \"scs\"\n";
    scene.write("fleet.toml", inventory);
    let checked = situations.answer(&scene, &["fleet", "check"], 1);
    assert_eq!(checked["counts"]["error"], 2);
    scene.write("broken.toml", "version = 2\n");
    situations.answer(&scene, &["fleet", "check", "--inventory", "broken.toml"], 1);
    situations.failure(&scene, &["transport", "build", "--thumbprint", "9a"], 3);
}

fn settings_of_fleets(situations: &mut Situations) {
    let scene = Scene::empty();
    let inventory = "version = 1\n[[host]]\nname = \"h\"\nrelease = \"9.0\"\n[[app]]\nname = \"A\"\nhost = \"h\"\nkind = \"tserver\"\n\
        [[app.port]]\nid = \"default\"\nnumber = 1\ntransport = \"certificate=/c\"\n[[app.connection]]\nto = \"B\"\n";
    scene.write("fleet.toml", inventory);
    let explained = situations.answer(&scene, &["fleet", "explain", "A"], 1);
    assert_eq!(explained["explained"][0]["role"], "server");
    situations.answer(&scene, &["fleet", "explain", "A->B", "--model", "each"], 0);
    situations.failure(&scene, &["fleet", "explain", "A:x"], 3);
    let with_places = "version = 1\n[[host]]\nname = \"h\"\naddress = \"10.0.0.1\"\nos = \"hp-ux\"\nlca_port = 4999\n\
        [[host]]\nname = \"i\"\naddress = \"10.0.0.2\"\n[[app]]\nname = \"A\"\nhost = \"h\"\nkind = \"config-server\"\n\
        port = [{ id = \"default\", number = 1 }]\n[[app]]\nname = \"S\"\nhost = \"i\"\nkind = \"scs\"\n\
        connection = [{ to = \"A\", client_port = 5 }, { to = \"B\" }]\n";
    scene.write("fleet.toml", with_places);
    for (of, rows, left_out) in [
        ("args", 1, 0),
        ("connections", 1, 0),
        ("env", 4, 1),
        ("firewall", 2, 1),
    ] {
        let rendered = situations.answer(&scene, &["fleet", "render", of], 0);
        let count = |list: &str| rendered[list].as_array().map(Vec::len);
        assert_eq!(
            (count("rows"), count("left_out")),
            (Some(rows), Some(left_out)),
            "{of}"
        );
    }
    situations.failure(&scene, &["fleet", "render", "env", "x"], 3);
    scene.write("ports.csv", "host,app,port\nh,A,1\n");
    let made = situations.answer(
        &scene,
        &["fleet", "import", "--csv", "ports.csv", "--out", "new.toml"],
        0,
    );
    assert_eq!((&made["hosts"], &made["doubts"]), (&json!(1), &json!(1)));
    situations.failure(
        &scene,
        &["fleet", "import", "--csv", "fleet.toml", "--out", "x"],
        3,
    );
    let timer = |scheduler| {
        [
            "fleet",
            "timer",
            "--for",
            scheduler,
            "--ca-dir",
            "gsec-ca",
            "--inventory",
        ]
    };
    for scheduler in ["systemd", "cron", "launchd"] {
        let made = situations.answer(
            &scene,
            &[&timer(scheduler)[..], &["fleet.toml", "--out", "."]].concat(),
            0,
        );
        assert!(made["files"][0]["path"].is_string(), "{made}");
    }
    let task = [
        "fleet",
        "timer",
        "--for",
        "schtasks",
        "--inventory",
        "C:\\fleet.toml",
    ];
    assert_eq!(
        situations.answer(&scene, &task, 0)["files"][0]["path"],
        Value::Null
    );
}

fn the_rest(situations: &mut Situations) {
    let scene = Scene::empty();
    for changed in [true, false] {
        let document = situations.answer(&scene, &["quickstart", "db1.example.com"], 0);
        assert_eq!(
            (&document["changed"], &document["ca_created"]),
            (&json!(changed), &json!(changed))
        );
    }
    let neither = situations.answer(&scene, &["doctor", "nosuch.pem", "none.pem"], 3);
    assert_eq!(
        (&neither["healthy"], neither["targets"][1]["problem"].is_object()),
        (&json!(false), true)
    );
    let [pfx, certificate, key, ca] = PFX_AND_OTHERS;
    let well = situations.answer(&Scene::with_host(), &["doctor", pfx, certificate, key, ca], 0);
    assert_eq!(
        (&well["healthy"], well["targets"].as_array().map(Vec::len)),
        (&json!(true), Some(4))
    );
    let bad = situations.answer(
        &Scene::with_host(),
        &[
            "doctor",
            certificate,
            "--name",
            "x.example.com",
            "--fix",
            "--dry-run",
        ],
        1,
    );
    assert_eq!(
        (&bad["counts"]["error"], &bad["dry_run"]),
        (&json!(1), &json!(true))
    );
    let settings = situations.answer(&scene, &["doctor", "tls=1; certificate=/a"], 1);
    let first = &settings["targets"][0]["findings"][0];
    assert_eq!(first["places"][0]["column"], 7, "{first}");
    let nobody = situations.answer(
        &scene,
        &["doctor", &format!("127.0.0.1:{}", common::free_port())],
        1,
    );
    assert_eq!(
        (
            &nobody["targets"][0]["kind"],
            &nobody["targets"][0]["findings"][0]["slug"]
        ),
        (&json!("server"), &json!("port-refused"))
    );
    situations.answer(&scene, &["doctor", "gsec-ca"], 0);
    situations.answer(&scene, &["doctor", "gsec-ca", "--fix", "--dry-run"], 0);
    situations.answer(&scene, &["doctor", "--list"], 0);
    situations.answer(&scene, &["doctor", "--explain", "key-mismatch"], 0);
    situations.answer(&scene, &["compat", "link", "."], 0);
    situations.answer(&scene, &["man", "--out", "."], 0);
}

fn failing(situations: &mut Situations) {
    let scene = Scene::with_host();
    let usage = situations.failure(&scene, &["cert", "issue", "--nonsense"], 2);
    assert_eq!(usage["code"], "usage");
    situations.failure(&scene, &["nonsense"], 2);
    situations.failure(&scene, &["cert", "show"], 2);
    situations.failure(&scene, &["cert", "issue"], 2);
    assert_eq!(
        situations.failure(&scene, &["ca", "init", "--cn", "X"], 3)["code"],
        "store.ca_exists"
    );
    assert_eq!(
        situations.failure(&scene, &["cert", "show", "nosuch.pem"], 3)["code"],
        "store.io"
    );
    assert_eq!(
        situations.failure(&Scene::empty(), &["cert", "list"], 3)["code"],
        "store.no_ca"
    );
    let [pfx, .., ca] = PFX_AND_OTHERS;
    scene.write("wrong", "wrong");
    assert_eq!(
        situations.failure(&scene, &["cert", "show", pfx, "--password-file", "wrong"], 3)["code"],
        "pkcs12.wrong_password"
    );
    assert_eq!(
        situations.failure(&scene, &["convert", "to-pem", pfx], 2)["code"],
        "usage"
    );
    assert_eq!(
        situations.failure(&scene, &["convert", "key", ca, "--out", "x.pem"], 3)["code"],
        "key.none"
    );
    assert_eq!(
        situations.failure(&scene, &["convert", "to-pem", pfx, "--out", "wrong"], 3)["code"],
        "store.would_replace"
    );
    assert_eq!(
        situations.failure(&scene, &["convert", "to-pem", pfx, "--out", ca], 3)["code"],
        "output.own_directory"
    );
    assert_eq!(
        situations.failure(&scene, &["cert", "match", ca, "nosuch.pem"], 3)["code"],
        "store.io"
    );
    let refused = situations.failure(&scene, &["cert", "issue", "--host", "a_b.example.com"], 3);
    assert_eq!(
        (&refused["code"], refused["caused_by"].as_array().map(Vec::len)),
        (&json!("policy.underscore"), Some(1))
    );
}

#[test]
fn validator_notices_what_is_wrong() {
    let scene = Scene::with_ca();
    let shown = scene.gsec(&["ca", "show", "--json"]).run().ok().json();
    for (place, value) in [
        ("/not_after", json!("2027-01-01 00:00:00")),
        ("/thumbprint_sha1", json!("AB:CD")),
        ("/extra", json!(1)),
        ("/counts/valid", json!("1")),
    ] {
        let mut document = shown.clone();
        match document.pointer_mut(place) {
            Some(there) => *there = value,
            None => document["extra"] = value,
        }
        let input = json!([{"situation": "wrong on purpose", "schema": "ca.show", "document": document}]);
        let verdict = python("check_schema.py")
            .args(&[SCHEMAS])
            .stdin(input.to_string())
            .run()
            .code(1);
        assert!(
            verdict.stdout.contains("wrong on purpose: $"),
            "{place}: {verdict}"
        );
    }
}

#[test]
fn every_schema_is_named_after_its_form() {
    for entry in std::fs::read_dir(SCHEMAS).expect("docs/schema") {
        let path = entry.expect("an entry").path();
        let name = Path::new(&path)
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name")
            .to_owned();
        if name == "fleet.1" {
            continue; // what people write, and no document: generated_files.rs and deliver/fleet_check.rs look at it
        }
        let schema: Value = serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("JSON");
        let title = schema["title"].as_str().expect("a title");
        let version = title
            .strip_prefix(&format!("gsec/{name}/"))
            .unwrap_or_else(|| panic!("{title} in {name}.json"));
        assert!(version.parse::<u32>().is_ok_and(|version| version > 0), "{title}");
        let said = &schema["properties"]["schema"]["const"];
        assert!(said.is_null() || said == title, "{said} in {title}");
    }
}

/// Every text, number and truth in a document, with where it stands.
fn leaves(value: &Value, place: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, field)| leaves(field, &format!("{place}/{name}"), found)),
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .for_each(|(index, entry)| leaves(entry, &format!("{place}/{index}"), found)),
        Value::String(text) => found.push((place.to_owned(), text.clone())),
        Value::Number(number) => found.push((place.to_owned(), number.to_string())),
        Value::Bool(_) | Value::Null => {}
    }
}

/// Facts that text says in other words, or leaves to JSON: the form's name, single attributes, `p256` for `P-256`, object identifiers, a validator's assent.
const IN_OTHER_WORDS: [&str; 15] = [
    "/pfx_",
    "/strict_validator",
    "/consumers",
    "/schema",
    "/subject_attributes",
    "/key_type",
    "/version",
    "/oid",
    "/role",
    "/serial_mode",
    "/files/certificate",
    "/name",
    "/thumbprint",
    "/purpose",
    "/revocation/status",
];

#[test]
fn text_has_the_facts_of_the_document() {
    let scene = Scene::with_ca_of(&["--email", "ca@example.com", "--permit-dns", "example.com"]);
    scene
        .issue("db1.example.com", &["--cn", "Database one"])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "request",
            "--host",
            "db3.example.com",
            "--org",
            "Example",
            "--san",
            "dns:db4.example.com",
        ])
        .run()
        .ok();
    for args in [
        &["ca", "show"][..],
        &["cert", "show", "01"],
        &["cert", "list"],
        &["cert", "verify", "01", "--at", "2027-01-01"],
        &[
            "cert",
            "verify",
            "01",
            "--name",
            "x.example.com",
            "--at",
            "2099-01-01",
        ],
        &[
            "cert",
            "issue",
            "--host",
            "db2.example.com",
            "--days",
            "9000",
            "--dry-run",
        ],
        &[
            "cert",
            "request",
            "--host",
            "db2.example.com",
            "--org",
            "Example",
            "--dry-run",
        ],
        &[
            "cert",
            "sign",
            "-v",
            "db3_req.pem",
            "--accept-csr-names",
            "--dry-run",
        ],
        &["ca", "adopt"],
        &["cert", "show", "-v", "gsec-ca/repository/01_db1_cert.pfx"],
        &[
            "cert",
            "match",
            "gsec-ca/repository/01_db1_cert.pfx",
            "gsec-ca/repository/01_db1_cert.pem",
        ],
        &[
            "cert",
            "match",
            "gsec-ca/repository/01_db1_cert.pfx",
            "gsec-ca/ca_conf/ca_cert.pem",
        ],
        &[
            "doctor",
            "-v",
            "gsec-ca/repository/01_db1_cert.pem",
            "gsec-ca/repository/01_db1_cert.pfx",
            "--name",
            "x.example.com",
        ],
        &["doctor", "--list", "-v"],
        &["doctor", "--explain", "key-mismatch"],
    ] {
        let text = scene.gsec(args).run();
        let text = format!("{}{}", text.stdout, text.stderr);
        let mut facts = Vec::new();
        leaves(&scene.gsec(args).args(&["--json"]).run().json(), "", &mut facts);
        for (place, fact) in facts.iter().filter(|(place, _)| !is_for_programs(place, args)) {
            // The target stands in the heading, and a finding does not repeat it.
            let is_subject = place.contains("/findings/") && place.ends_with("/subject");
            let mut is_there =
                text.contains(fact) || is_subject && fact.split(": ").all(|part| text.contains(part));
            if place.contains("sha1") || place.contains("sha256") {
                is_there |= text.contains(&colons(fact));
            }
            if args == ["cert", "list"] {
                // The day of the end, names without their kinds, and these instead of the subject.
                is_there |= place.ends_with("/not_after") && text.contains(&fact[..10])
                    || place.contains("/names/")
                        && fact.split_once(':').is_some_and(|(_, name)| text.contains(name))
                    || place.ends_with("/subject");
            }
            assert!(
                is_there,
                "{place}, `{fact}`, of {args:?} is not in the text:\n{text}"
            );
        }
    }
}

/// Digits as text has those of thumbprints.
fn colons(digits: &str) -> String {
    let bytes = digits.as_bytes().chunks(2);
    let pairs: Vec<String> = bytes
        .map(|pair| String::from_utf8_lossy(pair).to_uppercase())
        .collect();
    pairs.join(":")
}

/// What text says in other words, or not at all. Begin and end of what is issued go by now, which differs between two calls.
fn is_for_programs(place: &str, args: &[&str]) -> bool {
    let endings = ["/code", "/source", "/file", "/ca_dir", "/value", "/summary"];
    IN_OTHER_WORDS.iter().any(|known| place.contains(known))
        || endings.iter().any(|ending| place.ends_with(ending))
        || (["/not_before", "/not_after"].contains(&place) && args.contains(&"--dry-run"))
}

#[test]
fn quiet_leaves_errors_and_what_was_asked_for() {
    let scene = Scene::with_ca();
    let quiet = |args: &[&str]| scene.gsec(args).args(&["--quiet"]).run();
    for (args, code) in [
        (&["cert", "issue", "db1", "--key-type", "p256"][..], 0),
        (&["cert", "ensure", "db1", "--key-type", "p256"], 0),
        (&["cert", "renew", "01"], 0),
        (&["cert", "revoke", "01"], 0),
        (&["crl", "update"], 0),
        (
            &[
                "ca",
                "init",
                "--cn",
                "Other",
                "--ca-dir",
                "other",
                "--key-type",
                "p256",
            ],
            0,
        ),
        (
            &["convert", "to-der", "gsec-ca/repository/02.pem", "--out", "x.der"],
            0,
        ),
        (&["quickstart", "db9.example.com", "--ca-dir", "third"], 0),
    ] {
        let said = quiet(args).code(code);
        assert!(said.stdout.is_empty() && said.stderr.is_empty(), "{said}");
    }
    for (args, code) in [
        (&["cert", "list"][..], 0),
        (&["cert", "show", "02"], 0),
        (&["cert", "verify", "02"], 0),
        (&["cert", "verify", "01"], 1),
        (&["cert", "issue", "db2.example.com", "--dry-run"], 0),
        (&["cert", "ensure", "db2.example.com", "--check"], 1),
        (&["doctor", "gsec-ca"], 0),
        (&["ca", "show"], 0),
    ] {
        let said = quiet(args).code(code);
        assert!(!said.stdout.is_empty() && said.stderr.is_empty(), "{said}");
    }
    let loud = scene.issue("db1", &[]).run().ok();
    assert!(loud.stderr.starts_with("warning: "), "{loud}");
    let refused = quiet(&["cert", "show", "77"]).code(3);
    assert!(
        refused.stderr.starts_with("error: "),
        "errors are always said: {refused}"
    );
    // Of a list, what failed.
    scene.write("list.csv", "host\na.example.com\nb.example.com\n");
    let batch = quiet(&["cert", "issue", "--from", "list.csv", "--key-type", "p256"]).ok();
    assert!(batch.stdout.is_empty() && batch.stderr.is_empty(), "{batch}");
    scene.write("list.csv", "host\nc.example.com\nnot_a_host.example.com\n");
    let batch = quiet(&["cert", "issue", "--from", "list.csv", "--key-type", "p256"]).code(3);
    assert!(
        batch.stdout.contains("not_a_host") && !batch.stdout.contains("c.example.com "),
        "{batch}"
    );
}
