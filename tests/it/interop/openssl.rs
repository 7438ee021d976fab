//! OpenSSL accepts what gsec issues, reads its files, and refuses what must be refused.

use crate::common;

use common::{
    HostFiles, KEY_TYPES, KeyType, OpensslPeer, Outcome, TestCa, TestDir, every_refusal_holds, key_type,
    mutual_tls_holds, openssl, shared,
};

const NAME: &str = "db1.example.com";
const PURPOSES: [&str; 2] = ["sslserver", "sslclient"];

fn verify(trust: &str, certificate: &str, more: &[&str]) -> Outcome {
    openssl(&["verify", "-x509_strict", "-CAfile", trust])
        .args(more)
        .args(&[certificate])
        .run()
}

#[test]
fn every_key_type_verifies_strictly_for_both_purposes_and_its_name() {
    for kind in &KEY_TYPES {
        let (ca, host) = (shared::ca(kind), shared::host(kind, "modern", ""));
        for purpose in PURPOSES {
            verify(
                &ca.certificate,
                &host.certificate,
                &["-purpose", purpose, "-verify_hostname", NAME],
            )
            .ok();
        }
        verify(&ca.certificate, &ca.certificate, &["-check_ss_sig"]).ok();
        key_file_belongs_to_certificate(&host.key, &host.certificate);
        key_file_belongs_to_certificate(&ca.key, &ca.certificate);
    }
}

#[test]
fn ca_and_host_may_have_different_kinds_of_key() {
    for (ca_kind, host_kind) in [("rsa-2048", "p256"), ("p256", "rsa-2048"), ("ed25519", "p384")]
        .map(|(ca, host)| (key_type(ca), key_type(host)))
    {
        let ca = TestCa::of_key(ca_kind);
        verify(
            &ca.certificate,
            &ca.issue(NAME, host_kind.flags).certificate,
            &["-purpose", "sslserver", "-verify_hostname", NAME],
        )
        .ok();
    }
}

#[test]
fn wrong_name_is_refused() {
    let (ca, host) = p256();
    verify(
        &ca.certificate,
        &host.certificate,
        &["-verify_hostname", "db2.example.com"],
    )
    .code(2)
    .says("hostname mismatch");
}

#[test]
fn other_ca_is_refused() {
    let (_ca, host) = p256();
    let other = TestCa::named("Another Authority", key_type("p256").flags);
    verify(&other.certificate, &host.certificate, &[])
        .code(2)
        .says("unable to get local issuer certificate");
}

/// Two CAs of the same name: only the key tells them apart.
#[test]
fn other_ca_of_the_same_name_is_refused() {
    let (_ca, host) = p256();
    let impostor = TestCa::of_key(key_type("p256"));
    verify(&impostor.certificate, &host.certificate, &[]).code(2);
}

#[test]
fn profile_decides_the_purpose() {
    let ca = TestCa::of_key(key_type("p256"));
    for (profile, server, client) in [
        ("tls-server", 0, 2),
        ("hub", 0, 2),
        ("tls-client", 2, 0),
        ("appliance", 2, 0),
        ("gui", 2, 0),
        ("server", 0, 0),
    ] {
        let host = ca.issue(NAME, &["--key-type", "p256", "--no-pfx", "--profile", profile]);
        println!("profile {profile}");
        verify(&ca.certificate, &host.certificate, &["-purpose", "sslserver"]).code(server);
        verify(&ca.certificate, &host.certificate, &["-purpose", "sslclient"]).code(client);
    }
}

#[test]
fn wildcard_matches_one_label_and_an_address_only_itself() {
    let ca = TestCa::of_key(key_type("p256"));
    let wildcard = ca.issue("*.example.com", &["--key-type", "p256"]);
    verify(
        &ca.certificate,
        &wildcard.certificate,
        &["-verify_hostname", NAME],
    )
    .ok();
    verify(
        &ca.certificate,
        &wildcard.certificate,
        &["-verify_hostname", "a.b.example.com"],
    )
    .code(2);
    let address = ca.issue("2001:db8::7", &["--key-type", "p256"]);
    verify(
        &ca.certificate,
        &address.certificate,
        &["-verify_ip", "2001:db8::7"],
    )
    .ok();
    verify(
        &ca.certificate,
        &address.certificate,
        &["-verify_ip", "2001:db8::8"],
    )
    .code(2);
}

