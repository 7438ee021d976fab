//! What a call left behind that was killed while it handed a certificate out: the host's files are there, and the CA's own copy, which
//! comes last, is not.

use time::Duration;

use crate::authority::host::compare::compare;
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
        let delivered = delivery.out_dir.iter().find_map(|folder| {
            let path = folder.join(
                HostFile::Certificate
                    .name(&record.serial, Some(&plan.host))?
                    .as_str(),
            );
            self.delivered_content(&path).ok()?
        });
        kept.into_iter().chain(delivered).find_map(|content| {
            let certificate = decode_certificates(&content).ok()?.into_iter().next()?;
            (fits_record(&certificate, record) && certificate.is_issued_by(self.certificate()))
                .then_some(certificate)
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
