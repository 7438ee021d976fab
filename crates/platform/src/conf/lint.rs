//! What is wrong with the files of the two servers.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::cross;
use super::file::{Conf, Key, Section};
use super::kind::{ConfFile, ConfKind};
use super::names::{DB_SERVER, db_server_number, documented_key, documented_section, is_db_server};
use super::rules::{
    CASE, ENCODING, HOST_MISSING, KEY_DUPLICATE, KIND, PASSWORD_READABLE, PORT_CLASH, PORT_MISSING,
    PORT_RANGE, RESTART, SECTION_DUPLICATE, SECTION_NUMBER, SECURED_DEFAULT, SERVER_SECTION_MISSING,
    STRAY_LINE, TRANSPORT_ORPHAN, WRAPPED,
};
use crate::finding::{Finding, Findings, MAX_FINDINGS, Place, is_secret_name, quoted, quoted_value};
use crate::text::Encoding;
use crate::transport;
use crate::transport::{Lint, Role};
use gsec_pki::x509::path::Severity;

/// The most lines of one broken value that are shown.
const MAX_WRAPPED: usize = 20;

/// Others than the owner and the group may read.
const READABLE_BY_OTHERS: u32 = 0o004;

/// Checks files, each by itself, and then those of Configuration Server beside those of DB Server. The findings of each file, in the order of the
/// files; those of a comparison are with the file of Configuration Server.
pub fn lint(files: &[ConfFile]) -> Vec<Findings> {
    let mut all: Vec<Findings> = files.iter().map(of_file).collect();
    cross::check(files, &mut all);
    for (found, file) in all.iter_mut().zip(files) {
        let is_known = ConfKind::of(&file.conf) != ConfKind::Other;
        if is_known && found.errors() > 0 {
            let seen = "changes take effect when DB Server and Configuration Server are restarted";
            found.push(Finding::new(RESTART, seen));
        }
        // A place of this file needs no name: its heading has it.
        for place in found.iter_mut().flat_map(|finding| &mut finding.places) {
            place.file.get_or_insert_with(|| file.name.clone());
        }
    }
    all
}

fn of_file(file: &ConfFile) -> Findings {
    let conf = &file.conf;
    let mut found = Findings::up_to(MAX_FINDINGS);
    found.extend(encoding(conf));
    duplicates(conf, &mut found);
    case(conf, &mut found);
    found.extend(strays(conf));
    for section in &conf.sections {
        let has_port = section.value("port").is_some();
        for key in section.keys_named("transport") {
            found.append(of_transport(conf, section, key, has_port));
        }
        found.extend(ports_in_range(conf, section));
    }
    match ConfKind::of(conf) {
        ConfKind::DbServer => of_db_server(conf, &mut found),
        ConfKind::ConfigurationServer => of_configuration_server(conf, &mut found),
        ConfKind::Other => {
            let seen = "this is neither a file of DB Server nor of Configuration Server: only its lines and `transport` values \
                        were checked";
            found.push(Finding::new(KIND, seen));
        }
    }
    found.extend(readable_password(file));
    found.sort_by_place();
    found
}

fn encoding(conf: &Conf) -> Option<Finding> {
    let seen = "the file is not UTF-8; each byte is read as one character (Latin-1)";
    (conf.text.encoding == Encoding::Latin1).then(|| Finding::new(ENCODING, seen))
}

/// The first section or key of a name, and its place, which is made when there is another one.
struct First<'a, T> {
    one: &'a T,
    place: Option<Place>,
}

/// The place of the first one of a name, whatever its capital letters, where this is another.
fn seen_before<'a, T>(
    all: &mut HashMap<String, First<'a, T>>,
    name: &str,
    one: &'a T,
    place: impl Fn(&T) -> Place,
) -> Option<Place> {
    match all.entry(name.to_ascii_lowercase()) {
        Entry::Occupied(mut first) => {
            let First { one, place: made } = first.get_mut();
            Some(made.get_or_insert_with(|| place(one)).clone())
        }
        Entry::Vacant(first) => {
            first.insert(First { one, place: None });
            None
        }
    }
}

