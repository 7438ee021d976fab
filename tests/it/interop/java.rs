//! Java reads the PFX, and its TLS works with what gsec issues: with itself, with OpenSSL and with Python, in both directions.

use crate::common;

use common::{
    HostFiles, KEY_TYPES, OpensslPeer, Outcome, Stage, TestCa, WordPeer, every_refusal_holds, java_tool,
    key_type, mutual_tls_holds, shared,
};

const NAME: &str = "db1.example.com";

#[test]
fn keytool_lists_the_key_entry_in_both_encryptions() {
    for kind in &KEY_TYPES {
        for encryption in ["modern", "compat"] {
            let host = shared::host(kind, encryption, "correct horse");
            let listed = keytool_list(host, "correct horse")
                .ok()
                .says("Entry type: PrivateKeyEntry")
                .says("Certificate chain length: 2");
            assert!(
                listed.stdout.contains(&colons(&host.answer["thumbprint_sha1"])),
                "the host's thumbprint: {listed}"
            );
        }
    }
}

#[test]
fn keytool_does_not_open_the_pfx_under_another_password() {
    let ca = TestCa::of_key(key_type("p256"));
    let password_file = ca.dir.write("pfx-password", "correct horse");
    let host = ca.issue(
        NAME,
        &["--key-type", "p256", "--pfx-password-file", &password_file],
    );
    keytool_list(&host, "wrong horse")
        .fails()
        .says("password was incorrect");
}

fn keytool_list(host: &HostFiles, password: &str) -> Outcome {
    java_tool("keytool")
        .args(&[
            "-list",
            "-v",
            "-storetype",
            "PKCS12",
            "-keystore",
            &host.pfx,
            "-storepass",
            password,
        ])
        .run()
}

/// As keytool prints a thumbprint.
fn colons(thumbprint: &serde_json::Value) -> String {
    let hex = thumbprint.as_str().expect("a thumbprint").to_uppercase();
    hex.as_bytes()
        .chunks(2)
        .map(|octet| std::str::from_utf8(octet).expect("hex"))
        .collect::<Vec<_>>()
        .join(":")
}

/// The PFX is read under the empty password here: a door that many readers find locked.
#[test]
fn java_with_java() {
    let (mut server, mut client) = (WordPeer::java(), WordPeer::java());
    for kind in &KEY_TYPES {
        let stage = shared::stage(kind);
        mutual_tls_holds(&mut server, &mut client, stage);
        every_refusal_holds(&mut server, &mut client, stage);
    }
}

#[test]
fn java_reads_the_compat_pfx_under_the_empty_password() {
    let (mut server, mut client) = (WordPeer::java(), WordPeer::java());
    let mut stage = Stage::of_key(key_type("rsa-2048"));
    stage.server = stage.ca.issue(NAME, &["--pfx-encryption", "compat"]);
    mutual_tls_holds(&mut server, &mut client, &stage);
}

#[test]
fn java_client_with_openssl_server() {
    let mut client = WordPeer::java();
    for stage in stages() {
        mutual_tls_holds(&mut OpensslPeer::default(), &mut client, stage);
        every_refusal_holds(&mut OpensslPeer::default(), &mut client, stage);
    }
}

#[test]
fn openssl_client_with_java_server() {
    let mut server = WordPeer::java();
    for stage in stages() {
        mutual_tls_holds(&mut server, &mut OpensslPeer::default(), stage);
        every_refusal_holds(&mut server, &mut OpensslPeer::default(), stage);
    }
}

#[test]
fn java_with_python_both_ways() {
    let (mut java, mut python) = (WordPeer::java(), WordPeer::python());
    for stage in stages() {
        mutual_tls_holds(&mut java, &mut python, stage);
        mutual_tls_holds(&mut python, &mut java, stage);
    }
}

#[test]
fn java_knows_the_name_constraints_of_the_ca() {
    let (mut server, mut client) = (WordPeer::java(), WordPeer::java());
    mutual_tls_holds(&mut server, &mut client, &Stage::under_name_constraints());
}

fn stages() -> impl Iterator<Item = &'static Stage> {
    ["rsa-2048", "p256", "ed25519"]
        .into_iter()
        .map(|kind| shared::stage(key_type(kind)))
}
