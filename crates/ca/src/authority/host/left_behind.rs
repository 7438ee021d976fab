//! What a call left behind that was killed while it handed a certificate out: the host's files are there, and the CA's own copy, which
//! comes last, is not.

use time::Duration;

use crate::authority::host::compare::compare;
use crate::authority::host::delivery::DeliveredFile;
use crate::authority::host::stable_names::StableNames;
use crate::authority::{
    Authority, AuthorityError, Comparison, Delivery, IssuePlan, Remedy, RenewalMargin, Session,
};
use crate::home::HostFile;
use crate::records::{Record, RecordStatus, fits_record};
use gsec_pki::x509::{Certificate, decode_certificates};

impl Authority {
    /// The certificate of a record without a file, where the host was handed it already: in the repository, or in the folder for output.
    /// `None` while some call may still be writing it. Only this CA's signature proves it.
    fn handed_out(&self, record: &Record, plan: &IssuePlan<'_>, delivery: &Delivery) -> Option<Certificate> {
        if !self.records().is_quiet() || self.file_of(&record.serial).is_some() {
            return None;
        }
        let kept = self
            .records()
            .content(&record.serial, Some(plan.host()), HostFile::Certificate)
            .ok()
            .flatten();
        let first = |content: &[u8]| decode_certificates(content).ok()?.into_iter().next();
        let kept = kept.and_then(|content| first(&content));
        let is_certificate = |one: &DeliveredFile| one.file == HostFile::Certificate;
        let delivered = delivery
            .delivered(&record.serial, plan.host(), false)
            .into_iter()
            .filter(is_certificate)
            .filter_map(|one| first(&self.delivered_content(&one.path).ok()??));
        let in_sets = StableNames::of(delivery, plan.host()).ok().flatten();
        let in_sets = in_sets.iter().flat_map(StableNames::certificates);
        kept.into_iter()
            .chain(delivered)
            .chain(in_sets.map(|(_, certificate)| certificate))
            .find(|certificate| {
                fits_record(certificate, record) && certificate.is_issued_by(self.certificate())
            })
    }

    /// Compares what is planned with a certificate that was left behind; `None` where there is none that is as planned.
    pub(in crate::authority) fn compare_left_behind(
        &self,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        margin: RenewalMargin,
    ) -> Result<Option<Comparison>, AuthorityError> {
        let Some(record) = self
            .unfiled(plan)?
            .filter(|record| record.status == RecordStatus::Valid)
        else {
            return Ok(None);
        };
        let Some(certificate) = self.handed_out(&record, plan, delivery) else {
            return Ok(None);
        };
        let witnesses = &self.witnesses()?;
        let deviates =
            !compare(plan, &record, &certificate, self.certificate(), margin, witnesses).is_empty();
        let mut index = self.records().lookup()?;
        if deviates
            || self
                .compromised_elsewhere(index.as_mut(), &record, &certificate, witnesses)?
                .is_some()
        {
            return Ok(None);
        }
        Ok(Some(self.compare_files(plan, delivery, certificate)?)
            .filter(|comparison| comparison.remedy == Remedy::Restore))
    }

    /// Writes what is missing of a certificate that was left behind, and is as planned. Returns whether there was one.
    pub(in crate::authority) fn complete_left_behind(
        &self,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<bool, AuthorityError> {
        let margin = RenewalMargin {
            now: session.now,
            renew_before: Duration::ZERO,
        };
        let Some(comparison) = self.compare_left_behind(plan, delivery, margin)? else {
            return Ok(false);
        };
        let action = std::mem::replace(&mut session.action, "cert.restore");
        let restored = self.restore_files(comparison, plan, delivery, session);
        session.action = action;
        restored.map(|_| true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::HostOrder;
    use crate::records::Part;
    use crate::tests::{Site, delivery, host, now, order, session};
    use gsec_pki::x509::RevocationReason;

    const HOST: &str = "a.example.com";

    fn own_copy(site: &Site, certificate: &Certificate) -> std::path::PathBuf {
        let place = Part::File(certificate.serial(), None, HostFile::OwnCopy);
        site.authority.records().place(place)
    }

    /// A CA whose call was killed after it had handed out key and certificate, and before the CA's own copy.
    fn killed_at_the_end() -> (Site, Certificate) {
        let site = Site::new();
        let certificate = site.issue(HOST);
        std::fs::remove_file(own_copy(&site, &certificate)).expect("the copy");
        (site, certificate)
    }

    fn compared(site: &Site, order: HostOrder) -> Option<Comparison> {
        let plan = site.authority.plan_host(order, now()).expect("a plan");
        let margin = RenewalMargin {
            now: now(),
            renew_before: Duration::ZERO,
        };
        site.authority
            .compare_left_behind(&plan, &delivery(), margin)
            .expect("an answer")
    }

    #[test]
    fn what_the_host_was_handed_is_completed_and_not_issued_again() {
        let (site, certificate) = killed_at_the_end();
        let found = compared(&site, order(HOST)).expect("it was left behind");
        assert_eq!(found.remedy, Remedy::Restore);
        assert_eq!(found.found.expect("it").certificate, certificate);
        let plan = site.authority.plan_host(order(HOST), now()).expect("a plan");
        for expected in [true, false] {
            let is_completed = session("cert.issue", now(), |session| {
                site.authority.complete_left_behind(&plan, &delivery(), session)
            });
            assert_eq!(is_completed.expect("an answer"), expected);
            assert!(own_copy(&site, &certificate).exists());
        }
    }

    #[test]
    fn what_is_not_as_planned_or_not_this_certificate_stays_as_it_is() {
        let (site, certificate) = killed_at_the_end();
        let more = HostOrder {
            further_names: vec![host("b.example.com")],
            ..order(HOST)
        };
        assert!(compared(&site, more).is_none(), "it lacks a name");
        let kept = Part::File(certificate.serial(), Some(&host(HOST)), HostFile::Certificate);
        let kept = site.authority.records().place(kept);
        let other = Site::new().issue(HOST);
        std::fs::write(&kept, other.to_pem()).expect("another CA's certificate");
        assert!(compared(&site, order(HOST)).is_none(), "of another CA");
        std::fs::remove_file(&kept).expect("the file");
        assert!(
            compared(&site, order(HOST)).is_none(),
            "the host has no certificate"
        );
    }

    #[test]
    fn what_was_revoked_is_not_completed() {
        let (site, certificate) = killed_at_the_end();
        site.revoke(&certificate, RevocationReason::Superseded);
        assert!(compared(&site, order(HOST)).is_none());
    }
}
