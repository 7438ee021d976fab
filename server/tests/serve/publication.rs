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
