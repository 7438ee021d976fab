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
            .content(&record.serial, Some(&plan.host), HostFile::Certificate)
            .ok()
            .flatten();
        let first = |content: &[u8]| decode_certificates(content).ok()?.into_iter().next();
        let kept = kept.and_then(|content| first(&content));
        let is_certificate = |one: &DeliveredFile| one.file == HostFile::Certificate;
        let delivered = delivery
            .delivered(&record.serial, &plan.host, false)
            .into_iter()
            .filter(is_certificate)
            .filter_map(|one| first(&self.delivered_content(&one.path).ok()??));
        let in_sets = StableNames::of(delivery, &plan.host).ok().flatten();
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
