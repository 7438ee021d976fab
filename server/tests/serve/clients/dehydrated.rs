//! dehydrated of Debian.

use std::path::PathBuf;
use std::process::Command;

use super::{REQUIRES_KEY, cannot, is_for_servers_alone, serial_of, write_script};
use crate::site::{Dns, Done, Site, run};

fn configured(site: &Site, more: &str) -> PathBuf {
    let base = site.folder().join("dehydrated");
    std::fs::create_dir_all(&base).expect("a folder");
    let text = format!(
        "CA={}\nBASEDIR={base}\nWELLKNOWN={}/web/.well-known/acme-challenge\nCURL_OPTS=\"--cacert {}\"\n\
         CONTACT_EMAIL=admin@example.com\n{more}\n",
        site.directory(),
        site.folder().display(),
        site.ca_certificate().display(),
        base = base.display(),
    );
    std::fs::write(base.join("config"), text).expect("a file");
    base
}

fn dehydrated(site: &Site, args: &[&str]) -> Done {
    let config = site.folder().join("dehydrated/config");
    run(Command::new("dehydrated").arg("--config").arg(config).args(args))
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn dehydrated_obtains_with_each_challenge_renews_and_revokes() {
    let site = Site::new();
    let (_web, _) = site.web();
    let base = configured(&site, "ACME_PROFILE=tls-server");
    let certificate = |name: &str| base.join("certs").join(name).join("cert.pem");
    dehydrated(&site, &["--register", "--accept-terms"]).ok();
    let http = ["--cron", "--domain", "a.ca.test b.ca.test"];
    dehydrated(&site, &http).ok();
    site.verifies(&certificate("a.ca.test"), "b.ca.test");
    let first = serial_of(&certificate("a.ca.test"));
    dehydrated(&site, &[&http[..], &["--force"]].concat()).ok();
    site.verifies(&certificate("a.ca.test"), "a.ca.test");
    assert_ne!(serial_of(&certificate("a.ca.test")), first);
    let can_choose = Done {
        what: "ACME_PROFILE=tls-server dehydrated".into(),
        status: Some(i32::from(!is_for_servers_alone(&certificate("a.ca.test")))),
        stdout: String::new(),
        stderr: String::new(),
    };
    cannot("dehydrated", "profile", &can_choose, "");
    let path = certificate("a.ca.test");
    dehydrated(&site, &["--revoke", path.to_str().expect("a path")]).ok();
    site.wait_for_revocations(1);
    let hook = base.join("dns.sh");
    let set = site.dns().set_txt();
    let text = format!(
        "#!/bin/sh\n{set}\n[ \"$1\" = deploy_challenge ] || exit 0\nset_txt \"_acme-challenge.$2.\" \"$4\"\n"
    );
    write_script(&hook, &text);
    let hook = hook.to_str().expect("a path");
    let dns = [
        "--cron",
        "--challenge",
        "dns-01",
        "--hook",
        hook,
        "--domain",
        "*.ca.test",
        "--alias",
        "wild",
    ];
    dehydrated(&site, &dns).ok();
    site.verifies(&certificate("wild"), "any.ca.test");
    // dehydrated makes the certificate with the answer; a server of one's own presents it.
    let answering = base.join("alpn.sh");
    let text = format!(
        "#!/bin/sh\n[ \"$1\" = deploy_challenge ] || exit 0\n\
         openssl s_server -quiet -accept 127.0.0.1:{} -alpn acme-tls/1 -cert {base}/alpn-certs/$2.crt.pem \
         -key {base}/alpn-certs/$2.key.pem -naccept 1 < /dev/null > /dev/null 2>&1 &\nsleep 1\n",
        site.tls_port,
        base = base.display(),
    );
    write_script(&answering, &text);
    let answering = answering.to_str().expect("a path");
    std::fs::create_dir_all(base.join("alpn-certs")).expect("a folder");
    let tls = [
        "--cron",
        "--challenge",
        "tls-alpn-01",
        "--hook",
        answering,
        "--domain",
        "c.ca.test",
    ];
    dehydrated(&site, &tls).ok();
    site.verifies(&certificate("c.ca.test"), "c.ca.test");
    let address = dehydrated(&site, &["--cron", "--domain", "ip:127.0.0.1"]);
    cannot("dehydrated", "address", &address, "is not accepted");
    site.is_in_order();
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn dehydrated_has_an_account_where_a_key_is_required() {
    let mut site = Site::with(REQUIRES_KEY, Some(Dns::start()));
    let (kid, key) = site.external_account();
    let (_web, _) = site.web();
    configured(&site, "");
    let without = dehydrated(&site, &["--register", "--accept-terms"]).fails();
    assert!(format!("{without}").contains("xternal"), "{without}");
    let base = configured(&site, &format!("EAB_KID={kid}\nEAB_HMAC_KEY={key}"));
    dehydrated(&site, &["--register", "--accept-terms"]).ok();
    dehydrated(&site, &["--cron", "--domain", "a.ca.test"]).ok();
    site.verifies(&base.join("certs/a.ca.test/cert.pem"), "a.ca.test");
    site.is_in_order();
}
