//! dns-01, and name resolution by DNS servers that are real, but for what they know.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CAA, CNAME, NS, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinSet;

use super::servers::{Server, right};
use super::world::{AUTHORIZATION, TOKEN, World, identifier_of, proof};
use crate::domain::{CaaRecord, ChallengeKind};
use crate::validate::failure::{Failure, LookupFlaw, Problem};
use crate::validate::proof::Proof;
use crate::validate::resolver::{Resolve, Said, System};
use crate::validate::rules::{Rule, Rules, Scope};
use crate::validate::validate;

/// base64url(SHA-256(AUTHORIZATION)), by `openssl dgst -sha256 -binary | basenc --base64url`.
const DIGEST: &[u8] = b"lCM7cZyQXcVHK2nnW3jjAhNT3Fvm18UN-kWZZknKoYM";

#[tokio::test]
async fn one_of_several_records_proves() {
    let world = World::new().texts("_acme-challenge.example.com", &[b"other", DIGEST, b""]);
    let proven = world
        .prove(ChallengeKind::Dns01, "example.com")
        .await
        .expect("it is right");
    assert_eq!(proven.address, None);
    assert_eq!(world.connected(), [""; 0]);
}

#[tokio::test]
async fn nothing_else_proves() {
    let padded = [DIGEST, b"="].concat();
    let quoted = [b"\"", DIGEST, b"\""].concat();
    let folded = DIGEST.to_ascii_lowercase();
    let records: [&[u8]; 6] = [
        &padded,
        &quoted,
        &folded,
        b"",
        AUTHORIZATION.as_bytes(),
        &DIGEST[1..],
    ];
    let world = World::new().texts("_acme-challenge.example.com", &records);
    let failure = world
        .prove(ChallengeKind::Dns01, "example.com")
        .await
        .expect_err("none is right");
    let expected = String::from_utf8(DIGEST.to_vec()).expect("ASCII");
    let name = "_acme-challenge.example.com".to_owned();
    assert_eq!(
        failure,
        Failure::OtherText {
            name,
            found: 6,
            expected
        }
    );
    assert_eq!(failure.problem(), Problem::IncorrectResponse);
}

#[tokio::test]
async fn no_record_is_a_problem_of_the_dns() {
    let failure = World::new()
        .prove(ChallengeKind::Dns01, "example.com")
        .await
        .expect_err("there is none");
    assert_eq!(failure.problem(), Problem::Dns);
    assert_eq!(
        failure.to_string(),
        "cannot look up TXT records of _acme-challenge.example.com: the name does not exist (NXDOMAIN)"
    );
}

#[tokio::test]
async fn an_address_or_a_wildcard_is_not_proven_by_the_dns() {
    let world = World::new()
        .texts("_acme-challenge.10.0.0.5", &[DIGEST])
        .texts("_acme-challenge.*.example.com", &[DIGEST]);
    for identifier in ["10.0.0.5", "*.example.com"] {
        let failure = world
            .prove(ChallengeKind::Dns01, identifier)
            .await
            .expect_err("it cannot be");
        assert!(matches!(failure, Failure::NotProvable { .. }), "{failure:?}");
    }
}

#[tokio::test]
async fn what_is_no_token_is_not_asked_for() {
    let identifier = identifier_of("example.com");
    for token in ["", "a/b", "a b", "a\r\nb", "..", "ä", "a?b"] {
        let proof = Proof {
            token,
            ..proof(ChallengeKind::Http01, &identifier)
        };
        let failure = validate(&proof, &Rules::default()).await.expect_err("no token");
        assert!(
            matches!(failure, Failure::NotProvable { .. }),
            "{token}: {failure:?}"
        );
    }
    assert!(AUTHORIZATION.starts_with(TOKEN));
}

/// What a DNS server knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Udp {
    Answers,
    /// It says that the answer is too long.
    Truncates,
    /// It does not answer.
    Silent,
}

/// A DNS server until it is dropped.
struct Dns {
    address: SocketAddr,
    /// Whether anybody has asked by TCP.
    by_tcp: Arc<AtomicBool>,
    _tasks: JoinSet<()>,
}

