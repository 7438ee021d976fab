//! `--starttls`: TLS in protocols that begin in plain text, against servers that do as they should and against such as do not. Of the former
//! `openssl s_client -starttls` says the same.

use crate::common;

use std::io::Write;
use std::net::{IpAddr, Ipv6Addr, TcpStream};
use std::time::Duration;

use common::doctor::{Found, doctor, finds, type_line};
use common::starttls::{PlainServer, STARTTLS_PROTOCOLS};
use common::{OwnServer, Scene, TlsPort, first_octets, listen_only, openssl, relay};
use gsec_doctor::net::{Depth, Limits, ProbeRequest, probe};
use gsec_doctor::tls::{Behaviour, Endpoint, NoStartTls, StartTls, StartTlsStep};

const NAME: [&str; 2] = ["--name", "db1.example.com"];

/// A CA with a host, and a port that speaks TLS with the host's certificate.
struct Behind {
    scene: Scene,
    tls: TlsPort,
}

fn behind() -> Behind {
    let scene = Scene::with_host();
    let [certificate, key] =
        ["cert", "priv_key"].map(|kind| scene.dir.path(&format!("gsec-ca/repository/01_db1_{kind}.pem")));
    let tls = TlsPort::openssl(&certificate, &key, &[]);
    Behind { scene, tls }
}

impl Behind {
    fn starts(&self, server: PlainServer) -> OwnServer {
        server.before(self.tls.port)
    }

    /// What doctor says of a server that does not start TLS.
    #[track_caller]
    fn finds(&self, protocol: &str, server: PlainServer, slug: &str) -> Found {
        let server = self.starts(server);
        finds(&self.scene, &[&server.target(), "--starttls", protocol], slug)
    }
}

/// The serial number that `openssl s_client -starttls` is presented.
fn presented_to_openssl(target: &str, protocol: &str) -> String {
    let said = openssl(&["s_client", "-connect", target, "-starttls", protocol])
        .stdin("")
        .run();
    let shown = openssl(&["x509", "-noout", "-serial"])
        .stdin(&said.stdout)
        .run()
        .ok();
    shown.stdout.trim().replace("serial=", "")
}

#[test]
fn tls_is_started_in_each_protocol_on_each_connection() {
    let behind = behind();
    for protocol in STARTTLS_PROTOCOLS {
        let server = behind.starts(PlainServer::of(protocol));
        let starttls = ["--starttls", protocol];
        let seen = doctor(
            &behind.scene,
            &[&[&server.target()[..]], &starttls[..], &NAME].concat(),
        );
        assert!(seen.is_empty(), "{protocol}: {seen:#?}");
        let document = behind
            .scene
            .gsec(&["doctor", "--json", &server.target()])
            .args(&[&starttls[..], &NAME].concat())
            .run()
            .ok()
            .json();
        let facts = document["targets"][0]["facts"].as_array().expect("facts");
        let fact = |label: &str| {
            let found = facts.iter().find(|fact| fact["label"] == label);
            found.map(|fact| fact["value"].as_str().expect("text").to_owned())
        };
        assert_eq!(fact("starttls").as_deref(), Some(protocol));
        assert_eq!(
            fact("versions").as_deref(),
            Some("TLS 1.2, TLS 1.3"),
            "{protocol}"
        );
        let fetched = behind
            .scene
            .gsec(&["cert", "fetch", &server.target(), "--json"])
            .args(&starttls)
            .run()
            .ok()
            .json();
        assert_eq!(fetched["starttls"], protocol);
        let serial = fetched["certificates"][0]["serial"].as_str().expect("a serial");
        assert_eq!(
            serial,
            presented_to_openssl(&server.target(), protocol),
            "{protocol}"
        );
    }
}

#[test]
fn every_command_that_looks_at_a_server_can_start_tls() {
    let behind = behind();
    let server = behind.starts(PlainServer::of("smtp"));
    let target = server.target();
    let gsec = |args: &[&str]| {
        behind
            .scene
            .gsec(args)
            .args(&[&target, "--starttls", "smtp"])
            .run()
    };
    gsec(&["cert", "verify", "--name", "db1.example.com"])
        .ok()
        .says("valid for `db1.example.com`");
    gsec(&["cert", "show"]).ok().says("CN=db1.example.com");
    gsec(&["cert", "thumbprint"]).ok();
    let said = gsec(&["cert", "fetch"]).ok();
    assert!(
        said.stdout
            .lines()
            .next()
            .is_some_and(|line| line.contains(", STARTTLS in SMTP, TLS 1.3, ")),
        "{said}"
    );
    gsec(&["cert", "fetch", "--out", "chain.pem"])
        .ok()
        .says("starttls       smtp");
}

