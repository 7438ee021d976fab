//! `gsec doctor HOST:PORT`: every fault of a server for real, what to type about it, and silence where all is well.

use crate::common;

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::doctor::{Found, doctor, findings_of, finds, is_silent, type_line, type_remedy};
use common::{
    ChildGuard, OwnServer, Scene, TestDir, TlsPort, also_in_plain_text, first_octets, listen_only, nginx,
    nginx_configuration, openssl, relay, rustls_server, tool, wait_until,
};

const NAME: [&str; 2] = ["--name", "db1.example.com"];
const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";

/// What the CA keeps of a host.
fn host(scene: &Scene, serial: &str) -> (String, String) {
    let file = |rest: &str| {
        scene
            .dir
            .path(&format!("gsec-ca/repository/{serial}_db1_{rest}.pem"))
    };
    (file("cert"), file("priv_key"))
}

/// `openssl s_server` with what the CA issued under a serial number.
fn serve(scene: &Scene, serial: &str, flags: &[&str]) -> TlsPort {
    let (certificate, key) = host(scene, serial);
    TlsPort::openssl(&certificate, &key, flags)
}

/// The arguments for a port that shall be db1's.
fn at<'a>(target: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[target][..], &NAME, more].concat()
}

#[track_caller]
fn nothing_is_found(scene: &Scene, args: &[&str]) {
    let found = doctor(scene, args);
    assert!(found.is_empty(), "{found:#?}");
}

/// nginx on a free loopback port, with these directives in its server.
fn nginx_at(directives: &str) -> (TlsPort, TestDir) {
    let dir = TestDir::new();
    let server = TlsPort::on_free_port(|port| {
        dir.write(
            "nginx.conf",
            nginx_configuration(&format!(
                "server {{\nlisten 127.0.0.1:{port} ssl;\n{directives}\n}}"
            )),
        );
        nginx(&dir)
    });
    (server, dir)
}

/// What a healthy deployment has: nginx as it comes, with what the CA issued.
#[test]
fn healthy_deployments_give_no_finding() {
    for kind in ["p256", "rsa"] {
        let scene = Scene::with_ca();
        scene
            .gsec(&["cert", "issue", "--host", "db1.example.com", "--key-type", kind])
            .run()
            .ok();
        let (certificate, key) = host(&scene, "01");
        let (server, _dir) = nginx_at(&format!(
            "ssl_certificate {certificate};\nssl_certificate_key {key};"
        ));
        nothing_is_found(&scene, &at(&server.target(), &[]));
        nothing_is_found(&scene, &at(&server.target(), &["--trust", CA]));
        nothing_is_found(&scene, &at(&server.target(), &[&certificate]));
        let said = scene
            .gsec(&["doctor"])
            .args(&at(&server.target(), &[]))
            .run()
            .ok();
        let facts = "days left, 1 certificate presented, trusted by `CN=Test CA`";
        assert!(
            said.stdout
                .starts_with(&format!("{}: healthy: TLS 1.", server.target()))
                && said.stdout.ends_with(&format!(" {facts}\n")),
            "{said}"
        );
    }
}

#[test]
fn mutual_tls_with_the_right_client_gives_no_finding() {
    let scene = Scene::with_host();
    scene.issue("app7.example.com", &[]).run().ok();
    let (certificate, key) = host(&scene, "01");
    let ca = scene.dir.path(CA);
    let (server, _dir) = nginx_at(&format!(
        "ssl_certificate {certificate};\nssl_certificate_key {key};\nssl_client_certificate {ca};\nssl_verify_client on;"
    ));
    let client = [
        "--client-cert",
        "gsec-ca/repository/02_app7_cert.pem",
        "--client-key",
        "gsec-ca/repository/02_app7_priv_key.pem",
    ];
    nothing_is_found(&scene, &at(&server.target(), &client));
    let found = finds(&scene, &at(&server.target(), &[]), "client-certificate-missing");
    assert_eq!(found.severity, "notice");
    assert!(
        found
            .seen
            .contains("it requires a client certificate of `CN=Test CA`, but none was given"),
        "{found:?}"
    );
}

