//! Renewing the CA's certificate: the same name, the same key, another period.

use std::ops::ControlFlow;
use std::path::PathBuf;

use time::OffsetDateTime;

use crate::authority::certify::certify_again;
use crate::authority::own::create::root_validity;
use crate::authority::own::previous::bundle;
use crate::authority::session::audit_of;
use crate::authority::{Authority, AuthorityError, PreviousKey, Session, Unlocked, Warning};
use crate::home::Held;
use crate::records::{AuditHead, Entry, Record, Under};
use gsec_pki::encoding::sample::Sample;
use gsec_pki::key::SignatureAlgorithm;
use gsec_pki::x509::{Certificate, Lifetime, Reissue, SerialNumber, Validity, left_out, rfc3339};

/// Progress is reported each time after so many certificates were read.
const PROGRESS_EVERY: u64 = 10_000;

/// How to renew a CA certificate.
pub struct RenewalOrder {
    /// Its lifetime; ten years when `None`.
    pub lifetime: Option<Lifetime>,
    /// Whether the new certificate has the serial number of the old.
    pub keeps_serial: bool,
}

/// A renewal that was checked.
pub struct RenewalPlan {
    /// The validity of the new certificate.
    pub validity: Validity,
    /// Whether it has the serial number of the old.
    pub keeps_serial: bool,
    /// How the certificates that are valid now relate to it.
    pub issued: IssuedUnder,
    /// What is odd about it, and how it differs from the old one.
    pub warnings: Vec<Warning>,
}

/// The valid certificates of the CA, as its own certificate is about to change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssuedUnder {
    /// How many were read.
    pub checked: u64,
    /// How many have no file, or none that reads.
    pub unread: u64,
    /// Those whose authorityKeyIdentifier names the CA certificate by issuer and serial number.
    pub bound: Sample<String>,
    /// How many have no authorityKeyIdentifier at all.
    pub unidentified: u64,
}

/// A CA certificate that was renewed.
pub struct RenewedAuthority {
    /// The new certificate.
    pub certificate: Certificate,
    /// Where the old one is.
    pub kept: PathBuf,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
}

impl Authority {
    /// Checks a renewal, and reads every valid certificate: one whose authorityKeyIdentifier names issuer and
    /// serial number (RFC 5280 §4.2.1.1) goes with the old CA certificate only. `progress` receives the
    /// number read. Nothing is written.
    ///
    /// # Errors
    /// [`AuthorityError::BoundToSerial`] unless the serial number is kept; [`AuthorityError::NotARoot`],
    /// [`AuthorityError::NotAnAuthority`], [`AuthorityError::Issue`], [`AuthorityError::Store`].
    pub fn plan_renewal(
        &self,
        order: &RenewalOrder,
        now: OffsetDateTime,
        progress: &mut dyn FnMut(u64),
    ) -> Result<RenewalPlan, AuthorityError> {
        self.expect_root()?;
        self.expect_clock(now)?;
        let validity = root_validity(order.lifetime, now)?;
        let issued = self.issued_under(now, progress)?;
        let serial = self.certificate().serial();
        if issued.bound.count > 0 && !order.keeps_serial {
            return Err(AuthorityError::BoundToSerial {
                serial: serial.clone(),
                bound: issued.bound,
            });
        }
        let mut warnings = self.differences();
        warnings.extend(self.long_ago(now)?.map(|last| Warning::LongAgo { now, last }));
        if issued.unread > 0 {
            warnings.push(Warning::NotRead(issued.unread));
        }
        if order.keeps_serial {
            warnings.push(Warning::SerialKept(serial.clone()));
        }
        Ok(RenewalPlan {
            validity,
            keeps_serial: order.keeps_serial,
            issued,
            warnings,
        })
    }

