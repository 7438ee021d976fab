//! What a hostile target tries. Addresses of every kind are in `targets`, responses without end in `http`.

use super::servers::{GIGABYTE, Server, endless, right, to};
use super::world::{World, address};
use crate::domain::ChallengeKind;
use crate::validate::failure::{Failure, Hop, HttpFlaw, Problem, RedirectFlaw};
use crate::validate::rules::{Refusal, Rules};

const NAME: &str = "web.example.com";
const TEN: &str = "10.0.0.5:80";

/// Where one redirect leads; nothing but web.example.com itself is connected to.
async fn after_redirect(location: &str) -> Failure {
    let server = Server::saying(to(location)).await;
    let world = World::new()
        .name(NAME, &["10.0.0.5"])
        .name("metadata.example.com", &["169.254.169.254"])
        .name("mixed.example.com", &["10.0.0.6", "fd00:ec2::254"])
        .name("localhost", &["127.0.0.1", "::1"])
        .name("own.example.com", &["10.0.0.1"])
        .name("mapped.example.com", &["::ffff:169.254.169.254"])
        .at(TEN, server.address);
    let failure = world.http(NAME).await.expect_err("it leads nowhere");
    assert_eq!(world.connected(), [TEN], "{location}");
    failure
}

#[tokio::test]
async fn no_redirect_leads_to_what_is_forbidden_however_it_is_written() {
    for location in [
        "http://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254:80/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0251.0376.0251.0376/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://169.254.43518/",
        "http://１６９.254.169.254/",
        "http://%31%36%39.254.169.254/",
        "http://169.254.169.254./",
        "//169.254.169.254/",
        "http:\\\\169.254.169.254\\",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://[::]/",
        "http://[::1]/",
        "http://0/",
        "http://0.0.0.0/",
        "http://127.1/",
        "http://127.0.0.1:443/",
        "https://127.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://metadata.example.com/",
        "http://METADATA.example.com./",
        "https://metadata.example.com/",
        "http://mixed.example.com/",
        "http://mapped.example.com/",
        "http://255.255.255.255/",
        "http://224.0.0.1/",
    ] {
        let failure = after_redirect(location).await;
        let is_refused =
            matches!(&failure, Failure::Forbidden { place, .. } if place.hop == Hop::Redirect(1));
        // What some clients take for an address, and the library for none.
        let is_no_host = matches!(
            failure,
            Failure::Http {
                flaw: HttpFlaw::Redirect {
                    flaw: RedirectFlaw::Host | RedirectFlaw::NoLocation(_),
                    ..
                },
                ..
            }
        );
        assert!(is_refused || is_no_host, "{location}: {failure:?}");
    }
}

#[tokio::test]
async fn no_redirect_leads_to_another_port_or_scheme() {
    for location in [
        "http://web.example.com:22/",
        "http://web.example.com:0/",
        "http://web.example.com:8080/",
        "http://own.example.com:8443/",
        "https://own.example.com:8080/",
        "http://10.0.0.2:5432/",
        "http://web.example.com:65535/",
        "ftp://web.example.com/",
        "file:///etc/passwd",
        "gopher://web.example.com:80/_GET",
        "dict://web.example.com:80/",
        "ldap://web.example.com:443/",
        "data:text/plain,x",
        "unix:/run/gsec.sock",
        "http+unix://web.example.com/",
        "http://user:password@web.example.com/",
        "http://169.254.169.254@web.example.com/",
    ] {
        let failure = after_redirect(location).await;
        assert!(
            matches!(
                failure,
                Failure::Http {
                    flaw: HttpFlaw::Redirect { .. },
                    ..
                }
            ),
            "{location}: {failure:?}"
        );
        assert_eq!(failure.problem(), Problem::IncorrectResponse);
    }
}

#[tokio::test]
async fn a_redirect_to_itself_ends() {
    for location in ["", "/", "http://web.example.com/", "?", "./x/../"] {
        let server = Server::saying(to(location)).await;
        let world = World::new().name(NAME, &["10.0.0.5"]).at(TEN, server.address);
        world.http(NAME).await.expect_err("it has no end");
        assert_eq!(world.connected().len(), 4, "{location}");
    }
}

#[tokio::test]
async fn two_names_that_lead_to_each_other_end() {
    let server = Server::to_requests(|request| match request.contains("one.example.com") {
        true => to("https://two.example.com/"),
        false => to("http://one.example.com/"),
    })
    .await;
    let world = World::new()
        .name(NAME, &["10.0.0.5"])
        .name("one.example.com", &["10.0.0.5"])
        .name("two.example.com", &["10.0.0.5"])
        .at(TEN, server.address);
    world.http(NAME).await.expect_err("it has no end");
    assert_eq!(world.connected(), [TEN, TEN, "10.0.0.5:443"]);
}

