//! Issuing: a certificate is assembled from checked parts, signed, and read back.

use der::asn1::{Any, Ia5String, Int, Null, OctetString};
use der::flagset::FlagSet;
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Sequence};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::GeneralName as EncodedName;
use x509_cert::ext::pkix::{
    self, AccessDescription, AuthorityInfoAccessSyntax, BasicConstraints, CrlDistributionPoints,
    SubjectAltName, SubjectKeyIdentifier,
};

use super::encode::{
    EncodedTime, encode_name, encode_point, encode_time, encode_uri, extension, extension_of,
    key_identifier_extension, sign,
};
use super::oid;
use super::{
    Certificate, DistinguishedName, ExtendedKeyUsage, GeneralName, IssueError, KeyUsage, NameConstraints,
    SerialNumber, Subtree, Validity,
};
use crate::key::{PublicKey, PublicKeyKind, Signer};

/// Everything that a certificate says, apart from its issuer.
pub struct IssueTemplate<'a> {
    /// The serial number.
    pub serial: &'a SerialNumber,
    /// The validity.
    pub validity: Validity,
    /// The subject; may be empty when there are subject alternative names.
    pub subject: &'a DistinguishedName,
    /// The subject's public key.
    pub public_key: &'a PublicKey,
    /// Names for subjectAltName; critical when the subject is empty (RFC 5280 §4.2.1.6).
    pub names: &'a [GeneralName],
    /// CA or end entity, and what belongs to each.
    pub role: Role<'a>,
}

/// The kind of certificate.
pub enum Role<'a> {
    /// A certification authority.
    Authority(AuthorityExtensions<'a>),
    /// A host.
    EndEntity(EndEntityExtensions<'a>),
    /// Who answers OCSP requests in the CA's name (RFC 6960 §4.2.2.2). Nobody need ask whether its certificate is revoked, so its life is to be short
    /// (§4.2.2.2.1), and it says no addresses.
    OcspResponder,
}

/// What a CA certificate has in its extensions beyond keyUsage keyCertSign and cRLSign.
pub struct AuthorityExtensions<'a> {
    /// pathLenConstraint: how many intermediate CAs may follow.
    pub path_len: Option<u8>,
    /// Name constraints, critical.
    pub constraints: Option<&'a NameConstraints>,
    /// Where the issuer's CRL is fetched from.
    pub crl_addresses: &'a [String],
    /// Where the issuer's certificate is fetched from.
    pub issuer_addresses: &'a [String],
    /// Where OCSP requests about this certificate are answered.
    pub ocsp_addresses: &'a [String],
}

impl<'a> AuthorityExtensions<'a> {
    /// For a root, which is self-issued and which CRLs do not list.
    pub fn of_root(path_len: Option<u8>, constraints: Option<&'a NameConstraints>) -> Self {
        Self {
            path_len,
            constraints,
            crl_addresses: &[],
            issuer_addresses: &[],
            ocsp_addresses: &[],
        }
    }
}

/// What a host certificate has in its extensions.
pub struct EndEntityExtensions<'a> {
    /// keyUsage; what the key cannot do is left out.
    pub key_usage: KeyUsage,
    /// extKeyUsage; left out when empty.
    pub extended_key_usage: &'a [ExtendedKeyUsage],
    /// Where the CRL is fetched from.
    pub crl_addresses: &'a [String],
    /// Where the issuer's certificate is fetched from.
    pub issuer_addresses: &'a [String],
    /// Where OCSP requests about this certificate are answered.
    pub ocsp_addresses: &'a [String],
}

/// Who signs: the CA's name and key identifier as its certificate has them, and its key.
pub struct Issuer<'a> {
    /// Copied byte for byte into the certificate, with its string types, so that all validators can chain the names.
    pub name: &'a DistinguishedName,
    /// authorityKeyIdentifier: the CA's subjectKeyIdentifier copied; without one SHA-1 of its key. `None` for a root.
    pub key_identifier: Option<&'a [u8]>,
    /// The CA's key.
    pub key: &'a dyn Signer,
}