impl Dns {
    async fn of(udp: Udp, answer: impl Fn(&Name, RecordType) -> Reply + Send + Sync + 'static) -> Self {
        let tcp = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = tcp.local_addr().expect("it is bound");
        let socket = UdpSocket::bind(address).await.expect("nobody has this port");
        let by_tcp = Arc::new(AtomicBool::new(false));
        let (answer, noted) = (Arc::new(answer), Arc::clone(&by_tcp));
        let mut tasks = JoinSet::new();
        let for_udp = Arc::clone(&answer);
        tasks.spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                if udp == Udp::Silent {
                    continue;
                }
                let mut message = reply(&buffer[..length], &*for_udp);
                if udp == Udp::Truncates {
                    message.answers.clear();
                    message.metadata.truncation = true;
                }
                let _ = socket.send_to(&message.to_vec().expect("a message"), from).await;
            }
        });
        tasks.spawn(async move {
            while let Ok((mut stream, _)) = tcp.accept().await {
                noted.store(true, Ordering::SeqCst);
                while let Ok(length) = stream.read_u16().await {
                    let mut question = vec![0; usize::from(length)];
                    if stream.read_exact(&mut question).await.is_err() {
                        break;
                    }
                    let bytes = reply(&question, &*answer).to_vec().expect("a message");
                    let length = u16::try_from(bytes.len()).expect("short");
                    let framed = [&length.to_be_bytes()[..], &bytes].concat();
                    let _ = stream.write_all(&framed).await;
                }
            }
        });
        Self {
            address,
            by_tcp,
            _tasks: tasks,
        }
    }

    async fn texts(&self, name: &str) -> Result<Vec<Vec<u8>>, LookupFlaw> {
        System.texts(name, &[self.address]).await
    }

    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, LookupFlaw> {
        System.addresses(name, &[self.address]).await
    }
}

enum Reply {
    Records(Vec<(Name, RData)>),
    Code(ResponseCode),
}

fn reply(question: &[u8], answer: &dyn Fn(&Name, RecordType) -> Reply) -> Message {
    let question = Message::from_vec(question).expect("a question");
    let query = question.queries.first().expect("one question").clone();
    let mut message = question.into_response();
    message.additionals.clear();
    match answer(query.name(), query.query_type()) {
        Reply::Code(code) => message.metadata.response_code = code,
        Reply::Records(records) => {
            for (name, data) in records {
                message.add_answer(Record::from_rdata(name, 300, data));
            }
        }
    }
    message
}

fn name(text: &str) -> Name {
    Name::from_ascii(text).expect("a name")
}

fn text(strings: &[&[u8]]) -> RData {
    RData::TXT(TXT::from_bytes(strings.to_vec()))
}

fn alias(to: &str) -> RData {
    RData::CNAME(CNAME(name(to)))
}

#[tokio::test]
async fn the_strings_of_a_record_are_joined() {
    let dns = Dns::of(Udp::Answers, |asked, kind| match kind {
        RecordType::TXT => Reply::Records(vec![
            (asked.clone(), text(&[&DIGEST[..20], &DIGEST[20..]])),
            (asked.clone(), text(&[b"other"])),
            (name("unasked.example.com."), text(&[b"unasked"])),
        ]),
        _ => Reply::Records(Vec::new()),
    })
    .await;
    assert_eq!(
        dns.texts("_acme-challenge.example.com").await,
        Ok(vec![DIGEST.to_vec(), b"other".to_vec()])
    );
}

#[tokio::test]
async fn what_is_too_long_for_udp_comes_by_tcp() {
    let dns = Dns::of(Udp::Truncates, |asked, _| {
        Reply::Records(vec![
            (asked.clone(), text(&[&[b'x'; 255][..]; 32])),
            (asked.clone(), text(&[&b"y"[..]; 32])),
        ])
    })
    .await;
    let texts = dns.texts("example.com").await.expect("8192 bytes");
    assert_eq!(texts.iter().map(Vec::len).sum::<usize>(), 8192);
    assert!(dns.by_tcp.load(Ordering::SeqCst));
}

