//! The Ansible module in `contrib/ansible`, built, installed and run by ansible-core against this machine, in a home of its own.

use crate::common;

use std::collections::BTreeSet;

use common::{Call, Outcome, Scene, Tree, gsec, peer_python, python, records};
use serde_json::Value;

const COLLECTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/contrib/ansible");
const MODULE: &str = "gsec.gsec.gsec_certificate";
const POLICY: &str = "gsec-ca/ca_conf/gsec.toml";

/// What gsec was called with, one argument a line.
const ARGUMENTS: &str = "arguments";

/// What may be nowhere in what Ansible prints, nor in the arguments of gsec.
const PASSPHRASE: &str = "Ca-Passphrase-7391";
const WRONG_PASSPHRASE: &str = "No-Passphrase-1937";
const PFX_PASSWORD: &str = "Pfx-Password-4682";

/// Options of `cert ensure` that no option of the module passes on, and why.
const NOT_PASSED_ON: &[(&str, &str)] = &[
    ("--help", "a task has ansible-doc"),
    ("--check", "check mode"),
    ("--dry-run", "check mode"),
    ("--json", "always"),
    ("--no-input", "always"),
    ("--yes", "nothing is asked"),
    ("--quiet", "the output is JSON"),
    ("--verbose", "the output is JSON"),
    ("--color", "the output is JSON"),
    ("--password-stdin", "a variable serves, and there is one stdin"),
    ("--pfx-password-stdin", "as above"),
    ("--ca-passphrase-stdin", "as above"),
];

/// Every way to call the module that the tests look at, in one run: Ansible takes long to start. `later` repeats `first`.
const PLAYBOOK: &str = r#"
- hosts: localhost
  gather_facts: false
  module_defaults:
    gsec.gsec.gsec_certificate:
      executable: "{{ gsec }}"
      ca_dir: "{{ here }}/gsec-ca"
      key_type: p256
  tasks:
    - gsec.gsec.gsec_certificate: &db1
        host: db1.example.com
        names: "{{ ['ip:10.0.0.5'] + more_names | default([]) }}"
        subject: {org: "$HOME ~ Example", ou: [One, Two]}
        out_dir: "{{ here }}/delivered"
        ca_passphrase: "{{ passphrase }}"
        pfx_password: "{{ pfx_password }}"
      register: first
    - gsec.gsec.gsec_certificate: *db1
      register: later
    - gsec.gsec.gsec_certificate: *db1
      vars:
        more_names: ["dns:more.example.com"]
      check_mode: true
      register: renamed
    - gsec.gsec.gsec_certificate:
        host: db2.example.com
        days: 300
        ca_passphrase: "{{ passphrase }}"
      ignore_errors: true
      register: refused
    - gsec.gsec.gsec_certificate:
        host: --help
      ignore_errors: true
      register: misspelled
    - gsec.gsec.gsec_certificate:
        host: db3.example.com
        ca_passphrase: "{{ wrong_passphrase }}"
      ignore_errors: true
      register: locked
    - ansible.builtin.copy:
        content: "{{ {'first': first, 'later': later, 'renamed': renamed, 'refused': refused, 'misspelled': misspelled, 'locked': locked} | to_json }}"
        dest: "{{ here }}/results.json"
      check_mode: false
      diff: false
"#;

/// A command of Ansible that sees nothing of this machine's configuration, and writes only into the scene.
fn ansible(scene: &Scene, command: &str, args: &[&str]) -> Call {
    let home = scene.dir.path("home");
    let path = std::env::var("PATH").expect("PATH");
    let environment = [
        format!("PATH={path}"),
        format!("HOME={home}"),
        format!("ANSIBLE_HOME={home}/.ansible"),
        format!("ANSIBLE_CONFIG={home}/ansible.cfg"),
        format!("ANSIBLE_COLLECTIONS_PATH={home}/collections"),
        format!("ANSIBLE_LOCAL_TEMP={home}/tmp"),
        format!("ANSIBLE_REMOTE_TEMP={home}/tmp"),
        "ANSIBLE_NO_TARGET_SYSLOG=1".to_owned(),
        "ANSIBLE_NOCOLOR=1".to_owned(),
        "LANG=C.UTF-8".to_owned(),
    ];
    let environment: Vec<&str> = ["-i"]
        .into_iter()
        .chain(environment.iter().map(String::as_str))
        .collect();
    peer_python(&["-m", "ansible", command])
        .args(args)
        .through(common::tool("env").args(&environment))
        .in_dir(scene.dir.path(""))
}

