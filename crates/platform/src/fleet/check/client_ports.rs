//! Ports and addresses from which clients connect.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::found::{Draft, Found};
use super::index::{Index, Link, Span, is_server};
use super::rules::{
    CLIENT_PORT_BACKUP, CLIENT_PORT_DIFFERS, CLIENT_PORT_EPHEMERAL, CLIENT_PORT_GUI, CLIENT_PORT_PEER,
    CLIENT_PORT_PROPAGATED, CLIENT_PORT_SHARED,
};
use crate::finding::quoted;
use crate::fleet::kinds::{self, CLIENT_PORT_PAGES};
use crate::inventory::{Connection, Host, Located, Os};
use crate::transport::{self, Platform};
use gsec_pki::x509::path::Severity;

pub(super) fn check(index: &Index<'_>, found: &mut Found) {
    let own: Vec<Own<'_>> = index.links.iter().map(|link| Own::of(link.connection)).collect();
    for (link, own) in index.links.iter().zip(&own) {
        gui(index, link, own, found);
        peer(index, link, own, found);
        backup(own, found);
        ephemeral(index, link, own, found);
        within(link.connection, found);
        differs_from_start(index, link, own, found);
    }
    shared(index, &own, found);
    propagated(index, &own, found);
}

/// A value, and where it stands.
type Said<T> = Option<(T, Span)>;

/// From where a connection is made: as its keys say it, or its transport parameters.
struct Own<'a> {
    port: Said<u16>,
    backup_port: Said<u16>,
    address: Said<Cow<'a, str>>,
}

impl<'a> Own<'a> {
    fn of(connection: &'a Connection) -> Self {
        let key = |port: &Option<Located<u16>>| port.as_ref().map(|port| (port.value, port.span.clone()));
        let of_transport = |option: &str| {
            let value = connection.transport.as_ref()?;
            Some((transport::find(value, option)?, value.span.clone()))
        };
        let port = |option: &str| {
            let (text, span) = of_transport(option)?;
            Some((crate::text::port(text)?, span))
        };
        let address = connection
            .client_address
            .as_ref()
            .map(|address| (Cow::from(address.as_str()), address.span.clone()));
        Self {
            port: key(&connection.client_port).or_else(|| port("port")),
            backup_port: key(&connection.backup_port).or_else(|| port("backup-port")),
            address: address.or_else(|| of_transport("address").map(|(text, span)| (Cow::from(text), span))),
        }
    }

    /// Where a port or an address is said.
    fn first(&self) -> Option<&Span> {
        let ports = [&self.port, &self.backup_port];
        let port = ports.into_iter().flatten().map(|(_, span)| span).next();
        port.or_else(|| self.address.as_ref().map(|(_, span)| span))
    }
}

fn gui(index: &Index<'_>, link: &Link<'_>, own: &Own<'_>, found: &mut Found) {
    let app = &index.inventory.apps[link.app];
    if let Some(place) = own.first().filter(|_| !is_server(app)) {
        let seen = format!(
            "{} is not a server, and only clients that are servers can be told their port",
            quoted(&app.name)
        );
        let help = format!("pages {CLIENT_PORT_PAGES} of the guide");
        found.push(
            Draft::new(CLIENT_PORT_GUI, place, seen)
                .also(&app.kind.span)
                .help(help),
        );
    }
}

fn peer(index: &Index<'_>, link: &Link<'_>, own: &Own<'_>, found: &mut Found) {
    let app = &index.inventory.apps[link.app];
    let (Some(place), Some(server)) = (own.first().filter(|_| is_server(app)), link.server) else {
        return;
    };
    let server = &index.inventory.apps[server];
    if !kinds::has_client_port(app.kind.value, server.kind.value) {
        let seen = format!(
            "the guide does not list that {} can be told its port for {}",
            app.kind.title(),
            server.kind.title()
        );
        let draft = Draft::new(CLIENT_PORT_PEER, place, seen).also(&server.kind.span);
        found.push(draft.help(format!("pages {CLIENT_PORT_PAGES} of the guide have the table")));
    }
}

/// The connections to both servers of a pair are there at the same time.
fn backup(own: &Own<'_>, found: &mut Found) {
    let (Some((port, first)), Some((backup, place))) = (&own.port, &own.backup_port) else {
        return;
    };
    if port == backup {
        let seen = format!(
            "port {port} is used for the backup server, too: only one of two connections can have it"
        );
        let draft = Draft::new(CLIENT_PORT_BACKUP, place, seen).also(first);
        found.push(draft.help("choose another port for the backup"));
    }
}

