//! What the last word of a line can become.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, Command};

use crate::cli::global::Global;
use crate::cli::line::{Line, has_long, takes_value};
use crate::cli::value;
use gsec_ca::home::CaDir;
use gsec_ca::policy::Policy;
use gsec_ca::records::file::last_records;
use gsec_ca::records::{Record, RecordStatus};
use gsec_env::Env;
use gsec_pki::x509::{RevocationReason, rfc3339};
use gsec_report::CatalogueEntry;

/// Endings of files by what is in them.
const CERTIFICATES: &[&str] = &["pem", "crt", "cer", "der", "pfx", "p12"];
const KEYS: &[&str] = &["pem", "key", "der", "pfx", "p12"];
const REQUESTS: &[&str] = &["pem", "csr", "req", "der"];
const CRLS: &[&str] = &["pem", "crl", "der"];
const LISTS: &[&str] = &["csv", "json", "toml"];
const ANY: &[&str] = &[];

/// Files that can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Files {
    #[default]
    None,
    Directories,
    /// Those with one of these endings; all where there are none.
    Of(&'static [&'static str]),
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One of those that the parser knows.
    Listed,
    Files(&'static [&'static str]),
    Directory,
    /// A certificate of the CA, by serial number or host; or a file.
    Certificate,
    /// A host that the CA has issued for.
    Host,
    Profile,
    Reason,
    Slug,
    KeySize,
    Shell,
    /// A trust store.
    Store,
    /// Nothing that could be known.
    Other,
}

impl Kind {
    fn of(argument: &Arg) -> Self {
        if !argument.get_possible_values().is_empty() && !argument.is_hide_possible_values_set() {
            return Self::Listed;
        }
        let id = argument.get_id().as_str();
        let name = argument
            .get_value_names()
            .and_then(|names| names.first())
            .map_or("", |name| name.as_str());
        match (id, name) {
            ("profile", _) => Self::Profile,
            ("key_size", _) => Self::KeySize,
            ("from", _) => Self::Files(LISTS),
            ("key" | "client_key" | "server_key", _) => Self::Files(KEYS),
            ("crl", _) => Self::Files(CRLS),
            ("csr", _) | (_, "CSR") => Self::Files(REQUESTS),
            (
                "cert" | "chain" | "trust" | "untrusted" | "server_cert" | "client_cert" | "client_trust",
                _,
            ) => Self::Files(CERTIFICATES),
            (_, "DIR" | "DIR|FILE.tar") => Self::Directory,
            (_, "FILE|SHA256") => Self::Files(CERTIFICATES),
            (_, "STORE") => Self::Store,
            (_, "FILE" | "TARGET" | "FILE|HASH" | "FILE.pub") => Self::Files(ANY),
            (_, "REASON") => Self::Reason,
            (_, "SHELL") => Self::Shell,
            (_, "SLUG") => Self::Slug,
            (_, "SERIAL|FILE|HOST" | "FILE|SERIAL|HOST|HOST:PORT") => Self::Certificate,
            ("typed_names", _) | (_, "FQDN|IP" | "FQDN" | "GLOB" | "HOST|SERIAL") => Self::Host,
            _ => Self::Other,
        }
    }
}

/// What the last word of a line can become.
#[derive(Default)]
pub(super) struct Candidates {
    files: Files,
    /// Whole words, with what each is.
    words: BTreeMap<String, String>,
}

impl Candidates {
    /// Those of a line: its words, and the one that is typed.
    pub(super) fn of(root: &Command, words: &[String], current: &str, global: &Global, env: &Env) -> Self {
        let line = Line::read(root, words);
        let mut found = Self::default();
        let is_option = !line.has_ended_options && line.pending.is_none();
        let with_value = current
            .strip_prefix("--")
            .filter(|_| is_option)
            .and_then(|option| option.split_once('='));
        if let Some(option) = line.pending {
            found.add_values(option, &line, "", global, env);
        } else if let Some((name, _)) = with_value {
            let option = line.options_of().find(|option| has_long(option, name));
            if let Some(option) = option.filter(|option| takes_value(option)) {
                found.add_values(option, &line, &format!("--{name}="), global, env);
            }
        } else if is_option && current.starts_with('-') {
            found.add_options(&line);
        } else {
            found.add_commands(&line);
            if let Some(argument) = line.next_positional() {
                found.add_values(argument, &line, "", global, env);
            }
            // Options come where nothing else does.
            if is_option && current.is_empty() && found.words.is_empty() && found.files == Files::None {
                found.add_options(&line);
            }
        }
        found
    }

