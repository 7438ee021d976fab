//! The ASN.1 of RFC 7292 §4 as it is read. Everything here is DER already; what is optional in practice is optional here.

use der::asn1::{AnyRef, OctetStringRef};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Sequence, Tag, TagNumber, Tagged};

use super::structure::{DATA, ENCRYPTED_DATA, FRIENDLY_NAME, LOCAL_KEY_ID, TRUSTED_KEY_USAGE};
use crate::encoding::ber;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const ENVELOPED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3");

/// PFX.
#[derive(Sequence)]
pub(super) struct Pfx<'a> {
    /// An INTEGER of any size: one that cannot be is to be named.
    pub(super) version: AnyRef<'a>,
    pub(super) authenticated_safe: ContentInfo<'a>,
    #[asn1(optional = "true")]
    pub(super) mac: Option<MacData<'a>>,
}

/// ContentInfo, RFC 5652 §3.
#[derive(Sequence)]
pub(super) struct ContentInfo<'a> {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", optional = "true")]
    content: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
pub(super) struct MacData<'a> {
    pub(super) mac: DigestInfo<'a>,
    pub(super) salt: &'a OctetStringRef,
    #[asn1(optional = "true")]
    pub(super) iterations: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
pub(super) struct DigestInfo<'a> {
    pub(super) algorithm: AnyRef<'a>,
    pub(super) digest: &'a OctetStringRef,
}

#[derive(Sequence)]
struct EncryptedData<'a> {
    version: u8,
    content: EncryptedContentInfo<'a>,
    #[asn1(optional = "true")]
    unprotected_attributes: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct EncryptedContentInfo<'a> {
    content_type: ObjectIdentifier,
    algorithm: AnyRef<'a>,
    content: AnyRef<'a>,
}

/// SafeBag.
#[derive(Sequence)]
pub(super) struct SafeBag<'a> {
    pub(super) kind: ObjectIdentifier,
    #[asn1(context_specific = "0")]
    pub(super) value: AnyRef<'a>,
    #[asn1(optional = "true")]
    attributes: Option<AnyRef<'a>>,
}

/// CertBag, CRLBag and SecretBag alike.
#[derive(Sequence)]
pub(super) struct TypedBag<'a> {
    pub(super) kind: ObjectIdentifier,
    #[asn1(context_specific = "0")]
    pub(super) value: AnyRef<'a>,
}

#[derive(Sequence)]
struct Attribute<'a> {
    kind: ObjectIdentifier,
    values: AnyRef<'a>,
}

/// What a ContentInfo holds.
pub(super) enum Content<'a> {
    /// id-data.
    Data(&'a [u8]),
    /// id-encryptedData: the AlgorithmIdentifier, and what is encrypted under it.
    Encrypted { algorithm: Vec<u8>, content: Vec<u8> },
    /// Something that gsec does not read, in words.
    Other(String),
}

impl<'a> ContentInfo<'a> {
    pub(super) fn open(&self) -> der::Result<Content<'a>> {
        let content = self.content.ok_or(der::ErrorKind::Failed)?;
        match self.content_type {
            DATA => Ok(Content::Data(content.decode_as::<&OctetStringRef>()?.as_bytes())),
            ENCRYPTED_DATA => {
                let data = EncryptedData::from_der(&content.to_der()?)?
                    .content
                    .into_parts()?;
                Ok(data)
            }
            SIGNED_DATA => Ok(Content::Other(
                "a digital signature in place of a password (signedData)".into(),
            )),
            ENVELOPED_DATA => Ok(Content::Other(
                "encryption for a recipient's public key (envelopedData)".into(),
            )),
            other => Ok(Content::Other(format!("content of type {other}"))),
        }
    }
}

impl EncryptedContentInfo<'_> {
    fn into_parts<'b>(self) -> der::Result<Content<'b>> {
        // `[0] IMPLICIT OCTET STRING`, primitive or, as NSS writes it, constructed.
        let content = match self.content.tag() {
            Tag::ContextSpecific {
                constructed: false,
                number: TagNumber(0),
            } => self.content.value().to_vec(),
            Tag::ContextSpecific {
                constructed: true,
                number: TagNumber(0),
            } => ber::join_octet_strings(self.content.value()).map_err(|_| der::ErrorKind::Failed)?,
            _ => return Err(der::ErrorKind::Failed.into()),
        };
        Ok(Content::Encrypted {
            algorithm: self.algorithm.to_der()?,
            content,
        })
    }
}

/// What the attributes of a bag say (RFC 2985 §5.5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BagFacts {
    /// friendlyName: what dialogues show, Java's alias.
    pub friendly_name: Option<String>,
    /// localKeyId, which joins a key with its certificate.
    pub local_key_id: Option<Vec<u8>>,
    /// Whether Java takes the certificate as a trusted entry.
    pub is_trusted: bool,
}

impl SafeBag<'_> {
    /// The attributes; order and repetition do not matter, and what is not known is passed over.
    pub(super) fn facts(&self) -> der::Result<BagFacts> {
        let mut facts = BagFacts::default();
        let Some(attributes) = self.attributes else {
            return Ok(facts);
        };
        for attribute in elements(attributes, Tag::Set)? {
            let Attribute { kind, values } = attribute.decode_as()?;
            let values = elements(values, Tag::Set)?;
            match (kind, values.first()) {
                (FRIENDLY_NAME, Some(value)) => facts.friendly_name = Some(text_of(*value)),
                (LOCAL_KEY_ID, Some(value)) => facts.local_key_id = Some(value.value().to_vec()),
                (TRUSTED_KEY_USAGE, _) => facts.is_trusted = true,
                _ => {}
            }
        }
        Ok(facts)
    }
}

/// The elements of a SET or SEQUENCE; a SET may be in any order, because some programs do not sort it as DER requires.
fn elements(any: AnyRef<'_>, tag: Tag) -> der::Result<Vec<AnyRef<'_>>> {
    any.tag().assert_eq(tag)?;
    let mut found = Vec::new();
    each(any.value(), |element| {
        found.push(element);
        Ok::<_, der::Error>(())
    })?;
    Ok(found)
}

/// Hands over each of the values that lie one after another in `content`; there may be a million of them.
pub(super) fn each<'a, T, E>(content: &'a [u8], mut take: impl FnMut(T) -> Result<(), E>) -> Result<(), E>
where
    T: Decode<'a, Error = der::Error>,
    E: From<der::Error>,
{
    use der::{Reader, SliceReader};
    let mut reader = SliceReader::new(content)?;
    while !reader.is_finished() {
        take(T::decode(&mut reader)?)?;
    }
    Ok(())
}

/// friendlyName is a BMPString; some write other strings.
fn text_of(value: AnyRef<'_>) -> String {
    match value.tag() {
        Tag::BmpString => {
            let units: Vec<u16> = value
                .value()
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        _ => String::from_utf8_lossy(value.value()).into_owned(),
    }
}
