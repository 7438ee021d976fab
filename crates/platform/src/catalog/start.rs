//! Start scripts, start files and start parameters.

use super::Entry;
use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

/// In the order of the catalog.
pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(
        "start-arg-blank",
        Error,
        "A blank behind the dash of an argument",
        "The program gets two words, and knows neither.",
        "Write `-transport-port` without a blank.",
    ),
    Entry::new(
        "start-arg-dash",
        Error,
        "A typographic dash",
        "It is another character than `-`: the program does not know the argument.",
        "Type the dash again.",
    ),
    Entry::new(
        "start-arg-value",
        Error,
        "An argument without a valid value",
        "The program ignores it or does not start.",
        "Add the value.",
    ),
    Entry::new(
        "start-differs",
        Error,
        "Two places say different things",
        "Which one counts depends on how the program is started.",
        "Write the same in all places that are named.",
    ),
    Entry::new(
        "start-address-name",
        Warning,
        "A host name where an IP address is expected",
        "`-transport-address` takes an IP address.",
        "Write the address.",
    ),
    Entry::new(
        "start-not-auto-detect",
        Warning,
        "The program connects to the unsecured port",
        "TLS is set up, but the start parameter names the port without it.",
        "Name the auto-detect port of Configuration Server.",
    ),
    Entry::new(
        "start-no-library-path",
        Warning,
        "No search path for the Security Pack",
        "Without it the program does not find the library that makes TLS.",
        "Set the variable; `gsec fleet render env` prints it.",
    ),
    Entry::new(
        "start-too-many",
        Error,
        "More than can be checked",
        "A part of the file was not read.",
        "Split the file.",
    ),
    Entry::new(
        "start-nothing",
        Notice,
        "Nothing in the file starts an application",
        "No rule applies to it.",
        "Name the script that starts the application.",
    ),
];
