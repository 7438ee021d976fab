//! Folders in which a CA keeps its own files: nothing that a person names is written there.

use std::path::Path;

use super::FilesError;
use super::place::ways_to;

/// The folder with a CA's identity, settings and records.
pub(crate) const CA_CONF: &str = "ca_conf";
/// The folder with the files of its hosts.
pub(crate) const REPOSITORY: &str = "repository";
/// One of these is in the former, whatever else is missing.
const MARKS: [&str; 4] = ["ca.db", "ca_cert.pem", "ca_priv_key.pem", "gsec.toml"];
/// These are all in it, whatever it is called.
const OF_RECORDS: [&str; 2] = ["ca.db", "serial.num"];

/// Checks that a folder is not, and is not within, one in which a CA keeps its own files, whatever links and mounts lead there. One that is not there
/// yet is where the folder above it is.
///
/// # Errors
/// [`FilesError::OwnFolder`].
pub fn expect_not_reserved(folder: &Path) -> Result<(), FilesError> {
    let is_within = ways_to(folder).iter().any(|way| way.ancestors().any(is_reserved));
    match is_within {
        true => Err(FilesError::OwnFolder(folder.to_owned())),
        false => Ok(()),
    }
}

fn is_reserved(folder: &Path) -> bool {
    let has = |folder: &Path, name: &str| folder.join(name).symlink_metadata().is_ok();
    let is_called = folder
        .file_name()
        .is_some_and(|name| name == CA_CONF || name == REPOSITORY);
    let conf = folder.with_file_name(CA_CONF);
    is_called && MARKS.iter().any(|mark| has(&conf, mark)) || OF_RECORDS.iter().all(|name| has(folder, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_a_ca_are_its_own_by_whatever_path() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |path: &str| root.path().join(path);
        for folder in ["ca/ca_conf/previous", "ca/repository", "other/repository", "out"] {
            std::fs::create_dir_all(at(folder)).expect("a folder");
        }
        std::fs::write(at("ca/ca_conf/ca_priv_key.pem"), "").expect("a file");
        std::os::unix::fs::symlink(at("ca/repository"), at("link")).expect("a link");
        for own in [
            "ca/ca_conf",
            "ca/ca_conf/previous",
            "ca/ca_conf/new/newer",
            "ca/repository",
            "out/../ca/repository",
            "link",
            "link/new",
        ] {
            let refused = expect_not_reserved(&at(own));
            assert!(
                matches!(refused, Err(FilesError::OwnFolder(path)) if path == at(own)),
                "{own}"
            );
        }
        for free in ["ca", "ca/out", "other/repository", "out", "out/new"] {
            assert!(expect_not_reserved(&at(free)).is_ok(), "{free}");
        }
        // The folder with the records may have another name, where a link leads to it.
        std::fs::write(at("out/ca.db"), "").expect("a file");
        assert!(expect_not_reserved(&at("out")).is_ok(), "a file of this name");
        std::fs::write(at("out/serial.num"), "").expect("a file");
        assert!(expect_not_reserved(&at("out")).is_err());
    }
}
