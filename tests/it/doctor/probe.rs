//! The probe tells what a port is, against real servers of every age and against such as misbehave.

use crate::common;

use std::io::Write;
use std::net::{IpAddr, Ipv6Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use common::{
    ClosedPort, HostFiles, OwnServer, Stage, TestCa, TlsPort, also_in_plain_text, first_octets, key_type,
    listen_only, relay,
};
use gsec_doctor::net::{
    ClientIdentity, Depth, Limits, ProbeRequest, ServerNameChoice, SourceAddress, probe, probe_all,
};
use gsec_doctor::tls::{
    Alert, Behaviour, Demand, Endpoint, NegotiatedBy, OfferAnswer, PlainTextAnswer, Probe, ProtocolVersion,
    Refusal, SignatureVerdict, SuiteWeakness, WithoutServerName,
};
use gsec_pki::key::decode_private_key;
use gsec_pki::x509::{Certificate, decode_certificates};

/// OpenSSL's own list of what it would rather not speak.
const OLD: &str = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

fn request(port: u16) -> ProbeRequest {
    ProbeRequest::of(
        Endpoint {
            host: "127.0.0.1".into(),
            port,
        },
        Depth::Full,
    )
}

/// For servers that say nothing: no test waits five seconds.
fn impatient(port: u16) -> ProbeRequest {
    ProbeRequest {
        limits: Limits::of_step(Duration::from_millis(300)),
        ..request(port)
    }
}

fn versions(probe: &Probe) -> Vec<&'static str> {
    probe.offered_versions().map(ProtocolVersion::name).collect()
}

fn accepted(probe: &Probe, weakness: SuiteWeakness) -> Option<String> {
    probe
        .weak_suites
        .iter()
        .find(|offer| offer.weakness == weakness)
        .expect("it was asked")
        .accepted
        .map(|(_, suite)| suite.name())
}

fn certificates(path: &str) -> Vec<Certificate> {
    decode_certificates(&std::fs::read(path).expect("a file")).expect("certificates")
}

fn identity(host: &HostFiles) -> ClientIdentity {
    let key = decode_private_key(&std::fs::read(&host.key).expect("a file"), None).expect("a key");
    ClientIdentity::new(&certificates(&host.certificate), &key).expect("they belong together")
}

struct Rsa {
    ca: TestCa,
    host: HostFiles,
}

/// A host with an RSA key: old suites need one.
fn rsa() -> Rsa {
    let ca = TestCa::of_key(key_type("p256"));
    let host = ca.issue("db1.example.com", key_type("rsa-2048").flags);
    Rsa { ca, host }
}

impl Rsa {
    fn serves(&self, flags: &[&str]) -> TlsPort {
        TlsPort::openssl(&self.host.certificate, &self.host.key, flags)
    }

    fn presented(&self, probe: &Probe) -> bool {
        probe
            .chain
            .first()
            .is_some_and(|der| der == certificates(&self.host.certificate)[0].der())
    }
}

#[test]
fn modern_server_is_seen_whole() {
    let rsa = rsa();
    let server = rsa.serves(&["-cert_chain", &rsa.ca.certificate]);
    let seen = probe(&request(server.port));
    assert_eq!(seen.behaviour, Behaviour::Tls);
    assert_eq!(versions(&seen), ["TLS 1.2", "TLS 1.3"]);
    assert_eq!(seen.chain.len(), 2);
    assert!(rsa.presented(&seen));
    let negotiated = seen.negotiated.as_ref().expect("negotiated");
    assert_eq!(
        (negotiated.by, negotiated.version),
        (NegotiatedBy::ModernLibrary, ProtocolVersion::Tls13)
    );
    assert_eq!(
        negotiated.group.map(|group| group.name()).as_deref(),
        Some("x25519")
    );
    assert_eq!(
        seen.signature,
        SignatureVerdict::Good {
            scheme: "rsa_pss_rsae_sha256".into()
        }
    );
    assert_eq!(seen.client_authentication.demand, None);
    assert_eq!(seen.plain_text, Some(PlainTextAnswer::Refused));
    assert_eq!(seen.secure_renegotiation, Some(true));
    assert_eq!(
        accepted(&seen, SuiteWeakness::StaticRsa).as_deref(),
        Some("TLS_RSA_WITH_AES_256_GCM_SHA384")
    );
    assert!(accepted(&seen, SuiteWeakness::Cbc).is_some());
    for weakness in [
        SuiteWeakness::NoEncryption,
        SuiteWeakness::Anonymous,
        SuiteWeakness::Export,
        SuiteWeakness::SingleDes,
        SuiteWeakness::Rc4,
    ] {
        assert_eq!(accepted(&seen, weakness), None, "{weakness:?}");
    }
}

