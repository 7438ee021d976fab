//! What kind of address an address is. Pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is for, as far as it matters to whoever connects to it (RFC 6890 and the registries that it made).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressClass {
    /// RFC 1918, or RFC 4193 (ULA).
    Private,
    /// Global unicast.
    Global,
    /// This machine.
    Loopback,
    /// Unicast for a purpose of its own, by name: connected to where a rule names its network.
    Special(&'static str),
    /// Never connected to, whatever a rule says, with what it is.
    Never(&'static str),
}

/// Where clouds tell each machine its secrets, beside 169.254.0.0/16: AWS, Google, Scaleway; Alibaba, Oracle, Azure.
const METADATA_V6: [Ipv6Addr; 4] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42),
];
const METADATA_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
    Ipv4Addr::new(168, 63, 129, 16),
];
const METADATA: &str = "the metadata service of a cloud";

impl AddressClass {
    /// The class of an address. An IPv4 address within an IPv6 address counts too: where it is never connected to, neither is the other.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

fn of_v4(address: Ipv4Addr) -> AddressClass {
    use AddressClass::{Global, Loopback, Never, Private, Special};
    if METADATA_V4.contains(&address) {
        return Never(METADATA);
    }
    match address.octets() {
        [0, ..] => Never("no address of a host (0.0.0.0/8)"),
        [127, ..] => Loopback,
        [169, 254, ..] => Never("link-local (169.254.0.0/16)"),
        [224..=239, ..] => Never("multicast"),
        [255, 255, 255, 255] => Never("broadcast"),
        [240..=255, ..] => Never("reserved (240.0.0.0/4)"),
        [10, ..] | [192, 168, ..] | [172, 16..=31, ..] => Private,
        [100, 64..=127, ..] => Special("shared address space (100.64.0.0/10)"),
        [192, 0, 0, _] => Special("for protocols of the IETF (192.0.0.0/24)"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Special("for documentation"),
        [192, 88, 99, _] => Special("for 6to4 relays (192.88.99.0/24)"),
        [198, 18..=19, ..] => Special("for benchmarks (198.18.0.0/15)"),
        _ => Global,
    }
}

fn of_v6(address: Ipv6Addr) -> AddressClass {
    use AddressClass::{Global, Loopback, Never, Private, Special};
    if let Some(inner) = embedded(address) {
        match of_v4(inner) {
            Never(what) => return Never(what),
            Loopback => return Never("loopback within an IPv6 address"),
            class if is_translated(address) => return class,
            _ => {}
        }
    }
    if METADATA_V6.contains(&address) {
        return Never(METADATA);
    }
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Loopback,
        [0, 0, 0, 0, 0, 0, ..] => Never("an IPv4-compatible address (::/96)"),
        [0xfe80..=0xfebf, ..] => Never("link-local (fe80::/10)"),
        [0xff00..=0xffff, ..] => Never("multicast"),
        // RFC 8215: which part of it is the IPv4 address differs from network to network.
        [0x64, 0xff9b, 1, ..] => Never("for translation within a network (64:ff9b:1::/48)"),
        [0xfc00..=0xfdff, ..] => Private,
        [0xfec0..=0xfeff, ..] => Special("site-local (fec0::/10)"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Special("for documentation"),
        [0x2001, 0, ..] => Special("Teredo (2001::/32)"),
        [0x2001, 1..=0x1ff, ..] => Special("for protocols of the IETF (2001::/23)"),
        [0x2002, ..] => Special("6to4 (2002::/16)"),
        [0x2000..=0x3fff, ..] => Global,
        _ => Special("not global unicast"),
    }
}

/// NAT64 (RFC 6052 §2.1): what is connected to is the IPv4 address within.
fn is_translated(address: Ipv6Addr) -> bool {
    matches!(address.segments(), [0x64, 0xff9b, 0, 0, 0, 0, ..])
}

/// The IPv4 address within an IPv6 address, where something on the way may connect to it: IPv4-translated (RFC 2765 §2.1), NAT64, Teredo's client
/// (RFC 4380 §4), 6to4 (RFC 3056 §2), ISATAP (RFC 5214 §6.1). Not IPv4-mapped, which is an IPv4 address to whoever connects.
pub(super) fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => Some(from(high, low)),
        [0x2001, 0, _, _, _, _, high, low] => Some(from(!high, !low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapped_address_is_of_the_class_of_the_ipv4_address() {
        for text in [
            "10.0.0.5",
            "127.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "8.8.8.8",
        ] {
            let address: Ipv4Addr = text.parse().expect("an address");
            let mapped = address.to_ipv6_mapped().into();
            assert_eq!(
                AddressClass::of(mapped),
                AddressClass::of(address.into()),
                "{text}"
            );
        }
    }
}