/// A CA with an encrypted key whose policy allows 200 days, and the collection installed as its README says.
fn scene_with_the_collection() -> Scene {
    let scene = Scene::empty();
    scene.write("passphrase.txt", PASSPHRASE);
    scene
        .gsec(&["ca", "init", "--cn", "Test CA", "--key-type", "p256"])
        .args(&["--encrypt-key", "--ca-passphrase-file", "passphrase.txt"])
        .run()
        .ok();
    scene.edit(POLICY, "\nmax_lifetime_days = 0", "\nmax_lifetime_days = 200");
    std::fs::create_dir(scene.dir.path("delivered")).expect("a directory");
    std::fs::create_dir(scene.dir.path("home")).expect("a directory");
    scene.write("home/ansible.cfg", "");
    ansible(
        &scene,
        "galaxy",
        &["collection", "build", COLLECTION, "--output-path", "home"],
    )
    .run()
    .ok();
    let archive = concat!("home/gsec-gsec-", env!("CARGO_PKG_VERSION"), ".tar.gz");
    ansible(
        &scene,
        "galaxy",
        &[
            "collection",
            "install",
            "--offline",
            archive,
            "-p",
            "home/collections",
        ],
    )
    .run()
    .ok();
    scene
}

/// Runs the playbook with the most output that a person asks for, and returns what each task returned.
#[track_caller]
fn play(scene: &Scene, flags: &[&str]) -> (Outcome, Value) {
    let outcome = ansible(scene, "playbook", &["-vvv", "-i", "inventory", "playbook.yml"])
        .args(flags)
        .run()
        .ok();
    let arguments = scene.read(ARGUMENTS);
    assert!(arguments.contains("--ca-passphrase-env=") && arguments.contains("--pfx-password-env="));
    for secret in [PASSPHRASE, WRONG_PASSPHRASE, PFX_PASSWORD] {
        for text in [&outcome.stdout, &outcome.stderr, &arguments] {
            assert!(!text.contains(secret), "`{secret}` is in {text}");
        }
    }
    let results = scene.read("results.json");
    let results = serde_json::from_str(&results).unwrap_or_else(|_| panic!("{results} of {outcome}"));
    (outcome, results)
}

fn prepare_the_play(scene: &Scene) {
    let interpreter = peer_python(&[]).into_command();
    let interpreter = interpreter.get_program().to_string_lossy();
    let gsec = gsec(&[]).into_command();
    let gsec = gsec.get_program().to_string_lossy();
    scene.write(
        "gsec-recorded",
        format!(
            "#!/bin/sh\nprintf '%s\\n' \"$@\" >> {}\nexec {gsec} \"$@\"\n",
            scene.dir.path(ARGUMENTS)
        ),
    );
    scene.chmod("gsec-recorded", 0o755);
    let variables = serde_json::json!({
        "gsec": scene.dir.path("gsec-recorded"), "here": scene.dir.path(""),
        "passphrase": PASSPHRASE, "wrong_passphrase": WRONG_PASSPHRASE, "pfx_password": PFX_PASSWORD,
    });
    std::fs::create_dir(scene.dir.path("host_vars")).expect("a directory");
    scene.write("host_vars/localhost.json", variables.to_string());
    scene.write(
        "inventory",
        format!("localhost ansible_connection=local ansible_python_interpreter={interpreter}\n"),
    );
    scene.write("playbook.yml", PLAYBOOK);
}

fn reason_codes(result: &Value) -> Vec<&str> {
    let reasons = result["reasons"].as_array().expect("reasons");
    reasons
        .iter()
        .filter_map(|reason| reason["code"].as_str())
        .collect()
}

/// What every run says of the three tasks that fail.
#[track_caller]
fn failures_have_the_words_of_gsec(results: &Value) {
    let refused = &results["refused"];
    assert_eq!(
        (&refused["failed"], &refused["error_code"], &refused["rc"]),
        (&true.into(), &"policy.lifetime".into(), &3.into()),
        "{refused}"
    );
    let message = refused["msg"].as_str().expect("a message");
    assert!(
        message.contains("`max_lifetime_days` of `[profile.host]` allows at most 200 days")
            && message.contains("\nhint: pass `--days 200` or less"),
        "{message}"
    );
    assert_eq!(refused["hints"], serde_json::json!(["pass `--days 200` or less"]));
    let misspelled = &results["misspelled"];
    assert_eq!(
        (&misspelled["failed"], &misspelled["error_code"]),
        (&true.into(), &"usage".into()),
        "{misspelled}"
    );
    let message = misspelled["msg"].as_str().expect("a message");
    assert!(
        message.contains("invalid value '--help' for '--host"),
        "{message}"
    );
}