#[test]
fn name_constraints_of_the_ca_hold() {
    let ca = TestCa::init(&["--key-type", "p256", "--permit-dns", "example.com"]);
    let inside = ca.issue(NAME, &["--key-type", "p256", "--no-pfx"]);
    verify(&ca.certificate, &inside.certificate, &["-verify_hostname", NAME]).ok();
    openssl(&[
        "x509",
        "-noout",
        "-ext",
        "nameConstraints",
        "-in",
        &ca.certificate,
    ])
    .run()
    .ok()
    .says("critical")
    .says("DNS:example.com");
}

#[test]
fn pfx_opens_without_the_legacy_provider() {
    for kind in &KEY_TYPES {
        for encryption in ["modern", "compat"] {
            for password in ["", "correct horse", "pässwörd €"] {
                pfx_holds_key_certificate_and_root(
                    shared::ca(kind),
                    shared::host(kind, encryption, password),
                    password,
                );
            }
        }
    }
}

#[test]
fn pfx_does_not_open_under_another_password() {
    let ca = TestCa::of_key(key_type("p256"));
    for encryption in ["modern", "compat"] {
        let host = issue_with_password(&ca, key_type("p256"), encryption, "correct horse");
        for wrong in ["", "wrong horse"] {
            read_pfx(&host.pfx, wrong, &["-nokeys"])
                .fails()
                .says("invalid password");
        }
    }
}

/// What the flag promises about algorithms, for the readers that know only those.
#[test]
fn pfx_encryption_is_what_was_asked_for() {
    let ca = TestCa::of_key(key_type("p256"));
    let info = |encryption: &str| {
        let host = issue_with_password(&ca, key_type("p256"), encryption, "correct horse");
        read_pfx(&host.pfx, "correct horse", &["-info", "-noout"]).ok()
    };
    info("modern")
        .says("MAC: sha256")
        .says("PBES2, PBKDF2, AES-256-CBC")
        .says("PRF hmacWithSHA256");
    let compat = info("compat")
        .says("MAC: sha1")
        .says("pbeWithSHA1And3-KeyTripleDES-CBC");
    assert!(
        !compat.stderr.contains("PBES2") && !compat.stderr.contains("RC2"),
        "{compat}"
    );
}

#[test]
fn pfx_carries_the_friendly_name() {
    let ca = TestCa::of_key(key_type("p256"));
    let host = ca.issue(
        NAME,
        &["--key-type", "p256", "--friendly-name", "Database server 1"],
    );
    read_pfx(&host.pfx, "", &["-nokeys", "-clcerts"])
        .ok()
        .says("friendlyName: Database server 1");
}

#[test]
fn traditional_key_files_are_read() {
    let ca = TestCa::of_key(key_type("p256"));
    for (kind, label) in [
        ("rsa-2048", "BEGIN RSA PRIVATE KEY"),
        ("p256", "BEGIN EC PRIVATE KEY"),
    ] {
        let host = ca.issue(NAME, &[key_type(kind).flags, &["--key-format", "pkcs1"]].concat());
        let text = std::fs::read_to_string(&host.key).expect("the key file");
        assert!(text.contains(label), "{kind}: {text}");
        key_file_belongs_to_certificate(&host.key, &host.certificate);
    }
}

#[test]
fn tls_holds_both_ways_and_refuses_what_it_must() {
    for kind in &KEY_TYPES {
        let stage = shared::stage(kind);
        let (mut server, mut client) = (OpensslPeer::default(), OpensslPeer::default());
        mutual_tls_holds(&mut server, &mut client, stage);
        every_refusal_holds(&mut server, &mut client, stage);
    }
}

