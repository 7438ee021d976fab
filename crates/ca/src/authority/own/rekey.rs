//! Giving the CA another key under the same name.
//!
//! Two certificates let peers go over one by one (RFC 4210 §4.4): the new key certified by the old one, for peers that trust the old
//! root only, and the old key certified by the new one, for peers that trust the new root only.

use time::OffsetDateTime;

use crate::authority::certify::certify_again;
use crate::authority::own::create::{NewKey, root_validity};
use crate::authority::own::previous::bundle;
use crate::authority::session::audit_of;
use crate::authority::{Authority, AuthorityError, Session, Unlocked, Warning};
use crate::home::{Held, PreviousFile, RekeyFiles};
use crate::records::{AuditHead, Under};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{KeyAlgorithm, PublicKey, RsaBits, Signer};
use gsec_pki::x509::{Certificate, Lifetime, Reissue, SerialNumber, Validity, rfc3339};

/// Another key as requested.
pub struct RekeyOrder {
    /// Its algorithm; that of the old key when `None`, or RSA of 4096 bits where gsec makes none like it.
    pub algorithm: Option<KeyAlgorithm>,
    /// The lifetime of the new root; ten years when `None`.
    pub lifetime: Option<Lifetime>,
}

/// A change of key that was checked.
pub struct RekeyPlan {
    /// The new key's algorithm.
    pub algorithm: KeyAlgorithm,
    /// The validity of the new root.
    pub validity: Validity,
    /// What is odd about it, and how the new root differs from the old one.
    pub warnings: Vec<Warning>,
    new_with_old: Validity,
    old_with_new: Validity,
}

/// A CA that has another key.
pub struct RekeyedAuthority {
    /// The CA as it is now.
    pub authority: Authority,
    /// Its new key, opened.
    pub unlocked: Unlocked,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
}

/// The certificates of a change of key.
struct NewCertificates {
    root: Certificate,
    new_with_old: Certificate,
    old_with_new: Certificate,
}

impl Authority {
    /// Checks what is requested for another key. `progress` receives the number of certificates read. Nothing
    /// is written.
    ///
    /// # Errors
    /// [`AuthorityError::NotARoot`], [`AuthorityError::NotInDate`], [`AuthorityError::NotAnAuthority`], [`AuthorityError::Issue`],
    /// [`AuthorityError::Store`].
    pub fn plan_rekey(
        &self,
        order: &RekeyOrder,
        now: OffsetDateTime,
        progress: &mut dyn FnMut(u64),
    ) -> Result<RekeyPlan, AuthorityError> {
        self.expect_root()?;
        self.expect_clock(now)?;
        let old = self.certificate();
        let (not_before, not_after) = self.expect_in_date(now)?;
        let validity = root_validity(order.lifetime, now)?;
        let both_end = not_after.min(validity.not_after());
        let algorithm = order
            .algorithm
            .or_else(|| old.public_key().algorithm())
            .unwrap_or(KeyAlgorithm::Rsa(RsaBits::B4096));
        let mut warnings = self.extensions_changed();
        warnings.extend(self.long_ago(now)?.map(|last| Warning::LongAgo { now, last }));
        let unidentified = self.issued_under(now, progress)?.unidentified;
        if unidentified > 0 {
            warnings.push(Warning::Unidentified(unidentified));
        }
        let address = self
            .policy()
            .ok()
            .and_then(|policy| policy.crl_addresses.first().cloned());
        warnings.extend(address.map(Warning::FormerCrlAddress));
        Ok(RekeyPlan {
            algorithm,
            validity,
            warnings,
            new_with_old: Validity::new(validity.not_before().max(not_before), both_end)?,
            old_with_new: Validity::new(not_before, both_end)?,
        })
    }

