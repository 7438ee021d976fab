//! tls-alpn-01.

use std::sync::Arc;
use std::time::Duration;

use gsec_pki::key::sha256;
use rcgen::{CertificateParams, CustomExtension, Issuer, KeyPair, SanType};
use rustls::crypto::aws_lc_rs::{default_provider, sign::any_supported_type};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use super::servers::Server;
use super::world::{AUTHORIZATION, World};
use crate::domain::ChallengeKind;
use crate::validate::failure::{CertificateFlaw, Failure, Problem, Stage, TlsFlaw};

const NAME: &str = "web.example.com";
const ACME_IDENTIFIER: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 31];
const ALPN: &[&[u8]] = &[b"acme-tls/1"];

fn digest() -> [u8; 32] {
    sha256(AUTHORIZATION.as_bytes())
}

/// As RFC 8737 has it.
fn params() -> CertificateParams {
    let mut params = CertificateParams::new(vec![NAME.into()]).expect("a name");
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(&digest())];
    params
}

fn with_extension(content: &[u8], is_critical: bool) -> CertificateParams {
    let mut extension = CustomExtension::from_oid_content(&ACME_IDENTIFIER, content.to_vec());
    extension.set_criticality(is_critical);
    let mut params = params();
    params.custom_extensions = vec![extension];
    params
}

fn with_names(names: Vec<SanType>) -> CertificateParams {
    let mut params = params();
    params.subject_alt_names = names;
    params
}

fn dns(name: &str) -> SanType {
    SanType::DnsName(name.try_into().expect("ASCII"))
}

struct Shown {
    certificate: CertificateDer<'static>,
    /// The key that signs the handshake.
    key: KeyPair,
}

fn self_signed(params: &CertificateParams) -> Shown {
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate").der().clone();
    Shown { certificate, key }
}

/// Shows a certificate, and tells the names that were asked for.
async fn server(
    shown: Shown,
    protocols: &[&[u8]],
    versions: &[&'static SupportedProtocolVersion],
) -> (Server, mpsc::UnboundedReceiver<Option<String>>) {
    let key = PrivateKeyDer::try_from(shown.key.serialize_der()).expect("a key");
    let key = any_supported_type(&key).expect("a key");
    let certified = CertifiedKey::new(vec![shown.certificate], key);
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(versions)
        .expect("versions")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (sender, names) = mpsc::unbounded_channel();
    let server = Server::of(move |stream| {
        let (acceptor, sender) = (acceptor.clone(), sender.clone());
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                let _ = sender.send(stream.get_ref().1.server_name().map(str::to_owned));
            }
        }
    })
    .await;
    (server, names)
}

fn world(server: &Server) -> World {
    World::new()
        .name(NAME, &["10.0.0.5"])
        .at("10.0.0.5:443", server.address)
        .at("[fd00::5]:443", server.address)
}

async fn prove(shown: Shown) -> Result<(), Failure> {
    let (server, _names) = server(shown, ALPN, rustls::ALL_VERSIONS).await;
    world(&server)
        .prove(ChallengeKind::TlsAlpn01, NAME)
        .await
        .map(|_| ())
}

