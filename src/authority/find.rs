//! Finding what a host has.

use std::path::PathBuf;

use time::OffsetDateTime;

use super::{Authority, AuthorityError, IssuedFiles};
use crate::store::{FileName, HostIndex, read_file};
use crate::x509::{Certificate, GeneralName, SerialNumber, decode_certificates};

/// A certificate that was found in the repository.
pub struct FoundHost {
    /// The certificate.
    pub certificate: Certificate,
    /// Its files, those that are there.
    pub files: IssuedFiles,
}

impl Authority {
    /// The newest valid certificate whose subjectAltName has a host, and whose key file is there. Asks the index of hosts, and
    /// reads the certificates that it names from the newest on.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn find_valid(&self, host: &GeneralName, now: OffsetDateTime) -> Result<Option<FoundHost>, AuthorityError> {
        let candidates = HostIndex::candidates(self.directory(), host, &mut |_| {})?;
        let valid = candidates.into_iter().rev().filter(|found| found.record.is_valid_at(now));
        Ok(valid.filter_map(|found| self.usable(&found.record.serial, host)).next())
    }

    /// The certificate of a serial number with its files, if it has the host in subjectAltName, and a key file.
    fn usable(&self, serial: &SerialNumber, host: &GeneralName) -> Option<FoundHost> {
        let path = self.file_of(serial)?;
        // A file that does not read is not this host's certificate; other commands report it.
        let certificate = read_file(&path).ok().and_then(|bytes| decode_certificates(&bytes).ok()?.into_iter().next())?;
        let names = certificate.subject_alternative_names().unwrap_or_default();
        // The files are named after the first name, in the case in which it was typed when it was issued.
        let files = self.files_of(serial, names.first().unwrap_or(host), path);
        let is_usable = names.contains(host) && files.private_key.is_some();
        is_usable.then_some(FoundHost { certificate, files })
    }

    fn files_of(&self, serial: &SerialNumber, host: &GeneralName, certificate: PathBuf) -> IssuedFiles {
        let host_part = FileName::host_part(host);
        let name = |ending: &str| FileName::for_host(serial, &host_part, ending);
        let existing = |ending: &str| name(ending).and_then(|name| self.directory().existing_in_repository(&name));
        IssuedFiles {
            certificate,
            host_certificate: existing("cert.pem").unwrap_or_default(),
            private_key: existing("priv_key.pem"),
            pfx: existing("cert.pfx"),
            delivered: Vec::new(),
        }
    }
}
