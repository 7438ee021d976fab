//! Help is the reference: every command's examples run as they stand, and every command says its exit codes.

use crate::common;

use common::own_stores::with_own_stores;
use common::starttls::PlainServer;
use common::{Scene, TlsPort, gsec, tool};

/// Lines that a person reads without paging much.
const SHORT_HELP_LINES: usize = 100;
/// What a terminal of usual size, and clap without a terminal, do not wrap.
const COLUMNS: usize = 100;

/// The port of every server in examples.
const SERVER_PORT: &str = ":8443";
/// The port of every mail server in examples.
const MAIL_PORT: &str = ":8587";

/// A command by the words that call it; the root is no words.
pub(super) type Words = Vec<String>;

pub(super) fn help(words: &[String], flag: &str) -> String {
    let words: Vec<&str> = words.iter().map(String::as_str).chain([flag]).collect();
    gsec(&words).run().ok().stdout
}

/// The commands below one, from the list in its help.
fn commands_below(words: &Words) -> Vec<Words> {
    let help = help(words, "--help");
    let list = help
        .split("\nCommands:\n")
        .nth(1)
        .and_then(|rest| rest.split("\n\n").next())
        .unwrap_or_default();
    let name = |line: &str| {
        line.strip_prefix("  ")
            .and_then(|line| line.split(' ').next())
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
    };
    let names = list.lines().filter_map(name).filter(|name| name != "help");
    names.map(|name| [words.clone(), vec![name]].concat()).collect()
}

/// Every command that there is, the root first.
pub(super) fn all_commands() -> Vec<Words> {
    let mut found = vec![vec![]];
    let mut next = 0;
    while next < found.len() {
        let below = commands_below(&found[next]);
        found.extend(below);
        next += 1;
    }
    found
}

/// The commands that do something, and the root.
fn working_commands() -> Vec<Words> {
    all_commands()
        .into_iter()
        .filter(|words| words.is_empty() || commands_below(words).is_empty())
        .collect()
}

fn examples(words: &Words) -> Vec<String> {
    let help = help(words, "--help");
    let section = help
        .split("\nEXAMPLES\n")
        .nth(1)
        .and_then(|rest| rest.split("\n\n").next())
        .unwrap_or_default();
    section
        .lines()
        .map(|line| {
            line.strip_prefix("  $ ")
                .unwrap_or_else(|| panic!("`{line}` in the examples of {words:?}"))
                .to_owned()
        })
        .collect()
}

