//! Every kind of address: whether it is connected to, without a rule.

use std::net::{IpAddr, SocketAddr};

use super::servers::{Server, to};
use super::world::{World, address, identifier_of};
use crate::validate::failure::{Failure, Hop, Problem};
use crate::validate::rules::{Refusal, Rule, Rules};

/// What is expected of an address, without a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// Connected to.
    Allowed,
    /// Only where a rule names its network.
    Special,
    /// While the server listens on loopback only.
    Loopback,
    /// Never.
    Never,
}

use Expected::{Allowed, Loopback, Never, Special};

#[rustfmt::skip]
pub(super) const ADDRESSES: &[(&str, Expected)] = &[
    // IPv4: private and global
    ("10.0.0.0", Allowed), ("10.0.0.5", Allowed), ("10.255.255.254", Allowed),
    ("172.16.0.1", Allowed), ("172.31.255.254", Allowed), ("192.168.0.1", Allowed), ("192.168.255.254", Allowed),
    ("9.255.255.255", Allowed), ("11.0.0.1", Allowed), ("172.15.255.255", Allowed), ("172.32.0.1", Allowed),
    ("192.167.255.255", Allowed), ("192.169.0.1", Allowed), ("8.8.8.8", Allowed), ("1.1.1.1", Allowed), ("223.255.255.254", Allowed),
    ("168.63.129.15", Allowed), ("128.0.0.1", Allowed), ("126.255.255.254", Allowed), ("169.253.255.255", Allowed), ("169.255.0.1", Allowed),
    // for purposes of their own
    ("100.64.0.1", Special), ("100.127.255.254", Special), ("192.0.0.1", Special), ("192.0.2.1", Special), ("198.51.100.1", Special),
    ("203.0.113.1", Special), ("192.88.99.1", Special), ("198.18.0.1", Special), ("198.19.255.254", Special),
    // next to them
    ("100.63.255.255", Allowed), ("100.128.0.1", Allowed), ("198.17.255.255", Allowed), ("198.20.0.1", Allowed), ("192.0.1.1", Allowed), ("192.0.3.1", Allowed),
    // loopback
    ("127.0.0.1", Loopback), ("127.0.0.2", Loopback), ("127.255.255.254", Loopback), ("::1", Loopback), ("::ffff:127.0.0.1", Loopback),
    // never
    ("0.0.0.0", Never), ("0.0.0.1", Never), ("0.255.255.255", Never), ("169.254.0.1", Never), ("169.254.169.254", Never), ("169.254.170.2", Never),
    ("224.0.0.1", Never), ("239.255.255.255", Never), ("240.0.0.1", Never), ("255.255.255.254", Never), ("255.255.255.255", Never),
    ("100.100.100.200", Never), ("192.0.0.192", Never), ("168.63.129.16", Never),
    // IPv6: unique local and global
    ("fc00::1", Allowed), ("fd00::5", Allowed), ("fdff:ffff::1", Allowed), ("fd00:ec2::255", Allowed),
    ("2000::1", Allowed), ("2606:4700::1111", Allowed), ("2a00:1450::1", Allowed), ("2001:200::1", Allowed), ("2001:db7::1", Allowed), ("3ffe::1", Allowed),
    // for purposes of their own
    ("2001:db8::1", Special), ("3fff::1", Special), ("3fff:fff::1", Special), ("fec0::1", Special), ("2001:2::1", Special), ("2001:20::1", Special),
    ("100::1", Special), ("4000::1", Special), ("5f00::1", Special), ("2002:808:808::1", Special), ("2001:0:808:808:0:0:f7f7:f7f7", Special),
    // never
    ("::", Never), ("fe80::1", Never), ("febf::1", Never), ("ff02::1", Never), ("ff0e::1", Never), ("fd00:ec2::254", Never), ("fd20:ce::254", Never),
    ("fe80::a9fe:a9fe", Never), ("64:ff9b:1::1", Never),
    // IPv4 within IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP
    ("::ffff:10.0.0.5", Allowed), ("::ffff:169.254.169.254", Never), ("::ffff:0.0.0.0", Never), ("::ffff:224.0.0.1", Never), ("::ffff:100.64.0.1", Special),
    ("::169.254.169.254", Never), ("::127.0.0.1", Never), ("::10.0.0.5", Never), ("::8.8.8.8", Never),
    ("::ffff:0:169.254.169.254", Never), ("::ffff:0:127.0.0.1", Never),
    ("64:ff9b::10.0.0.5", Allowed), ("64:ff9b::8.8.8.8", Allowed), ("64:ff9b::169.254.169.254", Never), ("64:ff9b::127.0.0.1", Never), ("64:ff9b::100.64.0.1", Special),
    ("2002:a9fe:a9fe::", Never), ("2002:7f00:1::", Never), ("2001:0:1:1:0:0:5601:5601", Never), ("2001:0:1:1:0:0:80ff:fffe", Never),
    ("fd00::5efe:169.254.169.254", Never), ("fd00::200:5efe:127.0.0.1", Never), ("2606::200:5efe:169.254.0.1", Never),
];

