//! Names that nothing has, and names that two have.

use std::collections::HashMap;
use std::hash::Hash;

use super::facts::{Facts, Profiles};
use super::found::{Draft, Found};
use super::index::{Index, Span};
use super::rules::{
    DUPLICATE_ADDRESS, DUPLICATE_APP, DUPLICATE_CONNECTION, DUPLICATE_FQDN, DUPLICATE_HOST, DUPLICATE_PAIR,
    DUPLICATE_PORT, UNKNOWN_APP, UNKNOWN_HOST, UNKNOWN_PORT, UNKNOWN_PROFILE, UNKNOWN_TARGET,
};
use crate::finding::{Rule, nearest, quoted};
use crate::inventory::{Certificate, Located, PortMode};

/// In more names than this none is looked for that may be meant.
const MAX_NEAR: usize = 2_000;
/// So many names get a proposal: who has more wrong ones has renamed something.
const MAX_PROPOSALS: usize = 100;

pub(super) fn check(index: &Index<'_>, facts: &Facts, found: &mut Found) {
    let mut proposals = Proposals::of(index);
    unknown_hosts(index, &mut proposals, found);
    unknown_apps(index, &mut proposals, found);
    unknown_ports(index, found);
    unknown_targets(index, facts, found);
    for refused in &facts.refused {
        found.push(Draft::new(refused.rule, &refused.span, refused.seen.as_str()));
    }
    if let Some(profiles) = facts.profiles.seen() {
        unknown_profiles(index, profiles, found);
    }
    duplicate_hosts(index, found);
    duplicate_apps(index, found);
    duplicate_pairs(index, found);
}

/// What may be meant by a name that nothing has.
struct Proposals<'a> {
    hosts: Vec<&'a str>,
    apps: Vec<&'a str>,
    left: usize,
}

impl<'a> Proposals<'a> {
    fn of(index: &Index<'a>) -> Self {
        let hosts = index.inventory.hosts.iter().map(|host| host.name.as_str());
        let apps = index.inventory.apps.iter().map(|app| app.name.as_str());
        Self {
            hosts: hosts.collect(),
            apps: apps.collect(),
            left: MAX_PROPOSALS,
        }
    }

    fn nearest(&mut self, name: &str, of_hosts: bool) -> Option<String> {
        let known = if of_hosts { &self.hosts } else { &self.apps };
        if self.left == 0 || known.len() > MAX_NEAR {
            return None;
        }
        self.left -= 1;
        let meant = nearest(name, known.iter().copied())?;
        Some(format!("{} may be meant", quoted(meant)))
    }
}

fn helped(draft: Draft, help: Option<String>) -> Draft {
    match help {
        Some(words) => draft.help(words),
        None => draft,
    }
}

fn unknown_hosts(index: &Index<'_>, proposals: &mut Proposals<'_>, found: &mut Found) {
    for app in &index.inventory.apps {
        if index.host(&app.host).is_none() {
            let seen = format!(
                "{} is on host {}, which the inventory does not have",
                quoted(&app.name),
                quoted(&app.host)
            );
            let draft = Draft::new(UNKNOWN_HOST, &app.host.span, seen);
            found.push(helped(draft, proposals.nearest(&app.host, true)));
        }
    }
}

fn unknown_apps(index: &Index<'_>, proposals: &mut Proposals<'_>, found: &mut Found) {
    let of_links = index.links.iter().map(|link| &link.connection.to);
    let of_pairs = index
        .inventory
        .pairs
        .iter()
        .flat_map(|pair| [&pair.primary, &pair.backup]);
    for name in of_links.chain(of_pairs) {
        if index.app(name).is_none() {
            let seen = format!("the inventory has no application {}", quoted(name));
            let draft = Draft::new(UNKNOWN_APP, &name.span, seen);
            found.push(helped(draft, proposals.nearest(name, false)));
        }
    }
}

fn unknown_ports(index: &Index<'_>, found: &mut Found) {
    for link in &index.links {
        // Of a server without `default`, its own finding says so.
        let (Some(server), None, Some(id)) = (link.server, link.port, &link.connection.port) else {
            continue;
        };
        let server = &index.inventory.apps[server];
        let (mut secure, mut others): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for port in server.ports.iter().take(12) {
            match port.mode.value {
                PortMode::Unsecured => others.push(quoted(&port.id)),
                PortMode::Secured | PortMode::AutoDetect => {
                    secure.push(format!("{} (secure)", quoted(&port.id)))
                }
            }
        }
        secure.append(&mut others);
        let seen = format!("{} has no port {}", quoted(&server.name), quoted(id));
        let draft = Draft::new(UNKNOWN_PORT, &id.span, seen).also(&server.name.span);
        let help = (!secure.is_empty()).then(|| format!("its ports are {}", secure.join(", ")));
        found.push(helped(draft, help));
    }
}

