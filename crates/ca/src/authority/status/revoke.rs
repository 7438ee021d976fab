//! Revoking certificates, and taking a hold back.

use std::collections::HashSet;

use time::OffsetDateTime;

use crate::authority::session::AuditFacts;
use crate::authority::status::witnesses::Witnesses;
use crate::authority::{Authority, AuthorityError, Session, Unlocked};
use crate::records::{
    AuditEntry, AuditHead, ChangedRecord, Record, RecordStatus, Revocation, StatusChange, digits_of,
    key_digits,
};
use gsec_pki::x509::{RevocationList, RevocationReason, SerialNumber};

/// What came of revoking, or of taking a hold back.
pub struct StatusOutcome {
    /// The records that were found; those that stayed as they were have no `after`.
    pub records: Vec<ChangedRecord>,
    /// Serial numbers without a record.
    pub missing: Vec<SerialNumber>,
    /// The head of the audit log after it; `None` where nothing was changed, or there is no log.
    pub audit_head: Option<AuditHead>,
}

impl StatusOutcome {
    /// Whether any record was changed.
    pub fn is_changed(&self) -> bool {
        self.records.iter().any(|record| record.after.is_some())
    }
}

/// What becomes of certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusOrder {
    /// They are revoked. One that is revoked already stays as it is, but for a hold, which becomes a revocation of that day, and for a key
    /// that turns out to be in other hands: then the reason becomes that one, and the day stays.
    Revoke(RevocationReason),
    /// Holds are taken back: they are valid again. One that is not on hold stays as it is.
    Unhold,
}

impl StatusOrder {
    /// The record as it will be; `None` when it stays as it is.
    fn decide(self, record: &Record, now: OffsetDateTime) -> Option<Record> {
        let is_hold = record.revocation.as_ref().is_some_and(Revocation::is_hold);
        let since = record.revocation.as_ref().map_or(now, |revocation| revocation.at);
        match (self, record.status) {
            (Self::Revoke(reason), RecordStatus::Valid | RecordStatus::Expired) => {
                Some(record.revoked(Revocation::of(Some(reason), now)))
            }
            (Self::Revoke(reason), RecordStatus::Revoked)
                if is_hold && reason != RevocationReason::CertificateHold =>
            {
                Some(record.revoked(Revocation::of(Some(reason), since)))
            }
            (Self::Revoke(reason), RecordStatus::Revoked) => {
                let known = record.revocation.as_ref().and_then(Revocation::known_reason);
                let is_known = known.is_some_and(RevocationReason::is_compromise);
                (reason.is_compromise() && !is_known)
                    .then(|| record.revoked(Revocation::of(Some(reason), since)))
            }
            (Self::Unhold, RecordStatus::Revoked) if is_hold => Some(Record {
                status: RecordStatus::Valid,
                revocation: None,
                ..record.clone()
            }),
            (Self::Unhold, _) => None,
        }
    }

    /// The reason as the audit log says it.
    fn reason(self) -> RevocationReason {
        match self {
            Self::Revoke(reason) => reason,
            Self::Unhold => RevocationReason::RemoveFromCrl,
        }
    }
}

impl Authority {
    /// Says what [`Authority::change_status`] would do. Nothing is changed.
    ///
    /// # Errors
    /// [`AuthorityError::OwnCertificate`], [`AuthorityError::Store`].
    pub fn plan_status(
        &self,
        serials: &[SerialNumber],
        order: StatusOrder,
        now: OffsetDateTime,
    ) -> Result<StatusOutcome, AuthorityError> {
        self.expect_not_own(serials, order)?;
        self.expect_clock(now)?;
        let witnesses = self.witnesses()?;
        self.expect_holds(serials, order, &witnesses)?;
        let records = self.records().preview(serials, &|record| {
            self.decide_status(order, record, &witnesses, now)
        })?;
        Ok(StatusOutcome {
            missing: missing(serials, &records),
            records,
            audit_head: None,
        })
    }