#[test]
fn each_version_alone_is_told_from_the_others_and_presents_its_chain() {
    let rsa = rsa();
    for (flag, name) in [
        ("-tls1", "TLS 1.0"),
        ("-tls1_1", "TLS 1.1"),
        ("-tls1_2", "TLS 1.2"),
        ("-tls1_3", "TLS 1.3"),
    ] {
        let server = rsa.serves(&[flag, "-cipher", OLD]);
        let seen = probe(&request(server.port));
        assert_eq!(versions(&seen), [name], "{seen:#?}");
        assert!(rsa.presented(&seen), "{name}");
        let is_modern = ["TLS 1.2", "TLS 1.3"].contains(&name);
        assert_eq!(
            seen.modern_refusal.is_none(),
            is_modern,
            "{name}: {:?}",
            seen.modern_refusal
        );
        assert_eq!(
            seen.negotiated
                .as_ref()
                .map(|negotiated| negotiated.version.name()),
            Some(name)
        );
    }
}

#[test]
fn server_with_old_suites_only_is_understood_by_hand() {
    let rsa = rsa();
    for (suite, name) in [
        ("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        ("ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
        ("DHE-RSA-AES128-SHA", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"),
        ("NULL-SHA256", "TLS_RSA_WITH_NULL_SHA256"),
    ] {
        let server = rsa.serves(&["-tls1_2", "-cipher", &format!("{suite}:@SECLEVEL=0")]);
        let seen = probe(&request(server.port));
        assert_eq!(
            seen.modern_refusal,
            Some(Refusal::Alert(Alert::fatal(40))),
            "{suite}"
        );
        let negotiated = seen.negotiated.as_ref().expect("negotiated");
        assert_eq!(
            (negotiated.by, negotiated.suite.name().as_str()),
            (NegotiatedBy::OldHello, name)
        );
        assert_eq!(
            negotiated.prime_bits.is_some(),
            suite.starts_with("DHE"),
            "{suite}"
        );
        assert!(rsa.presented(&seen), "{suite}");
        for weakness in negotiated.suite.weaknesses() {
            assert_eq!(accepted(&seen, weakness).as_deref(), Some(name), "{weakness:?}");
        }
    }
}

#[test]
fn size_of_the_diffie_hellman_prime_is_seen() {
    let rsa = rsa();
    // It takes a prime as long as its RSA key.
    let server = rsa.serves(&["-cipher", "ALL"]);
    let seen = probe(&request(server.port));
    assert_eq!(seen.prime_bits, Some(2048), "{seen:#?}");
    let server = rsa.serves(&["-cipher", "ECDHE"]);
    assert_eq!(probe(&request(server.port)).prime_bits, None);
}

/// Whether the other end has not hung up, told without waiting and without taking anything from who reads.
fn is_open(stream: &TcpStream) -> bool {
    const PEEK_WITHOUT_WAITING: i32 = 0x02 | 0x40; // MSG_PEEK, MSG_DONTWAIT
    let mut octet = [std::mem::MaybeUninit::uninit()];
    match socket2::SockRef::from(stream).recv_with_flags(&mut octet, PEEK_WITHOUT_WAITING) {
        Ok(count) => count > 0,
        Err(error) => error.kind() == std::io::ErrorKind::WouldBlock,
    }
}

#[test]
fn server_that_takes_few_connections_at_a_time_is_seen_whole() {
    let rsa = rsa();
    let behind = rsa.serves(&[]);
    let (port, taken) = (behind.port, std::sync::Mutex::new(Vec::<TcpStream>::new()));
    let few = OwnServer::start(move |stream| {
        let mut taken_now = taken.lock().expect("a lock");
        taken_now.retain(is_open);
        // Whoever comes as the third is turned away.
        if taken_now.len() < 2 {
            taken_now.push(stream.try_clone().expect("another handle"));
            drop(taken_now);
            relay(&stream, port);
        }
    });
    let target = Endpoint {
        host: "localhost".into(),
        port: few.port(),
    };
    let seen = probe(&ProbeRequest::of(target, Depth::Full));
    assert_eq!(versions(&seen), ["TLS 1.2", "TLS 1.3"], "{seen:#?}");
    assert_eq!(seen.without_server_name, Some(WithoutServerName::Same));
    assert!(accepted(&seen, SuiteWeakness::StaticRsa).is_some());
}

#[test]
fn old_server_that_hangs_up_on_whatever_it_does_not_know_is_understood() {
    let rsa = rsa();
    let behind = rsa.serves(&["-tls1", "-cipher", OLD]);
    let port = behind.port;
    let intolerant = OwnServer::start(move |stream| {
        // The version that a client would like best stands behind the headers of record and message.
        let mut hello = [0; 11];
        while stream
            .peek(&mut hello)
            .is_ok_and(|count| count > 0 && count < hello.len())
        {}
        if hello[9..] <= [3, 1][..] {
            relay(&stream, port);
        }
    });
    let seen = probe(&request(intolerant.port()));
    assert_eq!(seen.behaviour, Behaviour::Tls);
    assert_eq!(
        (versions(&seen).as_slice(), &seen.modern_refusal),
        (&["TLS 1.0"][..], &Some(Refusal::Closed)),
        "{seen:#?}"
    );
    assert!(rsa.presented(&seen));
}

#[test]
fn anonymous_suites_are_seen() {
    let rsa = rsa();
    let server = rsa.serves(&["-tls1_2", "-cipher", "ALL:aNULL:@SECLEVEL=0"]);
    let seen = probe(&request(server.port));
    assert!(
        accepted(&seen, SuiteWeakness::Anonymous).is_some_and(|name| name.contains("_anon_")),
        "{:?}",
        seen.weak_suites
    );
}

#[test]
fn gnutls_with_old_versions_and_suites_is_understood() {
    let rsa = rsa();
    let priority = "NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+3DES-CBC:+RSA:+ARCFOUR-128:%COMPAT";
    let server = TlsPort::gnutls(
        &rsa.host.certificate,
        &rsa.host.key,
        &["--priority", priority, "--disable-client-cert"],
    );
    let seen = probe(&request(server.port));
    assert_eq!(
        versions(&seen),
        ["TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"],
        "{seen:#?}"
    );
    assert_eq!(
        accepted(&seen, SuiteWeakness::SmallBlocks).as_deref(),
        Some("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA")
    );
    assert_eq!(
        accepted(&seen, SuiteWeakness::Rc4).as_deref(),
        Some("TLS_ECDHE_RSA_WITH_RC4_128_SHA")
    );
}

#[test]
fn java_down_to_ssl_3_and_its_oldest_suites_is_understood() {
    let rsa = rsa();
    for (version, suite, name) in [
        (
            "SSLv3",
            "SSL_RSA_WITH_3DES_EDE_CBC_SHA",
            "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
        ),
        ("SSLv3", "SSL_RSA_WITH_RC4_128_MD5", "TLS_RSA_WITH_RC4_128_MD5"),
        ("TLSv1", "SSL_RSA_WITH_DES_CBC_SHA", "TLS_RSA_WITH_DES_CBC_SHA"),
        (
            "TLSv1",
            "SSL_RSA_EXPORT_WITH_RC4_40_MD5",
            "TLS_RSA_EXPORT_WITH_RC4_40_MD5",
        ),
        ("TLSv1.2", "TLS_RSA_WITH_NULL_SHA256", "TLS_RSA_WITH_NULL_SHA256"),
    ] {
        let server = TlsPort::java(&rsa.host.pfx, version, suite);
        let seen = probe(&request(server.port));
        let expected = match version {
            "SSLv3" => "SSL 3.0",
            "TLSv1" => "TLS 1.0",
            _ => "TLS 1.2",
        };
        assert_eq!(versions(&seen), [expected], "{suite}: {seen:#?}");
        assert!(rsa.presented(&seen), "{suite}");
        for weakness in seen.negotiated.as_ref().expect("negotiated").suite.weaknesses() {
            assert_eq!(accepted(&seen, weakness).as_deref(), Some(name), "{weakness:?}");
        }
    }
}

#[test]
fn modern_java_is_seen_whole() {
    let rsa = rsa();
    let server = TlsPort::java(&rsa.host.pfx, "-", "-");
    let seen = probe(&request(server.port));
    assert_eq!(versions(&seen), ["TLS 1.2", "TLS 1.3"]);
    assert!(rsa.presented(&seen) && seen.modern_refusal.is_none());
    assert_eq!(
        (seen.client_authentication.demand, seen.plain_text),
        (None, Some(PlainTextAnswer::Refused))
    );
}

#[test]
fn demand_for_a_client_certificate_is_told_in_each_version() {
    let stage = Stage::of_key(key_type("p256"));
    for version in ["-tls1_2", "-tls1_3"] {
        let serve = |flag| {
            TlsPort::openssl(
                &stage.server.certificate,
                &stage.server.key,
                &[
                    version,
                    flag,
                    "1",
                    "-CAfile",
                    &stage.ca.certificate,
                    "-verify_return_error",
                ],
            )
        };
        let strict = serve("-Verify");
        let seen = probe(&request(strict.port));
        let demand = seen.client_authentication.demand.as_ref().expect("a demand");
        assert_eq!(demand.demand, Demand::Required, "{version}: {seen:#?}");
        let ca = certificates(&stage.ca.certificate);
        assert_eq!(demand.authorities, [ca[0].subject().der()]);
        assert!(!seen.client_authentication.sent && seen.modern_refusal.is_none() && !seen.chain.is_empty());

        let seen = probe(&ProbeRequest {
            identity: Some(identity(&stage.client)),
            ..request(strict.port)
        });
        let said = &seen.client_authentication;
        assert_eq!(
            (
                said.sent,
                &said.refusal,
                said.demand.as_ref().map(|demand| demand.demand)
            ),
            (true, &None, Some(Demand::Required)),
            "{version}"
        );

        let seen = probe(&ProbeRequest {
            identity: Some(identity(&stage.stranger)),
            ..request(strict.port)
        });
        assert_eq!(
            seen.client_authentication.refusal,
            Some(Refusal::Alert(Alert::fatal(48))),
            "{version}: {seen:#?}"
        );

        let lenient = serve("-verify");
        let demand = probe(&request(lenient.port))
            .client_authentication
            .demand
            .expect("a demand");
        assert_eq!(demand.demand, Demand::Optional, "{version}");
    }
}

#[test]
fn gnutls_and_java_insist_on_a_client_certificate_in_their_own_ways() {
    let rsa = rsa();
    let ca = rsa.ca.certificate.clone();
    for version in ["TLS1.2", "TLS1.3"] {
        let priority = format!("NORMAL:-VERS-ALL:+VERS-{version}");
        let flags = [
            "--priority",
            &priority,
            "--require-client-cert",
            "--verify-client-cert",
            "--x509cafile",
            &ca,
        ];
        let gnutls = TlsPort::gnutls(&rsa.host.certificate, &rsa.host.key, &flags);
        let java = TlsPort::java_with(&rsa.host.pfx, &version.replace("TLS", "TLSv"), "-", &["need"]);
        for port in [gnutls.port, java.port] {
            let seen = probe(&request(port));
            let demand = seen
                .client_authentication
                .demand
                .as_ref()
                .map(|demand| demand.demand);
            assert_eq!(
                demand,
                Some(Demand::Required),
                "{version}, {}: {seen:#?}",
                if port == java.port { "Java" } else { "GnuTLS" }
            );
        }
        let seen = probe(&ProbeRequest {
            identity: Some(identity(&rsa.host)),
            ..request(gnutls.port)
        });
        assert_eq!(
            (
                seen.client_authentication.sent,
                &seen.client_authentication.refusal
            ),
            (true, &None),
            "{version}"
        );
        // Java here trusts the public CAs.
        let seen = probe(&ProbeRequest {
            identity: Some(identity(&rsa.host)),
            ..request(java.port)
        });
        assert!(
            matches!(seen.client_authentication.refusal, Some(Refusal::Alert(_))),
            "{version}: {seen:#?}"
        );
    }
}

#[test]
fn signatures_of_every_kind_of_key_are_checked() {
    for kind in ["p256", "p384", "p521", "ed25519", "rsa-2048"] {
        let ca = TestCa::of_key(key_type("p256"));
        let host = ca.issue("db1.example.com", key_type(kind).flags);
        // In TLS 1.2 the curve of the key must be among the client's groups, and rustls has no P-521 there.
        for version in ["-tls1_2", "-tls1_3"]
            .into_iter()
            .filter(|version| (kind, *version) != ("p521", "-tls1_2"))
        {
            let server = TlsPort::openssl(&host.certificate, &host.key, &[version]);
            let seen = probe(&ProbeRequest {
                depth: Depth::Chain,
                ..request(server.port)
            });
            assert!(
                matches!(seen.signature, SignatureVerdict::Good { .. }),
                "{kind}, {version}: {:?}",
                seen.signature
            );
        }
    }
    let rsa = rsa();
    let server = rsa.serves(&[
        "-tls1_2",
        "-cipher",
        "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0",
        "-sigalgs",
        "RSA+SHA1",
    ]);
    assert_eq!(
        probe(&request(server.port)).signature,
        SignatureVerdict::Good {
            scheme: "rsa_pkcs1_sha1".into()
        }
    );
}

#[test]
fn tls_1_3_with_a_group_that_no_modern_library_has_is_still_tls_1_3() {
    let rsa = rsa();
    let server = rsa.serves(&["-tls1_3", "-groups", "X448"]);
    let seen = probe(&request(server.port));
    assert_eq!(versions(&seen), ["TLS 1.3"]);
    let negotiated = seen.negotiated.as_ref().expect("negotiated");
    assert_eq!(
        (
            negotiated.by,
            negotiated.group.map(|group| group.name()).as_deref()
        ),
        (NegotiatedBy::OldHello, Some("x448"))
    );
    assert!(
        seen.modern_refusal.is_some() && seen.chain.is_empty(),
        "{seen:#?}"
    );
}

#[test]
fn certificate_with_ten_thousand_names_is_fetched() {
    let dir = common::TestDir::new();
    let names: Vec<String> = (0..10_000)
        .map(|number| format!("DNS:host{number}.example.com"))
        .collect();
    let config = format!(
        "[req]\ndistinguished_name = n\nprompt = no\nx509_extensions = x\n[n]\nCN = many\n[x]\nsubjectAltName = {}\n",
        names.join(",")
    );
    let config = dir.write("many.cnf", config);
    let [certificate, key] = ["many.pem", "many.key"].map(|name| dir.path(name));
    let key_of = ["-newkey", "rsa:2048", "-nodes", "-keyout", &key];
    common::openssl(&["req", "-x509", "-config", &config, "-out", &certificate])
        .args(&key_of)
        .run()
        .ok();
    let server = TlsPort::openssl(&certificate, &key, &[]);
    let seen = probe(&ProbeRequest {
        depth: Depth::Chain,
        ..request(server.port)
    });
    assert_eq!(
        seen.chain,
        [certificates(&certificate)[0].der().to_vec()],
        "{:?}",
        seen.modern_refusal
    );
}

#[test]
fn key_that_is_not_the_certificates_is_found() {
    // OpenSSL refuses to serve such a pair, so the server is a rustls that does not look.
    let stage = Stage::of_key(key_type("p256"));
    let server = common::rustls_server(&stage.server.certificate, &stage.client.key);
    let seen = probe(&request(server.port()));
    assert_eq!(
        seen.signature,
        SignatureVerdict::Bad {
            scheme: "ecdsa_secp256r1_sha256".into()
        },
        "{seen:#?}"
    );
}

#[test]
fn server_name_chooses_the_certificate() {
    let stage = Stage::of_key(key_type("p256"));
    let flags = [
        "-servername",
        "app7.example.com",
        "-cert2",
        &stage.client.certificate,
        "-key2",
        &stage.client.key,
    ];
    let server = TlsPort::openssl(&stage.server.certificate, &stage.server.key, &flags);
    let named = |name: &str| ProbeRequest {
        server_name: ServerNameChoice::Name(name.into()),
        ..request(server.port)
    };
    let seen = probe(&named("app7.example.com"));
    assert_eq!(seen.chain[0], certificates(&stage.client.certificate)[0].der());
    assert!(
        matches!(&seen.without_server_name, Some(WithoutServerName::OtherChain(chain)) if chain[0] == certificates(&stage.server.certificate)[0].der())
    );
    let seen = probe(&named("other.example.com"));
    assert_eq!(seen.without_server_name, Some(WithoutServerName::Same));
    assert_eq!(
        probe(&request(server.port)).without_server_name,
        None,
        "an address is no name"
    );
}

#[test]
fn ports_that_are_no_tls_are_told_apart() {
    let greets = OwnServer::start(|mut stream| drop(stream.write_all(b"220 mail.example.com ESMTP\r\n")));
    assert_eq!(
        probe(&request(greets.port())).behaviour,
        Behaviour::PlainText {
            said: b"220 mail.example.com ESMTP\r\n".to_vec()
        }
    );
    let answers = OwnServer::start(|mut stream| {
        first_octets(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    assert_eq!(
        probe(&request(answers.port())).behaviour,
        Behaviour::PlainText {
            said: b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()
        }
    );
    let babbles = OwnServer::start(|mut stream| {
        first_octets(&mut stream);
        drop(stream.write_all(&[0, 1, 2, 3, 255]));
    });
    assert_eq!(
        probe(&request(babbles.port())).behaviour,
        Behaviour::Garbage {
            said: vec![0, 1, 2, 3, 255]
        }
    );
    let closes = OwnServer::start(drop);
    assert_eq!(probe(&request(closes.port())).behaviour, Behaviour::Closes);
    let listens_first = OwnServer::start(|mut stream| drop(first_octets(&mut stream)));
    assert_eq!(probe(&request(listens_first.port())).behaviour, Behaviour::Closes);
    let silent = OwnServer::start(listen_only);
    let seen = probe(&impatient(silent.port()));
    assert_eq!(seen.behaviour, Behaviour::Silent);
    assert!(seen.timings.total >= Duration::from_millis(300));
    let closed = ClosedPort::hold();
    let seen = probe(&request(closed.port));
    assert_eq!(
        (seen.behaviour, seen.addresses.len(), seen.address),
        (Behaviour::Refused, 1, None)
    );
}

#[test]
fn port_that_takes_tls_and_plain_text_is_found() {
    let rsa = rsa();
    let behind = rsa.serves(&[]);
    let both = also_in_plain_text(behind.port);
    let seen = probe(&request(both.port()));
    assert_eq!(seen.behaviour, Behaviour::TlsAndPlainText);
    assert_eq!(
        seen.plain_text,
        Some(PlainTextAnswer::Answered {
            said: b"HTTP/1.1 200 OK\r\n\r\nhello".to_vec()
        })
    );
    assert!(rsa.presented(&seen));
}

#[test]
fn servers_that_never_end_are_left_in_time() {
    let endless_records = OwnServer::start(|mut stream| {
        first_octets(&mut stream);
        let record = [&[22, 3, 3, 0x40, 0, 2, 255, 255, 255][..], &[0; 0x4000 - 4]].concat();
        while stream.write_all(&record).is_ok() {}
    });
    let endless_nothing = OwnServer::start(|mut stream| {
        first_octets(&mut stream);
        while stream.write_all(&[22, 3, 3, 0, 0]).is_ok() {}
    });
    let endless_warnings = OwnServer::start(|mut stream| {
        first_octets(&mut stream);
        while stream.write_all(&[21, 3, 3, 0, 2, 1, 112]).is_ok() {}
    });
    let one_by_one = OwnServer::start(|mut stream| {
        let hello = [&[22, 3, 3, 0x40, 0, 2, 0, 255, 255][..], &[3; 0x4000]].concat();
        for octet in hello {
            std::thread::sleep(Duration::from_millis(50));
            if stream.write_all(&[octet]).is_err() {
                return;
            }
        }
    });
    let half_a_record = OwnServer::start(|mut stream| {
        drop(stream.write_all(&[22, 3, 3, 0x40, 0, 2, 0]));
        listen_only(stream);
    });
    for server in [
        &endless_records,
        &endless_nothing,
        &endless_warnings,
        &one_by_one,
        &half_a_record,
    ] {
        let begin = Instant::now();
        let seen = probe(&impatient(server.port()));
        assert!(seen.negotiated.is_none() && seen.chain.is_empty(), "{seen:#?}");
        // Three times the step, and what threads of a loaded machine take to end.
        assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    }
}

#[test]
fn tls_that_comes_octet_by_octet_is_understood() {
    let rsa = rsa();
    let behind = rsa.serves(&["-tls1_2"]);
    let port = behind.port;
    let slow = OwnServer::start(move |near| {
        let _ = near.set_nodelay(true);
        let Ok(far) = TcpStream::connect(("127.0.0.1", port)) else {
            return;
        };
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let (mut from, mut to) = (&near, &far);
                let _ = std::io::copy(&mut from, &mut to);
                let _ = far.shutdown(std::net::Shutdown::Write);
            });
            let mut octet = [0];
            while std::io::Read::read(&mut &far, &mut octet).is_ok_and(|count| count == 1)
                && (&near).write_all(&octet).is_ok()
            {}
            let _ = near.shutdown(std::net::Shutdown::Both);
        });
    });
    let seen = probe(&request(slow.port()));
    assert!(rsa.presented(&seen) && seen.modern_refusal.is_none(), "{seen:#?}");
}

#[test]
fn ipv6_and_a_name_with_several_addresses_are_probed() {
    let rsa = rsa();
    let server = TlsPort::openssl_at("[::1]:0", &rsa.host.certificate, &rsa.host.key, &["-6"]);
    let seen = probe(&ProbeRequest::of(
        Endpoint {
            host: "::1".into(),
            port: server.port,
        },
        Depth::Full,
    ));
    assert!(rsa.presented(&seen), "{seen:#?}");
    assert_eq!(
        seen.address.map(|address| address.ip()),
        Some(IpAddr::V6(Ipv6Addr::LOCALHOST))
    );
    // `localhost` has 127.0.0.1 at least; where it has ::1 too, one of the two refuses.
    let v4 = rsa.serves(&[]);
    let seen = probe(&ProbeRequest::of(
        Endpoint {
            host: "localhost".into(),
            port: v4.port,
        },
        Depth::Full,
    ));
    assert!(rsa.presented(&seen), "{seen:#?}");
    assert_eq!(seen.server_name.as_deref(), Some("localhost"));
    let connected: Vec<_> = seen
        .addresses
        .iter()
        .filter(|outcome| outcome.failure.is_none())
        .collect();
    assert_eq!(connected.len(), 1, "{seen:#?}");
}

#[test]
fn own_address_and_port_are_as_asked_for() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let sender = std::sync::Mutex::new(sender);
    let server = OwnServer::start(move |stream| {
        let _ = sender
            .lock()
            .expect("a lock")
            .send(stream.peer_addr().expect("a peer"));
    });
    let from = |source: &str| ProbeRequest {
        source: SourceAddress::parse(source),
        ..request(server.port())
    };
    probe(&from("127.0.0.2"));
    assert_eq!(
        receiver.recv().expect("a connection").ip().to_string(),
        "127.0.0.2"
    );
    while receiver.try_recv().is_ok() {}
    let port = common::free_port();
    let seen = probe(&from(&format!("127.0.0.2:{port}")));
    assert_eq!(
        receiver.recv().expect("a connection").to_string(),
        format!("127.0.0.2:{port}"),
        "{seen:#?}"
    );
    let taken = TcpListener::bind("127.0.0.2:0").expect("a port");
    let seen = probe(&from(&taken.local_addr().expect("an address").to_string()));
    assert!(
        matches!(&seen.behaviour, Behaviour::SourceUnusable { reason } if reason.contains("in use")),
        "{seen:#?}"
    );
    let seen = probe(&from("192.0.2.1"));
    assert!(
        matches!(&seen.behaviour, Behaviour::SourceUnusable { reason } if reason == "192.0.2.1 is not an address of this machine"),
        "{seen:#?}"
    );
    let seen = probe(&from("::1"));
    assert!(
        matches!(&seen.behaviour, Behaviour::SourceUnusable { reason } if reason == "::1 is IPv6, and 127.0.0.1 is IPv4"),
        "{seen:#?}"
    );
}