/// TBSCertificate, RFC 5280 §4.1. The names and the key are carried as they are, never decoded and encoded again.
#[derive(Sequence)]
pub(super) struct TbsCertificate {
    #[asn1(context_specific = "0")]
    version: u8,
    serial_number: Int,
    signature: Any,
    issuer: Any,
    validity: EncodedValidity,
    subject: Any,
    subject_public_key_info: Any,
    #[asn1(context_specific = "3")]
    extensions: Vec<Extension>,
}

#[derive(Sequence)]
struct EncodedValidity {
    not_before: EncodedTime,
    not_after: EncodedTime,
}

/// Signs a certificate (RFC 5280 §4.1) and returns it read back.
///
/// What is *not* checked here: whether the CA may issue it. That is `policy`'s business.
///
/// # Errors
/// [`IssueError::Encoding`], [`IssueError::Key`].
pub fn issue(template: &IssueTemplate<'_>, issuer: &Issuer<'_>) -> Result<Certificate, IssueError> {
    let tbs = TbsCertificate::new(
        Int::new(&template.serial.content())?,
        issuer.key,
        Any::from_der(issuer.name.der())?,
        template.validity,
        Any::from_der(template.subject.der())?,
        template.public_key,
        extensions(template, issuer)?,
    )?;
    sign_tbs(&tbs, issuer.key)
}

impl TbsCertificate {
    /// A certificate of version 3.
    pub(super) fn new(
        serial_number: Int,
        signer: &dyn Signer,
        issuer: Any,
        validity: Validity,
        subject: Any,
        public_key: &PublicKey,
        extensions: Vec<Extension>,
    ) -> Result<Self, der::Error> {
        Ok(Self {
            version: 2, // v3
            serial_number,
            signature: Any::from_der(&signer.signature_algorithm().identifier_der())?,
            issuer,
            validity: EncodedValidity {
                not_before: encode_time(validity.not_before())?,
                not_after: encode_time(validity.not_after())?,
            },
            subject,
            subject_public_key_info: Any::from_der(public_key.spki())?,
            extensions,
        })
    }
}

/// Signs, and reads back what was made.
pub(super) fn sign_tbs(tbs: &TbsCertificate, key: &dyn Signer) -> Result<Certificate, IssueError> {
    Ok(Certificate::from_der(&sign(tbs.to_der()?, key)?)?)
}

fn extensions(template: &IssueTemplate<'_>, issuer: &Issuer<'_>) -> Result<Vec<Extension>, der::Error> {
    let mut list = Vec::new();
    match &template.role {
        Role::Authority(authority) => authority_extensions(authority, &mut list)?,
        Role::EndEntity(host) => end_entity_extensions(host, template.public_key, &mut list)?,
        Role::OcspResponder => {
            let responder = EndEntityExtensions {
                key_usage: KeyUsage::DIGITAL_SIGNATURE,
                extended_key_usage: &[ExtendedKeyUsage::OcspSigning],
                crl_addresses: &[],
                issuer_addresses: &[],
                ocsp_addresses: &[],
            };
            end_entity_extensions(&responder, template.public_key, &mut list)?;
            list.push(extension_of(
                ObjectIdentifier::new_unwrap(oid::OCSP_NO_CHECK),
                false,
                &Null,
            )?);
        }
    }
    let own_identifier = OctetString::new(template.public_key.key_identifier())?;
    list.push(extension(false, &SubjectKeyIdentifier(own_identifier))?);
    if let Some(identifier) = issuer.key_identifier {
        list.push(key_identifier_extension(identifier)?);
    }
    if !template.names.is_empty() {
        let names = template.names.iter().map(encode_name).collect::<Result<_, _>>()?;
        list.push(extension(template.subject.is_empty(), &SubjectAltName(names))?);
    }
    Ok(list)
}

