//! The file of Configuration Server beside that of DB Server: both ends of the same connection.

use super::file::Section;
use super::kind::{ConfFile, ConfKind};
use super::names::{DB_SERVER, is_db_server};
use super::rules::{CERTIFICATE_HOST, HOST_DIFFERS, ONE_END_SECURE, PORT_NOT_OFFERED, TOO_MANY};
use crate::finding::{Finding, Findings, Place, quoted};
use crate::transport;

/// Names of the own machine, by which no other one reaches it.
const LOCAL_NAMES: [&str; 5] = [
    "localhost",
    "localhost.localdomain",
    "127.0.0.1",
    "::1",
    "0.0.0.0",
];

/// The most connections of one file that are compared.
const MAX_CONNECTIONS: usize = 100;

pub(super) fn check(files: &[ConfFile], found: &mut [Findings]) {
    let of_kind = |kind: ConfKind| {
        files
            .iter()
            .enumerate()
            .filter(move |(_, file)| ConfKind::of(&file.conf) == kind)
    };
    for (number, own) in of_kind(ConfKind::ConfigurationServer) {
        let others: Vec<&ConfFile> = of_kind(ConfKind::DbServer).map(|(_, file)| file).collect();
        if others.is_empty() {
            continue;
        }
        let (compared, others_named) = databases(own);
        for database in compared {
            found[number].extend(connection(own, database, &others));
        }
        if others_named > 0 {
            let seen = format!(
                "only the first {MAX_CONNECTIONS} sections that `server` names were compared with the file of DB Server, {others_named} more were not"
            );
            found[number].push(Finding::new(TOO_MANY, seen));
        }
    }
}

/// The sections that a file of Configuration Server names by `server`, as many as are compared, and how many more it names.
fn databases(file: &ConfFile) -> (Vec<&Section>, usize) {
    let sections = file.conf.sections.iter();
    let named = || sections.clone().flat_map(|section| section.keys_named("server"));
    let compared = named().take(MAX_CONNECTIONS);
    (
        compared.filter_map(|key| file.conf.section(&key.value)).collect(),
        named().count().saturating_sub(MAX_CONNECTIONS),
    )
}

/// Whether the platform reads the section's port as secured.
fn is_secured(section: &Section) -> bool {
    section
        .key("transport")
        .is_some_and(|key| transport::is_secured(&key.value))
}

/// A section of DB Server with a port.
struct Offer<'a> {
    file: &'a ConfFile,
    section: &'a Section,
    port: u16,
}

fn offers<'a>(files: &[&'a ConfFile]) -> Vec<Offer<'a>> {
    let mut offers: Vec<Offer<'a>> = Vec::new();
    for file in files {
        for section in file
            .conf
            .sections
            .iter()
            .filter(|section| is_db_server(&section.name))
        {
            if let Some(port) = section.value("port").and_then(crate::text::port) {
                offers.push(Offer { file, section, port });
            }
        }
    }
    offers
}

fn connection(own: &ConfFile, database: &Section, others: &[&ConfFile]) -> Vec<Finding> {
    let Some((key, port)) = database
        .key("port")
        .and_then(|key| Some((key, crate::text::port(&key.value)?)))
    else {
        return Vec::new();
    };
    let mut offers = offers(others);
    let Some(offer) = offers.iter().find(|offer| offer.port == port) else {
        offers.sort_by_key(|offer| !is_secured(offer.section));
        let listed: Vec<String> = offers
            .iter()
            .map(|offer| match is_secured(offer.section) {
                true => format!("{} (secure)", offer.port),
                false => offer.port.to_string(),
            })
            .collect();
        let seen = format!("DB Server has no port {port} in its file");
        let help = format!("its ports are {}", listed.join(", "));
        let finding = Finding::new(PORT_NOT_OFFERED, seen).at(own.conf.at_value(key));
        return vec![if listed.is_empty() {
            finding
        } else {
            finding.help(help)
        }];
    };
    let mut found: Vec<Finding> = one_end_secure(own, database, offer).into_iter().collect();
    found.extend(host_differs(own, database, offer));
    found.extend(certificate_host(own, database));
    found
}

/// Where the security of a section is said, or would be.
fn at_security(file: &ConfFile, section: &Section) -> Place {
    let place = match section.key("transport") {
        Some(key) => file.conf.at_name(key),
        None => file.conf.at_section(section),
    };
    place.in_file(&file.name)
}

fn one_end_secure(own: &ConfFile, database: &Section, offer: &Offer<'_>) -> Option<Finding> {
    let port = offer.port;
    let seen = match (is_secured(database), is_secured(offer.section)) {
        (true, false) => format!("Configuration Server uses TLS for port {port}, and DB Server does not"),
        (false, true) => format!("DB Server uses TLS on port {port}, and Configuration Server does not"),
        _ => return None,
    };
    Some(
        Finding::new(ONE_END_SECURE, seen)
            .at(at_security(own, database))
            .at(at_security(offer.file, offer.section)),
    )
}

fn host_differs(own: &ConfFile, database: &Section, offer: &Offer<'_>) -> Option<Finding> {
    let host = database.key("host").filter(|key| !key.value.is_empty())?;
    let of_section = offer.section.key("host");
    let theirs = of_section
        .or_else(|| offer.file.conf.section(DB_SERVER)?.key("host"))
        .filter(|key| !key.value.is_empty())?;
    if theirs.value.eq_ignore_ascii_case(&host.value) {
        return None;
    }
    let is_local = |name: &str| LOCAL_NAMES.iter().any(|local| local.eq_ignore_ascii_case(name));
    let seen = match is_local(&theirs.value) {
        true => format!(
            "DB Server's `host` is {}, by which other machines do not reach it; Configuration Server connects to {}",
            quoted(&theirs.value),
            quoted(&host.value)
        ),
        false => format!(
            "Configuration Server connects to {}, and DB Server's `host` is {}",
            quoted(&host.value),
            quoted(&theirs.value)
        ),
    };
    let place = offer.file.conf.at_value(theirs).in_file(&offer.file.name);
    Some(
        Finding::new(HOST_DIFFERS, seen)
            .at(own.conf.at_value(host))
            .at(place),
    )
}

/// Whether it does can be seen only where the certificate is.
fn certificate_host(own: &ConfFile, database: &Section) -> Option<Finding> {
    let host = database.key("host").filter(|key| !key.value.is_empty())?;
    is_secured(database).then(|| {
        let seen = format!(
            "the certificate of DB Server must name {}; it was not checked",
            quoted(&host.value)
        );
        Finding::new(CERTIFICATE_HOST, seen).at(own.conf.at_value(host))
    })
}
