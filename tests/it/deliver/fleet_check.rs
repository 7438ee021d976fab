//! `gsec fleet check`: an inventory, the CA that it names, and what could not be looked at.

use crate::common;

use std::collections::BTreeSet;

use common::inventories::{DELIVERED, EVERY_KEY, RIGHT};
use common::{Outcome, Scene, gsec, python};
use serde_json::Value;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema/fleet.1.json");

fn check(scene: &Scene, flags: &[&str]) -> Outcome {
    scene.gsec(&["fleet", "check", "--json"]).args(flags).run()
}

/// Slug and severity of each finding.
fn found(outcome: &Outcome) -> Vec<String> {
    let findings = outcome.json()["findings"].clone();
    let short = |finding: &Value| {
        let text = |name: &str| finding[name].as_str().expect("a text").to_owned();
        format!("{} {}", text("slug"), text("severity"))
    };
    findings.as_array().expect("findings").iter().map(short).collect()
}

/// What is wrong, leaving aside that hosts have no certificates yet.
fn faults(outcome: &Outcome) -> Vec<String> {
    let mut found = found(outcome);
    found.retain(|finding| finding != "fleet-certificate-missing notice");
    found
}

/// What was not looked at, and why.
fn not_checked(outcome: &Outcome) -> Vec<(String, String)> {
    let parts = outcome.json()["not_checked"].clone();
    let text = |part: &Value, name: &str| part[name].as_str().expect("a text").to_owned();
    let parts = parts.as_array().expect("parts").clone();
    parts
        .iter()
        .map(|part| (text(part, "what"), text(part, "why")))
        .collect()
}

fn of(scene: Scene, inventory: &str) -> Scene {
    scene.write("fleet.toml", inventory);
    scene
}

#[test]
fn answer_is_yes_no_or_could_not() {
    let scene = of(Scene::with_ca(), RIGHT);
    let text = scene.gsec(&["fleet", "check"]).run().ok().stdout;
    assert_eq!(
        text,
        "fleet.toml: 1 notice\n  notice  fleet-certificate-missing: line 7, column 8: host `cs1` and 1 more have no \
         certificates yet\n          fqdn = \"cs1.example.com\"\n                 ^^^^^^^^^^^^^^^^^\n          help: \
         `gsec fleet apply` issues them\nnot checked: the names and addresses of hosts (only with --resolve)\n"
    );
    let clash = RIGHT.replace("number = 2021", "number = 2020");
    let outcome = scene
        .gsec(&["fleet", "check", "--inventory", "-"])
        .stdin(&clash)
        .run()
        .code(1);
    assert!(
        outcome
            .stdout
            .contains("\n  error   fleet-port-clash: line 22, column 10: "),
        "{outcome}"
    );
    scene.refuses(
        &["fleet", "check", "--inventory", "nosuch.toml"],
        3,
        &[
            "error: cannot read `nosuch.toml`: no such file or directory",
            "hint: …",
        ],
    );
    scene.write("latin.toml", b"version = 1 # \xe4\n");
    scene.refuses(
        &["fleet", "check", "--inventory", "latin.toml"],
        3,
        &["error: `latin.toml` is not UTF-8: byte 15"],
    );
    scene.gsec(&["fleet", "check", "--inventroy", "x"]).run().code(2);
}

#[test]
fn warnings_alone_are_no_error() {
    let scene = of(Scene::with_ca(), &RIGHT.replace("auto-detect", "secured"));
    let outcome = check(&scene, &[]).code(0);
    assert_eq!(faults(&outcome), ["fleet-cs-secured-port warning"]);
    assert_eq!(outcome.json()["ok"], true);
}

#[test]
fn what_is_wrong_with_the_form_is_all_that_is_said() {
    let scene = of(
        Scene::empty(),
        &RIGHT.replace("host = \"pc1\"\n", "hots = \"pc1\"\n"),
    );
    let outcome = check(&scene, &[]).code(1);
    assert_eq!(
        faults(&outcome),
        ["fleet-missing-key error", "fleet-unknown-key error"]
    );
    assert_eq!(
        not_checked(&outcome),
        [(
            "everything else".into(),
            "a part of the inventory could not be read".into()
        )]
    );
}

#[test]
fn without_a_ca_it_is_said_what_was_not_checked() {
    let scene = of(Scene::empty(), RIGHT);
    let nowhere = not_checked(&check(&scene, &[]).code(0));
    assert_eq!(nowhere.len(), 3, "{nowhere:?}");
    assert_eq!(nowhere[0].0, "the profiles of hosts");
    assert!(nowhere[0].1.starts_with("no CA here"), "{nowhere:?}");
    scene.write(
        "fleet.toml",
        format!(
            "ca_dir = \"nosuch\"\n{}",
            RIGHT.replace("profile = \"gui\"", "profile = \"x\"")
        ),
    );
    let outcome = check(&scene, &[]).code(0);
    assert!(not_checked(&outcome)[1].1.contains("`nosuch`"), "{outcome}");
}

