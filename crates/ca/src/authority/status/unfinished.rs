//! Records whose certificate never came: whoever made them was killed, or got no signature. Ten minutes later nothing can complete them any more, since
//! no signer signs what was announced so long ago; then they are revoked. So their serial numbers stay used, and if there is a certificate after
//! all, nobody accepts it.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use time::OffsetDateTime;

use crate::authority::{Authority, AuthorityError, Session, StatusOrder, StatusOutcome, Unlocked};
use crate::home::{HostFile, MAX_INTENT_AGE};
use crate::records::{Entry, Record, RecordStatus, Watch, announces_own_record};
use gsec_pki::x509::{RevocationReason, SerialNumber, parse_time};

/// No more records than this are waited for: calls that were cut off leave fewer. More have lost their files in another way, of which
/// `gsec doctor` tells.
const MAX_WAITED_FOR: usize = 1000;

/// The records that are waited for.
pub struct Unfinished {
    watch: Box<dyn Watch>,
    waiting: VecDeque<SerialNumber>,
}

impl Unfinished {
    /// Waits for one more, and forgets the oldest where there are too many.
    fn wait_for(&mut self, serial: SerialNumber) {
        if self.waiting.len() >= MAX_WAITED_FOR {
            self.waiting.pop_front();
        }
        self.waiting.push_back(serial);
    }
}

