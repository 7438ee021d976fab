//! The machine whose stores are meant: its root directory, its programs, and the user whose stores are looked for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{Account, TrustError};
use gsec_env::Programs;

/// A machine, or what is below another root directory (an image, a chroot).
pub struct Machine<'a> {
    /// Its root directory.
    root: PathBuf,
    /// The programs of the machine that gsec runs on.
    pub(super) programs: &'a dyn Programs,
    /// The user whose stores are looked for.
    pub(super) user: Account,
    /// What `$JAVA_HOME` says.
    java_home: Option<PathBuf>,
}

impl<'a> Machine<'a> {
    /// This machine, for a user; or what is below another root directory.
    ///
    /// # Errors
    /// [`TrustError::NotAStore`] when the root directory is not one.
    pub fn new(
        root: Option<&Path>,
        user: Account,
        java_home: Option<OsString>,
        programs: &'a dyn Programs,
    ) -> Result<Self, TrustError> {
        let given = root.unwrap_or(Path::new("/"));
        let not_one = || TrustError::NotAStore {
            path: given.to_owned(),
            what: "a directory",
        };
        let root = given.canonicalize().map_err(|_| not_one())?;
        if !root.is_dir() {
            return Err(not_one());
        }
        Ok(Self {
            root,
            programs,
            user,
            java_home: java_home.filter(|path| !path.is_empty()).map(PathBuf::from),
        })
    }

    #[cfg(test)]
    pub(super) fn for_tests(root: &Path, programs: &'a dyn Programs) -> Self {
        let user = Account {
            user: rustix::process::geteuid().as_raw(),
            group: 0,
            home: Some(root.join("home")),
        };
        Self {
            root: root.to_owned(),
            programs,
            user,
            java_home: Some(root.join("jdk")),
        }
    }

    /// Its root directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether that is not `/`.
    pub fn has_other_root(&self) -> bool {
        self.root != Path::new("/")
    }

    /// Where an absolute path of the machine is found.
    pub(super) fn below_root(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// The same, of which no part below another root directory is a symbolic link: a link in an image means a path of the image, and
    /// leads elsewhere here. On this machine links are those of its administrator.
    pub(super) fn plain_below_root(&self, path: &str) -> Result<PathBuf, TrustError> {
        let whole = self.below_root(path);
        if self.has_other_root() {
            let below = whole.ancestors().take_while(|part| *part != self.root);
            let is_link = |part: &&Path| part.symlink_metadata().is_ok_and(|found| found.is_symlink());
            if let Some(link) = below.filter(is_link).last() {
                return Err(TrustError::Link(link.to_owned()));
            }
        }
        Ok(whole)
    }

    /// Where Java's programs look for CAs, by `$JAVA_HOME`.
    pub(super) fn java_home(&self) -> Option<&Path> {
        self.java_home.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_env::FakePrograms;

    #[test]
    fn a_link_below_another_root_directory_is_not_followed() {
        let folder = tempfile::tempdir().expect("a directory");
        let root = folder.path().canonicalize().expect("a path");
        std::fs::create_dir_all(root.join("usr")).expect("a directory");
        std::os::unix::fs::symlink("/etc", root.join("etc")).expect("a link");
        let programs = FakePrograms::default();
        let machine = Machine::for_tests(&root, &programs);
        let refused = machine.plain_below_root("/etc/ssl/certs").expect_err("a link");
        assert!(matches!(refused, TrustError::Link(path) if path == root.join("etc")));
        assert!(machine.plain_below_root("/usr/local").is_ok());
    }
}
