//! The export of Configuration Server that `mutagen` writes as JSON: `applications`, `appPrototypes` and `hosts`, with names for references.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::draft::{Names, app_name};
use super::options::{known_arguments, known_options, known_parameters};
use super::{Draft, DraftApp, DraftConnection, DraftHost, DraftPair, DraftPort};
use crate::finding::{is_secret_name, quoted};
use crate::transport::{boolean, find, is_secured, parts};
use gsec_pki::x509::GeneralName;

/// Why a file is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Not JSON.
    #[error("it is not JSON")]
    Json(#[source] serde_json::Error),
    /// JSON of something else.
    #[error("it has neither `applications` nor `hosts`")]
    Other,
}

/// Reads an export.
///
/// # Errors
/// [`ExportError`].
pub fn from_export(bytes: &[u8]) -> Result<Draft, ExportError> {
    let root: Value = serde_json::from_slice(bytes).map_err(ExportError::Json)?;
    if root.get("applications").is_none() && root.get("hosts").is_none() {
        return Err(ExportError::Other);
    }
    let mut doubts = untaken(&root);
    let mut objects = |name: &str| -> Vec<&Value> {
        let all = list(&root, name, &mut doubts);
        let count = all.len();
        let named: Vec<&Value> = all
            .into_iter()
            .filter(|object| text(object, "name").is_some())
            .collect();
        if named.len() < count {
            let without = count - named.len();
            doubts.push(format!("{without} of {name} have no name, and are left out"));
        }
        named
    };
    let mut names = Names::default();
    let hosts = objects("hosts")
        .into_iter()
        .map(|object| host(object, &mut names))
        .collect();
    let prototypes = objects("appPrototypes");
    let applications = objects("applications");
    let types: BTreeMap<String, String> = prototypes
        .into_iter()
        .filter_map(|prototype| Some((text(prototype, "name")?, text(prototype, "type")?)))
        .collect();
    let pairs = applications.iter().filter_map(|object| pair(object)).collect();
    let apps = applications
        .iter()
        .map(|object| app(object, &types, &mut names))
        .collect();
    Ok(Draft {
        doubts,
        hosts,
        apps,
        pairs,
        ..Draft::default()
    })
}

/// The entries of a list.
fn list<'a>(object: &'a Value, key: &str, doubts: &mut Vec<String>) -> Vec<&'a Value> {
    match object.get(key) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(entries)) => entries.iter().collect(),
        Some(_) => {
            doubts.push(format!("{key} is not a list, and left out"));
            Vec::new()
        }
    }
}

/// The keys that are copied, or say what is.
const OF_ROOT: [&str; 4] = ["__metadata__", "appPrototypes", "applications", "hosts"];
const OF_HOST: [&str; 5] = ["name", "ipAddress", "lcaPort", "osInfo", "userProperties"];
const OF_APP: [&str; 10] = [
    "name",
    "appPrototype",
    "appServers",
    "commandLineArguments",
    "isPrimary",
    "options",
    "portInfos",
    "redundancyType",
    "serverInfo",
    "userProperties",
];
const OF_PORT: [&str; 3] = ["id", "port", "transportParams"];
const OF_SERVER: [&str; 3] = ["appServer", "id", "transportParams"];
/// So many of them are named.
const MAX_NAMED: usize = 20;

/// What an export has and an inventory does not: one line for each kind of object.
fn untaken(root: &Value) -> Vec<String> {
    let (hosts, apps) = (entries(root, "hosts"), entries(root, "applications"));
    let below = |key: &str| apps.iter().flat_map(|app| entries(app, key)).collect();
    let kinds: [(&str, Vec<&Value>, &[&str]); 5] = [
        ("ports", below("portInfos"), &OF_PORT),
        ("connections", below("appServers"), &OF_SERVER),
        ("hosts", hosts.iter().collect(), &OF_HOST),
        ("applications", apps.iter().collect(), &OF_APP),
        ("the export", vec![root], &OF_ROOT),
    ];
    let untaken = |(what, objects, taken): (_, Vec<&Value>, _)| untaken_of(what, &objects, taken);
    kinds.into_iter().filter_map(untaken).collect()
}

fn entries<'a>(object: &'a Value, key: &str) -> &'a [Value] {
    let list = object.get(key).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