#[test]
fn a_playbook_issues_once_and_then_changes_nothing_and_check_mode_changes_nothing_at_all() {
    let scene = scene_with_the_collection();
    prepare_the_play(&scene);
    let ca = || Tree::of(scene.dir.path("gsec-ca"));

    let before = ca();
    let (outcome, checked) = play(&scene, &["--check", "--diff"]);
    ca().is_unchanged_since(&before);
    assert_eq!(
        Tree::of(scene.dir.path("delivered")).files(),
        Vec::<String>::new()
    );
    for task in ["first", "later"] {
        let result = &checked[task];
        assert_eq!(
            (&result["changed"], &result["action"]),
            (&true.into(), &"would_issue".into()),
            "{result}"
        );
        assert_eq!(reason_codes(result), ["no_certificate"]);
    }
    assert!(
        outcome
            .stdout
            .contains("+++ after: db1.example.com (would_issue)")
            && outcome
                .stdout
                .contains("+        \"no_certificate: there is no certificate for db1.example.com\""),
        "{outcome}"
    );
    failures_have_the_words_of_gsec(&checked);

    let (outcome, played) = play(&scene, &["--diff"]);
    let [first, later, renamed] = ["first", "later", "renamed"].map(|task| &played[task]);
    assert_eq!(
        (&first["changed"], &first["action"], &first["serial"]),
        (&true.into(), &"issued".into(), &"01".into()),
        "{first}"
    );
    assert_eq!(
        first["names"],
        serde_json::json!(["dns:db1.example.com", "ip:10.0.0.5"])
    );
    assert!(
        first["subject"]
            .as_str()
            .is_some_and(|subject| subject.contains("$HOME ~ Example")),
        "{first}"
    );
    assert_eq!(
        (
            &later["changed"],
            &later["action"],
            &later["serial"],
            &later["reasons"]
        ),
        (
            &false.into(),
            &"none".into(),
            &"01".into(),
            &serde_json::json!([])
        ),
        "{later}"
    );
    assert_eq!(later["diff"]["before"], later["diff"]["after"], "{later}");
    for result in [first, later] {
        let pfx = result["files"]["pfx"].as_str().expect("a PFX");
        scene.openssl(&[
            "pkcs12",
            "-in",
            pfx,
            "-nokeys",
            "-passin",
            &format!("pass:{PFX_PASSWORD}"),
        ]);
    }
    assert_eq!(
        (&renamed["changed"], &renamed["action"], reason_codes(renamed)),
        (&true.into(), &"would_issue".into(), vec!["names_missing"]),
        "{renamed}"
    );
    let diff = &renamed["diff"];
    assert_eq!(
        (
            &diff["before"]["serial"],
            &diff["before"]["not_after"],
            &diff["before"]["names"]
        ),
        (&first["serial"], &first["not_after"], &first["names"]),
        "{diff}"
    );
    assert!(
        diff["after"]["reasons"].to_string().contains("names_missing: ")
            && outcome.stdout.contains("+        \"dns:more.example.com\""),
        "{outcome}"
    );
    failures_have_the_words_of_gsec(&played);
    let locked = &played["locked"];
    assert_eq!(
        (&locked["failed"], &locked["rc"]),
        (&true.into(), &3.into()),
        "{locked}"
    );
    assert_eq!(
        records(&scene.dir.path("gsec-ca/ca_conf/ca.db")).len(),
        1,
        "only db1 was issued"
    );

    let shown = ansible(&scene, "doc", &["-t", "module", MODULE]).run().ok();
    assert!(
        shown.stdout.contains("gsec_certificate")
            && shown.stdout.contains("ca_passphrase_file")
            && shown.stdout.contains("EXAMPLES:")
            && shown.stdout.contains("RETURN VALUES:"),
        "{shown}"
    );
}

#[test]
fn the_module_has_every_option_of_cert_ensure_and_documents_it() {
    let module = format!("{COLLECTION}/plugins/modules/gsec_certificate.py");
    let flags: BTreeSet<String> =
        serde_json::from_value(python("ansible_module.py").args(&[&module]).run().ok().json())
            .expect("a list of flags");
    let help = gsec(&["cert", "ensure", "--help"]).run().ok().stdout;
    let of_help: BTreeSet<String> = help
        .lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with('-'))
        .filter_map(|line| line.split([' ', ',', '.']).find(|word| word.starts_with("--")))
        .map(str::to_owned)
        .collect();
    let excepted: BTreeSet<String> = NOT_PASSED_ON.iter().map(|(flag, _)| (*flag).to_owned()).collect();
    let passed_or_excepted: BTreeSet<String> = flags.union(&excepted).cloned().collect();
    assert_eq!(
        of_help, passed_or_excepted,
        "options of `gsec cert ensure`, and those of the module with the exceptions"
    );
    assert_eq!(flags.intersection(&excepted).count(), 0);
}
