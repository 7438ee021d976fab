//! Finding what a host has.

use std::ops::ControlFlow;
use std::path::PathBuf;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::authority::{Authority, AuthorityError, IssuedFiles, PreviousKey, ReadRecords, algorithm_like};

use crate::home::HostFile;
use crate::records::{Entry, Part, Record, RecordStatus, fits_record, host_names, key_digits};
use gsec_pki::key::{KeyAlgorithm, PublicKey, SignatureCheck};
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{
    Certificate, DistinguishedName, GeneralName, SerialNumber, TypedSubject, TypedThumbprint,
    decode_certificates, rfc3339,
};

/// A certificate that was found in the repository.
pub struct FoundHost {
    /// The certificate.
    pub certificate: Certificate,
    /// Its files, those that are there.
    pub files: IssuedFiles,
}

/// What the records have under the serial number of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// No record has this serial number.
    Nothing,
    /// The certificate itself.
    Itself(Record),
    /// Another certificate: its record, and what shows it, in words.
    Another(Record, String),
}

impl Recorded {
    /// The record of the serial number.
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Nothing => None,
            Self::Itself(record) | Self::Another(record, _) => Some(record),
        }
    }

    /// In words, that a certificate has no record of its own; `None` where it has one.
    pub fn why_not(&self, certificate: &Certificate) -> Option<String> {
        match self {
            Self::Nothing => Some(format!("ca.db has no record of serial {}", certificate.serial())),
            Self::Itself(_) => None,
            Self::Another(_, why) => Some(why.clone()),
        }
    }
}

/// A record of a certificate that names a host, and the certificate.
pub struct HostRecord {
    /// The record, as the index has it now.
    pub record: Record,
    /// The certificate; `None` where it is not in the repository, and the record alone names the host.
    pub certificate: Option<Certificate>,
}

