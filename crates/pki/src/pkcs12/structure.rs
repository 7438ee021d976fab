//! The ASN.1 of RFC 7292 §4 and of the attributes of RFC 2985 §5.5, as it is written. `outline` has it as it is read.

use der::asn1::{Any, BmpString, OctetString, SetOfVec};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Sequence, ValueOrd};

use crate::x509::ExtendedKeyUsage;

pub(super) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
pub(super) const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
pub(super) const SHROUDED_KEY_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
pub(super) const CERT_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
pub(super) const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
pub(super) const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
pub(super) const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
/// Oracle's trustedKeyUsage, without which Java passes over a certificate that has no key; in no RFC.
pub(super) const TRUSTED_KEY_USAGE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.16.840.1.113894.746875.1.1");
/// PFX version, RFC 7292 §4.
pub(super) const VERSION: u8 = 3;

/// ContentInfo: content is `[0] EXPLICIT`.
#[derive(Sequence)]
pub(super) struct ContentInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0")]
    content: Any,
}

/// EncryptedData, RFC 5652 §8.
#[derive(Sequence)]
struct EncryptedData {
    version: u8,
    content: EncryptedContentInfo,
}

#[derive(Sequence)]
struct EncryptedContentInfo {
    content_type: ObjectIdentifier,
    algorithm: Any,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    content: OctetString,
}

/// EncryptedPrivateKeyInfo, RFC 5958 §3.
#[derive(Sequence)]
struct ShroudedKey {
    algorithm: Any,
    content: OctetString,
}

#[derive(Sequence)]
struct CertBag {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0")]
    value: OctetString,
}

#[derive(Sequence, ValueOrd)]
struct Attribute {
    kind: ObjectIdentifier,
    values: SetOfVec<Any>,
}

#[derive(Sequence)]
pub(super) struct SafeBag {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0")]
    value: Any,
    attributes: Option<SetOfVec<Attribute>>,
}

#[derive(Sequence)]
struct DigestInfo {
    algorithm: Any,
    digest: OctetString,
}

#[derive(Sequence)]
struct MacData {
    mac: DigestInfo,
    salt: OctetString,
    iterations: u32,
}

#[derive(Sequence)]
struct Pfx {
    version: u8,
    authenticated_safe: ContentInfo,
    mac: MacData,
}

/// Encrypted bytes, with the AlgorithmIdentifier that says how.
pub(super) struct Encrypted {
    pub(super) algorithm: Vec<u8>,
    pub(super) content: Vec<u8>,
}

/// A MAC, and what it takes to check it.
pub(super) struct Mac {
    pub(super) digest_algorithm: Vec<u8>,
    pub(super) value: Vec<u8>,
    pub(super) salt: Vec<u8>,
    pub(super) iterations: u32,
}

/// friendlyName and localKeyId of a bag, and whether Java is to trust it.
#[derive(Default)]
pub(super) struct BagAttributes<'a> {
    pub(super) friendly_name: Option<&'a str>,
    pub(super) local_key_id: Option<&'a [u8]>,
    pub(super) is_trusted: bool,
}

impl BagAttributes<'_> {
    fn encode(&self) -> der::Result<Option<SetOfVec<Attribute>>> {
        let mut set = SetOfVec::new();
        if let Some(name) = self.friendly_name {
            set.insert(attribute(
                FRIENDLY_NAME,
                Any::encode_from(&BmpString::from_utf8(name)?)?,
            )?)?;
        }
        if let Some(identifier) = self.local_key_id {
            set.insert(attribute(
                LOCAL_KEY_ID,
                Any::encode_from(&OctetString::new(identifier)?)?,
            )?)?;
        }
        if self.is_trusted {
            set.insert(attribute(
                TRUSTED_KEY_USAGE,
                Any::encode_from(&ExtendedKeyUsage::Any.oid())?,
            )?)?;
        }
        Ok((!set.is_empty()).then_some(set))
    }
}

fn attribute(kind: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute {
        kind,
        values: SetOfVec::from_iter([value])?,
    })
}

impl SafeBag {
    pub(super) fn certificate(der: &[u8], attributes: &BagAttributes<'_>) -> der::Result<Self> {
        let bag = CertBag {
            kind: X509_CERTIFICATE,
            value: OctetString::new(der)?,
        };
        Ok(Self {
            kind: CERT_BAG,
            value: Any::encode_from(&bag)?,
            attributes: attributes.encode()?,
        })
    }

    pub(super) fn shrouded_key(key: &Encrypted, attributes: &BagAttributes<'_>) -> der::Result<Self> {
        let bag = ShroudedKey {
            algorithm: Any::from_der(&key.algorithm)?,
            content: OctetString::new(key.content.as_slice())?,
        };
        Ok(Self {
            kind: SHROUDED_KEY_BAG,
            value: Any::encode_from(&bag)?,
            attributes: attributes.encode()?,
        })
    }
}

impl ContentInfo {
    /// id-data: the bytes unchanged.
    pub(super) fn data(bytes: &[u8]) -> der::Result<Self> {
        Ok(Self {
            content_type: DATA,
            content: Any::encode_from(&OctetString::new(bytes)?)?,
        })
    }

    /// id-encryptedData.
    pub(super) fn encrypted(encrypted: &Encrypted) -> der::Result<Self> {
        let content = EncryptedContentInfo {
            content_type: DATA,
            algorithm: Any::from_der(&encrypted.algorithm)?,
            content: OctetString::new(encrypted.content.as_slice())?,
        };
        Ok(Self {
            content_type: ENCRYPTED_DATA,
            content: Any::encode_from(&EncryptedData { version: 0, content })?,
        })
    }
}

/// The PFX around an encoded AuthenticatedSafe.
pub(super) fn encode_pfx(authenticated_safe: &[u8], mac: &Mac) -> der::Result<Vec<u8>> {
    let mac = MacData {
        mac: DigestInfo {
            algorithm: Any::from_der(&mac.digest_algorithm)?,
            digest: OctetString::new(mac.value.as_slice())?,
        },
        salt: OctetString::new(mac.salt.as_slice())?,
        iterations: mac.iterations,
    };
    Pfx {
        version: VERSION,
        authenticated_safe: ContentInfo::data(authenticated_safe)?,
        mac,
    }
    .to_der()
}
