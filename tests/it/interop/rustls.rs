//! rustls, client and server in one process, with what `cert issue` made.

use crate::common;

use std::io::{Read, Write};
use std::sync::Arc;

use common::{HostFiles, Stage, key_type};
use gsec_pki::encoding::pem;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};

/// The ends that a test meets: what the client expects and trusts, and whom it comes as.
struct Meeting<'a> {
    stage: &'a Stage,
    name: &'a str,
    trust: &'a str,
    client: Option<&'a HostFiles>,
}

fn certificates(path: &str) -> Vec<CertificateDer<'static>> {
    let text = std::fs::read(path).expect("a certificate file");
    let blocks = pem::decode_all(&text).expect("PEM");
    blocks
        .iter()
        .map(|block| CertificateDer::from(block.content.to_vec()))
        .collect()
}

fn key(path: &str) -> PrivateKeyDer<'static> {
    let text = std::fs::read(path).expect("a key file");
    let block = pem::decode_all(&text).expect("PEM").remove(0);
    PrivateKeyDer::try_from(block.content.to_vec()).expect("a private key")
}

fn roots(path: &str) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    certificates(path)
        .into_iter()
        .for_each(|certificate| roots.add(certificate).expect("a root that rustls takes"));
    roots
}

impl Meeting<'_> {
    fn server(&self) -> ServerConnection {
        let verifier = WebPkiClientVerifier::builder(Arc::new(roots(&self.stage.ca.certificate)))
            .build()
            .expect("a verifier");
        let host = &self.stage.server;
        let config = ServerConfig::builder()
            .with_client_cert_verifier(verifier)
            .with_single_cert(certificates(&host.certificate), key(&host.key));
        ServerConnection::new(Arc::new(config.expect("certificate and key belong together")))
            .expect("a server")
    }

    fn client(&self) -> ClientConnection {
        let config = ClientConfig::builder().with_root_certificates(roots(self.trust));
        let config = match self.client {
            Some(host) => config
                .with_client_auth_cert(certificates(&host.certificate), key(&host.key))
                .expect("certificate and key belong together"),
            None => config.with_no_client_auth(),
        };
        ClientConnection::new(
            Arc::new(config),
            ServerName::try_from(self.name.to_owned()).expect("a host name"),
        )
        .expect("a client")
    }

    /// What the server read of the client's greeting, or how the first end that refuses puts it.
    fn outcome(&self) -> Result<String, String> {
        let (mut client, mut server) = (self.client(), self.server());
        client.writer().write_all(b"hello").expect("room for a greeting");
        loop {
            let moved = carry(|bytes| client.write_tls(bytes), |bytes| server.read_tls(bytes))?;
            server
                .process_new_packets()
                .map_err(|error| format!("server: {error}"))?;
            let answered = carry(|bytes| server.write_tls(bytes), |bytes| client.read_tls(bytes))?;
            client
                .process_new_packets()
                .map_err(|error| format!("client: {error}"))?;
            if moved + answered == 0 {
                let mut greeting = [0; 5];
                server
                    .reader()
                    .read_exact(&mut greeting)
                    .map_err(|error| error.to_string())?;
                return Ok(String::from_utf8_lossy(&greeting).into_owned());
            }
        }
    }
}

/// Carries what one end has to say to the other, and tells how much it was.
fn carry(
    write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<usize>,
    mut read: impl FnMut(&mut &[u8]) -> std::io::Result<usize>,
) -> Result<usize, String> {
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(|error| error.to_string())?;
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        read(&mut rest).map_err(|error| error.to_string())?;
    }
    Ok(bytes.len())
}

#[test]
fn both_ends_accept_each_other_and_refuse_all_others() {
    for kind in ["p256", "rsa-2048", "ed25519"] {
        let stage = Stage::of_key(key_type(kind));
        let meeting = || Meeting {
            stage: &stage,
            name: "db1.example.com",
            trust: &stage.ca.certificate,
            client: Some(&stage.client),
        };
        assert_eq!(meeting().outcome(), Ok("hello".into()), "{kind}");
        refused(
            &Meeting {
                name: "db2.example.com",
                ..meeting()
            },
            "client: invalid peer certificate: certificate not valid for name",
        );
        refused(
            &Meeting {
                trust: &stage.other_ca.certificate,
                ..meeting()
            },
            "client: invalid peer certificate: UnknownIssuer",
        );
        refused(
            &Meeting {
                client: None,
                ..meeting()
            },
            "server: peer sent no certificates",
        );
        refused(
            &Meeting {
                client: Some(&stage.stranger),
                ..meeting()
            },
            "server: invalid peer certificate: UnknownIssuer",
        );
    }
}

#[track_caller]
fn refused(meeting: &Meeting<'_>, reason: &str) {
    let outcome = meeting.outcome();
    assert!(
        outcome.as_ref().is_err_and(|refusal| refusal.starts_with(reason)),
        "wanted `{reason}`: {outcome:?}"
    );
}

#[test]
fn certificate_for_clients_only_is_no_servers() {
    let mut stage = Stage::of_key(key_type("p256"));
    stage.server = stage.ca.issue(
        "db1.example.com",
        &["--key-type", "p256", "--profile", "tls-client"],
    );
    let meeting = Meeting {
        stage: &stage,
        name: "db1.example.com",
        trust: &stage.ca.certificate,
        client: Some(&stage.client),
    };
    refused(&meeting, "client: invalid peer certificate: ");
}

/// rustls checks the signature of a handshake by the algorithms of webpki, none of which takes RSA keys of less than 2048 bits.
#[test]
fn no_signature_by_a_short_rsa_key_is_one_for_rustls() {
    for (bits, is_taken) in [("2048", true), ("1024", false)] {
        let dir = common::TestDir::new();
        let [key, certificate, signature] = ["host.key", "host.pem", "signature"].map(|name| dir.path(name));
        let said = dir.write("said", b"what was said");
        let length = format!("rsa:{bits}");
        let make = [
            "req",
            "-x509",
            "-newkey",
            &length,
            "-noenc",
            "-subj",
            "/CN=db1.example.com",
        ];
        common::openssl(&make)
            .args(&["-keyout", &key, "-out", &certificate])
            .run()
            .ok();
        let padding = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1"];
        common::openssl(&["dgst", "-sha256", "-sign", &key, "-out", &signature])
            .args(&padding)
            .args(&[&said])
            .run()
            .ok();
        let der = certificates(&certificate).remove(0);
        let host = webpki::EndEntityCert::try_from(&der).expect("a certificate that webpki reads");
        let signature = std::fs::read(&signature).expect("a signature");
        let is_verified = webpki::ALL_VERIFICATION_ALGS.iter().any(|algorithm| {
            host.verify_signature(*algorithm, b"what was said", &signature)
                .is_ok()
        });
        assert_eq!(is_verified, is_taken, "{bits} bits");
    }
}
