//! Making an intermediate CA: the CA above certifies its key, then its directory appears.

use time::OffsetDateTime;

use crate::authority::own::create::NewKey;
use crate::authority::session::audit_of;
use crate::authority::{
    Authority, AuthorityError, AuthorityOrder, CertifiedSubordinate, CreatedAuthority, Session,
    SubordinateOrder, SubordinatePlan, Unlocked,
};
use crate::home::CaDir;
use crate::records::file::Identity;

/// An intermediate CA that will be made: everything but key and serial number.
pub struct NewIntermediate<'a> {
    /// The directory.
    pub directory: CaDir,
    /// What the CA above will certify.
    pub plan: SubordinatePlan,
    order: AuthorityOrder,
    parent: &'a Authority,
}

/// An intermediate CA that was made.
pub struct CreatedIntermediate {
    /// The CA.
    pub authority: CreatedAuthority,
    /// What the CA above has of it.
    pub certified: CertifiedSubordinate,
}

impl<'a> NewIntermediate<'a> {
    /// Checks an order against the CA above and everything above that. Nothing is written.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when there is a CA already, or the directory cannot be made; otherwise as
    /// [`Authority::plan_subordinate`].
    pub fn plan(
        parent: &'a Authority,
        directory: CaDir,
        order: AuthorityOrder,
        now: OffsetDateTime,
    ) -> Result<Self, AuthorityError> {
        directory.expect_creatable()?;
        let (lifetime, path_len, constraints) = (order.lifetime, order.path_len, order.constraints.clone());
        let asked = SubordinateOrder {
            subject: order.subject()?,
            names: order.alternative_names(),
            lifetime,
            path_len,
            constraints,
        };
        parent.expect_no_host_name(&asked.subject, now)?;
        let plan = parent.plan_subordinate(asked, now)?;
        Ok(Self {
            directory,
            plan,
            order,
            parent,
        })
    }

    /// What was requested.
    pub fn order(&self) -> &AuthorityOrder {
        &self.order
    }

    /// Makes the key, has it certified by the opened key of the CA above, and makes the directory. With a passphrase the new key is
    /// encrypted.
    ///
    /// # Errors
    /// [`AuthorityError`]; then there is no new CA, and no key is left. [`AuthorityError::AfterRecord`] when the CA above has
    /// recorded it already.
    pub fn create(
        self,
        passphrase: Option<&str>,
        key_above: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<CreatedIntermediate, AuthorityError> {
        let key = NewKey::generate(self.order.algorithm, &self.directory, passphrase, session)?;
        let own_action = std::mem::replace(&mut session.action, "ca.sign");
        let certified =
            self.parent
                .certify_subordinate(&self.plan, key.signer.public_key(), key_above, session);
        session.action = own_action;
        let certified = certified?;
        let certificate = certified.certificate.clone();
        let certificates = self.parent.with_path(&certificate, session.now);
        let audit_head = key
            .make_directory(
                &self.directory,
                self.order.serial,
                Identity::Certificates(&certificates),
                &audit_of(&certificate, session),
                session,
            )
            .map_err(|source| AuthorityError::AfterRecord {
                serial: certificate.serial().clone(),
                source: Box::new(source),
            })?;
        Ok(CreatedIntermediate {
            authority: CreatedAuthority {
                directory: self.directory,
                certificate,
                audit_head,
            },
            certified,
        })
    }
}
