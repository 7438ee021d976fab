//! The inventory with its names resolved, each once: so the time that rules take grows with its size, and no faster.

use std::collections::HashMap;
use std::ops::Range;

use crate::inventory::{
    App, AppType, Certificate, Connection, Host, Inventory, Located, Pair, Port, PortMode,
};
use crate::start_file::Words;
use crate::transport::{self, Platform, Release};

/// Where a value of the inventory stands.
pub(super) type Span = Range<usize>;

/// An inventory with what follows from it. Hosts, applications and connections are named by their places in its lists.
pub(super) struct Index<'a> {
    pub(super) inventory: &'a Inventory,
    hosts: HashMap<&'a str, usize>,
    apps: HashMap<&'a str, usize>,
    ports: HashMap<(usize, &'a str), usize>,
    /// The host of each application.
    pub(super) host_of: Vec<Option<usize>>,
    /// The applications of each host.
    pub(super) apps_of: Vec<Vec<usize>>,
    /// What each application is started with.
    pub(super) words: Vec<Words>,
    /// What the levels above ports and connections say, for each application.
    pub(super) security: Vec<Security<'a>>,
    /// Every connection.
    pub(super) links: Vec<Link<'a>>,
    /// Every pair of two known servers.
    pub(super) couples: Vec<Couple<'a>>,
    /// The other server of the pair, for each application that is in one.
    pub(super) mates: HashMap<usize, usize>,
    /// Where it is said that an application has TLS, for each that has.
    pub(super) tls: Vec<Option<Span>>,
    /// The first port with TLS of each application that has one.
    pub(super) secure_port: Vec<Option<&'a Port>>,
    /// The hosts by every name and address that a start parameter may have.
    called: HashMap<String, usize>,
    /// The ports of Configuration Server and its proxy on each host, by number.
    config_ports: HashMap<(usize, u16), (usize, &'a Port)>,
    /// The first Configuration Server or proxy of each host that has one.
    config_apps: HashMap<usize, usize>,
}

/// The options of section `security` that an application finds, by the first level that has them.
#[derive(Debug, Clone, Default)]
pub(super) struct Security<'a> {
    pub(super) certificate: Option<&'a Located<String>>,
    pub(super) certificate_key: Option<&'a Located<String>>,
    pub(super) trusted_ca: Option<&'a Located<String>>,
    pub(super) tls: Option<&'a Located<String>>,
}

/// A connection.
pub(super) struct Link<'a> {
    /// The client.
    pub(super) app: usize,
    pub(super) connection: &'a Connection,
    /// The server, if it is known.
    pub(super) server: Option<usize>,
    /// Its port, if it is known.
    pub(super) port: Option<&'a Port>,
    /// Whether the client switches TLS on or off by itself, and where.
    pub(super) own_tls: Option<(bool, Span)>,
}

/// A pair of two known servers.
pub(super) struct Couple<'a> {
    pub(super) pair: &'a Pair,
    pub(super) primary: usize,
    pub(super) backup: usize,
}

impl<'a> Index<'a> {
    pub(super) fn of(inventory: &'a Inventory) -> Self {
        let mut index = Self {
            inventory,
            hosts: HashMap::new(),
            apps: HashMap::new(),
            ports: HashMap::new(),
            host_of: Vec::new(),
            apps_of: vec![Vec::new(); inventory.hosts.len()],
            words: Vec::new(),
            security: Vec::new(),
            links: Vec::new(),
            couples: Vec::new(),
            mates: HashMap::new(),
            tls: Vec::new(),
            secure_port: Vec::new(),
            called: HashMap::new(),
            config_ports: HashMap::new(),
            config_apps: HashMap::new(),
        };
        for (at, host) in inventory.hosts.iter().enumerate() {
            index.add_host(at, host);
        }
        for (at, app) in inventory.apps.iter().enumerate() {
            index.add_app(at, app);
        }
        for (at, app) in inventory.apps.iter().enumerate() {
            let links = app
                .connections
                .iter()
                .map(|connection| index.link(at, connection));
            let links: Vec<Link<'a>> = links.collect();
            index.links.extend(links);
        }
        for pair in &inventory.pairs {
            index.add_pair(pair);
        }
        index.tls = index.places_of_tls();
        index
    }