#[test]
fn gnutls_and_java_are_healthy_too() {
    let scene = Scene::with_ca();
    scene
        .gsec(&["cert", "issue", "--host", "db1.example.com"])
        .run()
        .ok();
    let (certificate, key) = host(&scene, "01");
    let server = TlsPort::gnutls(
        &certificate,
        &key,
        &["--priority", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"],
    );
    nothing_is_found(&scene, &at(&server.target(), &[]));
    let server = TlsPort::java(&scene.dir.path("gsec-ca/repository/01_db1_cert.pfx"), "-", "-");
    nothing_is_found(&scene, &at(&server.target(), &[]));
}

#[test]
fn ports_that_cannot_be_reached_are_told_apart() {
    let scene = Scene::with_host();
    let free = common::free_port();
    let found = finds(&scene, &[&format!("127.0.0.1:{free}")], "port-refused");
    assert_eq!(found.severity, "error");
    finds(&scene, &["no-such-host.invalid:443"], "host-unresolved");
    finds(
        &scene,
        &["no-such-host.invalid:443", "--no-dns"],
        "host-unresolved",
    );
    finds(
        &scene,
        &[&format!("127.0.0.1:{free}"), "--bind", "192.0.2.1"],
        "own-address-unusable",
    );
    let proxy = OwnServer::start(|mut stream| {
        first_octets(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n"));
    });
    let found = finds(
        &scene,
        &["db1.example.com:443", "--proxy", &proxy.target()],
        "proxy-refused",
    );
    assert!(found.seen.contains("403"), "{found:?}");
    let server = serve(&scene, "01", &[]);
    for slug in [
        "port-refused",
        "host-unresolved",
        "own-address-unusable",
        "proxy-refused",
        "port-timeout",
        "host-unreachable",
    ] {
        is_silent(&scene, &at(&server.target(), &[]), slug);
    }
}

#[test]
fn host_without_a_way_and_port_that_does_not_answer() {
    let scene = Scene::empty();
    // No TCP connection goes to everybody.
    finds(&scene, &["255.255.255.255:443"], "host-unreachable");
    // Who waits behind a full queue gets no answer.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket
        .bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())
        .expect("a free port");
    socket.listen(0).expect("a queue of one");
    let address = socket
        .local_addr()
        .expect("an address")
        .as_socket()
        .expect("an IP address");
    let _waiting: Vec<TcpStream> = (0..4)
        .filter_map(|_| TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok())
        .collect();
    let found = finds(
        &scene,
        &[&address.to_string(), "--timeout", "300ms"],
        "port-timeout",
    );
    assert!(
        found.look == ["ping -c 3 127.0.0.1"] && found.fix.is_empty(),
        "{found:?}"
    );
}

#[test]
fn ports_that_do_not_speak_tls_are_told_apart() {
    let scene = Scene::with_host();
    let greets =
        OwnServer::start(|mut stream| drop(stream.write_all(b"220 mail.example.com \x1b[31mESMTP\r\n")));
    let found = finds(&scene, &[&greets.target()], "port-plain-text");
    assert_eq!(
        found.look,
        [format!("gsec doctor {} --starttls smtp", greets.target())]
    );
    scene
        .gsec(&["doctor", &greets.target()])
        .run()
        .code(1)
        .says("`220 mail.example.com \\x1B[31mESMTP`");
    let babbles = OwnServer::start(|mut stream| {
        first_octets(&mut stream);
        drop(stream.write_all(&[0, 1, 2, 3, 255]));
    });
    finds(&scene, &[&babbles.target()], "port-not-tls");
    let closes = OwnServer::start(drop);
    finds(&scene, &[&closes.target()], "port-closes");
    let silent = OwnServer::start(listen_only);
    finds(&scene, &[&silent.target(), "--timeout", "300ms"], "port-silent");
    let server = serve(&scene, "01", &[]);
    for slug in [
        "port-plain-text",
        "port-not-tls",
        "port-closes",
        "port-silent",
        "port-plain-and-tls",
        "handshake-refused",
    ] {
        is_silent(&scene, &at(&server.target(), &[]), slug);
    }
}

#[test]
fn port_that_takes_plain_text_as_well_is_warned_of() {
    let scene = Scene::with_host();
    let behind = serve(&scene, "01", &[]);
    let both = also_in_plain_text(behind.port);
    let found = finds(&scene, &at(&both.target(), &[]), "port-plain-and-tls");
    assert_eq!(found.severity, "warning");
}

#[test]
fn server_that_refuses_every_handshake() {
    let scene = Scene::with_host();
    let (certificate, key) = host(&scene, "01");
    // It has nothing for other names than its own.
    let (server, _dir) = nginx_at(&format!(
        "server_name db1.example.com;\nssl_certificate {certificate};\nssl_certificate_key {key};\nssl_reject_handshake on;"
    ));
    finds(&scene, &at(&server.target(), &[]), "handshake-refused");
}

/// RSA, because old suites need it.
fn rsa_scene() -> Scene {
    let scene = Scene::with_ca();
    scene
        .gsec(&["cert", "issue", "--host", "db1.example.com"])
        .run()
        .ok();
    scene
}

#[test]
fn old_versions_are_an_error_alone_and_a_warning_beside_new_ones() {
    let scene = rsa_scene();
    for (flag, version) in [("-tls1", "TLS 1.0"), ("-tls1_1", "TLS 1.1")] {
        let server = serve(&scene, "01", &[flag, "-cipher", "ALL:@SECLEVEL=0"]);
        let found = finds(&scene, &at(&server.target(), &[]), "protocol-outdated");
        assert!(
            found.severity == "error" && found.seen == format!("it accepts {version} and nothing newer"),
            "{found:?}"
        );
        // What is presented is judged all the same.
        is_silent(&scene, &at(&server.target(), &[]), "name-mismatch");
    }
    let (certificate, key) = host(&scene, "01");
    let server = TlsPort::gnutls(
        &certificate,
        &key,
        &["--priority", "NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:%COMPAT"],
    );
    let found = finds(&scene, &at(&server.target(), &[]), "protocol-old-accepted");
    assert!(
        found.severity == "warning" && found.seen == "it accepts TLS 1.0, TLS 1.1",
        "{found:?}"
    );
    // The remedy for nginx, carried out.
    let lines = format!("ssl_certificate {certificate};\nssl_certificate_key {key};\n");
    let (old, _dir) = nginx_at(&format!(
        "{lines}ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\nssl_ciphers ALL:@SECLEVEL=0;"
    ));
    let found = finds(&scene, &at(&old.target(), &[]), "protocol-old-accepted");
    let line = found.advice[0].split('"').nth(1).expect("a line for nginx");
    let (new, _dir) = nginx_at(&format!("{lines}{line}"));
    nothing_is_found(&scene, &at(&new.target(), &[]));
}

#[test]
fn old_suites_are_an_error_alone_and_broken_ones_a_warning() {
    let scene = rsa_scene();
    for suite in ["AES128-SHA", "ECDHE-RSA-AES128-SHA"] {
        let server = serve(
            &scene,
            "01",
            &["-tls1_2", "-cipher", &format!("{suite}:@SECLEVEL=0")],
        );
        let found = finds(&scene, &at(&server.target(), &[]), "cipher-suites-outdated");
        assert!(
            found.severity == "error" && found.seen.contains("_WITH_AES_128_CBC_SHA with TLS 1.2"),
            "{found:?}"
        );
        is_silent(&scene, &at(&server.target(), &[]), "cipher-suites-broken");
    }
    let (certificate, key) = host(&scene, "01");
    let server = TlsPort::gnutls(
        &certificate,
        &key,
        &["--priority", "NORMAL:+3DES-CBC:+ARCFOUR-128:%COMPAT"],
    );
    let found = finds(&scene, &at(&server.target(), &[]), "cipher-suites-broken");
    assert!(
        found.severity == "warning" && found.seen.contains("3DES") && found.seen.contains("RC4"),
        "{found:?}"
    );
    is_silent(&scene, &at(&server.target(), &[]), "cipher-suites-outdated");
    let anonymous = serve(&scene, "01", &["-tls1_2", "-cipher", "ALL:aNULL:@SECLEVEL=0"]);
    let found = finds(&scene, &at(&anonymous.target(), &[]), "cipher-suites-broken");
    assert!(found.seen.contains("_anon_"), "{found:?}");
}

#[test]
fn ssl_3_of_an_old_java_is_outdated() {
    let scene = rsa_scene();
    let server = TlsPort::java(
        &scene.dir.path("gsec-ca/repository/01_db1_cert.pfx"),
        "SSLv3",
        "SSL_RSA_WITH_3DES_EDE_CBC_SHA",
    );
    let found = finds(&scene, &at(&server.target(), &[]), "protocol-outdated");
    assert_eq!(found.seen, "it accepts SSL 3.0 and nothing newer");
}

#[test]
fn short_diffie_hellman_prime_is_warned_of() {
    let scene = rsa_scene();
    scene.openssl(&[
        "genpkey",
        "-genparam",
        "-algorithm",
        "DH",
        "-pkeyopt",
        "group:modp_1536",
        "-out",
        "dh.pem",
    ]);
    let prime = scene.dir.path("dh.pem");
    let server = serve(
        &scene,
        "01",
        &[
            "-tls1_2",
            "-cipher",
            "DHE-RSA-AES128-SHA:@SECLEVEL=0",
            "-dhparam",
            &prime,
        ],
    );
    let found = finds(&scene, &at(&server.target(), &[]), "diffie-hellman-short");
    assert_eq!(found.seen, "the prime has 1536 bits, and the minimum is 2048");
}

/// What the remedy issues under this serial number is served, and nothing is found any more.
#[track_caller]
fn is_mended_by_its_remedy(scene: &Scene, found: &Found, serial: &str) {
    assert_eq!(type_remedy(scene, found), 1, "{found:?}");
    let server = serve(scene, serial, &[]);
    nothing_is_found(scene, &at(&server.target(), &[]));
}

#[test]
fn certificate_for_another_host() {
    let scene = Scene::with_ca();
    scene.issue("db2.example.com", &[]).run().ok();
    let file = |rest: &str| scene.dir.path(&format!("gsec-ca/repository/01_db2_{rest}.pem"));
    let server = TlsPort::openssl(&file("cert"), &file("priv_key"), &[]);
    let found = finds(&scene, &at(&server.target(), &[]), "name-mismatch");
    assert!(
        found
            .seen
            .contains("expected `db1.example.com`, but the certificate is for dns:db2.example.com"),
        "{found:?}"
    );
    is_mended_by_its_remedy(&scene, &found, "02");
    is_silent(
        &scene,
        &[&server.target(), "--name", "db2.example.com"],
        "name-mismatch",
    );
}

#[test]
fn certificate_that_has_ended_and_one_that_is_for_later() {
    for (dates, slug) in [
        (
            ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"],
            "certificate-expired",
        ),
        (
            ["-startdate", "20480101000000Z", "-enddate", "20490101000000Z"],
            "certificate-not-yet-valid",
        ),
    ] {
        let scene = Scene::with_ca();
        scene.sign_with_openssl("db1.example.com", &dates);
        let server = TlsPort::openssl(
            &scene.dir.path("gsec-ca/repository/01.pem"),
            &scene.dir.path("key.pem"),
            &[],
        );
        let found = finds(&scene, &at(&server.target(), &[]), slug);
        if slug == "certificate-expired" {
            assert_eq!(found.fix, ["gsec cert renew 01"]);
            is_mended_by_its_remedy(&scene, &found, "02");
        } else {
            assert_eq!(found.look, ["date -u"]);
        }
    }
}

#[test]
fn certificate_that_ends_soon_and_was_renewed_without_reloading_the_server() {
    let scene = Scene::with_ca();
    scene.issue("db1.example.com", &["--days", "5"]).run().ok();
    let server = serve(&scene, "01", &[]);
    let args = [server.target()];
    let args = at(&args[0], &["--expires-within", "10d"]);
    is_silent(&scene, &args, "presented-outdated");
    nothing_is_found(&scene, &at(&server.target(), &[]));
    let found = finds(&scene, &args, "certificate-expires-soon");
    assert_eq!(
        (found.severity.as_str(), found.fix.as_slice()),
        ("warning", &["gsec cert renew 01".to_owned()][..])
    );
    type_line(&scene, "gsec cert renew 01 --days 100").ok();
    let found = finds(&scene, &args, "presented-outdated");
    assert!(
        found.advice[0].contains("gsec-ca/repository/02_db1_cert.pem"),
        "{found:?}"
    );
    let reloaded = serve(&scene, "02", &[]);
    nothing_is_found(&scene, &at(&reloaded.target(), &["--expires-within", "10d"]));
}

#[test]
fn certificate_for_clients_only() {
    let scene = Scene::with_ca();
    scene
        .issue("db1.example.com", &["--profile", "tls-client"])
        .run()
        .ok();
    let server = serve(&scene, "01", &[]);
    let found = finds(&scene, &at(&server.target(), &[]), "extended-key-usage");
    is_mended_by_its_remedy(&scene, &found, "02");
}

/// A certificate that OpenSSL makes in the CA's name, with these options of `x509` and extensions.
fn forged(scene: &Scene, key_options: &[&str], sign_options: &[&str], extensions: &str) -> TlsPort {
    scene.openssl(
        &[
            &[
                "req",
                "-new",
                "-nodes",
                "-subj",
                "/CN=db1.example.com",
                "-keyout",
                "own.pem",
                "-out",
                "own.csr",
            ],
            key_options,
        ]
        .concat(),
    );
    scene.sign_past_the_records("own_cert.pem", Some(extensions), sign_options);
    let path = |name: &str| scene.dir.path(name);
    TlsPort::openssl(
        &path("own_cert.pem"),
        &path("own.pem"),
        &["-cipher", "ALL:@SECLEVEL=0"],
    )
}

const SAN: &str = "subjectAltName=DNS:db1.example.com\nextendedKeyUsage=serverAuth\n";
const P256: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

#[test]
fn certificates_without_names_with_short_keys_and_old_digests() {
    let scene = Scene::with_ca();
    let args = |server: &TlsPort| {
        at(&server.target(), &[])
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let slug_is_found = |server: &TlsPort, slug: &str| {
        let args = args(server);
        finds(&scene, &args.iter().map(String::as_str).collect::<Vec<_>>(), slug)
    };
    let found = slug_is_found(
        &forged(&scene, &P256, &[], "extendedKeyUsage=serverAuth\n"),
        "san-missing",
    );
    is_mended_by_its_remedy(&scene, &found, "01");
    slug_is_found(&forged(&scene, &["-newkey", "rsa:1024"], &[], SAN), "weak-key");
    slug_is_found(&forged(&scene, &P256, &["-sha1"], SAN), "weak-signature");
    let found = slug_is_found(&forged(&scene, &P256, &[], SAN), "presented-unrecorded");
    assert_eq!(found.look, ["gsec ca log --verify"]);
    for slug in [
        "san-missing",
        "weak-key",
        "weak-signature",
        "presented-unrecorded",
    ] {
        let server = serve(&scene, "01", &[]);
        is_silent(&scene, &at(&server.target(), &[]), slug);
    }
}

#[test]
fn subject_that_does_not_name_the_host() {
    let scene = Scene::with_ca();
    scene
        .issue("db1.example.com", &["--cn", "The database"])
        .run()
        .ok();
    let server = serve(&scene, "01", &[]);
    let found = finds(&scene, &at(&server.target(), &[]), "subject-without-host");
    assert_eq!(found.severity, "notice");
    is_mended_by_its_remedy(&scene, &found, "02");
}

#[test]
fn server_with_the_key_of_another_certificate() {
    let scene = Scene::with_host();
    scene.issue("db1.example.com", &[]).run().ok();
    let server = rustls_server(&host(&scene, "01").0, &host(&scene, "02").1);
    let found = finds(&scene, &at(&server.target(), &[]), "key-mismatch");
    assert!(
        found.severity == "error" && found.seen.contains("ecdsa_secp256r1_sha256"),
        "{found:?}"
    );
    let server = rustls_server(&host(&scene, "02").0, &host(&scene, "02").1);
    nothing_is_found(&scene, &at(&server.target(), &["--key", &host(&scene, "02").1]));
    let found = finds(
        &scene,
        &at(&server.target(), &["--key", &host(&scene, "01").1]),
        "key-mismatch",
    );
    assert!(
        found.seen.ends_with(
            "01_db1_priv_key.pem does not match the certificate, serial 02, that the server presents"
        ),
        "{found:?}"
    );
}

#[test]
fn certificate_that_cannot_be_read() {
    let scene = Scene::with_host();
    let (_, key) = host(&scene, "01");
    scene.write(
        "junk.pem",
        gsec_pki::encoding::pem::encode("CERTIFICATE", b"no certificate at all"),
    );
    let server = rustls_server(&scene.dir.path("junk.pem"), &key);
    finds(&scene, &at(&server.target(), &[]), "presented-unreadable");
}

#[test]
fn certificate_with_ten_thousand_names_and_a_name_that_acts_on_terminals() {
    let scene = Scene::empty();
    let names: String = (0..10_000)
        .map(|number| format!("DNS.{number}=host-{number}.example.com\n"))
        .collect();
    let head = "[req]\ndistinguished_name=dn\nx509_extensions=e\nutf8=yes\nstring_mask=utf8only\nprompt=no\n[dn]\nCN=a\u{1b}[31m\u{202e}b\n";
    scene.write("big.cnf", format!("{head}[e]\nsubjectAltName=@n\n[n]\n{names}"));
    scene.openssl(&[
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-config", "big.cnf", "-keyout", "big.key", "-out",
        "big.pem",
    ]);
    let server = TlsPort::openssl(&scene.dir.path("big.pem"), &scene.dir.path("big.key"), &[]);
    // OpenSSL sends more octets than modern libraries take in one message; what is in it is seen all the same.
    let found = finds(&scene, &[&server.target()], "handshake-refused");
    assert!(found.seen.contains("the answer to rustls: "), "{found:?}");
    is_silent(&scene, &[&server.target()], "cipher-suites-outdated");
    let said = scene
        .gsec(&["doctor", "-v", &server.target(), "--name", "x.example.com"])
        .run()
        .code(1);
    common::is_harmless(&said);
    assert!(
        said.stdout.contains("CN=a\\x1B[31m\\u{202E}b")
            && said.stdout.contains("and 9980 more")
            && said.stdout.len() < 16_384,
        "{said}"
    );
    nothing_is_found(
        &scene,
        &[
            &server.target(),
            "--only",
            "name-mismatch",
            "--name",
            "host-9999.example.com",
        ],
    );
}

#[test]
fn revoked_certificate_is_found_in_the_records() {
    let scene = Scene::with_host();
    scene.issue("db1.example.com", &[]).run().ok();
    let server = serve(&scene, "01", &[]);
    is_silent(&scene, &at(&server.target(), &[]), "certificate-revoked");
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    let found = finds(&scene, &at(&server.target(), &[]), "certificate-revoked");
    assert!(
        found.seen.contains("the CA revoked serial 01 on ") && found.seen.ends_with("(keyCompromise)"),
        "{found:?}"
    );
    let all = doctor(&scene, &at(&server.target(), &[]));
    assert_eq!(
        all.iter()
            .filter(|found| found.slug == "certificate-revoked")
            .count(),
        1,
        "once: {all:#?}"
    );
    // What was issued for the host already is only installed.
    assert!(
        found.fix.is_empty() && found.advice[0].starts_with("Install 'gsec-ca/repository/02_db1_cert.pem'"),
        "{found:?}"
    );
    nothing_is_found(&scene, &at(&serve(&scene, "02", &[]).target(), &[]));
}

#[test]
fn revoked_intermediate_is_one_fact_though_records_and_crl_say_it() {
    let scene = Scene::with_ca();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Sub CA",
            "--key-type",
            "p256",
            "--parent",
            "gsec-ca",
            "--ca-dir",
            "sub",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "db1.example.com",
            "--key-type",
            "p256",
            "--ca-dir",
            "sub",
        ])
        .run()
        .ok();
    let file = |name: &str| scene.dir.path(&format!("sub/repository/01_db1_{name}.pem"));
    let chain = scene.dir.path("sub/ca_conf/ca_cert.pem");
    let server = TlsPort::openssl(&file("cert"), &file("priv_key"), &["-cert_chain", &chain]);
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise"])
        .run()
        .ok();
    let with_reason = scene.read("gsec-ca/ca_conf/ca.db");
    let target = server.target();
    let revoked = |args: &[&str]| {
        let found = doctor(&scene, &at(&target, args))
            .into_iter()
            .filter(|found| found.slug == "certificate-revoked")
            .collect::<Vec<_>>();
        let [found] = <[Found; 1]>::try_from(found).unwrap_or_else(|found| panic!("one finding: {found:#?}"));
        assert_eq!(
            found.advice,
            [
                "This CA needs a new key, and a certificate for it from 'CN=Test CA'; it must then re-issue its certificates."
            ]
        );
        found.seen
    };
    assert!(revoked(&[]).contains("the CRL of `CN=Test CA` says that it is revoked since "));
    // The audit log still says what ca.db does not say any more.
    scene.write(
        "gsec-ca/ca_conf/ca.db",
        with_reason.replace(",keyCompromise", ",superseded"),
    );
    let seen = revoked(&[]);
    assert!(
        seen.contains("(keyCompromise)") && !seen.contains("superseded"),
        "{seen}"
    );
    // One that only the records know is one, too.
    scene.write("gsec-ca/ca_conf/ca.db", &with_reason);
    std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/ca_crl.pem")).expect("a CRL");
    assert!(revoked(&[]).contains("the records of its CA say that it is revoked since "));
    // The file of that CA gets the same help.
    let found = finds(
        &scene,
        &["sub/ca_conf/ca_cert.pem", "--ca-dir", "gsec-ca"],
        "certificate-revoked",
    );
    assert!(
        found.advice[0].starts_with("This CA needs a new key"),
        "{found:?}"
    );
}