fn judge(rules: &Rules, identifier: &str, target: &str, port: u16) -> Result<SocketAddr, Refusal> {
    let nobody = |_: IpAddr| false;
    rules.judge(
        &identifier_of(identifier),
        SocketAddr::new(address(target), port),
        &nobody,
    )
}

fn listening(listeners: &[&str]) -> Rules {
    let listeners = listeners.iter().map(|text| text.parse().expect("an address"));
    Rules::new(Vec::new(), listeners.collect(), Vec::new())
}

fn allowing(networks: &[&str]) -> Rules {
    let networks = networks
        .iter()
        .map(|text| gsec_pki::x509::IpSubnet::parse(text).expect("a network"));
    let rule = Rule {
        allow: Some(networks.collect()),
        ..Rule::default()
    };
    Rules::new(
        vec![rule],
        vec!["127.0.0.1:8443".parse().expect("an address")],
        Vec::new(),
    )
}

#[test]
fn every_kind_of_address_is_judged() {
    let (outside, inside) = (
        listening(&["10.0.0.1:8443"]),
        listening(&["127.0.0.1:8443", "[::1]:8443"]),
    );
    assert!(ADDRESSES.len() >= 60);
    for (target, expected) in ADDRESSES {
        let refusal = judge(&outside, "web.example.com", target, 80).err();
        let is_as_expected = match expected {
            Allowed => refusal.is_none(),
            Special => matches!(refusal, Some(Refusal::Special(_))),
            Loopback => refusal == Some(Refusal::Loopback),
            Never => matches!(refusal, Some(Refusal::Never(_))),
        };
        assert!(is_as_expected, "{target}: {refusal:?}");
        let is_allowed = judge(&inside, "web.example.com", target, 80).is_ok();
        assert_eq!(is_allowed, matches!(expected, Allowed | Loopback), "{target}");
    }
}

#[test]
fn no_rule_opens_what_is_never_connected_to() {
    let everything = allowing(&["0.0.0.0/0", "::/0"]);
    for (target, expected) in ADDRESSES {
        let is_allowed = judge(&everything, "web.example.com", target, 80).is_ok();
        assert_eq!(is_allowed, *expected != Never, "{target}");
    }
}

#[test]
fn a_rule_closes_what_it_does_not_name() {
    let rules = allowing(&["10.1.0.0/16", "100.64.0.0/10", "fd00::/16"]);
    for (target, refusal) in [
        ("10.1.2.3", None),
        ("100.64.0.1", None),
        ("fd00::5", None),
        ("::ffff:10.1.2.3", None),
        ("10.2.0.1", Some(Refusal::NotAllowed)),
        ("8.8.8.8", Some(Refusal::NotAllowed)),
        ("127.0.0.1", Some(Refusal::NotAllowed)),
        ("198.18.0.1", Some(Refusal::NotAllowed)),
        ("64:ff9b::10.1.2.3", Some(Refusal::NotAllowed)),
    ] {
        assert_eq!(
            judge(&rules, "web.example.com", target, 80).err(),
            refusal,
            "{target}"
        );
    }
}

#[test]
fn a_mapped_address_is_connected_to_by_ipv4() {
    let rules = listening(&["10.0.0.1:8443"]);
    assert_eq!(
        judge(&rules, "web.example.com", "::ffff:10.0.0.5", 80),
        Ok(SocketAddr::from(([10, 0, 0, 5], 80)))
    );
}

