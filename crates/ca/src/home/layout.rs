//! Where everything is in a CA directory.

use std::path::{Path, PathBuf};

use super::StoreError;
use crate::files::{
    CA_CONF, CA_KEY_MODE, FOLDER_MODE, FileName, FilesError, OutputFile, OutputFolder, PRIVATE_MODE,
    PUBLIC_MODE, REPOSITORY, expect_creatable_folder, expect_not_reserved, is_within, read_own_file,
    write_new_files,
};
use gsec_pki::x509::CrlShard;

/// The name of `gsec.toml` as something was issued by it last.
pub(super) const LAST_POLICY: &str = ".gsec.toml.last";
/// The name of a signer's journal beside its key.
pub(super) const SIGNER_JOURNAL: &str = "signer.journal";

/// A CA directory: the paths in it, and nothing open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaDir {
    root: PathBuf,
}

/// Whether there is something of this name, a link that leads nowhere included. Not to be allowed to look is an error, and no absence.
///
/// # Errors
/// [`StoreError::Files`].
pub fn exists(path: &Path) -> Result<bool, StoreError> {
    match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StoreError::io("open", path)(error)),
    }
}

impl CaDir {
    /// Names a directory, whether or not there is a CA in it.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Checks that there is a CA: its folder and certificate.
    ///
    /// # Errors
    /// [`StoreError::NoCa`] when folder or certificate are missing, [`StoreError::CertificateLost`] when key or records are there, [`StoreError::Waiting`] when it has no certificate yet,
    /// [`StoreError::Files`] when it cannot be looked into.
    pub fn expect_ca(self) -> Result<Self, StoreError> {
        if self.is_waiting()? {
            return Err(StoreError::Waiting {
                request: self.ca_request(),
                directory: self.root,
            });
        }
        for missing in [self.conf(), self.ca_certificate()] {
            if !exists(&missing)? {
                if self.has_remains() {
                    return Err(StoreError::CertificateLost {
                        missing: self.ca_certificate(),
                        directory: self.root,
                    });
                }
                return Err(StoreError::NoCa {
                    directory: self.root,
                    missing,
                });
            }
        }
        Ok(self)
    }

    /// Whether there is a CA certificate in it, or a request for one.
    pub fn has_ca(&self) -> bool {
        [self.ca_certificate(), self.ca_request()]
            .iter()
            .any(|path| path.symlink_metadata().is_ok())
    }

    /// Whether there are the key or the records of a CA whose certificate is not there.
    pub fn has_remains(&self) -> bool {
        !self.has_ca()
            && [self.ca_key(), self.index()]
                .iter()
                .any(|path| path.symlink_metadata().is_ok())
    }

    /// The same as [`Self::has_ca`], where it matters whether it could be looked at.
    ///
    /// # Errors
    /// [`StoreError::Files`] when the operating system does not let this user look.
    pub fn look_for_ca(&self) -> Result<bool, StoreError> {
        for path in [self.ca_certificate(), self.ca_request()] {
            match path.symlink_metadata() {
                Ok(_) => return Ok(true),
                Err(error)
                    if matches!(
                        error.kind(),
                        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                    ) => {}
                Err(error) => return Err(StoreError::io("open", &path)(error)),
            }
        }
        Ok(false)
    }

