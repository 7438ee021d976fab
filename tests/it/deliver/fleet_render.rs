//! `gsec fleet render`: what it prints is taken by the programs that it is for, and no name in an inventory becomes code.

use crate::common;

use common::{Outcome, SHELLS, Scene, tool};

/// What a name in quotation marks of TOML can be, and would do, if it were code.
const HOSTILE: [&str; 7] = [
    "$(touch PWNED)",
    "`touch PWNED`",
    "'; touch PWNED; '",
    "\\\" }; flush ruleset; touch PWNED; \\\"",
    "%COMSPEC% & touch PWNED",
    "‘; touch PWNED’ “ & touch PWNED”",
    "-j DROP -- ; touch PWNED",
];

fn inventory(name: &str) -> String {
    format!(
        "version = 1\n[[host]]\nname = \"cs\"\naddress = \"10.0.0.1\"\nos = \"solaris\"\n\
         [[host]]\nname = \"ts\"\naddress = \"10.0.0.2\"\nos = \"linux\"\n\
         [[host]]\nname = \"six\"\naddress = \"fd00::6\"\n[[host]]\nname = \"seven\"\naddress = \"fd00::7\"\n\
         [[app]]\nname = \"ConfServ\"\nhost = \"cs\"\nkind = \"config-server\"\nport = [{{ id = \"{name}\", number = 2021 }}]\n\
         [[app]]\nname = \"{name}\"\nhost = \"ts\"\nkind = \"tserver\"\n\
         [[app.connection]]\nto = \"ConfServ\"\nport = \"{name}\"\nclient_port = 41001\nclient_address = \"{name}\"\n\
         [[app]]\nname = \"S\"\nhost = \"six\"\nkind = \"custom-server\"\nport = [{{ id = \"default\", number = 6 }}]\n\
         [[app]]\nname = \"V\"\nhost = \"seven\"\nkind = \"custom-server\"\n[[app.connection]]\nto = \"S\"\n"
    )
}

fn scene(name: &str) -> Scene {
    let scene = Scene::empty();
    scene.write("fleet.toml", inventory(name));
    scene
}

fn render(scene: &Scene, args: &[&str]) -> Outcome {
    scene.gsec(&["fleet", "render"]).args(args).run()
}

/// Runs a program that must take a file, in a network of its own.
fn takes(scene: &Scene, program: &[&str], input: &str) {
    let name = program[0];
    common::program(name);
    let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default());
    let outcome = tool("unshare").args(&["-n"]).args(program).env("PATH", &path);
    let outcome = outcome.in_dir(scene.dir.path("")).stdin(input).run();
    assert_eq!(outcome.status, Some(0), "{outcome}\n{input}");
}

#[test]
fn shells_run_what_is_for_them_and_nothing_that_a_name_says() {
    for name in HOSTILE {
        let scene = scene(name);
        let args = render(&scene, &["args"]).ok().stdout + "printf '%s\\n' \"$@\"\n";
        let plain = name.replace("\\\"", "\"");
        for shell in SHELLS {
            let run = |script: &str| {
                let call = tool(shell[0]).args(&shell[1..]).args(&["-c", script]);
                call.in_dir(scene.dir.path(""))
                    .env("LD_LIBRARY_PATH", "/before")
                    .run()
            };
            let outcome = run(&args);
            assert_eq!(
                (outcome.stdout.as_str(), outcome.stderr.as_str()),
                (
                    format!("-transport-port\n41001\n-transport-address\n{plain}\n").as_str(),
                    ""
                ),
                "{shell:?} {args}"
            );
            let paths = render(&scene, &["env", "ts", "--dir", "/opt/$(touch PWNED)'"])
                .ok()
                .stdout;
            let outcome = run(&(paths + "printf %s \"$LD_LIBRARY_PATH\"\n"));
            assert_eq!(outcome.stdout, "/opt/$(touch PWNED)':/before", "{outcome}");
            for format in ["bat", "csv"] {
                let file = render(&scene, &["args", "--format", format]);
                assert!(file.status == Some(3) || format == "csv", "{file}");
                run(&format!("exec 2> said\n{}", file.stdout));
            }
        }
        assert!(!std::path::Path::new(&scene.dir.path("PWNED")).exists(), "{name}");
    }
}

