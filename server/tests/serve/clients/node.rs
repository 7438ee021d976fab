//! acme-client of npm.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::{REQUIRES_KEY, is_for_servers_alone, peer, serial_of};
use crate::site::{Dns, Done, Site, run};

/// Runs an order of tests/node/acme_client.js; the certificate is in a file that is called as the challenge.
fn node(site: &Site, more: Value) -> (Done, PathBuf) {
    let mut order = json!({
        "directory": site.directory(),
        "folder": site.folder(),
        "http_port": site.http_port,
        "tls_port": site.tls_port,
        "dns": site.dns().management(),
    });
    let more = more.as_object().expect("an object").clone();
    let file = more
        .get("challenge")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    order.as_object_mut().expect("an object").extend(more);
    let done = run(Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/node/acme_client.js"))
        .arg(order.to_string())
        .env("NODE_PATH", peer("node/node_modules"))
        .env("NODE_EXTRA_CA_CERTS", site.ca_certificate()));
    (done, site.folder().join(format!("{file}.pem")))
}

#[track_caller]
fn obtained(site: &Site, order: Value) -> PathBuf {
    let (done, path) = node(site, order);
    done.ok();
    path
}

/// The identifier of a certificate for renewal information, as RFC 9773 §4.1 has it, by OpenSSL's eyes.
fn certificate_id(certificate: &Path) -> String {
    let script = "openssl x509 -in \"$1\" -noout -ext authorityKeyIdentifier | sed -n 's/keyid://;s/[ :]//g;2p'; openssl x509 -in \"$1\" -noout -serial";
    let shown = run(Command::new("sh").args(["-c", script, "sh"]).arg(certificate))
        .ok()
        .stdout;
    let mut lines = shown.lines().map(|line| line.trim_start_matches("serial="));
    let mut part = || {
        let digits = lines.next().expect("a line");
        let octet = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits");
        (0..digits.len()).step_by(2).map(octet).collect::<Vec<u8>>()
    };
    let (issuer, mut serial) = (part(), part());
    if serial[0] >= 0x80 {
        serial.insert(0, 0);
    }
    use base64::Engine;
    let encode = |octets: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(octets);
    format!("{}.{}", encode(&issuer), encode(&serial))
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn node_obtains_with_each_challenge_renews_and_revokes() {
    let mut site = Site::with_addresses();
    site.grant_profile("tls-server");
    let http = json!({ "names": ["a.ca.test"], "challenge": "http-01" });
    let path = obtained(&site, http.clone());
    site.verifies(&path, "a.ca.test");
    let first = serial_of(&path);
    // One order replaces a certificate, and one alone (RFC 9773 §5).
    let mut renewal = http.clone();
    renewal["replaces"] = certificate_id(&path).into();
    obtained(&site, renewal.clone());
    site.verifies(&path, "a.ca.test");
    assert_ne!(serial_of(&path), first);
    let (again, _) = node(&site, renewal);
    let again = again.fails();
    assert!(
        again.stderr.contains("another order replaces that certificate"),
        "{again}"
    );
    node(&site, json!({ "revoke": path })).0.ok();
    site.wait_for_revocations(1);
    let tls = json!({ "names": ["b.ca.test"], "challenge": "tls-alpn-01", "profile": "tls-server" });
    let path = obtained(&site, tls);
    site.verifies(&path, "b.ca.test");
    assert!(is_for_servers_alone(&path));
    let path = obtained(&site, json!({ "names": ["*.ca.test"], "challenge": "dns-01" }));
    site.verifies(&path, "any.ca.test");
    let address = json!({ "names": ["127.0.0.1"], "challenge": "http-01", "type": "ip" });
    site.verifies(&obtained(&site, address), "127.0.0.1");
    site.is_in_order();
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn node_has_an_account_where_a_key_is_required() {
    let mut site = Site::with(REQUIRES_KEY, Some(Dns::start()));
    let (kid, key) = site.external_account();
    let mut order = json!({ "names": ["a.ca.test"], "challenge": "http-01" });
    let without = node(&site, order.clone()).0.fails();
    assert!(without.stderr.contains("external account"), "{without}");
    order["external"] = json!({ "kid": kid, "hmacKey": key });
    site.verifies(&obtained(&site, order), "a.ca.test");
    site.is_in_order();
}
