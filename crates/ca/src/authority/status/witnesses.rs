//! What besides `ca.db` knows of revocations: the available CRLs, and the audit log. A copy of `ca.db` that
//! was restored, or a line of it that was changed, takes back nothing that one of them records.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::OnceLock;

use time::OffsetDateTime;

use crate::authority::look::log::{LogQuestion, Signatures, check_log, is_signed_by, key_of_log};
use crate::authority::{Authority, AuthorityError};
use crate::records::{
    HeadFile, Part, Revocation, SignedHead, Told, ToldRevocation, announces_own_record, hash_of, key_digits,
};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{
    Certificate, DistinguishedName, RevocationList, RevocationReason, RevokedEntry, SerialNumber,
};

/// The available CRLs, and what the audit log records.
pub(in crate::authority) struct Witnesses {
    pub(in crate::authority) crls: Vec<RevocationList>,
    pub(in crate::authority) told: Told,
}

/// Read when it is first needed, once for all that share it.
#[derive(Default)]
pub(in crate::authority) struct LazyWitnesses(OnceLock<Witnesses>);

impl LazyWitnesses {
    pub(in crate::authority) fn get(&self, authority: &Authority) -> Result<&Witnesses, AuthorityError> {
        if let Some(read) = self.0.get() {
            return Ok(read);
        }
        let read = authority.witnesses()?;
        Ok(self.0.get_or_init(|| read))
    }
}

impl Authority {
    /// Reads the available CRLs, and searches the audit log.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub(in crate::authority) fn witnesses(&self) -> Result<Witnesses, AuthorityError> {
        Ok(Witnesses {
            crls: self.crls_at_hand(),
            told: self.records().told()?,
        })
    }
}

/// A CRL that was put back: the audit log records a later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldCrl {
    /// Its file.
    pub path: PathBuf,
    /// Its number.
    pub number: SerialNumber,
    /// The number of the last one in the log.
    pub last: SerialNumber,
}

impl std::fmt::Display for OldCrl {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        write!(
            out,
            "{name} is an old CRL: it has number {}, and the last one in audit.log has number {}",
            self.number, self.last
        )
    }
}

impl Authority {
    /// Whether a CRL is older than the last one that the audit log records.
    pub(in crate::authority) fn old_crl(&self, crl: &RevocationList, told: &Told) -> Option<OldCrl> {
        let (number, last) = (crl.number()?, told.crl_number.as_ref()?);
        (number < last).then(|| OldCrl {
            path: self.records().place(Part::Crl(None)),
            number: number.clone(),
            last: last.clone(),
        })
    }