#[tokio::test]
async fn more_than_8_kib_of_records_is_not_read() {
    let dns = Dns::of(Udp::Truncates, |asked, _| {
        Reply::Records(vec![
            (asked.clone(), text(&[&[b'x'; 255][..]; 32])),
            (asked.clone(), text(&[&b"y"[..]; 33])),
        ])
    })
    .await;
    let too_long = LookupFlaw::TooLong {
        found: 8193,
        most: 8192,
    };
    assert_eq!(dns.texts("example.com").await, Err(too_long));
}

#[tokio::test]
async fn a_server_that_answers_by_tcp_only_is_asked_by_it() {
    let dns = Dns::of(Udp::Silent, |asked, _| {
        Reply::Records(vec![(asked.clone(), text(&[b"here"]))])
    })
    .await;
    assert_eq!(dns.texts("example.com").await, Ok(vec![b"here".to_vec()]));
}

#[tokio::test]
async fn caa_records_come_as_they_are_through_an_alias_and_with_their_flag() {
    let dns = Dns::of(Udp::Answers, |asked, kind| {
        let mut issue = CAA::new_issue(false, Some(name("ca1.example.net")), Vec::new());
        issue.reserved_flags = 0x7f;
        let mut odd = CAA::new_issue(true, None, Vec::new());
        (odd.tag, odd.value) = ("tBs".into(), vec![0xff, b';']);
        let here = |data| (name("b.example.com."), RData::CAA(data));
        match (asked.to_string().as_str(), kind) {
            ("a.example.com.", _) => Reply::Records(vec![(asked.clone(), alias("b.example.com."))]),
            ("b.example.com.", RecordType::CAA) => Reply::Records(vec![here(issue), here(odd)]),
            ("fails.example.com.", _) => Reply::Code(ResponseCode::ServFail),
            ("none.example.com.", _) => Reply::Records(Vec::new()),
            _ => Reply::Code(ResponseCode::NXDomain),
        }
    })
    .await;
    let record = |is_critical, tag: &str, value: &[u8]| CaaRecord {
        is_critical,
        tag: tag.into(),
        value: value.into(),
    };
    let both = vec![
        record(false, "issue", b"ca1.example.net"),
        record(true, "tBs", b"\xff;"),
    ];
    let servers = [dns.address];
    assert_eq!(System.caa("a.example.com", &servers).await, Ok(both));
    for (name, flaw) in [
        ("none.example.com", LookupFlaw::NoRecord),
        ("other.example.com", LookupFlaw::NoName),
        ("fails.example.com", LookupFlaw::Refused("Server Failure".into())),
    ] {
        assert_eq!(System.caa(name, &servers).await, Err(flaw), "{name}");
    }
}

/// `0.example.com` is an alias of `1.example.com`, and so on up to `last`.
fn row(asked: &Name, last: u32, end: RData) -> Reply {
    let label = asked
        .iter()
        .next()
        .map(|label| String::from_utf8_lossy(label).into_owned());
    let number: u32 = label.and_then(|label| label.parse().ok()).unwrap_or(0);
    let next = format!("{}.example.com.", number + 1);
    Reply::Records(vec![(
        asked.clone(),
        if number < last { alias(&next) } else { end },
    )])
}

#[tokio::test]
async fn eight_aliases_in_a_row_are_followed_and_no_ninth() {
    for (last, is_right) in [(1, true), (7, true), (8, true), (9, false)] {
        let dns = Dns::of(Udp::Answers, move |asked, kind| {
            match row(asked, last, text(&[b"here"])) {
                Reply::Records(records) => Reply::Records(
                    records
                        .into_iter()
                        .filter(|(_, data)| {
                            data.record_type() == kind || data.record_type() == RecordType::CNAME
                        })
                        .collect(),
                ),
                code => code,
            }
        })
        .await;
        let expected = match is_right {
            true => Ok(vec![b"here".to_vec()]),
            false => Err(LookupFlaw::TooManyAliases { most: 8 }),
        };
        assert_eq!(dns.texts("0.example.com").await, expected, "{last}");
    }
}

