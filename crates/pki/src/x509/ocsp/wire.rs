//! The ASN.1 of RFC 6960 Appendix B.1, whose tags are explicit unless it says otherwise.

use der::asn1::{Any, BitString, GeneralizedTime, Int, Null, OctetString};
use der::oid::ObjectIdentifier;
use der::{Choice, Sequence};
use spki::AlgorithmIdentifier;
use time::OffsetDateTime;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName as EncodedName;

/// Version 1 is written as 0.
pub(super) const VERSION_1: u8 = 0;

fn version_1() -> u8 {
    VERSION_1
}

/// OCSPRequest.
#[derive(Sequence)]
pub(super) struct Request {
    pub(super) tbs: TbsRequest,
    #[asn1(context_specific = "0", optional = "true")]
    pub(super) signature: Option<RequestSignature>,
}

/// TBSRequest.
#[derive(Sequence)]
pub(super) struct TbsRequest {
    #[asn1(context_specific = "0", default = "version_1")]
    pub(super) version: u8,
    #[asn1(context_specific = "1", optional = "true")]
    pub(super) requestor: Option<EncodedName>,
    pub(super) list: Vec<SingleRequest>,
    #[asn1(context_specific = "2", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// Request: one certificate that is asked about.
#[derive(Sequence)]
pub(super) struct SingleRequest {
    pub(super) id: EncodedCertId,
    #[asn1(context_specific = "0", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// Signature of a request.
#[derive(Sequence)]
pub(super) struct RequestSignature {
    pub(super) algorithm: AlgorithmIdentifier<Any>,
    pub(super) signature: BitString,
    #[asn1(context_specific = "0", optional = "true")]
    pub(super) certificates: Option<Vec<Any>>,
}

/// CertID.
#[derive(Sequence, Clone)]
pub(super) struct EncodedCertId {
    pub(super) algorithm: AlgorithmIdentifier<Any>,
    pub(super) name_hash: OctetString,
    pub(super) key_hash: OctetString,
    pub(super) serial: Int,
}

/// OCSPResponse.
#[derive(Sequence)]
pub(super) struct Response {
    /// ENUMERATED.
    pub(super) status: Any,
    #[asn1(context_specific = "0", optional = "true")]
    pub(super) bytes: Option<ResponseBytes>,
}

/// ResponseBytes.
#[derive(Sequence)]
pub(super) struct ResponseBytes {
    pub(super) kind: ObjectIdentifier,
    pub(super) response: OctetString,
}

/// BasicOCSPResponse. What is signed stays as it is, for the check of the signature.
#[derive(Sequence)]
pub(super) struct Basic {
    pub(super) tbs: Any,
    pub(super) algorithm: Any,
    pub(super) signature: BitString,
    #[asn1(context_specific = "0", optional = "true")]
    pub(super) certificates: Option<Vec<Any>>,
}

/// ResponseData.
#[derive(Sequence)]
pub(super) struct ResponseData {
    #[asn1(context_specific = "0", default = "version_1")]
    pub(super) version: u8,
    pub(super) responder: EncodedResponder,
    pub(super) produced_at: GeneralizedTime,
    pub(super) responses: Vec<EncodedSingle>,
    #[asn1(context_specific = "1", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// ResponderID.
#[derive(Choice)]
pub(super) enum EncodedResponder {
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", constructed = "true")]
    ByName(Any),
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", constructed = "true")]
    ByKey(OctetString),
}

/// SingleResponse.
#[derive(Sequence)]
pub(super) struct EncodedSingle {
    pub(super) id: EncodedCertId,
    pub(super) status: EncodedStatus,
    pub(super) this_update: GeneralizedTime,
    #[asn1(context_specific = "0", optional = "true")]
    pub(super) next_update: Option<GeneralizedTime>,
    #[asn1(context_specific = "1", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// CertStatus.
#[derive(Choice)]
pub(super) enum EncodedStatus {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    Good(Null),
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true")]
    Revoked(EncodedRevocation),
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT")]
    Unknown(Null),
}

/// RevokedInfo.
#[derive(Sequence)]
pub(super) struct EncodedRevocation {
    pub(super) at: GeneralizedTime,
    /// ENUMERATED.
    #[asn1(context_specific = "0", optional = "true")]
    pub(super) reason: Option<Any>,
}

/// The moment that a GeneralizedTime says.
pub(super) fn moment(time: &GeneralizedTime) -> Result<OffsetDateTime, der::Error> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| der::ErrorKind::DateTime)?;
    OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| der::ErrorKind::DateTime.into())
}

/// The first extension that a list has twice.
pub(super) fn repeated(list: &[Extension]) -> Option<ObjectIdentifier> {
    let mut seen = std::collections::BTreeSet::new();
    let mut names = list.iter().map(|extension| extension.extn_id);
    names.find(|name| !seen.insert(*name))
}
