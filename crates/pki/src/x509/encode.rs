//! The encodings that certificates, CRLs and requests share.

use std::net::IpAddr;

use der::asn1::{BitString, GeneralizedTime, Ia5String, OctetString, UtcTime};
use der::oid::{AssociatedOid, ObjectIdentifier};
use der::{Choice, DateTime, Encode, Header, Length, Tag};
use time::{OffsetDateTime, UtcOffset};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::AuthorityKeyIdentifier;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName as EncodedName};

use super::{GeneralName, IssueError};
use crate::key::Signer;

/// The first year that UTCTime cannot say, RFC 5280 §4.1.2.5.
const FIRST_GENERALIZED_YEAR: i32 = 2050;

/// Time, RFC 5280 §4.1.
#[derive(Choice)]
pub(super) enum EncodedTime {
    #[asn1(type = "UTCTime")]
    Utc(UtcTime),
    #[asn1(type = "GeneralizedTime")]
    General(GeneralizedTime),
}

/// UTCTime until 2049, GeneralizedTime afterwards (RFC 5280 §4.1.2.5, §5.1.2.4).
pub(super) fn encode_time(time: OffsetDateTime) -> Result<EncodedTime, der::Error> {
    // A date's local year may be 2049 when its UTC year is 2050.
    if time.to_offset(UtcOffset::UTC).year() < FIRST_GENERALIZED_YEAR {
        UtcTime::from_date_time(date_time(time)?).map(EncodedTime::Utc)
    } else {
        generalized_time(time).map(EncodedTime::General)
    }
}

/// GeneralizedTime in whole seconds, whatever the year (RFC 5280 §5.3.2).
pub(super) fn generalized_time(time: OffsetDateTime) -> Result<GeneralizedTime, der::Error> {
    date_time(time).map(GeneralizedTime::from_date_time)
}

fn date_time(time: OffsetDateTime) -> Result<DateTime, der::Error> {
    let seconds = u64::try_from(time.unix_timestamp()).map_err(|_| der::ErrorKind::DateTime)?;
    DateTime::from_unix_duration(std::time::Duration::from_secs(seconds))
}

/// An extension whose value knows its object identifier.
pub(super) fn extension<T: Encode + AssociatedOid>(
    critical: bool,
    value: &T,
) -> Result<Extension, der::Error> {
    extension_of(T::OID, critical, value)
}

/// An extension, RFC 5280 §4.2.
pub(super) fn extension_of(
    oid: ObjectIdentifier,
    critical: bool,
    value: &impl Encode,
) -> Result<Extension, der::Error> {
    Ok(Extension {
        extn_id: oid,
        critical,
        extn_value: OctetString::new(value.to_der()?)?,
    })
}

/// authorityKeyIdentifier with the keyIdentifier alone (RFC 5280 §4.2.1.1, §5.2.1).
pub(super) fn key_identifier_extension(identifier: &[u8]) -> Result<Extension, der::Error> {
    let identifier = AuthorityKeyIdentifier {
        key_identifier: Some(OctetString::new(identifier)?),
        ..Default::default()
    };
    extension(false, &identifier)
}

pub(super) fn encode_uri(address: &str) -> Result<EncodedName, der::Error> {
    Ok(EncodedName::UniformResourceIdentifier(Ia5String::new(address)?))
}

/// The fullName of a distribution point, RFC 5280 §4.2.1.13, §5.2.5.
pub(super) fn encode_point(addresses: &[String]) -> Result<DistributionPointName, der::Error> {
    let names = addresses.iter().map(|address| encode_uri(address));
    Ok(DistributionPointName::FullName(names.collect::<Result<_, _>>()?))
}

/// A GeneralName, RFC 5280 §4.2.1.6; what gsec only shows is refused.
pub(super) fn encode_name(name: &GeneralName) -> Result<EncodedName, der::Error> {
    match name {
        GeneralName::Dns(name) => Ok(EncodedName::DnsName(Ia5String::new(name.as_str())?)),
        GeneralName::Ip(IpAddr::V4(address)) => {
            Ok(EncodedName::IpAddress(OctetString::new(address.octets())?))
        }
        GeneralName::Ip(IpAddr::V6(address)) => {
            Ok(EncodedName::IpAddress(OctetString::new(address.octets())?))
        }
        GeneralName::Email(address) => Ok(EncodedName::Rfc822Name(Ia5String::new(address)?)),
        GeneralName::Uri(address) => encode_uri(address),
        GeneralName::Directory(_) | GeneralName::Other { .. } => Err(der::ErrorKind::Failed.into()),
    }
}

/// Signs `tbs` and returns `SEQUENCE { tbs, signatureAlgorithm, signature }` (RFC 5280 §4.1, §5.1, RFC 2986 §4). It grows in
/// place: a CRL may have a million entries.
pub(super) fn sign(tbs: Vec<u8>, signer: &dyn Signer) -> Result<Vec<u8>, IssueError> {
    sign_with(tbs, signer, &[])
}

/// As [`sign`], with more elements after the signature, which it does not cover (RFC 6960 §4.2.1).
pub(super) fn sign_with(mut tbs: Vec<u8>, signer: &dyn Signer, after: &[u8]) -> Result<Vec<u8>, IssueError> {
    let signature = BitString::from_bytes(&signer.sign(&tbs)?)?;
    tbs.extend(signer.signature_algorithm().identifier_der());
    signature.encode_to_vec(&mut tbs)?;
    tbs.extend_from_slice(after);
    Ok(into_sequence(Vec::new(), tbs)?)
}

/// A SEQUENCE of `content`, with `before` in front of it.
pub(super) fn into_sequence(mut before: Vec<u8>, mut content: Vec<u8>) -> Result<Vec<u8>, der::Error> {
    Header::new(Tag::Sequence, Length::try_from(content.len())?).encode_to_vec(&mut before)?;
    content.splice(0..0, before);
    Ok(content)
}
