//! The connections of an inventory, as a firewall sees them.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::Serialize;

use super::super::{Rendered, Selected};
use crate::finding::quoted;
use crate::inventory::{App, Connection, Host, Inventory, Kind, Pair, Port, Redundancy};

/// The port of a hub, to which appliances connect.
const HUB_PORT: u16 = 443;
/// Profiles of certificates that make a host an appliance, and its hub.
const APPLIANCE: &str = "appliance";
const HUB: &str = "hub";

/// A connection that is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opening {
    /// The host that opens it.
    pub from_host: String,
    /// The application that opens it; null where it is none of the platform's.
    pub from_application: Option<String>,
    /// Its address.
    pub from_address: IpAddr,
    /// Its port; null: any.
    pub from_port: Option<u16>,
    /// The host that accepts it.
    pub to_host: String,
    /// The application that accepts it; null where it is none of the platform's.
    pub to_application: Option<String>,
    /// Its address.
    pub to_address: IpAddr,
    /// Its port.
    pub to_port: u16,
    /// What it is for.
    pub purpose: String,
}

/// Every connection between two hosts, of those that are selected.
pub fn openings(inventory: &Inventory, selected: &Selected<'_>) -> Rendered<Opening> {
    let mut found = Found {
        inventory,
        rows: Vec::new(),
        left_out: BTreeSet::new(),
    };
    for app in &inventory.apps {
        app.connections
            .iter()
            .for_each(|connection| found.connection(app, connection));
    }
    inventory.pairs.iter().for_each(|pair| found.pair(pair));
    found.agents();
    found.appliances();
    let mut rows: Vec<Opening> = Vec::new();
    let mut known = BTreeSet::new();
    for row in found.rows.into_iter().filter(|row| is_selected(selected, row)) {
        if known.insert((row.from_address, row.from_port, row.to_address, row.to_port)) {
            rows.push(row);
        }
    }
    Rendered {
        rows,
        left_out: found.left_out.into_iter().collect(),
    }
}

fn is_selected(selected: &Selected<'_>, row: &Opening) -> bool {
    selected.is_everything() || selected.opens(row) || selected.accepts(row)
}

impl Selected<'_> {
    /// Whether it opens a connection.
    pub(super) fn opens(&self, row: &Opening) -> bool {
        self.is_end(&row.from_host, row.from_application.as_deref())
    }

    /// Whether it accepts a connection.
    pub(super) fn accepts(&self, row: &Opening) -> bool {
        self.is_end(&row.to_host, row.to_application.as_deref())
    }

    fn is_end(&self, host: &str, app: Option<&str>) -> bool {
        self.has_host_named(host)
            || self
                .app
                .is_some_and(|selected| Some(selected.name.as_str()) == app)
    }
}

/// An end of a connection.
#[derive(Clone, Copy)]
struct End<'a> {
    host: &'a Host,
    app: Option<&'a App>,
    address: IpAddr,
}

struct Found<'a> {
    inventory: &'a Inventory,
    rows: Vec<Opening>,
    left_out: BTreeSet<String>,
}

impl<'a> Found<'a> {
    fn leave_out(&mut self, why: String) {
        self.left_out.insert(why);
    }

    /// A connection to a server, and to its backup where it is the primary of a pair.
    fn connection(&mut self, app: &'a App, connection: &Connection) {
        let Some(server) = self.inventory.app(&connection.to) else {
            let why = "which is not in the inventory";
            return self.leave_out(format!(
                "{} to {}, {why}",
                quoted(&app.name),
                quoted(&connection.to)
            ));
        };
        let client_port = connection.client_port.as_ref().map(|port| port.value);
        self.server(app, connection, server, client_port);
        let pair = self
            .inventory
            .pairs
            .iter()
            .find(|pair| *pair.primary == *server.name);
        let Some(pair) = pair else { return };
        let Some(backup) = self.inventory.app(&pair.backup) else {
            let why = "which is not in the inventory";
            return self.leave_out(format!(
                "{} to {}, {why}",
                quoted(&app.name),
                quoted(&pair.backup)
            ));
        };
        let port = connection
            .backup_port
            .as_ref()
            .map(|port| port.value)
            .or(client_port);
        self.server(app, connection, backup, port);
    }

    fn server(&mut self, app: &'a App, connection: &Connection, server: &'a App, client_port: Option<u16>) {
        let Some(port) = port_of(server, connection.port_id()) else {
            return self.leave_out(format!(
                "{} to port {} of {}, which the inventory does not have",
                quoted(&app.name),
                quoted(connection.port_id()),
                quoted(&server.name)
            ));
        };
        let purpose = format!("{} to {} port {}", *app.name, *server.name, *port.id);
        let (Some(mut from), Some(to)) = (self.end(app, &purpose), self.end(server, &purpose)) else {
            return;
        };
        if let Some(address) = &connection.client_address {
            match address.value.parse() {
                Ok(address) => from.address = address,
                Err(_) => self.leave_out(format!(
                    "the client-side address {} of {}, which is not an IP address; that of the host is in its place",
                    quoted(address),
                    quoted(&app.name)
                )),
            }
        }
        self.open((from, client_port), (to, port.number.value), purpose);
    }

