//! Renewing the certificate of an intermediate CA, where the directory of the CA above is available:
//! certified there, accepted here.

use time::OffsetDateTime;

use crate::authority::{
    Acceptance, Accepted, Authority, AuthorityError, CertifiedSubordinate, IssuedUnder, Session,
    SubordinateError, SubordinateOrder, SubordinatePlan, Unlocked,
};
use gsec_pki::x509::path::path_room;
use gsec_pki::x509::{Certificate, Lifetime};

/// A renewal that was checked.
pub struct SubordinateRenewal<'a> {
    /// What the CA above will certify.
    pub plan: SubordinatePlan,
    /// How the certificates that are valid now relate to it.
    pub issued: IssuedUnder,
    authority: &'a Authority,
    parent: &'a Authority,
}

/// An intermediate CA whose certificate was renewed.
pub struct RenewedSubordinate {
    /// What the CA above has of it.
    pub certified: CertifiedSubordinate,
    /// What became of the old certificate.
    pub accepted: Accepted,
}

impl<'a> SubordinateRenewal<'a> {
    /// Checks a renewal by the CA above: the same name, key, path length and name constraints. Every certificate that is valid now is
    /// read, as in [`Authority::plan_renewal`]. Nothing is written.
    ///
    /// # Errors
    /// [`SubordinateError::NotBelow`] when another CA has certified it; [`AuthorityError::BoundToSerial`]: the number will be one of the
    /// CA above; otherwise as [`Authority::plan_subordinate`].
    pub fn plan(
        authority: &'a Authority,
        parent: &'a Authority,
        lifetime: Option<Lifetime>,
        now: OffsetDateTime,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self, AuthorityError> {
        let old = authority.certificate();
        if old.is_self_issued() || old.issuer() != parent.certificate().subject() {
            let [subject, issuer, parent] =
                [old.subject(), old.issuer(), parent.certificate().subject()].map(ToString::to_string);
            return Err(SubordinateError::NotBelow {
                subject,
                issuer,
                parent,
            }
            .into());
        }
        if !parent.trusted().any(|certificate| old.is_issued_by(certificate)) {
            return Err(SubordinateError::OtherParent {
                subject: old.subject().to_string(),
                parent: parent.certificate().subject().to_string(),
            }
            .into());
        }
        let order = SubordinateOrder {
            subject: old.subject().clone(),
            names: old.subject_alternative_names().unwrap_or_default().to_vec(),
            lifetime,
            path_len: Some(path_len_of(old, parent)),
            constraints: old.name_constraints().cloned(),
        };
        parent.expect_authority_not_compromised(old.public_key())?;
        let plan = parent.plan_subordinate(order, now)?;
        let issued = authority.issued_under(now, progress)?;
        if issued.bound.count > 0 {
            return Err(AuthorityError::BoundToSerial {
                serial: old.serial().clone(),
                bound: issued.bound,
            });
        }
        Ok(Self {
            plan,
            issued,
            authority,
            parent,
        })
    }

    /// Has the opened key of the CA above certify it, and takes the certificate in. The old one is kept.
    ///
    /// # Errors
    /// [`AuthorityError`]; then the old certificate is in its place. [`AuthorityError::AfterRecord`] when the CA above has recorded the
    /// new one already.
    pub fn renew(
        self,
        key_above: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<RenewedSubordinate, AuthorityError> {
        let own_action = std::mem::replace(&mut session.action, "ca.sign");
        let certified = self.parent.certify_subordinate(
            &self.plan,
            self.authority.certificate().public_key(),
            key_above,
            session,
        );
        session.action = own_action;
        let certified = certified?;
        let given: Vec<Certificate> = std::iter::once(&certified.certificate)
            .chain(self.parent.path_upwards())
            .chain(self.parent.changeover(session.now))
            .cloned()
            .collect();
        let accepted = Acceptance::plan(self.authority.directory().clone(), &given, session.now)
            .and_then(|acceptance| acceptance.accept(session));
        let after_record = |source| AuthorityError::AfterRecord {
            serial: certified.certificate.serial().clone(),
            source: Box::new(source),
        };
        Ok(RenewedSubordinate {
            accepted: accepted.map_err(after_record)?,
            certified,
        })
    }
}

/// The path length of the old certificate. One without any may have CAs below it: it gets all that is left.
fn path_len_of(old: &Certificate, parent: &Authority) -> u8 {
    let own = old
        .basic_constraints()
        .and_then(|constraints| constraints.path_len);
    let left = || path_room(parent.path_upwards()).map(|room| room.authorities.saturating_sub(1));
    own.or_else(left)
        .map_or(u8::MAX, |path_len| path_len.try_into().unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, named, now, session};
    use gsec_pki::x509::RevocationReason;

    fn answer(below: &Site, parent: &Site) -> Result<u8, &'static str> {
        let plan = SubordinateRenewal::plan(&below.authority, &parent.authority, None, now(), &mut |_| {});
        plan.map(|renewal| renewal.plan.path_len)
            .map_err(|error| error.code())
    }

    #[test]
    fn who_renews_the_certificate_of_a_ca_below() {
        let parent = Site::with(|order| order.name = named("Root CA"));
        let below = parent.below("Example CA");
        assert_eq!(answer(&below, &parent), Ok(0));
        assert_eq!(
            answer(&parent, &parent),
            Err("authority.not_below"),
            "a root has no parent"
        );
        let other = Site::with(|order| order.name = named("Other CA"));
        assert_eq!(answer(&below, &other), Err("authority.not_below"), "another CA");
        let same_name = Site::with(|order| order.name = named("Root CA"));
        assert_eq!(
            answer(&below, &same_name),
            Err("authority.not_below"),
            "another key of the name"
        );
    }

    #[test]
    fn parent_whose_key_was_changed_renews_what_its_former_key_certified() {
        let parent = Site::with(|order| order.name = named("Root CA"));
        let below = parent.below("Example CA");
        assert_eq!(answer(&below, &parent.rekeyed()), Ok(0));
    }

    #[test]
    fn compromised_key_of_a_ca_is_not_certified_again() {
        let parent = Site::with(|order| order.name = named("Root CA"));
        let below = parent.below("Example CA");
        parent.revoke(below.authority.certificate(), RevocationReason::Superseded);
        assert_eq!(answer(&below, &parent), Ok(0));
        let below = parent.below("Next CA");
        parent.revoke(below.authority.certificate(), RevocationReason::KeyCompromise);
        assert_eq!(answer(&below, &parent), Err("authority.key_compromised"));
    }

    #[test]
    fn renewed_ca_keeps_name_key_and_path_length() {
        let parent = Site::with(|order| order.name = named("Root CA"));
        let below = parent.below("Example CA");
        let old = below.authority.certificate().clone();
        let renewal = SubordinateRenewal::plan(&below.authority, &parent.authority, None, now(), &mut |_| {});
        let made = session("ca.renew", now(), |session| {
            renewal.expect("a plan").renew(&parent.unlocked, session)
        });
        let new = made.expect("renewed").certified.certificate;
        assert_eq!(
            (new.subject(), new.public_key()),
            (old.subject(), old.public_key())
        );
        assert_eq!(new.basic_constraints(), old.basic_constraints());
        assert_eq!(below.reopened().authority.certificate(), &new);
    }
}
