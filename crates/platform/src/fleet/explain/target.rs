//! What is asked for: `APP`, `APP:PORT` or `APP→SERVER`, where names may have any of these characters too.

use crate::finding::{nearest, quoted};
use crate::inventory::{App, Connection, Inventory, Port};

/// What is to be explained.
#[derive(Debug, Clone)]
pub struct Target<'a> {
    /// The application.
    pub app: &'a App,
    /// Its ports.
    pub ports: Vec<&'a Port>,
    /// Its connections.
    pub connections: Vec<&'a Connection>,
}

/// Why there is nothing to explain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// No application of that name.
    #[error("no application {} in the inventory", quoted(.name))]
    App {
        /// The name.
        name: String,
        /// What may be meant.
        meant: Option<String>,
    },
    /// No port of that identifier or number.
    #[error("{} has no port {}", quoted(.app), quoted(.port))]
    Port {
        /// The application.
        app: String,
        /// What was asked for.
        port: String,
        /// The ports that there are.
        known: Vec<String>,
    },
    /// No connection to that server.
    #[error("{} has no connection to {}", quoted(.app), quoted(.server))]
    Server {
        /// The application.
        app: String,
        /// What was asked for.
        server: String,
        /// The servers that it connects to.
        known: Vec<String>,
    },
}

/// What stands between an application and what is asked of it.
const SEPARATORS: [(&str, bool); 3] = [("→", true), ("->", true), (":", false)];

/// Finds what a text asks for. A name that has a separator in it is found first.
///
/// # Errors
/// [`TargetError`].
pub fn find_target<'a>(inventory: &'a Inventory, text: &str) -> Result<Target<'a>, TargetError> {
    if let Some(app) = inventory.app(text) {
        return Ok(Target {
            app,
            ports: app.ports.iter().collect(),
            connections: app.connections.iter().collect(),
        });
    }
    let mut cuts: Vec<(&str, &str, bool)> = SEPARATORS
        .iter()
        .flat_map(|(separator, is_server)| {
            text.match_indices(separator).map(|(at, found)| {
                let (app, rest) = (&text[..at], &text[at + found.len()..]);
                (app.trim_end(), rest.trim_start(), *is_server)
            })
        })
        .collect();
    cuts.sort_by_key(|(app, ..)| std::cmp::Reverse(app.len()));
    let found = cuts
        .iter()
        .find_map(|(name, rest, is_server)| Some((inventory.app(name)?, *rest, *is_server)));
    match found {
        Some((app, server, true)) => of_server(app, server),
        Some((app, port, false)) => of_port(app, port),
        None => {
            let name = cuts.last().map_or(text, |(app, ..)| app);
            let names = inventory.apps.iter().map(|app| app.name.as_str());
            Err(TargetError::App {
                name: name.to_owned(),
                meant: nearest(name, names).map(str::to_owned),
            })
        }
    }
}

fn of_port<'a>(app: &'a App, asked: &str) -> Result<Target<'a>, TargetError> {
    let by_id = || app.ports.iter().filter(|port| *port.id == asked);
    let by_number = || app.ports.iter().filter(|port| port.number.to_string() == asked);
    let ports: Vec<&Port> = match by_id().next() {
        Some(_) => by_id().collect(),
        None => by_number().collect(),
    };
    if ports.is_empty() {
        return Err(TargetError::Port {
            app: app.name.value.clone(),
            port: asked.to_owned(),
            known: app.ports.iter().map(|port| port.id.value.clone()).collect(),
        });
    }
    Ok(Target {
        app,
        ports,
        connections: Vec::new(),
    })
}

fn of_server<'a>(app: &'a App, asked: &str) -> Result<Target<'a>, TargetError> {
    let connections: Vec<&Connection> = app.connections.iter().filter(|to| *to.to == asked).collect();
    if connections.is_empty() {
        return Err(TargetError::Server {
            app: app.name.value.clone(),
            server: asked.to_owned(),
            known: app.connections.iter().map(|to| to.to.value.clone()).collect(),
        });
    }
    Ok(Target {
        app,
        ports: Vec::new(),
        connections,
    })
}