/// A place in which an example of a command can work: what its help takes for granted is there. Whoever gives a password has files that want one.
fn stage(words: &Words, example: &str) -> Scene {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let scene = match words.as_slice() {
        []
        | ["quickstart"]
        | ["log" | "banner", ..]
        | ["ca", "init" | "accept"]
        | ["compat", ..]
        | ["completions"]
        | ["man"] => Scene::empty(),
        ["cert", "issue"] | ["convert", ..] => Scene::with_ca(),
        _ => Scene::with_host(),
    };
    scene.write("secret.txt", "a passphrase\n");
    scene.write(
        "hosts.csv",
        "host,san\ndb2.example.com,dns:db2\ndb3.example.com,\n",
    );
    match words.as_slice() {
        ["ca", "init"] => drop(
            scene
                .gsec(&[
                    "ca",
                    "init",
                    "--cn",
                    "Root CA",
                    "--key-type",
                    "p256",
                    "--ca-dir",
                    "root-ca",
                ])
                .run()
                .ok(),
        ),
        ["ca", "renew"] => {
            scene
                .gsec(&[
                    "ca",
                    "init",
                    "--cn",
                    "Root CA",
                    "--key-type",
                    "p256",
                    "--ca-dir",
                    "root-ca",
                ])
                .run()
                .ok();
            scene
                .gsec(&[
                    "ca",
                    "init",
                    "--cn",
                    "Issuing CA",
                    "--key-type",
                    "p256",
                    "--parent",
                    "root-ca",
                    "--ca-dir",
                    "issuing-ca",
                ])
                .run()
                .ok();
        }
        ["ca", "sign"] => drop(
            scene
                .gsec(&[
                    "ca",
                    "request",
                    "--cn",
                    "Issuing CA",
                    "--ca-dir",
                    "issuing-ca",
                    "--out",
                    "sub.csr",
                ])
                .run()
                .ok(),
        ),
        ["ca", "accept"] => certified_by_another(&scene),
        ["convert", ..] => {
            let password: &[&str] = if example.contains(" --password-file secret.txt") {
                &["--pfx-password-file", "secret.txt"]
            } else {
                &[]
            };
            scene.issue("db1.example.com", password).run().ok();
            copy(&scene, "repository/01_db1_cert.pfx", &["db1.pfx", "old.pfx"]);
            copy(&scene, "ca_conf/ca_cert.pem", &["ca.pem"]);
            scene.openssl(&["x509", "-in", "ca.pem", "-outform", "DER", "-out", "ca.der"]);
            copy_host(&scene);
            // What the example makes is not there yet.
            let made = example
                .split(" --out ")
                .nth(1)
                .and_then(|rest| rest.split(' ').next());
            made.into_iter()
                .for_each(|name| drop(std::fs::remove_file(scene.dir.path(name))));
        }
        ["cert", "match" | "fetch"] => copy_host(&scene),
        ["doctor", "handshake"] => {
            copy_host(&scene);
            copy(&scene, "ca_conf/ca_cert.pem", &["ca.pem"]);
            copy(&scene, "repository/01_db1_cert.pfx", &["db1.pfx"]);
        }
        ["cert", "request"] => {
            copy_host(&scene);
            std::fs::create_dir(scene.dir.path("out")).expect("a folder");
        }
        ["cert", "sign"] => drop(
            scene
                .gsec(&["cert", "request", "--host", "db1.example.com"])
                .run()
                .ok(),
        ),
        ["banner", "lint" | "show"] => {
            for name in ["banner.reg", "other.reg"] {
                let write = ["banner", "write", "--url", "http://h/b.htm", "--out", name];
                scene.gsec(&write).run().ok();
            }
        }
        ["log", ..] => {
            let log = "\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'1111'\n";
            scene.write("tserver.log", log);
            scene.write("app.cfg", "[log-filter]\ndefault-filter-type = hide\n");
        }
        ["conf" | "transport", ..] | ["fleet", "check" | "plan" | "apply" | "status"] => {
            platform_files(&scene)
        }
        ["fleet", ..] => fleet_files(&scene),
        ["serve", "restore"] => {
            let words = "serve backup --out ca.age --with-keys --passphrase-file secret.txt";
            let words: Vec<&str> = words.split(' ').collect();
            scene.gsec(&words).run().ok();
        }
        ["crl", "show"] => drop(scene.gsec(&["crl", "update"]).run().ok()),
        _ => {}
    }
    scene
}

/// A CA that waits for its certificate, which another one has made.
fn certified_by_another(scene: &Scene) {
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Root CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "root-ca",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "ca",
            "request",
            "--cn",
            "Issuing CA",
            "--key-type",
            "p256",
            "--out",
            "sub.csr",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "ca",
            "sign",
            "sub.csr",
            "--out",
            "certified.pem",
            "--ca-dir",
            "root-ca",
        ])
        .run()
        .ok();
    scene.write("root.pem", scene.read("root-ca/ca_conf/ca_cert.pem"));
}

/// The files of DB Server and Configuration Server, a start script and a value of the old platform.
fn platform_files(scene: &Scene) {
    let transport =
        "transport=tls=1;certificate=9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c\n";
    let files = [
        ("value.txt", "port=4001;address=10.0.0.1\n".to_owned()),
        (
            "dbserver.cfg",
            format!("[dbserver]\nport = 4040\n[dbserver-1]\nport = 4333\n{transport}"),
        ),
        (
            "confserv.cfg",
            format!(
                "[confserv]\nport = 2020\nserver = dbserver\n[dbserver]\nhost = db1\nport = 4333\n{transport}"
            ),
        ),
        (
            "fleet.toml",
            "version = 1\n[[host]]\nname = \"db1.example.com\"\n".to_owned(),
        ),
        ("run.sh", "#!/bin/sh\n./tserver -host cs1 -port 2021\n".to_owned()),
    ];
    files
        .iter()
        .for_each(|(name, content)| scene.write(name, content));
}

