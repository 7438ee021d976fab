//! Hosts from the certificates that a CA has issued.

use std::collections::BTreeMap;

use super::draft::Names;
use super::{Draft, DraftHost};
use crate::finding::quoted;
use gsec_pki::key::KeyAlgorithm;
use gsec_pki::x509::GeneralName;

/// What is known of a host by its certificate.
#[derive(Debug, Clone)]
pub struct CertifiedHost {
    /// What it is called where it has no names.
    pub serial: String,
    /// The names of the certificate, the common name first where it is one of them.
    pub names: Vec<GeneralName>,
    /// Of which kind its key is.
    pub key: Option<KeyAlgorithm>,
    /// What is doubtful about the certificate.
    pub doubts: Vec<String>,
}

/// Hosts from certificates, the oldest first: of several of one host, the newest counts.
pub fn from_certificates(certificates: impl IntoIterator<Item = CertifiedHost>) -> Draft {
    let mut newest: BTreeMap<String, CertifiedHost> = BTreeMap::new();
    let mut doubts = Vec::new();
    for certified in certificates {
        match certified.names.first() {
            Some(first) => drop(newest.insert(first.value(), certified)),
            None => doubts.push(format!(
                "serial {}: its certificate names no host, and is left out",
                certified.serial
            )),
        }
    }
    let mut names = Names::default();
    Draft {
        hosts: newest
            .into_iter()
            .map(|(name, certified)| host(&name, certified, &mut names))
            .collect(),
        doubts,
        ..Draft::default()
    }
}

fn host(name: &str, certified: CertifiedHost, names: &mut Names) -> DraftHost {
    let (own, _) = names.host(name);
    let mut doubts = certified.doubts;
    let is_host = GeneralName::parse_host(name).is_ok();
    if !is_host {
        doubts.push("its name is not that of a host".into());
    }
    let others = certified.names.iter().skip(1).map(ToString::to_string);
    let (others, odd): (Vec<String>, Vec<String>) =
        others.partition(|name| GeneralName::parse_san(name).is_ok());
    doubts.extend(odd.iter().map(|name| {
        format!(
            "its name {} cannot be in an inventory, and is left out",
            quoted(name)
        )
    }));
    let address = certified.names.iter().find_map(|name| match name {
        GeneralName::Ip(address) => Some(address.to_string()),
        _ => None,
    });
    DraftHost {
        fqdn: (own != name && is_host).then(|| name.to_owned()),
        name: own,
        names: others,
        address,
        key_type: certified.key.map(|key| match key {
            KeyAlgorithm::Rsa(size) => format!("rsa:{}", size.bits()),
            other => other.key_type().name().to_owned(),
        }),
        doubts,
        ..DraftHost::default()
    }
}
