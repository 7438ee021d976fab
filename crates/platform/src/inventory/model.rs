//! What an inventory says.

use std::collections::HashMap;
use std::net::IpAddr;
use std::ops::{Range, RangeInclusive};

use super::{HostName, Kind, Located, Source};
use crate::transport::{Platform, Release};
use gsec_pki::key::KeyAlgorithm;
use gsec_pki::x509::GeneralName;
use time::Duration;

/// A whole inventory. What it names twice is in it twice: the rules of `fleet check` find that.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// Its text, for places.
    pub source: Source,
    /// The CA directory, as written: relative to the inventory.
    pub ca_dir: Option<Located<String>>,
    /// Where bundles are written, as written: relative to the inventory.
    pub out_dir: Option<Located<String>>,
    /// What holds where a host says nothing.
    pub defaults: Defaults,
    /// The hosts, in their order.
    pub hosts: Vec<Host>,
    /// The applications, in their order.
    pub apps: Vec<App>,
    /// The redundant pairs.
    pub pairs: Vec<Pair>,
    /// Where each name is among hosts and applications.
    pub(super) places: Places,
}

/// The first host and the first application of each name, by their places in their lists.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    hosts: HashMap<String, usize>,
    apps: HashMap<String, usize>,
}

impl Places {
    pub(super) fn of(hosts: &[Host], apps: &[App]) -> Self {
        let mut places = Self::default();
        for (at, host) in hosts.iter().enumerate() {
            places.hosts.entry(host.name.to_string()).or_insert(at);
        }
        for (at, app) in apps.iter().enumerate() {
            places.apps.entry(app.name.value.clone()).or_insert(at);
        }
        places
    }
}

/// What holds where a host says nothing.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    /// How long before its end a certificate is renewed.
    pub renew_before: Option<Located<Duration>>,
    /// The profile of certificates.
    pub profile: Option<Located<String>>,
    /// How keys are made.
    pub key_type: Option<Located<KeyAlgorithm>>,
    /// The kind of host.
    pub platform: Option<Platform>,
    /// The release of the platform.
    pub release: Option<Release>,
}

/// A host.
#[derive(Debug, Clone)]
pub struct Host {
    /// Its table.
    pub span: Range<usize>,
    /// What the inventory calls it.
    pub name: Located<HostName>,
    /// Its fully qualified name, which its certificate must have; the name where that can be one.
    pub fqdn: Option<Located<GeneralName>>,
    /// Further names of its certificate.
    pub names: Vec<Located<GeneralName>>,
    /// Its address.
    pub address: Option<Located<IpAddr>>,
    /// The kind of host.
    pub platform: Option<Located<Platform>>,
    /// Its operating system, as written.
    pub os: Option<Located<Os>>,
    /// The release of the platform on it.
    pub release: Option<Located<Release>>,
    /// The port of the Local Control Agent.
    pub lca_port: Option<Located<u16>>,
    /// Ports that its system gives to no program by itself.
    pub reserved_ports: Vec<Located<RangeInclusive<u16>>>,
    /// Whether it has a certificate.
    pub certificate: Located<Certificate>,
    /// The profile of its certificate.
    pub profile: Option<Located<String>>,
    /// How its key is made.
    pub key_type: Option<Located<KeyAlgorithm>>,
    /// How long before its end its certificate is renewed.
    pub renew_before: Option<Located<Duration>>,
    /// Where its key is made.
    pub key: Located<KeyMade>,
    /// The bundles that it gets.
    pub bundles: Vec<Bundle>,
    /// How bundles get there.
    pub push: Option<Push>,
    /// Section `security` of its annex.
    pub annex: Settings,
}

/// An operating system of the old guide's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Os {
    /// Linux.
    Linux,
    /// Solaris.
    Solaris,
    /// AIX.
    Aix,
    /// HP-UX.
    HpUx,
    /// FreeBSD.
    FreeBsd,
    /// Windows since Server 2019 and 10, which reads PKCS #12 files with AES.
    Windows,
    /// Windows up to Server 2016, which does not.
    Windows2016,
}

/// At which level a certificate is assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// The host's.
    Host,
    /// The application's own.
    Application,
    /// The port's own.
    Port,
    /// None.
    None,
}

/// Where a key is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyMade {
    /// By the CA's side, and delivered.
    Here,
    /// On the host, which sends a CSR.
    OnHost,
}

/// A bundle of a host. Whether the target exists and takes these options, `deliver` knows.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// Its table.
    pub span: Range<usize>,
    /// For what.
    pub target: Located<String>,
    /// What it is called.
    pub name: Option<Located<String>>,
    /// Where it is installed.
    pub dest: Option<Located<String>>,
    /// Whose the key is.
    pub owner: Option<Located<String>>,
    /// Who may read it.
    pub group: Option<Located<String>>,
    /// Its mode, octal.
    pub mode: Option<Located<String>>,
    /// What is reloaded.
    pub service: Option<Located<String>>,
    /// The files of `generic`.
    pub files: Vec<Located<String>>,
    /// The encryption of PKCS #12 files.
    pub pfx_encryption: Option<Located<String>>,
    /// Whether the names of the old guide lead to the files too.
    pub old_names: bool,
    /// The port on which the service answers with TLS.
    pub port: Option<Located<u16>>,
    /// The protocol in which a client asks for TLS there.
    pub probe: Option<Located<String>>,
}