#[test]
fn policy_that_cannot_be_read_leaves_the_certificates_checked() {
    let scene = of(Scene::with_ca(), RIGHT);
    scene.edit("gsec-ca/ca_conf/gsec.toml", "serial = ", "serail = ");
    let outcome = check(&scene, &[]).code(0);
    let parts: Vec<String> = not_checked(&outcome).into_iter().map(|(what, _)| what).collect();
    assert_eq!(
        parts,
        ["the profiles of hosts", "the names and addresses of hosts"],
        "{outcome}"
    );
}

#[test]
fn profiles_are_those_of_the_ca() {
    let scene = of(
        Scene::with_ca(),
        &RIGHT.replace("profile = \"gui\"", "profile = \"giu\""),
    );
    let outcome = check(&scene, &[]).code(1);
    assert_eq!(faults(&outcome), ["fleet-unknown-profile error"]);
    assert_eq!(outcome.json()["findings"][1]["help"], "`gui` may be meant");
    scene.write(
        "fleet.toml",
        RIGHT.replace("profile = \"server\"", "profile = \"gui\""),
    );
    assert_eq!(faults(&check(&scene, &[]).code(0)), ["fleet-profile warning"]);
    // Without a name it is the profile `host`, which is for both.
    scene.write("fleet.toml", RIGHT.replace("profile = \"server\"\n", ""));
    assert_eq!(faults(&check(&scene, &[]).code(0)), Vec::<String>::new());
}

#[test]
fn ca_directory_is_relative_to_the_inventory_unless_an_option_names_one() {
    let scene = Scene::with_ca();
    std::fs::create_dir(scene.dir.path("site")).expect("a folder");
    scene.write(
        "site/fleet.toml",
        format!("ca_dir = \"../gsec-ca\"\n{}", RIGHT.replace("\"gui\"", "\"x\"")),
    );
    let inventory = ["--inventory", "site/fleet.toml"];
    assert_eq!(
        faults(&check(&scene, &inventory).code(1)),
        ["fleet-unknown-profile error"]
    );
    let elsewhere = check(&scene, &["--inventory", "site/fleet.toml", "--ca-dir", "nosuch"]).code(0);
    assert!(not_checked(&elsewhere)[0].1.contains("`nosuch`"), "{elsewhere}");
}

#[test]
fn certificates_of_hosts_must_have_the_fully_qualified_name() {
    let scene = of(Scene::with_ca(), RIGHT);
    let issue = |host: &str, flags: &[&str]| {
        scene.issue(host, flags).run().ok();
    };
    issue("cs1.example.com", &[]);
    assert_eq!(faults(&check(&scene, &[]).code(0)), Vec::<String>::new());
    issue("cs1.example.com", &["--cn", "Configuration"]);
    let outcome = check(&scene, &[]).code(0);
    assert_eq!(faults(&outcome), ["fleet-fqdn warning"]);
    let message = outcome.json()["findings"][0]["message"]
        .as_str()
        .expect("a text")
        .to_owned();
    assert!(
        message.starts_with("certificate 02 has `cs1.example.com` only in its subjectAltName"),
        "{message}"
    );
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    scene.gsec(&["cert", "revoke", "02"]).run().ok();
    let revoked = check(&scene, &[]).code(0);
    assert_eq!(faults(&revoked), ["fleet-certificate-revoked warning"]);
    // An older copy of ca.db that somebody put back takes no revocation back.
    let index = scene.read("gsec-ca/ca_conf/ca.db");
    let unrevoked: String = index
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split('\t').collect();
            (cells[0], cells[2]) = ("V", "");
            cells.join("\t") + "\n"
        })
        .collect();
    scene.write("gsec-ca/ca_conf/ca.db", unrevoked);
    let put_back = check(&scene, &[]).code(0);
    assert_eq!(faults(&put_back), ["fleet-certificate-revoked warning"]);
    scene.write("gsec-ca/ca_conf/ca.db", index);
    assert!(
        revoked
            .stdout
            .contains("certificate of host `cs1`, 02, is revoked"),
        "{revoked}"
    );
    issue("cs1", &[]);
    let outcome = check(&scene, &[]).code(1);
    assert_eq!(faults(&outcome), ["fleet-fqdn error"]);
    let message = outcome.json()["findings"][0]["message"]
        .as_str()
        .expect("a text")
        .to_owned();
    assert!(message.contains("03") && message.contains("dns:cs1"), "{message}");
}

