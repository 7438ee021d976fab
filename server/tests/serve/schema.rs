//! docs/schema/serve.toml.json and the reader of serve.toml: what an editor lets pass, the server takes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gsec_server::settings::Settings;
use serde_json::Value;

use crate::site::{Site, run};

/// What both say to: texts that are settings, and texts that are none.
const AGREED: &[(&str, bool)] = &[
    ("", true),
    ("names = []", true),
    ("names = ['ca.test', '10.0.0.1']", true),
    ("names = 'ca.test'", false),
    ("names = [1]", false),
    ("listen = ''", false),
    ("listen = 'x'", false),
    ("listen = '8443'", false),
    ("listen = ':'", false),
    ("listen = ':0'", true),
    ("listen = ':8443'", true),
    ("listen = ':65535'", true),
    ("listen = ':65536'", false),
    ("listen = ':99999'", false),
    ("listen = ':+80'", false),
    ("listen = ':8443\\n'", false),
    ("listen = '127.0.0.1:8443'", true),
    ("listen = '127.0.0.256:8443'", false),
    ("listen = '127.0.0.01:8443'", false),
    ("listen = '[::1]:8443'", true),
    ("listen = '::1:8443'", false),
    ("http = 'localhost:80'", false),
    ("metrics = ''", false),
    ("metrics = '127.0.0.1:9273'", true),
    ("log = 'off'", false),
    ("log = 'Text'", false),
    ("log = 'text'", true),
    ("terms = 'http:'", false),
    ("terms = ''", false),
    ("terms = 'ftp://a'", false),
    ("terms = 'https:foo'", false),
    ("terms = 'https://a b'", false),
    ("terms = 'https://a.test/a b'", false),
    ("terms = 'https://a.test/terms'", true),
    ("terms = 'HTTPS://a.test/x'", true),
    ("terms = 'https://a.test/\u{e4}'", true),
    ("agree_again = 'no'", false),
    ("external_account_required = true", true),
    ("default_profile = ''", false),
    ("default_profile = 'host'", true),
    ("profiles = []", false),
    ("profiles = ['']", false),
    ("profiles = ['host', 'host']", true),
    ("order_hours = '24'", false),
    ("order_hours = 0", false),
    ("order_hours = 8760", true),
    ("order_hours = 8761", false),
    ("order_hours = 2026-11-30", false),
    ("proof_days = 399", false),
    ("pending_names = 4294967296", false),
    ("x = 1", false),
    ("limits = []", false),
    ("[limits]", true),
    ("[limits]\nnew_orders = 5", false),
    ("[limits]\nnew_orders = '0/1h'", true),
    ("[limits]\nnew_orders = '1/0s'", false),
    ("[limits]\nnew_orders = '0/0s'", false),
    ("[limits]\nnew_orders = '1/4000d'", true),
    ("[limits]\nnew_orders = '99999999999/1h'", false),
    ("[limits]\nnew_orders = '1/99999999999d'", false),
    ("[limits]\nnew_orders = '+1/1h'", false),
    ("[limits]\nnew_orders = '1/+1h'", false),
    ("[limits]\nnew_orders = '1 / 1h'", false),
    ("[limits]\nnew_orders = '1/1H'", false),
    ("[limits]\nnew_orders = '1/1w'", false),
    ("[limits]\nnew_orders = '1/h'", false),
    ("[limits]\nnew_orders = \"1/1h\\n\"", false),
    ("[limits]\nnew_orders = \"\\u0661/1h\"", false),
    ("validate = []", true),
    ("[validate]\nhttp_port = 80", false),
    ("[[validate]]", true),
    ("[[validate]]\nx = 1", false),
    ("[[validate]]\nnames = ''", false),
    ("[[validate]]\nnames = '.'", false),
    ("[[validate]]\nnames = 'example.com.'", true),
    ("[[validate]]\nnames = '.example.com'", false),
    ("[[validate]]\nnames = '*.a.test'", false),
    ("[[validate]]\nnames = '10.0.0.1'", true),
    ("[[validate]]\nnames = '10.0.0.0/8'", true),
    ("[[validate]]\nnames = 'fd00::/8'", true),
    ("[[validate]]\nnames = ['a.test', 'b_c.test', '10.0.0.0/8']", true),
    ("[[validate]]\nnames = ['a.test', '*.b.test']", false),
    ("[[validate]]\nnames = []", false),
    ("[[validate]]\nresolvers = []", true),
    ("[[validate]]\nresolvers = ['dns']", false),
    (
        "[[validate]]\nresolvers = ['::1', '[::1]:53', '10.0.0.53', '10.0.0.53:5353']",
        true,
    ),
    ("[[validate]]\nresolvers = ['1.1.1.1:0']", false),
    ("[[validate]]\nresolvers = ['1.1.1.1:99999']", false),
    ("[[validate]]\nhttp_port = 0", false),
    ("[[validate]]\nhttp_port = 65536", false),
    ("[[validate]]\nallow = []", true),
    ("[[validate]]\nallow = ['10.0.0.0']", true),
    ("[[validate]]\nallow = ['example.com']", false),
    ("[[validate]]\nsource = '::1'", true),
    ("[[validate]]\nsource = 'eth0'", false),
    ("[[validate]]\nsource = '10.0.0.0/8'", false),
    ("[[validate]]\ncaa = []", false),
    ("[[validate]]\ncaa = ['']", false),
    ("[[validate]]\ncaa = ['x']", true),
    ("[[validate]]\ncaa = ['CA.X', 'ca.example.com.']", true),
    ("[[validate]]\ncaa = ['\u{e4}.test']", true),
    ("[[validate]]\ncaa = ['10.0.0.1']", false),
    ("[[validate]]\ncaa = ['-a.test']", false),
    ("[[validate]]\ncaa = ['a b']", false),
    ("[[validate]]\ncaa = ['a_b.test']", false),
    ("[[validate]]\ncaa = ['*.example.com']", false),
    ("[[validate]]\nnames = '10.0.0.0/8'\ncaa = ['a.b']", false),
    ("[[validate]]\nnames = ['a.b', 'fd00::/8']\ncaa = ['a.b']", false),
    ("[[validate]]\nnames = ['a.b']\ncaa = ['a.b']", true),
];

