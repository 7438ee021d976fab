//! How this machine is called. Looking up may hang for as long as the resolver is set to wait, so it is waited for here no longer than is useful.

use std::net::IpAddr;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::checks::machine::Names;

/// How long all look-ups together may take.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(10);
/// The most addresses that are looked up backwards.
const MAX_ADDRESSES: usize = 16;

/// The names of this machine, by itself and by its resolver.
pub fn names() -> Names {
    let own = dns_lookup::get_hostname().unwrap_or_default();
    let (send, receive) = mpsc::channel();
    let asked = own.clone();
    // The thread keeps running after the timeout, and ends with the process.
    thread::spawn(move || send.send(looked_up(asked)));
    receive.recv_timeout(LOOKUP_TIMEOUT).unwrap_or_else(|_| Names {
        own,
        canonical: None,
        addresses: Err(format!(
            "the resolver did not answer within {} seconds",
            LOOKUP_TIMEOUT.as_secs()
        )),
    })
}

fn looked_up(own: String) -> Names {
    let canonical = canonical(&own);
    let addresses = dns_lookup::lookup_host(canonical.as_deref().unwrap_or(&own));
    let addresses = addresses
        .map_err(|error| std::io::Error::from(error).to_string())
        .map(|found| {
            let mut found: Vec<IpAddr> = found.collect();
            found.sort();
            found.dedup();
            found
                .into_iter()
                .take(MAX_ADDRESSES)
                .map(|address| (address, name_of(address)))
                .collect()
        });
    Names {
        own,
        canonical,
        addresses,
    }
}

/// The name of an address; the library gives the address itself where it has none.
fn name_of(address: IpAddr) -> Option<String> {
    dns_lookup::lookup_addr(&address)
        .ok()
        .filter(|name| name.parse::<IpAddr>().is_err())
}

/// What `hostname -f` says.
fn canonical(own: &str) -> Option<String> {
    /// AI_CANONNAME, which is 2 on every system with a BSD resolver.
    const CANONICAL_NAME: i32 = 2;
    let hints = dns_lookup::AddrInfoHints {
        flags: CANONICAL_NAME,
        ..Default::default()
    };
    let found = dns_lookup::getaddrinfo(Some(own), None, Some(hints)).ok()?;
    found
        .filter_map(Result::ok)
        .find_map(|entry| entry.canonname)
        .filter(|name| name.contains('.'))
}
