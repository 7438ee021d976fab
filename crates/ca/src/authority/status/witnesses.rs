//! What besides `ca.db` knows of revocations: the available CRLs, and the audit log. A copy of `ca.db` that
//! was restored, or a line of it that was changed, takes back nothing that one of them records.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::authority::host::issue::key_digits;
use crate::authority::{Authority, AuthorityError};
use crate::records::{Revocation, Told, ToldRevocation};
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

impl Witnesses {
    /// What they say together of a certificate of an issuer: a revocation for good by a CRL, and any in the
    /// log. A hold in a CRL may have been taken back since the CRL was made.
    pub(in crate::authority) fn revocation_of(
        &self,
        serial: &SerialNumber,
        issuer: &DistinguishedName,
    ) -> Option<Revocation> {
        let listed = self
            .crls
            .iter()
            .filter_map(|crl| crl.entry_for(serial, issuer))
            .filter(|entry| !is_hold(entry));
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

/// What a CRL and the audit log say together of each certificate that they have as revoked; a hold of the CRL may have been taken back.
pub(in crate::authority) fn witnessed(
    crl: Option<&RevocationList>,
    told: &Told,
) -> HashMap<SerialNumber, Revocation> {
    let entries = crl
        .into_iter()
        .flat_map(RevocationList::entries)
        .filter(|entry| !is_hold(entry));
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
            "time": "2030-03-20T00:00:00Z",
            "prev": "",
            "action": action,
            "serial": "2A",
            "reason": reason,
        });
        serde_json::from_value(line).expect("a line")
    }

    /// The reason that a CRL and the log give together.
    fn reason(entries: &[(u8, Option<Reason>)], lines: &[AuditFields]) -> Option<String> {
        let ca = Identity::root("Example CA");
        let mut known = Told::default();
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
        let rows: [(&str, Option<String>, Option<&str>); 7] = [
            ("neither knows it", reason(&[], &[]), None),
            (
                "the CRL alone",
                reason(&[(0x2a, Some(Reason::Superseded))], &[]),
                Some("superseded"),
            ),
            (
                "a hold of the CRL may have been taken back",
                reason(&[(0x2a, Some(Reason::CertificateHold))], &[]),
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