#[tokio::test]
async fn a_row_of_aliases_in_one_answer_is_counted_too() {
    for (last, is_right) in [(8, true), (9, false)] {
        let dns = Dns::of(Udp::Answers, move |asked, kind| {
            let mut records: Vec<(Name, RData)> = (0..last)
                .map(|number| {
                    (
                        name(&format!("{number}.example.com.")),
                        alias(&format!("{}.example.com.", number + 1)),
                    )
                })
                .collect();
            records.push((name(&format!("{last}.example.com.")), text(&[b"here"])));
            match kind {
                RecordType::TXT => Reply::Records(records),
                _ => Reply::Records(
                    records
                        .into_iter()
                        .filter(|(owner, data)| owner == asked && data.record_type() == kind)
                        .collect(),
                ),
            }
        })
        .await;
        let expected = match is_right {
            true => Ok(vec![b"here".to_vec()]),
            false => Err(LookupFlaw::TooManyAliases { most: 8 }),
        };
        assert_eq!(dns.texts("0.example.com").await, expected, "{last}");
    }
}

#[tokio::test]
async fn aliases_in_a_circle_are_noticed() {
    let dns = Dns::of(Udp::Answers, |asked, _| {
        let other = if *asked == name("a.example.com.") {
            "b.example.com."
        } else {
            "a.example.com."
        };
        Reply::Records(vec![(asked.clone(), alias(other))])
    })
    .await;
    let flaw = LookupFlaw::TooManyAliases { most: 8 };
    assert_eq!(dns.texts("a.example.com").await, Err(flaw.clone()));
    assert_eq!(dns.addresses("a.example.com").await, Err(flaw));
}

#[tokio::test]
async fn addresses_of_both_families_are_found_ipv6_first() {
    let dns = Dns::of(Udp::Answers, |asked, kind| match kind {
        RecordType::A => Reply::Records(vec![(asked.clone(), RData::A(A(Ipv4Addr::new(10, 0, 0, 5))))]),
        RecordType::AAAA => Reply::Records(vec![(asked.clone(), RData::AAAA(AAAA(Ipv6Addr::LOCALHOST)))]),
        _ => Reply::Records(Vec::new()),
    })
    .await;
    let both = vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::new(10, 0, 0, 5).into()];
    assert_eq!(dns.addresses("web.example.com").await, Ok(both));
}

#[tokio::test]
async fn a_server_that_knows_no_aaaa_is_no_obstacle() {
    for code in [
        ResponseCode::ServFail,
        ResponseCode::NotImp,
        ResponseCode::NXDomain,
    ] {
        let dns = Dns::of(Udp::Answers, move |asked, kind| match kind {
            RecordType::A => Reply::Records(vec![(asked.clone(), RData::A(A(Ipv4Addr::new(10, 0, 0, 5))))]),
            _ => Reply::Code(code),
        })
        .await;
        assert_eq!(
            dns.addresses("web.example.com").await,
            Ok(vec![Ipv4Addr::new(10, 0, 0, 5).into()])
        );
    }
}

#[tokio::test]
async fn what_a_server_says_instead_is_told() {
    let cases = [
        (Reply::Code(ResponseCode::NXDomain) as Reply, LookupFlaw::NoName),
        (Reply::Records(Vec::new()), LookupFlaw::NoRecord),
        (
            Reply::Code(ResponseCode::ServFail),
            LookupFlaw::Refused("Server Failure".into()),
        ),
        (
            Reply::Code(ResponseCode::Refused),
            LookupFlaw::Refused("Query Refused".into()),
        ),
    ];
    for (answer, flaw) in cases {
        let code = match answer {
            Reply::Code(code) => Some(code),
            Reply::Records(_) => None,
        };
        let dns = Dns::of(Udp::Answers, move |_, _| {
            code.map_or(Reply::Records(Vec::new()), Reply::Code)
        })
        .await;
        assert_eq!(dns.texts("example.com").await, Err(flaw.clone()));
        assert_eq!(dns.addresses("example.com").await, Err(flaw));
    }
}