    fn add_host(&mut self, at: usize, host: &'a Host) {
        self.hosts.entry(host.name.as_str()).or_insert(at);
        let fqdn = host.fqdn.as_ref().map(|name| name.value.value());
        let label = fqdn.as_deref().and_then(|name| name.split('.').next());
        let address = host.address.as_ref().map(|address| address.value.to_string());
        let names = [
            Some(host.name.as_str()),
            fqdn.as_deref(),
            label,
            address.as_deref(),
        ];
        for name in names.into_iter().flatten() {
            self.called.entry(name.to_lowercase()).or_insert(at);
        }
    }

    fn add_app(&mut self, at: usize, app: &'a App) {
        self.apps.entry(app.name.as_str()).or_insert(at);
        for (number, port) in app.ports.iter().enumerate() {
            self.ports.entry((at, port.id.as_str())).or_insert(number);
        }
        let host = self.hosts.get(app.host.as_str()).copied();
        if let Some(host) = host {
            self.apps_of[host].push(at);
            if app.kind.is_config() {
                self.config_apps.entry(host).or_insert(at);
                for port in &app.ports {
                    self.config_ports
                        .entry((host, port.number.value))
                        .or_insert((at, port));
                }
            }
        }
        self.secure_port.push(app.ports.iter().find(|port| has_tls(port)));
        self.host_of.push(host);
        let words: Vec<&str> = app.command_line.iter().map(|word| word.as_str()).collect();
        self.words.push(Words::of(&words));
        let annex = host.map(|host| &self.inventory.hosts[host].annex);
        let levels = [Some(&app.options), Some(&app.annex), annex];
        let first = |option: &str| levels.iter().flatten().find_map(|level| level.get(option));
        self.security.push(Security {
            certificate: first("certificate"),
            certificate_key: first("certificate-key"),
            trusted_ca: first("trusted-ca"),
            tls: first("tls"),
        });
    }

    fn link(&self, app: usize, connection: &'a Connection) -> Link<'a> {
        let server = self.app(&connection.to);
        let own = connection.transport.as_ref().and_then(|value| {
            let tls = transport::boolean(transport::find(value, "tls")?)?;
            Some((tls, value.span.clone()))
        });
        let of_levels = || {
            let option = self.security[app].tls?;
            Some((transport::boolean(option.trim())?, option.span.clone()))
        };
        Link {
            app,
            connection,
            server,
            port: server.and_then(|server| self.port(server, connection.port_id())),
            own_tls: own.or_else(of_levels),
        }
    }

    fn add_pair(&mut self, pair: &'a Pair) {
        let (Some(primary), Some(backup)) = (self.app(&pair.primary), self.app(&pair.backup)) else {
            return;
        };
        if primary == backup {
            return;
        }
        self.couples.push(Couple {
            pair,
            primary,
            backup,
        });
        self.mates.entry(primary).or_insert(backup);
        self.mates.entry(backup).or_insert(primary);
    }

    fn places_of_tls(&self) -> Vec<Option<Span>> {
        let of_port = |port: &Port| has_tls(port).then(|| port.mode.span.clone());
        let mut places: Vec<Option<Span>> = self
            .inventory
            .apps
            .iter()
            .map(|app| app.ports.iter().find_map(of_port))
            .collect();
        for link in &self.links {
            if self.wants_tls(link) && places[link.app].is_none() {
                places[link.app] = Some(link.place());
            }
        }
        places
    }

    pub(super) fn app(&self, name: &str) -> Option<usize> {
        self.apps.get(name).copied()
    }

    pub(super) fn host(&self, name: &str) -> Option<usize> {
        self.hosts.get(name).copied()
    }

    pub(super) fn port(&self, app: usize, id: &str) -> Option<&'a Port> {
        let number = *self.ports.get(&(app, id))?;
        self.inventory.apps[app].ports.get(number)
    }