#[test]
fn address_of_ipv6_and_a_proxy_lead_there_too() {
    let behind = behind();
    let server = PlainServer::of("imap").before_at(IpAddr::V6(Ipv6Addr::LOCALHOST), behind.tls.port);
    let fetch = |args: &[&str]| {
        behind
            .scene
            .gsec(&["cert", "fetch", "--starttls", "imap"])
            .args(args)
            .run()
            .ok()
            .says("BEGIN CERTIFICATE")
    };
    fetch(&[&server.target()]);
    let server = behind.starts(PlainServer::of("imap"));
    let port = server.port();
    let proxy = OwnServer::start(move |mut stream| {
        first_octets(&mut stream);
        if stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").is_ok() {
            relay(&stream, port);
        }
    });
    fetch(&["db1.example.com:143", "--proxy", &proxy.target()]);
}

#[test]
fn port_is_the_usual_one_where_none_is_typed() {
    let scene = Scene::with_host();
    let not_resolved = |args: &[&str]| scene.gsec(args).run();
    for (protocol, port) in [
        ("smtp", 25),
        ("imap", 143),
        ("pop3", 110),
        ("ftp", 21),
        ("ldap", 389),
        ("postgres", 5432),
        ("mysql", 3306),
    ] {
        let said = not_resolved(&["cert", "fetch", "a.invalid", "--no-dns", "--starttls", protocol]);
        let expected = format!("no certificate from a.invalid:{port}: ");
        assert!(said.code(1).stderr.contains(&expected), "{protocol}");
        let said = not_resolved(&["doctor", "a.invalid", "--no-dns", "--starttls", protocol]);
        said.code(1).says(&format!("a.invalid:{port}: 1 error"));
    }
    let said = not_resolved(&["cert", "verify", "127.0.0.1:1", "--starttls", "smtp"]);
    assert!(
        said.code(1)
            .stderr
            .contains("127.0.0.1:1: the connection is refused")
    );
    let said = not_resolved(&["cert", "fetch", "a.invalid"]);
    assert!(said.code(2).stderr.contains("missing port: write HOST:PORT"));
    let said = not_resolved(&["doctor", "gsec-ca", "--starttls", "smtp"]);
    assert!(said.code(2).stderr.contains("`--starttls` is for servers"));
    not_resolved(&["cert", "show", "01", "--serial", "--starttls", "smtp"]).code(2);
    let said = not_resolved(&["cert", "fetch", "a.invalid", "--starttls", "xmpp"]);
    assert!(
        said.code(2)
            .stderr
            .contains("smtp, imap, pop3, ftp, ldap, postgres, mysql")
    );
}

#[test]
fn server_without_tls_is_told_from_one_that_refuses() {
    let behind = behind();
    let without = [
        ("smtp", "EHLO", &b"250-mx\r\n250 SIZE 1000\r\n"[..]),
        ("smtp", "EHLO", b"502 what?\r\n"),
        ("imap", "CAPABILITY", b"* CAPABILITY IMAP4rev1\r\nTAG OK\r\n"),
        ("pop3", "CAPA", b"+OK\r\nTOP\r\n.\r\n"),
        ("ftp", "AUTH TLS", b"504 what?\r\n"),
        (
            "ldap",
            "",
            b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\0\x04\0",
        ),
        ("postgres", "", b"N"),
    ];
    for (protocol, asked, answer) in without {
        let server = PlainServer::of(protocol).answering(asked, answer).without_tls();
        let found = behind.finds(protocol, server, "starttls-not-offered");
        assert!(found.advice[0].starts_with("Enable TLS: "), "{found:#?}");
    }
    let greeting = common::starttls::MYSQL_GREETING.to_vec();
    let without: Vec<u8> = greeting
        .iter()
        .enumerate()
        .map(|(at, byte)| if at == 26 { byte & !8 } else { *byte })
        .collect();
    assert_ne!(greeting, without);
    behind.finds(
        "mysql",
        PlainServer::of("mysql").greeting(&without),
        "starttls-not-offered",
    );
    let refusing = [
        (
            "smtp",
            "STARTTLS",
            &b"454 4.7.0 TLS not available\r\n"[..],
            "454 4.7.0 TLS not available",
        ),
        ("smtp", "EHLO", b"421 later\r\n", "421 later"),
        (
            "imap",
            "STARTTLS",
            b"TAG NO \x1b[31mlater\r\n",
            "a2 NO \u{1b}[31mlater",
        ),
        ("pop3", "STLS", b"-ERR later\r\n", "-ERR later"),
        ("ftp", "AUTH TLS", b"530 log in first\r\n", "530 log in first"),
        (
            "ldap",
            "",
            b"\x30\x16\x02\x01\x01\x78\x11\x0a\x01\x0a\x04\0\x04\0\xa3\x08\x04\x06ldap:x",
            "result code 10, referral (referral to ldap:x)",
        ),
        ("postgres", "", b"E\0\0\0\x10SFATAL\0Mno\0\0", "says `no`"),
    ];
    for (protocol, asked, answer, said) in refusing {
        let server = PlainServer::of(protocol).answering(asked, answer).without_tls();
        let found = behind.finds(protocol, server, "starttls-refused");
        assert!(found.seen.contains(said), "{said}: {found:#?}");
    }
    for (protocol, greeting, said) in [
        ("smtp", &b"554 go away\r\n"[..], "554 go away"),
        ("imap", b"* BYE full\r\n", "* BYE full"),
        ("imap", b"* PREAUTH root\r\n", "* PREAUTH root"),
        ("pop3", b"-ERR busy\r\n", "-ERR busy"),
        ("ftp", b"421 full\r\n", "421 full"),
        (
            "mysql",
            b"\x11\0\0\0\xff\x69\x04Host is blocked",
            "1129: Host is blocke",
        ),
    ] {
        let server = PlainServer::of(protocol).greeting(greeting).without_tls();
        let found = behind.finds(protocol, server, "starttls-refused");
        assert!(found.seen.contains(said), "{said}: {found:#?}");
    }
}

