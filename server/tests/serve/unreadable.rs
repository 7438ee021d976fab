//! What cannot be read is not what is not there: a link that leads nowhere stands for whatever else keeps a file from being read.

use std::os::unix::fs::symlink;
use std::process::Command;

use crate::client::request_for;
use crate::site::{Site, run};
use crate::walk::{Walk, text};

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

#[test]
fn a_certificate_that_cannot_be_read_is_neither_unknown_nor_gone() {
    let mut walk = Walk::new();
    let order = walk.client.order(&["a.ca.test"]);
    walk.client.follow(&order, &request_for(&["a.ca.test"]));
    let url = text(&walk.client.asked(&order, None).json(), "certificate").to_owned();
    let fetched = walk.client.asked(&url, None);
    assert_eq!(fetched.status, 200, "{}", fetched.text());
    let leaf = walk.site.folder().join("leaf.pem");
    std::fs::write(&leaf, &fetched.body).expect("written");
    let repository = walk.site.ca().join("repository");
    let copies = std::fs::read_dir(&repository).expect("a folder");
    let copies = copies.map(|entry| entry.expect("an entry").path());
    let is_copy = |path: &std::path::PathBuf| {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        name.chars().all(|letter| letter.is_ascii_hexdigit())
    };
    for copy in copies.filter(is_copy).collect::<Vec<_>>() {
        std::fs::rename(&copy, copy.with_extension("away")).expect("renamed");
        std::fs::create_dir(&copy).expect("a folder in its place");
    }
    let refused = walk.client.post(&url, None).expect("an answer");
    assert_eq!(refused.status, 503, "{}", refused.text());
    let asked = run(Command::new("openssl")
        .args(["ocsp", "-sha256", "-issuer"])
        .arg(walk.site.ca_certificate())
        .arg("-cert")
        .arg(&leaf)
        .args([
            "-url",
            walk.site.ready["ocsp"].as_str().expect("a URL"),
            "-CAfile",
        ])
        .arg(walk.site.ca_certificate()));
    let said = format!("{}{}", asked.stdout, asked.stderr);
    assert!(said.contains("trylater"), "{said}");
}
