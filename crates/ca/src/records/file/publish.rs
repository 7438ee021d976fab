//! Publishing CRLs: what is revoked is collected without the lock and looked at again under it, so that a revocation that comes meanwhile is
//! in them.

use super::{Commit, FileRecords, RevokedRecords};
use crate::files::{FOLDER_MODE, PUBLIC_MODE, create_folder, parent_of, replace_file, sync_folder};
use crate::home::{Held, LockWait, StoreError};
use crate::records::{AuditStamp, MakeCrl, NewCrlShard, PublishedCrls, RecordsError};
use gsec_pki::x509::CrlShard;

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
        self.publish_shards(&new.shards)?;
        let mut places = Vec::with_capacity(new.crls.len());
        for crl in &new.crls {
            let path = self.crl_path(crl.former_key.as_ref());
            replace_file(parent_of(&path), &path, PUBLIC_MODE, crl.pem.as_bytes())
                .map_err(StoreError::from)?;
            places.push(path);
        }
        Ok(PublishedCrls { places, audit_head })
    }

    fn publish_shards(&self, shards: &[NewCrlShard]) -> Result<(), StoreError> {
        let folder = self.home().crl_shards();
        if !shards.is_empty() && create_folder(&folder, FOLDER_MODE)? {
            sync_folder(parent_of(&folder))?;
        }
        for part in shards {
            replace_file(
                &folder,
                &self.home().crl_shard(part.shard),
                PUBLIC_MODE,
                &part.der,
            )?;
        }
        Ok(())
    }

    /// As [`crate::records::Records::crl_shards`].
    pub(super) fn published_shards(&self) -> Result<Vec<CrlShard>, StoreError> {
        let folder = self.home().crl_shards();
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(StoreError::io("read", &folder)(error)),
        };
        let mut shards = Vec::new();
        for entry in entries {
            let name = entry.map_err(StoreError::io("read", &folder))?.file_name();
            let read = name.to_str().and_then(CrlShard::read_address);
            shards.extend(
                read.filter(|(whole, _)| whole == "ca.crl")
                    .map(|(_, shard)| shard),
            );
        }
        Ok(shards)
    }
}