    fn add(&mut self, word: impl Into<String>, about: impl Into<String>) {
        self.words.insert(word.into(), about.into());
    }

    fn add_commands(&mut self, line: &Line<'_>) {
        if line.positionals > 0 || line.has_ended_options {
            return;
        }
        for command in line
            .command
            .get_subcommands()
            .filter(|command| !command.is_hide_set())
        {
            let about = command.get_about().map(ToString::to_string);
            self.add(command.get_name(), about.unwrap_or_default());
        }
    }

    fn add_options(&mut self, line: &Line<'_>) {
        for option in line.options_of().filter(|option| !option.is_hide_set()) {
            let is_there = line.options.iter().any(|typed| typed.get_id() == option.get_id());
            let repeats = matches!(option.get_action(), ArgAction::Append | ArgAction::Count);
            if let Some(long) = option.get_long().filter(|_| !is_there || repeats) {
                let about = option.get_help().map(ToString::to_string);
                self.add(format!("--{long}"), about.unwrap_or_default());
            }
        }
    }

    fn add_values(&mut self, argument: &Arg, line: &Line<'_>, before: &str, global: &Global, env: &Env) {
        let mut add = |value: &str, about: &str| self.add(format!("{before}{value}"), about);
        let directory = || directory(line, global, env);
        match Kind::of(argument) {
            Kind::Listed => {
                for value in argument
                    .get_possible_values()
                    .iter()
                    .filter(|value| !value.is_hide_set())
                {
                    let about = value.get_help().map(ToString::to_string);
                    add(value.get_name(), &about.unwrap_or_default());
                }
            }
            Kind::Profile => profiles(directory().as_ref())
                .iter()
                .for_each(|name| add(name, "")),
            Kind::Reason => {
                let names = RevocationReason::ALL.map(RevocationReason::name);
                let taken = names.iter().filter(|name| value::reason(name).is_ok());
                taken.for_each(|name| add(name, ""));
            }
            Kind::Slug => CatalogueEntry::all().for_each(|entry| add(entry.slug, entry.title)),
            Kind::KeySize => ["2048", "3072", "4096", "8192"]
                .iter()
                .for_each(|size| add(size, "")),
            Kind::Store => ["system", "nss", "nss:", "java", "java:", "p11"]
                .iter()
                .for_each(|store| add(store, "")),
            Kind::Shell => super::SHELLS.iter().for_each(|shell| add(shell, "")),
            Kind::Host => {
                for record in records(directory().as_ref()) {
                    hosts(&record)
                        .iter()
                        .for_each(|host| add(host, &of_record(&record)));
                }
            }
            Kind::Certificate => {
                let certificates = records(directory().as_ref()).into_iter();
                for record in certificates.filter(|record| is_meant(line, record, env)) {
                    let hosts = hosts(&record);
                    add(
                        &record.serial.to_string(),
                        hosts.first().map_or("", String::as_str),
                    );
                    hosts.iter().for_each(|host| add(host, &of_record(&record)));
                }
                self.files = Files::Of(CERTIFICATES);
            }
            Kind::Files(endings) => self.files = Files::Of(endings),
            Kind::Directory => self.files = Files::Directories,
            Kind::Other => {}
        }
    }

    /// As the shells read it. What cannot be on a line of its own, or is no word, is left out.
    pub(super) fn to_text(&self, current: &str) -> String {
        let files = match self.files {
            Files::None => ":none".to_owned(),
            Files::Directories => ":directories".to_owned(),
            Files::Of(endings) => [&[":files"], endings].concat().join(" "),
        };
        let words = self.words.iter().filter(|(word, _)| word.starts_with(current));
        let lines = words.map(|(word, about)| match one_line(about) {
            about if about.is_empty() => word.clone(),
            about => format!("{word}\t{about}"),
        });
        std::iter::once(files)
            .chain(lines)
            .map(|line| line + "\n")
            .collect()
    }
}

/// The first sentence of a help text, on one line.
fn one_line(about: &str) -> String {
    let first = about.lines().next().unwrap_or_default();
    first.chars().filter(|letter| !letter.is_control()).collect()
}

