//! Direct mode: the log-in user, to whom the place belongs, runs what was sent. No sudo: a rule for a script in a temporary directory would make
//! root of everybody.

use super::remote::RemoteLine;
use super::text::{script, settings};
use crate::bundle::Installation;

const PUSH: &str = include_str!("push.sh");
const ABOUT: &str = "# Installs the files of this directory, as `plan` says. Sent by gsec with them; the same for every host.\n";
/// That of the user.
const PATH: &str = "$PATH:/usr/sbin:/sbin";

/// What is done on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// The files are installed.
    Install,
    /// The release that `plan` names is taken back.
    Rollback,
    /// A key is made, and a CSR for it answered.
    Request,
}

/// The remote command: constant, without a line feed, `!` or a quote inside of quotes, so that csh and fish hand it on as it is. The directory has
/// quotes of its own in the trap: with a blank in `TMPDIR`, another one would be removed.
pub(super) fn line(action: Action) -> RemoteLine {
    let word = match action {
        Action::Install => "install",
        Action::Rollback => "rollback",
        Action::Request => "request",
    };
    RemoteLine(format!(
        r#"exec /bin/sh -c 'umask 077; d=$(mktemp -d "${{TMPDIR:-/tmp}}/gsec.XXXXXX") && trap "rm -rf \"$d\"" EXIT HUP INT TERM && cd "$d" && tar xf - && /bin/sh ./push.sh {word}'"#
    ))
}

/// The script that travels with the files.
pub(super) fn push_sh() -> String {
    script(ABOUT, PATH, PUSH)
}

/// What it reads: values, one a line.
pub(super) fn plan(installation: &Installation, rollback: Option<&str>) -> String {
    let release = rollback.map_or_else(String::new, |release| format!("release={release}\n"));
    format!("{}{release}", settings(installation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remote_line_is_constant_and_means_the_same_to_every_log_in_shell() {
        for action in [Action::Install, Action::Rollback, Action::Request] {
            let RemoteLine(text) = line(action);
            assert_eq!(text.matches('\'').count(), 2, "{text}");
            assert!(!text.contains(['\n', '!']), "{text}");
        }
    }
}
