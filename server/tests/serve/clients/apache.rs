//! Apache's mod_md of Debian, in a server of its own.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{
    REQUIRES_KEY, cannot, is_for_servers_alone, revoked_by_administrator, serial_of, wait_until, write_script,
};
use crate::site::{Dns, Running, Site, run};

fn folder(site: &Site) -> PathBuf {
    site.folder().join("apache")
}

fn log(site: &Site) -> PathBuf {
    folder(site).join("error.log")
}

/// Apache's workers are not root: what they read is open to them.
fn open_to_all(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
}

/// `domains` are names, and what is said of each.
fn write_config(site: &Site, globals: &str, domains: &[(&str, &str)]) -> PathBuf {
    let base = folder(site);
    std::fs::create_dir_all(base.join("md")).expect("a folder");
    std::fs::copy(site.ca_certificate(), base.join("ca.pem")).expect("a copy");
    [site.folder(), &base, &base.join("ca.pem")]
        .into_iter()
        .for_each(open_to_all);
    let modules = [
        ("mpm_event", "mpm_event"),
        ("authz_core", "authz_core"),
        ("socache_shmcb", "socache_shmcb"),
        ("ssl", "ssl"),
        ("md", "md"),
    ];
    let mut text = format!(
        "ServerRoot {base}\nPidFile {base}/pid\nErrorLog {base}/error.log\nLogLevel info md:debug\nMutex file:{base} default\n\
         User www-data\nGroup www-data\nServerName a.ca.test\nListen 127.0.0.1:{http}\nListen 127.0.0.1:{tls} https\n",
        base = base.display(),
        http = site.http_port,
        tls = site.tls_port,
    );
    for (name, file) in modules {
        text.push_str(&format!(
            "LoadModule {name}_module /usr/lib/apache2/modules/mod_{file}.so\n"
        ));
    }
    text.push_str(&format!(
        "Protocols http/1.1 acme-tls/1\nMDStoreDir {base}/md\nMDCertificateAuthority {}\nMDCACertificateFile {base}/ca.pem\n\
         MDCertificateAgreement accepted\nMDContactEmail admin@example.com\nMDPortMap 80:{} 443:{}\nMDMembers manual\n{globals}\n",
        site.directory(),
        site.http_port,
        site.tls_port,
        base = base.display(),
    ));
    for (name, of_domain) in domains {
        text.push_str(&format!(
            "<MDomain {name}>\n{of_domain}\n</MDomain>\n<VirtualHost *:{}>\nServerName {name}\nSSLEngine on\n</VirtualHost>\n",
            site.tls_port
        ));
    }
    let path = base.join("httpd.conf");
    std::fs::write(&path, text).expect("a file");
    path
}

fn start(config: &Path) -> Running {
    Running::start(
        Command::new("/usr/sbin/apache2")
            .args(["-DFOREGROUND", "-f"])
            .arg(config)
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    )
}

/// A certificate in mod_md's store: `staging` until the next start, then `domains`.
fn certificate(site: &Site, place: &str, name: &str) -> PathBuf {
    folder(site).join("md").join(place).join(name).join("pubcert.pem")
}

/// Runs until all names have a certificate, and once more, so that the store has them.
fn obtained(site: &Site, config: &Path, names: &[&str]) {
    let apache = start(config);
    for name in names {
        let path = certificate(site, "staging", name);
        wait_until(name, &log(site), || path.exists());
    }
    apache.end();
    let apache = start(config);
    for name in names {
        let path = certificate(site, "domains", name);
        let staged = certificate(site, "staging", name);
        wait_until(name, &log(site), || path.exists() && !staged.exists());
    }
    apache.end();
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn apache_obtains_with_each_challenge_and_renews() {
    let mut site = Site::new();
    site.grant_profile("tls-server");
    std::fs::create_dir_all(folder(&site)).expect("a folder");
    let hook = folder(&site).join("dns.sh");
    let set = site.dns().set_txt();
    write_script(
        &hook,
        &format!("#!/bin/sh\n{set}\n[ \"$1\" = setup ] || exit 0\nset_txt \"_acme-challenge.$2.\" \"$3\"\n"),
    );
    let dns = format!("MDCAChallenges dns-01\nMDChallengeDns01 {}", hook.display());
    let domains = [
        ("a.ca.test", "MDCAChallenges http-01"),
        ("b.ca.test", "MDCAChallenges tls-alpn-01\nMDProfile tls-server"),
        ("c.ca.test", &dns),
    ];
    let names = ["a.ca.test", "b.ca.test", "c.ca.test"];
    let config = write_config(&site, "", &domains);
    obtained(&site, &config, &names);
    for name in names {
        site.verifies(&certificate(&site, "domains", name), name);
    }
    assert!(is_for_servers_alone(&certificate(&site, "domains", "b.ca.test")));
    let path = certificate(&site, "domains", "a.ca.test");
    let first = serial_of(&path);
    // It is renewed when less than so many days are left.
    let config = write_config(&site, "MDRenewWindow 100d", &domains[..1]);
    obtained(&site, &config, &names[..1]);
    assert_ne!(serial_of(&path), first);
    site.verifies(&path, "a.ca.test");
    let with_revoke = write_config(&site, "MDRevoke on", &domains[..1]);
    let tried = run(Command::new("/usr/sbin/apache2")
        .args(["-t", "-f"])
        .arg(&with_revoke));
    cannot("apache", "revoke", &tried, "Invalid command 'MDRevoke'");
    revoked_by_administrator(&site, &path);
    site.is_in_order();
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn apache_has_an_account_where_a_key_is_required() {
    let mut site = Site::with(REQUIRES_KEY, Some(Dns::start()));
    let (kid, key) = site.external_account();
    let domain = [("a.ca.test", "MDCAChallenges http-01")];
    let config = write_config(&site, "", &domain);
    let apache = start(&config);
    let said = || std::fs::read_to_string(log(&site)).unwrap_or_default();
    wait_until("a refusal", &log(&site), || said().contains("xternal"));
    apache.end();
    assert!(!certificate(&site, "staging", "a.ca.test").exists());
    std::fs::remove_dir_all(folder(&site).join("md")).expect("removed");
    let config = write_config(&site, &format!("MDExternalAccountBinding {kid} {key}"), &domain);
    obtained(&site, &config, &["a.ca.test"]);
    site.verifies(&certificate(&site, "domains", "a.ca.test"), "a.ca.test");
    site.is_in_order();
}
