//! Whatever a name resolves to, and whatever the rules are: nothing is connected to that another reading of the rules forbids.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use gsec_pki::x509::IpSubnet;
use proptest::prelude::*;

use super::servers::{Server, to};
use super::targets::ADDRESSES;
use super::world::{World, address};
use crate::validate::rules::{Rule, Rules};

const NAME: &str = "web.example.com";

/// Never connected to, in the words of networks; what holds an IPv4 address is taken apart by [`holds`].
const NEVER: [&str; 15] = [
    "0.0.0.0/8",
    "169.254.0.0/16",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "100.100.100.200/32",
    "192.0.0.192/32",
    "168.63.129.16/32",
    "::/128",
    "fe80::/10",
    "ff00::/8",
    "fd00:ec2::254/128",
    "fd00:ec2::23/128",
    "fd20:ce::254/128",
    "fd00:42::42/128",
    "64:ff9b:1::/48",
];
/// Networks within which an IPv4 address begins at a bit.
const HOLDING: [(&str, u32); 6] = [
    ("::/96", 96),
    ("::ffff:0:0/96", 96),
    ("::ffff:0:0:0/96", 96),
    ("64:ff9b::/96", 96),
    ("2002::/16", 16),
    ("2001::/32", 96),
];
/// Connected to without a rule.
const ORDINARY: [&str; 5] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "2000::/3",
];
const SPECIAL: [&str; 13] = [
    "100.64.0.0/10",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "192.88.99.0/24",
    "198.18.0.0/15",
    "127.0.0.0/8",
    "::1/128",
    "2001:db8::/32",
    "3fff::/20",
    "2001::/23",
    "2002::/16",
];

fn is_in(address: IpAddr, networks: &[&str]) -> bool {
    networks
        .iter()
        .any(|network| IpSubnet::parse(network).expect("a network").contains(address))
}

fn holds(outer: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(bits) = outer else { return None };
    if let [_, _, _, _, 0 | 0x200, 0x5efe, ..] = bits.segments() {
        return Some(Ipv4Addr::from(bits.to_bits() as u32));
    }
    if bits == Ipv6Addr::LOCALHOST {
        return None;
    }
    let bits = u128::from(bits);
    let (network, at) = HOLDING.iter().find(|(network, _)| is_in(outer, &[network]))?;
    let inner = u32::try_from(bits << at >> 96).expect("32 bits");
    Some(Ipv4Addr::from(if *network == "2001::/32" {
        !inner
    } else {
        inner
    }))
}

/// Another reading of server.md, part 4.
fn may_be_connected(target: SocketAddr, allow: Option<&[IpSubnet]>, listeners: &[SocketAddr]) -> bool {
    let address = target.ip();
    let held = holds(address).map(IpAddr::V4);
    let on_loopback = !listeners.is_empty() && listeners.iter().all(|listener| listener.ip().is_loopback());
    if is_in(address, &NEVER) || (address != IpAddr::from(Ipv6Addr::LOCALHOST) && is_in(address, &["::/96"]))
    {
        return false;
    }
    if held.is_some_and(|held| is_in(held, &NEVER) || held.is_loopback()) {
        return false;
    }
    if listeners
        .iter()
        .any(|own| *own == target || Some(own.ip()) == held && own.port() == target.port())
    {
        return false;
    }
    if address.is_loopback() && !on_loopback {
        return false;
    }
    match allow {
        Some(networks) => networks.iter().any(|network| network.contains(address)),
        None => {
            let judged = if is_in(address, &["64:ff9b::/96"]) {
                held.unwrap_or(address)
            } else {
                address
            };
            let is_global = judged.is_ipv4() || is_in(judged, &ORDINARY);
            address.is_loopback() || is_global && !is_in(judged, &SPECIAL)
        }
    }
}

