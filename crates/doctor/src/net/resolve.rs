//! Names become addresses.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::time::Duration;

use crate::tls::{Behaviour, Endpoint};
use gsec_pki::encoding::visible::system_words;

/// More addresses than any host has that means well.
const MAX_ADDRESSES: usize = 16;

/// Every address of a host, in the order of the name service; an address is its own.
pub(super) fn resolve(
    endpoint: &Endpoint,
    may_resolve: bool,
    limit: Duration,
) -> Result<Vec<SocketAddr>, Behaviour> {
    if let Ok(address) = endpoint.host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, endpoint.port)]);
    }
    if !may_resolve {
        return Err(Behaviour::ResolutionForbidden);
    }
    // The system's resolver does not support a timeout: it keeps running in its thread after ours.
    let (answer, answered) = mpsc::channel();
    let (host, port) = (endpoint.host.clone(), endpoint.port);
    let ask = move || {
        answer.send(
            (host.as_str(), port)
                .to_socket_addrs()
                .map(Iterator::collect::<Vec<_>>),
        )
    };
    if let Err(error) = std::thread::Builder::new().spawn(ask) {
        return Err(Behaviour::Unresolved {
            reason: system_words(&error),
        });
    }
    let found = match answered.recv_timeout(limit) {
        Ok(Ok(addresses)) => addresses,
        Ok(Err(error)) => {
            return Err(Behaviour::Unresolved {
                reason: resolver_words(&error),
            });
        }
        Err(_) => {
            return Err(Behaviour::Unresolved {
                reason: format!("no answer within {limit:?}"),
            });
        }
    };
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for address in found {
        if !addresses.contains(&address) && addresses.len() < MAX_ADDRESSES {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        Err(Behaviour::Unresolved {
            reason: "the name has no address".into(),
        })
    } else {
        Ok(addresses)
    }
}

/// What the resolver says, without what std puts before it.
fn resolver_words(error: &std::io::Error) -> String {
    let words = system_words(error);
    words
        .strip_prefix("failed to lookup address information: ")
        .unwrap_or(&words)
        .to_owned()
}