    /// Whether there is a CA that has made its request, and has no certificate yet.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn is_waiting(&self) -> Result<bool, StoreError> {
        Ok(!exists(&self.ca_certificate())? && exists(&self.ca_request())?)
    }

    /// Whether there is a `gsec.toml`.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn has_policy(&self) -> Result<bool, StoreError> {
        exists(&self.policy())
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `ca_conf/`.
    pub fn conf(&self) -> PathBuf {
        self.root.join(CA_CONF)
    }

    /// `repository/`.
    pub fn repository(&self) -> PathBuf {
        self.root.join(REPOSITORY)
    }

    /// A file in `repository/`, if it is there.
    pub fn existing_in_repository(&self, name: &FileName) -> Option<PathBuf> {
        let path = self.in_repository(name);
        path.symlink_metadata().is_ok().then_some(path)
    }

    /// A file in `repository/`.
    pub fn in_repository(&self, name: &FileName) -> PathBuf {
        self.repository().join(name.as_str())
    }

    /// `ca_conf/ca_cert.pem`.
    pub fn ca_certificate(&self) -> PathBuf {
        self.conf().join("ca_cert.pem")
    }

    /// `ca_conf/ca_req.pem`: the request of a CA that another one is to certify.
    pub fn ca_request(&self) -> PathBuf {
        self.conf().join("ca_req.pem")
    }

    /// `ca_conf/ca_priv_key.pem`.
    pub fn ca_key(&self) -> PathBuf {
        self.conf().join("ca_priv_key.pem")
    }

    /// `ca_conf/ca.db`.
    pub fn index(&self) -> PathBuf {
        self.conf().join("ca.db")
    }

    /// `ca_conf/ca.db.attr`.
    pub fn index_attributes(&self) -> PathBuf {
        self.conf().join("ca.db.attr")
    }

    /// `ca_conf/serial.num`.
    pub fn serial(&self) -> PathBuf {
        self.conf().join("serial.num")
    }

    /// `ca_conf/crl.num`.
    pub fn crl_number(&self) -> PathBuf {
        self.conf().join("crl.num")
    }

    /// `ca_conf/ca_crl.pem`.
    pub fn crl(&self) -> PathBuf {
        self.conf().join("ca_crl.pem")
    }

    /// `ca_conf/crl/`: the parts of the CRL.
    pub fn crl_shards(&self) -> PathBuf {
        self.conf().join("crl")
    }

    /// `ca_conf/crl/ca-16-3.crl`: a part of the CRL under its name in the address of it, DER.
    pub fn crl_shard(&self, shard: CrlShard) -> PathBuf {
        self.crl_shards().join(format!("ca-{shard}.crl"))
    }

    /// `ca_conf/ca.conf`.
    pub fn openssl_configuration(&self) -> PathBuf {
        self.conf().join("ca.conf")
    }

    /// `ca_conf/gsec.toml`.
    pub fn policy(&self) -> PathBuf {
        self.conf().join("gsec.toml")
    }

    /// `ca_conf/audit.log`.
    pub fn audit_log(&self) -> PathBuf {
        self.conf().join("audit.log")
    }

    /// `ca_conf/audit.head`: how far the audit log had come, signed by the CA key.
    pub fn signed_head(&self) -> PathBuf {
        self.conf().join("audit.head")
    }

    /// `ca_conf/.lock`.
    pub fn lock(&self) -> PathBuf {
        self.conf().join(".lock")
    }

    /// Reads one of the files above.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn read(&self, path: &Path) -> Result<zeroize::Zeroizing<Vec<u8>>, StoreError> {
        Ok(read_own_file(path)?)
    }

    /// A folder for output that a person named. Where root works for the owner of the CA directory, it may be his.
    ///
    /// # Errors
    /// [`StoreError::Files`], also for a folder of this CA or another one.
    pub fn output_folder(&self, path: &Path) -> Result<OutputFolder, StoreError> {
        self.expect_outside(path)?;
        Ok(OutputFolder::for_owner_of(self.root(), path)?)
    }

    /// The repository, as a folder to write into.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn repository_folder(&self) -> Result<OutputFolder, StoreError> {
        Ok(OutputFolder::for_owner_of(self.root(), &self.repository())?)
    }

    /// Refuses the folders in which this CA, also one that is not made yet, and every other keeps its own files, by whatever path.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn expect_outside(&self, folder: &Path) -> Result<(), StoreError> {
        expect_not_reserved(folder)?;
        let own = [self.conf(), self.repository()];
        match own.iter().any(|own| is_within(folder, own)) {
            true => Err(FilesError::OwnFolder(folder.to_owned()).into()),
            false => Ok(()),
        }
    }

    /// Writes new files into `repository/`.
    ///
    /// # Errors
    /// As [`write_new_files`].
    pub fn write_to_repository(&self, files: &[OutputFile]) -> Result<Vec<PathBuf>, StoreError> {
        Ok(write_new_files(&self.repository_folder()?, files)?)
    }

    /// `ca_conf/.gsec.toml.last`: `gsec.toml` as something was issued by it last.
    pub fn last_policy(&self) -> PathBuf {
        self.conf().join(LAST_POLICY)
    }

    /// `ca_conf/signer.journal`: what a signer has sealed, signed and refused.
    pub fn signer_journal(&self) -> PathBuf {
        self.conf().join(SIGNER_JOURNAL)
    }

    /// `ca_conf/.audit.idx`: the lines of the audit log about revocations, a cache that may be deleted at any time.
    pub fn audit_index(&self) -> PathBuf {
        self.conf().join(".audit.idx")
    }

    /// `ca_conf/.hosts.idx`: a cache that may be deleted at any time.
    pub fn host_index(&self) -> PathBuf {
        self.conf().join(".hosts.idx")
    }

    /// Checks that nothing is in the place of a CA, and that this is not a folder of another CA.
    ///
    /// # Errors
    /// [`StoreError::CaExists`], [`StoreError::Waiting`], [`StoreError::Files`].
    pub fn refuse_existing(&self) -> Result<(), StoreError> {
        if self.is_waiting()? {
            return Err(StoreError::Waiting {
                request: self.ca_request(),
                directory: self.root().to_owned(),
            });
        }
        if exists(&self.conf())? {
            return Err(StoreError::CaExists(self.conf()));
        }
        self.refuse_nested()
    }

    /// Checks that this is not a folder of another CA, or within one.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn refuse_nested(&self) -> Result<(), StoreError> {
        Ok(expect_not_reserved(self.root())?)
    }

    /// Checks that the directory can be made, before anything is done for it elsewhere.
    ///
    /// # Errors
    /// [`StoreError::CaExists`], [`StoreError::Files`].
    pub fn expect_creatable(&self) -> Result<(), StoreError> {
        self.refuse_existing()?;
        Ok(expect_creatable_folder(self.root())?)
    }

    /// The folders and files of the CA's own and the mode gsec gives each, whether or not they are there.
    pub fn expected_modes(&self) -> Vec<(PathBuf, u32)> {
        let folders = [
            self.root().to_owned(),
            self.conf(),
            self.repository(),
            self.previous(),
            self.crl_shards(),
        ]
        .map(|path| (path, FOLDER_MODE));
        let keys = [self.ca_key()].map(|path| (path, CA_KEY_MODE));
        let private = [
            self.index(),
            self.index_attributes(),
            self.serial(),
            self.crl_number(),
            self.audit_log(),
            self.signed_head(),
            self.last_policy(),
            self.lock(),
        ];
        let public = [
            self.ca_certificate(),
            self.ca_request(),
            self.crl(),
            self.openssl_configuration(),
            self.policy(),
            self.bundle(),
        ];
        let private = private.map(|path| (path, PRIVATE_MODE));
        let public = public.map(|path| (path, PUBLIC_MODE));
        folders
            .into_iter()
            .chain(keys)
            .chain(private)
            .chain(public)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_ca_is_made_in_a_folder_of_another_one_and_beside_it_one_is() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |path: &str| root.path().join(path);
        for folder in ["ca/ca_conf", "ca/repository", "repository"] {
            std::fs::create_dir_all(at(folder)).expect("a folder");
        }
        std::fs::write(at("ca/ca_conf/gsec.toml"), "").expect("a file");
        for own in [
            "ca/ca_conf",
            "ca/repository",
            "ca/repository/new",
            "ca/ca_conf/new/ca",
        ] {
            let own = CaDir::at(at(own));
            for refused in [own.refuse_existing(), own.expect_creatable(), own.refuse_nested()] {
                let is_of_folder = matches!(&refused, Err(StoreError::Files(FilesError::OwnFolder(path))) if path == own.root());
                assert!(is_of_folder, "{refused:?}");
            }
        }
        for free in ["ca/below", "repository", "repository/ca"] {
            let free = CaDir::at(at(free));
            assert!(free.refuse_existing().is_ok() && free.expect_creatable().is_ok());
        }
    }

    #[test]
    fn folders_of_a_ca_that_is_not_there_yet_are_its_own() {
        let root = tempfile::tempdir().expect("a folder");
        let ca = CaDir::at(root.path().join("new"));
        let at = |path: &str| root.path().join(path);
        for own in ["new/repository", "new/ca_conf/previous", "new/./repository/x"] {
            assert!(ca.expect_outside(&at(own)).is_err(), "{own}");
        }
        for free in ["", "new", "new/out", "repository"] {
            assert!(ca.expect_outside(&at(free)).is_ok(), "{free}");
        }
    }
}