fn authority_extensions(
    authority: &AuthorityExtensions<'_>,
    list: &mut Vec<Extension>,
) -> Result<(), der::Error> {
    list.push(extension(
        true,
        &BasicConstraints {
            ca: true,
            path_len_constraint: authority.path_len,
        },
    )?);
    list.push(extension(true, &KeyUsage::OF_AUTHORITY.encoded())?);
    if let Some(constraints) = authority.constraints {
        list.push(extension(true, &encode_constraints(constraints)?)?);
    }
    address_extensions(
        authority.crl_addresses,
        authority.issuer_addresses,
        authority.ocsp_addresses,
        list,
    )
}

fn end_entity_extensions(
    host: &EndEntityExtensions<'_>,
    key: &PublicKey,
    list: &mut Vec<Extension>,
) -> Result<(), der::Error> {
    // CA:FALSE is the default value and so encodes as an empty SEQUENCE; not critical, as RFC 5280 §4.2.1.9 leaves free.
    list.push(extension(
        false,
        &BasicConstraints {
            ca: false,
            path_len_constraint: None,
        },
    )?);
    list.push(extension(
        true,
        &key_usage(host.key_usage, host.extended_key_usage, key).encoded(),
    )?);
    if !host.extended_key_usage.is_empty() {
        let usages = host
            .extended_key_usage
            .iter()
            .map(ExtendedKeyUsage::oid)
            .collect();
        list.push(extension(false, &pkix::ExtendedKeyUsage(usages))?);
    }
    address_extensions(
        host.crl_addresses,
        host.issuer_addresses,
        host.ocsp_addresses,
        list,
    )
}

/// cRLDistributionPoints and authorityInfoAccess, where there are addresses for them.
fn address_extensions(
    crl_addresses: &[String],
    issuer_addresses: &[String],
    ocsp_addresses: &[String],
    list: &mut Vec<Extension>,
) -> Result<(), der::Error> {
    if !crl_addresses.is_empty() {
        list.push(extension(false, &distribution_points(crl_addresses)?)?);
    }
    let access = |method, address: &String| {
        Ok(AccessDescription {
            access_method: ObjectIdentifier::new_unwrap(method),
            access_location: encode_uri(address)?,
        })
    };
    let responders = ocsp_addresses.iter().map(|address| access(oid::AD_OCSP, address));
    let issuers = issuer_addresses
        .iter()
        .map(|address| access(oid::CA_ISSUERS, address));
    let descriptions: Vec<_> = responders.chain(issuers).collect::<Result<_, der::Error>>()?;
    if !descriptions.is_empty() {
        list.push(extension(false, &AuthorityInfoAccessSyntax(descriptions))?);
    }
    Ok(())
}

/// RSA keys sign and encipher unless they are for RSASSA-PSS only, keys on curves sign and agree, Ed25519 only signs (RFC 4055 §1.2, RFC 8813 §3, RFC 8410 §5).
///
/// keyEncipherment is for key transport to servers and to readers of mail (RFC 5280 §4.2.1.12): a certificate for other known purposes alone
/// does not have it.
fn key_usage(wanted: KeyUsage, purposes: &[ExtendedKeyUsage], key: &PublicKey) -> KeyUsage {
    use ExtendedKeyUsage::{ClientAuth, CodeSigning, TimeStamping};
    let only_signs = !purposes.is_empty()
        && purposes
            .iter()
            .all(|purpose| matches!(purpose, ClientAuth | CodeSigning | TimeStamping));
    let enciphers = matches!(key.kind(), PublicKeyKind::Rsa { .. }) && !key.is_pss_only();
    let is_curve = matches!(key.kind(), PublicKeyKind::NistCurve { .. });
    let is_possible = |bit: &KeyUsage| match *bit {
        KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION => true,
        KeyUsage::KEY_ENCIPHERMENT => enciphers && !only_signs,
        KeyUsage::DATA_ENCIPHERMENT => enciphers,
        KeyUsage::KEY_AGREEMENT => is_curve,
        _ => false,
    };
    let usage: KeyUsage = wanted.iter().filter(is_possible).collect();
    // keyUsage must not be empty (RFC 5280 §4.2.1.3), and every kind of key can sign.
    if usage.is_empty() {
        KeyUsage::DIGITAL_SIGNATURE
    } else {
        usage
    }
}

