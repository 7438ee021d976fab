//! Keys that somebody else has, or may have: none of them is certified again, whatever asks for it.

use std::collections::HashSet;

use time::OffsetDateTime;

use crate::authority::host::issue::key_digits;
use crate::authority::host::successor::around;
use crate::authority::look::find::HostRecord;
use crate::authority::{Authority, AuthorityError};
use crate::home::HostFile;
use crate::records::{AuditFields, Lookup, Record, Revocation};
use gsec_pki::key::{PublicKey, SignatureCheck};
use gsec_pki::x509::{Certificate, GeneralName, RevocationList, RevocationReason, RevokedEntry, SerialNumber, decode_certificates, decode_crls};

/// Up to so many certificates that were revoked for their keys are read one by one; of more the index of keys is asked.
const MAX_READ: usize = 5000;

/// A certificate that was revoked because its key is, or may be, in other hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompromisedKey {
    /// The certificate that was revoked.
    pub serial: SerialNumber,
    /// The reason, as the index has it.
    pub reason: String,
    /// When it was revoked.
    at: OffsetDateTime,
    /// The hosts that the record names.
    hosts: Vec<GeneralName>,
}

/// What is known about keys.
#[derive(Default)]
struct Comparison {
    /// Those that were compromised.
    compromised: Vec<CompromisedKey>,
    /// What was revoked for its key, and nothing says any more which key that was.
    unknown: Vec<SerialNumber>,
}

impl CompromisedKey {
    fn of(record: &Record) -> Option<Self> {
        let revocation = record.revocation.as_ref().filter(|revocation| revocation.is_compromise())?;
        let reason = revocation.spelled_reason()?;
        Some(Self { serial: record.serial.clone(), reason, at: revocation.at, hosts: record.host_names() })
    }

    fn listed(entry: RevokedEntry) -> Option<Self> {
        let reason = entry.reason.filter(|reason| reason.is_compromise())?;
        Some(Self { serial: entry.serial, reason: reason.name().to_owned(), at: entry.revoked_at, hosts: Vec::new() })
    }
}

/// What CRLs say of a certificate that is revoked for good; a hold may have been taken back since they were made.
pub(in crate::authority) fn revoked_for_good(crls: &[RevocationList], certificate: &Certificate) -> Option<RevokedEntry> {
    let is_hold = |entry: &RevokedEntry| matches!(entry.reason, Some(RevocationReason::CertificateHold | RevocationReason::RemoveFromCrl));
    crls.iter().filter_map(|crl| crl.entry_for(certificate.serial(), certificate.issuer())).find(|entry| !is_hold(entry))
}

