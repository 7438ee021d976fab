//! lego of Debian.

use std::path::Path;
use std::process::Command;

use super::{REQUIRES_KEY, cannot, serial_of, write_script};
use crate::site::{Dns, Site, run};

fn lego(site: &Site, name: &str, args: &[&str]) -> Command {
    let mut command = Command::new("lego");
    command
        .args(["--server", site.directory(), "--accept-tos"])
        .args(["--email", "admin@example.com", "--path"])
        .arg(site.folder().join(name))
        .args(args)
        .env("LEGO_CA_CERTIFICATES", site.ca_certificate());
    command
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn lego_obtains_with_each_challenge_renews_and_revokes() {
    let site = Site::new();
    let certificate = |name: &str, host: &str| {
        let folder: &Path = &site.folder().join(name);
        folder.join("certificates").join(format!("{host}.crt"))
    };
    let http = format!("127.0.0.1:{}", site.http_port);
    let of_a = ["--domains", "a.ca.test", "--http", "--http.port", &http];
    run(&mut lego(&site, "http", &[&of_a[..], &["run"]].concat())).ok();
    let first = certificate("http", "a.ca.test");
    site.verifies(&first, "a.ca.test");
    let serial = serial_of(&first);
    run(&mut lego(
        &site,
        "http",
        &[&of_a[..], &["renew", "--days", "1000", "--no-random-sleep"]].concat(),
    ))
    .ok();
    site.verifies(&first, "a.ca.test");
    assert_ne!(serial_of(&first), serial);
    run(&mut lego(
        &site,
        "http",
        &[&of_a[..], &["revoke", "--keep"]].concat(),
    ))
    .ok();
    site.wait_for_revocations(1);
    let tls = format!("127.0.0.1:{}", site.tls_port);
    let of_b = ["--domains", "b.ca.test", "--tls", "--tls.port", &tls, "run"];
    run(&mut lego(&site, "tls", &of_b)).ok();
    site.verifies(&certificate("tls", "b.ca.test"), "b.ca.test");
    let hook = site.folder().join("hook.sh");
    let set = site.dns().set_txt();
    write_script(
        &hook,
        &format!("#!/bin/sh\n{set}\n[ \"$1\" = present ] || exit 0\nset_txt \"$2\" \"$3\"\n"),
    );
    let resolver = format!("127.0.0.1:{}", site.dns().port);
    let wildcard = [
        "--domains",
        "*.ca.test",
        "--dns",
        "exec",
        "--dns.resolvers",
        &resolver,
        "--dns.disable-cp",
    ];
    run(lego(&site, "dns", &[&wildcard[..], &["run"]].concat()).env("EXEC_PATH", &hook)).ok();
    site.verifies(&certificate("dns", "_.ca.test"), "any.ca.test");
    let address = ["--domains", "127.0.0.1", "--http", "--http.port", &http, "run"];
    cannot(
        "lego",
        "address",
        &run(&mut lego(&site, "http", &address)),
        "127.0.0.1",
    );
    let profile = [&of_a[..], &["run", "--profile", "tls-server"]].concat();
    cannot(
        "lego",
        "profile",
        &run(&mut lego(&site, "http", &profile)),
        "profile",
    );
    site.is_in_order();
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn lego_has_an_account_where_a_key_is_required() {
    let mut site = Site::with(REQUIRES_KEY, Some(Dns::start()));
    let (kid, key) = site.external_account();
    let http = format!("127.0.0.1:{}", site.http_port);
    let order = ["--domains", "a.ca.test", "--http", "--http.port", &http];
    let without = run(&mut lego(&site, "without", &[&order[..], &["run"]].concat())).fails();
    assert!(without.stderr.contains("External Account Binding"), "{without}");
    let with = ["--eab", "--kid", &kid, "--hmac", &key, "run"];
    run(&mut lego(&site, "with", &[&order[..], &with].concat())).ok();
    site.verifies(
        &site.folder().join("with/certificates/a.ca.test.crt"),
        "a.ca.test",
    );
    site.is_in_order();
}
