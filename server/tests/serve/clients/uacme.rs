//! uacme of Debian.

use std::path::Path;
use std::process::Command;

use super::{REQUIRES_KEY, cannot, serial_of, write_script};
use crate::site::{Dns, Done, Running, Site, run};

/// uacme trusts what the machine trusts: for it alone, that is the CA.
fn uacme(site: &Site, args: &[&str]) -> Done {
    let trusting = "mount --bind \"$1\" /etc/ssl/certs/ca-certificates.crt && shift && exec uacme \"$@\"";
    run(Command::new("unshare")
        .args(["--mount", "sh", "-c", trusting, "sh"])
        .arg(site.ca_certificate())
        .args(["--yes", "--acme-url", site.directory(), "--confdir"])
        .arg(site.folder().join("uacme"))
        .args(args)
        .env(
            "UACME_CHALLENGE_PATH",
            site.folder().join("web/.well-known/acme-challenge"),
        ))
}

const HTTP: &str = "/usr/share/uacme/uacme.sh";

fn certificate(site: &Site, name: &str) -> std::path::PathBuf {
    site.folder().join("uacme").join(name).join("cert.pem")
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn uacme_obtains_with_each_challenge_renews_and_revokes() {
    let site = Site::with_addresses();
    let (_web, _) = site.web();
    uacme(&site, &["new", "admin@example.com"]).ok();
    let http = ["--hook", HTTP, "issue", "a.ca.test", "b.ca.test"];
    uacme(&site, &http).ok();
    let path = certificate(&site, "a.ca.test");
    site.verifies(&path, "b.ca.test");
    let first = serial_of(&path);
    uacme(&site, &[&["--force"], &http[..]].concat()).ok();
    site.verifies(&path, "a.ca.test");
    assert_ne!(serial_of(&path), first);
    uacme(&site, &["revoke", path.to_str().expect("a path")]).ok();
    site.wait_for_revocations(1);
    uacme(&site, &["--hook", HTTP, "issue", "127.0.0.1"]).ok();
    site.verifies(&certificate(&site, "127.0.0.1"), "127.0.0.1");
    let hook = site.folder().join("dns.sh");
    let set = site.dns().set_txt();
    let text = format!(
        "#!/bin/sh\n{set}\n[ \"$2\" = dns-01 ] || exit 1\n[ \"$1\" = begin ] || exit 0\nset_txt \"_acme-challenge.$3.\" \"$5\"\n"
    );
    write_script(&hook, &text);
    uacme(
        &site,
        &["--hook", hook.to_str().expect("a path"), "issue", "*.ca.test"],
    )
    .ok();
    site.verifies(&certificate(&site, "ca.test"), "any.ca.test");
    proves_with_tls(&site, &site.folder().join("ualpn.sock"));
    let profile = ["--profile", "tls-server", "--hook", HTTP, "issue", "d.ca.test"];
    cannot("uacme", "profile", &uacme(&site, &profile), "unrecognized option");
    site.is_in_order();
}

/// ualpn, which comes with uacme, answers tls-alpn-01.
fn proves_with_tls(site: &Site, socket: &Path) {
    let _ualpn = Running::start(
        Command::new("ualpn")
            .args(["--bind", &format!("127.0.0.1@{}", site.tls_port), "--sock"])
            .arg(socket)
            .args(["--connect", "127.0.0.1@9", "--sock-mode", "600"]),
    );
    super::wait_until("ualpn listens", socket, || socket.exists());
    let hook = site.folder().join("tls.sh");
    let text = format!(
        "#!/bin/sh\n[ \"$2\" = tls-alpn-01 ] || exit 1\n[ \"$1\" = begin ] || exit 0\n\
         [ \"$(echo \"auth $3 $5\" | ualpn --sock {})\" = OK ]\n",
        socket.display()
    );
    write_script(&hook, &text);
    uacme(
        site,
        &["--hook", hook.to_str().expect("a path"), "issue", "c.ca.test"],
    )
    .ok();
    site.verifies(&certificate(site, "c.ca.test"), "c.ca.test");
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn uacme_has_an_account_where_a_key_is_required() {
    let mut site = Site::with(REQUIRES_KEY, Some(Dns::start()));
    let (kid, key) = site.external_account();
    let (_web, _) = site.web();
    uacme(&site, &["new"]).fails();
    uacme(&site, &["--eab", &format!("{kid}:{key}"), "new"]).ok();
    uacme(&site, &["--hook", HTTP, "issue", "a.ca.test"]).ok();
    site.verifies(&certificate(&site, "a.ca.test"), "a.ca.test");
    site.is_in_order();
}