/// Rebinding: the address that was judged is the one that is connected to.
#[tokio::test]
async fn of_a_name_that_answers_otherwise_each_time_the_first_answer_counts() {
    let server = Server::saying(right()).await;
    let answers: [&[&str]; 3] = [&["10.0.0.5"], &["169.254.169.254"], &["127.0.0.1"]];
    for kind in [ChallengeKind::Http01, ChallengeKind::TlsAlpn01] {
        let world = World::new().answers(NAME, &answers).at(TEN, server.address);
        let is_proven = world.prove(kind, NAME).await.is_ok();
        assert_eq!(is_proven, kind == ChallengeKind::Http01);
        let port = if kind == ChallengeKind::Http01 { 80 } else { 443 };
        assert_eq!(world.connected(), [format!("10.0.0.5:{port}")]);
    }
}

/// A redirect to the same name asks again, and judges again.
#[tokio::test]
async fn of_a_name_that_answers_otherwise_behind_a_redirect_that_answer_counts() {
    let server = Server::saying(to("http://web.example.com/again")).await;
    let world = World::new()
        .answers(NAME, &[&["10.0.0.5"], &["169.254.169.254"], &["10.0.0.5"]])
        .at(TEN, server.address);
    match world.http(NAME).await {
        Err(Failure::Forbidden {
            place,
            address: found,
            ..
        }) => {
            assert_eq!(place.hop, Hop::Redirect(1));
            assert_eq!(found, address("169.254.169.254"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.connected(), [TEN]);
}

#[tokio::test]
async fn the_servers_own_sockets_and_its_database_are_no_targets() {
    let listening = |text: &str| Rules::new(Vec::new(), vec![text.parse().expect("an address")], Vec::new());
    for (rules, port) in [(listening("10.0.0.5:80"), 80), (listening("10.0.0.5:443"), 443)] {
        let kind = if port == 80 {
            ChallengeKind::Http01
        } else {
            ChallengeKind::TlsAlpn01
        };
        let world = World::new().name(NAME, &["10.0.0.5"]).rules(rules);
        match world.prove(kind, NAME).await {
            Err(Failure::Forbidden { refusal, .. }) => assert_eq!(refusal, Refusal::Own),
            other => panic!("{other:?}"),
        }
        assert_eq!(world.connected(), [""; 0]);
    }
    let database = Rules::new(
        Vec::new(),
        Vec::new(),
        vec!["10.0.0.5:80".parse().expect("an address")],
    );
    let world = World::new().name(NAME, &["10.0.0.5"]).rules(database);
    world.http(NAME).await.expect_err("it is the database");
    assert_eq!(world.connected(), [""; 0]);
}

#[tokio::test]
async fn a_thousand_addresses_are_judged_and_four_of_each_family_are_tried() {
    let many: Vec<String> = (0..1000)
        .map(|number| match number % 2 {
            0 => format!("10.1.{}.{}", number / 250, number % 250),
            _ => format!("fd00::{number}"),
        })
        .collect();
    let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
    let world = World::new().name(NAME, &many);
    match world.http(NAME).await {
        Err(Failure::NotConnected { attempts, .. }) => assert_eq!(attempts.len(), 8),
        other => panic!("{other:?}"),
    }
    let four = world
        .connected()
        .iter()
        .filter(|target| target.starts_with("10."))
        .count();
    assert_eq!((world.connected().len(), four), (8, 4));
    many.push("169.254.169.254");
    let world = World::new().name(NAME, &many);
    world.http(NAME).await.expect_err("one is forbidden");
    assert_eq!(world.connected(), [""; 0]);
}

#[tokio::test]
async fn what_is_compressed_is_not_unpacked() {
    let begin = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00";
    let (server, mut written) = endless(begin, vec![0; 65536]).await;
    let world = World::new().name(NAME, &["10.0.0.5"]).at(TEN, server.address);
    let failure = world.http(NAME).await.expect_err("it is something else");
    assert!(
        matches!(
            failure,
            Failure::Http {
                flaw: HttpFlaw::TooLong { .. },
                ..
            }
        ),
        "{failure:?}"
    );
    assert!(written.recv().await.expect("it broke") < GIGABYTE / 16);
}

#[tokio::test]
async fn a_location_of_a_megabyte_or_with_strange_bytes_leads_nowhere() {
    for location in [
        "x".repeat(1 << 20),
        "x".repeat(8192),
        "http://ex\u{e4}mple.com\u{1}/".into(),
        "\u{7f}".into(),
    ] {
        let failure = after_redirect(&location).await;
        assert!(matches!(failure, Failure::Http { .. }), "{failure:?}");
    }
}
