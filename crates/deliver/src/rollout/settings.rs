//! What gsec cannot do for a person: settings to enter in Configuration Manager, and applications to restart. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reason, RestartStep, SettingStep};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_platform::inventory::{App, Certificate, Inventory, Located, PortMode, Settings};
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
/// Where a host's own settings are.
const HOST_ANNEX: &str = "host annex [security]";

type Steps = (Vec<SettingStep>, Vec<RestartStep>, Vec<Reason>);

/// The settings whose thumbprints are not those of the certificates any more, and the applications that must be restarted.
pub(super) fn settings_and_restarts(inventory: &Inventory, standings: &BTreeMap<&str, Standing>) -> Steps {
    let standing = |host: &str| standings.get(host).copied().unwrap_or(Standing::Unknown);
    let of_hosts = inventory.hosts.iter().filter_map(|host| {
        let owner = Owner {
            object: host.name.as_str(),
            host: host.name.as_str(),
        };
        let value = host.annex.get(CERTIFICATE).map(|value| value.as_str());
        setting(owner, HOST_ANNEX, value, standing(host.name.as_str()))
    });
    let of_hosts: Vec<SettingStep> = of_hosts.collect();
    let of_apps: Vec<Vec<SettingStep>> = inventory
        .apps
        .iter()
        .map(|app| settings_of(app, standing(&app.host)))
        .collect();
    let changed_hosts: BTreeSet<&str> = of_hosts.iter().map(|step| step.host.as_str()).collect();
    let reads_new = |(app, own): &(&App, &Vec<SettingStep>)| {
        let is_changed = standing(&app.host) == Standing::Changes
            || !own.is_empty()
            || changed_hosts.contains(app.host.as_str());
        is_changed && uses_tls(inventory, app)
    };
    let apps = inventory.apps.iter().zip(&of_apps).filter(reads_new);
    let apps: Vec<&App> = apps.map(|(app, _)| app).collect();
    let restarts = restarts(inventory, &apps);
    let settings = of_hosts
        .into_iter()
        .chain(of_apps.into_iter().flatten())
        .collect();
    (settings, restarts, level_switches(inventory))
}

/// The settings that were waiting for new certificates, now that their hosts may have them: `issued` has the SHA-1 thumbprint of a host's.
pub fn settings_with(steps: &[SettingStep], issued: &dyn Fn(&str) -> Option<[u8; 20]>) -> Vec<SettingStep> {
    let with_new = |step: &SettingStep| SettingStep {
        after: step
            .after
            .clone()
            .or_else(|| Some(encode(&issued(&step.host)?, Separator::Space))),
        ..step.clone()
    };
    steps.iter().map(with_new).collect()
}

/// Whose a setting is: an application may be called like a host.
#[derive(Clone, Copy)]
struct Owner<'a> {
    object: &'a str,
    host: &'a str,
}

fn settings_of(app: &App, standing: Standing) -> Vec<SettingStep> {
    let owner = Owner {
        object: &app.name,
        host: &app.host,
    };
    let at = |place: &str, value: Option<&str>| setting(owner, place, value, standing);
    let of_section =
        |place: &str, section: &Settings| at(place, section.get(CERTIFICATE).map(|value| value.as_str()));
    let of_transport = |place: String, transport: &Option<Located<String>>| {
        at(
            &place,
            transport.as_ref().and_then(|value| find(value, CERTIFICATE)),
        )
    };
    let sections = [
        of_section("application options [security]", &app.options),
        of_section("application annex [security]", &app.annex),
    ];
    let ports = app
        .ports
        .iter()
        .map(|port| of_transport(format!("port {}, transport", port.id.value), &port.transport));
    let connections = app.connections.iter().map(|connection| {
        let place = format!("connection to {}, transport", connection.to.value);
        of_transport(place, &connection.transport)
    });
    sections
        .into_iter()
        .chain(ports)
        .chain(connections)
        .flatten()
        .collect()
}