    /// Revokes certificates by serial number, or takes holds back, in one commit. The CRL is another matter:
    /// [`Authority::update_crl`].
    ///
    /// # Errors
    /// [`AuthorityError::OwnCertificate`], [`AuthorityError::Store`]; then nothing is changed.
    pub fn change_status(
        &self,
        serials: &[SerialNumber],
        order: StatusOrder,
        unlocked: Option<&Unlocked>,
        session: &mut Session<'_>,
    ) -> Result<StatusOutcome, AuthorityError> {
        self.change_status_where(serials, order, unlocked, session, &|_| true)
    }

    /// The same of those records only of which something holds. It is asked again where the records were changed meanwhile.
    pub(in crate::authority) fn change_status_where(
        &self,
        serials: &[SerialNumber],
        order: StatusOrder,
        unlocked: Option<&Unlocked>,
        session: &mut Session<'_>,
        is_meant: &dyn Fn(&Record) -> bool,
    ) -> Result<StatusOutcome, AuthorityError> {
        self.expect_not_own(serials, order)?;
        self.expect_clock(session.now)?;
        let witnesses = self.witnesses()?;
        self.expect_holds(serials, order, &witnesses)?;
        let now = session.now;
        let entry = self
            .audit_entry(session, &AuditFacts::default())
            .with("reason", order.reason().name());
        let entry = if order == StatusOrder::Unhold {
            self.naming_outdated(entry)
        } else {
            entry
        };
        // When the certificate is lost, the log knows its key.
        let audit = |record: &Record| match self.certificate_of(&record.serial, &record.host_names()) {
            Ok(Some(certificate)) => entry
                .clone()
                .with("key_material", key_digits(certificate.public_key())),
            Ok(None) | Err(_) => entry.clone(),
        };
        let change = StatusChange {
            serials,
            decide: &|record| {
                is_meant(record)
                    .then(|| self.decide_status(order, record, &witnesses, now))
                    .flatten()
            },
            audit: &audit,
        };
        let seal = unlocked.map(Unlocked::seal);
        let stamp = session.stamp(seal.as_ref().map(|seal| seal as _));
        let changes = self.records().change(&change, &stamp, &mut session.wait)?;
        Ok(StatusOutcome {
            missing: missing(serials, &changes.records),
            records: changes.records,
            audit_head: changes.audit_head,
        })
    }
}

impl Authority {
    /// The line about a release, with the CRL that it makes out of date: the log does not tell of one that `openssl ca` made.
    fn naming_outdated(&self, entry: AuditEntry) -> AuditEntry {
        let crls = self.crls_at_hand();
        let numbers = crls.iter().filter_map(RevocationList::number).cloned();
        let entry = match numbers.max() {
            Some(number) => entry.with("crl_number", number.to_string()),
            None => entry,
        };
        match crls.last() {
            Some(crl) => entry.with("crl_sha256", digits_of(crl)),
            None => entry,
        }
    }

    /// Only a hold is ever taken back (RFC 5280 §5.3.1): whatever `ca.db` says, no other revocation in a CRL
    /// or the audit log.
    fn expect_holds(
        &self,
        serials: &[SerialNumber],
        order: StatusOrder,
        witnesses: &Witnesses,
    ) -> Result<(), AuthorityError> {
        if order != StatusOrder::Unhold {
            return Ok(());
        }
        for serial in serials {
            let Some(record) = self.records().find(serial)? else {
                continue;
            };
            let recorded = record.revocation.filter(|recorded| !recorded.is_hold());
            let is_recorded = recorded.is_some();
            let known = witnesses
                .revocation_of(serial, self.certificate().subject())
                .filter(|known| !known.is_hold());
            let Some(known) = known.or(recorded) else {
                continue;
            };
            let reason = known
                .spelled_reason()
                .unwrap_or_else(|| RevocationReason::Unspecified.name().to_owned());
            return Err(AuthorityError::RevokedForGood {
                ca_dir: self.directory().root().to_owned(),
                serial: serial.clone(),
                reason,
                is_recorded,
            });
        }
        Ok(())
    }

