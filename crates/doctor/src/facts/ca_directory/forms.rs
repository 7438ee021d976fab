//! Files that gsec reads and other programs do not: PEM in a form that they cannot load, and DER under a name that says PEM.

use std::path::PathBuf;

use crate::checks::ca_directory::OddForm;
use gsec_ca::home::CaDir;
use gsec_pki::encoding::pem;
use gsec_pki::key::{KeyForm, decode_key_document};

/// The files of hosts are looked at in a repository with up to this many.
const MAX_REPOSITORY_FILES: usize = 2_000;

/// The odd ones among the CA's own files, and among those of hosts in a small repository.
pub(super) fn look(directory: &CaDir) -> Vec<OddForm> {
    let own = [
        directory.ca_certificate(),
        directory.ca_key(),
        directory.crl(),
        directory.bundle(),
    ];
    own.into_iter()
        .chain(of_hosts(directory))
        .filter_map(|path| odd_form(directory, path))
        .collect()
}

/// What is particular about the CA's key as it is written; of an encrypted one only what the outside shows is known, which is nothing.
pub(super) fn of_key(directory: &CaDir) -> Vec<KeyForm> {
    let Ok(content) = directory.read(&directory.ca_key()) else {
        return Vec::new();
    };
    decode_key_document(&content, None).map_or_else(|_| Vec::new(), |key| key.forms().to_vec())
}

fn of_hosts(directory: &CaDir) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory.repository()) else {
        return Vec::new();
    };
    let is_pem = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "pem");
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(is_pem)
        .take(MAX_REPOSITORY_FILES + 1)
        .collect();
    if paths.len() > MAX_REPOSITORY_FILES {
        return Vec::new();
    }
    paths.sort_unstable();
    paths
}

/// How a file is written, where not every program loads it; what cannot be read at all is for other checks.
fn odd_form(directory: &CaDir, path: PathBuf) -> Option<OddForm> {
    let content = directory.read(&path).ok()?;
    if content.first() == Some(&0x30) {
        return Some(OddForm { path, oddity: None });
    }
    let blocks = pem::decode_all(&content).ok()?;
    let oddity = pem::oddities(&blocks).next()?;
    Some(OddForm {
        path,
        oddity: Some(oddity),
    })
}
