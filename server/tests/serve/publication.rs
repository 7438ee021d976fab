//! What is published is believed by others, and says what is so.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::site::{Site, run};

/// What OpenSSL reads out of the responder's answer about a certificate.
fn openssl_ocsp(site: &Site, certificate: &str, digest: &str) -> String {
    let url = site.ready["ocsp"].as_str().expect("a URL");
    let done = run(Command::new("openssl")
        .args(["ocsp", digest, "-issuer"])
        .arg(site.ca_certificate())
        .args(["-cert", certificate, "-url", url, "-CAfile"])
        .arg(site.ca_certificate()));
    format!("{}{}", done.stdout, done.stderr)
}

/// Asks until the answer has what is expected.
pub fn until(what: &str, mut answer: impl FnMut() -> String, expected: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let now = answer();
        if now.contains(expected) {
            return;
        }
        assert!(Instant::now() < end, "{what}: {now}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn openssl_believes_the_responder_and_sees_what_commands_beside_the_server_revoke() {
    let site = Site::without_dns();
    let out = site.folder().join("out");
    std::fs::create_dir(&out).expect("a directory");
    let out = out.to_str().expect("a path");
    for host in ["a.ca.test", "b.ca.test"] {
        site.gsec(&[
            "cert",
            "issue",
            "--host",
            host,
            "--key-type",
            "p256",
            "--out-dir",
            out,
        ])
        .ok();
    }
    let (a, b) = (format!("{out}/a_cert.pem"), format!("{out}/b_cert.pem"));
    until("the responder", || openssl_ocsp(&site, &a, "-sha256"), ": good");
    assert!(openssl_ocsp(&site, &a, "-sha1").contains("Response verify OK"));
    site.gsec(&[
        "cert",
        "revoke",
        "a.ca.test",
        "--reason",
        "keyCompromise",
        "--yes",
    ])
    .ok();
    let revoked = openssl_ocsp(&site, &a, "-sha256");
    assert!(
        revoked.contains(": revoked") && revoked.contains("keyCompromise"),
        "{revoked}"
    );
    assert!(openssl_ocsp(&site, &b, "-sha256").contains(": good"));
    // A certificate of this name and key that the CA never recorded.
    site.wait_for_revocations(1);
    let crl = site.fetched_crl();
    let checked = run(Command::new("openssl")
        .args(["verify", "-crl_check", "-CAfile"])
        .arg(site.ca_certificate())
        .arg("-CRLfile")
        .arg(&crl)
        .arg(&a))
    .fails();
    assert!(checked.stderr.contains("certificate revoked"), "{checked}");
}

/// The files of a serial number are taken away.
fn without_files(site: &Site, serial: &str) {
    let repository = std::fs::read_dir(site.ca().join("repository")).expect("the repository");
    for entry in repository {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.starts_with(&format!("{serial}.")) || name.starts_with(&format!("{serial}_")) {
            std::fs::remove_file(path).expect("removed");
        }
    }
}

#[test]
fn record_whose_certificate_never_came_is_revoked_everywhere() {
    let mut site = Site::without_dns();
    let issue = |site: &Site, host: &str| -> String {
        let issued = site.gsec(&["cert", "issue", "--host", host, "--key-type", "p256", "--json"]);
        let document: serde_json::Value = serde_json::from_str(&issued.ok().stdout).expect("JSON");
        document["serial"].as_str().expect("a number").to_owned()
    };
    // What was issued before the server looked for the first time is none of its business.
    let old = issue(&site, "old.ca.test");
    assert_eq!(site.stop(), Some(0), "{}", site.server_log());
    // The log has whole seconds.
    std::thread::sleep(Duration::from_secs(1));
    let now = time::OffsetDateTime::now_utc();
    site.set_setting("voided_until", &gsec_pki::x509::rfc3339(now));
    std::thread::sleep(Duration::from_secs(1));
    let (left, whole) = (issue(&site, "left.ca.test"), issue(&site, "whole.ca.test"));
    without_files(&site, &left);
    without_files(&site, &old);
    site.start();
    let asked = |site: &Site, serial: &str| {
        let url = site.ready["ocsp"].as_str().expect("a URL");
        let done = run(Command::new("openssl")
            .args(["ocsp", "-validity_period", "7200", "-issuer"])
            .arg(site.ca_certificate())
            .args(["-serial", &format!("0x{serial}"), "-url", url, "-CAfile"])
            .arg(site.ca_certificate()));
        format!("{}{}", done.stdout, done.stderr)
    };
    until("one that may yet come", || asked(&site, &left), ": unknown");
    assert_eq!(site.stop(), Some(0), "{}", site.server_log());
    site.start_ahead("11m");
    until(
        "one that does not come any more",
        || asked(&site, &left),
        ": revoked",
    );
    assert!(asked(&site, &left).contains("cessationOfOperation"));
    assert!(asked(&site, &whole).contains(": good"));
    assert!(asked(&site, &old).contains(": unknown"));
    site.wait_for_revocations(1);
    assert_eq!(site.stop(), Some(0), "{}", site.server_log());
    let log = std::fs::read_to_string(site.ca().join("ca_conf/audit.log")).expect("the log");
    let line = log
        .lines()
        .find(|line| line.contains("cert.revoke"))
        .expect("a line");
    assert!(
        line.contains(&format!("\"serial\":\"{left}\"")) && line.contains("\"signature\""),
        "{line}"
    );
    // `openssl ca` beside it puts it in its CRL, too.
    let made = run(Command::new("openssl")
        .args([
            "ca",
            "-gencrl",
            "-crldays",
            "30",
            "-config",
            "ca_conf/ca.conf",
            "-out",
            "openssl.crl",
        ])
        .current_dir(site.ca()))
    .ok();
    let crl = site.ca().join("openssl.crl");
    let shown = run(Command::new("openssl")
        .args(["crl", "-noout", "-text", "-in"])
        .arg(&crl));
    assert!(
        shown.stdout.contains(&format!("Serial Number: {left}\n")) && shown.stdout.contains("Cessation"),
        "{made} {shown}"
    );
}

/// `openssl ca` writes into ca.db alone: no line, no CRL.
#[test]
fn revocation_by_openssl_beside_the_server_is_in_the_next_crl_soon() {
    revocation_by_openssl(false);
}

/// What the records count begins anew then.
#[test]
fn revocation_by_openssl_while_the_policy_is_replaced_is_in_the_next_crl_soon() {
    revocation_by_openssl(true);
}

fn revocation_by_openssl(replaces_policy: bool) {
    let site = Site::without_dns();
    site.wait_for_revocations(0);
    let issued = site
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "a.ca.test",
            "--key-type",
            "p256",
            "--json",
        ])
        .ok();
    let issued: serde_json::Value = serde_json::from_str(&issued.stdout).expect("JSON");
    let serial = issued["serial"].as_str().expect("a serial number");
    let place = site.ca();
    let certificate = format!("repository/{serial}.pem");
    run(Command::new("openssl").current_dir(&place).args([
        "ca",
        "-config",
        "ca_conf/ca.conf",
        "-batch",
        "-revoke",
        &certificate,
    ]))
    .ok();
    if replaces_policy {
        let policy = place.join("ca_conf/gsec.toml");
        let text = std::fs::read_to_string(&policy).expect("gsec.toml");
        std::fs::write(&policy, format!("# another\n{text}")).expect("written");
    }
    site.wait_for_revocations(1);
}
