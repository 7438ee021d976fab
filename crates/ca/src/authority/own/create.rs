//! Making a CA.

use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use crate::authority::certify::{Root, certify_root};
use crate::authority::session::{KeySeal, audit_of};
use crate::authority::{AuthorityError, Session};
use crate::home::{CaDir, KeyFiles, KeySource, KeySourceError};
use crate::policy::{SerialSource, openssl_configuration, policy_file};
use crate::records::file::{Identity, NewDirectory, create_directory};
use crate::records::{AuditEntry, AuditHead};
use gsec_pki::key::{KeyAlgorithm, Signer};
use gsec_pki::x509::{
    AttributeKind, CLOCK_SKEW_ALLOWANCE, Certificate, DistinguishedName, GeneralName, Lifetime,
    NameConstraints, NameParts, SerialNumber, Validity,
};

/// The lifetime of a root CA when none is requested: ten years.
const DEFAULT_ROOT_DAYS: u32 = 3650;

/// A CA as requested.
pub struct AuthorityOrder {
    /// Its name.
    pub name: NameParts,
    /// Its key.
    pub algorithm: KeyAlgorithm,
    /// Its lifetime; ten years for a root when `None`, five for an intermediate.
    pub lifetime: Option<Lifetime>,
    /// pathLenConstraint.
    pub path_len: Option<u8>,
    /// Name constraints.
    pub constraints: Option<NameConstraints>,
    /// Where its serial numbers come from.
    pub serial: SerialSource,
}

impl AuthorityOrder {
    pub(in crate::authority) fn subject(&self) -> Result<DistinguishedName, AuthorityError> {
        Ok(DistinguishedName::build(&self.name).map_err(gsec_pki::x509::IssueError::from)?)
    }

    /// The e-mail address also as rfc822Name: RFC 5280 §4.1.2.6 requires it there and only tolerates it in
    /// the name.
    pub(in crate::authority) fn alternative_names(&self) -> Vec<GeneralName> {
        self.name
            .first(AttributeKind::Email)
            .map(|address| GeneralName::Email(address.to_owned()))
            .into_iter()
            .collect()
    }
}

/// A root that will be made: everything but key and serial number.
pub struct NewAuthority {
    /// The directory.
    pub directory: CaDir,
    /// Its name.
    pub subject: DistinguishedName,
    /// Its validity.
    pub validity: Validity,
    order: AuthorityOrder,
    names: Vec<GeneralName>,
}

/// A CA that was made.
pub struct CreatedAuthority {
    /// The directory.
    pub directory: CaDir,
    /// Its certificate.
    pub certificate: Certificate,
    /// The head of its audit log.
    pub audit_head: AuditHead,
}

impl NewAuthority {
    /// Checks an order. Nothing is written.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when there is a CA already, [`AuthorityError::Issue`].
    pub fn plan(
        directory: CaDir,
        order: AuthorityOrder,
        now: OffsetDateTime,
    ) -> Result<Self, AuthorityError> {
        directory.refuse_existing()?;
        let validity = root_validity(order.lifetime, now)?;
        let names = order.alternative_names();
        Ok(Self {
            directory,
            subject: order.subject()?,
            validity,
            order,
            names,
        })
    }

    /// What was requested.
    pub fn order(&self) -> &AuthorityOrder {
        &self.order
    }

    /// Makes key, certificate and directory. With a passphrase the key is encrypted.
    ///
    /// # Errors
    /// [`AuthorityError`]; then there is no CA, and no key is left.
    pub fn create(
        self,
        passphrase: Option<&str>,
        session: &mut Session<'_>,
    ) -> Result<CreatedAuthority, AuthorityError> {
        let key = NewKey::generate(self.order.algorithm, &self.directory, passphrase, session)?;
        let serial = SerialNumber::from_random(&mut |out| session.random.fill(out));
        let constraints = self.order.constraints.as_ref();
        let root = Root {
            subject: &self.subject,
            names: &self.names,
            validity: self.validity,
            path_len: self.order.path_len,
            constraints,
        };
        let certificate = certify_root(&root, &serial, key.signer.as_ref())?;
        let certificates = certificate.to_pem();
        let audit_head = key.make_directory(
            &self.directory,
            self.order.serial,
            Identity::Certificates(&certificates),
            &audit_of(&certificate, session),
            session,
        )?;
        Ok(CreatedAuthority {
            directory: self.directory,
            certificate,
            audit_head,
        })
    }
}