/// Which of two wins is not documented, so it is not guessed.
fn duplicates(conf: &Conf, found: &mut Findings) {
    let mut sections = HashMap::new();
    for section in &conf.sections {
        let at_section = |section: &Section| conf.at_section(section);
        if let Some(first) = seen_before(&mut sections, &section.name, section, at_section) {
            let seen = format!(
                "the section {} is there twice; which one counts is not documented",
                quoted(&section.name)
            );
            let finding = Finding::new(SECTION_DUPLICATE, seen).at(conf.at_section(section));
            found.push(finding.at(first));
        }
        let mut keys = HashMap::new();
        for key in &section.keys {
            if let Some(first) = seen_before(&mut keys, &key.name, key, |key: &Key| conf.at_name(key)) {
                let seen = format!(
                    "the key {} is there twice in section {}; which one counts is not documented",
                    quoted(&key.name),
                    quoted(&section.name)
                );
                let finding = Finding::new(KEY_DUPLICATE, seen).at(conf.at_name(key));
                found.push(finding.at(first));
            }
        }
    }
}

fn case(conf: &Conf, found: &mut Findings) {
    let warn = |place: Place, name: &str, documented: &str| {
        let seen = format!("{} is documented as `{documented}`", quoted(name));
        Finding::new(CASE, seen).at(place)
    };
    for section in &conf.sections {
        if let Some(documented) =
            documented_section(&section.name).filter(|documented| *documented != section.name)
        {
            found.push(warn(conf.at_section(section), &section.name, &documented));
        }
        for key in &section.keys {
            if let Some(documented) = documented_key(&key.name).filter(|documented| *documented != key.name) {
                found.push(warn(conf.at_name(key), &key.name, documented));
            }
        }
    }
}

/// No excerpt: such a line may be the second half of a password.
fn strays(conf: &Conf) -> impl Iterator<Item = Finding> {
    let stray = move |position: &usize| {
        let line = conf.line(*position);
        let seen = match line.text.contains('=') {
            true => "this key is in no section",
            false => "this line is neither a section, nor a key with `=`, nor a comment",
        };
        let seen = match line.text.trim_start().starts_with('[') {
            true => "this section has no `]` at its end",
            false => seen,
        };
        Finding::new(STRAY_LINE, seen).at(Place::new(line.number, "", 0..0))
    };
    conf.strays.iter().map(stray)
}

/// The value of `transport`, and whether it is whole.
fn of_transport(conf: &Conf, section: &Section, key: &Key, has_port: bool) -> Findings {
    let line = conf.line(key.line);
    let known = Lint {
        role: Some(Role::File),
        ..Lint::default()
    };
    let mut found = transport::lint(line.number, &line.text, key.value_range.start, &known);
    if !key.continuation.is_empty() {
        // The rest of it is in the next lines.
        found.retain(|finding| finding.slug != "transport-thumbprint");
        let whole = |position: usize| 0..conf.line(position).text.chars().count();
        let seen = "the thumbprint was broken over several lines; the platform reads only the first one";
        let wrapped = key
            .continuation
            .iter()
            .take(MAX_WRAPPED)
            .fold(Finding::new(WRAPPED, seen), |finding, position| {
                finding.at(conf.place(*position, whole(*position)))
            });
        found.push(wrapped.help("join the lines; `gsec conf fix` does it"));
    }
    if !has_port {
        let seen = format!(
            "section {} has no `port`, so `transport` has no effect there",
            quoted(&section.name)
        );
        found.push(Finding::new(TRANSPORT_ORPHAN, seen).at(conf.at_name(key)));
    }
    found
}

fn ports_in_range(conf: &Conf, section: &Section) -> Vec<Finding> {
    let keys = ["port", "management-port"];
    let named = keys.iter().flat_map(|name| section.keys_named(name));
    let wrong = named.filter(|key| crate::text::port(&key.value).is_none());
    wrong
        .map(|key| {
            let seen = format!(
                "{} is not a port from 1 to 65535",
                quoted_value(&key.name, &key.value)
            );
            Finding::new(PORT_RANGE, seen).at(conf.at_value(key))
        })
        .collect()
}

