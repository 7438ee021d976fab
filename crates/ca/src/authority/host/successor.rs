//! What came in the place of a certificate: by an earlier call that was cut off, or by another call at the same time.

use std::ops::RangeInclusive;

use time::{Duration, OffsetDateTime};

use crate::authority::host::compare::compare;
use crate::authority::status::witnesses::LazyWitnesses;
use crate::authority::{Authority, AuthorityError, IssuePlan, RenewalMargin};
use crate::records::{AuditFields, Record, RecordStatus, Watch, host_names};
use gsec_pki::x509::{CLOCK_SKEW_ALLOWANCE, Certificate, RevocationReason, SerialNumber};

/// How far the time of a line of the audit log may be from what a certificate or a record says.
const SLACK: Duration = Duration::minutes(10);
/// What a call left that was cut off is a renewal as long as `cert ensure` would not renew it.
const DUE_BEFORE: Duration = Duration::days(30);

/// What was recorded since a call began, and before it by calls that have not finished: they still work, or were cut off.
pub struct RenewalWatch {
    place: Box<dyn Watch>,
    came: Vec<Came>,
}

struct Came {
    serial: SerialNumber,
    subject: String,
    /// Whether it was recorded before.
    is_unfinished: bool,
}

impl RenewalWatch {
    fn look(&mut self) -> Result<(), AuthorityError> {
        let came = &mut self.came;
        self.place
            .advance(&mut |record| came.push(Came::of(record, false)))?;
        Ok(())
    }
}

impl Came {
    fn of(record: &Record, is_unfinished: bool) -> Self {
        Self {
            serial: record.serial.clone(),
            subject: record.subject.clone(),
            is_unfinished,
        }
    }
}