fn unknown_targets(index: &Index<'_>, facts: &Facts, found: &mut Found) {
    for bundle in index.inventory.hosts.iter().flat_map(|host| &host.bundles) {
        if !facts.targets.contains(&bundle.target.as_str()) {
            let seen = format!("{} is not a bundle target", quoted(&bundle.target));
            let help = match nearest(&bundle.target, facts.targets.iter().copied()) {
                Some(meant) => format!("`{meant}` may be meant"),
                None => format!("one of {}", facts.targets.join(", ")),
            };
            found.push(Draft::new(UNKNOWN_TARGET, &bundle.target.span, seen).help(help));
        }
    }
}

fn unknown_profiles(index: &Index<'_>, profiles: &Profiles, found: &mut Found) {
    let of_hosts = index.inventory.hosts.iter().map(|host| &host.profile);
    let named = of_hosts.chain([&index.inventory.defaults.profile]).flatten();
    for name in named.filter(|name| !profiles.all.contains_key(name.as_str())) {
        let mut known: Vec<&str> = profiles.all.keys().map(String::as_str).collect();
        known.sort_unstable();
        let seen = format!("the CA has no profile {}", quoted(name));
        let help = match nearest(name, known.iter().copied()) {
            Some(meant) => format!("{} may be meant", quoted(meant)),
            None => format!("its profiles are {}", known.join(", ")),
        };
        found.push(Draft::new(UNKNOWN_PROFILE, &name.span, seen).help(help));
    }
}

/// Reports each one whose key an earlier one has.
fn duplicates<K: Hash + Eq>(
    all: impl Iterator<Item = (K, Span)>,
    rule: Rule,
    seen: impl Fn(&K) -> String,
    found: &mut Found,
) {
    let mut first: HashMap<K, Span> = HashMap::new();
    for (key, span) in all {
        match first.get(&key) {
            Some(earlier) => found.push(Draft::new(rule, &span, seen(&key)).also(earlier)),
            None => drop(first.insert(key, span)),
        }
    }
}

fn named<T: ToString>(name: &Located<T>) -> (String, Span) {
    (name.value.to_string(), name.span.clone())
}

fn duplicate_hosts(index: &Index<'_>, found: &mut Found) {
    let hosts = &index.inventory.hosts;
    // Folders are called as hosts are, and some systems do not tell `A` from `a`.
    duplicates(
        hosts.iter().map(|host| {
            let (name, span) = named(&host.name);
            (name.to_lowercase(), span)
        }),
        DUPLICATE_HOST,
        |_| "another host has this name, or one that differs only in capital letters".into(),
        found,
    );
    let fqdns = hosts
        .iter()
        .filter(|host| host.certificate.value == Certificate::Host)
        .filter_map(|host| host.fqdn.as_ref())
        .map(|name| (name.value.value().to_lowercase(), name.span.clone()));
    let seen = |name: &String| {
        format!(
            "another host is {}, too: one certificate cannot be for both",
            quoted(name)
        )
    };
    duplicates(fqdns, DUPLICATE_FQDN, seen, found);
    let addresses = hosts
        .iter()
        .filter_map(|host| host.address.as_ref())
        .map(|address| (address.value, address.span.clone()));
    let seen = |address: &std::net::IpAddr| format!("another host has the address {address}, too");
    duplicates(addresses, DUPLICATE_ADDRESS, seen, found);
}

fn duplicate_apps(index: &Index<'_>, found: &mut Found) {
    let apps = &index.inventory.apps;
    let seen = |_: &String| "another application has this name".to_owned();
    duplicates(
        apps.iter().map(|app| named(&app.name)),
        DUPLICATE_APP,
        seen,
        found,
    );
    for app in apps {
        let seen = |_: &String| "another port of this application has this identifier".to_owned();
        duplicates(
            app.ports.iter().map(|port| named(&port.id)),
            DUPLICATE_PORT,
            seen,
            found,
        );
        let connections = app.connections.iter().map(|connection| {
            let key = (connection.to.as_str(), connection.port_id());
            (key, connection.to.span.clone())
        });
        let seen = |(to, id): &(&str, &str)| {
            format!(
                "another connection leads to port {} of {}, too",
                quoted(id),
                quoted(to)
            )
        };
        duplicates(connections, DUPLICATE_CONNECTION, seen, found);
    }
}

fn duplicate_pairs(index: &Index<'_>, found: &mut Found) {
    let servers = index
        .inventory
        .pairs
        .iter()
        .flat_map(|pair| [&pair.primary, &pair.backup]);
    let seen = |name: &String| format!("{} is already one of the two servers of a pair", quoted(name));
    duplicates(servers.map(named), DUPLICATE_PAIR, seen, found);
}