/// How bundles get to a host.
#[derive(Debug, Clone)]
pub struct Push {
    /// Its table.
    pub span: Range<usize>,
    /// Who runs what there.
    pub mode: PushMode,
    /// The log-in name.
    pub user: Option<Located<String>>,
    /// Where ssh connects to; the FQDN, else the address.
    pub address: Option<Located<String>>,
    /// The port of ssh.
    pub port: Option<Located<u16>>,
    /// Lower numbers are first.
    pub order: i64,
    /// A configuration file for ssh, relative to the inventory.
    pub ssh_config: Option<Located<String>>,
}

/// Who runs what on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushMode {
    /// A program that root installed there, and that takes certificates and nothing else.
    Receiver,
    /// The log-in user, to whom the place belongs, runs what was sent.
    Direct,
}

/// An application.
#[derive(Debug, Clone)]
pub struct App {
    /// Its table.
    pub span: Range<usize>,
    /// Its name.
    pub name: Located<String>,
    /// The name of its host.
    pub host: Located<String>,
    /// What it is.
    pub kind: Located<Kind>,
    /// Whether others connect to it.
    pub app_type: AppType,
    /// Its release, where it is not that of the host.
    pub release: Option<Located<Release>>,
    /// At which level it has its certificate.
    pub certificate: Option<Located<Certificate>>,
    /// The arguments that it is started with.
    pub command_line: Vec<Located<String>>,
    /// Section `security` of its options.
    pub options: Settings,
    /// Section `security` of its annex.
    pub annex: Settings,
    /// The ports on which it listens.
    pub ports: Vec<Port>,
    /// The servers that it connects to.
    pub connections: Vec<Connection>,
}

/// Whether others connect to an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppType {
    /// They do. It may be a client of others as well.
    Server,
    /// A client alone; in the old guide a GUI application.
    Client,
}

/// A port on which an application listens.
#[derive(Debug, Clone)]
pub struct Port {
    /// Its table.
    pub span: Range<usize>,
    /// Its identifier.
    pub id: Located<String>,
    /// Its number.
    pub number: Located<u16>,
    /// Whether it has TLS.
    pub mode: Located<PortMode>,
    /// Whether the two servers of a pair keep each other up to date over it.
    pub ha_sync: Option<Located<bool>>,
    /// At which level it has its certificate.
    pub certificate: Option<Located<Certificate>>,
    /// Its transport parameters.
    pub transport: Option<Located<String>>,
    /// The protocol in which a client asks for TLS.
    pub probe: Option<Located<String>>,
}

/// Whether a port has TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortMode {
    /// It has none.
    Unsecured,
    /// It has.
    Secured,
    /// As the client asks; only Configuration Server and its proxy have such ports.
    AutoDetect,
}

/// A server that an application connects to.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Its table.
    pub span: Range<usize>,
    /// The name of the server.
    pub to: Located<String>,
    /// The identifier of its port; `default` where nothing is said.
    pub port: Option<Located<String>>,
    /// The port from which it connects.
    pub client_port: Option<Located<u16>>,
    /// The address from which it connects.
    pub client_address: Option<Located<String>>,
    /// The client port of the backup.
    pub backup_port: Option<Located<u16>>,
    /// Its transport parameters.
    pub transport: Option<Located<String>>,
}

/// A redundant pair.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Its table.
    pub span: Range<usize>,
    /// The name of the primary server.
    pub primary: Located<String>,
    /// The name of its backup.
    pub backup: Located<String>,
    /// How the backup takes over.
    pub redundancy: Located<Redundancy>,
}

/// How a backup takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redundancy {
    /// It knows all calls, and goes on at once.
    HotStandby,
    /// It begins anew.
    WarmStandby,
}

/// Options of a section `security`, in their order.
#[derive(Debug, Clone, Default)]
pub struct Settings(pub Vec<(Located<String>, Located<String>)>);

impl Settings {
    /// The value of an option, whose name is compared as it is.
    pub fn get(&self, option: &str) -> Option<&Located<String>> {
        self.0
            .iter()
            .find(|(name, _)| name.value == option)
            .map(|(_, value)| value)
    }
}

impl Inventory {
    /// The first host of that name.
    pub fn host(&self, name: &str) -> Option<&Host> {
        self.places.hosts.get(name).and_then(|at| self.hosts.get(*at))
    }

    /// The first application of that name.
    pub fn app(&self, name: &str) -> Option<&App> {
        self.places.apps.get(name).and_then(|at| self.apps.get(*at))
    }

    /// The kind of a host.
    pub fn platform(&self, host: &Host) -> Platform {
        let own = host.platform.as_ref().map(|platform| platform.value);
        own.or(self.defaults.platform).unwrap_or(Platform::Unix)
    }

    /// The release on a host.
    pub fn release(&self, host: &Host) -> Option<Release> {
        let own = host.release.as_ref().map(|release| release.value);
        own.or(self.defaults.release)
    }
}

impl Host {
    /// Where the host is reached: its fully qualified name, else its address, else what it is called.
    pub fn reached_at(&self) -> String {
        match (&self.fqdn, &self.address) {
            (Some(name), _) => name.value.value(),
            (None, Some(address)) => address.to_string(),
            (None, None) => self.name.to_string(),
        }
    }
}

impl Connection {
    /// The identifier of the port that it connects to: `default` where nothing is said.
    pub fn port_id(&self) -> &str {
        self.port.as_ref().map_or(DEFAULT_PORT, |port| port.as_str())
    }
}

/// The identifier of the port that every server has.
pub const DEFAULT_PORT: &str = "default";