impl Authority {
    /// Whether a key is one of those for which a certificate was revoked as compromised. The certificates of those records are read;
    /// of one that is not in the repository any more, neither as the CA's copy nor as the host's, the audit log has the digest of its key.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn compromise_of(&self, key: &PublicKey) -> Result<Option<CompromisedKey>, AuthorityError> {
        Ok(self.compromises_of(&[key])?.compromised.into_iter().next())
    }

    /// Checks that no key was compromised. Returns the certificates that were revoked for keys of which nothing is known any more.
    ///
    /// # Errors
    /// [`AuthorityError::KeyCompromised`] for the first that was; [`AuthorityError::Store`].
    pub(in crate::authority) fn expect_not_compromised(&self, keys: &[&PublicKey]) -> Result<Vec<SerialNumber>, AuthorityError> {
        let Comparison { compromised, unknown } = self.compromises_of(keys)?;
        match compromised.into_iter().next() {
            Some(CompromisedKey { serial, reason, .. }) => Err(AuthorityError::KeyCompromised { serial, reason }),
            None => Ok(unknown),
        }
    }

    fn compromises_of(&self, keys: &[&PublicKey]) -> Result<Comparison, AuthorityError> {
        if keys.is_empty() {
            return Ok(Comparison::default());
        }
        let wanted: Vec<String> = keys.iter().map(|key| key_digits(key)).collect();
        let mut all = Vec::new();
        self.compromised_records(&mut |compromised| all.push(compromised))?;
        if all.len() > MAX_READ {
            let mut index = self.records().lookup()?;
            let crls = self.crls_at_hand();
            let found = keys.iter().map(|key| self.compromised_in(index.as_mut(), key, &crls)).collect::<Result<Vec<_>, _>>()?;
            if found.iter().any(Option::is_some) {
                return Ok(Comparison { compromised: found.into_iter().flatten().collect(), unknown: Vec::new() });
            }
            // The index knows the keys of certificates that are there.
            all.retain(|compromised| self.file_of(&compromised.serial).is_none());
        }
        let mut comparison = Comparison::default();
        for compromised in all {
            match self.key_of(&compromised)? {
                Some(key) if wanted.contains(&key) => comparison.compromised.push(compromised),
                Some(_) => {}
                None => comparison.unknown.push(compromised.serial),
            }
        }
        Ok(comparison)
    }

    /// The certificates that were revoked for their keys, and of whose keys nothing is known any more, so that no key can be compared.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn unknown_compromised_keys(&self) -> Result<Vec<SerialNumber>, AuthorityError> {
        let (mut all, mut unknown) = (Vec::new(), Vec::new());
        self.compromised_records(&mut |compromised| all.push(compromised))?;
        for compromised in all.into_iter().filter(|compromised| self.file_of(&compromised.serial).is_none()) {
            if self.key_of(&compromised)?.is_none() {
                unknown.push(compromised.serial);
            }
        }
        Ok(unknown)
    }

    /// The key that a certificate was revoked for, as the audit log names keys: by the certificate, or where that is lost, by the log itself.
    fn key_of(&self, compromised: &CompromisedKey) -> Result<Option<String>, AuthorityError> {
        if let Some(certificate) = self.certificate_of(&compromised.serial, &compromised.hosts) {
            return Ok(Some(key_digits(certificate.public_key())));
        }
        let has_key = |line: &AuditFields| line.key_material.is_some();
        let line = self.records().audit_line(&compromised.serial, &around(compromised.at..=compromised.at), &has_key)?;
        Ok(line.and_then(|line| line.key_material))
    }

    /// The certificate that was revoked: the CA's copy, or where that is gone the host's, which begins with it.
    pub(in crate::authority) fn certificate_of(&self, serial: &SerialNumber, hosts: &[GeneralName]) -> Option<Certificate> {
        self.issued_certificate(serial).or_else(|| {
            hosts.iter().find_map(|host| {
                let content = self.records().content(serial, Some(host), HostFile::Certificate).ok()??;
                decode_certificates(&content).ok()?.into_iter().next().filter(|found| found.serial() == serial)
            })
        })
    }

    /// The CRLs that this CA keeps, for its key and those before it, each that one of these keys signed.
    pub(in crate::authority) fn crls_at_hand(&self) -> Vec<RevocationList> {
        let first = |content: &[u8]| decode_crls(content).ok()?.into_iter().next();
        let crls = self.crl_keys().filter_map(|key| first(&self.records().crl(key).ok()??));
        crls.filter(|crl| self.trusted().any(|own| crl.verify_signature(own.public_key()) == SignatureCheck::Good)).collect()
    }

    /// Calls `visit` for each record that was revoked for its key, and for each such entry of the CRLs at hand: a restored copy of `ca.db`
    /// does not give a key back. A revocation without a serial number is no record: a CRL cannot be
    /// made, and doctor tells of it.
    fn compromised_records(&self, visit: &mut dyn FnMut(CompromisedKey)) -> Result<(), AuthorityError> {
        let mut seen = HashSet::new();
        self.records().revoked()?.visit_readable(&mut |record| {
            if let Some(compromised) = CompromisedKey::of(record) {
                seen.insert(compromised.serial.clone());
                visit(compromised);
            }
        })?;
        for crl in self.crls_at_hand() {
            crl.entries().filter_map(CompromisedKey::listed).filter(|listed| seen.insert(listed.serial.clone())).for_each(&mut *visit);
        }
        Ok(())
    }

    /// The same as [`Self::compromise_of`] by the index of keys, which is open already.
    pub(in crate::authority) fn compromised_in(
        &self,
        index: &mut dyn Lookup,
        key: &PublicKey,
        crls: &[RevocationList],
    ) -> Result<Option<CompromisedKey>, AuthorityError> {
        let compromise_of = |record: &Record| {
            CompromisedKey::of(record).or_else(|| {
                let mut listed = crls.iter().filter_map(|crl| CompromisedKey::listed(crl.entry_for(&record.serial, crl.issuer())?));
                listed.next()
            })
        };
        let candidates = index.by_key(key)?.into_iter().filter(|record| compromise_of(record).is_some()).collect();
        Ok(self.with_key(key, candidates).iter().find_map(|found| compromise_of(&found.record)))
    }

    /// The certificates that are valid at a time and have a key that was revoked as compromised, each with the one that was revoked.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn valid_with_compromised_keys(&self, now: OffsetDateTime) -> Result<Vec<(Record, CompromisedKey)>, AuthorityError> {
        let mut all = Vec::new();
        self.compromised_records(&mut |compromised| all.push(compromised))?;
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let mut index = self.records().lookup()?;
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        for compromised in all {
            let Some(certificate) = self.certificate_of(&compromised.serial, &compromised.hosts) else { continue };
            let candidates = index.by_key(certificate.public_key())?.into_iter().filter(|record| record.is_valid_at(now)).collect();
            for other in self.with_key(certificate.public_key(), candidates) {
                if seen.insert(other.record.serial.clone()) {
                    found.push((other.record, compromised.clone()));
                }
            }
        }
        Ok(found)
    }

    /// The other certificates of the keys of some records that were revoked for those: all that are not revoked themselves.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn others_with_compromised_keys(&self, revoked: &[&Record]) -> Result<Vec<HostRecord>, AuthorityError> {
        let compromised = revoked.iter().filter(|record| record.revocation.as_ref().is_some_and(Revocation::is_compromise));
        let keys = compromised.filter_map(|record| Some(self.certificate_of(&record.serial, &record.host_names())?.public_key().clone()));
        let mut keys: Vec<PublicKey> = keys.collect();
        keys.sort_by_key(PublicKey::material);
        keys.dedup_by_key(|key| key.material());
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut index = self.records().lookup()?;
        let mut others = Vec::new();
        for key in &keys {
            let candidates = index.by_key(key)?;
            others.extend(self.with_key(key, candidates).into_iter().filter(|found| found.record.revoked_entry().is_none()));
        }
        Ok(others)
    }
}
