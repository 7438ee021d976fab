//! What cannot be read is not what is not there: a link that leads nowhere stands for whatever else keeps a file from being read.

use std::os::unix::fs::symlink;

use crate::site::{Site, run};

/// Puts a link to nowhere in the place of a file.
fn out_of_reach(site: &Site, name: &str) {
    let path = site.ca().join("ca_conf").join(name);
    let _ = std::fs::remove_file(&path);
    symlink(site.folder().join("nowhere"), path).expect("a link");
}

#[test]
fn settings_that_cannot_be_read_are_not_those_by_default() {
    let mut site = Site::without_dns();
    assert_eq!(site.stop(), Some(0));
    out_of_reach(&site, "serve.toml");
    let refused = run(std::process::Command::new("timeout")
        .args([
            "30",
            env!("CARGO_BIN_EXE_gsecd"),
            "serve",
            "--name",
            "127.0.0.1",
            "--listen",
            "127.0.0.1:0",
        ])
        .args(["--http", "127.0.0.1:0", "--no-input", "--ca-dir"])
        .arg(site.ca()));
    assert_eq!(refused.status, Some(3), "{refused}");
    assert!(refused.stderr.contains("serve.toml"), "{refused}");
    out_of_reach(&site, "watch.toml");
    let refused = site.gsec(&["watch", "--once"]);
    assert_eq!(refused.status, Some(3), "{refused}");
    assert!(refused.stderr.contains("watch.toml"), "{refused}");
}

#[test]
fn state_that_cannot_be_read_is_not_no_state() {
    let mut site = Site::without_dns();
    assert_eq!(site.stop(), Some(0));
    out_of_reach(&site, "server.db");
    let out = site.folder().join("backup");
    let out = out.to_str().expect("a path");
    let passphrase = site.folder().join("passphrase");
    std::fs::write(&passphrase, "correct horse battery staple").expect("written");
    let passphrase = passphrase.to_str().expect("a path");
    for args in [
        &["serve", "grant", "list"][..],
        &["serve", "eab", "list"],
        &["serve", "backup", "--out", out, "--passphrase-file", passphrase],
    ] {
        let refused = site.gsec(args);
        assert_eq!(refused.status, Some(3), "{refused}");
        assert!(refused.stderr.contains("server.db"), "{refused}");
    }
}