    /// What becomes of a record. A revocation in a CRL or the audit log is not weakened.
    fn decide_status(
        &self,
        order: StatusOrder,
        record: &Record,
        witnesses: &Witnesses,
        now: OffsetDateTime,
    ) -> Option<Record> {
        let known = witnesses.revocation_of(&record.serial, self.certificate().subject());
        // A hold that ca.db has lost is taken back as well: the log gets its line, and the record stays as it is.
        let is_lost_hold = order == StatusOrder::Unhold
            && record.status != RecordStatus::Revoked
            && known.as_ref().is_some_and(Revocation::is_hold);
        let after = order
            .decide(record, now)
            .or_else(|| is_lost_hold.then(|| record.clone()))?;
        match (&after.revocation, known) {
            (Some(revocation), Some(known)) => Some(Record {
                revocation: Some(revocation.joined(&known)),
                ..after
            }),
            _ => Some(after),
        }
    }

    /// A CA cannot revoke its own certificate: peers that trust it do not check its CRL for it, and the CRL
    /// is signed by the key in question.
    fn expect_not_own(&self, serials: &[SerialNumber], order: StatusOrder) -> Result<(), AuthorityError> {
        if order == StatusOrder::Unhold {
            return Ok(());
        }
        let own = self.own_certificates()?;
        // Mostly no serial number is that of a CA certificate, and then no record is read.
        for serial in serials
            .iter()
            .filter(|serial| own.iter().any(|own| own.serial() == *serial))
        {
            let Some(record) = self.records().find(serial)? else {
                continue;
            };
            if let Some(certificate) = self.own_certificate_of(&record, &own) {
                let is_present = certificate == self.certificate();
                return Err(AuthorityError::OwnCertificate {
                    serial: serial.clone(),
                    subject: certificate.subject().to_string(),
                    is_present,
                });
            }
        }
        Ok(())
    }
}

