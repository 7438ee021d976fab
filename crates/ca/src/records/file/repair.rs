//! Steps that fix a CA directory, each under the lock and announced by the caller. None takes away what is not written elsewhere.

use std::fs;
use std::path::Path;

use super::Commit;
use super::attributes::NOT_UNIQUE;
use super::audit_log::AuditTail;
use super::index::IndexTail;
use super::serial::{number_file, write_serial};
use crate::files::{
    FileName, PRIVATE_MODE, PUBLIC_MODE, is_temporary_name, replace_file, stage, sync_folder,
};
use crate::home::StoreError;
use crate::records::Record;
use gsec_pki::x509::SerialNumber;

impl Commit<'_> {
    /// Replaces the next serial number, durably.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn write_serial(&self, next: &SerialNumber) -> Result<(), StoreError> {
        write_serial(self.ca_dir(), next)
    }

    /// Replaces the next CRL number, durably.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn write_crl_number(&self, next: &SerialNumber) -> Result<(), StoreError> {
        Ok(replace_file(
            &self.ca_dir().conf(),
            &self.ca_dir().crl_number(),
            PRIVATE_MODE,
            number_file(next).as_bytes(),
        )?)
    }

    /// Writes that a subject may have several valid certificates.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn write_attributes(&self) -> Result<(), StoreError> {
        Ok(replace_file(
            &self.ca_dir().conf(),
            &self.ca_dir().index_attributes(),
            PRIVATE_MODE,
            NOT_UNIQUE.as_bytes(),
        )?)
    }

    /// Writes `ca.conf` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn write_configuration(&self, content: &str) -> Result<(), StoreError> {
        let conf = self.ca_dir().conf();
        stage(&conf, PUBLIC_MODE, content.as_bytes())?.publish_new(&self.ca_dir().openssl_configuration())?;
        Ok(sync_folder(&conf)?)
    }

    /// Puts the CA's copy of a certificate into the repository, where there is none.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn copy_certificate(&self, serial: &SerialNumber, pem: &str) -> Result<(), StoreError> {
        let repository = self.ca_dir().repository();
        stage(&repository, PUBLIC_MODE, pem.as_bytes())?
            .publish_new(&self.ca_dir().in_repository(&FileName::certificate(serial)))?;
        Ok(sync_folder(&repository)?)
    }

    /// Sets torn last lines of `ca.db` and `audit.log` aside, in files of their own.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_torn_lines_aside(&self) -> Result<(), StoreError> {
        IndexTail::open(self.ca_dir())?;
        // Without a log, none is started for this.
        if self.ca_dir().audit_log().symlink_metadata().is_ok() {
            AuditTail::open(self.ca_dir())?;
        }
        Ok(())
    }

    /// Appends records, durably.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn append_records(&self, records: &[Record]) -> Result<(), StoreError> {
        let lines: String = records.iter().map(Record::to_line).collect();
        IndexTail::open(self.ca_dir())?.append(&lines).map(|_| ())
    }

    /// Removes a temporary file of gsec's, which never got its name; anything else stays.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn remove_temporary(&self, path: &Path) -> Result<(), StoreError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
        if is_temporary_name(&name) && is_file {
            remove(path)
        } else {
            Ok(())
        }
    }

    /// Removes the cache of hosts.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn remove_host_index(&self) -> Result<(), StoreError> {
        remove(&self.ca_dir().host_index())
    }
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}
