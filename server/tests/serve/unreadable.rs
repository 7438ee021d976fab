//! What cannot be read is not what is not there: a link that leads nowhere stands for whatever else keeps a file from being read.

use std::os::unix::fs::symlink;
use std::process::Command;

use crate::client::request_for;
use crate::kills::openssl_issues;
use crate::ready::wait_until_ready;
use crate::site::{PATIENCE, Site, run};
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
    let status_of = |walk: &Walk| {
        let asked = run(Command::new("openssl")
            .args(["ocsp", "-sha256", "-no_nonce", "-issuer"])
            .arg(walk.site.ca_certificate())
            .arg("-cert")
            .arg(&leaf)
            .args(["-url", walk.site.ready["ocsp"].as_str().expect("a URL")])
            .arg("-CAfile")
            .arg(walk.site.ca_certificate()));
        format!("{}{}", asked.stdout, asked.stderr)
    };
    let said = status_of(&walk);
    assert!(said.contains("trylater"), "{said}");
    // That it is revoked, its record says.
    let serial = run(Command::new("openssl")
        .args(["x509", "-noout", "-serial", "-in"])
        .arg(&leaf));
    let serial = serial.stdout.trim().trim_start_matches("serial=").to_owned();
    walk.site.gsec(&["cert", "revoke", &serial, "--yes"]).ok();
    let end = std::time::Instant::now() + PATIENCE;
    while !status_of(&walk).contains(": revoked") {
        assert!(std::time::Instant::now() < end, "{}", status_of(&walk));
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

/// It may be of any key, so nothing is issued, and the server says which one it is. Once the audit log has its key, it keeps nobody from his.
#[test]
fn certificate_of_openssl_that_cannot_be_read_is_named_and_no_matter_once_the_log_knows_it() {
    let mut walk = Walk::new();
    openssl_issues(&walk.site, &walk.site.folder().join("other"));
    let records = std::fs::read_to_string(walk.site.ca().join("ca_conf/ca.db")).expect("ca.db");
    let record = records.lines().find(|line| line.contains("CN=openssl.ca.test"));
    let serial = record
        .expect("a record")
        .split('\t')
        .nth(3)
        .expect("a serial number");
    let copy = walk.site.ca().join(format!("repository/{serial}.pem"));
    let hide = || {
        std::fs::rename(&copy, copy.with_extension("away")).expect("renamed");
        std::fs::create_dir(&copy).expect("a folder in its place");
    };
    hide();
    wait_until_ready(&walk.site, false);
    let told = walk.site.gsec(&["serve", "status"]);
    assert_eq!(told.status, Some(1), "{told}");
    assert!(
        told.stdout.contains(&format!("repository/{serial}.pem")),
        "{told}"
    );
    std::fs::remove_dir(&copy).expect("removed");
    std::fs::rename(copy.with_extension("away"), &copy).expect("renamed");
    wait_until_ready(&walk.site, true);
    let fixed = walk.site.gsec(&["doctor", "--fix", "--yes"]);
    assert!(fixed.stdout.contains("add audit log lines"), "{fixed}");
    hide();
    walk.client.obtain(&["a.ca.test"]);
    wait_until_ready(&walk.site, true);
}

#[test]
fn a_server_that_this_user_may_not_ask_is_not_said_to_be_down() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::without_dns();
    site.fetched_crl();
    let open = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("mode");
    };
    let conf = site.ca().join("ca_conf");
    for folder in [
        site.folder().to_owned(),
        site.ca(),
        conf.clone(),
        site.ca().join("repository"),
    ] {
        open(&folder, 0o755);
    }
    let files = std::fs::read_dir(&conf)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    let is_public = |path: &std::path::PathBuf| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        path.is_file() && !name.contains("key") && !name.contains("journal") && !name.starts_with("server.")
    };
    files.filter(is_public).for_each(|file| open(&file, 0o644));
    let asked = run(Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(crate::two_users::program())
        .args(["serve", "status", "--no-input", "--ca-dir"])
        .arg(site.ca()));
    assert_eq!(asked.status, Some(3), "{asked}");
    assert!(
        asked.stderr.contains("this user may not ask the server"),
        "{asked}"
    );
    site.gsec(&["serve", "status"]).ok();
}
