//! What the targets on the command line are.

use std::path::{Path, PathBuf};

use crate::cli::conf::is_settings;
use crate::cli::failure::Failure;
use crate::cli::fleet::is_inventory;
use crate::cli::global::{Global, shown};
use crate::cli::hint::on_input;
use crate::cli::selector::ends_like_a_file;
use crate::cli::stdin::read_stdin;
use gsec_ca::files::{MAX_LIST_OCTETS, metadata_at_end};
use gsec_ca::home::CaDir;
use gsec_doctor::checks::TargetKind;
use gsec_doctor::tls::{Endpoint, StartTls};
use gsec_env::Env;
use gsec_pki::encoding::visible::shortened;
use gsec_platform::finding::{is_blank, masked};
use gsec_platform::transport::{known, parts};

/// A target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A file, which may turn out not to be there.
    File(PathBuf),
    /// A directory that should be a CA directory.
    CaDirectory(PathBuf),
    /// A port of a server; the host is a name or an address.
    Server(Endpoint),
    /// This machine.
    Machine,
    /// A file of settings of the old platform.
    Settings(PathBuf),
    /// A `transport` value of the old platform.
    Transport(String),
    /// An inventory.
    Inventory(PathBuf),
}

impl Target {
    /// What it is.
    pub(super) fn kind(&self) -> TargetKind {
        match self {
            Self::File(_) => TargetKind::File,
            Self::CaDirectory(_) => TargetKind::CaDirectory,
            Self::Server(_) => TargetKind::Server,
            Self::Machine => TargetKind::Machine,
            Self::Settings(_) | Self::Transport(_) => TargetKind::Settings,
            Self::Inventory(_) => TargetKind::Inventory,
        }
    }

    /// The path, if the target is a file.
    pub(super) fn path(&self) -> Option<&Path> {
        if let Self::File(path) = self {
            Some(path)
        } else {
            None
        }
    }

    /// The endpoint, if the target is a port.
    pub(super) fn endpoint(&self) -> Option<Endpoint> {
        if let Self::Server(endpoint) = self {
            Some(endpoint.clone())
        } else {
            None
        }
    }

    /// As reports name it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) | Self::CaDirectory(path) | Self::Settings(path) | Self::Inventory(path) => {
                shown(path)
            }
            Self::Transport(value) => shortened(&masked(value)),
            Self::Server(endpoint) => endpoint.to_string(),
            Self::Machine => "this machine".into(),
        }
    }
}