/// A thumbprint that is not, or will not be, that of the host's certificate. A path stays, for what it leads to is exchanged.
fn setting(owner: Owner<'_>, place: &str, value: Option<&str>, standing: Standing) -> Option<SettingStep> {
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
        object: owner.object.to_owned(),
        host: owner.host.to_owned(),
        place: place.to_owned(),
        option: CERTIFICATE.to_owned(),
        before: before.to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_platform::inventory::read;

    const OLD: &str = "9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c";
    const PRESENT: [u8; 20] = [0x11; 20];

    fn steps(rest: &str, standings: &[(&str, Standing)]) -> (Vec<String>, Vec<String>, Vec<String>) {
        let text = format!("version = 1\n[[host]]\nname = \"h\"\nfqdn = \"h.example\"\n{rest}");
        let reading = read(&text, "fleet.toml");
        assert_eq!(reading.findings, []);
        let standings = standings.iter().copied().collect();
        let (settings, restarts, notices) = settings_and_restarts(&reading.inventory, &standings);
        let setting = |step: &SettingStep| {
            let after = step.after.as_deref().unwrap_or("new");
            format!("{} | {} | {}", step.object, step.place, after)
        };
        (
            settings.iter().map(setting).collect(),
            restarts.iter().map(|step| step.apps.join(" > ")).collect(),
            notices.iter().map(|notice| notice.code.clone()).collect(),
        )
    }

    fn app(name: &str, lines: &str) -> String {
        format!("[[app]]\nname = \"{name}\"\nhost = \"h\"\nkind = \"tserver\"\n{lines}\n")
    }

    const SECURED: &str = "[[app.port]]\nid = \"default\"\nnumber = 3000\nmode = \"secured\"";

    #[test]
    fn a_thumbprint_at_any_level_is_to_be_entered_anew_once_the_certificate_is_another() {
        let levels = format!("annex = {{ certificate = \"{OLD}\" }}\n")
            + &app(
                "A",
                &format!(
                    "options = {{ certificate = \"{OLD}\" }}\nannex = {{ certificate = \"{}\" }}\n{SECURED}\n\
                     transport = \"tls=1;certificate={OLD}\"\n[[app.connection]]\nto = \"B\"\ntransport = \"certificate={OLD}\"",
                    OLD.replace(' ', "").to_uppercase()
                ),
            );
        let places = [
            "h | host annex",
            "A | application options",
            "A | application annex",
            "A | port default",
            "A | connection to B",
        ];
        for (standing, after) in [(Standing::Stays(PRESENT), "11 11"), (Standing::Changes, "new")] {
            let (settings, ..) = steps(&levels, &[("h", standing)]);
            assert_eq!(settings.len(), places.len(), "{settings:?}");
            for (setting, place) in settings.iter().zip(places) {
                assert!(setting.starts_with(place) && setting.contains(after), "{setting}");
            }
        }
        let (settings, ..) = steps(&levels, &[("h", Standing::Unknown)]);
        assert_eq!(
            settings,
            Vec::<String>::new(),
            "nothing is said of what is not known"
        );
    }

    #[test]
    fn an_application_that_is_called_like_a_host_has_settings_and_restarts_of_its_own() {
        let text = format!(
            "[[host]]\nname = \"g\"\nannex = {{ certificate = \"{OLD}\" }}\n[[app]]\nname = \"g\"\nhost = \"h\"\nkind = \"tserver\"\n{SECURED}\n"
        );
        let standings = [("h", Standing::Stays(PRESENT)), ("g", Standing::Changes)];
        let (settings, restarts, _) = steps(&text, &standings);
        assert_eq!(settings, ["g | host annex [security] | new"]);
        assert_eq!(restarts, Vec::<String>::new(), "nothing of its own host changes");
        let reading = read(
            &format!("version = 1\n{text}[[host]]\nname = \"h\"\n"),
            "fleet.toml",
        );
        let standings = standings.into_iter().collect();
        let (settings, ..) = settings_and_restarts(&reading.inventory, &standings);
        let issued = |host: &str| (host == "g").then_some(PRESENT);
        let after = settings_with(&settings, &issued).remove(0).after;
        assert!(
            after.is_some_and(|after| after.starts_with("11 11")),
            "of the host, not of the application's"
        );
    }

    #[test]
    fn a_thumbprint_that_is_right_and_a_path_stay() {
        let right = "11".repeat(20);
        for value in [right.as_str(), "/etc/ssl/gsec/h/current/host_cert.pem"] {
            let annex = format!("annex = {{ certificate = \"{value}\" }}\n");
            assert_eq!(
                steps(&annex, &[("h", Standing::Stays(PRESENT))]).0,
                Vec::<String>::new(),
                "{value}"
            );
        }
    }

    #[test]
    fn what_has_no_tls_is_not_restarted_and_of_a_pair_the_backup_comes_first() {
        let plain = app("Plain", "[[app.port]]\nid = \"default\"\nnumber = 1\n");
        let client = app("Client", "[[app.connection]]\nto = \"P\"");
        let to_plain = app("Other", "[[app.connection]]\nto = \"Plain\"");
        let pair = "[[pair]]\nprimary = \"P\"\nbackup = \"B\"\nredundancy = \"hot-standby\"\n";
        let all = app("P", SECURED) + &app("B", SECURED) + &plain + &client + &to_plain + pair;
        assert_eq!(steps(&all, &[("h", Standing::Changes)]).1, ["B > P", "Client"]);
        assert_eq!(
            steps(&all, &[("h", Standing::Stays(PRESENT))]).1,
            Vec::<String>::new()
        );
    }

    #[test]
    fn settings_of_an_application_that_a_switch_of_the_level_deletes_are_told() {
        let own = |level: &str| {
            app(
                "A",
                &format!("certificate = \"{level}\"\noptions = {{ certificate = \"/c\" }}"),
            )
        };
        assert_eq!(steps(&own("host"), &[]).2, ["level-switch-deletes"]);
        assert_eq!(steps(&own("application"), &[]).2, Vec::<String>::new());
    }
}