/// Another CA in `./other`, and what it issued for db1.
fn other_ca(scene: &Scene) -> (String, String) {
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Inspection Proxy CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "other",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "db1.example.com",
            "--key-type",
            "p256",
            "--ca-dir",
            "other",
        ])
        .run()
        .ok();
    (
        scene.dir.path("other/repository/01_db1_cert.pem"),
        scene.dir.path("other/repository/01_db1_priv_key.pem"),
    )
}

#[test]
fn certificate_of_another_ca_may_be_interception_where_ours_issued_for_the_host() {
    let scene = Scene::with_ca();
    let (certificate, key) = other_ca(&scene);
    let server = TlsPort::openssl(&certificate, &key, &[]);
    // The CA that only happens to be in this directory says nothing about a stranger's host.
    let found = finds(&scene, &at(&server.target(), &[]), "trust-unknown");
    assert_eq!(found.severity, "notice");
    let found = finds(
        &scene,
        &at(&server.target(), &["--ca-dir", "gsec-ca"]),
        "issuer-unknown",
    );
    // It may be of a CA below: then that one issues it.
    assert!(found.fix.is_empty(), "{found:?}");
    let advice = found.advice.last().expect("advice");
    let command = advice
        .strip_prefix("If the CA here should issue for this host instead: ")
        .unwrap_or_else(|| panic!("{advice}"));
    assert_eq!(command, "gsec cert issue --host db1.example.com --ca-dir gsec-ca");
    common::doctor::type_line(&scene, command).ok();
    let found = finds(&scene, &at(&server.target(), &[]), "certificate-intercepted");
    assert!(
        found
            .seen
            .contains("issued by `CN=Inspection Proxy CA`, but the CA here has issued serial 01"),
        "{found:?}"
    );
    assert_eq!(found.severity, "notice", "it is a possibility");
    let found = finds(&scene, &at(&server.target(), &[]), "issuer-unknown");
    assert!(
        found.fix.is_empty()
            && found.advice[0].starts_with("Install 'gsec-ca/repository/01_db1_cert.pem'")
            && found.advice[1].contains("another CA"),
        "{found:?}"
    );
    nothing_is_found(
        &scene,
        &at(&server.target(), &["--trust", "other/ca_conf/ca_cert.pem"]),
    );
}

