//! Which rule is for whom, which address comes first, and what is said of it.

use std::net::SocketAddr;

use gsec_pki::x509::{DnsName, IpSubnet};

use super::servers::{Server, right};
use super::world::{World, identifier_of};
use crate::domain::ChallengeKind;
use crate::validate::failure::{
    CertificateFlaw, Failure, Hop, HttpFlaw, LookupFlaw, NotReached, Place, Problem, RedirectFlaw, Stage,
    TlsFlaw,
};
use crate::validate::rules::{Refusal, Rule, Rules, Scope};

const NAME: &str = "web.example.com";

fn rule(scope: Scope, http_port: u16) -> Rule {
    Rule {
        scope,
        http_port,
        ..Rule::default()
    }
}

fn suffix(text: &str) -> Scope {
    Scope::Suffix(DnsName::parse(text).expect("a name"))
}

fn network(text: &str) -> Scope {
    Scope::Network(IpSubnet::parse(text).expect("a network"))
}

#[test]
fn the_closest_rule_counts_and_labels_have_borders() {
    let rules = vec![
        rule(suffix("example.com"), 1),
        rule(suffix("lab.example.com"), 2),
        rule(Scope::Every, 3),
        rule(suffix("example.com"), 4),
        rule(network("10.0.0.0/8"), 5),
        rule(network("10.1.0.0/16"), 6),
        rule(network("0.0.0.0/0"), 7),
    ];
    let rules = Rules::new(rules, Vec::new(), Vec::new());
    for (identifier, port) in [
        ("example.com", 1),
        ("web.example.com", 1),
        ("LAB.example.com", 2),
        ("a.b.lab.example.com", 2),
        ("evilexample.com", 3),
        ("collab.example.com", 1),
        ("example.org", 3),
        ("10.2.0.1", 5),
        ("10.1.0.1", 6),
        ("192.168.0.1", 7),
        ("::ffff:10.1.0.1", 6),
        ("fd00::1", 3),
    ] {
        assert_eq!(
            rules.rule_for(&identifier_of(identifier)).http_port,
            port,
            "{identifier}"
        );
    }
    assert_eq!(Rules::default().rule_for(&identifier_of(NAME)), &Rule::default());
}

#[tokio::test]
async fn ipv6_comes_first_and_ipv4_when_it_does_not_answer() {
    let server = Server::saying(right()).await;
    let world = World::new()
        .name(
            NAME,
            &["10.0.0.5", "fd00::5", "10.0.0.5", "::ffff:10.0.0.5", "fd00::6"],
        )
        .at("10.0.0.5:80", server.address);
    let proven = world.http(NAME).await.expect("it is right");
    assert_eq!(proven.address, Some("10.0.0.5:80".parse().expect("an address")));
    assert_eq!(world.connected(), ["[fd00::5]:80", "[fd00::6]:80", "10.0.0.5:80"]);
}

#[tokio::test]
async fn an_answer_without_proof_ends_the_search() {
    let (wrong, other) = (Server::saying("").await, Server::saying(right()).await);
    let world = World::new()
        .name(NAME, &["fd00::5", "10.0.0.5"])
        .at("[fd00::5]:80", wrong.address)
        .at("10.0.0.5:80", other.address);
    world.http(NAME).await.expect_err("the first one answered");
    assert_eq!(world.connected(), ["[fd00::5]:80"]);
}

#[tokio::test]
async fn the_source_address_of_a_rule_keeps_the_other_family_from_being_connected_to() {
    let server = Server::saying(right()).await;
    let rule = Rule {
        source: Some([10, 0, 0, 7].into()),
        ..Rule::default()
    };
    let world = World::new()
        .name(NAME, &["fd00::5", "10.0.0.5"])
        .at("10.0.0.5:80", server.address)
        .rules(Rules::new(vec![rule.clone()], Vec::new(), Vec::new()));
    world.http(NAME).await.expect("by IPv4");
    assert_eq!(world.connected(), ["10.0.0.5:80"]);

    let world = World::new()
        .name(NAME, &["fd00::5"])
        .rules(Rules::new(vec![rule], Vec::new(), Vec::new()));
    let failure = world.http(NAME).await.expect_err("there is no way");
    assert_eq!(
        failure.to_string(),
        "cannot connect to web.example.com, port 80: fd00::5: the rule's source address 10.0.0.7 is of the other address family"
    );
}

#[tokio::test]
async fn a_connection_that_is_refused_says_where() {
    let world = World::new().name(NAME, &["10.0.0.5", "fd00::5"]);
    for (kind, port) in [(ChallengeKind::Http01, 80), (ChallengeKind::TlsAlpn01, 443)] {
        let failure = world.prove(kind, NAME).await.expect_err("nobody is there");
        assert_eq!(failure.problem(), Problem::Connection);
        assert_eq!(
            failure.to_string(),
            format!(
                "cannot connect to web.example.com, port {port}: fd00::5: connection refused; 10.0.0.5: connection refused"
            )
        );
    }
}