/// What came in plain text would be taken for protected by a client that keeps it.
#[test]
fn bytes_behind_the_agreement_are_refused() {
    let behind = behind();
    for protocol in STARTTLS_PROTOCOLS {
        let server = PlainServer::of(protocol).with_more_behind(b"250 evil\r\n");
        let found = behind.finds(protocol, server.clone(), "starttls-bytes-behind");
        assert!(
            found.seen.ends_with("follow: `250 evil`"),
            "{protocol}: {found:#?}"
        );
        let server = behind.starts(server);
        let said = behind
            .scene
            .gsec(&["cert", "fetch", &server.target(), "--starttls", protocol])
            .run()
            .code(1);
        assert!(
            said.stdout.is_empty() && said.stderr.contains("`250 evil`"),
            "{said}"
        );
    }
    // What comes a moment later, in a packet of its own, is the same.
    let late = OwnServer::start(|mut stream| {
        let _ = stream.write_all(b"220 ready\r\n");
        first_octets(&mut stream);
        let _ = stream.write_all(b"234 go\r\n");
        // The ClientHello has come.
        first_octets(&mut stream);
        let _ = stream.write_all(b"250 evil\r\n");
        listen_only(stream);
    });
    finds(
        &behind.scene,
        &[&late.target(), "--starttls", "ftp"],
        "starttls-bytes-behind",
    );
}