/// Hosts of the old platform's age: TLS 1.2 with RSA key exchange, which needs keyEncipherment in the certificate.
#[test]
fn tls_with_static_rsa_key_exchange_holds() {
    let stage = shared::stage(key_type("rsa-2048"));
    let peer = || OpensslPeer::with_flags(&["-tls1_2", "-cipher", "AES128-SHA"]);
    mutual_tls_holds(&mut peer(), &mut peer(), stage);
}

fn p256() -> (TestCa, HostFiles) {
    let ca = TestCa::of_key(key_type("p256"));
    let host = ca.issue(NAME, &["--key-type", "p256"]);
    (ca, host)
}

fn issue_with_password(ca: &TestCa, kind: &KeyType, encryption: &str, password: &str) -> HostFiles {
    let file = ca.dir.write("pfx-password", password);
    let flags = ["--pfx-encryption", encryption];
    let secret: &[&str] = if password.is_empty() {
        &[]
    } else {
        &["--pfx-password-file", &file]
    };
    ca.issue(NAME, &[kind.flags, &flags, secret].concat())
}

fn read_pfx(pfx: &str, password: &str, more: &[&str]) -> Outcome {
    openssl(&["pkcs12", "-in", pfx, "-passin", "env:PFX_PASSWORD"])
        .env("PFX_PASSWORD", password)
        .args(more)
        .run()
}

fn pfx_holds_key_certificate_and_root(ca: &TestCa, host: &HostFiles, password: &str) {
    let dir = TestDir::new();
    let key = dir.write(
        "from-pfx.key",
        read_pfx(&host.pfx, password, &["-nocerts", "-nodes"]).ok().stdout,
    );
    key_file_belongs_to_certificate(&key, &host.certificate);
    for (flag, expected) in [("-clcerts", &host.record), ("-cacerts", &ca.certificate)] {
        let found = dir.write(
            "from-pfx.pem",
            read_pfx(&host.pfx, password, &["-nokeys", flag]).ok().stdout,
        );
        assert_eq!(der(&found), der(expected), "{flag} of {}", host.pfx);
    }
}

fn der(certificate: &str) -> Vec<u8> {
    openssl(&["x509", "-outform", "DER", "-in", certificate])
        .run()
        .ok()
        .stdout_bytes
}

#[track_caller]
fn key_file_belongs_to_certificate(key: &str, certificate: &str) {
    let of_key = openssl(&["pkey", "-pubout", "-in", key]).run().ok().stdout;
    let of_certificate = openssl(&["x509", "-pubkey", "-noout", "-in", certificate])
        .run()
        .ok()
        .stdout;
    assert_eq!(of_key, of_certificate, "{key} does not belong to {certificate}");
}

/// OpenSSL verifies a path to a key on these curves, as `openssl verify` does, and no handshake with the key succeeds: the table of programs says
/// that it refuses.
#[test]
fn no_handshake_succeeds_with_a_key_on_a_curve_that_tls_does_not_offer() {
    for (curve, is_offered) in [
        ("prime256v1", true),
        ("secp256k1", false),
        ("brainpoolP256r1", false),
    ] {
        let dir = TestDir::new();
        let (key, certificate) = (dir.path("host.key"), dir.path("host.pem"));
        let group = format!("ec_paramgen_curve:{curve}");
        let make = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", &group, "-noenc", "-days", "2",
        ];
        let names = [
            "-subj",
            "/CN=db1.example.com",
            "-keyout",
            &key,
            "-out",
            &certificate,
        ];
        openssl(&make).args(&names).run().ok();
        openssl(&["verify", "-CAfile", &certificate, &certificate])
            .run()
            .ok();
        let server = common::TlsPort::openssl(&certificate, &key, &[]);
        let target = server.target();
        let call = [
            "s_client",
            "-connect",
            &target,
            "-CAfile",
            &certificate,
            "-verify_return_error",
        ];
        for version in [&[][..], &["-tls1_2"]] {
            let said = openssl(&call).args(version).stdin("").run();
            assert_eq!(said.status == Some(0), is_offered, "{curve} {version:?}: {said}");
        }
    }
}