#[test]
fn every_failure_has_its_problem_and_its_sentence() {
    let own = Place {
        host: NAME.into(),
        port: 80,
        address: Some([10, 0, 0, 5].into()),
        hop: Hop::Own,
    };
    let hop = Place {
        host: "internal.example.com".into(),
        port: 443,
        address: Some([10, 9, 9, 9].into()),
        hop: Hop::Redirect(2),
    };
    let http = |place: &Place, flaw| Failure::Http {
        place: place.clone(),
        token: "TOKEN".into(),
        flaw,
    };
    let target = SocketAddr::from(([10, 9, 9, 9], 443));
    let redirect = |flaw| HttpFlaw::Redirect { status: 302, flaw };
    let cases = [
        (
            Failure::NotProvable {
                identifier: "*.example.com".into(),
                kind: ChallengeKind::TlsAlpn01,
            },
            Problem::Unauthorized,
            "tls-alpn-01 cannot prove control of *.example.com",
        ),
        (
            Failure::Lookup {
                records: "addresses",
                name: NAME.into(),
                hop: Hop::Own,
                flaw: LookupFlaw::NoRecord,
            },
            Problem::Dns,
            "cannot look up addresses of web.example.com: it has none",
        ),
        (
            Failure::Lookup {
                records: "addresses",
                name: "internal.example.com".into(),
                hop: Hop::Redirect(2),
                flaw: LookupFlaw::Silent,
            },
            Problem::Dns,
            "cannot look up addresses of the target of redirect 2: no DNS server has answered",
        ),
        (
            Failure::Forbidden {
                place: own.clone(),
                address: [169, 254, 0, 1].into(),
                refusal: Refusal::Never("link-local (169.254.0.0/16)"),
            },
            Problem::RejectedIdentifier,
            "web.example.com (10.0.0.5), port 80: 169.254.0.1 is not connected to, it is link-local (169.254.0.0/16)",
        ),
        (
            Failure::Forbidden {
                place: hop.clone(),
                address: [10, 9, 9, 9].into(),
                refusal: Refusal::Own,
            },
            Problem::Unauthorized,
            "the target of redirect 2, port 443: its address is not connected to, the server itself, or a service that it uses, listens there",
        ),
        (
            Failure::NotConnected {
                place: hop.clone(),
                attempts: vec![(target, NotReached::Refused), (target, NotReached::Refused)],
            },
            Problem::Connection,
            "cannot connect to the target of redirect 2, port 443: connection refused; connection refused",
        ),
        (
            Failure::TimedOut {
                place: own.clone(),
                stage: Stage::Response,
                limit: std::time::Duration::from_secs(10),
            },
            Problem::Connection,
            "web.example.com (10.0.0.5), port 80: not done within 10 s, the HTTP response was not complete",
        ),
        (
            Failure::Tls {
                place: own.clone(),
                flaw: TlsFlaw::Alert(120),
            },
            Problem::Tls,
            "no TLS with web.example.com (10.0.0.5), port 80: the server ended it with alert 120 (no application protocol: it does not take `acme-tls/1`)",
        ),
        (
            http(&own, HttpFlaw::Status(404)),
            Problem::IncorrectResponse,
            "web.example.com (10.0.0.5), port 80, path /.well-known/acme-challenge/TOKEN: the status is 404, and must be 200",
        ),
        (
            http(&own, HttpFlaw::Closed),
            Problem::Connection,
            "web.example.com (10.0.0.5), port 80, path /.well-known/acme-challenge/TOKEN: the connection was closed before the response was complete",
        ),
        (
            http(
                &hop,
                HttpFlaw::OtherBody {
                    found: 3,
                    expected: 87,
                },
            ),
            Problem::IncorrectResponse,
            "the target of redirect 2, port 443: the body has 3 bytes and is not the key authorization, which has 87",
        ),
        (
            http(&own, redirect(RedirectFlaw::Port(22))),
            Problem::IncorrectResponse,
            "web.example.com (10.0.0.5), port 80, path /.well-known/acme-challenge/TOKEN: the status is 302, a redirect that is not followed: it leads to port 22, and without a [[validate]] rule only ports 80 and 443 are allowed",
        ),
        (
            Failure::OtherText {
                name: "_acme-challenge.example.com".into(),
                found: 1,
                expected: "DIGEST".into(),
            },
            Problem::IncorrectResponse,
            "none of the TXT records of _acme-challenge.example.com (1 in all) is `DIGEST`",
        ),
        (
            Failure::Certificate {
                place: own,
                flaw: CertificateFlaw::Names(2),
            },
            Problem::IncorrectResponse,
            "the certificate of web.example.com (10.0.0.5), port 80 does not prove control: subjectAltName has 2 entries, and must have the identifier as its only one",
        ),
    ];
    for (failure, problem, sentence) in cases {
        assert_eq!(failure.problem(), problem, "{failure:?}");
        assert_eq!(failure.to_string(), sentence);
    }
}