    /// The Configuration Server or proxy of the host that a start parameter names so, with its port of that number.
    pub(super) fn config_at(&self, host: &str, number: u16) -> Option<(usize, Option<&'a Port>)> {
        let host = *self.called.get(&host.to_lowercase())?;
        match self.config_ports.get(&(host, number)) {
            Some((app, port)) => Some((*app, Some(port))),
            None => Some((*self.config_apps.get(&host)?, None)),
        }
    }

    pub(super) fn host_of(&self, app: usize) -> Option<&'a Host> {
        Some(&self.inventory.hosts[self.host_of[app]?])
    }

    pub(super) fn platform(&self, app: usize) -> Option<Platform> {
        Some(self.inventory.platform(self.host_of(app)?))
    }

    /// The release of an application, and where it is said; where the whole inventory says it, the name of the application.
    pub(super) fn release(&self, app: usize) -> Option<(Release, Span)> {
        let own = &self.inventory.apps[app];
        let host = self.host_of(app);
        let said = own
            .release
            .as_ref()
            .or_else(|| host.and_then(|host| host.release.as_ref()));
        match said {
            Some(release) => Some((release.value, release.span.clone())),
            None => Some((self.inventory.defaults.release?, own.name.span.clone())),
        }
    }

    /// Whether an application has a certificate: written at one of the levels, or the host's, at whichever level it is assigned.
    pub(super) fn has_certificate(
        &self,
        app: usize,
        level: Option<Certificate>,
        transport: Option<&str>,
    ) -> bool {
        let is_written = self.security[app].certificate.is_some()
            || transport.is_some_and(|value| transport::find(value, "certificate").is_some());
        let level = level
            .or_else(|| {
                let own = self.inventory.apps[app].certificate.as_ref()?;
                Some(own.value)
            })
            .unwrap_or(Certificate::Host);
        let has_host = self
            .host_of(app)
            .is_none_or(|host| host.certificate.value == Certificate::Host);
        is_written || level != Certificate::None && has_host
    }

    /// Whether the client of a connection has security at all.
    pub(super) fn is_secured_client(&self, link: &Link<'_>) -> bool {
        let transport = link.connection.transport.as_ref().map(|value| value.as_str());
        self.has_certificate(link.app, None, transport)
    }

    /// Whether a connection has TLS, as far as its two ends say it.
    pub(super) fn wants_tls(&self, link: &Link<'_>) -> bool {
        let own = link.own_tls.as_ref().map(|(tls, _)| *tls);
        match link.port.map(|port| port.mode.value) {
            Some(PortMode::Secured) => own != Some(false),
            Some(PortMode::AutoDetect) => own != Some(false) && self.is_secured_client(link),
            Some(PortMode::Unsecured) | None => own == Some(true),
        }
    }

    /// The older of the releases at the two ends, as far as they are known.
    pub(super) fn older_release(&self, one: usize, other: usize) -> Option<Release> {
        let known = [self.release(one), self.release(other)];
        known.into_iter().flatten().map(|(release, _)| release).min()
    }
}

impl Link<'_> {
    /// Where it says which port it connects to, or which server.
    pub(super) fn place(&self) -> Span {
        let port = self.connection.port.as_ref().map(|port| port.span.clone());
        port.unwrap_or_else(|| self.connection.to.span.clone())
    }
}

/// Whether a port has TLS, for all clients or for those that ask for it.
pub(super) fn has_tls(port: &Port) -> bool {
    port.mode.value != PortMode::Unsecured
}

/// Whether others connect to an application.
pub(super) fn is_server(app: &App) -> bool {
    app.app_type == AppType::Server
}