impl Authority {
    /// Starts to wait for the certificates of all records that have none, those of the past too. Reads all records.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn unfinished(&self) -> Result<Unfinished, AuthorityError> {
        let mut unfinished = Unfinished {
            watch: self.records().watch()?,
            waiting: VecDeque::new(),
        };
        self.records().visit(&mut |_, entry| {
            if let Entry::Record(record) = entry
                && self.is_unfinished(&record)
            {
                unfinished.wait_for(record.serial);
            }
            ControlFlow::Continue(())
        })?;
        Ok(unfinished)
    }

    /// Looks what came meanwhile. Returns the records that were announced between `since` and ten minutes ago and have no certificate; what was
    /// announced before `since` is not waited for any more: it had a certificate then, or somebody else sees to it.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn overdue(
        &self,
        unfinished: &mut Unfinished,
        since: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Vec<SerialNumber>, AuthorityError> {
        let mut came = Vec::new();
        let is_known = unfinished.watch.advance(&mut |record| {
            if self.is_unfinished(record) {
                came.push(record.serial.clone());
            }
        })?;
        if is_known {
            came.into_iter().for_each(|serial| unfinished.wait_for(serial));
        } else {
            *unfinished = self.unfinished()?;
        }
        let until = now - MAX_INTENT_AGE;
        let mut overdue = Vec::new();
        for serial in std::mem::take(&mut unfinished.waiting) {
            let Some(record) = self
                .records()
                .find(&serial)?
                .filter(|record| self.is_unfinished(record))
            else {
                continue;
            };
            let announced = self.records().audit_line(&serial, &(since..=now), &|fields| {
                announces_own_record(&fields.action)
            })?;
            match announced.and_then(|fields| parse_time(&fields.time)) {
                Some(at) if at < since => {}
                Some(at) if at <= until => overdue.push(record.serial),
                Some(_) => unfinished.waiting.push_back(serial),
                // Another program made it, which may have handed the certificate out.
                None => {}
            }
        }
        Ok(overdue)
    }

    /// Revokes records whose certificate never came, in one commit. One that has its certificate by now stays as it is.
    ///
    /// The reason is cessationOfOperation, as nobody is to use the number, and nothing says that a key is in other hands.
    ///
    /// # Errors
    /// As [`Authority::change_status`].
    pub fn void_unfinished(
        &self,
        serials: &[SerialNumber],
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<StatusOutcome, AuthorityError> {
        let order = StatusOrder::Revoke(RevocationReason::CessationOfOperation);
        self.change_status_where(serials, order, Some(unlocked), session, &|record| {
            self.is_unfinished(record)
        })
    }

    /// Whether a record that is not revoked has no certificate, neither the CA's copy nor the host's.
    fn is_unfinished(&self, record: &Record) -> bool {
        let records = self.records();
        let has_hosts = || {
            let of = |host| records.has(&record.serial, Some(&host), HostFile::Certificate);
            record.host_names().into_iter().any(of)
        };
        record.status == RecordStatus::Valid
            && !records.has(&record.serial, None, HostFile::OwnCopy)
            && !has_hosts()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Part;
    use crate::tests::{Site, host, in_days, now, session};
    use gsec_pki::x509::Certificate;
    use time::Duration;

    /// A certificate of which nothing was written.
    fn killed(site: &Site, name: &str) -> SerialNumber {
        let certificate = site.issue(name);
        for (name, file) in [
            (None, HostFile::OwnCopy),
            (Some(host(name)), HostFile::Certificate),
            (Some(host(name)), HostFile::Key),
        ] {
            let place = Part::File(certificate.serial(), name.as_ref(), file);
            let _ = std::fs::remove_file(site.authority.records().place(place));
        }
        certificate.serial().clone()
    }

    fn overdue(site: &Site, unfinished: &mut Unfinished, at: OffsetDateTime) -> Vec<SerialNumber> {
        let since = now() - Duration::HOUR;
        site.authority.overdue(unfinished, since, at).expect("an answer")
    }

    fn void(site: &Site, serials: &[SerialNumber]) -> StatusOutcome {
        session("cert.revoke", now(), |session| {
            site.authority.void_unfinished(serials, &site.unlocked, session)
        })
        .expect("revoked")
    }

    fn statuses(site: &Site) -> Vec<RecordStatus> {
        let mut all = Vec::new();
        let each = &mut |_, entry| {
            if let Entry::Record(record) = entry {
                all.push(record.status);
            }
            ControlFlow::Continue(())
        };
        site.authority.records().visit(each).expect("the records");
        all
    }

    #[test]
    fn record_is_waited_for_ten_minutes_and_then_revoked_for_good() {
        use RecordStatus::{Revoked, Valid};
        let site = Site::new();
        let before = killed(&site, "a.example.com");
        let mut unfinished = site.authority.unfinished().expect("the records");
        let whole = site.issue("b.example.com");
        let after = killed(&site, "c.example.com");
        assert_eq!(
            overdue(&site, &mut unfinished, now() + Duration::seconds(599)),
            []
        );
        let both = [before, after.clone()];
        assert_eq!(
            overdue(&site, &mut unfinished, now() + Duration::minutes(10)),
            both
        );
        let outcome = void(&site, &both);
        assert!(outcome.is_changed() && outcome.audit_head.is_some());
        assert_eq!(statuses(&site), [Revoked, Valid, Revoked]);
        let reason = outcome.records[0]
            .after
            .as_ref()
            .and_then(|record| record.revocation.clone());
        assert_eq!(
            reason.and_then(|it| it.reason).as_deref(),
            Some("cessationOfOperation")
        );
        assert_eq!(overdue(&site, &mut unfinished, in_days(1)), []);
        // The CRL has them, and no number is given out again.
        let crl = site.update_crl();
        let listed: Vec<SerialNumber> = crl.entries().map(|entry| entry.serial).collect();
        assert_eq!(listed, both);
        let next = site.issue("d.example.com");
        assert!(next.serial() > &after && next.serial() > whole.serial());
    }

    #[test]
    fn certificate_that_came_late_is_not_revoked() {
        let site = Site::new();
        let mut unfinished = site.authority.unfinished().expect("the records");
        let certificate = site.issue("a.example.com");
        let own_copy = Part::File(certificate.serial(), None, HostFile::OwnCopy);
        let path = site.authority.records().place(own_copy);
        std::fs::remove_file(&path).expect("the copy");
        // The host's file is there: the CA's copy can be made from it.
        assert_eq!(overdue(&site, &mut unfinished, in_days(1)), []);
        let lone = killed(&site, "b.example.com");
        let serials = overdue(&site, &mut unfinished, in_days(1));
        assert_eq!(serials, std::slice::from_ref(&lone));
        let late = site
            .authority
            .records()
            .place(Part::File(&lone, None, HostFile::OwnCopy));
        std::fs::write(late, certificate.to_pem()).expect("written");
        assert!(
            !void(&site, &serials).is_changed(),
            "it came before the lock was taken"
        );
        assert_eq!(statuses(&site), [RecordStatus::Valid; 2]);
    }

    #[test]
    fn certificates_whose_files_were_deleted_later_and_those_of_other_programs_stay_as_they_are() {
        let site = Site::new();
        let certificate: Certificate = site.issue("a.example.com");
        let mut unfinished = site.authority.unfinished().expect("the records");
        killed(&site, "b.example.com");
        let _ = std::fs::remove_file(site.authority.records().place(Part::File(
            certificate.serial(),
            None,
            HostFile::OwnCopy,
        )));
        let later = now() + Duration::HOUR;
        let found = site
            .authority
            .overdue(&mut unfinished, later, in_days(1))
            .expect("an answer");
        assert_eq!(found, [], "announced before that time");
        // A record without a line in the log.
        let index = site.authority.directory().index();
        let text = std::fs::read_to_string(&index).expect("ca.db");
        let line = text.lines().next().expect("a line").replace("\t01\t", "\t7F\t");
        std::fs::write(&index, format!("{text}{line}\n")).expect("written");
        let mut unfinished = site.authority.unfinished().expect("the records");
        assert_eq!(
            unfinished.waiting.back().map(ToString::to_string).as_deref(),
            Some("7F")
        );
        let found = overdue(&site, &mut unfinished, in_days(1));
        assert!(
            !found.iter().any(|serial| serial.to_string() == "7F"),
            "{found:?}"
        );
    }
}
