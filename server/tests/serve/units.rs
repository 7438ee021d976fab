//! The units of the package, started by systemd itself.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::site::run;

#[test]
#[ignore = "sh tests/serve.sh"]
fn the_units_run_under_systemd_confined_as_they_are_said_to_be() {
    if !rustix::process::geteuid().is_root() {
        println!("not run: needs root");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let done = run(Command::new("timeout")
        .args(["--kill-after=10", "180", "sh"])
        .arg(here.join("tests/serve/under_systemd.sh"))
        .arg(folder.path())
        .arg(env!("CARGO_BIN_EXE_gsecd"))
        .arg(here.join("../contrib/systemd")));
    let out = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap_or_default();
    assert!(folder.path().join("out/end").exists(), "{done}\n{}", out("log"));
    let status: Value = serde_json::from_str(&out("status")).unwrap_or_default();
    assert_eq!(
        (&status["serving"], &status["mode"]),
        (&true.into(), &"two_users".into()),
        "{status}\n{}",
        out("log")
    );
    for (process, part) in [
        ("front_confinement", "core_dumps"),
        ("front_confinement", "privileges"),
        ("front_confinement", "writing"),
        ("signer_confinement", "core_dumps"),
        ("signer_confinement", "privileges"),
        ("signer_confinement", "files"),
        ("signer_confinement", "network"),
        ("signer_confinement", "system_calls"),
    ] {
        assert_eq!(status[process][part]["in_force"], "whole", "{part}: {status}");
    }
    assert!(out("issued").contains("db1.example.com"), "{}", out("log"));
    for (unit, user) in [("gsec-signer", 61_018), ("gsec-serve", 61_017)] {
        assert_eq!(out(&format!("{unit}.active")), "active\n", "{}", out("log"));
        let process = out(&format!("{unit}.process"));
        let line = |name: &str| {
            process
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .map(str::trim)
        };
        assert_eq!(
            line("Uid:"),
            Some(format!("{user}\t{user}\t{user}\t{user}").as_str())
        );
        assert_eq!(
            (line("NoNewPrivs:"), line("Seccomp:")),
            (Some("1"), Some("2")),
            "{process}"
        );
        assert_eq!(line("CapEff:"), Some("0000000000000000"), "{process}");
    }
    // Each has the files of its own user before it, and not those of the other, whoever asks.
    assert!(out("gsec-signer.key").contains("PRIVATE KEY"), "{}", out("log"));
    assert_eq!(out("gsec-serve.key"), "");
    assert_eq!(out("gsec-signer.ca"), "");
    assert!(out("gsec-serve.ca").contains("gsec.toml"), "{}", out("log"));
    // The signer's network is its own, with nobody in it.
    assert_eq!(out("gsec-serve.network"), out("network"));
    assert_ne!(out("gsec-signer.network"), out("network"));
    assert_eq!(out("results"), "success\n\nsuccess\n", "{}", out("log"));
}