impl Authority {
    /// Every certificate that names a host, the newest last, whatever its status. Reads the index of hosts,
    /// and the certificates listed in it. A record without a certificate names the hosts that are common
    /// names in `ca.db`.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn records_of(&self, host: &GeneralName) -> Result<Vec<HostRecord>, AuthorityError> {
        let candidates = self.records().by_host(host)?;
        self.naming(host, candidates).collect()
    }

    /// Those of some records that name a host, with their certificates.
    fn naming(
        &self,
        host: &GeneralName,
        candidates: impl IntoIterator<Item = Record>,
    ) -> impl Iterator<Item = Result<HostRecord, AuthorityError>> {
        candidates.into_iter().filter_map(move |record| {
            let certificate = match self.issued_certificate(&record.serial) {
                Ok(certificate) => certificate,
                Err(error) => return Some(Err(error)),
            };
            let mut names = certificate.as_ref().map(host_names).unwrap_or_default();
            // Another CA's certificate of the same serial number must not hide what the record names.
            if !certificate
                .as_ref()
                .is_some_and(|certificate| fits_record(certificate, &record))
            {
                names.extend(record.host_names());
            }
            names
                .contains(host)
                .then_some(Ok(HostRecord { record, certificate }))
        })
    }

    /// Every certificate of a subject, the oldest first: those whose record has just the same attributes, or else those that have these and
    /// others, if a common name is among them. Reads all records.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn records_of_subject(&self, subject: &TypedSubject) -> Result<Vec<HostRecord>, AuthorityError> {
        let (mut same, mut more) = (Vec::new(), Vec::new());
        self.each_record(&mut |record| match record.typed_subject() {
            Some(other) if subject.is(&other) => same.push(record),
            Some(other) if subject.is_part_of(&other) => more.push(record),
            _ => {}
        })?;
        self.with_certificates(if same.is_empty() { more } else { same })
    }

    /// The record of the certificate with a thumbprint, if it is kept. Reads certificates from the newest on.
    ///
    /// # Errors
    /// [`AuthorityError::Records`], also when none of those that can be read has it, and others cannot.
    pub fn record_with_thumbprint(
        &self,
        thumbprint: &TypedThumbprint,
    ) -> Result<Option<SerialNumber>, AuthorityError> {
        let mut serials = Vec::new();
        self.each_record(&mut |record| serials.push(record.serial))?;
        let mut unread = None;
        for serial in serials.into_iter().rev() {
            match self.issued_certificate(&serial) {
                Ok(Some(certificate)) if thumbprint.is_of(&certificate) => return Ok(Some(serial)),
                Ok(_) => {}
                Err(error) => unread = unread.or(Some(error)),
            }
        }
        unread.map_or(Ok(None), Err)
    }

    pub(in crate::authority) fn each_record(
        &self,
        each: &mut dyn FnMut(Record),
    ) -> Result<(), AuthorityError> {
        self.records().visit(&mut |_, entry| {
            if let Entry::Record(record) = entry {
                each(record);
            }
            ControlFlow::Continue(())
        })?;
        Ok(())
    }

    /// Each record once, with its certificate; of several of one serial number a revoked one, which must not get lost.
    fn with_certificates(&self, found: Vec<Record>) -> Result<Vec<HostRecord>, AuthorityError> {
        let mut once: Vec<Record> = Vec::new();
        for found in found {
            match once.iter_mut().find(|known| known.serial == found.serial) {
                Some(known) if known.status != RecordStatus::Revoked => *known = found,
                Some(_) => {}
                None => once.push(found),
            }
        }
        let with_certificate = |record: Record| {
            Ok(HostRecord {
                certificate: self.issued_certificate(&record.serial)?,
                record,
            })
        };
        once.into_iter().map(with_certificate).collect()
    }

    /// Every certificate of a public key, the newest last, whatever its status. Reads the index of hosts and
    /// keys, and the certificates listed in it.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn certificates_with_key(&self, key: &PublicKey) -> Result<Vec<HostRecord>, AuthorityError> {
        self.with_key(key, self.records().by_key(key)?)
    }

    /// Those of some records whose certificate is of a key.
    pub(in crate::authority) fn with_key(
        &self,
        key: &PublicKey,
        candidates: Vec<Record>,
    ) -> Result<Vec<HostRecord>, AuthorityError> {
        let mut found = Vec::new();
        for record in candidates {
            let certificate = self.issued_certificate(&record.serial)?;
            let of_key =
                certificate.filter(|certificate| certificate.public_key().material() == key.material());
            if of_key.is_some() {
                found.push(HostRecord {
                    record,
                    certificate: of_key,
                });
            }
        }
        Ok(found)
    }

    /// The certificate of a serial number as the repository keeps it; `None` where there is none, none that
    /// decodes, or one of another serial number: that belongs to another record, and was copied to the wrong
    /// place.
    ///
    /// # Errors
    /// [`AuthorityError::Records`] when a file is there and cannot be read.
    pub fn issued_certificate(&self, serial: &SerialNumber) -> Result<Option<Certificate>, AuthorityError> {
        Ok(self.records().certificate(serial)?)
    }

    /// The certificate in the file of a serial number, whatever number it has itself.
    pub(in crate::authority) fn certificate_in_file_of(
        &self,
        serial: &SerialNumber,
    ) -> Result<Option<Certificate>, AuthorityError> {
        let content = self.records().content(serial, None, HostFile::OwnCopy)?;
        let decoded = content.and_then(|content| decode_certificates(&content).ok());
        Ok(decoded.and_then(|certificates| certificates.into_iter().next()))
    }

    /// Whether a certificate is this CA's: signed by its key, or kept byte for byte in its repository, and
    /// the one described by the record of its serial number.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when the index cannot be read.
    pub fn has_issued(&self, certificate: &Certificate) -> Result<bool, AuthorityError> {
        if !matches!(self.recorded(certificate)?, Recorded::Itself(_)) {
            return Ok(false);
        }
        // Where the copy cannot be read, its key must have signed it.
        let is_kept = || {
            let kept = self.issued_certificate(certificate.serial());
            kept.is_ok_and(|kept| kept.is_some_and(|kept| kept == *certificate))
        };
        Ok(certificate.issuer() == self.certificate().subject()
            && (is_kept() || self.own_key_signed(certificate)))
    }

    /// What the records have under the serial number of a certificate. A program that signs with the CA's key
    /// and bypasses `ca.db` can give a certificate the number of another one, so the number alone says
    /// nothing.
    ///
    /// # Errors
    /// [`AuthorityError::Records`] when the index or the log cannot be read.
    pub fn recorded(&self, certificate: &Certificate) -> Result<Recorded, AuthorityError> {
        let Some(record) = self.records().find(certificate.serial())? else {
            return Ok(Recorded::Nothing);
        };
        Ok(match self.contradiction(certificate, &record)? {
            None => Recorded::Itself(record),
            Some(why) => Recorded::Another(record, why),
        })
    }

    /// In words, why a record of the serial number of a certificate is about another one: by the copy in the repository, where that is missing or
    /// cannot be read by all that the record says and by the key that the audit log has.
    pub(in crate::authority) fn contradiction(
        &self,
        certificate: &Certificate,
        record: &Record,
    ) -> Result<Option<String>, AuthorityError> {
        let serial = certificate.serial();
        let kept = self.issued_certificate(serial).ok().flatten();
        if kept.as_ref().is_some_and(|kept| kept != certificate) {
            return Ok(Some(format!(
                "serial {serial} in the repository is another certificate"
            )));
        }
        if record.flaw.is_none() && record.expiry != certificate.not_after() {
            let [recorded, own] = [record.expiry, certificate.not_after()].map(rfc3339);
            return Ok(Some(format!(
                "ca.db records serial {serial} until {recorded}, but this certificate expires at {own}"
            )));
        }
        if kept.is_some() {
            return Ok(None);
        }
        if !has_subject(record, certificate) {
            return Ok(Some(format!(
                "ca.db records serial {serial} for `{}`",
                record.readable_subject()
            )));
        }
        let logged = self
            .logged_issue(certificate, &|line| line.key_material.is_some())?
            .and_then(|line| line.key_material);
        let is_other_key = logged.is_some_and(|logged| logged != key_digits(certificate.public_key()));
        Ok(is_other_key.then(|| format!("the audit log has another key for serial {serial}")))
    }

    /// Whether one of this CA's keys, present or former, signed a certificate.
    fn own_key_signed(&self, certificate: &Certificate) -> bool {
        let mut ours =
            std::iter::once(self.certificate()).chain(self.previous().iter().map(PreviousKey::certificate));
        ours.any(|ours| certificate.verify_signature(ours.public_key()) == SignatureCheck::Good)
    }

    /// The certificates of CAs below this one that have a name and are not revoked, with their files in the repository; the newest first, and no more than a few.
    /// For hints: what cannot be read is not among them.
    pub fn subordinates_named(&self, name: &DistinguishedName) -> Vec<(Certificate, PathBuf)> {
        self.subordinates(name, false)
    }

    /// Those that are revoked: what they issued leads nowhere any more.
    pub fn revoked_subordinates_named(&self, name: &DistinguishedName) -> Vec<Certificate> {
        self.subordinates(name, true)
            .into_iter()
            .map(|(certificate, _)| certificate)
            .collect()
    }

    fn subordinates(&self, name: &DistinguishedName, revoked: bool) -> Vec<(Certificate, PathBuf)> {
        const ENOUGH: usize = 8;
        let found = self
            .records()
            .lookup()
            .and_then(|mut lookup| lookup.by_ca_name(name));
        let serials: Vec<SerialNumber> = found
            .unwrap_or_default()
            .into_iter()
            .map(|record| record.serial)
            .collect();
        let kept = serials
            .iter()
            .rev()
            .filter_map(|serial| Some((self.issued_certificate(serial).ok()??, serial)));
        let kept = kept
            .filter(|(certificate, _)| certificate.is_authority())
            .take(ENOUGH);
        let records = ReadRecords::default();
        let is_revoked = |certificate: &Certificate| {
            matches!(
                self.standing_in(&records, certificate).status,
                RevocationStatus::Revoked { .. }
            )
        };
        let of_authorities = kept
            .filter(|(certificate, _)| certificate.subject() == name && is_revoked(certificate) == revoked);
        of_authorities
            .map(|(certificate, serial)| {
                (
                    certificate,
                    self.records().place(Part::File(serial, None, HostFile::OwnCopy)),
                )
            })
            .collect()
    }

    /// The newest valid certificate whose subjectAltName has a host, and whose key file is there. Reads the
    /// index of hosts, and the certificates listed in it from the newest on.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn find_valid(
        &self,
        host: &GeneralName,
        now: OffsetDateTime,
    ) -> Result<Option<FoundHost>, AuthorityError> {
        let candidates = self.records().by_host(host)?;
        let mut valid = candidates
            .into_iter()
            .rev()
            .filter(|record| record.is_valid_at(now));
        valid
            .find_map(|record| self.usable(&record.serial, host).transpose())
            .transpose()
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
        let is_revoked = is_ours
            && matches!(
                self.standing(certificate).status,
                RevocationStatus::Revoked { .. }
            );
        let candidates = self.records().by_host(host)?;
        let is_it = |record: &Record| is_ours && !is_revoked && record.serial == *certificate.serial();
        let since = candidates
            .into_iter()
            .rev()
            .take_while(|record| !is_it(record))
            .filter(|record| record.is_valid_at(now));
        let usable = since.filter_map(|record| self.usable(&record.serial, host).transpose());
        let is_another = |found: &Result<FoundHost, _>| {
            found.as_ref().map_or(true, |found: &FoundHost| {
                found.certificate != *certificate
                    && !(is_revoked && found.certificate.public_key() == certificate.public_key())
            })
        };
        usable.filter(is_another).take(most).collect()
    }

    /// The valid certificates that name a host, the newest first.
    pub(in crate::authority) fn valid_certificates_of(
        &self,
        host: &GeneralName,
        now: OffsetDateTime,
    ) -> Result<impl Iterator<Item = Certificate>, AuthorityError> {
        let records = self.records_of(host)?.into_iter().rev();
        let valid = records.filter(move |found| found.record.is_valid_at(now));
        Ok(valid.filter_map(|found| found.certificate))
    }

    /// The newest valid certificate that names a host.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn newest_valid(
        &self,
        host: &GeneralName,
        now: OffsetDateTime,
    ) -> Result<Option<Certificate>, AuthorityError> {
        Ok(self.valid_certificates_of(host, now)?.next())
    }

    /// The same for each of many hosts; the records are opened once.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn newest_valid_of_each<'a>(
        &self,
        hosts: impl IntoIterator<Item = &'a GeneralName>,
        now: OffsetDateTime,
    ) -> Result<Vec<Option<Certificate>>, AuthorityError> {
        let mut lookup = self.records().lookup()?;
        let mut newest = |host: &GeneralName| {
            let valid = lookup
                .by_host(host)?
                .into_iter()
                .rev()
                .filter(|record| record.is_valid_at(now));
            let certificate = |found: Result<HostRecord, _>| found.map(|found| found.certificate).transpose();
            self.naming(host, valid).find_map(certificate).transpose()
        };
        hosts.into_iter().map(&mut newest).collect()
    }

    /// The kind of the key of a certificate, where gsec makes such keys and a profile admits them: what a new certificate of the same
    /// host gets where nobody asks for another kind.
    ///
    /// # Errors
    /// [`AuthorityError::Profile`] where there is no such profile.
    pub fn key_kind_to_keep(
        &self,
        certificate: &Certificate,
        profile: &str,
    ) -> Result<Option<KeyAlgorithm>, AuthorityError> {
        let profile = self.policy()?.profile(profile).map_err(AuthorityError::Profile)?;
        let kind = algorithm_like(certificate).ok().map(|(kind, _)| kind);
        Ok(kind.filter(|kind| profile.key_types.value.contains(&kind.key_type())))
    }

    /// The certificate of a serial number with its files, if it has the host in subjectAltName, and a key file.
    fn usable(&self, serial: &SerialNumber, host: &GeneralName) -> Result<Option<FoundHost>, AuthorityError> {
        let Some(certificate) = self.issued_certificate(serial)? else {
            return Ok(None);
        };
        let names = certificate.subject_alternative_names().unwrap_or_default();
        let files = self.existing_files(&certificate);
        let is_usable = names.contains(host) && files.kept(HostFile::Key).is_some();
        Ok(is_usable.then_some(FoundHost { certificate, files }))
    }

    /// The private key of a certificate as its file has it; `None` where it is not kept.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn kept_key(&self, certificate: &Certificate) -> Result<Option<Zeroizing<Vec<u8>>>, AuthorityError> {
        let host = file_host(certificate);
        Ok(self
            .records()
            .content(certificate.serial(), host.as_ref(), HostFile::Key)?)
    }

    /// Whether the private half of a key is in the repository, of whichever of its certificates: in a file of its own or in a PFX.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn keeps_key(&self, key: &PublicKey) -> Result<bool, AuthorityError> {
        let is_kept = |certificate: &Certificate| {
            let host = file_host(certificate);
            [HostFile::Key, HostFile::Pfx]
                .into_iter()
                .any(|file| self.records().has(certificate.serial(), host.as_ref(), file))
        };
        let certificates = self.certificates_with_key(key)?;
        Ok(certificates
            .iter()
            .filter_map(|found| found.certificate.as_ref())
            .any(is_kept))
    }

    /// The files of a certificate that are in the repository.
    pub fn existing_files(&self, certificate: &Certificate) -> IssuedFiles {
        let serial = certificate.serial();
        let host = file_host(certificate);
        let host = host.as_ref();
        let existing = [HostFile::Certificate, HostFile::Key, HostFile::Pfx]
            .into_iter()
            .filter(|file| self.records().has(serial, host, *file));
        // The certificate was read from the CA's own copy.
        let existing = existing.chain([HostFile::OwnCopy]);
        IssuedFiles {
            kept: existing
                .map(|file| (file, self.records().place(Part::File(serial, host, file))))
                .collect(),
            delivered: Vec::new(),
        }
    }
}

