//! NSS, the library of Firefox and of Red Hat's directory servers, imports what gsec issues, accepts it, and refuses what must be refused.

use crate::common;

use common::{HostFiles, KEY_TYPES, KeyType, NssDatabase, OpensslPeer, Stage, TestCa, TlsClient, Verdict};
use common::{every_refusal_holds, key_type, mutual_tls_holds, shared, tool};

const NAME: &str = "db1.example.com";
const SERVER: &str = "V";
const CLIENT: &str = "C";

/// NSS knows Ed25519 from 3.99 on; Debian 12 has 3.87.
fn key_types() -> impl Iterator<Item = &'static KeyType> {
    KEY_TYPES.iter().filter(|kind| kind.name != "ed25519")
}

#[test]
fn every_key_type_is_imported_and_verifies_as_server_and_client() {
    for kind in key_types() {
        for encryption in ["modern", "compat"] {
            for password in ["", "correct horse"] {
                imported_key_verifies(
                    shared::ca(kind),
                    shared::host(kind, encryption, password),
                    password,
                );
            }
        }
    }
}

fn imported_key_verifies(ca: &TestCa, host: &HostFiles, password: &str) {
    let database = NssDatabase::trusting(&ca.certificate);
    database.import(&host.pfx, password).ok();
    database.certutil(&["-K"]).ok().says(NAME);
    for usage in [SERVER, CLIENT] {
        database.verify(NAME, usage).ok().says("certificate is valid");
    }
}

#[test]
fn pfx_is_not_imported_under_another_password() {
    let ca = TestCa::of_key(key_type("p256"));
    let password_file = ca.dir.write("pfx-password", "correct horse");
    let host = ca.issue(
        NAME,
        &["--key-type", "p256", "--pfx-password-file", &password_file],
    );
    let database = NssDatabase::trusting(&ca.certificate);
    database.import(&host.pfx, "wrong horse").fails();
    database.certutil(&["-K"]).fails().says("no keys found");
}

#[test]
fn other_ca_is_refused() {
    let ca = TestCa::of_key(key_type("p256"));
    let other = TestCa::named("Another Authority", key_type("p256").flags);
    let host = ca.issue(NAME, &["--key-type", "p256", "--friendly-name", NAME]);
    let database = NssDatabase::trusting(&other.certificate);
    database.import(&host.pfx, "").ok(); // this brings the right CA's certificate along, but no trust in it
    database
        .verify(NAME, SERVER)
        .fails()
        .says("issuer has been marked as not trusted");
}

#[test]
fn purpose_outside_the_profile_is_refused() {
    let ca = TestCa::of_key(key_type("p256"));
    let database = NssDatabase::trusting(&ca.certificate);
    for (profile, accepted, refused) in [("tls-client", CLIENT, SERVER), ("tls-server", SERVER, CLIENT)] {
        // NSS gives certificates of one subject one nickname: hence a name of its own for each.
        let host = ca.issue(
            &format!("{profile}.example.com"),
            &[
                "--key-type",
                "p256",
                "--profile",
                profile,
                "--friendly-name",
                profile,
            ],
        );
        database.import(&host.pfx, "").ok();
        database.verify(profile, accepted).ok();
        database
            .verify(profile, refused)
            .fails()
            .says("Certificate type not approved");
    }
}

#[test]
fn nss_client_with_openssl_server() {
    for kind in key_types() {
        let stage = shared::stage(kind);
        mutual_tls_holds(&mut OpensslPeer::default(), &mut NssClient, stage);
        every_refusal_holds(&mut OpensslPeer::default(), &mut NssClient, stage);
    }
}

#[test]
fn nss_knows_the_name_constraints_of_the_ca() {
    mutual_tls_holds(
        &mut OpensslPeer::default(),
        &mut NssClient,
        &Stage::under_name_constraints(),
    );
}

/// NSS's test client. It wants a database with the CA that it trusts and its own key in it.
struct NssClient;

impl TlsClient for NssClient {
    fn connect(&mut self, port: u16, name: &str, host: Option<&HostFiles>, trust: &str) -> Verdict {
        let database = NssDatabase::trusting(trust);
        let request = database.dir.write("request", "hello\nCLOSE\n"); // `CLOSE` makes `s_server -rev` hang up
        let call = tool("tstclnt").args(&[
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-a",
            name,
            "-d",
            &database.location(),
            "-A",
            &request,
        ]);
        let said = match host {
            Some(host) => {
                database.import(&host.pfx, "").ok();
                call.args(&["-n", &database.nickname_of_own()]).run()
            }
            None => call.run(),
        };
        let text = format!("{}{}", said.stdout, said.stderr);
        if said.status == Some(0) && said.stdout.contains("olleh") {
            Ok(text)
        } else {
            Err(text)
        }
    }

    fn says_wrong_name(&self) -> &'static [&'static str] {
        &["SSL_ERROR_BAD_CERT_DOMAIN"]
    }

    fn says_unknown_ca(&self) -> &'static [&'static str] {
        &["SEC_ERROR_UNTRUSTED_ISSUER", "SEC_ERROR_UNKNOWN_ISSUER"]
    }
}