impl KeyUsage {
    /// The keyUsage of a host certificate: what of a profile's a key can do and the purposes call for.
    /// Without purposes the certificate is for any.
    pub fn of_end_entity(wanted: Self, purposes: &[ExtendedKeyUsage], key: &PublicKey) -> Self {
        key_usage(wanted, purposes, key)
    }

    pub(super) fn encoded(self) -> pkix::KeyUsage {
        pkix::KeyUsage(FlagSet::new_truncated(self.bits()))
    }
}

/// One distribution point with all addresses: they name the same CRL (RFC 5280 §4.2.1.13).
fn distribution_points(addresses: &[String]) -> Result<CrlDistributionPoints, der::Error> {
    let point = DistributionPoint {
        distribution_point: Some(encode_point(addresses)?),
        reasons: None,
        crl_issuer: None,
    };
    Ok(CrlDistributionPoints(vec![point]))
}

pub(super) fn encode_constraints(constraints: &NameConstraints) -> Result<pkix::NameConstraints, der::Error> {
    let list = |subtrees: &[Subtree]| -> Result<Option<Vec<GeneralSubtree>>, der::Error> {
        let list = subtrees
            .iter()
            .map(encode_subtree)
            .collect::<Result<Vec<_>, _>>()?;
        Ok((!list.is_empty()).then_some(list))
    };
    Ok(pkix::NameConstraints {
        permitted_subtrees: list(&constraints.permitted)?,
        excluded_subtrees: list(&constraints.excluded)?,
    })
}

fn encode_subtree(subtree: &Subtree) -> Result<GeneralSubtree, der::Error> {
    let base = match subtree {
        Subtree::Dns(base) => EncodedName::DnsName(Ia5String::new(base)?),
        Subtree::Ip(subnet) => EncodedName::IpAddress(OctetString::new(subnet.encode())?),
        Subtree::Email(base) => EncodedName::Rfc822Name(Ia5String::new(base)?),
        Subtree::Uri(base) => EncodedName::UniformResourceIdentifier(Ia5String::new(base)?),
        Subtree::Directory(_) | Subtree::Other(_) => return Err(der::ErrorKind::Failed.into()),
    };
    Ok(GeneralSubtree {
        base,
        minimum: 0,
        maximum: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rsa_key_for_pss_only_does_not_encipher() {
        let enciphers = KeyUsage::KEY_ENCIPHERMENT;
        let wanted = KeyUsage::DIGITAL_SIGNATURE | enciphers | KeyUsage::DATA_ENCIPHERMENT;
        // SubjectPublicKeyInfo of a key of 16 bits: rsaEncryption, then id-RSASSA-PSS.
        let spki = |last: u8| {
            let algorithm = [0x30, 0x0b, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, last];
            let key = [3, 11, 0, 0x30, 8, 2, 3, 0, 0xc0, 1, 2, 1, 3];
            PublicKey::from_spki(&[&[0x30, 26], &algorithm[..], &key].concat()).expect("key")
        };
        assert!(spki(10).is_pss_only() && !spki(1).is_pss_only());
        assert!(key_usage(wanted, &[], &spki(1)).has(enciphers));
        assert_eq!(key_usage(wanted, &[], &spki(10)), KeyUsage::DIGITAL_SIGNATURE);
        use ExtendedKeyUsage::{ClientAuth, EmailProtection, ServerAuth};
        let wanted = KeyUsage::DIGITAL_SIGNATURE | enciphers;
        assert_eq!(
            key_usage(wanted, &[ClientAuth], &spki(1)),
            KeyUsage::DIGITAL_SIGNATURE
        );
        for purposes in [
            &[ServerAuth, ClientAuth][..],
            &[ClientAuth, EmailProtection],
            &[ServerAuth],
        ] {
            assert!(
                key_usage(wanted, purposes, &spki(1)).has(enciphers),
                "{purposes:?}"
            );
        }
    }
}