#[test]
fn self_signed_certificate_that_nobody_trusts() {
    let scene = Scene::with_ca();
    let own = [
        "req",
        "-x509",
        "-nodes",
        "-subj",
        "/CN=db1.example.com",
        "-addext",
        "subjectAltName=DNS:db1.example.com",
        "-keyout",
        "own.pem",
    ];
    scene.openssl(&[&own[..], &P256, &["-out", "own_cert.pem"]].concat());
    let server = TlsPort::openssl(&scene.dir.path("own_cert.pem"), &scene.dir.path("own.pem"), &[]);
    let found = finds(
        &scene,
        &at(&server.target(), &["--ca-dir", "gsec-ca"]),
        "self-signed",
    );
    is_mended_by_its_remedy(&scene, &found, "01");
}

/// An intermediate CA in `./gsec-ca` below the root in `./root`, and what it issued for db1.
fn scene_with_intermediate() -> Scene {
    let scene = Scene::empty();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Root CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "root",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Issuing CA",
            "--key-type",
            "p256",
            "--parent",
            "root",
        ])
        .run()
        .ok();
    scene.issue("db1.example.com", &[]).run().ok();
    scene
}

#[test]
fn intermediate_that_is_not_presented_and_chains_in_wrong_order() {
    let scene = scene_with_intermediate();
    let (certificate, key) = host(&scene, "01");
    let whole = rustls_server(&certificate, &key);
    nothing_is_found(&scene, &at(&whole.target(), &[]));
    // The CA's file has the root, too; the intermediate alone is too little for OpenSSL.
    nothing_is_found(&scene, &at(&whole.target(), &["--trust", CA]));
    scene.openssl(&["x509", "-in", CA, "-out", "issuing.pem"]);
    let found = finds(
        &scene,
        &at(&whole.target(), &["--trust", "issuing.pem"]),
        "trust-only-intermediate",
    );
    assert_eq!(found.advice, ["Trust the certificate of 'CN=Root CA' as well."]);
    scene.openssl(&["x509", "-in", &certificate, "-out", "bare.pem"]);
    let bare = rustls_server(&scene.dir.path("bare.pem"), &key);
    let found = finds(&scene, &at(&bare.target(), &[]), "intermediate-missing");
    assert!(
        found.seen.contains("but not the certificate of `CN=Issuing CA`")
            && found.advice[0].contains("gsec-ca/ca_conf/ca_cert.pem"),
        "{found:?}"
    );
    is_silent(&scene, &at(&bare.target(), &[]), "issuer-unknown");
    // As the remedy says.
    scene.write("mended.pem", scene.read("bare.pem") + &scene.read(CA));
    let mended = rustls_server(&scene.dir.path("mended.pem"), &key);
    nothing_is_found(&scene, &at(&mended.target(), &[]));
    let root = scene.read("root/ca_conf/ca_cert.pem");
    let issuing = scene.read(&certificate).replace(&scene.read("bare.pem"), "");
    scene.write("turned.pem", format!("{}{root}{issuing}", scene.read("bare.pem")));
    let turned = rustls_server(&scene.dir.path("turned.pem"), &key);
    let found = finds(&scene, &at(&turned.target(), &[]), "chain-order");
    assert_eq!(found.severity, "warning");
    type_line(&scene, "gsec convert to-pem turned.pem --out sorted.pem").ok();
    let sorted = rustls_server(&scene.dir.path("sorted.pem"), &key);
    nothing_is_found(&scene, &at(&sorted.target(), &[]));
}