/// An inventory with what the examples name.
fn fleet_files(scene: &Scene) {
    let inventory = "version = 1\nca_dir = \"gsec-ca\"\n[[host]]\nname = \"tsrv1\"\naddress = \"10.0.0.5\"\nos = \"linux\"\n\
        [[host]]\nname = \"cs1\"\naddress = \"10.0.0.6\"\n\
        [[app]]\nname = \"ConfServ\"\nhost = \"cs1\"\nkind = \"config-server\"\nport = [{ id = \"default\", number = 2020 }]\n\
        [[app]]\nname = \"TServer_P\"\nhost = \"tsrv1\"\nkind = \"tserver\"\nport = [{ id = \"secure\", number = 3443 }]\n\
        connection = [{ to = \"ConfServ\", client_port = 41001 }]\n\
        [[host]]\nname = \"web1\"\naddress = \"10.0.0.7\"\nbundles = [{ for = \"nginx\" }]\npush = { user = \"gsec\" }\n";
    scene.write("fleet.toml", inventory);
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtLyPvXWxXkH4ZbRb3uoXn1gS2xJk8x3mW4o2uXo5aE ca\n";
    scene.write("push.pub", key);
    scene.write("export.json", "{\"hosts\": [{ \"name\": \"tsrv1\" }]}");
    scene.write("ports.csv", "host,app,port\ntsrv1,TServer_P,3443\n");
}

fn copy_host(scene: &Scene) {
    copy(scene, "repository/01_db1_cert.pem", &["cert.pem"]);
    copy(scene, "repository/01_db1_priv_key.pem", &["key.pem"]);
}

/// Copies a file of the CA in `./gsec-ca` to names in the working directory.
fn copy(scene: &Scene, from: &str, names: &[&str]) {
    let content = scene.read_bytes(&format!("gsec-ca/{from}"));
    names.iter().for_each(|name| scene.write(name, &content));
}

/// Whether a command serves until it is told to end, or is for root and two users. Its examples are run by the server's own tests
/// (server/tests/serve/examples.rs and two_users.rs).
fn serves(words: &Words) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(words.as_slice(), ["serve", "front" | "signer" | "move-key"])
}

/// An example that removes something by its id, with ids of what is there.
fn with_ids(words: &Words, scene: &Scene, line: &str) -> String {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (add, list, field) = match words.as_slice() {
        ["serve", "grant", "remove"] => (["grant", "add", "--name=example.com"], "grants", "id"),
        ["serve", "eab", "remove"] => (["eab", "add", "db1"], "keys", "kid"),
        _ => return line.to_owned(),
    };
    let is_id = |word: &str| word.len() == 22;
    let id = || {
        let made = scene
            .gsec(&[&["serve"], &add[..], &["--json"]].concat())
            .run()
            .ok()
            .json();
        made[list][0][field].as_str().expect("an id").to_owned()
    };
    let with = line
        .split(' ')
        .map(|word| if is_id(word) { id() } else { word.to_owned() });
    with.collect::<Vec<_>>().join(" ")
}

/// Runs an example; the server that it names runs on whichever port is free.
fn run_example(scene: &Scene, line: &str) {
    if ![SERVER_PORT, MAIL_PORT].iter().any(|port| line.contains(port)) {
        return run_line(scene, line);
    }
    let [certificate, key] =
        ["cert", "priv_key"].map(|kind| scene.dir.path(&format!("gsec-ca/repository/01_db1_{kind}.pem")));
    let server = TlsPort::openssl(&certificate, &key, &[]);
    let mail = PlainServer::of("smtp").before(server.port);
    let line = line.replace(SERVER_PORT, &format!(":{}", server.port));
    run_line(scene, &line.replace(MAIL_PORT, &format!(":{}", mail.port())));
}

/// Runs one line in a shell that finds the gsec under test.
fn run_line(scene: &Scene, line: &str) {
    let gsec = std::path::Path::new(env!("CARGO_BIN_EXE_gsec"));
    let folder = gsec.parent().expect("a folder").display();
    let path = format!("{folder}:{}", std::env::var("PATH").expect("PATH"));
    tool("sh")
        .args(&["-c", line])
        .in_dir(scene.dir.path(""))
        .env("PATH", &path)
        .run()
        .ok();
}

#[test]
fn the_walk_finds_the_commands() {
    let found: Vec<String> = all_commands().iter().map(|words| words.join(" ")).collect();
    for command in [
        "",
        "quickstart",
        "ca init",
        "ca adopt",
        "cert issue",
        "cert verify",
        "convert to-pem",
        "convert key",
        "compat link",
        "completions",
        "man",
    ] {
        assert!(
            found.iter().any(|words| words == command),
            "`{command}` is not among {found:?}"
        );
    }
}

