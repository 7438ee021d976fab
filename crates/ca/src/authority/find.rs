//! Finding what a host has.

use time::OffsetDateTime;

use super::{Authority, AuthorityError, IssuedFiles, PreviousKey, ReadRecords, algorithm_like};
use std::path::PathBuf;

use crate::files::{FileName, read_file};
use crate::store::{HostIndex, LocatedRecord, Record, RecordFinder, RecordStatus, fits_record, host_names};
use gsec_pki::key::{KeyAlgorithm, PublicKey, SignatureCheck};
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{Certificate, DistinguishedName, GeneralName, SerialNumber, TypedSubject, TypedThumbprint, decode_certificates};

/// A certificate that was found in the repository.
pub struct FoundHost {
    /// The certificate.
    pub certificate: Certificate,
    /// Its files, those that are there.
    pub files: IssuedFiles,
}

/// A record of a certificate that names a host, and the certificate.
pub struct HostRecord {
    /// The record, as the index has it now.
    pub record: Record,
    /// Where its line was: a hint for looking it up again.
    pub offset: u64,
    /// The certificate; `None` where it is not in the repository, and the record alone names the host.
    pub certificate: Option<Certificate>,
}

impl Authority {
    /// Every certificate that names a host, the newest last, whatever its status. Asks the index of hosts, and reads the
    /// certificates that it names. A record without a certificate names the hosts that are common names in `ca.db`.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn records_of(&self, host: &GeneralName) -> Result<Vec<HostRecord>, AuthorityError> {
        let candidates = HostIndex::candidates(self.directory(), host, &mut |_| {})?;
        let found = candidates.into_iter().filter_map(|found| {
            let certificate = self.issued_certificate(&found.record.serial);
            let mut names = certificate.as_ref().map(host_names).unwrap_or_default();
            // Another CA's certificate of the same serial number must not hide what the record names.
            if !certificate.as_ref().is_some_and(|certificate| fits_record(certificate, &found.record)) {
                names.extend(found.record.host_names());
            }
            names.contains(host).then_some(HostRecord { record: found.record, offset: found.offset, certificate })
        });
        Ok(found.collect())
    }

    /// Every certificate of a subject, the oldest first: those whose subject in `ca.db` has just the same attributes, or else those that
    /// have these and others, if a common name is among them. Reads all of `ca.db`.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn records_of_subject(&self, subject: &TypedSubject) -> Result<Vec<HostRecord>, AuthorityError> {
        let (mut same, mut more) = (Vec::new(), Vec::new());
        for found in RecordFinder::open(self.directory())?.records_from(0)? {
            let found = found?;
            match TypedSubject::parse(&found.record.readable_subject()) {
                Some(other) if subject.is(&other) => same.push(found),
                Some(other) if subject.is_part_of(&other) => more.push(found),
                _ => {}
            }
        }
        Ok(self.with_certificates(if same.is_empty() { more } else { same }))
    }

    /// The record of the certificate with a thumbprint, if the repository has it. Reads certificates from the newest on.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn record_with_thumbprint(&self, thumbprint: &TypedThumbprint) -> Result<Option<SerialNumber>, AuthorityError> {
        let records = RecordFinder::open(self.directory())?.records_from(0)?.collect::<Result<Vec<_>, _>>()?;
        let is_of = |serial: &&SerialNumber| self.issued_certificate(serial).is_some_and(|certificate| thumbprint.is_of(&certificate));
        Ok(records.iter().rev().map(|found| &found.record.serial).find(is_of).cloned())
    }

    /// Each record once, with its certificate; of several of one serial number a revoked one, which must not get lost.
    fn with_certificates(&self, found: Vec<LocatedRecord>) -> Vec<HostRecord> {
        let mut once: Vec<LocatedRecord> = Vec::new();
        for found in found {
            match once.iter_mut().find(|known| known.record.serial == found.record.serial) {
                Some(known) if known.record.status != RecordStatus::Revoked => *known = found,
                Some(_) => {}
                None => once.push(found),
            }
        }
        let with_certificate = |LocatedRecord { record, offset, .. }| {
            let certificate = self.issued_certificate(&record.serial);
            HostRecord { record, offset, certificate }
        };
        once.into_iter().map(with_certificate).collect()
    }

    /// Every certificate of a public key, the newest last, whatever its status. Asks the index of hosts and keys, and reads the
    /// certificates that it names.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn certificates_with_key(&self, key: &PublicKey) -> Result<Vec<HostRecord>, AuthorityError> {
        Ok(self.with_key(key, HostIndex::candidates_of_key(self.directory(), key)?))
    }

    /// Those of some records whose certificate is of a key.
    pub(super) fn with_key(&self, key: &PublicKey, candidates: Vec<LocatedRecord>) -> Vec<HostRecord> {
        let found = candidates.into_iter().filter_map(|found| {
            let certificate = self.issued_certificate(&found.record.serial)?;
            let is_of_key = certificate.public_key().material() == key.material();
            is_of_key.then_some(HostRecord { record: found.record, offset: found.offset, certificate: Some(certificate) })
        });
        found.collect()
    }

    /// The certificate of a serial number as the repository keeps it; `None` where there is none, none that reads, or one of another
    /// serial number: that is somebody else's, copied to the wrong place.
    pub fn issued_certificate(&self, serial: &SerialNumber) -> Option<Certificate> {
        self.certificate_in_file_of(serial).filter(|certificate| certificate.serial() == serial)
    }

    /// The certificate in the file of a serial number, whatever number it has itself.
    pub(super) fn certificate_in_file_of(&self, serial: &SerialNumber) -> Option<Certificate> {
        let content = self.directory().read(&self.directory().in_repository(&FileName::certificate(serial))).ok()?;
        decode_certificates(&content).ok()?.into_iter().next()
    }

    /// Whether a certificate is this CA's: signed by its key, or kept octet for octet in its repository.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when the index cannot be read.
    pub fn has_issued(&self, certificate: &Certificate) -> Result<bool, AuthorityError> {
        if RecordFinder::open(self.directory())?.find(certificate.serial(), None)?.is_none() {
            return Ok(false);
        }
        let is_kept = || self.issued_certificate(certificate.serial()).is_some_and(|kept| kept == *certificate);
        let mut ours = std::iter::once(self.certificate()).chain(self.previous().iter().map(PreviousKey::certificate));
        let mut is_signed = || ours.any(|ours| certificate.verify_signature(ours.public_key()) == SignatureCheck::Good);
        Ok(certificate.issuer() == self.certificate().subject() && (is_kept() || is_signed()))
    }

    /// The certificates of CAs below this one that have a name and are not revoked, with their files in the repository; the newest first, and no more than a few.
    pub fn subordinates_named(&self, name: &DistinguishedName) -> Vec<(Certificate, PathBuf)> {
        self.subordinates(name, false)
    }

    /// Those that are revoked: what they issued leads nowhere any more.
    pub fn revoked_subordinates_named(&self, name: &DistinguishedName) -> Vec<Certificate> {
        self.subordinates(name, true).into_iter().map(|(certificate, _)| certificate).collect()
    }

    fn subordinates(&self, name: &DistinguishedName, revoked: bool) -> Vec<(Certificate, PathBuf)> {
        const ENOUGH: usize = 8;
        let found = HostIndex::open(self.directory(), &mut |_| {}).and_then(|mut index| index.find_authority(name));
        let serials: Vec<SerialNumber> = found.unwrap_or_default().into_iter().map(|found| found.record.serial).collect();
        let kept = serials.iter().rev().filter_map(|serial| Some((self.issued_certificate(serial)?, serial)));
        let kept = kept.filter(|(certificate, _)| certificate.is_authority()).take(ENOUGH);
        let records = ReadRecords::default();
        let is_revoked = |certificate: &Certificate| matches!(self.standing_in(&records, certificate).status, RevocationStatus::Revoked { .. });
        let of_authorities = kept.filter(|(certificate, _)| certificate.subject().is_same_name(name) && is_revoked(certificate) == revoked);
        of_authorities.map(|(certificate, serial)| (certificate, self.directory().in_repository(&FileName::certificate(serial)))).collect()
    }

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

    /// Valid certificates of a host that were recorded after another one, with their files, the newest first and no more than `most`. After one that
    /// is revoked, or that is not this CA's or not for this host, come all of them; after a revoked one none of the same key.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn issued_since(
        &self,
        certificate: &Certificate,
        host: &GeneralName,
        now: OffsetDateTime,
        most: usize,
    ) -> Result<Vec<FoundHost>, AuthorityError> {
        let is_ours = self.has_issued(certificate)?;
        let is_revoked = is_ours && matches!(self.standing(certificate).status, RevocationStatus::Revoked { .. });
        let candidates = HostIndex::candidates(self.directory(), host, &mut |_| {})?;
        let is_it = |found: &LocatedRecord| is_ours && !is_revoked && found.record.serial == *certificate.serial();
        let since = candidates.into_iter().rev().take_while(|found| !is_it(found)).filter(|found| found.record.is_valid_at(now));
        let usable = since.filter_map(|found| self.usable(&found.record.serial, host));
        let is_another =
            |found: &FoundHost| found.certificate != *certificate && !(is_revoked && found.certificate.public_key() == certificate.public_key());
        Ok(usable.filter(is_another).take(most).collect())
    }

    /// The kind of the key of the newest valid certificate that names a host, as far as gsec makes such keys.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn key_kind_of(&self, host: &GeneralName, now: OffsetDateTime) -> Result<Option<KeyAlgorithm>, AuthorityError> {
        let records = self.records_of(host)?;
        let newest = records.iter().rev().find(|found| found.record.is_valid_at(now) && found.certificate.is_some());
        Ok(newest.and_then(|found| Some(algorithm_like(found.certificate.as_ref()?).ok()?.0)))
    }

    /// The certificate of a serial number with its files, if it has the host in subjectAltName, and a key file.
    fn usable(&self, serial: &SerialNumber, host: &GeneralName) -> Option<FoundHost> {
        let path = self.file_of(serial)?;
        // A file that does not read is not this host's certificate; other commands report it.
        let certificate = read_file(&path).ok().and_then(|bytes| decode_certificates(&bytes).ok()?.into_iter().next())?;
        let names = certificate.subject_alternative_names().unwrap_or_default();
        let files = self.existing_files(&certificate);
        let is_usable = certificate.serial() == serial && names.contains(host) && files.private_key.is_some();
        is_usable.then_some(FoundHost { certificate, files })
    }

    /// The files of a certificate that are in the repository.
    pub fn existing_files(&self, certificate: &Certificate) -> IssuedFiles {
        let serial = certificate.serial();
        let existing = |ending: &str| {
            FileName::for_host(serial, &file_host(certificate), ending).and_then(|name| self.directory().existing_in_repository(&name))
        };
        IssuedFiles {
            certificate: self.directory().in_repository(&FileName::certificate(serial)),
            host_certificate: existing("cert.pem").unwrap_or_default(),
            private_key: existing("priv_key.pem"),
            pfx: existing("cert.pfx"),
            delivered: Vec::new(),
        }
    }
}

/// The part of file names that stands for the host: that of the first name, in the case in which it was typed when it was issued. The
/// old scripts wrote the host into the common name only.
fn file_host(certificate: &Certificate) -> String {
    let first = certificate.subject_alternative_names().and_then(|names| names.first().cloned());
    first.or_else(|| host_names(certificate).into_iter().next()).map(|name| FileName::host_part(&name)).unwrap_or_default()
}
