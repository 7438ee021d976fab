//! `install.sh`: the constants of a bundle before a text that is the same for all.

use std::fmt::Write;

use super::Order;
use crate::target::{Content, Hooks, Installer};

/// What every script does.
const COMMON: &str = include_str!("common.sh");
/// What is done, and how.
const INSTALL: &str = include_str!("install.sh");
const KUBECTL: &str = include_str!("kubectl.sh");

/// One file that is installed.
pub(super) struct PayloadRow {
    /// Whether the key is in it.
    pub(super) secret: bool,
    /// Its mode.
    pub(super) mode: u32,
    /// Where it lies in the bundle.
    pub(super) path: String,
    /// What it is called on the host.
    pub(super) name: String,
}

/// What the constants are made of.
pub(super) struct ScriptFacts<'a> {
    pub(super) order: &'a Order,
    pub(super) name: &'a str,
    pub(super) snippet_dest: &'a str,
    pub(super) rows: &'a [PayloadRow],
    /// The PEM file with the key, whether or not the bundle has it.
    pub(super) key_file: Option<(&'static str, Content)>,
    /// The PEM file with the certificate.
    pub(super) certificate_file: Option<&'static str>,
    /// Links in each release.
    pub(super) aliases: &'a [(String, &'static str)],
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

/// The script of a bundle whose files go into `releases/ID`.
pub(super) fn install_sh(facts: &ScriptFacts<'_>) -> String {
    let order = facts.order;
    let hooks = order.target.hooks;
    let (key_file, key_with) = match facts.key_file {
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
    let fixed_dest = match (&order.dest, order.target.dest) {
        (None, None) => "",
        _ => facts.snippet_dest,
    };
    let links_here = order.target.installer == Installer::ShellWithNames;
    let key_mode = format!("{:04o}", order.key().mode);
    let constants = [
        ("target", order.target.name),
        ("name", facts.name),
        ("unit", unit),
        ("unit_file", &unit_file),
        ("fixed_dest", fixed_dest),
        ("snippet_dest", facts.snippet_dest),
        ("key_owner", order.owner()),
        ("key_group", order.group()),
        ("key_mode", &key_mode),
        ("key_file", key_file),
        ("key_with", key_with),
        ("pair_certificate", facts.certificate_file.unwrap_or_default()),
        ("links_here", if links_here { "yes" } else { "no" }),
        (
            "known_password",
            if order.has_known_password() { "yes" } else { "no" },
        ),
        ("made_here", hooks.made_here),
        ("not_reloaded", hooks.not_reloaded),
        ("effect", &effect(order)),
    ];
    let mut script = String::from(HEAD);
    for (constant, value) in constants {
        let _ = writeln!(script, "{constant}={}", in_quotes(value));
    }
    script.push_str(&functions(facts, hooks));
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
fn functions(facts: &ScriptFacts<'_>, hooks: Hooks) -> String {
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