/// The ports that a system gives to connections by itself.
fn ephemeral_ports(host: &Host, platform: Platform) -> RangeInclusive<u16> {
    let os = host.os.as_ref().map(|os| os.value);
    match (os, platform) {
        (Some(Os::Linux), _) | (None, Platform::Unix | Platform::Java) => 32_768..=60_999,
        (Some(_), _) | (None, Platform::Windows) => 49_152..=65_535,
    }
}

fn ephemeral(index: &Index<'_>, link: &Link<'_>, own: &Own<'_>, found: &mut Found) {
    let Some(host) = index.host_of(link.app) else {
        return;
    };
    let range = ephemeral_ports(host, index.inventory.platform(host));
    for (port, place) in [&own.port, &own.backup_port].into_iter().flatten() {
        let is_reserved = host.reserved_ports.iter().any(|ports| ports.value.contains(port));
        if range.contains(port) && !is_reserved {
            let seen = format!(
                "the host gives ports {}-{} to other connections, so port {port} may be taken",
                range.start(),
                range.end()
            );
            let help =
                "reserve it in the host's system and name it in `reserved_ports`, or choose another one";
            found.push(Draft::new(CLIENT_PORT_EPHEMERAL, place, seen).help(help));
        }
    }
}

fn differ<T>(one: &Said<T>, other: &Said<T>, what: &str, found: &mut Found)
where
    T: PartialEq + std::fmt::Display,
{
    if let (Some((one, first)), Some((other, place))) = (one, other)
        && one != other
    {
        let seen = format!("{what} is {} here, and {} there", shown(other), shown(one));
        let draft = Draft::new(CLIENT_PORT_DIFFERS, place, seen).also(first);
        found.push(draft.help("the same value must be entered everywhere (page 118)"));
    }
}

fn shown(value: &impl std::fmt::Display) -> String {
    quoted(&value.to_string())
}

/// The transport parameters of the connection say it again.
fn within(connection: &Connection, found: &mut Found) {
    let Some(value) = &connection.transport else {
        return;
    };
    let said =
        |option: &str| transport::find(value, option).map(|text| (text.to_owned(), value.span.clone()));
    let key = |port: &Option<Located<u16>>| {
        port.as_ref()
            .map(|port| (port.value.to_string(), port.span.clone()))
    };
    differ(
        &key(&connection.client_port),
        &said("port"),
        "the client's port",
        found,
    );
    differ(
        &key(&connection.backup_port),
        &said("backup-port"),
        "the client's port for the backup",
        found,
    );
    let address = connection
        .client_address
        .as_ref()
        .map(|address| (address.value.clone(), address.span.clone()));
    differ(&address, &said("address"), "the client's address", found);
}

/// The first connection to Configuration Server is made as the start parameters say, the next one as Connections say.
fn differs_from_start(index: &Index<'_>, link: &Link<'_>, own: &Own<'_>, found: &mut Found) {
    let is_to_config = link
        .server
        .is_some_and(|server| index.inventory.apps[server].kind.is_config());
    if !is_to_config {
        return;
    }
    let app = &index.inventory.apps[link.app];
    let start = |name: &str| {
        let (word, text) = index.words[link.app].last(name)?;
        Some((text.to_owned(), app.command_line.get(word)?.span.clone()))
    };
    let port = own
        .port
        .as_ref()
        .map(|(port, span)| (port.to_string(), span.clone()));
    let address = own
        .address
        .as_ref()
        .map(|(address, span)| (address.to_string(), span.clone()));
    for (own, name, what) in [
        (port, "-transport-port", "the client's port"),
        (address, "-transport-address", "the client's address"),
    ] {
        let start = start(name);
        differ(&start, &own, what, found);
        match (&start, &own) {
            (Some((_, place)), None) => {
                let seen = format!(
                    "`{name}` is set, and the connection to Configuration Server does not have {what}"
                );
                let draft = Draft::new(CLIENT_PORT_DIFFERS, place, seen).also(&link.place());
                found.push(draft.weighing(Severity::Warning));
            }
            (None, Some((_, place))) if !app.command_line.is_empty() => {
                let seen = format!("{what} is set for the connection, and `{name}` is not in `command_line`");
                found.push(Draft::new(CLIENT_PORT_DIFFERS, place, seen).weighing(Severity::Warning));
            }
            _ => (),
        }
    }
}

/// A port of a host, with the connection that has it.
struct User<'a> {
    app: usize,
    to: &'a str,
    span: &'a Span,
}

