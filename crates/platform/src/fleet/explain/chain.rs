//! The chain of levels of a port or a connection, and what it comes to.

use super::level::{self, Level, LevelFacts, LevelKind, Source};
use super::{ALONE, Model, TOGETHER, Target};
use crate::finding::quoted;
use crate::inventory::{App, Connection, Inventory, Port, PortMode};

/// Which end of a connection it is about.
#[derive(Debug, Clone, Copy)]
pub enum End<'a> {
    /// A port on which the application listens.
    Port(&'a Port),
    /// A server that it connects to.
    Connection(&'a Connection),
    /// Neither is in the inventory: what holds for all of them.
    Application,
}

/// An option, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub option: &'static str,
    /// Where what belongs to a certificate comes from one level.
    pub set: Option<Source>,
    /// Where every option is looked up by itself.
    pub each: Option<Source>,
}

impl Row {
    /// Whether it depends on the model.
    pub fn differs(&self) -> bool {
        self.set != self.each
    }

    /// What one model makes of it.
    pub fn of(&self, model: Model) -> Option<&Source> {
        match model {
            Model::Set => self.set.as_ref(),
            Model::Each => self.each.as_ref(),
        }
    }
}

/// All that holds for one port or connection.
#[derive(Debug, Clone)]
pub struct Chain<'a> {
    /// The application.
    pub app: &'a App,
    /// The end.
    pub end: End<'a>,
    /// The levels, the nearest first.
    pub levels: Vec<LevelFacts>,
    /// The options.
    pub rows: Vec<Row>,
    /// What is not in the inventory, so that it is not known, in words.
    pub not_known: Vec<String>,
    /// Which model is documented for the release of the application.
    pub documented: Option<Model>,
}

/// The chain of each port, and of each connection.
pub fn explain<'a>(inventory: &'a Inventory, target: &Target<'a>) -> Vec<Chain<'a>> {
    let ports = target.ports.iter().map(|port| End::Port(port));
    let connections = target.connections.iter().map(|to| End::Connection(to));
    let mut ends: Vec<End<'a>> = ports.chain(connections).collect();
    if ends.is_empty() {
        ends.push(End::Application);
    }
    ends.into_iter()
        .map(|end| chain(inventory, target.app, end))
        .collect()
}

fn chain<'a>(inventory: &'a Inventory, app: &'a App, end: End<'a>) -> Chain<'a> {
    let host = inventory.host(&app.host);
    let mut not_known = Vec::new();
    if host.is_none() {
        not_known.push(format!(
            "host {} is not in the inventory, so its annex is not known",
            quoted(&app.host)
        ));
    }
    let platform = host.map_or(crate::transport::Platform::Unix, |host| inventory.platform(host));
    let mut levels: Vec<Level> = Vec::new();
    let mut port = None;
    match end {
        End::Port(own) => {
            port = Some(own);
            levels.push(level::of_port(own, platform));
            if own.mode.value == PortMode::AutoDetect {
                not_known.push("the port has TLS where the client asks for it".into());
            }
        }
        End::Connection(to) => levels.push(level::of_connection(to)),
        End::Application => not_known.push("the inventory has no port and no connection of it".into()),
    }
    levels.extend(level::of_app(inventory, app, host, port));
    if let End::Connection(to) = end {
        match target_port(inventory, to) {
            Ok(target) => levels.push(level::of_target(target)),
            Err(why) => not_known.push(why),
        }
    }
    let facts: Vec<LevelFacts> = levels.iter().map(Level::facts).collect();
    let release = app.release.as_ref().map(|release| release.value);
    let release = release.or_else(|| host.and_then(|host| inventory.release(host)));
    Chain {
        app,
        end,
        rows: rows(&levels),
        levels: facts,
        not_known,
        documented: release.and_then(Model::documented),
    }
}

/// The port that a client connects to.
fn target_port<'a>(inventory: &'a Inventory, to: &Connection) -> Result<&'a Port, String> {
    let Some(server) = inventory.app(&to.to) else {
        let words = "is not in the inventory, so it is not known whether its port has TLS";
        return Err(format!("server {} {words}", quoted(&to.to)));
    };
    let found = server.ports.iter().find(|port| *port.id == to.port_id());
    found.ok_or_else(|| {
        format!(
            "port {} of {} is not in the inventory, so it is not known whether it has TLS",
            quoted(to.port_id()),
            quoted(&to.to)
        )
    })
}

/// What the levels come to, in both models.
fn rows(levels: &[Level]) -> Vec<Row> {
    let first = |option: &str| levels.iter().find_map(|level| level.get(option)).cloned();
    let together = levels
        .iter()
        .filter(|level| level.kind != LevelKind::TargetPort)
        .find(|level| TOGETHER.iter().any(|option| level.get(option).is_some()));
    let of_set = TOGETHER.map(|option| Row {
        option,
        set: together.and_then(|level| level.get(option)).cloned(),
        each: first(option),
    });
    let alone = ALONE.map(|option| Row {
        option,
        set: first(option),
        each: first(option),
    });
    of_set.into_iter().chain(alone).collect()
}