#[test]
fn loopback_is_for_names_while_the_server_listens_on_loopback_only() {
    for (listeners, is_allowed) in [
        (&["127.0.0.1:8443"][..], true),
        (&["127.0.0.1:8443", "[::1]:8080"], true),
        (&["[::ffff:127.0.0.1]:8443"], true),
        (&["127.0.0.1:8443", "10.0.0.1:8443"], false),
        (&["0.0.0.0:8443"], false),
        (&["[::]:8443"], false),
        (&[], false),
    ] {
        let rules = listening(listeners);
        for target in ["127.0.0.1", "::1"] {
            let result = judge(&rules, "web.example.com", target, 80);
            assert_eq!(result.is_ok(), is_allowed, "{listeners:?} {target}: {result:?}");
            assert_eq!(
                judge(&rules, target, target, 80),
                Err(Refusal::Loopback),
                "{target} is no name"
            );
        }
    }
    let named = allowing(&["127.0.0.0/8"]);
    assert!(
        judge(&named, "127.0.0.1", "127.0.0.1", 80).is_ok(),
        "the administrator has named it"
    );
}

#[test]
fn the_servers_own_sockets_are_not_connected_to() {
    let rules = Rules::new(
        Vec::new(),
        ["10.0.0.1:443", "[fd00::1]:443", "0.0.0.0:80"]
            .map(|text| text.parse().expect("an address"))
            .into(),
        vec!["10.0.0.2:443".parse().expect("an address")],
    );
    let mine = |asked: IpAddr| asked == address("10.0.0.9") || asked == address("fd00::9");
    for (target, port, is_own) in [
        ("10.0.0.1", 443, true),
        ("::ffff:10.0.0.1", 443, true),
        ("64:ff9b::10.0.0.1", 443, true),
        ("fd00::1", 443, true),
        ("10.0.0.2", 443, true),
        ("10.0.0.3", 443, false),
        ("10.0.0.9", 80, true),
        ("fd00::9", 80, true),
        ("64:ff9b::10.0.0.9", 80, true),
        ("10.0.0.9", 443, false),
        ("10.0.0.3", 80, false),
    ] {
        let result = rules.judge(
            &identifier_of("web.example.com"),
            SocketAddr::new(address(target), port),
            &mine,
        );
        assert_eq!(result == Err(Refusal::Own), is_own, "{target} {port}: {result:?}");
    }
    let on_loopback = listening(&["127.0.0.1:80"]);
    assert_eq!(
        judge(&on_loopback, "web.example.com", "127.0.0.1", 80),
        Err(Refusal::Own)
    );
    assert!(judge(&on_loopback, "web.example.com", "127.0.0.1", 443).is_ok());
}

/// As the identifier's own address, as one of several, as an identifier, and behind a redirect.
#[tokio::test]
async fn no_road_leads_to_an_address_that_is_not_allowed() {
    for (target, expected) in ADDRESSES.iter().filter(|(_, expected)| *expected != Allowed) {
        let named = World::new().name("web.example.com", &["10.0.0.5", target, "fd00::5"]);
        let failure = named
            .http("web.example.com")
            .await
            .expect_err("it is not allowed");
        match &failure {
            Failure::Forbidden {
                address: found,
                place,
                ..
            } => {
                assert_eq!(*found, address(target));
                assert_eq!(place.hop, Hop::Own);
                assert!(failure.to_string().contains(&found.to_string()), "{failure}");
            }
            other => panic!("{target}: {other:?}"),
        }
        assert_eq!(failure.problem(), Problem::RejectedIdentifier);
        assert_eq!(named.connected(), [""; 0], "{target} {expected:?}");

        let itself = World::new();
        itself.http(target).await.expect_err("it is not allowed");
        assert_eq!(itself.connected(), [""; 0], "{target}");

        let host = if target.contains(':') {
            format!("[{target}]")
        } else {
            (*target).to_owned()
        };
        for scheme in ["http", "https"] {
            let server = Server::saying(to(&format!("{scheme}://{host}/"))).await;
            let world = World::new()
                .name("web.example.com", &["10.0.0.5"])
                .at("10.0.0.5:80", server.address);
            let failure = world
                .http("web.example.com")
                .await
                .expect_err("it is not allowed");
            assert!(
                matches!(failure, Failure::Forbidden { .. }),
                "{target}: {failure:?}"
            );
            assert_eq!(failure.problem(), Problem::Unauthorized);
            let (text, shown) = (failure.to_string(), address(target).to_string());
            assert!(
                !text.split([' ', ',', '(', ')']).any(|word| word == shown),
                "{failure}"
            );
            assert_eq!(world.connected(), ["10.0.0.5:80"], "{target}");
        }
    }
}
