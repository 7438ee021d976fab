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

/// In front of a serial number it is read as one, as of `openssl x509 -serial`.
const SERIAL_LABEL: &str = "serial=";

/// Options of one letter without a value, which may therefore be combined.
const SWITCHES: [char; 3] = ['q', 'v', 'y'];
/// The one that takes a value, which may follow it at once.
const WITH_VALUE: char = 'o';

/// The arguments with a negative serial number as the parser takes it: `cert list` and OpenSSL print it as `-07`, which would be an option.
pub(super) fn with_negative_serials(arguments: Vec<OsString>) -> Vec<OsString> {
    if !arguments.iter().any(|argument| argument == "cert") {
        return arguments;
    }
    let mut may_follow = false;
    let as_word = |argument: OsString| {
        let is_serial = may_follow && argument.to_str().is_some_and(is_negative_serial);
        // After an option, what begins with a hyphen may be its value.
        may_follow = is_serial || argument == "--serial" || !argument.as_encoded_bytes().starts_with(b"-");
        match argument.to_str() {
            Some(text) if is_serial => format!("{SERIAL_LABEL}{text}").into(),
            _ => argument,
        }
    };
    arguments.into_iter().map(as_word).collect()
}

/// As gsec and OpenSSL print one: pairs of digits in capitals behind a minus sign.
fn is_negative_serial(argument: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
    argument.strip_prefix('-').is_some_and(|digits| {
        !digits.is_empty() && digits.len().is_multiple_of(2) && digits.bytes().all(is_digit)
    })
}

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
        None if is_negative_serial(&argument.to_ascii_uppercase()) => Err(unknown(argument).hint(format!(
            "a negative serial number is written right after `--serial`, in capitals, or at the end after two hyphens: `--serial -- {argument}`"
        ))),
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
    fn negative_serial_numbers_are_words() {
        let read = |arguments: &[&str]| {
            let arguments = ["gsec"].iter().chain(arguments).map(OsString::from);
            let read = with_negative_serials(arguments.collect());
            let words: Vec<String> = read
                .iter()
                .map(|word| word.to_string_lossy().into_owned())
                .collect();
            words[1..].join(" ")
        };
        for (arguments, expected) in [
            (
                &["cert", "revoke", "--serial", "-07", "-7F80"][..],
                "cert revoke --serial serial=-07 serial=-7F80",
            ),
            (&["cert", "show", "-CA"], "cert show serial=-CA"),
            (&["cert", "show", "02", "-CA"], "cert show 02 serial=-CA"),
            (&["cert", "issue", "--cn", "-07"], "cert issue --cn -07"),
            (
                &["cert", "show", "--serial", "-q", "-v"],
                "cert show --serial -q -v",
            ),
            (&["cert", "list", "-ca", "-7"], "cert list -ca -7"),
            (&["crl", "show", "-07"], "crl show -07"),
        ] {
            assert_eq!(read(arguments), expected);
        }
        let said = said(&["cert", "revoke", "--yes", "-07"]).expect("it is after an option");
        assert!(said.contains("`--serial -- -07`"), "{said}");
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
