//! Long options with a single hyphen, as OpenSSL and the old scripts have them: refused with the right spelling.
//!
//! The parser takes `-host` for `-h` and prints the help, with exit status 0; and `-out FILE` for `-o ut`.

use std::ffi::OsString;

use super::failure::Failure;

/// Options of the old scripts and of OpenSSL, with gsec's.
const ELSEWHERE: [(&str, &str); 12] = [
    ("keysz", "key-size"),
    ("time", "days"),
    ("o", "org"),
    ("l", "locality"),
    ("s", "state"),
    ("c", "country"),
    ("e", "email"),
    ("in", "file"),
    ("cafile", "trust"),
    ("passin", "password-file"),
    ("passout", "pfx-password-file"),
    ("verify_hostname", "name"),
];

/// Options of one letter without a value, which may therefore be combined.
const SWITCHES: [char; 3] = ['q', 'v', 'y'];
/// The one that takes a value, which may follow it at once.
const WITH_VALUE: char = 'o';

/// A usage error for the first argument that is a long option with one hyphen.
pub(super) fn check(arguments: &[OsString], command: impl FnOnce() -> clap::Command) -> Result<(), Failure> {
    let options = arguments
        .iter()
        .skip(1)
        .take_while(|argument| *argument != "--")
        .filter_map(|argument| argument.to_str());
    let suspect = options
        .filter_map(|argument| Some((argument, argument.strip_prefix('-')?)))
        .find(|(_, name)| is_suspect(name));
    let Some((argument, name)) = suspect else {
        return Ok(());
    };
    let name = name.split('=').next().unwrap_or_default();
    let mut longs = Vec::new();
    collect(&command(), &mut longs);
    let typed = name.to_ascii_lowercase();
    let meant = longs.iter().find(|long| **long == typed).cloned();
    let meant = meant.or_else(|| {
        ELSEWHERE
            .iter()
            .find(|(other, _)| *other == typed && typed.len() > 1)
            .map(|(_, long)| (*long).to_owned())
    });
    match meant {
        Some(long) => Err(unknown(argument).hint(format!(
            "did you mean `--{long}`? Long options start with two hyphens"
        ))),
        None if name.starts_with(WITH_VALUE) => Ok(()),
        None => Err(unknown(argument).hint(
            "long options start with two hyphens; `gsec --help` lists them, and `--help` after a \
             command lists its own",
        )),
    }
}

fn unknown(argument: &str) -> Failure {
    Failure::usage(format!("unknown option `{argument}`"))
}

/// More than one letter, and not switches only.
fn is_suspect(name: &str) -> bool {
    name.chars().count() > 1
        && !name.starts_with('-')
        && !name.chars().all(|letter| SWITCHES.contains(&letter))
}

fn collect(command: &clap::Command, longs: &mut Vec<String>) {
    longs.extend(
        command
            .get_arguments()
            .filter_map(|argument| argument.get_long())
            .map(str::to_owned),
    );
    longs.push("help".into());
    longs.push("version".into());
    command.get_subcommands().for_each(|below| collect(below, longs));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(arguments: &[&str]) -> Option<String> {
        let arguments: Vec<OsString> = ["gsec"].iter().chain(arguments).map(OsString::from).collect();
        check(&arguments, crate::cli::command)
            .err()
            .map(|failure| format!("{}; {}", failure.problem.message, failure.problem.hints.join(" ")))
    }

    #[test]
    fn long_options_with_one_hyphen_are_refused() {
        for (argument, long) in [
            ("-host", "host"),
            ("-CN", "cn"),
            ("-keySz", "key-size"),
            ("-time", "days"),
            ("-out", "out"),
            ("-days=3", "days"),
            ("-help", "help"),
        ] {
            let said = said(&["cert", "issue", argument, "x"]).unwrap_or_else(|| panic!("{argument} passes"));
            assert!(said.contains(&format!("`--{long}`")), "{said}");
        }
        assert!(
            said(&["cert", "list", "-hq"]).is_some() && said(&["-hx"]).is_some() && said(&["-foo"]).is_some()
        );
    }

    #[test]
    fn letters_together_and_what_follows_two_hyphens_pass() {
        for arguments in [
            &["-qy"][..],
            &["-vvv"],
            &["-q", "-"],
            &["-ofile.pem"],
            &["--host", "x"],
            &["--", "-host"],
            &["-h"],
            &["-V"],
        ] {
            assert_eq!(said(arguments), None, "{arguments:?}");
        }
    }
}