#[test]
fn file_on_disk_is_not_what_the_server_presents() {
    let scene = Scene::with_host();
    let server = serve(&scene, "01", &[]);
    scene.issue("db1.example.com", &[]).run().ok();
    let found = finds(
        &scene,
        &at(&server.target(), &["gsec-ca/repository/02_db1_cert.pem"]),
        "presented-differs",
    );
    assert!(
        found.seen.contains("it presents serial 01") && found.seen.contains("has serial 02"),
        "{found:?}"
    );
    is_silent(
        &scene,
        &at(&server.target(), &["gsec-ca/repository/01_db1_cert.pem"]),
        "presented-differs",
    );
    let reloaded = serve(&scene, "02", &[]);
    nothing_is_found(
        &scene,
        &at(&reloaded.target(), &["gsec-ca/repository/02_db1_cert.pem"]),
    );
}

#[test]
fn thumbprint_that_was_pasted_from_somewhere() {
    let scene = Scene::with_host();
    let server = serve(&scene, "01", &[]);
    let right = scene
        .gsec(&["cert", "thumbprint", "01"])
        .run()
        .ok()
        .stdout
        .trim()
        .to_owned();
    nothing_is_found(&scene, &at(&server.target(), &["--thumbprint", &right]));
    finds(
        &scene,
        &at(
            &server.target(),
            &["--thumbprint", &right.replace('0', "1").replace('a', "b")],
        ),
        "thumbprint-mismatch",
    );
    finds(
        &scene,
        &at(&server.target(), &["--thumbprint", &format!("\u{200e}{right}")]),
        "thumbprint-invisible-character",
    );
}

#[test]
fn server_name_decides_which_certificate_is_presented() {
    let scene = Scene::with_host();
    scene.issue("app7.example.com", &[]).run().ok();
    let app = |rest: &str| scene.dir.path(&format!("gsec-ca/repository/02_app7_{rest}.pem"));
    let server = serve(
        &scene,
        "01",
        &[
            "-servername",
            "app7.example.com",
            "-cert2",
            &app("cert"),
            "-key2",
            &app("priv_key"),
        ],
    );
    let found = finds(
        &scene,
        &[&server.target(), "--name", "app7.example.com"],
        "server-name-needed",
    );
    assert!(
        found.severity == "notice"
            && found
                .seen
                .ends_with("without one it presents `CN=db1.example.com`, serial 01 of `CN=Test CA`"),
        "{found:?}"
    );
    is_silent(&scene, &at(&server.target(), &[]), "server-name-needed");
}

#[test]
fn client_certificates_are_demanded_refused_or_not_asked_for() {
    let scene = Scene::with_host();
    scene.issue("app7.example.com", &[]).run().ok();
    other_ca(&scene);
    let ca = scene.dir.path(CA);
    let file =
        |serial: &str, label: &str, rest: &str| format!("gsec-ca/repository/{serial}_{label}_{rest}.pem");
    let (own, own_key) = (file("02", "app7", "cert"), file("02", "app7", "priv_key"));
    let ours = ["--client-cert", own.as_str(), "--client-key", own_key.as_str()];
    let theirs = [
        "--client-cert",
        "other/repository/01_db1_cert.pem",
        "--client-key",
        "other/repository/01_db1_priv_key.pem",
    ];
    for version in ["-tls1_2", "-tls1_3"] {
        let strict = serve(
            &scene,
            "01",
            &[version, "-Verify", "3", "-verify_return_error", "-CAfile", &ca],
        );
        let found = finds(&scene, &at(&strict.target(), &[]), "client-certificate-missing");
        assert!(
            found.advice.iter().any(|words| words.contains("--client-cert")),
            "{found:?}"
        );
        let found = finds(&scene, &at(&strict.target(), &theirs), "client-ca-not-listed");
        assert!(
            found.severity == "error"
                && found.seen.contains("`CN=Inspection Proxy CA`")
                && found.seen.contains("`CN=Test CA`"),
            "{found:?}"
        );
        nothing_is_found(&scene, &at(&strict.target(), &ours));
    }
    let open = serve(&scene, "01", &[]);
    let found = finds(&scene, &at(&open.target(), &ours), "client-certificate-unasked");
    assert_eq!(found.severity, "notice");
    is_silent(&scene, &at(&open.target(), &[]), "client-certificate-missing");
}

#[test]
fn client_certificate_of_the_right_ca_that_has_ended_is_refused() {
    let scene = Scene::with_host();
    scene.sign_with_openssl(
        "app7.example.com",
        &["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"],
    );
    let ca = scene.dir.path(CA);
    let strict = serve(
        &scene,
        "01",
        &["-Verify", "3", "-verify_return_error", "-CAfile", &ca],
    );
    let client = [
        "--client-cert",
        "gsec-ca/repository/02.pem",
        "--client-key",
        "key.pem",
    ];
    let found = finds(
        &scene,
        &at(&strict.target(), &client),
        "client-certificate-refused",
    );
    assert!(
        found.severity == "error" && found.seen.contains("`CN=app7.example.com`, serial 02"),
        "{found:?}"
    );
}

#[test]
fn several_targets_and_a_list_from_standard_input() {
    let scene = Scene::with_host();
    let server = serve(&scene, "01", &[]);
    let free = common::free_port();
    let list = format!("{}\n127.0.0.1:{free} # nobody\n", server.target());
    let outcome = scene
        .gsec(&["doctor", "-", "--json"])
        .args(&NAME)
        .stdin(list)
        .run()
        .code(1);
    let targets = outcome.json()["targets"].as_array().expect("targets").len();
    assert_eq!(targets, 2);
    let lines = scene
        .gsec(&["doctor", "--format", "nagios"])
        .args(&at(&server.target(), &[]))
        .run()
        .ok()
        .stdout;
    assert!(lines.starts_with("OK - 127.0.0.1:"), "{lines}");
    let down = scene
        .gsec(&["doctor", "--format", "nagios", &format!("127.0.0.1:{free}")])
        .run()
        .code(2)
        .stdout;
    assert!(
        down.starts_with("CRITICAL - 127.0.0.1:") && down.contains("port-refused"),
        "{down}"
    );
}

