//! Caddy of Debian: automatic HTTPS.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{REQUIRES_KEY, cannot, revoked_by_administrator, serial_of, wait_until};
use crate::site::{Dns, Done, Running, Site, run};

fn folder(site: &Site) -> PathBuf {
    site.folder().join("caddy")
}

fn log(site: &Site) -> PathBuf {
    folder(site).join("log")
}

/// The place of a certificate in Caddy's storage.
fn certificate(site: &Site, name: &str) -> PathBuf {
    let (_, rest) = site.directory().split_once("://").expect("a URL");
    let issuer = rest.replace([':', '/'], "-");
    folder(site)
        .join("certificates")
        .join(issuer)
        .join(name)
        .join(format!("{name}.crt"))
}

fn write_caddyfile(site: &Site, globals: &str, of_site: &str, name: &str) -> PathBuf {
    std::fs::create_dir_all(folder(site)).expect("a folder");
    let text = format!(
        "{{\n\tadmin off\n\thttp_port {}\n\thttps_port {}\n\tstorage file_system {}\n\temail admin@example.com\n\t\
         acme_ca {}\n\tacme_ca_root {}\n\tauto_https disable_redirects\n{globals}\n}}\nhttps://{name} {{\n\tbind 127.0.0.1\n{of_site}\n}}\n",
        site.http_port,
        site.tls_port,
        folder(site).display(),
        site.directory(),
        site.ca_certificate().display(),
    );
    let path = folder(site).join("Caddyfile");
    std::fs::write(&path, text).expect("a file");
    path
}

fn start(site: &Site, caddyfile: &Path) -> Running {
    let log = std::fs::File::create(log(site)).expect("a log");
    Running::start(
        Command::new("caddy")
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(caddyfile)
            .env("HOME", site.folder())
            .stdout(Stdio::null())
            .stderr(log),
    )
}

fn validated(caddyfile: &Path) -> Done {
    run(Command::new("caddy")
        .args(["validate", "--adapter", "caddyfile", "--config"])
        .arg(caddyfile))
}

/// With the challenges that are not wanted disabled, `tls` of the site says which is used.
fn only(challenge_disabled: &str) -> String {
    format!("\ttls {{\n\t\tissuer acme {{\n\t\t\t{challenge_disabled}\n\t\t}}\n\t}}")
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn caddy_obtains_with_http_and_tls_and_renews() {
    let site = Site::new();
    let path = certificate(&site, "a.ca.test");
    let caddyfile = write_caddyfile(&site, "", &only("disable_tlsalpn_challenge"), "a.ca.test");
    let caddy = start(&site, &caddyfile);
    wait_until("a certificate", &log(&site), || path.exists());
    caddy.end();
    site.verifies(&path, "a.ca.test");
    // A certificate of the same key that is near its end, as it would be in some weeks.
    let first = serial_of(&path);
    let near_its_end = "faketime -f -95d openssl req -x509 -key \"$1.key\" -out \"$1.crt\" -days 100 -subj / -addext subjectAltName=DNS:a.ca.test";
    run(Command::new("sh")
        .args(["-c", near_its_end, "sh"])
        .arg(path.with_extension("")))
    .ok();
    let old = serial_of(&path);
    let caddy = start(&site, &caddyfile);
    wait_until("a renewed certificate", &log(&site), || serial_of(&path) != old);
    caddy.end();
    site.verifies(&path, "a.ca.test");
    assert_ne!(serial_of(&path), first);
    cannot(
        "caddy",
        "revoke",
        &run(Command::new("caddy").args(["revoke"])),
        "unknown command",
    );
    revoked_by_administrator(&site, &path);
    let path = certificate(&site, "b.ca.test");
    let caddyfile = write_caddyfile(&site, "", &only("disable_http_challenge"), "b.ca.test");
    let caddy = start(&site, &caddyfile);
    wait_until("a certificate", &log(&site), || path.exists());
    caddy.end();
    site.verifies(&path, "b.ca.test");
    let dns = write_caddyfile(&site, "\tacme_dns exec", "", "*.ca.test");
    cannot("caddy", "dns-01", &validated(&dns), "dns.providers");
    let profile = write_caddyfile(&site, "", &only("profile tls-server"), "c.ca.test");
    cannot("caddy", "profile", &validated(&profile), "profile");
    site.is_in_order();
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn caddy_has_an_account_where_a_key_is_required() {
    let mut site = Site::with(REQUIRES_KEY, Some(Dns::start()));
    let (kid, key) = site.external_account();
    let path = certificate(&site, "a.ca.test");
    let caddyfile = write_caddyfile(&site, "", "", "a.ca.test");
    let caddy = start(&site, &caddyfile);
    let said = || std::fs::read_to_string(log(&site)).unwrap_or_default();
    wait_until("a refusal", &log(&site), || {
        said().contains("externalAccountRequired")
    });
    caddy.end();
    assert!(!path.exists());
    let eab = format!("\tacme_eab {{\n\t\tkey_id {kid}\n\t\tmac_key {key}\n\t}}");
    let caddyfile = write_caddyfile(&site, &eab, "", "a.ca.test");
    let caddy = start(&site, &caddyfile);
    wait_until("a certificate", &log(&site), || path.exists());
    caddy.end();
    site.verifies(&path, "a.ca.test");
    site.is_in_order();
}
