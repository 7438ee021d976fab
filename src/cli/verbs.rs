//! Commands of other tools, and of none, that people try: what to type instead.

use std::ffi::OsString;

use super::failure::Failure;
use gsec_pki::encoding::shell::quoted_text;

/// What follows the command in what was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// What gsec's command takes too.
    Same,
    /// Arguments of another tool, or none that could be known.
    Other,
}
use Rest::{Other, Same};

/// A group of commands, what is typed in it, the command that is meant, and what follows. The empty group is gsec itself.
#[rustfmt::skip] // a table
const MEANT: &[(&str, &[&str], &str, Rest)] = &[
    ("", &["issue"], "cert issue", Same),
    ("", &["sign"], "cert sign", Same),
    ("", &["request"], "cert request", Same),
    ("", &["ensure"], "cert ensure", Same),
    ("", &["renew"], "cert renew", Same),
    ("", &["bundle", "deploy"], "cert bundle", Same),
    ("", &["list", "ls"], "cert list", Same),
    ("", &["fetch"], "cert fetch", Same),
    ("", &["show", "inspect", "view"], "cert show", Same),
    ("", &["match"], "cert match", Same),
    ("", &["verify"], "cert verify", Same),
    ("", &["revoke"], "cert revoke", Same),
    ("", &["thumbprint", "fingerprint"], "cert thumbprint", Same),
    ("", &["init"], "ca init", Same),
    ("", &["rekey"], "ca rekey", Same),
    ("", &["adopt"], "ca adopt", Same),
    ("", &["handshake"], "doctor handshake", Same),
    ("", &["install", "anchor"], "trust install", Same),
    ("", &["uninstall"], "trust uninstall", Same),
    ("", &["to-pfx"], "convert to-pfx", Same),
    ("", &["to-pem"], "convert to-pem", Same),
    ("", &["check", "diagnose", "test", "lint"], "doctor", Same),
    // easy-rsa, openssl, step, cfssl
    ("", &["create-cert", "build-server-full", "build-client-full", "gencert", "new"], "cert issue", Other),
    ("", &["gen-req", "req", "csr", "genkey"], "cert request", Other),
    ("", &["sign-req"], "cert sign", Other),
    ("", &["build-ca", "init-pki", "create"], "ca init", Other),
    ("", &["gen-crl", "update"], "crl update", Other),
    ("", &["x509", "certinfo"], "cert show", Other),
    ("", &["s_client"], "cert fetch", Other),
    ("", &["pkcs12", "pfx", "export"], "convert to-pfx", Other),
    ("", &["certificate", "certs", "certificates"], "cert", Other),
    ("ca", &["create", "new", "build", "make"], "ca init", Same),
    ("ca", &["info", "inspect", "view"], "ca show", Same),
    ("ca", &["list"], "cert list", Same),
    ("ca", &["issue"], "cert issue", Same),
    ("ca", &["revoke"], "cert revoke", Same),
    ("ca", &["password", "passwd"], "ca passphrase", Same),
    ("cert", &["create", "new", "generate", "make", "add"], "cert issue", Same),
    ("cert", &["inspect", "view", "info", "print", "dump"], "cert show", Same),
    ("cert", &["check", "validate"], "cert verify", Same),
    ("cert", &["deploy", "deliver", "export", "install"], "cert bundle", Same),
    ("cert", &["ls"], "cert list", Same),
    ("cert", &["csr", "req"], "cert request", Same),
    ("cert", &["remove", "delete", "rm"], "cert revoke", Same),
    ("cert", &["get", "download"], "cert fetch", Same),
    ("crl", &["create", "new", "generate", "gen", "make"], "crl update", Same),
    ("crl", &["view", "info", "inspect", "list"], "crl show", Same),
    ("banner", &["check", "verify"], "banner lint", Same),
    ("banner", &["create", "new", "generate", "make"], "banner write", Same),
    ("banner", &["view", "explain"], "banner show", Same),
    ("log", &["show", "verify", "audit", "list"], "ca log", Other),
    ("trust", &["add", "anchor", "import"], "trust install", Same),
    ("trust", &["remove", "rm", "delete", "del"], "trust uninstall", Same),
    ("trust", &["list", "ls", "show", "check"], "trust status", Same),
    ("convert", &["pem"], "convert to-pem", Same),
    ("convert", &["pfx", "p12", "pkcs12", "to-p12", "to-pkcs12"], "convert to-pfx", Same),
    ("convert", &["der"], "convert to-der", Same),
];

/// Options of every command that take a value, which is no command.
const WITH_VALUE: [&str; 3] = ["--ca-dir", "--color", "--lock-timeout"];

