//! certbot of Debian.

use std::process::Command;

use super::{REQUIRES_KEY, cannot, serial_of};
use crate::site::{Dns, Site, run};

pub fn certbot(site: &Site, args: &[&str]) -> Command {
    let folder = |name: &str| site.folder().join("certbot").join(name);
    let mut command = Command::new("certbot");
    command
        .args(args)
        .args(["--server", site.directory(), "--non-interactive"])
        .arg("--config-dir")
        .arg(folder("config"))
        .arg("--work-dir")
        .arg(folder("work"))
        .arg("--logs-dir")
        .arg(folder("logs"))
        .env("REQUESTS_CA_BUNDLE", site.ca_certificate());
    command
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn certbot_obtains_renews_and_revokes() {
    let mut site = Site::new();
    let port = site.http_port.to_string();
    let standalone = [
        "--standalone",
        "--http-01-port",
        &port,
        "--http-01-address",
        "127.0.0.1",
    ];
    let new = [
        "certonly",
        "--agree-tos",
        "-m",
        "admin@example.com",
        "-d",
        "a.ca.test",
        "-d",
        "b.ca.test",
    ];
    run(&mut certbot(&site, &[&new[..], &standalone].concat())).ok();
    let live = site.folder().join("certbot/config/live/a.ca.test");
    let certificate = live.join("cert.pem");
    site.verifies(&certificate, "b.ca.test");
    let first = serial_of(&certificate);
    run(&mut certbot(
        &site,
        &["renew", "--force-renewal", "--no-random-sleep-on-renew"],
    ))
    .ok();
    assert_ne!(serial_of(&certificate), first);
    let path = certificate.to_str().expect("a path");
    run(&mut certbot(
        &site,
        &[
            "revoke",
            "--cert-path",
            path,
            "--reason",
            "superseded",
            "--no-delete-after-revoke",
        ],
    ))
    .ok();
    site.wait_for_revocations(1);
    // A name outside of the grant, and one without a web server.
    let outside = ["certonly", "-d", "a.example.com"];
    let refused = run(&mut certbot(&site, &[&outside[..], &standalone].concat())).fails();
    // This certbot does not get to say why it was refused; its log does.
    let log = site.folder().join("certbot/logs/letsencrypt.log");
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(log.contains("no grant"), "{refused}\n{log}");
    let again = ["certonly", "--standalone", "-d"];
    let tried = |more: &[&str]| run(&mut certbot(&site, &[&again[..], more].concat()));
    cannot("certbot", "address", &tried(&["127.0.0.1"]), "is an IP address");
    let profile = ["c.ca.test", "--required-profile", "tls-server"];
    cannot("certbot", "profile", &tried(&profile), "unrecognized arguments");
    let tls = ["c.ca.test", "--preferred-challenges", "tls-alpn-01"];
    const NO_PLUGIN: &str = "None of the preferred challenges are supported";
    cannot("certbot", "tls-alpn-01", &tried(&tls), NO_PLUGIN);
    site.is_in_order();
    assert_eq!(site.stop(), Some(0), "{}", site.server_log());
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn certbot_proves_a_wildcard_in_the_dns() {
    let site = Site::new();
    let hook = site.folder().join("hook.sh");
    let set = site.dns().set_txt();
    let text =
        format!("#!/bin/sh\n{set}\nset_txt \"_acme-challenge.$CERTBOT_DOMAIN.\" \"$CERTBOT_VALIDATION\"\n");
    super::write_script(&hook, &text);
    let hook = hook.to_str().expect("a path");
    let new = [
        "certonly",
        "--agree-tos",
        "-m",
        "admin@example.com",
        "-d",
        "*.ca.test",
    ];
    let dns = [
        "--manual",
        "--preferred-challenges",
        "dns",
        "--manual-auth-hook",
        hook,
    ];
    run(&mut certbot(&site, &[&new[..], &dns].concat())).ok();
    let certificate = site.folder().join("certbot/config/live/ca.test/cert.pem");
    site.verifies(&certificate, "any.ca.test");
    site.is_in_order();
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn certbot_has_an_account_where_a_key_is_required() {
    let mut site = Site::with(REQUIRES_KEY, Some(Dns::start()));
    let (kid, key) = site.external_account();
    let port = site.http_port.to_string();
    let new = [
        "certonly",
        "--agree-tos",
        "-m",
        "admin@example.com",
        "-d",
        "a.ca.test",
    ];
    let standalone = ["--standalone", "--http-01-port", &port];
    let without = run(&mut certbot(&site, &[&new[..], &standalone].concat())).fails();
    assert!(without.stderr.contains("external account"), "{without}");
    let wrong = [
        "--eab-kid",
        &kid,
        "--eab-hmac-key",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ];
    run(&mut certbot(&site, &[&new[..], &standalone, &wrong].concat())).fails();
    let with = ["--eab-kid", &kid, "--eab-hmac-key", &key];
    run(&mut certbot(&site, &[&new[..], &standalone, &with].concat())).ok();
    site.verifies(
        &site.folder().join("certbot/config/live/a.ca.test/cert.pem"),
        "a.ca.test",
    );
    site.is_in_order();
}