    /// Issues the certificate that was planned, and puts it in the place of the old one, which is kept.
    ///
    /// # Errors
    /// [`AuthorityError`]; then the old certificate is in its place.
    pub fn renew(
        &self,
        plan: &RenewalPlan,
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<RenewedAuthority, AuthorityError> {
        let old = self.certificate();
        let new_serial = SerialNumber::from_random(&mut |out| session.random.fill(out)).content();
        let order = Reissue {
            model: old,
            serial_content: if plan.keeps_serial {
                old.serial_content()
            } else {
                &new_serial
            },
            validity: plan.validity,
            public_key: old.public_key(),
            key_identifier: &old.key_identifier_for_issued(),
            authority_key_identifier: None,
        };
        let certificate = certify_again(&order, unlocked.key())?;
        let held = Held::begin(self.directory(), &mut session.wait)?;
        held.expect_unchanged(&self.directory().ca_certificate(), self.certificate_file())?;
        let entry = audit_of(&certificate, session).with("ca_serial", certificate.serial().to_string());
        let entry = entry
            .with("previous_ca_serial", old.serial().to_string())
            .with("not_after", rfc3339(certificate.not_after()));
        let audit_head = self.records().announce(
            &[entry],
            &session.stamp(Some(&unlocked.seal())),
            Under::Held(&held),
        )?;
        let kept = held.replace_certificate(
            (old.public_key(), old.serial(), self.certificate_file()),
            certificate.to_pem().as_bytes(),
        )?;
        if !self.previous().is_empty() {
            let bundle = bundle(
                &certificate,
                self.previous().iter().map(PreviousKey::certificate),
                session.now,
            );
            held.replace_public(&self.directory().bundle(), bundle.as_bytes())?;
        }
        Ok(RenewedAuthority {
            certificate,
            kept,
            audit_head,
        })
    }

    /// Checks that the CA signed itself: what another CA certified, only that one can renew.
    pub(in crate::authority) fn expect_root(&self) -> Result<(), AuthorityError> {
        self.expect_authority()?;
        if self.certificate().is_self_issued() {
            return Ok(());
        }
        Err(AuthorityError::NotARoot {
            path: self.directory().ca_certificate(),
            issuer: self.certificate().issuer().to_string(),
        })
    }

    /// Reads every certificate that is valid now.
    pub(in crate::authority) fn issued_under(
        &self,
        now: OffsetDateTime,
        progress: &mut dyn FnMut(u64),
    ) -> Result<IssuedUnder, AuthorityError> {
        let mut issued = IssuedUnder::default();
        let ours = self.certificate().key_identifier_for_issued();
        self.records().visit(&mut |_, entry| {
            let valid = match entry {
                Entry::Record(record) => Some(record).filter(|record| record.is_valid_at(now)),
                Entry::Damaged(_) => None,
            };
            let Some(record) = valid else {
                return ControlFlow::Continue(());
            };
            match self.certificate_in_file_of(&record.serial) {
                Ok(Some(certificate)) => self.count_issued(&certificate, &record, &ours, &mut issued),
                Ok(None) | Err(_) => issued.unread += 1,
            }
            if issued.checked % PROGRESS_EVERY == 0 && issued.checked > 0 {
                progress(issued.checked);
            }
            ControlFlow::Continue(())
        })?;
        Ok(issued)
    }

    fn count_issued(
        &self,
        certificate: &Certificate,
        record: &Record,
        ours: &[u8],
        issued: &mut IssuedUnder,
    ) {
        issued.checked += 1;
        // The old scripts recorded the CA's own certificate too.
        if certificate == self.certificate() {
            return;
        }
        let of_this_key = certificate
            .authority_key_identifier()
            .is_none_or(|identifier| identifier == ours);
        if certificate.authority_names_issuer_and_serial() && of_this_key {
            issued.bound.add(record.serial.to_string());
        }
        let has_none = certificate.authority_key_identifier().is_none()
            && !certificate.authority_names_issuer_and_serial();
        issued.unidentified += u64::from(has_none);
    }

    /// How a certificate that is issued now differs from the old one, besides number and dates.
    fn differences(&self) -> Vec<Warning> {
        let old = self.certificate();
        let mut found = self.extensions_changed();
        let (before, after) = (
            old.signature_algorithm(),
            SignatureAlgorithm::made_with(old.public_key()).map(SignatureAlgorithm::identifier_der),
        );
        if let Some(after) = after.filter(|after| after != before) {
            found.push(Warning::SignatureChanged {
                before: SignatureAlgorithm::name(before),
                after: SignatureAlgorithm::name(&after),
            });
        }
        found
    }

    /// Which extensions a certificate that is issued now has or has not, and the old one has not or has.
    pub(in crate::authority) fn extensions_changed(&self) -> Vec<Warning> {
        let old = self.certificate();
        let mut found = Vec::new();
        if old.key_usage().is_none() {
            found.push(Warning::KeyUsageAdded);
        }
        found.extend(left_out(old).into_iter().map(Warning::ExtensionLeftOut));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, in_days, now};
    use time::Duration;

    fn order(keeps_serial: bool) -> RenewalOrder {
        RenewalOrder {
            lifetime: None,
            keeps_serial,
        }
    }

    fn answer(site: &Site, at: OffsetDateTime) -> Result<Vec<Warning>, &'static str> {
        let plan = site.authority.plan_renewal(&order(false), at, &mut |_| {});
        plan.map(|plan| plan.warnings).map_err(|error| error.code())
    }

    #[test]
    fn root_renews_its_own_certificate() {
        let site = Site::new();
        site.issue("a.example.com");
        assert_eq!(answer(&site, now()), Ok(Vec::new()));
        let plan = site
            .authority
            .plan_renewal(&order(true), now(), &mut |_| {})
            .expect("a plan");
        assert_eq!((plan.issued.checked, plan.issued.bound.count), (1, 0));
        assert!(matches!(plan.warnings[..], [Warning::SerialKept(_)]));
    }

    #[test]
    fn clock_that_is_wrong_is_told_before_anything_is_signed() {
        let site = Site::new();
        assert_eq!(answer(&site, in_days(-1)), Err("authority.clock_behind"));
        let late = answer(&site, in_days(367)).expect("a plan");
        assert!(matches!(late[..], [Warning::LongAgo { .. }]), "{late:?}");
    }

    #[test]
    fn certificate_that_is_missing_may_be_bound_to_the_old_one() {
        let site = Site::new();
        let certificate = site.issue("a.example.com");
        std::fs::remove_file(site.authority.file_of(certificate.serial()).expect("its file"))
            .expect("removed");
        let warnings = answer(&site, now() + Duration::hours(1)).expect("a plan");
        assert!(matches!(warnings[..], [Warning::NotRead(1)]), "{warnings:?}");
    }
}
