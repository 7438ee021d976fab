//! An inventory that is being put together.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::finding::quoted;
use crate::inventory::{HostName, is_app_name};
use gsec_pki::encoding::visible::is_dangerous;

/// An inventory before it is written.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// What it was made from, for its first line.
    pub origin: String,
    /// The CA directory, relative to the inventory.
    pub ca_dir: Option<String>,
    /// What is doubtful about all of it.
    pub doubts: Vec<String>,
    /// The hosts.
    pub hosts: Vec<DraftHost>,
    /// The applications.
    pub apps: Vec<DraftApp>,
    /// The redundant pairs.
    pub pairs: Vec<DraftPair>,
}

/// A host, with the keys of the inventory. Tables come last, as TOML has them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DraftHost {
    /// What is doubtful about it.
    #[serde(skip)]
    pub doubts: Vec<String>,
    /// What it is called.
    pub name: String,
    /// Its fully qualified name, where it is called otherwise.
    pub fqdn: Option<String>,
    /// Further names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Its address.
    pub address: Option<String>,
    /// The kind of host.
    pub platform: Option<&'static str>,
    /// Its operating system.
    pub os: Option<&'static str>,
    /// The port of its Local Control Agent.
    pub lca_port: Option<u16>,
    /// How its key is made.
    pub key_type: Option<String>,
    /// Section `security` of its annex.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annex: BTreeMap<String, String>,
}

/// An application.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DraftApp {
    /// What is doubtful about it.
    #[serde(skip)]
    pub doubts: Vec<String>,
    /// Its name.
    pub name: String,
    /// The name of its host.
    pub host: String,
    /// What it is.
    pub kind: &'static str,
    /// Its start arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command_line: Vec<String>,
    /// Section `security` of its options.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// Section `security` of its annex.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annex: BTreeMap<String, String>,
    /// Its ports.
    #[serde(rename = "port", skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<DraftPort>,
    /// Its connections.
    #[serde(rename = "connection", skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<DraftConnection>,
}

/// A port.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DraftPort {
    /// Its identifier.
    pub id: String,
    /// Its number.
    pub number: u16,
    /// Whether it has TLS.
    pub mode: Option<&'static str>,
    /// Its transport parameters.
    pub transport: Option<String>,
}

/// A connection.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DraftConnection {
    /// The server.
    pub to: String,
    /// The identifier of its port.
    pub port: Option<String>,
    /// The client-side port.
    pub client_port: Option<u16>,
    /// The client-side address.
    pub client_address: Option<String>,
    /// The client-side port of the backup.
    pub backup_port: Option<u16>,
    /// Its transport parameters, without these.
    pub transport: Option<String>,
}

/// A redundant pair.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DraftPair {
    /// What is doubtful about it.
    #[serde(skip)]
    pub doubts: Vec<String>,
    /// The primary server.
    pub primary: String,
    /// Its backup.
    pub backup: String,
    /// How the backup takes over.
    pub redundancy: &'static str,
}

/// Names of hosts and applications as an inventory can have them, the same for the same name of the source.
#[derive(Debug, Default)]
pub(super) struct Names {
    hosts: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// The name of a host, and a doubt where it had to be another one.
    pub(super) fn host(&mut self, name: &str) -> (String, Option<String>) {
        if let Some(known) = self.hosts.get(name) {
            return (known.clone(), None);
        }
        let fit = fit_for_host(name);
        let numbered = (2_usize..).map(|number| format!("{fit}-{number}"));
        let free = std::iter::once(fit.clone())
            .chain(numbered)
            .find(|free| !self.taken.contains(free));
        let free = free.unwrap_or(fit);
        self.taken.insert(free.clone());
        self.hosts.insert(name.to_owned(), free.clone());
        let doubt = (free != name).then(|| format!("it is called {} there", quoted(name)));
        (free, doubt)
    }
}

fn fit_for_host(name: &str) -> String {
    if HostName::parse(name).is_some() {
        return name.to_owned();
    }
    let kept = |character: char| match character {
        _ if character.is_ascii_alphanumeric() || "._-".contains(character) => character,
        _ => '-',
    };
    let fit: String = name.chars().take(200).map(kept).collect();
    let fit = fit.trim_matches(['-', '.']);
    if fit.is_empty() {
        "host".to_owned()
    } else {
        fit.to_owned()
    }
}

/// The name of an application, and a doubt where it had to be another one.
pub(super) fn app_name(name: &str) -> (String, Option<String>) {
    if is_app_name(name) {
        return (name.to_owned(), None);
    }
    let is_shown = |character: &char| !character.is_control() && !is_dangerous(*character);
    let fit: String = name.chars().filter(is_shown).take(200).collect();
    let fit = if is_app_name(&fit) {
        fit
    } else {
        "application".to_owned()
    };
    (fit, Some(format!("it is called {} there", quoted(name))))
}
