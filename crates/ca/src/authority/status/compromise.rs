//! Keys that another party has, or may have: none of them is certified again, whatever requests it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};

use time::OffsetDateTime;

use crate::authority::host::successor::around;
use crate::authority::look::find::HostRecord;
use crate::authority::status::witnesses::Witnesses;
use crate::authority::{Authority, AuthorityError};
use crate::home::HostFile;
use crate::records::{AuditFields, Lookup, Record, Revocation, ToldRevocation, key_digits};
use gsec_pki::key::{PublicKey, SignatureCheck};
use gsec_pki::x509::{
    Certificate, GeneralName, RevocationList, RevokedEntry, SerialNumber, decode_certificates,
};

/// Up to so many certificates that were revoked for their keys are read one by one; for more the index of
/// keys is queried.
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
    /// The hosts named in the record.
    hosts: Vec<GeneralName>,
    /// The key, where the audit log gives it with the revocation.
    key_material: Option<String>,
}

/// What was revoked for its key, each with the keys that it may have had, as the audit log names keys; none where nothing says any more
/// which that was.
type Compromises = Vec<(CompromisedKey, Vec<String>)>;

/// What is known of keys that were compromised.
pub(in crate::authority) enum KnownCompromises {
    /// All of them, with their keys.
    Few(Compromises),
    /// More than are read one by one: without their keys, which the index of keys is asked for.
    Many(Vec<CompromisedKey>),
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
        let revocation = record
            .revocation
            .as_ref()
            .filter(|revocation| revocation.is_compromise())?;
        let reason = revocation.spelled_reason()?;
        Some(Self {
            serial: record.serial.clone(),
            reason,
            at: revocation.at,
            hosts: record.host_names(),
            key_material: None,
        })
    }

    fn listed(entry: &RevokedEntry) -> Option<Self> {
        Self::witnessed(&entry.serial, &Revocation::from(entry))
    }

    fn told(told: &ToldRevocation) -> Option<Self> {
        let known = Self::witnessed(&told.serial, &told.revocation)?;
        Some(Self {
            key_material: told.key_material.clone(),
            ..known
        })
    }

    fn witnessed(serial: &SerialNumber, revocation: &Revocation) -> Option<Self> {
        let reason = revocation
            .spelled_reason()
            .filter(|_| revocation.is_compromise())?;
        Some(Self {
            serial: serial.clone(),
            reason,
            at: revocation.at,
            hosts: Vec::new(),
            key_material: None,
        })
    }
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
    pub(in crate::authority) fn expect_not_compromised(
        &self,
        keys: &[&PublicKey],
    ) -> Result<Vec<SerialNumber>, AuthorityError> {
        let Comparison { compromised, unknown } = self.compromises_of(keys)?;
        match compromised.into_iter().next() {
            Some(CompromisedKey { serial, reason, .. }) => {
                Err(AuthorityError::KeyCompromised { serial, reason })
            }
            None => Ok(unknown),
        }
    }

    /// The same for the key of a CA below this one, which has no other key.
    ///
    /// # Errors
    /// [`AuthorityError::CompromisedAuthority`]; [`AuthorityError::Store`].
    pub(in crate::authority) fn expect_authority_not_compromised(
        &self,
        key: &PublicKey,
    ) -> Result<Vec<SerialNumber>, AuthorityError> {
        self.expect_not_compromised(&[key]).map_err(|error| match error {
            AuthorityError::KeyCompromised { serial, reason } => {
                AuthorityError::CompromisedAuthority { serial, reason }
            }
            other => other,
        })
    }

    fn compromises_of(&self, keys: &[&PublicKey]) -> Result<Comparison, AuthorityError> {
        if keys.is_empty() {
            return Ok(Comparison::default());
        }
        let known = self.known_compromises()?;
        let few = match &*known {
            KnownCompromises::Few(few) => few,
            KnownCompromises::Many(all) => &self.compromises_by_index(keys, all)?,
        };
        let wanted: Vec<String> = keys.iter().map(|key| key_digits(key)).collect();
        let mut comparison = Comparison::default();
        for (compromised, known) in few {
            // The file may have been put back since.
            let again = match known.is_empty() && self.file_of(&compromised.serial).is_some() {
                true => self.keys_of(compromised)?,
                false => Vec::new(),
            };
            match known.iter().chain(&again).any(|key| wanted.contains(key)) {
                true => comparison.compromised.push(compromised.clone()),
                false if known.is_empty() && again.is_empty() => {
                    comparison.unknown.push(compromised.serial.clone())
                }
                false => {}
            }
        }
        Ok(comparison)
    }

    /// What was revoked for its key, with the keys: of a process that lives on as long as nothing has come about revocations.
    fn known_compromises(&self) -> Result<Arc<KnownCompromises>, AuthorityError> {
        let crls: Vec<Option<&PublicKey>> = self.crl_keys().collect();
        // Before anything is read: what comes meanwhile is noticed the next time.
        let state = self.records().revocation_state(&crls)?;
        let mut kept = self.compromised.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(state), Some((of, known))) = (&state, &*kept)
            && of == state
        {
            return Ok(known.clone());
        }
        let mut all = Vec::new();
        self.compromised_records(&mut |compromised| all.push(compromised))?;
        let known = Arc::new(match all.len() > MAX_READ {
            true => KnownCompromises::Many(all),
            false => KnownCompromises::Few(self.with_their_keys(all)?),
        });
        *kept = state.map(|state| (state, known.clone()));
        Ok(known)
    }

    /// Of very many, those that have one of these keys by the index of keys; where there are none, those that it cannot know.
    fn compromises_by_index(
        &self,
        keys: &[&PublicKey],
        all: &[CompromisedKey],
    ) -> Result<Compromises, AuthorityError> {
        let mut index = self.records().lookup()?;
        let witnesses = self.witnesses()?;
        let mut found = Vec::new();
        for key in keys {
            let compromised = self.compromised_in(index.as_mut(), key, &witnesses)?;
            found.extend(compromised.map(|compromised| (compromised, vec![key_digits(key)])));
        }
        if !found.is_empty() {
            return Ok(found);
        }
        // The index knows the keys of certificates that are there.
        let without_file = |compromised: &&CompromisedKey| self.file_of(&compromised.serial).is_none();
        self.with_their_keys(all.iter().filter(without_file).cloned())
    }

    fn with_their_keys(
        &self,
        all: impl IntoIterator<Item = CompromisedKey>,
    ) -> Result<Compromises, AuthorityError> {
        let with_keys = |compromised: CompromisedKey| {
            let keys = self.keys_of(&compromised)?;
            Ok((compromised, keys))
        };
        all.into_iter().map(with_keys).collect()
    }

    /// The certificates that were revoked for their keys, and of whose keys nothing is known any more, so that no key can be compared.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn unknown_compromised_keys(&self) -> Result<Vec<SerialNumber>, AuthorityError> {
        let (mut all, mut unknown) = (Vec::new(), Vec::new());
        self.compromised_records(&mut |compromised| all.push(compromised))?;
        for compromised in all
            .into_iter()
            .filter(|compromised| self.file_of(&compromised.serial).is_none())
        {
            if self.keys_of(&compromised)?.is_empty() {
                unknown.push(compromised.serial);
            }
        }
        Ok(unknown)
    }

    /// The key for which a certificate was revoked, as the audit log names keys: by the certificate, and by
    /// the log itself. Where the two differ, the serial number was given out twice, and both count.
    fn keys_of(&self, compromised: &CompromisedKey) -> Result<Vec<String>, AuthorityError> {
        let certificate = self.certificate_of(&compromised.serial, &compromised.hosts);
        let known = certificate
            .iter()
            .flatten()
            .map(|certificate| key_digits(certificate.public_key()))
            .chain(compromised.key_material.clone());
        let known: Vec<String> = known.collect();
        if !known.is_empty() {
            return Ok(known);
        }
        let has_key = |line: &AuditFields| line.key_material.is_some();
        let line = self.records().audit_line(
            &compromised.serial,
            &around(compromised.at..=compromised.at),
            &has_key,
        )?;
        match line.and_then(|line| line.key_material) {
            Some(key) => Ok(vec![key]),
            // It is there and cannot be read: then its key may be the one in question.
            None => certificate.map(|_| Vec::new()),
        }
    }

    /// The certificate that was revoked: the CA's copy, or where that is gone the host's, which starts with
    /// it.
    ///
    /// # Errors
    /// [`AuthorityError::Records`] when the copy is there and cannot be read, and the host's says nothing.
    pub(in crate::authority) fn certificate_of(
        &self,
        serial: &SerialNumber,
        hosts: &[GeneralName],
    ) -> Result<Option<Certificate>, AuthorityError> {
        let of_host = |host: &GeneralName| {
            let content = self
                .records()
                .content(serial, Some(host), HostFile::Certificate)
                .ok()??;
            let first = decode_certificates(&content).ok()?.into_iter().next();
            first.filter(|found| found.serial() == serial)
        };
        match self.issued_certificate(serial) {
            Ok(Some(copy)) => Ok(Some(copy)),
            missing => hosts
                .iter()
                .find_map(of_host)
                .map_or(missing, |found| Ok(Some(found))),
        }
    }

    /// This CA's CRLs, for its key and those before it, each signed by one of these keys.
    pub(in crate::authority) fn crls_at_hand(&self) -> Vec<RevocationList> {
        let first = |content: &[u8]| self.crls_in(content).ok()?.into_iter().next();
        let crls = self
            .crl_keys()
            .filter_map(|key| first(&self.records().crl(key).ok()??));
        crls.filter(|crl| {
            self.trusted()
                .any(|own| crl.verify_signature(own.public_key()) == SignatureCheck::Good)
        })
        .collect()
    }

    /// Calls `visit` for each record that was revoked for its key, and for each such entry of the available
    /// CRLs and of the audit log: a restored copy of `ca.db` does not give a key back. A revocation without a
    /// serial number is no record: a CRL cannot be made, and doctor reports it.
    fn compromised_records(&self, visit: &mut dyn FnMut(CompromisedKey)) -> Result<(), AuthorityError> {
        let mut seen = HashSet::new();
        self.records().revoked()?.visit_readable(&mut |record| {
            if let Some(compromised) = CompromisedKey::of(record) {
                seen.insert(compromised.serial.clone());
                visit(compromised);
            }
        })?;
        let Witnesses { crls, told } = self.witnesses()?;
        // The log first: it knows the keys.
        let told = told.iter().filter_map(CompromisedKey::told);
        let listed = crls
            .iter()
            .flat_map(RevocationList::entries)
            .filter_map(|entry| CompromisedKey::listed(&entry));
        told.chain(listed)
            .filter(|found| seen.insert(found.serial.clone()))
            .for_each(visit);
        Ok(())
    }

    /// The same as [`Self::compromise_of`] by the index of keys, which is open already.
    pub(in crate::authority) fn compromised_in(
        &self,
        index: &mut dyn Lookup,
        key: &PublicKey,
        witnesses: &Witnesses,
    ) -> Result<Option<CompromisedKey>, AuthorityError> {
        if let Some(told) = witnesses.told_of_key(key) {
            return Ok(CompromisedKey::told(told));
        }
        let compromise_of = |record: &Record| {
            let listed = || {
                CompromisedKey::witnessed(
                    &record.serial,
                    &witnesses.revocation_of(&record.serial, self.certificate().subject())?,
                )
            };
            CompromisedKey::of(record).or_else(listed)
        };
        let candidates = index
            .by_key(key)?
            .into_iter()
            .filter(|record| compromise_of(record).is_some())
            .collect();
        Ok(self
            .with_key(key, candidates)?
            .iter()
            .find_map(|found| compromise_of(&found.record)))
    }

    /// The certificates that are valid at a time and have a key that was revoked as compromised, each with the one that was revoked.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn valid_with_compromised_keys(
        &self,
        now: OffsetDateTime,
    ) -> Result<Vec<(Record, CompromisedKey)>, AuthorityError> {
        let mut all = Vec::new();
        self.compromised_records(&mut |compromised| all.push(compromised))?;
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let mut index = self.records().lookup()?;
        let (mut found, mut seen, mut lost) = (Vec::new(), HashSet::new(), Vec::new());
        for compromised in all {
            // Of one that cannot be read, the log has the key.
            let certificate = self.certificate_of(&compromised.serial, &compromised.hosts);
            let Some(certificate) = certificate.ok().flatten() else {
                lost.push(compromised);
                continue;
            };
            let candidates = index
                .by_key(certificate.public_key())?
                .into_iter()
                .filter(|record| record.is_valid_at(now))
                .collect();
            for other in self.with_key(certificate.public_key(), candidates)? {
                // It is the same one where ca.db lost the revocation, which is reported as that.
                if other.record.serial != compromised.serial && seen.insert(other.record.serial.clone()) {
                    found.push((other.record, compromised.clone()));
                }
            }
        }
        for (serial, compromised) in self.told_with_keys_of(&lost)? {
            let record = self
                .records()
                .find(&serial)?
                .filter(|record| record.is_valid_at(now) && serial != compromised.serial);
            found.extend(
                record
                    .filter(|_| seen.insert(serial))
                    .map(|record| (record, compromised)),
            );
        }
        Ok(found)
    }

    /// The serial numbers of certificates that are lost themselves, and of others that the audit log has with the same keys.
    fn told_with_keys_of(
        &self,
        lost: &[CompromisedKey],
    ) -> Result<Vec<(SerialNumber, CompromisedKey)>, AuthorityError> {
        let keys: HashMap<&str, &CompromisedKey> = lost
            .iter()
            .filter_map(|one| Some((one.key_material.as_deref()?, one)))
            .collect();
        let mut found = Vec::new();
        if keys.is_empty() {
            return Ok(found);
        }
        self.records()
            .audit_lines_with(&["\"key_material\""], &mut |fields| {
                let compromised = fields.key_material.as_deref().and_then(|key| keys.get(key));
                let serial = fields.serial.as_deref().and_then(SerialNumber::parse_any_hex);
                found.extend(serial.zip(compromised.map(|one| (*one).clone())));
            })?;
        Ok(found)
    }

    /// The other certificates of the keys of some records that were revoked for those: all that are not revoked themselves.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn others_with_compromised_keys(
        &self,
        revoked: &[&Record],
    ) -> Result<Vec<HostRecord>, AuthorityError> {
        let compromised = revoked
            .iter()
            .filter(|record| record.revocation.as_ref().is_some_and(Revocation::is_compromise));
        let mut keys: Vec<PublicKey> = Vec::new();
        for record in compromised {
            let certificate = self.certificate_of(&record.serial, &record.host_names())?;
            keys.extend(certificate.map(|certificate| certificate.public_key().clone()));
        }
        keys.sort_by_key(PublicKey::material);
        keys.dedup_by_key(|key| key.material());
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut index = self.records().lookup()?;
        let mut others = Vec::new();
        for key in &keys {
            let candidates = index.by_key(key)?;
            others.extend(
                self.with_key(key, candidates)?
                    .into_iter()
                    .filter(|found| found.record.revoked_entry().is_none()),
            );
        }
        Ok(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, serial};
    use gsec_pki::x509::RevocationReason;

    #[test]
    fn reasons_that_say_that_a_key_is_in_other_hands() {
        let of = |reason: Option<&str>| {
            let revocation = Revocation {
                reason: reason.map(str::to_owned),
                ..Revocation::unknown()
            };
            let record = Record {
                revocation: Some(revocation.clone()),
                ..Record::lost(&serial("2A"))
            };
            let by_record = CompromisedKey::of(&record).map(|found| found.reason);
            assert_eq!(
                by_record,
                CompromisedKey::witnessed(&serial("2A"), &revocation).map(|found| found.reason)
            );
            by_record
        };
        for (reason, is_compromise) in [
            (None, false),
            (Some("superseded"), false),
            (Some("certificateHold"), false),
            (Some("keyCompromise"), true),
            (Some("CACompromise"), true),
            (Some("keyTime"), true),
            (Some("somethingElse"), true),
        ] {
            assert_eq!(of(reason).is_some(), is_compromise, "{reason:?}");
        }
    }

    #[test]
    fn key_is_known_as_compromised_as_long_as_anything_says_so() {
        let site = Site::new();
        let (stolen, replaced) = (site.issue("a.example.com"), site.issue("b.example.com"));
        site.revoke(&stolen, RevocationReason::KeyCompromise);
        site.revoke(&replaced, RevocationReason::Superseded);
        let of = |site: &Site, certificate: &Certificate| {
            let found = site
                .authority
                .compromise_of(certificate.public_key())
                .expect("an answer");
            found.map(|found| found.serial)
        };
        assert_eq!(of(&site, &stolen), Some(stolen.serial().clone()));
        assert_eq!(of(&site, &replaced), None);
        std::fs::remove_file(site.authority.file_of(stolen.serial()).expect("its file")).expect("removed");
        assert_eq!(
            of(&site, &stolen),
            Some(stolen.serial().clone()),
            "the host's file and the log have the key"
        );
        assert_eq!(site.authority.unknown_compromised_keys().expect("an answer"), []);
    }
}