/// In a process of its own: a test beside this one that starts a program holds each open connection for a moment.
#[test]
fn chosen_port_serves_a_whole_probe_and_the_next() {
    let stage = Stage::of_key(key_type("p256"));
    // It asks for a certificate of the client and does without one: what TLS 1.3 says of that comes after a farewell.
    let optional = ["-tls1_3", "-verify", "1", "-CAfile", &stage.ca.certificate];
    // An address that only this process uses, and a port below those that the kernel gives out: no other test can hold it.
    let [.., high, low] = std::process::id().to_be_bytes();
    for (port, flags, versions) in [
        (20_077, &[][..], "TLS 1.2, TLS 1.3"),
        (20_078, &optional, "TLS 1.3"),
    ] {
        let server = TlsPort::openssl(&stage.server.certificate, &stage.server.key, flags);
        let target = format!("127.0.0.1:{}", server.port);
        let source = format!("127.77.{high}.{low}:{port}");
        for _ in 0..2 {
            let args = ["doctor", &target, "--bind", &source, "--json"];
            let seen = common::gsec(&args).run().json();
            let facts = seen["targets"][0]["facts"].as_array().expect("facts");
            let told = facts.iter().find(|fact| fact["label"] == "versions");
            assert_eq!(told.expect("versions")["value"], versions, "{seen:#}");
        }
        let own = format!(
            " {low:02X}{high:02X}4D7F:{port:04X} 0100007F:{:04X} ",
            server.port
        );
        let connections = std::fs::read_to_string("/proc/net/tcp").expect("connections");
        assert!(!connections.contains(&own), "{connections}");
    }
}