/// The failure for a command that does not exist and whose meaning is known; `None` for all others.
pub(super) fn check(arguments: &[OsString]) -> Result<(), Failure> {
    let typed: Vec<&str> = arguments
        .iter()
        .skip(1)
        .map_while(|argument| argument.to_str())
        .collect();
    let mut words = words(&typed);
    let Some(first) = words.next() else { return Ok(()) };
    let (group, at) = match words.next() {
        Some(second) if is_group(typed[first]) => (Some(first), second),
        _ => (None, first),
    };
    if group.is_none() && typed[at] == "version" {
        return Err(Failure::usage("unknown command `version`").hint("did you mean `gsec --version`?"));
    }
    let Some((command, rest)) = meant(group.map_or("", |group| typed[group]), typed[at]) else {
        return Ok(());
    };
    let others = |range: std::ops::Range<usize>| {
        range
            .filter(|place| *place != at && Some(*place) != group)
            .map(|place| quoted_text(typed[place]))
    };
    let line: Vec<String> = match rest {
        Same => std::iter::once("gsec".to_owned())
            .chain(others(0..first))
            .chain([command.to_owned()])
            .chain(others(first..typed.len()))
            .collect(),
        Other => vec![format!("gsec {command} --help")],
    };
    let hint = match rest {
        Same => format!("did you mean `{}`?", line.join(" ")),
        Other => format!("in gsec it is {command}: `{}`", line.join(" ")),
    };
    Err(Failure::usage(format!("unknown command `{}`", typed[at])).hint(hint))
}

/// `gsec cert issue help` with `--help` in the place of its last word: alone behind a command, `help` is a question. It stays what it is
/// for commands that contain others, which answer it by themselves.
pub(super) fn asking_for_help(
    mut arguments: Vec<OsString>,
    tree: impl FnOnce() -> clap::Command,
) -> Vec<OsString> {
    let is_path = |tree: &clap::Command| {
        let mut words = arguments.iter().skip(1).take(arguments.len() - 2);
        words
            .try_fold(tree, |tree, word| tree.find_subcommand(word))
            .is_some_and(|command| !command.has_subcommands())
    };
    if arguments.len() > 2 && arguments.last().is_some_and(|last| last == "help") && is_path(&tree()) {
        arguments.pop();
        arguments.push("--help".into());
    }
    arguments
}

/// The places of what is neither an option nor the value of one that every command has.
fn words<'a>(typed: &'a [&'a str]) -> impl Iterator<Item = usize> + 'a {
    let is_value = |place: usize| place > 0 && WITH_VALUE.contains(&typed[place - 1]);
    (0..typed.len()).filter(move |place| !typed[*place].starts_with('-') && !is_value(*place))
}

fn is_group(word: &str) -> bool {
    MEANT
        .iter()
        .any(|(group, ..)| !group.is_empty() && *group == word)
}

fn meant(group: &str, word: &str) -> Option<(&'static str, Rest)> {
    let mut rows = MEANT.iter().filter(|(found, ..)| *found == group);
    rows.find(|(_, words, ..)| words.contains(&word))
        .map(|(.., command, rest)| (*command, *rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_that_is_meant_exists_and_none_that_is_typed_does() {
        let tree = crate::cli::command();
        for (group, words, command, _) in MEANT {
            let found = command
                .split(' ')
                .try_fold(&tree, |tree, word| tree.find_subcommand(word));
            assert!(found.is_some(), "{command}");
            let inside = match *group {
                "" => &tree,
                group => tree.find_subcommand(group).expect("a group"),
            };
            for word in *words {
                assert!(inside.find_subcommand(word).is_none(), "{group} {word}");
            }
        }
    }

    #[test]
    fn options_that_every_command_has_with_a_value_are_known() {
        let tree = crate::cli::command();
        let with_value = tree
            .get_arguments()
            .filter(|argument| argument.get_action().takes_values());
        let mut longs: Vec<String> = with_value
            .filter_map(|argument| argument.get_long())
            .map(|long| format!("--{long}"))
            .collect();
        longs.sort_unstable();
        assert_eq!(longs, WITH_VALUE);
    }

    #[test]
    fn options_and_their_values_are_no_commands() {
        let hint = |line: &[&str]| {
            let arguments: Vec<OsString> = std::iter::once("gsec")
                .chain(line.iter().copied())
                .map(Into::into)
                .collect();
            check(&arguments)
                .err()
                .map(|failure| failure.problem.hints.join(" "))
        };
        for (typed, meant) in [
            (&["list"][..], "did you mean `gsec cert list`?"),
            (
                &["--ca-dir", "list", "list", "--limit", "3"],
                "did you mean `gsec --ca-dir list cert list --limit 3`?",
            ),
            (
                &["cert", "--ca-dir", "x", "ls"],
                "did you mean `gsec cert list --ca-dir x`?",
            ),
            (
                &["ca", "create", "--cn", "New CA"],
                "did you mean `gsec ca init --cn 'New CA'`?",
            ),
            (
                &["build-server-full", "db1", "nopass"],
                "in gsec it is cert issue: `gsec cert issue --help`",
            ),
            (
                &["x509", "-in", "cert.pem"],
                "in gsec it is cert show: `gsec cert show --help`",
            ),
        ] {
            assert_eq!(hint(typed).as_deref(), Some(meant), "{typed:?}");
        }
        for known in [
            &["cert", "list"][..],
            &["doctor", "list"],
            &["cert", "show", "list"],
            &["--ca-dir", "list"],
            &[],
            &["frobnicate"],
        ] {
            assert_eq!(hint(known), None, "{known:?}");
        }
    }
}