#[tokio::test]
async fn a_record_that_was_missing_a_moment_ago_is_found() {
    let is_there = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&is_there);
    let dns = Dns::of(Udp::Answers, move |asked, kind| {
        match (seen.load(Ordering::SeqCst), kind) {
            (false, _) => Reply::Code(ResponseCode::NXDomain),
            (true, RecordType::TXT) => Reply::Records(vec![(asked.clone(), text(&[b"here"]))]),
            _ => Reply::Records(Vec::new()),
        }
    })
    .await;
    assert_eq!(dns.texts("example.com").await, Err(LookupFlaw::NoName));
    is_there.store(true, Ordering::SeqCst);
    assert_eq!(dns.texts("example.com").await, Ok(vec![b"here".to_vec()]));
}

#[tokio::test]
async fn a_name_that_is_too_long_with_its_prefix_is_not_asked_for() {
    let long = format!("_acme-challenge.{}com", "a23456789.".repeat(25));
    assert_eq!(System.texts(&long, &[]).await, Err(LookupFlaw::NotAskable));
}

/// All parts together: the DNS server of a rule, the port of a rule, loopback while the server listens on loopback.
#[tokio::test]
async fn a_name_is_proven_over_real_sockets() {
    let web = Server::saying(right()).await;
    let dns = Dns::of(Udp::Answers, |asked, kind| match kind {
        RecordType::A => Reply::Records(vec![(asked.clone(), RData::A(A(Ipv4Addr::LOCALHOST)))]),
        RecordType::TXT => Reply::Records(vec![(asked.clone(), text(&[DIGEST]))]),
        _ => Reply::Records(Vec::new()),
    })
    .await;
    let rule = Rule {
        scope: Scope::Suffix(gsec_pki::x509::DnsName::parse("example.com").expect("a name")),
        resolvers: vec![dns.address],
        http_port: web.address.port(),
        source: Some(Ipv4Addr::LOCALHOST.into()),
        ..Rule::default()
    };
    let on_loopback = Rules::new(
        vec![rule.clone()],
        vec![SocketAddr::from(([127, 0, 0, 1], 1))],
        Vec::new(),
    );
    let identifier = identifier_of("web.example.com");
    let proven = validate(&proof(ChallengeKind::Http01, &identifier), &on_loopback).await;
    assert_eq!(proven.expect("it is right").address, Some(web.address));
    validate(&proof(ChallengeKind::Dns01, &identifier), &on_loopback)
        .await
        .expect("it is right");

    let on_all = Rules::new(vec![rule], vec![SocketAddr::from(([0, 0, 0, 0], 1))], Vec::new());
    let failure = validate(&proof(ChallengeKind::Http01, &identifier), &on_all)
        .await
        .expect_err("loopback");
    assert_eq!(failure.problem(), Problem::RejectedIdentifier);
    assert_eq!(web.requests().len(), 1);
}

#[tokio::test]
async fn a_dns_server_that_says_nothing_is_left_when_the_time_is_over() {
    struct Never;
    impl Resolve for Never {
        fn addresses<'a>(
            &'a self,
            _: &'a str,
            _: &'a [SocketAddr],
        ) -> crate::validate::resolver::Answer<'a, Vec<IpAddr>> {
            Box::pin(std::future::pending())
        }
        fn texts<'a>(
            &'a self,
            _: &'a str,
            _: &'a [SocketAddr],
        ) -> crate::validate::resolver::Answer<'a, Vec<Vec<u8>>> {
            Box::pin(std::future::pending())
        }
        fn caa<'a>(
            &'a self,
            _: &'a str,
            _: &'a [SocketAddr],
        ) -> crate::validate::resolver::Answer<'a, Vec<CaaRecord>> {
            Box::pin(std::future::pending())
        }
        fn name_servers<'a>(
            &'a self,
            _: &'a str,
            _: &'a [SocketAddr],
        ) -> crate::validate::resolver::Answer<'a, Vec<String>> {
            Box::pin(std::future::pending())
        }
        fn texts_by<'a>(&'a self, _: &'a str, _: SocketAddr) -> crate::validate::resolver::Answer<'a, Said> {
            Box::pin(std::future::pending())
        }
    }
    let (rules, identifier) = (Rules::default(), identifier_of("example.com"));
    for kind in [
        ChallengeKind::Http01,
        ChallengeKind::Dns01,
        ChallengeKind::TlsAlpn01,
    ] {
        let reach = crate::validate::reach::Reach::new(
            &rules,
            &Never,
            &crate::validate::reach::Tcp,
            Duration::from_millis(50),
        );
        let failure = crate::validate::validate_by(&proof(kind, &identifier), &reach)
            .await
            .expect_err("nobody answers");
        assert!(
            matches!(
                failure,
                Failure::Lookup {
                    flaw: LookupFlaw::Silent,
                    ..
                }
            ),
            "{failure:?}"
        );
    }
}