    /// The servers of a hot-standby pair keep each other up to date, whichever of them is the primary just then.
    fn pair(&mut self, pair: &Pair) {
        if pair.redundancy.value != Redundancy::HotStandby {
            return;
        }
        let (Some(primary), Some(backup)) = (
            self.inventory.app(&pair.primary),
            self.inventory.app(&pair.backup),
        ) else {
            return self.leave_out(format!(
                "the pair {} and {}, which the inventory does not have whole",
                quoted(&pair.primary),
                quoted(&pair.backup)
            ));
        };
        for (client, server) in [(backup, primary), (primary, backup)] {
            let synced = server
                .ports
                .iter()
                .find(|port| port.ha_sync.as_ref().is_some_and(|is_sync| is_sync.value));
            let Some(port) = synced.or_else(|| port_of(server, "default")) else {
                self.leave_out(format!(
                    "the synchronization with {}, which has neither a port for it nor a default port",
                    quoted(&server.name)
                ));
                continue;
            };
            let purpose = format!(
                "{} synchronizes with {} port {}",
                *client.name, *server.name, *port.id
            );
            if let (Some(from), Some(to)) = (self.end(client, &purpose), self.end(server, &purpose)) {
                self.open((from, None), (to, port.number.value), purpose);
            }
        }
    }

    /// Solution Control Server asks the Local Control Agent of every host.
    fn agents(&mut self) {
        let servers = self
            .inventory
            .apps
            .iter()
            .filter(|app| app.kind.value == Kind::Scs);
        for server in servers {
            for host in &self.inventory.hosts {
                let Some(port) = &host.lca_port else { continue };
                let purpose = format!("{} to Local Control Agent of {}", *server.name, host.name.value);
                let (from, to) = (self.end(server, &purpose), self.host_end(host, None, &purpose));
                if let (Some(from), Some(to)) = (from, to) {
                    self.open((from, None), (to, port.value), purpose);
                }
            }
        }
    }

    /// An appliance connects to its hub, and nothing connects to an appliance.
    fn appliances(&mut self) {
        let inventory = self.inventory;
        let with = |profile: &'static str| {
            inventory.hosts.iter().filter(move |host| {
                let own = host.profile.as_ref().or(inventory.defaults.profile.as_ref());
                own.is_some_and(|own| own.value == profile)
            })
        };
        let (appliances, hubs): (Vec<&Host>, Vec<&Host>) = (with(APPLIANCE).collect(), with(HUB).collect());
        for (appliance, hub) in appliances
            .iter()
            .flat_map(|appliance| hubs.iter().map(move |hub| (*appliance, *hub)))
        {
            let purpose = format!("appliance {} to hub {}", appliance.name.value, hub.name.value);
            let (from, to) = (
                self.host_end(appliance, None, &purpose),
                self.host_end(hub, None, &purpose),
            );
            if let (Some(from), Some(to)) = (from, to) {
                self.open((from, None), (to, HUB_PORT), purpose);
            }
        }
    }

    fn end(&mut self, app: &'a App, purpose: &str) -> Option<End<'a>> {
        let Some(host) = self.inventory.host(&app.host) else {
            self.leave_out(format!(
                "{}: the host {} of {} is not in the inventory",
                quoted(purpose),
                quoted(&app.host),
                quoted(&app.name)
            ));
            return None;
        };
        self.host_end(host, Some(app), purpose)
    }

    fn host_end(&mut self, host: &'a Host, app: Option<&'a App>, purpose: &str) -> Option<End<'a>> {
        let Some(address) = &host.address else {
            self.leave_out(format!(
                "{}: the inventory has no address of host {}",
                quoted(purpose),
                quoted(host.name.as_str())
            ));
            return None;
        };
        Some(End {
            host,
            app,
            address: address.value,
        })
    }

    fn open(
        &mut self,
        (from, from_port): (End<'_>, Option<u16>),
        (to, to_port): (End<'_>, u16),
        purpose: String,
    ) {
        if from.host.name.value == to.host.name.value {
            return;
        }
        if from.address.is_ipv4() != to.address.is_ipv4() {
            return self.leave_out(format!(
                "{}: one address is of IPv4, the other of IPv6",
                quoted(&purpose)
            ));
        }
        let name = |end: End<'_>| end.app.map(|app| app.name.value.clone());
        self.rows.push(Opening {
            from_host: from.host.name.to_string(),
            from_application: name(from),
            from_address: from.address,
            from_port,
            to_host: to.host.name.to_string(),
            to_application: name(to),
            to_address: to.address,
            to_port,
            purpose,
        });
    }
}

fn port_of<'a>(app: &'a App, id: &str) -> Option<&'a Port> {
    app.ports.iter().find(|port| *port.id == id)
}
