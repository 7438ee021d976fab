//! Publishing CRLs: what is revoked is collected without the lock and looked at again under it, so that a revocation that comes meanwhile is
//! in them.

use super::{Commit, FileRecords, RevokedRecords};
use crate::files::{PUBLIC_MODE, parent_of, replace_file};
use crate::home::{Held, LockWait, StoreError};
use crate::records::{AuditStamp, MakeCrl, PublishedCrls, RecordsError};

impl FileRecords {
    /// As [`crate::records::Records::publish_crl`].
    pub(super) fn publish(
        &self,
        make: &mut dyn MakeCrl,
        stamp: &AuditStamp<'_>,
        wait: &mut LockWait<'_>,
    ) -> Result<PublishedCrls, RecordsError> {
        let revoked = RevokedRecords::open(self.home())?;
        make.collect(&revoked)?;
        let held = Held::begin(self.home(), wait)?;
        let commit = Commit::under(&held);
        if !revoked.still_hold(self.home())? {
            make.collect(&RevokedRecords::open(self.home())?)?;
        }
        make.check()?;
        let number = commit.take_crl_number(make.largest_number().as_ref())?;
        let new = make.sign(&number)?;
        let audit_head = commit.announce(&[new.audit], stamp)?;
        let mut places = Vec::with_capacity(new.crls.len());
        for crl in &new.crls {
            let path = self.crl_path(crl.former_key.as_ref());
            replace_file(parent_of(&path), &path, PUBLIC_MODE, crl.pem.as_bytes())
                .map_err(StoreError::from)?;
            places.push(path);
        }
        Ok(PublishedCrls { places, audit_head })
    }
}