#[test]
fn firewalls_take_every_rule_whatever_the_names_are() {
    for name in HOSTILE.into_iter().chain(["TServer P"]) {
        let scene = scene(name);
        for (part, count) in [(None, 2), (Some("cs"), 1), (Some("seven"), 1)] {
            for drop_others in [None, Some("--drop-others")] {
                let args: Vec<&str> = ["firewall"].into_iter().chain(part).chain(drop_others).collect();
                let nft = render(&scene, &args).ok().stdout;
                assert_eq!(nft.matches(" accept comment ").count(), count, "{nft}");
                assert!(!nft.contains("flush ruleset;"), "{nft}");
                takes(&scene, &["nft", "-c", "-f", "-"], &nft);
                let iptables = render(&scene, &[&args[..], &["--format", "iptables"]].concat())
                    .ok()
                    .stdout;
                assert_eq!(iptables.matches(" -j ACCEPT\n").count(), count, "{iptables}");
                for restore in ["iptables-restore", "ip6tables-restore"] {
                    takes(&scene, &[restore, "--test", "--noflush"], &iptables);
                }
            }
        }
        let batch = render(&scene, &["firewall", "cs", "--format", "netsh"])
            .ok()
            .stdout;
        let rule = batch.lines().last().expect("a rule");
        assert!(!rule.contains(['%', '&', '`', '$', '\'']), "{rule}");
        assert_eq!(rule.matches('"').count(), 4, "{rule}");
        assert!(!std::path::Path::new(&scene.dir.path("PWNED")).exists());
    }
}

#[test]
fn nftables_refuses_what_is_not_a_table() {
    let scene = scene("A");
    let nft = render(&scene, &["firewall"]).ok().stdout;
    let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default());
    let call = tool("unshare")
        .args(&["-n", "nft", "-c", "-f", "-"])
        .env("PATH", &path);
    let refused = call.stdin(nft.replace("comment \"", "comment ")).run();
    assert_ne!(
        refused.status,
        Some(0),
        "the check of the other tests is one: {refused}"
    );
}

#[test]
fn form_that_makes_no_sense_is_refused_with_those_that_do() {
    let scene = scene("A");
    for (args, words) in [
        (
            &["args", "--format", "nft"][..],
            "[possible values: sh, bat, reg, csv, json]",
        ),
        (&["connections", "--format", "sh"], "[possible values: csv, json]"),
        (&["env", "--format", "bat"], "[possible values: sh, csv, json]"),
        (
            &["firewall", "--format", "reg"],
            "[possible values: nft, iptables, netsh, csv, json]",
        ),
        (
            &["firewall", "--format", "netsh"],
            "is for the firewall of one host",
        ),
        (
            &["firewall", "--format", "csv", "--drop-others"],
            "`--drop-others` is for",
        ),
        (&["args", "--format", "reg"], "needs the program of the service"),
        (
            &["args", "S", "--format", "reg", "--executable", "x"],
            "is for one application; 0 are selected",
        ),
        (
            &["args", "--executable", "x"],
            "`--executable` is for `--format reg` alone",
        ),
        (
            &["args", "--format", "sh", "--json"],
            "`--format sh` cannot be used with `--json`",
        ),
        (&["env", "--dir", "/a:b"], "must be a full path without `:`"),
    ] {
        let refused = render(&scene, args).code(2);
        assert!(refused.stderr.contains(words), "{refused}");
        assert_eq!(refused.stdout, "");
    }
    let unknown = render(&scene, &["env", "tss"]).code(3);
    assert!(unknown.stderr.contains("hint: `ts` may be meant"), "{unknown}");
}