/// Runs doctor where `two.example.com` is a host with these addresses.
fn doctor_with_two_addresses(scene: &Scene, addresses: [&str; 2], port: u16) -> Vec<Found> {
    scene.write(
        "hosts",
        addresses
            .map(|address| format!("{address} two.example.com\n"))
            .concat(),
    );
    scene.write("nsswitch", "hosts: files\n");
    let gsec = env!("CARGO_BIN_EXE_gsec");
    let bound = "mount --bind hosts /etc/hosts && mount --bind nsswitch /etc/nsswitch.conf";
    let script = format!(
        "{bound} && exec {gsec} doctor two.example.com:{port} --json --trust {CA} --only addresses-differ"
    );
    findings_of(
        &tool("unshare")
            .args(&["-rm", "sh", "-c", &script])
            .in_dir(scene.dir.path(""))
            .run(),
    )
}

/// `openssl s_server` at an address that is chosen already, of which it does not tell.
fn serve_at(address: &str, certificate: &str, key: &str) -> ChildGuard {
    let mut command = openssl(&[
        "s_server",
        "-accept",
        address,
        "-cert",
        certificate,
        "-key",
        key,
        "-quiet",
    ])
    .streams_joined();
    let mut process = ChildGuard::start(&mut command);
    assert!(
        wait_until(&mut process, || TcpStream::connect(address).is_ok()),
        "nothing listens at {address}"
    );
    process
}

#[test]
fn addresses_of_one_host_that_present_different_certificates_are_told() {
    let scene = Scene::with_ca();
    for _ in 0..2 {
        scene
            .gsec(&["cert", "issue", "--host", "two.example.com", "--key-type", "p256"])
            .run()
            .ok();
    }
    let file = |serial: &str, rest: &str| {
        scene
            .dir
            .path(&format!("gsec-ca/repository/{serial}_two_{rest}.pem"))
    };
    let first = TlsPort::openssl(&file("01", "cert"), &file("01", "priv_key"), &[]);
    let addresses = ["127.0.0.1", "127.0.0.2"];
    let [refusing] = &doctor_with_two_addresses(&scene, addresses, first.port)[..] else {
        panic!("one of the addresses refuses")
    };
    assert!(
        refusing.severity == "warning" && refusing.seen.contains("127.0.0.2"),
        "{refusing:?}"
    );
    let at_second = format!("127.0.0.2:{}", first.port);
    {
        let _second = serve_at(&at_second, &file("02", "cert"), &file("02", "priv_key"));
        let [found] = &doctor_with_two_addresses(&scene, addresses, first.port)[..] else {
            panic!("each has another certificate")
        };
        assert_eq!(
            (found.slug.as_str(), found.severity.as_str()),
            ("addresses-differ", "warning")
        );
        assert!(
            found.seen.contains("serial 01") && found.seen.contains("serial 02"),
            "{found:?}"
        );
    }
    let _alike = serve_at(&at_second, &file("01", "cert"), &file("01", "priv_key"));
    assert_eq!(doctor_with_two_addresses(&scene, addresses, first.port).len(), 0);
}

#[test]
fn renegotiation_that_is_not_secure_is_told_of_a_server_that_is_modern_otherwise() {
    let scene = Scene::with_ca();
    scene
        .gsec(&["cert", "issue", "--host", "db1.example.com"])
        .run()
        .ok();
    let (certificate, key) = host(&scene, "01");
    let server = |renegotiation: &str| {
        let priority = format!("NORMAL:-VERS-TLS1.3:-VERS-TLS1.0:-VERS-TLS1.1:{renegotiation}");
        TlsPort::gnutls(&certificate, &key, &["--priority", &priority])
    };
    let insecure = server("%DISABLE_SAFE_RENEGOTIATION");
    let found = finds(&scene, &at(&insecure.target(), &[]), "renegotiation-insecure");
    assert!(
        found.severity == "warning" && found.seen.contains("renegotiation_info"),
        "{found:?}"
    );
    let secure = server("%SAFE_RENEGOTIATION");
    is_silent(&scene, &at(&secure.target(), &[]), "renegotiation-insecure");
}

/// nginx, Apache and HAProxy take a certificate for each kind of key, and each client gets the one that it can check.
#[test]
fn every_certificate_of_a_server_with_several_is_judged() {
    let scene = Scene::with_host();
    let rsa = ["-newkey", "rsa:2048"];
    let rsa = [&rsa[..], &["-addext", "subjectAltName=DNS:db1.example.com"]].concat();
    let _ = forged(&scene, &rsa, &[], SAN);
    scene.openssl(&["x509", "-in", "own_cert.pem", "-out", "good.pem"]);
    let path = |name: &str| scene.dir.path(name);
    let dates = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"];
    let sign = [
        "ca",
        "-batch",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        "../own.csr",
        "-notext",
        "-out",
        "../expired.pem",
    ];
    openssl(&[&sign[..], &dates].concat())
        .in_dir(path("gsec-ca"))
        .run()
        .ok();
    let second = |certificate: &str, flags: &[&str]| {
        let more = ["-dcert", &path(certificate), "-dkey", &path("own.pem")].map(str::to_owned);
        let more: Vec<&str> = more
            .iter()
            .map(String::as_str)
            .chain(flags.iter().copied())
            .collect();
        serve(&scene, "01", &more)
    };
    for flags in [
        &[][..],
        &["-tls1_2"],
        &["-tls1_3"],
        &[
            "-cipher",
            "AES128-SHA:ECDHE-ECDSA-AES128-GCM-SHA256:@SECLEVEL=0",
            "-tls1_2",
        ],
    ] {
        let server = second("expired.pem", flags);
        let target = server.target();
        let found = finds(&scene, &at(&target, &[]), "certificate-expired");
        assert!(
            found.severity == "error" && found.subject.contains("clients that offer only RSA signatures"),
            "{flags:?}: {found:?}"
        );
        let refused = scene.gsec(&["cert", "verify", &target]).args(&NAME).run().code(1);
        assert!(
            refused.stdout.contains("NOT valid")
                && refused
                    .stderr
                    .contains("valid is `CN=db1.example.com`, serial 01"),
            "{refused}"
        );
        let fetched = scene.gsec(&["cert", "fetch", &target]).run().ok();
        assert!(
            fetched
                .stderr
                .contains("presents another certificate to clients that offer only RSA signatures"),
            "{fetched}"
        );
    }
    let server = second("good.pem", &[]);
    let target = server.target();
    nothing_about_dates(&scene, &target);
    let said = scene.gsec(&["cert", "verify", &target]).args(&NAME).run().ok();
    assert!(
        said.stderr.contains(
            "the server has several certificates; this answer is about `CN=db1.example.com`, serial 01"
        ) && said.stderr.contains("valid is `CN=db1.example.com`, serial 77"),
        "{said}"
    );
    // Each of the two files is what the server presents.
    is_silent(&scene, &at(&target, &["good.pem"]), "presented-differs");
    is_silent(
        &scene,
        &at(&target, &[&host(&scene, "01").0]),
        "presented-differs",
    );
    // A server with one certificate is said nothing of the kind about.
    let one = serve(&scene, "01", &[]);
    let said = scene
        .gsec(&["cert", "verify", &one.target()])
        .args(&NAME)
        .run()
        .ok();
    assert!(!said.stderr.contains("several certificates"), "{said}");
}

