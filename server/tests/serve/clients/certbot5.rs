//! certbot of PyPI, with addresses, profiles and renewal information.

use std::process::Command;

use super::{cannot, is_for_servers_alone, peer, serial_of, write_script};
use crate::site::{Site, run};

#[test]
#[ignore = "sh tests/serve.sh"]
fn certbot5_proves_an_address_and_chooses_a_profile() {
    let mut site = Site::with_addresses();
    site.grant_profile("tls-server");
    let (_web, answers) = site.web();
    let folder = |name: &str| site.folder().join("certbot").join(name);
    let certbot = |args: &[&str]| {
        let mut command = Command::new(peer("certbot/bin/certbot"));
        command
            .args(args)
            .args(["--server", site.directory(), "--non-interactive"])
            .args(["--agree-tos", "-m", "admin@example.com"])
            .arg("--config-dir")
            .arg(folder("config"))
            .arg("--work-dir")
            .arg(folder("work"))
            .arg("--logs-dir")
            .arg(folder("logs"))
            .env("REQUESTS_CA_BUNDLE", site.ca_certificate());
        run(&mut command)
    };
    let hook = site.folder().join("hook.sh");
    let text = format!(
        "#!/bin/sh\nprintf %s \"$CERTBOT_VALIDATION\" > {}/$CERTBOT_TOKEN\n",
        answers.display()
    );
    write_script(&hook, &text);
    let hook = hook.to_str().expect("a path");
    let http = [
        "certonly",
        "--manual",
        "--preferred-challenges",
        "http",
        "--manual-auth-hook",
        hook,
    ];
    let obtain = |args: &[&str]| certbot(&[&http[..], args].concat());
    let live = |name: &str| folder("config/live").join(name).join("cert.pem");
    obtain(&[
        "--cert-name",
        "address",
        "--ip-address",
        "127.0.0.1",
        "--required-profile",
        "tls-server",
    ])
    .ok();
    site.verifies(&live("address"), "127.0.0.1");
    assert!(is_for_servers_alone(&live("address")));
    let unknown = obtain(&["-d", "a.ca.test", "--required-profile", "nothere"]).fails();
    assert!(unknown.stderr.contains("nothere"), "{unknown}");
    obtain(&["-d", "a.ca.test", "--preferred-profile", "nothere"]).ok();
    site.verifies(&live("a.ca.test"), "a.ca.test");
    assert!(!is_for_servers_alone(&live("a.ca.test")));
    // Not due by the server's renewal information; due at once when it is revoked.
    let first = serial_of(&live("a.ca.test"));
    let renew = ["renew", "--no-random-sleep-on-renew", "--cert-name", "a.ca.test"];
    let early = certbot(&renew).ok();
    assert_eq!(serial_of(&live("a.ca.test")), first, "{early}");
    assert!(!early.stderr.contains("Renewal Information"), "{early}");
    certbot(&[
        "renew",
        "--no-random-sleep-on-renew",
        "--force-renewal",
        "--cert-name",
        "a.ca.test",
    ])
    .ok();
    let second = serial_of(&live("a.ca.test"));
    assert_ne!(second, first);
    let revoke = [
        "revoke",
        "--cert-name",
        "a.ca.test",
        "--reason",
        "keycompromise",
        "--no-delete-after-revoke",
    ];
    certbot(&revoke).ok();
    site.wait_for_revocations(1);
    // The time that the server has said to wait before it is asked again is over.
    let config = folder("config/renewal/a.ca.test.conf");
    let text = std::fs::read_to_string(&config).expect("a file");
    let (kept, waits): (Vec<_>, Vec<_>) = text
        .lines()
        .partition(|line| !line.starts_with("ari_retry_after"));
    assert_eq!(waits.len(), 1, "{text}");
    std::fs::write(&config, kept.join("\n")).expect("written");
    let due = certbot(&renew).ok();
    assert_ne!(serial_of(&live("a.ca.test")), second, "{due}");
    site.verifies(&live("a.ca.test"), "a.ca.test");
    let tls = [
        "certonly",
        "--standalone",
        "-d",
        "b.ca.test",
        "--preferred-challenges",
        "tls-alpn-01",
    ];
    const NO_PLUGIN: &str = "Unrecognized challenges";
    cannot("certbot5", "tls-alpn-01", &certbot(&tls), NO_PLUGIN);
    site.is_in_order();
}