async fn flaw_of(params: &CertificateParams) -> CertificateFlaw {
    match prove(self_signed(params)).await {
        Err(failure @ Failure::Certificate { flaw, .. }) => {
            assert_eq!(failure.problem(), Problem::IncorrectResponse);
            flaw
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_certificate_proves_by_tls_1_2_and_1_3() {
    for version in rustls::ALL_VERSIONS {
        let (server, mut names) = server(self_signed(&params()), ALPN, &[version]).await;
        let world = world(&server);
        let proven = world
            .prove(ChallengeKind::TlsAlpn01, NAME)
            .await
            .expect("it is right");
        assert_eq!(proven.address, Some("10.0.0.5:443".parse().expect("an address")));
        assert_eq!(world.connected(), ["10.0.0.5:443"]);
        assert_eq!(names.recv().await, Some(Some(NAME.into())));
    }
}

#[tokio::test]
async fn each_type_of_key_proves() {
    for algorithm in [
        &rcgen::PKCS_ECDSA_P256_SHA256,
        &rcgen::PKCS_ECDSA_P384_SHA384,
        &rcgen::PKCS_ED25519,
    ] {
        let key = KeyPair::generate_for(algorithm).expect("a key");
        let certificate = params().self_signed(&key).expect("a certificate").der().clone();
        prove(Shown { certificate, key }).await.expect("it is right");
    }
}

#[tokio::test]
async fn an_expired_certificate_proves_for_nobody_asks_for_its_dates() {
    let mut params = params();
    params.not_before = rcgen::date_time_ymd(2001, 1, 1);
    params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    prove(self_signed(&params)).await.expect("it is right");
}

#[tokio::test]
async fn case_is_no_difference() {
    prove(self_signed(&with_names(vec![dns("WEB.Example.com")])))
        .await
        .expect("it is right");
}

#[tokio::test]
async fn an_address_is_asked_for_by_its_reverse_name() {
    let reverse = "5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa";
    for (address, name) in [("10.0.0.5", "5.0.0.10.in-addr.arpa"), ("fd00::5", reverse)] {
        let params = with_names(vec![SanType::IpAddress(address.parse().expect("an address"))]);
        let (server, mut names) = server(self_signed(&params), ALPN, rustls::ALL_VERSIONS).await;
        world(&server)
            .prove(ChallengeKind::TlsAlpn01, address)
            .await
            .expect("it is right");
        assert_eq!(names.recv().await, Some(Some(name.into())));
    }
}

#[tokio::test]
async fn the_identifier_must_be_the_only_name() {
    let address = |text: &str| SanType::IpAddress(text.parse().expect("an address"));
    let cases = [
        (vec![], 0),
        (vec![dns("other.example.com")], 1),
        (vec![dns("*.example.com")], 1),
        (vec![dns("web.example.com.evil.org")], 1),
        (vec![dns(NAME), dns(NAME)], 2),
        (vec![dns(NAME), dns("other.example.com")], 2),
        (vec![dns("other.example.com"), dns(NAME)], 2),
        (vec![dns(NAME), address("10.0.0.5")], 2),
        (vec![address("10.0.0.5")], 1),
        (
            vec![SanType::Rfc822Name(
                "a@web.example.com".try_into().expect("ASCII"),
            )],
            1,
        ),
        (
            vec![SanType::URI(
                "https://web.example.com/".try_into().expect("ASCII"),
            )],
            1,
        ),
    ];
    for (names, count) in cases {
        let params = with_names(names);
        assert_eq!(
            flaw_of(&params).await,
            CertificateFlaw::Names(count),
            "{params:?}"
        );
    }
}

#[tokio::test]
async fn the_digest_must_be_there_critical_and_right() {
    let der = |header: [u8; 2], content: &[u8]| [&header[..], content].concat();
    let right = der([4, 32], &digest());
    let mut without = params();
    without.custom_extensions.clear();
    let mut twice = params();
    twice
        .custom_extensions
        .push(CustomExtension::new_acme_identifier(&digest()));
    let other = sha256(b"another key authorization");
    let cases = [
        (without, CertificateFlaw::NoExtension),
        (twice, CertificateFlaw::Twice),
        (with_extension(&right, false), CertificateFlaw::NotCritical),
        (
            with_extension(&der([4, 32], &other), true),
            CertificateFlaw::OtherDigest,
        ),
        (with_extension(&digest(), true), CertificateFlaw::OtherDigest),
        (
            with_extension(&der([3, 32], &digest()), true),
            CertificateFlaw::OtherDigest,
        ),
        (
            with_extension(&der([4, 31], &digest()[..31]), true),
            CertificateFlaw::OtherDigest,
        ),
        (
            with_extension(&[&right[..], b"\0"].concat(), true),
            CertificateFlaw::OtherDigest,
        ),
        (
            with_extension(&[&[4, 0x81, 32][..], &digest()].concat(), true),
            CertificateFlaw::OtherDigest,
        ),
        (with_extension(b"", true), CertificateFlaw::OtherDigest),
    ];
    for (params, flaw) in cases {
        assert_eq!(flaw_of(&params).await, flaw, "{params:?}");
    }
}

#[tokio::test]
async fn a_certificate_of_a_ca_does_not_prove() {
    let ca_key = KeyPair::generate().expect("a key");
    let mut ca = CertificateParams::new(Vec::<String>::new()).expect("no name");
    ca.distinguished_name
        .push(rcgen::DnType::CommonName, "Example CA");
    let issuer = Issuer::new(ca, ca_key);
    let key = KeyPair::generate().expect("a key");
    let certificate = params()
        .signed_by(&key, &issuer)
        .expect("a certificate")
        .der()
        .clone();
    match prove(Shown { certificate, key }).await {
        Err(Failure::Certificate { flaw, .. }) => assert_eq!(flaw, CertificateFlaw::NotSelfSigned),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_certificate_whose_signature_was_altered_does_not_prove() {
    let Shown { certificate, key } = self_signed(&params());
    let mut bytes = certificate.to_vec();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    match prove(Shown {
        certificate: bytes.into(),
        key,
    })
    .await
    {
        Err(Failure::Certificate { flaw, .. }) => assert_eq!(flaw, CertificateFlaw::NotSelfSigned),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_certificate_whose_signature_cannot_be_checked_is_not_called_wrong() {
    const ECDSA_SHA256: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
    let Shown { certificate, key } = self_signed(&params());
    let mut bytes = certificate.to_vec();
    for at in 0..bytes.len() - ECDSA_SHA256.len() {
        if bytes[at..].starts_with(ECDSA_SHA256) {
            bytes[at + ECDSA_SHA256.len() - 1] = 9;
        }
    }
    match prove(Shown {
        certificate: bytes.into(),
        key,
    })
    .await
    {
        Err(Failure::Certificate { flaw, .. }) => assert_eq!(flaw, CertificateFlaw::SignatureUnchecked),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn whoever_shows_a_certificate_must_have_its_key() {
    for version in rustls::ALL_VERSIONS {
        let shown = Shown {
            key: KeyPair::generate().expect("a key"),
            ..self_signed(&params())
        };
        let (server, _names) = server(shown, ALPN, &[version]).await;
        match world(&server).prove(ChallengeKind::TlsAlpn01, NAME).await {
            Err(failure @ Failure::Tls { .. }) => {
                assert!(
                    matches!(
                        failure,
                        Failure::Tls {
                            flaw: TlsFlaw::Signature,
                            ..
                        }
                    ),
                    "{failure:?}"
                );
                assert_eq!(failure.problem(), Problem::Tls);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn the_protocol_must_be_agreed_on() {
    for (protocols, flaw) in [
        (&[][..], TlsFlaw::NoAcmeProtocol),
        (&[&b"h2"[..], b"http/1.1"][..], TlsFlaw::Alert(120)),
    ] {
        for version in rustls::ALL_VERSIONS {
            let (server, _names) = server(self_signed(&params()), protocols, &[version]).await;
            match world(&server).prove(ChallengeKind::TlsAlpn01, NAME).await {
                Err(Failure::Tls { flaw: found, .. }) => assert_eq!(found, flaw),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_tls_is_said_to_be_none() {
    for (said, flaw) in [
        (&b"SSH-2.0-OpenSSH_9.2\r\n"[..], TlsFlaw::NotTls),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", TlsFlaw::NotTls),
        (b"\x15\x03\x01\x00\x02\x02\x50", TlsFlaw::Alert(80)),
        (b"", TlsFlaw::Closed),
    ] {
        let server = Server::of(move |mut stream| async move {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(said).await;
            let _ = stream.shutdown().await;
            // A connection that is closed with unread bytes is reset, and takes what was said with it.
            while stream.read(&mut [0; 4096]).await.is_ok_and(|length| length > 0) {}
        })
        .await;
        match world(&server).prove(ChallengeKind::TlsAlpn01, NAME).await {
            Err(Failure::Tls { flaw: found, .. }) => assert_eq!(found, flaw),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_is_left_when_the_time_is_over() {
    let server = Server::of(|stream| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let world = world(&server).limit(Duration::from_secs(1));
    let failure = world
        .prove(ChallengeKind::TlsAlpn01, NAME)
        .await
        .expect_err("it says nothing");
    assert!(
        matches!(
            failure,
            Failure::TimedOut {
                stage: Stage::Handshake,
                ..
            }
        ),
        "{failure:?}"
    );
}