    /// Why revocations may be unknown that the CA once recorded: the audit log has lost lines, or cannot be read, and no CRL is at hand
    /// that was made after all of them. `None` where nothing shows that. A log without a later CRL is read whole.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn lost_revocations(&self) -> Result<Option<String>, AuthorityError> {
        self.lost_beside(&self.records().told())
    }

    /// As [`Authority::lost_revocations`], for an audit log that was read.
    pub(in crate::authority) fn lost_beside(
        &self,
        told: &Result<Told, impl std::fmt::Display>,
    ) -> Result<Option<String>, AuthorityError> {
        if self.has_newest_crl(told.as_ref().ok()) {
            return Ok(None);
        }
        if let Err(error) = told {
            return Ok(Some(error.to_string()));
        }
        let signers: Vec<&Certificate> = self.trusted().collect();
        let question = LogQuestion {
            expected_head: None,
            signatures: Signatures::Last,
            signers: &signers,
            has_index: false,
            now: OffsetDateTime::UNIX_EPOCH,
        };
        let check = check_log(self.records(), &question);
        Ok(match check {
            Ok(check) => check.loss.map(|loss| format!("audit.log is damaged: {loss}")),
            Err(error) => Some(error.to_string()),
        })
    }

    /// The same, as far as it is evident without following the chain of the log: its lines are counted, and the one of which `audit.head`
    /// speaks is looked at. A line that was changed, and not the last that was signed, it does not notice.
    pub(in crate::authority) fn evidently_lost(&self, told: &Told) -> Result<Option<String>, AuthorityError> {
        let extent = &told.extent;
        let loss = if extent.lines == 0 {
            let must = self.records().must_have_audit_log()?;
            must.then(|| "it is missing or empty".to_owned())
        } else if extent.last != Some(extent.lines) {
            let last = extent
                .last
                .map_or("no number".into(), |last| format!("number {last}"));
            Some(format!(
                "it has {} lines, and the last one gives {last}",
                extent.lines
            ))
        } else if let Some(head) = self.displaced_head(told) {
            Some(format!(
                "it does not contain line {} as the CA key signed it in `audit.head`",
                head.seq
            ))
        } else {
            told.is_cut.then(|| "it says that lines were cut off".to_owned())
        };
        if loss.is_none() || self.has_newest_crl(Some(told)) {
            return Ok(None);
        }
        Ok(loss.map(|loss| format!("audit.log is damaged: {loss}")))
    }

    /// Whether there is no record at all, and the audit log announces certificates.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn has_lost_records(&self) -> Result<bool, AuthorityError> {
        if self.records().last()?.is_some() {
            return Ok(false);
        }
        let mut is_announced = false;
        self.records().audit_lines_with(&["\"serial\":"], &mut |fields| {
            is_announced |= announces_own_record(&fields.action);
        })?;
        Ok(is_announced)
    }

    /// What `audit.head` says, rightly signed, where the log does not have that line in its place.
    fn displaced_head<'t>(&self, told: &'t Told) -> Option<&'t SignedHead> {
        let Some(HeadFile::Read(head)) = &told.head else {
            return None;
        };
        let signers: Vec<&Certificate> = self.trusted().collect();
        let is_signed = || {
            key_of_log(&signers, &head.key)
                .is_some_and(|key| is_signed_by(key, &head.message, &head.signature))
        };
        (told.extent.hash.as_ref() != Some(&head.head) && is_signed()).then_some(head)
    }

    /// Whether a CRL was made before, as far as the number of the next one tells.
    pub(in crate::authority) fn has_made_crls(&self) -> bool {
        let next = self.records().next_crl_number().ok().flatten();
        next.is_none_or(|next| next > SerialNumber::one())
            || self.records().crl(None).is_ok_and(|crl| crl.is_some())
    }

    /// Whether lines at the end of the log are missing: `audit.head` speaks of one that is nowhere in it.
    fn lacks_its_head(&self, told: &Told) -> bool {
        let Some(head) = self.displaced_head(told) else {
            return false;
        };
        // Lines before it that were taken out moved it.
        let mut has_line = false;
        let read = self.records().audit_lines(&mut |line| {
            has_line = line.is_whole && hash_of(&line.text) == head.head;
            if has_line {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        read.is_ok() && !has_line
    }

    /// Whether the present CRL is the last one that was made: it lists every revocation from before. `crl.num` and a log that ends too early
    /// may be from the same backup as the CRL: then only a CRL that is later than that log shows anything.
    fn has_newest_crl(&self, told: Option<&Told>) -> bool {
        let Some(number) = self
            .present_crl()
            .ok()
            .flatten()
            .and_then(|crl| crl.number().cloned())
        else {
            return false;
        };
        let Ok(next) = self.records().next_crl_number() else {
            return false;
        };
        let is_before_next = next.is_none_or(|next| number.next().is_none_or(|after| after >= next));
        let Some(told) = told.filter(|_| is_before_next) else {
            return is_before_next;
        };
        if self.lacks_its_head(told) {
            told.crl_number.as_ref() < Some(&number)
        } else {
            told.crl_number.as_ref() <= Some(&number)
                && (!told.is_cut || told.before_cut.as_ref() < Some(&number))
        }
    }
}

impl Witnesses {
    /// What they say together of a certificate of an issuer. A hold in a CRL counts unless the log says that it was taken back after
    /// the CRL was made.
    pub(in crate::authority) fn revocation_of(
        &self,
        serial: &SerialNumber,
        issuer: &DistinguishedName,
    ) -> Option<Revocation> {
        let listed = self.crls.iter().filter_map(|crl| {
            let entry = crl.entry_for(serial, issuer)?;
            is_in_force(&entry, crl, &self.told).then_some(entry)
        });
        let told = self.told.of(serial).map(|told| told.revocation.clone());
        listed
            .map(|entry| Revocation::from(&entry))
            .chain(told)
            .reduce(|one, other| one.joined(&other))
    }

    /// The same of a certificate.
    pub(in crate::authority) fn revocation_of_certificate(
        &self,
        certificate: &Certificate,
    ) -> Option<Revocation> {
        self.revocation_of(certificate.serial(), certificate.issuer())
    }

    /// A revocation in the log of a certificate of a key, for its key.
    pub(in crate::authority) fn told_of_key(&self, key: &PublicKey) -> Option<&ToldRevocation> {
        let digits = key_digits(key);
        let has_key = |told: &&ToldRevocation| told.key_material.as_ref() == Some(&digits);
        self.told
            .iter()
            .filter(|told| told.revocation.is_compromise())
            .find(has_key)
    }
}

/// What a CRL and the audit log say together of each certificate that they have as revoked, for the next CRL. Where there is no log, nothing
/// says when a hold of the CRL was taken back, and `ca.db` alone decides.
pub(in crate::authority) fn witnessed(
    crl: Option<&RevocationList>,
    told: &Told,
) -> HashMap<SerialNumber, Revocation> {
    let in_force = |crl: &'_ RevocationList| {
        let entries = crl.entries().filter(|entry| is_to_be_kept(entry, crl, told));
        entries.collect::<Vec<_>>()
    };
    let entries = crl.into_iter().flat_map(in_force);
    let mut all: HashMap<SerialNumber, Revocation> = entries
        .map(|entry| (entry.serial.clone(), Revocation::from(&entry)))
        .collect();
    for told in told.iter() {
        let known = all
            .entry(told.serial.clone())
            .or_insert_with(|| told.revocation.clone());
        *known = known.joined(&told.revocation);
    }
    all
}

/// Whether what a CRL says of a certificate still holds: a hold that was taken back after the CRL was made does not, as in a CRL from
/// before that was put back.
pub(in crate::authority) fn is_in_force(entry: &RevokedEntry, crl: &RevocationList, told: &Told) -> bool {
    match entry.reason {
        Some(RevocationReason::RemoveFromCrl) => false,
        Some(RevocationReason::CertificateHold) => !told.is_released_after(entry, crl),
        _ => true,
    }
}

/// Whether the next CRL and `ca.db` must have what a CRL says of a certificate. Without a log, a hold may have been taken back at any time.
pub(in crate::authority) fn is_to_be_kept(entry: &RevokedEntry, crl: &RevocationList, told: &Told) -> bool {
    is_in_force(entry, crl, told) && (told.has_log || !is_hold(entry))
}

fn is_hold(entry: &RevokedEntry) -> bool {
    matches!(
        entry.reason,
        Some(RevocationReason::CertificateHold | RevocationReason::RemoveFromCrl)
    )
}

#[cfg(test)]
mod tests {
    use rcgen::RevocationReason as Reason;

    use super::*;
    use crate::records::AuditFields;
    use crate::tests::{Identity, serial};

    fn told(action: &str, reason: Option<&str>) -> AuditFields {
        let line = serde_json::json!({
            "seq": 1,
            "time": "2030-03-26T12:00:00Z",
            "prev": "",
            "action": action,
            "serial": "2A",
            "reason": reason,
        });
        serde_json::from_value(line).expect("a line")
    }

    /// The line about the CRL that the tests make.
    fn seventh_crl() -> AuditFields {
        AuditFields {
            serial: None,
            crl_number: Some("07".to_owned()),
            ..told("crl.update", None)
        }
    }

    /// The reason that a CRL and the log give together.
    fn reason(entries: &[(u8, Option<Reason>)], lines: &[AuditFields]) -> Option<String> {
        let ca = Identity::root("Example CA");
        let mut known = Told::default();
        known.has_log = true;
        for line in lines {
            known.take(line);
        }
        let all = witnessed(Some(&ca.crl(entries)), &known);
        let witnesses = Witnesses {
            crls: vec![ca.crl(entries)],
            told: known,
        };
        let found = witnesses.revocation_of(&serial("2A"), ca.certificate.subject());
        assert_eq!(all.get(&serial("2A")), found.as_ref(), "both ways are the same");
        found.map(|found| found.reason.unwrap_or_default())
    }

    #[test]
    fn crl_and_log_say_together() {
        let compromise = told("cert.revoke", Some("keyCompromise"));
        let rows: [(&str, Option<String>, Option<&str>); 8] = [
            ("neither knows it", reason(&[], &[]), None),
            (
                "the CRL alone",
                reason(&[(0x2a, Some(Reason::Superseded))], &[]),
                Some("superseded"),
            ),
            (
                "a hold in the CRL alone",
                reason(&[(0x2a, Some(Reason::CertificateHold))], &[]),
                Some("certificateHold"),
            ),
            (
                "a hold in the CRL that was taken back after that",
                reason(
                    &[(0x2a, Some(Reason::CertificateHold))],
                    &[
                        seventh_crl(),
                        told("cert.revoke", Some("certificateHold")),
                        told("cert.unhold", None),
                    ],
                ),
                None,
            ),
            (
                "the log alone",
                reason(&[], std::slice::from_ref(&compromise)),
                Some("keyCompromise"),
            ),
            (
                "the stronger reason counts",
                reason(
                    &[(0x2a, Some(Reason::Superseded))],
                    std::slice::from_ref(&compromise),
                ),
                Some("keyCompromise"),
            ),
            (
                "a hold that the log took back",
                reason(
                    &[],
                    &[
                        told("cert.revoke", Some("certificateHold")),
                        told("cert.unhold", None),
                    ],
                ),
                None,
            ),
            (
                "what is revoked for good is not taken back",
                reason(&[], &[compromise.clone(), told("cert.unhold", None)]),
                Some("keyCompromise"),
            ),
        ];
        for (situation, found, expected) in rows {
            assert_eq!(found.as_deref(), expected, "{situation}");
        }
    }

    #[test]
    fn number_of_another_ca_is_not_ours() {
        let (ours, theirs) = (Identity::root("Example CA"), Identity::root("Other CA"));
        let witnesses = Witnesses {
            crls: vec![theirs.crl(&[(0x2a, None)])],
            told: Told::default(),
        };
        assert_eq!(
            witnesses.revocation_of(&serial("2A"), ours.certificate.subject()),
            None
        );
        assert!(
            witnesses
                .revocation_of(&serial("2A"), theirs.certificate.subject())
                .is_some()
        );
    }
}