/// A zone `example.com` whose server is on loopback, another zone, and a resolver whose cache says that there are no TXT records.
async fn zones(ours: bool) -> Dns {
    Dns::of(Udp::Answers, move |asked, kind| {
        let own = |data| Reply::Records(vec![(asked.clone(), data)]);
        let ns = |host: &str| own(RData::NS(NS(name(host))));
        let loopback = Ipv4Addr::LOCALHOST;
        match (asked.to_string().as_str(), kind) {
            ("example.com." | "example.net.", RecordType::NS) => ns("ns.example.org."),
            ("far.example.", RecordType::NS) => ns("far.example.org."),
            ("ns.example.org.", RecordType::A) => own(RData::A(A(loopback))),
            ("far.example.org.", RecordType::A) => own(RData::A(A(Ipv4Addr::new(169, 254, 169, 254)))),
            ("_acme-challenge.example.com.", RecordType::TXT) if ours => own(text(&[DIGEST])),
            ("_acme-challenge.alias.example.com.", RecordType::CNAME) if ours => {
                own(alias("elsewhere.example.net."))
            }
            ("elsewhere.example.net.", RecordType::TXT) if ours => own(text(&[DIGEST])),
            ("_acme-challenge.round.example.com.", RecordType::CNAME) if ours => {
                own(alias("_acme-challenge.round.example.com."))
            }
            _ => Reply::Records(Vec::new()),
        }
    })
    .await
}

#[tokio::test]
async fn the_servers_of_the_zone_are_asked_where_the_rule_says_so() {
    let (cache, zone) = (zones(false).await, zones(true).await);
    let prove = async |identifier: &str, is_authoritative| {
        let rule = Rule {
            resolvers: vec![cache.address],
            is_authoritative,
            ..Rule::default()
        };
        let rules = Rules::new(
            vec![rule],
            vec![SocketAddr::from(([127, 0, 0, 1], 1))],
            Vec::new(),
        );
        let mut reach = crate::validate::reach::Reach::new(
            &rules,
            &System,
            &crate::validate::reach::Tcp,
            super::world::PLENTY,
        );
        reach.dns_port = zone.address.port();
        let identifier = identifier_of(identifier);
        crate::validate::validate_by(&proof(ChallengeKind::Dns01, &identifier), &reach).await
    };
    for identifier in ["example.com", "alias.example.com"] {
        assert!(prove(identifier, false).await.is_err(), "{identifier}");
        assert!(prove(identifier, true).await.is_ok(), "{identifier}");
    }
    for (identifier, expected) in [
        ("far.example", LookupFlaw::NoServer { named: 1 }),
        ("nowhere.test", LookupFlaw::NoServer { named: 0 }),
        ("round.example.com", LookupFlaw::TooManyAliases { most: 8 }),
        ("other.example.com", LookupFlaw::NoRecord),
    ] {
        let failure = prove(identifier, true).await.expect_err(identifier);
        assert!(
            matches!(&failure, Failure::Lookup { flaw, .. } if *flaw == expected),
            "{identifier}: {failure:?}"
        );
    }
}
