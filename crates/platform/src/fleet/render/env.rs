//! The search path for the security libraries, which servers and the Local Control Agent need on UNIX (old guide, pages 65 to 67).

use gsec_pki::encoding::shell::quoted_text;
use serde::Serialize;

use super::quote::{csv_row, label};
use super::{Rendered, Selected};
use crate::finding::quoted;
use crate::inventory::{Host, Inventory, Os};
use crate::transport::Platform;

/// Where the security libraries are: a full path, without the `:` that would end it in a search path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryDir(String);

impl LibraryDir {
    /// A path that can be part of a search path.
    pub fn parse(text: &str) -> Option<Self> {
        let is_fit = text.starts_with('/')
            && !text
                .chars()
                .any(|character| character == ':' || character.is_control());
        is_fit.then(|| Self(text.to_owned()))
    }
}

/// A variable for one program on a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchPath {
    /// The host.
    pub host: String,
    /// Its operating system.
    pub os: &'static str,
    /// The application; null: the Local Control Agent of the host.
    pub application: Option<String>,
    /// The variable.
    pub variable: &'static str,
    /// For which programs, where a system has two kinds.
    pub bits: Option<u8>,
    /// The directory that is in front of what the variable had.
    pub directory: String,
}

/// The variables of a system, and for which programs.
fn variables(os: Os) -> (&'static str, &'static [(&'static str, Option<u8>)]) {
    match os {
        Os::Linux => ("linux", &[("LD_LIBRARY_PATH", None)]),
        Os::FreeBsd => ("freebsd", &[("LD_LIBRARY_PATH", None)]),
        Os::Solaris => (
            "solaris",
            &[("LD_LIBRARY_PATH", None), ("LD_LIBRARY_PATH_64", Some(64))],
        ),
        Os::Aix => ("aix", &[("LIBPATH", None)]),
        Os::HpUx => (
            "hp-ux",
            &[("SHLIB_PATH", Some(32)), ("LD_LIBRARY_PATH", Some(64))],
        ),
        Os::Windows | Os::Windows2016 => ("windows", &[]),
    }
}

/// The variables of the Local Control Agent and of each application, on every host that needs them.
pub fn search_paths(
    inventory: &Inventory,
    selected: &Selected<'_>,
    directory: &LibraryDir,
) -> Rendered<SearchPath> {
    let mut rendered = Rendered {
        rows: Vec::new(),
        left_out: Vec::new(),
    };
    for host in inventory
        .hosts
        .iter()
        .filter(|host| inventory.platform(host) == Platform::Unix)
    {
        let name = host.name.as_str();
        let apps = inventory
            .apps
            .iter()
            .filter(|app| *app.host == name && selected.has_app(app));
        let agent = selected.has_host(host).then_some(None);
        let programs: Vec<Option<String>> = agent
            .into_iter()
            .chain(apps.map(|app| Some(app.name.value.clone())))
            .collect();
        match &host.os {
            _ if programs.is_empty() => (),
            Some(os) => rendered
                .rows
                .extend(of_host(host, os.value, &programs, directory)),
            None => rendered.left_out.push(format!(
                "host {}: the inventory does not say its operating system (`os`)",
                quoted(name)
            )),
        }
    }
    rendered
}

fn of_host(host: &Host, os: Os, programs: &[Option<String>], directory: &LibraryDir) -> Vec<SearchPath> {
    let (os, variables) = variables(os);
    let each = programs.iter().flat_map(|program| {
        variables.iter().map(move |(variable, bits)| SearchPath {
            host: host.name.to_string(),
            os,
            application: program.clone(),
            variable,
            bits: *bits,
            directory: directory.0.clone(),
        })
    });
    each.collect()
}

/// For start scripts, one block for each host: its programs have the same lines.
pub fn env_as_sh(rows: &[SearchPath]) -> String {
    let mut text = "# Search paths for the security libraries. Each block belongs in the start scripts on one host, of its applications and of\n\
        # the Local Control Agent, which must be restarted.\n"
        .to_owned();
    for of_host in rows.chunk_by(|one, other| one.host == other.host) {
        let Some(first) = of_host.first() else { continue };
        text.push_str(&format!("\n# {} ({})\n", label(&first.host), first.os));
        let mut programs: Vec<&Option<String>> = of_host.iter().map(|row| &row.application).collect();
        programs.dedup();
        for program in programs {
            let name = program.as_deref().map_or("Local Control Agent".to_owned(), label);
            text.push_str(&format!("#   {name}\n"));
        }
        for row in of_host.iter().filter(|row| row.application == first.application) {
            let (name, directory) = (row.variable, quoted_text(&row.directory));
            let bits = row
                .bits
                .map_or(String::new(), |bits| format!(" # {bits}-bit programs"));
            text.push_str(&format!(
                "{name}={directory}${{{name}:+\":${name}\"}}; export {name}{bits}\n"
            ));
        }
    }
    text
}

/// As a table.
pub fn env_as_csv(rows: &[SearchPath]) -> String {
    let head = csv_row(["host", "os", "program", "variable", "bits", "directory"]);
    let rows = rows.iter().map(|row| {
        let bits = row.bits.map(|bits| bits.to_string()).unwrap_or_default();
        let program = row.application.as_deref().unwrap_or("LCA");
        csv_row([&row.host, row.os, program, row.variable, &bits, &row.directory])
    });
    std::iter::once(head).chain(rows).collect()
}
