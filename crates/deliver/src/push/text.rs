//! What `receive` and `push.sh` are made of: the text of `install.sh`, the questions to every service, and how values are read.

use std::fmt::Write;

use crate::bundle::{Installation, InstallerText, installer_text};
use crate::target::{Installer, TARGETS, Target};

const SETTINGS: &str = include_str!("settings.sh");
const REQUEST: &str = include_str!("request.sh");
/// Said in the scripts themselves: constants and functions that not every call uses, and chains of `&&` and `||` that mean what they say.
const SHELLCHECK: &str = "# shellcheck disable=SC2034,SC2015,SC2310,SC2317,SC2154,SC2329\n";
const BEGIN: &str = "\
set -eu
umask 077
LC_ALL=C
export LC_ALL
unset CDPATH IFS
";

/// A script: what it is, where programs are, and what it does at its end.
pub(super) fn script(about: &str, path: &str, main: &str) -> String {
    let InstallerText { functions, work } = installer_text();
    format!(
        "#!/bin/sh\n{about}{SHELLCHECK}{BEGIN}PATH={path}\nexport PATH\n{functions}{}{REQUEST}{SETTINGS}\n# In a shell of its own, which cleans up after itself.\nwork_in_place() (\nwatch_end\n{work})\n\n{main}",
        hooks()
    )
}

/// The targets that a shell installs.
pub(super) fn targets() -> impl Iterator<Item = &'static Target> {
    let is_shell =
        |target: &&Target| matches!(target.installer, Installer::Shell | Installer::ShellWithNames);
    TARGETS.into_iter().filter(is_shell)
}

/// What each service is asked, and how it takes over new files.
fn hooks() -> String {
    let names: Vec<&str> = targets().map(|target| target.name).collect();
    let mut text = format!(
        "\n# ---- What each service is asked, and how it takes over new files.\n\nis_target() {{\n    case $1 in\n        {}) ;;\n        *) return 1 ;;\n    esac\n}}\n",
        names.join(" | ")
    );
    for target in targets() {
        let hooks = target.hooks;
        for (function, body) in [
            ("check", hooks.check),
            ("reload", hooks.reload),
            ("expect_host", hooks.needs),
            ("prepare", hooks.prepare),
            ("is_prepared", hooks.is_prepared),
        ] {
            let _ = write!(text, "{}_{function}() {{\n    {body}\n}}\n", target.name);
        }
    }
    text
}

/// Values, one a line, as `read_settings` reads them. None of them has a line feed: they are of types that need no quotes.
pub(super) fn settings(installation: &Installation) -> String {
    let mut text = String::new();
    // `effect` is for people who read the help of a script.
    let values = installation
        .constants
        .iter()
        .filter(|(name, _)| *name != "effect");
    for (name, value) in values {
        let _ = writeln!(text, "{name}={value}");
    }
    for row in &installation.rows {
        let class = if row.secret { "secret" } else { "public" };
        let _ = writeln!(text, "file={class} {:04o} {}", row.mode, row.name);
    }
    text
}