/// The key of a CA that is being made.
pub(in crate::authority) struct NewKey {
    pub(in crate::authority) signer: Box<dyn Signer>,
    pem: Zeroizing<String>,
}

impl NewKey {
    /// Makes a key, and its file, under a passphrase where one is given.
    pub(in crate::authority) fn generate(
        algorithm: KeyAlgorithm,
        directory: &CaDir,
        passphrase: Option<&str>,
        session: &mut Session<'_>,
    ) -> Result<Self, AuthorityError> {
        Self::from_source(&KeyFiles::of(directory, passphrase), algorithm, session)
    }

    /// Makes a key where the present one comes from.
    pub(in crate::authority) fn from_source(
        source: &dyn KeySource,
        algorithm: KeyAlgorithm,
        session: &mut Session<'_>,
    ) -> Result<Self, AuthorityError> {
        let made = source
            .make(algorithm, &mut |out| session.random.fill(out))
            .map_err(|error| match error {
                KeySourceError::Key { source, .. } => AuthorityError::KeyOperation(source),
                error => error.into(),
            })?;
        Ok(Self {
            signer: made.signer,
            pem: made.file,
        })
    }

    /// Its file.
    pub(in crate::authority) fn pem(&self) -> &str {
        &self.pem
    }

    /// Makes the directory of the CA whose key it is.
    pub(in crate::authority) fn make_directory(
        self,
        directory: &CaDir,
        serial: SerialSource,
        identity: Identity<'_>,
        audit: &AuditEntry,
        session: &Session<'_>,
    ) -> Result<AuditHead, AuthorityError> {
        let seal = KeySeal {
            key: self.signer.as_ref(),
            service: None,
        };
        let new = NewDirectory {
            identity,
            key_pem: self.pem,
            openssl_configuration: &openssl_configuration(serial),
            policy: &policy_file(serial),
            audit,
            stamp: &session.stamp(Some(&seal)),
        };
        Ok(create_directory(directory, &new)?)
    }
}

/// The validity of a root: a little back-dated, and ten years when no lifetime is requested. It ends no
/// earlier than a second from now: an end in the past is never intended.
pub(in crate::authority) fn root_validity(
    lifetime: Option<Lifetime>,
    now: OffsetDateTime,
) -> Result<Validity, AuthorityError> {
    let end = lifetime
        .unwrap_or_else(|| Lifetime::days(DEFAULT_ROOT_DAYS))
        .end(now)?;
    if end < now + Duration::SECOND {
        return Err(gsec_pki::x509::IssueError::EmptyValidity {
            not_before: now,
            not_after: end,
        }
        .into());
    }
    Ok(Validity::new(now - CLOCK_SKEW_ALLOWANCE, end)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{in_days, now};

    #[test]
    fn root_lasts_ten_years_or_as_long_as_is_asked_for() {
        let validity = |lifetime| root_validity(lifetime, now()).map_err(|error| error.code());
        let made = validity(None).expect("a validity");
        assert_eq!(
            (made.not_before(), made.not_after()),
            (now() - CLOCK_SKEW_ALLOWANCE, in_days(3650))
        );
        assert_eq!(
            validity(Some(Lifetime::days(1))).map(|made| made.not_after()),
            Ok(in_days(1))
        );
        assert_eq!(
            validity(Some(Lifetime::Until(now() + Duration::SECOND))).map(|made| made.not_after()),
            Ok(now() + Duration::SECOND)
        );
        assert!(
            validity(Some(Lifetime::Until(now()))).is_err(),
            "it would end now"
        );
    }

    #[test]
    fn ca_is_not_made_where_there_is_one() {
        let site = crate::tests::Site::new();
        let order = AuthorityOrder {
            name: crate::tests::named("Example CA"),
            algorithm: KeyAlgorithm::P256,
            lifetime: None,
            path_len: None,
            constraints: None,
            serial: SerialSource::Sequential,
        };
        let plan = NewAuthority::plan(site.authority.directory().clone(), order, now());
        assert!(matches!(plan, Err(AuthorityError::Store(_))));
    }
}
