//! The levels at which options are set, as far as the inventory has them.

use std::ops::Range;

use super::{ALONE, TOGETHER};
use crate::inventory::{App, Certificate, Connection, Host, Inventory, Located, Port, PortMode, Settings};
use crate::transport::{Kind, Platform, boolean, find, known};

/// A level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelKind {
    /// The transport parameters of a port.
    Port,
    /// The transport parameters of a connection.
    Connection,
    /// Section `security` of an application's options.
    ApplicationOptions,
    /// Section `security` of an application's annex.
    ApplicationAnnex,
    /// Section `security` of a host's annex.
    HostAnnex,
    /// The port that a client connects to, which says whether TLS is on.
    TargetPort,
}

impl LevelKind {
    /// Its name in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Port => "port",
            Self::Connection => "connection",
            Self::ApplicationOptions => "application options",
            Self::ApplicationAnnex => "application annex",
            Self::HostAnnex => "host annex",
            Self::TargetPort => "target port",
        }
    }
}

/// What the inventory says of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Its value.
    Value(String),
    /// That it is assigned at this level; the value is in Configuration Server alone.
    Assigned,
}

/// Where an option comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The level.
    pub level: LevelKind,
    /// What is said.
    pub said: Said,
    /// The key of the inventory that says it.
    pub field: String,
    /// Its bytes in the inventory.
    pub span: Range<usize>,
}

/// A level of a chain, and how much the inventory has of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelFacts {
    /// The level.
    pub level: LevelKind,
    /// How many options the inventory has at it.
    pub options: usize,
}

/// A level with its options.
#[derive(Debug, Clone)]
pub(super) struct Level {
    pub(super) kind: LevelKind,
    sources: Vec<(&'static str, Source)>,
}

impl Level {
    fn empty(kind: LevelKind) -> Self {
        Self {
            kind,
            sources: Vec::new(),
        }
    }

    /// What it says of an option. A value that is neither yes nor no, where one of them is expected, is as if nothing were set.
    pub(super) fn get(&self, option: &str) -> Option<&Source> {
        self.sources
            .iter()
            .find(|(name, _)| *name == option)
            .map(|(_, source)| source)
    }

    pub(super) fn facts(&self) -> LevelFacts {
        LevelFacts {
            level: self.kind,
            options: self.sources.len(),
        }
    }

    fn add(&mut self, option: &'static str, said: Said, field: String, span: &Range<usize>) {
        let is_bool = known(option).is_some_and(|known| known.kind == Kind::Bool);
        let counts = match &said {
            Said::Value(value) => !is_bool || boolean(value).is_some(),
            Said::Assigned => true,
        };
        if counts && self.get(option).is_none() {
            let source = Source {
                level: self.kind,
                said,
                field,
                span: span.clone(),
            };
            self.sources.push((option, source));
        }
    }

    /// Transport parameters: exactly as the platform reads them.
    fn of_transport(kind: LevelKind, transport: Option<&Located<String>>) -> Self {
        let mut level = Self::empty(kind);
        if let Some(value) = transport {
            for option in all_options() {
                if let Some(text) = find(value, option) {
                    level.add(
                        option,
                        Said::Value(text.to_owned()),
                        "transport".into(),
                        &value.span,
                    );
                }
            }
        }
        level
    }

    /// Options of a section, which the platform trims, and from which it takes line ends.
    fn of_settings(kind: LevelKind, key: &str, settings: &Settings) -> Self {
        let mut level = Self::empty(kind);
        for option in all_options() {
            if let Some(value) = settings.get(option) {
                let text = value.replace(['\r', '\n'], "").trim().to_owned();
                level.add(option, Said::Value(text), format!("{key}.{option}"), &value.span);
            }
        }
        level
    }

    /// A certificate that is assigned here, with what belongs to it on this kind of host.
    fn assign(&mut self, assigned: &Located<Certificate>, platform: Platform) {
        if self.get("certificate").is_some() {
            return;
        }
        let options: &[&'static str] = match platform {
            Platform::Windows => &["certificate"],
            Platform::Unix | Platform::Java => &["certificate", "certificate-key", "trusted-ca"],
        };
        for option in options {
            self.add(option, Said::Assigned, "certificate".into(), &assigned.span);
        }
    }
}

fn all_options() -> impl Iterator<Item = &'static str> {
    TOGETHER.into_iter().chain(ALONE)
}

/// The level of a port.
pub(super) fn of_port(port: &Port, platform: Platform) -> Level {
    let mut level = Level::of_transport(LevelKind::Port, port.transport.as_ref());
    add_mode(&mut level, port);
    if let Some(assigned) = port
        .certificate
        .as_ref()
        .filter(|assigned| assigned.value == Certificate::Port)
    {
        level.assign(assigned, platform);
    }
    level
}

/// A secured port has `tls=1`, whatever else its transport parameters say.
fn add_mode(level: &mut Level, port: &Port) {
    if port.mode.value == PortMode::Secured {
        level.add("tls", Said::Value("1".into()), "mode".into(), &port.mode.span);
    }
}

/// The level of a connection.
pub(super) fn of_connection(connection: &Connection) -> Level {
    Level::of_transport(LevelKind::Connection, connection.transport.as_ref())
}

/// What a client takes from the port that it connects to.
pub(super) fn of_target(port: &Port) -> Level {
    let mut level = Level::of_transport(LevelKind::TargetPort, port.transport.as_ref());
    add_mode(&mut level, port);
    level.sources.retain(|(option, _)| *option == "tls");
    level
}

/// The levels of an application and of its host. `port` is the one that is looked at, where it says at which level its certificate is.
pub(super) fn of_app(
    inventory: &Inventory,
    app: &App,
    host: Option<&Host>,
    port: Option<&Port>,
) -> [Level; 3] {
    let mut options = Level::of_settings(LevelKind::ApplicationOptions, "options", &app.options);
    let annex = Level::of_settings(LevelKind::ApplicationAnnex, "annex", &app.annex);
    let mut of_host = match host {
        Some(host) => Level::of_settings(LevelKind::HostAnnex, "annex", &host.annex),
        None => Level::empty(LevelKind::HostAnnex),
    };
    let platform = host.map_or(Platform::Unix, |host| inventory.platform(host));
    let own = port.and_then(|port| port.certificate.as_ref());
    let declared = own.or(app.certificate.as_ref());
    match declared.map(|declared| declared.value) {
        Some(Certificate::Application) if annex.get("certificate").is_none() => {
            declared
                .into_iter()
                .for_each(|declared| options.assign(declared, platform));
        }
        None | Some(Certificate::Host) => {
            if let Some(host) = host.filter(|host| host.certificate.value == Certificate::Host) {
                of_host.assign(&host.certificate, platform);
            }
        }
        Some(_) => (),
    }
    [options, annex, of_host]
}
