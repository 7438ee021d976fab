//! Issuing once, however many calls request the same at the same time.
//!
//! Whether a host needs a certificate is decided before the lock is taken, because keys are made outside of
//! it. So under the lock a check follows: if a record of this subject came since, all is decided anew. A
//! record whose certificate another call is still writing is waited for.

use crate::authority::{
    Authority, AuthorityError, Delivery, IssuePlan, IssuedHost, ReadyHost, Session, Unlocked,
};

/// What came of issuing once.
pub enum Once<T> {
    /// The certificate was issued by this call.
    Issued(Box<IssuedHost>),
    /// Another call has issued it meanwhile.
    Present(T),
}

/// Looks whether what is planned is there; `None` when it has to be issued.
pub type Look<'a, T> = &'a mut dyn FnMut(&IssuePlan<'_>) -> Result<Option<T>, AuthorityError>;

impl Authority {
    /// Issues for a host that has its key, unless `look` finds that it has what is planned. Of calls at the same time for the same
    /// subject one issues, and the others find what it issued.
    ///
    /// # Errors
    /// As [`Authority::issue_host`]; what `look` returns.
    pub fn issue_once<T>(
        &self,
        ready: &ReadyHost<'_>,
        unlocked: &Unlocked,
        delivery: &Delivery,
        session: &mut Session<'_>,
        look: Look<'_, T>,
    ) -> Result<Once<T>, AuthorityError> {
        let subject = ready.plan().subject.openssl_oneline();
        loop {
            // Before the look: what comes after this place is seen under the lock.
            let mut place = self.records().watch()?;
            // Before the look too: a certificate that is written after it would be seen by neither.
            let was_unfiled = self.unfiled(ready.plan())?.is_some();
            if let Some(found) = look(ready.plan())? {
                return Ok(Once::Present(found));
            }
            if was_unfiled && self.has_been_filed(ready.plan(), delivery, session)? {
                continue;
            }
            let mut came = || {
                let mut is_there = false;
                let is_known = place.advance(&mut |record| is_there |= record.subject == subject)?;
                Ok(is_there || !is_known)
            };
            let hosts = std::slice::from_ref(ready);
            if let Some(reservation) = self.reserve_unless(hosts, unlocked, session, &mut came)? {
                let mut issued = self.issue_reserved(hosts, &reservation, unlocked, delivery, session)?;
                return Ok(Once::Issued(Box::new(issued.pop().expect("one for one")?)));
            }
        }
    }

    /// Waits for the certificate that another call is writing, and completes what a killed one left. Returns whether a
    /// certificate came that the look has not seen.
    fn has_been_filed(
        &self,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<bool, AuthorityError> {
        let mut is_pending = || Ok(self.unfiled(plan)?.is_some());
        self.records()
            .wait_for_others(&mut session.wait, &mut is_pending)?;
        Ok(self.complete_left_behind(plan, delivery, session)? || self.unfiled(plan)?.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::HostFile;
    use crate::records::Part;
    use crate::tests::{Site, delivery, now, order, session};

    /// Issues for a host that another call is at work for: its certificate gets its name right after the first look.
    #[test]
    fn certificate_that_is_written_right_after_the_look_is_found() {
        let site = Site::new();
        let other = site.issue("a.example.com");
        let authority = &site.authority;
        let own_copy = authority
            .records()
            .place(Part::File(other.serial(), None, HostFile::OwnCopy));
        let unwritten = own_copy.with_extension("unwritten");
        std::fs::rename(&own_copy, &unwritten).expect("not yet written");
        let plan = authority
            .plan_host(order("a.example.com"), now())
            .expect("a plan");
        let ready = authority.ready_host(plan, &delivery()).expect("a key");
        let mut looks = 0;
        let mut look = |_: &IssuePlan<'_>| {
            looks += 1;
            let found = authority.issued_certificate(other.serial());
            if looks == 1 {
                std::fs::rename(&unwritten, &own_copy).expect("written");
            }
            found
        };
        let once = session("cert.renew", now(), |session| {
            authority.issue_once(&ready, &site.unlocked, &delivery(), session, &mut look)
        });
        assert!(matches!(once, Ok(Once::Present(found)) if found == other));
        assert_eq!(looks, 2);
    }
}