fn untaken_of(what: &str, objects: &[&Value], taken: &[&str]) -> Option<String> {
    let is_untaken = |key: &&String| !taken.contains(&key.as_str());
    let keys: BTreeSet<&String> = objects
        .iter()
        .filter_map(|object| object.as_object())
        .flat_map(|object| object.keys().filter(is_untaken))
        .collect();
    let named: Vec<String> = keys
        .iter()
        .filter(|key| !is_secret_name(key))
        .take(MAX_NAMED)
        .map(|key| quoted(key))
        .collect();
    let more = match keys.len() - named.len() {
        0 => Vec::new(),
        count => vec![format!("{count} more")],
    };
    let all = [named, more].concat().join(", ");
    (!all.is_empty()).then(|| format!("of {what} these keys are not copied: {all}"))
}

/// A text, also where it is written as a number.
fn text(object: &Value, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn port_number(object: &Value, key: &str, doubts: &mut Vec<String>) -> Option<u16> {
    let text = text(object, key)?;
    let number = text.trim().parse().ok().filter(|number| *number > 0);
    if number.is_none() {
        doubts.push(format!("{} is not a port", quoted(&text)));
    }
    number
}

/// Section `security` of options or of an annex.
fn security(object: &Value, key: &str, doubts: &mut Vec<String>) -> BTreeMap<String, String> {
    let section = object.get(key).and_then(|sections| sections.get("security"));
    let options: Option<&Map<String, Value>> = section.and_then(Value::as_object);
    let value = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    known_options(
        options
            .into_iter()
            .flatten()
            .map(|(name, option)| (name.as_str(), value(option))),
        doubts,
    )
}

fn host(object: &Value, names: &mut Names) -> DraftHost {
    let name = text(object, "name").unwrap_or_default();
    let (own, doubt) = names.host(&name);
    let mut doubts: Vec<String> = doubt.into_iter().collect();
    let is_host = GeneralName::parse_host(&name).is_ok();
    if !is_host || !name.contains('.') {
        doubts.push("its fully qualified name is not known: add fqdn".into());
    }
    let address = text(object, "ipAddress").filter(|address| !address.is_empty());
    let address = address.and_then(|address| match address.parse::<std::net::IpAddr>() {
        Ok(address) => Some(address.to_string()),
        Err(_) => {
            doubts.push(format!("its address {} is not an IP address", quoted(&address)));
            None
        }
    });
    let (platform, os) = system(object, &mut doubts);
    DraftHost {
        fqdn: (own != name && is_host).then_some(name),
        name: own,
        address,
        platform,
        os,
        lca_port: port_number(object, "lcaPort", &mut doubts),
        annex: security(object, "userProperties", &mut doubts),
        doubts,
        ..DraftHost::default()
    }
}

fn system(object: &Value, doubts: &mut Vec<String>) -> (Option<&'static str>, Option<&'static str>) {
    let Some(name) = object.get("osInfo").and_then(|system| text(system, "type")) else {
        doubts.push("its operating system is not known: add platform and os".into());
        return (None, None);
    };
    let plain = name.to_lowercase().replace('-', "");
    let known = [
        ("linux", "linux"),
        ("solaris", "solaris"),
        ("aix", "aix"),
        ("hpux", "hp-ux"),
        ("freebsd", "freebsd"),
    ];
    if plain.contains("win") {
        doubts.push("os: write windows-2016 for Windows Server 2016 and before".into());
        return (Some("windows"), Some("windows"));
    }
    match known.iter().find(|(part, _)| plain.contains(part)) {
        Some((_, os)) => (Some("unix"), Some(os)),
        None => {
            doubts.push(format!(
                "its operating system is {}: add platform and os",
                quoted(&name)
            ));
            (None, None)
        }
    }
}

/// Kinds by the short names of application types in the export.
const KINDS: [(&str, &str); 12] = [
    ("tserver", "tserver"),
    ("statserver", "stat-server"),
    ("dbserver", "db-server"),
    ("configserver", "config-server"),
    ("configserverproxy", "config-proxy"),
    ("messageserver", "message-server"),
    ("scs", "scs"),
    ("sci", "sci"),
    ("routerserver", "router"),
    ("cpdserver", "cpd"),
    ("genericserver", "generic-server"),
    ("genericclient", "generic-client"),
];

fn app(object: &Value, types: &BTreeMap<String, String>, names: &mut Names) -> DraftApp {
    let (name, doubt) = app_name(&text(object, "name").unwrap_or_default());
    let mut doubts: Vec<String> = doubt.into_iter().collect();
    let host = object.get("serverInfo").and_then(|server| text(server, "host"));
    let host = match host {
        Some(host) => names.host(&host).0,
        None => {
            doubts.push("the export does not say on which host it is".into());
            "unknown".to_owned()
        }
    };
    let ports: Vec<DraftPort> = list(object, "portInfos", &mut doubts)
        .into_iter()
        .filter_map(|object| port(object, &mut doubts))
        .collect();
    let connections = list(object, "appServers", &mut doubts)
        .into_iter()
        .filter_map(|object| connection(object, &mut doubts))
        .collect();
    let own_type = text(object, "appPrototype").and_then(|prototype| types.get(&prototype));
    let kind = own_type.and_then(|own| KINDS.iter().find(|(short, _)| own == short));
    let kind = kind.map(|(_, kind)| *kind).unwrap_or_else(|| {
        let what = own_type.map_or(String::new(), |own| format!(", its type is {}", quoted(own)));
        doubts.push(format!("kind is a guess{what}"));
        if ports.is_empty() {
            "generic-client"
        } else {
            "generic-server"
        }
    });
    let line = text(object, "commandLineArguments").unwrap_or_default();
    DraftApp {
        name,
        host,
        kind,
        command_line: known_arguments(&line, &mut doubts),
        options: security(object, "options", &mut doubts),
        annex: security(object, "userProperties", &mut doubts),
        ports,
        connections,
        doubts,
    }
}

fn port(object: &Value, doubts: &mut Vec<String>) -> Option<DraftPort> {
    let Some(id) = text(object, "id") else {
        doubts.push("a port has no identifier, and is left out".into());
        return None;
    };
    if text(object, "port").is_none() {
        doubts.push(format!("port {} has no number, and is left out", quoted(&id)));
    }
    let number = port_number(object, "port", doubts)?;
    let given = text(object, "transportParams").unwrap_or_default();
    let mut own = Vec::new();
    let transport = known_parameters(&given, &mut own);
    let is_upgrade = find(&given, "upgrade").and_then(boolean) == Some(true);
    let mode = match () {
        () if is_upgrade => {
            own.push("upgrade=1 is taken for auto-detect".into());
            "auto-detect"
        }
        () if is_secured(&given) => "secured",
        () => "unsecured",
    };
    doubts.extend(
        own.into_iter()
            .map(|doubt| format!("port {}: {doubt}", quoted(&id))),
    );
    Some(DraftPort {
        id,
        number,
        mode: Some(mode),
        transport,
    })
}

fn connection(object: &Value, doubts: &mut Vec<String>) -> Option<DraftConnection> {
    let Some(server) = text(object, "appServer") else {
        doubts.push("a connection does not say to which server, and is left out".into());
        return None;
    };
    let (to, _) = app_name(&server);
    let given = text(object, "transportParams").unwrap_or_default();
    let mut own = Vec::new();
    let known = known_parameters(&given, &mut own).unwrap_or_default();
    let mut client_port = |name: &str| {
        let value = find(&known, name)?;
        let number = value.parse::<u16>().ok().filter(|number| *number > 0);
        if number.is_none() {
            own.push(format!("{} is not a port", quoted(value)));
        }
        number
    };
    let (client, backup) = (client_port("port"), client_port("backup-port"));
    let is_elsewhere = |name: &str| ["port", "address", "backup-port"].contains(&name);
    let rest: Vec<&str> = parts(&known)
        .into_iter()
        .filter(|part| !is_elsewhere(part.name))
        .map(|part| part.raw)
        .collect();
    doubts.extend(
        own.into_iter()
            .map(|doubt| format!("connection to {}: {doubt}", quoted(&to))),
    );
    Some(DraftConnection {
        port: text(object, "id").filter(|id| !id.is_empty()),
        client_port: client,
        client_address: find(&known, "address").map(str::to_owned),
        backup_port: backup,
        transport: (!rest.is_empty()).then(|| rest.join(";")),
        to,
    })
}

/// A primary names its backup.
fn pair(object: &Value) -> Option<DraftPair> {
    let backup = object
        .get("serverInfo")
        .and_then(|server| text(server, "backupServer"))?;
    if object.get("isPrimary").and_then(Value::as_bool) == Some(false) {
        return None;
    }
    let kind = text(object, "redundancyType").unwrap_or_default().to_lowercase();
    let mut doubts = Vec::new();
    let redundancy = match () {
        () if kind.contains("hot") => {
            doubts.push("the export does not say which port is for synchronization: add ha_sync to one of each server".into());
            "hot-standby"
        }
        () if kind.contains("warm") => "warm-standby",
        () => {
            doubts.push(format!("redundancy is a guess, it is {}", quoted(&kind)));
            "warm-standby"
        }
    };
    Some(DraftPair {
        doubts,
        primary: app_name(&text(object, "name")?).0,
        backup: app_name(&backup).0,
        redundancy,
    })
}