#[test]
fn other_protocols_are_named_with_the_command_that_asks_in_them() {
    let behind = behind();
    let imap = behind.starts(PlainServer::of("imap"));
    let found = finds(
        &behind.scene,
        &[&[&imap.target()[..], "--starttls", "pop3"], &NAME[..]].concat(),
        "starttls-other-protocol",
    );
    let typed = format!(
        "gsec doctor {} --starttls imap --name db1.example.com",
        imap.target()
    );
    assert_eq!(found.look, [typed.as_str()]);
    type_line(&behind.scene, &typed).ok();
    // Without the option it is the same.
    let found = finds(
        &behind.scene,
        &[&[&imap.target()[..]], &NAME[..]].concat(),
        "port-plain-text",
    );
    assert_eq!(found.look, [typed]);
    let said = behind.scene.gsec(&["cert", "show", &imap.target()]).run().code(1);
    let hint = format!("`gsec cert fetch {} --starttls imap`", imap.target());
    assert!(said.stderr.contains(&hint), "{said}");
    // Bytes of every value.
    let noise: Vec<u8> = (0..4000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    for protocol in STARTTLS_PROTOCOLS {
        let noise = noise.clone();
        let noisy = OwnServer::start(move |mut stream| {
            let _ = stream.write_all(&noise);
            first_octets(&mut stream);
        });
        let seen = doctor(&behind.scene, &[&noisy.target(), "--starttls", protocol]);
        assert_eq!(seen.len(), 1, "{protocol}: {seen:#?}");
        assert!(seen[0].slug.starts_with("starttls-"), "{protocol}: {seen:#?}");
    }
}

#[test]
fn port_that_speaks_tls_at_once_is_told() {
    let behind = behind();
    // Servers of the first two wait for the client; the third one waits for a greeting that never comes.
    for protocol in ["ldap", "postgres", "smtp"] {
        let target = behind.tls.target();
        let found = finds(
            &behind.scene,
            &[&target, "--starttls", protocol],
            "starttls-tls-at-once",
        );
        assert_eq!(found.look, [format!("gsec doctor {target}")]);
    }
}

#[test]
fn ports_of_an_inventory_are_asked_in_their_protocol() {
    let behind = behind();
    let without = PlainServer::of("smtp")
        .answering("EHLO", b"250 mx\r\n")
        .without_tls();
    let servers = [
        (behind.starts(PlainServer::of("smtp")), "smtp"),
        (behind.starts(without), "smtp"),
        (behind.starts(PlainServer::of("smtp")), "imap"),
    ];
    let port = |(server, protocol): &(OwnServer, &str)| {
        let number = server.port();
        format!(
            "[[app.port]]\nid = \"{number}\"\nnumber = {number}\nmode = \"secured\"\nprobe = \"{protocol}\"\n"
        )
    };
    let ports: String = servers.iter().map(port).collect();
    let host = "[[host]]\nname = \"db1\"\nfqdn = \"db1.example.com\"\naddress = \"127.0.0.1\"\n";
    let app = "[[app]]\nname = \"A\"\nhost = \"db1\"\nkind = \"tserver\"\n";
    behind.scene.write(
        "fleet.toml",
        format!("version = 1\nca_dir = \"gsec-ca\"\n{host}{app}{ports}"),
    );
    let status = behind
        .scene
        .gsec(&["fleet", "status", "--probe", "--json"])
        .run()
        .code(1)
        .json();
    let ports = status["ports"].as_array().expect("ports").iter();
    let states: Vec<&str> = ports
        .map(|port| port["state"].as_str().expect("a state"))
        .collect();
    assert_eq!(states, ["serves", "drift-plain", "unreachable"], "{status:#}");
}

/// What the library sees of a server.
fn seen(server: &OwnServer, protocol: StartTls, limits: Limits) -> Behaviour {
    let target = Endpoint {
        host: "127.0.0.1".into(),
        port: server.port(),
    };
    let seen = probe(&ProbeRequest {
        starttls: Some(protocol),
        limits,
        ..ProbeRequest::of(target, Depth::Full)
    });
    assert_eq!(seen.starttls, Some(protocol));
    seen.behaviour
}

fn greets(serve: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> OwnServer {
    OwnServer::start(move |mut stream| {
        let _ = serve(&mut stream);
        listen_only(stream);
    })
}

#[test]
fn endless_greetings_are_not_read_to_their_end() {
    let (protocol, step) = (StartTls::Smtp, StartTlsStep::Greeting);
    let too_long = Behaviour::NoStartTls {
        protocol,
        reason: NoStartTls::TooLong { step },
    };
    let line = greets(|stream| stream.write_all(&vec![b'2'; 1 << 20]));
    let limits = Limits::of_step(Duration::from_secs(60));
    assert_eq!(seen(&line, protocol, limits), too_long);
    let lines = greets(|stream| stream.write_all(&b"220-more\r\n".repeat(100_000)));
    assert_eq!(seen(&lines, protocol, limits), too_long);
}

/// A byte now and then keeps a connection alive, and no negotiation: all of it has the time of one step.
#[test]
fn greeting_that_drips_is_given_up_after_one_step() {
    let (protocol, step) = (StartTls::Imap, StartTlsStep::Greeting);
    let drips = greets(|stream| {
        for _ in 0..100_000 {
            stream.write_all(b"*")?;
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    });
    let limits = Limits {
        step: Duration::from_millis(400),
        whole: Duration::from_secs(3600),
    };
    let timed_out = Behaviour::NoStartTls {
        protocol,
        reason: NoStartTls::TimedOut { step },
    };
    assert_eq!(seen(&drips, protocol, limits), timed_out);
}

#[test]
fn server_that_hangs_up_is_told_with_the_step() {
    let behind = behind();
    let closes = |greeting: &'static [u8]| {
        OwnServer::start(move |mut stream| {
            let _ = stream.write_all(greeting);
            if !greeting.is_empty() {
                first_octets(&mut stream);
            }
        })
    };
    for (protocol, greeting, step) in [
        ("smtp", &b""[..], "instead of a greeting"),
        ("smtp", b"220 mx\r\n", "when asked what it offers"),
        ("ftp", b"220 mx\r\n", "when asked to start TLS"),
        (
            "mysql",
            common::starttls::MYSQL_GREETING,
            "after it agreed to start TLS",
        ),
    ] {
        let server = closes(greeting);
        let found = finds(
            &behind.scene,
            &[&server.target(), "--starttls", protocol],
            "starttls-unfinished",
        );
        assert_eq!(found.seen, format!("it closes the connection {step}"));
    }
    let silent = OwnServer::start(listen_only);
    let found = finds(
        &behind.scene,
        &[&silent.target(), "--starttls", "pop3", "--timeout", "300ms"],
        "starttls-unfinished",
    );
    assert!(
        found.seen.contains("no complete greeting before the timeout"),
        "{found:#?}"
    );
}
