//! acme-tiny of Debian.

use std::path::PathBuf;
use std::process::Command;

use super::{cannot, revoked_by_administrator, serial_of};
use crate::site::{Done, Site, run};

fn acme_tiny(site: &Site, request: &str, more: &[&str]) -> (Done, PathBuf) {
    let folder = site.folder();
    let done = run(Command::new("acme-tiny")
        .arg("--account-key")
        .arg(folder.join("account.key"))
        .arg("--csr")
        .arg(folder.join(request))
        .arg("--acme-dir")
        .arg(folder.join("web/.well-known/acme-challenge"))
        .args(["--disable-check", "--directory-url", site.directory()])
        .args(more)
        .env("SSL_CERT_FILE", site.ca_certificate()));
    let path = folder.join(request).with_extension("pem");
    std::fs::write(&path, &done.stdout).expect("a file");
    (done, path)
}

fn make_request(site: &Site, file: &str, names: &str) {
    run(Command::new("openssl")
        .args(["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/"])
        .args(["-addext", &format!("subjectAltName={names}"), "-keyout"])
        .arg(site.folder().join("host.key"))
        .arg("-out")
        .arg(site.folder().join(file)))
    .ok();
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn acme_tiny_obtains_and_renews() {
    let site = Site::new();
    let (_web, _) = site.web();
    run(Command::new("openssl")
        .args(["genrsa", "-out"])
        .arg(site.folder().join("account.key"))
        .arg("2048"))
    .ok();
    make_request(&site, "a.csr", "DNS:a.ca.test,DNS:b.ca.test");
    let (done, certificate) = acme_tiny(&site, "a.csr", &["--contact", "mailto:admin@example.com"]);
    done.ok();
    site.verifies(&certificate, "b.ca.test");
    let first = serial_of(&certificate);
    let (done, certificate) = acme_tiny(&site, "a.csr", &[]);
    done.ok();
    site.verifies(&certificate, "a.ca.test");
    assert_ne!(serial_of(&certificate), first);
    let (tried, _) = acme_tiny(&site, "none.csr", &["--revoke", "a.pem"]);
    cannot("acme_tiny", "revoke", &tried, "unrecognized arguments");
    revoked_by_administrator(&site, &certificate);
    let (tried, _) = acme_tiny(&site, "none.csr", &["--eab-kid", "kid"]);
    cannot("acme_tiny", "eab", &tried, "unrecognized arguments");
    make_request(&site, "wildcard.csr", "DNS:*.ca.test");
    let (tried, _) = acme_tiny(&site, "wildcard.csr", &[]);
    cannot("acme_tiny", "dns-01", &tried, "");
    make_request(&site, "address.csr", "IP:127.0.0.1");
    let (tried, _) = acme_tiny(&site, "address.csr", &[]);
    cannot("acme_tiny", "address", &tried, "");
    site.is_in_order();
}