#[test]
fn certificates_of_another_key_of_the_ca_are_those_of_another_ca() {
    let scene = of(Scene::with_ca(), RIGHT);
    scene.issue("cs1.example.com", &[]).run().ok();
    scene.gsec(&["ca", "rekey", "--yes"]).run().ok();
    assert_eq!(faults(&check(&scene, &[]).code(0)), Vec::<String>::new());
    scene.issue("pc1.example.com", &[]).run().ok();
    let outcome = check(&scene, &[]).code(0);
    assert_eq!(faults(&outcome), ["fleet-two-cas warning"]);
    let places = outcome.json()["findings"][0]["places"].as_array().map(Vec::len);
    assert_eq!(places, Some(2), "{outcome}");
}

#[test]
fn names_are_looked_up_only_on_request() {
    let inventory = RIGHT.replace("fqdn = \"cs1.example.com\"", "fqdn = \"localhost\"");
    let inventory = inventory.replace("fqdn = \"pc1.example.com\"", "fqdn = \"LOCALHOST\"");
    let scene = of(Scene::with_ca(), &inventory);
    assert_eq!(
        faults(&check(&scene, &[]).code(1)),
        ["fleet-duplicate-fqdn error"]
    );
    let outcome = check(&scene, &["--resolve"]);
    let slugs = faults(&outcome);
    assert!(
        slugs.contains(&"fleet-resolve-address warning".to_owned()),
        "{outcome}"
    );
    assert_eq!(not_checked(&outcome), [], "{outcome}");
}

/// Each key of the schema under a name that is none, and with a value of another type.
fn broken() -> Vec<String> {
    let lines: Vec<&str> = EVERY_KEY.lines().collect();
    let mut broken = Vec::new();
    let of_settings = ["tls", "certificate = \"/c.pem\""];
    for (at, line) in lines.iter().enumerate() {
        let Some((key, value)) = line.split_once(" = ") else {
            continue;
        };
        let is_number = value
            .chars()
            .all(|character| character.is_ascii_digit() || character == '-');
        let other = if is_number { "\"x\"" } else { "5" };
        let mut variants = vec![format!("{key} = {other}")];
        // Any option may stand in `annex`.
        if !of_settings.iter().any(|setting| line.starts_with(setting)) {
            variants.push(format!("{key}x = {value}"));
        }
        for variant in variants {
            let mut lines = lines.clone();
            lines[at] = &variant;
            broken.push(lines.join("\n"));
        }
    }
    broken
}

#[test]
fn schema_and_reader_accept_and_refuse_the_same() {
    let scene = Scene::empty();
    let texts: Vec<String> = [EVERY_KEY.to_owned(), RIGHT.to_owned()]
        .into_iter()
        .chain(broken())
        .collect();
    assert!(texts.len() > 120, "{}", texts.len());
    let asked = serde_json::to_string(&texts).expect("JSON");
    let verdicts = python("check_inventories.py")
        .args(&[SCHEMA])
        .stdin(asked)
        .run()
        .ok()
        .stdout;
    let verdicts: Vec<&str> = verdicts.lines().collect();
    assert_eq!(verdicts.len(), texts.len());
    let of_form = [
        "fleet-syntax",
        "fleet-unknown-key",
        "fleet-missing-key",
        "fleet-value",
    ];
    for (number, (text, verdict)) in texts.iter().zip(verdicts).enumerate() {
        let outcome = scene
            .gsec(&["fleet", "check", "--inventory", "-", "--json"])
            .stdin(text)
            .run();
        let is_read = !faults(&outcome)
            .iter()
            .any(|slug| of_form.iter().any(|form| slug.starts_with(form)));
        assert_eq!(
            (is_read, verdict),
            (number < 2, if number < 2 { "yes" } else { "no" }),
            "{text}\n{outcome}"
        );
    }
}

/// The names of all properties of a schema.
fn properties(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                names.extend(properties.keys().cloned());
            }
            members.values().for_each(|member| properties(member, names));
        }
        Value::Array(entries) => entries.iter().for_each(|entry| properties(entry, names)),
        _ => (),
    }
}