    /// Makes the key that was planned, under the passphrase of the old one, and the certificates, and puts them in their places in
    /// one step. What the old key was goes to `previous/`.
    ///
    /// # Errors
    /// [`AuthorityError`]; then the CA is as it was.
    pub fn rekey(
        &self,
        plan: &RekeyPlan,
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<RekeyedAuthority, AuthorityError> {
        self.expect_no_changeover()?;
        let key = NewKey::from_source(unlocked.source().as_ref(), plan.algorithm, session)?;
        let made = self.certify_new_key(plan, &key, unlocked, session)?;
        let bundle = bundle(&made.root, self.trusted(), session.now);
        let held = Held::begin(self.directory(), &mut session.wait)?;
        held.expect_unchanged(&self.directory().ca_certificate(), self.certificate_file())?;
        unlocked.source().expect_unchanged(&held)?;
        let sha256 = |certificate: &Certificate| encode(&certificate.thumbprints().sha256, Separator::None);
        let entry = audit_of(&made.root, session)
            .with("previous_sha256", sha256(self.certificate()))
            .with("new_with_old_sha256", sha256(&made.new_with_old))
            .with("old_with_new_sha256", sha256(&made.old_with_new))
            .with("not_after", rfc3339(made.root.not_after()));
        let audit_head = self.records().announce(
            &[entry],
            &session.stamp(Some(&unlocked.seal())),
            Under::Held(&held),
        )?;
        held.change_over(&RekeyFiles {
            key: key.pem().as_bytes(),
            certificate: made.root.to_pem().as_bytes(),
            bundle: bundle.as_bytes(),
            previous: self.directory().previous_of(self.certificate().public_key()),
            cross: &[
                (PreviousFile::NewWithOld, made.new_with_old.to_pem().into_bytes()),
                (PreviousFile::OldWithNew, made.old_with_new.to_pem().into_bytes()),
            ],
        })?;
        drop(held);
        let authority = Self::open(self.directory().clone())?;
        let unlocked = authority.unlock_with(unlocked.source().clone())?;
        Ok(RekeyedAuthority {
            authority,
            unlocked,
            audit_head,
        })
    }

    fn certify_new_key(
        &self,
        plan: &RekeyPlan,
        new: &NewKey,
        old: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<NewCertificates, AuthorityError> {
        let mut certify =
            |validity, subject: (&PublicKey, &[u8]), signer: &dyn Signer, issuer: Option<&[u8]>| {
                let serial = SerialNumber::from_random(&mut |out| session.random.fill(out)).content();
                let (public_key, key_identifier) = subject;
                let model = self.certificate();
                certify_again(
                    &Reissue {
                        model,
                        serial_content: &serial,
                        validity,
                        public_key,
                        key_identifier,
                        authority_key_identifier: issuer,
                    },
                    signer,
                )
            };
        let (new_id, old_id) = (
            new.signer.public_key().key_identifier(),
            self.certificate().key_identifier_for_issued(),
        );
        let new_subject = (new.signer.public_key(), new_id.as_slice());
        Ok(NewCertificates {
            root: certify(plan.validity, new_subject, new.signer.as_ref(), None)?,
            new_with_old: certify(plan.new_with_old, new_subject, old.key(), Some(&old_id))?,
            old_with_new: certify(
                plan.old_with_new,
                (self.certificate().public_key(), &old_id),
                new.signer.as_ref(),
                Some(&new_id),
            )?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, in_days, named, now};
    use time::Duration;

    fn order(lifetime: Option<Lifetime>) -> RekeyOrder {
        RekeyOrder {
            algorithm: None,
            lifetime,
        }
    }

    fn answer(site: &Site, at: OffsetDateTime) -> Result<KeyAlgorithm, &'static str> {
        let plan = site.authority.plan_rekey(&order(None), at, &mut |_| {});
        plan.map(|plan| plan.algorithm).map_err(|error| error.code())
    }

    #[test]
    fn which_cas_get_another_key() {
        let site = Site::new();
        assert_eq!(
            answer(&site, now()),
            Ok(KeyAlgorithm::P256),
            "of the kind of the old one"
        );
        assert_eq!(answer(&site, in_days(-1)), Err("authority.clock_behind"));
        let end = site.authority.certificate().not_after();
        assert_eq!(
            answer(&site, end + Duration::SECOND),
            Err("authority.not_in_date")
        );
        let parent = Site::with(|order| order.name = named("Root CA"));
        assert_eq!(
            answer(&parent.below("Example CA"), now()),
            Err("authority.not_a_root")
        );
    }

    #[test]
    fn cross_certificates_last_as_long_as_both_roots() {
        let site = Site::new();
        let ends = |days| {
            let plan = site
                .authority
                .plan_rekey(&order(Some(Lifetime::days(days))), now(), &mut |_| {})
                .expect("a plan");
            [plan.validity, plan.new_with_old, plan.old_with_new].map(|validity| validity.not_after())
        };
        assert_eq!(ends(100), [in_days(100); 3]);
        assert_eq!(ends(7300), [in_days(7300), in_days(3650), in_days(3650)]);
    }
}
