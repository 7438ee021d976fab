//! Which addresses are this machine's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Addresses for documentation (RFC 5737, RFC 3849), which no machine has.
const NOBODYS_V4: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const NOBODYS_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));

/// Whether an address is this machine's: a socket can be bound to it. Where sockets can be bound to any address (`ip_nonlocal_bind`, as on pairs of
/// balancers), whether the way there begins at the address itself. Sends nothing.
pub(super) fn is_this_machine(address: IpAddr) -> bool {
    let nobodys = if address.is_ipv4() { NOBODYS_V4 } else { NOBODYS_V6 };
    can_bind(address) && (!can_bind(nobodys) || begins_at(address))
}

fn can_bind(address: IpAddr) -> bool {
    UdpSocket::bind(SocketAddr::new(address, 0)).is_ok()
}

fn begins_at(address: IpAddr) -> bool {
    let any: IpAddr = if address.is_ipv4() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        Ipv6Addr::UNSPECIFIED.into()
    };
    UdpSocket::bind(SocketAddr::new(any, 0))
        .and_then(|socket| socket.connect(SocketAddr::new(address, 9)).map(|()| socket))
        .and_then(|socket| socket.local_addr())
        .is_ok_and(|own| own.ip() == address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_this_machine_and_addresses_for_documentation_are_not() {
        assert!(is_this_machine(Ipv4Addr::LOCALHOST.into()));
        assert!(!is_this_machine(NOBODYS_V4));
        assert!(!is_this_machine(NOBODYS_V6));
        assert!(begins_at(Ipv4Addr::LOCALHOST.into()));
    }
}
