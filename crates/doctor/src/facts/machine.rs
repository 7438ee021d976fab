//! This machine: what its folders and system files say.

use std::path::Path;

use crate::checks::machine::System;
use gsec_ca::files::{FilesError, read_file_within};
use gsec_pki::contents::decode_bundle;
use gsec_pki::x509::Certificate;

/// The most files of a folder that are looked into.
const MAX_FILES: usize = 1_000;
/// Maximum size of such a file, in bytes: certificates are small.
const MAX_BYTES: u64 = 1024 * 1024;

/// Every certificate in the files of a directory; other files, and files that need a password, are ignored.
///
/// # Errors
/// [`FilesError::Io`] if the directory cannot be read.
pub fn certificates_in(folder: &Path) -> Result<Vec<Certificate>, FilesError> {
    let entries = std::fs::read_dir(folder).map_err(FilesError::io("read", folder))?;
    let mut paths: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .take(MAX_FILES)
        .collect();
    paths.sort();
    let mut found: Vec<Certificate> = Vec::new();
    for path in paths {
        let Ok(bytes) = read_file_within(&path, MAX_BYTES) else {
            continue;
        };
        let certificates = gsec_pki::x509::decode_certificates(&bytes).or_else(|_| {
            decode_bundle(&bytes, None).map(|bundle| {
                bundle
                    .certificates
                    .into_iter()
                    .map(|found| found.certificate)
                    .collect()
            })
        });
        for certificate in certificates.unwrap_or_default() {
            if !found.contains(&certificate) {
                found.push(certificate);
            }
        }
    }
    Ok(found)
}

/// The operating system from its os-release file, or from the kernel if that file is missing.
///
/// # Errors
/// [`FilesError::Io`] if an explicitly given file cannot be read.
pub fn system(os_release: Option<&Path>) -> Result<Option<System>, FilesError> {
    let text = match os_release {
        Some(path) => Some(read_file_within(path, MAX_BYTES)?),
        None => read_file_within(Path::new("/etc/os-release"), MAX_BYTES).ok(),
    };
    Ok(text
        .map(|text| of_os_release(&String::from_utf8_lossy(&text)))
        .or_else(of_kernel))
}

fn of_os_release(text: &str) -> System {
    let field = |name: &str| {
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        value
            .unwrap_or_default()
            .trim()
            .trim_matches(['"', '\''])
            .to_owned()
    };
    System {
        id: field("ID"),
        version: field("VERSION_ID"),
        name: field("PRETTY_NAME"),
    }
}

#[cfg(unix)]
fn of_kernel() -> Option<System> {
    let kernel = rustix::system::uname();
    let (id, version) = (
        kernel.sysname().to_string_lossy().into_owned(),
        kernel.release().to_string_lossy().into_owned(),
    );
    // The version of a Linux kernel says nothing about libraries.
    (id != "Linux").then(|| System {
        name: format!("{id} {version}"),
        id,
        version,
    })
}

#[cfg(not(unix))]
fn of_kernel() -> Option<System> {
    None
}