#[test]
fn what_is_left_out_is_said_beside_the_rules() {
    let scene = scene("A");
    scene.write(
        "fleet.toml",
        inventory("A").replace("address = \"10.0.0.1\"\n", ""),
    );
    let outcome = render(&scene, &["firewall"]).ok();
    let words = "warning: left out: `A to ConfServ port A`: the inventory has no address of host `cs`";
    assert!(outcome.stderr.contains(words), "{outcome}");
    let document = render(&scene, &["firewall", "--json"]).ok().json();
    assert_eq!(document["left_out"].as_array().map(Vec::len), Some(1));
    assert_eq!(document["rows"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_file_names_what_is_left_out_of_it_and_a_name_does_not_end_the_comment() {
    for name in HOSTILE.into_iter().chain(["A"]) {
        let scene = scene(name);
        let text = inventory(name)
            .replace("os = \"linux\"\n", "")
            .replace("address = \"10.0.0.1\"\n", "");
        scene.write("fleet.toml", text);
        let nft = render(&scene, &["firewall"]).ok().stdout;
        assert_eq!(nft.matches("# LEFT OUT: ").count(), 1, "{nft}");
        takes(&scene, &["nft", "-c", "-f", "-"], &nft);
        let rules = render(&scene, &["firewall", "--format", "iptables"]).ok().stdout;
        assert_eq!(rules.matches("# LEFT OUT: ").count(), 1, "{rules}");
        takes(&scene, &["iptables-restore", "--test", "--noflush"], &rules);
        let batch = render(&scene, &["firewall", "ts", "--format", "netsh"])
            .ok()
            .stdout;
        let left_out: Vec<&str> = batch
            .lines()
            .filter(|line| line.starts_with("@rem LEFT OUT: "))
            .collect();
        assert!(
            left_out.len() == 1 && !left_out[0].contains(['%', '&', '^', '|', '<', '>', '!']),
            "{batch}"
        );
        let paths = render(&scene, &["env", "--dir", "/opt"]).ok().stdout;
        let first = "# LEFT OUT: host 'ts': the inventory does not say its operating system ('os')\n";
        assert!(
            paths.starts_with("# LEFT OUT: ") && paths.contains(first),
            "{paths}"
        );
        tool("sh")
            .args(&["-c", &paths])
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
        assert!(!scene.exists("PWNED"), "{name}");
    }
    let whole = render(&scene("10.0.0.2"), &["firewall"]).ok();
    assert!(!whole.stdout.contains("LEFT OUT"), "{whole}");
}

#[test]
fn registry_file_starts_the_service_with_all_its_arguments() {
    let scene = scene("A");
    let text = inventory("A").replace(
        "kind = \"tserver\"",
        "kind = \"tserver\"\ncommand_line = [\"-app\", \"T S\"]",
    );
    scene.write(
        "fleet.toml",
        text.replace("client_address = \"A\"", "client_address = \"10.0.0.2\""),
    );
    scene.write("x", "");
    let args = [
        "args",
        "A",
        "--format",
        "reg",
        "--executable",
        "C:\\Program Files\\ts.exe",
    ];
    let program = env!("CARGO_BIN_EXE_gsec");
    let file = scene.dir.path("ts.reg");
    let line = format!("'{program}' fleet render \"$@\" > '{}'", file);
    tool("sh")
        .args(&["-c", &line, "sh"])
        .args(&args)
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    let bytes = std::fs::read(&file).expect("it was written");
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let text = String::from_utf16(&units).expect("UTF-16");
    let expected = "\"ImagePath\"=\"\\\"C:\\\\Program Files\\\\ts.exe\\\" -app \\\"T S\\\" -transport-port 41001 -transport-address 10.0.0.2\"";
    assert!(text.contains(expected), "{text}");
    assert!(
        text.contains("[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\A]"),
        "{text}"
    );
}