/// Two ports of one process.
fn clashes<'a>(conf: &Conf, sections: impl Iterator<Item = &'a Section>, found: &mut Findings) {
    let mut taken = HashMap::new();
    for key in sections.flat_map(|section| {
        ["port", "management-port"]
            .into_iter()
            .filter_map(|name| section.key(name))
    }) {
        let Some(port) = crate::text::port(&key.value) else {
            continue;
        };
        let at_value = |key: &Key| conf.at_value(key);
        if let Some(first) = seen_before(&mut taken, &port.to_string(), key, at_value) {
            let seen = format!("port {port} is taken by another port of this file");
            found.push(Finding::new(PORT_CLASH, seen).at(conf.at_value(key)).at(first));
        }
    }
}

fn of_db_server(conf: &Conf, found: &mut Findings) {
    let own = || conf.sections.iter().filter(|section| is_db_server(&section.name));
    clashes(conf, own(), found);
    for section in own() {
        found.extend(section_number(conf, section));
        if section.key("port").is_none_or(|key| key.value.is_empty()) {
            let seen = format!("section {} has no `port`", quoted(&section.name));
            found.push(Finding::new(PORT_MISSING, seen).at(conf.at_section(section)));
        }
    }
    let default = conf
        .section(DB_SERVER)
        .and_then(|section| section.key("transport"))
        .filter(|key| transport::is_secured(&key.value));
    if let Some(key) = default {
        let seen = "the port of `dbserver` itself is secured: clients without TLS are cut off";
        let help = "the guide advises a port of its own for TLS, in a section `dbserver-1`";
        found.push(
            Finding::new(SECURED_DEFAULT, seen)
                .at(conf.at_name(key))
                .help(help),
        );
    }
}

/// A number from 1 on, in digits alone.
fn section_number(conf: &Conf, section: &Section) -> Option<Finding> {
    let number = db_server_number(&section.name)?;
    let is_decimal = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_zero = number.bytes().all(|byte| byte == b'0');
    let (severity, seen) = match () {
        () if !is_decimal || is_zero => (
            Severity::Error,
            format!(
                "{}: what follows `dbserver-` must be a number from 1 on",
                quoted(&section.name)
            ),
        ),
        () if number.starts_with('0') => (
            Severity::Warning,
            format!("{}: the number has a leading zero", quoted(&section.name)),
        ),
        () => return None,
    };
    Some(
        Finding::new(SECTION_NUMBER, seen)
            .weighing(severity)
            .at(conf.at_section(section)),
    )
}

fn of_configuration_server(conf: &Conf, found: &mut Findings) {
    let mut sections: HashMap<String, &Section> = HashMap::new();
    for section in &conf.sections {
        sections
            .entry(section.name.to_ascii_lowercase())
            .or_insert(section);
    }
    let mut databases: HashSet<String> = HashSet::new();
    let naming = conf
        .sections
        .iter()
        .flat_map(|section| section.keys_named("server"));
    for key in naming {
        let name = key.value.to_ascii_lowercase();
        let Some(database) = sections.get(&name) else {
            let seen = format!("there is no section {}, which `server` names", quoted(&key.value));
            found.push(Finding::new(SERVER_SECTION_MISSING, seen).at(conf.at_value(key)));
            continue;
        };
        if !databases.insert(name) {
            continue;
        }
        for (name, rule) in [("host", HOST_MISSING), ("port", PORT_MISSING)] {
            if database.value(name).is_none() {
                let seen = format!("section {} has no `{name}` of DB Server", quoted(&database.name));
                found.push(Finding::new(rule, seen).at(conf.at_section(database)));
            }
        }
    }
    let is_own = |section: &&Section| !databases.contains(&section.name.to_ascii_lowercase());
    clashes(conf, conf.sections.iter().filter(is_own), found);
}

fn readable_password(file: &ConfFile) -> Option<Finding> {
    let mode = file.mode.filter(|mode| mode & READABLE_BY_OTHERS != 0)?;
    let keys = || file.conf.sections.iter().flat_map(|section| &section.keys);
    let key = keys().find(|key| is_secret_name(&key.name) && !key.value.is_empty())?;
    let seen = format!(
        "every user of this machine can read this password (mode {:03o})",
        mode & 0o777
    );
    let finding = Finding::new(PASSWORD_READABLE, seen).at(file.conf.at_name(key));
    Some(finding.help("take the right to read from others: chmod o-rwx"))
}
