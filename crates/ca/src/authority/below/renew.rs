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
        if old.is_self_issued() || !old.issuer().is_same_name(parent.certificate().subject()) {
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
