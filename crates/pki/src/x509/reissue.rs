//! Re-issues a CA's certificate for the same name, with the same key or another.

use der::Decode;
use der::asn1::{Any, Int, OctetString};
use der::oid::ObjectIdentifier;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::encode::{extension, key_identifier_extension};
use super::issue::{TbsCertificate, sign_tbs};
use super::oid;
use super::{Certificate, CertificateError, IssueError, KeyUsage, Validity};
use crate::key::{PublicKey, Signer};

/// What goes over as it is, and whether RFC 5280 wants it critical in a CA certificate: basicConstraints, keyUsage,
/// nameConstraints, policyConstraints and inhibitAnyPolicy must be; the others stay as they were.
const COPIED: [(ObjectIdentifier, bool); 10] = [
    (ObjectIdentifier::new_unwrap(oid::BASIC_CONSTRAINTS), true),
    (ObjectIdentifier::new_unwrap(oid::KEY_USAGE), true),
    (ObjectIdentifier::new_unwrap(oid::NAME_CONSTRAINTS), true),
    (ObjectIdentifier::new_unwrap(oid::POLICY_CONSTRAINTS), true),
    (ObjectIdentifier::new_unwrap(oid::INHIBIT_ANY_POLICY), true),
    (ObjectIdentifier::new_unwrap(oid::SUBJECT_ALT_NAME), false),
    (ObjectIdentifier::new_unwrap(oid::CERTIFICATE_POLICIES), false),
    (ObjectIdentifier::new_unwrap(oid::EXTENDED_KEY_USAGE), false),
    (ObjectIdentifier::new_unwrap(oid::CRL_DISTRIBUTION_POINTS), false),
    (ObjectIdentifier::new_unwrap(oid::AUTHORITY_INFO_ACCESS), false),
];

/// A CA's certificate to be re-issued. Subject and issuer are both the old subject, byte for byte: it is self-issued (RFC
/// 5280 §3.2).
pub struct Reissue<'a> {
    /// The certificate whose name and extensions it gets.
    pub model: &'a Certificate,
    /// Content bytes of serialNumber.
    pub serial_content: &'a [u8],
    /// The validity.
    pub validity: Validity,
    /// The subject's public key.
    pub public_key: &'a PublicKey,
    /// subjectKeyIdentifier.
    pub key_identifier: &'a [u8],
    /// authorityKeyIdentifier; `None` where the key signs itself.
    pub authority_key_identifier: Option<&'a [u8]>,
}

/// Signs a CA certificate modeled on an old one. Extensions that stay correct with another date or key are copied byte for
/// byte; a missing keyUsage is added.
///
/// # Errors
/// [`IssueError::Encoding`], [`IssueError::Key`], [`IssueError::Certificate`].
pub fn reissue(order: &Reissue<'_>, key: &dyn Signer) -> Result<Certificate, IssueError> {
    let name = Any::from_der(order.model.subject().der())?;
    let tbs = TbsCertificate::new(
        Int::new(order.serial_content)?,
        key,
        name.clone(),
        order.validity,
        name,
        order.public_key,
        extensions(order)?,
    )?;
    sign_tbs(&tbs, key)
}

/// The extensions of a certificate that [`reissue`] leaves out, by object identifier.
pub fn left_out(model: &Certificate) -> Vec<String> {
    let handled = COPIED.map(|(oid, _)| oid).into_iter().chain([
        ObjectIdentifier::new_unwrap(oid::SUBJECT_KEY_IDENTIFIER),
        ObjectIdentifier::new_unwrap(oid::AUTHORITY_KEY_IDENTIFIER),
    ]);
    let handled: Vec<String> = handled.map(|oid| oid.to_string()).collect();
    model
        .extensions()
        .iter()
        .map(|(oid, _)| oid)
        .filter(|oid| !handled.contains(oid))
        .cloned()
        .collect()
}

fn extensions(order: &Reissue<'_>) -> Result<Vec<Extension>, IssueError> {
    let damaged = |_| CertificateError::Damaged("it cannot be parsed again".into());
    let (_, parsed) = X509Certificate::from_der(order.model.der()).map_err(damaged)?;
    let own_identifier = || {
        extension(
            false,
            &SubjectKeyIdentifier(OctetString::new(order.key_identifier)?),
        )
    };
    let mut list = Vec::new();
    for old in parsed.extensions() {
        let Ok(oid) = ObjectIdentifier::new(&old.oid.to_id_string()) else {
            continue;
        };
        if oid == ObjectIdentifier::new_unwrap(oid::SUBJECT_KEY_IDENTIFIER) {
            list.push(own_identifier()?);
        } else if let Some((_, must_be_critical)) = COPIED.iter().find(|(copied, _)| *copied == oid) {
            list.push(Extension {
                extn_id: oid,
                critical: *must_be_critical || old.critical,
                extn_value: OctetString::new(old.value)?,
            });
        }
    }
    if !list
        .iter()
        .any(|extension| extension.extn_id == ObjectIdentifier::new_unwrap(oid::KEY_USAGE))
    {
        list.push(extension(true, &KeyUsage::OF_AUTHORITY.encoded())?);
    }
    if !list
        .iter()
        .any(|extension| extension.extn_id == ObjectIdentifier::new_unwrap(oid::SUBJECT_KEY_IDENTIFIER))
    {
        list.push(own_identifier()?);
    }
    if let Some(identifier) = order.authority_key_identifier {
        list.push(key_identifier_extension(identifier)?);
    }
    Ok(list)
}
