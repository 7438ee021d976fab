//! Ports on which applications listen.

use std::collections::HashMap;

use super::found::{Draft, Found};
use super::index::{Index, Span, is_server};
use super::rules::{AUTO_DETECT_KIND, CS_SECURED_PORT, NO_DEFAULT_PORT, PORT_CLASH, PORT_MODE, SECURED_ONLY};
use crate::finding::quoted;
use crate::inventory::{App, DEFAULT_PORT, Located, PortMode};
use crate::transport;

pub(super) fn check(index: &Index<'_>, found: &mut Found) {
    for host in 0..index.inventory.hosts.len() {
        port_clashes(index, host, found);
    }
    for (at, app) in index.inventory.apps.iter().enumerate() {
        if is_server(app) && index.port(at, DEFAULT_PORT).is_none() {
            let seen = format!("server {} has no port `{DEFAULT_PORT}`", quoted(&app.name));
            let help = "every server has a port of this identifier: clients that name none connect to it";
            found.push(Draft::new(NO_DEFAULT_PORT, &app.name.span, seen).help(help));
        }
        modes(app, found);
        secured_only(app, found);
    }
}

/// Who uses a port of a host.
struct User {
    words: String,
    span: Span,
}

fn port_clashes(index: &Index<'_>, host: usize, found: &mut Found) {
    let mut listening: HashMap<u16, User> = HashMap::new();
    if let Some(port) = &index.inventory.hosts[host].lca_port {
        let user = User {
            words: "the Local Control Agent of the host".into(),
            span: port.span.clone(),
        };
        listening.insert(port.value, user);
    }
    for app in index.apps_of[host].iter().map(|app| &index.inventory.apps[*app]) {
        for port in &app.ports {
            match listening.get(&port.number) {
                Some(first) => found.push(clash(&port.number, first)),
                None => {
                    let words = format!("port {} of {}", quoted(&port.id), quoted(&app.name));
                    let span = port.number.span.clone();
                    listening.insert(port.number.value, User { words, span });
                }
            }
        }
    }
    for app in index.apps_of[host].iter().map(|app| &index.inventory.apps[*app]) {
        let clients = app
            .connections
            .iter()
            .flat_map(|connection| [&connection.client_port, &connection.backup_port]);
        for port in clients.flatten() {
            if let Some(first) = listening.get(&port.value) {
                found.push(clash(port, first));
            }
        }
    }
}

fn clash(port: &Located<u16>, first: &User) -> Draft {
    let seen = format!("{} uses port {} on this host, too", first.words, port.value);
    Draft::new(PORT_CLASH, &port.span, seen).also(&first.span)
}

fn modes(app: &App, found: &mut Found) {
    for port in &app.ports {
        let mode = port.mode.value;
        if mode == PortMode::AutoDetect && !app.kind.is_config() {
            let seen = format!(
                "{} cannot have an Auto Detect port: only Configuration Server and its proxy can",
                app.kind.title()
            );
            found.push(Draft::new(AUTO_DETECT_KIND, &port.mode.span, seen).help("use `secured`"));
        }
        if mode == PortMode::Secured && app.kind.is_config() {
            let seen =
                "clients that ask without TLS are not answered on a secured port of Configuration Server";
            let help = "`auto-detect` is the mode that the guide advises (page 89)";
            found.push(Draft::new(CS_SECURED_PORT, &port.mode.span, seen).help(help));
        }
        let Some(value) = &port.transport else { continue };
        let said = transport::find(value, "tls").and_then(transport::boolean);
        let seen = match (mode, said) {
            (PortMode::Unsecured, Some(true)) => {
                "the transport parameters switch TLS on, and `mode` is `unsecured`"
            }
            (PortMode::Secured, Some(false)) => {
                "the transport parameters switch TLS off, and `mode` is `secured`"
            }
            _ => continue,
        };
        found.push(Draft::new(PORT_MODE, &value.span, seen).also(&port.mode.span));
    }
}

fn secured_only(app: &App, found: &mut Found) {
    let is_secured = |mode: PortMode| mode == PortMode::Secured;
    let Some(first) = app.ports.first().filter(|_| is_server(app)) else {
        return;
    };
    if app.ports.iter().all(|port| is_secured(port.mode.value)) {
        let seen = format!("{} has secured ports only", quoted(&app.name));
        let help = "the guide advises a new port for TLS beside the old one (page 88): clients that are not changed yet need it";
        found.push(Draft::new(SECURED_ONLY, &first.mode.span, seen).help(help));
    }
}
