//! GnuTLS accepts what gsec issues, reads its files, and refuses what must be refused.

use crate::common;

use common::{HostFiles, KEY_TYPES, Outcome, TestCa, key_type, shared, tool};

const NAME: &str = "db1.example.com";
const SERVER: &str = "1.3.6.1.5.5.7.3.1"; // serverAuth
const CLIENT: &str = "1.3.6.1.5.5.7.3.2"; // clientAuth

fn verify(trust: &str, host: &HostFiles, purpose: &str, name: &str) -> Outcome {
    tool("certtool")
        .args(&[
            "--verify",
            "--verify-profile",
            "medium",
            "--load-ca-certificate",
            trust,
            "--infile",
            &host.certificate,
        ])
        .args(&["--verify-purpose", purpose, "--verify-hostname", name])
        .run()
}

#[test]
fn every_key_type_verifies_for_both_purposes_and_its_name() {
    for kind in &KEY_TYPES {
        let (ca, host) = (shared::ca(kind), shared::host(kind, "modern", ""));
        for purpose in [SERVER, CLIENT] {
            verify(&ca.certificate, host, purpose, NAME)
                .ok()
                .says("The certificate is trusted.");
        }
    }
}

#[test]
fn wrong_name_is_refused() {
    let ca = TestCa::of_key(key_type("p256"));
    let host = ca.issue(NAME, &["--key-type", "p256"]);
    verify(&ca.certificate, &host, SERVER, "db2.example.com")
        .fails()
        .says("The name in the certificate does not match the expected.");
}

#[test]
fn other_ca_is_refused() {
    let ca = TestCa::of_key(key_type("p256"));
    let other = TestCa::named("Another Authority", key_type("p256").flags);
    verify(
        &other.certificate,
        &ca.issue(NAME, &["--key-type", "p256"]),
        SERVER,
        NAME,
    )
    .fails()
    .says("The certificate issuer is unknown.");
}

#[test]
fn name_constraints_of_the_ca_are_known() {
    let ca = TestCa::init(&[
        "--key-type",
        "p256",
        "--permit-dns",
        "example.com",
        "--permit-ip",
        "192.0.2.0/24",
    ]);
    let host = ca.issue(NAME, &["--key-type", "p256", "--san", "ip:192.0.2.7"]);
    verify(&ca.certificate, &host, SERVER, NAME)
        .ok()
        .says("The certificate is trusted.");
}

#[test]
fn purpose_outside_the_profile_is_refused() {
    let ca = TestCa::of_key(key_type("p256"));
    let host = ca.issue(NAME, &["--key-type", "p256", "--profile", "tls-client"]);
    verify(&ca.certificate, &host, CLIENT, NAME).ok();
    verify(&ca.certificate, &host, SERVER, NAME)
        .fails()
        .says("does not match the intended purpose");
}

#[test]
fn pfx_is_read_in_both_encryptions_with_and_without_password() {
    for kind in &KEY_TYPES {
        for encryption in ["modern", "compat"] {
            pfx_holds_the_key(shared::host(kind, encryption, ""), &["--empty-password"]);
            pfx_holds_the_key(
                shared::host(kind, encryption, "correct horse"),
                &["--password", "correct horse"],
            );
        }
    }
}

#[test]
fn pfx_does_not_open_under_another_password() {
    let ca = TestCa::of_key(key_type("p256"));
    let password_file = ca.dir.write("pfx-password", "correct horse");
    let host = ca.issue(
        NAME,
        &["--key-type", "p256", "--pfx-password-file", &password_file],
    );
    for wrong in [&["--empty-password"][..], &["--password", "wrong horse"]] {
        tool("certtool")
            .args(&["--p12-info", "--inder", "--infile", &host.pfx])
            .args(wrong)
            .run()
            .fails();
    }
}

#[test]
fn key_files_are_read_in_both_formats() {
    for kind in &KEY_TYPES {
        let ca = TestCa::of_key(key_type("p256"));
        let mut formats = vec!["pkcs8"];
        if kind.name != "ed25519" {
            formats.push("pkcs1"); // Ed25519 has no format but PKCS #8 (RFC 8410)
        }
        for format in formats {
            let host = ca.issue(
                NAME,
                &[kind.flags, &["--no-pfx", "--key-format", format]].concat(),
            );
            let of_key = tool("certtool")
                .args(&["--key-info", "--infile", &host.key])
                .run()
                .ok();
            assert_eq!(
                key_id(&of_key),
                key_id_of_certificate(&host),
                "{}, {format}",
                kind.name
            );
        }
    }
}

/// GnuTLS shows the key of a PFX still encrypted: reading that in a second step uses the same password.
fn pfx_holds_the_key(host: &HostFiles, password: &[&str]) {
    let info = tool("certtool")
        .args(&["--p12-info", "--inder", "--infile", &host.pfx])
        .args(password)
        .run()
        .ok();
    assert_eq!(
        info.stdout.matches("BEGIN CERTIFICATE").count(),
        2,
        "host and root: {info}"
    );
    let encrypted = pem_block(&info.stdout, "ENCRYPTED PRIVATE KEY");
    let key = tool("certtool")
        .args(&["--key-info", "--pkcs8"])
        .args(password)
        .stdin(encrypted)
        .run()
        .ok();
    if host.answer["key_type"] != "ed25519" {
        // of an encrypted Ed25519 key certtool 3.7 shows nothing, its own included
        assert_eq!(
            key_id(&key),
            key_id_of_certificate(host),
            "the key of {}",
            host.pfx
        );
    }
}

fn pem_block<'a>(text: &'a str, label: &str) -> &'a str {
    let start = text
        .find(&format!("-----BEGIN {label}-----"))
        .unwrap_or_else(|| panic!("no {label} in {text}"));
    let end = format!("-----END {label}-----\n");
    let length = text[start..].find(&end).expect("the end of the block") + end.len();
    &text[start..start + length]
}

fn key_id_of_certificate(host: &HostFiles) -> String {
    key_id(
        &tool("certtool")
            .args(&["--certificate-info", "--infile", &host.certificate])
            .run()
            .ok(),
    )
}

/// GnuTLS's own identifier of a public key, which it prints for keys and for certificates.
#[track_caller]
fn key_id(outcome: &Outcome) -> String {
    let id = outcome
        .stdout
        .split("pin-sha256:")
        .nth(1)
        .unwrap_or_else(|| panic!("no key identifier in {outcome}"));
    id.split_whitespace().next().expect("an identifier").to_owned()
}
