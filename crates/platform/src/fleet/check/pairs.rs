//! Redundant pairs.

use super::found::{Draft, Found};
use super::index::{Couple, Index, has_tls};
use super::rules::{
    HA_SYNC_PORT_CERT, PAIR_DEFAULT_UNSECURED, PAIR_HA_SYNC_COUNT, PAIR_HA_SYNC_MODE, PAIR_PORT_IDS,
    PAIR_PORT_MODES, PAIR_SAME_HOST, UNSUPPORTED_TLS,
};
use crate::finding::quoted;
use crate::fleet::kinds::HOT_STANDBY_PAGE;
use crate::inventory::{App, Certificate, DEFAULT_PORT, Kind, Port, PortMode, Redundancy};
use crate::transport;
use gsec_pki::x509::path::Severity;

pub(super) fn check(index: &Index<'_>, found: &mut Found) {
    for couple in &index.couples {
        same_host(index, couple, found);
        port_ids(index, couple, found);
        port_modes(index, couple, found);
        ha_sync(index, couple, found);
        default_unsecured(index, couple, found);
        only_hot_standby(index, couple, found);
    }
    for app in &index.inventory.apps {
        ha_sync_certificate(app, found);
    }
}

fn apps<'a>(index: &Index<'a>, couple: &Couple<'_>) -> (&'a App, &'a App) {
    let apps = &index.inventory.apps;
    (&apps[couple.primary], &apps[couple.backup])
}

fn is_hot(couple: &Couple<'_>) -> bool {
    couple.pair.redundancy.value == Redundancy::HotStandby
}

/// In hot standby a client that lost the primary must find the same port on the backup.
fn weight(couple: &Couple<'_>) -> Severity {
    match is_hot(couple) {
        true => Severity::Error,
        false => Severity::Warning,
    }
}

fn is_ha_sync(port: &Port) -> bool {
    port.ha_sync.as_ref().is_some_and(|flag| flag.value)
}

fn same_host(index: &Index<'_>, couple: &Couple<'_>, found: &mut Found) {
    let (primary, backup) = apps(index, couple);
    let host = index.host_of[couple.primary];
    if host.is_some() && host == index.host_of[couple.backup] {
        let seen = "both servers of the pair are on the same host, and are lost together";
        let draft = Draft::new(PAIR_SAME_HOST, &couple.pair.backup.span, seen);
        found.push(draft.also(&primary.host.span).also(&backup.host.span));
    }
}

fn port_ids(index: &Index<'_>, couple: &Couple<'_>, found: &mut Found) {
    let (primary, backup) = apps(index, couple);
    for (own, other, at) in [
        (primary, backup, couple.backup),
        (backup, primary, couple.primary),
    ] {
        let missing = |port: &&Port| !is_ha_sync(port) && index.port(at, &port.id).is_none();
        for port in own.ports.iter().filter(missing) {
            let seen = format!(
                "{} of the same pair has no port {}",
                quoted(&other.name),
                quoted(&port.id)
            );
            let draft = Draft::new(PAIR_PORT_IDS, &port.id.span, seen).also(&other.name.span);
            found.push(
                draft
                    .weighing(weight(couple))
                    .help("both servers of a pair have ports of the same identifiers"),
            );
        }
    }
}

fn port_modes(index: &Index<'_>, couple: &Couple<'_>, found: &mut Found) {
    let (primary, _) = apps(index, couple);
    for port in &primary.ports {
        let Some(other) = index.port(couple.backup, &port.id) else {
            continue;
        };
        let is_of_sync = is_ha_sync(port) || is_ha_sync(other);
        if !is_of_sync && port.mode.value != other.mode.value {
            let seen = format!(
                "port {} is {} here, and {} on the primary",
                quoted(&port.id),
                in_words(other.mode.value),
                in_words(port.mode.value)
            );
            let draft = Draft::new(PAIR_PORT_MODES, &other.mode.span, seen).also(&port.mode.span);
            found.push(draft.weighing(weight(couple)));
        }
    }
}

fn in_words(mode: PortMode) -> &'static str {
    match mode {
        PortMode::Unsecured => "unsecured",
        PortMode::Secured => "secured",
        PortMode::AutoDetect => "Auto Detect",
    }
}

/// Where the flag of a port is.
fn flag(port: &Port) -> std::ops::Range<usize> {
    port.ha_sync
        .as_ref()
        .map_or_else(|| port.id.span.clone(), |flag| flag.span.clone())
}

