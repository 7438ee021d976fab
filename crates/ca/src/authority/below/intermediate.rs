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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, authority_order, host, now, order, session};

    fn create(site: &Site, directory: CaDir, name: &str) -> Result<CreatedIntermediate, AuthorityError> {
        let new = NewIntermediate::plan(&site.authority, directory, authority_order(name), now())?;
        session("ca.init", now(), |session| {
            new.create(None, &site.unlocked, session)
        })
    }

    #[test]
    fn new_intermediate_is_recorded_above_and_issues() {
        let site = Site::new();
        let folder = tempfile::tempdir().expect("a folder");
        let created = create(&site, CaDir::at(folder.path().join("sub")), "Issuing CA").expect("a CA");
        let certificate = &created.authority.certificate;
        assert!(certificate.is_authority() && certificate.is_issued_by(site.authority.certificate()));
        assert!(site.authority.has_issued(certificate).expect("an answer"));
        let below = Authority::open(created.authority.directory).expect("the CA");
        let plan = below.plan_host(order("a.example.com"), now()).expect("a plan");
        assert_eq!(plan.names, [host("a.example.com")]);
    }

    #[test]
    fn where_the_ca_above_may_have_none_below_nothing_is_made() {
        let site = Site::with(|order| order.path_len = Some(0));
        let folder = tempfile::tempdir().expect("a folder");
        let directory = folder.path().join("sub");
        assert!(create(&site, CaDir::at(directory.clone()), "Issuing CA").is_err());
        assert!(!directory.exists());
        let records = site.authority.statistics(now()).expect("counts");
        assert_eq!(records.valid, 0, "nothing was reserved");
    }

    #[test]
    fn directory_of_another_ca_is_not_touched() {
        let site = Site::new();
        let other = Site::new();
        let directory = || CaDir::at(other.authority.directory().root().to_owned());
        assert!(create(&site, directory(), "Issuing CA").is_err());
        assert_eq!(site.authority.statistics(now()).expect("counts").valid, 0);
        Authority::open(directory()).expect("it is as it was");
    }
}