fn addresses() -> impl Strategy<Value = IpAddr> {
    let known = proptest::sample::select(ADDRESSES).prop_map(|(text, _)| address(text));
    let v4 = any::<u32>().prop_map(|bits| IpAddr::V4(bits.into()));
    let v6 = any::<u128>().prop_map(|bits| IpAddr::V6(bits.into()));
    let holding = (
        proptest::sample::select(&HOLDING[..]),
        any::<u128>(),
        known.clone(),
    )
        .prop_map(|((network, at), rest, inner)| {
            let prefix = network.split('/').next().expect("a prefix");
            let (IpAddr::V6(prefix), IpAddr::V4(inner)) = (address(prefix), inner) else {
                return inner;
            };
            let inner = u128::from(u32::from(inner)) << (96 - at);
            IpAddr::V6(
                (u128::from(prefix) | inner | (rest & !(u128::MAX >> 96 << (96 - at)) & (u128::MAX >> at)))
                    .into(),
            )
        });
    prop_oneof![4 => known, 1 => v4, 1 => v6, 2 => holding]
}

fn rules() -> impl Strategy<Value = (Option<Vec<IpSubnet>>, Vec<SocketAddr>)> {
    let network = prop_oneof![
        addresses().prop_map(|address| address.to_string()),
        proptest::sample::select(
            [
                &ORDINARY[..],
                &SPECIAL[..],
                &NEVER[..],
                &["0.0.0.0/0", "::/0"][..]
            ]
            .concat()
        )
        .prop_map(str::to_owned),
    ];
    let network = network.prop_map(|text| IpSubnet::parse(&text).expect("a network"));
    let allow = proptest::option::of(proptest::collection::vec(network, 0..4));
    let listener = (addresses(), proptest::sample::select(&[80, 443, 8443][..]))
        .prop_map(|(address, port)| SocketAddr::new(address.to_canonical(), port))
        .prop_filter("a socket of one address", |listener| {
            !listener.ip().is_unspecified()
        });
    let listeners = prop_oneof![
        proptest::collection::vec(listener, 0..3),
        Just(vec![SocketAddr::from(([127, 0, 0, 1], 8443))]),
    ];
    (allow, listeners)
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

fn world(allow: Option<&Vec<IpSubnet>>, listeners: &[SocketAddr]) -> World {
    let rule = Rule {
        allow: allow.cloned(),
        ..Rule::default()
    };
    World::new().rules(Rules::new(vec![rule], listeners.to_vec(), Vec::new()))
}

fn texts(addresses: &[IpAddr]) -> Vec<String> {
    addresses.iter().map(IpAddr::to_string).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_forbidden_address_is_connected_to(
        found in proptest::collection::vec(addresses(), 1..5),
        (allow, listeners) in rules(),
    ) {
        let texts = texts(&found);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let world = world(allow.as_ref(), &listeners).name(NAME, &texts);
        let _ = run(world.http(NAME));
        let all_may = found.iter().all(|address| {
            may_be_connected(SocketAddr::new(address.to_canonical(), 80), allow.as_deref(), &listeners)
        });
        prop_assert_eq!(!world.connected().is_empty(), all_may, "{:?}", world.connected());
        for target in world.connected() {
            let target: SocketAddr = target.parse().expect("an address");
            prop_assert!(found.iter().any(|address| address.to_canonical() == target.ip()));
            prop_assert!(may_be_connected(target, allow.as_deref(), &listeners), "{}", target);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_redirect_leads_to_a_forbidden_address(
        found in proptest::collection::vec(addresses(), 1..4),
        (allow, listeners) in rules(),
        is_https in any::<bool>(),
    ) {
        let texts = texts(&found);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let start = SocketAddr::from(([10, 0, 0, 5], 80));
        let connected = run(async {
            let (scheme, port) = if is_https { ("https", 443) } else { ("http", 80) };
            let server = Server::saying(to(&format!("{scheme}://next.example.com:{port}/"))).await;
            let world = world(allow.as_ref(), &listeners)
                .name(NAME, &["10.0.0.5"])
                .name("next.example.com", &texts)
                .at(&start.to_string(), server.address);
            let _ = world.http(NAME).await;
            world.connected()
        });
        for target in connected {
            let target: SocketAddr = target.parse().expect("an address");
            prop_assert!(may_be_connected(target, allow.as_deref(), &listeners), "{}", target);
        }
    }
}