#[track_caller]
fn nothing_about_dates(scene: &Scene, target: &str) {
    is_silent(scene, &at(target, &[]), "certificate-expired");
}

/// Its clients compare the host that they connect to, and want a certificate for servers.
#[test]
fn server_is_verified_for_the_host_that_was_given() {
    let scene = Scene::with_host();
    let server = serve(&scene, "01", &[]);
    let port = server.target();
    let elsewhere = scene.gsec(&["cert", "verify", &port]).run().code(1);
    assert!(
        elsewhere
            .stdout
            .contains("NOT valid for `127.0.0.1` as a TLS server"),
        "{elsewhere}"
    );
    scene
        .gsec(&["cert", "verify", &port, "--name", "db1.example.com"])
        .run()
        .ok();
    let client = forged(
        &scene,
        &P256,
        &[],
        "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=clientAuth\n",
    );
    let port = client.target();
    scene.gsec(&["cert", "verify", &port]).run().code(1);
    scene
        .gsec(&["cert", "verify", &port, "--purpose", "client"])
        .run()
        .ok();
}

/// RFC 7633: GnuTLS and Firefox refuse such a server; an old CA's certificates still have the feature.
#[test]
fn certificate_that_requires_a_staple_is_an_error_where_none_comes() {
    let scene = Scene::with_host();
    let server = forged(&scene, &P256, &[], &format!("{SAN}tlsfeature=status_request\n"));
    let found = finds(&scene, &at(&server.target(), &[]), "must-staple-missing");
    assert!(
        found.severity == "error" && found.seen.contains("GnuTLS"),
        "{found:?}"
    );
    let said = scene
        .gsec(&["cert", "verify", &server.target()])
        .args(&NAME)
        .run();
    assert!(
        said.stdout.contains("gnutls: refuses (must-staple-missing)")
            || said.stdout.contains("gnutls: rejects (must-staple-missing)"),
        "{said}"
    );
    assert!(said.stderr.contains("requires a stapled OCSP response"), "{said}");
    let gnutls = tool("gnutls-cli")
        .args(&[
            "--port",
            &server.port.to_string(),
            "--x509cafile",
            CA,
            "--sni-hostname",
            NAME[1],
            "--verify-hostname",
            NAME[1],
            "127.0.0.1",
        ])
        .in_dir(scene.dir.path(""))
        .stdin("")
        .run();
    assert!(
        gnutls.status != Some(0) && (gnutls.stdout.clone() + &gnutls.stderr).contains("OCSP"),
        "{gnutls}"
    );
    assert_eq!(
        finds(&scene, &["own_cert.pem"], "must-staple").severity,
        "warning"
    );
    let said = scene
        .gsec(&[
            "doctor",
            "handshake",
            "--server-cert",
            "own_cert.pem",
            "--server-key",
            "own.pem",
            "--trust",
            CA,
        ])
        .run();
    assert!(said.stdout.contains("must-staple"), "{said}");
    // With a staple all is well.
    scene.openssl(&["x509", "-in", "own_cert.pem", "-noout"]);
    scene.write("index.txt", "");
    let path = |name: &str| scene.dir.path(name);
    scene.openssl(&[
        "ocsp",
        "-index",
        "index.txt",
        "-CA",
        CA,
        "-issuer",
        CA,
        "-cert",
        "own_cert.pem",
        "-rsigner",
        CA,
        "-rkey",
        "gsec-ca/ca_conf/ca_priv_key.pem",
        "-ndays",
        "9",
        "-noverify",
        "-respout",
        "staple.der",
    ]);
    for version in ["-tls1_2", "-tls1_3"] {
        let stapling = TlsPort::openssl(
            &path("own_cert.pem"),
            &path("own.pem"),
            &["-status_file", &path("staple.der"), version],
        );
        is_silent(&scene, &at(&stapling.target(), &[]), "must-staple-missing");
    }
    let plain = serve(&scene, "01", &[]);
    is_silent(&scene, &at(&plain.target(), &[]), "must-staple-missing");
}

/// What rustls alone cannot do is no error of the server's, and the cause is named.
#[test]
fn groups_that_not_everybody_offers_are_named_and_no_error() {
    let scene = Scene::with_host();
    for (group, flags) in [
        ("secp521r1", &["-groups", "P-521"][..]),
        ("secp521r1", &["-groups", "P-521", "-tls1_3"]),
        ("secp521r1", &["-groups", "P-521", "-tls1_2"]),
        ("x448", &["-groups", "X448"]),
        ("ffdhe3072", &["-groups", "ffdhe3072", "-tls1_3"]),
    ] {
        let server = serve(&scene, "01", flags);
        let answer = scene
            .gsec(&["doctor", &server.target(), "--json"])
            .args(&NAME)
            .run();
        let document = answer.json();
        let findings = document["targets"][0]["findings"].as_array().expect("findings");
        let found = |slug: &str| findings.iter().find(|found| found["slug"] == slug);
        let of_group = found("key-exchange-uncommon").unwrap_or_else(|| panic!("{flags:?}: {answer}"));
        let seen = of_group["seen"].as_str().expect("a sentence");
        assert!(
            of_group["severity"] == "warning" && seen.contains(group),
            "{flags:?}: {of_group}"
        );
        assert_eq!(found("handshake-refused"), None, "{answer}");
        let is_unseen = seen.contains("could not see the certificate");
        assert_eq!(
            answer.status,
            Some(if is_unseen { 3 } else { 0 }),
            "{flags:?}: {answer}"
        );
        let unseen = document["targets"][0]["not_checked"].to_string();
        assert_eq!(
            unseen.contains("\"chain\"") && unseen.contains("revocation"),
            is_unseen,
            "{document}"
        );
        if is_unseen {
            let asked = scene
                .gsec(&["cert", "verify", &server.target()])
                .args(&NAME)
                .run()
                .code(3);
            assert!(
                asked.stderr.contains("gsec could not see the certificate"),
                "{asked}"
            );
        }
        // Of P-521 the certificates are seen whatever the version.
        if group == "secp521r1" {
            assert!(!is_unseen, "{flags:?}: {answer}");
            scene
                .gsec(&["cert", "verify", &server.target()])
                .args(&NAME)
                .run()
                .ok();
            let other = ["--name", "db2.example.com"];
            finds(
                &scene,
                &[&[server.target().as_str()][..], &other].concat(),
                "name-mismatch",
            );
        }
        let connects = openssl(&["s_client", "-connect", &server.target()])
            .stdin("")
            .run();
        assert_eq!(connects.status, Some(0), "{connects}");
    }
    let psk = TlsPort::openssl_without_certificate(&["-psk", "1a2b3c"]);
    let found = finds(&scene, &at(&psk.target(), &[]), "server-without-certificates");
    assert!(
        found.severity == "error" && found.seen.contains("PSK"),
        "{found:?}"
    );
    is_silent(&scene, &at(&psk.target(), &[]), "handshake-refused");
}

