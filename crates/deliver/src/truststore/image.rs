//! Debian's tool on what is below another root directory: an image, or a chroot.
//!
//! The tool has options for its directories, and takes what it finds there for its own: it follows links, runs hooks, reads what a list
//! names, and makes links with the whole path. So it is run only where nothing leads out of the image, without hooks, and the links are
//! made what they are inside of it.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::{entries_below, replace_link};
use super::{Machine, TrustError};
use gsec_ca::files::{FilesError, read_file};
use gsec_env::ProgramCall;

const LIST: &str = "/etc/ca-certificates.conf";
const CERTIFICATES: &str = "/usr/share/ca-certificates";
const ANCHORS: &str = "/usr/local/share/ca-certificates";
const OUTPUT: &str = "/etc/ssl/certs";
/// There is no such directory: no program of the image runs here.
const NO_HOOKS: &str = "/etc/ca-certificates/no-hooks";

/// The call with the directories of the image.
pub(super) fn debian_call(call: ProgramCall, machine: &Machine<'_>) -> ProgramCall {
    let options = [
        ("--certsconf", LIST),
        ("--certsdir", CERTIFICATES),
        ("--localcertsdir", ANCHORS),
        ("--etccertsdir", OUTPUT),
        ("--hooksdir", NO_HOOKS),
    ];
    options.into_iter().fold(call, |call, (option, path)| {
        call.arg(option).arg(machine.below_root(path))
    })
}

/// Checks that nothing leads the tool out of the image.
pub(super) fn expect_plain(anchors: &Path, machine: &Machine<'_>) -> Result<(), TrustError> {
    for path in [LIST, CERTIFICATES, ANCHORS, OUTPUT] {
        machine.plain_below_root(path)?;
    }
    if machine.below_root(NO_HOOKS).exists() {
        return Err(not_plain(&machine.below_root(NO_HOOKS), "exists"));
    }
    let root = machine.root().to_string_lossy();
    if !root
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte))
    {
        // The tool does not quote every path.
        return Err(not_plain(
            machine.root(),
            "has characters that the tool does not take",
        ));
    }
    expect_plain_list(machine)?;
    expect_no_links(anchors)?;
    expect_links_inside(&machine.below_root(OUTPUT), machine)
}

fn not_plain(path: &Path, why: &'static str) -> TrustError {
    TrustError::NotPlain {
        path: path.to_owned(),
        why,
    }
}

/// What the list names lies in the directory of certificates, and is a file.
fn expect_plain_list(machine: &Machine<'_>) -> Result<(), TrustError> {
    let list = machine.below_root(LIST);
    let text = match read_file(&list) {
        Ok(text) => String::from_utf8_lossy(&text).into_owned(),
        Err(FilesError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    for name in lines.map(|line| line.trim_start_matches('!')) {
        let path = Path::new(name);
        let is_inside = path
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        if !is_inside {
            return Err(not_plain(&list, "names a file elsewhere"));
        }
        machine.plain_below_root(&format!("{CERTIFICATES}/{name}"))?;
    }
    Ok(())
}

/// The tool looks through the whole directory of anchors, links included.
fn expect_no_links(folder: &Path) -> Result<(), TrustError> {
    let is_file = |path: &PathBuf| path.symlink_metadata().is_ok_and(|found| found.is_file());
    match entries_below(folder)?.into_iter().find(|path| !is_file(path)) {
        Some(path) => Err(not_plain(&path, "is not a file")),
        None => Ok(()),
    }
}

/// Links among the outputs lead to certificates of the image, or to each other.
fn expect_links_inside(folder: &Path, machine: &Machine<'_>) -> Result<(), TrustError> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(target) = fs::read_link(&path) else {
            continue;
        };
        let is_beside = target.components().count() == 1 && target.is_relative() && !target.ends_with("..");
        let is_inside = [CERTIFICATES, ANCHORS].iter().any(|known| {
            let is_plain = !target
                .components()
                .any(|part| part == std::path::Component::ParentDir);
            is_plain && (target.starts_with(known) || target.starts_with(machine.below_root(known)))
        });
        if !(is_beside || is_inside) {
            return Err(not_plain(&path, "leads elsewhere"));
        }
    }
    Ok(())
}

/// Makes the links of the tool what they are inside of the image.
pub(super) fn fix_links(output: &Path, machine: &Machine<'_>) -> Result<(), TrustError> {
    let folder = output.parent().unwrap_or(machine.root());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(target) = fs::read_link(&path) else {
            continue;
        };
        if let Ok(inside) = target.strip_prefix(machine.root()) {
            replace_link(&path, &Path::new("/").join(inside))?;
        }
    }
    Ok(())
}
