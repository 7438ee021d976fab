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
            if let Some(found) = look(ready.plan())? {
                return Ok(Once::Present(found));
            }
            let mut is_pending = || Ok(self.unfiled(ready.plan())?.is_some());
            if self
                .records()
                .wait_for_others(&mut session.wait, &mut is_pending)?
            {
                continue;
            }
            if self.complete_left_behind(ready.plan(), delivery, session)? {
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
}
