//! What the name service says of the hosts.

use std::collections::HashMap;

use super::facts::{LookedUp, Reverse};
use super::found::{Draft, Found};
use super::index::Index;
use super::rules::{RESOLVE_ADDRESS, RESOLVE_FORWARD, RESOLVE_REVERSE};
use crate::finding::quoted;
use crate::inventory::Host;
use gsec_pki::encoding::visible::{shortened, visible};
use gsec_pki::x509::path::Severity;
use std::net::IpAddr;

/// As many addresses are named.
const MAX_NAMED: usize = 4;

pub(super) fn check(index: &Index<'_>, names: &HashMap<String, LookedUp>, found: &mut Found) {
    for host in &index.inventory.hosts {
        let Some(fqdn) = &host.fqdn else { continue };
        match names.get(&fqdn.value.value()) {
            Some(LookedUp::Found(addresses)) => {
                address(host, addresses, found);
                reverse(host, addresses, found);
            }
            Some(LookedUp::Nothing(reason)) => {
                let name = quoted(&fqdn.value.value());
                let seen = format!("{name} has no address here: {}", visible(&shortened(reason)));
                found.push(Draft::new(RESOLVE_FORWARD, &fqdn.span, seen));
            }
            Some(LookedUp::Unanswered(_)) | None => (),
        }
    }
}

fn address(host: &Host, addresses: &[(IpAddr, Reverse)], found: &mut Found) {
    let (Some(fqdn), Some(own)) = (&host.fqdn, &host.address) else {
        return;
    };
    if addresses
        .iter()
        .any(|(address, _)| address.to_canonical() == own.value.to_canonical())
    {
        return;
    }
    let listed: Vec<String> = addresses
        .iter()
        .take(MAX_NAMED)
        .map(|(address, _)| address.to_string())
        .collect();
    let seen = format!(
        "{} has the address {} here, and not {}",
        quoted(&fqdn.value.value()),
        listed.join(", "),
        own.value
    );
    found.push(Draft::new(RESOLVE_ADDRESS, &own.span, seen).also(&fqdn.span));
}

/// One address that leads back to the name is enough.
fn reverse(host: &Host, addresses: &[(IpAddr, Reverse)], found: &mut Found) {
    let Some(fqdn) = &host.fqdn else { return };
    let name = fqdn.value.value();
    let is_back = |reverse: &Reverse| match reverse {
        Reverse::Name(other) => other.trim_end_matches('.').eq_ignore_ascii_case(&name),
        Reverse::Nothing => false,
        // Nothing is said of what was not answered.
        Reverse::Unanswered => true,
    };
    if addresses.iter().any(|(_, reverse)| is_back(reverse)) {
        return;
    }
    let other = addresses.iter().find_map(|(address, reverse)| match reverse {
        Reverse::Name(other) => Some((address, other)),
        Reverse::Nothing | Reverse::Unanswered => None,
    });
    let (seen, severity) = match (other, addresses.first()) {
        (Some((address, other)), _) => (
            format!(
                "the reverse lookup of {address} gives {}, not {}",
                quoted(other),
                quoted(&name)
            ),
            Severity::Warning,
        ),
        (None, Some((address, _))) => (
            format!(
                "the reverse lookup of {address} gives no name, not {}",
                quoted(&name)
            ),
            Severity::Notice,
        ),
        (None, None) => return,
    };
    found.push(Draft::new(RESOLVE_REVERSE, &fqdn.span, seen).weighing(severity));
}
