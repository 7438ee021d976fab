//! Clients that people use: each obtains, renews and revokes, a file each. What one cannot do is in tests/data/acme_clients.toml, and is tried.

mod acme_tiny;
mod apache;
mod caddy;
pub mod certbot;
mod certbot5;
mod dehydrated;
mod instant_acme;
mod lego;
mod node;
mod rustls_acme;
mod uacme;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use toml::Table;

use crate::site::{Done, Site, run};

const CANNOT: &str = include_str!("../../../../tests/data/acme_clients.toml");
/// A machine may be slow.
const PATIENCE: Duration = Duration::from_secs(120);
const REQUIRES_KEY: &str = "external_account_required = true";

/// What `tests/serve.sh` installs for the tests alone.
fn peer(path: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers");
    let path = root.join(path);
    assert!(
        path.exists(),
        "{} is missing: `sh tests/serve.sh` installs it",
        path.display()
    );
    path
}

fn serial_of(certificate: &Path) -> String {
    run(Command::new("openssl")
        .args(["x509", "-noout", "-serial", "-in"])
        .arg(certificate))
    .ok()
    .stdout
}

/// Whether a certificate is what the profile `tls-server` makes: for servers, not for clients.
fn is_for_servers_alone(certificate: &Path) -> bool {
    let shown = run(Command::new("openssl")
        .args(["x509", "-noout", "-ext", "extendedKeyUsage", "-in"])
        .arg(certificate))
    .ok()
    .stdout;
    shown.contains("Server Authentication") && !shown.contains("Client Authentication")
}

pub fn write_script(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).expect("a script");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
}

#[track_caller]
fn wait_until(what: &str, log: &Path, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        let log = || std::fs::read_to_string(log).unwrap_or_default();
        assert!(Instant::now() < end, "{what}: not so\n{}", log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The administrator revokes what a client cannot.
#[track_caller]
fn revoked_by_administrator(site: &Site, certificate: &Path) {
    let path = certificate.to_str().expect("a path");
    let serial = serial_of(certificate);
    let serial = serial.trim().trim_start_matches("serial=");
    site.gsec(&["cert", "revoke", serial, "--serial", "--yes"]).ok();
    site.wait_for_revocations(1);
    site.gsec(&["cert", "verify", "--file", path]).fails();
}

fn rows() -> Vec<[String; 4]> {
    let table: Table = CANNOT.parse().expect("TOML");
    let rows = table["cannot"].as_array().expect("rows").iter();
    let text = |row: &toml::Value, key: &str| row[key].as_str().expect("a text").to_owned();
    rows.map(|row| {
        assert_eq!(row.as_table().map(Table::len), Some(4), "{row}");
        ["client", "version", "what", "reason"].map(|key| text(row, key))
    })
    .collect()
}

/// What was tried fails as its row has it.
#[track_caller]
fn cannot(client: &str, what: &str, tried: &Done, says: &str) {
    let rows = rows();
    let row = rows.iter().find(|row| row[0] == client && row[2] == what);
    let [_, version, ..] = row.unwrap_or_else(|| panic!("no row for {client}: {what}"));
    assert_ne!(
        tried.status,
        Some(0),
        "{client} ({version} could not) can now: {what}; the row is out of date\n{tried}"
    );
    let said = format!("{}{}", tried.stdout, tried.stderr);
    assert!(said.contains(says), "another reason than `{says}`: {tried}");
}

#[test]
fn what_clients_cannot_do_is_tried() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/serve/clients");
    let mut written = BTreeSet::new();
    for [client, version, what, reason] in rows() {
        assert!(!version.is_empty() && !reason.is_empty(), "{client}: {what}");
        let source = std::fs::read_to_string(folder.join(format!("{client}.rs")));
        let source: String = source
            .unwrap_or_else(|error| panic!("no test runs {client}: {error}"))
            .split_whitespace()
            .collect();
        let call = format!("cannot(\"{client}\",\"{what}\",");
        assert!(source.contains(&call), "{client}: {what} is not tried");
        assert!(written.insert(call), "{client}: {what} twice");
    }
}
