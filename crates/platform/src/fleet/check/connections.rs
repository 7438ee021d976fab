//! Connections: whether both ends agree on TLS, and whether there can be any between them.

use super::found::{Draft, Found};
use super::index::{Index, Link, Span};
use super::rules::{
    CS_CONNECTION_MISSING, HALF_SECURED, NOT_AUTO_DETECT, PLAIN_CONNECTION, TLS_MISMATCH, UNKNOWN_PORT,
    UNSUPPORTED_TLS, UPGRADE_PORT_TLS,
};
use crate::finding::quoted;
use crate::fleet::kinds::{self, TLS_PAGES, Tls};
use crate::inventory::{Port, PortMode};
use crate::transport::{self, Platform, Release};
use gsec_pki::x509::path::Severity;

pub(super) fn check(index: &Index<'_>, found: &mut Found) {
    for link in &index.links {
        let Some(port) = link.port else { continue };
        tls_mismatch(link, port, found);
        plain_connection(index, link, port, found);
        if port.mode.value == PortMode::AutoDetect {
            upgrade_port_tls(link, port, found);
            half_secured(index, link, port, found);
        }
        unsupported_tls(index, link, found);
    }
    for app in 0..index.inventory.apps.len() {
        start_parameters(index, app, found);
    }
}

fn tls_mismatch(link: &Link<'_>, port: &Port, found: &mut Found) {
    let Some((own, span)) = &link.own_tls else { return };
    let seen = match (port.mode.value, own) {
        (PortMode::Secured, false) => "the client switches TLS off, and the port is secured",
        (PortMode::Unsecured, true) => "the client switches TLS on, and the port is unsecured",
        _ => return,
    };
    let draft = Draft::new(TLS_MISMATCH, span, seen).also(&link.place());
    found.push(draft.also(&port.mode.span));
}

fn plain_connection(index: &Index<'_>, link: &Link<'_>, port: &Port, found: &mut Found) {
    let Some(server) = link.server else { return };
    let Some(secure) = index.secure_port[server] else {
        return;
    };
    let (client_kind, server_kind) = (
        index.inventory.apps[link.app].kind.value,
        index.inventory.apps[server].kind.value,
    );
    let is_plain =
        port.mode.value == PortMode::Unsecured && link.own_tls.as_ref().is_none_or(|(tls, _)| !tls);
    let can = index.is_secured_client(link)
        && kinds::tls(client_kind, server_kind) == Tls::Listed
        && index
            .older_release(link.app, server)
            .is_none_or(|release| release >= Release::V76);
    if is_plain && can {
        let name = quoted(&index.inventory.apps[server].name);
        let seen = format!("the connection to {name} has no TLS, and both ends can have it");
        let draft = Draft::new(PLAIN_CONNECTION, &link.place(), seen).also(&secure.id.span);
        found.push(draft.help(format!("connect to port {}", quoted(&secure.id))));
    }
}

/// Such a connection begins without TLS, and the two ends agree on it later.
fn upgrade_port_tls(link: &Link<'_>, port: &Port, found: &mut Found) {
    let Some((true, span)) = &link.own_tls else { return };
    let seen =
        "the client switches TLS on by itself, and an Auto Detect port expects a beginning without TLS";
    let draft = Draft::new(UPGRADE_PORT_TLS, span, seen).also(&link.place());
    found.push(
        draft
            .also(&port.mode.span)
            .help("leave `tls` out: the port says that there is TLS"),
    );
}