fn missing(serials: &[SerialNumber], records: &[ChangedRecord]) -> Vec<SerialNumber> {
    let found: HashSet<&SerialNumber> = records.iter().map(|record| &record.before.serial).collect();
    serials
        .iter()
        .filter(|serial| !found.contains(serial))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, in_days, now, serial};
    use gsec_pki::x509::DistinguishedName;

    fn record(status: RecordStatus, reason: Option<&str>) -> Record {
        let name = DistinguishedName::build(&crate::tests::named("a.example.com")).expect("a name");
        let is_revoked = status == RecordStatus::Revoked;
        Record {
            status,
            revocation: is_revoked.then(|| Revocation {
                at: in_days(-9),
                reason: reason.map(str::to_owned),
                extra: None,
            }),
            ..Record::issued(&serial("2A"), in_days(300), &name)
        }
    }

    /// What a record becomes: `None` as it is, or its day and its reason; without a day it is valid.
    fn becomes(order: StatusOrder, record: &Record) -> Option<Option<(OffsetDateTime, Option<String>)>> {
        let after = order.decide(record, now())?;
        assert_eq!(after.revocation.is_some(), after.status == RecordStatus::Revoked);
        Some(
            after
                .revocation
                .map(|revocation| (revocation.at, revocation.reason)),
        )
    }

    #[test]
    fn what_becomes_of_a_record() {
        use RecordStatus::{Expired, Revoked, Valid};
        use RevocationReason::{CertificateHold, KeyCompromise, Superseded, Unspecified};
        use StatusOrder::{Revoke, Unhold};
        let today = |reason: Option<&str>| Some(Some((now(), reason.map(str::to_owned))));
        let then = |reason: Option<&str>| Some(Some((in_days(-9), reason.map(str::to_owned))));
        let rows = [
            (
                "valid, revoked",
                Revoke(Superseded),
                record(Valid, None),
                today(Some("superseded")),
            ),
            (
                "expired, revoked",
                Revoke(Superseded),
                record(Expired, None),
                today(Some("superseded")),
            ),
            (
                "revoked without a reason",
                Revoke(Unspecified),
                record(Valid, None),
                today(None),
            ),
            (
                "revoked again",
                Revoke(Superseded),
                record(Revoked, Some("cessationOfOperation")),
                None,
            ),
            (
                "revoked again, its key is stolen",
                Revoke(KeyCompromise),
                record(Revoked, Some("superseded")),
                then(Some("keyCompromise")),
            ),
            (
                "revoked again, its key was stolen",
                Revoke(KeyCompromise),
                record(Revoked, Some("keyCompromise")),
                None,
            ),
            (
                "on hold, revoked",
                Revoke(Superseded),
                record(Revoked, Some("certificateHold")),
                then(Some("superseded")),
            ),
            (
                "on hold, put on hold",
                Revoke(CertificateHold),
                record(Revoked, Some("certificateHold")),
                None,
            ),
            (
                "revoked, put on hold",
                Revoke(CertificateHold),
                record(Revoked, Some("superseded")),
                None,
            ),
            (
                "on hold, taken back",
                Unhold,
                record(Revoked, Some("certificateHold")),
                Some(None),
            ),
            (
                "on hold with an instruction, taken back",
                Unhold,
                record(Revoked, Some("holdInstruction")),
                Some(None),
            ),
            (
                "revoked, taken back",
                Unhold,
                record(Revoked, Some("superseded")),
                None,
            ),
            (
                "revoked without a reason, taken back",
                Unhold,
                record(Revoked, None),
                None,
            ),
            ("valid, taken back", Unhold, record(Valid, None), None),
        ];
        for (situation, order, record, expected) in rows {
            assert_eq!(becomes(order, &record), expected, "{situation}");
        }
    }

    fn code(
        site: &Site,
        number: &SerialNumber,
        order: StatusOrder,
        at: OffsetDateTime,
    ) -> Result<bool, &'static str> {
        let plan = site
            .authority
            .plan_status(std::slice::from_ref(number), order, at);
        plan.map(|outcome| outcome.is_changed())
            .map_err(|error| error.code())
    }

    #[test]
    fn what_is_refused() {
        let site = Site::new();
        let revoke = StatusOrder::Revoke(RevocationReason::Superseded);
        let (valid, held, revoked) = (
            site.issue("a.example.com"),
            site.issue("b.example.com"),
            site.issue("c.example.com"),
        );
        site.revoke(&held, RevocationReason::CertificateHold);
        site.revoke(&revoked, RevocationReason::Superseded);
        let ask = |certificate: &gsec_pki::x509::Certificate, order| {
            code(&site, certificate.serial(), order, now())
        };
        assert_eq!(ask(&valid, revoke), Ok(true));
        assert_eq!(ask(&valid, StatusOrder::Unhold), Ok(false));
        assert_eq!(ask(&held, StatusOrder::Unhold), Ok(true));
        assert_eq!(
            ask(&revoked, StatusOrder::Unhold),
            Err("authority.revoked_for_good")
        );
        assert_eq!(
            code(&site, valid.serial(), revoke, in_days(-1)),
            Err("authority.clock_behind")
        );
        let missing = site
            .authority
            .plan_status(&[serial("7F")], revoke, now())
            .expect("a plan");
        assert_eq!((missing.missing, missing.records.len()), (vec![serial("7F")], 0));
    }

    #[test]
    fn hold_in_ca_db_of_what_the_log_has_for_good_is_not_taken_back() {
        let site = Site::new();
        let certificate = site.issue("a.example.com");
        site.revoke(&certificate, RevocationReason::KeyCompromise);
        let index = site.authority.directory().index();
        let text = std::fs::read_to_string(&index).expect("ca.db");
        std::fs::write(&index, text.replace("keyCompromise", "certificateHold")).expect("ca.db");
        let site = site.reopened();
        assert_eq!(
            code(&site, certificate.serial(), StatusOrder::Unhold, now()),
            Err("authority.revoked_for_good")
        );
    }

    #[test]
    fn certificate_of_the_ca_itself_is_not_revoked() {
        let site = Site::new();
        let own = site.authority.certificate().clone();
        let record = Record::issued(own.serial(), own.not_after(), own.subject());
        // As `openssl ca -selfsign` records it.
        std::fs::write(site.authority.directory().index(), record.to_line() + "\n").expect("ca.db");
        let site = site.reopened();
        let revoke = StatusOrder::Revoke(RevocationReason::Superseded);
        assert_eq!(
            code(&site, own.serial(), revoke, now()),
            Err("authority.own_certificate")
        );
        assert_eq!(code(&site, own.serial(), StatusOrder::Unhold, now()), Ok(false));
    }
}
