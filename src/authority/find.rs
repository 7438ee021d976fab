//! Finding what a host has.

use std::path::PathBuf;

use time::OffsetDateTime;

use super::{Authority, AuthorityError, IssuedFiles, ListFilter, StatusFilter};
use crate::store::{FileName, read_file};
use crate::x509::{Certificate, GeneralName, SerialNumber, decode_certificates};

/// A certificate that was found in the repository.
pub struct FoundHost {
    /// The certificate.
    pub certificate: Certificate,
    /// Its files, those that are there.
    pub files: IssuedFiles,
}

impl Authority {
    /// The newest valid certificate whose subjectAltName covers a host, and whose key file is there. Reads the index, and
    /// the certificates from the newest on.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn find_valid(&self, host: &GeneralName, now: OffsetDateTime) -> Result<Option<FoundHost>, AuthorityError> {
        let (records, _) = self.list(ListFilter { status: Some(StatusFilter::Valid), ..ListFilter::default() }, now)?;
        for listed in records.into_iter().rev() {
            let Some(path) = listed.file else { continue };
            // A file that does not read is not this host's certificate; other commands report it.
            let Some(certificate) = read_file(&path).ok().and_then(|bytes| decode_certificates(&bytes).ok()?.into_iter().next()) else {
                continue;
            };
            let names = certificate.subject_alternative_names().unwrap_or_default();
            // The files are named after the first name, in the case in which it was typed when it was issued.
            let files = self.files_of(&listed.record.serial, names.first().unwrap_or(host), path);
            if names.iter().any(|name| name == host) && files.private_key.is_some() {
                return Ok(Some(FoundHost { certificate, files }));
            }
        }
        Ok(None)
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