#[test]
fn names_are_not_resolved_when_that_is_forbidden() {
    let by_name = ProbeRequest::of(
        Endpoint {
            host: "localhost".into(),
            port: 1,
        },
        Depth::Full,
    );
    assert_eq!(
        probe(&ProbeRequest {
            may_resolve: false,
            ..by_name
        })
        .behaviour,
        Behaviour::ResolutionForbidden
    );
    let unknown = ProbeRequest::of(
        Endpoint {
            host: "no-such-host.invalid".into(),
            port: 1,
        },
        Depth::Full,
    );
    assert!(matches!(probe(&unknown).behaviour, Behaviour::Unresolved { .. }));
}

#[test]
fn proxy_is_gone_through_or_named_when_it_refuses() {
    let rsa = rsa();
    let server = rsa.serves(&[]);
    let port = server.port;
    let proxy = OwnServer::start(move |mut stream| {
        let asked = String::from_utf8_lossy(&first_octets(&mut stream)).into_owned();
        if asked.starts_with("CONNECT db1.example.com:1984 HTTP/1.1\r\n") {
            drop(stream.write_all(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n"));
            relay(&stream, port);
        } else {
            drop(stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n"));
        }
    });
    let through = |host: &str, proxy: u16| ProbeRequest {
        proxy: Some(Endpoint {
            host: "127.0.0.1".into(),
            port: proxy,
        }),
        ..ProbeRequest::of(
            Endpoint {
                host: host.into(),
                port: 1984,
            },
            Depth::Full,
        )
    };
    let seen = probe(&through("db1.example.com", proxy.port()));
    assert!(rsa.presented(&seen), "{seen:#?}");
    assert_eq!(
        probe(&through("db2.example.com", proxy.port())).behaviour,
        Behaviour::ProxyRefused {
            said: "HTTP/1.1 403 Forbidden".into()
        }
    );
    let closed = ClosedPort::hold();
    let gone = probe(&through("db1.example.com", closed.port)).behaviour;
    assert!(
        matches!(&gone, Behaviour::ProxyRefused { said } if said.starts_with("the connection is refused")),
        "{gone:?}"
    );
}

#[test]
fn several_targets_are_probed_at_once_and_silent_ones_hold_up_nobody() {
    let rsa = rsa();
    let server = rsa.serves(&[]);
    let silent: Vec<OwnServer> = (0..8).map(|_| OwnServer::start(listen_only)).collect();
    let step = Duration::from_secs(2);
    let mut requests: Vec<ProbeRequest> = silent
        .iter()
        .map(|server| ProbeRequest {
            limits: Limits::of_step(step),
            ..request(server.port())
        })
        .collect();
    requests.push(request(server.port));
    let begin = Instant::now();
    let seen = probe_all(&requests);
    assert!(
        begin.elapsed() < step * 8,
        "one after the other: {:?}",
        begin.elapsed()
    );
    assert!(seen[..8].iter().all(|seen| seen.behaviour == Behaviour::Silent));
    assert!(rsa.presented(&seen[8]));
}

#[test]
fn refused_version_keeps_the_alert_for_the_detail() {
    let rsa = rsa();
    let server = rsa.serves(&[]);
    let seen = probe(&request(server.port));
    let tls10 = seen
        .versions
        .iter()
        .find(|offer| offer.version == ProtocolVersion::Tls10)
        .expect("asked");
    // OpenSSL 3 answers so at its usual security level; later versions say protocol_version.
    assert!(
        matches!(tls10.answer, OfferAnswer::Refused(Refusal::Alert(alert)) if [70, 80].contains(&alert.description)),
        "{tls10:?}"
    );
}
