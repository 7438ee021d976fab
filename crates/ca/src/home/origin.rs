//! Which program made a CA directory. A file that is missing says nothing by itself: the old scripts left no `gsec.toml` and no audit log,
//! and a CA of gsec's has both from its first day, so that there they were lost.

use super::{CaDir, StoreError, exists, is_root};
use crate::files::read_own_file;
use gsec_pki::x509::{CLOCK_SKEW_ALLOWANCE, decode_certificates};

/// The initial text of every `ca.conf` of gsec's.
const CONFIGURATION: &str = include_str!("../../../../ca_template/ca.conf");

const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
const SECONDS_OF_A_DAY: i64 = 86_400;
/// Of random serial numbers.
const SERIAL_BYTES: usize = 16;

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

    /// Whether there must be an audit log. A `ca.conf` of gsec's form is no sign of one by itself: `openssl ca` works with it in a directory that
    /// gsec has never written to, and no log was lost there.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn must_have_log(&self) -> Result<bool, StoreError> {
        if self.has_policy()? || exists(&self.signed_head())? {
            return Ok(true);
        }
        Ok(self.has_own_configuration() && self.has_root_of_gsec())
    }

    /// Whether the CA certificate is a root as `ca init` makes it: no authority key identifier, a serial number of 16 random bytes, and a
    /// start five minutes before the moment from which its days count. OpenSSL and easy-rsa make 20 bytes, and count from the start.
    fn has_root_of_gsec(&self) -> bool {
        let first = |content: &[u8]| decode_certificates(content).ok()?.into_iter().next();
        let certificate = read_own_file(&self.ca_certificate())
            .ok()
            .and_then(|content| first(&content));
        certificate.is_some_and(|certificate| {
            let seconds = (certificate.not_after() - certificate.not_before()).whole_seconds();
            let serial_bytes = certificate.serial().content().len();
            let has_issuer_key = certificate
                .extensions()
                .iter()
                .any(|(oid, _)| oid == AUTHORITY_KEY_IDENTIFIER);
            is_root(&certificate)
                && !has_issuer_key
                && serial_bytes == SERIAL_BYTES
                && seconds % SECONDS_OF_A_DAY == CLOCK_SKEW_ALLOWANCE.whole_seconds()
        })
    }
}
