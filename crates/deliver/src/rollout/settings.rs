//! What gsec cannot do for a person: settings to enter in Configuration Manager, and applications to restart. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reason, RestartStep, SettingStep};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_platform::inventory::{App, Certificate, Inventory, PortMode, Settings};
use gsec_platform::transport::{find, spaced};

/// What the certificate of a host comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It stays; its SHA-1 thumbprint.
    Stays([u8; 20]),
    /// A new one is issued.
    Changes,
    /// That is not known.
    Unknown,
}

/// The option that names a certificate.
const CERTIFICATE: &str = "certificate";

type Steps = (Vec<SettingStep>, Vec<RestartStep>, Vec<Reason>);

/// The settings whose thumbprints are not those of the certificates any more, and the applications that must be restarted.
pub(super) fn settings_and_restarts(inventory: &Inventory, standings: &BTreeMap<&str, Standing>) -> Steps {
    let standing = |host: &str| standings.get(host).copied().unwrap_or(Standing::Unknown);
    let mut settings = Vec::new();
    for host in &inventory.hosts {
        let of_host = |option: Option<&String>| {
            setting(
                host.name.as_str(),
                "host annex [security]",
                option,
                standing(host.name.as_str()),
            )
        };
        settings.extend(of_host(host.annex.get(CERTIFICATE).map(|value| &value.value)));
    }
    for app in &inventory.apps {
        settings.extend(settings_of(app, standing(&app.host)));
    }
    let changed: BTreeSet<&str> = settings.iter().map(|step| step.object.as_str()).collect();
    let reads_new = |app: &App| {
        uses_tls(inventory, app)
            && (standing(&app.host) == Standing::Changes
                || changed.contains(app.name.as_str())
                || changed.contains(app.host.as_str()))
    };
    let apps: Vec<&App> = inventory.apps.iter().filter(|app| reads_new(app)).collect();
    let restarts = restarts(inventory, &apps);
    (settings, restarts, level_switches(inventory))
}

/// The settings that were waiting for new certificates, now that these hosts have certificates with these SHA-1 thumbprints.
pub fn settings_with(
    steps: &[SettingStep],
    inventory: &Inventory,
    issued: &BTreeMap<&str, [u8; 20]>,
) -> Vec<SettingStep> {
    let host_of = |object: &str| {
        inventory
            .app(object)
            .map_or(object, |app| app.host.as_str())
            .to_owned()
    };
    let with_new = |step: &SettingStep| {
        let thumbprint = issued.get(host_of(&step.object).as_str());
        SettingStep {
            after: step
                .after
                .clone()
                .or_else(|| thumbprint.map(|sha1| encode(sha1, Separator::Space))),
            ..step.clone()
        }
    };
    steps.iter().map(with_new).collect()
}

fn settings_of(app: &App, standing: Standing) -> Vec<SettingStep> {
    let at = |place: &str, value: Option<&String>| setting(&app.name, place, value, standing);
    let of_section =
        |place: &str, section: &Settings| at(place, section.get(CERTIFICATE).map(|value| &value.value));
    let mut found: Vec<SettingStep> = Vec::new();
    found.extend(of_section("application options [security]", &app.options));
    found.extend(of_section("application annex [security]", &app.annex));
    for port in &app.ports {
        let value = port
            .transport
            .as_ref()
            .and_then(|transport| find(transport, CERTIFICATE))
            .map(str::to_owned);
        found.extend(at(&format!("port {}, transport", port.id.value), value.as_ref()));
    }
    for connection in &app.connections {
        let value = connection
            .transport
            .as_ref()
            .and_then(|transport| find(transport, CERTIFICATE))
            .map(str::to_owned);
        found.extend(at(
            &format!("connection to {}, transport", connection.to.value),
            value.as_ref(),
        ));
    }
    found
}

/// A thumbprint that is not, or will not be, that of the host's certificate. A path stays, for what it leads to is exchanged.
fn setting(object: &str, place: &str, value: Option<&String>, standing: Standing) -> Option<SettingStep> {
    let before = value?;
    let thumbprint = spaced(before)?;
    let after = match standing {
        Standing::Stays(sha1) => {
            let present = encode(&sha1, Separator::Space);
            if present == thumbprint {
                return None;
            }
            Some(present)
        }
        Standing::Changes => None,
        Standing::Unknown => return None,
    };
    Some(SettingStep {
        object: object.to_owned(),
        place: place.to_owned(),
        option: CERTIFICATE.to_owned(),
        before: before.clone(),
        after,
    })
}

/// Whether an application reads a certificate when it starts.
fn uses_tls(inventory: &Inventory, app: &App) -> bool {
    let is_secured = |app: &App, id: Option<&str>| {
        app.ports
            .iter()
            .filter(|port| id.is_none_or(|id| port.id.value == id))
            .any(|port| port.mode.value != PortMode::Unsecured)
    };
    let connects = |connection: &gsec_platform::inventory::Connection| {
        inventory
            .app(&connection.to)
            .is_some_and(|server| is_secured(server, Some(connection.port_id())))
    };
    is_secured(app, None) || app.connections.iter().any(connects)
}

/// Of a pair the backup first, and the primary when it is up again (page 103: settings are read at the start).
fn restarts(inventory: &Inventory, apps: &[&App]) -> Vec<RestartStep> {
    let names: BTreeSet<&str> = apps.iter().map(|app| app.name.as_str()).collect();
    let mut told = BTreeSet::new();
    let mut steps = Vec::new();
    for pair in &inventory.pairs {
        let (primary, backup) = (pair.primary.as_str(), pair.backup.as_str());
        let both: Vec<String> = [backup, primary]
            .into_iter()
            .filter(|name| names.contains(name) && told.insert((*name).to_owned()))
            .map(str::to_owned)
            .collect();
        if !both.is_empty() {
            steps.push(RestartStep {
                is_pair: both.len() == 2,
                apps: both,
            });
        }
    }
    for app in apps.iter().filter(|app| !told.contains(app.name.as_str())) {
        steps.push(RestartStep {
            apps: vec![app.name.value.clone()],
            is_pair: false,
        });
    }
    steps
}

/// Configuration Manager deletes an application's own certificate parameters when its assignment becomes the host's (page 98).
fn level_switches(inventory: &Inventory) -> Vec<Reason> {
    let is_host = |app: &&App| {
        app.certificate
            .as_ref()
            .is_some_and(|level| level.value == Certificate::Host)
    };
    let has_own = |app: &&App| {
        [&app.options, &app.annex]
            .iter()
            .any(|section| section.get(CERTIFICATE).is_some())
    };
    let reason = |app: &App| Reason {
        code: "level-switch-deletes".into(),
        message: format!(
            "{}: where its certificate becomes the host's, Configuration Manager deletes the certificate settings of the application",
            app.name.value
        ),
    };
    inventory
        .apps
        .iter()
        .filter(is_host)
        .filter(has_own)
        .map(reason)
        .collect()
}
