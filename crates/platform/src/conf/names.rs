//! Names of sections and keys as they are documented.

/// The section of DB Server itself, and what the names of its further ones begin with.
pub(super) const DB_SERVER: &str = "dbserver";

/// Sections with a name of their own.
const SECTIONS: [&str; 4] = ["dbserver", "log", "lca", "security"];

/// Keys of both files.
const KEYS: [&str; 21] = [
    "port",
    "management-port",
    "host",
    "transport",
    "server",
    "dbengine",
    "dbname",
    "dbserver",
    "dbprocesses_per_client",
    "connect_break_time",
    "oracle_name",
    "username",
    "password",
    "reconnect-timeout",
    "response-timeout",
    "history-log-max-records",
    "encryption",
    "verbose",
    "all",
    "lcaport",
    "locale",
];

/// What follows `dbserver-` in the name of a section; `None` for other names.
pub(super) fn db_server_number(name: &str) -> Option<&str> {
    let prefix = name.get(..DB_SERVER.len() + 1)?;
    let number = &name[DB_SERVER.len() + 1..];
    (prefix.eq_ignore_ascii_case("dbserver-")).then_some(number)
}

/// Whether a section is one of DB Server's that can have a port.
pub(super) fn is_db_server(name: &str) -> bool {
    name.eq_ignore_ascii_case(DB_SERVER) || db_server_number(name).is_some()
}

/// The documented name of a section that differs only in capital letters.
pub(super) fn documented_section(name: &str) -> Option<String> {
    let known = SECTIONS.iter().find(|known| known.eq_ignore_ascii_case(name));
    let numbered = || db_server_number(name).map(|number| format!("dbserver-{number}"));
    known.map(|known| (*known).to_owned()).or_else(numbered)
}

/// The documented name of a key that differs only in capital letters.
pub(super) fn documented_key(name: &str) -> Option<&'static str> {
    KEYS.into_iter().find(|known| known.eq_ignore_ascii_case(name))
}
