//! `install.sh`: the constants of a bundle before a text that is the same for all.

use std::fmt::Write;

use super::{BundleName, KeyOnHost, Order};
use crate::target::{Content, Hooks, Installer};

/// What every script does.
const COMMON: &str = include_str!("common.sh");
/// What is done, and how.
const INSTALL: &str = include_str!("install.sh");
const KUBECTL: &str = include_str!("kubectl.sh");

/// Where the functions of [`INSTALL`] end, and what is asked for is read.
const ASKED: &str = "# ---- The arguments.\n";
/// Where that is known, and the work begins.
const WORK: &str = "# ---- The work.\n";

/// One file that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadRow {
    /// Whether the key is in it.
    pub secret: bool,
    /// Its mode.
    pub mode: u32,
    /// Where it lies in the bundle.
    pub path: String,
    /// What it is called on the host.
    pub name: String,
}

/// How the files of a bundle are installed: what differs between bundles, as values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Names that the script knows, and their values. None has a line feed, but for `effect`, which people read.
    pub constants: Vec<(&'static str, String)>,
    /// The files.
    pub rows: Vec<PayloadRow>,
    /// Links in each release: name and file.
    pub aliases: Vec<(String, &'static str)>,
    /// Whether there may be such links.
    pub takes_aliases: bool,
    pub(super) hooks: Hooks,
}

/// The text that every script which installs is made of.
pub struct InstallerText {
    /// Functions: the digests, the release, `current`, check and reload, the way back.
    pub functions: String,
    /// What is done when it is known what is asked for: in the directory of the files, by `action`, `dest` and the constants.
    pub work: &'static str,
}

/// That text.
pub fn installer_text() -> InstallerText {
    let (functions, rest) = INSTALL.split_once(ASKED).unwrap_or((INSTALL, ""));
    InstallerText {
        functions: format!("{COMMON}{functions}"),
        work: rest.split_once(WORK).map_or("", |(_, work)| work),
    }
}

const HEAD: &str = "\
#!/bin/sh
# Installs the files of this directory on this host. Made by gsec; `sh install.sh --help` says how.
# shellcheck disable=SC2034,SC2015,SC2310,SC2317 # constants that not every target uses; a chain of && and || that means what it says
set -eu
umask 077
LC_ALL=C
export LC_ALL
unset CDPATH
PATH=$PATH:/usr/sbin:/sbin
";

/// How a bundle of this name is installed, with these files.
pub(super) fn installation(
    order: &Order,
    name: &BundleName,
    rows: Vec<PayloadRow>,
    aliases: Vec<(String, &'static str)>,
) -> Installation {
    let hooks = order.target.hooks;
    let (key_file, key_with) = match order.key_file() {
        Some((file, Content::Combined)) => (file, "certificates-first"),
        Some((file, Content::KeyChain)) => (file, "key-first"),
        Some((file, _)) => (file, "alone"),
        None => ("", ""),
    };
    let unit = order.unit().unwrap_or_default();
    let unit_file = if unit.contains('.') || unit.is_empty() {
        unit.to_owned()
    } else {
        format!("{unit}.service")
    };
    let snippet_dest = order.dest_for(name);
    let links_here = order.target.installer == Installer::ShellWithNames;
    let yes_or_no = |answer: bool| if answer { "yes" } else { "no" }.to_owned();
    let mut constants = vec![
        ("target", order.target.name.to_owned()),
        ("name", name.to_string()),
        ("unit", unit.to_owned()),
        ("unit_file", unit_file),
        ("fixed_dest", order.fixed_dest(name)),
        ("snippet_dest", snippet_dest),
        ("key_owner", order.owner().to_owned()),
        ("key_group", order.group().to_owned()),
        ("key_mode", format!("{:04o}", order.key().mode)),
        ("key_file", key_file.to_owned()),
        ("key_with", key_with.to_owned()),
        (
            "pair_certificate",
            order.certificate_file().unwrap_or_default().to_owned(),
        ),
        ("links_here", yes_or_no(links_here)),
        ("known_password", yes_or_no(order.has_known_password())),
        ("made_here", hooks.made_here.to_owned()),
        ("not_reloaded", hooks.not_reloaded.to_owned()),
        ("effect", effect(order)),
    ];
    constants.extend(KeyOnHost::constants(order.key_on_host.as_ref()));
    Installation {
        constants,
        rows,
        aliases,
        takes_aliases: order.old_names,
        hooks,
    }
}

/// The script of a bundle whose files go into `releases/ID`.
pub(super) fn install_sh(facts: &Installation) -> String {
    let mut script = String::from(HEAD);
    for (constant, value) in &facts.constants {
        let _ = writeln!(script, "{constant}={}", in_quotes(value));
    }
    script.push_str(&functions(facts));
    script.push_str(COMMON);
    script.push_str(INSTALL);
    script
}

/// What follows when the files are there, for people: of this target and this order, not of all.
pub(super) fn effect(order: &Order) -> String {
    let hooks = order.target.hooks;
    let asked = match hooks.asked {
        "" => String::new(),
        asked => {
            format!("Then {asked}; where that fails, the files before are back, and nothing was reloaded.\n")
        }
    };
    // Nothing is reloaded without a unit, where the target does not bring one.
    let then = match order.unit().is_some() || !hooks.reload.contains("$unit") {
        true => hooks.then,
        false => "",
    };
    let then = match then {
        "" => format!("No service is reloaded: {}.", why_not(hooks.not_reloaded)),
        then => format!("Then {then}, if it runs; where that fails, the files before are back."),
    };
    asked + &then
}

/// The reason, without the words that a line of output begins with.
fn why_not(not_reloaded: &str) -> &str {
    not_reloaded
        .split_once("reload: ")
        .or(not_reloaded.split_once("reloaded: "))
        .or(not_reloaded.split_once("restarted: "))
        .map_or(not_reloaded, |(_, reason)| reason)
}

/// A word of sh, whatever is in it.
fn in_quotes(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// What differs between bundles and is more than a value.
fn functions(facts: &Installation) -> String {
    let hooks = facts.hooks;
    let rows: String = facts
        .rows
        .iter()
        .map(|row| {
            let class = if row.secret { "secret" } else { "public" };
            format!("{class} {:04o} {} {}\n", row.mode, row.path, row.name)
        })
        .collect();
    let aliases: String = facts
        .aliases
        .iter()
        .map(|(alias, file)| format!("{alias} {file}\n"))
        .collect();
    let heredoc = |name: &str, lines: &str| {
        if lines.is_empty() {
            format!("{name}() {{ :; }}\n")
        } else {
            format!("{name}() {{\n    cat << 'GSEC'\n{lines}GSEC\n}}\n")
        }
    };
    let hook = |name: &str, body: &str| format!("{name}() {{\n    {body}\n}}\n");
    format!(
        "\n# What is installed: whether it is a secret, its mode, where it is here, and what it is called there.\n{}\n# Further names in each release.\n{}\n# What this service is asked, and how it takes over new files.\n{}\n{}\n{}\n{}\n{}",
        heredoc("payload", &rows),
        heredoc("aliases", &aliases),
        hook("check_service", hooks.check),
        hook("reload_service", hooks.reload),
        hook("expect_host", hooks.needs),
        hook("prepare", hooks.prepare),
        hook("is_prepared", hooks.is_prepared),
    )
}

/// The script of a bundle that `kubectl` applies.
pub(super) fn kubectl_sh() -> String {
    format!("{HEAD}{COMMON}{KUBECTL}")
}
