//! Which program made a CA directory. A file that is missing says nothing by itself: the old scripts left no `gsec.toml` and no audit log,
//! and a CA of gsec's has both from its first day, so that there they were lost.

use super::{CaDir, StoreError, exists};
use crate::files::read_own_file;

/// The initial text of every `ca.conf` of gsec's.
const CONFIGURATION: &str = include_str!("../../../../ca_template/ca.conf");

impl CaDir {
    /// What shows that gsec made this CA or has adopted it, its policy and its log aside; `None` in a directory that the old scripts left.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn sign_of_gsec(&self) -> Result<Option<&'static str>, StoreError> {
        if exists(&self.signed_head())? {
            return Ok(Some("audit.head"));
        }
        Ok(self.has_own_configuration().then_some("ca.conf"))
    }

    /// Whether `ca.conf` is one that gsec made with a new CA, however it was changed below its first line.
    pub fn has_own_configuration(&self) -> bool {
        let is_own = |content: &[u8]| {
            CONFIGURATION
                .lines()
                .next()
                .is_some_and(|first| content.starts_with(first.as_bytes()))
        };
        read_own_file(&self.openssl_configuration()).is_ok_and(|content| is_own(&content))
    }

    /// What shows that there must be a `gsec.toml` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn lost_policy(&self) -> Result<Option<&'static str>, StoreError> {
        if self.has_policy()? {
            return Ok(None);
        }
        let has_log = self
            .audit_log()
            .symlink_metadata()
            .is_ok_and(|metadata| !metadata.is_file() || metadata.len() > 0);
        Ok(self.sign_of_gsec()?.or(has_log.then_some("audit.log")))
    }

    /// Whether there must be an audit log.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn must_have_log(&self) -> Result<bool, StoreError> {
        Ok(self.has_policy()? || self.sign_of_gsec()?.is_some())
    }
}