/// Who has each client port of a host: from any address, from one of them, and first of all.
#[derive(Default)]
struct Ports<'a> {
    any: HashMap<(usize, u16), usize>,
    by_address: HashMap<(usize, u16, &'a str), usize>,
    first: HashMap<(usize, u16), usize>,
    users: Vec<User<'a>>,
}

impl<'a> Ports<'a> {
    /// The one that has it already; else it is taken.
    fn take(&mut self, host: usize, port: u16, address: Option<&'a str>, user: User<'a>) -> Option<usize> {
        let taken = match address {
            None => self.first.get(&(host, port)),
            Some(address) => self
                .any
                .get(&(host, port))
                .or_else(|| self.by_address.get(&(host, port, address))),
        };
        if let Some(taken) = taken {
            return Some(*taken);
        }
        let number = self.users.len();
        self.users.push(user);
        self.first.entry((host, port)).or_insert(number);
        match address {
            None => drop(self.any.insert((host, port), number)),
            Some(address) => drop(self.by_address.insert((host, port, address), number)),
        }
        None
    }
}

fn shared(index: &Index<'_>, own: &[Own<'_>], found: &mut Found) {
    let mut ports = Ports::default();
    for (link, own) in index.links.iter().zip(own) {
        let Some(host) = index.host_of[link.app] else {
            continue;
        };
        let address = own.address.as_ref().map(|(address, _)| address.as_ref());
        let is_same =
            own.port.as_ref().map(|(port, _)| port) == own.backup_port.as_ref().map(|(port, _)| port);
        let backup = own.backup_port.as_ref().filter(|_| !is_same);
        for (port, span) in [own.port.as_ref(), backup].into_iter().flatten() {
            let user = User {
                app: link.app,
                to: link.connection.to.as_str(),
                span,
            };
            let Some(taken) = ports.take(host, *port, address, user) else {
                continue;
            };
            let first = &ports.users[taken];
            // What was copied from the primary has its own finding.
            let is_copy = index.mates.get(&link.app) == Some(&first.app) && first.to == *link.connection.to;
            if !is_copy {
                let name = quoted(&index.inventory.apps[first.app].name);
                let seen = format!("{name} connects from port {port} of this host already");
                let draft = Draft::new(CLIENT_PORT_SHARED, span, seen).also(first.span);
                found.push(draft.help("each connection of a host has a port of its own"));
            }
        }
    }
}

/// What is entered for the primary is copied to the backup by itself (page 118).
fn propagated(index: &Index<'_>, own: &[Own<'_>], found: &mut Found) {
    let mut of_app: HashMap<usize, Vec<usize>> = HashMap::new();
    for (number, link) in index.links.iter().enumerate() {
        if index.mates.contains_key(&link.app) {
            of_app.entry(link.app).or_default().push(number);
        }
    }
    for couple in &index.couples {
        let [primary, backup] =
            [couple.primary, couple.backup].map(|app| of_app.get(&app).map_or(&[][..], Vec::as_slice));
        let key = |number: &usize| {
            let connection = index.links[*number].connection;
            (connection.to.as_str(), connection.port_id())
        };
        let originals: HashMap<(&str, &str), usize> =
            primary.iter().map(|number| (key(number), *number)).collect();
        let is_same_host = index.host_of[couple.primary].is_some()
            && index.host_of[couple.primary] == index.host_of[couple.backup];
        for number in backup {
            if let Some(original) = originals.get(&key(number)) {
                copied(&own[*original], &own[*number], is_same_host, found);
            }
        }
    }
}

fn copied(original: &Own<'_>, copy: &Own<'_>, is_same_host: bool, found: &mut Found) {
    let mut report = |what: &str, original: &Span, place: &Span, is_wrong: bool| {
        let severity = if is_wrong {
            Severity::Error
        } else {
            Severity::Warning
        };
        let seen =
            format!("{what} is that of the primary server of the pair, from where it is copied by itself");
        let draft = Draft::new(CLIENT_PORT_PROPAGATED, place, seen).also(original);
        found.push(
            draft
                .weighing(severity)
                .help("enter the backup's own value after each change of the primary (page 118)"),
        );
    };
    if let (Some((port, first)), Some((same, place))) = (&original.port, &copy.port)
        && port == same
    {
        report("the client's port", first, place, is_same_host);
    }
    if let (Some((address, first)), Some((same, place))) = (&original.address, &copy.address)
        && address == same
        && !is_same_host
    {
        report("the client's address", first, place, false);
    }
}
