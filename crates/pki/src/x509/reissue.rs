//! Re-issues a CA's certificate for the same name, with the same key or another.

use der::Decode;
use der::asn1::{Any, Int, OctetString};
use der::oid::ObjectIdentifier;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{self, KeyUsages, SubjectKeyIdentifier};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::encode::{extension, key_identifier_extension};
use super::issue::{TbsCertificate, sign_tbs};
use super::{Certificate, CertificateError, IssueError, Validity};
use crate::key::{PublicKey, Signer};

const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
/// What goes over as it is, and whether RFC 5280 wants it critical in a CA certificate: basicConstraints, keyUsage,
/// nameConstraints, policyConstraints and inhibitAnyPolicy must be; the others stay as they were.
const COPIED: [(ObjectIdentifier, bool); 10] = [
    (ObjectIdentifier::new_unwrap("2.5.29.19"), true),
    (KEY_USAGE, true),
    (ObjectIdentifier::new_unwrap("2.5.29.30"), true),
    (ObjectIdentifier::new_unwrap("2.5.29.36"), true),
    (ObjectIdentifier::new_unwrap("2.5.29.54"), true),
    (ObjectIdentifier::new_unwrap("2.5.29.17"), false),
    (ObjectIdentifier::new_unwrap("2.5.29.32"), false),
    (ObjectIdentifier::new_unwrap("2.5.29.37"), false),
    (ObjectIdentifier::new_unwrap("2.5.29.31"), false),
    (ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1"), false),
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
    let handled = COPIED
        .map(|(oid, _)| oid)
        .into_iter()
        .chain([SUBJECT_KEY_IDENTIFIER, AUTHORITY_KEY_IDENTIFIER]);
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
    let damaged = |_| CertificateError::Damaged("it does not read again".into());
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
        if oid == SUBJECT_KEY_IDENTIFIER {
            list.push(own_identifier()?);
        } else if let Some((_, must_be_critical)) = COPIED.iter().find(|(copied, _)| *copied == oid) {
            list.push(Extension {
                extn_id: oid,
                critical: *must_be_critical || old.critical,
                extn_value: OctetString::new(old.value)?,
            });
        }
    }
    if !list.iter().any(|extension| extension.extn_id == KEY_USAGE) {
        list.push(extension(
            true,
            &pkix::KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign),
        )?);
    }
    if !list
        .iter()
        .any(|extension| extension.extn_id == SUBJECT_KEY_IDENTIFIER)
    {
        list.push(own_identifier()?);
    }
    if let Some(identifier) = order.authority_key_identifier {
        list.push(key_identifier_extension(identifier)?);
    }
    Ok(list)
}
