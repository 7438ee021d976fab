//! Where programs look for libraries: by the environment, of a running process, or as a start script sets it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::checks::machine::{Libraries, SearchPath};
use gsec_ca::files::{FilesError, read_file_within};

/// The variables: LIBPATH on AIX, SHLIB_PATH and LD_LIBRARY_PATH on HP-UX, LD_LIBRARY_PATH on Linux, both of the last on Solaris, the first of macOS.
const VARIABLES: [&str; 6] = [
    "LD_LIBRARY_PATH",
    "LD_LIBRARY_PATH_64",
    "LD_LIBRARY_PATH_32",
    "LIBPATH",
    "SHLIB_PATH",
    "DYLD_LIBRARY_PATH",
];
/// Where the loader looks besides.
const OWN_FOLDERS: [&str; 8] = [
    "/lib",
    "/usr/lib",
    "/lib64",
    "/usr/lib64",
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/local/lib",
];
/// Maximum size of a start script or an environment, in bytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Where the search paths come from.
pub enum Origin<'a> {
    /// This call's own environment.
    Environment(fn(&str) -> Option<OsString>),
    /// A running process, by its number.
    Process(u32),
    /// A start script of a shell.
    Script(&'a Path),
}

/// The search paths, and where in them each library was found.
///
/// # Errors
/// [`FilesError::Io`]: the process or script does not exist, or cannot be read.
pub fn libraries(origin: &Origin<'_>, wanted: &[String]) -> Result<Libraries, FilesError> {
    let (named, values): (String, HashMap<String, String>) = match origin {
        Origin::Environment(variable) => {
            let value =
                |name: &&str| Some(((*name).to_owned(), variable(name)?.to_string_lossy().into_owned()));
            (
                "the environment".into(),
                VARIABLES.iter().filter_map(value).collect(),
            )
        }
        Origin::Process(number) => {
            let environ = read_file_within(Path::new(&format!("/proc/{number}/environ")), MAX_BYTES)?;
            (
                format!("process {number}"),
                of_environ(&String::from_utf8_lossy(&environ)),
            )
        }
        Origin::Script(path) => {
            let text = read_file_within(path, MAX_BYTES)?;
            (
                path.display().to_string(),
                of_script(&String::from_utf8_lossy(&text)),
            )
        }
    };
    let set = VARIABLES
        .iter()
        .filter_map(|variable| Some((variable, values.get(*variable).filter(|value| !value.is_empty())?)));
    let paths: Vec<SearchPath> = set
        .map(|(variable, value)| SearchPath {
            variable: (*variable).into(),
            folders: folders(value),
        })
        .collect();
    let everywhere: Vec<PathBuf> = paths
        .iter()
        .flat_map(|path| path.folders.iter().map(|(folder, _)| folder.clone()))
        .chain(OWN_FOLDERS.map(PathBuf::from))
        .collect();
    let mut unread = Vec::new();
    let mut find = |library: &String| {
        for folder in &everywhere {
            match within(folder, library) {
                Ok(None) => {}
                Ok(found) => return found,
                Err(why) => unread.push(why.to_string()),
            }
        }
        None
    };
    let wanted = wanted
        .iter()
        .map(|library| (library.clone(), find(library)))
        .collect();
    unread.sort();
    unread.dedup();
    Ok(Libraries {
        origin: named,
        paths,
        wanted,
        unread,
    })
}

fn folders(value: &str) -> Vec<(PathBuf, bool)> {
    value
        .split(':')
        .filter(|folder| !folder.is_empty())
        .map(|folder| (PathBuf::from(folder), Path::new(folder).is_dir()))
        .collect()
}

/// A library by its whole name, or without what comes before and behind it: `ssl` is `libssl.so.3`.
fn within(folder: &Path, library: &str) -> Result<Option<PathBuf>, FilesError> {
    let is_it = |name: &str| {
        let begins = |prefix: String| {
            name.strip_prefix(&prefix)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        name == library || begins(library.to_owned()) || begins(format!("lib{library}"))
    };
    let entries = match std::fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        entries => entries.map_err(FilesError::io("read", folder))?,
    };
    let mut found = entries
        .filter_map(Result::ok)
        .filter(|entry| is_it(&entry.file_name().to_string_lossy()));
    Ok(found.next().map(|entry| entry.path()))
}

fn of_environ(text: &str) -> HashMap<String, String> {
    text.split('\0')
        .filter_map(|entry| entry.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The variables a script sets, evaluated line by line; references to variables that the script did not set become
/// empty.
fn of_script(text: &str) -> HashMap<String, String> {
    let mut values = HashMap::new();
    for statement in text.lines().flat_map(|line| line.split(';')) {
        let statement = statement.trim();
        let plain = statement
            .strip_prefix("export ")
            .or_else(|| statement.strip_prefix("set "))
            .unwrap_or(statement)
            .trim_start();
        let assigned = match plain.strip_prefix("setenv ") {
            Some(rest) => rest.trim_start().split_once(char::is_whitespace),
            None => plain.split_once('='),
        };
        let is_name = |name: &str| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|character| character.is_ascii_alphanumeric() || character == '_')
        };
        if let Some((name, value)) = assigned.filter(|(name, _)| is_name(name)) {
            let value = filled_in(value.trim().trim_matches(['"', '\'']), &values);
            values.insert(name.to_owned(), value);
        }
    }
    values
}

/// Maximum length of a value.
const MAX_VALUE: usize = 64 * 1024;

fn filled_in(value: &str, values: &HashMap<String, String>) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        let (name, behind) = match after.strip_prefix('{') {
            Some(inside) => inside.split_once('}').unwrap_or((inside, "")),
            None => after.split_at(
                after
                    .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
                    .unwrap_or(after.len()),
            ),
        };
        // `${NAME:+…}` and similar forms are treated like the plain variable.
        let name = name
            .split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
            .next()
            .unwrap_or_default();
        text.push_str(values.get(name).map_or("", String::as_str));
        rest = behind;
        if text.len() > MAX_VALUE {
            return text;
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_read_as_a_shell_reads_them() {
        let text = "#!/bin/sh\nBASE=/opt/pack\nLD_LIBRARY_PATH=\"$BASE/lib:${LD_LIBRARY_PATH}\"; export LD_LIBRARY_PATH\nsetenv LIBPATH ${BASE}/aix\nexport SHLIB_PATH='/x'\n";
        let values = of_script(text);
        assert_eq!(values["LD_LIBRARY_PATH"], "/opt/pack/lib:");
        assert_eq!(
            (values["LIBPATH"].as_str(), values["SHLIB_PATH"].as_str()),
            ("/opt/pack/aix", "/x")
        );
    }

    #[test]
    fn a_script_cannot_grow_a_value_without_bound() {
        let text = format!("A=xxxxxxxxxxxxxxxx\n{}", "A=$A$A$A$A$A$A$A$A\n".repeat(40));
        assert!(of_script(&text)["A"].len() < 16 * MAX_VALUE);
    }
}
