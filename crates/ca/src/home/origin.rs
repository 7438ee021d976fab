//! Which program made a CA directory. A file that is missing says nothing by itself: the old scripts left no `gsec.toml` and no audit log,
//! and a CA of gsec's has both from its first day, so that there they were lost.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read};

use memchr::memmem;

use super::layout::{LAST_POLICY, SIGNER_JOURNAL};
use super::{CaDir, StoreError, exists, is_root};
use crate::files::{open_own, read_own_file};
use gsec_pki::x509::{CLOCK_SKEW_ALLOWANCE, decode_certificates};

/// The initial text of every `ca.conf` of gsec's.
const CONFIGURATION: &str = include_str!("../../../../ca_template/ca.conf");

const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
const SECONDS_OF_A_DAY: i64 = 86_400;
/// The first line of an audit log is about a new CA, and shorter.
const MAX_FIRST_LINE: u64 = 16 * 1024;
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

    /// Whether the first `gsec.toml` of this CA ended with a line that says so: the first line of the audit log is then signed, and says that
    /// `audit.head` was kept from the start. gsec 0.1.0 wrote neither.
    pub fn began_with_a_last_line(&self) -> bool {
        let Ok(file) = open_own(OpenOptions::new().read(true), &self.audit_log(), "read") else {
            return false;
        };
        let mut first = Vec::new();
        let read = BufReader::new(file)
            .take(MAX_FIRST_LINE)
            .read_until(b'\n', &mut first);
        read.is_ok() && memmem::find(&first, b"\"signed_head\":true").is_some()
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
        if let Some(sign) = self.sign_of_gsec()?.or(has_log.then_some("audit.log")) {
            return Ok(Some(sign));
        }
        // A process that has the CA key, and no records.
        Ok(match exists(&self.last_policy())? {
            true => Some(LAST_POLICY),
            false => exists(&self.signer_journal())?.then_some(SIGNER_JOURNAL),
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Change, Identity, Site, in_days, now};

    /// What is left after these files were removed: what shows gsec, what shows that there was a policy, and whether there must be a log.
    fn after(
        removed: &[fn(&CaDir) -> std::path::PathBuf],
    ) -> (Option<&'static str>, Option<&'static str>, bool) {
        let site = Site::new();
        let directory = site.authority.directory();
        for path in removed {
            std::fs::remove_file(path(directory)).expect("a file");
        }
        (
            directory.sign_of_gsec().expect("an answer"),
            directory.lost_policy().expect("an answer"),
            directory.must_have_log().expect("an answer"),
        )
    }

    #[test]
    fn what_shows_that_something_was_lost() {
        let (policy, log, head, conf) = (
            CaDir::policy,
            CaDir::audit_log,
            CaDir::signed_head,
            CaDir::openssl_configuration,
        );
        assert_eq!(after(&[]), (Some("audit.head"), None, true));
        assert_eq!(after(&[policy]), (Some("audit.head"), Some("audit.head"), true));
        assert_eq!(after(&[policy, head]), (Some("ca.conf"), Some("ca.conf"), true));
        assert_eq!(after(&[policy, head, conf]), (None, Some("audit.log"), false));
        assert_eq!(
            after(&[policy, head, conf, log]),
            (None, None, false),
            "as the old scripts leave it"
        );
        assert_eq!(after(&[log]), (Some("audit.head"), None, true));
    }

    #[test]
    fn a_signers_directory_shows_that_it_had_a_policy() {
        for (sign, path) in [
            (
                LAST_POLICY,
                CaDir::last_policy as fn(&CaDir) -> std::path::PathBuf,
            ),
            (SIGNER_JOURNAL, CaDir::signer_journal),
        ] {
            let site = Site::new();
            let directory = site.authority.directory();
            for path in [
                CaDir::policy,
                CaDir::audit_log,
                CaDir::signed_head,
                CaDir::openssl_configuration,
            ] {
                std::fs::remove_file(path(directory)).expect("a file");
            }
            std::fs::write(path(directory), "").expect("a file");
            assert_eq!(directory.lost_policy().expect("an answer"), Some(sign));
        }
    }

    #[test]
    fn root_that_gsec_did_not_make_is_no_sign_of_a_log() {
        let site = Site::new();
        let directory = site.authority.directory();
        for path in [directory.policy(), directory.signed_head(), directory.audit_log()] {
            std::fs::remove_file(path).expect("a file");
        }
        assert!(
            directory.must_have_log().expect("an answer"),
            "root and ca.conf are gsec's"
        );
        std::fs::write(
            directory.ca_certificate(),
            Identity::root("Example CA").certificate.to_pem(),
        )
        .expect("a file");
        assert!(!directory.must_have_log().expect("an answer"));
    }

    #[test]
    fn each_mark_of_a_root_of_gsec_counts() {
        let site = Site::new();
        let is_of_gsec = |change: Change| {
            let root = Identity::root_with("Example CA", change).certificate;
            std::fs::write(site.authority.directory().ca_certificate(), root.to_pem()).expect("a file");
            site.authority.directory().has_root_of_gsec()
        };
        fn as_gsec(params: &mut rcgen::CertificateParams) {
            params.serial_number = Some(rcgen::SerialNumber::from_slice(&[0x11; 16]));
            params.not_before = now() - CLOCK_SKEW_ALLOWANCE;
            params.not_after = in_days(3650);
        }
        assert!(is_of_gsec(as_gsec));
        assert!(!is_of_gsec(|params| {
            as_gsec(params);
            params.serial_number = Some(rcgen::SerialNumber::from_slice(&[0x11; 20]));
        }));
        assert!(!is_of_gsec(|params| {
            as_gsec(params);
            params.not_before = now();
        }));
        assert!(!is_of_gsec(|params| {
            as_gsec(params);
            params.use_authority_key_identifier_extension = true;
        }));
        assert!(!is_of_gsec(|params| {
            as_gsec(params);
            params.is_ca = rcgen::IsCa::ExplicitNoCa;
        }));
    }
}