/// On an Auto Detect port security that is set and incomplete is not passed over: the server rejects the client (page 106).
fn half_secured(index: &Index<'_>, link: &Link<'_>, port: &Port, found: &mut Found) {
    let security = &index.security[link.app];
    let own = |option: &str| {
        let value = link.connection.transport.as_ref()?;
        transport::find(value, option).map(|_| value.span.clone())
    };
    let place = |option: &str, levels: Option<&crate::inventory::Located<String>>| -> Option<Span> {
        own(option).or_else(|| levels.map(|value| value.span.clone()))
    };
    let certificate = place("certificate", security.certificate);
    let key = place("certificate-key", security.certificate_key);
    let trusted = place("trusted-ca", security.trusted_ca);
    let needs_ca = index.platform(link.app) != Some(Platform::Windows);
    let (span, seen) = match (&certificate, &key, &trusted) {
        (Some(certificate), _, None) if needs_ca => (
            certificate,
            "`certificate` is set for this client, and `trusted-ca` is not",
        ),
        (None, Some(key), _) => (
            key,
            "`certificate-key` is set for this client, and `certificate` is not",
        ),
        (None, None, Some(trusted)) => (
            trusted,
            "`trusted-ca` is set for this client, and `certificate` is not",
        ),
        _ => return,
    };
    let seen = format!("{seen}: on an Auto Detect port it would be rejected, not connected without TLS");
    let draft = Draft::new(HALF_SECURED, span, seen).also(&link.place());
    found.push(
        draft
            .also(&port.mode.span)
            .help("write certificate, certificate-key and trusted-ca at the same level"),
    );
}

fn unsupported_tls(index: &Index<'_>, link: &Link<'_>, found: &mut Found) {
    let Some(server) = link.server.filter(|_| index.wants_tls(link)) else {
        return;
    };
    let (client_app, server_app) = (&index.inventory.apps[link.app], &index.inventory.apps[server]);
    let (client, server_kind) = (client_app.kind.value, server_app.kind.value);
    let release = index.older_release(link.app, server);
    let is_old = |otherwise: bool| release.map_or(otherwise, |release| release <= Release::V76);
    let names = format!("{} and {}", client.title(), server_kind.title());
    let (seen, severity) = match kinds::tls(client, server_kind) {
        Tls::Listed => return,
        Tls::Excluded => (
            format!("there is no TLS between {} and its clients", server_kind.title()),
            if is_old(true) {
                Severity::Error
            } else {
                Severity::Warning
            },
        ),
        Tls::Unlisted => (
            format!("the guide does not list TLS between {names}"),
            if is_old(false) {
                Severity::Warning
            } else {
                Severity::Notice
            },
        ),
        Tls::Unknown => (
            format!("whether there is TLS between {names}, the guide does not say"),
            Severity::Notice,
        ),
    };
    let draft = Draft::new(UNSUPPORTED_TLS, &link.place(), seen).weighing(severity);
    let help =
        format!("pages {TLS_PAGES} of the guide of 7.6 have the table; look into that of your release");
    found.push(
        draft
            .also(&client_app.kind.span)
            .also(&server_app.kind.span)
            .help(help),
    );
}

/// What an application is started with names Configuration Server.
fn start_parameters(index: &Index<'_>, at: usize, found: &mut Found) {
    let app = &index.inventory.apps[at];
    let words = &index.words[at];
    let (Some((_, host)), Some((word, number))) = (words.last("-host"), words.last("-port")) else {
        return;
    };
    let Some((server, port)) = crate::text::port(number).and_then(|number| index.config_at(host, number))
    else {
        return;
    };
    let Some(place) = app.command_line.get(word).map(|word| &word.span) else {
        return;
    };
    let config = &index.inventory.apps[server];
    let name = quoted(&config.name);
    let Some(port) = port else {
        let seen = format!("{name} on this host has no port {number}");
        found.push(Draft::new(UNKNOWN_PORT, place, seen).also(&config.name.span));
        return;
    };
    let has_connection = app
        .connections
        .iter()
        .any(|connection| *connection.to == *config.name && connection.port_id() == *port.id);
    match (port.mode.value, index.secure_port[server]) {
        (PortMode::Unsecured, Some(secure)) if index.has_certificate(at, None, None) => {
            let seen = format!("security is set, and port {number} of {name} is not secured");
            let help = "use the number of its Auto Detect port here, and in the client's Connections";
            found.push(
                Draft::new(NOT_AUTO_DETECT, place, seen)
                    .also(&secure.number.span)
                    .help(help),
            );
        }
        (PortMode::Secured | PortMode::AutoDetect, _) if !has_connection => {
            let seen = format!(
                "the start parameters name port {number} of {name}, and the connections of {} do not",
                quoted(&app.name)
            );
            let help = format!("add a connection to {name}, port {} (page 105)", quoted(&port.id));
            found.push(
                Draft::new(CS_CONNECTION_MISSING, place, seen)
                    .also(&port.id.span)
                    .help(help),
            );
        }
        _ => (),
    }
}