/// The server knows the root alone, and the client's file has the client's certificate alone.
#[test]
fn client_without_its_intermediate_is_told_to_append_it_by_a_command_that_does() {
    let scene = scene_with_intermediate();
    scene
        .issue("app7.example.com", &["--profile", "tls-client"])
        .run()
        .ok();
    let key = "gsec-ca/repository/02_app7_priv_key.pem";
    scene.openssl(&["x509", "-in", "gsec-ca/repository/02.pem", "-out", "client.pem"]);
    let root = scene.dir.path("root/ca_conf/ca_cert.pem");
    let (certificate, server_key) = host(&scene, "01");
    for version in ["-tls1_2", "-tls1_3"] {
        let flags = [
            "-cert_chain",
            &certificate,
            "-Verify",
            "3",
            "-verify_return_error",
            "-CAfile",
            &root,
            version,
        ];
        let server = TlsPort::openssl(&certificate, &server_key, &flags);
        let target = server.target();
        for lacks_line_feed in [false, true] {
            let alone = scene.read("client.pem");
            scene.write("c.pem", if lacks_line_feed { alone.trim_end() } else { &alone });
            let args = at(
                &target,
                &[
                    "--trust",
                    "root/ca_conf/ca_cert.pem",
                    "--client-cert",
                    "c.pem",
                    "--client-key",
                    key,
                ],
            );
            let found = finds(&scene, &args, "client-intermediate-missing");
            assert!(
                found.severity == "error" && found.seen.contains("does not present `CN=Issuing CA`"),
                "{found:?}"
            );
            is_silent(&scene, &args, "client-ca-not-listed");
            assert_eq!(type_remedy(&scene, &found), 1, "{found:?}");
            is_silent(&scene, &args, "client-intermediate-missing");
            is_silent(&scene, &args, "client-certificate-refused");
        }
    }
    // Where the server does not present it either, the CA at hand has it.
    let alone = TlsPort::openssl(
        &certificate,
        &server_key,
        &["-Verify", "3", "-verify_return_error", "-CAfile", &root],
    );
    scene.write("c.pem", scene.read("client.pem"));
    let target = alone.target();
    let args = at(&target, &["--client-cert", "c.pem", "--client-key", key]);
    let found = finds(&scene, &args, "client-intermediate-missing");
    assert_eq!(type_remedy(&scene, &found), 1, "{found:?}");
    is_silent(&scene, &args, "client-intermediate-missing");
    is_silent(&scene, &args, "client-certificate-refused");
    // One that signed itself is called so.
    scene.openssl(&[
        "req",
        "-x509",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-subj",
        "/CN=me",
        "-keyout",
        "me.key",
        "-out",
        "me.pem",
    ]);
    let server = TlsPort::openssl(
        &certificate,
        &server_key,
        &["-Verify", "3", "-verify_return_error", "-CAfile", &root],
    );
    let target = server.target();
    let args = at(&target, &["--client-cert", "me.pem", "--client-key", "me.key"]);
    let found = finds(&scene, &args, "client-ca-not-listed");
    assert!(found.seen.contains("`CN=me` is self-signed"), "{found:?}");
}

/// `openssl s_client` as it is installed.
#[track_caller]
fn openssl_connects(target: &str) -> bool {
    openssl(&["s_client", "-connect", target]).stdin("").run().status == Some(0)
}

/// gsec's probe offers more than programs do: what only the probe can connect to is an error, and names the reason.
#[test]
fn server_that_takes_only_what_no_program_offers_is_an_error() {
    let scene = rsa_scene();
    scene.issue("db1.example.com", &[]).run().ok();
    let secret = ["-tls1_2", "-cipher", "DEFAULT@SECLEVEL=0", "-sigalgs"];
    for (serial, algorithm, scheme) in [
        ("01", "RSA+SHA1", "rsa_pkcs1_sha1"),
        ("02", "ECDSA+SHA1", "ecdsa_sha1"),
    ] {
        let server = serve(&scene, serial, &[&secret[..], &[algorithm]].concat());
        let found = finds(&scene, &at(&server.target(), &[]), "handshake-signature-sha1");
        assert!(
            found.severity == "error" && found.seen.contains(scheme),
            "{found:?}"
        );
        assert!(!openssl_connects(&server.target()), "{algorithm}");
        // Beside a newer one it is no matter.
        let both = format!("{algorithm}:{}", algorithm.replace("SHA1", "SHA256"));
        let server = serve(&scene, serial, &[&secret[..], &[&both]].concat());
        is_silent(&scene, &at(&server.target(), &[]), "handshake-signature-sha1");
        assert!(openssl_connects(&server.target()), "{both}");
    }
    for (group, flags) in [
        ("brainpoolP256r1", &["-groups", "brainpoolP256r1", "-tls1_2"][..]),
        ("secp256k1", &["-groups", "secp256k1", "-tls1_2"]),
    ] {
        // The group of an elliptic curve is also that of the key.
        let server = serve(&scene, "01", &[flags, &["-cipher", "ECDHE"]].concat());
        let found = finds(&scene, &at(&server.target(), &[]), "key-exchange-uncommon");
        assert!(
            found.severity == "error" && found.seen.contains(group),
            "{found:?}"
        );
        assert!(!openssl_connects(&server.target()), "{group}");
    }
    let anonymous = TlsPort::openssl_without_certificate(&["-tls1_2", "-cipher", "aNULL@SECLEVEL=0"]);
    let found = finds(
        &scene,
        &at(&anonymous.target(), &[]),
        "server-without-certificates",
    );
    assert_eq!(found.severity, "error", "{found:?}");
    assert!(!openssl_connects(&anonymous.target()), "without certificates");
}

/// It is not the missing server name, nor a version, where the server hangs up at times.
#[test]
fn server_that_closes_connections_at_times_is_told_as_such() {
    let scene = Scene::with_host();
    let server = serve(&scene, "01", &[]);
    let port = server.port;
    // As many connections as are answered of each round, and how long a round is.
    for (answered, round) in [(1, 2), (2, usize::MAX)] {
        let count = AtomicUsize::new(0);
        let relaying = OwnServer::start(move |stream| {
            if count.fetch_add(1, Ordering::SeqCst) % round < answered {
                relay(&stream, port);
            }
        });
        let target = format!("localhost:{}", relaying.port());
        let args = ["--server-name", "db1.example.com"];
        let found = doctor(&scene, &at(&target, &args));
        let told: Vec<(&str, &str)> = found
            .iter()
            .map(|found| (found.slug.as_str(), found.severity.as_str()))
            .collect();
        assert_eq!(told, [("connections-dropped", "warning")], "{found:#?}");
    }
}

/// Of two servers behind an address one may have what is wrong: what some connections are presented is judged as well.
#[test]
fn servers_behind_one_address_that_present_different_certificates_are_told() {
    let scene = Scene::with_host();
    scene
        .gsec(&["cert", "issue", "--host", "db1.other.example"])
        .run()
        .ok();
    let (first, second) = (serve(&scene, "01", &[]), serve(&scene, "02", &[]));
    let ports = [first.port, second.port];
    let count = AtomicUsize::new(0);
    let balancer = OwnServer::start(move |stream| {
        relay(&stream, ports[count.fetch_add(1, Ordering::SeqCst).min(1)]);
    });
    let target = format!("localhost:{}", balancer.port());
    let args = ["--server-name", "db1.example.com"];
    let found = doctor(&scene, &at(&target, &args));
    let of = |slug: &str| {
        found
            .iter()
            .find(|found| found.slug == slug)
            .map(|found| &found.seen)
    };
    assert!(
        of("connections-differ").is_some_and(|seen| seen.contains("serial 01") && seen.contains("serial 02")),
        "{found:#?}"
    );
    let wrong_name = found.iter().find(|found| found.slug == "name-mismatch");
    assert!(
        wrong_name.is_some_and(|found| found.subject.contains("to some connections")),
        "{found:#?}"
    );
    let verified = scene
        .gsec(&["cert", "verify", &target, "--name", "db1.example.com"])
        .run();
    assert_eq!(verified.status, Some(1), "{verified}");
}