impl Authority {
    /// Starts to watch for what other calls record. It comes before anything is chosen.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn watch_renewals(&self) -> Result<RenewalWatch, AuthorityError> {
        let place = self.records().watch()?;
        // In this order: what is recorded in between is seen twice, and not missed.
        let unfinished = self.unfiled_records(&|_| true)?;
        Ok(RenewalWatch {
            place,
            came: unfinished.iter().map(|record| Came::of(record, true)).collect(),
        })
    }

    /// The certificate that another call has issued since the watch began, and that is as planned; or that an unfinished call was issuing in
    /// the place of the same certificate when the watch began, and that is complete now.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn renewed_since(
        &self,
        watch: &mut RenewalWatch,
        plan: &IssuePlan<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Certificate>, AuthorityError> {
        watch.look()?;
        let subject = plan.subject.openssl_oneline();
        let candidates: Vec<&Came> = watch
            .came
            .iter()
            .rev()
            .filter(|came| came.subject == subject)
            .collect();
        let witnesses = LazyWitnesses::default();
        for Came {
            serial,
            is_unfinished,
            ..
        } in candidates
        {
            let Some(record) = self.records().find(serial)? else {
                continue;
            };
            let Some(certificate) = self.issued_certificate(serial)? else {
                continue;
            };
            // What was cut off long ago is due for renewal itself.
            let margin = RenewalMargin {
                now,
                renew_before: if *is_unfinished {
                    DUE_BEFORE
                } else {
                    Duration::ZERO
                },
            };
            let witnesses = witnesses.get(self)?;
            let is_as_planned =
                compare(plan, &record, &certificate, self.certificate(), margin, witnesses).is_empty();
            if is_as_planned && (!is_unfinished || self.takes_same_place(&certificate, plan)?) {
                return Ok(Some(certificate));
            }
        }
        Ok(None)
    }

    /// Whether a certificate was issued in the place of the one replaced by a plan, as the audit log records.
    fn takes_same_place(
        &self,
        certificate: &Certificate,
        plan: &IssuePlan<'_>,
    ) -> Result<bool, AuthorityError> {
        let Some((_, old)) = plan.audit.iter().find(|(key, _)| *key == "replaces") else {
            return Ok(false);
        };
        Ok(self
            .logged_issue(certificate, &|fields| {
                fields.replaces.is_some() && fields.replaces.as_deref() == old.as_str()
            })?
            .is_some())
    }

    /// The certificate in whose place one was issued that came since the watch began, as the audit log
    /// records.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn replaced_since(
        &self,
        watch: &mut RenewalWatch,
        serial: &SerialNumber,
    ) -> Result<Option<SerialNumber>, AuthorityError> {
        watch.look()?;
        if !watch.came.iter().any(|came| came.serial == *serial) {
            return Ok(None);
        }
        let Some(certificate) = self.issued_certificate(serial)? else {
            return Ok(None);
        };
        let line = self.logged_issue(&certificate, &|fields| fields.replaces.is_some())?;
        Ok(line.and_then(|line| SerialNumber::parse_any_hex(&line.replaces?)))
    }

    /// The certificate to be revoked by an earlier call when it issued this one in its place, and which is
    /// valid still, or which the CRL does not list: it was cut off.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn left_to_revoke(
        &self,
        serial: &SerialNumber,
        now: OffsetDateTime,
    ) -> Result<Option<SerialNumber>, AuthorityError> {
        let Some(certificate) = self.issued_certificate(serial)? else {
            return Ok(None);
        };
        let line = self.logged_issue(&certificate, &|fields| fields.revokes_old == Some(true))?;
        let Some(old) = line.and_then(|line| SerialNumber::parse_any_hex(&line.replaces?)) else {
            return Ok(None);
        };
        let Some(record) = self.records().find(&old)? else {
            return Ok(None);
        };
        let is_left = record.is_valid_at(now)
            || (is_superseded(&record) && record.expiry >= now && !self.is_in_crl(&old)?);
        Ok(is_left.then_some(old))
    }

    fn is_in_crl(&self, serial: &SerialNumber) -> Result<bool, AuthorityError> {
        Ok(self
            .present_crl()?
            .is_some_and(|crl| crl.entries().any(|entry| entry.serial == *serial)))
    }

    /// The certificate issued by an earlier call in the place of one that it revoked as superseded, or was to
    /// revoke and was cut off before, as the audit log records. `None` unless it is valid and kept.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn successor_of(
        &self,
        serial: &SerialNumber,
        now: OffsetDateTime,
    ) -> Result<Option<Certificate>, AuthorityError> {
        let Some(old) = self.records().find(serial)? else {
            return Ok(None);
        };
        let is_revoked = old.status == RecordStatus::Revoked;
        if is_revoked && !is_superseded(&old) {
            return Ok(None);
        }
        let Some(certificate) = self.issued_certificate(serial)? else {
            return Ok(None);
        };
        let Some(host) = host_names(&certificate).into_iter().next() else {
            return Ok(None);
        };
        let digits = serial.to_string();
        let takes_its_place = |fields: &AuditFields| {
            fields.action == "cert.renew"
                && fields.replaces.as_deref() == Some(&digits)
                && (is_revoked || fields.revokes_old == Some(true))
        };
        let others = self
            .records_of(&host)?
            .into_iter()
            .rev()
            .filter(|other| other.record.serial != *serial && other.record.is_valid_at(now));
        for other in others.filter_map(|other| other.certificate) {
            let may_be =
                other.subject() == certificate.subject() && other.not_before() >= certificate.not_before();
            if may_be && self.logged_issue(&other, &takes_its_place)?.is_some() {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }

    /// The line of the audit log about a certificate of which `is_meant` holds, looked for first at the time at which it was issued.
    pub(in crate::authority) fn logged_issue(
        &self,
        certificate: &Certificate,
        is_meant: &dyn Fn(&AuditFields) -> bool,
    ) -> Result<Option<AuditFields>, AuthorityError> {
        let issued = certificate.not_before();
        Ok(self.records().audit_line(
            certificate.serial(),
            &around(issued..=issued + CLOCK_SKEW_ALLOWANCE),
            is_meant,
        )?)
    }
}

fn is_superseded(record: &Record) -> bool {
    let reason = record
        .revocation
        .as_ref()
        .and_then(|revocation| revocation.reason.as_deref());
    record.status == RecordStatus::Revoked && reason == RevocationReason::Superseded.openssl_name()
}

pub(in crate::authority) fn around(times: RangeInclusive<OffsetDateTime>) -> RangeInclusive<OffsetDateTime> {
    times.start().saturating_sub(SLACK)..=times.end().saturating_add(SLACK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::{HostKey, HostOrder};
    use crate::records::Revocation;
    use crate::tests::{Site, in_days, now, order, serial};
    use crate::tests::{delivery, session};
    use gsec_pki::key::KeyAlgorithm;

    #[test]
    fn revoked_as_superseded_is_more_than_the_reason() {
        let record = |status, reason: &str| Record {
            status,
            revocation: Some(Revocation {
                reason: Some(reason.to_owned()),
                ..Revocation::unknown()
            }),
            ..Record::lost(&serial("2A"))
        };
        assert!(is_superseded(&record(RecordStatus::Revoked, "superseded")));
        assert!(!is_superseded(&record(RecordStatus::Revoked, "keyCompromise")));
        assert!(!is_superseded(&record(RecordStatus::Valid, "superseded")));
    }

    #[test]
    fn renewal_of_another_call_is_taken_where_it_is_as_planned() {
        let site = Site::new();
        let old = site.issue("a.example.com");
        let authority = &site.authority;
        let renewal = || {
            let key = HostKey::Generate(KeyAlgorithm::P256);
            authority.renewal_of(&old, None, key).expect("an order")
        };
        let since = |watch: &mut RenewalWatch, order: HostOrder| {
            let plan = authority.plan_host(order, now()).expect("a plan");
            let found = authority.renewed_since(watch, &plan, now()).expect("an answer");
            found.map(|found| found.serial().clone())
        };
        let mut watch = authority.watch_renewals().expect("a watch");
        assert_eq!(since(&mut watch, renewal()), None, "nothing came");
        let other = site.issue("b.example.com");
        assert_eq!(since(&mut watch, renewal()), None, "something else came");
        let new = site.issue_order(renewal()).expect("a certificate");
        assert_eq!(since(&mut watch, renewal()), Some(new.serial().clone()));
        let server = HostOrder {
            profile: "tls-server".into(),
            ..order("a.example.com")
        };
        assert_eq!(since(&mut watch, server), None, "it is not as planned");
        assert_ne!(other.serial(), new.serial());
        let mut late = authority.watch_renewals().expect("a watch");
        assert_eq!(since(&mut late, renewal()), None, "it came before");
    }

    #[test]
    fn times_around_a_certificate() {
        let times = around(in_days(0)..=in_days(1));
        assert_eq!(
            (*times.start(), *times.end()),
            (in_days(0) - SLACK, in_days(1) + SLACK)
        );
    }

    /// Renews as a call does that is to revoke the old certificate.
    fn renew(site: &Site, old: &Certificate, revokes_old: bool) -> Certificate {
        let authority = &site.authority;
        let order = authority
            .renewal_of(old, None, HostKey::Generate(KeyAlgorithm::P256))
            .expect("an order");
        let plan = authority.plan_host(order, now()).expect("a plan");
        let plan = if revokes_old {
            plan.noting("revokes_old", true)
        } else {
            plan
        };
        session("cert.renew", now(), |session| {
            authority.issue_host(plan, &site.unlocked, &delivery(), session)
        })
        .expect("issued")
        .certificate
    }

    #[test]
    fn revocation_that_a_renewal_left_undone_is_found() {
        let site = Site::new();
        let left = |new: &Certificate| {
            site.authority
                .left_to_revoke(new.serial(), now())
                .expect("an answer")
        };
        let old = site.issue("a.example.com");
        assert_eq!(left(&renew(&site, &old, false)), None, "it was not to be revoked");
        let new = renew(&site, &old, true);
        assert_eq!(left(&new), Some(old.serial().clone()));
        site.revoke(&old, RevocationReason::Superseded);
        assert_eq!(left(&new), Some(old.serial().clone()), "no CRL lists it");
        site.update_crl();
        assert_eq!(left(&new), None);
        assert_eq!(left(&old), None, "it replaced nothing");
    }

    #[test]
    fn successor_is_what_came_in_the_place_of_a_certificate() {
        let site = Site::new();
        let successor = |old: &Certificate| {
            let found = site
                .authority
                .successor_of(old.serial(), now())
                .expect("an answer");
            found.map(|found| found.serial().clone())
        };
        let old = site.issue("a.example.com");
        assert_eq!(successor(&old), None);
        let new = renew(&site, &old, true);
        assert_eq!(successor(&old), Some(new.serial().clone()));
        site.revoke(&old, RevocationReason::Superseded);
        assert_eq!(successor(&old), Some(new.serial().clone()));
        let stolen = site.issue("b.example.com");
        renew(&site, &stolen, true);
        site.revoke(&stolen, RevocationReason::KeyCompromise);
        assert_eq!(successor(&stolen), None, "it was not revoked for that");
        site.revoke(&new, RevocationReason::Superseded);
        assert_eq!(successor(&old), None, "the new one is not valid any more");
    }

    #[test]
    fn what_another_call_replaced_since() {
        let site = Site::new();
        let old = site.issue("a.example.com");
        let mut watch = site.authority.watch_renewals().expect("a watch");
        let new = renew(&site, &old, false);
        let other = site.issue("b.example.com");
        let mut replaced = |one: &Certificate| {
            site.authority
                .replaced_since(&mut watch, one.serial())
                .expect("an answer")
        };
        assert_eq!(replaced(&new), Some(old.serial().clone()));
        assert_eq!(replaced(&other), None);
        assert_eq!(replaced(&old), None, "it came before");
    }
}