/// The given targets without duplicates, and this machine if an option applies to it; without targets, the default ones.
pub(super) fn targets(
    named: &[String],
    is_machine_meant: bool,
    starttls: Option<StartTls>,
    global: &Global,
    env: &Env,
) -> Result<Vec<Target>, Failure> {
    if named.is_empty() && !is_machine_meant {
        let directory = global
            .directory_to_examine(env)
            .map(|found: CaDir| Target::CaDirectory(found.root().to_owned()));
        return Ok([Target::Machine].into_iter().chain(directory).collect());
    }
    let mut targets: Vec<Target> = is_machine_meant.then_some(Target::Machine).into_iter().collect();
    for text in named {
        let found = if text == "-" {
            listed(starttls, env)?
        } else {
            vec![recognise(text, starttls)?]
        };
        for target in found {
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
    }
    Ok(targets)
}

/// The list on standard input: one target on each line, comments behind `#`.
fn listed(starttls: Option<StartTls>, env: &Env) -> Result<Vec<Target>, Failure> {
    let content = read_stdin(MAX_LIST_OCTETS, env)?;
    let text = std::str::from_utf8(&content)
        .map_err(|_| Failure::cannot("input", "the list of targets on standard input is not UTF-8"))?;
    // A file in the place of the list may be a secret key, whose lines must not be shown as targets that are not there.
    if text
        .lines()
        .any(|line| line.trim_start().starts_with("-----BEGIN"))
    {
        let failure = Failure::usage(
            "standard input contains certificates or keys, and `-` reads a list of targets, one per line",
        );
        return Err(failure.hint(on_input("-", |typed| {
            format!("`gsec doctor {typed}` examines it")
        })));
    }
    let lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(without_comment)
        .filter(|line| !line.is_empty());
    let found: Vec<Target> = lines
        .map(|line| recognise(line, starttls))
        .collect::<Result<_, _>>()?;
    if found.is_empty() {
        Err(Failure::usage("the list of targets on standard input is empty"))
    } else {
        Ok(found)
    }
}

/// A comment starts at the start of a line or after a space: a file name may contain `#`.
fn without_comment(line: &str) -> &str {
    let end = line.char_indices().find(|(at, character)| {
        *character == '#' && line[..*at].chars().next_back().is_none_or(char::is_whitespace)
    });
    line[..end.map_or(line.len(), |(at, _)| at)].trim()
}

fn recognise(text: &str, starttls: Option<StartTls>) -> Result<Target, Failure> {
    let path = Path::new(text);
    if let Some(server) = starttls.and_then(|protocol| server_without_port(text, protocol)) {
        return Ok(Target::Server(server));
    }
    if is_transport(text) && path.symlink_metadata().is_err() {
        return Ok(Target::Transport(text.to_owned()));
    }
    let endpoint = Endpoint::looks_like(text).then(|| Endpoint::parse(text));
    let is_folder = metadata_at_end(path).is_ok_and(|found| found.is_dir());
    match (is_folder, endpoint) {
        (true, None) => Ok(Target::CaDirectory(path.to_owned())),
        (false, None) if is_settings(path) => Ok(Target::Settings(path.to_owned())),
        (false, None) if is_inventory(path) => Ok(Target::Inventory(path.to_owned())),
        (false, None) => Ok(Target::File(path.to_owned())),
        (_, Some(_)) if path.symlink_metadata().is_ok() => {
            let message = format!("`{text}` could be a file here, or host and port of a server");
            Err(Failure::usage(message).hint(format!("for the file, type `./{text}`")))
        }
        (_, Some(endpoint)) => Ok(Target::Server(
            endpoint.map_err(|error| Failure::usage(format!("`{text}`: {error}")))?,
        )),
    }
}

/// Whether a text is a `transport` value: it sets an option that the platform knows, however it is written.
fn is_transport(text: &str) -> bool {
    parts(text).iter().any(|part| {
        let name = part.name.trim_matches(is_blank).to_lowercase();
        part.value.is_some() && known(&name).is_some()
    })
}

/// A host that is named alone, where a protocol says the port.
fn server_without_port(text: &str, protocol: StartTls) -> Option<Endpoint> {
    let is_path = Path::new(text).symlink_metadata().is_ok() || ends_like_a_file(text);
    match Endpoint::parse(text) {
        Err(_) if !is_path => Endpoint::parse_or(text, protocol.usual_port()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_alone_is_a_server_where_a_protocol_says_the_port() {
        let smtp = |text: &str| recognise(text, Some(StartTls::Smtp)).map(|target| target.name());
        for (text, expected) in [
            ("mx.example.com", "mx.example.com:25"),
            ("mx.example.com:587", "mx.example.com:587"),
            ("[::1]", "[::1]:25"),
            ("smtp://mx.example.com", "mx.example.com:25"),
        ] {
            assert_eq!(smtp(text).ok().as_deref(), Some(expected), "{text}");
        }
        for file in ["cert.pem", "out/cert", "src"] {
            assert_eq!(smtp(file).ok().as_deref(), Some(file));
        }
        assert!(smtp("::1").is_err());
    }

    #[test]
    fn ports_are_told_from_files() {
        for yes in ["db1.example.com:443", "[::1]:8443", "192.0.2.1:443"] {
            assert!(matches!(recognise(yes, None), Ok(Target::Server(_))), "{yes}");
        }
        for file in ["db1", "db1:", "cert.pem", "out/db1:443"] {
            assert!(matches!(recognise(file, None), Ok(Target::File(_))), "{file}");
        }
        for url in [
            "https://db1.example.com:8019/",
            "https://db1.example.com",
            "db1.example.com:https",
        ] {
            assert!(matches!(recognise(url, None), Ok(Target::Server(_))), "{url}");
        }
        for wrong in ["http://db1.example.com/", "::1:443", "db1:0", "db1:65536", ":443"] {
            assert!(recognise(wrong, None).is_err(), "{wrong}");
        }
    }

    #[test]
    fn values_are_told_from_files_and_servers() {
        for value in [
            "tls=1;certificate=/a",
            "port=4001",
            "x=1; TLS = 1",
            "tls=1;address=a:443",
        ] {
            assert!(
                matches!(recognise(value, None), Ok(Target::Transport(_))),
                "{value}"
            );
        }
        for file in ["tls", "a=b", "a;b=c.pem", "out/tls=1.pem"] {
            assert!(matches!(recognise(file, None), Ok(Target::File(_))), "{file}");
        }
    }

    #[test]
    fn comments_stand_alone_or_behind_a_blank() {
        assert_eq!(without_comment("  a#b.pem  # mine"), "a#b.pem");
        assert_eq!(without_comment("# all"), "");
        assert_eq!(without_comment("a b.pem"), "a b.pem");
    }
}