/// Whether a record is about the subject of a certificate, however another program spelled it.
fn has_subject(record: &Record, certificate: &Certificate) -> bool {
    let own = certificate.subject().openssl_oneline();
    let is_same = || {
        TypedSubject::parse(&own)
            .zip(TypedSubject::parse(&record.readable_subject()))
            .is_some_and(|(own, recorded)| own.is(&recorded))
    };
    record.subject.is_empty() || record.subject == own || is_same()
}

/// The name that files are named after: the first name, in the case in which it was typed when it was issued. The
/// old scripts wrote the host into the common name only.
pub(in crate::authority) fn file_host(certificate: &Certificate) -> Option<GeneralName> {
    let first = certificate
        .subject_alternative_names()
        .and_then(|names| names.first().cloned());
    first.or_else(|| host_names(certificate).into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::HostOrder;
    use crate::tests::{Site, host, in_days, now, order};
    use gsec_pki::x509::RevocationReason;

    const HOST: &str = "a.example.com";

    #[test]
    fn newest_valid_certificate_with_its_key_counts() {
        let site = Site::new();
        let valid = |at| {
            let found = site.authority.find_valid(&host(HOST), at).expect("an answer");
            found.map(|found| found.certificate)
        };
        assert_eq!(valid(now()), None);
        let (first, second) = (site.issue(HOST), site.issue(HOST));
        assert_eq!(valid(now()), Some(second.clone()));
        let files = site.authority.existing_files(&second);
        std::fs::remove_file(files.kept(HostFile::Key).expect("a key")).expect("the key");
        assert_eq!(
            valid(now()),
            Some(first.clone()),
            "one without its key is of no use"
        );
        site.revoke(&first, RevocationReason::Superseded);
        assert_eq!(valid(now()), None);
        site.issue(HOST);
        assert_eq!(valid(in_days(400)), None, "it has expired");
    }

    #[test]
    fn what_was_issued_after_another_one() {
        let site = Site::new();
        let (first, second, third) = (site.issue(HOST), site.issue(HOST), site.issue(HOST));
        let since = |certificate: &Certificate, most| {
            let found = site
                .authority
                .issued_since(certificate, &host(HOST), now(), most)
                .expect("an answer");
            let found = found.into_iter().map(|found| found.certificate);
            found.collect::<Vec<_>>()
        };
        assert_eq!(since(&first, 9), [third.clone(), second.clone()]);
        assert_eq!(since(&first, 1), std::slice::from_ref(&third));
        assert_eq!(since(&third, 9), []);
        let other = Site::new().issue(HOST);
        assert_eq!(since(&other, 9).len(), 3, "after one that is not this CA's: all");
    }

    #[test]
    fn same_serial_number_is_not_the_same_certificate() {
        let (site, other) = (Site::new(), Site::new());
        let own = site.issue(HOST);
        let foreign = other.issue(HOST);
        assert_eq!(own.serial(), foreign.serial());
        let has_issued = |certificate| site.authority.has_issued(certificate).expect("an answer");
        assert!(has_issued(&own) && !has_issued(&foreign));
        let recorded = site.authority.recorded(&foreign).expect("an answer");
        assert!(matches!(recorded, Recorded::Another(..)));
        assert!(recorded.why_not(&foreign).is_some());
        let files = site.authority.existing_files(&own);
        std::fs::remove_file(files.kept(HostFile::OwnCopy).expect("a copy")).expect("the copy");
        assert!(has_issued(&own), "its key signed it");
        assert!(!has_issued(&foreign));
        other.issue("b.example.com");
        let unknown = other.issue("c.example.com");
        let recorded = site.authority.recorded(&unknown).expect("an answer");
        assert!(matches!(recorded, Recorded::Nothing));
    }

    #[test]
    fn files_are_named_after_the_first_name() {
        let site = Site::new();
        let two = HostOrder {
            further_names: vec![host("b.example.com")],
            ..order(HOST)
        };
        let certificate = site.issue_order(two).expect("a certificate");
        assert_eq!(file_host(&certificate), Some(host(HOST)));
        for name in [HOST, "b.example.com"] {
            let found = site.authority.records_of(&host(name)).expect("records");
            assert_eq!(found.len(), 1, "{name}");
        }
        assert!(
            site.authority
                .records_of(&host("c.example.com"))
                .expect("records")
                .is_empty()
        );
    }
}