/// The CA directory that the line names, or the one that is found without a name.
fn directory(line: &Line<'_>, global: &Global, env: &Env) -> Option<CaDir> {
    let named = line
        .values
        .iter()
        .rfind(|(option, _)| option.get_id() == "ca_dir");
    match named {
        Some((_, path)) => CaDir::at(path).expect_ca().ok(),
        None => global.existing_directory(env).ok(),
    }
}

/// Names of profiles, as far as they are words without quotes.
fn profiles(directory: Option<&CaDir>) -> Vec<String> {
    let text = directory.and_then(|directory| directory.read(&directory.policy()).ok());
    let policy = text
        .and_then(|text| Policy::parse(std::str::from_utf8(&text).ok()?).ok())
        .unwrap_or_else(Policy::built_in);
    let is_word = |name: &&str| {
        name.chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
    };
    policy
        .profile_names()
        .filter(is_word)
        .map(str::to_owned)
        .collect()
}

/// The last records of the CA; none where they cannot be read.
fn records(directory: Option<&CaDir>) -> Vec<Record> {
    directory
        .and_then(|directory| last_records(directory).ok())
        .unwrap_or_default()
}

/// Whether a command has something to do with a certificate.
fn is_meant(line: &Line<'_>, record: &Record, env: &Env) -> bool {
    match line.path.as_slice() {
        ["cert", "revoke" | "renew"] => record.is_valid_at(env.clock.now()),
        ["cert", "unhold"] => record
            .revocation
            .as_ref()
            .is_some_and(|revocation| revocation.is_hold()),
        _ => true,
    }
}

/// The hosts of a record: only what is the name of a host, so nothing else in ca.db comes to a shell.
fn hosts(record: &Record) -> Vec<String> {
    record.host_names().iter().map(|host| host.value()).collect()
}

fn of_record(record: &Record) -> String {
    let until = rfc3339(record.expiry);
    let until = until.get(..10).unwrap_or_default();
    match record.status {
        RecordStatus::Revoked => format!("{}, revoked", record.serial),
        _ => format!("{}, until {until}", record.serial),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What has no candidates, by the names of the values.
    const FREE: [&str; 56] = [
        "ADDRESS",
        "AGE1…",
        "ADDR:PORT",
        "ADDR[:PORT]",
        "CC",
        "CIDR",
        "CITY",
        "DOMAIN",
        "DOMAIN|CIDR",
        "HASH",
        "HOST:PORT",
        "ID",
        "KID",
        "KIND:NAME",
        "N",
        "NAME",
        "OID",
        "ORG",
        "PID",
        "SECONDS",
        "STATE",
        "TEXT",
        "TIME",
        "UNIT",
        "VAR",
        "PROGRAM",
        "VERSION",
        "STATUS",
        "WORD",
        "COMMAND",
        "ACCOUNT",
        "ACTION",
        "APP[:PORT|->SERVER]",
        "APPLICATION",
        "APP|HOST",
        "HOST",
        "PATH",
        "WHEN",
        "GROUP",
        "HEX",
        "KEY",
        "KEY=ACTION",
        "LIST",
        "MODE",
        "MS",
        "NAME=VALUE",
        "NAMES",
        "PIXELS",
        "PORT",
        "SECTION",
        "SIZE",
        "TITLE",
        "URL",
        "USER",
        "VALUE",
        "",
    ];

    fn arguments<'a>(command: &'a Command, found: &mut Vec<(String, &'a Arg)>) {
        let own = command.get_arguments().filter(|argument| takes_value(argument));
        found.extend(own.map(|argument| (command.get_name().to_owned(), argument)));
        command
            .get_subcommands()
            .for_each(|below| arguments(below, found));
    }

    #[test]
    fn every_value_has_candidates_or_is_free() {
        let mut root = crate::cli::command();
        root.build();
        let mut found = Vec::new();
        arguments(&root, &mut found);
        assert!(found.len() > 100);
        for (command, argument) in found {
            let name = argument.get_value_names().and_then(|names| names.first());
            let name = name.map_or("", |name| name.as_str());
            assert!(
                Kind::of(argument) != Kind::Other || FREE.contains(&name),
                "{command}: {} <{name}>",
                argument.get_id()
            );
        }
    }
}