#[test]
fn every_key_of_the_schema_is_tried() {
    let schema: Value = serde_json::from_str(&gsec(&["fleet", "schema"]).run().ok().stdout).expect("JSON");
    let mut names = BTreeSet::new();
    properties(&schema, &mut names);
    assert!(names.len() > 50, "{names:?}");
    for name in names {
        let is_there = EVERY_KEY.lines().any(|line| {
            line.starts_with(&format!("{name} = "))
                || line.trim_matches(['[', ']']).rsplit('.').next() == Some(name.as_str())
        });
        assert!(is_there, "no line has `{name}`");
    }
}

/// What people type, and what attackers do.
const VALUES: [&str; 12] = [
    "",
    "-x",
    "..",
    "/etc/ssl/front/../..",
    "$(id)",
    "0666",
    "1000d",
    "java",
    "tomcat",
    "generic",
    "web2.example.com",
    "ed25519",
];

#[test]
fn an_inventory_that_check_calls_clean_is_planned() {
    let scene = of(Scene::with_ca(), DELIVERED);
    assert_eq!(faults(&check(&scene, &[]).code(0)), Vec::<String>::new());
    scene.edit(
        "gsec-ca/ca_conf/gsec.toml",
        "name_suffixes = []",
        "name_suffixes = [\"example.com\"]",
    );
    let mut refused = BTreeSet::new();
    let lines: Vec<&str> = DELIVERED.lines().collect();
    for (at, line) in lines.iter().enumerate().skip(1) {
        let typed = |value: &str| {
            let (before, rest) = line.split_once('"')?;
            let (_, after) = rest.split_once('"')?;
            Some(format!("{before}\"{value}\"{after}"))
        };
        let without = (!line.starts_with('[')).then(String::new);
        for changed in VALUES.into_iter().map(typed).chain([without]).flatten() {
            let mut lines = lines.clone();
            lines[at] = &changed;
            scene.write("fleet.toml", lines.join("\n"));
            let plan = scene.gsec(&["fleet", "plan", "--json"]).run();
            let is_planned =
                plan.status == Some(0) && plan.json()["plan"]["problems"] == serde_json::json!([]);
            if !is_planned {
                let outcome = check(&scene, &[]).code(1);
                refused.extend(faults(&outcome));
            }
        }
    }
    let slugs = [
        "bundle-key-mode",
        "bundle-name-unsafe",
        "bundle-not-for-target",
        "bundle-target-needs-group",
        "fleet-duplicate-fqdn",
        "fleet-refused-by-ca",
        "fleet-unknown-file",
        "fleet-unknown-mode",
        "fleet-unknown-profile",
        "fleet-unknown-target",
        "fleet-value",
    ];
    for slug in slugs {
        assert!(refused.contains(&format!("{slug} error")), "{slug}: {refused:#?}");
    }
}

#[test]
fn a_host_without_a_certificate_gets_nothing_and_that_is_said() {
    let none = DELIVERED.replace("certificate = \"host\"", "certificate = \"none\"");
    let scene = of(Scene::with_ca(), &none);
    let outcome = check(&scene, &[]).code(0);
    assert_eq!(faults(&outcome), ["fleet-nothing-to-install warning"]);
    for only in ["web1", "web1.*"] {
        let said = ["error: host `web1` has `certificate = \"none\"`: there is nothing to do for it"];
        scene.refuses(&["fleet", "plan", "--only", only], 3, &said);
    }
}

/// A certificate of two names is not that of the host that has the other one.
#[test]
fn certificate_of_another_host_is_not_named() {
    let both = RIGHT.replace("address = \"10.0.0.1\"", "names = [ \"dns:pc1.example.com\" ]");
    let scene = of(Scene::with_ca(), &both);
    scene.issue("pc1.example.com", &[]).run().ok();
    let outcome = check(&scene, &[]).code(0);
    assert_eq!(found(&outcome), ["fleet-certificate-missing notice"]);
    assert!(
        outcome.stdout.contains("host `cs1` has no certificate yet"),
        "{outcome}"
    );
}