fn ha_sync(index: &Index<'_>, couple: &Couple<'_>, found: &mut Found) {
    let (primary, backup) = apps(index, couple);
    for app in [primary, backup] {
        let mut ports = app.ports.iter().filter(|port| is_ha_sync(port));
        let first = ports.next();
        for (second, first) in ports.filter_map(|second| first.map(|first| (second, first))) {
            let seen = format!(
                "{} has another HA synchronization port already",
                quoted(&app.name)
            );
            found.push(Draft::new(PAIR_HA_SYNC_COUNT, &flag(second), seen).also(&flag(first)));
        }
    }
    let [own, other] = [primary, backup].map(|app| app.ports.iter().find(|port| is_ha_sync(port)));
    match (own, other) {
        (None, None) => (),
        (Some(port), None) => found.push(alone(port, backup)),
        (None, Some(port)) => found.push(alone(port, primary)),
        (Some(own), Some(other)) if *own.id != *other.id => {
            let seen = format!(
                "the HA synchronization port is {} here, and {} on the primary",
                quoted(&other.id),
                quoted(&own.id)
            );
            found.push(Draft::new(PAIR_HA_SYNC_COUNT, &other.id.span, seen).also(&own.id.span));
        }
        (Some(own), Some(other)) if own.mode.value != other.mode.value => {
            let seen = format!(
                "the HA synchronization port is {} here, and {} on the primary",
                in_words(other.mode.value),
                in_words(own.mode.value)
            );
            found.push(Draft::new(PAIR_HA_SYNC_MODE, &other.mode.span, seen).also(&own.mode.span));
        }
        (Some(_), Some(_)) => (),
    }
}

fn alone(port: &Port, lacking: &App) -> Draft {
    let seen = format!(
        "{} of the same pair has no HA synchronization port",
        quoted(&lacking.name)
    );
    Draft::new(PAIR_HA_SYNC_COUNT, &flag(port), seen).also(&lacking.name.span)
}

/// Without a port for it, the servers of a pair in hot standby keep each other up to date over the default port.
fn default_unsecured(index: &Index<'_>, couple: &Couple<'_>, found: &mut Found) {
    let (primary, backup) = apps(index, couple);
    let ports = || primary.ports.iter().chain(&backup.ports);
    let Some(secure) = ports().find(|port| has_tls(port)) else {
        return;
    };
    if !is_hot(couple) || ports().any(is_ha_sync) {
        return;
    }
    let defaults = [couple.primary, couple.backup].map(|app| index.port(app, DEFAULT_PORT));
    let plain = |port: &&Port| port.mode.value == PortMode::Unsecured;
    if let Some(default) = defaults.into_iter().flatten().find(plain) {
        let seen = "the servers of the pair keep each other up to date over this port, without TLS";
        let help = "set `ha_sync = true` for the secured port of both (page 110)";
        let draft = Draft::new(PAIR_DEFAULT_UNSECURED, &default.mode.span, seen);
        found.push(draft.also(&secure.mode.span).help(help));
    }
}

fn only_hot_standby(index: &Index<'_>, couple: &Couple<'_>, found: &mut Found) {
    let (primary, backup) = apps(index, couple);
    let is_t_server = |app: &App| matches!(app.kind.value, Kind::TServer | Kind::NetworkTServer);
    if is_hot(couple) || !is_t_server(primary) || !is_t_server(backup) {
        return;
    }
    let mut ports = primary.ports.iter().chain(&backup.ports);
    if let Some(port) = ports.find(|port| is_ha_sync(port) && has_tls(port)) {
        let seen = "there is TLS between the T-Servers of a pair only in hot standby";
        let draft = Draft::new(UNSUPPORTED_TLS, &couple.pair.redundancy.span, seen).also(&port.mode.span);
        found.push(draft.help(format!("page {HOT_STANDBY_PAGE} of the guide")));
    }
}

fn ha_sync_certificate(app: &App, found: &mut Found) {
    for port in app.ports.iter().filter(|port| is_ha_sync(port)) {
        let level = port
            .certificate
            .as_ref()
            .filter(|level| level.value == Certificate::Port);
        let written = port
            .transport
            .as_ref()
            .filter(|value| transport::find(value, "certificate").is_some());
        let place = level
            .map(|level| &level.span)
            .or_else(|| written.map(|value| &value.span));
        if let Some(place) = place {
            let seen = "a certificate of its own is not recommended for the HA synchronization port";
            let help = "assign the certificate to the host or the application instead (page 110)";
            found.push(
                Draft::new(HA_SYNC_PORT_CERT, place, seen)
                    .also(&flag(port))
                    .help(help),
            );
        }
    }
}
