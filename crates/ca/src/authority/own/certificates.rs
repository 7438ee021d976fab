//! The CA's own certificates, which some old CAs have among the records of what they issued.

use crate::authority::own::previous::first_certificate;
use crate::authority::{Authority, AuthorityError, PreviousKey};
use crate::home::PreviousFile;
use crate::records::Record;
use gsec_pki::x509::Certificate;

impl Authority {
    /// Every certificate of the CA itself: the present one, those that it had before under the same key, those of former keys, and the
    /// cross-certificates between them.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when `ca_conf/previous/` cannot be read.
    pub fn own_certificates(&self) -> Result<Vec<Certificate>, AuthorityError> {
        let mut own = vec![self.certificate().clone()];
        own.extend(self.previous().iter().map(PreviousKey::certificate).cloned());
        for path in self.directory().previous_certificates()? {
            // One that does not read is not the certificate of any record.
            own.extend(first_certificate(self.directory(), path).ok().flatten());
        }
        for previous in self.previous() {
            let crosses =
                [PreviousFile::NewWithOld, PreviousFile::OldWithNew].map(|file| previous.file(file));
            own.extend(
                crosses
                    .into_iter()
                    .filter_map(|path| first_certificate(self.directory(), path).ok().flatten()),
            );
        }
        Ok(own)
    }

    /// The CA's own certificate that a record is of: the one in the repository, or, without a file or with one that cannot be read, the one
    /// with the serial number and the subject of the record.
    pub fn own_certificate_of<'a>(&self, record: &Record, own: &'a [Certificate]) -> Option<&'a Certificate> {
        let mut same_serial = own.iter().filter(|own| *own.serial() == record.serial).peekable();
        same_serial.peek()?;
        let kept = self.issued_certificate(&record.serial).ok().flatten();
        same_serial.find(|own| {
            kept.as_ref().map_or_else(
                || own.subject().openssl_oneline() == record.subject,
                |kept| kept == *own,
            )
        })
    }
}
