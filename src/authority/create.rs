//! Making a CA.

use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use super::session::{KeySeal, audit_of};
use super::{AuthorityError, Session};
use crate::key::{KeyAlgorithm, KeyDocument, KeyFormat, PrivateKey, Signer, encode_private_key};
use crate::policy::{SerialSource, openssl_configuration, policy_file};
use crate::store::{AuditHead, CaDir, NewDirectory, create_directory};
use crate::x509::{
    AttributeKind, AuthorityExtensions, CLOCK_SKEW_ALLOWANCE, Certificate, DistinguishedName, GeneralName, IssueTemplate, Issuer, Lifetime,
    NameConstraints, NameParts, Role, SerialNumber, Validity, issue,
};

/// A root CA as it is asked for.
pub struct AuthorityOrder {
    /// Its name.
    pub name: NameParts,
    /// Its key.
    pub algorithm: KeyAlgorithm,
    /// How long it shall last.
    pub lifetime: Lifetime,
    /// pathLenConstraint.
    pub path_len: Option<u8>,
    /// Name constraints.
    pub constraints: Option<NameConstraints>,
    /// Where its serial numbers come from.
    pub serial: SerialSource,
}

/// What will be made: everything but key and serial number.
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
    pub fn plan(directory: CaDir, order: AuthorityOrder, now: OffsetDateTime) -> Result<Self, AuthorityError> {
        directory.refuse_existing()?;
        let subject = DistinguishedName::build(&order.name).map_err(crate::x509::IssueError::from)?;
        let validity = Validity::new(now - CLOCK_SKEW_ALLOWANCE, end_of(order.lifetime, now)?)?;
        // The e-mail address also as rfc822Name: RFC 5280 §4.1.2.6 wants it there and only tolerates it in the name.
        let names = order.name.first(AttributeKind::Email).map(|address| GeneralName::Email(address.to_owned())).into_iter().collect();
        Ok(Self { directory, subject, validity, order, names })
    }

    /// What was asked for.
    pub fn order(&self) -> &AuthorityOrder {
        &self.order
    }

    /// Makes key, certificate and directory. With a passphrase the key is encrypted.
    ///
    /// # Errors
    /// [`AuthorityError`]; then there is no CA, and no key is left.
    pub fn create(self, passphrase: Option<&str>, session: &mut Session<'_>) -> Result<CreatedAuthority, AuthorityError> {
        let key = PrivateKey::generate(self.order.algorithm)?;
        let serial = SerialNumber::from_random(&mut |out| session.random.fill(out));
        let template = IssueTemplate {
            serial: &serial,
            validity: self.validity,
            subject: &self.subject,
            public_key: key.public_key(),
            names: &self.names,
            role: Role::Authority(AuthorityExtensions { path_len: self.order.path_len, constraints: self.order.constraints.as_ref() }),
        };
        let certificate = issue(&template, &Issuer { name: &self.subject, key_identifier: None, key: &key })?;
        let key_pem: Zeroizing<String> = match passphrase {
            Some(passphrase) => KeyDocument::from(&key).to_encrypted_pem(passphrase, &mut |out| session.random.fill(out))?,
            None => encode_private_key(&key, KeyFormat::Pkcs8)?,
        };
        let seal = KeySeal(&key);
        let new = NewDirectory {
            certificate: &certificate,
            key_pem,
            openssl_configuration: &openssl_configuration(self.order.serial),
            policy: &policy_file(self.order.serial),
            audit: &audit_of(&certificate, session),
            stamp: &session.stamp(Some(&seal)),
        };
        let audit_head = create_directory(&self.directory, &new)?;
        Ok(CreatedAuthority { directory: self.directory, certificate, audit_head })
    }
}

/// The end, no earlier than a second from now: an end in the past is not what anybody means.
fn end_of(lifetime: Lifetime, now: OffsetDateTime) -> Result<OffsetDateTime, AuthorityError> {
    let end = lifetime.end(now)?;
    if end < now + Duration::SECOND {
        return Err(crate::x509::IssueError::EmptyValidity { not_before: now, not_after: end }.into());
    }
    Ok(end)
}