/// What no pattern can say: the server refuses them, and an editor does not know.
const NO_PATTERN: &[&str] = &[
    // An integer in JSON Schema, and a float in TOML.
    "order_hours = 1.0",
    "proof_days = 1e1",
    "pending_names = 1.0",
    // Bits behind the prefix.
    "[[validate]]\nnames = '10.0.0.1/8'",
    // Two sections.
    "[[validate]]\n[[validate]]",
    "[[validate]]\nnames = 'a.test'\n[[validate]]\nnames = 'A.test'",
];

const JUDGE: &str = "import json, sys, jsonschema
schema, texts = json.load(sys.stdin)
validator = jsonschema.Draft202012Validator(schema)
json.dump([validator.is_valid(text) for text in texts], sys.stdout)";

/// What the schema says to each.
fn by_schema(texts: &[&str]) -> Vec<bool> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let schema = std::fs::read_to_string(root.join("docs/schema/serve.toml.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let as_json =
        |text: &&str| toml::from_str::<Value>(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let given = serde_json::json!([schema, texts.iter().map(as_json).collect::<Vec<_>>()]);
    let venv = || root.join("target/peers/venv/bin/python").into_os_string();
    let python = PathBuf::from(std::env::var_os("GSEC_PEER_PYTHON").unwrap_or_else(venv));
    let mut judge = Command::new(&python)
        .args(["-c", JUDGE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}; `sh tests/run.sh` installs it", python.display()));
    let mut stdin = judge.stdin.take().expect("a pipe");
    stdin.write_all(given.to_string().as_bytes()).expect("written");
    drop(stdin);
    let output = judge.wait_with_output().expect("ended");
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn an_editor_lets_pass_what_the_server_takes_and_nothing_else() {
    let texts: Vec<&str> = AGREED.iter().map(|(text, _)| *text).collect();
    for ((text, is_good), by_schema) in AGREED.iter().zip(by_schema(&texts)) {
        let read = Settings::read(text);
        assert_eq!(read.is_ok(), *is_good, "the reader: {text:?}: {read:?}");
        assert_eq!(by_schema, *is_good, "the schema: {text:?}");
    }
    assert!(by_schema(NO_PATTERN).iter().all(|passes| *passes));
    for text in NO_PATTERN {
        Settings::read(text).expect_err(text);
    }
}

/// What depends on more than the file is an error at the start, and not of the first client.
#[test]
fn what_the_file_alone_does_not_tell_is_an_error_at_the_start() {
    let mut site = Site::without_dns();
    assert_eq!(site.stop(), Some(0));
    let path = site.ca().join("ca_conf/serve.toml");
    let rows = [
        (
            "default_profile = 'nope'",
            "`default_profile` of serve.toml has `nope`",
        ),
        (
            "profiles = ['host', 'nope']",
            "`profiles` of serve.toml has `nope`",
        ),
        (
            "listen = ':28443'\nhttp = ':28443'",
            "each needs a port of its own",
        ),
    ];
    for (text, said) in rows {
        let places = if text.contains("listen") {
            ""
        } else {
            "\nlisten = '127.0.0.1:0'\nhttp = '127.0.0.1:0'"
        };
        std::fs::write(&path, format!("names = ['127.0.0.1']\n{text}{places}\n")).expect("written");
        let refused = run(Command::new("timeout")
            .args([
                "60",
                env!("CARGO_BIN_EXE_gsecd"),
                "serve",
                "--no-input",
                "--ca-dir",
            ])
            .arg(site.ca()));
        assert_eq!(refused.status, Some(3), "{text}: {refused}");
        assert!(refused.stderr.contains(said), "{text}: {refused}");
    }
    std::fs::write(&path, "names = ['127.0.0.1']\n").expect("written");
    let nowhere = site.folder().join("nowhere");
    let refused = site.gsec(&["serve", "--signer-dir", nowhere.to_str().expect("a path")]);
    assert_eq!(refused.status, Some(3), "{refused}");
    assert!(refused.stderr.contains("gsec serve move-key --to"), "{refused}");
}