#[test]
fn every_command_has_at_least_two_examples_that_fit_a_terminal() {
    for words in working_commands() {
        let examples = examples(&words);
        assert!(examples.len() >= 2, "{words:?} has {examples:?}");
        for example in examples {
            assert!(
                example.len() + "  $ ".len() <= COLUMNS,
                "cannot be copied from a terminal of {COLUMNS} columns: {example}"
            );
        }
    }
}

/// Whether an example changes which CAs the machine trusts.
fn changes_trust(example: &str) -> bool {
    example.starts_with("gsec trust ") || example.contains(" --trust --yes")
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn every_example_about_trust_runs() {
    with_own_stores(
        concat!(module_path!(), "::every_example_about_trust_runs"),
        || {
            for words in working_commands() {
                for line in examples(&words).iter().filter(|line| changes_trust(line)) {
                    let scene = stage(&words, line);
                    if words != ["trust", "install"] && words[0] == "trust" {
                        run_line(&scene, "gsec trust install --yes");
                    }
                    run_line(&scene, line);
                    run_line(&scene, "gsec trust uninstall --yes");
                }
            }
        },
    );
}

#[test]
fn every_example_runs() {
    for words in working_commands().into_iter().filter(|words| !serves(words)) {
        let mut examples = examples(&words);
        examples.retain(|line| !changes_trust(line));
        if words.is_empty() || words[0] == "compat" {
            // A session: each line goes on where the one before ended.
            let scene = stage(&words, "");
            examples.iter().for_each(|line| run_line(&scene, line));
        } else {
            // A daemon: its example is started by the server's own tests, too.
            examples.retain(|line| words != ["watch"] || !line.contains(" --every "));
            for line in &examples {
                let scene = stage(&words, line);
                match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                    // It answers that nothing serves the directory; that something does is said in the server's own tests.
                    ["serve", "status"] => run_line(&scene, &format!("{line}; [ $? = 1 ]")),
                    _ => run_example(&scene, &with_ids(&words, &scene, line)),
                }
            }
        }
    }
}

#[test]
fn every_example_is_of_the_command_whose_help_it_is_in() {
    for words in working_commands()
        .into_iter()
        .filter(|words| !words.is_empty() && words[0] != "compat")
    {
        let start = format!("gsec {}", words.join(" "));
        let strangers: Vec<String> = examples(&words)
            .into_iter()
            .filter(|example| !example.starts_with(&start))
            .collect();
        assert!(strangers.is_empty(), "{words:?}: {strangers:?}");
    }
}

#[test]
fn every_command_says_its_exit_codes() {
    for words in working_commands() {
        let help = help(&words, "--help");
        let codes = help
            .split("\nEXIT CODES\n")
            .nth(1)
            .unwrap_or_else(|| panic!("no EXIT CODES in the help of {words:?}"));
        for code in ["  0  ", "  2  ", "  3  "] {
            assert!(
                codes.contains(code),
                "`{code}` is missing in the help of {words:?}"
            );
        }
    }
}

#[test]
fn answers_of_no_are_named_where_there_are_some() {
    for command in ["verify", "match", "fetch", "show", "thumbprint"] {
        let help = help(&["cert".into(), command.into()], "--help");
        assert!(help.contains("\n  1  no: "), "{help}");
    }
}

#[test]
fn short_help_fits_on_a_screen_or_two() {
    for words in all_commands() {
        let lines = help(&words, "-h").lines().count();
        assert!(lines <= SHORT_HELP_LINES, "{words:?}: {lines} lines");
    }
}

#[test]
fn options_stand_under_headings_that_fit_them() {
    for words in all_commands() {
        let help = help(&words, "-h");
        for block in help.split("\n\n").filter(|block| block.contains("--dry-run")) {
            let heading = block.trim_start().lines().next().unwrap_or_default();
            assert!(
                ["Options:", "Output:"].contains(&heading),
                "`--dry-run` of {words:?} stands under `{heading}`"
            );
        }
    }
}

#[test]
fn gsec_alone_shows_what_to_type() {
    let scene = Scene::empty();
    let before = scene.tree();
    let said = scene.gsec(&[]).run().ok();
    assert_eq!(
        said.stdout.matches("  gsec ").count(),
        5,
        "five invocations: {said}"
    );
    scene.tree().is_unchanged_since(&before);
}