#[test]
fn file_that_is_no_text_for_an_inventory_is_named_for_what_it_is() {
    let scene = of(Scene::with_ca(), RIGHT);
    let units = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    scene.write("wide.toml", units(&format!("\u{feff}{RIGHT}")));
    scene.write("bare.toml", units(RIGHT));
    scene.write("wide.csv", units("\u{feff}host\na\n"));
    for (args, byte, hint) in [
        (
            &["fleet", "check", "--inventory", "wide.toml"][..],
            1,
            "UTF-16 -t UTF-8 wide.toml > new.toml",
        ),
        (
            &["fleet", "check", "--inventory", "bare.toml"],
            2,
            "UTF-16LE -t UTF-8 bare.toml > new.toml",
        ),
        (
            &["doctor", "wide.toml"],
            1,
            "UTF-16 -t UTF-8 wide.toml > new.toml",
        ),
        (
            &["fleet", "import", "--csv", "wide.csv", "--out", "x.toml"],
            1,
            "UTF-16 -t UTF-8 wide.csv > new.csv",
        ),
    ] {
        let file = hint.split(' ').nth(3).expect("a name");
        let error = format!("error: `{file}` is not UTF-8: byte {byte}");
        scene.refuses(args, 3, &[&error, &format!("hint: `iconv -f {hint}`")]);
    }
    let elsewhere = common::TestDir::new();
    let pipe = elsewhere.path("pipe.toml");
    common::tool("mkfifo").args(&[&pipe]).run().ok();
    for command in [
        "fleet check --inventory",
        "fleet apply --yes --plan",
        "fleet import --csv",
        "fleet import --json-export",
        "conf lint",
        "transport lint --file",
        "banner lint",
    ] {
        let words: Vec<&str> = command.split(' ').chain([pipe.as_str()]).collect();
        let refused = scene.gsec(&words).run().code(3);
        assert!(
            refused.stderr.contains("pipe.toml` is not a regular file"),
            "{refused}"
        );
    }
    // What the process was started with is read whatever it is.
    let program = env!("CARGO_BIN_EXE_gsec");
    let line = format!("'{program}' fleet check --inventory <(cat fleet.toml) --ca-dir gsec-ca");
    common::tool("bash")
        .args(&["-c", &line])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    scene.write("fleet.toml", format!("out_dir = \"\"\n{RIGHT}"));
    let empty = check(&scene, &[]).code(1);
    assert_eq!(faults(&empty), ["fleet-value error"]);
    assert!(empty.stdout.contains("`out_dir` is empty"), "{empty}");
}

#[test]
fn what_apply_would_refuse_is_found_with_its_place() {
    let scene = of(Scene::with_ca(), DELIVERED);
    scene.write("file", "");
    for (old, new, expected) in [
        (
            "user = \"gsec\"\naddress",
            "user = \"-oProxyCommand=x\"\naddress",
            "push-address error 25",
        ),
        (
            "address = \"web1.example.com\"",
            "address = \"a b\"",
            "push-address error 26",
        ),
        (
            "names = [",
            "platform = \"windows\"\nnames = [",
            "push-windows warning 25",
        ),
        ("out_dir = \"out\"", "out_dir = \"file\"", "fleet-out-dir error 2"),
        ("group = \"app\"", "", "bundle-target-needs-group error 35"),
        (
            "for = \"unix\"\ngroup = \"app\"\ndest = \"/opt/app/tls\"\nold_names = true",
            "for = \"generic\"",
            "fleet-duplicate-bundle error 35",
        ),
        ("dest = \"/opt/app/tls\"\n", "", "fleet-duplicate-dest error 35"),
        ("key_type = \"p384\"", "key = \"on-host\"", ""),
    ] {
        assert_eq!(DELIVERED.matches(old).count(), 1, "{old}");
        scene.write("fleet.toml", DELIVERED.replace(old, new));
        let outcome = check(&scene, &[]);
        let findings = outcome.json()["findings"].clone();
        let short = |finding: &Value| {
            let text = |name: &str| finding[name].as_str().expect("a text").to_owned();
            format!(
                "{} {} {}",
                text("slug"),
                text("severity"),
                finding["places"][0]["line"]
            )
        };
        let found: Vec<String> = findings.as_array().expect("findings").iter().map(short).collect();
        let found: Vec<&String> = found
            .iter()
            .filter(|found| !found.starts_with("fleet-certificate-missing"))
            .collect();
        let expected: Vec<&str> = Some(expected)
            .filter(|words| !words.is_empty())
            .into_iter()
            .collect();
        assert_eq!(found, expected, "{new}");
    }
}

#[test]
fn inventory_of_a_host_without_a_name_or_beyond_any_size_is_refused() {
    let nameless = "version = 1\n[[host]]\nname = \"a b\"\n";
    let scene = of(Scene::with_ca(), nameless);
    let plan = scene.gsec(&["fleet", "plan", "--json"]).run().code(3).json();
    assert_eq!(plan["plan"]["problems"][0]["code"], "fleet-no-name");
    assert_eq!(faults(&check(&scene, &[]).code(1)), ["fleet-fqdn error"]);
    let hosts: String = (0..=100_000)
        .map(|at| format!("[[host]]\nname=\"a{at}\"\n"))
        .collect();
    let scene = of(Scene::empty(), &format!("version = 1\n{hosts}"));
    assert_eq!(found(&check(&scene, &[]).code(1)), ["fleet-too-large error"]);
}
