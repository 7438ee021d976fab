//! Certificates as they are fetched (RFC 8555 §7.4.2, §9.1): in each form, with each chain; and what is said of revoked ones.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Answer, Client, base64url, request_for};
use crate::ready::wait_until_ready;
use crate::site::{PATIENCE, run};
use crate::walk::{Walk, is, refuses, text};

impl Client {
    /// POST-as-GET with `Accept`.
    fn fetch(&mut self, url: &str, accept: &str) -> Answer {
        self.accept = Some(accept.to_owned());
        let answer = self.asked(url, None);
        self.accept = None;
        answer
    }
}

fn written(walk: &Walk, name: &str, answer: &Answer) -> PathBuf {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let path = walk.site.folder().join(name);
    std::fs::write(&path, &answer.body).expect("written");
    path
}

fn openssl(args: &[&str], file: &Path) -> String {
    run(Command::new("openssl").args(args).arg("-in").arg(file))
        .ok()
        .stdout
}

/// Subject, issuer and serial number of each certificate of a PKCS #7 or PEM file.
fn subjects(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with("subject"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn each_form_is_what_openssl_reads_and_each_chain_leads_to_a_root() {
    let mut walk = Walk::new();
    let old_root = walk.site.folder().join("old_root.pem");
    std::fs::copy(walk.site.ca_certificate(), &old_root).expect("copied");
    let old = walk.client.order(&["old.ca.test"]);
    walk.client.follow(&old, &request_for(&["old.ca.test"]));
    let old_url = text(&walk.client.asked(&old, None).json(), "certificate").to_owned();
    assert!(
        walk.client
            .asked(&old_url, None)
            .links()
            .iter()
            .all(|(_, relation)| relation != "alternate"),
        "there is one chain only"
    );
    walk.site.gsec(&["ca", "rekey", "--yes"]).ok();
    walk.site.stop();
    walk.site.start();
    walk.client = walk.another();
    walk.client.register();

    let order = walk.client.order(&["a.ca.test"]);
    walk.client.follow(&order, &request_for(&["a.ca.test"]));
    let order = walk.client.asked(&order, None).json();
    let url = text(&order, "certificate").to_owned();
    let whole = walk.client.asked(&url, None);
    let link = |answer: &Answer, relation: &str| {
        let mut links = answer.links().into_iter();
        links.find_map(|(url, found)| (found == relation).then_some(url))
    };
    let alternate = link(&whole, "alternate").expect("another chain");
    let present = walk.client.asked(&alternate, None);
    assert_eq!(link(&present, "alternate").as_deref(), Some(url.as_str()));
    let whole_file = written(&walk, "whole.pem", &whole);
    let present_file = written(&walk, "present.pem", &present);
    let pem = |answer: &Answer| String::from_utf8(answer.body.clone()).expect("PEM");
    let first = |answer: &Answer| {
        pem(answer)
            .split_inclusive("-----END CERTIFICATE-----\n")
            .next()
            .map(str::to_owned)
    };
    assert_eq!(
        first(&whole),
        first(&present),
        "each begins with the same certificate"
    );
    assert_ne!(whole.body, present.body);
    // The one for everybody leads to the former root, the other to the present one only.
    let present_root = walk.site.ca_certificate();
    for (chain, root, leads_there) in [
        (&whole_file, &old_root, true),
        (&whole_file, &present_root, true),
        (&present_file, &present_root, true),
        (&present_file, &old_root, false),
    ] {
        let verified = run(Command::new("openssl")
            .args(["verify", "-no-CApath", "-no-CAstore", "-CAfile"])
            .arg(root)
            .arg("-untrusted")
            .arg(chain)
            .arg(chain));
        assert_eq!(verified.status == Some(0), leads_there, "{verified}");
    }

    let der = walk.client.fetch(&url, "application/pkix-cert");
    assert_eq!(der.header("content-type"), Some("application/pkix-cert"));
    let file = written(&walk, "a.cer", &der);
    let shown = openssl(
        &["x509", "-inform", "DER", "-noout", "-ext", "subjectAltName"],
        &file,
    );
    assert!(
        shown.contains("DNS:a.ca.test") && shown.matches("DNS:").count() == 1,
        "{shown}"
    );
    let issuer = link(&der, "up").expect("its issuer");
    let issuer = walk.client.asked(&issuer, None);
    let file = written(&walk, "issuer.cer", &issuer);
    let issuer = openssl(&["x509", "-inform", "DER"], &file);
    assert_eq!(
        issuer.trim(),
        std::fs::read_to_string(&present_root).expect("PEM").trim()
    );

    let pkcs7 = walk
        .client
        .fetch(&url, "text/html;q=0.9, application/pkcs7-mime;q=0.8, */*;q=0.1");
    let kind = pkcs7.header("content-type").expect("a type").to_owned();
    assert!(kind.starts_with("application/pkcs7-mime"), "{kind}");
    let file = written(&walk, "a.p7c", &pkcs7);
    let of_pkcs7 = openssl(&["pkcs7", "-inform", "DER", "-print_certs", "-noout"], &file);
    let list = run(Command::new("openssl")
        .args(["crl2pkcs7", "-nocrl", "-certfile"])
        .arg(&whole_file))
    .ok();
    let as_pkcs7 = walk.site.folder().join("whole.p7");
    std::fs::write(&as_pkcs7, list.stdout).expect("written");
    let of_pem = openssl(&["pkcs7", "-print_certs", "-noout"], &as_pkcs7);
    assert_eq!(subjects(&of_pkcs7), subjects(&of_pem));
    assert_eq!(subjects(&of_pkcs7).len(), 2);
    run(Command::new("certtool")
        .args(["--p7-info", "--inder", "--infile"])
        .arg(&file))
    .ok();

    for (accept, kind) in [
        (
            "application/pkix-cert;q=0, */*",
            "application/pem-certificate-chain",
        ),
        (
            "application/pkix-cert;q=0.1, application/pem-certificate-chain",
            "application/pem-certificate-chain",
        ),
        ("text/html", "application/pem-certificate-chain"),
        ("*/*, application/pkix-cert", "application/pem-certificate-chain"),
        ("application/pkix-cert;q=nonsense", "application/pkix-cert"),
    ] {
        let answer = walk.client.fetch(&url, accept);
        assert_eq!(answer.header("content-type"), Some(kind), "{accept}");
    }
    // No other account gets it, in any form.
    let mut other = walk.another();
    other.register();
    for url in [&url, &alternate, &format!("{url}/issuer")] {
        refuses(&other.asked(url, None), 404, "malformed");
    }
}

/// Nobody has to start anything again.
#[test]
fn key_that_the_ca_gets_beside_the_server_is_the_one_that_it_issues_with() {
    let mut walk = Walk::new();
    walk.client.obtain(&["a.ca.test"]);
    let own = walk.site.ca().join("ca_conf/server.pem");
    let old = std::fs::read(&own).expect("a certificate");
    walk.site.gsec(&["ca", "rekey", "--yes"]).ok();
    wait_until_ready(&walk.site, true);
    walk.site.gsec(&["serve", "status"]).ok();
    let order = walk.client.order(&["b.ca.test"]);
    walk.client.follow(&order, &request_for(&["b.ca.test"]));
    let url = text(&walk.client.asked(&order, None).json(), "certificate").to_owned();
    let chain = walk.client.asked(&url, None);
    let file = written(&walk, "b.pem", &chain);
    walk.site.verifies(&file, "b.ca.test");
    let end = Instant::now() + PATIENCE;
    while std::fs::read(&own).expect("a certificate") == old {
        assert!(Instant::now() < end, "{}", walk.site.server_log());
        std::thread::sleep(Duration::from_millis(200));
    }
    walk.site.is_in_order();
    walk.site.gsec(&["ca", "log", "--verify", "--journal"]).ok();
    walk.site.stop();
    walk.site.start();
    walk.client.obtain(&["c.ca.test"]);
}

#[test]
fn former_key_leads_to_its_own_root() {
    let mut walk = Walk::new();
    let old_root = walk.site.folder().join("old_root.pem");
    std::fs::copy(walk.site.ca_certificate(), &old_root).expect("copied");
    let order = walk.client.order(&["old.ca.test"]);
    walk.client.follow(&order, &request_for(&["old.ca.test"]));
    walk.site.gsec(&["ca", "rekey", "--yes"]).ok();
    walk.site.stop();
    walk.site.start();
    let url = text(&walk.client.asked(&order, None).json(), "certificate").to_owned();
    let chain = walk.client.asked(&url, None);
    let file = written(&walk, "old.pem", &chain);
    let each: Vec<&str> = std::str::from_utf8(&chain.body)
        .expect("PEM")
        .split_inclusive("-----END CERTIFICATE-----\n")
        .collect();
    assert_eq!(
        each[1].trim(),
        std::fs::read_to_string(&old_root).expect("PEM").trim()
    );
    run(Command::new("openssl")
        .args(["verify", "-no-CApath", "-no-CAstore", "-CAfile"])
        .arg(&old_root)
        .arg(&file))
    .ok();
    let der = walk.client.fetch(&url, "application/pkix-cert");
    let up = der
        .links()
        .into_iter()
        .find_map(|(url, relation)| (relation == "up").then_some(url));
    let issuer = walk.client.asked(&up.expect("its issuer"), None);
    let file = written(&walk, "issuer.cer", &issuer);
    let issuer = openssl(&["x509", "-inform", "DER"], &file);
    assert_eq!(
        issuer.trim(),
        std::fs::read_to_string(&old_root).expect("PEM").trim()
    );
}

#[test]
fn revocation_without_a_reason_has_none() {
    let mut walk = Walk::new();
    let revoke = walk.client.url("revoke-cert");
    let [plain, zero, reasoned] =
        ["a", "b", "c"].map(|name| walk.client.obtain(&[&format!("{name}.ca.test")]).certificate);
    for (certificate, reason) in [(&plain, json!(null)), (&zero, json!(0)), (&reasoned, json!(4))] {
        let mut payload = json!({"certificate": base64url(certificate)});
        if !reason.is_null() {
            payload["reason"] = reason;
        }
        is(&walk.client.asked(&revoke, Some(&payload)), 200);
    }
    walk.site.wait_for_revocations(3);
    let crl = walk.site.fetched_crl();
    let shown = openssl(&["crl", "-inform", "DER", "-noout", "-text"], &crl);
    assert_eq!(shown.matches("Reason Code").count(), 1, "{shown}");
    assert!(shown.contains("Superseded"), "{shown}");
}
